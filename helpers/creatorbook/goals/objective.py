"""From the goal to what is measured: three figures set before launch, and the steps that lead to them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook import plugins
from creatorbook.finance.economics import orders_needed, unit_economics
from creatorbook.findings import Column, Findings, Note, Table
from creatorbook.packs import pack
from creatorbook.planning.candidates import assumption, candidates
from creatorbook.planning.own_past import past_outcomes
from creatorbook.planning.plans import Mix, pieces, recommended
from creatorbook.planning.recorded import FIGURES
from creatorbook.problems import Problem

if TYPE_CHECKING:
    from creatorbook.book import Book

STEP = "goals"
TO_SET = "to be set"


def playbook(book: Book) -> dict[str, Any]:
    """The campaign's playbook, else the usual one for its goal; with its `id`.

    Raises:
        Problem: there is no playbook of that name.
    """
    known = plugins.playbooks()
    name = book.campaign.playbook or pack("playbooks")["by_goal"][book.campaign.goal]
    if name not in known:
        raise Problem(
            f"there is no playbook “{name}”",
            book.campaign.path,
            todo=f"Playbooks: {', '.join(sorted(known))}.",
        )
    return {"id": name, **known[name]}


def goal(book: Book) -> Findings:
    """What we measure for the campaign's goal, with target, baseline, source and owner; and its playbook.

    Raises:
        Problem: the campaign file sets a target for a figure that does not belong to its goal.
    """
    told = pack("goals")["goals"][book.campaign.goal]
    _refuse_strange_targets(book, told)
    names = {row["key"]: _short(row["name"]) for row in told["figures"]}
    rows = [_measure(book, row, "result") for row in told["figures"]]
    rows += [_measure(book, row, f"leads to {names[row['leads_to']]}") for row in told["on_the_way"]]
    columns = {
        "kind": Column("Kind"),
        "figure": Column("What we measure"),
        "target": Column("Target"),
        "baseline": Column("Usual so far"),
        "source": Column("Read from"),
        "owner": Column("Who has it"),
    }
    title = f"What we measure and why: {told['words']}"
    measures = Table(f"{STEP}.measures", title, pd.DataFrame(rows), columns)
    return Findings(STEP, (measures, *_personas(book), _playbook_table(book)), book.formats)


def personas(book: Book) -> Findings:
    """The buyers the campaign is for, as vetting compares audiences with them."""
    rows = [
        {
            "name": person.name,
            "lives": ", ".join(person.countries),
            "age": ", ".join(person.ages),
            "gender": ", ".join(person.genders),
            "speaks": ", ".join(person.languages),
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
    note = "From client.yml: personas. An audience is compared with each of them, by what the creator's page states."
    frame = pd.DataFrame(rows).replace("", "any")
    return Findings(
        STEP, (Table(f"{STEP}.personas", "Who it is for", frame, columns, note=note),), book.formats
    )


def _refuse_strange_targets(book: Book, told: dict[str, Any]) -> None:
    known = [row["key"] for row in (*told["figures"], *told["on_the_way"])]
    strange = [name for name in book.campaign.targets if name not in known]
    if strange:
        what = f"there is no figure “{strange[0]}” for the goal {book.campaign.goal}"
        raise Problem(what, book.campaign.path, todo=f"Figures: {', '.join(known)}.")


def _measure(book: Book, row: dict[str, Any], kind: str) -> dict[str, str]:
    own = book.campaign.targets.get(row["key"])
    target = _value(book, row, own.value) if own and own.value is not None else _target(book, row["key"])
    if own and own.baseline is not None:
        baseline = _value(book, row, own.baseline)
    else:
        baseline = _past(book, row) or _baseline(book, row["key"])
    return {
        "kind": kind,
        "figure": row["name"],
        "target": target or TO_SET,
        "baseline": baseline or "not available",
        "source": (own.source if own else "") or row["how"],
        "owner": (own.owner if own else "") or row["owner"],
    }


def _short(name: str) -> str:
    """`Sales that stay` from `Sales that stay (excl. VAT, after returns)`, as a word in a sentence."""
    short = name.split(" (")[0].split(",")[0]
    return short[0].lower() + short[1:]


def _value(book: Book, row: dict[str, Any], value: float) -> str:
    return book.formats.value(value, row["unit"], 0)


def _target(book: Book, key: str) -> str:
    """A target that follows from budget and plan: what pays the campaign back, or what it is meant to make."""
    mix = recommended(book)
    return _money_target(book, key, mix) or (_plan_target(book, key, mix) if mix else "")


def _money_target(book: Book, key: str, mix: Mix | None) -> str:
    formats, budget, unit = book.formats, book.campaign.budget, unit_economics(book)
    needed = orders_needed(budget, unit)
    if key == "profit":
        return f"{formats.money(0)} or more"
    if key == "sales_that_stay" and needed and unit.kept_sales:
        return f"{formats.money(needed.likely * unit.kept_sales.likely)} pays the budget back"
    if key == "cost_per_new_customer" and unit.contribution and unit.contribution.likely > 0:
        return f"at most {formats.money(unit.contribution.likely)} on the first order alone"
    if key == "return_rate" and unit.return_rate:
        return f"no more than {formats.percent(unit.return_rate.likely)}, as reckoned with"
    each = orders_needed(mix.cost / len(mix.people), unit) if mix else None
    if key == "orders_per_creator" and each:
        return f"{formats.number(each.likely)} pays a creator back"
    if key == "clicks_per_creator" and each:
        rate = assumption(book, "conversion_rate").likely
        return f"{formats.number(each.likely / rate)}, if {formats.percent(rate, 1)} of clicks order"
    return ""


def _plan_target(book: Book, key: str, mix: Mix) -> str:
    """What the recommended plan is meant to deliver."""
    made = float(pieces(book, mix.people).sum())
    if key in {"usable_pieces", "pieces_agreed", "rights_written"}:
        return f"{made:.0f} planned"
    if key == "cost_per_piece" and made:
        return f"{book.formats.money(mix.cost / made)}, as planned"
    if key == "live_on_time":
        days = book.campaign.lead_times.get("live", pack("launch")["live_after_days"])
        return f"all {len(mix.people)} by {book.formats.day(book.campaign.start + timedelta(days=days))}"
    return ""


def _past(book: Book, row: dict[str, Any]) -> str:
    """The figure of the last campaign in the ledger that has it."""
    found = past_outcomes(book)
    found = found[found.figure == row.get("past", "")]
    if found.empty:
        return ""
    last, name = found.iloc[-1], FIGURES[row["past"]]
    return f"{book.formats.value(last.value, name.unit, name.digits)} in {last.campaign}"


def _baseline(book: Book, key: str) -> str:
    """The usual figure before launch, where a file tells it."""
    if key == "brand_searches" and book.tables.has("searches", "clicks", "date"):
        return _per_week(book, book.tables.searches, "date", "clicks", "searches a week")
    if key == "sales_that_stay" and book.tables.has("orders"):
        return _per_week(book, book.tables.orders, "ordered_at", None, "orders a week in the shop")
    if key == "views_per_post":
        typical = candidates(book).views.median()
        return "" if pd.isna(typical) else f"{book.formats.number(typical)}, typical of this list"
    rate = unit_economics(book).return_rate
    if key == "return_rate" and rate and "order" in rate.source:
        return f"{book.formats.percent(rate.likely)} of the shop's settled orders"
    return ""


def _per_week(book: Book, frame: pd.DataFrame, when: str, what: str | None, words: str) -> str:
    start = pd.Timestamp(book.campaign.start)
    before = frame[(frame[when] < start) & (frame[when] >= start - pd.Timedelta(days=56))]
    if before.empty:
        return ""
    weeks = max(1.0, (start - before[when].min()).days / 7)
    amount = float(before[what].sum()) if what else float(len(before))
    return f"{book.formats.number(amount / weeks)} {words}"


def _personas(book: Book) -> list[Note]:
    people = book.client.personas
    if people:
        names = ", ".join(person.name for person in people)
        return [Note(f"The campaign is for: {names}. Audiences are compared with this in vetting.")]
    text = (
        "Nobody has said yet who should be reached, so no audience can be compared with it. Seven figures "
        "(countries, ages, genders) under “personas” in client.yml settle it; the brand has them."
    )
    return [Note(text, "todo", owner="brand")]


def _playbook_table(book: Book) -> Table:
    told = playbook(book)
    mix = ", ".join(f"{size} {book.formats.percent(part)}" for size, part in told["mix"].items())
    rows = {
        "Measured by": "; ".join(told["measures"]),
        "Sizes to start from (share of the money)": mix,
        "Formats": ", ".join(told["formats"]),
        "In the brief": "; ".join(told["brief"]),
        "Needed besides": "; ".join(told["inputs"]),
        "How the result is read": told["read"],
        "Rights to ask for": "; ".join(told["rights"]),
        "Label and claim traps": "; ".join(told["label_traps"]),
        "When": "; ".join([*told.get("calendar", []), *_suits(told)]),
        "Good looks like": told["good_looks_like"],
        "Not when": told["not_when"],
    }
    rows = {part: said for part, said in rows.items() if said}
    frame = pd.DataFrame({"part": rows.keys(), "told": rows.values()})
    note = (
        ""
        if book.campaign.playbook
        else "The campaign file names no playbook; this is the usual one for its goal."
    )
    columns = {"part": Column("Part"), "told": Column("What it says")}
    return Table(f"{STEP}.playbook", f"Playbook: {told['title']}", frame, columns, note=note)


def _suits(told: dict[str, Any]) -> list[str]:
    moments = told.get("moments", [])
    return [f"suits {', '.join(moments)}"] if moments else []
