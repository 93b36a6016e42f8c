"""What a step returns: figures, tables, charts and sentences, each with its evidence.

`show(findings)` displays them in a notebook. Headless, it also writes them to the folder named by the
environment variable `CREATORBOOK_FINDINGS`, where the report picks them up; nothing is scraped from cells.
"""

from __future__ import annotations

import io
import math
from dataclasses import InitVar, dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from creatorbook.findings.formats import NOT_AVAILABLE, Formats
from creatorbook.findings.messages import Text, Wording
from creatorbook.findings.rounding import (
    digits_of_share,
    places_of,
    rounded_columns,
    rounded_ends,
    rounded_number,
)
from creatorbook.findings.steps import Steps
from creatorbook.findings.worded import showable, wordy

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Picture

Grade = Literal["counted", "estimated", "assumed"]
Unit = Literal["money", "percent", "number", "text", "date", "ratio", "address", "picture"] | str
#: units of columns that are no column of a reader's: where a cell leads to, and what it looks like
UNSEEN_UNITS = frozenset({"address", "picture"})
NoteKind = Literal["finding", "caution", "unknown", "todo", "method"]
#: for whom something is: the client's copy, or the strategist's working paper only
Reader = Literal["client", "working"]
#: for what somebody is needed: money beyond the budget, a fact that advice waits for, a label or claim, a right that ends
Need = Literal["", "budget", "early", "label", "rights"]


@dataclass(frozen=True)
class Figure:
    """One named figure.

    Attributes:
        key: stable name, `step.figure`, unique in a report.
        label: what it is, in the reader's words.
        value: the figure, rounded to `digits`; `None` is “not available”. Where a share's range says more, a digit more.
        unit: `money`, `percent` (a share 0 to 1), `number`, `ratio`, or a noun such as `orders`.
        low, high: the likely range (90 %), if it is estimated or assumed as a range; rounded outwards, the value inside.
        n: how many observations it rests on.
        grade: `counted` from a file, `estimated` by a model, or `assumed` from a pack or the client file.
        source: the file, method or pack row behind it.
        digits: decimals it is rounded to (of the percentage, for `percent`).
        slot: its place: the first-page heading it belongs under, if any (`packs/pages.yml`).
        note: one more sentence, shown small.
        headline: whether it belongs in `summary.json`.
        reader: for whom it is; what stands on a first page is the client's.
    """

    key: str
    label: Text
    value: float | None
    unit: Unit
    grade: Grade
    source: Text
    low: float | None = None
    high: float | None = None
    n: int | None = None
    digits: int = 0
    slot: str | None = None
    note: Text = ""
    headline: bool = True
    reader: Reader = "working"

    def __post_init__(self) -> None:
        low, high = _finite(self.low), _finite(self.high)
        if self.unit == "percent":
            object.__setattr__(self, "digits", digits_of_share(self.digits, low, high))
        places = places_of(self.unit, self.digits)
        value = _finite(self.value)
        value = None if value is None else rounded_number(value, places)
        low, high = _around(value, low, high, places)
        for name, number in {"value": value, "low": low, "high": high}.items():
            object.__setattr__(self, name, number)
        if self.n is not None:
            object.__setattr__(self, "n", int(self.n))

    def written_value(self, formats: Formats) -> str:
        """The value as a reader sees it."""
        return formats.value(self.value, self.unit, self.digits)

    def written_range(self, formats: Formats) -> str:
        """`likely between a and b`, or nothing where there is no range or it has no width."""
        return formats.likely(self.low, self.high, self.unit, self.digits) if self.has_range else ""

    @property
    def has_range(self) -> bool:
        """Whether the figure is known, and its likely range, too."""
        return self.value is not None and self.low is not None and self.high is not None


@dataclass(frozen=True)
class Column:
    """How one column of a table is read.

    Attributes:
        label: its heading.
        unit: as `Figure.unit`.
        digits: decimals.
        grade: evidence of the whole column, where it is the same for all rows.
        note: what it means; the denominator of a rate, for example.
        missing: what stands where there is no value: “not available”, or “–” where none belongs.
        link: the column of addresses (unit `address`) that this one's cells lead to, if they do.
        reader: for whom it is, in a table that is the client's.
    """

    label: Text
    unit: Unit = "text"
    digits: int = 0
    grade: Grade | None = None
    note: Text = ""
    missing: Text = NOT_AVAILABLE
    link: str = ""
    reader: Reader = "client"


@dataclass(frozen=True)
class Table:
    """A table with typed columns.

    Attributes:
        key: stable name, unique in a report; also names its sheet in `data.xlsx`.
        title: what it shows.
        frame: one column per entry of `columns`, in that order; values rounded to each column's digits. Columns named
            `low` or `…_low` and `high` or `…_high` are the ends of ranges and rounded outwards.
        columns: frame column → how to read it.
        slot: first-page heading it belongs under, if any.
        sheet: whether it is written to `data.xlsx`.
        rows: how many rows a page shows; the rest is in `data.xlsx`.
        strong: index labels of rows set in bold (sums).
        cards: whether a page sets each row as a card, with its picture (unit `picture`) or an empty frame.
        stored: whether the frame is one of ours, read again: its columns are these, and rounded.
    """

    key: str
    title: Text
    frame: pd.DataFrame
    columns: dict[str, Column]
    slot: str | None = None
    note: Text = ""
    sheet: bool = True
    rows: int = 25
    strong: tuple[int, ...] = ()
    reader: Reader = "working"
    cards: bool = False
    stored: InitVar[bool] = False

    def __post_init__(self, stored: bool) -> None:
        frame = self.frame if stored else self._of_its_columns()
        object.__setattr__(self, "frame", showable(frame))

    def for_client(self) -> Table:
        """The table without the columns that are the strategist's own."""
        columns = {name: column for name, column in self.columns.items() if column.reader == "client"}
        return self if len(columns) == len(self.columns) else replace(self, columns=columns, stored=True)

    @property
    def seen(self) -> dict[str, Column]:
        """The columns that a reader sees."""
        return {name: column for name, column in self.columns.items() if column.unit not in UNSEEN_UNITS}

    def _of_its_columns(self) -> pd.DataFrame:
        numbers = {
            name: self.frame[name].to_numpy() for name in self.columns if self.frame[name].dtype.kind == "f"
        }
        places = {name: places_of(column.unit, column.digits) for name, column in self.columns.items()}
        columns: dict[str, Any] = dict.fromkeys(self.columns)
        columns |= rounded_columns(numbers, places)
        for name in self.columns.keys() - numbers.keys():  # an array of objects would be taken for texts
            values = self.frame[name]
            columns[name] = values.reset_index(drop=True) if values.dtype == object else values.array
        return pd.DataFrame(columns)


@dataclass(frozen=True)
class Chart:
    """A picture with the sentence that stands for it.

    Attributes:
        alt: what the picture shows, in words; never empty.
        picture: a matplotlib figure, closed to pyplot; or what draws one, where a form may draw it in another way.
    """

    key: str
    title: Text
    alt: Text
    picture: Picture | Steps
    slot: str | None = None
    note: Text = ""
    reader: Reader = "working"

    def __post_init__(self) -> None:
        if isinstance(self.alt, str) and not self.alt.strip():
            raise ValueError(f"the chart {self.key} needs alt text")

    def png(self, dpi: int = 160) -> bytes:
        """The picture as PNG bytes; the same bytes for the same figure, fonts and versions."""
        if dpi not in self._saved:  # it is shown and written: drawing it is what costs
            self._saved[dpi] = self._drawn(dpi)
        return self._saved[dpi]

    @cached_property
    def _figure(self) -> Picture:
        """The picture as matplotlib draws it."""
        return self.picture.figure() if isinstance(self.picture, Steps) else self.picture

    @cached_property
    def _saved(self) -> dict[int, bytes]:
        """What was drawn already, by resolution."""
        return {}

    def _drawn(self, dpi: int) -> bytes:
        # who reads files and draws nothing does without a plotting library: 30 MB, and a second to load
        import matplotlib as mpl
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        buffer, picture = io.BytesIO(), self._figure
        with mpl.rc_context({"text.parse_math": False}):  # ticks are made while saving
            box: Any = "tight"
            if picture.get_layout_engine() is None:  # else the box is known only after drawing once
                picture.set_dpi(dpi)
                tight = picture.get_tightbbox(FigureCanvasAgg(picture).get_renderer())
                box = tight.padded(mpl.rcParams["savefig.pad_inches"])
            picture.savefig(buffer, format="png", dpi=dpi, bbox_inches=box, metadata={"Software": None})
        return buffer.getvalue()

    @property
    def width(self) -> int:
        """Width on a page, in CSS pixels."""
        return int(self._figure.get_figwidth() * 96)


@dataclass(frozen=True)
class Note:
    """A sentence: a finding, a caution, an open point, something not known, or a method remark.

    Attributes:
        slot: first-page heading it belongs under, if any.
        owner, due: who settles an open point, and by when.
        rank: order within a slot; small first.
        need: for what somebody is needed, where it is urgent: the index of all reports lists it.
    """

    text: Text
    kind: NoteKind = "finding"
    slot: str | None = None
    owner: Text = ""
    due: date | None = None
    rank: int = 50
    reader: Reader = "working"
    need: Need = ""


@dataclass(frozen=True)
class Findings:
    """The findings of one call of one step, in reading order.

    Attributes:
        step: which step they come from: `start`, `goals`, `vetting`, `tiers`, `tracking` or `roi`.
        items: figures, tables, charts and notes in the order they are shown.
        formats: how the client writes numbers.
    """

    step: str
    items: tuple[Figure | Table | Chart | Note, ...] = ()
    formats: Formats = field(default_factory=Formats)
    html: str = ""

    def __add__(self, other: Findings) -> Findings:
        return replace(self, items=self.items + other.items, html=self.html + other.html)

    @cached_property
    def written(self) -> tuple[Any, ...]:
        """The items with all their texts written out, in the reader's language and with the reader's numbers."""
        return tuple(_written(item, self.formats) for item in self.items)

    def _of(self, kind: type) -> list[Any]:
        return [item for item in self.written if isinstance(item, kind)]

    @property
    def figures(self) -> dict[str, Figure]:
        """Figures by key."""
        return {figure.key: figure for figure in self._of(Figure)}

    @property
    def tables(self) -> dict[str, Table]:
        """Tables by key."""
        return {table.key: table for table in self._of(Table)}

    @property
    def charts(self) -> dict[str, Chart]:
        """Charts by key."""
        return {chart.key: chart for chart in self._of(Chart)}

    @property
    def notes(self) -> list[Note]:
        """Notes in order."""
        return self._of(Note)


@dataclass(frozen=True)
class StoredChart:
    """A chart as it was written: its words and its PNG."""

    key: str
    title: Text
    alt: Text
    image: bytes
    width: int
    slot: str | None = None
    note: Text = ""
    reader: Reader = "working"


def _around(
    value: float | None, low: float | None, high: float | None, places: int
) -> tuple[float | None, float | None]:
    """The ends of a range, rounded outwards, with a rounded value between them; an end that is missing stays missing."""
    if low is not None and high is not None:
        low, high = rounded_ends(low, high, places)
    elif low is not None:
        low = rounded_number(low, places, "low")
    elif high is not None:
        high = rounded_number(high, places, "high")
    if value is None:
        return low, high
    return None if low is None else min(low, value), None if high is None else max(high, value)


def _finite(value: Any) -> float | None:
    """A number, `None` for what is missing: an end that has no limit is not a figure."""
    return None if value is None or not math.isfinite(value) else float(value)


#: the fields of each kind of item that are texts
TEXTS: dict[type, tuple[str, ...]] = {
    Figure: ("label", "source", "note"),
    Column: ("label", "note", "missing"),
    Table: ("title", "note"),
    Chart: ("title", "alt", "note"),
    StoredChart: ("title", "alt", "note"),
    Note: ("text", "owner"),
}


def _written(item: Any, formats: Formats) -> Any:
    """An item with its texts written out; the item itself where nothing was left to write."""
    texts = {name: getattr(item, name) for name in TEXTS[type(item)]}
    changed: dict[str, Any] = {
        name: text.write(formats) for name, text in texts.items() if isinstance(text, Wording)
    }
    if isinstance(item, Table):
        columns = {name: _written(column, formats) for name, column in item.columns.items()}
        if any(columns[name] is not item.columns[name] for name in columns):
            changed["columns"] = columns
        cells = {name: _cells(item.frame[name], formats) for name in wordy(item.frame)}
        if cells:
            changed["frame"] = item.frame.assign(**cells)
        return replace(item, **changed, stored=True) if changed else item
    return replace(item, **changed) if changed else item


def _cells(cells: pd.Series, formats: Formats) -> pd.Series:
    """Cells written out; a column of texts is one again."""
    texts = cells.map(lambda cell: cell.write(formats) if isinstance(cell, Wording) else cell)
    return texts.astype("str" if all(isinstance(text, str) for text in texts) else object)
