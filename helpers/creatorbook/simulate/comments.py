"""Comments under the creators' posts, as a third-party exporter saves them: the first ones of each post."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from creatorbook.simulate.people import language_parts, phrases
from creatorbook.simulate.settings import Settings

#: Kinds of comments that an owner may answer.
ANSWERED = {"specific", "question", "generic"}

POD_SHOWS_UP = {"weak": (0.3, 0.45), "medium": (0.5, 0.7), "strong": (0.75, 0.95)}
SPAM_SHARE = {"weak": (0.1, 0.18), "medium": (0.22, 0.32), "strong": (0.38, 0.55)}

SYLLABLES = [consonant + vowel for consonant in "bdfghjklmnprstvwyz" for vowel in "aeio"]


@dataclass
class Crowd:
    """Who comments under one account's posts, and how.

    Attributes:
        regulars: handles that come back, most faithful first.
        pod: handles that comment early under each other's posts, in the order they usually come.
        pod_rate: chance that a pod member shows up under a post.
        spam: share of comments that are spam.
        lively: whether a small circle talks here all the time.
    """

    regulars: list[str]
    language: str
    generic: float
    reply_rate: float
    pod: list[str] = field(default_factory=list)
    pod_rate: float = 0.0
    spam: float = 0.0
    lively: bool = False


def draw_comments(
    people: pd.DataFrame, posts: pd.DataFrame, plants: pd.DataFrame, settings: Settings
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Comments one row each, with the hidden column `true_kind`; and pod members (pod, handle)."""
    random = settings.random("comments")
    crowds, members = _crowds(people, plants, settings, random)
    rows: list[list[object]] = []
    for post in _exported_posts(posts, settings).to_dict("records"):
        crowd = crowds[int(post["account"])]
        rows += _of_post(post, crowd, str(people.at[int(post["account"]), "handle"]), settings, random)
    columns = ["post_id", "account", "commenter", "commented_at", "text", "by_creator", "true_kind"]
    comments = pd.DataFrame(rows, columns=columns)
    comments["commented_at"] = pd.to_datetime(comments["commented_at"]).dt.floor("s")
    end = pd.Timestamp(settings.last_day) + pd.Timedelta(days=1)
    comments = comments[comments["commented_at"] < end]
    return comments.sort_values(["post_id", "commented_at"], kind="stable", ignore_index=True), members


def _exported_posts(posts: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    # saved while creators were vetted, and again for the campaign's own posts
    vetted = ~posts["campaign"] & (
        posts["published_at"] < pd.Timestamp(settings.start) - pd.Timedelta(days=3)
    )
    recent = posts[vetted].groupby("account").tail(settings.commented_posts).index
    wanted = posts["campaign"] | (posts["special"] != "") | posts.index.isin(recent)
    return posts[wanted & (posts["comments"] > 0)]


def invented_names(n: int, random: np.random.Generator) -> list[str]:
    """Invented handles of commenters."""
    parts = random.choice(SYLLABLES, (n, 5))
    length = random.integers(2, 5, n)
    kind, number = random.integers(0, 5, n), random.integers(1, 99, n)
    tails = zip(kind, number, parts[:, 4], strict=True)
    ends = [["", "", f"_{digits}", f".{part}", f"{1910 + digits}"][which] for which, digits, part in tails]
    return ["".join(part[:size]) + end for part, size, end in zip(parts, length, ends, strict=True)]


def invented_name(random: np.random.Generator) -> str:
    """One invented handle of a commenter."""
    return invented_names(1, random)[0]


def _crowds(
    people: pd.DataFrame, plants: pd.DataFrame, settings: Settings, random: np.random.Generator
) -> tuple[list[Crowd], pd.DataFrame]:
    lively = set(plants.loc[plants["kind"] == "lively_community", "account"])
    shared = invented_names(400, random)
    crowds = []
    for account, person in people.iterrows():
        small = account in lively
        size = int(random.integers(14, 26)) if small else int(20 + person["followers"] ** 0.55)
        regulars = invented_names(size, random)
        if not small:  # people of one market follow several creators of one niche
            regulars += list(random.choice(shared, size // 6, replace=False))
        reply = 0.75 if small else float(person["true_reply_rate"])
        generic = 0.12 if small else float(person["true_generic_share"])
        crowds.append(Crowd(regulars, str(person["language"]), generic, reply, lively=small))
    for plant in plants[plants["kind"] == "comment_spam"].itertuples():
        crowds[int(plant.account)].spam = float(random.uniform(*SPAM_SHARE[plant.strength]))
    return crowds, _join_pods(crowds, people, plants, random)


def _join_pods(
    crowds: list[Crowd], people: pd.DataFrame, plants: pd.DataFrame, random: np.random.Generator
) -> pd.DataFrame:
    rows = []
    for group, pod in plants[plants["kind"] == "pod"].groupby("group"):
        own = [str(people.at[int(account), "handle"]) for account in pod["account"]]
        handles = own + invented_names(int(random.integers(7, 14)), random)
        handles = [str(handle) for handle in random.permutation(handles)]
        rows += [[group, handle, handle in own] for handle in handles]
        for plant in pod.itertuples():
            crowd, handle = crowds[int(plant.account)], str(people.at[int(plant.account), "handle"])
            crowd.pod = [member for member in handles if member != handle]
            crowd.pod_rate = float(random.uniform(*POD_SHOWS_UP[plant.strength]))
    return pd.DataFrame(rows, columns=["pod", "commenter", "is_creator"])


def _of_post(
    post: dict[str, Any], crowd: Crowd, owner: str, settings: Settings, random: np.random.Generator
) -> list[list[object]]:
    total = min(int(post["comments"]), settings.comments_per_post)
    visitors = _visitors(crowd, total, post, random)
    rows: list[list[object]] = []
    base = [post["post_id"], post["account"]]
    for who, minutes, kind in visitors:
        when = pd.Timestamp(post["published_at"]) + pd.Timedelta(seconds=round(60 * minutes))
        text = _text(kind, crowd.language, settings, random)
        rows.append([*base, who, when, text, False, kind])
        if kind in ANSWERED and random.random() < crowd.reply_rate:
            rows.append([*base, owner, *reply_to(who, when, crowd.language, settings, random)])
    return rows


def reply_to(
    who: str, when: pd.Timestamp, language: str, settings: Settings, random: np.random.Generator
) -> list[object]:
    """What an account's owner answers to a comment some time later, as the last cells of a comment's row."""
    later = when + pd.Timedelta(minutes=float(random.exponential(90)) + 2)
    answer = _one(language_parts("comments", language, settings.niche)["reply"], random)
    return [later, f"@{who} {answer}", True, "reply"]


def _visitors(
    crowd: Crowd, total: int, post: dict[str, Any], random: np.random.Generator
) -> list[tuple[str, float, str]]:
    """Who comes, after how many minutes, with what kind of comment; earliest first."""
    pod = [
        (member, float(np.exp(random.normal(np.log(6 + 2.0 * place), 0.6))), "pod")
        for place, member in enumerate(crowd.pod)
        if random.random() < crowd.pod_rate
    ]
    rest = max(total - len(pod), 0)
    weight = 1 / np.arange(3, len(crowd.regulars) + 3) ** (0.5 if crowd.lively else 0.35)
    who = random.choice(len(crowd.regulars), rest, p=weight / weight.sum())
    pace = 35 if crowd.lively else 140
    minutes = np.exp(random.normal(np.log(pace), 1.2, rest))
    spam = random.random(rest) < crowd.spam
    kinds = random.choice(["specific", "question", "generic", "emoji", "tag", "foreign", "bot_like"],
                          rest, p=_mix(crowd, post))  # fmt: skip
    ordinary = [
        (
            invented_name(random) if is_spam else crowd.regulars[place],
            float(after),
            ("spam" if random.random() < 0.45 else "bot_like") if is_spam else str(kind),
        )
        for place, after, kind, is_spam in zip(who, minutes, kinds, spam, strict=True)
    ]
    return sorted(pod + ordinary, key=lambda visit: (visit[1], visit[0]))


def _mix(crowd: Crowd, post: dict[str, Any]) -> np.ndarray:
    if post["special"] == "giveaway":
        return np.array([0.05, 0.05, 0.1, 0.1, 0.66, 0.02, 0.02])
    little = crowd.generic
    with_content = max(0.0, 1 - little * 1.25 - 0.13)
    parts = np.array(
        [with_content * 0.62, with_content * 0.38, little * 0.8, little * 0.45, 0.07, 0.04, 0.02]
    )
    return parts if with_content else parts / parts.sum()


def _text(kind: str, language: str, settings: Settings, random: np.random.Generator) -> str:
    texts = phrases("texts")
    shared = texts["comments"]
    if kind in {"emoji", "bot_like", "pod", "spam"}:
        text = _one(shared[kind], random)
    elif kind == "foreign":
        other = _one(["tr", "pl", "it", "es", "ar", "fr", "en"], random)
        text = _one(
            language_parts("comments", other, settings.niche)[_one(["generic", "question"], random)], random
        )
    elif kind == "specific" and random.random() < 0.8:
        wording = language_parts("comments", language, settings.niche)
        text = f"{_one(wording['subjects'], random)} {_one(wording['predicates'], random)}{_one(wording['tails'], random)}"
    else:
        text = _one(language_parts("comments", language, settings.niche)[kind], random)
    pieces = texts["pieces"][settings.niche]
    text = text.format(
        piece=_one(pieces.get(language, pieces["en"]), random),
        friend=invented_name(random) if "{friend}" in text else "",
        friend2=invented_name(random) if "{friend2}" in text else "",
        amount=_one(["500 €", "$900", "£300", "1200$"], random) if "{amount}" in text else "",
    )
    return typed_carelessly(text, random)


def typed_carelessly(text: str, random: np.random.Generator) -> str:
    """People type carelessly: lower case, doubled marks, an emoji at the end."""
    chance = random.random()
    if chance < 0.2:
        text = text.lower()
    elif chance < 0.32:
        text = f"{text} {_one(phrases('texts')['comments']['emoji'], random)}"
    elif chance < 0.4:
        text = text.rstrip(".") + "!!"
    return text


def _one(options: list[str], random: np.random.Generator) -> str:
    return options[int(random.integers(len(options)))]
