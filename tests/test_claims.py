"""Who gets the order: each once, by the stated precedence, and never added up where it cannot be joined."""

import itertools
from dataclasses import replace
from urllib.parse import parse_qs

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from books import make_book
from creatorbook import roi
from creatorbook.campaign.assignments import assigned
from creatorbook.finance.claims import claimed_orders, code_owners, content_owners, evidence
from creatorbook.finance.order_values import window
from roi_books import creators_frame, orders_frame, random_campaign

KINDS = ["code", "link", "survey"]


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_precedence_never_creates_or_loses_an_order(seed: int) -> None:
    """Whatever goes first, the same orders are claimed, each once; only who gets them changes."""
    book = random_campaign(seed)
    claimed = [
        claimed_orders(book.changed(precedence=list(order))) for order in itertools.permutations(KINDS)
    ]
    for told in claimed:
        assert told.order_id.is_unique
        assert set(told.order_id) == set(claimed[0].order_id)


def test_the_first_kind_of_evidence_wins() -> None:
    """An order with Anna's code and Bea's link is Anna's by code first, Bea's by link first."""
    orders = orders_frame({"ANNA10": 1}, utm_content="bea_reel_1")
    book = make_book({"orders": orders, "creators": creators_frame(["ANNA10", "BEA10"])})
    assert list(claimed_orders(book).creator) == ["Anna"]
    assert list(claimed_orders(book.changed(precedence=["link", "code"])).creator) == ["Bea"]
    assert len(evidence(book)) == 2


def test_only_orders_of_the_window_count() -> None:
    """Orders before the start or after the report's day are not claimed."""
    orders = orders_frame({"ANNA10": 3})
    orders["ordered_at"] = pd.to_datetime(["2026-03-01 23:59", "2026-03-02 00:00", "2026-05-16 10:00"])
    book = make_book({"orders": orders, "creators": creators_frame(["ANNA10"])})
    assert list(claimed_orders(book).order_id) == ["#1"]
    assert [str(day) for day in window(book)] == ["2026-03-02", "2026-04-28"]


def test_codes_match_whatever_their_case() -> None:
    """A code is the same code in lower case, with spaces, or beside another one."""
    orders = orders_frame({"anna10": 1, " ANNA10 ": 1, "WELCOME,Anna10": 1, "OTHER": 1})
    book = make_book({"orders": orders, "creators": creators_frame(["ANNA10"])})
    assert len(claimed_orders(book)) == 3


def test_test_orders_and_unknown_currencies_are_not_claimed() -> None:
    """They are left out of the claims and named in the ties to the books."""
    orders = orders_frame({"ANNA10": 3}).assign(test=[True, False, False], currency=["EUR", "JPY", "EUR"])
    book = make_book({"orders": orders, "creators": creators_frame(["ANNA10"])})
    assert list(claimed_orders(book).order_id) == ["#2"]
    told = " ".join(note.text for note in roi.books(book).notes)
    assert "test order" in told
    assert "1 order with a creator's code (in JPY: no rate is on file)" in told


@pytest.mark.parametrize(
    ("tag", "handle"),
    [
        ("anna", "anna"),
        ("anna.b_reel_1", "anna.b"),
        ("anna_reel_2", "anna"),
        ("annabel", None),
        ("x-1", "bea"),
        ("zoe-x_reel_1", "zoë.x"),
        ("anna_b_story_1", "anna.b"),
    ],
)
def test_link_tags_are_read_back(tag: str, handle: str | None) -> None:
    """A tag is the handle, the handle with format and number, or whatever the creator's own link carries."""
    creators = creators_frame(["ANNA10", "BEA10", "ANB10", "ZOE10"])
    creators["handle"] = ["anna", "bea", "anna.b", "zoë.x"]
    creators["link"] = [None, "https://shop.example/?utm_source=tiktok&utm_content=x-1", None, None]
    book = make_book({"creators": creators})
    assert content_owners(book, pd.Series([tag])).get(tag) == handle


def test_two_accounts_of_one_person_share_a_code() -> None:
    """Price, code and decision belong to the person: the order goes to the person once."""
    creators = creators_frame(["ANNA10", "ANNA10"], fee=300.0)
    creators["handle"], creators["platform"] = ["anna", "anna.tok"], ["instagram", "tiktok"]
    book = make_book({"orders": orders_frame({"ANNA10": 4}), "creators": creators})
    assert len(claimed_orders(book)) == 4
    assert roi.ladder(book).figures["roi.campaign_costs"].value == 300


def test_overlap_is_only_told_where_it_can_be_joined() -> None:
    """With codes alone the overlap cannot be measured, and the code total is called the floor."""
    book = make_book({"orders": orders_frame({"ANNA10": 4}), "creators": creators_frame(["ANNA10"])})
    told = " ".join(note.text for note in roi.claims(book).notes)
    assert "Order overlap cannot be measured" in told
    assert "the code total is the floor" in told.lower()


def test_analytics_totals_stand_beside_the_codes() -> None:
    """Visits and key events by link have no order numbers: side by side, never added."""
    sessions = pd.DataFrame(
        {"content": ["anna_reel_1", "bea"], "sessions": [200.0, 80.0], "key_events": [3.0, 9.0]}
    )
    book = make_book(
        {
            "orders": orders_frame({"ANNA10": 4}),
            "creators": creators_frame(["ANNA10", "BEA10"]),
            "sessions": sessions,
        }
    )
    findings = roi.claims(book)
    assert findings.figures["roi.orders"].value == 4
    frame = findings.tables["roi.side_by_side"].frame.set_index("creator")
    assert list(frame.loc["Anna", ["by_code", "sessions", "key_events"]]) == [4, 200, 3]


def test_without_orders_it_says_what_would_help() -> None:
    """No order names a creator: a sentence, no figure."""
    findings = roi.claims(make_book({"creators": creators_frame(["ANNA10"])}))
    assert not findings.figures
    assert "discount codes" in findings.notes[0].text


def test_issued_codes_and_links_go_before_the_list() -> None:
    """The campaign's links file decides who a code or link belongs to; a listed code still counts where it is free."""
    orders = pd.concat(
        [orders_frame({"NEW10": 1, "BEA10": 1}), orders_frame({"": 1}, utm_content="x_reel_1")],
        ignore_index=True,
    ).assign(order_id=["#a", "#b", "#c"])
    book = make_book({"orders": orders, "creators": creators_frame(["ANNA10", "BEA10"])})
    anna = book.tables.creators.iloc[0]
    row = {"handle": anna.handle, "platform": anna.platform, "code": "NEW10"}
    held = pd.DataFrame([{**row, "link": "https://shop.example/?utm_content=x_reel_1"}], dtype="str")
    assert list(claimed_orders(book).order_id) == ["#b"]
    told = claimed_orders(replace(book, issued=held)).set_index("order_id").creator
    assert told.to_dict() == {"#a": "Anna", "#b": "Bea", "#c": "Anna"}


def test_every_proposed_link_is_read_back_as_its_account() -> None:
    """What a link is tagged with is who its orders are for: letters with marks, other scripts and near-alikes too."""
    creators = creators_frame([f"N{number}10" for number in range(6)])
    creators["handle"] = ["zoë.x", "a.b", "a_b", "a-b", "あい", "a"]
    creators["creator"] = creators["handle"]
    creators["status"] = [None, "declined", None, None, None, None]
    campaign = {"links": {"landing_page": "https://shop.example/new"}}
    book = make_book({"creators": creators}, campaign=campaign)
    accounts = assigned(book)
    tags = accounts["query"].map(lambda query: parse_qs(query)["utm_content"][0])
    owners = content_owners(book, tags)
    assert [owners[tag] for tag in tags] == accounts["handle"].tolist()


def test_a_code_of_spaces_is_no_code() -> None:
    """Two people whose cell holds a blank share no code, and an order without one is nobody's."""
    creators = creators_frame(["ANNA10", "BEA10"], code=[" ", "\u200b"])
    book = make_book({"orders": orders_frame({"": 2}), "creators": creators})
    assert code_owners(book).empty
    assert assigned(book)["code_from"].tolist() == ["proposed", "proposed"]
    assert claimed_orders(book).empty
