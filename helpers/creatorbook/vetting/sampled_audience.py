"""Who is in an audience: shares from profiles drawn by chance, and what a vendor says, with its definition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.findings import Column, Findings, Note, Table, Text, packed, say, sentences
from creatorbook.memo import per_book, remember
from creatorbook.packs import pack
from creatorbook.vetting.accounts import listed_accounts, listed_rows
from creatorbook.vetting.audience_share import suspicious_share
from creatorbook.vetting.profiles import ProfileCheck, calibrate
from creatorbook.vetting.wording import CREATOR, one_note

if TYPE_CHECKING:
    from creatorbook.book import Book

#: profiles that people have judged, of each kind, before their marks replace the assumed error rates
JUDGED = 20
#: what a vendor's export calls the dimension of its own judgement
DIMENSION = r"quality|credib|suspicious|authentic"
#: what stands for a vendor that nobody has named
NO_VENDOR = "vendor not given"
#: from whom profiles are drawn, in words; others keep their own
DRAWN: dict[str, Text] = {"followers": say("followers"), "commenters": say("commenters")}


def sampled(book: Book) -> pd.DataFrame:
    """Profiles of listed accounts, with `account`, and `drawn_from` in words (followers where nothing is said)."""
    profiles = listed_rows(book, "profiles")
    drawn = profiles.drawn_from.str.strip().str.lower()
    return profiles.assign(drawn_from=drawn.fillna("followers"))


def judged_check(book: Book) -> ProfileCheck | None:
    """A check calibrated on the profiles that people judged; none where there are too few of either kind."""
    judged = sampled(book).dropna(subset=["suspicious"])
    odd = judged.suspicious.astype(bool)
    if min(int(odd.sum()), int((~odd).sum())) < JUDGED:
        return None
    return calibrate(judged.drop(columns=["handle"]), odd)


def shares(book: Book) -> pd.DataFrame:
    """The part of each audience that looks like accounts nobody uses.

    Columns: account, drawn_from, n (profiles), read, counted (stand out), share, low, high (0 to 1, missing where
    nothing can be said), grade, why. The handle is the creator's, so it is no sign of the profile's own.
    """

    def make() -> pd.DataFrame:
        check, profiles = judged_check(book), sampled(book)
        rows = [
            {
                "account": account,
                "drawn_from": drawn,
                **vars(suspicious_share(part.drop(columns=["handle"]), check)),
            }
            for (account, drawn), part in profiles.groupby(["account", "drawn_from"], sort=True)
        ]
        columns = ["account", "drawn_from", "n", "read", "counted", "share", "low", "high", "grade", "why"]
        frame = pd.DataFrame(rows, columns=columns)
        return frame.astype({"share": float, "low": float, "high": float})

    return remember(book.tables, "audience_quality", make)


@per_book
def vendor_figures(book: Book) -> pd.DataFrame:
    """What audience files say of an audience's quality: account, segment, share, source, seen_on, definition."""
    figures = listed_rows(book, "audience")
    figures = figures[figures.dimension.str.contains(DIMENSION, case=False, regex=True).fillna(value=False)]
    vendors = pack("profile_signs")["vendors"]
    named = figures.source.str.strip().str.lower()
    return figures.assign(
        definition=[
            packed(vendors[name]) if name in vendors else say("not published, as far as we know")
            for name in named.fillna("")
        ],
        source=figures.source.fillna(NO_VENDOR),
    )[["account", "segment", "share", "source", "seen_on", "definition"]]


def vendor_name(source: str) -> Text:
    """A vendor's name, or that it is not given."""
    return say("vendor not given") if source == NO_VENDOR else source


def audience_quality(book: Book) -> Findings:
    """How much of each audience looks like accounts nobody uses, with its range; vendors' figures beside it."""
    samples, vendors = shares(book), vendor_figures(book)
    if samples.empty and vendors.empty:
        return one_note(
            book,
            say(
                "Who follows them is not checked: about 100 profiles for each creator, drawn by chance and counted on "
                "the sheet of sampled profiles, would do it; so would a vendor's export, under the vendor's own "
                "definition."
            ),
            "unknown",
        )
    items: list[Table | Note] = []
    if len(samples):
        items += [_share_table(book, samples), Note(_reading(samples), "method")]
    if len(vendors):
        items.append(_vendor_table(book, vendors))
    items.append(
        Note(
            "Quiet readers look unused too. A high share is a question about how the followers came, not an answer.",
            "caution",
        )
    )
    return Findings("vetting", tuple(items), book.formats)


def _share_table(book: Book, samples: pd.DataFrame) -> Table:
    """Each sample with its share and range, and how it is known."""
    frame = samples.assign(
        creator=samples.account.map(listed_accounts(book).called),
        drawn_from=[DRAWN.get(drawn, drawn) for drawn in samples.drawn_from],
    )
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


def _reading(samples: pd.DataFrame) -> Text:
    """How to read the shares: where the error rates come from, and what commenters cannot tell."""
    if (samples.grade == "estimated").all():
        rates = say(
            "A profile stands out by the points of packs/profile_signs.yml; how often it errs was measured on the "
            "profiles that you judged."
        )
    else:
        rates = say(
            "A profile stands out by the points of packs/profile_signs.yml; how often it errs is assumed; {n} profiles "
            "of each kind that somebody has judged would measure it.",
            n=JUDGED,
        )
    lively = say(
        "Those who comment are the lively part of an audience: their share says nothing of the silent part."
    )
    return sentences(rates, lively if (samples.drawn_from != "followers").any() else None)


def _vendor_table(book: Book, vendors: pd.DataFrame) -> Table:
    """What vendors say, each under its own definition."""
    frame = vendors.assign(creator=vendors.account.map(listed_accounts(book).called)).sort_values(
        ["creator", "source", "segment"], kind="stable"
    )
    frame["source"] = pd.Series([vendor_name(source) for source in frame.source], frame.index, dtype=object)
    columns = {
        "creator": CREATOR,
        "source": Column("Figure by"),
        "segment": Column("Calls it"),
        "share": Column("Share", "percent", grade="counted"),
        "seen_on": Column("Seen on", "date", missing="day not given"),
        "definition": Column("By its definition"),
    }
    return Table("vetting.vendor_quality", "What vendors say of the audience", frame, columns, rows=12)
