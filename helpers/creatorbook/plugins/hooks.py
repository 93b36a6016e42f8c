"""The hooks: what a plugin can bring, and the version of that list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pluggy

from creatorbook.checks import Check, Ranking
from creatorbook.exports.reader import Reader
from creatorbook.plugins.brought import Output, PriceModel
from creatorbook.stats.attribution import Rule

GROUP = "creatorbook"

#: Raised when a hook changes its name, arguments or answer. A plugin may say in its module for which one it was written
#: (`creatorbook_hooks = 2`): with an older one it runs, and one line says so; with a newer one it is left out.
#: 1: until names of what is built in could no longer be taken silently. 2: outputs, commands, price models, label
#: rules and lessons.
HOOKS_VERSION = 2

#: the name in a plugin's module that states it
VERSION_NAME = "creatorbook_hooks"

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
    def creatorbook_price_models(self) -> list[PriceModel]:
        """Ways to say what a piece of an account may cost; the first that knows an account is held against its fee."""
        raise NotImplementedError

    @hookspec
    def creatorbook_label_rules(self) -> dict[str, Any]:
        """Rules for advertising labels by market, each with its source, in the form of `packs/disclosure.yml`."""
        raise NotImplementedError

    @hookspec
    def creatorbook_lessons(self) -> list[Path]:
        """Notebooks to learn from, listed with creatorbook's own."""
        raise NotImplementedError

    @hookspec
    def creatorbook_outputs(self) -> list[Output]:
        """Files of an edition, each made from one of its papers: for the client, the strategist, or other programs."""
        raise NotImplementedError

    @hookspec
    def creatorbook_commands(self) -> dict[str, Any]:
        """Commands of `workbook.py` by name: typer apps, or functions that typer makes a command of."""
        raise NotImplementedError

    @hookspec
    def creatorbook_notebooks(self) -> dict[str, list[Path]]:
        """Notebooks of a report, by stage: `{"results": [Path(…)]}`."""
        raise NotImplementedError
