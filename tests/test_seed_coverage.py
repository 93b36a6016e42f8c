"""Every point of the five articles is answered somewhere, or says why not; and every answer is where it is said to be."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml

from creatorbook.client.repository import NOTEBOOKS
from creatorbook.packs import pack

TABLE: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "seed_coverage.yml").read_text(encoding="utf-8")
)
#: article → its number of points
POINTS = {"S0": 80, "S1": 68, "S2": 36, "S3": 14, "S4": 19}
CELLS = {
    path.stem: {cell.id for cell in nbformat.read(path, as_version=4).cells}
    for path in [*NOTEBOOKS.glob("0*.ipynb"), *NOTEBOOKS.glob("training/[0-9]*.ipynb")]
}


def is_there(target: str) -> bool:
    """Whether a notebook has the cell, a pack the row, or the package the module."""
    place, _, row = target.partition("#")
    if place in CELLS:
        return row in CELLS[place]
    if not place.startswith("packs/"):
        return find_spec(target) is not None
    found: Any = pack(Path(place).stem)
    for name in row.split("."):
        if isinstance(found, list):
            found = {part["id"]: part for part in found}
        if name not in found:
            return False
        found = found[name]
    return bool(found)


def test_every_point_is_in_the_table() -> None:
    """No point is left out, and none is made up."""
    assert set(TABLE) == {f"{name}-{n:02d}" for name, last in POINTS.items() for n in range(1, last + 1)}


def test_every_target_is_there() -> None:
    """Each target names a cell, a row or a module that exists; the others give a reason."""
    targets = [(point, target) for point, told in TABLE.items() if isinstance(told, list) for target in told]
    assert [f"{point}: {target}" for point, target in targets if not is_there(target)] == []
    reasons = [told["none"] for told in TABLE.values() if isinstance(told, dict)]
    assert all(len(reason.split()) >= 2 for reason in reasons)
    assert all(told for told in TABLE.values())


@pytest.mark.parametrize("wrong", ["01_goals#nowhere", "packs/tiers.yml#schemes.s9", "creatorbook.nowhere"])
def test_a_target_that_is_not_there_is_found_out(wrong: str) -> None:
    """The check itself can fail."""
    assert not is_there(wrong)


def test_playbooks_name_points_that_lead_back_to_them() -> None:
    """A playbook's points are in the table, and use cases that are playbooks point to them."""
    for name, row in pack("playbooks")["playbooks"].items():
        assert set(row["sources"]) <= set(TABLE), name
        leading = [point for point, told in TABLE.items() if f"packs/playbooks.yml#playbooks.{name}" in told]
        assert set(leading) & set(row["sources"]), name
