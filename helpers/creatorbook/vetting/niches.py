"""What accounts publish about, found in captions and hashtags: it describes posts, never a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from creatorbook.memo import remember
from creatorbook.vetting.accounts import listed_accounts
from creatorbook.vetting.posts import captions

if TYPE_CHECKING:
    from creatorbook.book import Book

#: accounts below which groups would be names for single people
LEAST_ACCOUNTS = 8
#: captions of an account below which its subjects are not compared over time
LEAST_CAPTIONS = 10
MOST_GROUPS = 8
#: accounts over which groupings are compared, every one with every other
MOST_COMPARED = 1000
_WORD = r"(?u)[^\W\d_]{3,}"


def subject_groups(texts: pd.Series) -> pd.DataFrame:
    """Accounts with like texts together: columns `group` (1, 2, …) and `terms` (the words that set it apart).

    Word TF-IDF and k-means; the number of groups, two to eight, is the one with the best silhouette (Rousseeuw, 1987)
    over a thousand accounts at most. Empty for fewer than eight texts. Same texts, same groups.

    Args:
        texts: all captions of an account in one text, by account.
    """
    from sklearn.cluster import KMeans
    from sklearn.feature_extraction.text import TfidfVectorizer

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
    best = tried[_best_apart(weights, [fit.labels_ for fit in tried])]
    names = np.array(words.get_feature_names_out())
    apart = best.cluster_centers_ - np.asarray(weights.mean(axis=0)).ravel()
    terms = [", ".join(names[np.argsort(-row, kind="stable")[:4]]) for row in apart]
    return pd.DataFrame(
        {"group": best.labels_ + 1, "terms": [terms[label] for label in best.labels_]}, index=texts.index
    )


def _best_apart(weights: Any, groupings: list[np.ndarray]) -> int:
    """Which of these groupings of texts has the best silhouette: one's own group is near, the next one far."""
    from sklearn.metrics import euclidean_distances, silhouette_score

    number = weights.shape[0]
    drawn = np.sort(np.random.default_rng(0).permutation(number)[:MOST_COMPARED])
    distances = euclidean_distances(weights[drawn])
    silhouettes = [
        silhouette_score(distances, groups[drawn], metric="precomputed")
        if len(set(groups[drawn])) > 1
        else -1.0
        for groups in groupings
    ]
    return int(np.argmax(silhouettes))


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
