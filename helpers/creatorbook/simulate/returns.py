"""Goods that come back late, and why: what `returns` in the settings changes in how the shop's returns are drawn.

Reasons compete. An article comes back for a reason with a chance proportional to the reason's share; for its size,
`bad_fit_times` as often if the product fits badly and `end_size_times` as often in the smallest or largest size of at
least three. All chances are scaled so that the shop's return rate stays about what the settings say; a little less
comes back, because no chance goes beyond 1. One parcel takes an order's returned articles back on one day: after a
Gamma-distributed delay of `return_days` on average, or, for `late_share` of the orders, of `late_days`. Delay and reason
have nothing to do with one another.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from creatorbook.simulate.settings import Returns, Settings

#: Days within which nothing comes back, and the shapes of the two delays beyond: the late ones lie closer together.
SOONEST, USUAL_SHAPE, LATE_SHAPE = 3, 3.2, 6.0

CANCELLED = "order cancelled"


def _asked(settings: Settings) -> Returns:
    """What the settings say; nobody asks where they say nothing."""
    return settings.returns or Returns()


def bad_fit(products: pd.DataFrame, settings: Settings) -> np.ndarray:
    """Whether each variant's product fits badly."""
    shape = _asked(settings)
    names = products["product"].drop_duplicates().to_numpy()
    n = round(len(names) * shape.bad_fit_share)
    chosen = settings.random("bad fit").choice(names, n, replace=False)
    return products["product"].isin(chosen).to_numpy()


def size_times(products: pd.DataFrame, settings: Settings) -> np.ndarray:
    """How many times as often as others each variant comes back for its size."""
    shape = _asked(settings)
    place = products.groupby("product").cumcount()
    sizes = products.groupby("product")["size"].transform("size")
    at_end = (sizes >= 3) & ((place == 0) | (place == sizes - 1))
    return np.where(bad_fit(products, settings), shape.bad_fit_times, 1.0) * np.where(
        at_end, shape.end_size_times, 1.0
    )


def return_times(products: pd.DataFrame, settings: Settings) -> np.ndarray:
    """How many times as often as without reasons each variant comes back; 1 on average over the value returned."""
    times = _weights(size_times(products, settings), settings).sum(axis=1)
    returned = products["true_weight"] * products["price"] * products["true_returns"]
    return times / np.average(times, weights=returned)


def _weights(size: np.ndarray, settings: Settings) -> np.ndarray:
    """Weight of each reason (columns, in the order of the settings) for articles with these factors for size."""
    reasons = _asked(settings).reasons
    columns = [
        share * (size if reason == "size" else np.ones(len(size))) for reason, share in reasons.items()
    ]
    return np.column_stack(columns)


def draw_reasons(lines: pd.DataFrame, products: pd.DataFrame, settings: Settings) -> np.ndarray:
    """Why each line comes back, if it does."""
    names = np.array(list(_asked(settings).reasons), dtype=object)
    weights = _weights(size_times(products, settings), settings)[lines["product_row"]]
    bounds = weights.cumsum(axis=1)
    chance = settings.random("return reasons").random(len(lines)) * bounds[:, -1]
    return names[(chance[:, None] >= bounds[:, :-1]).sum(axis=1)]


def usual_delays(n: int, settings: Settings, random: np.random.Generator) -> np.ndarray:
    """Days until each of `n` orders comes back, if none is late."""
    return SOONEST + random.gamma(USUAL_SHAPE, (settings.return_days - SOONEST) / USUAL_SHAPE, n)


def draw_delays(n: int, settings: Settings) -> tuple[np.ndarray, np.ndarray]:
    """Days until each of `n` orders comes back, and whether that is late."""
    shape = _asked(settings)
    random = settings.random("return delays")
    late = random.random(n) < shape.late_share
    usual = usual_delays(n, settings, random)
    long = SOONEST + random.gamma(LATE_SHAPE, (shape.late_days - SOONEST) / LATE_SHAPE, n)
    return np.where(late, long, usual), late


def refunds_by_reason(refunds: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Refunds of orders as one row per order and reason, to the cent; cancelled orders stay as they are."""
    whole = refunds[refunds["reason"] != CANCELLED].set_index("order")
    back = lines[lines["returned"] & lines["order"].isin(whole.index)]
    parts = back.groupby(["order", "true_reason"], sort=True)["paid"].sum().round(2).reset_index()
    gap = whole["amount"] - parts.groupby("order")["paid"].sum()
    last = ~parts["order"].duplicated(keep="last")
    amount = (parts["paid"] + parts["order"].map(gap).where(last, 0.0)).round(2)
    by_reason = pd.DataFrame({"order": parts["order"], "amount": amount, "reason": parts["true_reason"]})
    by_reason["refunded_at"] = whole["refunded_at"].reindex(parts["order"]).to_numpy()
    return pd.concat([refunds[refunds["reason"] == CANCELLED], by_reason[refunds.columns]], ignore_index=True)
