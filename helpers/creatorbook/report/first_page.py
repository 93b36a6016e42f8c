"""The first page: headings and words from `packs/pages.yml`, filled with the findings that name its slots."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from creatorbook.finance.order_values import inside_window, order_values, window
from creatorbook.finance.returns import settled_on
from creatorbook.findings import Chart, Figure, Note, StoredChart, Table
from creatorbook.packs import pack
from creatorbook.report.contents import FIRST_PAGE, note_place, sent
from creatorbook.report.first_chart import first_chart

if TYPE_CHECKING:
    from creatorbook.book import Book
    from creatorbook.findings.formats import Formats
    from creatorbook.report.contents import Contents
    from creatorbook.text.translations import Words

#: words on a first page besides headings and tables (pages.md, section 1)
MOST_WORDS = 180

#: tables whose rows are the same for every client, and the columns that name them
FIXED_ROWS = {
    "roi.ladder_short": ("line",),
    "tiers.who_and_what": ("group", "role"),
    "tiers.three_ways": ("way",),
}


@dataclass(frozen=True)
class PageSection:
    """One heading and what stands beneath it.

    Attributes:
        empty: the sentence that stands there when no step had anything to say.
        left: how many table rows are left for the evidence pages.
        leads: whether this is the page's first heading, whose first note is the claim set large.
        own_words: what the account manager wrote for it.
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
    own_words: tuple[str, ...] = ()

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
        return not (self.figures or self.notes or self.tables or self.charts or self.own_words)


@dataclass(frozen=True)
class FirstPage:
    """The page somebody decides from.

    Attributes:
        kind: what it is, in the brand line.
        status: of a plan, draft or approved by whom; of what has begun, nothing.
        subtitle: parts of the line beneath the title.
        approval: who approved it and when; empty while nobody has.
        own_words: what the account manager wrote for the page.
        rows: rows of columns of sections, in the order of the headings.
    """

    title: str
    kind: str
    status: str
    subtitle: tuple[str, ...]
    rows: tuple[tuple[tuple[PageSection, ...], ...], ...]
    approval: str = ""
    own_words: tuple[str, ...] = ()

    def for_client(self) -> FirstPage:
        """The page without our sources and our columns."""
        rows = tuple(tuple(tuple(map(_section_sent, column)) for column in row) for row in self.rows)
        return replace(self, rows=rows)

    @property
    def sections(self) -> list[PageSection]:
        """All sections, in the order of the headings."""
        return [section for row in self.rows for column in row for section in column]


def first_page(contents: Contents) -> FirstPage:
    """The first page of a report, by its stage."""
    book, say = contents.book, contents.words
    page = pack("pages")[book.stage]
    status = _status(book, say)
    chart = first_chart(contents)
    by_slot = {
        heading["slot"]: _section(
            heading, contents, chart if chart and chart.slot == heading["slot"] else None
        )
        for heading in page["headings"]
    }
    lead = page["headings"][0]["slot"]
    by_slot[lead] = replace(by_slot[lead], leads=True)
    rows = tuple(
        tuple(
            tuple(by_slot[slot] for slot in (column if isinstance(column, list) else [column]))
            for column in row
        )
        for row in page["layout"]
    )
    title = say(page["title"], brand=book.client.brand, campaign=book.campaign.title)
    return FirstPage(
        title,
        say(page["kind"]),
        status,
        _subtitle(book, status, say),
        rows,
        _approval(book, say),
        contents.own_words.get(FIRST_PAGE, ()),
    )


def words_to_avoid(text: str) -> list[str]:
    """Words of a text that pages.md keeps off first pages, each with what to say instead.

    Capitals make no difference, but for an abbreviation that is a common word without them: “DiD”, and what they did.
    """
    return [
        f"{word} → {row['say']}"
        for row in pack("words")["words"]
        for word in row["words"]
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, flags=_capitals(word))
    ]


def _capitals(word: str) -> re.RegexFlag:
    """How much the capitals of a word matter where it is looked for."""
    mixed = any(sign.isupper() for sign in word[1:]) and any(sign.islower() for sign in word)
    return re.NOFLAG if mixed and " " not in word else re.IGNORECASE


def page_text(page: FirstPage, formats: Formats) -> str:
    """The words beneath the headings, tables left out: notes, and figures with their ranges."""
    parts: list[str] = []
    for section in page.sections:
        parts += [str(note.text) for note in section.notes]
        parts += [section.empty] if section.bare else []
        for figure in section.figures:
            shown = (figure.label, figure.written_value(formats), figure.written_range(formats), figure.note)
            parts += map(str, shown)
    return "\n".join(part for part in parts if part)


def word_count(page: FirstPage, formats: Formats) -> int:
    """How many words stand beneath the headings; tables and blanks to write on are left out."""
    return len(re.findall(r"[^\W_][\w.,'’%-]*", page_text(page, formats)))


def _section(heading: dict[str, Any], contents: Contents, chart: Chart | None = None) -> PageSection:
    """One heading with the findings of its slot, cut to what a page shows, and the page's chart if it is there."""
    slot = heading["slot"]
    of_slot = [item for item in contents.items if item.slot == slot]
    notes = sorted((item for item in of_slot if isinstance(item, Note)), key=lambda note: note.rank)
    rows = heading.get("rows", 5)
    tables = [item for item in of_slot if isinstance(item, Table)][:1]
    return PageSection(
        slot=slot,
        heading=contents.words(heading["heading"]),
        figures=tuple(item for item in of_slot if isinstance(item, Figure))[:3],
        notes=tuple(notes[: heading.get("most", 3)]),
        tables=tuple(_translated(_cut(table, rows), contents.words) for table in tables),
        charts=tuple([*contents.charts_in(slot), *filter(None, [chart])][:1]),
        empty=contents.words(heading["empty"]),
        own_words=contents.own_words.get(note_place(slot), ()),
        left=max([0, *(len(table.frame) - rows for table in tables)]),
    )


def _section_sent(section: PageSection) -> PageSection:
    """A section as a client gets it."""
    return replace(
        section, figures=tuple(map(sent, section.figures)), tables=tuple(map(sent, section.tables))
    )


def _cut(table: Table, rows: int) -> Table:
    """The first rows; only a table made for this page keeps its note."""
    return replace(table, frame=table.frame.head(rows), rows=rows, note="" if table.sheet else table.note)


def _translated(table: Table, say: Words) -> Table:
    """A table whose rows have fixed names, these in the report's language."""
    frame = table.frame.copy()
    for name in FIXED_ROWS.get(table.key, ()):
        frame[name] = [say(text) if isinstance(text, str) else text for text in frame[name]]
    return replace(table, frame=frame)


def _status(book: Book, say: Words) -> str:
    campaign = book.campaign
    if book.stage != "plan":
        return ""
    if campaign.approved_by:
        return say("approved by {name}", name=campaign.approved_by)
    return say("draft")


def _approval(book: Book, say: Words) -> str:
    campaign = book.campaign
    if not campaign.approved_by:
        return ""
    if not campaign.approved_on:
        return say("Approved by {name}.", name=campaign.approved_by)
    day = book.formats.day(campaign.approved_on)
    return say("Approved by {name} on {day}.", name=campaign.approved_by, day=day)


def _subtitle(book: Book, status: str, say: Words) -> tuple[str, ...]:
    """The line beneath the title, by stage."""
    campaign, formats = book.campaign, book.formats
    days = formats.days(campaign.start, campaign.end)
    budget = say("budget {amount} excl. VAT", amount=formats.money(campaign.budget))
    if book.stage == "results":
        placed = say("orders placed {days}", days=formats.days(*window(book)))
        return placed, _returns(book, say)
    if book.stage == "pulse":
        week = say("week to {day}", day=formats.day(book.as_of))
        return week, say("campaign {days}", days=days), budget
    prepared = say("prepared {day}", day=formats.day(book.as_of))
    return _markets(book), days, budget, prepared, status


def _returns(book: Book, say: Words) -> str:
    """Up to when returns are known and when the last can come; that none are on file where that is so."""
    if not order_values(book).returned.notna().any() or inside_window(book).returned.isna().any():
        return say("returns not known")
    day = book.formats.day
    return say(
        "returns known to {known}, usually over by {settled}",
        known=day(book.as_of),
        settled=day(settled_on(book)),
    )


def _markets(book: Book) -> str:
    """Market names in the report's language; a code nobody knows stays a code."""
    return ", ".join(map(book.formats.country, book.campaign.markets or book.client.all_markets))
