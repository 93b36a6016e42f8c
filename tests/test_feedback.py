"""Feedback sheets: what people say in words, counted by hand, shown before the campaign and after it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from books import make_book
from creatorbook import roi, vetting
from creatorbook.book import Book
from creatorbook.exports.finishing import FEEDBACK
from creatorbook.findings import Findings, written
from creatorbook.packs import pack
from creatorbook.stats.intervals import grouped_share_interval, share_interval


def sheet(*rows: dict[str, Any]) -> Book:
    """A book with two creators, a campaign called spring-2026 and these lines of feedback sheets."""
    handles = ["ada", "bea"]
    frames = {
        "creators": pd.DataFrame({"creator": handles, "handle": handles, "platform": "instagram"}),
        "feedback": pd.DataFrame(
            [
                {"handle": "ada", "platform": "instagram", "campaign": None, "counted_on": "2026-02-20"} | row
                for row in rows
            ]
        ),
    }
    return make_book(frames, client={"brand": "Testbrand"})


def sentences(findings: Findings) -> str:
    """All its notes, as a reader sees them."""
    return " ".join(written(note.text, findings.formats) for note in findings.notes)


def of_campaign(book: Book) -> str:
    return str(book.campaign.title or book.campaign.id)


USUAL = {"counted": 20.0, "praise": 9.0, "size": 8.0, "price": 0.0, "complaint": 1.0, "other": 2.0}


def test_02_shows_each_creators_counts_with_their_ranges() -> None:
    """Eight of twenty about sizes: the range by hand (Jeffreys) rounded outwards, what it asks for, and a kind nobody counted left out."""
    shown = vetting.feedback(sheet(USUAL, {"handle": "bea", "counted": 30.0, "praise": 14.0, "size": 1.0}))
    frame = shown.tables["vetting.feedback"].frame
    assert list(frame.columns) == ["called", "counted", "praise", "size", "price", "complaint", "other"]
    cell = written(frame["size"].iloc[0], shown.formats)
    percent = shown.formats.percent
    assert share_interval(8, 20) == pytest.approx((0.238, 0.582), abs=0.001)
    assert cell == f"8 of 20, likely {percent(0.23)} to {percent(0.59)}"
    assert frame.counted.tolist() == [20.0, 30.0]
    assert pd.isna(frame.price.iloc[1])
    assert "of 50 comments counted" in sentences(shown)
    assert "ask for leave to quote" in sentences(shown)


def test_05_shows_the_campaigns_lines_only_with_n_and_range() -> None:
    """Lines that name this campaign, by its title or its file's name; the others are 02's."""
    name = of_campaign(sheet(USUAL))
    rows = [
        USUAL,
        USUAL | {"campaign": name, "counted": 40.0, "praise": 10.0, "size": 12.0, "price": None},
        USUAL
        | {
            "campaign": name.upper(),
            "handle": "bea",
            "counted": 20.0,
            "praise": 6.0,
            "size": 7.0,
            "price": 2.0,
        },
    ]
    shown = roi.feedback(sheet(*rows))
    frame = shown.tables["roi.feedback"].frame.set_index("what")
    assert frame.loc["Size or fit", ["count", "n"]].tolist() == [19.0, 60.0]
    assert frame.loc["Price", ["count", "n"]].tolist() == [2.0, 20.0]
    assert frame.loc["Size or fit"].low < 19 / 60 < frame.loc["Size or fit"].high
    assert frame.loc["Size or fit"].low <= share_interval(19, 60)[0]
    assert "put the size chart into the brief" in sentences(shown)
    assert "Where to buy" not in frame.index
    assert vetting.feedback(sheet(*rows)).tables["vetting.feedback"].frame.counted.tolist() == [20.0]


def test_without_enough_counted_comments_it_cannot_tell() -> None:
    """Nineteen comments, or none, or none of this campaign: each is said as what it is."""
    few = vetting.feedback(sheet({"counted": 19.0, "complaint": 19.0}))
    assert "Cannot tell yet: 19 comments are counted, and 20 are needed" in sentences(few)
    assert "read each of them" not in sentences(few)
    none = vetting.feedback(make_book({}))
    assert [note.kind for note in none.notes] == ["unknown"]
    blank = vetting.feedback(sheet({"counted": 20.0, "praise": None}))
    assert [note.text for note in blank.notes] == [note.text for note in none.notes]
    other = roi.feedback(sheet(USUAL | {"campaign": "sprnig"}))
    assert "The sheets on file name sprnig." in sentences(other)
    quiet = vetting.feedback(sheet({"counted": 200.0, "complaint": 20.0, "price": 3.0}))
    assert "No kind of comment makes up 10" in sentences(quiet)


def test_pack_sheet_and_reader_know_the_same_kinds() -> None:
    """In one order: what is counted, what is checked, and what is shown."""
    assert tuple(pack("feedback")["kinds"]) == FEEDBACK


@pytest.mark.parametrize("alike", [np.inf, 4.0])
def test_ranges_of_grouped_shares_hold_the_share_of_all_comments(alike: float) -> None:
    """Twelve creators with 10 to 40 comments: 90 % of ranges hold the share, whether creators are alike or differ much."""
    random = np.random.default_rng(17)
    holds = []
    for _ in range(600):
        tries = random.integers(10, 41, 12)
        level = np.full(12, 0.2) if np.isinf(alike) else random.beta(0.2 * alike, 0.8 * alike, 12)
        low, high = grouped_share_interval(random.binomial(tries, level).astype(float), tries.astype(float))
        holds.append(low <= 0.2 <= high)
    assert 0.85 <= np.mean(holds) <= 0.97


def test_groups_that_agree_are_never_surer_than_independent_comments() -> None:
    """The design effect is at least 1; one group alone is a plain share."""
    same = grouped_share_interval(np.array([4.0, 4.0, 4.0]), np.array([20.0, 20.0, 20.0]))
    assert same == share_interval(12, 60)
    assert grouped_share_interval(np.array([0.0, 0.0]), np.array([9.0, 9.0])) == share_interval(0, 18)
    wide = grouped_share_interval(np.array([12.0, 0.0, 0.0]), np.array([20.0, 20.0, 20.0]))
    assert wide[1] - wide[0] > same[1] - same[0]
