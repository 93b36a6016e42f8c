"""What the reports of the sample clients hold, made by their notebooks without a kernel, once for all tests."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from pypdf import PdfReader

from creatorbook.client.repository import SAMPLE_DATA
from creatorbook.opening import open_book
from creatorbook.report import document, pdf
from creatorbook.report.contents import Contents
from samples import SAMPLES
from steps import run_stage

STAGES = ["plan", "pulse", "results"]

each_edition = pytest.mark.parametrize(
    ("client", "stage"), [(client, stage) for client in SAMPLES for stage in STAGES]
)


@cache
def contents(client: str, stage: str) -> Contents:
    """What the report of a sample client holds."""
    folder = SAMPLE_DATA / client
    book = open_book(str(folder), None, stage, "report", None)
    return Contents.of(book, run_stage(folder, stage))


@cache
def sent(client: str, stage: str) -> document.Report:
    """The client's copy of it."""
    return document.compose_to_send(document.compose(contents(client, stage), []))


@cache
def printed(client: str, stage: str) -> bytes:
    """That copy as PDF."""
    made = pdf.printed_pdf(sent(client, stage), [])
    assert made is not None
    return made


def bookmarks(reader: PdfReader) -> list[tuple[str, int]]:
    """Titles of a PDF's outline in their order, each with the page it leads to."""

    def flat(items: list[Any]) -> Iterator[Any]:
        for item in items:
            yield from flat(item) if isinstance(item, list) else [item]

    return [(item.title, reader.get_destination_page_number(item)) for item in flat(reader.outline)]
