"""What the goods of an order cost: one margin for the plan, the results and each creator's outlook.

Gross margin is 1 − cost of goods ÷ price before the code, excl. VAT: a deeper code makes no goods cheaper.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from creatorbook.campaign.shop_sales import goods_lines
from creatorbook.client import Range
from creatorbook.finance.claims import joined_to_claims
from creatorbook.finance.order_values import inside_window, tax_rates, taxes_inside
from creatorbook.findings import Count, Share, Wording, ends, number_of, say, sentences
from creatorbook.memo import per_book

if TYPE_CHECKING:
    from creatorbook.book import Book

#: share of the sales for which product costs must be known before they replace the client's margin
ENOUGH_COSTED = 0.5
#: points that lists of product costs miss on either side (freight, shrinkage, old prices)
LISTS_MISS = 0.03
#: the place of the margin among the draws (see `cost_lines.Input.stream`)
MARGIN_STREAM = 0


@dataclass(frozen=True)
class Margin:
    """The margin that holds, and where it comes from.

    Attributes:
        basis: product costs, the client's own figure, a what-if, or nothing.
        value: margin on the price before the code, excl. VAT; `None` if unknown.
        goods: cost of goods by order in cents, for the claimed orders, where product costs hold.
        stated: the client's own figure on the same price, whatever holds; `None` if there is none.
    """

    basis: Literal["products", "client", "tried", "unknown"]
    value: Range | None = None
    goods: pd.Series = field(default_factory=lambda: pd.Series(dtype="float64"))
    stated: Range | None = None

    @property
    def by_line(self) -> bool:
        """Whether the cost of each claimed order is counted from its lines."""
        return self.basis == "products"

    @property
    def unconfirmed(self) -> bool:
        """Whether it is one number that nobody gave a range: an assumption, not a certainty."""
        return self.value is not None and not self.by_line and self.value.exact


@per_book
def margin_rule(book: Book) -> Margin:
    """Which margin holds: the only place where this is decided.

    A margin tried in a what-if wins; then product costs, where they cover at least `ENOUGH_COSTED` of the
    sales (of the claimed orders; before any is claimed, of the shop's order lines); then the client's own.
    """
    stated = _stated(book)
    if stated is not None and "margin" in book.tried:
        return Margin("tried", stated, stated=stated)
    if (counted := _counted(book)) is not None:
        return replace(counted, stated=stated)
    return Margin("unknown") if stated is None else Margin("client", stated, stated=stated)


def _stated(book: Book) -> Range | None:
    """The client's own margin, on the price before the code, excl. VAT; `None` if there is none.

    One of the price paid is set back by what the campaign's code usually leaves: 1 − (1 − margin) × price left. So the goods of
    an order with the code cost what the client's figure says, and as much where it came without one or was given away.
    """
    own = book.client.economics
    if own.margin is None or own.margin_on != "price_paid" or "margin" in book.tried:
        return own.margin
    left = _price_left(book)
    before = {end: 1 - (1 - getattr(own.margin, end)) * left for end in ("low", "likely", "high")}
    return own.margin.model_copy(update=before)


def _price_left(book: Book) -> float:
    """The share of the price that is paid with the campaign's code; where the code gives all away, without it."""
    codes = book.campaign.codes
    return codes.price_left if codes.share < 1 else 1.0


def margin_sentence(book: Book, margin: Margin) -> Wording | None:
    """Which margin is reckoned with, of which price, where it comes from and what else was stated; `None` if none is known."""
    if margin.value is None:
        return None
    left = _price_left(book)
    used = say(
        "Margin {margin} of the price before the code, excl. VAT ({source}).",
        margin=Share(margin.value.likely),
        source=margin.value.source,
    )
    after = say(
        "Of the price paid after a code of {code} that is {margin}.",
        code=Share(1 - left),
        margin=Share(1 - (1 - margin.value.likely) / left),
    )
    return sentences(used, after if left < 1 else None, _as_stated(book, margin))


def _as_stated(book: Book, margin: Margin) -> Wording | None:
    """What client.yml states, of which price, and why it does not hold where product costs do; `None` if that is said already."""
    own = book.client.economics
    if own.margin is None or margin.value is None or margin.stated is None or margin.basis == "tried":
        return None
    in_doubt = own.margin_on is None and _price_left(book) < 1
    of_which = say("Of which price it is, nobody has stated.") if in_doubt else None
    values = {"margin": _span(own.margin), "source": own.margin.source}
    if own.margin_on == "price_paid":
        stated = say("Stated is {margin} of the price paid ({source}).", **values)
    else:
        stated = say("Stated is {margin} of the price before the code ({source}).", **values)
    if not margin.by_line:
        return stated if own.margin_on == "price_paid" else of_which
    holds = say(
        "Product costs hold: they are counted on the goods that were sold and cover enough of the sales."
    )
    return sentences(stated, of_which, holds, _difference(margin.value, margin.stated))


def _span(margin: Range) -> Wording:
    if margin.exact:
        return Share(margin.likely)
    return say("{low} to {high}", **ends(margin.low, margin.high, "percent"))


def _difference(counted: Range, stated: Range) -> Wording | None:
    """How far a stated margin lies from the counted one, where this is beyond what either leaves open."""
    if counted.low <= stated.high and stated.low <= counted.high:
        return None
    return say(
        "The two are {points} apart: ask finance which goods and which price its figure is of.",
        points=number_of("point", Count(abs(counted.likely - stated.likely) * 100)),
    )


def list_prices(book: Book, claimed: pd.DataFrame) -> pd.Series:
    """Price before the code of each claimed order (a frame over `order_values`), excl. VAT, in cents.

    Where the file tells no discount, an order claimed by its code is set back by the campaign's percentage.
    """
    paid = claimed.net + claimed.tax
    rate = tax_rates(book, claimed.country)
    usual = rate / (1 + rate)
    inside = taxes_inside(book).loc[claimed.row].set_axis(claimed.index)
    tax = (claimed.tax / paid.where(paid > 0)).fillna(usual).where(inside, 0.0)
    discount = book.tables.orders.discount
    inside_price = claimed.row.isin(discount.index[discount.isna()]) & (claimed.claim == "code")
    before = claimed.net.where(~inside_price, claimed.net / book.campaign.codes.price_left)
    return (before + claimed.discount * (1 - tax)).round()


def _counted(book: Book) -> Margin | None:
    """From product costs; `None` where they cover too little of the sales."""
    unit = _unit_costs(book)
    if unit is None:
        return None
    claimed = joined_to_claims(book, inside_window(book))
    return _of_claimed(book, unit, claimed) if len(claimed) else _of_shop(book, unit)


def _unit_costs(book: Book) -> pd.Series | None:
    """Cost per SKU, if products and order lines are both there."""
    if not (book.tables.has("products", "cost") and book.tables.has("order_lines", "sku")):
        return None
    costed = book.tables.products.dropna(subset=["sku", "cost"])
    return costed.drop_duplicates("sku").set_index("sku").cost


def _of_claimed(book: Book, unit: pd.Series, claimed: pd.DataFrame) -> Margin | None:
    """From the lines of claimed orders; one with a line of unknown cost gets the ratio of the others."""
    lines = goods_lines(book)
    lines = lines[lines.order_id.isin(claimed.order_id)]
    cost = (lines.sku.map(unit) * lines.quantity * 100).round()
    complete = cost.notna().groupby(lines.order_id).transform("all")
    costs = cost[complete].groupby(lines.order_id[complete]).sum()
    price = list_prices(book, claimed).set_axis(claimed.order_id)
    costed = float(price.reindex(costs.index).sum())
    if costed <= 0 or costed < ENOUGH_COSTED * float(price.sum()):
        return None
    ratio = float(costs.sum()) / costed
    goods = costs.reindex(price.index).fillna((price * ratio).round())
    source = f"products: cost of {book.formats.number(len(costs))} credited orders"
    return Margin("products", _listed_margin(1 - ratio, source), goods)


def _of_shop(book: Book, unit: pd.Series) -> Margin | None:
    """From all the shop's order lines, before any order is claimed."""
    if not book.tables.has("order_lines", "price"):
        return None
    lines = goods_lines(book)[["order_id", "sku", "price", "quantity"]]
    lines = lines.dropna(subset=["price", "quantity"])
    of_order = pd.Series(taxes_inside(book).to_numpy(), index=book.tables.orders.order_id)
    inside = lines.order_id.map(of_order[~of_order.index.duplicated()])
    inside = inside.where(inside.notna(), book.client.prices_include_tax).astype(bool)
    price = lines.price * lines.quantity
    price = (price / (1 + book.client.tax_rate_in(book.client.market))).where(inside, price)
    cost = lines.sku.map(unit) * lines.quantity
    costed = float(price[cost.notna()].sum())
    if costed <= 0 or costed < ENOUGH_COSTED * float(price.sum()):
        return None
    source = f"products: cost of {book.formats.number(int(cost.notna().sum()))} order lines"
    return Margin("products", _listed_margin(1 - float(cost.sum()) / costed, source))


def _listed_margin(margin: float, source: str) -> Range:
    """A margin from lists of costs, with what such lists miss."""
    margin = float(np.clip(margin, 0, 1))
    low, high = max(0.0, margin - LISTS_MISS), min(1.0, margin + LISTS_MISS)
    return Range(low=low, likely=margin, high=high, source=source)
