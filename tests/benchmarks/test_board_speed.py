"""How long the creators' board takes in the kernel from a decision to the next card; prints, and asserts nothing about time."""

from __future__ import annotations

import itertools
import statistics
import time
from pathlib import Path

import pytest

from creatorbook.forms.board import Board
from creatorbook.opening import open_book
from shelf import make_client

pytestmark = pytest.mark.slow

PLATFORMS = ("instagram", "tiktok", "youtube")


@pytest.mark.parametrize("decided", ["nobody", "all but a hundred"])
@pytest.mark.parametrize("n", [40, 5000])
def test_a_decision_leads_to_the_next_card(n: int, decided: str, tmp_path: Path) -> None:
    """Twenty decisions in a row, each with the card of who comes next; the goal is 100 ms with 40 creators, 200 with 5,000."""
    creators = "creator,handle,platform,followers,fee\n" + "".join(
        f"Person {at},muster{at},{PLATFORMS[at % 3]},{1000 + 37 * at},{100 + at}\n" for at in range(n)
    )
    posts = "handle,platform,date,likes,comments,views\n" + "".join(
        f"muster{at},{PLATFORMS[at % 3]},2026-01-{day + 1:02},{40 + at % 50},{3 + day},{900 + at}\n"
        for at in range(n)
        for day in range(9)
    )
    folder = make_client(tmp_path, {"creators.csv": creators, "posts.csv": posts}).folder
    board = Board(open_book(folder, stage="plan"))
    accounts = [row["id"] for row in board.rows]
    if decided != "nobody" and n > 100:
        wanted = {"decision": "Not this time", "reason": "no answer", "by": "Ann"}
        assert board.answer({"do": "decide", "accounts": accounts[100:], **wanted})["ok"]
    board.answer({"do": "card", "account": accounts[0], "by": "Jo"})
    walls, works = [], []
    for this, following in itertools.pairwise(accounts[:21]):
        board.answer({"do": "ahead", "account": following, "by": "Jo"})
        wall, work = time.perf_counter(), time.process_time()
        wanted = {"decision": "Shortlist", "reason": "people respond", "by": "Jo", "next": following}
        answer = board.answer({"do": "decide", "accounts": [this], **wanted})
        walls.append(1000 * (time.perf_counter() - wall))
        works.append(1000 * (time.process_time() - work))
        assert answer["card"]["account"] == following
    print(
        f"\n{n:,} creators, {decided} decided: decision to the next card in the kernel, ms: "
        f"median {statistics.median(walls):.0f}, p95 {sorted(walls)[18]:.0f}; processor {statistics.median(works):.0f}"
    )
