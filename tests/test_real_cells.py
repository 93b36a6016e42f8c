"""What a cell says is judged before it is used: links, identifiers, counts, days, zones and letters of real files."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from creatorbook import exports
from creatorbook.client import read_client
from creatorbook.exports import Read
from creatorbook.problems import Problem
from creatorbook.text.account_links import read_link
from shelf import read, read_one, shelf_folder  # noqa: F401 - a fixture

CASES = Path(__file__).parent / "cases"


def case(name: str, shelf: Path) -> Read:
    """The exports of one of the small clients that real files were made into."""
    shutil.copytree(CASES / name, shelf)
    done = exports.read_folder(read_client(shelf))
    assert all(receipt.rows_in == receipt.kept + receipt.set_aside_count for receipt in done.receipts)
    return done


def reasons(done: Read) -> dict[str, int]:
    """Why rows were set aside, over all files → how many."""
    return {aside.reason: aside.count for receipt in done.receipts for aside in receipt.set_aside}


# ------------------------------------------------------------------------------------------- links


@pytest.mark.parametrize(
    ("cell", "platform", "kind", "account"),
    [
        ("https://www.instagram.com/annaq/?hl=de", "instagram", "profile", "annaq"),
        ("HTTPS://WWW.INSTAGRAM.COM/AnnaQ", "instagram", "profile", "annaq"),
        ("instagram.com/annaq/reels/", "instagram", "profile", "annaq"),
        ("https://www.instagram.com/p/AAA/", "instagram", "post", ""),
        ("https://instagram.com/annaq/p/AAA/?igsh=x", "instagram", "post", "annaq"),
        ("https://www.instagram.com/reel/CCC/", "instagram", "reel", ""),
        ("https://www.instagram.com/stories/annaq/318/", "instagram", "story", "annaq"),
        ("https://www.instagram.com/stories/highlights/179/", "instagram", "story", ""),
        ("https://www.instagram.com/explore/tags/moda/", "instagram", "page", ""),
        ("https://l.instagram.com/?u=https%3A%2F%2Fwww.tiktok.com%2F%40ben&e=x", "tiktok", "profile", "ben"),
        ("https://www.tiktok.com/@ben.test?lang=pt-BR", "tiktok", "profile", "ben.test"),
        ("https://www.tiktok.com/%40ben", "tiktok", "profile", "ben"),
        ("https://www.tiktok.com/@ben/video/7311", "tiktok", "video", "ben"),
        ("https://vm.tiktok.com/ZMabc/", "tiktok", "short link", ""),
        ("tiktok.com/t/ZTabc", "tiktok", "short link", ""),
        ("https://youtube.com/@mia/shorts", "youtube", "profile", "mia"),
        ("https://www.youtube.com/channel/UCabc", "youtube", "profile", "ucabc"),
        ("https://m.youtube.com/c/Mia", "youtube", "profile", "mia"),
        ("https://www.youtube.com/shorts/abc", "youtube", "short", ""),
        ("https://youtu.be/abc?si=x", "youtube", "video", ""),
        ("https://www.youtube.com/watch?v=abc", "youtube", "video", ""),
        ("https://www.facebook.com/profile.php?id=10001", "facebook", "profile", "10001"),
        ("https://de-de.facebook.com/ole/posts/12", "facebook", "post", "ole"),
        ("https://fb.watch/abc/", "facebook", "video", ""),
        ("https://www.pinterest.de/kim/outfits/", "pinterest", "profile", "kim"),
        ("https://pin.it/abc", "pinterest", "short link", ""),
        ("https://br.pinterest.com/pin/123/", "pinterest", "pin", ""),
        ("https://x.com/leo/status/12", "x", "post", "leo"),
        ("https://linktr.ee/annaq", "", "link in bio", ""),
        ("https://bit.ly/3abc", "", "short link", ""),
        ("https://www.example.com/shop/anna", "", "page", ""),
        ("Anna (https://instagram.com/annaq)", "instagram", "profile", "annaq"),
    ],
)
def test_a_link_tells_what_it_leads_to(cell: str, platform: str, kind: str, account: str) -> None:
    """Profiles, posts with and without their author, pages and short links are told apart."""
    link = read_link(cell)
    assert link is not None
    assert (link.platform, link.kind, link.account) == (platform, kind, account)


@pytest.mark.parametrize("cell", ["annaq", "@annaq", "tiktok.fan", "anna.q/ben", "instagram.com"])
def test_a_name_is_no_link(cell: str) -> None:
    """Not even if it has a dot in it."""
    assert read_link(cell) is None


def test_creators_given_by_their_posts_are_not_one_account(shelf: Path) -> None:
    """Both rows are set aside as links of posts; no account is called “p”."""
    done = case("handle_from_post_link", shelf)
    assert "creators" not in done.tables
    assert reasons(done) == {"this is the link of a post, not of an account": 2}
    assert "the link of the account's profile" in done.receipts[0].set_aside[0].expected


def test_each_row_of_a_list_of_links_is_judged_by_itself(shelf: Path) -> None:
    """Platforms row by row; what names nobody is set aside by what it is."""
    content = (
        "Nome;Perfil do Instagram;Seguidores\n"
        "Ana;https://www.instagram.com/ana.b/;1200\n"
        "Bia;https://www.tiktok.com/@bia/video/73;1300\n"
        "Cris;https://linktr.ee/cris;1400\n"
        "Duda;https://www.instagram.com/reel/XYZ/;1500\n"
        "Edu;https://vm.tiktok.com/ZM1/;1600\n"
        "Fe;https://www.instagram.com/reel/ABC/;1700\n"
    )
    mapping = [
        {
            "file": "x.csv",
            "table": "creators",
            "columns": {"handle": "Perfil do Instagram", "followers": "Seguidores"},
        }
    ]
    done, _ = read_one(shelf, content, mapping=mapping)
    assert done.tables.creators[["handle", "platform"]].values.tolist() == [
        ["ana.b", "instagram"],
        ["bia", "tiktok"],
    ]
    assert reasons(done) == {
        "this is a link-in-bio page": 1,
        "this is the link of a reel, not of an account": 2,
        "this is a short link, which does not show where it leads": 1,
    }


def test_the_link_of_an_account_says_its_platform_against_the_column(shelf: Path) -> None:
    """And the receipt tells how many rows that were."""
    content = "handle,platform,followers\nhttps://tiktok.com/@anna,instagram,1200\nben,instagram,100\n"
    done, receipt = read_one(shelf, content)
    assert done.tables.creators["platform"].tolist() == ["tiktok", "instagram"]
    assert "link belongs to another platform than this column says (rows: 1)" in receipt.notes[0]


# --------------------------------------------------------------------------------------- platforms


def test_one_name_does_not_answer_for_all_creators(shelf: Path) -> None:
    """An account called tiktok.fan says nothing of anybody's platform: the question is asked."""
    with pytest.raises(Problem, match="does not say which platform") as told:
        case("platform_told_by_one_account_name", shelf)
    assert "platform: tiktok" in told.value.todo


def test_one_link_does_not_answer_for_the_other_rows(shelf: Path) -> None:
    """Rows that leave the platform open are asked for; one line answers for them and leaves the link's platform."""
    content = "handle,followers\nhttps://www.youtube.com/@mia,10\nanna,20\nben,30\n"
    with pytest.raises(Problem, match=r"2 of 3 rows"):
        read(shelf, {"x.csv": content})
    done, _ = read_one(shelf, content, mapping=[{"file": "x.csv", "table": "creators", "platform": "tiktok"}])
    assert done.tables.creators["platform"].tolist() == ["youtube", "tiktok", "tiktok"]


def test_a_blank_platform_is_set_aside_with_the_way_out(shelf: Path) -> None:
    """Where the column answers for most rows, the others are told what to do."""
    content = "handle,platform,followers\nanna,tiktok,20\nben,ig,30\nmia,,40\n"
    done, receipt = read_one(shelf, content)
    assert len(done.tables.creators) == 2
    (aside,) = receipt.set_aside
    assert aside.reason == "nothing tells the platform"
    assert "client.yml" in aside.expected


def test_a_mapping_to_copy_asks_for_the_platform_if_one_row_tells_it(shelf: Path) -> None:
    """Among names behind @, one link answers for its own row only."""
    content = "Talentin;Wo;Zahl\nAnna;@annaq;1\nBen;@benb;2\nMia;@miam;3\nOle;https://tiktok.com/@ole;4\n"
    with pytest.raises(Problem) as told:
        read(shelf, {"x.csv": content})
    assert "platform:" in told.value.todo
