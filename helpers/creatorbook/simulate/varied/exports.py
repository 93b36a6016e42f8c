"""The files of the varied simulator as canonical tables: with gaps, and without what some files lack."""

from __future__ import annotations

import numpy as np
import pandas as pd

from creatorbook.simulate.settings import Settings
from creatorbook.simulate.varied.strengths import strengths, whole, within

POST_COUNTS = ["likes", "comments", "views", "reach", "saves", "shares"]


def canonical_tables(
    people: pd.DataFrame,
    posts: pd.DataFrame,
    shown: np.ndarray,
    plants: pd.DataFrame,
    comments: pd.DataFrame,
    settings: Settings,
) -> dict[str, pd.DataFrame]:
    """creators, posts, comments, follower_history and audience; nothing after the day before the start."""
    end = pd.Timestamp(settings.start)
    who = posts.account.to_numpy(dtype=int)
    published = posts.assign(handle=people.handle.to_numpy()[who], platform=people.platform.to_numpy()[who])
    columns = [
        "post_id",
        "handle",
        "platform",
        "published_at",
        "format",
        "caption",
        "permalink",
        *POST_COUNTS,
    ]
    heard = comments[comments.commented_at < end]
    account = heard.account.to_numpy(dtype=int)
    return {
        "creators": people[
            ["creator", "handle", "platform", "followers", "fee", "country", "language", "biography"]
        ],
        "posts": published.loc[published.published_at < end, columns],
        "comments": heard.assign(
            handle=people.handle.to_numpy()[account], platform=people.platform.to_numpy()[account]
        ).drop(columns=["account", "true_kind"]),
        "follower_history": _histories(people, posts, shown, plants, settings),
        "audience": _audience(people, settings),
    }


def _histories(
    people: pd.DataFrame, posts: pd.DataFrame, shown: np.ndarray, plants: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    random = settings.random("varied history")
    history = strengths()["history"]
    days = pd.date_range(settings.first_day, periods=settings.days_before)
    views = _daily_views(people, posts, plants, settings, random)
    following = _following(people, plants, settings, random)
    parts = []
    for account in range(len(people)):
        blind = random.random() < history["without_views"]
        frame = pd.DataFrame(
            {
                "handle": people.handle[account],
                "platform": people.platform[account],
                "date": days,
                "followers": shown[account, : len(days)],
                "following": following[account, : len(days)],
                "views": np.nan if blind else views[account, : len(days)],
            }
        )
        recorded = random.random(len(days)) >= within(history["missing_days"], random)
        if random.random() < history["gap"]["share_of_accounts"]:
            first = int(random.integers(0, len(days)))
            recorded[first : first + whole(history["gap"]["days"], random)] = False
        parts.append(frame[recorded])
    return pd.concat(parts, ignore_index=True)


def _daily_views(
    people: pd.DataFrame,
    posts: pd.DataFrame,
    plants: pd.DataFrame,
    settings: Settings,
    random: np.random.Generator,
) -> np.ndarray:
    """Views of all posts by day; newcomers whom another account sent look around."""
    days = settings.days
    views = np.zeros((len(people), days))
    day = (posts.published_at - pd.Timestamp(settings.first_day)).dt.days.to_numpy()
    pace = random.uniform(0.8, 3.5, len(people))
    for account, first, seen in zip(posts.account, day, posts["views"], strict=True):
        fade = np.exp(-np.arange(days - first) / pace[account])
        views[account, first:] += seen * fade / fade.sum()
    followers = people.followers.to_numpy()
    for plant in plants[plants.kind == "shout_out"].itertuples():
        shout_out = strengths()["innocent"]["shout_out"]
        looked = within(shout_out["gain"], random) * within(shout_out["views_per_newcomer"], random)
        fade = np.exp(-np.arange(days - plant.seen_from) / 1.5)
        views[plant.account, plant.seen_from :] += followers[plant.account] * looked * fade / fade.sum()
    usual = followers[:, None] * 0.012
    return np.round(views + usual * random.gamma(4, 0.25, views.shape))


def _following(
    people: pd.DataFrame, plants: pd.DataFrame, settings: Settings, random: np.random.Generator
) -> np.ndarray:
    """Accounts followed, day by day; some are followed in rounds and dropped again."""
    steps = random.normal(0.1, 1.2, (len(people), settings.days))
    followed = people.following.to_numpy()[:, None] + np.cumsum(steps, axis=1)
    swing = strengths()["follow_swings"]
    for plant in plants[plants.kind == "follow_swings"].itertuples():
        for _ in range(whole(swing["rounds"], random)):
            up, down = int(random.integers(3, 12)), int(random.integers(2, 10))
            first = int(random.integers(2, max(3, settings.days_before - up - down - 2)))
            size = within(swing[plant.strength], random) * people.following[plant.account]
            wave = np.concatenate([np.linspace(0, 1, up), np.linspace(1, 0.05, down)])[
                : settings.days - first
            ]
            followed[plant.account, first : first + len(wave)] += size * wave
    return np.maximum(np.round(followed), 0)


def _audience(people: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Countries from each creator's audience page; two in three sent it."""
    random = settings.random("varied audience")
    rows = []
    for person in people.itertuples():
        home, other = random.beta(9, 4), str(random.choice(["DE", "FR", "GB", "AT", "US"]))
        if random.random() < 0.35:
            continue
        pairs = [(person.country, home), (other, (1 - home) * random.uniform(0.2, 0.6))]
        rows += [
            {
                "handle": person.handle,
                "platform": person.platform,
                "dimension": "country",
                "segment": country,
                "share": share,
            }
            for country, share in pairs
        ]
    columns = ["handle", "platform", "dimension", "segment", "share"]
    return pd.DataFrame(rows, columns=columns).drop_duplicates(["handle", "platform", "segment"])
