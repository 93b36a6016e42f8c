"""How far the result can be trusted: cause, doubt, the books, what is open and what to collect next time."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.campaign.lead import LEAD, who_settles
from creatorbook.campaign.posts import campaign_posts
from creatorbook.campaign.shop_sales import EXCHANGE, GIFT_CARD, TEST, WAITING
from creatorbook.finance import books as bookkeeping
from creatorbook.finance import leaks as looking
from creatorbook.finance.advice import RESULT, TWO_WEEKS, first_missing, points_to_settle
from creatorbook.finance.amounts import goods_factor, ladder_inputs
from creatorbook.finance.books import NO_RATE
from creatorbook.finance.claims import contested_codes, contested_in_doubt
from creatorbook.finance.cost_lines import Input, ranged_inputs
from creatorbook.finance.ladder import Ladder, money_ladder
from creatorbook.finance.order_values import larger_refunds, of_another_shop, refunds_of_orders
from creatorbook.finance.spending import over_budget
from creatorbook.findings import (
    Capital,
    Column,
    Count,
    Figure,
    Findings,
    Money,
    Note,
    Share,
    Table,
    Text,
    Wording,
    ends,
    joined,
    number_of,
    say,
    say_many,
    sentences,
)
from creatorbook.history.course import Course, course
from creatorbook.roi import plan_comparison
from creatorbook.roi.goal_verdict import goal_lacks
from creatorbook.roi.headline import rounded_up
from creatorbook.roi.lift_evidence import extra_sales_measured
from creatorbook.tables import TOLD_BY_ORDER

if TYPE_CHECKING:
    from creatorbook.book import Book
    from creatorbook.client import Range

#: how far an input without a range of its own is moved to see what hangs on it
FIVE_POINTS = 0.05


def against_plan(book: Book) -> Findings:
    """Planned against what came: the forecast in the ledger against the result, and budget against cost."""
    campaign, spent = book.campaign, money_ladder(book).campaign_costs
    results = {name: outcome.value for name, outcome in plan_comparison.outcomes(book).items()}
    forecast = plan_comparison.beside_forecast(book.ledger, campaign.id, results)
    ran = course(book.ledger, campaign.id, results) if len(forecast) else None
    otherwise = ran is not None and ran.otherwise
    forecast = plan_comparison.of_another_campaign(forecast) if otherwise else forecast
    rows = [(say("Budget and campaign costs"), campaign.budget, spent)]
    frame = pd.DataFrame(rows, columns=["what", "planned", "came"]).astype({"planned": float, "came": float})
    frame["difference"] = frame.came - frame.planned
    columns = {
        "what": Column("What"),
        "planned": Column("Planned", "money"),
        "came": Column("Came", "money"),
        "difference": Column("Difference", "money"),
    }
    table = Table("roi.against_plan", "Planned and spent", frame, columns, reader="client")
    text = _approved_and_spent(book, spent, forecast_on_file=len(forecast) > 0)
    over = spent is not None and over_budget(spent, campaign.budget) is not None
    items: list[Note | Table] = [
        Note(text, slot="results.against_plan", rank=1, need="budget" if over else "")
    ]
    if ran is not None and otherwise:
        items.append(Note(_ran_otherwise(ran), slot="results.against_plan", rank=2))
    if goals := plan_comparison.goal_table(book, forecast):
        items.append(goals)
    if len(forecast):
        items.append(plan_comparison.forecast_table(forecast))
    return Findings("roi", (*items, table), book.formats)


def _approved_and_spent(book: Book, spent: float | None, *, forecast_on_file: bool) -> Wording:
    """The first page's line: who approved which budget, what was spent of it, and by how much that is over it."""
    campaign = book.campaign
    values = {
        "budget": Money(campaign.budget),
        "spent": _spent(spent, campaign.budget),
        "name": campaign.approved_by,
    }
    if not campaign.approved_by:
        return say("Budget {budget}, {spent}; no approved plan on file.", **values)
    text = say("Plan approved by {name}: budget {budget}, {spent}.", **values)
    return sentences(text, None if forecast_on_file else say("No forecast was kept."))


def _spent(spent: float | None, budget: float) -> Wording:
    """What was spent, and what of it is beyond the budget, in the middle of a sentence."""
    if spent is None:
        return say("what was spent is not on file")
    over = over_budget(spent, budget)
    if over is None:
        return say("spent {spent}", spent=Money(spent))
    return say("spent {spent} ({over} over budget)", spent=Money(spent), over=Money(over))


def _ran_otherwise(ran: Course) -> Wording:
    """That another campaign ran than was approved, with both; people only where both numbers are on file."""
    money = {"planned": Money(ran.planned), "spent": Money(ran.spent)}
    if math.isnan(ran.creators) or math.isnan(ran.ran):
        return say("Approved were {planned}, spent {spent}: the forecast was of another campaign.", **money)
    if math.isnan(ran.same):
        return say(
            "Approved were {creators} for {planned}, {ran} ran for {spent}: the forecast was of another campaign.",
            creators=number_of("creator", Count(ran.creators)),
            ran=Count(ran.ran),
            **money,
        )
    return say(
        "Approved were {creators} for {planned}; {ran} ran for {spent}, {same} of them approved: the forecast "
        "was of another campaign.",
        creators=number_of("creator", Count(ran.creators)),
        ran=Count(ran.ran),
        same=Count(ran.same),
        **money,
    )


def could_change(book: Book) -> Findings:
    """Sensitivity: what could still move the result: open returns, orders in doubt, the margin at which it turns."""
    ladder = money_ladder(book)
    if not ladder.slices.orders_kept.sum():
        note = Note("Everything: no order is traced yet.", slot="results.could_change")
        return Findings("roi", (note,), book.formats)
    parts = joined([_open_returns(ladder), _doubt(book), _turns(ladder)], by=" · ")
    text = say("{parts}.", parts=Capital(parts))
    items: list[Note | Table] = [Note(text, slot="results.could_change")]
    if ladder.profit is not None:
        table = _sensitivity(book, ladder)
        items += [table, Note(_sign(ladder, table.frame))]
    return Findings("roi", tuple(items), book.formats)


def _sign(ladder: Ladder, frame: pd.DataFrame) -> Wording:
    """How far the sign of the result hangs on its inputs: all ranges together, and each alone."""
    turning = frame.what[(frame.low < 0) & (frame.high > 0)]
    alone = say("No input alone turns it.")
    if len(turning):
        names = joined(say("“{input}”", input=what) for what in turning)
        alone = say("Alone, {inputs} could turn it.", inputs=names)
    return sentences(
        say(
            "Over all stated ranges together traced sales left more than was spent in {n} of 10 cases.",
            n=round(10 * float((ladder.draws["profit"] > 0).mean())),
        ),
        alone,
        say(
            "Rungs that are assumed make up {share} of all that the ladder adds and takes off.",
            share=Share(float(ladder.assumed_rungs.cents.abs().sum() / ladder.rungs.cents.abs().sum())),
        ),
    )


def _turns(ladder: Ladder) -> Text:
    """The margin now, and the one at which the result turns; nothing where no margin would turn it."""
    turns = ladder.break_even_margin if ladder.costs_known else None
    if turns is None or not 0 < turns <= 1:
        return ""
    at = Share(rounded_up(turns))
    if ladder.margin_rate is None:
        return say("at {margin} margin the result turns", margin=at)
    now, stated = Share(ladder.margin_rate), ladder.margin_used.stated
    if ladder.margin_used.by_line and stated is not None:
        return say(
            "margin now {now} (stated: {stated}); at {margin} it turns",
            now=now,
            stated=Share(stated.likely),
            margin=at,
        )
    if ladder.margin_used.by_line:
        return say("margin now {now}; at {margin} the result turns", now=now, margin=at)
    return say("margin assumed {now}; at {margin} the result turns", now=now, margin=at)


def _open_returns(ladder: Ladder) -> Wording:
    coming = ladder.open_returns
    if coming is None:
        return say("returns: not known")
    low, high = coming
    if high < 0.5:
        return say("no returns open")
    return say("open returns {low} to {high}", **ends(low, high, "money"))


def _doubt(book: Book) -> Text:
    most = looking.in_doubt(looking.order_signs(book)).most
    return say("orders in doubt {amount}", amount=Money(most)) if most > 0.5 else ""


def _sensitivity(book: Book, ladder: Ladder) -> Table:
    """Profit at the ends of each uncertain input, one at a time (a tornado); the widest first."""
    rows = [*_margin_row(ladder), *_expected_row(ladder), *_cost_rows(book, ladder), *_returns_row(ladder)]
    frame = pd.DataFrame(rows, columns=["what", "range", "low", "high"]).astype({"low": float, "high": float})
    frame = frame.assign(width=frame.high - frame.low).sort_values("width", ascending=False, kind="stable")
    columns = {
        "what": Column("What moves the result"),
        "range": Column("Likely range"),
        "low": Column("Profit at the worse end", "money", grade="estimated"),
        "high": Column("at the better end", "money", grade="estimated"),
    }
    return Table("roi.sensitivity", "What moves the result most", frame, columns)


#: what moves the result, the range it is moved over, and the profit at its worse and better end
_Row = tuple[Wording, Wording, float, float]


def _margin_row(ladder: Ladder) -> list[_Row]:
    """The range of the margin, stated or of lists of costs; one number that nobody has confirmed is moved by five points."""
    margin = ladder.margin_used.value
    if margin is None:
        return []
    if ladder.margin_used.by_line:
        return [_listed_costs_row(ladder, margin)]
    if margin.exact:
        ends = max(0.0, margin.likely - FIVE_POINTS), min(1.0, margin.likely + FIVE_POINTS)
        label = say("Margin, not confirmed, 5 points more or less")
    else:
        ends, label = (margin.low, margin.high), say("Margin")
    low, high = (ladder.profit_at(margin=value) for value in ends)
    return [(label, _between(*ends, "percent"), low, high)]


def _listed_costs_row(ladder: Ladder, margin: Range) -> _Row:
    """Goods counted by their lines, at the ends of what lists of product costs miss."""
    ends = margin.low, margin.high
    low, high = (ladder.profit_at(goods=goods_factor(ladder.margin_used, end)) for end in ends)
    return say("Margin, from product costs"), _between(*ends, "percent"), low, high


def _expected_row(ladder: Ladder) -> list[_Row]:
    coming = ladder.open_returns
    if coming is None or coming[0] == coming[1]:
        return []
    span = _between(*coming, "money")
    return [(say("Returns still expected"), span, *ladder.profit_at_open_returns)]


def _cost_rows(book: Book, ladder: Ladder) -> list[_Row]:
    """Each declared input of an order's costs that is stated as a range."""
    rows: list[_Row] = []
    at_ends = [ladder_inputs(book, ladder.margin_used, ladder.expected, end).costs for end in ("low", "high")]
    for cost, one in ranged_inputs():
        stated = one.holds(book)
        if stated is None or stated.exact:
            continue
        low, high = sorted(ladder.profit_at(costs={one.name: end[one.name]}) for end in at_ends)
        span = _between(stated.low, stated.high, *_unit_and_digits(one, stated))
        rows.append((Capital(one.label or cost.short), span, low, high))
    return rows


def _unit_and_digits(of: Input, stated: Range) -> tuple[str, int]:
    """How a reader knows an input; shares of less than a point with a digit more."""
    if of.unit == "money":
        return "money", 2
    return "percent", int(any(round(end, 2) != end for end in (stated.low, stated.high)))


def _returns_row(ladder: Ladder) -> list[_Row]:
    """All returns together, however they are told; nothing where nobody knows what comes back."""
    net = ladder.money("traced", "discounts", "tax", "cancelled")
    if not ladder.returns_known or net <= 0:
        return []
    share = (net - ladder.sales_that_stay) / net
    less, more = max(0.0, share - FIVE_POINTS), min(1.0, share + FIVE_POINTS)
    low, high = (ladder.profit_at(returns=value) for value in (more, less))
    return [(say("All returns, 5 points more or less"), _between(less, more, "percent"), low, high)]


def _between(low: float, high: float, unit: str, digits: int = 0) -> Wording:
    return say("{low} to {high}", **ends(low, high, unit, digits))


def leaks(book: Book) -> Findings:
    """Signs that codes travelled (coupon leakage): which orders are in doubt, how much money, and what to do about it."""
    signs = looking.order_signs(book)
    could = looking.checkable_signs(signs) if len(signs) else []
    unchecked = _unchecked(could)
    if not could:
        allow = say("Posting days, a click count per link and the codes' last days would allow it.")
        note = Note(sentences(unchecked, allow), "unknown")
        return Findings("roi", (note,), book.formats)
    doubt = looking.in_doubt(signs)
    notes = [Note(text, "method") for text in (unchecked, _had_ordered_before(book)) if text is not None]
    if doubt.most < 0.01:
        first = Note("No order stands out in what could be checked.")
        return Findings("roi", (first, *notes), book.formats)
    net = float(signs.net[~signs.cancelled.astype(bool)].sum()) / 100
    # sums of orders and no estimate: to the nearest unit, as the first page says them
    least, most = round(doubt.least), round(doubt.most)
    text = say(
        "In doubt is between {low} and {high} of {net} net sales: with all of it {net}, without it {without}. Ask the "
        "creators and look at the orders before the next payment; the contract decides, and nothing is taken off here.",
        low=Money(least),
        high=Money(most),
        net=Money(net),
        without=Money(round(net) - most),
    )
    figure = Figure(
        "roi.in_doubt",
        "Orders in doubt",
        most,
        "money",
        "estimated",
        say("signs on orders: lower end only signs that are hard to explain otherwise"),
        low=least,
        high=most,
        n=doubt.orders,
    )
    return Findings(
        "roi",
        (Note(text, "caution", slot="learned.doubt", reader="client"), figure, _signs_table(signs), *notes),
        book.formats,
    )


def _unchecked(could: list[str]) -> Wording | None:
    """Signs that these files do not allow to look for."""
    missing = [
        words for name, words in looking.SIGNS.items() if name not in (*could, *looking.ONLY_SOMETIMES)
    ]
    if not missing:
        return None
    return say("Could not be checked with these files: {signs}.", signs=joined(missing, by="; "))


def _signs_table(signs: pd.DataFrame) -> Table:
    """Creators with signs, which ones, and how many orders and how much money carry them."""
    rows = []
    for name, words in looking.SIGNS.items():
        marked = signs[looking.carrying(signs, [name])]
        rows += [
            {
                "creator": creator,
                "sign": words,
                "orders": float(len(orders)),
                "net": orders.net.sum() / 100,
            }
            for creator, orders in marked.groupby("creator", sort=True)
        ]
    frame = pd.DataFrame(rows).sort_values(["net", "creator"], ascending=[False, True], kind="stable")
    columns = {
        "creator": Column("Creator"),
        "sign": Column("Signal to check"),
        "orders": Column("Orders", "number", grade="counted"),
        "net": Column("Net sales", "money", grade="counted"),
    }
    note = say("Other explanations come first: a post nobody listed, a share by a friend, an early link.")
    return Table("roi.leaks", "Signals to check in the orders", frame, columns, note=note)


def _had_ordered_before(book: Book) -> Wording | None:
    share = looking.not_new(book)
    if share is None:
        return None
    return say(
        "{share} of traced orders came from buyers who had ordered before; fans buy, so they stay in.",
        share=Share(share),
    )


def unknowns(book: Book) -> Findings:
    """What we do not know: at most three points, each with what it would change, who has it and by when."""
    waits, beside = _waited_for(book), _points_beside(book)
    notes = [
        Note(
            text,
            "unknown",
            slot="results.not_known",
            owner=owner,
            due=due,
            rank=rank,
            need="early" if rank < len(waits) else "",
        )
        for rank, (text, owner, due) in enumerate([*waits, *beside][:3])
    ]
    if not notes:
        notes = [Note("Nothing that would change the result is missing.", slot="results.not_known")]
    return Findings("roi", tuple(notes), book.formats)


def _waited_for(book: Book) -> list[tuple[Text, Text, date]]:
    """What the goal's figure lacks, and what advice waits for (`finance.advice`): each with who has it and by when."""
    lacking = None if campaign_posts(book).empty else goal_lacks(book)
    of_goal = [(lacking, who_settles(book), book.as_of + TWO_WEEKS)] if lacking else []
    return [*of_goal, *points_to_settle(book)]


def _points_beside(book: Book) -> list[tuple[Text, Text, date]]:
    """Other open points, by what they would change: each with who has it and by when."""
    ladder, shop, due = money_ladder(book), say("shop"), book.as_of + TWO_WEEKS
    others = [
        (of_another_shop(book), _another_shop(book), shop),
        (
            ladder.costs_known and "agency" in ladder.costs.missing,
            say("Agency fee: it lowers profit."),
            say("finance"),
        ),
        (not book.tables.has("orders", "customer"), say("Who had bought before: new customers."), shop),
        (
            "marketplace fee" in ladder.costs.missing,
            say("Marketplace fees: they lower profit."),
            say("seller account"),
        ),
        (
            book.campaign.promotions is None,
            say("The shop's own promotions: part of the sales may be theirs."),
            shop,
        ),
    ]
    beside: list[tuple[Text, Text, date]] = [(text, owner, due) for is_open, text, owner in others if is_open]
    if beside or first_missing(book, RESULT) or extra_sales_measured(book):
        return beside
    return [(say("What would have been sold without creators."), who_settles(book), due)]


def _another_shop(book: Book) -> Wording:
    ours, refunds = refunds_of_orders(book)
    return say(
        "Whose refunds these are: {ours} of the {n} in the refund file are of orders on file, so none is used.",
        ours=ours,
        n=refunds,
    )


def books(book: Book) -> Findings:
    """Ties to the books (reconciliation): shop net sales, what is traced, what this report uses, differences named."""
    if book.tables.orders.empty:
        text = say("Not tied: no order export is here. The shop's administrator has it.")
        return Findings("roi", (Note(text, "unknown", slot="results.books"),), book.formats)
    frame = bookkeeping.reconciliation(book)
    items: list[Note | Table] = [
        Note(_books_sentence(frame), slot="results.books"),
        *_not_in_sales(book, frame),
        _books_table(frame),
        *_left_out(book),
        *_refunds_compared(book),
        *_returns_by_day(book),
    ]
    return Findings("roi", tuple(items), book.formats)


def _books_sentence(frame: pd.DataFrame) -> Wording:
    amount = frame.set_index("line").cents / 100
    values = {
        "shop": Money(amount["shop"]),
        "traced": Money(amount["traced"]),
        "share": Share(amount["traced"] / amount["shop"] if amount["shop"] else None),
        "used": Money(amount["used"]),
        "difference": Money(amount["traced"] - amount["used"]),
    }
    if differences := _differences(amount):
        return say(
            "Shop net sales in these days {shop}; traced to creators {traced} ({share}); this report uses {used}; "
            "difference {difference}: {differences}.",
            **values,
            differences=joined(differences),
        )
    return say(
        "Shop net sales in these days {shop}; traced to creators {traced} ({share}); this report uses {used}; "
        "difference {difference}.",
        **values,
    )


def _not_in_sales(book: Book, frame: pd.DataFrame) -> list[Note]:
    """What of these days is on file and is none of the shop's sales, and orders that two creators have a claim to."""
    lines = frame.set_index("line")
    apart = [_apart(lines, key, words) for key, words in _APART.items() if key in lines.index]
    apart += [
        say_many(
            "{n} order in {currency}",
            "{n} orders in {currency}",
            n=Count(-row.orders),
            currency=key.removeprefix(f"{NO_RATE} "),
        )
        for key, row in lines.iterrows()
        if str(key).startswith(NO_RATE)
    ]
    text = sentences(
        say("Not counted: {kinds}.", kinds=joined(apart)) if apart else None,
        contested_in_doubt(book),
    )
    return [Note(text, slot="results.books", rank=1)] if apart or len(contested_codes(book)) else []


#: what the ties' first line leaves out of the days on file, in brackets behind which stands what was paid
_APART = {
    TEST: say("test orders"),
    WAITING: say("orders not paid yet"),
    GIFT_CARD: say("gift cards sold"),
    EXCHANGE: say("orders sent in exchange"),
}


def _apart(lines: pd.DataFrame, key: str, words: Text) -> Wording:
    row = lines.loc[key]
    return say("{kind} {n} ({amount})", kind=words, n=Count(-row.orders), amount=Money(-row.cents / 100))


def _differences(amount: pd.Series) -> list[Wording]:
    """What lies between traced sales and those this report uses, from half a unit on."""
    lines = ("marketplace", "cancelled", "returned", "returns_expected")
    values = {line: Money(abs(amount[line])) for line in lines if line in amount and abs(amount[line]) >= 0.5}
    words = {
        "marketplace": say("plus marketplace sales {amount}", amount=values.get("marketplace")),
        "cancelled": say("cancelled {amount}", amount=values.get("cancelled")),
        "returned": say("returned {amount}", amount=values.get("returned")),
        "returns_expected": say("still expected {amount}", amount=values.get("returns_expected")),
    }
    less: list[Wording] = [words[line] for line in values if line != "marketplace"]
    if "marketplace" not in values:
        return less
    return [words["marketplace"], *([say("less {amounts}", amounts=joined(less))] if less else [])]


def _books_table(frame: pd.DataFrame) -> Table:
    lines = frame.assign(
        amount=frame.cents / 100,
        paid=frame.paid / 100,
        orders=frame.orders.astype(float),
    )
    columns = {
        "what": Column("What"),
        "orders": Column("Orders", "number", grade="counted", missing="–"),
        "amount": Column("Net sales", "money", 2),
        "paid": Column("Total, as the file has it", "money", 2, missing="–"),
    }
    strong = tuple(lines.index[lines.total])
    note = say("Goods after discount, excl. VAT and shipping, by day of the order.")
    return Table(
        "roi.books",
        "From the shop's sales to this report",
        lines,
        columns,
        strong=strong,
        note=note,
        reader="client",
    )


def _left_out(book: Book) -> list[Note]:
    """Orders with a creator's code that are not counted, and why."""
    notes = []
    for row in bookkeeping.left_out(book).itertuples():
        orders = say_many(
            "{n} order with a creator's code", "{n} orders with a creator's code", n=Count(row.orders)
        )
        if pd.isna(row.cents):
            text = say("Left out: {orders} ({why}).", orders=orders, why=row.why)
        else:
            amount = Money(row.cents / 100)
            text = say("Left out: {orders} ({why}), {amount}.", orders=orders, why=row.why, amount=amount)
        notes.append(Note(text, "method"))
    return notes


def _refunds_compared(book: Book) -> list[Note]:
    """Where order file and refund file tell different sums, and where more went back than an order came to."""
    refunds, larger = book.tables.refunds, larger_refunds(book)
    only_told = refunds[refunds.reason == TOLD_BY_ORDER]
    notes = []
    if len(only_told):
        text = say_many(
            "The refund file is not the whole: for {n} order the order file tells {amount} more of refunds. Both count, each "
            "once; of each order whichever tells more.",
            "The refund file is not the whole: for {n} orders the order file tells {amount} more of refunds. Both count, each "
            "once; of each order whichever tells more.",
            n=only_told.order_id.nunique(),
            amount=Money(float(only_told.amount.sum())),
        )
        notes.append(Note(text, "caution"))
    if len(larger):
        text = say_many(
            "{n} order has a refund larger than itself, by {amount}: it counts up to what was paid.",
            "{n} orders have refunds larger than themselves, by {amount} in all: each counts up to what was paid.",
            n=len(larger),
            amount=Money(float(larger.sum())),
        )
        notes.append(Note(text, "caution"))
    return notes


def _returns_by_day(book: Book) -> list[Note]:
    days = bookkeeping.returns_by_day(book)
    if days is None:
        return []
    text = say(
        "Returns of all shop orders, excl. VAT: {booked} by the day they were booked, as the shop's reports count them, "
        "and {ordered} for the orders placed in these days, as this report counts them.",
        booked=Money(days[0] / 100),
        ordered=Money(days[1] / 100),
    )
    return [Note(text, "method", reader="client")]


#: what to collect, who has it, what it would tell; the first columns that, where filled, say it is there
_HELD_BACK = say("Comparable products, markets or stores held back")
_MARGIN, _PROMOTIONS = say("Cost per item, or the margin"), say("The shop's own promotions")
_COLLECT = (
    (say("Order export with discount codes"), say("shop"), say("orders per creator"), "orders.discount_code"),
    (say("Fees, gifts and other costs"), LEAD, say("profit"), "creators.fee costs.amount"),
    (_MARGIN, say("shop or finance"), say("profit, not a break-even"), "products.cost"),
    (
        say("Refunds with dates"),
        say("shop"),
        say("returns still expected, from your own curve"),
        "refunds.refunded_at",
    ),
    (
        say("Orders of 12 to 24 months with hashed buyers"),
        say("shop"),
        say("new customers"),
        "orders.customer",
    ),
    (
        say("Day of every post"),
        LEAD,
        say("orders before a post"),
        "creators.posted_on posts.published_at",
    ),
    (
        say("Clicks per link"),
        say("link shortener"),
        say("codes that travel without clicks"),
        "clicks.clicks",
    ),
    (
        say("“How did you hear about us?”"),
        say("shop"),
        say("a floor for what was caused"),
        "survey.order_id",
    ),
    (_PROMOTIONS, say("shop"), say("which sales the creators did not make"), ""),
    (_HELD_BACK, LEAD, say("what was caused"), ""),
)


def next_time(book: Book) -> Findings:
    """What to collect next time: the file, who has it, and what it would tell."""
    there = [_HELD_BACK] if extra_sales_measured(book) else []
    there += [_MARGIN] if book.client.economics.margin is not None else []
    there += [_PROMOTIONS] if book.campaign.promotions is not None else []
    rows = [
        (what, who_settles(book) if who == LEAD else who, tells)
        for what, who, tells, columns in _COLLECT
        if what not in there and not any(book.tables.has(*name.split(".")) for name in columns.split())
    ]
    frame = pd.DataFrame(rows, columns=["what", "who", "tells"])
    columns = {
        "what": Column("What to collect"),
        "who": Column("Who has it"),
        "tells": Column("What it would tell"),
    }
    table = Table("roi.next_time", "What to collect next time", frame, columns, reader="client")
    return Findings("roi", (table,), book.formats)
