"""The brand's shop: what it sells, who bought what and when, what came back, and who really caused it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from creatorbook.simulate import held_back
from creatorbook.simulate.campaigns import OneCampaign
from creatorbook.simulate.mistypes import type_codes
from creatorbook.simulate.people import address_place, article_name, phrases, plain
from creatorbook.simulate.returns import (
    CANCELLED,
    draw_delays,
    draw_reasons,
    refunds_by_reason,
    return_times,
    usual_delays,
)
from creatorbook.simulate.settings import Settings

#: Orders by weekday, Monday first, and by hour of the day (shares of the mean).
ORDERS_BY_WEEKDAY = np.array([1.08, 1.0, 0.97, 0.98, 0.92, 0.9, 1.15])
HOURS = np.array([2, 1, 1, 1, 1, 2, 4, 6, 7, 8, 9, 9, 10, 9, 8, 8, 8, 9, 11, 13, 15, 14, 10, 5], dtype=float)

#: The shop's own promotions: first day and length counted from the campaign's start, percent, share of
#: orders using the code, lift, what it was.
PROMOTIONS = [
    (-64, 5, 20, 0.45, 1.6, "Winter sale, 20 % with {code}"),
    (-24, 3, 15, 0.4, 1.35, "Newsletter weekend, 15 % with {code}"),
    (19, 4, 15, 0.4, 1.4, "Mid-season weekend, 15 % with {code}"),
]


@dataclass(frozen=True)
class Shop:
    """The shop's tables, one row per product, order event, order line, refund and promotion."""

    products: pd.DataFrame
    orders: pd.DataFrame
    lines: pd.DataFrame
    refunds: pd.DataFrame
    promotions: pd.DataFrame


def draw_products(settings: Settings) -> pd.DataFrame:
    """One row per variant with its price and what it costs the brand; `true_weight` is its popularity."""
    random = settings.random("products")
    catalogue = phrases("people")["catalogue"][settings.niche]
    rows = []
    tax = settings.tax_rates.get(settings.market, 0) if settings.prices_include_tax else 0
    for number, (piece, price, cost, returns) in enumerate(catalogue["pieces"]):
        for style in catalogue["styles"]:
            shown = price * random.choice([0.9, 1.0, 1.0, 1.1])
            shown = float(np.round(shown) if price > 30 else np.round(shown * 2) / 2)
            name, popularity = article_name(piece, style), random.pareto(1.6) + 0.3
            net_cost = shown / (1 + tax) * (1 - settings.margin) * cost * random.uniform(0.93, 1.07)
            for size in catalogue["sizes"]:
                sku = f"{plain(settings.brand)[:3]}-{number + 1:02d}{style[:2]}-{plain(size)}".upper()
                rows.append([sku, name, size, shown, round(net_cost, 2), returns, popularity])
    columns = ["sku", "product", "size", "price", "cost", "true_returns", "true_weight"]
    return pd.DataFrame(rows, columns=columns)


def draw_promotions(settings: Settings) -> pd.DataFrame:
    """The shop's own promotions inside the days of the exports."""
    rows = []
    for day, length, percent, used, lift, what in PROMOTIONS:
        first = settings.days_to_start + day
        if first < 0 or first + length > settings.days:
            continue
        code = f"{plain(settings.brand)[:5]}{percent}".upper()
        rows.append([first, first + length - 1, percent, used, lift, code, what.format(code=code)])
    columns = ["first", "last", "percent", "used", "lift", "code", "what"]
    promotions = pd.DataFrame(rows, columns=columns)
    start = pd.Timestamp(settings.first_day)
    promotions["starts_on"] = start + pd.to_timedelta(promotions["first"], unit="D")
    promotions["ends_on"] = start + pd.to_timedelta(promotions["last"], unit="D")
    return promotions


def daily_orders(settings: Settings, promotions: pd.DataFrame) -> np.ndarray:
    """Expected orders of each day without any creator: weekday, season, slow growth and promotions."""
    random = settings.random("season")
    days = np.arange(settings.days)
    weekday = (settings.first_day.weekday() + days) % 7
    season = 1 + 0.12 * np.sin(2 * np.pi * (days / 120 + random.random()))
    level = np.exp(np.cumsum(random.normal(0, 0.012, settings.days)))
    expected = settings.orders_per_day * ORDERS_BY_WEEKDAY[weekday] * season * level / level.mean()
    for promotion in promotions.itertuples():
        expected[promotion.first : promotion.last + 1] *= promotion.lift
    return expected


def draw_shop(campaigns: Sequence[OneCampaign], settings: Settings) -> Shop:
    """All of the shop's tables.

    Args:
        campaigns: those that ran, the first one first.
        settings: the client's, and so the last campaign's.
    """
    people, results = campaigns[-1].people, campaigns[-1].results
    products, promotions = draw_products(settings), draw_promotions(settings)
    baseline = _baseline(promotions, settings)
    orders = _with_creators(baseline, campaigns)
    slip = pd.concat([one.posts["slip"] for one in campaigns])
    orders = held_back.reached_customers(orders, slip, settings)
    orders = _with_leaks(orders, people, results, settings)
    orders = orders.sort_values("ordered_at", kind="stable", ignore_index=True)
    orders["order_id"] = [f"#{1001 + number}" for number in range(len(orders))]
    _odd_ones(orders, settings)
    lines = _lines(orders, products, slip, settings)
    _money(orders, lines, settings)
    refunds = _returns(orders, lines, products, people, results, settings)
    orders = type_codes(orders, people, settings)
    return Shop(products, orders, lines, refunds, promotions)


def _moments(days: np.ndarray, settings: Settings, random: np.random.Generator) -> np.ndarray:
    hours = random.choice(24, len(days), p=HOURS / HOURS.sum())
    seconds = hours * 3600 + random.integers(0, 3600, len(days))
    first = np.datetime64(settings.first_day, "s")
    return first + np.timedelta64(86_400, "s") * days + np.timedelta64(1, "s") * seconds


def _baseline(promotions: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Orders that nobody caused: the shop as it would have been."""
    random = settings.random("baseline")
    days = np.repeat(np.arange(settings.days), random.poisson(daily_orders(settings, promotions)))
    orders = _blank(_moments(days, settings, random), settings, random)
    returning = random.random(len(orders)) < 0.33
    pool = max(20, int(settings.orders_per_day * 25))
    orders["customer"] = np.where(
        returning, random.integers(0, pool, len(orders)), pool + np.arange(len(orders))
    )
    for promotion in promotions.itertuples():
        inside = (days >= promotion.first) & (days <= promotion.last)
        uses = inside & (random.random(len(orders)) < promotion.used)
        orders.loc[uses, "code"] = promotion.code
        orders.loc[uses, "percent"] = float(promotion.percent)
    return orders.sort_values("ordered_at", kind="stable", ignore_index=True)


def _blank(moments: np.ndarray, settings: Settings, random: np.random.Generator) -> pd.DataFrame:
    """Order events without a cause or a code."""
    countries, shares = list(settings.markets), np.array(list(settings.markets.values()))
    n = len(moments)
    return pd.DataFrame(
        {
            "ordered_at": moments,
            "country": random.choice(countries, n, p=shares / shares.sum()),
            "customer": -1,
            "code": pd.Series([""] * n, dtype=object),
            "percent": 0.0,
            "cause": "nobody",
            "person": -1,
            "account": -1,
            "post": -1,
            "campaign": "",
            "incremental": False,
            "shows": "",
        }
    )


def _with_creators(baseline: pd.DataFrame, campaigns: Sequence[OneCampaign]) -> pd.DataFrame:
    """Creators' orders: most are extra, the others are orders that would have come anyway."""
    parts = [baseline]
    taken = np.zeros(len(baseline), dtype=bool)
    for one in campaigns:
        random = one.settings.random("creator orders")
        taken |= held_back.out_of_reach(baseline, one.settings)
        for result in one.results[one.results["drawn_orders"] > 0].itertuples():
            made = _orders_of(result, one.people, one.posts, one.settings, random)
            parts.append(_give_to(baseline, taken, made[~made["incremental"]], random))
            parts.append(made[made["incremental"]])
    orders = pd.concat(parts, ignore_index=True)
    new = (orders["customer"] < 0).to_numpy()
    start = int(baseline["customer"].max()) + 1 if len(baseline) else 0
    orders.loc[new, "customer"] = start + np.arange(int(new.sum()))
    return orders


def _orders_of(
    result: Any,
    people: pd.DataFrame,
    posts: pd.DataFrame,
    settings: Settings,
    random: np.random.Generator,
) -> pd.DataFrame:
    """One person's orders: after one of their posts, soon or late, with or without a trace."""
    person, n = int(result.person), int(result.drawn_orders)
    own_posts = posts[posts["campaign"] & (people["person"].to_numpy()[posts["account"]] == person)]
    which = random.integers(0, len(own_posts), n)
    published = own_posts["published_at"].to_numpy().astype("datetime64[s]")[which]
    end = np.datetime64(settings.last_day, "s") + np.timedelta64(86_399, "s")
    room = (end - published).astype("int64") / 86_400
    late = random.random(n) < 0.2
    delay = np.where(late, random.uniform(0.5, 16, n), random.exponential(1.9, n) + 0.01)
    delay = np.where(delay < room, delay, random.random(n) * room)
    made = _blank(published + (delay * 86_400).astype("timedelta64[s]"), settings, random)
    at_home = random.random(n) < 0.75
    home = people["country"].to_numpy()[own_posts["account"].to_numpy()[which]]
    made["country"] = np.where(at_home & np.isin(home, list(settings.markets)), home, made["country"])
    made["cause"], made["person"], made["campaign"] = "creator", person, settings.campaign
    made["account"], made["post"] = own_posts["account"].to_numpy()[which], own_posts.index.to_numpy()[which]
    made["incremental"] = random.random(n) < result.incremental_share
    kinds = ["code", "link", "both", "neither"]
    mix = np.array([getattr(result, f"shows_{kind}") for kind in kinds])
    made["shows"] = random.choice(kinds, n, p=mix / mix.sum())
    uses = made["shows"].isin(["code", "both"])
    made.loc[uses, "code"] = people["code"].iloc[int(own_posts["account"].iloc[0])]
    made.loc[uses, "percent"] = float(settings.discount_percent)
    return made


CARRIED = ["code", "percent", "cause", "person", "account", "post", "campaign", "incremental", "shows"]


def _give_to(
    baseline: pd.DataFrame, taken: np.ndarray, anyway: pd.DataFrame, random: np.random.Generator
) -> pd.DataFrame:
    """Mark orders that would have come anyway: free ones in the two days after the moment a post worked.

    Returns those for which the shop had no such order: they are extra after all.
    """
    moments, codes = baseline["ordered_at"].to_numpy(), baseline["code"].to_numpy()
    left_over = []
    for row in anyway.to_dict("records"):
        moment = np.datetime64(row["ordered_at"])
        window = np.arange(*np.searchsorted(moments, [moment, moment + np.timedelta64(2, "D")]))
        free = window[~taken[window] & (codes[window] == "")]
        if not len(free):
            left_over.append({**row, "incremental": True})
            continue
        chosen = int(free[random.integers(0, min(8, len(free)))])
        taken[chosen] = True
        baseline.loc[chosen, CARRIED] = [row[column] for column in CARRIED]
    return pd.DataFrame(left_over, columns=anyway.columns).astype(anyway.dtypes)


def _with_leaks(
    orders: pd.DataFrame, people: pd.DataFrame, results: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """A code on coupon sites: used by people who were buying anyway, and by some who would not have."""
    random = settings.random("leaks")
    parts = [orders]
    days = (orders["ordered_at"] - pd.Timestamp(settings.first_day)).dt.days.to_numpy()
    for leak in results[results["leak_orders"] > 0].itertuples():
        fade = np.exp(-np.arange(settings.days - leak.leak_day) / 11)
        used_on = leak.leak_day + random.choice(len(fade), int(leak.leak_orders), p=fade / fade.sum())
        code = people.loc[(people["person"] == leak.person) & people["main"], "code"].iloc[0]
        extra = random.random(len(used_on)) < 0.3
        leaked = {"code": code, "percent": float(settings.discount_percent), "cause": "leak",
                  "person": leak.person, "campaign": settings.campaign, "shows": "code"}  # fmt: skip
        for day in used_on[~extra]:
            plain_ones = (orders["code"].to_numpy() == "") & (orders["cause"].to_numpy() == "nobody")
            free = np.flatnonzero((days == day) & plain_ones)
            if len(free):
                chosen = int(random.choice(free))
                for column, value in leaked.items():
                    orders.at[chosen, column] = value
        new = _blank(_moments(used_on[extra], settings, random), settings, random)
        new = new.assign(**leaked, incremental=True)
        new["customer"] = 10_000_000 + leak.person * 1_000 + np.arange(len(new))
        parts.append(new)
    return pd.concat(parts, ignore_index=True)


def _odd_ones(orders: pd.DataFrame, settings: Settings) -> None:
    """Cancelled orders (refunded or voided) and the brand's own test orders."""
    random = settings.random("odd orders")
    n = len(orders)
    cancelled = random.random(n) < 0.014
    hours = random.uniform(0.3, 20, n)
    orders["cancelled_at"] = (orders["ordered_at"] + pd.to_timedelta(hours, unit="h")).dt.floor("s")
    end = pd.Timestamp(settings.last_day) + pd.Timedelta(days=1)
    orders.loc[~cancelled | (orders["cancelled_at"] >= end), "cancelled_at"] = pd.NaT
    orders["voided"] = orders["cancelled_at"].notna() & (random.random(n) < 0.5)
    orders["test"] = False
    nobody = np.flatnonzero((orders["cause"] == "nobody") & orders["cancelled_at"].isna())
    if len(nobody) > 200:
        orders.loc[random.choice(nobody, 5, replace=False), "test"] = True


def _lines(orders: pd.DataFrame, products: pd.DataFrame, slip: pd.Series, settings: Settings) -> pd.DataFrame:
    """One to five lines per order; popular products more often."""
    random = settings.random("lines")
    count = 1 + random.poisson(0.55, len(orders)).clip(0, 4)
    order = np.repeat(np.arange(len(orders)), count)
    weight = products["true_weight"].to_numpy()
    product = random.choice(len(products), len(order), p=weight / weight.sum())
    product = held_back.shown_products(product, order, orders, products, slip, settings)
    lines = pd.DataFrame({"order": order, "product_row": product})
    lines = lines.drop_duplicates(ignore_index=True)
    lines["quantity"] = 1 + (random.random(len(lines)) < 0.06).astype(int)
    lines["order_id"] = orders["order_id"].to_numpy()[lines["order"]]
    for column in ["sku", "product", "size", "price"]:
        lines[column] = products[column].to_numpy()[lines["product_row"]]
    return lines


def _cents(values: np.ndarray | pd.Series) -> np.ndarray:
    """Money in whole cents, half up, without binary surprises."""
    return np.floor(np.asarray(values, dtype="float64") * 100 + 0.5 + 1e-7).astype("int64")


def _money(orders: pd.DataFrame, lines: pd.DataFrame, settings: Settings) -> None:
    """Basket, discount, shipping, tax and total of each order, computed in cents."""
    amount = _cents(lines["price"]) * lines["quantity"].to_numpy()
    gross = np.bincount(lines["order"], weights=amount, minlength=len(orders)).astype("int64")
    discount = _cents(gross * orders["percent"].to_numpy() / 10_000)
    subtotal = gross - discount
    free = subtotal >= settings.free_shipping_from * 100
    shipping = np.where(free, 0, _cents(np.array([settings.shipping_price]))[0])
    places = _regions(orders, settings)
    for column in places:
        orders[column] = places[column]
    rate = _tax_rates(orders, settings)
    if settings.prices_include_tax:
        tax = _cents((subtotal + shipping) * rate / (1 + rate) / 100)
        total = subtotal + shipping
    else:
        tax = _cents(subtotal * rate / 100)
        total = subtotal + shipping + tax
    orders["tax_rate"] = rate
    for name, cents in {"gross": gross, "discount": discount, "subtotal": subtotal,
                        "shipping": shipping, "tax": tax, "total": total}.items():  # fmt: skip
        orders[name] = cents / 100
    # what the buyer paid for a line, with its share of the discount
    share = 1 - discount / np.maximum(gross, 1)
    paid = amount * share[lines["order"]]
    if not settings.prices_include_tax:
        paid = paid * (1 + rate[lines["order"]])
    lines["paid"] = np.round(paid) / 100


def _regions(orders: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """A town with its region and the start of its postcode for each customer."""
    rows = [
        address_place(country, int(customer))
        for country, customer in zip(orders["country"], orders["customer"], strict=True)
    ]
    return pd.DataFrame(rows, columns=["city", "postcode", "region", "region_name"], index=orders.index)


def _tax_rates(orders: pd.DataFrame, settings: Settings) -> np.ndarray:
    if settings.prices_include_tax:
        return orders["country"].map(settings.tax_rates).fillna(0.0).to_numpy()
    by_state = phrases("people")["sales_tax"]
    return orders["region"].map(by_state).fillna(0.0).to_numpy()


def _returns(
    orders: pd.DataFrame,
    lines: pd.DataFrame,
    products: pd.DataFrame,
    people: pd.DataFrame,
    results: pd.DataFrame,
    settings: Settings,
) -> pd.DataFrame:
    """Refunds with their days: whole orders or single lines, known only up to the last day."""
    random = settings.random("returns")
    order, n = lines["order"].to_numpy(), len(orders)
    own = results.set_index("person")["return_rate"]
    mean = orders["person"].map(own).fillna(settings.return_rate).to_numpy().clip(0.005, 0.97)
    product = products["true_returns"].to_numpy()
    typical = np.average(product, weights=products["true_weight"] * products["price"])
    chance = random.beta(mean * 1.6, (1 - mean) * 1.6)[order] * (product / typical)[lines["product_row"]]
    if settings.returns:
        chance = chance * return_times(products, settings)[lines["product_row"]]
    orders["sent_back"] = False
    counts = orders["cancelled_at"].isna() & ~orders["test"]
    lines["returned"] = (random.random(len(lines)) < chance) & counts.to_numpy()[order]
    amount = np.bincount(order, weights=lines["paid"] * lines["returned"], minlength=n)
    # rounding line by line must not give back more than was paid for the goods
    amount = np.minimum(amount, (orders["total"] - orders["shipping"]).to_numpy())
    days = usual_delays(n, settings, random)
    if settings.returns:
        days, orders["true_late"] = draw_delays(n, settings)
        lines["true_reason"] = draw_reasons(lines, products, settings)
    refunds = pd.DataFrame({"order": np.arange(n), "amount": np.round(amount, 2)})
    refunds["refunded_at"] = (orders["ordered_at"] + pd.to_timedelta(days, unit="D")).dt.floor("s")
    reasons = ["too small", "too large", "did not suit", "not as pictured", "damaged", ""]
    refunds["reason"] = random.choice(reasons, n, p=[0.26, 0.2, 0.27, 0.1, 0.04, 0.13])
    cancelled = (orders["cancelled_at"].notna() & ~orders["voided"]).to_numpy()
    refunds.loc[cancelled, "amount"] = orders.loc[cancelled, "total"]
    refunds.loc[cancelled, "refunded_at"] = orders.loc[cancelled, "cancelled_at"]
    refunds.loc[cancelled, "reason"] = CANCELLED
    orders["true_returned"] = np.where(cancelled | orders["cancelled_at"].notna(), 0, np.round(amount, 2))
    orders["true_refunded_at"] = refunds["refunded_at"]
    refunds = refunds[refunds["amount"] > 0]
    if settings.returns:
        refunds = refunds_by_reason(refunds, lines)
    end = pd.Timestamp(settings.last_day) + pd.Timedelta(days=1)
    refunds = refunds[refunds["refunded_at"] < end].copy()
    refunds["order_id"] = orders["order_id"].to_numpy()[refunds["order"]]
    orders["refunded"] = np.bincount(refunds["order"], weights=refunds["amount"], minlength=n).round(2)
    return refunds.sort_values(["refunded_at", "order"], kind="stable", ignore_index=True)
