"""How near texts are to a brief by the groups of letters they share: words and their forms, without a dictionary.

The work is done per different word, not per text: of five thousand accounts' captions, most words have stood before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from creatorbook.stats.newton import to_digits
from creatorbook.vetting.languages import small_words

#: texts from which a word can be too common to explain anything
LEAST_TEXTS = 8
#: groups of letters compared: the most frequent
MOST_LETTER_GROUPS = 200_000
_WORD = re.compile(r"[^\W\d_]{3,}")


class LetterGroups:
    """Character 3- to 5-grams within word bounds, weighted by TF-IDF as learnt on the texts given.

    A gram weighs the more, by logarithms, the more often a text has it and the fewer texts do (Salton and Buckley, 1988).

    Args:
        brief: what the texts are compared with.
        texts: one text per account, none missing.

    Attributes:
        scores: cosine of each text's weights with the brief's, 0 to 1, by account.

    Raises:
        ValueError: there is no word in any of the texts.
    """

    def __init__(self, brief: str, texts: pd.Series) -> None:
        from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

        splitter = CountVectorizer(analyzer=str.split)
        self._number = len(texts)
        self._counts = splitter.fit_transform(texts)  # texts × different words
        self._words = splitter.get_feature_names_out()
        self._grams = CountVectorizer(analyzer="char_wb", ngram_range=(3, 5), dtype=np.float64)
        word_grams = self._grams.fit_transform(self._words)
        frequency = self._counts.sum(axis=0) @ word_grams
        self._compared = np.sort(np.argsort(-np.ravel(frequency), kind="stable")[:MOST_LETTER_GROUPS])
        text_grams = self._counts @ word_grams[:, self._compared]
        self._weights = TfidfTransformer(sublinear_tf=True).fit(text_grams)
        text_weights = self._weights.transform(text_grams, copy=False)  # in place: it is the largest by far
        self._brief = self._weighted([brief]).T
        scores = to_digits((text_weights @ self._brief).toarray().ravel())  # equal ones share a place
        self.scores = pd.Series(scores, index=texts.index)

    def _weighted(self, texts: Iterable[str]) -> Any:
        return self._weights.transform(self._grams.transform(texts)[:, self._compared])

    def nearest_words(self, texts: Iterable[str], most: int = 5) -> list[str]:
        """The words of each of some of these texts that are nearest to the brief, in one line each.

        Small words (`packs/comment_words.yml`) and words of more than half of all texts explain nothing. Words that are
        equally near stand in the order of the alphabet, whatever the processor makes of a logarithm's last bit.
        """
        words_of = [{word.lower() for word in _WORD.findall(text)} for text in texts]
        candidates = sorted(set().union(*words_of) - small_words().keys())
        if not candidates:
            return [""] * len(words_of)
        near = to_digits((self._weighted(candidates) @ self._brief).toarray().ravel())
        near[self._common(candidates)] = 0
        nearness = {word: score for word, score in zip(candidates, near, strict=True) if score > 0}
        ranked = (
            sorted(words & nearness.keys(), key=lambda word: (-nearness[word], word)) for words in words_of
        )
        return [", ".join(words[:most]) for words in ranked]

    def _common(self, candidates: list[str]) -> np.ndarray:
        """Which of these words stand in more than half of the texts."""
        from sklearn.feature_extraction.text import CountVectorizer

        if self._number < LEAST_TEXTS:
            return np.zeros(len(candidates), dtype=bool)
        inside = CountVectorizer(analyzer=lambda word: _WORD.findall(word.lower()), vocabulary=candidates)
        texts_with = (self._counts @ inside.transform(self._words)).count_nonzero(axis=0)
        return texts_with > self._number / 2

    def may_name(self, term: list[str]) -> np.ndarray:
        """Which texts may name a term, given by its parts: each part stands within some word."""
        may = np.ones(self._number, dtype=bool)
        for part in term:
            inside = re.compile(re.escape(part), re.IGNORECASE)
            with_part = np.array([inside.search(word) is not None for word in self._words])
            may &= self._counts @ with_part > 0
        return may
