"""The functions on plain frames: profiles, audience shares, comments; with whatever columns there are."""

from __future__ import annotations

from re import _constants, _parser  # type: ignore[attr-defined]

import numpy as np
import pandas as pd
import pytest

from creatorbook.findings import written
from creatorbook.findings.formats import Formats
from creatorbook.packs import pack
from creatorbook.problems import Problem
from creatorbook.stats.counting import adjusted_share, threshold_for
from creatorbook.vetting import study
from creatorbook.vetting.audience_share import suspicious_share
from creatorbook.vetting.comment_quality import calibrate_comments, comment_quality
from creatorbook.vetting.profiles import calibrate, profile_score


def people(n: int, odd: float, seed: int) -> tuple[pd.DataFrame, pd.Series]:
    """Invented profiles: most lived in, a part rather empty, with much overlap; and which are odd."""
    random = np.random.default_rng(seed)
    is_odd = pd.Series(random.random(n) < odd)
    empty = random.random(n) < np.where(is_odd, 0.75, 0.12)
    frame = pd.DataFrame(
        {
            "followers": np.round(np.exp(random.normal(np.where(empty, 2.5, 5.5), 1.2))),
            "followings": np.round(np.exp(random.normal(np.where(empty, 6.3, 5.6), 0.8))),
            "posts": random.poisson(np.where(empty, 2, 60)),
            "biography": np.where(random.random(n) < np.where(empty, 0.3, 0.8), "a few words on me", ""),
            "picture": random.random(n) < np.where(empty, 0.6, 0.97),
            "handle": [
                f"name{k if e else ''}" for k, e in zip(random.integers(0, 99999, n), empty, strict=True)
            ],
        }
    )
    return frame, is_odd


def test_an_empty_account_that_follows_many_stands_out_and_says_why() -> None:
    """No posts, no picture, follows 2,000 for 12 followers: stands out, with the figures as evidence."""
    odd = {"followers": 12, "followings": 2000, "posts": 0, "biography": "", "picture": False}
    lived = {
        "followers": 800,
        "followings": 400,
        "posts": 120,
        "biography": "potter in a small town",
        "picture": True,
    }
    found = profile_score(pd.DataFrame([odd, lived]))
    assert found.state.tolist() == ["stands out", "ordinary"]
    assert "accounts followed for each follower 167 (+3.0)" in found.evidence[0]
    assert found.group.tolist() == ["mass follower", ""]


@pytest.mark.parametrize("columns", [["posts"], ["followers"], ["biography", "name"], ["handle"], []])
def test_too_few_columns_cannot_tell(columns: list[str]) -> None:
    """Where what is known could not reach the threshold, nobody stands out and nobody is cleared."""
    frame = pd.DataFrame(
        {"posts": [0], "followers": [0], "biography": [""], "name": [""], "handle": ["a12345"]}
    )
    assert profile_score(frame[columns]).state.tolist() == ["cannot tell"]


def test_missing_is_not_empty() -> None:
    """A biography nobody asked for is not a missing biography; a private account is not accused for it."""
    known = pd.DataFrame({"followers": [90], "followings": [300], "biography": [""]})
    unknown = known.assign(biography=None)
    assert profile_score(known).score[0] > profile_score(unknown).score[0]
    private = pd.DataFrame({"followers": [np.nan], "followings": [np.nan], "posts": [None], "name": [None]})
    assert profile_score(private).state[0] == "cannot tell"
    assert np.isnan(profile_score(private).score[0])


def test_odd_cells_are_read_as_not_known() -> None:
    """Text in a count, a negative count and strange flags raise nothing."""
    frame = pd.DataFrame(
        {"followers": ["many", -3, 0], "followings": [1, 2, 3], "picture": ["", "https://x", None]}
    )
    assert len(profile_score(frame)) == 3


@pytest.mark.parametrize("learn", [False, True])
def test_the_stated_false_alarm_rate_holds_on_further_accounts(learn: bool) -> None:
    """Calibrated for 5 in 100, new ordinary accounts of the same kind stand out in 5 in 100 or fewer, on average."""
    alarms, found = [], []
    for seed in range(6):
        seen, odd = people(400, 0.4, seed)
        check = calibrate(seen, odd, 0.05, learn=learn)
        new, new_odd = people(2000, 0.4, 1000 + seed)
        out = profile_score(new, check).state == "stands out"
        alarms.append(float(out[~new_odd].mean()))
        found.append(float(out[new_odd].mean()))
        assert f"{check.alarms[0]} of {check.alarms[1]} ordinary" in check.error_rates()
    assert np.mean(alarms) < 0.06
    assert np.mean(found) > 0.1


def test_too_few_labels_are_told() -> None:
    """Ten ordinary accounts cannot hold a rate of 5 in 100."""
    seen, _ = people(10, 0.0, 1)
    with pytest.raises(Problem, match="19 ordinary accounts"):
        calibrate(seen)
    with pytest.raises(Problem, match="50 of each"):
        calibrate(*people(60, 0.5, 1), learn=True)


def test_threshold_is_exceeded_as_seldom_as_stated() -> None:
    """Over many small samples, a further ordinary case exceeds the threshold in at most 10 %."""
    random = np.random.default_rng(4)
    beyond = [random.normal() > threshold_for(random.normal(size=25), 0.1) for _ in range(4000)]
    assert np.mean(beyond) < 0.115
    assert threshold_for(random.normal(size=8), 0.1) == float("inf")


@pytest.mark.parametrize("share", [0.05, 0.25, 0.6])
def test_adjusted_shares_cover_the_truth(share: float) -> None:
    """At 90 %, the interval holds the true share in 86 of 100 samples or more, though the check errs."""
    random = np.random.default_rng(11)
    held = []
    for seed in range(200):
        found = (int(random.binomial(120, 0.7)), 120)
        alarms = (int(random.binomial(150, 0.08)), 150)
        flagged = int(random.binomial(100, share * 0.7 + (1 - share) * 0.08))
        made = adjusted_share(flagged, 100, found, alarms, seed=seed)
        assert made is not None
        held.append(made[1] <= share <= made[2])
    assert np.mean(held) >= 0.86


def test_an_audience_is_counted_with_its_range() -> None:
    """A third of an audience is odd: the share says so within its range; without a calibration it is wider."""
    labelled, odd = people(500, 0.4, 3)
    sample, truth = people(400, 0.33, 5)
    made = suspicious_share(sample, calibrate(labelled, odd))
    assert made.low <= truth.mean() <= made.high
    assert made.grade == "estimated"
    assumed = suspicious_share(sample)
    assert assumed.grade == "assumed"
    assert assumed.high - assumed.low > made.high - made.low
    far = suspicious_share(sample, calibrate(labelled, odd), elsewhere=True)
    assert far.high - far.low > made.high - made.low


def test_too_few_readable_profiles_give_no_share() -> None:
    """Twenty profiles, or a hundred private ones, are told as what they are."""
    few = suspicious_share(people(20, 0.3, 1)[0])
    assert few.share is None
    assert "30 are needed" in written(few.why, Formats())
    private = pd.DataFrame({"followers": [np.nan] * 100})
    assert suspicious_share(private).read == 0
    part = pd.concat([people(60, 0.3, 1)[0], private], ignore_index=True)
    assert "100 more could not be read" in written(suspicious_share(part).why, Formats())


TEXTS = {
    "specific": ["The hem on the green one sits better than mine ever did", "Die Ärmel sind mir bei 1,60 m zu lang", "この色とても好きです、昨日同じものを買いました", "Мне больше нравится второй вариант с поясом"],
    "question": ["Where did you get the belt from?", "¿Lo hay en negro para la primavera?", "هل يوجد بالأسود؟"],
    "stock phrase": ["Nice pic", "So pretty!!!", "Wunderschön", "Çok güzel", "Супер"],
    "emoji only": ["🔥🔥🔥", "❤️"],
    "names only": ["@someone", "@some.one @other_one 😍"],
    "advertising": ["Check out my channel please, I post every day", "Earn $500 a day from home, ask @coach.kim how", "Takip et takip ederim", "Подпишись на меня, взаимно", "10k real followers for 5€ www.example.com/x"],
}  # fmt: skip


@pytest.mark.parametrize("kind", TEXTS)
def test_comments_are_told_apart_in_many_languages(kind: str) -> None:
    """Each text is of its kind, and says more than the kinds below it."""
    found = comment_quality(pd.Series(TEXTS[kind]))
    assert found.kind.tolist() == [kind] * len(TEXTS[kind])
    assert found.evidence.str.len().gt(0).all()


@pytest.mark.parametrize(
    "pattern",
    [
        one
        for kinds in ("spam", "hints")
        for kind in pack("comment_words")[kinds]
        for one in kind["patterns"]
        if one.startswith(r"\b")
    ],
    ids=lambda one: one[:30],
)
def test_patterns_that_begin_at_a_words_edge_do_so_in_every_alternative(pattern: str) -> None:
    """They are tried at edges only, so an alternative without one would be missed inside a word."""
    assert _parser.parse(pattern)[0] == (_constants.AT, _constants.AT_BOUNDARY)


def test_missing_comments_stay_missing_and_copies_are_counted() -> None:
    """No text has no kind and no quality; a sentence that stands three times says half as much."""
    copied = "this is the loveliest corner of the web"
    found = comment_quality(
        pd.Series([None, copied, copied, copied, "the corner by the old window is my favourite"])
    )
    assert found.kind[0] is None
    assert np.isnan(found.quality[0])
    assert found.copies.tolist()[1:] == [3, 3, 3, 1]
    assert found.quality[1] < found.quality[4]


def test_labels_teach_what_the_rules_do_not_know() -> None:
    """Advertising in words the rules lack is found after labelling, at the stated rate of false alarms."""
    random = np.random.default_rng(2)
    words = [
        "lamp",
        "river",
        "stone",
        "quiet",
        "yellow",
        "table",
        "garden",
        "winter",
        "paper",
        "window",
        "bridge",
        "morning",
    ]
    plain = [" ".join(random.choice(words, 6)) for _ in range(300)]
    odd = [" ".join([*random.choice(words, 3), "zorbify", "wamble"]) for _ in range(150)]
    texts, labels = pd.Series(plain + odd), pd.Series([False] * 300 + [True] * 150)
    check = calibrate_comments(texts[::2], labels[::2])
    found = comment_quality(texts[1::2], check).kind == "advertising"
    assert found[labels[1::2]].mean() > 0.9
    assert found[~labels[1::2]].mean() < 0.1
    with pytest.raises(Problem, match="too few to learn from"):
        calibrate_comments(texts[:40], labels[:40])


def test_the_studys_result_is_shown_as_it_was_written() -> None:
    """The method page shows the committed figures: every kind by strength, all innocents, where they come from."""
    result = pack("vetting_study")
    shown = study.recall().tables["training.recall"].frame
    assert shown.whole.sum() == sum(row["planted"] for row in result["recall"])
    innocent = study.false_alarms().tables["training.innocent"].frame
    assert len(innocent) == 5
    assert study.roc_curves().charts["training.curves"].alt
    assert "fixed before" in study.source()
    assert "Run on 22 Nov 2026." in study.source()


def test_the_committed_study_meets_its_goals() -> None:
    """Of what was planted 80 in 100 are found, 90 in 100 of what is shown are right, few innocents are accused."""
    result = pack("vetting_study")
    planted = pd.DataFrame(result["recall"]).query("kind in @study.STATED")
    shown = pd.DataFrame(result["shown"]).query("family in @study.STATED")
    innocent = pd.DataFrame(result["innocent"]).set_index("kind")
    assert planted.found.sum() / planted.planted.sum() >= 0.8
    assert shown.right.sum() / shown.shown.sum() >= 0.9
    accused = innocent.accused / innocent.looked_at
    assert accused[["lively_community", "giveaway", "other_language"]].max() < 0.05
