"""Decisions about creators: written once, never changed, told when unreadable."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from creatorbook.client import Client, read_decisions, record_decision
from creatorbook.problems import Problem


def a_client(folder: Path) -> Client:
    return Client.model_construct(folder=folder)


DAY = date(2026, 3, 2)


def test_no_decision_is_an_empty_table(tmp_path: Path) -> None:
    """A client without decisions.csv has decided nothing yet, and no file is made by looking."""
    assert read_decisions(a_client(tmp_path)).empty
    assert list(tmp_path.iterdir()) == []


def test_decision_is_kept_with_its_reason_and_note(tmp_path: Path) -> None:
    """What was decided comes back to the word, with commas, quotes and line ends in the note."""
    note = 'calm, "warm" voice\nasked about the jump'
    assert record_decision(a_client(tmp_path), "@Maja", "Shortlist", "people respond", note, "Jo", on=DAY)
    row = read_decisions(a_client(tmp_path)).iloc[0]
    assert (row.handle, row.decision, row.reason, row.note, row.by) == (
        "maja",
        "Shortlist",
        "people respond",
        note,
        "Jo",
    )


def test_same_decision_is_written_once(tmp_path: Path) -> None:
    """Pressing the button twice adds nothing: day, handle, decision and reason are the key."""
    client = a_client(tmp_path)
    assert record_decision(client, "maja", "Shortlist", "people respond", on=DAY)
    before = (tmp_path / "decisions.csv").read_bytes()
    assert not record_decision(client, " @MAJA", "Shortlist", "people respond", "again", on=DAY)
    assert (tmp_path / "decisions.csv").read_bytes() == before


def test_changing_ones_mind_adds_a_row(tmp_path: Path) -> None:
    """A later decision stands beside the earlier one, which stays as it was."""
    client = a_client(tmp_path)
    record_decision(client, "maja", "Ask for more", "audience screenshot needed", on=DAY)
    record_decision(client, "maja", "Shortlist", "audience fits", on=date(2026, 3, 9))
    assert list(read_decisions(client).decision) == ["Ask for more", "Shortlist"]


@pytest.mark.parametrize(
    ("handle", "decision", "reason"),
    [("", "Shortlist", "no answer"), ("maja", "Yes", "no answer"), ("maja", "Shortlist", "because")],
)
def test_unknown_words_are_refused_before_anything_is_written(
    tmp_path: Path, handle: str, decision: str, reason: str
) -> None:
    """A decision needs a handle, and a decision and a reason from the pack."""
    with pytest.raises(Problem):
        record_decision(a_client(tmp_path), handle, decision, reason, on=DAY)
    assert list(tmp_path.iterdir()) == []


def test_broken_file_is_told_with_its_line(tmp_path: Path) -> None:
    """A day that is no day, or a column that is missing, is told with line and column."""
    path = tmp_path / "decisions.csv"
    path.write_text("date,handle,decision,reason,note,by\nlast week,maja,Shortlist,,,\n", encoding="utf-8")
    with pytest.raises(Problem, match=r"line 2.*“last week” is not a day"):
        read_decisions(a_client(tmp_path))
    path.write_text("day,handle\n2026-03-02,maja\n", encoding="utf-8")
    with pytest.raises(Problem, match="the column “date” is missing"):
        read_decisions(a_client(tmp_path))
