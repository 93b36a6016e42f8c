"""Empirical Bayes: what a small count says once it has been compared with its group.

Homogeneity comes first: where the groups' counts differ no more than chance would make, there is nothing
to rank. Counts stand beside what they were bought with (exposure). Sources: Robbins 1956; Efron & Morris, JASA 70 (1975), 311–319; Greenwood & Yule 1920 for
gamma-Poisson; DerSimonian & Laird, Controlled Clinical Trials 7 (1986), 177–188 for means.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from creatorbook.stats.newton import CountModel, exp
from creatorbook.stats.strata import choices, normals, systematic_choices, uniforms

#: expected count per cell from which the chi-square table replaces simulation in the homogeneity test
ENOUGH_EXPECTED = 50.0


def homogeneity(counts: np.ndarray, exposure: np.ndarray | None = None, draws: int = 4000) -> float:
    """How often equal rates would make counts differ at least this much (dispersion test).

    Statistic: Σ (count − expected)² ÷ expected. Simulated from the multinomial with a fixed seed while
    expected counts are small, else the chi-square table. 1.0 where there is nothing to compare.
    """
    counts = np.asarray(counts, dtype=float)
    exposure = np.ones_like(counts) if exposure is None else np.asarray(exposure, dtype=float)
    exposed = exposure > 0
    counts, exposure = counts[exposed], exposure[exposed]
    if len(counts) < 2 or counts.sum() == 0:
        return 1.0
    share = exposure / exposure.sum()
    expected = counts.sum() * share
    seen = float(((counts - expected) ** 2 / expected).sum())
    if expected.min() >= ENOUGH_EXPECTED:
        return float(stats.chi2.sf(seen, len(counts) - 1))
    drawn = np.random.default_rng(1975).multinomial(int(counts.sum()), share, size=draws)
    simulated = ((drawn - expected) ** 2 / expected).sum(axis=1)
    return float((1 + (simulated >= seen - 1e-9).sum()) / (draws + 1))


def extra_variation(
    counts: np.ndarray, group: np.ndarray, exposure: np.ndarray | None = None, least: int = 1
) -> float:
    """How much more counts vary within their groups than by chance (overdispersion): Pearson's statistic, at least 1.

    Args:
        counts: one per unit.
        group: label of each unit.
        exposure: what each unit's counts were bought with, as in `count_draws`; units without one are left out. A
            group's counts are expected in proportion to a power of it that all units together show.
        least: degrees of freedom from which the statistic says something; 1 with fewer.
    """
    counts, group = np.asarray(counts, dtype=float), np.asarray(group)
    weight, learned = np.ones_like(counts), 0
    if exposure is not None and (there := exposure > 0).any():
        counts, group, exposure = counts[there], group[there], exposure[there]
        drawn = count_draws(counts, [group], np.random.default_rng(1904), ELASTICITY_DRAWS, exposure)
        weight, learned = (exposure / exposure.max()) ** drawn.elasticity.mean(), 1
    labels, place = np.unique(group, return_inverse=True)
    whole, weights = (np.bincount(place, weights=of, minlength=len(labels)) for of in (counts, weight))
    mean, freedom = (whole / weights)[place] * weight, len(counts) - len(labels) - learned
    if freedom < least or not (mean > 0).any():
        return 1.0
    off = (counts - mean)[mean > 0] ** 2 / mean[mean > 0]
    return max(1.0, float(off.sum()) / freedom)


@dataclass(frozen=True)
class ShrunkMeans:
    """Group means pulled towards the common mean as far as their own uncertainty asks for.

    Attributes:
        expected, sd: mean of each group and its standard deviation.
        common: the common mean.
        between: standard deviation between groups.
    """

    expected: np.ndarray
    sd: np.ndarray
    common: float
    between: float


def shrunk_means(means: np.ndarray, variances: np.ndarray) -> ShrunkMeans:
    """Shrink means with known sampling variances (normal-normal, spread between groups by moments).

    Groups without observations have variance infinity and get the common mean.
    """
    means, variances = np.asarray(means, dtype=float), np.asarray(variances, dtype=float)
    seen = np.isfinite(variances) & (variances > 0)
    weight = np.where(seen, 1 / np.where(seen, variances, 1.0), 0.0)
    if not seen.any():
        return ShrunkMeans(means, np.zeros_like(means), float(np.nanmean(means)), 0.0)
    common = float((weight * np.where(seen, means, 0)).sum() / weight.sum())
    heterogeneity = float((weight * (np.where(seen, means, common) - common) ** 2).sum())
    scale = float(weight.sum() - (weight**2).sum() / weight.sum())
    between = max(0.0, (heterogeneity - (seen.sum() - 1)) / scale) if scale > 0 else 0.0
    total = np.where(seen, 1 / (np.where(seen, variances, 1.0) + between), 0.0)
    common = float((total * np.where(seen, means, 0)).sum() / total.sum())
    pull = np.where(seen, between / (between + np.where(seen, variances, 1.0)), 0.0)
    expected = pull * np.where(seen, means, 0) + (1 - pull) * common
    uncertain = np.sqrt(pull * np.where(seen, variances, 0.0) + (1 - pull) ** 2 / total.sum())
    alone = np.sqrt(between + 1 / total.sum())
    return ShrunkMeans(expected, np.where(seen, uncertain, alone), common, float(np.sqrt(between)))


#: prior spread (of the logarithm) of the mean rate, between groups' mean rates, and of the shape around its centre 1
LEVEL_SPREAD, GROUP_SPREAD, SHAPE_SPREAD = 2.0, 0.5, 1.0
#: prior of the elasticity, by how many per cent counts grow with one per cent more exposure: in proportion, or less
ELASTICITY, ELASTICITY_SPREAD = 1.0, 0.5
#: so many exposures at most stand in for one that is not known, those of units of its own groups from so many on
STAND_INS, ENOUGH_ALIKE = 9, 3
#: draws from which the elasticity alone is taken
ELASTICITY_DRAWS = 1000
#: degrees of freedom of the t distribution that proposals come from
TAIL = 6
#: prior scale of the spread between units of a mean on the log scale: units seldom differ by more than a third
UNIT_SPREAD = 0.2
#: prior of a share's concentration between units: log-normal around 15, two in three between 5 and 45
CONCENTRATION, CONCENTRATION_SPREAD = 15.0, 1.1


@dataclass(frozen=True)
class CountDraws:
    """Draws from the posterior of every unit's expected count, the spread between units and groups drawn with it.

    Attributes:
        expected: unit × draw, at the unit's exposure.
        means: unit × draw: what units of its groups bring on average at its exposure.
        shape: by draw: gamma shape of units around that mean.
        elasticity: by draw: by how many per cent means grow with one per cent more exposure.
    """

    expected: np.ndarray
    means: np.ndarray
    shape: np.ndarray
    elasticity: np.ndarray


def count_draws(
    counts: np.ndarray,
    groups: Sequence[np.ndarray],
    random: np.random.Generator,
    n: int,
    exposure: np.ndarray | None = None,
    stand_in: np.ndarray | None = None,
) -> CountDraws:
    """Expected counts of units within groups (size, platform …), each beside what it was bought with.

    counts ~ Poisson(mean × own), own ~ gamma of mean 1, mean = level × groups × exposure ** elasticity: a negative
    binomial regression with partial pooling of the groups (Lawless, Canadian Journal of Statistics 15 (1987),
    209–225; the elasticity has a prior around 1, in proportion).

    Args:
        counts: one per unit.
        groups: any number of labellings of the units; groups multiply. Their logarithms vary with a normal
            of sd 0.5, so that a group of few units keeps to the others.
        random, n: source and number of draws.
        exposure: of each unit, in any measure (people reached, clicks …); 0 where nothing could be counted yet, NaN
            where it is not known: such a unit has one like others of its groups have, as far as its count allows.
        stand_in: the exposure that a unit without one is to have, in the same measure; NaN where that is not known.

    Raises:
        ValueError: a unit has counts though nothing could be counted there.

    All parameters are drawn, not fixed at their best values: Laplace proposals (t with 6 degrees of freedom) weighted
    by the exact likelihood. What is a unit's own is then gamma. Units of unknown exposure are left out of the fit.
    """
    counts = np.asarray(counts, dtype=float)
    exposure = np.ones_like(counts) if exposure is None else np.asarray(exposure, dtype=float)
    if ((counts > 0) & (exposure == 0)).any():
        raise ValueError("a unit has counts, but an exposure of 0: nothing can have been counted there")
    if not (exposure > 0).any():
        exposure = np.where(np.isnan(exposure), 1.0, exposure)
    logs, centre = _centred_logs(exposure)
    model = _count_model(counts, groups, logs)
    for_parameters, for_units, for_exposures = random.spawn(3)
    drawn = _laplace_draws(model, for_parameters, n)
    shape, elasticity = exp(drawn[:, -1]), 1 + drawn[:, 1]
    means = model.means(drawn).T * np.where(np.isfinite(logs), model.exposure, 1.0)[:, None]
    unknown = np.flatnonzero(~np.isfinite(logs)).tolist()
    for unit, random_of_unit in zip(unknown, for_exposures.spawn(len(unknown)), strict=True):
        counted = counts[unit] if np.isnan(exposure[unit]) else None
        given = np.nan if stand_in is None else _log_of(stand_in[unit]) - centre
        others = np.array([given]) if np.isfinite(given) else _stand_ins(unit, groups, logs)
        factors = exp(np.outer(others, elasticity))
        means[unit] = _picked(means[unit] * factors, shape, counted, random_of_unit)
    made = for_units.standard_gamma(shape + counts[:, None], size=(len(counts), n))
    return CountDraws(made / (shape / means + (exposure != 0)[:, None]), means, shape, elasticity)


def _log_of(values: np.ndarray | float) -> np.ndarray:
    """Natural logarithm; numpy's differs by processor in the last bit."""
    return np.asarray(special.xlogy(1.0, values))


def _centred_logs(exposure: np.ndarray) -> tuple[np.ndarray, float]:
    """Logarithm of each exposure against their geometric mean, NaN where there is none; and that mean's."""
    logs = np.full(len(exposure), np.nan)
    there = exposure > 0
    logs[there] = _log_of(exposure[there])
    centre = float(logs[there].mean()) if there.any() else 0.0
    return logs - centre, centre


def _count_model(counts: np.ndarray, groups: Sequence[np.ndarray], logs: np.ndarray) -> CountModel:
    """The regression, fitted to the units whose exposure is known: in proportion to it, but for a slope of its own."""
    there = np.isfinite(logs)
    relative = np.where(there, exp(np.where(there, logs, 0.0)), 0.0)
    columns = [np.ones(len(counts)), np.where(there, logs, 0.0)]
    for labels in groups:
        levels = sorted(set(labels))
        columns += [np.asarray(labels == level, dtype=float) for level in levels if len(levels) > 1]
    centre, spread = np.zeros(len(columns) + 1), np.full(len(columns) + 1, GROUP_SPREAD)
    counts = np.where(there, counts, 0.0)
    centre[:2] = np.log((counts.sum() + 0.5) / max(relative.sum(), 1.0)), ELASTICITY - 1
    spread[:2], spread[-1] = (LEVEL_SPREAD, ELASTICITY_SPREAD), SHAPE_SPREAD
    return CountModel(counts, relative, np.column_stack(columns), centre, spread)


def _stand_ins(unit: int, groups: Sequence[np.ndarray], logs: np.ndarray) -> np.ndarray:
    """Logarithms of exposures that a unit without one may have: of units in all of its groups, of all if those are few."""
    there = np.isfinite(logs)
    alike = there & np.logical_and.reduce([labels == labels[unit] for labels in groups] or [there])
    among = logs[alike if alike.sum() >= ENOUGH_ALIKE else there]
    if not len(among):
        return np.zeros(1)
    places = min(len(among), STAND_INS)
    return np.asarray(np.quantile(among, (np.arange(places) + 0.5) / places))


def _picked(
    means: np.ndarray, shape: np.ndarray, count: float | None, random: np.random.Generator
) -> np.ndarray:
    """Of several means (mean × draw) one for each draw, each as often as it explains the count, if one was counted."""
    fits = np.zeros_like(means)
    if count is not None:
        fits = special.xlogy(count, means / (shape + means)) - shape * special.log1p(means / shape)
    edges = np.cumsum(exp(fits - fits.max(axis=0)), axis=0)
    place = (edges < edges[-1] * uniforms(random, 1, means.shape[1])).sum(axis=0)
    return np.asarray(means[np.minimum(place, len(means) - 1), np.arange(means.shape[1])])


def _laplace_draws(model: CountModel, random: np.random.Generator, n: int) -> np.ndarray:
    """Draws of the model's parameters, one row each: proposals around the best point, weighted by the density."""
    fit = model.fit()
    size = len(fit.best)
    for_proposals, for_choice = random.spawn(2)
    *normal, tail = uniforms(for_proposals, size + 1, n)
    steps = special.ndtri(normal) / np.sqrt(special.chdtri(TAIL, tail) / TAIL)
    proposed = fit.best + sum(fit.root[:, place] * steps[place][:, None] for place in range(size))
    gain = model.log_density(proposed) + 0.5 * (TAIL + size) * special.log1p((steps**2).sum(axis=0) / TAIL)
    return np.asarray(proposed[systematic_choices(for_choice, exp(gain - gain.max()), n)])


def mean_draws(
    means: np.ndarray,
    variances: np.ndarray,
    random: np.random.Generator,
    n: int,
    spread: float = UNIT_SPREAD,
    prior: tuple[float, float] | None = None,
) -> np.ndarray:
    """Draws of unit means with known sampling variances, the spread between units drawn with them.

    Units without observations have variance infinity. The spread has a prior that keeps off 0 (Rayleigh of
    scale `spread`; Chung et al., Psychometrika 78 (2013), 685–709); the common mean is flat, or normal with the mean
    and sd of `prior`. Returns unit × draw.
    """
    means, variances = np.asarray(means, dtype=float), np.asarray(variances, dtype=float)
    seen = np.isfinite(variances)
    if prior is None and not seen.any():
        return spread * normals(random, len(means), n)
    at, prior_precision = (0.0, 0.0) if prior is None else (prior[0], prior[1] ** -2)
    between = (np.linspace(0.02, 3.0, 60) * spread)[:, None]
    weight = 1 / (between**2 + variances[seen])
    whole = weight.sum(axis=1) + prior_precision
    common = ((weight * means[seen]).sum(axis=1) + prior_precision * at) / whole
    log_weight = 0.5 * np.log(weight).sum(axis=1) - 0.5 * np.log(whole)
    log_weight -= 0.5 * (weight * (means[seen] - common[:, None]) ** 2).sum(axis=1)
    log_weight -= 0.5 * prior_precision * (common - at) ** 2
    log_weight += np.log(between[:, 0]) - 0.5 * (between[:, 0] / spread) ** 2
    chance = np.exp(log_weight - log_weight.max())
    for_level, for_units = random.spawn(2)
    cell = choices(for_level, chance, n)
    tau = between[cell, 0]
    centre = common[cell] + normals(for_level, 1, n)[0] / np.sqrt(whole[cell])
    precision = np.where(seen, 1 / np.where(seen, variances, 1.0), 0.0)[:, None]
    held = 1 / (1 / tau**2 + precision)
    middle = held * (centre / tau**2 + precision * np.where(seen, means, 0.0)[:, None])
    return np.asarray(middle + np.sqrt(held) * normals(for_units, len(means), n))


def share_draws(
    hits: np.ndarray,
    trials: np.ndarray,
    random: np.random.Generator,
    n: int,
    prior: tuple[float, float] | None = None,
) -> np.ndarray:
    """Draws of unit shares (beta-binomial), common share and concentration drawn with them.

    Hits and trials may be fractions: a trial watched for half of its time counts half. The common share is flat, or normal
    with the mean and sd of `prior`. Returns unit × draw.
    """
    hits, trials = np.asarray(hits, dtype=float), np.asarray(trials, dtype=float)
    middle = (hits.sum() + 0.5) / (trials.sum() + 1.0)
    reach = 6 * np.sqrt(middle * (1 - middle) / (trials.sum() + 2) + 0.02 / (len(hits) + 2))
    shares = np.linspace(max(0.002, middle - reach), min(0.998, middle + reach), 41)
    logs = np.log(CONCENTRATION) + CONCENTRATION_SPREAD * np.linspace(-2.5, 2.5, 16)
    share, strength = (grid.ravel() for grid in np.meshgrid(shares, np.exp(logs)))
    log_weight = -0.5 * ((np.log(strength / CONCENTRATION)) / CONCENTRATION_SPREAD) ** 2
    if prior is not None:
        log_weight = log_weight - 0.5 * ((share - prior[0]) / prior[1]) ** 2
    for hit, trial in zip(hits, trials, strict=True):
        if trial > 0:
            log_weight = log_weight + special.betaln(
                share * strength + hit, (1 - share) * strength + max(trial - hit, 0.0)
            )
            log_weight = log_weight - special.betaln(share * strength, (1 - share) * strength)
    chance = np.exp(log_weight - log_weight.max())
    for_level, for_units = random.spawn(2)
    cell = choices(for_level, chance, n)
    within = uniforms(for_level, 1, n)[0] - 0.5
    middle_drawn = np.clip(share[cell] + (shares[1] - shares[0]) * within, 0.001, 0.999)
    first = middle_drawn * strength[cell] + hits[:, None]
    second = (1 - middle_drawn) * strength[cell] + np.maximum(trials - hits, 0.0)[:, None]
    return np.asarray(for_units.beta(first, second))
