"""The fixed text of reports in the client's language: Babel catalogs in `locale/`, English where none has a text.

What a step says in a sentence of its own stays English in every report; so do `data.xlsx` and `summary.json`, whose
names are a contract.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

CATALOGS = Path(__file__).parent / "locale"
DOMAIN = "creatorbook"

#: languages whose catalogs are complete; English is what the code itself says
LANGUAGES = ("en", "de", "fr")

#: what English texts call a tax on sales, unless the market has another word
VAT = "VAT"
_VAT = re.compile(r"\bVAT\b")


@dataclass(frozen=True)
class Words:
    """The fixed texts of one language.

    Attributes:
        language: as `de`; English where there is no catalog.
        tax: what the market calls its tax on sales, in English; the texts themselves say VAT.
    """

    language: str = "en"
    tax: str = VAT

    def __call__(self, text: str, /, **values: Any) -> str:
        """A text in this language, its `{placeholders}` filled; the text itself where the catalog lacks it."""
        translated = _catalog(self.language).gettext(text) if text and self.language != "en" else text
        return self.with_tax(str(translated.format_map(values) if values else translated))

    def with_tax(self, text: str) -> str:
        """An English text with the market's word for the tax."""
        if self.tax == VAT or self.language != "en":
            return text
        return _VAT.sub(lambda word: self.tax if word.start() else self.tax[:1].upper() + self.tax[1:], text)

    def many(self, one: str, more: str, number: float, /, **values: Any) -> str:
        """The text for a number of things, `{n}` filled with the number as it is told."""
        whole = int(number) if number == int(number) else 2  # half an order is in the plural
        translated = (
            _catalog(self.language).ngettext(one, more, whole)
            if self.language != "en"
            else (one if number == 1 else more)
        )
        return self.with_tax(str(translated.format_map({"n": number, **values})))

    def has(self, text: str, more: str = "") -> bool:
        """Whether this language says the text itself, so that it need not be marked as English."""
        if self.language != "en" and more:
            return _catalog(self.language).ngettext(text, more, 1) != text
        return self.language == "en" or self(text) != text


def words(locale: str, tax: str = VAT) -> Words:
    """The texts for a locale such as `de_AT`, or for a language."""
    language = locale.replace("-", "_").split("_", maxsplit=1)[0].lower()
    return Words(language if language in LANGUAGES else "en", tax)


def catalog_file(language: str) -> Path:
    """Where a language's catalog is."""
    return CATALOGS / language / "LC_MESSAGES" / f"{DOMAIN}.po"


@cache
def _catalog(language: str) -> Translations:
    """A language's catalog; the `.po` file is read as it is, so that nothing has to be compiled or committed twice."""
    with catalog_file(language).open("rb") as file:
        read = read_po(file, locale=language, domain=DOMAIN)
    compiled = io.BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return Translations(compiled, domain=DOMAIN)
