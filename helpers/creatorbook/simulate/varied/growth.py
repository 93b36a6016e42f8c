"""Followers day by day: uneven ordinary growth, innocent rises, and additions of many shapes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from creatorbook.simulate.settings import Settings
from creatorbook.simulate.varied.strengths import strengths, whole, within

RISES = ("viral_post", "giveaway", "shout_out")


def mark_posts(posts: pd.DataFrame, plants: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Posts that took off, giveaways, the good post beside a covered addition, and ordinary good posts.

    Adds `special` (viral_post, giveaway or empty), `cover` (whether an addition hides beside it), `boost`
    (times the views) and `gain` (share of followers that the post brings).
    """
    random = settings.random("varied posts")
    posts = posts.assign(special="", cover=False, gain=0.0)
    strength = strengths()
    day = _days(posts, settings)
    for plant in plants.itertuples():
        name = "under_cover" if plant.shape == "under_cover" else plant.kind
        if name not in {"viral_post", "giveaway", "under_cover"}:
            continue
        own = (posts.account == plant.account) & ~posts.sponsored & ~posts.campaign & (posts.special == "")
        free = posts.index[own & day.between(4, settings.days_before - 6)]
        if len(free):
            chosen = random.choice(free)
            shape = (
                strength["bought_followers"]["shapes"]["under_cover"]
                if name == "under_cover"
                else strength["innocent"][name]
            )
            posts.loc[chosen, "boost"] = within(shape["views"], random)
            posts.loc[chosen, "special"] = "" if name == "under_cover" else name
            posts.loc[chosen, "cover"] = name == "under_cover"
    return _good_posts(posts, settings, random)


def _good_posts(posts: pd.DataFrame, settings: Settings, random: np.random.Generator) -> pd.DataFrame:
    """Every account has a good post now and then, and it brings a few followers."""
    good_post = strengths()["ordinary"]["good_posts"]
    accounts = posts.account.nunique()
    plain = posts.index[(posts.special == "") & ~posts.cover & ~posts.campaign]
    count = min(len(plain), int(random.poisson(good_post["per_account"] * accounts)))
    chosen = random.choice(plain, count, replace=False)
    posts.loc[chosen, "boost"] = [within(good_post["views"], random) for _ in chosen]
    posts.loc[chosen, "gain"] = [within(good_post["gain"], random) for _ in chosen]
    return posts


def _days(posts: pd.DataFrame, settings: Settings) -> pd.Series:
    return (posts.published_at - pd.Timestamp(settings.first_day)).dt.days


def draw_varied_followers(
    people: pd.DataFrame, posts: pd.DataFrame, plants: pd.DataFrame, settings: Settings
) -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
    """Followers at the end of each day, account × day: those who really follow, and those shown.

    The third value is `plants` with the first and last day of each rise.
    """
    random = settings.random("varied followers")
    shape = (len(people), settings.days)
    level = _ordinary(people, posts, settings, random)
    bought = np.zeros(shape)
    plants = plants.copy()
    for row, plant in plants.iterrows():
        account = int(plant.account)
        if plant.kind in RISES:
            curve, first, last = _innocent(plant, posts, settings, random)
            level[account] *= 1 + curve
        elif plant.kind == "bought_followers":
            curve, first, last = _bought(plant, posts, settings, random)
            bought[account] += curve
        else:
            continue
        plants.loc[row, ["seen_from", "seen_until"]] = [first, last]
    list_day = max(0, settings.days_before - 14)
    scale = people.followers.to_numpy() / (level[:, list_day] * (1 + bought[:, list_day]))
    real = level * scale[:, None]
    return real, np.round(real * (1 + bought)), plants


def _ordinary(
    people: pd.DataFrame, posts: pd.DataFrame, settings: Settings, random: np.random.Generator
) -> np.ndarray:
    """Growth with weekly rhythm, the platforms' clean-ups, and what good posts bring."""
    shape, days = (len(people), settings.days), np.arange(settings.days)
    ordinary = strengths()["ordinary"]
    rhythm = 1 + random.uniform(0, 0.4, (shape[0], 1)) * np.sin(
        2 * np.pi * (days + random.integers(0, 7)) / 7
    )
    pace = people.true_daily_growth.to_numpy()[:, None] * random.gamma(2.0, 0.5, shape) * rhythm
    noise = random.normal(0, 1, shape) * np.exp(random.normal(np.log(0.00025), 0.4, (shape[0], 1)))
    steps = pace + noise
    clean = ordinary["clean_up"]
    for account in np.flatnonzero(random.random(shape[0]) < clean["share_of_accounts"]):
        steps[account, random.integers(0, shape[1])] -= within(clean["part"], random)
    level = np.exp(np.cumsum(steps, axis=1))
    day = _days(posts, settings)
    for row in posts.index[posts.gain > 0]:
        since = np.maximum(days - day[row] + 0.4, 0) * (days >= day[row])
        level[posts.account[row]] *= 1 + posts.gain[row] * (1 - np.exp(-since / random.uniform(0.8, 2.2)))
    return level


def _innocent(
    plant: Any, posts: pd.DataFrame, settings: Settings, random: np.random.Generator
) -> tuple[np.ndarray, int, int]:
    """What a post that took off, a giveaway or a larger account's shout-out brought."""
    rise, days = strengths()["innocent"][plant.kind], np.arange(settings.days)
    special_posts = posts[(posts.account == plant.account) & (posts.special == plant.kind)]
    if plant.kind == "shout_out":
        first = int(random.integers(4, settings.days_before - 4))
    elif special_posts.empty:
        return np.zeros(settings.days), -1, -1
    else:
        first = int(_days(special_posts, settings).iloc[0])
    size = within(rise["gain"], random)
    since = np.maximum(days - first + 0.4, 0) * (days >= first)
    if plant.kind != "giveaway":
        return size * (1 - np.exp(-since / random.uniform(0.6, 2.2))), first, first + 5
    length = whole(rise["days"], random)
    staying, fading = within(rise["kept"], random), random.uniform(5, 12)
    curve = size * np.clip(since / length, 0, 1)
    return curve * _decay(days, first + length, staying, fading), first, first + length


def _bought(
    plant: Any, posts: pd.DataFrame, settings: Settings, random: np.random.Generator
) -> tuple[np.ndarray, int, int]:
    """Additions of one shape, anywhere in the record, seldom the same number every day."""
    addition, days = strengths()["bought_followers"], np.arange(settings.days)
    shape = addition["shapes"][plant["shape"]]
    size = within(addition[plant.strength], random)
    batches = whole(shape["batches"], random) if "batches" in shape else 1
    arrived = np.zeros(settings.days)
    for part in random.dirichlet(np.full(batches, 4.0)):
        length = min(whole(shape["days"], random), settings.days_before - 8)
        first = int(random.integers(3, max(4, settings.days_before - length - 2)))
        cover = posts[(posts.account == plant.account) & posts.cover]
        if len(cover):
            first = int(_days(cover, settings).iloc[0])
        portions = random.gamma(3.0, 1.0, length)
        arrived[first : first + length] += part * portions / portions.sum()
    curve = size * np.cumsum(arrived)
    first, last = int(np.flatnonzero(arrived)[0]), int(np.flatnonzero(arrived)[-1])
    if "kept" in shape:
        decay = _decay(days, last + 1, within(shape["kept"], random), within(shape["decay"], random))
        return curve * decay, first, last
    return curve * np.exp(-np.maximum(days - last, 0) * random.uniform(0.0, 0.003)), first, last


def _decay(days: np.ndarray, start: int, staying: float, pace: float) -> np.ndarray:
    """1 until a day, then falling towards the part that stays."""
    return staying + (1 - staying) * np.exp(-np.maximum(days - start, 0) / pace)
