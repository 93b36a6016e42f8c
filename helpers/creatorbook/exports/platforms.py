"""Content exports of the platforms, analytics and ads, each with its own way of telling things."""

from __future__ import annotations

import re

from creatorbook.exports import parse, totals
from creatorbook.exports.finishing import set_columns
from creatorbook.exports.layouts import normal
from creatorbook.exports.lines import has_lines, take_lines, with_lines
from creatorbook.exports.order_kinds import exchange_columns
from creatorbook.exports.order_sums import add_tax
from creatorbook.exports.plain import finish, read_plain, type_cells
from creatorbook.exports.reader import Rows, Sheet
from creatorbook.exports.refund_rows import as_refunds, only_refunds, take_out_refunds
from creatorbook.exports.states_of_orders import state_columns, state_of_records, tell_states
from creatorbook.exports.values import date_column, number_columns
from creatorbook.tables import TABLES, Kind


def read_posts(sheet: Sheet) -> Rows:
    """Posts of any platform; a sheet typed by hand need not number its posts."""
    table = TABLES["posts"]
    type_cells(sheet, table)
    set_columns(
        sheet,
        post_id="coalesce(post_id, permalink, concat_ws(' ', handle, platform, published_at, _record))"
        if not sheet.has("post_id")
        else "post_id",
        whose="coalesce(whose, 'account holder')",
    )
    # planning a look at links takes longer than a small file; most files say it in every row
    platforms, handles = sheet.one(
        "SELECT count(*) FILTER (WHERE platform IS NULL), count(*) FILTER (WHERE handle IS NULL) FROM typed "
        "WHERE permalink IS NOT NULL"
    )
    if platforms and not sheet.has("platform"):
        set_columns(sheet, platform="coalesce(platform, platform_in_link(permalink))")
    if handles:
        set_columns(sheet, handle=f"coalesce(handle, {_AUTHOR})")
    _whose_account(sheet)
    return finish(sheet, table)


#: SQL: who posted, where a post's own link says so (tiktok.com/@lina/video/…)
_AUTHOR = (
    "CASE WHEN platform_in_link(permalink) IN ('tiktok', 'threads') "
    "THEN handle_of(nullif(regexp_extract(permalink, '/@([^/?]+)', 1), '')) END"
)


def _whose_account(sheet: Sheet) -> None:
    (without,) = sheet.one("SELECT count(*) FROM typed WHERE handle IS NULL")
    if without:
        sheet.notes.append(
            "the file does not say whose account it is: put it in exports/creators/<handle>/, "
            "or give the handle under mapping in client.yml"
        )


def read_tiktok_content(sheet: Sheet) -> Rows:
    """Videos; the account and the id are in the video's link."""
    table = TABLES["posts"]
    link = sheet.cell("permalink")
    type_cells(
        sheet,
        table,
        {
            "post_id": f"coalesce(nullif(regexp_extract({link}, '/(?:video|photo)/([0-9]+)', 1), ''), {link})",
            "handle": f"handle_of(regexp_extract({link}, '@([^/?]+)', 1))",
            "average_watch_seconds": _seconds(sheet.cell("average_watch_seconds")),
        },
    )
    set_columns(sheet, whose="coalesce(whose, 'account holder')")
    _whose_account(sheet)
    return finish(sheet, table)


def read_youtube_content(sheet: Sheet) -> Rows:
    """Videos; row 2 of the export is the total of all, and an id that starts with - has a space before it."""
    table = TABLES["posts"]
    duration, watched = _seconds(sheet.cell("duration")), _seconds(sheet.cell("average_view_duration"))
    type_cells(
        sheet,
        table,
        {
            "post_id": f"nullif(trim({sheet.cell('post_id')}), '')",
            "duration_seconds": duration,
            "average_watch_seconds": watched,
            "format": f"CASE WHEN {duration} <= 60 OR {sheet.cell('caption')} ILIKE '%#shorts%' THEN 'short' ELSE 'video' END",
            "permalink": f"concat('https://www.youtube.com/watch?v=', nullif(trim({sheet.cell('post_id')}), ''))",
        },
    )
    set_columns(sheet, whose="coalesce(whose, 'account holder')")
    _whose_account(sheet)
    totals.compare(sheet, "views")
    return finish(sheet, table)


def _seconds(cell: str) -> str:
    """SQL: seconds from `75`, `1:15`, `0:01:15` or `12.5s`."""
    return (
        f"CASE WHEN contains({cell}, ':') THEN list_sum(list_transform(list_reverse(string_split(trim({cell}), ':')), "
        f"lambda part, i: coalesce(try_cast(part AS DOUBLE), 0) * pow(60, i - 1))) "
        f"ELSE try_cast(replace(rtrim({cell}, 's '), ',', '.') AS DOUBLE) END"
    )


def read_ga4_traffic(sheet: Sheet) -> Rows:
    """Sessions; days without a Date column are those of the comment block."""
    table = TABLES["sessions"]
    values: dict[str, str] = {}
    if sheet.has("source_medium"):
        both = f"string_split({sheet.cell('source_medium')}, ' / ')"
        values["source"] = f"trim({both}[1])"
        values["medium"] = f"trim({both}[2])"
    days = _days_in_comments(sheet.preamble)
    if days:
        values["starts_on"] = f"DATE '{days[0]}'"
        values["ends_on"] = f"DATE '{days[1]}'"
    elif not sheet.has("date"):
        sheet.notes.append(
            "the file does not say which days it covers: export it with its comment lines or with Date"
        )
    type_cells(sheet, table, values)
    totals.compare(sheet, "sessions")
    return finish(sheet, table)


def _days_in_comments(preamble: tuple[str, ...]) -> tuple[str, str] | None:
    """The first and last day that comments such as `# Start date: 20260701` give, in any language."""
    days = [
        re.sub(r"(\d{4})-?(\d{2})-?(\d{2})", r"\1-\2-\3", day)
        for line in preamble
        for day in re.findall(r"\b20\d{2}-?[01]\d-?[0-3]\d\b", line)
    ]
    return (min(days), max(days)) if len(days) >= 2 else None


def read_meta_ads(sheet: Sheet) -> Rows:
    """Ads; a Day column says more than the reporting period."""
    table = TABLES["ads"]
    values = {}
    if sheet.has("day"):
        day = date_column(sheet, "day", "date")
        values = {"starts_on": day, "ends_on": day}
    type_cells(sheet, table, values)
    return finish(sheet, table)


def read_orders(sheet: Sheet) -> Rows:
    """Orders of any shop: one record per order, or one per line that repeats its order's cells."""
    table = TABLES["orders"]
    values = state_columns(sheet) | exchange_columns(sheet)
    if sheet.has("cancelled"):
        when = (
            f"CASE WHEN flag({sheet.cell('cancelled')}) THEN {date_column(sheet, 'ordered_at', 'moment')} END"
        )
        cancelled = values.get("cancelled_at")
        cancelled = cancelled or (
            date_column(sheet, "cancelled_at", "moment") if sheet.has("cancelled_at") else "NULL"
        )
        values["cancelled_at"] = f"coalesce({cancelled}, {when})"
    type_cells(sheet, table, values)
    if sheet.options.total == "without tax":
        add_tax(sheet)
    if not has_lines(sheet):
        if not only_refunds(sheet):
            return finish(sheet, table)
        as_refunds(sheet)
        return finish(sheet, TABLES["refunds"])
    take_out_refunds(sheet, lines=True)
    take_lines(sheet)
    finish(sheet, table)
    return with_lines(sheet)


def read_order_lines(sheet: Sheet) -> Rows:
    """Lines of orders that another file holds; with days of their own they may be all that there is."""
    if sheet.has("ordered_at"):
        sheet.notes.append(
            "read as what was in the orders of another file; if no other file holds them, write table: orders and "
            "total: lines into this file's entry under mapping in client.yml"
        )
    return read_plain(sheet)


#: what Etsy states of an order, each in a column of its own
_OF_ETSY: dict[str, Kind] = dict.fromkeys(
    ("adjusted", "total", "gross", "discount", "shipping", "shipping_discount"), "money"
)


def read_etsy_orders(sheet: Sheet) -> Rows:
    """Orders of Etsy: goods are the order's value less its discount, whatever tax Etsy kept of the total.

    What was given back later stands in an adjusted total, which is 0 where nothing was. The sales tax is one that Etsy
    adds; where it adds none, the seller's own is inside the prices or not, as client.yml says.
    """
    table = TABLES["orders"]
    stated = {**dict.fromkeys(_OF_ETSY, "NULL"), **number_columns(sheet, _OF_ETSY)}
    adjusted, total = stated["adjusted"], stated["total"]
    back = f"CASE WHEN {adjusted} > 0 AND {adjusted} < {total} THEN {total} - {adjusted} END"
    values = {
        **state_columns(sheet),
        "subtotal": f"{stated['gross']} - abs(coalesce({stated['discount']}, 0))",
        "shipping": f"{stated['shipping']} - abs(coalesce({stated['shipping_discount']}, 0))",
    }
    if sheet.has("adjusted"):
        values["refunded"] = f"coalesce({back}, 0)"
    type_cells(sheet, table, values)
    rows = finish(sheet, table)
    usual = str(sheet.options.prices_include_tax).lower()
    set_columns(sheet, tax="nullif(tax, 0)", taxes_included=f"coalesce(taxes_included, {usual})")
    return rows


def read_network_orders(sheet: Sheet) -> Rows:
    """What an affiliate network attributes, each with what its state is worth."""
    type_cells(sheet, TABLES["affiliate_orders"], state_of_records(sheet))
    set_columns(sheet, network_fee="abs(network_fee)")
    rows = finish(sheet, TABLES["affiliate_orders"])
    tell_states(sheet)
    return rows


def read_tiktok_shop_orders(sheet: Sheet) -> Rows:
    """A marketplace's affiliate orders; the commission paid counts, else what is estimated."""
    made = number_columns(sheet, {"standard": "money", "ads": "money", "paid": "money"})
    estimated = [f"coalesce({made[field]}, 0)" for field in ("standard", "ads") if field in made]
    amounts = [made[field] for field in ("standard", "ads") if field in made]
    guess = (
        f"CASE WHEN coalesce({', '.join(amounts)}) IS NOT NULL THEN {' + '.join(estimated)} END"
        if amounts
        else "NULL"
    )
    type_cells(
        sheet,
        TABLES["affiliate_orders"],
        {"commission": f"coalesce({made.get('paid', 'NULL')}, {guess})", **state_of_records(sheet)},
    )
    rows = finish(sheet, TABLES["affiliate_orders"])
    tell_states(sheet)
    return rows


#: the title of a block of daily figures, without the network's name before it → the column it fills
_METRICS = {
    "views": "views",
    "visualizacoes": "views",
    "visualizaciones": "views",
    "aufrufe": "views",
    "reach": "reach",
    "viewers": "reach",
    "alcance": "reach",
    "reichweite": "reach",
    "couverture": "reach",
    "profile visits": "profile_views",
    "page visits": "profile_views",
    "visits": "profile_views",
    "visitas": "profile_views",
    "visitas ao perfil": "profile_views",
    "profilbesuche": "profile_views",
    "content interactions": "interactions",
    "interactions": "interactions",
    "interaktionen mit inhalten": "interactions",
    "interacoes com o conteudo": "interactions",
    "interacciones con el contenido": "interactions",
    "follows": "follows",
    "new followers": "follows",
    "new follows": "follows",
    "link clicks": "link_clicks",
    "cliques no link": "link_clicks",
    "clics en el enlace": "link_clicks",
    "link klicks": "link_clicks",
}


def read_meta_daily(sheet: Sheet) -> Rows:
    """One figure per day; which figure it is, and of which network, stands in the title of its block."""
    title = next((line for line in sheet.preamble if not line.lower().startswith("sep=")), "")
    if not sheet.has("figure"):
        return _daily(sheet, {title: "true"})
    titles = sheet.connection.execute(
        f"SELECT figure, min(_record) FROM {sheet.raw} WHERE figure IS NOT NULL GROUP BY 1 ORDER BY 2"
    ).fetchall()
    rows = _daily(sheet, {name: f"figure = {parse.text(name)}" for name, _ in titles})
    return Rows({"account_days": _one_row_per_day(sheet)}, rows.kept)


def _daily(sheet: Sheet, where: dict[str, str]) -> Rows:
    """The days with the figures of each title, told where the SQL beside it is true."""
    number = number_columns(sheet, {"primary": "number"}).get("primary", "NULL")
    values: dict[str, str] = {}
    for title, condition in where.items():
        network, _, figure = normal(title).partition(" ")
        named = network in {"facebook", "instagram"} and figure
        column = _METRICS.get(figure if named else normal(title))
        if column:
            values[column] = f"CASE WHEN {condition} THEN {number} ELSE {values.get(column, 'NULL')} END"
        else:
            sheet.notes.append(
                f"“{title or 'a figure without a title'}” per day is not used yet: only its days were read"
            )
        if named and network == "facebook":
            values["platform"] = (
                f"CASE WHEN {condition} THEN 'facebook' ELSE {values.get('platform', 'NULL')} END"
            )
    type_cells(sheet, TABLES["account_days"], values)
    return finish(sheet, TABLES["account_days"])


def _one_row_per_day(sheet: Sheet) -> str:
    """The table of a file's days, each of which stood in the blocks of several figures."""
    by = ("handle", "platform", "date")
    columns = ", ".join(
        parse.name(name) if name in by else f"max({parse.name(name)}) AS {parse.name(name)}"
        for name in TABLES["account_days"].names
    )
    sheet.connection.execute(
        "CREATE OR REPLACE TEMP TABLE days AS SELECT min(_record) AS _record, sum(_records)::INTEGER AS _records, "
        f"{columns} FROM typed GROUP BY {', '.join(by)} ORDER BY 1"
    )
    return "days"
