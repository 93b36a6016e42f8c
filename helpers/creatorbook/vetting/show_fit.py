"""Whether the audience is ours, and what has been said before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from creatorbook.findings import Column, Findings, Note, Table
from creatorbook.vetting import audience_fit, posts
from creatorbook.vetting.accounts import accounts
from creatorbook.vetting.wording import CREATOR, names

if TYPE_CHECKING:
    import pandas as pd

    from creatorbook.book import Book


def fit(book: Book) -> Findings:
    """Whether the audience is ours, and what has been said before: dates, links, terms."""
    items: tuple[Table | Note, ...] = (*_audience_items(book), *_mention_items(book), *_close(book))
    return Findings("vetting", items, book.formats)


def _close(book: Book) -> list[Note]:
    """Who is near the brand already, by why."""
    called = accounts(book).called
    told = [
        f"{names(part.account.map(called), 3)} ({why})"
        for why, part in audience_fit.close_to_us(book).groupby("why", sort=False)
    ]
    return [Note(f"Already close to us: {'; '.join(told)}.")] if told else []


def _audience_items(book: Book) -> list[Table | Note]:
    listed, match = accounts(book), audience_fit.audience_match(book)
    if not book.client.personas:
        return [
            Note(
                "Nobody has said yet who the campaign is for: a persona in client.yml (countries, ages, genders) lets audiences be compared with it; the brand knows.",
                "unknown",
            )
        ]
    if match.empty:
        return [
            Note(
                "Whether the audience is ours is not checked: each creator can send a screenshot of the audience page, typed into the seven-number form.",
                "unknown",
            )
        ]
    frame = match.assign(creator=match.account.map(listed.called)).sort_values(
        ["persona", "match", "creator"], ascending=[True, False, True], kind="stable"
    )
    columns = {
        "creator": CREATOR,
        "persona": Column("Persona"),
        "match": Column(
            "Matches", "percent", grade="estimated", note="separate shares multiplied, as if independent"
        ),
        "low": Column("At least", "percent", note="whatever the dependence between the shares"),
        "high": Column("at most", "percent", note="unknown parts counted in"),
        "unknown": Column("Unknown", "percent", note="part of the audience the page does not describe"),
        "dimensions": Column("Compared by"),
        "seen_on": Column("Seen on", "date", missing="day not given"),
    }
    left = len(listed) - match.account.nunique()
    notes = (
        [
            Note(
                f"{left} of {len(listed)} audiences are not known; a screenshot from each creator would do it.",
                "unknown",
            )
        ]
        if left
        else []
    )
    return [Table("vetting.audience", "Is the audience ours?", frame, columns, rows=12), *notes]


def _mention_items(book: Book) -> list[Table | Note]:
    listed, told = accounts(book), posts.captions(book)
    if told.empty:
        return [
            Note(
                "Past work and words to avoid are not checked: a list of posts with captions would do it; the creator has it after a yes, or a person reads the profile.",
                "unknown",
            )
        ]
    voice = book.client.voice
    found = audience_fit.mentions(book)
    items: list[Table | Note] = []
    if not (voice.must_avoid or voice.competitors):
        items.append(
            Note(
                "client.yml names no competitors and no words to avoid, so captions are searched for the brand only.",
                "unknown",
            )
        )
    if found.empty:
        items.append(
            Note(
                f"None of the words looked for stands in {book.formats.number(len(told))} captions of {told.account.nunique()} accounts."
            )
        )
        return items
    items.append(_mentions_table(found, listed))
    return items


def _mentions_table(found: pd.DataFrame, listed: pd.DataFrame) -> Table:
    """Where each term was found: account, day, permalink and the caption's beginning."""
    frame = found.assign(
        creator=found.account.map(listed.called),
        kind=found.kind.str.capitalize(),
        caption=found.caption.str.slice(0, 60),
        post=found.paid.map({True: "paid or gifted", False: "own post"}).fillna("not known"),
    )
    columns = {
        "creator": CREATOR,
        "kind": Column("What"),
        "term": Column("Term"),
        "published_at": Column("On", "date"),
        "post": Column("In"),
        "permalink": Column("Link"),
        "caption": Column("Beginning of the caption"),
    }
    title = "Competitors, words to avoid and earlier mentions of us"
    return Table("vetting.mentions", title, frame, columns, rows=8)
