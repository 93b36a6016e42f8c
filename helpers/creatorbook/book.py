"""One campaign, opened: the client, the campaign, the tables, the day and the stage."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cached_property, wraps
from typing import Any, Literal, TypeVar

import pandas as pd

from creatorbook import moved
from creatorbook.client import Campaign, Client, Stage
from creatorbook.client.campaign_records import LiftPlan, Opening
from creatorbook.client.creator_history import HISTORY_COLUMNS
from creatorbook.client.relationship_log import LOG_COLUMNS
from creatorbook.exports.receipts import Receipt
from creatorbook.findings.formats import Formats
from creatorbook.findings.messages import Text
from creatorbook.packs import in_force
from creatorbook.tables import Tables
from creatorbook.text.tax import tax_name

Answer = TypeVar("Answer")

Mode = Literal["explore", "report", "train"]

#: assumptions of money: who takes part, which orders are sales and who brought them do not hang on them
MONEY = frozenset({"margin", "return_rate", "average_order_value", "budget", "costs"})
#: the same and the rule which trace wins: what is known before orders are credited does not hang on them
MONEY_AND_CREDIT = MONEY | {"precedence"}


@dataclass(frozen=True)
class Book:
    """What a step needs to know.

    Attributes:
        tables: everything known at the end of `as_of`.
        receipts: one import receipt per file in `exports/`.
        decisions: `decisions.csv`, last decision per creator last; empty if there is none.
        issued: codes and links issued for the campaign (`client.LINK_COLUMNS`); empty if none is.
        lift: how the campaign's lift is measured, stored before launch; `None` if nothing was stored.
        lift_fault: why no claim can rest on what is stored: it was changed since, or written after the start; else empty.
        openings: who let the campaign start although points were open, oldest first.
        ledger: forecasts and outcomes of all the client's campaigns (`ledger.LEDGER_COLUMNS`); empty if there are none.
        history: what creators brought in the client's settled campaigns (`creator_history.HISTORY_COLUMNS`); empty if none
            has a record.
        contacts: talks, gifts and results shared (`relationship_log.LOG_COLUMNS`); empty if none is written down.
        chart_colours: of the client's theme; none means the house's.
        tried: assumptions that a what-if sets: they win over what files tell. No report has any.
        changed_from: the book as it was opened, of a book under other assumptions.
    """

    client: Client
    campaign: Campaign
    tables: Tables
    as_of: date
    stage: Stage
    mode: Mode = "explore"
    receipts: tuple[Receipt, ...] = ()
    decisions: pd.DataFrame = field(default_factory=pd.DataFrame)
    issued: pd.DataFrame = field(default_factory=pd.DataFrame)
    lift: LiftPlan | None = None
    lift_fault: Text = ""
    openings: tuple[Opening, ...] = ()
    ledger: pd.DataFrame = field(default_factory=pd.DataFrame)
    history: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=HISTORY_COLUMNS))
    contacts: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=LOG_COLUMNS))
    chart_colours: tuple[str, ...] = ()
    tried: frozenset[str] = frozenset()
    changed_from: Book | None = field(default=None, repr=False)

    @cached_property
    def formats(self) -> Formats:
        """How this client writes and draws figures."""
        client = self.client
        tax = tax_name(client.market, client.all_packs)
        return Formats.of(client.language, client.currency, self.chart_colours, tax)

    def changed(self, **assumptions: Any) -> Book:
        """The book under other assumptions: economics, campaign or client values by name.

        Example: `book.changed(margin=Range(low=.5, likely=.5, high=.5), budget=4000)`.

        Raises:
            KeyError: no assumption has that name.
        """
        client, campaign = self.client, self.campaign
        for name, value in assumptions.items():
            if name in type(client.economics).model_fields:
                client = client.model_copy(
                    update={"economics": client.economics.model_copy(update={name: value})}
                )
            elif name in type(campaign).model_fields:
                campaign = campaign.model_copy(update={name: value})
            elif name in type(client).model_fields:
                client = client.model_copy(update={name: value})
            elif name in type(campaign.codes).model_fields:
                codes = campaign.codes.model_copy(update={name: value})
                campaign = campaign.model_copy(update={"codes": codes})
            else:
                raise KeyError(f"no assumption is called {name!r}")
        return replace(self, client=client, campaign=campaign, changed_from=self.changed_from or self)

    def trying(self, **assumptions: Any) -> Book:
        """The book under assumptions that count whatever files tell: a what-if, never a report.

        Raises:
            KeyError: no assumption has that name.
        """
        return replace(self.changed(**assumptions), tried=self.tried | set(assumptions))

    def same_but_for(self, names: frozenset[str]) -> Book:
        """The book that this one was changed from where nothing but some assumptions differs, else this one itself."""
        return self.changed_from if self.changed_from and self._differences <= names else self

    @cached_property
    def _differences(self) -> frozenset[str]:
        """Assumptions and fields in which this book is another than the one it was changed from."""
        before, parts = self.changed_from or self, _parts(self)
        names = (
            name
            for now, then in zip(parts, _parts(before), strict=True)
            for name in now
            if now[name] is not then[name]
        )
        return self.tried.union(names)


def by_its_packs(step: Callable[..., Answer]) -> Callable[..., Answer]:
    """A function of a book that goes by the packs of that book, whichever client was opened last."""

    @wraps(step)
    def asked(*about: Any, **named: Any) -> Answer:
        book = about[0] if about else named.get("book")
        with in_force(book.client.all_packs) if book else nullcontext():
            return step(*about, **named)

    return asked


def steps_by_their_packs(room: dict[str, Any]) -> None:
    """Have all public functions of a book in a room go by the packs of the book they are given.

    Args:
        room: the names of a package (`globals()`), of which `__all__` tells the public ones.
    """
    for name in room["__all__"]:
        code = getattr(room[name], "__code__", None)
        if code and code.co_varnames[:1] == ("book",):
            room[name] = by_its_packs(room[name])


def _parts(book: Book) -> list[dict[str, Any]]:
    """What a book is made of, by name: its own fields, its client's, its campaign's, and what these two hold in parts."""
    whole = (book, book.client, book.client.economics, book.campaign, book.campaign.codes)
    apart = {"client", "campaign", "economics", "codes", "tried", "changed_from"}
    return [{name: vars(one).get(name) for name in _names(one) if name not in apart} for one in whole]


def _names(part: Any) -> list[str]:
    return [one.name for one in fields(part)] if isinstance(part, Book) else list(type(part).model_fields)


def __getattr__(name: str) -> Any:
    """What stood here before `creatorbook.opening` was."""
    return moved.moved_name(__name__, name)
