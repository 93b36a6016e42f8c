"""At least forty broken plugins: each is left out and named, and what everybody else gets is the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from books import make_book
from broken_plugins import BROKEN
from creatorbook import cli, plugins, vetting
from creatorbook.book import Book
from creatorbook.client.repository import NOTEBOOKS
from creatorbook.findings.render import findings_html
from creatorbook.plugins import EditionContents
from creatorbook.stats.attribution import journeys_of_paths, share_out
from fake_plugins import install, on_path

#: what no plan of this client asks for: it has no click paths, and a report runs no commands
UNASKED = {"answers things", "a rule loses orders", "a command taken", "a command of text"}

IN_PROCESS = [name for name, broken in BROKEN.items() if not broken.ends_process]

PATHS = journeys_of_paths([["anna"], ["anna", "bea"]], [3, 2])
TEXTS = pd.Series(["linen", "wool"], ["a", "b"], dtype=object)


def test_there_are_enough() -> None:
    """The issue asks for forty."""
    assert len(BROKEN) >= 40


@pytest.mark.parametrize("name", IN_PROCESS)
def test_it_is_left_out_and_named(name: str, before: dict[str, str], tmp_path: Path) -> None:
    """What is built in answers as it did; the fault names distribution and version; the book is as it was."""
    broken, book = BROKEN[name], _book()
    install(tmp_path, "ailing", broken.code)
    with on_path(tmp_path, "ailing"):
        after = _everything(book)
        named = [str(fault) for fault in plugins.recorded()]
    added = {key: value for key, value in after.items() if key not in before}
    assert {key: value for key, value in after.items() if key in before} == before
    if broken.named:
        assert added == {}
        assert [one for one in named if one.startswith("plugin ailing 1.0 (")] == named
        assert [one for one in named if broken.named in one]
    else:
        assert list(added) == ["check ailing"]
        assert "HELLO" not in str(after)
        assert named == []
    assert _tables(book) == _tables(_book())


@pytest.fixture(scope="module")
def before() -> dict[str, str]:
    """What there is without any plugin."""
    return _everything(_book())


@pytest.mark.slow
@pytest.mark.parametrize("name", BROKEN)
def test_its_report_comes_out_and_is_the_same(name: str, plain: Path, tmp_path: Path) -> None:
    """Each alone, in a whole report: what is sent, the figures and the tables have the bytes they have without it."""
    install(tmp_path / "site", "ailing", BROKEN[name].code)
    edition = _printed(tmp_path / "out", tmp_path / "site")
    for file in (
        "to-send/report.html",
        "to-send/report.pdf",
        "to-send/data.xlsx",
        "summary.json",
        "working/data.xlsx",
    ):
        assert (edition / file).read_bytes() == (plain / file).read_bytes(), file
    page = (edition / "working/report.html").read_text(encoding="utf-8")
    assert ("plugin ailing 1.0" in page) == (bool(BROKEN[name].named) and name not in UNASKED)
    assert "HELLO" not in page


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report without any plugin."""
    return _printed(tmp_path_factory.mktemp("plain"), None)


def _printed(out: Path, site: Path | None) -> Path:
    paths = [str(site)] if site else []
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([*paths, *filter(None, [os.environ.get("PYTHONPATH")])]),
        "CREATORBOOK_PLUGIN_SECONDS": "10",
    }
    command = [
        sys.executable,
        "-m",
        "creatorbook",
        "report",
        "northpin",
        "--stage",
        "plan",
        "--out",
        str(out),
    ]
    run = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    (edition,) = out.glob("northpin/*/*-plan")
    return edition


def _book() -> Book:
    creators = pd.DataFrame(
        {"handle": ["a", "b"], "platform": "instagram", "followers": 9000.0, "fee": 100.0}
    )
    return make_book({"creators": creators}, client={"exchange_rates": {"USD": 0.9}}, stage="plan")


def _tables(book: Book) -> str:
    """All that a plugin could have written into."""
    frames = {name: book.tables.frames[name].to_dict("list") for name in book.tables}
    return json.dumps([frames, dict(book.client.exchange_rates)], default=str)


def _everything(book: Book) -> dict[str, str]:
    """What plugins bring and what comes of it, by name: each asked as creatorbook asks it."""
    header = ["Art", "Betrag"]
    own, added = plugins.outputs()
    paper = EditionContents("client", book, (), "<main></main>", {}, print)
    made = plugins.answered(added, lambda output: output.make(paper))
    return {
        **{
            f"check {one.name}": findings_html(findings)
            for one, findings in plugins.answered(plugins.checks(), lambda one: one.find(book))
        },
        **{
            f"ranking {one.id}": str(list(scores))
            for one, scores in plugins.answered(plugins.rankings(), lambda one: one.score("linen", TEXTS))
        },
        **{
            f"rule {one.id}": str(shares)
            for one, shares in plugins.answered(
                plugins.attribution_rules(), lambda one: share_out(PATHS, [one])
            )
        },
        **{
            f"reader {one.name}": str(recognised)
            for one, recognised in plugins.answered(plugins.readers(), lambda one: one.recognise(header))
        },
        **{f"scheme {name}": str(one) for name, one in plugins.tier_schemes().items()},
        **{f"playbook {name}": str(one) for name, one in plugins.playbooks().items()},
        **{f"theme {name}": str(one) for name, one in plugins.themes().items()},
        **{f"decision {name}": str(one) for name, one in plugins.decision_reasons().items()},
        **{
            f"notebook {stage} {path.name}": str(path)
            for stage in ("plan", "results")
            for path in plugins.notebooks(stage)
        },
        **{f"file {output.place}": "" for output in own},
        **{f"file {output.place}": str(content) for output, content in made},
        **{
            f"command {name}": ""
            for name in plugins.commands({str(one.name) for one in cli.app.registered_commands})
        },
    }


def test_a_hang_is_named_where_nobody_watches() -> None:
    """At a terminal or a notebook nothing is ended: a line says who holds the call up."""
    code = (
        "import time; from creatorbook.plugins.isolation import calling\n"
        "with calling('ailing 1.0', 'ailing', 'creatorbook_checks'): time.sleep(0.5)"
    )
    environment = {**os.environ, "CREATORBOOK_PLUGIN_SECONDS": "0.1"}
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    )
    assert "the plugin ailing (creatorbook_checks) has not answered for 0.1 seconds" in run.stderr


def test_vetting_asks_its_own_checks_through_the_hook() -> None:
    """There is no second way in: the notebook's headings show what the hook answers."""
    notebook = (NOTEBOOKS / "02_vetting.ipynb").read_text(encoding="utf-8")
    for check in plugins.checks():
        assert f'vetting.checked(book, \\"{check.name}\\")' in notebook
    assert [one.step for one in vetting.checked(_book(), "fit")] == ["vetting"]
