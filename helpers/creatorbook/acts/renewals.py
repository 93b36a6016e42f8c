"""Deciding with whom to work again once a campaign is over: decisions for the next one, all of them or none."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from creatorbook.client import Client, record_decision
from creatorbook.client.writing import writing
from creatorbook.packs import pack


class Renewal(NamedTuple):
    """What is decided on one creator: `renew`, `adjust` or `stop` of `packs/reasons.yml`, why, and a note."""

    handle: str
    choice: str
    reason: str
    note: str = ""


def confirm(
    client: Client, renewals: Sequence[Renewal], by: str, on: date, seen: pd.DataFrame | None = None
) -> int:
    """Write down what was decided on each creator, as decisions for the next campaign; how many rows were added.

    Args:
        client: whose `decisions.csv` it is.
        renewals: one per creator.
        by: who decides.
        on: the day of the decision.
        seen: the decisions that whoever decides has read.

    Raises:
        Problem: as `record_decision`; then nothing is written.
    """
    offered = pack("reasons")["renewals"]
    reasons = {row["decision"]: row["reasons"] for row in offered.values()}
    with writing(client.folder), _all_or_none(client.folder / "decisions.csv"):
        return sum(
            record_decision(
                client,
                one.handle,
                offered[one.choice]["decision"],
                one.reason,
                one.note,
                by,
                on=on,
                seen=seen,
                reasons=reasons,
            )
            for one in renewals
        )


@contextmanager
def _all_or_none(path: Path) -> Iterator[None]:
    """Take back what a block that fails has added to a file, which nobody else writes into meanwhile."""
    size = path.stat().st_size if path.is_file() else None
    try:
        yield
    except BaseException:
        if size is not None:
            os.truncate(path, size)
        else:
            path.unlink(missing_ok=True)
        raise
