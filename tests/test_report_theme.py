"""The client's branding: colours that can be read, logos that stay inside their folder."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import report_fixture as made
from creatorbook.findings.colours import contrast, readable
from creatorbook.report.document import css_text
from creatorbook.report.theme import Branding

PIXEL = bytes.fromhex("89504e470d0a1a0a")


@given(st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}"))
def test_every_colour_becomes_readable(colour):
    """Whatever colour a brand has, text in it has AA contrast on white; a readable one is kept."""
    made_readable = readable(colour)
    assert contrast(made_readable) >= 4.5
    if contrast(colour, "#f2f2f2") >= 4.5:
        assert made_readable == colour


def test_contrast_is_wcag_s():
    """Black on white is 21, grey #767676 the known 4.54."""
    assert contrast("#000000") == pytest.approx(21)
    assert contrast("#767676") == pytest.approx(4.54, abs=0.01)


def _book(folder, logo):
    book = made.report_book("plan", theme={"logo": logo})
    return replace(book, client=book.client.model_copy(update={"folder": folder}))


def test_a_logo_is_inside_the_report(tmp_path):
    """The logo is carried as data."""
    (tmp_path / "logo.png").write_bytes(PIXEL)
    assert Branding.of(_book(tmp_path, "logo.png").client).logo.startswith("data:image/png;base64,")


@pytest.mark.parametrize("logo", ["missing.png", "../outside.png", "logo.txt"])
def test_a_logo_that_cannot_be_used_is_told(tmp_path, logo):
    """No file, a file elsewhere or another kind of file: the wordmark stands there, and the log says why."""
    (tmp_path / "outside.png").write_bytes(PIXEL)
    folder = tmp_path / "client"
    folder.mkdir()
    (folder / "logo.txt").write_bytes(PIXEL)
    branding = Branding.of(_book(folder, logo).client)
    assert branding.logo == ""
    assert logo in branding.log[0]


@given(st.text())
def test_css_text_holds_nothing_but_letters_and_escapes(text):
    """No sign of a text can end a CSS string or a style element."""
    assert not set(css_text(text)) & set("\"'<>{}();&\n")
