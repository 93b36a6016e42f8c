"""Creators' content files as Instagram, TikTok and YouTube write them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from creatorbook.simulate.people import header
from creatorbook.simulate.world import World

INSTAGRAM_COLUMNS = header("instagram_content")

TIKTOK_COLUMNS = header("tiktok_content")

YOUTUBE_COLUMNS = header("youtube_content")


def _posts_on(world: World, platform: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Posts on one platform, newest first, and their accounts row by row."""
    where = world.people["platform"].to_numpy()[world.posts["account"]]
    posts = world.posts[where == platform].sort_values(
        ["published_at", "account"], ascending=False, kind="stable"
    )
    return posts, world.people.iloc[posts["account"].to_numpy()].set_index(posts.index)


def _counts(values: pd.Series) -> list[str]:
    return [f"{value:.0f}" for value in values]


def instagram(world: World) -> pd.DataFrame:
    """Meta's content export, posts and Reels; times in the US form."""
    posts, accounts = _posts_on(world, "instagram")
    reel = posts["format"] == "reel"
    return pd.DataFrame(
        {
            "Post ID": posts["post_id"],
            "Account ID": (17_841_400_000_000_000 + posts["account"] * 7_919).astype(str),
            "Account username": accounts["handle"],
            "Account name": accounts["creator"],
            "Description": posts["caption"],
            "Duration (sec)": np.where(
                reel, posts["duration_seconds"].fillna(0).astype(int).astype(str), "0"
            ),
            "Publish time": posts["published_at"].dt.strftime("%m/%d/%Y %H:%M"),
            "Permalink": posts["permalink"],
            "Post type": "IG " + posts["format"],
            "Data comment": "",
            "Date": "Lifetime",
            **{
                column: _counts(posts[column.lower()])
                for column in ["Views", "Reach", "Likes", "Shares", "Follows", "Comments", "Saves"]
            },
        }
    ).reindex(columns=INSTAGRAM_COLUMNS)


def tiktok(world: World) -> pd.DataFrame:
    """TikTok Studio's content file; only the link tells whose video it is."""
    posts, _ = _posts_on(world, "tiktok")
    return pd.DataFrame(
        {
            "Video title": posts["caption"],
            "Video link": posts["permalink"],
            "Post time": posts["published_at"].dt.strftime("%Y-%m-%d %H:%M:%S"),
            "Total likes": _counts(posts["likes"]),
            "Total comments": _counts(posts["comments"]),
            "Total shares": _counts(posts["shares"]),
            "Total views": _counts(posts["views"]),
            "Average watch time": [f"{value:.1f}" for value in posts["average_watch_seconds"]],
            "Add to favorites": _counts(posts["saves"]),
        }
    ).reindex(columns=TIKTOK_COLUMNS)


def youtube(world: World, account: int) -> pd.DataFrame:
    """YouTube Studio's table for one channel: totals in the second row, no channel name anywhere."""
    posts, _ = _posts_on(world, "youtube")
    posts = posts[posts["account"] == account]
    watched = posts["views"] * posts["average_watch_seconds"] / 3_600
    clicks = np.round(3 + 5 * np.sqrt(posts["likes"] / posts["views"].clip(lower=1)), 2)
    total = ["Total", "", "", "", f"{posts['views'].sum():.0f}", f"{watched.sum():.4f}"]
    frame = pd.DataFrame(
        {
            # a video's id that starts with “-” gets a leading space, so that spreadsheets take it for text
            "Content": [f" {name}" if name.startswith("-") else name for name in posts["post_id"]],
            "Video title": posts["caption"].str.replace("\n", " "),
            "Video publish time": [f"{when:%b} {when.day}, {when.year}" for when in posts["published_at"]],
            "Duration": _counts(posts["duration_seconds"]),
            "Views": _counts(posts["views"]),
            "Watch time (hours)": [f"{value:.4f}" for value in watched],
            "Subscribers": _counts(posts["follows"]),
            "Average view duration": [_clock(value) for value in posts["average_watch_seconds"]],
            "Average percentage viewed (%)": [
                f"{value:.2f}" for value in 100 * posts["average_watch_seconds"] / posts["duration_seconds"]
            ],
            "Impressions": _counts(posts["views"] / (clicks / 100)),
            "Impressions click-through rate (%)": [f"{value:g}" for value in clicks],
            "Likes": _counts(posts["likes"]),
            "Dislikes": _counts(posts["likes"] * 0.015),
            "Comments added": _counts(posts["comments"]),
            "Shares": _counts(posts["shares"]),
        }
    ).reindex(columns=YOUTUBE_COLUMNS)
    blank = dict.fromkeys(YOUTUBE_COLUMNS, "")
    first = pd.DataFrame([{**blank, **dict(zip(YOUTUBE_COLUMNS, total, strict=False))}])
    return pd.concat([first, frame], ignore_index=True)


def _clock(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"


SHOP_CREATOR_COLUMNS = header("tiktok_shop")


def tiktok_shop(world: World) -> pd.DataFrame:
    """TikTok Shop's affiliate creator sheet: sales in the marketplace, which the shop's own export lacks."""
    random = world.settings.random("tiktok shop")
    accounts = world.people[world.people["platform"] == "tiktok"]
    results = world.results.set_index("person")
    rows = []
    for row in accounts.itertuples():
        orders = int(random.poisson(results.at[row.person, "expected_orders"] * 0.6))
        items = orders + int(random.poisson(orders * 0.2))
        sales = float(np.round(items * random.uniform(22, 31), 2))
        back = int(random.binomial(items, world.settings.return_rate)) if items else 0
        refunded = round(sales * back / items, 2) if items else 0.0
        posts = world.posts[(world.posts["account"] == row.Index) & world.posts["campaign"]]
        rows.append(
            [row.handle, f"${sales:,.2f}", f"${refunded:,.2f}", orders, items, back,
             f"${sales / orders:.2f}" if orders else "--", len(posts), 0, f"${sales * 0.12:,.2f}", 1, "--",
             f"${sales:,.2f}", "$0.00", "$0.00",
             f"{random.uniform(1, 6):.2f}%", f"{random.uniform(0.6, 4):.2f}%"]
        )  # fmt: skip
    return pd.DataFrame(rows, columns=SHOP_CREATOR_COLUMNS)
