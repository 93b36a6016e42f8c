"""What the planned campaign can tell apart: creators, weeks and orders it takes, and where no winner is called."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from creatorbook.finance.economics import economics_of, orders_needed
from creatorbook.findings import (
    Column,
    Count,
    Figure,
    Findings,
    Note,
    Table,
    Text,
    Wording,
    number_of,
    say,
    say_many,
    sentences,
)
from creatorbook.goals.objective import STEP
from creatorbook.planning.candidates import candidates
from creatorbook.planning.own_past import past_outcomes
from creatorbook.planning.plans import Mix, recommended
from creatorbook.stats import power

if TYPE_CHECKING:
    from creatorbook.book import Book

#: extra variation of orders between creators, where the client's own past does not say; see stats.power
USUAL_DISPERSION = 1.0
#: what creators are compared by
_BY = {"size": say("size"), "platform": say("platform"), "format": say("format"), "subject": say("subject")}
#: the difference a sample size is given for: twice the orders
TWICE = 2.0


class Reckoned(NamedTuple):
    """What a test is planned with: orders per creator, their source, and how much creators differ, and its source."""

    mean: float
    source: Text
    dispersion: float
    dispersion_source: Text


def test_plan(book: Book) -> Findings:
    """What the planned creators can tell apart at 80 % power, and what a finer answer would take."""
    mix = recommended(book)
    people = mix.people if mix else candidates(book)
    if people.empty:
        text = say(
            "How much could be told apart depends on how many creators take part; a creators list says it."
        )
        return Findings(STEP, (Note(text, "unknown", slot="plan.know_afterwards"),), book.formats)
    reckoned, creators = _reckoned(book, mix), len(people)
    ratio = _between_halves(reckoned, creators)
    needed = power.creators_needed(reckoned.mean, TWICE, reckoned.dispersion)
    items: tuple[Figure | Table | Note, ...] = (
        Note(_know_afterwards(creators, ratio, needed), slot="plan.know_afterwards"),
        *_figures(reckoned, creators, ratio),
        _more_creators(reckoned, creators),
        Note(
            "Orders of one creator vary by chance, and creators differ; both are counted. Winners below these "
            "differences are not named.",
            "method",
        ),
    )
    return Findings(STEP, items, book.formats)


def comparisons(book: Book) -> Findings:
    """Sizes, platforms, formats and subjects of this plan two by two: what can be told apart, and what it would take."""
    mix = recommended(book)
    people = mix.people if mix else candidates(book)
    reckoned, weeks = _reckoned(book, mix), _weeks(book)
    rows = [
        _compared(reckoned, weeks, what, *pair)
        for what, groups in _groups(book, people).items()
        for pair in pairwise(groups.items())
    ]
    if not rows:
        text = say(
            "There are no two groups of at least two creators in this plan, so nothing could be compared."
        )
        return Findings(STEP, (Note(text),), book.formats)
    columns = {
        "what": Column("Compare"),
        "creators": Column("Creators"),
        "apart": Column("Told apart from", "times", 1, missing="nothing"),
        "each": Column("For twice the orders: creators in each", "number", missing="more than 2,000"),
        "weeks": Column("or weeks with these", "number", missing="no number of weeks"),
        "orders": Column("Orders that is in all", "number", missing="–"),
        "verdict": Column("A winner may be called"),
    }
    note = say(
        "At 80% power and 10% false alarms; {orders} per creator in {weeks} weeks ({source}); variation "
        "between creators {dispersion} ({dispersion_source}). Weeks help against chance, only creators help against "
        "their differences.",
        orders=number_of("order", Count(reckoned.mean)),
        weeks=Count(weeks),
        source=reckoned.source,
        dispersion=Count(reckoned.dispersion, 1),
        dispersion_source=reckoned.dispersion_source,
    )
    table = Table(f"{STEP}.comparisons", "What could be compared", pd.DataFrame(rows), columns, note=note)
    return Findings(STEP, (table,), book.formats)


def _reckoned(book: Book, mix: Mix | None) -> Reckoned:
    """Orders per creator: those that pay back, else ten as an example; dispersion of past campaigns, else the usual."""
    mean, source = 10.0, say("ten as an example")
    needed = orders_needed(mix.each, economics_of(book, mix.people.creator)) if mix else None
    if needed:
        mean, source = max(1.0, needed.likely), say("as many as pay a creator back")
    past = past_outcomes(book)
    past = past[past.figure == "orders_dispersion"]
    if past.empty:
        return Reckoned(mean, source, USUAL_DISPERSION, say("assumed, usual among creators"))
    weights = past.n.fillna(0.0)
    own = float(np.average(past.value, weights=weights) if weights.sum() > 0 else past.value.mean())
    return Reckoned(
        mean, source, own, say_many("of {n} own past campaign", "of {n} own past campaigns", n=len(past))
    )


def _between_halves(reckoned: Reckoned, creators: int) -> float | None:
    half = max(1, creators // 2)
    return power.detectable_ratio(lambda r: power.groups_power(reckoned.mean, r, half, reckoned.dispersion))


def _weeks(book: Book) -> float:
    return max(1.0, ((book.campaign.end - book.campaign.start).days + 1) / 7)


def _groups(book: Book, people: pd.DataFrame) -> dict[str, dict[str, int]]:
    """By what creators can be grouped → group → creators in it; groups of one are left out."""
    rows = book.tables.creators.drop_duplicates("handle").set_index("handle")[["formats", "niche"]]
    rows = rows.astype("string").reindex(people.handle).set_axis(people.index)
    named = {
        "size": people.tier,
        "platform": people.platform,
        "format": rows.formats.str.split(r"[+,;]").str[0].str.strip().str.lower(),
        "subject": rows.niche.str.strip().str.lower(),
    }
    counted = {what: groups.dropna().value_counts() for what, groups in named.items()}
    return {what: counts[counts >= 2].head(3).to_dict() for what, counts in counted.items()}


def _compared(
    reckoned: Reckoned, weeks: float, what: str, one: tuple[str, int], other: tuple[str, int]
) -> dict[str, object]:
    """One pair of groups: from which difference on it can be told apart, and what a finer answer takes."""
    mean, dispersion = reckoned.mean, reckoned.dispersion
    (first, few), (second, many) = sorted((one, other), key=lambda group: group[1])
    ratio = power.detectable_ratio(lambda r: power.groups_power(mean, r, few, dispersion, others=many))
    each = power.creators_needed(mean, TWICE, dispersion)
    more = power.weeks_needed(mean / weeks, TWICE, few, many, dispersion)
    orders = mean * (1 + TWICE) * each if each else float("nan")
    return {
        "what": say("{what}: {first} and {second}", what=_BY[what], first=first, second=second),
        "creators": say("{few} and {many}", few=few, many=many),
        "apart": ratio or float("nan"),
        "each": float(each) if each else float("nan"),
        "weeks": float(more) if more else float("nan"),
        "orders": orders,
        "verdict": say("beyond that difference") if ratio else say("no"),
    }


def _figures(reckoned: Reckoned, creators: int, ratio: float | None) -> list[Figure]:
    """The smallest differences that two halves and two single creators show."""
    pair = power.detectable_ratio(lambda r: power.counts_power(reckoned.mean, r))
    source = say("orders per creator: {source}", source=reckoned.source)
    return [
        Figure(
            key=f"{STEP}.detectable_ratio",
            label="Smallest difference between two halves of the creators that can be told apart",
            value=ratio,
            unit="times",
            digits=1,
            grade="assumed",
            source=say(
                "power 80%, 10% false alarms; {source}; variation between creators {dispersion_source}",
                source=source,
                dispersion_source=reckoned.dispersion_source,
            ),
            n=creators,
            note="" if ratio else say("No difference up to fifty times: too few creators."),
        ),
        Figure(
            key=f"{STEP}.detectable_pair",
            label="Smallest difference between two single creators",
            value=pair,
            unit="times",
            digits=1,
            grade="assumed",
            source=say("exact test of two counts; {source}", source=source),
        ),
    ]


def _more_creators(reckoned: Reckoned, creators: int) -> Table:
    """What twice and four times as many creators would tell apart."""
    rows = []
    for n in (creators, 2 * creators, 4 * creators):
        ratio = _between_halves(reckoned, n)
        reading = say("no difference can be told apart")
        if ratio:
            times = Count(ratio, 1)
            reading = say("one half must bring {times} times the orders of the other", times=times)
        rows.append({"creators": float(n), "groups": ratio or float("nan"), "reading": reading})
    columns = {
        "creators": Column("Creators in all", "number"),
        "groups": Column("Told apart from", "times", 1, note="ratio of orders per creator"),
        "reading": Column("Which means"),
    }
    return Table(f"{STEP}.test_plan", "What more creators would tell apart", pd.DataFrame(rows), columns)


def _know_afterwards(creators: int, ratio: float | None, needed: int | None) -> Wording:
    """The line of the first page: which differences the plan can show."""
    if ratio is None:
        return sentences(
            say_many(
                "With {n} creator no two groups can be told apart; differences will read “too close to call”.",
                "With {n} creators no two groups can be told apart; differences will read “too close to call”.",
                n=creators,
            ),
            say("{n} would show twice as many orders.", n=2 * needed) if needed else None,
        )
    return say_many(
        "With {n} creator we can tell apart differences of about {times} times; anything smaller reads “too close to call”.",
        "With {n} creators we can tell apart differences of about {times} times; anything smaller reads “too close to call”.",
        n=creators,
        times=Count(ratio, 1),
    )
