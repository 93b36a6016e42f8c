"""What has to be true for the campaign to pay: orders, margin and fees at which it breaks even."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.campaign.playbook import playbook
from creatorbook.campaign.shop_sales import purchases
from creatorbook.client import Range
from creatorbook.finance.cost_lines import own_words
from creatorbook.finance.costs import commission_rates, planned_costs
from creatorbook.finance.economics import (
    HOW_RANGES_COMBINE,
    UnitEconomics,
    at_least,
    break_even_margin,
    contribution_at,
    economics_of,
    highest_fee,
    orders_needed,
    unit_economics,
    with_commission,
)
from creatorbook.finance.margin import margin_rule, margin_sentence
from creatorbook.findings import (
    Chart,
    Column,
    Count,
    Figure,
    Findings,
    Money,
    Note,
    Quantity,
    Share,
    Span,
    Table,
    Text,
    Wording,
    joined,
    say,
    say_many,
    sentences,
)
from creatorbook.goals.objective import STEP
from creatorbook.planning.candidates import assumption, candidates, gifted, hours
from creatorbook.planning.chain import so_many
from creatorbook.planning.own_creators import highest_own_fee, own_outlook
from creatorbook.planning.plans import Mix, recommended
from creatorbook.planning.verdict import plan_verdict, targets_set
from creatorbook.stats.intervals import NINETY
from creatorbook.text.plain_english import how_many

if TYPE_CHECKING:
    from creatorbook.book import Book
    from creatorbook.history.creator_outlook import CreatorOutlook

#: margins and baskets a small grid is printed for, where the client's own are unknown
MARGINS = (0.4, 0.5, 0.6, 0.7)
BASKETS = (40, 60, 90, 130, 200)
#: new buyers from which repeat purchases are read from the orders
ENOUGH_BUYERS = 50
#: so few for each creator are told with a decimal
FEW = 10
#: the margin named in a sentence while the margin is unknown; always said, never used as the client's own
EXAMPLE_MARGIN = 0.5


def break_even(book: Book) -> Findings:
    """Orders needed per creator and in all, the highest fee, and a grid over what is still unknown."""
    mix = recommended(book)
    unit = economics_of(book, mix.people.creator) if mix else unit_economics(book)
    items: list[Figure | Table | Note] = _has_to_be_true(book, unit, mix)
    items += _fewer_orders(book, unit, mix)
    items += [
        Note(text, "caution", slot="money.not_included", reader="client")
        for text in (unit.missing_note, planned_costs(book).not_included)
        if text
    ]
    if margin := margin_sentence(book, margin_rule(book)):
        items.append(Note(margin, "method", reader="client"))
    items += _figures(book, unit, mix)
    if unit.contribution is None:
        items.append(grid(book, unit, _each(book, mix)))
    else:
        items += [_economics_table(unit), *_per_creator(book, unit), _fees(unit)]
        items += [*_with_repeats(book, unit, mix), Note(HOW_RANGES_COMBINE, "method")]
    if playbook(book)["id"] == "organic_seeding":
        items += [item for item in gifts(book).items if not isinstance(item, Chart)]
    return Findings(STEP, tuple(items), book.formats)


def _has_to_be_true(book: Book, unit: UnitEconomics, mix: Mix | None) -> list[Figure | Table | Note]:
    """What the first page says has to be true: of the campaign's goal first, of money second where that is not sales."""
    pays_back, slot = _sentence(book, unit, mix), "plan.has_to_be_true"
    if book.campaign.goal == "sales":
        return [Note(pays_back, slot=slot, rank=1)]
    money = Note(sentences(say("Money comes second."), pays_back), slot=slot, rank=2)
    if not targets_set(book):
        return [Note(say("A target has to be set."), slot=slot, rank=1), money]
    return [*([Note(_target_holds(book, mix), slot=slot, rank=1)] if mix else []), money]


def _target_holds(book: Book, mix: Mix) -> Wording:
    """What the plan's creators have to bring of the goal's figure, together and each."""
    advised, n = plan_verdict(book, mix), len(mix.people)
    assert advised.needed is not None  # noqa: S101 - a target is set, so something is asked for
    needed = at_least(advised.needed.likely)
    each = needed / n
    return say_many(
        "The target holds if the creator brings {needed}.",
        "The target holds if {n} creators bring {needed}, about {each} each.",
        n=n,
        needed=so_many(advised.stage, needed),
        each=Count(each, 1 if each < FEW else 0),
    )


def gifts(book: Book) -> Findings:
    """What gifts without a fee cost: product, shipping and hours, and that per creator who shows them."""
    mix = recommended(book)
    people = mix.people if mix else candidates(book)
    people = people[gifted(people)]
    if people.empty:
        return Findings(STEP, (Note("Nobody here gets a gift without a fee."),), book.formats)
    product, wage = float(people.gift_cost.sum(min_count=1)), book.client.economics.hourly_rate
    least, most = hours(people)
    work = (least * (wage or 0), most * (wage or 0))
    rate = assumption(book, "gifted_post_rate")
    posting = (len(people) * rate.low, len(people) * rate.high)
    whole = (product + work[0], product + work[1])
    rows = [
        (say("Gifts with shipping"), product, product),
        (say("Own hours, {span}", span=Span(least, most, "number")), *(work if wage else (None, None))),
        (say("Together"), *whole),
        (say("For each creator who posts"), *_for_each(whole, posting)),
    ]
    costs = pd.DataFrame(rows, columns=["what", "low", "high"]).astype({"low": float, "high": float})
    columns = {
        "what": Column(say_many("{n} gift without a fee", "{n} gifts without a fee", n=len(people))),
        "low": Column("At least", "money"),
        "high": Column("At most", "money", grade="assumed"),
    }
    unpriced = int(people.gift_cost.isna().sum())
    posts = Span(*posting, "number")
    note = sentences(
        say("{posts} of them should post ({source}); nobody owes a post.", posts=posts, source=rate.source),
        say_many("{n} gift without a cost is left out.", "{n} gifts without a cost are left out.", n=unpriced)
        if unpriced
        else None,
        None if posting[0] > 0 else say("Perhaps nobody posts, so there is no most for each who does."),
        None if wage else say("Hours are left out of the sums: hourly_rate in client.yml prices them."),
    )
    table = Table(f"{STEP}.gifts", "What the gifts cost", costs, columns, note=note)
    text = say("No fee is not no cost, and a gift needs an ad label as soon as it is shown.")
    return Findings(STEP, (table, Note(text, "caution")), book.formats)


def _for_each(sums: tuple[float, float], posting: tuple[float, float]) -> tuple[float | None, float | None]:
    """Least and most for each creator who posts; missing where it may be that nobody does."""
    least, most = (
        money / people if people > 0 else None for money, people in zip(sums, posting[::-1], strict=True)
    )
    return least, most


def repeat_orders(book: Book) -> Range | None:
    """Further orders of a new buyer within a year: the client's own figure, else read from two years of orders.

    New means no order in the file's first year; only buyers whose year is over count. `None` if neither is there.
    """
    stated = book.client.economics.repeat_orders
    if stated is not None:
        return stated
    orders = purchases(book)
    if orders.empty:
        return None
    year, until = pd.Timedelta(days=365), pd.Timestamp(book.as_of)
    first = orders[orders["first"]].set_index("customer").ordered_at
    new = first[(first >= orders.ordered_at.min() + year) & (first <= until - year)]
    if len(new) < ENOUGH_BUYERS:
        return None
    later = orders.merge(new.rename("began"), left_on="customer", right_index=True)
    later = later[(later.ordered_at > later.began) & (later.ordered_at <= later.began + year)]
    each = later.groupby("customer").size().reindex(new.index, fill_value=0)
    mean, reach = float(each.mean()), NINETY * float(each.std(ddof=1)) / math.sqrt(len(each))
    source = f"orders: {how_many(len(new), 'buyer')} without an order in the year before"
    return Range(low=max(0.0, mean - reach), likely=mean, high=mean + reach, source=source)


def _with_repeats(book: Book, unit: UnitEconomics, mix: Mix | None) -> list[Figure]:
    """Orders that pay a creator back within a year, if buyers come back as they usually do."""
    repeat, earned = repeat_orders(book), unit.contribution
    if repeat is None or earned is None or earned.likely <= 0:
        return []
    low, likely, high = (
        money * (1 + further)
        for money, further in (
            (earned.low, repeat.low),
            (earned.likely, repeat.likely),
            (earned.high, repeat.high),
        )
    )
    within = Range(low=low, likely=likely, high=high, source=repeat.source)
    needed = _needed_each(book, mix, replace(unit, contribution=within))
    label = say(
        "Orders each creator has to bring if a new buyer orders {further} times more within a year",
        further=Count(repeat.likely, 1),
    )
    source = say("{source}; later orders reckoned to leave what the first one does", source=repeat.source)
    return [_figure("orders_with_repeats", label, needed, unit.n, "orders", unit.grade, source)]


def grid(book: Book, unit: UnitEconomics, each: float | None) -> Table:
    """Orders by basket and margin while one of them is unknown.

    They pay back what one creator costs; while nobody is on the list (`each` missing), the budget.
    """
    cost = book.campaign.budget if each is None else each
    from_shop = unit.basket is not None
    baskets = [unit.basket.likely * part for part in (0.75, 1.0, 1.25)] if unit.basket else list(BASKETS)
    rows = []
    for basket in baskets:
        row = {"basket": float(round(basket))}
        row |= {f"margin_{margin:.0%}": float(_orders_at(unit, basket, margin, cost)) for margin in MARGINS}
        rows.append(row)
    columns = {"basket": Column("Basket as the shop shows it", "money")}
    columns |= {
        f"margin_{margin:.0%}": Column(say("Margin {share}", share=Share(margin)), "number")
        for margin in MARGINS
    }
    shop = (
        say("The middle row is the shop's own basket.")
        if from_shop
        else say("The shop's basket is not known yet.")
    )
    title = say("Orders that pay back one creator at {cost}", cost=Money(cost))
    if each is None:
        title = say("Orders in all that pay back {cost}", cost=Money(cost))
    note = sentences(shop, unit.missing_note)
    return Table(f"{STEP}.grid", title, pd.DataFrame(rows), columns, note=note)


def about(orders: Range) -> Wording:
    """`12 orders`, with `(likely between 9 and 17)` where the range is wider than one order."""
    likely = say_many("{n} order", "{n} orders", n=Count(orders.likely))
    if math.isinf(orders.high):
        return say("{orders} ({low} or more)", orders=likely, low=Quantity(orders.low, "number", 0, "low"))
    if orders.high - orders.low < 2:
        return likely
    return say("{orders} (likely {span})", orders=likely, span=Span(orders.low, orders.high, "number"))


def _each(book: Book, mix: Mix | None) -> float | None:
    """What the plan costs per creator; the budget over the list while there is no plan; `None` without a list."""
    if mix:
        return mix.each
    people = len(candidates(book))
    return book.campaign.budget / people if people else None


def _needed_each(book: Book, mix: Mix | None, unit: UnitEconomics) -> Range | None:
    """Orders that pay one creator back; `None` without a list or without an order's worth."""
    cost = _each(book, mix)
    return None if cost is None else orders_needed(cost, unit)


def _sentence(book: Book, unit: UnitEconomics, mix: Mix | None) -> Wording:
    """The line of the first page; what is unknown is named as a condition, never filled in."""
    cost = _each(book, mix)
    if cost is None:
        return _sentence_in_all(book, unit)
    if unit.basket is None and unit.margin is not None:
        return say(
            "Pays back if each creator brings orders that leave {cost} after goods and returns; "
            "the basket is not known, see the table of baskets and margins.",
            cost=Money(cost),
        )
    if unit.basket is None:
        return say(
            "Pays back if each creator brings orders that leave {cost} after goods and returns; "
            "basket and margin are not known, see the table of both.",
            cost=Money(cost),
        )
    if unit.contribution is None:
        return _with_example_margin(book, cost)
    needed = orders_needed(cost, unit)
    if needed is None:
        return _loses(unit.contribution)
    return say(
        "Pays back if each creator brings about {orders}: each leaves {fee} to pay creators from.",
        orders=about(needed),
        fee=Money(unit.contribution.likely),
    )


def _loses(contribution: Range) -> Wording:
    """That no number of orders pays anything back."""
    return say(
        "Does not pay back: an order loses about {loss} before any creator is paid.",
        loss=Money(-contribution.likely),
    )


def _sentence_in_all(book: Book, unit: UnitEconomics) -> Wording:
    """The same while nobody is on the list: what all creators together have to bring."""
    budget = book.campaign.budget
    if unit.contribution is None:
        return say(
            "Pays back if the creators together bring orders that leave {cost} after goods and returns; what an order "
            "leaves is not known, see the table.",
            cost=Money(budget),
        )
    needed = orders_needed(budget, unit)
    if needed is None:
        return _loses(unit.contribution)
    return say(
        "Pays back if the creators together bring about {orders}: each leaves {fee} to pay creators from.",
        orders=about(needed),
        fee=Money(unit.contribution.likely),
    )


def _fewer_orders(book: Book, unit: UnitEconomics, mix: Mix | None) -> list[Note]:
    """The margin at which a quarter fewer orders than now would pay the same plan back."""
    cost, needed = _each(book, mix), _needed_each(book, mix, unit)
    if cost is None or needed is None or unit.margin is None:
        return []
    fewer = max(1, math.floor(needed.likely * 0.75))
    margin = break_even_margin(cost, fewer, unit)
    if margin is None or margin > 1 or fewer >= needed.likely:
        return []
    text = say_many(
        "The same plan would pay back with {n} order per creator if the margin on these goods were {margin}; "
        "reckoned with is {present}.",
        "The same plan would pay back with {n} orders per creator if the margin on these goods were {margin}; "
        "reckoned with is {present}.",
        n=Count(fewer),
        margin=Share(margin),
        present=Share(unit.margin.likely),
    )
    return [Note(text)]


def _with_example_margin(book: Book, cost: float) -> Wording:
    """The line of the first page at a margin that is said to be an example."""
    exact = Range(low=EXAMPLE_MARGIN, likely=EXAMPLE_MARGIN, high=EXAMPLE_MARGIN)
    example = unit_economics(book.changed(margin=exact))
    needed, margin = orders_needed(cost, example), Share(EXAMPLE_MARGIN)
    if needed is None or example.contribution is None:
        return say(
            "Does not pay back at a margin of {margin}: an order would lose money before any creator is paid. "
            "The margin is not known.",
            margin=margin,
        )
    return say(
        "Pays back if each creator brings about {orders} and the margin on these goods is at least {margin}: "
        "each order leaves {fee} to pay creators from.",
        orders=about(needed),
        margin=margin,
        fee=Money(example.contribution.likely),
    )


def _figures(book: Book, unit: UnitEconomics, mix: Mix | None) -> list[Figure]:
    """Orders per creator and in all, the highest fee and the basket, each with its range."""
    cost = mix.cost if mix else book.campaign.budget
    source = say("economics: contribution per order")
    each, whole = _needed_each(book, mix, unit), orders_needed(cost, unit)
    in_all = say("Orders in all that pay back {cost}", cost=Money(cost))
    fee, basket = say("Highest fee worth paying for each order"), say("Basket as the shop shows it")
    n, grade = unit.n, unit.grade
    nobody = say("Not available: nobody is on the creators list yet.")
    return [
        _figure(
            "orders_per_creator",
            say("Orders each creator has to bring"),
            each,
            n,
            "orders",
            grade,
            source,
            nobody if candidates(book).empty else _NO_CONTRIBUTION,
        ),
        _figure("orders_in_all", in_all, whole, n, "orders", grade, source),
        _figure("fee_per_order", fee, unit.contribution, n, "money", grade, "economics"),
        _figure(
            "basket",
            basket,
            unit.basket,
            n,
            "money",
            "estimated" if n else "assumed",
            unit.sources.get("basket", "no order export and no figure in client.yml"),
        ),
    ]


_NO_CONTRIBUTION = say("Not available: what an order leaves is not known.")


def _figure(
    name: str,
    label: Text,
    value: Range | None,
    n: int | None,
    unit: str,
    grade: str,
    source: Text,
    missing: Text = _NO_CONTRIBUTION,
) -> Figure:
    """A figure with its range; without a value, a note says what is missing."""
    return Figure(
        key=f"{STEP}.{name}",
        label=label,
        value=value.likely if value else None,
        low=value.low if value else None,
        high=value.high if value else None,
        unit=unit,
        grade=grade,  # type: ignore[arg-type]
        source=source,
        n=n,
        note="" if value else missing,
    )


def _orders_at(unit: UnitEconomics, basket: float, margin: float, cost: float) -> float:
    """Whole orders at an exact basket and margin; missing where no number would do."""
    leaves = contribution_at(unit, basket=basket, margin=margin)
    return at_least(cost / leaves) if leaves is not None and leaves > 0 else float("nan")


def _economics_table(unit: UnitEconomics) -> Table:
    """One order from basket to what it leaves."""
    rungs = [
        (say("Basket as the shop shows it"), unit.basket),
        (say("less discount and VAT"), unit.net_sales),
        (say("less what comes back"), unit.kept_sales),
        (say("less goods, delivery, fees and commission: what it leaves"), unit.contribution),
    ]
    rows = [
        {"rung": rung, "low": value.low, "likely": value.likely, "high": value.high}
        for rung, value in rungs
        if value
    ]
    columns = {
        "rung": Column("One order"),
        "low": Column("Low", "money", 2),
        "likely": Column("Likely", "money", 2, grade=unit.grade),
        "high": Column("High", "money", 2),
    }
    sources = joined(dict.fromkeys(unit.sources.values()), by="; ")
    note = sentences(say("Read from: {sources}.", sources=sources), unit.missing_note)
    return Table(
        f"{STEP}.one_order", "What one order leaves", pd.DataFrame(rows), columns, note=note, reader="client"
    )


def _per_creator(book: Book, unit: UnitEconomics) -> list[Table]:
    """Orders each candidate has to bring at the price asked."""
    people = candidates(book)
    people = people[people.cost.notna()]
    if people.empty:
        return []
    rates = commission_rates(book).reindex(people.creator)
    needed = [
        orders_needed(cost, with_commission(unit, rate))
        for cost, rate in zip(people.cost, rates, strict=True)
    ]
    creators = people[["creator", "handle", "tier", "cost"]].assign(
        low=[orders.low if orders else None for orders in needed],
        orders=[orders.likely if orders else None for orders in needed],
        high=[orders.high if orders and math.isfinite(orders.high) else None for orders in needed],
    )
    creators = creators.astype({"low": "float64", "orders": "float64", "high": "float64"})
    own = own_outlook(book)
    if own is not None:
        creators = creators.assign(**_by_own_orders(book, people, own, unit))
    columns = {
        "creator": Column("Creator"),
        "handle": Column("Account"),
        "tier": Column("Size"),
        "cost": Column("Own cost", "money", grade="counted", note=own_words()),
        "low": Column("Orders, low", "number"),
        "orders": Column("Orders needed", "number", grade=unit.grade),
        "high": Column("Orders, high", "number"),
        **(_OWN_COLUMNS if own is not None else {}),
    }
    creators = creators.sort_values(["cost", "handle"], ascending=[False, True], kind="stable")
    return [Table(f"{STEP}.per_creator", "Orders that pay back each creator", creators, columns, rows=8)]


#: what is added once results of the list's people are on record
_OWN_COLUMNS = {
    "likely_orders": Column("Orders likely, by your own campaigns", "number", 1, grade="estimated"),
    "highest_fee": Column("Fee that pays back in 8 of 10 cases", "money", grade="estimated"),
}


def _by_own_orders(
    book: Book, people: pd.DataFrame, own: CreatorOutlook, unit: UnitEconomics
) -> dict[str, pd.Series]:
    """Orders likely by what is on record, and the fee up to which they pay back: of each row of `people`."""
    rates = commission_rates(book).reindex(people.creator).tolist()
    fees = [
        highest_own_fee(book, own, name, with_commission(unit, rate).contribution)
        for name, rate in zip(people.creator, rates, strict=True)
    ]
    likely = own.mean.reindex(people.creator).to_numpy()
    return {
        "likely_orders": pd.Series(likely, people.index),
        "highest_fee": pd.Series(fees, people.index, dtype="float64"),
    }


def _fees(unit: UnitEconomics) -> Table:
    """The highest fee for a number of orders."""
    rows = []
    for orders in (1, 5, 10, 20, 50):
        fee = highest_fee(orders, unit)
        if fee:
            rows.append({"orders": float(orders), "low": fee.low, "likely": fee.likely, "high": fee.high})
    columns = {
        "orders": Column("If a creator brings", "orders"),
        "low": Column("Careful", "money"),
        "likely": Column("Highest fee worth paying", "money", grade=unit.grade),
        "high": Column("At best", "money"),
    }
    return Table(f"{STEP}.highest_fee", "The highest fee worth paying", pd.DataFrame(rows), columns)
