"""Links and codes of the campaign: which trace counts, who gets which, and what to see to before they go out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.campaign import codes as code_tools
from creatorbook.campaign import links as link_tools
from creatorbook.campaign.assignments import (
    DRAWN_LATER,
    accounts,
    agreed_formats,
    assigned,
    landing_page,
    own_hosts,
)
from creatorbook.findings import Column, Findings, Note, Table
from creatorbook.packs import pack
from creatorbook.tracking.issuing import shopify_discounts
from creatorbook.tracking.preflight import precedence_stated, promotions_stated
from creatorbook.tracking.standings import open_note, out_note

if TYPE_CHECKING:
    from datetime import date

    from creatorbook.book import Book

_CLAIMS = {
    "code": "the code used in the order",
    "link": "the link clicked before the order",
    "survey": "the buyer's answer to “how did you hear about us?”",
    "view": "having seen a post, as the platform counts it",
}


def precedence(book: Book) -> Findings:
    """Which trace counts where an order has more than one: the campaign file's rule, used by the results."""
    order = book.campaign.precedence
    told = ", then ".join(_CLAIMS[claim] for claim in order)
    items = [Note(f"An order belongs to a creator by {told}. The first that is there decides.")]
    if not precedence_stated(book):
        text = "This order is the workbook's usual one: write “precedence:” into the campaign file to agree on it."
        items.append(Note(text, "todo", owner="brand", due=_before(book, 7)))
    if "view" not in order:
        text = "Views are shown beside the table, never in it: a platform's view totals cannot be joined to orders."
        items.append(Note(text, "method"))
    promotions = _shop_promotions(book)
    if promotions:
        text = f"The shop's own promotion runs in the same days ({promotions}): buyers may use it in place of a creator's code."
        items.append(Note(text, "caution"))
    elif not promotions_stated(book):
        text = "Whether the shop runs a promotion of its own in these days is not stated: a site-wide sale makes codes useless."
        items.append(Note(text, "unknown", owner="brand", due=_before(book, 10)))
    return Findings("tracking", tuple(items), book.formats)


def links(book: Book) -> Findings:
    """A tracked link per account: tags by convention, the GA4 channel it lands in, and where it can live.

    Columns of `tracking.links`: creator, account, platform, link to give out, where it has to lead, channel.
    Links that the creators list or the links file holds are kept as they are.

    Raises:
        Problem: the landing page is no web address or carries credentials; an account stands in the list twice.
    """
    told = assigned(book)
    if told.empty:
        return _needs_creators(book, "links")
    page = landing_page(book)
    counts = told["link_from"].value_counts()
    items: list[Any] = [Note(_link_sentence(told, counts))]
    if page is None and counts.get("landing page needed", 0):
        text = (
            "The landing page is not named yet: a line “landing_page:” under “links:” in the campaign file completes "
            "the links. Codes work without it, and what follows the “?” is already fixed."
        )
        items.append(Note(text, "todo", owner="brand", due=_before(book, 10)))
    if book.stage == "plan" or book.mode == "explore":
        items += [_link_table(book, told), *_channel_notes(told), _place_table(book)]
    return Findings("tracking", tuple(items), book.formats)


def codes(book: Book) -> Findings:
    """A discount code per creator: readable, in capitals, never two that could be taken for one another.

    Columns of `tracking.codes`: creator, code, percent, first and last day, limits, origin. The table
    `tracking.shopify_discounts` has the columns of the shop's own discount export, for import apps.

    Raises:
        Problem: two people share a code.
    """
    told = assigned(book).drop_duplicates("person", ignore_index=True)
    if told.empty:
        return _needs_creators(book, "codes")
    rule = book.campaign.codes
    kept = int((told["code_from"] == "from the list").sum() + (told["code_from"] == "issued").sum())
    text = f"{len(told)} codes for {rule.percent:g} % off, {kept} of them given already and kept as they are."
    items: list[Any] = [Note(text), *out_note(book), *open_note(book)]
    if book.stage == "plan" or book.mode == "explore":
        items += [_code_table(book, told), *_import_table(book), *_code_cautions(book, told)]
    return Findings("tracking", tuple(items), book.formats)


def lint(book: Book) -> Findings:
    """What to see to in every link of the campaign, whoever made it."""
    told = assigned(book)
    made = {f"@{row.handle} ({row.platform})": row.link for row in told.itertuples() if row.link}
    hosts = own_hosts(book)
    remarks = link_tools.lint_all(made)
    remarks += [(name, one) for name, url in made.items() for one in link_tools.lint_host(url, hosts)]
    if not made:
        text = "No complete link to check yet: the landing page comes first."
        return Findings("tracking", (Note(text),), book.formats)
    if not remarks:
        return Findings("tracking", (Note(f"All {len(made)} links are well-formed."),), book.formats)
    rows: dict[tuple[str, str, str], list[str]] = {}
    for name, remark in remarks:
        when = "before launch" if remark.blocks else "worth a look"
        rows.setdefault((remark.what, remark.todo, when), []).append(name)
    frame = pd.DataFrame(
        [(what, len(names), names[0], todo, when) for (what, todo, when), names in rows.items()],
        columns=["what", "links", "example", "todo", "when"],
    )
    columns = {
        "what": Column("what we saw"),
        "links": Column("links", "number"),
        "example": Column("for example"),
        "todo": Column("what to do"),
        "when": Column("when"),
    }
    bad = len({name for name, remark in remarks if remark.blocks})
    text = (
        f"{bad} of {len(made)} links should not go out as they are." if bad else "No link has to be changed."
    )
    table = Table("tracking.link_checks", "Links to look at", frame, columns, rows=10)
    return Findings("tracking", (Note(text), table), book.formats)


def _link_sentence(told: pd.DataFrame, counts: pd.Series) -> str:
    parts = [
        (counts.get("issued", 0), "issued"),
        (counts.get("from the list", 0), "kept from the creators list"),
        (counts.get("proposed", 0), "proposed"),
        (counts.get("landing page needed", 0), "waiting for the landing page"),
    ]
    said = ", ".join(f"{int(count)} {what}" for count, what in parts if count)
    return f"{len(told)} links, one per creator and platform: {said}."


def _link_table(book: Book, told: pd.DataFrame) -> Table:
    page = landing_page(book)
    target = [link_tools.with_query(page, query) if page else "?" + query for query in told["query"]]
    shown = told.assign(
        account=["@" + handle for handle in told["handle"]],
        given=told["link"].where(told["link"] != "", "follows with the landing page"),
        target=pd.Series(target, index=told.index, dtype="str").where(~told["tagged"], ""),
    )
    columns = {
        "person": Column("creator"),
        "account": Column("account"),
        "platform": Column("platform"),
        "given": Column("link to give out"),
        "target": Column("where it has to lead"),
        "channel": Column("lands in (GA4)", grade="estimated"),
    }
    note = (
        "The channel follows GA4's published rules; where an app cuts the tags off, a visit counts as Direct."
    )
    return Table("tracking.links", "Links", shown, columns, rows=5, note=note)


def _place_table(book: Book) -> Table:
    """Where a link can live, by platform and format, and where the code is the only trace."""
    told, rows = pack("formats"), accounts(book).to_dict("records")
    pairs = sorted({(row["platform"], name) for row in rows for name in agreed_formats(row)})
    here = [
        (
            told["platforms"][platform]["name"],
            told["formats"][name]["name"],
            told["platforms"][platform]["formats"][name],
        )
        for platform, name in pairs
        if name in told["platforms"].get(platform, {}).get("formats", {})
    ]
    trace = {"yes": "link and code", "profile": "code; link by way of the profile", "none": "code only"}
    frame = pd.DataFrame(
        [(platform, name, row["where"], trace[row["link"]]) for platform, name, row in here],
        columns=["platform", "format", "where", "trace"],
    )
    columns = {
        "platform": Column("platform"),
        "format": Column("format"),
        "where": Column("where the link lives"),
        "trace": Column("what leaves a trace"),
    }
    return Table("tracking.link_places", "Where links can live", frame, columns)


def _channel_notes(told: pd.DataFrame) -> list[Note]:
    """A word where links land in a channel nobody would look for them in."""
    odd = told[~told["channel"].isin(["Organic Social", "Paid Social", "Organic Video", "Affiliates"])]
    plain = told[(told["link"] != "") & ~told["tagged"]]
    notes = []
    if len(plain):
        text = (
            f"{len(plain)} links carry no tags themselves. If they are short links, let each lead to the address beside it; "
            "else their clicks count as Direct or Referral."
        )
        notes.append(Note(text, "caution"))
    for channel, group in odd.groupby("channel"):
        text = f"{len(group)} links land in GA4's channel “{channel}”: look for them there, or change medium or campaign name."
        notes.append(Note(text, "caution"))
    return notes


def _code_table(book: Book, told: pd.DataFrame) -> Table:
    rule = book.campaign.codes
    frame = pd.DataFrame(
        {
            "person": told["person"],
            "code": told["code"].where(told["code"] != "", DRAWN_LATER),
            "percent": rule.percent / 100,
            "from_day": pd.Timestamp(book.campaign.start),
            "to_day": pd.Timestamp(book.campaign.end),
            "limit": "once per customer" if rule.once_per_customer else "no limit per customer",
            "code_from": told["code_from"],
        }
    )
    columns = {
        "person": Column("creator"),
        "code": Column("code"),
        "percent": Column("discount", "percent", grade="assumed"),
        "from_day": Column("valid from", "date"),
        "to_day": Column("valid until", "date"),
        "limit": Column("limit"),
        "code_from": Column("origin"),
    }
    return Table("tracking.codes", "Codes", frame, columns, rows=8)


def _import_table(book: Book) -> list[Table]:
    """Codes the shop does not hold yet, in the columns of its own discount export that differ or decide."""
    frame = shopify_discounts(book)
    if frame.empty:
        return []
    shown = ("Name", "Value", "Value Type", "Applies Once Per Customer", "Usage Limit Per Code", "Status")
    columns = {name: Column(name) for name in (*shown, "Start", "End")}
    note = (
        "“creatorbook issue” writes the file with all columns of the shop's own discount export. Times are in UTC: "
        "the shop's own zone may move them by hours."
    )
    return [
        Table("tracking.shopify_discounts", "Codes to set up in the shop", frame, columns, rows=4, note=note)
    ]


def _code_cautions(book: Book, told: pd.DataFrame) -> list[Note]:
    notes = []
    if not book.campaign.codes.unguessable:
        text = "Readable codes are easy to remember, and easy to guess: the end date and the limit per customer protect them."
        notes.append(Note(text, "caution"))
    else:
        text = "Unguessable codes are drawn once, when codes are issued; until then they are not shown."
        notes.append(Note(text, "method"))
    promotions = _shop_promotions(book)
    if promotions:
        text = f"While the shop's own promotion runs ({promotions}), a code of {book.campaign.codes.percent:g} % may be worth nothing: move the days, raise the code, or leave these days out of the reading."
        notes.append(Note(text, "todo", owner="brand", due=_before(book, 10)))
    if not book.tables.has("discounts"):
        text = "Whether these codes are in the shop is not checked: the shop's discount export would show it."
        notes.append(Note(text, "unknown", owner="shop admin", due=_before(book, 5)))
    alike = _look_alikes(told)
    if alike:
        text = f"Codes that can be mixed up: {alike}. They were given already, so they are kept: tell the creators."
        notes.append(Note(text, "caution"))
    return notes


def _look_alikes(told: pd.DataFrame) -> str:
    """Given codes that read alike, named in pairs."""
    given = told[told["code"] != ""]
    shapes = given["code"].map(code_tools.skeleton)
    groups = [sorted(group["code"]) for _, group in given.groupby(shapes) if len(group) > 1]
    return "; ".join(" and ".join(group) for group in groups)


def _shop_promotions(book: Book) -> str:
    """The shop's own promotions inside the campaign's days, in words."""
    start, end = pd.Timestamp(book.campaign.start), pd.Timestamp(book.campaign.end)
    told = book.tables.promotions
    inside = told[(told["starts_on"] <= end) & (told["ends_on"] >= start)]
    named = [str(what) for what in inside["what"].fillna("a promotion")]
    named += [
        one.what
        for one in book.campaign.promotions or []
        if one.start <= book.campaign.end and one.end >= book.campaign.start
    ]
    return ", ".join(dict.fromkeys(named))


def _before(book: Book, days: int) -> date:
    """A day before launch by which something is due, never before today."""
    return max(book.campaign.start - timedelta(days=days), book.as_of)


def _needs_creators(book: Book, what: str) -> Findings:
    text = f"For {what} we need the creators list: creator, handle, platform, followers. Whoever runs the campaign has it."
    return Findings("tracking", (Note(text, "todo", owner="us"),), book.formats)
