"""Who takes part: the one answer that plan, codes, sheets, offers, pulse, costs and results all ask for.

What is written about a person can differ from file to file. It is read in this order, the first that speaks decides:

1. They asked to be forgotten → out.
2. `decisions.csv`: the last decision on any of the person's accounts is “Not this time” → out.
3. The creators list's status says so (declined, no answer, not this time, cancelled) → out, even if shortlisted.
4. A post of theirs is out: a posting day that has come, or a post of the campaign on file → takes part.
5. The status says so (agreed, shipped, draft in …) → takes part. Before launch, “live” and “paid” were written later
   and say nothing.
6. A draft of theirs stands in the campaign file → takes part.
7. Three or more people are shortlisted in `decisions.csv` and this one is not → out.
8. The status is a word nobody knows, or one of somebody who is still asked (long list, contacted …) → open.
9. The last decision is “Ask for more” → open.
10. Nothing of all this: whoever is on the list takes part.

Out is out of what comes: no candidate, no new code, sheet or offer, no reminder, no cost. What has happened stays: codes
that were issued, orders by them, posts, and money on the cost sheet. `took_part` is the answer for results: a post
speaks first there, and a decision taken after the campaign's last day is about the next one.

The words of the status are read by `text.states` (`packs/states.yml`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.book import MONEY_AND_CREDIT
from creatorbook.campaign.decisions import (
    ASK_FOR_MORE,
    NOT_THIS_TIME,
    SHORTLIST,
    decisions_for_the_campaign,
    last_decisions,
    of_the_person,
)
from creatorbook.campaign.order_codes import plain_codes
from creatorbook.campaign.posts import campaign_posts, listed_posting_days
from creatorbook.campaign.roster import issued, person_named, roster
from creatorbook.client.forgotten import is_made_up
from creatorbook.findings import Wording, packed, say
from creatorbook.memo import per_book_free_of
from creatorbook.text.handles import plain_handles
from creatorbook.text.states import OPEN, OUT, TAKES_PART, Standing, is_posted, standing_of, state_of

if TYPE_CHECKING:
    from creatorbook.book import Book

#: from so many shortlisted people on, the others of the list are out
ENOUGH_SHORTLISTED = 3


@dataclass(frozen=True)
class Facts:
    """What is known about one account, and about the person behind it.

    Attributes:
        decision: what the person's last decisions come to; empty if nobody decided.
        word: the list's status as written.
        state: the same in the words of `packs/states.yml`; `None` if nobody knows it, or if it was written later.
        posted, drafted: whether a post of theirs is out, and a draft in.
        passed_over: whether others are shortlisted and this person is not.
        forgotten: whether the person asked to be forgotten.
    """

    decision: str
    word: str
    state: str | None
    posted: bool
    drafted: bool
    passed_over: bool
    forgotten: bool


@per_book_free_of(MONEY_AND_CREDIT)
def everybody(book: Book) -> pd.DataFrame:
    """The creators list (`roster`) with where each account stands.

    Columns besides the list's:
        row, person: the row in the file; who is behind the account.
        main: whether it is the person's largest account, of those that are not out where there is one.
        decision: the last decision on the account, missing without one.
        state: the list's status in the words of `packs/states.yml`; missing if it has none, or one nobody knows.
        standing, why: `takes part`, `open` or `out`, and in a few words why.
        took_part: whether they took part in what has happened, for results.
        left_out: whether they were out of what has happened; an order by their code changes nothing in that.
    """
    accounts, decided = roster(book), last_decisions(book)["decision"]
    stands = [standing_and_why(one) for one in _facts(book, decided)]
    before = _facts(book, decisions_for_the_campaign(book)["decision"])
    stood = [
        TAKES_PART if one.posted else standing_and_why(replace(one, forgotten=False))[0] for one in before
    ]
    accounts = accounts.assign(
        decision=plain_handles(accounts["handle"]).map(decided).astype("str"),
        state=_states(accounts),
        standing=pd.Series([standing for standing, _ in stands], index=accounts.index, dtype="str"),
        why=pd.Series([why for _, why in stands], index=accounts.index, dtype=object),
        took_part=pd.Series([one == TAKES_PART for one in stood], index=accounts.index, dtype=bool),
        left_out=pd.Series([one == OUT for one in stood], index=accounts.index, dtype=bool),
    )
    return accounts.assign(main=_main(accounts))


def standing_and_why(one: Facts) -> tuple[Standing, Wording]:
    """Where an account stands and why, by the order that this module's first lines give."""
    standing = standing_of(one.state) if one.state else None
    state = packed(one.state or "")
    unknown = bool(one.word) and state_of(one.word) is None
    rules: list[tuple[bool, Standing, Wording]] = [
        (one.forgotten, OUT, say("asked to be forgotten")),
        (one.decision == NOT_THIS_TIME, OUT, say("decided against")),
        (standing == OUT, OUT, state),
        (one.posted, TAKES_PART, say("a post is out")),
        (standing == TAKES_PART, TAKES_PART, state),
        (one.drafted, TAKES_PART, say("a draft is in")),
        (one.passed_over, OUT, say("not on the shortlist")),
        (unknown, OPEN, say("“{word}”, a word nobody here knows", word=one.word)),
        (standing == OPEN, OPEN, state),
        (one.decision == ASK_FOR_MORE, OPEN, say("asked for more")),
    ]
    for speaks, decided, why in rules:
        if speaks:
            return decided, why
    return TAKES_PART, say("on the list")


def in_question(book: Book) -> pd.DataFrame:
    """Accounts that take part or may still: those of the plan, of codes, sheets and offers, and of the pulse."""
    accounts = everybody(book)
    return accounts[accounts["standing"] != OUT]


def taking_part(book: Book) -> pd.DataFrame:
    """Accounts that take part."""
    accounts = everybody(book)
    return accounts[accounts["standing"] == TAKES_PART]


def out_with_traces(book: Book) -> pd.DataFrame:
    """People who are out though a code of theirs is out already: person, why, code.

    The code was issued, or stands in the list; its orders count as before.
    """
    accounts = everybody(book)
    out = accounts[accounts["standing"] == OUT]
    given, keys = issued(book, "code"), zip(out["handle"], out["platform"], strict=True)
    codes = pd.Series([given.get(key) for key in keys], index=out.index, dtype="str")
    out = out.assign(code=plain_codes(codes.fillna(out["code"])))
    still_in = set(in_question(book)["person"])
    out = out[out["code"].notna() & ~out["person"].isin(still_in)]
    return out.drop_duplicates("person")[["person", "why", "code"]].sort_values(
        "person", kind="stable", ignore_index=True
    )


def _states(accounts: pd.DataFrame) -> pd.Series:
    words = accounts["status"].fillna("")
    return pd.Series([state_of(word) for word in words], index=accounts.index, dtype="str")


def _facts(book: Book, decided: pd.Series) -> list[Facts]:
    """What is known of each account under the given decisions (plain handle → decision)."""
    accounts = roster(book)
    person = accounts["person"]
    states = _states(accounts)
    if book.stage == "plan":
        states = states.mask(states.fillna("").map(is_posted).astype(bool))

    def of_somebody(rows: pd.Series) -> pd.Series:
        return person.isin(person[rows.astype(bool)])

    decisions = of_the_person(book, decided)
    out = states.map(standing_of, na_action="ignore") == OUT
    shortlisted = (decisions == SHORTLIST) & ~out
    enough = person[shortlisted].nunique() >= ENOUGH_SHORTLISTED
    days, posts = listed_posting_days(book).notna(), campaign_posts(book)["handle"]
    drafts = {person_named(book, draft.handle) for draft in book.campaign.drafts} - {None}
    columns = (
        *(
            decisions,
            accounts["status"].fillna("").str.strip(),
            [None if pd.isna(one) else one for one in states],
        ),
        *(of_somebody(days | accounts["handle"].isin(posts)), person.isin(drafts)),
        ~(decisions == SHORTLIST) & enough,
        [is_made_up(str(one)) for one in person],
    )
    return [Facts(*row) for row in zip(*columns, strict=True)]


def _main(accounts: pd.DataFrame) -> pd.Series:
    """The largest account of each person, of those that are not out where there is one."""
    ranked = accounts.assign(out=accounts["standing"] == OUT).sort_values(
        ["person", "out", "followers", "handle"], ascending=[True, True, False, True], kind="stable"
    )
    return (~ranked["person"].duplicated()).reindex(accounts.index)
