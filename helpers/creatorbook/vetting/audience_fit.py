"""Whether the audience is the client's, and what an account has said and shown before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.campaign.posts import names_the_brand, paid
from creatorbook.findings import Text, joined, say
from creatorbook.memo import remember
from creatorbook.packs import pack
from creatorbook.vetting.accounts import listed_accounts, listed_rows
from creatorbook.vetting.posts import captions

if TYPE_CHECKING:
    from creatorbook.book import Book
    from creatorbook.client import Persona

#: audience dimension → the persona's list it is compared with
DIMENSIONS = {"country": "countries", "age": "ages", "gender": "genders", "language": "languages"}
DIMENSION_NAMES: dict[str, Text] = {
    "country": say("country"),
    "age": say("age"),
    "gender": say("gender"),
    "language": say("language"),
}
#: why an account is close to the brand, where its own posts show it
MENTIONED = "mentioned us in own posts"


def audience_match(book: Book) -> pd.DataFrame:
    """Share of each account's audience that fits each persona.

    Columns: account, persona, match (dimensions multiplied, as if they were independent), low and high (what
    the separate shares allow whatever their dependence, unknown parts counted in for high), unknown (largest
    unknown part of a dimension used), dimensions, seen_on. Dimensions the audience page lacks are left out.
    """
    return remember(book.tables, "match", lambda: _audience_match(book), repr(book.client.personas))


def _audience_match(book: Book) -> pd.DataFrame:
    """Every audience page against every persona; see `audience_match`."""
    pages = listed_rows(book, "audience")
    pages = pages.assign(
        segment=pages.segment.str.strip().str.lower(), dimension=pages.dimension.str.strip().str.lower()
    )
    rows = [
        {"account": account, "persona": persona.name, **match}
        for account, page in pages.groupby("account", sort=False)
        for persona in book.client.personas
        if (match := _match(page, persona))
    ]
    columns = ["account", "persona", "match", "low", "high", "unknown", "dimensions", "seen_on"]
    return pd.DataFrame(rows, columns=columns)


def _match(page: pd.DataFrame, persona: Persona) -> dict[str, object]:
    """One audience page against one persona; nothing where no dimension can be compared."""
    matched, unknown, used = [], [], []
    for dimension, wanted in DIMENSIONS.items():
        segments = {str(segment).lower() for segment in getattr(persona, wanted)}
        part = page[page.dimension == dimension]
        if not segments or part.share.isna().all():
            continue
        matched.append(min(1.0, float(part.share[part.segment.isin(segments)].sum())))
        unknown.append(max(0.0, 1 - float(part.share.sum())))
        used.append(dimension)
    if not used:
        return {}
    return {
        "match": float(np.prod(matched)),
        "low": max(0.0, sum(matched) - (len(matched) - 1)),
        "high": min(1.0, min(m + u for m, u in zip(matched, unknown, strict=True))),
        "unknown": max(unknown),
        "dimensions": joined(DIMENSION_NAMES[dimension] for dimension in used),
        "seen_on": page.seen_on.max(),
    }


def caption_mentions(book: Book) -> pd.DataFrame:
    """Captions that name a competitor, a term to avoid or the brand itself.

    Columns: account, kind (`competitor`, `must avoid`, `the brand`), term, published_at, permalink, caption,
    paid (as far as file and caption say); one row per post and term, newest first.
    """
    words = {
        "competitor": book.client.voice.competitors,
        "must avoid": [*book.client.voice.must_avoid, *book.campaign.brief.must_avoid],
    }
    brand_names = [book.client.brand, *book.client.voice.mentions]
    return remember(book.tables, "mentions", lambda: _mentions(book, words), repr((words, brand_names)))


def close_to_us(book: Book) -> pd.DataFrame:
    """Who is near the brand already: account and why (`MENTIONED`, or the list's own words).

    A fan needs no persuading and speaks the brand's language. The list's column “source” tells buyers and followers
    (words in `packs/niches.yml`); a mention counts only in a post that was not paid, as far as files say.
    """
    mentions = caption_mentions(book)
    unasked = mentions[(mentions.kind == "the brand") & (mentions.paid == False).fillna(value=False)]  # noqa: E712 - may be missing
    own = pd.DataFrame({"account": unasked.account.drop_duplicates(), "why": MENTIONED})
    accounts = listed_accounts(book)
    pattern = "|".join(map(re.escape, pack("niches")["close_to_us"]))
    named = accounts.source[accounts.source.str.contains(pattern, case=False, regex=True).fillna(value=False)]
    close = pd.DataFrame({"account": named.index, "why": named.str.strip().str.lower().to_numpy()})
    return pd.concat([own, close], ignore_index=True)


def _mentions(book: Book, words: dict[str, list[str]]) -> pd.DataFrame:
    """Posts that name one of these terms, one row per post and term; see `caption_mentions`."""
    columns, posts = ["account", "published_at", "permalink", "caption", "paid"], captions(book)
    posts = posts.assign(paid=paid(posts))
    of_the_brand = posts.loc[names_the_brand(book, posts.caption), columns]
    parts = [
        posts.loc[posts.caption.str.contains(whole_words(term), case=False, regex=True), columns].assign(
            kind=kind, term=term
        )
        for kind, terms in words.items()
        for term in _distinct(terms)
    ]
    parts.append(of_the_brand.assign(kind="the brand", term=book.client.brand))
    return pd.concat(parts).sort_values(
        ["published_at", "account", "term"], ascending=[False, True, True], kind="stable", ignore_index=True
    )


def _distinct(terms: list[str]) -> list[str]:
    """Each term once, whatever its case and with or without # and @."""
    plain = [term.strip().lstrip("@#") for term in terms]
    return list({term.lower(): term for term in plain if term}.values())


def term_parts(term: str) -> list[str]:
    """The words of a term, without # and @ before it."""
    return term.strip().lstrip("@#").split()


def whole_words(term: str) -> str:
    """A pattern that finds a term as whole words, as a hashtag or as a mention, with any spacing."""
    return r"(?<!\w)[@#]?" + r"[\s_.-]*".join(map(re.escape, term_parts(term))) + r"(?!\w)"
