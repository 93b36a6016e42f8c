"""The rungs worked out from what was claimed and spent: the same declared costs for likely values and for draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from creatorbook.client import Range
from creatorbook.finance.cost_lines import (
    CAMPAIGN_COSTS,
    DRAWS,
    ORDER_COSTS,
    SEED,
    Bases,
    Input,
    order_inputs,
    ranged_inputs,
)
from creatorbook.finance.margin import MARGIN_STREAM, Margin
from creatorbook.finance.returns import Expected
from creatorbook.finance.rungs import SUMS, rungs_of
from creatorbook.stats.strata import normals, spread_over

if TYPE_CHECKING:
    from creatorbook.book import Book

End = Literal["low", "likely", "high"]


@dataclass(frozen=True)
class Inputs:
    """What the ladder needs beside the orders; a number, an array of draws, or `None` where unknown.

    Attributes:
        margin: of the price before the code, where goods are not counted by line.
        goods_by_line: whether they are.
        goods_factor: where they are, how many times what the lists of product costs say they really cost.
        costs: inputs of the declared costs by name; money in cents.
        returns_known: whether anything tells what comes back.
    """

    margin: Any = None
    goods_by_line: bool = False
    goods_factor: Any = 1.0
    costs: Mapping[str, Any] = field(default_factory=dict)
    returns_known: bool = True

    @property
    def goods_known(self) -> bool:
        """Whether the cost of goods can be told at all."""
        return self.goods_by_line or self.margin is not None


def amounts(spent: Any, inputs: Inputs) -> dict[str, Any]:
    """All rungs, signed, from what was claimed and spent (a frame of slices, their totals, or draws of these).

    Every rung is linear in `spent`, so that slices add up to the whole before rounding.
    """
    bases = claimed_bases(spent, inputs)
    rated = spent["rated_sure"] - spent["rated_expected"]
    return {
        "traced": spent["traced"],
        "discounts": -spent["discounts"] + 0.0,
        "tax": -spent["tax"] + 0.0,
        "cancelled": -spent["cancelled"] + 0.0,
        "returned": -spent["returned"] + 0.0,
        "returns_expected": -spent["returns_expected_or_0"] + 0.0
        if inputs.returns_known
        else np.nan * bases.stays,
        **{cost.key: -cost.taken(bases, inputs.costs) for cost in ORDER_COSTS},
        **{
            cost.key: -(spent[cost.key] + rated if cost.on_sales else spent[cost.key])
            for cost in CAMPAIGN_COSTS
        },
    }


def claimed_bases(spent: Any, inputs: Inputs) -> Bases:
    """What costs are taken from, over the claimed orders; in cents."""
    sold = spent["traced"] - spent["discounts"] - spent["tax"] - spent["cancelled"] - spent["returned_or_0"]
    stays = sold - spent["returns_expected_or_0"]
    if inputs.goods_by_line:
        goods = inputs.goods_factor * (spent["goods_sure"] - spent["goods_expected"])
        back = inputs.goods_factor * (spent["goods_back"] + spent["goods_expected"])
    elif inputs.margin is not None:
        goods = (1 - inputs.margin) * (spent["list_sure"] - spent["list_expected"])
        back = (1 - inputs.margin) * (spent["list_back"] + spent["list_expected"])
    else:
        goods = back = np.nan * stays
    return Bases(
        stays=stays,
        goods=goods,
        goods_back=back,
        sent=spent["parcels"],
        charged=spent["charged"],
        returned=spent["returned_orders"] + spent["returned_orders_expected"],
        paid=spent["paid"],
        shipping_paid=spent["shipping_paid"],
    )


def ladder_inputs(book: Book, margin: Margin, expected: Expected, end: End = "likely") -> Inputs:
    """Inputs at their `low`, `likely` or `high` end."""

    def value(of: Range | None, unit: str) -> float | None:
        return None if of is None else getattr(of, end) * (100 if unit == "money" else 1)

    return Inputs(
        margin=value(margin.value, "share"),
        goods_by_line=margin.by_line,
        goods_factor=goods_factor(margin, value(margin.value, "share")),
        costs={one.name: value(one.holds(book), one.unit) for one in order_inputs()},
        returns_known=expected.known,
    )


def drawn_inputs(book: Book, margin: Margin, expected: Expected) -> Inputs:
    """Draws of the inputs: each varies over its range on its own, with a generator of its own from one fixed seed.

    The seed is fixed: the draws repeat, and are not thereby exact.
    """
    low, likely, high = (ladder_inputs(book, margin, expected, end) for end in ("low", "likely", "high"))
    ranged = [one for _, one in ranged_inputs()]
    places = [MARGIN_STREAM, *(one.stream for one in ranged if one.stream is not None)]
    each = np.random.default_rng(SEED).spawn(max(places) + 1)
    steps = {place: normals(each[place], 1, DRAWS)[0] for place in places}
    costs = dict(likely.costs)
    for one in ranged:
        if likely.costs[one.name] is not None:
            middle, least, most = (inputs.costs[one.name] for inputs in (likely, low, high))
            drawn = spread_over(middle, least, most, steps[one.stream or 0])
            costs[one.name] = np.clip(drawn, 0.0, _most(one))
    drawn_margin = (
        None
        if likely.margin is None
        else np.clip(spread_over(likely.margin, low.margin, high.margin, steps[MARGIN_STREAM]), 0.0, 1.0)
    )
    return replace(likely, margin=drawn_margin, goods_factor=goods_factor(margin, drawn_margin), costs=costs)


def goods_factor(margin: Margin, at: Any) -> Any:
    """Cost of the goods at another margin, as a multiple of what the lists of product costs say."""
    listed = margin.value.likely if margin.by_line and margin.value is not None else 1.0
    return (1 - at) / (1 - listed) if listed < 1 else 1.0


def _most(one: Input) -> float:
    return 1.0 if one.unit == "share" else np.inf


def ladder_draws(whole: Mapping[str, Any], inputs: Inputs, *, own_hours: bool) -> dict[str, np.ndarray]:
    """Draws of every rung and sum, from draws of what was claimed and of the inputs."""
    values = {
        key: np.broadcast_to(np.asarray(value, dtype=float), (DRAWS,))
        for key, value in amounts(whole, inputs).items()
    }
    sums = {
        name: np.nansum([values[key] for key in rungs_of(name, own_hours=own_hours)], axis=0)
        for name in (*SUMS, "costs")
    }
    return {**values, **sums, "costs": -sums["costs"]}
