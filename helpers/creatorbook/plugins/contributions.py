"""What all plugins bring, joined: creatorbook's own first, then each plugin's, looked at and guarded.

A name counts once. Where a plugin brings what creatorbook has under a name, its own stays, unless the client asks for the
plugin's (`replaces` in client.yml); of two plugins, the first one's counts. What is left out is recorded (`faults`).
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from creatorbook.checks import Check, Ranking
from creatorbook.exports.reader import Reader, Rows, Sheet
from creatorbook.packs import held_packs
from creatorbook.plugins import answers, faults, loading
from creatorbook.plugins.brought import Command, Output, PriceModel
from creatorbook.plugins.faults import Fault, LeftOut
from creatorbook.plugins.isolation import calling, guarded, without_files
from creatorbook.problems import Problem
from creatorbook.stats.attribution import Rule

READERS_HOOK = "creatorbook_readers"

#: hooks in which a plugin's contribution may take the place of one of creatorbook's
REPLACEABLE = tuple(
    f"creatorbook_{what}"
    for what in (
        *("readers", "checks", "rankings", "tier_schemes", "playbooks", "themes", "attribution_rules"),
        *("price_models", "outputs"),
    )
)

Item = TypeVar("Item")
Given = TypeVar("Given")


@dataclass(frozen=True)
class _Brought:
    """One contribution: who brings it, under which name, and what it is."""

    plugin: str
    name: str
    value: Any

    @property
    def is_built_in(self) -> bool:
        return self.plugin == loading.BUILT_IN

    def guard(self, hook: str, part: str, **how: Any) -> Any:
        """A function of the contribution, asked on copies and under guard."""
        release = loading.release_of(self.plugin)
        return guarded(getattr(self.value, part), release, self.plugin, hook, self.name, **how)


def readers(replaces: Iterable[str] = (), without: frozenset[str] = frozenset()) -> list[Reader]:
    """All readers, the built-in ones first; those of some plugins aside."""
    hook = READERS_HOOK

    def safe(one: _Brought) -> Reader:
        reader: Reader = one.value
        asked = one.guard(hook, "read", looked_at=answers.rows_fault, tells_user=True)

        def read(sheet: Sheet) -> Rows:
            with without_files(sheet):
                rows: Rows = asked(sheet)
            return rows

        recognise = one.guard(hook, "recognise", looked_at=answers.match_fault)
        return replace(reader, recognise=recognise, read=read)

    brought = [one for one in _brought(hook, replaces) if one.plugin not in without]
    return [one.value if one.is_built_in else safe(one) for one in brought]


def checks(replaces: Iterable[str] = ()) -> list[Check]:
    """All vetting checks, the built-in ones first."""
    return _guarded("creatorbook_checks", replaces, "find", looked_at=answers.findings_fault)


def rankings(replaces: Iterable[str] = ()) -> list[Ranking]:
    """All ways to say how near accounts are to the brand's words, the built-in one first."""
    return _guarded("creatorbook_rankings", replaces, "score")


def attribution_rules(replaces: Iterable[str] = ()) -> list[Rule]:
    """All ways to share an order among the channels on its path, the built-in ones first."""
    return _guarded("creatorbook_attribution_rules", replaces, "credit", looked_at=answers.credit_fault)


def decision_reasons() -> dict[str, list[str]]:
    """Every decision on a creator with the reasons offered with it, the built-in ones first."""
    joined: dict[str, list[str]] = {}
    for one in _answers("creatorbook_reasons"):
        joined[one.name] = list(dict.fromkeys([*joined.get(one.name, []), *one.value]))
    return joined


def tier_schemes(replaces: Iterable[str] = ()) -> dict[str, Any]:
    """All tier schemes by name; rows that a pack brings count before those of a hook."""
    return _rows("creatorbook_tier_schemes", "tiers", "schemes", replaces)


def playbooks(replaces: Iterable[str] = ()) -> dict[str, Any]:
    """All playbooks by name; rows that a pack brings count before those of a hook."""
    return _rows("creatorbook_playbooks", "playbooks", "playbooks", replaces)


def themes(replaces: Iterable[str] = ()) -> dict[str, Path]:
    """The folders of all report themes by name."""
    hook = "creatorbook_themes"
    brought = _brought(hook, replaces)
    return {one.name: one.value for one in brought if not faults.has_failed(one.plugin, hook, one.name)}


def notebooks(stage: str) -> list[Path]:
    """The notebooks of a stage's report in reading order: the workbook's, then what plugins add."""
    return [Path(one.value) for one in _notebooks(stage)]


def outputs(replaces: Iterable[str] = ()) -> tuple[list[Output], list[Output]]:
    """The files of an edition: creatorbook's own, and those of plugins."""
    hook = "creatorbook_outputs"
    brought = _brought(hook, replaces)
    own = [one.value for one in brought if one.is_built_in]
    added = [
        replace(one.value, make=one.guard(hook, "make", looked_at=answers.content_fault))
        for one in brought
        if not one.is_built_in
    ]
    return own, added


def price_models(replaces: Iterable[str] = ()) -> list[PriceModel]:
    """All ways to say what a piece may cost, the built-in one first."""
    return _guarded("creatorbook_price_models", replaces, "price", looked_at=answers.price_fault)


def label_rules() -> dict[str, Any]:
    """Rules for advertising labels by market; creatorbook's own stay, whatever client.yml says: they are the law's."""
    return {one.name: one.value for one in _brought("creatorbook_label_rules", ())}


def lessons() -> list[Path]:
    """The notebooks to learn from."""
    return [Path(one.value) for one in _brought("creatorbook_lessons", ())]


def commands(taken: Iterable[str]) -> dict[str, Command]:
    """Commands by name; one that creatorbook has is refused, whatever client.yml says: it is of no client."""
    hook, theirs = "creatorbook_commands", {}
    for one in _brought(hook, ()):
        release = "" if one.is_built_in else loading.release_of(one.plugin)
        if one.name in taken:
            what = f"creatorbook has a command of the name “{one.name}”"
            faults.keep_fault(Fault(release, one.plugin, hook, one.name, what))
        else:
            theirs[one.name] = Command(one.value, release)
    return theirs


def hooks_of(plugin: str) -> list[str]:
    """The hooks that a plugin implements, each asked once: what is wrong in an answer is recorded."""
    manager = loading.manager()
    callers = manager.get_hookcallers(manager.get_plugin(plugin)) or []
    hooks = sorted(caller.name for caller in callers)
    for hook in hooks:
        _brought(hook, ())
    return hooks


def leave_out(hook: str, name: str, what: str, replaces: Iterable[str] = ()) -> bool:
    """Record that a contribution does not work; False where it is creatorbook's own, which is no plugin's fault."""
    one = next((one for one in _brought(hook, replaces) if one.name == name), None)
    if one is None or one.is_built_in:
        return False
    faults.keep_fault(Fault(loading.release_of(one.plugin), one.plugin, hook, name, what, "call"))
    return True


def using(hook: str, name: str, replaces: Iterable[str] = ()) -> AbstractContextManager[None]:
    """Guard a block that uses what a plugin brought under a name; what is built in needs none.

    Raises:
        LeftOut: it does not work.
    """
    one = next((one for one in _brought(hook, replaces) if one.name == name), None)
    if one is None or one.is_built_in:
        return nullcontext()
    return calling(loading.release_of(one.plugin), one.plugin, hook, name)


def answered(items: Iterable[Item], ask: Callable[[Item], Given]) -> list[tuple[Item, Given]]:
    """What each contribution gives when it is asked; those that fail are left out, and recorded."""
    given = []
    for item in items:
        try:
            given.append((item, ask(item)))
        except LeftOut:
            continue
    return given


def refuse_unknown(replaces: Iterable[str], file: Path) -> None:
    """See that creatorbook has something under each name in whose place a plugin's may stand.

    Raises:
        Problem: it has not; a misspelt name would replace nothing, in silence.
    """
    wanted = list(replaces)
    if not wanted:
        return
    there = {one.name for hook in REPLACEABLE for one in _answers(hook) if one.is_built_in}
    for name in wanted:
        if name not in there:
            near = difflib.get_close_matches(name, sorted(there), n=1)
            hint = f"Did you mean “{near[0]}”? " if near else ""
            todo = f"{hint}A plugin may stand in the place of a reader, check, ranking, rule, scheme, playbook, price model, "
            raise Problem(
                f"creatorbook brings nothing of the name “{name}”",
                file,
                column="replaces",
                todo=f"{todo}theme or file.",
            )


def is_missing_one(hook: str) -> bool:
    """Whether a plugin that was to bring something for a hook is left out, or what it brought: a name may be its."""
    return any(fault.concerns(hook) for fault in faults.recorded())


def _rows(hook: str, pack: str, section: str, replaces: Iterable[str]) -> dict[str, Any]:
    """Rows by name that hooks and packs bring: built in, then hooks, then packs (installed, the agency's, the client's).

    The nearest counts, whatever `replaces` says: it is of hooks and what is built in. A hook's row that a pack's stands over is
    recorded as left out.
    """
    of_packs = held_packs().brought(pack, section)
    rows = {}
    for one in _brought(hook, replaces):
        rows[one.name] = one.value
        if one.name in of_packs and not one.is_built_in:
            what = f"a pack brings one of the name “{one.name}”, and packs count before hooks"
            faults.keep_fault(Fault(loading.release_of(one.plugin), one.plugin, hook, one.name, what))
    return rows | of_packs


def _guarded(hook: str, replaces: Iterable[str], part: str, **how: Any) -> list[Any]:
    """What is brought to a hook, a plugin's with the function it is asked by under guard (`_Brought.guard`)."""
    return [
        one.value if one.is_built_in else replace(one.value, **{part: one.guard(hook, part, **how)})
        for one in _brought(hook, replaces)
    ]


def _notebooks(stage: str) -> list[_Brought]:
    hook = "creatorbook_notebooks"
    return [
        one
        for one in _brought(hook, ())
        if one.name.startswith(f"{stage}/") and not faults.has_failed(one.plugin, hook, one.name)
    ]


def _brought(hook: str, replaces: Iterable[str]) -> list[_Brought]:
    """Contributions to a hook, each name once."""
    wanted = set(replaces)
    by_name: dict[str, _Brought] = {}
    for one in _answers(hook):
        before = by_name.get(one.name)
        if before is None or (before.is_built_in and one.name in wanted):
            by_name[one.name] = one
            continue
        whose = "creatorbook's own" if before.is_built_in else f"of {loading.release_of(before.plugin)}"
        what = f"there is one of the name “{one.name}” already, {whose}"
        if before.is_built_in:
            what += f"; replaces: [{one.name}] in client.yml would put it in its place"
        faults.keep_fault(Fault(loading.release_of(one.plugin), one.plugin, hook, one.name, what))
    return list(by_name.values())


def _answers(hook: str) -> list[_Brought]:
    """What each plugin answers, in the order of registration, the built-ins first; what is wrong is left out."""
    brought = []
    for call in getattr(loading.manager().hook, hook).get_hookimpls():
        name = call.plugin_name
        good, wrong = loading.answer_once(call.function, partial(_answer, hook, name, call.function))
        for fault in wrong:
            faults.keep_fault(fault)
        brought += [_Brought(name, item, value) for item, value in good.items()]
    return brought


def _answer(hook: str, name: str, function: Callable[[], Any]) -> tuple[dict[str, Any], list[Fault]]:
    """One plugin's answer to a hook: contributions by name, and what was left out of it."""
    if name == loading.BUILT_IN:
        good, wrong = answers.accepted(hook, function(), is_own=True)
        if wrong:
            raise TypeError(f"{hook}: {wrong}")  # ours to mend
        return good, []
    release = loading.release_of(name)
    try:
        with calling(release, name, hook):
            good, wrong = answers.accepted(hook, function())
    except LeftOut as left_out:
        return {}, [left_out.fault]
    return good, [Fault(release, name, hook, item, what) for item, what in wrong]
