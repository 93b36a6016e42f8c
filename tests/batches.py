"""Client folders with a mark of their own, the command as a user calls it, and what an edition holds."""

from __future__ import annotations

import ctypes
import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pypdf

from benchmarks.process_tree import descendants
from creatorbook.client.repository import SAMPLE_DATA
from creatorbook.runner import manifest

PRINTED = (
    "summary.json",
    *(
        f"{paper}/{name}"
        for paper in ("to-send", "working")
        for name in ("report.html", "report.pdf", "data.xlsx")
    ),
)


def marked_clients(place: Path, number: int) -> dict[str, Path]:
    """Copies of the smallest sample client by mark; the mark is in brand, names, handles and codes."""
    made = {f"zq{place_:02d}kx": place / f"client-{place_:02d}" for place_ in range(number)}
    for mark, folder in made.items():
        shutil.copytree(SAMPLE_DATA / "northpin", folder, ignore=shutil.ignore_patterns("truth"))
        settings = (folder / "client.yml").read_text()
        (folder / "client.yml").write_text(settings.replace("Northpin", f"Northpin {mark}"))
        creators = (folder / "exports/creators.csv").read_text().splitlines()
        rows = [line.split(",") for line in creators[1:]]
        told = [[f"{name} {mark}", f"{mark}.{handle}", *rest] for name, handle, *rest in rows]
        (folder / "exports/creators.csv").write_text("\n".join([creators[0], *map(",".join, told)]) + "\n")
    return made


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "creatorbook", "report", *map(str, arguments)]


def report(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments),
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        check=False,
        stdin=subprocess.DEVNULL,
    )


def editions(out: Path) -> dict[str, Path]:
    """Editions by client; each client has one."""
    return {path.parents[2].name: path.parent for path in sorted(out.glob("*/*/*/manifest.json"))}


def printed(folder: Path) -> dict[str, bytes]:
    """The bytes of what a reader of an edition gets."""
    return {name: (folder / name).read_bytes() for name in PRINTED}


def is_whole(folder: Path) -> bool:
    """Whether an edition holds every file its manifest tells, unchanged, and no other."""
    told = json.loads((folder / "manifest.json").read_text())["files"]
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return there == {*told, "manifest.json"} and all(
        manifest.sha256(folder / name) == digest for name, digest in told.items()
    )


def litter(out: Path) -> list[Path]:
    """What a batch should not leave: half-made folders, folders moved aside, steps nobody does any more."""
    return [
        path
        for pattern in (".making-*", ".edition-*", ".old-*", "*.step", "*.mark")
        for path in out.rglob(pattern)
    ]


def all_text(folder: Path) -> str:
    """Every byte of an edition as text, with PDF and XLSX unpacked; white space taken out."""
    told = [path.read_bytes().decode("utf-8", "replace") for path in folder.rglob("*") if path.is_file()]
    for paper in ("to-send", "working"):
        with zipfile.ZipFile(io.BytesIO((folder / paper / "data.xlsx").read_bytes())) as parts:
            told += [parts.read(name).decode("utf-8", "replace") for name in parts.namelist()]
        pdf = pypdf.PdfReader(folder / paper / "report.pdf")
        told += [str(pdf.metadata), *(page.extract_text() for page in pdf.pages)]
    return re.sub(r"\s|<wbr>", "", "".join(told))


def adopt_orphans() -> None:
    """Become the parent of every descendant that loses its own, so that none can hide (Linux)."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def survivors(known: set[int], patience: float = 60) -> list[str]:
    """Descendants of this process that are still alive after a while, besides those that were there before.

    What a process that was there before starts meanwhile (a browser of other tests) is its own affair.
    """
    until = time.monotonic() + patience
    while True:
        apart = known.union(*map(descendants, known))
        left = [told for pid in descendants(os.getpid()) if pid not in apart and (told := _alive(pid))]
        if not left or time.monotonic() > until:
            return left
        time.sleep(0.2)


def _alive(pid: int) -> str:
    """The command of a process; empty if it has ended."""
    try:
        if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return ""
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def lose_a_kernel(
    _arguments: object, _environment: object, _folder: object, log: str, _owned: object
) -> None:
    """What a kernel does that is lost while it starts."""
    Path(log).write_text("out of paper")
    os._exit(3)
