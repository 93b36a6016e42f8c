"""Hooks by which plugins extend creatorbook; what is built in is registered through the same hooks.

A plugin is a Python package with an entry point in the group `creatorbook`. Whatever it needs of creatorbook, it
imports from here. Templates that render to an installable, tested plugin are in `plugin_templates/`.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pluggy

from creatorbook.book import Book
from creatorbook.checks import Check, Ranking
from creatorbook.exports.layouts import layout
from creatorbook.exports.plain import read_plain
from creatorbook.exports.reader import Reader, layout_reader
from creatorbook.findings import (
    Column,
    Count,
    Day,
    Figure,
    Findings,
    Money,
    Note,
    Share,
    Table,
    joined,
    say,
    say_many,
    sentences,
)
from creatorbook.packs import held_packs
from creatorbook.problems import Problem
from creatorbook.stats.attribution import Rule
from creatorbook.tables import TABLES, Tables, conform
from creatorbook.text.handles import persons

__all__ = [
    "TABLES",
    "Book",
    "Check",
    "Column",
    "Count",
    "Day",
    "Figure",
    "Findings",
    "Money",
    "Note",
    "Problem",
    "Ranking",
    "Reader",
    "Rule",
    "Share",
    "Table",
    "Tables",
    "attribution_rules",
    "checks",
    "conform",
    "decision_reasons",
    "hookimpl",
    "joined",
    "layout",
    "layout_reader",
    "manager",
    "names",
    "notebooks",
    "persons",
    "playbooks",
    "rankings",
    "read_plain",
    "readers",
    "say",
    "say_many",
    "sentences",
    "themes",
    "tier_schemes",
]

GROUP = "creatorbook"

#: the name under which what creatorbook brings itself is registered, and its module: loaded by name, as any plugin
BUILT_IN, BUILT_IN_MODULE = "built in", "creatorbook.built_in"

hookspec = pluggy.HookspecMarker(GROUP)
hookimpl = pluggy.HookimplMarker(GROUP)


class Hooks:
    """What a plugin can bring. Each hook returns a list or mapping; all plugins' answers are joined."""

    @hookspec
    def creatorbook_readers(self) -> list[Reader]:
        """Readers for export files that creatorbook does not know."""
        raise NotImplementedError

    @hookspec
    def creatorbook_checks(self) -> list[Check]:
        """Vetting checks: a name, a question, and a function from a book to findings."""
        raise NotImplementedError

    @hookspec
    def creatorbook_rankings(self) -> list[Ranking]:
        """Ways to say how near what accounts write is to the brand's own words, for notebook 02."""
        raise NotImplementedError

    @hookspec
    def creatorbook_reasons(self) -> dict[str, list[str]]:
        """Further reasons for a decision on a creator, by decision, in the form of `packs/reasons.yml`."""
        raise NotImplementedError

    @hookspec
    def creatorbook_tier_schemes(self) -> dict[str, Any]:
        """Tier schemes by name, in the form of `packs/tiers.yml`."""
        raise NotImplementedError

    @hookspec
    def creatorbook_playbooks(self) -> dict[str, Any]:
        """Playbooks by name, in the form of `packs/playbooks.yml`."""
        raise NotImplementedError

    @hookspec
    def creatorbook_themes(self) -> dict[str, Path]:
        """Report themes by name, each a folder with `theme.yml` in it."""
        raise NotImplementedError

    @hookspec
    def creatorbook_attribution_rules(self) -> list[Rule]:
        """Ways to share an order among the channels on its path, for notebook 05."""
        raise NotImplementedError

    @hookspec
    def creatorbook_notebooks(self) -> dict[str, list[Path]]:
        """Notebooks of a report, by stage: `{"results": [Path(…)]}`."""
        raise NotImplementedError


@cache
def manager() -> pluggy.PluginManager:
    """The plugin manager, with the built-ins and every installed plugin.

    Raises:
        Problem: an installed plugin cannot be loaded, or has a hook that does not exist.
    """
    plugin_manager = pluggy.PluginManager(GROUP)
    plugin_manager.add_hookspecs(Hooks)
    plugin_manager.register(import_module(BUILT_IN_MODULE), BUILT_IN)
    for entry in entry_points(group=GROUP):
        try:
            plugin_manager.register(entry.load(), entry.name)
            plugin_manager.check_pending()  # a misspelt hook would never be called
        except Exception as error:
            raise _broken(entry.name, error) from error
    return plugin_manager


def readers() -> list[Reader]:
    """All readers, the built-in ones first."""
    return _joined("creatorbook_readers")


def checks() -> list[Check]:
    """All vetting checks, the built-in ones first."""
    return _joined("creatorbook_checks")


def rankings() -> list[Ranking]:
    """All ways to say how near accounts are to the brand's words, the built-in one first; one id counts once, the last."""
    return list({ranking.id: ranking for ranking in _joined("creatorbook_rankings")}.values())


def decision_reasons() -> dict[str, list[str]]:
    """Every decision on a creator with the reasons offered with it, the built-in ones first."""
    every = _joined_items("creatorbook_reasons")
    return {
        decision: list(dict.fromkeys(reason for name, added in every if name == decision for reason in added))
        for decision in dict(every)
    }


def tier_schemes() -> dict[str, Any]:
    """All tier schemes by name; rows that a pack brings count before those of a hook."""
    return _merged("creatorbook_tier_schemes") | held_packs().brought("tiers", "schemes")


def playbooks() -> dict[str, Any]:
    """All playbooks by name; rows that a pack brings count before those of a hook."""
    return _merged("creatorbook_playbooks") | held_packs().brought("playbooks", "playbooks")


def themes() -> dict[str, Path]:
    """The folders of all report themes by name."""
    return _merged("creatorbook_themes")


def attribution_rules() -> list[Rule]:
    """All ways to share an order among the channels on its path, the built-in ones first; one id counts once, the last."""
    return list({rule.id: rule for rule in _joined("creatorbook_attribution_rules")}.values())


def notebooks(stage: str) -> list[Path]:
    """The notebooks of a stage's report in reading order: the workbook's, then what plugins add."""
    return [path for answer in _answers("creatorbook_notebooks") for path in answer.get(stage, [])]


def names() -> list[str]:
    """The installed plugins, each with its version and a hash of its files.

    Editions and cached exports made with one state of a plugin are not taken for those of another.
    """
    plugin_manager = manager()
    return sorted(
        f"{release} {_digest(plugin_manager.get_plugin(name))}"
        for name, release in _installed(plugin_manager).items()
    )


@cache
def _installed(_manager: pluggy.PluginManager) -> dict[str, str]:
    """Package and version by plugin; looked up once, since that reads the metadata of every installed package."""
    distributions = {entry.name: entry.dist for entry in entry_points(group=GROUP)}
    return {name: f"{dist.name} {dist.version}" for name, dist in distributions.items() if dist is not None}


def _digest(plugin: Any) -> str:
    """A hash of the files of a plugin's package; the version alone does not change while one works on it."""
    source = Path(plugin.__file__)
    files = [source] if source.name != "__init__.py" else sorted(source.parent.rglob("*"))
    hashed = hashlib.sha256()
    for path in files:
        if path.is_file() and path.suffix != ".pyc":
            hashed.update(path.relative_to(source.parent).as_posix().encode() + b"\0" + path.read_bytes())
    return hashed.hexdigest()[:12]


def _joined(hook: str) -> list[Any]:
    return [item for answer in _answers(hook) for item in answer]


def _merged(hook: str) -> dict[str, Any]:
    return dict(_joined_items(hook))


def _joined_items(hook: str) -> list[tuple[str, Any]]:
    return [item for answer in _answers(hook) for item in answer.items()]


def _answers(hook: str) -> list[Any]:
    """What each plugin answers, in the order of registration: the built-ins first."""
    answers = [_answer(call) for call in getattr(manager().hook, hook).get_hookimpls()]
    return [answer for answer in answers if answer is not None]


def _answer(call: pluggy.HookImpl) -> Any:
    if call.plugin_name == BUILT_IN:
        return call.function()
    try:
        return call.function()
    except Exception as error:
        raise _broken(call.plugin_name, error) from error


def _broken(plugin: str, error: Exception) -> Problem:
    return Problem(
        f"the plugin “{plugin}” does not work: {type(error).__name__}: {error}",
        todo="Update it or uninstall it, and try again.",
    )
