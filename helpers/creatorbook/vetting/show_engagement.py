"""Do people respond: engagement under the client's formula, with its range and what published figures say."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.findings import (
    Capital,
    Chart,
    Column,
    Day,
    Figure,
    Findings,
    Note,
    Share,
    Table,
    Text,
    charts,
    joined,
    number_of,
    packed,
    say,
    say_many,
    sentences,
    written,
)
from creatorbook.packs import pack
from creatorbook.stats.intervals import share_interval
from creatorbook.vetting import benchmarks, posts
from creatorbook.vetting.accounts import listed_accounts, platform_name
from creatorbook.vetting.habits import adjusted_rates
from creatorbook.vetting.wording import COUNT_NAMES, CREATOR, one_note

if TYPE_CHECKING:
    from creatorbook.book import Book


#: rows a chart of accounts shows, so that names stay readable
CHART_ROWS = 20


def engagement(book: Book) -> Findings:
    """The engagement rate per account under the client's formula: median, likely range, number of posts and window."""
    formula = posts.formula(book.client.engagement_formula)
    rates, accounts = posts.response(book), listed_accounts(book)
    if rates.empty:
        return one_note(book, _nothing_known(formula), "unknown")
    frame = _engagement_frame(book, rates, accounts)
    label = packed(formula["label"])
    settings = pack("engagement")
    rate = say(
        "Rate: {formula}, the median over posts of the {window} days before {day}, without the newest {settling} days.",
        formula=label,
        window=settings["window_days"],
        day=Day(book.as_of),
        settling=settings["settling_days"],
    )
    other = say("Other formulas give other figures for the same posts; never compare across them.")
    items: list[Figure | Table | Chart | Note] = [
        Note(sentences(rate, other), "method"),
        *_engagement_chart(book, frame, label),
        _engagement_table(frame, label),
        *_small_samples(rates, accounts),
        *_paid_against_own(rates),
    ]
    return Findings("vetting", tuple(items), book.formats)


def _nothing_known(formula: dict[str, Any]) -> Text:
    """What the formula needs, where no post is known."""
    parts: list[Text] = [COUNT_NAMES[count] for count in formula["counts"]]
    counts = reduce(lambda names, one: say("{names} and {one}", names=names, one=one), parts)
    if formula["per"] == "followers":
        needs = say(
            "How many respond is not checked yet: it needs {counts} of the last 9 to 12 posts.", counts=counts
        )
    else:
        needs = say(
            "How many respond is not checked yet: it needs {counts} of the last 9 to 12 posts and their {base}.",
            counts=counts,
            base=COUNT_NAMES[formula["per"]],
        )
    return sentences(needs, say("The quick-check sheet takes minutes per creator; anyone can fill it."))


def _engagement_frame(book: Book, rates: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    frame = rates.join(accounts[["called", "platform", "followers"]])
    frame["says"] = benchmarks.published_rates(book, frame)
    frame["adjusted"] = adjusted_rates(book).rate.reindex(frame.index)
    frame["basis"] = [say("typed typical figures") if typed else say("posts") for typed in frame.typed]
    frame["platform"] = frame.platform.map(platform_name)
    order = {account: place for place, account in enumerate(accounts.index)}
    return frame.loc[sorted(frame.index, key=lambda account: order[account])]


def _engagement_chart(book: Book, frame: pd.DataFrame, label: Text) -> list[Chart]:
    """Largest accounts with a range, best first; none if nobody has a range."""
    ranged = frame.dropna(subset=["low"]).head(CHART_ROWS).sort_values("rate", ascending=False, kind="stable")
    if len(ranged) < 2:
        return []
    best, last = ranged.iloc[0], ranged.iloc[-1]
    alt = say(
        "{rate} of {accounts} accounts with their likely ranges: from {highest} ({best}) down to {lowest} ({last}).",
        rate=Capital(label),
        accounts=len(ranged),
        highest=Share(best.rate, 1),
        best=best.called,
        lowest=Share(last.rate, 1),
        last=last.called,
    )
    picture = charts.ranges(
        ranged,
        label="called",
        value="rate",
        low="low",
        high="high",
        unit="percent",
        formats=book.formats,
        xlabel=written(label, book.formats),
    )
    title = say("How many respond to a typical post")
    if len(ranged) < len(frame):
        title = say("How many respond to a typical post: the {n} largest", n=len(ranged))
    return [Chart("vetting.engagement_chart", title, alt, picture)]


def _engagement_table(frame: pd.DataFrame, label: Text) -> Table:
    """The rates by account; columns nobody has a figure for are left out."""
    columns = {
        "called": CREATOR,
        "platform": Column("Platform"),
        "rate": Column("Typical post", "percent", 1, note=label),
        "low": Column("Likely from", "percent", 1, "estimated", missing="no range"),
        "high": Column("to", "percent", 1, "estimated", missing="no range"),
        "n": Column("Posts", "number", missing="–"),
        "adjusted": Column(
            "Adjusted for small numbers",
            "percent",
            1,
            "estimated",
            note="fewer than 8 posts: pulled towards accounts of the same platform and size",
            missing="enough posts",
        ),
        "own_rate": Column("Own posts", "percent", 1, missing="none"),
        "paid_rate": Column("Paid posts", "percent", 1, missing="none"),
        "says": Column("Sources for this size and platform say"),
        "basis": Column("From"),
    }
    for name in ("adjusted", "own_rate", "paid_rate"):
        if name not in frame or frame[name].isna().all():
            del columns[name]
    title = say("Response per account: {formula}", formula=label)
    return Table("vetting.engagement", title, frame, columns, rows=12)


def _small_samples(rates: pd.DataFrame, accounts: pd.DataFrame) -> list[Note]:
    """Accounts with few posts, a typed figure or none at all."""
    few = rates[rates.low.isna() & ~rates.typed]
    texts: list[Text] = []
    if len(few):
        no_range = say(
            "Fewer than 5 posts in the window, so no likely range: {accounts}.",
            accounts=joined(accounts.called[few.index], most=5),
        )
        texts.append(sentences(no_range, say("The quick-check sheet with 9 to 12 posts gives one.")))
    if rates.typed.any():
        texts.append(
            say_many(
                "{n} rate comes from one typed typical figure: a guess without a range.",
                "{n} rates come from one typed typical figure: a guess without a range.",
                n=int(rates.typed.sum()),
            )
        )
    if absent := len(accounts) - len(rates):
        texts.append(
            say_many(
                "{n} account has no posts in the window and is not checked here.",
                "{n} accounts have no posts in the window and are not checked here.",
                n=absent,
            )
        )
    return [Note(text, "caution") for text in texts]


def _paid_against_own(rates: pd.DataFrame) -> list[Note]:
    """Whether paid posts draw less response than own ones, over accounts with three of each."""
    both = rates[(rates.own_n >= 3) & (rates.paid_n >= 3)]
    if both.empty:
        return [
            Note(
                "Paid against own posts: no account has three of each in the window, so they are not compared. A quick-check sheet that marks paid posts would do it.",
                "unknown",
            )
        ]
    lower = int((both.paid_rate < both.own_rate).sum())
    low, high = share_interval(lower, len(both))
    text = say(
        "With {n} of {accounts} paid posts drew less response than own posts; over all of them, typically "
        "{share} of it.",
        n=lower,
        accounts=number_of("account", len(both)),
        share=Share(float((both.paid_rate / both.own_rate).median())),
    )
    if low > 0.5:
        verdict = say("Paid posts draw less here.")
    elif high < 0.5:
        verdict = say("Paid posts draw more here.")
    else:
        verdict = say("That could easily be chance.")
    return [Note(sentences(text, verdict))]
