"""A hostile client: whatever its texts say, they stay texts, in every file we write and in a terminal."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Browser
from typer.testing import CliRunner

import hostile
from creatorbook import exports
from creatorbook.acts import handover_sheets
from creatorbook.acts.codes import issue
from creatorbook.cli import app
from creatorbook.client import LINK_COLUMNS, read_client, read_links
from creatorbook.opening import open_book
from creatorbook.text.plain_text import FORMULA_SIGNS, for_csv, for_terminal, from_csv
from creatorbook.tracking import issuing

#: what a terminal obeys: control characters but tab and line ends, and turns of direction
OBEYED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the client and its report in it, and nothing else."""
    return tmp_path_factory.mktemp("hostile") / "inside"


@pytest.fixture(scope="module")
def shown(place: Path) -> tuple[Path, tuple[str, ...]]:
    """The report's folder, and the names it shows."""
    place.mkdir()
    (place / "client").mkdir()
    return hostile.printed(place)


@pytest.fixture(scope="module")
def html(shown: tuple[Path, tuple[str, ...]]) -> str:
    return (shown[0] / "working" / "report.html").read_text(encoding="utf-8")


def test_html_shows_them_as_text(html: str, shown: tuple[Path, tuple[str, ...]]) -> None:
    """Every name stands there as it was written; none is an element, an entity or a control character."""
    text = " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())
    for name in (*shown[1], *hostile.NAMES):
        assert hostile.visible(name) in text, name
    assert not re.search(r"<script|<img src=x|onerror=(?!window)", html)
    assert not OBEYED.search(html)


def test_no_script_runs_in_a_browser(browser: Browser, shown: tuple[Path, tuple[str, ...]]) -> None:
    """Nothing runs, nothing is fetched, no dialog opens."""
    context = browser.new_context()
    page = context.new_page()
    dialogs: list[str] = []
    asked: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: asked.append(request.url))
    page.goto((shown[0] / "working" / "report.html").as_uri())
    page.wait_for_timeout(300)
    assert not dialogs
    assert not page.evaluate("window.__hostile__")
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert hostile.visible(hostile.SCRIPT) in page.locator("body").inner_text()
    context.close()


def test_the_workbook_holds_no_formula_and_no_link(shown: tuple[Path, tuple[str, ...]]) -> None:
    """In data.xlsx every text is a text: no formula, no link of theirs, no control character."""
    with zipfile.ZipFile(shown[0] / "working" / "data.xlsx") as book:
        links = " ".join(book.read(name).decode() for name in book.namelist() if name.endswith(".rels"))
        sheets = {name: book.read(name).decode() for name in book.namelist() if name.endswith(".xml")}
    told = "".join(sheets.values())
    assert "<f>" not in told
    leads_to = re.findall(r'Target="https?://([^/"]+)', links)
    assert set(leads_to) <= {"www.instagram.com", "www.tiktok.com", "www.youtube.com", "www.facebook.com"}
    assert "HYPERLINK(&quot;http" in told or 'HYPERLINK("http' in told
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", told)


def test_the_pdf_shows_them_as_text(shown: tuple[Path, tuple[str, ...]]) -> None:
    """The PDF has no script, no action and no link to a hostile address."""
    pytest.importorskip("plutoprint")
    raw = (shown[0] / "working" / "report.pdf").read_bytes()
    assert not re.search(rb"/(?:JavaScript|JS|OpenAction|Launch)\b", raw)
    read = pypdf.PdfReader(shown[0] / "working" / "report.pdf")
    assert "onerror" in "".join(page.extract_text() for page in read.pages)


def test_nothing_is_written_outside(place: Path, shown: tuple[Path, tuple[str, ...]]) -> None:
    """Only the folder that was asked for has anything new in it."""
    assert sorted(path.name for path in place.parent.iterdir()) == ["inside"]
    assert {path.name for path in place.iterdir()} == {"client", "nb", "out"}
    assert not list(place.parent.rglob("escaped*"))
    assert {path.name for path in shown[0].iterdir()} == {"to-send", "working", "summary.json"}


def test_tables_for_shop_and_shorteners_hold_no_formula(place: Path, tmp_path: Path) -> None:
    """CSV files that `codes` and `check` write, and our own lists in the client folder, are text in a spreadsheet."""
    folder = hostile.client(tmp_path)
    book = open_book(folder, stage="plan")
    issue(book, lambda signs: signs[0], book.as_of)
    book = open_book(folder, stage="plan")
    written = {name: content.decode() for name, content in issuing.csv_files(book).items()}
    links = next((folder / "campaigns").glob("*.links.csv"))
    written["links"] = links.read_text(encoding="utf-8")
    exports.write_receipts(book.receipts, tmp_path / "receipts")
    written["rejected"] = (tmp_path / "receipts" / "rejected.csv").read_text(encoding="utf-8")
    for name, text in written.items():
        for row in csv.reader(io.StringIO(text)):
            assert not [cell for cell in row if cell.startswith(FORMULA_SIGNS) and not _number(cell)], name
    read = read_links(book.campaign)  # our own file comes back as it was
    assert list(read.columns) == LINK_COLUMNS
    assert set(read["creator"]) <= {name.strip() for name in hostile.NAMES} | set(hostile.NAMES)


def test_sheets_for_creators_stay_in_their_folder_and_are_text(tmp_path: Path) -> None:
    """Files for a creator are named by letters and digits only, and show hostile names as text."""
    book = open_book(hostile.client(tmp_path), stage="plan")
    made, _ = handover_sheets.handover_files(book, html=True, xlsx=True)
    assert all(re.fullmatch(r"[\w.-]+", name) and not name.startswith(".") for name in made)
    pages = [content.decode() for name, content in made.items() if name.endswith(".html")]
    assert any("&lt;script&gt;" in page for page in pages)
    assert not any(re.search(r"<script|<img src=x", page) for page in pages)


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """What `check` prints on the hostile client, and what it says of a file that nobody recognises."""
    folder = hostile.client(tmp_path_factory.mktemp("terminal"))
    told = CliRunner().invoke(app, ["check", str(folder)])
    assert told.exit_code == 0, told.output
    (folder / "exports" / "\x1b]0;owned\x07.csv").write_text(f"{hostile.TERMINAL},{hostile.TURNED}\n1,2\n")
    refused = CliRunner().invoke(app, ["check", str(folder)])
    assert refused.exit_code == 1
    return told.output + refused.output


def test_a_terminal_obeys_none_of_them(terminal: str) -> None:
    """Escape codes and turned text are told by number; braces and markup are printed as they are."""
    assert not OBEYED.search(terminal)
    assert "\\u001b" in terminal
    assert "{{7*7}}.csv" in terminal
    assert "<img src=x" in terminal


@pytest.mark.parametrize("name", [*hostile.NAMES, "'", "'=1", "", "plain", "-10.5", "+49"])
def test_cells_come_back_as_they_were(name: str) -> None:
    """What we write for a spreadsheet and read again is the same text; numbers are left alone."""
    safe = for_csv(name)
    assert from_csv(safe) == name or name == "'=1"
    assert not safe.startswith(FORMULA_SIGNS) or _number(safe)


def test_text_of_every_script_is_left_alone() -> None:
    """Letters, accents, emoji joined by zero-width signs and right-to-left names are not touched."""
    for name in ("Zoë Müller", "東京", "مريم", "נועה", "👩‍🦰", "a\tb\nc"):
        assert for_terminal(name) == name
        assert not any(
            unicodedata.category(sign) == "Cc" and sign not in "\t\n" for sign in for_terminal(name)
        )


def test_a_campaign_file_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    """A hidden file such as `...yml`, whose name is `..`, is no campaign."""
    folder = hostile.client(tmp_path)
    source = next((folder / "campaigns").glob("*.yml"))
    (source.parent / "...yml").write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    assert read_client(folder).campaign_ids == [source.stem]


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
