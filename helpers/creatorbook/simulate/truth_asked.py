"""The truth of what is off unless the settings ask for it; each table is empty where they do not."""

from __future__ import annotations

import pandas as pd

from creatorbook.simulate.fit import audience_fit
from creatorbook.simulate.held_back import caused_orders
from creatorbook.simulate.links import utm_campaign, utm_contents
from creatorbook.simulate.mistypes import mistyped_column
from creatorbook.simulate.world import World


def audience_fits(world: World) -> pd.DataFrame:
    """One row per person: shares of the audience the brand wants, fit, and what it does to orders; empty where nothing."""
    if not world.settings.fit_effect:
        return pd.DataFrame()
    accounts = world.results["account"].to_numpy()
    who = world.people.loc[accounts, ["creator", "handle"]]
    factor = world.results.set_index("account")["fit_factor"].rename("orders_factor")
    named = pd.concat([who, audience_fit(world.people, world.settings).loc[accounts], factor], axis=1)
    return named.sort_values("creator", kind="stable")


def held_back_sales(world: World) -> pd.DataFrame:
    """Per style and region, in the campaign's days: orders and sales that creators caused, and all others (baseline).

    Cancelled and test orders are left out; a style's sales are its lines, a region's are whole orders. Empty where
    nothing is held back.
    """
    settings, sold = world.settings, world.shop.orders
    hold_out = settings.held_back
    if not (hold_out.styles or hold_out.regions):
        return pd.DataFrame()
    day = sold["ordered_at"].dt.date
    counts = (day >= settings.start) & (day <= settings.end) & sold["cancelled_at"].isna() & ~sold["test"]
    orders = sold[counts].assign(
        order=sold.index[counts], made=caused_orders(sold, settings)[counts], name=sold["region"]
    )
    lines = world.shop.lines.merge(orders[["order", "made"]], on="order")
    parts = [
        _by_name("style", lines.rename(columns={"product": "name", "paid": "total"}), hold_out.styles),
        _by_name("region", orders[orders["name"] != ""], hold_out.regions),
    ]
    return pd.concat([part for part in parts if len(part)] or [pd.DataFrame()])


def _by_name(kind: str, sales: pd.DataFrame, not_shown: list[str]) -> pd.DataFrame:
    if not not_shown:
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
    counted.insert(2, "held_back", counted["name"].isin(not_shown))
    return counted


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


MISTYPED_COLUMNS = ["where", "row", "column", "kind", "right", "wrong"]


def mistyped(world: World) -> pd.DataFrame:
    """One row per mistyped tag or code: where (link, caption, order), the post or order, right and wrong value."""
    campaign, contents = utm_campaign(world.settings), utm_contents(world.posts, world.people)
    codes = world.people["code"].to_numpy()[world.posts["account"]]
    rows: list[list[object]] = []
    for post in world.posts[world.posts["link_mistake"] != ""].itertuples():
        right = {"utm_campaign": campaign, "utm_content": contents[post.Index]}
        column = mistyped_column(post.link_mistake)
        wrong = getattr(post, column)
        rows.append(["link", post.post_id, column, post.link_mistake, right[column], wrong])
    rows += [
        ["caption", post.post_id, "code", post.code_mistake, codes[post.Index], post.written_code]
        for post in world.posts[world.posts["code_mistake"] != ""].itertuples()
    ]
    rows += [
        ["order", order.order_id, "code", order.code_mistake, order.code, order.written_code]
        for order in world.shop.orders[world.shop.orders["code_mistake"] != ""].itertuples()
    ]
    return pd.DataFrame(rows, columns=MISTYPED_COLUMNS)
