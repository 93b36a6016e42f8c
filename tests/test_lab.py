"""How JupyterLab opens: which client, run before it is read, by whom it may be run, and what the page is told."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import json
import logging
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import nbformat
import pandas as pd
import pytest
from IPython.display import Image
from jupyter_server.serverapp import ServerApp
from typer.testing import CliRunner

from creatorbook.acts import notebook_copies
from creatorbook.cli import app
from creatorbook.client import read_campaign, read_client
from creatorbook.client.repository import ROOT, SAMPLE_DATA
from creatorbook.findings import Chart, charts, render
from creatorbook.findings.browser import LAB_VARIABLE
from creatorbook.findings.formats import Formats
from creatorbook.findings.steps import Step, Steps
from creatorbook.lab import options, prepare, server
from creatorbook.lab.launcher import launcher_page
from creatorbook.lab.options import FIRST, lab_options
from creatorbook.lab.server import ClientNotebooks

SHARE = ROOT / "helpers" / "creatorbook" / "share" / "lab"
FOLDER = "northpin/notebooks/spring-hike"


@pytest.fixture
def clients(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty `clients/`."""
    folder = tmp_path / "clients"
    folder.mkdir()
    monkeypatch.setattr(options, "CLIENTS", folder)
    monkeypatch.setattr(notebook_copies, "CLIENTS", folder)
    return folder


@pytest.fixture
def northpin(tmp_path: Path) -> Path:
    """A client with its copies; the folder that a server shows is the one it lies in."""
    folder = Path(shutil.copytree(SAMPLE_DATA / "northpin", tmp_path / "agency" / "northpin"))
    notebook_copies.bring_notebooks(read_campaign(read_client(folder)))
    return folder


def test_a_client_opens_at_its_first_notebook(northpin: Path) -> None:
    """In an arrangement of tabs of its own, from the folder in which clients lie side by side."""
    chosen = dict(option.split("=", 1) for option in lab_options(str(northpin), None)[0])
    assert chosen["--ServerApp.root_dir"] == str(northpin.parent)
    assert chosen["--LabApp.default_url"] == f"/lab/workspaces/northpin/tree/{FOLDER}/{FIRST}"
    assert chosen["--ClientNotebooks.opened"] == FOLDER
    assert chosen["--KernelSpecManager.allowed_kernelspecs"] == "python3"


def test_kernels_are_forked_where_that_is_safe(northpin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere nothing is said of kernels, and they are ordinary ones."""
    forked = "--KernelProvisionerFactory.default_provisioner_name=creatorbook-forked"
    for safe in (True, False):
        monkeypatch.setattr("creatorbook.runner.forked.supported", lambda safe=safe: safe)
        assert (forked in lab_options(str(northpin), None)[0]) is safe


def test_options_of_ones_own_go_before_ours(northpin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What somebody writes behind the client is JupyterLab's, and holds."""
    given: list[str] = []
    monkeypatch.setattr("jupyterlab.labapp.LabApp.launch_instance", given.extend)
    ran = CliRunner().invoke(app, ["lab", str(northpin), "--port=9", "--LabApp.default_url=/lab"])
    assert ran.exit_code == 0, ran.output
    assert given[-2:] == ["--port=9", "--LabApp.default_url=/lab"]
    assert [option for option in given if option.startswith("--LabApp.default_url")] == given[-1:]
    assert f"--ServerApp.root_dir={northpin.parent}" in given


def test_without_a_client_the_last_one_opens(clients: Path) -> None:
    """Made or opened last; a first visitor gets the sample that shows most."""
    assert options.last_client() == SAMPLE_DATA / "sorrelby"
    for second, name in enumerate(("old", "new")):
        (clients / name / "notebooks" / "spring").mkdir(parents=True)
        for file in ("client.yml", f"notebooks/spring/{notebook_copies.RECORD}"):
            (clients / name / file).touch()
            os.utime(clients / name / file, (second, second))
    assert options.last_client() == clients / "new"
    os.utime(clients / "old" / "notebooks" / "spring" / notebook_copies.RECORD, (9, 9))
    assert options.last_client() == clients / "old"


def test_the_first_page_offers_steps_and_lessons(northpin: Path) -> None:
    """Each with its name and the question it answers; what is not there is not offered."""
    (northpin / "notebooks" / "spring-hike" / "03_tiers.ipynb").unlink()
    page = launcher_page(northpin.parent, FOLDER)
    assert page["title"] == "Northpin, Spring hike"
    assert [(one["number"], one["label"]) for one in page["steps"]] == [
        ("00", "Start here"),
        ("01", "Goals"),
        ("02", "Vetting"),
        ("04", "Links, codes, go-live"),
        ("05", "ROI"),
    ]
    assert page["steps"][1]["question"] == "What are we trying to do, and can it pay?"
    numbered = {lesson["number"]: lesson for lesson in page["lessons"]}
    assert numbered["08"]["label"] == "Spend a budget"
    assert numbered["08"]["path"] == f"{FOLDER}/lessons/08_spend_a_budget.ipynb"


def test_each_page_offers_the_client_it_opens(northpin: Path) -> None:
    """Clients lie side by side; a page that opens none of their notebooks, or one outside, offers the opened client's."""
    other = Path(shutil.copytree(SAMPLE_DATA / "velmora", northpin.parent / "velmora"))
    notebook_copies.bring_notebooks(read_campaign(read_client(other)))
    shutil.copytree(northpin, northpin.parent.parent / "outside")
    contents = SimpleNamespace(root_dir=str(northpin.parent), opened=FOLDER)
    titles = {
        "/lab": "Northpin, Spring hike",
        "/lab/workspaces/velmora/tree/velmora/notebooks/spring-linen/00_start_here.ipynb": "Velmora, Spring linen",
        "/lab/tree/velmora/notebooks/spring-linen/lessons/04_needs_a_question.ipynb": "Velmora, Spring linen",
        "/lab/tree/velmora/client.yml": "Northpin, Spring hike",
        "/lab/tree/../outside/notebooks/spring-hike/00_start_here.ipynb": "Northpin, Spring hike",
    }
    log = logging.getLogger("page")
    for path, title in titles.items():
        handler = SimpleNamespace(contents_manager=contents, request=SimpleNamespace(path=path), log=log)
        page = server.with_offer(handler, {"baseUrl": "/"})
        assert json.loads(page["creatorbook"])["title"] == title, path
    (northpin / "client.yml").write_text("brand: [")
    handler = SimpleNamespace(contents_manager=contents, request=SimpleNamespace(path="/lab"), log=log)
    assert "creatorbook" not in server.with_offer(handler, {"baseUrl": "/"})


def test_browsers_cannot_keep_an_old_extension() -> None:
    """The address of the script has a hash of its text: after a change, write the new one into package.json."""
    written = (SHARE / "labextension" / "static" / "creatorbook.js").read_bytes()
    package = json.loads((SHARE / "labextension" / "package.json").read_text(encoding="utf-8"))
    address = package["jupyterlab"]["_build"]["load"]
    assert address == f"static/creatorbook.js?v={hashlib.sha256(written).hexdigest()[:12]}"


def test_a_chart_stands_under_its_title_where_a_dark_page_looks_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The extension puts a picture on paper that follows a title; a photo of somebody's own follows none."""
    shown: list[Any] = []
    monkeypatch.setattr(render, "display", lambda one, **_: shown.append(one))
    frame = pd.DataFrame({"name": ["a"], "value": [1.0]})
    picture = charts.bars(frame, label="name", value="value", unit="number", formats=Formats())
    render.show_chart(Chart("roi.one", "One", "One bar.", picture))
    script = (SHARE / "labextension" / "static" / "creatorbook.js").read_text(encoding="utf-8")
    assert ".jp-OutputArea-child:has(.cb-chart-title) + .jp-OutputArea-child .jp-RenderedImage img" in script
    assert ['class="cb-chart-title"' in str(getattr(one, "data", "")) for one in shown] == [True, False]
    assert isinstance(shown[1], Image)


def test_a_waterfall_is_drawn_by_hand_where_only_jupyterlab_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the page's own colours, with its sentence; elsewhere it is a picture, which a report and nbconvert can print."""
    shown: list[Any] = []
    monkeypatch.setattr(render, "display", lambda one, **_: shown.append(one))
    steps = Steps((Step("paid", 10.0, total=True), Step("costs <b>", -4.0, total=False)), Formats())
    chart = Chart("roi.ladder", "Ladder", "From 10 to 6.", steps)
    monkeypatch.setenv(LAB_VARIABLE, "/somewhere")
    render.show_chart(chart)
    drawn = ElementTree.fromstring(shown[1].data)  # noqa: S314 - ours
    assert (drawn.get("role"), drawn.get("aria-label")) == ("img", "From 10 to 6.")
    assert [one.text for one in drawn.iter("text")] == ["paid", "€10", "costs <b>", "−€4"]
    assert len(list(drawn.iter("rect"))) == 2
    monkeypatch.delenv(LAB_VARIABLE)
    render.show_chart(chart)
    assert isinstance(shown[3], Image)


def served(root: Path, work: Any) -> Any:
    """What `work` returns, in a server that shows a folder with a client's copies in it."""

    async def main() -> Any:
        server = ServerApp(
            root_dir=str(root),
            contents_manager_class=ClientNotebooks,
            allow_root=True,
            open_browser=False,
        )
        server.init_configurables()
        server.init_event_logger()
        try:
            return await work(server)
        finally:
            await server.kernel_manager.shutdown_all(now=True)
            server.session_manager.close()
            server.contents_manager.notary.store.close()

    with ThreadPoolExecutor(1) as apart:  # a browser of another test may keep a loop in this thread
        try:
            return apart.submit(asyncio.run, main()).result()
        finally:
            apart.submit(gc.collect).result()  # what SQLite opened in a thread is let go there


@pytest.fixture
def own_jupyter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jupyter's data of nobody: what was signed there is signed by this test."""
    for name in ("CONFIG", "DATA", "RUNTIME"):
        monkeypatch.setenv(f"JUPYTER_{name}_DIR", str(tmp_path / "jupyter" / name))


def small(northpin: Path, *sources: str) -> Path:
    """01 with other cells than ours."""
    path = northpin / "notebooks" / "spring-hike" / "01_goals.ipynb"
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


@pytest.mark.usefixtures("own_jupyter")
def test_a_copy_is_run_before_it_is_read(northpin: Path) -> None:
    """With outputs that are trusted and kept in the file, in the kernel of a session; read again, nothing is run again."""

    async def read_twice(server: Any) -> Any:
        first = await server.contents_manager.get(f"{FOLDER}/{FIRST}", type="notebook")
        again = await server.contents_manager.get(f"{FOLDER}/{FIRST}", type="notebook")
        return first["content"], again["content"], await server.session_manager.list_sessions()

    first, again, sessions = served(northpin.parent, read_twice)
    cells = [cell for cell in first.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert all(cell.metadata.trusted for cell in cells)
    shown = {cell.id: str(cell.outputs) for cell in cells}
    assert "you are at" in shown["where-you-are"]
    assert first.metadata.kernelspec.display_name
    assert again == first
    assert [session["path"] for session in sessions] == [f"{FOLDER}/{FIRST}"]
    file = northpin / "notebooks" / "spring-hike" / FIRST
    assert "you are at" in str(nbformat.read(file, as_version=4).cells)
    assert notebook_copies.as_we_made_it(file)


@pytest.mark.usefixtures("own_jupyter")
def test_a_kernel_that_was_started_again_runs_its_notebook_again(northpin: Path) -> None:
    """As after its death: whoever loads the page again has live forms. While it lives, what it ran is not run again."""
    path = small(northpin, "6 * 7")
    name = f"{FOLDER}/{path.name}"

    async def read(server: Any) -> list[int]:
        shown = []
        for again in (False, False, True):
            if again:
                (session,) = await server.session_manager.list_sessions()
                await server.kernel_manager.restart_kernel(session["kernel"]["id"])
            small(northpin, "6 * 7")
            server.contents_manager.notary.sign(nbformat.read(path, as_version=4))
            content = (await server.contents_manager.get(name, type="notebook"))["content"]
            shown.append(len(content.cells[0].outputs))
        return shown

    assert served(northpin.parent, read) == [1, 0, 1]


@pytest.mark.usefixtures("own_jupyter")
def test_a_notebook_is_run_again_once_a_file_has_changed(northpin: Path) -> None:
    """In the kernel it has, when it is opened after that; not for a change of its own folder, which is no file of the client's."""
    source = "from pathlib import Path; runs = globals().get('runs', 0) + 1"
    path = small(northpin, f"{source}; runs, Path('../../campaigns/spring-hike.yml').stat().st_size")
    campaign = northpin / "campaigns" / "spring-hike.yml"

    async def read(server: Any) -> list[str]:
        shown = []
        for change in (None, northpin / "notebooks" / "aside.txt", campaign):
            server.contents_manager.notary.sign(nbformat.read(path, as_version=4))
            if change:
                change.write_text(campaign.read_text(encoding="utf-8") + "\n# longer\n", encoding="utf-8")
            content = (await server.contents_manager.get(f"{FOLDER}/{path.name}", type="notebook"))["content"]
            shown.append(content.cells[0].outputs[0].data["text/plain"])
        assert len(await server.session_manager.list_sessions()) == 1
        return shown

    size = campaign.stat().st_size
    longer = size + len("\n# longer\n")
    assert served(northpin.parent, read) == [f"(1, {size})", f"(1, {size})", f"(2, {longer})"]


@pytest.mark.usefixtures("own_jupyter")
def test_what_somebody_else_wrote_is_not_run(northpin: Path) -> None:
    """A changed copy is run only where it was trusted on this computer before; other notebooks are nobody's to run."""
    path = small(northpin, "open('ran', 'w').close(); 6 * 7")
    name = f"{FOLDER}/{path.name}"

    async def read(server: Any) -> Any:
        contents = server.contents_manager
        untrusted = (await contents.get(name, type="notebook"))["content"]
        assert not await server.session_manager.list_sessions()
        contents.notary.sign(nbformat.read(path, as_version=4))
        trusted = (await contents.get(name, type="notebook"))["content"]
        own = path.with_name("own.ipynb")
        own.write_text(path.read_text().replace("6 * 7", "6 * 8"))
        contents.notary.sign(nbformat.read(own, as_version=4))
        await contents.get(f"{FOLDER}/own.ipynb", type="notebook")
        return (
            untrusted,
            trusted,
            [session["path"] for session in await server.session_manager.list_sessions()],
        )

    untrusted, trusted, run = served(northpin.parent, read)
    assert untrusted.cells[0].outputs == []
    assert not untrusted.cells[0].metadata.trusted
    assert trusted.cells[0].outputs[0]["data"]["text/plain"] == "42"
    assert run == [name]


@pytest.mark.usefixtures("own_jupyter")
def test_a_cell_that_fails_or_does_not_end_keeps_nobody_waiting(
    northpin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came before is shown, and why it went no further; cells after it are not run."""
    monkeypatch.setattr(prepare, "LONGEST", 1)
    monkeypatch.setattr(prepare, "as_we_made_it", lambda _path: True)
    found = {}
    for name, cell in {"fails": "1 / 0", "endless": "import time; time.sleep(600)"}.items():
        path = small(northpin, "print('before')", cell, "print('after')")

        async def read(server: Any, path: Path = path) -> Any:
            return (await server.contents_manager.get(f"{FOLDER}/{path.name}", type="notebook"))["content"]

        found[name] = served(northpin.parent, read).cells
    assert [cells[0].outputs[0]["text"] for cells in found.values()] == ["before\n", "before\n"]
    assert [cells[1].outputs[0]["ename"] for cells in found.values()] == [
        "ZeroDivisionError",
        "KeyboardInterrupt",
    ]
    assert [cells[2].outputs for cells in found.values()] == [[], []]


@pytest.mark.usefixtures("own_jupyter")
def test_a_server_that_ends_runs_nothing_any_more(northpin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel started after it ended its kernels would keep its process; what was half run is not kept."""
    monkeypatch.setattr(prepare, "as_we_made_it", lambda _path: True)
    path = small(northpin, "from pathlib import Path; Path('began').touch()", "import time; time.sleep(600)")
    before = path.read_bytes()

    async def end(server: Any) -> int:
        preparer = server.contents_manager.preparer
        reader = asyncio.create_task(preparer.ready(f"{FOLDER}/{path.name}"))
        while not (path.parent / "began").exists():
            await asyncio.sleep(0.05)
        await asyncio.wait_for(preparer.stop(), 20)
        await asyncio.wait([reader], timeout=20)
        assert reader.done()
        await preparer.ready(f"{FOLDER}/{FIRST}")
        return len(await server.session_manager.list_sessions())

    assert served(northpin.parent, end) == 1
    assert path.read_bytes() == before


@pytest.mark.usefixtures("own_jupyter")
def test_what_was_saved_meanwhile_stays(northpin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another window may save a notebook while it is run here; its words are not overwritten."""
    monkeypatch.setattr(prepare, "as_we_made_it", lambda _path: True)
    path = small(northpin, "from pathlib import Path", "Path('01_goals.ipynb').write_text('{\"cells\": []}')")

    async def run(server: Any) -> None:
        await server.contents_manager.preparer.ready(f"{FOLDER}/{path.name}")

    served(northpin.parent, run)
    assert path.read_text() == '{"cells": []}'
