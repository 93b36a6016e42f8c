"""How well the signals work on made-up clients: what the committed study found, as findings for the method notebook."""

from __future__ import annotations

from datetime import date

import pandas as pd
from matplotlib.figure import Figure

from creatorbook.findings import (
    Chart,
    Column,
    Count,
    Day,
    Findings,
    Note,
    Share,
    Table,
    Text,
    charts,
    joined,
    packed,
    say,
    sentences,
    written,
)
from creatorbook.findings.formats import Formats
from creatorbook.packs import pack
from creatorbook.stats.intervals import share_interval

#: planted things in words
PLANTED: dict[str, Text] = {
    "bought_followers": say("additions to the followers"),
    "pod": say("groups who comment together"),
    "comment_spam": say("advertising among comments"),
    "follow_swings": say("followed and dropped again"),
    "other": say("ratios and languages"),
    "lively_community": say("small lively community"),
    "giveaway": say("giveaway"),
    "other_language": say("creator in another language"),
    "viral_post": say("post that took off"),
    "shout_out": say("shout-out by a larger account"),
    "weak": say("weak"),
    "medium": say("medium"),
    "strong": say("strong"),
    "jump": say("at once"),
    "spread": say("over four to ten days"),
    "drip": say("day by day over weeks"),
    "batches": say("in several portions"),
    "jump_then_decay": say("at once, then leaking away"),
    "under_cover": say("beside a good post"),
}

#: what the goals are stated for
STATED = ("bought_followers", "pod", "comment_spam")

#: accounts in a list that carry anything, for the stricter reading
RARE = 0.05

PERCENT = "percent"


def _study() -> pd.Series:
    return pd.Series(pack("vetting_study"))


def recall(formats: Formats | None = None) -> Findings:
    """Recall: what was planted and found, by strength; and the hardest ways for followers to be added."""
    study = _study()
    by_strength = _rates(study.recall, "found", "planted", ["kind", "strength"])
    shapes = _rates(study.shapes, "found", "planted", ["shape"]).sort_values("rate", kind="stable")
    return Findings(
        "training",
        (
            _table(
                "training.recall",
                say("Found, by what was planted and how strongly"),
                by_strength,
                say("Found"),
                say("Planted"),
            ),
            _table(
                "training.shapes",
                say("Additions found, by how they came: hardest first"),
                shapes,
                say("Found"),
                say("Planted"),
            ),
            Note(_against_goals(study)),
        ),
        formats or Formats(),
    )


def _against_goals(study: pd.Series) -> Text:
    """The two figures the goals are stated for, over the three kinds together."""
    planted, shown = pd.DataFrame(study.recall), pd.DataFrame(study.shown)
    planted, shown = planted[planted.kind.isin(STATED)], shown[shown.family.isin(STATED)]
    found_share, right_share = (
        planted.found.sum() / planted.planted.sum(),
        shown.right.sum() / shown.shown.sum(),
    )
    rates = say(
        "Additions, groups and advertising together: {found} of what was planted is found (goal 80%), and {right} of "
        "what is shown is right (goal 90%).",
        found=Share(found_share),
        right=Share(right_share, 1),
    )
    verdict = {
        (True, True): say("Both goals are met."),
        (False, True): say("The first goal is missed."),
        (True, False): say("The second goal is missed."),
        (False, False): say("The first and the second goal is missed."),
    }[bool(found_share >= 0.8), bool(right_share >= 0.9)]
    return sentences(rates, verdict)


def false_alarms(formats: Formats | None = None) -> Findings:
    """How often what is shown is right (precision), and how often innocents are shown anything (false positives)."""
    study = _study()
    right = _rates(study.shown, "right", "shown", ["family"])
    accused = _rates(study.innocent, "accused", "looked_at", ["kind"]).sort_values("rate", kind="stable")
    return Findings(
        "training",
        (
            _table(
                "training.precision",
                say("Of the signals shown, right"),
                right,
                say("Right"),
                say("Shown"),
            ),
            _table(
                "training.innocent",
                say("Innocent accounts that show any signal"),
                accused,
                say("With a signal"),
                say("Accounts"),
            ),
            Note(_rarer(study)),
        ),
        formats or Formats(),
    )


def _rarer(study: pd.Series) -> Text:
    """What remains of the precision if signals are rarer than in the study."""
    shown, planted = pd.DataFrame(study.shown), pd.DataFrame(study.recall)
    parts = []
    for kind in STATED:
        rows, row = planted[planted.kind == kind], shown[shown.family == kind].iloc[0]
        found_share = rows.found.sum() / rows.planted.sum()
        false = (row.shown - row.right) / (study.accounts - rows.planted.sum())
        right = RARE * found_share / (RARE * found_share + (1 - RARE) * false)
        parts.append(say("{kind} {share}", kind=PLANTED[kind], share=Share(right)))
    rates = say(
        "If one account in {n} carried such a thing, of the signals shown these parts would be right: {parts}.",
        n=round(1 / RARE),
        parts=joined(parts),
    )
    return sentences(rates, say("The rarer it is, the more often a signal has an ordinary cause."))


def roc_curves(formats: Formats | None = None) -> Findings:
    """What is found and what is wrongly shown when the leading threshold moves (receiver operating characteristic)."""
    formats = formats or Formats()
    frame = pd.DataFrame(pack("vetting_study")["curves"])
    best = frame.loc[frame.groupby("kind").found.idxmax()]
    parts = [
        say(
            "{kind}: at most {found} found, with {false} wrongly shown",
            kind=PLANTED[row.kind],
            found=Share(row.found),
            false=Share(row.false, 1),
        )
        for row in best.itertuples()
    ]
    columns = {
        "what": Column("What was planted"),
        "threshold": Column("Threshold", "number", digits=3),
        "found": Column("Found", PERCENT),
        "false": Column("Wrongly shown", PERCENT, digits=1),
    }
    named = frame.assign(what=[PLANTED[kind] for kind in frame.kind])
    table = Table("training.curves.points", "The same in figures", named[list(columns)], columns, rows=21)
    chart = Chart(
        "training.curves",
        "Found against wrongly shown, as the leading threshold moves",
        say("{curves}.", curves=joined(parts, by="; ")),
        _drawn(frame, formats),
    )
    return Findings("training", (chart, table), formats)


def _drawn(frame: pd.DataFrame, formats: Formats) -> Figure:
    return charts.curves(
        frame.assign(what=[written(PLANTED[kind], formats) for kind in frame.kind]),
        x="false",
        y="found",
        group="what",
        unit_x=PERCENT,
        unit_y=PERCENT,
        formats=formats,
        xlabel=written(say("accounts without it that are shown"), formats),
        ylabel=written(say("found"), formats),
    )


def source(formats: Formats | None = None) -> str:
    """Where the figures come from, in two sentences."""
    study = _study()
    size = say(
        "{source}; {accounts} accounts, of which {carriers} carry something.",
        source=packed(study.source),
        accounts=Count(study.accounts),
        carriers=Count(study.carriers),
    )
    run_on = say("Run on {day}.", day=Day(date.fromisoformat(study.date)))
    return written(sentences(size, run_on), formats or Formats())


def _rates(rows: list[dict[str, object]], part: str, whole: str, keys: list[str]) -> pd.DataFrame:
    """Shares with their intervals, and the names in words."""
    frame = pd.DataFrame(rows)
    ranges = [share_interval(k, n) for k, n in zip(frame[part], frame[whole], strict=True)]
    frame["what"] = [joined(PLANTED[str(row[key])] for key in keys) for row in frame.to_dict("records")]
    frame["rate"] = frame[part] / frame[whole]
    frame["low"], frame["high"] = [low for low, _ in ranges], [high for _, high in ranges]
    return frame.rename(columns={part: "part", whole: "whole"})[
        ["what", "part", "whole", "rate", "low", "high"]
    ]


def _table(key: str, title: Text, frame: pd.DataFrame, part: Text, whole: Text) -> Table:
    columns = {
        "what": Column("What"),
        "part": Column(part, "number"),
        "whole": Column(whole, "number"),
        "rate": Column("Share", PERCENT),
        "low": Column("likely from", PERCENT),
        "high": Column("to", PERCENT),
    }
    return Table(key, title, frame, columns, rows=20)
