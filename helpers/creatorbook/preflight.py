"""Before launch: what is ready, what is open, who settles it and by when."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.assignments import accounts, assigned, landing_page
from creatorbook.findings import Column, Figure, Findings, Note, Table
from creatorbook.labelling import label_rows
from creatorbook.packs import pack

if TYPE_CHECKING:
    from creatorbook.book import Book
    from creatorbook.formats import Formats


@dataclass(frozen=True)
class Point:
    """One thing to have before launch.

    Attributes:
        id: key in `packs/launch.yml`.
        what: the point as it should be.
        todo: what settles it.
        ready: whether it is.
        seen: what was found, in words.
        owner, due: who settles it, and by when.
    """

    id: str
    what: str
    todo: str
    ready: bool
    seen: str
    owner: str
    due: date


def preflight(book: Book) -> Findings:
    """How many points are ready before launch, and the open ones with owner and day.

    Columns of `tracking.preflight`: point, ready, what was found, owner, day.
    """
    if book.stage != "plan" and book.mode == "report":
        text = "The points before launch were settled, or left open, in the plan."
        return Findings("tracking", (Note(text),), book.formats)
    told = points(book)
    ready = sum(point.ready for point in told)
    items: list[Any] = [
        Figure(
            key="tracking.points_ready",
            label="points ready before launch",
            value=ready,
            unit="points",
            grade="counted",
            source="client folder and exports",
            n=len(told),
            note=f"of {len(told)}",
        ),
        Note(f"{ready} of {len(told)} points ready.", slot="plan.before_launch", rank=0),
        _table(told, book.formats),
    ]
    waiting = sorted((point for point in told if not point.ready), key=lambda one: one.due)
    # what stops the campaign comes first; three fit on the first page beside the sentence
    for rank, point in enumerate(waiting, start=1):
        slot = "plan.before_launch" if rank <= 3 else None
        items.append(Note(_open_text(point), "todo", slot=slot, owner=point.owner, due=point.due, rank=rank))
    if not waiting:
        items.append(Note("Nothing is open: the campaign can start."))
    return Findings("tracking", tuple(items), book.formats)


def points(book: Book) -> list[Point]:
    """All points in the order of `packs/launch.yml`, ready or open."""
    told = []
    for name, row in pack("launch")["points"].items():
        ready, seen = _CHECKS[name](book)
        days = book.campaign.lead_times.get(name, row["lead_days"])
        due = max(book.campaign.start - timedelta(days=days), book.as_of)
        told.append(Point(name, row["what"], row["todo"], ready, seen, row["owner"], due))
    return told


def precedence_stated(book: Book) -> bool:
    """Whether the campaign file itself says which trace counts first."""
    return "precedence" in book.campaign.model_fields_set


def promotions_stated(book: Book) -> bool:
    """Whether the shop's own promotions are known: from the campaign file or an export."""
    return book.campaign.promotions is not None or book.tables.has("promotions")


def _approved(book: Book) -> tuple[bool, str]:
    people = accounts(book)
    decided = set() if book.decisions.empty else set(book.decisions["handle"])
    done = people.loc[people["handle"].isin(decided), "person"].nunique()
    return _share(done, people["person"].nunique(), "decided on")


def _priced(book: Book) -> tuple[bool, str]:
    people = accounts(book)
    known = people["fee"].notna() | people["gift_cost"].notna() | people["commission_rate"].notna()
    return _share(people.loc[known, "person"].nunique(), people["person"].nunique(), "with a price")


def _coded(book: Book) -> tuple[bool, str]:
    told = assigned(book)
    coded = told.loc[told["code"] != "", "person"].nunique()
    return _share(coded, told["person"].nunique(), "with a code")


def _linked(book: Book) -> tuple[bool, str]:
    told = assigned(book)
    return _share(int((told["link"] != "").sum()), len(told), "with a complete link")


def _labelled(book: Book) -> tuple[bool, str]:
    rows = label_rows(book)
    known = rows[(rows["open"] == "") & rows["benefit_from"].ne("not listed: taken as a fee")]
    total, done = rows["handle"].nunique(), known["handle"].nunique()
    return _share(done, total, "with words and a known benefit")


def _landing_page(book: Book) -> tuple[bool, str]:
    page = landing_page(book)
    kept = assigned(book)
    if page is None and len(kept) and (kept["link"] != "").all():
        return True, "every creator has a link of their own"
    return (True, page) if page else (False, "not in the campaign file")


def _briefed(book: Book) -> tuple[bool, str]:
    brief = book.campaign.brief
    agreed = bool(book.campaign.deliverables) or book.tables.has("creators", "deliverables")
    lacking = [
        name
        for name, there in (
            ("product", brief.product),
            ("key messages", brief.key_messages),
            ("deliverables", agreed),
        )
        if not there
    ]
    return (not lacking, "complete" if not lacking else f"not told yet: {', '.join(lacking)}")


def _rights(book: Book) -> tuple[bool, str]:
    told = book.campaign.rights.strip()
    return (bool(told), told or "not stated: content must not be re-used")


def _codes_in_shop(book: Book) -> tuple[bool, str]:
    shop = book.tables.discounts
    codes = sorted(set(assigned(book)["code"]) - {""})
    if shop.empty:
        return False, "not checked: no discount export"
    start, end = pd.Timestamp(book.campaign.start), pd.Timestamp(book.campaign.end)
    begins = shop["starts_at"].isna() | (shop["starts_at"].dt.normalize() <= start)
    lasts = shop["ends_at"].isna() | (shop["ends_at"].dt.normalize() >= end)
    live = ~shop["status"].fillna("").str.lower().isin(["expired", "disabled"])
    there = set(shop["code"]) & set(codes)
    good = set(shop.loc[begins & lasts & live, "code"]) & set(codes)
    if len(there) == len(codes) and len(good) < len(codes):
        wrong = sorted(there - good)
        return False, f"{len(wrong)} with other days, such as {wrong[0]}"
    return _share(len(good), len(codes), "in the shop for the right days")


def _precedence(book: Book) -> tuple[bool, str]:
    order = ", ".join(book.campaign.precedence)
    if precedence_stated(book):
        return True, order
    return False, f"the usual order is used: {order}"


def _promotions(book: Book) -> tuple[bool, str]:
    if not promotions_stated(book):
        return False, "not in the campaign file"
    count = len(book.campaign.promotions or []) or len(book.tables.promotions)
    return True, f"{count} stated" if count else "none in these days"


def _baseline(book: Book) -> tuple[bool, str]:
    wanted = pack("launch")["baseline_days"]
    days = book.tables.orders["ordered_at"].dropna()
    before = days[days < pd.Timestamp(book.campaign.start)]
    if before.empty:
        return False, "no order before the start on file"
    span = (pd.Timestamp(book.campaign.start) - before.min().normalize()).days
    return span >= wanted, f"orders of {span} days before the start ({wanted} wanted)"


_CHECKS: dict[str, Callable[[Book], tuple[bool, str]]] = {
    "approved": _approved,
    "priced": _priced,
    "briefed": _briefed,
    "rights": _rights,
    "landing_page": _landing_page,
    "linked": _linked,
    "coded": _coded,
    "codes_in_shop": _codes_in_shop,
    "labelled": _labelled,
    "precedence": _precedence,
    "promotions": _promotions,
    "baseline": _baseline,
}


def _share(done: int, total: int, what: str) -> tuple[bool, str]:
    if total == 0:
        return False, "no creators list yet"
    return done == total, f"{done} of {total} {what}"


def _open_text(point: Point) -> str:
    """The point to settle, with how far it is where that can be counted; what was found is in the table."""
    counted = re.match(r"\d+ of \d+", point.seen)
    return f"{point.todo}: {counted[0]}." if counted else f"{point.todo}."


def _table(told: list[Point], formats: Formats) -> Table:
    frame = pd.DataFrame(
        {
            "what": [point.what for point in told],
            "ready": ["ready" if point.ready else "open" for point in told],
            "seen": [point.seen for point in told],
            "owner": ["" if point.ready else point.owner for point in told],
            "due": ["" if point.ready else formats.day(point.due) for point in told],
        }
    )
    columns = {
        "what": Column("point"),
        "ready": Column("state"),
        "seen": Column("what we found"),
        "owner": Column("who settles it"),
        "due": Column("by"),
    }
    return Table("tracking.preflight", "Before launch", frame, columns)
