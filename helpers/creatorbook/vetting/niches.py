"""What accounts publish about, found in captions and hashtags: it describes posts, never a person."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from creatorbook.memo import remember
from creatorbook.packs import pack
from creatorbook.vetting.accounts import listed_accounts
from creatorbook.vetting.posts import captions

if TYPE_CHECKING:
    from creatorbook.book import Book

#: accounts below which groups would be names for single people
LEAST_ACCOUNTS = 8
#: captions of an account below which its subjects are not compared over time
LEAST_CAPTIONS = 10
MOST_GROUPS = 8
_WORD = r"(?u)[^\W\d_]{3,}"


def subject_groups(texts: pd.Series) -> pd.DataFrame:
    """Accounts with like texts together: columns `group` (1, 2, …) and `terms` (the words that set it apart).

    Word TF-IDF and k-means; the number of groups, two to eight, is the one with the best silhouette. Empty for
    fewer than eight texts. Same texts, same groups.

    Args:
        texts: all captions of an account in one text, by account.
    """
    from sklearn.cluster import KMeans
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.metrics import silhouette_score

    texts = texts.dropna().sort_index(kind="stable")
    texts = texts[texts.str.contains(_WORD)]
    if len(texts) < LEAST_ACCOUNTS:
        return pd.DataFrame(columns=["group", "terms"])
    words = TfidfVectorizer(token_pattern=_WORD, max_df=0.6, min_df=2, sublinear_tf=True, max_features=4000)
    try:
        weights = words.fit_transform(texts)
    except ValueError:  # no word stands in two texts and not in most
        return pd.DataFrame(columns=["group", "terms"])
    different = len({tuple(row.indices) for row in weights})
    most = min(MOST_GROUPS, len(texts) // 3, different)
    if most < 2:
        return pd.DataFrame(columns=["group", "terms"])
    tried = [KMeans(number, n_init=5, random_state=0).fit(weights) for number in range(2, most + 1)]
    best = max(tried, key=lambda fit: silhouette_score(weights, fit.labels_))
    names = np.array(words.get_feature_names_out())
    apart = best.cluster_centers_ - np.asarray(weights.mean(axis=0)).ravel()
    terms = [", ".join(names[np.argsort(-row, kind="stable")[:4]]) for row in apart]
    return pd.DataFrame(
        {"group": best.labels_ + 1, "terms": [terms[label] for label in best.labels_]}, index=texts.index
    )


def account_niches(book: Book) -> pd.DataFrame:
    """The groups of the listed accounts; a niche written in the creators list goes before a found one.

    Columns: niche, found (whether it was found in the texts), captions (number), alike (0 to 1: how alike the
    newer and the older half of the captions are; missing below ten), by account.
    """
    return remember(book.tables, "niches", lambda: _niches(book))


def _niches(book: Book) -> pd.DataFrame:
    posts, accounts = captions(book), listed_accounts(book)
    frame = accounts[["niche"]].copy()
    if accounts.niche.isna().any():
        groups = subject_groups(posts.groupby("account").caption.agg(" ".join))
        frame["niche"] = accounts.niche.where(accounts.niche.notna(), groups.terms.reindex(accounts.index))
    frame["found"] = accounts.niche.isna()
    frame["captions"] = posts.groupby("account").size().reindex(accounts.index)
    frame["alike"] = _alike(posts).reindex(accounts.index)
    return frame.dropna(subset=["niche"])


def _alike(posts: pd.DataFrame) -> pd.Series:
    """Cosine between the words of the newer and the older half of each account's captions."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    dated = posts.dropna(subset=["published_at"]).sort_values(["account", "published_at"], kind="stable")
    place = dated.groupby("account").cumcount()
    size = dated.groupby("account").caption.transform("size")
    dated = dated.assign(newer=place >= size // 2)[size >= LEAST_CAPTIONS]
    if dated.empty:
        return pd.Series(dtype=float)
    halves = dated.groupby(["account", "newer"]).caption.agg(" ".join)
    try:
        weights = TfidfVectorizer(token_pattern=_WORD, sublinear_tf=True).fit_transform(halves)
    except ValueError:  # captions without a word
        return pd.Series(dtype=float)
    older, newer = weights[::2], weights[1::2]
    alike = np.asarray(older.multiply(newer).sum(axis=1)).ravel()
    return pd.Series(alike, index=halves.index.get_level_values(0)[::2])


def brand_fit(brief: str, descriptions: pd.Series, avoid: Any = ()) -> pd.DataFrame:
    """How near the words of each description are to a brief: a hint where to read first, not a judgement.

    Character 3- to 5-gram TF-IDF within word bounds, learned on the descriptions given; it finds related word forms
    without a dictionary and in any script with spaces, but not the same thought in other words or in another language.

    Args:
        brief: what the brand is, for whom, and in which words.
        descriptions: one text per account (biography, captions, hashtags); missing ones stay missing.
        avoid: words that must not stand there; shown, never mixed into the figure.

    Returns:
        score (cosine, 0 to 1; missing without a text), place (share of the others that are further away; ties
        share), terms (words of the description that carry it), avoided (words of `avoid` that stand in it).
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = descriptions.astype("string").str.strip().replace("", pd.NA)
    frame = pd.DataFrame(
        index=descriptions.index, columns=["score", "place", "terms", "avoided"], dtype=object
    )
    texts = texts.dropna().astype(object)
    if texts.empty or not brief.strip():
        return frame.astype({"score": float, "place": float})
    grams = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, max_features=200_000)
    try:
        text_grams = grams.fit_transform(texts)
    except ValueError:  # nothing but signs shorter than three letters
        return frame.astype({"score": float, "place": float})
    brief_grams = grams.transform([brief])
    score = pd.Series(np.asarray((text_grams @ brief_grams.T).todense()).ravel(), index=texts.index)
    frame["score"] = score.reindex(frame.index)
    frame["place"] = _place(score).reindex(frame.index)
    common = _common(texts)
    frame.loc[texts.index, "terms"] = [_shared(text, brief_grams, grams, common) for text in texts]
    frame.loc[texts.index, "avoided"] = [_avoided(text, avoid) for text in texts]
    return frame.astype({"score": float, "place": float})


def _place(score: pd.Series) -> pd.Series:
    if len(score) < 2:
        return pd.Series(np.nan, index=score.index)
    return (score.rank(method="average") - 1) / (len(score) - 1)


def _common(texts: pd.Series) -> set[str]:
    """Words of more than half of the texts: they explain nothing."""
    words = Counter(word for text in texts for word in set(re.findall(_WORD, text.lower())))
    return {word for word, n in words.items() if len(texts) >= LEAST_ACCOUNTS and n > len(texts) / 2}


@cache
def _small_words() -> set[str]:
    """Articles, pronouns and the like in the languages of the pack: they carry no subject."""
    return {word for line in pack("comment_words")["function"].values() for word in str(line).split()}


def _shared(text: str, ours: Any, grams: Any, common: set[str], most: int = 5) -> str:
    """The words of a text that are nearest to the brief."""
    words = sorted({word.lower() for word in re.findall(_WORD, text)} - common - _small_words())
    if not words:
        return ""
    near = np.asarray((grams.transform(words) @ ours.T).todense()).ravel()
    best = [place for place in np.argsort(-near, kind="stable")[:most] if near[place] > 0]
    return ", ".join(words[place] for place in best)


def _avoided(text: str, avoid: Any) -> str:
    from creatorbook.vetting.audience_fit import whole_words

    return ", ".join(term for term in avoid if re.search(whole_words(term), text, re.IGNORECASE))


def fit_to_brand(book: Book) -> pd.DataFrame:
    """`brand_fit` of the listed accounts (biography and captions) with the client's own words."""
    voice, brief = book.client.voice, book.campaign.brief
    ours = " ".join([voice.description, *voice.values, brief.product or "", *brief.key_messages])
    ours += " " + " ".join(persona.description for persona in book.client.personas)
    accounts, posts = listed_accounts(book), captions(book)
    texts = posts.groupby("account").caption.agg(" ".join).reindex(accounts.index)
    whole = (accounts.biography.fillna("") + " " + texts.fillna("")).str.strip()
    return brand_fit(ours, whole, [*voice.must_avoid, *brief.must_avoid])
