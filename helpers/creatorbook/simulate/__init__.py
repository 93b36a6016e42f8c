"""Synthetic clients with a known truth, in the platforms' own export layouts.

`simulate(folder, settings)` writes a client folder: `client.yml`, one campaign or several (`campaigns`), `exports/`
and, for those who check the product, `truth/`. The same settings give the same bytes. No step imports this package.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from creatorbook import rooms
from creatorbook.client import yaml_files
from creatorbook.client.campaign_records import lift_text
from creatorbook.deliver import STAGING
from creatorbook.problems import Problem
from creatorbook.simulate import (
    campaign_files,
    client_files,
    held_back,
    judged,
    pictures,
    plain_tables,
    post_layouts,
    shop_layouts,
    truth,
    truth_asked,
    web_layouts,
)
from creatorbook.simulate.settings import STANDARD_PLANTS, Plant, Settings
from creatorbook.simulate.world import World, make_world

__all__ = ["STANDARD_PLANTS", "Plant", "Settings", "make_world", "read_settings", "simulate", "write_client"]

#: kind of file → what makes its table
EXPORT_TABLES: dict[str, Callable[[World], pd.DataFrame]] = {
    "creators": plain_tables.creators_list,
    "orders": plain_tables.plain_orders,
    "refunds": plain_tables.refunds,
    "promotions": plain_tables.promotions,
    "follower_history": plain_tables.follower_history,
    "comments": plain_tables.comments,
    "audience": plain_tables.audience_forms,
    "costs": plain_tables.costs,
    "rights": judged.rights_sheet,
    "reviews": judged.reviews,
    "feedback": judged.feedback_sheet,
    "clicks": plain_tables.clicks,
    "survey": plain_tables.survey,
    "shopify_orders": shop_layouts.orders,
    "shopify_discounts": shop_layouts.discounts,
    "shopify_products": shop_layouts.products,
    "instagram_content": post_layouts.instagram,
    "tiktok_content": post_layouts.tiktok,
    "tiktok_shop": post_layouts.tiktok_shop,
}

#: file in `truth/` → what makes its table
TRUTH: dict[str, Callable[[World], pd.DataFrame]] = {
    "planted": truth.planted,
    "creators": truth.true_creators,
    "orders": truth.true_orders,
    "comments": truth.planted_comments,
    "pods": truth.pod_members,
}

#: likewise, of what is off unless the settings ask for it; an empty table is not written
MORE_TRUTH: dict[str, Callable[[World], pd.DataFrame]] = {
    "campaigns": campaign_files.true_campaigns,
    "prices": campaign_files.true_prices,
    "returns": truth.true_returns,
    "articles": truth.true_articles,
    "fit": truth_asked.audience_fits,
    "held_back": truth_asked.held_back_sales,
    "mistakes": truth_asked.caption_mistakes,
    "mistyped": truth_asked.mistyped,
}


def read_settings(path: Path) -> Settings:
    """The settings in a `….simulation.yml`.

    Raises:
        Problem: the file or a setting in it is wrong.
    """
    return yaml_files.load(path, Settings)


def simulate(folder: Path, settings: Settings) -> None:
    """Write a whole client folder, or nothing.

    Raises:
        Problem: the folder is there already and not empty.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Problem("this folder is not empty", folder, todo="Name a new folder, or empty this one first.")
    write_client(folder, make_world(settings))


def write_client(folder: Path, world: World) -> None:
    """Write a simulated client's files; the folder appears whole or not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with rooms.room(folder.parent, STAGING) as unfinished:
        _write_files(unfinished, world)
        if folder.exists():
            folder.rmdir()
        unfinished.rename(folder)


def _write_files(folder: Path, world: World) -> None:
    settings = world.settings
    write_text(folder / "client.yml", client_files.client_file(settings))
    write_text(folder / "campaigns" / f"{settings.campaign}.yml", client_files.campaign_file(settings))
    for name, text in campaign_files.other_files(world).items():
        write_text(folder / name, text)
    if settings.held_back.plan_stored and (plan := held_back.stored_plan(settings)):
        write_text(folder / "campaigns" / f"{settings.campaign}.lift.yml", lift_text(plan))
    if settings.hash_key:
        write_text(folder / "hash.key", settings.hash_key + "\n")
    for kind, name in settings.files.items():
        _write_export(folder / "exports", kind, name, world)
    for post_id, picture in pictures.pictures(world):
        write_text(folder / "media" / f"{post_id}.svg", picture)
    if settings.write_truth:
        _write_truth(folder / "truth", world)


def _write_export(folder: Path, kind: str, name: str, world: World) -> None:
    if kind == "youtube_content":
        _write_channels(folder, name, world)
    elif kind == "ga4":
        write_text(folder / name, web_layouts.comment_block(world) + as_csv(web_layouts.traffic(world)))
    else:
        write_text(folder / name, as_csv(EXPORT_TABLES[kind](world)))


def _write_truth(folder: Path, world: World) -> None:
    write_text(folder / "client.yml", truth.true_totals(world))
    for name, table in TRUTH.items():
        write_text(folder / f"{name}.csv", as_csv(table(world)))
    for name, table in MORE_TRUTH.items():
        if len(rows := table(world)):
            write_text(folder / f"{name}.csv", as_csv(rows))


def _write_channels(folder: Path, name: str, world: World) -> None:
    """One file per channel in a folder of its own: only the folder says whose it is."""
    for account, person in world.people.iterrows():
        if person["platform"] == "youtube":
            path = folder / name.format(handle=person["handle"])
            write_text(path, as_csv(post_layouts.youtube(world, int(account))))


def as_csv(frame: pd.DataFrame) -> str:
    """A comma-separated table; whole numbers without a decimal point, missing cells empty."""
    text = pd.DataFrame({column: _cells(frame[column]) for column in frame}, index=frame.index)
    return text.to_csv(index=False, lineterminator="\n")


#: Columns of plain tables that always show cents.
MONEY = {"total", "amount", "gift_cost", "returned"}


def _cells(values: pd.Series) -> pd.Series:
    if values.dtype.kind != "f":
        return values
    if values.name in MONEY:
        return values.map(lambda value: "" if pd.isna(value) else f"{value:.2f}")
    whole = (values.dropna() % 1 == 0).all()
    return values.map(lambda value: "" if pd.isna(value) else f"{value:.0f}" if whole else f"{value:.10g}")


def write_text(path: Path, text: str) -> None:
    """Write a file with the same line ends on every system."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))
