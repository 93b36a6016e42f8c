"""Hand-over sheets and offers: what stands on them, in whose language, in whose words, written whole or not at all."""

import io
import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pypdf
import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from books import make_book
from creatorbook.acts import handover_sheets as sheets
from creatorbook.acts.handover_sheets.content import Content, filled, handover_texts
from creatorbook.book import Book
from creatorbook.cli import app
from creatorbook.client.repository import SAMPLE_DATA
from creatorbook.opening import open_book
from creatorbook.packs import pack
from creatorbook.problems import Problem
from creatorbook.tracking.handover import handover_sheets

LANGUAGES = pack("handover")["languages"]


def _book(folder: Path | None = None, tables: dict[str, Any] | None = None, **row: Any) -> Book:
    usual = {"creator": "Mara", "handle": "mara", "platform": "instagram", "followers": 9000, "fee": 400.0}
    creators = pd.DataFrame([{**usual, "country": "DE", "deliverables": "1 reel, 3 stories", **row}])
    book = make_book(
        {"creators": creators, **(tables or {})},
        campaign={
            "playbook": "launch_seeding",
            "links": {"landing_page": "https://shop.example/new"},
            "brief": {
                "product": "linen coats",
                "key_messages": ["say how it fits"],
                "must_avoid": ["cheap"],
                "proof": ["flax certificate"],
                "claims": [{"claim": "European linen", "proof": "certificate 12"}],
            },
            "gifts": [{"handle": "@Mara", "what": "Coat", "size": "M", "reason": "you asked for wool-free"}],
            "rights": "own accounts for 6 months",
        },
        stage="plan",
        as_of=date(2026, 3, 1),
    )
    client = book.client.model_copy(update={"folder": folder or Path("testbrand")})
    return replace(book, client=client)


def _content(book: Book) -> Content:
    return sheets.sheet_content(book, handover_sheets(book)[0])


def _page(book: Book) -> str:
    return sheets.handover_html(book, _content(book), printing=False)


def test_a_sheet_holds_everything_that_was_agreed() -> None:
    """Brief, dates, code, link, QR, label words, pay, rights, gift with size and reason, what to send back."""
    page = _page(_book(language="en", country="GB"))
    for said in (
        *("linen coats", "say how it fits", "cheap", "flax certificate", "European linen", "certificate 12"),
        *("MARA10", "utm_source=instagram", "data:image/svg+xml", "1 reel, 3 stories", "400.00", "Coat"),
        *(
            "size M",
            "you asked for wool-free",
            "own accounts for 6 months",
            "within 24 hours",
            "how you say it",
        ),
        *("on every frame of the Story", "Paid partnership", "gifted", "Not legal advice"),
    ):
        assert said in page, said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "What to make"),
        ("de", "Was entsteht"),
        ("fr", "Ce qu&#39;il y a à créer"),
        ("pl", "What to make"),
    ],
)
def test_a_sheet_is_written_in_the_creators_language(language: str, said: str) -> None:
    """English, German and French as the pack has them; English elsewhere."""
    page = _page(_book(language=language))
    assert said in page
    assert f'<html lang="{language if language in LANGUAGES else "en"}"' in page


def test_every_language_has_every_text() -> None:
    """No text is missing in a language, and places, lengths and requests are translated whole."""
    for language, words in LANGUAGES.items():
        assert set(words) == set(LANGUAGES["en"]), language
        assert set(words["openings"]) == set(LANGUAGES["en"]["openings"])
        if language == "en":
            continue
        assert set(words["positions"]) == set(pack("disclosure")["positions"])
        assert set(words["durations"]) == set(pack("disclosure")["durations"])
        asked = {one["what"] for rows in pack("data_requests")["platforms"].values() for one in rows}
        assert set(words["requests"]) == asked
        assert set(words["format_names"]) == {row["name"] for row in pack("formats")["formats"].values()}


def test_hostile_text_stays_text() -> None:
    """What stands in an export never becomes part of the page or a formula of the workbook."""
    book = _book(creator="<script>alert(1)</script>", deliverables="=cmd()")
    page = _page(book)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    told = sheets.handover_workbook(book, _content(book))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(told)).get_sheet_by_index(0).to_python()
    assert "=cmd()" in [cell for row in rows for cell in row]


def test_an_offer_says_what_is_asked_and_what_is_paid() -> None:
    """A letter from price lines and brief, with a line to sign."""
    book = _book(language="en")
    letter = sheets.offer_html(book, _content(book), printing=False)
    for said in ("Dear Mara", "linen coats", "1 reel, 3 stories", "400.00", "Agreed: place, day, name"):
        assert said in letter


def test_every_price_agreed_is_a_line_of_its_own() -> None:
    """Fee, use, ads from the creator's account and exclusivity stand apart, in the creator's language."""
    kinds = ("usage rights", "whitelisting", "exclusivity")
    costs = pd.DataFrame({"creator": "mara", "kind": kinds, "amount": [80.0, 60.0, 100.0], "currency": "EUR"})
    told = _content(_book(tables={"costs": costs}, language="de"))
    assert [line[:2] for line in told.pay] == [
        ("Honorar, ohne USt.", "400,00\u00a0€"),
        ("Nutzung der Inhalte", "80,00\u00a0€"),
        ("Anzeigen über dein Konto", "60,00\u00a0€"),
        ("Exklusivität", "100,00\u00a0€"),
    ]
    assert told.total == "640,00\u00a0€"


def test_windows_of_paid_use_and_exclusivity_stand_on_the_sheet() -> None:
    """Where ads or exclusivity end on another day than the rights, the creator reads that day."""
    rights = pd.DataFrame([{"handle": "@Mara", "channels": "website", "territory": "DE"}]).assign(
        ends_on=pd.Timestamp("2026-09-30"),
        paid_use_until=pd.Timestamp("2026-06-30"),
        exclusive_until=pd.Timestamp("2026-05-31"),
    )
    told = _content(_book(tables={"rights": rights}, language="en")).rights[0]
    assert told.endswith("→ 30 Sept 2026 · paid ads until 30 Jun 2026 · exclusive until 31 May 2026")


def test_the_sheet_reads_rights_as_the_register_does() -> None:
    """A row under the creator's name is theirs; use in ads that is ruled out is not promised by its last day."""
    rights = pd.DataFrame(
        [
            {"handle": "Mara", "channels": "website", "paid_use": False},
            {"handle": "mara", "channels": "e-mail", "post_url": "https://instagram.example/p/1"},
        ]
    ).assign(ends_on=pd.Timestamp("2026-09-30"), paid_use_until=pd.Timestamp("2026-06-30"))
    lines = _content(_book(handle="mara.films", tables={"rights": rights}, language="en")).rights
    assert lines == (
        "@Mara · website · → 30 Sept 2026",
        "https://instagram.example/p/1 · e-mail · → 30 Sept 2026 · paid ads until 30 Jun 2026",
    )


def test_written_rights_stand_on_the_sheet_with_their_end() -> None:
    """Rights agreed with one creator go before the campaign's sentence; their price is a line of the pay."""
    rights = pd.DataFrame(
        [{"handle": "mara", "channels": "website, ads", "territory": "DE", "rights_fee": 80.0}]
    ).assign(ends_on=pd.Timestamp("2026-09-30"))
    told = _content(_book(tables={"rights": rights}, language="en"))
    assert told.rights == ("@mara · website, ads · DE · → 30 Sept 2026",)
    assert told.total == "€480.00"


def test_what_is_not_agreed_is_said_and_never_zero() -> None:
    """No fee on file reads “not agreed yet”; a fee of nothing reads “no fee”."""
    assert _content(_book(fee=None, language="en")).pay[0][1] == "not agreed yet"
    assert _content(_book(fee=0.0, language="en")).pay[0][1] == "no fee"


def test_a_client_may_replace_texts_and_pages(tmp_path: Path) -> None:
    """The client's own texts and templates stand in the place of ours; the rest stays."""
    own = tmp_path / "templates"
    own.mkdir()
    (own / "texts.yml").write_text(
        "en: {tone: Say it your way}\nnl: {tone: Zeg het zelf}\n", encoding="utf-8"
    )
    book = _book(tmp_path, language="en")
    assert "Say it your way" in _page(book)
    assert "What to make" in _page(book)
    assert handover_texts(book, "nl")[1]["tone"] == "Zeg het zelf"
    (own / "sheet.html.j2").write_text("<main>{{ sheet.person }}, our own page</main>", encoding="utf-8")
    assert "Mara, our own page" in _page(_book(tmp_path, language="en"))


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("texts.yml", "en: {tune: x}", "no text “tune”"),
        ("sheet.html.j2", "{% if %}", "the template does not work"),
        ("sheet.html.j2", "{{ ''.__class__.__mro__ }}", "the template does not work"),
        ("sheet.html.j2", "<main>{{ say('tune') }}</main>", "there is no text “tune”"),
        ("sheet.html.j2", "<main>{{ say() }}</main>", "the template does not work"),
        ("sheet.html.j2", "<main>{{ 1 / 0 }}</main>", "the template does not work"),
        ("sheet.html.j2", "{% extends 'nobody.html.j2' %}", "the template does not work"),
        ("texts.yml", "en: {tone: [a]}", "expected a text"),
        ("texts.yml", "en: {openings: Welcome}", "expected lines of “key: text”"),
        ("texts.yml", "en: {openings: {usual: 3}}", "expected a text"),
        ("texts.yml", "en: Welcome", "expected lines of “key: text”"),
    ],
)
def test_a_mistake_in_a_clients_template_is_told(tmp_path: Path, file: str, text: str, told: str) -> None:
    """Which file, and what to do; a template reaches nothing but the sheet."""
    own = tmp_path / "mistake" / "templates"
    own.mkdir(parents=True)
    (own / file).write_text(text, encoding="utf-8")
    with pytest.raises(Problem, match=told) as problem:
        _page(_book(tmp_path / "mistake", language="en"))
    assert str(problem.value.file).startswith(str(own))
    assert problem.value.todo or "expected" in told


def test_a_page_of_ones_own_needs_no_main(tmp_path: Path) -> None:
    """A client's page is printed as it is built: its text can break, its styles are left alone."""
    own = tmp_path / "templates"
    own.mkdir()
    style, long = "<style>.a{font-family:averyverylongname}</style>", "a" * 40
    book = _book(tmp_path, language="en")
    for page, breaks in ((f"{style}<body>{long}</body>", True), (f"{style}<p>{long}</p>", False)):
        (own / "sheet.html.j2").write_text(page, encoding="utf-8")
        printed = sheets.handover_html(book, _content(book), printing=True)
        assert printed.startswith(style)
        assert ("<wbr>" in printed) == breaks


def test_blanks_nobody_knows_stay_as_they_are() -> None:
    """A brace in a client's text breaks nothing."""
    assert filled("for {brand} {x} {", {"brand": "B"}) == "for {brand} {x} {"
    assert filled("for {brand} {x}", {"brand": "B"}) == "for B {x}"


def test_a_french_contract_comes_first() -> None:
    """Where the year's pay and gifts reach the threshold, sheet and offer say so."""
    book = _book(country="FR", language="fr", fee=1200.0)
    book = replace(book, client=book.client.model_copy(update={"markets": ["FR"]}))
    assert "contrat écrit" in _page(book)
    assert "contrat écrit" not in _page(_book(country="FR", language="fr"))


def test_the_command_writes_all_sheets_and_nothing_else(tmp_path: Path) -> None:
    """Safe names, one PDF per creator and the other formats on request; the same call gives the same bytes; the client is untouched."""
    folder = tmp_path / "northpin"
    shutil.copytree(SAMPLE_DATA / "northpin", folder)
    creators = (folder / "exports" / "creators.csv").read_text().splitlines()[:3]
    (folder / "exports" / "creators.csv").write_text(
        "\n".join([*creators, "../../Eve,eve,instagram,900,50,EVE10", ""])
    )
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    out = tmp_path / "out"
    run = CliRunner().invoke(app, ["briefs", str(folder), "--out", str(out)])
    assert run.exit_code == 0, run.output
    names = {path.name for path in out.iterdir() if not path.name.startswith(".")}
    assert len(names) == 3
    assert all(name.endswith(".pdf") for name in names)
    command = ["briefs", str(folder), "--out", str(out), "--html", "--xlsx"]
    assert CliRunner().invoke(app, command).exit_code == 0
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    assert {"eve.pdf", "eve-handover.html", "eve-handover.xlsx", "eve-offer.html"} <= set(first)
    CliRunner().invoke(app, command)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == first
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert not list(tmp_path.glob("Eve*"))


def test_a_mistake_leaves_no_sheet_behind(tmp_path: Path) -> None:
    """Without creators nothing is written, and it is said what is missing."""
    folder = tmp_path / "northpin"
    shutil.copytree(SAMPLE_DATA / "northpin", folder)
    (folder / "exports" / "creators.csv").unlink()
    with pytest.raises(Problem, match="no creator to write a sheet for"):
        sheets.handover_files(open_book(folder, stage="plan"))
    run = CliRunner().invoke(app, ["briefs", str(folder), "--out", str(tmp_path / "out")])
    assert run.exit_code != 0
    assert not (tmp_path / "out").exists()


def test_a_creators_pdf_holds_the_offer_and_then_the_sheet() -> None:
    """One document to send: the offer letter comes before the sheet, and every page is A4."""
    book = open_book(SAMPLE_DATA / "northpin", stage="plan")
    files, _ = sheets.handover_files(book)
    name, content = min(files.items())
    assert name.endswith(".pdf")
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    assert len(pages) >= 2
    assert "Ein Angebot" in pages[0].extract_text()
    assert "Ein Angebot" not in pages[1].extract_text()
    assert {tuple(round(float(side)) for side in page.mediabox[2:]) for page in pages} == {(595, 842)}


def test_the_tax_is_called_what_the_market_calls_it() -> None:
    """In the pack's words; a text of the client's own stands as it is written."""
    book = _book(country="GB")
    assert "Fee, excl. VAT" in _page(book)
    for market, tax in {"US": "sales tax", "AU": "GST"}.items():
        there = replace(book, client=book.client.model_copy(update={"market": market}))
        assert f"Fee, excl. {tax}" in _page(there)
        assert not re.search(r"\bVAT\b", _page(there))
