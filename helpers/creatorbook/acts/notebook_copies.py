"""A client's notebooks are the client's: copies in its folder, `notebooks/<campaign>/`, with client and campaign set.

What is run and saved there names a client's creators, so git ignores it; the originals stay as they came. A copy that
nobody changed is renewed with its original. One that somebody changed stays, and the new one is put beside it. Outputs
are no change.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

import nbformat

from creatorbook import plugins, rooms
from creatorbook.client import Campaign, Stage
from creatorbook.client.hash_key import KEY_FILE
from creatorbook.client.repository import CLIENTS, COPIES, is_sample
from creatorbook.client.writing import keep_out_of_git, writing
from creatorbook.deliver import STAGING, write_file
from creatorbook.runner.manifest import inputs_of
from creatorbook.text.plain_english import how_many

#: Which text of ours each copy was made with, beside the copies.
RECORD = ".copies.json"

#: Where the lessons are, in the folder of copies.
LESSONS = "lessons"

#: Where they are beside the notebooks that are copied.
_MASTERS = "training"

#: Cells of a lesson that are the trainer's: the learners' copies are without them.
SOLUTION = "solution"

#: Cells of a lesson that are meant to be read, not only run.
BY_HAND = "by-hand"

#: How the name of a new notebook ends that is put beside a changed one.
_NEW = ".new.ipynb"


@dataclass
class Copies:
    """A client's copies of the notebooks.

    Attributes:
        folder: where they are.
        made: names of those that are new there or were renewed.
        beside: name of a copy that somebody changed → the new one beside it.
    """

    folder: Path
    made: list[str] = field(default_factory=list)
    beside: dict[str, str] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """What was done, in words."""
        lines = (
            [f"{how_many(len(self.made), 'notebook')} made or renewed in {self.folder}"] if self.made else []
        )
        if self.beside:
            changed, new = ", ".join(self.beside), ", ".join(self.beside.values())
            lines.append(
                f"You changed {changed}: what you have stays, and what is new is beside it in {new}."
            )
        return lines


def own_client(folder: Path) -> Path:
    """The folder that is worked in: of a sample client its copy in `clients/`, made once; else the folder itself.

    What a report is made from is copied; the sample's public key stays behind.
    """
    if not is_sample(folder):
        return folder
    copy = CLIENTS / folder.name
    if not copy.is_dir():
        CLIENTS.mkdir(parents=True, exist_ok=True)
        with rooms.room(CLIENTS, STAGING) as unfinished:
            for name in set(inputs_of(folder)) - {KEY_FILE}:
                (unfinished / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(folder / name, unfinished / name)
            _put_once(unfinished, copy)
    return copy


def _put_once(finished: Path, copy: Path) -> None:
    """Put a finished folder in place; somebody else's, who made one meanwhile, stays."""
    try:
        finished.rename(copy)
    except OSError:
        if not copy.is_dir():
            raise


def bring_notebooks(campaign: Campaign) -> Copies:
    """Make or renew the copies of every notebook of a report, and of the lessons, for one campaign."""
    copies = Copies(campaign.owner / COPIES / campaign.id)
    with writing(campaign.owner):
        keep_out_of_git(campaign.owner, f"{COPIES}/")
        (copies.folder / LESSONS).mkdir(parents=True, exist_ok=True)
        record = _read_record(copies.folder)
        for name in originals():
            _bring(copies, record, name, _copy_of(name, campaign.id))
        write_file(copies.folder / RECORD, json.dumps(record, indent=1).encode())
    return copies


def originals() -> dict[str, Path]:
    """Where each copy is in its folder → the notebook it is made from: the report's in reading order, then the lessons."""
    report = {path.name: path for stage in get_args(Stage) for path in plugins.notebooks(stage)}
    return report | {f"{LESSONS}/{path.name}": path for path in plugins.lessons()}


def is_copy(path: Path) -> bool:
    """Whether a notebook lies where copies do, under the name of one; whatever is in it."""
    folder, name = _place_of(path)
    return (folder / RECORD).is_file() and name in originals()


def client_of(path: Path) -> Path:
    """The client folder that a copy lies in."""
    return _place_of(path)[0].parents[1]


def as_we_made_it(path: Path) -> bool:
    """Whether the cells of a copy say what we wrote into it, and nothing that somebody else did.

    The record beside the copies is not asked what that was: it may have come with them.
    """
    folder, name = _place_of(path)
    return is_copy(path) and _sources_in(path) == _sources(_copy_of(name, folder.name))


def _place_of(path: Path) -> tuple[Path, str]:
    """The folder of copies that a notebook would belong to, and its name there."""
    folder = path.parent.parent if path.parent.name == LESSONS else path.parent
    return folder, path.relative_to(folder).as_posix().replace(_NEW, ".ipynb")


def read_notebook(path: Path) -> Any | None:
    """A notebook that somebody may have changed; None where the file is no notebook any more."""
    try:
        return nbformat.read(path, as_version=4)
    except Exception:  # whatever nbformat says of it, it is the user's
        return None


def _bring(copies: Copies, record: dict[str, str], name: str, notebook: Any) -> None:
    """Put one notebook under its name where nothing of the user's is lost by it, else under the next name beside it."""
    path, wanted = copies.folder / name, _sources(notebook)
    current = _sources_in(path)
    if current == wanted or (current is not None and record.get(name) == wanted):
        record[name] = wanted
        return
    if current not in {None, record.get(name)}:
        new = name.replace(".ipynb", _NEW)
        record[name] = wanted
        _bring(copies, record, new, notebook)
        if new in copies.made:
            copies.beside[name] = new
        return
    write_file(path, nbformat.writes(notebook).encode("utf-8"))
    record[name] = wanted
    copies.made.append(name)


def _copy_of(name: str, campaign: str) -> Any:
    """A notebook without outputs or a lesson's solutions, code folded, its parameters those of the client.

    The folder is told from where it lies.
    """
    lines = {
        "client": 'client = "../.."  # the client\'s folder, two above this notebook',
        "campaign": f"campaign = {json.dumps(campaign, ensure_ascii=False)}  # a campaign's name",
    }
    notebook = nbformat.read(originals()[name], as_version=4)
    notebook.cells = [cell for cell in notebook.cells if SOLUTION not in cell.metadata.get("tags", [])]
    for cell in notebook.cells:
        if cell.cell_type == "markdown":  # lessons have another folder beside the copies
            cell.source = cell.source.replace(f"]({_MASTERS}/", f"]({LESSONS}/")
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            if BY_HAND not in cell.metadata.get("tags", []):
                cell.metadata["jupyter"] = {"source_hidden": True}
        if "parameters" in cell.metadata.get("tags", []):
            written = cell.source.split("\n")
            cell.source = "\n".join(lines.get(line.partition(" =")[0], line) for line in written)
    return notebook


def _sources(notebook: Any) -> str:
    """A hash of what the cells of a notebook say; empty ones, which JupyterLab adds at the end, say nothing."""
    texts = [(cell.cell_type, cell.get("source", "").strip()) for cell in notebook.cells]
    cells = [text for text in texts if text[1]]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()


def _sources_in(path: Path) -> str | None:
    """The same of a file; None where there is none, and no hash where it is no notebook any more."""
    if not path.is_file():
        return None
    notebook = read_notebook(path)
    return "not a notebook" if notebook is None else _sources(notebook)


def _read_record(folder: Path) -> dict[str, str]:
    """File → the hash of what we wrote there last; nothing where that is lost, so that every copy counts as changed."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(text) for name, text in record.items()} if isinstance(record, dict) else {}
