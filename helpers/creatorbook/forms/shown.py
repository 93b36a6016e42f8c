"""What forms show beneath their buttons: lines of text and findings, as HTML of escaped texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape

from creatorbook.findings import Findings
from creatorbook.findings.render import findings_html
from creatorbook.problems import as_problem
from creatorbook.text.plain_text import for_page


def lines_html(lines: Iterable[str]) -> str:
    """Lines of text as a list; one that begins with spaces belongs to the line before it.

    Two spaces within a line are a gap between columns, which a page would draw as one space.
    """
    items = "".join(
        f'<li class="{"cb-inner" if line.startswith(" ") else ""}">{escape(line.strip()).replace("  ", " · ")}</li>'
        for line in lines
    )
    return for_page(f'<ul class="cb-statements">{items}</ul>') if items else ""


def changes_html(changes: Iterable[str], nothing: str) -> str:
    """Lines that would change, as `- old` and `+ new`; a sentence where none would, if there is one."""
    lines = "\n".join(changes)
    if not (lines or nothing):
        return ""
    return for_page(f"<pre>{escape(lines)}</pre>" if lines else f"<p>{escape(nothing)}</p>")


def shown_findings(*several: Findings) -> str:
    """Findings without their charts."""
    return for_page("\n".join(findings_html(findings) for findings in several))


def after_writing(make: Callable[[], str]) -> str:
    """What `make` shows once something is written; where it cannot be shown, why not: the writing stays done."""
    try:
        return make()
    except Exception as error:  # a file that something else is wrong with must not look like an act undone
        return for_page(f"<p>{escape(str(as_problem(error)))}</p>")
