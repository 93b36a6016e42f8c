"""Run a client's copies before somebody reads them: in the kernel they will be read with, so that forms and figures live."""

from __future__ import annotations

import asyncio
import contextlib
import time
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, CellExecutionError, DeadKernelError
from tornado.web import HTTPError

from creatorbook.acts.notebook_copies import as_we_made_it, client_of, is_copy
from creatorbook.runner.execute import ORDINARY, START_TIMEOUT
from creatorbook.runner.manifest import input_files
from creatorbook.runner.patient import PatientClient

#: Seconds a notebook is waited for; then its cell is interrupted and it opens with what there is.
LONGEST = 60

#: Notebooks run side by side: the one that somebody opens does not wait for the one that is run ahead.
SIDE_BY_SIDE = 2


class Preparer:
    """Runs notebooks in sessions of a Jupyter server, each once as long as its kernel lives and no file of the client changes.

    A page that opens such a notebook finds the session by its path and goes on with that kernel. What it shows at first
    is what the file holds, so the outputs are written there; and they are signed as one's own, or the page would leave
    out style and script.

    Only copies are run, as we made them or where what somebody changed was trusted on this computer before: what came with
    somebody's folder opens as Jupyter opens it, and so does a notebook of one's own.
    """

    def __init__(self, server: Any) -> None:
        self._server = server
        self._runs: dict[str, asyncio.Task[None]] = {}
        self._began: dict[str, int] = {}  # when each was run last
        self._turn = asyncio.Semaphore(SIDE_BY_SIDE)
        self._stopped = False

    async def ready(self, path: str) -> None:
        """Wait until a notebook has been run, if it is one to be run and its kernel has not run anything yet.

        So a page that is loaded again after its kernel died, or was started again, lives again. One that nobody has open
        is run again, too, if a file of the client has changed since: what is opened later must not contradict it.

        Whoever asks meanwhile waits for the same run, which goes on should they leave.

        Args:
            path: as the server names it.
        """
        if self._stopped:
            return
        if path not in self._runs:
            run = self._runs[path] = asyncio.create_task(self._prepare(path))
            run.add_done_callback(lambda _run: self._runs.pop(path))
        await asyncio.shield(self._runs[path])

    async def stop(self) -> None:
        """Leave what is run, and run nothing from now on."""
        self._stopped = True
        for run in (runs := list(self._runs.values())):
            run.cancel()
        await asyncio.gather(*runs, return_exceptions=True)

    async def _prepare(self, path: str) -> None:
        file = Path(self._server.contents_manager.root_dir) / path
        if not (file.is_file() and is_copy(file)):
            return
        written = file.read_bytes()
        try:
            notebook = nbformat.reads(written.decode("utf-8"), as_version=4)
        except Exception:  # whatever nbformat says of it, whoever reads it will say it again
            return
        if not (as_we_made_it(file) or self._trusted(notebook)):
            return
        async with self._turn:
            try:
                ran = await self._run(path, notebook)
            except Exception:
                self._server.log.warning("%s was not run before it was opened", path, exc_info=True)
                return
        if ran and not self._stopped and file.read_bytes() == written:  # nobody saved it meanwhile
            await self._save(path, notebook)

    def _trusted(self, notebook: Any) -> bool:
        return bool(self._server.contents_manager.notary.check_signature(notebook))

    async def _run(self, path: str, notebook: Any) -> bool:
        """Run the cells as “Run all” does, to the first that fails, which shows why; whether there was need to."""
        session = await self._idle_session(path)
        if session["kernel"]["execution_state"] == "busy":
            return False
        manager = self._server.kernel_manager.get_kernel(session["kernel"]["id"])
        client = NotebookClient(notebook, km=manager, interrupt_on_timeout=True, store_widget_state=False)
        client.kc = PatientClient(parent=manager, **manager.get_connection_info(session=True))
        client.kc.allow_stdin = False
        client.kc.start_channels()
        try:
            await client.kc.wait_for_ready(timeout=START_TIMEOUT)
            asked: Any = await client.async_wait_for_reply(client.kc.execute("", silent=True))
            if asked["content"]["execution_count"] > 0 and (
                session["kernel"]["connections"] or not self._is_older(path)
            ):
                return False
            self._began[path] = time.time_ns()
            await self._tell_kernel(client, notebook)
            # a dead kernel, and a cell that is at fault or takes too long: what came before is shown
            with contextlib.suppress(CellExecutionError, CellControlSignal, DeadKernelError):
                await _run_cells(client, notebook)
        finally:
            client.kc.stop_channels()
        return True

    def _is_older(self, path: str) -> bool:
        """Whether a file of the client has come, gone or changed since we ran a notebook."""
        if path not in self._began:
            return False
        client = client_of(Path(self._server.contents_manager.root_dir) / path).resolve()
        files = input_files(client)
        folders = {file.parent for file in files} - {client}
        return any(one.stat().st_mtime_ns > self._began[path] for one in [*files, *folders])

    async def _idle_session(self, path: str) -> Any:
        """The session of a notebook, waited for a moment: the server hears a little later than we do that a kernel is idle."""
        session = await self._session(path)
        for _ in range(20):
            if session["kernel"]["execution_state"] != "busy":
                break
            await asyncio.sleep(0.05)
            session = await self._session(path)
        return session

    async def _session(self, path: str) -> Any:
        """The session of a notebook; a new one where there is none."""
        sessions = self._server.session_manager
        with contextlib.suppress(HTTPError):  # there is none
            return await sessions.get_session(path=path)
        return await sessions.create_session(path=path, name=path, type="notebook", kernel_name=ORDINARY)

    async def _tell_kernel(self, client: Any, notebook: Any) -> None:
        """Write of the kernel what a page writes when it meets it, or the notebook would count as changed by reading it."""
        reply = await client.async_wait_for_reply(client.kc.kernel_info())
        spec = client.km.kernel_spec
        notebook.metadata["language_info"] = reply["content"]["language_info"]
        notebook.metadata["kernelspec"] = {
            "display_name": spec.display_name,
            "language": spec.language,
            "name": ORDINARY,
        }

    async def _save(self, path: str, notebook: Any) -> None:
        contents = self._server.contents_manager
        contents.notary.mark_cells(notebook, True)  # noqa: FBT003 - as it is declared
        await contents.save({"type": "notebook", "format": "json", "content": notebook}, path)


async def _run_cells(client: Any, notebook: Any) -> None:
    """Run all code cells; a setting of the client is the time that is left."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    client.reset_execution_trackers()
    until = time.monotonic() + LONGEST
    for place, cell in enumerate(notebook.cells):
        client.timeout = max(1, round(until - time.monotonic()))
        await client.async_execute_cell(cell, place, execution_count=client.code_cells_executed + 1)
