"""One sheet per creator: what to make, when, with which link, code and label words, what to send back, what is paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import segno
from jinja2 import Environment

from creatorbook.campaign.assignments import (
    DRAWN_LATER,
    accounts,
    agreed_formats,
    assigned,
    kind_of,
    link_place,
)
from creatorbook.campaign.benefits import benefit_of
from creatorbook.campaign.lead import who_settles
from creatorbook.campaign.roster import person_named
from creatorbook.finance.costs import commission_rates
from creatorbook.finance.price_lines import price_lines
from creatorbook.findings import (
    Column,
    Findings,
    Note,
    Table,
    Text,
    Wording,
    joined,
    packed,
    say,
    say_many,
    sentences,
    written,
)
from creatorbook.memo import per_book
from creatorbook.packs import pack
from creatorbook.tracking.data_requests import wanted_of, when
from creatorbook.tracking.french_totals import french_totals
from creatorbook.tracking.labels import label_of, language_of
from creatorbook.tracking.rights import NOT_STATED, register
from creatorbook.tracking.standings import open_note

if TYPE_CHECKING:
    from creatorbook.book import Book
    from creatorbook.client import Gift, ProductClaim
    from creatorbook.tracking.disclosure import Label

PREVIEW = 1
"""sheets shown in the notebook"""


@dataclass(frozen=True)
class Account:
    """One account on a sheet: its link, where the link can live, and a QR code of it."""

    handle: str
    platform: str
    formats: tuple[str, ...]
    link: str
    where: str

    @cached_property
    def qr(self) -> str:
        """The link as a picture; drawn for sheets that are shown, which are few in a report."""
        return (
            segno.make(self.link, error="m", micro=False).svg_data_uri(scale=3, border=2) if self.link else ""
        )


@dataclass(frozen=True)
class LabelLine:
    """What one format on one platform needs."""

    platform: str
    format: str
    label: Label
    not_enough: str


@dataclass(frozen=True)
class PayLine:
    """One line of what the creator gets; `amount` is missing where it is not agreed.

    `kind`: fee, commission, gift, usage, whitelisting or exclusivity; `share` of the sales, for a commission.
    """

    what: str
    amount: float | None
    note: str = ""
    kind: str = "fee"
    share: float | None = None


@dataclass(frozen=True)
class Terms:
    """Rights agreed in writing, as the register has them (`rights.register`).

    About which account or post, for which channels, where, until when, in ads until when.
    """

    about: str
    channels: str
    territory: str
    until: Any
    paid_until: Any
    exclusive_until: Any


@dataclass(frozen=True)
class HandoverSheet:
    """Everything one creator needs to know."""

    person: str
    brand: str
    campaign: str
    start: date
    end: date
    draft_due: date
    product: str
    key_messages: tuple[str, ...]
    must_avoid: tuple[str, ...]
    proof: tuple[str, ...]
    deliverables: str
    """what was agreed; empty where it is still to be"""
    accounts: tuple[Account, ...]
    code: str
    discount: float
    labels: tuple[LabelLine, ...]
    requests: tuple[tuple[str, str, str], ...]
    pay: tuple[PayLine, ...]
    rights: str
    """what the campaign file says of everybody's; empty where it says nothing"""
    signed: str
    language: str = "en"
    playbook: str = ""
    claims: tuple[ProductClaim, ...] = ()
    gifts: tuple[Gift, ...] = ()
    terms: tuple[Terms, ...] = ()
    contract_first: bool = False
    """whether French law asks for a written contract before anything else"""


def handover(book: Book) -> Findings:
    """The hand-over sheets as a table, and the first one as a creator sees it.

    Columns of `tracking.handover`: creator, handles, deliverables, draft due, live between, code, link, label
    words, pay, rights.
    """
    sheets = handover_sheets(book)
    if not sheets:
        text = say("Hand-over sheets need the creators list: creator, handle, platform, followers.")
        return Findings("tracking", (Note(text, "todo", owner=who_settles(book)),), book.formats)
    text = say_many("{n} hand-over sheet.", "{n} hand-over sheets, one per creator.", n=len(sheets))
    if book.stage != "plan" and book.mode == "report":
        return Findings("tracking", (Note(text),), book.formats)
    items: list[Any] = [Note(sentences(text, _what_is_open(book))), *open_note(book), _table(book, sheets)]
    page = "\n".join(sheet_html(sheet, book) for sheet in sheets[:PREVIEW])
    return Findings("tracking", tuple(items), book.formats, html=page)


def handover_sheets(book: Book) -> list[HandoverSheet]:
    """A sheet per person, in alphabetical order."""
    people, assignments = accounts(book).to_dict("records"), assigned(book).to_dict("records")
    by_person: dict[str, tuple[list[Any], list[Any]]] = {}
    for row, given in zip(people, assignments, strict=True):
        own = by_person.setdefault(row["person"], ([], []))
        own[0].append(row)
        own[1].append(given)
    return [_sheet(book, person, *own) for person, own in by_person.items()]


def sheet_html(sheet: HandoverSheet, book: Book) -> str:
    """A sheet as HTML; every text is escaped."""

    def text(words: Text) -> str:
        return written(words, book.formats)

    advice = pack("disclosure")["advice"]
    return _SHEET.render(sheet=sheet, to_make=_to_make(sheet), text=text, formats=book.formats, advice=advice)


def _sheet(book: Book, person: str, rows: list[Any], given: list[Any]) -> HandoverSheet:
    campaign = book.campaign
    lead = campaign.lead_times.get("draft", 7)
    brief = campaign.brief
    return HandoverSheet(
        person=person,
        brand=book.client.brand,
        campaign=campaign.title,
        start=campaign.start,
        end=campaign.end,
        draft_due=campaign.start - timedelta(days=lead),
        product=brief.product,
        key_messages=tuple(brief.key_messages),
        must_avoid=tuple(dict.fromkeys([*brief.must_avoid, *book.client.voice.must_avoid])),
        proof=tuple(brief.proof),
        deliverables=_deliverables(book, rows),
        accounts=tuple(_account(row, one["link"]) for row, one in zip(rows, given, strict=True)),
        code=given[0]["code"] or DRAWN_LATER,
        discount=campaign.codes.share,
        labels=tuple(_label_lines(book, rows)),
        requests=tuple(_requests(book, rows)),
        pay=tuple(_pay(book, person, rows)),
        rights=campaign.rights.strip(),
        signed=book.client.theme.prepared_by or book.client.brand,
        language=language_of(book, rows[0]),
        playbook=campaign.playbook or "",
        claims=tuple(brief.claims),
        gifts=tuple(one for one in campaign.gifts if person_named(book, one.handle) == person),
        terms=tuple(_terms(book, person)),
        contract_first=person in _contracts_first(book),
    )


@per_book
def _contracts_first(book: Book) -> set[str]:
    totals = french_totals(book)
    return set(totals.loc[totals["contract"].astype(bool), "person"])


@per_book
def _agreements(book: Book) -> list[Any]:
    """Agreements of the rights sheet, the one that ends first on top."""
    agreements = register(book)
    on_sheet = agreements[agreements["row"].notna()]
    return on_sheet.sort_values(["ends_on", "about"], kind="stable").to_dict("records")


def _terms(book: Book, person: str) -> list[Terms]:
    """A person's agreements; what is not stated is left out."""
    return [
        Terms(
            about=row["about"],
            channels="" if row["channels"] == NOT_STATED else row["channels"],
            territory="" if row["territory"] == NOT_STATED else row["territory"],
            until=row["ends_on"],
            paid_until=row["paid_until"],
            exclusive_until=row["exclusive_until"],
        )
        for row in _agreements(book)
        if row["person"] == person
    ]


def _deliverables(book: Book, rows: list[Any]) -> str:
    own = [str(row["deliverables"]) for row in rows if pd.notna(row["deliverables"])]
    return "; ".join(own or book.campaign.deliverables)


def _to_make(sheet: HandoverSheet) -> Text:
    """What was agreed, or what is usual on the creator's platforms where nothing is yet."""
    usual = dict.fromkeys(line.format for line in sheet.labels)
    formats = joined(map(packed, usual))
    return sheet.deliverables or say("to be agreed; usual here: {formats}", formats=formats)


def _account(row: Any, link: str) -> Account:
    return Account(row["handle"], row["platform"], tuple(agreed_formats(row)), link, link_place(row))


def _label_lines(book: Book, rows: list[Any]) -> list[LabelLine]:
    names = pack("formats")["formats"]
    lines = []
    for row in rows:
        for one in agreed_formats(row):
            label = label_of(book, row, kind_of(one))
            words = [f"“{refused.what}”" for refused in label.refused if refused.kind == "word"]
            shown = ", ".join(dict.fromkeys(words[:8]))
            lines.append(LabelLine(row["platform"], names[one]["name"], label, shown))
    return lines


def _requests(book: Book, rows: list[Any]) -> list[tuple[str, str, str]]:
    """What to send back: what, where to tap, when."""
    return [(one["what"], one["where"], when(one).write(book.formats)) for _, one in wanted_of(rows)]


#: price lines beside the fee (`pay.price_lines`), each a price of its own
_EXTRAS = {
    "usage": "Use of the content",
    "whitelisting": "Ads from your account",
    "exclusivity": "Exclusivity",
}


def _pay(book: Book, person: str, rows: list[Any]) -> list[PayLine]:
    """Pay line by line, from the creators list, the cost sheet and the rights sheet."""
    prices = _prices(book)[person]
    fee, retail = _price(prices["fee"]), _price(prices["gift_retail"])
    lines = [PayLine("Fee, excl. VAT", fee)]
    rate = _price(commission_rates(book).get(person, np.nan))
    if rate:
        share = book.formats.percent(rate)
        note = f"{share} of the sales that stay, excl. VAT and shipping"
        lines.append(PayLine("Commission", None, note, "commission", rate))
    if retail is not None or benefit_of(rows[0])[0] == "gift":
        lines.append(PayLine("Gift, at shop price", retail, "a gift needs its label too", "gift"))
    agreed = [(name, what, _price(prices[name])) for name, what in _EXTRAS.items()]
    return lines + [PayLine(what, price, kind=name) for name, what, price in agreed if price is not None]


@per_book
def _prices(book: Book) -> dict[str, Any]:
    """The price lines of each person."""
    return {row["person"]: row for row in price_lines(book).to_dict("records")}


def _price(price: float) -> float | None:
    return float(price) if pd.notna(price) else None


def _what_is_open(book: Book) -> Wording | None:
    brief = book.campaign.brief
    lacking = [
        part
        for part, there in (
            (say("landing page"), book.campaign.links.landing_page),
            (say("product facts"), brief.product),
            (say("key messages"), brief.key_messages),
            (say("rights"), book.campaign.rights),
        )
        if not there
    ]
    return say("Still to fill in, in the campaign file: {parts}.", parts=joined(lacking)) if lacking else None


def _table(book: Book, sheets: list[HandoverSheet]) -> Table:
    frame = pd.DataFrame(
        {
            "person": [sheet.person for sheet in sheets],
            "handles": [", ".join(f"@{one.handle}" for one in sheet.accounts) for sheet in sheets],
            "deliverables": [_to_make(sheet) for sheet in sheets],
            "draft_due": pd.to_datetime([sheet.draft_due for sheet in sheets]),
            "live_from": pd.to_datetime([sheet.start for sheet in sheets]),
            "live_until": pd.to_datetime([sheet.end for sheet in sheets]),
            "code": [
                say("drawn when issued") if sheet.code == DRAWN_LATER else sheet.code for sheet in sheets
            ],
            "words": ["; ".join(dict.fromkeys(line.label.text for line in sheet.labels)) for sheet in sheets],
            "fee": pd.Series([sheet.pay[0].amount for sheet in sheets], dtype="float64"),
        }
    )
    columns = {
        "person": Column("creator"),
        "handles": Column("accounts"),
        "deliverables": Column("what to make"),
        "draft_due": Column("draft by", "date"),
        "live_from": Column("live from", "date"),
        "live_until": Column("live until", "date"),
        "code": Column("code"),
        "words": Column("label words"),
        "fee": Column("fee", "money", grade="counted"),
    }
    return Table("tracking.handover", "Hand-over sheets", frame, columns, rows=6)


_SHEET = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string("""
<section class="cb-sheet" style="border:1px solid #bbb;padding:1em 1.4em;margin:1em 0;break-inside:avoid-page">
<h3>{{ sheet.person }}: {{ sheet.campaign }} for {{ sheet.brand }}</h3>
<p><b>What to make.</b> {{ text(to_make) }}. Draft by {{ formats.day(sheet.draft_due) }}, live between {{ formats.day(sheet.start) }} and {{ formats.day(sheet.end) }}.
{% if sheet.product %}<br><b>The product.</b> {{ sheet.product }}{% endif %}
{% if sheet.key_messages %}<br><b>What matters to us.</b> {{ sheet.key_messages|join("; ") }}{% endif %}
{% if sheet.must_avoid %}<br><b>Please leave out.</b> {{ sheet.must_avoid|join("; ") }}{% endif %}
{% if sheet.proof %}<br><b>What you may say, with proof.</b> {{ sheet.proof|join("; ") }}{% endif %}
<br>How you say it is yours: you know your people.</p>
<p><b>Your code.</b> {{ sheet.code }} ({{ formats.percent(sheet.discount) }} off)</p>
<table class="cb-table"><caption>Your link</caption>
<thead><tr><th scope="col" class="cb-text">account</th><th scope="col" class="cb-text">link</th><th scope="col" class="cb-text">where it goes</th><th scope="col" class="cb-text">QR code</th></tr></thead>
<tbody>
{% for account in sheet.accounts %}
<tr><td class="cb-text">@{{ account.handle }} ({{ account.platform }})</td><td class="cb-text" style="overflow-wrap:anywhere">{{ account.link or "follows as soon as the landing page is named" }}</td><td class="cb-text">{{ account.where }}</td><td class="cb-text">{% if account.qr %}<img src="{{ account.qr }}" width="96" alt="QR code of the link of @{{ account.handle }}">{% else %}follows with the link{% endif %}</td></tr>
{% endfor %}
</tbody></table>
<table class="cb-table"><caption>Label words: exactly these, and there</caption>
<thead><tr><th scope="col" class="cb-text">format</th><th scope="col" class="cb-text">words</th><th scope="col" class="cb-text">where and how long</th><th scope="col" class="cb-text">switch on as well</th><th scope="col" class="cb-text">not enough</th></tr></thead>
<tbody>
{% for line in sheet.labels %}
<tr><td class="cb-text">{{ line.format }} on {{ line.platform }}</td><td class="cb-text"><b>{{ line.label.text }}</b></td><td class="cb-text">{{ (line.label.positions + line.label.durations)|join("; ") }}</td><td class="cb-text">{{ text(line.label.switch) }}</td><td class="cb-text">{{ line.not_enough }}</td></tr>
{% endfor %}
</tbody></table>
<p><b>What to send us afterwards.</b></p>
<ul>{% for what, where, due in sheet.requests %}<li>{{ what }}, {{ due }}: {{ where }}</li>{% endfor %}</ul>
<p><b>What you get.</b> {% for line in sheet.pay %}{{ line.what }}: {% if line.amount is not none %}{{ formats.money(line.amount, 2) }}{% elif line.what == "Commission" %}{{ line.note }}{% else %}not agreed yet{% endif %}{% if line.note and line.amount is not none %} ({{ line.note }}){% endif %}{{ "; " if not loop.last else "." }}{% endfor %}
<br><b>Rights.</b> {{ sheet.rights or "not agreed yet: nothing may be re-used" }}</p>
<p>{{ sheet.signed }}</p>
<p class="cb-note">{{ advice }}</p>
</section>
""")
