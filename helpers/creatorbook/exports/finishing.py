"""The rules of single canonical tables, applied to the table `typed` after its cells were read."""

from __future__ import annotations

from collections.abc import Callable

from creatorbook.exports import parse
from creatorbook.exports.reader import Sheet
from creatorbook.exports.receipts import LISTED, SetAside
from creatorbook.problems import Problem
from creatorbook.tables import TABLES


def replace_columns(sheet: Sheet, **values: str) -> None:
    """Set columns of `typed` to SQL expressions over its own columns, all at once."""
    settings = ", ".join(f"{parse.name(column)} = {value}" for column, value in values.items())
    sheet.connection.execute(f"UPDATE typed SET {settings}")


def take_out(
    sheet: Sheet, condition: str, reason: str, field: str = "", expected: str = ""
) -> list[SetAside]:
    """Set aside the rows of `typed` that meet a condition."""
    count, records = sheet.one(
        f"SELECT count(*), list(_record ORDER BY _record)[:{LISTED}] FROM typed WHERE {condition}"
    )
    if not count:
        return []
    sheet.connection.execute(f"DELETE FROM typed WHERE {condition}")
    column = sheet.header_of(field) if field and sheet.has(field) else ""
    return [SetAside(reason, tuple(records), column, expected, int(count))]  # type: ignore[call-overload,arg-type]


# ------------------------------------------------------------------------------------------ orders


def finish_orders(sheet: Sheet) -> list[SetAside]:
    """Basket before discount where it can be told, one currency, one row per order."""
    asides = _repeated_orders(sheet)
    replace_columns(sheet, discount="abs(discount)", refunded="abs(refunded)")
    if not sheet.has("gross"):
        replace_columns(sheet, gross=_gross(sheet))
    return asides + one_currency(sheet, "orders")


def _gross(sheet: Sheet) -> str:
    """Basket before discount, as the shop shows it, from what the buyer paid."""
    added_tax = "coalesce(tax, 0)" if not sheet.options.prices_include_tax else "0"
    return f"total + coalesce(discount, 0) - coalesce(shipping, 0) - {added_tax}"


def _repeated_orders(sheet: Sheet) -> list[SetAside]:
    sheet.connection.execute(
        "CREATE OR REPLACE TEMP TABLE first_rows AS SELECT order_id, min(_record) AS first FROM typed GROUP BY order_id"
    )
    return take_out(
        sheet,
        "_record NOT IN (SELECT first FROM first_rows)",
        "the same order again: counted once, from its first record",
        "order_id",
    )


def one_currency(sheet: Sheet, table: str) -> list[SetAside]:
    """Convert money at the client's dated rates; set aside what has no rate. Currencies are never mixed."""
    own, rates = sheet.options.currency, sheet.options.exchange_rates
    if "currency" not in TABLES[table].names:
        return []
    replace_columns(sheet, currency=f"coalesce(currency, {parse.text(sheet.match.currency or own)})")
    found = [
        row[0]
        for row in sheet.connection.execute("SELECT DISTINCT currency FROM typed ORDER BY 1").fetchall()
    ]
    sheet.currency = ", ".join(found) or sheet.currency
    asides: list[SetAside] = []
    for other in (code for code in found if code != own):
        if other in rates:
            _convert(sheet, table, other, rates[other])
        else:
            asides += take_out(
                sheet,
                f"currency = {parse.text(other)}",
                f"in {other}: client.yml gives no exchange rate to {own}",
                "currency",
                f"{own}, or a line “{other}: …” under exchange_rates in client.yml",
            )
    return asides


def _convert(sheet: Sheet, table: str, other: str, rate: float) -> None:
    money = [column.name for column in TABLES[table].columns if column.kind == "money"]
    settings = ", ".join(f"{c} = CAST({c} * CAST({rate!r} AS DECIMAL(18,8)) AS DECIMAL(18,2))" for c in money)
    own = sheet.options.currency
    sheet.connection.execute(
        f"UPDATE typed SET {settings}, currency = {parse.text(own)} WHERE currency = {parse.text(other)}"
    )
    sheet.notes.append(f"amounts in {other} were converted to {own} at {rate} (client.yml)")


# ---------------------------------------------------------------------------------------- creators


def finish_creators(sheet: Sheet) -> list[SetAside]:
    """The platform told by a link or by the client folder; the person's name, else the handle."""
    replace_columns(sheet, creator="coalesce(creator, handle)")
    return take_out(sheet, "platform IS NULL", "no platform", "platform", "instagram, tiktok, youtube …")


def check_creators(sheet: Sheet) -> None:
    """Refuse a creators list that nowhere says which platform it is about.

    Raises:
        Problem: no platform column, none told in client.yml.

    """
    if not sheet.has("platform") and not sheet.options.platform:
        raise Problem(
            "the list does not say which platform the creators are on",
            f"exports/{sheet.options.file}",
            todo="Add a column “platform”, or say it for the whole file in client.yml:\n"
            f'mapping:\n  - file: "{sheet.options.file}"\n    platform: instagram',
        )


FINISHING: dict[str, Callable[[Sheet], list[SetAside]]] = {
    "orders": finish_orders,
    "creators": finish_creators,
}
