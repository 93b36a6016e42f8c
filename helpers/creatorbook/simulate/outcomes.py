"""What each creator is worth, and what luck made of it; and who carries which planted signal."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import poisson

from creatorbook.simulate.fit import fit_factors
from creatorbook.simulate.people import phrases
from creatorbook.simulate.settings import Plant, Settings

TRACES = ["code", "link", "both", "neither"]

#: Which creators a planted signal may fall on: smallest and largest following.
FITTING_SIZES = {
    "bought_followers": (6_000, 250_000),
    "pod": (4_000, 120_000),
    "comment_spam": (15_000, 400_000),
    "lively_community": (1_200, 16_000),
    "viral_post": (3_000, 150_000),
    "giveaway": (3_000, 150_000),
}

#: Orders on coupon sites by strength.
LEAK_ORDERS = {"weak": 12, "medium": 32, "strong": 75}

#: How many times as many orders a quiet winner is worth as somebody average.
QUIET_FACTOR = 2.6


def assign_plants(people: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """One row per planted thing and account: kind, strength, shape, account, whether it is innocent.

    An account carries one signal at most, so that what a check finds can be told apart.
    """
    random = settings.random("plants")
    free = set(people.index[people["main"]])
    rows: list[dict[str, object]] = []
    for group, plant in enumerate(settings.planted):
        if plant.kind in {"tracking_gap", "lucky_result", "quiet_winner", "leaked_code", "label", "claim"}:
            continue
        fitting = _fitting(people, plant, free)
        drawn = random.choice(fitting, min(plant.creators, len(fitting)), replace=False)
        free -= set(drawn)
        rows += [_row(plant, group, int(account)) for account in drawn]
    columns = ["kind", "strength", "shape", "group", "account", "innocent"]
    return pd.DataFrame(rows, columns=columns)


def _row(plant: Plant, group: int, account: int) -> dict[str, object]:
    innocent = plant.kind in {"viral_post", "giveaway", "lively_community", "other_language"}
    return {
        "kind": plant.kind,
        "strength": plant.strength,
        "shape": plant.shape,
        "group": group,
        "account": account,
        "innocent": innocent,
    }


def _fitting(people: pd.DataFrame, plant: Plant, free: set[int]) -> np.ndarray:
    if plant.kind == "other_language":
        usual = people["country"].map(phrases("people")["languages"])
        candidates = people.index[people["language"] != usual]
    else:
        low, high = FITTING_SIZES.get(plant.kind, (0, 10**9))
        candidates = people.index[people["followers"].between(low, high)]
    return np.array([account for account in candidates if account in free], dtype=int)


def draw_results(people: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """One row per person: true and drawn orders, what of them is extra (incremental), how they show, how many come back."""
    random = settings.random("results")
    main = people[people["main"]].sort_values("person", kind="stable")
    n = len(main)
    ability = random.normal(0, settings.order_spread, n)
    expected = expected_orders(main, ability, settings)
    by_fit = fit_factors(main, expected, people, settings)
    share = settings.incremental_share
    results = pd.DataFrame(
        {
            "person": main["person"].to_numpy(),
            "account": main.index.to_numpy(),
            "ability": ability,
            "expected_orders": expected * by_fit,
            "fit_factor": by_fit,
            "incremental_share": random.beta(share * 14, (1 - share) * 14, n).round(3),
            "return_rate": _around(settings.return_rate, 0.3, n, random),
        }
    )
    mix = np.array([settings.tracking[kind] for kind in TRACES])
    drawn = random.dirichlet(mix / mix.sum() * 14, n)
    for place, kind in enumerate(TRACES):
        results[f"shows_{kind}"] = drawn[:, place].round(3)
    results["planted"] = ""
    _choose_misleading(results, people, settings, random)
    results["drawn_orders"] = _draw_orders(results, random)
    _choose_leaks(results, people, settings, random)
    return results


def _around(share: float, spread: float, n: int, random: np.random.Generator) -> np.ndarray:
    """Shares scattered around one on the logit scale."""
    if share in (0, 1):
        return np.full(n, float(share))
    logit = np.log(share / (1 - share)) + random.normal(0, spread, n)
    return (1 / (1 + np.exp(-logit))).round(3)


def expected_orders(main: pd.DataFrame, ability: np.ndarray, settings: Settings) -> np.ndarray:
    """True orders: size and engagement help, but most of it is how well creator and brand fit.

    Args:
        main: main accounts of those who take part.
        ability: that fit, as the logarithm of how many times the orders it makes of usual ones.
    """
    size = np.log(main["followers"].to_numpy() / 20_000)
    rate = np.log(main["true_rate"].to_numpy() / 0.032)
    raw = np.exp(0.38 * size + 0.3 * rate + ability)
    raw = np.where(main["posts_in_campaign"], raw, 0.0)
    active = raw > 0
    if not active.any():
        return raw
    raw = np.minimum(raw, 5 * raw[active].mean())
    return (raw / raw[active].mean() * settings.orders_per_creator).round(2)


def _choose_misleading(
    results: pd.DataFrame, people: pd.DataFrame, settings: Settings, random: np.random.Generator
) -> None:
    """A lucky result (average, but looks best) and a quiet winner (very good, but looks average)."""
    order = results[results["expected_orders"] > 0].sort_values("expected_orders", kind="stable")
    middle = list(order.index[int(len(order) * 0.4) : int(len(order) * 0.65)])
    for kind in [plant.kind for plant in settings.planted]:
        if kind not in {"lucky_result", "quiet_winner"} or not middle:
            continue
        chosen = middle.pop(int(random.integers(len(middle))))
        results.at[chosen, "planted"] = kind
        if kind == "quiet_winner":
            results.at[chosen, "expected_orders"] *= QUIET_FACTOR
            results.at[chosen, "ability"] += np.log(QUIET_FACTOR)
            for trace, share in zip(TRACES, [0.25, 0.15, 0.1, 0.5], strict=True):
                results.at[chosen, f"shows_{trace}"] = share


def _draw_orders(results: pd.DataFrame, random: np.random.Generator) -> np.ndarray:
    """Orders as chance made them; for the two misleading results, chance from one tail."""
    chance = random.random(len(results))
    lucky, quiet = results["planted"] == "lucky_result", results["planted"] == "quiet_winner"
    chance = np.where(lucky, 0.985 + 0.0149 * chance, np.where(quiet, 0.03 + 0.15 * chance, chance))
    return poisson.ppf(chance, results["expected_orders"]).astype(int)


def _choose_leaks(
    results: pd.DataFrame, people: pd.DataFrame, settings: Settings, random: np.random.Generator
) -> None:
    """Codes that end up on coupon sites: from which day on, and how many orders they draw."""
    results["leak_orders"], results["leak_day"], results["leak_strength"] = 0, 0, ""
    usable = (results["drawn_orders"] >= 2) & (results["planted"] == "")
    for plant in settings.planted:
        if plant.kind != "leaked_code":
            continue
        candidates = results.index[usable & (results["leak_orders"] == 0)]
        if not len(candidates):
            return
        chosen = int(random.choice(candidates))
        size = LEAK_ORDERS[plant.strength] * random.uniform(0.75, 1.3)
        day = settings.days_to_start + random.integers(9, max(10, settings.campaign_days - 4))
        results.at[chosen, "leak_orders"] = random.poisson(size * settings.orders_per_day / 30)
        results.at[chosen, "leak_day"] = max(0, min(int(day), settings.days - 5))
        results.at[chosen, "leak_strength"] = plant.strength
