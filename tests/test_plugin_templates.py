"""Templates: each renders to what installs, passes its tests and shows; what was rendered before is updated without loss."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import xml.etree.ElementTree as ET
import zipfile
from html import unescape
from pathlib import Path

import copier
import pytest
import yaml
from typer.testing import CliRunner

from creatorbook.authoring import rendering
from creatorbook.authoring.checking import looked_over
from creatorbook.authoring.trying import Tried, try_out
from creatorbook.cli import app
from creatorbook.client.repository import ROOT, SAMPLE_DATA
from creatorbook.problems import Problem

TEMPLATES = ROOT / "plugin_templates"
QUESTIONS = yaml.safe_load((ROOT / "copier.yml").read_text(encoding="utf-8"))
#: what was rendered as `pack` before industry packs were there is updated, and not rendered any more
KINDS = sorted(set(QUESTIONS["kind"]["choices"].values()) - {"pack"})
PACKAGES = [kind for kind in KINDS if kind != "agency"]

#: what each kind has besides what all packages have
OWN = {
    "check": {"src/our_check/check.py", "sample/exports/creators.csv"},
    "reader": {"src/our_reader/layout.yml", "sample/exports/march.csv"},
    "industry": {
        f"src/our_industry/packs/{name}.yml"
        for name in ("benchmarks", "calendar", "fees", "niches", "playbooks", "tiers")
    },
    "theme": {f"src/our_theme/theme/{name}" for name in ("theme.yml", "theme.css", "conf.json", "logo.svg")},
    "attribution": {"src/our_attribution/rule.py", "sample/exports/click paths.csv"},
    "notebook": {"src/our_notebook/section.py", "src/our_notebook/our_notebook.ipynb"},
    "output": {"src/our_output/output.py"},
    "agency": {
        "agency.yml",
        "logo.svg",
        "pytest.ini",
        "tests/test_agency.py",
        "house/tiers.yml",
        "house/fees.yml",
        *(
            f"{client}/{name}"
            for client in ("first_client", "second_client")
            for name in ("client.yml", "campaigns/spring.yml", "exports/creators.csv")
        ),
    },
}
ALL = {
    ".copier-answers.yml",
    ".github/workflows/test.yml",
    ".gitignore",
    "README.md",
    "docs/result.png",
    "tests/conftest.py",
    "try.yml",
}

#: words that YAML, TOML, Python and HTML could each trip over
AUTHOR = 'Ü & Søn, "the 1st" <b>'
SENTENCE = "Asks: is it \"dear\"? #1 – 'quoted' \\ and {plain}."
ADDRESS = "https://git.our-house.org/creatorbook.git"

#: the templates as they first were, and what somebody changes in what was rendered from them: file, words, other words
FIRST = Path(__file__).parent / "first_templates.zip"
EDITS = {
    "check": ("src/our_check/check.py", "LIMIT = 3.0", "LIMIT = 4.0"),
    "reader": ("src/our_reader/layout.yml", "[Booked for]", "[Booked for whom]"),
    "pack": ("src/our_pack/tiers.yml", "from: 1000, below: 8000", "from: 1000, below: 9000"),
    "theme": ("src/our_theme/theme/theme.yml", "#9a4a1f", "#8a3f1a"),
}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository that holds the templates and nothing else: as they first were, and then as they are."""
    folder = tmp_path_factory.mktemp("template")
    with zipfile.ZipFile(FIRST) as first:
        first.extractall(folder)
    _commit(folder, "first")
    _git(folder, "tag", "first")
    shutil.rmtree(folder / "plugin_templates")
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
        for name in sorted(_files(rendered[kind]) - {"docs/result.png"}):
            text = (rendered[kind] / name).read_text(encoding="utf-8")
            assert not re.search(r"\{\{|\{%|%\}|\}\}|\{#|#\}", name + text), name

    def test_the_code_is_formatted(self, rendered: dict[str, Path], kind: str) -> None:
        """Ruff finds nothing to mend in what a plugin author starts from."""
        for command in (["check", "--select", "E,F,I,B,UP,SIM"], ["format", "--check"]):
            _run(
                [sys.executable, "-m", "ruff", *command, "--isolated", "--line-length=110", "."],
                rendered[kind],
            )

    def test_creatorbook_is_named_by_address_and_tag(self, rendered: dict[str, Path], kind: str) -> None:
        """A bare name could be registered by somebody else; tests on a host fetch what was answered."""
        workflow = yaml.safe_load((rendered[kind] / ".github/workflows/test.yml").read_text(encoding="utf-8"))
        steps = [step.get("run", "") for step in workflow["jobs"]["test"]["steps"]]
        assert f'git clone --depth 1 --branch "v0.1.0" "{ADDRESS}" ../creatorbook' in steps
        if kind != "agency":
            text = (rendered[kind] / "pyproject.toml").read_text(encoding="utf-8")
            assert f'dependencies = ["creatorbook @ git+{ADDRESS}@v0.1.0"]' in text

    def test_the_picture_is_small(self, rendered: dict[str, Path], kind: str) -> None:
        """A README shows what comes of it, and the repository stays light."""
        picture = (rendered[kind] / "docs/result.png").read_bytes()
        assert picture.startswith(b"\x89PNG")
        assert len(picture) < 80_000


@pytest.mark.parametrize("kind", sorted(set(KINDS) - set(EDITS)))
def test_update_brings_news_and_keeps_changes(template: Path, tmp_path: Path, kind: str) -> None:
    """`copier update` adds what the template gained; what the author wrote stays."""
    source, plugin = tmp_path / "source", tmp_path / "plugin"
    shutil.copytree(template, source)
    _render(source, plugin, kind)
    readme = plugin / "README.md"
    readme.write_text(readme.read_text(encoding="utf-8") + "\nOur own words.\n", encoding="utf-8")
    _commit(plugin, "our plugin")
    shared = source / "plugin_templates/shared/test.yml.jinja"
    shared.write_text(shared.read_text(encoding="utf-8") + "# news\n", encoding="utf-8")
    _commit(source, "news")
    copier.run_update(plugin, defaults=True, overwrite=True, quiet=True, vcs_ref="HEAD")
    assert "# news" in (plugin / ".github/workflows/test.yml").read_text(encoding="utf-8")
    assert readme.read_text(encoding="utf-8").endswith("Our own words.\n")
    assert _files(plugin) == _expected(kind)


@pytest.mark.parametrize("kind", EDITS)
def test_what_was_rendered_first_is_updated_without_loss(
    template: Path, rendered: dict[str, Path], tmp_path: Path, kind: str
) -> None:
    """An author's words are kept, files nobody touched are as they are rendered today, and none is lost."""
    plugin, (name, old, new) = tmp_path / "plugin", EDITS[kind]
    _render(template, plugin, kind, "first")
    before = _files(plugin)
    edited = plugin / name
    assert old in edited.read_text(encoding="utf-8")
    edited.write_text(edited.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    (plugin / "notes.md").write_text("Ours.\n", encoding="utf-8")
    _commit(plugin, "our plugin")
    _updated(plugin)
    text = edited.read_text(encoding="utf-8")
    assert new in text
    assert old not in text
    assert "<<<<<<<" not in text
    after = _files(plugin)
    assert before | {"notes.md", ".github/workflows/test.yml", "try.yml", "tests/conftest.py"} <= after
    if kind != "pack":
        assert after == _expected(kind) | {"notes.md"}
        for same in after - {"notes.md", name, ".copier-answers.yml"}:
            assert (plugin / same).read_bytes() == (rendered[kind] / same).read_bytes(), same


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("kind", "slides"),
        ("package", "Our-Plugin"),
        ("package", "1st"),
        ("package", "creatorbook"),
        ("name", '""" + evil'),
        ("name", ""),
        ("author", " "),
        ("description", ""),
        ("repository", "creatorbook"),
        ("release", "v1 && evil"),
    ],
)
def test_answers_that_would_break_the_package_are_refused(
    template: Path, tmp_path: Path, question: str, answer: str
) -> None:
    """A name that is no package, or an empty author, is asked again instead of rendered."""
    with pytest.raises(ValueError, match=question):
        copier.run_copy(
            str(template),
            tmp_path / "plugin",
            data={question: answer},
            defaults=True,
            quiet=True,
            vcs_ref="HEAD",
        )


def test_plugins_new_makes_one(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the answers of a call or the defaults, into an empty folder only."""
    monkeypatch.setattr(rendering, "ROOT", template)
    folder = tmp_path / "plugin"
    call = ["plugins", "new", str(folder), "--kind", "check", "--data", "name=House check", "--defaults"]
    result = CliRunner().invoke(app, call)
    assert result.exit_code == 0, result.output
    assert "plugins try" in result.output
    assert (folder / "src/creatorbook_house_check/check.py").is_file()
    again = CliRunner().invoke(app, call)
    assert isinstance(again.exception, Problem)
    assert "not empty" in str(again.exception)


def test_every_kind_is_a_template_and_is_documented() -> None:
    """Folders, the choices of copier.yml and the README's table name the same kinds."""
    readme = (TEMPLATES / "README.md").read_text(encoding="utf-8")
    assert sorted(path.parent.name for path in TEMPLATES.glob("*/template")) == sorted([*KINDS, "pack"])
    assert sorted(re.findall(r"^\| \[`(\w+)`\]", readme, re.M)) == KINDS
    assert sorted(rendering.template_kinds()) == KINDS


@pytest.fixture(scope="module")
def python(rendered: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment over the project's packages, with a plugin of every kind installed."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    place = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    packages = sysconfig.get_path("purelib")
    Path(place, "project.pth").write_text(f"import site; site.addsitedir({packages!r})\n", encoding="utf-8")
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation", "--no-index"]
    _run([python, "-m", "pip", "install", *options, *(rendered[kind] for kind in PACKAGES)], folder)
    return python


@pytest.fixture(scope="module")
def own_tests(
    rendered: dict[str, Path], python: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[str]]:
    """What became of each plugin's own tests, all installed and run in one process: kind → outcome of each."""
    results = tmp_path_factory.mktemp("own-tests") / "tests.xml"
    root = rendered["check"].parent  # modules are called by their paths from there: each kind has a conftest
    options = [
        "-q",
        f"--rootdir={root}",
        "--import-mode=importlib",
        "-p",
        "no:cacheprovider",
        f"--junitxml={results}",
    ]
    folders = [rendered[kind] / "tests" for kind in KINDS]
    _run([python, "-m", "pytest", *options, *folders], results.parent, check=False)
    outcomes: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for case in ET.parse(results).iter("testcase"):  # noqa: S314 - pytest's own
        kind = next(kind for kind in KINDS if f".{kind}.tests." in f".{case.get('classname')}.")
        outcomes[kind].append(case[0].tag if len(case) else "passed")
    return outcomes


@pytest.fixture(scope="module")
def report(rendered: dict[str, Path], python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan's edition, printed with all plugins for a client of the agency that gives each something to say."""
    folder = tmp_path_factory.mktemp("report")
    agency = shutil.copytree(rendered["agency"], folder / "agency")
    client = shutil.copytree(SAMPLE_DATA / "northpin", agency / "northpin")
    for kind in ("check", "reader"):
        shutil.copytree(rendered[kind] / "sample/exports", client / "exports", dirs_exist_ok=True)
    campaign = next((client / "campaigns").glob("*.yml"))
    with campaign.open("a", encoding="utf-8") as settings:
        settings.write("\nplaybook: our_industry\n")
    with (client / "client.yml").open("a", encoding="utf-8") as settings:
        settings.write('tier_scheme: our_industry\ntheme: {name: our_theme, footer: ""}\n')
    _run([python, "-m", "creatorbook", "report", client, "--stage", "plan", "--out", folder / "out"], folder)
    return next((folder / "out").rglob("manifest.json")).parent


@pytest.mark.parametrize("kind", KINDS)
class TestInstalled:
    def test_its_own_tests_pass(self, own_tests: dict[str, list[str]], kind: str) -> None:
        """What an author starts from is green, as installed, beside plugins of all other kinds."""
        assert len(own_tests[kind]) >= 3
        assert set(own_tests[kind]) == {"passed"}

    def test_its_contribution_shows_in_a_report(
        self, report: Path, rendered: dict[str, Path], python: Path, kind: str
    ) -> None:
        """The reader of a report sees what it brought, under its own name."""
        page = (report / "working/report.html").read_text(encoding="utf-8")
        shown = {
            "check": "Our check: what is in this fee?",
            "reader": "Our reader",
            "industry": "Our industry",
            "theme": "Our theme",
            "notebook": "How is the money spread over platforms?",
            "agency": "Our agency",
        }
        if kind == "output":
            assert "our_check.usual," in (report / "working/our_output.csv").read_text(encoding="utf-8")
        elif kind == "attribution":  # a results report's; the table alone is made here
            assert "Our attribution" in _paths_table(rendered, python)
        else:
            assert shown[kind] in unescape(re.sub(r"<[^>]+>", " ", page))

    def test_the_edition_says_what_it_was_made_with(self, report: Path, kind: str) -> None:
        """The manifest names each plugin with its version and a hash of its files, and nothing was left out."""
        manifest = json.loads((report / "manifest.json").read_text(encoding="utf-8"))
        assert "left_out_of_plugins" not in manifest
        place = {"agency": r"agency: house [0-9a-f]+"}.get(kind, rf"our-{kind} 0\.1\.0 [0-9a-f]{{12}}")
        used = [*manifest["made_from"]["plugins"], *manifest["packs"]]
        assert [name for name in used if re.fullmatch(place, name)]


def _each(*in_ci: str) -> list[object]:
    """Every kind; those that are not among the smallest are slow."""
    return [kind if kind in in_ci else pytest.param(kind, marks=pytest.mark.slow) for kind in KINDS]


@pytest.mark.parametrize("kind", _each("check", "agency"))
def test_plugins_check_finds_nothing_to_mend(rendered: dict[str, Path], kind: str) -> None:
    """Structure, README, packaging and what it brings are as they should be."""
    assert looked_over(rendered[kind]).faults == ()


@pytest.fixture(scope="module")
def tries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of tries, so that a sample's report without any plugin is printed once."""
    return tmp_path_factory.mktemp("tries")


#: what a try says that each kind has changed: kind of change, and words of one of its lines
SHOWN = {
    "check": ("tables added", "our check high"),
    "reader": ("rows read", "march.csv: Our reader, 3 of 3 rows"),
    "industry": ("tables changed", "goals playbook"),
    "theme": ("look", "style rule"),
    "attribution": ("sentences added", "Our attribution"),
    "notebook": ("tables added", "our notebook platforms"),
    "output": ("files added", "working/our_output.csv"),
    "agency": ("sentences added", "Our agency"),
}


@pytest.mark.parametrize("kind", _each("check"))
def test_plugins_try_shows_what_it_brings(rendered: dict[str, Path], tries: Path, kind: str) -> None:
    """The report with it and without it differ in just what it brings, and pages are drawn."""
    shown: Tried = try_out(rendered[kind], tries)
    assert shown.works, (shown.left_out, shown.changes)
    part, words = SHOWN[kind]
    assert any(words in line for line in shown.changes.parts[part]), shown.changes
    assert all(picture.read_bytes().startswith(b"\x89PNG") for picture in shown.pictures)
    assert shown.pictures


class TestFaults:
    @pytest.fixture
    def plugin(self, rendered: dict[str, Path], tmp_path: Path) -> Path:
        """A check of one's own, to be spoilt."""
        return shutil.copytree(rendered["check"], tmp_path / "plugin")

    def test_what_is_missing_is_named(self, plugin: Path) -> None:
        """Files, links and addresses: each in a line of its own."""
        (plugin / "LICENSE").unlink()
        (plugin / "docs/result.png").unlink()
        project = plugin / "pyproject.toml"
        text = project.read_text(encoding="utf-8").replace(
            f"creatorbook @ git+{ADDRESS}@v0.1.0", "creatorbook>=0.1"
        )
        project.write_text(text, encoding="utf-8")
        module = plugin / "src/our_check/__init__.py"
        module.write_text(
            module.read_text(encoding="utf-8").replace("creatorbook_checks", "creatorbook_cheks")
        )
        faults = "\n".join(looked_over(plugin).faults)
        assert "structure: there is no LICENSE" in faults
        assert "documents: README.md leads to docs/result.png, which is not there" in faults
        assert "packaging: it needs creatorbook by its bare name" in faults
        assert "creatorbook_cheks" in faults

    def test_a_folder_that_is_neither_is_refused(self, tmp_path: Path) -> None:
        """A client folder, say, is no plugin."""
        with pytest.raises(Problem, match="there is no pyproject"):
            looked_over(tmp_path)

    def test_a_mistake_in_try_yml_is_told(self, plugin: Path) -> None:
        """With its line, before anything is printed."""
        (plugin / "try.yml").write_text("client: northpin\nstages: plan\n", encoding="utf-8")
        with pytest.raises(Problem, match="stages"):
            try_out(plugin, plugin / "tried")


def _paths_table(rendered: dict[str, Path], python: Path) -> str:
    """The headings of the table of attribution rules, for a sample client with the template's click log."""
    client = shutil.copytree(SAMPLE_DATA / "northpin", rendered["attribution"].parent / "paths" / "northpin")
    shutil.copytree(rendered["attribution"] / "sample/exports", client / "exports", dirs_exist_ok=True)
    code = (
        "import sys; from creatorbook import roi; from creatorbook.opening import open_book; "
        "table = roi.other_rules(open_book(sys.argv[1], stage='results')).tables['roi.paths']; "
        "print([str(column.label) for column in table.columns.values()])"
    )
    return _run([python, "-c", code, client], client)


def _expected(kind: str) -> set[str]:
    if kind == "agency":
        return ALL | OWN[kind]
    package = {"LICENSE", "pyproject.toml", f"src/our_{kind}/__init__.py", f"tests/test_our_{kind}.py"}
    return ALL | package | OWN[kind]


def _files(folder: Path) -> set[str]:
    """Paths of all files, git's own and what running left behind aside."""
    paths = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return {name for name in paths if not re.match(r"\.git/|.*__pycache__|build/", name)}


def _render(template: Path, plugin: Path, kind: str, ref: str = "HEAD") -> None:
    answers = {"name": f"Our {kind}", "package": f"our_{kind}", "author": AUTHOR, "description": SENTENCE}
    answers |= {"repository": ADDRESS} if ref == "HEAD" else {}
    copier.run_copy(
        str(template), plugin, data={"kind": kind, **answers}, defaults=True, quiet=True, vcs_ref=ref
    )


def _updated(plugin: Path) -> None:
    """Bring the templates as they are today; what was not asked at first is answered."""
    copier.run_update(
        plugin, data={"repository": ADDRESS}, defaults=True, overwrite=True, quiet=True, vcs_ref="HEAD"
    )


def _commit(folder: Path, message: str) -> None:
    """A commit that depends on nobody's git settings."""
    if not (folder / ".git").exists():
        _git(folder, "init", "--quiet", "--initial-branch=main")
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--message", message)


def _git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Tester", "-c", "user.email=tester@example.com", "-c", "commit.gpgsign=false"]
    _run(["git", *who, *arguments], folder)


def _run(command: list[str | Path], folder: Path, *, check: bool = True) -> str:
    """Run a command; Jupyter's templates and kernels are those of the project's environment."""
    environment = {**os.environ, "JUPYTER_PATH": str(Path(sys.prefix, "share", "jupyter"))}
    run = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, check=False)
    assert not check or run.returncode == 0, run.stdout + run.stderr
    return run.stdout
