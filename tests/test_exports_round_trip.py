"""Whatever a table holds: written in any layout, language, locale and encoding, it is read back to the same values."""

from __future__ import annotations

import csv
import io
import math
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from creatorbook.exports.built_in import built_in_readers
from creatorbook.exports.layouts import Layout, normal
from creatorbook.exports.plain import KEYS
from creatorbook.exports.recognise import find_fields
from creatorbook.tables import TABLES, CanonicalColumn
from shelf import read_one
from test_exports_properties import QUICK, a_shelf

#: layouts whose records are rows, so that a table can be written in them
WRITABLE = {
    reader.name: reader.layout
    for reader in built_in_readers()
    if reader.layout.reading in {"plain", "creators", "posts", "orders", "audience", "shopify_discounts"}
}
#: read into something else on purpose: hashes, states, areas, texts without names
NOT_AS_WRITTEN = {"customer", "commenter", "journey", "order_state", "postcode_area", "text", "whose"}
#: amounts of an order are held against each other, and what was meant by them is told by their sums: `test_real_orders`
JUDGED_TOGETHER = {"gross", "discount", "shipping", "tax", "refunded"}
#: text columns of few values, under the names steps compare
CHOICES = {
    "platform": ["instagram", "tiktok", "youtube"],
    "format": ["image", "reel", "story"],
    "currency": ["EUR"],
    "country": ["DE", "FR", "AT"],
    "dimension": ["age"],
    "value_kind": ["percentage", "fixed_amount"],
    "language": ["de", "en"],
}
UPPER = {"code", "discount_code"}
#: columns that name a row; each row has its own
NAMES = {"handle", "order_id", "post_id", "sku", "code", "journey", "query"}

words = st.from_regex(r"[a-zäöüé][a-zäöüé ,;|\"'.&-]{1,12}[a-zäöüé]", fullmatch=True)
amounts = st.decimals(min_value=0, max_value=99_999, places=2).map(float)
counts = st.integers(0, 3_000_000).map(float)
days = st.dates(date(2020, 1, 1), date(2029, 12, 31))
moments = st.datetimes(datetime(2020, 1, 1), datetime(2029, 12, 31)).map(lambda t: t.replace(microsecond=0))  # noqa: DTZ001 - the clock of a file


def value_of(column: CanonicalColumn, row: int) -> st.SearchStrategy[Any]:
    """A value that a column can hold."""
    if column.name in NAMES:
        return st.just(f"NAME{row}" if column.name in UPPER else f"name_{row}")
    if column.name in CHOICES:
        return st.sampled_from(CHOICES[column.name])
    if column.name == "date":  # names the row of a daily table, too
        return st.just(date(2026, 1, 1) + timedelta(days=17 * row))
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "text": words.map(str.upper) if column.name in UPPER else words,
        "number": counts,
        "whole": counts,
        "money": amounts,
        "rate": st.integers(0, 1000).map(lambda n: n / 1000),
        "date": days,
        "moment": moments,
        "flag": st.booleans(),
    }
    return kinds[column.kind]


def written(value: Any, column: CanonicalColumn, locale: str) -> str:
    """A value as a person in a country writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S" if locale == "plain" else "%d.%m.%Y %H:%M:%S")
    if isinstance(value, date):
        return value.strftime("%Y-%m-%d" if locale == "plain" else "%d.%m.%Y")
    if isinstance(value, str):
        return value
    text = {
        "money": f"{value:,.2f}",
        "rate": f"{100 * value:.1f}%",
    }.get(column.kind, f"{value:,.0f}")
    if locale == "plain":
        return text.replace(",", "")
    return text.translate(str.maketrans(",.", ".,")) if locale == "German" else text


@st.composite
def tables(draw: st.DrawFn) -> tuple[Layout, list[CanonicalColumn], list[str], list[list[Any]]]:
    """A layout, some of its columns, what a file calls them, and rows."""
    layout = WRITABLE[draw(st.sampled_from(sorted(WRITABLE)))]
    table = TABLES[layout.tables[0]]
    judged = JUDGED_TOGETHER if table.name == "orders" else set()
    own = [c for c in table.columns if c.name in layout.columns and c.name not in NOT_AS_WRITTEN | judged]
    own += [CanonicalColumn(field, "text", "") for field in needed_besides(layout)]
    needed = {*KEYS.get(table.name, ()), *(f for need in layout.signature for f in need.split("|"))}
    columns = [column for column in own if column.name in needed or draw(st.booleans())]
    header: list[str] = []
    for column in columns:
        names = [name for name in layout.columns[column.name] if "{" not in name]
        names = [name for name in names or [column.name] if normal(name) not in map(normal, header)]
        header.append(draw(st.sampled_from(names or [f"{column.name} here"])))
    keys = {*KEYS.get(table.name, ()), *needed_besides(layout), "creator"}
    rows = [
        [
            draw(value_of(c, row) if c.name in keys or not place else st.one_of(st.none(), value_of(c, row)))
            for place, c in enumerate(columns)
        ]
        for row in range(draw(st.integers(1, 5)))
    ]
    if table.name == "feedback":
        rows = [_of_the_whole(columns, row) for row in rows]
    return layout, columns, header, rows


def _of_the_whole(columns: list[CanonicalColumn], row: list[Any]) -> list[Any]:
    """A row of counted comments, at least one, whose kinds are no more than all of them: anything else is refused."""
    kinds = {"praise", "size", "price", "where_to_buy", "complaint", "other"}
    parts = sum(value or 0 for value, column in zip(row, columns, strict=True) if column.name in kinds)
    return [
        max(parts, 1) if column.name == "counted" else value
        for value, column in zip(row, columns, strict=True)
    ]


def needed_besides(layout: Layout) -> list[str]:
    """Fields a layout is recognised by that are no columns of its table."""
    known = {column for table in layout.tables for column in TABLES[table].names} - NOT_AS_WRITTEN
    needs = [need.split("|") for need in layout.signature]
    return [need[0] for need in needs if not known & set(need)]


def mapping_of(layout: Layout, columns: list[CanonicalColumn], header: list[str]) -> dict[str, Any]:
    """What client.yml must say: the reader, and the columns only where their names alone tell something else."""
    told: dict[str, Any] = {"file": "x.csv", "reader": layout.name}
    intended = {column.name: place for place, column in enumerate(columns)}
    found, _ = find_fields(layout, header)
    if {field: place for field, place in found.items() if field in intended} == intended == found:
        return told
    return told | {"columns": {column.name: name for column, name in zip(columns, header, strict=True)}}


@settings(QUICK, max_examples=25, derandomize=True)  # what chance finds anew is for who looks for it
@given(
    tables(),
    st.sampled_from(["plain", "English", "German"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n"]),
)
def test_a_table_comes_back(
    told: tuple[Layout, list[CanonicalColumn], list[str], list[list[Any]]],
    locale: str,
    encoding: str,
    delimiter: str,
    end: str,
) -> None:
    """The same values in the same order, none set aside, none unreadable."""
    layout, columns, header, rows = told
    # of one column nobody can say what stands between two
    assume(len(header) > 1 or not any(set(",;\t|") & set(str(row[0])) for row in rows))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    writer.writerow(header)
    writer.writerows([[written(v, c, locale) for v, c in zip(row, columns, strict=True)] for row in rows])
    with a_shelf() as folder:
        content = out.getvalue().encode(encoding, "replace")
        done, receipt = read_one(folder, content, mapping=[mapping_of(layout, columns, header)])
        done = done.loaded()
    # three letters can be too few to tell an encoding; the receipt says that it was guessed
    assume(not any("is a guess" in note and "Windows-1252" not in note for note in receipt.notes))
    assert (receipt.reader, receipt.rows_in, receipt.kept) == (layout.name, len(rows), len(rows))
    assert not receipt.unreadable
    frame = done.tables.frames[layout.tables[0]]
    for place, column in ((i, c) for i, c in enumerate(columns) if c.meaning):
        for row, found in zip(rows, frame[column.name].tolist(), strict=True):
            assert same(row[place], found, column), (column.name, row[place], found)


def same(value: Any, found: Any, column: CanonicalColumn) -> bool:
    """Whether what was read is what was written."""
    if value is None or pd.isna(found):
        filled = {
            "creator",
            "gross",
            "platform",
            "currency",
            "starts_on",
            "ends_on",
            "cancelled_at",
            "exchange",
        }
        return (value is None and column.name in filled) or (value is None and bool(pd.isna(found)))
    if isinstance(value, date):
        return pd.Timestamp(value) == found
    if column.kind == "rate":  # divided by 100, a share may differ in its sixteenth digit
        return math.isclose(value, found, rel_tol=1e-12)
    return bool(value == found)
