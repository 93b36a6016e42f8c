"""What an edition was made from, so that unchanged input is not run again.

Nothing heavy is imported here: finding out that nothing changed costs the reading of the files, no more.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from creatorbook import __version__, plugins
from creatorbook.client.house_packs import installed_packs
from creatorbook.client.identity import ID_FILE
from creatorbook.client.own_files import files_in
from creatorbook.client.report_places import VERSIONS_FILE, day_and_stage, edition_number
from creatorbook.client.repository import COPIES, NOTEBOOKS, ROOT
from creatorbook.runner.jobs import Job
from creatorbook.text.plain_text import for_terminal

#: Packages whose version can change a figure or a page.
PACKAGES = [
    *("babel", "duckdb", "matplotlib", "nbconvert", "numpy", "pandas", "papermill"),
    *("scikit-learn", "scipy", "seaborn", "xlsxwriter"),
]


def made_from(job: Job) -> dict[str, Any]:
    """What the edition of a job depends on: what was asked, the inputs, the code and the versions."""
    return {
        "asked": {"campaign": job.campaign, "stage": job.stage, "as_of": job.as_of},
        "inputs": inputs_of(job.client),
        "notebooks": {path.name: _cached_sha256(path) for path in sorted(NOTEBOOKS.glob("*.ipynb"))},
        **_running(),
        "plugins": plugins.names(),
        "packs": [f"{layer.place} {layer.digest}" for layer in installed_packs()[0]],
    }


@cache
def _running() -> dict[str, Any]:
    """The code and the versions, as they were when this process first asked: it goes on running those."""
    return {
        "code": _sha256_of_all(_code()),
        "versions": {"creatorbook": __version__, **{name: version(name) for name in PACKAGES}},
        "python": platform.python_version(),
    }


def inputs_of(folder: Path) -> dict[str, str]:
    """Every file of a client, and the agency's settings beside it, with its hash, under names that name nobody who is forgotten."""
    client = folder.resolve()
    inputs = input_files(client)
    agency = []
    if (client.parent / "agency.yml").is_file():  # its logo and fonts count too; the import is heavy
        from creatorbook.client import agency_files

        agency = agency_files(client)
    named = {os.path.relpath(path, client).replace(os.sep, "/"): sha256(path) for path in agency + inputs}
    if not (client / "forgotten.csv").is_file():
        return named
    from creatorbook.client.forgotten import forgotten_in

    without = forgotten_in(client)
    return {without.text(name): digest for name, digest in named.items()}


def input_files(client: Path) -> list[Path]:
    """Every file of a client that something is worked out from."""
    return [path for path in files_in(client) if _is_input(path, client)]


def current_edition(job: Job, made: dict[str, Any]) -> Path | None:
    """The edition that was made from exactly this and is still whole, if there is one."""
    for manifest in sorted((job.out / job.name).glob("*/*/manifest.json")):
        try:
            recorded = json.loads(manifest.read_text(encoding="utf-8"))
            if recorded["made_from"] == made and _is_whole(manifest.parent, recorded["files"]):
                return manifest.parent
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue  # damaged, or of another version: the report is made again
    return None


def left_out_of(folder: Path) -> tuple[str, ...]:
    """What was left out of plugins in an edition, a sentence each."""
    recorded = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return tuple(map(str, recorded.get("left_out_of_plugins", ())))


def edition_folder(campaign: Path, name: str, inputs: dict[str, str], taken: Iterable[str] = ()) -> Path:
    """Where an edition goes: in place of the draft that was made from the same inputs, else under the next number.

    Args:
        campaign: the folder of its campaign.
        name: its day and stage.
        inputs: what it is made from (`inputs_of`).
        taken: editions that were cleared or sent, wherever they lie now.
    """
    earlier = [folder for folder in campaign.glob(f"{name}*") if day_and_stage(folder.name) == name]
    same = [folder for folder in earlier if _is_draft_of(folder, inputs) and folder.name not in taken]
    if same:
        return max(same, key=lambda folder: edition_number(folder.name))
    names = {*(folder.name for folder in earlier), *(each for each in taken if day_and_stage(each) == name)}
    last = max(map(edition_number, names), default=0)
    return campaign / (f"{name}-{last + 1}" if last else name)


def _is_draft_of(folder: Path, inputs: dict[str, str]) -> bool:
    """Whether an edition was made from these inputs and may be replaced; not where that cannot be read."""
    try:
        recorded = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        return bool(recorded["made_from"]["inputs"] == inputs and not recorded.get("cleared"))
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return False


def write_manifest(folder: Path, made: dict[str, Any], facts: dict[str, Any]) -> None:
    """Write the manifest of a finished edition: what it was made from, what happened, and its files' hashes."""
    files = {path.relative_to(folder).as_posix(): sha256(path) for path in files_in(folder)}
    text = for_terminal(
        json.dumps({**facts, "made_from": made, "files": files}, ensure_ascii=False, indent=2, sort_keys=True)
    )
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def sha256(path: Path) -> str:
    """A file's SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_input(path: Path, client: Path) -> bool:
    """Truth files belong to the simulator, notebooks to who works in them; no report depends on them, on the id, or on marks."""
    parts = path.relative_to(client).parts
    return parts[0] not in {"truth", COPIES, ID_FILE, VERSIONS_FILE} and not any(
        part.startswith(".") for part in parts
    )


def _code() -> list[Path]:
    """Everything in the package that is not compiled."""
    return [path for path in files_in(ROOT / "helpers") if path.suffix != ".pyc"]


def _sha256_of_all(paths: Iterable[Path]) -> str:
    return hashlib.sha256("".join(map(sha256, paths)).encode()).hexdigest()


def _cached_sha256(path: Path) -> str:
    """A file's hash, worked out again only if the file was written meanwhile: a batch asks for each client."""
    state = path.stat()
    return _sha256_of_state(path, state.st_mtime_ns, state.st_size)


@cache
def _sha256_of_state(path: Path, _written: int, _size: int) -> str:
    return sha256(path)


def _is_whole(folder: Path, files: dict[str, str]) -> bool:
    return all(
        (folder / name).is_file() and sha256(folder / name) == expected for name, expected in files.items()
    )
