"""Who gets the order (attribution): codes, links and survey answers joined into one claim per order.

Each order is claimed once, by the first kind of evidence in the campaign's stated precedence. What cannot
be joined order by order (analytics totals, a marketplace's own sheet) stands beside the claims.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.book import MONEY, MONEY_AND_CREDIT
from creatorbook.campaign import links
from creatorbook.campaign.assignments import handle_slugs
from creatorbook.campaign.order_codes import order_codes, plain_codes
from creatorbook.campaign.people import everybody
from creatorbook.campaign.roster import issued
from creatorbook.campaign.shop_sales import is_order
from creatorbook.finance.order_values import inside_window, order_values
from creatorbook.findings import Wording, joined, say, say_many
from creatorbook.memo import per_book_free_of

if TYPE_CHECKING:
    from creatorbook.book import Book

#: so many pairs of creators are named in the sentence on contested orders
PAIRS_NAMED = 5
#: so many creators are named in the sentence on orders without a rate
MOST_NAMED = 3

#: kinds of evidence that can name an order, as a reader calls them within a sentence
KINDS = {
    "code": say("discount code"),
    "link": say("tracked link"),
    "survey": say("answer after the order"),
    "marketplace": say("marketplace, as it counts them"),
}


@per_book_free_of(MONEY_AND_CREDIT)
def people(book: Book) -> pd.DataFrame:
    """One row per account of everyone listed: handle, creator (the person), platform, followers, code, main.

    Who was decided against is among them: orders by a code that was given count. A code that was issued goes before
    the one in the list. The main account (`campaign.people`) carries what belongs to the person: code and costs.
    """
    accounts = everybody(book)[["handle", "platform", "followers", "code", "creator", "main"]].copy()
    issued_codes = issued(book, "code")
    codes = [issued_codes.get(key) for key in zip(accounts.handle, accounts.platform, strict=True)]
    accounts["code"] = plain_codes(pd.Series(codes, index=accounts.index, dtype="str").fillna(accounts.code))
    accounts = accounts.sort_values(
        ["creator", "main", "followers", "handle"], ascending=[True, False, False, True], kind="stable"
    )
    return accounts.drop_duplicates(["handle", "platform"], ignore_index=True)


@per_book_free_of(MONEY_AND_CREDIT)
def owners(book: Book) -> pd.Series:
    """The person (`creator`) behind each account, by its handle; of two platforms' accounts with one handle the first."""
    return people(book).drop_duplicates("handle").set_index("handle").creator


@per_book_free_of(MONEY)
def claimed_orders(book: Book) -> pd.DataFrame:
    """Orders of the window that some evidence gives to a creator, each once: order_id, creator, handle, claim, row.

    `row` is the order's label in `order_values`.
    """
    claims = evidence(book)
    first = claims.row.ne(claims.row.shift())
    return claims.loc[first, ["order_id", "creator", "handle", "claim", "row"]].reset_index(drop=True)


def creators_under(book: Book, precedence: Sequence[str]) -> pd.Series:
    """Who gets each order under another precedence: order id → creator."""
    claims = evidence(book)[["order_id", "claim", "creator", "row"]]
    claims = claims.assign(rank=claims.claim.map({kind: rank for rank, kind in enumerate(precedence)}))
    claims = claims.dropna(subset=["rank"]).sort_values(["row", "rank"], kind="stable")
    return claims.drop_duplicates("row").set_index("order_id").creator


def joined_to_claims(book: Book, values: pd.DataFrame) -> pd.DataFrame:
    """Claimed orders, each with its row of `values` (a frame over `order_values`, its order id left out)."""
    claimed = claimed_orders(book)
    order_rows = values.drop(columns="order_id", errors="ignore").loc[claimed.row]
    return pd.concat([claimed, order_rows.reset_index(drop=True)], axis=1)


@per_book_free_of(MONEY)
def evidence(book: Book) -> pd.DataFrame:
    """All evidence for the orders of the window that count, see `_evidence_for`."""
    return _evidence_for(book, inside_window(book).order_id)


@per_book_free_of(MONEY)
def without_rate(book: Book) -> pd.DataFrame:
    """Sales of the window in a currency without a rate that evidence gives to a creator: order_id, creator, row, currency, total.

    No figure holds them. The total is in the order's own currency; whoever brought them has not brought nothing.
    """
    values, orders = order_values(book), book.tables.orders
    apart = values.inside & is_order(book) & ~values.counts & ~values.cancelled
    if not apart.any():
        return pd.DataFrame(columns=["order_id", "creator", "row", "currency", "total"])
    claims = _evidence_for(book, values.order_id[apart]).drop_duplicates("row")
    amounts = orders.loc[claims.row, ["currency", "total"]].reset_index(drop=True)
    return pd.concat([claims[["order_id", "creator", "row"]].reset_index(drop=True), amounts], axis=1)


def without_rate_sentence(book: Book) -> Wording | None:
    """How many orders of whom no figure holds, and for want of which rates; `None` where all have one."""
    orders = without_rate(book)
    if orders.empty:
        return None
    return say_many(
        "{n} order of {creators} is in no figure here: no rate for {currencies}.",
        "{n} orders of {creators} are in no figure here: no rate for {currencies}.",
        n=len(orders),
        creators=joined(sorted(orders.creator.unique()), last="and", most=MOST_NAMED),
        currencies=joined(sorted(orders.currency.unique()), last="and"),
    )


def _evidence_for(book: Book, orders: pd.Series) -> pd.DataFrame:
    """All evidence for these orders (label → order id): order_id, creator, handle, claim, code, row; strongest first per order, in the file's order.

    Each kind names an order once, but codes name every creator whose code the order carries: of these the one whom
    other evidence names as well stands first, else the one whose code does (see `contested_codes`).
    """
    kinds = [kind for kind in book.campaign.precedence if kind in _FINDERS]
    parts = [_FINDERS[kind](book, orders).assign(claim=kind, rank=rank) for rank, kind in enumerate(kinds)]
    empty = pd.DataFrame({name: pd.Series(dtype="str") for name in ("order_id", "handle", "claim", "code")})
    joined = pd.concat([empty.assign(rank=0), *(part for part in parts if len(part))], ignore_index=True)
    inside = orders.drop_duplicates()
    place = pd.Index(inside).get_indexer(joined.order_id)
    joined = joined.assign(place=place, creator=joined.handle.map(owners(book)))[place >= 0]
    whose = joined.creator.where(joined.claim == "code")
    joined = joined[~joined.assign(whose=whose).duplicated(["place", "claim", "whose"])]
    joined = joined.assign(backed=_backed(joined)).sort_values(["place", "rank", "backed"], kind="stable")
    joined = joined.assign(row=inside.index[joined.place])
    return joined.drop(columns=["place", "backed"]).reset_index(drop=True)


def _backed(joined: pd.DataFrame) -> pd.Series:
    """Rank of the strongest other evidence that names the same creator, for codes of several creators on one order."""
    coded = joined.claim == "code"
    backed = pd.Series(np.inf, index=joined.index)
    contested = joined[coded & joined.place.isin(joined.place[coded & joined.duplicated(["place", "claim"])])]
    other = joined[~coded & joined.place.isin(contested.place)].groupby(["place", "creator"])["rank"].min()
    pairs = pd.MultiIndex.from_frame(contested[["place", "creator"]])
    backed.loc[contested.index] = other.reindex(pairs).fillna(np.inf).to_numpy()
    return backed


@per_book_free_of(MONEY)
def kinds_on_orders(book: Book) -> pd.DataFrame:
    """Orders by the kinds of evidence they carry: one column of flags per kind, orders, split (naming different creators)."""
    claims, kinds = evidence(book).drop_duplicates(["row", "claim"]), joined_kinds(book)
    bit = claims.claim.map({name: 2**place for place, name in enumerate(kinds)})
    sets = bit.groupby(claims.row, sort=False).sum()  # each kind once per order
    split = sets.index.isin(double_claims(book).row)
    counts = pd.DataFrame({"set": sets.to_numpy(), "split": split}).groupby("set").split.agg(["size", "sum"])
    flags = {name: counts.index.to_numpy(dtype=int) & 2**place > 0 for place, name in enumerate(kinds)}
    counts = counts.astype(float).set_axis(["orders", "split"], axis=1).assign(**flags)
    return counts.reset_index(drop=True)


@per_book_free_of(MONEY)
def double_claims(book: Book) -> pd.DataFrame:
    """Orders that evidence gives to more than one person: order_id, creator (who gets it), row, others, net (cents)."""
    pairs = evidence(book)[["order_id", "creator", "row"]].drop_duplicates(["row", "creator"])
    pairs = pairs[pairs.row.duplicated(keep=False)]
    first = ~pairs.row.duplicated()
    others = pairs[~first].groupby("row", sort=True).creator.agg(", ".join)
    frame = pairs[first]
    return frame.assign(
        others=others.reindex(frame.row).to_numpy(), net=inside_window(book).net.loc[frame.row].to_numpy()
    ).reset_index(drop=True)


@per_book_free_of(MONEY)
def contested_codes(book: Book) -> pd.DataFrame:
    """Orders that carry codes of more than one creator: order_id, row, creators and codes (all of them, joined), creator
    (for whom it counts where codes decide), backed (whether a link or an answer names that one too), net (cents).

    Such an order is counted once. Who gets it is for the contract to say; until then it is shown as contested.
    """
    claims = evidence(book)
    coded = claims[claims.claim == "code"]
    coded = coded[coded.row.duplicated(keep=False)]
    other = claims[(claims.claim != "code") & claims.row.isin(coded.row)]
    grouped = coded.groupby("row", sort=False)
    frame = pd.DataFrame(
        {
            "order_id": grouped.order_id.first(),
            "creator": grouped.creator.first(),
            "creators": grouped.creator.agg(lambda names: " and ".join(sorted(names))),
            "codes": grouped.code.agg(", ".join),
        }
    ).reset_index(names="row")
    named = set(zip(other.row, other.creator, strict=True))
    frame["backed"] = [pair in named for pair in zip(frame.row, frame.creator, strict=True)]
    return frame.assign(net=inside_window(book).net.loc[frame.row].to_numpy())


@per_book_free_of(MONEY)
def orders_by_code(book: Book) -> pd.DataFrame:
    """Orders of the window with a creator's code, each once, for the creator whom `evidence` puts first: order_id, row, creator, code."""
    claims = evidence(book)
    coded = claims[claims.claim == "code"].drop_duplicates("row")
    return coded[["order_id", "row", "creator", "code"]].reset_index(drop=True)


def contested_sentence(book: Book) -> Wording | None:
    """How many orders carry codes of several creators, and between whom; `None` where none does."""
    pairs = contested_codes(book).creators.value_counts()
    if pairs.empty:
        return None
    pairs = pairs.sort_index(kind="stable").sort_values(ascending=False, kind="stable")
    between = [
        say("{creators} {n}", creators=names, n=int(n)) for names, n in pairs.head(PAIRS_NAMED).items()
    ]
    if len(pairs) > PAIRS_NAMED:
        between.append(say_many("{n} more pair", "{n} more pairs", n=len(pairs) - PAIRS_NAMED))
    return say_many(
        "{n} order carries codes of more than one creator ({pairs}). Each is counted once: for the one whom a "
        "link or an answer names as well, else for the one whose code stands first; the contract decides.",
        "{n} orders carry codes of more than one creator ({pairs}). Each is counted once: for the one whom a "
        "link or an answer names as well, else for the one whose code stands first; the contract decides.",
        n=int(pairs.sum()),
        pairs=joined(between, by="; "),
    )


def contested_in_doubt(book: Book) -> Wording | None:
    """The same in short, for a first page: how many, between whom, and that they are in doubt; `None` where there are none."""
    orders = contested_codes(book)
    if orders.empty:
        return None
    between = joined(sorted(orders.creators.unique()), by="; ", most=PAIRS_NAMED)
    return say_many(
        "{n} order has codes of {pairs}: counted once, in doubt.",
        "{n} orders have codes of {pairs}: counted once, in doubt.",
        n=len(orders),
        pairs=between,
    )


@per_book_free_of(MONEY_AND_CREDIT)
def code_owners(book: Book) -> pd.Series:
    """Code → handle it was given to; a code given to two people goes to the first by name.

    Where a code was issued in place of the listed one, the listed one still counts unless somebody else has it.
    """
    accounts = people(book)
    accounts = accounts[accounts.code.notna()].sort_values(
        ["code", "creator", "main"], ascending=[True, True, False], kind="stable"
    )
    by_code = accounts.drop_duplicates("code").set_index("code").handle
    if book.issued.empty:
        return by_code
    in_list = book.tables.creators[["code", "handle"]]
    in_list = in_list.assign(code=plain_codes(in_list.code)).dropna().drop_duplicates("code")
    in_list = in_list[~in_list.code.isin(by_code.index)]
    return pd.concat([by_code, in_list.set_index("code").handle]).sort_index(kind="stable")


def shared_codes(book: Book) -> list[str]:
    """Codes that stand beside more than one person in the creators list."""
    people_each = people(book).dropna(subset=["code"]).groupby("code").creator.nunique()
    return sorted(people_each.index[people_each > 1])


def _by_code(book: Book, orders: pd.Series) -> pd.DataFrame:
    """Orders and the creators whose codes they carry: one row per order and code, in the order of the cell."""
    carried = order_codes(book)
    carried = carried.assign(handle=carried.code.map(code_owners(book))).dropna(subset=["handle"])
    carried = carried[carried.index.isin(orders.index)]
    return carried.assign(order_id=orders.loc[carried.index])[["order_id", "handle", "code"]].dropna()


def _by_link(book: Book, orders: pd.Series) -> pd.DataFrame:
    """Orders whose own note carries the link's content tag, and orders in a click log."""
    tagged = book.tables.orders.loc[orders.index, ["order_id", "utm_content"]].dropna()
    by_content = content_owners(book, tagged.utm_content)
    tagged = tagged.assign(handle=tagged.utm_content.map(by_content))[["order_id", "handle"]]
    clicks = book.tables.clicks  # nearly all clicks lead to no order: those first, before anything is copied
    logged = clicks.loc[clicks.order_id.notna() & clicks.handle.notna(), ["order_id", "handle"]]
    return pd.concat([tagged.dropna(), logged])


def content_owners(book: Book, contents: pd.Series) -> dict[str, str]:
    """Content tag (`utm_content`) → handle: as in the creator's own link, or the handle and what follows it."""
    accounts = book.tables.creators.dropna(subset=["link"])
    issued_links = [(handle, link) for (handle, _), link in sorted(issued(book, "link").items())]
    by_tag = {
        tag.lower(): handle
        for handle, link in [
            *zip(accounts.handle, accounts.link, strict=True),
            *issued_links,
        ]  # issued ones decide
        for name, tag in links.parameters_of(link)
        if name == "utm_content" and tag
    }
    slugs = {slug: handle for handle, slug in handle_slugs(book).items()}
    loose = {_hyphened(slug): handle for slug, handle in reversed(slugs.items())}
    by_content = {}
    for tag in sorted(contents.dropna().unique()):
        plain = links.slug(tag, len(tag) + 1)
        handle = by_tag.get(tag.lower()) or _longest(slugs, loose, plain)
        if handle:
            by_content[tag] = handle
    return by_content


def _longest(slugs: dict[str, str], loose: dict[str, str], tag: str) -> str | None:
    """The longest handle that a tag begins with, whole words only; sign by sign before loosely."""
    ends = [len(tag), *(place for place in range(len(tag) - 1, 0, -1) if tag[place] in "-_")]
    owners = (slugs.get(tag[:end]) or loose.get(_hyphened(tag[:end])) for end in ends)
    return next((handle for handle in owners if handle), None)


def _hyphened(slug: str) -> str:
    """A slug whichever signs stand between its words: people who type tags take a point for a line."""
    return re.sub(r"[-_]+", "-", slug)


def _by_survey(book: Book, orders: pd.Series) -> pd.DataFrame:
    answers = book.tables.survey.dropna(subset=["order_id", "handle"])
    answers = answers[answers.order_id.isin(orders)]
    return answers.sort_values(["order_id", "answered_at", "handle"], kind="stable")[["order_id", "handle"]]


_FINDERS = {"code": _by_code, "link": _by_link, "survey": _by_survey}


@per_book_free_of(MONEY)
def joined_kinds(book: Book) -> list[str]:
    """Kinds of evidence that some order of the window carries."""
    carried = set(evidence(book).claim.unique())
    return [kind for kind in KINDS if kind in carried]


@per_book_free_of(MONEY_AND_CREDIT)
def marketplace(book: Book) -> pd.DataFrame:
    """What a marketplace's sheet counts per creator: handle, creator, sales, refunds, orders, commission, fees.

    Empty if there is no sheet, or if the shop's own orders already hold the marketplace's (an order
    channel says so): each sale is counted once.
    """
    sheet = book.tables.shop_creators
    columns = ["sales", "refunds", "orders", "commission", "fees", "samples"]
    if marketplace_in_shop(book) or not book.tables.has("shop_creators", "sales"):
        return sheet.head(0)[["handle", *columns]].assign(creator="")
    summed = sheet.groupby("handle", sort=True)[columns].sum(min_count=1).reset_index()
    return summed.assign(creator=summed.handle.map(owners(book)).fillna(summed.handle))


def orders_on_file(book: Book) -> bool:
    """Whether any file has orders of the campaign's days, traced or not: without one, nobody's orders are 0."""
    return len(marketplace(book)) > 0 or bool((order_values(book).inside & is_order(book)).any())


def marketplace_in_shop(book: Book) -> bool:
    """Whether the shop's order file also holds the marketplace's orders."""
    channels = book.tables.orders.channel.dropna().str.lower().unique()
    return any(re.search("tiktok|marketplace", channel) for channel in channels)
