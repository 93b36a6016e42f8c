"""What is offered for pasting into client.yml for a file that nobody knows: what it may be, column by column.

Three cells stand beside each guess, so that one look tells whether it is right; a buyer's address is never shown.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from creatorbook.exports.columns import FileColumn, columns_of, words_of
from creatorbook.exports.guesses import NAMES_ORDERS, Guess, guess_columns, names_a_platform, platform_guess
from creatorbook.exports.layouts import Layout, normal
from creatorbook.tables import TABLES, CanonicalTable

_SHOWN, _LONGEST = 3, 24  #: cells beside each guess, and letters of each
_LOOKED_AT = 4  #: layouts looked at closely, with names spelt alike
_LEAST = 0.5  #: share of what a layout needs, below which a file is nothing we know


@dataclass(frozen=True)
class Offered:
    """What a file that nobody knows may be.

    Attributes:
        file: its name inside `exports/`.
        block: the lines for client.yml that say so.
        label: what people call such a file; empty where none is likely.
        table: the canonical table, or empty.
        columns: our column → the file's, as far as a guess holds.
        cells: the file's columns → three different cells of each; none of those that say who somebody is.
        platform: of every row, or empty where rows say it or none is needed.
        total: as `Mapping.total`.
    """

    file: str
    block: str
    label: str = ""
    table: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    cells: dict[str, tuple[str, ...]] = field(default_factory=dict)
    platform: str = ""
    total: str = ""


_COMMISSION = re.compile(
    r"\b(commissions?|provision|payouts?|comision(es)?|comissao|commissione|provvigion\w+|prowizja|komisyon|earnings|action cost)\b"
)
_AFFILIATE = re.compile(
    r"\b(affiliates?|affilies?|afiliad[oa]s?|affiliat[oi]|publishers?|media partners?|werbepartner)\b"
)
_PARTNER = re.compile(r"\b(partners?|ambassador|influencer|creator|site name|influenceur|creador|criador)\b")
_ORDER = re.compile(
    r"\b(orders?|sales?|transa[ckz]\w+|conversi\w+|actions?|bestell\w*|auftrag\w*|commandes?|ventes?|pedidos?|ventas?|vendas?|ordin[ei]|zamowieni\w+)\b"
)


def from_a_network(header: Iterable[str]) -> bool:
    """Whether columns are named after a commission and after an affiliate who earns it."""
    names = list(map(words_of, header))
    return any(map(_COMMISSION.search, names)) and any(map(_AFFILIATE.search, names))


def of_a_network(header: Sequence[str]) -> bool:
    """Whether columns are named after an order, a commission, and someone who earns it."""
    names = list(map(words_of, header))
    earned = any(map(_COMMISSION.search, names)) and any(map(_ORDER.search, names))
    return earned and (any(map(_AFFILIATE.search, names)) or any(map(_PARTNER.search, names)))


def offer(
    file: str,
    layouts: Sequence[Layout],
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    account: str = "",
) -> Offered:
    """A `mapping:` block with the best guess for each column, checked by its cells; `ignore: true` where none is likely.

    Args:
        file: its name inside `exports/`.
        layouts: what it may be.
        header: the names of its columns.
        rows: its first records.
        account: whose it is, if its folder says so.
    """
    columns = columns_of(header, rows)
    cells = {column.name: _examples(column) for column in columns if column.name}
    layout, best = likely(layouts, columns)
    if layout is None:
        return Offered(file, ignored(file), cells=cells)
    lines = _lines(file, layout, best, columns, rows, account)
    said = next((line.split()[1] for line in lines if line.startswith("    platform: ")), "")
    guessed = {name: column.name for name, column in best.columns.items()}
    return Offered(
        file, "\n".join(lines), layout.label, layout.tables[0], guessed, cells, said, best.total or ""
    )


def ignored(file: str) -> str:
    """The block that leaves a file out."""
    return f"mapping:\n  - file: {_quoted(file)}\n    ignore: true"


# ------------------------------------------------------------------------------------- which table


def likely(layouts: Sequence[Layout], columns: Sequence[FileColumn]) -> tuple[Layout | None, Guess]:
    """The plain layout that columns resemble most, and which column is what in it."""
    of_network = of_a_network([column.name for column in columns])
    plain = [
        layout
        for layout in layouts
        if layout.name in TABLES and _may_be(layout, columns, of_network=of_network)
    ]
    first = sorted(
        plain, key=lambda layout: guess_columns(layout, columns, alike=False).strength, reverse=True
    )
    closer = [(guess_columns(layout, columns), layout) for layout in first[:_LOOKED_AT]]
    closer = [one for one in closer if one[1].name != "creators" or _of_creators(one[0], columns)]
    best, layout = max(closer, key=lambda one: one[0].strength, default=(Guess({}), None))
    if layout is None or best.strength < _LEAST or not best.columns:
        return None, best
    return layout, best


def _may_be(layout: Layout, columns: Sequence[FileColumn], *, of_network: bool) -> bool:
    """Whether nothing speaks against a layout: a list of days is no list of things, a network's file no shop's."""
    names = {column.plain for column in columns}
    if not names.isdisjoint(map(normal, layout.never)):
        return False
    if of_network:
        return layout.name == "affiliate_orders"
    of_days = list_of_days(columns)
    if layout.name in _OF_THINGS and of_days:
        return False
    if layout.name == "creators":
        return not tells_posts(columns)
    return layout.name != "account_days" or of_days


#: tables of which each row is a thing with a name of its own
_OF_THINGS = {
    "orders",
    "order_lines",
    "posts",
    "creators",
    "affiliate_orders",
    "discounts",
    "products",
    "shop_videos",
    "refunds",
}


def list_of_days(columns: Sequence[FileColumn]) -> bool:
    """Whether each record is a day: one column of days that are all different, and nothing that names things."""
    days = [column for column in columns if column.days]
    others = [column for column in columns if not column.days and column.filled]
    measures = all(column.numbers or _is_a_duration(column) for column in others)
    named = any(_names_things(column) for column in others)
    return len(days) == 1 and days[0].unique and bool(others) and measures and not named


def _names_things(column: FileColumn) -> bool:
    """Whether a column of numbers names orders or the like, and does not count them."""
    called = _NAMES.search(column.plain) or NAMES_ORDERS.search(column.plain)
    return bool(called) and not _COUNTS.search(column.plain) and column.unique


_COUNTS = re.compile(
    r"\b(orders|bestellungen|auftrage|commandes|pedidos|ordini|bestellingen|zamowienia|invoices|receipts|count|anzahl|number of|nombre de"
    r"|nb|cantidad|quantita|quantidade|aantal|liczba|average|avg|value|amount|total)\b"
)
_NAMES = re.compile(r"\b(id|number|no|nr|code|ref)\b")


def _is_a_duration(column: FileColumn) -> bool:
    return column.mostly(re.compile(r"\d{1,3}:\d{2}(:\d{2})?"))


def _of_creators(best: Guess, columns: Sequence[FileColumn]) -> bool:
    """Whether a guess for a creators list is one of many creators of a campaign."""
    return not of_one_account(best.columns) and not of_anybody(columns, best.columns)


def of_one_account(columns: dict[str, FileColumn]) -> bool:
    """Whether most records name the same account on the same platform: they are not creators, but of one."""
    named = [columns[field].cells for field in ("handle", "platform") if field in columns]
    return "handle" in columns and mostly_one([cells for cells in zip(*named, strict=True) if any(cells)])


def of_anybody(columns: Sequence[FileColumn], fields: Iterable[str]) -> bool:
    """Whether records are profiles as tools list followers or likers: nothing in them belongs to a campaign.

    Args:
        columns: those of the file.
        fields: what a creators list would take from it.
    """
    names = {column.plain for column in columns}
    return bool(names & _OF_A_PROFILE and names & _FOLLOWS) and set(fields) <= _SAID_OF_ANYBODY


#: columns that tools write for any profile they meet
_OF_A_PROFILE = {
    "is private", "private", "is verified", "verified", "is business", "profile pic url", "profile picture", "has anonymous profile picture",
    "followed by viewer", "follows viewer", "requested by viewer", "pk", "user id", "userid",
}  # fmt: skip
_FOLLOWS = {"following", "followings", "following count", "followings count", "follows", "followed accounts"}
#: fields of a creators list that are said of anybody
_SAID_OF_ANYBODY = {"handle", "creator", "followers", "biography", "link", "platform"}


def mostly_one(cells: Sequence[object]) -> bool:
    """Whether most of some cells, and more than three, are the same."""
    most = max(Counter(cell for cell in cells if cell).values(), default=0)
    return most > 3 and most * 2 > len(cells)


def tells_posts(columns: Sequence[FileColumn]) -> bool:
    """Whether the records are posts: each with its link or day, and what came of it."""
    names = {column.plain for column in columns}
    counted = sum(any(name in names for name in same) for same in _COUNTED)
    linked = any(column.posts for column in columns)
    dated = any(column.days for column in columns)
    return counted >= 2 and (linked or dated) and "followers" not in names


_COUNTED = (
    ("likes", "like count", "reactions"),
    ("comments", "comment count"),
    ("views", "plays", "reach", "impressions"),
    ("shares", "saves"),
)


# -------------------------------------------------------------------------------------- the block


def _lines(
    file: str,
    layout: Layout,
    best: Guess,
    columns: Sequence[FileColumn],
    rows: Sequence[Sequence[str]],
    account: str,
) -> list[str]:
    table = TABLES[layout.tables[0]]
    chosen = {name: best.columns[name] for name in (*table.required, *layout.columns) if name in best.columns}
    needed = _needed(layout, chosen)
    lines = ["mapping:", f"  - file: {_quoted(file)}", f"    table: {table.name}"]
    about_pins = "platform" in table.names and any(re.search(r"\bpins?\b", c.plain) for c in columns)
    if "platform" in needed or about_pins:
        needed = [name for name in needed if name != "platform"]
        chosen.pop("platform", None)
        lines += _platform(file, chosen, rows, about_pins=about_pins)
    if "handle" in needed and "handle" not in table.required:
        needed.remove("handle")
        if not account:
            lines.append("    # handle: …   no column says whose account it is: say it here")
    if best.total:
        lines.append(f"    total: {best.total}   # {_TOTALS[best.total]}")
        needed = [name for name in needed if name != "total"]
    lines.append("    columns:")
    lines += [
        f"      {name}: {_quoted(column.name)}{_cells(name, column)}" for name, column in chosen.items()
    ]
    dated = not rows or any(column.days for column in columns)
    lines += [_asked(table, name, best, dated=dated) for name in needed]
    others = [name for name in best.open if name not in {*needed, *chosen}]
    return [*lines, *(f"      # {name}: …   not sure: {_or(best.open[name])}" for name in others)]


#: what client.yml may have to say of orders' totals → what that means
_TOTALS = {
    "lines": "its lines added up; if another file holds the orders, write “table: order_lines” instead",
    "without tax": "the tax is added by the rate in client.yml; leave this line out if the total holds it",
}


def _needed(layout: Layout, chosen: Iterable[str]) -> list[str]:
    """The fields without which the file cannot be read as what it is offered as."""
    lacking = [need.split("|") for need in layout.needs or layout.signature]
    lacking = [names for names in lacking if not any(name in chosen for name in names)]
    needed = [names[0] for names in lacking]
    return (
        [*needed, "platform"]
        if layout.name == "creators" and "platform" not in {*needed, *chosen}
        else needed
    )


def _platform(
    file: str, chosen: dict[str, FileColumn], rows: Sequence[Sequence[str]], *, about_pins: bool
) -> list[str]:
    """The line that says the platform of every row, where no cell does."""
    if about_pins:
        return ["    platform: pinterest"]
    if names_a_platform(rows):
        return []
    platform = platform_guess(file, *(column.name for column in chosen.values()))
    return [f"    platform: {platform}   # of every row: instagram, tiktok, youtube, pinterest, facebook"]


def _asked(table: CanonicalTable, name: str, best: Guess, *, dated: bool) -> str:
    """The line for a column that is needed and could not be told."""
    if table[name].kind in {"date", "moment"} and not dated:
        return f"      # {name}: no column holds days; add a column “date” to the file, then check again"
    choice = f"; {_or(best.open[name])}?" if name in best.open else ""
    return f'      {name}: "…"   # needed: {table[name].meaning}{choice}'


def _or(columns: Sequence[FileColumn]) -> str:
    return " or ".join(f"“{_on_one_line(column.name)}”" for column in columns)


def _cells(name: str, column: FileColumn) -> str:
    """Three cells of a column, as a remark behind its line; of a buyer's address only what becomes of it."""
    if name in {"customer", "commenter", "journey"}:
        return "   # kept as a keyed hash only"
    different = _different(column)
    return f"   # {' · '.join(map(_short, different))}" if different else ""


def _different(column: FileColumn) -> list[str]:
    return list(dict.fromkeys(column.filled))[:_SHOWN]


def _examples(column: FileColumn) -> tuple[str, ...]:
    """Three cells of a column as they may be shown; none where they say who somebody is."""
    return () if column.personal or column.mails else tuple(map(_short, _different(column)))


def _short(cell: str) -> str:
    line = _on_one_line(cell)
    return line if len(line) <= _LONGEST else line[: _LONGEST - 3] + "..."


def _on_one_line(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'
