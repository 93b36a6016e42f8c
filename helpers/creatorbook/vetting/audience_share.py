"""How much of an audience is suspicious, from a sample of its profiles: adjusted counting with its interval.

Counting profiles that stand out is not enough: some ordinary accounts stand out, and some suspicious ones do not. The
count is corrected for both, and the range says how little a small sample or a small calibration can tell: at 100
profiles about 7 points either way, however good the check is.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from creatorbook.findings import Text, number_of, say, say_many, sentences
from creatorbook.packs import pack
from creatorbook.stats.counting import adjusted_share, assumed_share
from creatorbook.vetting.profiles import ProfileCheck, default_check, profile_score


@dataclass(frozen=True)
class AudienceShare:
    """The suspicious share of one audience.

    Attributes:
        share, low, high: 0 to 1; None where nothing can be said, and then `why` says what would settle it.
        n: profiles in the sample; `read`: of these, how many had anything to look at (private and deleted accounts
            often have not); `counted`: how many of those stand out.
        grade: `estimated` with a calibration of one's own, `assumed` without.
        why: how the figure came about, or why there is none.
    """

    share: float | None
    low: float | None
    high: float | None
    n: int
    read: int
    counted: int
    grade: str
    why: Text


def suspicious_share(
    sample: pd.DataFrame, check: ProfileCheck | None = None, level: float = 0.9, *, elsewhere: bool = False
) -> AudienceShare:
    """The suspicious share of an audience, from profiles drawn from it by chance.

    Args:
        sample: any columns of `profiles.COLUMNS`, one row per follower drawn. A sample of the latest followers,
            or of those who comment, describes these only.
        check: from `profiles.calibrate` with labelled accounts of both kinds, best from the same audience. None
            means the pack's points and assumed rates: a wide range.
        level: of the interval.
        elsewhere: the check was calibrated on another population; its rates are then believed less.

    Returns:
        None for the share where fewer than 30 profiles could be read, or where the check does not tell the two
        kinds apart.
    """
    signs = pack("profile_signs")
    used = check or default_check()
    scored = profile_score(sample, used)
    readable = scored.known > 0
    read, flagged = int(readable.sum()), int((scored.score[readable] > used.counting).sum())
    calibrated = bool(used.counting_found[1] and used.counting_alarms[1])
    grade = "estimated" if calibrated else "assumed"
    if read < signs["min_profiles"]:
        why = say(
            "{read} of {profiles} could be read; {needed} are needed for a share.",
            read=read,
            profiles=number_of("profile", len(sample)),
            needed=signs["min_profiles"],
        )
        return AudienceShare(None, None, None, len(sample), read, flagged, grade, why)
    if calibrated:
        most = signs["elsewhere"] if elsewhere else None
        found_rate, alarms = (_fewer(rate, most) for rate in (used.counting_found, used.counting_alarms))
        share_and_range = adjusted_share(flagged, read, found_rate, alarms, level)
    else:
        assumed = signs["assumed"]
        share_and_range = assumed_share(
            flagged, read, tuple(assumed["found"]), tuple(assumed["false_alarms"]), level
        )
    if share_and_range is None:
        why = say(
            "The check reacts to ordinary accounts nearly as often as to suspicious ones; label more of both."
        )
        return AudienceShare(None, None, None, len(sample), read, flagged, grade, why)
    return AudienceShare(
        *share_and_range, len(sample), read, flagged, grade, _how(flagged, read, len(sample), grade)
    )


def _fewer(rate: tuple[int, int], most: int | None) -> tuple[int, int]:
    """The same rate as if fewer had been labelled."""
    if most is None or rate[1] <= most:
        return rate
    return round(rate[0] * most / rate[1]), most


def _how(flagged: int, read: int, n: int, grade: str) -> Text:
    """How a share came about: what was counted, by which rates it was corrected, and what could not be read."""
    if grade == "estimated":
        corrected = say_many(
            "{n} of {read} stands out; corrected for misses and false alarms by rates measured on "
            "labelled accounts.",
            "{n} of {read} stand out; corrected for misses and false alarms by rates measured on "
            "labelled accounts.",
            n=flagged,
            read=number_of("profile", read),
        )
    else:
        corrected = say_many(
            "{n} of {read} stands out; corrected for misses and false alarms by assumed rates, as "
            "nothing was calibrated.",
            "{n} of {read} stand out; corrected for misses and false alarms by assumed rates, as "
            "nothing was calibrated.",
            n=flagged,
            read=number_of("profile", read),
        )
    unread = say_many(
        "{n} more could not be read and is left out.",
        "{n} more could not be read and are left out.",
        n=n - read,
    )
    return sentences(corrected, unread if n > read else None)
