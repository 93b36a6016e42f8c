"""A score, if the client switches it on: open parts, open weights, and how far the order hangs on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.memo import per_book
from creatorbook.packs import pack
from creatorbook.stats.intervals import share_interval
from creatorbook.vetting import audience_fit, comments, posts
from creatorbook.vetting.accounts import listed_accounts
from creatorbook.vetting.agreement import SCALES, last_reviews
from creatorbook.vetting.second_review import marks_kept_back

if TYPE_CHECKING:
    from creatorbook.book import Book

DRAWS = 1000
#: known weight below which an account gets no score: half of what counts is not known
LEAST_KNOWN = 0.5
#: how far other weights may lie from the chosen ones: a Dirichlet of this concentration
CONCENTRATION = 20.0


def weights(book: Book) -> dict[str, float]:
    """The client's weights by part, adding up to 1; empty while no score is wanted."""
    score = book.client.score
    if score is None:
        return {}
    chosen = score.weights or pack("score")["presets"][score.preset or book.campaign.goal]["weights"]
    return {part: weight / sum(chosen.values()) for part, weight in chosen.items() if weight > 0}


@per_book
def score_parts(book: Book) -> pd.DataFrame:
    """Each part between 0 and 1 with its likely range: columns account, part, value, low, high.

    A part that is not known has no row. Response and price say how many accounts of the platform lie lower
    (price: higher); the others are shares and marks as they are.
    """
    accounts = listed_accounts(book)
    parts = [
        _placed(posts.response(book), accounts, "response"),
        _share(comments.specific(book), "specific", "conversation"),
        _share(comments.replies(book), "answered", "answers"),
        _audience(book),
        *(_marks(book, scale) for scale in SCALES if len(last_reviews(book))),
        _price(accounts),
    ]
    frame = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return frame.dropna(subset=["value"])


@per_book
def scores(book: Book) -> pd.DataFrame:
    """The score of each account with enough known, highest first; empty while no score is wanted.

    Columns: score (0 to 100), low, high, known (weight of the known parts), first and last (places it takes in
    nine of ten draws of parts and weights), of (accounts with a score), missing (parts). Missing parts take no
    part: the score is over the known weight, never 0 for what nobody looked at.
    """
    chosen = weights(book)
    if not chosen:
        return pd.DataFrame(columns=["score", "low", "high", "known", "first", "last", "of", "missing"])
    parts = score_parts(book)
    tables = {
        name: parts.pivot(index="account", columns="part", values=name) for name in ("value", "low", "high")
    }
    wide = {
        name: table.reindex(listed_accounts(book).index).reindex(columns=list(chosen))
        for name, table in tables.items()
    }
    weight = np.array(list(chosen.values()))
    is_known = wide["value"].notna().to_numpy()
    known_weight = is_known @ weight
    enough = known_weight >= LEAST_KNOWN
    drawn = _drawn(
        {name: table.to_numpy(dtype=float)[enough] for name, table in wide.items()}, is_known[enough], weight
    )
    frame = pd.DataFrame(index=wide["value"].index[enough])
    values = np.nan_to_num(wide["value"].to_numpy(dtype=float)[enough])
    frame["score"] = (100 * _mean(values, is_known[enough], weight)).round()
    frame["low"], frame["high"] = (100 * np.quantile(drawn, [0.05, 0.95], axis=0)).round()
    frame["known"] = known_weight[enough]
    places = (-drawn.round(2)).argsort(axis=1, kind="stable").argsort(axis=1, kind="stable") + 1
    frame["first"], frame["last"] = np.quantile(places, [0.05, 0.95], axis=0).round().astype(int)
    frame["of"] = int(enough.sum())
    frame["missing"] = [
        tuple(part for part, has_value in zip(chosen, row, strict=True) if not has_value)
        for row in is_known[enough]
    ]
    return frame.sort_values("score", ascending=False, kind="stable")


def _mean(values: np.ndarray, there: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Weighted mean over the known parts; `values` hold 0 where a part is not known."""
    mean: np.ndarray = values @ weight / np.maximum(there @ weight, 1e-12)
    return mean


def _drawn(wide: dict[str, np.ndarray], there: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Scores (draws × accounts) with parts anywhere in their range and weights near the chosen ones."""
    for_weights, for_parts = np.random.default_rng(20261122).spawn(2)
    low = np.where(np.isnan(wide["low"]), wide["value"], wide["low"])
    high = np.where(np.isnan(wide["high"]), wide["value"], wide["high"])
    others = for_weights.dirichlet(CONCENTRATION * weight, DRAWS)
    start, reach = np.where(there, low, 0.0), np.where(there, high - low, 0.0)
    counts = there.astype(float)
    return np.array([_mean(start + for_parts.random(low.shape) * reach, counts, other) for other in others])


def _frame(part: str, value: pd.Series, low: pd.Series, high: pd.Series) -> pd.DataFrame:
    frame = pd.DataFrame({"value": value, "low": low, "high": high}, dtype=float)
    return frame.rename_axis("account").reset_index().assign(part=part)


def _placed(rates: pd.DataFrame, accounts: pd.DataFrame, part: str) -> pd.DataFrame:
    """Where a rate and the ends of its range lie among the accounts of the same platform."""
    platform = accounts.platform.reindex(rates.index)
    places = {name: pd.Series(np.nan, index=rates.index) for name in ("rate", "low", "high")}
    for _, peers in rates.groupby(platform):
        ordered = np.sort(peers.rate.dropna().to_numpy())
        for name in places:
            values = peers[name].dropna()
            below = np.searchsorted(ordered, values, "left") + np.searchsorted(ordered, values, "right")
            places[name][values.index] = below / (2 * len(ordered))
    return _frame(part, places["rate"], places["low"], places["high"])


def _share(counts: pd.DataFrame, hits: str, part: str) -> pd.DataFrame:
    counts = counts[counts.looked_at > 0] if len(counts) else counts
    ranges = [share_interval(k, n) for k, n in zip(counts[hits], counts.looked_at, strict=True)]
    low = pd.Series([low for low, _ in ranges], index=counts.index, dtype=float)
    high = pd.Series([high for _, high in ranges], index=counts.index, dtype=float)
    return _frame(part, counts[hits] / counts.looked_at, low, high)


def _audience(book: Book) -> pd.DataFrame:
    best = audience_fit.audience_match(book).sort_values("match", ascending=False, kind="stable")
    best = best.drop_duplicates("account").set_index("account")
    return _frame("audience", best["match"], best["low"], best["high"])


def _marks(book: Book, scale: str) -> pd.DataFrame:
    """The mean of the reviewers' last marks on a scale of 1 to 5, from the lowest to the highest of them."""
    reviews = last_reviews(book).dropna(subset=[scale])
    reviews = reviews[~reviews.account.isin(marks_kept_back(book))]
    marks = ((reviews[scale] - 1) / 4).clip(0, 1).groupby(reviews.account)
    return _frame(scale, marks.mean(), marks.min(), marks.max())


def _price(accounts: pd.DataFrame) -> pd.DataFrame:
    """How many accounts of the platform ask more per 1,000 followers."""
    asked = (accounts.fee / accounts.followers.where(accounts.followers > 0)).dropna()
    place = 1 - asked.groupby(accounts.platform.reindex(asked.index)).rank(pct=True, method="average")
    return _frame("price", place, place, place)
