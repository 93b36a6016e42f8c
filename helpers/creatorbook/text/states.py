"""Where a creator stands, read from the words that lists have: one vocabulary, `packs/states.yml`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

from creatorbook.packs import pack, per_packs

Standing = Literal["takes part", "open", "out"]
TAKES_PART: Standing = "takes part"
OPEN: Standing = "open"
OUT: Standing = "out"

#: where a remark begins behind a word: `declined (too busy)`, `agreed, 2 reels`, `live – since Monday`
_REMARK = re.compile(r"[(\[,;:/|\n–—]|\s-\s|[.!]\s")
#: a shorter word in a remark (“in”, “no”) is hardly a state of its own
_SHORTEST_OF_A_REMARK = 5


def state_of(text: str) -> str | None:
    """The state that a cell of the list names, as `packs/states.yml` calls it; `None` if nobody knows the word.

    A question mark settles nothing, and a remark that names a state of another standing contradicts the word before
    it: both are unknown. Of a word for taking part even short words of a remark are believed (`agreed, no`).
    """
    known, words = _states_by_words(), plain_words(text)
    if "?" in text or not words:
        return None
    if words in known:
        return known[words]
    head, *remark = _REMARK.split(text, maxsplit=1)
    state = known.get(plain_words(head))
    if state is None or not remark:
        return None
    standing = standing_of(state)
    shortest = 1 if standing == TAKES_PART else _SHORTEST_OF_A_REMARK
    said = {standing_of(known[phrase]) for phrase in _phrases(remark[0]) if len(phrase) >= shortest}
    return state if said <= {standing} else None


def standing_of(state: str) -> Standing:
    """What a state of the vocabulary means for taking part."""
    standing: Standing = pack("states")["states"][state]["standing"]
    return standing


def is_posted(state: str) -> bool:
    """Whether a post is out in this state."""
    return bool(pack("states")["states"].get(state, {}).get("posted", False))


def has_agreed(state: str) -> bool:
    """Whether somebody in this state has agreed to what is still to be posted."""
    return standing_of(state) == TAKES_PART and not is_posted(state)


def next_in_state(state: str) -> tuple[str, str]:
    """What comes next in a state, or in one that is concluded, and who owes it."""
    row = {**pack("states")["states"], **pack("states")["concluded"]}[state]
    return row["next"], row["owner"]


def state_names() -> list[str]:
    """The states of the vocabulary, in their order."""
    return list(pack("states")["states"])


def plain_words(text: str) -> str:
    """A text's words alone: no case, accents, digits and signs, one space between."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_UNMARKED))
    bare = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[\W\d_]+", " ", bare).split())


#: letters with a stroke, which do not come apart into a letter and a mark
_UNMARKED = str.maketrans("łøđı", "lodi")


def _phrases(text: str) -> Iterator[str]:
    """The states' spellings that a remark holds, as whole words."""
    words, known = plain_words(text).split(), _states_by_words()
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            if (phrase := " ".join(words[start:end])) in known:
                yield phrase


@per_packs
def _states_by_words() -> dict[str, str]:
    """Every spelling of the pack → its state; a state's own name goes before another's spelling."""
    states = pack("states")["states"]
    spelled = {
        plain_words(word): name
        for name, row in states.items()
        for words in row["words"]
        for word in words.split(",")
    }
    return {**spelled, **{plain_words(name): name for name in states}}
