"""Every act and every kind of reading, killed at random moments: after the next call no raw row and no half file.

`CREATORBOOK_KILLS` (40) says how often each is killed.
"""

from __future__ import annotations

import csv
import io
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from fnmatch import fnmatch
from functools import partial
from pathlib import Path

import pytest
import xlsxwriter

import batches
from creatorbook.client.repository import CACHE, SAMPLE_DATA

KILLS = int(os.environ.get("CREATORBOOK_KILLS", "40"))
#: Seed of the moments of killing and of what is killed.
SEED = 20261128

#: What stands in the columns of an order export that are never read: nowhere but in the export itself, afterwards.
BUYER = "Zzmusterfrau"

#: Seconds after a file to work with came up at which a process is killed, at most.
SOON = 0.02

#: What is there only while somebody works.
WORK = ("creatorbook-*", ".making-*", ".edition-*", ".old-*", ".*-*.csv", "*.part")

pytestmark = [pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")]

#: A decision as the form in JupyterLab writes it down.
DECIDE = """
import sys
from datetime import date
from pathlib import Path
from creatorbook.client import read_client, record_decision
reasons = __import__("creatorbook.packs", fromlist=["pack"]).pack("reasons")["reasons"]
client = read_client(Path(sys.argv[1]))
for handle in ("alma_regenrunde", "bente.distelquell", "nordnaht.fenja"):
    record_decision(
        client, handle, "Shortlist", reasons["Shortlist"][0], sys.argv[2], "Ann",
        on=date.fromisoformat(sys.argv[2]),
    )
"""


def _orders(number: int, start: int) -> list[list[str]]:
    """An order export as a shop writes it, with what nobody reads."""
    header = ["Name", "Email", "Created at", "Total", "Currency", "Discount Code", "Billing Name", "Billing Street", "Phone"]  # fmt: skip
    rows = [
        [
            *(
                f"#{start + at}",
                f"lena{at}@example.org",
                f"2026-03-{1 + at % 28:02d} 10:00:00 +0100",
                "59.90",
                "EUR",
            ),
            *("ALMA10" if at % 9 == 0 else "", f"Lena {BUYER}", f"{BUYER}gasse {at}", "+49 171 2345678"),
        ]
        for at in range(number)
    ]
    return [header, *rows]


def _as_text(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _xlsx(exports: Path, rows: list[list[str]]) -> None:
    with xlsxwriter.Workbook(exports / "orders.xlsx") as book:
        sheet = book.add_worksheet("Orders")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)


def _zip(exports: Path, rows: list[list[str]]) -> None:
    with zipfile.ZipFile(exports / "orders.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("orders.csv", _as_text(rows))


def _utf16(exports: Path, rows: list[list[str]]) -> None:
    (exports / "orders.txt").write_text(_as_text(rows), encoding="utf-16")


def _plain(exports: Path, rows: list[list[str]]) -> None:
    (exports / "orders.csv").write_text(_as_text(rows))


#: Act → how the orders are saved, and the call on a client and a folder for reports, in the round of this number.
ACTS: dict[str, tuple[Callable[[Path, list[list[str]]], None], Callable[[Path, Path, int], list[str]]]] = {
    "XLSX": (_xlsx, lambda client, _out, _round: ["-m", "creatorbook", "check", str(client)]),
    "ZIP": (_zip, lambda client, _out, _round: ["-m", "creatorbook", "check", str(client)]),
    "UTF-16": (_utf16, lambda client, _out, _round: ["-m", "creatorbook", "check", str(client)]),
    "report": (
        _plain,
        lambda client, out, _round: batches.command(client, "--stage", "plan", "--force", "--out", out)[1:],
    ),
    "codes": (
        _plain,
        lambda client, out, _round: ["-m", "creatorbook", "codes", str(client), "--out", str(out / "codes")],
    ),
    "approve": (
        _plain,
        lambda client, _out, _round: [
            "-m",
            "creatorbook",
            "approve",
            str(client),
            "--by",
            "Ann",
            "--on",
            "2026-02-20",
        ],
    ),
    "forget": (
        _plain,
        lambda client, out, number: [
            *("-m", "creatorbook", "forget", str(client), "--creator", f"nobody{number}", "--out", str(out))
        ],
    ),
    "decision": (
        _plain,
        lambda client, _out, number: ["-c", DECIDE, str(client), f"2026-01-{1 + number % 28:02d}"],
    ),
}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A folder with a client, one for reports and a temporary one."""
    for name in ("out", "tmp"):
        (tmp_path / name).mkdir()
    shutil.copytree(SAMPLE_DATA / "northpin", tmp_path / "client", ignore=shutil.ignore_patterns("truth"))
    (tmp_path / "client/exports/orders.csv").unlink()
    return tmp_path


def _creators(exports: Path, number: int) -> None:
    """Creators whose codes are still to be given out, and one that is forgotten in this round."""
    lines = (SAMPLE_DATA / "northpin/exports/creators.csv").read_text().splitlines()
    rows = [lines[0], *(line.rpartition(",")[0] + "," for line in lines[1:])]
    (exports / "creators.csv").write_text("\n".join([*rows, f"Nobody,nobody{number},instagram,900,0,\n"]))


def _below(*folders: Path) -> list[Path]:
    """All files and folders below these; what goes while it is looked for is passed over."""
    return [
        Path(place, name)
        for folder in folders
        for place, inner, files in os.walk(folder)
        for name in (*inner, *files)
    ]


def _work(place: Path) -> list[Path]:
    """What is there only while somebody works, wherever it may lie."""
    paths = [path for path in _below(place, CACHE / "tables") if path.name != "creatorbook.json"]
    return [path for path in paths if any(fnmatch(path.name, pattern) for pattern in WORK)]


def _raw_rows(place: Path, *others: Path) -> list[Path]:
    """Files outside the exports in which a buyer's name stands."""
    exports = place / "client" / "exports"
    paths = []
    for path in filter(Path.is_file, _below(place, *others)):
        with suppress(FileNotFoundError):
            content = path.read_bytes()
            if not path.is_relative_to(exports) and any(
                BUYER.encode(code) in content for code in ("utf-8", "utf-16-le")
            ):
                paths.append(path)
    return paths


def _start(call: list[str], place: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-P", *call],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TMPDIR": str(place / "tmp")},
    )


def _killed(
    running: subprocess.Popen[bytes],
    began: Callable[[], object],
    span: float,
    chance: random.Random,
    number: int,
) -> bool:
    """Kill a call, in every third round a process below it: at a random moment, in every other one soon after it began."""
    until = time.monotonic() + (chance.uniform(0.05, span) if number % 2 else span)
    soon = chance.uniform(0, SOON)
    while running.poll() is None and time.monotonic() < until:
        if number % 2 == 0 and began():
            time.sleep(soon)
            break
        time.sleep(0.002)
    below = batches.descendants(running.pid) if number % 3 == 2 else []
    if running.poll() is not None:
        return False
    with suppress(ProcessLookupError):
        os.kill(chance.choice(below or [running.pid]), signal.SIGKILL)
    running.wait()
    return True


def _parses(place: Path) -> bool:
    """Whether every table and record of ours is whole."""
    for path in [
        *place.glob("client/*.csv"),
        *place.glob("client/campaigns/*.csv"),
        *place.glob("out/**/*.csv"),
    ]:
        text = path.read_text(encoding="utf-8-sig")
        rows = list(csv.reader(io.StringIO(text)))
        assert text.endswith("\n"), path
        assert len({len(row) for row in rows}) == 1, path
    for path in place.glob("out/**/*.json"):
        json.loads(path.read_text())
    return all(batches.is_whole(path.parent) for path in place.glob("out/**/manifest.json"))


def _killed_often(act: str, kills: int, place: Path) -> str:
    save, call_of = ACTS[act]
    began = partial(_raw_rows, place / "tmp") if save is not _plain else partial(_work, place)
    chance, done, left, rows, number = random.Random(f"{SEED}{act}"), 0, 0, 0, 0
    save(place / "client/exports", _orders(3000, 1000))
    _creators(place / "client/exports", number)
    started = time.monotonic()
    assert _start(call_of(place / "client", place / "out", 0), place).wait() == 0
    span = time.monotonic() - started
    while done < kills:
        number += 1
        assert number < 4 * kills + 4, "calls end before they can be killed"
        save(place / "client/exports", _orders(3000, 1000 + number))  # so that they are read anew
        _creators(place / "client/exports", number)
        for written in ("ledger.csv", "campaigns/spring-hike.links.csv"):
            (place / "client" / written).unlink(missing_ok=True)
        call = call_of(place / "client", place / "out", number)
        if not _killed(_start(call, place), began, span, chance, number):
            continue
        done, left, rows = done + 1, left + bool(_work(place)), rows + bool(_raw_rows(place, CACHE))
        assert _start(call, place).wait() == 0
        assert not _raw_rows(place, CACHE)
        assert not _work(place)
        assert _parses(place)
    return f"{act}: {done} kills; work was left by {left} of them, a buyer's name by {rows}; after the next call by none"


@pytest.mark.slow
@pytest.mark.parametrize("act", ACTS)
def test_a_killed_act_leaves_nothing(act: str, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Forty kills each."""
    result = _killed_often(act, KILLS, place)
    with capsys.disabled():
        print(f"\n{result}")


@pytest.mark.parametrize("act", ["codes"])
def test_some_kills(act: str, place: Path) -> None:
    """The same, three times."""
    assert re.search("3 kills", _killed_often(act, 3, place))
