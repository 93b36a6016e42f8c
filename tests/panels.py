"""A small made-up panel for the vetting tests: ordinary accounts, with a few odd ones planted by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from books import make_book
from creatorbook.book import Book

AS_OF = date(2026, 3, 1)
THINGS = ["hem", "linen", "belt", "colour", "zip", "sleeve", "pocket", "fit", "price", "shop", "knit", "wool"]


def panel(accounts: int = 13, per_account: int = 8, seed: int = 7, **tables: pd.DataFrame) -> Book:
    """A book with creators, posts, comments, follower histories and audiences; `tables` replaces some."""
    random = np.random.default_rng(seed)
    handles = [f"maker{number:02d}" for number in range(accounts)]
    followers = np.round(np.exp(random.normal(9.6, 0.9, accounts)))
    frames = {
        "creators": pd.DataFrame(
            {
                "creator": handles,
                "handle": handles,
                "platform": "instagram",
                "followers": followers,
                "fee": np.round(followers / 100),
                "source": "list",
            }
        ),
        "posts": _posts(random, handles, followers, per_account),
        "follower_history": _histories(random, handles, followers),
        "audience": pd.DataFrame(
            [
                {
                    "handle": handle,
                    "platform": "instagram",
                    "dimension": "country",
                    "segment": country,
                    "share": s,
                }
                for handle in handles
                for country, s in (("DE", 0.6), ("FR", 0.2))
            ]
        ),
    }
    frames["comments"] = _comments(random, frames["posts"])
    frames |= tables
    return make_book(frames, client=CLIENT, as_of=AS_OF, stage="plan")


CLIENT: dict[str, Any] = {
    "personas": [{"name": "Clara", "countries": ["DE"]}],
    "voice": {"competitors": ["Rival Row"], "must_avoid": ["fur"], "mentions": ["testbrand"]},
    "economics": {"margin": [0.5, 0.6], "return_rate": [0.2, 0.3], "average_order_value": [60, 80]},
}


def _posts(random: np.random.Generator, handles: list[str], followers: np.ndarray, n: int) -> pd.DataFrame:
    rows = []
    for handle, size in zip(handles, followers, strict=True):
        rate = np.exp(random.normal(-3.2, 0.3)) * (size / 15000) ** -0.2
        for number in range(n):
            likes = size * rate * np.exp(random.normal(0, 0.35))
            rows.append(
                {
                    "post_id": f"{handle}-{number}",
                    "handle": handle,
                    "platform": "instagram",
                    "published_at": pd.Timestamp(AS_OF)
                    - pd.Timedelta(days=5 + 5 * number, hours=int(number)),
                    "format": "reel",
                    "caption": "our day" if number % 4 else "a day with #ad",
                    "permalink": f"https://example.com/{handle}/{number}",
                    "likes": round(likes),
                    "comments": round(likes * np.exp(random.normal(-3.5, 0.3))),
                    "views": round(likes * np.exp(random.normal(2.8, 0.3))),
                }
            )
    return pd.DataFrame(rows)


def _histories(random: np.random.Generator, handles: list[str], followers: np.ndarray) -> pd.DataFrame:
    days = pd.date_range(end=pd.Timestamp(AS_OF), periods=90)
    parts = []
    for handle, size in zip(handles, followers, strict=True):
        gains = random.poisson(size * 0.001, len(days)) - random.poisson(size * 0.0004, len(days))
        curve = size - gains.sum() + np.cumsum(gains)
        views = np.round(size * 0.3 * np.exp(random.normal(0, 0.25, len(days))))
        parts.append(
            pd.DataFrame(
                {"handle": handle, "platform": "instagram", "date": days, "followers": curve, "views": views}
            )
        )
    return pd.concat(parts, ignore_index=True)


def _comments(random: np.random.Generator, posts: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for post in posts.itertuples():
        fans = random.permutation(120)[:16]
        for place, fan in enumerate(fans):
            thing, other = random.choice(THINGS, 2, replace=False)
            text = [
                "love this",
                "wow",
                f"where is the {thing} with the {other} from {fan}?",
                f"that {thing} of {fan} suits the {other}",
            ]
            rows.append(
                {
                    "post_id": post.post_id,
                    "handle": post.handle,
                    "platform": post.platform,
                    "commenter": f"{post.handle}-{fan}",
                    "commented_at": post.published_at
                    + pd.Timedelta(minutes=int(random.exponential(200)) + place),
                    "text": text[int(random.choice(4, p=[0.2, 0.1, 0.3, 0.4]))],
                    "by_creator": False,
                }
            )
        rows.append(
            {
                **rows[-1],
                "commenter": post.handle,
                "text": "thank you, it is the blue one",
                "by_creator": True,
            }
        )
    return pd.DataFrame(rows)


def jumped(
    history: pd.DataFrame, handle: str, day: int, share: float, views: float = 1.0, decay: float = 0.0
) -> pd.DataFrame:
    """The history with a jump of `share` of the followers on one day, views times `views`, and a slow loss."""
    made = history.copy()
    mine = made.index[made.handle == handle]
    gain = share * made.loc[mine[day], "followers"]
    made.loc[mine[day:], "followers"] += gain
    made.loc[mine[day], "views"] *= views
    after = mine[day + 1 :]
    made.loc[after, "followers"] -= gain * decay * np.minimum(1, np.arange(1, len(after) + 1) / 20)
    return made.assign(followers=made.followers.round())
