"""The sample clients and a hostile one, opened once for tests that compare what different pages say."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import pytest

import hostile
from creatorbook.book import Book
from creatorbook.client.repository import SAMPLE_DATA
from creatorbook.opening import open_book

HOSTILE = "hostile"
#: every sample client, by name; the one that shows most first
SAMPLES = ["sorrelby", "velmora", "noorhaven", "glimmerroot", "northpin"]
CLIENTS = [*SAMPLES, HOSTILE]
#: the same as parameters, of which the short run takes the two that show most, and the hostile one
FAST_CLIENTS = [
    pytest.param(name, marks=[] if name in {*SAMPLES[:2], HOSTILE} else pytest.mark.slow) for name in CLIENTS
]


@cache
def opened(client: str, stage: str) -> Book:
    """One of the clients at a stage, as of the last day its files speak of."""
    return open_book(folder_of(client), stage=stage, mode="report")


@cache
def folder_of(client: str) -> Path:
    """A client's folder; the hostile one is made."""
    return hostile.client(Path(tempfile.mkdtemp())) if client == HOSTILE else SAMPLE_DATA / client
