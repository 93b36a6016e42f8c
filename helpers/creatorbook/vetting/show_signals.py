"""Signals to check: what we saw, at which threshold, what else explains it, what to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.findings import (
    Chart,
    Column,
    Count,
    Figure,
    Findings,
    Note,
    Share,
    Table,
    Text,
    charts,
    joined,
    packed,
    say,
    say_many,
    sentences,
    when_written,
    written,
)
from creatorbook.packs import pack
from creatorbook.vetting import growth
from creatorbook.vetting.accounts import listed_accounts
from creatorbook.vetting.checks_done import checks_done
from creatorbook.vetting.found_signals import found_signals
from creatorbook.vetting.wording import CREATOR, day_span, one_note, plain_decimals

if TYPE_CHECKING:
    from creatorbook.book import Book


def signals(book: Book) -> Findings:
    """Signals to check: what we saw, against which threshold and source, what else explains it, what to ask."""
    rows, accounts = found_signals(book), listed_accounts(book)
    summary = _signal_summary(book, rows)
    if not any(summary.done):
        text = sentences(
            say(
                "No signal could be looked for: the files hold no posts, comments or follower history. Nothing stands out because nothing was looked at."
            ),
            say("The quick-check sheet opens the first of these checks."),
        )
        return one_note(book, text, "unknown")
    items: list[Figure | Table | Chart | Note] = [
        Figure(
            "vetting.accounts_with_signals",
            "Accounts with something to look at",
            rows.account.nunique(),
            "accounts",
            "counted",
            say("posts, comments and follower histories against the thresholds of packs/signals.yml"),
            n=int(max(summary.done)),
        )
    ]
    if len(rows):
        items += [*_growth_chart(book), _signal_table(rows, accounts)]
    else:
        items.append(Note("Nothing stands out at these thresholds."))
    items += [_summary_table(summary), *_quiet_jumps(book, accounts)]
    items.append(
        Note(
            "A signal is a question to ask, never a verdict: each has ordinary explanations, and some ordinary accounts will show it.",
            "caution",
        )
    )
    return Findings("vetting", tuple(items), book.formats)


def _signal_table(rows: pd.DataFrame, accounts: pd.DataFrame) -> Table:
    """Each signal with what else explains it and what to ask."""
    kinds = pack("signals")["signals"]
    shown = pd.DataFrame(
        {
            "creator": rows.account.map(accounts.called),
            "signal": [packed(kinds[signal]["name"]) for signal in rows.signal],
            "saw": rows.saw,
            "explains": [packed(kinds[signal]["explains"]) for signal in rows.signal],
            "ask": [packed(kinds[signal]["ask"]) for signal in rows.signal],
        }
    )
    columns = {
        "creator": CREATOR,
        "signal": Column("Signal to check"),
        "saw": Column("What we saw"),
        "explains": Column("What else explains it"),
        "ask": Column("What to ask"),
    }
    return Table("vetting.signals", "Signals to check", shown, columns, rows=15)


def thresholds(book: Book) -> Findings:
    """Signal by signal: at which thresholds it stands out, and where these come from."""
    rows = [
        {
            "signal": packed(kind["name"]),
            "threshold": joined((_threshold(row) for row in kind["thresholds"].values()), by="; "),
            "source": say(
                "{source} ({date})", source=packed(kind["source"]), date=when_written(kind["date"])
            ),
        }
        for kind in pack("signals")["signals"].values()
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


def _signal_summary(book: Book, rows: pd.DataFrame) -> pd.DataFrame:
    """Signal by signal: how many accounts could be looked at, and how many stand out."""
    done = checks_done(book)
    counts = [
        {
            "signal": packed(kind["name"]),
            "done": int(done[kind["check"]].sum()),
            "stand_out": int(rows.account[rows.signal == name].nunique()),
        }
        for name, kind in pack("signals")["signals"].items()
    ]
    return pd.DataFrame(counts)


def _threshold(row: dict[str, Any]) -> Text:
    """A threshold as people write it: shares below 1 as percentages."""
    value, meaning = row["value"], packed(row["means"])
    if 0 < value < 1:
        share = Share(value, plain_decimals(100 * value).digits)
        return say("{number} {meaning}", number=share, meaning=meaning)
    return say("{number} {meaning}", number=plain_decimals(value), meaning=meaning)


def _summary_table(summary: pd.DataFrame) -> Table:
    columns = {
        "signal": Column("Signal to check"),
        "done": Column("Accounts looked at", "number"),
        "stand_out": Column("Stand out", "number", missing="not checked"),
    }
    looked_for = summary.assign(stand_out=summary.stand_out.astype(float).where(summary.done > 0))
    return Table("vetting.looked_for", "What was looked for", looked_for, columns, rows=30)


def _growth_chart(book: Book) -> list[Chart]:
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
        marked: whether jumps are shaded and named; exercises leave that to the learner.
    """
    history = growth.histories(book)
    history = history[history.account == account]
    jumps = growth.follower_jumps(book)
    jumps = jumps[(jumps.account == account) & marked]
    called = name or listed_accounts(book).called[account]
    curve = history.assign(views=history.views.rolling(3, min_periods=1).mean())
    good = float(curve.views.quantile(0.9))
    day = pd.Timedelta(days=1)
    picture = charts.line_over_area(
        curve,
        x="date",
        line="followers",
        area="views",
        formats=book.formats,
        line_label=written(say("followers"), book.formats),
        area_label=written(say("views a day, 3-day mean"), book.formats),
        area_reference=(good, written(say("its good days"), book.formats)) if good == good else None,
        spans=[
            (jump.start - day, jump.end + day, written(say("jump"), book.formats))
            for jump in jumps.itertuples()
        ],
    )
    key = "vetting.growth." + (name or account).replace("/", ".").replace(" ", "_")
    title = say("Followers of {account}, and the views of the same days", account=called)
    return Chart(key, title, _curve_text(called, curve, jumps), picture)


def _curve_text(called: str, curve_days: pd.DataFrame, jumps: pd.DataFrame) -> Text:
    """The chart in words."""
    top = curve_days.views.max() / curve_days.views.quantile(0.9)
    values = {
        "account": called,
        "first": Count(curve_days.followers.iloc[0]),
        "last": Count(curve_days.followers.iloc[-1]),
    }
    curve = say("Followers of {account} from {first} to {last}.", **values)
    if top == top:
        curve = say(
            "Followers of {account} from {first} to {last}; the most views of three days are {times} times those of "
            "good days.",
            times=Count(top, 1),
            **values,
        )
    days = [
        say("{days} (+{followers})", days=day_span(jump.start, jump.end), followers=Count(jump.gain))
        for jump in jumps.itertuples()
    ]
    return sentences(curve, say("Jumps: {jumps}.", jumps=joined(days, by="; ")) if days else None)


def _quiet_jumps(book: Book, accounts: pd.DataFrame) -> list[Note]:
    """Jumps that raise no signal, and why."""
    jumps = growth.follower_jumps(book)
    notes = []
    if causes := _ordinary_causes(jumps, accounts):
        text = say("Jumps with an ordinary cause raised no signal: {causes}.", causes=joined(causes, by="; "))
        notes.append(Note(text))
    alone = jumps[~jumps.views_known & ~jumps.explained]
    if len(alone):
        text = say_many(
            "{n} jump without any views to compare with raised no signal alone: {accounts}.",
            "{n} jumps without any views to compare with raised no signal alone: {accounts}.",
            n=len(alone),
            accounts=_names(alone, accounts),
        )
        cure = say("The account's daily views would settle it; the creator has them.")
        notes.append(Note(sentences(text, cure)))
    return notes


def _ordinary_causes(jumps: pd.DataFrame, accounts: pd.DataFrame) -> list[Text]:
    """Each ordinary cause with the accounts whose jumps it explains."""
    giveaways = jumps[jumps.giveaway.notna()]
    views = jumps[jumps.took_off & jumps.giveaway.isna()]
    sent = jumps[jumps.sent & ~jumps.took_off & jumps.giveaway.isna()]
    causes: list[Text] = []
    if len(giveaways):
        causes.append(say("a giveaway ({accounts})", accounts=_names(giveaways, accounts)))
    if len(views):
        causes.append(say("views far above the usual ({accounts})", accounts=_names(views, accounts)))
    if len(sent):
        causes.append(
            say(
                "newcomers whom somebody had sent, for they looked around or said so ({accounts})",
                accounts=_names(sent, accounts),
            )
        )
    return causes


def _names(jumps: pd.DataFrame, accounts: pd.DataFrame) -> Text:
    """The accounts that jumped, each once."""
    return joined(jumps.account.drop_duplicates().map(accounts.called), most=5)
