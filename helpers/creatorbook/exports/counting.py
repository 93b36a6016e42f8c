"""Counts that no pattern of the database reads: each different text of a column is read once, by itself."""

from __future__ import annotations

from creatorbook.exports import parse
from creatorbook.exports.reader import Sheet
from creatorbook.text.counts import count_in

MOST_TEXTS = 50_000  #: different texts looked at


def read_counts(sheet: Sheet, field: str, read: str, form: str) -> str | None:
    """SQL for the counts that the expression `read` leaves out; None if nobody can read any of them.

    Args:
        sheet: what is read.
        field: the field that holds them.
        read: SQL for the numbers that the column's own convention tells.
        form: a pattern of all of those. Planning it takes a third of the time, and most columns hold nothing else.
    """
    cell, table = parse.name(field), parse.name(f"counts_in_{field}")
    others = f"NOT regexp_matches({parse.number_name(field)}, {parse.text(form)})"
    if not sheet.one(f"SELECT count(*) FROM {sheet.raw} WHERE {others}")[0]:
        return None
    texts = sheet.connection.execute(
        f"SELECT {cell}, count(*) FROM {sheet.raw} WHERE {cell} IS NOT NULL AND {read} IS NULL GROUP BY 1 "
        f"ORDER BY min(_record) LIMIT {MOST_TEXTS}"
    ).fetchall()
    counts = {text: count for text, _ in texts if (count := count_in(text))}
    if not counts:
        return None
    about = [(text, rows) for text, rows in texts if text in counts and counts[text].about]
    if about:
        sheet.notes.append(
            f"{sheet.header_of(field)}: cells that say about or at least so many (such as {about[0][0]}) are read as "
            f"that number: {sum(rows for _, rows in about)}"
        )
    sheet.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT unnest($1::VARCHAR[]) AS _text, unnest($2::DOUBLE[]) AS _count",
        [list(counts), [count.number for count in counts.values()]],
    )
    return f"(SELECT _count FROM {table} WHERE _text = {cell})"
