"""Plugins: every template renders to a package that installs, passes its tests and shows in a report."""

from __future__ import annotations

import inspect
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import copier
import pytest
import yaml

from books import make_book
from creatorbook import built_in, plugins, vetting
from creatorbook.client.repository import ROOT, SAMPLE_DATA
from creatorbook.findings import Findings, Note
from creatorbook.opening import open_book
from creatorbook.plugins import Check
from creatorbook.problems import Problem
from fake_plugins import HEAD, install, on_path, plugin_with

TEMPLATES = ROOT / "plugin_templates"
QUESTIONS = yaml.safe_load((ROOT / "copier.yml").read_text(encoding="utf-8"))
KINDS = sorted(QUESTIONS["kind"]["choices"].values())

#: what each kind has besides what all have
OWN = {
    "check": {"check.py"},
    "reader": {"layout.yml"},
    "pack": {"tiers.yml", "playbooks.yml"},
    "theme": {f"theme/{name}" for name in ("theme.yml", "theme.css", "conf.json")},
}

#: words that YAML, TOML, Python and HTML could each trip over
AUTHOR = 'Ü & Søn, "the 1st" <b>'
SENTENCE = "Asks: is it \"dear\"? #1 – 'quoted' \\ and {plain}."


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository that holds the templates and nothing else, with one commit."""
    folder = tmp_path_factory.mktemp("template")
    shutil.copy(ROOT / "copier.yml", folder)
    shutil.copytree(TEMPLATES, folder / "plugin_templates")
    _commit(folder, "templates")
    return folder


@pytest.fixture(scope="module")
def rendered(template: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each kind, rendered with awkward answers."""
    folder = tmp_path_factory.mktemp("rendered")
    for kind in KINDS:
        _render(template, folder / kind, kind)
    return {kind: folder / kind for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
class TestRendered:
    def test_exactly_these_files_come_out(self, rendered: dict[str, Path], kind: str) -> None:
        """No file too many and none too few."""
        assert _files(rendered[kind]) == _expected(kind)

    def test_nothing_of_the_template_is_left(self, rendered: dict[str, Path], kind: str) -> None:
        """No brace of the template language, in a path or a text."""
        for name in sorted(_files(rendered[kind])):
            text = (rendered[kind] / name).read_text(encoding="utf-8")
            assert not re.search(r"\{\{|\{%|%\}|\}\}|\{#|#\}", name + text), name

    def test_the_code_is_formatted(self, rendered: dict[str, Path], kind: str) -> None:
        """Ruff finds nothing to mend in what a plugin author starts from."""
        for command in (["check", "--select", "E,F,I,B,UP,SIM"], ["format", "--check"]):
            _run(
                [sys.executable, "-m", "ruff", *command, "--isolated", "--line-length=110", "."],
                rendered[kind],
            )

    def test_update_brings_news_and_keeps_changes(self, template: Path, tmp_path: Path, kind: str) -> None:
        """`copier update` adds what the template gained; what the author wrote stays."""
        source, plugin = tmp_path / "source", tmp_path / "plugin"
        shutil.copytree(template, source)
        _render(source, plugin, kind)
        readme = plugin / "README.md"
        readme.write_text(readme.read_text(encoding="utf-8") + "\nOur own words.\n", encoding="utf-8")
        _commit(plugin, "our plugin")
        shared = source / "plugin_templates/shared/pyproject.toml.jinja"
        shared.write_text(shared.read_text(encoding="utf-8") + "# news\n", encoding="utf-8")
        _commit(source, "news")
        copier.run_update(plugin, defaults=True, overwrite=True, quiet=True)
        assert "# news" in (plugin / "pyproject.toml").read_text(encoding="utf-8")
        assert readme.read_text(encoding="utf-8").endswith("Our own words.\n")
        assert _files(plugin) == _expected(kind)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("package", "Our-Plugin"),
        ("package", "1st"),
        ("package", "creatorbook"),
        ("name", '""" + evil'),
        ("name", ""),
        ("author", " "),
        ("description", ""),
    ],
)
def test_answers_that_would_break_the_package_are_refused(
    template: Path, tmp_path: Path, question: str, answer: str
) -> None:
    """A name that is no package, or an empty author, is asked again instead of rendered."""
    with pytest.raises(ValueError, match=question):
        copier.run_copy(
            str(template), tmp_path / "plugin", data={question: answer}, defaults=True, quiet=True
        )


def test_defaults_are_answers_that_are_accepted(template: Path, tmp_path: Path) -> None:
    """Pressing Return at every question gives a plugin."""
    copier.run_copy(str(template), tmp_path / "plugin", defaults=True, quiet=True)
    assert (tmp_path / "plugin/src/creatorbook_fee_check/check.py").is_file()


@pytest.fixture(scope="module")
def python(rendered: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment over the project's packages, with a plugin of every kind installed."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    place = Path(_answer(python, "import sysconfig; print(sysconfig.get_path('purelib'))"))
    packages = sysconfig.get_path("purelib")
    (place / "project.pth").write_text(f"import site; site.addsitedir({packages!r})\n", encoding="utf-8")
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation", "--no-index"]
    _run([python, "-m", "pip", "install", *options, *rendered.values()], folder)
    return python


@pytest.fixture(scope="module")
def report(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a plan's report, printed with the plugins for a client that gives each something to say."""
    folder = tmp_path_factory.mktemp("report")
    client = shutil.copytree(SAMPLE_DATA / "northpin", folder / "client")
    with (client / "exports/creators.csv").open("a", encoding="utf-8") as creators:
        creators.write("Probe Dear,probe.dear,instagram,5000,4000,DEAR10\n")
    (client / "exports/whatever.csv").write_text(
        "Booked on;Booked for;Booked under;Booked net\n2026-02-09;probe.dear;fee;4.000,00\n", encoding="utf-8"
    )
    campaign = next((client / "campaigns").glob("*.yml"))
    told = campaign.read_text(encoding="utf-8")
    campaign.write_text(f"{told}\nplaybook: our_pack\ntier_scheme: our_pack\n", encoding="utf-8")
    with (client / "client.yml").open("a", encoding="utf-8") as told_client:
        told_client.write("theme: {name: our_theme}\n")
    _run([python, "-m", "creatorbook", "report", client, "--stage", "plan", "--out", folder / "out"], folder)
    return next((folder / "out").rglob("working/report.html")).parent


@pytest.mark.parametrize("kind", KINDS)
class TestInstalled:
    def test_its_own_tests_pass(self, rendered: dict[str, Path], python: Path, kind: str) -> None:
        """What a plugin author starts from is green, as installed."""
        assert " passed" in _run([python, "-m", "pytest", "-q", rendered[kind]], rendered[kind])

    def test_its_contribution_shows_in_a_report(self, report: Path, kind: str) -> None:
        """The reader of a report sees what the plugin brought, under its own name."""
        text = unescape(re.sub(r"<[^>]+>", " ", (report / "report.html").read_text(encoding="utf-8")))
        shown = {
            "check": "Our check: what is in this fee?",
            "reader": "Our reader",
            "pack": "Our pack",
            "theme": "Our theme",
        }
        assert shown[kind] in text

    def test_the_edition_says_what_it_was_made_with(self, report: Path, kind: str) -> None:
        """The manifest names the plugin, its version and a hash of its files."""
        told = json.loads((report.parent / "manifest.json").read_text(encoding="utf-8"))["made_from"][
            "plugins"
        ]
        assert [name for name in told if re.fullmatch(rf"our-{kind} 0\.1\.0 [0-9a-f]{{12}}", name)]


def test_a_check_stands_under_its_question() -> None:
    """Checks of plugins are shown behind the built-in one that they name, each under its question."""
    found = Findings("vetting", (Note("Nothing to ask."),))
    dear = Check("dear", "Is it dear?", lambda book: found)
    kept = Check("kept", "Is it kept?", lambda book: found, after="engagement")
    book = make_book()
    with plugin_with(creatorbook_checks=[dear, kept]):
        shown = {name: vetting.checked(book, name) for name in ("engagement", "fit")}
    told = {
        name: [note.text for findings in added for note in findings.notes]
        for name, (_, *added) in shown.items()
    }
    assert told == {
        "engagement": ["Is it kept?", "Nothing to ask."],
        "fit": ["Is it dear?", "Nothing to ask."],
    }


HOOKS = {
    name: hook for name, hook in vars(plugins.Hooks).items() if inspect.isfunction(hook) and name[0] != "_"
}
DOCUMENTED = re.findall(r"^### `(\w+)(\(.*)`$", (TEMPLATES / "README.md").read_text(encoding="utf-8"), re.M)


@pytest.mark.parametrize("name", HOOKS)
class TestHooks:
    def test_it_says_what_it_is_for(self, name: str) -> None:
        """Every hook has a docstring."""
        assert (HOOKS[name].__doc__ or "").strip()

    def test_it_is_documented_with_its_signature(self, name: str) -> None:
        """Every hook has a heading in plugin_templates/README.md with exactly its arguments and result."""
        signature = inspect.signature(HOOKS[name])
        arguments = [argument for argument in signature.parameters.values() if argument.name != "self"]
        told = str(signature.replace(parameters=arguments)).replace("'", "")
        assert dict(DOCUMENTED).get(name) == told

    def test_what_is_built_in_uses_it(self, name: str) -> None:
        """creatorbook registers its own readers, checks, schemes, playbooks and notebooks as a plugin does."""
        assert plugins.manager().get_plugin(plugins.BUILT_IN) in [
            call.plugin for call in getattr(plugins.manager().hook, name).get_hookimpls()
        ]


def test_no_hook_is_documented_that_is_not_there() -> None:
    """The README has each hook once, and no other."""
    assert sorted(name for name, _ in DOCUMENTED) == sorted(HOOKS)


def test_every_kind_is_a_template_and_is_documented() -> None:
    """Folders, the choices of copier.yml and the README's table name the same kinds."""
    readme = (TEMPLATES / "README.md").read_text(encoding="utf-8")
    assert sorted(path.parent.name for path in TEMPLATES.glob("*/template")) == KINDS
    assert sorted(re.findall(r"^\| \[`(\w+)`\]", readme, re.M)) == KINDS


def test_the_command_line_speaks_without_loading_plugins() -> None:
    """A broken plugin or a slow one does not stand between a user and `--help`."""
    told = (
        "import sys, creatorbook.cli; print([name for name in sys.modules if name == 'creatorbook.plugins'])"
    )
    assert _answer(Path(sys.executable), told) == "[]"


class TestLoaded:
    @pytest.fixture
    def plugin(self, tmp_path: Path) -> Iterator[Path]:
        """An installed plugin whose module the test writes."""
        with on_path(tmp_path, "ailing"):
            yield install(tmp_path, "ailing", "")

    def test_a_hook_that_answers_nothing_adds_nothing(self, plugin: Path) -> None:
        """A hook without a return is an empty answer, and the built-in ones stand."""
        plugin.write_text(HEAD + "@hookimpl\ndef creatorbook_checks(): ...")
        assert plugins.checks() == list(vetting.BUILT_IN_CHECKS)
        assert plugins.recorded() == ()

    def test_a_built_in_name_is_taken_only_where_the_client_says_so(self, plugin: Path) -> None:
        """A playbook of that name stays creatorbook's own, and the fault says how to ask for the plugin's."""
        plugin.write_text(
            HEAD + "from creatorbook.packs import pack\n@hookimpl\n"
            "def creatorbook_tier_schemes(): return {'s0': {**pack('tiers')['schemes']['s3'], 'title': 'Ours'}}"
        )
        own = built_in.creatorbook_tier_schemes()
        assert plugins.tier_schemes() == own
        assert ["replaces: [s0] in client.yml" in fault.what for fault in plugins.recorded()] == [True]
        replaced = plugins.tier_schemes(["s0"])
        assert replaced["s0"]["title"] == "Ours"
        assert {**replaced, "s0": own["s0"]} == own

    def test_a_plugins_reasons_come_after_the_built_in_ones(self, plugin: Path) -> None:
        """A reason stands beside its own decision, once; a new decision has the plugin's alone."""
        plugin.write_text(
            HEAD + "@hookimpl\n"
            "def creatorbook_reasons(): return {'Ask for more': ['on holiday', 'price or rights unclear'], 'Later': ['spring']}"
        )
        own = built_in.creatorbook_reasons()
        assert plugins.decision_reasons() == own | {
            "Ask for more": [*own["Ask for more"], "on holiday"],
            "Later": ["spring"],
        }

    def test_a_change_in_a_plugins_file_changes_its_name(self, plugin: Path) -> None:
        """Reports and cached exports made before a change are not taken for those after it; nothing of it is run."""
        plugin.write_text("raise SystemExit")
        before = plugins.names()
        plugin.write_text("raise SystemExit  # changed")
        assert plugins.names() != before
        assert all(name.startswith("ailing 1.0 ") for name in set(before) ^ set(plugins.names()))

    @pytest.mark.parametrize(
        ("stated", "remark"),
        [
            ("1", "version 1 of the hooks"),
            ("2", ""),
            ("", ""),
            ("99", "update it"),
            ("True", "no whole number"),
        ],
    )
    def test_an_old_plugin_runs_with_one_remark(self, plugin: Path, stated: str, remark: str) -> None:
        """What was written for older hooks is used; for newer ones, or for no version at all, left out."""
        line = f"creatorbook_hooks = {stated}\n" if stated else ""
        plugin.write_text(
            HEAD
            + line
            + "@hookimpl\ndef creatorbook_checks(): return [Check('ours', 'Is it?', lambda book: None)]"
        )
        is_used = "ours" in [check.name for check in plugins.checks()]
        assert is_used == (stated in {"1", "2", ""})
        assert [remark in str(fault) for fault in plugins.recorded()] == [True] * bool(remark)

    @pytest.mark.parametrize(
        ("only", "without", "is_used"),
        [
            (None, None, True),
            ("", None, False),
            ("ailing", None, True),
            ("another, more", None, False),
            (None, "ailing", False),
        ],
    )
    def test_a_plugin_can_be_switched_off(
        self,
        plugin: Path,
        monkeypatch: pytest.MonkeyPatch,
        only: str | None,
        without: str | None,
        is_used: bool,
    ) -> None:
        """CREATORBOOK_PLUGINS names those that are on, --no-plugin those that are not; what is off is not even loaded."""
        plugin.write_text(HEAD + "@hookimpl\ndef creatorbook_reasons(): return {'Later': ['spring']}")
        monkeypatch.delenv("CREATORBOOK_NO_PLUGIN", raising=False)
        if only is not None:
            monkeypatch.setenv("CREATORBOOK_PLUGINS", only)
        if without is not None:
            monkeypatch.setenv("CREATORBOOK_NO_PLUGIN", "")
            plugins.switch_off([without])
        assert ("Later" in plugins.decision_reasons()) == is_used
        assert ("ailing" in sys.modules) == is_used
        assert any(name.startswith("ailing ") for name in plugins.names()) == is_used

    def test_a_name_that_nothing_built_in_has_is_said(self, tmp_path: Path) -> None:
        """A misspelt name under `replaces` would replace nothing, in silence."""
        client = shutil.copytree(SAMPLE_DATA / "northpin", tmp_path / "client")
        with (client / "client.yml").open("a", encoding="utf-8") as file:
            file.write("\nreplaces: [shop_conversoin]\n")
        with pytest.raises(Problem, match="nothing of the name “shop_conversoin”") as caught:
            open_book(client)
        assert "“shop_conversion”" in caught.value.todo

    def test_another_process_has_the_same_plugins_on(
        self, plugin: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What a call says goes with each job, also to a cluster's workers."""
        monkeypatch.setenv("CREATORBOOK_NO_PLUGIN", "ailing")
        switches = plugins.switches()
        monkeypatch.setenv("CREATORBOOK_NO_PLUGIN", "")
        assert plugins.any_on()
        plugins.set_switches(switches)
        assert plugins.switches()["CREATORBOOK_NO_PLUGIN"] == "ailing"
        assert "ailing" not in [one.name for one in plugins.installed() if one.is_on]

    def test_one_that_is_not_there_cannot_be_switched_off(self, plugin: Path) -> None:
        """A misspelt name is said, with those that there are."""
        with pytest.raises(Problem, match="there is no plugin “ailin”") as caught:
            plugins.switch_off(["ailin"])
        assert "ailing" in caught.value.todo


def _expected(kind: str) -> set[str]:
    common = {".copier-answers.yml", ".gitignore", "LICENSE", "README.md", "pyproject.toml"}
    package = {f"src/our_{kind}/{name}" for name in OWN[kind] | {"__init__.py"}}
    return common | package | {f"tests/test_our_{kind}.py"}


def _files(folder: Path) -> set[str]:
    """Paths of all files, git's own and what running left behind aside."""
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return {name for name in found if not re.match(r"\.git/|.*__pycache__|build/", name)}


def _render(template: Path, plugin: Path, kind: str) -> None:
    told = {"name": f"Our {kind}", "package": f"our_{kind}", "author": AUTHOR, "description": SENTENCE}
    copier.run_copy(
        str(template), plugin, data={"kind": kind, **told}, defaults=True, quiet=True, vcs_ref="HEAD"
    )


def _commit(folder: Path, message: str) -> None:
    """A commit that depends on nobody's git settings."""
    if not (folder / ".git").exists():
        _run(["git", "init", "--quiet", "--initial-branch=main"], folder)
    _run(["git", "add", "--all"], folder)
    who = ["-c", "user.name=Tester", "-c", "user.email=tester@example.com", "-c", "commit.gpgsign=false"]
    _run(["git", *who, "commit", "--quiet", "--message", message], folder)


def _answer(python: Path, code: str) -> str:
    return subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def _run(command: list[str | Path], folder: Path) -> str:
    """Run a command; Jupyter's templates and kernels are those of the project's environment."""
    environment = {**os.environ, "JUPYTER_PATH": str(Path(sys.prefix, "share", "jupyter"))}
    run = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout
