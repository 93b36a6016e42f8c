"""Returns still expected: the client's own curve, laid on open orders."""

import numpy as np
import pandas as pd
import pytest

from books import make_book
from creatorbook.book import Book
from creatorbook.finance.returns import client_curve, expected_returns, return_curve, settled_on
from roi_books import creators_frame, orders_frame


def _shop(seed: int, n: int = 6000, rate: float = 0.4) -> tuple[Book, float]:
    """A shop of 150 days whose orders come back with a known rate and lag; and the true value still to come."""
    random = np.random.default_rng(seed)
    days = random.integers(0, 150, n)
    ordered = pd.Timestamp("2025-12-17") + pd.to_timedelta(days * 24 + 10, unit="h")
    basket = np.round(random.lognormal(4.4, 0.5, n), 2)
    back_on = ordered + pd.to_timedelta(3 + random.gamma(3, 3, n).clip(max=25).round(), unit="D")
    comes_back = random.random(n) < rate
    orders = pd.DataFrame(
        {
            "order_id": [f"#{place}" for place in range(n)],
            "ordered_at": ordered,
            "gross": basket,
            "discount": 0.0,
            "shipping": 0.0,
            "total": basket,
            "discount_code": np.where(random.random(n) < 0.2, "ANNA10", ""),
        }
    )
    known = comes_back & (back_on <= pd.Timestamp("2026-05-15 23:59"))
    refunds = pd.DataFrame({"order_id": orders.order_id, "refunded_at": back_on, "amount": basket})[known]
    book = make_book(
        {"orders": orders, "refunds": refunds, "creators": creators_frame(["ANNA10"], fee=1.0)},
        client={"tax_rate": 0.0},
        campaign={"start": "2026-04-10", "end": "2026-05-10"},
    )
    later = comes_back & ~known & (ordered >= pd.Timestamp("2026-04-10"))
    return book, float(basket[later].sum())


def test_the_curve_recovers_rate_and_lag() -> None:
    """The final share is the shop's 40 %, and a third of it is back after about a week."""
    curve = client_curve(_shop(1)[0])
    assert curve.final == pytest.approx(0.4, abs=0.03)
    assert curve.by_day[2] < 0.01
    assert (np.diff(curve.by_day) >= 0).all()


def test_young_orders_do_not_bias_the_curve() -> None:
    """A return on day 5 is divided by orders at least 5 days old, not by all."""
    value, age = np.full(4, 100.0), np.array([30, 30, 2, 2])
    curve = return_curve(value, age, np.array([0]), np.array([5]), np.array([100.0]), 30)
    assert curve.final == pytest.approx(0.5)


def test_expected_returns_come_true() -> None:
    """Over 20 simulated shops the total expected is right on average, and its range holds in most."""
    told = [(_expected(book), truth) for book, truth in (_shop(seed, 3000) for seed in range(20))]
    ratio = np.mean([expected for (expected, _, _), _ in told]) / np.mean([truth for _, truth in told])
    held = np.mean([low <= truth <= high for (_, low, high), truth in told])
    assert ratio == pytest.approx(1.0, abs=0.08)
    assert held >= 0.8


def _expected(book: Book) -> tuple[float, float, float]:
    told = expected_returns(book)
    total = float(told.cents.sum()) / 100
    return total, total * told.low, total * told.high


def test_closed_orders_expect_nothing() -> None:
    """Past the time in which an order can come back, nothing more is expected."""
    book = make_book(
        {"orders": orders_frame({"ANNA10": 10}, refunded=2), "creators": creators_frame(["ANNA10"])}
    )
    assert expected_returns(book).cents.sum() == 0


def test_the_clients_rate_is_used_as_a_range() -> None:
    """Without refunds on file, the client's 30 to 50 % applies to all orders, as an assumption."""
    orders = orders_frame({"ANNA10": 10}).drop(columns="refunded")
    book = make_book(
        {"orders": orders, "creators": creators_frame(["ANNA10"])},
        client={"tax_rate": 0.0, "economics": {"return_rate": [0.3, 0.5]}},
    )
    told = expected_returns(book)
    assert told.grade == "assumed"
    assert told.cents.sum() / 97000 == pytest.approx(0.4)
    assert (told.low, told.high) == pytest.approx((0.75, 1.25))


def test_without_any_source_returns_are_unknown() -> None:
    """Neither refunds nor a rate: unknown, not 0."""
    orders = orders_frame({"ANNA10": 10}).drop(columns="refunded")
    told = expected_returns(make_book({"orders": orders, "creators": creators_frame(["ANNA10"])}))
    assert not told.known
    assert told.cents.isna().all()


def test_the_settling_day_follows_the_last_order() -> None:
    """Orders count to 30 days after the campaign's end and can come back for 30 more."""
    assert str(settled_on(make_book())) == "2026-05-28"
