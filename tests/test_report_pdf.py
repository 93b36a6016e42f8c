"""The PDF: text on any machine, nothing fetched, and a report without an engine."""

from __future__ import annotations

import builtins
import os
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest

import report_fixture as made
from creatorbook import report
from papers import bookmarks

plutoprint = pytest.importorskip("plutoprint")

CHILD = """
import sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
import report_fixture as made
from creatorbook import report
found = made.results()
folder = Path(sys.argv[1])
report.build_report(folder, made.report_book("results"), made.notebooks(folder / "nb", "results", found), found)
"""


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """A report printed where no font is installed."""
    folder = tmp_path_factory.mktemp("bare")
    settings = folder / "fonts.conf"
    settings.write_text('<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig/>')
    environment = {**os.environ, "FONTCONFIG_FILE": str(settings), "FONTCONFIG_PATH": str(folder)}
    command = [sys.executable, "-c", CHILD, str(folder), str(Path(__file__).parent)]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return pypdf.PdfReader(folder / "working" / "report.pdf")


def test_text_is_there_without_any_font(printed):
    """The bundled fonts are in the file; its text can be read and searched."""
    text = "\n".join(page.extract_text() for page in printed.pages)
    for words in (
        "Testbrand: results of Spring linen",
        "Rücksendequoten",
        "12.710",
        "24.310",
        "◐",
        "Appendix",
    ):
        assert words in text


def test_page_one_holds_the_first_page_and_only_that(printed):
    """The last heading is on page 1, the first chapter on page 2."""
    first, second = printed.pages[0].extract_text(), printed.pages[1].extract_text()
    assert "Ties to your books" in first
    assert "Where are we?" not in first
    assert "Where are we?" in second


def test_pages_are_a4_and_numbered(printed):
    """A4, with “page / pages” at the foot."""
    count = len(printed.pages)
    for number, page in enumerate(printed.pages, start=1):
        assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]
        assert f"{number} / {count}" in page.extract_text()


def test_metadata_come_from_the_report(printed):
    """Title and day of the report, not of the machine."""
    assert printed.metadata.title == "Testbrand: results of Spring linen"
    assert printed.metadata.creation_date.date().isoformat() == "2026-04-15"


def test_bookmarks_lead_to_the_chapters(printed):
    """One for the first page and one for each chapter; the language is the report's."""
    chapters = [
        "00 · Where are we?",
        "05 · What did it bring? (results)",
        "Appendix: method, assumptions, data",
    ]
    assert [title for title, _ in bookmarks(printed)] == ["Testbrand: results of Spring linen", *chapters]
    for title, page in bookmarks(printed):
        assert title in printed.pages[page].extract_text()
    assert printed.root_object["/Lang"] == "en"


def test_a_report_without_an_engine_is_complete_but_for_the_pdf(tmp_path, monkeypatch):
    """No engine: the other files are there, and the log says what to install."""
    real = builtins.__import__

    def refuse(name, *rest, **more):
        if name == "plutoprint":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    log = report.build_report(tmp_path, made.report_book("plan"), [], made.plan())
    assert any("plutoprint" in line for line in log)
    assert {path.name for path in tmp_path.iterdir()} == {"to-send", "working", "summary.json"}
    for paper in ("to-send", "working"):
        assert {path.name for path in (tmp_path / paper).iterdir()} == {"report.html", "data.xlsx"}


def test_the_footer_cannot_leave_its_place(tmp_path):
    """A client's footer is text inside the style sheet, whatever signs it holds."""
    theme = {"footer": 'A "B" \\ } </style><script>alert(1)</script>', "prepared_by": "C"}
    report.build_report(tmp_path, made.report_book("plan", theme=theme), [], made.plan())
    assert "<script" not in (tmp_path / "working" / "report.html").read_text(encoding="utf-8")
    text = pypdf.PdfReader(tmp_path / "working" / "report.pdf").pages[0].extract_text()
    assert 'A "B" \\ } </style>' in text


def test_a_table_wider_than_the_paper_does_not_shrink_the_report(tmp_path):
    """Seventeen columns of long words are held to the page; the pages around them keep their size."""
    import pandas as pd

    from creatorbook.findings import Column, Findings, Table
    from creatorbook.report import document, pdf
    from creatorbook.report.contents import Contents

    names = [f"column{number}" for number in range(17)]
    frame = pd.DataFrame([["x" * 40] * 17], columns=names)
    wide = Findings(
        "tracking", (Table("t.wide", "Wide", frame, {n: Column(n) for n in names}),), made.FORMATS
    )
    notebooks = made.notebooks(tmp_path, "plan", [wide])
    report = document.compose(Contents.of(made.report_book("plan"), [wide]), notebooks)
    made_pdf = pdf.laid_out(report.set_narrower().print_html())
    assert not pdf._too_wide(made_pdf)
