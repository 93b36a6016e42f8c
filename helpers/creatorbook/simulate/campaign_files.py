"""What a client with several campaigns keeps beside the last one's file, and what is true of each campaign.

Each campaign has its file. Codes that were issued for an earlier one stand in `campaigns/<name>.links.csv`; the
creators list holds the last campaign's codes and the latest fee asked. `decisions.csv` tells who was asked to take part
in which campaign. An earlier campaign's file reports as of the day before the next one began, so that each campaign
counts its own orders; an `as_of` in its text goes before. The cost sheet names the
campaign of each cost.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd

from creatorbook.client.records import DECISION_COLUMNS, LINK_COLUMNS
from creatorbook.simulate import judged
from creatorbook.simulate.campaigns import OneCampaign, expected_in, settings_of, usual_orders
from creatorbook.simulate.client_files import campaign_file
from creatorbook.simulate.prices import QUOTED
from creatorbook.simulate.settings import Settings
from creatorbook.simulate.world import World

#: How long before a campaign's first day its creators are chosen, and codes are issued.
CHOSEN_BEFORE, ISSUED_BEFORE = timedelta(days=10), timedelta(days=3)


def other_files(world: World) -> dict[str, str]:
    """Place in the client folder → text: files of the campaigns beside the last one; none where there are none."""
    files = {}
    for one, following in pairwise(world.campaigns):
        eve = following.settings.start - timedelta(days=1)
        files[f"campaigns/{one.name}.yml"] = _as_of(one.settings, eve)
        files[f"campaigns/{one.name}.links.csv"] = _csv(_issued(one))
    if upcoming := world.settings.upcoming:
        text = campaign_file(settings_of(upcoming, world.settings))
        files[f"campaigns/{upcoming.campaign}.yml"] = text
    if len(world.campaigns) > 1:
        files["decisions.csv"] = _csv(_decisions(world))
    return files


def _as_of(settings: Settings, day: date) -> str:
    """The campaign file, which reports as of a day unless its own text names another."""
    if any(line.startswith("as_of:") for line in settings.campaign_text.splitlines()):
        return campaign_file(settings)
    return campaign_file(
        settings.model_copy(update={"campaign_text": f"as_of: {day}\n{settings.campaign_text}"})
    )


def _csv(frame: pd.DataFrame) -> str:
    return frame.to_csv(index=False, lineterminator="\n")


def _issued(one: OneCampaign) -> pd.DataFrame:
    """Codes and links of everybody who took part in an earlier campaign."""
    issued = one.people[one.takes_part].assign(issued_on=str(one.settings.start - ISSUED_BEFORE))
    return issued.sort_values(["creator", "handle"], kind="stable")[LINK_COLUMNS]


def _decisions(world: World) -> pd.DataFrame:
    """Who was chosen for each campaign that ran, account by account; the brand's word, or that of two reviewers."""
    accounts = world.people.sort_values(["creator", "handle"], kind="stable")
    parts = []
    for one in world.campaigns:
        chosen = one.takes_part[accounts.index].to_numpy()
        handles, day = accounts["handle"], one.settings.start - CHOSEN_BEFORE
        views = np.where(chosen, "chosen", "passed_over")
        if reviewers := world.settings.reviewers:
            parts += judged.reviewed(handles, views, reviewers, day, one.settings)
        else:
            reason = np.where(chosen, "audience fits", "not available in these weeks")
            parts.append(judged.decided(handles, views, reason, "", day, world.settings.brand))
    return pd.concat(parts)[DECISION_COLUMNS]


def true_prices(world: World) -> pd.DataFrame:
    """One row per campaign and person who asks for a fee: see `prices`; empty where nothing can be learnt from it."""
    settings = world.settings
    if not (settings.earlier or settings.upcoming or settings.price_room):
        return pd.DataFrame()
    creator = world.people["creator"].reindex(world.prices["account"]).to_numpy()
    return world.prices.assign(creator=creator)[["campaign", "creator", *QUOTED]]


def true_campaigns(world: World) -> pd.DataFrame:
    """One row per campaign and person who took part, or could in the upcoming one; empty where there is one campaign.

    Columns: the lasting part of their ability and it whole (see `campaigns`), orders that are usual for their size and
    engagement, expected and drawn.
    """
    settings = world.settings
    if not (settings.earlier or settings.upcoming):
        return pd.DataFrame()
    parts = [
        one.results[["person", "expected_orders", "drawn_orders"]].assign(
            campaign=one.name, usual_orders=usual_orders(one)
        )
        for one in world.campaigns
    ]
    if upcoming := settings.upcoming:
        expected = expected_in(upcoming, world.campaigns[-1], world.abilities)
        parts.append(expected.assign(campaign=upcoming.campaign, drawn_orders=np.nan))
    rows = pd.concat(parts, ignore_index=True)
    abilities = world.abilities.set_index("person")
    name = world.people[world.people["main"]].set_index("person")["creator"]
    rows["creator"] = rows["person"].map(name)
    rows["lasting"] = abilities["lasting"].reindex(rows["person"]).to_numpy()
    by_campaign = abilities.drop(columns="lasting").stack()
    rows["ability"] = by_campaign.reindex(list(zip(rows["person"], rows["campaign"], strict=True))).to_numpy()
    columns = ["campaign", "creator", "lasting", "ability", "usual_orders", "expected_orders", "drawn_orders"]
    return rows[columns]
