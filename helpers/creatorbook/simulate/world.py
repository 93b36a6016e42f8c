"""Everything that is true of a simulated client, before any of it is written to a file."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from creatorbook.simulate import comments, growth, outcomes, people, posts, prices, shop, traces
from creatorbook.simulate.campaigns import OneCampaign, draw_abilities, draw_earlier, with_words
from creatorbook.simulate.settings import Settings


@dataclass
class World:
    """The tables of a simulated client; hidden columns and tables are told in `truth/` only.

    Attributes:
        people: with the fee they ask for the campaign that starts last, planned or not.
        results: of the last campaign that ran.
        posts: of all campaigns; `of` names each one's.
        campaigns: those that ran, the first one first.
        abilities, prices: see `campaigns` and `prices`.
    """

    settings: Settings
    people: pd.DataFrame
    plants: pd.DataFrame
    results: pd.DataFrame
    posts: pd.DataFrame
    shop: shop.Shop
    real_followers: np.ndarray
    shown_followers: np.ndarray
    comments: pd.DataFrame
    pods: pd.DataFrame
    clicks: pd.DataFrame
    sessions: pd.DataFrame
    survey: pd.DataFrame
    campaigns: tuple[OneCampaign, ...]
    abilities: pd.DataFrame
    prices: pd.DataFrame

    @property
    def gap(self) -> range:
        """Days without website measurement, counted from the first day."""
        return traces.tracking_gap(self.settings)

    @property
    def click_gap(self) -> range:
        """The shortener fails too where the client has no website analytics; else it goes on counting."""
        return range(0) if "ga4" in self.settings.files else self.gap


def make_world(settings: Settings) -> World:
    """Draw a whole client, part by part, each from its own stream of chance."""
    who = people.draw_people(settings)
    plants = outcomes.assign_plants(who, settings)
    drawn = growth.mark_special_posts(posts.draw_posts(who, settings), plants, settings)
    real, shown, plants = growth.draw_followers(who, drawn, plants, settings)
    drawn = posts.add_figures(drawn, who, real, settings)
    drawn = with_words(drawn, who, settings)
    _fill_in_list(who, drawn, settings)
    results = outcomes.draw_results(who, settings)
    abilities = draw_abilities(results, settings)
    last = OneCampaign(settings, who, drawn, results)
    ran = _numbered((*draw_earlier(last, abilities, real), last))
    drawn = pd.concat([one.posts for one in (ran[-1], *ran[:-1])])
    asked = prices.draw_prices(who, ran, settings)
    latest = settings.upcoming.campaign if settings.upcoming else settings.campaign
    ran = tuple(replace(one, people=prices.with_fees(one.people, asked, one.name)) for one in ran)
    sold = shop.draw_shop(ran, settings)
    all_comments, pods = comments.draw_comments(who, drawn, plants, settings)
    parts = [traces.draw_clicks(one.people, one.posts, one.results, one.settings) for one in ran]
    clicks = pd.concat(parts, ignore_index=True)
    return World(
        settings=settings,
        people=prices.with_fees(who, asked, latest),
        plants=plants,
        results=results,
        posts=drawn,
        shop=sold,
        real_followers=real,
        shown_followers=shown,
        comments=all_comments,
        pods=pods,
        clicks=clicks,
        sessions=traces.draw_sessions(clicks, sold, settings),
        survey=traces.draw_survey(who, sold, settings),
        campaigns=ran,
        abilities=abilities,
        prices=asked,
    )


def _numbered(ran: tuple[OneCampaign, ...]) -> tuple[OneCampaign, ...]:
    """Campaigns whose posts have rows of their own in the world's table and name their campaign.

    The last one's come first, because the everyday posts are among them.
    """
    first, numbered = len(ran[-1].posts), []
    for one in ran[:-1]:
        numbered.append(
            replace(one, posts=one.posts.set_axis(range(first, first + len(one.posts))).assign(of=one.name))
        )
        first += len(one.posts)
    own = ran[-1].posts["campaign"]
    last = replace(ran[-1], posts=ran[-1].posts.assign(of=own.map({True: ran[-1].name, False: ""})))
    return (*numbered, last)


def _fill_in_list(who: pd.DataFrame, drawn: pd.DataFrame, settings: Settings) -> None:
    """What the brand wrote into its creators list by hand: typical figures, first post, deliverables, status."""
    random = settings.random("creators list")
    texts = people.phrases("texts")
    start = pd.Timestamp(settings.start)
    before = drawn[(drawn["published_at"] < start) & ~drawn["sponsored"]].groupby("account").tail(9)
    typical = before.groupby("account")[["likes", "comments", "views"]].median().reindex(who.index)
    checked = random.random(len(who)) < 0.75
    for column in typical:
        who[f"typical_{column}"] = typical[column].where(checked).round()
    first = drawn[drawn["campaign"]].groupby("account").first().reindex(who.index)
    who["posted_on"] = first["published_at"].dt.strftime("%Y-%m-%d")
    who["post_url"] = first["permalink"]
    formats = drawn[drawn["campaign"]].groupby("account")["format"].agg(list).reindex(who.index)
    who["formats"] = [" + ".join(kinds) if isinstance(kinds, list) else None for kinds in formats]
    who["deliverables"] = [
        ", ".join(f"{kinds.count(kind)} {kind}{'s' if kinds.count(kind) > 1 else ''}" for kind in dict.fromkeys(kinds))
        if isinstance(kinds, list) else None
        for kinds in formats
    ]  # fmt: skip
    posted = first["permalink"].notna().to_numpy()
    who["status"] = np.where(posted, np.where(who["benefit"] == "fee", "paid", "live"), "shipped")
    who["niche"] = random.choice(texts["niches"][settings.niche], len(who))
    who["source"] = random.choice(texts["sources"], len(who))
    pieces = texts["pieces"][settings.niche]
    who["biography"] = [
        str(random.choice(texts["biographies"][language])).format(
            place=place, piece=random.choice(pieces.get(language, pieces["en"]))
        )
        for language, place in zip(who["language"], who["place"], strict=True)
    ]
