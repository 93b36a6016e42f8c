"""What commands, receipts and sources count, in plain English; sentences of findings count with `findings.number_of`."""

from __future__ import annotations

from collections.abc import Callable


def how_many(number: int, noun: str, write: Callable[[int], str] = str) -> str:
    """`1 row`, `12 rows`; `write` makes the number a text."""
    return f"{write(number)} {noun if number == 1 else noun + 's'}"
