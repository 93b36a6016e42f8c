"""The budget mix at depth: plans from cheap to bold, why each creator is in or out, and how firm that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from creatorbook.campaign.lead import who_settles
from creatorbook.findings import (
    Capital,
    Chart,
    Column,
    Count,
    Findings,
    Money,
    Note,
    Share,
    Table,
    Text,
    Wording,
    charts,
    joined,
    say,
    say_many,
    sentences,
    written,
)
from creatorbook.planning import mix_checks
from creatorbook.planning.candidates import candidates
from creatorbook.planning.mix import (
    AgainstHabit,
    Plan,
    Setting,
    against_habits,
    best,
    frontier,
    plan_of,
    setting,
)
from creatorbook.planning.offers import offers
from creatorbook.planning.plans import WAY_WORDS, WAYS, three_ways
from creatorbook.stats.allocation import over_draws
from creatorbook.tiers.by_size import before_a_list
from creatorbook.tiers.sizes import STEP

if TYPE_CHECKING:
    from creatorbook.book import Book

#: stage → what a plan brings, within a sentence
BRINGS = {
    "contribution": say("left after campaign costs"),
    "orders": say("orders"),
    "views": say("times seen"),
    "pieces": say("pieces that appear"),
    "answers": say("likes and comments"),
}


def budget_mix(book: Book) -> Findings:
    """Plans that nothing beats in both average and bad case, beside the three ways and three plain habits."""
    here, chosen = _setting_and_best(book)
    if here is None or chosen is None:
        return Findings(STEP, _nothing(book), book.formats)
    plans = [("Nothing beats it", one) for one in frontier(here)]
    plans += [("First page", one) for one in _ways(book, here)]
    habits = against_habits(here, chosen)
    plans += [("Plain habit", one.plan) for one in habits]
    items = (
        Note(_lead(here, chosen)),
        _plans_table(here, plans),
        _plans_chart(book, here, plans),
        Note(_against_habits(habits)),
        Note(_how(here), "method"),
    )
    return Findings(STEP, items, book.formats)


def mix_reasons(book: Book) -> Findings:
    """Per creator: in or out, why, at which price that would change, and how often it stays so under wrong inputs."""
    here, chosen = _setting_and_best(book)
    if here is None or chosen is None:
        return Findings(STEP, _nothing(book), book.formats)
    reasons = mix_checks.reasons(here, chosen)
    people = reasons.frame.assign(state=reasons.frame.packages.gt(0).map({True: "in", False: "out"}))
    people["funded"] = _funded(here)
    unit = "money" if here.draws.money else "number"
    columns = {
        "creator": Column("Creator"),
        "tier": Column("Size"),
        "cost": Column("Price", "money", grade="counted"),
        "per_money": Column("Brings for 1 spent", "number", 2 if here.draws.money else 3, grade="assumed"),
        "state": Column("In or out"),
        "why": Column("Why"),
        "enters_at": Column("Would be in at", "money", grade="assumed", missing="–"),
        "kept": Column("Stays so if inputs are a fifth wrong", "percent", grade="estimated"),
        "funded": Column("In, over all outcomes", "percent", grade="estimated"),
    }
    order = people.sort_values(
        ["state", "per_money"], ascending=[True, False], na_position="last", kind="stable"
    )
    shown = Table(f"{STEP}.why", "Why each creator is in or out", order, columns, rows=12)
    items: list[Any] = [
        Note(_at_the_margin(here, reasons.price)),
        shown,
        _raised(here),
        _steps(here, chosen, unit),
    ]
    return Findings(STEP, tuple(item for item in items if item), book.formats)


def mix_firmness(book: Book) -> Findings:
    """What the plan loses if inputs are a fifth wrong, and who would change places."""
    here, chosen = _setting_and_best(book)
    if here is None or chosen is None:
        return Findings(STEP, _nothing(book), book.formats)
    robust = mix_checks.robustness(here, chosen)
    columns = {
        "what": Column("If this were so"),
        "stays": Column("of the plan's people would stay", "percent", grade="estimated"),
        "loses": Column("Keeping the plan would lose", "percent", grade="estimated"),
    }
    text = say(
        "With every creator's figure up to a fifth wrong, the plan keeps {stays} of its people on average and loses "
        "{loses} of what one could have had.",
        stays=Share(robust.average.stays),
        loses=Share(robust.average.loses),
    )
    note = say("Lost: share of what the best plan would bring with the right figure.")
    title = say("What a fifth more or less in the inputs would change")
    return Findings(
        STEP, (Note(text), Table(f"{STEP}.firmness", title, robust.cases, columns, note=note)), book.formats
    )


def _setting_and_best(book: Book) -> tuple[Setting | None, Plan | None]:
    here = setting(book) if book.stage == "plan" else None
    return here, None if here is None else best(here)


def _nothing(book: Book) -> tuple[Any, ...]:
    """A note where no mix can be worked out, and what would settle it."""
    if book.stage != "plan":
        return () if book.mode == "report" else (Note("How to spend the budget was decided before launch."),)
    if candidates(book).empty:
        return before_a_list(book)
    clash = mix_checks.clashes(book)
    if clash:
        return (clash_note(book, clash),)
    text = say(
        "Nothing says what each creator would bring: typical views of half of the list settle it; the creators have "
        "them. Until then the three ways go by cost, concentration and hours."
    )
    return (Note(text, "unknown", owner=who_settles(book)),)


def clash_note(book: Book, clash: list[Text]) -> Note:
    """The limits that clash, each with its number; loosening any one of them is enough."""
    return Note(
        say(
            "No plan keeps all limits: {limits}. Loosening one of these is enough.",
            limits=joined(clash, by="; "),
        ),
        "todo",
        owner=who_settles(book),
    )


def _ways(book: Book, here: Setting) -> list[Plan]:
    """Careful, middle and bold of the first page, over the same outcomes."""
    offered, plans = here.offered, []
    number = {creator: row for row, creator in enumerate(offered.people.creator)}
    for way, mix in three_ways(book).items():
        rows = [(number[row.creator], int(row.packages)) for row in mix.people.itertuples()]
        items = [int(np.flatnonzero((offered.person == who) & (offered.number == n))[0]) for who, n in rows]
        name = say("{way}: {part} of the money", way=WAY_WORDS[way], part=Share(WAYS[way][0]))
        plans.append(plan_of(here, name, items, WAY_WORDS[way]))
    return plans


def _plans_table(here: Setting, plans: list[tuple[str, Plan]]) -> Table:
    """Every plan with its cost, its average and its bad case."""
    money = here.draws.money
    unit = "money" if money else "number"
    rows = [
        {
            "kind": kind,
            "name": one.name,
            "creators": float(one.people),
            "cost": one.cost,
            "share": one.share,
            "expected": one.expected,
            "bad": one.bad,
        }
        for kind, one in plans
    ]
    head = Capital(BRINGS[here.draws.stage])
    columns = {
        "kind": Column("Plan"),
        "name": Column("How it spends"),
        "creators": Column("Creators", "number"),
        "cost": Column("For creators", "money"),
        "share": Column("On one person", "percent"),
        "expected": Column(say("{figure}, on average", figure=head), unit, grade="assumed"),
        "bad": Column(say("{figure}, bad case", figure=head), unit, grade="assumed"),
    }
    return Table(f"{STEP}.mix", "Average against bad case", pd.DataFrame(rows), columns)


def _plans_chart(book: Book, here: Setting, plans: list[tuple[str, Plan]]) -> Chart:
    """Every plan as a dot: average against bad case."""
    dots = pd.DataFrame(
        {
            "bad": [one.bad for _, one in plans],
            "expected": [one.expected for _, one in plans],
            "name": [written(one.short, book.formats) for _, one in plans],
            "marked": [kind != "Nothing beats it" for kind, _ in plans],
        }
    )
    unit = "money" if here.draws.money else "number"
    head = BRINGS[here.draws.stage]
    picture = charts.scatter(
        dots,
        x="bad",
        y="expected",
        unit_x=unit,
        unit_y=unit,
        formats=book.formats,
        xlabel=say("{figure}, bad case", figure=head).write(book.formats),
        ylabel=say("on average").write(book.formats),
        label="name",
        highlight="marked",
    )
    alt = say(
        "{n} plans as dots, {figure} on average against the bad case: {best} that nothing beats, and with names the "
        "three ways and the plain habits.",
        n=len(dots),
        figure=head,
        best=int((~dots.marked).sum()),
    )
    return Chart(f"{STEP}.mix_chart", "Every plan: what it brings, and how bad it can get", alt, picture)


def _lead(here: Setting, chosen: Plan) -> Wording:
    """What the plan that brings most comes to; a loss is said as one."""
    people, cost = chosen.people, Money(chosen.cost)
    if not here.draws.money:
        return say_many(
            "{n} creator for {cost} brings most for the whole budget, as far as is known.",
            "{n} creators for {cost} bring most for the whole budget, as far as is known.",
            n=people,
            cost=cost,
        )
    if chosen.expected <= 0:
        return say_many(
            "As far as files and public figures say, no plan pays back on average: the best of them loses {loss} with "
            "{n} creator. So the first page says go only under its condition: proof of clicks and orders would show "
            "whether it holds; lower fees or fewer overheads would ease it.",
            "As far as files and public figures say, no plan pays back on average: the best of them loses {loss} with "
            "{n} creators. So the first page says go only under its condition: proof of clicks and orders would show "
            "whether it holds; lower fees or fewer overheads would ease it.",
            loss=Money(-chosen.expected),
            n=people,
        )
    return say_many(
        "{n} creator for {cost} leaves most on average, {left} after campaign costs; in the bad case {bad}.",
        "{n} creators for {cost} leave most on average, {left} after campaign costs; in the bad case {bad}.",
        n=people,
        cost=cost,
        left=Money(chosen.expected),
        bad=Money(chosen.bad),
    )


def _against_habits(habits: list[AgainstHabit]) -> Wording:
    """In how many of ten outcomes the plan that brings most beats each plain habit."""
    beaten = [
        say("“{habit}” in {n} of 10 outcomes", habit=one.words.within, n=Count(10 * one.beaten))
        for one in habits
    ]
    return say(
        "For the same money the plan that brings most beats {habits}; outcomes are drawn from the same inputs.",
        habits=joined(beaten),
    )


def _how(here: Setting) -> Wording:
    """How plans are chosen and compared, and what is known of overlapping audiences."""
    rules, pairs = here.offered.rules, here.offered.overlapping
    if rules.overlap:
        overlap = say(
            "Audiences on one platform are taken to overlap by {share}.", share=Share(rules.overlap.likely)
        )
    elif pairs:
        overlap = say_many(
            "{n} pair of overlapping audiences is taken off.",
            "{n} pairs of overlapping audiences are taken off.",
            n=len(pairs),
        )
    else:
        overlap = say(
            "Overlap of audiences is not known and not taken off; “overlap:” under “mix:” in the campaign file does."
        )
    return sentences(
        say(
            "Chosen exactly under all limits of the campaign file; outcomes: {n} draws of common inputs, of each "
            "creator's own luck and of chance.",
            n=here.draws.values.shape[1],
        ),
        overlap,
        say("Bad case: one campaign in twenty ends lower."),
    )


def _funded(here: Setting) -> np.ndarray:
    """Per person, in how many outcomes one would have wanted them, had one known; over 60 draws."""
    draws = here.draws.values[:, :60] / max(here.draws.each, 1e-12)
    split = over_draws(draws, here.offered.costs.tolist(), here.limits())
    count = np.zeros(len(here.offered.people))
    if split is not None:
        np.add.at(count, here.offered.person, split.funded)
    return count


def _at_the_margin(here: Setting, price: float) -> Wording:
    """What one more unit of budget brings (its shadow price)."""
    hundred = Money(100)
    if price <= 1e-9 and here.draws.money:
        return say(
            "Another {sum} of budget would bring nothing: everybody who pays back on these inputs is in.",
            sum=hundred,
        )
    if price <= 1e-9:
        return say(
            "Another {sum} of budget would bring nothing: everybody is in, or another limit holds.",
            sum=hundred,
        )
    figure = BRINGS[here.draws.stage]
    counted = say("{n} {figure}", n=Count(100 * price, 1), figure=figure)
    return say(
        "At the margin another {sum} of budget brings about {more}; it comes in steps, as whole creators do.",
        sum=hundred,
        more=Money(100 * price) if here.draws.money else counted,
    )


def _steps(here: Setting, chosen: Plan, unit: str) -> Table:
    """What a little less and a little more money would bring."""
    steps = mix_checks.budget_steps(here, chosen)
    steps["per_unit"] = 100 * steps.per_unit
    head = Capital(BRINGS[here.draws.stage])
    columns = {
        "money": Column("Money for creators", "money"),
        "cost": Column("Spent", "money"),
        "brings": Column(
            head if not here.draws.money else say("Left after creators' costs"), unit, grade="assumed"
        ),
        "per_unit": Column(
            say("Each further {sum} brought", sum=Money(100)), unit, 1, grade="assumed", missing="–"
        ),
        "joins": Column("Join", "number"),
        "leaves": Column("Drop out", "number"),
    }
    return Table(f"{STEP}.steps", "A little less, a little more money", steps, columns)


def _raised(here: Setting) -> Note | None:
    """How many prices are raised to the floor for fair pay."""
    raised = here.offered.people[here.offered.people.raised > 0]
    if raised.empty:
        return None
    text = say_many(
        "{n} price is raised to the client's floor for an hour of the creator's own work.",
        "{n} prices are raised to the client's floor for an hour of the creator's own work.",
        n=len(raised),
    )
    return Note(text, "caution")


def limits_clash(book: Book) -> Note | None:
    """The clash of the campaign's limits, if there is one."""
    clash = mix_checks.clashes(book) if len(offers(book).people) else []
    return clash_note(book, clash) if clash else None
