"""One campaign, opened: the client, the campaign, the tables, the day and the stage."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Literal

import pandas as pd

from creatorbook import moved
from creatorbook.client import Campaign, Client, Stage
from creatorbook.client.campaign_records import LiftPlan, Opening
from creatorbook.exports.receipts import Receipt
from creatorbook.findings.formats import Formats
from creatorbook.findings.messages import Text
from creatorbook.packs import pack
from creatorbook.tables import Tables
from creatorbook.text.translations import VAT

Mode = Literal["explore", "report", "train"]


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
        chart_colours: of the client's theme; none means the house's.
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
    chart_colours: tuple[str, ...] = ()

    @cached_property
    def formats(self) -> Formats:
        """How this client writes and draws figures."""
        client = self.client
        tax = pack("tax_names").get(client.market, VAT)
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
        return replace(self, client=client, campaign=campaign)


def __getattr__(name: str) -> Any:
    """What stood here before `creatorbook.opening` was."""
    return moved.moved_name(__name__, name)
