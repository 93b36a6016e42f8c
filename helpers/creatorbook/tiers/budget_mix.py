"""The budget mix at depth: plans from cheap to bold, why each creator is in or out, and how firm that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from creatorbook import charts
from creatorbook.findings import Chart, Column, Findings, Note, Table
from creatorbook.planning import mix_checks
from creatorbook.planning.candidates import candidates
from creatorbook.planning.mix import Plan, Setting, against_habits, best, frontier, plan, setting
from creatorbook.planning.offers import offers
from creatorbook.planning.plans import WAYS
from creatorbook.planning.plans import mixes as three_ways
from creatorbook.stats.allocation import over_draws
from creatorbook.tiers.by_size import before_a_list
from creatorbook.tiers.sizes import STEP

if TYPE_CHECKING:
    from creatorbook.book import Book

#: stage → how what a plan brings is headed
BRINGS = {
    "contribution": "Left after campaign costs",
    "orders": "Orders",
    "views": "Times seen",
    "pieces": "Pieces that appear",
    "answers": "Likes and comments",
}


def budget_mix(book: Book) -> Findings:
    """Plans that nothing beats in both average and bad case, beside the three ways and three plain habits."""
    here, mine = _known(book)
    if here is None or mine is None:
        return Findings(STEP, _nothing(book), book.formats)
    plans = [("Nothing beats it", one) for one in frontier(here)]
    plans += [("First page", one) for one in _ways(book, here)]
    plans += [("Plain habit", one) for one, _ in against_habits(here, mine)]
    items = (
        Note(_lead(book, here, mine)),
        _plans_table(here, plans),
        _plans_chart(book, here, plans),
        Note(_habits_told(book, here, mine)),
        Note(_how(book, here), "method"),
    )
    return Findings(STEP, items, book.formats)


def mix_reasons(book: Book) -> Findings:
    """Per creator: in or out, why, at which price that would change, and how often it stays so under wrong inputs."""
    here, mine = _known(book)
    if here is None or mine is None:
        return Findings(STEP, _nothing(book), book.formats)
    told = mix_checks.reasons(here, mine)
    frame = told.frame.assign(state=told.frame.packages.gt(0).map({True: "in", False: "out"}))
    frame["funded"] = _funded(here)
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
    order = frame.sort_values(
        ["state", "per_money"], ascending=[True, False], na_position="last", kind="stable"
    )
    shown = Table(f"{STEP}.why", "Why each creator is in or out", order, columns, rows=12)
    items: list[Any] = [
        Note(_margin_told(book, here, told.price)),
        shown,
        _raised(here),
        _steps(book, here, mine, unit),
    ]
    return Findings(STEP, tuple(item for item in items if item), book.formats)


def mix_firmness(book: Book) -> Findings:
    """What the plan loses if inputs are a fifth wrong, and who would change places."""
    here, mine = _known(book)
    if here is None or mine is None:
        return Findings(STEP, _nothing(book), book.formats)
    frame = mix_checks.robustness(here, mine)
    columns = {
        "what": Column("If this were so"),
        "stays": Column("of the plan's people would stay", "percent", grade="estimated"),
        "loses": Column("Keeping the plan would lose", "percent", grade="estimated"),
    }
    usual = frame[frame.what.str.endswith("on average")].iloc[0]
    percent = book.formats.percent
    text = (
        f"With every creator's figure up to a fifth wrong, the plan keeps {percent(usual.stays)} of its people on "
        f"average and loses {percent(usual.loses)} of what one could have had."
    )
    note = "Lost: share of what the best plan would bring with the right figure."
    title = "What a fifth more or less in the inputs would change"
    return Findings(
        STEP, (Note(text), Table(f"{STEP}.firmness", title, frame, columns, note=note)), book.formats
    )


def _known(book: Book) -> tuple[Setting | None, Plan | None]:
    here = setting(book) if book.stage == "plan" else None
    return here, None if here is None else best(here)


def _nothing(book: Book) -> tuple[Any, ...]:
    """What is said where no mix can be worked out, and what would settle it."""
    if book.stage != "plan":
        return () if book.mode == "report" else (Note("How to spend the budget was decided before launch."),)
    if candidates(book).empty:
        return before_a_list(book)
    clash = mix_checks.clashes(book)
    if clash:
        return (clash_note(clash),)
    text = (
        "Nothing says what each creator would bring: typical views of half of the list settle it; the creators have "
        "them. Until then the three ways go by cost, concentration and hours."
    )
    return (Note(text, "unknown", owner="agency"),)


def clash_note(clash: list[str]) -> Note:
    """The limits that clash, each with its number; loosening any one of them is enough."""
    return Note(
        f"No plan keeps all limits: {'; '.join(clash)}. Loosening one of these is enough.",
        "todo",
        owner="agency",
    )


def _ways(book: Book, here: Setting) -> list[Plan]:
    """Careful, middle and bold of the first page, over the same outcomes."""
    told, found = here.told, []
    number = {creator: row for row, creator in enumerate(told.people.creator)}
    for way, made in three_ways(book).items():
        rows = [(number[row.creator], int(row.packages)) for row in made.people.itertuples()]
        items = [int(np.flatnonzero((told.person == who) & (told.number == n))[0]) for who, n in rows]
        found.append(plan(here, f"{way}: {WAYS[way][0]:.0%} of the money", items))
    return found


def _plans_table(here: Setting, plans: list[tuple[str, Plan]]) -> Table:
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
    head = BRINGS[here.draws.stage]
    columns = {
        "kind": Column("Plan"),
        "name": Column("How it spends"),
        "creators": Column("Creators", "number"),
        "cost": Column("For creators", "money"),
        "share": Column("On one person", "percent"),
        "expected": Column(f"{head}, on average", unit, grade="assumed"),
        "bad": Column(f"{head}, bad case", unit, grade="assumed"),
    }
    return Table(f"{STEP}.mix", "Average against bad case", pd.DataFrame(rows), columns)


def _plans_chart(book: Book, here: Setting, plans: list[tuple[str, Plan]]) -> Chart:
    frame = pd.DataFrame(
        {
            "bad": [one.bad for _, one in plans],
            "expected": [one.expected for _, one in plans],
            "name": [_short(one.name) for _, one in plans],
            "marked": [kind != "Nothing beats it" for kind, _ in plans],
        }
    )
    unit = "money" if here.draws.money else "number"
    head = BRINGS[here.draws.stage].lower()
    picture = charts.scatter(
        frame,
        x="bad",
        y="expected",
        unit_x=unit,
        unit_y=unit,
        formats=book.formats,
        xlabel=f"{head}, bad case",
        ylabel="on average",
        label="name",
        highlight="marked",
    )
    alt = (
        f"{len(frame)} plans as dots, {head} on average against the bad case: {(~frame.marked).sum()} that nothing beats, "
        "and with names the three ways and the plain habits."
    )
    return Chart(f"{STEP}.mix_chart", "Every plan: what it brings, and how bad it can get", alt, picture)


def _short(name: str) -> str:
    """What a dot is called."""
    return "equal" if name.startswith("Equal") else name.split(":")[0].removeprefix("All on the ")


def _lead(book: Book, here: Setting, mine: Plan) -> str:
    formats = book.formats
    if not here.draws.money:
        return f"{mine.people} creators for {formats.money(mine.cost)} bring most for the whole budget, as far as is known."
    if mine.expected <= 0:
        return (
            f"As far as files and public figures say, no plan pays back on average: the best of them loses "
            f"{formats.money(-mine.expected)} with {mine.people} creators. So the first page says go only under its condition: "
            "proof of clicks and orders would show whether it holds; lower fees or fewer overheads would ease it."
        )
    return (
        f"{mine.people} creators for {formats.money(mine.cost)} leave most on average, {formats.money(mine.expected)} after "
        f"campaign costs; in the bad case {formats.money(mine.bad)}."
    )


def _habits_told(book: Book, here: Setting, mine: Plan) -> str:
    told = [
        f"“{other.name.lower()}” in {10 * share:.0f} of 10 outcomes"
        for other, share in against_habits(here, mine)
    ]
    return f"For the same money the plan that brings most beats {', '.join(told)}; outcomes are drawn from the same inputs."


def _how(book: Book, here: Setting) -> str:
    rules = here.told.rules
    overlap = (
        f"Audiences on one platform are taken to overlap by {book.formats.percent(rules.overlap.likely)}."
        if rules.overlap
        else f"{len(rules.overlaps)} pairs of overlapping audiences are taken off."
        if rules.overlaps
        else "Overlap of audiences is not known and not taken off; “overlap:” under “mix:” in the campaign file does."
    )
    return (
        f"Chosen exactly under all limits of the campaign file; outcomes: {here.draws.values.shape[1]} draws of common inputs, of each "
        f"creator's own luck and of chance. {overlap} Bad case: one campaign in twenty ends lower."
    )


def _funded(here: Setting) -> np.ndarray:
    """Per person, in how many outcomes one would have wanted them, had one known; over 60 draws."""
    draws = here.draws.values[:, :60] / max(here.draws.each, 1e-12)
    split = over_draws(draws, here.told.costs.tolist(), here.limits())
    count = np.zeros(len(here.told.people))
    if split is not None:
        np.add.at(count, here.told.person, split.funded)
    return count


def _margin_told(book: Book, here: Setting, price: float) -> str:
    """What one more unit of budget brings."""
    formats = book.formats
    hundred = formats.money(100)
    if price <= 1e-9:
        return f"Another {hundred} of budget would bring nothing: " + (
            "everybody who pays back on these inputs is in."
            if here.draws.money
            else "everybody is in, or another limit holds."
        )
    more = (
        formats.money(100 * price)
        if here.draws.money
        else f"{formats.number(100 * price, 1)} {BRINGS[here.draws.stage].lower()}"
    )
    return f"At the margin another {hundred} of budget brings about {more}; it comes in steps, as whole creators do."


def _steps(book: Book, here: Setting, mine: Plan, unit: str) -> Table:
    frame = mix_checks.budget_steps(here, mine)
    frame["per_unit"] = 100 * frame.per_unit
    head = BRINGS[here.draws.stage]
    columns = {
        "money": Column("Money for creators", "money"),
        "cost": Column("Spent", "money"),
        "brings": Column(
            head if not here.draws.money else "Left after creators' costs", unit, grade="assumed"
        ),
        "per_unit": Column(
            f"Each further {book.formats.money(100)} brought", unit, 1, grade="assumed", missing="–"
        ),
        "joins": Column("Join", "number"),
        "leaves": Column("Drop out", "number"),
    }
    return Table(f"{STEP}.steps", "A little less, a little more money", frame, columns)


def _raised(here: Setting) -> Note | None:
    raised = here.told.people[here.told.people.raised > 0]
    if raised.empty:
        return None
    text = f"{len(raised)} prices are raised to the client's floor for an hour of the creator's own work."
    return Note(text, "caution")


def limits_clash(book: Book) -> Note | None:
    """The clash of the campaign's limits, if there is one."""
    clash = mix_checks.clashes(book) if len(offers(book).people) else []
    return clash_note(clash) if clash else None
