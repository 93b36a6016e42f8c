"""A tracked link for each account: where it leads and can live, and what to see to before it goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.campaign import links as link_tools
from creatorbook.campaign.assignments import (
    accounts,
    agreed_formats,
    assigned,
    landing_page,
    own_hosts,
)
from creatorbook.campaign.lead import who_settles
from creatorbook.campaign.links import Remark
from creatorbook.findings import (
    Column,
    Findings,
    Note,
    Table,
    Wording,
    joined,
    number_of,
    packed,
    say,
    say_many,
    sentences,
)
from creatorbook.packs import pack
from creatorbook.tracking.launch_days import due_before

if TYPE_CHECKING:
    from creatorbook.book import Book


def links(book: Book) -> Findings:
    """A tracked link per account (UTM link): tags by convention, the GA4 channel it lands in, and where it can live.

    Columns of `tracking.links`: creator, account, platform, link to give out, where it has to lead, channel.
    Links that the creators list or the links file holds are kept as they are.

    Raises:
        Problem: the landing page is no web address or carries credentials; an account stands in the list twice.
    """
    assignments = assigned(book)
    if assignments.empty:
        text = sentences(
            say("For links we need the creators list: creator, handle, platform, followers."),
            say("The campaign lead has it."),
        )
        return Findings("tracking", (Note(text, "todo", owner=who_settles(book)),), book.formats)
    counts = assignments["link_from"].value_counts()
    items: list[Any] = [Note(_link_sentence(counts))]
    if landing_page(book) is None and counts.get("landing page needed", 0):
        text = sentences(
            say(
                "The landing page is not named yet: a line “landing_page:” under “links:” in the campaign file "
                "completes the links."
            ),
            say("Codes work without it, and what follows the “?” is already fixed."),
        )
        items.append(Note(text, "todo", owner="brand", due=due_before(book, 10)))
    if book.stage == "plan" or book.mode == "explore":
        items += [_link_table(book, assignments), *_channel_notes(assignments), _place_table(book)]
    return Findings("tracking", tuple(items), book.formats)


def lint(book: Book) -> Findings:
    """What to see to in every link of the campaign, whoever made it."""
    assignments = assigned(book)
    made = {f"@{row.handle} ({row.platform})": row.link for row in assignments.itertuples() if row.link}
    hosts = own_hosts(book)
    remarks = link_tools.check_links(made)
    remarks += [(name, one) for name, url in made.items() for one in link_tools.check_host(url, hosts)]
    if not made:
        text = say("No complete link to check yet: the landing page comes first.")
        return Findings("tracking", (Note(text),), book.formats)
    if not remarks:
        text = say_many("The link is well-formed.", "All {n} links are well-formed.", n=len(made))
        return Findings("tracking", (Note(text),), book.formats)
    bad = len({name for name, remark in remarks if remark.blocks})
    text = say("No link has to be changed.")
    if bad:
        text = say_many(
            "{n} of {links} should not go out as it is.",
            "{n} of {links} should not go out as they are.",
            n=bad,
            links=number_of("link", len(made)),
        )
    return Findings("tracking", (Note(text), _remarks_table(remarks)), book.formats)


def _remarks_table(remarks: list[tuple[str, Remark]]) -> Table:
    """Each remark with how many links it is about, and one of them."""
    different: list[Remark] = []
    names: list[list[str]] = []
    for name, remark in remarks:
        if remark not in different:
            different.append(remark)
            names.append([])
        names[different.index(remark)].append(name)
    frame = pd.DataFrame(
        [
            (remark.what, len(links), links[0], remark.todo, _when(remark))
            for remark, links in zip(different, names, strict=True)
        ],
        columns=["what", "links", "example", "todo", "when"],
    )
    columns = {
        "what": Column("what we saw"),
        "links": Column("links", "number"),
        "example": Column("for example"),
        "todo": Column("what to do"),
        "when": Column("when"),
    }
    return Table("tracking.link_checks", "Links to look at", frame, columns, rows=10)


def _when(remark: Remark) -> Wording:
    return say("before launch") if remark.blocks else say("worth a look")


def _link_sentence(counts: pd.Series) -> Wording:
    by_source = {source: int(count) for source, count in counts.items()}
    parts = [
        say("{n} issued", n=by_source.get("issued", 0)),
        say("{n} kept from the creators list", n=by_source.get("from the list", 0)),
        say("{n} proposed", n=by_source.get("proposed", 0)),
        say("{n} waiting for the landing page", n=by_source.get("landing page needed", 0)),
    ]
    return say_many(
        "{n} link, one per creator and platform: {parts}.",
        "{n} links, one per creator and platform: {parts}.",
        n=int(counts.sum()),
        parts=joined(part for part in parts if part.values["n"]),
    )


def _link_table(book: Book, assignments: pd.DataFrame) -> Table:
    page, queries = landing_page(book), assignments["query"]
    target = [link_tools.with_query(page, query) if page else "?" + query for query in queries]
    shown = assignments.assign(
        account=["@" + handle for handle in assignments["handle"]],
        given=[link or say("follows with the landing page") for link in assignments["link"]],
        target=pd.Series(target, index=assignments.index, dtype="str").where(~assignments["tagged"], ""),
    )
    columns = {
        "person": Column("creator"),
        "account": Column("account"),
        "platform": Column("platform"),
        "given": Column("link to give out"),
        "target": Column("where it has to lead"),
        "channel": Column("lands in (GA4)", grade="estimated"),
    }
    note = say(
        "The channel follows GA4's published rules; where an app cuts the tags off, a visit counts as Direct."
    )
    return Table("tracking.links", "Links", shown, columns, rows=5, note=note)


def _place_table(book: Book) -> Table:
    """Where a link can live, by platform and format, and where the code is the only trace."""
    rules, people = pack("formats"), accounts(book).to_dict("records")
    pairs = sorted({(row["platform"], name) for row in people for name in agreed_formats(row)})
    traces = {
        "yes": say("link and code"),
        "profile": say("code; link by way of the profile"),
        "none": say("code only"),
    }
    rows = []
    for platform, name in pairs:
        here = rules["platforms"].get(platform, {"formats": {}})
        if name in here["formats"]:
            place, format_name = here["formats"][name], rules["formats"][name]["name"]
            rows.append((here["name"], packed(format_name), packed(place["where"]), traces[place["link"]]))
    frame = pd.DataFrame(rows, columns=["platform", "format", "where", "trace"])
    columns = {
        "platform": Column("platform"),
        "format": Column("format"),
        "where": Column("where the link lives"),
        "trace": Column("what leaves a trace"),
    }
    return Table("tracking.link_places", "Where links can live", frame, columns)


def _channel_notes(assignments: pd.DataFrame) -> list[Note]:
    """A word where links land in a channel nobody would look for them in."""
    usual = ["Organic Social", "Paid Social", "Organic Video", "Affiliates"]
    odd = assignments[~assignments["channel"].isin(usual)]
    plain = assignments[(assignments["link"] != "") & ~assignments["tagged"]]
    notes = []
    if len(plain):
        text = sentences(
            say_many("{n} link carries no tags itself.", "{n} links carry no tags themselves.", n=len(plain)),
            say(
                "If they are short links, let each lead to the address beside it; else their clicks count as Direct "
                "or Referral."
            ),
        )
        notes.append(Note(text, "caution"))
    for channel, group in odd.groupby("channel"):
        where = say_many(
            "{n} link lands in GA4's channel “{channel}”: look for it there, or change medium or campaign name.",
            "{n} links land in GA4's channel “{channel}”: look for them there, or change medium or campaign name.",
            n=len(group),
            channel=channel,
        )
        notes.append(Note(where, "caution"))
    return notes
