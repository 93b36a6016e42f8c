"""Mistakes in what we are given for tracking: what is wrong, in which row, what to do instead, who can decide."""

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from books import make_book
from creatorbook import client as client_files
from creatorbook import tracking
from creatorbook.book import Book
from creatorbook.campaign import links
from creatorbook.campaign.assignments import assigned
from creatorbook.finance.claims import content_owners
from creatorbook.opening import open_book
from creatorbook.problems import Problem

CLIENT = """brand: Test
currency: EUR
market: DE
prices_include_tax: true
tax_rate: 0.19
"""
CAMPAIGN = "goal: sales\nbudget: 900\nstart: 2026-03-02\nend: 2026-03-29\n"


def _folder(path: Path, client: str = "", campaign: str = "", creators: str = "") -> Path:
    folder = path / "test"
    (folder / "campaigns").mkdir(parents=True)
    (folder / "exports").mkdir()
    (folder / "client.yml").write_text(CLIENT + client)
    (folder / "campaigns" / "spring.yml").write_text(CAMPAIGN + campaign)
    rows = creators or "Mara,mara,instagram,900,100,MARA10\n"
    (folder / "exports" / "creators.csv").write_text("creator,handle,platform,followers,fee,code\n" + rows)
    return folder


def _book(page: str, client: dict[str, Any] | None = None, **told: Any) -> Book:
    creators = pd.DataFrame(
        {"creator": ["Mara"], "handle": ["mara"], "platform": ["instagram"], "followers": [900], **told}
    )
    campaign = {"links": {"landing_page": page}}
    return make_book(
        {"creators": creators}, client=client, campaign=campaign, stage="plan", as_of=date(2026, 3, 1)
    )


def test_a_link_in_the_list_that_is_no_address_is_a_remark() -> None:
    """Half an address in the creators list: every part of tracking goes on, and the check of links names it."""
    book = _book("https://shop.example/new", link=["https://[bio"])
    assert assigned(book)["link"].tolist() == ["https://[bio"]
    checks = tracking.lint(book).tables["tracking.link_checks"].frame
    assert checks["what"].tolist() == ["this is not a web address"]
    assert content_owners(book, pd.Series(["mara"])) == {"mara": "mara"}


@pytest.mark.parametrize(
    "pattern", ["{handle", "{}{handle}", "{name}10", "{handle:d}", "{handle.x}", "SPRING10", "{{handle}}"]
)
def test_a_pattern_nobody_can_fill_in_is_told(tmp_path: Path, pattern: str) -> None:
    """Codes that cannot be made, or would be the same for all: file, line, key, and what is expected."""
    with pytest.raises(Problem, match=r"“codes.pattern”: expected a pattern with \{handle\}") as problem:
        open_book(_folder(tmp_path, campaign=f"codes:\n  pattern: '{pattern}'\n"))
    assert problem.value.line == 6
    assert "spring.yml" in str(problem.value.file)


def test_a_pattern_of_ones_own_is_kept(tmp_path: Path) -> None:
    """The brand's own word may stand in a code, with the discount or without it."""
    book = open_book(
        _folder(tmp_path, campaign="codes: {pattern: 'lux-{handle}'}\n", creators="A,a,tiktok,9,1,\n")
    )
    assert assigned(book)["code"].str.startswith("LUX-").all()


def test_two_creators_with_one_code_name_file_and_row(tmp_path: Path) -> None:
    """A shared code, in whatever case: who has it, in which row, what to do and who decides."""
    with pytest.raises(Problem) as problem:
        tracking.codes(open_book(_folder(tmp_path, creators="A,a,tiktok,9,1,A10\nB,b,tiktok,8,2,a10\n")))
    assert "the code A10 belongs to A (row 2) and to B" in problem.value.what
    assert problem.value.line == 3
    assert "shop admin" in problem.value.todo
    assert "creators.csv" in str(problem.value.file)


def test_an_account_listed_twice_is_counted_once_and_told(tmp_path: Path) -> None:
    """The file's receipt says that a row was not used; no account gets two links."""
    book = open_book(_folder(tmp_path, creators="A,a,tiktok,9,1,A10\nB,@A,tiktok,8,2,B10\n"))
    assert len(assigned(book)) == 1
    [receipt] = [receipt for receipt in book.receipts if "creators" in receipt.tables]
    assert receipt.duplicates == 1


@pytest.mark.parametrize(
    ("client", "campaign", "told"),
    [
        ("markets: [UK]\n", "", "there is no market “UK”: write GB"),
        ("markets: [IC]\n", "", "there is no market “IC”: two letters as in ISO 3166"),
        ("markets: [Germany]\n", "", "there is no market “Germany”"),
        ("", "markets: [XX]\n", "there is no market “XX”"),
        ("", "promotions:\n  - {start: 2026-03-10, end: 2026-03-01, what: sale}\n", "the promotion ends"),
    ],
)
def test_unknown_markets_and_days_the_wrong_way_round(
    tmp_path: Path, client: str, campaign: str, told: str
) -> None:
    """The file, the line and the right code or order."""
    with pytest.raises(Problem) as problem:
        open_book(_folder(tmp_path, client, campaign))
    assert told in problem.value.what
    assert problem.value.line
    assert "yml" in str(problem.value.file)


def test_a_campaign_that_ends_before_it_starts_is_refused(tmp_path: Path) -> None:
    """Both days are named."""
    folder = _folder(tmp_path)
    text = CAMPAIGN.replace("2026-03-29", "2026-02-01")
    (folder / "campaigns" / "spring.yml").write_text(text)
    with pytest.raises(Problem, match=r"ends \(2026-02-01\) before it starts \(2026-03-02\)"):
        open_book(folder)


def test_a_country_that_is_none_in_the_list_is_named_with_its_row() -> None:
    """The report goes on; the row and the code that is meant are told."""
    told = tracking.labels(_book("https://shop.example", country=["UK"]))
    assert any("row 2: “UK” is not a country code: write GB" in note.text for note in told.notes)
    unreal = tracking.labels(_book("https://shop.example", country=["IC"]))
    assert any("row 2: “IC” is not a country code" in note.text for note in unreal.notes)


@pytest.mark.parametrize("page", ["https://anna:pw@shop.example/new", "https://shop.example@evil.example/"])
def test_a_landing_page_with_credentials_is_refused(page: str) -> None:
    """Whoever sees the link could log in with it."""
    with pytest.raises(Problem, match="user name or password") as problem:
        tracking.links(_book(page))
    assert problem.value.column == "links.landing_page"


def test_a_landing_page_on_a_foreign_host_is_refused_where_the_own_is_known() -> None:
    """Not the client's website nor a host beneath it: who decides, and where to name an exception."""
    client = {"website": "https://www.shop.example"}
    for page in ("https://shop.example/new", "https://go.shop.example/new", "https://www.shop.example"):
        assert assigned(_book(page, client))["link"].str.startswith("https://").all()
    with pytest.raises(Problem, match=r"leads to shop\.example\.evil\.test") as problem:
        tracking.links(_book("https://shop.example.evil.test/new", client))
    assert "the brand decides" in problem.value.todo
    assert tracking.links(_book("https://anything.example/new")).tables


def test_a_link_of_somebody_else_to_a_foreign_host_is_remarked() -> None:
    """The linter names links in the list that lead elsewhere."""
    book = _book(
        "https://shop.example", {"website": "shop.example"}, link=["https://elsewhere.example/?utm_source=a"]
    )
    frame = tracking.lint(book).tables["tracking.link_checks"].frame
    assert frame["what"].str.contains("leads to elsewhere.example").any()


def test_two_creators_with_one_issued_code_are_named_with_the_line(tmp_path: Path) -> None:
    """The campaign's links file is read strictly: a code belongs to one person."""
    folder = _folder(tmp_path)
    rows = "issued_on,creator,handle,platform,code,link\n2026-03-01,A,a,tiktok,X10,\n2026-03-01,B,b,tiktok,x10,\n"
    (folder / "campaigns" / "spring.links.csv").write_text(rows)
    with pytest.raises(Problem, match=r"X10|x10") as problem:
        client_files.read_links(open_campaign(folder))
    assert problem.value.line == 3
    assert "ask the brand" in problem.value.todo


def open_campaign(folder: Path) -> client_files.Campaign:
    return client_files.read_campaign(client_files.read_client(folder))


@settings(max_examples=40, deadline=None)
@given(
    handles=st.lists(
        st.text(min_size=1, max_size=40).filter(lambda text: text.strip()),
        min_size=1,
        max_size=5,
        unique=True,
    ),
    campaign=st.text(max_size=60),
    host=st.from_regex(r"[a-z]{1,8}\.example", fullmatch=True),
)
def test_every_link_we_propose_is_accepted_by_our_linter(
    handles: list[str], campaign: str, host: str
) -> None:
    """Any handles, campaign name and landing page: complete links, nothing in them that blocks."""
    creators = pd.DataFrame(
        {"creator": handles, "handle": handles, "platform": "instagram", "followers": 9000.0}
    ).drop_duplicates("handle")
    book = make_book(
        {"creators": creators},
        campaign={"links": {"landing_page": f"https://{host}/new?size=m#top", "campaign": campaign or None}},
        stage="plan",
        as_of=date(2026, 3, 1),
    )
    told = assigned(book)
    made = dict(zip(told["handle"], told["link"], strict=True))
    assert all(links.tags_of(link)["utm_content"] for link in made.values())
    assert not [remark for _, remark in links.check_links(made) if remark.blocks]
