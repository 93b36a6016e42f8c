"""Seaborn figures in one house style: frame in, figure out, never registered with pyplot.

Every function draws columns of a frame, given by name; the caller wraps the figure in a
`findings.Chart` with the sentence that stands for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from textwrap import fill
from typing import Any, Literal, NamedTuple

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter

from creatorbook.findings.colours import HUES
from creatorbook.findings.formats import Formats

#: Ink and a quiet grey.
INK, QUIET = "#22313f", "#7f8c98"

#: Behind a curve: what might explain it.
BACKDROP = "#5c6b73"

#: How wide a chart is, in inches: a page's text; and on a first page, one of its columns.
WIDTH, COLUMN = 7.2, 4.2

#: How many rows a chart of named rows shows; more cannot be read on a page.
MOST_ROWS = 24

#: In points: half a dot, the letters of its name and how wide one is.
DOT, LETTERS, SIGN = 3.1, 8, 4.4

#: Where a dot's name may stand, nearest first: points to the right and up, and which of its ends is at the dot.
NAME_PLACES: Sequence[tuple[int, int, Literal["left", "right"]]] = (
    (4, 4, "left"), (-4, 4, "right"), (4, -11, "left"), (-4, -11, "right"),
    (4, 14, "left"), (-4, 14, "right"), (4, -21, "left"), (-4, -21, "right"),
)  # fmt: skip

# the report's own face, so that a chart reads like the text around it; DejaVu Sans for letters it lacks
fontManager.addfont(Path(__file__).parents[1] / "report" / "fonts" / "Inter-Regular.otf")

#: Set while a figure is drawn and again while it is saved.
STYLE: Any = {
    "axes.edgecolor": "#c5cdd4",
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "figure.facecolor": "white",
    "font.family": ["Inter", "DejaVu Sans"],
    "font.size": 9,
    "grid.color": "#e6eaee",
    "text.color": INK,
    "xtick.color": "#4b5a67",
    "ytick.color": "#4b5a67",
    "text.parse_math": False,  # a “$” in a creator's name is a “$”
}


@mpl.rc_context(STYLE)
def ranges(
    frame: pd.DataFrame,
    *,
    label: str,
    value: str,
    low: str,
    high: str,
    unit: str,
    formats: Formats,
    xlabel: str = "",
    reference: float | None = None,
    highlight: str | None = None,
) -> Figure:
    """One row per record: a dot for the value and a line for its likely range; the first `MOST_ROWS` of them."""
    axes, frame, places, colours = _rows(frame, label, highlight, formats)
    if reference is not None:
        axes.axvline(reference, color=QUIET, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    axes.hlines(places, frame[low], frame[high], color=colours, linewidth=2.4, alpha=0.45, zorder=2)
    axes.scatter(frame[value], places, color=colours, s=26, zorder=3)
    return _finish(axes, unit, formats, xlabel)


@mpl.rc_context(STYLE)
def bars(
    frame: pd.DataFrame,
    *,
    label: str,
    value: str,
    unit: str,
    formats: Formats,
    xlabel: str = "",
    highlight: str | None = None,
) -> Figure:
    """One horizontal bar per record, its value written at its end; the first `MOST_ROWS` of them."""
    axes, frame, places, colours = _rows(frame, label, highlight, formats)
    axes.barh(places, frame[value], color=colours, height=0.62, zorder=2)
    for place, amount in zip(places, frame[value], strict=True):
        text = f" {formats.value(amount, _scale(unit))} "
        side = "left" if not amount < 0 else "right"
        axes.text(0 if pd.isna(amount) else amount, place, text, va="center", ha=side, fontsize=8)
    axes.margins(x=0.14)
    return _finish(axes, unit, formats, xlabel)


@mpl.rc_context(STYLE)
def waterfall(
    frame: pd.DataFrame,
    *,
    label: str,
    value: str,
    total: str,
    unit: str,
    formats: Formats,
    width: float = WIDTH,
) -> Figure:
    """From the first row down to the last: each step hangs where the one before it ended.

    `total` names the boolean column that marks sums; they stand on the axis.
    """
    axes, frame, places, _ = _rows(frame, label, None, formats, most=len(frame), width=width)
    running = 0.0
    for place, (amount, is_total) in zip(places, frame[[value, total]].itertuples(index=False), strict=True):
        start = 0.0 if is_total else running
        running = float(amount) if is_total else running + float(amount)
        colour = INK if is_total else _hue(formats, 2 if amount > 0 else 1)
        axes.barh(place, running - start, left=start, color=colour, height=0.62, zorder=2)
        text = f" {formats.value(amount, _scale(unit))}"
        axes.text(max(start, running), place, text, va="center", fontsize=8)
    axes.axvline(0, color=QUIET, linewidth=0.8)
    axes.margins(x=0.14)
    axes.xaxis.set_visible(width == WIDTH)  # no room for its labels in a column
    return _finish(axes, unit, formats, "")


@mpl.rc_context(STYLE)
def both_ways(
    frame: pd.DataFrame,
    *,
    label: str,
    left: str,
    right: str,
    formats: Formats,
    names: tuple[str, str],
    unit: str = "money",
) -> Figure:
    """Two amounts per record, each on its bar: what may be lost or come of it, what is spent.

    Money on both sides has one scale; another unit on the left goes to the left, on a scale of its own.
    """
    axes, frame, places, _ = _rows(frame, label, None, formats, width=COLUMN)
    most = frame[left].abs().max()
    scale = 1.0 if unit == "money" or not most else -float(frame[right].abs().max() / most)
    for place, row in zip(places, frame.to_dict("records"), strict=True):
        for column, hue, side, by, kind in (
            (left, 1, 0.17, scale, unit),
            (right, 0, -0.17, 1.0, "money"),
        ):
            end = row[column] * by
            axes.barh(place - side, end, color=_hue(formats, hue), height=0.3, zorder=2)
            text = f" {formats.value(row[column], kind)} "
            axes.text(end, place - side, text, va="center", ha="right" if end < 0 else "left", fontsize=7)
    axes.axvline(0, color=QUIET, linewidth=0.8)
    axes.margins(x=0.24)
    axes.xaxis.set_visible(False)
    axes.legend(
        handles=[Patch(color=_hue(formats, hue), label=name) for hue, name in ((1, names[0]), (0, names[1]))],
        loc="upper center", bbox_to_anchor=(0.4, 0), ncols=2, frameon=False, fontsize=7.5,
    )  # fmt: skip
    return _finish(axes, "money", formats, "")


@mpl.rc_context(STYLE)
def parts(named: Sequence[tuple[str, float]], formats: Formats) -> Figure:
    """One bar, cut into named parts with their counts."""
    axes = _axes(height=0.45)
    start = 0.0
    for place, (name, count) in enumerate(named):
        colour = _hue(formats, place)
        axes.barh(0, count, left=start, color=colour, height=0.5, edgecolor="white", label=name)
        start += count
    handles, names = axes.get_legend_handles_labels()
    texts = [f"{formats.number(count)} {name}" for name, (_, count) in zip(names, named, strict=True)]
    axes.legend(
        handles,
        texts,
        loc="upper left",
        bbox_to_anchor=(0, -0.02),
        ncols=len(named),
        frameon=False,
        fontsize=8,
    )
    axes.set_axis_off()
    axes.margins(x=0)
    figure = axes.get_figure()
    assert isinstance(figure, Figure)  # noqa: S101 - never drawn inside a subfigure
    return figure


@mpl.rc_context(STYLE)
def lines(
    frame: pd.DataFrame,
    *,
    x: str,
    y: str,
    unit: str,
    formats: Formats,
    group: str | None = None,
    ylabel: str = "",
    spans: Sequence[tuple[Any, Any, str]] = (),
) -> Figure:
    """One line per group over days; `spans` are shaded and named above the plot."""
    import seaborn as sns  # brings scipy's statistics along, which a process that only prints does without

    axes = _axes(height=3.0)
    palette = [_hue(formats, place) for place in range(frame[group].nunique())] if group else None
    sns.lineplot(
        frame, x=x, y=y, hue=group, style=group, palette=palette, color=_hue(formats), errorbar=None, ax=axes
    )
    for start, end, name in spans:
        axes.axvspan(start, end, color=_hue(formats, 1), alpha=0.10, zorder=0)
        axes.annotate(
            name,
            (start, 1.01),
            xycoords=("data", "axes fraction"),
            fontsize=8,
            color=_hue(formats, 1),
            va="bottom",
        )
    _date_axis(axes, frame[x])
    if group and axes.get_legend():
        sns.move_legend(axes, "upper left", bbox_to_anchor=(1, 1), frameon=False, title=None)
    return _finish(axes, unit, formats, "", ylabel, value_axis="y")


@mpl.rc_context(STYLE)
def line_over_area(
    frame: pd.DataFrame,
    *,
    x: str,
    line: str,
    area: str,
    formats: Formats,
    line_label: str,
    area_label: str,
    area_reference: tuple[float, str] | None = None,
    spans: Sequence[tuple[Any, Any, str]] = (),
) -> Figure:
    """A curve above and, on the same days below it, what might explain it; `spans` shade both.

    `area_reference` is a level in the lower plot with its name, drawn as a dashed line.
    """
    figure = Figure(figsize=(7.2, 3.8))
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    upper.plot(frame[x], frame[line], color=_hue(formats), linewidth=2)
    lower.fill_between(frame[x], 0, frame[area], color=BACKDROP, alpha=0.55, linewidth=0)
    if area_reference is not None:
        level, name = area_reference
        lower.axhline(level, color=QUIET, linewidth=1, linestyle=(0, (4, 3)))
        lower.text(frame[x].iloc[0], level, f" {name}", fontsize=8, color=INK, va="bottom")
    for axes in (upper, lower):
        for start, end, _ in spans:
            axes.axvspan(start, end, color=_hue(formats, 1), alpha=0.12, zorder=0)
    for start, _, name in spans:
        place, colour = (start, 1.01), _hue(formats, 1)
        upper.annotate(name, place, xycoords=("data", "axes fraction"), fontsize=8, color=colour, va="bottom")
    lower.set_ylim(bottom=0)
    _date_axis(lower, frame[x])
    _finish(upper, "number", formats, "", fill(line_label, 26), value_axis="y")
    return _finish(lower, "number", formats, "", fill(area_label, 16), value_axis="y")


@mpl.rc_context(STYLE)
def scatter(
    frame: pd.DataFrame,
    *,
    x: str,
    y: str,
    unit_x: str,
    unit_y: str,
    formats: Formats,
    xlabel: str,
    ylabel: str,
    label: str | None = None,
    highlight: str | None = None,
    log_x: bool = False,
) -> Figure:
    """One dot per record; highlighted dots carry their label."""
    axes = _axes(height=3.6)
    axes.scatter(frame[x], frame[y], color=_colours(frame, highlight, formats), s=30, alpha=0.85, zorder=2)
    if log_x:
        axes.set_xscale("log")
    if label and highlight:
        chosen = frame[frame[highlight].astype(bool)]
        _name_dots(axes, chosen[[x, y]].to_numpy(dtype=float), chosen[label].astype(str).tolist())
    axes.xaxis.set_major_formatter(_ticks(unit_x, formats))
    return _finish(axes, unit_y, formats, xlabel, ylabel, value_axis="y")


class _Box(NamedTuple):
    """A rectangle of a picture, in points."""

    left: float
    low: float
    right: float
    high: float

    def meets(self, other: _Box) -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.low < other.high and other.low < self.high


def _name_dots(axes: Axes, dots: Any, names: Sequence[str]) -> None:
    """A name beside each dot, at the nearest place where it meets no other name and no other dot that has one."""
    axes.autoscale_view()  # else where a dot is comes out only when the picture is drawn
    points = axes.transData.transform(dots) * 72 / axes.figure.dpi
    marks = [_Box(at[0] - DOT, at[1] - DOT, at[0] + DOT, at[1] + DOT) for at in points]
    taken: list[_Box] = []
    for number, ((across, up), name) in enumerate(zip(points, names, strict=True)):
        others = [*taken, *marks[:number], *marks[number + 1 :]]
        boxes = []
        for right, above, end in NAME_PLACES:
            start = across + right - (SIGN * len(name) if end == "right" else 0)
            boxes.append(_Box(start, up + above, start + SIGN * len(name), up + above + LETTERS))
        place = next((one for one, box in enumerate(boxes) if not any(map(box.meets, others))), 0)
        taken.append(boxes[place])
        right, above, end = NAME_PLACES[place]
        axes.annotate(
            name, dots[number], xytext=(right, above), textcoords="offset points", fontsize=LETTERS, ha=end
        )


@mpl.rc_context(STYLE)
def curves(
    frame: pd.DataFrame,
    *,
    x: str,
    y: str,
    group: str,
    unit_x: str,
    unit_y: str,
    formats: Formats,
    xlabel: str,
    ylabel: str,
) -> Figure:
    """One line with its points per group, over numbers rather than days."""
    import seaborn as sns

    axes = _axes(height=3.2)
    palette = [_hue(formats, place) for place in range(frame[group].nunique())]
    sns.lineplot(
        frame,
        x=x,
        y=y,
        hue=group,
        style=group,
        palette=palette,
        markers=True,
        sort=False,
        estimator=None,
        ax=axes,
    )
    sns.move_legend(axes, "upper left", bbox_to_anchor=(1, 1), frameon=False, title=None)
    axes.xaxis.set_major_formatter(_ticks(unit_x, formats))
    return _finish(axes, unit_y, formats, xlabel, ylabel, value_axis="y")


@mpl.rc_context(STYLE)
def quantile_fan(
    frame: pd.DataFrame,
    *,
    x: str,
    bands: Sequence[tuple[str, str]],
    line: str,
    unit: str,
    formats: Formats,
    ylabel: str = "",
) -> Figure:
    """A middle line inside bands that widen: the wider the band, the lighter."""
    axes = _axes(height=3.0)
    for low, high in bands:
        axes.fill_between(frame[x], frame[low], frame[high], color=_hue(formats), alpha=0.18, linewidth=0)
    axes.plot(frame[x], frame[line], color=_hue(formats), linewidth=2)
    _date_axis(axes, frame[x])
    return _finish(axes, unit, formats, "", ylabel, value_axis="y")


@mpl.rc_context(STYLE)
def overlap(
    frame: pd.DataFrame,
    *,
    sets: Sequence[str],
    value: str,
    within: str,
    formats: Formats,
    labels: tuple[str, str],
) -> Figure:
    """Which sets a count belongs to together: one row per combination, dots for its sets, a bar for the count.

    `sets` are boolean columns, named as given; `within` is the part of `value` drawn highlighted.
    """
    figure = Figure(figsize=(WIDTH, 1.1 + 0.28 * max(len(frame), 2)))
    dots, bars = figure.subplots(1, 2, sharey=True, width_ratios=(max(len(sets), 2), 6))
    places = list(range(len(frame)))[::-1]
    for place, row in zip(places, frame.to_dict("records"), strict=True):
        members = [column for column, name in enumerate(sets) if row[name]]
        dots.scatter(range(len(sets)), [place] * len(sets), s=40, color=STYLE["grid.color"], zorder=1)
        dots.plot(members, [place] * len(members), color=INK, linewidth=2, marker="o", markersize=6, zorder=2)
        bars.barh(place, row[value], color=_hue(formats), height=0.62, zorder=2)
        bars.barh(place, row[within], color=_hue(formats, 1), height=0.62, zorder=3)
        bars.text(row[value], place, f" {formats.number(row[value])}", va="center", fontsize=8)
    dots.set_xticks(range(len(sets)), sets, rotation=30, ha="left", fontsize=8)
    dots.xaxis.tick_top()
    dots.tick_params(length=0)
    dots.set_yticks([])
    dots.margins(x=0.25)
    for side in dots.spines.values():
        side.set_visible(False)
    bars.spines["left"].set_visible(False)
    bars.margins(x=0.12)
    handles = [Patch(color=_hue(formats, place), label=label) for place, label in enumerate(labels)]
    bars.legend(handles=handles, loc="lower right", frameon=False, fontsize=8)
    return _finish(bars, "number", formats, "")


def _axes(rows: int | None = None, height: float = 3.0, width: float = WIDTH) -> Axes:
    """Axes of a figure of its own; with `rows`, as high as that many named rows need."""
    size = (width, 0.6 + 0.24 * max(rows, 2) if rows is not None else height)
    figure = Figure(figsize=size, layout="constrained" if width == COLUMN else None)
    return figure.subplots()


def _finish(
    axes: Axes,
    unit: str,
    formats: Formats,
    xlabel: str,
    ylabel: str = "",
    value_axis: Literal["x", "y"] = "x",
) -> Figure:
    """Ticks in the client's format, a light grid along the values, nothing else."""
    axis = axes.xaxis if value_axis == "x" else axes.yaxis
    axis.set_major_formatter(_ticks(unit, formats))
    axes.grid(visible=True, axis=value_axis, color=STYLE["grid.color"], linewidth=0.8, zorder=0)
    axes.set_axisbelow(True)
    axes.tick_params(length=0)
    axes.set_xlabel(xlabel, fontsize=8.5)
    axes.set_ylabel(ylabel, fontsize=8.5)
    figure = axes.get_figure()
    assert isinstance(figure, Figure)  # noqa: S101 - never drawn inside a subfigure
    return figure


def _ticks(unit: str, formats: Formats) -> FuncFormatter:
    def tick(value: float, _place: int) -> str:
        digits = 0 if float(value).is_integer() or abs(value) >= 10 else 1
        if unit == "percent":
            digits = 0 if round(value * 100, 6).is_integer() else 1
        return formats.value(value, _scale(unit), digits)

    return FuncFormatter(tick)


def _date_axis(axes: Axes, values: pd.Series) -> None:
    """Few, short dates; numbers are left alone."""
    if pd.api.types.is_datetime64_any_dtype(values):
        locator = AutoDateLocator(maxticks=8)
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(ConciseDateFormatter(locator, show_offset=False))


def _scale(unit: str) -> str:
    """Axis labels carry money and percent signs; other units stand in the axis title."""
    return unit if unit in {"money", "percent"} else "number"


def _rows(
    frame: pd.DataFrame,
    label: str,
    highlight: str | None,
    formats: Formats,
    most: int = MOST_ROWS,
    width: float = WIDTH,
) -> tuple[Axes, pd.DataFrame, list[int], list[str]]:
    """Axes with one named row per record, from the top; the records shown, their places and colours."""
    shown = frame.head(most)
    axes = _axes(rows=len(shown), width=width)
    places = list(range(len(shown)))[::-1]
    axes.set_yticks(places, [str(name) for name in shown[label]])
    axes.spines["left"].set_visible(False)
    if len(frame) > most:
        axes.set_title(f"the first {most} of {len(frame)}", fontsize=8, loc="right", color=INK)
    return axes, shown, places, _colours(shown, highlight, formats)


def _hue(formats: Formats, place: int = 0) -> str:
    """The colour of a client's charts at a place: 0 usual, 1 highlighted, 2 gained, then further groups."""
    colours = formats.colours or HUES
    return colours[place % len(colours)]


def _colours(frame: pd.DataFrame, highlight: str | None, formats: Formats) -> list[str]:
    if highlight is None:
        return [_hue(formats)] * len(frame)
    marked = frame[highlight].fillna(value=False).astype(bool)
    return [_hue(formats, int(mark)) for mark in marked]
