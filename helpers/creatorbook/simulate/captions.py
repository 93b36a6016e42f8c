"""What posts say, and where the advertising label stands in them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from creatorbook.simulate.mistakes import languages, own_wording, wrong_label
from creatorbook.simulate.people import language_parts, phrases, plain
from creatorbook.simulate.settings import Settings


class Caption(NamedTuple):
    """A caption with what it is about, and the words that stand in place of a right label."""

    text: str
    piece: str
    wrong_label: str = ""


def add_captions(posts: pd.DataFrame, people: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Posts with `caption`, `permalink`, `piece`, and the planted `label_mistake` with its `label_words`.

    What a campaign post says besides, if anything, stands in `addition`; the code it spells in `written_code`.
    """
    random = settings.random("captions")
    posts = posts.copy()
    posts["label_mistake"] = _mistakes(posts, people, settings, random)
    # some creators have mentioned the brand before, without being asked
    fans = random.random(len(people)) < 0.12
    posts["fan"] = fans[posts["account"]] & (random.random(len(posts)) < 0.07) & ~posts["sponsored"]
    who = people.to_dict("records")
    written = [_caption(post, who[post["account"]], settings, random) for post in posts.to_dict("records")]
    posts["caption"] = [caption.text for caption in written]
    posts["piece"] = [caption.piece for caption in written]
    posts["label_words"] = [caption.wrong_label for caption in written]
    posts["permalink"] = [
        _permalink(who[account], post_id, kind)
        for account, post_id, kind in zip(posts["account"], posts["post_id"], posts["format"], strict=True)
    ]
    return posts


def _mistakes(
    posts: pd.DataFrame, people: pd.DataFrame, settings: Settings, random: np.random.Generator
) -> pd.Series:
    chosen = pd.Series("", index=posts.index, dtype=object)
    language = people["language"].to_numpy()[posts["account"]]
    benefit = people["benefit"].to_numpy()[posts["account"]]
    for plant in settings.planted:
        if plant.kind != "label":
            continue
        fits = posts["campaign"] & (chosen == "")
        if plant.shape == "gifted_only":
            fits &= (benefit == "gift") & (language == "en")
        if plant.shape == "other_language":
            fits &= np.isin(language, languages(settings) if settings.ads_in_own_language else ["de", "fr"])
        if plant.shape in {"among_hashtags", "after_more", "ambiguous"}:
            fits &= np.isin(language, languages(settings))
        free = posts.index[fits & ~posts["account"].isin(posts.loc[chosen != "", "account"])]
        for post in random.choice(free, min(plant.creators, len(free)), replace=False):
            chosen[post] = plant.shape
    return chosen


def _caption(
    post: dict[str, Any], person: dict[str, Any], settings: Settings, random: np.random.Generator
) -> Caption:
    texts = phrases("texts")
    language = str(person["language"])
    wording = language_parts("captions", language, settings.niche) | own_wording(language, settings)
    pieces = texts["pieces"][settings.niche]
    piece = _one(pieces.get(language, pieces["en"]), random)
    tags = " ".join(random.choice(wording["tags"], min(3, len(wording["tags"])), replace=False))
    if post["special"] == "giveaway":
        return Caption(f"{wording['giveaway'].format(piece=piece)} {tags}", piece)
    body = _one(wording["bodies"], random)
    if post["campaign"]:
        piece = post.get("article") or piece
        body = f"{body} {post.get('addition', '')}".strip()
        text = _own_ad(wording, piece, body, str(post.get("written_code", person["code"])), settings, random)
        mistake, brand = str(post["label_mistake"]), plain(settings.brand)
        text, wrong = _labelled(
            text, tags, mistake, _one(wording["labels"], random),
            lambda: wrong_label(mistake, language, brand, random),
        )  # fmt: skip
        return Caption(text, piece, wrong)
    hook = _begin(_one(wording["hooks"], random).format(piece=piece))
    text = f"{_one(texts['openers'], random)}{hook} {body} {_one(wording['ends'], random)}".strip()
    if post["sponsored"]:
        other = plain(_one(texts["other_brands"], random))
        return Caption(f"{_one(wording['labels'], random)} {text} @{other} {tags}", piece)
    if post["fan"]:
        text = f"{text} @{plain(settings.brand)}"
    return Caption(f"{text} {tags}", piece)


def _begin(text: str) -> str:
    """Sentences with capital letters in front."""
    return re.sub(r"(^|[.!?] )(\w)", lambda start: start[1] + start[2].upper(), text)


def _own_ad(
    wording: dict[str, Any],
    piece: str,
    body: str,
    code: str,
    settings: Settings,
    random: np.random.Generator,
) -> str:
    ad = _one(wording["ad"], random).format(piece=piece, brand=plain(settings.brand))
    saves = wording["code"].format(code=code, percent=f"{settings.discount_percent:g}")
    return f"{_begin(ad)} {body} {saves}"


def _labelled(text: str, tags: str, mistake: str, label: str, wrong: Callable[[], str]) -> tuple[str, str]:
    """The caption with its label first, or with the planted mistake; and the words of that mistake.

    Args:
        wrong: gives the words that do not do, for the shapes that have any.
    """
    bare = label.strip(" |·–")
    if mistake in {"other_language", "ambiguous"}:
        words = wrong()
        return f"{words} {text} {tags}", words
    if mistake == "among_hashtags":
        words = wrong()
        first, *others = tags.split()
        return f"{' '.join([first, words, *others])} {text}", words
    shapes = {
        "missing": (f"{text} {tags}", ""),
        "gifted_only": (f"{text} {tags} #gifted", "#gifted"),
        "at_end": (f"{text}\n\n{tags} {bare}", bare),
        "after_more": (f"{text}\n.\n.\n.\n{bare}\n{tags}", bare),
    }
    return shapes.get(mistake, (f"{label} {text} {tags}", ""))


def _one(options: list[str], random: np.random.Generator) -> str:
    return options[int(random.integers(len(options)))]


def _permalink(person: dict[str, Any], post_id: str, kind: str) -> str:
    handle = person["handle"]
    if person["platform"] == "tiktok":
        return f"https://www.tiktok.com/@{handle}/video/{post_id}"
    if person["platform"] == "youtube":
        return f"https://www.youtube.com/{'shorts/' if kind == 'short' else 'watch?v='}{post_id}"
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    number, short = int(post_id), ""
    while number:
        number, digit = divmod(number, 64)
        short = letters[digit] + short
    return f"https://www.instagram.com/{'reel' if kind == 'reel' else 'p'}/{short}/"
