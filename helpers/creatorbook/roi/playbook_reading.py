"""Each playbook's own reading: hashtag entries, live records, capsule products, store sales, reuse, new markets."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.campaign.playbook import playbook
from creatorbook.campaign.posts import campaign_posts, first_posts
from creatorbook.finance.claims import claimed_orders
from creatorbook.finance.costs import campaign_costs, not_left_out, took_part
from creatorbook.finance.ladder import money_ladder
from creatorbook.finance.order_values import inside_window, order_values
from creatorbook.finance.slices import NOT_TOLD, ends_of_part
from creatorbook.findings import (
    Chart,
    Column,
    Count,
    Figure,
    Findings,
    Note,
    Share,
    Table,
    joined,
    number_of,
    packed,
    say,
)
from creatorbook.roi.content_made import hooks
from creatorbook.roi.goal_verdict import playbook_conflict
from creatorbook.roi.ladder_shown import ladder_by, slice_table

if TYPE_CHECKING:
    from creatorbook.book import Book

Items = list[Figure | Table | Chart | Note]
#: hours after the start of a live in which its orders are counted
LIVE_HOURS = 48


def playbook_reading(book: Book) -> Findings:
    """How this kind of campaign is read, and the figures that reading asks for, as far as files tell."""
    chosen = playbook(book)
    title, reading = (packed(chosen[part]) for part in ("title", "read"))
    note = Note(say("{title}: {reading}", title=title, reading=reading), "method")
    conflict = playbook_conflict(book)
    conflicts = [Note(conflict, "caution")] if conflict else []
    return Findings("roi", (*conflicts, *_READINGS.get(chosen["id"], _sales)(book), note), book.formats)


def hashtag(book: Book) -> Items:
    """Entries under the campaign's hashtag by people nobody paid, beside paid ones."""
    tags = _hashtags(book)
    posts = book.tables.posts
    during = posts[(posts.published_at >= pd.Timestamp(book.campaign.start)) & posts.caption.notna()]
    entries = (
        during[during.caption.str.contains("|".join(map(re.escape, tags)), case=False, regex=True)]
        if tags
        else during.head(0)
    )
    if entries.empty:
        text = say(
            "Entries under the hashtag are not on file: counted weekly by hand, as a post log with captions, they would "
            "be."
        )
        return [Note(text, "unknown")]
    paid = entries.handle.isin(not_left_out(took_part(book)).handle)
    week = (entries.published_at.dt.normalize() - pd.Timestamp(book.campaign.start)).dt.days // 7 + 1
    frame = pd.DataFrame({"week": week, "paid": paid.astype(float), "unpaid": (~paid).astype(float)})
    frame = frame.groupby("week", sort=True)[["paid", "unpaid"]].sum().reset_index().astype({"week": str})
    columns = {
        "week": Column("Week"),
        "paid": Column("By creators of the campaign", "number", grade="counted"),
        "unpaid": Column("By anybody else", "number", grade="counted"),
    }
    figure = Figure(
        "roi.entries",
        "Entries by people nobody paid",
        float((~paid).sum()),
        "number",
        "counted",
        say("posts on file with {tags}; what no file holds is not counted", tags=joined(tags)),
        n=len(entries),
    )
    return [figure, Table("roi.entries_by_week", "Entries under the hashtag", frame, columns)]


def _hashtags(book: Book) -> list[str]:
    text = " ".join(
        [*book.campaign.brief.key_messages, *book.campaign.deliverables, book.campaign.brief.product]
    )
    return sorted(set(re.findall(r"#\w+", text)))


def live_record(book: Book) -> Items:
    """Orders in the two days from each live on, against the same weekdays and hours of the weeks before."""
    lives = campaign_posts(book)
    lives = lives[lives.format.fillna("").str.lower() == "live"]
    if lives.empty:
        text = say(
            "No live is on file. Its start and end, as a post of format “live”, would let orders be read by the hour."
        )
        return [Note(text, "unknown")]
    values = order_values(book)
    ordered = values[values.counts & ~values.cancelled].ordered_at.sort_values(kind="stable").to_numpy()
    rows = []
    for live in lives.sort_values(["published_at", "handle"], kind="stable").itertuples():
        span = [np.searchsorted(ordered, np.array([at, at + pd.Timedelta(hours=LIVE_HOURS)], dtype="datetime64[us]"))
                for at in (live.published_at - pd.Timedelta(weeks=back) for back in range(5))]  # fmt: skip
        counts = [float(end - start) for start, end in span]
        rows.append((live.handle, live.published_at.normalize(), counts[0], float(np.mean(counts[1:]))))
    frame = pd.DataFrame(rows, columns=["handle", "day", "orders", "usual"])
    columns = {
        "handle": Column("Account"), "day": Column("Live on", "date"),
        "orders": Column("Orders of the shop in two days", "number", grade="counted"),
        "usual": Column("Same hours, mean of four weeks before", "number", 1, "counted"),
    }  # fmt: skip
    note = say("All orders of the shop; other things may have happened in these hours.")
    return [Table("roi.lives", "Orders around each live", frame, columns, note=note), _returns_note(book)]


def _returns_note(book: Book) -> Note:
    ladder = money_ladder(book)
    net = ladder.money("traced", "discounts", "tax", "cancelled")
    share = (net - ladder.sales_that_stay) / net if net else None
    text = say(
        "Of the traced sales {share} came back or are expected to; hauls come back more often.",
        share=Share(share),
    )
    return Note(text, "method")


def capsule(book: Book) -> Items:
    """Sales of the capsule's products traced to creators, and what else these orders held."""
    if not book.tables.has("order_lines", "product"):
        text = say("Capsule sales need order lines with products; the shop's order export has them.")
        return [Note(text, "unknown")]
    ladder = money_ladder(book)
    frame = slice_table(book, ladder, "product")
    words = re.findall(r"\w{4,}", book.campaign.brief.product.lower())
    rows = frame[~frame.slice.isin(["All", NOT_TOLD, "Whole campaign"])]
    named = rows.slice.str.lower().apply(lambda name: any(word[:6] in name for word in words)).astype(bool)
    if not named.any():
        text = say(
            "No product of the orders is named in the brief; name the capsule's products there and they are told apart."
        )
        return [Note(text, "unknown")]
    sums = rows.groupby(named.map({True: "capsule", False: "beside"}))[["stay", "traced"]].sum()
    sums = sums.reindex(["capsule", "beside"]).fillna(0.0)
    ends = ends_of_part(ladder, "sales_that_stay", sums.stay, sums.traced)
    parts = {
        "capsule": (
            say("Capsule sales that stay"),
            say(
                "order lines whose product is named in the brief ({products})",
                products=number_of("product", int(named.sum())),
            ),
        ),
        "beside": (
            say("Other products in the traced orders"),
            say("the rest of these orders: spill-over, not the capsule's"),
        ),
    }
    keys = {"capsule": "roi.capsule_sales", "beside": "roi.capsule_beside"}
    return [
        Figure(
            keys[part],
            label,
            float(sums.stay[part]),
            "money",
            ladder.stay_grade,
            source,
            low=ends.low[part] if ladder.open_share else None,
            high=ends.high[part] if ladder.open_share else None,
        )
        for part, (label, source) in parts.items()
    ]


def stores(book: Book) -> Items:
    """Store sales in the campaign's weeks against those before, store by store."""
    sales = book.tables.store_sales.dropna(subset=["date", "sales"])
    where = "store" if sales.store.notna().any() else "region"
    start, end = pd.Timestamp(book.campaign.start), pd.Timestamp(book.campaign.end)
    during = sales[(sales.date >= start) & (sales.date <= end)]
    before = sales[(sales.date < start) & (sales.date >= start - (end - start) - pd.Timedelta(days=1))]
    if during.empty or before.empty:
        text = say(
            "Store sales of the campaign's weeks and of as many weeks before are not on file; the stores' till report has "
            "them."
        )
        return [Note(text, "unknown")]
    frame = pd.DataFrame(
        {"during": during.groupby(where).sales.sum(), "before": before.groupby(where).sales.sum()}
    )
    frame = (
        frame.assign(change=frame.during / frame.before.where(frame.before > 0) - 1)
        .rename_axis("place")
        .reset_index()
    )
    local = "|".join(map(re.escape, not_left_out(took_part(book)).place.dropna().unique()))
    near = (
        frame.place.str.contains(local, case=False, regex=True)
        if local
        else pd.Series(data=False, index=frame.index)
    )
    frame["local"] = np.where(near, "yes", "")
    columns = {
        "place": Column("Store or region"), "local": Column("Local creators"),
        "during": Column("Sales in the campaign", "money", grade="counted"),
        "before": Column("as many days before", "money", grade="counted"),
        "change": Column("Change", "percent", grade="counted"),
    }  # fmt: skip
    table = Table("roi.stores", "Stores against the weeks before", frame, columns)
    if not near.any() or near.all():
        return [table]
    text = say(
        "Stores with local creators changed by {local}, others by {others}; so few stores differ that much by chance too.",
        local=Share(frame.change[near].mean()),
        others=Share(frame.change[~near].mean()),
    )
    return [table, Note(text)]


def reuse(book: Book) -> Items:
    """Where content is in use: ads, by the ads export; mail and pages only where somebody writes it down."""
    ads = book.tables.ads.dropna(subset=["handle"])
    channels = pd.Series(dtype="str")
    if book.tables.has("rights", "channels"):
        channels = book.tables.rights.channels.dropna()
    rows = []
    if len(ads):
        source = say("ads export: creators whose content ran as an ad")
        rows.append((say("ads"), float(ads.handle.nunique()), source))
    places = [(say("e-mail"), "mail"), (say("pages"), "web|page|shop|site")]
    places += [] if len(ads) else [(say("ads"), r"\bads?\b")]
    for place, pattern in places:
        if n := int(channels.str.contains(pattern, case=False, regex=True).sum()):
            source = say("rights sheet: agreements that allow it; use itself is not on file")
            rows.append((place, float(n), source))
    if not rows:
        text = say(
            "Where content is used is not on file: an ads export, or places of use in the rights sheet, would say."
        )
        return [Note(text, "unknown")]
    frame = pd.DataFrame(rows, columns=["place", "creators", "source"])
    columns = {
        "place": Column("Used in"),
        "creators": Column("Creators", "number", grade="counted"),
        "source": Column("Read from"),
    }
    return [Table("roi.reuse", "Content in use", frame, columns)]


def seeding(book: Book) -> Items:
    """Cost per post that appeared, with product, shipping and hours."""
    posts = campaign_posts(book)
    lines = campaign_costs(book).lines
    cost = lines.cents[lines.rung.isin(["gifts", "hours", "fees"])].sum() / 100
    n = len(posts) or int(first_posts(book).notna().sum())
    if not n or not cost:
        return [Note("Cost per post needs a post log and the gifts' cost.", "unknown")]
    return [
        Figure(
            "roi.cost_per_post",
            "Cost per post that appeared",
            cost / n,
            "money",
            "counted",
            say("gifts with shipping, fees and own hours ÷ posts on file"),
            n=n,
            digits=2,
        )
    ]


def signups(book: Book) -> Items:
    """Sign-ups per day in the campaign against the four weeks before."""
    by_day = book.tables.signups.dropna(subset=["date", "signups"])
    start, end = pd.Timestamp(book.campaign.start), pd.Timestamp(book.campaign.end)
    during = by_day[(by_day.date >= start) & (by_day.date <= end)]
    before = by_day[(by_day.date < start) & (by_day.date >= start - pd.Timedelta(days=28))]
    if during.empty or before.empty:
        return [Note("Sign-ups per day are not on file; the mail tool has them.", "unknown")]
    usual = before.signups.sum() / before.date.nunique() * during.date.nunique()
    return [
        Figure(
            "roi.signups",
            "Sign-ups in the campaign",
            float(during.signups.sum()),
            "number",
            "counted",
            say("mail tool"),
            note=say("as many days before would give about {usual}", usual=Count(usual)),
        )
    ]


def new_market(book: Book) -> Items:
    """First orders from the campaign's markets against the time before."""
    markets = [code for code in book.campaign.markets if code != book.client.market] or book.client.markets
    values = order_values(book)
    orders = values[values.country.isin(markets) & values.counts]
    if orders.empty:
        return [Note("Orders by country are not on file, or none came from the new markets.", "unknown")]
    start, end = pd.Timestamp(book.campaign.start), pd.Timestamp(book.campaign.end)
    days = (end - start).days + 1
    during = orders[(orders.ordered_at >= start) & (orders.ordered_at < end + pd.Timedelta(days=1))]
    before = orders[(orders.ordered_at < start) & (orders.ordered_at >= start - pd.Timedelta(days=days))]
    return [
        Figure(
            "roi.market_orders",
            say("Orders from {markets}", markets=joined(sorted(markets))),
            float(len(during)),
            "number",
            "counted",
            say("orders by country"),
            n=len(during),
            note=say("{n} in as many days before", n=len(before)),
        )
    ]


def marketplace_videos(book: Book) -> Items:
    """What the marketplace counts by video and by order, beside the ladder; the two do not add up."""
    items: Items = []
    if len(videos := book.tables.shop_videos):
        items.append(_videos_table(videos))
    if len(orders := book.tables.affiliate_orders):
        items.append(_affiliate_table(orders))
    return items


def _videos_table(videos: pd.DataFrame) -> Table:
    sums = videos.groupby("handle", sort=True)[["sales", "orders", "refunds"]].sum(min_count=1).reset_index()
    sums = sums.sort_values("sales", ascending=False, kind="stable")
    columns = {
        "handle": Column("Account"),
        "orders": Column("Orders", "number"),
        "sales": Column("Sales by its videos", "money"),
        "refunds": Column("Refunds", "money"),
    }
    return Table("roi.videos", "Sales by marketplace video", sums, columns, rows=8)


def _affiliate_table(orders: pd.DataFrame) -> Table:
    frame = (
        orders.groupby(orders.status.fillna("not told"), sort=True)
        .agg(orders=("order_id", "nunique"), amount=("amount", "sum"), commission=("commission", "sum"))
        .reset_index(names="status")
        .astype({"orders": float})
    )
    columns = {
        "status": Column("State"),
        "orders": Column("Orders", "number"),
        "amount": Column("Sales", "money"),
        "commission": Column("Commission", "money"),
    }
    note = say("Beside the ladder, not in it: reversed ones are no sales.")
    return Table("roi.affiliate", "Orders as the network counts them", frame, columns, note=note)


def _sales(book: Book) -> Items:
    """Size of baskets (AOV) by creator, marketplace videos, and sign-ups where there are any."""
    claimed = claimed_orders(book).merge(inside_window(book)[["order_id", "net"]], on="order_id")
    items: Items = []
    if len(claimed):
        items.append(_basket_figure(claimed.net / 100))
    return [*items, *marketplace_videos(book), *(signups(book) if len(book.tables.signups) else [])]


def _basket_figure(net: pd.Series) -> Figure:
    """The typical order (median order value)."""
    return Figure(
        "roi.basket",
        "Typical order, excl. VAT",
        float(net.median()),
        "money",
        "counted",
        say("traced orders"),
        low=float(net.quantile(0.1)),
        high=float(net.quantile(0.9)),
        n=len(net),
        note="8 of 10 orders lie between the ends",
    )


def _community(book: Book) -> Items:
    return [*hashtag(book), *signups(book)]


def _gifts(book: Book) -> Items:
    return [*seeding(book), *reuse(book)]


_READINGS: dict[str, Callable[[Book], Items]] = {
    "styling_challenge": _community,
    "live_shopping": live_record,
    "capsule_edit": capsule,
    "seasonal_lookbook": reuse,
    "retail_popup": stores,
    "organic_seeding": _gifts,
    "new_market": new_market,
    "message_test": lambda book: [*hooks(book).items],
    "niche_test": lambda book: [*ladder_by(book, "segment").items],
}
