"""Slides as PowerPoint draws them: native charts and tables that people edit, each with words for who cannot see it."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION
from pptx.enum.text import MSO_ANCHOR
from pptx.util import Emu, Inches, Pt

from creatorbook_slides.deck import BarChart, Slide, alt_text, bars

if TYPE_CHECKING:
    from creatorbook.plugins import Column, Figure, Note, Table

#: a wide slide, in inches
WIDTH, HEIGHT, MARGIN = 13.333, 7.5, 0.6
INK, QUIET, PAPER = RGBColor(0x22, 0x22, 0x22), RGBColor(0x5A, 0x5A, 0x5A), RGBColor(0xFF, 0xFF, 0xFF)
#: bars of a client without colours of its own
USUAL = "#1F5A7A"
#: how good the evidence of a figure is
MARKS = {"counted": "●", "estimated": "◐", "assumed": "○"}
#: characters of an inch in a text of one point, on average
CHARACTERS = 140
#: lines are so much higher than their letters
LEADING = 1.25


class Deck:
    """A presentation that slides are added to.

    Attributes:
        formats: how the client writes numbers, and its colours.
        footer: stands at the foot of every slide.
    """

    def __init__(self, formats: Any, footer: str) -> None:
        self.formats, self.footer = formats, footer
        self.colour = RGBColor.from_string((formats.colours or (USUAL,))[0].lstrip("#").upper())
        self.file = Presentation()
        _widen(self.file)

    def saved(self) -> bytes:
        """The file."""
        file = io.BytesIO()
        self.file.save(file)
        return file.getvalue()

    def describe(self, title: str, made: datetime) -> None:
        """Say what the file is, and of which day."""
        words = self.file.core_properties
        words.title, words.author, words.last_modified_by = title, "creatorbook", "creatorbook"
        words.created = words.modified = made
        words.language = self.formats.locale

    def add(self, slide: Slide) -> None:
        """One more slide: figures, then sentences, with chart and table side by side beneath."""
        page = self.file.slides.add_slide(self.file.slide_layouts.get_by_name("Title Only"))
        if slide.is_title:
            self._title_page(page, slide)
            return
        _put_title(page.shapes.title, slide.title, Pt(28), (MARGIN, 0.35, WIDTH - 2 * MARGIN, 0.9))
        top = self._figures(page, slide.figures, 1.4) if slide.figures else 1.4
        visuals = [part for part in (slide.chart, slide.table) if part]
        foot = HEIGHT - 0.65
        if slide.notes:
            share = 0.32 if visuals else 1.0
            height = (foot - top) * share
            self._notes(page, slide.notes, (MARGIN, foot - height, WIDTH - 2 * MARGIN, height))
            foot -= height + 0.1
        self._visuals(page, slide, top, foot)
        self._foot(page, len(self.file.slides), has_marks=bool(slide.figures))

    def _title_page(self, page: Any, slide: Slide) -> None:
        bar = page.shapes.add_shape(1, 0, 0, Inches(0.35), Inches(HEIGHT))
        bar.fill.solid()
        bar.fill.fore_color.rgb = self.colour
        bar.line.fill.background()
        _hide(bar)
        _put_title(page.shapes.title, slide.title, Pt(40), (1.1, 1.6, WIDTH - 2.2, 1.6))
        box = (1.1, 3.4, WIDTH - 2.2, 2.6)
        _put(page, [(slide.subtitle, INK, False)], box, largest=24)
        _put(page, [(self.footer, QUIET, False)], (1.1, HEIGHT - 1.0, WIDTH - 2.2, 0.4), largest=14)

    def _figures(self, page: Any, figures: Iterable[Figure], top: float) -> float:
        """Figures side by side, each with its range and how good its evidence is; the height where they end."""
        shown = list(figures)[:4]
        width = (WIDTH - 2 * MARGIN) / len(shown)
        for place, figure in enumerate(shown):
            mark, value = MARKS[figure.grade], figure.written_value(self.formats)
            lines = [
                (str(figure.label), QUIET, False),
                (f"{value} {mark}", self.colour, True),
                (figure.written_range(self.formats), QUIET, False),
            ]
            box = (MARGIN + place * width, top, width - 0.2, 1.5)
            _put(page, [line for line in lines if line[0]], box, largest=15, strong=26)
        return top + 1.65

    def _notes(self, page: Any, notes: Iterable[Note], box: tuple[float, ...]) -> None:
        lines = [(f"• {note.text}", INK, False) for note in notes]
        _put(page, _fitting(lines, box, smallest=11), box, largest=18, smallest=11)

    def _visuals(self, page: Any, slide: Slide, top: float, foot: float) -> None:
        width, left = WIDTH - 2 * MARGIN, MARGIN
        if slide.chart and slide.table:
            width = (width - 0.3) / 2
        if slide.chart:
            self._chart(page, *slide.chart, (left, top, width, foot - top))
            left += width + 0.3
        if slide.table:
            self._table(page, *slide.table, slide.most, (left, top, width, foot - top))

    def _chart(self, page: Any, table: Table, chart: BarChart, box: tuple[float, ...]) -> None:
        """Bars with their values, the first on top; the numbers can be edited in the file."""
        names, lengths = bars(table, chart)
        column = table.columns[chart.values]
        number_format = self._number_format(column)
        data = CategoryChartData(number_format=number_format)
        data.categories = names
        data.add_series(self._words(column.label), lengths)
        frame = page.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *map(Inches, box), data)
        _describe(
            frame,
            alt_text(table, chart, lambda value: self._written(value, column)),
            self._words(table.title),
        )
        drawn = frame.chart
        drawn.has_legend, drawn.has_title = False, True
        drawn.chart_title.text_frame.text = f"{self._words(column.label)} · {self._words(table.title)}"
        _style(drawn.chart_title.text_frame.paragraphs[0], Pt(13), QUIET)
        drawn.font.size = Pt(11)
        drawn.category_axis.reverse_order = True
        drawn.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
        drawn.category_axis.has_major_gridlines = False
        drawn.value_axis.visible = drawn.value_axis.has_major_gridlines = False
        drawn.value_axis.minimum_scale, drawn.value_axis.maximum_scale = _room(lengths)
        plot = drawn.plots[0]
        plot.gap_width, plot.has_data_labels = 45, True
        plot.data_labels.number_format, plot.data_labels.number_format_is_linked = number_format, False
        plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
        plot.series[0].format.fill.solid()
        plot.series[0].format.fill.fore_color.rgb = self.colour
        plot.series[0].invert_if_negative = False

    def _table(
        self, page: Any, table: Table, names: tuple[str, ...], most: int, box: tuple[float, ...]
    ) -> None:
        left, top, width, height = box
        most = min(most, max(1, int((height - 0.35) / 0.38) - 1))
        frame = table.frame.head(most)
        shape = page.shapes.add_table(
            len(frame) + 1, len(names), *map(Inches, (left, top, width, 0.36 * (len(frame) + 1)))
        )
        _describe(shape, self._words(table.title), self._words(table.title))
        columns = [table.columns[name] for name in names]
        for at, (name, column) in enumerate(zip(names, columns, strict=True)):
            cells = [self._written(value, column) for value in frame[name]]
            for row, text in enumerate([self._words(column.label), *cells]):
                self._cell(shape.table.cell(row, at), text, column, is_head=row == 0)
        for row in shape.table.rows:
            row.height = Inches(0.36)
        _share_out(shape.table, width, [max(map(len, _texts(shape.table, at))) for at in range(len(names))])
        if len(table.frame) > most:
            rest = self.formats.words("{n} more rows are in data.xlsx", n=len(table.frame) - most)
            place = (left, top + 0.36 * (len(frame) + 1) + 0.05, width, 0.3)
            _put(page, [(rest, QUIET, False)], place, largest=11)

    def _cell(self, cell: Any, text: str, column: Column, *, is_head: bool) -> None:
        cell.text_frame.text = text
        cell.vertical_anchor = MSO_ANCHOR.MIDDLE
        cell.margin_top = cell.margin_bottom = Inches(0.03)
        cell.fill.solid()
        cell.fill.fore_color.rgb = self.colour if is_head else PAPER
        paragraph = cell.text_frame.paragraphs[0]
        paragraph.alignment = None if column.unit == "text" else 3  # right
        _style(paragraph, Pt(11), PAPER if is_head else INK, bold=is_head)

    def _foot(self, page: Any, number: int, *, has_marks: bool) -> None:
        words = self.formats.words
        marks = " · ".join(f"{mark} {words(grade)}" for grade, mark in MARKS.items())
        text = " · ".join([self.footer, *([marks] if has_marks else []), str(number)])
        _put(page, [(text, QUIET, False)], (MARGIN, HEIGHT - 0.5, WIDTH - 2 * MARGIN, 0.3), largest=10)

    def _number_format(self, column: Column) -> str:
        """How a spreadsheet writes a column's numbers; the currency stands where the reader's language has it."""
        number = "#,##0" + ("." + "0" * column.digits if column.digits else "")
        if column.unit == "percent":
            return number.removeprefix("#,##") + "%"
        if column.unit != "money":
            return number
        sign = f'"{self.formats.currency_sign}"'
        is_first = self.formats.money(1).startswith(self.formats.currency_sign)
        return f"{sign}{number}" if is_first else f"{number} {sign}"

    def _words(self, text: Any) -> str:
        """A heading in the reader's words, its first letter a capital."""
        words = self.formats.words(str(text))
        return words[:1].upper() + words[1:]

    def _written(self, value: Any, column: Column) -> str:
        """A cell as the reader writes it; a dash where there is nothing."""
        if value is None or value != value:
            return "–"
        if column.unit == "date":
            return self.formats.day(value)
        return str(value) if column.unit == "text" else self.formats.value(value, column.unit, column.digits)


def _widen(file: Any) -> None:
    """Make the slides wide, with the places of new slides where they belong: people add some."""
    factor = Inches(WIDTH) / file.slide_width
    file.slide_width, file.slide_height = Inches(WIDTH), Inches(HEIGHT)
    for page in [file.slide_master, *file.slide_layouts]:
        for place in page.placeholders:
            left, top, width, height = place.left, place.top, place.width, place.height
            place.left, place.top = Emu(round(left * factor)), top
            place.width, place.height = Emu(round(width * factor)), height


def _put_title(title: Any, text: str, size: Pt, box: tuple[float, ...]) -> None:
    title.left, title.top, title.width, title.height = map(Inches, box)
    title.text_frame.text = text
    title.text_frame.word_wrap = True
    title.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    paragraph = title.text_frame.paragraphs[0]
    paragraph.alignment = 1  # left
    _style(paragraph, min(size, Pt(_size_for([text], box, size.pt, 18))), INK, bold=True)


def _put(
    page: Any,
    lines: list[tuple[str, Any, bool]],
    box: tuple[float, ...],
    *,
    largest: float,
    smallest: float = 9,
    strong: float = 0,
) -> None:
    """Paragraphs in a box (text, colour, whether it is the strong one), as large as they fit."""
    frame = page.shapes.add_textbox(*map(Inches, box)).text_frame
    frame.word_wrap = True
    size = _size_for([text for text, _, is_strong in lines if not is_strong], box, largest, smallest)
    for place, (text, colour, is_strong) in enumerate(lines):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.text = text
        paragraph.space_after = Pt(3)
        points = _size_for([text + "  "], (*box[:3], 0.1 + strong / 40), strong, size) if is_strong else size
        _style(paragraph, Pt(points), colour, bold=is_strong)


def _size_for(texts: list[str], box: tuple[float, ...], largest: float, smallest: float) -> float:
    """The largest letters, in points, with which all paragraphs fit into a box."""
    size = largest
    while size > smallest and _height(texts, box, size) > box[3]:
        size -= 0.5
    return size


def _height(texts: list[str], box: tuple[float, ...], size: float) -> float:
    """How high paragraphs stand, in inches."""
    in_line = max(1.0, (box[2] - 0.2) * CHARACTERS / size)
    lines = sum(math.ceil(max(1, len(text)) / in_line) for text in texts)
    return lines * size * LEADING / 72 + 0.05 * len(texts) + 0.1


def _fitting(lines: list[Any], box: tuple[float, ...], smallest: float) -> list[Any]:
    """As many paragraphs as fit at the smallest size; the first one stands in any case."""
    kept = list(lines)
    while len(kept) > 1 and _height([text for text, *_ in kept], box, smallest) > box[3]:
        kept.pop()
    return kept


def _style(paragraph: Any, size: Any, colour: Any, *, bold: bool = False) -> None:
    paragraph.font.size, paragraph.font.bold, paragraph.font.color.rgb = size, bold, colour


def _describe(shape: Any, words: str, name: str) -> None:
    """Words for who cannot see a shape, and its name in the list of shapes."""
    properties = shape._element.nvGraphicFramePr.cNvPr
    properties.set("descr", words)
    properties.set("name", name)


def _hide(shape: Any) -> None:
    """Mark a shape as ornament: a screen reader passes it over."""
    shape._element.nvSpPr.cNvPr.set("descr", "")
    shape.name = "Ornament"


def _room(lengths: list[float]) -> tuple[float, float]:
    """The ends of an axis: bars either way, and room beside them for their values."""
    low, high = min(0.0, *lengths), max(0.0, *lengths)
    room = 0.3 * (high - low)
    return (low - room if low else 0.0), (high + room if high else 0.0)


def _texts(table: Any, column: int) -> list[str]:
    return [table.cell(row, column).text_frame.text for row in range(len(table.rows))]


def _share_out(table: Any, width: float, lengths: list[int]) -> None:
    """Give columns room by their longest text, none less than a word's or more than a sentence's."""
    bounded = [min(max(length, 9), 30) for length in lengths]
    for column, length in zip(table.columns, bounded, strict=True):
        column.width = Inches(width * length / sum(bounded))
