"""Whether what was to be held back was held back: looked for in campaign posts and in orders with creators' codes.

A stored comparison rests on a promise: creators leave some products, markets or regions alone. Who showed one of them
after all is named, and the claim is weakened or withdrawn by the rule of `packs/lift.yml`. Where creators' orders hold
what was held back as often as anybody's do, nothing was held back in effect.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from creatorbook.campaign.lift_designs import counts_by_group
from creatorbook.campaign.posts import campaign_posts
from creatorbook.finance.claims import claimed_orders, owners
from creatorbook.findings import Share, Text, joined, say, say_many
from creatorbook.memo import per_book
from creatorbook.packs import pack

if TYPE_CHECKING:
    from creatorbook.book import Book
    from creatorbook.client.campaign_records import LiftPlan

#: so many creators are named in a sentence
MOST_NAMED = 3
#: a shorter name, such as a country's code, is not looked for in captions: it is part of too many words
SHORTEST_NAME = 4


@dataclass(frozen=True)
class Promise:
    """What the campaign's files tell of the promise behind a stored comparison.

    Attributes:
        shown: posts that name what was to be held back: creator, group, day.
        part_of_posts: their part of the campaign's posts of these days whose text is on file; 0 without any.
        sold: creators whose code brought more of what was held back than chance allows if they left it alone.
        as_usual: how often what was held back is in creators' orders, against its part in all others: the low end of
            the range (1 is as often); `None` where too little is on file.
    """

    shown: pd.DataFrame
    part_of_posts: float = 0.0
    sold: tuple[str, ...] = ()
    as_usual: float | None = None

    @property
    def by_many(self) -> bool:
        """Whether so many posts show what was to be held back that both sides met the campaign."""
        return self.part_of_posts >= pack("lift")["promise"]["many_posts"]

    @property
    def in_no_orders(self) -> bool:
        """Whether creators' orders know nothing of it: what was to be held back is in them as often as in all others."""
        return self.as_usual is not None and self.as_usual >= pack("lift")["promise"]["as_usual"]

    @property
    def broken(self) -> bool:
        """Whether anybody showed what was to be held back: what was sold of it is no measure of what comes anyway."""
        return len(self.shown) > 0 or len(self.sold) > 0 or self.in_no_orders

    @property
    def in_short(self) -> Text:
        """The same for the first page: who, without what."""
        names = sorted({*self.shown.creator, *self.sold})
        if not names:
            return self.words
        return say("{creators} showed some of these", creators=joined(names, last="and", most=MOST_NAMED))

    @property
    def words(self) -> Text:
        """Who showed what after all; empty where the promise was kept as far as files tell."""
        posts, names = len(self.shown), sorted({*self.shown.creator, *self.sold})
        creators = joined(names, last="and", most=MOST_NAMED)
        if self.by_many:
            return say_many(
                "{n} post, {share} of them, shows what was to be held back ({creators})",
                "{n} posts, {share} of them, show what was to be held back ({creators})",
                n=posts,
                share=Share(self.part_of_posts),
                creators=creators,
            )
        if posts:
            return say_many(
                "{n} post of {creators} shows {groups}, which was to be held back",
                "{n} posts of {creators} show {groups}, which were to be held back",
                n=posts,
                creators=creators,
                groups=joined(sorted(set(self.shown.group)), last="and", most=MOST_NAMED),
            )
        if self.in_no_orders:
            return say(
                "orders by creators' codes hold what was to be held back about as often as all others do"
            )
        return (
            say("the codes of {creators} sold what was to be held back", creators=creators)
            if self.sold
            else ""
        )


@per_book
def promise(book: Book) -> Promise:
    """What posts and orders tell of the stored comparison's promise; nothing found where no comparison is stored."""
    plan = book.lift
    nothing = pd.DataFrame(columns=["creator", "group", "day"])
    if plan is None or not plan.untouched:
        return Promise(nothing)
    posts = campaign_posts(book).dropna(subset=["caption"])
    posts = posts[posts.published_at.dt.date <= plan.ends_on]
    shown = _shown(book, plan, posts)
    part = shown.post_id.nunique() / len(posts) if len(posts) else 0.0
    return Promise(shown, part, *_sold(book, plan))


def _shown(book: Book, plan: LiftPlan, posts: pd.DataFrame) -> pd.DataFrame:
    """Posts whose text or link names a group that was to be left alone: creator, group, day, post_id."""
    rows = [
        (post.handle, group, post.published_at.normalize(), post.post_id)
        for post in posts.itertuples()
        for group in named_groups(str(post.caption), plan.untouched, plan.treated)
    ]
    frame = pd.DataFrame(rows, columns=["handle", "group", "day", "post_id"])
    return frame.assign(creator=frame.handle.map(owners(book)).fillna(frame.handle))


def named_groups(text: str, untouched: list[str], treated: list[str]) -> list[str]:
    """Which of the untouched groups a text or a link in it names; a longer name of the other side goes first."""
    rest, names = text.casefold(), []
    for name in sorted([*untouched, *treated], key=lambda one: (-len(one), one)):
        pattern = r"(?<!\w)" + r"[\W_]+".join(map(re.escape, re.findall(r"\w+", name.casefold()))) + r"(?!\w)"
        if len(name) >= SHORTEST_NAME and re.search(pattern, rest):
            rest = re.sub(pattern, " ", rest)
            names += [name] if name in untouched else []
    return sorted(names)


def _sold(book: Book, plan: LiftPlan) -> tuple[tuple[str, ...], float | None]:
    """Creators whose codes sold too much of what was held back, and how usual it is in their orders together."""
    counts = counts_by_group(book, plan.design)
    if "order_id" not in counts:
        return (), None
    days = counts.ordered_at.dt.date
    inside = counts[
        days.between(plan.starts_on, plan.ends_on) & counts.group.isin([*plan.treated, *plan.untouched])
    ]
    claimed = claimed_orders(book)
    by_code = claimed[claimed.claim == "code"].drop_duplicates("order_id").set_index("order_id").creator
    untouched, creator = inside.group.isin(plan.untouched), inside.order_id.map(by_code)
    elsewhere = untouched[~inside.order_id.isin(claimed.order_id)]
    if not elsewhere.sum() or creator.isna().all():
        return (), None
    rules, usual = pack("lift")["promise"], float(elsewhere.mean())
    each = untouched.groupby(creator).agg(["sum", "size"]).sort_index(kind="stable")
    chance = stats.binom.sf(each["sum"] - 1, each["size"], usual)
    k, n = int(each["sum"].sum()), int(each["size"].sum())
    low = float(stats.beta.ppf(0.05, k + 0.5, n - k + 0.5)) / usual
    return tuple(each.index[np.asarray(chance) < rules["by_chance"]]), low
