"""What people write under posts: answers by the creator, specific words, repeats, languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.memo import remember
from creatorbook.packs import pack
from creatorbook.text.markup import without_markup
from creatorbook.vetting.accounts import listed_accounts, listed_rows, rows_of_accounts
from creatorbook.vetting.comment_quality import advertising_reasons, text_traits
from creatorbook.vetting.limits import limits
from creatorbook.vetting.posts import listed_posts, names_giveaway

if TYPE_CHECKING:
    from creatorbook.book import Book

#: Words a text must have before a repeat of it is looked at: “so pretty” is everybody's.
LONG = 4
#: Words besides names in a comment that only calls friends.
FEW = 2


def listed_comments(book: Book) -> pd.DataFrame:
    """Comments under posts of listed accounts, with `account` and the traits of `text_traits`."""

    def make() -> pd.DataFrame:
        comments = rows_of_accounts(book.tables.comments, listed_accounts(book)).reset_index(drop=True)
        codes, texts = pd.factorize(comments.text)  # most work is per text, and texts repeat
        plain = without_markup(pd.Series(texts, dtype="str"))
        traits = text_traits(plain).take(codes)
        traits[codes < 0] = None  # a comment without text has no traits
        seen = plain.take(codes).mask(codes < 0).set_axis(comments.index)
        return comments.assign(text=seen).join(traits.reset_index(drop=True))

    return remember(book.tables, "listed_comments", make)


def by_others(book: Book) -> pd.DataFrame:
    """Comments by others than the creator."""
    comments = listed_comments(book)
    return comments[~comments.by_creator.fillna(value=False)]


def replies(book: Book) -> pd.DataFrame:
    """How often the creator answers: `answered`, `looked_at`, `source` per account.

    A hand count goes before the comments file, which may hold only some of the answers. Accounts whose
    comments do not say who wrote them are left out.
    """
    return remember(book.tables, "replies", lambda: _replies(book))


def _replies(book: Book) -> pd.DataFrame:
    comments = listed_comments(book).dropna(subset=["by_creator"])
    by_creator = comments.by_creator.astype(float).groupby(comments.account)
    counted = pd.DataFrame({"answered": by_creator.sum(), "looked_at": by_creator.size() - by_creator.sum()})
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
        comments = by_others(book).dropna(subset=["generic"])
        posts = listed_posts(book)
        posts = posts[posts.post_id.isin(comments.post_id)]
        announced = posts.post_id[names_giveaway(posts.caption)]
        waves = tag_waves(book)
        comments = comments[~comments.post_id.isin(announced) & ~comments.post_id.isin(waves)]
        generic, spam = comments.generic.astype(bool), comments.spam.astype(bool)
        parts = pd.DataFrame(
            {"specific": ~generic & ~spam, "stock": spam | (generic & (comments.words > 0)), "spam": spam}
        )
        grouped = parts.groupby(comments.account)
        counted = grouped.sum().astype(float).assign(looked_at=grouped.size())
        counted["posts"] = comments.groupby("account").post_id.nunique()
        return _hand_first(_tally(book, "specific", "looked_at"), counted)

    return remember(book.tables, "specific", make)


def usual_advertising(book: Book, account: str) -> str | None:
    """What the advertising under an account's posts mostly does, in words of the pack; nothing where there is none."""
    comments = by_others(book)
    texts = comments.text[(comments.account == account) & comments.spam.eq(other=True)]
    reasons = pd.Series([reasons[0] for text in texts if (reasons := advertising_reasons(text))], dtype="str")
    return str(reasons.mode()[0]) if len(reasons) else None


def _tally(book: Book, part: str, whole: str) -> pd.DataFrame:
    """Hand counts per account, added up over counts."""
    tallies = listed_rows(book, "tallies").dropna(subset=[part, whole])
    summed = tallies.groupby("account")[[part, whole]].sum()
    return summed[summed[whole] > 0]


def _hand_first(tally: pd.DataFrame, counted: pd.DataFrame) -> pd.DataFrame:
    file = counted[~counted.index.isin(tally.index)].assign(source="comments file")
    return pd.concat([tally.assign(source="count by hand"), file])


def tag_waves(book: Book) -> set[str]:
    """Posts under which at least half of the comments only name friends: what a giveaway looks like in any language."""

    def make() -> set[str]:
        least = pack("signals")["signals"]["growth_jump"]["giveaway_tags"]
        comments = by_others(book)
        names = comments.text.str.contains(r"@\w", regex=True) & (comments.words <= FEW)
        by_post = names.fillna(value=False).astype(float).groupby(comments.post_id).agg(["size", "mean"])
        return set(
            by_post.index[(by_post["size"] >= least["comments"]) & (by_post["mean"] >= least["share"])]
        )

    return remember(book.tables, "tag_waves", make)


def texts_checked(book: Book) -> pd.Index:
    """Accounts with enough longer comments to look for repeats."""
    return repeated(book).index


def repeated(book: Book) -> pd.DataFrame:
    """Longer comments whose text returns under another post, per account with enough of them.

    Columns: repeated, looked_at, example (the text that returns most), times, posts.
    """

    def make() -> pd.DataFrame:
        least = limits("repeated_comments")
        comments = by_others(book)
        long = comments[(comments.words >= LONG) & (comments.generic == False)]  # noqa: E712 - None is neither
        size = long.groupby("account").size()
        long = long[long.account.isin(size.index[size >= least["min_comments"]])]
        often = long.groupby(["account", "key"]).key.transform("size") >= least["min_repeats"]
        groups = (
            long[often]
            .groupby(["account", "key"], sort=True)
            .agg(times=("text", "size"), posts=("post_id", "nunique"), example=("text", "first"))
        )
        again = groups[groups.posts >= 2].reset_index()
        worst = again.sort_values(["account", "times", "key"], ascending=[True, False, True], kind="stable")
        worst = worst.drop_duplicates("account").set_index("account")[["example", "times", "posts"]]
        sums = pd.DataFrame({"looked_at": size[size >= least["min_comments"]].astype(float)})
        sums["repeated"] = again.groupby("account").times.sum().reindex(sums.index).fillna(0.0)
        return sums.join(worst)

    return remember(book.tables, "repeated", make)
