"""The creators' board: what it shows, what it writes, and what somebody else wrote meanwhile."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from creatorbook import forms, vetting
from creatorbook.acts.review_sheet import SHEET
from creatorbook.client import read_campaign, read_client, read_decisions, record_decision, record_decisions
from creatorbook.client.forgotten import FORGOTTEN_FILE, tombstone, tombstones_text
from creatorbook.client.hash_key import hash_key
from creatorbook.client.price_offers import offers_path, read_offers
from creatorbook.client.today import DAY_VARIABLE
from creatorbook.findings.render import findings_html
from creatorbook.forms.board import Board
from creatorbook.opening import open_book
from creatorbook.vetting.decided import ordered
from creatorbook.vetting.lists import decision_lists
from shelf import make_client

CREATORS = """creator,handle,platform,followers,fee
Maja,maja,tiktok,1000,50
Bo,bo,instagram,90000,900
Bo,bo.daily,tiktok,3000,
Cy,cy,instagram,,
"""
DAY = date(2026, 2, 20)
MAJA, BO, CY = "tiktok/maja", "instagram/bo", "instagram/cy"


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DAY_VARIABLE, DAY.isoformat())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    economics = {"margin": 0.5, "average_order_value": 60}
    return make_client(tmp_path / "client", {"creators.csv": CREATORS}, economics=economics).folder


def opened(folder: Path) -> Board:
    return Board(open_book(folder, stage="plan"))


def decided(
    board: Board, accounts: list[str], decision: str, reason: str, by: str = "Ann", **more: Any
) -> dict[str, Any]:
    return board.answer(
        {"do": "decide", "accounts": accounts, "decision": decision, "reason": reason, "by": by, **more}
    )


def test_everybody_stands_on_the_board_with_figures_to_sort_by(folder: Path) -> None:
    """Words as a reader sees them, numbers beside them, nothing where nothing is known."""
    rows = {row["id"]: row for row in opened(folder).rows}
    assert set(rows) == {MAJA, BO, "tiktok/bo.daily", CY}
    assert {rows[BO][name] for name in ("called", "name", "platform", "size")} == {
        "@bo",
        "Bo",
        "Instagram",
        "micro",
    }
    assert (rows[BO]["followers"], rows[BO]["fee_text"]) == (90000, "€900")
    assert (rows[CY]["followers"], rows[CY]["followers_text"], rows[CY]["fee"]) == (None, "", None)


def test_the_order_of_the_board_tells_no_decision(folder: Path) -> None:
    """The same before and after a decision: whoever reviews alone reads nothing from it."""
    before = [row["id"] for row in opened(folder).rows]
    record_decision(read_client(folder), "cy", "Shortlist", "people respond", by="Ben", on=DAY)
    assert [row["id"] for row in opened(folder).rows] == before == [BO, "tiktok/bo.daily", MAJA, CY]


def test_a_decision_on_the_board_is_the_acts_to_the_byte(folder: Path, tmp_path: Path) -> None:
    """One and several, with a note that a spreadsheet would take for a formula; the same rows as the act writes."""
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    board = opened(folder)
    decided(board, [MAJA], "Shortlist", "people respond", note="=calm, she said")
    decided(board, [BO, CY], "Not this time", "no answer")
    client = read_client(other)
    record_decision(client, "maja", "Shortlist", "people respond", "=calm, she said", "Ann", on=DAY)
    record_decisions(client, ["bo", "cy"], "Not this time", "no answer", "", "Ann", on=DAY)
    assert (folder / "decisions.csv").read_bytes() == (other / "decisions.csv").read_bytes()


def test_a_decision_leads_to_the_next_card_and_is_shown(folder: Path) -> None:
    """The answer says what is written, in row and card, and brings the next creator's card."""
    board = opened(folder)
    answer = decided(board, [MAJA], "Shortlist", "people respond", next=BO)
    assert (answer["ok"], answer["written"], answer["words"]) == (
        True,
        True,
        "@maja: “Shortlist” is written down.",
    )
    state = answer["states"][MAJA]
    assert (state["decision"], state["by"], state["on"]) == ("Shortlist", "Ann", "20 Feb 2026")
    assert answer["card"]["account"] == BO
    assert "<strong>@bo</strong>" in answer["card"]["html"]
    assert "Shortlist — people respond." in board.answer({"do": "card", "account": MAJA})["html"]
    again = decided(board, [MAJA], "Shortlist", "people respond")
    assert again["words"] == "@maja: “Shortlist” stands there already."
    back = decided(board, [MAJA], "Open again", "decided by mistake")
    assert "decision" not in back["states"][MAJA]
    assert opened(folder).answer({"do": "open"})["all"][MAJA] == {"mine": False, "second": ""}


def test_a_decision_is_about_the_handle_on_every_platform(tmp_path: Path) -> None:
    """One handle on two platforms: both rows are shown as decided, and one row is written."""
    creators = "creator,handle,platform,followers\nEve,eve,tiktok,10\nEve,eve,instagram,20\nBo,bo,tiktok,5\n"
    folder = make_client(tmp_path, {"creators.csv": creators}).folder
    states = decided(opened(folder), ["tiktok/eve"], "Shortlist", "people respond")["states"]
    assert {account: state["decision"] for account, state in states.items()} == dict.fromkeys(
        ["tiktok/eve", "instagram/eve"], "Shortlist"
    )
    assert len(read_decisions(read_client(folder))) == 1


@pytest.mark.parametrize(
    ("accounts", "decision", "reason", "by", "sentence"),
    [
        ([MAJA], "Shortlist", "people respond", " ", "a decision is signed"),
        ([], "Shortlist", "people respond", "Ann", "a decision needs a handle"),
        ([MAJA], "", "people respond", "Ann", "“” is not a decision we know"),
        ([MAJA], "Shortlist", "no answer", "Ann", "“no answer” is not a reason for “Shortlist”"),
    ],
)
def test_half_a_decision_is_refused(
    accounts: list[str], decision: str, reason: str, by: str, sentence: str, folder: Path
) -> None:
    """No name, nobody, no decision, a reason of another decision: nothing is written, and the sentence says why."""
    answer = decided(opened(folder), accounts, decision, reason, by)
    assert not answer["ok"]
    assert answer["words"].startswith(f"Nothing was written: {sentence}")
    assert not (folder / "decisions.csv").exists()


def test_somebody_elses_newer_decision_is_shown_first(folder: Path) -> None:
    """Ben decides while Ann's board is open: her first press shows his row and writes nothing, her second writes hers."""
    board = opened(folder)
    record_decision(read_client(folder), "maja", "Not this time", "no answer", by="Ben", on=DAY)
    first = decided(board, [MAJA], "Shortlist", "people respond")
    assert "“Not this time” was decided on @maja meanwhile: no answer, by Ben on 2026-02-20" in first["words"]
    assert first["states"][MAJA]["decision"] == "Not this time"
    assert list(read_decisions(read_client(folder)).by) == ["Ben"]
    assert decided(board, [MAJA], "Shortlist", "people respond")["ok"]
    assert list(read_decisions(read_client(folder)).by) == ["Ben", "Ann"]


def test_whoever_reviews_alone_sees_the_first_verdict_after_their_own(folder: Path) -> None:
    """Row, card and refusals say nothing of Ben's decision until Ann's is written; then both are shown."""
    (folder / "exports" / SHEET).write_text(
        "handle,platform,reviewer,reviewed on,style,values,authenticity,own words\nmaja,tiktok,Ben,2026-02-19,2,4,3,loud\n"
    )
    record_decision(read_client(folder), "maja", "Not this time", "no answer", by="Ben", on=DAY)
    board, ann = opened(folder), {"by": "Ann", "alone": True}
    assert board.answer({"do": "open", **ann})["all"][MAJA] == {"hidden": True}
    hidden = board.answer({"do": "card", "account": MAJA, **ann})
    assert hidden["marks"] == {}
    assert not [word for word in ("Not this time", "Ben", "loud", "2 of 5") if word in hidden["html"]]
    record_decision(read_client(folder), "bo", "Not this time", "no answer", by="Ben", on=DAY)
    assert decided(board, [BO], "Not this time", "no answer", alone=True)["states"][BO]["second"] == "2 agree"
    state = decided(board, [MAJA], "Shortlist", "people respond", alone=True)["states"][MAJA]
    assert (state["differ"], state["second"]) == (True, "they differ: Ben: Not this time, Ann: Shortlist")
    shown = board.answer({"do": "card", "account": MAJA, **ann})["html"]
    assert "loud" in shown
    assert "Shortlist — people respond." in shown
    record_decision(read_client(folder), "cy", "Not this time", "no answer", by="Ben", on=DAY)
    record_decision(read_client(folder), "cy", "Shortlist", "people respond", by="Kim", on=DAY)
    board.answer({"do": "open", **ann})
    agreement = board.answer({"do": "agreement", **ann})["html"]
    assert "Two of us agreed on 1 of 2." in agreement
    assert "@cy" not in agreement
    assert "Two of us agreed on 1 of 3." in board.answer({"do": "agreement", "by": "Ann"})["html"]


def test_while_two_judge_alone_the_page_shows_no_verdict_before_both_are_in(folder: Path) -> None:
    """List, cards, marks and score of the page keep it back and say why; reports and lists have it, and so has the page
    once the second has judged.
    """
    path = folder / "exports" / SHEET
    path.write_text(
        "handle,platform,reviewer,reviewed on,style,values,authenticity,own words\nmaja,tiktok,Ben,2026-02-19,2,4,3,loud\n"
    )
    record_decision(read_client(folder), "maja", "Not this time", "no answer", by="Ben", on=DAY)
    board = opened(folder)
    answer = board.answer({"do": "each_alone", "on": True, "by": "Ann"})
    assert (answer["ok"], answer["written"], answer["all"]) == (True, True, {MAJA: {"hidden": True}})
    assert read_campaign(read_client(folder)).second_review

    def page(mode: Any = "explore") -> str:
        book = open_book(folder, stage="plan", mode=mode)
        scored = vetting.score(book.changed(score=vetting.Score()))
        cards, judged = vetting.cards(book, [MAJA]), vetting.reviewers(book) + vetting.before_and_after(book)
        return findings_html(vetting.shortlist(book) + cards + judged + scored)

    verdict = ("Not this time — no answer", "Ben", "loud", "2 of 5", "1 not this time")
    hidden, why = page(), "Hidden until two of us have judged, each alone."
    assert not [word for word in verdict if word in hidden]
    assert hidden.count(why) == 3  # the list, the card's decision and its marks
    assert hidden.count("is hidden here until two of us have judged it, each alone.") == 3
    assert not [word for word in verdict if word not in page("report")]
    listed = decision_lists(open_book(folder, stage="plan"))["not-this-time.csv"]
    assert list(listed.handle) == ["maja"]
    order = list(ordered(open_book(folder, stage="plan")).index)
    assert order == list(ordered(replace(open_book(folder, stage="plan"), decisions=pd.DataFrame())).index)

    decided(board, [MAJA], "Shortlist", "people respond")
    path.write_text(path.read_text() + "maja,tiktok,Ann,2026-02-20,4,4,4,warm\n")
    shown = page()
    assert why not in shown
    assert "Shortlist — people respond." in shown
    assert "loud" in shown
    assert board.answer({"do": "each_alone", "on": False})["ok"]
    assert "second_review" not in read_campaign(read_client(folder)).path.read_text()


def test_the_price_offered_stands_beside_what_it_needs(folder: Path) -> None:
    """60 gross are 50.42 net, half of them margin, a fifth comes back: 20.17 an order; 50 asked need 3, 20 offered 1, and 10 orders pay 202."""
    board = opened(folder)
    price = board.answer({"do": "price", "account": MAJA, "offered": "20", "orders": ""})["price"]
    assert price.startswith(
        "Asked: €50, which needs about 3 orders. Offered: €20, which needs about 1 order."
    )
    assert "for 10 orders: €202" in price
    answer = board.answer({"do": "offer", "account": MAJA, "offered": "20", "by": "Ann"})
    assert answer["words"] == "@maja: an offer of €20 is written down."
    assert answer["states"][MAJA]["offered"] == 20
    campaign = read_campaign(read_client(folder))
    assert (
        offers_path(campaign).read_text()
        == "date,handle,asked,offered,note,by\n2026-02-20,maja,50.00,20.00,,Ann\n"
    )
    assert board.answer({"do": "offer", "account": CY, "offered": "0", "by": "Ann"})["ok"]
    assert list(read_offers(campaign).asked.isna()) == [False, True]


def test_an_offer_is_refused_as_a_decision_is(folder: Path) -> None:
    """No name, no amount, an amount below 0, or one that somebody made meanwhile."""
    board, other = opened(folder), opened(folder)
    offer = {"do": "offer", "account": MAJA, "by": "Ann"}
    for more, sentence in (
        ({"offered": "20", "by": ""}, "an offer needs a creator and a name"),
        ({"offered": ""}, "there is no amount"),
        ({"offered": "a lot"}, "“a lot” is not an amount"),
        ({"offered": "-1"}, "an offer is an amount of 0 or more"),
    ):
        assert board.answer({**offer, **more})["words"].startswith(f"Nothing was written: {sentence}")
    assert other.answer({**offer, "offered": "30", "by": "Ben"})["ok"]
    assert (
        "30 was offered to @maja meanwhile, by Ben on 2026-02-20"
        in board.answer({**offer, "offered": "20"})["words"]
    )
    assert board.answer({**offer, "offered": "20"})["ok"]


def test_review_marks_are_a_line_of_the_review_sheet(folder: Path) -> None:
    """They are read like any export, shown to whoever gave them, and refused where they are no marks."""
    board, mark = opened(folder), {"do": "mark", "account": MAJA, "by": "Ann"}
    answer = board.answer(
        {**mark, "marks": {"style": "4", "values": "", "authenticity": "5"}, "note": "calm"}
    )
    assert answer["words"] == "@maja: Style 4 of 5, Own voice 5 of 5, written on the review sheet."
    line = (folder / "exports" / SHEET).read_text().splitlines()[1]
    assert line == "maja,tiktok,Ann,2026-02-20,4,,5,calm"
    assert board.answer({"do": "card", "account": MAJA, "by": "ann"})["marks"] == {
        "style": 4,
        "authenticity": 5,
        "own_words": "calm",
    }
    book = open_book(folder, stage="plan")
    assert list(book.tables.reviews[["handle", "style"]].itertuples(index=False, name=None)) == [("maja", 4)]
    assert (
        "One reviewer: 4 of 5 for style. “calm”"
        in Board(book).answer({"do": "card", "account": MAJA})["html"]
    )
    for marks, sentence in (({"style": "6"}, "“6” is not a mark for style"), ({}, "nothing is marked")):
        assert board.answer({**mark, "marks": marks})["words"].startswith(f"Nothing was written: {sentence}")
    (folder / "exports" / SHEET).write_text("handle,reviewer,style\nmaja,Ann,3\n")
    assert "the column “platform” is missing" in board.answer({**mark, "marks": {"style": "4"}})["words"]


def test_a_full_disk_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence says that nothing was written, and nothing was."""

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    board = opened(folder)
    for module in ("records", "price_offers"):
        monkeypatch.setattr(f"creatorbook.client.{module}.append_rows", full)
    monkeypatch.setattr("creatorbook.acts.review_sheet.append_rows", full)
    by = {"account": MAJA, "by": "Ann"}
    for answer in (
        decided(board, [MAJA], "Shortlist", "people respond"),
        board.answer({"do": "offer", "offered": "20", **by}),
        board.answer({"do": "mark", "marks": {"style": "4"}, **by}),
    ):
        assert answer["words"].startswith("Nothing was written: ")
        assert "full" in answer["words"]
        assert not answer["states"][MAJA].get("decision")


def test_whoever_is_forgotten_is_not_decided_on(folder: Path) -> None:
    """They asked while the board was open: no decision, offer or mark names them any more."""
    board, key = opened(folder), hash_key(folder)
    stones = [tombstone("creator", "maja", key)]
    (folder / FORGOTTEN_FILE).write_text(tombstones_text(stones, key))
    by = {"account": MAJA, "by": "Ann"}
    for answer in (
        decided(board, [MAJA], "Shortlist", "people respond"),
        board.answer({"do": "offer", "offered": "20", **by}),
        board.answer({"do": "mark", "marks": {"style": "4"}, **by}),
    ):
        assert "this creator asked to be forgotten" in answer["words"]
    assert MAJA not in {row["id"] for row in opened(folder).rows}


def test_texts_of_exports_are_escaped(tmp_path: Path) -> None:
    """A name that is HTML stands on the card as text."""
    creators = "creator,handle,platform,followers,source\n<b>Eve</b>,eve,tiktok,10,<script>x</script>\n"
    folder = make_client(tmp_path, {"creators.csv": creators}).folder
    html = opened(folder).answer({"do": "card", "account": "tiktok/eve"})["html"]
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize("mode", ["report", "train"])
def test_nothing_is_shown_in_a_report_or_a_lesson(
    mode: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The cell stays empty there."""
    forms.creators_board(open_book(folder, mode=mode))
    assert capsys.readouterr().out == ""


def test_an_account_that_left_the_list_is_told(folder: Path) -> None:
    """A board that is older than the list answers with a sentence."""
    answer = opened(folder).answer({"do": "card", "account": "tiktok/nobody"})
    assert (answer["ok"], answer["states"]) == (False, {})
    assert "is not on the creators list" in answer["words"]
