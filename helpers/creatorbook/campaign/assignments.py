"""Who gets which code and link: what the list and the campaign's links file hold is kept, the rest is proposed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.book import MONEY_AND_CREDIT
from creatorbook.campaign import codes, links
from creatorbook.campaign.links import Tags
from creatorbook.campaign.order_codes import plain_codes
from creatorbook.campaign.people import in_question
from creatorbook.campaign.roster import issued, roster
from creatorbook.memo import per_book_free_of
from creatorbook.packs import pack
from creatorbook.problems import Problem
from creatorbook.text.codes import code_of

if TYPE_CHECKING:
    from creatorbook.book import Book

DRAWN_LATER = "drawn when issued"


@per_book_free_of(MONEY_AND_CREDIT)
def accounts(book: Book) -> pd.DataFrame:
    """The accounts that codes, links, sheets and reminders are for (`people.in_question`), by person, platform, handle.

    Who declined or was decided against is left out.

    Raises:
        Problem: one account stands in the list twice, or two people share a code.
    """
    everyone = roster(book)
    _refuse_doubles(book, everyone)
    _refuse_shared_codes(book, everyone)
    return in_question(book).sort_values(["person", "platform", "handle"], kind="stable", ignore_index=True)


@per_book_free_of(MONEY_AND_CREDIT)
def assigned(book: Book) -> pd.DataFrame:
    """Each account with its code and link.

    Columns:
        person, handle, platform, followers: as listed.
        code, code_from: the code, and whether it comes from the list, was issued, or is proposed.
        link, link_from: likewise; no link while the landing page is unknown.
        query: the query string the link has, will have, or should lead to where it is a short link.
        channel: GA4's default channel a visit with that query lands in.
        tagged: whether the link itself carries tags.
        where: where the link can live on that platform.
        row: row in the creators list.
    """
    people = accounts(book)
    assignments = people[["person", "handle", "platform", "followers", "row"]].copy()
    assignments[["code", "code_from"]] = _codes(book, people)
    assignments[["link", "link_from", "query"]] = _links(book, people)
    assignments["tagged"] = [bool(link) and bool(links.tags_of(link)) for link in assignments["link"]]
    queries = assignments["query"]
    assignments["channel"] = [links.channel_of("https://page.example/?" + query) for query in queries]
    assignments["where"] = [link_place(row) for row in people.to_dict("records")]
    return assignments


def agreed_formats(row: Any) -> list[str]:
    """Post formats agreed with an account, as `packs/formats.yml` names them; the platform's usual ones else."""
    rules = pack("formats")
    here = rules["platforms"].get(row["platform"], {})
    text = " ".join(str(row[name]) for name in ("formats", "deliverables") if pd.notna(row.get(name)))
    words = set(re.findall(r"[a-zäöüß]+", text.lower()))
    agreed = [name for name, rule in rules["formats"].items() if words & {name, *rule["words"]}]
    if here and agreed:
        agreed = [name for name in agreed if name in here["formats"]]
    return agreed or list(here.get("usual", ["post"]))


def kind_of(post_format: str) -> str:
    """What decides a label's place: picture, story, video or live."""
    aliases = {"image": "post", "carousel": "post"}
    rule = pack("formats")["formats"].get(aliases.get(post_format, post_format))
    return rule["kind"] if rule else "picture"


def link_format(row: Any) -> str:
    """The format whose link an account gets: an agreed one that can carry a link, else the platform's usual."""
    here = pack("formats")["platforms"].get(row["platform"])
    agreed = agreed_formats(row)
    if here is None:
        return agreed[0]
    for wanted in ("yes", "profile"):
        carrying = [name for name in agreed if here["formats"].get(name, {}).get("link") == wanted]
        if carrying:
            return carrying[0]
    return here["link_format"]


def link_place(row: Any) -> str:
    """Where an account's link can live, in words."""
    here = pack("formats")["platforms"].get(row["platform"])
    if here is None:
        return "in the profile; the code is the trace to rely on"
    return here["formats"][link_format(row)]["where"]


@per_book_free_of(MONEY_AND_CREDIT)
def handle_slugs(book: Book) -> dict[str, str]:
    """Handle → what stands for it in the tags of its link, for everybody on the list, whether they take part or not.

    Who drops out changes nobody else's.
    """
    return links.slugs(roster(book)["handle"].dropna())


def tags(book: Book, handle_slug: str, row: Any) -> Tags:
    """The tags of an account's link, by the convention of `packs/channels.yml` or the client's own."""
    own = book.campaign.links
    month = book.campaign.start.strftime("%Y%m")
    here = pack("formats")["platforms"].get(row["platform"], {})
    return Tags(
        source=here.get("utm_source") or links.slug(row["platform"]),
        medium=links.slug(own.medium),
        campaign=links.slug(own.campaign or f"{book.client.id}-{book.campaign.id}-{month}"),
        content=f"{handle_slug}_{link_format(row)}_1",
        id=links.slug(book.campaign.id),
    )


def landing_page(book: Book) -> str | None:
    """The campaign's landing page, checked.

    Raises:
        Problem: it is not a web address, carries credentials, or leads to a host that is not the client's.
    """
    page = book.campaign.links.landing_page
    if not page:
        return None
    parts = links.web_address(page, book.campaign.path, column="links.landing_page")
    hosts = own_hosts(book)
    if hosts and not links.belongs(parts.hostname or "", hosts):
        raise Problem(
            f"the landing page leads to {parts.hostname}, which is not {' or '.join(hosts)}",
            book.campaign.path,
            column="links.landing_page",
            todo="Name a page of the shop; if the brand decides for this one, add its host to “hosts:” under “links:”.",
        )
    return page


def own_hosts(book: Book) -> list[str]:
    """Hosts that links of the campaign may lead to; none where the client file names no website."""
    site = book.client.website
    if not site:
        return []
    plain = site.strip().lower().removeprefix("https://").removeprefix("http://").partition("/")[0]
    return [plain.removeprefix("www."), *(host.lower() for host in book.campaign.links.hosts)]


def creators_file(book: Book) -> str:
    """The file the creators list was read from, as the user knows it."""
    files = [receipt.file for receipt in book.receipts if "creators" in receipt.tables]
    return files[0] if files else "creators list"


def _codes(book: Book, people: pd.DataFrame) -> pd.DataFrame:
    everyone = roster(book).sort_values(["person", "platform", "handle"], kind="stable")
    given = _issued(book, everyone, "code").map(code_of)
    own = plain_codes(everyone["code"])
    first = given.where(given != "", own).groupby(everyone["person"]).first()
    by_person = people["person"].map(first)
    handles = people[people["main"]].set_index("person")["handle"]
    missing = {person: handles[person] for person in sorted(set(people.loc[by_person.isna(), "person"]))}
    rule = book.campaign.codes
    taken = [*by_person.dropna().unique(), *book.tables.discounts["code"].dropna().unique()]
    taken += [*own.dropna(), *issued(book, "code").values()]  # those of people who are out are taken, too
    made = {} if rule.unguessable else codes.assign(missing, taken, rule.percent, rule.pattern)
    source = pd.Series("from the list", index=people.index).where(
        _issued(book, people, "code") == "", "issued"
    )
    source = source.where(by_person.notna(), DRAWN_LATER if rule.unguessable else "proposed")
    code = by_person.where(by_person.notna(), people["person"].map(made))
    return pd.DataFrame({"code": code.fillna("").astype("str"), "code_from": source.astype("str")})


def _links(book: Book, people: pd.DataFrame) -> pd.DataFrame:
    page = landing_page(book)
    slugs = handle_slugs(book)
    rows = []
    for row, given in zip(people.to_dict("records"), _issued(book, people, "link"), strict=True):
        planned = tags(book, slugs[row["handle"]], row)
        if given:
            rows.append((given, "issued", links.query_of(given) or planned.query()))
        elif pd.notna(row["link"]) and row["link"].strip():
            own = row["link"].strip()
            rows.append((own, "from the list", links.query_of(own) or planned.query()))
        elif page:
            rows.append((links.tagged_link(page, planned), "proposed", planned.query()))
        else:
            rows.append(("", "landing page needed", planned.query()))
    return pd.DataFrame(rows, columns=["link", "link_from", "query"], index=people.index, dtype="str")


def _issued(book: Book, people: pd.DataFrame, name: str) -> pd.Series:
    """What the campaign's links file holds for each account, or an empty text."""
    given = issued(book, name)
    texts = [given.get(key, "") for key in zip(people["handle"], people["platform"], strict=True)]
    return pd.Series(texts, index=people.index, dtype="str")


def _refuse_doubles(book: Book, everyone: pd.DataFrame) -> None:
    double = everyone[everyone.duplicated(["handle", "platform"])]
    if double.empty:
        return
    row = double.iloc[0]
    same = (everyone["handle"] == row["handle"]) & (everyone["platform"] == row["platform"])
    first = everyone.loc[same, "row"].iloc[0]
    raise Problem(
        f"@{row['handle']} on {row['platform']} is in the list twice (first in row {first})",
        creators_file(book),
        int(row["row"]),
        "handle",
        todo="Keep one of the two rows; the campaign lead knows which.",
    )


def _refuse_shared_codes(book: Book, everyone: pd.DataFrame) -> None:
    coded = everyone.assign(code=plain_codes(everyone["code"])).dropna(subset=["code"])
    people = coded.drop_duplicates(["code", "person"])
    shared = people[people.duplicated("code")]
    if shared.empty:
        return
    row = shared.iloc[0]
    first = people[people["code"] == row["code"]].iloc[0]
    raise Problem(
        f"the code {row['code']} belongs to {first['person']} (row {first['row']}) and to {row['person']}",
        creators_file(book),
        int(row["row"]),
        "code",
        todo="Give each person a code of their own: orders with a shared code cannot be told apart. The shop admin sees whose it is.",
    )


@per_book_free_of(MONEY_AND_CREDIT)
def _countries(book: Book) -> dict[str, dict[str, float]]:
    """Where a creator's audience lives, by handle: country → share."""
    audiences = book.tables.audience
    rows = audiences[(audiences["dimension"] == "country") & audiences["share"].notna()]
    shares: dict[str, dict[str, float]] = {}
    for handle, segment, share in zip(rows["handle"], rows["segment"], rows["share"], strict=True):
        shares.setdefault(handle, {})[str(segment).upper()] = float(share)
    return shares


def audience(book: Book, row: Any) -> tuple[list[str], dict[str, float]]:
    """The markets a creator's posts reach, the main one first, and their shares where a file tells them."""
    shares = _countries(book).get(row["handle"], {})
    home = row["country"].upper() if pd.notna(row["country"]) else ""
    campaign = [*book.campaign.markets, *book.client.all_markets]
    reached = sorted((market for market in shares if market in campaign), key=lambda m: (-shares[m], m))
    ordered: Sequence[str] = [home, *reached, *campaign] if home else [*reached, *campaign]
    return list(dict.fromkeys(market for market in ordered if market)), dict(shares)
