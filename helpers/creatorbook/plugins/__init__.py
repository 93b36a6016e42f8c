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
from creatorbook.plugins.brought import Command, EditionContents, Output
from creatorbook.plugins.contributions import (
    READERS_HOOK,
    answered,
    attribution_rules,
    checks,
    commands,
    decision_reasons,
    hooks_of,
    is_missing_one,
    leave_out,
    notebooks,
    outputs,
    playbooks,
    rankings,
    readers,
    themes,
    tier_schemes,
    using,
)
from creatorbook.plugins.faults import Fault, LeftOut, cause_of, recorded
from creatorbook.plugins.hooks import GROUP, HOOKS_VERSION, Hooks, hookimpl
from creatorbook.plugins.loading import BUILT_IN, any_on, installed, manager, names, switch_off
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
    "layout",
    "layout_reader",
    "leave_out",
    "manager",
    "names",
    "notebooks",
    "outputs",
    "persons",
    "playbooks",
    "rankings",
    "read_plain",
    "readers",
    "recorded",
    "say",
    "say_many",
    "sentences",
    "switch_off",
    "themes",
    "tier_schemes",
    "using",
]
