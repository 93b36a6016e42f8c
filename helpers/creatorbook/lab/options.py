"""`python3 workbook.py lab`: whose copies of the notebooks JupyterLab is to show, and how it is to be set up for them."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from creatorbook.acts.notebook_copies import RECORD, bring_notebooks, own_client
from creatorbook.acts.originals import OPTION
from creatorbook.client import read_campaign, read_client
from creatorbook.client.repository import CLIENTS, COPIES, FIRST_SAMPLE, client_folder
from creatorbook.lab import server
from creatorbook.runner import forked
from creatorbook.runner.execute import ORDINARY

FIRST = "00_start_here.ipynb"


def lab_options(client: str | None, campaign: str | None) -> tuple[list[str], list[str]]:
    """JupyterLab's options, and what was written into the client folder, in words.

    Args:
        client: a client folder or a client's name; a sample client is copied to `clients/` first. None means the
            client last worked in.
        campaign: as `read_campaign` takes it.

    Raises:
        Problem: no such client or campaign, or a mistake in their files.
    """
    asked = client_folder(client) if client else last_client()
    folder = own_client(asked)
    copies = bring_notebooks(read_campaign(read_client(folder), campaign))
    lines = [f"{asked.name} is a sample client: you work in its copy, {folder}"] if folder != asked else []
    return _options(folder, copies.folder), [*lines, *copies.lines()]


def last_client() -> Path:
    """The client in `clients/` that was made or opened last; before there is any, the sample client that shows most."""
    traces = [*CLIENTS.glob("*/client.yml"), *CLIENTS.glob(f"*/{COPIES}/*/{RECORD}")]
    last = max(traces, key=lambda path: path.stat().st_mtime_ns, default=None)
    return CLIENTS / last.relative_to(CLIENTS).parts[0] if last else client_folder(FIRST_SAMPLE)


def _options(client: Path, copies: Path) -> list[str]:
    """What can be seen, the first notebook, how notebooks are run, and who is asked before anything is saved.

    Clients lie side by side, and another one can be opened from the same window: what can be seen is the folder they lie
    in. Each has its own arrangement of tabs (a workspace).
    """
    root = client.parent
    opened = copies.relative_to(root).as_posix()
    options = [
        f"--ServerApp.root_dir={root}",
        f"--LabApp.default_url=/lab/workspaces/{quote(client.name)}/tree/{quote(f'{opened}/{FIRST}')}",
        f"--ServerApp.jpserver_extensions={server.__name__}=True",
        f"--ServerApp.contents_manager_class={server.__name__}.{server.ClientNotebooks.__name__}",
        f"--{server.ClientNotebooks.__name__}.opened={opened}",
        f"--KernelSpecManager.allowed_kernelspecs={ORDINARY}",
        OPTION,
    ]
    if forked.supported():
        options.append("--KernelProvisionerFactory.default_provisioner_name=creatorbook-forked")
    return options
