"""A discount code for each creator: who gets which, what to set up in the shop, and what to see to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.campaign.assignments import DRAWN_LATER, assigned
from creatorbook.campaign.codes import skeleton
from creatorbook.campaign.lead import who_settles
from creatorbook.findings import (
    Column,
    Findings,
    Note,
    Table,
    Text,
    Wording,
    joined,
    say,
    say_many,
    sentences,
)
from creatorbook.tracking.issuing import shopify_discounts
from creatorbook.tracking.launch_days import due_before, shop_promotions
from creatorbook.tracking.standings import open_note, out_note

if TYPE_CHECKING:
    from creatorbook.book import Book

#: where a code comes from, as readers see it
_ORIGINS: dict[str, Wording] = {
    "from the list": say("from the list"),
    "issued": say("issued"),
    "proposed": say("proposed"),
    DRAWN_LATER: say("drawn when issued"),
}


def codes(book: Book) -> Findings:
    """A discount code per creator (promo code): readable, in capitals, never two that could be taken for one another.

    Columns of `tracking.codes`: creator, code, percent, first and last day, limits, origin. The table
    `tracking.shopify_discounts` has the columns of the shop's own discount export, for import apps.

    Raises:
        Problem: two people share a code.
    """
    people = assigned(book).drop_duplicates("person", ignore_index=True)
    if people.empty:
        needed = sentences(
            say("For codes we need the creators list: creator, handle, platform, followers."),
            say("The campaign lead has it."),
        )
        return Findings("tracking", (Note(needed, "todo", owner=who_settles(book)),), book.formats)
    text = say_many(
        "{n} code for {percent}% off, {given} of them given already and kept as they are.",
        "{n} codes for {percent}% off, {given} of them given already and kept as they are.",
        n=len(people),
        percent=f"{book.campaign.codes.percent:g}",
        given=int(people["code_from"].isin(["from the list", "issued"]).sum()),
    )
    items: list[Any] = [Note(text), *out_note(book), *open_note(book)]
    if book.stage == "plan" or book.mode == "explore":
        items += [_code_table(book, people), *_import_table(book), *_code_cautions(book, people)]
    return Findings("tracking", tuple(items), book.formats)


def _code_table(book: Book, people: pd.DataFrame) -> Table:
    rule = book.campaign.codes
    codes: list[Text] = [code or _ORIGINS[DRAWN_LATER] for code in people["code"]]
    limit = say("once per customer") if rule.once_per_customer else say("no limit per customer")
    frame = pd.DataFrame(
        {
            "person": people["person"],
            "code": codes,
            "percent": rule.share,
            "from_day": pd.Timestamp(book.campaign.start),
            "to_day": pd.Timestamp(book.campaign.end),
            "limit": [limit] * len(people),
            "code_from": [_ORIGINS[source] for source in people["code_from"]],
        }
    )
    columns = {
        "person": Column("creator"),
        "code": Column("code"),
        "percent": Column("discount", "percent", grade="assumed"),
        "from_day": Column("valid from", "date"),
        "to_day": Column("valid until", "date"),
        "limit": Column("limit"),
        "code_from": Column("origin"),
    }
    return Table("tracking.codes", "Codes", frame, columns, rows=8)


def _import_table(book: Book) -> list[Table]:
    """Codes the shop does not hold yet, in the columns of its own discount export that differ or decide."""
    frame = shopify_discounts(book)
    if frame.empty:
        return []
    shown = ("Name", "Value", "Value Type", "Applies Once Per Customer", "Usage Limit Per Code", "Status")
    columns = {name: Column(name) for name in (*shown, "Start", "End")}
    note = sentences(
        say(
            "“python3 workbook.py codes” writes the file with all columns of the shop's own discount export."
        ),
        say("Start and end are on the clock of the home market; where its zone is not known, in UTC."),
    )
    return [
        Table("tracking.shopify_discounts", "Codes to set up in the shop", frame, columns, rows=4, note=note)
    ]


def _code_cautions(book: Book, people: pd.DataFrame) -> list[Note]:
    notes = [_guessing(book)]
    if promotions := shop_promotions(book):
        text = say(
            "While the shop's own promotion runs ({promotions}), a code of {percent}% may be worth nothing: move the "
            "days, raise the code, or leave these days out of the reading.",
            promotions=promotions,
            percent=f"{book.campaign.codes.percent:g}",
        )
        notes.append(Note(text, "todo", owner="brand", due=due_before(book, 10)))
    if not book.tables.has("discounts"):
        text = say(
            "Whether these codes are in the shop is not checked: the shop's discount export would show it."
        )
        notes.append(Note(text, "unknown", owner="shop admin", due=due_before(book, 5)))
    if alike := _look_alikes(people):
        text = say(
            "Codes that can be mixed up: {codes}. They were given already, so they are kept: tell the creators.",
            codes=joined(alike, by="; "),
        )
        notes.append(Note(text, "caution"))
    return notes


def _guessing(book: Book) -> Note:
    if book.campaign.codes.unguessable:
        text = say("Unguessable codes are drawn once, when codes are issued; until then they are not shown.")
        return Note(text, "method")
    text = say(
        "Readable codes are easy to remember, and easy to guess: the end date and the limit per customer protect them."
    )
    return Note(text, "caution")


def _look_alikes(people: pd.DataFrame) -> list[Wording]:
    """Given codes that read alike, those of a group together."""
    given = people[people["code"] != ""]
    groups = given.groupby(given["code"].map(skeleton))["code"]
    return [joined(sorted(group), last="and") for _, group in groups if len(group) > 1]
