"""Goals: what is measured, what must be true, and honest silence where nothing is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from books import make_book
from creatorbook import goals, tiers
from creatorbook.book import Book
from creatorbook.client.ledger import LEDGER_COLUMNS
from creatorbook.findings import Findings, Note
from creatorbook.goals.outlook import build_up
from creatorbook.goals.payback import repeat_orders
from creatorbook.goals.timetable import earliest_start, easter, moments, orthodox_easter, steps
from creatorbook.packs import pack
from creatorbook.planning.places import place_of
from creatorbook.problems import Problem
from creatorbook.stats.forecast import Forecast

BEFORE = date(2026, 1, 5)
ECONOMICS = {"margin": [0.5, 0.6], "return_rate": [0.2, 0.4], "average_order_value": 90}
STEPS = [
    goals.goal,
    goals.is_micro_right,
    goals.calendar,
    goals.break_even,
    goals.forecast,
    goals.test_plan,
    goals.unknowns,
    goals.personas,
    goals.journey,
    goals.found,
    goals.niches,
    goals.year_ahead,
    goals.gifts,
    goals.fan,
    goals.comparisons,
]
NEVER = [
    "fake",
    "fraud",
    "bought",
    " bot ",
    "p-value",
    "posterior",
    "shrinkage",
    "significant",
    "nan",
    "None",
]


def creators(n: int = 12, **columns: Any) -> pd.DataFrame:
    base = {
        "creator": [f"Person {i:02d}" for i in range(n)],
        "handle": [f"handle{i:02d}" for i in range(n)],
        "platform": "instagram",
        "followers": np.linspace(2_000, 80_000, n).round(),
        "fee": np.linspace(50, 600, n).round(),
    }
    return pd.DataFrame({**base, **columns})


def thin(**changes: Any) -> Book:
    told = {"tables": {"creators": creators()}, "stage": "plan", "as_of": BEFORE, **changes}
    return make_book(**told)


def text(findings: Findings, slot: str) -> str:
    return " ".join(note.text for note in findings.notes if note.slot == slot)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("goal", ["sales", "awareness", "content", "community"])
def test_every_step_answers_from_little(step: Any, goal: str) -> None:
    """With a creators list only, and with nothing at all, every step says something for every goal."""
    for tables in ({"creators": creators()}, {"creators": creators(fee=np.nan)}, {}):
        book = make_book(tables=tables, campaign={"goal": goal}, stage="plan", as_of=BEFORE)
        assert step(book).items


@pytest.mark.parametrize("step", STEPS)
def test_first_page_words(step: Any) -> None:
    """Nothing on the first page uses a word it must not, or shows a missing value as such."""
    for book in (thin(), thin(client={"economics": ECONOMICS}), make_book(stage="plan", as_of=BEFORE)):
        for note in step(book).notes:
            if note.slot:
                assert not [word for word in NEVER if word in note.text]
                assert len(note.text.split()) <= 45


def test_targets_and_baselines_of_the_brand_win() -> None:
    """A target in the campaign file stands in its own unit, with the owner and source it names."""
    told = {
        "profit": 2500,
        "return_rate": {"value": 0.3, "baseline": 0.4, "owner": "warehouse", "source": "counted"},
    }
    frame = goals.goal(thin(campaign={"targets": told})).tables["goals.measures"].frame.set_index("figure")
    assert "2,500" in frame.target["Profit after campaign costs"]
    rate = frame.loc["Share that comes back"]
    assert (rate.target[:2], rate.baseline[:2], rate.owner, rate.source) == (
        "30",
        "40",
        "warehouse",
        "counted",
    )


def test_a_target_for_a_figure_of_another_goal_is_refused() -> None:
    """The message names the figures the goal has."""
    with pytest.raises(Problem, match="no figure “pieces_in_use”"):
        goals.goal(thin(campaign={"targets": {"pieces_in_use": 5}}))


def test_usual_figures_come_from_the_last_campaign() -> None:
    """Where the ledger has a figure of an earlier campaign, it is what is usual."""
    row = ("2025-12-01", "2025-10-01", "autumn", "outcome", "kept_sales", 4200.0)
    ledger = pd.DataFrame([row], columns=["written_on", "starts_on", "campaign", "act", "figure", "value"])
    ledger = ledger.astype({"written_on": "datetime64[us]", "starts_on": "datetime64[us]"}).reindex(
        columns=LEDGER_COLUMNS
    )
    frame = goals.goal(replace(thin(), ledger=ledger)).tables["goals.measures"].frame
    assert "4,200" in frame.baseline[0]
    assert "autumn" in frame.baseline[0]


def test_small_is_answered_by_the_campaigns_own_conditions() -> None:
    """Enough people, time and margin speak for; losing orders, few people or no time are named."""
    assert (
        "none of its own conditions"
        in goals.is_micro_right(thin(client={"economics": ECONOMICS})).notes[0].text
    )
    loses = {"margin": 0.1, "average_order_value": 30, "shipping_cost": 9}
    assert "loses money" in goals.is_micro_right(thin(client={"economics": loses})).notes[0].text
    assert "if one thing is settled" in goals.is_micro_right(thin(campaign={"budget": 300})).notes[0].text
    assert "Cannot tell" in goals.is_micro_right(thin(tables={})).notes[0].text


def test_three_figures_for_each_goal() -> None:
    """Each goal has the three figures of its results page, with where they come from and who has it."""
    for goal, told in pack("goals")["goals"].items():
        frame = goals.goal(thin(campaign={"goal": goal})).tables["goals.measures"].frame
        assert (frame.kind == "result").sum() == 3
        assert len(frame) == 3 + len(told["on_the_way"])
        assert (frame[["source", "owner", "target", "baseline"]] != "").all().all()


def test_break_even_of_the_worked_example() -> None:
    """At 3,000 for everything, 97 a basket, 26 % returns, 10 % commission and 53 % margin: 98 orders in all."""
    book = make_book(
        tables={"creators": creators(3, fee=1000)},
        client={
            "prices_include_tax": False,
            "economics": {"margin": 0.53, "return_rate": 0.26, "average_order_value": 97},
        },
        campaign={"budget": 3000, "commission_rate": 0.10, "codes": {"percent": 0}},
        stage="plan",
        as_of=BEFORE,
    )
    book = book.changed(budget=1e6)  # so that all three are in the plan that is costed
    found = goals.break_even(book).figures
    assert found["goals.fee_per_order"].value == pytest.approx(97 * 0.74 * 0.43, abs=0.5)
    each = found["goals.orders_per_creator"].value
    assert each == 33  # 1,000 ÷ 30.87


def test_margin_unknown_is_a_condition() -> None:
    """Without a margin the line names one as a condition, and no order figure is made up."""
    book = thin(client={"economics": {"average_order_value": 90}})
    found = goals.break_even(book)
    assert "margin on these goods is at least 50" in text(found, "plan.has_to_be_true")
    assert found.figures["goals.orders_per_creator"].value is None
    assert "goals.grid" in found.tables


def test_grid_falls_with_margin_and_basket() -> None:
    """More margin or a bigger basket never needs more orders."""
    frame = goals.break_even(thin()).tables["goals.grid"].frame.drop(columns="basket")
    assert (frame.diff(axis=1).iloc[:, 1:] <= 0).all().all()
    assert (frame.diff().iloc[1:] <= 0).all().all()


def test_an_order_that_loses_money_is_said() -> None:
    """No number of orders is asked for where each one loses money."""
    told = {"margin": 0.1, "average_order_value": 30, "shipping_cost": 9}
    found = goals.break_even(thin(client={"economics": told}))
    assert "Does not pay back" in text(found, "plan.has_to_be_true")


def test_an_assumed_forecast_says_how_much_of_it_is_assumed() -> None:
    """One answer: the forecast that is printed, in money where an order's worth is known, never that there is none."""
    line = text(goals.forecast(thin(client={"economics": ECONOMICS})), "plan.should_bring")
    assert line.replace("\xa0", " ") == (
        "Left after all costs: −€2,000 likely (between −€2,300 and −€510); 95% of that range is assumed."
    )
    line = text(goals.forecast(thin()), "plan.should_bring")
    assert line.replace("\xa0", " ") == "Orders: 9 likely (between 1 and 74); 95% of that range is assumed."


def test_known_views_make_a_headline_for_awareness() -> None:
    """Typical views and agreed pieces are enough to forecast how often a plan is seen."""
    listed = creators(typical_views=np.linspace(900, 9_000, 12), deliverables="2 reels")
    found = goals.forecast(thin(tables={"creators": listed}, campaign={"goal": "awareness"}))
    assert "100,000 likely (between 67,000 and 140,000), by these creators' own posts." in text(
        found, "plan.should_bring"
    )


@pytest.mark.parametrize(
    ("campaigns", "figure", "words"),
    [
        (0, "click_rate", "Nobody has sold for you"),
        (1, "click_rate", "Rates of 1 settled campaign of yours"),
        (2, "click_rate", "Rates of 2 settled"),
        (2, "orders", "2 campaigns of yours have settled; they told no rate"),
    ],
)
def test_after_settled_campaigns_nobody_says_that_nothing_is_known(
    campaigns: int, figure: str, words: str
) -> None:
    """What past campaigns say is named as used, and whose orders they were as not used here."""
    rows = [("2025-12-01", "2025-10-01", f"past-{n}", "outcome", figure, 0.01) for n in range(campaigns)]
    ledger = pd.DataFrame(rows, columns=["written_on", "starts_on", "campaign", "act", "figure", "value"])
    ledger = ledger.astype({"written_on": "datetime64[us]", "starts_on": "datetime64[us]"}).reindex(
        columns=LEDGER_COLUMNS
    )
    notes = [str(note.text) for note in tiers.mixes(replace(thin(), ledger=ledger)).notes]
    assert any(words in note for note in notes)
    assert "who sells" not in " ".join(notes) or not campaigns


@pytest.mark.parametrize(
    ("campaigns", "words"),
    [
        (0, "How many views become orders: earlier posts would tell."),
        (1, "How many views become orders: 1 past campaign tells so far, 3 settle it."),
        (2, "How many views become orders: 2 past campaigns tell so far, 3 settle it."),
        (3, ""),
    ],
)
def test_what_past_campaigns_told_is_not_asked_for_as_if_they_had_not(campaigns: int, words: str) -> None:
    """While the forecast rests on the client's own past, the page does not say that nothing earlier is on file."""
    rows = [
        ("2025-12-01", "2025-10-01", f"past-{n}", "outcome", "conversion_rate", 0.03)
        for n in range(campaigns)
    ]
    ledger = pd.DataFrame(rows, columns=["written_on", "starts_on", "campaign", "act", "figure", "value"])
    ledger = ledger.astype({"written_on": "datetime64[us]", "starts_on": "datetime64[us]"}).reindex(
        columns=LEDGER_COLUMNS
    )
    book = thin(
        tables={"creators": creators(typical_views=9000.0)},
        client={"economics": ECONOMICS},
        campaign={"promotions": []},
    )
    notes = [str(note.text) for note in goals.unknowns(replace(book, ledger=ledger)).notes]
    asked = [note for note in notes if "How many views become orders" in note]
    assert asked == ([words] if words else [])


def test_gifts_may_not_be_shown() -> None:
    """Pieces hoped for after a gift are fewer than pieces paid for."""
    paid, given = (creators(deliverables="1 reel", fee=fee, gift_cost=20.0) for fee in (100.0, 0.0))
    likely = [
        goals.forecast(thin(tables={"creators": listed}, campaign={"goal": "content"}))
        .tables["goals.forecast"]
        .frame.likely[0]
        for listed in (paid, given)
    ]
    assert likely[1] < 0.6 * likely[0]


def test_few_creators_tell_nothing_apart() -> None:
    """With four creators no two groups can be told apart, and the line says so."""
    found = goals.test_plan(thin(tables={"creators": creators(4)}))
    assert "no two groups can be told apart" in text(found, "plan.know_afterwards")
    assert found.figures["goals.detectable_ratio"].value is None


def test_at_most_three_unknowns_with_owner_and_day() -> None:
    """Each open question has someone who can answer it and a day before launch."""
    book = thin()
    notes = goals.unknowns(book).notes
    assert len(notes) == 3
    assert all(note.owner and note.due and note.due <= book.campaign.start for note in notes)


def test_lead_times_are_planned_backwards() -> None:
    """Each step ends where the next begins, the last before launch on launch day; own lead times win."""
    frame = steps(thin(campaign={"lead_times": {"ship": 21}}))
    before = frame.iloc[:5]
    assert (before.ends.iloc[:-1].to_numpy() == before.begins.iloc[1:].to_numpy()).all()
    assert before.ends.iloc[-1].date() == date(2026, 3, 2)
    assert frame.days[2] == 21
    assert frame.source[2] == "campaign file"


def test_too_late_is_said_with_a_day() -> None:
    """Planned too late, the calendar names the first day that fits."""
    book = thin(as_of=date(2026, 2, 20))
    [note] = [note for note in goals.calendar(book).notes if isinstance(note, Note)]
    assert f"does not fit before {book.formats.day(earliest_start(book))}" in note.text


def test_the_year_is_planned_back_from_the_day_people_buy() -> None:
    """Each moment says when posts must be live and when to begin, and whether that has passed."""
    book = thin()
    frame = goals.year_ahead(book).tables["goals.year_ahead"].frame.set_index("moment")
    black_friday = frame.loc["Black Friday"]
    assert black_friday.day - black_friday.live == pd.Timedelta(days=7)
    needed = pd.Timestamp(book.campaign.start) - steps(book).begins.min()
    assert black_friday.live - black_friday.begin == needed
    assert black_friday.fits == "yes"
    assert frame.loc["Valentine's Day"].fits.startswith("no")


def test_a_feast_beyond_the_table_is_said() -> None:
    """A campaign in a year without listed feasts is told to look them up."""
    far = {"start": date(2036, 3, 2), "end": date(2036, 3, 29)}
    notes = goals.calendar(thin(campaign=far, as_of=date(2036, 1, 1))).notes
    assert any("our table ends with 2035" in note.text for note in notes)


@pytest.mark.parametrize(("year", "day"), [(2026, (4, 12)), (2027, (5, 2)), (2028, (4, 16)), (2034, (4, 9))])
def test_orthodox_easter(year: int, day: tuple[int, int]) -> None:
    """Orthodox Easter Sundays as calendars print them."""
    assert orthodox_easter(year) == date(year, *day)


@pytest.mark.parametrize(("year", "day"), [(2025, (4, 20)), (2026, (4, 5)), (2027, (3, 28)), (2038, (4, 25))])
def test_easter(year: int, day: tuple[int, int]) -> None:
    """Easter Sundays as calendars print them."""
    assert easter(year) == date(year, *day)


@pytest.mark.parametrize(
    ("market", "start", "name", "day"),
    [
        ("DE", date(2026, 11, 9), "Black Friday", "2026-11-27"),
        ("GB", date(2026, 3, 2), "Mothering Sunday", "2026-03-15"),
        ("DE", date(2026, 5, 1), "Mother's Day", "2026-05-10"),
        ("FR", date(2026, 5, 20), "Mother's Day", "2026-05-31"),
        ("FR", date(2026, 1, 5), "Winter sales (state dates)", "2026-01-14"),
        ("FR", date(2034, 5, 20), "Mother's Day", "2034-06-04"),
        ("GB", date(2026, 3, 1), "Eid al-Fitr (± 1 day)", "2026-03-20"),
        ("GB", date(2026, 11, 2), "Diwali (± 1 day)", "2026-11-08"),
        ("US", date(2027, 2, 1), "Lunar New Year", "2027-02-06"),
        ("PL", date(2026, 5, 1), "Mother's Day", "2026-05-26"),
    ],
)
def test_moments(market: str, start: date, name: str, day: str) -> None:
    """Movable days of each market stand where they fall."""
    book = make_book(
        client={"market": market}, campaign={"start": start, "end": start}, stage="plan", as_of=BEFORE
    )
    frame = moments(book)
    assert pd.Timestamp(day) in set(frame.day[frame.moment == name])


def test_the_forecast_says_where_it_is_a_guess() -> None:
    """A range of more than ten times, or one that is mostly assumed, is called what it is."""
    listed = creators(typical_views=np.linspace(900, 9_000, 12), deliverables="2 reels")
    guess = goals.forecast(thin(client={"economics": ECONOMICS})).notes
    known = goals.forecast(thin(tables={"creators": listed}, campaign={"goal": "awareness"})).notes
    assert any("no better than a guess" in note.text for note in guess)
    assert not any("no better than a guess" in note.text for note in known)


def test_inputs_carry_grade_and_source() -> None:
    """Every input of the forecast is counted, estimated or assumed, and says where it comes from."""
    frame = goals.forecast(thin(client={"economics": ECONOMICS})).tables["goals.inputs"].frame
    assert set(frame.evidence) == {"counted", "assumed"}
    assert (frame.source != "").all()


def test_the_fan_ends_where_the_forecast_does() -> None:
    """Bands widen day by day, half inside nine in ten, and the last day is the forecast."""
    told = Forecast(np.random.default_rng(1).poisson(40, 4000).astype(float), {}, {}, 0.0)
    frame = build_up(told, date(2026, 3, 2), date(2026, 3, 29), "orders")
    assert len(frame) == 28
    assert (frame.low90 <= frame.low50).all()
    assert (frame.high50 <= frame.high90).all()
    assert frame.likely.is_monotonic_increasing
    assert tuple(frame.iloc[-1][["low90", "likely", "high90"]]) == told.range()


def earlier(held: int, n: int) -> pd.DataFrame:
    """A ledger of `n` campaigns whose 90 % and 50 % ranges held `held` times."""
    rows = []
    for number in range(n):
        head = ("2025-12-01", f"2025-0{number % 9 + 1}-01", f"past-{number}")
        value = 10.0 if number < held else 90.0
        rows.append((*head, "forecast", "orders", 2.0, 6.0, 10.0, 14.0, 20.0, np.nan))
        rows.append((*head, "outcome", "orders", *[np.nan] * 5, value))
    names = [
        "written_on",
        "starts_on",
        "campaign",
        "act",
        "figure",
        "low90",
        "low50",
        "likely",
        "high50",
        "high90",
        "value",
    ]
    frame = pd.DataFrame(rows, columns=names).reindex(columns=LEDGER_COLUMNS)
    return frame.astype({"written_on": "datetime64[us]", "starts_on": "datetime64[us]"})


@pytest.mark.parametrize(
    ("held", "n", "says"),
    [
        (0, 0, "not yet checked against your campaigns (0 so far)"),
        (2, 2, "Too few"),
        (8, 9, "in line"),
        (3, 9, "narrow"),
    ],
)
def test_earlier_forecasts_are_held_up(held: int, n: int, says: str) -> None:
    """The client reads how often ranges held, and what that record says, or that it says nothing yet."""
    book = replace(thin(), ledger=earlier(held, n)) if n else thin()
    found = goals.forecast(book)
    assert any(says in note.text for note in found.notes)
    if n:
        assert found.tables["goals.track_record"].frame["in90"].tolist() == [held]


def test_repeat_purchases_lower_the_orders_needed() -> None:
    """A told number of further orders is reckoned with beside the first order, never in place of it."""
    book = thin(client={"economics": {**ECONOMICS, "repeat_orders": [0.4, 0.6]}})
    found = goals.break_even(book).figures
    assert found["goals.orders_with_repeats"].value < found["goals.orders_per_creator"].value
    assert "goals.orders_with_repeats" not in goals.break_even(thin(client={"economics": ECONOMICS})).figures


def test_repeat_purchases_are_read_from_two_years_of_orders() -> None:
    """New buyers of the second year, followed for a year each; a shorter history says nothing."""
    days = pd.date_range("2023-01-01", periods=80, freq="D")
    old = pd.DataFrame({"customer": [f"old{i}" for i in range(80)], "ordered_at": days})
    new = pd.DataFrame(
        {"customer": [f"new{i}" for i in range(80)], "ordered_at": days + pd.Timedelta(days=400)}
    )
    again = new.iloc[:40].assign(ordered_at=new.ordered_at.iloc[:40] + pd.Timedelta(days=90))
    orders = pd.concat([old, new, again], ignore_index=True)
    orders = orders.assign(order_id=[f"#{i}" for i in range(len(orders))], total=50.0)
    told = repeat_orders(thin(tables={"creators": creators(), "orders": orders}))
    assert told is not None
    assert told.likely == pytest.approx(0.5)
    assert repeat_orders(thin(tables={"creators": creators(), "orders": orders[:80]})) is None


def test_gifts_cost_what_they_cost() -> None:
    """Product and hours of all gifts are shared among the few who post."""
    listed = creators(10, fee=0.0, gift_cost=30.0, hours=2.0)
    book = thin(tables={"creators": listed}, client={"economics": {"hourly_rate": 40}})
    frame = goals.gifts(book).tables["goals.gifts"].frame.set_index("what")
    people = int(goals.gifts(book).tables["goals.gifts"].columns["what"].label.split()[0])
    assert frame.low["Together"] == people * (30 + 80)
    assert frame.high["For each creator who posts"] == pytest.approx(110 / 0.2)


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("hashtag #slowfashion", "Hashtags and places"),
        ("tagged by a competitor", "Competitors' posts and tags"),
        ("agency list", "Databases and agencies"),
        ("social listening", "Who speaks of you already"),
        ("carrier pigeon", "elsewhere"),
        (None, "not said"),
    ],
)
def test_places_are_told_apart(source: str | None, place: str) -> None:
    """The words of the list lead to one of four places, or say that they do not."""
    assert place_of(source) == place


def test_groups_of_the_plan_are_compared() -> None:
    """Sizes two by two with what they could show; weeks are no answer where creators differ."""
    frame = goals.comparisons(thin(client={"economics": ECONOMICS})).tables["goals.comparisons"].frame
    assert frame.what.str.startswith("size:").any()
    assert (frame.apart.dropna() > 1).all()
    assert frame.weeks.isna().all()


def test_a_step_nobody_serves_is_said() -> None:
    """An empty step of the campaign's own goal is named as a gap."""
    found = goals.journey(thin(campaign={"goal": "content"}))
    assert any("shows it to others" in note.text for note in found.notes)
    served = goals.journey(thin(campaign={"goal": "content", "rights": "all channels for a year"}))
    assert not served.notes


def test_who_declined_is_on_no_buyers_way() -> None:
    """Nobody is found, or leads to a purchase, who takes no part; a code on any account of a person is theirs."""
    listed = creators(
        4,
        creator=["Ada", "Ada", "Bo", "Cy"],
        code=["ADA10", None, "BO10", " "],
        status=[None, None, "declined", None],
        source="customer",
    )
    book = make_book({"creators": listed}, stage="plan", as_of=BEFORE)
    places = goals.found(book).tables["goals.found"].frame
    assert places.creators.sum() == 3
    buys = next(step["step"] for step in pack("goals")["journey"]["steps"] if step["takes"] == "with_code")
    table = goals.journey(book).tables["goals.journey"].frame.set_index("step")
    assert table.loc[buys, "creators"] == 1


@pytest.mark.parametrize("goal", ["sales", "awareness", "content", "community"])
@pytest.mark.parametrize(
    "step", [goals.break_even, goals.forecast, goals.gifts, goals.fan, tiers.mixes, tiers.recommendation]
)
def test_nothing_known_of_anybody_is_no_crash(step: Any, goal: str) -> None:
    """Accounts without followers, and rates that may be nothing, leave a figure out instead of failing."""
    rates = {key: [0.0, 0.0] for key in ("gifted_post_rate", "conversion_rate", "click_rate")}
    book = thin(
        tables={"creators": creators(followers=np.nan, fee=0.0, gift_cost=30.0)},
        client={"economics": ECONOMICS},
        campaign={"goal": goal, "assumptions": rates},
    )
    assert step(book).items


def test_gifts_of_unknown_cost_do_not_cost_nothing() -> None:
    """Where no gift has a cost, and perhaps nobody posts, the sums are missing, not 0."""
    listed = creators(10, fee=0.0)
    frame = goals.gifts(thin(tables={"creators": listed})).tables["goals.gifts"].frame.set_index("what")
    assert frame.loc[["Gifts with shipping", "Together", "For each creator who posts"]].isna().all(axis=None)


def test_without_a_list_the_budget_is_paid_back_by_all_together() -> None:
    """While nobody is on the list, no single creator has to pay the whole budget back."""
    book = make_book(stage="plan", as_of=BEFORE, client={"economics": ECONOMICS})
    shown = goals.break_even(book)
    assert "each creator" not in text(shown, "plan.has_to_be_true")
    assert shown.figures["goals.orders_per_creator"].value is None


def test_followers_stand_for_views_but_not_for_response() -> None:
    """Without figures the largest are seen most; who gets most response is not known, which is not nobody."""

    def served(**columns: Any) -> pd.DataFrame:
        shown = goals.journey(thin(tables={"creators": creators(**columns)}))
        return shown.tables["goals.journey"].frame

    rows = served()
    assert rows.creators.iloc[0] == 4
    assert rows.who.str.startswith("not known").sum() == 1
    assert served(followers=np.nan).who.str.startswith("not known").sum() == 2


@pytest.mark.parametrize("rights", ["no", "not agreed yet", "asked for", ""])
def test_rights_that_are_not_agreed_serve_nobody(rights: str) -> None:
    """“no” in the campaign file is an answer, not a right."""
    assert goals.journey(thin(campaign={"goal": "content", "rights": rights})).notes
