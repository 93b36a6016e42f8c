"""What one order brings: from the basket to the contribution margin, less the costs declared in `cost_lines`.

The money ladder of the results takes the same costs off the same bases. What nobody told us is left out and named
in `missing`; it is never 0 in silence.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd
from scipy import special

from creatorbook.book import MONEY
from creatorbook.campaign.order_codes import order_codes
from creatorbook.client import Range
from creatorbook.finance.claims import code_owners
from creatorbook.finance.cost_lines import ORDER_COSTS, Bases, exactly, order_inputs, taken_from_order
from creatorbook.finance.costs import commission_rates
from creatorbook.finance.margin import margin_rule
from creatorbook.finance.order_values import exchange, order_values, tax_rates, taxes_inside
from creatorbook.finance.returns import ENOUGH_SETTLED_ORDERS
from creatorbook.findings import Grade, Text, Wording, joined, say
from creatorbook.memo import per_book, per_book_free_of, remember
from creatorbook.stats.intervals import NINETY
from creatorbook.text.plain_english import how_many

if TYPE_CHECKING:
    from creatorbook.book import Book

#: orders from which the client's own basket is read
ENOUGH_ORDERS = 10

#: how ranges of several inputs become one, to be printed with any range from here
HOW_RANGES_COMBINE = say(
    "Each input is moved to the ends of its range on its own; the shifts are combined as independent "
    "ones, by the root of the sum of their squares."
)


@dataclass(frozen=True)
class UnitEconomics:
    """One order of this campaign in money, excl. VAT unless said otherwise; `None` where unknown.

    Attributes:
        basket: goods in one order (average order value, AOV) as the shop shows them, before discount and with VAT if prices include it.
        net_sales: basket less the code's discount and VAT.
        kept_sales: net sales less what comes back (returns not taken off if `missing` names them).
        contribution: contribution margin, after goods, returns, shipping, handling, payment fees and commission; `None` while
            the margin is unknown. Before creator fees and other campaign costs.
        margin, return_rate: shares used, if known.
        grade: `estimated` if everything used is read from files, `assumed` if part of it was told or assumed.
        missing: what is not included: `basket`, `goods`, `returns`, keys of declared costs, `commission`.
        sources: input → file or statement it comes from.
        n: orders behind the basket, if it is read from orders.
        per_margin, before_margin: contribution = per_margin × margin + before_margin, in the likely case.
    """

    basket: Range | None = None
    net_sales: Range | None = None
    kept_sales: Range | None = None
    contribution: Range | None = None
    margin: Range | None = None
    return_rate: Range | None = None
    grade: Grade = "assumed"
    missing: tuple[str, ...] = ()
    sources: dict[str, str] = field(default_factory=dict)
    n: int | None = None
    per_margin: float | None = None
    before_margin: float | None = None
    inputs: dict[str, Range] = field(default_factory=dict)

    @property
    def missing_note(self) -> Wording | None:
        """`Before shipping and returns: not given.`; `None` where nothing is missing."""
        if not self.missing:
            return None
        costs = joined((_missing_words()[key] for key in self.missing), last="and")
        return say("Before {costs}: not given.", costs=costs)


@per_book
def unit_economics(book: Book) -> UnitEconomics:
    """What an order of this campaign leaves (unit economics), as far as the client's files and statements go."""
    orders = shop_orders(book)
    inputs, sources = _inputs(book, orders)
    missing = _missing(inputs)
    margin, return_rate = inputs.get("margin"), inputs.get("return_rate")
    if "basket" not in inputs:
        return UnitEconomics(
            margin=margin, return_rate=return_rate, missing=missing, sources=sources, inputs=inputs
        )
    stated = {name for name, value in inputs.items() if name not in _MINOR and "client.yml" in value.source}
    at_no_margin, at_full_margin = (_contribution({**_likely(inputs), "margin": m}) for m in (0.0, 1.0))
    return UnitEconomics(
        basket=inputs["basket"],
        net_sales=combine(inputs, _net_sales),
        kept_sales=combine(inputs, _kept_sales),
        contribution=combine(inputs, _contribution) if "margin" in inputs else None,
        margin=margin,
        return_rate=return_rate,
        grade="assumed" if stated else "estimated",
        missing=missing,
        sources=sources,
        n=len(orders) if "orders" in inputs["basket"].source else None,
        per_margin=at_full_margin - at_no_margin,
        before_margin=at_no_margin,
        inputs=inputs,
    )


def economics_of(book: Book, people: Iterable[str]) -> UnitEconomics:
    """An order of these creators: at their own commission rates, as the results take them, not at the whole list's."""
    unit = unit_economics(book)
    own = _spread(commission_rates(book).reindex(list(people)))
    if own is None or unit.contribution is None or own == unit.inputs.get("commission_rate"):
        return unit
    return remember(
        unit, "with commissions", lambda: _with_commission(unit, own), own.low, own.likely, own.high
    )


def with_commission(unit: UnitEconomics, rate: float | None) -> UnitEconomics:
    """The same order if its creator gets this commission; unchanged where no rate is known."""
    if rate is None or math.isnan(rate) or unit.contribution is None:
        return unit
    return remember(
        unit, "with commission", lambda: _with_commission(unit, exactly(rate, "creators list")), rate
    )


def _with_commission(unit: UnitEconomics, rate: Range) -> UnitEconomics:
    """The order at a known commission, made once per rate: thousands of creators share a few."""
    inputs = {**unit.inputs, "commission_rate": rate}
    at_no_margin, at_full_margin = (_contribution({**_likely(inputs), "margin": m}) for m in (0.0, 1.0))
    return replace(
        unit,
        inputs=inputs,
        contribution=combine(inputs, _contribution),
        per_margin=at_full_margin - at_no_margin,
        before_margin=at_no_margin,
    )


def orders_needed(cost: float, unit: UnitEconomics) -> Range | None:
    """Whole orders that pay back a cost (break-even).

    `None` if the contribution is unknown or an order loses money; `high` is infinite if an order may lose
    money in the bad case (write “more than any number” or leave the upper end out).
    """
    earned = unit.contribution
    if earned is None or earned.likely <= 0 or math.isnan(cost):
        return None

    def whole(contribution: float) -> float:
        return at_least(cost / contribution) if contribution > 0 else math.inf

    return Range(
        low=whole(earned.high), likely=whole(earned.likely), high=whole(earned.low), source=earned.source
    )


def at_least(need: float) -> int:
    """The least whole number of orders, pieces or views that reaches a need; a last bit above it asks for no more."""
    return math.ceil(need - 1e-9)


def highest_fee(orders: float, unit: UnitEconomics) -> Range | None:
    """The most that may be spent for so many orders before money is lost; at least 0."""
    earned = unit.contribution
    if earned is None:
        return None
    low, likely, high = (max(0.0, orders * value) for value in (earned.low, earned.likely, earned.high))
    return Range(low=low, likely=likely, high=high, source=earned.source)


def break_even_margin(cost: float, orders: float, unit: UnitEconomics) -> float | None:
    """The margin at which so many orders pay back a cost; above 1 where no margin would.

    Worked example: 100 orders of 97, 26 % returned, 10 % commission, cost 3,000: 0.518.
    """
    if unit.per_margin is None or unit.before_margin is None or unit.per_margin <= 0 or orders <= 0:
        return None
    return max(0.0, (cost / orders - unit.before_margin) / unit.per_margin)


def break_even_returns(cost: float, orders: float, unit: UnitEconomics) -> float | None:
    """The share of sales that may come back before so many orders no longer pay back a cost.

    `None` if the margin is unknown or even without any return the cost is not paid back.
    Worked example as above, at 53 % margin: 0.28.
    """
    if unit.basket is None or unit.margin is None or orders <= 0:
        return None
    values = _likely(unit.inputs)
    none_back, all_back = (_contribution({**values, "return_rate": r}) for r in (0.0, 1.0))
    if none_back * orders < cost or none_back <= all_back:
        return None
    return min(1.0, (none_back - cost / orders) / (none_back - all_back))


def contribution_at(unit: UnitEconomics, **values: float) -> float | None:
    """What an order leaves in the likely case, with some inputs replaced: `contribution_at(unit, margin=0.5)`.

    `None` while basket or margin is neither known nor given.
    """
    replaced = {**_likely(unit.inputs), **values}
    return _contribution(replaced) if {"basket", "margin"} <= set(replaced) else None


def combine(inputs: dict[str, Range], formula: Callable[[dict[str, float]], float]) -> Range:
    """A formula's range from its inputs' ranges; see `HOW_RANGES_COMBINE`."""
    likely = _likely(inputs)
    middle = formula(likely)
    down = up = 0.0
    for name, value in inputs.items():
        shifts = [formula({**likely, name: end}) - middle for end in (value.low, value.high)]
        down += min(0.0, *shifts) ** 2
        up += max(0.0, *shifts) ** 2
    return Range(low=middle - math.sqrt(down), likely=middle, high=middle + math.sqrt(up), source="economics")


#: what the economics of an order are worked out from; the other columns are not copied
_ORDER_COLUMNS = (
    "order_id", "ordered_at", "currency", "gross", "discount", "shipping", "tax", "total", "country",
)  # fmt: skip


@per_book_free_of(MONEY)
def shop_orders(book: Book) -> pd.DataFrame:
    """The shop's orders that count: sales, no test, no cancelled, known currency.

    Adds `basket` (goods before discount, as the shop shows them) and `net` (the same excl. VAT), in the
    client's currency. A file without basket or discount columns: the total, less shipping and tax where
    they are there; orders with one of the campaign's codes are set back to the price before discount.
    """
    orders, values = book.tables.orders[list(_ORDER_COLUMNS)], order_values(book)
    orders = orders[values.counts & ~values.cancelled & (orders.total > 0)]
    orders = orders.assign(rate=exchange(book, orders.currency))
    vat = tax_rates(book, orders.country)
    basket, inside = orders.gross, taxes_inside(book).loc[orders.index]
    if basket.isna().any():
        basket = basket.fillna(_basket_from_total(book, orders, vat, inside))
    net = (basket / (1 + vat)).where(inside, basket)
    return orders.assign(basket=basket * orders.rate, net=net * orders.rate)[basket > 0]


def _basket_from_total(book: Book, orders: pd.DataFrame, vat: pd.Series, inside: pd.Series) -> pd.Series:
    before_tax = (orders.total - orders.tax).fillna(orders.total / (1 + vat))
    goods = orders.total.where(inside, before_tax) - orders.shipping.fillna(0)
    carried = order_codes(book).code
    ours = carried.index[carried.isin(code_owners(book).index)]
    discounted = orders.discount.isna() & orders.index.isin(ours)
    return goods.where(~discounted, goods / book.campaign.codes.price_left) + orders.discount.fillna(0)


#: inputs that do not change the grade of the whole: the campaign decides them itself
_MINOR = {"discount", "commission_rate", "vat", "tax_paid"}


def _inputs(book: Book, orders: pd.DataFrame) -> tuple[dict[str, Range], dict[str, str]]:
    """Everything known, by name, as ranges; and where each came from."""
    own, vat = book.client.economics, _vat(book, orders)
    on_top = vat if _usually_inside(book, orders) else book.client.tax_rate_in(book.client.market)
    settled = _settled(book, orders)
    rate = own.return_rate if settled is None else _return_rate(book, settled)
    of_orders = rate if settled is None else _return_probability(settled)
    if "return_rate" in book.tried and own.return_rate:
        rate, of_orders = own.return_rate, _in_step(own.return_rate, rate, of_orders)
    values = {
        "basket": _basket(book, orders),
        "vat": exactly(vat, "client.yml: tax_rate"),
        "tax_paid": exactly(on_top, "client.yml: tax_rate"),
        "discount": exactly(book.campaign.codes.share, "campaign file: codes"),
        "margin": margin_rule(book).value,
        "return_rate": rate,
        "return_probability": of_orders,
        "shipping_paid": _shipping_paid(book, orders),
        **{one.name: one.stated(book) for one in order_inputs()},
        "commission_rate": _commission(book),
    }
    inputs = {name: value for name, value in values.items() if value is not None}
    return inputs, {name: value.source for name, value in inputs.items()}


def _missing(inputs: dict[str, Range]) -> tuple[str, ...]:
    """What is left out because nobody told it, by key."""
    keys = {"basket": "basket", "margin": "goods", "return_rate": "returns"}
    missing = [key for name, key in keys.items() if name not in inputs]
    missing += [cost.key for cost in ORDER_COSTS if cost.asks(inputs)]
    return (*missing, *(() if "commission_rate" in inputs else ("commission",)))


def _missing_words() -> dict[str, Text]:
    """How a reader calls what is left out."""
    return {cost.key: cost.missing for cost in ORDER_COSTS} | {
        "basket": say("basket"),
        "goods": say("goods"),
        "returns": say("returns"),
        "commission": say("commission"),
    }


def _likely(inputs: dict[str, Range]) -> dict[str, float]:
    return {name: value.likely for name, value in inputs.items()}


def _net_sales(values: dict[str, float]) -> float:
    return values["basket"] * (1 - values["discount"]) / (1 + values["vat"])


def _kept_sales(values: dict[str, float]) -> float:
    return _net_sales(values) * (1 - values.get("return_rate", 0.0))


def _contribution(values: dict[str, float]) -> float:
    """Sales that stay, less every declared cost of an order and commission: the contribution margin of one order."""
    net, stays, back = _net_sales(values), _kept_sales(values), values.get("return_rate", 0.0)
    shipping = values.get("shipping_paid", 0.0)
    goods = values["basket"] / (1 + values["vat"]) * (1 - values["margin"])
    bases = Bases(
        stays=stays,
        goods=goods * (1 - back),
        goods_back=goods * back,
        sent=1.0,
        charged=1.0,
        returned=values.get("return_probability", 0.0),
        paid=(net + shipping) * (1 + values["tax_paid"]),
        shipping_paid=shipping,
    )
    return float(stays - taken_from_order(bases, values) - values.get("commission_rate", 0.0) * stays)


def _basket(book: Book, orders: pd.DataFrame) -> Range | None:
    if len(orders) < ENOUGH_ORDERS or "average_order_value" in book.tried:
        return book.client.economics.average_order_value
    return _mean_range(
        orders.basket, f"orders: mean of {how_many(len(orders), 'order', book.formats.number)}"
    )


def _mean_range(values: pd.Series, source: str) -> Range:
    """Mean with its 90 % t interval, never below 0."""
    mean, spread = float(values.mean()), float(values.std(ddof=1)) / math.sqrt(len(values))
    reach = float(special.stdtrit(len(values) - 1, 0.95)) * spread
    return Range(low=max(0.0, mean - reach), likely=mean, high=mean + reach, source=source)


def _vat(book: Book, orders: pd.DataFrame) -> float:
    """VAT as a share of the net price, weighted by where the shop's orders go; 0 if prices exclude it."""
    if len(orders) < ENOUGH_ORDERS:
        return book.client.tax_rate_in(book.client.market) if book.client.prices_include_tax else 0.0
    return float(orders.basket.sum() / orders.net.sum() - 1)


def _usually_inside(book: Book, orders: pd.DataFrame) -> bool:
    """Whether most of the shop's prices contain the tax; as client.yml says where there are too few orders."""
    if len(orders) < ENOUGH_ORDERS:
        return book.client.prices_include_tax
    return bool(taxes_inside(book).loc[orders.index].mean() >= 0.5)


def _settled(book: Book, orders: pd.DataFrame) -> pd.DataFrame | None:
    """Orders whose time to come back is over, with `back`: money refunded; `None` if that is not known of some."""
    until = pd.Timestamp(book.as_of) - pd.Timedelta(days=book.campaign.settles_after_days)
    settled = orders[orders.ordered_at <= until]
    back = order_values(book).refunded.loc[settled.index] / 100
    if len(settled) < ENOUGH_SETTLED_ORDERS or back.isna().any():
        return None
    return settled.assign(back=back.clip(upper=settled.total))


def _return_rate(book: Book, settled: pd.DataFrame) -> Range:
    """Share of the value that came back; interval of a ratio estimator (linearised)."""
    rate = float(settled.back.sum() / settled.total.sum())
    off = settled.back - rate * settled.total
    reach = NINETY * math.sqrt(float((off**2).sum())) / float(settled.total.sum())
    source = f"orders: refunds of {book.formats.number(len(settled))} settled orders"
    return Range(low=max(0.0, rate - reach), likely=rate, high=min(1.0, rate + reach), source=source)


def _return_probability(settled: pd.DataFrame) -> Range:
    """Share of orders of which something came back."""
    share = float((settled.back > 0).mean())
    return Range(low=share, likely=share, high=share, source=f"orders: {len(settled)} settled orders")


def _in_step(tried: Range, measured: Range | None, of_orders: Range | None) -> Range:
    """The share of orders of which something comes back, had another share of their value: as many times as many."""
    if measured is None or of_orders is None or not measured.likely:
        return tried
    share = min(1.0, of_orders.likely * tried.likely / measured.likely)
    return exactly(share, tried.source)


def _shipping_paid(book: Book, orders: pd.DataFrame) -> Range | None:
    """What buyers pay for shipping, excl. VAT; only of use beside a known shipping cost."""
    if len(orders) < ENOUGH_ORDERS or orders.shipping.isna().all():
        return None
    paid = float((orders.shipping * orders.rate).fillna(0).mean()) / (1 + _vat(book, orders))
    return exactly(paid, f"orders: mean of {how_many(len(orders), 'order')}")


def _commission(book: Book) -> Range | None:
    """Commission over the list; without a list the campaign's."""
    return _spread(commission_rates(book)) or book.campaign.commission_rate


def _spread(rates: pd.Series) -> Range | None:
    """From the lowest commission rate to the highest, the mean as likely; `None` where none is known."""
    rates = rates.dropna()
    if rates.empty:
        return None
    low, high = float(rates.min()), float(rates.max())
    mean = min(max(float(rates.mean()), low), high)  # a mean of equal rates may be off in its last digit
    return Range(low=low, likely=mean, high=high, source="creators list")
