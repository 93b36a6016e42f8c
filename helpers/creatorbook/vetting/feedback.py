"""Feedback in words: what comments are about, as people counted them on feedback sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.campaign.posts import names_the_campaign
from creatorbook.findings import Count, Note, Share, Text, ends, packed, say, say_many
from creatorbook.packs import pack
from creatorbook.stats.intervals import grouped_share_interval
from creatorbook.vetting.accounts import listed_accounts, rows_of_accounts

if TYPE_CHECKING:
    from creatorbook.book import Book


def usual_feedback(book: Book) -> pd.DataFrame:
    """Lines of feedback sheets on listed accounts' posts, but for this campaign's, with `account`."""
    lines = book.tables.feedback
    return rows_of_accounts(lines[~names_the_campaign(book, lines.campaign)], listed_accounts(book))


def campaign_feedback(book: Book) -> pd.DataFrame:
    """Lines of feedback sheets on this campaign's posts; those without a handle stand for several creators."""
    lines = book.tables.feedback
    return lines[names_the_campaign(book, lines.campaign)]


def feedback_shares(lines: pd.DataFrame) -> pd.DataFrame:
    """What comments are about, by kind (index, in the pack's order): count, n, share, low, high.

    A line whose cell of a kind is empty was not counted for it and is left out there; kinds nobody counted are left out.
    The range (90 %) takes in that comments under one creator's posts are alike.
    """
    rows = {}
    for kind in pack("feedback")["kinds"]:
        counted = lines.dropna(subset=[kind, "counted"])
        if counted.empty:
            continue
        by_creator = counted.groupby(counted.handle.fillna(""), sort=True)[[kind, "counted"]].sum()
        count, n = (by_creator[column].to_numpy(dtype=float) for column in (kind, "counted"))
        low, high = grouped_share_interval(count, n)
        rows[kind] = {
            "count": count.sum(),
            "n": n.sum(),
            "share": count.sum() / n.sum(),
            "low": low,
            "high": high,
        }
    columns = ["count", "n", "share", "low", "high"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).astype(np.float64)


def kind_name(kind: str) -> Text:
    """A kind as a column or a row is called."""
    return packed(pack("feedback")["kinds"][kind]["name"])


def feedback_meaning(shares: pd.DataFrame) -> list[Note]:
    """What the shares ask for: one sentence for each kind that reaches the pack's share; where too few are counted, that."""
    rules = pack("feedback")
    most = int(shares.n.max())
    if most < rules["least"]:
        text = say_many(
            "Cannot tell yet: {n} comment is counted, and {least} are needed before a share says something.",
            "Cannot tell yet: {n} comments are counted, and {least} are needed before a share says something.",
            n=Count(most),
            least=rules["least"],
        )
        return [Note(text, "unknown")]
    often = shares[(shares.low >= rules["share"]) & (shares.n >= rules["least"])]
    asking = [str(kind) for kind in often.index if rules["kinds"][kind]["means"]]
    notes = [Note(_asks_for(kind, often.loc[kind])) for kind in asking]
    return notes or [
        Note(say("No kind of comment makes up {share} with certainty.", share=Share(rules["share"])))
    ]


def _asks_for(kind: str, share: pd.Series) -> Text:
    words = pack("feedback")["kinds"][kind]
    return say(
        "{share} of {n} comments counted (likely {low} to {high}) are {what}: {means}.",
        share=Share(share["share"]),
        n=Count(share["n"]),
        **ends(share["low"], share["high"], "percent"),
        what=packed(words["in_sentence"]),
        means=packed(words["means"]),
    )
