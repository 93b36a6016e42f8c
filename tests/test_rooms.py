"""Rooms: work that must not outlive its process does not, whatever ends that process."""

import subprocess
import sys
from pathlib import Path

import pytest

from creatorbook import rooms
from creatorbook.deliver import STAGING
from creatorbook.user_data import user_file

#: Makes a room with a row in it, says so, and waits to be killed.
HOLDER = """
import sys
from pathlib import Path
from creatorbook import rooms
with rooms.room(Path(sys.argv[1]), *sys.argv[2:]) as place:
    (place / "rows.csv").write_text("Lena Zzmuster")
    print("made", flush=True)
    sys.stdin.read()
"""


def _files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_room_is_gone_with_its_block(tmp_path: Path) -> None:
    """Empty at first, and removed at the end, also after an error."""
    with pytest.raises(OSError, match="full"), rooms.room(tmp_path) as place:  # noqa: PT012
        assert list(place.iterdir()) == []
        (place / "rows.csv").write_text("a row")
        raise OSError("full")
    assert list(tmp_path.iterdir()) == []


def test_a_killed_process_leaves_a_room_that_is_swept(tmp_path: Path) -> None:
    """As long as it runs, its room is left alone; afterwards any other process removes it, and nothing else."""
    (tmp_path / "others.csv").write_text("not ours")
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    with rooms.room(tmp_path) as place:
        (place / "own.csv").write_text("a row")
        rooms.sweep(tmp_path)
        assert _files(tmp_path) == ["hold", "hold", "others.csv", "own.csv", "rows.csv"]
        holder.kill()
        holder.communicate()
        rooms.sweep(tmp_path)
        assert _files(tmp_path) == ["hold", "others.csv", "own.csv"]


def test_the_next_call_of_any_command_removes_what_was_left_anywhere(tmp_path: Path) -> None:
    """A file half written beside its place, in a folder that the next call has nothing to do with."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path), STAGING], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    labels = [sys.executable, "-P", "-m", "creatorbook", "labels", "--market", "DE"]
    subprocess.run(labels, stdout=subprocess.DEVNULL, check=True)
    assert _files(tmp_path) == ["hold", "rows.csv"]
    holder.kill()
    holder.communicate()
    subprocess.run(labels, stdout=subprocess.DEVNULL, check=True)
    assert list(tmp_path.iterdir()) == []
    notes = user_file("rooms", "*")
    assert notes is not None
    assert not [note for note in notes.parent.iterdir() if str(tmp_path) in note.read_text()]


def test_a_room_that_was_being_made_or_swept_is_swept(tmp_path: Path) -> None:
    """A process can be killed between any two steps."""
    (tmp_path / f"{rooms.PREFIX}empty").mkdir()
    (tmp_path / f"{rooms.PREFIX}no-hold" / "work").mkdir(parents=True)
    (tmp_path / f"{rooms.PREFIX}no-hold" / "work" / "rows.csv").write_text("a row")
    rooms.sweep(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_room_of_its_own_is_made_again_where_it_was_cleared_away(tmp_path: Path) -> None:
    """As systems do with their temporary folders."""
    first = rooms.own_room(tmp_path)
    assert rooms.own_room(tmp_path) == first
    for left in (first, first.parent / "hold", first.parent):
        left.unlink() if left.is_file() else left.rmdir()
    second = rooms.own_room(tmp_path)
    assert second.is_dir()
    assert second != first
