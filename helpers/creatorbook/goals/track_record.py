"""How earlier forecasts of this client did: how often their ranges held, read from the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from scipy import stats

from creatorbook.findings import Column, Note, Table, Wording, say, say_many, sentences
from creatorbook.goals.objective import STEP
from creatorbook.planning.recorded import FIGURES, GOAL_FIGURES, course

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
    return [Note(_sentence(book, pairs), "method"), _table(pairs)]


def checked_forecasts(book: Book) -> pd.DataFrame:
    """Forecasts beside what came, of other campaigns closed by the day of the report that ran as approved.

    A figure without a range, such as the cost, is no forecast. Where another campaign ran than was approved, its
    forecast is neither held nor missed (see `recorded.course`).

    Columns: campaign, figure, value, in50, in90.
    """
    ledger = book.ledger
    if ledger.empty:
        return pd.DataFrame(columns=["campaign", "figure", "value", "in50", "in90"])
    entries = ledger[(ledger.campaign != book.campaign.id) & (ledger.written_on <= pd.Timestamp(book.as_of))]
    forecasts, outcomes = (entries[entries.act == act] for act in ("forecast", "outcome"))
    outcomes = outcomes[["campaign", "figure", "value"]]
    pairs = forecasts.drop(columns="value").merge(outcomes, on=["campaign", "figure"])
    pairs = pairs[(pairs.low90 < pairs.high90) & pairs.campaign.isin(_as_approved(entries))]
    pairs["in50"] = pairs.value.between(pairs.low50, pairs.high50)
    pairs["in90"] = pairs.value.between(pairs.low90, pairs.high90)
    named = pairs[pairs.figure.isin(FIGURES)]
    return named[["campaign", "figure", "value", "in50", "in90"]].reset_index(drop=True)


def _as_approved(entries: pd.DataFrame) -> list[str]:
    """Campaigns of the ledger that ran as approved, as far as it tells."""
    came = entries[entries.act == "outcome"].groupby("campaign", sort=True)
    results = {campaign: rows.set_index("figure").value.to_dict() for campaign, rows in came}
    return [
        campaign for campaign, values in results.items() if not course(entries, campaign, values).otherwise
    ]


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
