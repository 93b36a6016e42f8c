"""What is true of a simulated client: for those who check the product, never read by it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import yaml

from creatorbook.simulate.fit import audience_fit
from creatorbook.simulate.held_back import caused
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
        *_labels(world),
        *_results(world),
        *_gap(world),
        *_slips(world),
        *_claims(world),
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


def _labels(world: World) -> list[list[object]]:
    published = world.posts.set_index("post_id")["published_at"]
    return [
        ["label", "", label.label_mistake, "", False, *_who(world, int(label.account)), label.post_id,
         str(published[label.post_id].date()), "", np.nan]
        for label in world.labels.itertuples()
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


def _slips(world: World) -> list[list[object]]:
    posts = world.posts[world.posts["slip"] != ""]
    return [
        ["slip", "", post.slip, "", False, *_who(world, int(post.account)), post.post_id,
         str(post.published_at.date()), "", np.nan]
        for post in posts.itertuples()
    ]  # fmt: skip


def _claims(world: World) -> list[list[object]]:
    posts = world.posts[world.posts["claim"] != ""]
    return [
        ["claim", "", post.claim, "", post.claim == "innocent", *_who(world, int(post.account)), post.post_id,
         str(post.published_at.date()), "", np.nan]
        for post in posts.itertuples()
    ]  # fmt: skip


def caption_mistakes(world: World) -> pd.DataFrame:
    """One row per mistake in a campaign caption: post, handle, language, label or claim, its shape, the words.

    A missing label has no words. Empty unless claims are planted or ads are in the creators' own languages.
    """
    asked = world.settings.ads_in_own_language or (world.posts["claim"] != "").any()
    if not asked:
        return pd.DataFrame()
    kinds = {"label": ("label_mistake", "label_words"), "claim": ("claim", "claim_words")}
    parts = [
        world.posts.loc[world.posts[shape] != "", ["post_id", "account", shape, words]]
        .set_axis(["post_id", "account", "shape", "words"], axis=1)
        .assign(kind=kind)
        for kind, (shape, words) in kinds.items()
    ]
    frame = pd.concat(parts, ignore_index=True)
    who = world.people.loc[frame["account"], ["handle", "language"]].reset_index(drop=True)
    return pd.concat([frame, who], axis=1)[["post_id", "handle", "language", "kind", "shape", "words"]]


def held_back_sales(world: World) -> pd.DataFrame:
    """Per style and region, in the campaign's days: orders and sales that creators caused, and all others (baseline).

    Cancelled and test orders are left out; a style's sales are its lines, a region's are whole orders. Empty where
    nothing is held back.
    """
    settings, sold = world.settings, world.shop.orders
    held = settings.held_back
    day = sold["ordered_at"].dt.date
    counts = (day >= settings.start) & (day <= settings.end) & sold["cancelled_at"].isna() & ~sold["test"]
    orders = sold[counts].assign(order=sold.index[counts], made=caused(sold)[counts], name=sold["region"])
    lines = world.shop.lines.merge(orders[["order", "made"]], on="order")
    parts = [
        _by_name("style", lines.rename(columns={"product": "name", "paid": "total"}), held.styles),
        _by_name("region", orders[orders["name"] != ""], held.regions),
    ]
    return pd.concat([part for part in parts if len(part)]) if held.styles or held.regions else pd.DataFrame()


def _by_name(kind: str, sales: pd.DataFrame, held: list[str]) -> pd.DataFrame:
    if not held:
        return pd.DataFrame()
    made = sales["made"].map({True: "caused", False: "baseline"})
    grouped = sales.groupby([sales["name"], made])
    counted = pd.concat(
        [
            grouped["order"].nunique().unstack(fill_value=0).add_suffix("_orders"),
            grouped["total"].sum().round(2).unstack(fill_value=0).add_suffix("_sales"),
        ],
        axis=1,
    )
    columns = ["baseline_orders", "caused_orders", "baseline_sales", "caused_sales"]
    counted = counted.reindex(columns=columns, fill_value=0).reset_index()
    counted.insert(0, "kind", kind)
    counted.insert(2, "held_back", counted["name"].isin(held))
    return counted


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


def true_fit(world: World) -> pd.DataFrame:
    """One row per person: shares of the audience the brand wants, fit, and what it does to orders; empty where nothing."""
    if not world.settings.fit_effect:
        return pd.DataFrame()
    accounts = world.results["account"].to_numpy()
    who = world.people.loc[accounts, ["creator", "handle"]]
    factor = world.results.set_index("account")["fit_factor"].rename("orders_factor")
    named = pd.concat([who, audience_fit(world.people, world.settings).loc[accounts], factor], axis=1)
    return named.sort_values("creator", kind="stable")


def true_orders(world: World) -> pd.DataFrame:
    """One row per order: who caused it, whether it is extra (incremental), and what finally comes back, when."""
    sold = world.shop.orders
    name = world.people[world.people["main"]].set_index("person")["creator"]
    back = sold["true_returned"] > 0
    return pd.DataFrame(
        {
            "order_id": sold["order_id"],
            "cause": sold["cause"],
            "creator": sold["person"].map(name).fillna(""),
            "incremental": sold["incremental"],
            "shows": sold["shows"],
            "returned": sold["true_returned"].where(back),
            "returned_on": sold["true_refunded_at"].dt.strftime("%Y-%m-%d").where(back, ""),
        }
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
