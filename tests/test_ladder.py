"""The money ladder: the worked example, the fixed order, and sums to the cent."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from books import make_book
from creatorbook import roi
from creatorbook.finance.economics import unit_economics
from creatorbook.finance.ladder import money_ladder
from creatorbook.finance.order_lines import product_names
from creatorbook.finance.rungs import COST_RUNGS, RUNGS, TO_MARGIN, TO_STAY
from creatorbook.finance.slices import CUTS, rungs_by, rungs_by_product, segments
from creatorbook.findings import written
from creatorbook.findings.formats import Formats
from creatorbook.roi.ladder_shown import slice_table
from roi_books import creators_frame, orders_frame, random_campaign, worked_example


@pytest.mark.parametrize(("returned", "expected"), [(0, 0.39), (26, 0.03), (44, -0.22)])
def test_the_worked_example_turns_with_returns(returned: int, expected: float) -> None:
    """The same 9,700 of sales on 3,000 of cost is +39, +3 or −22 % at 0, 26 or 44 % returns."""
    ladder = money_ladder(worked_example(returned))
    assert ladder.money("traced") == 9700
    assert round(ladder.roi_before_commission, 2) == expected
    assert ladder.profit == pytest.approx(97 * (100 - returned) * 0.43 - 3000, abs=0.01)


@pytest.mark.parametrize(("returned", "expected"), [(0, 0.17), (26, -0.14), (44, -0.35)])
def test_the_worked_example_with_german_vat(returned: int, expected: float) -> None:
    """If the 97 includes 19 % VAT, the same campaign returns +17, −14 or −35 %."""
    assert round(money_ladder(worked_example(returned, tax_rate=0.19)).roi_before_commission, 2) == expected


def test_the_worked_example_with_handling() -> None:
    """With 17 for handling each of the 26 returns the result is −12 %."""
    ladder = money_ladder(worked_example(26, handling_per_return=17))
    assert ladder.money("handling") == -442
    assert round(ladder.roi_before_commission, 2) == -0.12


def test_roi_counts_commission_among_the_costs() -> None:
    """ROI is profit ÷ rungs 12 to 18; the example's own figure leaves commission out of the divisor."""
    ladder = money_ladder(worked_example(26))
    assert ladder.campaign_costs == pytest.approx(3717.8)
    assert ladder.roi == pytest.approx(86.54 / 3717.8)
    assert money_ladder(worked_example(0)).roas == pytest.approx(9700 / 3970)


def test_break_even_of_the_worked_example() -> None:
    """It needs a margin of 52 %; at 53 % margin up to 28 % may come back."""
    ladder = money_ladder(worked_example(26))
    assert round(ladder.break_even_margin, 3) == 0.518
    assert round(ladder.break_even_returns(0.53), 2) == 0.28


def test_returns_from_the_client_file_give_the_same_result() -> None:
    """Without refunds on file, 26 % told in client.yml leads to the same profit, as an assumption."""
    book = worked_example(0, return_rate=0.26)
    book = make_book(
        {"orders": book.tables.orders.drop(columns="refunded"), "creators": book.tables.creators},
        client={"tax_rate": 0.0, "economics": {"margin": 0.53, "return_rate": 0.26}},
    )
    ladder = money_ladder(book)
    assert ladder.profit == pytest.approx(86.54, abs=0.05)
    assert np.isnan(ladder.rungs.cents["returned"])
    assert ladder.rungs.grade["returns_expected"] == "assumed"


def test_the_order_of_the_rungs_is_fixed() -> None:
    """Rungs, their numbers and what each sum holds never change: each rung's base depends on those above."""
    keys = [rung.key for rung in RUNGS]
    assert keys == [
        "traced", "discounts", "tax", "cancelled", "returned", "returns_expected",
        "goods", "unsaleable", "shipping", "handling", "payment",
        "commission", "fees", "gifts", "rights", "ads", "overheads", "hours",
    ]  # fmt: skip
    assert [rung.number for rung in RUNGS] == list(range(1, 19))
    assert (*TO_MARGIN, *COST_RUNGS) == tuple(keys)
    assert TO_MARGIN[: len(TO_STAY)] == TO_STAY
    assert all(rung.base for rung in RUNGS)
    assert list(money_ladder(worked_example(26)).rungs.key) == keys


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), with_tax=st.booleans())
def test_rungs_add_up_to_the_cent(seed: int, with_tax: bool) -> None:
    """Sales that stay, margin and profit are the sums of whole cents; nothing is lost to rounding."""
    ladder = money_ladder(random_campaign(seed, with_tax))
    cents = ladder.rungs.cents.dropna()
    assert (cents == cents.round()).all()
    assert (ladder.by_slice.fillna(0).round() == ladder.by_slice.fillna(0)).all().all()
    stay = cents[cents.index.isin(TO_STAY)].sum()
    assert round(ladder.sales_that_stay * 100) == stay
    assert round(ladder.profit * 100) == cents.sum()


def test_the_printed_rungs_add_up() -> None:
    """The table a reader sees sums to the profit it prints, to the cent."""
    shown = roi.ladder(random_campaign(5)).tables["roi.ladder"].frame
    rungs = shown[shown.rung != "="].amount.dropna()
    assert round(rungs.sum() * 100) == round(shown[shown.rung == "="].amount.iloc[-1] * 100)
    assert list(shown.rung)[-1] == "?"


def test_a_size_of_two_letters_is_no_product_of_its_own() -> None:
    """“XS-S” is a size like “M”; a line without a name is its stock keeping unit."""
    lines = pd.DataFrame({"product": ["Skirt - XS-S", "Skirt - M", None, "Top"], "sku": list("abcd")})
    assert product_names(lines).tolist() == ["Skirt", "Skirt", "c", "Top"]


@pytest.mark.parametrize("seed", [5, 6])
def test_the_printed_rungs_keep_their_order_and_state_their_base(seed: int) -> None:
    """A reader sees 1 to 18 in this order, the sums where they belong, and beside each rung what it is taken from."""
    shown = roi.ladder(random_campaign(seed)).tables["roi.ladder"].frame
    numbers = [str(number) for number in range(1, 19)]
    assert list(shown.rung) == [*numbers[:6], "=", *numbers[6:11], "=", *numbers[11:], "=", "?"]
    rungs = shown[shown.rung.isin(numbers)]
    assert list(rungs.what) == [written(rung.label, Formats()) for rung in RUNGS]
    assert list(rungs.base) == [written(rung.base, Formats()) for rung in RUNGS]
    assert (rungs.base.str.len() > 3).all()
    running = 0.0
    for row in shown.head(-1).to_dict("records"):
        if row["rung"] == "=":
            assert round(row["amount"] * 100) == round(running * 100)
        elif row["amount"] == row["amount"]:
            running += row["amount"]


@settings(max_examples=14, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    by=st.sampled_from(sorted(CUTS)),
    currency=st.sampled_from(["EUR", "CHF", "GBP", "USD", "SEK", "JPY"]),
)
def test_slices_sum_to_the_whole(seed: int, by: str, currency: str) -> None:
    """Whatever the slice and the currency, its rows add up to the campaign, to the cent."""
    book = random_campaign(seed, currency=currency)
    ladder = money_ladder(book)
    frame = slice_table(book, ladder, by).set_index("slice")
    parts, whole = (frame.drop(index="All") * 100).round().sum(), (frame.loc["All"] * 100).round()
    kept = whole.dropna().index
    assert (parts[kept] == whole[kept]).all()
    assert whole["profit"] == round(ladder.profit * 100)
    assert whole["traced"] == ladder.cents("traced")
    assert whole["costs"] == round(ladder.campaign_costs * 100)


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_every_rung_of_a_slice_is_in_whole_cents_and_adds_up(seed: int) -> None:
    """Each of the eighteen rungs, by product as by account, sums to the campaign's rung."""
    book = random_campaign(seed)
    ladder = money_ladder(book)
    for frame in (rungs_by_product(book, ladder), rungs_by(ladder, segments(book))):
        told = frame[list(ladder.rungs.index)]
        assert (told.fillna(0) == told.fillna(0).round()).all().all()
        known = ladder.rungs.cents.notna()
        assert (told.sum()[known] == ladder.rungs.cents[known]).all()


def test_the_likely_range_holds_the_likely_value() -> None:
    """Profit lies within its own likely range, and the range comes from what is uncertain only."""
    ladder = money_ladder(random_campaign(3))
    low, high = ladder.likely("profit")
    assert low < ladder.profit < high
    exact = money_ladder(worked_example(26))
    assert exact.likely("profit") == pytest.approx((exact.profit, exact.profit), abs=0.02)


def test_goods_counted_by_line_are_as_sure_as_lists_of_costs() -> None:
    """100 orders of 119 at goods of 45 each, nothing open: 3 points of 10,000 before the code either way, at 90 %; in plan too."""
    orders = orders_frame({"ANNA10": 100}, basket=119.0, refunded=0).assign(discount=0.0, total=119.0)
    lines = pd.DataFrame(
        {"order_id": orders.order_id, "sku": "A", "product": "Skirt", "quantity": 1.0, "price": 119.0}
    )
    products = pd.DataFrame({"sku": ["A"], "product": ["Skirt"], "cost": [45.0]})
    book = make_book(
        {
            "orders": orders,
            "order_lines": lines,
            "products": products,
            "creators": creators_frame(["ANNA10"], fee=[300.0]),
        },
        client={"tax_rate": 0.19},
    )
    ladder = money_ladder(book)
    assert ladder.profit == pytest.approx(100 * (100 - 45) - 300)
    low, high = ladder.likely("profit")
    assert (ladder.profit - low, high - ladder.profit) == pytest.approx((300, 300), rel=0.03)
    goods = ladder.rungs.loc["goods"]
    assert (goods.grade, goods.low < goods.cents < goods.high) == ("estimated", True)
    assert "3 points" in written(goods.source, book.formats)
    moves = roi.could_change(book).tables["roi.sensitivity"].frame.set_index("what")
    row = moves.loc["Margin, from product costs"]
    assert (row.low, row.high) == pytest.approx((ladder.profit - 300, ladder.profit + 300))
    unit = unit_economics(book).contribution
    assert (unit.likely - unit.low, unit.high - unit.likely) == pytest.approx((3, 3), abs=0.01)


def test_a_row_of_the_ladder_claims_no_more_than_the_whole() -> None:
    """By product as by creator: margins are graded and have ranges, together at least as wide as the campaign's."""
    book = random_campaign(3)
    ladder = money_ladder(book)
    low, high = ladder.likely("margin")
    for by in ("product", "creator"):
        table = roi.ladder_by(book, by).tables[f"roi.by_{by}"]
        rows = table.frame.set_index("slice")
        assert table.columns["margin"].grade == table.columns["profit"].grade == ladder.profit_grade
        whole, parts = rows.loc["All"], rows.drop(index="All")
        assert (whole.margin_low, whole.margin_high) == (np.floor(low), np.ceil(high))
        sold = parts[parts.traced > 0]
        assert (sold.margin_high - sold.margin_low).sum() >= high - low - 2
        relative = (sold.margin_high - sold.margin_low) / sold.traced
        assert (relative >= (high - low) / whole.traced - 1e-6).all()
        assert parts.margin_low[parts.traced <= 0].isna().all()


def test_without_a_margin_the_ladder_stops_at_sales_that_stay() -> None:
    """No margin is ever filled in: no profit, no ROI, the break-even sentence instead."""
    book = make_book(
        {
            "orders": orders_frame({"ANNA10": 100}, refunded=26),
            "creators": creators_frame(["ANNA10"], fee=3000.0, commission_rate=0.1),
        },
        client={"tax_rate": 0.0},
    )
    findings = roi.ladder(book)
    assert money_ladder(book).profit is None
    assert "roi.roi" not in findings.figures
    told = " ".join(note.text for note in findings.notes)
    assert "it pays back if the margin on these goods is at least 52%" in told
    assert "Profit" not in " ".join(findings.tables["roi.ladder"].frame.what)


def test_without_costs_there_is_no_roi_line() -> None:
    """Results without cost: the ladder ends at the margin on these orders."""
    book = make_book(
        {"orders": orders_frame({"ANNA10": 10}), "creators": creators_frame(["ANNA10"])},
        client={"economics": {"margin": 0.5}},
    )
    findings = roi.ladder(book)
    assert not {"roi.roi", "roi.roas", "roi.campaign_costs"} & set(findings.figures)
    assert findings.tables["roi.ladder_short"].frame.line.iloc[-1] == "Margin on these orders"


def test_an_unknown_agency_fee_is_named() -> None:
    """What is not included is said in capitals beside the page-one ladder, not counted as 0."""
    note = roi.ladder(worked_example(0)).tables["roi.ladder_short"].note
    assert "NOT INCLUDED: gifts, usage rights, ad spend, agency fee, tools" in note


def test_missing_rungs_are_not_zero() -> None:
    """A plain order file says nothing of discounts, cancellations and refunds: not available, not 0."""
    orders = orders_frame({"ANNA10": 5})[["order_id", "ordered_at", "total", "discount_code"]]
    ladder = money_ladder(make_book({"orders": orders, "creators": creators_frame(["ANNA10"], fee=10.0)}))
    for key in ("discounts", "cancelled", "returned", "returns_expected", "goods"):
        assert np.isnan(ladder.rungs.cents[key]), key
    assert ladder.sales_that_stay == pytest.approx(5 * 81.51)


def test_own_hours_can_be_switched_off() -> None:
    """Rung 18 stands apart: without it, cost falls by the hours and profit rises by them."""
    book = worked_example(0, hourly_rate=40)
    told = book.tables.creators.assign(hours=10.0)
    book = make_book(
        {"orders": book.tables.orders, "creators": told},
        client={"tax_rate": 0.0, "economics": {"margin": 0.53, "hourly_rate": 40}},
    )
    on, off = (
        roi.ladder(book, own_hours=switch).figures["roi.campaign_costs"].value for switch in (True, False)
    )
    assert on - off == 400
    shown = roi.ladder(book, own_hours=False).tables["roi.ladder"].frame
    rungs = shown[shown.rung != "="].amount.dropna()
    assert rungs.sum() == pytest.approx(shown[shown.rung == "="].amount.iloc[-1], abs=0.005)


def test_product_costs_win_over_the_margin() -> None:
    """Cost per item from the product export is counted; the client file's margin is not used then."""
    lines = pd.DataFrame({"order_id": [f"#{n}" for n in range(10)], "sku": "A", "quantity": 1.0})
    book = make_book(
        {
            "orders": orders_frame({"ANNA10": 10}, refunded=2),
            "creators": creators_frame(["ANNA10"], fee=10.0),
            "order_lines": lines,
            "products": pd.DataFrame({"sku": ["A"], "product": ["Skirt"], "cost": [30.0]}),
        },
        client={"economics": {"margin": 0.9}},
    )
    ladder = money_ladder(book)
    assert ladder.money("goods") == -240
    assert ladder.rungs.grade["goods"] == "estimated"


def test_marketplace_sales_are_counted_once() -> None:
    """A marketplace's sheet adds its sales; if the shop's file holds them too, it adds nothing."""
    sheet = pd.DataFrame(
        {"handle": ["anna"], "sales": [500.0], "refunds": [100.0], "orders": [10.0], "commission": [40.0]}
    )
    tables = {
        "orders": orders_frame({"ANNA10": 5}),
        "creators": creators_frame(["ANNA10"], fee=10.0),
        "shop_creators": sheet,
    }
    client = {"prices_include_tax": False, "tax_rate": 0.0, "economics": {"margin": 0.5}}
    apart = money_ladder(make_book(tables, client=client))
    assert apart.money("traced") == 485 + 500
    assert apart.money("commission") == -40
    synced = {**tables, "orders": tables["orders"].assign(channel="tiktok shop")}
    assert money_ladder(make_book(synced, client=client)).money("traced") == 485
