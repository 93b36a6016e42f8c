"""The way of a buyer and who of the list serves each step of it; and where the creators were found."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.campaign.lead import who_settles
from creatorbook.campaign.people import in_question
from creatorbook.campaign.playbook import playbook
from creatorbook.campaign.posts import own_codes
from creatorbook.campaign.roster import issued
from creatorbook.campaign.terms import rights_agreed
from creatorbook.findings import (
    Column,
    Findings,
    Note,
    Table,
    Wording,
    joined,
    packed,
    say,
    say_many,
    sentences,
    when_written,
)
from creatorbook.goals.objective import STEP
from creatorbook.packs import pack
from creatorbook.planning.candidates import candidates
from creatorbook.planning.places import ELSEWHERE, NOT_SAID, found_at, places

if TYPE_CHECKING:
    from creatorbook.book import Book

#: part of the list that counts as having most views or most response
TOP = 1 / 3
#: rule that goes by a figure → what would place people by it
NEEDS = {
    "most_views": say("not known: needs typical views or followers"),
    "most_response": say("not known: needs likes and comments"),
}
#: names shown per step
NAMED = 4


def journey(book: Book) -> Findings:
    """From noticing to telling others: who of the list serves each step, with which formats, measured by what."""
    people = candidates(book)
    if people.empty:
        text = "Without a creators list nobody can be given a place on the buyer's way."
        return Findings(STEP, (Note(text, "todo", owner=who_settles(book)),), book.formats)
    rows, gaps = [], []
    for step in pack("goals")["journey"]["steps"]:
        serving = _serving(book, people, step)
        handles = [] if serving is None else [f"@{handle}" for handle in people.handle[serving]]
        nobody = NEEDS[step["takes"]] if serving is None else say("nobody on this list")
        rows.append(
            {
                "step": packed(step["step"]),
                "creators": float("nan") if serving is None else float(len(handles)),
                "who": joined(handles, most=NAMED) if handles else nobody,
                "formats": packed(step["formats"]),
                "measured": packed(step["measured"]),
                "goal": say("yes") if book.campaign.goal in step["goals"] else "",
            }
        )
        if serving is not None and not handles and book.campaign.goal in step["goals"]:
            gaps.append(packed(step["step"].lower()))
    columns = {
        "step": Column("A buyer …"),
        "creators": Column("Creators", "number"),
        "who": Column("Served by"),
        "formats": Column("Formats that suit"),
        "measured": Column("Measured by"),
        "goal": Column("This campaign's goal"),
    }
    note = say(
        "Placed by rule: the third with most {views} notices, the third with most response weighs, a code or "
        "link buys, who knows the brand already keeps, agreed rights tell. One creator may serve several steps.",
        views=say("typical views") if people.views.notna().any() else say("followers"),
    )
    table = Table(f"{STEP}.journey", "The way of a buyer", pd.DataFrame(rows), columns, note=note)
    nobody = say("Nobody on the list serves: {steps}.", steps=joined(gaps))
    return Findings(STEP, (table, *([Note(nobody, "caution")] if gaps else [])), book.formats)


def _serving(book: Book, people: pd.DataFrame, step: dict[str, Any]) -> pd.Series | None:
    """Which people serve a step, by the rule of the pack; `None` where the figure it goes by is known of nobody.

    While nobody's views are known, followers stand for them: whoever has most is seen most. They do not stand for
    response, which falls with size.
    """
    takes = step["takes"]
    if takes in {"most_views", "most_response"}:
        views = people.views if people.views.notna().any() else people.followers
        figure = views if takes == "most_views" else people.response
        return figure.rank(pct=True, method="first") > 1 - TOP if figure.notna().any() else None
    if takes == "with_code":
        return people.handle.isin(own_codes(book)) | people.creator.isin(_with_link(book))
    if takes == "know_the_brand":
        by_person = in_question(book).groupby("creator").source
        sources = people.creator.map(by_person.agg(lambda texts: " ".join(texts.dropna()).lower())).fillna("")
        familiar = [any(word in source for word in step["words"]) for source in sources]
        return pd.Series(familiar, people.index)
    return pd.Series(rights_agreed(book), people.index)


def _with_link(book: Book) -> set[str]:
    """People who have a link of their own on any account, as listed and as issued."""
    accounts = in_question(book)
    given = {handle for handle, _ in issued(book, "link")}
    return set(accounts.creator[accounts.link.notna() | accounts.handle.isin(given)])


def found(book: Book) -> Findings:
    """Four places to look for creators, and how many of the list came from each."""
    creators = in_question(book)
    at = found_at(creators) if len(creators) else pd.Series(dtype="str")
    rows = [
        {
            "place": packed(place["place"]),
            "how": packed(place["how"]),
            "creators": float((at == place["place"]).sum()),
        }
        for place in places()
    ]
    other, silent = int((at == ELSEWHERE).sum()), int((at == NOT_SAID).sum())
    columns = {
        "place": Column("Where"),
        "how": Column("How to look"),
        "creators": Column("Of this list", "number", grade="counted"),
    }
    note = sentences(
        say(
            "From the column source of the creators list; it is kept, so that results can be told apart by it."
        ),
        say_many("{n} comes from elsewhere.", "{n} come from elsewhere.", n=other) if other else None,
    )
    table = Table(f"{STEP}.found", "Where creators are found", pd.DataFrame(rows), columns, note=note)
    asked = say(
        "For {silent} of {all} the list does not say where they were found. The campaign lead can add it.",
        silent=silent,
        all=len(at),
    )
    silence = [Note(asked, "todo", owner=who_settles(book))] if silent else []
    return Findings(STEP, (table, *silence), book.formats)


def niches(book: Book) -> Findings:
    """What works and what to watch in the subjects of this list; all subjects where none is recognised."""
    subjects = pack("niches")["niches"]
    texts = " ".join(
        [
            *in_question(book).niche.dropna().str.lower(),
            book.campaign.brief.product.lower(),
            book.client.voice.description.lower(),
            playbook(book)["title"].lower(),
        ]
    )
    here = [
        name
        for name, row in subjects.items()
        if any(re.search(rf"\b{re.escape(word)}", texts) for word in row["words"])
    ]
    rows = [
        {
            "niche": packed(name),
            "inside": joined(map(packed, subjects[name].get("inside", ())), by="; "),
            "works": joined(map(packed, subjects[name]["works"]), by="; "),
            "cautions": joined(map(packed, subjects[name]["cautions"]), by="; "),
            "rules": joined(map(_rule, subjects[name]["rules"]), by="; "),
        }
        for name in here or subjects
    ]
    columns = {
        "niche": Column("Subject"),
        "inside": Column("Narrower inside it"),
        "works": Column("What suits it"),
        "cautions": Column("Watch"),
        "rules": Column("Rules to know"),
    }
    note = sentences(
        say("A plain reading of the sources named, not legal advice."),
        None if here else say("No subject was recognised in the list or the brief, so all are shown."),
    )
    table = Table(f"{STEP}.niches", "Subjects and their cautions", pd.DataFrame(rows), columns, note=note)
    return Findings(STEP, (table,), book.formats)


def _rule(rule: dict[str, Any]) -> Wording:
    return say(
        "{rule} ({source}, {date})",
        rule=packed(rule["what"]),
        source=rule["source"],
        date=when_written(rule["date"]),
    )
