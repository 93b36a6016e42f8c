"""Hooks by which plugins extend creatorbook; what is built in is registered through the same hooks.

A plugin is a Python package with an entry point in the group `creatorbook`. Whatever it needs of creatorbook, it
imports from here. Templates that render to an installable, tested plugin are in `plugin_templates/`.

Which plugins there are and how they are loaded is `loading`; what they answer is looked at in `answers`, asked under guard
by `isolation`, and joined in `contributions`; what is left out is kept in `faults`.
"""

from __future__ import annotations

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
from creatorbook.plugins.brought import Command, EditionContents, Output, PriceModel, PriceRange
from creatorbook.plugins.contributions import (
    READERS_HOOK,
    answered,
    attribution_rules,
    checks,
    commands,
    decision_reasons,
    hooks_of,
    is_missing_one,
    label_rules,
    leave_out,
    lessons,
    notebooks,
    outputs,
    playbooks,
    price_models,
    rankings,
    readers,
    refuse_unknown,
    themes,
    tier_schemes,
    using,
)
from creatorbook.plugins.faults import Fault, LeftOut, cause_of, recorded
from creatorbook.plugins.hooks import GROUP, HOOKS_VERSION, Hooks, hookimpl
from creatorbook.plugins.loading import (
    BUILT_IN,
    any_on,
    installed,
    manager,
    names,
    set_switches,
    switch_off,
    switches,
)
from creatorbook.problems import Problem
from creatorbook.stats.attribution import Journeys, Rule, journeys
from creatorbook.tables import TABLES, Tables, conform
from creatorbook.text.handles import persons

__all__ = [
    "BUILT_IN",
    "GROUP",
    "HOOKS_VERSION",
    "READERS_HOOK",
    "TABLES",
    "Book",
    "Check",
    "Column",
    "Command",
    "Count",
    "Day",
    "EditionContents",
    "Fault",
    "Figure",
    "Findings",
    "Hooks",
    "Journeys",
    "LeftOut",
    "Money",
    "Note",
    "Output",
    "PriceModel",
    "PriceRange",
    "Problem",
    "Ranking",
    "Reader",
    "Rule",
    "Share",
    "Table",
    "Tables",
    "answered",
    "any_on",
    "attribution_rules",
    "cause_of",
    "checks",
    "commands",
    "conform",
    "decision_reasons",
    "hookimpl",
    "hooks_of",
    "installed",
    "is_missing_one",
    "joined",
    "journeys",
    "label_rules",
    "layout",
    "layout_reader",
    "leave_out",
    "lessons",
    "manager",
    "names",
    "notebooks",
    "outputs",
    "persons",
    "playbooks",
    "price_models",
    "rankings",
    "read_plain",
    "readers",
    "recorded",
    "refuse_unknown",
    "say",
    "say_many",
    "sentences",
    "set_switches",
    "switch_off",
    "switches",
    "themes",
    "tier_schemes",
    "using",
]
