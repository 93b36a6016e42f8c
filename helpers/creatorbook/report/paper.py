"""The report's HTML made ready for paper: what belongs together stays together, and columns share the width.

The PDF engine keeps no heading with what follows it, gives every column of a table the same say whatever stands
in it, and shrinks every page to the width of a table that cannot be broken. What it lacks is done here.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

import numpy as np

#: how tightly a first page may be set before we say that it does not fit
TIGHTEST = 6

#: signs after which a long word may be broken
_SEPARATORS = {"/", "?", "=", "_", ".", "@", "-", "+", "&amp;"}
#: lines of table text that are kept on one page; a table with more of them may be broken
KEPT_LINES = 16
#: signs on one line of a table across the page: usual, with many columns, in small print, with very many columns
LINE = {"cb-dense": 174, "": 128, "cb-wide": 142, "compact": 146, "cb-widest": 165}
#: signs that a column's padding takes, and that of a text behind a figure, and the longest word a column is asked to
#: hold unbroken
PADDING, BEHIND_FIGURE, LONGEST_WORD = 3, 6, 22
#: signs by which columns are widened
WIDENED_BY = 3
#: signs that a QR code is as wide as
PICTURE = 16

_TABLE = re.compile(r"<table([^>]*)>(.*?)</table>", re.DOTALL)
_CELL = re.compile(r"<t[hd]([^>]*)>(.*?)</t[hd]>", re.DOTALL)
_CHART = re.compile(r'<p class="cb-chart-title">[^<]*</p>\s*<div class="cb-chart">[^<]*<img[^>]*>\s*</div>')
_CARD = r'<(?:section|div)[^>]*class="cb-card"[^>]*>(?:(?!</?(?:section|div)\b).)*</(?:section|div)>'
_CARDS = re.compile(rf"{_CARD}\s*(?:{_CARD}\s*){{1,2}}", re.DOTALL)
_LEAD = re.compile(
    r'(<div class="cb-prose">(?:(?!</?div\b).)*</div>\s*)<div class="cb-kept">(?=<div class="cb-cards">)',
    re.DOTALL,
)
_TAG = re.compile(r"<[^>]*>")
_LONG_TEXT = re.compile(r">[^<>]{19,}<")
_LONG_WORD = re.compile(r"[^\s<>]{19,}")


def prepared(html: str) -> str:
    """The body of a report, ready to be printed."""
    html = _CHART.sub(lambda chart: f'<div class="cb-kept">{chart[0]}</div>', html)
    html = _CARDS.sub(r'<div class="cb-kept"><div class="cb-cards">\g<0></div></div>', html)
    html = _LEAD.sub(r'<div class="cb-kept">\1', html)
    return breakable(kept_together(_TABLE.sub(_with_columns, html)))


def kept_together(html: str) -> str:
    """The HTML with table titles set before their tables, and headings marked, so that neither stands alone.

    A title inside its table would be left behind at the foot of a page. Tables too long for one page are marked,
    and may be broken between rows.
    """
    html = re.sub(
        r"(<table[^>]*>)\s*<caption>(.*?)</caption>", r'<p class="cb-title">\2</p>\1', html, flags=re.DOTALL
    )
    html = re.sub(r'<div class="cb-scroll(?: cb-short)?"(.*?</table>)', _measured, html, flags=re.DOTALL)
    return re.sub(r'<div class="cb-prose">(?=\s*<h[234])', '<div class="cb-prose cb-lead">', html)


def _measured(scroll: re.Match[str]) -> str:
    fits_a_page = sum(_lines(row) for row in scroll[1].split("</tr>")) <= KEPT_LINES
    return f'<div class="cb-scroll {"cb-short" if fits_a_page else "cb-long"}"{scroll[1]}'


def _lines(row: str) -> int:
    """About how many lines a table row takes."""
    return 1 + len(_text(row)) // 100


class _Cell(NamedTuple):
    text: str
    is_figure: bool
    is_picture: bool


def _cells(row: str) -> list[_Cell]:
    cells = _CELL.findall(row)
    return [_Cell(_text(inside), "cb-number" in attributes, "<img" in inside) for attributes, inside in cells]


def _with_columns(table: re.Match[str]) -> str:
    """A table that is too wide for the page, with columns as wide as what stands in them asks for."""
    attributes, inside = table.groups()
    rows = [cells for row in inside.split("</tr>") if (cells := _cells(row))]
    if not rows or "span=" in inside or len({len(row) for row in rows}) > 1:
        return table[0]
    line = next(
        (LINE[name] for name in ("cb-dense", "cb-widest", "cb-wide", "compact") if name in attributes),
        LINE[""],
    )
    columns = list(zip(*rows, strict=True))
    paddings = _paddings(columns)
    room = line - sum(paddings)
    wanted = [max(len(cell.text) for cell in column[1:] or column) for column in columns]
    least = [_least(column) for column in columns]
    if sum(map(max, wanted, least)) <= room:
        asked = [max(both) + padding for *both, padding in zip(wanted, least, paddings, strict=True)]
        return _set_to(asked, attributes, inside) if "cb-lines" in attributes else table[0]
    lengths = [[len(cell.text) for cell in row] for row in rows]
    shared = _shared(least, lengths, [_unused(column) for column in columns], room)
    widths = [width + padding for width, padding in zip(shared, paddings, strict=True)]
    return _set_to(widths, attributes, inside)


def _paddings(columns: list[tuple[_Cell, ...]]) -> list[int]:
    """Signs beside each column: a text keeps more distance from the figures to its left."""
    figures = [column[0].is_figure for column in columns]
    behind = [False, *(before and not own for before, own in pairwise(figures))]
    return [BEHIND_FIGURE if each else PADDING for each in behind]


def _set_to(widths: list[int], attributes: str, inside: str) -> str:
    """A table whose columns share the page as these widths do."""
    cols = "".join(f'<col style="width:{100 * width / sum(widths):.1f}%">' for width in widths)
    caption, rest = re.match(r"(\s*<caption>.*?</caption>)?(.*)", inside, re.DOTALL).groups()  # type: ignore[union-attr]
    return f"<table{attributes.replace('cb-table', 'cb-table cb-shared', 1)}>{caption or ''}<colgroup>{cols}</colgroup>{rest}</table>"


def _shared(least: list[int], lengths: list[list[int]], unused: list[float], room: int) -> list[int]:
    """Column widths: whichever column makes the table lowest by it gets more, a little at a time, until the room is used."""
    length, lost = np.array(lengths, dtype=float), np.array(unused)
    widths, own = np.array(least, dtype=float), np.eye(len(least), dtype=bool)[:, None]

    def lines(width: np.ndarray) -> np.ndarray:
        return np.maximum(length / np.where(length <= width, width, width - lost), 1)

    while widths.sum() + WIDENED_BY <= room:
        now, wider = lines(np.array([[widths], [widths + WIDENED_BY]]))
        high = now.max(axis=1)
        saved = (high - np.where(own, wider, now).max(axis=2)).sum(axis=1)
        if not saved.any():  # two columns hold each other up: the one that is highest most often
            saved = ((now == high[:, None]) * (high[:, None] - wider)).sum(axis=0)
        if not saved.any():
            break
        widths[saved.argmax()] += WIDENED_BY
    return [int(width) for width in widths]


def _unused(column: tuple[_Cell, ...]) -> float:
    """Signs that a broken line leaves empty: half a word; words that no column holds are broken themselves."""
    words = [min(len(word), LONGEST_WORD) for cell in column[1:] for word in cell.text.split()]
    return sum(words) / len(words) / 2 if words else 0.0


def _least(column: tuple[_Cell, ...]) -> int:
    """Signs a column needs: its longest word, or for figures, which are not broken, its longest figure."""
    cells = column[1:]
    heads = [1.25 * len(word) for word in column[0].text.split()]  # set bold
    words = [len(word) for cell in cells for word in cell.text.split()]
    least = min(round(max([*heads, *words], default=1)), LONGEST_WORD)
    figures = [len(cell.text) for cell in cells if cell.is_figure]
    pictures = [PICTURE for cell in cells if cell.is_picture]
    return max([least + 1, *(min(length, 2 * LONGEST_WORD) for length in figures), *pictures])


def _text(html: str) -> str:
    return _TAG.sub("", html).strip()


def breakable(html: str) -> str:
    """The HTML with places to break in words no column could hold: addresses, handles, compounds.

    A table that cannot be broken makes the PDF engine shrink every page of the document to its width.
    """
    return _LONG_TEXT.sub(lambda text: _LONG_WORD.sub(_broken, text[0]), html)


def _broken(word: re.Match[str]) -> str:
    """A long word with a break after each separator, and after 16 signs that have none."""
    signs = re.findall(r"&#?\w+;|.", word[0])
    made, since = [], 0
    for sign in signs:
        made.append(sign)
        since += 1
        if (sign in _SEPARATORS and since > 3) or since >= 16:
            made.append("<wbr>")
            since = 0
    return "".join(made)
