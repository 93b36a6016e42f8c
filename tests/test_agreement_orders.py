"""Which codes are on an order, and whose it is: the pulse and the results count the same orders, each once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from books import make_book
from creatorbook import roi, tracking
from creatorbook.book import Book
from creatorbook.campaign.order_codes import codes_on
from creatorbook.finance.books import left_out
from creatorbook.finance.claims import claimed_orders, contested_codes, double_claims, orders_by_code
from creatorbook.finance.economics import shop_orders
from creatorbook.finance.leaks import order_signs
from creatorbook.tables import Tables
from creatorbook.text.codes import code_of, codes_in
from roi_books import creators_frame, orders_frame
from samples import FAST_CLIENTS, opened


def _by_code(book: Book) -> float:
    """Orders claimed by code, as the results show them."""
    claims = roi.claims(book).tables.get("roi.claims")
    rows = {} if claims is None else claims.frame.set_index("kind").orders.to_dict()
    return rows.get("Discount code", 0.0)


def _pulse_orders(book: Book) -> pd.Series:
    """Orders with the code so far, as the pulse shows them: by person."""
    status = tracking.status(book).tables.get("tracking.status")
    return pd.Series(dtype="float64") if status is None else status.frame.set_index("person").orders


@pytest.mark.parametrize("client", FAST_CLIENTS)
def test_pulse_and_results_count_the_same_orders(client: str) -> None:
    """In all, and creator by creator; codes go first in all these campaigns."""
    pulse, results = opened(client, "pulse"), opened(client, "results")
    assert results.campaign.precedence[0] == "code"
    orders = _pulse_orders(pulse)
    assert orders.sum() == _by_code(results)
    claimed = claimed_orders(results)
    mine = claimed[claimed.claim == "code"].groupby("creator").size()
    assert mine.to_dict() == orders[orders > 0].astype(int).to_dict()


STACKED = ["{}, WELCOME5", "welcome5|{}", "{} + WELCOME5", "code:{}|amount:10.00;code:welcome5"]


@pytest.mark.parametrize(
    ("client", "cell"), [("velmora", STACKED[0]), *(("northpin", cell) for cell in STACKED)]
)
def test_a_second_coupon_changes_no_count(client: str, cell: str) -> None:
    """A buyer who stacks coupons: the same orders in pulse and results as with one code, and no code is called unused."""
    for stage in ("pulse", "results"):
        plain = opened(client, stage)
        book = _with_codes(plain, plain.tables.orders.discount_code.map(cell.format, na_action="ignore"))
        assert _pulse_orders(book).to_dict() == _pulse_orders(plain).to_dict()
        assert claimed_orders(book).equals(claimed_orders(plain))
        assert left_out(book).equals(left_out(plain))
        assert order_signs(book).after_end.equals(order_signs(plain).after_end)
        notes = [[note.text for note in tracking.status(one).notes] for one in (book, plain)]
        assert notes[0] == notes[1]


def _with_codes(book: Book, cells: pd.Series) -> Book:
    """The book with other cells in the order file's column of codes."""
    frames = {name: getattr(book.tables, name) for name in book.tables if name != "comments"}
    orders = frames["orders"].assign(discount_code=cells.astype("str"))
    return replace(book, tables=Tables({**frames, "orders": orders}))


def _book(cells: list[str], stage: str = "results", as_of: date = date(2026, 5, 15), **tables: Any) -> Book:
    orders = orders_frame(dict.fromkeys(cells, 1), **tables.pop("orders", {}))
    return make_book({"orders": orders, "creators": creators_frame(["LENA10", "MIA10"]), **tables}, stage=stage, as_of=as_of)  # fmt: skip


def test_an_order_with_codes_of_two_creators_is_contested() -> None:
    """It is counted once, and results and pulse say how many there are and between whom."""
    cells = ["MIA10, LENA10", "LENA10, MIA10", "LENA10", "MIA10; WELCOME5"]
    book = _book(cells)
    contested = contested_codes(book)
    assert list(contested.creators) == ["Lena and Mia"] * 2
    assert list(contested.codes) == ["MIA10, LENA10", "LENA10, MIA10"]
    assert set(double_claims(book).order_id) == set(contested.order_id)
    assert claimed_orders(book).order_id.is_unique
    assert _by_code(book) == 4
    pulse = _book(cells, "pulse", date(2026, 3, 20))
    assert _pulse_orders(pulse).sum() == 4
    said = "2 orders carry codes of more than one creator (Lena and Mia 2)"
    for notes in (roi.claims(book).notes, tracking.status(pulse).notes):
        assert any(note.text.startswith(said) and note.kind == "caution" for note in notes)
    table = roi.claims(book).tables["roi.contested"].frame
    assert table.orders.sum() == 2
    assert list(table.creator) == ["Lena", "Mia"]


def test_a_link_or_an_answer_decides_between_two_codes() -> None:
    """Whoever is named by other evidence too gets the order, whichever code stands first."""
    book = _book(["LENA10, MIA10"], orders={"utm_content": "mia_reel_1"})
    assert list(claimed_orders(book).creator) == ["Mia"]
    assert contested_codes(book).backed.all()
    survey = pd.DataFrame({"order_id": ["#0"], "answer": ["a creator"], "handle": ["mia"]})
    assert list(claimed_orders(_book(["LENA10, MIA10"], survey=survey)).creator) == ["Mia"]
    assert list(orders_by_code(_book(["MIA10, LENA10"])).creator) == ["Mia"]


def test_one_code_each_is_not_contested() -> None:
    """Two codes of one person, or one code twice in a cell, are one claim and no sentence."""
    creators = creators_frame(["LENA10", "LENA20"])
    creators["creator"] = "Lena"
    orders = orders_frame({"LENA10, LENA20": 1, "lena10,LENA10": 1})
    book = make_book({"orders": orders, "creators": creators})
    assert contested_codes(book).empty
    assert len(claimed_orders(book)) == 2
    assert "roi.contested" not in roi.claims(book).tables


def test_the_creators_own_code_decides_whether_it_had_ended() -> None:
    """A shop's coupon that ended beside a creator's code that runs is no sign, and the other way round is one."""
    ends = pd.to_datetime(["2026-02-01", "2026-12-31"])
    for codes, late in ((["WELCOME5", "LENA10"], False), (["LENA10", "WELCOME5"], True)):
        discounts = pd.DataFrame({"code": codes, "ends_at": ends})
        signs = order_signs(_book(["LENA10, WELCOME5"], discounts=discounts))
        assert list(signs.after_end) == [late]


def test_a_basket_is_set_back_whatever_stands_beside_the_code() -> None:
    """Where a file has no discounts, an order with one of the campaign's codes was 10 % dearer before."""
    baskets = [
        shop_orders(_book([cell], orders={"gross": None, "discount": None})).basket.round(6).to_list()
        for cell in ("LENA10", "lena10 , WELCOME5")
    ]
    assert baskets[0] == baskets[1] == [round(97 / 0.9, 6)]


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("ALMA10", ["ALMA10"]),
        ("alma10, WELCOME5", ["ALMA10", "WELCOME5"]),
        ("ALMA10;WELCOME5", ["ALMA10", "WELCOME5"]),
        ("ALMA10|WELCOME5", ["ALMA10", "WELCOME5"]),
        ("ALMA10\nWELCOME5", ["ALMA10", "WELCOME5"]),
        ("ALMA10 / WELCOME5", ["ALMA10", "WELCOME5"]),
        ("ALMA10 + WELCOME5", ["ALMA10", "WELCOME5"]),
        ("ALMA10 WELCOME5", ["ALMA10", "WELCOME5"]),
        ("MIA+10", ["MIA+10"]),
        ("ALMA-10", ["ALMA-10"]),
        ("Spring Sale", ["SPRING SALE"]),
        ("ALMA10\u200b", ["ALMA10"]),
        ("\ufeffＡＬＭＡ１０，\u00a0mia10", ["ALMA10", "MIA10"]),
        ("code:mia10|description:Spring|amount:10.00;code:welcome5|amount:5.00", ["MIA10", "WELCOME5"]),
        (", ;", []),
        ("ALMA10, alma10", ["ALMA10"]),
    ],
)
def test_codes_of_a_cell(cell: str, codes: list[str]) -> None:
    """Every sign that shops put between codes; what could be one name stays one."""
    assert codes_in(cell) == codes


@given(
    st.lists(st.from_regex(r"[A-Z]{3,8}[0-9]{1,3}", fullmatch=True), min_size=1, max_size=4, unique=True),
    st.sampled_from([",", ", ", ";", " | ", "\n", " / ", " + ", " ", "，"]),
    st.booleans(),
)
def test_whatever_stands_between_codes_they_are_read_back(
    codes: list[str], between: str, lower: bool
) -> None:
    """Case and separator change nothing, and one row per code keeps the order's own index."""
    cell = between.join(codes)
    orders = pd.DataFrame({"discount_code": [None, cell.lower() if lower else cell]}, index=[7, 9])
    carried = codes_on(orders)
    assert list(carried.code) == codes
    assert list(carried.place) == list(range(len(codes)))
    assert set(carried.index) == {9}


def test_a_code_is_one_code_for_everybody() -> None:
    """Capitals, full width, spaces and invisible signs do not make another code."""
    assert {code_of(text) for text in ("lena10", " LENA10 ", "LENA\u200b10", "ＬＥＮＡ１０")} == {"LENA10"}


def test_orders_before_the_start_are_no_orders_of_the_campaign_on_either_page() -> None:
    """They are told as a code that got out early, and counted by nobody."""
    orders = orders_frame({"LENA10": 3})
    orders["ordered_at"] = pd.to_datetime(["2026-02-20", "2026-03-03", "2026-03-04"])
    tables = {"orders": orders, "creators": creators_frame(["LENA10", "MIA10"])}
    pulse = make_book(tables, stage="pulse", as_of=date(2026, 3, 20))
    assert _pulse_orders(pulse).sum() == _by_code(make_book(tables)) == 2
    assert any("LENA10: used before the start" in note.text for note in tracking.status(pulse).notes)
