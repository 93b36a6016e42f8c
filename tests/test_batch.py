"""A batch: one client's trouble is never another's, nothing is half written, and what runs is told."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

import batches
from creatorbook.client import record_decision
from creatorbook.client.identity import ID_FILE, client_id, id_of_place
from creatorbook.client.report_places import edition_number, report_place, reports_of
from creatorbook.deliver import put_in_place, tidy_up, write_file, write_folder
from creatorbook.problems import Problem
from creatorbook.runner import batch, manifest, overview, places, progress
from creatorbook.runner.editions import make_edition
from creatorbook.runner.jobs import Edition, Job
from creatorbook.runner.record import Run
from shelf import make_client


class Here(Executor):
    """Runs jobs at once, in this process; clients called in `fatal` kill their worker, and break the pool."""

    def __init__(self, fatal: dict[str, int]) -> None:
        self.fatal = fatal
        self.broken = False

    def submit(self, work: Any, job: Job) -> Future[Any]:
        future: Future[Any] = Future()
        if not self.broken and self.fatal.get(job.client.name, 0) > 0:
            self.fatal[job.client.name] -= 1
            places.tell_step(job, "05_roi")
            self.broken = True
        if self.broken:
            future.set_exception(BrokenProcessPool("a worker died"))
        else:
            future.set_result(work(job))
        return future


@pytest.fixture
def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """Five clients whose reports are made in no time."""
    monkeypatch.setattr(batch, "_make", lambda job: Edition(job.client.name, "done", 0.1, job.out / "x"))
    monkeypatch.setattr(batch, "_unchanged", lambda job: None)
    for name in "abcde":
        (tmp_path / name).mkdir()
    return [Job(tmp_path / name, tmp_path / "out") for name in "abcde"]


def run(jobs: list[Job], **fatal: int) -> dict[str, Edition]:
    @contextmanager
    def opener(_workers: int) -> Iterator[Executor]:
        yield Here(fatal)

    return {
        edition.client: edition
        for edition in batch.run_batch(places.placed(jobs), 2, lambda edition: None, opener)
    }


def test_a_worker_that_dies_once_loses_nothing(jobs: list[Job]) -> None:
    """Its client and all that waited behind it are made by other workers."""
    assert [edition.outcome for edition in run(jobs, b=1).values()] == ["done"] * 5


def test_a_client_that_kills_its_workers_is_given_up_alone(jobs: list[Job]) -> None:
    """It is told what was being done; the others are made."""
    editions = run(jobs, b=9)
    assert editions.pop("b").cause.startswith(
        "the process that made this report was killed at “05_roi”, twice"
    )
    assert {edition.outcome for edition in editions.values()} == {"done"}


def test_namesakes_have_places_of_their_own(tmp_path: Path) -> None:
    """Who comes first has the name; the other's place says a part of its id, in whatever order they come again."""
    out, first, second = tmp_path / "out", tmp_path / "acme" / "summer", tmp_path / "zeta" / "Summer"
    for folder in (first, second):
        make_client(folder, {})
    (job,) = places.placed([Job(first, out)])
    assert job.name == "summer"
    again = places.placed([Job(second, out), Job(first, out), Job(first, out)])
    assert [job.name for job in again] == [f"Summer-{id_of_place(second)[:6]}", "summer"]
    assert report_place(out, second).name == again[0].name
    assert reports_of(out, second) == []
    (out / again[0].name).mkdir()
    assert reports_of(out, second) == [out / again[0].name]


def test_a_place_stays_its_clients_once_an_id_is_made_and_when_the_folder_moves(tmp_path: Path) -> None:
    """The first act changes nothing about where reports go; what was noted beside them may be lost."""
    out, folder = tmp_path / "out", tmp_path / "acme" / "summer"
    client = make_client(folder, {})
    assert report_place(out, folder).name == "summer"
    record_decision(client, "maja", "Shortlist", "people respond", on=date(2026, 3, 2))
    assert report_place(out, folder).name == "summer"
    edition = out / "summer" / "spring" / "2026-03-02-plan"
    edition.mkdir(parents=True)
    (edition / "manifest.json").write_text(json.dumps({"client_id": client_id(folder)}))
    (out / ".batch" / "summer.client").unlink()
    make_client(tmp_path / "zeta" / "summer", {})
    assert report_place(out, tmp_path / "zeta" / "summer").name != "summer"
    (tmp_path / "moved").mkdir()
    assert report_place(out, folder.rename(tmp_path / "moved" / "summer")).name == "summer"


def test_a_copy_fails_in_a_place_of_its_own(tmp_path: Path) -> None:
    """What is wrong with the copy is no failure of the client it was copied from."""
    out, folder = tmp_path / "out", tmp_path / "acme" / "summer"
    record_decision(make_client(folder, {}), "maja", "Shortlist", "people respond", on=date(2026, 3, 2))
    copy = Path(shutil.copytree(folder, tmp_path / "copy" / "summer"))
    one, other = places.placed([Job(folder, out), Job(copy, out)])
    assert (one.name, other.name) == ("summer", f"summer-{id_of_place(copy)[:6]}")
    assert make_edition(other).cause.startswith(f"{copy / ID_FILE}: two folders have the id of one client")


def test_an_edition_of_changed_inputs_has_a_number(tmp_path: Path) -> None:
    """The same inputs keep their place; others, or what cannot be read, are never replaced."""
    name = "2026-03-29-results"

    def edition(folder: Path, inputs: object) -> Path:
        folder.mkdir()
        (folder / "manifest.json").write_text(json.dumps({"made_from": {"inputs": inputs}}))
        return folder

    assert manifest.edition_folder(tmp_path, name, {"a": "1"}) == tmp_path / name
    first = edition(tmp_path / name, {"a": "1"})
    assert manifest.edition_folder(tmp_path, name, {"a": "1"}) == first
    assert manifest.edition_folder(tmp_path, name, {"a": "2"}) == tmp_path / f"{name}-2"
    second = edition(tmp_path / f"{name}-2", {"a": "2"})
    (first / "manifest.json").write_text("{")
    assert manifest.edition_folder(tmp_path, name, {"a": "1"}) == tmp_path / f"{name}-3"
    assert manifest.edition_folder(tmp_path, name, {"a": "2"}) == second
    assert [edition_number(each.name) for each in (first, second)] == [1, 2]
    assert manifest.edition_folder(tmp_path, "2026-03-29-plan", {"a": "1"}).name == "2026-03-29-plan"


def test_a_second_batch_on_the_same_client_says_so_and_stops(jobs: list[Job], tmp_path: Path) -> None:
    """It names the client and the process; other clients can be printed meanwhile, and afterwards all."""
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from pathlib import Path; from creatorbook.runner import places\n"
            "from creatorbook.runner.jobs import Job\n"
            "with places.reserved(Path(sys.argv[1]), [Job(Path('c'), Path(sys.argv[1]))]):\n"
            "    print('held', flush=True); sys.stdin.read()\n",
            str(tmp_path / "out"),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(Problem, match=f"another batch \\(process {holder.pid} on .*\\) is working on c"):
        run(jobs)
    assert len(run([job for job in jobs if job.client.name != "c"])) == 4
    holder.kill()
    holder.wait()
    assert len(run(jobs)) == 5
    assert not list((tmp_path / "out" / ".batch").glob("*.batch"))


def test_the_page_shows_every_client_and_what_failed(jobs: list[Job], tmp_path: Path) -> None:
    """Text is escaped, the failed client stands first, and links and figures are those of the edition."""
    job, cause = jobs[0], "<script>alert(1)</script> is no day"
    stopped = (Run("01_goals", "failed", 1.0, "setup"), Run("02_vetting", "skipped"))
    overview.record(jobs[1], Edition("b", "done", 2.0))
    overview.record(job, Edition("a", "failed", 1.0, cause=cause, runs=stopped))
    edition = tmp_path / "out" / "b" / "spring {1}" / "2026-04-01-results"
    edition.mkdir(parents=True)
    figure = {
        "key": "roi.profit",
        "label": "Profit <b>",
        "value": -1477.0,
        "unit": "money",
        "low": None,
        "high": None,
    }
    summary = {
        "schema": 1,
        "campaign": "spring {1}",
        "stage": "results",
        "as_of": "2026-04-01",
        "currency": "EUR",
    }
    (edition / "summary.json").write_text(json.dumps({**summary, "figures": [figure]}))
    overview.write_overview(tmp_path / "out")
    html = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert html.count("<script") == 1  # the page's own
    assert "&lt;script&gt;alert(1)&lt;/script&gt; is no day" in html
    assert html.index("<bdi>a</bdi>") < html.index("<bdi>b</bdi>")
    assert "02_vetting: skipped" in html
    assert 'href="b/spring%20%7B1%7D/2026-04-01-results/summary.json"' in html
    assert "Profit &lt;b&gt;" in html
    assert "−€1,477" in html


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"client": "a", "stage": "plan"}',
        '{"schema": 0}',
        '{"schema": 1, "figures": 7}',
    ],
)
def test_what_cannot_be_read_back_is_a_line_of_the_page(jobs: list[Job], tmp_path: Path, text: str) -> None:
    """Damaged, cut off or of another version: a summary, a record and a manifest stop no batch."""
    edition = tmp_path / "out" / "b" / "spring" / "2026-04-01-results"
    edition.mkdir(parents=True)
    (edition / "to-send").mkdir()
    for name in ("summary.json", "manifest.json", "to-send/report.html"):
        (edition / name).write_text(text)
    (tmp_path / "out" / ".batch").mkdir()
    (tmp_path / "out" / ".batch" / "zz.json").write_text(text)
    assert manifest.current_edition(jobs[1], {}) is None
    assert {edition.outcome for edition in run(jobs).values()} == {"done"}
    html = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert html.count("What became of the last run cannot be read") == 1
    assert html.count("Its figures cannot be read") == 1
    assert "spring</bdi>, results, as of 2026-04-01" in html
    assert 'href="b/spring/2026-04-01-results/to-send/report.html"' in html


def test_what_is_printed_cannot_steer_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Escape sequences and marks that turn the direction of text are replaced."""
    edition = Edition("a\x1b[2J", "failed", 1.0, cause="no \u202efdp.exe")
    progress.Lines().done(edition)
    told = capsys.readouterr()
    assert "\x1b" not in told.out + told.err
    assert "\u202e" not in told.err


def test_quiet_says_only_what_failed(capsys: pytest.CaptureFixture[str]) -> None:
    """One line on stderr with the client's name; nothing for what went well."""
    shown = progress.Lines(quiet=True)
    shown.done(Edition("a", "done", 1.0))
    shown.done(Edition("b", "failed", 1.0, cause="broken"))
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "b: broken\n")


def test_the_display_tells_steps_failures_and_what_is_left(jobs: list[Job]) -> None:
    """Clients done, the running step, failures so far."""
    console = Console(record=True, width=100, force_terminal=True, file=open(os.devnull, "w"))  # noqa: PTH123, SIM115
    places.folder_of(jobs[0].out)
    places.tell_step(jobs[2], "03_tiers")
    with progress.Display(jobs, console) as shown:
        shown.done(Edition("a", "failed", 1.0, cause="broken"))
        shown.live.refresh()
    told = console.export_text()
    assert "a: failed in 1.0 s, no report" in told
    assert "c: 03_tiers" in told
    assert "1/5" in told
    assert "1 failed" in told


def test_a_finished_folder_replaces_the_earlier_one_in_one_step(tmp_path: Path) -> None:
    """There is never a moment without a whole edition, and nothing of the earlier one is left."""
    folder, staging = tmp_path / "edition", tmp_path / ".edition-1"
    for place, text in ((folder, "old"), (staging, "new")):
        place.mkdir()
        (place / "report.html").write_text(text)
    put_in_place(staging, folder)
    assert (folder / "report.html").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["edition"]


def test_what_a_killed_process_left_is_put_right(tmp_path: Path) -> None:
    """Half-made folders go; an edition that was just moved aside comes back."""
    (tmp_path / ".edition-1").mkdir()
    (tmp_path / ".old-1" / "edition").mkdir(parents=True)
    tidy_up(tmp_path, places.STAGING)
    assert [path.name for path in tmp_path.iterdir()] == ["edition"]


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old content stays if the disk fills up meanwhile."""
    path = tmp_path / "index.html"
    write_file(path, b"old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert [left.name for left in tmp_path.iterdir()] == ["index.html"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")
def test_a_killed_batch_goes_on_and_mixes_no_clients(tmp_path: Path) -> None:
    """A batch is killed; no process survives; the next call finishes; no mark is in another client's files."""
    clients, out = batches.marked_clients(tmp_path, 2), tmp_path / "out"
    batches.adopt_orphans()
    known = set(batches.descendants(os.getpid()))
    running = subprocess.Popen(
        batches.command(*clients.values(), "--jobs", 2, "--out", out), stdout=subprocess.DEVNULL
    )
    until = time.monotonic() + 120
    while not list(out.rglob(".edition-*/*/working/notebooks/00*")) and time.monotonic() < until:
        time.sleep(0.1)
    running.kill()
    running.wait()
    assert not batches.survivors(known)
    again = batches.report(*clients.values(), "--jobs", 2, "--out", out, "--json")
    assert again.returncode == 0, again.stderr
    told = json.loads(again.stdout)
    assert [client["outcome"] for client in told["clients"]] == ["done", "done"]
    assert not batches.litter(out)
    for mark, client in clients.items():
        folder = batches.editions(out)[client.name]
        assert batches.is_whole(folder)
        text = batches.all_text(folder)
        assert mark in text
        assert not [other for other in clients if other != mark and other in text]


def test_the_index_of_one_client_says_so(tmp_path: Path) -> None:
    """One client is told in the singular, two in the plural; turned names are named there as well."""
    entry = {
        "schema": overview.RECORD_SCHEMA,
        "outcome": "failed",
        "seconds": 1.0,
        "ended_at": "2026-03-01T10:00:00",
        "cause": "\u202ex",
        "remarks": [],
        "runs": [],
    }
    for count, head in ((1, "Reports of 1 client<"), (2, "Reports of 2 clients<")):
        (tmp_path / ".batch").mkdir(exist_ok=True)
        (tmp_path / ".batch" / f"c{count}.json").write_text(json.dumps({"client": f"c{count}", **entry}))
        overview.write_overview(tmp_path)
        html = (tmp_path / "index.html").read_text(encoding="utf-8")
        assert head in html
        assert "[U+202E]x" in html


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
@pytest.mark.parametrize("umask", [0o077, 0o027, 0o002])
def test_what_is_delivered_keeps_the_umask(tmp_path: Path, umask: int) -> None:
    """Folders and files have the rights that the user's umask leaves, replaced ones too."""
    before = os.umask(umask)
    try:
        for text in (b"old", b"new"):
            write_folder(tmp_path / "out" / "lists", {"a.csv": text})
            write_file(tmp_path / "out" / "index.html", text)
    finally:
        os.umask(before)
    modes = {
        path.relative_to(tmp_path).as_posix(): path.stat().st_mode & 0o777 for path in tmp_path.rglob("*")
    }
    assert modes.pop("out") == modes.pop("out/lists") == 0o777 & ~umask
    assert set(modes.values()) == {0o666 & ~umask}
