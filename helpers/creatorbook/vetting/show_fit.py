"""Whether the audience is ours, and what has been said before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from creatorbook.findings import Column, Count, Findings, Note, Table, Text, joined, number_of, say, say_many
from creatorbook.vetting import audience_fit, posts
from creatorbook.vetting.accounts import listed_accounts
from creatorbook.vetting.wording import CREATOR

if TYPE_CHECKING:
    import pandas as pd

    from creatorbook.book import Book

#: kind of term → what it is, in a cell
TERM_KINDS: dict[str, Text] = {
    "competitor": say("Competitor"),
    "must avoid": say("Must avoid"),
    "the brand": say("The brand"),
}


def fit(book: Book) -> Findings:
    """Whether the audience is ours, and what has been said before: dates, links, terms."""
    items: tuple[Table | Note, ...] = (*_audience_items(book), *_mention_items(book), *_close(book))
    return Findings("vetting", items, book.formats)


def _close(book: Book) -> list[Note]:
    """Who is near the brand already, by why."""
    called = listed_accounts(book).called
    groups = [
        say("{accounts} ({why})", accounts=joined(part.account.map(called), most=3), why=_why(str(why)))
        for why, part in audience_fit.close_to_us(book).groupby("why", sort=False)
    ]
    return [Note(say("Already close to us: {accounts}.", accounts=joined(groups, by="; ")))] if groups else []


def _why(why: str) -> Text:
    return say("mentioned us in own posts") if why == audience_fit.MENTIONED else why


def _audience_items(book: Book) -> list[Table | Note]:
    """How much of each audience matches each persona, or what would tell."""
    accounts, match = listed_accounts(book), audience_fit.audience_match(book)
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
    matches = match.assign(creator=match.account.map(accounts.called)).sort_values(
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
    items: list[Table | Note] = [
        Table("vetting.audience", "Is the audience ours?", matches, columns, rows=12)
    ]
    if unknown := len(accounts) - match.account.nunique():
        text = say_many(
            "{n} of {accounts} audiences is not known; a screenshot from the creator would do it.",
            "{n} of {accounts} audiences are not known; a screenshot from each creator would do it.",
            n=unknown,
            accounts=len(accounts),
        )
        items.append(Note(text, "unknown"))
    return items


def _mention_items(book: Book) -> list[Table | Note]:
    """Where captions name a competitor, a word to avoid or the brand, or why nobody looked."""
    captions, voice = posts.captions(book), book.client.voice
    if captions.empty:
        return [
            Note(
                "Past work and words to avoid are not checked: a list of posts with captions would do it; the creator has it after a yes, or a person reads the profile.",
                "unknown",
            )
        ]
    mentions = audience_fit.caption_mentions(book)
    items: list[Table | Note] = []
    if not (voice.must_avoid or voice.competitors):
        items.append(
            Note(
                "client.yml names no competitors and no words to avoid, so captions are searched for the brand only.",
                "unknown",
            )
        )
    if mentions.empty:
        text = say(
            "None of the words looked for stands in {captions} of {accounts}.",
            captions=number_of("caption", Count(len(captions))),
            accounts=number_of("account", captions.account.nunique()),
        )
        items.append(Note(text))
        return items
    items.append(_mentions_table(mentions, listed_accounts(book)))
    return items


def _mentions_table(mentions: pd.DataFrame, accounts: pd.DataFrame) -> Table:
    """Where each term stands: account, day, permalink and the caption's beginning."""
    sort_of_post = {True: say("paid or gifted"), False: say("own post")}
    shown = mentions.assign(
        creator=mentions.account.map(accounts.called),
        kind=[TERM_KINDS[kind] for kind in mentions.kind],
        caption=mentions.caption.str.slice(0, 60),
        post=[sort_of_post.get(paid, say("not known")) for paid in mentions.paid],
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
    title = say("Competitors, words to avoid and earlier mentions of us")
    return Table("vetting.mentions", title, shown, columns, rows=8)
