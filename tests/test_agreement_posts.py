"""Which posts are the campaign's: the pulse, the label check, the claims check and the results give one answer."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest

from books import make_book
from creatorbook import roi, tracking
from creatorbook.book import Book
from creatorbook.campaign.people import everybody
from creatorbook.campaign.posts import campaign_posts, first_posts, names_the_brand
from creatorbook.findings import written
from creatorbook.roi.shortlist import _holds_for
from creatorbook.tracking.claims_check import given_texts
from creatorbook.tracking.label_check import checked_posts
from samples import FAST_CLIENTS, opened


@pytest.mark.parametrize("client", FAST_CLIENTS)
def test_pulse_labels_claims_and_results_count_the_same_posts(client: str) -> None:
    """The pulse's sentence, the posts looked at for labels and claims, and the results' library are one number."""
    pulse, results = opened(client, "pulse"), opened(client, "results")
    live = next(note.text for note in tracking.status(pulse).notes if note.slot == "pulse.live")
    said = re.search(r"(\d+) posts are on file", live)
    posts = int(said[1]) if said else 0
    assert posts or client == "northpin"  # that client has no export of posts
    assert len(checked_posts(pulse)) == posts
    assert (
        sum(text.place == "post" for text in given_texts(pulse))
        == campaign_posts(pulse).caption.notna().sum()
    )
    library = roi.library(results).tables.get("roi.content_library")
    assert (len(library.frame) if library is not None else 0) == posts


def _post(caption: str | None, **more: Any) -> dict[str, Any]:
    return {"post_id": "1", "handle": "anna", "platform": "instagram", "format": "reel", "caption": caption,
            "published_at": pd.Timestamp("2026-03-10 12:00"), **more}  # fmt: skip


def _book(*posts: dict[str, Any], code: str | None = "ANNA10", **more: Any) -> Book:
    creators = pd.DataFrame(
        {
            "creator": ["Anna", "Bea"],
            "handle": ["anna", "bea"],
            "platform": "instagram",
            "followers": 9000.0,
            "code": [code, "BEA10"],
            "post_url": [None, "https://www.instagram.com/p/agreed/"],
        }
    )
    client = {"voice": {"competitors": ["Lumivane"], "mentions": ["@testbrand.official"]}}
    return make_book({"creators": creators, "posts": pd.DataFrame(posts)}, client=client, **more)


OURS = {
    "own code": _post("Mein Mantel, mit ANNA10 spart ihr"),
    "own code in full width and with an invisible sign": _post("Mantel: ＡＮＮＡ\u200b10"),
    "own code beside a competitor": _post("Schöner als Lumivane: ANNA10", sponsored=True),
    "the list's link": _post("ein Apfel", handle="bea", permalink="https://www.instagram.com/p/agreed/"),
    "the campaign's name": _post(None, campaign="Spring"),
    "flagged as paid, brand named": _post("Danke @testbrand", sponsored=True),
    "a label word, brand named": _post("Anzeige | mein Mantel von Testbrand"),
    "a label in its field, brand named": _post("Mein Mantel von Testbrand", label="Paid partnership"),
    "flagged as paid, no text": _post(None, sponsored=True),
    "late": _post("ANNA10", published_at=pd.Timestamp("2026-04-12 23:00")),
}
NOT_OURS = {
    "brand alone, though there is a code": _post("Danke @testbrand"),
    "somebody else's code": _post("Bea hat BEA10"),
    "a code inside a word": _post("ANNA100"),
    "paid for a competitor": _post("Anzeige: mein Mantel von Lumivane", sponsored=True),
    "paid for a competitor, brand named as well": _post(
        "Anzeige: Lumivane, Bluse @testbrand", sponsored=True
    ),
    "paid for a competitor by its label": _post(None, sponsored=True, label="Paid partnership with lumivane"),
    "paid for a campaign of another name": _post(None, sponsored=True, campaign="Lumivane Sommer"),
    "flagged as paid, for nobody we know": _post("Anzeige: mein Mantel", sponsored=True),
    "too late": _post("ANNA10", published_at=pd.Timestamp("2026-04-13 00:00")),
    "before the start": _post("ANNA10", published_at=pd.Timestamp("2026-03-01 23:00")),
    "nobody listed": _post("ANNA10", handle="carla"),
}


@pytest.mark.parametrize("why", OURS)
def test_what_makes_a_post_ours(why: str) -> None:
    """Each sign of the rule, alone, is enough."""
    assert len(campaign_posts(_book(OURS[why]))) == 1


@pytest.mark.parametrize("why", NOT_OURS)
def test_what_does_not(why: str) -> None:
    """What was neither paid by us nor made for the campaign counts on no page."""
    book = _book(NOT_OURS[why])
    assert campaign_posts(book).empty
    assert "No piece of the campaign is on file" in roi.library(book).notes[0].text
    assert checked_posts(book).empty


def test_the_brand_is_enough_where_there_is_no_code() -> None:
    """A creator without a code can be known by the brand's name only; not one who was decided against."""
    book = _book(_post("Danke @testbrand"), code=None)
    assert len(campaign_posts(book)) == 1
    against = pd.DataFrame({"handle": ["anna"], "decision": ["Not this time"]})
    assert campaign_posts(replace(book, decisions=against)).empty
    later = against.assign(date=pd.Timestamp("2026-04-20"))
    assert len(campaign_posts(replace(book, decisions=later))) == 1  # about the next campaign


def test_who_was_decided_against_is_a_person() -> None:
    """“Not this time” on one account holds for the other account of the same person."""
    creators = pd.DataFrame(
        {"creator": "Anna", "handle": ["anna", "anna.tt"], "platform": ["instagram", "tiktok"]}
    )
    posts = pd.DataFrame([_post("Danke @testbrand", handle="anna.tt", platform="tiktok")])
    book = make_book({"creators": creators, "posts": posts})
    assert len(campaign_posts(book)) == 1
    against = pd.DataFrame({"handle": ["@Anna"], "decision": ["Not this time"]})
    assert campaign_posts(replace(book, decisions=against)).empty


def test_a_post_made_for_us_stays_ours_and_is_checked_after_a_decision_against() -> None:
    """What was issued and posted is neither forgotten nor an error."""
    against = pd.DataFrame({"handle": ["anna"], "decision": ["Not this time"]})
    book = replace(
        _book(_post("Mein Mantel, ANNA10"), stage="pulse", as_of=date(2026, 3, 20)), decisions=against
    )
    assert list(checked_posts(book).verdict) == ["not found"]
    assert len(campaign_posts(book)) == 1


def test_an_issued_code_is_the_creators_own_as_well() -> None:
    """A post that names the code drawn at launch counts though the list has another one."""
    issued = pd.DataFrame([{"creator": "Anna", "handle": "anna", "platform": "instagram", "code": "new77", "link": ""}], dtype="str")  # fmt: skip
    book = replace(_book(_post("mit NEW77")), issued=issued)
    assert len(campaign_posts(book)) == 1


def test_the_first_post_is_one_day_for_pulse_gifts_and_doubts() -> None:
    """The list's day or the first post on file, whichever is earlier; a day still ahead is none."""
    book = _book(_post("ANNA10"), _post("ANNA10", published_at=pd.Timestamp("2026-02-27 09:00"), post_id="0"))
    assert first_posts(book).to_dict() == {"Anna": pd.Timestamp("2026-02-27")}
    listed = book.tables.creators.assign(posted_on=pd.to_datetime(["2026-02-26", "2026-06-01"]))
    tables = replace(book.tables, frames={**book.tables.frames, "creators": listed})
    assert first_posts(replace(book, tables=tables)).to_dict() == {"Anna": pd.Timestamp("2026-02-26")}


@pytest.mark.parametrize("day", ["2026-02-10", "2026-04-20"])
def test_a_listed_day_of_another_campaign_is_no_post_of_this_one(day: str) -> None:
    """The list has one posting day for each account: of the campaign before or after, it tells nothing here."""
    book = _book(_post("my own coat"), stage="results", as_of=date(2026, 5, 15))
    listed = book.tables.creators.assign(posted_on=pd.Timestamp(day), status="shipped")
    book = replace(book, tables=replace(book.tables, frames={**book.tables.frames, "creators": listed}))
    assert first_posts(book).empty
    assert not everybody(book)["why"].map(lambda why: written(why, book.formats) == "a post is out").any()


def test_the_brand_is_named_by_one_rule() -> None:
    """A post, a shortlist and a search know the brand by the same signs: joined, with a sign, as a mention, or not at all."""
    book = make_book(client={"brand": "C&A (Kids)", "voice": {"mentions": ["@c.a.kids"]}})
    texts = pd.Series(["my c&a kids coat", "#cakids", "a cat", "@c.a.kids", None, "kids"])
    assert list(names_the_brand(book, texts)) == [True, True, False, True, False, False]


def test_who_named_a_brand_of_two_words_before_is_known_on_the_shortlist() -> None:
    """`#lin.lane` before the campaign speaks for a creator though the name is written `Lin Lane`."""
    before = _post("mein #linlane Mantel", published_at=pd.Timestamp("2026-01-10"))
    book = _book(before)
    book = replace(book, client=book.client.model_copy(update={"brand": "Lin Lane"}))
    reasons = {reason.text: names for reason, names in _holds_for(book)}
    assert reasons["named the brand before the campaign"] == {"Anna"}
