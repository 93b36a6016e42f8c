"""All signals of all accounts in one frame: what we saw, against which threshold, what else explains it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.memo import remember
from creatorbook.packs import pack
from creatorbook.stats.intervals import share_interval
from creatorbook.stats.robust import robust_spread
from creatorbook.vetting import comments, growth, languages, people, ratios
from creatorbook.vetting.accounts import accounts, platform_name
from creatorbook.vetting.limits import limits

if TYPE_CHECKING:
    from creatorbook.book import Book
    from creatorbook.findings.formats import Formats

COLUMNS = ["account", "signal", "saw"]

#: accounts from which a share is compared with the rest of the list
PEERS = 12


def found_signals(book: Book) -> pd.DataFrame:
    """Signals that count, one row each: account, signal (id), saw (a sentence with figures)."""
    return remember(book.tables, "signals", lambda: _found(book), book.as_of, book.formats)


def _found(book: Book) -> pd.DataFrame:
    rows = [
        *_growth(book),
        *_swings(book),
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
    for jump in found[found.counts].itertuples():
        saw = (
            f"{told_days(jump.start, jump.end, formats)}: {formats.number(jump.gain)} followers more than usual came, "
            f"{formats.percent(jump.share, 1)} of those there were. {_by_views(jump, formats)}"
        )
        yield jump.account, "growth_jump", saw
        if jump.leaked:
            days = limits("growth_decay")["decay_days"]
            yield (
                jump.account,
                "growth_decay",
                f"{told_days(jump.start, jump.end, formats)}: of the followers who came, {formats.percent(jump.lost)} "
                f"were gone again within {days:.0f} days.",
            )


def _by_views(jump: Any, formats: Formats) -> str:
    """How many of the newcomers the views of these days explain, and how those views compare."""
    left = jump.unexplained * jump.before
    explained = "none" if left >= 0.995 * jump.gain else f"about {formats.number(jump.gain - left)}"
    best = (
        f"; at their best, the views of these days were {formats.number(jump.views_ratio, 1)} times those of good days"
        if jump.views_ratio == jump.views_ratio
        else ""
    )
    return f"Views explain {explained} of them{best}."


def _swings(book: Book) -> Iterator[tuple[str, str, str]]:
    formats = book.formats
    for row in growth.follow_swings(book).itertuples():
        again = f", {formats.number(row.times)} times in all" if row.times > 1 else ""
        yield (
            row.Index,
            "follow_swings",
            f"About {formats.number(row.accounts)} accounts ({formats.percent(row.share)} of those it follows) were "
            f"followed and dropped again around {formats.day(row.date)}{again}.",
        )


def told_days(start: pd.Timestamp, end: pd.Timestamp, formats: Formats) -> str:
    """`2 Mar 2026`, or `2 Mar 2026 to 4 Mar 2026`."""
    return formats.day(start) if start == end else f"{formats.day(start)} to {formats.day(end)}"


def _ratios(book: Book) -> Iterator[tuple[str, str, str]]:
    formats, found, listed = book.formats, ratios.compared(book), accounts(book)
    for name, (over, under) in ratios.RATIOS.items():
        if name not in found:
            continue
        z, told = found[f"{name}_z"], limits(name)
        times = found[name] / found[f"{name}_usual"]
        few, many = (z < -told["z"]) & (times < 1 / told["times"]), (z > told["z"]) & (times > told["times"])
        odd = {"low_response": few, "likes_without_views": many, "likes_without_comments": few | many}[name]
        for account in found.index[odd]:
            usual = found.loc[account, f"{name}_usual"]
            platform = platform_name(listed.platform[account])
            yield (
                account,
                name,
                f"{formats.number(100 * found.loc[account, name], 1)} {over} per 100 {under} on a typical post; "
                f"accounts of this size on {platform} in this list have about {formats.number(100 * usual, 1)}.",
            )


def _share_above(part: float, whole: float, limit: float) -> bool:
    """Whether even the low end of a share's range lies above the limit."""
    # the low end never lies above the share itself, so most accounts need no interval
    return part > limit * whole and share_interval(part, whole, pack("signals")["level"])[0] > limit


def _generic(book: Book) -> Iterator[tuple[str, str, str]]:
    """Stock phrases and advertising, from comments files."""
    count = book.formats.number
    words = {
        "generic_comments": ("stock", "would fit under any post"),
        "spam_comments": ("spam", "advertise something"),
    }
    found = comments.specific(book)
    for signal, (part, what) in words.items():
        told = limits(signal)
        known = found.dropna(subset=[part]) if part in found else found.iloc[:0]
        enough = known.looked_at >= told["min_comments"]
        if "posts" in known:
            enough &= known.posts >= told["min_posts"]
        for account, row in known[enough].iterrows():
            if _share_above(row[part], row.looked_at, told["share"]):
                yield str(account), signal, f"{count(row[part])} of {count(row.looked_at)} comments {what}."


def _repeated(book: Book) -> Iterator[tuple[str, str, str]]:
    told, count = limits("repeated_comments"), book.formats.number
    found = comments.repeated(book)
    share = found.repeated / found.looked_at
    usual = float(share.median() + told["z"] * robust_spread(share)) if len(found) >= PEERS else told["alone"]
    for row in found[share > usual].itertuples():
        if _share_above(row.repeated, row.looked_at, told["share"]):
            example = str(row.example).strip()
            shown = example if len(example) <= 80 else example[:79] + "…"
            yield (
                row.Index,
                "repeated_comments",
                f"{count(row.repeated)} of {count(row.looked_at)} longer comments return under another post; "
                f"“{shown}” {count(row.times)} times under {count(row.posts)} posts.",
            )


def _foreign(book: Book) -> Iterator[tuple[str, str, str]]:
    told, count = limits("comment_language"), book.formats.number
    for row in languages.foreign_comments(book).itertuples():
        limit = max(told["share"], row.unknown)
        if row.looked_at >= told["min_comments"] and _share_above(row.foreign, row.looked_at, limit):
            yield (
                row.Index,
                "comment_language",
                f"{count(row.foreign)} of {count(row.looked_at)} comments whose language we recognise are in "
                f"{row.languages}, which the audience page does not name.",
            )


def _groups(book: Book) -> Iterator[tuple[str, str, str]]:
    listed, share = accounts(book), book.formats.percent
    for row in people.groups(book).itertuples():
        how = {
            "early": f"comment early, typically under {row.posts} of {row.of} posts",
            "order": f"comment in nearly the same order, typically under {row.posts} of {row.of} posts",
            "part": f"write {share(row.part)} of all comments, typically under {row.posts} of {row.of} posts",
        }
        elsewhere, mutual = _some(row.elsewhere, listed.called), _some(row.mutual, listed.called)
        also = (
            f" This creator and {mutual if mutual != elsewhere else 'they'} comment under each other's posts, too."
            if row.mutual
            else ""
        )
        yield (
            row.Index,
            "same_commenters",
            f"The same {row.size} people {how[row.why]}; they also return under posts of {elsewhere}.{also}",
        )


def _some(found: list[str], called: pd.Series) -> str:
    """The first three accounts, and how many more."""
    names = ", ".join(str(called[account]) for account in found[:3])
    return names + (f" and {len(found) - 3} more" if len(found) > 3 else "")
