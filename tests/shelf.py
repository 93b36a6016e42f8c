"""Client folders for tests: `exports/` filled with small files, and a cache of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from creatorbook import exports
from creatorbook.client import Client, read_client, repository
from creatorbook.exports import Read, Receipt

KEY = "a public key for tests"


def make_client(folder: Path, files: dict[str, str | bytes], **told: Any) -> Client:
    """A client folder whose `exports/` holds the given files; keywords go into client.yml."""
    client = {
        "brand": "Testbrand",
        "currency": "EUR",
        "market": "DE",
        "prices_include_tax": True,
        "tax_rate": 0.19,
        **told,
    }
    (folder / "campaigns").mkdir(parents=True, exist_ok=True)
    (folder / "client.yml").write_text(yaml.safe_dump(client), encoding="utf-8")
    (folder / "hash.key").write_text(KEY, encoding="utf-8")
    campaign = "goal: sales\nbudget: 6000\nstart: 2026-03-02\nend: 2026-03-29\n"
    (folder / "campaigns" / "spring.yml").write_text(campaign, encoding="utf-8")
    for name, content in files.items():
        path = folder / "exports" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_client(folder)


def read(folder: Path, files: dict[str, str | bytes], **told: Any) -> Read:
    """The exports of such a client, read."""
    return exports.read_folder(make_client(folder, files, **told))


def read_one(folder: Path, content: str | bytes, name: str = "x.csv", **told: Any) -> tuple[Read, Receipt]:
    """One file, read, with its receipt."""
    done = read(folder, {name: content}, **told)
    (receipt,) = done.receipts
    assert receipt.rows_in == receipt.kept + receipt.set_aside_count
    return done, receipt


@pytest.fixture(name="shelf")
def shelf_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for one client; the cache lies beside it."""
    monkeypatch.setattr(repository, "CACHE", tmp_path / "cache")
    return tmp_path / "client"
