"""Versions of a report: a draft says so on every page, what was cleared is never written over, and each state is on file."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pypdf
import pytest
from python_calamine import CalamineWorkbook

from creatorbook.acts import forgetting, versions
from creatorbook.acts.versions import mark_version, version_lines
from creatorbook.client import read_client
from creatorbook.client.repository import SAMPLE_DATA
from creatorbook.client.versions import read_marks
from creatorbook.problems import Problem
from creatorbook.runner import editions, manifest, places
from creatorbook.runner.batch import run_batch
from creatorbook.runner.jobs import Edition, Job
from creatorbook.runner.versions import versions_of

DAY = date(2026, 5, 4)
DRAFT = "Draft 1, not cleared for sending"


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the smallest sample; its notebooks are not run, so that its reports hold a first page only."""
    monkeypatch.setattr(editions, "_run_notebooks", lambda *_arguments: [])
    return Path(shutil.copytree(SAMPLE_DATA / "northpin", tmp_path / "northpin"))


def printed(client: Path, *, force: bool = False) -> Edition:
    (job,) = places.placed([Job(client, client.parent / "reports", force=force)])
    (edition,) = run_batch([job], 1, lambda _edition: None)
    assert not edition.cause
    return edition


def mark(client: Path, state: str, by: str = "Ann", **more: str) -> str:
    return mark_version(str(client), state, by, DAY, client.parent / "reports", **more).state


def states(client: Path) -> list[tuple[str, str]]:
    return [(each.edition, each.state) for each in versions_of(client, client.parent / "reports")]


def pages(folder: Path) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(folder / "to-send/report.pdf").pages]


def sheet(folder: Path) -> str:
    first = CalamineWorkbook.from_path(folder / "to-send/data.xlsx").get_sheet_by_index(0)
    return " ".join(str(cell) for row in first.to_python() for cell in row)


def test_a_report_goes_from_draft_to_sent(client: Path) -> None:
    """Each step is asked for and signed; the pages say “Draft” until somebody clears them, with the same figures."""
    folder = printed(client).folder
    assert folder is not None
    draft = (folder / "summary.json").read_bytes()
    assert all(DRAFT in page for page in pages(folder))
    assert DRAFT in (folder / "to-send/report.html").read_text("utf-8")
    assert "draft 1" in sheet(folder)
    assert "Draft 1" not in (folder / "working/report.html").read_text("utf-8")
    assert mark(client, "reviewed") == "reviewed"
    with pytest.raises(Problem, match="nobody has cleared this version"):
        mark(client, "sent")
    assert mark(client, "cleared", "Bea") == "cleared"
    assert not any("Draft" in page for page in pages(folder))
    assert "Draft" not in (folder / "to-send/report.html").read_text("utf-8")
    assert "draft" not in sheet(folder)
    assert (folder / "summary.json").read_bytes() == draft
    assert mark(client, "sent", note="Cleo") == "sent"
    rows = [(each.state, each.by, each.on, each.note) for each in read_marks(client)]
    assert rows == [("reviewed", "Ann", DAY, ""), ("cleared", "Bea", DAY, ""), ("sent", "Ann", DAY, "Cleo")]
    assert mark(client, "sent", note="Cleo") == "sent"
    assert len(read_marks(client)) == 3


def test_what_was_cleared_is_never_written_over(client: Path) -> None:
    """Unchanged input is not printed again; what would change it makes the next number, also where the folder is lost."""
    first = printed(client).folder
    assert first is not None
    mark(client, "cleared")
    before = {path: path.read_bytes() for path in first.rglob("*") if path.is_file()}
    assert printed(client).outcome == "unchanged"
    assert printed(client, force=True).folder == first.with_name(f"{first.name}-2")
    assert {path: path.read_bytes() for path in first.rglob("*") if path.is_file()} == before
    assert states(client) == [(first.name, "cleared"), (f"{first.name}-2", "draft")]
    shutil.rmtree(client.parent / "reports")
    assert printed(client).folder == first.with_name(f"{first.name}-2")
    assert states(client) == [(first.name, "cleared"), (f"{first.name}-2", "draft")]
    assert "not among the reports" in version_lines(client, client.parent / "reports")[0][-1]


def test_only_what_was_read_can_be_cleared(client: Path) -> None:
    """Files that changed since, and figures that come out otherwise today, stop it; the draft stays as it was."""
    folder = printed(client).folder
    assert folder is not None
    settings = client / "client.yml"
    settings.write_text(settings.read_text() + "\n# another word\n")
    with pytest.raises(Problem, match="files have changed since this version was printed"):
        mark(client, "cleared")
    printed(client)
    summary = folder.with_name(f"{folder.name}-2") / "summary.json"
    summary.write_bytes(summary.read_bytes().replace(b'"schema"', b' "schema"', 1))
    recorded = json.loads((summary.parent / "manifest.json").read_text())
    recorded["files"]["summary.json"] = manifest.sha256(summary)
    (summary.parent / "manifest.json").write_text(json.dumps(recorded))
    before = summary.read_bytes()
    with pytest.raises(Problem, match="its figures are not the draft's"):
        mark(client, "cleared")
    assert summary.read_bytes() == before
    assert [state for _, state in states(client)] == ["draft", "draft"]


def test_a_damaged_version_is_a_line(client: Path) -> None:
    """It is told and cannot be marked; others can."""
    folder = printed(client).folder
    assert folder is not None
    page = folder / "to-send/report.html"
    page.write_text(page.read_text("utf-8") + " ", "utf-8")
    (line,) = version_lines(client, client.parent / "reports")
    assert line[-1] == "not as it was printed: to-send/report.html"
    with pytest.raises(Problem, match="not as it was printed"):
        mark(client, "reviewed")
    (folder / "manifest.json").write_text("{")
    (line,) = version_lines(client, client.parent / "reports")
    assert "its manifest is damaged" in line[-1]
    again = printed(client).folder
    assert again == folder.with_name(f"{folder.name}-2")
    assert mark(client, "reviewed") == "reviewed"


def test_a_call_that_was_ended_between_print_and_row_is_made_good(
    client: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cleared version says so itself; the same call adds the row and prints nothing."""
    printed(client)
    with monkeypatch.context() as ended:
        ended.setattr(versions, "add_mark", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            mark(client, "cleared")
    assert [state for _, state in states(client)] == ["cleared"]
    assert read_marks(client) == []
    monkeypatch.setattr(versions, "run_batch", None)
    assert mark(client, "cleared") == "cleared"
    assert [row.state for row in read_marks(client)] == ["cleared"]


@pytest.mark.parametrize(
    ("more", "said"),
    [({"by": " "}, "a mark is signed"), ({"edition": "2020-01-01-plan"}, "there is no such version")],
)
def test_a_wrong_call_marks_nothing(client: Path, more: dict[str, str], said: str) -> None:
    """It says what is wrong, and which versions there are."""
    printed(client)
    with pytest.raises(Problem, match=said):
        mark(client, "reviewed", **more)
    assert read_marks(client) == []


def test_a_row_that_cannot_be_read_is_told_with_its_line(client: Path) -> None:
    """File, line and column."""
    printed(client)
    mark(client, "reviewed")
    path = client / "versions.csv"
    path.write_text(path.read_text().replace("2026-05-04", "4 May"))
    with pytest.raises(Problem, match=r"versions.csv, line 2.*on.*“4 May” is not a day"):
        versions_of(client, client.parent / "reports")


def test_forgetting_comes_before_keeping(client: Path) -> None:
    """A sent version that names somebody is removed; that it was sent, and went, stays on file without the name."""
    handle = read_handles(client)[0]
    campaign = next((client / "campaigns").glob("*.yml")).stem
    notes = f"# results\n## first page\n@{handle} was best.\n"
    (client / f"campaigns/{campaign}.notes.md").write_text(notes)
    folder = printed(client).folder
    assert folder is not None
    assert handle in (folder / "to-send/report.html").read_text("utf-8")
    mark(client, "cleared")
    mark(client, "sent", note=f"@{handle}")
    forgetting.forget_creator(read_client(client), handle, client.parent / "reports")
    assert not folder.exists()
    assert handle not in (client / "versions.csv").read_text()
    (line,) = version_lines(client, client.parent / "reports")
    assert line[2] == "sent"
    assert "asked to be forgotten" in line[-1]


def read_handles(client: Path) -> list[str]:
    rows = (client / "exports/creators.csv").read_text().splitlines()
    place = rows[0].split(",").index("handle")
    return [row.split(",")[place].lstrip("@") for row in rows[1:]]
