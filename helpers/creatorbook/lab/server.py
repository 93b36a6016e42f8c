"""Our part of the Jupyter server: a client's copies are run before they are read, and the page is told what to offer."""

from __future__ import annotations

import asyncio
import json
import os
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from jupyter_server.extension.application import ExtensionApp
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from traitlets import Unicode

from creatorbook.acts.notebook_copies import RECORD
from creatorbook.client.repository import COPIES
from creatorbook.findings.browser import LAB_VARIABLE
from creatorbook.findings.definitions import definitions
from creatorbook.lab.launcher import launcher_page
from creatorbook.lab.prepare import Preparer
from creatorbook.problems import Problem
from creatorbook.runner import forked

#: Under which name the page finds what to offer.
PAGE_OPTION = "creatorbook"
#: The same of definitions: key → term, means, formula, source.
DEFINITIONS_OPTION = "creatorbookDefinitions"


class ClientNotebooks(AsyncLargeFileManager):
    """Files as Jupyter serves them, but that a client's copy is run before it is read."""

    opened = Unicode(help="folder of the copies that are opened, from the root").tag(config=True)

    @cached_property
    def preparer(self) -> Preparer:
        """Made when it is first asked for, because the server is not complete before."""
        return Preparer(self.parent)

    async def get(self, path: str, *how: Any, **asked: Any) -> Any:
        """A file, a folder or a notebook, as the base class gives it; the server names all that it asks for."""
        if path.endswith(".ipynb") and asked.get("content", True) and asked.get("type") != "file":
            await self.preparer.ready(path.strip("/"))
        return await super().get(path, *how, **asked)


class ClientLab(ExtensionApp):
    """What the server does beside serving files: it runs notebooks ahead, and tells each page what to offer."""

    name = "creatorbook"
    _contents: Any = None

    def initialize_settings(self) -> None:
        """Tell each page what to offer, as it is loaded."""
        self.settings["page_config_hook"] = with_offer

    async def _start_jupyter_server_extension(self, serverapp: Any) -> None:
        """Tell kernels what JupyterLab can open, and run the opened client's notebooks while the browser is still starting."""
        self._contents = serverapp.contents_manager
        os.environ[LAB_VARIABLE] = self._contents.root_dir
        self._ahead = asyncio.create_task(_run_ahead(self._contents))

    async def stop_extension(self) -> None:
        """Run nothing any more: the server ends the kernels it has, and its process would wait for one more."""
        if self._contents is not None:
            await self._contents.preparer.stop()


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    return [{"module": __name__, "app": ClientLab}]


def with_offer(handler: Any, page: dict[str, Any]) -> dict[str, Any]:
    """What a page is told, with what to offer: of the client whose notebook it opens, else of the opened one."""
    page = {**page, DEFINITIONS_OPTION: json.dumps(_defined())}
    contents = handler.contents_manager
    root = Path(contents.root_dir)
    try:
        offer = launcher_page(root, _copies_of(root, unquote(handler.request.path)) or contents.opened)
    except Problem as problem:  # a mistake in a file of the client's; the notebooks say it too
        handler.log.warning("%s", problem)
        return page
    return {**page, PAGE_OPTION: json.dumps(offer)}


def _defined() -> dict[str, dict[str, str]]:
    """What a page says of a term that somebody points at."""
    return {
        key: {name: getattr(one, name) for name in ("term", "means", "formula", "source")}
        for key, one in definitions().items()
    }


def _copies_of(root: Path, address: str) -> str:
    """The folder of copies that the notebook of an address lies in; empty where it is none of a client's."""
    notebook = PurePosixPath(address.partition("/tree/")[2])
    folders = [
        folder for folder in notebook.parents if folder.parent.name == COPIES and ".." not in folder.parts
    ]
    return next((str(folder) for folder in folders if (root / folder / RECORD).is_file()), "")


async def _run_ahead(contents: ClientNotebooks) -> None:
    """Run the first notebook; then, where kernels share their memory, the others, one after another."""
    steps = sorted(path.name for path in (Path(contents.root_dir) / contents.opened).glob("*.ipynb"))
    for name in steps if forked.supported() else steps[:1]:
        await contents.preparer.ready(f"{contents.opened}/{name}")
