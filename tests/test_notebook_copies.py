"""A client's notebooks are the client's: copies that git ignores, renewed or kept, and originals that stay clean."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbclient import NotebookClient
from tornado.web import HTTPError

from creatorbook.acts import notebook_copies
from creatorbook.acts.originals import refuse_clients_data
from creatorbook.client import read_campaign, read_client, record_decision
from creatorbook.client.repository import NOTEBOOKS, ROOT, SAMPLE_DATA
from creatorbook.lab.options import lab_options
from creatorbook.runner.execute import KERNEL_ARGUMENTS
from creatorbook.runner.patient import PatientManager

NAMES = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))
LESSONS = sorted(f"lessons/{path.name}" for path in NOTEBOOKS.glob("training/*.ipynb"))


@pytest.fixture
def client(tmp_path: Path) -> Path:
    folder = tmp_path / "agency" / "mine"
    shutil.copytree(SAMPLE_DATA / "northpin", folder)
    return folder


def bring(client: Path) -> notebook_copies.Copies:
    return notebook_copies.bring_notebooks(read_campaign(read_client(client)))


def say_more(path: Path, text: str) -> None:
    """What somebody does who writes into a notebook."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source += text
    nbformat.write(notebook, path)


def run_and_save(path: Path) -> None:
    """What JupyterLab does: run all cells in the notebook's folder, save them in place, add an empty cell at the end."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        kernel_manager_class=PatientManager,
        extra_arguments=KERNEL_ARGUMENTS,
    ).execute()
    notebook.cells.append(nbformat.v4.new_code_cell(""))
    nbformat.write(notebook, path)


def git(folder: Path, *arguments: str) -> str:
    run = subprocess.run(
        [
            "git",
            "-c",
            "user.name=A",
            "-c",
            "user.email=a@b.example",
            "-c",
            "commit.gpgsign=false",
            *arguments,
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout


@pytest.mark.parametrize(
    "names",
    [
        ["02_vetting.ipynb"],
        pytest.param(
            ["00_start_here.ipynb", "02_vetting.ipynb", "04_tracking.ipynb"], marks=pytest.mark.slow
        ),
    ],
    ids=len,
)
def test_after_a_day_of_work_git_sees_nothing(names: list[str], client: Path) -> None:
    """Copies are run, saved and decided from, in a client folder that git tracks: nothing of it is to be committed."""
    agency, before = client.parent, git(ROOT, "status", "--porcelain")
    git(agency, "init", "--quiet")
    record_decision(
        read_client(client), "alma_regenrunde", "Shortlist", "people respond", on=date(2026, 2, 1)
    )
    copies = bring(client)
    git(agency, "add", "--all")
    git(agency, "commit", "--quiet", "--message", "as it was in the morning")
    assert [name for name in git(agency, "ls-files").split() if name.endswith((".ipynb", "hash.key"))] == []
    for name in names:
        run_and_save(copies.folder / name)
    text = (copies.folder / "02_vetting.ipynb").read_text(encoding="utf-8")
    assert "alma_regenrunde" in text
    assert git(agency, "status", "--porcelain") == ""
    assert git(ROOT, "status", "--porcelain") == before
    again = bring(client)
    assert (again.made, again.beside) == ([], {})  # outputs are no change
    assert (copies.folder / "02_vetting.ipynb").read_text(encoding="utf-8") == text


def test_copies_have_no_outputs_and_the_clients_parameters(client: Path) -> None:
    """All notebooks of a report, under their names; nothing of a sample client is in them."""
    copies = bring(client)
    assert copies.folder == client / "notebooks" / "spring-hike"
    assert copies.made == [*NAMES, *LESSONS]
    for name in NAMES:
        cells = nbformat.read(copies.folder / name, as_version=4).cells
        assert all(cell.metadata.jupyter.source_hidden for cell in cells if cell.cell_type == "code")
        assert not [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")]
        (parameters,) = [cell.source for cell in cells if "parameters" in cell.metadata.get("tags", [])]
        assert parameters.startswith('client = "../.."  #')
        assert '\ncampaign = "spring-hike"  #' in parameters
        assert '\nmode = "explore"' in parameters


def test_an_untouched_copy_is_renewed_and_a_changed_one_stays(
    client: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are told in a sentence; what was offered once is not offered again."""
    originals = Path(shutil.copytree(NOTEBOOKS, tmp_path / "originals"))
    chosen = [originals / "00_start_here.ipynb", originals / "01_goals.ipynb"]
    monkeypatch.setattr(notebook_copies, "originals", lambda: {path.name: path for path in chosen})
    folder = bring(client).folder
    say_more(folder / "01_goals.ipynb", "\n\nMy own words.")
    changed = (folder / "01_goals.ipynb").read_bytes()
    assert bring(client).lines() == []
    for path in chosen:
        say_more(path, "\n\nA better question.")
    copies = bring(client)
    assert copies.made == ["00_start_here.ipynb", "01_goals.new.ipynb"]
    assert copies.lines()[1] == (
        "You changed 01_goals.ipynb: what you have stays, and what is new is beside it in 01_goals.new.ipynb."
    )
    assert (folder / "01_goals.ipynb").read_bytes() == changed
    for name in ("00_start_here.ipynb", "01_goals.new.ipynb"):
        assert "A better question." in (folder / name).read_text(encoding="utf-8")
    (folder / "01_goals.new.ipynb").unlink()  # read, and taken over what is useful
    assert bring(client).lines() == []
    say_more(chosen[1], " And another.")
    assert bring(client).beside == {"01_goals.ipynb": "01_goals.new.ipynb"}
    assert (folder / "01_goals.ipynb").read_bytes() == changed


def test_unfolded_code_is_no_change_and_another_cell_is(client: Path) -> None:
    """Only what a copy's cells say tells whether it is as we made it; a record that came with the copy tells nothing."""
    folder = bring(client).folder
    for name in (NAMES[1], LESSONS[0]):
        path = folder / name
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            cell.metadata.pop("jupyter", None)
        nbformat.write(notebook, path)
        assert notebook_copies.as_we_made_it(path)
        notebook.cells.append(nbformat.v4.new_code_cell("import shutil"))
        nbformat.write(notebook, path)
        assert not notebook_copies.as_we_made_it(path)
    (folder / notebook_copies.RECORD).unlink()
    copies = bring(client)
    assert copies.beside == {
        NAMES[1]: "01_goals.new.ipynb",
        LESSONS[0]: LESSONS[0].replace(".ipynb", ".new.ipynb"),
    }
    assert notebook_copies.as_we_made_it(folder / "01_goals.new.ipynb")
    (client / "notebooks" / "mine.ipynb").write_bytes((folder / NAMES[0]).read_bytes())
    assert not notebook_copies.as_we_made_it(client / "notebooks" / "mine.ipynb")


def test_a_learners_copy_is_the_trainers_without_its_solutions(client: Path) -> None:
    """Cell by cell; what is worked out by hand is open, other code folded."""
    copies = bring(client)
    for name in LESSONS:
        master = nbformat.read(NOTEBOOKS / "training" / Path(name).name, as_version=4).cells
        own = nbformat.read(copies.folder / name, as_version=4).cells
        tags = {cell.id: cell.metadata.get("tags", []) for cell in master}
        assert [(cell.id, cell.source) for cell in own] == [
            (cell.id, cell.source) for cell in master if "solution" not in tags[cell.id]
        ]
        for cell in own:
            assert not cell.get("outputs")
            assert cell.cell_type != "code" or ("jupyter" in cell.metadata) == (
                "by-hand" not in tags[cell.id]
            )


def test_links_to_lessons_lead_to_their_copies(client: Path) -> None:
    """Beside the masters lessons lie in another folder than beside the copies."""
    folder = bring(client).folder
    linked = 0
    for path in folder.glob("*.ipynb"):
        text = "".join(cell.source for cell in nbformat.read(path, as_version=4).cells)
        for name in re.findall(r"\]\(([^)#]+\.ipynb)\)", text):
            assert (folder / name).is_file(), (path.name, name)
            linked += "lessons/" in name
    assert linked >= 5


def test_what_is_no_notebook_any_more_stays_too(client: Path) -> None:
    """A file that cannot be read is the user's all the same."""
    folder = bring(client).folder
    (folder / "01_goals.ipynb").write_text("{")
    (folder / notebook_copies.RECORD).unlink()
    assert bring(client).beside == {"01_goals.ipynb": "01_goals.new.ipynb"}
    assert (folder / "01_goals.ipynb").read_text() == "{"


def test_a_sample_is_copied_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Into clients/, without its truth and its public key, once; what is written there first makes an id and a key."""
    monkeypatch.setattr(notebook_copies, "CLIENTS", tmp_path / "clients")
    copy = tmp_path / "clients" / "velmora"
    _options, lines = lab_options("velmora", None)
    assert lines[0] == f"velmora is a sample client: you work in its copy, {copy}"
    assert {path.name for path in copy.iterdir()} == {
        *(".gitignore", "campaigns", "client.id", "client.yml", "exports", "hash.key", "notebooks")
    }
    assert (copy / "hash.key").read_bytes() != (SAMPLE_DATA / "velmora" / "hash.key").read_bytes()
    assert not (SAMPLE_DATA / "velmora" / "notebooks").exists()
    (copy / "client.yml").write_text((copy / "client.yml").read_text() + "# mine\n")
    lab_options("velmora", None)
    assert (copy / "client.yml").read_text().endswith("# mine\n")


def test_a_sample_that_two_people_copy_at_once_is_copied_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is done later works in the copy of the one who was first, and leaves nothing beside it."""
    monkeypatch.setattr(notebook_copies, "CLIENTS", tmp_path / "clients")
    theirs, copyfile = tmp_path / "clients" / "northpin", shutil.copyfile

    def copied_meanwhile(source: Path, target: Path) -> None:
        if not theirs.exists():
            theirs.mkdir()
            (theirs / "client.yml").write_text("brand: theirs\n")
        copyfile(source, target)

    monkeypatch.setattr(shutil, "copyfile", copied_meanwhile)
    assert notebook_copies.own_client(SAMPLE_DATA / "northpin") == theirs
    assert (theirs / "client.yml").read_text() == "brand: theirs\n"
    assert [path.name for path in theirs.parent.iterdir()] == ["northpin"]


@pytest.mark.parametrize(
    ("path", "client", "refused"),
    [
        ("notebooks/02_vetting.ipynb", "velmora", False),
        ("notebooks/02_vetting.ipynb", "clients/mine", True),
        ("notebooks/02_vetting-Copy1.ipynb", str(ROOT / "clients" / "mine"), True),
        ("clients/mine/notebooks/spring/02_vetting.ipynb", "../..", False),
    ],
)
def test_an_original_is_not_saved_with_a_client_of_ones_own(path: str, client: str, refused: bool) -> None:
    """JupyterLab shows where to work instead; samples and copies are saved."""
    notebook = nbformat.read(NOTEBOOKS / "02_vetting.ipynb", as_version=4)
    for cell in notebook.cells:
        cell.source = cell.source.replace('client = "velmora"', f'client = "{client}"')
    model = {"type": "notebook", "content": notebook}
    server = SimpleNamespace(root_dir=str(ROOT))
    if not refused:
        refuse_clients_data(model, path, server)
        return
    with pytest.raises(HTTPError, match=f"python3 workbook.py lab {client}"):
        refuse_clients_data(model, path, server)
