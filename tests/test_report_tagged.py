"""The tagged PDF: asked for by the client's file, made where WeasyPrint is, and a clear sentence where it is not."""

from __future__ import annotations

import builtins

import pypdf
import pytest

import report_fixture as made
from creatorbook import report


def _build(folder, stage="results", **theme):
    found = made.STAGES[stage]()
    notebooks = made.notebooks(folder / "nb", stage, found)
    return report.build_report(
        folder, made.report_book(stage, theme={"pdf": "tagged", **theme}), notebooks, found
    )


def test_without_weasyprint_the_usual_pdf_is_made_and_the_log_says_what_to_install(tmp_path, monkeypatch):
    """No WeasyPrint, or no Pango beneath it: one sentence, and a PDF without tags."""
    pytest.importorskip("plutoprint")
    real = builtins.__import__

    def refuse(name, *rest, **more):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    log = _build(tmp_path)
    assert [line for line in log if "pip install weasyprint" in line and "Pango" in line]
    assert (tmp_path / "working" / "report.pdf").read_bytes().startswith(b"%PDF")


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError):
        pytest.skip("needs WeasyPrint and Pango: pip install creatorbook[tagged]")
    folder = tmp_path_factory.mktemp("tagged")
    assert _build(folder) == []
    return folder / "working" / "report.pdf"


def test_it_is_tagged_and_says_its_language_and_title(printed):
    """Marked content, a structure tree with headings, tables and figures with words, language, title, PDF/UA-1."""
    read = pypdf.PdfReader(printed)
    root = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data().replace(b"ns1:part", b"pdfuaid:part")
    kinds, pictures = [], []

    def walk(node):
        node = node.get_object()
        if isinstance(node, list):
            for each in node:
                walk(each)
        elif isinstance(node, dict):
            kinds.append(node.get("/S"))
            if node.get("/S") == "/Figure":
                pictures.append(node.get("/Alt"))
            if "/K" in node and not isinstance(node["/K"], int):
                walk(node["/K"])

    walk(root["/StructTreeRoot"])
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/P", "/Figure"} <= set(kinds)
    assert pictures
    assert all(pictures)


def test_it_is_the_same_bytes_again(printed, tmp_path):
    """Dates and identifier are the report's, not the machine's."""
    _build(tmp_path)
    assert (tmp_path / "working" / "report.pdf").read_bytes() == printed.read_bytes()


def test_page_one_holds_the_first_page(printed):
    """The first page is set as tightly as it takes."""
    pages = pypdf.PdfReader(printed).pages
    assert "Ties to your books" in pages[0].extract_text()
    assert "Where are we?" in pages[1].extract_text()
