"""Names of months in the languages that exports are written in: the names themselves are the CLDR's.

Which language a column is in is told by all its words together: `listopad` is November in Polish and October in
Croatian. A word that languages of equal standing read differently is no month.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from itertools import groupby

from creatorbook.packs import pack, per_packs

#: what people and office programs write besides
_ALSO: dict[str, dict[str, int]] = {
    "en": {"sept": 9},
    "de": {"mrz": 3, "maerz": 3, "jaenner": 1, "janner": 1, "feber": 2, "sept": 9},
    "es": {"setiembre": 9, "sep": 9, "set": 9, "sept": 9},
    "fr": {"fev": 2, "aou": 8, "janv": 1, "sept": 9},
    "it": {"sett": 9},
    "pt": {"fever": 2},
    "nl": {"maa": 3},
    "tr": {"subat": 2, "agu": 8},
    "ar": {"شباط": 2, "اذار": 3, "نيسان": 4, "ايار": 5, "حزيران": 6, "تموز": 7, "اب": 8, "ايلول": 9},
}
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_SHORTEST = 3  #: letters of a name that is cut short


def words_in(text: str) -> list[str]:
    """The words of a text, plain: without case, accents, and points inside (`มี.ค.`)."""
    return ["".join(run) for is_word, run in groupby(plain_text(text), _in_word) if is_word]


def plain_text(text: str) -> str:
    """A text as names and numbers in it are compared: no case, no accents, digits of any script as 0 to 9."""
    spread = unicodedata.normalize("NFKD", text)
    visible = (
        sign for sign in spread if not unicodedata.combining(sign) and unicodedata.category(sign) != "Cf"
    )
    bare = "".join(
        str(unicodedata.digit(sign, -1)) if unicodedata.digit(sign, -1) >= 0 else sign for sign in visible
    )
    bare = bare.casefold().replace("ı", "i")
    signs = [
        sign
        for at, sign in enumerate(bare)
        if not (sign == "." and 0 < at < len(bare) - 1 and _in_word(bare[at - 1]) and _in_word(bare[at + 1]))
    ]
    return unicodedata.normalize("NFC", "".join(signs))


def month_words(words: Collection[str], language: str = "") -> dict[str, int]:
    """Each plain word of a column that is a month's name → the month, in the language that knows most of them.

    Args:
        words: the column's words, plain.
        language: the one of the client's market, asked where several know as many and disagree.
    """
    for one in (language, "en"):  # most columns: no other language need be looked at
        names = _names().get(one, {})
        if all(word in names for word in words):
            return {word: names[word] for word in words}
    scored = {one: by_word for one, names in _names().items() if (by_word := _months_of(words, names))}
    if not scored:
        return {word: _ROMAN.index(word) + 1 for word in words if word in _ROMAN}
    most = max(_score(by_word) for by_word in scored.values())
    best = {one: by_word for one, by_word in scored.items() if _score(by_word) == most}
    chosen = next((by_word for one, by_word in best.items() if one.split("_")[0] == language), None)
    if chosen is None:
        read = [{word: month for word, (month, _) in by_word.items()} for by_word in best.values()]
        return {
            word: month
            for word, month in read[0].items()
            if all(one.get(word, month) == month for one in read)
        }
    return {word: month for word, (month, _) in chosen.items()}


def _in_word(sign: str) -> bool:
    return sign.isalpha() or unicodedata.category(sign)[0] == "M"


def _score(by_word: dict[str, tuple[int, bool]]) -> tuple[int, int]:
    """Whole names and usual abbreviations first, then names cut short."""
    return sum(whole for _, whole in by_word.values()), len(by_word)


def _months_of(words: Collection[str], names: dict[str, int]) -> dict[str, tuple[int, bool]]:
    """Word → its month in a language with these names, and whether that is one of them, not one cut short."""
    by_word = {}
    for word in words:
        if word in names:
            by_word[word] = (names[word], True)
        elif len(word) >= _SHORTEST:
            months = {month for name, month in names.items() if name.startswith(word)}
            if len(months) == 1:
                by_word[word] = (months.pop(), False)
    return by_word


@per_packs
def _names() -> dict[str, dict[str, int]]:
    """Language → every name of a month in it, plain, as one word."""
    names = {}
    for language, months in pack("month_names")["names"].items():
        by_word = {word: at for at, words in enumerate(months.split("|"), start=1) for word in words.split()}
        names[language] = {**by_word, **_ALSO.get(language, {})}
    return names
