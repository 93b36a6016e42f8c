"""What accounts publish, who shares their people, what reviewers say, and the score a client may switch on."""

import io
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from unicodedata import lookup

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from books import make_book
from creatorbook import plugins, vetting
from creatorbook.book import Book
from creatorbook.checks import Ranking
from creatorbook.client import Score
from creatorbook.client.repository import NOTEBOOKS, SAMPLE_DATA
from creatorbook.findings import written
from creatorbook.findings.formats import Formats
from creatorbook.packs import pack
from creatorbook.stats.intervals import carry_over, median_interval
from creatorbook.tracking.label_check import label_history
from creatorbook.vetting import habits, near_the_brief, niches, scoring
from creatorbook.vetting.agreement import agreements
from creatorbook.vetting.lists import decision_files, decision_lists
from creatorbook.vetting.mood import emoji_moods
from creatorbook.vetting.shared_commenters import shared_commenters
from creatorbook.vetting.show_reading import moods
from fake_plugins import faults_of, plugin_with
from steps import run_cells

AS_OF = date(2026, 3, 1)


def _creators(n: int, **columns: Any) -> pd.DataFrame:
    handles = [f"made{number}" for number in range(n)]
    followers = np.linspace(4000, 60000, n)
    return pd.DataFrame({"handle": handles, "platform": "instagram", "followers": followers, **columns})


def _posts(
    handle: str, rates: list[float], formats: str | list[str] = "reel", followers: float = 10000
) -> pd.DataFrame:
    days = pd.date_range("2026-02-20", periods=len(rates), freq="-2D")
    likes = [rate * followers for rate in rates]
    return pd.DataFrame(
        {
            "handle": handle,
            "platform": "instagram",
            "post_id": [f"{handle}-{number}" for number in range(len(rates))],
            "published_at": days,
            "format": formats,
            "likes": likes,
            "comments": 0.0,
        }
    )


def _book(**tables: Any) -> Book:
    return make_book(tables, stage="plan", as_of=AS_OF)


def test_a_kind_is_compared_within_the_same_accounts() -> None:
    """A kind that only small, lively accounts use does not look better for it."""
    creators = _creators(6)
    parts = []
    for handle, followers in zip(creators.handle, creators.followers, strict=True):
        level = 0.10 if followers < 20000 else 0.01
        rates = [level, level * 2] * 6
        parts.append(_posts(handle, rates, ["image", "reel"] * 6, followers))
    kinds = habits.by_kind(_book(creators=creators, posts=pd.concat(parts))).set_index("format")
    assert kinds.loc["reel", "ratio"] / kinds.loc["image", "ratio"] == pytest.approx(2)
    assert kinds.loc["reel", "accounts"] == 6


def test_a_rising_account_is_told_from_an_even_one() -> None:
    """Response that grows by a fifth in 30 days reads as rising; noise around a level does not."""
    days = np.arange(20) * 2.0
    rising = list(0.05 * 1.2 ** (-days / 30))  # the newest post comes first
    noise = np.random.default_rng(7).normal(0, 0.3, 20)
    even = list(0.05 * np.exp(noise))
    posts = pd.concat([_posts("made0", rising), _posts("made1", even)])
    rows = habits.habits(
        _book(
            creators=_creators(
                2,
            ),
            posts=posts,
        )
    )
    assert rows.loc["instagram/made0", "trend"] == pytest.approx(0.2, abs=0.01)
    assert rows.loc["instagram/made0", "trend_low"] > 0
    assert rows.loc["instagram/made1", "trend_low"] < 0 < rows.loc["instagram/made1", "trend_high"]


def test_few_posts_are_pulled_towards_the_others() -> None:
    """Three lucky posts are pulled down; accounts with enough posts are left as they are."""
    random = np.random.default_rng(3)
    parts = [_posts(f"made{k}", list(0.03 * np.exp(random.normal(0, 0.5, 20)))) for k in range(9)]
    parts.append(_posts("made9", [0.12, 0.11, 0.13]))
    creators = _creators(10).assign(followers=10000)
    rates = habits.adjusted_rates(_book(creators=creators, posts=pd.concat(parts)))
    assert list(rates.index) == ["instagram/made9"]
    row = rates.iloc[0]
    assert 0.03 < row.rate < 0.12
    assert row.low < row.rate < row.high


def test_subjects_group_accounts_that_write_alike() -> None:
    """Two subjects in the captions come back as two groups, named by their own words."""
    baking, cycling = "sourdough oven flour crust", "gravel bike saddle climb"
    texts = pd.Series(
        {f"a{k}": f"{baking} loaf{k % 2}" for k in range(6)}
        | {f"b{k}": f"{cycling} tour{k % 2}" for k in range(6)}
    )
    found = niches.subject_groups(texts)
    assert found.loc[[f"a{k}" for k in range(6)], "group"].nunique() == 1
    assert found.group.nunique() == 2
    assert "flour" in found.loc["a0", "terms"] or "sourdough" in found.loc["a0", "terms"]


def test_too_few_texts_make_no_groups() -> None:
    """Below eight texts nobody is put into a group."""
    assert niches.subject_groups(pd.Series({"a": "flour oven", "b": "bike climb"})).empty


def test_a_description_near_the_brief_comes_first_with_its_words() -> None:
    """The figure explains itself, finds other forms of a word, keeps words to avoid apart and missing texts missing."""
    texts = pd.Series(
        {
            "near": "I sew linen dresses and mend wardrobes",
            "far": "football scores every day",
            "none": None,
            "blank": "  ",
            "shape": "linen dress, but also shapewear",
        }
    )
    fits = vetting.brand_fit("linen dresses, sewing and mending", texts, ["shapewear"])
    assert fits.score.idxmax() == "near"
    assert "linen" in fits.loc["near", "terms"]
    assert fits.loc[["none", "blank"], "score"].isna().all()
    assert fits.loc["shape", "avoided"] == "shapewear"
    assert fits.loc["near", "place"] == 1
    assert fits.loc["near", "avoided"] == ""


def test_brand_fit_is_the_cosine_of_letter_groups() -> None:
    """The figure, made word by word, is what TF-IDF over whole texts gives; words of most texts explain nothing."""
    texts = pd.Series([f"Sewing linen, hem no {k}! {'linen dresses ' * k}" for k in range(9)], dtype=object)
    brief = "linen dresses for summer"
    fits = vetting.brand_fit(brief, texts)
    grams = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
    expected = (grams.fit_transform(texts) @ grams.transform([brief]).T).toarray().ravel()
    assert fits.score.to_numpy() == pytest.approx(expected, abs=1e-9)
    assert set(fits.terms) == {""}
    assert vetting.brand_fit(brief, texts[:7]).terms[3] == "dresses, linen"


def test_words_and_accounts_that_are_equally_near_are_told_apart_by_their_names() -> None:
    """Two made-up words share one ending with the brief and nothing with each other: the last bit of a sum orders nothing."""
    own = "xglkdxssewing fapvcfqsewing pushsxs"
    texts = pd.Series([own, "mowing sew", "linens ghlzpnu", "sewn things", "for mkuybbn"])
    terms = vetting.brand_fit("we sewing things", texts).terms.iloc[0]
    assert terms == "fapvcfqsewing, xglkdxssewing"
    both = pd.Series([f"{one} " + " ".join(texts[1:]) for one in own.split()[:2]])
    assert vetting.brand_fit("we sewing things", both).score.nunique() == 1


def test_words_are_searched_for_the_nearest_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a long list the first accounts are explained, and the column says how many; words to avoid are searched for all."""
    monkeypatch.setattr(near_the_brief, "EXPLAINED", 1)
    book = _fit_book()
    table = vetting.subjects(book).tables["vetting.subjects"]
    assert list(table.frame.called) == ["@made1", "@made0", "@made2"]
    assert table.frame.terms.notna().tolist() == [True, False, False]
    assert table.frame.avoided.tolist() == ["", "shape wear", ""]
    assert "1 nearest only" in written(table.columns["terms"].note, book.formats)


def _fit_book() -> Book:
    """Three accounts: the second one is nearest to the brief by letters."""
    words = ["linen and Shape-Wear", "linen dresses to sew", "football scores"]
    creators = _creators(3, biography=words, niche="sewing")
    voice = {"description": "we sew linen dresses", "must_avoid": ["shape wear"]}
    return make_book({"creators": creators}, client={"voice": voice}, stage="plan", as_of=AS_OF)


def _with_ranking(monkeypatch: pytest.MonkeyPatch, score: Any, name: str = "meaning") -> None:
    added = Ranking(name, "By meaning", score)
    monkeypatch.setattr(plugins, "rankings", lambda *_: [near_the_brief.BUILT_IN_RANKING, added])


def test_a_plugins_ranking_puts_the_list_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is given the brand's words and each account's text, and stands beside the built-in column, under its own title."""
    given = []

    def score(brief: str, texts: pd.Series) -> pd.Series:
        given.append((brief.strip(), dict(texts)))
        return texts.str.contains("football").astype(float)[::-1]  # by account, whatever the order

    book = _fit_book()
    without = vetting.subjects(book).tables["vetting.subjects"].frame
    _with_ranking(monkeypatch, score)
    table = vetting.subjects(book).tables["vetting.subjects"]
    assert given[0][0] == "we sew linen dresses"
    assert given[0][1]["instagram/made2"] == "football scores"
    assert list(table.frame.called) == ["@made2", "@made0", "@made1"]
    assert table.frame.by_meaning.tolist() == [1, 0, 0]
    assert table.columns["by_meaning"].label == "By meaning"
    assert table.frame.set_index("called").score.to_dict() == without.set_index("called").score.to_dict()


@pytest.mark.parametrize(
    ("score", "left_out"),
    [
        (lambda brief, texts: pd.Series([0.1, 0.9, np.inf], texts.index), "gives 1 account no number"),
        (lambda brief, texts: pd.Series([0.1, -0.2, np.nan], texts.index), "gives 2 accounts no number"),
        (lambda brief, texts: pd.Series([0.1, 0.9, "near"], texts.index), "gives 1 account no number"),
        (lambda brief, texts: pd.Series([0.1, 0.9], texts.index[:2]), "gives 3 accounts no number"),
        (lambda brief, texts: pd.Series([0.1, 0.9, 0.3]), "gives 3 accounts no number"),
        (lambda brief, texts: [0.1, 0.9, 0.3], "gives 3 accounts no number"),
        (lambda brief, texts: None, "gives 3 accounts no number"),
    ],
    ids=["infinite", "below 0 and missing", "a word", "too few", "of nobody", "a list", "nothing"],
)
@pytest.mark.parametrize("name", ["meaning", "letter_groups"])
def test_what_is_wrong_in_a_plugins_ranking_is_left_out_and_named(
    monkeypatch: pytest.MonkeyPatch, score: Any, left_out: str, name: str
) -> None:
    """Figures that are no numbers between 0 and 1 are missing; an answer that is not one per account counts nowhere."""
    _with_ranking(monkeypatch, score, name)
    book = _fit_book()
    findings = vetting.subjects(book)
    notes = [written(note.text, book.formats) for note in findings.notes]
    assert [left_out in note and "By meaning" in note and "@made" in note for note in notes] == [False, True]
    frame = findings.tables["vetting.subjects"].frame
    if "by_meaning" in frame:
        assert frame.by_meaning.dropna().between(0, 1).all()
    elif name == "meaning":
        assert list(frame.called) == ["@made1", "@made0", "@made2"]


def test_a_ranking_that_fails_is_left_out() -> None:
    """The list is as it was without it, and the fault is recorded under the plugin's name."""
    before = vetting.subjects(_fit_book()).tables["vetting.subjects"].frame
    added = Ranking("meaning", "By meaning", lambda brief, texts: 1 / 0)
    with plugin_with(creatorbook_rankings=[added]):
        after = vetting.subjects(_fit_book()).tables["vetting.subjects"].frame
        assert faults_of("creatorbook_rankings") == ["ZeroDivisionError: division by zero"]
    assert after.equals(before)


@given(st.lists(st.text(max_size=30), max_size=12), st.text(max_size=30))
def test_brand_fit_answers_for_any_text(texts: list[str], brief: str) -> None:
    """Whatever people write, there is a row for each text, and a figure is between 0 and 1."""
    fits = vetting.brand_fit(brief, pd.Series(texts, dtype=object))
    assert len(fits) == len(texts)
    assert fits.score.dropna().between(0, 1 + 1e-9).all()


def test_shared_people_are_counted_once_per_pair() -> None:
    """Two accounts with the same thirty people under them share all; one with fewer commenters is left out."""
    rows = [(f"made{k}", f"p{number}") for k in (0, 1) for number in range(30)] + [("made2", "p1")]
    comments = pd.DataFrame(rows, columns=["handle", "commenter"]).assign(
        platform="instagram", post_id="x", text="hi"
    )
    pairs = shared_commenters(_book(creators=_creators(3), comments=comments))
    assert pairs[["shared", "smaller", "share"]].to_numpy().tolist() == [[30, 30, 1.0]]


def test_moods_read_emoji_and_leave_the_rest_unread() -> None:
    """A heart is warm, a thumb down is cold, both cancel out, and words alone are not read."""
    read = emoji_moods(pd.Series(["so good ❤️", "👎", "❤️ 👎", "what size?", None]))
    assert read.tolist()[:3] == [1, -1, 0]
    assert read.isna().tolist() == [False, False, False, True, True]


#: emoji people use most, by hand and in about that order, most frequent first (names in the Unicode standard)
FREQUENT = """
FACE WITH TEARS OF JOY|HEAVY BLACK HEART|BLACK HEART SUIT|SMILING FACE WITH HEART-SHAPED EYES|LOUDLY CRYING FACE
FACE THROWING A KISS|SMILING FACE WITH SMILING EYES|OK HAND SIGN|TWO HEARTS|CLAPPING HANDS SIGN|FIRE
GRINNING FACE WITH SMILING EYES|WHITE HEART SUIT|THUMBS UP SIGN|PERSON WITH FOLDED HANDS|WEARY FACE|VICTORY HAND
SMIRKING FACE|WINKING FACE|PERSON RAISING BOTH HANDS IN CELEBRATION|SEE-NO-EVIL MONKEY|FLEXED BICEPS|DANCER
SMILING FACE WITH OPEN MOUTH AND SMILING EYES|SMILING FACE WITH OPEN MOUTH|PENSIVE FACE|SPARKLES|HUNDRED POINTS SYMBOL
PARTY POPPER|BLUE HEART|PURPLE HEART|FACE SCREAMING IN FEAR|FACE WITH STUCK-OUT TONGUE AND WINKING EYE|CHERRY BLOSSOM
FLUSHED FACE|BLACK SUN WITH RAYS|SMILING FACE WITH SUNGLASSES|CRYING FACE|KISS MARK|FACE SAVOURING DELICIOUS FOOD
SPEAK-NO-EVIL MONKEY|SLEEPING FACE|MULTIPLE MUSICAL NOTES|RELIEVED FACE|YELLOW HEART|GREEN HEART|DISAPPOINTED FACE
SMILING FACE WITH OPEN MOUTH AND TIGHTLY-CLOSED EYES|TIRED FACE|SMILING FACE WITH OPEN MOUTH AND COLD SWEAT|FISTED HAND SIGN
SKULL|GRINNING FACE|KISSING FACE WITH CLOSED EYES|SMILING CAT FACE WITH HEART-SHAPED EYES|EYES|HEART WITH ARROW
HOT BEVERAGE|WAVING HAND SIGN|CONFETTI BALL|CONFUSED FACE|BROKEN HEART|SPARKLING HEART|GROWING HEART|REVOLVING HEARTS
UNAMUSED FACE|POUTING FACE|ANGRY FACE|THUMBS DOWN SIGN|PILE OF POO|CROWN|WRAPPED PRESENT|BALLOON|TROPHY|GLOWING STAR
ROSE|HIBISCUS|SUN WITH FACE|CLINKING BEER MUGS|RIBBON|BIRTHDAY CAKE|MUSICAL NOTE|GEM STONE|WHITE MEDIUM STAR
"""


def test_most_of_the_emoji_that_people_use_are_read() -> None:
    """Of the frequent ones nine in ten; weighed by one over their rank, as such things fall off, at least 80 %."""
    names = [name for line in FREQUENT.split("\n") for name in line.split("|") if name]
    read = emoji_moods(pd.Series([lookup(name) for name in names])).notna().to_numpy()
    weight = 1 / np.arange(1, len(names) + 1)
    assert read.mean() >= 0.9
    assert weight[read].sum() / weight.sum() >= 0.8


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("\u2665", 1), ("\u2665\ufe0f", 1), ("\u2665\ufe0e", 1), ("\u2764", 1), ("\u2764\ufe0f", 1),  # hearts as text and picture
        ("\U0001f44d\U0001f3ff", 1), ("\U0001f44e\U0001f3fb", -1), ("\U0001f4aa\U0001f3fd\U0001f3fd", 1),  # skin tones
        ("\U0001f645\U0001f3fe\u200d\u2640\ufe0f", -1), ("\U0001f646\u200d\u2642\ufe0f", 1), ("\U0001f926\u200d\u2640", -1),  # women and men
        ("\u2764\ufe0f\u200d\U0001f525", 1), ("\U0001f469\u200d\u2764\ufe0f\u200d\U0001f468", 1),  # heart on fire, couple
        ("\u2764\ufe0f\u200d\U0001fa79", None), ("\U0001f43b\u200d\u2744\ufe0f", None),  # mending heart, polar bear
        ("\U0001f3f3\ufe0f\u200d\U0001f308", None), ("\U0001f468\u200d\U0001f3a4", None),  # a flag, a singer
        ("\U0001f62d", None), ("\U0001f480", None), ("\U0001f440", None), ("\U0001f622", None),  # used both ways
        ("wundersch\u00f6n", None), ("\U0001f469\u200d\u2764\ufe0f", None),
    ],
)  # fmt: skip
def test_an_emoji_is_read_in_all_its_looks_and_never_by_its_parts(text: str, sign: int | None) -> None:
    """Variation selectors, skin tones, women and men change nothing; what is joined stands for itself."""
    (read,) = emoji_moods(pd.Series([text]))
    assert (None if pd.isna(read) else read) == sign


def test_no_emoji_has_two_signs() -> None:
    """The pack's lists share nothing and hold one emoji each, without what is taken away before reading."""
    lists = {
        mood: [one for line in pack("moods")[mood].values() for one in line.split()]
        for mood in ("warm", "cold")
    }
    assert not set(lists["warm"]) & set(lists["cold"])
    for mood, emoji in lists.items():
        assert len(set(emoji)) == len(emoji)
        assert emoji_moods(pd.Series(emoji)).eq(1 if mood == "warm" else -1).all()
    assert len(lists["warm"]) + len(lists["cold"]) > 190


def test_the_page_says_how_many_comments_its_mood_rests_on() -> None:
    """Thirty comments with an emoji that is read, five with another, fifteen with none."""
    texts = ["so good \u2764"] * 30 + ["\U0001f480"] * 5 + ["what size is it"] * 15
    comments = pd.DataFrame({"text": texts}).assign(handle="made0", platform="instagram", post_id="x")
    shown = moods(_book(creators=_creators(1), comments=comments))
    (note,) = [note for note in shown.notes if note.kind == "caution"]
    text = written(note.text, Formats())
    assert text.startswith("Of 50 comments 30 hold an emoji that is read (60")
    assert "5 only others, and 15 none" in text


def _reviewed() -> Book:
    reviews = pd.DataFrame(
        [
            ("made0", "Ana", 4, 5, 3),
            ("made0", "Bo", 5, 2, 3),
            ("made1", "Ana", 1, np.nan, 2),
        ],
        columns=["handle", "reviewer", "style", "values", "authenticity"],
    ).assign(platform="instagram", reviewed_on=pd.Timestamp("2026-02-01"))
    return _book(creators=_creators(3, fee=[100.0, 200.0, np.nan]), reviews=reviews)


def test_reviewers_are_told_where_they_differ() -> None:
    """One point apart is the same view, three are not; a mark of one person alone says nothing about agreement."""
    pairs = agreements(_reviewed())
    assert pairs[["what", "agreed"]].to_numpy().tolist() == [
        ["values", False],
        ["authenticity", True],
        ["style", True],
    ]
    found = vetting.reviewers(_reviewed())
    assert "agreed on 2 of 3" in found.notes[0].text
    assert found.tables["vetting.disagreements"].frame.creator.tolist() == ["@made0"]


def test_two_decisions_on_one_account_are_compared() -> None:
    """Each person's last word counts."""
    decisions = pd.DataFrame(
        [
            ("2026-02-01", "made0", "Shortlist", "Ana"),
            ("2026-02-02", "made0", "Not this time", "Bo"),
            ("2026-02-03", "made0", "Shortlist", "Bo"),
        ],
        columns=["date", "handle", "decision", "by"],
    ).assign(reason="fair price for what we know", note="")
    decisions["date"] = pd.to_datetime(decisions["date"])
    book = replace(_book(creators=_creators(1)), decisions=decisions)
    assert agreements(book)[["what", "agreed"]].to_numpy().tolist() == [["decision", True]]


def _scored(book: Book, **choice: Any) -> Book:
    return replace(book, client=book.client.model_copy(update={"score": Score(**choice)}))


def test_there_is_no_score_unless_it_is_asked_for() -> None:
    """By default neither a figure nor a line on the card."""
    assert scoring.scores(_reviewed()).empty
    assert "Score." not in (vetting.card(_reviewed(), "made0").html or "")


@pytest.mark.parametrize(
    ("setting", "says"),
    [("", "No score: “score:” in client.yml switches one on"), ("score: {preset: sales}\n", "Of no account half of what")],
    ids=["off", "on"],
)  # fmt: skip
def test_a_report_has_no_score_that_nobody_asked_for(tmp_path: Path, setting: str, says: str) -> None:
    """What a report runs of notebook 02 asks the client's settings; other weights are tried in the notebook alone."""
    folder = shutil.copytree(SAMPLE_DATA / "northpin", tmp_path / "northpin")
    with (folder / "client.yml").open("a", encoding="utf-8") as settings:
        settings.write(setting)
    asked = {"client": str(folder), "campaign": None, "stage": "plan", "mode": "report"}
    findings = run_cells(NOTEBOOKS / "02_vetting.ipynb", **asked)
    assert not [key for each in findings for key in each.tables if key.startswith("vetting.score")]
    assert [text for each in findings for text in map(str, each.written) if says in text]
    assert not [text for each in findings for text in map(str, each.written) if "Weights:" in text]


def test_a_missing_part_is_shown_and_never_scored_as_zero() -> None:
    """An account known by style alone gets its style, not its style thinned by zeros."""
    book = _scored(_reviewed(), weights={"style": 3, "values": 1})
    scores = scoring.scores(book)
    assert scores.loc["instagram/made1", "score"] == 0
    assert scores.loc["instagram/made1", "missing"] == ("values",)
    assert scores.loc["instagram/made0", "score"] == pytest.approx(
        100 * (0.75 * 0.875 + 0.25 * 0.625), abs=0.6
    )
    assert "instagram/made2" not in scores.index
    assert "rank 1–1 of 2" in (vetting.card(book, "made0").html or "")


def test_where_marks_differ_the_place_is_a_range() -> None:
    """Two accounts whose reviewers disagree widely can take either place."""
    reviews = pd.DataFrame(
        [("made0", "Ana", 1), ("made0", "Bo", 5), ("made1", "Ana", 2), ("made1", "Bo", 5)],
        columns=["handle", "reviewer", "style"],
    ).assign(platform="instagram", reviewed_on=pd.Timestamp("2026-02-01"))
    scores = scoring.scores(_scored(_book(creators=_creators(2), reviews=reviews), weights={"style": 1}))
    assert scores["first"].tolist() == [1, 1]
    assert scores["last"].tolist() == [2, 2]


def test_weights_must_be_known_and_not_all_zero() -> None:
    """A misspelt part or weights that add up to nothing are refused."""
    with pytest.raises(ValueError, match="weights"):
        Score(weights={"beauty": 1})  # type: ignore[dict-item]
    with pytest.raises(ValueError, match="above 0"):
        Score(weights={"style": 0})


def test_lists_leave_nobody_out_and_no_formula_in() -> None:
    """Every account stands in one of three lists or in the open one; a handle that looks like a formula is text."""
    decisions = pd.DataFrame(
        [("made0", "Shortlist", "=cmd()"), ("made1", "Not this time", ""), ("made2", "Ask for more", "")],
        columns=["handle", "decision", "note"],
    ).assign(date=pd.Timestamp("2026-02-01"), reason="fair price for what we know", by="Ana")
    book = replace(_book(creators=_creators(5)), decisions=decisions)
    by_name = decision_lists(book)
    parted = pd.concat([by_name[name] for name in ("shortlist.csv", "not-this-time.csv", "open.csv")])
    assert sorted(parted.index) == [f"instagram/made{k}" for k in (0, 1, 3, 4)]
    assert set(by_name["outreach.csv"].index) == {"instagram/made0", "instagram/made2"}
    written = pd.read_csv(io.BytesIO(decision_files(book)["shortlist.csv"]))
    assert written.note.tolist() == ["'=cmd()"]


def test_earlier_paid_posts_are_counted_by_their_label() -> None:
    """Two of three posts that the export marks as paid, before the campaign, say so at the beginning."""
    captions = ["Anzeige | neuer Mantel", "neuer Mantel", "Werbung: neuer Mantel", "mein Tag"]
    posts = _posts("made0", [0.05] * 4).assign(
        caption=captions,
        sponsored=[True, True, True, False],
        published_at=pd.date_range("2026-01-01", periods=4),
    )
    book = _book(creators=_creators(1, country="DE", language="de"), posts=posts)
    assert label_history(book)[["labelled", "of"]].to_numpy().tolist() == [[2, 3]]


def test_what_a_week_carries_over_is_measured_and_widens_the_range() -> None:
    """Series that carry over 0.3 are recognised, white ones are not, and the range of alike posts is wider."""
    random = np.random.default_rng(11)
    white = random.normal(0, 1, (60, 12))
    alike = white.copy()
    for post in range(1, 12):
        alike[:, post] = 0.3 * alike[:, post - 1] + np.sqrt(0.91) * alike[:, post]
    assert carry_over(list(alike)) == pytest.approx(0.3, abs=0.1)
    assert carry_over(list(white)) < 0.1
    plain, wider = median_interval(range(8)), median_interval(range(8), carry=0.3)
    assert plain == (1, 6)
    assert wider == (0, 7)
    assert median_interval(range(5), carry=0.4) is None


def test_marks_before_and_after_are_compared_by_the_same_person() -> None:
    """Kim marked twice, Jo only before: one line per scale of Kim's, and the fall comes first."""
    rows = [
        ("made0", "Kim", "2026-02-01", 4, 3),
        ("made0", "Kim", "2026-04-10", 2, 4),
        ("made0", "Jo", "2026-02-01", 5, 5),
    ]
    reviews = pd.DataFrame(rows, columns=["handle", "reviewer", "reviewed_on", "style", "values"])
    book = _book(creators=_creators(2), reviews=reviews.assign(platform="instagram"))
    shown = vetting.before_and_after(book).tables["vetting.before_after"].frame
    assert shown[["what", "reviewer", "before", "after"]].to_numpy().tolist() == [
        ["Style", "Kim", 4, 2],
        ["Values", "Kim", 3, 4],
    ]
    once = vetting.before_and_after(_book(creators=_creators(2)))
    assert "again after the campaign" in once.notes[0].text


def test_who_is_near_the_brand_is_told_by_mentions_and_by_the_list() -> None:
    """An unpaid mention and a buyer in the list are close to us; a paid mention is not."""
    posts = pd.concat([_posts("made0", [0.02] * 3), _posts("made1", [0.02] * 3)], ignore_index=True)
    posts["caption"] = ["my old testbrand coat", "tea", "sea", "testbrand #ad", "tea", "sea"]
    creators = _creators(3, source=["agency list", "agency list", "buys from the shop"])
    notes = [note.text for note in vetting.fit(_book(creators=creators, posts=posts)).notes]
    close = next(text for text in notes if text.startswith("Already close to us"))
    assert close == "Already close to us: @made0 (mentioned us in own posts); @made2 (buys from the shop)."
