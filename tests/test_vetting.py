"""Vetting: named formulas, checks that say what they could not do, cards to the word, no score."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from books import make_book
from creatorbook import vetting
from creatorbook.book import Book
from creatorbook.findings import Findings, written
from creatorbook.packs import pack
from creatorbook.problems import Problem
from creatorbook.stats.intervals import median_interval
from creatorbook.tables import Tables
from creatorbook.vetting import audience_fit, benchmarks, comments, posts, scoring
from creatorbook.vetting.accounts import listed_accounts
from creatorbook.vetting.agreement import last_reviews
from creatorbook.vetting.checks_done import card_checks, checks_done
from creatorbook.vetting.languages import guess_languages
from panels import panel

STEPS: list[Callable[[Book], Findings]] = [
    vetting.overview,
    vetting.engagement,
    vetting.conversation,
    vetting.signals,
    vetting.fit,
    vetting.cards,
    vetting.shortlist,
    vetting.quick_check_sheet,
]


@cache
def small() -> Book:
    return panel()


THIN = {
    "creators": pd.DataFrame(
        {
            "creator": ["Ada", "Bo"],
            "handle": ["@Ada", "bo"],
            "platform": ["Instagram", "instagram"],
            "followers": [12000, 4000],
            "fee": [200, np.nan],
        }
    )
}


def words(findings: Findings) -> str:
    """All words a reader sees."""
    tables = [str(table.frame.to_dict("records")) + table.title for table in findings.tables.values()]
    notes = [note.text for note in findings.notes]
    return "\n".join(
        [findings.html, *tables, *notes, *(figure.label for figure in findings.figures.values())]
    )


# The same post, six answers: 50,000 followers, reach 12,000, 20,000 views, 800 likes, 40 comments, 60 saves, 20 shares.
POST = {"likes": 800, "comments": 40, "saves": 60, "shares": 20, "reach": 12000, "views": 20000}


@pytest.mark.parametrize(
    ("name", "percent"),
    [
        ("all_per_follower", 1.84),
        ("likes_comments_per_follower", 1.68),
        ("likes_per_follower", 1.60),
        ("all_per_reach", 7.67),
        ("all_per_view", 4.60),
        ("likes_per_view", 4.00),
    ],
)
def test_same_post_six_answers(name: str, percent: float) -> None:
    """One post has a rate from 1.6 % to 7.7 %, by the formula alone."""
    rate = posts.engagement_rates(pd.DataFrame([POST]), 50_000, name)
    assert round(rate[0] * 100, 2) == percent


def test_missing_parts_and_zero_followers_give_no_rate() -> None:
    """A rate without one of its parts, or without followers, is not available; it is never 0."""
    frame = pd.DataFrame([{**POST, "saves": np.nan}])
    assert posts.engagement_rates(frame, 50_000, "all_per_follower").isna().all()
    assert posts.engagement_rates(frame, 0, "likes_per_follower").isna().all()


def test_unknown_formula_is_told_with_the_known_ones() -> None:
    """A misspelt formula in client.yml is a mistake with a way out."""
    with pytest.raises(Problem, match=r"likes_per_folower.*\n.*likes_per_follower"):
        posts.formula("likes_per_folower")


def test_every_formula_names_its_denominator_source_and_date() -> None:
    """A formula says what it counts, what it divides by and who uses it."""
    for name, formula in pack("engagement")["formulas"].items():
        assert formula["counts"], name
        assert formula["per"] in {"followers", "reach", "views"}
        assert formula["source"]
        assert formula["date"]


def test_benchmarks_never_mix_denominators_or_sizes() -> None:
    """A source stands beside a rate only with the same platform, denominator and size."""
    rows = pack("benchmarks")["engagement"]
    found = benchmarks.comparable(rows, "instagram", 20_000, "followers", ["likes", "comments"], "DE")
    assert found
    assert all(row["denominator"] == "followers" and row["platform"] == "instagram" for row in found)
    assert all(row["from"] <= 20_000 < row.get("to", 1e12) for row in found)
    assert benchmarks.comparable(rows, "tiktok", 20_000, "followers", ["likes"], "DE") == []


@pytest.mark.parametrize("n", [8, 9, 12, 20])
def test_median_interval_covers_at_least_its_level(n: int) -> None:
    """On 3,000 simulated creators with skewed posts the range holds the true median in 90 of 100 or more."""
    random = np.random.default_rng(n)
    inside = 0
    for _ in range(3000):
        low, high = median_interval(np.exp(random.normal(0, 0.8, n))) or (0, 0)
        inside += low <= 1 <= high
    assert inside / 3000 >= 0.885


def test_no_range_below_five_posts() -> None:
    """Four posts give a figure without a range, and that is said."""
    book = panel(accounts=3, per_account=4)
    frame = vetting.engagement(book).tables["vetting.engagement"].frame
    assert frame.rate.notna().all()
    assert frame.low.isna().all()
    assert "Fewer than 5 posts" in words(vetting.engagement(book))


def test_typed_figures_stand_in_without_a_range() -> None:
    """A typical post typed into the creators list gives a rate marked as typed."""
    creators = THIN["creators"].assign(typical_likes=[240, 100], typical_comments=[12, np.nan])
    found = posts.response(make_book({"creators": creators}))
    assert found.loc["instagram/ada", "rate"] == pytest.approx(0.021)
    assert bool(found.loc["instagram/ada", "typed"])
    assert "instagram/bo" not in found.index


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_thin_client_is_answered_without_signals_or_zeros(step: Callable[[Book], Findings]) -> None:
    """From four columns every step says something, no signal comes up, and nothing missing reads as 0."""
    findings = step(make_book(THIN, stage="plan"))
    assert findings.notes or findings.tables or findings.html
    assert "vetting.signals" not in findings.tables
    assert not re.search(r"\b0 %|0\.0 ?%", words(findings))


def test_thin_client_could_check_nothing() -> None:
    """Without posts, comments or forms none of the eleven checks is done, and the card says so."""
    book = make_book(THIN, stage="plan")
    assert len(card_checks()) == 11
    assert not checks_done(book).any(axis=None)
    assert "0 of 11 checked" in vetting.card(book, "@ADA").html
    assert "Too little to say yet" in vetting.card(book, "ada").html


@pytest.mark.parametrize("gone", ["posts", "comments", "follower_history", "audience"])
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_any_optional_file_may_be_missing(step: Callable[[Book], Findings], gone: str) -> None:
    """With one file less every step still answers."""
    book = small()
    tables = Tables({n: f for n, f in book.tables.frames.items() if n != gone})
    findings = step(replace(book, tables=tables))
    assert findings.notes or findings.tables or findings.html


HOSTILE = pd.DataFrame(
    {
        "creator": ["Same Name"] * 10 + ["Same Name", None],
        "handle": [*(f"twin{n}" for n in range(10)), None, "<script>alert(1)</script>"],
        "platform": ["instagram"] * 9 + [None] + ["tiktok"] * 2,
        "followers": [0, np.nan, 5, 1e9, *([900] * 8)],
    }
)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_hostile_lists_are_shown_as_they_are(step: Callable[[Book], Findings]) -> None:
    """Zero followers, ten accounts of one name, no handle, no platform and markup as a handle break nothing."""
    found = make_book(
        {
            "creators": HOSTILE,
            "posts": pd.DataFrame(
                {
                    "post_id": ["1"],
                    "handle": ["twin0"],
                    "platform": ["instagram"],
                    "published_at": ["2026-05-01"],
                    "likes": [3],
                }
            ),
            "comments": pd.DataFrame(
                {"post_id": ["1"], "handle": ["twin0"], "platform": ["instagram"], "text": ["👍"]}
            ),
            "follower_history": pd.DataFrame(
                {"handle": ["twin3"], "platform": ["instagram"], "date": ["2026-05-01"], "followers": [0]}
            ),
        },
        stage="plan",
    )
    findings = step(found)
    assert "<script>" not in findings.html


def test_lines_that_cannot_be_used_are_told() -> None:
    """A line without a handle, zero followers and unknown followers are each named, none is dropped in silence."""
    text = words(vetting.overview(make_book({"creators": HOSTILE}, stage="plan")))
    assert "1 line of the creators list has no handle" in text
    assert "@twin0: 0 followers" in text
    assert "1 account has no follower count" in text
    assert "1 creator has several accounts" in text


def test_same_handle_on_two_platforms_is_two_accounts() -> None:
    """Posts go to the platform they name, and the two accounts are told apart by name."""
    creators = pd.DataFrame(
        {
            "creator": "Ada",
            "handle": ["ada", "ada"],
            "platform": ["instagram", "tiktok"],
            "followers": [100, 200],
        }
    )
    book = make_book({"creators": creators})
    assert set(listed_accounts(book).called) == {"@ada (Instagram)", "@ada (TikTok)"}


HEADINGS = [
    "At a glance:",
    "Do people respond?",
    "Do they talk to each other?",
    "Is the audience ours?",
    "Does the style fit?",
    "Past work.",
    "Signals to check.",
    "What we could not check.",
    "What is it worth?",
    "Your decision:",
]


def test_card_has_its_headings_to_the_word_and_in_order() -> None:
    """The card reads in the order in which people decide."""
    html = vetting.card(small(), "@maker01").html
    assert re.findall(r"<p><strong>(.*?)</strong>", html) == HEADINGS
    assert "in the EU they may ask to" in html


def test_card_of_a_stranger_says_what_to_do() -> None:
    """A handle that is not in the list is answered with a way out."""
    assert "not in the creators list" in vetting.card(panel(accounts=2), "nobody").notes[0].text


def test_hand_counts_and_reviews_fill_the_card() -> None:
    """A tally and two reviews by hand do three checks that no file did."""
    book = make_book(
        {
            **THIN,
            "tallies": pd.DataFrame(
                {
                    "handle": ["ada"],
                    "looked_at": [20],
                    "specific": [11],
                    "replies_looked_at": [30],
                    "answered": [9],
                }
            ),
            "reviews": pd.DataFrame(
                {
                    "handle": ["ada", "ada"],
                    "reviewer": ["J", "K"],
                    "style": [4, 3],
                    "values": [5, 4],
                    "own_words": ["calm", None],
                }
            ),
        }
    )
    html = vetting.card(book, "ada").html
    assert "Answers 9 of 30 comments looked at." in html
    assert "Of 20 comments, 11 say something specific" in html
    assert "Two reviewers: 4 and 3 of 5 for style, 5 and 4 of 5 for values. “calm”" in html
    assert "3 of 11 checked" in html


def test_each_reviewer_counts_once_and_unnamed_ones_each() -> None:
    """One spelling of a name is one person, a later blank takes no mark back, and no name is no shared name."""
    reviews = pd.DataFrame(
        {
            "handle": "ada",
            "reviewer": ["Jo M", "jo  m ", None, None],
            "style": [2, 4, 3, 5],
            "values": [1, np.nan, np.nan, np.nan],
            "reviewed_on": pd.to_datetime(["2026-02-01", "2026-02-09", "2026-02-10", "2026-02-11"]),
        }
    )
    book = make_book({**THIN, "reviews": reviews})
    html = vetting.card(book, "ada").html
    assert "3 reviewers: " in html
    assert sorted(last_reviews(book)["style"]) == [3, 4, 5]
    assert "1 of 5 for values" in html
    [style] = scoring.score_parts(book).query("part == 'style'").value
    assert style == pytest.approx(0.75)
    silent = make_book({**THIN, "reviews": reviews.head(1).assign(style=np.nan, values=np.nan)})
    assert "1 reviewer, no mark yet." in vetting.card(silent, "ada").html


def test_the_shortlist_says_which_figure_is_missing() -> None:
    """Without fees it asks for fees, not for a margin that is known; a gift cost not listed is no gift not given."""
    economics = {"margin": 0.5, "return_rate": 0.2, "average_order_value": 90}
    listed = THIN["creators"].assign(fee=np.nan)
    shown = vetting.shortlist(make_book({"creators": listed}, client={"economics": economics}))
    assert "fees in the creators list" in words(shown)
    assert "gross margin" not in words(shown)
    priced = vetting.shortlist(make_book({"creators": THIN["creators"].assign(gift_cost=[20, np.nan])}))
    assert priced.tables["vetting.shortlist"].columns["gift_cost"].missing == "not given"


def test_the_quick_check_asks_for_what_a_hand_can_count() -> None:
    """An audience page that is missing puts nobody on the sheet: the sheet has no column for it."""
    tally = {"looked_at": [20], "specific": [11], "replies_looked_at": [30], "answered": [9]}
    tables = {
        "creators": THIN["creators"].head(1).assign(typical_likes=300, typical_comments=20),
        "tallies": pd.DataFrame({"handle": ["ada"], **tally}),
        "reviews": pd.DataFrame({"handle": ["ada"], "reviewer": ["J"], "style": [4]}),
    }
    assert "vetting.quick_check" not in vetting.quick_check_sheet(make_book(tables)).tables


def test_a_plan_knows_nothing_of_decisions_about_the_next_campaign() -> None:
    """Where all that was decided came after the end, everybody is open, and nothing fails."""
    later = {"date": [pd.Timestamp("2027-01-01")], "handle": ["ada"], "decision": ["Shortlist"]}
    decisions = pd.DataFrame({**later, "reason": [""], "note": [""], "by": ["J"]})
    book = replace(make_book(THIN, stage="plan"), decisions=decisions)
    shown = vetting.shortlist(book).tables["vetting.shortlist"].frame
    assert [written(one, book.formats) for one in shown.decision] == ["open", "open"]
    assert "@ada" in vetting.card(book, "ada").html


def test_decisions_come_first_and_no_score_is_made() -> None:
    """The list starts with one's own shortlist and ends with those not taken; there is no score column."""
    book = small()
    decisions = pd.DataFrame(
        {
            "date": pd.to_datetime(["2026-02-01", "2026-02-02", "2026-02-03"]),
            "handle": ["maker04", "maker05", "maker04"],
            "decision": ["Ask for more", "Not this time", "Shortlist"],
            "reason": ["audience screenshot needed", "no answer", "audience fits"],
            "note": "",
            "by": "Jo",
        }
    )
    frame = vetting.shortlist(replace(book, decisions=decisions)).tables["vetting.shortlist"].frame
    assert frame.called.iloc[0] == "@maker04"
    assert frame.decision.iloc[0] == "Shortlist"
    assert frame.called.iloc[-1] == "@maker05"
    assert not any("score" in column for column in frame)


def test_competitors_and_words_to_avoid_are_found_whole_and_dated() -> None:
    """A term counts as a word, a hashtag or a mention; never inside another word."""
    captions = [
        "New coat by @rivalrow",
        "further and furthermore",
        "no fur here",
        "my TESTBRAND find",
        "Rival Row again",
    ]
    frame = pd.DataFrame(
        {
            "post_id": [str(n) for n in range(5)],
            "handle": "maker00",
            "platform": "instagram",
            "published_at": pd.date_range("2026-02-01", periods=5),
            "caption": captions,
        }
    )
    found = audience_fit.caption_mentions(panel(accounts=1, posts=frame, comments=pd.DataFrame()))
    mentions = {(row.kind, row.term, str(row.published_at.date())) for row in found.itertuples()}
    assert mentions == {
        ("competitor", "Rival Row", "2026-02-01"),
        ("competitor", "Rival Row", "2026-02-05"),
        ("must avoid", "fur", "2026-02-03"),
        ("the brand", "Testbrand", "2026-02-04"),
    }


def test_unknown_part_of_an_audience_is_not_shared_out() -> None:
    """60 % Germany, 20 % France, 20 % unknown: a German persona matches 60 %, and at most 80 %."""
    row = audience_fit.audience_match(small()).iloc[0]
    assert [row.match, row.low, row.high, row.unknown] == pytest.approx([0.6, 0.6, 0.8, 0.2])


@pytest.mark.parametrize(
    ("text", "generic", "spam"),
    [
        ("😍😍😍", True, False),
        ("@friend", True, False),
        ("Love this so much!!", True, False),
        ("wunderschön", True, False),
        ("Does the hem drag when you walk?", False, False),
        ("the green one in linen", False, False),
        ("DM @bigpage for promo", False, True),
        ("I earn 500 € a week from home", False, True),
        ("Sold my old coat and made €40, thank you for the idea", False, True),
    ],
)
def test_comments_are_read_by_rules_one_can_follow(text: str, generic: bool, spam: bool) -> None:
    """Emoji-only, mention-only and stock phrases say nothing; the last case shows the rule's limit."""
    traits = comments.text_traits(pd.Series([text])).iloc[0]
    assert (traits.generic, traits.spam) == (generic, spam)


def test_near_repeats_share_a_key() -> None:
    """Order, emojis, case, endings and stretched letters do not make a new sentence."""
    traits = comments.text_traits(
        pd.Series(["So inspiring as always 💛", "as ALWAYS so inspired!!", "sooooo inspiring, as always"])
    )
    assert traits.key.nunique() == 1


def test_languages_are_guessed_or_left_open() -> None:
    """Clear sentences are recognised; short and mixed ones stay unknown."""
    texts = pd.Series(
        [
            "Wo hast du das gekauft und ist es warm",
            "Where did you get this and is it warm",
            "où est la robe et dans quelle taille",
            "wow",
            "где вы это купили",
        ]
    )
    assert list(guess_languages(texts).where(lambda g: g.notna(), "")) == ["de", "en", "fr", "", "ru"]


FORBIDDEN = [word for row in pack("words")["words"] for word in row["words"]]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_no_accusing_or_technical_words(step: Callable[[Book], Findings]) -> None:
    """Nothing a reader sees calls anybody or anything fake, bought or a bot."""
    text = words(step(small()))
    found = [
        word
        for word in FORBIDDEN  # “did” is no “DiD”
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE if word.islower() else 0)
    ]
    assert not found


def test_steps_change_nothing_and_repeat() -> None:
    """The same book gives the same findings, whatever was asked before."""
    one, other = panel(), panel()
    first: list[Any] = [words(step(one)) for step in STEPS]
    again: list[Any] = [words(step(other)) for step in reversed(STEPS)][::-1]
    assert first == again
