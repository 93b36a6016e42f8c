"""What a person decided about a campaign before launch, written beside its file: the lift plan and an opened gate.

Both are written by an explicit act and only read by everything else. A stored lift plan is never changed, and an
opened gate is never taken back: both were decided before anybody knew the outcome, which is what they are for.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from creatorbook.client import yaml_files
from creatorbook.client.campaign_file import Campaign
from creatorbook.client.forgotten import Forgotten, forgotten_in
from creatorbook.client.records import read_rows
from creatorbook.client.writing import append_rows, writing
from creatorbook.client.yaml_files import StrictModel
from creatorbook.deliver import write_file
from creatorbook.findings import Day, Text, say
from creatorbook.problems import Problem

LIFT_HEADER = """\
# How this campaign's extra sales (lift) are measured, decided before launch. The results read this file.
# It is written once and not changed: to plan anew before launch, remove it and store the plan again.
"""
#: the file's last line; a change to what stands above shows
SEAL = "# as stored: "


class Baseline(StrictModel):
    """The days before launch that the campaign is compared with; both days belong to it."""

    starts_on: date
    ends_on: date
    left_out: list[date] = []
    """days of the shop's own promotions, when the design leaves them out"""


class LiftPlan(StrictModel):
    """`campaigns/<campaign>.lift.yml`: the design, and the smallest effect it was planned to find."""

    written_on: date
    by: str = ""
    design: str
    """a key of `packs/lift.yml`"""
    reason: str
    baseline: Baseline
    starts_on: date
    ends_on: date
    treated: list[str] = []
    """products, markets, stores or regions that meet the campaign in these days"""
    untouched: list[str] = []
    blocks: list[list[str]] = []
    """names that were drawn together, one of each block to meet the campaign; empty where sides were not drawn"""
    unit: str = "day"
    treated_per_unit: float | None = None
    untouched_per_unit: float | None = None
    dispersion: float | None = None
    smallest_lift: float | None = None
    smallest_lift_range: list[float] = []
    budget: float
    level: float
    power: float


class Opening(StrictModel):
    """One line of `campaigns/<campaign>.gate.csv`: who let the campaign start, why, and over which points."""

    opened_on: date
    by: str
    reason: str
    points: str
    """ids of `packs/launch.yml` that were open, with spaces between"""

    @property
    def covers(self) -> set[str]:
        """The points it was opened over."""
        return set(self.points.split())


OPENING_COLUMNS = list(Opening.model_fields)


def lift_path(campaign: Campaign) -> Path:
    """Where a campaign's lift plan is kept."""
    return campaign.path.with_name(f"{campaign.id}.lift.yml")


def gate_path(campaign: Campaign) -> Path:
    """Where it is kept who opened a campaign's gate."""
    return campaign.path.with_name(f"{campaign.id}.gate.csv")


def read_lift(campaign: Campaign) -> LiftPlan | None:
    """The stored plan; `None` if none was stored.

    Raises:
        Problem: the file has a mistake in it, or its baseline ends after the campaign starts.
    """
    path = lift_path(campaign)
    if not path.is_file():
        return None
    plan = yaml_files.load(path, LiftPlan, forgotten=forgotten_in(campaign.owner))
    days = (
        ("the baseline ends before it starts", plan.baseline.ends_on < plan.baseline.starts_on),
        ("the baseline reaches into the campaign", plan.baseline.ends_on >= plan.starts_on),
        ("the comparison ends before it starts", plan.ends_on < plan.starts_on),
    )
    for what, wrong in days:
        if wrong:
            todo = "The campaign lead knows the days; else remove the file and say that none was stored."
            raise Problem(what, path, None, "baseline", todo=todo)
    return plan


def lift_fault(campaign: Campaign, plan: LiftPlan) -> Text:
    """Why no claim can rest on a stored plan, in the middle of a sentence; empty where one can.

    It was written after the start, or it is not what was stored: its last line, written with it, tells.
    """
    if plan.written_on >= campaign.start:
        return say(
            "the stored comparison was written afterwards, on {day}: no claim can rest on it",
            day=Day(plan.written_on),
        )
    text = lift_path(campaign).read_text(encoding="utf-8")
    sealed = re.search(rf"^{SEAL}([0-9a-f]+)$", text, re.MULTILINE)
    if sealed is None:
        return say("the stored comparison lacks the line that was stored with it: no claim can rest on it")
    if sealed[1] != _seal(plan):
        return say(
            "the comparison was changed after it was stored on {day}: no claim can rest on it",
            day=Day(plan.written_on),
        )
    return ""


def _seal(plan: LiftPlan) -> str:
    """A hash of what a plan says; what it leaves open is not part of it."""
    return hashlib.sha256(plan.model_dump_json(exclude_defaults=True).encode()).hexdigest()[:16]


def store_lift(campaign: Campaign, plan: LiftPlan) -> bool:
    """Write the plan, once; the same plan again is left alone (idempotent).

    Returns:
        Whether it was written.

    Raises:
        Problem: another plan is stored already, or the campaign has begun.
    """
    path = lift_path(campaign)
    with writing(campaign.owner):
        stored = read_lift(campaign)
        if stored is not None:
            _refuse_another(stored, plan, path)
            return False
        if plan.written_on >= campaign.start:
            todo = "A design chosen after the start is not a design; the results then tell sales, not which are extra."
            what = f"the campaign began on {campaign.start}: too late to store a comparison"
            raise Problem(what, path, todo=todo)
        write_file(path, lift_text(plan).encode("utf-8"))
    return True


def _refuse_another(stored: LiftPlan, plan: LiftPlan, path: Path) -> None:
    """Raise a Problem that says whose the stored plan is, where it is not this one."""
    own = {"written_on", "by"}
    if stored.model_dump(exclude=own) == plan.model_dump(exclude=own):
        return
    todo = "It stays as it is. To plan anew before launch, remove the file first; the campaign lead decides."
    whose = f" by {stored.by}" if stored.by else ""
    what = f"another comparison is stored already, on {stored.written_on}{whose}"
    raise Problem(what, path, todo=todo)


def forget_in_lift(campaign: Campaign, forgotten: Forgotten) -> bool:
    """Write the stored plan again without who is forgotten, and seal it if it was as stored; whether it changed."""
    path = lift_path(campaign)
    if not path.is_file():
        return False
    stored = yaml_files.load(path, LiftPlan)
    without = LiftPlan.model_validate(forgotten.data(stored.model_dump()))
    if without == stored:
        return False
    as_stored = f"{SEAL}{_seal(stored)}" in path.read_text(encoding="utf-8")
    write_file(path, lift_text(without, "" if as_stored else _seal(stored)).encode("utf-8"))
    return True


def lift_text(plan: LiftPlan, seal: str = "") -> str:
    """What `campaigns/<campaign>.lift.yml` holds for a plan; sealed as it is, unless another seal is given."""
    text = yaml.safe_dump(plan.model_dump(), sort_keys=False, allow_unicode=True, width=110)
    return f"{LIFT_HEADER}{text}{SEAL}{seal or _seal(plan)}\n"


def read_openings(campaign: Campaign) -> tuple[Opening, ...]:
    """Who opened the gate, oldest first; empty if nobody did.

    Raises:
        Problem: a column is missing, a day is no day, or a line names no person or reason.
    """
    path = gate_path(campaign)
    rows = read_rows(path, OPENING_COLUMNS, forgotten_in(campaign.owner))
    return tuple(_opening(row, path, line) for line, row in enumerate(rows, start=2))


def add_opening(campaign: Campaign, opening: Opening, seen: Sequence[Opening]) -> bool:
    """Add one line, unless it is there; what stands there stays.

    Args:
        seen: the lines that whoever opens the gate has read.

    Raises:
        Problem: no person or no reason is named, the file has a mistake in it (see `read_openings`), or somebody opened
            the gate over these points meanwhile.
    """
    for what, text in (("person", opening.by), ("reason", opening.reason)):
        if not text.strip():
            raise Problem(f"opening the gate needs a {what}", todo="Say who opens it, and why.")
    with writing(campaign.owner):
        openings = read_openings(campaign)
        if opening in openings:
            return False
        newer = [line for line in openings if line not in seen and opening.covers <= line.covers]
        if newer:
            what = f"the gate was opened meanwhile by {newer[-1].by} on {newer[-1].opened_on}: {newer[-1].reason}"
            todo = "Nothing was written. Open it once more if yours is to stand above theirs."
            raise Problem(what, gate_path(campaign), todo=todo)
        append_rows(gate_path(campaign), [opening.model_dump(mode="json")], OPENING_COLUMNS)
    return True


def _opening(row: dict[str, Any], path: Path, line: int) -> Opening:
    try:
        opened_on = date.fromisoformat(row["opened_on"])
    except ValueError:
        raise Problem(
            f"“{row['opened_on']}” is not a day", path, line, "opened_on", todo="Write it as 2026-03-01."
        ) from None
    for name in ("by", "reason"):
        if not row[name].strip():
            todo = (
                "A gate is opened by a named person with a reason; the person who wrote the line knows both."
            )
            raise Problem(f"“{name}” is empty", path, line, name, todo=todo)
    return Opening(opened_on=opened_on, by=row["by"], reason=row["reason"], points=row["points"])
