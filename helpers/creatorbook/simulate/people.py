"""The creators of a simulated client: who they are, how large, how engaged, how they are paid."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any
from unicodedata import normalize

import numpy as np
import pandas as pd
import yaml

from creatorbook.simulate.settings import Settings

TIER_SIZES = {"nano": (1_200, 10_000), "micro": (10_000, 100_000), "macro": (100_000, 420_000)}

#: Spread of creators' log engagement rates beyond what size explains. With the slope below it gives the
#: correlation of about −0.7 that real panels show between log rate and log followers.
RATE_SPREAD = 0.5
SIZE_SLOPE = 0.49


@cache
def phrases(name: str) -> Any:
    """The content of one of this package's YAML files: parts of names, captions and comments."""
    path = files(__package__) / f"{name}.yml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def header(file: str) -> list[str]:
    """The columns of a platform's export file, in its order."""
    return [column.strip() for column in phrases("headers")[file].split(",")]


def language_parts(kind: str, language: str, niche: str) -> dict[str, Any]:
    """Parts of captions or comments in a language, with what a niche says instead; English where we lack it."""
    texts = phrases("texts")
    spoken = language if language in texts[kind] else "en"
    return {**texts[kind]["en"], **texts[kind][spoken], **texts.get(niche, {}).get(kind, {}).get(spoken, {})}


def article_name(piece: str, style: str) -> str:
    """A style as the shop calls it."""
    return f"{piece.title()} {style}"


def address_place(country: str, customer: int) -> list[str]:
    """Where a customer lives: town, start of its postcode, region and the region's name."""
    places: list[list[str]] = phrases("people")["places"][country]
    return places[(customer * 7919 + 13) % len(places)]


def plain(text: str) -> str:
    """Lower-case ASCII letters and digits of a text, as handles and links use them."""
    letters = normalize("NFKD", text.replace("ı", "i").replace("ł", "l").replace("ß", "ss"))
    return "".join(letter for letter in letters.lower() if letter.isascii() and letter.isalnum())


def apportion(shares: dict[str, float], n: int, random: np.random.Generator) -> np.ndarray:
    """`n` names in random order whose counts follow the shares as closely as whole numbers allow."""
    names, weights = list(shares), np.array(list(shares.values()))
    exact = weights / weights.sum() * n
    counts = np.floor(exact).astype(int)
    for place in np.argsort(counts - exact, kind="stable")[: n - counts.sum()]:
        counts[place] += 1
    return random.permutation(np.repeat(names, counts))


def size_effect(settings: Settings) -> str:
    """How engagement hangs on size for this client: as set, else drawn by the seed."""
    if settings.size_effect != "drawn":
        return settings.size_effect
    return str(settings.random("size effect").choice(["falling", "flat", "inverted_u"]))


def draw_people(settings: Settings) -> pd.DataFrame:
    """One row per handle, a person's main account first; hidden traits are columns named `true_…`."""
    random = settings.random("people")
    people = _accounts(settings, random)
    people = _with_second_handles(people, settings, random)
    people["true_rate"] = _engagement_rates(people, settings, random)
    n = len(people)
    people["true_posts_per_week"] = np.round(np.exp(random.normal(np.log(2.4), 0.3, n)).clip(1.3, 4.5), 2)
    people["true_daily_growth"] = np.round(np.exp(random.normal(np.log(0.0005), 0.8, n)), 6)
    people["true_reply_rate"] = np.round(random.beta(2, 4, n), 3)
    people["true_generic_share"] = np.round(random.beta(6, 12, n), 3)
    people["true_comment_share"] = np.round(np.exp(random.normal(np.log(0.035), 0.4, n)), 4)
    people["following"] = np.round(np.exp(random.normal(np.log(700), 0.5, n)))
    return _paid(people, settings, random)


def _accounts(settings: Settings, random: np.random.Generator) -> pd.DataFrame:
    n = settings.creators
    tiers = apportion(settings.tiers, n, random)
    low, high = (np.log([TIER_SIZES[tier][end] for tier in tiers]) for end in (0, 1))
    people = pd.DataFrame(
        {
            "person": np.arange(n),
            "tier": tiers,
            "platform": apportion(settings.platforms, n, random),
            "country": apportion(settings.creator_countries, n, random),
            "followers": np.round(np.exp(random.uniform(low, high))),
            "main": True,
        }
    )
    people["language"] = [phrases("people")["languages"][country] for country in people["country"]]
    _speak_other_languages(people, settings, random)
    people["place"] = [_place(country, random) for country in people["country"]]
    people["creator"], people["handle"] = _names(people, settings, random)
    return people


def _speak_other_languages(people: pd.DataFrame, settings: Settings, random: np.random.Generator) -> None:
    """Some creators post in the language of a community of their market: ordinary, and easily accused."""
    wanted = sum(plant.creators for plant in settings.planted if plant.kind == "other_language")
    smaller = people.index[people["tier"] != "macro"]
    for row in random.choice(smaller, min(wanted, len(smaller)), replace=False):
        others = phrases("people")["other_languages"].get(people.at[row, "country"], ["it"])
        people.at[row, "language"] = str(random.choice(others))


def _place(country: str, random: np.random.Generator) -> str:
    places = phrases("people")["places"][country]
    return str(places[random.integers(len(places))][0])


def _names(
    people: pd.DataFrame, settings: Settings, random: np.random.Generator
) -> tuple[list[str], list[str]]:
    parts, words = phrases("people"), phrases("people")["handle_words"][settings.niche]
    names: list[str] = []
    handles: list[str] = []
    for language in people["language"]:
        while True:
            used = {taken.split()[0] for taken in names}
            pool = parts["first_names"][language]
            first = str(random.choice([free for free in pool if free not in used] or pool))
            heads, tails = parts["surnames"][language]
            name = f"{first} {random.choice(heads)}{random.choice(tails)}"
            handle = _handle(plain(first), plain(name.split(" ", 1)[1]), str(random.choice(words)), random)
            if name not in names and handle not in handles:
                break
        names.append(name)
        handles.append(handle)
    return names, handles


def _handle(first: str, last: str, word: str, random: np.random.Generator) -> str:
    forms = [f"{first}.{last}", f"{first}_{word}", f"{word}.{first}", f"{first}{last[:4]}.{word}"]
    return forms[random.integers(len(forms))]


def _with_second_handles(
    people: pd.DataFrame, settings: Settings, random: np.random.Generator
) -> pd.DataFrame:
    """Some people have a second, smaller account on another platform."""
    others = list(settings.platforms)
    wanted = min(settings.people_with_two_handles, len(people)) if len(others) > 1 else 0
    rows = []
    for row in random.choice(people.index[people["tier"] != "nano"], wanted, replace=False):
        first = people.loc[row]
        platform = others[(others.index(first["platform"]) + 1) % len(others)]
        size = max(1_200, round(first["followers"] * random.uniform(0.15, 0.5)))
        handle = f"{first['handle'].replace('.', '_')}_{platform[:2]}"
        rows.append({**first, "platform": platform, "followers": size, "handle": handle, "main": False})
    return pd.concat([people, pd.DataFrame(rows)], ignore_index=True) if rows else people


def _engagement_rates(people: pd.DataFrame, settings: Settings, random: np.random.Generator) -> np.ndarray:
    """Likes and comments per follower of a typical post."""
    size = (np.log(people["followers"].to_numpy()) - np.log(20_000)) / 1.45
    effect = size_effect(settings)
    by_size = {
        "falling": -SIZE_SLOPE * size,
        "flat": 0 * size,
        "inverted_u": 0.15 - 0.22 * size**2,
    }[effect]
    platform = people["platform"].map({"tiktok": 0.35, "youtube": -0.2}).fillna(0).to_numpy()
    drawn = random.normal(0, RATE_SPREAD, len(people)).clip(-1.2, 1.2)
    return np.round(np.exp(np.log(0.032) + by_size + 0.5 * platform + drawn), 5)


def _paid(people: pd.DataFrame, settings: Settings, random: np.random.Generator) -> pd.DataFrame:
    """Fees, gifts, commissions, codes and links; they belong to the person, so to the main account's row."""
    n = len(people)
    main = people["main"].to_numpy()
    model = np.repeat("", n).astype(object)
    model[main] = _pay_models(people[main], settings, random)
    size = people["followers"].to_numpy()
    fee = settings.fee_level * 95 * (size / 5_000) ** 0.62 * np.exp(random.normal(0, 0.28, n))
    people["benefit"] = pd.Series(model, index=people.index).replace("", None)
    people["fee"] = np.where(model == "fee", (fee / 5).round() * 5, np.where(main, 0.0, np.nan))
    people["commission_rate"] = np.where(model == "commission", 0.1, np.where(main, 0.0, np.nan))
    gift = settings.gift_cost * np.exp(random.normal(0, 0.2, n))
    people["gift_cost"] = np.where(main, gift.round(2), np.nan)
    retail = (gift * settings.gift_retail / max(settings.gift_cost, 1)).round()
    people["gift_retail"] = np.where(main, retail, np.nan)
    people["hours"] = np.where(main, (random.gamma(6, 0.4, n) * 2).round() / 2, np.nan)
    first = [plain(name.split()[0]) for name in people["creator"]]
    people["code"] = _codes(first, people["person"].to_numpy(), settings)
    people["link"] = [
        f"https://go.{plain(settings.brand)}.example/{plain(handle)}" for handle in people["handle"]
    ]
    quiet = (model == "gift") & (random.random(n) < settings.never_posted)
    people["posts_in_campaign"] = ~np.isin(people["person"], people["person"][quiet])
    return people


def _pay_models(main: pd.DataFrame, settings: Settings, random: np.random.Generator) -> np.ndarray:
    """The larger a creator, the more likely a fee; shares hold over all."""
    drawn = apportion(settings.pay, len(main), random)
    rank = np.argsort(
        np.argsort(np.log(main["followers"].to_numpy()) + random.normal(0, 1.0, len(main)), kind="stable"),
        kind="stable",
    )
    order = {"gift": 0, "commission": 1, "fee": 2}
    return np.array(sorted(drawn, key=lambda model: order[str(model)]))[rank]


def _codes(first: list[str], person: np.ndarray, settings: Settings) -> list[str]:
    """First name and percent, with a letter more where two share a first name."""
    percent = f"{settings.discount_percent:g}"
    owners: dict[str, list[int]] = {}
    codes = []
    for name, who in zip(first, person, strict=True):
        same_name = owners.setdefault(name, [])
        if who not in same_name:
            same_name.append(int(who))
        place = same_name.index(int(who))
        codes.append(f"{name}{'' if place == 0 else chr(ord('a') + place)}{percent}".upper())
    return codes
