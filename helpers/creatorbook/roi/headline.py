"""The result in one sentence and three figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from creatorbook.campaign.shop_sales import purchases
from creatorbook.finance.advice import (
    RESULT,
    Requirement,
    first_missing,
    no_own_cost,
)
from creatorbook.finance.claims import claimed_orders, orders_on_file, people, without_rate
from creatorbook.finance.ladder import Ladder, money_ladder
from creatorbook.finance.order_values import days_on_file_before, inside_window, order_values
from creatorbook.finance.returns import settled_on
from creatorbook.finance.rungs import SUMS, numbered
from creatorbook.findings import (
    Count,
    Day,
    Figure,
    Findings,
    Money,
    Note,
    Share,
    Text,
    Wording,
    joined,
    number_of,
    say,
    say_many,
    sentences,
)
from creatorbook.findings.rounding import rounded_ends
from creatorbook.roi.goal_verdict import goal_figures, goal_sentence

if TYPE_CHECKING:
    from creatorbook.book import Book

#: the figure that stands for a new customer's cost where no file tells buyers; the part on buyers shows it as well
PER_ORDER = say("Cost per order")

_SENTENCE, _FIGURES = "results.one_sentence", "results.three_figures"


def headline(book: Book) -> Findings:
    """The result by the campaign's goal in one sentence, money second where it is not sales, and the goal's figures."""
    ladder = money_ladder(book)
    first, *others = _one_sentence(book, ladder)
    texts = [sentences(first, _in_no_figure(book), _cost_not_in_it(book, ladder)), *others]
    if book.campaign.goal != "sales":
        money = sentences(
            _money_second(book, ladder, first), _in_no_figure(book), _cost_not_in_it(book, ladder), *others
        )
        texts = [goal_sentence(book), money]
    notes = [Note(text, slot=_SENTENCE, rank=rank) for rank, text in enumerate(texts)]
    return Findings("roi", (*notes, *_three_figures(book, ladder)), book.formats)


def _money_second(book: Book, ladder: Ladder, sentence: Wording) -> Wording:
    """What traced sales left of a campaign that was made for something else; `sentence` where that cannot be told."""
    profit = ladder.profit
    if profit is None or not has_results(ladder) or first_missing(book, RESULT):
        return sentences(say("Money comes second."), sentence)
    low, high = rounded_ends(*ladder.likely("profit"), 0)
    values = {"amount": Money(abs(profit)), "cost": Money(ladder.campaign_costs)}
    left = (
        say("a loss of {amount} on {cost} spent", **values)
        if profit < 0
        else say("{amount} on {cost} spent", **values)
    )
    span = None if low == high else say("by returns and inputs only")
    range_ = joined([_likely(ladder, profit), span], by=", ")
    return say("Money comes second: traced sales left {left} ({range}).", left=left, range=range_)


def _one_sentence(book: Book, ladder: Ladder) -> list[Wording]:
    if not has_results(ladder):
        return [_nothing_traced(book, ladder)]
    if ladder.profit is None:
        return _without_profit(ladder)
    if rule := first_missing(book, RESULT):
        return [_too_early(book, ladder, rule)]
    return [made_or_lost(ladder, ladder.profit)]


def _nothing_traced(book: Book, ladder: Ladder) -> Wording:
    """Why nothing can be said of what was sold, and what was spent."""
    spent = say("{cost} was spent.", cost=Money(ladder.campaign_costs)) if ladder.campaign_costs else None
    traced, codes = len(claimed_orders(book)) + len(without_rate(book)), people(book).code.nunique()
    if traced == 0 and codes and orders_on_file(book):
        return _none_used(book, ladder, codes)
    rule = first_missing(book, RESULT)
    if rule is None or len(claimed_orders(book)):
        return sentences(say("No order that names a creator stands: all were cancelled."), spent)
    return sentences(say("We cannot say what was sold: {reason}.", reason=rule.why), spent)


def _none_used(book: Book, ladder: Ladder, codes: int) -> Wording:
    """No order carries any code: a loss, if the codes work."""
    values = {
        "orders": number_of("order", Count(len(inside_window(book)))),
        "codes": number_of("code", codes),
        "cost": Money(ladder.campaign_costs),
    }
    if first_missing(book, RESULT) is None and ladder.campaign_costs:
        return say(
            "None of the {orders} of these days carries one of the {codes}, which work in the shop: "
            "the campaign lost {cost}.",
            **values,
        )
    if not ladder.campaign_costs:
        return say(
            "None of the {orders} of these days carries one of the {codes}: check that the codes work.",
            **values,
        )
    return say(
        "None of the {orders} of these days carries one of the {codes}: check that the codes work; if they "
        "do, it is a loss of {cost}.",
        **values,
    )


def _too_early(book: Book, ladder: Ladder, rule: Requirement) -> Wording:
    """Why the result is not told yet."""
    if rule.due is not settled_on:
        return say("It is too early to say: {reason}.", reason=rule.why)
    return say(
        "It is too early to say: {share} of returns are still open until {day}.",
        share=Share(max(0.01, ladder.open_share)),
        day=Day(settled_on(book)),
    )


def _in_no_figure(book: Book) -> Wording | None:
    """How many of the creators' orders the result leaves out for want of a rate; `None` where it holds all."""
    n = len(without_rate(book))
    if not n:
        return None
    return say_many(
        "{n} of the creators' orders has no rate and is not in it.",
        "{n} of the creators' orders have no rate and are not in it.",
        n=n,
    )


def _cost_not_in_it(book: Book, ladder: Ladder) -> Wording | None:
    """Whose cost the result leaves out because no file has it; `None` where it holds all, or where there is no result."""
    creators = sorted(no_own_cost(book))
    if not creators or ladder.campaign_costs is None:
        return None
    return say_many(
        "What {creators} cost is not on file and is not in it.",
        "What {n} creators cost is not on file and is not in it.",
        n=len(creators),
        creators=joined(creators),
    )


def _without_profit(ladder: Ladder) -> list[Wording]:
    """What was brought and spent, and the margin at which that breaks even."""
    values = {"orders": number_of("order", Count(_orders(ladder))), "sales": _stay_words(ladder)}
    if not ladder.costs_known:
        return [
            sentences(
                say("Creators brought {orders} and {sales}.", **values),
                say("What was spent on creators is not on file, so there is no result after costs."),
            )
        ]
    brought = say(
        "Creators brought {orders} and {sales}, on {cost} spent.",
        **values,
        cost=Money(ladder.campaign_costs),
    )
    return [brought, break_even_sentence(ladder)]


def made_or_lost(ladder: Ladder, profit: float) -> Wording:
    """The result on traced sales, with its range and what that range holds: it says nothing of cause."""
    values = {
        "amount": Money(abs(profit)),
        "range": joined([_likely(ladder, profit), _what_the_range_holds(ladder)], by="; "),
        "cost": Money(ladder.campaign_costs),
    }
    if profit >= 0:
        return say("On traced sales, the campaign made {amount} after {cost} spent ({range}).", **values)
    return say("On traced sales, the campaign lost {amount} after {cost} spent ({range}).", **values)


def _what_the_range_holds(ladder: Ladder) -> Text:
    """What a range of profit holds and what it does not; nothing where there is no range."""
    low, high = rounded_ends(*ladder.likely("profit"), 0)
    return "" if low == high else say("returns and inputs only, not what would have been sold anyway")


def _likely(ladder: Ladder, profit: float) -> Wording:
    """`likely between a and b`, with the margin it rests on where this is one number only.

    A loss is told in its own direction where the whole range is one.
    """
    low, high = ladder.likely("profit")
    if high < 0 and profit < 0:
        low, high = -high, -low
    low, high = rounded_ends(low, high, 0)
    span = (
        None if low == high else say("likely between {low} and {high}", low=_signed(low), high=_signed(high))
    )
    margin = ladder.margin_used.value
    if margin is None or not ladder.margin_used.unconfirmed:
        return span or _without_range(ladder)
    resting = say("at a margin of {margin}, which nobody has confirmed", margin=Share(margin.likely))
    turns = ladder.break_even_margin
    if turns is not None and 0 < turns <= 1:
        resting = say("{margin}; at {turns} it turns", margin=resting, turns=Share(rounded_up(turns)))
    return joined([part for part in (span, resting) if part], by=" ")


def _without_range(ladder: Ladder) -> Wording:
    """What stands where every input is one number: `to the unit` only where none of it is assumed."""
    assumed = list(ladder.assumed_rungs.short)
    if not assumed:
        return say("to the unit")
    return say("with {costs} as stated, not confirmed", costs=joined(assumed, last="and", most=2))


def _signed(amount: float) -> Wording:
    return say("a loss of {amount}", amount=Money(-amount)) if amount < 0 else Money(amount)


def _stay_words(ladder: Ladder) -> Wording:
    amount = Money(ladder.sales_that_stay)
    if ladder.returns_known:
        return say("{amount} of sales that stay", amount=amount)
    return say("at most {amount} of sales that stay", amount=amount)


def break_even_sentence(ladder: Ladder) -> Wording:
    """The break-even margin: `On traced sales, it pays back if the margin on these goods is at least x %, or, at y % margin, if …`."""
    needed = ladder.break_even_margin
    if needed is None or needed > 1:
        return say("At no margin do the traced sales pay back what was spent.")
    margin = min(0.95, np.ceil((needed + 0.05) * 10) / 10)
    back = ladder.break_even_returns(margin) if margin > needed else None
    values = {"needed": Share(rounded_up(needed)), "margin": Share(margin), "back": _floored(back)}
    if not ladder.returns_known:
        if back is None:
            return say(
                "On traced sales, it pays back if the margin on these goods is at least {needed} with nothing sent back.",
                **values,
            )
        return say(
            "On traced sales, it pays back if the margin on these goods is at least {needed} with nothing sent back, or {margin} with at most "
            "{back}.",
            **values,
        )
    if back is None:
        return say(
            "On traced sales, it pays back if the margin on these goods is at least {needed}.", **values
        )
    return say(
        "On traced sales, it pays back if the margin on these goods is at least {needed}, or, at {margin} margin, if no more than {back} "
        "comes back.",
        **values,
    )


def _floored(share: float | None) -> Share:
    """Rounded down to a whole percentage: no more than means no more than."""
    return Share(None if share is None else float(np.floor(share * 100) / 100))


def rounded_up(share: float) -> float:
    """Rounded up to a whole percentage: at least means at least."""
    return float(np.ceil(round(share * 100, 6)) / 100)


def has_results(ladder: Ladder) -> bool:
    """Whether any order that was not cancelled names a creator."""
    return bool(_orders(ladder) > 0)


def _orders(ladder: Ladder) -> float:
    """Credited orders that were not cancelled."""
    return float(ladder.slices.orders_kept.sum())


def _three_figures(book: Book, ladder: Ladder) -> list[Figure]:
    if book.campaign.goal != "sales":
        return goal_figures(book, ladder.campaign_costs)
    return [
        stay_figure(ladder, slot=_FIGURES),
        _profit_figure(ladder),
        _cost_per_customer(book, ladder),
    ]


def stay_figure(ladder: Ladder, slot: str | None) -> Figure:
    """Sales that stay (net revenue), or sales before returns where nobody knows what came back."""
    low, high = ladder.likely("sales_that_stay")
    sold, returns = has_results(ladder), ladder.returns_known
    from_orders = say("credited orders, excl. VAT, after returns")
    return Figure(
        "roi.sales_that_stay",
        SUMS["sales_that_stay"] if returns else say("Sales before returns"),
        ladder.sales_that_stay if sold else None,
        "money",
        "estimated" if returns and ladder.cents("returns_expected") else "counted",
        from_orders if returns else say("orders, excl. VAT; no file tells returns"),
        low=low if sold and returns else None,
        high=high if sold and returns else None,
        n=int(_orders(ladder)),
        slot=slot,
        note=say("excl. VAT, after returns") if returns else say("excl. VAT; returns not known"),
    )


def _profit_figure(ladder: Ladder) -> Figure:
    """Profit after campaign costs; where it is not known, the break-even margin in its place."""
    if ladder.profit is None or not has_results(ladder):
        return _margin_figure(ladder)
    low, high = ladder.likely("profit")
    return Figure(
        "roi.profit",
        SUMS["profit"],
        ladder.profit,
        "money",
        ladder.profit_grade,
        say("money ladder, rungs {rungs}", rungs=numbered(ladder.rungs_of("profit"))),
        low=low,
        high=high,
        n=int(_orders(ladder)),
        slot=_FIGURES,
        note=joined([not_included(ladder), unconfirmed_margin(ladder)], by="; "),
    )


def unconfirmed_margin(ladder: Ladder) -> Text:
    """That the margin is one number nobody has confirmed, beside a figure that rests on it; nothing where it is not."""
    margin = ladder.margin_used.value
    if margin is None or not ladder.margin_used.unconfirmed:
        return ""
    return say("margin of {margin} not confirmed", margin=Share(margin.likely))


def _margin_figure(ladder: Ladder) -> Figure:
    needed = ladder.break_even_margin if ladder.costs_known and has_results(ladder) else None
    needed = needed if needed is not None and needed <= 1 else None
    least, most = _margin_ends(ladder) if needed is not None else (None, None)
    return Figure(
        "roi.margin_needed",
        _margin_label(ladder),
        rounded_up(needed) if needed is not None else None,
        "percent",
        "counted" if least is None else "estimated",
        say("money ladder solved for the margin at which profit is 0"),
        low=least,
        high=most,
        slot=_FIGURES,
        note=_why_no_margin(ladder),
    )


def _margin_label(ladder: Ladder) -> Text:
    """What the margin figure is called: without returns on file, it is the least that is needed."""
    if not ladder.costs_known:
        return SUMS["profit"]
    if not ladder.returns_known:
        return say("Margin needed to pay back, at least")
    return say("Margin needed to pay back")


def _why_no_margin(ladder: Ladder) -> Text:
    """What the result after costs, or the margin that it turns at, is missing."""
    if not ladder.costs_known:
        return say("no cost of creators is on file")
    return say("no order is traced") if ladder.margin_known else say("no margin on file")


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
    if not ladder.costs.missing_words:
        return ""
    return say("not included: {costs}", costs=joined(ladder.costs.missing_words))


def _cost_per_customer(book: Book, ladder: Ladder) -> Figure:
    """Cost per new customer (acquisition cost, CAC), or the honest substitute the order history allows."""
    cost, (label, n, source, note) = ladder.campaign_costs, _customers(book, ladder)
    return Figure(
        "roi.cost_per_customer",
        label,
        cost / n if cost is not None and n else None,
        "money",
        "counted",
        source,
        n=int(n) if n else None,
        digits=2 if label == PER_ORDER else 0,
        slot=_FIGURES,
        note=note,
    )


def _customers(book: Book, ladder: Ladder) -> tuple[Text, float, Text, Text]:
    """What can be called a customer here: label, how many, from what, and what new means."""
    bought = purchases(book)
    if bought.empty:
        source = say("campaign costs ÷ orders; buyers are not in the file")
        return PER_ORDER, _orders(ladder), source, ""
    days = days_on_file_before(book)
    if not days:
        source = say("campaign costs ÷ orders; no order from before the campaign is on file")
        return PER_ORDER, _orders(ladder), source, say("new customers cannot be told: no earlier orders")
    values = order_values(book)
    counted = values.order_id[values.inside & values.counts]
    claimed = claimed_orders(book).order_id
    new = float((claimed.isin(bought.order_id[bought["first"]]) & claimed.isin(counted)).sum())
    in_days = number_of("day", days)
    source = say("campaign costs ÷ buyers without an order in the {days} before", days=in_days)
    return say("Cost per new customer"), new, source, say("new: no order in {days}", days=in_days)
