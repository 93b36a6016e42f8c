"""Rates of creators beside each other: adjusted for small numbers, and what size has to do with them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from creatorbook.packs import pack
from creatorbook.stats.size_curve import Prior, SizeCurve, size_curve

#: creators with a figure from which a curve is drawn
ENOUGH = 8
#: part of the differences between creators that does not last, where nothing says how well a rate was measured;
#: rates of one creator correlate about 0.95 over one to three months
PASSING = 0.05


class Adjusted(NamedTuple):
    """Rates per follower, one per row of the people asked about.

    Attributes:
        rates: adjusted; where there was no figure, the lower quarter of what is usual at that size.
        sd: standard deviation of the natural log of each.
        curve: the curve they were adjusted to; `None` with fewer than `ENOUGH` figures.
    """

    rates: pd.Series
    sd: pd.Series
    curve: SizeCurve | None


def published_prior() -> Prior:
    """What research found about response and size, as weak beliefs (`packs/tiers.yml`)."""
    prior = pack("tiers")["size_prior"]
    return Prior(
        slope=(prior["slope"]["mean"], prior["slope"]["sd"]),
        bend=(prior["bend"]["mean"], prior["bend"]["sd"]),
    )


def curve_of(
    followers: pd.Series, rates: pd.Series, noise: pd.Series, *, published: bool
) -> SizeCurve | None:
    """The curve of a rate against followers; `None` with fewer than `ENOUGH` figures."""
    measured = rates.gt(0) & followers.gt(0)
    if measured.sum() < ENOUGH:
        return None
    logs = np.log(rates[measured])
    spread = max(float(logs.var(ddof=1)), 1e-4)
    variance = noise[measured].fillna(PASSING * spread).clip(lower=1e-4)
    prior = published_prior() if published else None
    return size_curve(followers[measured].to_numpy(), rates[measured].to_numpy(), variance.to_numpy(), prior)


def adjusted(people: pd.DataFrame, what: str) -> Adjusted:
    """Views or response (engagement rate) per follower, each pulled towards what is usual at its size as far as it is unsure.

    Args:
        people: rows of `candidates`.
        what: `views` or `response`.
    """
    raw = people.response if what == "response" else people.views / people.followers
    raw = raw.where(raw > 0)
    curve = curve_of(people.followers, raw, people[f"{what}_noise"], published=True)
    if curve is None:
        return Adjusted(raw.fillna(raw.quantile(0.25)), pd.Series(0.5, index=people.index), None)
    measured = raw.notna() & people.followers.gt(0)
    rates = pd.Series(np.nan, index=people.index)
    sd = pd.Series(curve.between, index=people.index)
    rates[measured], sd[measured] = np.exp(curve.expected), curve.sd
    sizes = people.followers.where(people.followers > 0)
    usual = sizes.map(lambda size: curve.at(size)[1], na_action="ignore")
    return Adjusted(rates.fillna(usual * float(np.exp(-0.674 * curve.between))).fillna(0.0), sd, curve)
