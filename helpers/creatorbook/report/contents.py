"""All findings of one report in one place: every key once, in the order of the notebooks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from creatorbook.client.campaign_notes import campaign_notes
from creatorbook.findings import Chart, Figure, Findings, Note, StoredChart, Table
from creatorbook.packs import pack

if TYPE_CHECKING:
    from creatorbook.book import Book
    from creatorbook.findings.formats import Formats
    from creatorbook.text.translations import Words

#: how notes call the first page
FIRST_PAGE = "first page"


@dataclass(frozen=True)
class Contents:
    """What a report is made of, besides the notebooks' own text.

    Attributes:
        book: the campaign the report is about.
        items: figures, tables, charts and notes; a key that was shown twice is there once.
        steps: which steps have said something.
        log: keys that were shown twice with different content.
        draft: the number that the client's pages give as a draft's; 0 means it is none.
    """

    book: Book
    items: tuple[Any, ...]
    steps: tuple[str, ...] = ()
    log: tuple[str, ...] = ()
    draft: int = 0

    @classmethod
    def of(cls, book: Book, findings: Iterable[Findings]) -> Contents:
        """The findings of all notebooks, put together."""
        of_steps = list(findings)
        seen: dict[tuple[str, str], Any] = {}
        log: list[str] = []
        for item in (item for each in of_steps for item in each.written):
            name = _name(item)
            if name in seen and isinstance(item, Figure) and seen[name] != item:
                log.append(f"{item.key} was found twice with different values; the first one is reported")
            seen.setdefault(name, item)
        steps = tuple(dict.fromkeys(each.step for each in of_steps))
        return cls(book, tuple(seen.values()), steps, tuple(log))

    def for_client(self) -> Contents:
        """What a client gets of it: what is marked as theirs or stands on the first page, without where we have it from."""
        on_first_page = {heading["slot"] for heading in pack("pages")[self.book.stage]["headings"]}
        kept = [item for item in self.items if item.reader == "client" or item.slot in on_first_page]
        return replace(self, items=tuple(map(sent, kept)))

    @property
    def formats(self) -> Formats:
        """How this client writes numbers."""
        return self.book.formats

    @property
    def words(self) -> Words:
        """The report's fixed texts in the client's language."""
        return self.formats.words

    @cached_property
    def own_words(self) -> dict[str, tuple[str, ...]]:
        """Place → paragraphs that the account manager wrote for it: a page, or a heading of the first one.

        Raises:
            Problem: the file with them cannot be read, or names a place that there is not.
        """
        stage = self.book.stage
        slots = [note_place(heading["slot"]) for heading in pack("pages")[stage]["headings"]]
        pages = [page["page"] for page in pack("pages_to_send")[stage]["pages"]]
        return campaign_notes(
            self.book.client.folder, self.book.campaign.id, stage, [FIRST_PAGE, *slots, *pages]
        )

    @cached_property
    def figures(self) -> list[Figure]:
        """All figures, in order."""
        return [item for item in self.items if isinstance(item, Figure)]

    @cached_property
    def tables(self) -> list[Table]:
        """All tables, in order."""
        return [item for item in self.items if isinstance(item, Table)]

    @cached_property
    def notes(self) -> list[Note]:
        """All notes, in order."""
        return [item for item in self.items if isinstance(item, Note)]

    def charts_in(self, slot: str) -> list[Chart | StoredChart]:
        """The charts of one first-page heading."""
        return [item for item in self.items if isinstance(item, Chart | StoredChart) and item.slot == slot]

    def headline(self) -> list[Figure]:
        """Figures that belong in `summary.json`, by key."""
        return sorted((figure for figure in self.figures if figure.headline), key=lambda figure: figure.key)


def note_place(slot: str) -> str:
    """How notes call a heading of the first page: its slot in words."""
    return slot.partition(".")[2].replace("_", " ")


def sent(item: Any) -> Any:
    """An item as a client gets it: figures without our source, tables without our columns."""
    if isinstance(item, Figure):
        return replace(item, source="")
    return item.for_client() if isinstance(item, Table) else item


def _name(item: Any) -> tuple[str, str]:
    """What makes an item the same as another: its key, or for a note its words and place."""
    if isinstance(item, Note):
        return (f"note {item.slot}", str(item.text))
    kind = "chart" if isinstance(item, Chart | StoredChart) else type(item).__name__
    return (kind, item.key)
