"""Prints each point of the five articles beside what we answer: `python tests/seed_pairs.py ARTICLES CHECKLIST`.

ARTICLES is the folder of the articles (their first three digits are their number), CHECKLIST the numbered list of their points;
neither is part of the repository. The article's sentence is the one that shares most words with the point.
"""

from __future__ import annotations

import re
import sys
from html import unescape
from importlib import import_module
from pathlib import Path
from typing import Any

import nbformat
import yaml

from creatorbook.client.repository import NOTEBOOKS
from creatorbook.packs import pack

TABLE = Path(__file__).parent / "seed_coverage.yml"
#: so much of an answer is printed
LONGEST = 420


def main(articles: Path, checklist: Path) -> None:
    """Print all pairs, in the order of the points."""
    table: dict[str, Any] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    sentences = {f"S{int(path.name[:3])}": _sentences(path) for path in sorted(articles.glob("[0-9]*.txt"))}
    for point, content in _points(checklist).items():
        print(f"\n{point}  {content}\n   article: {_nearest(content, sentences[point.split('-')[0]])}")
        answer = table[point]
        if isinstance(answer, dict):
            print(f"   none: {answer['none']}")
            continue
        for target in answer:
            print(f"   {target}: {answered(target)[:LONGEST]}")


def _sentences(path: Path) -> list[str]:
    text = " ".join(path.read_text(encoding="utf-8").split())
    return re.split(r"(?<=[.!?:])\s+|\s[•|-]\s", text)


def _points(checklist: Path) -> dict[str, str]:
    rows = re.findall(
        r"^\| (S\d-\d\d) \| \w+ \| (.+) \|$", checklist.read_text(encoding="utf-8"), re.MULTILINE
    )
    return dict(rows)


def _nearest(content: str, sentences: list[str]) -> str:
    wanted = _words(content)
    return max(sentences, key=lambda one: len(wanted & _words(one)) / (8 + len(_words(one))))


def _words(text: str) -> set[str]:
    return {word[:5] for word in re.findall(r"\w{3,}", text.casefold())}


def answered(target: str) -> str:
    """What stands at a target: a cell with what it shows, a pack's row, or what a module says of itself."""
    place, _, row = target.partition("#")
    if place.startswith("packs/"):
        value: Any = pack(Path(place).stem)
        for name in row.split("."):
            value = {part["id"]: part for part in value}[name] if isinstance(value, list) else value[name]
        return str(value)
    if not row:
        return " ".join((import_module(target).__doc__ or "").split())
    (path,) = NOTEBOOKS.rglob(f"{place}.ipynb")
    return _cell(nbformat.read(path, as_version=4).cells, row)


def _cell(cells: list[Any], name: str) -> str:
    """A cell's own text, the text above it, and what it shows as plain words."""
    at = next(place for place, cell in enumerate(cells) if cell.id == name)
    shown = [str(one.get("data", {}).get("text/html", "")) for one in cells[at].get("outputs", [])]
    words = unescape(re.sub(r"<style.*?</style>|<[^>]+>", " ", " ".join(shown), flags=re.DOTALL))
    above = cells[at - 1].source if at and cells[at - 1].cell_type == "markdown" else ""
    return " ".join(f"{above} ‖ {cells[at].source} ‖ {words}".split())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
