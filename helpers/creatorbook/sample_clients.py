"""Make a sample client again: what the simulator makes of its settings, and then the acts of those who work with it.

`sample_data/<name>.simulation.yml` holds the settings. `sample_data/<name>.acts.yml`, where there is one, holds what
people did since, in order: each line is one of the product's own acts, done on a day by somebody. The same two files
give the same bytes.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from creatorbook.acts import codes, ledger
from creatorbook.client import read_client, record_decision, yaml_files
from creatorbook.client.campaign_records import store_lift
from creatorbook.client.identity import ID_FILE
from creatorbook.client.relationship_log import record_contact
from creatorbook.client.repository import SAMPLE_DATA
from creatorbook.client.yaml_files import StrictModel
from creatorbook.opening import open_book
from creatorbook.problems import Problem
from creatorbook.simulate import read_settings, simulate
from creatorbook.tracking.lift_plan import planned
from creatorbook.tracking.preflight import open_gate


class Act(StrictModel):
    """What somebody did on a day."""

    day: date
    by: str


class OfACampaign(Act):
    """An act that is about a campaign."""

    act: Literal["store lift", "approve", "issue codes", "settle"]
    campaign: str


class OpenedGate(Act):
    """The gate before launch is opened over what blocks."""

    act: Literal["open gate"]
    campaign: str
    reason: str


class Decided(Act):
    """One decision on several accounts, for one reason."""

    act: Literal["decide"]
    decision: str
    reason: str
    handles: list[str]
    note: str = ""


class Contacted(Act):
    """An entry of the relationship log."""

    act: Literal["contact"]
    handle: str
    kind: str
    note: str
    sizes: str = ""
    next_on: date | None = None


class Acts(StrictModel):
    """`<name>.acts.yml`."""

    acts: list[Annotated[OfACampaign | OpenedGate | Decided | Contacted, Field(discriminator="act")]]


def make_sample(name: str, folder: Path) -> None:
    """Write a sample client into a new folder, which should have its name: codes and groups are drawn by it.

    Raises:
        Problem: there is no such sample client, the folder is not empty, or an act cannot be done.
    """
    settings = SAMPLE_DATA / f"{name}.simulation.yml"
    if not settings.is_file():
        names = ", ".join(sorted(path.name.split(".")[0] for path in SAMPLE_DATA.glob("*.simulation.yml")))
        raise Problem(f"there is no sample client “{name}”", SAMPLE_DATA, todo=f"One of: {names}.")
    simulate(folder, read_settings(settings))
    acts = SAMPLE_DATA / f"{name}.acts.yml"
    for act in yaml_files.load(acts, Acts).acts if acts.is_file() else []:
        do(act, folder)
    for name in (ID_FILE, ".gitignore"):  # a sample is copied, and each copy is a client of its own
        (folder / name).unlink(missing_ok=True)


def do(act: OfACampaign | OpenedGate | Decided | Contacted, folder: Path) -> None:
    """Do one act in a client folder."""
    if isinstance(act, Decided):
        client = read_client(folder)
        for handle in act.handles:
            record_decision(client, handle, act.decision, act.reason, act.note, act.by, on=act.day)
    elif isinstance(act, Contacted):
        client, entry = read_client(folder), (act.handle, act.kind, act.note, act.sizes, act.by)
        record_contact(client, *entry, on=act.day, next_on=act.next_on)
    elif isinstance(act, OpenedGate):
        open_gate(open_book(folder, act.campaign, "plan", as_of=act.day), act.by, act.reason, act.day)
    elif act.act == "approve":
        ledger.approve(str(folder), act.campaign, act.by, act.day)
    elif act.act == "settle":
        ledger.close(str(folder), act.campaign, act.by, act.day)
    elif act.act == "store lift":
        book = open_book(folder, act.campaign, "plan", as_of=act.day)
        store_lift(book.campaign, planned(book, act.day, act.by))
    else:
        codes.issue(open_book(folder, act.campaign, "plan", as_of=act.day), lambda signs: signs[0], act.day)
