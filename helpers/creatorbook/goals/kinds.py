"""The kinds of campaign there are, side by side: what each is measured by, what its brief holds, and when it does not suit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook import plugins
from creatorbook.findings import Column, Findings, Table, joined, packed, say
from creatorbook.goals.objective import STEP, playbook
from creatorbook.packs import pack

if TYPE_CHECKING:
    from creatorbook.book import Book


def kinds_of_campaign(book: Book) -> Findings:
    """Every playbook the client may choose, the campaign's own first and in bold; the others in the order of their goals."""
    own, goals = playbook(book)["id"], pack("goals")["goals"]
    every = plugins.playbooks(book.client.replaces)
    order = list(goals)
    names = sorted(every, key=lambda name: (name != own, order.index(every[name]["goal"])))
    rows = [
        {
            "title": packed(every[name]["title"]),
            "goal": packed(goals[every[name]["goal"]]["words"]),
            "measures": joined(map(packed, every[name]["measures"]), by="; "),
            "brief": joined(map(packed, every[name]["brief"]), by="; "),
            "read": packed(every[name]["read"]),
            "good": packed(every[name]["good_looks_like"]),
            "not": packed(every[name]["not_when"]),
        }
        for name in names
    ]
    columns = {
        "title": Column("Kind of campaign"),
        "goal": Column("Goal"),
        "measures": Column("Measured by"),
        "brief": Column("In the brief"),
        "read": Column("How the result is read"),
        "good": Column("Good looks like"),
        "not": Column("Not when"),
    }
    note = say("The campaign's own kind stands first; `playbook:` in the campaign file names another.")
    frame = pd.DataFrame(rows)
    table = Table(
        f"{STEP}.kinds",
        "Kinds of campaign",
        frame,
        columns,
        note=note,
        sheet=False,
        rows=len(rows),
        strong=(0,),
    )
    return Findings(STEP, (table,), book.formats)
