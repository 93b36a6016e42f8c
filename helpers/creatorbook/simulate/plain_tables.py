"""Plain tables with our own column names, for what no platform exports: lists, sheets and forms."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from creatorbook.simulate.fit import draw_audiences
from creatorbook.simulate.settings import Settings
from creatorbook.simulate.world import World

#: After an earlier campaign its last invoices are paid.
PAID_AFTER = timedelta(days=14)

CREATOR_COLUMNS = [
    "creator", "handle", "platform", "followers", "fee", "commission_rate", "gift_cost", "gift_retail",
    "hours", "code", "link", "niche", "place", "country", "language", "benefit", "status", "deliverables",
    "formats", "posted_on", "post_url", "typical_likes", "typical_comments", "typical_views", "source",
    "biography",
]  # fmt: skip


def creators_list(world: World) -> pd.DataFrame:
    """The creators list, as brand or agency keeps it."""
    accounts = world.people.reindex(columns=CREATOR_COLUMNS)
    accounts["platform"] = world.people["platform"]
    if world.settings.creator_columns:
        accounts = accounts[world.settings.creator_columns]
    return accounts.sort_values(["creator", "handle"], kind="stable")


def plain_orders(world: World) -> pd.DataFrame:
    """The smallest order export that can be read: order, date, total, code."""
    orders = world.shop.orders
    valid = orders[~orders["test"] & orders["cancelled_at"].isna()]
    return pd.DataFrame(
        {
            "order": valid["order_id"].str.lstrip("#"),
            "date": valid["ordered_at"].dt.strftime("%Y-%m-%d"),
            "total": valid["total"],
            "code": valid["written_code"].replace("", None),
        }
    )


def refunds(world: World) -> pd.DataFrame:
    """Refunds with their days."""
    frame = world.shop.refunds
    when = frame["refunded_at"].dt.strftime("%Y-%m-%d")
    return pd.DataFrame(
        {
            "order_id": frame["order_id"],
            "refunded_at": when,
            "amount": frame["amount"],
            "reason": frame["reason"],
        }
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


def follower_history(world: World) -> pd.DataFrame:
    """Followers and views of each account and day; about one creator in eight did not send theirs."""
    settings = world.settings
    random = settings.random("history")
    planted = set(world.plants.loc[world.plants["followers"] > 0, "account"])
    sent = [
        account
        for account, chance in enumerate(random.random(len(world.people)))
        if chance > 0.12 or account in planted
    ]
    days = pd.date_range(settings.first_day, settings.last_day)
    views = _daily_views(world, random)
    following = world.people["following"].to_numpy()
    parts = [
        pd.DataFrame(
            {
                "handle": world.people.at[account, "handle"],
                "platform": world.people.at[account, "platform"],
                "date": days.strftime("%Y-%m-%d"),
                "followers": world.shown_followers[account],
                "following": np.round(following[account] + np.cumsum(random.normal(0.1, 0.8, len(days)))),
                "views": views[account],
            }
        )
        for account in sent
    ]
    frame = pd.concat(parts, ignore_index=True)
    # some days are missing, as in most such files
    return frame[random.random(len(frame)) > 0.01]


def _daily_views(world: World, random: np.random.Generator) -> np.ndarray:
    """Views of all posts by day: a post is seen mostly in its first days."""
    days = world.settings.days
    views = np.zeros((len(world.people), days))
    day = (world.posts["published_at"] - pd.Timestamp(world.settings.first_day)).dt.days.to_numpy()
    for account, first, seen in zip(world.posts["account"], day, world.posts["views"], strict=True):
        fade = np.exp(-np.arange(days - first) / 1.6)
        views[account, first:] += seen * fade / fade.sum()
    usual = world.people["followers"].to_numpy()[:, None] * 0.012
    return np.round(views + usual * random.gamma(4, 0.25, views.shape))


def comments(world: World) -> pd.DataFrame:
    """The first comments of each exported post."""
    frame = world.comments
    accounts = world.people.iloc[frame["account"].to_numpy()]
    return pd.DataFrame(
        {
            "post_id": frame["post_id"],
            "handle": accounts["handle"].to_numpy(),
            "platform": accounts["platform"].to_numpy(),
            "commenter": frame["commenter"],
            "commented_at": frame["commented_at"].dt.strftime("%Y-%m-%d %H:%M:%S"),
            "text": frame["text"],
            "by_creator": np.where(frame["by_creator"], "true", "false"),
        }
    )


def audience_forms(world: World) -> pd.DataFrame:
    """The seven-number form, filled in from each creator's screenshot; not everybody sent one."""
    sent = draw_audiences(world.people, world.settings).dropna(subset=["seen_on"])
    accounts = world.people.iloc[sent["account"].to_numpy()]
    return pd.DataFrame(
        {
            "handle": accounts["handle"].to_numpy(),
            "platform": accounts["platform"].to_numpy(),
            "dimension": sent["dimension"],
            "segment": sent["segment"],
            "share": [round(float(share), 3) for share in sent["share"]],
            "seen_on": sent["seen_on"],
        }
    )


def costs(world: World) -> pd.DataFrame:
    """The cost sheet: what was paid for whom, excl. recoverable VAT; commissions are still to be settled.

    Where several campaigns ran, a column names the campaign of each cost.
    """
    parts = []
    for one in world.campaigns:
        last = one is world.campaigns[-1]
        paid_on = one.settings.last_day if last else one.settings.end + PAID_AFTER
        part = _costs_of(one.people[one.takes_part], one.settings, pd.Timestamp(paid_on))
        if len(world.campaigns) > 1:
            part.insert(5, "campaign", one.name)
        parts.append(part)
    return pd.concat(parts)


def _costs_of(people: pd.DataFrame, settings: Settings, end: pd.Timestamp) -> pd.DataFrame:
    """One campaign's costs."""
    start = pd.Timestamp(settings.start)
    rows: list[list[object]] = []
    main = people[people["main"]].sort_values("creator", kind="stable")
    for person in main.itertuples():
        gift_day = start - pd.Timedelta(days=6)
        rows.append([person.creator, "gift", person.gift_cost, gift_day, None, "goods at cost"])
        rows.append([person.creator, "shipping", 6.9, gift_day, None, "parcel"])
        if person.fee > 0 and person.posts_in_campaign:
            paid = min(start + pd.Timedelta(days=settings.campaign_days + 7), end)
            rows.append([person.creator, "fee", person.fee, paid, None, "as agreed"])
        if person.fee > 400:
            rights = round(person.fee * 0.2)
            rows.append([person.creator, "usage rights", rights, end, None, "organic, 6 months"])
        hours = person.hours
        rows.append(
            [person.creator, "hours", hours * settings.hourly_rate, end, hours, "mail, parcel, approval"]
        )
    fees = float(main.loc[main["posts_in_campaign"], "fee"].sum())
    whole = [("agency", settings.agency_fee), ("tools", 180.0), ("levy", settings.levy_rate * fees)]
    rows += [["", kind, amount, end, None, "whole campaign"] for kind, amount in whole if amount]
    frame = pd.DataFrame(rows, columns=["creator", "kind", "amount", "date", "hours", "note"])
    frame.insert(3, "currency", settings.currency)
    frame["date"] = pd.to_datetime(frame["date"]).dt.strftime("%Y-%m-%d")
    return frame


def clicks(world: World) -> pd.DataFrame:
    """The shortener's counts per link and day; days without measurement are not in the file."""
    frame = world.clicks[~world.clicks["day"].isin(world.click_gap)]
    by_day = frame.groupby(["account", "day"], sort=True)["clicks"].sum().reset_index()
    accounts = world.people.iloc[by_day["account"].to_numpy()]
    date = pd.Timestamp(world.settings.first_day) + pd.to_timedelta(by_day["day"], unit="D")
    return pd.DataFrame(
        {
            "date": date.dt.strftime("%Y-%m-%d"),
            "handle": accounts["handle"].to_numpy(),
            "link": accounts["link"].to_numpy(),
            "clicks": by_day["clicks"],
        }
    )


def survey(world: World) -> pd.DataFrame:
    """Answers to “how did you hear about us?”."""
    frame = world.survey
    return frame.assign(answered_at=frame["answered_at"].dt.strftime("%Y-%m-%d %H:%M:%S"))
