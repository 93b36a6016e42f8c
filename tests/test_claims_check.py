"""Product claims: what needs proof is found in brief, drafts and captions, and what is proven is left alone."""

from datetime import date
from typing import Any

import pandas as pd
import pytest

from books import make_book
from creatorbook import tracking
from creatorbook.book import Book
from creatorbook.findings import say, written
from creatorbook.findings.formats import Formats
from creatorbook.packs import pack
from creatorbook.problems import Problem
from creatorbook.tracking.claims_check import old_claim_rules, passages, rules_for, to_fix

FIELDS = pack("claims")["fields"]


def _book(*captions: str, stage: str = "pulse", **campaign: Any) -> Book:
    posts = pd.DataFrame(
        {
            "post_id": [str(i) for i in range(len(captions))],
            "handle": "ole",
            "platform": "instagram",
            "format": "reel",
            "caption": [f"Werbung {text} mit OLE10" for text in captions],
            "permalink": [f"https://posts.example/{i}" for i in range(len(captions))],
            "published_at": pd.Timestamp("2026-03-10 18:05"),
        }
    )
    creators = pd.DataFrame(
        [{"creator": "Ole", "handle": "ole", "platform": "instagram", "followers": 9000, "code": "OLE10"}]
    )
    tables = {"creators": creators, **({"posts": posts} if captions else {})}
    return make_book(tables, campaign=campaign, stage=stage, as_of=date(2026, 3, 16))


def test_every_word_of_the_pack_is_found() -> None:
    """Each word of each field is found in a caption, as hashtag too."""
    for field, row in FIELDS.items():
        for words in row["words"].values():
            for word in words:
                text = f"Our coat: {word.replace('*', '')}, really"
                assert [one.field for one in passages(text)] == [field], word
                assert passages(text.replace(": ", ": #")), word


@pytest.mark.parametrize(
    "text", ["green coat", "economy", "@eco my coat", "shop.example/eco", "My skin, my climate", "secure"]
)
def test_words_that_only_look_alike_do_not_count(text: str) -> None:
    """A colour, a part of a word, a handle or an address makes no claim."""
    assert not passages(text)


def test_every_rule_has_source_date_and_text() -> None:
    """No rule stands in the pack without where it comes from and since when it holds."""
    for row in FIELDS.values():
        for rule in row["rules"].values():
            assert rule["source"]
            assert rule["text"]
            assert rule["instrument"]
            assert isinstance(rule["from"], date)
            assert isinstance(rule["dated"], date)


def test_the_directive_on_green_claims_counts_from_its_day_on() -> None:
    """Before 27 September 2026 the day is named; afterwards it is simply the rule."""
    before, after = date(2026, 9, 26), date(2026, 9, 27)
    assert "from 27 Sept 2026" in written(rules_for("green", ("DE",), before)[0], Formats())
    assert "from 2026" not in written(rules_for("green", ("DE",), after)[0], Formats())
    nothing = say("no rule in the pack for these markets: ask counsel")
    assert rules_for("green", ("CH",), after) == [nothing]


def test_a_green_word_in_a_caption_stands_on_the_weekly_page() -> None:
    """Who, when, the words, and what to do."""
    told = tracking.check_claims(_book("so nachhaltig", "nur schön"))
    [note] = [note for note in told.notes if note.slot == "pulse.labels"]
    assert "@ole" in note.text
    assert "“nachhaltig”" in note.text
    row = told.tables["tracking.claims"].frame.iloc[0]
    assert row["permalink"] == "https://posts.example/0"
    assert "2024/825" in row["why"]


def test_a_proven_claim_may_be_said_in_its_words_and_markets_only() -> None:
    """An allowed wording with proof covers the passage; without proof, in other words or markets it does not."""
    claim = {
        "claim": "organic cotton",
        "proof": "GOTS certificate 2026",
        "words": ["GOTS-certified organic cotton"],
    }
    texts = ("GOTS certified organic cotton", "organic and lovely")
    found = to_fix(_book(*texts, brief={"claims": [claim]}))
    assert list(found.loc[found["place"] == "post", "permalink"]) == ["https://posts.example/1"]
    for changed in ({"proof": ""}, {"markets": ["GB"]}):
        found = to_fix(_book(*texts, brief={"claims": [claim | changed]}))
        assert len(found[found["place"] == "post"]) == 2


def test_brief_and_drafts_are_looked_at_too() -> None:
    """A health claim in a key message and a word the brief itself asks to leave out, in a draft."""
    book = _book(
        stage="plan",
        brief={"key_messages": ["heals in a week"], "must_avoid": ["shapewear"]},
        drafts=[{"handle": "@Ole", "text": "Werbung: my new shapewear"}],
    )
    found = to_fix(book)
    assert list(zip(found["place"], found["words"], strict=True)) == [
        ("draft", "shapewear"),
        ("brief", "heals"),
    ]
    assert tracking.check_claims(book).figures["tracking.claims_to_fix"].value == 2


def test_a_claim_without_proof_is_asked_for() -> None:
    """A line of text is a claim too; its proof is asked for, not invented."""
    told = tracking.check_claims(_book(stage="plan", brief={"claims": ["linen from Europe"]}))
    assert any("Name the proof" in note.text for note in told.notes)
    assert told.tables["tracking.claims_list"].frame["proof"].iloc[0] == "not tied to this product claim yet"


def test_claims_are_not_legal_advice_and_old_rules_warn() -> None:
    """Where a person reads them, it says so; rules reviewed long ago say that too."""
    assert any("Not legal advice" in note.text for note in tracking.check_claims(_book("x")).notes)
    assert old_claim_rules(pack("claims")["reviewed"]) is None
    assert "last reviewed" in written(old_claim_rules(date(2028, 1, 1)), Formats())


def test_drafts_are_checked_for_their_label() -> None:
    """A draft without the label word is told before it is posted; a stranger's draft is named."""
    book = _book(stage="plan", drafts=[{"handle": "ole", "text": "Mein neuer Mantel von der Marke"}])
    row = tracking.check_labels(book).tables["tracking.draft_labels"].frame.iloc[0]
    assert row["verdict"] == "not found"
    assert row["todo"]
    with pytest.raises(Problem, match="@eve is not in the creators list"):
        tracking.check_labels(_book(stage="plan", drafts=[{"handle": "eve", "text": "x"}]))


def test_the_evidence_log_names_post_and_time() -> None:
    """Every checked post with permalink, hour and the word seen."""
    log = tracking.check_labels(_book("so schön")).tables["tracking.evidence"].frame.iloc[0]
    assert log["permalink"] == "https://posts.example/0"
    assert log["time"] == "18:05"
    assert log["word"] == "Werbung"
