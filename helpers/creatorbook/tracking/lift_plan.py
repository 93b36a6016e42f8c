"""Lift, designed before launch: which comparison the client's files allow, and how large a lift it could find.

Orders with a code or a click show who was involved in a sale, not what would have been sold anyway. Only a
group that does not meet the campaign shows that, and it has to be chosen before the first post.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.campaign.lift_designs import (
    BEFORE_DURING,
    Design,
    baseline,
    campaign_days,
    designs,
    smallest_in_results,
)
from creatorbook.client import Range
from creatorbook.client.campaign_records import Baseline, LiftPlan
from creatorbook.finance.economics import orders_needed, unit_economics
from creatorbook.findings import Column, Figure, Findings, Note, Table
from creatorbook.memo import per_book
from creatorbook.packs import pack
from creatorbook.stats import lift_power
from creatorbook.stats.lift_effect import LEVEL

if TYPE_CHECKING:
    from creatorbook.book import Book

NONE = "none"


@dataclass(frozen=True)
class Choice:
    """Which design is recommended, `none` included, and why."""

    id: str
    reason: str


def lift_plan(book: Book) -> Findings:
    """Which comparison would show the campaign's lift, each with the smallest lift it could find.

    Columns of `tracking.lift_designs`: design, whether it can be had, smallest lift found in four of five
    campaigns (a share of the group's usual orders) with its range, extra orders the whole campaign has to bring for
    that, what to know.
    Source of the power: `stats.lift_power`.
    """
    if book.lift is not None:
        return _stored(book, book.lift)
    if book.stage != "plan":
        text = "No comparison was stored before launch, so none is claimed: sales are told by code, link and survey."
        return Findings("tracking", (Note(text, "unknown"),), book.formats)
    told, choice = designs(book), chosen(book)
    items: list[Any] = [Note(_recommendation(book, choice)), _baseline_note(book)]
    best = next((design for design in told if design.id == choice.id), None)
    if best is not None:
        items.append(_smallest_figure(best))
    items.append(_table(book, told))
    text = (
        "Smallest lift: found in 80 % of campaigns by a two-sided test at 5 %, with the spread of orders as in the "
        "client's own days before launch. Held to 2,000 simulated campaigns per design."
    )
    if best is not None and (strict := smallest_in_results(book, best)) is not None:
        text += f" The results also allow for groups that go their own ways: they would find {book.formats.percent(strict)} or more."
    items.append(Note(text, "method"))
    if best is not None:
        todo = "Store the comparison before launch (creatorbook preflight … --store-lift): chosen afterwards it proves nothing."
        due = max(book.campaign.start - timedelta(days=1), book.as_of)
        items.append(Note(todo, "todo", owner="us", due=due))
    return Findings("tracking", tuple(items), book.formats)


@per_book
def chosen(book: Book) -> Choice:
    """The design that sees a campaign with the fewest extra orders, if it is worth its trouble; else none, and why."""
    possible = [one for one in designs(book) if one.id != BEFORE_DURING and not one.lacking]
    if not possible:
        reasons = {one.lacking for one in designs(book) if one.id != BEFORE_DURING}
        told = next(iter(reasons)) if len(reasons) == 1 else "each design lacks something, named in the table"
        return Choice(NONE, told)
    found = [one for one in possible if one.needed is not None]
    if not found:
        return Choice(NONE, "too few orders: not even a lift of twenty times would stand out")
    payback = _payback(book)
    best = min(found, key=lambda one: one.needed or 0.0)
    told = book.formats.number(best.needed)
    title = pack("lift")["designs"][best.id]["title"]
    if payback is None:
        if (best.lift or 0) <= pack("lift")["largest_lift"]:
            return Choice(best.id, f"it takes the fewest extra orders to be seen ({told})")
        lift = book.formats.percent(best.lift)
        return Choice(NONE, f"the best of them, {title}, could only find a lift of {lift} or more")
    needed = book.formats.number(payback.likely)
    if (best.needed or 0) <= pack("lift")["times_payback"] * payback.likely:
        return Choice(best.id, f"{told} extra orders would be seen, and {needed} pay the budget back")
    text = f"the best of them, {title}, sees {told} extra orders or more, and {needed} would pay the budget back already"
    return Choice(NONE, text)


def planned(book: Book, on: date, by: str = "") -> LiftPlan:
    """The recommended design as it is stored: groups, days, baseline, expected counts and smallest lift."""
    window = baseline(book)
    choice = chosen(book)
    start = book.campaign.start
    days = window or Baseline(starts_on=start - timedelta(days=1), ends_on=start - timedelta(days=1))
    design = next((one for one in designs(book) if one.id == choice.id), Design(NONE))
    told = design.comparison
    length = design.days or campaign_days(book)
    return LiftPlan(
        written_on=on,
        by=by,
        design=choice.id,
        reason=choice.reason,
        baseline=days.model_copy(update={"left_out": []}) if told and told.control is not None else days,
        starts_on=start,
        ends_on=start + timedelta(days=length - 1),
        treated=list(design.treated),
        untouched=list(design.untouched),
        unit=design.unit,
        treated_per_unit=_rounded(told.treated if told else None),
        untouched_per_unit=_rounded(told.control if told else None),
        dispersion=_rounded(design.spread[1] if design.spread else None, 5),
        smallest_lift=_rounded(design.lift),
        smallest_lift_range=[round(one, 4) for one in design.smallest[::2] if one is not None],
        budget=book.campaign.budget,
        level=LEVEL,
        power=lift_power.POWER,
    )


def _payback(book: Book) -> Range | None:
    """Orders that pay the budget back, where the margin is known."""
    return orders_needed(book.campaign.budget, unit_economics(book))


def _rounded(value: float | None, digits: int = 4) -> float | None:
    return None if value is None else round(value, digits)


def _recommendation(book: Book, choice: Choice) -> str:
    if choice.id == NONE:
        return f"No comparison is recommended: {choice.reason}. Sales are then told by code, link and survey, without a claim about lift."
    told = pack("lift")["designs"][choice.id]
    title = told["title"]
    return f"We recommend a {title}: {choice.reason}. {told['what']}"


def _baseline_note(book: Book) -> Note:
    window = baseline(book)
    if window is None:
        wanted = pack("lift")["shortest_baseline_days"]
        text = f"There is no baseline yet: orders of {wanted} days before launch make one. The shop's order export has them."
        return Note(text, "unknown", owner="shop admin")
    told = book.formats
    text = f"The baseline is {told.day(window.starts_on)} to {told.day(window.ends_on)}."
    if window.left_out:
        count = len(window.left_out)
        text += f" {count} days of the shop's own promotions are in it; they cancel between groups and are left out where there is only one."
    return Note(text)


def _smallest_figure(design: Design) -> Figure:
    low, value, high = design.smallest
    told = design.comparison
    return Figure(
        key="tracking.smallest_lift",
        label="smallest lift this would find",
        value=value,
        unit="percent",
        grade="estimated",
        source=f"orders before launch, {pack('lift')['designs'][design.id]['title']}",
        low=low if high is not None else None,
        high=high,
        n=told.before if told else None,
        note="of the usual orders in the group that meets the campaign",
        headline=False,
    )


def _table(book: Book, told: list[Design]) -> Table:
    rules = pack("lift")
    named = {**rules["designs"], BEFORE_DURING: rules["before_during"]}
    frame = pd.DataFrame(
        {
            "design": [named[one.id]["title"] for one in told],
            "state": [_state(one) for one in told],
            "lift": [one.lift for one in told],
            "low": [one.smallest[0] for one in told],
            "high": [one.smallest[2] for one in told],
            "needed": [one.needed for one in told],
            "watch": [named[one.id]["watch"] for one in told],
        }
    ).astype(dict.fromkeys(("lift", "low", "high", "needed"), "float64"))
    columns = {
        "design": Column("design"),
        "state": Column("can it be had?"),
        "lift": Column("smallest lift it finds", "percent", grade="estimated", missing="–"),
        "low": Column("at the least", "percent", grade="estimated", missing="–"),
        "high": Column("at the most", "percent", grade="estimated", missing="–"),
        "needed": Column("extra orders the campaign has to bring", "number", grade="estimated", missing="–"),
        "watch": Column("what to know"),
    }
    payback = _payback(book)
    note = "" if payback is None else f"{book.formats.number(payback.likely)} orders pay the budget back."
    return Table("tracking.lift_designs", "Ways to measure the lift", frame, columns, note=note)


def _state(design: Design) -> str:
    if design.lacking:
        return f"no: {design.lacking}"
    if design.lift is None:
        return "no: too few orders for any lift"
    if design.id == BEFORE_DURING:
        return "yes, but no measure of lift"
    sides = f"{len(design.treated)} against {len(design.untouched)}"
    return f"yes: {sides}, {design.days} days"


def _stored(book: Book, plan: LiftPlan) -> Findings:
    """The plan as it was stored before launch."""
    told, rules = book.formats, pack("lift")
    by = f" by {plan.by}" if plan.by else ""
    when = f"Stored on {told.day(plan.written_on)}{by}, before launch"
    if plan.design == NONE:
        return Findings("tracking", (Note(f"{when}: no comparison, because {plan.reason}."),), told)
    design = rules["designs"].get(plan.design, {"title": plan.design, "what": "", "watch": ""})
    text = f"{when}: {design['title']}, {told.day(plan.starts_on)} to {told.day(plan.ends_on)}, because {plan.reason}."
    window = f"The baseline is {told.day(plan.baseline.starts_on)} to {told.day(plan.baseline.ends_on)}."
    low, high = plan.smallest_lift_range if len(plan.smallest_lift_range) == 2 else (None, None)
    items: list[Any] = [
        Note(text),
        Note(window),
        Figure(
            "tracking.smallest_lift",
            "smallest lift this would find",
            plan.smallest_lift,
            "percent",
            "estimated",
            "lift plan stored before launch",
            low=low,
            high=high,
            headline=False,
        ),
        _groups_table(plan),
    ]
    if design["watch"]:
        items.append(Note(design["watch"], "caution"))
    return Findings("tracking", tuple(items), told)


def _groups_table(plan: LiftPlan) -> Table:
    frame = pd.DataFrame(
        [("meets the campaign", name) for name in plan.treated]
        + [("does not", name) for name in plan.untouched],
        columns=["side", "name"],
    )
    columns = {"side": Column("in these days"), "name": Column("product, market, store or region")}
    return Table("tracking.lift_groups", "Who meets the campaign", frame, columns, rows=8)
