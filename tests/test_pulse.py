"""The weekly page: every status that a sheet may hold, and gifts without a post."""

from datetime import date
from typing import Any

import pandas as pd
import pytest

from books import make_book
from creatorbook import tracking
from creatorbook.book import Book
from creatorbook.finance.costs import planned_own_cost
from creatorbook.packs import pack
from creatorbook.tracking.pulse import statuses

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
    assert told == ["1 of 2 gifts are without a post so far, 30\u00a0€ at cost: h1."]
    done = tracking.status(_book({"status": "live", "gift_cost": 20.0}))
    assert any("Every gift has a post so far: 1" in note.text for note in done.notes)
    none = tracking.status(_book({"status": "shipped"}))
    assert not any("gift" in note.text for note in none.notes)


def test_promised_and_spent_are_the_costs() -> None:
    """What the pulse says is promised and spent is what plan and results count: each price once, in one currency."""
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
    assert figures["tracking.promised"].value == planned_own_cost(book)["Ada"] == 290
    assert figures["tracking.spent"].value == 340


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
