"""What goes out: the shop's import table, short-link lists, the command that issues, and folders written whole."""

import csv
import random
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from books import make_book
from creatorbook import client as client_files
from creatorbook import tracking
from creatorbook.acts.codes import issue
from creatorbook.book import Book
from creatorbook.campaign import codes, links
from creatorbook.campaign.assignments import assigned
from creatorbook.cli import app
from creatorbook.client.repository import SAMPLE_DATA
from creatorbook.deliver import MARK, write_folder
from creatorbook.opening import open_book
from creatorbook.packs import pack
from creatorbook.problems import Problem
from creatorbook.runner.jobs import Job
from creatorbook.runner.manifest import made_from
from creatorbook.tracking import issuing


def _book(*handles: str, **campaign: object) -> Book:
    creators = pd.DataFrame(
        {"creator": handles, "handle": handles, "platform": "instagram", "followers": 9000, "fee": 100.0}
    )
    told = {"links": {"landing_page": "https://shop.example/new?size=m#top"}, **campaign}
    return make_book({"creators": creators}, campaign=told, stage="plan", as_of=date(2026, 3, 1))


def test_the_import_table_has_every_column_of_the_shops_own_export() -> None:
    """Same columns, same order as a real discount export; end date and limit per customer are set."""
    with (SAMPLE_DATA / "velmora" / "exports" / "discounts_export.csv").open(encoding="utf-8") as file:
        assert next(csv.reader(file)) == issuing.SHOPIFY
    row = issuing.shopify_discounts(_book("anna")).iloc[0]
    assert row["Applies Once Per Customer"] == "true"
    assert row["End"] == "2026-03-29 23:59:59 +0200"
    assert row["Value"] == "-10.0"


def test_what_the_shop_imports_is_read_back_as_given(tmp_path: Path) -> None:
    """The written table, put among a client's exports, is recognised as the shop's discounts."""
    folder = tmp_path / "northpin"
    shutil.copytree(SAMPLE_DATA / "northpin", folder)
    book = open_book(folder)
    (folder / "exports" / "discounts_export.csv").write_bytes(
        issuing.csv_files(book)["shopify-discounts.csv"]
    )
    held = open_book(folder).tables.discounts.set_index("code")
    assert set(held.index) == set(assigned(book)["code"])
    assert held["once_per_customer"].all()
    assert (held["ends_at"].dt.date == book.campaign.end).all()


def test_codes_the_shop_holds_are_not_imported_twice() -> None:
    """Only new codes stand in the import table."""
    book = _book("anna", "bea")
    shop = pd.DataFrame({"code": ["ANNA10"], "value": [10.0]})
    told = make_book({"creators": book.tables.creators, "discounts": shop}, stage="plan")
    assert "ANNA10" not in set(issuing.shopify_discounts(told)["Name"])


def test_short_links_lead_to_the_tagged_address() -> None:
    """One list per tool with its own columns; slugs differ, are short, and targets keep query and fragment."""
    book = _book("anna", "Anna.", "é" * 60, "ида")
    short = issuing.short_links(book)
    assert short["slug"].is_unique
    assert short["slug"].str.len().max() <= issuing.LONGEST_SLUG
    assert short["target"].str.contains(r"size=m&utm_source=instagram.*#top").all()
    for name, tool in pack("channels")["shorteners"].items():
        landing = {"landing_page": "https://shop.example/new?size=m#top", "shortener": name}
        tables = issuing.tables(_book("anna", links=landing))
        assert [file for file in tables if "short-links" in file] == [f"short-links-{name}.csv"]
        assert list(tables[f"short-links-{name}.csv"]) == list(tool["columns"])
        assert tool["source"]


def test_which_tool_shortens_links_is_asked_once() -> None:
    """Without an answer no list is written; an unknown tool is refused with the names that exist."""
    book = _book("anna")
    assert not [file for file in issuing.tables(book) if "short-links" in file]
    assert "rebrandly" in issuing.shortener_question(book)
    page = {"landing_page": "https://shop.example/new"}
    assert issuing.shortener_question(_book("anna", links={**page, "shortener": "bitly"})) == ""
    with pytest.raises(Problem, match="tinytiny") as problem:
        issuing.tables(_book("anna", links={**page, "shortener": "tinytiny"}))
    assert "bitly" in (problem.value.todo or "")


def test_an_unknown_tool_is_told_before_a_code_is_given_out(tmp_path: Path) -> None:
    """All or none: the act writes nothing where the lists cannot be made."""
    folder = tmp_path / "northpin"
    shutil.copytree(SAMPLE_DATA / "northpin", folder)
    path = folder / "campaigns" / "spring-hike.yml"
    links = "links: {landing_page: https://northpin.example/hike, shortener: tinytiny}\n"
    path.write_text(path.read_text(encoding="utf-8") + links, encoding="utf-8")
    run = CliRunner().invoke(app, ["codes", str(folder), "--out", str(tmp_path / "out")])
    assert "tinytiny" in str(run.exception)
    assert not (folder / "campaigns" / "spring-hike.links.csv").exists()


def test_without_a_landing_page_there_is_no_short_link() -> None:
    """Nothing is invented: the lists wait for the landing page, codes go out all the same."""
    made = issuing.tables(_book("anna", links={}))
    assert set(made) == {"shopify-discounts.csv", "codes.csv", "links.csv"}


def test_cells_cannot_become_formulas() -> None:
    """A name that begins like a formula is text in a spreadsheet; the discount's minus stays."""
    made = issuing.csv_files(_book("=cmd()"))
    assert b"'=cmd()" in made["codes.csv"]
    assert b",-10.0," in made["shopify-discounts.csv"]


def test_a_sale_in_the_window_warns_beside_the_codes() -> None:
    """A site-wide sale makes a code useless: brand, day and what to do."""
    sale = {"start": date(2026, 3, 10), "end": date(2026, 3, 12), "what": "20 % on everything"}
    told = tracking.codes(_book("anna", promotions=[sale]))
    [note] = [note for note in told.notes if "worth nothing" in note.text]
    assert note.owner == "brand"
    assert "20 % on everything" in note.text


def test_issuing_is_an_act_of_its_own_and_only_adds(tmp_path: Path) -> None:
    """The command writes codes and links once; a second call adds nothing; reports are made anew."""
    folder = tmp_path / "northpin"
    shutil.copytree(SAMPLE_DATA / "northpin", folder)
    before = made_from(Job(folder, tmp_path))
    run = CliRunner().invoke(
        app, ["codes", str(folder), "--on", "2026-03-01", "--out", str(tmp_path / "out")]
    )
    assert run.exit_code == 0, run.output
    assert "shopify-discounts.csv" in run.output
    path = folder / "campaigns" / "spring-hike.links.csv"
    first = path.read_bytes()
    assert b"2026-03-01," in first
    again = CliRunner().invoke(app, ["codes", str(folder), "--out", str(tmp_path / "out")])
    assert "codes and links of 0 accounts added" in again.output
    assert path.read_bytes() == first
    after = made_from(Job(folder, tmp_path))
    assert before["inputs"] != after["inputs"]
    assert "campaigns/spring-hike.links.csv" in after["inputs"]


def test_ten_thousand_creators_get_links_and_codes_of_their_own() -> None:
    """Every link is accepted by the linter, and no code, slug or tag is given twice."""
    chance = random.Random(3)
    signs = "abcxyz._0123456789éßщ漢"
    handles = sorted({"".join(chance.choices(signs, k=chance.randint(3, 20))) for _ in range(10_000)})
    named = links.slugs(handles)
    assert len(set(named.values())) == len(handles)
    made = codes.assign({handle: handle for handle in handles})
    assert len({codes.skeleton(code) for code in made.values()}) == len(handles)
    page = "https://shop.example/new?size=m"
    urls = {
        handle: links.tagged_link(page, links.Tags("tiktok", "social", "spring", f"{slug}_short_1", "spring"))
        for handle, slug in list(named.items())[:2000]
    }
    assert not [remark for _, remark in links.check_links(urls) if remark.blocks]


def test_unguessable_codes_are_drawn_from_signs_nobody_mixes_up(tmp_path: Path) -> None:
    """On request codes say nothing about the creator, and are unique."""
    book = _book(*[f"creator{i}" for i in range(50)], codes={"unguessable": True})
    campaign = book.campaign.model_copy(update={"path": tmp_path / "spring.yml"})
    issue(replace(book, campaign=campaign), random.Random(5).choice)
    drawn = client_files.read_links(campaign)["code"]
    assert drawn.is_unique
    assert set("".join(drawn)) <= set(codes.SAFE)
    assert not drawn.str.contains("CREATOR").any()


def test_a_folder_is_replaced_whole_and_only_if_it_is_ours(tmp_path: Path) -> None:
    """Old files of ours go, files of others stay, and the folder of others is refused."""
    folder = tmp_path / "out"
    write_folder(folder, {"a.txt": b"1", "b.txt": b"2"})
    write_folder(folder, {"a.txt": b"3"})
    assert sorted(path.name for path in folder.iterdir()) == [MARK, "a.txt"]
    assert (folder / "a.txt").read_bytes() == b"3"
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "letter.txt").write_text("mine")
    with pytest.raises(Problem, match="other files"):
        write_folder(theirs, {"a.txt": b"1"})
    assert [path.name for path in theirs.iterdir()] == ["letter.txt"]
    with pytest.raises(ValueError, match="not a file name"):
        write_folder(tmp_path / "new", {"../a.txt": b"1"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "theirs"]
