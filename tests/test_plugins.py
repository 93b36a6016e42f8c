"""Plugins: the hooks, each documented and used by what is built in, and which plugins are on."""

from __future__ import annotations

import inspect
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from books import make_book
from creatorbook import built_in, plugins, vetting
from creatorbook.client.repository import ROOT, SAMPLE_DATA
from creatorbook.findings import Findings, Note
from creatorbook.opening import open_book
from creatorbook.plugins import Check
from creatorbook.problems import Problem
from fake_plugins import HEAD, install, on_path, plugin_with


def test_a_check_stands_under_its_question() -> None:
    """Checks of plugins are shown behind the built-in one that they name, each under its question."""
    remark = Findings("vetting", (Note("Nothing to ask."),))
    dear_check = Check("dear", "Is it dear?", lambda book: remark)
    kept_check = Check("kept", "Is it kept?", lambda book: remark, after="engagement")
    book = make_book()
    with plugin_with(creatorbook_checks=[dear_check, kept_check]):
        shown = {name: vetting.checked(book, name) for name in ("engagement", "fit")}
    texts = {
        name: [note.text for findings in added for note in findings.notes]
        for name, (_, *added) in shown.items()
    }
    assert texts == {
        "engagement": ["Is it kept?", "Nothing to ask."],
        "fit": ["Is it dear?", "Nothing to ask."],
    }


HOOKS = {
    name: hook for name, hook in vars(plugins.Hooks).items() if inspect.isfunction(hook) and name[0] != "_"
}
DOCUMENTED = re.findall(
    r"^## `(\w+)(\(.*)`$", (ROOT / "plugin_templates/hooks.md").read_text(encoding="utf-8"), re.M
)


@pytest.mark.parametrize("name", HOOKS)
class TestHooks:
    def test_it_says_what_it_is_for(self, name: str) -> None:
        """Every hook has a docstring."""
        assert (HOOKS[name].__doc__ or "").strip()

    def test_it_is_documented_with_its_signature(self, name: str) -> None:
        """Every hook has a heading in plugin_templates/hooks.md with exactly its arguments and result."""
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
    """The page of hooks has each once, and no other."""
    assert sorted(name for name, _ in DOCUMENTED) == sorted(HOOKS)


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


def _answer(python: Path, code: str) -> str:
    return subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
