"""Pages of a report as pictures: those on which something new stands, and the first."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from creatorbook.report import pdf

#: pages of which pictures are made at most
MOST_PAGES = 6

#: characters of a text that stands on no other page by chance, as a number does
LONG_ENOUGH = 15

#: pixels of a picture for each CSS pixel of the page
SCALE = 1.0


def pages_with(page: Path, new_texts: Iterable[str], folder: Path) -> list[Path]:
    """Draw the pages of a report on which one of some texts stands, and its first page.

    Args:
        page: the report as HTML.
        folder: where `page-1.png` … are written.

    Returns:
        The pictures; none without the PDF engine (`report.pdf.why_none`).
    """
    if pdf.why_none():
        return []
    folder.mkdir(parents=True, exist_ok=True)
    # a picture has no links; the engine would warn of each that leads to a place on the page
    made = pdf.laid_out(re.sub(r'href="#[^"]*"', "", page.read_text(encoding="utf-8")))
    wanted = {_plain(text) for text in new_texts if len(text) >= LONG_ENOUGH}
    chosen = [number for number, text in enumerate(_texts_of(made)) if any(one in text for one in wanted)]
    numbers = list(dict.fromkeys([0, *chosen]))[:MOST_PAGES]
    return [_drawn(made, number, folder / f"page-{number + 1}.png") for number in numbers]


def _texts_of(made: Any) -> list[str]:
    stream = io.BytesIO()
    made.write_to_pdf_stream(stream)
    return [_plain(page.extract_text()) for page in PdfReader(stream).pages]


def _plain(text: str) -> str:
    """A text without blanks: where a line ends on paper depends on its width."""
    return "".join(text.split())


def _drawn(made: Any, number: int, path: Path) -> Path:
    import plutoprint

    size = made.get_page_size_at(number)
    pixels = SCALE / plutoprint.UNITS_PX
    width, height = math.ceil(size.width * pixels), math.ceil(size.height * pixels)
    with plutoprint.ImageCanvas(width, height, plutoprint.IMAGE_FORMAT_RGB24) as canvas:
        canvas.clear_surface(1, 1, 1)
        canvas.scale(SCALE, SCALE)
        made.render_page(canvas, number)
        canvas.write_to_png(str(path))
    return path
