"""The mood of comments as far as emoji tell it: the one sign that reads alike in every language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.packs import pack
from creatorbook.stats.intervals import share_interval
from creatorbook.vetting.comments import by_others

if TYPE_CHECKING:
    from creatorbook.book import Book

#: comments with an emoji of either kind before a share is shown
LEAST = 20


def emoji_moods(texts: pd.Series) -> pd.Series:
    """Warm (1), cold (−1), both or neither (0); missing where no emoji of `packs/moods.yml` stands in it.

    Irony is not seen, and most comments have no emoji: print the coverage beside every share.
    """
    emoji = pack("moods")
    codes, different = pd.factorize(texts.astype("string"), use_na_sentinel=False)  # texts repeat
    text = pd.Series(different, dtype="string")
    warm = text.str.contains("|".join(emoji["warm"]), regex=True).fillna(value=False)
    cold = text.str.contains("|".join(emoji["cold"]), regex=True).fillna(value=False)
    each = (warm.astype("Int64") - cold.astype("Int64")).where(warm | cold)
    return each.take(codes).set_axis(texts.index).rename(texts.name)


def mood(book: Book) -> pd.DataFrame:
    """Per account: comments, read (with an emoji of the pack), warm, share, low, high; and `covered`, read ÷ comments."""
    comments = by_others(book)
    comments = comments.assign(mood=emoji_moods(comments.text))
    grouped = comments.groupby("account").mood
    frame = pd.DataFrame({"comments": comments.groupby("account").size(), "read": grouped.count()})
    frame["warm"] = (comments.mood == 1).fillna(value=False).groupby(comments.account).sum()
    frame = frame[frame.read >= LEAST]
    ranges = [share_interval(warm, read) for warm, read in zip(frame.warm, frame.read, strict=True)]
    frame["share"] = frame.warm / frame.read
    frame["low"], frame["high"] = [low for low, _ in ranges], [high for _, high in ranges]
    return frame.assign(covered=frame.read / frame.comments)
