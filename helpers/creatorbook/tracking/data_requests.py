"""What to ask each creator to export, where to tap, and when: native exports belong to the account's owner."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pandas as pd
from jinja2 import Environment

from creatorbook.campaign.assignments import accounts, agreed_formats
from creatorbook.findings import Column, Findings, Note, Table
from creatorbook.packs import pack

if TYPE_CHECKING:
    from creatorbook.book import Book

_MESSAGE = Environment(autoescape=True).from_string(
    '<blockquote class="cb-message">{% for line in lines %}{{ line }}<br>{% endfor %}</blockquote>'
)


def requests(book: Book) -> Findings:
    """What to ask the creators for, with a message to copy.

    Columns of `tracking.requests`: platform, what, where to tap, when, what to mind.
    """
    listed = accounts(book)
    if listed.empty:
        text = "For data requests we need the creators list: creator, handle, platform, followers."
        return Findings("tracking", (Note(text, "todo", owner="us"),), book.formats)
    if book.stage != "plan" and book.mode == "report":
        text = "What to ask creators for, and where they find it, stands on their hand-over sheets."
        return Findings("tracking", (Note(text),), book.formats)
    wanted = wanted_of(listed.to_dict("records"))
    frame = pd.DataFrame(
        [(platform, one["what"], one["where"], when(one), one["caution"]) for platform, one in wanted],
        columns=["platform", "what", "where", "due", "caution"],
    )
    columns = {
        "platform": Column("platform"),
        "what": Column("what"),
        "where": Column("where to tap"),
        "due": Column("when"),
        "caution": Column("mind"),
    }
    table = Table("tracking.requests", "What to ask the creators for", frame, columns, rows=12)
    intro = "These files belong to the creators' own accounts: only they can export them. A message to copy:"
    page = _MESSAGE.render(lines=message(book, wanted).splitlines())
    return Findings("tracking", (table, Note(intro)), book.formats, html=page)


def wanted_of(rows: Iterable[Any]) -> list[tuple[str, Any]]:
    """The requests that fit a list of accounts, as (platform, row of the pack), each once."""
    told = pack("data_requests")["platforms"]
    formats: dict[str, set[str]] = {}
    for row in rows:
        formats.setdefault(row["platform"], set()).update(agreed_formats(row))
    return [
        (platform, one)
        for platform in sorted(formats)
        for one in told.get(platform, [])
        if formats[platform] & set(one["formats"])
    ]


def when(one: Any) -> str:
    """When an export is needed, in words."""
    if "hours_after" in one:
        return f"within {one['hours_after']} hours of posting"
    if "days_after" in one:
        days = one["days_after"]
        return f"{days} day{'s' if days != 1 else ''} after posting"
    return f"{one['days_before']} days before the start"


def message(book: Book, wanted: Iterable[tuple[str, Any]]) -> str:
    """The message to a creator, as text."""
    asked = "\n".join(f"- {one['what']}, {when(one)}: {one['where']}" for _, one in wanted)
    told = pack("data_requests")["message"].format(
        creator="…",
        brand=book.client.brand,
        campaign=book.campaign.title,
        requests=asked,
        signed=book.client.theme.prepared_by or book.client.brand,
    )
    return told.strip()
