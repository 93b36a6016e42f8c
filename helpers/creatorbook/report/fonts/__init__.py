"""The fonts a report brings with it, so that it reads the same on a machine without any.

Inter (SIL Open Font License) for text; DejaVu Sans (its own free licence) for the evidence marks and for
letters Inter lacks. The PDF carries them; the HTML, which has to stay small, is set in Inter where the
reader has it, else in the system's own face, and carries the evidence marks only.

Letters that both lack (Devanagari, Chinese, Japanese, Korean and others) are drawn in the PDF by a font of the machine that
makes it. Where none has them, each is an empty box, so that nobody takes a name for missing; `check` names such names.
Emoji that both lack are left out of the PDF: a coloured font is no font of text. The HTML and data.xlsx have them all.
"""

from __future__ import annotations

import base64
import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from matplotlib.font_manager import findSystemFonts
from matplotlib.ft2font import FT2Font

from creatorbook.text.plain_text import for_page

if TYPE_CHECKING:
    from collections.abc import Iterable

FONTS = Path(__file__).parent

#: the full cuts, for the PDF
PDF_FONTS = ("Inter-Regular.otf", "Inter-SemiBold.otf", "DejaVuSans.ttf")

#: stands for a letter that cannot be drawn; DejaVu Sans has it
EMPTY_BOX = "□"

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
    """Letters and digits of a text that no font here can draw, ours or the machine's, each once, in order of appearance."""
    unknown = {sign for sign in set(text) - _drawable() if _is_letter(sign)}
    if unknown:
        unknown -= _drawable_by_the_machine()
    return list(dict.fromkeys(sign for sign in text if sign in unknown)) if unknown else []


def not_printable(names: Iterable[str]) -> str:
    """Which names a PDF made here would show with empty boxes, and what helps; empty where all can be printed."""
    lacking = {name: signs for name in names if (signs := undrawable(name))}
    if not lacking:
        return ""
    lines = [
        f"  {name} ({' '.join(f'U+{ord(sign):04X}' for sign in signs)})" for name, signs in lacking.items()
    ]
    return "\n".join(
        [
            "Names with letters that no font of this machine has; a PDF made here has empty boxes in their place:",
            *lines,
            "A font of their script, once it is installed (Noto Sans has nearly all), is used unasked.",
        ]
    )


def for_pdf(text: str) -> str:
    """A text as the PDF shows it: letters that no font here can draw are empty boxes, and what is no letter is left out."""
    unknown = set(text) - _drawable()
    if not unknown:
        return text
    if any(map(_is_letter, unknown)):
        unknown -= {sign for sign in _drawable_by_the_machine() if not _is_emoji(sign)}
    drawn = text.translate({ord(sign): EMPTY_BOX if _is_letter(sign) else "" for sign in unknown})
    return for_page(drawn)  # joiners of what was left out go with it


def _is_letter(sign: str) -> bool:
    """Whether a sign is a letter or digit; what is set above, below or around one goes with it."""
    return unicodedata.category(sign)[0] in "LN"


def _is_emoji(sign: str) -> bool:
    return unicodedata.category(sign) in {"So", "Sk", "Cn"}


@cache
def _drawable_by_the_machine() -> frozenset[str]:
    """What fonts of this machine can draw; read only for a text that needs it, for reading them takes seconds."""
    signs: set[str] = set()
    for file in findSystemFonts():
        try:
            signs.update(map(chr, FT2Font(file).get_charmap()))
        except (
            OSError,
            RuntimeError,
            ValueError,
        ):  # no font after all, or a form that FreeType does not know
            continue
    return frozenset(signs)


@cache
def _drawable() -> frozenset[str]:
    codes = (code for file in PDF_FONTS for code in FT2Font(str(FONTS / file)).get_charmap())
    return frozenset([*map(chr, codes), "\n", "\r", "\t"])


def _address(file: Path, face: str) -> str:
    return f"{file.as_uri()}?{quote(face)}" if file.parent == FONTS else _data(file)


@cache
def _data(file: Path) -> str:
    return f"data:font/{file.suffix[1:]};base64,{base64.b64encode(file.read_bytes()).decode()}"
