"""All signals of all accounts in one frame: what we saw, against which threshold, what else explains it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.packs import pack
from creatorbook.stats.intervals import share_interval
from creatorbook.vetting import comments, growth, languages, people, ratios
from creatorbook.vetting.accounts import accounts, platform_name, remember

if TYPE_CHECKING:
    from creatorbook.book import Book
    from creatorbook.formats import Formats

COLUMNS = ["account", "signal", "saw"]


def found_signals(book: Book) -> pd.DataFrame:
    """Signals that count, one row each: account, signal (id), saw (a sentence with figures)."""
    return remember(book.tables, "signals", lambda: _found(book), book.as_of, book.formats)


def _found(book: Book) -> pd.DataFrame:
    rows = [
        *_growth(book),
        *_ratios(book),
        *_generic(book),
        *_repeated(book),
        *_foreign(book),
        *_groups(book),
    ]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    order = {account: place for place, account in enumerate(accounts(book).index)}
    ids = {signal: place for place, signal in enumerate(pack("signals")["signals"])}
    keys = frame.assign(a=frame.account.map(order), b=frame.signal.map(ids))
    return frame.loc[keys.sort_values(["a", "b"], kind="stable").index].reset_index(drop=True)


def _growth(book: Book) -> Iterator[tuple[str, str, str]]:
    """Jumps that views do not explain; a jump without any views raises nothing alone."""
    formats, found = book.formats, growth.follower_jumps(book)
    for jump in found[found.views_known & ~found.explained].itertuples():
        saw = (
            f"{told_days(jump.start, jump.end, formats)}: {formats.number(jump.gain)} more followers "
            f"({formats.percent(jump.share, 1)}), while the best day's views were "
            f"{formats.number(jump.views_ratio, 1)} times the usual."
        )
        yield jump.account, "growth_jump", saw
        if jump.leaked:
            days = growth.limits("growth_decay")["decay_days"]
            yield (
                jump.account,
                "growth_decay",
                f"{formats.percent(jump.lost)} of the followers gained {told_days(jump.start, jump.end, formats)} "
                f"were gone again within {days:.0f} days.",
            )


def told_days(start: pd.Timestamp, end: pd.Timestamp, formats: Formats) -> str:
    """`2 Mar 2026`, or `2 Mar 2026 to 4 Mar 2026`."""
    return formats.day(start) if start == end else f"{formats.day(start)} to {formats.day(end)}"


def _ratios(book: Book) -> Iterator[tuple[str, str, str]]:
    formats, found, listed = book.formats, ratios.compared(book), accounts(book)
    for name, (over, under) in ratios.RATIOS.items():
        if name not in found:
            continue
        z, limit = found[f"{name}_z"], ratios.limits(name)["z"]
        odd = z < -limit if name == "low_response" else z > limit
        if name == "likes_without_comments":
            odd = z.abs() > limit
        for account in found.index[odd]:
            usual = found.loc[account, f"{name}_usual"]
            platform = platform_name(listed.platform[account])
            yield (
                account,
                name,
                f"{formats.percent(found.loc[account, name], 1)} {over} per {under[:-1]} on a typical post; "
                f"accounts of this size on {platform} in this list have about {formats.percent(usual, 1)}.",
            )


def _share_above(part: float, whole: float, limit: float) -> bool:
    """Whether even the low end of a share's range lies above the limit."""
    return share_interval(part, whole, pack("signals")["level"])[0] > limit


def _generic(book: Book) -> Iterator[tuple[str, str, str]]:
    told = growth.limits("generic_comments")
    for row in comments.specific(book).itertuples():
        general = row.looked_at - row.specific
        if row.looked_at >= told["min_comments"] and _share_above(general, row.looked_at, told["share"]):
            count = book.formats.number
            yield (
                row.Index,
                "generic_comments",
                f"{count(general)} of {count(row.looked_at)} comments would fit under any post ({row.source}).",
            )


def _repeated(book: Book) -> Iterator[tuple[str, str, str]]:
    limit, count = growth.limits("repeated_comments")["share"], book.formats.number
    for row in comments.repeated(book).itertuples():
        if row.repeated and _share_above(row.repeated, row.looked_at, limit):
            example = str(row.example).strip()
            shown = example if len(example) <= 80 else example[:79] + "…"
            yield (
                row.Index,
                "repeated_comments",
                f"{count(row.repeated)} of {count(row.looked_at)} longer comments return under another post; "
                f"“{shown}” {count(row.times)} times under {count(row.posts)} posts.",
            )


def _foreign(book: Book) -> Iterator[tuple[str, str, str]]:
    told, count = growth.limits("comment_language"), book.formats.number
    for row in languages.foreign_comments(book).itertuples():
        if row.looked_at >= told["min_comments"] and _share_above(row.foreign, row.looked_at, told["share"]):
            yield (
                row.Index,
                "comment_language",
                f"{count(row.foreign)} of {count(row.looked_at)} comments whose language we recognise are in "
                f"{row.languages}, which the audience page does not name.",
            )


def _groups(book: Book) -> Iterator[tuple[str, str, str]]:
    listed = accounts(book)
    for row in people.groups(book).itertuples():
        names = [str(listed.called[other]) for other in row.elsewhere[:3]]
        more = len(row.elsewhere) - len(names)
        others = ", ".join(names) + (f" and {more} more" if more else "")
        yield (
            row.Index,
            "same_commenters",
            f"{row.size} people are among the first under about {row.posts} of {row.of} posts, "
            f"and come first under posts of {others} too.",
        )
