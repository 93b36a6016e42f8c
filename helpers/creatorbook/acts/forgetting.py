"""Forgetting a creator or a customer (erasure, GDPR article 17).

What the product wrote itself is written again without them; what it read or printed for this client is thrown away and can
be made again; what others wrote (exports, settings, the user's own texts) is never changed, and every place is named.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from creatorbook.acts.notebook_copies import read_notebook
from creatorbook.acts.persons import Person, person_of
from creatorbook.acts.versions import note_removed
from creatorbook.client import Client, read_campaign
from creatorbook.client.campaign_records import forget_in_lift, gate_path, lift_path
from creatorbook.client.creator_history import history_path
from creatorbook.client.forgotten import (
    FORGOTTEN_FILE,
    Forgotten,
    Tombstone,
    forgotten_in,
    made_up_code,
    tombstone,
    tombstones_text,
)
from creatorbook.client.hash_key import hash_key
from creatorbook.client.ledger import ledger_path
from creatorbook.client.own_files import files_in
from creatorbook.client.price_offers import offers_path
from creatorbook.client.records import forget_in_rows, links_path
from creatorbook.client.relationship_log import log_path
from creatorbook.client.report_places import VERSIONS_FILE, reports_of
from creatorbook.client.repository import NOTEBOOKS
from creatorbook.client.today import today
from creatorbook.client.writing import writing
from creatorbook.deliver import MARK, write_file
from creatorbook.exports import cache
from creatorbook.exports.mentions import Spellings, find_mentions, places_text
from creatorbook.exports.receipts import RECEIPT_FILES
from creatorbook.opening import read_exports
from creatorbook.problems import Problem
from creatorbook.runner import overview, places
from creatorbook.runner.jobs import Job

Mentions = list[tuple[str, list[str]]]


@dataclass(frozen=True)
class Done:
    """What forgetting someone did, and what is left to do by hand.

    Attributes:
        names: handles and names, or the e-mail address, that were forgotten.
        instead: each name and code → what stands in its place from now on; empty for a customer.
        rows: canonical table → rows that told of them.
        rewritten: files of the client folder that were written again without them.
        removed: reports, sheets and lists that named them and are gone.
        lines: files that nobody but their owner changes and that still name them, with every place.
        common: what they are called that is a word of the client's, too, and stays in longer texts.
    """

    names: tuple[str, ...]
    instead: dict[str, str]
    rows: dict[str, int]
    rewritten: tuple[str, ...]
    removed: tuple[Path, ...]
    lines: Mentions
    common: tuple[str, ...] = ()

    @property
    def known_as(self) -> str:
        """The made-up name of the creator; empty for a customer."""
        return next(iter(self.instead.values()), "")


def forget_creator(client: Client, handle: str, reports: Path) -> Done:
    """Forget a creator with all their handles, names and codes.

    Args:
        client: whose folder.
        handle: one of the creator's handles; other handles of the same person go with it.
        reports: where the client's editions are.

    Raises:
        Problem: no file knows this handle, or a report of this client is being made.
    """
    tables = read_exports(client).tables
    person = person_of(client, tables, handle)
    rows = {name: len(frame) for name, frame in person.rows(tables).items()}
    spellings = Spellings((*person.names, *person.codes), person.others)
    if not rows and not find_mentions(client.folder, spellings):
        raise Problem(
            f"no file knows “{handle}”", client.folder, todo="Check the spelling; nothing was changed."
        )
    forgotten, rewritten, removed, lines = _cleared(
        client, reports, spellings, lambda key: _of_creator(person, key)
    )
    instead = {name: forgotten.name(name) for name in person.names}
    instead |= {code: forgotten.text(code) for code in person.codes}
    return Done(person.names, instead, rows, rewritten, removed, lines, person.common)


def forget_customer(client: Client, email: str, reports: Path) -> Done:
    """Forget a customer: their orders stay without them.

    Raises:
        Problem: no file holds this address, or a report of this client is being made.
    """
    spellings = Spellings((email.strip(),))
    if not find_mentions(client.folder, spellings):
        raise Problem(
            f"no file holds “{email}”", client.folder, todo="Check the spelling; nothing was changed."
        )
    _, rewritten, removed, lines = _cleared(
        client, reports, spellings, lambda key: [tombstone("customer", email, key)]
    )
    return Done((email,), {}, {}, rewritten, removed, lines)


def forgotten_text(done: Done) -> str:
    """What was done and what is left to do, for a terminal."""
    lines = [f"{', '.join(done.names)}: noted in {FORGOTTEN_FILE} as a hash; what was read before is gone."]
    if done.known_as:
        counts = ", ".join(f"{count} rows of {name}" for name, count in done.rows.items())
        lines.append(
            f"From now on reports say “{done.known_as}”; costs and totals stay ({counts or 'no rows'}). "
            "They get no code, link, brief or reminder any more."
        )
    else:
        lines.append("From now on their orders count without a customer; totals stay.")
    if done.common:
        words = ", ".join(f"“{word}”" for word in done.common)
        lines.append(
            f"Of {words}, cells that hold nothing else are changed; in longer texts it means something else, too."
        )
    lines += _listed("Written again without them:", done.rewritten)
    lines += _listed("Removed, because they were named; print what you still need again:", done.removed)
    if done.lines:
        instead = ", ".join(f"{made_up} for {name}" for name, made_up in done.instead.items())
        how = f" or write there, so that totals stay, {instead}" if instead else ""
        files = [f"{file}: {places_text(where)}" for file, where in done.lines]
        lines += _listed(f"Never changed by us. Delete the name in these places{how}:", files)
    lines += ["", "Copies elsewhere (sent reports, backups, a repository's history) are yours to delete."]
    return "\n".join(lines)


def _listed(title: str, entries: Sequence[Any]) -> list[str]:
    return ["", title, *(f"  {entry}" for entry in entries)] if entries else []


def _with_earlier(client: Client, stones_of: Callable[[bytes], list[Tombstone]]) -> Forgotten:
    """Who is forgotten from now on: new tombstones, by the client's own key, behind those that are there."""
    earlier, key = forgotten_in(client.folder).tombstones, hash_key(client.folder)
    there = {(stone.kind, stone.key) for stone in earlier}
    new = [stone for stone in stones_of(key) if (stone.kind, stone.key) not in there]
    return Forgotten(key, (*earlier, *new))


def _of_creator(person: Person, key: bytes) -> list[Tombstone]:
    """A creator's tombstones: whole names, spellings in longer texts, codes, and what others are called."""
    known_as = tombstone("creator", person.names[0], key).name
    made_up = dict.fromkeys(person.names, known_as)
    for number, handle in enumerate(person.further_handles, start=2):
        made_up[handle] = f"{known_as}-{number}"
    return [
        *(tombstone("creator", name, key, made_up[name]) for name in person.names),
        *(
            tombstone("spelling", name, key, made_up[name])
            for name in person.names
            if name not in person.common
        ),
        *(tombstone("spelling", code, key, made_up_code(code, key)) for code in person.codes),
        *(tombstone("other", name, key) for name in person.others),
    ]


def _cleared(
    client: Client, reports: Path, spellings: Spellings, stones_of: Callable[[bytes], list[Tombstone]]
) -> tuple[Forgotten, tuple[str, ...], tuple[Path, ...], Mentions]:
    """Who is forgotten from now on, what was written again, what was removed, and what still names the person.

    The list of who is forgotten is written last: should anything stop before it, the person's other names are still to be
    read, and the same call does all of it.
    """
    with places.reserved(reports, places.placed([Job(client.folder, reports)])), writing(client.folder):
        forgotten = _with_earlier(client, stones_of)
        rewritten = _written_again(client, forgotten, spellings)
        removed = _removed(client, reports, spellings)
        text = tombstones_text(forgotten.tombstones, forgotten.key)
        write_file(client.folder / FORGOTTEN_FILE, text.encode())
        cache.forget(client.folder)
    return forgotten, rewritten, removed, _still_named(client, reports, spellings)


def _still_named(client: Client, reports: Path, spellings: Spellings) -> Mentions:
    """The files that nobody but their owner changes, in the client folder, its reports and the workbook's notebooks."""
    lines = find_mentions(client.folder, spellings)
    for folder in (*reports_of(reports, client.folder), NOTEBOOKS):
        if folder != client.folder:
            lines += [(str(folder / file), where) for file, where in find_mentions(folder, spellings)]
    return lines


def _written_again(client: Client, forgotten: Forgotten, spellings: Spellings) -> tuple[str, ...]:
    """The product's own files in the client folder, without the person."""
    campaigns = [read_campaign(client, name) for name in client.campaign_ids]
    files = [client.folder / name for name in ("decisions.csv", VERSIONS_FILE)]
    files += [path(client) for path in (ledger_path, history_path, log_path)]
    files += [path(campaign) for campaign in campaigns for path in (links_path, gate_path, offers_path)]
    rewritten = [path for path in files if forget_in_rows(path, forgotten)]
    rewritten += [lift_path(campaign) for campaign in campaigns if forget_in_lift(campaign, forgotten)]
    rewritten += [path for path in files_in(client.folder, "**/*.ipynb") if _outputs_cleared(path, spellings)]
    return tuple(path.relative_to(client.folder).as_posix() for path in rewritten)


def _outputs_cleared(path: Path, spellings: Spellings) -> bool:
    """Take the outputs that name the person out of a saved notebook; whether there were any."""
    notebook = read_notebook(path)
    if notebook is None:
        return False  # where it names the person is told
    named = [
        cell
        for cell in notebook.cells
        if cell.get("outputs") and spellings.named_in(json.dumps(cell["outputs"], ensure_ascii=False))
    ]
    for cell in named:
        cell.update(outputs=[], execution_count=None)
    if named:
        write_file(path, f"{nbformat.writes(notebook)}\n".encode())
    return bool(named)


def _removed(client: Client, reports: Path, spellings: Spellings) -> tuple[Path, ...]:
    """Editions, sheets, lists and receipts of the client that name the person, each removed as a whole, and its record.

    Only what the product made goes: a place for reports may hold other files. A version that was cleared or sent goes, too:
    what is left of it is the row that says when it was sent, and that it was removed.
    """
    folders = reports_of(reports, client.folder)
    named = [folder / file for folder in folders for file, _ in find_mentions(folder, spellings)]
    wholes = {path for path in named if path.name in RECEIPT_FILES}
    wholes |= {
        folder / Path(*path.relative_to(folder).parts[:2])
        for folder in folders
        for path in named
        if path.is_relative_to(folder)
    }
    gone = {whole for whole in wholes if whole.name in RECEIPT_FILES or _is_ours(whole)}
    records = [reports / places.BATCH_FOLDER / f"{folder.name}.json" for folder in folders]
    gone |= {
        record
        for record in records
        if record.is_file() and spellings.named_in(record.read_text(encoding="utf-8", errors="replace"))
    }
    note_removed(client.folder, gone, today())
    for whole in gone:
        cache.remove(whole)
    if (reports / "index.html").is_file():
        overview.write_overview(reports)
    return tuple(sorted(gone))


def _is_ours(folder: Path) -> bool:
    """Whether the product made a folder, and may remove it."""
    return any((folder / name).is_file() for name in ("manifest.json", MARK))
