"""The client's copy: few pages, none of our own words or figures, what was bought named and linked."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from dataclasses import replace
from html import escape, unescape
from pathlib import Path

import pandas as pd
import pypdf
import pytest
from PIL import Image

import report_fixture as made
from creatorbook.client.repository import SAMPLE_DATA
from creatorbook.findings import Column, Findings, Note, Table
from creatorbook.opening import open_book
from creatorbook.problems import Problem
from creatorbook.report import contract, document, pdf, spreadsheet
from creatorbook.report.contents import Contents
from creatorbook.report.first_page import MOST_WORDS, word_count
from creatorbook.report.post_pictures import picture_of
from creatorbook.roi.goal_units import answers, people_of_posts, units_of_creators
from creatorbook.roi.show_posts import show_posts
from papers import STAGES, bookmarks, contents, each_edition, printed, sent
from samples import opened
from steps import run_stage

#: pages of each stage's copy at most; a pulse is read in two minutes
MOST_PAGES = {"plan": 8, "pulse": 2, "results": 7}
#: keys, files, notebooks and commands of ours
OURS = re.compile(
    r"\b(?:start|goals|vetting|tiers|tracking|roi)\.[a-z_]+\b|\.(?:yml|ipynb|xlsx|py|json)\b|\bnotebook|\b0[0-5]_[a-z]+"
    r"|\bpython3?\b|\bpacks/|\bin the workbook\b|\bmore rows? (?:is|are)\b|\bchapter \d|\bcampaign file\b|\bplaybooks?\b"
    r"|\bcolumn “",
    re.IGNORECASE,
)
#: tables of posts that stand on a page, each post in one of them
SHOWN_POSTS = (
    "roi.usable_pieces",
    "roi.posts_people",
    "roi.posts_best",
    "roi.posts_weakest",
    "roi.other_posts",
)
#: what is between the agency and its creators
BETWEEN_US = re.compile(
    r"highest fee|signals? to check|\bscore\b|fee to offer|asks or agreed|own cost\b|per hour|cost beforehand|hourly",
    re.IGNORECASE,
)


def words_of_html(html: str) -> str:
    """Text of a page and what screen readers and pointers get, without style sheets and addresses."""
    body = re.sub(r"<(style|title)\b.*?</\1>", " ", html, flags=re.DOTALL)
    said = re.findall(r'(?:aria-label|title|alt|data-label)="([^"]*)"', body)
    return unescape(" ".join([re.sub(r"<[^>]*>", " ", body), *said]))


def words_of_workbook(data: bytes) -> str:
    """Every text of a workbook file, names of sheets included."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        names = [name for name in parts.namelist() if re.search(r"sharedStrings|workbook\.xml|tables/", name)]
        return unescape(" ".join(re.sub(r"<[^>]*>", " ", parts.read(name).decode()) for name in names))


@each_edition
def test_it_is_a_few_pages(client: str, stage: str) -> None:
    """Results in seven pages at most, a plan in eight, a pulse in two, and the first in 180 words."""
    pytest.importorskip("plutoprint")
    report = sent(client, stage)
    assert len(pypdf.PdfReader(io.BytesIO(printed(client, stage))).pages) <= MOST_PAGES[stage]
    assert word_count(report.page, report.contents.formats) <= MOST_WORDS


@each_edition
def test_its_pdf_has_an_outline(client: str, stage: str) -> None:
    """A bookmark for each part, on whose page its heading is; every account and post is a link."""
    pytest.importorskip("plutoprint")
    report, reader = sent(client, stage), pypdf.PdfReader(io.BytesIO(printed(client, stage)))
    assert [title for title, _ in bookmarks(reader)] == [
        report.page.title,
        *(title for title, _ in report.places),
    ]
    for title, page in bookmarks(reader):
        assert title in reader.pages[page].extract_text().replace("\n", " ")
    annotations = [note.get_object() for page in reader.pages for note in page.get("/Annots", [])]
    led_to = {note["/A"]["/URI"] for note in annotations if "/A" in note}
    assert set(re.findall(r'<a href="(https?:[^"]+)"', report.html())) == {escape(uri) for uri in led_to}
    own = {note["/Dest"] for note in annotations if "/Dest" in note}
    assert own <= {name for _, name in report.places}
    assert ("posts-annex" in own) == any(name == "posts-annex" for _, name in report.places)


@each_edition
def test_nothing_of_ours_is_in_it(client: str, stage: str) -> None:
    """No key, file, notebook, command or internal figure, in the page and in the workbook file."""
    report = sent(client, stage)
    for text in (
        words_of_html(report.html()),
        words_of_workbook(spreadsheet.clients_workbook(report.contents)),
    ):
        assert OURS.findall(text) == []
        assert BETWEEN_US.findall(text) == []


@pytest.mark.parametrize("stage", STAGES)
def test_a_tax_is_called_what_its_market_calls_it(stage: str) -> None:
    """In the United States it is sales tax: in both papers' pages, charts and workbook files, heads included."""
    every, report = contents("glimmerroot", stage), sent("glimmerroot", stage)
    pages = [report, document.compose(every, [])]
    books = [spreadsheet.clients_workbook(report.contents), spreadsheet.data_workbook(every)]
    for text in [*(words_of_html(page.html()) for page in pages), *map(words_of_workbook, books)]:
        assert not re.search(r"\bVAT\b", text)
        assert re.search("excludes? sales tax|excl. sales tax", text)
    if stage == "results":
        assert "sales tax in them" in words_of_workbook(books[0]).lower()


@each_edition
def test_its_workbook_keeps_its_contract(client: str, stage: str) -> None:
    """Sheets and columns stand in the order that report/contract.yml promises, and each is promised."""
    tables = sent(client, stage).contents.tables
    assert contract.clients_broken(tables) == []
    assert set(contract.clients_sheet_columns(tables)) <= set(contract.clients_contract())


@each_edition
def test_each_statement_stands_once(client: str, stage: str) -> None:
    """No sentence of the findings is printed a second time."""
    statements = [str(note.text) for note in sent(client, stage).contents.notes if len(str(note.text)) > 40]
    text = re.sub(r"\s+", " ", words_of_html(sent(client, stage).html()))
    assert [note for note in statements if text.count(re.sub(r"\s+", " ", note)) > 1] == []


@each_edition
def test_each_heading_stands_once(client: str, stage: str) -> None:
    """No table repeats in its title what the heading above it says."""
    report = sent(client, stage)
    html = " ".join(chapter.html for chapter in (*report.chapters, *report.annexes))
    headings = [
        re.sub(r"\W+", " ", words_of_html(text)).strip().lower()
        for text in re.findall(r"<(?:h[23]|caption)\b[^>]*>(.*?)</", html)
    ]
    assert len(headings) == len(set(headings))


@each_edition
def test_countries_and_languages_have_names(client: str, stage: str) -> None:
    """A client reads Germany and German, not DE and de."""
    columns = {"country", "lives", "territory", "speaks", "languages"}
    cells = [
        str(cell)
        for table in sent(client, stage).contents.tables
        for name in columns & set(table.columns)
        for cell in table.frame[name].dropna()
    ]
    assert [cell for cell in cells if re.search(r"\b(?:[A-Z]{2}|[a-z]{2})(?=,|$)", cell)] == []


@pytest.mark.parametrize("client", ["velmora", "noorhaven", "glimmerroot", "sorrelby"])
def test_pages_of_results_say_the_same_amounts(client: str) -> None:
    """What is caused at least and at most, and what is in doubt, to the unit, on the first page and behind it."""
    report = sent(client, "results")
    formats, tables = report.contents.formats, {table.key: table for table in report.contents.tables}
    first = words_of_html(report.first_page_html())
    last = tables["roi.ladder"].frame.iloc[-1]
    for amount in (last.low, last.high):
        assert formats.money(amount) in first
    doubts = [str(note.text) for note in report.contents.notes if note.slot == "learned.doubt"]
    for amount in re.findall(r"orders in doubt (\S+\d)", first):
        assert [amount in doubt for doubt in doubts] == [True]


@pytest.mark.parametrize(
    ("client", "stage", "rests"), [("velmora", "plan", False), ("noorhaven", "results", True)]
)
def test_what_was_taken_as_given_is_what_figures_rest_on(client: str, stage: str, rests: bool) -> None:
    """A margin that the client stated stands there only where no file says a better one."""
    given = {row.label for row in sent(client, stage).appendix.assumptions}
    assert ("Margin on net sales" in given) == rests
    assert "Payment fee, share" in given
    every = {
        row.label: row.source for row in document.compose(contents(client, stage), []).appendix.assumptions
    }
    assert ("not used" in every["Margin on net sales"]) != rests


def test_answers_are_told_per_100_views_everywhere() -> None:
    """Figure, platforms, cards and lists of one report share one scale."""
    text = words_of_html(sent("velmora", "results").html())
    assert "per 100 views" in text
    assert "er 1,000 views" not in text


def test_a_sum_is_not_folded() -> None:
    """On a phone the long lists are; of a ladder nobody would see what it comes to."""
    html = sent("velmora", "results").html()
    assert "fold-roi-every_creator" in html
    assert "fold-roi-ladder" not in html
    assert "fold-roi-books" not in html


def test_a_link_leads_to_the_first_sheet_of_an_annex() -> None:
    """Also where the list goes over several."""
    pytest.importorskip("plutoprint")
    report = sent("velmora", "results")
    [annex] = report.annexes
    rows = re.search("<tbody>(.*)</tbody>", annex.html, re.DOTALL)
    assert rows is not None
    longer = replace(annex, html=annex.html.replace(rows[1], 3 * rows[1]))
    data = pdf.printed_pdf(replace(report, chapters=report.chapters[:1], annexes=(longer,)), [])
    assert data is not None
    reader = pypdf.PdfReader(io.BytesIO(data))
    page = reader.get_destination_page_number(reader.named_destinations[annex.name])
    assert annex.title in reader.pages[page].extract_text()
    assert len(reader.pages) > page + 1


def test_prices_and_hours_stay_with_the_agency(tmp_path: Path) -> None:
    """What one creator asks, and what an hour costs, is in no file that is sent."""
    folder = tmp_path / "velmora"
    shutil.copytree(SAMPLE_DATA / "velmora", folder, ignore=shutil.ignore_patterns("truth"))
    creators = folder / "exports" / "creators.csv"
    creators.write_text(creators.read_text().replace("tiktok,200265,500,", "tiktok,200265,8317,"))
    assert "8317" in creators.read_text()
    contents_of_plan = Contents.of(
        open_book(str(folder), None, "plan", "report", None), run_stage(folder, "plan")
    )
    report = document.compose_to_send(document.compose(contents_of_plan, []))
    text = words_of_html(report.html()) + words_of_workbook(spreadsheet.clients_workbook(report.contents))
    assert "8,317" in " ".join(str(table.frame) for table in contents_of_plan.tables) or "8317" in " ".join(
        table.frame.to_string() for table in contents_of_plan.tables
    )
    assert not re.search(r"8[,.]?317", text)


def test_only_what_is_marked_is_sent() -> None:
    """A finding is the client's by its mark or its place on the first page; a column can stay behind."""
    frame = pd.DataFrame({"creator": ["Anna"], "fee": [250.0]})
    columns = {"creator": Column("Creator"), "fee": Column("Fee", "money", reader="working")}
    items = (
        Table("roi.one", "One", frame, columns, reader="client"),
        Table("roi.two", "Two", frame, columns),
        Note("for the first page", slot="results.books"),
        Note("for the strategist", slot="learned.wave"),
    )
    kept = Contents.of(made.report_book("results"), [Findings("roi", items)]).for_client()
    assert [table.key for table in kept.tables] == ["roi.one"]
    assert list(kept.tables[0].columns) == ["creator"]
    assert [note.text for note in kept.notes] == ["for the first page"]


def bought(client: str, goal: str) -> tuple[pd.DataFrame, document.Report]:
    """What a campaign with this goal bought, one post a row, and the client's copy of its posts."""
    book = opened(client, "results").changed(goal=goal)
    findings = show_posts(book)
    tables = {table.key: table.frame for table in findings.items if isinstance(table, Table)}
    report = document.compose_to_send(document.compose(Contents.of(book, [findings]), []))
    named = next(
        tables[key] for key in ("roi.usable_shown", "roi.usable_pieces", "roi.posts_people") if key in tables
    )
    return named, report


@pytest.mark.parametrize(
    ("client", "goal", "names", "words"),
    [
        ("noorhaven", "content", 7, "Pieces you may use"),
        ("velmora", "content", 12, "Pieces you may use: of 82, the 12 answered most"),
        ("velmora", "awareness", 12, "The 12 posts that reached most people"),
        ("velmora", "community", 12, "The 12 posts to which most people came back"),
    ],
)
def test_what_was_bought_is_on_page_two(client: str, goal: str, names: int, words: str) -> None:
    """Pieces, or the posts that reached most people or to which most came back: named, and each a link."""
    pytest.importorskip("plutoprint")
    pieces, report = bought(client, goal)
    data = pdf.printed_pdf(report, [])
    assert data is not None
    page = pypdf.PdfReader(io.BytesIO(data)).pages[1]
    text = page.extract_text()
    assert len(pieces) == names
    assert words in text
    assert set(pieces.creator) == {name for name in pieces.creator if name in text}
    links = {
        note.get_object()["/A"]["/URI"]
        for note in page.get("/Annots", [])
        if "/URI" in note.get_object().get("/A", {})
    }
    assert set(pieces.address) <= links


def test_people_of_posts_add_up() -> None:
    """Reach by post is what the first page adds up; nobody came back to more posts than there are comments."""
    by_reach, _ = bought("velmora", "awareness")
    assert list(by_reach.people) == sorted(by_reach.people, reverse=True)
    book = opened("velmora", "results").changed(goal="awareness")
    every = people_of_posts(book)
    assert every is not None
    assert every.sum() == pytest.approx(units_of_creators(book).sum())
    assert by_reach.people.max() == round(every.max())
    came_back, _ = bought("velmora", "community")
    book = opened("velmora", "results").changed(goal="community")
    again = answers(book).query("again")
    most = again.groupby("post_id").commenter.nunique().max()
    assert came_back.people.iloc[0] == most


@pytest.mark.parametrize("client", ["velmora", "noorhaven", "glimmerroot", "sorrelby"])
def test_every_post_is_there_once(client: str) -> None:
    """Cards and lines together are all posts of the campaign; the totals are their sums."""
    tables = {table.key: table.frame for table in contents(client, "results").tables}
    every = tables["roi.every_post"]
    figures = {figure.key: figure.value for figure in contents(client, "results").figures}
    shown = pd.concat([tables[key] for key in SHOWN_POSTS if key in tables])
    assert set(shown.address) == set(every.address)
    assert figures["roi.posts"] == len(every)
    assert figures["roi.posts_views"] == every.views.sum()
    assert tables["roi.posts_by_platform"].views.sum() == every.views.sum()


@pytest.mark.parametrize("client", ["velmora", "noorhaven", "glimmerroot", "sorrelby", "northpin"])
def test_creators_stand_on_one_line_each(client: str) -> None:
    """All of them once, sorted by what to do, with the sums of the ladder by creator."""
    tables = {table.key: table.frame for table in contents(client, "results").tables}
    lines, ladder = tables["roi.every_creator"], tables["roi.by_creator"].set_index("slice")
    assert lines.creator.is_unique
    order = ["Renew", "Test again", "Renegotiate", "Stop", "Too early"]
    assert [order.index(word) for word in lines.next] == sorted(order.index(word) for word in lines.next)
    for line in lines.itertuples():
        if line.creator in ladder.index:
            assert line.orders == ladder.orders[line.creator]
            assert line.stay == pytest.approx(ladder.stay[line.creator], abs=1)


class TestPictures:
    def test_a_photo_is_made_small_and_loses_what_the_camera_wrote(self, tmp_path: Path) -> None:
        """JPEG of at most 360 by 450 pixels, without EXIF, found by id or by the end of the address."""
        media = tmp_path / "exports" / "media"
        media.mkdir(parents=True)
        exif = Image.Exif()
        exif[0x010F] = "camera zq"
        Image.new("RGB", (2000, 1500), "red").save(media / "IayTBB.jpg", exif=exif)
        address = picture_of(tmp_path, "151654746556793147 IayTBB")
        assert address.startswith("data:image/jpeg;base64,")
        import base64

        content = base64.b64decode(address.partition(",")[2])
        assert b"camera zq" not in content
        assert Image.open(io.BytesIO(content)).size == (360, 270)

    @pytest.mark.parametrize("content", [b"", b"not a picture", b"\xff\xd8\xff\xe0 cut off"])
    def test_what_is_no_picture_is_none(self, tmp_path: Path, content: bytes) -> None:
        """A file that cannot be read leaves an empty frame."""
        (tmp_path / "media").mkdir()
        (tmp_path / "media" / "1.png").write_bytes(content)
        assert picture_of(tmp_path, "1") == ""

    def test_nothing_outside_the_folder_is_read(self, tmp_path: Path) -> None:
        """Neither by a link nor by a name that climbs."""
        client = tmp_path / "client"
        (client / "media").mkdir(parents=True)
        Image.new("RGB", (9, 9)).save(tmp_path / "secret.png")
        (client / "media" / "1.png").symlink_to(tmp_path / "secret.png")
        assert picture_of(client, "1 ../../secret") == ""


class TestOwnWords:
    def _contents(self, folder: Path, text: str) -> Contents:
        book = made.report_book("results")
        (folder / "campaigns").mkdir(exist_ok=True)
        (folder / "campaigns" / f"{book.campaign.id}.notes.md").write_text(text, encoding="utf-8")
        return Contents.of(
            replace(book, client=book.client.model_copy(update={"folder": folder})), made.results()
        )

    def test_they_stand_where_they_belong(self, tmp_path: Path) -> None:
        """On the first page, under a heading of it, and on a page behind; escaped, and of this stage only."""
        text = (
            "# results\n## first page\nThe weather was <b>against</b> us.\n\nStill.\n## caused\nWe agree.\n"
            "## learned\nA year together.\n# plan\n## first page\nOf the plan.\n"
        )
        html = document.compose_to_send(document.compose(self._contents(tmp_path, text), [])).html()
        assert "The weather was &lt;b&gt;against&lt;/b&gt; us." in html
        assert html.index("Still.") < html.index("We agree.") < html.index("A year together.")
        assert "Of the plan." not in html

    @pytest.mark.parametrize(
        ("text", "what"),
        [
            ("# result\n## first page\nx", "there is no stage “result”"),
            ("# results\n## second page\nx", "there is no place “second page”"),
            ("# results\nx", "these words have no place"),
            ("# results\n## first page\n" + "x" * 1300, "more than 1200 signs"),
        ],
    )
    def test_a_mistake_is_named_with_its_line(self, tmp_path: Path, text: str, what: str) -> None:
        """The file, the line, and the names that there are."""
        with pytest.raises(Problem, match=what) as raised:
            self._contents(tmp_path, text).own_words  # noqa: B018 - reading them is what fails
        assert "notes.md" in str(raised.value)


def test_the_clients_workbook_leads_everywhere() -> None:
    """The first sheet has a link to each other one; handles and posts lead to their pages, and nothing is a formula."""
    data = spreadsheet.clients_workbook(sent("velmora", "results").contents)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        workbook = parts.read("xl/workbook.xml").decode()
        first = parts.read("xl/worksheets/sheet1.xml").decode()
        sheets = [parts.read(name).decode() for name in parts.namelist() if "worksheets/sheet" in name]
        targets = "".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".rels"))
    names = re.findall(r'<sheet name="([^"]+)"', workbook)
    assert names[:4] == ["Read me", "Figures", "Creators", "Posts"]
    assert re.findall(r"location=\"'([^']+)'!A1\"", first) == names[1:]
    assert targets.count("https://www.instagram.com/") > 80
    assert not any("<f>" in sheet for sheet in sheets)
    assert all("fitToPage" in sheet for sheet in sheets)
