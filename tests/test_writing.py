"""Two people write into one client folder: nothing is lost, and nobody's word is overridden unseen."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from creatorbook import locks
from creatorbook.client import (
    LINK_COLUMNS,
    add_links,
    links_path,
    read_campaign,
    read_client,
    read_decisions,
    read_links,
    record_decision,
)
from creatorbook.client.forgotten import NOBODY
from creatorbook.client.hand_sheets import write_sheets
from creatorbook.client.ledger import read_ledger
from creatorbook.client.records import forget_in_rows, read_rows
from creatorbook.client.writing import append_rows, append_text, writing
from creatorbook.exports import write_receipts
from creatorbook.problems import Problem
from shelf import make_client

DAY = date(2026, 3, 2)

#: what one of them does: decisions one by one, links and ledger rows fifty at a time
WRITER = """
import sys
from datetime import date
from pathlib import Path
import pandas as pd
from creatorbook.client import LINK_COLUMNS, add_links, read_campaign, read_client, record_decision
from creatorbook.client.ledger import Entry, add_entries

folder, who, each = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
client, day = read_client(folder), date(2026, 3, 1)
campaign = read_campaign(client)
for start in range(0, each, 50):
    handles = [f"{who}{number}" for number in range(start, start + 50)]
    for handle in handles:
        assert record_decision(client, handle, "Shortlist", "people respond", by=who, on=day)
    issued = [("2026-03-01", handle, handle, "tiktok", f"C{handle.upper()}", "") for handle in handles]
    assert add_links(campaign, pd.DataFrame(issued, columns=LINK_COLUMNS)) == 50
    rows = [Entry(day, who, "spring", day, "approved", handle, "money", value=1.0) for handle in handles]
    assert add_entries(client, rows) == 50
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_client(tmp_path / "client", {})
    return tmp_path / "client"


@pytest.mark.parametrize("each", [50, pytest.param(500, marks=pytest.mark.slow)])
def test_nothing_is_lost_of_what_two_processes_write(each: int, folder: Path) -> None:
    """Of the decisions, links and ledger rows that each of two people writes every one is there, once."""
    command = [sys.executable, "-c", WRITER, str(folder)]
    people = [subprocess.Popen([*command, who, str(each)]) for who in ("anna", "ben")]
    assert [person.wait() for person in people] == [0, 0]
    names = {f"{who}{number}" for who in ("anna", "ben") for number in range(each)}
    client = read_client(folder)
    for column in (
        read_decisions(client).handle,
        read_links(read_campaign(client)).handle,
        read_ledger(client).figure,
    ):
        assert len(column) == 2 * each
        assert set(column) == names


def test_a_newer_decision_is_shown_before_it_is_overridden(folder: Path) -> None:
    """Ann saw her own; Ben writes down meanwhile what he decided the day before: Ann is shown what he wrote, and only then may write hers."""
    client = read_client(folder)
    record_decision(client, "maja", "Ask for more", "audience screenshot needed", by="Ann", on=DAY)
    seen = read_decisions(client)
    record_decision(client, "maja", "Not this time", "no answer", "called twice", "Ben", on=date(2026, 3, 1))
    with pytest.raises(
        Problem, match=r"“Not this time” was decided on @maja .*\(called twice\), by Ben on 2026-03-01"
    ):
        record_decision(client, "maja", "Shortlist", "people respond", by="Ann", on=DAY, seen=seen)
    assert list(read_decisions(client).by) == ["Ben", "Ann"]
    seen = read_decisions(client)
    assert record_decision(client, "maja", "Shortlist", "people respond", by="Ann", on=DAY, seen=seen)
    assert list(read_decisions(client).by) == ["Ben", "Ann", "Ann"]


def test_a_link_to_a_shared_drive_stays_one(folder: Path, tmp_path: Path) -> None:
    """A decision is written where the link leads, and the link is still a link."""
    shared = tmp_path / "drive" / "decisions.csv"
    shared.parent.mkdir()
    shared.write_text("date,handle,decision,reason,note,by\n2026-03-01,bo,Shortlist,people respond,,Ben\n")
    (folder / "decisions.csv").symlink_to(shared)
    record_decision(read_client(folder), "maja", "Shortlist", "people respond", by="Ann", on=DAY)
    assert (folder / "decisions.csv").is_symlink()
    assert shared.read_text().splitlines()[1:] == [
        "2026-03-01,bo,Shortlist,people respond,,Ben",
        "2026-03-02,maja,Shortlist,people respond,,Ann",
    ]


def test_what_people_made_of_a_file_stays(tmp_path: Path) -> None:
    """A row is added in the file's own order of columns and its own line ends; a column of theirs stays."""
    path = tmp_path / "decisions.csv"
    path.write_bytes("\ufeffby,colour,handle\r\nBen,red,bo".encode())
    append_rows(path, [{"handle": "maja", "by": "=Ann"}], ["handle", "by"])
    assert path.read_bytes() == "\ufeffby,colour,handle\r\nBen,red,bo\n'=Ann,,maja\r\n".encode()


@pytest.mark.parametrize("above", ["\n", " \r\n\n", "\ufeff\n"])
def test_a_blank_line_above_the_header_loses_nothing(above: str, tmp_path: Path) -> None:
    """Somebody's empty first line: the rows below it are read, and stay when one is added."""
    path = tmp_path / "ledger.csv"
    path.write_bytes(f"{above}handle,by\nbo,Ben\n".encode())
    append_rows(path, [{"handle": "maja", "by": "Ann"}], ["handle", "by"])
    assert path.read_bytes() == f"{above}handle,by\nbo,Ben\nmaja,Ann\n".encode()
    assert [row["handle"] for row in read_rows(path, ["handle"], NOBODY)] == ["bo", "maja"]


def test_a_disk_that_is_full_leaves_no_half_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was begun is taken back."""
    path = tmp_path / "decisions.csv"
    path.write_text("a\n1\n")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        append_text(path, "2\n")
    assert path.read_text() == "a\n1\n"


class Killed(BaseException):
    """What nothing catches, as nothing goes on after a SIGKILL."""


@pytest.mark.parametrize("before", ["", "handle,by\n", "handle,by\nbo,Ben\n", "handle,by\nbo,Ben"])
def test_half_a_line_is_told_from_a_whole_one(
    before: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However far a killed process came, no half row is read, none is lost that stood there, and the next call adds its own."""
    path, rows = tmp_path / "ledger.csv", [{"handle": "maja", "by": "Zoë"}, {"handle": "kim", "by": "Ann"}]
    earlier, write = (["bo"] if "bo" in before else []), os.write
    for cut in range(len("\nhandle,by\nmaja,Zoë\nkim,Ann\n".encode())):
        path.write_text(before)

        def killed(descriptor: int, content: memoryview, cut: int = cut) -> int:
            if len(content) == 1:  # the end of a last line without one
                return write(descriptor, content)
            write(descriptor, content[:cut])
            raise Killed

        monkeypatch.setattr(os, "write", killed)
        with pytest.raises(Killed):
            append_rows(path, rows, ["handle", "by"])
        monkeypatch.undo()
        read = read_rows(path, ["handle", "by"], NOBODY) if len(path.read_bytes().rstrip(b"\0")) > 9 else []
        added = [row for row in read if row["handle"] != "bo"]
        assert [row["handle"] for row in read][: len(earlier)] == earlier
        assert added == rows[: len(added)]
        append_rows(path, rows[len(added) :], ["handle", "by"])
        assert [row["handle"] for row in read_rows(path, ["handle", "by"], NOBODY)] == [
            *earlier,
            "maja",
            "kim",
        ]
        assert b"\0" not in path.read_bytes()


def test_half_a_line_that_names_somebody_is_forgotten_too(folder: Path) -> None:
    """It is read by nobody, but its bytes are there."""
    path = folder / "decisions.csv"
    path.write_bytes(b"date,handle,decision,reason,note,by\n2026-03-01,zoe,Shortl\0\0\0")
    assert forget_in_rows(path, NOBODY)
    assert path.read_bytes() == b"date,handle,decision,reason,note,by\n"


@pytest.mark.parametrize(
    "write",
    [lambda folder: write_receipts([], folder), lambda folder: write_sheets(folder, DAY)],
    ids=["receipts", "sheets"],
)
def test_a_disk_that_is_full_leaves_the_earlier_files(
    tmp_path: Path, write: Callable[[Path], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Receipts and empty sheets are written whole or not at all, as the message says."""

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    write(tmp_path)
    earlier = {path: path.write_bytes(b"earlier") for path in tmp_path.iterdir()}
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write(tmp_path)
    assert earlier
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == dict.fromkeys(earlier, b"earlier")


def test_a_link_that_was_left_open_is_filled_by_a_line_of_its_own(folder: Path) -> None:
    """The first line stays to the byte; both are read as one account."""
    campaign = read_campaign(read_client(folder))

    def issued(code: str, link: str) -> pd.DataFrame:
        return pd.DataFrame([("2026-03-01", "Maja", "maja", "tiktok", code, link)], columns=LINK_COLUMNS)

    assert add_links(campaign, issued("MAJA10", "")) == 1
    first = links_path(campaign).read_text()
    assert add_links(campaign, issued("MAJA20", "https://shop.example/?a=1")) == 1
    assert (
        links_path(campaign).read_text() == f"{first}2026-03-01,Maja,maja,tiktok,,https://shop.example/?a=1\n"
    )
    (row,) = read_links(campaign).to_dict("records")
    assert (row["code"], row["link"]) == ("MAJA10", "https://shop.example/?a=1")
    assert add_links(campaign, issued("MAJA20", "https://shop.example/?a=2")) == 0


def test_whoever_waits_too_long_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process holds the lock: a sentence, and nothing is written; blocks of one process lie in one another."""
    with writing(folder), writing(folder):
        pass
    code = (
        "import sys; from pathlib import Path; from creatorbook.client.writing import writing\n"
        "with writing(Path(sys.argv[1])):\n    print('inside', flush=True); sys.stdin.read()\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "inside\n"
    monkeypatch.setattr(locks, "PATIENCE", 0.1)
    with pytest.raises(Problem, match="somebody else is writing into this client's folder"):
        record_decision(read_client(folder), "maja", "Shortlist", "people respond", on=DAY)
    assert not (folder / "decisions.csv").exists()
    holder.kill()
    holder.wait()
    assert record_decision(read_client(folder), "maja", "Shortlist", "people respond", on=DAY)


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_the_key_is_its_owners_and_other_files_keep_the_umask(tmp_path: Path) -> None:
    """hash.key is 0600 whatever the umask; decisions get what the umask leaves."""
    for umask in (0o022, 0o077, 0o002):
        make_client(tmp_path / str(umask), {})
        (tmp_path / str(umask) / "hash.key").unlink()
        before = os.umask(umask)
        try:
            record_decision(read_client(tmp_path / str(umask)), "maja", "Shortlist", "people respond", on=DAY)
        finally:
            os.umask(before)
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / str(umask)).iterdir()}
        assert modes["hash.key"] == 0o600
        assert modes["decisions.csv"] == modes["client.id"] == 0o666 & ~umask
        assert "hash.key" in (tmp_path / str(umask) / ".gitignore").read_text().splitlines()


def test_a_key_is_never_there_before_git_ignores_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full when the folder's .gitignore is to be written: no key lies there that git would take."""
    (folder / "hash.key").unlink()

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("creatorbook.client.writing.keep_out_of_git", full)
    with pytest.raises(Problem), writing(folder):
        pass
    assert not (folder / "hash.key").exists()
