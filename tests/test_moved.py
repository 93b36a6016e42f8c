"""Old addresses lead to the new ones for one release, and say so."""

from __future__ import annotations

import importlib
import sys

import pytest

from creatorbook import moved


@pytest.mark.parametrize(("old", "new"), moved.MOVED_MODULES.items())
def test_an_old_module_is_the_new_one(old: str, new: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Imported by its old name, a module is the one at the new address, with one warning that names it."""
    monkeypatch.delitem(sys.modules, f"creatorbook.{old}", raising=False)
    with pytest.warns(DeprecationWarning, match=f"creatorbook.{new};") as warned:
        module = importlib.import_module(f"creatorbook.{old}")
    assert module is importlib.import_module(f"creatorbook.{new}")
    assert len(warned) == 1


@pytest.mark.parametrize(
    ("old", "name", "new"),
    [(old, name, new) for old, names in moved.MOVED_NAMES.items() for name, new in names.items()],
)
def test_an_old_name_is_the_new_one(old: str, name: str, new: str) -> None:
    """A name that left a module is still found there, with a warning."""
    with pytest.warns(DeprecationWarning, match=f"creatorbook.{new}.{name};"):
        found = getattr(importlib.import_module(f"creatorbook.{old}"), name)
    assert found is getattr(importlib.import_module(f"creatorbook.{new}"), name)


def test_what_never_was_is_not_found() -> None:
    """Neither a module nor a name is made up."""
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("creatorbook.nowhere")
    with pytest.raises(AttributeError, match="nothing_here"):
        moved.moved_name("creatorbook.book", "nothing_here")
