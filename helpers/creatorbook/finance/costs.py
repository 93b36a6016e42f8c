"""What the campaign cost, each cost once: cost sheet, creators list, ads export and campaign file together.

The cost sheet wins over the list for the same creator and kind; what no file tells is unknown, never 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.campaign.people import everybody
from creatorbook.campaign.roster import persons_named
from creatorbook.finance.claims import claimed_orders, people
from creatorbook.findings import Grade
from creatorbook.memo import per_book

if TYPE_CHECKING:
    from creatorbook.book import Book

#: cost kind as a sheet names it → rung of the ladder
RUNG_OF_KIND = {
    "commission": "commission",
    "fee": "fees",
    "gift": "gifts",
    "shipping": "gifts",
    "usage rights": "rights",
    "exclusivity": "rights",
    "ads": "ads",
    "agency": "overheads",
    "tools": "overheads",
    "levy": "overheads",
    "hours": "hours",
    "other": "overheads",
}


@dataclass(frozen=True)
class Costs:
    """All costs of a campaign.

    Attributes:
        lines: one row per cost: creator (empty for the whole campaign), kind, rung, cents, grade, source.
        rates: creator → commission rate, where no commission amount is on file.
        unknown: what no file tells and is therefore not included, in the reader's words.
        creators_known: whether any cost of a creator is on file at all.
    """

    lines: pd.DataFrame
    rates: pd.Series
    unknown: tuple[str, ...]
    creators_known: bool

    def rung(self, name: str) -> float:
        """All costs on one rung, in cents; NaN if none is on file."""
        found = self.lines[self.lines.rung == name]
        return float(found.cents.sum()) if len(found) else float("nan")


@per_book
def campaign_costs(book: Book) -> Costs:
    """Every cost of the campaign, each counted once."""
    parts = [_sheet(book), _listed(book), _ads(book), _campaign_file(book)]
    lines = pd.concat([part for part in parts if len(part)] or [_lines([])], ignore_index=True)
    lines = _first_source_only(lines)
    lines = pd.concat([lines, _levy(book, lines)], ignore_index=True)
    lines = lines.sort_values(["rung", "creator", "kind", "source"], kind="stable").reset_index(drop=True)
    known = bool((lines.rung.isin(["fees", "gifts", "rights"])).any()) or bool(
        taking_part(book).commission_rate.notna().any()
    )
    return Costs(lines, _rates(book, lines), _unknown(book, lines), known)


def taking_part(book: Book) -> pd.DataFrame:
    """Accounts of people who took part in what has happened (`campaign.people`), or to whom orders are traced."""
    accounts = everybody(book)
    brought = set(claimed_orders(book).creator)
    return accounts[accounts.took_part | accounts.creator.isin(brought)]


#: where a cost may stand, best source first
_SOURCES = ("cost sheet", "ads export", "creators list", "campaign file")


def _first_source_only(lines: pd.DataFrame) -> pd.DataFrame:
    """For each creator and kind, and for each kind of the whole campaign, the best source's lines only."""
    rank = lines.source.map({name: place for place, name in enumerate(_SOURCES)}).fillna(len(_SOURCES))
    # a gift in the creators list includes its shipping, so the sheet's shipping replaces it too
    best = rank.groupby([lines.creator, lines.kind.replace("shipping", "gift")]).transform("min")
    kept = lines[rank == best]
    # ad spend, agency fee and tools are one sum for the campaign, whoever they are booked to
    whole = kept.kind.isin(["ads", "agency", "tools"])
    rank = rank[kept.index]
    return kept[~whole | (rank == rank.where(whole).groupby(kept.kind).transform("min"))]


def _lines(rows: list[dict[str, object]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["creator", "kind", "cents", "grade", "source"])
    frame["rung"] = frame.kind.map(RUNG_OF_KIND).fillna("overheads")
    return frame.astype({"cents": "float64", "creator": "str", "kind": "str"})


def _sheet(book: Book) -> pd.DataFrame:
    """The cost sheet, other currencies at the campaign's rate; hours at the client's hourly rate."""
    sheet = book.tables.costs
    rates = {**book.client.exchange_rates, book.client.currency: 1.0}
    exchange = sheet.currency.map(rates).astype(float).where(sheet.currency.notna(), 1.0)
    hourly = book.client.economics.hourly_rate
    by_hours = sheet.hours * hourly if hourly is not None else np.nan
    amount = (sheet.amount * exchange).fillna(by_hours)
    told = pd.DataFrame(
        {
            "creator": persons_named(book, sheet.creator).fillna(sheet.creator).fillna(""),
            "kind": sheet.kind.str.strip().str.lower().str.replace("_", " "),
            "cents": (amount * 100).round(),
            "grade": "counted",
            "source": "cost sheet",
        }
    )
    told["rung"] = told.kind.map(RUNG_OF_KIND).fillna("overheads")
    return told[told.cents.notna()]


def _listed(book: Book) -> pd.DataFrame:
    """Fee, gift and hours of the creators list, once per person whatever the number of accounts."""
    per_person = taking_part(book).groupby("creator", sort=True)[["fee", "gift_cost", "hours"]].max()
    hourly = book.client.economics.hourly_rate
    per_person["hours"] = per_person.hours * (hourly if hourly is not None else np.nan)
    rows = [
        {
            "creator": creator,
            "kind": kind,
            "cents": round(amount * 100),
            "grade": "counted",
            "source": "creators list",
        }
        for column, kind in (("fee", "fee"), ("gift_cost", "gift"), ("hours", "hours"))
        for creator, amount in per_person[column].dropna().items()
    ]
    return _lines(rows)


def _ads(book: Book) -> pd.DataFrame:
    """Ad spend of the campaign's days on creator content, by creator where the export names one."""
    ads = book.tables.ads
    first, last = pd.Timestamp(book.campaign.start), pd.Timestamp(book.campaign.end)
    ads = ads[
        (ads.starts_on.isna() | (ads.starts_on <= last)) & (ads.ends_on.isna() | (ads.ends_on >= first))
    ]
    owner = people(book).drop_duplicates("handle").set_index("handle").creator
    spend = ads.groupby(ads.handle.map(owner).fillna(""), sort=True).spend.sum(min_count=1).dropna()
    return _lines(
        [
            {
                "creator": creator,
                "kind": "ads",
                "cents": round(amount * 100),
                "grade": "counted",
                "source": "ads export",
            }
            for creator, amount in spend.items()
        ]
    )


def _campaign_file(book: Book) -> pd.DataFrame:
    told = book.campaign
    amounts = [("agency", told.agency_fee), ("tools", told.tools_cost), ("ads", told.ad_spend)]
    amounts += [(cost.kind, cost.amount) for cost in told.costs]
    return _lines(
        [
            {
                "creator": "",
                "kind": kind,
                "cents": round(amount * 100),
                "grade": "counted",
                "source": "campaign file",
            }
            for kind, amount in amounts
            if amount is not None
        ]
    )


def _levy(book: Book, lines: pd.DataFrame) -> pd.DataFrame:
    """The levy on creators' pay, where the client file has a rate and no file has its amount."""
    rate = book.client.economics.levy_rate
    pay = lines[lines.rung.isin(["fees", "rights"])]
    if rate is None or (lines.kind == "levy").any() or pay.empty:
        return _lines([])
    source = f"client.yml: {book.formats.percent(rate.likely, 1)} of fees and rights"
    per_creator = pay.groupby("creator", sort=True).cents.sum()
    return _lines(
        [
            {
                "creator": creator,
                "kind": "levy",
                "cents": round(cents * rate.likely),
                "grade": "assumed",
                "source": source,
            }
            for creator, cents in per_creator.items()
        ]
    )


def _rates(book: Book, lines: pd.DataFrame) -> pd.Series:
    """Commission rate per creator where no commission amount is on file."""
    listed = taking_part(book).groupby("creator", sort=True).commission_rate.max()
    if (common := book.campaign.commission_rate) is not None:
        listed = listed.fillna(common.likely)
    paid = set(lines.creator[lines.kind == "commission"])
    return listed[~listed.index.isin(paid)].dropna() if "" not in paid else listed.head(0)


def _unknown(book: Book, lines: pd.DataFrame) -> tuple[str, ...]:
    """Costs a campaign usually has and no file tells."""
    kinds = set(lines.kind)
    asked = {
        "agency": "agency fee",
        "tools": "tools",
        "levy": "levies on creators' pay",
        "hours": "own hours",
    }
    if book.client.market != "DE":
        asked.pop("levy")
    missing = [words for kind, words in asked.items() if kind not in kinds]
    return tuple(["creator fees and gifts", *missing] if not kinds & {"fee", "gift"} else missing)


def grade_of(lines: pd.DataFrame) -> Grade:
    """The weakest grade among cost lines."""
    return "assumed" if (lines.grade == "assumed").any() else "counted"
