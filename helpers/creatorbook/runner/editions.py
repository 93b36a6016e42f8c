"""One edition of one client's report: `reports/<client>/<campaign>/<as_of>-<stage>/`, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from creatorbook import __version__, findings, plugins, report
from creatorbook.book import Book, open_book
from creatorbook.problems import Problem
from creatorbook.repository import ROOT
from creatorbook.runner.execute import Run, execute, tidy

Outcome = Literal["done", "unchanged", "failed"]

#: Packages whose version can change a figure.
_VERSIONS = [
    "pandas",
    "numpy",
    "scipy",
    "statsmodels",
    "duckdb",
    "matplotlib",
    "seaborn",
    "papermill",
    "babel",
]


@dataclass(frozen=True)
class Job:
    """What to print: a client folder and the choices of the call."""

    client: Path
    out: Path
    campaign: str | None = None
    stage: str | None = None
    as_of: str | None = None
    force: bool = False


@dataclass(frozen=True)
class Edition:
    """What became of a job.

    Attributes:
        folder: where the edition is, unless it failed.
        cause: what went wrong, in plain words.
    """

    client: str
    outcome: Outcome
    seconds: float
    folder: Path | None = None
    stage: str = ""
    cause: str = ""
    remarks: tuple[str, ...] = ()


def make_edition(job: Job) -> Edition:
    """Run a client's notebooks and print its report. Never raises for a client's mistake: it is told."""
    started = time.monotonic()
    try:
        outcome, folder, stage, remarks = _edition(job)
    except Problem as problem:
        return Edition(job.client.name, "failed", _since(started), cause=str(problem))
    return Edition(job.client.name, outcome, _since(started), folder, stage, remarks=remarks)


def _edition(job: Job) -> tuple[Outcome, Path, str, tuple[str, ...]]:
    book = open_book(job.client, job.campaign, job.stage, "report", job.as_of)
    folder = job.out / book.client.id / book.campaign.id / f"{book.as_of}-{book.stage}"
    notebooks = plugins.notebooks(book.stage)
    inputs = fingerprint(book, notebooks)
    if not job.force and _is_current(folder, inputs):
        return "unchanged", folder, book.stage, ()
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
    try:
        remarks = _make(book, notebooks, inputs, staging)
        _put_in_place(staging, folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return "done", folder, book.stage, remarks


def _make(book: Book, notebooks: list[Path], inputs: dict[str, Any], staging: Path) -> tuple[str, ...]:
    """Everything of an edition, written into a staging folder."""
    started, runs, executed, found = datetime.now(UTC), [], [], []
    with tempfile.TemporaryDirectory() as scratch:
        for notebook in notebooks:
            output = staging / "notebooks" / notebook.name
            output.parent.mkdir(exist_ok=True)
            told = Path(scratch) / notebook.stem
            run = execute(notebook, output, _parameters(book), told, ROOT / "notebooks")
            if run.status != "ok":
                raise _failure(run)
            tidy(output)
            runs.append(run)
            executed.append(output)
            found += findings.read(told)
        remarks = tuple(report.build(staging, book, executed, found))
    _write_manifest(staging, book, inputs, runs, started, remarks)
    return remarks


def _parameters(book: Book) -> dict[str, Any]:
    return {
        "client": str(book.client.folder),
        "campaign": book.campaign.id,
        "stage": book.stage,
        "mode": "report",
        "as_of": book.as_of.isoformat(),
    }


def _failure(run: Run) -> Problem:
    place = f"cell “{run.cell}”" if run.cell else "a cell"
    return Problem(
        f"the notebook stopped ({run.status}) in {place}: {run.cause}",
        f"{run.notebook}.ipynb",
        todo="No report was written. Open the notebook in JupyterLab with this client to see the place.",
    )


def fingerprint(book: Book, notebooks: list[Path]) -> dict[str, Any]:
    """What an edition depends on: hashes of its inputs, the code, the versions and the parameters."""
    client = book.client.folder
    files = [path for path in sorted(client.rglob("*")) if _is_input(path.relative_to(client))]
    files = [path for path in [client.parent / "agency.yml", *files] if path.is_file()]
    code = sorted((ROOT / "helpers").rglob("*.py")) + sorted((ROOT / "helpers").rglob("*.yml"))
    code += [path for path in sorted((ROOT / "helpers/creatorbook/report").rglob("*")) if path.is_file()]
    return {
        "parameters": {**_parameters(book), "client": book.client.id},
        "inputs": {os.path.relpath(path, client).replace(os.sep, "/"): _sha256(path) for path in files},
        "notebooks": {path.name: _sha256(path) for path in notebooks},
        "code": hashlib.sha256("".join(map(_sha256, code)).encode()).hexdigest(),
        "versions": {"creatorbook": __version__, **{name: version(name) for name in _VERSIONS}},
        "plugins": plugins.names(),
    }


def _is_input(path: Path) -> bool:
    """Truth files belong to the simulator; no report depends on them."""
    return path.parts[0] != "truth" and not any(part.startswith(".") for part in path.parts)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_current(folder: Path, inputs: dict[str, Any]) -> bool:
    """Whether an edition is there, whole, and was made from the same inputs."""
    try:
        told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    whole = all(_sha_or_none(folder / name) == sha for name, sha in told.get("files", {}).items())
    return whole and told.get("made_from") == inputs


def _sha_or_none(path: Path) -> str | None:
    return _sha256(path) if path.is_file() else None


def _write_manifest(
    staging: Path,
    book: Book,
    inputs: dict[str, Any],
    runs: list[Run],
    started: datetime,
    remarks: tuple[str, ...],
) -> None:
    told = {
        "client": book.client.id,
        "campaign": book.campaign.id,
        "stage": book.stage,
        "as_of": book.as_of.isoformat(),
        "made_from": inputs,
        "made_at": started.isoformat(timespec="seconds"),
        "seconds": round((datetime.now(UTC) - started).total_seconds(), 2),
        "python": platform.python_version(),
        "runs": [asdict(run) for run in runs],
        "remarks": list(remarks),
        "files": {path.name: _sha256(path) for path in sorted(staging.iterdir()) if path.is_file()},
    }
    text = json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True)
    (staging / "manifest.json").write_text(text + "\n", encoding="utf-8")


def _put_in_place(staging: Path, folder: Path) -> None:
    """Swap a finished edition in; the old one stays until the new one is on the disk."""
    for path in staging.rglob("*"):
        if path.is_file():
            with path.open("rb+") as file:
                os.fsync(file.fileno())
    staging.chmod(0o755)  # mkdtemp makes it private
    if not folder.exists():
        staging.rename(folder)
        return
    old = Path(tempfile.mkdtemp(prefix=".old-", dir=folder.parent))
    folder.rename(old / folder.name)
    staging.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _since(started: float) -> float:
    return round(time.monotonic() - started, 2)
