"""A plugin asked in a process of its own: `python -m creatorbook.authoring.asking NAME …` prints what it brings as JSON."""

from __future__ import annotations

import inspect
import json
import sys

from creatorbook import plugins
from creatorbook.client import house_packs


def brought_by(names: list[str]) -> dict[str, list[str]]:
    """What plugins bring, and what is wrong with it.

    Returns:
        hooks: each that one of them implements; undocumented: those without a docstring; faults: what is left out;
        packs: data files that are read; left_out: data files with a mistake.
    """
    there = [plugin.name for plugin in plugins.installed() if plugin.name in names]
    hooks = {name: plugins.hooks_of(name) for name in there if plugins.manager().has_plugin(name)}
    implementations = [
        (hook, call.function)
        for name, own in hooks.items()
        for hook in own
        for call in getattr(plugins.manager().hook, hook).get_hookimpls()
        if call.plugin_name == name
    ]
    layers, left_out = house_packs.installed_packs()
    return {
        "hooks": sorted({hook for own in hooks.values() for hook in own}),
        "undocumented": [hook for hook, function in implementations if not inspect.getdoc(function)],
        "faults": [str(fault) for fault in plugins.recorded()],
        "packs": sorted({name for layer in layers for name in layer.packs}),
        "left_out": list(left_out),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(brought_by(sys.argv[1:])))
