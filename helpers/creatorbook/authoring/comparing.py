"""Two editions of one client side by side: rows read, figures, tables, sentences and files that only one of them has."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from creatorbook.client.report_places import WORKING
from creatorbook.text.plain_english import how_many

#: rows of `data.xlsx` that are no table of a step's
FIGURES_SHEET, FILES_SHEET, OTHER_SHEETS = "Headline figures", "Files", frozenset({"Read me", "Set aside"})

#: lines of one kind that are told in full
MOST_LINES = 8


@dataclass(frozen=True)
class MadeEdition:
    """What an edition's files say."""

    folder: Path

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What it was made from."""
        recorded: dict[str, Any] = json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))
        return recorded

    @property
    def files(self) -> set[str]:
        """The files of the edition, notebooks aside: those have one for each that ran."""
        return set(self.manifest["files"])

    @cached_property
    def sheets(self) -> dict[str, list[list[Any]]]:
        """The sheets of the working paper's spreadsheet, each with its heading row."""
        book = CalamineWorkbook.from_path(self.folder / WORKING / "data.xlsx")
        return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}

    @property
    def figures(self) -> dict[str, tuple[str, Any, str]]:
        """Headline figures by key: label, value, unit."""
        return {row[0]: (row[1], row[2], row[3]) for row in self.sheets[FIGURES_SHEET][1:]}

    @property
    def read(self) -> dict[str, str]:
        """Each export with what it was taken for, and its rows."""
        head, *rows = self.sheets[FILES_SHEET]
        files = [dict(zip(head, row, strict=True)) for row in rows]
        return {
            row["File"]: f"{row['What it is']}, {row['Kept']:g} of {row['Rows in']:g} rows" for row in files
        }

    @property
    def tables(self) -> dict[str, list[list[Any]]]:
        """Tables by sheet."""
        others = {FIGURES_SHEET, FILES_SHEET, *OTHER_SHEETS}
        return {name: rows for name, rows in self.sheets.items() if name not in others}

    @cached_property
    def lines(self) -> list[str]:
        """What stands on the working paper's page, one text after the other."""
        return list(texts((self.folder / WORKING / "report.html").read_text(encoding="utf-8")))

    @property
    def left_out(self) -> list[str]:
        """What was left out of plugins, and why."""
        return list(self.manifest.get("left_out_of_plugins", ()))


@dataclass
class Changes:
    """What one edition has that another has not.

    Attributes:
        parts: kind of change → a line for each.
    """

    parts: dict[str, list[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(self.parts.values())

    def lines(self) -> list[str]:
        """As it is printed; long lists are cut."""
        printed = []
        for kind, lines in self.parts.items():
            if not lines:
                continue
            printed.append(f"{kind} ({len(lines)})")
            printed += [f"  {line}" for line in lines[:MOST_LINES]]
            printed += [f"  and {len(lines) - MOST_LINES} more"] if len(lines) > MOST_LINES else []
        return printed


def changes(before: MadeEdition, after: MadeEdition) -> Changes:
    """What is in the second edition and not in the first."""
    moved = {key: value for key, value in after.figures.items() if before.figures.get(key) != value}
    tables = {name: rows for name, rows in after.tables.items() if before.tables.get(name) != rows}
    old_lines = set(before.lines)
    return Changes(
        {
            "rows read": [
                f"{name}: {what}" for name, what in after.read.items() if before.read.get(name) != what
            ],
            "figures added": [_figure(moved[key]) for key in moved if key not in before.figures],
            "figures moved": [
                f"{_figure(moved[key])}, was {_value(before.figures[key])}"
                for key in moved
                if key in before.figures
            ],
            "tables added": [
                f"{name}: {how_many(len(rows) - 1, 'row')}"
                for name, rows in tables.items()
                if name not in before.tables
            ],
            "tables changed": [
                f"{name}: {_rows_changed(before.tables[name], rows)}"
                for name, rows in tables.items()
                if name in before.tables
            ],
            "sentences added": list(dict.fromkeys(line for line in after.lines if line not in old_lines)),
            "files added": sorted(after.files - before.files),
            "look": _look(before, after),
        }
    )


def texts(page: str) -> Iterator[str]:
    """The texts of a page's blocks, in their order."""
    reader = _Blocks()
    reader.feed(page)
    reader.close()
    for block in reader.blocks:
        text = " ".join(unescape(block).split())
        if text:
            yield text


#: elements whose content is part of the text around them
_INLINE = frozenset(
    {"a", "abbr", "b", "code", "em", "i", "small", "span", "strong", "sub", "sup", "time", "wbr"}
)


class _Blocks(HTMLParser):
    """Gathers text between the borders of blocks; style sheets and scripts are none."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks, self._inside_code = [""], 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside_code += tag in {"style", "script"}
        if tag not in _INLINE:
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside_code -= tag in {"style", "script"}
        if tag not in _INLINE:
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        if not self._inside_code:
            self.blocks[-1] += data


def _figure(figure: tuple[str, Any, str]) -> str:
    return f"{figure[0]}: {_value(figure)}"


def _value(figure: tuple[str, Any, str]) -> str:
    _, value, unit = figure
    return f"{value:,g} {unit}" if isinstance(value, float | int) else str(value or "not available")


def _rows_changed(before: list[list[Any]], after: list[list[Any]]) -> str:
    added = len(after) - len(before)
    if added:
        return f"{how_many(abs(added), 'row')} {'more' if added > 0 else 'fewer'}"
    different = sum(one != other for one, other in zip(before, after, strict=True))
    return f"{how_many(different, 'row')} {'reads' if different == 1 else 'read'} otherwise"


def _look(before: MadeEdition, after: MadeEdition) -> list[str]:
    """How the pages' dress differs: style rules, and whether there is a cover."""
    one, other = (
        (edition.folder / WORKING / "report.html").read_text(encoding="utf-8") for edition in (before, after)
    )
    old, new = _rules(one), _rules(other)
    same = sum(new.get(rule) == value for rule, value in old.items())
    if old == new:
        return []
    return [f"{how_many(len(new.keys() - old.keys()) + len(old) - same, 'style rule')} added or changed"]


def _rules(page: str) -> Mapping[str, str]:
    """Style rules by what they are for; embedded files (fonts, pictures) are left aside."""
    sheets = " ".join(re.findall(r"<style[^>]*>(.*?)</style>", page, re.S))
    sheets = re.sub(r"url\(data:[^)]*\)|/\*.*?\*/", "", sheets, flags=re.S)
    rules: dict[str, str] = {}
    for chosen, body in re.findall(r"([^{}]+){([^{}]*)}", sheets):
        key = " ".join(chosen.split())
        rules[key] = rules.get(key, "") + " ".join(body.split())
    return rules
