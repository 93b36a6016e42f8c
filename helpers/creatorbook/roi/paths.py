"""Would another rule for sharing orders change the decision? Other precedences, and click paths where there are any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook import plugins
from creatorbook.campaign.lead import who_settles
from creatorbook.campaign.shop_sales import is_order
from creatorbook.finance.claims import (
    KINDS,
    content_owners,
    creators_under,
    joined_kinds,
    kinds_on_orders,
    owners,
)
from creatorbook.finance.costs import commission_rates
from creatorbook.finance.economics import orders_needed, unit_economics, with_commission
from creatorbook.finance.ladder import money_ladder
from creatorbook.finance.order_values import inside_window
from creatorbook.finance.rungs import SUMS
from creatorbook.findings import (
    Capital,
    Chart,
    Column,
    Count,
    Findings,
    Note,
    Share,
    Table,
    Wording,
    charts,
    joined,
    number_of,
    packed,
    say,
    say_many,
    sentences,
    written,
)
from creatorbook.memo import per_book
from creatorbook.roi.click_paths import ClickPaths, click_paths
from creatorbook.roi.creator_results import creator_results
from creatorbook.stats import attribution
from creatorbook.text.handles import plain_handle, plain_handles

if TYPE_CHECKING:
    from creatorbook.book import Book

#: below this share of orders with two or more creators on their path, path models add nothing
ENOUGH_SHARED = 0.10
#: from this share of the credit on that changes hands between rules, they disagree more than they inform
TOO_FAR_APART = 0.25
#: beyond so many orders the profit under other rules is left out: each rule is a ladder of its own
MOST_ORDERS = 300_000
OTHER_SOURCES = "(other sources)"


def other_rules(book: Book) -> Findings:
    """Would another attribution model change the decision: how evidence overlaps, the result under other precedences, click paths.

    Tables: `roi.other_rules` (rule, orders, orders that change hands, profit, return on costs, decisions that change) and
    `roi.paths` (creator by rule, orders), the second only where click paths are on file.
    """
    items: list[Any] = [*_overlap_chart(book), *_precedences(book), *_paths(book)]
    if not items:
        text = say(
            "No: one kind of evidence names the orders, so no rule could share them otherwise. A click log with order "
            "numbers, or a question after the order, would show what codes miss."
        )
        items = [Note(text)]
    return Findings("roi", tuple(items), book.formats)


# ------------------------------------------------------------------ evidence that overlaps


def _overlap_chart(book: Book) -> list[Chart]:
    """One row per combination of evidence, with the orders that carry it."""
    kinds = joined_kinds(book)
    if len(kinds) < 2:
        return []
    overlaps = kinds_on_orders(book).sort_values(kinds, kind="stable")
    overlaps = overlaps.sort_values("orders", ascending=False, kind="stable")
    f = book.formats
    names = {kind: written(Capital(KINDS[kind]), f) for kind in kinds}
    picture = charts.overlap(
        overlaps.rename(columns=names),
        sets=list(names.values()),
        value="orders",
        within="split",
        formats=f,
        labels=(written(say("orders"), f), written(say("of these naming different creators"), f)),
    )
    several = overlaps[overlaps[kinds].sum(axis=1) > 1]
    alt = say(
        "{orders} by the evidence they carry: {several} carry more than one kind, {split} of all name different "
        "creators.",
        orders=number_of("order", Count(overlaps.orders.sum())),
        several=Count(several.orders.sum()),
        split=Count(overlaps.split.sum()),
    )
    read = say(
        "Each row is one combination: its dark dots say which evidence an order carries, its bar how many orders do."
    )
    return [Chart("roi.overlap_chart", "Which evidence stands on the same orders", alt, picture, note=read)]


# ------------------------------------------------------------------ other precedences


@per_book
def precedences(book: Book) -> pd.DataFrame:
    """The result under other rules: rule, orders, moved, profit, roi, changed; the stated rule first.

    `moved`: orders that go to another creator, or to none. `changed`: creators whose decision changes, close calls
    left out. Money is missing without a margin or costs, and for a shop too large to work out every rule.
    """
    stated: list[str] = [*book.campaign.precedence]
    kinds = joined_kinds(book)
    rules = [(say("as stated"), stated)]
    rules += [
        (say("{kind} first", kind=KINDS[kind]), [kind, *(k for k in stated if k != kind)]) for kind in kinds
    ]
    rules += [(say("only {kind}", kind=KINDS[kind]), [kind]) for kind in kinds[:1]]
    chosen = [rules[0], *((name, order) for name, order in rules[1:] if order != stated)]
    frame = pd.DataFrame([{"rule": name, **_under(book, order)} for name, order in chosen])
    return frame.astype(dict.fromkeys(("orders", "moved", "profit", "roi", "changed"), float))


def _under(book: Book, order: list[str]) -> dict[str, Any]:
    """One rule's row."""
    stated, other = (creators_under(book, rule) for rule in ([*book.campaign.precedence], order))
    moved = int((stated != other.reindex(stated.index)).sum())
    row: dict[str, Any] = {"orders": len(other), "moved": moved, "profit": None, "roi": None, "changed": None}
    if len(book.tables.orders) > MOST_ORDERS:
        return row
    changed = book if order == [*book.campaign.precedence] else book.changed(precedence=order)
    ladder, results = money_ladder(changed), creator_results(changed)
    if results.money_known:
        row["changed"] = changed_decisions(creator_results(book).frame, results.frame)
    return {**row, "profit": ladder.profit, "roi": ladder.roi if ladder.profit is not None else None}


def changed_decisions(before: pd.DataFrame, after: pd.DataFrame) -> int:
    """Decisions that are others for certain: close calls, which other draws could turn as well, are left out."""
    joined = before.merge(after, on="creator", how="left", suffixes=("", "_after"))
    joined = joined[joined.decision != joined.decision_after].fillna({"close_to_after": ""})
    return sum(
        row.decision_after not in row.close_to.split(" or ")
        and row.decision not in row.close_to_after.split(" or ")
        for row in joined.itertuples()
    )


def _precedences(book: Book) -> list[Table | Note]:
    if len(joined_kinds(book)) < 2:
        return []
    frame = precedences(book)
    others = frame.iloc[1:]
    note = Note(_under_others(others, close=bool(creator_results(book).frame.close_to.any())))
    columns = {
        "rule": Column("Who gets the order"),
        "orders": Column("Orders traced", "number", grade="counted"),
        "moved": Column("of the stated rule's, to another or nobody", "number", grade="counted"),
        "profit": Column(SUMS["profit"], "money"),
        "roi": Column("Return on campaign costs", "percent"),
        "changed": Column("Decisions that change", "number"),
    }
    return [note, Table("roi.other_rules", "The result under other rules", frame, columns)]


def _under_others(others: pd.DataFrame, *, close: bool) -> Wording:
    """What would change if another rule held; `others` are the rows of `precedences` but the stated one."""
    moved = number_of("order", Count(others.moved.max()))
    if not others.changed.notna().any():
        return say(
            "What other rules would do to decisions needs margin and costs, and a shop of ordinary size; at most "
            "{moved} would go to somebody else or to nobody.",
            moved=moved,
        )
    if most := int(others.changed.max()):
        change = say_many(
            "At most {n} decision would change if another kind of evidence went first, or if only one counted",
            "At most {n} decisions would change if another kind of evidence went first, or if only one counted",
            n=most,
        )
    else:
        change = say(
            "No decision would change if another kind of evidence went first, or if only one counted"
        )
    if close:
        change = say("{change} (close calls left out)", change=change)
    return say(
        "{change}; at most {moved} would go to somebody else or to nobody.", change=change, moved=moved
    )


# ------------------------------------------------------------------ click paths


def _paths(book: Book) -> list[Any]:
    """What click paths add: the rules side by side, their spread, and a plain statement."""
    if book.tables.journeys.empty:
        return []
    cut = click_paths(_log(book), book.campaign.lookback_days)
    touches = cut.touches.fillna({"channel": OTHER_SOURCES})
    if not cut.on_path.any():
        text = say("Click paths are on file, but none ends with an order: they cannot share any.")
        return [Note(sentences(text, _orders_on_paths(book, cut)), "unknown")]
    creators = touches[touches.channel != OTHER_SOURCES]
    if creators.empty:
        text = say(
            "Click paths are on file, but no touch could be matched to a creator by handle or link tag."
        )
        return [Note(text, "unknown", owner=who_settles(book))]
    read = attribution.journeys(touches, time=None if touches.touched_at.isna().any() else "touched_at")
    rules = plugins.attribution_rules(book.client.replaces)
    orders_by_rule = _shared(read, rules)
    several = _several(creators, read.total)
    items: list[Any] = [
        Note(_statement(book, orders_by_rule.set_index("creator"), several)),
        _paths_table(orders_by_rule, rules),
        Note(_orders_on_paths(book, cut)),
    ]
    if book.tables.journeys.journey.isin(cut.orders.visitor).all():
        text = say(
            "Only paths of buyers are on file, so removing a creator can only say who stood on paths, not who wins buyers "
            "over."
        )
        items.append(Note(text, "caution"))
    return [*items, Note(_how_shared(book, len(orders_by_rule.columns) - 1, read), "method")]


def _log(book: Book) -> pd.DataFrame:
    """The click log with a creator or other sources as channel; what the shop does not take for a sale is no order."""
    log = book.tables.journeys
    by_content = content_owners(book, log.channel)
    by_handle = {plain_handle(handle): handle for handle in owners(book).index}
    named = plain_handles(log.channel).map(by_handle)
    handle = named.fillna(log.channel.map(by_content).astype("str"))
    channel = handle.map(owners(book)).fillna(OTHER_SOURCES)
    no_sale = log.order_id.isin(_no_sales(book))
    return log.assign(
        channel=channel.where(log.channel.notna()), converted=log.converted.mask(no_sale, other=False)
    )


def _no_sales(book: Book) -> pd.Series:
    """Numbers of the shop's records that are no order: tests, and what is no sale yet."""
    return book.tables.orders.order_id[~is_order(book)]


def _orders_on_paths(book: Book, cut: ClickPaths) -> Wording:
    """How many orders of the click log are on paths and why others are not, and how many of the shop's these are."""
    on_path, too_old = cut.on_path, cut.too_old
    without, days = int((~on_path & ~too_old).sum()), book.campaign.lookback_days
    counted = inside_window(book).order_id
    no_sale = int(_no_sales(book).isin(book.tables.journeys.order_id).sum())
    return sentences(
        say(
            "Of {orders} in the click log {on_path} are on a path.",
            orders=number_of("order", Count(len(cut.orders))),
            on_path=Count(on_path.sum()),
        ),
        say_many("{n} has no touch before it.", "{n} have no touch before them.", n=Count(without))
        if without
        else None,
        say_many(
            "{n} has only touches longer ago than {days} days.",
            "{n} have only touches longer ago than {days} days.",
            n=Count(too_old.sum()),
            days=days,
        )
        if too_old.any()
        else None,
        say_many(
            "{n} more is no sale in the shop's file and is left out.",
            "{n} more are no sales in the shop's file and are left out.",
            n=Count(no_sale),
        )
        if no_sale
        else None,
        say(
            "Of the shop's {orders} of these days {on_path} are on one; {absent} are not in the click log.",
            orders=number_of("order", Count(len(counted))),
            on_path=Count(counted.isin(cut.orders.order_id[on_path]).sum()),
            absent=Count((~counted.isin(cut.orders.order_id)).sum()),
        )
        if cut.orders.order_id.notna().any()
        else say("Which of the shop's orders they are cannot be told: the click log has no order numbers."),
    )


def _how_shared(book: Book, rules: int, read: attribution.Journeys) -> Wording:
    """What a path is, and that each rule shares out the same orders."""
    days = book.campaign.lookback_days
    return sentences(
        say(
            "{rules} rules over {paths}; each rule's orders sum to {orders}.",
            rules=rules,
            paths=number_of("path", Count(len(read))),
            orders=Count(read.total),
        ),
        say(
            "A path ends at its order and begins after the order before, {days} days back at most (lookback_days in the "
            "campaign file); later touches are on a path without an order.",
            days=days,
        )
        if days
        else say(
            "A path ends at its order and begins after the order before, on the order's own day (lookback_days in the "
            "campaign file); other touches are on a path without an order."
        ),
    )


def _shared(read: attribution.Journeys, rules: list[attribution.Rule]) -> pd.DataFrame:
    """Orders by creator and rule, most by last touch first; other sources last. A rule that fails is left out."""
    shares = plugins.answered(rules, lambda rule: attribution.share_out(read, [rule]))
    orders_by_rule = pd.concat([of_rule for _, of_rule in shares], axis=1)
    is_other = orders_by_rule.index == OTHER_SOURCES
    first = "last" if "last" in orders_by_rule else orders_by_rule.columns[0]
    ordered = pd.concat(
        [
            orders_by_rule[~is_other].sort_values(first, ascending=False, kind="stable"),
            orders_by_rule[is_other],
        ]
    )
    return ordered.rename_axis("creator").reset_index()


def _several(creators: pd.DataFrame, total: float) -> float:
    """Share of all orders with two or more creators on their path."""
    bought = creators.groupby("journey").agg(names=("channel", "nunique"), ended=("converted", "any"))
    return float(((bought.names > 1) & bought.ended).sum() / total)


def _statement(book: Book, orders_by_rule: pd.DataFrame, several: float) -> Wording:
    """Whether path models add anything, disagree too much, or would change a decision."""
    apart, shared = attribution.disagreement(orders_by_rule), Share(several)
    if several < ENOUGH_SHARED:
        return say(
            "Other ways of sharing an order add nothing here: {share} of orders with a path have two or more creators on "
            "it.",
            share=shared,
        )
    far = None
    if apart >= TOO_FAR_APART:
        far = say("They disagree more than they inform: keep the stated rule.")
    return sentences(
        say("{share} of orders with a path have two or more creators on it.", share=shared),
        _between_rules(Share(apart), _flips(book, orders_by_rule)),
        far,
    )


def _between_rules(apart: Share, flips: list[str] | None) -> Wording:
    """How much credit changes hands, and for whom that decides; `None` where nobody can say what pays."""
    if flips is None:
        return say("Between rules up to {share} of the credit changes hands.", share=apart)
    if not flips:
        return say(
            "Between rules up to {share} of the credit changes hands; no creator would pay back under some rules and not "
            "under others.",
            share=apart,
        )
    return say(
        "Between rules up to {share} of the credit changes hands; {names} would pay back under some rules and not under "
        "others.",
        share=apart,
        names=joined(flips),
    )


def _flips(book: Book, given: pd.DataFrame) -> list[str] | None:
    """Creators whose orders reach what their fixed cost needs under some rules only; `None` without a margin."""
    unit = unit_economics(book)
    fixed, rates = creator_results(book).frame.set_index("creator").fixed, commission_rates(book)
    flips = []
    for creator, row in given.drop(index=OTHER_SOURCES, errors="ignore").iterrows():
        cost, own = float(fixed.get(creator, 0.0)), with_commission(unit, rates.get(creator))
        needed = orders_needed(cost, own) if cost > 0 else None
        if needed is not None and (row >= needed.likely).any() and not (row >= needed.likely).all():
            flips.append(str(creator))
    return flips if orders_needed(1.0, unit) is not None else None


def _paths_table(given: pd.DataFrame, rules: list[attribution.Rule]) -> Table:
    titles = {rule.id: rule.title for rule in rules}
    columns = {"creator": Column("On the path")}
    columns |= {
        name: Column(packed(titles[name]), "number", 1, "estimated") for name in given if name != "creator"
    }
    note = say(
        "Orders by rule; each column sums to the same. None of them says what would have been sold otherwise."
    )
    return Table("roi.paths", "Other ways of sharing an order", given, columns, note=note, rows=12)
