"""What the campaign leaves behind outside the shop: clicks, website sessions, survey answers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from creatorbook.simulate.settings import Settings
from creatorbook.simulate.shop import Shop

#: Ordinary traffic: source / medium, share of sessions, key events per session.
CHANNELS = [
    ("google / organic", 0.27, 0.028),
    ("(direct) / (none)", 0.25, 0.026),
    ("google / cpc", 0.17, 0.022),
    ("instagram.com / referral", 0.12, 0.012),
    ("l.instagram.com / referral", 0.06, 0.012),
    ("newsletter / email", 0.09, 0.045),
    ("bing / organic", 0.04, 0.02),
]

GAP_DAYS = {"weak": 2, "medium": 4, "strong": 7}


def tracking_gap(settings: Settings) -> range:
    """Days (counted from the first) on which nothing was measured; empty where none is planted."""
    plants = [plant for plant in settings.planted if plant.kind == "tracking_gap"]
    if not plants:
        return range(0)
    random = settings.random("tracking gap")
    length = GAP_DAYS[plants[0].strength]
    room = max(1, settings.campaign_days - length - 6)
    first = settings.days_to_start + 4 + int(random.integers(0, room))
    return range(first, min(first + length, settings.days))


def draw_clicks(
    people: pd.DataFrame, posts: pd.DataFrame, results: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """Clicks per campaign post and day: `account`, `post`, `day`, `clicks`."""
    random = settings.random("clicks")
    rows = []
    by_person = results.set_index("person")
    campaign = posts[posts["campaign"]]
    person = people["person"].to_numpy()[campaign["account"]]
    count = pd.Series(person).value_counts()
    for (index, post), who in zip(campaign.iterrows(), person, strict=True):
        result = by_person.loc[who]
        by_link = result["shows_link"] + result["shows_both"] + 0.4 * result["shows_neither"]
        conversion = 0.022 * np.exp(random.normal(0, 0.35))
        expected = result["expected_orders"] / count[who] * by_link / conversion + 3
        first = int((post["published_at"] - pd.Timestamp(settings.first_day)).days)
        days = np.arange(first, settings.days)
        fade = np.exp(-(days - first) / 2.1) + 0.01
        clicks = random.poisson(expected * fade / fade.sum())
        rows += [[post["account"], index, day, n] for day, n in zip(days, clicks, strict=True)]
    return pd.DataFrame(rows, columns=["account", "post", "day", "clicks"])


def draw_sessions(clicks: pd.DataFrame, sold: Shop, settings: Settings) -> pd.DataFrame:
    """Website sessions per day and source: `day`, `source_medium`, `post` (−1: none), sessions, events, revenue."""
    random = settings.random("sessions")
    day = (sold.orders["ordered_at"] - pd.Timestamp(settings.first_day)).dt.days.to_numpy()
    orders = np.bincount(day, minlength=settings.days)
    basket = float(sold.orders["total"].mean())
    rows = []
    for source, share, conversion in CHANNELS:
        sessions = random.poisson(np.maximum(orders, 1) / 0.024 * share)
        events = random.binomial(sessions, conversion)
        revenue = np.round(events * basket * np.exp(random.normal(0, 0.08, settings.days)), 2)
        rows += [[d, source, -1, sessions[d], events[d], revenue[d]] for d in range(settings.days)]
    rows += _from_coupon_sites(sold, day, basket, random)
    rows += _from_links(clicks, sold, day, random)
    frame = pd.DataFrame(rows, columns=["day", "source_medium", "post", "sessions", "key_events", "revenue"])
    return frame[(frame["sessions"] > 0) & ~frame["day"].isin(tracking_gap(settings))]


def _from_coupon_sites(
    sold: Shop, day: np.ndarray, basket: float, random: np.random.Generator
) -> list[list[object]]:
    leaked = np.bincount(day[(sold.orders["cause"] == "leak").to_numpy()], minlength=1)
    return [
        [
            d,
            "couponburrow.example / referral",
            -1,
            int(n * 3 + random.poisson(2)),
            int(n),
            round(n * basket, 2),
        ]
        for d, n in enumerate(leaked)
        if n
    ]


def _from_links(
    clicks: pd.DataFrame, sold: Shop, day: np.ndarray, random: np.random.Generator
) -> list[list[object]]:
    """Sessions by tagged links: fewer than clicks, because some people refuse measurement."""
    by_link = sold.orders["shows"].isin(["link", "both"]) & (sold.orders["cause"] == "creator")
    bought = pd.DataFrame(
        {"post": sold.orders["post"], "day": day, "total": sold.orders["total"]}
    )[by_link.to_numpy()]  # fmt: skip
    seen = bought[random.random(len(bought)) < 0.72].groupby(["post", "day"])["total"].agg(["size", "sum"])
    rows: list[list[object]] = []
    for row in clicks[clicks["clicks"] > 0].itertuples():
        sessions = int(random.binomial(row.clicks, 0.72))
        events, revenue = seen.loc[(row.post, row.day)] if (row.post, row.day) in seen.index else (0, 0.0)
        if sessions or events:
            rows.append([row.day, "", row.post, max(sessions, int(events)), int(events), float(revenue)])
    return rows


def draw_survey(people: pd.DataFrame, sold: Shop, settings: Settings) -> pd.DataFrame:
    """“How did you hear about us?” after some orders; handles matched by hand where an answer names one."""
    random = settings.random("survey")
    asked = sold.orders[sold.orders["cancelled_at"].isna() & ~sold.orders["test"]]
    answered = asked[random.random(len(asked)) < 0.17]
    rows = []
    for order in answered.itertuples():
        answer, handle = _answer(order, people, random)
        when = order.ordered_at + pd.Timedelta(seconds=int(random.integers(20, 400)))
        rows.append([order.order_id, when, answer, handle])
    frame = pd.DataFrame(rows, columns=["order_id", "answered_at", "answer", "handle"])
    end = pd.Timestamp(settings.last_day) + pd.Timedelta(days=1)
    return frame[frame["answered_at"] < end]


def _answer(order: Any, people: pd.DataFrame, random: np.random.Generator) -> tuple[str, str]:
    if order.cause == "creator" and order.incremental:
        person = people.iloc[int(order.account)]
        chance = random.random()
        if chance < 0.4:
            return f"@{person['handle']}", str(person["handle"])
        if chance < 0.55:
            return f"{person['creator'].split()[0]} on {person['platform']}", str(person["handle"])
        if chance < 0.85:
            return str(person["platform"]).capitalize(), ""
    if order.cause == "leak" and random.random() < 0.5:
        return "Google", ""
    usual = ["Google", "Friend or family", "Instagram", "Already a customer", "Newsletter", "don't remember"]
    return str(random.choice(usual, p=[0.27, 0.2, 0.17, 0.22, 0.08, 0.06])), ""
