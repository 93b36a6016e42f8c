"""Layouts: what a known file looks like, read from `packs/layouts.yml` or brought by a plugin."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from babel import Locale

from creatorbook.packs import pack, per_packs
from creatorbook.tables import TABLES, Kind
from creatorbook.text.handles import INVISIBLE

#: currencies that a column's name may give, as in `Amount spent (USD)`: all that ISO 4217 has a code for
CODES = frozenset(code for name in Locale("en").currencies if len(code := str(name)) == 3 and code.isalpha())
CURRENCY = "{currency}"  #: stands in a column's name for such a code
#: letters that are not seen (some exports have soft hyphens in every word), joiners among them
_UNSEEN = dict.fromkeys(map(ord, INVISIBLE + "\u200c\u200d"))


@dataclass(frozen=True)
class Layout:
    """One known file layout.

    Attributes:
        name: how mappings call it.
        label: what people in the trade call the file.
        whose: brand, shop, creator, seller account, agency …
        tables: canonical tables that it fills.
        columns: field → the names that the file may use for it, all languages, best first. A field is a
            column of the canonical table, or a name of the layout's own that its reading uses.
        signature: fields that must all be there; `a|b` means one of them.
        never: names of columns that mean it is another file.
        missing: field → what its absence costs, for the receipt.
        good_for: what the file is good for, in one phrase.
        reading: how its records become rows: `plain`, or a name in `readings.READINGS`.
        constants: canonical column → value that holds for every row (`platform: youtube`).
        day_first: how `03/04/2026` is meant, where the platform says so.
        numbers: fields of the layout's own that hold numbers → their kind.
        subtotal_after_discount: whether the platform's own subtotal is known to be after the discount; else a file's orders tell.
        needs: fields that a file must have of which client.yml says that it is this; left out: those of the signature.
        first: the field that a first column of any name is, and the fields in place of it; none of them is there.
    """

    name: str
    label: str
    whose: str
    tables: tuple[str, ...]
    columns: dict[str, tuple[str, ...]]
    signature: tuple[str, ...]
    never: tuple[str, ...] = ()
    missing: dict[str, str] | None = None
    good_for: str = ""
    reading: str = "plain"
    constants: dict[str, str] | None = None
    day_first: bool | None = None
    numbers: dict[str, Kind] | None = None
    first: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    subtotal_after_discount: bool = False


def layout(settings: dict[str, Any]) -> Layout:
    """A layout from its YAML form.

    Raises:
        TypeError: a key is missing or unknown.
    """
    lists = {key: tuple(settings.get(key, ())) for key in ("tables", "signature", "never", "first", "needs")}
    columns = {field: tuple(_as_list(names)) for field, names in settings["columns"].items()}
    if settings["name"] in TABLES:  # a plain table also goes by its own column names
        own = {column: (column,) for column in TABLES[settings["name"]].names}
        columns |= {field: names for field, names in own.items() if field not in columns}
    return Layout(**{**settings, **lists, "columns": columns})


@per_packs
def built_in_layouts() -> tuple[Layout, ...]:
    """The layouts of the pack `layouts`, in its order; names in other languages from `layouts_localised`."""
    localised = pack("layouts_localised")
    return tuple(
        _with_names(layout(settings), localised.get(settings["name"], {}))
        for settings in pack("layouts")["layouts"]
    )


def _with_names(plain: Layout, names: dict[str, Any]) -> Layout:
    both = {field: (*own, *_as_list(names.get(field, ()))) for field, own in plain.columns.items()}
    return Layout(**{**vars(plain), "columns": both})


def _as_list(names: Any) -> Iterable[str]:
    return [str(names)] if isinstance(names, str | int) else [str(name) for name in names]


@cache
def normal(name: str) -> str:
    """A column name without case, accents, punctuation, byte-order mark and doubled spaces."""
    plain = name.casefold()
    if not name.isascii():
        plain = unicodedata.normalize("NFKD", name.translate(_UNSEEN)).casefold()
        plain = "".join(mark for mark in plain if not unicodedata.combining(mark))
    plain = plain.replace("%", " percent ").replace("#", " number ").replace("@", " at ")
    return " ".join(re.findall(r"\w+", plain.replace("_", " ")))
