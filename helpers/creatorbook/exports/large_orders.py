"""Shopify orders, when the file is large and regular: in ranges of records, all cores at once, Parquet to Parquet.

The same rows and receipt as `shopify` makes step by step. Every assumption is checked on every record; where
one does not hold, nothing is returned and the file is read step by step. A range begins where an order begins,
and within it the records of an order follow one another, so that nothing is sorted and nothing joined.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from creatorbook.exports import parse
from creatorbook.exports.clocks import agrees
from creatorbook.exports.database import SETTINGS
from creatorbook.exports.finishing import REFUNDED, STATE
from creatorbook.exports.loading import column_of, scan_of, text_of
from creatorbook.exports.order_kinds import gift_card_line
from creatorbook.exports.order_sums import sums_held, tell_sums
from creatorbook.exports.reader import Rows, Sheet
from creatorbook.exports.states_of_orders import tell_parts_refunded, tell_states
from creatorbook.exports.values import (
    DATE_KINDS,
    NUMBER_KINDS,
    evidence_by_field,
    tail,
    word_column,
    zones_in,
)
from creatorbook.tables import SQL_TYPES, TABLES, Kind

#: fields of a line that hold numbers
LINES: dict[str, Kind] = {"line_quantity": "number", "line_price": "money", "line_discount": "money"}

_KEYS = ("order_id", "ordered_at", "total")
_SAMPLE = 20_000  #: records looked at for how numbers are written; every record is then held to it
_RANGE = 1_000_000  #: records of one range, at most
_CORES = int(str(SETTINGS["threads"]))
_LONGEST_ORDER = 10_000  #: records looked at to find where an order begins


@dataclass(frozen=True)
class _Range:
    """Records from one number up to another, both counted from 0; the second is not part of it."""

    first: int
    end: int

    @property
    def where(self) -> str:
        """SQL: which records of the file these are."""
        return f"WHERE file_row_number >= {self.first} AND file_row_number < {self.end}"


def read_large_orders(sheet: Sheet, scratch: Path, derived: dict[str, str]) -> Rows | None:
    """Orders and their lines, or None if some record is out of the ordinary.

    Args:
        sheet: a large file whose records are all regular.
        scratch: where the Parquet files go.
        derived: SQL for columns of orders that the shop tells in its own way.
    """
    own = sheet.options.currency
    if own in sheet.options.exchange_rates or sheet.match.currency not in (None, own):
        return None
    numbers = {
        c.name: c.kind for c in TABLES["orders"].columns if c.kind in NUMBER_KINDS and sheet.has(c.name)
    } | ({"subtotal": "money"} if sheet.has("subtotal") else {})
    if not (
        _point_decimals(sheet, [f for f in LINES if sheet.has(f)]) and _point_decimals(sheet, [*numbers])
    ):
        return None
    queries: dict[str, _Lines | _Orders] = {
        "orders": _Orders(sheet, numbers, derived),
        "order_lines": _Lines(sheet),
    }
    files = {name: scratch / f"{name}.parquet" for name in queries}
    _write(sheet, queries, files)
    for name, folder in files.items():
        sheet.connection.execute(
            f"CREATE OR REPLACE TEMP VIEW written_{name} AS FROM read_parquet({parse.text(str(folder))})"
        )
    if not (_regular(sheet) and _market_clocks(sheet)):
        return None
    tell_sums(sheet, "written_orders")
    tell_states(sheet)
    tell_parts_refunded(sheet, "written_orders")
    sheet.time_zone = zones_in(sheet, "SELECT DISTINCT _tail FROM written_orders")
    sheet.currency = own
    (records,) = sheet.one("SELECT coalesce(sum(_records), 0) FROM written_orders")
    return Rows({name: f"written_{name}" for name in files}, int(records), files)


def _point_decimals(sheet: Sheet, fields: list[str]) -> bool:
    """Whether numbers in the first records have a decimal point, and none a comma.

    If all other cells are plain too, no cell of the file speaks for a decimal comma.
    """
    if not fields:
        return True
    cells = ", ".join(parse.number_name(field) for field in fields)
    looks = evidence_by_field(sheet, fields, f"(SELECT {cells} FROM {sheet.raw} LIMIT {_SAMPLE})").values()
    return any(look.point for look in looks) and not any(look.commas for look in looks)


# ------------------------------------------------------------------------------------------- ranges


def _write(sheet: Sheet, queries: dict[str, _Lines | _Orders], files: dict[str, Path]) -> None:
    """Each query's rows as a folder of Parquet files, one for each range, in the order of the file."""
    for folder in files.values():
        folder.mkdir()
    tasks = [
        (query.of(part), files[name] / f"{number:05}.parquet")
        for number, part in enumerate(_ranges(sheet))
        for name, query in queries.items()
    ]

    def copy(task: tuple[str, Path]) -> None:
        with sheet.connection.cursor() as connection:
            connection.execute(
                f"COPY ({task[0]}) TO {parse.text(str(task[1]))} (FORMAT parquet, COMPRESSION lz4_raw, PRESERVE_ORDER true)"
            )

    with ThreadPoolExecutor(_CORES) as pool:
        list(pool.map(copy, tasks))


def _ranges(sheet: Sheet) -> list[_Range]:
    """All records in ranges of like size, at least one for each core, each of which begins with an order."""
    (records,) = sheet.one(f"SELECT count(*) FROM {scan_of(sheet)}")
    count = max(_CORES, -(-records // _RANGE))
    cuts = (_begins(sheet, records * number // count) for number in range(1, count))
    return [_Range(first, end) for first, end in pairwise(sorted({0, records, *filter(None, cuts)}))]


def _begins(sheet: Sheet, record: int) -> int | None:
    """The first record from here on (counted from 0) that begins an order; None if it is far away."""
    (first,) = sheet.one(
        f"SELECT min(file_row_number) FROM (SELECT file_row_number, name, lag(name) OVER (ORDER BY file_row_number) AS before "
        f"FROM (SELECT file_row_number, {_name(sheet)} AS name FROM {scan_of(sheet)} "
        f"WHERE file_row_number >= {record - 1} AND file_row_number < {record + _LONGEST_ORDER})) "
        f"WHERE file_row_number >= {record} AND name IS DISTINCT FROM before"
    )
    return None if first is None else int(first)


def _name(sheet: Sheet) -> str:
    """SQL: the order's name, as in `values.word_column`."""
    return f"ltrim({text_of(sheet, 'order_id')}, '''')"


def _regular(sheet: Sheet) -> bool:
    """Whether no cell is odd and no order comes up again after another."""
    (odd,) = sheet.one(
        "SELECT (SELECT coalesce(bool_or(_odd), false) FROM written_order_lines) "
        "OR (SELECT coalesce(bool_or(_odd OR is_rounded(order_id)), false) FROM written_orders)"
    )
    if odd:
        return False
    (once,) = sheet.one("SELECT count(*) = count(DISTINCT hash(order_id)) FROM written_orders")
    return bool(once)


def _market_clocks(sheet: Sheet) -> bool:
    """Whether every order's clock is the market's own already; where one is not, it is read step by step."""
    return agrees(
        sheet,
        "SELECT _tail AS tail, ordered_at AS moment FROM written_orders",
    )


def _unread(cell: str, value: str) -> str:
    """SQL: whether a cell holds something and its value is missing. Only where it is, the cell is looked at closely."""
    return f"CASE WHEN {cell} IS NOT NULL AND {value} IS NULL THEN clean({cell}) IS NOT NULL ELSE false END"


# ---------------------------------------------------------------------------- what a range becomes


class _Lines:
    """The query for `order_lines`."""

    def __init__(self, sheet: Sheet) -> None:
        values = {f: parse.plain_number(column_of(sheet, f), kind) for f, kind in LINES.items()}
        odd = " OR ".join(_unread(column_of(sheet, f), v) for f, v in values.items() if sheet.has(f))
        self._query = (
            f"SELECT file_row_number + 1 AS _record, 1 AS _records, {_name(sheet)} AS order_id, "
            f"{text_of(sheet, 'line_sku')} AS sku, {text_of(sheet, 'line_name')} AS product, "
            f"{values['line_quantity']} AS quantity, {values['line_price']} AS price, abs({values['line_discount']}) AS discount, "
            f"{gift_card_line(sheet, 'line_name', 'line_sku', lambda field: text_of(sheet, field))} AS gift_card, "
            f"{odd} OR order_id IS NULL OR quantity IS NULL AS _odd FROM {scan_of(sheet)}"
        )

    def of(self, part: _Range) -> str:
        """The query for a range of records."""
        return f"{self._query} {part.where}"


class _Orders:
    """The query for `orders`: cells as values, then what the table's rules say (see `finishing`, `currencies`).

    An order's basket is what was sold up to the next order less what was sold before it. The windows have no
    order of their own: they pass over the records as they lie, without sorting or gathering them. Values are
    made before that, straight from the file, where a text that comes again is looked at once.
    """

    def __init__(self, sheet: Sheet, numbers: dict[str, Kind], derived: dict[str, str]) -> None:
        self._sheet = sheet
        present = [column for column in TABLES["orders"].columns if sheet.has(column.name)]
        cells = {f: parse.plain_number(column_of(sheet, f), kind) for f, kind in numbers.items()}
        cells |= {
            c.name: f"plain_moment({column_of(sheet, c.name)})" for c in present if c.kind in DATE_KINDS
        }
        others = (c for c in present if c.kind not in NUMBER_KINDS | DATE_KINDS and c.name != "order_id")
        cells |= {c.name: word_column(sheet, c) for c in others}
        self._cells, self._derived = cells, derived
        quantity, price = (
            parse.plain_number(column_of(sheet, f), LINES[f]) for f in ("line_quantity", "line_price")
        )
        self._amount = f"{price} * CAST({quantity} AS DECIMAL(12,0))"
        self._values = self._finished(self._typed())

    def of(self, part: _Range) -> str:
        """The query for a range of records. The last order's ends with the range: what was sold in all of it is told."""
        begun = (
            "SELECT *, coalesce(_sold, 0) - coalesce(_amount, 0) AS _before, _known - CAST(_amount IS NOT NULL AS BIGINT) "
            "AS _priced FROM (SELECT *, lag(_name) OVER () AS _previous, sum(_amount) OVER (ROWS UNBOUNDED PRECEDING) "
            f"AS _sold, count(_amount) OVER (ROWS UNBOUNDED PRECEDING) AS _known FROM ({self._values} {part.where})) "
            f"WHERE _name IS DISTINCT FROM _previous OR file_row_number = {part.first}"
        )
        sold, priced = self._sheet.one(
            f"SELECT coalesce(sum({self._amount}), 0), count({self._amount}) FROM {scan_of(self._sheet)} {part.where}"
        )
        until = (
            f"SELECT *, lead(file_row_number, 1, {part.end}) OVER () AS _next, lead(_before, 1, CAST({sold} AS "
            f"DECIMAL(38,2))) OVER () AS _sold_until, lead(_priced, 1, {priced}) OVER () AS _priced_until FROM ({begun})"
        )
        basket = "CASE WHEN _priced_until > _priced THEN CAST(_sold_until - _before AS DECIMAL(18,2)) END"
        baskets = (
            f"SELECT * REPLACE ({basket} AS gross), file_row_number + 1 AS _record, "
            f"_next - file_row_number AS _records FROM ({until})"
        )
        columns = ", ".join(map(parse.name, TABLES["orders"].names))
        missing = " OR ".join(f"{key} IS NULL" for key in _KEYS)
        return (
            f"SELECT _record, _records, {columns}, _tail, _way, _off, _odd OR {missing} OR total < 0 AS _odd "
            f"FROM ({sums_held(self._sheet, baskets)})"
        )

    def _typed(self) -> str:
        """Each cell as text under its field's name, and as a value under that name behind `=`; what the line sold for."""
        sheet = self._sheet
        texts = ", ".join(f"{text_of(sheet, f)} AS {parse.name(f)}" for f in sheet.match.fields)
        values = ", ".join(f"{value} AS {_value(field)}" for field, value in self._cells.items())
        return (
            f"SELECT *, {_name(sheet)} AS _name, {self._amount} AS _amount, {values} "
            f"FROM (SELECT *, {texts} FROM {scan_of(sheet)})"
        )

    def _finished(self, typed: str) -> str:
        """The table's columns and the subtotal, before the order's amounts are held against its total.

        A customer is not looked at closely: what is no address has a hash, too.
        """
        own, sheet = parse.text(self._sheet.options.currency), self._sheet
        values = (
            {f: _value(f) for f in self._cells if f != "subtotal"} | self._derived | {"order_id": "_name"}
        )
        columns = ", ".join(
            f"CAST({values.get(c.name, 'NULL')} AS {SQL_TYPES[c.kind]}) AS {parse.name(c.name)}"
            for c in TABLES["orders"].columns
        )
        subtotal = _value("subtotal") if sheet.has("subtotal") else "CAST(NULL AS DECIMAL(18,2))"
        odd = " OR ".join(
            _unread(column_of(sheet, field), _value(field)) for field in self._cells if field != "customer"
        )
        return (
            f"SELECT * REPLACE ({REFUNDED} AS refunded, {STATE} AS order_state, _odd OR currency <> {own} AS _odd) FROM (SELECT * "
            "REPLACE (abs(discount) AS discount, abs(refunded) AS refunded, lower(channel) AS channel, "
            f"coalesce(currency, {own}) AS currency) FROM (SELECT file_row_number, _name, _amount, {columns}, "
            f"{subtotal} AS subtotal, {tail('ordered_at')} AS _tail, {odd} AS _odd FROM ({typed})))"
        )


def _value(field: str) -> str:
    return parse.name(f"={field}")
