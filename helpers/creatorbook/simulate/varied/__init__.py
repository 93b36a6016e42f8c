"""Creators without a shop, with planted signals that vary in strength, mix and timing: for studies of the checks.

The sample clients are made by the plain simulator, whose mechanisms are few. Here every planted thing differs
from account to account, its wording is wide, and ordinary accounts have advertising, good days and jokes too.
`strengths.yml` holds every number with its source. No step imports this package.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from creatorbook.simulate import captions, people, posts
from creatorbook.simulate.settings import Settings
from creatorbook.simulate.varied import comments, exports, growth
from creatorbook.simulate.varied.plants import choose_plants
from creatorbook.simulate.varied.strengths import packaged_yaml, strengths, within

__all__ = ["Creators", "draw_settings", "make_creators"]

NICHES = ("womenswear", "modest", "skincare", "outdoor")


@dataclass(frozen=True)
class Creators:
    """Canonical tables as plain frames, and what is planted in them.

    Attributes:
        tables: creators, posts, comments, follower_history, audience; nothing after `as_of`.
        planted: one row per planted thing and account: kind, strength, shape, group, innocent, handle, and
            `seen_from` to `seen_until`, days counted from the first of the record (−1: no days).
        as_of: the last day known.
    """

    tables: dict[str, pd.DataFrame]
    planted: pd.DataFrame
    as_of: pd.Timestamp


def draw_settings(seed: int) -> Settings:
    """A client of its own for each seed: niche, platforms, countries, size of the list, length of the record."""
    random = np.random.default_rng([seed, 77])
    low, high = strengths()["prevalence"]["creators"]
    instagram, home = random.uniform(0.3, 1.0), random.uniform(0.4, 0.9)
    return Settings(
        seed=seed,
        niche=str(random.choice(NICHES)),  # type: ignore[arg-type]
        platforms={"instagram": instagram, "tiktok": 1.02 - instagram},
        creator_countries={"DE": home, "FR": 0.5 * (1 - home), "GB": 0.5 * (1 - home)},
        creators=int(random.integers(low, high + 1)),
        people_with_two_handles=int(random.integers(0, 3)),
        days_before=int(random.integers(75, 151)),
        days_after=2,
        campaign_days=1,
        planted=[],
    )


def make_creators(seed: int) -> Creators:
    """Draw one client's creators, part by part, each from its own stream of chance."""
    settings = draw_settings(seed)
    who = people.draw_people(settings)
    plants = choose_plants(who, settings)
    _speak(who, plants, settings)
    drawn = growth.mark_posts(posts.draw_posts(who, settings), plants, settings)
    real, shown, plants = growth.draw_varied_followers(who, drawn, plants, settings)
    drawn = posts.add_figures(drawn, who, real, settings)
    drawn = captions.add_captions(drawn, who, settings)
    drawn = _giveaway_captions(drawn, who, settings)
    all_comments = comments.draw_varied_comments(who, drawn, plants, settings)
    tables = exports.canonical_tables(who, drawn, shown, plants, all_comments, settings)
    planted = plants.assign(handle=who.handle.to_numpy()[plants.account.to_numpy(dtype=int)])
    return Creators(tables, planted, pd.Timestamp(settings.start - timedelta(days=1)))


def _speak(who: pd.DataFrame, plants: pd.DataFrame, settings: Settings) -> None:
    """Creators who post in another language than their country's."""
    random = settings.random("varied languages")
    others = [*packaged_yaml("texts")["comments"], "tr", "pl", "it", "es", "ar"]
    for account in plants.account[plants.kind == "other_language"]:
        who.loc[account, "language"] = str(random.choice(others))
        who.loc[account, "true_own_language"] = within(
            strengths()["innocent"]["other_language"]["own"], random
        )
    biographies = people.phrases("texts")["biographies"]
    who["biography"] = [
        str(random.choice(biographies.get(language, biographies["en"]))).format(place=place, piece="")
        for language, place in zip(who.language, who.place, strict=True)
    ]


def _giveaway_captions(drawn: pd.DataFrame, who: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Giveaways announced in the creator's language and in many ways; some only in the picture."""
    random = settings.random("varied giveaways")
    texts = packaged_yaml("texts")["giveaway_captions"]
    share_in_caption = strengths()["innocent"]["giveaway"]["said_in_caption"]
    captions_now = drawn.caption.copy()
    for row in drawn.index[drawn.special == "giveaway"]:
        language = str(who.language[drawn.account[row]])
        named = random.random() < share_in_caption
        captions_now[row] = str(random.choice(texts.get(language, texts["en"]))) if named else "✨"
    return drawn.assign(caption=captions_now)
