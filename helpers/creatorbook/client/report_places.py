"""Where a client's reports, lists and records lie: `reports/<client>/`, under the folder's name where that is free.

An edition is a folder in there, `<campaign>/<as_of>-<stage>/`, with two papers made of one run:

to-send/    report.html, report.pdf, data.xlsx: what a client gets, unedited
working/    the same three with everything in them, and the executed notebooks: the strategist's own
summary.json, manifest.json

Where the inputs of an edition changed, or it was cleared for sending, the next of its day and stage has a number:
`<as_of>-<stage>-2`.

Who comes first under a name has it; another client whose folder has the same name gets it with a part of its id.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from creatorbook.client.identity import id_of_place, ids_of
from creatorbook.deliver import write_file
from creatorbook.locks import locked
from creatorbook.problems import Problem, unwritable

#: An edition's two papers: what a client gets, and what the strategist works with.
TO_SEND, WORKING = "to-send", "working"

#: What a client folder keeps of who cleared and sent which edition (`client.versions`).
VERSIONS_FILE = "versions.csv"

#: The folder beside the reports for what creatorbook keeps of them.
BATCH_FOLDER = ".batch"

#: An edition's folder with a number: its day and stage, and which it is.
_NUMBERED = re.compile(r"(\d{4}-\d\d-\d\d-[a-z]+)-(\d+)")

_SHORT = 6  #: digits of an id that tell two clients of one name apart


def report_place(out: Path, folder: Path) -> Path:
    """The client's own folder among the reports; from now on no other client's.

    Raises:
        Problem: another folder has this client's id, or the folder for reports cannot be written.
    """
    ids = ids_of(folder)
    return out / _claimed(out, folder.resolve().name, ids)


def place_whatever_the_id(out: Path, folder: Path) -> Path:
    """The same for a folder whose id is in doubt: a place that no other folder has, to say there what is wrong."""
    try:
        ids = ids_of(folder)
    except Problem:
        ids = [id_of_place(folder)]
    return out / _claimed(out, folder.resolve().name, ids)


def reports_of(out: Path, folder: Path) -> list[Path]:
    """The folders among the reports that are this client's; looking claims nothing."""
    ids = ids_of(folder)
    names = _names(folder.resolve().name, ids)
    return [out / name for name in names if (out / name).is_dir() and _owner(out, name) in {*ids, ""}]


def edition_number(name: str) -> int:
    """Which edition of its day and stage a folder's name stands for: 1, or the number at its end."""
    numbered = _NUMBERED.fullmatch(name)
    return int(numbered[2]) if numbered else 1


def day_and_stage(name: str) -> str:
    """An edition's name without its number."""
    numbered = _NUMBERED.fullmatch(name)
    return numbered[1] if numbered else name


def _claimed(out: Path, name: str, ids: list[str]) -> str:
    """The first name that is this client's already, or nobody's; noted as this client's."""
    try:
        (out / BATCH_FOLDER).mkdir(parents=True, exist_ok=True)
        with locked(out / BATCH_FOLDER / "places"):
            owners = {each: _owner(out, each) for each in _names(name, ids)}
            own = [each for each, owner in owners.items() if owner in ids]
            free = [each for each, owner in owners.items() if not owner]
            chosen = [*own, *free][0]
            if owners[chosen] != ids[0]:
                write_file(_claim(out, chosen), ids[0].encode())
    except OSError as error:
        raise unwritable(error, out) from None
    return chosen


def _names(name: str, ids: list[str]) -> list[str]:
    """What the place may be called: the folder's name, else with as much of an id as tells it apart."""
    return [name, *(f"{name}-{each[:digits]}" for each in ids for digits in (_SHORT, len(each)))]


def _owner(out: Path, name: str) -> str:
    """The id of the client whose place this is; empty if it is nobody's."""
    try:
        return _claim(out, name).read_text(encoding="utf-8").strip()
    except OSError:
        return _owner_by_editions(out / name)


def _owner_by_editions(place: Path) -> str:
    """The id that the editions in a place were made under, where what was noted beside them is lost."""
    for manifest in sorted(place.glob("*/*/manifest.json")):
        try:
            recorded = json.loads(manifest.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(recorded, dict) and recorded.get("client_id"):
            return str(recorded["client_id"])
    return ""


def _claim(out: Path, name: str) -> Path:
    return out / BATCH_FOLDER / f"{name.casefold()}.client"
