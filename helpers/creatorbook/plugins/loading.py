"""Which plugins there are, which are on, and their modules: loaded one by one, so that one that fails stops no other."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.metadata import Distribution, EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.request import url2pathname

import pluggy

from creatorbook.packs import held_packs
from creatorbook.plugins import faults
from creatorbook.plugins.faults import Fault, LeftOut
from creatorbook.plugins.hooks import GROUP, HOOKS_VERSION, VERSION_NAME, Hooks
from creatorbook.plugins.isolation import calling
from creatorbook.problems import Problem
from creatorbook.switches import ONLY_VARIABLE, WITHOUT_VARIABLE, is_on
from creatorbook.text.addresses import address_parts

#: the name under which what creatorbook brings itself is registered, and its module: loaded by name, as any plugin
BUILT_IN, BUILT_IN_MODULE = "built in", "creatorbook.built_in"


@dataclass(frozen=True)
class Plugin:
    """An installed plugin.

    Attributes:
        name: of its entry point.
        release: its distribution and version.
        source: the folder it was installed from, or where it lies.
        is_on: whether this call uses it.
    """

    name: str
    release: str
    source: str
    is_on: bool
    entry: EntryPoint = field(compare=False, repr=False)


@dataclass(frozen=True)
class _Loaded:
    """Plugins, loaded.

    Attributes:
        faults: of those that could not be.
    """

    manager: pluggy.PluginManager
    faults: tuple[Fault, ...]


def installed() -> list[Plugin]:
    """Every installed plugin, by name; one name counts once."""
    return [_plugin(*entry) for entry in _entries(tuple(sys.path))]


def manager() -> pluggy.PluginManager:
    """The plugin manager, with the built-ins and every plugin that is on and could be loaded; the others are recorded."""
    return _current().manager


def answer_once(function: Callable[[], Any], ask: Callable[[], Any]) -> Any:
    """What a hook's function answers, asked once for this set of plugins and a client's packs."""
    answers, key = held_packs().answers, (function, manager())
    if key not in answers:
        answers[key] = ask()
    return answers[key]


def any_on() -> bool:
    """Whether anybody's code but creatorbook's own runs."""
    return any(plugin.is_on for plugin in installed())


def switch_off(names: Iterable[str]) -> None:
    """Leave plugins out, in this process and those it starts.

    Raises:
        Problem: there is no such plugin.
    """
    there = installed()
    by_name = {name: one.name for one in there for name in (one.name, one.release.rpartition(" ")[0])}
    wanted = list(names)
    for name in wanted:
        if name not in by_name:
            listed = ", ".join(sorted(one.name for one in there)) or "none is installed"
            raise Problem(f"there is no plugin “{name}”", todo=f"Plugins: {listed}.")
    os.environ[WITHOUT_VARIABLE] = ",".join(by_name[name] for name in wanted)


def switches() -> dict[str, str]:
    """What says in this process which plugins are on, for processes that do not inherit it."""
    return {name: os.environ[name] for name in (ONLY_VARIABLE, WITHOUT_VARIABLE) if name in os.environ}


def set_switches(switched: Mapping[str, str]) -> None:
    """Have the same plugins on as another process (`switches`)."""
    for name in (ONLY_VARIABLE, WITHOUT_VARIABLE):
        os.environ.pop(name, None)
    os.environ.update(switched)


def release_of(name: str) -> str:
    """A plugin's distribution and version; the name itself of one that is not installed."""
    return next((plugin.release for plugin in installed() if plugin.name == name), name)


def names(without: frozenset[str] = frozenset()) -> list[str]:
    """The plugins that are on, each with its version and a hash of its files; nothing of them is run.

    Editions and cached exports made with one state of a plugin are not taken for those of another.

    Args:
        without: plugins that are not asked.
    """
    used = [plugin for plugin in installed() if plugin.is_on and plugin.name not in without]
    return sorted(f"{plugin.release} {_digest(plugin.entry)}" for plugin in used)


def _current() -> _Loaded:
    on = tuple(plugin for plugin in installed() if plugin.is_on and not faults.is_off(plugin.name))
    loaded = _loaded(on)
    for fault in loaded.faults:
        faults.keep_fault(fault)
    return loaded


@cache
def _loaded(plugins: tuple[Plugin, ...]) -> _Loaded:
    plugin_manager = _with_hooks()
    plugin_manager.register(import_module(BUILT_IN_MODULE), BUILT_IN)
    wrong = []
    for plugin in plugins:
        try:
            with calling(plugin.release, plugin.name, "", ""):
                module = _checked(plugin)
            plugin_manager.register(module, plugin.name)
        except LeftOut as left_out:
            wrong.append(left_out.fault)
            continue
        if (stated := getattr(module, VERSION_NAME, HOOKS_VERSION)) < HOOKS_VERSION:
            wrong.append(_old(plugin, stated))
    return _Loaded(plugin_manager, tuple(wrong))


def _checked(plugin: Plugin) -> Any:
    """A plugin's module, whose hooks all exist and take what they should."""
    module = plugin.entry.load()
    stated = getattr(module, VERSION_NAME, HOOKS_VERSION)
    if not isinstance(stated, int) or isinstance(stated, bool):
        raise TypeError(f"{VERSION_NAME} is no whole number")
    if stated > HOOKS_VERSION:
        raise ValueError(
            f"it was written for version {stated} of the hooks, and this creatorbook has {HOOKS_VERSION}: update it"
        )
    alone = _with_hooks()
    alone.register(module, plugin.name)
    alone.check_pending()  # a misspelt hook would never be called
    return module


def _old(plugin: Plugin, stated: int) -> Fault:
    what = f"it was written for version {stated} of the hooks, and this creatorbook has {HOOKS_VERSION}; it is used as it is"
    return Fault(plugin.release, plugin.name, "", "", what, "remark")


def _with_hooks() -> pluggy.PluginManager:
    plugin_manager = pluggy.PluginManager(GROUP)
    plugin_manager.add_hookspecs(Hooks)
    return plugin_manager


@cache
def _entries(_path: tuple[str, ...]) -> tuple[tuple[EntryPoint, str, str], ...]:
    """Entry points by name, each with its distribution and version and where it is from.

    Looked up once, since that reads the metadata of every installed package.
    """
    by_name: dict[str, EntryPoint] = {}
    for entry in entry_points(group=GROUP):
        by_name.setdefault(entry.name, entry)
    entries = [by_name[name] for name in sorted(by_name)]
    return tuple((entry, _release(entry.name, entry.dist), _source(entry.dist)) for entry in entries)


def _plugin(entry: EntryPoint, release: str, source: str) -> Plugin:
    package = release.rpartition(" ")[0]
    return Plugin(entry.name, release, source, is_on({entry.name, package}), entry)


def _release(name: str, dist: Distribution | None) -> str:
    return f"{dist.name} {dist.version}" if dist is not None else name


def _source(dist: Distribution | None) -> str:
    """The folder that a distribution was installed from (PEP 610), or where it lies."""
    if dist is None:
        return ""
    try:
        address = json.loads(dist.read_text("direct_url.json") or "{}").get("url", "")
    except (ValueError, AttributeError):
        address = ""
    parts = address_parts(address)
    if parts is not None and parts.scheme == "file":
        return url2pathname(parts.path)
    return address or str(dist.locate_file(""))


def _digest(entry: EntryPoint) -> str:
    """A hash of the files of a plugin's package; the version alone does not change while one works on it."""
    spec = None
    with suppress(Exception):  # a finder of somebody else's, or a damaged package: loading it will tell
        spec = find_spec(entry.module.split(".")[0])
    if spec is None or spec.origin is None:
        return "not-there"
    source = Path(spec.origin)
    files = [source] if source.name != "__init__.py" else sorted(source.parent.rglob("*"))
    hashed = hashlib.sha256()
    for path in files:
        if path.is_file() and path.suffix != ".pyc":
            hashed.update(path.relative_to(source.parent).as_posix().encode() + b"\0" + path.read_bytes())
    return hashed.hexdigest()[:12]
