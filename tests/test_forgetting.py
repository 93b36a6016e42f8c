"""Forgetting people and telling what is held: totals stay, and every line that still names them is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from creatorbook import exports
from creatorbook.acts import forgetting, what_we_hold
from creatorbook.client.forgotten import FORGOTTEN_FILE
from creatorbook.problems import Problem
from shelf import make_client, shelf_folder  # noqa: F401 - a fixture

CREATORS = (
    "creator,handle,platform,followers,fee,code,bio\nAnna Q,@AnnaQ,instagram,1200,250,ANNA10,hello\n"
    "Anna Q,anna.tok,tiktok,900,,,\nBo,bo_knits,instagram,800,100,BO10,\n"
)
ORDERS = (
    "order,date,total,code,email,country\n1,2026-03-04,59.90,ANNA10,pat@buyer.example,DE\n"
    "2,2026-03-05,20.00,,kim@buyer.example,DE\n"
)
COSTS = "creator,kind,amount\nAnna Q,fee,250\nBo,fee,100\n"
FILES: dict[str, str | bytes] = {"creators.csv": CREATORS, "orders.csv": ORDERS, "costs.csv": COSTS}


def test_a_forgotten_creator_keeps_costs_and_orders_under_a_made_up_name(shelf: Path, tmp_path: Path) -> None:
    """All handles of the person go; the fee, the code and the totals stay; nothing tells who it was."""
    client = make_client(shelf, FILES)
    edition = tmp_path / "reports" / client.id / "spring" / "2026-04-01-results"
    edition.mkdir(parents=True)
    (edition / "report.html").write_text("<p>annaq sold well</p>")
    (edition / "manifest.json").write_text("{}")
    raw = {path: path.read_bytes() for path in (shelf / "exports").iterdir()}
    done = forgetting.forget_creator(client, "@AnnaQ", tmp_path / "reports")
    assert set(done.names) == {"annaq", "anna.tok", "anna q"}
    assert (done.removed, edition.exists()) == ((edition,), False)
    assert dict(done.lines) == {
        "exports/creators.csv": ["line 2", "line 3"],
        "exports/costs.csv": ["line 2"],
        "exports/orders.csv": ["line 2"],
    }
    assert "anna" not in (shelf / FORGOTTEN_FILE).read_text().lower()
    tables = exports.read_folder(client).tables
    assert set(tables.creators.handle) == {done.known_as, "bo_knits"}
    assert tables.creators.fee.sum() == 350
    assert tables.creators.biography.isna().all()
    assert tables.costs.creator.tolist() == [done.known_as, "Bo"]
    assert tables.orders.total.sum() == 79.9
    assert {path: path.read_bytes() for path in (shelf / "exports").iterdir()} == raw
    text = forgetting.forgotten_text(done)
    assert "exports/creators.csv: line 2 to 3" in text
    assert str(edition) in text


def test_after_the_lines_are_changed_as_told_totals_are_the_same(shelf: Path, tmp_path: Path) -> None:
    """Writing the made-up name in the place of the real one changes no figure."""
    client = make_client(shelf, FILES)
    done = forgetting.forget_creator(client, "annaq", tmp_path)
    for path in (shelf / "exports").iterdir():
        text = path.read_text()
        for name in ("Anna Q", "@AnnaQ", "anna.tok"):
            text = text.replace(name, done.known_as)
        text = text.replace("ANNA10", "")
        path.write_text(text)
    tables = exports.read_folder(client).tables
    assert (tables.creators.fee.sum(), tables.costs.amount.sum(), tables.orders.total.sum()) == (
        350,
        350,
        79.9,
    )


def test_a_forgotten_customers_orders_count_without_them(shelf: Path, tmp_path: Path) -> None:
    """The hash is gone from the tables, other customers' are not; the raw line is told."""
    client = make_client(shelf, FILES)
    before = exports.read_folder(client).tables.orders
    done = forgetting.forget_customer(client, "Pat@buyer.example", tmp_path)
    after = exports.read_folder(client).tables.orders
    assert before.customer.notna().tolist() == [True, True]
    assert after.customer.notna().tolist() == [False, True]
    assert after.total.sum() == before.total.sum()
    assert done.lines == [("exports/orders.csv", ["line 2"])]


def test_forgetting_twice_writes_one_tombstone(shelf: Path, tmp_path: Path) -> None:
    """And nobody unknown is forgotten."""
    client = make_client(shelf, FILES)
    forgetting.forget_customer(client, "pat@buyer.example", tmp_path)
    forgetting.forget_customer(client, "pat@buyer.example", tmp_path)
    assert len((shelf / FORGOTTEN_FILE).read_text().splitlines()) == 3
    with pytest.raises(Problem, match="nothing was changed"):
        forgetting.forget_creator(client, "nobody", tmp_path)


def test_the_file_on_a_creator_tells_every_table_and_line(shelf: Path, tmp_path: Path) -> None:
    """What a creator gets who asks what is held."""
    told = what_we_hold.held_on(make_client(shelf, FILES), "@annaq", tmp_path)
    for part in ("creators:", "costs:", "fee: 250", "biography: hello", "exports/costs.csv: line 2"):
        assert part in told
    assert "bo_knits" not in told


def test_nobody_forgotten_comes_back_in_another_spelling(shelf: Path, tmp_path: Path) -> None:
    """Signs, capitals, spaces and letters in their long form hide nobody: in no table and from no list of lines."""
    files: dict[str, str | bytes] = {
        "creators.csv": "creator,handle,platform\nZoë K,@Zoë.K ,instagram\nBo,bo_knits,instagram\n",
        "costs.csv": "creator,kind,amount\nzoe\u0308  k,fee,250\n＠ZOË.K,gift,50\nBo,fee,100\n",
    }
    client = make_client(shelf, files)
    done = forgetting.forget_creator(client, " @zoë.k", tmp_path)
    assert set(done.names) == {"zoë.k", "zoë k"}
    assert dict(done.lines)["exports/costs.csv"] == ["line 2", "line 3"]
    tables = exports.read_folder(client).tables
    assert tables.costs.creator.tolist() == [done.known_as, done.known_as, "Bo"]
    assert tables.creators.creator.tolist() == [done.known_as, "Bo"]
