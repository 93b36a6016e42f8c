"""A creator named in every place where a client can name one is forgotten, everything is printed, every byte is searched.

The places are found by walking the tables and the models (`planted_persons`); what has to be an address, a file or a key of
a pack is planted one by one in `test_forgetting.py`.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pypdf
import pytest
import yaml
from pydantic import ValidationError

from creatorbook import simulate
from creatorbook.client import CampaignFile, ClientFile
from creatorbook.client.identity import ids_of
from creatorbook.client.repository import CACHE
from creatorbook.exports.database import connect
from creatorbook.exports.forgotten import NAMELESS, TELLING
from creatorbook.tables import TABLES
from planted_persons import (
    CODE,
    HANDLE,
    NAME,
    SPELLINGS,
    TRACES,
    mapping_of,
    settings_with,
    table_file,
    tables,
)

pytestmark = pytest.mark.slow

SEED = 1907
STAGES = {"plan": "2026-02-20", "pulse": None, "results": None}
TOTALS = {"roi.orders", "roi.campaign_costs"}
#: settings that have to be an address, a file, or a key of a pack
KEYS = re.compile(
    r"brand|campaign|website|packs|replaces(.*)?|theme[.](name|logo|fonts.*)|(mapping|tier_schemes?|links|lead_times|assumptions|targets)([.].*)?"
    r"|engagement_formula|playbook|platforms|name|.*[.]key|personas[.](countries|ages|genders|languages)|costs[.]kind"
    r"|brief[.]claims[.]markets|(drafts|gifts)[.](format|platform)|mix[.](platforms|must|never|overlap$|overlap[.]).*"
)


def test_a_forgotten_creator_is_nowhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Outputs, caches, records and saved notebooks, before and after; untouched files are named, each of them."""
    client, out = tmp_path / "agency" / "quarter", tmp_path / "out"
    _planted_client(client)
    _acts(client)
    _printed(client, out)
    before, totals = _named_in(out, client), _totals(out)
    answer = _run("forget", client, "--creator", f"@{HANDLE.upper()}", "--out", out)
    assert _named_in(out, client) == set()
    _printed(client, out)
    _run("what-we-hold", client, "--creator", "bo_knits", "--out", out)
    with capsys.disabled():
        print(
            f"\nplanted in {len(list(client.glob('exports/*')))} exports; written with it: {len(before)} files, none after"
        )
        print("\n".join(line[:160] for line in answer.splitlines()))
    assert {place.partition(" ")[0] for place in before} == {"reports", "records", "cache"}
    assert _named_in(out, client) == set()
    assert _totals(out) == totals
    untouched = {path for path in client.rglob("*") if path.is_file() and list(_traces(path))}
    assert untouched
    assert {path.relative_to(client).as_posix() for path in untouched} == {
        line.strip().split(": ")[0]
        for line in answer.splitlines()
        if line.startswith("  ") and "line" in line
    }


def _totals(out: Path) -> dict[str, float]:
    """What is counted and must stay: orders and costs of the results."""
    figures = json.loads(next(out.glob("*/*/*-results/summary.json")).read_text())["figures"]
    return {one["key"]: one["value"] for one in figures if one["key"] in TOTALS}


def _planted_client(folder: Path) -> None:
    """A synthetic client, one of whose creators bears the planted name wherever the simulator wrote theirs."""
    simulate.simulate(folder, simulate.Settings(seed=SEED, creators=7, days_after=40, orders_per_day=12))
    creators = pd.read_csv(folder / "exports/creators.csv")
    person = creators[~creators.creator.duplicated(keep=False)].iloc[0]  # with one account
    slug = re.sub(r"[^a-z0-9]+", "", person.handle.lower())
    renamed = {
        str(person.handle): HANDLE,
        slug: HANDLE.replace("_", "") if slug != person.handle else HANDLE,
        str(person.creator): NAME,
        str(person.code): CODE,
    }
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix in {".csv", ".yml"}:
            text = path.read_text(encoding="utf-8")
            for old, new in renamed.items():
                text = text.replace(old, new)
            path.write_text(text, encoding="utf-8")
    shutil.rmtree(folder / "truth")
    _plant_exports(folder)
    _plant_settings(folder)


def _plant_exports(folder: Path) -> None:
    """A row about the person in every table, and the person in every text column of another's row."""
    listed = pd.read_csv(folder / "exports/creators.csv")
    own = listed.handle == HANDLE
    listed["status"] = listed.status.where(~own, "agreed")
    for place, column in enumerate(TABLES["creators"].columns):
        free = column.kind == "text" and column.name not in {*NAMELESS, "creator", "handle", "code", "status"}
        if free and column.name not in {"benefit", "formats", "deliverables"}:
            listed[column.name] = listed.get(column.name, pd.Series("", index=listed.index)).astype(object)
            listed.loc[own, column.name] = f"plantword {NAME}" if column.name in TELLING else NAME
            listed.loc[(~own).idxmax(), column.name] = SPELLINGS[place % len(SPELLINGS)]
    listed.to_csv(folder / "exports/creators.csv", index=False)
    settings = yaml.safe_load((folder / "client.yml").read_text())
    for table in tables():
        if table.name not in {"creators", "shop_videos"}:
            name = f"{HANDLE} {table.name}.csv"
            (folder / "exports" / name).write_text(table_file(table))
            settings.setdefault("mapping", []).append({**mapping_of(table), "file": name})
    (folder / "client.yml").write_text(yaml.safe_dump(settings))


def _plant_settings(folder: Path) -> None:
    """The person in every setting that takes a free text."""
    campaign = next((folder / "campaigns").glob("*.yml"))
    for path, model in ((folder / "client.yml", ClientFile), (campaign, CampaignFile)):
        settings = yaml.safe_load(path.read_text())
        named, handles = (list(settings_with(model, word)) for word in (NAME, HANDLE))
        for (place, with_name), (_, with_handle) in zip(named, handles, strict=True):
            key, planted = place.partition(".")[0], with_handle if place.endswith(".handle") else with_name
            more = {**settings, key: _both(settings.get(key), planted[key])}
            with contextlib.suppress(ValidationError):  # a place of fixed words
                model.model_validate(more)
                settings = settings if KEYS.fullmatch(place) else more
        for one in (*settings.get("drafts", ()), *settings.get("gifts", ())):
            one["handle"] = HANDLE  # on the list, as the notebooks ask for
        path.write_text(yaml.safe_dump(settings))


def _both(there: object, planted: object) -> object:
    """Two settings in one: lists one after the other, mappings key by key, of texts the planted one."""
    if isinstance(there, list) and isinstance(planted, list):
        return [*there, *planted]
    if isinstance(there, dict) and isinstance(planted, dict):
        return {**there, **{key: _both(there.get(key), value) for key, value in planted.items()}}
    return planted if there is None or isinstance(planted, str) else there


def _acts(client: Path) -> None:
    """What the product writes about the person: decisions, codes and links, an approved plan, an opened gate, a notebook."""
    note = f'2026-02-01,{HANDLE},Shortlist,people respond,"plantword, 0171 2345678",{NAME}\n'
    (client / "decisions.csv").write_text(f"date,handle,decision,reason,note,by\n{note}")
    _run("codes", client, "--out", client.parent / "codes")
    _run("approve", client, "--by", NAME, "--on", "2026-02-20", "--plan", "decisions")
    _run(
        "ready",
        client,
        "--store-lift",
        "--open-gate",
        NAME,
        "--reason",
        f"{HANDLE} wants to",
        "--on",
        "2026-02-21",
    )
    cell = {
        "cell_type": "code",
        "source": [],
        "metadata": {},
        "execution_count": 1,
        "outputs": [{"text": [NAME]}],
    }
    for place in ("notebooks", "notebooks/.ipynb_checkpoints"):
        (client / place).mkdir()
        (client / place / "02.ipynb").write_text(json.dumps({"cells": [cell], "nbformat": 4, "metadata": {}}))


def _printed(client: Path, out: Path) -> None:
    """Everything that is printed for a client: three stages, sheets, lists and codes."""
    for stage, day in STAGES.items():
        on = ["--as-of", day] if day else []
        _run("report", client, "--stage", stage, *on, "--out", out)
    folder = out / client.name
    for command in ("briefs", "codes", "shortlist"):
        more = ["--html", "--xlsx"] if command == "briefs" else []
        _run(command, client, *more, "--out", folder / "c" / command)
    _run("check", client, "--out", folder / "c" / "check")


def _run(*arguments: object) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "creatorbook", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {0, 1 if arguments[0] == "ready" else 0}, (
        arguments,
        done.stdout[-3000:],
        done.stderr[-3000:],
    )
    return done.stdout


def _named_in(out: Path, client: Path) -> set[str]:
    """Which kinds of what the product wrote still name the person."""
    cache = [path for path in (CACHE / "tables").glob("*") if path.name.startswith(tuple(ids_of(client)))]
    records = [
        client / "decisions.csv",
        client / "ledger.csv",
        client / "forgotten.csv",
        *client.rglob("*.ipynb"),
    ]
    records += [path for path in (client / "campaigns").iterdir() if path.name.count(".") > 1]
    kinds = {"reports": out.rglob("*"), "cache": cache, "records": records}
    named = {
        kind: {path for path in paths if path.is_file() and [*_traces(path)]} for kind, paths in kinds.items()
    }
    return {f"{kind} {path.name}: {next(_traces(path))}" for kind, paths in named.items() for path in paths}


def _traces(path: Path) -> Iterator[str]:
    """Where a file's name or bytes, unpacked, hold the person's name."""
    content = path.read_bytes()
    rows = [connect().read_parquet(str(path)).df().to_csv()] if content.startswith(b"PAR1") else []
    for text in (path.name, *rows, *_unpacked(path.name, content)):
        lower = text.lower().replace("\u200b", "")
        yield from (lower[max(0, lower.find(one) - 60) :][:120] for one in TRACES if one in lower)


def _unpacked(name: str, content: bytes) -> Iterator[str]:
    """A file's bytes as text, what is packed in it too."""
    yield content.decode("utf-8", "replace")
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            for part in parts.namelist():
                yield part
                yield from _unpacked(part, parts.read(part))
    elif content.startswith(b"%PDF"):
        document = pypdf.PdfReader(io.BytesIO(content))
        yield re.sub(
            r"\s", "", str(document.metadata) + "".join(page.extract_text() for page in document.pages)
        )
    elif content.startswith(b"\x1f\x8b"):
        yield from _unpacked(name, gzip.decompress(content))
