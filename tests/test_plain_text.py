"""The doors out: whatever texts of others hold, nothing that leaves us is a formula, turned round, or unseen."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hostile
from creatorbook.text.plain_text import FORMULA_SIGNS, for_csv, for_page, for_terminal, from_csv

#: names that are written with joiners, marks of direction and tags: emoji, Persian, Hindi, Sinhala, Hebrew, a flag
NEEDED = (
    *(
        "👩\u200d🦰",
        "👩🏽\u200d🚀",
        "🏳\ufe0f\u200d🌈",
        "👨\u200d👩\u200d👧",
        "❤\ufe0f\u200d🔥",
        "🧔🏻\u200d♂\ufe0f",
    ),
    *("می\u200cخواهم", "نامه\u200cای", "क\u094d\u200dष", "ශ\u0dca\u200dරී", "מרים (2)\u200f"),
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
)
#: signs of no width in words that need none → what is left
UNSEEN = {
    "un\u200bse\u2060en": "unseen",
    "\ufeffle\u200dna": "lena",
    "auf\u200clage": "auflage",
    "so\u00adft": "soft",
    "x\U000e0061y": "xy",
    "a\u200eb": "ab",
    "م\u200c\u200c\u200cن": "م\u200cن",
}
TURNED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
NO_WIDTH = re.compile("[\u00ad\u200b\u2060\ufeff]|[a-z][\u200c\u200d]")


@pytest.mark.parametrize("name", NEEDED)
def test_joiners_that_a_name_needs_are_kept(name: str) -> None:
    """Emoji of several signs, Persian, Indic scripts and names written from the right stay what they are."""
    assert for_page(f"von {name}, heute") == f"von {name}, heute"
    assert for_terminal(name) == name


@pytest.mark.parametrize("name", UNSEEN)
def test_signs_that_nobody_sees_are_gone_or_told(name: str) -> None:
    """On pages they are gone, in a terminal told as JSON escapes them, and JSON stays the same."""
    assert for_page(name) == UNSEEN[name]
    assert json.loads(for_terminal(json.dumps([name], ensure_ascii=False))) == [name]
    assert for_terminal("a\u200bb\U000e0061") == "a\\u200bb\\udb40\\udc61"
    assert for_page("\u202egnp.exe\u2066") == "[U+202E]gnp.exe[U+2066]"


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("nice;=cmd|'/C calc'!A0", "nice;'=cmd|'/C calc'!A0"),
        ("a\t=1+1", "a\t'=1+1"),
        ("a\n+1", "a\n'+1"),
        ("a, @SUM(A1)", "a, '@SUM(A1)"),
        ("a|＝1", "a|'＝1"),
        ("a;'=1", "a;''=1"),
        ("-10.5", "-10.5"),
        ("a-b; c + d, 12 €", "a-b; c + d, 12 €"),
        ("https://shop.example/coat,-12?a=1;b=2", "https://shop.example/coat,-12?a=1;b=2"),
    ],
)
def test_formulas_are_guarded_behind_every_separator(cell: str, safe: str) -> None:
    """A German or French program cuts at semicolons, others at tabs and bars; addresses and prose stay readable."""
    assert for_csv(cell) == safe
    assert from_csv(safe) == cell


@given(st.text(alphabet=";|,'=+-@＝ \t\n\ra1h", max_size=12))
def test_no_cut_makes_a_formula_and_every_cell_comes_back(cell: str) -> None:
    """Wherever a line is cut, no piece begins like a formula; our own files hold what was written."""
    safe = for_csv(cell)
    assert from_csv(safe) == cell
    signs = tuple(sign for sign in FORMULA_SIGNS if not sign.isspace())
    pieces = [piece for mark in (";", "|", ",", "\t", "\n", "\r") for piece in safe.split(mark)]
    assert safe == cell or not [piece for piece in pieces if piece.lstrip(" ").startswith(signs)]
    assert safe != cell or not cell.lstrip(" ").startswith(signs) or float(cell)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything that commands write for a client whose texts are turned round and hold signs that nobody sees."""
    place = tmp_path_factory.mktemp("unseen")
    client = hostile.client(place)
    for path in (client / "exports").glob("*.csv"):
        unseen = " ".join(UNSEEN).encode()
        path.write_bytes(path.read_bytes().replace(hostile.BRACES.encode(), unseen))
    settings = client / "client.yml"
    settings.write_text(
        re.sub("^brand: .*", 'brand: "Ada\u202eadA\u200b"', settings.read_text(), flags=re.MULTILINE)
    )
    calls = (
        ("check", client),
        ("report", client, "--stage", "plan", "--out", place / "out" / "report"),
        ("shortlist", client, "--out", place / "out" / "shortlist"),
        ("codes", client, "--out", place / "out" / "codes"),
        ("briefs", client, "--out", place / "out" / "briefs", "--html", "--xlsx"),
    )
    for call in calls:
        command = [sys.executable, "-P", "-m", "creatorbook", *map(str, call)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stdout + run.stderr
        (place / "out").mkdir(exist_ok=True)
        (place / "out" / f"{call[0]}.terminal").write_text(run.stdout + run.stderr)
    return place / "out"


@pytest.mark.slow  # five commands, a report among them
def test_no_output_is_turned_round_or_holds_what_nobody_sees(printed: Path) -> None:
    """Report, index, data, notebooks, lists, sheets, letters, terminal: each kind is there, none has such a sign."""
    texts = {path: _texts(path) for path in printed.rglob("*") if path.is_file()}
    kinds = {path.suffix for path in texts}
    assert {".html", ".xlsx", ".ipynb", ".csv", ".json", ".terminal"} <= kinds
    together = {kind: "".join(text for path, text in texts.items() if path.suffix == kind) for kind in kinds}
    for kind in (".html", ".xlsx", ".ipynb", ".csv"):
        assert "[U+202E]gnp.exe" in together[kind], kind
        assert "unseen lena auflage soft xy" in together[kind], kind
    assert {str(path) for path, text in texts.items() if TURNED.search(text)} == set()
    assert {str(path) for path, text in texts.items() if NO_WIDTH.search(text)} == set()


def _texts(path: Path) -> str:
    """All text of a file, packed parts unpacked."""
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            return "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    if path.suffix == ".pdf":
        read = pypdf.PdfReader(path)
        return "".join(map(str, (read.metadata or {}).values())) + "".join(
            page.extract_text() for page in read.pages
        )
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = [output for cell in json.loads(text)["cells"] for output in cell.get("outputs", [])]
        return "".join("".join(output.get("data", {}).get("text/html", "")) for output in cells)
    return text
