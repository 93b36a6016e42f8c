"""Text from outside, made harmless where it leaves us: in a terminal, on a page, in a notebook, in a spreadsheet.

HTML is escaped by render.py and the templates; what is here is what escaping leaves alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

#: signs that are obeyed instead of shown: control characters (C0 but tab and line ends, DEL, C1), and those that
#: turn the direction of the text around them (Unicode Bidirectional Algorithm, UAX 9)
_OBEYED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

_NON_JOINER, _JOINER = "\u200c", "\u200d"
_DIRECTION_MARKS = "\u061c\u200e\u200f"
_TAGS = ("\U000e0000", "\U000e007f")
#: a black flag, and so much of the country's letters as stands before a place of it
_FLAG = re.compile(f"\U0001f3f4[{_TAGS[0]}-{_TAGS[1]}]*\\Z")
_LONGEST_FLAG = 8
#: signs of no width, which nobody sees and which make two names of one; those that scripts and emoji need are kept
_UNSEEN = re.compile(
    f"[\u00ad\u034f{_DIRECTION_MARKS}\u180e\u200b{_NON_JOINER}{_JOINER}\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb{_TAGS[0]}-{_TAGS[1]}]"
)
#: letters of scripts whose spelling uses joiners (Unicode Standard, 23.2): Arabic to Myanmar, Khmer, Mongolian and others
_JOINED_SCRIPTS = re.compile(
    "[\u0600-\u109f\u1780-\u18af\u1b00-\u1c7f\ua800-\uabff\ufb50-\ufdff\ufe70-\ufefc\U00010a00-\U00011fff\U0001e900-\U0001e95f]"
)
_EMOJI = {"So", "Sk"}  #: categories of emoji and of their colours of skin
_EMOJI_LOOK = "\ufe0f"
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_NEAR = 20  #: characters within which a mark of direction has a text written from the right

#: what makes a spreadsheet take a cell for a formula, in full width too (OWASP, CSV Injection)
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_SIGNS = re.escape("".join(sign for sign in FORMULA_SIGNS if not sign.isspace()))
_SPACE = r"[^\S\t\r\n]*"
#: a web address; commas stand in them, and a comma divides no cell that a writer of CSV has put into quotation marks
_ADDRESS = re.compile(r"https?://\S+")


def _before_formulas(separators: str, guarded: str) -> re.Pattern[str]:
    """The places in a cell from which a spreadsheet can read a formula: its start, and behind what may divide cells.

    A program cuts a line at the sign that its country uses, whatever stands between quotation marks in the middle.
    """
    return re.compile(
        f"(^(?={guarded}[\t\r\n])|(?:^|[{separators}]){_SPACE}(?={guarded}[{_SIGNS}]))"
        + ("'" if guarded == "'+" else "")
    )


_UNGUARDED = {comma: _before_formulas(f";|\t\r\n{comma}", "'*") for comma in ("", ",")}
_GUARDED = {comma: _before_formulas(f";|\t\r\n{comma}", "'+") for comma in ("", ",")}


def for_terminal(text: str) -> str:
    r"""Text that a terminal shows and does not obey: escape codes, turned text and unseen signs are told as `\u001b`.

    JSON stays the same JSON.
    """
    return _without_unseen(_OBEYED.sub(lambda sign: _escaped(sign[0]), text), _escaped)


def for_page(text: str) -> str:
    """Text for pages, notebooks and cells: control characters and turns of direction are told by name, unseen signs gone.

    Letters of every script are kept, and the joiners that scripts and emoji need.
    """
    return _without_unseen(_OBEYED.sub(lambda sign: f"[U+{ord(sign[0]):04X}]", text), lambda _: "")


def for_csv(cell: Any) -> Any:
    """A cell that no spreadsheet takes for formulas, wherever it cuts lines: an apostrophe stands before each; numbers stay."""
    if not isinstance(cell, str) or _is_number(cell):
        return cell
    return _UNGUARDED[_comma(cell)].sub(r"\1'", cell)


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """A table as a CSV file (UTF-8, one header line): no cell is taken for a formula, no sign is unseen or obeyed."""
    safe = frame.map(lambda cell: for_csv(for_page(cell) if isinstance(cell, str) else cell))
    return bytes(safe.to_csv(index=False, lineterminator="\n").encode("utf-8"))


def from_csv(cell: str) -> str:
    """A cell as it was before `for_csv`."""
    return _GUARDED[_comma(cell)].sub(r"\1", cell) if "'" in cell else cell


def _comma(cell: str) -> str:
    return "" if _ADDRESS.fullmatch(cell) else ","


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _escaped(sign: str) -> str:
    """A sign as JSON escapes it; beyond the first plane, as the two that UTF-16 makes of it."""
    units = sign.encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _without_unseen(text: str, instead: Callable[[str], str]) -> str:
    if text.isascii():
        return text
    return _UNSEEN.sub(lambda sign: sign[0] if _is_needed(text, sign.start()) else instead(sign[0]), text)


def _is_needed(text: str, at: int) -> bool:
    """Whether the unseen sign at a place of a text belongs there: a joiner, a mark of direction, a part of a flag."""
    sign, before, after = text[at], text[max(at - 1, 0) : at], text[at + 1 : at + 2]
    if sign in _DIRECTION_MARKS:
        return _RIGHT_TO_LEFT.search(text, max(at - _NEAR, 0), at + _NEAR) is not None
    if _TAGS[0] <= sign <= _TAGS[1]:
        return _FLAG.search(text, max(at - _LONGEST_FLAG, 0), at) is not None
    if sign not in {_NON_JOINER, _JOINER} or not before:
        return False
    in_script = _JOINED_SCRIPTS.match(before) is not None and unicodedata.category(before)[0] in "LM"
    in_emoji = (before == _EMOJI_LOOK or unicodedata.category(before) in _EMOJI) and (
        after != "" and unicodedata.category(after) in _EMOJI
    )
    return in_script or (sign == _JOINER and in_emoji)
