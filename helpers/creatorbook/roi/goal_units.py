"""What a campaign that is not for sales was made for, counted: people reached, usable pieces, people who came back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.campaign.people import everybody
from creatorbook.campaign.posts import campaign_posts
from creatorbook.campaign.terms import rights_agreed
from creatorbook.finance.claims import owners
from creatorbook.finance.costs import RIGHTS_SHEET, campaign_costs, took_part
from creatorbook.findings import Text, say
from creatorbook.memo import per_book
from creatorbook.tracking.rights import UNKNOWN, may_be_used, register

if TYPE_CHECKING:
    from creatorbook.book import Book


@dataclass(frozen=True)
class Measure:
    """The figure of a goal.

    Attributes:
        one, many: what is counted, in the middle of a sentence: the portion that has a price, and several.
        portion: how many of them have a price together.
        target: key of the campaign file's target for that price (`packs/goals.yml`).
        on_file: what tells it, and who has that.
        in_short: the same in two or three words, at the start of a line.
        lacks: why it is too early without it, in the middle of a sentence.
    """

    one: Text
    many: Text
    portion: int
    target: str
    on_file: Text
    in_short: Text
    lacks: Text


MEASURES = {
    "awareness": Measure(
        say("1,000 people reached"),
        say("people reached"),
        1000,
        "cost_per_thousand",
        say("the posts' reach, from the creators' insights"),
        say("Reach of posts"),
        say("reach not on file"),
    ),
    "content": Measure(
        say("usable piece"),
        say("usable pieces"),
        1,
        "cost_per_piece",
        say("the posts and what may be done with them, from a post log and a rights sheet"),
        say("A post log"),
        say("rights to the pieces not on file"),
    ),
    "community": Measure(
        say("person who came back"),
        say("people who came back"),
        1,
        "cost_per_returning",
        say("the comments under the posts, from the creators' exports"),
        say("Comments exports"),
        say("comments not on file"),
    ),
}


@per_book
def units_of_creators(book: Book) -> pd.Series:
    """Creator who took part → what the campaign's goal counts of theirs; missing where nothing is on file, never zero.

    Raises:
        KeyError: the goal is sales, which orders tell.
    """
    count = {"awareness": _reach, "content": _usable_pieces, "community": _returning}[book.campaign.goal]
    return count(book).reindex(sorted(took_part(book).creator.dropna().unique())).astype(float)


def people_of_posts(book: Book) -> pd.Series | None:
    """Campaign post → people reached, or people who came back, as the goal counts them; `None` for another goal."""
    count = {"awareness": reach_of_posts, "community": _returning_of_posts}.get(book.campaign.goal)
    return count(book) if count else None


# ------------------------------------------------------------------ awareness


def _reach(book: Book) -> pd.Series:
    """People reached in the client's markets at most, over each creator's posts."""
    posts = reach_by_post(book)
    return posts.groupby("creator").people.sum(min_count=1)


def reach_by_post(book: Book) -> pd.DataFrame:
    """Campaign posts whose reach is on file: creator, people (`reach_of_posts`)."""
    posts = campaign_posts(book)
    frame = pd.DataFrame({"creator": posts.handle.map(owners(book)), "people": reach_of_posts(book)})
    return frame[frame.people > 0].dropna().reset_index(drop=True)


def reach_of_posts(book: Book) -> pd.Series:
    """People in the target group whom each campaign post reached (views, where no file has any reach); NaN where no file tells.

    Where no audience file tells a creator's share in the client's markets, it is that of the others.
    """
    posts = campaign_posts(book)
    seen = posts.reach if posts.reach.notna().any() else posts.views
    shares = target_shares(book)
    usual = float(shares.mean()) if len(shares) else 1.0
    return seen * posts.handle.map(shares).astype(float).fillna(usual)


def target_shares(book: Book) -> pd.Series:
    """Account → share of its audience in the client's markets, of those who took part and sent an audience file."""
    audience, accounts = book.tables.audience, everybody(book)
    ours = audience.handle.isin(accounts.handle[accounts.took_part])
    seen = audience[(audience.dimension == "country") & ours]
    inside = seen[seen.segment.isin(book.client.all_markets)].groupby("handle").share.sum()
    return inside.reindex(sorted(seen.handle.unique())).fillna(0.0)


# ------------------------------------------------------------------ content


def _usable_pieces(book: Book) -> pd.Series:
    """Posts that may be used again; missing for whom neither rights nor terms are on file."""
    posts = campaign_posts(book)
    who = posts.handle.map(owners(book))
    settled = who.isin(_rights_told(book))
    return with_rights(book, posts)[settled].astype(float).groupby(who[settled]).sum()


def pieces_without_rights_told(book: Book) -> int:
    """Pieces delivered of which nobody told what may be done with them; they count neither as usable nor as not."""
    who = campaign_posts(book).handle.map(owners(book))
    return int((~who.isin(_rights_told(book))).sum())


def _rights_told(book: Book) -> set[str]:
    """Of whom a rights sheet, a cost sheet or the campaign's terms tell what may be used."""
    agreed = register(book)
    everyone = set(owners(book)) if rights_agreed(book) else set()
    on_sheet = agreed.row.notna() & (agreed.state != UNKNOWN)
    return everyone | set(agreed.person[on_sheet]) | _bought(book)


def _bought(book: Book) -> set[str]:
    """Whose usage rights were paid for; of a price that stands in the rights sheet alone the register tells until when it holds."""
    lines = campaign_costs(book).lines
    return set(lines.creator[(lines.kind == "usage rights") & (lines.source != RIGHTS_SHEET)].dropna())


def with_rights(book: Book, posts: pd.DataFrame) -> pd.Series:
    """Which posts may be reused today: by the rights sheet, bought, or, without a row there, by the campaign's terms."""
    who, agreed = posts.handle.map(owners(book)), register(book)
    by_terms = ~who.isin(agreed.person[agreed.row.notna()]) & rights_agreed(book)
    return who.isin(_bought(book) | may_be_used(book)) | by_terms


# ------------------------------------------------------------------ community


def answers(book: Book) -> pd.DataFrame:
    """Comments of others under campaign posts whose writer is on file: creator, post_id, commenter, again (wrote under two posts)."""
    comments = book.tables.comments
    comments = comments[comments.post_id.isin(campaign_posts(book).post_id)]
    by_creator = comments.by_creator.fillna(value=False).astype(bool)
    others = comments[~by_creator].dropna(subset=["commenter"])
    posts_each = others.groupby("commenter").post_id.nunique()
    return pd.DataFrame(
        {
            "creator": others.handle.map(owners(book)),
            "post_id": others.post_id,
            "commenter": others.commenter,
            "again": others.commenter.map(posts_each).gt(1),
        }
    )


def _returning(book: Book) -> pd.Series:
    """People under each creator's posts who wrote under more than one post of the campaign."""
    people = answers(book).dropna(subset=["creator"]).drop_duplicates(["creator", "commenter"])
    return people.again.astype(float).groupby(people.creator).sum()


def _returning_of_posts(book: Book) -> pd.Series:
    """People under each campaign post who wrote under another one too; NaN where no comment is on file."""
    written, posts = answers(book), campaign_posts(book)
    if written.empty:
        return pd.Series(np.nan, index=posts.index)
    people = written[written.again].groupby("post_id").commenter.nunique()
    return posts.post_id.map(people).fillna(0.0).astype(float)


def usual_spread(values: np.ndarray, group: np.ndarray) -> float:
    """Variance of single values around their group's mean, all groups together; 0 where none has two."""
    labels, place = np.unique(group, return_inverse=True)
    counts = np.bincount(place, minlength=len(labels))
    freedom = len(values) - len(labels)
    if freedom < 1:
        return 0.0
    mean = np.bincount(place, weights=values, minlength=len(labels)) / counts
    return float(((values - mean[place]) ** 2).sum() / freedom)
