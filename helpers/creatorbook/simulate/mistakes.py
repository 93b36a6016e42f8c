"""Mistakes in campaign captions, in several languages: label words that do not do, and claims without proof.

The model: a `label` plant of some shape falls on posts of creators who each make one such mistake; what each shape
writes is told at `LABEL_SHAPES`. A `claim` plant adds one sentence with a claim to a caption: `green`, `health` or
`price`, none of which anybody proved, or `innocent`, words that only sound like one. Words are in `mistakes.yml`,
for German, French and English and, with `ads_in_own_language`, for Italian and Spanish ads too.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from creatorbook.simulate.people import phrases
from creatorbook.simulate.settings import Settings


def languages(settings: Settings) -> list[str]:
    """Languages whose ads are written in full: label, advertisement and code."""
    return ["de", "fr", "en", "it", "es"] if settings.ads_in_own_language else ["de", "fr", "en"]


def own_wording(language: str, settings: Settings) -> dict[str, object]:
    """What an ad says in a language that `texts.yml` has no ads in; empty unless asked for."""
    return phrases("mistakes")["wording"].get(language, {}) if settings.ads_in_own_language else {}


def wrong_label(shape: str, language: str, brand: str, random: np.random.Generator) -> str:
    """The words that stand where the label should, or should not."""
    words = phrases("mistakes")["labels"]
    if shape == "among_hashtags":
        return str(words["hashtag"].get(language, words["hashtag"]["en"]))
    kind = "foreign" if shape == "other_language" else "ambiguous"
    options = words[kind].get(language, words[kind]["en"])
    return str(random.choice(options)).format(brand=brand)


def add_claims(posts: pd.DataFrame, people: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Posts with `claim` (its shape) and `claim_words`, said at the end of `addition`; one claim per account at most."""
    random = settings.random("claims")
    posts = posts.assign(claim="", claim_words="")
    language = people["language"].to_numpy()[posts["account"]]
    fits = posts["campaign"] & np.isin(language, languages(settings))
    for plant in settings.planted:
        if plant.kind != "claim":
            continue
        free = posts.index[fits & ~posts["account"].isin(posts.loc[posts["claim"] != "", "account"])]
        for post in random.choice(free, min(plant.creators, len(free)), replace=False):
            sentence = _sentence(plant.shape, str(language[post]), settings, random)
            spoken = re.sub(r"[\[\]]", "", sentence)
            posts.at[post, "claim"] = plant.shape
            posts.at[post, "claim_words"] = sentence[sentence.index("[") + 1 : sentence.index("]")]
            posts.at[post, "addition"] = f"{posts.at[post, 'addition']} {spoken}".strip()
    return posts


def _sentence(shape: str, language: str, settings: Settings, random: np.random.Generator) -> str:
    by_goods = phrases("mistakes")["claims"][shape]
    goods = "skin" if settings.niche == "skincare" else "wear"
    return str(random.choice(by_goods.get(goods, by_goods.get("any"))[language]))
