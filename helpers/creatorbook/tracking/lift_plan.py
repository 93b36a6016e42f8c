"""Lift, designed before launch: which comparison the client's files allow, and how large a lift it could find.

Orders with a code or a click show who was involved in a sale, not what would have been sold anyway. Only a
group that does not meet the campaign shows that, and it has to be chosen before the first post.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.campaign.lead import who_settles
from creatorbook.campaign.lift_designs import (
    BEFORE_DURING,
    Design,
    baseline,
    campaign_days,
    designs,
    rehearsal,
    smallest_in_results,
)
from creatorbook.client import Range
from creatorbook.client.campaign_records import Baseline, LiftPlan
from creatorbook.finance.economics import orders_needed, unit_economics
from creatorbook.findings import (
    Capital,
    Column,
    Count,
    Day,
    Figure,
    Findings,
    Note,
    Share,
    Table,
    Text,
    Wording,
    number_of,
    packed,
    say,
    say_many,
    sentences,
    written,
)
from creatorbook.memo import per_book
from creatorbook.packs import pack
from creatorbook.stats import lift_power
from creatorbook.stats.lift_effect import LEVEL
from creatorbook.tracking.launch_days import due_before

if TYPE_CHECKING:
    from creatorbook.book import Book

NONE = "none"


@dataclass(frozen=True)
class Choice:
    """Which design is recommended, `none` included, and why."""

    id: str
    reason: Text


def lift_plan(book: Book) -> Findings:
    """Which comparison would show the campaign's lift, each with the smallest lift it could find.

    Columns of `tracking.lift_designs`: design, whether it can be had, smallest lift found in four of five
    campaigns (minimum detectable effect, a share of the group's usual orders) with its range, extra orders the whole campaign has to bring for
    that, what to know.
    Source of the power: `stats.lift_power`.
    """
    if book.lift is not None:
        return _stored(book, book.lift)
    if book.stage != "plan":
        text = say(
            "No comparison was stored before launch, so extra sales cannot be told: sales stand by code, link and survey."
        )
        return Findings("tracking", (Note(text, "unknown"),), book.formats)
    choice = chosen(book)
    items: list[Any] = [
        Note(_recommendation(choice), slot="know.comparison", reader="client"),
        _baseline_note(book),
    ]
    best = next((design for design in designs(book) if design.id == choice.id), None)
    if best is not None:
        items.append(_smallest_figure(best))
    items += [_table(book), _method_note(book, best)]
    if best is not None:
        todo = say(
            "Store the comparison before launch (python3 workbook.py ready … --store-lift): chosen afterwards it proves "
            "nothing."
        )
        items.append(Note(todo, "todo", owner=who_settles(book), due=due_before(book, 1)))
    return Findings("tracking", tuple(items), book.formats)


@per_book
def chosen(book: Book) -> Choice:
    """The design that sees a campaign with the fewest extra orders, if it is worth its trouble; else none, and why."""
    possible = [one for one in designs(book) if one.id != BEFORE_DURING and not one.lacking]
    if not possible:
        reasons = [one.lacking for one in designs(book) if one.id != BEFORE_DURING]
        if all(reason == reasons[0] for reason in reasons):
            return Choice(NONE, reasons[0])
        return Choice(NONE, say("each design lacks something, named in the table"))
    measurable = [one for one in possible if one.needed is not None]
    if not measurable:
        return Choice(NONE, say("too few orders: not even twenty times the usual sales would stand out"))
    measurable.sort(key=lambda one: one.needed or 0.0)
    able = next((one for one in measurable if _never_tells(book, one) is None), None)
    return Choice(NONE, _never_tells(book, measurable[0]) or "") if able is None else _judged(book, able)


def _never_tells(book: Book, design: Design) -> Wording | None:
    """That the results' test would miss a doubling, by its run on the days before launch; `None` where it would not.

    Days before launch alone can be too few to be judged by dates; with those of the comparison they may be enough.
    """
    effect = rehearsal(book, design)
    if effect is None or effect.trouble == "few_dates" or not effect.never_tells:
        return None
    return say(
        "this comparison can never tell: on the days before launch the results' test would have missed twice the "
        "sales (the smallest chance it can give is {finest}, and {level} is asked)",
        finest=Share(effect.finest),
        level=Share(effect.level),
    )


def _judged(book: Book, best: Design) -> Choice:
    """The best design if it is worth its trouble, measured by the orders that pay the budget back; else none."""
    rules, payback, extra = pack("lift"), _payback(book), Count(best.needed or 0.0)
    title = packed(rules["designs"][best.id]["title"])
    if payback is None:
        if (best.lift or 0) <= rules["largest_lift"]:
            return Choice(
                best.id, say("it takes the fewest extra orders to be seen ({orders})", orders=extra)
            )
        text = say(
            "the best of them, {design}, could only find extra sales of {lift} or more",
            design=title,
            lift=Share(best.lift),
        )
        return Choice(NONE, text)
    needed = Count(payback.likely)
    if (best.needed or 0) <= rules["times_payback"] * payback.likely:
        text = say_many(
            "{n} extra order would be seen, and {needed}",
            "{n} extra orders would be seen, and {needed}",
            n=extra,
            needed=say_many("{n} pays the budget back", "{n} pay the budget back", n=needed),
        )
        return Choice(best.id, text)
    text = say_many(
        "the best of them, {design}, sees {n} extra order or more, and {needed} would pay the budget back already",
        "the best of them, {design}, sees {n} extra orders or more, and {needed} would pay the budget back already",
        design=title,
        n=extra,
        needed=needed,
    )
    return Choice(NONE, text)


def planned(book: Book, on: date, by: str = "") -> LiftPlan:
    """The recommended design as it is stored: groups, days, baseline, expected counts and smallest lift."""
    window = baseline(book)
    choice = chosen(book)
    start = book.campaign.start
    days = window or Baseline(starts_on=start - timedelta(days=1), ends_on=start - timedelta(days=1))
    design = next((one for one in designs(book) if one.id == choice.id), Design(NONE))
    comparison = design.comparison
    length = design.days or campaign_days(book)
    return LiftPlan(
        written_on=on,
        by=by,
        design=choice.id,
        reason=written(choice.reason, book.formats),
        baseline=days.model_copy(update={"left_out": []})
        if comparison and comparison.control is not None
        else days,
        starts_on=start,
        ends_on=start + timedelta(days=length - 1),
        treated=list(design.treated),
        untouched=list(design.untouched),
        blocks=[list(block) for block in design.blocks],
        unit=design.unit,
        treated_per_unit=_rounded(comparison.treated if comparison else None),
        untouched_per_unit=_rounded(comparison.control if comparison else None),
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


def _method_note(book: Book, best: Design | None) -> Note:
    strict = None if best is None else smallest_in_results(book, best)
    text = sentences(
        say(
            "Smallest extra sales: found in 80% of campaigns by a two-sided test at 5%, with the spread of orders as in "
            "the client's own days before launch."
        ),
        say("Held to 2,000 simulated campaigns per design."),
        None
        if strict is None
        else say(
            "The results also allow for groups that go their own ways: they would find {lift} or more.",
            lift=Share(strict),
        ),
    )
    return Note(text, "method")


def _recommendation(choice: Choice) -> Wording:
    if choice.id == NONE:
        return sentences(
            say("No comparison is recommended: {reason}.", reason=choice.reason),
            say("Sales are then told by code, link and survey; how many of them are extra cannot be said."),
        )
    design = pack("lift")["designs"][choice.id]
    first = say("We recommend a {design}: {reason}.", design=packed(design["title"]), reason=choice.reason)
    return sentences(first, packed(design["what"]))


def _baseline_note(book: Book) -> Note:
    window = baseline(book)
    if window is None:
        wanted = pack("lift")["shortest_baseline_days"]
        text = sentences(
            say("There is no baseline yet: orders of {n} days before launch make one.", n=wanted),
            say("The shop's order export has them."),
        )
        return Note(text, "unknown", owner="shop admin")
    promotions = say_many(
        "{n} day of the shop's own promotions is in it; it cancels between groups and is left out where there is only one.",
        "{n} days of the shop's own promotions are in it; they cancel between groups and are left out where there "
        "is only one.",
        n=len(window.left_out),
    )
    return Note(sentences(_baseline_text(window), promotions if window.left_out else None))


def _baseline_text(window: Baseline) -> Wording:
    return say("The baseline is {first} to {last}.", first=Day(window.starts_on), last=Day(window.ends_on))


def _smallest_figure(design: Design) -> Figure:
    low, value, high = design.smallest
    title = packed(pack("lift")["designs"][design.id]["title"])
    return Figure(
        key="tracking.smallest_lift",
        label="smallest extra sales this would find",
        value=value,
        unit="percent",
        grade="estimated",
        source=say("orders before launch, {design}", design=title),
        low=low if high is not None else None,
        high=high,
        n=design.comparison.before if design.comparison else None,
        note="of the usual orders in the group that meets the campaign",
        headline=False,
    )


def _table(book: Book) -> Table:
    rules, every = pack("lift"), designs(book)
    texts = {**rules["designs"], BEFORE_DURING: rules["before_during"]}
    frame = pd.DataFrame(
        {
            "design": [packed(texts[one.id]["title"]) for one in every],
            "state": [_state(one) for one in every],
            "lift": [one.lift for one in every],
            "low": [one.smallest[0] for one in every],
            "high": [one.smallest[2] for one in every],
            "needed": [one.needed for one in every],
            "watch": [packed(texts[one.id]["watch"]) for one in every],
        }
    ).astype(dict.fromkeys(("lift", "low", "high", "needed"), "float64"))
    columns = {
        "design": Column("design"),
        "state": Column("can it be had?"),
        "lift": Column("smallest extra sales it finds", "percent", grade="estimated", missing="–"),
        "low": Column("at the least", "percent", grade="estimated", missing="–"),
        "high": Column("at the most", "percent", grade="estimated", missing="–"),
        "needed": Column("extra orders the campaign has to bring", "number", grade="estimated", missing="–"),
        "watch": Column("what to know"),
    }
    payback = _payback(book)
    note: Text = ""
    if payback is not None:
        note = say_many(
            "{n} order pays the budget back.", "{n} orders pay the budget back.", n=Count(payback.likely)
        )
    return Table("tracking.lift_designs", "Ways to measure extra sales", frame, columns, note=note)


def _state(design: Design) -> Wording:
    if design.lacking:
        return say("no: {reason}", reason=design.lacking)
    if design.lift is None:
        return say("no: too few orders to see extra sales")
    if design.id == BEFORE_DURING:
        return say("yes, but no measure of extra sales")
    return say(
        "yes: {treated} against {untouched}, {days}",
        treated=len(design.treated),
        untouched=len(design.untouched),
        days=number_of("day", design.days),
    )


def _stored(book: Book, plan: LiftPlan) -> Findings:
    """The plan as it was stored before launch."""
    if book.lift_fault:
        note = Note(say("{fault}.", fault=Capital(book.lift_fault)), "caution", owner=who_settles(book))
        return Findings("tracking", (note, _groups_table(plan)), book.formats)
    when = say("Stored on {day}, before launch", day=Day(plan.written_on))
    if plan.by:
        when = say("Stored on {day} by {person}, before launch", day=Day(plan.written_on), person=plan.by)
    if plan.design == NONE:
        text = say("{stored}: no comparison, because {reason}.", stored=when, reason=plan.reason)
        return Findings("tracking", (Note(text),), book.formats)
    design = pack("lift")["designs"].get(plan.design, {"title": plan.design, "what": "", "watch": ""})
    text = say(
        "{stored}: {design}, {first} to {last}, because {reason}.",
        stored=when,
        design=packed(design["title"]),
        first=Day(plan.starts_on),
        last=Day(plan.ends_on),
        reason=plan.reason,
    )
    low, high = plan.smallest_lift_range if len(plan.smallest_lift_range) == 2 else (None, None)
    items: list[Any] = [
        Note(text),
        Note(_baseline_text(plan.baseline)),
        Figure(
            "tracking.smallest_lift",
            "smallest extra sales this would find",
            plan.smallest_lift,
            "percent",
            "estimated",
            say("comparison stored before launch"),
            low=low,
            high=high,
            headline=False,
        ),
        _groups_table(plan),
    ]
    days = (plan.ends_on - plan.starts_on).days + 1
    blocks = tuple(tuple(block) for block in plan.blocks)
    stored = Design(plan.design, tuple(plan.treated), tuple(plan.untouched), days=days, blocks=blocks)
    if (reason := _never_tells(book, stored)) is not None:
        items.append(Note(sentences(say("{reason}.", reason=Capital(reason))), "caution"))
    if design["watch"]:
        items.append(Note(packed(design["watch"]), "caution"))
    return Findings("tracking", tuple(items), book.formats)


def _groups_table(plan: LiftPlan) -> Table:
    frame = pd.DataFrame(
        [(say("meets the campaign"), name) for name in plan.treated]
        + [(say("does not"), name) for name in plan.untouched],
        columns=["side", "name"],
    )
    columns = {"side": Column("in these days"), "name": Column("product, market, store or region")}
    return Table("tracking.lift_groups", "Who meets the campaign", frame, columns, rows=8)
