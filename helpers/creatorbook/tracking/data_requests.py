"""What to ask each creator to export, where to tap, and when: native exports belong to the account's owner."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pandas as pd
from jinja2 import Environment

from creatorbook.campaign.assignments import accounts, agreed_formats
from creatorbook.campaign.lead import who_settles
from creatorbook.findings import Column, Findings, Note, Table, Wording, packed, say, say_many
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
    people = accounts(book)
    if people.empty:
        text = say("For data requests we need the creators list: creator, handle, platform, followers.")
        return Findings("tracking", (Note(text, "todo", owner=who_settles(book)),), book.formats)
    if book.stage != "plan" and book.mode == "report":
        text = say("What to ask creators for, and where they find it, stands on their hand-over sheets.")
        return Findings("tracking", (Note(text),), book.formats)
    wanted = wanted_of(people.to_dict("records"))
    rows = [
        (platform, packed(one["what"]), packed(one["where"]), when(one), packed(one["caution"]))
        for platform, one in wanted
    ]
    frame = pd.DataFrame(rows, columns=["platform", "what", "where", "due", "caution"])
    columns = {
        "platform": Column("platform"),
        "what": Column("what"),
        "where": Column("where to tap"),
        "due": Column("when"),
        "caution": Column("mind"),
    }
    table = Table("tracking.requests", "What to ask the creators for", frame, columns, rows=12)
    intro = say(
        "These files belong to the creators' own accounts: only they can export them. A message to copy:"
    )
    page = _MESSAGE.render(lines=message(book, wanted).splitlines())
    return Findings("tracking", (table, Note(intro)), book.formats, html=page)


def wanted_of(rows: Iterable[Any]) -> list[tuple[str, Any]]:
    """The requests that fit a list of accounts, as (platform, row of the pack), each once."""
    requests_by_platform = pack("data_requests")["platforms"]
    formats: dict[str, set[str]] = {}
    for row in rows:
        formats.setdefault(row["platform"], set()).update(agreed_formats(row))
    return [
        (platform, one)
        for platform in sorted(formats)
        for one in requests_by_platform.get(platform, [])
        if formats[platform] & set(one["formats"])
    ]


def story_figures_vanish(row: Any) -> bool:
    """Whether an account is to post Stories on a platform that shows a Story's figures for hours only."""
    return any("hours_after" in one and "story" in one["formats"] for _, one in wanted_of([row])) and (
        "story" in agreed_formats(row)
    )


def when(one: Any) -> Wording:
    """When an export is needed, in words."""
    if "hours_after" in one:
        return say_many("within {n} hour of posting", "within {n} hours of posting", n=one["hours_after"])
    if "days_after" in one:
        return say_many("{n} day after posting", "{n} days after posting", n=one["days_after"])
    return say_many("{n} day before the start", "{n} days before the start", n=one["days_before"])


def message(book: Book, wanted: Iterable[tuple[str, Any]]) -> str:
    """The message to a creator, as text."""
    lines = [f"- {one['what']}, {when(one).write(book.formats)}: {one['where']}" for _, one in wanted]
    text: str = pack("data_requests")["message"].format(
        creator="…",
        brand=book.client.brand,
        campaign=book.campaign.title,
        requests="\n".join(lines),
        signed=book.client.theme.prepared_by or book.client.brand,
    )
    return text.strip()
