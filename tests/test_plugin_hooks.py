"""What each further hook is for: a plugin's file, command, price, label rule, lesson and theme do what creatorbook's own do."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

import report_fixture as made
from books import make_book
from creatorbook import cli, plugins, report, themes
from creatorbook.acts.notebook_copies import originals
from creatorbook.client.repository import NOTEBOOKS
from creatorbook.finance.price_lines import price_lines
from creatorbook.packs import pack
from creatorbook.plugins import EditionContents, Output, PriceModel, PriceRange
from creatorbook.tracking import disclosure
from fake_plugins import faults_of, plugin_with


def _printed(folder: Path, **client: Any) -> list[str]:
    folder.mkdir(exist_ok=True)
    return report.build_report(folder, made.report_book("plan", **client), [], made.plan())


def test_an_output_gets_one_paper_and_leaves_a_file_beside_the_others(tmp_path: Path) -> None:
    """For the client only what is the client's; what it does to its copy is in no other file."""
    got: list[EditionContents] = []

    def make(contents: EditionContents) -> bytes:
        got.append(contents)
        contents.summary.clear()  # type: ignore[attr-defined]
        contents.remark("slides have no charts here")
        return b"slides"

    slides = [Output("slides.txt", reader, make, "slides") for reader in ("client", "working", "programs")]
    _printed(tmp_path / "plain")
    with plugin_with(creatorbook_outputs=slides):
        log = _printed(tmp_path / "with")
    names = {path.relative_to(tmp_path / "with").as_posix() for path in (tmp_path / "with").rglob("*.txt")}
    assert names == {"to-send/slides.txt", "working/slides.txt", "slides.txt"}
    assert (tmp_path / "with/to-send/slides.txt").read_bytes() == b"slides"
    assert "slides have no charts here" in log
    client, working, programs = got
    assert [one.reader for one in got] == ["client", "working", "programs"]
    assert len(client.items) < len(working.items) == len(programs.items)
    assert client.html == (tmp_path / "plain/to-send/report.html").read_text(encoding="utf-8")
    assert client.document is None
    for path in (tmp_path / "plain").rglob("*.*"):
        if path.suffix != ".pdf":
            assert (
                path.read_bytes() == (tmp_path / "with" / path.relative_to(tmp_path / "plain")).read_bytes()
            )


def test_an_output_that_fails_is_named_in_the_working_paper_only(tmp_path: Path) -> None:
    """Its file is not there, every other one is; what is sent says nothing of it."""
    with plugin_with(creatorbook_outputs=[Output("slides.txt", "client", lambda contents: b"" + 1)]):  # type: ignore[operator]
        _printed(tmp_path)
    assert not list(tmp_path.rglob("slides.txt"))
    assert "ailing" in (tmp_path / "working/report.html").read_text(encoding="utf-8")
    assert "ailing" not in (tmp_path / "to-send/report.html").read_text(encoding="utf-8")


def test_an_output_takes_the_place_of_ours_where_the_client_says_so(tmp_path: Path) -> None:
    """Under the same place; creatorbook's own is not made."""
    lists = Output("data.xlsx", "client", lambda contents: b"ours")
    with plugin_with(creatorbook_outputs=[lists]):
        _printed(tmp_path / "plain")
        _printed(tmp_path / "replaced", replaces=["to-send/data.xlsx"])
    assert (tmp_path / "plain/to-send/data.xlsx").read_bytes()[:2] == b"PK"
    assert (tmp_path / "replaced/to-send/data.xlsx").read_bytes() == b"ours"


def test_a_command_runs_under_its_own_name() -> None:
    """A function or an app; what stops it names the plugin; it is loaded when it is asked for only."""
    group = typer.Typer()

    @group.command()
    def one() -> None:
        typer.echo("from the app")

    @group.command()
    def two() -> None: ...

    def greet(name: str) -> None:
        typer.echo(f"hello {name}")

    def fail() -> None:
        raise RuntimeError("boom")

    with plugin_with(creatorbook_commands={"greet": greet, "ours": group, "fail": fail, "report": greet}):
        run = CliRunner().invoke
        assert run(cli.app, ["greet", "Kim"]).output == "hello Kim\n"
        assert run(cli.app, ["ours", "one"]).output == "from the app\n"
        failed = run(cli.app, ["fail"])
        assert "the command “fail” of the plugin ailing does not work: RuntimeError: boom" in str(
            failed.exception
        )
        assert "Print client reports" in run(cli.app, ["report", "--help"]).output
        assert faults_of("creatorbook_commands") == ["creatorbook has a command of the name “report”"]
        assert run(cli.app, ["nothing"]).exit_code == 2


def test_labels_are_printed_through_the_hook() -> None:
    """The built-in example of a command that is brought."""
    assert CliRunner().invoke(cli.app, ["labels", "--market", "de"]).output.startswith("market,language,")


def test_the_list_says_what_each_plugin_brings_and_whether_it_is_on() -> None:
    """Without any, it says where to begin."""
    if not plugins.installed():
        assert "no plugin is installed" in CliRunner().invoke(cli.app, ["plugins"]).output
    unknown = CliRunner().invoke(cli.app, ["check", "northpin", "--no-plugin", "nobody"])
    assert "there is no plugin “nobody”" in str(unknown.exception)


def _prices(**client: Any) -> list[str]:
    creators = pd.DataFrame(
        {
            "handle": ["small", "huge"],
            "platform": "instagram",
            "followers": [5_000.0, 5_000_000.0],
            "fee": [60.0, 60.0],
            "deliverables": "1 reel",
        }
    )
    rates = {"exchange_rates": {"USD": 1.0}}
    frame = price_lines(make_book({"creators": creators}, client={**rates, **client}, stage="plan"))
    return frame.set_index("person").against_range[["small", "huge"]].tolist()


def test_a_price_model_answers_for_whom_ours_does_not_know() -> None:
    """The first model that knows an account counts; where the client says so, the plugin's is the only one."""
    ours = PriceModel("ours", lambda account: PriceRange(70, 80, "EUR", "us, 2026"))
    instead = replace(ours, id="published_fees")
    assert _prices() == ["within", "–"]
    with plugin_with(creatorbook_price_models=[ours]):
        assert _prices() == ["within", "below"]
    with plugin_with(creatorbook_price_models=[instead]):
        assert _prices() == ["within", "–"]
        assert _prices(replaces=["published_fees"]) == ["below", "below"]


@pytest.mark.parametrize(
    ("price", "wrong"),
    [
        (lambda account: 7, "where a PriceRange or nothing is expected"),
        (lambda account: PriceRange(9, 8, "EUR", ""), "no range of amounts"),
        (lambda account: PriceRange(1, float("nan"), "EUR", ""), "no range of amounts"),
        (lambda account: PriceRange(1, 2, "euro", ""), "no currency"),
        (lambda account: account.clear() or 7, "where a PriceRange"),
    ],
)
def test_a_price_that_is_none_is_left_out(price: Any, wrong: str) -> None:
    """Nothing is held against it; the fault is recorded once."""
    with plugin_with(creatorbook_price_models=[PriceModel("ours", price)]):
        assert _prices() == ["within", "–"]
        (fault,) = faults_of("creatorbook_price_models")
    assert wrong in fault


def _brazil(**changes: Any) -> dict[str, Any]:
    rule = {
        **pack("disclosure")["jurisdictions"]["US"],
        "country": "Brazil",
        "words": {"pt": ["publicidade"]},
        **changes,
    }
    return {"BR": {"name": "Brazil", "languages": ["pt"], "rule": rule}}


def test_a_market_has_the_label_that_a_plugin_states() -> None:
    """Its word, its source; before, counsel was to be asked."""
    assert disclosure.compile_label(["BR"], "pt").asks == ("BR",)
    with plugin_with(creatorbook_label_rules=_brazil(follows_post_language=False)):
        label = disclosure.compile_label(["BR"], "pt")
        assert disclosure.markets()["BR"] == "Brazil"
    assert (label.words, label.asks) == (("publicidade",), ())
    assert label.sources[0].startswith("Brazil: ")


@pytest.mark.parametrize(
    ("rules", "wrong"),
    [
        ({"Brazil": {}}, "two capital letters"),
        ({"BR": {"name": "Brazil", "languages": ["pt"]}}, "either a rule of its own"),
        ({"BR": {"name": "Brazil", "languages": ["pt"], "under": "XX"}}, "no rule “XX”"),
        (_brazil(positions={"picture": ["at_the_end"]}), "“at_the_end”"),
        (_brazil(dated="soon"), "no day"),
        (_brazil(benefits=["love"]), "“love”"),
        ({"DE": _brazil()["BR"]}, "creatorbook's own"),
    ],
)
def test_a_label_rule_that_is_none_is_left_out(rules: dict[str, Any], wrong: str) -> None:
    """Counsel is asked as before, and Germany's rule stays."""
    before = disclosure.compile_label(["DE"], "de")
    with plugin_with(creatorbook_label_rules=rules):
        assert disclosure.compile_label(["BR"], "pt").asks == ("BR",)
        assert disclosure.compile_label(["DE"], "de") == before
        (fault,) = faults_of("creatorbook_label_rules")
    assert wrong in fault


def test_a_lesson_lies_beside_our_own(tmp_path: Path) -> None:
    """A copy is made of it where the client's notebooks are."""
    lesson = shutil.copy(NOTEBOOKS / "training/01_what_is_micro.ipynb", tmp_path / "our_lesson.ipynb")
    own = originals()
    with plugin_with(creatorbook_lessons=[lesson, tmp_path / "nowhere.ipynb"]):
        every = originals()
        assert faults_of("creatorbook_lessons") == [f"there is no file {tmp_path / 'nowhere.ipynb'}"]
    (added,) = every.keys() - own.keys()
    assert added.endswith("/our_lesson.ipynb")


def _theme(folder: Path, **files: str) -> Path:
    shutil.copytree(plugins.themes()["plain"], folder)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "files",
    [
        {"theme__yml": "title: ours\ncolours: {primary: '#ffffff', accent: '#ffffff'}"},
        {"first_page__html.j2": "{{ nothing.of.this }}"},
        {"report__html.j2": "{% for"},
    ],
    ids=["unreadable colours", "an unknown name", "no template"],
)
def test_a_theme_that_does_not_work_gives_way_to_the_house(files: dict[str, str], tmp_path: Path) -> None:
    """The report comes out in the house's look, and says so."""
    _printed(tmp_path / "house")
    with plugin_with(creatorbook_themes={"ours": _theme(tmp_path / "ours", **files)}):
        _printed(tmp_path / "out", theme={"name": "ours"})
        assert len(faults_of("creatorbook_themes")) == 1
    sent, house = (tmp_path / place / "to-send/report.html" for place in ("out", "house"))
    assert sent.read_bytes() == house.read_bytes()
    assert "plugin ailing" in (tmp_path / "out/working/report.html").read_text(encoding="utf-8")


def test_a_theme_that_works_is_used(tmp_path: Path) -> None:
    """It is no copy of the house's."""
    with plugin_with(creatorbook_themes={"ours": _theme(tmp_path / "ours")}):
        client = made.report_book("plan", theme={"name": "ours"}).client
        assert themes.theme_of(client).folder == tmp_path / "ours"
