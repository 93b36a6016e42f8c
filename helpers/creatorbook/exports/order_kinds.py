"""Orders and lines that are no sale of goods: gift cards, and what was sent in exchange, by what shops write beside them.

The words stand in `packs/order_kinds.yml`. What is read here is a mark; whether the marked order is no sale is decided where
orders are known together (`campaign.shop_sales`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from creatorbook.exports import parse
from creatorbook.exports.reader import Sheet
from creatorbook.packs import pack, per_packs

#: fields of an order in which an exchange can be marked
_MARKED_IN = ("tags", "attributes", "discount_code", "payment", "channel", "row_kind")
#: where such a mark names the first order, and what stands between the mark and its number
_NAMED_IN = ("tags", "attributes")
_BETWEEN = ("order", "for", "of", "from", "fur", "bestellung", "pour", "de", "commande", "pedido", "ordine", "nr", "no", "number", "name", "id")  # fmt: skip
_FIRST = ("original", "ursprung")  #: words for the first order itself
#: what stands behind an order's number where it was sent in exchange, and before one
_BEHIND, _BEFORE = (
    r"^[# ]*(.*[0-9])[-_./ ]+ex(?:c|ch|change)?[0-9]{0,2}$",
    r"^[# ]*exc(?:h|hange)?[-_# ]*(.*[0-9])$",
)


def gift_card_line(sheet: Sheet, product: str, sku: str, cell: Callable[[str], str] | None = None) -> str:
    """SQL: whether a line is a gift card; a line that is sent and taxed is goods, whatever it is called.

    Args:
        sheet: what is read.
        product, sku: fields of the line's product and stock keeping unit.
        cell: SQL for a field's cell as text, where it is not the sheet's own.
    """
    cell = cell or sheet.cell
    named_by = [field for field in (product, sku, "line_kind") if sheet.has(field)]
    if not named_by:
        return "false"
    words = _plain_text([cell(field) for field in named_by], " ")
    holds = f"regexp_matches({words}, {_words('gift_card')}) AND NOT regexp_matches({words}, {_words('beside_gift_card')})"
    if not _may_hold(sheet, _plain_text([sheet.cell(field) for field in named_by], " "), "gift_card"):
        holds = "false"
    goods = " AND ".join(
        f"coalesce(flag({cell(field)}), true)" for field in ("line_sent", "line_taxed") if sheet.has(field)
    )
    marked = f"coalesce(flag({cell('line_gift_card')}), false)" if sheet.has("line_gift_card") else "false"
    return f"CASE WHEN {marked} THEN true WHEN {goods or 'false'} THEN false ELSE {holds} END"


def exchange_columns(sheet: Sheet) -> dict[str, str]:
    """SQL over `raw` for whether an order is marked as sent in exchange, and for the number of the order it names."""
    text, names_in = (
        _plain_text([sheet.cell(field) for field in fields if sheet.has(field)], "; ")
        for fields in (_MARKED_IN, _NAMED_IN)
    )
    number = f"lower({sheet.cell('order_id')})"
    flagged = f"coalesce(flag({sheet.cell('exchange')}), false)" if sheet.has("exchange") else "false"
    named = sheet.cell("exchange_of") if sheet.has("exchange_of") else "CAST(NULL AS VARCHAR)"
    if not _may_hold(sheet, f"concat_ws('; ', {text}, {number})", "exchange", "ex", *_FIRST):
        return {"exchange": flagged, "exchange_of": named}
    holds = f"regexp_matches({text}, {_words('exchange')})"
    names = [
        named,
        f"nullif(regexp_extract({number}, {parse.text(_BEHIND)}, 1), '')",
        f"nullif(regexp_extract({number}, {parse.text(_BEFORE)}, 1), '')",
        f"nullif(regexp_extract({names_in}, {_named()}, 1), '')",
    ]
    if sheet.has("parent_order"):
        names.append(f"CASE WHEN {holds} THEN {sheet.cell('parent_order')} END")
    by_number = (
        f"regexp_matches({number}, {parse.text(_BEHIND)}) OR regexp_matches({number}, {parse.text(_BEFORE)})"
    )
    return {
        "exchange": f"{flagged} OR coalesce({holds} OR {by_number}, false)",
        "exchange_of": f"coalesce({', '.join(names)})",
    }


def _plain_text(cells: Sequence[str], between: str) -> str:
    """SQL: cells as one text in small letters without accents."""
    return f"strip_accents(lower(concat_ws('{between}', {', '.join(cells)})))" if cells else "''"


def _may_hold(sheet: Sheet, text: str, name: str, *more: str) -> bool:
    """Whether some record may hold a word of the pack, or one more: planning whole words takes longer than reading a small file.

    A large file is not looked through once more for that.
    """
    if sheet.cells:
        return True
    anywhere = parse.text("|".join([_alternatives(name), _alternatives(name, spaced=False), *more]))
    return bool(sheet.one(f"SELECT count(*) FROM {sheet.raw} WHERE regexp_matches({text}, {anywhere})")[0])


def _named() -> str:
    """SQL: a pattern for the order's number that stands behind a word for an exchange, or for the order itself."""
    between = "|".join(_BETWEEN)
    return parse.text(
        f"(?:{'|'.join([_alternatives('exchange'), *_FIRST])})(?:e|s|d|ed)?(?:[\\s_:=-]|{between})*"
        "#?\\s*([a-z]{0,4}-?[0-9]+)(?:[^0-9a-z]|$)"
    )


@per_packs
def _words(name: str) -> str:
    """SQL: a pattern for any word of the pack; in alphabets with spaces between words as a whole one, with its plural."""
    return parse.text(
        f"(?:^|[^\\p{{L}}])(?:{_alternatives(name)})(?:e|s|n|es|en)?(?:[^\\p{{L}}]|$)"
        f"|(?:{_alternatives(name, spaced=False)})"
    )


@per_packs
def _alternatives(name: str, *, spaced: bool = True) -> str:
    """The pack's words as alternatives of a pattern: of alphabets with spaces between words, or of those without."""
    lines = pack("order_kinds")[name]
    words = {_plain(word) for line in lines for word in line.split(",")}
    chosen = sorted(
        (word for word in words if _is_spaced(word) == spaced), key=lambda word: (-len(word), word)
    )
    return (
        "|".join(r"[\s_\-']*".join(map(re.escape, re.split(r"[\s_\-']+", word))) for word in chosen) or r"\z."
    )


def _is_spaced(word: str) -> bool:
    """Whether a word is of an alphabet that sets spaces between words."""
    return not any(unicodedata.category(sign) == "Lo" for sign in word)


def _plain(word: str) -> str:
    """As `strip_accents(lower(…))` makes it."""
    parts = unicodedata.normalize("NFD", word.strip().lower())
    bare = "".join(sign for sign in parts if unicodedata.category(sign) != "Mn")
    return unicodedata.normalize("NFC", bare)
