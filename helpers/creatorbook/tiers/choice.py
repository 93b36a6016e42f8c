"""Three ways to spend the budget, and the one we recommend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.campaign.sizes import scheme_of
from creatorbook.finance.cost_lines import own_words
from creatorbook.finance.costs import planned_shared_costs
from creatorbook.finance.economics import orders_needed, unit_economics
from creatorbook.findings import Column, Figure, Findings, Note, Table
from creatorbook.goals.outlook import round_far
from creatorbook.goals.payback import EXAMPLE_MARGIN
from creatorbook.goals.timetable import earliest_start, fits, on_the_eve
from creatorbook.packs import pack
from creatorbook.planning.candidates import candidates, seen_views
from creatorbook.planning.chain import GOAL_STAGE, chain, drawn
from creatorbook.planning.offers import expected
from creatorbook.planning.plans import WAYS, Mix, pieces, recommended
from creatorbook.planning.plans import mixes as three_ways
from creatorbook.tiers.budget_mix import limits_clash
from creatorbook.tiers.sizes import STEP, no_list, present

if TYPE_CHECKING:
    from creatorbook.book import Book

_CURRENCY = {
    "sales": "views",
    "awareness": "views",
    "content": "pieces that should appear",
    "community": "likes and comments",
}
_DOES = {"sales": "sells", "awareness": "is seen", "content": "delivers", "community": "starts talk"}
_BRINGS = {
    "sales": "{span} orders",
    "awareness": "{span} views",
    "content": "{span} pieces",
    "community": "{span} likes and comments",
}
#: rows a table of the first page has at most
ROWS = 5


def mixes(book: Book) -> Findings:
    """Careful, middle and bold: who, cost, hours, what hangs on one person, and the bad case."""
    if book.stage != "plan":
        return Findings(STEP, (_decided_before(),), book.formats)
    ways = three_ways(book)
    if not ways:
        return Findings(STEP, (_no_plan(book),), book.formats)
    items: tuple[Table | Note, ...] = (
        Note(_bad_case_words(book), slot="plan.three_ways"),
        _three_ways(book, ways),
        Note(_how_chosen(book, ways), "method"),
        *_gifts_left_out(book),
        _who_is_in(book, ways),
    )
    return Findings(STEP, items, book.formats)


def recommendation(book: Book) -> Findings:
    """Go, go if, or not yet; who and what it means; and the line for the decision."""
    if book.stage != "plan":  # a report leaves out a section that shows nothing
        return Findings(STEP, () if book.mode == "report" else (_decided_before(),), book.formats)
    mix = recommended(book)
    decision = Note("Approved / changed / stopped by ______ on ______.", "todo", slot="plan.decision")
    if mix is None:
        why = _no_plan(book).text
        return Findings(STEP, (Note(f"Not yet: {why}", slot="plan.recommend"), decision), book.formats)
    unit = unit_economics(book)
    items: tuple[Figure | Table | Note, ...] = (
        Note(_recommend(book, mix), slot="plan.recommend"),
        _who_and_what(book, mix),
        Figure(
            f"{STEP}.plan_creators",
            "Creators in the recommended plan",
            len(mix.people),
            "creators",
            "counted",
            "creators list, recommended way",
        ),
        Figure(
            f"{STEP}.plan_cost",
            "Cost of the recommended plan",
            mix.cost,
            "money",
            "counted",
            f"per creator {own_words()}; what the whole campaign costs besides",
        ),
        *([Note(unit.missing_note, "caution")] if unit.missing_note else []),
        decision,
    )
    return Findings(STEP, items, book.formats)


def _recommend(book: Book, mix: Mix) -> str:
    """`Go, if …: {n} creators, {amount}, start {date}, because {one reason}.`"""
    formats, unit = book.formats, unit_economics(book)
    start = book.campaign.start
    if unit.contribution is not None and unit.contribution.likely <= 0 and book.campaign.goal == "sales":
        return "Not yet: an order loses money before any creator is paid, so more orders lose more."
    verdict = "Go"
    if not fits(book) and not on_the_eve(book):
        start = earliest_start(book)
    if book.campaign.goal == "sales":
        verdict = f"Go, if {_condition(book, mix)}"
    return (
        f"{verdict}: {len(mix.people)} creators, {formats.money(mix.cost)}, start {formats.day(start)}, because "
        f"{_reason(book, mix)}."
    )


def _condition(book: Book, mix: Mix) -> str:
    unit = unit_economics(book)
    needed = orders_needed(mix.cost / len(mix.people), unit)
    if needed:
        return f"about {book.formats.number(needed.likely)} orders per creator are within reach"
    return f"margin on these goods is at least {book.formats.percent(EXAMPLE_MARGIN)}"


def _reason(book: Book, mix: Mix) -> str:
    """The one reason: what the money risks where nothing says who sells, else what the plan makes."""
    formats, goal = book.formats, book.campaign.goal
    if mix.way == "careful":
        return f"nothing yet says who {_DOES[goal]} and this way risks least"
    low, _, high = drawn(chain(book, mix.people), GOAL_STAGE[goal]).range()
    span = formats.span(round_far(low), round_far(high), "number")
    return f"it should bring {_BRINGS[goal].format(span=span)} with no more than {formats.percent(mix.share)} on one person"


def _who_and_what(book: Book, mix: Mix) -> Table:
    """Group, creators, cost, pieces and role; at most five rows."""
    people, uses = mix.people.assign(made=pieces(book, mix.people)), pack("tiers")["uses"]
    rows: list[dict[str, Any]] = []
    for tier in present(people, scheme_of(book)):
        own = people[people.tier == tier]
        rows.append(
            {
                "group": tier,
                "creators": float(len(own)),
                "cost": float(own.cost.sum()),
                "pieces": float(own.made.sum()),
                "role": uses.get(tier, {}).get("role", {}).get(book.campaign.goal, "test"),
            }
        )
    if planned_shared_costs(book) > 0:
        row = {
            "group": "agency, tools, ads",
            "creators": 0.0,
            "cost": planned_shared_costs(book),
            "pieces": 0.0,
        }
        rows.append({**row, "role": "runs the campaign"})
    assumed = mix.people.pieces.isna().any()
    columns = {
        "group": Column("Group"),
        "creators": Column("Creators", "number"),
        "cost": Column("Cost", "money"),
        "pieces": Column("Content pieces", "number", grade="assumed" if assumed else "counted"),
        "role": Column("Role"),
    }
    frame = pd.DataFrame(_shortened(rows)).astype({"creators": "float64", "pieces": "float64"})
    return Table(f"{STEP}.who_and_what", "Who and what", frame, columns, slot="plan.who_and_what")


def _shortened(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Five rows at most: the cheapest groups become one."""
    if len(rows) <= ROWS:
        return rows
    rows = sorted(rows, key=lambda row: (-row["cost"], row["group"]))
    kept, rest = rows[: ROWS - 1], rows[ROWS - 1 :]
    sums = {name: sum(row[name] or 0 for row in rest) for name in ("creators", "cost", "pieces")}
    return [*kept, {"group": "others", **sums, "role": "test"}]


def _three_ways(book: Book, ways: dict[Any, Mix]) -> Table:
    rows = [
        {
            "way": way,
            "creators": float(len(mix.people)),
            "cost": mix.cost,
            "hours": mix.hours[1],
            "share": mix.share,
            "bad_case": bad_case(book, mix),
        }
        for way, mix in ways.items()
    ]
    words = {
        "sales": "Bad case: left after costs" if _foreseen(book) else "Bad case: no order comes",
        "awareness": "Bad case: times seen",
        "content": "Bad case: pieces",
        "community": "Bad case: likes and comments",
    }
    goal = book.campaign.goal
    columns = {
        "way": Column("Way"),
        "creators": Column("Creators", "number", grade="counted"),
        "cost": Column("Cost", "money", grade="counted"),
        "hours": Column("Own hours, up to", "number"),
        "share": Column("On one person", "percent", grade="counted"),
        "bad_case": Column(words[goal], "money" if goal == "sales" else "number", grade="assumed"),
    }
    note = "Bad case: one campaign in twenty would end up lower, if the inputs of the forecast hold."
    frame = pd.DataFrame(rows)
    return Table(
        f"{STEP}.three_ways", "Careful, middle, bold", frame, columns, slot="plan.three_ways", note=note
    )


def _bad_case_words(book: Book) -> str:
    """What the last column of the three ways means."""
    if book.campaign.goal == "sales" and not _foreseen(book):
        return "At worst, all of it is lost."
    return "One campaign in twenty ends below the bad case."


def bad_case(book: Book, mix: Mix) -> float:
    """What one campaign in twenty would fall below: money after costs for sales, else the goal's own figure.

    For sales without a known margin or without typical views: the whole cost is lost.
    """
    known = chain(book, mix.people)
    if book.campaign.goal != "sales":
        return round_far(drawn(known, GOAL_STAGE[book.campaign.goal]).range()[0])
    if not _foreseen(book):
        return -mix.cost
    return drawn(known, "contribution").range()[0] - mix.cost


def _foreseen(book: Book) -> bool:
    """Whether an order's worth and typical views are known, so that a bad case can be worked out."""
    unit = unit_economics(book)
    return unit.contribution is not None and unit.contribution.low > 0 and seen_views(candidates(book))


def _gifts_left_out(book: Book) -> list[Note]:
    """Said where people are listed without fee and without what their gift costs."""
    people = candidates(book)
    free = int(((people.cost == 0) & people.gift_cost.isna()).sum())
    if not free:
        return []
    text = (
        f"{free} creators are listed at no fee and without the cost of a gift, so what they cost is left out. "
        "The column gift_cost in the creators list settles it; whoever sends the parcels has it."
    )
    return [Note(text, "caution", owner="agency")]


def _how_chosen(book: Book, ways: dict[Any, Mix]) -> str:
    parts = ", ".join(f"{way} {book.formats.percent(part)}" for way, (part, _) in WAYS.items() if way in ways)
    caps = ", ".join(
        f"{way} {book.formats.percent(share)}" for way, (_, share) in WAYS.items() if way in ways
    )
    if expected(book, candidates(book)) is not None:
        rule = f"Each way takes those who bring most {_CURRENCY[book.campaign.goal]} for its money; who sells is not known."
    else:
        rule = (
            "Careful takes the cheapest first, middle one of each size in turn, bold the largest first: by cost, "
            "concentration and hours only. Nothing here says who sells."
        )
    return (
        f"Money used: {parts} of the budget or, if less, of the whole list's price. The most one person may cost, as "
        f"a part of that money: {caps}. {rule}"
    )


def _who_is_in(book: Book, ways: dict[Any, Mix]) -> Table:
    people = candidates(book)
    frame = people[["creator", "handle", "tier", "cost", "views"]].copy()
    for way, mix in ways.items():
        frame[way] = people.creator.isin(mix.people.creator).map({True: "in", False: "out"})
    frame["why"] = [_why(row, ways) for row in frame.to_dict("records")]
    columns = {
        "creator": Column("Creator"),
        "handle": Column("Account"),
        "tier": Column("Size"),
        "cost": Column("Own cost", "money", grade="counted", note=own_words()),
        "views": Column("Typical views", "number"),
        **{way: Column(way.capitalize()) for way in ways},
        "why": Column("Why"),
    }
    return Table(f"{STEP}.who_is_in", "Who is in which way", frame, columns, rows=12)


def _why(row: dict[str, Any], ways: dict[Any, Mix]) -> str:
    if pd.isna(row["cost"]):
        return "no price known"
    taken = [way for way in ways if row[way] == "in"]
    if len(taken) == len(ways):
        return "fits every way"
    if not taken:
        return "others bring more for the money, or the price does not fit"
    return f"fits {' and '.join(taken)} only: price against the money of the way"


def _decided_before() -> Note:
    return Note(
        "How to spend the budget was decided before launch; what to do next follows from the results."
    )


def _no_plan(book: Book) -> Note:
    people = candidates(book)
    if people.empty:
        return no_list()
    clash = limits_clash(book)
    if clash is not None:
        return clash
    if planned_shared_costs(book) >= book.campaign.budget:
        return Note("agency, tools and ads take the whole budget; nothing is left for creators.", "todo")
    text = f"the prices of {len(people)} creators are missing; fees in the creators list settle it, agency has them."
    return Note(text, "todo", owner="agency")
