"""The paragraphs of a vetting card that a decision rests on: signals, what is not checked, worth, score, decision."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.finance import economics
from creatorbook.finance.costs import beside_fee
from creatorbook.findings import (
    Capital,
    Count,
    Day,
    Money,
    Share,
    Text,
    ends,
    joined,
    number_of,
    packed,
    say,
    say_many,
    sentences,
)
from creatorbook.memo import per_book
from creatorbook.packs import pack
from creatorbook.text.handles import persons
from creatorbook.vetting import scoring
from creatorbook.vetting.accounts import listed_accounts
from creatorbook.vetting.card_section import CardSection
from creatorbook.vetting.checks_done import card_checks, checks_done, not_checked
from creatorbook.vetting.decided import asked, order_of
from creatorbook.vetting.found_signals import found_signals
from creatorbook.vetting.wording import PART_NAMES

if TYPE_CHECKING:
    from creatorbook.book import Book


NOTHING = say("Nothing stands out")


@per_book
def glances(book: Book) -> pd.Series:
    """By account: `Nothing stands out`, `2 things to look at`, or `Too little to say yet`.

    Too little: no check that could raise a signal has been done.
    """
    able = {signal["check"] for signal in pack("signals")["signals"].values()}
    done = checks_done(book)[sorted(able)].sum(axis=1)
    signals = found_signals(book).account.value_counts().reindex(done.index).fillna(0).astype(int)
    texts = [_glance(n, checks) for n, checks in zip(signals, done, strict=True)]
    return pd.Series(texts, index=done.index, dtype=object)


def _glance(signals: int, checks: int) -> Text:
    if signals:
        return say_many("{n} thing to look at", "{n} things to look at", n=signals)
    return NOTHING if checks >= 2 else say("Too little to say yet")


def at_a_glance_section(book: Book, account: str) -> CardSection:
    """Whether anything stands out, and how much was checked."""
    text = say(
        "{glance} — {done} of {checks} checked.",
        glance=glances(book)[account],
        done=int(checks_done(book).loc[account].sum()),
        checks=len(card_checks()),
    )
    return CardSection(say("At a glance:"), text)


def score_section(book: Book, account: str) -> list[CardSection]:
    """The client's own score with its parts and place, only if it is switched on."""
    if book.client.score is None:
        return []
    heading, scores = say("Score."), scoring.scores(book)
    if account not in scores.index:
        return [CardSection(heading, say("None: less than half of what it weighs is known."))]
    row, parts = scores.loc[account], scoring.score_parts(book)
    values = parts[parts.account == account].set_index("part").value
    shares = [
        say("{part} {share}", part=PART_NAMES[part], share=Share(values[part]))
        for part in scoring.weights(book)
        if part in values.index
    ]
    text = say(
        "{score} of 100 (likely {low}–{high}), rank {first}–{last} of {of}: {parts}.",
        score=round(row.score),
        **ends(row.low, row.high, "number"),
        first=row["first"],
        last=row["last"],
        of=row["of"],
        parts=joined(shares),
    )
    missing = joined(PART_NAMES[part] for part in row.missing)
    left = say("Not known, not counted: {parts}.", parts=missing) if row.missing else None
    return [CardSection(heading, sentences(text, left), "estimated")]


def signals_section(book: Book, account: str) -> CardSection:
    """Each signal with what else explains it and what to ask."""
    heading, signals = say("Signals to check."), found_signals(book)
    points = tuple(
        _signal(row.saw, pack("signals")["signals"][row.signal])
        for row in signals[signals.account == account].itertuples()
    )
    if points:
        return CardSection(heading, "", "estimated", points)
    nothing = glances(book)[account] == NOTHING
    return CardSection(
        heading, say("None at our thresholds.") if nothing else say("Too little was looked at.")
    )


def _signal(saw: Text, kind: dict[str, str]) -> Text:
    return sentences(
        saw,
        say("What else explains it: {causes}.", causes=packed(kind["explains"])),
        say("To ask: {question}", question=packed(kind["ask"])),
    )


def unchecked_section(book: Book, account: str) -> CardSection:
    """The checks not done: which file would do each, and who has it."""
    points = tuple(
        sentences(
            say("{check}: {file}.", check=Capital(packed(check["name"])), file=packed(check["file"])),
            say("From: {who}.", who=packed(check["who"])),
        )
        for check in not_checked(book, account)
    )
    text = "" if points else say("Nothing: all checks were done.")
    return CardSection(say("What we could not check."), text, None, points)


def worth_section(book: Book, account: str) -> CardSection:
    """What an account costs in orders; without a margin, what would settle it."""
    heading, row = say("What is it worth?"), listed_accounts(book).loc[account]
    unit = order_of(book, row, economics.unit_economics(book))
    if unit.contribution is None:
        return CardSection(
            heading,
            say("We cannot say yet: the basket and the gross margin settle it; shop and finance have them."),
        )
    texts = [_needed(book, row, unit)]
    ten = economics.highest_fee(10, unit)
    if ten is not None and ten.likely > 0:
        texts.append(
            say(
                "Highest fee worth paying: {fee} for every 10 orders we expect.",
                fee=Money(ten.likely),
            )
        )
    return CardSection(heading, sentences(*texts), unit.grade)


def _needed(book: Book, row: pd.Series, unit: economics.UnitEconomics) -> Text | None:
    """The orders that pay back what a creator costs (break-even); nothing for an account that costs nothing."""
    one = row.to_frame().T
    cost, besides = asked(book, one).iloc[0], beside_fee(book, persons(one).iloc[0])
    if pd.isna(cost):
        return say("The fee is not available; ask for it.")
    needed = economics.orders_needed(float(cost), unit)
    if needed is None:
        return say("An order leaves nothing at these costs, so no number of orders pays back the fee.")
    if cost <= 0:
        return None
    orders = _orders(needed.low, needed.likely, needed.high)
    if not besides:
        return say("At {fee} we need about {orders}.", fee=Money(row.fee), orders=orders)
    values = {"cost": Money(cost), "besides": besides, "orders": orders}
    if row.fee > 0:
        return say("At {cost} with {besides} we need about {orders}.", **values)
    return say("At {cost} for {besides} we need about {orders}.", **values)


def _orders(low: float, likely: float, high: float) -> Text:
    """Orders needed, with their likely range where there is one."""
    if low == high:
        return number_of("order", Count(likely))
    return say(
        "{likely} (likely {low} to {high}) orders",
        likely=Count(likely),
        **(ends(low, high, "number") | ({} if math.isfinite(high) else {"high": say("any number")})),
    )


def decision_section(decisions: pd.DataFrame, account: str) -> CardSection:
    """What was decided (`decisions_by_account`), why, when and by whom; else what can be decided."""
    heading = say("Your decision:")
    if account not in decisions.index:
        return CardSection(heading, say("Shortlist · Ask for more · Not this time — reason and note."))
    row = decisions.loc[account]
    decided = say(
        "{decision} — {reason}.", decision=packed(str(row.decision)), reason=packed(str(row.reason))
    )
    when = (
        say("({day}, {person})", day=Day(row.date), person=row.by)
        if row.by
        else say("({day})", day=Day(row.date))
    )
    return CardSection(heading, sentences(decided, str(row.note) if row.note else None, when))
