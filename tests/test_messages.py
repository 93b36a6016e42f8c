"""What findings say is a text with typed values: found for translation, kept as it is, written for its reader."""

from __future__ import annotations

import ast
import io
import json
import math
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from babel.messages.extract import extract_from_dir
from hypothesis import given
from hypothesis import strategies as st

from creatorbook import findings as f
from creatorbook.client.repository import ROOT
from creatorbook.findings import extraction, nouns
from creatorbook.findings.formats import Formats
from creatorbook.findings.items import TEXTS
from creatorbook.findings.messages import Joined, Message, as_json, from_json
from creatorbook.findings.render import notes_html
from samples import CLIENTS, folder_of, opened
from steps import run_stage

PACKAGE = ROOT / "helpers" / "creatorbook"
ENGLISH, GERMAN = Formats("en_GB", "EUR"), Formats("de_DE", "EUR")
#: rooms, and modules without one, whose findings are messages throughout
ROOMS = (
    *(
        "campaign",
        "finance",
        "findings",
        "goals",
        "planning",
        "roi",
        "start.py",
        "tiers",
        "tracking",
        "vetting",
    ),
)


def write(text: f.Text, formats: Formats = ENGLISH) -> str:
    return f.written(text, formats)


class TestMessages:
    def test_values_are_written_in_the_readers_numbers(self) -> None:
        """One message, two readers."""
        text = f.say(
            "{n} orders for {cost}, {share} of all", n=f.Count(1200), cost=f.Money(1500), share=f.Share(0.26)
        )
        assert write(text) == "1,200 orders for €1,500, 26% of all"
        assert write(text, GERMAN) == "1.200 orders for 1.500\u00a0€, 26\u00a0% of all"

    def test_what_stands_around_numbers_is_in_the_readers_language(self) -> None:
        """Ranges, missing values and owners of notes are translated, and English only within an English sentence."""
        figure = f.Figure("a.b", "Label", 3.0, "number", "counted", "file", low=1.0, high=5.0)
        assert figure.written_range(GERMAN) == "wahrscheinlich zwischen 1 und 5"
        assert write(f.Span(1, 5, "number"), GERMAN) == "zwischen 1 und 5"
        assert write(f.Quantity(None, "orders"), GERMAN) == write(f.Day(None), GERMAN) == "nicht verfügbar"
        assert (
            write(f.say("It may be {span}", span=f.Span(1, 5, "number")), GERMAN)
            == "It may be between 1 and 5"
        )
        assert write(f.say("at {cost}", cost=f.Money(None)), GERMAN) == "at not available"
        page = notes_html([f.Note("draft", owner="not available")], GERMAN)
        assert "Entwurf" in page
        assert "nicht verfügbar" in page

    def test_one_and_more_have_their_own_words(self) -> None:
        """The count decides, and is written as it was given."""
        assert [write(f.say_many("{n} jump", "{n} jumps", n=n)) for n in (0, 1, 2)] == [
            "0 jumps",
            "1 jump",
            "2 jumps",
        ]
        assert write(f.say_many("{n} order", "{n} orders", n=f.Count(1500))) == "1,500 orders"

    def test_parts_are_joined_and_empty_ones_left_out(self) -> None:
        """Names in a row, cut to the first few, or with a word before the last."""
        names = ["Ada", "", "Bea", "Cleo", "Dora"]
        assert write(f.joined(names)) == "Ada, Bea, Cleo, Dora"
        assert write(f.joined(names, most=2)) == "Ada, Bea and 2 more"
        assert write(f.joined(names, last="and")) == "Ada, Bea, Cleo and Dora"
        assert write(f.sentences(f.say("One."), None, "", f.say("Two."))) == "One. Two."
        assert write(f.Capital(f.say("words"))) == "Words"

    def test_braces_of_others_are_only_text(self) -> None:
        """A creator called {n} is written as such."""
        assert write(f.say("{name} posted", name="{n} %s {0}")) == "{n} %s {0} posted"

    @pytest.mark.parametrize("day", [date(2026, 3, 2), pd.Timestamp("2026-03-02"), pd.NaT])
    def test_a_bare_day_is_refused(self, day: Any) -> None:
        """Each language writes days in its own way, which only `Day` knows."""
        for text in (f.say("by {day}", day=day), f.joined(["now", day])):
            with pytest.raises(TypeError, match="a day in a message is Day"):
                write(text)

    def test_a_message_is_no_text_before_it_is_written(self) -> None:
        """Put into an f-string by mistake, it says so at once."""
        with pytest.raises(TypeError, match="before it is written"):
            str(f.say("Nothing"))


class TestFindings:
    def test_items_are_written_whole(self) -> None:
        """Labels, titles, notes, headings and cells come out as text, in the reader's numbers."""
        frame = pd.DataFrame(
            {"what": pd.Series([f.say("{n} gifts", n=2), "plain"], dtype=object), "sum": [1.0, 2.0]}
        )
        columns = {"what": f.Column(f.say("Under {name}", name="S0")), "sum": f.Column("Sum", "money")}
        table = f.Table("a.b", f.say("At {cost}", cost=f.Money(5)), frame, columns, note=f.say("So."))
        note = f.Note(f.say("{cost} left", cost=f.Money(1234)), "todo", owner=f.say("us"))
        figure = f.Figure("a.c", f.say("With {n}", n=3), 1.0, "money", "counted", "file")
        found = f.Findings("roi", (table, note, figure), GERMAN)
        shown = found.tables["a.b"]
        assert (shown.title, shown.note, shown.columns["what"].label) == ("At 5\u00a0€", "So.", "Under S0")
        assert list(shown.frame["what"]) == ["2 gifts", "plain"]
        assert [one.text for one in found.notes] == ["1.234\u00a0€ left"]
        assert found.figures["a.c"].label == "With 3"

    def test_findings_can_be_shown_as_they_are(self, tmp_path: Path) -> None:
        """Findings, a table or its frame alone in a notebook's cell: no error, and the messages stay messages."""
        cells = pd.Series([f.say("{n} gifts", n=2), None], dtype=object)
        frame = pd.DataFrame({"what": cells, "n": [1.0, 2.0]})
        table = f.Table("a.b", f.say("T"), frame, {"what": f.Column("What"), "n": f.Column("N", "number")})
        findings = f.Findings("roi", (table,))
        f.write(findings, tmp_path)
        for one in (findings, *f.read(tmp_path)):
            raw = one.items[0].frame
            for part in (one, raw, raw.head(1), raw["what"], raw.iloc[0]):
                assert "2 gifts" in repr(part)
            assert "2 gifts" in raw._repr_html_()
            assert raw["what"][0] == cells[0]
            assert type(one.tables["a.b"].frame) is pd.DataFrame

    def test_findings_come_back_as_they_were_written(self, tmp_path: Path) -> None:
        """Texts keep their values over the file, so that any reader's numbers can still be chosen."""
        cells = pd.Series([f.say("{n} gifts", n=2), None, "plain"], dtype=object)
        table = f.Table("a.b", f.say("T"), pd.DataFrame({"what": cells}), {"what": f.Column("What")})
        note = f.Note(f.say("{day}", day=f.Day(date(2026, 3, 2))), due=date(2026, 3, 1))
        made = f.Findings("roi", (table, note), ENGLISH)
        f.write(made, tmp_path)
        [back] = f.read(tmp_path)
        assert back.items[1] == note
        assert back.items[0].title == table.title
        assert list(back.items[0].frame["what"]) == list(cells)
        assert [one.text for one in back.notes] == ["2 Mar 2026"]


#: numbers of twelve digits: more are not kept
FLOATS = st.floats(allow_nan=False).map(lambda one: float(f"{one:.12g}"))
NUMBERS = st.none() | st.integers(-9999, 9999) | FLOATS
VALUES = st.recursive(
    st.one_of(
        st.text(max_size=5),
        st.integers(-9, 9),
        st.builds(f.Money, NUMBERS, st.integers(0, 2)),
        st.builds(f.Share, NUMBERS),
        st.builds(f.Day, st.none() | st.dates()),
        st.builds(f.Span, NUMBERS, NUMBERS, st.just("orders")),
    ),
    lambda inner: st.one_of(
        st.builds(lambda parts: Joined(tuple(parts)), st.lists(inner, max_size=3)),
        st.builds(
            Message, st.text(max_size=5), st.dictionaries(st.sampled_from(["day", "kind", "of"]), inner)
        ),
    ),
    max_leaves=6,
)


@given(VALUES)
def test_json_gives_back_every_text(value: object) -> None:
    """Whatever it is made of, names like `day` and `kind` included."""
    assert from_json(json.loads(json.dumps(as_json(value), allow_nan=False))) == value


@cache
def calls_in(path: Path) -> list[tuple[ast.Call, str]]:
    """The calls in a file that make a finding or a message, each with its name; a file is parsed once for all tests."""
    return list(extraction.calls(ast.parse(path.read_bytes())))


def test_one_of_something_is_told_in_the_singular() -> None:
    """In sentences that count several things, and of units; the plural follows the number as it is written."""
    text = f.say(
        "{orders} of {creators}", orders=f.number_of("order", 1), creators=f.number_of("creator", f.Count(2))
    )
    assert write(text) == "1 order of 2 creators"
    assert write(f.number_of("person", f.Count(1.3))) == "1 person"
    assert write(f.number_of("person", 0)) == "0 people"
    assert write(f.number_of("person", f.Count(math.nan))) == "not available people"
    assert [ENGLISH.value(n, "orders") for n in (0, 1, 2)] == ["0 orders", "1 order", "2 orders"]
    assert [ENGLISH.value(1, unit) for unit in ("hours", "views", "h")] == ["1 hour", "1 view", "1 h"]


def test_no_sentence_counts_one_in_the_plural() -> None:
    """Every noun that can be counted has both forms, and no room puts a number of them before the plural itself."""
    plurals = {write(f.number_of(noun, 2)).split()[1] for noun in nouns._NOUNS}
    counted = re.compile(
        rf"^(?:At least )?{{(?:n|live|used|orders|paid)}} (?:of {{\w+}} )?(?:{'|'.join(sorted(plurals))})\b"
        r"|^{\w+} (?:(?:more|of|the|extra|[a-z-]+s|{\w+}) ){0,4}(?:are|get|have|hold|pay|reach|stand|were)\b"
    )
    plural_alone = [
        f"{path.relative_to(PACKAGE)}:{call.lineno} {text.value}"
        for path in PACKAGE.rglob("*.py")
        for call, name in calls_in(path)
        if name == "say"
        for text in extraction.text_arguments(call, name)
        if isinstance(text, ast.Constant) and counted.search(str(text.value))
    ]
    assert plural_alone == []


def test_the_last_digits_are_not_kept() -> None:
    """Two processors' sums write the same message."""
    assert as_json(f.Money(811.5402420286487)) == as_json(f.Money(811.5402420286478))


def test_json_knows_what_is_missing_and_what_has_no_limit() -> None:
    """Not a number is missing; an end without a limit stays one."""
    assert from_json(json.loads(json.dumps(as_json(f.Money(math.nan))))) == f.Money(None)
    assert from_json(json.loads(json.dumps(as_json(f.Count(math.inf))))) == f.Count(math.inf)


@cache
def extracted() -> frozenset[str]:
    """Every text that `pybabel extract` finds with babel.cfg in the package's Python files."""
    method = [("helpers/creatorbook/**.py", "creatorbook.findings.extraction:extract")]
    rows = extract_from_dir(str(ROOT), method, keywords={"gettext": None, "ngettext": (1, 2)})
    ids = [message for _, _, message, _, _ in rows]
    return frozenset(text for one in ids for text in (one if isinstance(one, tuple) else (one,)))


def test_extraction_finds_literals() -> None:
    """Both words of a count, a heading, and a text of this very room."""
    source = (
        b'say_many("{n} jump", "{n} jumps", n=n); Column("Followers", note="who"); Note(text); say(f"{n}")'
    )
    rows = list(extraction.extract(io.BytesIO(source), [], [], {}))
    assert [message for _, _, message, _ in rows] == [("{n} jump", "{n} jumps"), "Followers", "who"]
    assert "{names} and {n} more" in extracted()


def test_percentages_are_written_as_english_has_them() -> None:
    """“80%”, as a `Share` is written, in every text of ours, and in what packs say of their sources."""
    assert write(f.Share(0.8)) == "80%"
    assert sorted(text for text in extracted() if re.search(r"\d %", text)) == []
    percentage = re.compile(r"(?:text|read|says|source|note|title|words): \"[^\"]*\d %")
    packs = [
        line for path in (PACKAGE / "packs").glob("*.yml") for line in path.read_text("utf-8").splitlines()
    ]
    assert [line for line in packs if percentage.search(line) and not line.startswith("#")] == []


def finished(node: ast.expr) -> bool:
    """Whether an expression is a sentence put together by the step itself."""
    if isinstance(node, ast.IfExp):
        return finished(node.body) or finished(node.orelse)
    joins = (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"join", "format"}
    )
    return isinstance(node, ast.JoinedStr | ast.BinOp) or joins


def finished_texts() -> Iterator[str]:
    """Places in the rooms that are done where a step hands out a finished sentence."""
    for room in ROOMS:
        place = PACKAGE / room
        for path in [place] if place.is_file() else sorted(place.rglob("*.py")):
            for call, name in calls_in(path):
                for text in extraction.text_arguments(call, name):
                    if finished(text):
                        yield f"{path.relative_to(ROOT)}:{call.lineno} {name}"


def test_no_step_returns_a_finished_sentence() -> None:
    """No f-string, sum or join of texts in a note, label or title: such a text could not be translated."""
    assert list(finished_texts()) == []


def test_no_step_writes_a_day_as_text() -> None:
    """A day goes into a message as `Day`: made a text beforehand, it would read the same in every language."""
    texts = [
        f"{path.relative_to(ROOT)}:{call.lineno} {word.arg}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for call, name in calls_in(path)
        if name in {"say", "say_many", "packed"}
        for word in call.keywords
        if word.arg in {"date", "day", "on", "since", "until"} and ast.unparse(word.value).startswith("str(")
    ]
    assert texts == []


#: texts that are nobody's to translate: columns of a shop's or a model's own, a currency, where a figure comes from
OTHERS = {
    *("tracking.shopify_discounts", "roi.ladder_short"),
    *("roi.calibration_pymc", "roi.calibration_meridian", "roi.calibration_robyn"),
}


def untranslatable(item: Any, key: str) -> Iterator[str]:
    """Texts of a finding, as the step gave them, that no extraction would find."""
    for name in TEXTS[type(item)]:
        text = getattr(item, name)
        if isinstance(text, str) and text and name != "source" and text not in extracted():
            yield f"{key} {name}: {text}"
    for column in item.columns.values() if isinstance(item, f.Table) and item.key not in OTHERS else ():
        yield from untranslatable(column, item.key)


def clients_own(item: Any, client: str) -> bool:
    """Whether a note is an open point that the client wrote into the campaign file."""
    points = opened(client, "results").campaign.open_points
    return isinstance(item, f.Note) and item.text in [point.what for point in points]


@pytest.mark.parametrize("stage", ["plan", "pulse", "results"])
@pytest.mark.parametrize(
    "client", [pytest.param(name, marks=[] if name == "northpin" else pytest.mark.slow) for name in CLIENTS]
)
def test_whatever_a_step_says_is_found_for_translation(client: str, stage: str) -> None:
    """Every label, title and sentence of a client's report is a message, or a literal that `pybabel extract` finds."""
    shown = [item for one in run_stage(folder_of(client), stage) for item in one.items]
    items = [item for item in shown if not clients_own(item, client)]
    assert len(items) > 20
    assert [line for item in items for line in untranslatable(item, getattr(item, "key", "note"))] == []
