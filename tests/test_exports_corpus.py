"""A corpus of awkward files, written for this project in the real layouts: each gives exactly the receipt beside it.

`tests/corpus/<file>` is read alone by a client of its own; `<file>.receipt.json` is the whole receipt expected, or the
problem told. A new trap is a new file: `python tests/test_exports_corpus.py NAME …` writes what is read today for
NAMEs that have no receipt yet, to be checked by eye.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from creatorbook import exports, repository
from creatorbook.exports import BUILT_IN, receipt_lines
from creatorbook.problems import Problem
from shelf import make_client, shelf_folder  # noqa: F401 - a fixture

CORPUS = Path(__file__).parent / "corpus"
ENDING = ".receipt.json"
FILES = sorted(path for path in CORPUS.iterdir() if not path.name.endswith(ENDING))
RATES = {"exchange_rates": {"USD": 0.9}}

#: layouts that only say by hand what a platform's own layout says
ALONE = {reader.name for reader in BUILT_IN}


def told_of(path: Path, folder: Path) -> dict[str, Any]:
    """The receipt of one file as JSON values, or the problem's words."""
    try:
        read = exports.read_folder(make_client(folder, {path.name: path.read_bytes()}, **RATES))
    except Problem as problem:
        return {"problem": str(problem).replace(f"{folder}/", "")}
    (receipt,) = read.receipts
    return json.loads(json.dumps(exports.as_json(receipt)))  # type: ignore[no-any-return]  # tuples as lists


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_gives_exactly_the_receipt_beside_it(shelf: Path, path: Path) -> None:
    """Every field of it: counts, reasons with record numbers, columns, dates, currency, notes."""
    expected = json.loads(path.with_name(path.name + ENDING).read_text(encoding="utf-8"))
    told = told_of(path, shelf)
    assert told == expected
    if "problem" not in told:
        assert told["rows_in"] == told["kept"] + sum(aside["count"] for aside in told["set_aside"])


def test_the_corpus_has_a_file_for_every_layout() -> None:
    """Named after the layout; a layout that is added to the pack is added here."""
    receipts = [json.loads(path.with_name(path.name + ENDING).read_text(encoding="utf-8")) for path in FILES]
    assert {receipt.get("reader") for receipt in receipts} >= ALONE
    for reader in ALONE:
        expected = json.loads((CORPUS / f"{reader}.csv{ENDING}").read_text(encoding="utf-8"))
        assert expected["reader"] == reader


def test_a_folder_with_every_layout_gives_one_receipt_each(shelf: Path) -> None:
    """Side by side the files are recognised as they are alone, and every record is accounted for."""
    files: dict[str, str | bytes] = {
        f"{name}.csv": (CORPUS / f"{name}.csv").read_bytes() for name in sorted(ALONE)
    }
    read = exports.read_folder(make_client(shelf, files, **RATES))
    assert {receipt.file: receipt.reader for receipt in read.receipts} == {
        f"{name}.csv": name for name in ALONE
    }
    for receipt in read.receipts:
        alone = json.loads((CORPUS / f"{receipt.file}{ENDING}").read_text(encoding="utf-8"))
        assert receipt.rows_in == receipt.kept + receipt.set_aside_count == alone["rows_in"]
        assert f"{receipt.file}: {receipt.label}" in receipt_lines(receipt)[0]


if __name__ == "__main__":
    for name in sys.argv[1:]:
        target = CORPUS / (name + ENDING)
        with (
            tempfile.TemporaryDirectory() as room,
            mock.patch.object(repository, "CACHE", Path(room) / "cache"),
        ):
            found = told_of(CORPUS / name, Path(room) / "client")
        if not target.exists():
            target.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
