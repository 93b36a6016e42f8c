"""Held-back styles and regions: what creators do not show, so that lift can be measured (product and geo hold-out).

The model: baseline orders fall on every style and region as ever. Orders that creators cause (incremental ones) hold
shown styles only, and come from regions that are not held back; a region is kept from them whole, so that orders
which would have come anyway carry no code there either. Leaked codes know no such bounds. `slipped` creators show
one held-back style in one post after all, name it in the caption, and that post's orders hold it; where only
regions are held back they announce themselves in such a region, and that post's orders come from anywhere.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from creatorbook.client.campaign_records import Baseline, LiftPlan
from creatorbook.problems import Problem
from creatorbook.simulate.people import address_place, article_name, phrases
from creatorbook.simulate.settings import Settings
from creatorbook.stats.lift_effect import LEVEL
from creatorbook.stats.lift_power import POWER

#: Numbers of customers who came because of a creator and would live where nobody showed anything.
MOVED_CUSTOMERS = 20_000_000

#: Whole weeks before launch that the plan compares with, at most.
BASELINE_DAYS = 84


def articles(settings: Settings) -> list[str]:
    """The styles the shop sells, by name."""
    catalogue = phrases("people")["catalogue"][settings.niche]
    return [article_name(piece, style) for piece, *_ in catalogue["pieces"] for style in catalogue["styles"]]


def regions(settings: Settings) -> list[str]:
    """The regions that orders of the shop's markets name."""
    places = phrases("people")["places"]
    named = [place[2] for country in settings.markets for place in places[country] if place[2]]
    return list(dict.fromkeys(named))


def check_names(settings: Settings) -> None:
    """Refuse a style or region nobody has, and a hold-out that leaves nothing to show.

    Raises:
        Problem: says which name is wrong.
    """
    parts = {"style": (settings.held_back.styles, articles), "region": (settings.held_back.regions, regions)}
    for what, (names, of) in parts.items():
        if not names:
            continue
        every = of(settings)
        for name in names:
            if name not in every:
                todo = f"One of: {', '.join(every)}."
                raise Problem(f"no {what} of this shop is called “{name}”", column="held_back", todo=todo)
        if set(names) >= set(every):
            raise Problem(f"every {what} is held back", column="held_back", todo="Leave some to be shown.")


def show_styles(posts: pd.DataFrame, people: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Posts with `article` (the style shown), `slip` (what should not have been) and `addition` (what says so)."""
    random = settings.random("held back")
    check_names(settings)
    posts = posts.assign(article="", slip="", addition="")
    campaign = posts.index[posts["campaign"]]
    hold_out = settings.held_back
    if hold_out.styles:
        shown = [name for name in articles(settings) if name not in hold_out.styles]
        posts.loc[campaign, "article"] = random.choice(shown, len(campaign))
    first = posts.loc[campaign].groupby("account").head(1).index
    wanted = min(hold_out.slipped, len(first)) if hold_out.styles or hold_out.regions else 0
    for post in np.sort(random.choice(first, wanted, replace=False)):
        posts.at[post, "slip"] = str(random.choice(hold_out.styles or hold_out.regions))
        if hold_out.styles:
            posts.at[post, "article"] = posts.at[post, "slip"]
        else:
            language = str(people.at[posts.at[post, "account"], "language"])
            posts.at[post, "addition"] = _announced(posts.at[post, "slip"], language, random)
    return posts


def _announced(region: str, language: str, random: np.random.Generator) -> str:
    """The sentence that names a town of a region that was to be left alone."""
    options = phrases("additions")["comes_to"]
    places = [place for every in phrases("people")["places"].values() for place in every]
    town = next(place[0] for place in places if place[2] == region)
    return str(random.choice(options.get(language, options["en"]))).format(place=town)


def out_of_reach(orders: pd.DataFrame, settings: Settings) -> np.ndarray:
    """Which orders come from a region that is held back, so that no creator can have had a part in them."""
    closed = set(settings.held_back.regions)
    if not closed:
        return np.zeros(len(orders), dtype=bool)
    pairs = zip(orders["country"], orders["customer"], strict=True)
    return np.array(
        [address_place(country, int(customer))[2] in closed for country, customer in pairs], dtype=bool
    )


def caused_orders(orders: pd.DataFrame, settings: Settings) -> pd.Series:
    """Which orders only came because of a creator of this campaign."""
    own = (orders["cause"] == "creator") & (orders["campaign"] == settings.campaign)
    return own & orders["incremental"]


def reached_customers(orders: pd.DataFrame, slip: pd.Series, settings: Settings) -> pd.DataFrame:
    """Orders with the caused ones that lay in a held-back region moved to customers elsewhere.

    Args:
        slip: what each post showed by mistake, by the post's row.
    """
    if not settings.held_back.regions:
        return orders
    orders, closed = orders.copy(), set(settings.held_back.regions)
    slipped = orders["post"].map(slip).isin(closed)
    open_countries = [
        country
        for country in settings.markets
        if any(place[2] not in closed for place in phrases("people")["places"][country])
    ]
    moved = orders.index[caused_orders(orders, settings) & ~slipped & out_of_reach(orders, settings)]
    for number, row in enumerate(moved):
        if orders.at[row, "country"] not in open_countries:
            orders.at[row, "country"] = open_countries[number % len(open_countries)]
        country, customer = orders.at[row, "country"], MOVED_CUSTOMERS + 101 * number
        while address_place(country, customer)[2] in closed:
            customer += 1
        orders.at[row, "customer"] = customer
    return orders


def shown_products(
    product: np.ndarray,
    order: np.ndarray,
    orders: pd.DataFrame,
    products: pd.DataFrame,
    slip: pd.Series,
    settings: Settings,
) -> np.ndarray:
    """The product of each order line, with held-back styles taken out of what creators caused.

    Args:
        product: row of `products` by line, as drawn without a hold-out.
        order: row of `orders` by line.
        slip: what each post showed by mistake, by the post's row.
    """
    if not settings.held_back.styles:
        return product
    random = settings.random("shown styles")
    product, weight = product.copy(), products["true_weight"].to_numpy()
    not_shown = products["product"].isin(settings.held_back.styles).to_numpy()
    by_creators = caused_orders(orders, settings).to_numpy()[order]
    wrong = by_creators & not_shown[product]
    shown = np.where(not_shown, 0, weight)
    product[wrong] = random.choice(len(products), int(wrong.sum()), p=shown / shown.sum())
    slipped = orders["post"].map(slip).fillna("").to_numpy()[order]
    first = ~pd.Series(order).duplicated().to_numpy()
    for style in sorted(set(slipped[by_creators]) - {""}):
        own = np.where(products["product"] == style, weight, 0)
        lines = by_creators & first & (slipped == style)
        product[lines] = random.choice(len(products), int(lines.sum()), p=own / own.sum())
    return product


def stored_plan(settings: Settings) -> LiftPlan | None:
    """The hold-out as it is stored before launch; none where nothing is held back or no whole week precedes.

    With both kinds held back the plan compares the styles.
    """
    hold_out, span = settings.held_back, min(BASELINE_DAYS, settings.days_before) // 7 * 7
    days = settings.campaign_days // 7 * 7
    if not (hold_out.styles or hold_out.regions) or not span or not days:
        return None
    every, untouched = (articles, hold_out.styles) if hold_out.styles else (regions, hold_out.regions)
    start = settings.start
    return LiftPlan(
        written_on=start - timedelta(days=7),
        by="the brand's shop manager",
        design="product_holdout" if hold_out.styles else "geo_holdout",
        reason="agreed with everybody who posts, before the first parcel went out",
        baseline=Baseline(starts_on=start - timedelta(days=span), ends_on=start - timedelta(days=1)),
        starts_on=start,
        ends_on=start + timedelta(days=days - 1),
        treated=[name for name in every(settings) if name not in untouched],
        untouched=list(untouched),
        budget=settings.budget,
        level=LEVEL,
        power=POWER,
    )
