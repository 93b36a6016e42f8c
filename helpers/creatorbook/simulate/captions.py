"""What posts say, and where the advertising label stands in them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from creatorbook.simulate.people import phrases, plain
from creatorbook.simulate.settings import Settings

#: What is wrong with a label, by planted shape: told in `truth/planted.csv`.
LABEL_MISTAKES = ("missing", "gifted_only", "at_end", "other_language")


def add_captions(
    posts: pd.DataFrame, people: pd.DataFrame, settings: Settings
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Posts with `caption`, `permalink` and `label_mistake`; and the planted label mistakes, one row each."""
    random = settings.random("captions")
    posts = posts.copy()
    mistakes = _mistakes(posts, people, settings, random)
    posts["label_mistake"] = mistakes
    posts["caption"] = [
        _caption(post, people.iloc[post["account"]], settings, random) for post in posts.to_dict("records")
    ]
    posts["permalink"] = [
        _permalink(people.iloc[account], post_id, kind)
        for account, post_id, kind in zip(posts["account"], posts["post_id"], posts["format"], strict=True)
    ]
    planted = posts.loc[mistakes != "", ["post_id", "account", "label_mistake"]]
    return posts, planted.reset_index(drop=True)


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
            fits &= np.isin(language, ["de", "fr"])
        free = posts.index[fits & ~posts["account"].isin(posts.loc[chosen != "", "account"])]
        for post in random.choice(free, min(plant.creators, len(free)), replace=False):
            chosen[post] = plant.shape
    return chosen


def _caption(
    post: dict[str, object], person: pd.Series, settings: Settings, random: np.random.Generator
) -> str:
    texts = phrases("texts")
    language = person["language"] if person["language"] in texts["captions"] else "en"
    words = texts["captions"][language]
    pieces = texts["pieces"][settings.niche]
    piece = _one(pieces.get(language, pieces["en"]), random)
    tags = " ".join(random.choice(words["tags"], min(3, len(words["tags"])), replace=False))
    if post["special"] == "giveaway":
        return f"{words.get('giveaway', texts['captions']['en']['giveaway']).format(piece=piece)} {tags}"
    opener, hook = _one(texts["openers"], random), _one(words["hooks"], random)
    body, end = _one(words["bodies"], random), _one(words["ends"], random)
    if post["campaign"]:
        text = _own_ad(words, piece, body, person, settings, random)
        return _labelled(text, tags, str(post["label_mistake"]), language, settings, random)
    text = f"{opener}{hook} {body} {end}".strip().format(piece=piece)
    if post["sponsored"]:
        label = _one(words.get("labels", texts["captions"]["en"]["labels"]), random)
        other = plain(_one(texts["other_brands"], random))
        return f"{label} {text} @{other} {tags}"
    return f"{text} {tags}"


def _own_ad(
    words: dict[str, list[str]],
    piece: str,
    body: str,
    person: pd.Series,
    settings: Settings,
    random: np.random.Generator,
) -> str:
    english = phrases("texts")["captions"]["en"]
    ad = _one(words.get("ad", english["ad"]), random)
    code = str(words.get("code", english["code"])).format(
        code=person["code"], percent=f"{settings.discount_percent:g}"
    )
    return f"{ad.format(piece=piece, brand=plain(settings.brand))} {body} {code}"


def _labelled(
    text: str,
    tags: str,
    mistake: str,
    language: str,
    settings: Settings,
    random: np.random.Generator,
) -> str:
    captions = phrases("texts")["captions"]
    label = _one(captions[language].get("labels", captions["en"]["labels"]), random)
    if mistake == "missing":
        return f"{text} {tags}"
    if mistake == "gifted_only":
        return f"{text} {tags} #gifted"
    if mistake == "at_end":
        first = tags.split()[0]
        return f"{text}\n\n{tags} {first.lower()}oftheday {label.strip(' |·–')}"
    if mistake == "other_language":
        return f"#ad {text} {tags}"
    return f"{label} {text} {tags}"


def _one(options: list[str], random: np.random.Generator) -> str:
    return options[int(random.integers(len(options)))]


def _permalink(person: pd.Series, post_id: str, kind: str) -> str:
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
