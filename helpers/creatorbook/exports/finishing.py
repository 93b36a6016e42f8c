"""The rules of single canonical tables, applied to the table `typed` after its cells were read."""

from __future__ import annotations

from collections.abc import Callable

from creatorbook.exports import parse, rejected
from creatorbook.exports.order_kinds import gift_card_line
from creatorbook.exports.order_sums import OTHER_SUMS, parts_filled, sums_held, tell_sums, voted_ways
from creatorbook.exports.reader import Sheet
from creatorbook.exports.refund_rows import take_out_refunds
from creatorbook.exports.states_of_orders import listed, says, tell_parts_refunded, tell_states
from creatorbook.text import states
from creatorbook.text.order_states import PARTLY_REFUNDED


def set_columns(sheet: Sheet, **values: str) -> None:
    """Set columns of `typed` to SQL expressions over its own columns, all at once."""
    settings = ", ".join(f"{parse.name(column)} = {value}" for column, value in values.items())
    sheet.connection.execute(f"UPDATE typed SET {settings}")


def finish_creators(sheet: Sheet) -> None:
    """Where a list names no person, the account stands for one (`text.handles.persons`); unknown states are told."""
    set_columns(sheet, creator="coalesce(creator, handle)")
    if sheet.has("status"):
        sheet.notes.extend(_unknown_states(sheet))


def _unknown_states(sheet: Sheet) -> list[str]:
    """One sentence on the words for where a creator stands that nobody knows; none if all are known."""
    counted = sheet.connection.execute(
        "SELECT status, count(*) FROM typed WHERE status IS NOT NULL GROUP BY status ORDER BY min(_record)"
    ).fetchall()
    unknown = [(word, count) for word, count in counted if states.state_of(word) is None]
    if not unknown:
        return []
    return [
        f"{sheet.header_of('status')}: nobody here knows {listed(unknown)}: taken as not settled, so neither as taking "
        f"part nor as out; words that are known: {', '.join(states.state_names())}"
    ]


def finish_orders(sheet: Sheet) -> None:
    """One row per order, amounts without sign and held against its total; what takes an order back is none."""
    take_out_refunds(sheet)
    rejected.take_out(
        sheet,
        "_record NOT IN (SELECT min(_record) FROM typed GROUP BY order_id)",
        "the same order again: counted once, from its first record",
        "order_id",
        repeats=True,
    )
    set_columns(sheet, discount="abs(discount)", refunded="abs(refunded)")
    _hold_sums(sheet)
    if says(sheet, "refunded"):
        set_columns(sheet, refunded=REFUNDED)
    if says(sheet, PARTLY_REFUNDED):
        set_columns(sheet, order_state=STATE)
    tell_states(sheet)
    tell_parts_refunded(sheet, "typed")


#: SQL: what was refunded, where an order's state says that all was and no cell says how much
REFUNDED = "CASE WHEN order_state = 'refunded' AND coalesce(refunded, 0) = 0 THEN total ELSE refunded END"
#: SQL: an order's state; where a cell says how much of it went back, it is a sale like any other
STATE = f"CASE WHEN order_state = '{PARTLY_REFUNDED}' AND refunded > 0 THEN NULL ELSE order_state END"


def _hold_sums(sheet: Sheet) -> None:
    """Each order's amounts held against its total, as `order_sums` has it; where the file tells no other, the total is all."""
    if any(sheet.has(field) for field in OTHER_SUMS):
        # where nobody knows what a shop's subtotal is, the orders together tell
        parts = parts_filled(sheet, "FROM typed")
        order = () if sheet.layout.subtotal_after_discount else voted_ways(sheet, "FROM typed", parts)
        told_inside = sheet.has("taxes_included") or sheet.options.total == "without tax"
        query = sums_held(sheet, "FROM typed", order, parts, told_inside=told_inside)
        sheet.connection.execute(f"CREATE OR REPLACE TEMP TABLE held AS {query}")
        tell_sums(sheet, "held")
        sheet.connection.execute(
            "CREATE OR REPLACE TEMP TABLE typed AS SELECT * EXCLUDE (_way, _off) FROM held"
        )
        return
    set_columns(sheet, gross="coalesce(gross, total)")
    sheet.connection.execute("ALTER TABLE typed DROP COLUMN subtotal")


def finish_lines(sheet: Sheet) -> None:
    """Gift cards are told from goods."""
    set_columns(sheet, gift_card=gift_card_line(sheet, "product", "sku", parse.name))


def finish_refunds(sheet: Sheet) -> None:
    """Refunds are positive amounts."""
    set_columns(sheet, amount="abs(amount)")


def finish_discounts(sheet: Sheet) -> None:
    """Values are positive; what a percentage is called differs. Codes are one whatever their case."""
    (twice,) = sheet.one(
        f"SELECT count(*) FROM (SELECT upper(code) FROM {sheet.raw} GROUP BY upper(code) HAVING count(DISTINCT code) > 1)"
    )
    if twice:
        sheet.notes.append(
            f"codes written in more than one way ({twice}): “SPRING” and “spring” are taken for one code here; "
            "check that your shop does so, too"
        )
    set_columns(
        sheet,
        value="abs(value)",
        value_kind="CASE WHEN value_kind ILIKE '%percent%' OR value_kind = '%' THEN 'percentage' "
        "WHEN value_kind ILIKE '%fixed%' OR value_kind ILIKE '%amount%' THEN 'fixed_amount' ELSE lower(value_kind) END",
        status="lower(status)",
    )


def finish_posts(sheet: Sheet) -> None:
    """Formats under one name each."""
    if not (sheet.has("format") or "format" in (sheet.layout.constants or {})):
        return
    set_columns(
        sheet,
        format="""CASE WHEN format ILIKE '%reel%' THEN 'reel' WHEN format ILIKE '%carousel%' OR format ILIKE '%carrossel%'
            OR format ILIKE '%karussell%' OR format ILIKE '%album%' THEN 'carousel' WHEN format ILIKE '%stor%' THEN 'story'
            WHEN format ILIKE '%short%' THEN 'short' WHEN format ILIKE '%live%' THEN 'live'
            WHEN format ILIKE '%video%' OR format ILIKE '%vídeo%' THEN 'video'
            WHEN format ILIKE '%image%' OR format ILIKE '%photo%' OR format ILIKE '%imagem%' OR format ILIKE '%bild%'
            OR format ILIKE '%foto%' OR lower(format) = 'post' THEN 'image' ELSE lower(format) END""",
    )


def finish_clicks(sheet: Sheet) -> None:
    """A column of nothing but zeros is told: some networks write 0 where they do not count."""
    (counted, clicked) = sheet.one("SELECT count(clicks), count(*) FILTER (WHERE clicks <> 0) FROM typed")
    if counted and not clicked:
        sheet.notes.append(
            "every number of clicks is 0: networks that credit a partner without a click write so; "
            "do not take it for interest"
        )


def finish_costs(sheet: Sheet) -> None:
    """Kinds in lower case."""
    set_columns(sheet, kind="lower(kind)")


#: what comments are counted as on a feedback sheet, each comment once
FEEDBACK = ("praise", "size", "price", "where_to_buy", "complaint", "other")


def finish_feedback(sheet: Sheet) -> None:
    """Lines whose counts are more than the comments counted, or below zero, say nothing and are set aside."""
    kinds = [f"coalesce({kind}, 0)" for kind in FEEDBACK]
    rejected.take_out(sheet, "counted < 1", "no comment was counted", "counted", "a whole number such as 20")
    rejected.take_out(
        sheet, f"least({', '.join(kinds)}) < 0", "a count below zero", "", "a whole number such as 3"
    )
    rejected.take_out(
        sheet,
        f"{' + '.join(kinds)} > counted",
        "the kinds add up to more than the comments counted: each comment belongs in one column only",
        "counted",
        "the number of comments counted, at least the sum of the kinds",
    )


FINISHING: dict[str, Callable[[Sheet], None]] = {
    "creators": finish_creators,
    "orders": finish_orders,
    "order_lines": finish_lines,
    "refunds": finish_refunds,
    "discounts": finish_discounts,
    "posts": finish_posts,
    "costs": finish_costs,
    "clicks": finish_clicks,
    "feedback": finish_feedback,
}
