"""Who takes part: words of the list, decisions, drafts and posts, and the handles and names that join them."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from books import make_book
from creatorbook import tracking
from creatorbook.book import Book
from creatorbook.campaign.assignments import assigned
from creatorbook.campaign.people import everybody, in_question, out_with_traces, taking_part
from creatorbook.campaign.roster import persons_named
from creatorbook.exports.parse import MACROS
from creatorbook.finance.costs import campaign_costs
from creatorbook.findings import packed, written
from creatorbook.findings.formats import Formats
from creatorbook.packs import pack
from creatorbook.planning.candidates import candidates
from creatorbook.text.handles import plain_handle, plain_handles
from creatorbook.text.states import plain_words, standing_of, state_names, state_of
from creatorbook.tracking.label_check import checked_drafts
from creatorbook.tracking.pulse import statuses
from creatorbook.vetting.accounts import listed_accounts
from roi_books import cost_on
from shelf import read_one
from shelf import shelf_folder as shelf_folder

STATES = pack("states")["states"]


def _book(*rows: dict[str, Any], stage: str = "pulse", **changes: Any) -> Book:
    usual = {"platform": "instagram", "followers": 5000.0, "fee": 100.0}
    accounts = [{"handle": f"h{number}", **usual, **row} for number, row in enumerate(rows)]
    posts = changes.pop("posts", None)
    tables = {"creators": pd.DataFrame(accounts)} | ({} if posts is None else {"posts": posts})
    campaign = changes.pop("campaign", {})
    return replace(make_book(tables, campaign=campaign, stage=stage, as_of=date(2026, 3, 20)), **changes)


def _decided(*rows: tuple[str, str], day: str = "2026-02-01") -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["handle", "decision"])
    return frame.assign(date=pd.Timestamp(day))


def _standings(book: Book) -> list[str]:
    return everybody(book)["standing"].tolist()


def test_every_spelling_belongs_to_one_state() -> None:
    """No word of the vocabulary stands under two states, and each reads as its own."""
    owners: dict[str, str] = {}
    for name, row in STATES.items():
        assert state_of(name) == name
        for word in (word for words in row["words"] for word in words.split(",")):
            assert owners.setdefault(plain_words(word), name) == name, word
            assert state_of(word.upper()) == name, word
    assert len(owners) > 800


@pytest.mark.parametrize(
    ("written", "standing"),
    [
        ("Declined ❌", "out"),
        ("ABGESAGT (keine Zeit)", "out"),
        ("refusee - trop occupée", "out"),
        ("No-Go", "out"),
        ("nie", "out"),
        ("2. contacted", "open"),
        ("Draft_In", "takes part"),
        ("✅ Confirmed", "takes part"),
        ("zugesagt, 2 Reels", "takes part"),
        ("agreed?", None),
        ("agreed, then cancelled", None),
        ("agreed (no)", None),
        ("vibing", None),
        ("✅", None),
    ],
)
def test_words_are_read_as_lists_write_them(written: str, standing: str | None) -> None:
    """Case, signs, numbers and remarks do not hide a word; a question or a contradiction settles nothing."""
    state = state_of(written)
    assert (standing_of(state) if state else None) == standing


@pytest.mark.parametrize(
    ("row", "changes", "standing", "why"),
    [
        ({}, {}, "takes part", "on the list"),
        ({"status": "agreed"}, {"decisions": _decided(("@H0", "Not this time"))}, "out", "decided against"),
        ({"status": "declined"}, {"decisions": _decided(("h0", "Shortlist"))}, "out", "declined"),
        ({"status": "contacted"}, {"decisions": _decided(("h0", "Shortlist"))}, "open", "contacted"),
        ({"status": "contacted", "posted_on": "2026-03-10"}, {}, "takes part", "a post is out"),
        ({"status": "contacted", "posted_on": "2026-03-25"}, {}, "open", "contacted"),
        ({"status": "vibing"}, {}, "open", "“vibing”, a word nobody here knows"),
        ({}, {"decisions": _decided(("h0", "Ask for more"))}, "open", "asked for more"),
        ({"status": "live"}, {"stage": "plan"}, "takes part", "on the list"),
        (
            {"status": "answered"},
            {"campaign": {"drafts": [{"handle": " @H0", "text": "x", "format": "reel"}]}},
            "takes part",
            "a draft is in",
        ),
    ],
)
def test_the_first_source_that_speaks_decides(
    row: dict[str, Any], changes: dict[str, Any], standing: str, why: str
) -> None:
    """Decision against, the list's no, a post, the list's yes, a draft, an open word, in this order."""
    account = everybody(_book(row, **changes)).iloc[0]
    assert (account["standing"], written(account["why"], Formats())) == (standing, why)


def test_the_last_decision_counts() -> None:
    """Somebody decided against and shortlisted later is in again."""
    rows = pd.concat([_decided(("h0", "Shortlist"), day="2026-02-09"), _decided(("h0", "Not this time"))])
    assert _standings(_book({}, decisions=rows)) == ["takes part"]


def test_a_shortlist_of_three_is_the_plan_and_the_codes() -> None:
    """Once three are shortlisted the others are out everywhere, unless they have agreed or posted."""
    people = [{}, {}, {}, {"status": "contacted"}, {"status": "agreed"}, {"posted_on": "2026-03-09"}]
    two = _decided(("h0", "Shortlist"), ("h1", "Shortlist"))
    assert "out" not in _standings(_book(*people, decisions=two))
    three = _decided(("h0", "Shortlist"), ("h1", "Shortlist"), ("h2", "Shortlist"))
    book = _book(*people, decisions=three)
    assert _standings(book) == [*["takes part"] * 3, "out", *["takes part"] * 2]
    assert written(everybody(book)["why"].iloc[3], Formats()) == "not on the shortlist"
    assert set(candidates(book)["creator"]) == set(assigned(book)["person"]) == {"h0", "h1", "h2", "h4", "h5"}


def test_a_person_with_two_accounts_is_one_person() -> None:
    """A decision or a word written once holds for both accounts; of two words each account keeps its own."""
    two = [{"creator": "Ada", "followers": 9000.0, "status": "declined"}, {"creator": "Ada"}]
    assert _standings(_book(*two)) == ["out", "out"]
    two[1]["status"] = "agreed"
    accounts = everybody(_book(*two))
    assert accounts["standing"].tolist() == ["out", "takes part"]
    assert accounts["main"].tolist() == [False, True]
    against = _book({"creator": "Ada"}, {"creator": "Ada"}, decisions=_decided(("h1", "Not this time")))
    assert in_question(against).empty


def test_a_code_given_on_one_account_stays_the_persons() -> None:
    """Whoever goes on with another account keeps the code issued to the first."""
    given = {"issued_on": "2026-02-01", "creator": "Ada", "platform": "instagram", "link": ""}
    issued = pd.DataFrame([{**given, "handle": "h0", "code": "ADA10"}])
    two = [{"creator": "Ada", "status": "declined"}, {"creator": "Ada", "status": "agreed"}]
    assert assigned(_book(*two, issued=issued))["code"].tolist() == ["ADA10"]


def test_nobody_gets_the_code_of_somebody_who_is_out() -> None:
    """A code that was issued to somebody decided against is taken for good."""
    given = {"issued_on": "2026-02-01", "creator": "ada.one", "platform": "instagram", "link": ""}
    issued = pd.DataFrame([{**given, "handle": "adaone", "code": "ADAONE10"}])
    rows = [{"handle": "adaone", "status": "declined"}, {"handle": "ada.one"}]
    assert assigned(_book(*rows, issued=issued))["code"].tolist() != ["ADAONE10"]


def test_who_is_out_is_told_with_the_code_given_before() -> None:
    """Codes of people who are out stand in a sentence of the codes and of the pulse, not among what is due."""
    book = _book({"status": "declined", "code": "OLD10"}, {"status": "shipped", "code": "NEW10"})
    traces = [{"person": "h0", "why": packed("declined"), "code": "OLD10"}]
    assert out_with_traces(book).to_dict("records") == traces
    for findings in (tracking.codes(book), tracking.status(book)):
        assert any("h0 (declined, OLD10)" in note.text for note in findings.notes)
    due = [note.text for note in tracking.status(book).notes if " due: " in note.text]
    assert due == ["Draft due: h1."]
    assert statuses(book)["person"].tolist() == ["h1"]


def test_a_word_nobody_knows_is_not_settled() -> None:
    """Its person stays in question, is named as open, promised nothing and no cost of the results."""
    book = _book({"status": "vibing"}, {"status": "agreed"})
    assert set(candidates(book)["creator"]) == {"h0", "h1"}
    assert taking_part(book)["person"].tolist() == ["h1"]
    assert any("Not settled yet: h0 (“vibing”" in note.text for note in tracking.codes(book).notes)
    assert statuses(book).set_index("person").loc["h0", "status"] == "vibing"
    assert cost_on(campaign_costs(replace(book, stage="results")), "fees") == 10000
    assert tracking.status(book).figures["tracking.committed"].value == 100


def test_an_unknown_word_stands_in_the_receipt(shelf: Path) -> None:
    """The receipt names the word, how often it stands there and what it is taken for; known words are not named."""
    rows = "ada,instagram,100,Declined\nbo,instagram,200,vibing\ncy,instagram,300,vibing\n"
    done, receipt = read_one(shelf, f"handle,platform,followers,status\n{rows}")
    [note] = [note for note in receipt.notes if "vibing" in note]
    assert note.startswith("status: nobody here knows “vibing” (2): taken as not settled")
    assert all(name in note for name in state_names())
    assert done.tables.creators["status"].tolist() == ["Declined", "vibing", "vibing"]


def test_a_list_of_known_words_says_nothing(shelf: Path) -> None:
    """No sentence where every word is known, in whatever spelling."""
    rows = "ada,instagram,100,Zugesagt\nbo,instagram,200,No-Go!\n"
    _, receipt = read_one(shelf, f"handle,platform,followers,Status\n{rows}")
    assert not any("nobody here knows" in note for note in receipt.notes)


def test_what_somebody_out_has_done_is_no_error() -> None:
    """A draft of theirs is left aside, a fee on the cost sheet counts, and a post keeps them in the results."""
    draft = {"handle": "@h0", "text": "Anzeige: schön", "format": "reel"}
    posts = pd.DataFrame(
        [{"post_id": "p", "handle": "h0", "platform": "instagram", "published_at": "2026-03-09",
          "caption": "Anzeige H010", "sponsored": True}]
    )  # fmt: skip
    book = _book({"code": "H010"}, {}, decisions=_decided(("h0", "Not this time")), posts=posts,
                 campaign={"drafts": [draft]}, stage="results")  # fmt: skip
    assert checked_drafts(book).empty
    assert everybody(book)["standing"].tolist() == ["out", "takes part"]
    assert everybody(book)["took_part"].tolist() == [True, True]
    assert cost_on(campaign_costs(book), "fees") == 20000
    tracking.check_labels(book)


def test_a_decision_after_the_campaign_is_about_the_next_one() -> None:
    """It takes nobody out of the results, and out of everything that is still to come."""
    late = _book({}, decisions=_decided(("h0", "Not this time"), day="2026-09-01"), stage="results")
    assert everybody(late)["took_part"].tolist() == [True]
    assert in_question(late).empty
    assert _standings(replace(late, stage="plan")) == ["takes part"]


HANDLES = [
    "@Lena",
    "lena",
    " LENA ",
    "＠Lena",
    "@@lena",
    "ZOË",
    "zoe\u0308",
    "ΣΑΣ",
    "İnci",
    "Ölaf.1",
    "ß_x",
    "Å",
    "é/?x",
]


def test_the_reader_and_the_rooms_clean_a_handle_alike() -> None:
    """What the reader makes of a handle is what a form or a campaign file's spelling of it is made, too."""
    connection = duckdb.connect()
    connection.execute(MACROS)
    for handle in HANDLES:
        row = connection.execute("SELECT handle_of(clean(?))", [handle]).fetchone()
        assert row is not None
        if "/" not in handle:
            assert row[0] == plain_handle(handle)
            without_link = connection.execute("SELECT handle_without_link(clean(?))", [handle]).fetchone()
            assert without_link == row
        assert plain_handle(row[0]) == row[0]


def test_handles_are_plain_whoever_asks() -> None:
    """One value and a column of them come out alike; what is missing stays missing."""
    plain = plain_handles(pd.Series([*HANDLES, None], dtype="str"))
    assert plain.tolist()[:-1] == [plain_handle(handle) for handle in HANDLES]
    assert pd.isna(plain.iloc[-1])
    assert plain_handles(pd.Series([], dtype="str")).empty


def test_a_sheet_may_name_a_person_in_any_way() -> None:
    """Handle or name, with @ and in capitals: the same person; a handle goes before a name that reads alike."""
    book = _book(
        {"creator": "Zoë Ähre", "handle": "zoe.x"}, {"creator": "Bo", "handle": "ada"}, {"creator": "Ada"}
    )
    meant = persons_named(book, pd.Series(["@ZOE.X", "zoë ähre", " Bo ", "Ada", "nobody", None]))
    assert meant.tolist()[:4] == ["Zoë Ähre", "Zoë Ähre", "Bo", "Bo"]
    assert meant.isna().tolist()[4:] == [True, True]


def test_case_and_spaces_make_nobody_a_second_person() -> None:
    """`mara  K ` is `Mara K`: one person, as the list spells them first, for the list, sheets and vetting."""
    book = _book({"creator": "Mara K"}, {"creator": "mara  K "}, {"creator": "MARA K"}, {"handle": "mara.k"})
    assert everybody(book)["person"].tolist() == ["Mara K", "Mara K", "Mara K", "mara.k"]
    assert persons_named(book, pd.Series([" MARA  k"])).tolist() == ["Mara K"]
    assert set(listed_accounts(book)["creator"].dropna()) == {"Mara K"}
    assert cost_on(campaign_costs(book), "fees") == 20000


def test_a_list_that_names_nobody_has_nobody_in_it() -> None:
    """Rows without a name and a handle are rows, and no error."""
    book = _book({"creator": None, "handle": None}, {"creator": None, "handle": None})
    assert everybody(book)["person"].isna().all()
