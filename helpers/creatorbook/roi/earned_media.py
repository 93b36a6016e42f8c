"""Earned media value, only for those who ask: a spread of published formulas, never part of a return."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.campaign.posts import campaign_posts
from creatorbook.findings import Column, Findings, Note, Table, ends, say

if TYPE_CHECKING:
    from creatorbook.book import Book

#: published formulas in US dollars: name, source, then price per view, like, comment and share by platform
FORMULAS = (
    (say("Ayzenberg values as Skeepers lists them"), say("skeepers-octoly help, no date"), {
        "instagram": (0.0, 0.07, 3.46, 0.0), "youtube": (0.0, 0.08, 6.99, 0.0), "tiktok": (0.00689, 0.09, 3.52, 1.72)}),
    (say("Views at 6 per 1,000"), say("help.traackr.com, default price"), {"": (0.006, 0.0, 0.0, 0.0)}),
    (say("Views at 15 per 1,000"), say("influencer-hero.com, lower end"), {"": (0.015, 0.0, 0.0, 0.0)}),
    (say("Views at 20 per 1,000"), say("influencer-hero.com, upper end"), {"": (0.020, 0.0, 0.0, 0.0)}),
)  # fmt: skip


def earned_media(book: Book) -> Findings:
    """Earned media value (EMV): the same posts by several published formulas, if the campaign file asks (`assumptions: {earned_media: 1}`)."""
    if "earned_media" not in book.campaign.assumptions:
        text = say("Earned media value is left out: nobody asked for it, and it is no money anybody has.")
        return Findings("roi", (Note(text, "method"),), book.formats)
    posts = campaign_posts(book)
    rate = book.client.rates.get("USD")
    if posts.empty or rate is None:
        text = say(
            "Earned media value needs posts with views, and the dollar's rate in client.yml: formulas are in US dollars."
        )
        return Findings("roi", (Note(text, "unknown"),), book.formats)
    rows = [(name, rate * _value(posts, prices), source) for name, source, prices in FORMULAS]
    frame = pd.DataFrame(rows, columns=["formula", "value", "source"])
    text = say(
        "The same posts are worth {low} to {high}, by nothing but the choice of formula. Nobody pays this amount, no "
        "study shows that it equals anything, and it is in no figure of this report.",
        **ends(float(frame.value.min()), float(frame.value.max()), "money"),
    )
    columns = {
        "formula": Column("Formula"),
        "value": Column("Value", "money", grade="assumed"),
        "source": Column("Published by"),
    }
    table = Table("roi.earned_media", "Earned media value, as asked for", frame, columns)
    return Findings("roi", (Note(text, "caution"), table), book.formats)


def _value(posts: pd.DataFrame, prices: dict[str, tuple[float, float, float, float]]) -> float:
    """All posts by one formula, in US dollars; a platform the formula does not price adds nothing."""
    total = 0.0
    for platform, group in posts.groupby(posts.platform.fillna("")):
        price = prices.get(str(platform), prices.get(""))
        if price is not None:
            counts = group[["views", "likes", "comments", "shares"]].sum()
            total += float(sum(a * b for a, b in zip(price, counts, strict=True)))
    return total
