"""The first page: headings and words from `packs/pages.yml`, filled with the findings that name its slots."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from babel import Locale
from babel.dates import format_interval

from creatorbook.finance.order_values import order_values, window
from creatorbook.finance.returns import settled_on
from creatorbook.findings import Chart, Figure, Note, StoredChart, Table
from creatorbook.packs import pack

if TYPE_CHECKING:
    from datetime import date

    from creatorbook.book import Book
    from creatorbook.formats import Formats
    from creatorbook.report.contents import Contents

#: words on a first page besides headings and tables (pages.md, section 1)
MOST_WORDS = 150


@dataclass(frozen=True)
class Section:
    """One heading and what stands beneath it.

    Attributes:
        empty: the sentence that stands there when no step had anything to say.
        left: how many table rows are left for the evidence pages.
        leads: whether this is the page's first heading, whose first note is the claim set large.
    """

    slot: str
    heading: str
    figures: tuple[Figure, ...] = ()
    notes: tuple[Note, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart | StoredChart, ...] = ()
    empty: str = ""
    left: int = 0
    leads: bool = False

    @property
    def claim(self) -> Note | None:
        """The sentence set large, if this heading leads the page."""
        return self.notes[0] if self.leads and self.notes else None

    @property
    def support(self) -> tuple[Note, ...]:
        """All other notes."""
        return self.notes[1:] if self.claim else self.notes

    @property
    def name(self) -> str:
        """The slot as an HTML id."""
        return self.slot.replace(".", "-").replace("_", "-")

    @property
    def bare(self) -> bool:
        """Whether no finding named this slot."""
        return not (self.figures or self.notes or self.tables or self.charts)


@dataclass(frozen=True)
class FirstPage:
    """The page somebody decides from.

    Attributes:
        kind: what it is, in the brand line.
        status: draft, or approved by whom.
        subtitle: parts of the line beneath the title.
        rows: rows of columns of sections, in the order of the headings.
    """

    title: str
    kind: str
    status: str
    subtitle: tuple[str, ...]
    rows: tuple[tuple[tuple[Section, ...], ...], ...]

    @property
    def sections(self) -> list[Section]:
        """All sections, in the order of the headings."""
        return [section for row in self.rows for column in row for section in column]


def first_page(contents: Contents) -> FirstPage:
    """The first page of a report, by its stage."""
    book = contents.book
    told = pack("pages")[book.stage]
    status = _status(book)
    by_slot = {heading["slot"]: _section(heading, contents) for heading in told["headings"]}
    lead = told["headings"][0]["slot"]
    by_slot[lead] = replace(by_slot[lead], leads=True)
    rows = tuple(
        tuple(
            tuple(by_slot[slot] for slot in (column if isinstance(column, list) else [column]))
            for column in row
        )
        for row in told["layout"]
    )
    title = told["title"].format_map({"brand": book.client.brand, "campaign": book.campaign.title})
    return FirstPage(title, told["kind"], status, _subtitle(book, status), rows)


def words_to_avoid(text: str) -> list[str]:
    """Words of a text that pages.md keeps off first pages, each with what to say instead."""
    return [
        f"{word} → {row['say']}"
        for row in pack("words")
        for word in row["words"]
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, flags=re.IGNORECASE)
    ]


def page_text(page: FirstPage, formats: Formats) -> str:
    """The words beneath the headings, tables left out: notes, and figures with their ranges."""
    parts: list[str] = []
    for section in page.sections:
        parts += [note.text for note in section.notes]
        parts += [section.empty] if section.bare else []
        for figure in section.figures:
            parts += [figure.label, figure.told(formats), figure.told_range(formats), figure.note]
    return "\n".join(part for part in parts if part)


def word_count(page: FirstPage, formats: Formats) -> int:
    """How many words stand beneath the headings; tables and blanks to write on are left out."""
    return len(re.findall(r"[^\W_][\w.,'’%-]*", page_text(page, formats)))


def _section(told: dict[str, Any], contents: Contents) -> Section:
    """One heading with the findings of its slot, cut to what a page shows."""
    slot = told["slot"]
    of_slot = [item for item in contents.items if item.slot == slot]
    notes = sorted((item for item in of_slot if isinstance(item, Note)), key=lambda note: note.rank)
    rows = told.get("rows", 5)
    tables = [item for item in of_slot if isinstance(item, Table)][:1]
    return Section(
        slot=slot,
        heading=told["heading"],
        figures=tuple(item for item in of_slot if isinstance(item, Figure))[:3],
        notes=tuple(notes[: told.get("most", 3)]),
        tables=tuple(_cut(table, rows) for table in tables),
        charts=tuple(contents.charts_in(slot)[:1]),
        empty=told["empty"],
        left=max([0, *(len(table.frame) - rows for table in tables)]),
    )


def _cut(table: Table, rows: int) -> Table:
    return replace(table, frame=table.frame.head(rows), rows=rows, note="")


def _status(book: Book) -> str:
    campaign = book.campaign
    if book.stage == "plan" and campaign.approved_by:
        return f"approved by {campaign.approved_by}"
    return "draft"


def _subtitle(book: Book, status: str) -> tuple[str, ...]:
    """The line beneath the title, by stage."""
    campaign, formats = book.campaign, book.formats
    if book.stage == "results":
        return (
            f"orders placed {_days(*window(book), formats)}",
            _returns(book),
            status,
        )
    if book.stage == "pulse":
        return (
            f"week to {formats.day(book.as_of)}",
            f"campaign {_days(campaign.start, campaign.end, formats)}",
            f"budget {formats.money(campaign.budget)} excl. VAT",
            status,
        )
    return (
        _markets(book),
        _days(campaign.start, campaign.end, formats),
        f"budget {formats.money(campaign.budget)} excl. VAT",
        f"prepared {formats.day(book.as_of)}",
        status,
    )


def _returns(book: Book) -> str:
    """Up to when returns are known and when the last can come; that none are on file where that is so."""
    if not order_values(book).returned.notna().any():
        return "returns not known"
    day = book.formats.day
    return f"returns known to {day(book.as_of)}, settled on {day(settled_on(book))}"


def _days(first: date, last: date, formats: Formats) -> str:
    """`2–29 Mar 2026`, as the client's reader writes it."""
    return format_interval(first, last, "yMMMd", locale=formats.locale)


def _markets(book: Book) -> str:
    """Market names in the report's language; a code nobody knows stays a code."""
    names = Locale.parse("en").territories
    codes = book.campaign.markets or book.client.all_markets
    return ", ".join(names.get(code, code) for code in codes)
