"""Advertising in comments by rules alone, on made-up comments in six languages, beside plain patterns anyone would write."""

from __future__ import annotations

from pathlib import Path
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

import pandas as pd
import pytest
import yaml
from sklearn.metrics import roc_auc_score

from creatorbook.packs import pack
from creatorbook.text.markup import without_markup
from creatorbook.vetting import found_signals
from creatorbook.vetting.comment_quality import advertising_points, advertising_reasons, comment_quality
from panels import panel

LABELLED = yaml.safe_load(Path(__file__).with_name("labelled_comments.yml").read_text(encoding="utf-8"))

#: what anyone would look for first, in the same six languages; one point each, and one is advertising
PLAIN = {
    "link": r"https?://|www\.|<a href|\.com\b|link in|lien dans|link en|link na|link nella",
    "check out": r"check (?:it |this |me )?out|look at|watch this|schaut? |venez voir|allez voir|mira|guardat|olha",
    "subscribe": r"subscribe|abonnier|abonne[zr]?[ -]|suscr[ií]b|iscriv|inscrev",
    "my channel": r"my (?:channel|page|video|song|music|profile)|mein\w* (?:kanal|profil|seite|video)|ma (?:chaîne|page|vidéo)|mon (?:profil|compte)|mi (?:canal|perfil|página|tienda)|mi[oa] (?:canale|profilo|pagina|video)|meu (?:canal|perfil)|minha",
    "free": r"\bfree\b|kostenlos|gratuit|gratis|grátis",
    "follow me": r"follow me|folgt? mir|suivez|s[ií]gueme|seguimi|me segue",
    "like": r"please like|like and share|bitte liken|likez|dale like|mettete mi piace|curtam",
    "money": r"\$\s?\d|\d\s?[€$]|earn|verdien|gagne|gana |guadagn|ganhe",
}


def labelled() -> pd.DataFrame:
    """All made-up comments: text, language, advertising."""
    rows = [
        (text, language, kind == "advertising")
        for kind, languages in LABELLED.items()
        for language, texts in languages.items()
        for text in texts
    ]
    return pd.DataFrame(rows, columns=["text", "language", "advertising"])


def test_rules_tell_more_than_plain_patterns_in_every_language() -> None:
    """The order of points, and what is found and wrongly accused: never behind the patterns beside them."""
    frame = labelled()
    frame["rules"] = advertising_points(frame.text)
    frame["plain"] = sum(
        frame.text.str.lower().str.contains(pattern, regex=True).astype(int) for pattern in PLAIN.values()
    )
    for language, part in frame.groupby("language"):
        rules, plain = (roc_auc_score(part.advertising, part[name]) for name in ("rules", "plain"))
        assert rules >= plain, language
        assert rules >= 0.97, language
    advertising, genuine = frame[frame.advertising], frame[~frame.advertising]
    assert (advertising.rules >= 2).mean() >= 0.95 > (advertising.plain >= 1).mean()
    assert (genuine.rules >= 2).sum() <= 2 < (genuine.plain >= 1).sum()


def test_every_comment_that_is_called_advertising_is_told_why() -> None:
    """In words of the pack, none of which says who wrote it."""
    found = comment_quality(labelled().text)
    why = found.evidence[found.kind == "advertising"]
    assert why.str.match(r"advertising points \d+, \w").all()
    assert advertising_reasons("SUBSCRIBE plz") == [
        "asks to be subscribed to or followed",
        "asks readers to do something",
    ]
    assert advertising_reasons("https://bit.example/9xk2") == ["is a link and nothing else", "holds a link"]
    assert advertising_reasons("the hem sits well") == []


def test_a_signal_says_what_the_advertising_mostly_does() -> None:
    """Forty comments under four posts, ten of which ask for subscriptions."""
    texts = ["Please subscribe to my channel"] * 10 + ["The hem of the green one sits well"] * 30
    comments = pd.DataFrame({"text": texts, "post_id": [f"p{n % 4}" for n in range(40)]})
    book = panel(
        accounts=1, comments=comments.assign(handle="maker00", platform="instagram", by_creator=False)
    )
    (saw,) = [text for _, signal, text in found_signals._generic(book) if signal == "spam_comments"]
    assert (
        "10 of 40 comments advertise something: such a comment mostly asks to be subscribed to or followed."
        in (saw.write(book.formats))
    )


@pytest.mark.parametrize(
    ("saved", "seen"),
    [
        ("&quot;so soft&quot; &lt;3 &amp; warm", '"so soft" <3 & warm'),
        ('<a href="https://x.example/a?b=1&amp;c=2">https://x.example/a…</a>', "https://x.example/a?b=1&c=2"),
        ('<a href="https://x.example/w?t=9">2:31</a> is my favourite', "2:31 is my favourite"),
        ("one<br>two <b>three</b>", "one two  three"),
        ("I <3 this & that", "I <3 this & that"),
        ("5 < 7 > 3", "5 < 7 > 3"),
    ],
)
def test_comments_saved_as_html_are_read_as_people_see_them(saved: str, seen: str) -> None:
    """Entities, tags and links; a missing comment stays missing."""
    assert without_markup(pd.Series([saved, None])).tolist()[0] == seen
    assert without_markup(pd.Series([saved, None])).isna().tolist() == [False, True]


@pytest.mark.parametrize(
    "text",
    [
        "@." * 2000,
        "schau" * 4000 + "!",
        "a-" * 5000,
        "<a href=" * 3000,
        "check out " * 2000,
        "@a" * 5000 + " b",
    ],
    ids=lambda text: text[:6],
)
def test_hostile_comments_are_read(text: str) -> None:
    """Repeats that would keep a rule with an open end busy for hours; each is judged like any other comment."""
    assert len(comment_quality(pd.Series([text, "so soft"]))) == 2


def _repeats(parsed: Any) -> list[Any]:
    """The upper ends of all repeats in a parsed pattern."""
    ends: list[Any] = []
    for kind, value in parsed:
        if kind in (_constants.MAX_REPEAT, _constants.MIN_REPEAT):
            ends.append(value[1])
        parts = value if isinstance(value, (tuple, list)) else [value]
        for part in parts:
            branches = part if isinstance(part, list) else [part]
            ends += [end for one in branches if isinstance(one, _parser.SubPattern) for end in _repeats(one)]
    return ends


@pytest.mark.parametrize("kind", ["spam", "hints"])
def test_every_repeat_of_a_rule_has_an_end(kind: str) -> None:
    """So that the time a comment takes grows with its length and no faster."""
    patterns = [pattern for entry in pack("comment_words")[kind] for pattern in entry["patterns"]]
    assert len(patterns) >= 30
    for pattern in patterns:
        assert max(_repeats(_parser.parse(pattern)), default=0) <= 2000, pattern
    assert _repeats(_parser.parse(r"a(?:b|c\w*)")) == [_constants.MAXREPEAT]
