"""What a campaign can buy: packages of creators with price, hours and what they should bring, and the limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from creatorbook.book import MONEY
from creatorbook.campaign.people import everybody
from creatorbook.campaign.roster import person_named
from creatorbook.client import MixRules, Range
from creatorbook.finance.costs import with_rates_on_fee
from creatorbook.finance.price_lines import price_lines
from creatorbook.findings import Wording
from creatorbook.history.marked import stopped_without_reason
from creatorbook.memo import per_book_free_of
from creatorbook.packs import pack
from creatorbook.planning.adjusted import adjusted
from creatorbook.planning.candidates import candidates, gifted, half_have, pieces_that_appear
from creatorbook.planning.own_creators import own_orders
from creatorbook.problems import Problem
from creatorbook.stats.allocation import Group, Limits, Pool

if TYPE_CHECKING:
    from creatorbook.book import Book

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Offers:
    """Packages that can be bought; arrays have one entry per package.

    Attributes:
        people: rows of `candidates` with a price; `cost` is raised to the fair-pay floor, `raised` says by how much.
        person: row of `people` a package belongs to.
        number: how many of the creator's packages it holds.
        costs, hours: money, and own hours.
        worth: what it should bring in the goal's own currency; `None` if too little is known (see `expected`).
        rules: what the campaign file wants the mix to keep to.
        must, never: rows of `people`; who is never in is so by the campaign file, or as marked `stopped`.
        stopped: rows of people whom their last campaign marked stop, and nobody said why to go on.
        overlapping: two rows of `people` whose audiences are known to overlap, and the share that does.
    """

    people: pd.DataFrame
    person: NDArray[np.intp]
    number: NDArray[np.intp]
    costs: Floats
    hours: Floats
    worth: Floats | None
    rules: MixRules
    must: frozenset[int]
    never: frozenset[int]
    stopped: frozenset[int]
    overlapping: tuple[tuple[int, int, float], ...]

    def limits(self, budget: float, share: float = 1.0, overlap: float | None = None) -> Limits:
        """The campaign's limits for so much money for creators; `share`: the most of it for one person."""
        rules = self.rules
        groups = (*self._sizes(), *self._platforms(budget))
        return Limits(
            budget=budget,
            share=min(share, rules.share),
            most=rules.most,
            must=tuple(np.flatnonzero((self.number == 1) & self._of(self.must)).tolist()),
            never=tuple(np.flatnonzero(self._of(self.never)).tolist()),
            hours=tuple(self.hours) if rules.hours is not None else (),
            hours_limit=rules.hours,
            owners=tuple(self.person.tolist()),
            groups=groups,
            overlaps=self._pairs(),
            pools=self._pools(overlap),
        )

    def bought(self, items: list[int]) -> pd.DataFrame:
        """The people behind chosen packages, with cost and pieces of all their packages."""
        people = self.people.iloc[self.person[items]].reset_index(drop=True)
        number = self.number[items]
        return people.assign(cost=self.costs[items], pieces=people.pieces * number, packages=number)

    def _of(self, rows: frozenset[int]) -> NDArray[np.bool_]:
        return np.isin(self.person, list(rows))

    def _sizes(self) -> list[Group]:
        least = self.rules.smallest_group
        tiers = self.people.tier.to_numpy()[self.person]
        return [
            Group(size_limit(tier, least), tuple(np.flatnonzero(tiers == tier).tolist()), least_if_any=least)
            for tier in dict.fromkeys(tiers)
            if least > 1
        ]

    def _platforms(self, budget: float) -> list[Group]:
        """The money that each platform named in the campaign file is to get."""
        on = self.people.platform.fillna("").str.lower().to_numpy()[self.person]
        return [
            Group(
                f"money on {platform}",
                tuple(np.flatnonzero(on == platform.lower()).tolist()),
                least_spend=part.low * budget,
                most_spend=part.high * budget if part.high < 1 else None,
            )
            for platform, part in self.rules.platforms.items()
        ]

    def _pairs(self) -> tuple[tuple[int, int, float], ...]:
        """Pairs of packages whose audiences are known to overlap, with what is counted twice."""
        if self.worth is None:
            return ()
        pairs = []
        for first, second, share in self.overlapping:
            for one in np.flatnonzero(self.person == first):
                for other in np.flatnonzero(self.person == second):
                    twice = share * min(self.worth[one], self.worth[other])
                    pairs.append((int(one), int(other), float(twice)))
        return tuple(pairs)

    def _pools(self, overlap: float | None) -> tuple[Pool, ...]:
        """One crowd per platform, so large that two typical creators share the part that is given."""
        part = overlap if overlap is not None else self.rules.overlap.likely if self.rules.overlap else 0.0
        if self.worth is None or part <= 0:
            return ()
        on = self.people.platform.fillna("").str.lower().to_numpy()[self.person]
        pools = []
        for platform in sorted(set(on)):
            items = np.flatnonzero(on == platform)
            typical = float(self.worth[items][self.number[items] == 1].mean())
            if typical > 0:
                pools.append(Pool(tuple(items.tolist()), typical / part))
        return tuple(pools)


@per_book_free_of(MONEY - {"costs"})
def offers(book: Book) -> Offers:
    """All packages of everyone with a price.

    Raises:
        Problem: the campaign file wants somebody in or out who is not on the list.
    """
    rules = book.campaign.mix
    people = candidates(book)
    must, never = _named(book, people, rules.must, "must"), _named(book, people, rules.never, "never")
    stopped = [name for name in stopped_without_reason(book) if name not in must]
    priced = _floored(book, people[people.cost.notna()])
    unpriced = [name for name in must if name not in set(priced.creator)]
    if unpriced:
        what = f"mix: must names {unpriced[0]}, whose price is not known"
        raise Problem(
            what, book.campaign.path, todo="Add the fee to the creators list: 0 where a gift is all they get."
        )
    rows = {creator: row for row, creator in enumerate(priced.creator)}
    most = np.where(gifted(priced), 1, rules.packages) if len(priced) else np.zeros(0, dtype=int)
    person = np.repeat(np.arange(len(priced)), most)
    number = np.concatenate([np.arange(1, n + 1) for n in most]) if len(priced) else person
    fee = priced.cost - priced.gift_cost.fillna(0)
    usual = pack("fees")["hours_per_creator"]["likely"]
    worth = expected(book, priced)
    return Offers(
        people=priced,
        person=person,
        number=number.astype(np.intp),
        costs=(fee.to_numpy()[person] * number + priced.gift_cost.fillna(0).to_numpy()[person]).round(2),
        hours=priced.hours.fillna(usual).to_numpy()[person] * number,
        worth=None if worth is None else worth.to_numpy()[person] * packages_bring(book, number),
        rules=rules,
        must=frozenset(rows[name] for name in must),
        never=frozenset(rows[name] for name in [*never, *stopped] if name in rows),
        stopped=frozenset(rows[name] for name in stopped if name in rows),
        overlapping=_overlapping(book, rows),
    )


def _overlapping(book: Book, rows: dict[str, int]) -> tuple[tuple[int, int, float], ...]:
    """The overlaps that the campaign file tells, by the rows of the two people; who has no price is left out."""
    pairs = []
    for pair in book.campaign.mix.overlaps:
        first, second = (rows.get(person_named(book, name) or "") for name in pair.between)
        if first is not None and second is not None and first != second:
            pairs.append((first, second, pair.share))
    return tuple(pairs)


def expected(book: Book, people: pd.DataFrame) -> pd.Series | None:
    """What each person may bring towards the goal, for comparison only; `None` if too little is known.

    For sales, once results of the list's people are on record, their orders on average (`own_creators`). Else pieces that should appear, times typical views or typical response, adjusted for small numbers; for the goal
    of content the pieces alone. Who has no figure counts as the lower quarter of what is usual at that size.
    """
    orders = own_orders(book, people) if book.campaign.goal == "sales" else None
    if orders is not None:
        return pd.Series(orders.mean(axis=1), index=people.index)
    appearing = pieces_that_appear(book, people)
    if book.campaign.goal == "content":
        return appearing if half_have(people, "pieces") else None
    by: Literal["response", "views"] = "response" if book.campaign.goal == "community" else "views"
    if not half_have(people, by):
        return None
    shrunk = adjusted(people, by)
    return (shrunk.rates * people.followers * appearing).fillna(0.0)


def size_limit(size: str, least: int) -> str:
    """The name of the limit that a size is tested by so many or by nobody."""
    return f"{size}: {least} or none"


def second_package(book: Book) -> Range:
    """What a second package brings of the first: the campaign file's, else the pack's guess."""
    if "second_package" in book.campaign.assumptions:
        return book.campaign.assumptions["second_package"]
    row = pack("fees")["second_package"]
    return Range(low=row["low"], likely=row["likely"], high=row["high"], source=row["source"])


def packages_bring(book: Book, number: NDArray[np.intp]) -> Floats:
    """What so many packages bring of one: 1, 1 + again, 1 + again + again² …: each package brings the same part of the one before."""
    part = second_package(book).likely
    return np.array([sum(part**k for k in range(n)) for n in number], dtype=float)


def _named(book: Book, people: pd.DataFrame, names: list[str], key: str) -> list[str]:
    """Creators behind names or handles of the campaign file; somebody who takes no part may stand under `never`."""
    candidates, persons = set(people.creator), []
    for name in names:
        person = person_named(book, name)
        if person and person in candidates:
            persons.append(person)
        elif key == "must" or person is None:
            why = f"takes no part ({_why_out(book, person)})" if person else "is not on the creators list"
            raise Problem(
                f"mix: {key} names {name}, who {why}", book.campaign.path, todo="Name a handle of the list."
            )
    return persons


def _why_out(book: Book, person: str) -> str:
    accounts = everybody(book)
    why: Wording = accounts.why[accounts.person == person].iloc[0]
    return why.write(book.formats)


def _floored(book: Book, people: pd.DataFrame) -> pd.DataFrame:
    """Prices raised to the client's floor for an hour of the creator's own work, where a duty to post is agreed."""
    people = people.reset_index(drop=True).assign(raised=0.0)
    floor = book.client.economics.pay_floor_per_hour
    if floor is None or people.empty:
        return people
    work = price_lines(book).set_index("person").work_hours.reindex(people.creator).to_numpy()
    raised = pd.Series(
        np.nan_to_num(np.maximum(floor * work - people.fee.fillna(0).to_numpy(), 0.0)).round(2), people.index
    )
    return people.assign(raised=raised, cost=(people.cost + with_rates_on_fee(book, raised)).round(2))
