"""What people write under posts: answers by the creator, specific words, repeats, languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.packs import pack
from creatorbook.vetting.accounts import accounts, joined, remember
from creatorbook.vetting.growth import limits
from creatorbook.vetting.posts import listed_posts, names_giveaway

if TYPE_CHECKING:
    from creatorbook.book import Book

#: Words a text must have before a repeat of it is looked at: “so pretty” is everybody's.
LONG = 4


def listed_comments(book: Book) -> pd.DataFrame:
    """Comments under posts of listed accounts, with `account` and the traits of `text_traits`."""

    def make() -> pd.DataFrame:
        found = joined(book.tables.comments, accounts(book)).reset_index(drop=True)
        codes, texts = pd.factorize(found.text)  # most work is per text, and texts repeat
        traits = text_traits(pd.Series(texts, dtype="str")).take(codes)
        traits[codes < 0] = None  # a comment without text has no traits
        return found.join(traits.reset_index(drop=True))

    return remember(book.tables, "listed_comments", make)


def by_others(book: Book) -> pd.DataFrame:
    """Comments by others than the creator."""
    found = listed_comments(book)
    return found[~found.by_creator.fillna(value=False)]


def text_traits(texts: pd.Series) -> pd.DataFrame:
    """What can be said of a comment from its text alone.

    Returns:
        plain: lower case without mentions, links, signs and emojis; words: how many words that leaves;
        generic: whether nothing in it is about this post (emoji-only and mention-only included);
        spam: whether it advertises something;
        key: the same for texts that differ in order, repeats and endings only.
    """
    plain = texts.str.lower().str.replace(r"https?://\S+|www\.\S+|[@#][\w.]+", " ", regex=True)
    plain = plain.str.replace(r"[^\w\s]|_", " ", regex=True).str.replace(r"(\w)\1{2,}", r"\1", regex=True)
    plain = plain.str.replace(r"\s+", " ", regex=True).str.strip()
    words = np.where(plain == "", 0, plain.str.count(" ") + 1)
    asks = texts.str.contains("?", regex=False)
    generic = plain.str.fullmatch(_generic_words()) | (words <= 1)
    return pd.DataFrame(
        {
            "plain": plain,
            "words": words.astype(float),
            "generic": (generic & ~(asks & (words > 0))).astype(object),
            "spam": texts.str.contains("|".join(pack("comment_words")["spam"]), case=False).astype(object),
            "key": [" ".join(sorted({word[:4] for word in text.split()})) for text in plain.fillna("")],
        },
        index=texts.index,
    )


def _generic_words() -> str:
    """A pattern for texts made of generic words only, of any language in the pack."""
    words = sorted({word for told in pack("comment_words")["generic"].values() for word in told.split()})
    one = "|".join(re.escape(word) for word in words)
    return f"(?:(?:{one})(?: |$))*"


def replies(book: Book) -> pd.DataFrame:
    """How often the creator answers: `answered`, `looked_at`, `source` per account.

    A hand count goes before the comments file, which may hold only some of the answers. Accounts whose
    comments do not say who wrote them are left out.
    """
    return remember(book.tables, "replies", lambda: _replies(book))


def _replies(book: Book) -> pd.DataFrame:
    found = listed_comments(book).dropna(subset=["by_creator"])
    mine = found.by_creator.astype(float).groupby(found.account)
    counted = pd.DataFrame({"answered": mine.sum(), "looked_at": mine.size() - mine.sum()})
    counted["answered"] = counted[["answered", "looked_at"]].min(axis=1)
    tally = _tally(book, "answered", "replies_looked_at").rename(columns={"replies_looked_at": "looked_at"})
    return _hand_first(tally, counted[counted.looked_at > 0])


def specific(book: Book) -> pd.DataFrame:
    """How many comments say something specific: `specific`, `looked_at`, `source` per account.

    From a comments file also `stock` (phrases that fit anywhere, and advertising; without emoji-only and
    mention-only comments, which are weak evidence), `spam` (advertising alone) and `posts`; a hand count has
    none of them. Comments under giveaways are left out: there everybody is brief.
    """

    def make() -> pd.DataFrame:
        found = by_others(book).dropna(subset=["generic"])
        announced = listed_posts(book)
        announced = announced.post_id[names_giveaway(announced.caption)]
        found = found[~found.post_id.isin(announced)]
        generic, spam = found.generic.astype(bool), found.spam.astype(bool)
        parts = pd.DataFrame(
            {"specific": ~generic & ~spam, "stock": spam | (generic & (found.words > 0)), "spam": spam}
        )
        grouped = parts.groupby(found.account)
        counted = grouped.sum().astype(float).assign(looked_at=grouped.size())
        counted["posts"] = found.groupby("account").post_id.nunique()
        return _hand_first(_tally(book, "specific", "looked_at"), counted)

    return remember(book.tables, "specific", make)


def _tally(book: Book, part: str, whole: str) -> pd.DataFrame:
    """Hand counts per account, added up over counts."""
    found = joined(book.tables.tallies, accounts(book)).dropna(subset=[part, whole])
    summed = found.groupby("account")[[part, whole]].sum()
    return summed[summed[whole] > 0]


def _hand_first(tally: pd.DataFrame, counted: pd.DataFrame) -> pd.DataFrame:
    file = counted[~counted.index.isin(tally.index)].assign(source="comments file")
    return pd.concat([tally.assign(source="count by hand"), file])


def texts_checked(book: Book) -> pd.Index:
    """Accounts with enough longer comments to look for repeats."""
    return repeated(book).index


def repeated(book: Book) -> pd.DataFrame:
    """Longer comments whose text returns under another post, per account with enough of them.

    Columns: repeated, looked_at, example (the text that returns most), times, posts.
    """

    def make() -> pd.DataFrame:
        told = limits("repeated_comments")
        found = by_others(book)
        long = found[(found.words >= LONG) & (found.generic == False)]  # noqa: E712 - None is neither
        size = long.groupby("account").size()
        long = long[long.account.isin(size.index[size >= told["min_comments"]])]
        groups = long.groupby(["account", "key"], sort=True).agg(
            times=("text", "size"), posts=("post_id", "nunique"), example=("text", "first")
        )
        again = groups[(groups.times >= told["min_repeats"]) & (groups.posts >= 2)].reset_index()
        worst = again.sort_values(["account", "times", "key"], ascending=[True, False, True])
        worst = worst.drop_duplicates("account").set_index("account")[["example", "times", "posts"]]
        sums = pd.DataFrame({"looked_at": size[size >= told["min_comments"]].astype(float)})
        sums["repeated"] = again.groupby("account").times.sum().reindex(sums.index).fillna(0.0)
        return sums.join(worst)

    return remember(book.tables, "repeated", make)
