"""Who is in an audience: sampled profiles, writers of comments, and vendors' figures under their names."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from books import make_book
from creatorbook import vetting
from creatorbook.book import Book
from creatorbook.opening import open_book
from creatorbook.vetting import sampled_audience
from creatorbook.vetting.vetting_card import sections
from panels import panel


def drawn(handle: str, n: int, odd: float, seed: int, judged: int = 0) -> pd.DataFrame:
    """Profiles of which a part is empty and follows many; the first ones were judged by a person."""
    random = np.random.default_rng(seed)
    empty = random.random(n) < odd
    return pd.DataFrame(
        {
            "handle": handle,
            "platform": "instagram",
            "followers": np.where(empty, random.integers(0, 30, n), random.lognormal(5.3, 1, n).round()),
            "followings": np.where(
                empty, random.lognormal(7.2, 0.5, n), random.lognormal(5.8, 0.8, n)
            ).round(),
            "posts": np.where(empty, 0, random.lognormal(3.5, 1, n).round()),
            "picture": random.random(n) > 0.6 * empty,
            "suspicious": [bool(mark) if place < judged else None for place, mark in enumerate(empty)],
        }
    )


def audience(*samples: pd.DataFrame, **tables: pd.DataFrame) -> Book:
    creators = pd.DataFrame(
        {
            "creator": ["a", "b"],
            "handle": ["a", "b"],
            "platform": "instagram",
            "followers": [20_000.0, 9_000.0],
        }
    )
    profiles = {"profiles": pd.concat(samples)} if samples else {}
    return make_book({"creators": creators, **profiles, **tables}, stage="plan", as_of=date(2026, 3, 1))


def on_audience(book: Book, account: str) -> str:
    """What the card says of an account's audience."""
    return str(sections(book, account)[3].written(book.formats).text)


def test_judged_profiles_give_a_share_that_holds_the_truth() -> None:
    """100 profiles each, half of them judged: 10 % and 40 % lie in their ranges, and the grade is estimated."""
    found = sampled_audience.shares(audience(drawn("a", 100, 0.1, 1, 100), drawn("b", 100, 0.4, 2, 100)))
    assert found.grade.tolist() == ["estimated"] * 2
    assert (found.low <= [0.1, 0.4]).all()
    assert (found.high >= [0.1, 0.4]).all()


def test_without_judged_profiles_the_errors_are_assumed_and_ranges_wider() -> None:
    """The same sample without marks is told as assumed, and its range is wider."""
    marked = sampled_audience.shares(audience(drawn("a", 200, 0.2, 3, 200))).iloc[0]
    plain = sampled_audience.shares(audience(drawn("a", 200, 0.2, 3))).iloc[0]
    assert plain.grade == "assumed"
    assert plain.high - plain.low > marked.high - marked.low


def test_few_profiles_cannot_tell() -> None:
    """Twelve profiles give no share, and the table says why."""
    shown = vetting.audience_quality(audience(drawn("a", 12, 0.5, 4))).tables["vetting.audience_quality"]
    assert shown.frame.share.isna().all()
    assert "30 are needed" in shown.frame.why[0]


def test_writers_of_comments_are_told_apart_from_followers() -> None:
    """A sample of those who comment stands in a line of its own, with what it does not say."""
    book = audience(drawn("a", 60, 0.1, 5), drawn("a", 60, 0.1, 6).assign(drawn_from="Commenters"))
    assert sorted(sampled_audience.shares(book).drawn_from) == ["commenters", "followers"]
    assert any("silent part" in note.text for note in vetting.audience_quality(book).notes)


def test_a_vendors_share_stands_under_its_name_and_definition() -> None:
    """A vendor's figure is shown with what the vendor means; a figure nobody signs is told as such."""
    rows = [
        ("a", "audience quality", "suspicious", 0.18, "HypeAuditor"),
        ("b", "credibility", "real", 0.8, None),
    ]
    figures = pd.DataFrame(rows, columns=["handle", "dimension", "segment", "share", "source"])
    book = audience(audience=figures.assign(platform="instagram"))
    shown = vetting.audience_quality(book).tables["vetting.vendor_quality"].frame
    assert "1,500" in shown.definition[0]
    assert shown.source[1] == "vendor not given"
    assert "HypeAuditor calls 18% suspicious" in on_audience(book, "instagram/a")


def test_the_card_tells_a_sample_where_there_is_one() -> None:
    """The paragraph on the audience tells the share with its range; without a sample it says nothing of it."""
    text = on_audience(audience(drawn("a", 100, 0.1, 1, 100)), "instagram/a")
    assert "Of 100 followers looked at" in text
    assert "look unused" not in on_audience(panel(), "instagram/maker01")


def test_nothing_drawn_says_what_would_do_it() -> None:
    """Without samples and vendors one sentence names the sheet."""
    assert "sheet of sampled profiles" in vetting.audience_quality(audience()).notes[0].text


CLIENT = "brand: T\ncurrency: EUR\nmarket: DE\nprices_include_tax: true\ntax_rate: 0.19\n"
CAMPAIGN = "goal: sales\nbudget: 1000\nstart: 2026-03-02\nend: 2026-03-29\n"
FILES = {
    "creators.csv": "creator,handle,platform,followers\na,a,instagram,20000\n",
    "comments.csv": "handle,platform,post id,text,commenter,commented at,commenter followers,commenter posts,commenter bio,"
    "commenter picture,commenter joined\n"
    "a,instagram,p1,where is the hem?,ann_1,2026-02-01 10:00,120,40,Reads and knits,https://img.example/1.jpg,2020-02-01\n"
    "a,instagram,p2,and the belt?,ann_1,2026-02-03 10:00,121,41,Reads and knits,https://img.example/1.jpg,2020-02-01\n"
    "a,instagram,p1,nice,x99,2026-02-01 11:00,0,0,,no,2026-01-30\n",
    "sample.csv": "audience of,platform,username,followers,following,posts,bio,profile picture\n"
    "@a,Instagram,user48213,3,900,0,,no\n@a,Instagram,ida.k,200,180,55,Ida · Kiel,yes\n",
}


@pytest.fixture
def book(tmp_path: Path) -> Book:
    (tmp_path / "exports").mkdir()
    (tmp_path / "campaigns").mkdir()
    (tmp_path / "client.yml").write_text(CLIENT)
    (tmp_path / "campaigns" / "spring.yml").write_text(CAMPAIGN)
    for name, text in FILES.items():
        (tmp_path / "exports" / name).write_text(text)
    return open_book(str(tmp_path), None, "plan", "explore", None)


def test_accounts_in_a_comments_file_become_profiles_of_its_writers(book: Book) -> None:
    """Each writer once, with words, age in days and picture; an empty biography in a filled column is none."""
    found = book.tables.profiles.set_index(["drawn_from", "followers"])
    writers = found.loc["commenters"]
    assert writers.index.tolist() == [120, 0]
    assert writers.biography_words.tolist() == [3, 0]
    assert writers.picture.tolist() == [True, False]
    assert writers.age_days.tolist() == [2192, 2]
    assert len(book.tables.comments) == 3


def test_a_sample_keeps_counts_and_no_names(book: Book) -> None:
    """The digits of a name are counted; neither name nor text stands in any table."""
    sample = book.tables.profiles
    sample = sample[sample.drawn_from.isna()]
    assert sample.handle.tolist() == ["a", "a"]
    assert sample.digits.round(2).tolist() == [0.56, 0.0]
    assert sample.biography_words.tolist() == [0, 2]
    assert not sample.astype(str).apply(lambda column: column.str.contains("ida|user4|Kiel")).any().any()
