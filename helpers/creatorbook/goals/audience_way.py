"""The way of a buyer and who of the list serves each step of it; and where the creators were found."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.findings import Column, Findings, Note, Table
from creatorbook.goals.objective import STEP, playbook
from creatorbook.packs import pack
from creatorbook.planning.candidates import candidates
from creatorbook.planning.places import ELSEWHERE, NOT_SAID, found_at, places

if TYPE_CHECKING:
    from creatorbook.book import Book

#: part of the list that counts as having most views or most response
TOP = 1 / 3
#: names told per step
NAMED = 4


def journey(book: Book) -> Findings:
    """From noticing to telling others: who of the list serves each step, with which formats, measured by what."""
    people = candidates(book)
    if people.empty:
        text = "Without a creators list nobody can be given a place on the buyer's way."
        return Findings(STEP, (Note(text, "todo", owner="agency"),), book.formats)
    rows, gaps = [], []
    for told in pack("goals")["journey"]["steps"]:
        serving = _serving(book, people, told)
        handles = [f"@{handle}" for handle in people.handle[serving]]
        more = f" and {len(handles) - NAMED} more" if len(handles) > NAMED else ""
        rows.append(
            {
                "step": told["step"],
                "creators": float(len(handles)),
                "who": ", ".join(handles[:NAMED]) + more or "nobody on this list",
                "formats": told["formats"],
                "measured": told["measured"],
                "goal": "yes" if book.campaign.goal in told["goals"] else "",
            }
        )
        if not handles and book.campaign.goal in told["goals"]:
            gaps.append(told["step"].lower())
    columns = {
        "step": Column("A buyer …"),
        "creators": Column("Creators", "number"),
        "who": Column("Served by"),
        "formats": Column("Formats that suit"),
        "measured": Column("Measured by"),
        "goal": Column("This campaign's goal"),
    }
    note = (
        "Placed by rule: the third with most typical views notices, the third with most response weighs, a code or "
        "link buys, who knows the brand already keeps, agreed rights tell. One creator may serve several steps."
    )
    table = Table(f"{STEP}.journey", "The way of a buyer", pd.DataFrame(rows), columns, note=note)
    missing = [Note(f"Nobody on the list serves: {', '.join(gaps)}.", "caution")] if gaps else []
    return Findings(STEP, (table, *missing), book.formats)


def _serving(book: Book, people: pd.DataFrame, step: dict[str, Any]) -> pd.Series:
    """Which people serve a step, by the rule of the pack."""
    takes = step["takes"]
    listed = book.tables.creators.drop_duplicates("handle").set_index("handle").reindex(people.handle)
    if takes in {"most_views", "most_response"}:
        told = people.views if takes == "most_views" else people.response
        told = told.where(told.notna(), None if told.notna().any() else people.followers).astype(float)
        return told.rank(pct=True, method="first") > 1 - TOP
    if takes == "with_code":
        found = listed.code.notna() | listed.link.notna()
        issued = book.issued.handle if len(book.issued) else []
        return pd.Series(found.to_numpy(), people.index) | people.handle.isin(issued)
    if takes == "know_the_brand":
        said = listed.source.astype("string").str.lower().fillna("")
        known = [any(word in source for word in step["words"]) for source in said]
        return pd.Series(known, people.index)
    rights = book.campaign.rights.strip().lower()
    agreed = bool(rights) and not rights.startswith(("ask", "none", "no ", "unknown"))
    return pd.Series(agreed, people.index)


def found(book: Book) -> Findings:
    """Four places to look for creators, and how many of the list came from each."""
    listed = book.tables.creators
    at = found_at(listed) if len(listed) else pd.Series(dtype="str")
    rows = [
        {"place": told["place"], "how": told["how"], "creators": float((at == told["place"]).sum())}
        for told in places()
    ]
    other, silent = int((at == ELSEWHERE).sum()), int((at == NOT_SAID).sum())
    columns = {
        "place": Column("Where"),
        "how": Column("How to look"),
        "creators": Column("Of this list", "number", grade="counted"),
    }
    note = "From the column source of the creators list; it is kept, so that results can be told apart by it."
    note += f" {other} come from elsewhere." if other else ""
    table = Table(f"{STEP}.found", "Where creators are found", pd.DataFrame(rows), columns, note=note)
    asked = f"For {silent} of {len(listed)} the list does not say where they were found. Whoever found them knows."
    silence = [Note(asked, "todo", owner="agency")] if silent else []
    return Findings(STEP, (table, *silence), book.formats)


def niches(book: Book) -> Findings:
    """What works and what to watch in the subjects of this list; all subjects where none is recognised."""
    known = pack("niches")["niches"]
    told = " ".join(
        [
            *book.tables.creators.niche.dropna().str.lower(),
            book.campaign.brief.product.lower(),
            book.client.voice.description.lower(),
            playbook(book)["title"].lower(),
        ]
    )
    here = [
        name
        for name, row in known.items()
        if any(re.search(rf"\b{re.escape(word)}", told) for word in row["words"])
    ]
    rows = [
        {
            "niche": name,
            "works": "; ".join(known[name]["works"]),
            "cautions": "; ".join(known[name]["cautions"]),
            "rules": "; ".join(
                f"{rule['what']} ({rule['source']}, {rule['date']})" for rule in known[name]["rules"]
            ),
        }
        for name in here or known
    ]
    columns = {
        "niche": Column("Subject"),
        "works": Column("What suits it"),
        "cautions": Column("Watch"),
        "rules": Column("Rules to know"),
    }
    note = "A plain reading of the sources named, not legal advice." + (
        "" if here else " No subject was recognised in the list or the brief, so all are shown."
    )
    table = Table(f"{STEP}.niches", "Subjects and their cautions", pd.DataFrame(rows), columns, note=note)
    return Findings(STEP, (table,), book.formats)
