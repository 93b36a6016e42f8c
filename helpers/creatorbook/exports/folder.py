"""A client's exports: every file read or taken from the cache, joined into one table each."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from creatorbook import rooms
from creatorbook.client import Client, Mapping, read_campaign
from creatorbook.client.forgotten import Forgotten, forgotten_in
from creatorbook.client.hash_key import hash_key
from creatorbook.exports import cache, parse
from creatorbook.exports.built_in import built_in_readers
from creatorbook.exports.combining import Part, combine_files
from creatorbook.exports.database import connect_to_read, release
from creatorbook.exports.downloads import companions, file_of
from creatorbook.exports.files import ExportFile, find_files, unreadable_files
from creatorbook.exports.forgotten import forget_rows
from creatorbook.exports.forms import file_parts
from creatorbook.exports.importing import NoSuchReader, Unrecognised, as_tables, import_file, plan_for
from creatorbook.exports.kept import nothing_kept
from creatorbook.exports.loading import LARGE
from creatorbook.exports.reader import Options, Reader
from creatorbook.exports.receipts import Receipt, receipt_as_json, receipt_from_json
from creatorbook.exports.stored import Frames, StoredTables
from creatorbook.exports.unread import unread
from creatorbook.problems import Problem
from creatorbook.tables import TABLES, Tables
from creatorbook.text.account_links import CALLED, read_link
from creatorbook.text.handles import plain_handle


@dataclass(frozen=True)
class Read:
    """A client's exports, read.

    Attributes:
        tables: the canonical tables, over all files.
        receipts: one per file, in the files' order.
    """

    tables: Tables
    receipts: tuple[Receipt, ...]

    def loaded(self) -> Read:
        """The same with all tables in memory, whatever becomes of the cache."""
        return Read(Tables(dict(self.tables.frames)), self.receipts)


def read_folder(
    client: Client,
    readers: Sequence[Reader] | None = None,
    version: Sequence[str] = (),
    left_out: Sequence[str] = (),
) -> Read:
    """Read everything in a client's `exports/`. The second time, nothing is parsed again.

    Args:
        client: whose exports.
        readers: who may recognise a file; none means those that creatorbook brings.
        version: tells one set of readers from another: what was read with one is not taken for the other's.
        left_out: why readers are missing, if any are: files that nobody knows are then set aside and say so.

    Raises:
        Problem: a file cannot be read, or nobody recognises it.
    """
    reading = _Reading.of(client, built_in_readers() if readers is None else readers, version, left_out)
    cache_folder = cache.folder()
    if cache_folder is None:
        with rooms.room() as scratch:
            return reading.read(scratch).loaded()  # the files go with the folder
    return reading.read(cache_folder)


@dataclass(frozen=True)
class _Reading:
    """What one call of `read_folder` works on."""

    client: Client
    files: list[ExportFile]
    options: dict[str, Any]
    forgotten: Forgotten
    readers: list[Reader]
    version: list[str]
    left_out: list[str]

    @classmethod
    def of(
        cls, client: Client, readers: Sequence[Reader], version: Sequence[str], left_out: Sequence[str]
    ) -> _Reading:
        starts_on, ends_on = _campaign_year(client)
        options = {
            "currency": client.currency,
            "exchange_rates": dict(client.exchange_rates),
            "prices_include_tax": client.prices_include_tax,
            "tax_rates": _tax_rates(client),
            "market": client.market,
            "time_zone": client.time_zone,
            "key": hash_key(client.folder),
            "starts_on": starts_on,
            "ends_on": ends_on,
        }
        forgotten = forgotten_in(client.folder)
        files = [_renamed(file, forgotten) for file in find_files(client.folder)]
        return cls(client, files, options, forgotten, list(readers), list(version), list(left_out))

    def read(self, cache_folder: Path) -> Read:
        """All files, from the cache where they are in it."""
        options = {name: repr(value) for name, value in self.options.items()}
        mappings = [mapping.model_dump(mode="json") for mapping in self.client.mapping]
        files = [(file.name, file.digest) for file in self.files]
        others = [self.forgotten.text(name) for name in unreadable_files(self.client.folder)]
        key = cache.key_of(
            self.client.folder,
            ["folder", files, others, options, mappings, repr(self.forgotten), self.version],
        )
        stored = cache.load_entry(cache_folder / f"{key}.json")
        if stored is not None:
            cache.used(
                [cache_folder / f"{key}.json", *(cache_folder / file for file in stored["files"].values())]
            )
            return _load(cache_folder, stored)
        connection = connect_to_read()
        try:
            return self._read_files(connection, cache_folder, key, others)
        finally:
            connection.close()
            if sum(file.path.stat().st_size for file in self.files) >= LARGE:
                release()

    def _read_files(
        self, connection: duckdb.DuckDBPyConnection, cache_folder: Path, key: str, others: list[str]
    ) -> Read:
        receipts: dict[str, Receipt] = {}
        made_of: dict[str, list[Part]] = {}
        problems: list[Problem] = []
        for file in self._parts(self.readers, receipts, problems):
            try:
                receipt, made = self._file(connection, cache_folder, file)
            except Problem as problem:
                if self.left_out and isinstance(problem, Unrecognised | NoSuchReader):
                    receipts[file.name] = _left_alone(
                        file.name, f"nobody who could be asked knows it: {'; '.join(self.left_out)}"
                    )
                else:
                    problems.append(_named(problem, file))
                continue
            receipts[file.name] = receipt
            if (lost := nothing_kept(receipt)) is not None:
                problems.append(lost)
                continue
            for name, path in made.items():
                made_of.setdefault(name, []).append(Part(file.name, path))
        problems = _without_companions(problems, receipts)
        if problems:
            read = [receipt for _, receipt in sorted(receipts.items())]
            raise unread(problems, read, mapped=bool(self.client.mapping)) from problems[0]
        plan_for(connection, sum(file.path.stat().st_size for file in self.files))
        done = combine_files(connection, made_of, receipts, self.client.currency)
        receipts |= done.receipts
        for name in others:
            receipts[name] = _left_alone(name, "not a table: nothing was read from it")
        files = {name: path.name for name, path in done.alone.items()}
        for name, query in done.queries.items():
            files[name] = f"{key}.{name}.parquet"
            _save(connection, f"({query})", cache_folder / files[name])
        stored = {
            "files": files,
            "receipts": [receipt_as_json(receipt) for _, receipt in sorted(receipts.items())],
        }
        cache.save_entry(
            cache_folder / f"{key}.json", stored, [cache_folder / name for name in files.values()]
        )
        cache.make_room(cache_folder, [f"{key}.json", *files.values()])
        return _load(cache_folder, stored)

    def _parts(
        self, readers: Any, receipts: dict[str, Receipt], problems: list[Problem]
    ) -> Iterator[ExportFile]:
        """What there is to read in each file; receipts are added for what holds nothing to read, problems told."""
        for file in self.files:
            mapping = mapping_for(self.client, file.name)
            if mapping and mapping.ignore:
                yield file
                continue
            mapped = mapping is not None and bool(mapping.table or mapping.reader)
            try:
                tables, empty = file_parts(
                    file, lambda header: any(r.recognise(header) for r in readers), mapped=mapped
                )
            except Problem as problem:
                problems.append(_named(problem, file))
                continue
            for name in map(self.forgotten.text, empty):
                receipts[name] = _left_alone(
                    name, "no table we know with something in it: nothing was read from it"
                )
            yield from (_renamed(table, self.forgotten) for table in tables)

    def _file(
        self, connection: duckdb.DuckDBPyConnection, cache_folder: Path, file: ExportFile
    ) -> tuple[Receipt, dict[str, Path]]:
        """One file's receipt and the Parquet files that hold its rows."""
        mapping = mapping_for(self.client, file.name) or (
            mapping_for(self.client, self.forgotten.text(file.path.name)) if file.member else None
        )
        if mapping and mapping.ignore:
            return _left_alone(file.name, "left out, as client.yml says"), {}
        options = self._options(file, mapping)
        mapping_values = mapping.model_dump(mode="json") if mapping else None
        key = cache.key_of(
            self.client.folder,
            [
                "file",
                file.name,
                file.digest,
                repr(options),
                mapping_values,
                repr(self.forgotten),
                self.version,
            ],
        )
        stored = cache.load_entry(cache_folder / f"{key}.json")
        if stored is not None:
            made = {name: cache_folder / f"{key}.{name}.parquet" for name in stored["tables"]}
            return receipt_from_json(stored), made
        with rooms.room() as scratch:
            rows, receipt = import_file(connection, file, mapping, options, self.readers, scratch)
            if self.forgotten:
                rows = as_tables(connection, rows)
                forget_rows(connection, rows.tables, self.forgotten)
            made = {name: cache_folder / f"{key}.{name}.parquet" for name in receipt.tables}
            for name, path in made.items():
                if name in rows.files:
                    cache.keep(rows.files[name], path)
                else:
                    _save(connection, rows.tables[name], path)
        entry = self.forgotten.data(receipt_as_json(receipt))
        cache.save_entry(cache_folder / f"{key}.json", entry, made.values())
        return receipt_from_json(entry), made

    def _options(self, file: ExportFile, mapping: Mapping | None) -> Options:
        options: dict[str, Any] = {"file": file.name, "handle": file.handle, **self.options}
        if mapping:
            stated = mapping.starts_on is not None
            options |= {
                "handle": _account_told(file, mapping.handle) or file.handle,
                "platform": mapping.platform,
                "day_first": mapping.day_first,
                "range_is_stated": stated,
                "days_from": mapping.days_from,
                "states": tuple(mapping.states.items()),
                "total": mapping.total,
            }
            if stated and mapping.starts_on:
                year_later = mapping.starts_on + timedelta(days=364)
                options |= {"starts_on": mapping.starts_on, "ends_on": mapping.ends_on or year_later}
        return Options(**options)


def _tax_rates(client: Client) -> dict[str, float]:
    """Tax rate by the buyer's country, where client.yml tells several; the home market's under no country."""
    by_country = client.tax_rate if isinstance(client.tax_rate, dict) else {}
    return {**by_country, "": client.tax_rate_in(None)}


def _account_told(file: ExportFile, account: str | None) -> str:
    """The handle that client.yml gives a file, by name or by its link.

    Raises:
        Problem: it is a link that names no account.
    """
    link = read_link(account or "")
    if link is None:
        return plain_handle(account or "")
    if not link.account:
        raise Problem(
            f"client.yml gives as this file's account {CALLED[link.kind]}",
            f"exports/{file.name}",
            todo="Write the handle, as handle: lina.muster, or the link of the account's profile.",
        )
    return link.account


def mapping_for(client: Client, file: str) -> Mapping | None:
    """What client.yml says about a file: the first entry whose pattern fits its name or its path."""
    name = file.rsplit("/", 1)[-1]
    return next(
        (m for m in client.mapping if fnmatch.fnmatch(file, m.file) or fnmatch.fnmatch(name, m.file)), None
    )


def _campaign_year(client: Client) -> tuple[date | None, date | None]:
    """The year that ends half a year after the last campaign, for dates without a year."""
    try:
        end = max(read_campaign(client, name).end for name in client.campaign_ids)
    except (Problem, ValueError):
        return None, None
    return end - timedelta(days=240), end + timedelta(days=124)


def _renamed(file: ExportFile, forgotten: Forgotten) -> ExportFile:
    """A file under a name that names nobody who is forgotten."""
    account = forgotten.name(file.handle) if file.handle else ""
    return replace(file, name=forgotten.text(file.name), handle=account or file.handle)


def _named(problem: Problem, file: ExportFile) -> Problem:
    """A problem of a file under the name that people know, also where it came up in a copy."""
    if isinstance(problem.file, Path):
        problem.file = f"exports/{file.name}"
    return problem


def _without_companions(problems: list[Problem], receipts: dict[str, Receipt]) -> list[Problem]:
    """The problems that remain where files that only come with a known download are set aside by name."""
    aside = companions(problems, receipts)
    receipts |= {name: _left_alone(name, why) for name, why in aside.items()}
    return [problem for problem in problems if file_of(problem) not in aside]


def _left_alone(name: str, why: str) -> Receipt:
    return Receipt(name, "", "not read", "", (), 0, 0, notes=(why,))


def _save(connection: duckdb.DuckDBPyConnection, table: str, path: Path) -> None:
    """Write a table as Parquet, at once or not at all (an atomic write)."""
    with cache.whole_at(path) as part:
        connection.execute(
            f"COPY {table} TO {parse.text(str(part))} (FORMAT parquet, COMPRESSION lz4_raw, PRESERVE_ORDER true)"
        )


def _load(cache_folder: Path, stored: dict[str, Any]) -> Read:
    files = {name: cache_folder / stored["files"][name] for name in TABLES if name in stored["files"]}
    return Read(
        StoredTables(Frames(files)), tuple(receipt_from_json(receipt) for receipt in stored["receipts"])
    )
