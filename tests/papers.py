"""What the reports of the sample clients hold, made by their notebooks without a kernel, once for all tests."""

from __future__ import annotations

from functools import cache

import pytest

from creatorbook.client.repository import SAMPLE_DATA
from creatorbook.opening import open_book
from creatorbook.report import document
from creatorbook.report.contents import Contents
from samples import SAMPLES
from steps import run_stage

STAGES = ["plan", "pulse", "results"]

each_edition = pytest.mark.parametrize(
    ("client", "stage"), [(client, stage) for client in SAMPLES for stage in STAGES]
)


@cache
def contents(client: str, stage: str) -> Contents:
    """What the report of a sample client holds."""
    folder = SAMPLE_DATA / client
    book = open_book(str(folder), None, stage, "report", None)
    return Contents.of(book, run_stage(folder, stage))


@cache
def sent(client: str, stage: str) -> document.Report:
    """The client's copy of it."""
    return document.compose_to_send(document.compose(contents(client, stage), []))
