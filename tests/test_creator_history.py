"""What is remembered of creators: written by settling, once; read back as it stands; forgotten with them."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from creatorbook.acts import forgetting
from creatorbook.acts import ledger as ledger_acts
from creatorbook.acts.what_we_hold import held_on
from creatorbook.client import Client, read_client
from creatorbook.client.creator_history import (
    HISTORY_COLUMNS,
    CreatorRecord,
    add_to_history,
    history_path,
    read_history,
)
from creatorbook.client.identity import ID_FILE
from creatorbook.client.relationship_log import log_path, read_log, record_contact
from creatorbook.client.repository import SAMPLE_DATA
from creatorbook.opening import open_book
from creatorbook.problems import Problem
from creatorbook.roi.creator_results import creator_results
from shelf import make_client, shelf_folder  # noqa: F401 - a fixture

WINTER, SPRING = "winter-knits", "spring-dresses"
SETTLED = date(2026, 5, 11)
CREATORS = "creator,handle,platform,followers,fee,code\nAnna Q,AnnaQ,instagram,1200,250,ANNA10\nBo,bo_knits,instagram,800,100,BO10\n"


def record(**changes: object) -> CreatorRecord:
    days = {"written_on": date(2025, 12, 1), "starts_on": date(2025, 10, 1), "ends_on": date(2025, 10, 28)}
    texts = {
        "by": "Ana",
        "goal": "sales",
        "product": "",
        "markets": "DE",
        "platform": "instagram",
        "tier": "micro",
    }
    who = {"version": 1, "campaign": "autumn", "creator": "Anna Q", "handle": "annaq"}
    return CreatorRecord(**{**days, **texts, **who, **changes})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample client with a history, without its record, settled again."""
    folder = tmp_path_factory.mktemp("history") / "sorrelby"
    shutil.copytree(SAMPLE_DATA / "sorrelby", folder)
    (folder / "creator_history.csv").unlink(missing_ok=True)
    ledger_acts.close(str(folder), SPRING, "Imogen Hale", SETTLED)
    return folder


def test_settling_writes_down_what_each_creator_brought(settled: Path) -> None:
    """A row for each who took part, with the figures of the results page; settling again adds nothing, byte for byte."""
    client = read_client(settled)
    once, history = history_path(client).read_bytes(), read_history(client)
    results = creator_results(open_book(settled, SPRING, "results", as_of=SETTLED)).frame.set_index("creator")
    own = history.set_index("creator")
    assert list(own.index) == sorted(results.index)
    pd.testing.assert_series_equal(own.orders, results.orders.reindex(own.index), check_names=False)
    assert (own.profit - results.profit.reindex(own.index)).abs().max() < 0.01
    assert set(own.advice) == set(results.decision)
    assert (
        own[["price_paid", "pieces_promised", "pieces_delivered", "views", "exposure", "days_late"]]
        .notna()
        .all()
        .all()
    )
    assert own.rights_until.notna().any()
    assert own.label_kept.between(0, 1).all()
    assert own.label_kept.min() < 1
    assert set(own.decision) >= {"Shortlist", "Not this time"}
    lines = ledger_acts.close(str(settled), SPRING, "Imogen Hale", SETTLED)
    assert "0 rows on creators added to creator_history.csv" in lines
    assert history_path(client).read_bytes() == once


def test_a_client_who_settled_before_has_a_record_of_nothing(settled: Path) -> None:
    """The ledger of an earlier release is read; no row tells of the campaign that it closed until it is settled again."""
    book = open_book(settled, "summer-linen")
    assert set(book.ledger.campaign) == {WINTER, SPRING}
    assert set(book.history.campaign) == {SPRING}


def test_what_stands_is_kept_and_what_was_open_is_brought(shelf: Path) -> None:
    """A later row of the same person and campaign changes nothing but empty cells, and is the only one of it that counts."""
    client = make_client(shelf, {})
    assert add_to_history(client, [record(orders=7.0), record(creator="Bo", handle="bo_knits")]) == 2
    assert add_to_history(client, [record(orders=9.0, by="Ben"), record(orders=9.0, creator=" anna  q")]) == 0
    late = record(orders=9.0, decision="Shortlist", reason="people respond", written_on=date(2026, 1, 2))
    assert add_to_history(client, [late]) == 1
    anna = read_history(client).set_index("creator").loc["Anna Q"]
    assert (anna.orders, anna.decision, anna.written_on) == (7.0, "Shortlist", pd.Timestamp(2025, 12, 1))
    assert len(read_history(client)) == 2


def test_rows_stand_in_the_order_of_the_campaigns(shelf: Path) -> None:
    """Whichever was settled first."""
    client = make_client(shelf, {})
    add_to_history(client, [record(), record(campaign="before", starts_on=date(2025, 2, 1))])
    assert list(read_history(client).campaign) == ["before", "autumn"]


@pytest.mark.parametrize(
    ("name", "cell", "what"),
    [
        ("version", "2", "version “2” is not known here"),
        ("version", "", "version “” is not known here"),
        ("creator", "", "of which campaign and person"),
        ("starts_on", "spring", "“spring” is not a day"),
        ("rights_until", "31.12.", "is not a day"),
        ("orders", "some", "“some” is not a number"),
        ("cost", "inf", "“inf” is not a number"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_column(name: str, cell: str, what: str, shelf: Path) -> None:
    """The file is one that people open: what they break is named."""
    client = make_client(shelf, {})
    add_to_history(client, [record(orders=7.0)])
    path = history_path(client)
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.loc[0, name] = cell
    frame.to_csv(path, index=False)
    with pytest.raises(Problem, match=what) as raised:
        read_history(client)
    assert f"line 2, column {name}" in str(raised.value).replace("“", "").replace("”", "")


def test_a_missing_column_is_told(shelf: Path) -> None:
    """With the line as it should be."""
    client = make_client(shelf, {})
    history_path(client).write_text("version,written_on\n1,2026-01-01\n")
    with pytest.raises(Problem, match="the column “by” is missing"):
        read_history(client)


def test_a_later_plan_knows_the_record_and_no_campaign_knows_its_own(shelf: Path) -> None:
    """What the book holds is the whole file; who asks takes what was written before."""
    client = make_client(shelf, {"creators.csv": CREATORS})
    add_to_history(client, [record(orders=7.0)])
    assert list(open_book(client.folder).history.creator) == ["Anna Q"]


def _remembered(shelf: Path) -> Client:
    client = make_client(shelf, {"creators.csv": CREATORS})
    add_to_history(client, [record(orders=7.0, note="call her first", asked_for="an advance")])
    on = date(2025, 11, 3)
    record_contact(client, "@AnnaQ", "gift", "two dresses", "M", "Ana", on=on, next_on=date(2026, 1, 4))
    record_contact(client, "bo_knits", "talk", "annaq told him about us", by="Ana", on=on)
    return client


def test_the_log_is_added_to_once(shelf: Path) -> None:
    """An entry as it was made; the same again is none."""
    client = _remembered(shelf)
    assert not record_contact(
        client, "bo_knits", "talk", "annaq told him about us", by="Ana", on=date(2025, 11, 3)
    )
    log = read_log(client)
    assert list(log.handle) == ["annaq", "bo_knits"]
    assert (log.sizes[0], log.next_on[0]) == ("M", pd.Timestamp(2026, 1, 4))


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        (("", "talk", "hello"), "needs a handle"),
        (("annaq", "letter", "hello"), "“letter” is no kind of entry"),
        (("annaq", "talk", " "), "there is nothing in this entry"),
    ],
)
def test_an_entry_that_says_nothing_is_refused(entry: tuple[str, str, str], what: str, shelf: Path) -> None:
    """No row is written."""
    client = make_client(shelf, {})
    with pytest.raises(Problem, match=what):
        record_contact(client, *entry, on=date(2026, 1, 1))
    assert not log_path(client).exists()


def test_who_is_forgotten_is_in_no_record(shelf: Path, tmp_path: Path) -> None:
    """Figures stay under the made-up name; notes, sizes and wishes go; nothing more is written about them."""
    client = _remembered(shelf)
    done = forgetting.forget_creator(client, "annaq", tmp_path / "reports")
    assert {"creator_history.csv", "relationship_log.csv"} <= set(done.rewritten)
    for path in (history_path(client), log_path(client)):
        text = path.read_text().lower()
        assert not [word for word in ("anna", "call her", "advance", "dresses", ",m,") if word in text]
    (row,) = read_history(client).to_dict("records")
    assert (row["orders"], row["creator"]) == (7.0, done.known_as)
    with pytest.raises(Problem, match="asked to be forgotten"):
        record_contact(client, "annaq", "talk", "hello", on=date(2026, 1, 1))


def test_what_we_hold_tells_all_of_it_but_other_people(shelf: Path, tmp_path: Path) -> None:
    """Every figure and entry about the person; who wrote it down and other creators are not named."""
    client = _remembered(shelf)
    text = held_on(client, "annaq", tmp_path / "reports")
    assert "What you brought in settled campaigns, and what was decided" in text
    assert "orders: 7" in text
    assert "asked_for: an advance" in text
    assert "sizes: M" in text
    assert "Ana;" not in text
    assert "told him" not in text


def test_every_column_is_explained() -> None:
    """The record's docstring names each."""
    documented = CreatorRecord.__doc__ or ""
    assert not [name for name in HISTORY_COLUMNS if name not in documented]


def test_two_settle_at_once(settled: Path, tmp_path: Path) -> None:
    """The second finds the rows of the first under the client's lock; a copy made since is a client of its own."""
    folder = tmp_path / "sorrelby"
    shutil.copytree(settled, folder, ignore=shutil.ignore_patterns(ID_FILE))
    before = history_path(read_client(folder)).read_bytes()
    ledger_acts.close(str(folder), SPRING, "Tomas Reid", SETTLED)
    assert history_path(read_client(folder)).read_bytes() == before
