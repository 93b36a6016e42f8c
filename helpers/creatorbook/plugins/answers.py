"""What plugins answer, looked at where it comes in: types, names, columns, units, files that are there."""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, get_args

import numpy as np
import typer

from creatorbook.book import Book
from creatorbook.checks import Check, Ranking
from creatorbook.client import Goal, Stage
from creatorbook.exports.layouts import CODES, Layout
from creatorbook.exports.reader import Reader, Rows, Sheet
from creatorbook.exports.recognise import Match
from creatorbook.findings import Chart, Figure, Findings, Note, Table, Wording
from creatorbook.findings.render import findings_html
from creatorbook.packs import built_in, pack
from creatorbook.packs import rows as pack_rows
from creatorbook.plugins.brought import FOLDERS, EditionContents, Output, PriceModel, PriceRange
from creatorbook.stats.attribution import Journeys, Rule
from creatorbook.tables import TABLES

#: first parts of keys that are creatorbook's own: a plugin's figure there would stand for one of its
OWN_KEYS = frozenset({"start", "goals", "vetting", "tiers", "tracking", "roi", "planning", "finance"})

#: a contribution: its name, what it is, and what is wrong with it (empty: nothing)
Looked = tuple[str, Any, str]


def accepted(hook: str, answer: Any, *, is_own: bool = False) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """What of an answer can be used, by name, and what is wrong with the rest.

    Args:
        hook: the hook that was asked.
        answer: whatever came back; `None` is an empty answer.
        is_own: whether it is creatorbook's own: its rows are a pack's, whose schema took them when their file was read, a
            client's changes to them included.

    Returns:
        Contributions by name, in the order given; and for each that is left out its name (empty: the whole answer) and
        what is wrong, in a sentence without its end.
    """
    if answer is None:
        return {}, []
    form = _FORMS[hook]
    expected = list if form.is_list else dict
    if not isinstance(answer, expected):
        what = f"it answers {_kind(answer)} where {_kind(expected())} is expected"
        return {}, [("", what)]
    good: dict[str, Any] = {}
    wrong: list[tuple[str, str]] = []
    for name, value, fault in form.looked_at(answer):
        what = "" if is_own and form.of_a_pack else fault
        if not what and name in good:
            what = f"there are two of the name “{name}”, and the first one counts"
        if what:
            wrong.append((name, what))
        else:
            good[name] = value
    return good, wrong


class _Form:
    """How the answer to one hook looks."""

    def __init__(
        self, looked_at: Callable[[Any], Iterable[Looked]], *, is_list: bool, of_a_pack: bool = False
    ) -> None:
        self.looked_at, self.is_list, self.of_a_pack = looked_at, is_list, of_a_pack


def _listed(kind: type, name: str, fields: Mapping[str, Callable[[Any], bool]]) -> _Form:
    """A list of one kind of thing, each with a name of its own and fields that are what they should be.

    Args:
        name: the attribute that names it.
        fields: attribute → whether its value can be used.
    """

    def looked_at(answer: list[Any]) -> Iterable[Looked]:
        for place, value in enumerate(answer, start=1):
            if not isinstance(value, kind):
                yield f"number {place}", value, f"it is {_kind(value)} where {kind.__name__} is expected"
                continue
            bad = [field for field, is_right in fields.items() if not is_right(getattr(value, field))]
            if bad:
                yield f"number {place}", value, f"its {_joined(bad)} cannot be used"
            else:
                yield getattr(value, name), value, ""

    return _Form(looked_at, is_list=True)


def _rows(pack_name: str, section: str, more: Callable[[Any], str], free: frozenset[str]) -> _Form:
    """Rows by name in the form of a pack's own: the keys that its schema has, each of the kind it has in a row there.

    Args:
        more: what else is wrong with a row.
        free: keys that may be left out, though all of the pack's rows have them.
    """

    def looked_at(answer: dict[Any, Any]) -> Iterable[Looked]:
        rows_there = list(built_in(pack_name)[section].values())
        example_by_key = {
            **_blanks(pack_name, section),
            **{key: value for row in rows_there for key, value in row.items()},
        }
        needed = set.intersection(*map(set, rows_there)) - free
        for name, row in answer.items():
            yield str(name), row, _row_fault(name, row, example_by_key, needed) or more(row)

    return _Form(looked_at, is_list=False, of_a_pack=True)


@cache
def _blanks(pack_name: str, section: str) -> Mapping[str, Any]:
    """Keys that a row of a pack may have, each with a value of the kind that its schema asks for."""
    row = pack_rows.inner_part(pack_rows.inner_part(pack_rows.schema(pack_name), section), "any name")
    blank: dict[str, Any] = {"object": {}, "array": []}
    return {key: blank.get(str(part.get("type")), "") for key, part in row["properties"].items()}


def _row_fault(name: Any, row: Any, example_by_key: Mapping[str, Any], needed: set[str]) -> str:
    if not _is_name(name):
        return f"{name!r} is no name"
    if not isinstance(row, dict):
        return f"it is {_kind(row)} where rows of “key: value” are expected"
    if lacking := sorted(needed - set(row)):
        return f"it has no {_joined(lacking)}"
    if strange := sorted(map(str, set(row) - set(example_by_key))):
        return f"no row has a key {_joined(strange)}; there are: {', '.join(sorted(example_by_key))}"
    odd = [key for key, value in row.items() if not _is_alike(value, example_by_key[key])]
    return f"its {_joined(odd)} is not of the kind that creatorbook's own rows have" if odd else ""


def _is_alike(value: Any, example: Any) -> bool:
    """Whether a value is of an example's kind; a day may be written as text, and a text as a number."""
    for kind in (dict, list):
        if isinstance(example, kind) or isinstance(value, kind):
            return isinstance(example, kind) and isinstance(value, kind)
    return value is not None and isinstance(value, bool) == isinstance(example, bool)


def _scheme_fault(row: dict[str, Any]) -> str:
    for band in row["bands"]:
        if not isinstance(band, dict) or not _is_name(band.get("name")):
            return "a band has no name"
        ends = [band[end] for end in ("from", "above", "to", "below") if band.get(end) is not None]
        if not all(isinstance(end, int) and not isinstance(end, bool) and end >= 0 for end in ends):
            return f"the band “{band['name']}” ends at something that is no number of followers"
        if sum(band.get(start) is not None for start in ("from", "above")) != 1:
            return f"the band “{band['name']}” starts either `from` a number or `above` one"
    return ""


def _playbook_fault(row: dict[str, Any]) -> str:
    shares = list(row["mix"].values())
    if row["goal"] not in get_args(Goal):
        return f"there is no goal “{row['goal']}”; there are: {', '.join(get_args(Goal))}"
    if not shares or not all(
        isinstance(share, int | float) and not isinstance(share, bool) for share in shares
    ):
        return "its mix is no share of the money by size"
    if abs(sum(shares) - 1) > 0.001 or min(shares) < 0:
        return "the shares of its mix do not add up to 1"
    texts = [
        text
        for key in ("measures", "formats", "brief", "inputs", "rights", "label_traps")
        for text in row[key]
    ]
    return (
        ""
        if all(isinstance(text, str) for text in texts)
        else "one of its lists holds something else than texts"
    )


def _themes(answer: dict[Any, Any]) -> Iterable[Looked]:
    for name, folder in answer.items():
        what = ""
        if not _is_name(name):
            what = f"{name!r} is no name"
        elif not isinstance(folder, str | Path):
            what = f"it is {_kind(folder)} where a folder is expected"
        elif not (Path(folder) / "theme.yml").is_file():
            what = f"there is no theme.yml in {folder}"
        yield str(name), folder if what else Path(folder), what


def _notebooks(answer: dict[Any, Any]) -> Iterable[Looked]:
    """Notebooks by file name, each as stage and path."""
    for stage, paths in answer.items():
        if stage not in get_args(Stage):
            yield str(stage), paths, f"there is no stage “{stage}”; there are: {', '.join(get_args(Stage))}"
        elif not isinstance(paths, list):
            yield str(stage), paths, f"it is {_kind(paths)} where a list of paths is expected"
        else:
            for path in paths:
                yield f"{stage}/{_file_name(path)}", path, _notebook_fault(path)


def _lessons(answer: list[Any]) -> Iterable[Looked]:
    for path in answer:
        yield _file_name(path), path, _notebook_fault(path)


def _label_rules(answer: dict[Any, Any]) -> Iterable[Looked]:
    for market, row in answer.items():
        what = ""
        if not isinstance(market, str) or not re.fullmatch("[A-Z]{2}", market):
            what = f"{market!r} is no market: two capital letters"
        elif not isinstance(row, dict) or not _is_text(row.get("name")):
            what = "it has no name"
        elif not isinstance(row.get("languages"), list):
            what = "its languages are no list"
        elif ("rule" in row) == ("under" in row):
            what = "it has either a rule of its own or a market whose rule holds (`under`)"
        elif "under" in row:
            what = (
                ""
                if row["under"] in pack("disclosure")["jurisdictions"]
                else f"there is no rule “{row['under']}”"
            )
        else:
            what = _label_rule_fault(row["rule"])
        yield str(market), row, what


def _label_rule_fault(rule: Any) -> str:
    """What is wrong with a market's own rule: keys, kinds, and places and durations that the pack has no words for."""
    rules = pack("disclosure")
    rows = list(rules["jurisdictions"].values())
    example_by_key = {key: value for row in rows for key, value in row.items()}
    if fault := _row_fault("rule", rule, example_by_key, set.intersection(*map(set, rows))):
        return fault
    for part in ("positions", "durations"):
        asked = {one for places in rule[part].values() for one in places}
        if strange := sorted(map(str, asked - set(rules[part]))):
            return f"there are no words for its {part} {_joined(strange)}"
    if strange := sorted(map(str, set(rule["benefits"]) - set(rules["benefits"]))):
        return f"there is no benefit {_joined(strange)}"
    if not isinstance(rule["dated"], date):
        return "its day (`dated`) is no day"
    is_complete = all(
        isinstance(one, dict) and {"what", "kind", "why"} <= set(one) for one in rule["not_enough"]
    )
    return "" if is_complete else "what is not enough has no what, kind and why"


def _file_name(path: Any) -> str:
    return Path(path).name if isinstance(path, str | Path) else _kind(path)


def _notebook_fault(path: Any) -> str:
    if not isinstance(path, str | Path):
        return f"it is {_kind(path)} where a path is expected"
    if Path(path).suffix != ".ipynb":
        return f"{path} is no notebook (.ipynb)"
    return "" if Path(path).is_file() else f"there is no file {path}"


def _commands(answer: dict[Any, Any]) -> Iterable[Looked]:
    for name, run in answer.items():
        what = ""
        if not isinstance(name, str) or not re.fullmatch("[a-z][a-z0-9-]{1,30}", name):
            what = f"{name!r} is no name of a command: small letters, digits and “-”"
        elif not isinstance(run, typer.Typer) and not inspect.isfunction(run):
            what = f"it is {_kind(run)} where a typer app or a function is expected"
        yield str(name), run, what


def _reasons(answer: dict[Any, Any]) -> Iterable[Looked]:
    for decision, reasons in answer.items():
        is_texts = isinstance(reasons, list) and all(isinstance(one, str) and one.strip() for one in reasons)
        what = "" if _is_name(decision) and is_texts else "its reasons are no list of texts"
        yield str(decision), reasons, what


def _takes(count: int) -> Callable[[Any], bool]:
    """Whether something can be called with so many arguments."""

    def is_right(function: Any) -> bool:
        if not callable(function):
            return False
        try:
            inspect.signature(function).bind(*[None] * count)
        except TypeError:
            return False
        except ValueError:  # a builtin without a signature: the call will tell
            return True
        return True

    return is_right


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= 80 and value.isprintable()


def _is_file_name(value: Any) -> bool:
    """A plain name with an ending, that no system reads as a path, and that is none of an edition's own records."""
    is_plain = isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9][\w.-]{0,80}\.[A-Za-z0-9]{1,8}", value)
    return bool(is_plain) and value != "manifest.json"


def _is_text(value: Any) -> bool:
    return isinstance(value, Wording) or (isinstance(value, str) and bool(value.strip()))


def _are_tables(value: Any) -> bool:
    return isinstance(value, tuple | list) and bool(value) and set(value) <= set(TABLES)


_FORMS: dict[str, _Form] = {
    "creatorbook_readers": _listed(
        Reader,
        "name",
        {
            "name": _is_name,
            "label": _is_text,
            "whose": lambda value: isinstance(value, str),
            "tables": _are_tables,
            "layout": lambda value: isinstance(value, Layout),
            "recognise": _takes(1),
            "read": _takes(1),
        },
    ),
    "creatorbook_checks": _listed(
        Check,
        "name",
        {
            "name": _is_name,
            "question": _is_text,
            "find": _takes(1),
            "after": lambda value: value in {"engagement", "conversation", "signals", "fit"},
        },
    ),
    "creatorbook_rankings": _listed(Ranking, "id", {"id": _is_name, "title": _is_text, "score": _takes(2)}),
    "creatorbook_reasons": _Form(_reasons, is_list=False),
    "creatorbook_tier_schemes": _rows("tiers", "schemes", _scheme_fault, frozenset({"read"})),
    "creatorbook_playbooks": _rows(
        "playbooks", "playbooks", _playbook_fault, frozenset({"calendar", "moments"})
    ),
    "creatorbook_themes": _Form(_themes, is_list=False),
    "creatorbook_attribution_rules": _listed(
        Rule, "id", {"id": _is_name, "title": _is_text, "credit": _takes(1)}
    ),
    "creatorbook_notebooks": _Form(_notebooks, is_list=False),
    "creatorbook_commands": _Form(_commands, is_list=False),
    "creatorbook_lessons": _Form(_lessons, is_list=True),
    "creatorbook_label_rules": _Form(_label_rules, is_list=False),
    "creatorbook_price_models": _listed(PriceModel, "id", {"id": _is_name, "price": _takes(1)}),
    "creatorbook_outputs": _listed(
        Output,
        "place",
        {
            "reader": lambda value: value in FOLDERS,
            "file": _is_file_name,
            "make": _takes(1),
            "title": lambda value: isinstance(value, str),
        },
    ),
}


# ------------------------------------------------------------------- what contributions answer


def findings_fault(answer: Any, _book: Book) -> str:
    """What is wrong with the findings of a check: it is tried whether they can be shown, too."""
    if not isinstance(answer, Findings):
        return f"it answers {_kind(answer)} where Findings are expected"
    for item in answer.items:
        if not isinstance(item, Figure | Table | Chart | Note):
            return f"{_kind(item)} is no figure, table, chart or note"
        key = "" if isinstance(item, Note) else item.key
        if key and (not _is_name(key) or key.split(".")[0] in OWN_KEYS):
            return f"the key “{key}” is creatorbook's own; begin it with the plugin's name"
        if isinstance(item, Figure) and not isinstance(item.unit, str):
            return f"the unit of {key} is {_kind(item.unit)}"
    findings_html(answer)
    for chart in answer.charts.values():
        chart.png()
    return ""


def match_fault(answer: Any, header: Sequence[str]) -> str:
    """What is wrong with how a reader fits a header."""
    if answer is None:
        return ""
    if not isinstance(answer, Match):
        return f"it answers {_kind(answer)} where a Match or nothing is expected"
    outside = [field for field, place in answer.fields.items() if not 0 <= place < len(header)]
    return f"there is no column for its {_joined(outside)}" if outside else ""


def rows_fault(answer: Any, sheet: Sheet) -> str:
    """What is wrong with the rows that a reader makes of a sheet: tables and columns that are not the declared ones."""
    if not isinstance(answer, Rows):
        return f"it answers {_kind(answer)} where Rows are expected"
    for name, table in answer.tables.items():
        if name not in TABLES:
            return f"there is no table “{name}”"
        if name not in answer.files:
            columns = {row[0] for row in sheet.connection.execute(f'DESCRIBE "{table}"').fetchall()}
            if lacking := sorted(set(TABLES[name].names) - columns):
                return f"its table {name} has no column {_joined(lacking)}"
    return ""


def price_fault(answer: Any, _account: Any) -> str:
    """What is wrong with a price: ends that are no amounts, or no currency."""
    if answer is None:
        return ""
    if not isinstance(answer, PriceRange):
        return f"it answers {_kind(answer)} where a PriceRange or nothing is expected"
    ends = (answer.low, answer.high)
    are_amounts = all(isinstance(end, int | float) and math.isfinite(end) for end in ends)
    if not are_amounts or not 0 <= answer.low <= answer.high:
        return f"{ends} is no range of amounts"
    return "" if answer.currency in CODES else f"“{answer.currency}” is no currency"


def content_fault(answer: Any, _contents: EditionContents) -> str:
    """What is wrong with the content of a file."""
    return (
        ""
        if answer is None or isinstance(answer, bytes)
        else f"it answers {_kind(answer)} where bytes are expected"
    )


def credit_fault(answer: Any, paths: Journeys) -> str:
    """What is wrong with how a rule shares orders out: it loses some, or gives out more than there are."""
    credit = np.asarray(answer, dtype=float)
    if credit.shape != (len(paths.channels),):
        return "it does not give one number for each channel"
    return "" if np.isclose(credit.sum(), paths.total) else "its credits do not sum to the conversions"


def _joined(names: Iterable[Any]) -> str:
    return ", ".join(f"“{name}”" for name in names)


def _kind(value: Any) -> str:
    words = {list: "a list", dict: "a mapping", str: "a text", type(None): "nothing"}
    return words.get(type(value), f"a value of the kind {type(value).__name__}")
