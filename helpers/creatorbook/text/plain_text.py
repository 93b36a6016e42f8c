"""Text from outside, made harmless where it leaves us: in a terminal, on a page, in a spreadsheet.

HTML is escaped by render.py and the templates; what is here is what escaping leaves alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

#: signs that are obeyed instead of shown: control characters (C0 but tab and line ends, DEL, C1), and those that
#: turn the direction of the text around them (Unicode Bidirectional Algorithm, UAX 9)
_OBEYED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

#: what makes a spreadsheet take a cell for a formula, in full width too (OWASP, CSV Injection)
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def for_terminal(text: str) -> str:
    r"""Text that a terminal shows and does not obey: escape codes and turned text are told as `\u001b`.

    JSON stays the same JSON.
    """
    return _OBEYED.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def for_page(text: str) -> str:
    """Text whose control characters and turns of direction are told by name; letters of every script are kept."""
    return _OBEYED.sub(lambda sign: f"[U+{ord(sign[0]):04X}]", text)


def for_csv(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: text that begins like one gets an apostrophe, numbers do not."""
    if isinstance(cell, str) and cell.startswith(FORMULA_SIGNS):
        try:
            float(cell)
        except ValueError:
            return "'" + cell
    return cell


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """A table as a CSV file (UTF-8, one header line) whose cells no spreadsheet takes for formulas."""
    return bytes(frame.map(for_csv).to_csv(index=False, lineterminator="\n").encode("utf-8"))


def from_csv(cell: str) -> str:
    """A cell as it was before `for_csv`."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULA_SIGNS) else cell
