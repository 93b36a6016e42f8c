"""What may be done with creators' content: where, in which countries, until when, and what was used beyond that.

What is not on file is not allowed: unknown rights read “do not reuse”.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.campaign.assignments import accounts
from creatorbook.campaign.lead import who_settles
from creatorbook.campaign.roster import person_named
from creatorbook.campaign.terms import rights_agreed
from creatorbook.findings import (
    Capital,
    Column,
    Day,
    Findings,
    Note,
    Table,
    Wording,
    joined,
    number_of,
    say,
    say_many,
    sentences,
)
from creatorbook.memo import per_book
from creatorbook.packs import pack
from creatorbook.problems import Problem
from creatorbook.text.territories import EVERYWHERE, countries

if TYPE_CHECKING:
    from creatorbook.book import Book
    from creatorbook.findings.formats import Formats

UNKNOWN = "unknown: do not reuse"
NOT_STATED = "not stated"
#: last days of the sheet, and how they are called; of several on one day the first here comes first
ENDINGS: dict[str, Wording] = {
    "exclusive_until": say("exclusivity"),
    "ad_code_expires_on": say("the ad code"),
    "paid_until": say("use in ads"),
    "ends_on": say("use of the content"),
}
#: fixed words of the register, as readers see them
_WORDS: dict[str, Wording] = {
    UNKNOWN: say("unknown: do not reuse"),
    "ended: do not reuse": say("ended: do not reuse"),
    "not yet": say("not yet"),
    "in force": say("in force"),
    "as the campaign file says": say("as agreed for everyone"),
    "all posts": say("all posts"),
    NOT_STATED: say("not stated"),
    "unknown: not in ads": say("unknown: not in ads"),
    "until when is unknown: not in ads": say("until when is unknown: not in ads"),
    "yes": say("yes"),
    "no": say("no"),
}


@dataclass(frozen=True)
class Ending:
    """A right that ends soon."""

    day: pd.Timestamp
    person: str
    what: Wording


def rights(book: Book) -> Findings:
    """The register of rights, what ends next, and content that was used outside its rights.

    Columns of `tracking.rights`: creator, account or post, where, in which countries, state today, until, in ads
    until, ad code and its end, exclusive until.

    Raises:
        Problem: a row of the rights sheet ends before it starts, or names a country we do not know.
    """
    agreements = register(book)
    if agreements.empty:
        text = say(
            "Rights need the creators list: creator, handle, platform, followers. Until then, reuse nothing."
        )
        return Findings("tracking", (Note(text, "todo", owner=who_settles(book)),), book.formats)
    unknown = agreements.loc[agreements["state"].eq(UNKNOWN), "person"]
    items: list[Any] = [Note(_sentence(book, agreements), slot="rules.rights", reader="client")]
    if book.tables.has("rights"):
        items.append(_table(agreements, book.formats))
    else:
        text = say(
            "A rights sheet (handle, channels, territory, starts_on, ends_on, paid_use, exclusive_until) settles it; "
            "the contracts have it."
        )
        items.append(Note(text, "unknown", owner=who_settles(book)))
    items += _ending_notes(book)
    items += [
        Note(text, "todo", owner=who_settles(book), due=book.as_of, need="rights")
        for text in used_outside(book)
    ]
    items += _market_notes(book, agreements)
    if len(unknown):
        text = say(
            "Agree in writing with {names} what may be used, or leave their content where it is.",
            names=joined(unknown.unique(), most=3),
        )
        items.append(Note(text, "todo", owner=who_settles(book)))
    return Findings("tracking", tuple(items), book.formats)


@per_book
def register(book: Book) -> pd.DataFrame:
    """One row per agreement of the rights sheet; a row for each person of whom it says nothing.

    Columns: person, about (account or post), channels, territory, starts_on, ends_on, paid_until (`NaT` where ads
    are not allowed or not known), ads (words), ad_code, ad_code_expires_on, exclusive_until, state, row.
    """
    sheet = _sheet(book)
    rows = [_row(book, row) for row in sheet.to_dict("records")]
    people = set(accounts(book)["person"]) - {row["person"] for row in rows}
    rows += [_without_a_row(book, person) for person in sorted(people)]
    columns = ["person", "about", "channels", "territory", "starts_on", "ends_on", "paid_until", "ads"]
    columns += ["ad_code", "ad_code_expires_on", "exclusive_until", "state", "row"]
    frame = pd.DataFrame(rows, columns=columns)
    days = ["starts_on", "ends_on", "paid_until", "ad_code_expires_on", "exclusive_until"]
    frame[days] = frame[days].apply(pd.to_datetime).astype("datetime64[us]")
    return frame.sort_values(["person", "about"], kind="stable", ignore_index=True)


def may_be_used(book: Book) -> set[str]:
    """People whose rights are known and not over: from the sheet, or from the campaign file's sentence."""
    agreements = register(book)
    over = agreements["ends_on"] < pd.Timestamp(book.as_of)
    return set(agreements.loc[agreements["state"].ne(UNKNOWN) & ~over, "person"])


def endings(book: Book) -> list[Ending]:
    """Everything in the register that ends within the next weeks (`packs/launch.yml`), soonest first."""
    agreements = register(book).to_dict("records")
    today = pd.Timestamp(book.as_of)
    last = today + timedelta(days=pack("launch")["rights_ahead_days"])
    soon = [
        Ending(row[name], row["person"], what)
        for name, what in ENDINGS.items()
        for row in agreements
        if pd.notna(row[name]) and today <= row[name] <= last
    ]
    return sorted(soon, key=lambda one: (one.day, one.person))


@per_book
def used_outside(book: Book) -> list[Wording]:
    """Ads on creators' content that no right on file covers, a sentence each: who, when, and why not."""
    ads = book.tables.ads
    shown = ads[ads["handle"].notna()].sort_values(["starts_on", "handle"], kind="stable")
    agreements = register(book)
    texts: list[Wording] = []
    for row in shown.to_dict("records"):
        person = person_named(book, row["handle"]) or str(row["handle"])
        first = row["starts_on"]
        last = row["ends_on"] if pd.notna(row["ends_on"]) else first
        why = _not_covered(agreements[agreements["person"] == person], first, last)
        if why:
            text = say(
                "An ad with content of {person} from {day}: {why}. Stop it, or extend the right.",
                person=person,
                day=Day(first),
                why=why,
            )
            texts += [text] if text not in texts else []
    return texts


def _not_covered(agreements: pd.DataFrame, first: Any, last: Any) -> Wording | None:
    """Why none of a person's agreements covers an ad of these days; nothing if one does."""
    reasons: list[Wording] = []
    for row in agreements.to_dict("records"):
        if pd.isna(row["paid_until"]):
            reasons.append(say("no right to use it in ads is on file"))
        elif pd.notna(row["starts_on"]) and pd.notna(first) and first < row["starts_on"]:
            reasons.append(say("it began before the right did"))
        elif pd.notna(last) and last > row["paid_until"]:
            reasons.append(say("it ran longer than the right"))
        elif pd.notna(row["ad_code_expires_on"]) and pd.notna(last) and last > row["ad_code_expires_on"]:
            reasons.append(say("it ran longer than the platform's code"))
        else:
            return None
    return reasons[0] if reasons else say("no right to use it in ads is on file")


def _sheet(book: Book) -> pd.DataFrame:
    """The rights sheet with the row of each line; what cannot be is refused."""
    sheet = book.tables.rights.copy()
    sheet["row"] = range(2, len(sheet) + 2)
    files = [receipt.file for receipt in book.receipts if "rights" in receipt.tables]
    file = files[0] if files else "rights sheet"
    for row in sheet.to_dict("records"):
        refuse_wrong_terms(row, file, int(row["row"]))
    return sheet


def refuse_wrong_terms(row: Mapping[Any, Any], file: str | None = None, line: int | None = None) -> None:
    """Raise a Problem where an agreement, a row of the table `rights`, ends before it starts or names no country."""
    starts: Any = row.get("starts_on")
    for name in ("ends_on", "paid_use_until", "ad_code_expires_on", "exclusive_until"):
        ends: Any = row.get(name)
        if pd.notna(starts) and pd.notna(ends) and ends < starts:
            what = f"@{row['handle']}: {name} ({ends.date()}) is before starts_on ({starts.date()})"
            todo = "Put the two days the right way round; the contract has them."
            raise Problem(what, file, line, name, todo=todo)
    if pd.notna(territory := row.get("territory")):
        _checked_countries(str(territory), file, line)


def _checked_countries(text: str, file: str | None, row: int | None) -> set[str]:
    try:
        return countries(text)
    except ValueError as error:
        todo = "Write country codes, as DE, FR, or “worldwide”; the contract says which."
        raise Problem(f"“{error}” is no country we know", file, row, "territory", todo=todo) from None


def _row(book: Book, row: Any) -> dict[str, Any]:
    name = str(row["handle"])
    about = row["post_url"] if pd.notna(row["post_url"]) else f"@{name}"
    allowed = row["paid_use"]
    until = row["paid_use_until"] if pd.notna(row["paid_use_until"]) else row["ends_on"]
    stated = pd.notna(row["paid_use_until"]) if pd.isna(allowed) else bool(allowed)
    ads = "unknown: not in ads" if pd.isna(allowed) and not stated else ("yes" if stated else "no")
    if stated and pd.isna(until):
        ads = "until when is unknown: not in ads"
    return {
        **{key: row[key] for key in ("starts_on", "ends_on", "ad_code_expires_on", "exclusive_until", "row")},
        "person": person_named(book, name) or name,
        "about": about,
        "channels": _text(row["channels"], NOT_STATED),
        "territory": _text(row["territory"], NOT_STATED),
        "paid_until": until if stated else pd.NaT,
        "ads": ads,
        "ad_code": _text(row["ad_code"], ""),
        "state": _state(book, row),
    }


def _state(book: Book, row: Any) -> str:
    today = pd.Timestamp(book.as_of)
    if pd.isna(row["ends_on"]):
        return UNKNOWN
    if row["ends_on"] < today:
        return "ended: do not reuse"
    if pd.notna(row["starts_on"]) and row["starts_on"] > today:
        return "not yet"
    return "in force"


def _without_a_row(book: Book, person: str) -> dict[str, Any]:
    sentence = book.campaign.rights.strip()
    return {
        "person": person,
        "about": "all posts",
        "channels": sentence or NOT_STATED,
        "territory": NOT_STATED,
        "ads": "unknown: not in ads",
        "ad_code": "",
        "state": "as the campaign file says" if rights_agreed(book) else UNKNOWN,
    }


def _text(value: Any, otherwise: str) -> str:
    return str(value).strip() if pd.notna(value) and str(value).strip() else otherwise


def _sentence(book: Book, agreements: pd.DataFrame) -> Wording:
    if book.tables.has("rights"):
        return say_many(
            "{n} of {agreements} is in force; {unknown}, which means: do not reuse.",
            "{n} of {agreements} are in force; {unknown}, which means: do not reuse.",
            n=int(agreements["state"].eq("in force").sum()),
            agreements=number_of("agreement", len(agreements)),
            unknown=say_many(
                "{n} is unknown", "{n} are unknown", n=int(agreements["state"].eq(UNKNOWN).sum())
            ),
        )
    if not book.campaign.rights.strip():
        return say("No right to anybody's content is on file: do not reuse any of it.")
    return sentences(
        say(
            "Agreed for everyone: “{rights}”.",
            rights=book.campaign.rights.strip().rstrip("."),
        ),
        say("A last day for each creator is not on file, and nothing may be used in ads."),
    )


def _ending_notes(book: Book) -> list[Note]:
    notes = []
    for one in endings(book)[:4]:
        text = say(
            "{right} of {person} ends: extend it in writing, or stop.", right=one.what, person=one.person
        )
        notes.append(Note(Capital(text), "todo", owner=who_settles(book), due=one.day.date(), need="rights"))
    return notes


def _market_notes(book: Book, agreements: pd.DataFrame) -> list[Note]:
    """Markets of the campaign in which an agreement does not hold."""
    wanted = set(book.campaign.markets or book.client.all_markets)
    lacking: dict[str, set[str]] = {}
    for row in agreements[agreements["territory"].ne(NOT_STATED)].to_dict("records"):
        agreed = countries(row["territory"])
        for market in wanted - agreed if EVERYWHERE not in agreed else ():
            lacking.setdefault(market, set()).add(row["person"])
    notes = []
    for market, people in sorted(lacking.items()):
        names = joined(sorted(people), most=3)
        text = say("Not in {market}: content of {names}.", market=market, names=names)
        notes.append(Note(text, "caution"))
    return notes


def _by_name(territory: str, formats: Formats) -> str:
    """The countries of an agreement by their names; anything but codes stays as it was written."""
    return ", ".join(formats.country(part.strip()) for part in territory.split(","))


def _table(agreements: pd.DataFrame, formats: Formats) -> Table:
    columns = {
        "person": Column("creator"),
        "about": Column("account or post"),
        "channels": Column("where"),
        "territory": Column("countries"),
        "state": Column("today"),
        "ends_on": Column("until", "date", missing="–"),
        "ads": Column("in ads"),
        "paid_until": Column("in ads until", "date", missing="–"),
        "ad_code": Column("ad code"),
        "ad_code_expires_on": Column("code ends", "date", missing="–"),
        "exclusive_until": Column("exclusive until", "date", missing="–"),
    }
    filled = ["ad_code", "ad_code_expires_on", "exclusive_until", "paid_until", "ends_on"]
    empty = {name for name in filled if agreements[name].replace("", None).isna().all()}
    shown = {name: column for name, column in columns.items() if name not in empty}
    fixed = ("about", "channels", "territory", "state", "ads")
    words = {name: [_WORDS.get(cell, cell) for cell in agreements[name]] for name in fixed}
    words["territory"] = [
        _by_name(cell, formats) if isinstance(cell, str) else cell for cell in words["territory"]
    ]
    return Table(
        "tracking.rights", "Rights to the content", agreements.assign(**words), shown, rows=8, reader="client"
    )
