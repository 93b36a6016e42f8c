"""What is true of a simulated client: for those who check the product, never read by it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import yaml

from creatorbook.simulate import returns
from creatorbook.simulate.people import size_effect
from creatorbook.simulate.settings import Settings
from creatorbook.simulate.world import World

PLANTED_COLUMNS = [
    "kind", "strength", "shape", "group", "innocent", "creator", "handle", "post_id", "from", "until", "size",
]  # fmt: skip


def planted(world: World) -> pd.DataFrame:
    """One row per planted thing and creator.

    `size` counts followers for growth, orders for codes and results, days for a gap.
    """
    rows = [
        *_signals(world),
        *_in_posts(world, "label", "label_mistake"),
        *_results(world),
        *_gap(world),
        *_in_posts(world, "slip", "slip"),
        *_in_posts(world, "claim", "claim"),
    ]
    return pd.DataFrame(rows, columns=PLANTED_COLUMNS)


def _date(settings: Settings, day: int) -> str:
    return str((pd.Timestamp(settings.first_day) + pd.Timedelta(days=int(day))).date()) if day >= 0 else ""


def _who(world: World, account: int) -> list[object]:
    return [world.people.at[account, "creator"], world.people.at[account, "handle"]]


def _signals(world: World) -> list[list[object]]:
    rows = []
    for plant in world.plants.itertuples():
        account = int(plant.account)
        post = world.posts[(world.posts["account"] == account) & (world.posts["special"] == plant.kind)]
        rows.append(
            [plant.kind, plant.strength, plant.shape, plant.group, plant.innocent, *_who(world, account),
             post["post_id"].iloc[0] if len(post) else "",
             _date(world.settings, plant.first_day), _date(world.settings, plant.last_day),
             plant.followers if plant.followers > 0 else np.nan]
        )  # fmt: skip
    return rows


def _in_posts(world: World, kind: str, column: str) -> list[list[object]]:
    """What was planted in single posts, whose column names its shape."""
    posts = world.posts[world.posts[column] != ""]
    return [
        [kind, "", shape, "", shape == "innocent", *_who(world, int(post.account)), post.post_id,
         str(post.published_at.date()), "", np.nan]
        for shape, post in zip(posts[column], posts.itertuples(), strict=True)
    ]  # fmt: skip


def _results(world: World) -> list[list[object]]:
    rows = []
    for result in world.results.itertuples():
        who = _who(world, int(result.account))
        if result.planted:
            rows.append([result.planted, "", "", "", False, *who, "", "", "", result.drawn_orders])
        if result.leak_orders:
            first = _date(world.settings, result.leak_day)
            made = world.shop.orders
            size = int(((made["cause"] == "leak") & (made["person"] == result.person)).sum())
            rows.append(["leaked_code", result.leak_strength, "", "", False, *who, "", first, "", size])
    return rows


def _gap(world: World) -> list[list[object]]:
    gap = world.gap
    if not len(gap):
        return []
    first, last = _date(world.settings, gap[0]), _date(world.settings, gap[-1])
    return [["tracking_gap", "", "", "", False, "", "", "", first, last, len(gap)]]


def true_creators(world: World) -> pd.DataFrame:
    """One row per person: engagement rate, orders expected and drawn, share of them that is incremental, return rate."""
    columns = [
        "expected_orders", "drawn_orders", "incremental_share", "return_rate",
        "shows_code", "shows_link", "shows_both", "shows_neither",
    ]  # fmt: skip
    frame = world.results.set_index("account")
    people = world.people.loc[frame.index, ["creator", "handle", "true_rate"]]
    named = people.rename(columns={"true_rate": "engagement_rate"})
    return pd.concat([named, frame[columns]], axis=1).sort_values("creator", kind="stable")


def true_orders(world: World) -> pd.DataFrame:
    """One row per order: who caused it, whether it is extra (incremental), and what finally comes back, when."""
    sold = world.shop.orders
    name = world.people[world.people["main"]].set_index("person")["creator"]
    back = sold["true_returned"] > 0
    campaign = {"campaign": sold["campaign"]} if world.settings.earlier else {}
    return pd.DataFrame(
        {
            "order_id": sold["order_id"],
            "cause": sold["cause"],
            "creator": sold["person"].map(name).fillna(""),
            **campaign,
            "incremental": sold["incremental"],
            "shows": sold["shows"],
            "returned": sold["true_returned"].where(back),
            "returned_on": sold["true_refunded_at"].dt.strftime("%Y-%m-%d").where(back, ""),
        }
    )


def true_returns(world: World) -> pd.DataFrame:
    """One row per order line that finally comes back: why, after how many days, whether that is late, and on which day.

    Days after the last one are not in the exports yet. Empty where the settings have no `returns`.
    """
    if not world.settings.returns:
        return pd.DataFrame()
    back = world.shop.lines[world.shop.lines["returned"]]
    sold = world.shop.orders.iloc[back["order"].to_numpy()]
    days = (sold["true_refunded_at"] - sold["ordered_at"]).dt.total_seconds() / 86_400
    return pd.DataFrame(
        {
            "order_id": back["order_id"].to_numpy(),
            "sku": back["sku"].to_numpy(),
            "reason": back["true_reason"].to_numpy(),
            "days": days.round(1).to_numpy(),
            "late": sold["true_late"].to_numpy(),
            "returned_on": sold["true_refunded_at"].dt.strftime("%Y-%m-%d").to_numpy(),
        }
    )


def true_articles(world: World) -> pd.DataFrame:
    """One row per variant: whether it fits badly, and how many times as often it comes back for its size, and at all."""
    settings, products = world.settings, world.shop.products
    if not settings.returns:
        return pd.DataFrame()
    return products[["sku", "product", "size"]].assign(
        bad_fit=returns.bad_fit(products, settings),
        size_times=returns.size_times(products, settings),
        return_times=returns.return_times(products, settings) * products["true_returns"],
    )


def planted_comments(world: World) -> pd.DataFrame:
    """Comments of pods and spammers; all others are ordinary."""
    frame = world.comments[world.comments["true_kind"].isin(["pod", "spam", "bot_like"])]
    accounts = world.people["handle"].to_numpy()[frame["account"].to_numpy(dtype=int)]
    return frame.assign(handle=accounts)[["post_id", "handle", "commenter", "commented_at", "true_kind"]]


def pod_members(world: World) -> pd.DataFrame:
    """Members of each engagement pod."""
    return world.pods


def true_totals(world: World) -> str:
    """Truth about the whole client, as YAML."""
    settings, sold = world.settings, world.shop.orders
    made = sold[sold["cause"] == "creator"]
    counted = sold[sold["cancelled_at"].isna() & ~sold["test"]]
    goods = float((counted["total"] - counted["shipping"]).sum())
    facts = {
        "seed": settings.seed,
        "size_effect": size_effect(settings),
        "orders": len(sold),
        "orders_by_creators": len(made),
        "orders_by_creators_without_trace": int((made["shows"] == "neither").sum()),
        "orders_by_leaks": int((sold["cause"] == "leak").sum()),
        "incremental_share": round(float(made["incremental"].mean()), 4) if len(made) else None,
        "return_rate_of_value": round(float(counted["true_returned"].sum() / goods), 4) if goods else None,
        "return_days": settings.return_days,
        "margin": settings.margin,
    }
    note = "# The truth behind the exports. No analysis may read this folder.\n"
    return note + yaml.safe_dump(facts, sort_keys=False)
