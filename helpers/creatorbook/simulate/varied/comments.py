"""Comments of many wordings: ordinary crowds, lively circles with friends, groups by agreement, advertising."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from creatorbook.simulate.comments import (
    ANSWERED,
    SYLLABLES,
    invented_name,
    invented_names,
    reply_to,
    typed_carelessly,
)
from creatorbook.simulate.people import language_parts, phrases
from creatorbook.simulate.settings import Settings
from creatorbook.simulate.varied.strengths import beta, packaged_yaml, strengths, whole, within

#: A visit: who, minutes after the post, what kind of comment.
CommentVisit = tuple[str, float, str]


@dataclass
class VariedCrowd:
    """Who comments under one account's posts, and how.

    Attributes:
        regulars: handles that come back, most faithful first.
        circle: a small lively circle, told of every post; the rest are outsiders.
        outsiders: share of comments that are not the circle's.
        pod: each member's own chance to come; `called`: share of posts the group is called to.
        stock: share of the group's comments that are stock phrases.
        spam: share of comments that are advertising or stock praise by strangers.
        local: share of the advertising that is in the account's language.
        joke: a sentence of the community, and how much of the comments it is.
    """

    language: str
    regulars: list[str]
    generic: float
    reply_rate: float
    own_language: float
    advertising: float
    praise: float
    circle: list[str] = field(default_factory=list)
    outsiders: float = 1.0
    pod: dict[str, float] = field(default_factory=dict)
    called: float = 1.0
    minutes: float = 10.0
    stock: float = 0.5
    spam: float = 0.0
    spam_is_advertising: float = 0.5
    local: float = 0.0
    phrases: list[str] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    same_senders: float = 0.0
    joke: tuple[str, float] = ("", 0.0)


def draw_varied_comments(
    people: pd.DataFrame, posts: pd.DataFrame, plants: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """Comments one row each, with the hidden column `true_kind`: the first twenty of recent posts."""
    random = settings.random("varied comments")
    crowds = _crowds(people, plants, settings, random)
    before = posts[~posts.campaign & (posts.comments > 0)]
    before = before[before.published_at < pd.Timestamp(settings.start) - pd.Timedelta(days=2)]
    recent = before.groupby("account").tail(settings.commented_posts).index
    wanted = before[before.index.isin(recent) | (before.special != "")]
    rows: list[list[object]] = []
    for post in wanted.to_dict("records"):
        account = int(post["account"])
        rows += _of_post(post, crowds[account], str(people.handle[account]), settings, random)
    columns = ["post_id", "account", "commenter", "commented_at", "text", "by_creator", "true_kind"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["commented_at"] = pd.to_datetime(frame.commented_at).dt.floor("s")
    return frame.sort_values(["post_id", "commented_at"], kind="stable", ignore_index=True)


def _crowds(
    people: pd.DataFrame, plants: pd.DataFrame, settings: Settings, random: np.random.Generator
) -> list[VariedCrowd]:
    ordinary, n = strengths()["ordinary"], len(people)
    advertising, praise = (beta(ordinary[name], random, n) for name in ("advertising", "stock_praise"))
    shared = invented_names(400, random)
    own = people.get("true_own_language", pd.Series(np.nan, index=people.index))
    crowds = []
    for account, person in people.iterrows():
        size = int(20 + person.followers**0.55)
        regulars = invented_names(size, random) + [
            str(name) for name in random.choice(shared, size // 6, replace=False)
        ]
        english = within(ordinary["english"], random)
        crowds.append(
            VariedCrowd(
                language=str(person.language),
                regulars=regulars,
                generic=float(person.true_generic_share),
                reply_rate=float(person.true_reply_rate),
                own_language=1 - english if np.isnan(own[account]) else float(own[account]),
                advertising=float(advertising[account]),
                praise=float(praise[account]),
                joke=_joke(ordinary["running_joke"], random),
            )
        )
    _lively(crowds, plants, random)
    _spam(crowds, plants, random)
    _pods(crowds, people, plants, random)
    return crowds


def _joke(joke: dict[str, Any], random: np.random.Generator) -> tuple[str, float]:
    sentence = _one(packaged_yaml("texts")["running_joke"], random)
    part = within(joke["part"], random)
    return (sentence, part) if random.random() < joke["share_of_accounts"] else ("", 0.0)


def _lively(crowds: list[VariedCrowd], plants: pd.DataFrame, random: np.random.Generator) -> None:
    """Small circles that talk all the time; some share a few friends with another circle of the list."""
    lively = strengths()["innocent"]["lively_community"]
    before: list[str] = []
    for plant in plants[plants.kind == "lively_community"].itertuples():
        crowd = crowds[int(plant.account)]
        crowd.circle = invented_names(whole(lively["people"], random), random)
        if before and random.random() < lively["share_with_friends"]:
            friends = min(whole(lively["friends"], random), len(before), len(crowd.circle))
            places = random.choice(len(crowd.circle), friends, replace=False)
            chosen = random.choice(before, friends, replace=False)
            for place, friend in zip(places, chosen, strict=True):
                crowd.circle[int(place)] = str(friend)
        before = crowd.circle
        crowd.outsiders = within(lively["outsiders"], random)
        crowd.generic, crowd.reply_rate = 0.12, 0.75


def _spam(crowds: list[VariedCrowd], plants: pd.DataFrame, random: np.random.Generator) -> None:
    spam = strengths()["comment_spam"]
    for plant in plants[plants.kind == "comment_spam"].itertuples():
        crowd = crowds[int(plant.account)]
        crowd.spam = within(spam[plant.strength], random)
        crowd.spam_is_advertising = within(spam["advertising"], random)
        crowd.local = within(spam["local"], random)
        pool = packaged_yaml("texts")["stock_praise"]
        count = min(whole(spam["phrases"], random), len(pool))
        crowd.phrases = [str(text) for text in random.choice(pool, count, replace=False)]
        crowd.senders = invented_names(12, random)
        crowd.same_senders = within(spam["same_senders"], random)


def _pods(
    crowds: list[VariedCrowd], people: pd.DataFrame, plants: pd.DataFrame, random: np.random.Generator
) -> None:
    group = strengths()["pod"]
    for _, pod in plants[plants.kind == "pod"].groupby("group"):
        own = [str(people.handle[int(account)]) for account in pod.account]
        outside = invented_names(whole(group["members"], random), random)
        for plant in pod.itertuples():
            crowd, handle = crowds[int(plant.account)], str(people.handle[int(plant.account)])
            mean = within(group[plant.strength], random)
            members = [name for name in own + outside if name != handle]
            chances = random.beta(mean * 5, (1 - mean) * 5, len(members))
            crowd.pod = dict(zip(members, chances, strict=True))
            crowd.called = within(group["called"], random)
            crowd.minutes, crowd.stock = within(group["minutes"], random), within(group["stock"], random)


def _of_post(
    post: dict[str, Any], crowd: VariedCrowd, owner: str, settings: Settings, random: np.random.Generator
) -> list[list[object]]:
    visits = _visits(post, crowd, settings, random)
    rows: list[list[object]] = []
    base = [post["post_id"], post["account"]]
    for who, minutes, kind in visits:
        when = pd.Timestamp(post["published_at"]) + pd.Timedelta(seconds=round(60 * minutes))
        rows.append([*base, who, when, _text(kind, crowd, settings, random), False, kind])
        if kind in ANSWERED and random.random() < crowd.reply_rate:
            rows.append([*base, owner, *reply_to(who, when, crowd.language, settings, random)])
    return rows


def _visits(
    post: dict[str, Any], crowd: VariedCrowd, settings: Settings, random: np.random.Generator
) -> list[CommentVisit]:
    """Who comes, when and with what kind of comment; the earliest that the exporter takes."""
    called = random.random() < crowd.called
    pod: list[CommentVisit] = [
        (
            name,
            float(np.exp(random.normal(np.log(crowd.minutes), 0.8))),
            "pod_stock" if random.random() < crowd.stock else "specific",
        )
        for name, chance in crowd.pod.items()
        if called and random.random() < chance
    ]
    total = min(int(post["comments"]), settings.comments_per_post)
    rest = [_ordinary(post, crowd, random) for _ in range(max(total - len(pod), 0 if crowd.pod else total))]
    return sorted(pod + rest, key=lambda visit: (visit[1], visit[0]))[: max(total, 1)]


def _ordinary(post: dict[str, Any], crowd: VariedCrowd, random: np.random.Generator) -> CommentVisit:
    """One visit by anyone who is not in a group by agreement."""
    pace = 140.0
    if random.random() < crowd.spam:
        from_pool = crowd.senders and random.random() < crowd.same_senders
        who = _one(crowd.senders, random) if from_pool else invented_name(random)
        return who, float(np.exp(random.normal(np.log(60), 1.4))), _spam_kind(crowd, random)
    if random.random() < crowd.advertising:
        return invented_name(random), float(np.exp(random.normal(np.log(300), 1.2))), "advertising"
    if crowd.circle and random.random() >= crowd.outsiders:
        who, pace = crowd.circle[int(len(crowd.circle) * random.random() ** 1.3)], 25.0
    else:
        who = crowd.regulars[int(len(crowd.regulars) * random.random() ** 1.4)]
    return who, float(np.exp(random.normal(np.log(pace), 1.2))), _kind(post, crowd, random)


def _spam_kind(crowd: VariedCrowd, random: np.random.Generator) -> str:
    return "advertising" if random.random() < crowd.spam_is_advertising else "planted_praise"


def _kind(post: dict[str, Any], crowd: VariedCrowd, random: np.random.Generator) -> str:
    if post["special"] == "giveaway":
        weights = [0.05, 0.05, 0.1, 0.1, 0.68, 0.02]
    else:
        little = crowd.generic
        with_content = max(0.1, 1 - little * 1.25 - 0.07 - crowd.praise)
        weights = [with_content * 0.62, with_content * 0.38, little * 0.8, little * 0.45, 0.07, crowd.praise]
    if random.random() < crowd.joke[1]:
        return "joke"
    place = int(np.searchsorted(np.cumsum(weights), random.random() * sum(weights)))
    return ("specific", "question", "generic", "emoji", "tag", "praise")[min(place, 5)]


def _text(kind: str, crowd: VariedCrowd, settings: Settings, random: np.random.Generator) -> str:
    """One comment; most people write in the account's language, some in English."""
    language = crowd.language if random.random() < crowd.own_language else "en"
    if kind == "joke":
        return typed_carelessly(crowd.joke[0], random)
    if kind == "advertising":
        return _advertising(crowd, settings, random)
    if kind == "planted_praise":
        return typed_carelessly(_one(crowd.phrases, random), random)
    if kind == "praise":
        return typed_carelessly(_one(packaged_yaml("texts")["stock_praise"], random), random)
    if kind == "pod_stock":
        return typed_carelessly(_one(packaged_yaml("texts")["pod"], random), random)
    if kind == "emoji":
        return _one(phrases("texts")["comments"]["emoji"], random)
    wording = packaged_yaml("texts")["comments"].get(language) or language_parts(
        "comments", language, settings.niche
    )
    if kind == "specific":
        parts = (_one(wording[name], random) for name in ("subjects", "predicates", "tails"))
        return typed_carelessly("{} {}{}{}".format(*parts, _detail(random)), random)
    if kind == "tag":
        return " ".join(f"@{invented_name(random)}" for _ in range(int(random.integers(1, 4))))
    pieces = phrases("texts")["pieces"][settings.niche]
    text = _one(wording[kind], random).replace("{piece}", _one(pieces.get(language, pieces["en"]), random))
    return typed_carelessly(text, random)


def _detail(random: np.random.Generator) -> str:
    """Most people add something of their own: invented words stand for names, towns and things."""
    count = int(random.choice(4, p=[0.3, 0.35, 0.25, 0.1]))
    made = ["".join(random.choice(SYLLABLES, int(random.integers(2, 4)))) for _ in range(count)]
    return "".join(f" {word.capitalize()}" for word in made)


def _advertising(crowd: VariedCrowd, settings: Settings, random: np.random.Generator) -> str:
    texts = packaged_yaml("texts")["advertising"]
    language = crowd.language if crowd.language in texts and random.random() < crowd.local else "en"
    made = _one(texts[language], random).format(
        hey=_one(packaged_yaml("texts")["hey"], random),
        at=f"@{invented_name(random)}",
        money=_one(["500 €", "$900", "£300", "1200$", "2,000 USD", "50€"], random),
        n=int(random.integers(2, 60)),
        link=_one(["bit.example/", "www.get.example/", "https://shop.example/"], random)
        + invented_name(random),
        niche=settings.niche,
    )
    return typed_carelessly(made.strip(), random)


def _one(options: list[str], random: np.random.Generator) -> str:
    return options[int(random.integers(len(options)))]
