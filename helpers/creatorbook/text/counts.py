"""Counts as people and platforms write them: `1,2 Mio.`, `12.3K`, `1.2万`, `12,3 тыс.`, `~15k`, `10k+`.

Each text is judged by itself: what can be read in one way only is that number, whatever the rest of its column looks
like. What could be two numbers (`1.234`), a range or a limit from above is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from creatorbook.text.months import plain_text

#: words behind a number → how often it stands for one, in the languages that platforms show counts in
_SCALES = {
    1e2: "hundred",
    1e3: (
        "k tsd tausend thousand thou mil mila mille tys tis ezer e tuh tuhat tus тис тыс тысяч хил хиљ tn tusen t bin b rb ribu "
        "ngan nghin n dub ألف آلاف هزار אלף אלפים χιλ χιλιαδες 千 仟 천 พัน हजार हज़ार হাজার"
    ),
    1e4: "万 萬 w wan 만 หมื่น",
    1e5: "lakh lakhs lac lacs लाख แสน লাখ",
    1e6: (
        "m mi mio mln mill million millions millionen millones milion miliony milionow milioni milhao milhoes mn milj "
        "miljoen miljoner milyon jt juta tr trieu млн миллион миллиона мил мільйон מיליון مليون ملايين میلیون εκ εκατ "
        "百万 백만 ล้าน मिलियन"
    ),
    1e7: "cr crore crores करोड़ करोड কোটি",
    1e8: "億 亿 억",
    1e9: "mrd mld md bn billion milliard milliarden mlrd млрд 十亿",
}
_SCALE_OF = {plain_text(word): scale for scale, words in _SCALES.items() for word in words.split()}
_ABOUT = re.compile(
    r"^(?:~|≈|≃|∼|±|\+|>=?|≥|ca\.?|circa|approx(?:imately)?\.?|about|around|roughly|over|more than|etwa|rund|uber|env(?:iron)?\.?"
    r"|unos|mas de|cerca de|aprox\.?|mais de|plus de|oltre|ok\.?|okolo|ponad|около|более|约|約|大约|超|过|過|약)\s*"
)
_AT_LEAST = re.compile(r"\s*(?:\+|以上|人以上|ish)$")
_UNITS = re.compile(
    r"\s*(?:followers?|follow|subs(?:cribers?)?|fans?|abonnenten|abonnes|seguidores|segui(?:tori|dor)|volgers|podpisc\w*|подписчик\w*"
    r"|obserwujacych|takipci|フォロワー|粉丝|粉絲|人|名|명|مشترك|متابع|views?|likes?|plays?)\.?$"
)
_NUMBER = r"(?P<whole>\d+|\d{1,3}(?:[.,'’ ٬]\d{2,3})*)(?:(?P<mark>[.,٫])(?P<part>\d+))?"
_COUNT = re.compile(rf"^{_NUMBER}\s*(?P<scale>[^\W\d_][^\d\s+]*)?\.?$")

_MOST = 1e12  #: more than anybody counts: an identifier, or noise


@dataclass(frozen=True)
class WrittenCount:
    """A count that a text states; `about` if the text says that it is one nearly, or at least."""

    number: float
    about: bool


def count_in(text: str) -> WrittenCount | None:
    """The number that a text states, if it can be read in one way only."""
    plain = " ".join(plain_text(text).replace("\u066c", "").replace("\u066b", ".").split())
    bare = _ABOUT.sub("", plain)
    bare = _UNITS.sub("", _AT_LEAST.sub("", _UNITS.sub("", bare)))
    about = _AT_LEAST.search(_UNITS.sub("", plain)) is not None or _ABOUT.search(plain) is not None
    match = _COUNT.match(bare)
    scale = 1.0 if match is None or not match["scale"] else _SCALE_OF.get(match["scale"].rstrip("."), 0.0)
    number = _number(bare, scaled=scale > 1) if match and scale else None
    return WrittenCount(round(number * scale), about) if number is not None and number < _MOST else None


def _number(text: str, *, scaled: bool) -> float | None:
    """The number before a scale; a mark with three digits behind it is left open, unless another mark settles it."""
    digits = re.match(r"[\d.,'’ ]*\d", text)
    if digits is None:
        return None
    marks = re.findall(r"[.,'’ ]", digits[0])
    if not marks:
        return float(digits[0])
    last = marks[-1]
    behind = len(re.split(r"[.,'’ ]", digits[0])[-1])
    several = marks.count(last) > 1
    decimal = last in ".," and not several and (behind != 3 or len(set(marks)) > 1)
    if last in ".," and not decimal and scaled and not several:
        return None  # 1.234k: a million, or a thousand
    whole, part = digits[0].rsplit(last, 1) if decimal else (digits[0], "")
    groups = re.split(r"[.,'’ ]", whole)
    if any(len(group) not in {2, 3} for group in groups[1:]) or (len(groups) > 1 and len(groups[-1]) != 3):
        return None
    return float("".join(groups) + (f".{part}" if part else ""))
