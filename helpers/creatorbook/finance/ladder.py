"""The money ladder: eighteen rungs from sales traced to creators down to profit after campaign costs.

Each rung has its own base; the order is fixed. Likely values are whole cents, so that rungs add up and
slices (creator, tier, platform) add up to the whole. What no file tells is not available, never 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from creatorbook.client import Range
from creatorbook.finance.claims import joined_to_claims, marketplace, people
from creatorbook.finance.costs import Costs, campaign_costs, grade_of
from creatorbook.finance.order_values import inside_window, order_values, tax_rates
from creatorbook.finance.returns import Expected, expected_returns
from creatorbook.findings import Grade
from creatorbook.memo import per_book
from creatorbook.stats.strata import normals

if TYPE_CHECKING:
    from creatorbook.book import Book

#: draws behind every likely range, and their seed
DRAWS, SEED = 8000, 20260302
#: half-width of a 90 % interval in standard deviations
NINETY = 1.645
#: share of the sales for which product costs must be known before they replace a margin
ENOUGH_COSTED = 0.5


@dataclass(frozen=True)
class Rung:
    """One rung: its key, number, label and the base it is taken from."""

    key: str
    number: int
    label: str
    base: str


RUNGS = (
    Rung("traced", 1, "Sales traced to creators", "orders claimed, basket before discount, incl. VAT"),
    Rung("discounts", 2, "less discounts given with the codes", "order"),
    Rung("tax", 3, "less VAT / sales tax", "order's tax column, else rate by country"),
    Rung("cancelled", 4, "less cancelled orders", "order"),
    Rung("returned", 5, "less returned so far", "refund by order, excl. VAT"),
    Rung("returns_expected", 6, "less returns still expected", "open orders × return curve"),
    Rung("goods", 7, "less cost of the goods kept", "line cost, else margin on sales that stay"),
    Rung("unsaleable", 8, "less goods returned and not resellable", "cost of the goods returned"),
    Rung("shipping", 9, "less shipping to the buyer, net of shipping paid", "orders sent"),
    Rung("handling", 10, "less handling of returns", "returned orders"),
    Rung("payment", 11, "less payment and marketplace fees", "what buyers paid"),
    Rung("commission", 12, "less commission to creators", "sales that stay, excl. VAT and shipping"),
    Rung("fees", 13, "less creator fees", "contract, excl. recoverable VAT"),
    Rung("gifts", 14, "less gifts at cost, with their shipping", "units"),
    Rung("rights", 15, "less usage rights and exclusivity", "contract"),
    Rung("ads", 16, "less ad spend on creator content", "ads export or cost sheet"),
    Rung("overheads", 17, "less agency fee, tools and levies", "invoice"),
    Rung("hours", 18, "less own hours", "hours × rate"),
)
#: rungs of each sum
TO_STAY = ("traced", "discounts", "tax", "cancelled", "returned", "returns_expected")
TO_MARGIN = (*TO_STAY, "goods", "unsaleable", "shipping", "handling", "payment")
COST_RUNGS = ("commission", "fees", "gifts", "rights", "ads", "overheads", "hours")
SUMS = {
    "sales_that_stay": "Sales that stay",
    "margin": "Margin on these orders",
    "profit": "Profit after campaign costs",
}


@dataclass(frozen=True)
class Inputs:
    """What the ladder needs beside the orders; a number, an array of draws, or `None` where unknown.

    `returns` scales the returns still expected (1 = the likely value). Money is in cents.
    """

    margin: Any = None
    resellable_share: Any = None
    shipping_cost: Any = None
    handling_per_return: Any = None
    payment_fee_rate: Any = None
    payment_fee_fixed: Any = None
    goods_by_line: bool = False
    returns: Any = 1.0
    returns_known: bool = True

    @property
    def goods_known(self) -> bool:
        """Whether the cost of goods can be told at all."""
        return self.goods_by_line or self.margin is not None


@dataclass(frozen=True)
class Ladder:
    """The ladder of one campaign.

    Attributes:
        slices: one row per creator's account (and one, with an empty handle, for what belongs to nobody):
            what was claimed and spent, in cents.
        by_slice: slice × rung, signed cents; NaN where a rung is not available.
        rungs: one row per rung: cents, low, high, grade, source.
        inputs: likely inputs.
        draws: rung or sum → draws of its value in cents, with `costs` and `kept_orders`.
        costs: campaign costs behind rungs 12 to 18.
        own_hours: whether rung 18 is taken off.
        expected: returns still expected.
        line_costs: cost of goods by order in cents, where products tell it.
    """

    slices: pd.DataFrame
    by_slice: pd.DataFrame
    rungs: pd.DataFrame
    inputs: Inputs
    draws: Mapping[str, np.ndarray]
    costs: Costs
    expected: Expected
    own_hours: bool = True
    line_costs: pd.Series = field(default_factory=lambda: pd.Series(dtype="float64"))

    def cents(self, *keys: str) -> float:
        """The sum of rungs that are available, in cents."""
        return float(np.nansum([self.rungs.cents.get(key, np.nan) for key in keys]))

    def money(self, *keys: str) -> float:
        """The same in money."""
        return self.cents(*keys) / 100

    @property
    def sales_that_stay(self) -> float:
        """Rungs 1 to 6; before returns, where returns are unknown."""
        return self.money(*TO_STAY)

    @property
    def returns_known(self) -> bool:
        """Whether any file or statement tells what comes back."""
        return bool(self.rungs.cents[["returned", "returns_expected"]].notna().any())

    @property
    def margin_known(self) -> bool:
        """Whether rung 7 is available."""
        return self.inputs.goods_known

    @property
    def costs_known(self) -> bool:
        """Whether any cost of creators is on file."""
        return self.costs.creators_known

    @property
    def campaign_costs(self) -> float | None:
        """Rungs 12 to 18, positive; `None` if no cost of a creator is on file."""
        return -self.money(*self.cost_rungs) if self.costs_known else None

    @property
    def cost_rungs(self) -> tuple[str, ...]:
        """Rungs 12 to 18, own hours only if they are switched on."""
        return COST_RUNGS if self.own_hours else COST_RUNGS[:-1]

    @property
    def margin(self) -> float | None:
        """Rungs 1 to 11; `None` without a margin."""
        return self.money(*TO_MARGIN) if self.margin_known else None

    @property
    def profit(self) -> float | None:
        """All rungs; `None` without a margin or without costs."""
        if not (self.margin_known and self.costs_known):
            return None
        return self.money(*TO_MARGIN, *self.cost_rungs)

    @property
    def roi(self) -> float | None:
        """Profit after campaign costs ÷ campaign costs (rungs 12 to 18)."""
        return self.profit / self.campaign_costs if self.profit is not None and self.campaign_costs else None

    @property
    def roi_before_commission(self) -> float | None:
        """The same profit ÷ the costs fixed beforehand (rungs 13 to 18): commission is only owed on sales."""
        fixed = -self.money(*self.cost_rungs[1:])
        return self.profit / fixed if self.profit is not None and fixed > 0 else None

    @property
    def roas(self) -> float | None:
        """Rung 1 less 2 and 3 ÷ campaign costs."""
        return self.money("traced", "discounts", "tax") / self.campaign_costs if self.campaign_costs else None

    def likely(self, key: str, level: float = 0.9) -> tuple[float, float]:
        """Likely range of a rung or sum, in money."""
        low, high = np.quantile(self.draws[key], [(1 - level) / 2, (1 + level) / 2])
        return float(low) / 100, float(high) / 100

    def profit_at(self, *, margin: float | None = None, returns: float | None = None) -> float:
        """Profit in money at another margin, or if this share of the sales came back in all."""
        told = _totals(self.slices)
        inputs = Inputs(**self.inputs.__dict__)
        if margin is not None:
            inputs = Inputs(**{**inputs.__dict__, "margin": margin, "goods_by_line": False})
        if returns is not None:
            told = _with_returns(told, returns)
        values = amounts(told, inputs)
        return float(np.nansum([values[key] for key in (*TO_MARGIN, *self.cost_rungs)])) / 100

    @property
    def break_even_margin(self) -> float | None:
        """The margin at which profit is 0; above 1 where no margin pays the costs back."""
        none, whole = self.profit_at(margin=0.0), self.profit_at(margin=1.0)
        return -none / (whole - none) if whole > none else None

    def break_even_returns(self, margin: float | None = None) -> float | None:
        """The share of sales that may come back before profit is 0; `None` if not even none is enough."""
        none, all_back = (
            self.profit_at(margin=margin, returns=0.0),
            self.profit_at(margin=margin, returns=1.0),
        )
        return none / (none - all_back) if none >= 0 and none > all_back else None


def amounts(told: Any, inputs: Inputs) -> dict[str, Any]:
    """The eighteen rungs, signed, from what was claimed and spent (a frame of slices, or their totals).

    Every rung is linear in `told`, so that slices add up to the whole before rounding.
    """
    sure = told["traced"] - told["discounts"] - told["tax"] - told["cancelled"] - told["returned_or_0"]
    expected = inputs.returns * told["returns_expected_or_0"]
    stay, known = sure - expected, inputs
    if known.goods_by_line:
        goods = told["goods_sure"] - inputs.returns * told["goods_expected"]
        back = told["goods_back"] + inputs.returns * told["goods_expected"]
    elif known.margin is not None:
        goods, back = (1 - known.margin) * stay, (1 - known.margin) * (told["returned_or_0"] + expected)
    else:
        goods = back = np.nan * stay
    returned_orders = told["returned_orders"] + inputs.returns * told["returned_orders_expected"]
    fee = _times(known.payment_fee_rate, told["paid"])
    return {
        "traced": told["traced"],
        "discounts": -told["discounts"] + 0.0,
        "tax": -told["tax"] + 0.0,
        "cancelled": -told["cancelled"] + 0.0,
        "returned": -told["returned"] + 0.0,
        "returns_expected": -expected + 0.0 if known.returns_known else np.nan * stay,
        "goods": -goods,
        "unsaleable": -back * (1 - (1.0 if known.resellable_share is None else known.resellable_share)),
        "shipping": told["shipping_paid"] - _times(known.shipping_cost, told["orders_kept"]),
        "handling": -_times(known.handling_per_return, returned_orders),
        "payment": -(fee + _times(known.payment_fee_fixed or 0.0, told["orders_kept"])),
        "commission": -(told["commission"] + told["rated_sure"] - inputs.returns * told["rated_expected"]),
        **{key: -told[key] for key in COST_RUNGS[1:]},
    }


def _times(rate: Any, base: Any) -> Any:
    return np.nan * base if rate is None else rate * base


def _totals(slices: pd.DataFrame) -> dict[str, float]:
    """Column sums; a column without any value stays missing."""
    return slices[_ADDED].sum(min_count=1).to_dict()


def _with_returns(told: dict[str, float], share: float) -> dict[str, float]:
    """The same campaign had this share of its sales come back, nothing open."""
    net = told["traced"] - told["discounts"] - told["tax"] - told["cancelled"]
    before = net - told["returned_or_0"]
    cost = told["goods_sure"] + told["goods_back"]
    return {
        **told,
        "returned": share * net,
        "returned_or_0": share * net,
        "returns_expected_or_0": 0.0,
        "returned_orders": share * told["orders_kept"],
        "returned_orders_expected": 0.0,
        "rated_sure": told["rated_sure"] / before * net * (1 - share) if before else 0.0,
        "rated_expected": 0.0,
        "goods_sure": cost * (1 - share),
        "goods_back": cost * share,
        "goods_expected": 0.0,
    }


@per_book
def money_ladder(book: Book) -> Ladder:
    """The ladder of the book's campaign."""
    return build(book, own_hours=True)


def build(book: Book, *, own_hours: bool = True) -> Ladder:
    """The ladder, with or without own hours."""
    costs, expected = campaign_costs(book), expected_returns(book)
    by_line, line_costs = _line_costs(book)
    slices = _slices(book, costs, expected, line_costs)
    inputs = _inputs(book, goods_by_line=by_line, expected=expected, ends="likely")
    by_slice = pd.DataFrame(amounts(slices, inputs), index=slices.index).round() + 0.0
    by_slice[_not_told(book)] = np.nan
    draws = _draws(book, _totals(slices), expected, goods_by_line=by_line, own_hours=own_hours)
    return Ladder(
        slices=slices,
        by_slice=by_slice,
        rungs=_rungs(book, by_slice, draws, costs, expected, goods_by_line=by_line),
        inputs=inputs,
        draws=draws,
        costs=costs,
        expected=expected,
        own_hours=own_hours,
        line_costs=line_costs,
    )


def _not_told(book: Book) -> list[str]:
    """Rungs that the order file does not speak of: not separable or unknown, and so not 0."""
    orders = book.tables.orders
    told = {
        "discounts": bool(orders.discount.notna().any()),
        "cancelled": bool(orders.cancelled_at.notna().any()),
    }
    return [key for key, known in told.items() if not known]


def _inputs(book: Book, *, goods_by_line: bool, expected: Expected, ends: str) -> Inputs:
    """Inputs at their `low`, `likely` or `high` end."""
    told = book.client.economics

    def end(value: Range | None, scale: float = 1.0) -> float | None:
        return None if value is None else getattr(value, ends) * scale

    return Inputs(
        margin=end(told.margin),
        resellable_share=end(told.resellable_share),
        shipping_cost=end(told.shipping_cost, 100),
        handling_per_return=end(told.handling_per_return, 100),
        payment_fee_rate=end(told.payment_fee_rate),
        payment_fee_fixed=None if told.payment_fee_fixed is None else told.payment_fee_fixed * 100,
        goods_by_line=goods_by_line,
        returns_known=expected.known,
    )


def _draws(
    book: Book, totals: dict[str, float], expected: Expected, *, goods_by_line: bool, own_hours: bool
) -> dict[str, np.ndarray]:
    """Draws of every rung and sum: each input varies over its range on its own. The seed is fixed: they repeat, and are not thereby exact."""
    low, likely, high = (
        _inputs(book, goods_by_line=goods_by_line, expected=expected, ends=ends)
        for ends in ("low", "likely", "high")
    )
    drawn: dict[str, Any] = {}
    names = ("margin", "resellable_share", "shipping_cost", "handling_per_return", "payment_fee_rate")
    # drawn even if unused: one input never shifts another's draws
    *each, for_returns = normals(np.random.default_rng(SEED), len(names) + 1, DRAWS)
    for name, steps in zip(names, each, strict=True):
        middle = getattr(likely, name)
        top = 1.0 if name in {"margin", "resellable_share", "payment_fee_rate"} else np.inf
        if middle is not None:
            drawn[name] = np.clip(spread(middle, getattr(low, name), getattr(high, name), steps), 0.0, top)
    factor = np.maximum(spread(1.0, expected.low, expected.high, for_returns), 0.0)
    values = amounts(totals, Inputs(**{**likely.__dict__, **drawn, "returns": factor}))
    values = {key: np.broadcast_to(np.asarray(value, dtype=float), (DRAWS,)) for key, value in values.items()}
    kept = COST_RUNGS if own_hours else COST_RUNGS[:-1]
    return {
        **values,
        "sales_that_stay": np.nansum([values[key] for key in TO_STAY], axis=0),
        "margin": np.nansum([values[key] for key in TO_MARGIN], axis=0),
        "profit": np.nansum([values[key] for key in (*TO_MARGIN, *kept)], axis=0),
        "costs": -np.nansum([values[key] for key in kept], axis=0),
    }


def spread(likely: float, low: float, high: float, steps: np.ndarray) -> np.ndarray:
    """Draws whose 90 % range is low to high, around the likely value (two half normals)."""
    return likely + np.where(steps > 0, high - likely, likely - low) / NINETY * steps


#: what an order brings to the rungs; sums of these over orders are all a slice needs
FROM_ORDERS = [
    "orders",
    "orders_kept",
    "traced",
    "discounts",
    "tax",
    "cancelled",
    "returned",
    "returned_or_0",
    "returns_expected_or_0",
    "returned_orders",
    "returned_orders_expected",
    "shipping_paid",
    "paid",
    "goods_sure",
    "goods_expected",
    "goods_back",
]
_ADDED = [*FROM_ORDERS, "rated_sure", "rated_expected", *COST_RUNGS]


def _slices(book: Book, costs: Costs, expected: Expected, line_costs: pd.Series) -> pd.DataFrame:
    """What was claimed and spent, one row per creator's account and one for what belongs to nobody."""
    claimed = per_order(book, expected, line_costs)
    sums = claimed.groupby("handle", sort=True)[FROM_ORDERS].sum(min_count=1)
    sums = sums.add(_marketplace(book, claimed), fill_value=0.0)
    who = people(book).drop_duplicates("handle").set_index("handle")
    main = who[who.main].reset_index().set_index("creator").handle
    spent = costs.lines.assign(handle=costs.lines.creator.map(main).fillna(""))
    spent = spent.pivot_table(index="handle", columns="rung", values="cents", aggfunc="sum", observed=True)
    index = sorted({*sums.index, *spent.index, ""})
    slices = sums.reindex(index, columns=FROM_ORDERS)
    spent = spent.reindex(index, columns=list(COST_RUNGS))
    slices = slices.fillna({name: 0.0 for name in FROM_ORDERS if name != "returned"})
    if claimed.returned.notna().any() or not len(claimed):
        slices["returned"] = slices.returned.fillna(0.0)
    for rung in COST_RUNGS:
        slices[rung] = spent[rung].fillna(0.0) if spent[rung].notna().any() else np.nan
    slices["creator"] = who.creator.reindex(index)
    slices["platform"] = who.platform.reindex(index)
    slices["followers"] = who.followers.reindex(index)
    return _with_commission(book, slices, costs)


def _with_commission(book: Book, slices: pd.DataFrame, costs: Costs) -> pd.DataFrame:
    """Commission: amounts on file, the marketplace's own, and rates on the sales that stay."""
    rate = slices.creator.map(costs.rates).fillna(0.0)
    sheet = marketplace(book).set_index("handle").commission * 100
    paid_there = sheet.round().reindex(slices.index)
    known = slices.commission.notna().any() or len(costs.rates) > 0 or paid_there.notna().any()
    sure = slices.traced - slices.discounts - slices.tax - slices.cancelled - slices.returned_or_0
    base = sure.where(paid_there.isna(), 0.0)  # the marketplace's own commission is what its sales cost
    return slices.assign(
        commission=slices.commission.fillna(0.0) + paid_there.fillna(0.0) if known else np.nan,
        rated_sure=rate * base if known else np.nan,
        rated_expected=rate * slices.returns_expected_or_0.where(paid_there.isna(), 0.0) if known else np.nan,
    )


def per_order(book: Book, expected: Expected, line_costs: pd.Series) -> pd.DataFrame:
    """Claimed orders with everything the rungs take from an order, in cents."""
    values = inside_window(book).assign(coming=expected.cents, coming_orders=expected.orders)
    told = joined_to_claims(book, values)
    kept = ~told.cancelled.astype(bool)
    net = told.net.where(kept, 0.0)
    cost = told.order_id.map(line_costs).fillna(0.0).where(kept, 0.0) if len(line_costs) else 0.0 * net
    returned = told.returned.where(kept, 0.0).where(told.returned.notna())
    coming = told.coming.fillna(0.0)
    share_back = (returned.fillna(0.0) / net.where(net > 0)).fillna(0.0)
    share_coming = (coming / net.where(net > 0)).fillna(0.0)
    return told.assign(
        orders=1.0,
        orders_kept=kept.astype(float),
        traced=told.basket,
        discounts=told.discount,
        cancelled=told.net.where(~kept, 0.0),
        returned=returned,
        returned_or_0=returned.fillna(0.0),
        returns_expected_or_0=coming,
        returned_orders=(returned.fillna(0.0) > 0).astype(float),
        returned_orders_expected=told.coming_orders.fillna(0.0),
        shipping_paid=(told.shipping - told.shipping_back.fillna(0.0)).where(kept, 0.0),
        paid=told.paid.where(kept, 0.0),
        goods_sure=(cost * (1 - share_back)).round(),
        goods_expected=(cost * share_coming).round(),
        goods_back=(cost * share_back).round(),
    )


def _marketplace(book: Book, claimed: pd.DataFrame) -> pd.DataFrame:
    """The marketplace's sheet as rungs: its sales, the VAT in them, and its refunds; nothing else is told."""
    sheet = marketplace(book).set_index("handle")
    if sheet.empty:
        return claimed.head(0).groupby("handle")[FROM_ORDERS].sum()
    rate = float(tax_rates(book, pd.Series([book.client.market])).iloc[0])
    inside = rate / (1 + rate) if book.client.prices_include_tax else 0.0
    sales, refunds = (sheet.sales * 100).round(), (sheet.refunds * 100).round().fillna(0.0)
    net = (sales * (1 - inside)).round()
    returned = np.minimum((refunds * (1 - inside)).round(), net)
    ratio = _cost_ratio(claimed)
    told = pd.DataFrame(0.0, index=sheet.index, columns=FROM_ORDERS)
    return told.assign(
        orders=sheet.orders.fillna(0.0),
        orders_kept=sheet.orders.fillna(0.0),
        traced=sales,
        tax=sales - net,
        returned=returned,
        returned_or_0=returned,
        returned_orders=(sheet.orders.fillna(0.0) * returned / net.where(net > 0)).fillna(0.0).round(),
        goods_sure=((net - returned) * ratio).round(),
        goods_back=(returned * ratio).round(),
    )


def _cost_ratio(claimed: pd.DataFrame) -> float:
    """Cost of goods per net sale over the claimed orders; 0 where no line cost is known."""
    net = float((claimed.net * claimed.orders_kept).sum())
    return float((claimed.goods_sure + claimed.goods_back).sum()) / net if net > 0 else 0.0


def _line_costs(book: Book) -> tuple[bool, pd.Series]:
    """Cost of goods by order in cents, from order lines and product costs; whether it is to be used.

    An order with a line of unknown cost gets the cost ratio of the others. A margin set on a slider wins.
    """
    none = pd.Series(dtype="float64")
    told = book.client.economics.margin
    if told is not None and told.source == "slider":
        return False, none
    if not (book.tables.has("products", "cost") and book.tables.has("order_lines", "sku")):
        return False, none
    claimed = joined_to_claims(book, inside_window(book))
    unit = book.tables.products.dropna(subset=["sku", "cost"]).drop_duplicates("sku").set_index("sku").cost
    lines = book.tables.order_lines[book.tables.order_lines.order_id.isin(claimed.order_id)]
    cost = (lines.sku.map(unit) * lines.quantity * 100).round()
    complete = cost.notna().groupby(lines.order_id).transform("all")
    known = cost[complete].groupby(lines.order_id[complete]).sum()
    net = claimed.set_index("order_id").net
    costed = float(net.reindex(known.index).sum())
    if costed <= 0 or costed < ENOUGH_COSTED * float(net.sum()):
        return False, none
    ratio = float(known.sum()) / costed
    return True, known.reindex(net.index).fillna((net * ratio).round())


#: what a rung without a figure says in place of one
_NO_FILE = {
    "discounts": "included in the order totals, not separable",
    "cancelled": "no order in the file is marked as cancelled",
}


def _rungs(
    book: Book,
    by_slice: pd.DataFrame,
    draws: dict[str, np.ndarray],
    costs: Costs,
    expected: Expected,
    *,
    goods_by_line: bool,
) -> pd.DataFrame:
    """One row per rung: value, likely range, grade and source."""
    evidence = _evidence(book, costs, expected, goods_by_line=goods_by_line)
    rows = []
    for rung in RUNGS:
        cents = by_slice[rung.key].sum(min_count=1)
        low, high = (np.nan, np.nan) if np.isnan(cents) else np.quantile(draws[rung.key], [0.05, 0.95])
        grade, source = evidence[rung.key]
        if np.isnan(cents):
            grade, source = "assumed", _NO_FILE.get(rung.key, "no file tells")
        exact = np.isnan(cents) or high - low < 1
        rows.append(
            {
                "key": rung.key,
                "number": rung.number,
                "label": rung.label,
                "base": rung.base,
                "cents": cents,
                "low": np.nan if exact else low,
                "high": np.nan if exact else high,
                "grade": grade,
                "source": source,
            }
        )
    return pd.DataFrame(rows).set_index("key", drop=False)


def _evidence(
    book: Book, costs: Costs, expected: Expected, *, goods_by_line: bool
) -> dict[str, tuple[Grade, str]]:
    """Grade and source of each rung."""
    told = book.client.economics
    values = order_values(book)
    taxed = bool(values.tax_counted[values.inside & values.counts].all())
    client_file = "client.yml"
    margin = ("assumed", f"{told.margin.source}: margin") if told.margin else ("assumed", client_file)
    by_cost = {
        rung: (grade_of(found), ", ".join(sorted(set(found.source))))
        for rung in COST_RUNGS
        if len(found := costs.lines[costs.lines.rung == rung])
    }
    contract: tuple[Grade, str] = ("estimated", "commission rates × sales that stay")
    return {
        "traced": ("counted", "orders and the evidence that names a creator"),
        "discounts": ("counted", "orders"),
        "tax": ("counted", "orders: tax") if taxed else ("assumed", f"{client_file}: tax rate by country"),
        "cancelled": ("counted", "orders: cancelled"),
        "returned": ("counted", "refunds" if book.tables.has("refunds", "amount") else "orders: refunded"),
        "returns_expected": (expected.grade, expected.source),
        "goods": ("counted", "products: cost per item") if goods_by_line else margin,  # type: ignore[dict-item]
        "unsaleable": (
            "assumed",
            client_file if told.resellable_share else "assumed 0: all returns can be sold again",
        ),
        "shipping": ("assumed", f"{client_file}: shipping cost; orders: shipping paid"),
        "handling": ("assumed", f"{client_file}: handling per return"),
        "payment": ("assumed", f"{client_file}: payment fees"),
        "commission": by_cost.get("commission", contract),
        **{rung: by_cost.get(rung, ("counted", "cost sheet")) for rung in COST_RUNGS[1:]},
    }
