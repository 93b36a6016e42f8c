"""Who is of which size, under the campaign's scheme and under others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.campaign.lead import who_settles
from creatorbook.campaign.people import in_question
from creatorbook.campaign.sizes import NOT_DEFINED, Scheme, named, scheme_of, schemes, size_of
from creatorbook.finance.cost_lines import own_words
from creatorbook.findings import (
    Capital,
    Column,
    Findings,
    Note,
    Table,
    Wording,
    joined,
    packed,
    say,
    say_many,
    sentences,
)
from creatorbook.memo import per_book
from creatorbook.packs import pack
from creatorbook.planning.candidates import candidates

if TYPE_CHECKING:
    from creatorbook.book import Book

STEP = "tiers"


def is_chosen_already(book: Book) -> bool:
    """Whether this is a report of results: it says what came of the sizes, and not again what spoke for them before."""
    return book.mode == "report" and book.stage == "results"


def sizes(book: Book) -> Findings:
    """How many people are of each size, what they cost together, and who moves under another scheme."""
    if is_chosen_already(book):
        return Findings(STEP, (), book.formats)
    people, scheme = candidates(book), scheme_of(book)
    if people.empty:
        return Findings(STEP, (no_list(book),), book.formats)
    items = (
        Note(sentences(first_sentence(book), packed(scheme.read))),
        _counts(people, scheme),
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
        return Findings(STEP, (no_list(book),), book.formats)
    there = named(scheme, schemes(book)) if scheme else _most_moving(book)
    if there is None:
        return Findings(STEP, (Note(first_sentence(book)), _by_platform(book, here)), book.formats)
    moved = people.iloc[_moved(book, there)][["creator", "followers"]].reset_index(drop=True)
    words = _size_words(book)
    for column, one in (("here", here), ("there", there)):
        moved[column] = [words[one.id][row] for row in _moved(book, there)]
    columns = {
        "creator": Column("Creator"),
        "followers": Column("Followers", "number", grade="counted"),
        "here": Column(say("Under “{scheme}”", scheme=packed(here.title))),
        "there": Column(say("Under “{scheme}”", scheme=packed(there.title))),
    }
    text = say_many(
        "Under “{scheme}” {n} of {all} creators moves.",
        "Under “{scheme}” {n} of {all} creators move.",
        n=len(moved),
        scheme=packed(there.title),
        all=len(people),
    )
    items = (
        Note(sentences(text, packed(there.read))),
        Table(f"{STEP}.moved", "Who moves", moved, columns, rows=12),
        _by_platform(book, here),
    )
    return Findings(STEP, items, book.formats)


def _by_platform(book: Book, scheme: Scheme) -> Table:
    """Accounts by platform and size: a person with two accounts may be of two sizes."""
    creators = in_question(book)
    sizes = [
        size_of(followers, platform, scheme)
        for followers, platform in zip(creators.followers, creators.platform, strict=True)
    ]
    accounts = pd.DataFrame({"platform": creators.platform.fillna("not told"), "size": sizes})
    counts = accounts.groupby(["platform", "size"]).size().unstack(fill_value=0)
    names = [name for name in [*scheme.names, NOT_DEFINED] if name in counts]
    platforms = counts[names].astype(float).reset_index(names="platform")
    columns = {
        "platform": Column("Platform"),
        **{name: Column(Capital(packed(name)), "number") for name in names},
    }
    title = say("Accounts by platform: a size holds on one platform, not for the person")
    return Table(f"{STEP}.by_platform", title, platforms, columns)


def no_list(book: Book) -> Note:
    """What is said while there is no creators list."""
    text = say(
        "No creators list was found, so nobody can be sorted by size. Four columns do: creator, handle, platform, "
        "followers. The campaign lead has them."
    )
    return Note(text, "todo", owner=who_settles(book))


def first_sentence(book: Book) -> Wording:
    """`Sizes as in {scheme}; under {other scheme} {4} creators move.`, with the scheme that moves most."""
    scheme = scheme_of(book)
    other = _most_moving(book)
    if other is None:
        return say(
            "Sizes as in “{scheme}”; under the other schemes nobody moves.", scheme=packed(scheme.title)
        )
    return say_many(
        "Sizes as in “{scheme}”; under “{other}” {n} creator moves.",
        "Sizes as in “{scheme}”; under “{other}” {n} creators move.",
        n=len(_moved(book, other)),
        scheme=packed(scheme.title),
        other=packed(other.title),
    )


def _most_moving(book: Book) -> Scheme | None:
    """The rival scheme under which most creators are of another size; `None` where nobody moves under any."""
    rivals = [
        (len(_moved(book, other)), other.title, other) for other in rival_schemes(book, scheme_of(book))
    ]
    moved, _, other = max(rivals, key=lambda one: one[:2], default=(0, "", None))
    return other if moved else None


def rival_schemes(book: Book, scheme: Scheme) -> list[Scheme]:
    """Schemes that cut at least three sizes by followers, other than this one."""
    return [other for other in schemes(book).values() if other.id != scheme.id and len(other.bands) >= 3]


def _moved(book: Book, other: Scheme) -> list[int]:
    """Rows of `candidates` whose size is called differently under another scheme."""
    words = _size_words(book)
    pairs = zip(words[scheme_of(book).id], words[other.id], strict=True)
    return [row for row, (here, there) in enumerate(pairs) if here != there]


@per_book
def _size_words(book: Book) -> dict[str, list[str]]:
    """Scheme → what it calls the size of each of the `candidates`."""
    people = candidates(book)
    accounts = list(zip(people.followers, people.platform, strict=True))
    return {
        name: [_size_word(*account, scheme) for account in accounts]
        for name, scheme in schemes(book).items()
        if scheme.bands
    }


def _size_word(followers: float, platform: str, scheme: Scheme) -> str:
    """The size in a word that schemes share: a step such as “micro T3” counts as the size it lies within."""
    name = size_of(followers, platform, scheme)
    if name == NOT_DEFINED or name in pack("tiers")["names"]:
        return name
    return next(band.within or name for band in scheme.on(platform) if band.name == name)


def _moves(book: Book, scheme: Scheme) -> Table:
    """One row per other scheme: how many move, how many it does not define, and its source."""
    rows = []
    for other in schemes(book).values():
        if other.id == scheme.id or not other.bands:
            continue
        moved = _moved(book, other)
        rows.append(
            {
                "scheme": other.title,
                "move": float(len(moved)),
                "undefined": float(sum(_size_words(book)[other.id][row] == NOT_DEFINED for row in moved)),
                "bounds": _sizes_of(other),
                "source": say("{source}, {date}", source=other.source, date=other.date),
            }
        )
    columns = {
        "scheme": Column("Under the scheme"),
        "move": Column("Creators that move", "number"),
        "undefined": Column("of these, not defined by it", "number"),
        "bounds": Column("Its sizes in followers"),
        "source": Column("Source"),
    }
    rivals = pd.DataFrame(rows).sort_values(["move", "scheme"], ascending=[False, True], kind="stable")
    return Table(f"{STEP}.schemes", "What other schemes would call these creators", rivals, columns)


def _sizes_of(scheme: Scheme) -> Wording:
    """All sizes of a scheme with their bounds, small to large."""
    sizes = [say("{size} {bounds}", size=packed(name), bounds=scheme.bounds(name)) for name in scheme.names]
    return joined(sizes, by="; ")


def _counts(people: pd.DataFrame, scheme: Scheme) -> Table:
    """How many people are of each size, with typical followers and what they cost together."""
    rows = []
    for name in present(people, scheme):
        own = people[people.tier == name]
        rows.append(
            {
                "tier": name,
                "bounds": scheme.bounds(name) if name != NOT_DEFINED else say("outside the scheme's sizes"),
                "creators": float(len(own)),
                "followers": float(own.followers.median()),
                "priced": float(own.cost.notna().sum()),
                "cost": own.cost.sum(min_count=1),
            }
        )
    columns = {
        "tier": Column("Size"),
        "bounds": Column("Followers"),
        "creators": Column("Creators", "number", grade="counted"),
        "followers": Column("Typical followers", "number", grade="counted"),
        "priced": Column("with a price", "number", grade="counted"),
        "cost": Column("Own cost together", "money", grade="counted"),
    }
    sizes = pd.DataFrame(rows).astype({"cost": "float64"})
    note = say("One person counts once, by the largest account on the list.")
    title = say("Who is of which size: {scheme}", scheme=packed(scheme.title))
    return Table(f"{STEP}.sizes", title, sizes, columns, note=note)


def present(people: pd.DataFrame, scheme: Scheme) -> list[str]:
    """Sizes that somebody is of, small to large, what is not defined last."""
    return [name for name in [*scheme.names, NOT_DEFINED] if (people.tier == name).any()]


def _everyone(people: pd.DataFrame) -> Table:
    """Everybody with size, price and typical views."""
    columns = {
        "creator": Column("Creator"),
        "handle": Column("Account"),
        "platform": Column("Platform"),
        "followers": Column("Followers", "number", grade="counted"),
        "tier": Column("Size"),
        "cost": Column("Own cost", "money", grade="counted", note=own_words()),
        "views": Column("Typical views", "number", grade="counted"),
    }
    return Table(f"{STEP}.creators", "Everyone on the list", people[list(columns)], columns, rows=8)


def apart_and_close(apart: list[Wording], close: list[Wording]) -> Wording:
    """Which sizes differ, and which are too close to call."""
    nothing = say("nothing")
    return say(
        "We can tell apart: {apart}. Too close to call: {close}.",
        apart=joined(apart) if apart else nothing,
        close=joined(close) if close else nothing,
    )
