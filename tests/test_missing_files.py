"""Take away any one optional file: every step still answers, and nothing that is missing reads 0."""

from __future__ import annotations

import os
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from creatorbook.client import read_client
from creatorbook.client.repository import SAMPLE_DATA
from creatorbook.exports import read_folder
from creatorbook.findings import Figure
from steps import run_stage

RICH = ["velmora", "noorhaven", "glimmerroot"]
STAGES = ["plan", "pulse", "results"]


def _optional(client: str) -> list[str]:
    """Files, and folders of one creator's files, that no report needs: all but the list of creators."""
    folder = SAMPLE_DATA / client
    needed = {
        receipt.file for receipt in read_folder(read_client(folder)).receipts if "creators" in receipt.tables
    }
    names = sorted(path.name for path in (folder / "exports").iterdir())
    return [name for name in names if not name.startswith(".") and name not in needed]


def _cases() -> list[Any]:
    """Every optional file of every client at every stage.

    For long runs: plan and pulse, and a file that feeds nothing but what an earlier one fed.
    """
    cases, fed = [], set[str]()
    for client in RICH:
        receipts = read_folder(read_client(SAMPLE_DATA / client)).receipts
        for name in _optional(client):
            tables = {
                table
                for receipt in receipts
                if receipt.file.split("/")[0] == name
                for table in receipt.tables
            }
            marks = [pytest.mark.slow] if tables <= fed else []
            for stage in STAGES:
                long = [] if stage == "results" else [pytest.mark.slow]
                cases.append(
                    pytest.param(client, name, stage, marks=[*marks, *long], id=f"{client}-{name}-{stage}")
                )
            fed |= tables
    return cases


@cache
def _figures(folder: Path, stage: str) -> dict[str, Figure]:
    return {key: figure for findings in run_stage(folder, stage) for key, figure in findings.figures.items()}


def _linked(path: str, copy: str) -> None:
    """A second name for a file, where the file system allows it; nothing here writes to a client's files."""
    try:
        os.link(path, copy)
    except OSError:
        shutil.copy2(path, copy)


def _without(client: str, name: str, target: Path) -> Path:
    """A copy of a sample client, made of links, without one file."""
    source = SAMPLE_DATA / client
    folder = target / client

    shutil.copytree(source, folder, copy_function=_linked, ignore=shutil.ignore_patterns("truth"))
    gone = folder / "exports" / name
    shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
    return folder


@pytest.mark.parametrize(("client", "name", "stage"), _cases())
def test_every_step_answers_without_one_file(client: str, name: str, stage: str, tmp_path: Path) -> None:
    """The stage's notebooks run, and no figure turns into 0 for want of a file."""
    folder, full = _without(client, name, tmp_path), _figures(SAMPLE_DATA / client, stage)
    for key, figure in _figures(folder, stage).items():
        if figure.value == 0 and key in full:
            assert full[key].value == 0, f"{key} reads 0 without {name}"
