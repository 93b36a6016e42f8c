"""Who is in an audience: shares from profiles drawn by chance, and what a vendor says, with its definition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.findings import Column, Findings, Note, Table
from creatorbook.memo import per_book, remember
from creatorbook.packs import pack
from creatorbook.vetting.accounts import accounts, listed_rows
from creatorbook.vetting.audience_share import suspicious_share
from creatorbook.vetting.profiles import ProfileCheck, calibrate
from creatorbook.vetting.wording import CREATOR, said

if TYPE_CHECKING:
    from creatorbook.book import Book

#: profiles that people have judged, of each kind, before their marks replace the assumed error rates
JUDGED = 20
#: what a vendor's export calls the dimension of its own judgement
DIMENSION = r"quality|credib|suspicious|authentic"


def sampled(book: Book) -> pd.DataFrame:
    """Profiles of listed accounts, with `account`, and `drawn_from` in words (followers where nothing is said)."""
    found = listed_rows(book, "profiles")
    drawn = found.drawn_from.str.strip().str.lower()
    return found.assign(drawn_from=drawn.fillna("followers"))


def judged_check(book: Book) -> ProfileCheck | None:
    """A check calibrated on the profiles that people judged; none where there are too few of either kind."""
    known = sampled(book).dropna(subset=["suspicious"])
    odd = known.suspicious.astype(bool)
    if min(int(odd.sum()), int((~odd).sum())) < JUDGED:
        return None
    return calibrate(known.drop(columns=["handle"]), odd)


def shares(book: Book) -> pd.DataFrame:
    """The part of each audience that looks like accounts nobody uses.

    Columns: account, drawn_from, n (profiles), read, counted (stand out), share, low, high (0 to 1, missing where
    it cannot be told), grade, why. The handle is the creator's, so it is no sign of the profile's own.
    """

    def make() -> pd.DataFrame:
        check, found = judged_check(book), sampled(book)
        rows = [
            {
                "account": account,
                "drawn_from": drawn,
                **vars(suspicious_share(part.drop(columns=["handle"]), check)),
            }
            for (account, drawn), part in found.groupby(["account", "drawn_from"], sort=True)
        ]
        columns = ["account", "drawn_from", "n", "read", "counted", "share", "low", "high", "grade", "why"]
        frame = pd.DataFrame(rows, columns=columns)
        return frame.astype({"share": float, "low": float, "high": float})

    return remember(book.tables, "audience_quality", make)


@per_book
def told_by_vendors(book: Book) -> pd.DataFrame:
    """What audience files say of an audience's quality: account, segment, share, source, seen_on, definition."""
    found = listed_rows(book, "audience")
    found = found[found.dimension.str.contains(DIMENSION, case=False, regex=True).fillna(value=False)]
    known = pack("profile_signs")["vendors"]
    named = found.source.str.strip().str.lower()
    return found.assign(
        definition=[known.get(name, "not published, as far as we know") for name in named.fillna("")],
        source=found.source.fillna("vendor not given"),
    )[["account", "segment", "share", "source", "seen_on", "definition"]]


def audience_quality(book: Book) -> Findings:
    """How much of each audience looks like accounts nobody uses, with its range; vendors' figures beside it."""
    found, vendors = shares(book), told_by_vendors(book)
    if found.empty and vendors.empty:
        return said(
            book,
            "Who follows them is not checked: about 100 profiles for each creator, drawn by chance and counted on the sheet of "
            "sampled profiles, would do it; so would a vendor's export, under the vendor's own definition.",
            "unknown",
        )
    items: list[Table | Note] = []
    if len(found):
        items += [_share_table(book, found), Note(_reading(found), "method")]
    if len(vendors):
        items.append(_vendor_table(book, vendors))
    items.append(
        Note(
            "Quiet readers look unused too. A high share is a question about how the followers came, not an answer.",
            "caution",
        )
    )
    return Findings("vetting", tuple(items), book.formats)


def _share_table(book: Book, found: pd.DataFrame) -> Table:
    frame = found.assign(creator=found.account.map(accounts(book).called))
    columns = {
        "creator": CREATOR,
        "drawn_from": Column("Drawn from"),
        "n": Column("Profiles", "number", grade="counted"),
        "read": Column("of these, with something to read", "number", grade="counted"),
        "counted": Column("Stand out", "number", grade="counted"),
        "share": Column("Look unused", "percent", grade="estimated", missing="cannot tell"),
        "low": Column("Likely from", "percent", grade="estimated", missing="–"),
        "high": Column("to", "percent", grade="estimated", missing="–"),
        "why": Column("How we know, or why not"),
    }
    return Table("vetting.audience_quality", "How much of the audience looks unused", frame, columns, rows=12)


def _reading(found: pd.DataFrame) -> str:
    measured = (found.grade == "estimated").all()
    rates = (
        "how often it errs was measured on the profiles that you judged"
        if measured
        else f"how often it errs is assumed; {JUDGED} profiles of each kind that somebody has judged would measure it"
    )
    who = (
        " Those who comment are the lively part of an audience: their share says nothing of the silent part."
        if (found.drawn_from != "followers").any()
        else ""
    )
    return f"A profile stands out by the points of packs/profile_signs.yml; {rates}.{who}"


def _vendor_table(book: Book, vendors: pd.DataFrame) -> Table:
    frame = vendors.assign(creator=vendors.account.map(accounts(book).called)).sort_values(
        ["creator", "source", "segment"], kind="stable"
    )
    columns = {
        "creator": CREATOR,
        "source": Column("Figure by"),
        "segment": Column("Calls it"),
        "share": Column("Share", "percent", grade="counted"),
        "seen_on": Column("Seen on", "date", missing="day not given"),
        "definition": Column("By its definition"),
    }
    return Table("vetting.vendor_quality", "What vendors say of the audience", frame, columns, rows=12)
