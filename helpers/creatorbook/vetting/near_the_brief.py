"""How near what accounts write is to the brand's own words: where to read first, not who fits."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from creatorbook import plugins
from creatorbook.checks import Ranking
from creatorbook.findings import Text, say
from creatorbook.memo import remember
from creatorbook.vetting.accounts import listed_accounts
from creatorbook.vetting.audience_fit import term_parts, whole_words
from creatorbook.vetting.letter_groups import LetterGroups
from creatorbook.vetting.posts import captions

if TYPE_CHECKING:
    from creatorbook.book import Book

#: accounts, nearest first, whose words are searched for those that brought them there
EXPLAINED = 100


class Ranked(NamedTuple):
    """How near texts are to a brief, by one ranking or several.

    Attributes:
        frame: by account: a column per ranking that answers (`ranking_column`: 0 far, 1 near, missing without a text), terms
            (words of the text that carry the built-in figure, for the nearest `EXPLAINED`), avoided (words to avoid in it).
        rankings: those that answer; the last one puts the accounts in order.
        unusable: accounts for which a ranking gives no number between 0 and 1, by its title.
    """

    frame: pd.DataFrame
    rankings: list[Ranking]
    unusable: list[tuple[Text, pd.Index]]


def letter_group_scores(brief: str, texts: pd.Series) -> pd.Series:
    """Cosine of each text with a brief over their groups of letters (`LetterGroups`), 0 to 1, by account.

    It finds related word forms in any script with spaces, but not the same thought in other words or in another language.
    """
    return _letter_groups(brief, texts).scores


def _letter_groups(brief: str, texts: pd.Series) -> LetterGroups:
    return remember(texts, "letter groups", lambda: LetterGroups(brief, texts), brief)


BUILT_IN_RANKING = Ranking("letter_groups", say("Near the brief"), letter_group_scores)


def ranking_column(ranking: Ranking) -> str:
    """The column a ranking has in a frame, whatever a plugin calls itself."""
    return "score" if ranking.id == BUILT_IN_RANKING.id else f"by_{ranking.id}"


def brand_fit(brief: str, descriptions: pd.Series, avoid: Iterable[str] = ()) -> pd.DataFrame:
    """How near the words of each description are to a brief: a hint where to read first, not a judgement.

    Args:
        brief: what the brand is, for whom, and in which words.
        descriptions: one text per account (biography, captions, hashtags); missing ones stay missing.
        avoid: words that must not stand there; shown, never mixed into the figure.

    Returns:
        score (`letter_group_scores`; missing without a text), place (share of the others that are further away; ties
        share), and the terms and avoided of `Ranked`.
    """
    frame = ranked(brief, descriptions, avoid, [BUILT_IN_RANKING]).frame
    others = frame.score.count() - 1
    place = (frame.score.rank(method="average") - 1) / others if others > 0 else np.nan
    frame.insert(1, "place", place)
    return frame


def ranked(brief: str, descriptions: pd.Series, avoid: Iterable[str], rankings: Iterable[Ranking]) -> Ranked:
    """Descriptions by how near they are to a brief; arguments as `brand_fit`. A ranking that fails is left out."""
    texts = descriptions.astype("string").dropna().astype(object).map(str.strip)
    texts = texts[texts != ""]
    if texts.empty or not brief.strip():
        nothing = pd.DataFrame(index=descriptions.index, columns=["score", "terms", "avoided"], dtype=object)
        return Ranked(nothing.astype({"score": float}), [BUILT_IN_RANKING], [])
    answers = plugins.answered(rankings, lambda ranking: _scores(ranking, brief, texts))
    groups = _letter_groups(brief, texts)
    usable = [(ranking, scores) for ranking, scores in answers if scores.notna().any()]
    usable = usable or [(BUILT_IN_RANKING, groups.scores)]
    frame = pd.DataFrame({ranking_column(ranking): scores for ranking, scores in usable}, index=texts.index)
    nearest = frame.iloc[:, -1:].sum(axis=1).sort_values(ascending=False, kind="stable").index[:EXPLAINED]
    frame["terms"] = pd.Series(groups.nearest_words(texts[nearest]), index=nearest, dtype=object)
    frame["avoided"] = _avoided(texts, groups, avoid)
    unusable = [
        (ranking.title, texts.index[scores.isna()]) for ranking, scores in answers if scores.isna().any()
    ]
    return Ranked(frame.reindex(descriptions.index), [ranking for ranking, _ in usable], unusable)


def _scores(ranking: Ranking, brief: str, texts: pd.Series) -> pd.Series:
    """What a ranking answers, by account; missing where that is no number between 0 and 1.

    An answer that is not one number per account could be anybody's: all of it is missing.
    """
    answer = ranking.score(brief, texts)
    if ranking is BUILT_IN_RANKING:
        return answer
    if not _is_one_each(answer, texts):
        return pd.Series(np.nan, index=texts.index)
    scores = pd.to_numeric(answer, errors="coerce").reindex(texts.index).astype(float)
    return scores.where(scores.between(0, 1))


def _is_one_each(answer: object, texts: pd.Series) -> bool:
    """Whether an answer has one value for each account, by account."""
    if not isinstance(answer, pd.Series):
        return False
    return len(answer) == len(texts) and set(answer.index) == set(texts.index)


def _avoided(texts: pd.Series, groups: LetterGroups, avoid: Iterable[str]) -> list[str]:
    """The words to avoid that stand in each text."""
    named: list[list[str]] = [[] for _ in texts]
    for term in avoid:
        whole = re.compile(whole_words(term), re.IGNORECASE)
        for place in np.flatnonzero(groups.may_name(term_parts(term))):
            if whole.search(texts.iloc[place]):
                named[place].append(term)
    return [", ".join(terms) for terms in named]


def fit_to_brand(book: Book) -> Ranked:
    """The listed accounts (biography and captions) by how near they are to the client's own words, by every ranking."""
    voice, brief = book.client.voice, book.campaign.brief
    brand_words = " ".join([voice.description, *voice.values, brief.product or "", *brief.key_messages])
    brand_words += " " + " ".join(persona.description for persona in book.client.personas)
    accounts, posts = listed_accounts(book), captions(book)
    texts = posts.groupby("account").caption.agg(" ".join).reindex(accounts.index)
    whole = (accounts.biography.fillna("") + " " + texts.fillna("")).str.strip()
    return ranked(
        brand_words, whole, [*voice.must_avoid, *brief.must_avoid], plugins.rankings(book.client.replaces)
    )
