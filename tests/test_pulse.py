"""The weekly page: every status that a sheet may hold, and gifts without a post."""

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest

from books import make_book
from creatorbook import tracking
from creatorbook.book import Book
from creatorbook.finance.costs import planned_own_cost
from creatorbook.finance.ladder import money_ladder
from creatorbook.finance.spending import spending
from creatorbook.packs import pack
from creatorbook.tables import Tables
from creatorbook.tracking.pulse import statuses
from roi_books import creators_frame, orders_frame

STATUSES = [
    *("long list", "contacted", "answered", "agreed", "contract", "shipped", "draft in", "draft approved"),
    *("live", "data received", "paid"),
]


def _book(*rows: dict[str, Any]) -> Book:
    usual = {"platform": "instagram", "followers": 5000}
    named = [{"handle": f"h{number}", **usual, **row} for number, row in enumerate(rows)]
    return make_book({"creators": pd.DataFrame(named)}, stage="pulse", as_of=date(2026, 3, 20))


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_leads_to_a_next_step(status: str) -> None:
    """Each status of the sheet is kept as it stands, however it is written, with what comes next."""
    for written in (status, status.upper(), status.replace(" ", "_")):
        told = statuses(_book({"status": written})).iloc[0]
        assert told["status"] == status
        assert told["next"] == pack("states")["states"][status]["next"]


def test_gifts_without_a_post_are_told_with_their_cost() -> None:
    """A gift nobody posted about is counted with what it cost, and never called late."""
    book = _book(
        {"status": "live", "gift_cost": 20.0},
        {"status": "shipped", "gift_cost": 30.0},
        {"status": "shipped", "fee": 100.0},
    )
    told = [note.text for note in tracking.status(book).notes if "without a post" in note.text]
    assert told == ["1 of 2 gifts is without a post so far, €30 at cost: h1."]
    done = tracking.status(_book({"status": "live", "gift_cost": 20.0}))
    assert any("Every gift has a post so far: 1" in note.text for note in done.notes)
    none = tracking.status(_book({"status": "shipped"}))
    assert not any("post so far" in note.text for note in none.notes)


def test_committed_and_invoiced_are_the_costs() -> None:
    """What the pulse says is committed is what plan and results count: each price once, in one currency."""
    creators = pd.DataFrame(
        {
            "creator": ["Ada", "Ada", "Bo"],
            "handle": ["ada", "ada.tt", "bo"],
            "platform": ["instagram", "tiktok", "instagram"],
            "followers": 9000.0,
            "fee": [300.0, None, 200.0],
            "gift_cost": [40.0, None, None],
            "status": ["agreed", None, "declined"],
        }
    )
    costs = pd.DataFrame(
        {
            "creator": ["@ADA", "Ada"],
            "kind": ["Fee", "tools"],
            "amount": [250.0, 100.0],
            "currency": ["EUR", "USD"],
        }
    )
    book = make_book(
        {"creators": creators, "costs": costs},
        client={"exchange_rates": {"USD": 0.9}},
        stage="pulse",
        as_of=date(2026, 3, 20),
    )
    figures = tracking.status(book).figures
    assert planned_own_cost(book)["Ada"] == 290
    assert figures["tracking.committed"].value == 290 + 90
    assert figures["tracking.invoiced"].value == 250 + 90
    assert figures["tracking.to_come"].value == 40


def _running(sheet: pd.DataFrame | None, *, budget: float = 1000, **columns: Any) -> Book:
    """Two creators at 300 and 200, one of them live, an agency fee of 400, and a commission of 10 % on ten orders of 100."""
    listed: dict[str, Any] = {"fee": [300.0, 200.0], "hours": 2.0, "commission_rate": 0.1}
    tables = {
        "creators": creators_frame(["ANNA10", "BEA10"], **listed, **columns),
        "orders": orders_frame({"ANNA10": 10}, basket=100.0),
        **({} if sheet is None else {"costs": sheet}),
    }
    return make_book(
        tables,
        client={"tax_rate": 0.0, "economics": {"hourly_rate": 25, "return_rate": 0.0, "margin": 0.6}},
        campaign={"budget": budget, "agency_fee": 400},
        stage="pulse",
        as_of=date(2026, 3, 20),
    )


def _slot(book: Book, slot: str) -> list[str]:
    return [note.text for note in tracking.status(book).notes if note.slot == slot]


SHEET = pd.DataFrame(
    {
        "creator": ["Anna", "", "Bea"],
        "kind": ["fee", "agency", "fee"],
        "amount": [300.0, 400.0, 200.0],
        "invoiced_on": pd.to_datetime(["2026-03-06", "2026-03-10", "2026-04-02"]),
        "paid_on": pd.to_datetime(["2026-03-16", None, None]),
    }
)


def test_committed_invoiced_paid_and_to_come() -> None:
    """Fees 500, own hours 100, agency 400 and commission of 100 so far; an invoice to come is none yet."""
    spent = spending(_running(SHEET))
    assert (spent.committed, spent.invoiced, spent.paid, spent.to_come) == (1100, 700, 300, 400)
    assert spent.committed == money_ladder(_running(SHEET)).campaign_costs
    assert _slot(_running(SHEET, budget=2000), "pulse.spent")[0] == (
        "Committed €1,100, 55% of the budget of €2,000. Invoiced €700, still to come €400. Paid €300."
    )


def test_what_is_to_come_is_not_known_without_the_orders_that_commission_is_of() -> None:
    """A commission that was agreed is no 0 for want of an order file; where none was agreed, nothing is missing."""
    book = _running(SHEET, budget=2000)
    frames = {**book.tables.frames, "orders": book.tables.orders.iloc[:0]}
    no_orders = replace(book, tables=Tables(frames))
    assert (spending(no_orders).invoiced, spending(no_orders).to_come) == (700, None)
    assert _slot(no_orders, "pulse.spent")[0].endswith(
        "Invoiced €700. Still to come: not available; an order file would show the commission. Paid €300."
    )
    of_last_year = book.tables.orders.assign(ordered_at=pd.Timestamp("2025-03-05 12:00"))
    assert spending(replace(book, tables=Tables({**frames, "orders": of_last_year}))).to_come is None
    creators = book.tables.creators.assign(commission_rate=0.0)
    unpaid = replace(book, tables=Tables({**frames, "creators": creators}))
    assert spending(unpaid).to_come == 300


def test_what_was_paid_is_not_available_without_days_of_payment() -> None:
    """Neither a cost sheet without days of payment nor the lack of a sheet makes a sum of 0."""
    undated = spending(_running(SHEET.drop(columns=["paid_on", "invoiced_on"])))
    assert (undated.invoiced, undated.paid) == (900, None)
    without = spending(_running(None))
    assert (without.committed, without.invoiced, without.paid, without.to_come) == (1100, None, None, None)
    assert "Invoiced, paid and still to come: not available" in _slot(_running(None), "pulse.spent")[0]
    nothing = spending(make_book(stage="pulse"))
    assert (nothing.committed, nothing.over_budget) == (None, None)


@pytest.mark.parametrize("columns", [{}, {"posted_on": pd.Timestamp("2026-03-04")}])
def test_over_budget_is_the_first_line_and_the_thing_to_change(columns: dict[str, Any]) -> None:
    """The first line of the page says by how much, whatever is known of who is live, and nothing else is said to be enough."""
    book = _running(SHEET, **columns)
    assert _slot(book, "pulse.live")[0].startswith("Over budget by €100: €1,100 of €1,000 are committed.")
    assert _slot(book, "pulse.change") == ["Have the €100 over budget approved or saved."]
    within = _running(SHEET, budget=1100, **columns)
    assert not any("budget by" in note.text for note in tracking.status(within).notes)


def _collected(*rows: dict[str, Any], stories: list[dict[str, Any]] | None = None) -> list[str]:
    usual = {"creator": "Mara", "followers": 5000, "posted_on": pd.Timestamp("2026-03-10")}
    post = {
        "format": "story",
        "published_at": pd.Timestamp("2026-03-10"),
        "reach": 300.0,
        "campaign": "spring",
    }
    tables = {"creators": pd.DataFrame([{**usual, **row} for row in rows])}
    if stories:
        tables["posts"] = pd.DataFrame([{**post, "post_id": str(n), **one} for n, one in enumerate(stories)])
    findings = tracking.status(make_book(tables, stage="pulse", as_of=date(2026, 3, 20)))
    return [note.text for note in findings.notes if note.slot == "pulse.collect"]


def test_story_figures_are_asked_for_by_account() -> None:
    """An account whose Story is on file is done, whatever else its person posts elsewhere; no other one's counts."""
    story = {"handle": "mara", "platform": "instagram", "deliverables": "2 stories"}
    video = {"handle": "mara.films", "platform": "tiktok", "deliverables": "1 video"}
    filed = {"handle": "mara", "platform": "instagram"}
    assert any("not on file yet for Mara" in text for text in _collected(story, video))
    assert not any("Story" in text for text in _collected(story, video, stories=[filed]))
    other = {**story, "platform": "facebook"}
    assert any("not on file yet for Mara" in text for text in _collected(story, other, stories=[filed]))


def test_story_figures_that_stay_are_not_called_vanishing() -> None:
    """Where the platform's figures last, nobody is sent for them within a day."""
    story = {"handle": "mara", "platform": "tiktok", "deliverables": "2 stories"}
    assert not any("Story" in text for text in _collected(story))
    assert not any("Story" in text for text in _collected({**story, "posted_on": pd.NaT}))


def test_an_export_of_posts_is_not_due_where_only_stories_were_agreed() -> None:
    """What falls due is what fits the agreed formats."""
    stories = {"handle": "mara", "platform": "facebook", "deliverables": "2 stories"}
    assert not any("exports" in text for text in _collected(stories))
    assert any("exports" in text for text in _collected({**stories, "deliverables": "2 posts"}))


def _advised(tables: dict[str, pd.DataFrame]) -> str:
    """The one thing to change, with one creator who is live and whatever else is on file."""
    creators = pd.DataFrame(
        {
            "creator": ["Ada"],
            "handle": ["ada"],
            "platform": ["instagram"],
            "followers": [9000.0],
            "code": ["ADA10"],
            "status": ["live"],
        }
    )
    book = make_book({"creators": creators, **tables}, stage="pulse", as_of=date(2026, 3, 20))
    notes = tracking.status(book).notes
    return next(note.text for note in notes if note.slot == "pulse.change")


def test_nothing_has_to_change_only_where_that_is_known() -> None:
    """Without orders, without an order that shows the code to work, or without posts, it is too early to say so."""
    orders = pd.DataFrame(
        {
            "order_id": ["#1"],
            "ordered_at": pd.Timestamp("2026-03-10"),
            "total": 50.0,
            "discount_code": "ADA10",
        }
    )
    posts = pd.DataFrame(
        {
            "post_id": ["p1"],
            "handle": ["ada"],
            "platform": ["instagram"],
            "published_at": pd.Timestamp("2026-03-18"),
            "caption": ["Anzeige | Testbrand, code ADA10"],
            "sponsored": True,
        }
    )
    early = "Too early to say that nothing has to change: "
    assert _advised({"posts": posts}) == f"{early}no order file (shop can settle it)."
    assert _advised({"posts": posts, "orders": orders.assign(discount_code="")}) == (
        f"{early}no order shows that the code works (shop can settle it)."
    )
    assert _advised({"orders": orders}) == f"{early}no post on file (campaign lead can settle it)."
    assert _advised({"posts": posts, "orders": orders}) == "Nothing has to change: keep going."


def test_orders_without_a_rate_are_named_and_are_not_nought() -> None:
    """An order in a currency without a rate stands beside its creator and among the codes, with who has the rate."""
    creators = pd.DataFrame(
        {
            "creator": ["Ada", "Bo"],
            "handle": ["ada", "bo"],
            "platform": "instagram",
            "followers": 9000.0,
            "code": ["ADA10", "BO10"],
            "status": "live",
        }
    )
    orders = pd.DataFrame(
        {
            "order_id": ["#1", "#2"],
            "ordered_at": pd.Timestamp("2026-03-10"),
            "total": 50.0,
            "discount_code": ["ADA10", "BO10"],
            "currency": ["EUR", "NOK"],
        }
    )
    findings = tracking.status(
        make_book({"creators": creators, "orders": orders}, stage="pulse", as_of=date(2026, 3, 20))
    )
    note = next(note for note in findings.notes if "in no figure" in note.text)
    assert (note.text, note.owner, note.slot) == (
        "1 order of Bo is in no figure here: no rate for NOK.",
        "finance",
        "pulse.codes",
    )
    rows = findings.tables["tracking.status"].frame.set_index("person")
    assert rows.without_rate.to_dict() == {"Ada": 0, "Bo": 1}
