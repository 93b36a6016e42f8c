"""What can be said of a comment from its text alone, in any language: for plain columns of texts.

`text_traits` gives what rules see; `comment_quality` a score with its evidence. Neither knows who wrote a comment
or whether its writer exists: a person may write “nice pic”, and a program may write a good sentence.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pandas as pd

from creatorbook.packs import pack

#: Letters of scripts that are written without spaces: about two make a word.
UNSPACED = "[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]"

#: Words that say something, from which a comment counts as specific whatever its language.
ENOUGH = 3


def text_traits(texts: pd.Series) -> pd.DataFrame:
    """What rules see in a comment. Missing texts have missing traits.

    Returns:
        plain: lower case without mentions, links, signs and emojis; words: how many words that leaves (two
        letters of a script without spaces count as one); generic: whether nothing in it is about this post
        (emoji-only and mention-only included); spam: whether it advertises something; key: the same for texts
        that differ in order, repeats and endings only.
    """
    plain = texts.str.lower().str.replace(r"https?://\S+|www\.\S+|[@#][\w.]+", " ", regex=True)
    plain = plain.str.replace(r"[^\w\s]|_", " ", regex=True).str.replace(r"(\w)\1{2,}", r"\1", regex=True)
    plain = plain.str.replace(r"\s+", " ", regex=True).str.strip()
    words = np.where(plain == "", 0, plain.str.count(" ") + 1)
    words = np.maximum(words, np.ceil(plain.str.count(UNSPACED) / 2))
    asks = texts.str.contains(r"[?？؟;]\s*$|[?？؟]", regex=True)
    generic = plain.str.fullmatch(_generic_words()) | (words <= 1)
    return pd.DataFrame(
        {
            "plain": plain,
            "words": words.astype(float),
            "generic": (generic & ~(asks & (words > 0))).astype(object),
            "spam": (advertising_points(texts) >= 2).astype(object).where(texts.notna()),
            "key": [" ".join(sorted({word[:4] for word in text.split()})) for text in plain.fillna("")],
        },
        index=texts.index,
    )


def advertising_points(texts: pd.Series) -> pd.Series:
    """Two points for a pattern of advertising, one for each weaker hint; two are advertising."""
    words = pack("comment_words")
    told = texts.fillna("").str.lower()
    points = 2.0 * told.str.contains(_any_of(), regex=True)
    for hint in words["hints"].values():
        points += told.str.contains(hint, regex=True).astype(float)
    # an account named alone is how people call their friends
    only_names = told.str.fullmatch(r"(?:\s*@[\w.…]+\s*[^\w\s]*)+")
    return points.mask(only_names, 0.0)


@cache
def _any_of() -> str:
    return "|".join(f"(?:{pattern})" for pattern in pack("comment_words")["spam"])


@cache
def _generic_words() -> str:
    """A pattern for texts made of generic words only, of any language in the pack."""
    words = sorted({word for told in pack("comment_words")["generic"].values() for word in str(told).split()})
    one = "|".join(re.escape(word) for word in words)
    return f"(?:(?:{one})(?: |$))*"
