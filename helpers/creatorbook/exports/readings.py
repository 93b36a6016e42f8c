"""How records become rows, by the name a layout gives."""

from __future__ import annotations

from collections.abc import Callable

from creatorbook.exports.plain import read_plain
from creatorbook.exports.reader import Rows, Sheet

READINGS: dict[str, Callable[[Sheet], Rows]] = {
    "plain": read_plain,
}
