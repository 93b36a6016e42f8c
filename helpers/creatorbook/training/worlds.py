"""The made-up clients that lessons are about: small, one market, one language, and another make-up with each seed."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from creatorbook import rooms
from creatorbook.book import Book
from creatorbook.findings.formats import Formats
from creatorbook.opening import open_book
from creatorbook.simulate import Settings, make_world, write_client
from creatorbook.simulate.world import World

#: A lesson's client sells in one market, so that its captions are in the learner's language; see `lesson_settings`.
MARKETS = {"en": ("GB", "GBP", 0.20), "de": ("DE", "EUR", 0.19), "fr": ("FR", "EUR", 0.20)}


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
