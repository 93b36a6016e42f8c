"""Which of the shop's orders are sales: one answer for pulse, results, baselines and new customers."""

from __future__ import annotations

import pandas as pd

from books import make_book
from creatorbook import roi
from creatorbook.book import Book
from creatorbook.campaign.shop_sales import purchases, shop_sales
from creatorbook.finance.books import left_out
from creatorbook.finance.leaks import not_new
from creatorbook.findings import written
from creatorbook.tracking.pulse import used_codes
from roi_books import creators_frame, orders_frame


def _book() -> Book:
    """Six orders with Anna's code, four of them of buyers who had tried before: a test, a waiting one, an unknown, a cancelled."""
    orders = orders_frame({"ANNA10": 6}, customer=list("abcdef"))
    before = orders_frame({"": 5}, order_id=[f"#old{n}" for n in range(5)], customer=list("abcde"))
    before["ordered_at"] = pd.Timestamp("2026-02-01 10:00")
    both = pd.concat([before, orders], ignore_index=True)
    both["test"] = both.order_id == "#old0"
    both["order_state"] = both.order_id.map({"#old1": "not yet", "#old2": "unknown"})
    both["cancelled_at"] = pd.to_datetime(both.order_id.map({"#old3": "2026-02-02"}))
    return make_book({"orders": both, "creators": creators_frame(["ANNA10"], fee=90.0)})


def test_tests_waiting_unknown_and_cancelled_orders_are_no_sales() -> None:
    """Of eleven orders seven are sales; who only tried before buys for the first time."""
    book = _book()
    assert len(shop_sales(book)) == 7
    bought = purchases(book)
    assert bought[~bought["first"]].customer.tolist() == ["e"]


def test_who_is_new_is_one_answer() -> None:
    """Five of the six orders are of new customers: in the share, and in the cost per new customer."""
    book = _book()
    assert not_new(book) == 1 / 6
    assert roi.headline(book).figures["roi.cost_per_customer"].n == 5


def test_a_waiting_order_is_told_as_what_it_is_on_every_page() -> None:
    """It is no use of the code in the pulse, and in the results it is left out for its state, not for its currency."""
    orders = orders_frame({"ANNA10": 3})
    orders["order_state"] = [None, "not yet", "unknown"]
    book = make_book({"orders": orders, "creators": creators_frame(["ANNA10"])})
    assert len(used_codes(book)) == 1
    (row,) = left_out(book).itertuples()
    assert (row.orders, written(row.why, book.formats)) == (2, "no sale yet, or in a state nobody knows")
