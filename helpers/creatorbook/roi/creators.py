"""Who the orders are credited to, what each creator brought, and what to do with whom."""

from __future__ import annotations

from functools import reduce
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
    owners,
    shared_codes,
)
from creatorbook.finance.cost_lines import own_words
from creatorbook.finance.costs import commission_rates
from creatorbook.finance.economics import orders_needed, unit_economics, with_commission
from creatorbook.finance.exposure import judged_on
from creatorbook.finance.order_values import inside_window, order_values, window_rule
from creatorbook.finance.rungs import SUMS
from creatorbook.findings import (
    Capital,
    Chart,
    Column,
    Count,
    Figure,
    Findings,
    Money,
    Note,
    Table,
    Text,
    Wording,
    charts,
    joined,
    say,
    say_many,
    sentences,
    written,
)
from creatorbook.history.advice import DECISIONS, TOO_EARLY
from creatorbook.roi.creator_results import CreatorResults, commonest_reason, creator_results
from creatorbook.roi.exposure_note import exposure_note
from creatorbook.roi.goal_outlook import GoalOutlook
from creatorbook.roi.goal_wave import goal_columns, rule
from creatorbook.roi.next_wave import round_price, suggested

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Picture

    from creatorbook.book import Book

_SLOT = "results.next"


def claims(book: Book) -> Findings:
    """Who gets the order (attribution): each once, by the stated precedence; what cannot be joined stands beside it."""
    claimed = claimed_orders(book)
    if claimed.empty and marketplace(book).empty:
        text = say(
            "No order names a creator. An order export with discount codes would; the shop's administrator has it. "
            "Until then posts, reach and costs are all that can be told."
        )
        return Findings("roi", (Note(text, "unknown"),), book.formats)
    items = [
        _orders_figure(book, claimed),
        Note(sentences(window_rule(book), _precedence(book)), "method", reader="client"),
        _kinds_table(book, claimed),
        *_overlap(book),
        *_contested(book),
    ]
    if (shared := shared_codes(book)) and len(claimed):
        text = say(
            "{codes} stands beside more than one person in the creators list; its orders go to the first.",
            codes=joined(shared),
        )
        items.append(Note(text, "caution"))
    return Findings("roi", (*items, *_side_by_side(book, claimed)), book.formats)


def _precedence(book: Book) -> Wording:
    """Which kind of evidence goes first."""
    kinds = [KINDS[kind] for kind in book.campaign.precedence]
    if not kinds:
        return say("Each order is credited once.")
    order = reduce(lambda first, then: say("{first}, then {then}", first=first, then=then), kinds)
    return say(
        "Each order is credited once; where several kinds of evidence name a creator: {order}.", order=order
    )


def _orders_figure(book: Book, claimed: pd.DataFrame) -> Figure:
    """Traced orders of the shop; not available where no order of these days is on file."""
    return Figure(
        "roi.orders",
        "Orders traced to creators",
        len(claimed) if len(inside_window(book)) else None,
        "number",
        "counted",
        say("orders, each credited once"),
    )


def _kinds_table(book: Book, claimed: pd.DataFrame) -> Table:
    """Orders and net sales by the kind of evidence that they are credited by."""
    values = order_values(book).set_index("order_id").net / 100
    by_kind = dict([*claimed.assign(net=claimed.order_id.map(values)).groupby("claim")])
    rows = [
        {
            "kind": Capital(KINDS[kind]),
            "orders": float(len(by_kind[kind])),
            "net": by_kind[kind].net.sum(),
            "creators": by_kind[kind].creator.nunique(),
        }
        for kind in KINDS
        if kind in by_kind
    ]
    sheet = marketplace(book)
    if len(sheet):
        sums = sheet[["orders", "sales"]].sum(min_count=1)
        whole = {"orders": sums.orders, "net": sums.sales, "creators": len(sheet)}
        rows.append({"kind": Capital(KINDS["marketplace"]), **whole})
    frame = pd.DataFrame(rows).astype({"creators": float})
    columns = {
        "kind": Column("Credited by"),
        "orders": Column("Orders", "number", grade="counted"),
        "net": Column("Net sales before returns", "money", grade="counted"),
        "creators": Column("Creators", "number", grade="counted"),
    }
    note: Text = ""
    if len(sheet):
        note = say("Marketplace sales are not in the shop's orders and stand apart.")
    if marketplace_in_shop(book):
        note = say("Marketplace orders are in the shop's own file and are counted there, once.")
    return Table("roi.claims", "Credited orders by kind of evidence", frame, columns, note=note)


def _overlap(book: Book) -> list[Table | Note]:
    """Which kinds of evidence name the same orders, where two kinds can be joined order by order."""
    if len(joined_kinds(book)) < 2:
        text = sentences(
            say(
                "Order overlap cannot be measured: only one kind of evidence can be joined to single orders."
            ),
            say("The code total is the floor.") if "code" in joined_kinds(book) else None,
        )
        return [Note(text, "caution")]
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
    overlaps = kinds_on_orders(book)
    names = [name for name in KINDS if name in overlaps]
    words = [
        joined([KINDS[name] for name in names if row[name]], by=" + ") for row in overlaps.to_dict("records")
    ]
    frame = overlaps[["orders", "split"]].assign(kinds=words)
    return frame.sort_values(["orders", "split"], ascending=False, kind="stable").reset_index(drop=True)


def _side_by_side(book: Book, claimed: pd.DataFrame) -> list[Table | Note]:
    """Code orders beside what analytics counts for the creators' links, which has no order numbers."""
    sessions = book.tables.sessions.dropna(subset=["content"])
    by_content = content_owners(book, sessions.content)
    sessions = sessions.assign(creator=sessions.content.map(by_content).map(owners(book)))
    sessions = sessions.dropna(subset=["creator"])
    if sessions.empty:
        return []
    counted = sessions.groupby("creator")[["sessions", "key_events", "revenue"]].sum(min_count=1)
    by_code = claimed[claimed.claim == "code"].groupby("creator").size().rename("by_code").astype(float)
    frame = counted.join(by_code, how="outer").rename_axis("creator").reset_index()
    columns = {
        "creator": Column("Creator"),
        "by_code": Column("Orders by code", "number", grade="counted"),
        "sessions": Column("Visits by link", "number", grade="counted"),
        "key_events": Column("Key events by link", "number", grade="counted"),
        "revenue": Column("Revenue by link, as analytics counts it", "money", grade="counted"),
    }
    note = say("Analytics has no order numbers, so the two cannot be added up: the code total is the floor.")
    frame = frame.fillna({"by_code": 0.0})
    return [Table("roi.side_by_side", "Codes and links side by side", frame, columns, note=note)]


def per_creator(book: Book) -> Findings:
    """Each creator's orders, sales that stay, cost and profit with likely ranges; no ranks where chance would do."""
    results = creator_results(book)
    if results.frame.empty or not results.frame.orders.sum():
        text = say("No order names a creator, so there is no result by creator; see costs and posts instead.")
        return Findings("roi", (Note(text, "unknown"),), book.formats)
    items = (
        _too_close(results),
        _creators_table(book, results),
        exposure_note(results),
        _chart(book, results),
    )
    return Findings("roi", items, book.formats)


def _too_close(results: CreatorResults) -> Note:
    n, measure = len(results.frame), judged_on(results.bought_with)
    if results.tells_apart:
        return Note(
            say(
                "The {n} creators differ more than chance would make, judged on {measure}. Leaders are still likely to "
                "be overstated: read the adjusted column, and call two creators different only where their ranges do "
                "not overlap.",
                n=n,
                measure=measure,
            )
        )
    return Note(
        say(
            "Too close to call: between these {n} creators, differences in {measure} are no larger than chance would "
            "make. They are listed by name, not ranked.",
            n=n,
            measure=measure,
        )
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
        **_without_rate_column(frame),
        "expected_orders": Column("Adjusted for small numbers", "number", 1, "estimated"),
        "orders_low": Column("likely from", "number", 1),
        "orders_high": Column("to", "number", 1),
        "sales_that_stay": Column(SUMS["sales_that_stay"], "money"),
        "cost": Column(
            "Own cost",
            "money",
            note=say("{costs} for this creator", costs=own_words(planned=False)),
        ),
    }
    if results.money_known:
        columns |= {
            "profit": Column("Profit this time", "money"),
            "again_low": Column("Same deal again: likely from", "money", grade="estimated", missing="–"),
            "again_high": Column("up to", "money", grade="estimated", missing="–"),
        }
    elif frame.margin_needed.notna().any():
        columns["margin_needed"] = Column("Pays back from a margin of", "percent", grade="estimated")
    if frame.orders_needed.notna().any():
        columns["orders_needed"] = Column("Traced orders needed to pay back", "number", grade="estimated")
    note = say(
        "Adjusted and outlook columns leave orders in doubt out; what was counted keeps them. Own cost leaves out what "
        "belongs to the whole campaign, such as agency fee and tools."
    )
    return Table("roi.creators", "Results by creator", frame, columns, rows=15, note=note)


def _without_rate_column(frame: pd.DataFrame) -> dict[str, Column]:
    """Orders that no figure of a creator holds, where there are some."""
    if not frame.without_rate.any():
        return {}
    return {"without_rate": Column("in no figure: no rate", "number", grade="counted")}


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
        xlabel=written(
            say("orders adjusted for small numbers; | as counted, + expected next time"), book.formats
        ),
        reference=mean,
    )
    _with_counted(picture, frame.head(charts.MOST_ROWS))
    apart = int(((frame.orders_low > mean) | (frame.orders_high < mean)).sum())
    alt = say(
        "Orders per creator with likely ranges around a mean of {mean}; {apart} of {n} creators lie clearly above or below "
        "it. Marks show what was counted and what to expect next time: the best fall back towards the others.",
        mean=Count(mean, 1),
        apart=apart,
        n=len(frame),
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
    if results.frame.empty:
        return Findings("roi", (Note("No creator took part yet.", "unknown", slot=_SLOT),), book.formats)
    if (results.frame.decision == TOO_EARLY).all():
        note = Note(_too_early(book, results), "todo", slot=_SLOT)
        return Findings("roi", (note, _decisions_table(results)), book.formats)
    if results.by_goal is not None:
        return _decisions_by_goal(book, results, results.by_goal)
    rule = say(
        "Rule, on traced orders: renew, from the surest down, as long as at most 1 in 20 of the renewed should lose money and each pays back "
        "in at least 3 of 4 cases; stop at 1 in 10 or less; renegotiate where a fee of at least half the present one would "
        "pay back in 8 of 10 cases; else test again. Too early: what the advice rests on is not known, as said beside it. Costs of the "
        "whole campaign are not part of it, and orders in doubt are left out of the outlook. Not yet checked against your "
        "campaigns (0 so far)."
    )
    items: tuple[Note | Table, ...] = (
        Note(_next_sentence(book, results.frame), slot=_SLOT),
        _decisions_table(results),
        Note(rule, "method", reader="client"),
        exposure_note(results),
        *_expected_losers(results.frame),
        *_close_calls(results.frame),
    )
    return Findings("roi", items, book.formats)


def _decisions_by_goal(book: Book, results: CreatorResults, by_goal: GoalOutlook) -> Findings:
    """The same for a campaign that is not for sales: by its goal's figure for the money."""
    items: list[Note | Table] = [
        Note(_next_sentence(book, results.frame), slot=_SLOT),
        _decisions_table(results),
        Note(rule(by_goal), "method", reader="client"),
        *_close_calls(results.frame),
    ]
    return Findings("roi", tuple(items), book.formats)


def _too_early(book: Book, results: CreatorResults) -> Wording:
    """Why nothing is advised about anybody: the commonest reason; who can settle it stands under what we do not know."""
    n, reason = len(results.frame), commonest_reason(book, results)
    return say("Too early {n}: {reason}.", n=n, reason=reason.why) if reason else say("Too early {n}.", n=n)


def _next_sentence(book: Book, frame: pd.DataFrame) -> Wording:
    """`Renew {n} · test again {n} · renegotiate {n} at {price} · stop {n} · too early {n}; …`."""
    counts = frame.decision.value_counts()
    by_goal = creator_results(book).by_goal
    parts = [_counted(frame, name, n) for name in DECISIONS if (n := int(counts.get(name, 0)))]
    counted, wave = joined(parts, by=" · "), suggested(book)
    decided = Capital(counted)
    if by_goal is not None:
        decided = Capital(
            say("by {many} for the money: {decisions}", many=by_goal.measure.many, decisions=counted)
        )
    if wave is not None and wave.cost:
        return say("{decisions}; next wave {cost}.", decisions=decided, cost=Money(wave.cost))
    return say("{decisions}.", decisions=decided)


def _counted(frame: pd.DataFrame, name: str, n: int) -> Wording:
    """How many there are of one decision; of those to renegotiate with, at which price."""
    prices = round_price(frame.price[frame.decision == name].dropna())
    if prices.empty:
        return say("{decision} {n}", decision=DECISIONS[name], n=n)
    low, high = Money(prices.min()), Money(prices.max())
    if low == high:
        return say("{decision} {n} at {price}", decision=DECISIONS[name], n=n, price=low)
    return say("{decision} {n} at {low} to {high}", decision=DECISIONS[name], n=n, low=low, high=high)


def _decisions_table(results: CreatorResults) -> Table:
    rank = {name: place for place, name in enumerate(DECISIONS)}
    frame = results.frame.assign(rank=results.frame.decision.map(rank), fee=results.frame.fee)
    frame = frame.sort_values(["rank", "creator"], kind="stable")
    frame = frame.assign(offer=round_price(frame.price), decision=frame.decision.map(DECISIONS))
    columns = {
        "creator": Column("Creator"),
        "decision": Column("What to do"),
        **({"reason": Column("Why too early", missing="")} if frame.reason.astype(bool).any() else {}),
        **({"close_to": Column("Close to")} if frame.close_to.any() else {}),
        **(_money_columns(results) if results.by_goal is None else _goal_columns(results.by_goal)),
        "orders": Column("Orders", "number", grade="counted"),
        **_without_rate_column(frame),
        "fee": Column("Fee", "money"),
        **(
            {"offer": Column("Fee to offer", "money", grade="estimated", missing="–")}
            if frame.offer.notna().any()
            else {}
        ),
    }
    for name in ("chance", "beats", "top"):
        frame[f"{name}_words"] = [in_ten(chance) for chance in frame[name]]
    return Table("roi.decisions", "What to do with whom", frame, columns, rows=60)


def _money_columns(results: CreatorResults) -> dict[str, Column]:
    """Chances by which creators of a campaign for sales are decided on."""
    if not results.money_known:
        return {}
    beats = {"beats_words": Column("to beat others of the size")} if results.frame.beats.notna().any() else {}
    return {
        "chance_words": Column("Chance to pay back again, on traced orders"),
        **beats,
        "top_words": Column("to be in the top fifth"),
    }


def _goal_columns(by_goal: GoalOutlook) -> dict[str, Column]:
    """The goal's figure by which the others are decided on, and the chance that follows from it."""
    chance = say("Chance to keep to the target")
    if by_goal.target is None:
        chance = say("Chance not to be in the dearest fifth")
    return {"chance_words": Column(chance), **goal_columns(by_goal)}


def _expected_losers(frame: pd.DataFrame) -> list[Note]:
    """How many of the renewed should lose money (false discoveries), so that the rule can be held to it next time."""
    renewed = frame[frame.decision == "renew"]
    if renewed.empty:
        return []
    text = say(
        "Of the {n} renewed, about {losing} should turn out to lose money.",
        n=len(renewed),
        losing=Count(float((1 - renewed.chance).sum()), 1),
    )
    return [Note(text, "method")]


def _close_calls(frame: pd.DataFrame) -> list[Note]:
    """Decisions that the number of draws does not settle: printed, so that nobody takes one for another."""
    close = int((frame.close_to != "").sum())
    if not close:
        return []
    text = sentences(
        say_many(
            "{n} decision is a close call: chances come from a limited number of draws, and as many others could give what "
            "stands under “Close to”.",
            "{n} decisions are close calls: chances come from a limited number of draws, and as many others could give what "
            "stands under “Close to”.",
            n=close,
        ),
        say("Take the one that costs less if it is wrong."),
    )
    return [Note(text, "method")]


def in_ten(chance: float) -> Text:
    """A chance as a reader says it: `about 8 in 10`; empty where it is not known."""
    if np.isnan(chance):
        return ""
    if chance >= 0.95:
        return say("more than 9 in 10")
    if chance < 0.05:
        return say("less than 1 in 10")
    return say("about {n} in 10", n=round(chance * 10))
