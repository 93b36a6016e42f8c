"""Synthetic clients with a known truth, in the platforms' own export layouts.

`simulate(folder, settings)` writes a client folder: `client.yml`, one campaign, `exports/` and, for those who
check the product, `truth/`. The same settings give the same bytes. No step imports this package.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from creatorbook import yaml_files
from creatorbook.simulate import client_files, tables_out
from creatorbook.simulate.settings import STANDARD_PLANTS, Plant, Settings
from creatorbook.simulate.world import World, make_world

__all__ = ["STANDARD_PLANTS", "Plant", "Settings", "make_world", "read_settings", "simulate"]

#: kind of file → what makes its table
PLAIN_TABLES: dict[str, Callable[[World], pd.DataFrame]] = {
    "creators": tables_out.creators,
    "orders": tables_out.plain_orders,
    "refunds": tables_out.refunds,
    "promotions": tables_out.promotions,
}


def read_settings(path: Path) -> Settings:
    """The settings in a `….simulation.yml`.

    Raises:
        Problem: the file or a setting in it is wrong.

    """
    return yaml_files.load(path, Settings)


def simulate(folder: Path, settings: Settings) -> None:
    """Write a whole client folder."""
    world = make_world(settings)
    write(folder / "client.yml", client_files.client_file(settings))
    write(folder / "campaigns" / f"{settings.campaign}.yml", client_files.campaign_file(settings))
    for kind, name in settings.files.items():
        if kind in PLAIN_TABLES:
            write(folder / "exports" / name, as_csv(PLAIN_TABLES[kind](world)))


def as_csv(frame: pd.DataFrame) -> str:
    """A comma-separated table; whole numbers without a decimal point, missing cells empty."""
    text = pd.DataFrame({column: _cells(frame[column]) for column in frame}, index=frame.index)
    return text.to_csv(index=False, lineterminator="\n")


MONEY = {"total", "amount", "gift_cost"}


def _cells(values: pd.Series) -> pd.Series:
    if values.dtype.kind != "f":
        return values
    if values.name in MONEY:
        return values.map(lambda value: "" if pd.isna(value) else f"{value:.2f}")
    whole = (values.dropna() % 1 == 0).all()
    return values.map(lambda value: "" if pd.isna(value) else f"{value:.0f}" if whole else f"{value:.10g}")


def write(path: Path, text: str) -> None:
    """Write a file with the same line ends on every system."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))
