"""Every creator on one line, for the client: what they made, what it brought and cost, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.campaign.posts import campaign_posts
from creatorbook.client.forgotten import is_made_up
from creatorbook.finance.claims import owners
from creatorbook.finance.ladder import Ladder, money_ladder
from creatorbook.finance.slices import ends_of_part, rungs_by, sums_by
from creatorbook.findings import Capital, Column, Findings, Note, Table, Wording, say, sentences
from creatorbook.history.advice import DECISIONS
from creatorbook.roi.creator_results import CreatorResults, creator_results
from creatorbook.roi.next_wave import suggested
from creatorbook.text.account_links import account_address

if TYPE_CHECKING:
    from creatorbook.book import Book


def show_creators(book: Book) -> Findings:
    """One line per creator who took part, sorted by what to do and then by what they brought.

    Columns of `roi.every_creator`: creator, handle, pieces, views, orders, stay (sales that stay), cost, result (profit
    this time) with result_low and result_high, next, wave (whether in the next wave); what no file tells is missing.
    """
    results = creator_results(book)
    if results.frame.empty:
        text = say("No creator took part yet.")
        return Findings("roi", (Note(text, "unknown", slot="creators.none", reader="client"),), book.formats)
    lines, every = (
        creator_lines(book),
        _columns(results, money_ladder(book), has_wave=suggested(book) is not None),
    )
    table = Table(
        "roi.every_creator",
        say("Every creator, by what to do next"),
        lines,
        {name: column for name, column in every.items() if lines[name].notna().any()},
        note=_note(results),
        rows=5,
        reader="client",
    )
    return Findings("roi", (table,), book.formats)


def creator_lines(book: Book) -> pd.DataFrame:
    """The columns of `roi.every_creator`, and `account` (the address behind each handle)."""
    results = creator_results(book)
    frame = results.frame.set_index("creator")
    posts = campaign_posts(book)
    made = posts.groupby(posts.handle.map(owners(book)))
    wave = suggested(book)
    in_wave = set() if wave is None else set(wave.frame.creator)
    addresses = [
        "" if is_made_up(str(name)) else account_address(str(platform), str(handle))
        for name, platform, handle in zip(frame.index, frame.platform, frame.handle, strict=True)
    ]
    lines = pd.DataFrame(
        {
            "handle": "@" + frame.handle.fillna("").astype(str),
            "pieces": made.size().reindex(frame.index).astype(float),
            "views": made.views.sum(min_count=1).reindex(frame.index),
            "units": frame.units if results.by_goal is not None else np.nan,
            "orders": frame.orders,
            "stay": frame.sales_that_stay,
            "cost": frame.cost,
            "result": frame.profit,
            "next": frame.decision.map(DECISIONS).map(Capital),
            "wave": [say("in") if name in in_wave else "" for name in frame.index],
            "account": addresses,
            "place": frame.decision.map({name: place for place, name in enumerate(DECISIONS)}),
        },
        index=frame.index,
    )
    lines = lines.join(_ends(money_ladder(book), lines))
    best = "units" if results.by_goal is not None else "result"
    lines["best"] = lines[best].fillna(-np.inf)
    lines = lines.sort_values(["place", "best"], ascending=[True, False], kind="stable")
    return lines.reset_index(names="creator")


def _ends(ladder: Ladder, lines: pd.DataFrame) -> pd.DataFrame:
    """The likely range of each creator's result; missing where the result is."""
    if ladder.profit is None:
        return pd.DataFrame(np.nan, index=lines.index, columns=["result_low", "result_high"])
    sums = sums_by(ladder, rungs_by(ladder, ladder.slices.creator))
    ends = ends_of_part(ladder, "profit", sums.profit, sums.traced).reindex(lines.index)
    ends[lines.result.isna()] = np.nan
    return ends.rename(columns={"low": "result_low", "high": "result_high"})


def _columns(results: CreatorResults, ladder: Ladder, *, has_wave: bool) -> dict[str, Column]:
    """The columns that this campaign has; one that says nothing of anybody is left out."""
    by_goal = results.by_goal
    own = {"units": Column(Capital(by_goal.measure.many), "number", missing="–")} if by_goal else {}
    money = {
        "cost": Column("Cost", "money", missing="–"),
        "result": Column("Result", "money", grade=ladder.profit_grade, missing="–"),
        "result_low": Column("from", "money", missing="–"),
        "result_high": Column("to", "money", missing="–"),
    }
    return {
        "creator": Column("Creator"),
        "handle": Column("Account", link="account"),
        "pieces": Column("Posts", "number", missing="–"),
        "views": Column("Views", "number", missing="–"),
        **own,
        "orders": Column("Orders", "number", missing="–"),
        "stay": Column("Sales that stay", "money", grade=ladder.stay_grade, missing="–"),
        **(
            money
            if ladder.costs_known and ladder.profit is not None
            else {"cost": money["cost"]}
            if ladder.costs_known
            else {}
        ),
        "next": Column("Next"),
        **({"wave": Column("Next wave")} if has_wave else {}),
        "account": Column("Address of the account", "address"),
    }


def _note(results: CreatorResults) -> Wording:
    """How to read it."""
    return sentences(
        say(
            "Sales are those traced to the creator, after returns, excl. VAT; the result is what is left of them after the creator's own costs."
        ),
        say("Creators whose ranges overlap may well be alike.") if results.money_known else None,
    )
