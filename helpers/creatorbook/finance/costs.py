"""What the campaign cost, each cost once: cost sheet, creators list, rights sheet, ads export and campaign file together.

The cost sheet wins over the list for the same creator and kind; what no file tells is unknown, never 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.book import MONEY, MONEY_AND_CREDIT
from creatorbook.campaign.agreements import campaign_agreements, grants_use
from creatorbook.campaign.benefits import listed_benefit
from creatorbook.campaign.people import everybody, in_question, taking_part
from creatorbook.campaign.posts import names_the_campaign, plain_campaign
from creatorbook.campaign.roster import persons_named, roster
from creatorbook.client.campaign_file import campaign_names
from creatorbook.finance.claims import claimed_orders, marketplace, owners
from creatorbook.finance.cost_lines import OTHERWISE, Kind, kinds, plain_kind
from creatorbook.finance.network_orders import network_orders
from creatorbook.finance.order_values import exchange, inside_window
from creatorbook.finance.rungs import ON_SALES
from creatorbook.findings import Grade, Share, Text, Wording, joined, number_of, say
from creatorbook.memo import per_book_free_of

if TYPE_CHECKING:
    from creatorbook.book import Book

#: cost kind as a sheet names it → rung of the ladder
RUNG_OF_KIND = {kind.name: cost.key for cost, kind in kinds()}
_REPLACES = {kind.name: kind.replaces for _, kind in kinds() if kind.replaces}


@dataclass(frozen=True)
class Costs:
    """All costs of a campaign.

    Attributes:
        lines: one row per cost: creator (empty for the whole campaign), kind, rung, cents, grade, source; of the cost
            sheet's also booked_on and paid_on.
        rates: creator → commission rate, where no commission amount is on file.
        missing: kinds of cost that no file tells and that are therefore not included.
        creators_known: whether any cost of a creator is on file at all.
        sources: source of a line → its words.
        unplaced: what cost and rights sheet call campaigns that are none of the client's; their rows count nowhere.
        without_fee: of how many creators no fee is on file while those of others are, and no list says that they get none.
        creators: of how many creators that is.
        without_rights_price: of how many creators who granted the use of their content no price is on file, though those of
            others are.
        granting: of how many such creators that is.
    """

    lines: pd.DataFrame
    rates: pd.Series
    missing: tuple[str, ...]
    creators_known: bool
    sources: Mapping[str, Text]
    unplaced: tuple[str, ...] = ()
    without_fee: int = 0
    creators: int = 0
    without_rights_price: int = 0
    granting: int = 0

    @property
    def missing_words(self) -> tuple[Text, ...]:
        """What is not included, in the reader's words: one list for plan, pulse and results."""
        words = {kind.name: kind.missing for _, kind in kinds()}
        names = joined(say("“{name}”", name=name) for name in self.unplaced)
        unplaced = say("what is booked to {names}, no campaign of this client", names=names)
        fees = say(
            "fees of {n} of {creators}", n=self.without_fee, creators=number_of("creator", self.creators)
        )
        rights = say(
            "usage rights of {n} of {creators} who granted them",
            n=self.without_rights_price,
            creators=number_of("creator", self.granting),
        )
        return (
            *([fees] if self.without_fee else []),
            *([rights] if self.without_rights_price else []),
            *(words[name] for name in self.missing),
            *([unplaced] if self.unplaced else []),
        )

    @property
    def not_included(self) -> Wording | None:
        """The sentence that names it, the same in plan, pulse and results; `None` where every cost is on file."""
        if not self.missing_words:
            return None
        return say(
            "NOT INCLUDED in campaign costs, because no file tells it: {costs}.",
            costs=joined(self.missing_words),
        )

    def sources_of(self, lines: pd.DataFrame) -> Wording:
        """Where cost lines come from, in the reader's words."""
        return joined(self.sources[name] for name in sorted(set(lines.source)))


@per_book_free_of(MONEY - {"costs"})
def campaign_costs(book: Book) -> Costs:
    """Every cost of the campaign, each counted once.

    Who was out and is traced by an order of their code has that order: no fee or gift of the list, which nobody paid.
    """
    part = took_part(book)
    agreed = not_left_out(part)
    return _costs(book, _counted_once(book, agreed), part, agreed)


@per_book_free_of(MONEY - {"costs"})
def planned_costs(book: Book) -> Costs:
    """The same costs had everybody on the list taken part: what a plan reckons with."""
    return _costs(book, _counted_once(book, roster(book)), roster(book), in_question(book))


@per_book_free_of(MONEY - {"costs"})
def committed_costs(book: Book) -> Costs:
    """The same costs of whoever takes part, live or not yet: what a running campaign is bound to pay."""
    part = taking_part(book)
    return _costs(book, _counted_once(book, part), part, part)


def _costs(book: Book, lines: pd.DataFrame, part: pd.DataFrame, agreed: pd.DataFrame) -> Costs:
    """The costs of a campaign in which these accounts take part; with those of `agreed` something is or may be agreed."""
    rates = _rates_of(book, part)
    on_file = bool(lines.rung.isin(["fees", "gifts", "rights"]).any())
    return Costs(
        lines,
        _rates(lines, rates),
        _missing(book, lines, rates),
        on_file or bool(part.commission_rate.notna().any()),
        _source_words(book),
        _unplaced(book),
        _without_fee(book, lines, agreed),
        agreed.creator.nunique(),
        *_without_rights_price(book, lines, agreed),
    )


@per_book_free_of(MONEY - {"costs"})
def planned_own_costs(book: Book) -> pd.DataFrame:
    """Per creator of the list what they cost beforehand, in money, by kind; the columns are those on file."""
    lines = planned_costs(book).lines
    own_lines = lines[~_shared(lines) & ~lines.rung.isin(ON_SALES)]
    return own_lines.pivot_table(index="creator", columns="kind", values="cents", aggfunc="sum") / 100


@per_book_free_of(MONEY - {"costs"})
def planned_own_cost(book: Book) -> pd.Series:
    """Per creator of the list all they cost beforehand, in money."""
    return planned_own_costs(book).sum(axis=1).round(2)


def planned_fees(book: Book) -> pd.Series:
    """Per creator of the list the fee that a plan reckons with; who has none told is left out."""
    costs = planned_own_costs(book)
    return costs["fee"].dropna() if "fee" in costs else pd.Series(dtype="float64")


def beside_fee(book: Book, creator: str) -> Wording | None:
    """What a creator costs beside the fee, in a reader's words: `gift, levy and own hours`; `None` if nothing."""
    costs = planned_own_costs(book)
    creator_costs = costs.loc[creator] if creator in costs.index else pd.Series(dtype=float)
    words = [
        kind.word
        for _, kind in kinds()
        if kind.word and kind.name != "fee" and creator_costs.get(kind.name, 0) > 0
    ]
    return joined(words, last="and") if words else None


def with_rates_on_fee(book: Book, fee: pd.Series) -> pd.Series:
    """Fees with what is reckoned as a rate of them, such as the levy."""
    rates = [getattr(book.client.economics, kind.rate) for _, kind in kinds() if "fees" in kind.rate_of]
    return fee * (1 + sum(rate.likely for rate in rates if rate is not None))


def planned_shared_costs(book: Book) -> float:
    """What the campaign costs beside its creators, whoever takes part: agency, tools, ads and the like."""
    lines = planned_costs(book).lines
    return float(lines.cents[_shared(lines) & ~lines.rung.isin(ON_SALES)].sum()) / 100


def costs_beside_creators(book: Book) -> float:
    """What the campaign cost beside its creators: agency, tools and whatever else is booked to nobody of them."""
    lines = campaign_costs(book).lines
    return float(lines.cents[(lines.creator == "") & ~lines.rung.isin(ON_SALES)].sum()) / 100


@per_book_free_of(MONEY - {"costs"})
def commission_rates(book: Book) -> pd.Series:
    """Commission rate of everybody on the list: their own, else the campaign's; without both, missing."""
    return _rates_of(book, roster(book))


def _shared(lines: pd.DataFrame) -> pd.Series:
    """Which lines belong to the campaign as a whole, whoever they are booked to."""
    return (lines.creator == "") | lines.kind.isin([kind.name for _, kind in kinds() if kind.one_sum])


def _counted_once(book: Book, accounts: pd.DataFrame) -> pd.DataFrame:
    """All cost lines, of each creator and kind the best source's only, with what is reckoned by a rate."""
    parts = [
        _sheet(book),
        _from_list(book, accounts),
        _from_agreements(book, accounts),
        _ads(book),
        _network(book),
        _marketplace(book),
        _campaign_file(book),
    ]
    lines = pd.concat([part for part in parts if len(part)] or [_lines([])], ignore_index=True)
    lines = _first_source_only(lines)
    lines = pd.concat([lines, _by_rate(book, lines)], ignore_index=True)
    return lines.sort_values(["rung", "creator", "kind", "source"], kind="stable").reset_index(drop=True)


def took_part(book: Book) -> pd.DataFrame:
    """Accounts of people who took part in what has happened (`campaign.people`), or to whom orders are traced."""
    accounts = everybody(book)
    return accounts[accounts.took_part | accounts.creator.isin(claimed_orders(book).creator.unique())]


def not_left_out(accounts: pd.DataFrame) -> pd.DataFrame:
    """Those of `took_part` with whom something was agreed: who was out is there for the orders of an old code alone."""
    return accounts[~accounts.left_out]


#: a cost line's source where it is agreed in writing and nobody has booked it yet
RIGHTS_SHEET = "rights sheet"
#: where a cost may stand and how a reader calls it, best source first
_SOURCES: dict[str, Text] = {
    "cost sheet": say("cost sheet"),
    "network report": say("affiliate network's report"),
    "marketplace": say("marketplace's sheet"),
    "ads export": say("ads export"),
    "creators list": say("creators list"),
    RIGHTS_SHEET: say("rights sheet"),
    "campaign file": say("campaign file"),
}


def _first_source_only(lines: pd.DataFrame) -> pd.DataFrame:
    """For each creator and kind, and for each kind of the whole campaign, the best source's lines only."""
    rank = lines.source.map({name: place for place, name in enumerate(_SOURCES)}).fillna(len(_SOURCES))
    best = rank.groupby([lines.creator, lines.kind.replace(_REPLACES)]).transform("min")
    lines = lines[rank == best]
    # ad spend, agency fee and tools are one sum for the campaign, whoever they are booked to
    whole = lines.kind.isin([kind.name for _, kind in kinds() if kind.one_sum])
    rank = rank[lines.index]
    return lines[~whole | (rank == rank.where(whole).groupby(lines.kind).transform("min"))]


def _lines(rows: list[dict[str, object]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["creator", "kind", "cents", "grade", "source"])
    frame["rung"] = frame.kind.map(RUNG_OF_KIND).fillna(OTHERWISE)
    frame[["booked_on", "paid_on"]] = pd.NaT
    days = dict.fromkeys(["booked_on", "paid_on"], "datetime64[us]")
    return frame.astype({"cents": "float64", "creator": "str", "kind": "str", **days})


@per_book_free_of(MONEY_AND_CREDIT)
def _sheet(book: Book) -> pd.DataFrame:
    """The cost sheet, other currencies at the campaign's rate; hours at the client's hourly rate.

    A row that names another campaign is none of this one's costs.
    """
    sheet = book.tables.costs
    sheet = sheet[sheet.campaign.isna() | names_the_campaign(book, sheet.campaign)]
    hourly = book.client.economics.hourly_rate
    by_hours = sheet.hours * hourly if hourly is not None else np.nan
    amount = (sheet.amount * exchange(book, sheet.currency)).fillna(by_hours)
    lines = pd.DataFrame(
        {
            "creator": persons_named(book, sheet.creator).fillna(sheet.creator).fillna(""),
            "kind": sheet.kind.map(plain_kind, na_action="ignore"),
            "cents": (amount * 100).round(),
            "grade": "counted",
            "source": "cost sheet",
            "booked_on": booked_on(sheet),
            "paid_on": sheet.paid_on,
        }
    )
    lines["rung"] = lines.kind.map(RUNG_OF_KIND).fillna(OTHERWISE)
    return lines[lines.cents.notna()]


def booked_on(sheet: pd.DataFrame) -> pd.Series:
    """The day under which each row of a cost sheet is booked: the invoice's, else a day of its own, else that of payment."""
    return sheet.invoiced_on.fillna(sheet.date).fillna(sheet.paid_on)


@per_book_free_of(MONEY_AND_CREDIT)
def _unplaced(book: Book) -> tuple[str, ...]:
    """What cost and rights sheet call campaigns that are neither this one nor another of the client's: a slip of the pen."""
    named = pd.concat([book.tables.costs.campaign, book.tables.rights.campaign]).dropna()
    others = set(named[~names_the_campaign(book, named)])
    campaigns = {plain_campaign(name) for name in campaign_names(book.client)} if others else set()
    return tuple(sorted(name for name in others if plain_campaign(name) not in campaigns))


def _from_list(book: Book, accounts: pd.DataFrame) -> pd.DataFrame:
    """What the creators list tells of these people, once per person whatever the number of accounts."""
    columns = [kind for _, kind in kinds() if kind.column]
    per_person = accounts.groupby("creator", sort=True)[[kind.column for kind in columns]].max()
    hourly = book.client.economics.hourly_rate
    rows = []
    for kind in columns:
        price = (hourly if hourly is not None else np.nan) if kind.per_hour else 1.0
        amounts = (per_person[kind.column] * price).dropna()
        rows += [_line(creator, kind, amount, "creators list") for creator, amount in amounts.items()]
    return _lines(rows)


def _from_agreements(book: Book, accounts: pd.DataFrame) -> pd.DataFrame:
    """What the rights sheet tells of these people, and of people who are on no list: one row is one agreement."""
    agreements = campaign_agreements(book)
    others = set(roster(book).creator) - set(accounts.creator)
    per_person = agreements[~agreements.creator.isin(others)].groupby("creator", sort=True)
    rows = []
    for kind in (kind for _, kind in kinds() if kind.agreed):
        amounts = per_person[kind.agreed].sum(min_count=1).dropna()
        rows += [_line(creator, kind, amount, RIGHTS_SHEET) for creator, amount in amounts.items()]
    return _lines(rows)


def _line(
    creator: object, kind: Kind, amount: float, source: str, grade: Grade = "counted"
) -> dict[str, object]:
    return {
        "creator": creator,
        "kind": kind.name,
        "cents": round(amount * 100),
        "grade": grade,
        "source": source,
    }


@per_book_free_of(MONEY_AND_CREDIT)
def _ads(book: Book) -> pd.DataFrame:
    """Ad spend of the campaign's days on creator content, by creator where the export names one."""
    ads = book.tables.ads
    first, last = pd.Timestamp(book.campaign.start), pd.Timestamp(book.campaign.end)
    ads = ads[
        (ads.starts_on.isna() | (ads.starts_on <= last)) & (ads.ends_on.isna() | (ads.ends_on >= first))
    ]
    spend = ads.groupby(ads.handle.map(owners(book)).fillna(""), sort=True).spend.sum(min_count=1).dropna()
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


@per_book_free_of(MONEY_AND_CREDIT)
def _network(book: Book) -> pd.DataFrame:
    """Commission and fee that a network takes for orders of the shop, as far as it takes them for sales."""
    records = network_orders(book)
    if records.empty:  # before launch there is none, and no order has to be looked at
        return _lines([])
    records = records[records.row.isin(inside_window(book).index) & records.stands]
    rows: list[dict[str, object]] = []
    for kind, creators, amounts in (
        ("commission", records.creator, records.commission),
        ("network fee", records.creator.map(lambda _: ""), records.network_fee),
    ):
        sums = amounts.groupby(creators, sort=True).sum(min_count=1).dropna()
        rows += [
            _line(creator, Kind(kind), amount, "network report") for creator, amount in sums.items() if amount
        ]
    return _lines(rows)


@per_book_free_of(MONEY_AND_CREDIT)
def _marketplace(book: Book) -> pd.DataFrame:
    """What a marketplace takes for itself, where its sheet tells it."""
    fees = marketplace(book).fees.sum(min_count=1)
    return _lines([_line("", Kind("marketplace fee"), float(fees), "marketplace")] if fees > 0 else [])


def _campaign_file(book: Book) -> pd.DataFrame:
    campaign = book.campaign
    amounts = [(kind, getattr(campaign, kind.field)) for _, kind in kinds() if kind.field]
    amounts += [(Kind(plain_kind(cost.kind)), cost.amount) for cost in campaign.costs]
    return _lines(
        [_line("", kind, amount, "campaign file") for kind, amount in amounts if amount is not None]
    )


def _by_rate(book: Book, lines: pd.DataFrame) -> pd.DataFrame:
    """Costs that are a rate of others, such as the levy on creators' pay, where no file has their amount."""
    rows = []
    for _, kind in kinds():
        rate = getattr(book.client.economics, kind.rate) if kind.rate else None
        base = lines[lines.rung.isin(kind.rate_of)]
        if rate is None or (lines.kind == kind.name).any():
            continue
        per_creator = base.groupby("creator", sort=True).cents.sum()
        rows += [
            _line(creator, kind, cents * rate.likely / 100, _rate_source(kind), "assumed")
            for creator, cents in per_creator.items()
        ]
    return _lines(rows)


def _rate_source(kind: Kind) -> str:
    return f"client.yml: {kind.rate}"


@per_book_free_of(MONEY_AND_CREDIT)
def _source_words(book: Book) -> dict[str, Text]:
    """Every source of a cost line in the reader's words; what is reckoned by a rate with the rate."""
    rates = [(kind, getattr(book.client.economics, kind.rate)) for _, kind in kinds() if kind.rate]
    return _SOURCES | {
        _rate_source(kind): say(
            "client.yml: {rate} of {costs}", rate=Share(rate.likely, 1), costs=kind.rate_base
        )
        for kind, rate in rates
        if rate is not None
    }


def _rates_of(book: Book, accounts: pd.DataFrame) -> pd.Series:
    """Commission rate per creator: the list's, else the campaign's."""
    rates = accounts.groupby("creator", sort=True).commission_rate.max()
    common = book.campaign.commission_rate
    return rates if common is None else rates.fillna(common.likely)


def _rates(lines: pd.DataFrame, rates: pd.Series) -> pd.Series:
    """Commission rate per creator where no commission amount is on file."""
    paid = set(lines.creator[lines.kind == "commission"])
    return rates[~rates.index.isin(paid)].dropna() if "" not in paid else rates.head(0)


def _missing(book: Book, lines: pd.DataFrame, rates: pd.Series) -> tuple[str, ...]:
    """Kinds of cost a campaign usually has and no file tells."""
    sheet = marketplace(book)
    on_file = {*lines.kind, *lines.kind.map(_REPLACES).dropna()}
    if rates.notna().any() or sheet.commission.notna().any():
        on_file.add("commission")
    return tuple(
        kind.name
        for _, kind in kinds()
        if kind.missing
        and kind.name not in on_file
        and kind.market in {"", book.client.market}
        and not (kind.marketplace and sheet.empty)
    )


def _without_fee(book: Book, lines: pd.DataFrame, accounts: pd.DataFrame) -> int:
    """People whose fee no file tells where those of others are on file, but for those who are said to get none."""
    paid = set(lines.creator[lines.kind == "fee"])
    if not paid or book.campaign.playbook == "organic_seeding":
        return 0
    no_fee = {
        row["creator"] for row in accounts.to_dict("records") if listed_benefit(row) not in {None, "fee"}
    }
    return len(set(accounts.creator) - paid - no_fee)


def _without_rights_price(book: Book, lines: pd.DataFrame, accounts: pd.DataFrame) -> tuple[int, int]:
    """People whose rights are agreed and of whom no file tells the price where those of others are on file, and all of them.

    A line for the whole campaign is the price of everybody's.
    """
    priced = set(lines.creator[lines.kind == "usage rights"])
    agreements = campaign_agreements(book)
    granting = set(agreements.creator[grants_use(agreements)]) & set(accounts.creator)
    return (len(granting - priced) if priced and "" not in priced else 0), len(granting)


def grade_of(lines: pd.DataFrame) -> Grade:
    """The weakest grade among cost lines."""
    return "assumed" if (lines.grade == "assumed").any() else "counted"
