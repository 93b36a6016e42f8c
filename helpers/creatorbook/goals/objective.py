"""From the goal to what is measured, and whether small creators are the right ones for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook import plugins
from creatorbook.finance.economics import orders_needed, unit_economics
from creatorbook.findings import Column, Findings, Note, Table
from creatorbook.packs import pack
from creatorbook.planning.candidates import candidates, hours, overheads
from creatorbook.planning.plans import mixes, pieces, recommended
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
    """What we measure for the campaign's goal, with target, baseline, source and owner; and its playbook."""
    told = pack("goals")["goals"][book.campaign.goal]
    rows = [_measure(book, row, "result") for row in told["figures"]]
    rows += [_measure(book, row, "on the way") for row in told["on_the_way"]]
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


def is_micro_right(book: Book) -> Findings:
    """Reasons for and against small creators, published ones and those of this campaign, with their sources."""
    rows = [
        row
        for row in pack("benchmarks")["research"]
        if row.get("when", book.campaign.goal) == book.campaign.goal
    ]
    reasons = [
        {"says": row["says"], "reason": row["text"], "source": f"{row['source']}, {row['date']}"}
        for row in rows
    ]
    reasons += _reasons_here(book)
    frame = pd.DataFrame(reasons)
    frame["says"] = pd.Categorical(frame.says, ["for", "against", "open"], ordered=True)
    frame = frame.sort_values("says", kind="stable").astype({"says": "str"})
    columns = {"says": Column("Speaks"), "reason": Column("Reason"), "source": Column("Source")}
    table = Table(f"{STEP}.is_micro_right", "Are small creators right here?", frame, columns)
    counts = frame.says.value_counts()
    text = (
        f"{counts.get('for', 0)} reasons speak for small creators here, {counts.get('against', 0)} against and "
        f"{counts.get('open', 0)} are open. They are reasons to weigh, not votes to count."
    )
    return Findings(STEP, (table, Note(text)), book.formats)


def _measure(book: Book, row: dict[str, Any], kind: str) -> dict[str, str]:
    target, baseline = _target(book, row.get("key", "")), _baseline(book, row.get("key", ""))
    return {
        "kind": kind,
        "figure": row["name"],
        "target": target or TO_SET,
        "baseline": baseline or "not available",
        "source": row["how"],
        "owner": row["owner"],
    }


def _target(book: Book, key: str) -> str:
    """A target that follows from the budget: what pays the campaign back, or what it is meant to make."""
    formats, budget = book.formats, book.campaign.budget
    unit = unit_economics(book)
    needed = orders_needed(budget, unit)
    if key == "profit":
        return f"{formats.money(0)} or more"
    if key == "sales_that_stay" and needed and unit.kept_sales:
        return f"{formats.money(needed.likely * unit.kept_sales.likely)} pays the budget back"
    if key == "cost_per_new_customer" and unit.contribution and unit.contribution.likely > 0:
        return f"at most {formats.money(unit.contribution.likely)} on the first order alone"
    made = _planned_pieces(book)
    if key == "usable_pieces" and made:
        return f"{made:.0f} planned"
    if key == "cost_per_piece" and made:
        return f"{formats.money(budget / made)} if the budget is spent"
    return ""


def _planned_pieces(book: Book) -> float:
    mix = recommended(book, mixes(book))
    return float(pieces(book, mix.people).sum()) if mix else 0.0


def _baseline(book: Book, key: str) -> str:
    """The usual figure per week before launch, where a file tells it."""
    if key == "brand_searches" and book.tables.has("searches", "clicks", "date"):
        return _per_week(book, book.tables.searches, "date", "clicks", "searches a week")
    if key == "sales_that_stay" and book.tables.has("orders"):
        return _per_week(book, book.tables.orders, "ordered_at", None, "orders a week in the shop")
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
        "Good looks like": told["good_looks_like"],
        "Not when": told["not_when"],
    }
    frame = pd.DataFrame({"part": rows.keys(), "told": rows.values()})
    note = (
        ""
        if book.campaign.playbook
        else "The campaign file names no playbook; this is the usual one for its goal."
    )
    columns = {"part": Column("Part"), "told": Column("What it says")}
    return Table(f"{STEP}.playbook", f"Playbook: {told['title']}", frame, columns, note=note)


def _reasons_here(book: Book) -> list[dict[str, str]]:
    """Reasons from the campaign's own figures."""
    people, formats, reasons = candidates(book), book.formats, []
    money_left = book.campaign.budget - overheads(book)
    priced = people[people.cost.notna()]
    if len(priced):
        affordable = int((priced.cost.sort_values().cumsum() <= money_left + 0.005).sum())
        text = f"The budget pays for {affordable} of {len(people)} people on the list; ten or more can be compared."
        reasons.append(_here("for" if affordable >= 10 else "against", text, "creators list, campaign file"))
    if len(people):
        least, most = hours(book, people)
        text = f"Looking after all {len(people)} takes {formats.span(least, most, 'hours')} of our own."
        reasons.append(_here("against", text, "creators list; fees.yml where it has no hours"))
    unit = unit_economics(book)
    if unit.contribution and len(priced):
        needed = orders_needed(float(priced.cost.median()), unit)
        if needed:
            text = (
                f"At its typical price a creator pays back with about {formats.number(needed.likely)} orders."
            )
            reasons.append(_here("for" if needed.likely <= 10 else "open", text, "creators list, economics"))
        elif unit.contribution.likely <= 0:
            text = "An order loses money before any creator is paid; no size changes that."
            reasons.append(_here("against", text, "economics"))
    if playbook(book)["id"] == "launch_seeding":
        text = "The campaign announces a launch, the one kind of post that worked less well in research."
        reasons.append(_here("open", text, "campaign file; Leung and others 2022"))
    return reasons


def _here(says: str, reason: str, source: str) -> dict[str, str]:
    return {"says": says, "reason": reason, "source": f"this campaign: {source}"}
