"""Everybody of the list with what is on record of them: what they brought, what they cost, and whether to work with them again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.campaign.decisions import NOT_THIS_TIME
from creatorbook.client.campaign_file import title_of
from creatorbook.finance.costs import planned_fees
from creatorbook.findings import Column, Findings, Note, Table, Text, packed, say, say_many
from creatorbook.history.advice import DECISIONS
from creatorbook.history.marked import STOP, marks_of
from creatorbook.history.past_records import known_records
from creatorbook.memo import per_book
from creatorbook.packs import pack
from creatorbook.text.handles import persons, plain_handles
from creatorbook.vetting.accounts import listed_accounts, platform_name
from creatorbook.vetting.second_review import decisions_kept_back
from creatorbook.vetting.wording import one_note

if TYPE_CHECKING:
    from creatorbook.book import Book

#: statuses in the order they are printed in → how a table says them
STATUSES: dict[str, Text] = {
    "renew": say("renew"),
    "try": say("try"),
    "rest": say("rest"),
    "never": say("never"),
}
#: what was advised after the last campaign → status, where nobody decided otherwise
_BY_ADVICE = {"renew": "renew", "renegotiate": "renew", STOP: "never"}


def creators(book: Book) -> Findings:
    """The roster: history, last price, last result with its range, status, last contact and the next date to talk."""
    frame = roster_frame(book)
    if frame.empty:
        return one_note(book, say("There is nobody on the creators list yet."), "unknown")
    if book.mode == "report" and known_records(book).empty and book.contacts.empty:
        return Findings("vetting", (), book.formats)  # a report leaves out a section that shows nothing
    frame = frame.assign(status=frame.status.map(STATUSES), why=frame.why.astype(object))
    columns = {
        "creator": Column("Creator"),
        "called": Column("Account"),
        "platform": Column("Platform"),
        "followers": Column("Followers", "number"),
        "campaigns": Column("Campaigns with us", "number", grade="counted"),
        "last": Column("Last campaign", missing="–"),
        "orders": Column("Orders then", "number", grade="counted", missing="–"),
        "orders_low": Column("likely from", "number", missing="–"),
        "orders_high": Column("to", "number", missing="–"),
        "profit": Column("Left then", "money", grade="estimated", missing="–"),
        "price_paid": Column("Last price", "money", grade="counted", missing="–"),
        "asks": Column("Asks now", "money", missing="–"),
        "status": Column("Status"),
        "why": Column("Why"),
        "last_contact": Column("Last contact", "date", missing="–"),
        "next_on": Column("Talk next", "date", missing="–"),
    }
    note = say(
        "Renew: the last campaign says so, at the same or a lower price. Try: never tried, or to be tested once more. "
        "Rest: decided against for now. Never: marked stop, or decided against for a reason that stays."
    )
    table = Table(
        "vetting.creators", "Creators and what is on record of them", frame, columns, rows=16, note=note
    )
    return Findings("vetting", (Note(_summary(frame, book)), table), book.formats)


def _summary(frame: pd.DataFrame, book: Book) -> Text:
    """How many there are, and how many campaigns are on record."""
    known = known_records(book).campaign.nunique()
    if not known:
        return say(
            "No result is on record yet: “settle” writes down what each creator brought, once a campaign's returns are in. "
            "A campaign that an earlier release settled is settled once more for it."
        )
    return say_many(
        "{tried} of {people} people of the list are on record, from {n} campaign.",
        "{tried} of {people} people of the list are on record, from {n} campaigns.",
        n=known,
        tried=int((frame.campaigns > 0).sum()),
        people=len(frame),
    )


@per_book
def roster_frame(book: Book) -> pd.DataFrame:
    """One row per person of the list, by status and then by what they left: the columns of `creators`, status as a key."""
    accounts = listed_accounts(book)
    people = accounts.assign(creator=persons(accounts)).drop_duplicates("creator").set_index("creator")
    records, marks = known_records(book), marks_of(book, known_records(book))
    last = records.drop_duplicates("person", keep="last").set_index("person").reindex(people.index)
    contact = _contacts(book, accounts)
    alone = set(persons(accounts.loc[list(decisions_kept_back(book))]))
    judged = [
        _status(marks.loc[name] if name in marks.index else None, decided=name not in alone)
        for name in people.index
    ]
    frame = people[["called", "followers"]].assign(
        handle=people.handle,
        platform=people.platform.map(platform_name),
        campaigns=records.groupby("person").campaign.nunique().reindex(people.index).fillna(0.0),
        last=[np.nan if pd.isna(name) else title_of(name) for name in last.campaign],
        asks=planned_fees(book).reindex(people.index),
        status=[status for status, _ in judged],
        why=pd.Series([why for _, why in judged], index=people.index, dtype=object),
        **{name: last[name] for name in ("orders", "orders_low", "orders_high", "profit", "price_paid")},
        **{name: contact[name].reindex(people.index) for name in ("last_contact", "next_on")},
    )
    rank = frame.status.map({name: place for place, name in enumerate(STATUSES)})
    frame = frame.assign(rank=rank).reset_index(names="creator")
    order = ["rank", "profit", "followers", "creator"]
    ways = [True, False, False, True]
    return frame.sort_values(order, ascending=ways, kind="stable", na_position="last", ignore_index=True)


def _status(mark: pd.Series | None, *, decided: bool) -> tuple[str, Text]:
    """Whether to work with somebody again, and why: what a person decided since goes before what the figures advised.

    While two people are to judge alone, what one of them decided is not read here.
    """
    if mark is None:
        return "try", say("never tried")
    if mark.decision and decided:
        why = say(
            "{decision}: {reason}",
            decision=packed(mark.decision),
            reason=packed(mark.reason) if mark.reason else say("no reason given"),
        )
        if mark.decision == NOT_THIS_TIME:
            return ("never" if mark.reason in pack("reasons")["lasting"] else "rest"), why
        return ("renew" if mark.decision == "Shortlist" else "try"), why
    return _BY_ADVICE.get(mark.advice, "try"), DECISIONS.get(mark.advice, say("nothing was advised"))


def _contacts(book: Book, accounts: pd.DataFrame) -> pd.DataFrame:
    """By person the last entry of the log and the day to talk next, where one is still to come or was missed."""
    log = book.contacts
    if book.mode == "report":  # a report knows its day; whoever works here wants what was said this morning
        log = log[log["date"] <= pd.Timestamp(book.as_of)]
    by_handle = dict(zip(plain_handles(accounts.handle), persons(accounts), strict=True))
    log = log.assign(person=log.handle.map(by_handle)).dropna(subset="person")
    last = log.groupby("person")["date"].max()
    agreed = log.dropna(subset="next_on").drop_duplicates("person", keep="last").set_index("person")
    due = agreed.next_on.where(agreed.next_on > last.reindex(agreed.index))
    return pd.DataFrame({"last_contact": last, "next_on": due})
