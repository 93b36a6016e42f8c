"""What a public profile shows, in points with evidence: for plain frames of accounts, with whatever columns there are.

It can tell accounts that look empty and follow many from accounts that look lived in. It cannot tell who is behind an
account: quiet readers look empty too, and accounts made with care look lived in. Rates measured on one population do
not hold on another; calibrate on a hundred accounts of your own that somebody has looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from creatorbook.findings import Share, Text, ends, say, written
from creatorbook.findings.formats import Formats
from creatorbook.packs import pack
from creatorbook.problems import Problem
from creatorbook.stats import logistic
from creatorbook.stats.counting import threshold_for
from creatorbook.stats.intervals import share_interval
from creatorbook.text.handles import plain_handles

#: columns read, all optional: counts, texts, and flags
COLUMNS = {
    "followers": "followers",
    "followings": "accounts followed",
    "posts": "posts published",
    "biography": "profile text; empty text means none, missing means not known",
    "name": "displayed name; empty text means none",
    "handle": "account name, with or without @",
    "picture": "whether there is a profile picture",
    "link": "whether the profile has a link (or the link)",
    "age_days": "days since the account was made",
    "biography_words": "words in the profile text, where the text itself is not there",
    "name_words": "words in the displayed name, likewise",
    "digits": "part of the account name that is digits, 0 to 1, likewise",
}

STANDS_OUT, ORDINARY, CANNOT_TELL = "stands out", "ordinary", "cannot tell"


@dataclass(frozen=True)
class ProfileCheck:
    """A way of scoring profiles, with its thresholds and what is known of its errors.

    Attributes:
        threshold: a profile with more points stands out; `ordinary`: with at most so many it is ordinary; between
            them the check does not tell.
        level, weights: of a fitted score; weights None means the points of `packs/profile_signs.yml` added up.
        false_alarms: rate the threshold was chosen for; None where nothing was calibrated.
        alarms, found: (beyond the threshold, looked at) among labelled ordinary and suspicious accounts.
        counting: threshold for shares of audiences, where both kinds differ most, with its own
            `counting_alarms` and `counting_found`.
    """

    threshold: float
    ordinary: float
    level: float = 0.0
    weights: tuple[float, ...] | None = None
    false_alarms: float | None = None
    alarms: tuple[int, int] = (0, 0)
    found: tuple[int, int] = (0, 0)
    counting: float = 0.0
    counting_alarms: tuple[int, int] = (0, 0)
    counting_found: tuple[int, int] = (0, 0)

    def error_rates(self, formats: Formats | None = None) -> str:
        """What is known of the check's false alarms (false positive rate) and finds (recall), in a sentence."""
        return written(self._error_rates(), formats or Formats())

    def _error_rates(self) -> Text:
        if self.false_alarms is None:
            low, high = pack("profile_signs")["assumed"]["false_alarms"]
            return say(
                "Not calibrated: we assume that {low} to {high} of ordinary accounts show this too.",
                **ends(low, high, "percent"),
            )
        low, high = share_interval(*self.alarms)
        rates = {**ends(low, high, "percent"), "chosen": Share(self.false_alarms)}
        alarms, ordinary = self.alarms
        if not self.found[1]:
            return say(
                "About {alarms} of {ordinary} ordinary accounts show this too (likely {low} to {high}; chosen for "
                "{chosen}).",
                alarms=alarms,
                ordinary=ordinary,
                **rates,
            )
        return say(
            "About {alarms} of {ordinary} ordinary accounts show this too (likely {low} to {high}; chosen for "
            "{chosen}); of {suspicious} suspicious ones it finds {found}.",
            alarms=alarms,
            ordinary=ordinary,
            suspicious=self.found[1],
            found=self.found[0],
            **rates,
        )


def default_check() -> ProfileCheck:
    """The points and thresholds of `packs/profile_signs.yml`, calibrated on nothing."""
    signs = pack("profile_signs")
    return ProfileCheck(
        signs["threshold"], signs["ordinary"], counting=(signs["threshold"] + signs["ordinary"]) / 2
    )


def profile_score(profiles: pd.DataFrame, check: ProfileCheck | None = None) -> pd.DataFrame:
    """Points, evidence and state of each profile.

    Args:
        profiles: any of `COLUMNS`; others are left alone. Counts below zero and texts in count columns are
            read as not known.
        check: from `calibrate`; none means the thresholds of the pack.

    Returns:
        With the index of `profiles`: score (higher is odder; NaN where nothing is known), state (`stands out`,
        `ordinary`, `cannot tell`), known (signs that could be read), evidence (a sentence naming the strongest
        signs), group (`mass follower`, `influencer` or empty, as vendors draw the lines).
        A profile is `cannot tell` between the thresholds, and where the signs that are known could not have
        reached the threshold whatever they said.
    """
    check = check or default_check()
    values = _values(profiles)
    points = _points(values)
    score = _score(points, check)
    reach = points.notna().mul(_most(check), axis=1).sum(axis=1) + check.level
    signs_read = points.notna().sum(axis=1)
    state = np.select(
        [(score > check.threshold) & (signs_read > 0), (score <= check.ordinary) & (reach > check.threshold)],
        [STANDS_OUT, ORDINARY],
        CANNOT_TELL,
    )
    return pd.DataFrame(
        {
            "score": score.where(signs_read > 0),
            "state": state,
            "known": signs_read,
            "evidence": _evidence(values, points),
            "group": _groups(values),
        },
        index=profiles.index,
    )


def calibrate(
    profiles: pd.DataFrame,
    suspicious: pd.Series | None = None,
    false_alarms: float = 0.05,
    *,
    learn: bool = False,
) -> ProfileCheck:
    """Thresholds for a stated false-alarm rate, from accounts that somebody has looked at.

    Args:
        profiles: any of `COLUMNS`.
        suspicious: True or False for each profile; none means that all are ordinary (people you know, say).
        false_alarms: share of ordinary accounts that may stand out, at most, in the long run.
        learn: fit the weight of each sign (ridge logistic) instead of adding up the points. Better on accounts of
            the same kind, seldom on others; needs 50 of each.

    Raises:
        Problem: fewer ordinary accounts than the rate needs (19 for 5 %), or fewer than 50 of each to learn from.
    """
    odd = pd.Series(0, index=profiles.index) if suspicious is None else suspicious
    odd = odd.astype(bool)
    points = _points(_values(profiles))
    _enough(int((~odd).sum()), int(odd.sum()), false_alarms, learn=learn)
    level, weights = 0.0, None
    if learn:
        filled, labels = points.fillna(0.0).to_numpy(), odd.to_numpy(dtype=float)
        level, fitted = logistic.fit_logistic(filled, labels)
        weights = tuple(float(weight) for weight in fitted)
        score = pd.Series(logistic.out_of_fold(filled, labels), index=profiles.index)
    else:
        score = points.sum(axis=1)
    threshold = threshold_for(score[~odd].to_numpy(dtype=float), false_alarms)
    # as few suspicious accounts are called ordinary as ordinary ones stand out
    lowest = float(score[odd].quantile(false_alarms)) if odd.any() else float(score[~odd].median())
    counting = _widest(score[~odd].to_numpy(), score[odd].to_numpy()) if odd.any() else threshold
    return ProfileCheck(
        threshold=threshold,
        ordinary=min(threshold, lowest),
        level=level,
        weights=weights,
        false_alarms=false_alarms,
        alarms=_beyond(score[~odd], threshold),
        found=_beyond(score[odd], threshold),
        counting=counting,
        counting_alarms=_beyond(score[~odd], counting),
        counting_found=_beyond(score[odd], counting),
    )


def _enough(ordinary: int, odd: int, false_alarms: float, *, learn: bool) -> None:
    needed = int(np.ceil(1 / false_alarms)) - 1
    if ordinary < needed:
        raise Problem(
            f"{ordinary} ordinary accounts are too few for a false-alarm rate of {false_alarms:.0%}",
            todo=f"Look at {needed} ordinary accounts or more, or state a higher rate.",
        )
    if learn and min(ordinary, odd) < 50:
        raise Problem(
            f"{odd} suspicious and {ordinary} ordinary accounts are too few to learn weights from",
            todo="Label 50 of each, or leave `learn` out: the points need no fitting.",
        )


def _beyond(scores: pd.Series, threshold: float) -> tuple[int, int]:
    return int((scores > threshold).sum()), len(scores)


def _widest(ordinary: np.ndarray, odd: np.ndarray) -> float:
    """The threshold at which both kinds differ most (Youden)."""
    options = np.unique(np.concatenate([ordinary, odd]))
    gap = [float((odd > option).mean() - (ordinary > option).mean()) for option in options]
    return float(options[int(np.argmax(gap))])


def _values(profiles: pd.DataFrame) -> pd.DataFrame:
    """The value of each sign; NaN where its columns are missing or not known."""
    size = len(profiles)

    def count(column: str) -> np.ndarray:
        cells = profiles.get(column, pd.Series(np.nan, index=profiles.index))
        numbers = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=float)
        return np.where(numbers >= 0, numbers, np.nan)

    def text(column: str) -> pd.Series:
        cells = profiles.get(column, pd.Series([None] * size, index=profiles.index))
        return (
            cells.astype(object)
            .where(cells.notna(), None)
            .map(lambda value: None if value is None else str(value))
        )

    def words(column: str) -> pd.Series:
        """From the text, else as counted by whoever read it."""
        counted = pd.Series(count(f"{column}_words"), index=profiles.index)
        return text(column).str.count(r"\w+").astype(float).fillna(counted)

    followers, followings = count("followers"), count("followings")
    handle = plain_handles(text("handle"))
    digits = handle.str.count(r"\d") / handle.str.len().where(lambda length: length > 0)
    digits = digits.astype(float).fillna(pd.Series(count("digits"), index=profiles.index))
    return pd.DataFrame(
        {
            "follows_more": followings / np.maximum(followers, 1),
            "followers": followers,
            "posts": count("posts"),
            "biography": words("biography"),
            "picture": _flag(profiles, "picture"),
            "name": words("name"),
            "digits": digits,
            "age": count("age_days"),
            "link": _flag(profiles, "link"),
            "followings": followings,
        },
        index=profiles.index,
    ).astype(float)


#: how people write yes and no
NO = {"", "0", "0.0", "false", "no", "n", "none", "nan", "-"}


def _flag(profiles: pd.DataFrame, column: str) -> pd.Series:
    """1 or 0; any text that is not a no counts as a yes (a link, the address of a picture)."""
    if column not in profiles:
        return pd.Series(np.nan, index=profiles.index)
    cells = profiles[column]
    yes = cells.map(lambda value: float(str(value).strip().lower() not in NO), na_action="ignore")
    return yes.astype(float)


def _points(values: pd.DataFrame) -> pd.DataFrame:
    """Points of each sign: straight lines between the steps, over the logarithm where a sign counts."""
    points = {}
    for name, sign in pack("profile_signs")["signs"].items():
        steps = sign["steps"]
        at, worth = np.array(list(steps), dtype=float), np.array(list(steps.values()), dtype=float)
        counts = at[-1] >= 10
        shown = values[name].to_numpy()
        points[name] = np.interp(_scaled(shown, counts=counts), _scaled(at, counts=counts), worth)
        points[name] = np.where(np.isnan(shown), np.nan, points[name])
    return pd.DataFrame(points, index=values.index)


def _scaled(values: np.ndarray, *, counts: bool) -> np.ndarray:
    return np.log10(values + 0.1) if counts else values


def _weights(check: ProfileCheck) -> np.ndarray:
    signs = pack("profile_signs")["signs"]
    return np.ones(len(signs)) if check.weights is None else np.array(check.weights)


def _score(points: pd.DataFrame, check: ProfileCheck) -> pd.Series:
    return check.level + points.fillna(0.0).mul(_weights(check), axis=1).sum(axis=1)


def _most(check: ProfileCheck) -> np.ndarray:
    """The most that each sign can add."""
    steps = [
        np.array(list(sign["steps"].values()), dtype=float)
        for sign in pack("profile_signs")["signs"].values()
    ]
    return np.array([(weight * worth).max() for weight, worth in zip(_weights(check), steps, strict=True)])


def _groups(values: pd.DataFrame) -> np.ndarray:
    classes: dict[str, Any] = pack("profile_signs")["classes"]
    return np.select(
        [
            (values.followers > classes["influencer"]["followers"]).to_numpy(),
            (values.followings > classes["mass_follower"]["followings"]).to_numpy(),
        ],
        ["influencer", "mass follower"],
        "",
    )


def _evidence(values: pd.DataFrame, points: pd.DataFrame) -> list[str]:
    """The signs that speak for a look, strongest first: “posts 0 (+2)”."""
    signs = pack("profile_signs")["signs"]
    names, worth, shown = list(points), points.to_numpy(), values[list(points)].to_numpy()
    lines = []
    for row in range(len(points)):
        strongest = np.argsort(-np.nan_to_num(worth[row], nan=-9), kind="stable")
        order = [place for place in strongest if worth[row][place] >= 0.25]
        parts = [
            f"{signs[names[place]]['means']} {shown[row][place]:.3g} (+{worth[row][place]:.1f})"
            for place in order
        ]
        lines.append("; ".join(parts[:4]))
    return lines
