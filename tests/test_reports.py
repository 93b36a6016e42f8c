"""Reports as a user gets them: two papers, whole or not at all, the same for the same input."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from html import unescape
from pathlib import Path

import pypdf
import pytest
import yaml

from broken_plugins import BROKEN
from creatorbook.client.repository import ROOT, SAMPLE_DATA
from creatorbook.runner import forked
from creatorbook.runner.execute import KERNEL_VARIABLE, ORDINARY
from fake_plugins import install
from samples import SAMPLES

BESIDE = {"summary.json", "manifest.json"}
PAPER = {"report.html", "report.pdf", "data.xlsx"}
PAGES = yaml.safe_load((ROOT / "helpers/creatorbook/packs/pages.yml").read_text())


def report(*arguments: object, out: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "creatorbook", "report", *map(str, arguments), "--out", str(out)]
    return subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, **environment}, check=False
    )


def edition(out: Path, client: str, stage: str) -> Path:
    (found,) = out.glob(f"{client}/*/*-{stage}")
    return found


def files_of(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_file()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All sample clients' results, and the plans and pulse of two of them."""
    out = tmp_path_factory.mktemp("reports")
    for arguments in (
        ("--jobs", 2),
        ("northpin", "velmora", "--stage", "plan"),
        ("velmora", "--stage", "pulse"),
    ):
        run = report(*arguments, out=out, PYTHONHASHSEED="1")
        assert run.returncode == 0, run.stdout + run.stderr
    return out


EDITIONS = [
    *((client, "results") for client in SAMPLES),
    ("northpin", "plan"),
    ("velmora", "plan"),
    ("velmora", "pulse"),
]


@pytest.mark.parametrize(("client", "stage"), EDITIONS)
class TestEdition:
    def test_both_papers_appear(self, made: Path, client: str, stage: str) -> None:
        """The contract's files and the executed notebooks, nothing else."""
        folder = edition(made, client, stage)
        assert files_of(folder) == BESIDE
        assert files_of(folder / "to-send") == files_of(folder / "working") == PAPER
        assert list((folder / "working" / "notebooks").glob("*.ipynb"))

    def test_first_page_has_its_headings_on_one_page(self, made: Path, client: str, stage: str) -> None:
        """Every heading of the stage is on the PDF's first page."""
        page = pypdf.PdfReader(edition(made, client, stage) / "to-send/report.pdf").pages[0].extract_text()
        squeezed = "".join(page.split()).lower()
        for row in PAGES[stage]["headings"]:
            assert "".join(row["heading"].split()).lower() in squeezed, row["heading"]

    def test_report_stands_alone(self, made: Path, client: str, stage: str) -> None:
        """One file that opens offline: no script, no link to fetch from, no code, no warning."""
        folder = edition(made, client, stage)
        html = "".join(
            (folder / paper / "report.html").read_text("utf-8") for paper in ("to-send", "working")
        )
        assert "<script" not in html.lower()
        assert 'src="http' not in html
        assert "Traceback" not in html
        assert "Warning:" not in html
        assert "open_book" not in html
        assert 'alt=""' not in html
        assert "No description has been provided" not in html

    def test_html_is_small(self, made: Path, client: str, stage: str) -> None:
        """Without its pictures, the HTML is under 150 kB."""
        html = (edition(made, client, stage) / "working/report.html").read_text(encoding="utf-8")
        bare = re.sub(r"data:image/[^\"')]*", "", html)
        assert len(bare.encode()) < 150_000

    def test_figures_have_evidence(self, made: Path, client: str, stage: str) -> None:
        """Each headline figure has unit, grade and source; an estimate has its range."""
        told = json.loads((edition(made, client, stage) / "summary.json").read_text())
        for figure in told["figures"]:
            assert figure["grade"] in {"counted", "estimated", "assumed"}
            assert figure["source"]
            if figure["grade"] == "estimated" and figure["value"] is not None:
                low, high = figure["low"], figure["high"]
                assert (low, high) != (None, None), figure["key"]  # “at least” has one end
                assert low is None or low <= figure["value"], figure["key"]
                assert high is None or figure["value"] <= high, figure["key"]


def test_same_input_same_figures(made: Path, tmp_path: Path) -> None:
    """Another process, hash seed, number of jobs and output folder: the same bytes."""
    clients = SAMPLES[1:3]
    run = report(*clients, "--jobs", 1, "--force", out=tmp_path, PYTHONHASHSEED="2")
    assert run.returncode == 0, run.stdout + run.stderr
    for client in clients:
        first, second = (edition(out, client, "results") / "summary.json" for out in (made, tmp_path))
        assert first.read_bytes() == second.read_bytes(), client


def test_broken_plugins_change_no_byte_and_are_named(made: Path, tmp_path: Path) -> None:
    """Some raise, exit, print or write; one hangs, one ends a notebook's process: the report comes out."""
    chosen = {
        "raises": "a check raises", "exits": "a check exits", "asks": "raises when asked", "hangs": "hangs", "ends": "ends the process", "writes": "writes into the tables", "prints": "prints", "files": "an output raises",
    }  # fmt: skip
    for name, broken in chosen.items():
        install(tmp_path / "site", name, BROKEN[broken].code.replace("'ailing'", f"'{name}'"))
    paths = os.pathsep.join(filter(None, [str(tmp_path / "site"), os.environ.get("PYTHONPATH", "")]))
    run = report(
        "northpin", "--stage", "plan", out=tmp_path / "out", PYTHONPATH=paths, CREATORBOOK_PLUGIN_SECONDS="5"
    )
    assert run.returncode == 0, run.stdout + run.stderr
    plain, edited = (edition(out, "northpin", "plan") for out in (made, tmp_path / "out"))
    for file in (
        "to-send/report.html",
        "to-send/report.pdf",
        "to-send/data.xlsx",
        "working/data.xlsx",
        "summary.json",
    ):
        assert (edited / file).read_bytes() == (plain / file).read_bytes(), file
    named = json.loads((edited / "manifest.json").read_text(encoding="utf-8"))["left_out_of_plugins"]
    page = unescape((edited / "working/report.html").read_text(encoding="utf-8"))
    index = unescape((tmp_path / "out/index.html").read_text(encoding="utf-8"))
    assert sorted({one.split()[1] for one in named}) == sorted(set(chosen) - {"writes", "prints"})
    assert all(one in page and one in index and one in run.stdout for one in named)
    assert page.count(">seen<") == 2
    assert "HELLO" not in page + run.stdout


@pytest.mark.slow
@pytest.mark.skipif(not forked.supported(), reason="kernels are forked on Linux only")
def test_an_ordinary_kernel_prints_the_same_report(made: Path, tmp_path: Path) -> None:
    """What forked kernels leave out is in no byte of a whole report."""
    assert KERNEL_VARIABLE not in os.environ  # else both would be ordinary ones
    run = report("northpin", "--jobs", 1, out=tmp_path, **{KERNEL_VARIABLE: ORDINARY})
    assert run.returncode == 0, run.stdout + run.stderr
    ours, ordinary = (edition(out, "northpin", "results") for out in (made, tmp_path))
    runs = json.loads((ours / "manifest.json").read_text())["runs"]
    assert not any(notebook["restarted"] for notebook in runs)
    papers = [f"{paper}/{name}" for paper in ("to-send", "working") for name in ("report.html", "data.xlsx")]
    for name in (*papers, "summary.json"):
        assert (ours / name).read_bytes() == (ordinary / name).read_bytes(), name


def test_unchanged_input_is_not_run_again(made: Path) -> None:
    """A second call finds everything current, and a damaged edition is made again."""
    run = report("northpin", out=made)
    assert "unchanged" in run.stdout
    (edition(made, "northpin", "results") / "to-send/report.html").write_text("damaged")
    run = report("northpin", out=made)
    assert "done" in run.stdout
    assert "damaged" not in (edition(made, "northpin", "results") / "to-send/report.html").read_text(
        encoding="utf-8"
    )


def test_one_broken_client_harms_no_other(tmp_path: Path) -> None:
    """The others are written, the broken one leaves nothing, and the exit code says so."""
    broken = tmp_path / "broken"
    shutil.copytree(SAMPLE_DATA / "northpin", broken)
    (broken / "client.yml").write_text("brand: X\n")
    out = tmp_path / "out"
    run = report("northpin", broken, "--jobs", 2, out=out)
    assert run.returncode == 1
    assert "broken" in run.stdout
    assert "client.yml" in run.stderr
    assert edition(out, "northpin", "results").is_dir()
    assert not list(out.glob("broken/**/*.*"))


@pytest.mark.parametrize(
    ("client", "gone"),
    [
        pytest.param("velmora", "costs.csv", marks=pytest.mark.slow),
        ("noorhaven", "orders"),
        pytest.param("glimmerroot", "products", marks=pytest.mark.slow),
    ],
)
def test_a_report_without_one_file_is_whole(client: str, gone: str, tmp_path: Path) -> None:
    """Both papers appear although a file that others build on is not there."""
    folder = tmp_path / client
    shutil.copytree(SAMPLE_DATA / client, folder, ignore=shutil.ignore_patterns("truth"))
    removed = [path for path in (folder / "exports").iterdir() if gone.removesuffix(".csv") in path.name]
    assert removed
    for path in removed:
        path.unlink()
    run = report(folder, "--stage", "results", out=tmp_path / "out")
    assert run.returncode == 0, run.stdout + run.stderr
    folder = edition(tmp_path / "out", client, "results")
    assert files_of(folder) == BESIDE
    assert files_of(folder / "to-send") == files_of(folder / "working") == PAPER


def test_reports_change_nothing_in_a_client_folder(made: Path) -> None:
    """Git sees no change after all those reports."""
    run = subprocess.run(
        ["git", "status", "--porcelain", "sample_data"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert not [line for line in run.stdout.splitlines() if not line.startswith("??")]
