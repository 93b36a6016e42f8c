"""How earlier forecasts of this client did: how often their ranges held, read from the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from scipy import stats

from creatorbook.findings import Column, Count, Note, Table, Wording, joined, say, say_many, sentences
from creatorbook.goals.objective import STEP
from creatorbook.history.calibration import KINDS, checked_forecasts, spread_factor
from creatorbook.planning.recorded import FIGURES, GOAL_FIGURES

if TYPE_CHECKING:
    from creatorbook.book import Book

#: campaigns from which the record says something about the ranges
ENOUGH_CAMPAIGNS = 5
#: a record that ranges as good as stated would show less often than this is called too narrow
SURPRISING = 0.05


def track_record(book: Book) -> list[Note | Table]:
    """How often the 50 % and 90 % ranges of approved forecasts held in the client's closed campaigns."""
    pairs = checked_forecasts(book)
    if pairs.empty:
        return [Note("This forecast is not yet checked against your campaigns (0 so far).", "method")]
    return [Note(sentences(_sentence(book, pairs), _kinds(book)), "method"), _table(pairs)]


def _sentence(book: Book, pairs: pd.DataFrame) -> Wording:
    """One figure per campaign, since figures of one campaign hang together: the goal's own, else its first."""
    wanted = {name: rank for rank, name in enumerate(GOAL_FIGURES[book.campaign.goal])}
    ranked = pairs.assign(rank=pairs.figure.map(wanted).fillna(len(wanted))).sort_values(
        "rank", kind="stable"
    )
    one = ranked.drop_duplicates("campaign")
    n, half, most = len(one), int(one.in50.sum()), int(one.in90.sum())
    text = say_many(
        "Checked against your {n} past campaign: 90% ranges held {most} of {n} times, 50% ranges {half} of {n}.",
        "Checked against your {n} past campaigns: 90% ranges held {most} of {n} times, 50% ranges {half} of {n}.",
        n=n,
        most=most,
        half=half,
    )
    if n < ENOUGH_CAMPAIGNS:
        return sentences(text, say("Too few to say how good they are."))
    if stats.binom.cdf(most, n, 0.9) < SURPRISING or stats.binom.cdf(half, n, 0.5) < SURPRISING:
        return sentences(text, say("They were too narrow: read the ranges here as too narrow, too."))
    return sentences(text, say("That is in line with what such ranges promise."))


#: a spread that differs by less is left unsaid
WORTH_SAYING = 0.05


def _kinds(book: Book) -> Wording | None:
    """Which kinds of forecast were too bold or too timid, and by how much the next ranges take it in."""
    parts = []
    for kind, (words, _) in KINDS.items():
        factor = spread_factor(book, kind)
        if abs(factor - 1) >= WORTH_SAYING:
            how = say("too bold") if factor > 1 else say("too timid")
            parts.append(say("{kind} {how} ({times} times)", kind=words, how=how, times=Count(factor, 2)))
    if not parts:
        return None
    return say(
        "By kind, ranges were {kinds}; the next ranges of orders by your own campaigns, and of views, take it in.",
        kinds=joined(parts),
    )


def _table(pairs: pd.DataFrame) -> Table:
    """How often each figure came within its ranges."""
    counts = pairs.groupby("figure")[["in50", "in90"]].sum().astype(float)
    counts["campaigns"] = pairs.groupby("figure").size().astype(float)
    counts = counts.reindex([name for name in FIGURES if name in counts.index]).reset_index()
    counts["figure"] = counts.figure.map({name: figure.words for name, figure in FIGURES.items()})
    columns = {
        "figure": Column("Figure"),
        "campaigns": Column("Campaigns", "number", grade="counted"),
        "in50": Column("50% range held", "number", grade="counted", note="about half is as it should be"),
        "in90": Column(
            "90% range held", "number", grade="counted", note="about nine in ten is as it should be"
        ),
    }
    return Table(f"{STEP}.track_record", "How earlier forecasts did", counts, columns)
