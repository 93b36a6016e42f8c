"""The creators' board: everybody on the list, what each card says, what is decided on file, and deciding.

The list and the cards' evidence come from the campaign as it was opened; decisions and offers are read from their files
whenever something was written, so that the board shows what stands there, whoever wrote it. Whoever reviews alone does not
see what others decided or marked on a creator until their own decision is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from creatorbook import plugins
from creatorbook.book import Book
from creatorbook.campaign.decisions import standing, verdicts
from creatorbook.campaign.sizes import scheme_of, size_of
from creatorbook.client import read_decisions, record_decisions
from creatorbook.client.price_offers import read_offers, record_offer
from creatorbook.findings import Findings, Money, Text, joined, packed, say, say_many, written
from creatorbook.history.past_records import past_records
from creatorbook.problems import Problem
from creatorbook.text.handles import persons, plain_name
from creatorbook.vetting import reviewers
from creatorbook.vetting.accounts import listed_accounts, platform_name
from creatorbook.vetting.card_conclusions import decision_section, glances
from creatorbook.vetting.card_section import CardSection
from creatorbook.vetting.checks_done import checks_text
from creatorbook.vetting.decided import by_account, ordered
from creatorbook.vetting.price import asked_fee, price_in_words
from creatorbook.vetting.vetting_card import HIDDEN, card_html, evidence_sections
from creatorbook.vetting.with_us import short_text


@dataclass(frozen=True)
class Viewer:
    """Who sits at the board.

    Attributes:
        name: as they sign; empty while nobody has said.
        alone: they do not want to see what others decided before they have.
    """

    name: str = ""
    alone: bool = False


class CreatorsBoard:
    """The board of one opened campaign.

    Attributes:
        book: the campaign as it was opened.
        decisions: `decisions.csv` as it was last read.
        offers: the prices offered, as they were last read.
    """

    def __init__(self, book: Book) -> None:
        self.book = book
        self.decisions, self.offers = book.decisions, read_offers(book.campaign)
        self._accounts = listed_accounts(book)
        self._evidence: dict[tuple[str, bool], list[CardSection]] = {}

    def rows(self) -> list[dict[str, Any]]:
        """One row per account: texts as a reader sees them, and numbers to sort by.

        In the order of what is known (more checks, fewer signals, larger), whatever is decided: who reviews alone would
        read the others' decisions from the order.
        """
        formats, scheme = self.book.formats, scheme_of(self.book)
        accounts = ordered(self.book).sort_values(
            ["done", "signals", "followers", "called"],
            ascending=[False, True, False, True],
            kind="stable",
            na_position="last",
        )
        looks = glances(self.book).reindex(accounts.index)
        people, remembered = persons(accounts), len(past_records(self.book)) > 0
        return [
            {
                "id": account,
                "called": str(row.called),
                "name": "" if people[account] == row.handle else str(people[account]),
                "platform": platform_name(str(row.platform)),
                "size": size_of(row.followers, row.platform, scheme),
                "followers": _number(row.followers),
                "followers_text": "" if pd.isna(row.followers) else formats.number(row.followers),
                "fee": _number(row.fee),
                "fee_text": "" if pd.isna(row.fee) else formats.money(row.fee),
                "checked": int(row.done),
                "checked_text": written(checks_text(int(row.done)), formats),
                "look": written(looks[account], formats),
                "with_us": written(short_text(self.book, account), formats) if remembered else "",
            }
            for account, row in zip(accounts.index, accounts.itertuples(), strict=True)
        ]

    def read_again(self) -> None:
        """Take what stands in the files now."""
        self.decisions, self.offers = read_decisions(self.book.client), read_offers(self.book.campaign)

    def states(self, viewer: Viewer, accounts: Iterable[str] | None = None) -> dict[str, dict[str, Any]]:
        """What is decided and offered, by account, as the viewer may see it.

        Args:
            viewer: who looks.
            accounts: these, and others with the same handle, which a decision is about; none means everybody about whom
                there is anything.
        """
        frame, formats = self.decisions, self.book.formats
        listed = self._accounts
        if accounts is not None:
            listed = listed[listed["handle"].isin(self._listed(accounts)["handle"])]
            frame = frame[frame["handle"].isin(listed["handle"])]
        last = standing(frame).to_dict("index") if len(frame) else {}
        each: dict[str, dict[str, str]] = {}
        for row in verdicts(frame).itertuples() if len(frame) else ():
            each.setdefault(str(row.handle), {})[str(row.by)] = str(row.decision)
        offered = dict(zip(self.offers["handle"], self.offers["offered"], strict=True))
        touched = set(frame["handle"]) | set(offered)
        return {
            account: self._state(viewer, last.get(handle), each.get(handle, {}))
            | (
                {"offered": offered[handle], "offered_text": formats.money(offered[handle])}
                if handle in offered
                else {}
            )
            for account, handle in listed["handle"].items()
            if accounts is not None or handle in touched
        }

    def _state(self, viewer: Viewer, last: dict[str, Any] | None, views: dict[str, str]) -> dict[str, Any]:
        """One account's decision in words; hidden while the viewer is to decide alone and has not."""
        own = {by for by in views if plain_name(by) == plain_name(viewer.name)}
        formats = self.book.formats
        if viewer.alone and not own:
            return {"hidden": last is not None or bool(views)}
        state: dict[str, Any] = {
            "mine": bool(own),
            "second": written(_second(views), formats) if len(views) > 1 else "",
        }
        if len(views) > 1:
            state["differ"] = len(set(views.values())) > 1
        if last is None:
            return state
        return state | {
            "decision": last["decision"],
            "decision_text": written(packed(last["decision"]), formats),
            "reason": written(packed(last["reason"]), formats) if last["reason"] else "",
            "note": last["note"],
            "by": last["by"],
            "on": formats.day(last["date"]),
        }

    def card(self, account: str, viewer: Viewer) -> str:
        """The vetting card of an account as HTML, with the decision that stands on file.

        Raises:
            Problem: the account is not on the list.
        """
        state = self.states(viewer, [account])[account]
        hidden = viewer.alone and not state.get("mine")
        key = (account, hidden)
        if key not in self._evidence:
            self._evidence[key] = evidence_sections(self.book, account, style=HIDDEN if hidden else None)
        if hidden:
            decision = CardSection(say("Your decision:"), HIDDEN)
        else:
            own = self._listed([account])
            rows = self.decisions[self.decisions["handle"].isin(own["handle"])]
            decision = decision_section(by_account(own, standing(rows)), account)
        return card_html(self.book, account, [*self._evidence[key], decision])

    def decide(
        self, accounts: Sequence[str], decision: str, reason: str, note: str, viewer: Viewer, on: date
    ) -> Text:
        """Write one decision on one or several accounts; what was written, in a sentence.

        Whoever reviews alone decides beside the others, not against them: what these wrote meanwhile stops nothing.

        Raises:
            Problem: no name, no account, or as `client.record_decisions`.
        """
        if not viewer.name.strip():
            raise Problem("a decision is signed", todo="Write your name first.")
        listed = self._listed(accounts)
        seen = None if viewer.alone else self.decisions
        try:
            added = record_decisions(
                self.book.client, list(listed["handle"]), decision, reason, note.strip(), viewer.name.strip(),
                on=on, seen=seen, reasons=plugins.decision_reasons(),
            )  # fmt: skip
        finally:
            self.read_again()
        who = joined(listed["called"], most=5)
        if not added:
            return say(
                "{creators}: “{decision}” stands there already.", creators=who, decision=packed(decision)
            )
        return say("{creators}: “{decision}” is written down.", creators=who, decision=packed(decision))

    def price(self, account: str, offered: float | None, orders: float | None) -> str:
        """What the prices need in orders, and the most worth paying, in a sentence."""
        return written(price_in_words(self.book, account, offered, orders), self.book.formats)

    def offer(self, account: str, offered: float, note: str, viewer: Viewer, on: date) -> Text:
        """Write down the fee offered to a creator; what was written, in a sentence.

        Raises:
            Problem: as `client.price_offers.record_offer`.
        """
        row = self._listed([account]).iloc[0]
        try:
            record_offer(
                self.book.campaign, str(row["handle"]), offered, asked_fee(self.book, account),
                note.strip(), viewer.name.strip(), on=on, seen=self.offers,
            )  # fmt: skip
        finally:
            self.read_again()
        return say(
            "{creator}: an offer of {fee} is written down.",
            creator=row["called"],
            fee=Money(offered),
        )

    def agreement(self, viewer: Viewer) -> Findings:
        """Where two people differ; for whoever reviews alone, only where they are one of the two."""
        now = replace(self.book, decisions=self.decisions)
        return reviewers(now, viewer.name if viewer.alone else None)

    def _listed(self, accounts: Iterable[str]) -> pd.DataFrame:
        """The rows of these accounts.

        Raises:
            Problem: one of them is not on the list.
        """
        wanted = list(accounts)
        missing = [account for account in wanted if account not in self._accounts.index]
        if missing:
            todo = "Run the notebook again: the list has changed."
            raise Problem(f"“{missing[0]}” is not on the creators list", todo=todo)
        return self._accounts.loc[wanted]


def _second(views: dict[str, str]) -> Text:
    """What two or more people decided on one account."""
    if len(set(views.values())) == 1:
        return say_many("{n} agrees", "{n} agree", n=len(views))
    return say(
        "they differ: {views}",
        views=joined(
            say("{person}: {decision}", person=by, decision=packed(one)) for by, one in views.items()
        ),
    )


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)
