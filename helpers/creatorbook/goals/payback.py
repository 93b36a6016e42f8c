"""What has to be true for the campaign to pay: orders, margin and fees at which it breaks even."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.client import Range
from creatorbook.finance.cost_lines import own_words
from creatorbook.finance.costs import commission_rates
from creatorbook.finance.economics import (
    HOW_RANGES_COMBINE,
    UnitEconomics,
    break_even_margin,
    contribution_at,
    highest_fee,
    orders_needed,
    unit_economics,
    with_commission,
)
from creatorbook.finance.margin import margin_rule, margin_sentence
from creatorbook.findings import Chart, Column, Figure, Findings, Note, Table
from creatorbook.findings.formats import Formats
from creatorbook.goals.objective import STEP, playbook
from creatorbook.planning.candidates import assumption, candidates, gifted, hours
from creatorbook.planning.plans import Mix, recommended

if TYPE_CHECKING:
    from creatorbook.book import Book

#: margins and baskets a small grid is printed for, where the client's own are unknown
MARGINS = (0.4, 0.5, 0.6, 0.7)
BASKETS = (40, 60, 90, 130, 200)
#: new buyers from which repeat purchases are read from the orders
ENOUGH_BUYERS = 50
#: the margin named in a sentence while the margin is unknown; always said, never used as the client's own
EXAMPLE_MARGIN = 0.5


def break_even(book: Book) -> Findings:
    """Orders needed per creator and in all, the highest fee, and a grid over what is still unknown."""
    unit = unit_economics(book)
    mix = recommended(book)
    items: list[Figure | Table | Note] = [
        Note(_sentence(book, unit, mix), slot="plan.has_to_be_true", rank=1)
    ]
    items += _fewer_orders(book, unit, mix)
    if unit.missing_note:
        items.append(Note(unit.missing_note, "caution"))
    if margin := margin_sentence(book, margin_rule(book)):
        items.append(Note(margin, "method"))
    items += _figures(book, unit, mix)
    if unit.contribution is None:
        items.append(grid(book, unit, _each(book, mix)))
    else:
        items += [_economics_table(unit), *_per_creator(book, unit), _fees(unit)]
        items += [*_with_repeats(book, unit, mix), Note(HOW_RANGES_COMBINE, "method")]
    if playbook(book)["id"] == "organic_seeding":
        items += [item for item in gifts(book).items if not isinstance(item, Chart)]
    return Findings(STEP, tuple(items), book.formats)


def gifts(book: Book) -> Findings:
    """What gifts without a fee cost: product, shipping and hours, and that per creator who shows them."""
    mix = recommended(book)
    people = mix.people if mix else candidates(book)
    people = people[gifted(people)]
    if people.empty:
        return Findings(STEP, (Note("Nobody here gets a gift without a fee."),), book.formats)
    product, wage = float(people.gift_cost.fillna(0).sum()), book.client.economics.hourly_rate
    least, most = hours(book, people)
    work = (least * (wage or 0), most * (wage or 0))
    rate = assumption(book, "gifted_post_rate")
    posting = (len(people) * rate.low, len(people) * rate.high)
    whole = (product + work[0], product + work[1])
    rows = [
        ("Gifts with shipping", product, product),
        (f"Own hours, {book.formats.span(least, most, 'number')}", *(work if wage else (None, None))),
        ("Together", *whole),
        ("For each creator who posts", whole[0] / posting[1], whole[1] / posting[0]),
    ]
    frame = pd.DataFrame(rows, columns=["what", "low", "high"]).astype({"low": float, "high": float})
    columns = {
        "what": Column(f"{len(people)} gifts without a fee"),
        "low": Column("At least", "money"),
        "high": Column("At most", "money", grade="assumed"),
    }
    unpriced = int(people.gift_cost.isna().sum())
    note = f"{book.formats.span(*posting, 'number')} of them should post ({rate.source}); nobody owes a post."
    note += f" {unpriced} gifts without a cost are left out." if unpriced else ""
    note += "" if wage else " Hours are left out of the sums: hourly_rate in client.yml prices them."
    text = "No fee is not no cost, and a gift needs an ad label as soon as it is shown."
    table = Table(f"{STEP}.gifts", "What the gifts cost", frame, columns, note=note)
    return Findings(STEP, (table, Note(text, "caution")), book.formats)


def repeat_orders(book: Book) -> Range | None:
    """Further orders of a new buyer within a year: the client's own figure, else read from two years of orders.

    New means no order in the file's first year; only buyers whose year is over count. `None` if neither is there.
    """
    told = book.client.economics.repeat_orders
    if told is not None:
        return told
    orders = book.tables.orders[["customer", "ordered_at"]].dropna()
    if orders.empty:
        return None
    year, until = pd.Timedelta(days=365), pd.Timestamp(book.as_of)
    first = orders.groupby("customer").ordered_at.min()
    new = first[(first >= orders.ordered_at.min() + year) & (first <= until - year)]
    if len(new) < ENOUGH_BUYERS:
        return None
    later = orders.merge(new.rename("first"), left_on="customer", right_index=True)
    later = later[(later.ordered_at > later["first"]) & (later.ordered_at <= later["first"] + year)]
    each = later.groupby("customer").size().reindex(new.index, fill_value=0)
    mean, reach = float(each.mean()), 1.645 * float(each.std(ddof=1)) / math.sqrt(len(each))
    source = f"orders: {len(new)} buyers without an order in the year before"
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
    needed = orders_needed(_each(book, mix), replace(unit, contribution=within))
    further = book.formats.number(repeat.likely, 1)
    label = f"Orders each creator has to bring if a new buyer orders {further} times more within a year"
    source = f"{repeat.source}; later orders reckoned to leave what the first one does"
    return [_figure("orders_with_repeats", label, needed, unit.n, "orders", unit.grade, source)]


def grid(book: Book, unit: UnitEconomics, cost: float) -> Table:
    """Orders that pay back one creator's cost, by basket and margin, while one of them is unknown."""
    from_shop = unit.basket is not None
    baskets = [unit.basket.likely * part for part in (0.75, 1.0, 1.25)] if unit.basket else list(BASKETS)
    rows = []
    for basket in baskets:
        row = {"basket": float(round(basket))}
        row |= {f"margin_{margin:.0%}": float(_orders_at(unit, basket, margin, cost)) for margin in MARGINS}
        rows.append(row)
    columns = {"basket": Column("Basket as the shop shows it", "money")}
    columns |= {f"margin_{margin:.0%}": Column(f"Margin {margin:.0%}", "number") for margin in MARGINS}
    told = book.formats.money(cost)
    note = "The middle row is the shop's own basket." if from_shop else "The shop's basket is not known yet."
    note += f" {unit.missing_note}" if unit.missing_note else ""
    return Table(
        f"{STEP}.grid", f"Orders that pay back one creator at {told}", pd.DataFrame(rows), columns, note=note
    )


def about(orders: Range, formats: Formats) -> str:
    """`12 orders`, with `(likely between 9 and 17)` where the range is wider than one order."""
    told = f"{formats.number(orders.likely)} {'order' if orders.likely == 1 else 'orders'}"
    if math.isinf(orders.high):
        return f"{told} ({formats.number(orders.low)} or more)"
    if orders.high - orders.low < 2:
        return told
    return f"{told} (likely {formats.span(orders.low, orders.high, 'number')})"


def _each(book: Book, mix: Mix | None) -> float:
    """What the plan costs per creator; the budget over the list while there is no plan."""
    if mix:
        return mix.cost / len(mix.people)
    return book.campaign.budget / max(1, len(candidates(book)))


def _sentence(book: Book, unit: UnitEconomics, mix: Mix | None) -> str:
    """The line of the first page; what is unknown is named as a condition, never filled in."""
    formats, cost = book.formats, _each(book, mix)
    if unit.basket is None:
        return (
            f"Pays back if each creator brings orders that leave {formats.money(cost)} after goods and returns; "
            "basket and margin are not known, see the table of both."
        )
    if unit.contribution is None:
        return _with_example_margin(book, unit, cost)
    needed = orders_needed(cost, unit)
    if needed is None:
        return (
            f"Does not pay back: an order loses about {formats.money(-unit.contribution.likely)} before any "
            "creator is paid."
        )
    fee = formats.money(unit.contribution.likely)
    return (
        f"Pays back if each creator brings about {about(needed, formats)}; the highest fee worth paying is {fee} for "
        "each order."
    )


def _fewer_orders(book: Book, unit: UnitEconomics, mix: Mix | None) -> list[Note]:
    """The margin at which a quarter fewer orders than now would pay the same plan back."""
    cost, formats = _each(book, mix), book.formats
    needed = orders_needed(cost, unit)
    if needed is None or unit.margin is None:
        return []
    fewer = max(1, math.floor(needed.likely * 0.75))
    margin = break_even_margin(cost, fewer, unit)
    if margin is None or margin > 1 or fewer >= needed.likely:
        return []
    text = (
        f"The same plan would pay back with {formats.number(fewer)} orders per creator if margin on these goods were "
        f"{formats.percent(margin)}; reckoned with is {formats.percent(unit.margin.likely)}."
    )
    return [Note(text)]


def _with_example_margin(book: Book, unit: UnitEconomics, cost: float) -> str:
    exact = Range(low=EXAMPLE_MARGIN, likely=EXAMPLE_MARGIN, high=EXAMPLE_MARGIN)
    example = unit_economics(book.changed(margin=exact))
    needed, formats = orders_needed(cost, example), book.formats
    if needed is None or example.contribution is None:
        return (
            f"Does not pay back at a margin of {formats.percent(EXAMPLE_MARGIN)}: an order would lose money before "
            "any creator is paid. The margin is not known."
        )
    return (
        f"Pays back if each creator brings about {about(needed, formats)} and margin on these goods is at least "
        f"{formats.percent(EXAMPLE_MARGIN)}; the highest fee worth paying is "
        f"{formats.money(example.contribution.likely)} for each order."
    )


def _figures(book: Book, unit: UnitEconomics, mix: Mix | None) -> list[Figure]:
    cost = mix.cost if mix else book.campaign.budget
    words = {"unit": "orders", "grade": unit.grade, "source": "economics: contribution per order"}
    each, whole = orders_needed(_each(book, mix), unit), orders_needed(cost, unit)
    fee, n = unit.contribution, unit.n
    basket = unit.basket
    return [
        _figure("orders_per_creator", "Orders each creator has to bring", each, n, **words),
        _figure(
            "orders_in_all", f"Orders in all that pay back {book.formats.money(cost)}", whole, n, **words
        ),
        _figure(
            "fee_per_order",
            "Highest fee worth paying for each order",
            fee,
            n,
            "money",
            unit.grade,
            "economics",
        ),
        _figure(
            "basket",
            "Basket as the shop shows it",
            basket,
            n,
            "money",
            "estimated" if n else "assumed",
            unit.sources.get("basket", "no order export and no figure in client.yml"),
        ),
    ]


def _figure(
    name: str, label: str, told: Range | None, n: int | None, unit: str, grade: str, source: str
) -> Figure:
    return Figure(
        key=f"{STEP}.{name}",
        label=label,
        value=told.likely if told else None,
        low=told.low if told else None,
        high=told.high if told else None,
        unit=unit,
        grade=grade,  # type: ignore[arg-type]
        source=source,
        n=n,
        note="" if told else "Not available: what an order leaves is not known.",
    )


def _orders_at(unit: UnitEconomics, basket: float, margin: float, cost: float) -> float:
    """Whole orders at an exact basket and margin; missing where no number would do."""
    leaves = contribution_at(unit, basket=basket, margin=margin)
    return math.ceil(cost / leaves - 1e-9) if leaves is not None and leaves > 0 else float("nan")


def _economics_table(unit: UnitEconomics) -> Table:
    """One order from basket to what it leaves."""
    rungs = {
        "Basket as the shop shows it": unit.basket,
        "less discount and VAT": unit.net_sales,
        "less what comes back": unit.kept_sales,
        "less goods, delivery, fees and commission: what it leaves": unit.contribution,
    }
    rows = [
        {"rung": rung, "low": told.low, "likely": told.likely, "high": told.high}
        for rung, told in rungs.items()
        if told
    ]
    sources = "; ".join(dict.fromkeys(unit.sources.values()))
    columns = {
        "rung": Column("One order"),
        "low": Column("Low", "money", 2),
        "likely": Column("Likely", "money", 2, grade=unit.grade),
        "high": Column("High", "money", 2),
    }
    note = f"Read from: {sources}. {unit.missing_note}".strip()
    return Table(f"{STEP}.one_order", "What one order leaves", pd.DataFrame(rows), columns, note=note)


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
    frame = people[["creator", "handle", "tier", "cost"]].assign(
        low=[told.low if told else None for told in needed],
        orders=[told.likely if told else None for told in needed],
        high=[told.high if told and math.isfinite(told.high) else None for told in needed],
    )
    frame = frame.astype({"low": "float64", "orders": "float64", "high": "float64"})
    columns = {
        "creator": Column("Creator"),
        "handle": Column("Account"),
        "tier": Column("Size"),
        "cost": Column("Own cost", "money", grade="counted", note=own_words()),
        "low": Column("Orders, low", "number"),
        "orders": Column("Orders needed", "number", grade=unit.grade),
        "high": Column("Orders, high", "number"),
    }
    frame = frame.sort_values(["cost", "handle"], ascending=[False, True])
    return [Table(f"{STEP}.per_creator", "Orders that pay back each creator", frame, columns, rows=8)]


def _fees(unit: UnitEconomics) -> Table:
    """The highest fee for a number of orders."""
    rows = []
    for orders in (1, 5, 10, 20, 50):
        told = highest_fee(orders, unit)
        if told:
            rows.append({"orders": float(orders), "low": told.low, "likely": told.likely, "high": told.high})
    columns = {
        "orders": Column("If a creator brings", "orders"),
        "low": Column("Careful", "money"),
        "likely": Column("Highest fee worth paying", "money", grade=unit.grade),
        "high": Column("At best", "money"),
    }
    return Table(f"{STEP}.highest_fee", "The highest fee worth paying", pd.DataFrame(rows), columns)
