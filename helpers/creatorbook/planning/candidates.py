"""Who could be in the campaign: one row per person, with what they cost and what is known of their posts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pandas.core.groupby import DataFrameGroupBy

from creatorbook.book import MONEY
from creatorbook.campaign.benefits import listed_benefit
from creatorbook.campaign.people import in_question
from creatorbook.campaign.sizes import scheme_of, size_of
from creatorbook.client import Range
from creatorbook.finance.costs import planned_fees, planned_own_cost
from creatorbook.memo import per_book_free_of
from creatorbook.packs import pack
from creatorbook.planning.own_past import moved
from creatorbook.text.states import has_agreed

if TYPE_CHECKING:
    from creatorbook.book import Book

#: fewer posts say little about a typical one
ENOUGH_POSTS = 4


@per_book_free_of(MONEY - {"costs"})
def candidates(book: Book) -> pd.DataFrame:
    """One row per person who takes part or may still (`campaign.people`).

    Columns: creator, handle, platform, followers (largest account), accounts, fee (0 also where a gift is said to be
    all, see `_fees`), gift_cost, cost (all that is known of what they cost beforehand; missing while the fee is), hours,
    pieces (agreed, if stated), views (of a typical post), views_from (`posts`, `typed` or missing), response (likes and
    comments per follower), views_noise and response_noise
    (variance of the natural log of what was measured; missing where it was typed), tier, agreed.
    Agreed is who has said so; “live” and “paid” may have been written after the day of the plan.
    """
    accounts = in_question(book).sort_values(["followers", "handle"], ascending=[False, True], kind="stable")
    grouped = accounts.groupby("creator", sort=False)
    of_largest = ["handle", "platform", "followers", "typical_views", "typical_likes", "typical_comments"]
    people = grouped.head(1).set_index("creator")[of_largest]  # one account's: none of another's beside them
    people[["deliverables", "state", "benefit"]] = grouped[["deliverables", "state", "benefit"]].first()
    people["accounts"] = grouped.size()
    people[["gift_cost", "hours"]] = grouped[["gift_cost", "hours"]].max()
    people["fee"] = planned_fees(book).reindex(people.index)
    people["fee"] = _fees(book, people)
    people["cost"] = planned_own_cost(book).reindex(people.index).where(people.fee.notna())
    people["pieces"] = people.deliverables.map(count_pieces)
    people["agreed"] = [pd.notna(state) and has_agreed(state) for state in people.state]
    people = people.reset_index().merge(_typical_posts(book), on="handle", how="left")
    return _filled(book, people).sort_values(
        ["followers", "handle"], ascending=[False, True], kind="stable", ignore_index=True
    )


def _fees(book: Book, people: pd.DataFrame) -> pd.Series:
    """The fee as listed; 0 where none is listed but a gift is, and the list or the playbook says that it is all.

    Any other fee that is missing is not known: somebody still to be asked is nobody who works for a gift.
    """
    named = [listed_benefit(row) == "gift" for row in people.to_dict("records")]
    gift_is_all = pd.Series(named, people.index, dtype=bool) | (book.campaign.playbook == "organic_seeding")
    return people.fee.mask(people.fee.isna() & people.gift_cost.notna() & gift_is_all, 0.0)


def count_pieces(deliverables: object) -> float:
    """How many pieces a text such as `2 reels, 3 stories` promises; missing if it names no number."""
    numbers = re.findall(r"(?<![\w.])(\d{1,2})\s*(?:x\s*)?[A-Za-z]", str(deliverables or ""))
    return float(sum(map(int, numbers))) if numbers else float("nan")


def assumption(book: Book, name: str) -> Range:
    """A range by name, with its source: the campaign file's, else that of `packs/benchmarks.yml`.

    What is published is moved towards what the client's own past campaigns showed, if any are in the ledger.
    """
    if name in book.campaign.assumptions:
        return book.campaign.assumptions[name].model_copy(update={"source": "campaign file: assumptions"})
    row = pack("benchmarks")["assumptions"][name]
    published = Range(low=row["low"], likely=row["likely"], high=row["high"], source=row["source"])
    return moved(book, name, published)


def hours(people: pd.DataFrame) -> tuple[float, float]:
    """Own hours for these people: their own figure where there is one, else the pack's range for each."""
    usual = pack("fees")["hours_per_creator"]
    stated, others = float(people.hours.fillna(0).sum()), int(people.hours.isna().sum())
    return stated + usual["low"] * others, stated + usual["high"] * others


def half_have(people: pd.DataFrame, column: str) -> bool:
    """Whether a figure such as typical views is there for at least half of the people."""
    return len(people) > 0 and float(people[column].notna().mean()) >= 0.5


def gifted(people: pd.DataFrame) -> pd.Series:
    """Who is known to get no fee, so that nothing is owed and not all of them post."""
    return people.fee == 0


def pieces(book: Book, people: pd.DataFrame) -> pd.Series:
    """Pieces per person: as agreed, else the likely number of the assumption."""
    return people.pieces.fillna(assumption(book, "posts_per_creator").likely)


def pieces_that_appear(book: Book, people: pd.DataFrame) -> pd.Series:
    """Of these, those that are likely to appear: not everybody posts after a gift."""
    made = pieces(book, people)
    return made.where(~gifted(people), made * assumption(book, "gifted_post_rate").likely)


def _typical_posts(book: Book) -> pd.DataFrame:
    """Per handle: median views and response of its posts before the campaign, Stories left out."""
    posts = book.tables.posts
    usual = (posts.format.fillna("") != "story") & (posts.published_at < pd.Timestamp(book.campaign.start))
    posts = posts.loc[usual, ["handle", "post_id", "published_at", "views", "likes", "comments"]]
    posts = posts.sort_values(["published_at", "post_id"], kind="stable")
    posts = posts.assign(answers=posts.likes + posts.comments).groupby("handle").tail(24).groupby("handle")
    typical = posts[["views", "answers"]].median().where(posts[["views", "answers"]].count() >= ENOUGH_POSTS)
    typical = typical.rename(columns={"views": "post_views", "answers": "post_answers"})
    return typical.assign(**_noise(posts)).reset_index()


def _noise(posts: DataFrameGroupBy) -> dict[str, pd.Series]:
    """Variance of the natural log of each account's median: pi ÷ 2 times that of its mean."""
    frame = posts.obj
    logs = {"views_noise": frame.views, "response_noise": frame.answers}
    by_account = {
        name: np.log(values.where(values > 0)).groupby(frame.handle) for name, values in logs.items()
    }
    return {name: values.var() / values.count() * (np.pi / 2) for name, values in by_account.items()}


def _filled(book: Book, people: pd.DataFrame) -> pd.DataFrame:
    """Counted figures first, typed ones where there are none; and the size by the campaign's scheme."""
    scheme = scheme_of(book)
    people["views"] = people.post_views.fillna(people.typical_views)
    people["views_from"] = people.post_views.notna().map({True: "posts", False: "typed"})
    people["views_from"] = people.views_from.where(people.views.notna())
    answers = people.post_answers.fillna(people.typical_likes + people.typical_comments)
    people["response"] = answers / people.followers.where(people.followers > 0)
    accounts = zip(people.followers, people.platform, strict=True)
    people["tier"] = [size_of(followers, platform, scheme) for followers, platform in accounts]
    columns = (
        "creator handle platform followers accounts fee gift_cost cost hours pieces views views_from response"
    )
    return people[[*columns.split(), "views_noise", "response_noise", "tier", "agreed"]]
