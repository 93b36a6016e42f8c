"""Text from outside, made harmless where it leaves us: in a terminal, on a page, in a spreadsheet.

HTML is escaped by render.py and the templates; what is here is what escaping leaves alone.
"""

from __future__ import annotations

from typing import Any

#: signs that are obeyed instead of shown: control characters (C0 but tab and line ends, DEL, C1), and those that
#: turn the direction of the text around them (Unicode Bidirectional Algorithm, UAX 9)
_OBEYED = {
    **dict.fromkeys([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0)]),
    **dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)]),
}
_TOLD = {code: f"\\u{code:04x}" for code in _OBEYED}
_ON_A_PAGE = {code: f"[U+{code:04X}]" for code in _OBEYED}

#: what makes a spreadsheet take a cell for a formula, in full width too (OWASP, CSV Injection)
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def for_terminal(text: str) -> str:
    r"""Text that a terminal shows and does not obey: escape codes and turned text are told as `\u001b`.

    JSON stays the same JSON.
    """
    return text.translate(_TOLD)


def for_page(text: str) -> str:
    """Text whose control characters and turns of direction are told by name; letters of every script are kept."""
    return text.translate(_ON_A_PAGE)


def for_csv(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: text that begins like one gets an apostrophe, numbers do not."""
    if isinstance(cell, str) and cell.startswith(FORMULA_SIGNS):
        try:
            float(cell)
        except ValueError:
            return "'" + cell
    return cell


def from_csv(cell: str) -> str:
    """A cell as it was before `for_csv`."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULA_SIGNS) else cell
