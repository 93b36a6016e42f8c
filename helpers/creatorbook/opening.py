"""Open one campaign of a client: the only place that reads a folder for a step."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import get_args

import pandas as pd

from creatorbook import exports, plugins, themes
from creatorbook.book import Book, Mode
from creatorbook.client import Campaign, Client, Stage, read_campaign, read_client, read_decisions, read_links
from creatorbook.client.campaign_records import lift_fault, read_lift, read_openings
from creatorbook.client.creator_history import read_history
from creatorbook.client.ledger import read_ledger
from creatorbook.client.relationship_log import read_log
from creatorbook.client.repository import client_folder
from creatorbook.packs import in_force, put_in_force
from creatorbook.problems import Problem
from creatorbook.tables import TABLES, Tables


def read_exports(client: Client) -> exports.Read:
    """A client's exports, read with every reader there is, those of plugins included; all of a plugin's that fails are left out.

    Raises:
        Problem: a file cannot be read, or nobody recognises it.
    """
    without: frozenset[str] = frozenset()
    with in_force(client.all_packs):
        while True:
            readers = plugins.readers(client.replaces, without)
            faults = [str(fault) for fault in plugins.recorded() if fault.concerns(plugins.READERS_HOOK)]
            version = [*plugins.names(), *client.replaces, *faults]
            try:
                return exports.read_folder(client, readers, version, left_out=faults)
            except plugins.LeftOut as left_out:
                without |= {left_out.fault.plugin}


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
        campaign: a campaign's name; none means the one `client.yml` names, else the one that starts last.
        stage: `plan`, `pulse` or `results`; none means found from dates and files.
        mode: `explore`, `report` or `train`.
        as_of: the day to report as of; none means the campaign file's, else the last date in the exports.

    Raises:
        Problem: something in the client folder or the call is wrong.
    """
    its_client = read_client(client_folder(str(client)))
    put_in_force(its_client.all_packs)
    plugins.refuse_unknown(its_client.replaces, its_client.folder / "client.yml")
    its_campaign = read_campaign(its_client, campaign or None)
    if stage and stage not in get_args(Stage):
        raise Problem(f"there is no stage “{stage}”", todo="Stages: plan, pulse, results.")
    if mode not in get_args(Mode):
        raise Problem(f"there is no mode “{mode}”", todo="Modes: explore, report, train.")
    read = read_exports(its_client)
    known_until = _day(as_of) or its_campaign.as_of or last_date(read.tables) or its_campaign.start
    its_stage = stage or find_stage(its_campaign, read.tables, known_until)
    if its_stage == "plan":  # a plan is written before launch, with what was known then
        known_until = min(known_until, its_campaign.start - timedelta(days=1))
    ledger, lift = read_ledger(its_client), read_lift(its_campaign)
    return Book(
        client=its_client,
        campaign=approved(its_campaign, ledger),
        tables=read.tables.until(known_until),
        as_of=known_until,
        stage=its_stage,  # type: ignore[arg-type]
        mode=mode,  # type: ignore[arg-type]
        receipts=read.receipts,
        decisions=read_decisions(its_client),
        issued=read_links(its_campaign),
        lift=lift,
        lift_fault=lift_fault(its_campaign, lift) if lift else "",
        openings=read_openings(its_campaign),
        ledger=ledger,
        history=read_history(its_client),
        contacts=read_log(its_client),
        chart_colours=themes.chart_colours(its_client),
    )


def approved(campaign: Campaign, ledger: pd.DataFrame) -> Campaign:
    """The campaign with who approved its plan and when, where the ledger says so and the campaign file does not."""
    forecast = ledger[(ledger.campaign == campaign.id) & (ledger.act == "forecast")]
    if campaign.approved_by or forecast.empty or not forecast.by.iloc[0]:
        return campaign
    first = {"approved_by": forecast.by.iloc[0], "approved_on": forecast.written_on.iloc[0].date()}
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
