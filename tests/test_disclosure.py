"""Disclosure: every rule of the pack, every “not enough”, every combination with an answer and a source."""

import csv
from datetime import date

import pytest
from typer.testing import CliRunner

from creatorbook.cli import app
from creatorbook.findings import written
from creatorbook.findings.formats import Formats
from creatorbook.packs import pack
from creatorbook.problems import Problem
from creatorbook.tracking.disclosure import (
    Label,
    check_text,
    compile_label,
    conflicts_among,
    languages_in,
    market_language,
    old_label_rules,
    refused_in,
    rule_of,
    whole_table,
)

RULES = pack("disclosure")
KINDS = ("picture", "story", "video", "live")
LANGUAGE = {"US": "en", "GB": "en", "DE": "de", "FR": "fr", "AU": "en", "IN": "en", "EU": "nl"}
MARKET = {row: row for row in LANGUAGE} | {"EU": "NL"}

NOT_ENOUGH = [
    (row, one["what"], one["kind"]) for row in LANGUAGE for one in RULES["jurisdictions"][row]["not_enough"]
]


def _label(row: str, **told: str) -> Label:
    return compile_label([MARKET[row]], LANGUAGE[row], **{"benefit": "fee", **told})


def _late(word: str) -> str:
    return "What I wore this week and why it stays in my wardrobe for the summer, honestly. " * 3 + word


@pytest.mark.parametrize(("row", "what", "kind"), NOT_ENOUGH)
def test_each_not_enough_is_refused(row: str, what: str, kind: str) -> None:
    """A post with nothing but what a market calls not enough is not found to be labelled there."""
    label = _label(row)
    word = label.accepted[0][0]
    text = {
        "word": f"{what} my new coat",
        "late": _late(word),
        "hashtags": f"My new coat #look #coat #{word.removeprefix('#').replace(' ', '')} #daily",
        "place": "My new coat",
        "mention": "My new coat @brand",
        "tool": "My new coat",
    }[kind]
    found = check_text(text, label, "instagram", switch_on=kind == "tool")
    assert not found.fine
    assert found.todo
    assert any(one.what == what and one.why for one in label.refused)


@pytest.mark.parametrize("row", LANGUAGE)
def test_each_accepted_word_is_found(row: str) -> None:
    """Every word that a market accepts is found at the beginning of a caption, as hashtag or not."""
    label = _label(row)
    for word in label.accepted[0]:
        assert check_text(f"{word}: my new coat", label, "instagram").verdict == "found", word
        assert check_text(f"{word.upper()} | my new coat", label, "tiktok").verdict == "found", word


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ("US", "Ad"),
        ("GB", "Ad"),
        ("DE", "Werbung"),
        ("FR", "Publicité"),
        ("AU", "Ad"),
        ("IN", "Ad"),
        ("EU", "Advertentie"),
    ],
)
def test_the_word_of_each_market(row: str, word: str) -> None:
    """Each market has its word."""
    assert _label(row).words == (word,)


def test_gifts_say_their_kind_where_the_rule_offers_it() -> None:
    """In the UK a gift reads “Ad – Gifted”; `gifted` alone is refused there and in Australia."""
    assert compile_label(["GB"], "en", "gift").words == ("Ad – Gifted",)
    assert compile_label(["GB"], "en", "experience").words == ("Ad – PR trip",)
    for market in ("GB", "AU", "DE", "FR"):
        label = compile_label([market], LANGUAGE[market], "gift")
        assert check_text("gifted: my new coat", label).verdict == "wrong word"
    assert check_text("Ad – Gifted: my new coat", compile_label(["GB"], "en", "gift")).verdict == "found"


def test_paid_partnership_is_fine_in_australia_and_not_enough_in_the_uk_and_us() -> None:
    """The conflict of one word in three markets is encoded."""
    text = "Paid partnership with a brand"
    assert check_text(text, _label("AU")).verdict == "found"
    assert check_text(text, _label("GB")).verdict == "wrong word"
    assert check_text(text, _label("US")).verdict == "wrong word"


def test_english_hashtags_are_risky_in_germany() -> None:
    """`#ad` is fine in English-speaking markets and refused in a German post."""
    assert all(check_text("#ad my coat", _label(row)).verdict == "found" for row in ("US", "GB", "AU", "IN"))
    assert check_text("#ad mein Mantel", _label("DE")).verdict == "wrong word"


def test_collaboration_works_in_india_and_in_full_in_france_only() -> None:
    """“collaboration” fails in the European sweep, is accepted in India, and needs “commerciale” in France."""
    assert check_text("collaboration: my coat", _label("IN")).verdict == "found"
    assert check_text("collaboration: my coat", _label("EU")).verdict == "wrong word"
    assert check_text("collaboration : mon manteau", _label("FR")).verdict == "wrong word"
    assert check_text("Collaboration commerciale : mon manteau", _label("FR")).verdict == "found"
    assert check_text("Collaboration commerciale", _label("DE")).verdict != "found"


@pytest.mark.parametrize(
    ("row", "kind", "wanted"),
    [
        ("US", "picture", "before any tap on “more”"),
        ("US", "story", "on the picture itself"),
        ("US", "video", "in the picture of the video"),
        ("US", "live", "repeated for people who join later"),
        ("GB", "picture", "first words"),
        ("GB", "story", "every frame"),
        ("DE", "picture", "first words"),
        ("DE", "story", "every frame"),
        ("EU", "picture", "without scrolling or a click"),
        ("FR", "picture", "on the content itself"),
        ("AU", "picture", "first words"),
        ("IN", "picture", "on the picture itself"),
        ("IN", "video", "written in the video and spoken"),
    ],
)
def test_the_place_of_each_market(row: str, kind: str, wanted: str) -> None:
    """Each market says where the label stands, by kind of post."""
    assert wanted in "; ".join(_label(row, kind=kind).positions)


@pytest.mark.parametrize(
    ("row", "kind", "wanted"),
    [
        ("US", "video", "first 30 seconds"),
        ("US", "live", "throughout the stream"),
        ("DE", "video", "throughout while the product is the subject"),
        ("DE", "video", "Unterstützt durch Produktplatzierung"),
        ("FR", "picture", "whole time the promotion is shown"),
        ("EU", "picture", "whole time the promotion is shown"),
        ("IN", "live", "throughout the stream"),
        ("GB", "story", "as long as each frame is shown"),
    ],
)
def test_the_duration_of_each_market(row: str, kind: str, wanted: str) -> None:
    """Each market says for how long, by kind of post."""
    assert wanted in "; ".join(_label(row, kind=kind).durations)


def test_germany_marks_codes_and_commission_links() -> None:
    """Beside a discount code the word stands again; a commission link has a star with its meaning."""
    coded = compile_label(["DE"], "de", "commission", code=True)
    assert any("discount code" in place for place in coded.positions)
    assert any("star (*)" in place for place in coded.positions)
    assert not any("star" in place for place in compile_label(["DE"], "de", "fee").positions)


def test_france_asks_for_labels_of_retouched_and_made_pictures() -> None:
    """Retouched and AI pictures have labels of their own in France."""
    assert "Images retouchées" in " ".join(_label("FR").extras)
    assert "Images virtuelles" in " ".join(_label("FR").extras)


def test_the_uk_looks_back_twelve_months() -> None:
    """An earlier relationship counts for twelve months in the UK, and needs a label."""
    assert RULES["jurisdictions"]["GB"]["look_back_months"] == 12
    assert compile_label(["GB"], "en", "relationship").needed


@pytest.mark.parametrize("row", LANGUAGE)
def test_each_market_says_who_answers_for_it(row: str) -> None:
    """Who is liable and what threatens is told for every market."""
    told = RULES["jurisdictions"][row]
    assert told["liable"]
    assert told["sanction"]
    assert told["trigger"]
    assert _label(row).liable


def test_where_audiences_mix_the_post_decides_the_word_and_the_rest_adds_up() -> None:
    """Language of the post decides the word; place and duration are the union; above the share a market adds its word."""
    alone = compile_label(["DE", "FR", "GB"], "de", shares={"DE": 0.8, "FR": 0.1, "GB": 0.05})
    assert alone.words == ("Werbung",)
    places = "; ".join(alone.positions)
    assert all(part in places for part in ("first words", "on the content itself"))
    mixed = compile_label(["DE", "FR", "GB"], "de", shares={"DE": 0.6, "FR": 0.3, "GB": 0.1})
    assert mixed.words == ("Werbung", "Publicité")
    assert "“Werbung” alone does not do in France" in written(mixed.conflicts[0], Formats())


def test_an_english_post_for_germans_carries_both_words() -> None:
    """The main market adds its word where the post's language does not do there; the check reminds of it."""
    label = compile_label(["DE"], "en")
    assert label.words == ("Ad", "Werbung")
    found = check_text("Ad: my coat", label)
    assert found.verdict == "found"
    assert found.further == ("Werbung",)


def test_eu_states_without_a_row_get_the_eu_row_and_the_local_word() -> None:
    """All 27 states have a rule; the word is the local one, from the dated list."""
    states = [market for market, row in RULES["markets"].items() if row.get("eu")]
    assert len(states) == 27
    for state in states:
        language = market_language(state)
        label = compile_label([state], language or "en")
        assert rule_of(state) == (state if state in ("DE", "FR") else "EU")
        assert label.words[0] == RULES["languages"]["words"][language][0]
    assert RULES["languages"]["dated"]


def test_a_market_without_a_rule_says_so_and_is_labelled_all_the_same() -> None:
    """Elsewhere: no rule in the pack, ask counsel; the label is shown anyway."""
    label = compile_label(["CH"], "de")
    assert label.asks == ("CH",)
    assert label.words == ("Werbung",)
    assert label.needed
    assert label.sources


def test_every_combination_has_an_answer_with_a_source() -> None:
    """The whole table: market × language × benefit × kind of post × platform, each with words, place, switch, source."""
    rows = list(whole_table())
    languages = sum(len(row["languages"]) for row in RULES["markets"].values())
    assert len(rows) == languages * len(RULES["benefits"]) * len(KINDS) * len(RULES["platforms"])
    for row in rows:
        empty = [name for name, told in row.items() if not told]
        assert set(empty) <= {"further labels"}, row
        assert (row["exact words"] == "none needed") is (row["benefit"] == "none")
    assert {row["kind of post"] for row in rows} == set(KINDS)


def test_the_whole_table_is_printed_by_a_command() -> None:
    """One market or all, as CSV; a market without a rule is told with those there are."""
    run = CliRunner().invoke(app, ["labels", "--market", "de"])
    printed = list(csv.DictReader(run.output.splitlines()))
    assert printed == list(whole_table("DE"))
    assert {row["exact words"] for row in printed} == {"Werbung", "none needed"}
    with pytest.raises(Problem, match="no rule for the market “XX”"):
        list(whole_table("XX"))


@pytest.mark.parametrize(
    ("market", "word"),
    [
        *[("US", word) for word in ("#sp", "#spon", "#ee", "#partner", "#collab", "thanks")],
        *[
            ("GB", word)
            for word in (
                "gifted",
                "pr trip",
                "aff",
                "affiliate",
                "spon",
                "sp",
                "in association with",
                "thanks to",
            )
        ],
        *[("NL", word) for word in ("collaboration", "partnership", "thanks to")],
        *[("DE", word) for word in ("#ad", "#sponsored")],
        *[("AU", word) for word in ("#sp", "Spon", "gifted", "Affiliate", "Collab", "thanks to")],
    ],
)
def test_words_that_the_rules_name_as_not_enough(market: str, word: str) -> None:
    """Every word the rules' review names as not enough fails in its market, whatever the pack says elsewhere."""
    label = compile_label([market], market_language(market) or "en", "gift")
    found = check_text(f"{word} to the brand for my new coat", label)
    assert found.verdict == "wrong word", found
    assert found.todo


@pytest.mark.parametrize("market", ["US", "GB", "DE", "FR", "AU", "IN", "NL"])
def test_a_label_behind_more_among_hashtags_or_missing_is_never_enough(market: str) -> None:
    """End of the caption, a string of hashtags, the profile, a mention, the platform's switch: none does alone."""
    label = compile_label([market], market_language(market) or "en", "fee")
    word = label.accepted[0][0].removeprefix("#")
    drowned = f"My new coat #look #coat #{word.replace(' ', '')} #daily"
    for text in (_late(word), drowned, "My new coat, link in bio", "My new coat @brand"):
        assert not check_text(text, label, switch_on=True).fine


def test_conflicts_between_markets_are_explained() -> None:
    """Where a word is fine in one market of the audience and not in another, it is said in words; else nothing is."""
    assert any("“#ad” is fine" in text for text in conflicts_among(["GB", "DE"]))
    assert any("fails in the European sweep" in text for text in conflicts_among(["IT", "IN"]))
    assert conflicts_among(["DE"]) == []
    assert conflicts_among(["CH"]) == []


def test_every_row_has_source_date_and_confidence() -> None:
    """No rule stands in the pack without where and when it was read."""
    for row in [*RULES["jurisdictions"].values(), *RULES["platforms"].values()]:
        assert row["source"]
        assert isinstance(row["dated"], date)
        assert row["confidence"]


def test_an_unknown_benefit_is_an_error_of_the_caller() -> None:
    """A benefit the pack does not know has no answer."""
    with pytest.raises(KeyError):
        compile_label(["DE"], "de", "love")


@pytest.mark.parametrize(
    "text",
    ["salad and bread", "@ad.official my coat", "shop.ad/page", "made in Adelaide", "loadad", "Adidas coat"],
)
def test_words_that_only_contain_the_label_do_not_count(text: str) -> None:
    """“Ad” is found as a word of its own, not inside another, a handle or an address."""
    assert check_text(text, _label("GB")).verdict == "not found"


def test_no_text_is_not_a_verdict_on_the_post() -> None:
    """Without any text nothing is said to be missing."""
    for text in (None, "", "  \n"):
        assert check_text(text, _label("GB")).verdict == "no text"


def test_a_transcript_may_name_it_anywhere() -> None:
    """In a transcript or text on the picture, the word counts wherever it stands."""
    assert check_text(_late("Ad"), _label("GB"), spoken=True).verdict == "found"
    assert check_text(_late("Ad"), _label("GB")).verdict == "too late"


def test_a_label_at_the_end_of_a_short_caption_is_too_late() -> None:
    """Even where nothing is cut off, the end of a caption is not its beginning."""
    assert check_text("My pick from the new drop: the tunic. #look\n\nAd", _label("GB")).verdict == "too late"


def test_the_longer_refused_word_is_named() -> None:
    """Where two refused words begin at one place, the one that is really there is named."""
    refused = refused_in("#sponsored mein Mantel", _label("DE"))
    assert refused is not None
    assert refused.what == "#sponsored"


def test_captions_tell_their_language() -> None:
    """Small words give the language away; a caption in two languages gives both; a short one gives none."""
    assert languages_in("Mein Stück aus der neuen Kollektion, der Stoff knittert")[0] == "de"
    assert languages_in("My pick from the new drop, and it is lovely")[0] == "en"
    assert languages_in("Trenchcoat!") == []
    assert languages_in(None) == []


def test_old_rules_warn() -> None:
    """Rules that were reviewed long ago say so."""
    assert old_label_rules(RULES["reviewed"]) is None
    assert "last reviewed" in written(old_label_rules(date(2028, 1, 1)), Formats())
