"""Who is here, do people respond, do they talk to each other: the first steps of notebook 02."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.findings import Chart, Column, Figure, Findings, Note, Table, charts
from creatorbook.packs import pack
from creatorbook.stats.intervals import share_interval
from creatorbook.vetting import benchmarks, comments, posts
from creatorbook.vetting.accounts import accounts, nameless_rows, platform_name
from creatorbook.vetting.checks_done import CHECKS, checks_done, told_done
from creatorbook.vetting.habits import adjusted
from creatorbook.vetting.wording import CREATOR, count, names, said, sentence, verb

if TYPE_CHECKING:
    from creatorbook.book import Book


ADJUSTED = "fewer than 8 posts: pulled towards accounts of the same platform and size"

#: rows a chart of accounts shows, so that names stay readable
CHART_ROWS = 20


def overview(book: Book) -> Findings:
    """Who is in the list, by size, platform and price, and how much of the check could be done for whom."""
    listed = accounts(book)
    if listed.empty:
        return said(
            book,
            "The list of creators is empty. A creators list with handle, platform and followers opens this step; you or the agency have it.",
            "unknown",
        )
    done = checks_done(book)
    counts = done.sum(axis=1)
    typical = int(np.floor(counts.median()))
    items: list[Figure | Table | Chart | Note] = [
        Figure(
            "vetting.accounts", "Accounts in the list", len(listed), "accounts", "counted", "creators list"
        ),
        Figure(
            "vetting.checks_done",
            "Checks done for the typical account",
            typical,
            f"of {len(CHECKS)}",
            "counted",
            "files in exports/",
            n=len(listed),
            note=_spread(int(counts.min()), int(counts.max())),
        ),
        _list_table(book, listed, counts),
        _unchecked_table(done),
        *_oddities(book, listed),
    ]
    missing = _most_missed(done)
    if missing:
        left = int((~done[missing["id"]]).sum())
        text = f"{sentence(missing['name'])} ({left} of {len(done)} accounts): {missing['file']} settles it."
        items.append(Note(text, "unknown", "plan.not_known", missing["who"], book.campaign.start, rank=40))
    return Findings("vetting", tuple(items), book.formats)


def _list_table(book: Book, listed: pd.DataFrame, counts: pd.Series) -> Table:
    frame = pd.DataFrame(
        {
            "creator": listed.called,
            "platform": listed.platform.map(platform_name),
            "followers": listed.followers,
            "place": listed.place,
            "fee": listed.fee,
            "per_thousand": listed.fee / (listed.followers.where(listed.followers > 0) / 1000),
            "checked": counts.map(lambda count: f"{count:.0f} of {len(CHECKS)}"),
        }
    )
    columns = {
        "creator": CREATOR,
        "platform": Column("Platform"),
        "followers": Column("Followers", "number"),
        "place": Column("Place"),
        "fee": Column("Asks or agreed", "money"),
        "per_thousand": Column("Per 1,000 followers", "money", 2, note="fee ÷ followers in thousands"),
        "checked": Column("Checked", note="how many of the eleven checks the files allow"),
    }
    kept = {name: column for name, column in columns.items() if name != "place" or listed.place.notna().any()}
    return Table("vetting.list", "The list, largest first", frame, kept, rows=12)


def _unchecked_table(done: pd.DataFrame) -> Table:
    """Check by check: for how many it could be done, and what would do it for the others."""
    rows = [
        {
            "check": sentence(check["name"]),
            "done": f"{int(done[check['id']].sum())} of {len(done)}",
            "file": "" if done[check["id"]].all() else check["file"],
            "who": "" if done[check["id"]].all() else check["who"],
        }
        for check in CHECKS
    ]
    columns = {
        "check": Column("Check"),
        "done": Column("Done for"),
        "file": Column("What would do it for the others"),
        "who": Column("Who has it"),
    }
    return Table(
        "vetting.not_checked",
        "What could be checked, and what one more file would add",
        pd.DataFrame(rows),
        columns,
    )


def _oddities(book: Book, listed: pd.DataFrame) -> list[Note]:
    """Lines of the list that cannot be used as they are: none is dropped without a word."""
    told = []
    if nameless := nameless_rows(book):
        told.append(
            f"{count(nameless, 'line')} of the creators list {verb(nameless, 'has', 'have')} no handle and "
            f"{verb(nameless, 'is', 'are')} left out."
        )
    nobody = listed.called[listed.followers == 0]
    if len(nobody):
        told.append(
            f"{names(nobody)}: 0 followers in the list, so no rate per follower can be given. "
            "Private, deleted or mistyped?"
        )
    if unknown := int(listed.followers.isna().sum()):
        told.append(
            f"{count(unknown, 'account')} {verb(unknown, 'has', 'have')} no follower count in the list."
        )
    handles = listed.groupby("creator").size()
    if several := int((handles > 1).sum()):
        told.append(
            f"{count(several, 'creator')} {verb(several, 'has', 'have')} several accounts in the list; price, "
            "code and decision belong to the person, size and response to the account."
        )
    return [Note(text, "caution") for text in told]


def _spread(fewest: int, most: int) -> str:
    return "the same for all" if fewest == most else f"from {fewest} to {told_done(most)}"


def _most_missed(done: pd.DataFrame) -> dict[str, str] | None:
    """The first check, in the order of the card, that could be done for fewer than half of the accounts.

    Comment files are passed over: hardly anybody can lawfully have one.
    """
    asked = [check for check in CHECKS if check["who"] != "hardly anybody"]
    return next((check for check in asked if done[check["id"]].mean() < 0.5), None)


def engagement(book: Book) -> Findings:
    """How many respond, under the client's formula: median, likely range, number of posts and window."""
    told, found, listed = posts.formula(book.client.engagement_formula), posts.response(book), accounts(book)
    if found.empty:
        text = (
            f"How many respond is not checked yet: it needs {' and '.join(told['counts'])} of the last 9 to 12 posts"
            f"{'' if told['per'] == 'followers' else ' and their ' + told['per']}. The quick-check sheet takes minutes per creator; anyone can fill it."
        )
        return said(book, text, "unknown")
    frame = _engagement_frame(book, found, listed)
    settings = pack("engagement")
    items: list[Figure | Table | Chart | Note] = [
        Note(
            f"Rate: {told['label']}, the median over posts of the {settings['window_days']} days before "
            f"{book.formats.day(book.as_of)}, without the newest {settings['settling_days']} days. Other formulas give "
            "other figures for the same posts; never compare across them.",
            "method",
        ),
        *_engagement_chart(book, frame, told["label"]),
        _engagement_table(frame, told["label"]),
        *_small_samples(found, listed),
        *_paid_against_own(book, found),
    ]
    return Findings("vetting", tuple(items), book.formats)


def _engagement_frame(book: Book, found: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    frame = found.join(listed[["called", "platform", "followers"]])
    frame["says"] = benchmarks.told(book, frame)
    frame["adjusted"] = adjusted(book).rate.reindex(frame.index)
    frame["basis"] = np.where(frame.typed, "typed typical figures", "posts")
    frame["platform"] = frame.platform.map(platform_name)
    order = {account: place for place, account in enumerate(listed.index)}
    return frame.loc[sorted(frame.index, key=lambda account: order[account])]


def _engagement_chart(book: Book, frame: pd.DataFrame, label: str) -> list[Chart]:
    """Largest accounts with a range, best first; none if nobody has a range."""
    ranged = frame.dropna(subset=["low"]).head(CHART_ROWS).sort_values("rate", ascending=False, kind="stable")
    if len(ranged) < 2:
        return []
    best, last = ranged.iloc[0], ranged.iloc[-1]
    percent = book.formats.percent
    alt = (
        f"{label.capitalize()} of {len(ranged)} accounts with their likely ranges: from {percent(best.rate, 1)} "
        f"({best.called}) down to {percent(last.rate, 1)} ({last.called})."
    )
    picture = charts.ranges(
        ranged,
        label="called",
        value="rate",
        low="low",
        high="high",
        unit="percent",
        formats=book.formats,
        xlabel=label,
    )
    title = "How many respond to a typical post" + (
        "" if len(ranged) == len(frame) else f": the {len(ranged)} largest"
    )
    return [Chart("vetting.engagement_chart", title, alt, picture)]


def _engagement_table(frame: pd.DataFrame, label: str) -> Table:
    columns = {
        "called": CREATOR,
        "platform": Column("Platform"),
        "rate": Column("Typical post", "percent", 1, note=label),
        "low": Column("Likely from", "percent", 1, "estimated", missing="no range"),
        "high": Column("to", "percent", 1, "estimated", missing="no range"),
        "n": Column("Posts", "number", missing="–"),
        "adjusted": Column(
            "Adjusted for small numbers", "percent", 1, "estimated", note=ADJUSTED, missing="enough posts"
        ),
        "own_rate": Column("Own posts", "percent", 1, missing="none"),
        "paid_rate": Column("Paid posts", "percent", 1, missing="none"),
        "says": Column("Sources for this size and platform say"),
        "basis": Column("From"),
    }
    dropped = {
        name
        for name in ("adjusted", "own_rate", "paid_rate")
        if frame.get(name) is None or frame[name].isna().all()
    }
    kept = {name: column for name, column in columns.items() if name not in dropped}
    return Table("vetting.engagement", f"Response per account: {label}", frame, kept, rows=12)


def _small_samples(found: pd.DataFrame, listed: pd.DataFrame) -> list[Note]:
    few = found[found.low.isna() & ~found.typed]
    told = []
    if len(few):
        shown = names(listed.called[few.index])
        told.append(
            f"Fewer than 5 posts in the window, so no likely range: {shown}. The quick-check sheet with 9 to 12 posts gives one."
        )
    if found.typed.any():
        told.append(
            f"{int(found.typed.sum())} rates come from one typed typical figure: a guess without a range."
        )
    absent = len(listed) - len(found)
    if absent:
        told.append(f"{absent} accounts have no posts in the window and are not checked here.")
    return [Note(text, "caution") for text in told]


def _paid_against_own(book: Book, found: pd.DataFrame) -> list[Note]:
    both = found[(found.own_n >= 3) & (found.paid_n >= 3)]
    if both.empty:
        return [
            Note(
                "Paid against own posts: no account has three of each in the window, so they are not compared. A quick-check sheet that marks paid posts would do it.",
                "unknown",
            )
        ]
    lower = int((both.paid_rate < both.own_rate).sum())
    ratio = float((both.paid_rate / both.own_rate).median())
    low, high = share_interval(lower, len(both))
    if low > 0.5:
        end = "Paid posts draw less here."
    elif high < 0.5:
        end = "Paid posts draw more here."
    else:
        end = "That could easily be chance."
    return [
        Note(
            f"With {lower} of {len(both)} accounts paid posts drew less response than own posts; over all of them, typically "
            f"{book.formats.percent(ratio)} of it. {end}"
        )
    ]


def conversation(book: Book) -> Findings:
    """Whether the creator answers, and whether comments say something; from files or counts by hand."""
    listed, replies, specific = accounts(book), comments.replies(book), comments.specific(book)
    if replies.empty and specific.empty:
        return said(
            book,
            "Whether they talk to each other is not checked yet. The 20-comment tally and the reply count (3 posts × 10 comments) take minutes per creator; anyone can fill them.",
            "unknown",
        )
    frame = listed[["called"]].join(_shares(replies, "answered")).join(_shares(specific, "specific"))
    frame = frame.dropna(how="all", subset=["answered_share", "specific_share"])
    columns = {"called": CREATOR}
    for name, label in (("answered", "Answered by the creator"), ("specific", "Say something specific")):
        if frame[f"{name}_share"].notna().any():
            columns[f"{name}_told"] = Column(label, grade="counted")
            columns[f"{name}_share"] = Column("Share", "percent", missing="not checked")
            columns[f"{name}_low"] = Column(
                "Likely from", "percent", grade="estimated", missing="not checked"
            )
            columns[f"{name}_high"] = Column("to", "percent", grade="estimated", missing="not checked")
            if frame[f"{name}_source"].nunique() > 1:
                columns[f"{name}_source"] = Column("From")
    table = Table("vetting.conversation", "Do they talk to each other?", frame, columns, rows=12)
    notes = _conversation_notes(listed, replies, specific)
    return Findings("vetting", (table, *notes), book.formats)


def _shares(counts: pd.DataFrame, part: str) -> pd.DataFrame:
    """`k of n`, share and range per account."""
    ranges = [share_interval(k, n) for k, n in zip(counts[part], counts.looked_at, strict=True)]
    return pd.DataFrame(
        {
            f"{part}_told": [
                f"{k:.0f} of {n:.0f}" for k, n in zip(counts[part], counts.looked_at, strict=True)
            ],
            f"{part}_share": counts[part] / counts.looked_at,
            f"{part}_low": [low for low, _ in ranges],
            f"{part}_high": [high for _, high in ranges],
            f"{part}_source": counts.source,
        },
        index=counts.index,
    )


def _conversation_notes(listed: pd.DataFrame, replies: pd.DataFrame, specific: pd.DataFrame) -> list[Note]:
    told = []
    for name, counts, sheet in (
        ("Answers", replies, "reply count"),
        ("Comments", specific, "20-comment tally"),
    ):
        left = len(listed) - len(counts)
        if left:
            told.append(
                f"{name}: not checked for {left} of {len(listed)} accounts; the {sheet} by hand would do it."
            )
    notes = [Note(text, "unknown") for text in told]
    notes.append(
        Note(
            "A comment counts as specific if something in it is more than an emoji, a mention, one word or words that fit under any post; "
            "a rule for reading quickly, which a person should check on twenty comments.",
            "method",
        )
    )
    return notes
