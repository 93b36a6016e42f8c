"""What is known of each size, as numbers: value, likely range, how many it rests on, and where from."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.campaign.posts import first_posts
from creatorbook.campaign.sizes import scheme_of
from creatorbook.finance.cost_lines import own_words
from creatorbook.finance.economics import economics_of, orders_needed
from creatorbook.finance.ladder import money_ladder
from creatorbook.findings import Grade, Text, say
from creatorbook.goals.timetable import preparation_days
from creatorbook.memo import per_book
from creatorbook.planning.candidates import candidates, half_have, hours, pieces
from creatorbook.planning.chain import chain, drawn_outcome, stages
from creatorbook.stats.intervals import median_interval, share_interval
from creatorbook.tiers.outcome import by_size
from creatorbook.tiers.sizes import present
from creatorbook.vetting.accounts import listed_accounts, listed_rows
from creatorbook.vetting.agreement import last_reviews
from creatorbook.vetting.audience_fit import audience_match

if TYPE_CHECKING:
    from creatorbook.book import Book

#: grades of evidence, strongest first
COUNTED: Grade = "counted"
ESTIMATED: Grade = "estimated"
ASSUMED: Grade = "assumed"

COLUMNS = ["measure", "tier", "value", "low", "high", "n", "grade", "unit", "digits", "source"]

#: measure → the question it answers; the order of the rows
QUESTIONS = {
    "views": say("How many people see one post? (views, most count one person more than once)"),
    "response": say("How many respond? (likes and comments ÷ followers)"),
    "match": say("Is it our audience?"),
    "per_thousand": say("What does it cost to be seen 1,000 times?"),
    "per_thousand_ours": say("… 1,000 times by our audience?"),
    "per_response": say("What does one like or comment cost?"),
    "per_click": say("What does one click cost?"),
    "per_order": say("What does one order cost?"),
    "orders": say("Orders per 1,000 spent?"),
    "left": say("What is left per 1,000 spent, after all costs of these creators?"),
    "break_even": say("How many orders pay one creator back?"),
    "fee": say("What does one creator cost? ({costs})", costs=own_words()),
    "pieces": say("How many pieces of content per creator?"),
    "pieces_per_thousand": say("… per 1,000 spent?"),
    "hours": say("How many hours for us, all together?"),
    "soon": say("How soon can it be live? (days)"),
    "misfit": say("How many do not fit the brand? (reviewers below 3 of 5)"),
    "share": say("How much hangs on one person? (dearest ÷ all of this size)"),
    "at_risk": say("How bad if one choice is wrong? (the dearest is lost)"),
}
#: below this mark on scales of 1 to 5, reviewers say that an account does not fit
FITS = 3


def weakest(grades: Iterable[Grade]) -> Grade:
    """The grade of what rests on all of these: the weakest of them."""
    return max(grades, key=(COUNTED, ESTIMATED, ASSUMED).index)


def measured(book: Book) -> pd.DataFrame:
    """One row per measure and size (columns: `COLUMNS`); a measure nobody has data for has no row."""
    people, rows = candidates(book), []
    for tier in present(people, scheme_of(book)):
        own = people[people.tier == tier]
        rows += [{"tier": tier, **row} for row in _of_size(book, own)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _of_size(book: Book, own: pd.DataFrame) -> list[dict]:
    """All measures of one size that somebody has data for."""
    each_makes = pieces(book, own)
    agreed, pieces_grade = "creators list", COUNTED
    if own.pieces.isna().any():
        agreed, pieces_grade = "assumed where not agreed", ASSUMED
    price_grade = weakest([ESTIMATED, pieces_grade])
    views_of_all, answers = own.views * each_makes, own.response * own.followers * each_makes
    counted = "posts before the campaign" if _counted(own) else "typed by hand"
    match, of_whom = _match(book, own)
    price = say("price ÷ typical figures of all pieces")
    rows = [
        _median("views", own.views, ESTIMATED, "number", 0, counted),
        _median("response", own.response, ESTIMATED, "percent", 1, "posts before the campaign"),
        _median("match", match, ESTIMATED, "percent", 0, say("audience files, {share}", share=of_whom)),
        _median("per_thousand", own.cost / views_of_all * 1000, price_grade, "money", 0, price),
        _median(
            "per_thousand_ours",
            own.cost / (views_of_all * match) * 1000,
            price_grade,
            "money",
            0,
            say("{price}, {share}", price=price, share=of_whom),
        ),
        _median("per_response", own.cost / answers, price_grade, "money", 2, price),
        *_brought(book, own),
        _break_even(book, own),
        _median("fee", own.cost, COUNTED, "money", 0, "creators list"),
        _median("pieces", each_makes, pieces_grade, "number", 1, agreed),
        _median("pieces_per_thousand", each_makes / own.cost * 1000, pieces_grade, "number", 1, agreed),
        _whole_hours(own),
        _soon(book, own),
        _misfit(book, own),
        *_concentration(own),
    ]
    return [row for row in rows if row]


def _break_even(book: Book, own: pd.DataFrame) -> dict | None:
    unit = economics_of(book, own.creator)
    typical = float(own.cost.median()) if own.cost.notna().any() else None
    needed = orders_needed(typical, unit) if typical is not None else None
    if not needed:
        return None
    high = needed.high if math.isfinite(needed.high) else None
    return _row("break_even", needed.likely, needed.low, high, len(own), unit.grade, "orders", 0, "economics")


def _brought(book: Book, own: pd.DataFrame) -> list[dict]:
    """Clicks, orders and what they leave for the money, on one scale for few dear and many cheap creators."""
    traced = _traced(book, str(own.tier.iloc[0]))
    return traced or _foreseen(book, own)


def _traced(book: Book, tier: str) -> list[dict]:
    """After the campaign, by the orders that were traced to creators of this size."""
    if book.stage == "plan" or not book.tables.has("orders"):
        return []
    sizes = by_size(book)[0]
    of_tier = sizes[(sizes.tier == tier) & (sizes.cost > 0)] if len(sizes) else sizes
    if of_tier.empty:
        return []
    one, source = of_tier.iloc[0], "orders traced, costs known of each creator"
    n, per = int(one.priced), 1000 / one.cost
    orders, low, high = one.priced_orders, one.priced_low, one.priced_high
    dearest = one.cost / low if low > 0 else math.inf
    rows = [_row("orders", orders * per, low * per, high * per, n, COUNTED, "number", 1, source)]
    if orders:
        costs = (one.cost / orders, one.cost / high, dearest)
        rows.insert(0, _row("per_order", *costs, n, COUNTED, "money", 2, source))
    if not math.isnan(one.left):
        ends, grade = (one.left, one.left_low, one.left_high), money_ladder(book).profit_grade
        rows.append(
            _row("left", *ends, n, grade, "money", 0, "the ladder by size, costs known of each creator")
        )
    return rows


def _foreseen(book: Book, own: pd.DataFrame) -> list[dict]:
    """Before it, from typical views and assumed rates."""
    spent = float(own.cost.sum())
    if own.cost.isna().any() or spent <= 0 or not half_have(own, "views"):
        return []
    inputs = chain(book, own)
    reached = [stage for stage in ("clicks", "orders", "contribution") if stage in stages(inputs)]
    ranges = {stage: drawn_outcome(inputs, stage).range() for stage in reached}
    rows = []
    for stage, measure in (("clicks", "per_click"), ("orders", "per_order")):
        if stage in ranges and ranges[stage][1] > 0:
            low, middle, high = ranges[stage]
            dearest = spent / low if low > 0 else math.inf
            rows.append(_assumed(measure, spent / middle, spent / high, dearest, own, "money", 2))
    if "orders" in ranges:
        low, middle, high = (1000 * end / spent for end in ranges["orders"])
        rows.append(_assumed("orders", middle, low, high, own, "number", 1))
    if "contribution" in ranges:
        low, middle, high = (1000 * (end - spent) / spent for end in ranges["contribution"])
        rows.append(_assumed("left", middle, low, high, own, "money", 0))
    return rows


def _assumed(
    measure: str, value: float, low: float, high: float, own: pd.DataFrame, unit: str, digits: int
) -> dict:
    source = "typical views × assumed click and order rates, campaign file or packs/benchmarks.yml"
    return _row(measure, value, low, high, len(own), ASSUMED, unit, digits, source)


def _soon(book: Book, own: pd.DataFrame) -> dict | None:
    """Before launch the days that preparation takes, the same for all; afterwards the days it took."""
    if book.stage == "plan":
        days = float(preparation_days(book))
        return _row("soon", days, None, None, len(own), ASSUMED, "days", 0, "lead times of the playbook")
    first = first_posts(book).reindex(own.creator.to_numpy()).set_axis(own.index)
    took = (first - pd.Timestamp(book.campaign.start)).dt.days.astype(float)
    return _median("soon", took.where(took >= 0), COUNTED, "days", 0, "first posts less campaign start")


def _misfit(book: Book, own: pd.DataFrame) -> dict | None:
    """Share of reviewed accounts whose marks for style or values are below the middle."""
    marks = own.handle.map(_marks(book)).dropna()
    if marks.empty:
        return None
    off, n = int((marks < FITS).sum()), len(marks)
    low, high = share_interval(off, n)
    return _row("misfit", off / n, low, high, n, COUNTED, "percent", 0, "two people's reviews")


@per_book
def _marks(book: Book) -> pd.Series:
    """Per handle, the lower of its mean marks for style and values, each reviewer's last."""
    reviews = last_reviews(book)
    handle = reviews.account.map(listed_accounts(book).handle)
    return reviews.groupby(handle)[["style", "values"]].mean().min(axis=1)


def _counted(own: pd.DataFrame) -> bool:
    return bool((own.views_from == "posts").any())


def _row(
    measure: str,
    value: float,
    low: float | None,
    high: float | None,
    n: int,
    grade: Grade,
    unit: str,
    digits: int,
    source: Text,
) -> dict:
    """One row of `measured`."""
    return {
        "measure": measure,
        "value": value,
        "low": low,
        "high": high,
        "n": n,
        "grade": grade,
        "unit": unit,
        "digits": digits,
        "source": source,
    }


def _median(
    measure: str, values: pd.Series, grade: Grade, unit: str, digits: int, source: Text
) -> dict | None:
    """Median over creators with its interval; no interval below five creators."""
    finite = values[np.isfinite(values)]
    if finite.empty:
        return None
    low, high = median_interval(finite.tolist()) or (None, None)
    return _row(measure, float(finite.median()), low, high, len(finite), grade, unit, digits, source)


def _match(book: Book, own: pd.DataFrame) -> tuple[pd.Series, Text]:
    """Share of each account's audience that fits the first persona, else is in the campaign's markets; and which."""
    matches, account = audience_match(book), own.platform.str.lower() + "/" + own.handle
    if book.client.personas and len(matches):
        persona = book.client.personas[0].name
        fits = matches[matches.persona == persona].set_index("account").match
        return account.map(fits).astype(float), say("share that fits {persona}", persona=persona)
    audience = listed_rows(book, "audience")
    markets = book.campaign.markets or book.client.all_markets
    here = audience[(audience.dimension == "country") & audience.segment.isin(markets)]
    return account.map(here.groupby("account").share.sum()).astype(float), say("share in our markets")


def _whole_hours(own: pd.DataFrame) -> dict:
    """Own hours for everybody of this size together."""
    low, high = hours(own)
    stated = own.hours.notna().all()
    return _row(
        "hours",
        (low + high) / 2,
        low,
        high,
        len(own),
        COUNTED if stated else ASSUMED,
        "hours",
        0,
        "creators list" if stated else "usual hours per creator, replace by your own",
    )


def _concentration(own: pd.DataFrame) -> list[dict]:
    """How much of the money hangs on the dearest, and what losing them costs."""
    whole, dearest = own.cost.sum(), own.cost.max()
    if not whole > 0:
        return []
    n = int(own.cost.notna().sum())
    return [
        _row("share", float(dearest / whole), None, None, n, COUNTED, "percent", 0, "creators list"),
        _row("at_risk", float(dearest), None, None, n, COUNTED, "money", 0, "creators list"),
    ]
