"""`data.xlsx` of both papers: a sheet per table, typed columns, real Excel tables, links, and native charts.

The working paper's has every table under its key; the client's has those that `packs/pages_to_send.yml` names, under
names a client reads. Sheet names, columns and their order are a contract (`report.contract`).
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd
import xlsxwriter
from babel.numbers import get_currency_symbol

from creatorbook import themes
from creatorbook.exports.receipts import REJECTED_COLUMNS, rejected_rows
from creatorbook.findings import Column, Table
from creatorbook.findings.render import MARKS, leads_to
from creatorbook.packs import pack
from creatorbook.text.plain_text import for_page
from creatorbook.text.translations import words

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from creatorbook.client import Client
    from creatorbook.findings.formats import Formats
    from creatorbook.report.contents import Contents
    from creatorbook.text.translations import Words

#: raised when a sheet or column changes its name, order or meaning
WORKBOOK_SCHEMA = 7

README, HEADLINE, FILES, ASIDE, FIGURES = "Read me", "Headline figures", "Files", "Set aside", "Figures"

#: tables that get a native chart: kind, column of names, column of values
CHARTS = {
    "roi.ladder": ("bar", "what", "amount"),
    "roi.creators": ("bar", "creator", "orders"),
    "tiers.three_ways": ("bar", "way", "cost"),
}

#: Excel's own limits
LONGEST_NAME, LONGEST_TEXT, LONGEST_LINK = 31, 32_767, 2_079

_SAFE = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}

_FIGURE_COLUMNS = {
    "key": Column("Key"),
    "label": Column("Figure"),
    "value": Column("Value", "any", 4),
    "unit": Column("Unit"),
    "low": Column("Likely from", "any", 4),
    "high": Column("Likely to", "any", 4),
    "n": Column("n", "number"),
    "grade": Column("Evidence"),
    "source": Column("Source"),
}

_FILE_COLUMNS = {
    "file": Column("File"),
    "label": Column("What it is"),
    "whose": Column("Whose"),
    "first_day": Column("First day", "date"),
    "last_day": Column("Last day", "date"),
    "rows_in": Column("Rows in", "number"),
    "kept": Column("Kept", "number"),
    "set_aside": Column("Set aside", "number"),
    "duplicates": Column("Counted once", "number"),
    "reasons": Column("Why rows were set aside"),
    "missing": Column("What is missing and what it costs"),
}

_ASIDE_COLUMNS = {
    "file": Column("File"),
    "record": Column("Record"),
    "column": Column("Column"),
    "reason": Column("Reason"),
    "expected form": Column("Expected form"),
}


@dataclass
class _Book:
    """A workbook being written: its formats are made once and shared; its words are English in every language."""

    made: Workbook
    written: Formats
    words: Words
    formats: dict[str, Format]
    primary: str
    brand: str

    def format(self, column: Column) -> Format:
        """The cell format of a column's unit."""
        pattern = number_format(column, self.written)
        return self.named(
            pattern, {"num_format": pattern, "valign": "top", "text_wrap": column.unit == "text"}
        )

    def named(self, name: str, properties: dict[str, Any]) -> Format:
        """A format by a name of its own."""
        if name not in self.formats:
            self.formats[name] = self.made.add_format(properties)
        return self.formats[name]


@dataclass(frozen=True)
class _Sheet:
    """A sheet to be written: its name, its table, and what the index says of it."""

    name: str
    table: Table
    about: str


def data_workbook(contents: Contents) -> bytes:
    """The working paper's file, the same bytes for the same contents."""
    names = sheet_names([table.key for table in contents.tables if table.sheet])
    headline = "every headline figure with its likely range, count, evidence and source"
    files = "every file used: rows in, kept and set aside"
    aside = "every record that is in no figure, with the reason; never what stood in it"
    sheets = [
        _Sheet(HEADLINE, _headline(contents, _FIGURE_COLUMNS), headline),
        *(_Sheet(names[table.key], table, str(table.title)) for table in contents.tables if table.sheet),
        _Sheet(FILES, _files(contents), files),
        _Sheet(ASIDE, _aside(contents), aside),
    ]
    return _workbook(contents, sheets)


def clients_workbook(contents: Contents) -> bytes:
    """The client's file, the same bytes for the same contents.

    Args:
        contents: what the client gets (`Contents.for_client`).
    """
    tables = {table.key: table for table in contents.tables}
    columns = {name: column for name, column in _FIGURE_COLUMNS.items() if name not in {"key", "source"}}
    sheets = [
        _Sheet(
            FIGURES, _headline(contents, columns), "every figure of the first pages, with its likely range"
        ),
        *(
            _Sheet(name, tables[key], str(tables[key].title))
            for key, name in clients_sheets().items()
            if key in tables
        ),
    ]
    return _workbook(contents, sheets)


def table_workbook(table: Table, client: Client, formats: Formats, day: date) -> bytes:
    """One table as a workbook of its own, the same bytes for the same table.

    Args:
        table: its texts written.
        client: whose colours and name it has.
        formats: how figures are written.
        day: of its making, as the file's properties say.
    """
    stream = io.BytesIO()
    book = _opened(stream, str(table.title), client, formats, day)
    _sheet(book, sheet_names([table.key])[table.key], table)
    book.made.close()
    return stream.getvalue()


def _opened(stream: io.BytesIO, title: str, client: Client, formats: Formats, day: date) -> _Book:
    """A new workbook of a client, in English with the market's word for the tax."""
    made = xlsxwriter.Workbook(stream, _SAFE)
    created = datetime.combine(day, datetime.min.time())
    made.set_properties(
        {"title": _plain(f"{client.brand}: {title}"), "author": "creatorbook", "created": created}
    )
    english = words("en", formats.tax)
    return _Book(made, formats, english, {}, themes.text_colours(client)[0], client.brand)


def clients_sheets() -> dict[str, str]:
    """Key of a table → name of its sheet in the client's file, in their order."""
    return dict(pack("pages_to_send")["sheets"])


def _workbook(contents: Contents, sheets: list[_Sheet]) -> bytes:
    stream, opened = io.BytesIO(), contents.book
    book = _opened(stream, opened.campaign.title, opened.client, contents.formats, opened.as_of)
    _read_me(book, contents, sheets)
    for sheet in sheets:
        _sheet(book, sheet.name, sheet.table)
    book.made.close()
    return stream.getvalue()


def sheet_names(keys: list[str]) -> dict[str, str]:
    """A sheet name for each table key: readable, unique whatever the case, at most 31 characters."""
    names: dict[str, str] = {}
    taken = {name.lower() for name in (README, HEADLINE, FILES, ASIDE)}
    for key in keys:
        plain = re.sub(r"[\[\]:*?/\\'._]+", " ", key).strip() or "table"
        name, again = plain[:LONGEST_NAME].strip(), 2
        while name.lower() in taken:
            tail = f" {again}"
            name, again = plain[: LONGEST_NAME - len(tail)].strip() + tail, again + 1
        taken.add(name.lower())
        names[key] = name
    return names


def number_format(column: Column, formats: Formats) -> str:
    """Excel's number format for a column; the sign of the currency stands where the reader's language puts it."""
    places = "." + "0" * column.digits if column.digits else ""
    if column.unit == "money":
        sign = f'"{get_currency_symbol(formats.currency, "en")}"'
        behind = formats.money(0).startswith("0")
        return f"#,##0{places}\u00a0{sign}" if behind else f"{sign}#,##0{places}"
    if column.unit == "percent":
        return f"0{places}%"
    if column.unit == "date":
        return "yyyy-mm-dd"
    if column.unit == "text":
        return "@"
    return "General" if column.unit == "any" else f"#,##0{places}"


def _read_me(book: _Book, contents: Contents, sheets: list[_Sheet]) -> None:
    """The first sheet: whose figures these are, how to read them, and a link to every other sheet."""
    sheet = book.made.add_worksheet(README)
    opened, campaign = contents.book, contents.book.campaign
    title = book.named("title", {"bold": True, "font_size": 16, "font_color": book.primary})
    bold = book.named("bold", {"bold": True, "valign": "top"})
    wrap = book.named("wrap", {"text_wrap": True, "valign": "top"})
    lines = [
        ("Client", opened.client.brand),
        ("Campaign", campaign.title),
        ("Dates", f"{campaign.start.isoformat()} to {campaign.end.isoformat()}"),
        ("Stage", opened.stage),
        ("As of", opened.as_of.isoformat()),
        *([("Version", f"draft {contents.draft}, not cleared for sending")] if contents.draft else []),
        ("Currency", opened.client.currency),
        ("Layout", f"version {WORKBOOK_SCHEMA}"),
        ("", ""),
        *((f"{MARKS[grade]} {grade}", meaning) for grade, meaning in _GRADES.items()),
        ("Empty cell", "not available: no file brought it. It never means 0."),
        ("Prices", book.words("exclude VAT unless a column says otherwise")),
        ("", ""),
    ]
    sheet.write_string(0, 0, _plain(f"{opened.client.brand}: {campaign.title}"), title)
    for row, (name, text) in enumerate(lines, start=2):
        sheet.write_string(row, 0, name, bold)
        sheet.write_string(row, 1, _plain(str(text)), wrap)
    link = book.named("link", {"font_color": book.primary, "underline": 1, "valign": "top"})
    for row, other in enumerate(sheets, start=len(lines) + 2):
        sheet.write_url(row, 0, f"internal:'{other.name}'!A1", link, string=other.name)
        sheet.write_string(row, 1, _plain(book.words(other.about)), wrap)
    _printed(book, sheet)
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 1, 84)
    sheet.hide_gridlines(2)


_GRADES = {
    "counted": "taken from a file",
    "estimated": "worked out by a method, with a likely range",
    "assumed": "taken from the client's own statement or a public source",
}


def _headline(contents: Contents, columns: dict[str, Column]) -> Table:
    rows = [
        {
            **{name: getattr(figure, name) for name in columns},
            "label": contents.words.with_tax(str(figure.label)),
        }
        for figure in contents.headline()
    ]
    return Table("headline", HEADLINE, pd.DataFrame(rows, columns=list(columns), dtype=object), columns)


def _files(contents: Contents) -> Table:
    rows = [
        {
            "file": receipt.file,
            "label": receipt.label,
            "whose": receipt.whose,
            "first_day": receipt.first_day,
            "last_day": receipt.last_day,
            "rows_in": receipt.rows_in,
            "kept": receipt.kept,
            "set_aside": receipt.rows_in - receipt.kept,
            "duplicates": receipt.duplicates,
            "reasons": "; ".join(f"{group.count} × {group.reason}" for group in receipt.set_aside),
            "missing": "; ".join(f"{column}: {cost}" for column, cost in receipt.missing.items()),
        }
        for receipt in sorted(contents.book.receipts, key=lambda receipt: receipt.file)
    ]
    return Table("files", FILES, pd.DataFrame(rows, columns=list(_FILE_COLUMNS), dtype=object), _FILE_COLUMNS)


def _aside(contents: Contents) -> Table:
    rows = rejected_rows(sorted(contents.book.receipts, key=lambda receipt: receipt.file))
    return Table("set_aside", ASIDE, pd.DataFrame(rows, columns=list(REJECTED_COLUMNS)), _ASIDE_COLUMNS)


def _sheet(book: _Book, name: str, table: Table) -> None:
    """One table as a sheet: an Excel table with a frozen header, readable widths, links, and ready to be printed."""
    sheet = book.made.add_worksheet(name)
    columns = list(table.seen.values())
    values = [table.frame[name].tolist() for name in table.seen]
    named = [book.words.with_tax(heading) for heading in headings(columns)]
    sheet.add_table(
        0,
        0,
        max(len(table.frame), 1),
        len(columns) - 1,
        {
            "name": "T_" + re.sub(r"\W", "_", table.key),
            "style": "Table Style Light 1",
            "columns": [{"header": heading} for heading in named],
        },
    )
    units = [(column.unit, book.format(column)) for column in columns]
    text = book.format(Column(""))
    for row, record in enumerate(zip(*values, strict=True), start=1):
        for place, (value, (unit, form)) in enumerate(zip(record, units, strict=True)):
            _write(sheet, row, place, value, unit, form, text)
    _links(book, sheet, table)
    sheet.freeze_panes(1, 1)
    for place, heading in enumerate(named):
        sheet.set_column(place, place, _width(heading, values[place], columns[place]))
    _printed(book, sheet)
    sheet.repeat_rows(0)
    _chart(book, sheet, name, table)


def _links(book: _Book, sheet: Worksheet, table: Table) -> None:
    """Lead each cell of a column with addresses to its own; it keeps its text."""
    link = book.named("link", {"font_color": book.primary, "underline": 1, "valign": "top"})
    for place, (name, column) in enumerate(table.seen.items()):
        addresses = table.frame[column.link] if column.link else ()
        for row, (text, address) in enumerate(zip(table.frame[name], addresses, strict=False), start=1):
            if address := leads_to(address)[:LONGEST_LINK]:
                sheet.write_url(row, place, address, link, string=_plain(str(text)))


def _printed(book: _Book, sheet: Worksheet) -> None:
    """A sheet across A4 on its side, as wide as the paper, with its name and page at the foot."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{_plain(book.brand).replace('&', '&&')[:100]}&C&A&R&P / &N")


def headings(columns: list[Column]) -> list[str]:
    """Headings as an Excel table wants them: each once, whatever the case."""
    headings: list[str] = []
    for column in columns:
        label = _plain(str(column.label)) or "–"
        heading, again = label, 2
        while heading.lower() in {taken.lower() for taken in headings}:
            heading, again = f"{label} {again}", again + 1
        headings.append(heading)
    return headings


def _write(sheet: Worksheet, row: int, place: int, value: Any, unit: str, form: Format, text: Format) -> None:
    """One cell by its type; what is not available is left empty, and a text is never a formula."""
    if isinstance(value, str):
        sheet.write_string(row, place, _plain(value), text)
    elif value is None or pd.isna(value):
        sheet.write_blank(row, place, None, form)
    elif unit == "date":
        sheet.write_datetime(row, place, pd.Timestamp(value).to_pydatetime().replace(tzinfo=None), form)
    elif unit == "text":
        sheet.write_string(row, place, _plain(str(value)), text)
    else:
        sheet.write_number(row, place, float(value), form)


def _plain(text: str) -> str:
    """A text as a cell can hold it: no sign that is obeyed or unseen, at most what Excel allows."""
    return for_page(text)[:LONGEST_TEXT]


def _width(heading: str, values: list[Any], column: Column) -> int:
    """Column width in characters, between 9 and 60."""
    longest = max((len(str(value)) for value in values if value is not None), default=0)
    if column.unit not in {"text", "any"}:
        longest = min(longest, 14)
    return min(max(longest, len(heading) + 3, 9), 60)


def _chart(book: _Book, sheet: Worksheet, name: str, table: Table) -> None:
    """A native chart beside a table that `CHARTS` names, where its columns are there."""
    kind, label, value = CHARTS.get(table.key, ("", "", ""))
    if not kind or label not in table.columns or value not in table.columns or table.frame.empty:
        return
    last = min(len(table.frame), 15)
    places = list(table.seen)
    chart = book.made.add_chart({"type": kind})
    chart.add_series(
        {
            "name": book.words.with_tax(str(table.columns[value].label)),
            "categories": [name, 1, places.index(label), last, places.index(label)],
            "values": [name, 1, places.index(value), last, places.index(value)],
            "fill": {"color": book.primary},
            "gap": 60,
        }
    )
    chart.set_title({"name": table.title, "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True})
    chart.set_size({"width": 620, "height": 60 + 26 * last})
    sheet.insert_chart(1, len(places) + 1, chart, {"description": f"{table.title}, as bars"})
