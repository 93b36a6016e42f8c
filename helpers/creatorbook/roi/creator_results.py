"""What each creator brought, what that says about next time, and what to do: ranges before ranks.

Orders are few, so a creator's count, baskets and returns are compared with the group's before they are
believed (`outlook`), the count beside what it was bought with (`finance.exposure`). Decisions follow a stated rule on the chance that the same deal pays back on
average; shared costs of the campaign are not part of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from creatorbook.campaign.lead import who_settles
from creatorbook.campaign.sizes import defined_sizes
from creatorbook.finance.advice import (
    OWN_PROFIT,
    first_missing,
    judged,
    not_posted,
    settled_by,
    too_early,
)
from creatorbook.finance.amounts import Inputs, claimed_bases
from creatorbook.finance.claimed_money import per_order
from creatorbook.finance.claims import marketplace, orders_on_file, people, without_rate
from creatorbook.finance.cost_lines import SEED, Input, order_inputs
from creatorbook.finance.exposure import Exposure, exposure
from creatorbook.finance.ladder import Ladder, money_ladder
from creatorbook.finance.leaks import carrying, order_signs
from creatorbook.finance.rungs import ON_SALES, TO_MARGIN, TO_STAY
from creatorbook.findings import Text
from creatorbook.history.advice import TOO_EARLY
from creatorbook.memo import per_book
from creatorbook.roi.decision_rule import price_with_ends, with_close_calls
from creatorbook.roi.goal_outlook import GoalOutlook, goal_outlook
from creatorbook.roi.outlook import BASKET_SPREAD, OrderCosts, Outlook, Traced, draws_for, predictive_outlook
from creatorbook.stats.intervals import NINETY_ENDS
from creatorbook.stats.shrinkage import homogeneity

if TYPE_CHECKING:
    from creatorbook.book import Book

#: a size is compared within itself from more creators than this
ENOUGH_OTHERS = 3
#: the most orders of one creator that a marketplace's total is spread over
MOST_SPREAD = 500
#: above this, differences are no larger than chance would make
CHANCE = 0.05


@dataclass(frozen=True)
class CreatorResults:
    """Results by creator.

    Attributes:
        frame: one row per creator, by name: creator, handle, platform, tier, live, orders, in_doubt (of these), without_rate
            (orders that no figure holds, for want of a rate), sales_that_stay, cost, profit (this time), expected_orders with orders_low and orders_high (this time,
            adjusted), next_orders, again with again_low and again_high (the same deal next time, on average),
            chance (of paying back), beats (the others of the size), top (best fifth), price, decision, reason (why it is too early;
            else empty), close_to (other decisions that as many other draws could give; empty mostly). Without orders on file
            orders and sales are missing, not 0; without advice so are profit and outlook.
        bought_with: what their orders were bought with.
        chance_alone: how often creators who bring equally much for it would differ this much.
        money_known: whether profit is known at all.
        earned: creator × draw: what the same deal leaves before fixed costs; `None` without money.
        rates: creator × draw: orders on average in a campaign like this one; `None` without creators.
        by_goal: what was brought for a goal that is not sales, by which the decisions then go; `None` for sales.
    """

    frame: pd.DataFrame
    bought_with: Exposure
    chance_alone: float
    money_known: bool
    earned: np.ndarray | None = None
    rates: np.ndarray | None = None
    by_goal: GoalOutlook | None = None

    @property
    def tells_apart(self) -> bool:
        """Whether creators differ by more than chance would make."""
        return self.chance_alone < CHANCE


@per_book
def creator_results(book: Book) -> CreatorResults:
    """Results by creator, with likely ranges (90 % credible intervals) and a decision each."""
    ladder = money_ladder(book)
    frame = _counted(book, ladder)
    bought_with = exposure(book)
    money_known = ladder.margin_known and ladder.costs_known
    if frame.empty:
        return CreatorResults(frame, bought_with, 1.0, money_known)
    frame, amounts = frame.reset_index(drop=True), _amounts(frame, bought_with)
    outlook = _outlook(book, ladder, frame, amounts)
    chance_alone = _chance_alone(frame, amounts, float(outlook.elasticity.mean()))
    low, high = np.quantile(outlook.drawn, NINETY_ENDS, axis=1)
    frame = frame.assign(
        expected_orders=outlook.drawn.mean(axis=1),
        orders_low=low,
        orders_high=high,
        next_orders=outlook.orders.mean(axis=1),
    )
    frame = _with_money(frame, outlook) if money_known else _without_money(frame)
    earned = outlook.earned if money_known else None
    by_goal = None
    if book.campaign.goal != "sales":
        by_goal = goal_outlook(book, frame)
        frame = frame.assign(**{name: by_goal.frame[name] for name in by_goal.frame})
    frame = _where_advised(book, frame, by_goal)
    return CreatorResults(frame, bought_with, chance_alone, money_known, earned, outlook.drawn, by_goal)


def _counted(book: Book, ladder: Ladder) -> pd.DataFrame:
    """Per creator, what this campaign counted; creators who took part and brought nothing included."""
    slices = ladder.slices[ladder.slices.creator.notna()]
    rungs = ladder.by_slice.loc[slices.index]
    cost_rungs = list(ladder.cost_rungs)
    accounts = pd.DataFrame(
        {
            "creator": slices.creator,
            "orders": slices.orders_kept,
            "sales_that_stay": rungs[list(TO_STAY)].sum(axis=1) / 100,
            "before_code": (slices.list_sure - slices.list_expected) / 100,
            "margin": rungs[list(TO_MARGIN)].sum(axis=1) / 100,
            "cost": -rungs[cost_rungs].sum(axis=1) / 100,
            "fixed": -rungs[list(ladder.fixed_rungs)].sum(axis=1) / 100,
            "commission": -rungs[list(ON_SALES)].sum(axis=1) / 100,
            "fee": -rungs["fees"].fillna(0.0) / 100,
        }
    )
    sums = accounts.groupby("creator", sort=True).sum()
    sums = sums.reindex(sorted({*sums.index, *judged(book)})).fillna(0.0)
    who = people(book)
    main = who[who.main].set_index("creator")
    sums = sums.assign(
        handle=main.handle.reindex(sums.index),
        platform=main.platform.reindex(sums.index),
        tier=defined_sizes(book, main.reindex(sums.index)),
        live=~sums.index.isin(not_posted(book)),
        in_doubt=_in_doubt(book).reindex(sums.index).fillna(0.0),
        without_rate=without_rate(book).groupby("creator").size().reindex(sums.index).fillna(0.0),
        profit=(sums.margin - sums.cost) if ladder.margin_known and ladder.costs_known else np.nan,
    )
    if not ladder.costs_known:
        sums["cost"] = np.nan
    return sums.reset_index(names="creator")


def _in_doubt(book: Book) -> pd.Series:
    """Orders with any sign that a code travelled, by creator; cancelled ones are not in doubt but gone."""
    signs = order_signs(book)
    return signs[signs.row.isin(_doubted(book))].groupby("creator").size().astype(float)


def _doubted(book: Book) -> pd.Series:
    """Orders (their `row`) that are not cancelled and carry any sign."""
    signs = order_signs(book)
    return signs.row[carrying(signs)]


def _groups(frame: pd.DataFrame) -> list[np.ndarray]:
    """Size and platform of each creator, as labels whose mean orders may differ."""
    return [frame[name].astype("object").fillna("not known").to_numpy() for name in ("tier", "platform")]


def _sure(frame: pd.DataFrame) -> np.ndarray:
    """Orders that say something about next time: those in doubt are left out of the outlook, not of the result."""
    return (frame.orders - frame.in_doubt).clip(lower=0).to_numpy(dtype=float)


def _amounts(frame: pd.DataFrame, bought_with: Exposure) -> np.ndarray:
    """What each creator's orders were bought with; 0 before anything is live, NaN where no file says."""
    amounts = frame.creator.map(bought_with.amounts).to_numpy(dtype=float)
    return np.where(frame.live, amounts, 0.0)


def _chance_alone(frame: pd.DataFrame, amounts: np.ndarray, elasticity: float) -> float:
    """How often creators who differ in nothing but what their orders were bought with would differ this much."""
    if not (amounts > 0).any():
        return homogeneity(_sure(frame))
    there = amounts > 0
    return homogeneity(_sure(frame)[there], (amounts[there] / amounts[there].max()) ** elasticity)


def _outlook(book: Book, ladder: Ladder, frame: pd.DataFrame, amounts: np.ndarray) -> Outlook:
    """The same deals once more, from the orders that are not in doubt; they reach as many people as now."""
    rate = np.divide(
        frame.commission,
        frame.sales_that_stay,
        out=np.zeros(len(frame)),
        where=(frame.sales_that_stay > 0).to_numpy(),
    )
    return predictive_outlook(
        _sure(frame),
        _groups(frame),
        _traced(book, ladder, frame),
        _order_costs(ladder, draws_for(len(frame))),
        np.asarray(rate),
        np.random.default_rng(SEED),
        amounts,
    )


def _traced(book: Book, ladder: Ladder, frame: pd.DataFrame) -> Traced:
    """Kept orders that are not in doubt, the marketplace's among them."""
    orders = per_order(book)
    orders = orders[(orders.orders_kept > 0) & ~orders.row.isin(_doubted(book))]
    seen = pd.Series(dtype="float64") if ladder.expected.seen is None else ladder.expected.seen
    place = pd.Series(np.arange(len(frame)), index=frame.creator)
    shop_orders = pd.DataFrame(
        {
            "creator": orders.creator.map(place),
            "net": orders.net / 100,
            "back": (orders.returned_or_0 / orders.net.where(orders.net > 0)).fillna(0.0),
            "seen": seen.reindex(orders.row).fillna(0.0).to_numpy(),
        }
    )
    traced = pd.concat([shop_orders, _marketplace_orders(book, place)]).dropna()
    return Traced(
        traced.creator.to_numpy(dtype=int),
        *(traced[name].to_numpy(dtype=float) for name in ("net", "back", "seen")),
    )


def _marketplace_orders(book: Book, place: pd.Series) -> pd.DataFrame:
    """A marketplace's sheet as orders: it has totals only, so they are spread as baskets usually are."""
    parts = []
    for row in marketplace(book).dropna(subset=["orders", "sales"]).itertuples():
        n = int(min(row.orders, MOST_SPREAD))
        if n < 1 or row.creator not in place.index or row.sales <= 0:
            continue
        shape = np.exp(BASKET_SPREAD * norm.ppf((np.arange(n) + 0.5) / n))
        back = float(np.clip(np.nan_to_num(row.refunds) / row.sales, 0.0, 1.0))
        rate = 1 + book.client.tax_rate_in(book.client.market) if book.client.prices_include_tax else 1.0
        net = shape / shape.mean() * row.sales / row.orders / rate
        parts.append(pd.DataFrame({"creator": place[row.creator], "net": net, "back": back, "seen": 1.0}))
    return (
        pd.concat(parts) if parts else pd.DataFrame(columns=["creator", "net", "back", "seen"], dtype=float)
    )


def _order_costs(ladder: Ladder, n: int) -> OrderCosts:
    """What an order takes, from the campaign's own ladder; draws, so that all creators share what is unsure."""
    drawn = _first_draws(ladder.drawn, n)
    whole = {name: _cut(value, n) for name, value in ladder.whole.items()}
    bases = claimed_bases(whole, drawn)
    net = ladder.cents("traced", "discounts", "tax", "cancelled")
    orders = max(whole["orders_kept"], 1.0)
    return OrderCosts(
        goods=np.nan_to_num(bases.goods / np.maximum(bases.stays, 1.0)),
        goods_back=np.nan_to_num(bases.goods_back / np.maximum(net - bases.stays, 1.0)),
        paid=whole["paid"] / max(net, 1.0),
        shipping_paid=whole["shipping_paid"] / orders / 100,
        sent=whole["parcels"] / orders if whole["orders_kept"] else 1.0,
        charged=whole["charged"] / orders if whole["orders_kept"] else 1.0,
        inputs={one.name: _in_money(drawn.costs[one.name], one) for one in order_inputs()},
        return_rate=np.clip(1 - bases.stays / net, 0.0, 1.0) if net > 0 else None,
        usual_return=ladder.expected.usual,
        returns_factor=_cut(ladder.expected.in_the_end, n),
    )


def _in_money(value: Any, of: Input) -> Any:
    return value / 100 if value is not None and of.unit == "money" else value


def _first_draws(drawn: Inputs, n: int) -> Inputs:
    """The first of the ladder's draws; numbers stay as they are."""
    costs = {name: _cut(value, n) for name, value in drawn.costs.items()}
    return replace(drawn, margin=_cut(drawn.margin, n), costs=costs)


def _cut(value: Any, n: int) -> Any:
    return value[:n] if isinstance(value, np.ndarray) else value


def _with_money(frame: pd.DataFrame, outlook: Outlook) -> pd.DataFrame:
    """Result of the same deal on average, the chance that it pays back, and what the rule decides."""
    fixed = frame.fixed.to_numpy()
    again = outlook.earned - fixed[:, None]
    low, high = np.quantile(again, NINETY_ENDS, axis=1)
    chance = (again > 0).mean(axis=1)
    fee = frame.fee.to_numpy()
    prices = price_with_ends(outlook.earned).less(fixed - fee)
    decided, others = with_close_calls(chance, prices, fee, again.shape[1])
    return frame.assign(
        again=again.mean(axis=1),
        again_low=low,
        again_high=high,
        chance=chance,
        beats=beats_group(again, frame.tier),
        top=among_top(again),
        price=prices.likely,
        decision=decided,
        close_to=others,
    )


def _where_advised(book: Book, frame: pd.DataFrame, by_goal: GoalOutlook | None) -> pd.DataFrame:
    """Decisions as far as what is known allows them (`finance.advice`), else “too early” with the reason."""
    undecided = frame.decision == TOO_EARLY
    # to renew rests on all that the others do
    reasons = list(too_early(book, frame.set_index("creator").decision.replace(TOO_EARLY, "renew")))
    if by_goal is not None:
        reasons = [
            reason or (by_goal.measure.lacks if one else "")
            for reason, one in zip(reasons, undecided, strict=True)
        ]
    early = pd.Series([reason != "" for reason in reasons], index=frame.index, dtype=bool)
    decision = frame.decision.mask(early, TOO_EARLY)
    return frame.assign(
        decision=decision,
        reason=pd.Series(reasons, index=frame.index, dtype=object),
        close_to=frame.close_to.mask(early, ""),
        price=frame.price.where(decision == "renegotiate"),
        profit=frame.profit.mask(
            [first_missing(book, OWN_PROFIT, name) is not None for name in frame.creator]
        ),
        **{
            name: frame[name].mask(early)
            for name in ("again", "again_low", "again_high", "chance", "beats", "top")
        },
        **({} if orders_on_file(book) else dict.fromkeys(("orders", "sales_that_stay"), np.nan)),
    )


@dataclass(frozen=True)
class Waiting:
    """Why advice waits, in the middle of a sentence, and who can settle it."""

    why: Text
    who: Text


def commonest_reason(book: Book, results: CreatorResults) -> Waiting | None:
    """Why nothing is advised about most of these creators; `None` where nobody's advice waits."""
    waiting = results.frame.creator[results.frame.decision == TOO_EARLY]
    rules = [first_missing(book, "renew", name) for name in waiting]
    if not rules:
        return None
    rule = max(rules, key=rules.count)
    if rule is not None:
        return Waiting(rule.why, settled_by(book, rule))
    return None if results.by_goal is None else Waiting(results.by_goal.measure.lacks, who_settles(book))


def beats_group(again: np.ndarray, group: pd.Series) -> np.ndarray:
    """Posterior probability that a creator's result lies above the mean of the others of the same size; NaN with fewer than 3."""
    chance = np.full(len(again), np.nan)
    for name in group.dropna().unique():
        rows = np.flatnonzero((group == name).to_numpy())
        if len(rows) > ENOUGH_OTHERS:
            others = (again[rows].sum(axis=0) - again[rows]) / (len(rows) - 1)
            chance[rows] = (again[rows] > others).mean(axis=1)
    return chance


def among_top(again: np.ndarray) -> np.ndarray:
    """Chance to be among the best fifth (at least one) by the result of the same deal."""
    most = max(1, round(len(again) / 5))
    line = np.partition(again, len(again) - most, axis=0)[len(again) - most]
    return np.asarray((again >= line).mean(axis=1))


def _without_money(frame: pd.DataFrame) -> pd.DataFrame:
    """Without a margin or without costs there is no outlook in money; the rule book says so of each decision."""
    names = ("again", "again_low", "again_high", "chance", "beats", "top", "price")
    empty = dict.fromkeys(names, np.nan)
    return frame.assign(**empty, decision=TOO_EARLY, close_to="")
