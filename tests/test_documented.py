"""Docs that cannot rot: whatever a user or a plugin author can use is told somewhere, and what is told is there."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import BaseModel

from creatorbook import packs
from creatorbook.authoring import reference, rendering
from creatorbook.cli import app
from creatorbook.client import CampaignFile, ClientFile
from creatorbook.client.repository import ROOT
from creatorbook.packs import rows
from creatorbook.tables import TABLES
from creatorbook.themes import ThemeFile

DOCS = ROOT / "plugin_templates"
TUTORIAL = (DOCS / "tutorial.md").read_text(encoding="utf-8")


def test_pages_made_from_the_code_are_current() -> None:
    """`python -m creatorbook.authoring.reference` writes them again."""
    for path, content in reference.reference_pages().items():
        assert path.read_text(encoding="utf-8") == content, path.name


def _models() -> list[type[BaseModel]]:
    """Every model of a settings file, each once."""
    models: list[type[BaseModel]] = []
    todo: list[type[BaseModel]] = [ClientFile, CampaignFile, ThemeFile]
    while todo:
        model = todo.pop()
        if model not in models:
            models.append(model)
            fields = model.model_fields.values()
            todo += [inner for field in fields for inner in reference.models_in(field.annotation)]
    return models


@pytest.mark.parametrize("model", _models(), ids=lambda model: model.__name__)
def test_every_setting_has_a_meaning(model: type[BaseModel]) -> None:
    """A key of client.yml, agency.yml, a campaign file or theme.yml says below itself what it is."""
    assert not [name for name, meaning in reference.meanings_of(model).items() if not meaning]


def test_every_table_and_column_has_a_meaning() -> None:
    """What a reader fills and a check looks up."""
    meanings = {(table.name, ""): table.meaning for table in TABLES.values()}
    meanings |= {(table.name, one.name): one.meaning for table in TABLES.values() for one in table.columns}
    assert not [name for name, meaning in meanings.items() if not meaning.strip()]
    page = (DOCS / "tables.md").read_text(encoding="utf-8")
    assert re.findall(r"^## `(\w+)`$", page, re.MULTILINE) == list(TABLES)


def _commands(group: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every command that is not hidden, groups' own too."""
    for child_name, child in sorted(group.commands.items()):
        if child.hidden:
            continue
        path = f"{name} {child_name}".strip()
        yield path, child
        if hasattr(child, "commands"):
            yield from _commands(child, path)


COMMANDS = dict(_commands(typer.main.get_command(app)))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_says_what_it_does(name: str) -> None:
    """`--help` has a sentence for each."""
    command = COMMANDS[name]
    assert (command.help or "").strip()
    silent = [one.name for one in command.params if not (getattr(one, "help", "") or "").strip()]
    assert not silent


def test_the_commands_of_plugins_are_in_the_readme() -> None:
    """Each is told with an example, or on the page of packs."""
    text = "".join((DOCS / name).read_text(encoding="utf-8") for name in ("README.md", "packs.md"))
    for name in COMMANDS:
        if name.startswith("plugins"):
            assert f"workbook.py {name}" in text, name


@pytest.mark.parametrize("name", packs.pack_names())
def test_every_pack_says_what_it_is(name: str) -> None:
    """A schema has a title and a description, and no field that it does not tell."""
    schema = rows.schema(name)
    assert schema["title"] == f"{name}.yml"
    assert schema["description"].strip()
    assert schema.get("additionalProperties", False) is not True


def _untold(part: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[str]:
    """Fields of a schema that nothing is said of."""
    for key, one in part.get("properties", {}).items():
        if not one.get("description", "").strip():
            yield ".".join((*path, key))
        yield from _untold(one, (*path, key))
    for inside in ("items", "additionalProperties"):
        if isinstance(part.get(inside), dict):
            yield from _untold(part[inside], (*path, "*"))


@pytest.mark.parametrize("name", packs.pack_names())
def test_every_field_of_a_pack_has_a_meaning(name: str) -> None:
    """Whoever brings rows reads in the schema, and in an editor, what each field is; what nobody brings aside."""
    schema = rows.schema(name)
    assert "x-closed" in schema or list(_untold(schema)) == []


@pytest.mark.parametrize("page", sorted(path.name for path in DOCS.glob("*.md")))
def test_links_lead_somewhere(page: str) -> None:
    """Files and folders that the pages of plugins name are there."""
    text = (DOCS / page).read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        assert "://" in link or (DOCS / link).exists(), link


def test_every_template_is_told_with_what_it_brings() -> None:
    """The question's words and the README's table are of the same kinds."""
    table = dict(re.findall(r"^\| \[`(\w+)`\]\(\w+/template\) \| (.+?) \|", _readme(), re.MULTILINE))
    assert set(table) == set(rendering.template_kinds())
    assert all(table.values())


class TestTutorial:
    """The tutorial, word for word: its commands are run, and its files written, in their order."""

    def test_its_first_half_makes_a_plugin_that_passes_its_tests(self, tmp_path: Path) -> None:
        """Up to where it is looked over; what it brings is then found, and its own tests pass."""
        place = _place(tmp_path)
        for kind, name, text in _parts("## 5."):
            _done(kind, name, text, place, Path(sys.executable))
        plugin = tmp_path / "open-points"
        notebook = (plugin / "src/open_points/open_points.ipynb").read_text(encoding="utf-8")
        assert "What is still open, and with whom?" in notebook
        assert "Where does the money go?" not in notebook
        environment = {**_environment(), "PYTHONPATH": os.pathsep.join([str(plugin / "src"), _helpers()])}
        command = [sys.executable, "-m", "pytest", "-q", "-k", "missing", str(plugin)]
        run = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        assert run.returncode == 0, run.stdout + run.stderr
        assert "1 passed" in run.stdout

    @pytest.mark.slow
    def test_it_goes_from_an_empty_folder_to_a_section_in_a_report(self, tmp_path: Path) -> None:
        """Every command ends well, and the plan of a client has the chapter."""
        place = _place(tmp_path)
        python = _with_packages(tmp_path / "environment")
        printed = [_done(kind, name, text, place, python) for kind, name, text in _parts()]
        output = "".join(printed)
        assert "tables added (1)\n  open points list: " in output.replace("_", " ")
        assert "open_points: open-points 0.1.0, on, brings notebooks" in output
        page = next((tmp_path / "reports").rglob("working/report.html")).read_text(encoding="utf-8")
        assert "What is still open, and with whom?" in page


def _readme() -> str:
    return (DOCS / "README.md").read_text(encoding="utf-8")


def _parts(until: str = "") -> list[tuple[str, str, str]]:
    """The tutorial's fenced blocks in their order: kind, name of the file if it is one, content."""
    text = TUTORIAL.partition(f"\n{until}")[0] if until else TUTORIAL
    block = re.compile(r"(?:^`(\.\./[^`\n]+)`\n\n)?^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
    return [(kind, name, content) for name, kind, content in block.findall(text)]


def _place(tmp_path: Path) -> Path:
    """A folder that stands for the clone."""
    place = tmp_path / "creatorbook"
    place.mkdir()
    return place


def _helpers() -> str:
    return str(ROOT / "helpers")


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": _helpers(), "JUPYTER_PATH": str(Path(sys.prefix, "share", "jupyter"))}


def _with_packages(folder: Path) -> Path:
    """The Python of an environment over the project's packages."""
    venv.create(folder)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    place = next(folder.rglob("site-packages"))
    packages = next(path for path in map(Path, sys.path) if path.name == "site-packages")
    line = f"import site; site.addsitedir({str(packages)!r})\n"
    (place / "project.pth").write_text(line, encoding="utf-8")
    return python


def _done(kind: str, name: str, text: str, place: Path, python: Path) -> str:
    """Do what one block says, in the folder that stands for the clone; what it prints."""
    if name:
        (place / name).write_text(text, encoding="utf-8")
        return ""
    assert kind == "sh"
    call = shlex.quote(str(python))
    commands = text.replace(".venv/bin/python", call).replace("python3 workbook.py", f"{call} -m creatorbook")
    commands = commands.replace(
        "report northpin", f"report northpin --out {shlex.quote(str(place.parent / 'reports'))}"
    )
    run = subprocess.run(
        ["bash", "-e", "-c", commands],
        cwd=place,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, commands + run.stdout + run.stderr
    return run.stdout
