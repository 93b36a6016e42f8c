"""What goes out when codes and links are issued: the shop's import table, short-link lists, plain tables."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.campaign import links as link_tools
from creatorbook.campaign.assignments import accounts, assigned, landing_page
from creatorbook.campaign.order_codes import plain_codes
from creatorbook.packs import pack
from creatorbook.problems import Problem
from creatorbook.text.plain_text import csv_bytes
from creatorbook.text.time_zones import market_zone, with_offset

if TYPE_CHECKING:
    from creatorbook.book import Book

#: longest slug a shortener of the pack takes
LONGEST_SLUG = 40

SHOPIFY = [
    *("Name", "Value", "Value Type", "Type", "Discount Class", "Minimum Purchase Requirements"),
    *("Combines with Order Discounts", "Combines with Product Discounts", "Combines with Shipping Discounts"),
    *("Customer Selection", "Context", "Times Used In Total", "Applies Once Per Customer"),
    *("Usage Limit Per Code", "Status", "Start", "End"),
]
"""the columns of the shop's own discount export, in its order"""


def shopify_discounts(book: Book) -> pd.DataFrame:
    """Codes the shop does not hold yet, one row each, with all columns of the shop's own discount export."""
    in_shop = set(plain_codes(book.tables.discounts["code"]).dropna())
    people = assigned(book).drop_duplicates("person")
    codes = [code for code in people["code"] if code and code not in in_shop]
    rule, campaign = book.campaign.codes, book.campaign
    zone = market_zone(book.client.market, book.client.time_zone)
    fixed = {
        "Value": f"-{rule.percent:.1f}",
        "Value Type": "percentage",
        "Type": "Amount off order",
        "Discount Class": "order",
        "Minimum Purchase Requirements": "",
        "Combines with Order Discounts": "false",
        "Combines with Product Discounts": "false",
        "Combines with Shipping Discounts": "true",
        "Customer Selection": "all",
        "Context": "",
        "Times Used In Total": "0",
        "Applies Once Per Customer": "true" if rule.once_per_customer else "false",
        "Usage Limit Per Code": "",
        "Status": "Scheduled",
        "Start": with_offset(datetime.combine(campaign.start, time.min), zone),
        "End": with_offset(datetime.combine(campaign.end, time(23, 59, 59)), zone),
    }
    return pd.DataFrame([{"Name": code, **fixed} for code in codes], columns=SHOPIFY, dtype="str")


def short_links(book: Book) -> pd.DataFrame:
    """One short link per account: target (the tagged address), slug, title. Empty without a landing page."""
    people, page = accounts(book), landing_page(book)
    slugs = link_tools.slugs(people["handle"], most=LONGEST_SLUG - 10)
    several = set(people.loc[people.duplicated("handle", keep=False), "handle"])
    rows = []
    for row in assigned(book).to_dict("records"):
        target = row["link"] if row["tagged"] else page and link_tools.with_query(page, row["query"])
        if not target:
            continue
        ending = f"-{link_tools.slug(row['platform'], 9)}" if row["handle"] in several else ""
        title = f"{book.client.brand} {book.campaign.title}: @{row['handle']} ({row['platform']})"
        rows.append((target, slugs[row["handle"]] + ending, title))
    return pd.DataFrame(rows, columns=["target", "slug", "title"], dtype="str")


def short_link_list(book: Book, tool: str) -> pd.DataFrame:
    """The short links as this tool imports them; empty without a landing page.

    Raises:
        Problem: no such tool is known; the names that are known are told.
    """
    tools = pack("channels")["shorteners"]
    if tool not in tools:
        names = ", ".join(tools)
        raise Problem(
            f"there is no list for the link shortener “{tool}”",
            todo=f"Tools: {names}; any other tool takes links.csv, whose column link it shortens.",
        )
    short = short_links(book)
    return pd.DataFrame({theirs: short[ours] for theirs, ours in tools[tool]["columns"].items()})


def shortener_question(book: Book) -> str:
    """What to ask once: which tool shortens links; empty where the campaign file says it, or nothing is to shorten."""
    if book.campaign.links.shortener or short_links(book).empty:
        return ""
    names = ", ".join(pack("channels")["shorteners"])
    return (
        f"If a tool shortens your links, name it in campaigns/{book.campaign.id}.yml and run this again for its import "
        f"list: links: {{shortener: NAME}}, one of {names}."
    )


def tables(book: Book) -> dict[str, pd.DataFrame]:
    """File name → table of all that goes out: shop import, codes and links as plain tables, and short links.

    The short links are for the tool that the campaign file names (`links: {shortener: …}`).

    Raises:
        Problem: no such shortener is known.
    """
    assignments = assigned(book)
    rule = book.campaign.codes
    people = assignments.drop_duplicates("person")
    codes = people[["person", "code"]].assign(
        percent=f"{rule.percent:g}",
        valid_from=book.campaign.start.isoformat(),
        valid_until=book.campaign.end.isoformat(),
        once_per_customer="yes" if rule.once_per_customer else "no",
    )
    made = {
        "shopify-discounts.csv": shopify_discounts(book),
        "codes.csv": codes.rename(columns={"person": "creator"}),
        "links.csv": assignments[["person", "handle", "platform", "link", "where"]].rename(
            columns={"person": "creator"}
        ),
    }
    tool = book.campaign.links.shortener
    if tool and len(short := short_link_list(book, tool)):
        made[f"short-links-{tool}.csv"] = short
    return made


def csv_files(book: Book) -> dict[str, bytes]:
    """The tables as CSV files; a cell that a spreadsheet would take for a formula gets an apostrophe.

    Raises:
        Problem: no such shortener is known.
    """
    return {name: csv_bytes(frame) for name, frame in tables(book).items()}
