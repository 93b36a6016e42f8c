"""The roster, the relationship log by command and form, and each creator's own result page."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from creatorbook import vetting
from creatorbook.acts import creators_command
from creatorbook.acts.creators_board import CreatorsBoard
from creatorbook.acts.handover_sheets.pages import page_html
from creatorbook.acts.result_pages import print_result_pages, result_pages
from creatorbook.client.creator_history import add_to_history
from creatorbook.client.identity import ID_FILE
from creatorbook.client.relationship_log import log_path, read_log, record_contact
from creatorbook.client.repository import SAMPLE_DATA
from creatorbook.findings import written
from creatorbook.forms.contacts import contacts_form
from creatorbook.opening import open_book
from creatorbook.problems import Problem
from creatorbook.vetting.creators_roster import roster_frame
from shelf import make_client, shelf_folder  # noqa: F401 - a fixture
from test_creator_history import CREATORS, record
from test_own_creators import EVE, SOLD, _decided, book, creators, past

# ------------------------------------------------------------------------------------------- the roster


def test_everybody_of_the_list_stands_in_the_roster_once() -> None:
    """With campaigns, the last result and price, and what they ask now; who is not on record is to be tried."""
    frame = roster_frame(book(past(SOLD))).set_index("creator")
    assert len(frame) == 16
    assert frame.campaigns.sum() == 12
    assert frame.orders["Person A"] == 40
    assert frame.price_paid["Person A"] == frame.asks["Person A"] == 200
    assert (frame.status["Person P"], written(frame.why["Person P"], book().formats)) == (
        "try",
        "never tried",
    )


@pytest.mark.parametrize(
    ("advice", "decision", "reason", "status"),
    [
        ("renew", "", "", "renew"),
        ("renegotiate", "", "", "renew"),
        ("test again", "", "", "try"),
        ("stop", "", "", "never"),
        ("stop", "Shortlist", "style and values fit", "renew"),
        ("renew", "Not this time", "no answer", "rest"),
        ("renew", "Not this time", "works with a competitor", "never"),
        ("renew", "Ask for more", "price or rights unclear", "try"),
    ],
)
def test_a_status_follows_the_advice_until_somebody_decides(
    advice: str, decision: str, reason: str, status: str
) -> None:
    """A decision since goes before the advice; some reasons hold for good."""
    decisions = {"decisions": _decided("aaa", decision, reason)} if decision else {}
    opened = book(past({"Person A": 4.0}, advice=advice), **decisions)
    assert roster_frame(opened).set_index("creator").status["Person A"] == status


def test_the_next_talk_is_the_last_one_agreed_on() -> None:
    """It goes once a later entry names none that is still to come."""
    log = pd.DataFrame(
        {
            "date": pd.to_datetime(["2026-01-05", "2026-01-10", "2026-02-01"]),
            "handle": ["aaa", "bbb", "aaa"],
            "kind": "talk",
            "note": "",
            "sizes": "",
            "next_on": pd.to_datetime(["2026-01-20", "2026-03-01", None]),
            "by": "",
        }
    )
    frame = roster_frame(book(past(SOLD), contacts=log)).set_index("creator")
    assert frame.last_contact["Person A"] == pd.Timestamp(2026, 2, 1)
    assert pd.isna(frame.next_on["Person A"])
    assert frame.next_on["Person B"] == pd.Timestamp(2026, 3, 1)


def test_the_roster_says_how_much_is_on_record() -> None:
    """And where nothing is, what writes it down."""
    sentence, empty = (str(vetting.creators(one).notes[0].text) for one in (book(past(SOLD)), book()))
    assert sentence == "12 of 16 people of the list are on record, from 1 campaign."
    assert "“settle” writes down what each creator brought" in empty
    assert vetting.creators(book(creators=creators(0))).tables == {}


def test_the_roster_as_lines_csv_and_xlsx(shelf: Path, tmp_path: Path) -> None:
    """The same people everywhere, and the same bytes again."""
    client = make_client(shelf, {"creators.csv": CREATORS})
    add_to_history(client, [record(orders=7.0, profit=12.5, advice="renew")])
    opened, table = creators_command.creators_roster(str(shelf), None, date(2026, 4, 10))
    heads, rows = creators_command.roster_lines(table, opened)
    assert len(rows) == 2
    assert rows[0][heads.index("Status")] == "renew"
    made = creators_command.write_roster(opened, table, tmp_path / "out")
    assert [path.name for path in made] == ["creators.csv", "creators.xlsx"]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(made[1].read_bytes())).get_sheet_by_index(0)
    assert [row[0] for row in sheet.to_python()[1:]] == ["Anna Q", "Bo"]
    before = made[1].read_bytes()
    creators_command.write_roster(opened, table, tmp_path / "out")
    assert made[1].read_bytes() == before


def test_the_board_shows_it(shelf: Path) -> None:
    """A column that can be searched by eye and sorted."""
    client = make_client(shelf, {"creators.csv": CREATORS})
    assert {row["with_us"] for row in CreatorsBoard(open_book(shelf, stage="plan", as_of=EVE)).rows()} == {""}
    add_to_history(client, [record(orders=7.0)])
    rows = {
        row["called"]: row["with_us"]
        for row in CreatorsBoard(open_book(shelf, stage="plan", as_of=EVE)).rows()
    }
    assert rows == {"@annaq": "Autumn, 7 orders", "@bo_knits": "never tried"}


# ------------------------------------------------------------------------------------------- the log


def test_the_command_writes_an_entry_once(shelf: Path) -> None:
    """A handle of the list, as it is; somebody else is refused."""
    client = make_client(shelf, {"creators.csv": CREATORS})
    contact = creators_command.Contact("@AnnaQ", "gift", "two dresses", "M", "Ana", date(2026, 5, 1))
    [line] = creators_command.write_down(str(shelf), contact, date(2026, 4, 2))
    assert line == "@annaq: gift of 2026-04-02 added to relationship_log.csv"
    assert "already" in creators_command.write_down(str(shelf), contact, date(2026, 4, 2))[0]
    assert len(read_log(client)) == 1
    with pytest.raises(Problem, match="“carla” is not in the creators list"):
        creators_command.write_down(str(shelf), replace(contact, handle="carla"), date(2026, 4, 2))


def test_the_form_writes_what_the_command_writes(shelf: Path, tmp_path: Path) -> None:
    """The same bytes; the second press adds nothing."""
    make_client(shelf, {"creators.csv": CREATORS})
    other = make_client(tmp_path / "other", {"creators.csv": CREATORS})
    contact = creators_command.Contact("annaq", "talk", "wants more time", by="Ana", next_on=date(2026, 5, 1))
    creators_command.write_down(str(tmp_path / "other"), contact, date(2026, 4, 2))
    form = contacts_form(open_book(shelf))
    values = {"handle": "annaq", "kind": "talk", "note": "wants more time", "by": "Ana"}
    values |= {"date": "2026-04-02", "next_on": "2026-05-01", "sizes": ""}
    answer = form.press("Write it down", values)
    assert (answer["ok"], answer["written"]) == (True, True)
    assert "wants more time" in form.html
    assert (shelf / "relationship_log.csv").read_bytes() == log_path(other).read_bytes()
    assert not form.press("Write it down", values).get("written")


# ------------------------------------------------------------------------------------------- what your posts did


@pytest.fixture(scope="module")
def spring() -> object:
    return open_book(SAMPLE_DATA / "sorrelby", "spring-dresses", "results")


def test_each_creator_gets_their_own_figures_and_nobody_elses(spring: object) -> None:
    """One page for everybody who took part; no other name, handle or code stands in it, nor any price."""
    pages = result_pages(spring)  # type: ignore[arg-type]
    names = {page.person for page in pages}
    assert len(pages) == 26
    listed = spring.tables.creators  # type: ignore[attr-defined]
    for page in pages[:4]:
        html = page_html("result.html.j2", spring, {"page": page}, printing=False)  # type: ignore[arg-type]
        text = html.partition("<main>")[2]
        others = {*names, *listed.handle[listed.creator != page.person], *listed.code.dropna()} - {
            page.person
        }
        assert not [name for name in others if name in text]
        assert page.sentence in html
        assert "£" not in text
        assert len(page.posts) == text.count('<tr><th scope="row">')


def test_totals_of_a_page_are_those_of_its_posts(spring: object) -> None:
    """And its orders are those of the results."""
    page = next(page for page in result_pages(spring) if len(page.posts) > 1)  # type: ignore[arg-type]
    views = page.heads.index("Times shown") - 2
    counted = [int(figures[views].replace(",", "")) for _, _, figures in page.posts]
    assert int(page.totals[views].replace(",", "")) == sum(counted)


def test_pages_are_written_all_or_none(tmp_path: Path) -> None:
    """Under each name, in the folder that is asked for."""
    folder = tmp_path / "northpin"
    shutil.copytree(SAMPLE_DATA / "northpin", folder, ignore=shutil.ignore_patterns(ID_FILE))
    made, _ = print_result_pages(folder, None, tmp_path / "out")
    assert len(made) == len(result_pages(open_book(folder, stage="results")))
    assert all(path.parent == tmp_path / "out" for path in made)


# ------------------------------------------------------------------------------------------- many clients


def test_what_one_client_remembers_stands_in_no_others_files(shelf: Path, tmp_path: Path) -> None:
    """Eight clients with the same people, looked at in turn, twice: each has its own marks, and nobody else's, in text and files."""
    marks = [f"marker{number}zz" for number in range(8)]
    folders = [tmp_path / f"client-{number}" for number in range(8)]
    for folder, mark in zip(folders, marks, strict=True):
        client = make_client(folder, {"creators.csv": CREATORS}, brand=f"Brand {mark}")
        (folder / "hash.key").write_text(mark * 4, encoding="utf-8")
        add_to_history(client, [record(campaign=f"autumn-{mark}", note=mark, orders=7.0)])
        record_contact(client, "annaq", "talk", mark, by="Ana", on=date(2026, 1, 4))

    def looked_at(folder: Path) -> str:
        opened, table = creators_command.creators_roster(str(folder), None, date(2026, 4, 10))
        _, rows = creators_command.roster_lines(table, opened)
        made = creators_command.write_roster(opened, table, tmp_path / "out" / folder.name)
        return " ".join([*(cell for row in rows for cell in row), made[0].read_text()])

    texts = [looked_at(folder) for folder in folders * 2]
    for place, text in enumerate(texts):
        assert [mark for mark in marks if mark in text.lower()] == [marks[place % 8]]
    for folder, mark in zip(folders, marks, strict=True):
        others = [one for one in marks if one != mark]
        files = [
            path
            for path in [*folder.rglob("*"), *(tmp_path / "out" / folder.name).rglob("*")]
            if path.is_file()
        ]
        assert not [path for path in files if any(one.encode() in path.read_bytes() for one in others)]
