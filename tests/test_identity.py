"""Which client is this: an id made by an act, the key that comes with it, and what a copy is told."""

from __future__ import annotations

import os
import shutil
import stat
from datetime import date
from pathlib import Path

import pytest

from creatorbook.client import read_client, record_decision, report_places
from creatorbook.client.hash_key import KEY_FILE, hash_key
from creatorbook.client.identity import ID_FILE, client_id, id_of_place, ids_of
from creatorbook.client.repository import SAMPLE_DATA
from creatorbook.problems import Problem
from shelf import make_client


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A client without a key, as people make one by hand."""
    make_client(tmp_path / "summer", {})
    (tmp_path / "summer" / KEY_FILE).unlink()
    return tmp_path / "summer"


def act(folder: Path) -> None:
    record_decision(read_client(folder), "maja", "Shortlist", "people respond", on=date(2026, 3, 2))


def test_the_first_act_makes_the_id_and_it_stays_when_the_folder_moves(folder: Path, tmp_path: Path) -> None:
    """Until then it is the hash of the place; looking writes nothing."""
    before = sorted(folder.rglob("*"))
    assert client_id(folder) == id_of_place(folder)
    assert sorted(folder.rglob("*")) == before
    act(folder)
    made = client_id(folder)
    assert made != id_of_place(folder)
    assert ids_of(folder) == [made, id_of_place(folder)]
    moved = folder.rename(tmp_path / "autumn")
    assert client_id(moved) == made


def test_a_copy_is_asked_and_gets_an_id_of_its_own(folder: Path, tmp_path: Path) -> None:
    """The message names both folders and what to do, which then works; the first keeps its id."""
    act(folder)
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    with pytest.raises(Problem) as problem:
        client_id(copy)
    assert str(folder) in str(problem.value)
    assert str(copy) in str(problem.value)
    assert f"delete {ID_FILE} in the copy" in problem.value.todo
    made = client_id(folder)
    (copy / ID_FILE).unlink()
    assert client_id(copy) == id_of_place(copy)
    record_decision(read_client(copy), "bo", "Shortlist", "people respond", on=date(2026, 3, 2))
    assert client_id(copy) not in {made, id_of_place(copy)}
    assert client_id(folder) == made


def test_one_folder_under_two_paths_is_no_copy(folder: Path, tmp_path: Path) -> None:
    """A client that is looked at through a link is the same one."""
    act(folder)
    (tmp_path / "link").symlink_to(folder)
    assert client_id(tmp_path / "link") == client_id(folder)


@pytest.mark.skipif(os.name != "posix", reason="pipes with names are POSIX's")
def test_what_is_no_id_is_told(folder: Path) -> None:
    """Nothing is guessed from a damaged file."""
    (folder / ID_FILE).write_text("# a word\nsummer\n")
    with pytest.raises(Problem, match="this is no client's id"):
        client_id(folder)
    (folder / ID_FILE).unlink()
    os.mkfifo(folder / ID_FILE)  # it would be waited on for ever
    with pytest.raises(Problem, match="this is no client's id"):
        client_id(folder)


def test_until_then_the_key_is_the_users_own_and_random(folder: Path) -> None:
    """The same in each call, in no file of the folder, not its name; the act that makes the id takes it over."""
    key = hash_key(folder)
    assert hash_key(folder) == key
    assert len(key) == 64
    assert not (folder / KEY_FILE).exists()
    act(folder)
    assert hash_key(folder) == key == (folder / KEY_FILE).read_bytes().strip()
    assert stat.S_IMODE((folder / KEY_FILE).stat().st_mode) == 0o600


def test_without_a_place_of_the_users_own_it_works_too(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No home that can be written: a key for this process, and an id all the same."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    key = hash_key(folder)
    assert hash_key(folder) == key != folder.name.encode()
    act(folder)
    assert client_id(folder) != id_of_place(folder)


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (OSError(28, "No space left on device"), "the disk is full"),
        (OSError(30, "Read-only file system"), "cannot be written: Read-only file system"),
        (TimeoutError("locked by another process"), "cannot be written: locked by another process"),
    ],
)
def test_a_place_that_cannot_be_claimed_names_the_cause(
    error: OSError, what: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk, a folder that may not be written, and somebody who writes there are three things."""

    def refused(*_arguments: object) -> None:
        raise error

    monkeypatch.setattr(report_places, "write_file", refused)
    with pytest.raises(Problem, match=what):
        report_places.report_place(tmp_path / "reports", folder)


def test_samples_have_public_keys() -> None:
    """Their people are made up; their hashes are the same for everybody."""
    assert hash_key(SAMPLE_DATA / "northpin") == b"northpin"
    assert hash_key(SAMPLE_DATA / "velmora") == (SAMPLE_DATA / "velmora" / KEY_FILE).read_bytes().strip()
