"""Who claimed the orders, what each creator brought, and what to do with whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.finance.claims import (
    KINDS,
    claimed_orders,
    content_owners,
    contested_codes,
    contested_sentence,
    joined_kinds,
    kinds_on_orders,
    marketplace,
    marketplace_in_shop,
    shared_codes,
)
from creatorbook.finance.cost_lines import own_words
from creatorbook.finance.costs import commission_rates
from creatorbook.finance.economics import orders_needed, unit_economics, with_commission
from creatorbook.finance.ladder import money_ladder
from creatorbook.finance.order_values import inside_window, order_values, window_rule
from creatorbook.findings import Capital, Chart, Column, Figure, Findings, Note, Table, charts
from creatorbook.roi.creator_results import CreatorResults, creator_results
from creatorbook.roi.decision_rule import DECISIONS
from creatorbook.roi.next_wave import round_price, suggested

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Picture

    from creatorbook.book import Book


def claims(book: Book) -> Findings:
    """Who gets the order: each once, by the stated precedence; what cannot be joined stands beside it."""
    claimed = claimed_orders(book)
    if claimed.empty and marketplace(book).empty:
        note = (
            "No order names a creator. An order export with discount codes would; the shop's administrator has it. "
            "Until then posts, reach and costs are all that can be told."
        )
        return Findings("roi", (Note(note, "unknown"),), book.formats)
    order = ", then ".join(
        KINDS[kind].write(book.formats) for kind in book.campaign.precedence if kind in KINDS
    )
    rule = f"{window_rule(book).write(book.formats)} Each order is claimed once; where several kinds of evidence name a creator: {order}."
    items = [
        _orders_figure(book, claimed),
        Note(rule, "method"),
        _kinds_table(book, claimed),
        *_overlap(book),
        *_contested(book),
    ]
    if (shared := shared_codes(book)) and len(claimed):
        told = f"{', '.join(shared)} stands beside more than one person in the creators list; its orders go to the first."
        items.append(Note(told, "caution"))
    return Findings("roi", (*items, *_side_by_side(book, claimed)), book.formats)


def _orders_figure(book: Book, claimed: pd.DataFrame) -> Figure:
    """Traced orders of the shop; not available where no order of these days is on file."""
    return Figure(
        "roi.orders",
        "Orders traced to creators",
        len(claimed) if len(inside_window(book)) else None,
        "number",
        "counted",
        "orders, each claimed once",
    )


def _kinds_table(book: Book, claimed: pd.DataFrame) -> Table:
    """Orders and net sales by the kind of evidence that claimed them."""
    values = order_values(book).set_index("order_id").net / 100
    told = claimed.assign(net=claimed.order_id.map(values)).groupby("claim")
    rows = [
        {
            "kind": Capital(KINDS[kind]),
            "orders": float(len(group)),
            "net": group.net.sum(),
            "creators": group.creator.nunique(),
        }
        for kind in KINDS
        if kind in told.groups
        for group in [told.get_group(kind)]
    ]
    sheet = marketplace(book)
    if len(sheet):
        sums = sheet[["orders", "sales"]].sum(min_count=1)
        rows.append(
            {
                "kind": Capital(KINDS["marketplace"]),
                "orders": sums.orders,
                "net": sums.sales,
                "creators": len(sheet),
            }
        )
    frame = pd.DataFrame(rows).astype({"creators": float})
    columns = {
        "kind": Column("Claimed by"),
        "orders": Column("Orders", "number", grade="counted"),
        "net": Column("Net sales before returns", "money", grade="counted"),
        "creators": Column("Creators", "number", grade="counted"),
    }
    note = "Marketplace sales are not in the shop's orders and stand apart." if len(sheet) else ""
    if marketplace_in_shop(book):
        note = "Marketplace orders are in the shop's own file and are counted there, once."
    return Table("roi.claims", "Who claimed the orders", frame, columns, note=note)


def _overlap(book: Book) -> list[Table | Note]:
    """Which kinds of evidence name the same orders, where two kinds can be joined order by order."""
    if len(joined_kinds(book)) < 2:
        floor = " The code total is the floor." if "code" in joined_kinds(book) else ""
        told = f"Order overlap cannot be measured: only one kind of evidence can be joined to single orders.{floor}"
        return [Note(told, "caution")]
    frame = overlap_counts(book)
    columns = {
        "kinds": Column("Evidence on the order"),
        "orders": Column("Orders", "number", grade="counted"),
        "split": Column("… naming different creators", "number", grade="counted"),
    }
    return [
        Table("roi.overlap", "How the evidence overlaps", frame, columns, note="Each order is counted once.")
    ]


def _contested(book: Book) -> list[Table | Note]:
    """Orders with codes of several creators: how many between whom, and for whom they are counted."""
    orders = contested_codes(book)
    if orders.empty:
        return []
    grouped = orders.assign(net=orders.net / 100).groupby(["creators", "creator"], sort=True)
    frame = grouped.agg(orders=("row", "size"), backed=("backed", "sum"), net=("net", "sum")).reset_index()
    frame = frame.astype({"orders": float, "backed": float})
    columns = {
        "creators": Column("Codes of"),
        "creator": Column("Counted for, where codes decide"),
        "orders": Column("Orders", "number", grade="counted"),
        "backed": Column("of these with a link or an answer that names the same", "number", grade="counted"),
        "net": Column("Net sales before returns", "money", grade="counted"),
    }
    return [
        Note(contested_sentence(book) or "", "caution"),
        Table("roi.contested", "Orders with codes of more than one creator", frame, columns),
    ]


def overlap_counts(book: Book) -> pd.DataFrame:
    """Orders by the set of evidence they carry: kinds, orders, split (naming different creators); most first."""
    told = kinds_on_orders(book)
    names = [name for name in KINDS if name in told]
    words = [
        " + ".join(KINDS[name].write(book.formats) for name in names if row[name])
        for row in told.to_dict("records")
    ]
    frame = told[["orders", "split"]].assign(kinds=words)
    return frame.sort_values(["orders", "split"], ascending=False, kind="stable").reset_index(drop=True)


def _side_by_side(book: Book, claimed: pd.DataFrame) -> list[Table | Note]:
    """Code orders beside what analytics counts for the creators' links, which has no order numbers."""
    sessions = book.tables.sessions.dropna(subset=["content"])
    owners = content_owners(book, sessions.content)
    sessions = sessions.assign(handle=sessions.content.map(owners)).dropna(subset=["handle"])
    if sessions.empty:
        return []
    counted = sessions.groupby("handle")[["sessions", "key_events", "revenue"]].sum(min_count=1)
    by_code = claimed[claimed.claim == "code"].groupby("handle").size().rename("by_code").astype(float)
    frame = counted.join(by_code, how="outer").rename_axis("handle").reset_index()
    columns = {
        "handle": Column("Account"),
        "by_code": Column("Orders by code", "number", grade="counted"),
        "sessions": Column("Visits by link", "number", grade="counted"),
        "key_events": Column("Key events by link", "number", grade="counted"),
        "revenue": Column("Revenue by link, as analytics counts it", "money", grade="counted"),
    }
    note = "Analytics has no order numbers, so the two cannot be added up: the code total is the floor."
    return [
        Table(
            "roi.side_by_side",
            "Codes and links side by side",
            frame.fillna({"by_code": 0.0}),
            columns,
            note=note,
        )
    ]


def per_creator(book: Book) -> Findings:
    """Each creator's orders, sales that stay, cost and profit with likely ranges; no ranks where chance would do."""
    results = creator_results(book)
    if results.frame.empty or not results.frame.orders.sum():
        note = "No order names a creator, so there is no result by creator; see costs and posts instead."
        return Findings("roi", (Note(note, "unknown"),), book.formats)
    told = (_too_close(results), _creators_table(book, results), _chart(book, results))
    return Findings("roi", told, book.formats)


def _too_close(results: CreatorResults) -> Note:
    n = len(results.frame)
    if results.tells_apart:
        return Note(
            f"The {n} creators differ more than chance would make. Leaders are still likely to be overstated: read "
            "the adjusted column, and call two creators different only where their ranges do not overlap."
        )
    return Note(
        f"Too close to call: between these {n} creators, differences are no larger than chance would make. "
        "They are listed by name, not ranked."
    )


def _creators_table(book: Book, results: CreatorResults) -> Table:
    frame = _needed(book, results.frame)
    if results.tells_apart:
        frame = frame.sort_values(["expected_orders", "creator"], ascending=[False, True], kind="stable")
    columns = {
        "creator": Column("Creator"),
        "orders": Column("Orders", "number", grade="counted"),
        **(
            {"in_doubt": Column("of these in doubt", "number", grade="estimated")}
            if frame.in_doubt.any()
            else {}
        ),
        "expected_orders": Column("Adjusted for small numbers", "number", 1, "estimated"),
        "orders_low": Column("likely from", "number", 1),
        "orders_high": Column("to", "number", 1),
        "sales_that_stay": Column("Sales that stay", "money"),
        "cost": Column(
            "Own cost",
            "money",
            note=f"{own_words(planned=False).write(book.formats)} for this creator",
        ),
    }
    if results.money_known:
        columns |= {
            "profit": Column("Profit this time", "money"),
            "again_low": Column("Same deal again: likely from", "money", grade="estimated"),
            "again_high": Column("up to", "money", grade="estimated"),
        }
    elif frame.margin_needed.notna().any():
        columns["margin_needed"] = Column("Pays back from a margin of", "percent", grade="estimated")
    if frame.orders_needed.notna().any():
        columns["orders_needed"] = Column("Orders needed to pay back", "number", grade="estimated")
    note = (
        "Adjusted and outlook columns leave orders in doubt out; what was counted keeps them. "
        "Own cost leaves out what belongs to the whole campaign, such as agency fee and tools."
    )
    return Table("roi.creators", "Results by creator", frame, columns, rows=15, note=note)


def _needed(book: Book, frame: pd.DataFrame) -> pd.DataFrame:
    """Orders each creator's fixed cost needs, or the margin from which the orders at hand pay it back."""
    unit = unit_economics(book)
    rates = commission_rates(book).reindex(frame.creator)
    orders = [
        orders_needed(cost, with_commission(unit, rate)) if cost > 0 else None
        for cost, rate in zip(frame.fixed, rates, strict=True)
    ]
    price = frame.before_code.where(frame.before_code > 0)
    needed = np.ceil((1 - (frame.sales_that_stay - frame.cost) / price) * 100 - 1e-9) / 100
    return frame.assign(
        orders_needed=[np.nan if value is None else value.likely for value in orders],
        margin_needed=needed.where(needed <= 1),
    )


def _chart(book: Book, results: CreatorResults) -> Chart:
    """Orders with their likely ranges; creators in the table's order."""
    frame = results.frame.assign(name=results.frame.creator.str.slice(0, 28))
    if results.tells_apart:
        frame = frame.sort_values(["expected_orders", "creator"], ascending=[False, True], kind="stable")
    mean = float(frame.expected_orders.mean())
    picture = charts.ranges(
        frame.head(charts.MOST_ROWS),
        label="name",
        value="expected_orders",
        low="orders_low",
        high="orders_high",
        unit="orders",
        formats=book.formats,
        xlabel="orders adjusted for small numbers; | as counted, + expected next time",
        reference=mean,
    )
    _with_counted(picture, frame.head(charts.MOST_ROWS))
    apart = int(((frame.orders_low > mean) | (frame.orders_high < mean)).sum())
    alt = (
        f"Orders per creator with likely ranges around a mean of {book.formats.number(mean, 1)}; "
        f"{apart} of {len(frame)} creators lie clearly above or below it. Marks show what was counted and what to "
        "expect next time: the best fall back towards the others."
    )
    return Chart("roi.creators_chart", "Orders by creator, adjusted for small numbers", alt, picture)


def _with_counted(picture: Picture, frame: pd.DataFrame) -> None:
    """Marks for the count and for the next campaign, so that the fall towards the mean is seen on each creator."""
    axes = picture.axes[0]
    places = np.arange(len(frame))[::-1]
    for name, mark in (("orders", "|"), ("next_orders", "+")):
        axes.scatter(frame[name], places, marker=mark, color=charts.INK, s=42, linewidth=1.1, zorder=4)


def decisions(book: Book) -> Findings:
    """Renew, test again, renegotiate, stop or too early: one decision per creator by one stated rule."""
    results = creator_results(book)
    slot = "results.next"
    if results.frame.empty:
        return Findings("roi", (Note("No creator took part yet.", "unknown", slot=slot),), book.formats)
    if not results.money_known:
        ladder = money_ladder(book)
        what = "the margin" if ladder.costs_known else "what each creator was paid"
        who = "finance" if ladder.costs_known else "whoever runs the campaign"
        told = f"Too early {len(results.frame)}: {what} decides ({who} has it)."
        return Findings("roi", (Note(told, "todo", slot=slot), _decisions_table(results)), book.formats)
    told = _next_sentence(book, results.frame)
    rule = (
        "Rule: renew, from the surest down, as long as at most 1 in 20 of the renewed should lose money and each pays "
        "back in at least 3 of 4 cases; stop at 1 in 10 or less; renegotiate where a fee of at least half the present one would pay "
        "back in 8 of 10 cases; else test again. Too early: not live yet, or most returns still open. Costs of the whole "
        "campaign are not part of it, and orders in doubt are left out of the outlook. Not yet checked against your campaigns (0 so far)."
    )
    return Findings(
        "roi",
        (
            Note(told, slot=slot),
            _decisions_table(results),
            Note(rule, "method"),
            *_expected_losers(book, results.frame),
            *_close_calls(results.frame),
        ),
        book.formats,
    )


def _next_sentence(book: Book, frame: pd.DataFrame) -> str:
    """`Renew {n} · test again {n} · renegotiate {n} at {price} · stop {n} · too early {n}; …`."""
    f, counts = book.formats, frame.decision.value_counts()
    parts = []
    for name in DECISIONS:
        if not (n := int(counts.get(name, 0))):
            continue
        prices = round_price(frame.price[frame.decision == name].dropna())
        ends = dict.fromkeys(f.money(price) for price in (prices.min(), prices.max())) if len(prices) else {}
        at = f" at {' to '.join(ends)}" if ends else ""
        parts.append(f"{name} {n}{at}")
    told = " · ".join(parts)
    wave = suggested(book)
    amount = f"; next wave {f.money(wave.cost)}" if wave is not None and wave.cost else ""
    return f"{told[0].upper()}{told[1:]}; names below{amount}."


def _decisions_table(results: CreatorResults) -> Table:
    rank = {name: place for place, name in enumerate(DECISIONS)}
    frame = results.frame.assign(rank=results.frame.decision.map(rank), fee=results.frame.fee)
    frame = frame.sort_values(["rank", "creator"], kind="stable")
    frame["offer"] = round_price(frame.price)
    columns = {
        "creator": Column("Creator"),
        "decision": Column("What to do"),
        **({"close_to": Column("Close to")} if frame.close_to.any() else {}),
        **({"chance_words": Column("Chance to pay back again")} if results.money_known else {}),
        **({"beats_words": Column("to beat others of the size")} if frame.beats.notna().any() else {}),
        **({"top_words": Column("to be in the top fifth")} if results.money_known else {}),
        "orders": Column("Orders", "number", grade="counted"),
        "fee": Column("Fee", "money"),
        **(
            {"offer": Column("Fee to offer", "money", grade="estimated")} if frame.offer.notna().any() else {}
        ),
    }
    for name in ("chance", "beats", "top"):
        frame[f"{name}_words"] = [_in_ten(chance) for chance in frame[name]]
    return Table("roi.decisions", "What to do with whom", frame, columns, rows=60)


def _expected_losers(book: Book, frame: pd.DataFrame) -> list[Note]:
    """How many of the renewed should lose money, so that the rule can be held to it next time."""
    renewed = frame[frame.decision == "renew"]
    if renewed.empty:
        return []
    lose = book.formats.number(float((1 - renewed.chance).sum()), 1)
    return [Note(f"Of the {len(renewed)} renewed, about {lose} should turn out to lose money.", "method")]


def _close_calls(frame: pd.DataFrame) -> list[Note]:
    """Decisions that the number of draws does not settle: said, so that nobody takes one for another."""
    close = int((frame.close_to != "").sum())
    if not close:
        return []
    which = "1 decision is a close call" if close == 1 else f"{close} decisions are close calls"
    text = (
        f"{which}: chances come from a limited number of draws, and as many others could give what stands under "
        "“Close to”. Take the one that costs less if it is wrong."
    )
    return [Note(text, "method")]


def _in_ten(chance: float) -> str:
    if np.isnan(chance):
        return ""
    if chance >= 0.95:
        return "more than 9 in 10"
    return "less than 1 in 10" if chance < 0.05 else f"about {round(chance * 10)} in 10"
