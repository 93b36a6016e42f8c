"""What a figure, a column or a field means: the definitions of `packs/definitions.yml`, found by what shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from creatorbook.packs import pack, per_packs


@dataclass(frozen=True)
class Definition:
    """One term.

    Attributes:
        key: of the figure (`roi.roi`), or the term's own name.
        term: how the glossary calls it.
        means: one sentence.
        formula: the sum, in words.
        source: the files it is read from, or the paper that its method is from.
        columns: patterns of `table.column` that hold the same.
        fields: fields of forms that ask for it.
    """

    key: str
    term: str
    means: str
    formula: str
    source: str
    columns: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


@per_packs
def definitions() -> Mapping[str, Definition]:
    """All definitions by key: figures in the order of the steps, then other terms."""
    listed = pack("definitions")
    return {
        key: Definition(
            key,
            row["term"],
            row["means"],
            row["formula"],
            row["source"],
            tuple(row.get("columns", ())),
            tuple(row.get("fields", ())),
        )
        for part in ("figures", "terms")
        for key, row in listed[part].items()
    }


@per_packs
def term_of_column(table: str, column: str) -> str:
    """The key of what a table's column holds; empty where it is not defined."""
    named = f"{table}.{column}"
    return next(
        (one.key for one in definitions().values() if any(fnmatchcase(named, like) for like in one.columns)),
        "",
    )


@per_packs
def term_of_field(name: str) -> str:
    """The key of what a form's field asks for; empty where it is not defined."""
    return next((one.key for one in definitions().values() if name in one.fields), "")


def term_of_figure(key: str) -> str:
    """The key of a figure that is defined, else empty."""
    return key if key in definitions() else ""
