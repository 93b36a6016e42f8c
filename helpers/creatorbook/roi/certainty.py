"""How far the result can be trusted: cause, doubt, the books, what is open and what to collect next time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.finance import books as bookkeeping
from creatorbook.finance import leaks as looking
from creatorbook.finance.claims import marketplace
from creatorbook.finance.ladder import Ladder, money_ladder
from creatorbook.findings import Column, Figure, Findings, Note, Table, joined
from creatorbook.roi import plan_comparison
from creatorbook.roi.headline import rounded_up

if TYPE_CHECKING:
    from creatorbook.book import Book

#: days an open point gets
TWO_WEEKS = timedelta(days=14)


def against_plan(book: Book) -> Findings:
    """Planned against what came: the forecast in the ledger against the result, and budget against cost."""
    ladder, f, campaign = money_ladder(book), book.formats, book.campaign
    spent = ladder.campaign_costs
    came = f"spent {f.money(spent)}" if spent is not None else "what was spent is not on file"
    results = {name: told.value for name, told in plan_comparison.came(book).items()}
    forecast = plan_comparison.compared(book.ledger, campaign.id, results)
    kept = "" if len(forecast) else " No forecast was kept."
    if campaign.approved_by:
        told = f"Plan approved by {campaign.approved_by}: budget {f.money(campaign.budget)}, {came}.{kept}"
    else:
        told = f"Budget {f.money(campaign.budget)}, {came}; no approved plan on file."
    rows = [("Budget and campaign costs", campaign.budget, spent)]
    frame = pd.DataFrame(rows, columns=["what", "planned", "came"]).astype({"planned": float, "came": float})
    frame["difference"] = frame.came - frame.planned
    columns = {
        "what": Column("What"),
        "planned": Column("Planned", "money"),
        "came": Column("Came", "money"),
        "difference": Column("Difference", "money"),
    }
    table = Table("roi.against_plan", "Planned and spent", frame, columns)
    items: list[Note | Table] = [Note(told, slot="results.against_plan")]
    if goals := plan_comparison.goal_table(book, forecast):
        items.append(goals)
    if len(forecast):
        items.append(plan_comparison.forecast_table(book, forecast))
    return Findings("roi", (*items, table), f)


def could_change(book: Book) -> Findings:
    """What could still move the result: open returns, orders in doubt, the margin at which it turns."""
    ladder, f = money_ladder(book), book.formats
    if not ladder.slices.orders_kept.sum():
        return Findings("roi", (Note("Everything: no order is traced yet.", slot="results.could_change"),), f)
    parts = [_open_returns(book, ladder), _doubt(book)]
    turns = ladder.break_even_margin if ladder.costs_known else None
    if turns is not None and 0 < turns <= 1:
        now, at = _margin_now(book, ladder), f.percent(rounded_up(turns))
        parts.append(f"{now}; at {at} the result turns" if now else f"at {at} margin the result turns")
    told = " · ".join(part for part in parts if part)
    items: list[Note | Table] = [Note(f"{told[0].upper()}{told[1:]}.", slot="results.could_change")]
    if ladder.profit is not None:
        table = _sensitivity(book, ladder)
        items += [table, Note(_sign(ladder, table.frame))]
    return Findings("roi", tuple(items), f)


def _sign(ladder: Ladder, frame: pd.DataFrame) -> str:
    """How far the sign of the result hangs on its inputs: all ranges together, and each alone."""
    made = round(10 * float((ladder.draws["profit"] > 0).mean()))
    alone = [f"“{what}”" for what in frame.what[(frame.low < 0) & (frame.high > 0)]]
    weak = ladder.rungs[
        (ladder.rungs.grade == "assumed") & ladder.rungs.cents.notna() & (ladder.rungs.cents != 0)
    ]
    told = f"Over all stated ranges together the campaign made money in {made} of 10 cases. "
    told += f"Alone, {', '.join(alone)} could turn it. " if alone else "No input alone turns it. "
    share = float(weak.cents.abs().sum() / ladder.rungs.cents.abs().sum())
    return f"{told}Rungs that are assumed make up {share:.0%} of all that the ladder adds and takes off."


def _margin_now(book: Book, ladder: Ladder) -> str:
    """The margin the ladder used, and whether it was counted or assumed; nothing where it is not known."""
    if ladder.margin_rate is None:
        return ""
    now = book.formats.percent(ladder.margin_rate)
    return f"margin {'now' if ladder.margin_used.by_line else 'assumed'} {now}"


def _open_returns(book: Book, ladder: Ladder) -> str:
    coming = -ladder.money("returns_expected")
    if not ladder.returns_known:
        return "returns: not known"
    if coming < 0.5:
        return "no returns open"
    low, high = (
        book.formats.money(coming * factor) for factor in (ladder.expected.low, ladder.expected.high)
    )
    return f"open returns {low} to {high}"


def _doubt(book: Book) -> str:
    high = looking.in_doubt(looking.order_signs(book))[1]
    return f"orders in doubt {book.formats.money(high)}" if high > 0.5 else ""


def _sensitivity(book: Book, ladder: Ladder) -> Table:
    """Profit at the ends of each uncertain input, one at a time; the widest first."""
    rows = []
    margin = ladder.margin_used.value
    if margin is not None and not ladder.margin_used.by_line and not margin.exact:
        ends = [ladder.profit_at(margin=value) for value in (margin.low, margin.high)]
        rows.append(
            ("Margin", f"{book.formats.percent(margin.low)} to {book.formats.percent(margin.high)}", *ends)
        )
    if ladder.rungs.cents["returns_expected"] and ladder.expected.low != ladder.expected.high:
        coming = -ladder.money("returns_expected")
        left = (ladder.margin or 0.0) / ladder.sales_that_stay if ladder.sales_that_stay else 0.0
        ends = [
            (ladder.profit or 0.0) - coming * (factor - 1) * left
            for factor in (ladder.expected.high, ladder.expected.low)
        ]
        span = (coming * ladder.expected.low, coming * ladder.expected.high)
        rows.append(
            ("Returns still expected", " to ".join(book.formats.money(value) for value in span), *ends)
        )
    net = ladder.money("traced", "discounts", "tax", "cancelled")
    share = (net - ladder.sales_that_stay) / net if net else 0.0
    less, more = max(0.0, share - 0.05), min(1.0, share + 0.05)
    ends = [ladder.profit_at(returns=value) for value in (more, less)]
    span_words = " to ".join(book.formats.percent(value) for value in (less, more))
    rows.append(("All returns, 5 points more or less", span_words, *ends))
    frame = pd.DataFrame(rows, columns=["what", "range", "low", "high"]).astype({"low": float, "high": float})
    frame = frame.assign(width=frame.high - frame.low).sort_values("width", ascending=False, kind="stable")
    columns = {
        "what": Column("What moves the result"),
        "range": Column("Likely range"),
        "low": Column("Profit at the worse end", "money", grade="estimated"),
        "high": Column("at the better end", "money", grade="estimated"),
    }
    return Table("roi.sensitivity", "What moves the result most", frame, columns)


def leaks(book: Book) -> Findings:
    """Signs that codes travelled: which orders are in doubt, how much money, and what to do about it."""
    signs, f = looking.order_signs(book), book.formats
    could = looking.checked(signs) if len(signs) else []
    missing = [words for name, words in looking.SIGNS.items() if name not in could]
    unchecked = (
        f"Could not be checked with these files: {joined(missing, by='; ').write(f)}." if missing else ""
    )
    if not could:
        told = f"{unchecked} Posting days, a click count per link and the codes' last days would allow it."
        return Findings("roi", (Note(told, "unknown"),), f)
    low, high = looking.in_doubt(signs)
    notes = [Note(text, "method") for text in [unchecked, *_shown_apart(book)] if text]
    if high < 0.01:
        return Findings("roi", (Note("No order stands out in what could be checked."), *notes), f)
    net = float(signs.net[~signs.cancelled.astype(bool)].sum()) / 100
    told = (
        f"In doubt is between {f.money(low)} and {f.money(high)} of {f.money(net)} net sales: with all of it "
        f"{f.money(net)}, without it {f.money(net - high)}. Ask the creators and look at the orders before the next "
        "payment; the contract decides, and nothing is taken off here."
    )
    figure = Figure(
        "roi.in_doubt",
        "Orders in doubt",
        high,
        "money",
        "estimated",
        "signs on orders: lower end only signs that are hard to explain otherwise",
        low=low,
        high=high,
        n=int(signs[list(looking.SIGNS)].fillna(value=False).astype(bool).any(axis=1).sum()),
    )
    return Findings("roi", (Note(told, "caution"), figure, _signs_table(signs), *notes), f)


def _signs_table(signs: pd.DataFrame) -> Table:
    """Creators with signs, which ones, and how many orders and how much money carry them."""
    rows = []
    for name, words in looking.SIGNS.items():
        marked = signs[signs[name].fillna(value=False).astype(bool) & ~signs.cancelled.astype(bool)]
        rows += [
            {"creator": creator, "sign": words, "orders": float(len(found)), "net": found.net.sum() / 100}
            for creator, found in marked.groupby("creator", sort=True)
        ]
    frame = pd.DataFrame(rows).sort_values(["net", "creator"], ascending=[False, True], kind="stable")
    columns = {
        "creator": Column("Creator"),
        "sign": Column("Signal to check"),
        "orders": Column("Orders", "number", grade="counted"),
        "net": Column("Net sales", "money", grade="counted"),
    }
    note = "Other explanations come first: a post nobody listed, a share by a friend, an early link."
    return Table("roi.leaks", "Signals to check in the orders", frame, columns, note=note)


def _shown_apart(book: Book) -> list[str]:
    share = looking.not_new(book)
    if share is None:
        return []
    return [
        f"{book.formats.percent(share)} of traced orders came from buyers who had ordered before; fans buy, so they stay in."
    ]


def unknowns(book: Book) -> Findings:
    """What we do not know: at most three points, each with what it would change, who has it and by when."""
    due = book.as_of + TWO_WEEKS
    notes = [
        Note(text, "unknown", slot="results.not_known", owner=owner, due=due, rank=rank)
        for rank, (text, owner) in enumerate(_open_points(book)[:3])
    ]
    if not notes:
        notes = [Note("Nothing that would change the result is missing.", slot="results.not_known")]
    return Findings("roi", tuple(notes), book.formats)


def _open_points(book: Book) -> list[tuple[str, str]]:
    """Open points by what they would change, most first."""
    ladder = money_ladder(book)
    told = []
    if not ladder.slices.orders_kept.sum():
        told.append(("Orders with codes: any result at all.", "shop"))
    if not ladder.costs_known:
        told.append(("What creators cost: profit instead of sales.", "campaign lead"))
    if not ladder.margin_known:
        told.append(("Margin or product costs: profit, not a break-even.", "finance"))
    if not ladder.returns_known:
        told.append(("Refunds: sales that stay instead of at most.", "shop"))
    if ladder.costs_known and "agency" in ladder.costs.missing:
        told.append(("Agency fee: it lowers profit.", "finance"))
    if not book.tables.has("orders", "customer"):
        told.append(("Who had bought before: new customers.", "shop"))
    if len(marketplace(book)):
        told.append(("Marketplace fees: they lower profit.", "seller account"))
    if book.campaign.promotions is None:
        told.append(("The shop's own promotions: part of the sales may be theirs.", "shop"))
    return told or [("What would have been sold without creators.", "whoever plans")]


def books(book: Book) -> Findings:
    """Ties to the books: shop net sales, what is traced, what this report uses, every difference named."""
    f = book.formats
    if book.tables.orders.empty:
        note = "Not tied: no order export is here. The shop's administrator has it."
        return Findings("roi", (Note(note, "unknown", slot="results.books"),), f)
    frame = bookkeeping.reconciliation(book)
    amount = frame.set_index("line").cents / 100
    share = f.percent(amount["traced"] / amount["shop"]) if amount["shop"] else f.percent(None)
    used, traced = amount["used"], amount["traced"]
    told = (
        f"Shop net sales in these days {f.money(amount['shop'])}; traced to creators "
        f"{f.money(traced)} ({share}); this report uses {f.money(used)}; difference {f.money(traced - used)}"
        f"{_differences(book, frame)}."
    )
    items: list[Note | Table] = [Note(told, slot="results.books"), _books_table(frame)]
    return Findings("roi", (*items, *_books_notes(book)), f)


def _differences(book: Book, frame: pd.DataFrame) -> str:
    words = {
        "marketplace": "plus marketplace sales",
        "cancelled": "cancelled",
        "returned": "returned",
        "returns_expected": "still expected",
    }
    amount = frame.set_index("line").cents
    named = [
        f"{told} {book.formats.money(abs(amount[line]) / 100)}"
        for line, told in words.items()
        if line in amount and abs(amount[line]) >= 50
    ]
    return f": {', '.join(named)}" if named else ""


def _books_table(frame: pd.DataFrame) -> Table:
    told = frame.assign(amount=frame.cents / 100, orders=frame.orders.astype(float))
    columns = {
        "what": Column("What"),
        "orders": Column("Orders", "number", grade="counted"),
        "amount": Column("Net sales", "money", 2),
    }
    strong = tuple(told.index[told.total])
    note = "Goods after discount, excl. VAT and shipping, by day of the order."
    return Table("roi.books", "From the shop's sales to this report", told, columns, strong=strong, note=note)


def _books_notes(book: Book) -> list[Note]:
    f, notes = book.formats, []
    for row in bookkeeping.left_out(book).itertuples():
        amount = f.money(row.cents / 100) if row.cents == row.cents and row.cents else f.number(row.orders)
        notes.append(
            Note(
                f"Left out: {f.number(row.orders)} orders with a creator's code ({row.why.write(f)}), {amount}.",
                "method",
            )
        )
    if (days := bookkeeping.returns_by_day(book)) is not None:
        booked, ordered = (f.money(value / 100) for value in days)
        notes.append(
            Note(
                f"Returns of all shop orders, excl. VAT: {booked} by the day they were booked, as the shop's reports "
                f"count them, and {ordered} for the orders placed in these days, as this report counts them.",
                "method",
            )
        )
    return notes


#: what to collect → who has it, what it would tell; the first columns that, where filled, say it is there
_COLLECT = (
    ("Order export with discount codes", "shop", "orders per creator", "orders.discount_code"),
    ("Fees, gifts and other costs", "campaign lead", "profit", "creators.fee costs.amount"),
    ("Cost per item, or the margin", "shop or finance", "profit, not a break-even", "products.cost"),
    ("Refunds with dates", "shop", "returns still expected, from your own curve", "refunds.refunded_at"),
    ("Orders of 12 to 24 months with hashed buyers", "shop", "new customers", "orders.customer"),
    ("Day of every post", "campaign lead", "orders before a post", "creators.posted_on posts.published_at"),
    ("Clicks per link", "link shortener", "codes that travel without clicks", "clicks.clicks"),
    ("“How did you hear about us?”", "shop", "a floor for what was caused", "survey.order_id"),
    ("The shop's own promotions", "shop", "which sales the creators did not make", ""),
    ("Comparable products held back from the posts", "whoever plans", "what was caused", ""),
)


def next_time(book: Book) -> Findings:
    """What to collect next time: the file, who has it, and what it would tell."""
    told_elsewhere = {
        "Cost per item, or the margin": book.client.economics.margin is not None,
        "The shop's own promotions": book.campaign.promotions is not None,
    }
    rows = [
        (what, who, tells)
        for what, who, tells, columns in _COLLECT
        if not told_elsewhere.get(what, False)
        and not any(book.tables.has(*name.split(".")) for name in columns.split())
    ]
    frame = pd.DataFrame(rows, columns=["what", "who", "tells"])
    columns = {
        "what": Column("What to collect"),
        "who": Column("Who has it"),
        "tells": Column("What it would tell"),
    }
    return Findings(
        "roi", (Table("roi.next_time", "What to collect next time", frame, columns),), book.formats
    )
