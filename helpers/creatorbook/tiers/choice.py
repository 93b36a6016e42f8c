"""Three ways to spend the budget, and the one we recommend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.campaign.lead import who_settles
from creatorbook.campaign.sizes import scheme_of
from creatorbook.finance.cost_lines import own_words
from creatorbook.finance.costs import planned_shared_costs
from creatorbook.finance.economics import unit_economics
from creatorbook.findings import (
    Capital,
    Column,
    Figure,
    Findings,
    Money,
    Note,
    Share,
    Table,
    Text,
    Wording,
    joined,
    say,
    say_many,
    sentences,
)
from creatorbook.findings.rounding import round_far
from creatorbook.goals.outlook import who_sold
from creatorbook.history.marked import stopped_without_reason
from creatorbook.packs import pack
from creatorbook.planning.candidates import candidates, half_have, pieces
from creatorbook.planning.chain import GOAL_STAGE, chain, drawn_outcome, stages
from creatorbook.planning.offers import expected, offers
from creatorbook.planning.plans import (
    WAY_WORDS,
    WAYS,
    Mix,
    nothing_fits,
    order_leaves,
    recommended,
    three_ways,
)
from creatorbook.planning.verdict import plan_verdict
from creatorbook.text.account_links import account_address
from creatorbook.tiers.budget_mix import limits_clash
from creatorbook.tiers.own_experience import own_experience
from creatorbook.tiers.sizes import STEP, no_list, present
from creatorbook.tiers.verdict_words import reckoned_with, sentence, working_paper

if TYPE_CHECKING:
    from creatorbook.book import Book

_CURRENCY = {
    "sales": say("views"),
    "awareness": say("views"),
    "content": say("pieces that should appear"),
    "community": say("likes and comments"),
}
#: rows a table of the first page has at most
ROWS = 5


def mixes(book: Book) -> Findings:
    """Careful, middle and bold: who, cost, hours, what hangs on one person, and the bad case."""
    if book.stage != "plan":  # a report leaves out a section that shows nothing
        return Findings(STEP, () if book.mode == "report" else (_decided_before(),), book.formats)
    ways = three_ways(book)
    if not ways:
        return Findings(STEP, (_no_plan(book),), book.formats)
    items: tuple[Table | Note, ...] = (
        Note(_bad_case_words(book), slot="plan.three_ways", rank=1),
        _three_ways(book, ways),
        Note(_how_chosen(book, ways), "method"),
        *_more_people(ways),
        *_gifts_left_out(book),
        *own_experience(book, ways),
        _who_is_in(book, ways),
    )
    return Findings(STEP, items, book.formats)


def recommendation(book: Book) -> Findings:
    """Go, go as a test, not as priced or not yet; whom that speaks of; and the line for the decision."""
    if book.stage != "plan":
        return Findings(STEP, () if book.mode == "report" else (_decided_before(),), book.formats)
    mix = recommended(book)
    decision = _decision(book)
    if mix is None:
        not_yet = say("Not yet: {why}", why=_no_plan(book).text)
        return Findings(STEP, (Note(not_yet, slot="plan.recommend"), *decision), book.formats)
    unit, advised = unit_economics(book), plan_verdict(book, mix)
    items: tuple[Figure | Table | Note, ...] = (
        Note(sentence(book, mix, advised), slot="plan.recommend", rank=1),
        Note(reckoned_with(book, mix), slot="plan.recommend", rank=2),
        *_if_everybody_posts(book),
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
            say("per creator {costs}; what the whole campaign costs besides", costs=own_words()),
        ),
        *working_paper(book, mix, advised),
        *([Note(note, "caution")] if (note := unit.missing_note) else []),
        *decision,
    )
    return Findings(STEP, items, book.formats)


def _decision(book: Book) -> list[Note]:
    """The line to sign; of a plan that is approved the page says by whom."""
    if book.campaign.approved_by:
        return []
    return [Note("Approved / changed / stopped by ______ on ______.", "todo", slot="plan.decision")]


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
    groups = pd.DataFrame(_shortened(rows)).astype({"creators": "float64", "pieces": "float64"})
    return Table(f"{STEP}.who_and_what", "Who and what", groups, columns, slot="plan.who_and_what")


def _if_everybody_posts(book: Book) -> list[Note]:
    """Why the groups' pieces are more than the forecast of them; only said where that is the campaign's figure."""
    text = say("Pieces if everybody posts; not everybody will.")
    return [Note(text, slot="plan.who_and_what")] if book.campaign.goal == "content" else []


def _shortened(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Five rows at most: the cheapest groups become one."""
    if len(rows) <= ROWS:
        return rows
    rows = sorted(rows, key=lambda row: (-row["cost"], row["group"]))
    largest, rest = rows[: ROWS - 1], rows[ROWS - 1 :]
    sums = {name: sum(row[name] or 0 for row in rest) for name in ("creators", "cost", "pieces")}
    return [*largest, {"group": "others", **sums, "role": "test"}]


def _three_ways(book: Book, ways: dict[Any, Mix]) -> Table:
    """The ways side by side, with what each may come to at worst."""
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
        "sales": say("Bad case: left after costs") if _foreseen(book) else say("Bad case: no order comes"),
        "awareness": say("Bad case: times seen"),
        "content": say("Bad case: pieces"),
        "community": say("Bad case: likes and comments"),
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
    note = say("Bad case: one campaign in twenty would end up lower, if the inputs of the forecast hold.")
    by_way = pd.DataFrame(rows)
    return Table(
        f"{STEP}.three_ways", "Careful, middle, bold", by_way, columns, slot="plan.three_ways", note=note
    )


def _bad_case_words(book: Book) -> Wording:
    """What the last column of the three ways means."""
    if book.campaign.goal == "sales" and not _foreseen(book):
        return say("At worst, all of it is lost.")
    return say("One campaign in twenty ends below the bad case.")


def bad_case(book: Book, mix: Mix) -> float:
    """What one campaign in twenty would fall below: money after costs for sales, else the goal's own figure.

    For sales without a known margin or without typical views: the whole cost is lost. For other goals it is missing
    where nothing says what the creators bring.
    """
    inputs, stage = chain(book, mix.people), GOAL_STAGE[book.campaign.goal]
    if book.campaign.goal != "sales":
        if stage not in stages(inputs):
            return float("nan")
        return round_far(drawn_outcome(inputs, stage).range()[0], "low")
    if not _foreseen(book) or "contribution" not in stages(inputs):
        return -mix.cost
    return drawn_outcome(inputs, "contribution").range()[0] - mix.cost


def _foreseen(book: Book) -> bool:
    """Whether an order's worth and typical views are known, so that a bad case can be worked out."""
    unit = unit_economics(book)
    return (
        unit.contribution is not None and unit.contribution.low > 0 and half_have(candidates(book), "views")
    )


def _gifts_left_out(book: Book) -> list[Note]:
    """A caution where people are listed without fee and without what their gift costs."""
    people = candidates(book)
    free = int(((people.cost == 0) & people.gift_cost.isna()).sum())
    if not free:
        return []
    text = say_many(
        "{n} creator is listed at no fee and without the cost of a gift, so what they cost is left out. "
        "The column gift_cost in the creators list settles it; the brand has it.",
        "{n} creators are listed at no fee and without the cost of a gift, so what they cost is left out. "
        "The column gift_cost in the creators list settles it; the brand has it.",
        n=free,
    )
    return [Note(text, "caution", owner=who_settles(book))]


def _how_chosen(book: Book, ways: dict[Any, Mix]) -> Wording:
    """How much of the money each way uses, and by which rule it takes people."""
    shares = {way: both for way, both in WAYS.items() if way in ways}
    parts = [say("{way} {share}", way=WAY_WORDS[way], share=Share(part)) for way, (part, _) in shares.items()]
    caps = [say("{way} {share}", way=WAY_WORDS[way], share=Share(cap)) for way, (_, cap) in shares.items()]
    if leaves := order_leaves(book, offers(book)):
        rule = say(
            "Each way takes those whose orders leave most after what they cost (an order leaves {left}); what a "
            "campaign with somebody tells for the one after counts with it.",
            left=Money(leaves),
        )
    elif expected(book, candidates(book)) is not None:
        rule = say(
            "Each way takes those who bring most {figure} for its money.",
            figure=_CURRENCY[book.campaign.goal],
        )
    else:
        rule = say(
            "Careful takes the cheapest first, middle one of each size in turn, bold the largest first: by cost, "
            "concentration and hours only."
        )
    money = say(
        "Money used: {parts} of the budget or, if less, of the whole list's price. The most one person may cost, as "
        "a part of that money: {caps}.",
        parts=joined(parts),
        caps=joined(caps),
    )
    return sentences(money, rule, who_sold(book))


def _more_people(ways: dict[Any, Mix]) -> list[Note]:
    """Why the careful way has more people than the middle one, where it has."""
    if not {"careful", "middle"} <= set(ways):
        return []
    careful, middle = ways["careful"], ways["middle"]
    if len(careful.people) <= len(middle.people):
        return []
    text = say_many(
        "Careful takes {n} person more than middle, at lower prices: it has less money, and none may cost more than {careful} of "
        "the budget (middle: {middle}).",
        "Careful takes {n} people more than middle, at lower prices: it has less money, and none may cost more than {careful} of "
        "the budget (middle: {middle}).",
        n=len(careful.people) - len(middle.people),
        careful=Share(WAYS["careful"][1]),
        middle=Share(WAYS["middle"][1]),
    )
    return [Note(text, slot="plan.three_ways", rank=2)]


def _who_is_in(book: Book, ways: dict[Any, Mix]) -> Table:
    """Everybody on the list, in or out of each way, and why."""
    people = candidates(book)
    everybody = people[["creator", "handle", "tier", "cost", "views"]].copy()
    for way, mix in ways.items():
        everybody[way] = people.creator.isin(mix.people.creator).map({True: "in", False: "out"})
    everybody["account"] = [
        account_address(*pair) for pair in zip(people.platform.astype(str), people.handle, strict=True)
    ]
    everybody["handle"] = "@" + everybody.handle.astype(str)
    stopped = stopped_without_reason(book)
    everybody["why"] = [_why(row, ways, stopped) for row in everybody.to_dict("records")]
    # of one way, with everybody in it, a column of “in” says nothing
    split = len(ways) > 1 or any(everybody[way].eq("out").any() for way in ways)
    columns = {
        "creator": Column("Creator"),
        "handle": Column("Account", link="account"),
        "tier": Column("Size"),
        "cost": Column("Own cost", "money", grade="counted", note=own_words(), reader="working"),
        "views": Column("Typical views", "number", missing="–"),
        **{way: Column(Capital(WAY_WORDS[way]), reader="client" if split else "working") for way in ways},
        "why": Column("Why", reader="working"),
        "account": Column("Address of the account", "address"),
    }
    return Table(f"{STEP}.who_is_in", "Who is in which way", everybody, columns, rows=12, reader="client")


def _why(row: dict[str, Any], ways: dict[Any, Mix], stopped: list[str]) -> Text:
    """Why somebody is in the ways they are in."""
    if pd.isna(row["cost"]):
        return say("no price known")
    if row["creator"] in stopped:
        return say("marked stop after the last campaign, and nobody said why to go on")
    taken = [way for way in ways if row[way] == "in"]
    if len(taken) == len(ways):
        return say("fits every way")
    if not taken:
        return say("others bring more for the money, or the price does not fit")
    return say(
        "fits {ways} only: price against the money of the way",
        ways=joined((WAY_WORDS[way] for way in taken), last="and"),
    )


def _decided_before() -> Note:
    return Note(
        "How to spend the budget was decided before launch; what to do next follows from the results."
    )


def _no_plan(book: Book) -> Note:
    """Why there is no way to spend the budget, and what would settle it."""
    people = candidates(book)
    if people.empty:
        return no_list(book)
    clash = limits_clash(book)
    if clash is not None:
        return clash
    if planned_shared_costs(book) >= book.campaign.budget:
        return Note("agency, tools and ads take the whole budget; nothing is left for creators.", "todo")
    too_dear = nothing_fits(book)
    if too_dear is not None:
        return Note(too_dear, "todo", owner=who_settles(book))
    text = say_many(
        "the price of {n} creator is missing; a fee in the creators list settles it, the campaign lead has it.",
        "the prices of {n} creators are missing; fees in the creators list settle it, the campaign lead has them.",
        n=len(people),
    )
    return Note(text, "todo", owner=who_settles(book))
