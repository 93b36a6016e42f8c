"""The readers creatorbook brings, one per layout; plugins add theirs through the same hook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from creatorbook.exports.layouts import built_in_layouts
from creatorbook.exports.reader import layout_reader
from creatorbook.exports.readings import READINGS
from creatorbook.packs import per_packs

if TYPE_CHECKING:
    from creatorbook.exports.reader import Reader


@per_packs
def built_in_readers() -> tuple[Reader, ...]:
    """One reader per layout of the pack."""
    return tuple(layout_reader(layout, READINGS[layout.reading]) for layout in built_in_layouts())
