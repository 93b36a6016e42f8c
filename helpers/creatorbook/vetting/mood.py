"""The mood of comments as far as emoji tell it: the one sign that reads alike in every language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.packs import pack, per_packs
from creatorbook.stats.intervals import share_interval
from creatorbook.vetting.comments import by_others

if TYPE_CHECKING:
    from creatorbook.book import Book

#: comments with an emoji of either kind before a share is shown
LEAST = 20

#: what changes an emoji's looks and not its mood: variation selectors, skin tones, the sign for a woman or a man
_LOOKS = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]|\u200d[♀♂]")

#: signs of the Unicode blocks that emoji stand in
_EMOJI = re.compile("[\u2600-\u27bf\u2b50\u2b55\U0001f000-\U0001faff]")


def emoji_moods(texts: pd.Series) -> pd.Series:
    """Warm (1), cold (−1), both (0); missing where no emoji of `packs/moods.yml` stands in it.

    Irony is not seen, and most comments have no emoji: print the coverage beside every share.
    """
    codes, different = pd.factorize(texts.astype("string").fillna(""))  # texts repeat
    each = pd.Series([_mood(text) for text in different], dtype="Int64")
    return each.take(codes).set_axis(texts.index).rename(texts.name)


def has_emoji(texts: pd.Series) -> pd.Series:
    """Whether an emoji stands in a text, read or not; a missing text has none."""
    plain = texts.astype("string").fillna("")
    with_emoji = [not text.isascii() and _EMOJI.search(text) is not None for text in plain]
    return pd.Series(with_emoji, texts.index, dtype=bool)


def _mood(text: str) -> int | None:
    if text.isascii():
        return None
    plain = _LOOKS.sub("", text)
    warm, cold = (_any_of(mood).search(plain) is not None for mood in ("warm", "cold"))
    return int(warm) - int(cold) if warm or cold else None


@per_packs
def _any_of(mood: str) -> re.Pattern[str]:
    """One of the pack's emoji, whole: what is joined to another emoji (ZWJ sequence) is not read by itself."""
    emoji = [one for line in pack("moods")[mood].values() for one in line.split()]
    joined = "|".join(one for one in emoji if "\u200d" in one)
    alone = "".join(one for one in emoji if "\u200d" not in one)
    single = f"[{alone}](?<!\u200d.)(?!\u200d)"
    return re.compile(f"{joined}|{single}" if joined else single)


def mood(book: Book) -> pd.DataFrame:
    """Per account: comments, read (with an emoji of the pack), warm, share, low, high; and `covered`, read ÷ comments."""
    comments = _read(book)
    grouped = comments.groupby("account").mood
    frame = pd.DataFrame({"comments": comments.groupby("account").size(), "read": grouped.count()})
    frame["warm"] = (comments.mood == 1).fillna(value=False).groupby(comments.account).sum()
    frame = frame[frame.read >= LEAST]
    ranges = [share_interval(warm, read) for warm, read in zip(frame.warm, frame.read, strict=True)]
    frame["share"] = frame.warm / frame.read
    frame["low"], frame["high"] = [low for low, _ in ranges], [high for _, high in ranges]
    return frame.assign(covered=frame.read / frame.comments)


def coverage(book: Book) -> tuple[int, int, int]:
    """Comments of others under listed accounts' posts: all, with an emoji that is read, with no emoji at all."""
    comments = _read(book)
    return len(comments), int(comments.mood.notna().sum()), int((~has_emoji(comments.text)).sum())


def _read(book: Book) -> pd.DataFrame:
    """Comments of others, each with its mood."""
    comments = by_others(book)
    return comments.assign(mood=emoji_moods(comments.text))
