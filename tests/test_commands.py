"""Commands are named once: README, `--help` and every sentence agree, and old names are silent aliases."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from creatorbook import cli
from creatorbook.cli import app
from creatorbook.client.repository import FIRST_SAMPLE, ROOT

#: old name → new name, served for one release
OLD = {
    "lists": "shortlist",
    "issue": "codes",
    "sheets": "briefs",
    "preflight": "ready",
    "close": "settle",
    "file": "what-we-hold",
}


def _shown() -> list[tuple[str, str]]:
    """(group, command) of what `--help` shows, in its order."""
    return [
        (str(command.rich_help_panel).lower(), str(command.name))
        for command in app.registered_commands + app.registered_groups
        if not command.hidden
    ]


def _in_readme() -> list[tuple[str, str]]:
    """(group, command) of the README's table, in its order."""
    table = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Commands")[2].partition("\n## ")[0]
    group, rows = "", []
    for first in re.findall(r"^\| ([*`][^|]+) \|", table, flags=re.MULTILINE):
        if first.startswith("**"):
            group = first.strip("*")
        else:
            rows.append((group, first.strip("`")))
    return rows


def test_the_readme_and_help_name_the_same_commands_in_the_same_order() -> None:
    """One table: daily, sometimes, for plugin authors."""
    assert _in_readme() == _shown()
    assert len(_shown()) > 10


def test_an_old_name_does_what_the_new_one_does() -> None:
    """Silently: hidden, and the same function."""
    by_name = {command.name: command for command in app.registered_commands}
    for old, new in OLD.items():
        assert by_name[old].hidden
        assert by_name[old].callback is by_name[new].callback


def tracked() -> list[str]:
    """Names of all files under version control."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [name for name in listed.decode().split("\0") if name]


def _texts() -> list[Path]:
    """All tracked files that people read or run, but this one and the history of changes."""
    kinds = (".py", ".yml", ".md", ".ipynb", ".jinja", ".j2", ".toml", ".html", ".command", ".bat", ".po")
    skipped = ("tests/corpus/", "tests/test_commands.py", "CHANGELOG.md", "reports/sample-")
    return [ROOT / name for name in tracked() if name.endswith(kinds) and not name.startswith(skipped)]


def test_every_sentence_spells_a_command_in_one_way() -> None:
    """`python3 workbook.py NAME`, with a name that exists and is not an old one."""
    names = [str(command.name) for command in typer.main.get_group(app).commands.values()]
    every = "|".join(map(re.escape, names))
    spelt = re.compile(
        rf"(?<![\w./-])(?:creatorbook|(?<!python3 )(?<!python )(?<!py -3 )workbook\.py) (?:{every})(?=[\s`”\"',.:)…]|$)"
    )
    called = re.compile(r"python3 workbook\.py ([a-z][a-z-]*)")
    wrong: list[str] = []
    for path in _texts():
        text = path.read_text(encoding="utf-8")
        wrong += [f"{path.relative_to(ROOT)}: {match.group()}" for match in spelt.finditer(text)]
        wrong += [
            f"{path.relative_to(ROOT)}: {name}"
            for name in called.findall(text)
            if name not in names or name in OLD
        ]
    assert wrong == []


def test_without_a_command_the_sample_is_printed_and_the_next_steps_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The front door: the client that shows most, then commands that exist."""
    printed: list[list[str]] = []
    monkeypatch.setattr(cli, "report", printed.append)
    run = CliRunner().invoke(app, [])
    assert run.exit_code == 0
    assert printed == [[FIRST_SAMPLE]]
    assert re.findall(r"workbook\.py ([\w-]+)", run.output) == ["lab", "new", "--help"]


@pytest.mark.parametrize("name", ["report", "check", "shortlist", "codes", "briefs", "ready"])
def test_a_command_says_more_with_help(name: str) -> None:
    """Under the spelling that people type."""
    run = CliRunner().invoke(app, [name, "--help"], prog_name="python3 workbook.py")
    assert run.exit_code == 0
    assert f"python3 workbook.py {name}" in run.output
