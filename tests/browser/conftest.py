"""A real browser and a real JupyterLab."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from creatorbook.client.repository import NOTEBOOKS

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Headless Chromium, which speaks to nobody unasked."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium. CI installs it; elsewhere these tests need it too, and say so."""
    if CHROMIUM is None:
        assert "CI" not in os.environ, "CI must have a Chromium: see .ci/run"
        pytest.skip("needs Chromium: install the package chromium to run the browser tests")
    with running_browser() as opened:
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page of laptop size that never leaves the machine."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.route("**/*", lambda route: route.continue_() if is_local(route.request.url) else route.abort())
    opened = context.new_page()
    yield opened
    context.close()


def is_local(url: str) -> bool:
    return url.startswith(("http://127.0.0.1", "file:", "data:", "blob:", "about:"))


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a JupyterLab that serves a copy of the notebooks."""
    with running_lab(tmp_path_factory.mktemp("lab")) as address:
        yield address


@contextmanager
def running_lab(root: Path) -> Iterator[str]:
    """A JupyterLab that serves a copy of the notebooks from a folder, so that saving changes nothing; its address."""
    shutil.copytree(NOTEBOOKS, root / "notebooks")
    with running(["jupyterlab", f"--ServerApp.root_dir={root}"], root) as address:
        yield address


@contextmanager
def running(module: list[str], folder: Path) -> Iterator[str]:
    """A Jupyter server that a module starts; its address.

    Args:
        module: its name, and its arguments.
        folder: where Jupyter keeps what it would keep in the home folder, and its log.
    """
    with started_lab([sys.executable, "-m", *module], folder, os.environ) as address:
        yield address


@contextmanager
def started_lab(command: list[str], place: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """A JupyterLab that a command starts, with settings of its own and a log in a folder; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folders = {name: str(place / ".jupyter" / name) for name in ("config", "data", "runtime")}
    own = {
        "JUPYTER_CONFIG_DIR": folders["config"],
        "JUPYTER_DATA_DIR": folders["data"],
        "JUPYTERLAB_SETTINGS_DIR": folders["config"],
        "JUPYTERLAB_WORKSPACES_DIR": folders["data"],
        "JUPYTER_RUNTIME_DIR": folders["runtime"],
    }
    settings = [
        "--no-browser",
        "--allow-root",
        f"--port={port}",
        "--ip=127.0.0.1",
        "--IdentityProvider.token=",
        "--LabApp.expose_app_in_browser=True",
    ]
    with (place / "lab.log").open("wb") as log:
        process = subprocess.Popen([*command, *settings], env={**environment, **own}, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(120)  # it ends its kernels first


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        assert process.poll() is None, "JupyterLab did not start"
        try:
            urllib.request.urlopen(f"{address}/api", timeout=1)  # noqa: S310 - our own server
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)
        else:
            return
    pytest.fail("JupyterLab did not answer")
