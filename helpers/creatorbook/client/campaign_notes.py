"""What the account manager adds to a report in their own words: `campaigns/<campaign>.notes.md`.

A line with one `#` names the stage, one with two the page, or a heading of the first page; the paragraphs beneath it are
printed there, in every report until they are changed:

    # results
    ## first page
    The weather was against us in the second week.
    ## creators
    With Nele we talk about a year together.

A report never writes this file. Everything in it is plain text.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from creatorbook.client.forgotten import forgotten_in
from creatorbook.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Collection

STAGES = ("plan", "pulse", "results")
#: more is no note, and no first page holds it
MOST_SIGNS = 1200


def notes_file(folder: Path, campaign: str) -> Path:
    """Where the notes on a campaign are, if there are any."""
    return folder / "campaigns" / f"{campaign}.notes.md"


def campaign_notes(
    folder: Path, campaign: str, stage: str, places: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """Place → paragraphs, of one stage; nobody who is forgotten is named in them.

    Args:
        folder: the client folder.
        places: the names of pages and headings that this stage's report has.

    Raises:
        Problem: the file is not readable as UTF-8, or a line names a stage or a place that there is not.
    """
    path = notes_file(folder, campaign)
    if not path.is_file():
        return {}
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Problem("not readable as UTF-8", path, todo="Save it as a text file in UTF-8.") from None
    notes = _notes_of(text, stage, places, path)
    without = forgotten_in(folder)
    return {place: tuple(map(without.text, paragraphs)) for place, paragraphs in notes.items()}


def _notes_of(text: str, stage: str, places: Collection[str], path: Path) -> dict[str, list[str]]:
    """Place → paragraphs beneath the stage's heading."""
    named, place = "", ""
    lines: dict[str, list[str]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        heading = re.fullmatch(r"(#{1,2})\s+(.*?)\s*#*", line)
        if heading and heading[1] == "#":
            named, place = _known(heading[2], STAGES, "stage", path, number), ""
        elif heading and named == stage:
            place = _known(heading[2], places, "place", path, number)
        elif named == stage and line.strip():
            if not place:
                todo = f"Put a line “## first page” above it, or another place: {', '.join(places)}."
                raise Problem("these words have no place", path, number, todo=todo)
            lines.setdefault(place, []).append(line.strip())
        elif named == stage and place in lines:
            lines[place].append("")
    return {place: _paragraphs(these, path) for place, these in lines.items()}


def _known(name: str, names: Collection[str], what: str, path: Path, line: int) -> str:
    """A heading's name as we write it."""
    plain = re.sub(r"[\s_-]+", " ", name).strip().lower()
    if plain not in names:
        raise Problem(f"there is no {what} “{name}”", path, line, todo=f"Write one of: {', '.join(names)}.")
    return plain


def _paragraphs(lines: list[str], path: Path) -> list[str]:
    text = "\n".join(lines).strip()
    if len(text) > MOST_SIGNS:
        todo = "Shorten it; what is longer belongs into a mail of its own."
        raise Problem(f"a note has more than {MOST_SIGNS} signs", path, todo=todo)
    return [" ".join(part.split()) for part in re.split(r"\n{2,}", text) if part.strip()]
