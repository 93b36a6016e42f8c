"""Posts of the campaign: which of all posts are its own, one answer for the pulse, labels, claims and results."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.book import MONEY_AND_CREDIT
from creatorbook.campaign.decisions import decided_against
from creatorbook.campaign.order_codes import plain_codes
from creatorbook.campaign.roster import roster
from creatorbook.memo import per_book_free_of
from creatorbook.text.codes import signs_of

if TYPE_CHECKING:
    from creatorbook.book import Book


#: Days after the campaign in which a late post still counts as one of its posts.
LATE_POSTS = 14
#: Days before it in which a post that came too early still tells when somebody was first seen.
EARLY_POSTS = 14
#: words that creators put under paid posts; they tell paid posts from own ones, and are never a legal check
PAID_WORDS = (
    r"(?<!\w)(?:#?ad|#?anzeige|#?werbung|#?gifted|#?sponsored|#?publicité|#?advert|paid partnership)(?!\w)"
)


@per_book_free_of(MONEY_AND_CREDIT)
def campaign_posts(book: Book) -> pd.DataFrame:
    """Posts of listed creators that belong to the campaign, oldest first; the same on every page.

    A post of the campaign's days, or of the 14 days after them (somebody is always late), is its own if

    1. the creators list links to it (`post_url`), its file gives it the campaign's name, or it names one of the
       creator's own codes, listed or issued; or
    2. it names the brand and is marked as paid, by its file's flag, its label, or a label word in its text; or
    3. its file flags it as paid and nothing tells for whom: no text, and no campaign of another name; or
    4. it names the brand, and the creator has no code by which a post could be told from a mention of their own.

    The brand's name alone is not enough where a creator has a code: people name brands they like unasked, and such a
    post was neither paid for nor owed. Somebody else's code is not enough either. A post that names a competitor is
    ours by the first rule only: paid for somebody else, it is nobody's of ours. Who was decided against keeps the
    posts of the first two rules, which were made for us.
    """
    posts = _own_posts(book)
    return posts[posts["published_at"] >= pd.Timestamp(book.campaign.start)].reset_index(drop=True)


@per_book_free_of(MONEY_AND_CREDIT)
def first_posts(book: Book) -> pd.Series:
    """Creator → day of their first post of the campaign up to the report's day, by list and posts, whichever is first.

    A post of the fortnight before the campaign counts here: who was early was live early.
    """
    accounts = roster(book)
    posts = _own_posts(book)
    posts = posts[posts["published_at"] < _days_of_posts(book)[1] + timedelta(days=1)]
    owner = dict(zip(accounts["handle"], accounts["person"], strict=True))
    by_post = pd.DataFrame(
        {"creator": posts["handle"].map(owner), "day": posts["published_at"].dt.normalize()}
    )
    by_list = pd.DataFrame({"creator": accounts["person"], "day": listed_posting_days(book)}).dropna()
    days = pd.concat([part for part in (by_list, by_post) if len(part)] or [by_list])
    return days.groupby("creator")["day"].min()


@per_book_free_of(MONEY_AND_CREDIT)
def listed_posting_days(book: Book) -> pd.Series:
    """The posting days of the creators list (`roster`, row by row) that are this campaign's; the others are missing.

    The list has one day for each account: of an earlier or a later campaign it says nothing. Days to come are missing.
    """
    day = roster(book)["posted_on"]
    return day.where(day.between(*_days_of_posts(book)))


@per_book_free_of(MONEY_AND_CREDIT)
def planned_posting_days(book: Book) -> pd.Series:
    """Those of the list's posting days that are this campaign's and still to come, row by row; the others are missing."""
    day = roster(book)["posted_on"]
    last = pd.Timestamp(book.campaign.end) + timedelta(days=LATE_POSTS)
    return day.where((day > pd.Timestamp(book.as_of)) & (day <= last))


def _days_of_posts(book: Book) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The first and the last day on which a post can be the campaign's: a fortnight early, a fortnight late."""
    first = pd.Timestamp(book.campaign.start) - timedelta(days=EARLY_POSTS)
    last = pd.Timestamp(book.campaign.end) + timedelta(days=LATE_POSTS)
    return first, min(last, pd.Timestamp(book.as_of))


def paid(posts: pd.DataFrame) -> pd.Series:
    """Whether a post is paid or gifted: the file's flag, else its label, campaign or words; else unknown.

    A caption without such words reads as the creator's own post: labels may be missing.
    """
    says = posts.label.notna() | posts.campaign.notna() | posts.caption.str.contains(PAID_WORDS, case=False)
    has_text = posts.label.notna() | posts.campaign.notna() | posts.caption.notna()
    guessed = says.fillna(value=False).astype("boolean").where(has_text)
    return posts.sponsored.astype("boolean").fillna(guessed)


def names_the_brand(book: Book, texts: pd.Series) -> pd.Series:
    """Whether each text (a caption, a search) names the client's brand, by its name or another of its mentions.

    The one answer for posts, results and searches; a text that is missing names nobody.
    """
    return _names_one_of(texts.fillna(""), [book.client.brand, *book.client.voice.mentions])


def names_the_campaign(book: Book, names: pd.Series) -> pd.Series:
    """Whether what a file calls a campaign is this one: its file's name or its title; a missing name is nobody's."""
    own = {plain_campaign(book.campaign.id), plain_campaign(book.campaign.title)} - {""}
    return names.fillna("").map(plain_campaign).isin(own)


@per_book_free_of(MONEY_AND_CREDIT)
def _own_posts(book: Book) -> pd.DataFrame:
    """Posts of listed creators, from a fortnight early to one late, that one of the four rules makes ours."""
    posts, creators = book.tables.posts, roster(book)
    start = pd.Timestamp(book.campaign.start) - timedelta(days=EARLY_POSTS)
    end = pd.Timestamp(book.campaign.end) + timedelta(days=LATE_POSTS + 1)
    posts = posts[
        posts["handle"].isin(creators["handle"])
        & (posts["published_at"] >= start)
        & (posts["published_at"] < end)
    ]
    if posts.empty:
        return posts.reset_index(drop=True)
    codes = own_codes(book)
    text = posts["caption"].fillna("").str.cat(posts["label"].fillna(""), sep=" ")
    of_campaign = names_the_campaign(book, posts["campaign"])
    captions = zip(posts["caption"].fillna("").map(signs_of), posts["handle"], strict=True)
    coded = [any(_names_code(text, code) for code in codes.get(handle, ())) for text, handle in captions]
    ours = posts["permalink"].isin(set(creators["post_url"].dropna())) | of_campaign | np.array(coded)
    brand = names_the_brand(book, text)
    marked = paid(posts).fillna(value=False).astype(bool)
    flagged = posts["sponsored"].fillna(value=False).astype(bool)
    silent = flagged & posts["caption"].isna() & posts["campaign"].isna()
    against = creators["handle"][creators["person"].isin(decided_against(book))]
    uncoded = brand & ~posts["handle"].isin(codes) & ~posts["handle"].isin(against)
    rival = _names_one_of(text.str.cat(posts["campaign"].fillna(""), sep=" "), book.client.voice.competitors)
    rows = posts[ours | (((brand & marked) | silent | uncoded) & ~rival)]
    return rows.sort_values(["published_at", "handle", "post_id"], kind="stable", ignore_index=True)


@per_book_free_of(MONEY_AND_CREDIT)
def own_codes(book: Book) -> dict[str, set[str]]:
    """Handle → the codes of the person behind it, as listed and as issued; who has none is left out."""
    accounts = roster(book)[["creator", "handle", "code"]]
    given = (
        pd.concat([accounts, book.issued[["creator", "handle", "code"]]]) if len(book.issued) else accounts
    )
    person = dict(zip(accounts["handle"], accounts["creator"], strict=True))
    codes: dict[str, set[str]] = {}
    for handle, code in zip(given["handle"], plain_codes(given["code"]), strict=True):
        if pd.notna(code) and handle in person:
            codes.setdefault(person[handle], set()).add(code)
    return {handle: codes[name] for handle, name in person.items() if name in codes}


def plain_campaign(name: str) -> str:
    """A campaign's name as it is compared: `Spring Linen` is `spring-linen`."""
    return " ".join(re.split(r"[\W_]+", name.casefold())).strip()


def _names_code(text: str, code: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(code)}(?!\w)", text) is not None


def _names_one_of(texts: pd.Series, names: Iterable[str]) -> pd.Series:
    """Whether a text names one of these brands, written as `Linnea Lane`, `@linnea.lane` or `#linnealane`."""
    parts = [[re.escape(part) for part in re.split(r"[\W_]+", name) if part] for name in names]
    patterns = [r"(?<!\w)[#@]?" + r"[\W_]?".join(words) for words in parts if words]
    return texts.str.contains("|".join(patterns) or r"(?!)", case=False, regex=True).astype(bool)
