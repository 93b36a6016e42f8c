"""What plugins bring that no other room declares: files of an edition, price models, label rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from creatorbook.book import Book
from creatorbook.client.report_places import TO_SEND, WORKING
from creatorbook.findings import Chart, Figure, Note, Table
from creatorbook.findings.items import StoredChart


@dataclass(frozen=True)
class PriceRange:
    """What one piece of an account may cost.

    Attributes:
        low, high: for one piece, excl. VAT.
        currency: of both, an ISO code.
        source: who says so, when, and how good the evidence is.
    """

    low: float
    high: float
    currency: str
    source: str


@dataclass(frozen=True)
class PriceModel:
    """A way to say what a piece of an account may cost.

    Attributes:
        id: stable and unique.
        price: from an account (platform, followers, handle, …, as in the creators list) to a range; `None` where the model
            does not know such an account. Pure.
    """

    id: str
    price: Callable[[Mapping[str, Any]], PriceRange | None]


@dataclass(frozen=True)
class Command:
    """A command of `workbook.py`, and whose it is.

    Attributes:
        run: a typer app, or a function that typer makes a command of.
        release: the plugin's distribution and version; empty for one of creatorbook's.
    """

    run: Any
    release: str


#: for whom a file of an edition is → the folder it lies in
FOLDERS: Mapping[str, str] = {"client": TO_SEND, "working": WORKING, "programs": "."}


@dataclass(frozen=True)
class EditionContents:
    """One paper of an edition, as an output gets it.

    Attributes:
        reader: whose paper it is: the `client`'s, or the strategist's `working` paper. `programs` read the working one.
        book: the opened campaign.
        items: figures, tables, charts and notes in reading order; of the client's paper only what is the client's.
        html: the paper's page, whole, with everything in it.
        summary: what `summary.json` holds.
        remark: adds a sentence to what the call prints about the edition.
        document: what the built-in outputs are printed from; `None` for plugins.
    """

    reader: Literal["client", "working", "programs"]
    book: Book
    items: tuple[Figure | Table | Chart | StoredChart | Note, ...]
    html: str
    summary: Mapping[str, Any]
    remark: Callable[[str], None]
    document: Any = field(default=None, repr=False)


@dataclass(frozen=True)
class Output:
    """A file of an edition: page, PDF, spreadsheet, slides …

    Attributes:
        file: its name, as `report.pdf`.
        reader: for whom it is: the `client` (to-send/), the strategist (`working`/), or other `programs` (beside both).
        make: from a paper to the file's content; `None` where it cannot be made here, and a remark says why.
        title: what its link in index.html is called; empty for none.
    """

    file: str
    reader: Literal["client", "working", "programs"]
    make: Callable[[EditionContents], bytes | None]
    title: str = ""

    @property
    def place(self) -> str:
        """Where it lies in its edition's folder; no two outputs have the same."""
        folder = FOLDERS[self.reader]
        return self.file if folder == "." else f"{folder}/{self.file}"
