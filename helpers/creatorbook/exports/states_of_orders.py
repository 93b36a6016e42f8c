"""Orders' states: every column that tells one, read through one vocabulary; what no vocabulary has is asked.

A word is looked at once, however many orders carry it. A column on payment decides whether money came; one on the order
itself decides where there is none; one on delivery, or on what kind a record is, only says that something was cancelled
or came back.
"""

from __future__ import annotations

import json

from creatorbook.exports import parse
from creatorbook.exports.layouts import normal
from creatorbook.exports.reader import Sheet
from creatorbook.exports.values import date_column
from creatorbook.problems import shortened
from creatorbook.text.order_states import ANSWERS, PARTLY_REFUNDED, UNKNOWN, order_state_of

#: the fields that tell a state: how it is paid, the order itself, how it was sent, what kind a record is
_PAYMENT, _ORDER, _DELIVERY, _KIND = "payment_status", "status", "fulfilment_status", "row_kind"
_OWN = "order_state"  #: the table's own column, where client.yml names one for it
_FIELDS = (_PAYMENT, _ORDER, _OWN, _DELIVERY, _KIND)
#: fields whose other words say nothing of whether an order is a sale
_ONLY_UNDONE = (_DELIVERY, _KIND)
#: names of columns that can also hold a region: a state only if some word of theirs is one
_ALSO_REGIONS = {"state", "etat", "estado", "stato", "stan", "staat", "stav", "province"}
#: letters of a region's abbreviation, which may also be a short word for a state (“NY” is “new” in Danish)
_LONGEST_REGION = 3
#: different words looked at in one column, at most: a column that holds more is no state
_MOST_WORDS = 500
#: so many words of a list stand in a receipt, each cut to so many signs
_WORDS_SHOWN = 5
_LONGEST_WORD = 30  #: characters


def _state_column(sheet: Sheet) -> str | None:
    """SQL over `raw` for an order's state, as the table of orders has it, NULL for a sale; `None` if all are."""
    by_field = {field: _states(sheet, field) for field in _FIELDS if sheet.has(field)}
    every_state = {state for states in by_field.values() for state in states.values()}
    if not every_state - {"sale"}:
        return None
    cases = {field: _case(field, states) for field, states in by_field.items() if states}
    every = ", ".join(cases.values())
    paid, order = cases.get(_PAYMENT, "NULL"), cases.get(_ORDER) or cases.get(_OWN, "NULL")
    return (
        f"CASE WHEN 'no sale' IN ({every}) THEN 'no sale' WHEN 'refunded' IN ({every}) THEN 'refunded' "
        f"WHEN '{PARTLY_REFUNDED}' IN ({every}) THEN '{PARTLY_REFUNDED}' "
        f"ELSE nullif(CASE coalesce(nullif({paid}, '{UNKNOWN}'), {order}, {paid}) "
        f"WHEN 'placed' THEN 'not yet' ELSE coalesce(nullif({paid}, '{UNKNOWN}'), {order}, {paid}) END, 'sale') END"
    )


def state_columns(sheet: Sheet) -> dict[str, str]:
    """SQL for an order's state and, where some were never sales, for when they were cancelled: from their own moment on."""
    made = state_of_records(sheet)
    state = made.get(_OWN)
    if state is not None and says(sheet, "no sale"):
        cancelled = date_column(sheet, "cancelled_at", "moment") if sheet.has("cancelled_at") else "NULL"
        when = f"CASE WHEN ({state}) = 'no sale' THEN {date_column(sheet, 'ordered_at', 'moment')} END"
        made["cancelled_at"] = f"coalesce({cancelled}, {when})"
    return made


def state_of_records(sheet: Sheet) -> dict[str, str]:
    """SQL for a record's state alone, where the file tells one that is not simply a sale."""
    state = _state_column(sheet)
    if state is None:
        return {_OWN: "NULL"} if sheet.has(_OWN) else {}
    return {_OWN: state}


def undone(sheet: Sheet) -> str | None:
    """SQL over `raw`: whether the record's own kind says that it takes an order back; `None` if no column tells kinds."""
    states = _states(sheet, _KIND) if sheet.has(_KIND) else {}
    return f"coalesce({_case(_KIND, states)} = 'refunded', false)" if "refunded" in states.values() else None


def says(sheet: Sheet, state: str) -> bool:
    """Whether some word of the file's columns says so."""
    return any(state in _states(sheet, field).values() for field in _FIELDS if sheet.has(field))


def tell_states(sheet: Sheet) -> None:
    """On the receipt: words that nobody knows, each with what to add; and how many records wait for their money."""
    for field in (_PAYMENT, _ORDER, _OWN):
        if not sheet.has(field):
            continue
        states, counts = _states(sheet, field), _words(sheet, field)
        unknown = [(word, counts[word]) for word, state in states.items() if state == UNKNOWN]
        if unknown:
            sheet.notes.append(_question(sheet, field, unknown))
        waiting = [(word, counts[word]) for word, state in states.items() if state in ("not yet", "placed")]
        if waiting:
            sheet.notes.append(
                f"{sheet.header_of(field)}: {listed(waiting)}: not yet a sale, unless another column says that it is paid"
            )


def tell_parts_refunded(sheet: Sheet, rows: str) -> None:
    """Note of how many orders (rows are what comes after FROM) a part went back, and no cell says how much."""
    if not says(sheet, PARTLY_REFUNDED):
        return
    (untold,) = sheet.one(f"SELECT count(*) FROM {rows} WHERE order_state = '{PARTLY_REFUNDED}'")
    if untold:
        sheet.notes.append(
            f"orders of which a part was refunded, and no cell says how much: {untold}: what came back of them is not known "
            "until a file of refunds tells it"
        )


def _question(sheet: Sheet, field: str, unknown: list[tuple[str, int]]) -> str:
    answers = ", ".join(f"“{answer}”" for answer in ANSWERS)
    words = ", ".join(f"{json.dumps(word, ensure_ascii=False)}: sale" for word, _ in unknown[:_WORDS_SHOWN])
    return (
        f"{sheet.header_of(field)}: nobody here knows {listed(unknown)}: not counted as sales until you say what they mean, "
        f"in this file's entry under mapping in client.yml: states: {{{words}}}   (each one of {answers})"
    )


def listed(words: list[tuple[str, int]]) -> str:
    """Words and how often each stands there, for a receipt: some of them, and none at length."""
    shown = ", ".join(f"“{shortened(word, _LONGEST_WORD)}” ({count})" for word, count in words[:_WORDS_SHOWN])
    return f"{shown} and {len(words) - _WORDS_SHOWN} more" if len(words) > _WORDS_SHOWN else shown


def _words(sheet: Sheet, field: str) -> dict[str, int]:
    """The different words of a field, each with how many records have it, in the file's order."""
    if (sheet.raw, field) not in sheet.words:
        cell = parse.name(field)
        rows = sheet.connection.execute(
            f"SELECT {cell}, count(*) FROM {sheet.raw} WHERE {cell} IS NOT NULL GROUP BY 1 "
            f"ORDER BY min(_record) LIMIT {_MOST_WORDS + 1}"
        ).fetchall()
        sheet.words[sheet.raw, field] = dict(rows)
    return sheet.words[sheet.raw, field]


def _states(sheet: Sheet, field: str) -> dict[str, str]:
    """The different words of a field and their states; empty if the column turns out to tell none."""
    words = list(_words(sheet, field))
    if len(words) > _MOST_WORDS:
        return {}
    answers = {answer.casefold(): state for answer, state in sheet.options.states}
    states = {word: answers.get(word.casefold()) or order_state_of(word, words) for word in words}
    if field in _ONLY_UNDONE:
        return {
            word: state for word, state in states.items() if state in ("no sale", "refunded", PARTLY_REFUNDED)
        }
    certain = [word for word, state in states.items() if state and len(word) > _LONGEST_REGION]
    if not certain and normal(sheet.header_of(field)) in _ALSO_REGIONS:
        return {}
    return {word: state or UNKNOWN for word, state in states.items()}


def _case(field: str, states: dict[str, str]) -> str:
    """SQL: the state of a field's cell."""
    if not states:
        return "CAST(NULL AS VARCHAR)"
    cases = " ".join(f"WHEN {parse.text(word)} THEN '{state}'" for word, state in states.items())
    return f"CASE {parse.name(field)} {cases} END"
