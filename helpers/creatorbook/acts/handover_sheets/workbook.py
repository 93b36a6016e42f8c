"""A creator's sheet as a small workbook: brief, label words, data to send, pay and rights."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import xlsxwriter

from creatorbook.report.theme import Branding
from creatorbook.text.plain_text import for_page

if TYPE_CHECKING:
    from creatorbook.acts.handover_sheets.content import Content
    from creatorbook.book import Book

#: text stays text: no formula, no link, no number is made of it
_SAFE = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}


def handover_workbook(book: Book, content: Content) -> bytes:
    """The file's bytes, the same for the same sheet."""
    stream = io.BytesIO()
    made = xlsxwriter.Workbook(stream, _SAFE)
    created = datetime.combine(book.as_of, datetime.min.time())
    made.set_properties(
        {"title": for_page(content.title), "author": for_page(book.client.brand), "created": created}
    )
    words = content.words
    looks = {
        "head": made.add_format(
            {"bold": True, "bottom": 1, "font_color": Branding.of(book.client).primary, "text_wrap": True}
        ),
        "cell": made.add_format({"text_wrap": True, "valign": "top"}),
        "name": made.add_format({"text_wrap": True, "valign": "top", "bold": True}),
    }
    _page(made, looks, words["kind"], (28, 92), (content.title, content.subtitle), _brief(content))
    heads = [words[key] for key in ("format", "words", "place", "switch", "not_enough")]
    _page(made, looks, words["words"], (24, 20, 60, 48, 48), heads, content.labels)
    heads = [words[key] for key in ("what", "where", "when")]
    _page(made, looks, words["send"], (44, 70, 34), heads, content.requests)
    pay = [*content.pay, (words["total"], content.total, "")]
    _page(made, looks, words["gets"], (40, 30, 40), (words["gets"], "", ""), pay)
    made.close()
    return stream.getvalue()


def _brief(content: Content) -> Iterable[Sequence[str]]:
    words, sheet = content.words, content.sheet
    yield words["make"], content.deliverables
    yield words["draft_by"], content.day(sheet.draft_due)
    yield words["live"], f"{content.day(sheet.start)} – {content.day(sheet.end)}"
    for heading, lines in content.facts:
        for number, line in enumerate(lines):
            yield (heading if number == 0 else ""), line
    yield words["code"], f"{content.code} ({content.off})"
    for account in sheet.accounts:
        yield f"{words['links']} @{account.handle}", account.link or words["no_link"]
    for what, size, reason in content.gifts:
        parts = [what, f"{words['size']} {size}" if size else "", reason]
        yield words["gifts"], " · ".join(part for part in parts if part)
    for line in content.rights:
        yield words["rights"], line
    if sheet.contract_first:
        yield "", words["contract"]
    yield "", content.advice


def _page(
    made: Any,
    looks: dict[str, Any],
    name: str,
    widths: Sequence[int],
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
) -> None:
    """One page: a line of headings and rows of text."""
    page = made.add_worksheet("".join(sign for sign in name if sign not in "[]:*?/\\'")[:31])
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    for column, head in enumerate(heads):
        page.write_string(0, column, for_page(head), looks["head"])
    for line, row in enumerate(rows, start=1):
        for column, text in enumerate(row):
            page.write_string(line, column, for_page(text), looks["name" if column == 0 else "cell"])
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
