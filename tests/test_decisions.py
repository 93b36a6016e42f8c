"""Decisions about creators: written once, never changed, told when unreadable."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from creatorbook import vetting
from creatorbook.book import Book
from creatorbook.campaign.decisions import OPEN_AGAIN, SHORTLIST, last_decisions, standing, verdicts
from creatorbook.campaign.people import everybody
from creatorbook.client import Client, read_decisions, record_decision, record_decisions
from creatorbook.opening import open_book
from creatorbook.packs import pack
from creatorbook.problems import Problem
from creatorbook.vetting.lists import decision_lists
from shelf import make_client


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


def test_a_decision_is_taken_back_by_a_further_row(tmp_path: Path) -> None:
    """“Open again” leaves the earlier row where it is; the account is not decided then, and can be decided as before."""
    client = a_client(tmp_path)
    mistake = (client, "maja", OPEN_AGAIN, "decided by mistake")
    for wanted, expected in (("Shortlist", {"maja"}), (OPEN_AGAIN, set()), ("Shortlist", {"maja"})):
        if wanted == OPEN_AGAIN:
            assert record_decision(*mistake, by="Jo", on=DAY)
        else:
            assert record_decision(client, "maja", wanted, "people respond", by="Jo", on=DAY)
        assert set(standing(read_decisions(client)).index) == expected
    assert list(read_decisions(client).decision) == [SHORTLIST, OPEN_AGAIN, SHORTLIST]


def test_whoever_is_open_again_is_undecided_everywhere(tmp_path: Path) -> None:
    """A list of four: the one decided against takes part again, and three shortlisted no longer pass over the fourth."""
    names = ("ann", "bo", "cy", "di")
    rows = "".join(f"{name},{name},tiktok,1000\n" for name in names)
    client = make_client(tmp_path, {"creators.csv": f"creator,handle,platform,followers\n{rows}"})

    def standings() -> dict[str, str]:
        accounts = everybody(open_book(client.folder))
        return dict(zip(accounts["handle"], accounts["standing"], strict=True))

    record_decisions(client, names[:3], "Shortlist", "people respond", on=DAY)
    assert standings() == dict.fromkeys(names[:3], "takes part") | {"di": "out"}
    record_decision(client, "cy", OPEN_AGAIN, "decided by mistake", on=DAY)
    record_decision(client, "bo", "Not this time", "no answer", on=DAY)
    assert standings() == dict.fromkeys(names, "takes part") | {"bo": "out"}
    record_decision(client, "bo", OPEN_AGAIN, "decided by mistake", on=DAY)
    book: Book = open_book(client.folder)
    assert list(last_decisions(book).index) == ["ann"]
    assert standings() == dict.fromkeys(names, "takes part")
    record_decision(client, "ann", OPEN_AGAIN, "decided by mistake", on=DAY)
    book = open_book(client.folder, stage="plan")
    assert last_decisions(book).empty
    shortlisted = vetting.shortlist(book)
    assert set(shortlisted.tables["vetting.shortlist"].frame["decision"]) == {"open"}
    assert "Nothing is decided yet." in shortlisted.notes[0].text
    assert {name: len(frame) for name, frame in decision_lists(book).items() if len(frame)} == {"open.csv": 4}


def test_two_people_may_decide_the_same_on_one_day(tmp_path: Path) -> None:
    """A second reviewer's verdict is a row of its own, even in the same words; each takes back only their own."""
    client = a_client(tmp_path)
    for by in ("Jo", "Ann", "Ann"):
        record_decision(client, "maja", "Shortlist", "people respond", by=by, on=DAY)
    assert list(read_decisions(client).by) == ["Jo", "Ann"]
    record_decision(client, "maja", OPEN_AGAIN, "decided by mistake", by="jo ", on=DAY)
    rows = verdicts(read_decisions(client))
    assert list(zip(rows.by, rows.decision, strict=True)) == [("Ann", "Shortlist")]
    assert standing(read_decisions(client)).empty


def test_one_decision_on_several_is_written_on_all_or_none(tmp_path: Path) -> None:
    """What stands already is not written again; one account that somebody decided on meanwhile keeps all from being written."""
    client = a_client(tmp_path)
    record_decision(client, "bo", "Not this time", "no answer", by="Jo", on=DAY)
    seen = read_decisions(client)
    assert (
        record_decisions(
            client, ["@Ann", "bo", "ann"], "Not this time", "no answer", by="Jo", on=DAY, seen=seen
        )
        == 1
    )
    with pytest.raises(Problem, match="“Not this time” was decided on @ann meanwhile"):
        record_decisions(client, ["cy", "ann"], "Shortlist", "people respond", by="Ben", on=DAY, seen=seen)
    assert list(read_decisions(client).handle) == ["bo", "ann"]


def test_each_decision_has_reasons_of_its_own(tmp_path: Path) -> None:
    """A reason of another decision is refused with the ones that fit; a plugin's are taken where they are handed in."""
    assert list(pack("reasons")["decisions"]) == list(pack("reasons")["reasons"])
    client = a_client(tmp_path)
    with pytest.raises(
        Problem, match=r"“audience fits” is not a reason for “Ask for more”\n.*screenshot needed"
    ):
        record_decision(client, "maja", "Ask for more", "audience fits", on=DAY)
    own = {"Ask for more": ["is on holiday"]}
    assert record_decision(client, "maja", "Ask for more", "is on holiday", on=DAY, reasons=own)
