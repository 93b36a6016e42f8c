"""Signals to check: what we saw, at which threshold, what else explains it, what to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.findings import Chart, Column, Figure, Findings, Note, Table, charts
from creatorbook.packs import pack
from creatorbook.vetting import growth
from creatorbook.vetting.accounts import accounts
from creatorbook.vetting.checks_done import checks_done
from creatorbook.vetting.found_signals import found_signals, told_days
from creatorbook.vetting.wording import CREATOR, called, count, names, said

if TYPE_CHECKING:
    from creatorbook.book import Book


def signals(book: Book) -> Findings:
    """Signals to check: what we saw, against which threshold and source, what else explains it, what to ask."""
    found, listed, packed = found_signals(book), accounts(book), pack("signals")["signals"]
    summary = _signal_summary(book, found)
    if not any(summary.done):
        return said(
            book,
            "No signal could be looked for: the files hold no posts, comments or follower history. Nothing stands out because nothing was looked at. "
            "The quick-check sheet opens the first of these checks.",
            "unknown",
        )
    items: list[Figure | Table | Chart | Note] = [
        Figure(
            "vetting.accounts_with_signals",
            "Accounts with something to look at",
            found.account.nunique(),
            "accounts",
            "counted",
            "posts, comments and follower histories against the thresholds of packs/signals.yml",
            n=int(max(summary.done)),
        )
    ]
    if len(found):
        items += [*_growth_chart(book, found), _signal_table(found, listed, packed)]
    else:
        items.append(Note("Nothing stands out at these thresholds."))
    items += [_summary_table(summary), *_quiet_jumps(book, listed)]
    items.append(
        Note(
            "A signal is a question to ask, never a verdict: each has ordinary explanations, and some ordinary accounts will show it.",
            "caution",
        )
    )
    return Findings("vetting", tuple(items), book.formats)


def _signal_table(found: pd.DataFrame, listed: pd.DataFrame, packed: dict[str, dict[str, str]]) -> Table:
    frame = pd.DataFrame(
        {
            "creator": found.account.map(listed.called),
            "signal": found.signal.map(lambda name: packed[name]["name"]),
            "saw": found.saw,
            "explains": found.signal.map(lambda name: packed[name]["explains"]),
            "ask": found.signal.map(lambda name: packed[name]["ask"]),
        }
    )
    columns = {
        "creator": CREATOR,
        "signal": Column("Signal to check"),
        "saw": Column("What we saw"),
        "explains": Column("What else explains it"),
        "ask": Column("What to ask"),
    }
    return Table("vetting.signals", "Signals to check", frame, columns, rows=15)


def thresholds(book: Book) -> Findings:
    """Signal by signal: at which thresholds it stands out, and where these come from."""
    rows = [
        {
            "signal": told["name"],
            "threshold": "; ".join(
                f"{_plain(row['value'])} {row['means']}" for row in told["thresholds"].values()
            ),
            "source": f"{told['source']} ({told['date']})",
        }
        for told in pack("signals")["signals"].values()
    ]
    columns = {
        "signal": Column("Signal to check"),
        "threshold": Column("Thresholds"),
        "source": Column("Where they come from"),
    }
    table = Table(
        "vetting.thresholds", "At which thresholds a signal stands out", pd.DataFrame(rows), columns
    )
    return Findings("vetting", (table,), book.formats)


def _signal_summary(book: Book, found: pd.DataFrame) -> pd.DataFrame:
    """Signal by signal: how many accounts could be looked at, and how many stand out."""
    done = checks_done(book)
    rows = [
        {
            "signal": told["name"],
            "done": int(done[told["check"]].sum()),
            "stand_out": int(found.account[found.signal == name].nunique()),
        }
        for name, told in pack("signals")["signals"].items()
    ]
    return pd.DataFrame(rows)


def _plain(value: float) -> str:
    """A threshold as people write it: shares below 1 as percentages."""
    return f"{value * 100:g} %" if 0 < value < 1 else f"{value:g}"


def _summary_table(summary: pd.DataFrame) -> Table:
    columns = {
        "signal": Column("Signal to check"),
        "done": Column("Accounts looked at", "number"),
        "stand_out": Column("Stand out", "number", missing="not checked"),
    }
    frame = summary.assign(stand_out=summary.stand_out.astype(float).where(summary.done > 0))
    return Table("vetting.looked_for", "What was looked for", frame, columns, rows=30)


def _growth_chart(book: Book, found: pd.DataFrame) -> list[Chart]:
    """The follower curve of the account whose jump its views explain least."""
    jumps = growth.follower_jumps(book)
    odd = jumps[jumps.counts]
    if odd.empty:
        return []
    return [follower_chart(book, odd.sort_values(["views_ratio", "account"], kind="stable").account.iloc[0])]


def follower_chart(book: Book, account: str, name: str = "", *, marked: bool = True) -> Chart:
    """One account's follower curve above its views; jumps are shaded.

    Args:
        book: the campaign.
        account: as `accounts` calls it.
        name: shown instead of the handle, for exercises.
        marked: whether jumps are shaded and told; exercises leave that to the learner.
    """
    history = growth.histories(book)
    history = history[history.account == account]
    jumps = growth.follower_jumps(book)
    jumps = jumps[(jumps.account == account) & marked]
    called = name or accounts(book).called[account]
    frame = history.assign(views=history.views.rolling(3, min_periods=1).mean())
    good = float(frame.views.quantile(0.9))
    day = pd.Timedelta(days=1)
    picture = charts.line_over_area(
        frame,
        x="date",
        line="followers",
        area="views",
        formats=book.formats,
        line_label="followers",
        area_label="views a day, 3-day mean",
        area_reference=(good, "its good days") if good == good else None,
        spans=[(jump.start - day, jump.end + day, "jump") for jump in jumps.itertuples()],
    )
    key = "vetting.growth." + (name or account).replace("/", ".").replace(" ", "_")
    title = f"Followers of {called}, and the views of the same days"
    return Chart(key, title, _told_curve(book, called, frame, jumps), picture)


def _told_curve(book: Book, called: str, frame: pd.DataFrame, jumps: pd.DataFrame) -> str:
    """The chart in words."""
    number, top = book.formats.number, frame.views.max() / frame.views.quantile(0.9)
    told = (
        f"Followers of {called} from {number(frame.followers.iloc[0])} to {number(frame.followers.iloc[-1])}"
    )
    views = (
        f"; the most views of three days are {number(top, 1)} times those of good days" if top == top else ""
    )
    days = "; ".join(
        f"{told_days(jump.start, jump.end, book.formats)} (+{number(jump.gain)})"
        for jump in jumps.itertuples()
    )
    return f"{told}{views}." + (f" Jumps: {days}." if days else "")


def _quiet_jumps(book: Book, listed: pd.DataFrame) -> list[Note]:
    """Jumps that raise no signal, and why."""
    jumps = growth.follower_jumps(book)
    told = []
    causes = {
        "a giveaway": jumps[jumps.giveaway.notna()],
        "views far above the usual": jumps[jumps.took_off & jumps.giveaway.isna()],
        "newcomers whom somebody had sent, for they looked around or said so": jumps[
            jumps.sent & ~jumps.took_off & jumps.giveaway.isna()
        ],
    }
    ordinary = [f"{cause} ({names(called(found, listed))})" for cause, found in causes.items() if len(found)]
    if ordinary:
        told.append(f"Jumps with an ordinary cause raised no signal: {'; '.join(ordinary)}.")
    alone = jumps[~jumps.views_known & ~jumps.explained]
    if len(alone):
        told.append(
            f"{count(len(alone), 'jump')} without any views to compare with raised no signal alone: "
            f"{names(called(alone, listed))}. The account's daily views would settle it; the creator has them."
        )
    return [Note(text) for text in told]
