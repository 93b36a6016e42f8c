"""One campaign, opened: the client, the campaign, the tables, the day and the stage."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, get_args

import pandas as pd

from creatorbook import exports, themes
from creatorbook.campaign_records import LiftPlan, Opening, read_lift, read_openings
from creatorbook.client import Campaign, Client, Stage, read_campaign, read_client, read_decisions, read_links
from creatorbook.exports import Receipt
from creatorbook.formats import Formats
from creatorbook.ledger import read_ledger
from creatorbook.problems import Problem
from creatorbook.repository import client_folder
from creatorbook.tables import TABLES, Tables

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
        openings: who let the campaign start although points were open, oldest first.
        ledger: forecasts and outcomes of all the client's campaigns (`ledger.COLUMNS`); empty if there are none.
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
    openings: tuple[Opening, ...] = ()
    ledger: pd.DataFrame = field(default_factory=pd.DataFrame)

    @cached_property
    def formats(self) -> Formats:
        """How this client writes and draws figures."""
        told = self.client
        return Formats.of(told.language, told.market, told.currency, themes.chart_colours(told))

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


def open_book(
    client: str | Path,
    campaign: str | None = None,
    stage: str | None = None,
    mode: str = "explore",
    as_of: str | date | None = None,
) -> Book:
    """Open one campaign of a client: read its files, find the day and the stage.

    Args:
        client: a client folder, or the name of one in `clients/` or `sample_data/`.
        campaign: a campaign's name; none means the only one, or the one that starts last.
        stage: `plan`, `pulse` or `results`; none means found from dates and files.
        mode: `explore`, `report` or `train`.
        as_of: the day to report as of; none means the campaign file's, else the last date in the exports.

    Raises:
        Problem: something in the client folder or the call is wrong.
    """
    told_client = read_client(client_folder(str(client)))
    told_campaign = read_campaign(told_client, campaign or None)
    if stage and stage not in get_args(Stage):
        raise Problem(f"there is no stage “{stage}”", todo="Stages: plan, pulse, results.")
    if mode not in get_args(Mode):
        raise Problem(f"there is no mode “{mode}”", todo="Modes: explore, report, train.")
    read = exports.read_folder(told_client)
    known_until = _day(as_of) or told_campaign.as_of or last_date(read.tables) or told_campaign.start
    found = stage or find_stage(told_campaign, read.tables, known_until)
    if found == "plan":  # a plan is written before launch, with what was known then
        known_until = min(known_until, told_campaign.start - timedelta(days=1))
    ledger = read_ledger(told_client)
    return Book(
        client=told_client,
        campaign=approved(told_campaign, ledger),
        tables=read.tables.until(known_until),
        as_of=known_until,
        stage=found,  # type: ignore[arg-type]
        mode=mode,  # type: ignore[arg-type]
        receipts=read.receipts,
        decisions=read_decisions(told_client),
        issued=read_links(told_campaign),
        lift=read_lift(told_campaign),
        openings=read_openings(told_campaign),
        ledger=ledger,
    )


def approved(campaign: Campaign, ledger: pd.DataFrame) -> Campaign:
    """The campaign with who approved its plan and when, where the ledger says so and the campaign file does not."""
    told = ledger[(ledger.campaign == campaign.id) & (ledger.act == "forecast")]
    if campaign.approved_by or told.empty or not told.by.iloc[0]:
        return campaign
    first = {"approved_by": told.by.iloc[0], "approved_on": told.written_on.iloc[0].date()}
    return campaign.model_copy(update=first)


def find_stage(campaign: Campaign, tables: Tables, as_of: date) -> Stage:
    """Plan before the campaign starts, pulse while it runs, results once it is over and orders are there."""
    if as_of < campaign.start:
        return "plan"
    if as_of <= campaign.end:
        return "pulse" if tables.has("orders") or tables.has("creators", "posted_on") else "plan"
    return "results" if tables.has("orders") else "pulse"


def last_date(tables: Tables) -> date | None:
    """The last day any export speaks of."""
    dated = [name for name in tables if TABLES[name].when and name != "promotions"]
    days = [day for name in dated if (day := tables.last_moment(name)) is not None]
    return max(days).date() if days else None


def _day(value: str | date | None) -> date | None:
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise Problem(f"“{value}” is not a day", todo="Write a day as 2026-03-29.") from None
