"""What an order brings: arithmetic, ranges, and nothing missing that counts as 0 in silence."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from books import make_book
from creatorbook.client import Range
from creatorbook.finance import economics

TOLD = {
    "prices_include_tax": False,
    "economics": {"margin": 0.53, "return_rate": 0.26, "average_order_value": 97},
}
CAMPAIGN = {"commission_rate": 0.10, "codes": {"percent": 0}}


def orders(n: int = 100, **columns: object) -> pd.DataFrame:
    days = pd.date_range("2026-01-01", periods=n, freq="6h")
    base = {
        "order_id": [str(i) for i in range(n)],
        "ordered_at": days,
        "total": [100.0 + i % 40 for i in range(n)],
    }
    return pd.DataFrame({**base, **columns})


def test_worked_example_margin() -> None:
    """9,700 sales, 3,000 cost, 26 % returns, 10 % commission: margin needed is 52 %."""
    unit = economics.unit_economics(make_book(client=TOLD, campaign=CAMPAIGN))
    assert economics.break_even_margin(3000, 100, unit) == pytest.approx(0.518, abs=0.001)


def test_worked_example_returns() -> None:
    """At 53 % margin, returns of up to 28 % still pay back."""
    unit = economics.unit_economics(make_book(client=TOLD, campaign=CAMPAIGN))
    assert economics.break_even_returns(3000, 100, unit) == pytest.approx(0.281, abs=0.001)


def test_orders_needed_is_whole_and_enough() -> None:
    """The orders asked for pay back the cost and one fewer would not."""
    unit = economics.unit_economics(make_book(client=TOLD, campaign=CAMPAIGN))
    needed = economics.orders_needed(3000, unit)
    assert needed
    assert unit.contribution
    assert needed.likely * unit.contribution.likely >= 3000 > (needed.likely - 1) * unit.contribution.likely


def test_vat_and_discount_come_off_the_basket() -> None:
    """A basket of 119 with 19 % VAT and a 10 % code is 90 of net sales."""
    book = make_book(client={"economics": {"average_order_value": 119}})
    unit = economics.unit_economics(book)
    assert unit.net_sales
    assert unit.net_sales.likely == pytest.approx(90)


def test_unknown_is_named_not_zero() -> None:
    """Without any economics there is no contribution, and everything left out is named."""
    unit = economics.unit_economics(make_book())
    assert unit.basket is None
    assert unit.contribution is None
    assert {"basket", "goods", "returns", "shipping"} <= set(unit.missing)
    assert economics.orders_needed(500, unit) is None
    assert economics.highest_fee(5, unit) is None


def test_basket_from_orders_beats_what_was_told() -> None:
    """Ten orders or more say what a basket is; test and cancelled orders do not count."""
    frame = orders(
        gross=[100.0] * 98 + [9000.0, 9000.0],
        test=[False] * 98 + [True, False],
        cancelled_at=[pd.NaT] * 99 + [pd.Timestamp("2026-02-01")],
    )
    unit = economics.unit_economics(make_book({"orders": frame}, client=TOLD))
    assert unit.basket
    assert unit.basket.likely == pytest.approx(100)
    assert unit.n == 98


def test_thin_orders_are_set_back_to_the_price_before_the_code() -> None:
    """With totals and codes only, an order with our 10 % code of 90 was a basket of 100."""
    creators = pd.DataFrame(
        {"handle": ["a"], "platform": ["instagram"], "followers": [5000], "code": ["A10"]}
    )
    frame = orders(20, total=[90.0] * 10 + [100.0] * 10, discount_code=["a10"] * 10 + [None] * 10)
    unit = economics.unit_economics(make_book({"orders": frame, "creators": creators}))
    assert unit.basket
    assert unit.basket.likely == pytest.approx(100)


@pytest.mark.parametrize("stated", [False, True])
def test_orders_tell_how_they_are_taxed_whatever_was_told(stated: bool) -> None:
    """Totals of 100 before and 119 after tax: a basket of 100 where the tax is on top, of 119 where it is inside."""
    frame = orders(100, total=119.0, tax=19.0, taxes_included=not stated)
    client = {"prices_include_tax": stated, "tax_rate": 0.19}
    unit = economics.unit_economics(make_book({"orders": frame}, client=client))
    assert unit.basket
    assert unit.basket.likely == pytest.approx(100 if stated else 119)
    assert unit.inputs["vat"].likely == pytest.approx(0 if stated else 0.19)
    assert unit.inputs["tax_paid"].likely == pytest.approx(0.19)


def test_returns_from_settled_orders() -> None:
    """A refund of a quarter of every settled order is a return rate of 25 %, whatever the client said."""
    frame = orders(100)
    frame["refunded"] = frame.total / 4
    unit = economics.unit_economics(make_book({"orders": frame}, client=TOLD))
    assert unit.return_rate
    assert unit.return_rate.likely == pytest.approx(0.25)


def test_margin_from_product_costs() -> None:
    """Cost 30 at a net price of 100 is a margin of 70 %."""
    lines = pd.DataFrame({"order_id": ["1"], "sku": ["S"], "quantity": [2], "price": [119.0]})
    products = pd.DataFrame({"sku": ["S"], "cost": [30.0]})
    unit = economics.unit_economics(make_book({"order_lines": lines, "products": products}))
    assert unit.margin
    assert unit.margin.likely == pytest.approx(0.70)


def test_margin_from_product_costs_where_orders_add_the_tax() -> None:
    """A line of 100 to which its order adds the tax is a price of 100, whatever the client said."""
    lines = pd.DataFrame({"order_id": ["1"], "sku": ["S"], "quantity": [2], "price": [100.0]})
    products = pd.DataFrame({"sku": ["S"], "cost": [30.0]})
    tables = {"orders": orders(2, taxes_included=False), "order_lines": lines, "products": products}
    unit = economics.unit_economics(make_book(tables))
    assert unit.margin
    assert unit.margin.likely == pytest.approx(0.70)


@settings(max_examples=25, deadline=None)
@given(st.floats(0.2, 0.95), st.floats(0.2, 0.95))
def test_more_margin_needs_no_more_orders(one: float, other: float) -> None:
    """A higher margin never needs more orders, at either end of the range."""
    low, high = sorted((one, other))
    book = make_book(client=TOLD, campaign=CAMPAIGN)
    needed = [
        economics.orders_needed(
            2000, economics.unit_economics(book.changed(margin=Range(low=m, likely=m, high=m)))
        )
        for m in (low, high)
    ]
    few, many = needed[1], needed[0]
    assert few
    assert many
    assert few.likely <= many.likely
    assert few.high <= many.high
    assert few.low <= many.low


@settings(max_examples=25, deadline=None)
@given(st.floats(0, 0.9), st.floats(0, 0.9), st.floats(0.1, 0.9), st.floats(0.1, 0.9))
def test_ranges_hold_the_likely_value(a: float, b: float, c: float, d: float) -> None:
    """Low ≤ likely ≤ high for every rung, and ends that meet make an exact figure."""
    told = {"margin": sorted((c, d)), "return_rate": sorted((a, b)), "average_order_value": [80, 120]}
    unit = economics.unit_economics(make_book(client={"economics": told}))
    for rung in (unit.basket, unit.net_sales, unit.kept_sales, unit.contribution):
        assert rung
        assert rung.low <= rung.likely <= rung.high


def test_an_order_that_may_lose_money_has_no_upper_end() -> None:
    """If the bad case loses money per order, no number of orders pays back there."""
    told = {"margin": [0.05, 0.6], "average_order_value": 50, "shipping_cost": 6}
    unit = economics.unit_economics(make_book(client={"economics": told}))
    needed = economics.orders_needed(100, unit)
    assert needed
    assert math.isinf(needed.high)


def test_replaced_inputs_keep_the_fixed_costs() -> None:
    """Twice the basket leaves more than twice as much: shipping is paid once."""
    told = {"margin": 0.5, "average_order_value": 100, "shipping_cost": 5}
    unit = economics.unit_economics(make_book(client={"economics": told}))
    one, two = (economics.contribution_at(unit, basket=basket) for basket in (100, 200))
    assert one == pytest.approx(unit.contribution.likely if unit.contribution else None)
    assert two == pytest.approx(2 * one + 5)
