"""Would another rule for sharing orders change the decision? Other precedences, and click paths where there are any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook import plugins
from creatorbook.finance.claims import (
    KINDS,
    content_owners,
    creators_under,
    joined_kinds,
    kinds_on_orders,
    people,
)
from creatorbook.finance.costs import commission_rates
from creatorbook.finance.economics import orders_needed, unit_economics, with_commission
from creatorbook.finance.ladder import money_ladder
from creatorbook.findings import Capital, Chart, Column, Findings, Note, Table, charts
from creatorbook.memo import per_book
from creatorbook.problems import Problem
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
OTHERS = "(other sources)"


def other_rules(book: Book) -> Findings:
    """Would another rule change the decision: how evidence overlaps, the result under other precedences, click paths.

    Tables: `roi.other_rules` (rule, orders, orders that change hands, profit, return on costs, decisions that change) and
    `roi.paths` (creator by rule, orders), the second only where click paths are on file.
    """
    items: list[Any] = [*_overlap_chart(book), *_precedences(book), *_paths(book)]
    if not items:
        told = (
            "No: one kind of evidence names the orders, so no rule could share them otherwise. A click log with order "
            "numbers, or a question after the order, would show what codes miss."
        )
        items = [Note(told)]
    return Findings("roi", tuple(items), book.formats)


# ------------------------------------------------------------------ evidence that overlaps


def _overlap_chart(book: Book) -> list[Chart]:
    """One row per combination of evidence, with the orders that carry it."""
    kinds = joined_kinds(book)
    if len(kinds) < 2:
        return []
    told = kinds_on_orders(book).sort_values(kinds, kind="stable")
    told = told.sort_values("orders", ascending=False, kind="stable")
    f, labels = book.formats, ("orders", "of these naming different creators")
    words = {kind: Capital(name).write(f) for kind, name in KINDS.items()}
    named = told.rename(columns=words)
    picture = charts.overlap(
        named, sets=[words[kind] for kind in kinds], value="orders", within="split", formats=f, labels=labels
    )
    several = told[told[kinds].sum(axis=1) > 1]
    alt = (
        f"{f.number(told.orders.sum())} orders by the evidence they carry: {f.number(several.orders.sum())} carry more "
        f"than one kind, {f.number(told.split.sum())} of all name different creators."
    )
    return [Chart("roi.overlap_chart", "Which evidence stands on the same orders", alt, picture)]


# ------------------------------------------------------------------ other precedences


@per_book
def precedences(book: Book) -> pd.DataFrame:
    """The result under other rules: rule, orders, moved, profit, roi, changed; the stated rule first.

    `moved`: orders that go to another creator, or to none. `changed`: creators whose decision changes, close calls
    left out. Money is missing without a margin or costs, and for a shop too large to work out every rule.
    """
    stated: list[str] = [*book.campaign.precedence]
    kinds, f = joined_kinds(book), book.formats
    rules = {"as stated": stated}
    rules |= {f"{KINDS[kind].write(f)} first": [kind, *(k for k in stated if k != kind)] for kind in kinds}
    rules |= {f"only {KINDS[kind].write(f)}": [kind] for kind in kinds[:1]}
    chosen = {name: order for name, order in rules.items() if name == "as stated" or order != stated}
    frame = pd.DataFrame([{"rule": name, **_under(book, order)} for name, order in chosen.items()])
    return frame.astype(dict.fromkeys(("orders", "moved", "profit", "roi", "changed"), float))


def _under(book: Book, order: list[str]) -> dict[str, Any]:
    """One rule's row."""
    mine, other = (creators_under(book, rule) for rule in ([*book.campaign.precedence], order))
    moved = int((mine != other.reindex(mine.index)).sum())
    row: dict[str, Any] = {"orders": len(other), "moved": moved, "profit": None, "roi": None, "changed": None}
    if len(book.tables.orders) > MOST_ORDERS:
        return row
    changed = book if order == [*book.campaign.precedence] else book.changed(precedence=order)
    ladder, results = money_ladder(changed), creator_results(changed)
    if results.money_known:
        row["changed"] = turned(creator_results(book).frame, results.frame)
    return {**row, "profit": ladder.profit, "roi": ladder.roi if ladder.profit is not None else None}


def turned(before: pd.DataFrame, after: pd.DataFrame) -> int:
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
    frame, f = precedences(book), book.formats
    others = frame.iloc[1:]
    if others.changed.notna().any():
        most = int(others.changed.max())
        told = "No decision would change" if not most else f"At most {most} decisions would change"
        told = f"{told} if another kind of evidence went first, or if only one counted"
        told += " (close calls left out)" if creator_results(book).frame.close_to.any() else ""
    else:
        told = "What other rules would do to decisions needs margin and costs, and a shop of ordinary size"
    note = Note(
        f"{told}; at most {f.number(others.moved.max())} orders would go to somebody else or to nobody."
    )
    columns = {
        "rule": Column("Who gets the order"),
        "orders": Column("Orders traced", "number", grade="counted"),
        "moved": Column("of the stated rule's, to another or nobody", "number", grade="counted"),
        "profit": Column("Profit after campaign costs", "money"),
        "roi": Column("Return on campaign costs", "percent"),
        "changed": Column("Decisions that change", "number"),
    }
    return [note, Table("roi.other_rules", "The result under other rules", frame, columns)]


# ------------------------------------------------------------------ click paths


def _paths(book: Book) -> list[Any]:
    """What click paths add: the rules side by side, their spread, and a plain statement."""
    told = book.tables.journeys
    if told.empty:
        return []
    touches = _touches(book)
    read = attribution.journeys(touches)
    if not read.total:
        return [
            Note("Click paths are on file, but none ends with an order: they cannot share any.", "unknown")
        ]
    creators = touches[touches.channel != OTHERS]
    if creators.empty:
        told_so = "Click paths are on file, but no touch could be matched to a creator by handle or link tag."
        return [Note(told_so, "unknown", owner="whoever set up the links")]
    given = _shared(read)
    rules = [column for column in given if column != "creator"]
    several = _several(creators, read.total)
    items: list[Any] = [Note(_statement(book, given.set_index("creator"), several)), _paths_table(given)]
    if not (read.lost > 0).any():
        text = "Only paths of buyers are on file, so removing a creator can only say who stood on paths, not who wins buyers over."
        items.append(Note(text, "caution"))
    what = f"{len(rules)} rules over {book.formats.number(len(read))} paths; each rule's orders sum to {book.formats.number(read.total)}."
    return [*items, Note(what, "method")]


def _touches(book: Book) -> pd.DataFrame:
    """Touches up to the window's end, sorted by journey and time, the channel a creator or other sources."""
    told = book.tables.journeys
    told = told.assign(place=range(len(told))).sort_values(["journey", "touched_at", "place"], kind="stable")
    owners = content_owners(book, told.channel)
    accounts = people(book).drop_duplicates("handle").set_index("handle").creator
    by_handle = {plain_handle(handle): handle for handle in accounts.index}
    named = plain_handles(told.channel).map(by_handle)
    handle = named.fillna(told.channel.map(owners).astype("str"))
    converted = told.converted.astype("boolean")
    ended = converted.fillna(told.order_id.notna()).astype(bool).groupby(told.journey).transform("any")
    time = {} if told.touched_at.isna().any() else {"time": told.touched_at}
    return pd.DataFrame(
        {"journey": told.journey, "channel": handle.map(accounts).fillna(OTHERS), "converted": ended, **time}
    ).reset_index(drop=True)


def _shared(read: attribution.Journeys) -> pd.DataFrame:
    """Orders by creator and rule, most by last touch first; other sources last.

    Raises:
        Problem: a plugin's rule does not share out what there is.
    """
    try:
        given = attribution.share_out(read, plugins.attribution_rules())
    except ValueError as error:
        raise Problem(str(error), todo="A plugin brought this rule: update it or uninstall it.") from error
    rest = given.index == OTHERS
    first = "last" if "last" in given else given.columns[0]
    ordered = pd.concat([given[~rest].sort_values(first, ascending=False, kind="stable"), given[rest]])
    return ordered.rename_axis("creator").reset_index()


def _several(creators: pd.DataFrame, total: float) -> float:
    """Share of all orders with two or more creators on their path."""
    bought = creators.groupby("journey").agg(names=("channel", "nunique"), ended=("converted", "any"))
    return float(((bought.names > 1) & bought.ended).sum() / total)


def _statement(book: Book, given: pd.DataFrame, several: float) -> str:
    """Whether path models add anything, disagree too much, or would change a decision."""
    f, apart = book.formats, attribution.disagreement(given)
    share = f"{f.percent(several)} of orders with a path have two or more creators on it"
    if several < ENOUGH_SHARED:
        return f"Other ways of sharing an order add nothing here: {share}."
    flips = _flips(book, given)
    changed = "no creator would" if not flips else f"{', '.join(flips)} would"
    told = f"{share}. Between rules up to {f.percent(apart)} of the credit changes hands"
    if flips is not None:
        told += f"; {changed} pay back under some rules and not under others"
    if apart >= TOO_FAR_APART:
        told += ". They disagree more than they inform: keep the stated rule"
    return f"{told}."


def _flips(book: Book, given: pd.DataFrame) -> list[str] | None:
    """Creators whose orders reach what their fixed cost needs under some rules only; `None` without a margin."""
    unit = unit_economics(book)
    fixed, rates = creator_results(book).frame.set_index("creator").fixed, commission_rates(book)
    found = []
    for creator, row in given.drop(index=OTHERS, errors="ignore").iterrows():
        cost, own = float(fixed.get(creator, 0.0)), with_commission(unit, rates.get(creator))
        needed = orders_needed(cost, own) if cost > 0 else None
        if needed is not None and (row >= needed.likely).any() and not (row >= needed.likely).all():
            found.append(str(creator))
    return found if orders_needed(1.0, unit) is not None else None


def _paths_table(given: pd.DataFrame) -> Table:
    titles = {rule.id: rule.title for rule in plugins.attribution_rules()}
    columns = {"creator": Column("On the path")}
    columns |= {name: Column(titles[name], "number", 1, "estimated") for name in given if name != "creator"}
    note = (
        "Orders by rule; each column sums to the same. None of them says what would have been sold otherwise."
    )
    return Table("roi.paths", "Other ways of sharing an order", given, columns, note=note, rows=12)
