"""What may be advised from what is known: one rule book for pulse and results.

Each rule names a fact, the advice that rests on it, what is said where the fact is missing, and who can settle it.
Nothing on file is not nought: advice whose fact is missing is “too early”. Rules stand in the order in which they are
worth settling; the first that is missing is the reason that is told. Whoever gives advice asks here and has no
condition of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.campaign.benefits import benefit_of
from creatorbook.campaign.lead import LEAD, who_settles
from creatorbook.campaign.order_codes import order_codes, plain_codes
from creatorbook.campaign.people import everybody
from creatorbook.campaign.posts import campaign_posts, first_posts
from creatorbook.finance.claims import (
    claimed_orders,
    code_owners,
    joined_kinds,
    marketplace,
    orders_on_file,
    owners,
    people,
    without_rate,
    without_rate_sentence,
)
from creatorbook.finance.costs import campaign_costs, commission_rates, took_part
from creatorbook.finance.ladder import money_ladder
from creatorbook.finance.returns import settled_on
from creatorbook.findings import Day, Share, Text, Wording, joined, say, say_many
from creatorbook.memo import per_book, remember

if TYPE_CHECKING:
    from creatorbook.book import Book

#: advice about one creator, as `roi.decision_rule` names it
ON_CREATORS = frozenset({"renew", "test again", "renegotiate", "stop"})
#: what is said of this campaign, and about the next one
RESULT, REPEAT, DO_NOT_REPEAT, NEXT_WAVE = "result", "repeat", "do not repeat", "next wave"
#: what one creator brought after their own costs, this time
OWN_PROFIT = "profit of one creator"
#: the pulse's word that nothing has to change
KEEP_GOING = "keep going"
#: the campaign's verdict: whether it should be done again
VERDICT = frozenset({REPEAT, DO_NOT_REPEAT})
ON_MONEY = ON_CREATORS | VERDICT | {RESULT, NEXT_WAVE, OWN_PROFIT}
#: what follows the campaign's goal; where this is not sales, what sales tell is second and advises nothing
BY_GOAL = ON_CREATORS | VERDICT | {NEXT_WAVE}
#: what waits for returns: not what was counted so far
ADVISED = ON_MONEY - {OWN_PROFIT}

#: share of all returns still open from which on nothing is advised
MOSTLY_OPEN = 0.5
#: days an open point gets
TWO_WEEKS = timedelta(days=14)
#: goals whose figures are counted on posts
ON_POSTS = frozenset({"awareness", "content", "community"})
#: costs that are paid to, or for, one creator
_PAID = ("fees", "gifts", "rights", "commission")

#: of whom a fact is missing: `True` for the whole campaign, else the creators; nobody where it is known
Missing = bool | Collection[str]


@dataclass(frozen=True)
class Requirement:
    """One row of the rule book.

    Attributes:
        fact: what has to be known, by name.
        missing: of whom it is not.
        advice: what rests on it: advice about each creator of whom it is missing, and about the campaign where it is
            missing for the whole of it.
        in_part: advice about the campaign that rests on it even where it is missing of some creators only.
        why: the reason, as it stands beside “too early”.
        asks: the open point of the first page; or a function of book and creators that says it.
        who: who can settle it; the campaign's lead where it says so.
        due: by when; two weeks from the report's day where it does not say.
        goals: the campaign's goals for which the rule holds; all, if empty.
        of_sales: whether the fact is about what was sold: another goal's advice does not rest on it.
    """

    fact: str
    missing: Callable[[Book], Missing]
    advice: frozenset[str]
    why: Text
    asks: Text | Callable[[Book, list[str]], Wording]
    who: Text
    in_part: frozenset[str] = frozenset()
    due: Callable[[Book], date] = lambda book: book.as_of + TWO_WEEKS
    goals: frozenset[str] = frozenset()
    of_sales: bool = False


@dataclass(frozen=True)
class Gap:
    """A fact that is missing.

    Attributes:
        rule: the rule that asks for it.
        creators: of whom it is missing, by name; of the whole campaign, where there are none.
        for_goal: the campaign's goal.
    """

    rule: Requirement
    creators: tuple[str, ...] = ()
    for_goal: str = "sales"

    def holds_back(self, advice: str, creator: str = "") -> bool:
        """Whether this advice, about the creator or else about the campaign, rests on the fact."""
        if self.rule.of_sales and self.for_goal != "sales" and advice in BY_GOAL:
            return False
        if not self.creators:
            return advice in self.rule.advice
        if creator:
            return advice in self.rule.advice and creator in self.creators
        return advice in self.rule.in_part


def gaps(book: Book, advice: frozenset[str]) -> list[Gap]:
    """What is missing for any of this advice, in the rule book's order."""
    asked = [rule for rule in RULES if (rule.advice | rule.in_part) & advice]
    return [gap for rule in asked if (gap := _gap(book, rule)) is not None]


def _gap(book: Book, rule: Requirement) -> Gap | None:
    """What is missing of one rule's fact, looked at once."""

    def look() -> Gap | None:
        if rule.goals and book.campaign.goal not in rule.goals:
            return None
        of_whom, goal = rule.missing(book), book.campaign.goal
        if of_whom is True:
            return Gap(rule, for_goal=goal)
        return Gap(rule, tuple(sorted(of_whom)), goal) if of_whom else None

    return remember(book, f"a gap in {rule.fact}", look)


def first_missing(book: Book, advice: str, creator: str = "") -> Requirement | None:
    """The first rule that keeps this advice back, about the creator or else about the campaign; `None` if it may be given."""
    rules = (gap.rule for gap in gaps(book, frozenset({advice})) if gap.holds_back(advice, creator))
    return next(rules, None)


def too_early(book: Book, decided: pd.Series) -> pd.Series:
    """Per creator (the index) the reason why what was decided may not be advised; "" where it may."""
    rules = [first_missing(book, str(advice), str(creator)) for creator, advice in decided.items()]
    return pd.Series(["" if rule is None else rule.why for rule in rules], index=decided.index, dtype=object)


def points_to_settle(book: Book) -> list[tuple[Wording | Text, Text, date]]:
    """What is missing for money advice, as the first page asks for it, with who settles it and by when: first what
    the campaign's own goal asks for and what holds for the whole campaign, then the commonest reasons.
    """
    asked = gaps(book, ON_MONEY)
    asked.sort(key=lambda gap: (not gap.rule.goals, -len(gap.creators) if gap.creators else -float("inf")))
    return [(_asked(book, gap), settled_by(book, gap.rule), gap.rule.due(book)) for gap in asked]


def settled_by(book: Book, rule: Requirement) -> Text:
    """Who can settle it: the lead by name, where that is known, else a role."""
    return who_settles(book) if rule.who == LEAD else rule.who


def _asked(book: Book, gap: Gap) -> Text:
    asks = gap.rule.asks
    return asks(book, list(gap.creators)) if callable(asks) else asks


def judged(book: Book) -> list[str]:
    """Everybody about whom advice may be asked: who took part, and to whom orders or sales are traced, with a rate or without."""
    return sorted({*took_part(book).creator.dropna(), *marketplace(book).creator, *_sold(book)})


@per_book
def _sold(book: Book) -> frozenset[str]:
    """Creators to whom an order or a marketplace sale is traced, with a rate or without."""
    sheet = marketplace(book)
    at_marketplace = sheet.creator[(sheet.orders > 0) | (sheet.sales > 0)]
    return frozenset(
        {*claimed_orders(book).creator.unique(), *without_rate(book).creator.unique(), *at_marketplace}
    )


def not_posted(book: Book) -> set[str]:
    """Of whom no file has a post, an order or a sale, though posts of others are on file; nobody where none are."""
    posted = first_posts(book)
    if posted.empty:
        return set()
    return set(judged(book)) - set(posted.index) - _sold(book)


@per_book
def sure_to_be_traced(book: Book) -> set[str]:
    """Creators whose orders would be seen: a code of theirs is in the shop's list or on any order, test orders included,
    or something else names them already; without orders they have brought none.
    """
    codes = {*order_codes(book).code, *plain_codes(book.tables.discounts.code).dropna()}
    handles = code_owners(book)
    working = set(handles[handles.index.isin(codes)].map(owners(book)).dropna())
    if "link" in joined_kinds(book):
        working |= set(book.tables.clicks.handle.map(owners(book)).dropna())
    return working | _sold(book)


def _no_order_file(book: Book) -> Missing:
    """No order and no marketplace's sheet; beside a sheet alone, whoever has a code for the shop as well."""
    if len(book.tables.orders):
        return False
    accounts = people(book)
    return (
        True if marketplace(book).empty else set(accounts.creator[accounts.code.notna()]) & set(judged(book))
    )


def _none_of_these_days(book: Book) -> Missing:
    return len(book.tables.orders) > 0 and not orders_on_file(book)


def _nothing_traces(book: Book) -> Missing:
    """Of whom an order might never be seen; the whole campaign where no order has been seen of anybody."""
    if not orders_on_file(book):
        return False
    unseen = set(judged(book)) - sure_to_be_traced(book)
    return True if not _sold(book) and (unseen or not judged(book)) else unseen


def _no_rate(book: Book) -> Missing:
    """Whose orders are in no figure; the whole campaign where no others are traced."""
    creators = set(without_rate(book).creator)
    return True if creators and claimed_orders(book).empty and marketplace(book).empty else creators


@per_book
def no_own_cost(book: Book) -> set[str]:
    """Who is paid a fee (`campaign.benefits`) that no file has, or of whom no cost is on file at all, not even one of 0."""
    costs, sheet = campaign_costs(book), marketplace(book)
    if not costs.creators_known:
        return set()
    rung = costs.lines.rung
    with_cost = {*sheet.creator[sheet.commission.notna()], *costs.lines.creator[rung.isin(_PAID)]}
    with_cost |= set(commission_rates(book).dropna().index)
    accounts = everybody(book)
    for_a_fee = {
        row["creator"] for row in accounts[accounts.main].to_dict("records") if benefit_of(row)[0] == "fee"
    }
    return set(judged(book)) - (with_cost - (for_a_fee - set(costs.lines.creator[rung == "fees"])))


def _no_post(book: Book) -> Missing:
    return campaign_posts(book).empty


def _could_turn(book: Book) -> Missing:
    ladder = money_ladder(book)
    worse, better = ladder.profit_at_open_returns
    return ladder.profit is not None and worse < 0 < better and not _mostly_open(book)


def _mostly_open(book: Book) -> Missing:
    ladder = money_ladder(book)
    return ladder.returns_known and ladder.open_share >= MOSTLY_OPEN


def _refunds_unknown(book: Book) -> Missing:
    return not money_ladder(book).returns_known


def _without_rate_asked(book: Book, _: list[str]) -> Wording:
    return without_rate_sentence(book) or say("Rates for orders in other currencies.")


def _unseen_asked(book: Book, creators: list[str]) -> Wording:
    names = creators or judged(book)
    if not names:
        return say("Orders with codes: any result at all.")
    return say_many(
        "Whether the code of {creators} works: the shop's list of discounts, or a test order, shows it.",
        "Whether the codes of {n} creators work: the shop's list of discounts, or test orders, show it.",
        n=len(names),
        creators=joined(names),
    )


def _own_cost_asked(_: Book, creators: list[str]) -> Wording:
    return say_many(
        "What {creators} cost: their result, and the campaign's.",
        "What {n} creators cost: their results, and the campaign's.",
        n=len(creators),
        creators=joined(creators),
    )


def _not_posted_asked(_: Book, creators: list[str]) -> Wording:
    return say_many(
        "Whether {creators} posted.",
        "Whether {n} creators posted.",
        n=len(creators),
        creators=joined(creators),
    )


def _open_asked(book: Book, _: list[str]) -> Wording:
    values = {"share": Share(max(0.01, money_ladder(book).open_share)), "day": Day(settled_on(book))}
    return say("What still comes back: {share} of returns are open until {day}.", **values)


_SHOP, _FINANCE = say("shop"), say("finance")

#: the rule book
RULES = (
    Requirement(
        "an order file",
        _no_order_file,
        ON_MONEY | {KEEP_GOING},
        say("no order file"),
        say("Orders with codes: any result at all."),
        _SHOP,
        in_part=VERDICT,
        of_sales=True,
    ),
    Requirement(
        "orders of the campaign's days",
        _none_of_these_days,
        ON_MONEY | {KEEP_GOING},
        say("no order of these days on file"),
        say("Orders of the campaign's days: any result at all."),
        _SHOP,
        of_sales=True,
    ),
    Requirement(
        "a code or link that works",
        _nothing_traces,
        ON_MONEY | {KEEP_GOING},
        say("no order shows that the code works"),
        _unseen_asked,
        _SHOP,
        of_sales=True,
    ),
    Requirement(
        "a rate for every traced order",
        _no_rate,
        ON_MONEY,
        say("orders without a rate"),
        _without_rate_asked,
        _FINANCE,
        in_part=VERDICT,
        of_sales=True,
    ),
    Requirement(
        "what creators cost",
        lambda book: not money_ladder(book).costs_known,
        ON_MONEY,
        say("no cost on file"),
        say("What creators cost: profit instead of sales."),
        LEAD,
    ),
    Requirement(
        "what each creator cost",
        no_own_cost,
        ON_CREATORS | {OWN_PROFIT},
        say("no cost of theirs on file"),
        _own_cost_asked,
        LEAD,
        in_part=frozenset({REPEAT}),
    ),
    Requirement(
        "margin or product costs",
        lambda book: not money_ladder(book).margin_known,
        ON_MONEY,
        say("no margin on file"),
        say("Margin or product costs: profit, not a break-even."),
        _FINANCE,
        of_sales=True,
    ),
    Requirement(
        "what comes back",
        _refunds_unknown,
        ON_MONEY,
        say("nothing tells what comes back"),
        say("Refunds: sales that stay instead of at most."),
        _SHOP,
        of_sales=True,
    ),
    Requirement(
        "most returns",
        _mostly_open,
        ADVISED,
        say("most returns still open"),
        _open_asked,
        _SHOP,
        due=settled_on,
        of_sales=True,
    ),
    Requirement(
        "returns that could turn the result",
        _could_turn,
        VERDICT | {RESULT},
        say("open returns could turn the result"),
        _open_asked,
        _SHOP,
        due=settled_on,
        of_sales=True,
    ),
    Requirement(
        "a post",
        not_posted,
        ON_CREATORS,
        say("no post of theirs on file"),
        _not_posted_asked,
        LEAD,
    ),
    Requirement(
        "posts of the campaign",
        _no_post,
        ON_CREATORS | VERDICT,
        say("no post on file"),
        say("Posts of the campaign: the goal's own figures."),
        LEAD,
        goals=ON_POSTS,
    ),
    Requirement(
        "texts of posts",
        _no_post,
        frozenset({KEEP_GOING}),
        say("no post on file"),
        say("Posts of the campaign: their labels."),
        LEAD,
    ),
)
