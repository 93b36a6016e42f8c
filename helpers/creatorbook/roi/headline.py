"""The result in one sentence and three figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.finance.claims import claimed_orders
from creatorbook.finance.ladder import Ladder, money_ladder
from creatorbook.finance.order_values import order_values
from creatorbook.finance.returns import settled_on
from creatorbook.finance.rungs import TO_MARGIN, numbered
from creatorbook.findings import Figure, Findings, Note, Text, joined, say
from creatorbook.roi import other_goals
from creatorbook.roi.creator_results import open_share

if TYPE_CHECKING:
    from creatorbook.book import Book

#: share of open returns from which it is too early to say what the campaign made
MOSTLY_OPEN = 0.5
#: days of orders before the campaign from which a buyer without an earlier order is called new
LOOK_BACK_DAYS = 365

_SENTENCE, _FIGURES = "results.one_sentence", "results.three_figures"


def headline(book: Book) -> Findings:
    """The result in one sentence and the goal's three figures."""
    ladder = money_ladder(book)
    sentences = [
        Note(text, slot=_SENTENCE, rank=rank) for rank, text in enumerate(_one_sentence(book, ladder))
    ]
    return Findings("roi", (*sentences, *_three_figures(book, ladder)), book.formats)


def _one_sentence(book: Book, ladder: Ladder) -> list[str]:
    f = book.formats
    cost = f.money(ladder.campaign_costs)
    if not has_results(ladder):
        spent = f" {cost} was spent." if ladder.campaign_costs else ""
        return [
            f"We cannot say what was sold: no order names a creator yet.{spent} Orders with codes settle it."
        ]
    if ladder.profit is None:
        brought = f"Creators brought {f.number(_orders(ladder))} orders and {_stay_words(book, ladder)}"
        if not ladder.costs_known:
            return [
                f"{brought}. What was spent on creators is not on file, so there is no result after costs."
            ]
        return [f"{brought}, on {cost} spent.", break_even_sentence(book, ladder)]
    if too_early(ladder):
        share = f.percent(max(0.01, open_share(ladder)))
        return [f"It is too early to say: {share} of returns are still open until {f.day(settled_on(book))}."]
    low, high = ladder.likely("profit")
    made = "made" if ladder.profit >= 0 else "lost"
    told = f"The campaign {made} {f.money(abs(ladder.profit))} after all its costs"
    if book.campaign.goal != "sales":
        told = f"Made for {book.campaign.goal}: traced sales alone {made} {f.money(abs(ladder.profit))} after all costs"
    return [f"{told} ({_likely(book, low, high, ladder.profit)}) on {cost} spent."]


def _likely(book: Book, low: float, high: float, value: float) -> str:
    """`likely between a and b`; a loss is told in its own direction where the whole range is one."""
    if high < 0 and value < 0:
        low, high = -high, -low
    f = book.formats
    if f.money(low) == f.money(high):
        return "to the unit"
    return f"likely between {_signed(book, low)} and {_signed(book, high)}"


def _signed(book: Book, amount: float) -> str:
    return (
        f"a loss of {book.formats.money(-amount)}" if amount < -0.5 else book.formats.money(max(0.0, amount))
    )


def _stay_words(book: Book, ladder: Ladder) -> str:
    amount = book.formats.money(ladder.sales_that_stay)
    if ladder.returns_known:
        return f"{amount} of sales that stay"
    return f"at most {amount} of sales that stay"


def break_even_sentence(book: Book, ladder: Ladder) -> str:
    """`Pays back if the margin on these goods is at least x %, or, at y % margin, if no more than z % comes back.`"""
    f, needed = book.formats, ladder.break_even_margin
    if needed is None or needed > 1:
        return "At no margin do these sales pay back what was spent."
    margin = min(0.95, np.ceil((needed + 0.05) * 10) / 10)
    back = ladder.break_even_returns(margin)
    if not ladder.returns_known:
        told = f"Pays back if the margin on these goods is at least {f.percent(rounded_up(needed))} with nothing sent back"
        more = "" if back is None else f", or {f.percent(margin)} with at most {_floored(book, back)}"
        return f"{told}{more if margin > needed else ''}."
    told = f"Pays back if the margin on these goods is at least {f.percent(rounded_up(needed))}"
    if back is None or margin <= needed:
        return f"{told}."
    return f"{told}, or, at {f.percent(margin)} margin, if no more than {_floored(book, back)} comes back."


def _floored(book: Book, share: float) -> str:
    """Rounded down to a whole percentage: no more than means no more than."""
    return book.formats.percent(float(np.floor(share * 100) / 100))


def rounded_up(share: float) -> float:
    """Rounded up to a whole percentage: at least means at least."""
    return float(np.ceil(round(share * 100, 6)) / 100)


def too_early(ladder: Ladder) -> bool:
    """Whether returns not yet in could turn the result, or make up most of all returns."""
    if not ladder.returns_known or open_share(ladder) >= MOSTLY_OPEN:
        return True
    factor = np.array([ladder.expected.low, ladder.expected.high])
    coming = ladder.money("returns_expected") or 0.0
    net = ladder.sales_that_stay
    left = ladder.money(*TO_MARGIN) / net if net else 0.0
    ends = (ladder.profit or 0.0) + coming * (factor - 1) * left
    return bool(ends.min() < 0 < ends.max())


def has_results(ladder: Ladder) -> bool:
    """Whether any order that was not cancelled names a creator."""
    return bool(_orders(ladder) > 0)


def _orders(ladder: Ladder) -> float:
    """Claimed orders that were not cancelled."""
    return float(ladder.slices.orders_kept.sum())


def _three_figures(book: Book, ladder: Ladder) -> list[Figure]:
    cost = ladder.campaign_costs
    if book.campaign.goal == "awareness":
        return other_goals.awareness(book, cost)
    if book.campaign.goal == "content":
        return other_goals.content(book, cost)
    if book.campaign.goal == "community":
        return other_goals.community(book)
    return [
        stay_figure(ladder, slot=_FIGURES),
        _profit_figure(book, ladder),
        _cost_per_customer(book, ladder),
    ]


def stay_figure(ladder: Ladder, slot: str | None) -> Figure:
    """Sales that stay, or sales before returns where nobody knows what came back."""
    low, high = ladder.likely("sales_that_stay")
    some = has_results(ladder)
    known = ladder.returns_known
    return Figure(
        "roi.sales_that_stay",
        "Sales that stay" if known else "Sales before returns",
        ladder.sales_that_stay if some else None,
        "money",
        "estimated" if known and ladder.cents("returns_expected") else "counted",
        "orders claimed by creators, excl. VAT, after returns"
        if known
        else "orders, excl. VAT; no file tells returns",
        low=low if some and known else None,
        high=high if some and known else None,
        n=int(_orders(ladder)),
        slot=slot,
        note="excl. VAT, after returns" if known else "excl. VAT; returns not known",
    )


def _profit_figure(book: Book, ladder: Ladder) -> Figure:
    if ladder.profit is not None and has_results(ladder):
        low, high = ladder.likely("profit")
        grade = "estimated" if ladder.margin_used.by_line else "assumed"
        return Figure(
            "roi.profit",
            "Profit after campaign costs",
            ladder.profit,
            "money",
            grade,  # type: ignore[arg-type]
            f"money ladder, rungs {numbered()}",
            low=low,
            high=high,
            n=int(_orders(ladder)),
            slot=_FIGURES,
            note=not_included(ladder),
        )
    needed = ladder.break_even_margin if ladder.costs_known and has_results(ladder) else None
    least, most = _margin_ends(ladder) if needed is not None and needed <= 1 else (None, None)
    return Figure(
        "roi.margin_needed",
        "Margin needed to pay back" if ladder.costs_known else "Profit after campaign costs",
        rounded_up(needed) if needed is not None and needed <= 1 else None,
        "percent",
        "counted" if least is None else "estimated",
        "money ladder solved for the margin at which profit is 0",
        low=least,
        high=most,
        slot=_FIGURES,
        note="no margin on file" if ladder.costs_known else "no cost of creators is on file",
    )


def _margin_ends(ladder: Ladder) -> tuple[float | None, float | None]:
    """The margin needed at either end of the sales that stay; none where no return is expected or known."""
    net = ladder.money("traced", "discounts", "tax", "cancelled")
    if not ladder.returns_known or not ladder.cents("returns_expected") or net <= 0:
        return None, None
    ends = []
    for stay in reversed(ladder.likely("sales_that_stay")):
        at_none, at_all = (ladder.profit_at(margin=m, returns=1 - stay / net) for m in (0.0, 1.0))
        ends.append(rounded_up(-at_none / (at_all - at_none)) if at_all > at_none else None)
    return ends[0], ends[1]


def not_included(ladder: Ladder) -> Text:
    """`not included: agency fee, tools`, or nothing."""
    return (
        say("not included: {costs}", costs=joined(ladder.costs.missing_words)) if ladder.costs.missing else ""
    )


def _cost_per_customer(book: Book, ladder: Ladder) -> Figure:
    """Cost per new customer, or the honest substitute the order history allows."""
    cost, (label, n, source) = ladder.campaign_costs, _customers(book, ladder)
    return Figure(
        "roi.cost_per_customer",
        label,
        cost / n if cost is not None and n else None,
        "money",
        "counted",
        source,
        n=int(n) if n else None,
        digits=0,
        slot=_FIGURES,
    )


def _customers(book: Book, ladder: Ladder) -> tuple[str, float, str]:
    """What can be called a customer here: label, how many, and from what."""
    orders = book.tables.orders[["order_id", "customer", "ordered_at"]]
    if not orders.customer.notna().any():
        return "Cost per order", _orders(ladder), "campaign costs ÷ orders; buyers are not in the file"
    days = (pd.Timestamp(book.campaign.start) - orders.ordered_at.min()).days
    first = (
        orders.dropna()
        .sort_values(["ordered_at", "order_id"], kind="stable")
        .drop_duplicates("customer")
        .order_id
    )
    values = order_values(book)
    kept = values.order_id[values.inside & values.counts & ~values.cancelled]
    claimed = claimed_orders(book).order_id
    new = float((claimed.isin(first) & claimed.isin(kept)).sum())
    source = f"campaign costs ÷ buyers without an order in the {days} days before"
    if days >= LOOK_BACK_DAYS:
        return "Cost per new customer", new, source
    return f"Cost per buyer new in {days} days", new, source
