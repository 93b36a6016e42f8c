"""Caused or only traced: what the results say with a stored comparison, without one, and with files missing."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from books import make_book
from creatorbook import roi, tracking
from creatorbook.book import Book
from creatorbook.campaign.lift_designs import budget_share, designs, smallest_in_results
from creatorbook.client.campaign_records import Baseline, LiftPlan
from creatorbook.client.repository import SAMPLE_DATA
from creatorbook.finance.ladder import money_ladder
from creatorbook.findings import written
from creatorbook.opening import open_book
from creatorbook.report.contract import sheet_columns
from creatorbook.roi.lift_evidence import extra_sales_measured, planned_effect
from creatorbook.roi.promises import named_groups, promise
from creatorbook.roi.recommendation import clauses
from creatorbook.roi.return_on_spend import Return
from creatorbook.simulate import read_settings, simulate
from roi_books import creators_frame

SAMPLE = SAMPLE_DATA / "sorrelby"
START, END = date(2026, 3, 2), date(2026, 3, 29)
#: a euro as the reader of these books writes it
ONE = "€1"
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
    """Orders of one line each, 12 weeks before and 4 in the campaign; a fifth of those in it with a shown product carry a code."""
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
        inside & frame["product"].isin(PRODUCTS[::2]) & (frame.index % 5 == 0), ""
    )
    orders = frame.assign(gross=50.0, discount=0.0, shipping=0.0, total=50.0, refunded=0.0, country="DE")
    lines = frame[["order_id", "product"]].assign(quantity=1, price=50.0, sku="x")
    return {
        "orders": orders.drop(columns="product"),
        "order_lines": lines,
        "creators": creators_frame(["ANNA10"], fee=500.0),
    }


def book_with(
    lift: float | None, stored: LiftPlan | None, margin: float | list[float] = 0.5, **tables: pd.DataFrame
) -> Book:
    frames = sold(lift or 0.0) | tables
    return replace(make_book(frames, client={"economics": {"margin": margin}}), lift=stored)


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
    stored = plan("geo_holdout", treated=shown, untouched=rest, blocks=blocks)
    findings = roi.caused(replace(make_book(frames), lift=stored))
    assert findings.figures["roi.lift"].n == 6**3
    assert findings.figures["roi.lift"].value == pytest.approx(lift, rel=0.2)
    assert "At least" in next(note.text for note in findings.notes if note.slot == "results.caused")


def test_a_comparison_that_can_never_tell_says_so() -> None:
    """Two of four products: whatever was sold, six ways to draw them tell nothing, and that is what is said."""
    few = plan(treated=PRODUCTS[:4:2], untouched=PRODUCTS[1:4:2], blocks=[PRODUCTS[:4]])
    text = slot(book_with(5.0, few))
    assert (
        "this comparison can never tell: its sides could be drawn in 6 ways, and it takes 40 at least" in text
    )
    noisy = plan(treated=PRODUCTS[:1], untouched=PRODUCTS[1:3])
    frames = sold(0.0, per_day=0.06)
    first = frames["orders"].index[frames["orders"].ordered_at >= pd.Timestamp(START)][0]
    frames["orders"].loc[first, "discount_code"] = "ANNA10"
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


def test_what_a_euro_brought_is_the_extra_sales_over_the_cost_at_work() -> None:
    """Extra sales and their range over the one cost on file, 500; what they leave is half of a basket that stays."""
    book = book_with(1.0, plan(), creators=creators_frame(["ANNA10"], fee=500.0))
    figures = roi.caused(book).figures
    extra, sales, profit = (figures[f"roi.{key}"] for key in ("caused", "return_on_spend", "profit_on_spend"))
    assert [sales.value, sales.low, sales.high] == pytest.approx(
        [extra.value / 500, extra.low / 500, extra.high / 500], abs=0.01
    )
    ladder = money_ladder(book)
    rate = ladder.margin / ladder.sales_that_stay
    assert [profit.value, profit.low, profit.high] == pytest.approx(
        [sales.value * rate, sales.low * rate, sales.high * rate], abs=0.01
    )
    assert (sales.n, sales.grade, sales.unit, sales.headline) == (extra.n, "estimated", "money", True)
    low, high = (book.formats.money(end, 2) for end in (sales.low, sales.high))
    assert f"Each {ONE} of cost brought {low} to {high} in extra sales and left " in slot(book)


def test_what_a_euro_left_holds_the_margins_own_range() -> None:
    """At a margin of 30 to 70 %, the low end is the worst of both and the high end the best; one margin is told as one."""
    creators = creators_frame(["ANNA10"], fee=500.0)
    ranged = roi.caused(book_with(1.0, plan(), [0.3, 0.7], creators=creators)).figures["roi.profit_on_spend"]
    figures = roi.caused(book_with(1.0, plan(), creators=creators)).figures
    sales, plain = figures["roi.return_on_spend"], figures["roi.profit_on_spend"]
    assert [ranged.low / sales.low, ranged.high / sales.high] == pytest.approx([0.3, 0.7], abs=0.01)
    assert ranged.value == pytest.approx(plain.value, rel=0.01)
    assert "holds that 30% to 70% of sales are left" in str(ranged.note)
    assert "margin of 50% not confirmed" in str(plain.note)
    assert plain.grade == "assumed"


@given(*[st.tuples(*[st.floats(-50, 50)] * 3).map(sorted)] * 2, *[st.booleans()] * 2, *[st.floats(0, 1)] * 2)
def test_a_return_holds_whatever_both_ranges_hold(
    sales: list[float], left: list[float], open_low: bool, open_high: bool, at: float, rate: float
) -> None:
    """Any extra sales within the test's range, at any margin within the margin's, leave what lies in the range of both."""
    low, likely, high = sales
    compared = SimpleNamespace(extra_money=(likely, None if open_low else low, None if open_high else high))
    least, usual, most = left
    brought = Return(compared, 1.0, 1.0, (usual, least, most))
    profit, worst, best = brought.profit
    true = (low + at * (high - low)) * (least + rate * (most - least))
    for one in (true, profit):
        assert worst is None or worst <= one + 1e-9
        assert best is None or one <= best + 1e-9
    assert (worst is None) <= (open_low or open_high)


@pytest.mark.parametrize(
    ("fee", "words"),
    [
        (500.0, ": more than they cost."),
        (15_600.0, ": whether that is more than they cost cannot be told."),
        (40_000.0, ": less than they cost."),
    ],
)
def test_whether_a_euro_came_back_is_told_by_both_ends_of_the_range(fee: float, words: str) -> None:
    """A cost beyond what the upper end leaves did not come back; one between the ends may or may not have."""
    findings = roi.caused(book_with(1.0, plan(), creators=creators_frame(["ANNA10"], fee=fee)))
    assert any(note.text.endswith(words) for note in findings.notes)


def test_that_it_came_back_takes_every_creators_cost() -> None:
    """With Ben's cost not on file 500 is not the whole cost: more than it is not more than they cost, less than 40,000 is less."""
    for fee, words in ((500.0, "cannot be told."), (40_000.0, "less than they cost.")):
        creators = creators_frame(["ANNA10", "BEN10"], fee=[fee, None])
        texts = [note.text for note in roi.caused(book_with(1.0, plan(), creators=creators)).notes]
        assert [text for text in texts if text.startswith("The extra sales leave") and text.endswith(words)]


@pytest.mark.parametrize(
    ("fees", "advice"),
    [
        ([8000.0, 0.0], "Do it again: by the extra sales measured"),
        ([8000.0, None], "Extra sales were measured; whether they left more than they cost cannot be told."),
        ([40_000.0, None], "Do not repeat it as it was: the extra sales measured left less"),
    ],
)
def test_nothing_is_repeated_on_a_cost_that_is_not_on_file(fees: list[float | None], advice: str) -> None:
    """Traced sales alone lose money on 8,000: what extra sales advise is asked of the rule book, not what these do."""
    book = book_with(1.0, plan(), creators=creators_frame(["ANNA10", "BEN10"], fee=fees))
    assert money_ladder(book).likely("profit")[1] < 0
    assert written(clauses(book)[0].text, book.formats).startswith(advice)


def test_a_range_that_includes_nothing_has_no_value() -> None:
    """Without a lift the figure says cannot tell; its range stays, for whoever wants the most it could have been."""
    book = book_with(0.0, plan())
    figure = roi.caused(book).figures["roi.return_on_spend"]
    assert figure.value is None
    assert figure.low < 0 < figure.high
    assert figure.note.startswith("cannot tell yet")
    assert f"What {ONE} of cost brought cannot be told yet: anything from nothing to " in slot(book)


def test_costs_or_margin_that_nobody_told_are_not_nothing() -> None:
    """Without a cost of a creator nothing is divided; without a margin the sales are told and what they leave is not."""
    free = book_with(1.0, plan(), creators=creators_frame(["ANNA10"]))
    assert roi.caused(free).figures["roi.return_on_spend"].value is None
    assert f"What {ONE} of cost brought cannot be told: no cost of a creator is on file." in slot(free)
    frames = sold(1.0)
    plain = replace(make_book(frames), lift=plan())
    figures = roi.caused(plain).figures
    assert figures["roi.return_on_spend"].value > 0
    assert figures["roi.profit_on_spend"].value is None
    assert "no margin is on file" in slot(plain)


@pytest.mark.parametrize(
    ("design", "ends", "usual", "share"),
    [
        ("product_holdout", END, {}, 1.0),
        ("staggered_product", START + timedelta(days=13), {}, 0.5),
        (
            "staggered_market",
            START + timedelta(days=13),
            {"treated_per_unit": 3.0, "untouched_per_unit": 1.0},
            0.375,
        ),
        ("staggered_market", END, {}, None),
        ("geo_holdout", END, {"treated_per_unit": 1.0, "untouched_per_unit": 1.0}, 1.0),
        ("stores", END, {"treated_per_unit": 1.0, "untouched_per_unit": 1.0}, 1.0),
    ],
)
def test_only_the_part_of_the_cost_in_the_comparison_counts(
    design: str, ends: date, usual: dict[str, float], share: float | None
) -> None:
    """By days, and where the other markets follow, by what the sides usually sell; what never met the campaign cost nothing."""
    book = make_book()
    days = (ends - START).days + 1
    usual = {"treated_per_unit": None, "untouched_per_unit": None} | usual
    assert budget_share(book, design, days, usual["treated_per_unit"], usual["untouched_per_unit"]) == share


#: what each package's documentation asks for: column, kind
PACKAGES = {
    "pymc": {"channel": str, "x": float, "delta_x": float, "delta_y": float, "sigma": float},
    "meridian": {
        "channel_name": str,
        "point_estimates": float,
        "standard_errors": float,
        "experiment_kpi_types": str,
        "experiment_total_spends": float,
        "experiment_start_dates": pd.Timestamp,
        "experiment_end_dates": pd.Timestamp,
    },
    "robyn": {
        "channel": str,
        "liftStartDate": pd.Timestamp,
        "liftEndDate": pd.Timestamp,
        "liftAbs": float,
        "spend": float,
        "confidence": float,
        "metric": str,
        "calibration_scope": str,
    },
}


def test_marketing_mix_models_get_the_columns_they_take() -> None:
    """Names and kinds of each package's documentation, in data.xlsx as well; what its own checks refuse does not occur."""
    tables = roi.calibration(book_with(1.0, plan())).tables
    sheets = sheet_columns(list(tables.values()))
    for package, columns in PACKAGES.items():
        frame = tables[f"roi.calibration_{package}"].frame
        assert sheets[f"roi calibration {package}"] == list(columns)
        assert all(isinstance(frame[name].iloc[0], kind) for name, kind in columns.items())
    pymc, meridian, robyn = (tables[f"roi.calibration_{one}"].frame.iloc[0] for one in PACKAGES)
    assert pymc.delta_x * pymc.delta_y > 0
    assert pymc.sigma > 0
    assert meridian.experiment_kpi_types in {"revenue", "non-revenue"}
    assert meridian.standard_errors > 0
    assert robyn.liftStartDate == pd.Timestamp(START)
    assert robyn.liftEndDate == pd.Timestamp(END)
    assert 0.8 < robyn.confidence < 1
    assert robyn.calibration_scope in {"immediate", "total"}


def test_the_spread_handed_over_is_that_of_the_tests_range() -> None:
    """At the test's level, plus and minus the spread is as wide as its range; a week's is the whole over its weeks."""
    book = book_with(1.0, plan())
    figures = roi.caused(book).figures
    tables = roi.calibration(book).tables
    pymc, meridian, robyn = (tables[f"roi.calibration_{one}"].frame.iloc[0] for one in PACKAGES)
    extra, sales = figures["roi.caused"], figures["roi.return_on_spend"]
    assert 2 * 1.959964 * pymc.sigma * 4 == pytest.approx(extra.high - extra.low, abs=2)
    assert 2 * 1.959964 * meridian.standard_errors == pytest.approx(sales.high - sales.low, abs=0.02)
    assert meridian.point_estimates == pytest.approx(sales.value, abs=0.01)
    assert pymc.delta_y / pymc.delta_x == pytest.approx(sales.value, abs=0.01)
    assert robyn.liftAbs / robyn.spend == pytest.approx(sales.value, abs=0.01)
    assert 1 - robyn.confidence == pytest.approx(planned_effect(book).effect.p, abs=1e-4)


def test_what_was_not_measured_calibrates_nothing() -> None:
    """No plan, no costs, or a fall: one sentence and no sheet. A lift that chance may explain is handed over with its spread."""
    for book in (
        book_with(1.0, None),
        book_with(1.0, plan(), creators=creators_frame(["ANNA10"])),
        book_with(-0.6, plan()),
    ):
        findings = roi.calibration(book)
        assert not findings.tables
        assert "nothing to calibrate" in findings.notes[0].text
    unsure = roi.calibration(book_with(0.06, plan())).tables["roi.calibration_pymc"].frame.iloc[0]
    assert unsure.sigma > unsure.delta_y / 2


def posts_of(texts: list[str]) -> pd.DataFrame:
    """Campaign posts of Anna's with these captions."""
    return pd.DataFrame(
        {
            "post_id": [f"p{place}" for place in range(len(texts))],
            "handle": "anna",
            "platform": "instagram",
            "published_at": pd.Timestamp("2026-03-10"),
            "sponsored": True,
            "caption": [f"{text} code ANNA10" for text in texts],
        }
    )


def test_a_held_back_product_that_was_shown_is_named_and_takes_the_upper_end() -> None:
    """One post of ten names one in its link: at least so much stays, at most does not; with a third of them no claim does."""
    harmless = ["Dress 00 today"] * 9
    few = book_with(0.5, plan(), posts=posts_of([*harmless, "look: https://shop.example/products/dress-01"]))
    text = slot(few)
    assert "Anna showed some of these, so the most is not told." in text
    [caution] = [note.text for note in roi.caused(few).notes if "held back" in note.text]
    assert caution.startswith(
        "1 post of Anna shows Dress 01, which was to be held back: at least so much stays true"
    )
    assert "At least" in text
    assert "at most" not in text
    assert roi.caused(few).figures["roi.caused"].high is None
    many = book_with(0.5, plan(), posts=posts_of([*harmless[:6], *["Dress 03!"] * 3]))
    text = slot(many)
    assert "because 3 posts, 33" in text
    assert "show what was to be held back (Anna), so no claim can rest on it" in text
    assert "roi.caused" not in roi.caused(many).figures
    assert not extra_sales_measured(many)
    assert "At least" in slot(book_with(0.5, plan(), posts=posts_of(harmless)))
    assert "at most" in slot(book_with(0.5, plan(), posts=posts_of(harmless)))


def test_a_code_that_sells_what_was_held_back_is_named() -> None:
    """Half of the creator's orders hold one held-back product though it is a sixteenth of all: her code gives it away."""
    frames = sold(0.5)
    orders, lines = frames["orders"], frames["order_lines"]
    own = orders.order_id[orders.discount_code == "ANNA10"].head(100)
    lines.loc[lines.order_id.isin(own), "product"] = "Dress 01"
    book = replace(
        make_book(frames, client={"economics": {"margin": 0.5}}), lift=plan(untouched=["Dress 01"])
    )
    assert promise(book).sold == ("Anna",)


def test_orders_that_know_nothing_of_a_hold_out_bear_no_most() -> None:
    """Codes on any tenth order and no extra sales: the ceiling that a believed promise gave is not said."""
    frames = sold(0.0)
    orders = frames["orders"]
    inside = (orders.ordered_at >= pd.Timestamp(START)) & (orders.index % 10 == 0)
    frames["orders"] = orders.assign(discount_code=np.where(inside, "ANNA10", ""))
    text = slot(replace(make_book(frames), lift=plan()))
    assert "hold what was to be held back about as often as all others do, so no claim can rest on it" in text
    assert "at most" not in text


def test_names_are_found_as_posts_write_them() -> None:
    """Hyphens, hashtags and capitals; not within a longer name of the other side, nor within a word."""
    untouched, treated = ["Linen Dress", "Wrap Coat", "DE"], ["Linen Dress Aruna"]
    assert named_groups("my #linen_dress", untouched, treated) == ["Linen Dress"]
    assert named_groups("the LINEN DRESS ARUNA", untouched, treated) == []
    assert named_groups("shop.example/wrap-coat?x=1 de", untouched, treated) == ["Wrap Coat"]
    assert named_groups("wrap coats", untouched, treated) == []


def test_the_sample_keeps_its_promise_and_measures_extra_sales() -> None:
    """Sorrelby's creators keep to the plan: both ends of the extra sales on page one, and a sheet for each mix model."""
    book = open_book(SAMPLE, "spring-dresses", "results")
    assert promise(book).shown.empty
    text = slot(book)
    assert re.search(r"At least £[\d,]+, at most £[\d,]+ would not have been sold otherwise", text)
    assert re.search(r"Each £1 of cost brought £[\d.]+ to £[\d.]+ in extra sales", text)
    sheets = roi.calibration(book).tables
    assert [len(sheets[f"roi.calibration_{name}"].frame) for name in ("pymc", "meridian", "robyn")] == [
        1,
        1,
        1,
    ]
    by_chance = [note.text for note in roi.caused(book).notes if "by chance" in note.text]
    assert "in fewer than 1 in 100 of them by chance" in by_chance[0]


def test_a_sample_with_a_slip(tmp_path: Path) -> None:
    """Sorrelby made with one slip, a post of a held-back pair of trousers: it is found, no other is, and no range is claimed."""
    settings = read_settings(SAMPLE_DATA / "sorrelby.simulation.yml")
    held_back = settings.held_back.model_copy(update={"slipped": 1})
    simulate(tmp_path / "sorrelby", settings.model_copy(update={"held_back": held_back}))
    name = "spring-dresses.lift.yml"
    shutil.copy(SAMPLE / "campaigns" / name, tmp_path / "sorrelby" / "campaigns" / name)
    planted = pd.read_csv(tmp_path / "sorrelby" / "truth" / "planted.csv", dtype=str)
    [slip] = planted[planted.kind == "slip"].itertuples()
    book = open_book(tmp_path / "sorrelby", "spring-dresses", "results")
    slips = promise(book)
    assert slips.shown.post_id.tolist() == [slip.post_id]
    assert slips.shown.creator.tolist() == [slip.creator]
    assert slips.shown.group.tolist() == ["Wide Trousers Dunja"]
    assert not slips.by_many
    assert slips.as_usual < 0.5
    assert "at most" not in slot(book)
    assert not roi.calibration(book).tables
