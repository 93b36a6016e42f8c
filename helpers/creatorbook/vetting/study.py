"""How well the signals work on made-up clients: what the committed study found, as findings for the method notebook."""

from __future__ import annotations

import pandas as pd

from creatorbook.findings import Chart, Column, Findings, Note, Table, charts
from creatorbook.findings.formats import Formats
from creatorbook.packs import pack
from creatorbook.stats.intervals import share_interval

#: planted things in words
NAMES = {
    "bought_followers": "additions to the followers",
    "pod": "groups who comment together",
    "comment_spam": "advertising among comments",
    "follow_swings": "followed and dropped again",
    "other": "ratios and languages",
    "lively_community": "small lively community",
    "giveaway": "giveaway",
    "other_language": "creator in another language",
    "viral_post": "post that took off",
    "shout_out": "shout-out by a larger account",
    "weak": "weak",
    "medium": "medium",
    "strong": "strong",
    "jump": "at once",
    "spread": "over four to ten days",
    "drip": "day by day over weeks",
    "batches": "in several portions",
    "jump_then_decay": "at once, then leaking away",
    "under_cover": "beside a good post",
}

#: what the goals are stated for
STATED = ("bought_followers", "pod", "comment_spam")

#: accounts in a list that carry anything, for the stricter reading
RARE = 0.05

PERCENT = "percent"


def _told() -> pd.Series:
    return pd.Series(pack("vetting_study"))


def recall(formats: Formats | None = None) -> Findings:
    """What was planted and found, by strength; and the hardest ways for followers to be added."""
    told = _told()
    by_strength = _rates(told.recall, "found", "planted", ["kind", "strength"])
    shapes = _rates(told.shapes, "found", "planted", ["shape"]).sort_values("rate", kind="stable")
    return Findings(
        "training",
        (
            _table(
                "training.recall",
                "Found, by what was planted and how strongly",
                by_strength,
                "Found",
                "Planted",
            ),
            _table(
                "training.shapes",
                "Additions found, by how they came: hardest first",
                shapes,
                "Found",
                "Planted",
            ),
            Note(_against_goals(told, formats or Formats())),
        ),
        formats or Formats(),
    )


def _against_goals(told: pd.Series, formats: Formats) -> str:
    """The two figures the goals are stated for, over the three kinds together."""
    planted, shown = pd.DataFrame(told.recall), pd.DataFrame(told.shown)
    planted, shown = planted[planted.kind.isin(STATED)], shown[shown.family.isin(STATED)]
    found, right = planted.found.sum() / planted.planted.sum(), shown.right.sum() / shown.shown.sum()
    missed = [name for name, value, goal in (("first", found, 0.8), ("second", right, 0.9)) if value < goal]
    verdict = f"The {' and the '.join(missed)} goal is missed." if missed else "Both goals are met."
    return (
        f"Additions, groups and advertising together: {formats.percent(found)} of what was planted is found (goal "
        f"80 %), and {formats.percent(right, 1)} of what is shown is right (goal 90 %). {verdict}"
    )


def false_alarms(formats: Formats | None = None) -> Findings:
    """How often what is shown is right, and how often innocents are shown anything."""
    told, formats = _told(), formats or Formats()
    right = _rates(told.shown, "right", "shown", ["family"])
    accused = _rates(told.innocent, "accused", "looked_at", ["kind"]).sort_values("rate", kind="stable")
    return Findings(
        "training",
        (
            _table("training.precision", "Of the signals shown, right", right, "Right", "Shown"),
            _table(
                "training.innocent",
                "Innocent accounts that show any signal",
                accused,
                "With a signal",
                "Accounts",
            ),
            Note(_rarer(told, formats)),
        ),
        formats,
    )


def _rarer(told: pd.Series, formats: Formats) -> str:
    """What remains of the precision if signals are rarer than in the study."""
    shown, planted = pd.DataFrame(told.shown), pd.DataFrame(told.recall)
    parts = []
    for kind in STATED:
        mine, row = planted[planted.kind == kind], shown[shown.family == kind].iloc[0]
        found = mine.found.sum() / mine.planted.sum()
        false = (row.shown - row.right) / (told.accounts - mine.planted.sum())
        right = RARE * found / (RARE * found + (1 - RARE) * false)
        parts.append(f"{NAMES[kind]} {formats.percent(right)}")
    return (
        f"If one account in {1 / RARE:.0f} carried such a thing, of the signals shown these parts would be right: "
        f"{', '.join(parts)}. The rarer it is, the more often a signal has an ordinary cause."
    )


def curves(formats: Formats | None = None) -> Findings:
    """What is found and what is wrongly shown when the leading threshold moves."""
    frame = pd.DataFrame(pack("vetting_study")["curves"])
    frame["what"] = frame.kind.map(NAMES)
    formats = formats or Formats()
    picture = charts.curves(
        frame,
        x="false",
        y="found",
        group="what",
        unit_x=PERCENT,
        unit_y=PERCENT,
        formats=formats,
        xlabel="accounts without it that are shown",
        ylabel="found",
    )
    best = frame.loc[frame.groupby("kind").found.idxmax()]
    words = "; ".join(
        f"{row.what}: at most {formats.percent(row.found)} found, with {formats.percent(row.false, 1)} wrongly shown"
        for row in best.itertuples()
    )
    columns = {
        "what": Column("What was planted"),
        "threshold": Column("Threshold", "number", digits=3),
        "found": Column("Found", PERCENT),
        "false": Column("Wrongly shown", PERCENT, digits=1),
    }
    table = Table("training.curves.points", "The same in figures", frame[list(columns)], columns, rows=21)
    title = "Found against wrongly shown, as the leading threshold moves"
    return Findings("training", (Chart("training.curves", title, words + ".", picture), table), formats)


def source() -> str:
    """Where the figures come from, in a sentence."""
    told = _told()
    return f"{told.source}; {told.accounts:,} accounts, of which {told.carriers:,} carry something. Run on {told.date}."


def _rates(rows: list[dict[str, object]], part: str, whole: str, keys: list[str]) -> pd.DataFrame:
    """Shares with their intervals, and the names in words."""
    frame = pd.DataFrame(rows)
    ranges = [share_interval(k, n) for k, n in zip(frame[part], frame[whole], strict=True)]
    frame["what"] = [", ".join(NAMES[str(row[key])] for key in keys) for row in frame.to_dict("records")]
    frame["rate"] = frame[part] / frame[whole]
    frame["low"], frame["high"] = [low for low, _ in ranges], [high for _, high in ranges]
    return frame.rename(columns={part: "part", whole: "whole"})[
        ["what", "part", "whole", "rate", "low", "high"]
    ]


def _table(key: str, title: str, frame: pd.DataFrame, part: str, whole: str) -> Table:
    columns = {
        "what": Column("What"),
        "part": Column(part, "number"),
        "whole": Column(whole, "number"),
        "rate": Column("Share", PERCENT),
        "low": Column("likely from", PERCENT),
        "high": Column("to", PERCENT),
    }
    return Table(key, title, frame, columns, rows=20)
