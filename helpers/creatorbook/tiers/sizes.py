"""Who is of which size, under the campaign's scheme and under others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.findings import Column, Findings, Note, Table
from creatorbook.memo import per_book
from creatorbook.packs import pack
from creatorbook.planning.candidates import candidates
from creatorbook.planning.tier_schemes import NOT_DEFINED, Scheme, assign, named, scheme_of, schemes

if TYPE_CHECKING:
    from creatorbook.book import Book

STEP = "tiers"


def sizes(book: Book) -> Findings:
    """How many people are of each size, what they cost together, and who moves under another scheme."""
    people, scheme = candidates(book), scheme_of(book)
    if people.empty:
        return Findings(STEP, (no_list(),), book.formats)
    items = (
        Note(f"{first_sentence(book)} {scheme.read}"),
        _counts(book, people, scheme),
        _moves(book, scheme),
        _everyone(people),
    )
    return Findings(STEP, items, book.formats)


def who_moves(book: Book, scheme: str | None = None) -> Findings:
    """By name, who is of another size under one other scheme, and every account's size on its own platform.

    Args:
        book: the campaign.
        scheme: a scheme's name; without one, that under which most move.

    Raises:
        Problem: there is no scheme of that name, or it does not go by followers.
    """
    people, here = candidates(book), scheme_of(book)
    if people.empty:
        return Findings(STEP, (no_list(),), book.formats)
    rivals = rival_schemes(book, here)
    there = (
        named(scheme, schemes(book))
        if scheme
        else max(rivals, key=lambda one: (len(_moved(book)[one.id]), one.id))
    )
    moved = _moved(book)[there.id]
    columns = {
        "creator": Column("Creator"),
        "followers": Column("Followers", "number", grade="counted"),
        "here": Column(f"Under “{here.title}”"),
        "there": Column(f"Under “{there.title}”"),
    }
    items = (
        Note(f"Under “{there.title}” {len(moved)} of {len(people)} creators move. {there.read}"),
        Table(f"{STEP}.moved", "Who moves", moved, columns, rows=12),
        _by_platform(book, here),
    )
    return Findings(STEP, items, book.formats)


def _by_platform(book: Book, scheme: Scheme) -> Table:
    """Accounts by platform and size: a person with two accounts may be of two sizes."""
    listed = book.tables.creators
    sizes = [
        assign(followers, scheme, platform)
        for followers, platform in zip(listed.followers, listed.platform, strict=True)
    ]
    counts = pd.crosstab(
        listed.platform.fillna("not told"), pd.Series(sizes, index=listed.index, name="size")
    )
    names = [name for name in [*scheme.names, NOT_DEFINED] if name in counts]
    frame = counts[names].astype(float).reset_index(names="platform")
    columns = {
        "platform": Column("Platform"),
        **{name: Column(name.capitalize(), "number") for name in names},
    }
    title = "Accounts by platform: a size holds on one platform, not for the person"
    return Table(f"{STEP}.by_platform", title, frame, columns)


def no_list() -> Note:
    """What is said while there is no creators list."""
    text = (
        "No creators list was found, so nobody can be sorted by size. Four columns do: creator, handle, platform, "
        "followers. Whoever runs the campaign has them."
    )
    return Note(text, "todo", owner="agency")


def first_sentence(book: Book) -> str:
    """`Sizes as in {scheme}; under {other scheme} {4} creators move.`, with the scheme that moves most."""
    scheme = scheme_of(book)
    rivals = {other.title: _moved(book)[other.id] for other in rival_schemes(book, scheme)}
    moved = max(rivals, key=lambda title: (len(rivals[title]), title)) if rivals else ""
    if not moved or not len(rivals[moved]):
        return f"Sizes as in “{scheme.title}”; under the other schemes nobody moves."
    return f"Sizes as in “{scheme.title}”; under “{moved}” {len(rivals[moved])} creators move."


def rival_schemes(book: Book, scheme: Scheme) -> list[Scheme]:
    """Schemes that cut at least three sizes by followers, other than this one."""
    return [other for other in schemes(book).values() if other.id != scheme.id and len(other.bands) >= 3]


@per_book
def _moved(book: Book) -> dict[str, pd.DataFrame]:
    """Scheme → people whose size is called differently under it: creator, handle, followers, here, there."""
    people = candidates(book)
    accounts = list(zip(people.followers, people.platform, strict=True))
    words = {
        name: [_size_word(*account, told) for account in accounts]
        for name, told in schemes(book).items()
        if told.bands
    }
    frame = people[["creator", "handle", "followers"]].assign(here=words[scheme_of(book).id])
    every = {name: frame.assign(there=there) for name, there in words.items()}
    return {name: told[told.here != told.there].reset_index(drop=True) for name, told in every.items()}


def _size_word(followers: float, platform: str, scheme: Scheme) -> str:
    """The size in a word that schemes share: a step such as “micro T3” counts as the size it lies within."""
    name = assign(followers, scheme, platform)
    if name == NOT_DEFINED or name in pack("tiers")["names"]:
        return name
    return next(band.within or name for band in scheme.on(platform) if band.name == name)


def _moves(book: Book, scheme: Scheme) -> Table:
    """One row per other scheme: how many move, how many it does not define, and its source."""
    rows = []
    for other in schemes(book).values():
        if other.id == scheme.id or not other.bands:
            continue
        moved = _moved(book)[other.id]
        rows.append(
            {
                "scheme": other.title,
                "move": float(len(moved)),
                "undefined": float((moved.there == NOT_DEFINED).sum()),
                "bounds": "; ".join(f"{name} {other.bounds(name, book.formats)}" for name in other.names),
                "source": f"{other.source}, {other.date}",
            }
        )
    columns = {
        "scheme": Column("Under the scheme"),
        "move": Column("Creators that move", "number"),
        "undefined": Column("of these, not defined by it", "number"),
        "bounds": Column("Its sizes in followers"),
        "source": Column("Source"),
    }
    frame = pd.DataFrame(rows).sort_values(["move", "scheme"], ascending=[False, True])
    return Table(f"{STEP}.schemes", "What other schemes would call these creators", frame, columns)


def _counts(book: Book, people: pd.DataFrame, scheme: Scheme) -> Table:
    rows = []
    for name in present(people, scheme):
        own = people[people.tier == name]
        rows.append(
            {
                "tier": name,
                "bounds": scheme.bounds(name, book.formats)
                if name != NOT_DEFINED
                else "outside the scheme's sizes",
                "creators": float(len(own)),
                "followers": float(own.followers.median()),
                "priced": float(own.cost.notna().sum()),
                "cost": float(own.cost.sum()) if own.cost.notna().any() else None,
            }
        )
    columns = {
        "tier": Column("Size"),
        "bounds": Column("Followers"),
        "creators": Column("Creators", "number", grade="counted"),
        "followers": Column("Typical followers", "number", grade="counted"),
        "priced": Column("with a price", "number", grade="counted"),
        "cost": Column("Fees and gifts together", "money", grade="counted"),
    }
    frame = pd.DataFrame(rows).astype({"cost": "float64"})
    note = "One person counts once, by the largest account on the list."
    return Table(f"{STEP}.sizes", f"Who is of which size: {scheme.title}", frame, columns, note=note)


def present(people: pd.DataFrame, scheme: Scheme) -> list[str]:
    """Sizes that somebody is of, small to large, what is not defined last."""
    return [name for name in [*scheme.names, NOT_DEFINED] if (people.tier == name).any()]


def _everyone(people: pd.DataFrame) -> Table:
    columns = {
        "creator": Column("Creator"),
        "handle": Column("Account"),
        "platform": Column("Platform"),
        "followers": Column("Followers", "number", grade="counted"),
        "tier": Column("Size"),
        "cost": Column("Fee and gift", "money", grade="counted"),
        "views": Column("Typical views", "number", grade="counted"),
    }
    return Table(f"{STEP}.creators", "Everyone on the list", people[list(columns)], columns, rows=8)
