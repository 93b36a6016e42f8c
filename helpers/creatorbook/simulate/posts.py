"""What the creators published, and how it was received."""

from __future__ import annotations

import numpy as np
import pandas as pd

from creatorbook.simulate.settings import Settings

#: Formats by platform with the share of posts and what the format does to engagement and views.
FORMATS = {
    "instagram": {"image": (0.3, 0.85, 0.8), "carousel": (0.25, 1.05, 0.9), "reel": (0.45, 1.1, 1.5)},
    "tiktok": {"video": (1.0, 1.0, 1.7)},
    "youtube": {"video": (0.55, 1.0, 0.8), "short": (0.45, 0.8, 1.6)},
}

#: Spread of one creator's posts around their own rate (log scale). With two to three posts a week, monthly
#: means of one creator then correlate at about 0.95, as in real panels.
POST_SPREAD = 0.45

#: What an advertising label costs in engagement.
SPONSORED_EFFECT = 0.85

EPOCH = np.datetime64("1970-01-01T00:00:00", "s")


def draw_posts(people: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """One row per post: when, in which format, and figures as they stand on the last day."""
    random = settings.random("posts")
    posts = pd.concat(
        [_everyday(people, settings, random), _campaign(people, settings, random)], ignore_index=True
    )
    return _with_formats(posts, people, random)


def draw_campaign_posts(people: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """The same of the posts that were agreed for a campaign, without the everyday ones."""
    random = settings.random("posts")
    return _with_formats(_campaign(people, settings, random), people, random)


def _with_formats(posts: pd.DataFrame, people: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """In the order of time, with format, id, and whether somebody paid."""
    posts = posts.sort_values(["published_at", "account"], kind="stable", ignore_index=True)
    posts["format"] = _formats(posts, people, random)
    platform = people["platform"].to_numpy()[posts["account"]]
    posts["post_id"] = _ids(platform, random)
    posts["sponsored"] = posts["campaign"] | (random.random(len(posts)) < 0.09)
    posts["boost"] = 1.0
    return posts


def _times(days: np.ndarray, settings: Settings, random: np.random.Generator) -> np.ndarray:
    """Moments on these days (counted from the first day), mostly in the evening."""
    minutes = random.normal(18.2 * 60, 150, len(days)).clip(6 * 60, 23 * 60 + 50).astype("int64")
    first = np.datetime64(settings.first_day, "s")
    return first + np.timedelta64(1, "D") * days.astype("int64") + np.timedelta64(1, "m") * minutes


def _everyday(people: pd.DataFrame, settings: Settings, random: np.random.Generator) -> pd.DataFrame:
    expected = people["true_posts_per_week"].to_numpy() * settings.days / 7
    account = np.repeat(np.arange(len(people)), random.poisson(expected))
    days = random.integers(0, settings.days, len(account))
    return pd.DataFrame(
        {"account": account, "published_at": _times(days, settings, random), "campaign": False}
    )


def _campaign(people: pd.DataFrame, settings: Settings, random: np.random.Generator) -> pd.DataFrame:
    """The agreed posts: one to three, the first one after the parcel has come."""
    takes_part = (people["posts_in_campaign"] & people["main"]).to_numpy()
    second = (people["posts_in_campaign"] & ~people["main"]).to_numpy()
    paid = (people["benefit"] == "fee").to_numpy()
    count = takes_part * (1 + paid + (random.random(len(people)) < 0.3)) + second
    account = np.repeat(np.arange(len(people)), count)
    place = np.concatenate([np.arange(k) for k in count]) if len(account) else account
    first = random.beta(1.6, 2.6, len(people)) * (settings.campaign_days - 1)
    rest = (settings.campaign_days - 1 - first[account]) * random.random(len(account))
    inside = np.where(place == 0, first[account], first[account] + rest).astype(int)
    days = np.minimum(settings.days_to_start + inside, settings.days - 1)
    return pd.DataFrame(
        {"account": account, "published_at": _times(days, settings, random), "campaign": True}
    )


def _formats(posts: pd.DataFrame, people: pd.DataFrame, random: np.random.Generator) -> np.ndarray:
    formats = np.empty(len(posts), dtype=object)
    platform = people["platform"].to_numpy()[posts["account"]]
    for name in sorted(set(platform)):
        on_platform = platform == name
        options = FORMATS[name]
        shares = np.array([share for share, _, _ in options.values()])
        formats[on_platform] = random.choice(list(options), int(on_platform.sum()), p=shares / shares.sum())
    return formats


def _ids(platform: np.ndarray, random: np.random.Generator) -> list[str]:
    """Ids as the platforms write them: long numbers, or eleven characters for videos on YouTube."""
    letters = np.array(list("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789-_"))
    numbers = random.integers(10**16, 10**17, len(platform))
    drawn = random.choice(letters, (len(platform), 11))
    head = {"instagram": "1", "tiktok": "74"}
    return [
        "".join(drawn[row]) if name == "youtube" else f"{head[name]}{numbers[row]}"
        for row, name in enumerate(platform)
    ]


def add_figures(
    posts: pd.DataFrame, people: pd.DataFrame, followers: np.ndarray, settings: Settings
) -> pd.DataFrame:
    """Likes, comments, views and the rest.

    Args:
        followers: people who really follow, account × day: bought followers respond to nothing.
    """
    random = settings.random("figures")
    posts = posts.copy()
    n, account = len(posts), posts["account"].to_numpy()
    platform = people["platform"].to_numpy()[account]
    effect = np.array(
        [FORMATS[where][kind] for where, kind in zip(platform, posts["format"], strict=True)]
    ).reshape(n, 3)
    audience = followers[account, _day(posts, settings)]
    ripe = _ripeness(posts, settings)
    luck = random.normal(0, POST_SPREAD, n) + _drift(people, posts, settings, random)
    label = np.where(posts["sponsored"], SPONSORED_EFFECT, 1.0)
    rate = people["true_rate"].to_numpy()[account] * effect[:, 1] * label * np.exp(luck)
    engaged = audience * rate * ripe * np.sqrt(posts["boost"].to_numpy())
    comment_share = people["true_comment_share"].to_numpy()[account] * np.exp(random.normal(0, 0.3, n))
    posts["comments"] = random.poisson(engaged * comment_share)
    posts["likes"] = random.poisson(engaged * (1 - comment_share))
    views = _views(people, account, effect[:, 2], luck, random) * audience * ripe
    posts["views"] = np.maximum(np.round(views * posts["boost"]), posts["likes"] + posts["comments"] + 3)
    posts["reach"] = np.round(posts["views"] / random.uniform(1.12, 1.4, n))
    posts["saves"] = random.poisson(engaged * np.exp(random.normal(np.log(0.05), 0.5, n)))
    posts["shares"] = random.poisson(engaged * np.exp(random.normal(np.log(0.03), 0.6, n)))
    posts["follows"] = random.poisson(posts["views"] * 0.0009)
    _add_lengths(posts, random)
    return posts


def _day(posts: pd.DataFrame, settings: Settings) -> np.ndarray:
    return (posts["published_at"] - pd.Timestamp(settings.first_day)).dt.days.to_numpy()


def _ripeness(posts: pd.DataFrame, settings: Settings) -> np.ndarray:
    """Share of its lifetime engagement that a post has by the end of the last day."""
    end = pd.Timestamp(settings.last_day) + pd.Timedelta(days=1)
    age = (end - posts["published_at"]).dt.total_seconds().to_numpy() / 86_400
    return 1 - 0.8 * np.exp(-age / 1.3)


def _drift(
    people: pd.DataFrame, posts: pd.DataFrame, settings: Settings, random: np.random.Generator
) -> np.ndarray:
    """Creators get better or worse slowly: a random walk over months."""
    months = settings.days // 30 + 1
    walk = random.normal(0, 0.05, (len(people), months)).cumsum(axis=1)
    return walk[posts["account"], _day(posts, settings) // 30]


def _views(
    people: pd.DataFrame,
    account: np.ndarray,
    effect: np.ndarray,
    luck: np.ndarray,
    random: np.random.Generator,
) -> np.ndarray:
    """Views per follower: some accounts are shown to many who do not follow."""
    own = np.exp(random.normal(np.log(0.3), 0.35, len(people)))
    rate = (people["true_rate"].to_numpy() / 0.032) ** 0.5
    return (own * rate)[account] * effect * np.exp(0.6 * luck + random.normal(0, 0.35, len(account)))


def _add_lengths(posts: pd.DataFrame, random: np.random.Generator) -> None:
    typical = posts["format"].map({"reel": 22, "video": 34, "short": 28}).to_numpy(dtype="float64")
    seconds = np.round(typical * np.exp(random.normal(0, 0.5, len(posts))))
    posts["duration_seconds"] = seconds
    posts["average_watch_seconds"] = np.round(seconds * random.beta(4, 7, len(posts)), 1)
