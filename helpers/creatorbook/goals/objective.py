"""From the goal to what is measured: three figures set before launch, and the steps that lead to them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from creatorbook.campaign.lead import who_settles
from creatorbook.campaign.playbook import playbook
from creatorbook.campaign.shop_sales import shop_sales
from creatorbook.finance.economics import economics_of, orders_needed, unit_economics
from creatorbook.findings import (
    Column,
    Count,
    Day,
    Findings,
    Money,
    Note,
    Quantity,
    Share,
    Table,
    Text,
    Wording,
    joined,
    packed,
    say,
    say_many,
)
from creatorbook.packs import pack
from creatorbook.planning.candidates import assumption, candidates, pieces
from creatorbook.planning.own_past import past_outcomes
from creatorbook.planning.plans import Mix, recommended
from creatorbook.planning.recorded import FIGURES
from creatorbook.problems import Problem

if TYPE_CHECKING:
    from creatorbook.book import Book

STEP = "goals"
TO_SET = say("to be set")


def goal(book: Book) -> Findings:
    """What we measure for the campaign's goal, with target, baseline, source and owner; and its playbook.

    Raises:
        Problem: the campaign file sets a target for a figure that does not belong to its goal.
    """
    entry = pack("goals")["goals"][book.campaign.goal]
    _refuse_strange_targets(book, entry)
    names = {row["key"]: packed(_short(row["name"])) for row in entry["figures"]}
    rows = [_measure(book, row, say("result")) for row in entry["figures"]]
    rows += [
        _measure(book, row, say("leads to {figure}", figure=names[row["leads_to"]]))
        for row in entry["on_the_way"]
    ]
    columns = {
        "kind": Column("Kind"),
        "figure": Column("What we measure"),
        "target": Column("Target"),
        "baseline": Column("Usual so far", missing="–"),
        "source": Column("Read from", reader="working"),
        "owner": Column("Who has it"),
    }
    title = say("What we measure and why: {goal}", goal=packed(entry["words"]))
    measures = Table(f"{STEP}.measures", title, pd.DataFrame(rows), columns, reader="client")
    return Findings(STEP, (measures, *_personas(book), _playbook_table(book)), book.formats)


def personas(book: Book) -> Findings:
    """The buyers the campaign is for, as vetting compares audiences with them."""
    rows = [
        {
            "name": person.name,
            "lives": ", ".join(map(book.formats.country, person.countries)),
            "age": ", ".join(person.ages),
            "gender": ", ".join(person.genders),
            "speaks": ", ".join(map(book.formats.language, person.languages)),
            "description": person.description,
        }
        for person in book.client.personas
    ]
    if not rows:
        return Findings(STEP, tuple(_personas(book)), book.formats)
    columns = {
        "name": Column("Buyer"),
        "lives": Column("Lives in"),
        "age": Column("Age"),
        "gender": Column("Gender"),
        "speaks": Column("Reads"),
        "description": Column("In the brand's words"),
    }
    note = say(
        "From client.yml: personas. An audience is compared with each of them, by what the creator's page states."
    )
    buyers = pd.DataFrame(rows).replace("", "any")
    return Findings(
        STEP,
        (Table(f"{STEP}.personas", "Who it is for", buyers, columns, note=note, reader="client"),),
        book.formats,
    )


def _refuse_strange_targets(book: Book, entry: dict[str, Any]) -> None:
    keys = [row["key"] for row in (*entry["figures"], *entry["on_the_way"])]
    strange = [name for name in book.campaign.targets if name not in keys]
    if strange:
        what = f"there is no figure “{strange[0]}” for the goal {book.campaign.goal}"
        raise Problem(what, book.campaign.path, todo=f"Figures: {', '.join(keys)}.")


def _measure(book: Book, row: dict[str, Any], kind: Wording) -> dict[str, Any]:
    """One figure of the goal: what the brand set first, then what follows from plan and files."""
    own = book.campaign.targets.get(row["key"])
    target = _value(row, own.value) if own and own.value is not None else _target(book, row["key"])
    baseline: Text | None
    if own and own.baseline is not None:
        baseline = _value(row, own.baseline)
    else:
        baseline = _past(book, row) or _baseline(book, row["key"])
    return {
        "kind": kind,
        "figure": packed(row["name"]),
        "target": target or TO_SET,
        "baseline": baseline,
        "source": (own.source if own else "") or packed(row["how"]),
        "owner": (own.owner if own else "") or who_settles(book, row["owner"]),
    }


def _short(name: str) -> str:
    """`Sales that stay` from `Sales that stay (excl. VAT, after returns)`, as a word in a sentence; “1,000” stays whole."""
    short = name.split(" (")[0].split(", ")[0]
    return short[0].lower() + short[1:]


def _value(row: dict[str, Any], value: float) -> Wording:
    return Quantity(value, row["unit"])


def _target(book: Book, key: str) -> Wording | None:
    """A target that follows from budget and plan: what pays the campaign back, or what it is meant to make."""
    mix = recommended(book)
    return _money_target(book, key, mix) or (_plan_target(book, key, mix) if mix else None)


def _money_target(book: Book, key: str, mix: Mix | None) -> Wording | None:
    """A target that follows from what an order leaves."""
    unit = economics_of(book, mix.people.creator) if mix else unit_economics(book)
    needed = orders_needed(book.campaign.budget, unit)
    if key == "profit":
        return say("{amount} or more", amount=Money(0))
    if key == "sales_that_stay" and needed and unit.kept_sales:
        sales = Money(needed.likely * unit.kept_sales.likely)
        return say("{sales} pays the budget back", sales=sales)
    if key == "cost_per_new_customer" and unit.contribution and unit.contribution.likely > 0:
        return say("at most {amount} on the first order alone", amount=Money(unit.contribution.likely))
    if key == "return_rate" and unit.return_rate:
        return say("no more than {share}, as reckoned with", share=Share(unit.return_rate.likely))
    each = orders_needed(mix.each, unit) if mix else None
    if key == "orders_per_creator" and each:
        return say("{orders} pays a creator back", orders=Count(each.likely))
    if key == "clicks_per_creator" and each and (rate := assumption(book, "conversion_rate").likely) > 0:
        clicks = Count(each.likely / rate)
        return say("{clicks}, if {rate} of clicks order", clicks=clicks, rate=Share(rate, 1))
    return None


def _plan_target(book: Book, key: str, mix: Mix) -> Wording | None:
    """What the recommended plan is meant to deliver."""
    planned_pieces = float(pieces(book, mix.people).sum())
    if key in {"usable_pieces", "pieces_agreed", "rights_written"}:
        return say("{n} planned", n=Count(planned_pieces))
    if key == "cost_per_piece" and planned_pieces:
        return say("{cost}, as planned", cost=Money(mix.cost / planned_pieces))
    if key == "live_on_time":
        days = book.campaign.lead_times.get("live", pack("launch")["live_after_days"])
        day = Day(book.campaign.start + timedelta(days=days))
        return say_many("{n} by {day}", "all {n} by {day}", n=len(mix.people), day=day)
    return None


def _past(book: Book, row: dict[str, Any]) -> Wording | None:
    """The figure of the last campaign in the ledger that has it."""
    outcomes = past_outcomes(book)
    outcomes = outcomes[outcomes.figure == row.get("past", "")]
    if outcomes.empty:
        return None
    last, name = outcomes.iloc[-1], FIGURES[row["past"]]
    value = Quantity(float(last.value), name.unit, name.digits)
    return say("{value} in {campaign}", value=value, campaign=last.campaign)


def _baseline(book: Book, key: str) -> Wording | None:
    """The usual figure before launch, where a file tells it."""
    if key == "brand_searches" and book.tables.has("searches", "clicks", "date"):
        searches = _per_week(book, book.tables.searches, "date", "clicks")
        return searches and say_many("{n} search a week", "{n} searches a week", n=searches)
    if key == "sales_that_stay" and book.tables.has("orders"):
        orders = _per_week(book, shop_sales(book), "ordered_at", None)
        return orders and say_many("{n} order a week in the shop", "{n} orders a week in the shop", n=orders)
    if key == "views_per_post":
        typical = candidates(book).views.median()
        return None if pd.isna(typical) else say("{views}, typical of this list", views=Count(float(typical)))
    rate, stated = unit_economics(book).return_rate, book.client.economics.return_rate
    if key == "return_rate" and rate and rate is not stated:  # so it was read from settled orders
        return say("{share} of the shop's settled orders", share=Share(rate.likely))
    return None


def _per_week(book: Book, dated: pd.DataFrame, when: str, what: str | None) -> Count | None:
    start = pd.Timestamp(book.campaign.start)
    before = dated[(dated[when] < start) & (dated[when] >= start - pd.Timedelta(days=56))]
    if before.empty:
        return None
    weeks = max(1.0, (start - before[when].min()).days / 7)
    amount = float(before[what].sum(min_count=1)) if what else float(len(before))
    return None if np.isnan(amount) else Count(amount / weeks)


def _personas(book: Book) -> list[Note]:
    """Whom the campaign is for, or that nobody has said it."""
    people = book.client.personas
    if people:
        names = joined(person.name for person in people)
        text = say("The campaign is for: {names}. Audiences are compared with this in vetting.", names=names)
        return [Note(text)]
    text = say(
        "Nobody has said yet who should be reached, so no audience can be compared with it. Seven figures "
        "(countries, ages, genders) under “personas” in client.yml settle it; the brand has them."
    )
    return [Note(text, "todo", owner="brand")]


def _playbook_table(book: Book) -> Table:
    """The playbook, part by part; parts it does not have are left out."""
    chosen = playbook(book)
    mix = [
        say("{size} {share}", size=packed(size), share=Share(part)) for size, part in chosen["mix"].items()
    ]
    rows = [
        (say("Measured by"), _several(chosen["measures"])),
        (say("Sizes to start from (share of the money)"), joined(mix) if mix else None),
        (say("Formats"), _several(chosen["formats"], by=", ")),
        (say("In the brief"), _several(chosen["brief"])),
        (say("Needed besides"), _several(chosen["inputs"])),
        (say("How the result is read"), _several([chosen["read"]])),
        (say("Rights to ask for"), _several(chosen["rights"])),
        (say("Label and product claim traps"), _several(chosen["label_traps"])),
        (say("When"), _when(chosen)),
        (say("Good looks like"), _several([chosen["good_looks_like"]])),
        (say("Not when"), _several([chosen["not_when"]])),
    ]
    parts = pd.DataFrame([row for row in rows if row[1] is not None], columns=["part", "says"])
    usual = say("The campaign file names no playbook; this is the usual one for its goal.")
    columns = {"part": Column("Part"), "says": Column("What it says")}
    title = say("Playbook: {name}", name=packed(chosen["title"]))
    note = "" if book.campaign.playbook else usual
    return Table(f"{STEP}.playbook", title, parts, columns, note=note)


def _several(texts: list[str], by: str = "; ") -> Wording | None:
    """Texts of a playbook in a row; nothing where it has none."""
    texts = [text for text in texts if text]
    return joined(map(packed, texts), by=by) if texts else None


def _when(chosen: dict[str, Any]) -> Wording | None:
    """When a playbook suits: its own words on the calendar, and the retail moments it suits."""
    parts: list[Wording] = [packed(text) for text in chosen.get("calendar", [])]
    if moments := chosen.get("moments", []):
        parts.append(say("suits {moments}", moments=joined(map(packed, moments))))
    return joined(parts, by="; ") if parts else None
