"""What a plugin may not do or stand over, and that its client's packs hold wherever somebody presses a button."""

from __future__ import annotations

import inspect
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from creatorbook import cli, plugins
from creatorbook.client import repository
from creatorbook.exports.layouts import layout
from creatorbook.exports.plain import read_plain
from creatorbook.exports.reader import Rows, Sheet, layout_reader
from creatorbook.forms.board import Board
from creatorbook.forms.form import Button, Form, Reply
from creatorbook.opening import open_book, read_exports
from creatorbook.packs import Layer, PackFile, Packs, built_in, held_packs, in_force
from creatorbook.plugins import LeftOut, faults
from creatorbook.plugins.isolation import calling
from fake_plugins import faults_of, plugin_with
from shelf import make_client


def _by_descriptor(folder: Path, act: Callable[[int], None]) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        act(descriptor)
    finally:
        os.close(descriptor)


#: what a plugin might try, of a client's folder that it stands in
ATTEMPTS: dict[str, Callable[[Path], object]] = {
    "write beside it": lambda client: Path("new.txt").write_text("x"),
    "write over a file": lambda client: (client / "client.yml").write_text("x"),
    "remove a file": lambda client: Path("client.yml").unlink(),
    "remove the folder": shutil.rmtree,
    "remove a folder around it": lambda client: shutil.rmtree(client.parent),
    "move the folder": lambda client: client.rename(client.parent / "away"),
    "move a folder around it": lambda client: client.parent.rename(client.parent.with_name("away")),
    "remove by descriptor": lambda client: _by_descriptor(
        client, lambda folder: os.remove("client.yml", dir_fd=folder)
    ),
    "make a folder by descriptor": lambda client: _by_descriptor(
        client, lambda folder: os.mkdir("new", dir_fd=folder)
    ),
    "move in from elsewhere": lambda client: shutil.move(tempfile.mkstemp()[1], client / "new"),
    "another time on a file": lambda client: os.utime("client.yml", (0, 0)),
}


@pytest.mark.skipif(os.name == "nt", reason="folders are opened by descriptors elsewhere only")
@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_plugin_cannot_touch_the_client_s_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, attempt: str
) -> None:
    """However it names it, and where it stands while it is asked; the call is left out."""
    client = tmp_path / "around" / "client"
    client.mkdir(parents=True)
    (client / "client.yml").write_text("brand: Ours\n", encoding="utf-8")
    before = (client / "client.yml").stat().st_mtime_ns
    monkeypatch.chdir(client)
    with (
        faults.watched(tmp_path / "run", [client]),
        pytest.raises(LeftOut, match="may not write there"),
        calling("ailing 1.0", "ailing", "creatorbook_checks"),
    ):
        ATTEMPTS[attempt](client)
    assert [path.name for path in client.iterdir()] == ["client.yml"]
    assert (client / "client.yml").read_text(encoding="utf-8") == "brand: Ours\n"
    assert (client / "client.yml").stat().st_mtime_ns == before


def test_a_plugin_may_write_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of its own is made, filled and removed while the client's is where it stands."""
    client = tmp_path / "client"
    client.mkdir()
    monkeypatch.chdir(client)
    with (
        faults.watched(tmp_path / "run", [client]),
        calling("ailing 1.0", "ailing", "creatorbook_checks"),
        tempfile.TemporaryDirectory() as own,
    ):
        Path(own, "inside").mkdir()
        Path(own, "inside", "notes.txt").write_text("x")
    assert not Path(own).exists()


LAYOUT = layout(
    {
        "name": "booked",
        "label": "Booked",
        "whose": "agency",
        "tables": ["costs"],
        "signature": ["kind", "amount"],
        "columns": {"kind": ["Booked under"], "amount": ["Booked net"]},
    }
)
SHEET = "Booked under;Booked net\nfee;120\n"


@pytest.mark.parametrize(
    ("statement", "refused"),
    [
        ("COPY typed TO '{file}'", True),
        ("SELECT 1; COPY (SELECT * FROM {raw}) TO '{file}'", True),
        ("ATTACH '{file}' AS away", True),
        ("CREATE OR REPLACE TEMP TABLE typed AS SELECT * FROM typed", False),
    ],
)
def test_a_reader_writes_no_file_by_sql(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statement: str, refused: bool
) -> None:
    """Tables may be made in the sheet's database, and nothing leaves it."""
    monkeypatch.setattr(repository, "CACHE", tmp_path / "cache")
    file, client = tmp_path / "away.csv", make_client(tmp_path / "client", {"booked.csv": SHEET})

    def read(sheet: Sheet) -> Rows:
        rows = read_plain(sheet)
        sheet.connection.execute(statement.format(file=file, raw=sheet.raw)).fetchall()
        return rows

    with plugin_with(creatorbook_readers=[layout_reader(LAYOUT, read)]):
        costs = read_exports(client).tables.costs
        faults = faults_of(plugins.READERS_HOOK)
    assert not file.exists()
    assert costs.empty == refused
    assert any("may not write files by SQL" in what for what in faults) == refused


SCHEME = {
    "title": "Theirs",
    "source": "us",
    "date": "undated",
    "read": "",
    "bands": [{"name": "all", "from": 0}],
}


def _with_a_scheme(name: str, **row: Any) -> Packs:
    sections = {"schemes": {name: {**SCHEME, **row}}}
    return Packs((Layer("client: house", {"tiers": PackFile(sections)}, "1"),))


class TestOrder:
    """Built in, then hooks, then packs; the last one counts."""

    def test_a_pack_stands_over_a_hook(self) -> None:
        """And that the hook's row is left out is said."""
        with (
            in_force(_with_a_scheme("theirs", title="The pack's")),
            plugin_with(creatorbook_tier_schemes={"theirs": SCHEME}),
        ):
            assert plugins.tier_schemes()["theirs"]["title"] == "The pack's"
            assert faults_of("creatorbook_tier_schemes") == [
                "a pack brings one of the name “theirs”, and packs count before hooks"
            ]

    def test_it_does_so_where_the_hook_replaces_a_built_in_name(self) -> None:
        """`replaces` is of hooks and what is built in; without the pack the hook's would count."""
        with plugin_with(creatorbook_tier_schemes={"s0": SCHEME}):
            assert plugins.tier_schemes(["s0"])["s0"]["title"] == "Theirs"
            with in_force(_with_a_scheme("s0", title="The pack's")):
                assert plugins.tier_schemes(["s0"])["s0"]["title"] == "The pack's"

    def test_playbooks_have_the_same_order(self) -> None:
        """Both hooks are joined by one function."""
        name, row = next(iter(built_in("playbooks")["playbooks"].items()))
        sections = {"playbooks": {"ours": {**row, "title": "The pack's"}}}
        packs = Packs((Layer("house", {"playbooks": PackFile(sections)}, "1"),))
        with in_force(packs), plugin_with(creatorbook_playbooks={"ours": {**row, "title": "The hook's"}}):
            joined = plugins.playbooks()
            assert joined["ours"]["title"] == "The pack's"
            assert joined[name] == row

    def test_a_row_that_only_a_client_changed_is_no_fault(self) -> None:
        """A built-in scheme with the client's sizes by platform is taken as its schema took it."""
        bands = {"tiktok": [{"name": "all", "from": 5}]}
        with in_force(_with_a_scheme("s0", platforms=bands, by="us")), plugin_with():
            assert plugins.tier_schemes()["s0"]["platforms"] == bands

    def test_a_hook_brings_every_key_of_the_schema(self) -> None:
        """Also keys that no row of creatorbook's own has; of another kind they are refused."""
        good = {"sized": {**SCHEME, "platforms": {"tiktok": [{"name": "all", "from": 5}]}}}
        with plugin_with(creatorbook_tier_schemes=good):
            assert "sized" in plugins.tier_schemes()
        with plugin_with(creatorbook_tier_schemes={"sized": {**SCHEME, "platforms": ["tiktok"]}}):
            assert "sized" not in plugins.tier_schemes()


class TestTheirClientsPacks:
    """Another client may have been opened in the process when somebody presses a button."""

    def test_a_form_answers_under_them(self) -> None:
        """Acts, and what moves with a control."""
        packs, seen = _with_a_scheme("theirs"), []

        def act(_values: dict[str, Any]) -> Reply:
            seen.append(held_packs())
            return Reply("done")

        with in_force(packs):
            form = Form("A form", [], [Button("Do", act)], moved=act)
        assert form.press("Do", {})["ok"]
        assert form.move({})["ok"]
        assert seen == [packs, packs]

    def test_the_board_answers_under_them(self, tmp_path: Path) -> None:
        """Of the book that it shows."""
        house = tmp_path / "client" / "house"
        house.mkdir(parents=True)
        scheme = "source: us\ndate: 2026-01-01\nschemes:\n  ours: {title: Ours, read: '', bands: [{name: all, from: 0}]}\n"
        (house / "tiers.yml").write_text(scheme, encoding="utf-8")
        creators = "creator,handle,platform,followers,fee\nMaja,maja,tiktok,1000,50\n"
        folder = make_client(tmp_path / "client", {"creators.csv": creators}, packs=["./house"]).folder
        with in_force(held_packs()):
            board = Board(open_book(folder, stage="plan"))
        seen: list[Packs] = []
        board._acts["look"] = lambda _asked, _viewer: seen.append(held_packs()) or {}
        with in_force(Packs()):
            assert board.answer({"do": "look"})["ok"]
        assert "ours" in seen[0].brought("tiers", "schemes")


def test_every_command_for_a_client_can_do_without_a_plugin() -> None:
    """`--no-plugin` is an option of each that is given a client, or several."""
    commands = get_command(cli.app).commands
    for_clients = {
        name: command
        for name, command in commands.items()
        if {"client", "clients"} & {parameter.name for parameter in command.params}
    }
    assert {"report", "check", "approve", "settle", "lab", "forget"} <= set(for_clients)
    for name, command in for_clients.items():
        assert "no_plugin" in {parameter.name for parameter in command.params}, name


def test_the_guard_is_told_in_the_docs() -> None:
    """What a plugin may not do stands where authors read."""
    text = " ".join(
        (Path(inspect.getfile(cli)).parents[2] / "plugin_templates/hooks.md")
        .read_text(encoding="utf-8")
        .split()
    )
    assert "packs count before hooks" in text
    assert "writes no file by SQL" in text
