"""Does size pay here? Response and, after the campaign, orders for the money, against followers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.findings import Chart, Column, Findings, Note, Table, charts
from creatorbook.packs import pack
from creatorbook.planning.adjusted import ENOUGH, curve_of
from creatorbook.planning.candidates import candidates
from creatorbook.stats.size_curve import SizeCurve
from creatorbook.tiers.outcome import per_person
from creatorbook.tiers.sizes import STEP

if TYPE_CHECKING:
    from creatorbook.book import Book

#: a shape this likely is named
LIKELY = 0.8
#: the published findings on, and off
VOICES = {True: "with published findings", False: "this list alone"}


def size_pays(book: Book, *, published: bool = True) -> Findings:
    """How response, and after the campaign orders for the money, go with followers; non-monotone allowed.

    Args:
        book: the campaign.
        published: whether the sentence goes by the published findings too; the table shows both either way.
    """
    people, what = _measured(book)
    drawn = {
        voice: curve_of(people.followers, people.rate, people.noise, published=voice) for voice in VOICES
    }
    curves = {voice: curve for voice, curve in drawn.items() if curve is not None}
    if not curves:
        text = (
            f"Whether size pays here cannot be said yet: {len(people)} of {ENOUGH} creators have {what}. "
            "Typical likes and comments of a few posts each would do; the creators have them."
        )
        return Findings(STEP, (Note(text, "unknown", owner="agency"),), book.formats)
    mine = curves[published]
    items = (
        Note(_told(what, mine)),
        _table(curves, what, len(people)),
        _chart(book, people, mine, what),
        Note(_influence(book, curves[True]), "method"),
        Note("; ".join(pack("tiers")["size_prior"]["sources"]) + ".", "method"),
    )
    return Findings(STEP, items, book.formats)


def _measured(book: Book) -> tuple[pd.DataFrame, str]:
    """followers, rate and noise per person: orders for the money once there are some, else response."""
    if book.stage != "plan" and book.tables.has("orders") and not book.tables.creators.empty:
        people = per_person(book)
        people = people[people.cost.gt(0) & people.followers.gt(0)]
        if people.orders.gt(0).sum() >= ENOUGH:
            rate = (people.orders + 0.5) / people.cost * 1000  # half an order keeps those without one in
            return people.assign(rate=rate, noise=1 / (people.orders + 0.5)), "orders for 1,000 spent"
    people = candidates(book)
    people = people[people.response.gt(0) & people.followers.gt(0)]
    return people.assign(rate=people.response, noise=people.response_noise), "likes and comments ÷ followers"


def _told(what: str, curve: SizeCurve) -> str:
    """The likeliest shape if it is likely enough, and ten times the followers with its range."""
    low, middle, high = _tenfold(curve)
    times = f"ten times the followers go with {middle:.1f} times the rate (likely {low:.1f} to {high:.1f})"
    shape, chance = max(curve.shapes().items(), key=lambda one: one[1])
    if chance >= LIKELY:
        how_sure = f"about {10 * chance:.0f} in 10" if chance < 0.95 else "more than 9 in 10"
        return f"Here the rate ({what}) {shape} with size, {how_sure}; in the middle, {times}."
    if low < 1 < high:
        return f"Whether size pays here ({what}) is too close to call: in the middle, {times}."
    way = "rises" if middle > 1 else "falls"
    return (
        f"Here the rate ({what}) {way} with size in the middle: {times}. Whether it does so throughout is too close "
        "to call."
    )


def _tenfold(curve: SizeCurve) -> tuple[float, float, float]:
    """Rate at about three times the middle size against a third of it."""
    return curve.ratio(10 ** (curve.middle - 0.5), 10 ** (curve.middle + 0.5))


def _table(curves: dict[bool, SizeCurve], what: str, n: int) -> Table:
    rows = []
    for voice, curve in curves.items():
        low, middle, high = _tenfold(curve)
        shapes = curve.shapes()
        rows.append(
            {"voice": VOICES[voice], "middle": middle, "low": low, "high": high, "n": float(n), **shapes}
        )
    columns = {
        "voice": Column("Estimate"),
        "middle": Column("Ten times the followers: rate times", "number", 2, grade="estimated"),
        "low": Column("Low", "number", 2),
        "high": Column("High", "number", 2),
        "n": Column("n", "number"),
        **{shape: Column(shape.capitalize(), "percent", grade="estimated") for shape in shapes},
    }
    return Table(
        f"{STEP}.size_pays", f"Does size pay here? {what[0].upper()}{what[1:]}", pd.DataFrame(rows), columns
    )


def _influence(book: Book, curve: SizeCurve) -> str:
    slope, bend = (book.formats.percent(share) for share in curve.prior_share)
    return (
        f"Of what is known of the slope {slope}, of the bend {bend} comes from published findings; "
        "they can be switched off in the workbook. The curve is a parabola on log scales around which creators differ."
    )


def _chart(book: Book, people: pd.DataFrame, curve: SizeCurve, what: str) -> Chart:
    sizes = np.geomspace(10 ** curve.ends[0], 10 ** curve.ends[1], 25)
    line = pd.DataFrame({"followers": sizes, "rate": [curve.at(size)[1] for size in sizes], "curve": True})
    frame = pd.concat([people[["followers", "rate"]].assign(curve=False), line], ignore_index=True)
    unit = "number" if what.startswith("orders") else "percent"
    picture = charts.scatter(
        frame,
        x="followers",
        y="rate",
        unit_x="number",
        unit_y=unit,
        formats=book.formats,
        xlabel="followers",
        ylabel=what,
        highlight="curve",
        log_x=True,
    )
    alt = f"{len(people)} creators as dots, {what} against followers, with the typical rate at each size as a line of dots."
    return Chart(f"{STEP}.size_pays_chart", "Each creator, and what is usual at that size", alt, picture)
