"""What an order's state is worth, read from the words that shops, marketplaces and networks have: `packs/order_states.yml`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Literal

from creatorbook.packs import pack, per_packs
from creatorbook.text.states import plain_words

OrderState = Literal["sale", "partly refunded", "placed", "not yet", "no sale", "refunded"]

#: what client.yml may say about a word that nobody here knows
ANSWERS: tuple[OrderState, ...] = ("sale", "not yet", "no sale", "refunded")

#: the state of an order whose word nobody knows: no sale until client.yml tells what it means
UNKNOWN = "unknown"

#: the state of a sale of which a part went back
PARTLY_REFUNDED: OrderState = "partly refunded"

#: states of an order that does not count as sold, be it for now
NOT_COUNTED = ("not yet", UNKNOWN)

_REMARK = re.compile(r"[(\[,;:/|\n–—]|\s-\s|[.!]\s")
#: a shorter word inside a longer text is hardly a state of its own
_SHORTEST_PHRASE = 4


def order_state_of(text: str, beside: Collection[str] = ()) -> OrderState | None:
    """What an order's state is worth; `None` if nobody knows the word.

    Of a longer text (`Cancelled by customer`, `Paid (Klarna)`) the states it names must agree, and it is a sale only if
    it begins with one; a word that turns another round (`not`, `until`) leaves it unknown.

    Args:
        text: the cell.
        beside: the other words of its column, for a word that two shops use for opposite things.
    """
    words = plain_words(text)
    if not words or "?" in text:
        return None
    if words in _beside():
        near = {plain_words(word) for word in beside}
        return next((state for word, state in _beside()[words].items() if word in near), None)
    vocabulary = _words()
    if (exact := vocabulary.get(words) or vocabulary.get(_without_prefix(words))) is not None:
        return exact
    head = vocabulary.get(plain_words(_REMARK.split(text, maxsplit=1)[0]))
    named = list(_named(words))
    states = {state for _, state in named} | ({head} if head else set())
    if len(states) != 1 or set(words.split()) & _listed("negations"):
        return None
    (state,) = states
    if state in {"no sale", "refunded", PARTLY_REFUNDED}:
        return state
    begins = head is not None or any(start == 0 for start, _ in named)
    return state if begins and not set(words.split()) & _listed("postponing") else None


def _named(words: str) -> Iterator[tuple[int, OrderState]]:
    """The states that a text names as whole words, each with the word it begins at; longer names go first."""
    parts, vocabulary, at = words.split(), _words(), 0
    while at < len(parts):
        for end in range(len(parts), at, -1):
            phrase = " ".join(parts[at:end])
            if len(phrase) >= _SHORTEST_PHRASE and phrase in vocabulary:
                yield at, vocabulary[phrase]
                at = end - 1
                break
        at += 1


def _without_prefix(words: str) -> str:
    """A shop's word without what the shop sets before it: `wc refunded` is `refunded`."""
    first, _, rest = words.partition(" ")
    return rest if first in pack("order_states")["prefixes"] else words


@per_packs
def _words() -> dict[str, OrderState]:
    """Every spelling of the pack → its state."""
    states: dict[OrderState, list[str]] = pack("order_states")["states"]
    return {
        plain_words(word): state
        for state, lines in states.items()
        for line in lines
        for word in line.split(",")
        if plain_words(word)
    }


@per_packs
def _beside() -> dict[str, dict[str, OrderState]]:
    rows: dict[str, dict[str, OrderState]] = pack("order_states")["beside"]
    return {
        plain_words(word): {plain_words(near): state for near, state in near_words.items()}
        for word, near_words in rows.items()
    }


@per_packs
def _listed(name: str) -> frozenset[str]:
    return frozenset(plain_words(word) for word in pack("order_states")[name].split(","))
