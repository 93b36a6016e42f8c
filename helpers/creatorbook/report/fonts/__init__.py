"""The fonts a report brings with it, so that it reads the same on a machine without any.

Inter (SIL Open Font License) for text; DejaVu Sans (its own free licence) for the evidence marks and for
letters Inter lacks. The PDF carries them; the HTML, which has to stay small, is set in Inter where the
reader has it, else in the system's own face, and carries the evidence marks only.
"""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path
from urllib.parse import quote

from matplotlib.ft2font import FT2Font

FONTS = Path(__file__).parent

#: the full cuts, for the PDF
PDF_FONTS = ("Inter-Regular.otf", "Inter-SemiBold.otf", "DejaVuSans.ttf")

_FACE = '@font-face{{font-family:"{family}";font-weight:{weight};src:url({address}){format}}}'


@cache
def html_faces() -> str:
    """`@font-face` rules for the HTML: the evidence marks as a `data:` address."""
    return _FACE.format(
        family="Creatorbook Marks",
        weight="400",
        address=_data(FONTS / "Marks.woff2"),
        format=' format("woff2")',
    )


@cache
def pdf_faces(own: tuple[Path, ...] = ()) -> str:
    """`@font-face` rules with the full cuts: the client's own as `data:` addresses, then the house's by their files'.

    A megabyte of fonts in every page's text took longer to read than the page. Each face has an address of its own:
    the engine keeps faces by address. The engine reads the files itself: bytes of ours would outlive the interpreter
    in its cache and crash the process as it ends (plutoprint 0.23).
    """
    regular, semibold = FONTS / "Inter-Regular.otf", FONTS / "Inter-SemiBold.otf"
    cuts = [
        *_cuts("Creatorbook Text", regular, semibold),
        *(_cuts("Creatorbook Client", own[0], own[-1]) if own else ()),
        ("Creatorbook Marks", "400", FONTS / "DejaVuSans.ttf"),
        ("Creatorbook Other", "400", FONTS / "DejaVuSans.ttf"),
    ]
    return "".join(
        _FACE.format(family=family, weight=weight, address=_address(file, f"{family} {weight}"), format="")
        for family, weight, file in cuts
    )


def is_bundled(address: str) -> bool:
    """Whether an address is that of a font of ours, which is all that a page may fetch."""
    return address.partition("?")[0] in {(FONTS / name).as_uri() for name in PDF_FONTS}


def _cuts(family: str, regular: Path, semibold: Path) -> list[tuple[str, str, Path]]:
    return [(family, "400", regular), (family, "600", semibold), (family, "700", semibold)]


def undrawable(text: str) -> list[str]:
    """Characters of a text that no bundled font can draw, each once, in order of appearance."""
    unknown = set(text) - _drawable()
    return list(dict.fromkeys(sign for sign in text if sign in unknown)) if unknown else []


@cache
def _drawable() -> frozenset[str]:
    codes = (code for file in PDF_FONTS for code in FT2Font(str(FONTS / file)).get_charmap())
    return frozenset([*map(chr, codes), "\n", "\r", "\t"])


def _address(file: Path, face: str) -> str:
    return f"{file.as_uri()}?{quote(face)}" if file.parent == FONTS else _data(file)


@cache
def _data(file: Path) -> str:
    return f"data:font/{file.suffix[1:]};base64,{base64.b64encode(file.read_bytes()).decode()}"
