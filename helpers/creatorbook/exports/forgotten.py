"""People who asked to be forgotten (the right to erasure): `forgotten.csv`, and what it does to rows as they are read.

A tombstone is a hash of a keyed hash: it tells nobody who was forgotten, and still finds their rows. A forgotten
creator's rows stay under a made-up name, so that costs and totals stay; a forgotten customer's orders stay without
the customer.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from creatorbook.client.hash_key import KEY_FILE
from creatorbook.client.records import read_rows
from creatorbook.client.writing import append_rows, writing
from creatorbook.exports import parse, personal
from creatorbook.problems import Problem
from creatorbook.tables import TABLES
from creatorbook.text.handles import plain_name

FORGOTTEN_FILE = "forgotten.csv"
FORGOTTEN_COLUMNS = ("kind", "key", "name")

#: columns whose text can tell who someone is; they are emptied in a forgotten creator's rows
TELLING = {
    "link", "niche", "place", "post_url", "source", "biography", "caption", "permalink", "text", "own_words", "note",
    "contract", "answer", "ad", "campaign", "by",
}  # fmt: skip


@dataclass(frozen=True)
class Tombstone:
    """One forgotten person: `creator` or `customer`, the key, and the name their rows carry now."""

    kind: str
    key: str
    name: str = ""


def tombstone(kind: str, identifier: str, key: bytes, name: str = "") -> Tombstone:
    """The tombstone of a handle, a creator's name or an e-mail address; a name is made up if none is given."""
    plain = plain_name(identifier) if kind == "creator" else identifier.strip(" @").lower()
    hashed = hmac.new(key, plain.encode(), hashlib.sha256).hexdigest()[:16]
    grave = hashlib.sha256(f"forgotten:{hashed}".encode()).hexdigest()[:16]
    made_up = (name or f"forgotten-{grave[:6]}") if kind == "creator" else ""
    return Tombstone(kind, grave, made_up)


def read_forgotten(folder: Path) -> tuple[Tombstone, ...]:
    """The tombstones of a client folder; none if nobody asked.

    Raises:
        Problem: the file was changed by hand into something else, or the key that its hashes were made with is gone.
    """
    rows = read_rows(folder / FORGOTTEN_FILE, FORGOTTEN_COLUMNS)
    if rows and not (folder / KEY_FILE).is_file():
        todo = "Put it back from a copy. Without it, their rows would be read as anybody's; nothing was read."
        raise Problem(f"{KEY_FILE} is missing, by which forgotten people are recognised", folder, todo=todo)
    return tuple(Tombstone(row["kind"], row["key"], row["name"]) for row in rows)


def add_forgotten(folder: Path, tombstones: list[Tombstone]) -> None:
    """Add tombstones to a client folder's list; one that is there already is not written again."""
    with writing(folder):
        earlier = {stone.key for stone in read_forgotten(folder)}
        new = [stone for stone in dict.fromkeys(tombstones) if stone.key not in earlier]
        rows = [dict(zip(FORGOTTEN_COLUMNS, (row.kind, row.key, row.name), strict=True)) for row in new]
        append_rows(folder / FORGOTTEN_FILE, rows, FORGOTTEN_COLUMNS)


def forget_rows(
    connection: duckdb.DuckDBPyConnection,
    tables: dict[str, str],
    tombstones: tuple[Tombstone, ...],
    key: bytes,
) -> None:
    """Take forgotten people out of the canonical tables of one file, before anything is written anywhere.

    Args:
        connection: where the tables are.
        tables: canonical table → the DuckDB table that holds it.
        tombstones: who was forgotten.
        key: the client's hashing key.
    """
    creators = {stone.key: stone.name for stone in tombstones if stone.kind == "creator"}
    customers = [stone.key for stone in tombstones if stone.kind == "customer"]
    for name, made in tables.items():
        columns = TABLES[name].names
        replaced: dict[str, str] = {}
        if customers and (who := next((c for c in ("customer", "commenter") if c in columns), None)):
            replaced |= _without_customer(who, customers, columns)
        if creators and {"handle", "creator"} & set(columns):
            replaced |= _without_creator(creators, columns, key)
        if replaced:
            values = ", ".join(f"{value} AS {parse.name(column)}" for column, value in replaced.items())
            connection.execute(
                f"CREATE OR REPLACE TEMP TABLE {made} AS SELECT * REPLACE ({values}) FROM {made}"
            )


def _grave(hashed: str) -> str:
    return f"left(sha256(concat('forgotten:', {hashed})), 16)"


def _without_customer(who: str, keys: list[str], columns: Sequence[str]) -> dict[str, str]:
    forgotten = f"{_grave(who)} IN ({', '.join(map(parse.text, keys))})"
    emptied = [column for column in (who, "region", "postcode_area") if column in columns]
    return {column: f"CASE WHEN {forgotten} THEN NULL ELSE {parse.name(column)} END" for column in emptied}


def _without_creator(creators: dict[str, str], columns: Sequence[str], key: bytes) -> dict[str, str]:
    cases = " ".join(f"WHEN {parse.text(grave)} THEN {parse.text(name)}" for grave, name in creators.items())
    named: dict[str, str] = {
        column: f"CASE {_grave(personal.keyed_hash_of_name(parse.name(column), key))} {cases} END"
        for column in ("handle", "creator")
        if column in columns
    }
    who = f"coalesce({', '.join(named.values())})"
    made: dict[str, str] = {column: f"coalesce({who}, {parse.name(column)})" for column in named}
    made |= {
        column: f"CASE WHEN {who} IS NULL THEN {parse.name(column)} END"
        for column in columns
        if column in TELLING
    }
    if "post_id" in columns:
        made["post_id"] = f"CASE WHEN {who} IS NULL THEN post_id ELSE concat({who}, '-', _record) END"
    return made
