"""The report as a whole: its parts, its safety, and the same bytes for the same inputs."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pandas as pd
import pytest

import report_fixture as made
from creatorbook import report
from creatorbook.findings import Column, Findings, Table
from creatorbook.findings.formats import Formats
from creatorbook.findings.render import table_html
from creatorbook.report import body, document, fonts, paper
from creatorbook.report.contents import Contents


@pytest.fixture(scope="module", params=["plan", "pulse", "results"])
def stage(request):
    return request.param


@pytest.fixture(scope="module")
def folder(stage, tmp_path_factory):
    folder = tmp_path_factory.mktemp(stage)
    found = made.STAGES[stage]()
    report.build_report(folder, made.report_book(stage), made.notebooks(folder / "nb", stage, found), found)
    return folder


@pytest.fixture(scope="module")
def html(folder):
    return (folder / "working" / "report.html").read_text(encoding="utf-8")


class Seen(HTMLParser):
    """Tags with their attributes, in order."""

    def __init__(self, html):
        super().__init__()
        self.tags = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def test_both_papers_are_there(folder):
    """Each paper is an HTML file, a PDF and a workbook file; a summary lies beside them."""
    pytest.importorskip("plutoprint")
    assert {path.name for path in folder.iterdir() if path.is_file()} == {"summary.json"}
    for name in ("to-send", "working"):
        found = {path.name for path in (folder / name).iterdir()}
        assert found == {"report.html", "report.pdf", "data.xlsx"}, name


def test_first_page_evidence_and_appendix_stand_in_this_order(html):
    """A reader finds the page to decide from, then the evidence, then what is behind it."""
    places = [html.index(part) for part in ('<article class="first-page', 'id="05_roi"', 'id="appendix"')]
    assert places == sorted(places)


def test_one_h1_and_no_skipped_heading(html):
    """Headings make one outline."""
    levels = [int(tag[1]) for tag, _ in Seen(html).tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_ids_are_unique(html):
    """No two elements share an id, though chapters come from notebooks with like headings."""
    ids = [attributes["id"] for _, attributes in Seen(html).tags if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_pages_can_be_read_by_everyone(html):
    """Language, landmarks, a skip link to a target that is there, and words for every picture."""
    seen = Seen(html)
    assert seen.all("html")[0]["lang"] == "en"
    assert all(seen.all(tag) for tag in ("header", "main", "nav", "footer"))
    assert {"class": "skip", "href": "#report"} in seen.all("a")
    assert seen.all("main")[0]["id"] == "report"
    assert all(picture["alt"].strip() for picture in seen.all("img"))
    assert "No description has been provided" not in html


def test_nothing_is_fetched_and_nothing_runs(html):
    """The file opens offline: pictures and fonts are inside it, and it holds no script."""
    seen = Seen(html)
    assert not seen.all("script")
    assert not seen.all("link")
    assert all(attributes["src"].startswith("data:") for _, attributes in seen.tags if "src" in attributes)
    assert all(address.startswith("data:") for address in re.findall(r"url\((.*?)\)", html))
    assert not [name for _, attributes in seen.tags for name in attributes if name.startswith("on")]
    assert "@import" not in html


def test_no_code_no_warning_no_cell_for_explorers(html):
    """What a person working in JupyterLab sees and a client does not, is left out."""
    for hidden in (
        "show(step(book))", "open_book", "secret-parameter", "injected-secret", "Only for explorers",
        "FutureWarning", "debug print", "VBox", "alert(&#39;setup&#39;)", "alert('setup')", ".a{color:red}",
    ):  # fmt: skip
        assert hidden not in html


def test_hostile_text_is_text(html, stage):
    """Names from exports are shown as they are written, never run."""
    if stage == "results":
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in html
    assert "<script" not in html


def test_a_report_is_small_without_its_figures(html):
    """Under 150 kB besides the pictures."""
    without = re.sub(r"data:image/[^\"]*", "", html)
    assert len(without.encode()) < 150_000


def test_missing_is_not_zero(html, stage):
    """A figure nobody has reads “not available”, with what would give it."""
    if stage == "results":
        card = html[html.index("Cost per new customer") :][:400]
        assert "not available" in card
        assert "needs the orders of the last 24 months" in card


def test_summary_is_the_same_bytes_again(folder, stage, tmp_path):
    """Same inputs, same summary; and it tells every headline figure, missing ones as null."""
    found = made.STAGES[stage]()
    report.build_report(
        tmp_path, made.report_book(stage), made.notebooks(tmp_path / "nb", stage, found), found
    )
    text = (tmp_path / "summary.json").read_bytes()
    assert text == (folder / "summary.json").read_bytes()
    told = json.loads(text)
    assert [figure["key"] for figure in told["figures"]] == sorted(
        figure.key for each in found for figure in each.figures.values() if figure.headline
    )
    assert set(told) == {"schema", "client", "brand", "campaign", "stage", "as_of", "currency", "figures"}
    if stage == "results":
        by_key = {figure["key"]: figure for figure in told["figures"]}
        assert by_key["roi.cost_per_new_customer"]["value"] is None
        assert by_key["roi.profit"] == {
            "key": "roi.profit", "label": "Profit after campaign costs", "value": 460.0, "unit": "money",
            "low": -900.0, "high": 1900.0, "n": 412, "grade": "estimated", "source": "orders_export_1.csv",
        }  # fmt: skip


def test_html_and_workbook_are_the_same_bytes_again(folder, stage, tmp_path):
    """Nothing in the files depends on the clock, the folder or the process."""
    found = made.STAGES[stage]()
    report.build_report(
        tmp_path, made.report_book(stage), made.notebooks(tmp_path / "nb", stage, found), found
    )
    files = [
        f"{paper}/{name}"
        for paper in ("to-send", "working")
        for name in ("report.html", "data.xlsx", "report.pdf")
    ]
    for name in files:
        if (folder / name).exists():
            assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name


def test_a_picture_without_words_stops_the_report(tmp_path):
    """A chart nobody described never reaches a client."""
    import nbformat

    v4 = nbformat.v4
    cell = v4.new_code_cell("x", outputs=[v4.new_output("display_data", {"image/png": "aGk="})])
    nbformat.write(v4.new_notebook(cells=[cell]), tmp_path / "a.ipynb")
    with pytest.raises(ValueError, match="alt text"):
        body.chapter(tmp_path / "a.ipynb")


@pytest.mark.parametrize(
    ("dirty", "unwanted"),
    [
        ("<p onclick=alert(1)>a</p>", "onclick"),
        ("<img src=http://evil.example/a.png alt=a>", "evil"),
        ("<img src=x onerror=alert(1) alt=a>", "onerror"),
        ("<style>p{color:red}</style>b", "color"),
        ("<script>alert(1)</script>b", "alert"),
        ("<script>alert(1)", "alert"),
        ('<a href="javascript:alert(1)">a</a>', "javascript"),
        ('<iframe src="data:text/html,hi">inside</iframe>', "inside"),
        ('<p style="background:url(http://evil.example)">a</p>', "evil"),
    ],
)
def test_outputs_are_sanitised(dirty, unwanted):
    """Whatever a notebook displayed: no script, no style, no handler, no address to fetch."""
    assert unwanted not in body.clean(dirty)


def test_svg_pictures_keep_their_words(tmp_path):
    """SVG outputs become pictures with alt text too."""
    import nbformat

    v4 = nbformat.v4
    output = v4.new_output(
        "display_data", {"image/svg+xml": "<svg/>"}, metadata={"image/svg+xml": {"alt": 'Two "bars"'}}
    )
    nbformat.write(v4.new_notebook(cells=[v4.new_code_cell("x", outputs=[output])]), tmp_path / "a.ipynb")
    pictures = Seen(body.chapter(tmp_path / "a.ipynb").html).all("img")
    assert [picture["alt"] for picture in pictures] == ['Two "bars"']


def test_a_key_shown_twice_is_told_once():
    """Two notebooks may show the same figure; two values for one key are logged."""
    one = made.results()[0]
    profit = one.figures["roi.profit"]
    again = Findings("roi", (profit, replace(profit, value=1.0)))
    contents = Contents.of(made.report_book("results"), [one, again])
    assert [figure.key for figure in contents.figures].count("roi.profit") == 1
    assert "roi.profit" in contents.log[0]


def test_appendix_tells_files_assumptions_and_method():
    """Receipts with rows in, kept and set aside; what was assumed and whence; how it was done."""
    contents = Contents.of(made.report_book("results"), made.results())
    html = document.compose(contents, []).html()
    appendix = html[html.index('id="appendix"') :]
    for words in (
        "orders_export_1.csv", "1,204", "1,201", "3 × no date in it (Created at)",
        "markets cannot be told apart", "Margin on net sales", "Orders are credited by code, then link.",
    ):  # fmt: skip
        assert words in appendix
    assert "Not legal advice" not in appendix


def test_labels_come_with_a_line_on_legal_advice():
    """Where labels are discussed, the report says that it is not legal advice."""
    contents = Contents.of(made.report_book("pulse"), made.pulse())
    assert "Not legal advice" in document.compose(contents, []).html()


def test_a_name_that_no_font_here_can_draw_is_seen_on_paper(monkeypatch):
    """A letter without a glyph is an empty box, an emoji is left out; a font of the machine draws what ours lack."""
    names = "Zoë Ωμέγα Привет ● ◐ ○ → مرحبا נועה", "東京 Studio", "प्रिया", "김민지", "Mia 🌸 👩🏽‍🦰♥ Rosé"
    monkeypatch.setattr(fonts, "_drawable_by_the_machine", frozenset)
    assert fonts.for_pdf(names[0]) == names[0]
    assert [fonts.for_pdf(name) for name in names[1:4]] == ["□□ Studio", "□□□", "□□□"]
    assert fonts.for_pdf(names[4]).split() == ["Mia", "♥", "Rosé"]
    report = document.compose(
        Contents.of(made.report_book("results", brand="東京 Studio"), made.results()), []
    )
    assert "□□ Studio" in report.print_html()
    assert "東京 Studio" in report.html()
    assert "東京 Studio (U+6771 U+4EAC)" in fonts.not_printable(["Anna", "東京 Studio", names[4]])
    assert "Anna" not in fonts.not_printable(["Anna", "東京 Studio"])
    monkeypatch.setattr(fonts, "_drawable_by_the_machine", lambda: frozenset("東京प्रिया🌸"))
    assert [fonts.for_pdf(name) for name in names[1:4]] == ["東京 Studio", "प्रिया", "□□□"]
    assert fonts.not_printable(names[:3]) == ""


def test_long_words_can_break_in_print():
    """An address or a handle has places to break, and its escaped signs stay whole."""
    told = paper.breakable("<p>https://example.org/a?b=c&amp;d=eeeeeeeeeeeeeeeeeeeeeeeeeeeeee short</p>")
    assert told.replace("<wbr>", "") == (
        "<p>https://example.org/a?b=c&amp;d=eeeeeeeeeeeeeeeeeeeeeeeeeeeeee short</p>"
    )
    assert "&amp;" in told
    assert told.count("<wbr>") >= 3
    assert told.endswith(" short</p>")


def test_many_files_of_one_kind_share_a_line():
    """Forty creators' exports are one line of the appendix, with their rows added up."""
    from creatorbook.exports import Receipt, Rejected
    from creatorbook.report.appendix import file_reports

    total = Rejected("a total, not a record", (2,))
    receipts = [
        Receipt(
            f"creators/{n}/Table data.csv",
            "youtube",
            "YouTube table data",
            "creator",
            ("posts",),
            11,
            10,
            (total,),
        )
        for n in range(6)
    ]
    (line,) = file_reports(receipts, made.FORMATS)
    assert (line.name, line.rows_in, line.kept) == ("creators/0/Table data.csv and 5 more", 66, 60)
    assert line.lacked == ("Set aside: 6 × a total, not a record",)


def test_an_address_may_break_anywhere_and_words_may_not():
    """A long address would push the columns behind it off the page; JupyterLab shows the mark, words have none."""
    frame = pd.DataFrame({"post": ["https://a.example/1"], "words": ["a long sentence"]})
    columns = {"post": Column("Post"), "words": Column("Words")}
    told = table_html(Table("t.links", "Links", frame, columns), Formats.of("en", "GBP"))
    assert '<td class="cb-text cb-link">https://a.example/1</td>' in told
    assert '<td class="cb-text">a long sentence</td>' in told


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>", "<p onclick=\"x\">a</p>", '<a href="javascript:x">a</a>', "<p>a", "a</p>",
        '<p title=" onclick="x">a</p>', "<p title='a'>a</p>", "<P>a</P>", "a < b", "<!-- a -->", "<b><i>a</b></i>",
        '<img src="https://example.com/a.png" alt="a">', '<p style="color:red">a</p>', "<p/onclick=x>a</p>", "<svg></svg>",
        '<p class="a"onclick="x">a</p>', "<p class=a>a</p>", "<br\n onclick=x>",
    ],
)  # fmt: skip
def test_only_what_is_clean_passes_without_cleaning(html):
    """Whatever is not written exactly as our own renderers write goes through the cleaner."""
    assert not body.is_clean(html)


def test_our_own_tables_need_no_cleaning():
    """What the quick look lets pass, the cleaner would have left the same."""
    html = '<table class="cb-table"><tr><th scope="col">A &amp; b</th><td colspan="2">1 &lt; 2<br></td></tr></table>'
    assert body.is_clean(html)
    assert body.clean(html) == html
    assert html.replace("<tr>", "<tbody><tr>").replace("</tr>", "</tr></tbody>") == body._cleaner().clean(
        html
    )


def test_a_column_of_long_addresses_gets_the_room_it_fills():
    """An address of 170 signs beside short cells is given most of the width, and short words stand on one line."""
    address = "https://shop.example/?" + "utm_content=" * 12
    rows = (
        f"<tr><td>@sorcha_wardrobeloop<td>instagram<td>{address}<td>Organic Social with many words behind it</tr>"
        * 4
    )
    rows = rows.replace("<td>", "</td><td>").replace("<tr></td>", "<tr>").replace("</tr>", "</td></tr>")
    head = "<tr><th>account</th><th>platform</th><th>link</th><th>where it leads</th></tr>"
    told = paper.prepared(f'<table class="cb-table">{head}{rows}</table>')
    shares = [float(width) for width in re.findall(r'<col style="width:([\d.]+)%">', told)]
    assert shares[2] > 50
    assert shares[0] / 100 * paper.LINE[""] >= len("@sorcha_wardrobeloop")
