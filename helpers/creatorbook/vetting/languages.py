"""The language of a comment, guessed from its small words and letters, and whose language that is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.memo import remember
from creatorbook.packs import pack, per_packs
from creatorbook.vetting.accounts import listed_accounts, listed_rows
from creatorbook.vetting.comments import by_others
from creatorbook.vetting.limits import limits
from creatorbook.vetting.posts import captions

if TYPE_CHECKING:
    from creatorbook.book import Book


def guess_languages(texts: pd.Series) -> pd.Series:
    """ISO 639 codes, missing where the text does not give its language away.

    Latin letters: at least two of a language's small words and more than of any other; other letters: by
    script, so that Russian stands for all Cyrillic. Short comments stay unknown.
    """
    codes, different = pd.factorize(texts, use_na_sentinel=False)  # texts come again
    return _guessed(pd.Series(different, dtype="str")).take(codes).set_axis(texts.index).rename(texts.name)


def _guessed(texts: pd.Series) -> pd.Series:
    """`guess_languages` of texts that are all different."""
    guess = pd.Series([_by_small_words(text) for text in texts.fillna("")], texts.index, dtype="str")
    # most comments have no letter of another script
    scripts = pack("comment_words")["script"]
    wide = texts[texts.str.contains("|".join(scripts.values()), regex=True).fillna(value=False).astype(bool)]
    letters = wide.str.count(r"[^\W\d_]").where(lambda n: n > 0)
    for language, pattern in scripts.items():
        share = wide.str.count(pattern) / letters
        guess.loc[share.index[share > 0.2]] = language
    return guess


def _by_small_words(text: str) -> str | None:
    """The language that two or more of a text's words belong to, and more than to any other."""
    languages = small_words()
    small = languages.keys() & _LETTERS.findall(text.lower())
    if len(small) < 2:
        return None
    hits: dict[str, int] = {}
    for word in small:
        for language in languages[word]:
            hits[language] = hits.get(language, 0) + 1
    most = max(hits.values(), default=0)
    leading = [language for language, count in hits.items() if count == most]
    return leading[0] if most >= 2 and len(leading) == 1 else None


_LETTERS = re.compile(r"[^\W\d_]+")


@per_packs
def small_words() -> dict[str, list[str]]:
    """Small words and whose they are, one language or several."""
    languages: dict[str, list[str]] = {}
    for language, line in pack("comment_words")["function"].items():
        for word in dict.fromkeys(str(line).split()):
            languages.setdefault(word, []).append(language)
    return languages


def audience_languages(book: Book) -> dict[str, set[str]]:
    """Languages of each account's own audience, where an audience page says its languages or countries.

    The language the creator writes in, as the creators list says it or captions show it, is the audience's
    too: readers answer in the language they are spoken to.
    """
    words = pack("comment_words")
    least = limits("comment_language")["audience_share"]
    pages = listed_rows(book, "audience")
    own: dict[str, set[str]] = {}
    for row in pages[pages.share >= least].itertuples():
        if row.dimension == "language":
            own.setdefault(row.account, set()).add(str(row.segment).strip().lower()[:2])
        elif row.dimension == "country":
            own.setdefault(row.account, set()).update(
                words["country_languages"].get(str(row.segment).strip().upper(), [])
            )
    spoken = _spoken(book, list(own))
    return {
        account: languages | spoken.get(account, set()) | set(words["everyone"])
        for account, languages in own.items()
        if languages
    }


def _spoken(book: Book, wanted: list[str]) -> dict[str, set[str]]:
    """Languages the creators of these accounts write in: the list's, and those of at least a tenth of the captions."""
    posts = captions(book)
    posts = posts[posts.account.isin(wanted)]
    guess = guess_languages(posts.caption).rename("language")
    counts = pd.concat([posts.account, guess], axis=1).dropna().value_counts().rename("n").reset_index()
    often = counts[counts.n >= 0.1 * counts.groupby("account").n.transform("sum")]
    spoken = {account: set(part.language) for account, part in often.groupby("account")}
    for account, language in listed_accounts(book).language.dropna().items():
        spoken.setdefault(str(account), set()).add(str(language).strip().lower()[:2])
    return spoken


def unknown_share(book: Book) -> pd.Series:
    """Part of each audience whose country or language (whichever is better known) its page does not say."""
    pages = listed_rows(book, "audience")
    sums = pages[pages.dimension.isin(["country", "language"])].groupby(["account", "dimension"]).share.sum()
    return (1 - sums.groupby("account").max()).clip(lower=0)


def foreign_comments(book: Book) -> pd.DataFrame:
    """Comments in languages the audience page does not name: `foreign`, `looked_at`, `languages`, `unknown` per account.

    Only accounts with a known audience: a language counts against nobody else.
    """

    def make() -> pd.DataFrame:
        own = audience_languages(book)
        comments = by_others(book)[["account", "text", "words"]]
        comments = comments[comments.account.isin(list(own)) & (comments.words >= 3)]
        recognised = comments[["account"]].assign(language=guess_languages(comments.text))
        recognised = recognised.dropna(subset=["language"])
        counts = recognised.groupby(["account", "language"]).size().rename("n").reset_index()
        foreign = [
            language not in own[account]
            for account, language in zip(counts.account, counts.language, strict=True)
        ]
        counts["foreign"] = pd.Series(foreign, index=counts.index, dtype=bool)
        sums = counts.groupby("account").n.sum().rename("looked_at").to_frame()
        abroad = counts[counts.foreign].sort_values(["account", "n"], ascending=[True, False], kind="stable")
        sums["foreign"] = abroad.groupby("account").n.sum().reindex(sums.index).fillna(0.0)
        sums["unknown"] = unknown_share(book).reindex(sums.index).fillna(1.0)
        sums["languages"] = abroad.groupby("account").language.agg(lambda names: ", ".join(names.head(3)))
        return sums

    return remember(book.tables, "foreign", make)
