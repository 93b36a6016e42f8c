"""Import what a process needs for its work in a fraction of the time."""

from __future__ import annotations

import atexit
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

#: jsonschema, which nbformat brings, builds a grammar of internationalised addresses from this at every import: three
#: seconds for a check that no notebook's schema asks for. It goes without where the module is missing.
UNUSED = "rfc3987_syntax"


@contextmanager
def quick_imports(*unused: str) -> Iterator[None]:
    """Import without looking for garbage every few modules, and without `UNUSED` and other modules nobody needs.

    What was made inside is kept out of every later look: modules live as long as their process.
    """
    modules: dict[str, Any] = sys.modules
    hidden = {UNUSED, *unused} - set(modules)
    modules.update(dict.fromkeys(hidden))  # an import of one now raises ImportError
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()
        atexit.register(gc.unfreeze)  # some libraries take what is still frozen at the end for a leak
        for name in hidden:
            del modules[name]
