"""Faults: a batch killed at random moments, clients broken in ten ways, many clients side by side, a full disk.

`CREATORBOOK_KILLS` (30) and `CREATORBOOK_MARKED` (40) set how much is run.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

import batches

KILLS = int(os.environ.get("CREATORBOOK_KILLS", "30"))
MARKED = int(os.environ.get("CREATORBOOK_MARKED", "40"))
#: Seed of the moments of killing and of what is killed.
SEED = 20261122

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc"),
]


def test_a_batch_killed_at_random_moments_loses_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """After each kill every edition is whole and no process survives; a last run ends with all reports right.

    One kill in three hits any process of the batch (worker, fork server or kernel) in place of the batch itself.
    Whenever all reports are there, each client's budget is changed, so that old editions are replaced. A run that
    ends before its moment is no kill: another follows, within the time that the last whole run took.
    """
    clients, out = batches.marked_clients(tmp_path, 4), tmp_path / "out"
    batches.adopt_orphans()
    known, chance, hit = set(batches.descendants(os.getpid())), random.Random(SEED), []
    rounds, fresh = 0, True
    span = _seconds(lambda: batches.report(*clients.values(), "--jobs", 2, "--out", tmp_path / "first"))
    while len(hit) < KILLS:
        assert rounds < 4 * KILLS, "batches end before they can be killed"
        started = time.monotonic()
        running = subprocess.Popen(
            batches.command(*clients.values(), "--jobs", 2, "--out", out),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        what = _kill_within(running, span, chance, inside=len(hit) % 3 == 2)
        if what != "late":
            hit.append(what)
        elif fresh:
            span = time.monotonic() - started
        running.wait()
        assert not batches.survivors(known)
        editions = batches.editions(out)
        assert all(batches.is_whole(folder) for folder in editions.values())
        fresh = len(editions) == len(clients) and running.returncode == 0
        if fresh:
            rounds += 1
            for folder in clients.values():
                settings = folder / "campaigns" / "spring-hike.yml"
                changed = re.sub(r"budget: \d+", f"budget: {3500 + rounds}", settings.read_text())
                settings.write_text(changed)
    last = batches.report(*clients.values(), "--jobs", 2, "--out", out)
    assert last.returncode == 0, last.stderr
    again = batches.report(*clients.values(), "--jobs", 2, "--out", tmp_path / "again")
    assert again.returncode == 0, again.stderr
    _assert_same(batches.editions(out), batches.editions(tmp_path / "again"))
    assert not batches.litter(out)
    assert not batches.survivors(known)
    with capsys.disabled():
        print(f"\n{KILLS} kills within {span:.0f} s: {hit.count('batch')} of the batch, ", end="")
        print(f"{hit.count('inside')} of a process inside; {rounds} runs ended whole; all reports whole")


def test_ctrl_c_keeps_what_is_done(tmp_path: Path) -> None:
    """One sentence and an exit code; no process survives; the page is there; the same call goes on."""
    clients, out = batches.marked_clients(tmp_path, 3), tmp_path / "out"
    batches.adopt_orphans()
    known = set(batches.descendants(os.getpid()))
    running = subprocess.Popen(
        batches.command(*clients.values(), "--jobs", 2, "--out", out), stderr=subprocess.PIPE, text=True
    )
    while not batches.editions(out) and running.poll() is None:
        time.sleep(0.1)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate()
    assert (running.returncode, said) == (130, "interrupted; the same command goes on where it stopped\n")
    assert not batches.survivors(known)
    assert not batches.litter(out)
    assert (out / "index.html").is_file()
    done = set(batches.editions(out))
    again = batches.report(*clients.values(), "--jobs", 2, "--out", out, "--json")
    told = {client["client"]: client["outcome"] for client in json.loads(again.stdout)["clients"]}
    assert {name for name, outcome in told.items() if outcome == "unchanged"} == done


def _seconds(work: Callable[[], object]) -> float:
    started = time.monotonic()
    work()
    return time.monotonic() - started


def _kill_within(
    running: subprocess.Popen[bytes], span: float, chance: random.Random, *, inside: bool
) -> str:
    """Kill a batch, or any process inside it, at a random moment; what was hit."""
    try:
        running.wait(timeout=chance.uniform(0.2, span))
        return "late"
    except subprocess.TimeoutExpired:
        below = batches.descendants(running.pid)
    victim = chance.choice(below) if inside and below else running.pid
    try:
        os.kill(victim, signal.SIGKILL)
    except ProcessLookupError:
        return "late"
    return "batch" if victim == running.pid else "inside"


def _assert_same(one: dict[str, Path], other: dict[str, Path]) -> None:
    assert one.keys() == other.keys()
    for client, folder in one.items():
        first, second = batches.printed(folder), batches.printed(other[client])
        different = [name for name in first if first[name] != second[name]]
        assert not different, (client, different)


def _no_currency(folder: Path, _out: Path) -> None:
    settings = folder / "client.yml"
    settings.write_text(settings.read_text().replace("currency: EUR", "curency: EUR"))


def _not_yaml(folder: Path, _out: Path) -> None:
    (folder / "client.yml").write_bytes(b"brand: [\xff\xfe")


def _no_campaign(folder: Path, _out: Path) -> None:
    shutil.rmtree(folder / "campaigns")


def _campaign_backwards(folder: Path, _out: Path) -> None:
    settings = folder / "campaigns" / "spring-hike.yml"
    settings.write_text(settings.read_text().replace("2026-03-29", "2025-03-29"))


def _orders_are_a_picture(folder: Path, _out: Path) -> None:
    (folder / "exports" / "orders.csv").write_bytes(os.urandom(20_000))


def _creators_cut_off(folder: Path, _out: Path) -> None:
    creators = folder / "exports" / "creators.csv"
    creators.write_bytes(creators.read_bytes()[:200] + b'"never closed')


def _nothing_there(folder: Path, _out: Path) -> None:
    shutil.rmtree(folder / "exports")


def _unknown_market(folder: Path, _out: Path) -> None:
    settings = folder / "client.yml"
    settings.write_text(settings.read_text().replace("market: DE", "market: ZZ"))


def _file_in_the_way(folder: Path, out: Path) -> None:
    out.mkdir(exist_ok=True)
    (out / folder.name).write_text("not a folder")


def _loop_of_links(folder: Path, _out: Path) -> None:
    (folder / "exports" / "orders.csv").unlink()
    (folder / "exports" / "orders.csv").symlink_to("orders.csv")


BROKEN = [
    _no_currency,
    _not_yaml,
    _no_campaign,
    _campaign_backwards,
    _orders_are_a_picture,
    _creators_cut_off,
    _nothing_there,
    _unknown_market,
    _file_in_the_way,
    _loop_of_links,
]


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The editions of nine clients, printed with no broken client beside them."""
    place = tmp_path_factory.mktemp("healthy")
    clients = batches.marked_clients(place, 9)
    run = batches.report(*clients.values(), "--jobs", 2, "--out", place / "out")
    assert run.returncode == 0, run.stderr
    return batches.editions(place / "out")


def test_broken_clients_change_no_byte_of_the_others(
    tmp_path: Path, healthy: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """Ten clients broken in ten ways among nine healthy ones: told in words, or reported with what is left."""
    clients, out = list(batches.marked_clients(tmp_path, 19).values()), tmp_path / "out"
    broken = dict(zip((folder.name for folder in clients[9:]), BROKEN, strict=True))
    for folder in clients[9:]:
        broken[folder.name](folder, out)
    mixed = [
        folder for pair in zip(clients[9:], [*clients[:9], None], strict=True) for folder in pair if folder
    ]
    run = batches.report(*mixed, "--jobs", 2, "--out", out, "--json")
    told = {client["client"]: client for client in json.loads(run.stdout)["clients"]}
    with capsys.disabled():
        print()
        for name, way in broken.items():
            cause = told[name]["cause"].splitlines()[:1]
            print(f"  {way.__name__.strip('_')}: {told[name]['outcome']}: {' '.join(cause)[-110:]}")
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    assert not [name for name in broken if "creatorbook itself failed" in told[name]["cause"]]
    made = {name: folder for name, folder in batches.editions(out).items() if name in healthy}
    _assert_same(made, healthy)


def test_a_killed_kernel_is_one_clients_failure(
    tmp_path: Path, healthy: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """The others are byte for byte those of a run without it, and the next call makes the one that failed."""
    clients, out = batches.marked_clients(tmp_path, 4), tmp_path / "out"
    running = subprocess.Popen(
        batches.command(*clients.values(), "--jobs", 2, "--out", out, "--json"),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    _kill_kernels(running)
    assert running.stdout is not None
    told = json.loads(running.stdout.read())["clients"]
    failed = [client for client in told if client["outcome"] == "failed"]
    with capsys.disabled():
        print("\nkernel killed:", [client["cause"].splitlines()[0] for client in failed])
    made = batches.editions(out)
    _assert_same(made, {name: healthy[name] for name in made})
    assert failed
    assert len(made) + len(failed) == 4
    assert batches.report(*clients.values(), "--jobs", 2, "--out", out).returncode == 0
    _assert_same(batches.editions(out), {name: healthy[name] for name in batches.editions(out)})


def _kill_kernels(running: subprocess.Popen[str], most: int = 3) -> None:
    """Kill kernels that have lived long enough to be past their first cell; one that was not is made good."""
    seen: dict[int, float] = {}
    while most and running.poll() is None:
        time.sleep(0.02)
        for kernel in filter(_leads, batches.descendants(running.pid)):
            if time.monotonic() - seen.setdefault(kernel, time.monotonic()) > 0.3:
                with suppress(ProcessLookupError):
                    os.kill(kernel, signal.SIGKILL)
                    most -= 1
                break


def _leads(pid: int) -> bool:
    """Whether a process leads a session of its own, as kernels do."""
    try:
        return os.getsid(pid) == pid
    except OSError:
        return False


def test_many_clients_side_by_side_never_mix(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No mark of one client is in any byte of another's edition, inside PDF and XLSX too."""
    clients, out = batches.marked_clients(tmp_path, MARKED), tmp_path / "out"
    run = batches.report(*clients.values(), "--jobs", 8, "--out", out)
    assert run.returncode == 0, run.stdout + run.stderr
    made = batches.editions(out)
    for mark, folder in clients.items():
        text = batches.all_text(made[folder.name])
        assert mark in text
        assert not [other for other in clients if other != mark and other in text], folder.name
    with capsys.disabled():
        print(f"\n{MARKED} clients at eight side by side: no mark in another's files")


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path) -> None:
    """Files that may not grow stand for it: the old edition stays, the cause is told, a next run prints."""
    clients, out = batches.marked_clients(tmp_path, 1), tmp_path / "out"
    (folder,) = clients.values()
    assert batches.report(folder, "--out", out).returncode == 0
    before = batches.printed(batches.editions(out)[folder.name])
    limited = [
        "bash",
        "-c",
        'ulimit -f 40; exec "$@"',
        "bash",
        *batches.command(folder, "--force", "--out", out),
    ]
    run = subprocess.run(limited, capture_output=True, text=True, check=False)
    assert run.returncode == 1, run.stdout + run.stderr
    assert "disk is full" in run.stderr, run.stderr
    (edition,) = batches.editions(out).values()
    assert batches.is_whole(edition)
    assert batches.printed(edition) == before
    assert not batches.litter(out)
    assert batches.report(folder, "--force", "--out", out).returncode == 0
