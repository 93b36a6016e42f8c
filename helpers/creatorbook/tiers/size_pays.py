"""Does size pay here? Response and, after the campaign, orders for the money, against followers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.campaign.lead import who_settles
from creatorbook.findings import (
    Capital,
    Chart,
    Column,
    Count,
    Findings,
    Note,
    Share,
    Table,
    Wording,
    charts,
    ends,
    joined,
    number_of,
    packed,
    say,
    say_many,
)
from creatorbook.packs import pack
from creatorbook.planning.adjusted import ENOUGH, curve_of
from creatorbook.planning.candidates import candidates
from creatorbook.stats.size_curve import SizeCurve
from creatorbook.tiers.outcome import per_person
from creatorbook.tiers.sizes import STEP, is_chosen_already

if TYPE_CHECKING:
    from creatorbook.book import Book

#: what may go with size
ORDERS, RESPONSE = say("orders for 1,000 spent"), say("likes and comments ÷ followers")
#: a shape this likely is named
LIKELY = 0.8
#: the published findings on, and off
VOICES = {True: say("with published findings"), False: say("this list alone")}


def size_pays(book: Book, *, published: bool = True) -> Findings:
    """How response, and after the campaign orders for the money, go with followers; non-monotone allowed.

    Args:
        book: the campaign.
        published: whether the sentence goes by the published findings too; the table shows both either way.
    """
    if is_chosen_already(book):
        return Findings(STEP, (), book.formats)
    people, what = _measured(book)
    drawn = {
        voice: curve_of(people.followers, people.rate, people.noise, published=voice) for voice in VOICES
    }
    curves = {voice: curve for voice, curve in drawn.items() if curve is not None}
    if not curves:
        text = say_many(
            "Whether size pays here cannot be said yet: {n} of {enough} creators has {figure}. "
            "Typical likes and comments of a few posts each would do; the creators have them.",
            "Whether size pays here cannot be said yet: {n} of {enough} creators have {figure}. "
            "Typical likes and comments of a few posts each would do; the creators have them.",
            n=len(people),
            enough=ENOUGH,
            figure=what,
        )
        return Findings(STEP, (Note(text, "unknown", owner=who_settles(book)),), book.formats)
    curve, sources = curves[published], joined(pack("tiers")["size_prior"]["sources"], by="; ")
    items = (
        Note(_verdict(what, curve)),
        _table(curves, what, len(people)),
        _chart(book, people, curve, what),
        Note(_influence(curves[True]), "method"),
        Note(say("{sources}.", sources=sources), "method"),
    )
    return Findings(STEP, items, book.formats)


def _measured(book: Book) -> tuple[pd.DataFrame, Wording]:
    """followers, rate and noise per person: orders for the money once there are some, else response."""
    if book.stage != "plan" and book.tables.has("orders") and not book.tables.creators.empty:
        people = per_person(book)
        people = people[people.cost.gt(0) & people.followers.gt(0)]
        if people.orders.gt(0).sum() >= ENOUGH:
            rate = (people.orders + 0.5) / people.cost * 1000  # half an order keeps those without one in
            return people.assign(rate=rate, noise=1 / (people.orders + 0.5)), ORDERS
    people = candidates(book)
    people = people[people.response.gt(0) & people.followers.gt(0)]
    return people.assign(rate=people.response, noise=people.response_noise), RESPONSE


def _verdict(what: Wording, curve: SizeCurve) -> Wording:
    """The likeliest shape if it is likely enough, and ten times the followers with its range."""
    low, middle, high = _tenfold(curve)
    times = say(
        "ten times the followers go with {middle} times the rate (likely {low} to {high})",
        middle=Count(middle, 1),
        **ends(low, high, "number", 1),
    )
    shape, chance = max(curve.shapes().items(), key=lambda one: one[1])
    if chance >= LIKELY:
        how_sure = say("more than 9 in 10")
        if chance < 0.95:
            how_sure = say("about {n} in 10", n=Count(10 * chance))
        return say(
            "Here the rate ({figure}) {shape} with size, {how_sure}; in the middle, {times}.",
            figure=what,
            shape=packed(shape),
            how_sure=how_sure,
            times=times,
        )
    if low < 1 < high:
        return say(
            "Whether size pays here ({figure}) is too close to call: in the middle, {times}.",
            figure=what,
            times=times,
        )
    if middle > 1:
        return say(
            "Here the rate ({figure}) rises with size in the middle: {times}. Whether it does so throughout is too "
            "close to call.",
            figure=what,
            times=times,
        )
    return say(
        "Here the rate ({figure}) falls with size in the middle: {times}. Whether it does so throughout is too close "
        "to call.",
        figure=what,
        times=times,
    )


def _tenfold(curve: SizeCurve) -> tuple[float, float, float]:
    """Rate at about three times the middle size against a third of it."""
    return curve.ratio(10 ** (curve.middle - 0.5), 10 ** (curve.middle + 0.5))


def _table(curves: dict[bool, SizeCurve], what: Wording, n: int) -> Table:
    """The curve with and without the published findings."""
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
        **{shape: Column(Capital(packed(shape)), "percent", grade="estimated") for shape in shapes},
    }
    title = say("Does size pay here? {figure}", figure=Capital(what))
    return Table(f"{STEP}.size_pays", title, pd.DataFrame(rows), columns)


def _influence(curve: SizeCurve) -> Wording:
    slope, bend = (Share(share) for share in curve.prior_share)
    return say(
        "Of what is known of the slope {slope}, of the bend {bend} comes from published findings; "
        "they can be switched off in the workbook. The curve is a parabola on log scales around which creators differ.",
        slope=slope,
        bend=bend,
    )


def _chart(book: Book, people: pd.DataFrame, curve: SizeCurve, what: Wording) -> Chart:
    """Everybody as a dot, with the typical rate at each size."""
    sizes = np.geomspace(10 ** curve.ends[0], 10 ** curve.ends[1], 25)
    line = pd.DataFrame({"followers": sizes, "rate": [curve.at(size)[1] for size in sizes], "curve": True})
    dots = pd.concat([people[["followers", "rate"]].assign(curve=False), line], ignore_index=True)
    unit = "number" if what is ORDERS else "percent"
    picture = charts.scatter(
        dots,
        x="followers",
        y="rate",
        unit_x="number",
        unit_y=unit,
        formats=book.formats,
        xlabel="followers",
        ylabel=what.write(book.formats),
        highlight="curve",
        log_x=True,
    )
    alt = say(
        "{creators} as dots, {figure} against followers, with the typical rate at each size as a line of dots.",
        creators=number_of("creator", len(people)),
        figure=what,
    )
    read = say(
        "Each single dot is a creator. The dots in a line are what is usual at that number of followers: a line that "
        "stays level says that size makes no difference. Each step to the right is ten times the followers."
    )
    title = "Each creator, and what is usual at that size"
    return Chart(f"{STEP}.size_pays_chart", title, alt, picture, note=read)
