"""What can be said of a comment from its text alone, in any language: for plain columns of texts.

`text_traits` gives what rules see; `comment_quality` a score with its evidence. Neither knows who wrote a comment
or whether its writer exists: a person may write “nice pic”, and a program may write a good sentence.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import pandas as pd
from scipy import sparse

from creatorbook.packs import pack, per_packs
from creatorbook.problems import Problem
from creatorbook.stats import logistic
from creatorbook.stats.counting import threshold_for
from creatorbook.text.markup import as_seen, without_markup

#: Letters of scripts that are written without spaces: about two make a word.
UNSPACED = "[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]"

#: A text of at least so many words that stands several times in one file counts as copied.
COPIED_WORDS, COPIES = 3, 3

#: Points from which a comment counts as advertising without a calibration of one's own.
ADVERTISING = 2.0

#: What a comment without words of its own is worth as conversation, 0 to 1: weak evidence either way.
WORTH = {"advertising": 0.05, "emoji only": 0.15, "names only": 0.2, "stock phrase": 0.25}


@dataclass(frozen=True)
class CommentCheck:
    """A model of advertising for comments of one kind, with its threshold for a stated false-alarm rate.

    Attributes:
        level, weights: of a logistic fit over the rules' points and character 3- and 4-grams (hashed).
        threshold: score (log odds) above which a comment counts as advertising.
        false_alarms: rate the threshold was chosen for.
        alarms, found: (beyond the threshold, looked at) among comments labelled ordinary and advertising, each
            scored by a fit that had not seen it.
    """

    level: float
    weights: tuple[float, ...]
    threshold: float
    false_alarms: float
    alarms: tuple[int, int]
    found: tuple[int, int]


def comment_quality(texts: pd.Series, check: CommentCheck | None = None) -> pd.DataFrame:
    """What each comment says, from its text alone.

    Works in any language for emoji, names, addresses, copies and length; stock phrases and advertising are
    recognised in the languages of `packs/comment_words.yml`, so elsewhere fewer are. It reads what is written,
    not who wrote it, and irony, in-jokes and praise that is meant pass as what they look like.

    Args:
        texts: comments; missing ones stay missing. Give all comments of an account or a file at once: copies
            are counted among them.
        check: from `calibrate_comments`; none means the rules alone.

    Returns:
        With the index of `texts`: kind (`advertising`, `emoji only`, `names only`, `stock phrase`, `question`,
        `specific`; None where there is no text), quality (0 to 1, higher says more), advertising (higher is more
        like it: points of the rules, or the fitted log odds), copies (how often the text stands here), words, and
        evidence (what the kind rests on).
    """
    texts, index = without_markup(texts.reset_index(drop=True)), texts.index
    traits = text_traits(texts)
    copies = _copies(traits)
    points = _points(texts, traits, copies)
    score = points if check is None else pd.Series(_log_odds(texts, points, check))
    spam = score >= ADVERTISING if check is None else score > check.threshold
    kind = _kinds(texts, traits, spam)
    rarely = np.where((copies >= COPIES) & (traits.words >= COPIED_WORDS), 0.5, 1.0)
    own = 0.5 + 0.5 * (1 - np.exp(-traits.words / 5))
    quality = kind.map(WORTH).fillna(own * rarely * np.where(points > 0, 0.8, 1.0)).where(texts.notna())
    qualities = pd.DataFrame(
        {
            "kind": kind,
            "quality": quality.astype(float),
            "advertising": score.where(texts.notna()).astype(float),
            "copies": copies,
            "words": traits.words,
            "evidence": _evidence(texts, kind, points, copies),
        }
    )
    return qualities.set_axis(index, axis=0)


def calibrate_comments(texts: pd.Series, advertising: pd.Series, false_alarms: float = 0.05) -> CommentCheck:
    """A check fitted to comments that somebody has labelled; 200 of one platform and language are a good start.

    Models of comments do not cross platforms or languages: use it on comments like those labelled.

    Args:
        texts: comments.
        advertising: True or False for each.
        false_alarms: share of ordinary comments that may count as advertising, at most, in the long run.

    Raises:
        Problem: fewer than 30 of either kind.
    """
    labels = advertising.astype(bool).to_numpy()
    if min(labels.sum(), (~labels).sum()) < 30:
        raise Problem(
            f"{int(labels.sum())} advertising and {int((~labels).sum())} ordinary comments are too few to learn from",
            todo="Label 30 of each or more; 200 in all are a good start.",
        )
    texts = without_markup(texts.reset_index(drop=True))
    traits = text_traits(texts)
    columns = _columns(texts, _points(texts, traits, _copies(traits)))
    level, weights = logistic.fit_logistic(columns, labels)
    score = logistic.out_of_fold(columns, labels)
    threshold = threshold_for(score[~labels], false_alarms)
    beyond = score > threshold
    return CommentCheck(
        level=level,
        weights=tuple(float(weight) for weight in weights),
        threshold=threshold,
        false_alarms=false_alarms,
        alarms=(int(beyond[~labels].sum()), int((~labels).sum())),
        found=(int(beyond[labels].sum()), int(labels.sum())),
    )


def _copies(traits: pd.DataFrame) -> pd.Series:
    """How often a text stands here, whatever its order, repeats and endings; 1 for texts without words."""
    keys = traits.key.where(traits.words > 0)
    return keys.groupby(keys).transform("size").fillna(1).astype(int)


def _points(texts: pd.Series, traits: pd.DataFrame, copies: pd.Series) -> pd.Series:
    """Points of the rules, and one more for a sentence that stands here again and again."""
    copied = (
        (copies >= COPIES) & (traits.words >= COPIED_WORDS) & ~traits.generic.fillna(value=False).astype(bool)
    )
    return advertising_points(texts) + copied.astype(float)


def _kinds(texts: pd.Series, traits: pd.DataFrame, spam: pd.Series) -> pd.Series:
    named = texts.str.contains(r"@\w", regex=True).fillna(value=False).astype(bool)
    empty = traits.words == 0
    asks = texts.str.contains(r"[?？؟]", regex=True).fillna(value=False).astype(bool)
    kind = np.select(
        [spam, empty & named, empty, traits.generic.astype(bool), asks],
        ["advertising", "names only", "emoji only", "stock phrase", "question"],
        "specific",
    )
    return pd.Series(kind, dtype=object).where(texts.notna(), None)


def _evidence(texts: pd.Series, kind: pd.Series, points: pd.Series, copies: pd.Series) -> list[str]:
    reasons = {
        "emoji only": "no words",
        "names only": "only names of accounts",
        "stock phrase": "made of words that fit under any post",
        "question": "asks something",
        "specific": "has words of its own",
    }
    lines = []
    for text, what, worth, times in zip(texts, kind, points, copies, strict=True):
        line = reasons.get(what, "")
        if what == "advertising":
            line = ", ".join([f"advertising points {worth:.0f}", *advertising_reasons(text)])
        lines.append(f"{line}; stands here {times} times" if times >= COPIES and what else line)
    return lines


#: columns for hashed n-grams
HASHED = 2**14


def _columns(texts: pd.Series, points: pd.Series) -> sparse.csr_matrix:
    """The rules' points and the character 3- and 4-grams of each text, hashed; rows of grams have length 1."""
    rows, places = [], []
    for row, text in enumerate(texts.fillna("").str.lower()):
        padded = f" {text} "
        grams = {padded[at : at + n] for n in (3, 4) for at in range(len(padded) - n + 1)}
        rows += [row] * len(grams)
        places += [crc32(gram.encode()) % HASHED for gram in grams]
    ones = np.ones(len(rows))
    counts = sparse.csr_matrix((ones, (rows, places)), shape=(len(texts), HASHED))
    lengths = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1)).ravel())
    grams_part = sparse.diags(3 / np.maximum(lengths, 1)) @ counts
    return sparse.csr_matrix(sparse.hstack([grams_part, sparse.csr_matrix(points.to_numpy()[:, None])]))


def _log_odds(texts: pd.Series, points: pd.Series, check: CommentCheck) -> np.ndarray:
    return np.asarray(check.level + _columns(texts, points) @ np.array(check.weights))


def text_traits(texts: pd.Series) -> pd.DataFrame:
    """What rules see in a comment. Missing texts have missing traits.

    Returns:
        words: how many words are left without mentions, links, signs and emojis (two letters of a script
        without spaces count as one); generic: whether nothing in it is about this post (emoji-only and mention-only
        included); spam: whether it advertises something; key: the same for texts that differ in order, repeats and
        endings only.
    """
    # part by part, so that millions of texts are not held in every stage of cleaning at once
    parts = [_traits(texts.iloc[start : start + PART]) for start in range(0, len(texts), PART)]
    return pd.concat(parts) if parts else _traits(texts)


#: texts looked at in one go
PART = 100_000


def _traits(texts: pd.Series) -> pd.DataFrame:
    there, texts = texts.notna().to_numpy(), without_markup(texts)
    words = [_words(text) for text in texts.fillna("")]
    size = np.array([_size(text) for text in words], dtype=float)
    stock = _generic_words()
    generic = np.array([stock.issuperset(text) for text in words], dtype=bool) | (size <= 1)
    asks = texts.str.contains(r"[?？؟;]\s*$|[?？؟]", regex=True).fillna(value=False).to_numpy(dtype=bool)
    return pd.DataFrame(
        {
            "words": np.where(there, size, np.nan),
            "generic": (there & generic & ~(asks & (size > 0))).astype(object),
            "spam": (advertising_points(texts) >= 2).astype(object).where(texts.notna()),
            "key": [" ".join(sorted({word[:4] for word in text})) for text in words],
        },
        index=texts.index,
    )


_NAMES = re.compile(r"https?://\S+|www\.\S+|[@#][\w.]+")
_SIGNS = re.compile(r"[^\w\s]|_")
_DRAWN_OUT = re.compile(r"(\w)\1{2,}")
_UNSPACED = re.compile(UNSPACED)


def _words(text: str) -> list[str]:
    """Words in small letters, without links, mentions, signs and emojis; letters drawn out stand once."""
    return _DRAWN_OUT.sub(r"\1", _SIGNS.sub(" ", _NAMES.sub(" ", text.lower()))).split()


def _size(words: list[str]) -> int:
    """How many words; two letters of a script without spaces count as one."""
    text = "".join(words)
    return len(words) if text.isascii() else max(len(words), math.ceil(len(_UNSPACED.findall(text)) / 2))


def advertising_points(texts: pd.Series) -> pd.Series:
    """Two points for a kind of advertising, one for each weaker hint; two are advertising. HTML is made plain first."""
    plain = without_markup(texts).fillna("").str.lower()
    points = 2.0 * plain.str.contains(_any("spam"), regex=True).to_numpy()
    # most comments hold no hint at all: one pattern for all says so, and each is looked for in the rest
    some = plain.str.contains(_any("hints"), regex=True).to_numpy()
    for hint in pack("comment_words")["hints"]:
        points[some] += plain[some].str.contains(_one_of(hint["patterns"]), regex=True).to_numpy()
    # an account named alone is how people call their friends
    points[[_only_names(text) for text in plain]] = 0.0
    return pd.Series(points, texts.index)


def advertising_reasons(text: str) -> list[str]:
    """Why a comment counts as advertising, in words of the pack: kinds of advertising first, then hints; [] where nothing does."""
    plain, words = as_seen(text).lower(), pack("comment_words")
    kinds = [*words["spam"], *words["hints"]]
    return [kind["reason"] for kind in kinds if re.search(_one_of(kind["patterns"]), plain)]


_CALLED = re.compile(r"@[\w.…]+")


def _only_names(text: str) -> bool:
    """Whether a comment names accounts and says nothing else."""
    return (
        "@" in text
        and _CALLED.match(text.lstrip()) is not None
        and not re.search(r"\w", _CALLED.sub(" ", text))
    )


@per_packs
def _any(kinds: str) -> str:
    r"""One pattern for all kinds of the pack: those that begin with \b are tried where a word begins only, which saves most of the time."""
    patterns = [pattern for kind in pack("comment_words")[kinds] for pattern in kind["patterns"]]
    return _one_of(patterns)


def _one_of(patterns: Sequence[str]) -> str:
    at_words = "|".join(pattern.removeprefix(r"\b") for pattern in patterns if pattern.startswith(r"\b"))
    anywhere = [pattern for pattern in patterns if not pattern.startswith(r"\b")]
    return "|".join([rf"\b(?=\w)(?:{at_words})", *anywhere] if at_words else anywhere)


@per_packs
def _generic_words() -> frozenset[str]:
    """Words that fit under any post, in all languages of the pack."""
    return frozenset(word for line in pack("comment_words")["generic"].values() for word in str(line).split())
