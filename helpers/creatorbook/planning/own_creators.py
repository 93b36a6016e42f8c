"""What the people of the list are likely to sell, by what they and others like them sold for this client before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.book import MONEY
from creatorbook.client import Range
from creatorbook.finance.costs import planned_fees, planned_own_cost
from creatorbook.finance.exposure import NEARLY_ALL
from creatorbook.history.creator_outlook import CreatorOutlook, creator_outlook, value_of_trying
from creatorbook.history.past_records import campaigns_remembered, past_records
from creatorbook.memo import per_book_free_of
from creatorbook.planning.candidates import candidates, pieces, pieces_that_appear

if TYPE_CHECKING:
    from creatorbook.book import Book

#: results of people of the list from which others are judged by them
ENOUGH_RESULTS = 5


@per_book_free_of(MONEY - {"costs"})
def own_outlook(book: Book) -> CreatorOutlook | None:
    """Orders that each candidate is likely to bring; `None` while fewer than five results of the list's people are on record."""
    past, people = past_records(book), candidates(book)
    past = past[past.sure.notna()]
    if len(past) < ENOUGH_RESULTS or people.empty:
        return None
    people = people.set_index("creator")
    measured, planned = _exposures(book, past, people)
    following = people[["tier", "platform"]].rename(columns={"tier": "size"}).assign(exposure=planned)
    columns = ["person", "campaign", "size", "platform", "sure", "weight"]
    return creator_outlook(
        past[columns].assign(exposure=measured).reset_index(drop=True),
        following,
        new_product=bool(past.other_product.all()),
        new_market=bool(past.other_market.all()),
    )


def _exposures(book: Book, past: pd.DataFrame, people: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """What orders were bought with, and what they will be, in one measure: views, posts × followers, or followers.

    The best one that is on record for nearly all and can be planned for half of the list.
    """
    appearing = _appearing(book, past, people)
    posts = past.pieces_delivered
    ways = (
        (past.views, _planned_views(past, people, appearing)),
        (posts * past.followers, appearing * people.followers),
        (past.followers, people.followers),
    )
    for measured, planned in ways:
        live = measured[(posts > 0) | posts.isna()]
        if len(live) and (live > 0).mean() >= NEARLY_ALL and (planned > 0).mean() >= 0.5:
            return measured, planned
    return pd.Series(np.nan, index=past.index), pd.Series(np.nan, index=people.index)


#: pieces promised that what is usual weighs beside what somebody delivered before
USUAL_PIECES = 2.0


def _appearing(book: Book, past: pd.DataFrame, people: pd.DataFrame) -> pd.Series:
    """Pieces that are likely to appear: of those on record by the part that they delivered of what they promised."""
    promised, usual = pieces(book, people), pieces_that_appear(book, people)
    pairs = past[["pieces_promised", "pieces_delivered"]].dropna()  # not on file is not undelivered
    sums = pairs.clip(upper=pairs.pieces_promised, axis=0).groupby(past.person).sum()
    share = (sums.pieces_delivered + USUAL_PIECES * usual / promised) / (sums.pieces_promised + USUAL_PIECES)
    return (promised * share.reindex(people.index)).fillna(usual)


def _planned_views(past: pd.DataFrame, people: pd.DataFrame, appearing: pd.Series) -> pd.Series:
    """Views of the pieces planned: those of one's own pieces of past campaigns, else of typical posts.

    Paid pieces are seen more or less often than typical ones: by as much as those of the people on record are.
    """
    sums = past[["views", "pieces_delivered"]].where(past.views > 0).groupby(past.person).sum(min_count=1)
    each = (sums.views / sums.pieces_delivered.where(sums.pieces_delivered > 0)).reindex(people.index)
    ratio = float((each / people.views.where(people.views > 0)).median())
    typical = people.views * (ratio if np.isfinite(ratio) else 1.0)
    return each.fillna(typical) * appearing


def own_orders(book: Book, people: pd.DataFrame) -> np.ndarray | None:
    """Orders on average of these people, person × draw; `None` where nothing is on record, or of somebody of them."""
    outlook = own_outlook(book)
    if outlook is None:
        return None
    places = outlook.people.get_indexer(people.creator)
    return None if (places < 0).any() or not len(places) else outlook.expected[places]


def worth_of_trying(book: Book, people: pd.DataFrame, left: float) -> pd.Series:
    """By row of these people: what a campaign with them is worth for the one after it (`value_of_trying`); 0 where nothing says.

    Args:
        book: the campaign.
        people: rows of `candidates` with a cost.
        left: what an order leaves.
    """
    outlook = own_outlook(book)
    if outlook is None or left <= 0:
        return pd.Series(0.0, index=people.index)
    costs = people.set_index("creator").cost.reindex(outlook.people).fillna(0.0).to_numpy()
    value = pd.Series(value_of_trying(outlook, left, costs), index=outlook.people)
    return pd.Series(value.reindex(people.creator).to_numpy(), index=people.index).fillna(0.0)


#: so sure is the highest fee worth paying: in 8 of 10 cases it pays back
SURE = 0.8


def highest_own_fee(book: Book, outlook: CreatorOutlook, person: str, left: Range | None) -> float | None:
    """The fee up to which somebody's orders pay back in 8 of 10 cases, gift and other own costs taken off; `None` without a margin.

    Args:
        book: the campaign.
        outlook: of its list (`own_outlook`), the person in it.
        person: of the list.
        left: what one of their orders leaves.
    """
    if left is None or left.likely <= 0:
        return None
    drawn = outlook.expected[outlook.people.get_loc(person)]
    beside = float(planned_own_cost(book).get(person, 0.0)) - float(planned_fees(book).get(person, 0.0))
    return max(0.0, left.likely * float(np.quantile(drawn, 1 - SURE)) - beside)


def sold_before(book: Book, people: pd.DataFrame) -> pd.Series:
    """Which of these people have a result on record."""
    known = set(past_records(book).person[past_records(book).sure.notna()])
    return people.creator.isin(known)


def rests_on_own(book: Book) -> list[str]:
    """The campaigns whose creators the plan goes by; none where it does not."""
    return campaigns_remembered(book) if own_outlook(book) is not None else []
