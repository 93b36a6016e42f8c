"""Caused or only traced: what the results say with a stored comparison, without one, and with files missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from books import make_book
from creatorbook import roi, tracking
from creatorbook.book import Book
from creatorbook.campaign.lift_designs import designs, smallest_in_results
from creatorbook.client.campaign_records import Baseline, LiftPlan
from roi_books import creators_frame

START, END = date(2026, 3, 2), date(2026, 3, 29)
PRODUCTS = [f"Dress {place:02d}" for place in range(16)]


def plan(design: str = "product_holdout", **told: Any) -> LiftPlan:
    """A stored plan: every other product is shown."""
    return LiftPlan(
        **{
            "written_on": date(2026, 2, 20),
            "design": design,
            "reason": "it takes the fewest extra orders to be seen",
            "baseline": Baseline(starts_on=date(2025, 12, 8), ends_on=date(2026, 3, 1)),
            "starts_on": START,
            "ends_on": END,
            "treated": PRODUCTS[::2],
            "untouched": PRODUCTS[1::2],
            "smallest_lift": 0.2,
            "budget": 6000,
            "level": 0.05,
            "power": 0.8,
            **told,
        }
    )


def sold(lift: float, seed: int = 4, per_day: float = 3.0) -> dict[str, pd.DataFrame]:
    """Orders of one line each, 12 weeks before and 4 in the campaign; a tenth of those in it carry a code."""
    random = np.random.default_rng(seed)
    days = pd.date_range("2025-12-08", END)
    rows = []
    for day in days:
        for place, product in enumerate(PRODUCTS):
            more = 1 + lift if day >= pd.Timestamp(START) and place % 2 == 0 else 1.0
            rows += [(day + pd.Timedelta(hours=10), product)] * random.poisson(per_day * more)
    frame = pd.DataFrame(rows, columns=["ordered_at", "product"])
    frame["order_id"] = [f"#{place}" for place in range(len(frame))]
    inside = frame.ordered_at >= pd.Timestamp(START)
    frame["discount_code"] = pd.Series("ANNA10", index=frame.index).where(
        inside & (frame.index % 10 == 0), ""
    )
    orders = frame.assign(gross=50.0, discount=0.0, shipping=0.0, total=50.0, refunded=0.0, country="DE")
    lines = frame[["order_id", "product"]].assign(quantity=1, price=50.0, sku="x")
    return {
        "orders": orders.drop(columns="product"),
        "order_lines": lines,
        "creators": creators_frame(["ANNA10"], fee=500.0),
    }


def book_with(lift: float | None, told: LiftPlan | None, **tables: pd.DataFrame) -> Book:
    frames = sold(lift or 0.0) | tables
    return replace(make_book(frames, client={"economics": {"margin": 0.5}}), lift=told)


def slot(book: Book) -> str:
    (note,) = [note for note in roi.caused(book).notes if note.slot == "results.caused"]
    return note.text


def test_a_stored_comparison_tells_at_least_and_at_most() -> None:
    """Products shown sold half as many again: the first page says at least, at most, and the traced total beside."""
    book = book_with(0.5, plan())
    told = slot(book)
    assert "At least" in told
    assert "at most" in told
    assert "Traced: " in told
    found = roi.caused(book).figures
    assert found["roi.lift"].low < 0.5 < found["roi.lift"].high
    extra = found["roi.caused"]
    assert extra.low < extra.value < extra.high
    truth = 0.5 * 3 * 8 * 28 * 50 / 1.19
    assert extra.value == pytest.approx(truth, rel=0.25)
    row = roi.ladder(book).tables["roi.ladder"].frame.iloc[-1]
    assert "at least" in row.what
    assert row.low == pytest.approx(extra.low)


def test_chance_is_called_chance() -> None:
    """Without a lift the page says that it cannot tell yet, and still gives the most it could have been."""
    book = book_with(0.0, plan())
    assert slot(book).startswith("We cannot tell yet")
    assert "could easily be chance" in slot(book)
    row = roi.ladder(book).tables["roi.ladder"].frame.iloc[-1]
    assert "cannot tell" in row.what


def test_fewer_sales_are_told_as_fewer() -> None:
    """Products shown that sold less are not dressed up as a lift."""
    assert "sold less" in slot(book_with(-0.6, plan()))


@pytest.mark.parametrize("design", ["staggered_market", "stores", "geo_holdout", "staggered_product"])
def test_a_plan_whose_files_are_not_here_says_so(design: str) -> None:
    """Each design says what it lacks, in a sentence, and what to do next time."""
    frames = sold(0.0)
    frames["orders"] = frames["orders"].drop(columns="country")
    book = replace(make_book({**frames, "order_lines": frames["order_lines"].iloc[:0]}), lift=plan(design))
    assert "We cannot separate the two, because" in slot(book)
    assert "next time" in slot(book)


def test_markets_are_compared_by_days() -> None:
    """A start in one market is held against the markets that follow, by stretches of days."""
    frames = sold(0.0)
    orders = frames["orders"]
    market = pd.Series(["DE", "FR", "GB", "NL", "AT"] * len(orders)).iloc[: len(orders)].to_numpy()
    more = orders[(market == "DE") & (orders.ordered_at >= pd.Timestamp(START))].assign(
        order_id=lambda one: one.order_id + "x"
    )
    frames["orders"] = pd.concat(
        [orders.assign(country=market), more.assign(country="DE")], ignore_index=True
    )
    told = plan("staggered_market", treated=["DE"], untouched=["FR", "GB", "NL", "AT"])
    book = replace(make_book(frames), lift=told)
    found = roi.caused(book)
    assert found.figures["roi.lift"].value == pytest.approx(1.0, abs=0.3)
    assert any("stretches of days" in note.text for note in found.notes)


@pytest.mark.parametrize("lift", [0.5, 2.0])
def test_regions_that_were_drawn_are_judged_by_units(lift: float) -> None:
    """Twelve regions drawn in three blocks of four are drawn again in 216 ways; the lift is found whatever its size."""
    names = [f"Region {place:02d}" for place in range(12)]
    shown = [name for place, name in enumerate(names) if place % 4 in (0, 3)]
    frames = sold(0.0)
    orders = frames["orders"]
    region = pd.Series(names * len(orders)).iloc[: len(orders)].to_numpy()
    more = orders[np.isin(region, shown) & (orders.ordered_at >= pd.Timestamp(START))]
    more = pd.concat([more] * 2).iloc[: int(len(more) * lift)]
    more = more.assign(order_id=[f"more {place}" for place in range(len(more))])
    both = pd.concat([orders.assign(region=region), more.assign(region=shown[0])], ignore_index=True)
    both.loc[len(orders) :, "region"] = [shown[place % 6] for place in range(len(more))]
    frames["orders"] = both
    blocks = [names[first : first + 4] for first in (0, 4, 8)]
    rest = [name for name in names if name not in shown]
    told = plan("geo_holdout", treated=shown, untouched=rest, blocks=blocks)
    found = roi.caused(replace(make_book(frames), lift=told))
    assert found.figures["roi.lift"].n == 6**3
    assert found.figures["roi.lift"].value == pytest.approx(lift, rel=0.2)
    assert "At least" in next(note.text for note in found.notes if note.slot == "results.caused")


def test_a_comparison_that_can_never_tell_says_so() -> None:
    """Two of four products: whatever was sold, six ways to draw them tell nothing, and that is what is said."""
    few = plan(treated=PRODUCTS[:4:2], untouched=PRODUCTS[1:4:2], blocks=[PRODUCTS[:4]])
    text = slot(book_with(5.0, few))
    assert (
        "this comparison can never tell: its sides could be drawn in 6 ways, and it takes 40 at least" in text
    )
    noisy = plan(treated=PRODUCTS[:1], untouched=PRODUCTS[1:3])
    frames = sold(0.0, per_day=0.06)
    assert "can never tell" in slot(replace(make_book(frames), lift=noisy))


def test_no_comparison_planned_is_said_with_its_reason() -> None:
    """A plan of none is quoted; without any plan nothing was held back."""
    assert "no comparison was planned (too few orders)" in slot(
        book_with(0.0, plan("none", reason="too few orders"))
    )
    assert "nothing was held back" in slot(book_with(0.0, None))


def test_signs_without_a_plan_are_no_measure_of_cause() -> None:
    """Orders, searches and direct visits stand against their usual course, and the method note says what they are not."""
    days = pd.date_range("2025-12-08", END)
    random = np.random.default_rng(5)
    rose = np.where(days >= pd.Timestamp(START), 3.0, 1.0)
    searches = pd.concat(
        [
            pd.DataFrame({"date": days, "query": "testbrand dress", "clicks": random.poisson(40 * rose)}),
            pd.DataFrame({"date": days, "query": "summer dress", "clicks": random.poisson(60, len(days))}),
        ]
    )
    sessions = pd.concat(
        [
            pd.DataFrame(
                {
                    "date": days,
                    "source": "(direct)",
                    "medium": "(none)",
                    "sessions": random.poisson(200, len(days)),
                }
            ),
            pd.DataFrame(
                {
                    "date": days,
                    "source": "google",
                    "medium": "cpc",
                    "sessions": random.poisson(200, len(days)),
                }
            ),
        ]
    )
    found = roi.lift_signs(book_with(0.0, None, searches=searches, sessions=sessions))
    frame = found.tables["roi.lift_signs"].frame.set_index("what")
    assert list(frame.index) == ["all orders", "visits from brand searches", "direct visits"]
    assert frame.reading["visits from brand searches"].startswith("hard to explain by chance")
    assert frame.reading["direct visits"] == "these days cannot tell it from chance"
    assert frame.extra["visits from brand searches"] == pytest.approx(28 * 80, rel=0.3)
    assert any("no measure of cause" in note.text for note in found.notes)
    assert found.charts["roi.lift_course"].alt


def test_a_short_history_says_what_would_show_more() -> None:
    """Orders of the campaign alone cannot be held against anything."""
    frames = sold(0.0)
    frames["orders"] = frames["orders"][frames["orders"].ordered_at >= pd.Timestamp(START)]
    found = roi.lift_signs(make_book(frames))
    assert not found.tables
    assert "six weeks before" in found.notes[0].text


def test_the_plan_says_what_the_results_test_would_find() -> None:
    """Before launch the results' own test is run on the last days before it: the plan states the lift it would find."""
    book = make_book(
        sold(0.0), client={"economics": {"margin": 0.9}}, stage="plan", as_of=START - timedelta(days=1)
    )
    (design,) = [one for one in designs(book) if one.id == "product_holdout"]
    strict = smallest_in_results(book, design)
    assert 0.05 < strict < 0.5
    method = next(note.text for note in tracking.lift_plan(book).notes if note.kind == "method")
    assert f"would find {book.formats.percent(strict)} or more" in method
    short = replace(design, days=60)
    assert smallest_in_results(book, short) is None


def test_what_has_no_price_is_told_in_orders_and_not_as_nothing() -> None:
    """Lines without prices tell no worth of an order: at least and at most are counts, and the ladder says why."""
    frames = sold(0.5)
    unpriced = frames["order_lines"].drop(columns="price")
    book = book_with(0.5, plan(), order_lines=unpriced)
    text = slot(book)
    assert "orders, at most" in text
    assert "At least 0" not in text.replace("€", "")
    row = roi.ladder(book).tables["roi.ladder"].frame.iloc[-1]
    assert "not on file" in row.source


def test_the_chart_is_of_the_first_comparison_with_a_course() -> None:
    """A plan judged by units has no course by day: the chart then shows the first series that has one."""
    findings = roi.lift_signs(book_with(0.5, plan()))
    assert findings.tables["roi.lift_signs"].frame.what.iloc[0] == "orders with products creators showed"
    assert "all orders" in findings.charts["roi.lift_course"].title.lower()


def test_what_to_do_next_time_fits_what_orders_tell() -> None:
    """Products are kept out of posts only where orders name products; a plan by stores says nothing of products."""
    frames = sold(0.0)
    assert "keep a few products out of posts" in slot(make_book(frames))
    plain = {name: frame for name, frame in frames.items() if name != "order_lines"}
    assert "products, markets or stores" in slot(make_book(plain))
