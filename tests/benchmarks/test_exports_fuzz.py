"""A hundred thousand damaged exports: each is read with everything accounted for, or refused in plain words.

No traceback and no hang, whatever happened to the file. The count of files, how many were read and how many refused
are printed (`pytest -s -m slow tests/benchmarks/test_exports_fuzz.py`). The run is one chunk per seed; FUZZ_SEEDS (as
“101,102”) and FUZZ_FILES (per seed) run a part of it, FUZZ_SECONDS ends a chunk early, and FUZZ_RESULTS names a file
to which each chunk adds a line.
"""

from __future__ import annotations

import codecs
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from creatorbook.exports.built_in import built_in_readers
from creatorbook.exports.database import connect_to_read
from creatorbook.exports.files import ExportFile
from creatorbook.exports.importing import import_file
from creatorbook.exports.reader import Options
from creatorbook.problems import Problem

CORPUS = Path(__file__).parents[1] / "corpus"
#: one file of every layout the corpus has; what is damaged
SOURCES = {
    path.stem: path.read_bytes()
    for path in sorted(CORPUS.glob("*.csv"))
    if path.stem in {reader.name for reader in built_in_readers()}
}
SEEDS = [int(seed) for seed in os.environ.get("FUZZ_SEEDS", "101,102,103,104,105").split(",")]
FILES = int(os.environ.get("FUZZ_FILES", "20000"))  #: per seed
SECONDS = float(os.environ.get("FUZZ_SECONDS", "inf"))  #: per seed
OPTIONS = Options(
    "x.csv", "EUR", {"USD": 0.9}, True, "DE", b"key", starts_on=date(2025, 8, 1), ends_on=date(2026, 7, 31)
)
LONGEST = 30  #: seconds for one small file; a longer read counts as a hang

NASTY = [
    "", " ", "--", "undefined", "=1+1", "1e309", "-", "1.234,5", "1,234.5", "12.4K", "€", "$-5", "(3)", "٣٤", "NaN", "0x10",
    "99999999999999999999", "2026-02-30", "31/31/2026", "0000-00-00", "Feb 29, 2025", "October 1", "2026-03-04T25:61", "'", '"', "\\",
    "\x00", "\ufeff", "\u202e", "😀", "a" * 3000, "<script>", "%s", "{0}", "NULL", "'; DROP TABLE staged; --", "true", "a,b", "a\nb", "#",
]  # fmt: skip
ENCODINGS = [
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-8-sig",
    "cp1252",
    "cp1250",
    "mac_roman",
    "shift_jis",
    "utf-7",
    "utf-32",
    "cp500",
]


def lines_of(text: str) -> list[list[str]]:
    """Cells by line, as crude as damage is."""
    return [line.split(",") for line in text.split("\n")]


def joined(rows: list[list[str]]) -> str:
    return "\n".join(",".join(row) for row in rows)


def drop_column(text: str, chance: random.Random) -> str:
    """The same place of every line is gone."""
    at = chance.randrange(12)
    return joined([row[:at] + row[at + 1 :] for row in lines_of(text)])


def shuffle_columns(text: str, chance: random.Random) -> str:
    """Cells of all lines in another order."""
    rows = lines_of(text)
    order = list(range(max(map(len, rows))))
    chance.shuffle(order)
    return joined([[row[at] for at in order if at < len(row)] for row in rows])


def truncate(text: str, chance: random.Random) -> str:
    """The download broke off."""
    return text[: chance.randrange(len(text) + 1)]


def double_header(text: str, chance: random.Random) -> str:
    """A line comes again somewhere."""
    rows = text.split("\n")
    rows.insert(chance.randrange(len(rows) + 1), chance.choice(rows[:3]))
    return "\n".join(rows)


def sprinkle(signs: str) -> Callable[[str, random.Random], str]:
    """Signs at places of their own choice."""

    def sprinkled(text: str, chance: random.Random) -> str:
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(text) + 1)
            text = text[:at] + chance.choice(signs) + text[at:]
        return text

    return sprinkled


def other_cell(text: str, chance: random.Random) -> str:
    """A cell holds something that no export should."""
    rows = lines_of(text)
    row = chance.choice(rows)
    row[chance.randrange(len(row))] = chance.choice(NASTY)
    return joined(rows)


def other_delimiter(text: str, chance: random.Random) -> str:
    """Another delimiter, in some lines or all."""
    sign = chance.choice(";\t|: ")
    if chance.random() < 0.5:
        return text.replace(",", sign)
    return "\n".join(line.replace(",", sign) if chance.random() < 0.5 else line for line in text.split("\n"))


def lines_again(text: str, chance: random.Random) -> str:
    """Lines twice, in another order, or none but the header."""
    head, *rows = text.split("\n")
    chance.shuffle(rows)
    return "\n".join([head, *rows[: chance.randrange(len(rows) + 1)], *rows[: chance.randrange(3)]])


def odd_lines(text: str, chance: random.Random) -> str:
    """Blank lines, comments, titles, totals, bare carriage returns."""
    rows = text.split("\n")
    rows.insert(
        chance.randrange(len(rows) + 1),
        chance.choice(["", ",,,,", "# note", "A title", "Total,1,2,3", "sep=;", "sep=,", '"']),
    )
    return chance.choice(["\n", "\r", "\r\n", "\n\r"]).join(rows)


MUTATIONS = [drop_column, shuffle_columns, truncate, double_header, sprinkle("\"'"), sprinkle("\x00"), sprinkle(",;\t\n\r|"),
             other_cell, other_cell, other_delimiter, lines_again, odd_lines]  # fmt: skip


def damaged(content: bytes, chance: random.Random) -> bytes:
    """One to three kinds of damage, and sometimes another encoding or single bytes changed."""
    text = content.decode("utf-16" if content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8")
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        text = chance.choice(MUTATIONS)(text, chance)
    encoding = chance.choice(ENCODINGS) if chance.random() < 0.15 else "utf-8"
    data = bytearray(text.encode(encoding, "replace"))
    if data and chance.random() < 0.1:
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def _too_long(*_: object) -> None:
    raise TimeoutError("reading takes too long")


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_a_hundred_thousand_damaged_files(
    seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Read with rows in = kept + set aside, or refused by a Problem; nothing else ever."""
    signal.signal(signal.SIGALRM, _too_long)
    names = sorted(SOURCES)
    # small files come more often
    weights = [1 / min(max(len(SOURCES[name]), 60), 1500) for name in names]
    outcomes: Counter[str] = Counter()
    failures: list[str] = []
    began = time.monotonic()
    for number in range(FILES):
        chance = random.Random(f"{seed}-{number}")
        (name,) = chance.choices(names, weights)
        data = damaged(SOURCES[name], chance)
        outcome = outcome_of(data, tmp_path / "x.csv")
        if outcome not in {"read", "refused"}:
            failures.append(f"{name} {seed}-{number}: {outcome} {data[:300]!r}")
            outcome = "failed"
        outcomes[outcome] += 1
        if len(failures) >= 20 or time.monotonic() - began > SECONDS:
            break
    _tell(capsys, seed, outcomes, time.monotonic() - began, failures)
    assert not failures, "\n".join(failures)


def outcome_of(data: bytes, path: Path) -> str:
    """What became of a file: `read`, `refused`, or what went wrong."""
    path.write_bytes(data)
    signal.setitimer(signal.ITIMER_REAL, LONGEST)
    try:
        with TemporaryDirectory() as room:
            file = ExportFile(path, "x.csv", None, "")
            _, receipt = import_file(connect_to_read(), file, None, OPTIONS, built_in_readers(), Path(room))
    except Problem:
        return "refused"
    except BaseException as error:
        return f"{type(error).__name__}: {str(error)[:200]}"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return "read" if receipt.rows_in == receipt.kept + receipt.set_aside_count else "rows do not add up"


def _tell(
    capsys: pytest.CaptureFixture[str],
    seed: int,
    outcomes: Counter[str],
    seconds: float,
    failures: list[str],
) -> None:
    counted = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
    told = f"seed {seed}: {outcomes.total()} damaged files: {counted}, {seconds:.0f} s"
    if results := os.environ.get("FUZZ_RESULTS"):
        with Path(results).open("a", encoding="utf-8") as lines:
            lines.write("\n".join([told, *failures]) + "\n")
    with capsys.disabled():
        print(told, *failures[-3:], sep="\n", flush=True)
