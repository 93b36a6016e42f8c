"""`campaigns/<campaign>.offers.csv`: what was offered to creators; rows are only added, the last one on a handle stands.

An offer is no agreement: a plan reckons with the fee of the creators list until somebody writes the agreed one there.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from creatorbook.client.campaign_file import Campaign
from creatorbook.client.forgotten import forgotten_in
from creatorbook.client.records import read_rows
from creatorbook.client.writing import append_rows, writing
from creatorbook.problems import Problem
from creatorbook.text.handles import plain_handle

#: asked and offered are fees without VAT in the client's currency; asked is empty where no file tells it
OFFER_COLUMNS = ["date", "handle", "asked", "offered", "note", "by"]


def offers_path(campaign: Campaign) -> Path:
    """Where it is kept what was offered to whom: beside the campaign's file."""
    return campaign.path.with_name(f"{campaign.id}.offers.csv")


def read_offers(campaign: Campaign) -> pd.DataFrame:
    """The last offer on each handle (`OFFER_COLUMNS`; asked and offered as numbers); no rows if none is made.

    Raises:
        Problem: a column is missing, an offer is no number, or the file is not UTF-8 text.
    """
    path = offers_path(campaign)
    rows = read_rows(path, OFFER_COLUMNS, forgotten_in(campaign.owner))
    for line, row in enumerate(rows, start=2):
        row |= {
            "handle": plain_handle(row["handle"]),
            "offered": _amount(row["offered"], path, line, "offered"),
        }
        row["asked"] = _amount(row["asked"], path, line, "asked") if row["asked"] else None
    frame = pd.DataFrame(rows, columns=OFFER_COLUMNS).astype({"asked": "float64", "offered": "float64"})
    return frame.drop_duplicates("handle", keep="last", ignore_index=True)


def record_offer(
    campaign: Campaign,
    handle: str,
    offered: float,
    asked: float | None = None,
    note: str = "",
    by: str = "",
    *,
    on: date,
    seen: pd.DataFrame,
) -> bool:
    """Add one offer; the same amount by the same person as stands there is not written again (idempotent).

    Args:
        campaign: the one it is for.
        handle: of the creator.
        offered, asked: fees without VAT in the client's currency.
        note: what was said with it.
        by: who offers.
        on: the day.
        seen: the offers that whoever offers has read, as `read_offers` gives them.

    Returns:
        Whether a row was added.

    Raises:
        Problem: nobody signs, the amount is below 0, the creator is forgotten, or somebody offered something else meanwhile.
    """
    account = plain_handle(handle)
    if not account or not by:
        raise Problem("an offer needs a creator and a name", todo="Say whom it is for, and who offers.")
    if not 0 <= offered < float("inf"):
        raise Problem("an offer is an amount of 0 or more", todo="Write the fee without VAT, as 450.")
    if forgotten_in(campaign.owner).name(account):
        raise Problem("this creator asked to be forgotten", todo="Nothing was written down.")
    offered = round(offered, 2)
    with writing(campaign.owner):
        stands, read = _last(read_offers(campaign), account), _last(seen, account)
        if stands and (stands["offered"], stands["by"]) == (offered, by):
            return False
        if stands and stands != read:
            what = f"{stands['offered']:g} was offered to @{account} meanwhile, by {stands['by']} on {stands['date']}"
            todo = "Nothing was written. Write yours down once more if it is to stand above theirs."
            raise Problem(what, offers_path(campaign), todo=todo)
        figures = ("" if asked is None else f"{asked:.2f}", f"{offered:.2f}")
        row = dict(zip(OFFER_COLUMNS, (on.isoformat(), account, *figures, note, by), strict=True))
        append_rows(offers_path(campaign), [row], OFFER_COLUMNS)
    return True


def _last(offers: pd.DataFrame, account: str) -> dict[str, Any]:
    """The row that stands on a handle, without what was asked (which may be unknown); nothing where there is none."""
    rows = offers[offers["handle"] == account].drop(columns="asked").to_dict("records")
    return {str(name): cell for name, cell in rows[-1].items()} if rows else {}


def _amount(text: str, path: Path, line: int, column: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise Problem(
            f"“{text}” is not an amount", path, line, column, todo="Write it as 450 or 450.50."
        ) from None
