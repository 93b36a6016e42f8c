"""What a column may be, guessed from its cells: for a file that nobody recognises by its columns' names alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from creatorbook.tables import CanonicalTable
from creatorbook.text.account_links import PROFILE, read_link

_DAY = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\s?\d{1,2}[-/.]\s?\d{2,4}"
    r"|\d{1,2}\.? [^\W\d]{3,9}\.?,? \d{4}|[^\W\d]{3,9}\.? \d{1,2},? \d{4}"
)
_AMOUNT = re.compile(r"\D{0,4}\d[\d.,'’\s]*\D{0,4}")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_ACCOUNT = re.compile(r"@?[\w.]{2,30}")
_AT_NAME = re.compile(r"@[\w.]{2,30}")

Cells = list[str]


def by_cells(
    table: CanonicalTable, header: Sequence[str], rows: Sequence[Sequence[str]], guesses: dict[str, str]
) -> dict[str, str]:
    """Field → column for needed fields that no column's name tells, and for codes and addresses beside them."""
    left: dict[str, Cells] = {}
    for at, name in enumerate(header):
        cells = [row[at].strip() for row in rows if at < len(row) and row[at].strip()]
        if name.strip() and name not in guesses.values() and cells:
            left[name] = cells
    columns = dict(guesses)
    for field in [
        f for f in (*table.required, "customer", "discount_code") if f in table.names and f not in columns
    ]:
        fits = _TESTS.get(field) or _OF_KIND.get(table[field].kind)
        usable = left
        if (
            field == "discount_code"
        ):  # orders without one are the rule; a column without gaps is something else
            usable = {name: cells for name, cells in left.items() if len(cells) < len(rows)}
        column = next((name for name, cells in usable.items() if fits and fits(cells)), None)
        if column is not None:
            columns[field] = column
            del left[column]
    return columns


def holds_days(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether some column holds days."""
    return any(_day(cells) for cells in _filled(header, rows))


def _filled(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Cells]:
    """The cells of each column that hold something, without columns that hold nothing."""
    columns = ([row[at].strip() for row in rows if at < len(row)] for at in range(len(header)))
    return [filled for cells in columns if (filled := [cell for cell in cells if cell])]


def names_a_platform(rows: Sequence[Sequence[str]]) -> bool:
    """Whether every row holds a link that tells the platform: one that does answers for itself only."""
    return bool(rows) and all(any(_platform_in(cell) for cell in row) for row in rows)


def _platform_in(cell: str) -> str:
    """The platform that a link in a cell belongs to; empty if there is none."""
    link = read_link(cell) if "/" in cell else None
    return link.platform if link else ""


def _is_account(cell: str) -> bool:
    """Whether a cell is a name behind @, or the link of a profile."""
    link = read_link(cell) if "/" in cell else None
    return link.kind == PROFILE if link else _AT_NAME.fullmatch(cell) is not None


def _accounts(cells: Cells) -> bool:
    return sum(map(_is_account, cells)) > 0.8 * len(cells)


def platform_guess(*names: str) -> str:
    """The platform that a file's or a column's name holds; else the most common one."""
    match = re.search("tiktok|youtube|pinterest|facebook", " ".join(names).lower())
    return match[0] if match else "instagram"


def table_by_cells(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str | None:
    """`creators` for a column of accounts (links to profiles, or names behind @); `orders` for names, days and amounts."""
    filled = _filled(header, rows)
    if any(_accounts(cells) for cells in filled):
        return "creators"
    needed = (_name_of_a_thing, _day, _amount)
    return "orders" if all(any(test(cells) for cells in filled) for test in needed) else None


def _mostly(pattern: re.Pattern[str]) -> Callable[[Cells], bool]:
    return lambda cells: sum(bool(pattern.fullmatch(cell)) for cell in cells) > 0.8 * len(cells)


def _day(cells: Cells) -> bool:
    return sum(bool(_DAY.match(cell)) for cell in cells) > 0.8 * len(cells)


def _name_of_a_thing(cells: Cells) -> bool:
    """All different, short, without spaces, neither a day nor an address."""
    short = all(len(cell) <= 40 and " " not in cell for cell in cells)
    return short and len(set(cells)) == len(cells) and not _day(cells) and not _mostly(_MAIL)(cells)


def _handle(cells: Cells) -> bool:
    return _accounts(cells) or (
        _mostly(_ACCOUNT)(cells) and _name_of_a_thing(cells) and not _mostly(_AMOUNT)(cells)
    )


def _amount(cells: Cells) -> bool:
    """Numbers of which some have decimals: a count or a key has none."""
    return (
        _mostly(_AMOUNT)(cells)
        and any(re.search(r"[.,]\d{2}\D*$", cell) for cell in cells)
        and not _day(cells)
    )


def _code(cells: Cells) -> bool:
    """Capitals, most of them more than once."""
    return _mostly(re.compile(r"[A-Z][A-Z0-9_-]{3,20}"))(cells) and any(
        re.search(r"\d", cell) for cell in cells
    )


_OF_KIND: dict[str, Callable[[Cells], bool]] = {
    "date": _day,
    "moment": _day,
    "money": _amount,
    "number": _mostly(_AMOUNT),
    "whole": _mostly(_AMOUNT),
}
_TESTS: dict[str, Callable[[Cells], bool]] = {
    "order_id": _name_of_a_thing,
    "post_id": _name_of_a_thing,
    "sku": _name_of_a_thing,
    "handle": _handle,
    "customer": _mostly(_MAIL),
    "discount_code": _code,
}
