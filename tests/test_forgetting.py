"""Forgetting people and telling what is held: totals stay, and every line that still names them is told."""

from __future__ import annotations

import gzip
import io
import os
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pypdf
import pytest
import yaml
from pydantic import BaseModel, ValidationError
from pypdf.generic import ArrayObject, NameObject, NullObject

from creatorbook import exports
from creatorbook.acts import forgetting, what_we_hold
from creatorbook.acts.codes import issue
from creatorbook.client import (
    DECISION_COLUMNS,
    LINK_COLUMNS,
    CampaignFile,
    Client,
    ClientFile,
    read_campaign,
    read_client,
    read_decisions,
    record_decision,
    write_rows,
)
from creatorbook.client.campaign_records import OPENING_COLUMNS, LiftPlan, read_lift
from creatorbook.client.creator_history import HISTORY_COLUMNS
from creatorbook.client.forgotten import FORGOTTEN_FILE, Forgotten, forgotten_in
from creatorbook.client.forgotten import TELLING as TOLD_OF_SOMEBODY
from creatorbook.client.identity import client_id
from creatorbook.client.ledger import LEDGER_COLUMNS
from creatorbook.client.price_offers import read_offers, record_offer
from creatorbook.client.records import forget_in_rows, read_rows
from creatorbook.client.relationship_log import LOG_COLUMNS
from creatorbook.client.repository import ROOT
from creatorbook.exports.database import connect
from creatorbook.exports.forgotten import forget_rows
from creatorbook.exports.mentions import UNOPENED, Spellings, find_mentions
from creatorbook.finance.claims import claimed_orders
from creatorbook.opening import open_book
from creatorbook.problems import Problem
from creatorbook.tables import CanonicalTable
from creatorbook.tracking.handover import handover_sheets
from planted_persons import (
    CODE,
    HANDLE,
    NAME,
    SPELLINGS,
    TRACES,
    mapping_of,
    settings_with,
    table_file,
    tables,
)
from shelf import make_client, shelf_folder  # noqa: F401 - a fixture

PACKAGE = ROOT / "helpers" / "creatorbook"
#: modules that read CSV or YAML: the door itself and what passes it; exports, which pass it as tables; packs and synthetic people
READERS = {
    *(
        "client/forgotten.py",
        "client/records.py",
        "client/writing.py",
        "client/yaml_edits.py",
        "client/yaml_files.py",
        "acts/hand_rows.py",
    ),
    *("exports/forms.py", "exports/headers.py", "exports/loading.py", "exports/text.py"),
    *("client/hand_sheets.py", "packs/__init__.py", "report/contract.py"),
    "authoring/rendering.py",
    *("simulate/people.py", "simulate/varied/strengths.py"),
}
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


def test_costs_of_another_campaign_stay_another_campaigns(shelf: Path, tmp_path: Path) -> None:
    """A forgotten creator's cost that is for autumn does not become one of whichever campaign is opened."""
    costs = "creator,kind,amount,campaign,note\nAnna Q,fee,250,autumn,asked twice\n"
    client = make_client(shelf, {"creators.csv": CREATORS, "costs.csv": costs})
    forgetting.forget_creator(client, "annaq", tmp_path / "reports")
    row = exports.read_folder(client).tables.costs.iloc[0]
    assert (row.campaign, pd.isna(row.note)) == ("autumn", True)


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
    answer = what_we_hold.held_on(make_client(shelf, FILES), "@annaq", tmp_path)
    for part in ("creators:", "costs:", "fee: 250", "biography: hello", "exports/costs.csv: line 2"):
        assert part in answer
    assert "bo_knits" not in answer


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


# ------------------------------------------------------------------------- every place, found by walking


def _forgotten_client(folder: Path, files: dict[str, str | bytes], reports: Path, **settings: Any) -> Client:
    """A client who has forgotten the planted person."""
    listed = f"creator,handle,platform,code\n{NAME},{HANDLE},instagram,{CODE}\nBo,bo_knits,instagram,BO10\n"
    client = make_client(folder, {"list.csv": listed, **files}, **settings)
    forgetting.forget_creator(client, HANDLE, reports)
    return client


def _traces(text: str) -> list[str]:
    lower = text.lower().replace("\u200b", "")
    return [lower[max(0, lower.find(one) - 40) :][:90] for one in TRACES if one in lower]


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.name)
def test_no_column_of_any_table_names_who_is_forgotten(
    table: CanonicalTable, shelf: Path, tmp_path: Path
) -> None:
    """In every text column: their own rows, and what others say of them, in nine spellings; in the cache, too."""
    readable = table.name != "shop_videos"  # no file of one's own making is read as this
    planted = {f"{table.name}.csv": table_file(table)} if readable else {}
    mapping = [mapping_of(table)] if readable else []
    client = _forgotten_client(shelf, planted, tmp_path / "reports", mapping=mapping)
    read = exports.read_folder(client)
    frame = read.tables.frames[table.name] if readable else _passed(table, forgotten_in(client.folder))
    assert len(frame) >= 2, read.receipts
    assert _traces(frame.to_csv()) == []
    assert _traces(repr(read.receipts)) == []
    assert find_mentions(tmp_path / "cache", Spellings((HANDLE, NAME, CODE))) == []


def _passed(table: CanonicalTable, forgotten: Forgotten) -> pd.DataFrame:
    """The planted rows of a table after what every reader does with its rows."""
    connection = connect()
    rows = pd.read_csv(io.StringIO(table_file(table)), dtype=str).assign(_record=[1, 2])
    connection.register("planted", rows)
    connection.execute("CREATE OR REPLACE TEMP TABLE typed AS FROM planted")
    forget_rows(connection, {table.name: "typed"}, forgotten)
    return connection.execute("FROM typed").df()


def test_a_file_that_nobody_can_open_is_named_and_stops_nothing(tmp_path: Path) -> None:
    """A PDF whose link leads nowhere, a packed text with a hole, an archive packed in a way that nobody knows."""
    page = pypdf.PdfWriter()
    page.add_blank_page(100, 100)[NameObject("/Annots")] = ArrayObject([NullObject()])
    page.write(tmp_path / "a.pdf")
    packed = bytearray(gzip.compress(bytes(range(256)) * 9))
    packed[20:60] = bytes(40)
    (tmp_path / "b.gz").write_bytes(packed)
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("x.csv", "a,b\n")
    zipped = (tmp_path / "c.zip").read_bytes()
    (tmp_path / "c.zip").write_bytes(zipped.replace(b"\x14\0\0\0\0\0", b"\x14\0\0\0\x09\0"))
    (tmp_path / "d.txt").write_text(HANDLE)
    places = find_mentions(tmp_path, Spellings((HANDLE,)))
    assert places == [*((name, [UNOPENED]) for name in ("a.pdf", "b.gz", "c.zip")), ("d.txt", ["line 1"])]


@pytest.mark.parametrize(
    ("model", "name", "read"),
    [
        (ClientFile, "client.yml", lambda client: read_client(client.folder)),
        (CampaignFile, "campaigns/summer.yml", lambda client: read_campaign(client, "summer")),
        (LiftPlan, "campaigns/spring.lift.yml", lambda client: read_lift(read_campaign(client, "spring"))),
    ],
)
def test_no_setting_names_who_is_forgotten(
    model: type[BaseModel], name: str, read: Callable[[Client], BaseModel], shelf: Path, tmp_path: Path
) -> None:
    """In every key of every settings file that takes a text, found by walking the models."""
    client = _forgotten_client(shelf, {}, tmp_path / "reports")
    word, taken = f"{SPELLINGS[0]} and {SPELLINGS[4]}", 0
    (shelf / word).mkdir()  # for the setting that names folders
    for place, settings in settings_with(model, word):
        try:
            model.model_validate(settings)
        except ValidationError:
            continue  # a place of fixed words
        (shelf / name).write_text(yaml.safe_dump(settings))
        assert _traces(read(client).model_dump_json()) == [], place
        taken += 1
    assert taken >= 7


@pytest.mark.parametrize(
    "columns", [DECISION_COLUMNS, LINK_COLUMNS, LEDGER_COLUMNS, OPENING_COLUMNS, HISTORY_COLUMNS, LOG_COLUMNS]
)
def test_no_record_names_who_is_forgotten(columns: list[str], shelf: Path, tmp_path: Path) -> None:
    """In every column of the product's own files: read without them, and written again without them."""
    client = _forgotten_client(shelf, {}, tmp_path / "reports")
    path, forgotten = shelf / "records.csv", forgotten_in(client.folder)
    rows = [
        {
            name: f"plantword {HANDLE}" if name in TOLD_OF_SOMEBODY else spelling
            for name in [*columns, "remark"]
        }
        for spelling in (HANDLE, NAME, *SPELLINGS)
    ]
    write_rows(path, rows, [*columns, "remark"])
    assert _traces(repr(read_rows(path, columns, forgotten)[:2])) == []
    assert forget_in_rows(path, forgotten)
    assert [line for line in path.read_text().splitlines() if _traces(line.replace("plantword", ""))] == []
    assert not forget_in_rows(path, forgotten)


def test_what_people_made_of_a_record_is_written_again_too(shelf: Path, tmp_path: Path) -> None:
    """Blank lines are no rows, a note with a comma of its own stays whole, and a link to a shared drive stays a link."""
    client = _forgotten_client(shelf, {}, tmp_path / "reports")
    shared = tmp_path / "drive.csv"
    shared.write_text(
        f"date,handle,decision,reason,note,by\n2026-03-01,{HANDLE},Shortlist,people respond,,Ben\n\n"
        "2026-03-02,bo_knits,Shortlist,people respond,warm,Ben,and fast\n"
    )
    (shelf / "decisions.csv").symlink_to(shared)
    assert forget_in_rows(shelf / "decisions.csv", forgotten_in(shelf))
    assert (shelf / "decisions.csv").is_symlink()
    assert shared.read_text().splitlines()[0] == "date,handle,decision,reason,note,by,column 7"
    assert shared.read_text().splitlines()[2:] == [
        "2026-03-02,bo_knits,Shortlist,people respond,warm,Ben,and fast"
    ]
    assert read_decisions(client).handle.tolist()[1] == "bo_knits"


@pytest.mark.skipif(os.name != "posix", reason="pipes with names are POSIX's")
def test_saved_notebooks_keep_what_others_said(shelf: Path, tmp_path: Path) -> None:
    """Outputs that name the person go, others stay; what is no notebook stays as it is; a pipe is waited on by nobody."""
    client = make_client(shelf, FILES)
    outputs = [nbformat.v4.new_output("stream", text=text) for text in ("AnnaQ sold 3", "Bo sold 2")]
    cells = [nbformat.v4.new_code_cell("1", outputs=[output], execution_count=1) for output in outputs]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "shared.ipynb")
    (shelf / "mine.ipynb").symlink_to(tmp_path / "shared.ipynb")
    for name, text in (("list", '["annaq"]'), ("cut", '{"annaq'), ("empty", "")):
        (shelf / f"{name}.ipynb").write_text(text)
    os.mkfifo(shelf / "pipe.ipynb")
    done = forgetting.forget_creator(client, "annaq", tmp_path / "reports")
    assert done.rewritten == ("mine.ipynb",)
    assert (shelf / "mine.ipynb").is_symlink()
    notebook = nbformat.read(shelf / "mine.ipynb", as_version=4)
    assert [[output.text for output in cell.outputs] for cell in notebook.cells] == [[], ["Bo sold 2"]]
    assert {"list.ipynb", "cut.ipynb"} <= dict(done.lines).keys()


def test_a_linked_list_of_who_is_forgotten_stays_linked(shelf: Path, tmp_path: Path) -> None:
    """Whoever shares it across computers goes on sharing it."""
    client = _forgotten_client(shelf, {}, tmp_path / "reports")
    (shelf / FORGOTTEN_FILE).rename(tmp_path / "shared.csv")
    (shelf / FORGOTTEN_FILE).symlink_to(tmp_path / "shared.csv")
    forgetting.forget_creator(client, "bo_knits", tmp_path / "reports")
    assert (shelf / FORGOTTEN_FILE).is_symlink()
    assert forgotten_in(shelf).name("bo_knits") != ""


def test_a_record_that_cannot_be_read_is_told(shelf: Path, tmp_path: Path) -> None:
    """Decisions saved in another encoding: file and what to do; put right, the same call forgets all of a person's names."""
    client = make_client(shelf, FILES)
    (shelf / "decisions.csv").write_bytes("date,handle\n2026-03-01,zo\u00e9\n".encode("latin-1"))
    with pytest.raises(Problem, match="not saved as UTF-8 text"):
        forgetting.forget_creator(client, "annaq", tmp_path / "reports")
    (shelf / "decisions.csv").write_text("date,handle\n2026-03-01,anna.tok\n")
    done = forgetting.forget_creator(client, "annaq", tmp_path / "reports")
    assert (set(done.names), done.rewritten) == ({"annaq", "anna.tok", "anna q"}, ("decisions.csv",))


def test_prices_offered_are_told_and_forgotten(shelf: Path, tmp_path: Path) -> None:
    """What was offered stands in the answer to a request, and afterwards in the file under a made-up handle, without its note."""
    client = make_client(shelf, FILES)
    campaign = read_campaign(client)
    for handle in ("annaq", "bo_knits"):
        record_offer(
            campaign,
            handle,
            300,
            400,
            f"told {handle}",
            "Jo",
            on=date(2026, 2, 1),
            seen=read_offers(campaign),
        )
    answer = what_we_hold.held_on(client, "annaq", tmp_path)
    assert "handle: annaq; asked: 400; offered: 300; note: told annaq" in answer
    assert "told bo_knits" not in answer
    done = forgetting.forget_creator(client, "annaq", tmp_path)
    assert "campaigns/spring.offers.csv" in done.rewritten
    offers = read_offers(campaign)
    assert list(offers.itertuples(index=False, name=None)) == [
        ("2026-02-01", done.known_as, 400.0, 300.0, "", "Jo"),
        ("2026-02-01", "bo_knits", 400.0, 300.0, "told bo_knits", "Jo"),
    ]


def test_whoever_reads_a_clients_file_is_known_here() -> None:
    """A module that reads CSV or YAML by itself could pass the door by: these pass through it, or read no client's."""
    readers = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if re.search(
            r"csv\.(DictReader|reader)\(|yaml\.(safe_load|load|SafeLoader)\(|read_csv\(", path.read_text()
        )
    }
    assert readers == READERS


# ------------------------------------------------------------------------------------------- doubts


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (lambda path: path.write_text("kind,key,name\ncreator,0123"), "cut off"),
        (lambda path: path.write_text("kind,key,name\ncreator,0123\n"), "2 cells where there are 3"),
        (
            lambda path: path.write_text("creator,0123456789abcdef,forgotten-012345\n"),
            "the first line is not",
        ),
        (lambda path: path.write_text("kind,Creator,name\n"), "the first line is not"),
        (lambda path: path.write_text("kind;key;name\n"), "the first line is not"),
        (lambda path: path.write_text(""), "the first line is not"),
        (lambda path: path.write_text(path.read_text(), encoding="utf-16"), "not saved as UTF-8"),
        (lambda path: path.write_text(path.read_text().rsplit("\n", 2)[0] + "\n"), "a row is missing"),
        (lambda path: path.write_text(path.read_text().replace("all,", "any,")), "not a row that “forget”"),
        (lambda path: path.write_text(re.sub("all,.*\n", "", path.read_text())), "the row “all” is missing"),
        (lambda path: path.with_name("hash.key").write_text("another key"), "hash.key is another"),
        (lambda path: path.rename(path.with_name("Forgotten (1).csv")), "may be the list"),
        (lambda path: (path.unlink(), path.mkdir()), "not a file"),
        (lambda path: (path.unlink(), path.symlink_to("nowhere.csv")), "not a file"),
        pytest.param(
            lambda path: (path.unlink(), os.mkfifo(path)),
            "not a file",
            marks=pytest.mark.skipif(os.name != "posix", reason="pipes with names are POSIX's"),
        ),
    ],
)
def test_a_doubt_about_who_is_forgotten_stops_the_call(
    spoil: Callable[[Path], object], what: str, shelf: Path, tmp_path: Path
) -> None:
    """Nothing is read: neither settings nor records nor exports."""
    client = _forgotten_client(shelf, {}, tmp_path / "reports")
    spoil(shelf / FORGOTTEN_FILE)
    for read in (
        lambda: read_client(client.folder),
        lambda: read_campaign(client, "spring"),
        lambda: read_decisions(client),
        lambda: exports.read_folder(client),
    ):
        with pytest.raises(Problem, match=re.escape(what)):
            read()


def test_without_the_key_of_the_list_nothing_is_read(shelf: Path) -> None:
    """A key that is lost would bring the forgotten back under their names."""
    client = make_client(shelf, FILES)
    forgetting.forget_creator(client, "bo_knits", shelf.parent / "reports")
    (shelf / "hash.key").unlink()
    with pytest.raises(Problem, match=r"hash\.key is missing"):
        exports.read_folder(client)


# ------------------------------------------------------------------------------- what is left to others


def test_another_clients_cache_is_left_alone(shelf: Path, tmp_path: Path) -> None:
    """Nothing that another client's report reads is thrown away, and everything of the client's own is."""
    other = make_client(tmp_path / "other", FILES)
    reading = exports.read_folder(other).tables
    client = make_client(shelf, FILES)
    exports.read_folder(client)
    place = tmp_path / "cache" / "tables"
    before = {path.name for path in place.iterdir()}
    forgetting.forget_creator(client, "annaq", tmp_path / "reports")
    left = {path.name for path in place.iterdir()}
    assert (left, len(before - left)) == (
        {name for name in before if name.startswith(client_id(other.folder))},
        len(left),
    )
    assert reading.creators.handle.tolist() == ["annaq", "anna.tok", "bo_knits"]


def test_a_word_that_is_anothers_stays_in_longer_texts(shelf: Path, tmp_path: Path) -> None:
    """`anna_bakes` is not `anna`, a campaign called like a creator keeps its name, and all is told."""
    files: dict[str, str | bytes] = {
        "creators.csv": "creator,handle,platform,code\nAnna Q,anna,instagram,ANNA10\nSpring,spring,tiktok,\n"
        "Anna B,anna_bakes,tiktok,ANNABAKES10\nA Q,annaq,instagram,\n",
        "costs.csv": "creator,kind,amount,note\nanna_bakes,fee,100,not @anna but anna_bakes\nspring,fee,50,spring\n",
    }
    client = make_client(shelf, files)
    anna = forgetting.forget_creator(client, "anna", tmp_path / "reports")
    assert anna.common == ("anna q",)  # the same letters as @annaq, who is somebody else
    spring = forgetting.forget_creator(client, "spring", tmp_path / "reports")
    assert (spring.common, "“spring”" in forgetting.forgotten_text(spring)) == (("spring",), True)
    tables_now = exports.read_folder(client).tables
    assert tables_now.costs.creator.tolist() == ["anna_bakes", spring.known_as]
    assert tables_now.costs.note.tolist()[0] == f"not @{anna.known_as} but anna_bakes"
    assert tables_now.creators.code.dropna().tolist() == [anna.instead["ANNA10"], "ANNABAKES10"]
    assert tables_now.creators.creator.tolist() == [anna.known_as, spring.known_as, "Anna B", "A Q"]
    assert read_campaign(client).title == "Spring"


def test_nothing_is_issued_again(shelf: Path, tmp_path: Path) -> None:
    """The code that was issued keeps its orders under a made-up one; no code, link or sheet is made any more."""
    client = make_client(shelf, {"creators.csv": CREATORS.replace("ANNA10", ""), "orders.csv": ORDERS})
    page = "links: {landing_page: https://shop.example/}\n"
    with (shelf / "campaigns/spring.yml").open("a") as file:
        file.write(page)
    issue(open_book(shelf, stage="plan"), choose=lambda signs: signs[0])
    (shelf / "exports/orders.csv").write_text(ORDERS.replace("ANNA10", "ANNAQ10"))
    orders = claimed_orders(open_book(shelf, stage="results"))
    done = forgetting.forget_creator(client, "annaq", tmp_path / "reports")
    assert done.rewritten == ("campaigns/spring.links.csv",)
    links = (shelf / "campaigns/spring.links.csv").read_text()
    assert "anna" not in links.lower()
    book = open_book(shelf, stage="plan")
    assert issue(book, choose=lambda signs: signs[0]) == 0
    assert {sheet.person for sheet in handover_sheets(book)} == {"Bo"}
    assert (shelf / "campaigns/spring.links.csv").read_text() == links
    again = claimed_orders(open_book(shelf, stage="results"))
    assert (len(orders), again.creator.tolist()) == (1, [done.known_as])
    with pytest.raises(Problem, match="asked to be forgotten"):
        record_decision(client, "@AnnaQ", "Shortlist", "people respond", on=date(2026, 2, 1))
    (shelf / "campaigns/spring.links.csv").unlink()
    assert issue(open_book(shelf, stage="plan"), choose=lambda signs: signs[0]) == 2
    assert "forgotten" not in (shelf / "campaigns/spring.links.csv").read_text()


# ----------------------------------------------------------------------------------- a request for access


def test_an_answer_holds_every_row_and_nothing_of_others(shelf: Path, tmp_path: Path) -> None:
    """All of 40 days, what was decided and issued and concluded; comments, buyers and reviewers are counted, not told."""
    days = "".join(f"annaq,instagram,2026-03-{day:02},{1000 + day}\n" for day in range(1, 32))
    files: dict[str, str | bytes] = {
        **FILES,
        "followers.csv": "handle,platform,date,followers\n" + days,
        "comments.csv": "post_id,handle,platform,commenter,commented_at,text,by_creator\n"
        "1,annaq,instagram,zoe.secret,2026-03-03 10:00,so lovely zqword,no\n"
        "1,annaq,instagram,annaq,2026-03-03 11:00,thank you all,yes\n",
        "reviews.csv": "handle,platform,reviewer,style,values,authenticity,own words\n"
        "annaq,instagram,Reviewer Zq,4,4,5,better than bo_knits\n",
        "survey.csv": "order_id,date,answer\n2,2026-03-05,from AnnaQ zqanswer\n",
    }
    client = make_client(shelf, files)
    record_decision(
        client, "anna.tok", "Shortlist", "people respond", "warm", "Decider Zq", on=date(2026, 2, 1)
    )
    issue(open_book(shelf, stage="plan"), choose=lambda signs: signs[0])
    edition = tmp_path / client.id / "spring" / "2026-03-31-results"
    edition.mkdir(parents=True)
    (edition / "report.html").write_text("<p>@anna.tok</p>")
    answer = what_we_hold.held_on(client, "annaq", tmp_path)
    for part in (
        *(f"date: 2026-03-{day:02}; followers: {1000 + day}" for day in range(1, 32)),
        "text: thank you all",
        "1 of other people: counted",
        "handle: anna.tok; decision: Shortlist; reason: people respond; note: warm",
        "code: ANNA10",
        "what vetting says of instagram/annaq",
        "orders counted for you by code: 1",
        "own_words: better than somebody else",
        "exports/followers.csv: line 2 to 32",
        str(edition),
        "Purposes:",
    ):
        assert part in answer
    for word in ("zqword", "zoe.secret", "bo_knits", "Zq", "zqanswer", "bo knits"):
        assert word not in answer


def test_a_phone_number_in_a_comment_is_not_kept(shelf: Path) -> None:
    """Neither a number, nor an address, nor a name with @; figures of a talk stay."""
    text = "call 0171 999 88 77 or +49 (171) 9998877, pat@buyer.example @zoe, since 2024 with 12.500 others"
    comments = f'post_id,handle,platform,commenter,commented_at,text\n1,annaq,instagram,zoe,2026-03-03 10:00,"{text}"\n'
    read = exports.read_folder(make_client(shelf, {**FILES, "comments.csv": comments}))
    zeros = "call 0 000 000 000 or +0 000 000 000, @… @…, since 2024 with 12.500 others"
    assert read.tables.comments.text.tolist() == [zeros]
