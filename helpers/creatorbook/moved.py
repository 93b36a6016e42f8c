"""Old addresses of what plugins import: for one release they lead to the new ones and warn.

Plugins import from `creatorbook.plugins`; notebooks from the steps, `creatorbook.opening` and `creatorbook.findings`.
"""

from __future__ import annotations

import importlib
import sys
import warnings
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

#: old module → new module, below `creatorbook`
MOVED_MODULES = {
    "assignments": "campaign.assignments",
    "campaign_records": "client.campaign_records",
    "charts": "findings.charts",
    "claims_check": "tracking.claims_check",
    "codes": "campaign.codes",
    "colours": "findings.colours",
    "data_requests": "tracking.data_requests",
    "disclosure": "tracking.disclosure",
    "forgetting": "acts.forgetting",
    "formats": "findings.formats",
    "labelling": "tracking.labels",
    "ledger": "client.ledger",
    "lift_designs": "campaign.lift_designs",
    "links": "campaign.links",
    "new": "acts.new",
    "pay": "tracking.pay",
    "plain_text": "text.plain_text",
    "preflight": "tracking.preflight",
    "pulse": "tracking.pulse",
    "render": "findings.render",
    "repository": "client.repository",
    "rights": "tracking.rights",
    "territories": "text.territories",
    "translations": "text.translations",
    "yaml_files": "client.yaml_files",
}
#: module → its names that live elsewhere now
MOVED_NAMES = {
    "book": dict.fromkeys(("approved", "find_stage", "last_date", "open_book"), "opening"),
    "vetting": {"Check": "checks"},
    "tracking": {"issue": "acts.codes"},
}


def moved_name(module: str, name: str) -> Any:
    """What a module used to hold under a name, with a warning; for its `__getattr__`.

    Raises:
        AttributeError: it never did.
    """
    room = MOVED_NAMES.get(module.removeprefix("creatorbook."), {}).get(name)
    if room is None:
        raise AttributeError(f"module {module!r} has no attribute {name!r}")
    _warn(f"{module}.{name}", f"creatorbook.{room}.{name}")
    return getattr(importlib.import_module(f"creatorbook.{room}"), name)


class _OldAddresses(MetaPathFinder, Loader):
    """Finds a module under its old address; asked only for what nobody else finds."""

    def find_spec(
        self, name: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The specification of a module that has moved; `None` for any other."""
        room = name.removeprefix("creatorbook.")
        return ModuleSpec(name, self) if name != room and room in MOVED_MODULES else None

    def create_module(self, _spec: ModuleSpec) -> ModuleType | None:
        """None: `exec_module` puts the module of the new address in place of a usual new one."""
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Let the old name stand for the module at the new address."""
        new = "creatorbook." + MOVED_MODULES[module.__name__.removeprefix("creatorbook.")]
        _warn(module.__name__, new)
        sys.modules[module.__name__] = importlib.import_module(new)


def _warn(old: str, new: str) -> None:
    warnings.warn(
        f"{old} is now {new}; the old address goes with the next release", DeprecationWarning, stacklevel=3
    )


def install() -> None:
    """Let old addresses be found, after everything else was tried."""
    if not any(isinstance(finder, _OldAddresses) for finder in sys.meta_path):
        sys.meta_path.append(_OldAddresses())
