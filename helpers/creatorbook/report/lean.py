"""The report's HTML with as little markup as it needs: cells of tables are most of it.

Nothing a reader sees changes. Tags that HTML lets one leave out are left out, and which columns of a table hold
figures is said once, by the table, instead of by every cell.
"""

from __future__ import annotations

import re

_TABLE = re.compile(r'<table class="([^"]*)">(.*?)</table>', re.DOTALL)
_MARKED = re.compile(r'<table class="([^"]*)">')
#: end tags that HTML implies (HTML Standard, 13.1.2.4); `<p>` is left alone, a `<div>` may follow it
_IMPLIED = re.compile(r"\s*</(?:td|th|tr|thead|tbody)>\s*")


def lean(html: str) -> str:
    """A document's HTML, made small: repeated classes and end tags of its tables are left out."""
    html = re.sub(r"\n\s*\n+", "\n", _TABLE.sub(_table, html))
    used = {int(place) for names in _MARKED.findall(html) for place in re.findall(r"\bn(\d+)", names)}
    return html.replace("</style>", f"{_rules(sorted(used))}</style>", 1)


def _rules(places: list[int]) -> str:
    """Style rules that set the columns named by a table's classes (`n2 n3`) to the right."""
    if not places:
        return ""
    cells = ",".join(f".n{place}.n{place} tr>:nth-child({place})" for place in places)
    bodies = ",".join(f".n{place} td:nth-child({place})" for place in places)
    return f"{cells}{{text-align:right}}\n{bodies}{{white-space:nowrap}}\n"


def _table(table: re.Match[str]) -> str:
    names, inside = table.groups()
    if re.search(r"(?:col|row)span=", inside):
        return table[0]
    heads = re.findall(r"<t[hd]\b[^>]*>", inside.split("</thead>", 1)[0])  # one without words is no `th`
    figures = [place for place, head in enumerate(heads, start=1) if "cb-number" in head]
    inside = inside.replace(' class="cb-number"', "").replace(' class="cb-text"', "")
    inside = inside.replace(' scope="col"', " scope=col")
    inside = inside.replace("<th scope=col></th>", "<td></td>")  # a heading without words is none
    inside = re.sub(r">\s*\n\s*<", "><", _IMPLIED.sub("", inside))
    marked = " ".join([names, *(f"n{place}" for place in figures)])
    return f'<table class="{marked}">{inside}</table>'
