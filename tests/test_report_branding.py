"""Themes, an agency's defaults, colours that every reader can tell apart, and the report's languages."""

from __future__ import annotations

import base64
import io
import re
import shutil
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pypdf
import pytest
import yaml
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

import report_fixture as made
from creatorbook import plugins, report, themes
from creatorbook.client import read_client
from creatorbook.client.repository import ROOT, SAMPLE_DATA
from creatorbook.findings import charts
from creatorbook.findings.colours import HUES, alike, contrast, distance, faint
from creatorbook.packs import pack
from creatorbook.problems import Problem
from creatorbook.report import pdf
from creatorbook.report.theme import Branding
from creatorbook.runner import manifest
from creatorbook.text.translations import LANGUAGES, catalog_file, words

PAGES = ROOT / "helpers" / "creatorbook" / "report" / "pages"
COLOUR = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.fixture
def clients(tmp_path):
    """An agency's folder with one client in it."""
    shutil.copytree(SAMPLE_DATA / "northpin", tmp_path / "one", ignore=shutil.ignore_patterns("exports"))
    return tmp_path


def _agency(folder: Path, text: str) -> Path:
    (folder / "agency.yml").write_text(text, encoding="utf-8")
    return folder / "one"


def _own(folder: Path, text: str) -> Path:
    path = folder / "one" / "client.yml"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    return folder / "one"


def test_a_client_inherits_what_its_own_file_leaves_open(clients):
    """Name, colours, footer and language come from agency.yml; what client.yml says stands."""
    told = "language: de\ntheme: {name: studio, primary: '#204060', footer: Agency GmbH, prepared_by: Us}\n"
    _agency(clients, told)
    client = read_client(_own(clients, 'theme: {primary: "#602040"}\n'))
    assert client.language == "de"
    assert (client.theme.name, client.theme.footer, client.theme.primary) == (
        "studio",
        "Agency GmbH",
        "#602040",
    )
    branding = Branding.of(client)
    assert branding.cover
    assert branding.page_foot == "Agency GmbH · Erstellt von Us"


def test_a_logo_lies_beside_the_file_that_names_it(clients):
    """The agency's logo is the agency's file; a client's of the same name is not taken for it, nor the other way."""
    (clients / "logo.png").write_bytes(b"agency")
    (clients / "one" / "logo.png").write_bytes(b"client")
    inherited = Branding.of(read_client(_agency(clients, "theme: {logo: logo.png}\n")))
    own = Branding.of(read_client(_own(clients, "theme: {logo: logo.png}\n")))
    assert inherited.logo != own.logo
    assert inherited.log == own.log == ()
    client = read_client(clients / "one")
    outside = client.theme.model_copy(update={"logo": "../logo.png"})
    assert Branding.of(client.model_copy(update={"theme": outside})).logo == ""


HOSTILE_LOGO = """<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 200 40" onload="alert(1)">
<style>@import "http://evil.example/a.css"; rect{fill:#123456}</style><style>.c{fill:#0a0}</style>
<script>alert(2)</script><foreignObject><a xmlns="http://www.w3.org/1999/xhtml" href="https://evil.example/f">f</a></foreignObject>
<linearGradient id="g"><stop offset="0" stop-color="#123456"/></linearGradient>
<a href="https://evil.example/phish"><rect width="200" height="40" fill="url(#g)" onclick="alert(3)"/></a>
<a xlink:href="javascript:alert(4)"><text x="5" y="20" class="c">Ada</text><set attributeName="href" to="file:///etc/passwd"/></a>
<image href="http://evil.example/pixel.png" width="9" height="9"/><use xlink:href="other.svg#x"/><use href="#g"/>
<circle r="1" fill="url('#g')"/><style>.d{fill:url( "#g" )}</style><rect width="1" height="1" fill="url(https://evil.example/p)" style="fill:u\\72l(https://evil.example/q)"/></svg>"""


def test_of_an_svg_logo_only_the_drawing_is_left(clients):
    """Links, scripts, foreign content, animations and what lies elsewhere are gone; shapes, text and colours are there."""
    (clients / "one" / "logo.svg").write_text(HOSTILE_LOGO, encoding="utf-8")
    branding = Branding.of(read_client(_own(clients, "theme: {logo: logo.svg}\n")))
    drawing = base64.b64decode(branding.logo.removeprefix("data:image/svg+xml;base64,")).decode()
    assert branding.log == ()
    assert not re.search(r"evil|script|foreignObject|<a\b|alert|passwd|@import|other\.svg", drawing)
    assert drawing.count("<rect") == 2
    for part in (
        'viewBox="0 0 200 40"',
        'fill="url(#g)"',
        """fill="url('#g')\"""",
        '.d{fill:url( "#g" )}',
        'stop-color="#123456"',
        ">Ada</text>",
        ".c{fill:#0a0}",
        'href="#g"',
    ):
        assert part in drawing


def test_a_logo_leads_nowhere_in_a_pdf(clients):
    """The engine makes annotations of links in a picture; of a logo there are none."""
    pytest.importorskip("plutoprint")
    (clients / "one" / "logo.svg").write_text(HOSTILE_LOGO, encoding="utf-8")
    branding = Branding.of(read_client(_own(clients, "theme: {logo: logo.svg}\n")))

    def annotations(address: str) -> list[Any]:
        page = f'<html><body><main><img src="{address}" width="400" alt="Ada"></main></body></html>'
        stream = io.BytesIO()
        pdf.laid_out(page).write_to_pdf_stream(stream)
        return [one for page in pypdf.PdfReader(stream).pages for one in page.get("/Annots", [])]

    untouched = "data:image/svg+xml;base64," + base64.b64encode(HOSTILE_LOGO.encode()).decode()
    assert annotations(untouched)
    assert not annotations(branding.logo)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<svg", "not readable as SVG"),
        (b"<html/>", "it is not an SVG"),
        (b'<!DOCTYPE svg [<!ENTITY e SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg"><text>&e;</text></svg>', "not readable as SVG"),
        (b'<svg xmlns="http://www.w3.org/2000/svg">' + b"<g>" * 9000 + b"</g>" * 9000 + b"</svg>", "too deep in one another"),
        (b"<svg/>" + b" " * 5_000_000, "more than 4 MB"),
    ],
    ids=["cut off", "a page", "an entity", "too deep", "too large"],
)  # fmt: skip
def test_a_logo_that_is_no_drawing_is_left_out_and_told(clients, content, why):
    """The report is made without it, and says why."""
    (clients / "one" / "logo.svg").write_bytes(content)
    branding = Branding.of(read_client(_own(clients, "theme: {logo: logo.svg}\n")))
    assert branding.logo == ""
    assert why in branding.log[0]


def test_another_logo_of_the_agency_is_another_report(clients):
    """An edition is made from agency.yml and the files it names; what they hold is part of its inputs."""
    client = _agency(clients, "theme: {logo: logo.png}\n")
    (clients / "logo.png").write_bytes(b"old")
    before = manifest.inputs_of(client)
    (clients / "logo.png").write_bytes(b"new one")
    after = manifest.inputs_of(client)
    assert {name for name in after if after[name] != before[name]} == {"../logo.png"}
    assert "../agency.yml" in before


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        ("language: en\nthme: {name: plain}\n", "Did you mean “theme”", 2),
        ("theme:\n  primary: red\n", "theme.primary", 2),
        ("theme:\n  nam: plain\n", "Did you mean “name”", 2),
        ("theme: {name: plain}\nlanguage: it\n", "write en, de or fr", 2),
        ("currency: EUR\nbrand: Other\n", "each client's own", 2),
        ("- a\n", "key: value", 1),
    ],
)
def test_a_mistake_of_the_agency_is_told_in_its_own_file(clients, text, what, line):
    """The message names agency.yml and the line, not the client's file."""
    with pytest.raises(Problem, match=re.escape(what)) as told:
        read_client(_agency(clients, text))
    assert Path(told.value.file).name == "agency.yml"
    assert told.value.line == line


def test_an_unknown_theme_is_told_where_it_is_named(clients):
    """The message names the file that says so and the themes there are."""
    with pytest.raises(Problem, match="house, plain, studio") as told:
        themes.theme_of(read_client(_agency(clients, "theme:\n  name: huose\n")))
    assert (Path(told.value.file).name, told.value.line) == ("agency.yml", 2)


@pytest.mark.parametrize("name", ["house", "plain", "studio"])
def test_built_in_themes_pass_their_own_check(name):
    """Text has AA contrast, chart colours stand out and stay apart for every reader."""
    settings = themes.read_theme(name, plugins.themes()[name]).settings
    assert not alike(settings.charts)
    assert not faint(settings.charts)
    assert all(contrast(colour) >= 4.5 for colour in (settings.colours.primary, settings.colours.accent))


def test_one_theme_has_no_colour_at_all():
    """Plain is black, white and grey, whatever the client's colours are."""
    client = made.report_book(
        "plan", theme={"name": "plain", "primary": "#ff0000", "accent": "#00ff00"}
    ).client
    for colour in (*themes.text_colours(client), *themes.chart_colours(client)):
        assert len({colour[1:3], colour[3:5], colour[5:7]}) == 1


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('colours: {primary: "#1f3a4d", accent: "#e0a080"}', "contrast"),
        ('charts: ["#1f5a7a", "#f0d080"]', "contrast"),
        ('charts: ["#a05a2c", "#6a7a2c"]', "look alike"),
        ('colurs: {primary: "#1f3a4d", accent: "#b4532a"}', "Did you mean “colours”"),
    ],
)
def test_a_theme_that_some_cannot_read_is_refused(tmp_path, line, what):
    """theme.yml is checked when it is read; the message says which colour, and what would do."""
    given_colours = "" if line.startswith("colours") else 'colours: {primary: "#1f3a4d", accent: "#b4532a"}\n'
    (tmp_path / "theme.yml").write_text(f"title: Odd\n{given_colours}{line}\n", encoding="utf-8")
    with pytest.raises(Problem, match=re.escape(what)):
        themes.read_theme(f"odd {line}", tmp_path)


@given(COLOUR, COLOUR)
def test_charts_stay_readable_whatever_a_brand_s_colours_are(primary, accent):
    """Every chart colour stands out from white, and no two look alike to any reader."""
    client = made.report_book("plan", theme={"primary": primary, "accent": accent}).client
    chosen = themes.chart_colours(client)
    assert len(chosen) >= 2
    assert not faint(chosen)
    assert not alike(chosen)
    assert bool(themes.remarks(client)) == (chosen == HUES and (primary, accent) != HUES[:2])


def test_red_and_green_of_one_lightness_look_alike_to_some():
    """The check knows the common kinds of colour blindness: this pair is far apart for most, close for some."""
    assert distance("#c43c3c", "#7f7b1c") < distance("#c43c3c", "#1c4f9f") / 2


def test_charts_are_drawn_in_the_client_s_colours():
    """A bar has the client's primary colour, a highlighted one its accent."""
    import pandas as pd
    from matplotlib.colors import to_hex

    formats = replace(made.FORMATS, colours=("#204060", "#a04020", "#555555"))
    frame = pd.DataFrame({"who": ["a", "b"], "n": [1, 2], "mark": [False, True]})
    drawn = charts.bars(frame, label="who", value="n", unit="number", formats=formats, highlight="mark")
    assert [to_hex(bar.get_facecolor()) for bar in drawn.axes[0].patches] == ["#204060", "#a04020"]


def test_a_chart_of_many_rows_shows_the_first_and_says_so():
    """More rows than can be read are left to the tables."""
    import pandas as pd

    frame = pd.DataFrame({"who": [str(n) for n in range(60)], "n": range(60)})
    axes = charts.bars(frame, label="who", value="n", unit="number", formats=made.FORMATS).axes[0]
    assert len(axes.patches) == charts.MOST_ROWS
    assert "of 60" in axes.get_title(loc="right")


def fixed_texts() -> set[str]:
    """Every text that the report's own pages say, whatever the findings are."""
    texts = {"counted", "estimated", "assumed", "not available"}
    for stage in pack("pages").values():
        texts |= {stage["title"], stage["kind"]}
        texts |= {heading[key] for heading in stage["headings"] for key in ("heading", "empty")}
    for stage in made.STAGES:
        for page in pack("pages_to_send")[stage]["pages"]:
            texts |= {
                page["heading"],
                page["annex"],
                *(part["heading"] for part in page["parts"] if "heading" in part),
            }
    jinja = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    for page in PAGES.glob("*.j2"):
        source = page.read_text(encoding="utf-8")
        texts |= {text for _, _, text in jinja.extract_translations(source, ("_",)) if isinstance(text, str)}
        texts |= {
            label
            for heads in re.findall(r"heads\(\[(.*?)\]\)", source)
            for label in re.findall(r'\("(.*?)",', heads)
        }
    for module in ("first_page", "first_chart", "theme", "to_send", "../findings/render"):
        source = (PAGES.parent / f"{module}.py").read_text(encoding="utf-8")
        texts |= set(re.findall(r'\b(?:say|words\([\w.]+\))\(\s*"([^"]+)"', source))
    return texts


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
class TestLanguages:
    def test_every_fixed_text_is_told(self, language):
        """Headings, slots without findings, appendix, marks and page furniture: nothing is left in English."""
        with catalog_file(language).open("rb") as file:
            catalog = read_po(file, locale=language)
        told = {text for text in fixed_texts() if (found := catalog.get(text)) and found.string}
        assert sorted(fixed_texts() - told) == []

    def test_placeholders_are_the_same(self, language):
        """No translation drops or invents a placeholder."""
        with catalog_file(language).open("rb") as file:
            catalog = read_po(file, locale=language)
        for message in catalog:
            if not message.id:
                continue
            says = [message.string] if isinstance(message.string, str) else list(message.string)
            asked = set(re.findall(r"{\w+}", message.id if isinstance(message.id, str) else message.id[1]))
            assert all(set(re.findall(r"{\w+}", said)) <= asked for said in says), message.id
            assert asked <= set().union(*(re.findall(r"{\w+}", said) for said in says)), message.id

    @pytest.mark.parametrize("stage", ["plan", "results"])
    def test_a_report_is_in_it(self, language, stage, tmp_path):
        """Headings are told in it, the page says so, and what stays English is marked as English."""
        found = made.STAGES[stage]()
        book = made.report_book(stage, language=language)
        report.build_report(tmp_path, book, made.notebooks(tmp_path / "nb", stage, found), found)
        html = (tmp_path / "working" / "report.html").read_text(encoding="utf-8")
        assert f'<html lang="{language}">' in html
        told = {unescape(text) for text in re.findall(r"<h2[^>]*>([^<]+)</h2>", html)}
        say = words(language)
        assert {say(heading["heading"]) for heading in pack("pages")[stage]["headings"]} <= told
        assert re.search(r'<section class="chapter" id="05_roi"[^>]* lang="en">', html)
        assert 'aria-label="counted"' not in html.split('id="appendix"')[1]

    def test_the_workbook_file_stays_as_it_is(self, language, tmp_path):
        """data.xlsx is read by programs: its names do not depend on the language."""
        from creatorbook.report.contents import Contents
        from creatorbook.report.contract import sheet_columns

        english, other = (
            Contents.of(made.report_book("results", language=tongue), made.results()).tables
            for tongue in ("en", language)
        )
        assert sheet_columns(english) == sheet_columns(other)


def test_a_language_without_a_catalog_is_told_in_english():
    """Numbers follow the language, fixed texts stay English."""
    assert words("es_ES")("Decision") == "Decision"
    assert words("de_AT")("Decision") == "Entscheidung"


def test_the_first_page_has_its_picture_with_every_number_in_words(tmp_path):
    """Results: from sales to profit; plan: three ways. The alt text says each number that is drawn."""
    from creatorbook.findings import Findings, Table
    from creatorbook.report.contents import Contents
    from creatorbook.report.first_chart import first_chart

    ladder = next(
        table for each in made.results() for table in each.tables.values() if table.key == "roi.ladder"
    )
    short = replace(ladder, key="roi.ladder_short", frame=ladder.frame.rename(columns={"what": "line"}),
                    columns={"line": ladder.columns["what"], **{k: v for k, v in ladder.columns.items() if k != "what"}})  # fmt: skip
    assert isinstance(short, Table)
    contents = Contents.of(made.report_book("results"), [Findings("roi", (short,), made.FORMATS)])
    chart = first_chart(contents)
    assert chart is not None
    assert chart.slot == "results.ladder"
    for amount in ladder.frame["amount"]:
        assert contents.formats.money(amount) in chart.alt
    assert first_chart(Contents.of(made.report_book("results"), [])) is None


def test_themes_are_folders_with_a_theme_file():
    """Every built-in theme is an nbconvert template too."""
    for name in ("house", "plain", "studio"):
        folder = plugins.themes()[name]
        assert yaml.safe_load((folder / "theme.yml").read_text(encoding="utf-8"))["title"]
        assert themes.read_theme(name, folder).is_template
