"""Forgetting a creator or a customer (erasure, GDPR article 17), and what is held on a creator (access, article 15)."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from creatorbook.client import Client, read_decisions
from creatorbook.client.hash_key import hash_key
from creatorbook.client.ledger import read_ledger
from creatorbook.client.report_places import reports_of
from creatorbook.client.writing import writing
from creatorbook.exports import cache
from creatorbook.exports.forgotten import FORGOTTEN_FILE, add_forgotten, tombstone
from creatorbook.exports.mentions import find_mentions
from creatorbook.opening import read_exports
from creatorbook.problems import Problem
from creatorbook.tables import TABLES, Tables
from creatorbook.text.handles import plain_name

SHOWN_ROWS = 3  #: rows of a table that are shown in full
PLACES = 20  #: places per file that are listed


@dataclass(frozen=True)
class Forgotten:
    """What forgetting someone did, and what is left to do by hand.

    Attributes:
        names: handles and names, or the e-mail address, that were forgotten.
        known_as: the made-up name that a creator's rows carry from now on; empty for a customer.
        rows: canonical table → rows that told of them.
        lines: files of the client folder that still name them, with the places.
        editions: report folders that still name them.
    """

    names: tuple[str, ...]
    known_as: str
    rows: dict[str, int]
    lines: list[tuple[str, list[str]]]
    editions: list[Path]


def forget_creator(client: Client, handle: str, reports: Path) -> Forgotten:
    """Write tombstones for a creator's handles and name, clear the cache, and find what still names them.

    Args:
        client: whose folder.
        handle: one of the creator's handles; other handles of the same person go with it.
        reports: where the client's editions are.

    Raises:
        Problem: no file knows this handle.
    """
    tables = read_exports(client).tables
    person = _person(tables, handle)
    rows = {name: len(frame) for name, frame in _rows_on(tables, person).items()}
    lines = find_mentions(client.folder, person)
    if not rows and not lines:
        raise Problem(
            f"no file knows “{handle}”", client.folder, todo="Check the spelling; nothing was changed."
        )
    with writing(client.folder):  # the key that tombstones are made with stays in the folder from now on
        key = hash_key(client.folder)
        known_as = tombstone("creator", person[0], key).name
        add_forgotten(client.folder, [tombstone("creator", name, key, known_as) for name in person])
    _clear_cache()
    return Forgotten(tuple(person), known_as, rows, lines, _editions(client, reports, person))


def forget_customer(client: Client, email: str, reports: Path) -> Forgotten:
    """Write a tombstone for a customer, clear the cache, and find the raw lines that still hold the address.

    Raises:
        Problem: no file holds this address.
    """
    lines = find_mentions(client.folder, [email.strip()])
    if not lines:
        raise Problem(
            f"no file holds “{email}”", client.folder, todo="Check the spelling; nothing was changed."
        )
    with writing(client.folder):
        add_forgotten(client.folder, [tombstone("customer", email, hash_key(client.folder))])
    _clear_cache()
    return Forgotten((email,), "", {}, lines, _editions(client, reports, [email.strip()]))


def forgotten_text(done: Forgotten) -> str:
    """What was done and what is left to do, for a terminal."""
    who = ", ".join(done.names)
    lines = [f"{who}: noted in {FORGOTTEN_FILE} as a hash, and the cache is empty."]
    if done.known_as:
        counts = ", ".join(f"{count} rows of {name}" for name, count in done.rows.items())
        lines.append(
            f"From now on reports say “{done.known_as}”; costs and totals stay ({counts or 'no rows'})."
        )
    else:
        lines.append("From now on their orders count without a customer; totals stay.")
    if done.lines:
        how = f" or write “{done.known_as}” there, so that totals stay" if done.known_as else ""
        lines += ["", f"Raw files are never changed by us. Delete the name in these lines{how}:"]
        lines += [f"  {file}: {_joined(places)}" for file, places in done.lines]
    if done.editions:
        lines += ["", "Reports that still name them; delete or print them again:"]
        lines += [f"  {folder}" for folder in done.editions]
    return "\n".join(lines)


def held_on(client: Client, handle: str) -> str:
    """Everything that is held on a creator, table by table, and the lines it comes from.

    Raises:
        Problem: no file knows this handle.
    """
    tables = read_exports(client).tables
    person = _person(tables, handle)
    by_table = _rows_on(tables, person)
    lines = find_mentions(client.folder, person)
    if not by_table and not lines:
        raise Problem(f"no file knows “{handle}”", client.folder, todo="Check the spelling.")
    text = [f"What is held on {', '.join(person)}", ""]
    for name, rows in by_table.items():
        text += [f"{name}: {TABLES[name].meaning} ({len(rows)} rows)", *_shown(rows), ""]
    decided = read_decisions(client)
    decided = decided[_names(decided["handle"], person)]
    if len(decided):
        text += ["decisions:", *_shown(decided), ""]
    ledger = read_ledger(client)
    approved = ledger[(ledger.act == "approved") & _names(ledger.figure, person)]
    if len(approved):
        text += ["ledger, plans approved with them:", *_shown(approved), ""]
    text += ["In these files:", *(f"  {file}: {_joined(places)}" for file, places in lines)]
    return "\n".join(text)


def _person(tables: Tables, handle: str) -> list[str]:
    """The handle, the person's other handles and their name, each once, in lower case."""
    wanted = plain_name(handle)
    creators = tables.creators
    handles, names = (
        column.map(plain_name, na_action="ignore") for column in (creators.handle, creators.creator)
    )
    own_names = names[handles == wanted].dropna().unique()
    others = handles[names.isin(own_names)].dropna()
    return list(dict.fromkeys([wanted, *sorted(others), *sorted(own_names)]))


def _names(column: pd.Series, person: list[str]) -> pd.Series:
    """Which cells name the person by a handle or by name, however they are written."""
    return column.map(plain_name, na_action="ignore").isin(person)


def _rows_on(tables: Tables, person: list[str]) -> dict[str, pd.DataFrame]:
    by_table = {}
    for name in tables:
        frame = tables.frames[name]
        who = [column for column in ("handle", "creator") if column in frame]
        if who:
            about = frame[who].apply(_names, person=person).any(axis=1)
            if about.any():
                by_table[name] = frame[about]
    return by_table


def _shown(rows: pd.DataFrame) -> list[str]:
    """The first rows, column by column; of many rows the rest is counted."""
    lines = []
    for row in rows.head(SHOWN_ROWS).to_dict("records"):
        filled = {column: value for column, value in row.items() if not pd.isna(value)}
        lines.append("  " + "; ".join(f"{column}: {value}" for column, value in filled.items()))
    return [*lines, f"  … and {len(rows) - SHOWN_ROWS} more"] if len(rows) > SHOWN_ROWS else lines


def _joined(places: list[str]) -> str:
    more = f" and {len(places) - PLACES} more" if len(places) > PLACES else ""
    return ", ".join(places[:PLACES]) + more


def _editions(client: Client, reports: Path, names: list[str]) -> list[Path]:
    """Report folders of the client that hold one of the names."""
    folders = reports_of(reports, client.folder)
    return sorted({(folder / file).parent for folder in folders for file, _ in find_mentions(folder, names)})


def _clear_cache() -> None:
    """Throw away every table that was read before: they hold what is to be forgotten."""
    place = cache.folder()
    if place is not None:
        shutil.rmtree(place, ignore_errors=True)
