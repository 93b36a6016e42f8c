"""A waterfall as data: steps from a first sum down to a last one, drawn by matplotlib for paper and by hand for a form.

A form draws it anew while a slider moves: 2 ms as SVG by hand, against 150 ms as a PNG.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from creatorbook.findings.colours import HUES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from creatorbook.findings.formats import Formats

#: in pixels: the picture, the names on its left, the room for amounts on its right, a row and its bar
WIDTH, NAMES, AMOUNTS, ROW, BAR = 700, 270, 84, 22, 14
#: in the page's own colours and letters, whatever style sheet it has
_STYLE = (
    "display: block; width: 100%; max-width: 46rem; height: auto; font: 12px/1 system-ui, sans-serif; "
    "fill: currentColor; font-variant-numeric: tabular-nums"
)
#: a bar as it was: thin lines
_BEFORE = 'fill="none" stroke="currentColor" stroke-dasharray="3 2" opacity=".8"'


class Step(NamedTuple):
    """One row: its name, its amount, and whether it is a sum, which stands on the axis."""

    name: str
    amount: float
    total: bool


class _Bar(NamedTuple):
    """Where a step's bar begins and ends, in money."""

    start: float
    end: float


@dataclass(frozen=True)
class Steps:
    """A waterfall: each step hangs where the one before it ended.

    Attributes:
        rows: from the first sum down to the last; their names are written for the reader.
        formats: how the client writes money.
    """

    rows: tuple[Step, ...]
    formats: Formats

    def figure(self) -> Figure:
        """As matplotlib draws it."""
        # who reads files and draws nothing does without a plotting library
        import pandas as pd

        from creatorbook.findings import charts

        frame = pd.DataFrame(list(self.rows), columns=list(Step._fields))
        return charts.waterfall(
            frame, label="name", value="amount", total="total", unit="money", formats=self.formats
        )

    def svg(self, alt: str, before: Steps | None = None) -> str:
        """By hand, in the colours of the page around it; `before`: the same steps as they were, as thin lines behind."""
        bars = self._bars()
        earlier = (
            {}
            if before is None
            else dict(zip([step.name for step in before.rows], before._bars(), strict=True))
        )
        ends = [0.0, *(end for one in (*bars, *earlier.values()) for end in one)]
        low, high = min(ends), max(ends)
        scale = (WIDTH - NAMES - AMOUNTS) / ((high - low) or 1.0)

        def across(amount: float) -> float:
            return round(NAMES + (amount - low) * scale, 1)

        rows = [
            self._row(place, bar, earlier.get(self.rows[place].name), across)
            for place, bar in enumerate(bars)
        ]
        height = ROW * len(self.rows) + 4
        axis = f'<line x1="{across(0)}" x2="{across(0)}" y1="0" y2="{height}" stroke="currentColor" opacity=".5"/>'
        return (
            f'<svg class="cb-steps" style="{_STYLE}" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(alt)}">'
            f"{axis}{''.join(rows)}</svg>"
        )

    def _colour(self, step: Step) -> str:
        """Of a step that takes away or adds; a sum has that of the text."""
        hues = self.formats.colours or HUES
        return "currentColor" if step.total else hues[(2 if step.amount > 0 else 1) % len(hues)]

    def _bars(self) -> list[_Bar]:
        bars, running = [], 0.0
        for step in self.rows:
            start = 0.0 if step.total else running
            running = start + step.amount
            bars.append(_Bar(start, running))
        return bars

    def _row(self, place: int, bar: _Bar, before: _Bar | None, across: Callable[[float], float]) -> str:
        """A step's name, bar and amount, and its bar as it was."""
        step, top = self.rows[place], ROW * place + 4
        middle, (left, right) = top + BAR - 3, sorted((across(bar.start), across(bar.end)))
        parts = [
            f'<text x="{NAMES - 8}" y="{middle}" text-anchor="end">{escape(step.name)}</text>',
            f'<rect x="{left}" y="{top}" width="{max(round(right - left, 1), 1)}" height="{BAR}" '
            f'fill="{escape(self._colour(step))}"/>',
        ]
        if before is not None and before != bar:
            first, last = sorted((across(before.start), across(before.end)))
            width = max(round(last - first, 1), 1)
            parts.append(
                f'<rect x="{first}" y="{top - 2}" width="{width}" height="{BAR + 4}" class="cb-before" {_BEFORE}/>'
            )
            right = max(right, last)
        amount = escape(self.formats.money(step.amount))
        return "".join([*parts, f'<text x="{right + 6}" y="{middle}">{amount}</text>'])
