"""The made-up clients that lessons are about: small, one market, one language, and another make-up with each seed."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from creatorbook import rooms
from creatorbook.book import Book
from creatorbook.findings.formats import Formats
from creatorbook.opening import open_book
from creatorbook.problems import Problem
from creatorbook.simulate import Settings, make_world, write_client
from creatorbook.simulate.world import World

#: A lesson's client sells in one market, so that its captions are in the learner's language; see `lesson_settings`.
MARKETS = {"en": ("GB", "GBP", 0.20), "de": ("DE", "EUR", 0.19), "fr": ("FR", "EUR", 0.20)}

Exercise = TypeVar("Exercise")

#: How often a client is drawn until what is asked can be seen, and how far apart the seeds of these draws lie.
DRAWS, APART = 300, 100_000


def seen_exercise(
    seed: int, draw: Callable[[int], Exercise], can_be_seen: Callable[[Exercise], bool]
) -> Exercise:
    """The exercise of a seed, drawn anew until what it asks can be seen: what cannot be seen is not asked.

    Args:
        seed: the learner's number.
        draw: makes an exercise of a seed.
        can_be_seen: whether everything it asks can be told from what it shows.

    Raises:
        Problem: no client in which it can be seen was drawn.
    """
    for attempt in range(DRAWS):
        drawn = draw(seed + APART * attempt)
        if can_be_seen(drawn):
            return drawn
    raise Problem(
        f"the number {seed} makes no exercise in which everything can be seen",
        todo="Take another number in the first cell.",
    )


def lesson_settings(seed: int, language: str = "en", **more: Any) -> Settings:
    """A client with creators on one platform who write the learner's language; English where we have no market for it."""
    market, currency, tax = MARKETS.get(language, MARKETS["en"])
    usual: dict[str, Any] = {
        "brand": "Lessonia",
        "currency": currency,
        "market": market,
        "markets": {market: 1.0},
        "creator_countries": {market: 1.0},
        "tax_rates": {market: tax},
        "platforms": {"instagram": 1.0},
        "people_with_two_handles": 0,
        "never_posted": 0,
        "planted": [],
        "comments_per_post": 1,
        "commented_posts": 0,
        "write_truth": False,
        "seed": seed,
        "campaign_text": f"codes:\n  percent: {more.get('discount_percent', 10):g}\n",
    }
    return Settings(**(usual | more))


def lesson_formats(language: str = "en") -> Formats:
    """How the lesson writes numbers."""
    return Formats.of(language, MARKETS.get(language, MARKETS["en"])[1])


def made_up_client(settings: Settings, stage: str) -> tuple[World, Book]:
    """A made-up client with its truth, and its campaign opened as the workbook opens any."""
    return _opened(settings.model_dump_json(), stage)


@lru_cache(maxsize=8)
def _opened(settings: str, stage: str) -> tuple[World, Book]:
    asked = Settings.model_validate_json(settings)
    world = make_world(asked)
    with rooms.room() as folder:
        write_client(folder / "client", world)
        return world, open_book(folder / "client", stage=stage, mode="train", as_of=asked.last_day)
