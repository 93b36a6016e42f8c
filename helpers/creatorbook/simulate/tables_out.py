"""Plain tables with our own column names, for what no platform exports: lists, sheets and forms."""

from __future__ import annotations

import pandas as pd

from creatorbook.simulate.settings import Settings
from creatorbook.simulate.world import World

CREATOR_COLUMNS = [
    "creator", "handle", "platform", "followers", "fee", "commission_rate", "gift_cost", "gift_retail",
    "hours", "code", "link", "niche", "place", "country", "language", "benefit", "status", "deliverables",
    "formats", "posted_on", "post_url", "typical_likes", "typical_comments", "typical_views", "source",
    "biography",
]  # fmt: skip


def creators(world: World) -> pd.DataFrame:
    """The creators list, as brand or agency keeps it."""
    listed = world.people.reindex(columns=CREATOR_COLUMNS)
    listed["platform"] = world.people["platform"]
    if world.settings.creator_columns:
        listed = listed[world.settings.creator_columns]
    return listed.sort_values(["creator", "handle"], kind="stable")


def plain_orders(world: World) -> pd.DataFrame:
    """The smallest order export that can be read: order, date, total, code."""
    orders = world.shop.orders
    kept = orders[~orders["test"] & orders["cancelled_at"].isna()]
    return pd.DataFrame(
        {
            "order": kept["order_id"].str.lstrip("#"),
            "date": kept["ordered_at"].dt.strftime("%Y-%m-%d"),
            "total": kept["total"],
            "code": kept["code"].replace("", None),
        }
    )


def refunds(world: World) -> pd.DataFrame:
    """Refunds with their days."""
    frame = world.shop.refunds
    when = frame["refunded_at"].dt.strftime("%Y-%m-%d")
    return pd.DataFrame(
        {"order_id": frame["order_id"], "refunded_at": when, "amount": frame["amount"], "reason": frame["reason"]}
    )


def promotions(world: World) -> pd.DataFrame:
    """The shop's own promotions."""
    frame = world.shop.promotions
    return pd.DataFrame(
        {
            "starts_on": frame["starts_on"].dt.strftime("%Y-%m-%d"),
            "ends_on": frame["ends_on"].dt.strftime("%Y-%m-%d"),
            "what": frame["what"],
        }
    )
