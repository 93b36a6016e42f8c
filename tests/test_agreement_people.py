"""Plan, codes, sheets, offers, pulse, costs and results name the same people, on samples and on a hostile list."""

import csv
import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from creatorbook.acts.codes import issue
from creatorbook.book import Book
from creatorbook.campaign.assignments import assigned
from creatorbook.client import LINK_COLUMNS, read_campaign, read_client, read_links, record_decision
from creatorbook.client.repository import SAMPLE_DATA
from creatorbook.finance.claims import claimed_orders
from creatorbook.finance.costs import campaign_costs, took_part
from creatorbook.finance.price_lines import price_lines
from creatorbook.opening import open_book
from creatorbook.planning.candidates import candidates
from creatorbook.roi.creator_results import creator_results
from creatorbook.tracking import codes, status
from creatorbook.tracking.handover import handover_sheets
from creatorbook.tracking.issuing import tables
from creatorbook.tracking.pulse import statuses
from samples import SAMPLES
from shelf import make_client
from shelf import shelf_folder as shelf_folder


def _planned(book: Book) -> dict[str, set[str]]:
    """What each room that looks ahead takes for the people of the campaign."""
    return {
        "plan": set(candidates(book)["creator"]),
        "codes and links": set(assigned(book)["person"]),
        "what is issued": set(tables(book)["codes.csv"]["creator"]),
        "sheets": {sheet.person for sheet in handover_sheets(book)},
        "offers": set(price_lines(book)["person"]),
        "pulse": set(statuses(book)["person"]),
    }


def _agreed(answers: dict[str, set[str]]) -> set[str]:
    """The one answer of all rooms."""
    one, *others = answers.values()
    assert all(other == one for other in others), answers
    return one


@pytest.mark.parametrize("name", SAMPLES)
def test_the_rooms_agree_on_samples(name: str) -> None:
    """Of a sample client everybody listed is in the plan, and plan, step 04, pulse, costs and results agree."""
    listed = set(open_book(name, stage="plan").tables.creators["creator"])
    for stage in ("plan", "pulse"):
        assert _agreed(_planned(open_book(name, stage=stage))) == listed
    results = open_book(name, stage="results")
    assert set(took_part(results)["creator"]) == listed
    assert set(campaign_costs(results).lines["creator"]) - {""} <= listed
    assert set(claimed_orders(results)["creator"]) <= listed


def _with_status(folder: Path, words: list[str]) -> Path:
    """A copy of the thin sample client whose list has a column for where everybody stands."""
    copy = folder / "copy"
    shutil.copytree(SAMPLE_DATA / "northpin", copy)
    path = copy / "exports" / "creators.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    words = words + ["agreed"] * (len(rows) - len(words))
    rows = [{**row, "status": word} for row, word in zip(rows, words, strict=True)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return copy


@pytest.mark.parametrize("word", ["declined", "Abgesagt ❌", "no-go (fee)"])
def test_who_declined_gets_nothing(tmp_path: Path, word: str) -> None:
    """No candidate, code, sheet, offer, line of the links file or reminder for a creator who declined."""
    copy = _with_status(tmp_path, [word])
    plan = open_book(copy, stage="plan")
    people = _agreed(_planned(plan))
    assert len(people) == 13
    assert "Alma Distelfalter" not in people
    assert issue(plan, lambda signs: signs[0]) == 13
    issued = read_links(read_campaign(read_client(copy), None))
    assert set(issued["creator"]) == people
    pulse = open_book(copy, stage="pulse")
    assert _agreed(_planned(pulse)) == people
    due = [note.text for note in status(pulse).notes if note.slot == "pulse.late"]
    assert due
    assert not any("Alma" in text for text in due)


HEADER = "creator,handle,platform,followers,fee,code,status,posted_on"
#: where everybody stands, as a list may have it, and what becomes of it
HOSTILE = [
    "Ada Ähre,@Ada.AEHRE,instagram,50000,300,ADA10,Zugesagt ✅,",
    "Ada Ähre,https://www.tiktok.com/@ada.aehre.tt?lang=de,tiktok,9000,,,,",
    "Bo Birke,＠BO_birke,instagram,20000,200,BO10,ABGESAGT (keine Zeit),",
    "Cy Ceder,cy.ceder,instagram,15000,150,,confirmed,",
    "Di Distel,@di.distel,instagram,12000,120,,vibing,",
    "Éva Esche,E\u0301va.Esche,youtube,8000,80,,Draft_In,",
    "Fee Föhre,fee.foehre,instagram,7000,70,,no-go,",
    "Gil Ginster,@GIL,instagram,6000,60,GIL10,2. contacted,",
    "Ho Holder,ho.holder,instagram,5000,50,,Ghosted!,",
    "Ida Ilex,ida.ilex,instagram,4000,40,,on hold,",
]
IN_QUESTION = {"Ada Ähre", "Cy Ceder", "Di Distel", "Éva Esche", "Gil Ginster", "Ida Ilex"}
ORDERS = "order,date,total,code\n" + "".join(
    f"{number},2026-03-{number % 20 + 5:02d},100.00,{code}\n"
    for number, code in enumerate(["ADA10"] * 6 + ["BO10"] * 2 + ["CYCEDER10"] * 3 + ["GIL10"] + [""] * 20)
)
POSTS = (
    "post_id,handle,platform,date,likes,comments,views,caption\n"
    "1,gil,instagram,2026-03-09,20,2,900,Anzeige: GIL10 spart\n"
    "2,CY.ceder,instagram,2026-03-09,20,2,900,Anzeige: mit CYCEDER10\n"
)


@pytest.fixture(name="hostile")
def _hostile(shelf: Path) -> Path:
    files = {"creators.csv": "\n".join([HEADER, *HOSTILE]) + "\n", "orders.csv": ORDERS, "posts.csv": POSTS}
    client = make_client(shelf, files, economics={"margin": 0.5})
    accounts = len(IN_QUESTION) + 1  # Ada has two
    assert issue(open_book(client.folder, stage="plan"), lambda signs: signs[0]) == accounts
    record_decision(client, " @CY.Ceder", "Not this time", "no answer", on=date(2026, 3, 12))
    return client.folder


def test_the_rooms_agree_on_a_hostile_list(hostile: Path) -> None:
    """Odd spellings, a decision after the issue and accounts in every spelling: one answer, in plan and pulse."""
    people = IN_QUESTION - {"Cy Ceder"}
    for stage in ("plan", "pulse"):
        assert _agreed(_planned(open_book(hostile, stage=stage))) == people


def test_results_keep_what_happened(hostile: Path) -> None:
    """Who posted or brought orders is in the results, whoever is out; who is not settled is not.

    Bo said no: the orders by an old code are Bo's, and the fee that the list asks is no cost.
    """
    results = open_book(hostile, stage="results")
    people = {"Ada Ähre", "Bo Birke", "Cy Ceder", "Éva Esche", "Gil Ginster"}
    assert set(took_part(results)["creator"]) == people
    assert set(creator_results(results).frame["creator"]) == people
    lines = campaign_costs(results).lines
    assert set(lines["creator"]) - {""} == people - {"Bo Birke"}
    claimed = claimed_orders(results)["creator"].value_counts()
    assert claimed.to_dict() == {"Ada Ähre": 6, "Cy Ceder": 3, "Bo Birke": 2, "Gil Ginster": 1}


def test_what_was_issued_stays_and_is_told(hostile: Path) -> None:
    """The links file keeps the line of somebody decided against; codes and pulse say so; nothing new is written."""
    book = open_book(hostile, stage="pulse")
    assert "CYCEDER10" in set(book.issued["code"])
    for findings in (codes(book), status(book)):
        assert any("Cy Ceder (decided against, CYCEDER10)" in note.text for note in findings.notes)
    before = book.issued[LINK_COLUMNS]
    assert issue(book, lambda signs: signs[0]) == 0
    after = read_links(book.campaign)
    pd.testing.assert_frame_equal(before, after[LINK_COLUMNS])


def test_the_receipt_tells_the_word_nobody_knows(hostile: Path) -> None:
    """Only “vibing” is told: every other spelling of the list is known."""
    [notes] = [one.notes for one in open_book(hostile).receipts if "creators" in one.tables]
    [note] = [note for note in notes if "nobody here knows" in note]
    assert "“vibing” (1): taken" in note
