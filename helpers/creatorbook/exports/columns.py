"""Columns of a file that nobody knows, looked at cell by cell: what kind of thing each holds, and which are personal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from creatorbook.exports.layouts import CODES, normal
from creatorbook.text.account_links import PAGE, PROFILE, read_link

MOST = 0.8  #: share of a column's cells that are most of them

_DAY = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\s?\d{1,2}[-/.]\s?\d{2,4}\b|\d{4}年\d{1,2}月"
    r"|\d{1,2}[.-]?\s?(de )?[^\W\d]{3,10}[.-]?,?\s?(de )?\d{2,4}\b|[^\W\d]{3,10}\.? \d{1,2},? \d{4}|20\d\d[01]\d[0-3]\d$"
)
_CODES = "|".join(sorted(CODES))
_NUMBER = re.compile(
    rf"[~<>≈]?\s?([^\w\s'@#-]{{0,2}}|{_CODES}|US\$|R\$|kr\.?)\s?[-+(]?\s?[^\w\s@#]{{0,1}}\d[\d.,'’\s]*\s?"
    rf"([^\W\d_]{{0,4}}\.?|{_CODES})\s?[^\w\s]{{0,2}}\+?"
)
_DECIMALS = re.compile(r"\d[.,]\d{1,2}(?!\d)\D*$")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(
    r"(\+|00)\d[\d\s()/.-]{6,18}|\(?0\d{1,4}\)?[\s/-][\d\s/-]{4,14}|'?\+?\d{3}[-\s.]\d{3}[-\s.]\d{4}"
)
_LINK = re.compile(
    r"https?://\S+|www\.\S+|[\w-]+(\.[\w-]+)*\.(com|tv|me|net|org|de|fr|es|it|co|be|ee|io|example)/\S*",
    re.IGNORECASE,
)
_AT_NAME = re.compile(r"@[\w.]{2,30}")
_ACCOUNT = re.compile(r"[\w.]{2,30}")
_PLATFORM = re.compile(
    r"instagram|ig|insta|tik ?tok|tt|you ?tube|yt|pinterest|facebook|fb|twitch|x|twitter|snapchat|threads",
    re.IGNORECASE,
)
_CODE = re.compile(r"[A-Z][A-Z0-9_-]{2,24}([,;|] ?[A-Z][A-Z0-9_-]{2,24})*", re.IGNORECASE)

#: words in a column's name that make it a person's, in the languages that shops write
_PERSONAL = re.compile(
    r"\b(phone|telephone|telefon|telefono|telefone|tel|mobile|mobil|movil|celular|cellulare|handy|fax|whatsapp|rufnummer|telefonnummer"
    r"|street|address|address1|address2|address\d|addr|adresse|adresa|direccion|endereco|indirizzo|strasse|straße|strase|calle|rua|rue|via|ulica|adres"
    r"|house|hausnummer|hausnr|apartment|apt|building|floor|first name|last name|full name|surname|firstname|lastname|vorname|nachname|prenom|apellidos?|sobrenome"
    r"|cognome|voornaam|achternaam|imie|nazwisko|contact person|ansprechpartner|birth\w*|dob|geburts\w*|naissance|nacimiento|nascita|iban|bic|bank\w*|card number|kartennummer"
    r"|passport|ip|ip address|iphash|vat id|vat number|tax id|tax number|ust id\w*|steuernummer|cpf|cnpj|dni|nif|signature|password"
    r"|company|firma|organisation|organization|empresa|entreprise|customer note|note to seller|gift message)\b"
)
_A_BUYER = re.compile(
    r"\b(customer|buyer|client|billing|shipping|recipient|ship|bill|delivery|kunden?|kaufer|acheteur|cliente|destinatario|comprador|klant|klient|rechnungs|liefer|empfanger|emfanger|consignee|guest|account holder|user|destinataire)\w*\b"
)
_A_NAME = re.compile(r"\b(name|nom|nombre|nome|naam|nazwa|namn|navn)\b")
_MAIL_NAME = re.compile(r"\b(e ?mails?|mail|correo|courriel|email address)\b")


@dataclass(frozen=True)
class FileColumn:
    """One column of a file.

    Attributes:
        at: its position.
        name: as the file has it.
        cells: what stands in it, record by record, without space around it.
    """

    at: int
    name: str
    cells: tuple[str, ...]

    @cached_property
    def plain(self) -> str:
        """Its name as names are compared; `saleAmount` is two words."""
        if re.fullmatch(r"[a-z]+([A-Z][a-z]+)+", self.name):
            return words_of(self.name)
        return normal(self.name)

    @cached_property
    def filled(self) -> tuple[str, ...]:
        """The cells that hold something."""
        return tuple(cell for cell in self.cells if cell)

    def mostly(self, pattern: re.Pattern[str]) -> bool:
        """Whether most of the filled cells are of a form."""
        hits = sum(bool(pattern.fullmatch(cell)) for cell in self.filled)
        return bool(self.filled) and hits >= MOST * len(self.filled)

    @cached_property
    def days(self) -> bool:
        """Whether it holds days or moments."""
        return bool(self.filled) and sum(bool(_DAY.match(c)) for c in self.filled) >= MOST * len(self.filled)

    @cached_property
    def numbers(self) -> bool:
        """Whether it holds numbers: counts or amounts, in any notation."""
        return not self.days and not self.phones and self.mostly(_NUMBER)

    @cached_property
    def decimals(self) -> bool:
        """Whether it holds numbers of which some have decimals: a count or a key has none."""
        return self.numbers and any(_DECIMALS.search(cell) for cell in self.filled)

    @cached_property
    def mails(self) -> bool:
        """Whether it holds e-mail addresses."""
        return self.mostly(_MAIL)

    @cached_property
    def phones(self) -> bool:
        """Whether it holds telephone numbers."""
        return self.mostly(_PHONE) and not self.days

    @cached_property
    def links(self) -> bool:
        """Whether it holds addresses of pages."""
        return self.mostly(_LINK)

    @cached_property
    def posts(self) -> bool:
        """Whether it holds links of posts, videos or Stories."""
        links = [link for cell in self.filled if "/" in cell and (link := read_link(cell))]
        posts = sum(bool(link.platform) and link.kind not in (PROFILE, PAGE) for link in links)
        return bool(self.filled) and posts >= MOST * len(self.filled)

    @cached_property
    def platforms(self) -> bool:
        """Whether it holds names of platforms."""
        return self.mostly(_PLATFORM)

    @cached_property
    def currencies(self) -> bool:
        """Whether it holds codes of currencies."""
        return bool(self.filled) and all(cell.upper() in CODES for cell in self.filled)

    @cached_property
    def codes(self) -> bool:
        """Whether its cells look like discount codes."""
        letters = any(re.search("[A-Za-z]", cell) for cell in self.filled)
        return self.mostly(_CODE) and letters and not self.currencies and not self.platforms

    @cached_property
    def unique(self) -> bool:
        """Whether every record has another cell."""
        return len(self.filled) == len(self.cells) and len(set(self.filled)) == len(self.filled)

    @cached_property
    def keys(self) -> bool:
        """Whether its cells can name things: short, without blanks, neither days, links, addresses nor amounts."""
        short = bool(self.filled) and all(len(cell) <= 40 and " " not in cell for cell in self.filled)
        others = self.days or self.mails or self.phones or self.links or self.decimals or self.currencies
        return short and not others

    @cached_property
    def small_counts(self) -> bool:
        """Whether it holds small whole numbers, of which some come again: how many, not which."""
        small = all(re.fullmatch(r"\d{1,3}", cell) for cell in self.filled)
        return small and len(set(self.filled)) < len(self.filled) and not self.zero_led

    @property
    def zero_led(self) -> bool:
        """Whether numbers begin with a zero, as only names of things do."""
        return any(len(cell) > 1 and cell.startswith("0") for cell in self.filled)

    @cached_property
    def counts_up(self) -> bool:
        """Whether it numbers the records 1, 2, 3 …"""
        return any(
            all(cell == str(number) for number, cell in enumerate(self.cells, start=first))
            for first in (0, 1)
        )

    @cached_property
    def accounts(self) -> float:
        """How far its cells look like accounts, from 0 to 1: links to profiles and @names most, display names not."""
        return sum(_account(cell) for cell in self.filled) / len(self.filled) if self.filled else 0.0

    @cached_property
    def surely_accounts(self) -> bool:
        """Whether its cells are accounts and nothing else: mostly different, and some written as only accounts are."""
        signs = any(re.search(r"[@._\d]", cell) for cell in self.filled)
        different = len(set(self.filled)) >= MOST * len(self.filled)
        return bool(self.filled) and self.accounts > 0.75 and different and signs

    @cached_property
    def personal(self) -> bool:
        """Whether it says who a buyer is, or where someone lives: never offered for a column that is kept."""
        named = _PERSONAL.search(self.plain) or _MAIL_NAME.search(self.plain)
        buyer = _A_BUYER.search(self.plain) and _A_NAME.search(self.plain)
        return bool(named or buyer or self.mails or self.phones)


def words_of(name: str) -> str:
    """A column's name as names are compared, with a space before each capital inside: `saleAmount` is two words."""
    return normal(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))


def columns_of(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[FileColumn]:
    """The columns that have a name, with their cells."""
    return [
        FileColumn(at, name, tuple(row[at].strip() if at < len(row) else "" for row in rows))
        for at, name in enumerate(header)
        if name.strip()
    ]


def _account(cell: str) -> float:
    """How far a cell looks like an account."""
    link = read_link(cell) if "/" in cell else None
    if link:
        return 1.0 if link.kind == PROFILE else 0.0
    if _AT_NAME.fullmatch(cell):
        return 1.0
    if not _ACCOUNT.fullmatch(cell) or not re.search(r"[^\W\d]", cell) or _NUMBER.fullmatch(cell):
        return 0.0
    return 0.8 if cell == cell.lower() else 0.4


def amount(cell: str) -> float | None:
    """The number in a cell, however its decimals are written; None if there is none."""
    digits = re.sub(r"[^\d.,-]", "", cell)
    if re.search(r",\d{1,2}$", digits):
        digits = digits.replace(".", "").replace(",", ".")
    try:
        return float(digits.replace(",", ""))
    except ValueError:
        return None
