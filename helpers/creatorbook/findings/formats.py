"""Numbers, money, dates and ranges as the reader's language writes them (Babel).

The language alone decides, not the currency or the market: an English report of a German client says `€1,477`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_interval, format_skeleton
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_symbol

from creatorbook.findings.rounding import End, places_of, rounded_number
from creatorbook.text.translations import VAT, Words, words

NOT_AVAILABLE = "not available"


@dataclass(frozen=True)
class Formats:
    """How one client writes and draws figures.

    Attributes:
        locale: a Babel locale such as `en` or `de`.
        currency: ISO 4217 code.
        colours: of its charts: usual, highlighted, gained, and further groups; none means the house's.
        tax: what the market calls its tax on sales, in English.
    """

    locale: str = "en"
    currency: str = "EUR"
    colours: tuple[str, ...] = ()
    tax: str = VAT

    def __post_init__(self) -> None:
        object.__setattr__(self, "colours", tuple(self.colours))  # JSON knows lists only

    @classmethod
    def of(cls, language: str, currency: str, colours: tuple[str, ...] = (), tax: str = VAT) -> Formats:
        """The formats of a language; English ones where Babel does not know it."""
        try:
            Locale.parse(language)
        except (UnknownLocaleError, ValueError):
            language = "en"
        return cls(language, currency, colours, tax)

    @property
    def words(self) -> Words:
        """The words that stand around and between numbers, in the reader's language."""
        return words(self.locale, self.tax)

    def in_english(self) -> Formats:
        """The reader's numbers within an English sentence, for which there is no translation."""
        return _InEnglish(self.locale, self.currency, self.colours, self.tax)

    def money(self, amount: float | None, digits: int = 0) -> str:
        """`€1,250`; whole units unless digits are asked for. `None` reads “not available”."""
        if _missing(amount):
            return self.words(NOT_AVAILABLE)
        locale = _locale(self.locale)
        pattern = locale.currency_formats["standard"].pattern
        pattern = pattern.replace("0.00", "0" + ("." + "0" * digits if digits else ""))
        text = format_currency(
            round(float(amount), digits) + 0.0,  # type: ignore[arg-type]
            self.currency,
            format=pattern,
            locale=locale,
            currency_digits=False,
        )
        return _with_minus(text)

    @property
    def currency_sign(self) -> str:
        """`€`, as it stands behind a control."""
        return str(get_currency_symbol(self.currency, locale=_locale(self.locale)))

    def number(self, value: float | None, digits: int = 0) -> str:
        """`12,400`."""
        if _missing(value):
            return self.words(NOT_AVAILABLE)
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return _with_minus(
            format_decimal(round(float(value), digits) + 0.0, format=pattern, locale=_locale(self.locale))  # type: ignore[arg-type]
        )

    def percent(self, share: float | None, digits: int = 0) -> str:
        """`26%` for 0.26."""
        if _missing(share):
            return self.words(NOT_AVAILABLE)
        locale = _locale(self.locale)
        sign = "\u00a0%" if "\u00a0" in locale.percent_formats[None].pattern else "%"
        pattern = "#,##0" + ("." + "0" * digits if digits else "") + sign
        return _with_minus(format_percent(float(share), format=pattern, locale=locale))  # type: ignore[arg-type]

    def day(self, when: date | datetime | None) -> str:
        """`2 Mar 2026`."""
        if when is None or when != when:
            return self.words(NOT_AVAILABLE)
        return format_skeleton("yMMMd", when, locale=self._of_days)

    def days(self, first: date, last: date) -> str:
        """`2–29 Mar 2026`."""
        return format_interval(first, last, "yMMMd", locale=self._of_days)

    @property
    def _of_days(self) -> Locale:
        """English puts the day first, in every market: `8 Mar 2026`."""
        return _locale("en_GB" if self.locale.startswith("en") else self.locale)

    def country(self, code: str) -> str:
        """`Germany` for `DE`; a code that nobody knows, and any other text, stays as it is."""
        return str(_locale(self.locale).territories.get(code, code))

    def language(self, code: str) -> str:
        """`German` for `de`; a code that nobody knows stays a code."""
        return str(_locale(self.locale).languages.get(code, code))

    def value(self, value: float | None, unit: str, digits: int | None = None) -> str:
        """A value by its unit: `money`, `percent` (a share 0 to 1), `number`, or a noun such as `orders`."""
        if unit == "money":
            return self.money(value, digits or 0)
        if unit == "percent":
            return self.percent(value, digits or 0)
        text = self.number(value, digits or 0)
        if unit in {"number", "ratio", ""} or _missing(value):
            return text
        return f"{text} {unit.removesuffix('s') if text == '1' else unit}"

    def end(self, value: float | None, unit: str, digits: int | None, end: End) -> str:
        """An end of a range, rounded outwards; see `findings.rounding`."""
        if value is None or _missing(value):
            return self.value(value, unit, digits)
        return self.value(rounded_number(float(value), places_of(unit, digits or 0), end), unit, digits)

    def span(self, low: float | None, high: float | None, unit: str, digits: int | None = None) -> str:
        """`between €900 and €1,400`; one value where both read the same."""
        first, last = self._ends(low, high, unit, digits)
        say = self.words
        return first if first == last else say("between {low} and {high}", low=first, high=last)

    def _ends(self, low: float | None, high: float | None, unit: str, digits: int | None) -> tuple[str, str]:
        """Both ends of a range, rounded outwards; twice the same where it has no width."""
        if low == high:
            return (self.value(low, unit, digits),) * 2
        return self.end(low, unit, digits, "low"), self.end(high, unit, digits, "high")

    def likely(self, low: float | None, high: float | None, unit: str, digits: int | None = None) -> str:
        """`likely between €900 and €1,400`; nothing where both read the same: what was counted is not likely."""
        first, last = self._ends(low, high, unit, digits)
        say = self.words
        if first == last:
            return ""
        return say("likely between {low} and {high}", low=first, high=last)


class _InEnglish(Formats):
    """A reader's formats with English words."""

    @property
    def words(self) -> Words:
        return Words(tax=self.tax)


@cache
def _locale(name: str) -> Locale:
    """A locale by its name, parsed once."""
    return Locale.parse(name)


def _with_minus(text: str) -> str:
    """A formatted number with a true minus sign, as wide as a digit, in place of a hyphen."""
    return text.replace("-", "\u2212")


def _missing(value: float | None) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value)) or value != value
