"""The one picture on a first page, by stage: drawn from the findings that stand under its heading.

Plan: the three ways, what each costs and what is left in the bad case. Results: from sales to profit. Pulse: live
against still due. Names in it are in the report's language, and its alt text says every number that is drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from creatorbook.findings import Chart, charts

if TYPE_CHECKING:
    from creatorbook.report.contents import Contents

#: stage → the heading that has the picture
SLOTS = {"plan": "plan.three_ways", "pulse": "pulse.live", "results": "results.ladder"}


def first_chart(contents: Contents) -> Chart | None:
    """The picture of a first page; none where its findings are not there."""
    drawn = {"plan": _three_ways, "pulse": _live, "results": _ladder}
    return drawn[contents.book.stage](contents)


def _three_ways(contents: Contents) -> Chart | None:
    table = next((table for table in contents.tables if table.key == "tiers.three_ways"), None)
    if table is None or not {"way", "cost", "bad_case"} <= set(table.columns):
        return None
    say, formats, bad = contents.words, contents.formats, table.columns["bad_case"]
    frame = table.frame.dropna(subset=["cost", "bad_case"])
    if frame.empty:
        return None
    frame = frame.assign(way=[say(way) for way in frame["way"]])
    names = (say(str(bad.label)), say(str(table.columns["cost"].label)))
    picture = charts.both_ways(
        frame, label="way", left="bad_case", right="cost", formats=formats, names=names, unit=bad.unit
    )
    text = "; ".join(
        f"{row['way']}: {names[1]} {formats.money(row['cost'])}, {names[0]} {formats.value(row['bad_case'], bad.unit)}"
        for row in frame.to_dict("records")
    )
    return _chart(contents, say(str(table.title)), text, picture)


def _ladder(contents: Contents) -> Chart | None:
    table = next((table for table in contents.tables if table.key == "roi.ladder_short"), None)
    if table is None or not {"line", "amount"} <= set(table.columns):
        return None
    say, formats = contents.words, contents.formats
    frame = table.frame.dropna(subset=["amount"])
    if len(frame) < 3:
        return None
    sums = [not str(line).startswith("less") for line in frame["line"]]
    frame = frame.assign(line=[say(line) for line in frame["line"]], total=sums)
    picture = charts.waterfall(
        frame, label="line", value="amount", total="total", unit="money", formats=formats, width=charts.COLUMN
    )
    text = "; ".join(f"{row['line']} {formats.money(row['amount'])}" for row in frame.to_dict("records"))
    return _chart(contents, say(str(table.title)), text, picture)


def _live(contents: Contents) -> Chart | None:
    live = next((figure for figure in contents.figures if figure.key == "tracking.live"), None)
    if live is None or live.value is None or not live.n:
        return None
    say, formats = contents.words, contents.formats
    named = [(say("creators live"), live.value), (say("still due"), live.n - live.value)]
    text = ", ".join(f"{formats.number(count)} {name}" for name, count in named)
    return _chart(contents, say("Are we live?"), text, charts.parts(named, formats))


def _chart(contents: Contents, title: str, text: str, picture: charts.Figure) -> Chart:
    stage = contents.book.stage
    return Chart(f"first_page.{stage}", title, f"{title}: {text}", picture, slot=SLOTS[stage])
