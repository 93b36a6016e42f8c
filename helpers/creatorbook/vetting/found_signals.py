"""All signals of all accounts in one frame: what we saw, against which threshold, what else explains it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.findings import Count, Day, Share, Text, joined, number_of, packed, say, say_many, sentences
from creatorbook.memo import remember
from creatorbook.packs import pack
from creatorbook.problems import shortened
from creatorbook.stats.intervals import share_interval
from creatorbook.stats.robust import robust_spread
from creatorbook.vetting import comments, growth, languages, people, ratios
from creatorbook.vetting.accounts import listed_accounts, platform_name
from creatorbook.vetting.limits import limits
from creatorbook.vetting.wording import COUNT_NAMES, day_span

if TYPE_CHECKING:
    from creatorbook.book import Book

COLUMNS = ["account", "signal", "saw"]

#: accounts from which a share is compared with the rest of the list
PEERS = 12

#: account, signal, what we saw
Signal = tuple[str, str, Text]


def found_signals(book: Book) -> pd.DataFrame:
    """Signals that count, one row each: account, signal (id), saw (a sentence with figures)."""
    return remember(book.tables, "signals", lambda: _found_signals(book), book.as_of)


def _found_signals(book: Book) -> pd.DataFrame:
    """All signals, in the order of the list and of the pack; see `found_signals`."""
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
    order = {account: place for place, account in enumerate(listed_accounts(book).index)}
    ids = {signal: place for place, signal in enumerate(pack("signals")["signals"])}
    keys = frame.assign(a=frame.account.map(order), b=frame.signal.map(ids))
    return frame.loc[keys.sort_values(["a", "b"], kind="stable").index].reset_index(drop=True)


def _growth(book: Book) -> Iterator[Signal]:
    """Jumps that views do not explain; a jump without any views raises nothing alone."""
    jumps = growth.follower_jumps(book)
    for jump in jumps[jumps.counts].itertuples():
        saw = say(
            "{days}: {followers} followers more than usual came, {share} of those there were.",
            days=day_span(jump.start, jump.end),
            followers=Count(jump.gain),
            share=Share(jump.share, 1),
        )
        yield jump.account, "growth_jump", sentences(saw, _by_views(jump))
        if jump.leaked:
            saw = say(
                "{days}: of the followers who came, {share} were gone again within {n} days.",
                days=day_span(jump.start, jump.end),
                share=Share(jump.lost),
                n=round(limits("growth_decay")["decay_days"]),
            )
            yield jump.account, "growth_decay", saw


def _by_views(jump: Any) -> Text:
    """How many of the newcomers the views of these days explain, and how those views compare."""
    left = jump.unexplained * jump.before
    explained = Count(jump.gain - left)
    none, times = left >= 0.995 * jump.gain, Count(jump.views_ratio, 1)
    if jump.views_ratio != jump.views_ratio:
        if none:
            return say("Views explain none of them.")
        return say("Views explain about {n} of them.", n=explained)
    if none:
        return say(
            "Views explain none of them; at their best, the views of these days were {times} times those of good days.",
            times=times,
        )
    return say(
        "Views explain about {n} of them; at their best, the views of these days were {times} times those of good days.",
        n=explained,
        times=times,
    )


def _swings(book: Book) -> Iterator[Signal]:
    """Accounts that follow many and drop them again."""
    for row in growth.follow_swings(book).itertuples():
        values = {"accounts": Count(row.accounts), "share": Share(row.share), "day": Day(row.date)}
        once = say(
            "About {accounts} accounts ({share} of those it follows) were followed and dropped again around {day}.",
            **values,
        )
        often = say(
            "About {accounts} accounts ({share} of those it follows) were followed and dropped again around {day}, "
            "{times} times in all.",
            times=Count(row.times),
            **values,
        )
        yield row.Index, "follow_swings", often if row.times > 1 else once


def _ratios(book: Book) -> Iterator[Signal]:
    """Ratios far from what is usual at that size on that platform, on the side where that is odd."""
    frame, accounts = ratios.compared_ratios(book), listed_accounts(book)
    for name, (over, under, odd_side) in ratios.RATIOS.items():
        if name not in frame:
            continue
        z, most = frame[f"{name}_z"], limits(name)
        times = frame[name] / frame[f"{name}_usual"]
        low, high = (z < -most["z"]) & (times < 1 / most["times"]), (z > most["z"]) & (times > most["times"])
        odd = {"low": low, "high": high, "either": low | high}[odd_side]
        for account in frame.index[odd]:
            saw = say(
                "{number} {counted} per 100 {base} on a typical post; accounts of this size on {platform} in this list "
                "have about {usual}.",
                number=Count(100 * frame.loc[account, name], 1),
                counted=COUNT_NAMES[over],
                base=COUNT_NAMES[under],
                platform=platform_name(accounts.platform[account]),
                usual=Count(100 * frame.loc[account, f"{name}_usual"], 1),
            )
            yield account, name, saw


def _share_above(part: float, whole: float, limit: float) -> bool:
    """Whether even the low end of a share's range lies above the limit."""
    # the low end never lies above the share itself, so most accounts need no interval
    return part > limit * whole and share_interval(part, whole, pack("signals")["level"])[0] > limit


def _generic(book: Book) -> Iterator[Signal]:
    """Stock phrases and advertising, from comments files."""
    counts = comments.specific(book)
    for signal, part in (("generic_comments", "stock"), ("spam_comments", "spam")):
        most = limits(signal)
        rows = counts.dropna(subset=[part]) if part in counts else counts.iloc[:0]
        enough = rows.looked_at >= most["min_comments"]
        if "posts" in rows:
            enough &= rows.posts >= most["min_posts"]
        rows = rows[enough]
        for account, n, looked_at in zip(rows.index, rows[part], rows.looked_at, strict=True):
            if _share_above(n, looked_at, most["share"]):
                counted = {"n": Count(n), "comments": number_of("comment", Count(looked_at))}
                yield account, signal, _generic_text(book, account, part, counted)


def _generic_text(book: Book, account: str, part: str, counted: dict[str, Any]) -> Text:
    if part == "stock":
        return say("{n} of {comments} would fit under any post.", **counted)
    usual = comments.usual_advertising(book, account)
    if usual is None:
        return say_many(
            "{n} of {comments} advertises something.", "{n} of {comments} advertise something.", **counted
        )
    return say_many(
        "{n} of {comments} advertises something: such a comment mostly {reason}.",
        "{n} of {comments} advertise something: such a comment mostly {reason}.",
        **counted,
        reason=packed(usual),
    )


def _repeated(book: Book) -> Iterator[Signal]:
    """Longer comments that return under other posts more than is usual in this list."""
    most, repeats = limits("repeated_comments"), comments.repeated(book)
    share = repeats.repeated / repeats.looked_at
    usual = (
        float(share.median() + most["z"] * robust_spread(share)) if len(repeats) >= PEERS else most["alone"]
    )
    for row in repeats[share > usual].itertuples():
        if _share_above(row.repeated, row.looked_at, most["share"]):
            example = str(row.example).strip()
            saw = say(
                "{n} of {comments} return under another post; “{example}” {times} under {posts}.",
                n=Count(row.repeated),
                comments=say_many("{n} longer comment", "{n} longer comments", n=Count(row.looked_at)),
                example=shortened(example, 80),
                times=number_of("time", Count(row.times)),
                posts=number_of("post", Count(row.posts)),
            )
            yield row.Index, "repeated_comments", saw


def _foreign(book: Book) -> Iterator[Signal]:
    """Comments in languages that the audience page does not name."""
    most = limits("comment_language")
    for row in languages.foreign_comments(book).itertuples():
        limit = max(most["share"], row.unknown)
        if row.looked_at >= most["min_comments"] and _share_above(row.foreign, row.looked_at, limit):
            saw = say(
                "{n} of {comments} whose language we recognise are in {languages}, which the audience page does "
                "not name.",
                n=Count(row.foreign),
                comments=number_of("comment", Count(row.looked_at)),
                languages=row.languages,
            )
            yield row.Index, "comment_language", saw


def _groups(book: Book) -> Iterator[Signal]:
    """People who comment together under several accounts."""
    called = listed_accounts(book).called
    for row in people.commenting_groups(book).itertuples():
        also = None
        if row.mutual and row.mutual == row.elsewhere:
            also = say("This creator and they comment under each other's posts, too.")
        elif row.mutual:
            also = say(
                "This creator and {accounts} comment under each other's posts, too.",
                accounts=_names(row.mutual, called),
            )
        yield row.Index, "same_commenters", sentences(_group_text(row, _names(row.elsewhere, called)), also)


def _group_text(row: Any, accounts: Text) -> Text:
    """What a group of commenters does, by what makes it count."""
    values = {"n": row.size, "posts": row.posts, "of": row.of, "accounts": accounts}
    if row.why == "early":
        return say(
            "The same {n} people comment early, typically under {posts} of {of} posts; they also return under posts of "
            "{accounts}.",
            **values,
        )
    if row.why == "order":
        return say(
            "The same {n} people comment in nearly the same order, typically under {posts} of {of} posts; they also "
            "return under posts of {accounts}.",
            **values,
        )
    return say(
        "The same {n} people write {share} of all comments, typically under {posts} of {of} posts; they also return "
        "under posts of {accounts}.",
        share=Share(row.part),
        **values,
    )


def _names(accounts: list[str], called: pd.Series) -> Text:
    """The first three accounts, and how many more."""
    return joined([called[account] for account in accounts], most=3)
