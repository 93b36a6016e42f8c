"""Followers day by day: slow growth, innocent jumps, and followers that were bought."""

from __future__ import annotations

import numpy as np
import pandas as pd

from creatorbook.simulate.settings import Settings

#: Bought followers as a share of the real ones, by strength.
BOUGHT = {"weak": (0.035, 0.06), "medium": (0.09, 0.15), "strong": (0.22, 0.45)}


def mark_special_posts(posts: pd.DataFrame, plants: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Choose the post that took off, or the giveaway, of each account that has one."""
    random = settings.random("special posts")
    posts = posts.copy()
    posts["special"] = ""
    day = (posts["published_at"] - pd.Timestamp(settings.first_day)).dt.days
    for plant in plants[plants["kind"].isin(["viral_post", "giveaway"])].itertuples():
        own = (posts["account"] == plant.account) & ~posts["sponsored"]
        middle = own & day.between(settings.days * 0.15, settings.days * 0.6)
        candidates = posts.index[middle] if middle.any() else posts.index[posts["account"] == plant.account]
        if not len(candidates):
            continue
        chosen = random.choice(candidates)
        posts.at[chosen, "special"] = plant.kind
        posts.at[chosen, "boost"] = random.uniform(9, 28) if plant.kind == "viral_post" else 1.6
    return posts


def draw_followers(
    people: pd.DataFrame, posts: pd.DataFrame, plants: pd.DataFrame, settings: Settings
) -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
    """Followers at the end of each day, account × day: those who really follow, and those shown.

    Both are scaled so that the creators list, written two weeks before the start, shows `followers`.
    The third value is `plants` with the first and last day and the number of followers concerned.
    """
    random = settings.random("followers")
    shape = (len(people), settings.days)
    pace = people["true_daily_growth"].to_numpy()[:, None] * random.gamma(2.0, 0.5, shape)
    steps = pace + random.normal(0, 0.00025, shape)
    level = np.exp(np.cumsum(steps, axis=1))
    plants = plants.assign(first_day=-1, last_day=-1, followers=0.0)
    bought = np.zeros(shape)
    for row, plant in plants.iterrows():
        account = int(plant["account"])
        if plant["kind"] in {"viral_post", "giveaway"}:
            curve, first, last = _innocent(plant, posts, settings, random)
            level[account] *= 1 + curve
        elif plant["kind"] == "bought_followers":
            curve, first, last = _bought(plant, settings, random)
            bought[account] = curve
        else:
            continue
        plants.loc[row, ["first_day", "last_day"]] = [first, last]
        plants.loc[row, "followers"] = curve.max()
    list_day = max(0, settings.days_to_start - 14)
    scale = people["followers"].to_numpy() / (level[:, list_day] * (1 + bought[:, list_day]))
    real = level * scale[:, None]
    shown = np.round(real * (1 + bought))
    concerned = plants["account"].to_numpy(dtype=int)
    plants["followers"] = np.round(plants["followers"] * people["followers"].to_numpy()[concerned])
    return real, shown, plants


def _innocent(
    plant: pd.Series, posts: pd.DataFrame, settings: Settings, random: np.random.Generator
) -> tuple[np.ndarray, int, int]:
    """Followers that a post brought; of a giveaway's, part leaves again."""
    special_posts = posts[(posts["account"] == plant["account"]) & (posts["special"] == plant["kind"])]
    days = np.arange(settings.days)
    if special_posts.empty:
        return np.zeros(settings.days), -1, -1
    first = int((special_posts["published_at"].iloc[0] - pd.Timestamp(settings.first_day)).days)
    size, pace = random.uniform(0.05, 0.2), random.uniform(0.8, 2.2)
    since = np.maximum(days - first + 0.4, 0) * (days >= first)
    curve = size * (1 - np.exp(-since / pace))
    if plant["kind"] == "giveaway":
        staying = random.uniform(0.55, 0.75)
        curve *= staying + (1 - staying) * np.exp(-np.maximum(days - first - 6, 0) / 9)
    return curve, first, min(first + 5, settings.days - 1)


def _bought(plant: pd.Series, settings: Settings, random: np.random.Generator) -> tuple[np.ndarray, int, int]:
    """Followers that were bought: at once, drop by drop, or at once and then mostly removed."""
    days = np.arange(settings.days)
    size = random.uniform(*BOUGHT[plant["strength"]])
    first = int(random.integers(12, max(13, settings.days_to_start - 50)))
    if plant["shape"] == "drip":
        length = int(random.integers(18, 36))
        curve = size * np.clip((days - first + 1) / length, 0, 1)
        return curve, first, first + length - 1
    length = int(random.integers(1, 4))
    curve = size * np.clip((days - first + 1) / length, 0, 1)
    if plant["shape"] == "jump_then_decay":
        staying = random.uniform(0.35, 0.6)
        curve *= staying + (1 - staying) * np.exp(
            -np.maximum(days - first - length, 0) / random.uniform(8, 20)
        )
    else:  # platforms remove some of them all the time
        curve *= np.exp(-np.maximum(days - first - length, 0) * random.uniform(0.0005, 0.003))
    return curve, first, first + length - 1
