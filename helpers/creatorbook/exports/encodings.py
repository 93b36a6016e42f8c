"""How a file's letters are stored, where its bytes do not say: guessed from what they would spell.

A guess is told. Letters that stand alone among A to Z (`Café`) are of a Latin alphabet; words of nothing else are of
another; pairs of bytes that spell common signs of China, Japan or Korea, side by side, are those.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass

from charset_normalizer import from_bytes

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

#: what encodings are called, of which a file's bytes do not say that they are meant
CALLED = {
    "cp1252": "Western European (Windows-1252)",
    "cp1250": "Central European (Windows-1250)",
    "cp1251": "Cyrillic (Windows-1251)",
    "cp1253": "Greek (Windows-1253)",
    "cp1254": "Turkish (Windows-1254)",
    "cp1257": "Baltic (Windows-1257)",
    "cp1255": "Hebrew (Windows-1255)",
    "cp1256": "Arabic (Windows-1256)",
    "cp1258": "Vietnamese (Windows-1258)",
    "cp874": "Thai (Windows-874)",
    "koi8_r": "Cyrillic (KOI8-R)",
    "mac_roman": "Western European (Mac Roman)",
    "cp932": "Japanese (Shift JIS, Windows-932)",
    "euc_jp": "Japanese (EUC-JP)",
    "gb18030": "Chinese, simplified (GBK)",
    "cp950": "Chinese, traditional (Big5)",
    "cp949": "Korean (EUC-KR, Windows-949)",
    "utf-8": "UTF-8, with some bytes that are none",
}
#: encodings in which a letter and its accent are two signs
IN_PARTS = {"cp1258"}
FEW = 20  #: letters beyond A to Z that are too few to be sure

#: a market → how its office programs write files, where one country's bytes spell something in another's as well
_OF_MARKET = {
    "JP": "cp932", "CN": "gb18030", "SG": "gb18030", "TW": "cp950", "HK": "cp950", "MO": "cp950", "KR": "cp949",
    "RU": "cp1251", "UA": "cp1251", "BG": "cp1251", "RS": "cp1251", "BY": "cp1251", "KZ": "cp1251", "GR": "cp1253",
    "CY": "cp1253", "TR": "cp1254", "IL": "cp1255", "TH": "cp874", "EG": "cp1256", "SA": "cp1256", "AE": "cp1256",
    "MA": "cp1256", "DZ": "cp1256", "TN": "cp1256", "JO": "cp1256", "LB": "cp1256", "IQ": "cp1256", "KW": "cp1256",
    "QA": "cp1256", "BH": "cp1256", "OM": "cp1256", "PK": "cp1256", "IR": "cp1256",
}  # fmt: skip


def encoding_of(head: bytes, *, utf8: bool, market: str = "") -> str:
    """The encoding of a file.

    Args:
        head: its first bytes.
        utf8: whether all its bytes are UTF-8.
        market: the client's home market, asked where bytes spell something in two alphabets.
    """
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    if len(head) > 3 and head[1::2].count(0) > len(head) // 4:
        return "utf-16-le"
    if utf8 or _nearly_utf8(head):
        return "utf-8"
    words = _whole_words(head)
    other, sense = _other_alphabet(words, market) if words else ("", 0.0)
    eastern, usual = _east_asian(head, market)
    if eastern and not (other and (_OF_MARKET.get(market) == other or (not usual and sense > _PLAIN_SENSE))):
        return eastern
    if other:
        return other
    return _latin(head, market)


def _latin(head: bytes, market: str) -> str:
    """The encoding of a text in a Latin alphabet: the western one, unless its letters are those of another language."""
    if _is_vietnamese(head, market):
        return "cp1258"
    if encoding := _of_language(head, market):
        return encoding
    isolated = ["cp1252", "cp1250", "cp1254", "mac_roman"]
    best = from_bytes(head, cp_isolation=isolated).best()
    if (
        best is None
        or best.encoding not in isolated
        or (best.encoding in _LIKE_WESTERN and _looks_western(head))
    ):
        return "cp1252"
    return best.encoding


def is_utf8(head: bytes) -> bool:
    """Whether the first bytes of a file are UTF-8, up to a letter that they cut in two."""
    return _decoded(head, "utf-8") is not None


def guess_remark(head: bytes, encoding: str, *, utf8: bool) -> str:
    """A sentence on how letters were read, where that is a guess; else nothing."""
    if encoding not in CALLED or utf8:
        return ""
    letters = sum(byte > 127 for byte in head)
    few = f" from only {letters} of them" if letters < FEW else ""
    like = "é or ß" if encoding in _LATIN else "those beyond A to Z"
    return (
        f"letters such as {like} are read as {CALLED[encoding]}, which is a guess{few}: "
        "if a name looks wrong, save the file as CSV UTF-8"
    )


_LATIN = {"cp1252", "cp1250", "cp1254", "cp1257", "cp1258", "mac_roman", "utf-8"}
_MORE_UTF8 = 3  #: times as many letters that are UTF-8 as bytes that are not: by chance there are hardly any


def _nearly_utf8(head: bytes) -> bool:
    """Whether bytes are UTF-8 but for some: a file pasted together, or cut in the middle of a letter."""
    text = head.decode("utf-8", "replace")
    spelt = sum(sign > "\x7f" and sign != "\ufffd" for sign in text)
    broken = text.count("\ufffd")
    return spelt > _MORE_UTF8 * max(broken, 1)


# ----------------------------------------------------------------------- China, Japan and Korea


@dataclass(frozen=True)
class _Pairs:
    """An encoding of two bytes for a sign: which pairs are common signs."""

    encoding: str
    common: Callable[[bytes], bool]


def _shift_jis(pair: bytes) -> bool:
    lead, trail = pair[0], pair[1]
    kana = (
        (lead == 0x82 and trail >= 0x9F)
        or (lead == 0x83 and 0x40 <= trail <= 0x96)
        or (lead == 0x81 and trail in {0x40, 0x41, 0x42, 0x45, 0x5B, 0x75, 0x76})
    )
    return kana or 0x88 <= lead <= 0x97


def _in_rows(first: int, last: int) -> Callable[[bytes], bool]:
    return lambda pair: first <= pair[0] <= last and pair[1] >= 0xA1


def _big5(pair: bytes) -> bool:
    return 0xA4 <= pair[0] <= 0xC6 and (0x40 <= pair[1] <= 0x7E or pair[1] >= 0xA1)


def _euc_jp(pair: bytes) -> bool:
    return pair[0] in {0xA4, 0xA5} or (0xB0 <= pair[0] <= 0xCF and pair[1] >= 0xA1)


_EASTERN = (
    _Pairs("cp932", _shift_jis),
    _Pairs("euc_jp", _euc_jp),
    _Pairs("cp949", _in_rows(0xB0, 0xC8)),
    _Pairs("gb18030", _in_rows(0xB0, 0xD7)),
    _Pairs("cp950", _big5),
)
_COMMON = 0.8  #: share of pairs that are common signs
#: signs that nearly every text of some length has, to tell encodings of the same bytes from one another
_USUAL = {
    "cp932": "のにはをたがでてとしれさいなすラトンールアリ数日名年者美子田山本",
    "euc_jp": "のにはをたがでてとしれさいなすラトンールアリ数日名年者美子田山本",
    "cp949": "이다는의가에을하고은지사로기리자도인아김박최정수영민서연현준주일월년스이름팔워",
    "gb18030": "的一是在不了有人我他小大美王李张刘陈杨红丽粉丝数名平台月日年额单订注",
    "cp950": "的一是在不了有人我他小大美王李張劉陳楊麗粉絲數名平台月日年額單訂",
}
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_HALF_WIDTH = re.compile(r"[\uff66-\uff9f]")
_ALONE = re.compile(r"(?<![\u3000-\u30ff\u3400-\u9fff\uac00-\ud7a3])[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3](?![\u3000-\u30ff\u3400-\u9fff\uac00-\ud7a3])")  # fmt: skip


def _east_asian(head: bytes, market: str) -> tuple[str, float]:
    """The encoding in which pairs of bytes spell common signs, several side by side, and the share of usual ones."""
    fitting: dict[str, tuple[float, float]] = {}
    for pairs in _EASTERN:
        text = _decoded(head, pairs.encoding)
        if text is None:
            continue
        signs = _CJK.findall(text)
        if (
            market == "JP" and pairs.encoding == "cp932"
        ):  # elsewhere these bytes are capitals and punctuation marks
            signs += _HALF_WIDTH.findall(text)
        if len(signs) < 2 or len(_ALONE.findall(text)) * 3 > len(signs):
            continue
        common = sum(_is_common(sign, pairs) for sign in signs) / len(signs)
        if common < _COMMON:
            continue
        usual = sum(sign in _USUAL[pairs.encoding] for sign in signs) / len(signs)
        fitting[pairs.encoding] = (usual, common)
    if _OF_MARKET.get(market) in fitting:
        return _OF_MARKET[market], 1.0
    best = max(fitting, key=lambda one: fitting[one], default="")
    return best, fitting[best][0] if best else 0.0


def _is_common(sign: str, pairs: _Pairs) -> bool:
    pair = sign.encode(pairs.encoding, "ignore")
    return _HALF_WIDTH.match(sign) is not None or (len(pair) == 2 and pairs.common(pair))


def _decoded(head: bytes, encoding: str) -> str | None:
    """The text that bytes spell, up to a letter that the head cuts in two; None if they spell none."""
    try:
        return codecs.getincrementaldecoder(encoding)("strict").decode(head)
    except UnicodeDecodeError:
        return None


# ------------------------------------------------------------------------------ one byte, one letter


@dataclass(frozen=True)
class _Alphabet:
    """An alphabet that is not Latin: its encoding, its letters, and the ones that texts are mostly made of."""

    encoding: str
    letters: re.Pattern[str]
    frequent: str


_ALPHABETS = (
    _Alphabet("cp1251", re.compile("[Ѐ-ӿ]"), "оеаинтсрвлкмдпуяь"),
    _Alphabet("koi8_r", re.compile("[Ѐ-ӿ]"), "оеаинтсрвлкмдпуяь"),
    _Alphabet("cp1253", re.compile("[Ͱ-Ͽ]"), "αοιετσνηυρπκμλως"),
    _Alphabet("cp1255", re.compile("[\u0590-\u05ff]"), "יוהלאתמרבשנעם"),
    _Alphabet("cp1256", re.compile("[\u0600-\u06ff]"), "اليموتنرهعبدسةفحك"),
    _Alphabet("cp874", re.compile("[\u0e00-\u0e7f]"), "านรอกเงมยลวดทสตะปบคหแจพชข่้ี็์"),
)
_HIGH_WORD = re.compile(rb"(?<![A-Za-z\x80-\xff])[\x80-\xff]{3,}(?![A-Za-z\x80-\xff])")
_MIXED_WORD = re.compile(rb"[A-Za-z][\x80-\xff]|[\x80-\xff][A-Za-z]")
_LEAST = 6  #: letters in words of nothing else, below which only the market tells that they are of another alphabet
_SENSIBLE = 0.5  #: share of letters that a text has to have among the frequent ones
_PLAIN_SENSE = 0.7  #: the same, where it is no chance that pairs of them are signs of China as well


def _whole_words(head: bytes) -> list[bytes]:
    """Words of nothing but letters beyond A to Z, unless letters that stand among A to Z are more."""
    words = _HIGH_WORD.findall(head)
    return words if len(words) > len(_MIXED_WORD.findall(head)) / 2 else []


def _other_alphabet(words: list[bytes], market: str) -> tuple[str, float]:
    """The encoding in which words make sense in an alphabet that is not Latin, if they do in one, and how far."""
    scored = {alphabet.encoding: _sense(words, alphabet) for alphabet in _ALPHABETS}
    usual = _OF_MARKET.get(market, "")
    if scored.get(usual, 0.0) > _SENSIBLE:
        return usual, scored[usual]
    best = max(scored, key=lambda encoding: scored[encoding])
    if sum(map(len, words)) < _LEAST or all(word.decode("cp1252", "replace").isupper() for word in words):
        return "", 0.0  # ÉÀÈ and ÅÄÖ are words of nothing else as well
    return (best if scored[best] > _SENSIBLE else ""), scored[best]


def _sense(words: list[bytes], alphabet: _Alphabet) -> float:
    """How far words make sense: letters of the alphabet, frequent ones, capitals only in front."""
    texts = [text for word in words if (text := _decoded(word, alphabet.encoding))]
    if len(texts) < len(words):
        return 0.0
    together = "".join(texts)
    own = sum(bool(alphabet.letters.match(sign)) for sign in together) / len(together)
    frequent = sum(sign.lower() in alphabet.frequent for sign in together) / len(together)
    cased = [text for text in texts if any(sign.isupper() for sign in text)]
    odd = sum(not (text.isupper() or text[1:] == text[1:].lower()) for text in cased) / len(texts)
    return own * frequent * (1 - odd) if own > 0.9 else 0.0


@dataclass(frozen=True)
class _Letters:
    """What letters beyond A to Z a language has, and how many of those that tell it a text has to have.

    Attributes:
        encoding: how its office programs write.
        markets: where one telling letter is enough.
        own: all its letters.
        telling: letters that the western encoding shows as something else.
        enough: different ones of these, elsewhere.
        beside: letters of which one has to be there as well, elsewhere.
    """

    encoding: str
    markets: frozenset[str]
    own: str
    telling: str
    enough: int
    beside: str = ""


_LANGUAGES = (
    _Letters("cp1254", frozenset({"TR"}), "çğıöşüâîû", "ğışİ", 2),
    _Letters("cp1250", frozenset({"CZ", "SK"}), "áäčďéěíĺľňóôöŕřšťúůüýž", "čďěňřťůľ", 2, "šž"),
    _Letters("cp1250", frozenset({"HR", "SI", "BA", "RS", "ME"}), "čćđšžäöüé", "čćđ", 2, "šž"),
    _Letters("cp1250", frozenset({"HU"}), "áéíóöőúüű", "őű", 2),
    _Letters("cp1250", frozenset({"PL"}), "ąćęłńóśźżöüäé", "ąćęłńśźż", 3),
    _Letters("cp1250", frozenset({"RO"}), "ăâîşţșțé", "ăşţ", 3),
    _Letters("cp1257", frozenset({"LT", "LV"}), "ąčęėįšųūžāēģīķļņõäöüé", "ąčęėįųūāēģīķļņ", 99),
    _Letters("cp1257", frozenset({"LT"}), "ąčęėįšųūž", "šž", 2, "ėųū"),
    _Letters("cp1257", frozenset({"LV"}), "āčēģīķļņšūž", "šž", 2, "āēī"),
    _Letters("cp1257", frozenset({"EE"}), "äõöüšž", "šž", 1, "õ"),
    _Letters("cp1252", frozenset({"IS"}), "áéíóúýþæöð", "þð", 1, "áóíúö"),
    _Letters("cp1252", frozenset({"IS"}), "áéíóúýþæöðäåøçèêëàâîïôûñü", "þð", 1, "óúý"),
    _Letters("cp1252", frozenset({"FO"}), "áíóúýæøð", "ð", 1, "ø"),
)


def _of_language(head: bytes, market: str) -> str | None:
    """The encoding of the language whose letters a text has, some of them hers alone; None if it is no such text."""
    for language in _LANGUAGES:
        text = _decoded(head, language.encoding) or ""
        letters = {sign.lower() if sign != "İ" else sign for sign in text if sign > "\x7f" and sign.isalpha()}
        telling = letters & set(language.telling)
        if not letters <= {*language.own, *language.telling}:
            continue
        beside = not language.beside or letters & set(language.beside)
        if telling and (market in language.markets or (len(telling) >= language.enough and beside)):
            return language.encoding
    mac = _decoded(head, "mac_roman") or ""
    of_mac = {sign.lower() for sign in mac if sign > "\x7f" and sign.isalpha()}
    return "mac_roman" if of_mac and of_mac <= _WESTERN and not _looks_western(head) else None


_ACCENTS = "\u0300\u0301\u0303\u0309\u0323"
_ACCENTED = re.compile(f"(?<=[aăâeêioôơuưyAĂÂEÊIOÔƠUƯY])[{_ACCENTS}]")
_VIETNAMESE = set("ăâđêôơưàáãèéìíòóõùúý" + _ACCENTS)
_ENOUGH_ACCENTS = (
    3  #: accents behind vowels that tell the language, of two kinds, with a letter that only she has
)


def _is_vietnamese(head: bytes, market: str) -> bool:
    """Whether a text has accents as signs of their own, each behind a vowel, and no letter that the language lacks."""
    text = _decoded(head, "cp1258") or ""
    beyond = {sign.lower() for sign in text if sign > "\x7f" and (sign.isalpha() or sign in _ACCENTS)}
    accents = _ACCENTED.findall(text)
    if not beyond or not beyond <= _VIETNAMESE or len(accents) < sum(sign in _ACCENTS for sign in text):
        return False
    if market == "VN":
        return bool(accents)
    return len(accents) >= _ENOUGH_ACCENTS and len(set(accents)) > 1 and not beyond.isdisjoint("ăđơư")


_WESTERN = set("äöüßéèêëáàâãíìîïóòôõúùûñçøåæœ")
#: encodings that differ from the western one in some letters only: a short text fits them all
_LIKE_WESTERN = {"cp1250", "cp1254", "mac_roman"}
#: what other encodings' letters look like in the western one: signs inside words, capitals behind small letters
_NOT_WESTERN = re.compile(
    r"[^\W\d_][¹³¿£¯¥¼¾ª¢]|[£¯¥¹³¼¾][^\W\d_]|[a-zß-ÿ][ŸŒŽŠ]|ZŸ|[ðþ]|[^\W\d_][§¤¬‰][^\W\d_]|[^\W\d_]Ÿ[a-z]"
)


def _looks_western(head: bytes) -> bool:
    """Whether a text makes sense in cp1252, which is by far the most common of its kind."""
    text = _decoded(head, "cp1252")
    return text is not None and not _NOT_WESTERN.search(text)
