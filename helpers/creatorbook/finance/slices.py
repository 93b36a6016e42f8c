"""The ladder cut into slices that add up to the whole, to the cent: creator, segment, tier, format, product …

Slices of accounts add up because every account's rungs are whole cents. Products share an order's money by the
value of their lines; what is left of a cent goes where most was cut off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.campaign.shop_sales import goods_lines
from creatorbook.campaign.sizes import defined_sizes
from creatorbook.finance.amounts import amounts
from creatorbook.finance.claimed_money import FROM_ORDERS, per_order
from creatorbook.finance.claims import owners, people
from creatorbook.finance.ladder import Ladder
from creatorbook.finance.order_lines import product_names
from creatorbook.finance.rungs import COST_RUNGS, SUMS, TO_MARGIN
from creatorbook.findings import say

if TYPE_CHECKING:
    from creatorbook.book import Book

#: what belongs to nobody in particular
WHOLE = "Whole campaign"
NOT_TOLD = "not told"
#: ways to cut, and what a row is then called within a sentence
CUTS = {
    "creator": say("creator"),
    "segment": say("segment"),
    "tier": say("size"),
    "platform": say("platform"),
    "format": say("format"),
    "product": say("product"),
    "campaign": say("campaign"),
}


def rungs_by(ladder: Ladder, labels: pd.Series) -> pd.DataFrame:
    """Slice × rung in signed cents, by a label per account (index of `ladder.slices`); NaN where not available."""
    return ladder.by_slice.groupby(slice_names(ladder, labels), sort=True).sum(min_count=1)


def slice_names(ladder: Ladder, labels: pd.Series) -> pd.Series:
    """The slice of each account by its label; without one it is not told, or belongs to nobody in particular."""
    names = labels.reindex(ladder.by_slice.index)
    rest = np.where(ladder.slices.creator.notna(), NOT_TOLD, WHOLE)
    return names.where(names.notna(), pd.Series(rest, index=names.index)).astype(str)


def sums_by(ladder: Ladder, rungs: pd.DataFrame) -> pd.DataFrame:
    """What is left of each slice (slice × rung, in cents): traced, stay, margin, costs (positive) and profit, in money.

    The one answer for the ladder by slices and for the comparison of sizes.
    """
    sums = {name: rungs[list(ladder.rungs_of(name))].sum(axis=1) for name in ("margin", "costs", "profit")}
    stay = rungs[list(ladder.rungs_of("sales_that_stay"))].sum(axis=1)
    return pd.DataFrame({"traced": rungs.traced, "stay": stay, **sums}).assign(costs=-sums["costs"]) / 100


def ends_of_part(ladder: Ladder, key: str, values: pd.Series, sales: pd.Series) -> pd.DataFrame:
    """Likely range (low, high) of each slice's part of a rung or sum, at least as wide as it is known to be.

    The whole's range, by the root of the slice's part of the traced sales: what is independent from order to order shrinks
    by that root, what all orders share (a margin, a rate) shrinks faster. NaN where a slice has no sales.

    Args:
        key: the rung or sum.
        values: its likely value by slice, in money.
        sales: traced sales by slice, in money.
    """
    whole = ladder.money(*ladder.rungs_of(key)) if key in SUMS else ladder.money(key)
    low, high = ladder.likely(key)
    traced = ladder.money("traced")
    root = np.sqrt((sales / traced).clip(0.0, 1.0)) if traced > 0 else sales * np.nan
    root = root.where(sales > 0)
    return pd.DataFrame({"low": values - root * (whole - low), "high": values + root * (high - whole)})


def person_sizes(book: Book, ladder: Ladder) -> pd.Series:
    """The size of the person behind each account, by their main account; missing where the scheme does not say."""
    accounts = people(book)
    main = accounts[accounts.main].set_index("creator")
    return ladder.slices.creator.map(defined_sizes(book, main))


def segments(book: Book) -> pd.Series:
    """What each account publishes about, by handle."""
    return book.tables.creators.drop_duplicates("handle").set_index("handle").niche


def formats(book: Book, posts: pd.DataFrame) -> pd.Series:
    """The format in which each account showed the campaign most often, else the first one agreed; by handle."""
    seen = posts.dropna(subset=["format"]).groupby(["handle", "format"]).size().rename("n").reset_index()
    seen = seen.sort_values(["handle", "n", "format"], ascending=[True, False, True], kind="stable")
    shown = seen.drop_duplicates("handle").set_index("handle").format
    in_list = book.tables.creators.drop_duplicates("handle").set_index("handle").formats
    agreed = in_list.str.extract("^([^,]+)", expand=False).str.strip()
    who = owners(book)
    by_person = shown.groupby(who.reindex(shown.index)).first()
    # as objects: all-missing fillers are numbers, which text columns refuse
    return (
        shown.reindex(who.index).astype(object).fillna(who.map(by_person)).fillna(agreed.reindex(who.index))
    )


def rungs_by_product(book: Book, ladder: Ladder) -> pd.DataFrame:
    """Product × rung in signed cents; orders without lines are “not told”, costs stay with the whole campaign."""
    lines = goods_lines(book)
    claimed = per_order(book)
    shares = _shares(claimed, lines)
    parts = shares[["product"]].copy()
    values = claimed.set_index("order_id")[FROM_ORDERS]
    for name in FROM_ORDERS:
        parts[name] = values[name].reindex(shares.order_id).to_numpy() * shares.share.to_numpy()
    sums = parts.groupby("product", sort=True)[FROM_ORDERS].sum(min_count=1)
    sums = sums.assign(rated_sure=0.0, rated_expected=0.0, **dict.fromkeys(COST_RUNGS, 0.0))
    products = pd.DataFrame(amounts(sums, ladder.inputs), index=sums.index)[list(TO_MARGIN)]
    whole = ladder.rungs.cents
    products.loc[WHOLE] = 0.0
    elsewhere = ladder.by_slice[list(TO_MARGIN)].sum() - products.sum()
    if (elsewhere.abs() >= len(products) + 1).any():  # a marketplace's sheet has no lines
        products.loc[NOT_TOLD] = products.reindex([NOT_TOLD]).sum() + elsewhere
    rounded = products.apply(lambda rung: _to_cents(rung, whole[rung.name]))
    costs = pd.DataFrame(0.0, index=rounded.index, columns=list(COST_RUNGS))
    costs.loc[WHOLE] = whole[list(COST_RUNGS)]
    return pd.concat([rounded, costs], axis=1)


def _shares(claimed: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """order_id, product, share: each claimed order once, by the value of its lines."""
    lines = lines[lines.order_id.isin(claimed.order_id)]
    value = (lines.price * lines.quantity - lines.discount.fillna(0.0)).clip(lower=0.0)
    shares = lines.assign(value=value, product=product_names(lines)).dropna(subset=["product"])
    shares = shares.groupby(["order_id", "product"], sort=True).value.sum().reset_index()
    total = shares.groupby("order_id").value.transform("sum")
    pieces = shares.groupby("order_id").value.transform("size")
    shares["share"] = (shares.value / total.where(total > 0)).fillna(1 / pieces)
    lineless = claimed.order_id[~claimed.order_id.isin(shares.order_id)]
    without = pd.DataFrame({"order_id": lineless, "product": NOT_TOLD, "share": 1.0})
    return pd.concat([shares[["order_id", "product", "share"]], without], ignore_index=True)


def _to_cents(parts: pd.Series, whole: float) -> pd.Series:
    """Whole cents that add up to the whole: rounded down, the rest goes where most was cut off."""
    if np.isnan(whole):
        return parts * np.nan
    down = np.floor(parts.fillna(0.0) + 1e-9)
    left = round(whole - down.sum())
    order = (parts.fillna(0.0) - down).sort_values(ascending=False, kind="stable").index
    step = 1.0 if left >= 0 else -1.0
    for place in range(abs(left)):
        down[order[place % len(order)]] += step
    return down
