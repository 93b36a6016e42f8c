"""Make the pack of months' names: `python tests/month_names.py`, after another release of the CLDR.

All languages' own data take 40 MB and a second to read; of them only the months are needed.
"""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

from babel.localedata import LocaleDataDict, load

from creatorbook import packs
from creatorbook.text.months import plain_text, words_in

PACK = Path(packs.__file__).parent / "month_names.yml"
HEAD = """\
# Names of the twelve months, plain (no case, no accents), for each language that exports are written in, the commonest
# first. Made from the CLDR by tests/month_names.py: change that, not this.
source: Unicode CLDR, names of months of the Gregorian calendar, wide and abbreviated, in both contexts
dated: 2026-11-28

names:
"""
LANGUAGES = (
    "en", "de", "es", "fr", "pt", "it", "nl", "pl", "tr", "ru", "sv", "da", "nb", "fi", "cs", "sk", "hu", "ro", "el",
    "uk", "bg", "hr", "sr", "sr_Latn", "sl", "et", "lv", "lt", "ca", "ar", "fa", "he", "hi", "id", "ms", "fil", "th", "is",
    "sw", "az", "kk", "ka", "bn", "ur",
)  # fmt: skip


def months_of(language: str) -> dict[str, int]:
    """Plain name → month, of the names that are one word without digits; of two months, the first one's."""
    # a copy: what a language inherits is one object for all, and looking into it leaves one language's names in the others
    own: Any = deepcopy(load(language))
    months: dict[str, int] = {}
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for month, name in LocaleDataDict(own)["months"][context][width].items():
                words = words_in(name)
                if len(words) == 1 and not any(sign.isdigit() for sign in plain_text(name)):
                    months.setdefault(words[0], int(month))
    return months


def content() -> str:
    """The pack as the CLDR has it: a language a line, the names of a month between two bars."""
    lines = []
    for language in LANGUAGES:
        months = months_of(language)
        by_month = [" ".join(name for name, at in months.items() if at == month) for month in range(1, 13)]
        lines.append(f"  {language}: {' | '.join(by_month)}\n")
    return HEAD + "".join(lines)


if __name__ == "__main__":
    PACK.write_text(content(), encoding="utf-8")
