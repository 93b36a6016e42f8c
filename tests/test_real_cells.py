"""What a cell says is judged before it is used: links, identifiers, counts, days, zones and letters of real files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from creatorbook import exports
from creatorbook.client import read_client
from creatorbook.exports import Read, Unread
from creatorbook.opening import open_book
from creatorbook.packs import pack
from creatorbook.problems import Problem
from creatorbook.roi.customers import customers
from creatorbook.roi.headline import headline
from creatorbook.text.account_links import read_link
from creatorbook.text.months import month_words
from shelf import make_client, read, read_one, shelf_folder  # noqa: F401 - a fixture
from test_exports_layouts import SHOPIFY_HEADER, first, order

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


@pytest.mark.parametrize(
    "cell",
    ["https://", "http:", "www.", "https://[::1", "//", "https://youtube.com/@"],
)
def test_a_broken_link_names_nobody(cell: str) -> None:
    """It is told as a link, and never a handle."""
    link = read_link(cell)
    assert link is not None
    assert (link.kind, link.account) == ("page", "")


@pytest.mark.parametrize("cell", ["annaq", "@annaq", "tiktok.fan", "anna.q/ben", "instagram.com"])
def test_a_name_is_no_link(cell: str) -> None:
    """Not even if it has a dot in it."""
    assert read_link(cell) is None


def test_creators_given_by_their_posts_are_not_one_account(shelf: Path) -> None:
    """Both rows are refused as links of posts; no account is called “p”, and a list that gives nothing is a failure."""
    with pytest.raises(Unread, match="this is the link of a post, not of an account: 2 of 2") as caught:
        case("handle_from_post_link", shelf)
    (lost,) = caught.value.receipts[0].set_aside
    assert (lost.reason, lost.count) == ("this is the link of a post, not of an account", 2)
    assert "the link of the account's profile" in lost.expected


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


def test_the_link_of_a_profile_beside_the_name_tells_the_platform(shelf: Path) -> None:
    """Row by row; a name with spaces in it is what is shown, and the link has the handle."""
    content = (
        "Username,Name,Profile URL,Followers\n"
        "annaq,Anna,https://www.instagram.com/annaq/,100\n"
        "Ben Test,Ben,https://www.tiktok.com/@ben.test,200\n"
        ",Mia,https://www.youtube.com/@mia,300\n"
    )
    done, _ = read_one(shelf, content)
    assert done.tables.creators[["handle", "platform"]].values.tolist() == [
        ["annaq", "instagram"],
        ["ben.test", "tiktok"],
        ["mia", "youtube"],
    ]


def test_the_account_of_a_file_can_be_told_by_its_link(shelf: Path) -> None:
    """In client.yml, too, a post's link is no account."""
    content = "Date,Followers,Difference in followers from previous day\n2026-03-01,1,1\n"
    entry = {"file": "x.csv", "handle": "https://www.instagram.com/AnnaQ/"}
    done, _ = read_one(shelf, content, mapping=[entry])
    assert done.tables.follower_history["handle"].tolist() == ["annaq"]
    with pytest.raises(Problem, match="the link of a post"):
        read(shelf, {"x.csv": content}, mapping=[{**entry, "handle": "https://www.instagram.com/p/AAA/"}])


def test_signs_that_nobody_sees_make_nobody_a_second_account(shelf: Path) -> None:
    """A mark of direction or of no width comes along when a name is copied."""
    content = "handle,platform,followers\n\u200e@anna\u200f,instagram,1\n\u200banna,instagram,3\n"
    done, _ = read_one(shelf, content)
    assert done.tables.creators["handle"].tolist() == ["anna"]


# --------------------------------------------------------------------------------------- platforms


def test_one_name_does_not_answer_for_all_creators(shelf: Path) -> None:
    """An account called tiktok.fan says nothing of anybody's platform: the question is asked."""
    with pytest.raises(Problem, match="does not say which platform") as caught:
        case("platform_told_by_one_account_name", shelf)
    assert "platform: tiktok" in caught.value.todo


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
    with pytest.raises(Problem) as caught:
        read(shelf, {"x.csv": content})
    assert "platform:" in caught.value.todo


# ------------------------------------------------------------------------------------- identifiers


def test_rounded_order_numbers_are_refused(shelf: Path) -> None:
    """They are told by an example; no two rows become one order."""
    with pytest.raises(Problem) as caught:
        case("order_numbers_eaten_by_excel", shelf)
    assert "order numbers such as 7.31E+12 were rounded by a spreadsheet" in str(caught.value)
    assert "column as text" in caught.value.todo


@pytest.mark.parametrize("number", ["7,31E+12", "5.5021E+15", "7.31e+12", "1.0E12", "5769240134417800000"])
def test_one_rounded_number_is_set_aside_alone(shelf: Path, number: str) -> None:
    """The other orders stay, and so do codes that only look alike."""
    lines = [
        f"{number};2026-03-02;10;A10",
        "1001;2026-03-03;20;5E12",
        "1002;2026-03-04;30;",
        "1003;2026-03-05;40;",
    ]
    done, receipt = read_one(shelf, "order;date;total;code\n" + "\n".join(lines))
    assert done.tables.orders["order_id"].tolist() == ["1001", "1002", "1003"]
    assert done.tables.orders["discount_code"].tolist()[0] == "5E12"
    assert reasons(done) == {"rounded by a spreadsheet: it names no order any more": 1}
    assert receipt.duplicates == 0


def test_rounded_numbers_of_posts_customers_and_products_join_nothing(shelf: Path) -> None:
    """Two customers do not become one that comes back; posts go by their links."""
    orders = "order;date;total;customer id;sku;quantity\n"
    orders += (
        "1;2026-03-02;10;6.12E+12;4.06E+12;1\n2;2026-03-03;20;6.12E+12;4.06E+12;1\n3;2026-03-04;30;712;A;1\n"
    )
    posts = "handle,platform,date,post id,permalink,likes\n"
    posts += "anna,instagram,2026-03-02,1.79E+16,https://www.instagram.com/p/AAA/,1\n"
    posts += "anna,instagram,2026-03-03,1.79E+16,https://www.instagram.com/p/BBB/,2\n"
    done = read(shelf, {"orders.csv": orders, "posts.csv": posts})
    assert done.tables.orders["customer"].isna().tolist() == [True, True, False]
    assert done.tables.order_lines["sku"].isna().tolist() == [True, True, False]
    assert done.tables.posts["likes"].tolist() == [1, 2]
    assert done.tables.posts["post_id"].is_unique
    assert all("nothing is joined by them" in " ".join(receipt.notes) for receipt in done.receipts)


def test_a_shop_whose_order_names_were_rounded(shelf: Path) -> None:
    """Lines of such an order go with it; the other orders keep theirs."""
    lines = [SHOPIFY_HEADER]
    for name in ("7.31E+12", "#2", "#3", "#4"):
        lines += [order(name, 1, 40, **first(name, 50)), order(name, 1, 10)]
    done, receipt = read_one(shelf, "\n".join(lines))
    assert done.tables.orders["order_id"].tolist() == ["#2", "#3", "#4"]
    assert (receipt.kept, receipt.set_aside_count, receipt.duplicates) == (6, 2, 0)


# ------------------------------------------------------------------------------------------ counts


def test_followers_in_two_notations_are_read_row_by_row(shelf: Path) -> None:
    """Before k or M, a mark with one or two digits behind it can only be decimal."""
    done = case("followers_in_two_notations", shelf)
    assert done.tables.creators["followers"].tolist() == [1_200_000, 12_300, 980]
    assert done.receipts[0].unreadable == {}


NOTATIONS = {
    "1,2 Mio.": 1_200_000, "12,3 Tsd.": 12_300, "1.2万": 12_000, "15万": 150_000, "1.2億": 120_000_000,
    "12,3 тыс.": 12_300, "1,2 млн": 1_200_000, "١٢٣٤٥": 12_345, "١٢٫٣ ألف": 12_300, "12,3 mil": 12_300,
    "1,2 mi": 1_200_000, "12,3 tys.": 12_300, "3.4만": 34_000, "12,3 rb": 12_300, "1,2 jt": 1_200_000,
    "12,3 B": 12_300, "1.2 lakh": 120_000, "1,2 milj.": 1_200_000, "~15k": 15_000, "10k+": 10_000,
    "ca. 12.500": 12_500, "12.3K followers": 12_300, "12'500": 12_500, "１２３４５": 12_345, "1,234,567": 1_234_567,
}  # fmt: skip


def test_counts_in_every_notation(shelf: Path) -> None:
    """Each beside others that are written in another way."""
    lines = [f"a{at};ig;{cell}" for at, cell in enumerate(NOTATIONS)]
    done, receipt = read_one(
        shelf, "handle;platform;followers\n" + "\n".join([*lines, "b;ig;4.5K", "c;ig;2,5k"])
    )
    assert done.tables.creators["followers"].tolist() == [*NOTATIONS.values(), 4500, 2500]
    assert "about or at least so many (such as ~15k) are read as that number: 3" in " ".join(receipt.notes)


@pytest.mark.parametrize(
    ("cells", "counts"),
    [
        (["1.234k", "950", "2.345k"], [1234, 950, 2345]),
        (["1,234k", "950"], [1234, 950]),
        (["1.234k", "12.5k"], [1234, 12_500]),
        (["1.234k", "8.900"], [1_234_000, 8900]),
        (["1,234k", "8,900"], [1_234_000, 8900]),
        (["1.234k", "8,900"], [1234, 8900]),
        (["1.234k", "12,5k"], [1_234_000, 12_500]),
        (["1.234 Tsd.", "12,5 Tsd."], [1_234_000, 12_500]),
        (["1.234M", "950"], [1_234_000, 950]),
    ],
)
def test_three_digits_before_a_k_are_what_the_column_says(
    shelf: Path, cells: list[str], counts: list[int]
) -> None:
    """Thousands where thousands are so marked elsewhere in the column, else decimals: who has a million writes M."""
    lines = "\n".join(f"a{at};ig;{cell}" for at, cell in enumerate(cells))
    done, _ = read_one(shelf, f"handle;platform;followers\n{lines}\n")
    assert done.tables.creators["followers"].tolist() == counts


@pytest.mark.parametrize(
    ("cells", "shares"),
    [
        (["0.12", "12%", "0.3"], [0.12, 0.12, 0.3]),
        (["0,12", "12 %"], [0.12, 0.12]),
        (["12", "12%"], [0.12, 0.12]),
        (["0.4", "0.5%"], [0.004, 0.005]),
        (["0.4", "7"], [0.004, 0.07]),
    ],
)
def test_shares_beside_percents_are_read_as_each_is_written(
    shelf: Path, cells: list[str], shares: list[float]
) -> None:
    """A cell without % is a share where it can be none of the column's percents; told."""
    lines = "\n".join(f"a{at};ig;100;{cell}" for at, cell in enumerate(cells))
    done, receipt = read_one(shelf, f"handle;platform;followers;commission rate\n{lines}\n")
    assert done.tables.creators["commission_rate"].tolist() == pytest.approx(shares)
    assert ("shares stand beside percents" in " ".join(receipt.notes)) == (
        cells[1][:2] == "12" and "0" in cells[0]
    )


@pytest.mark.parametrize("cell", ["10k-15k", "<10k", "lots", "k", "12 or 13k", "1" * 40])
def test_what_is_no_one_number_is_missing(shelf: Path, cell: str) -> None:
    """A range, a limit from above, a number that could be two: told as unreadable, never guessed."""
    _, receipt = read_one(shelf, f"handle;platform;followers\nanna;ig;{cell}\nben;ig;4.500\n")
    assert receipt.unreadable == {"followers": 1}


def test_an_amount_that_is_clear_by_itself_is_read(shelf: Path) -> None:
    """A decimal point among decimal commas, with two digits behind it."""
    done, _ = read_one(
        shelf, "order;date;total\n1;2026-03-02;59,90\n2;2026-03-02;1.059,90\n3;2026-03-02;19.90\n"
    )
    assert done.tables.orders["total"].tolist() == [59.9, 1059.9, 19.9]


# -------------------------------------------------------------------------------------------- days


def days_of(done: Read, table: str = "orders", column: str = "ordered_at") -> list[str]:
    """A column of days as text."""
    return getattr(done.tables, table)[column].dt.strftime("%Y-%m-%d").tolist()


WRITTEN = (
    (("8 de marzo de 2026", "9 de abril de 2026"), ("2026-03-08", "2026-04-09")),
    (("12-Mar-26", "01-Apr-26"), ("2026-03-12", "2026-04-01")),
    (("12-mar-26", "01-abr-26"), ("2026-03-12", "2026-04-01")),
    (("12. März 2026", "1. Mai 2026, 10:30 Uhr"), ("2026-03-12", "2026-05-01")),
    (("12 mars 2026 à 10h30", "1er août 2026"), ("2026-03-12", "2026-08-01")),
    (("12 de março de 2026", "1 de dez. de 2026"), ("2026-03-12", "2026-12-01")),
    (("gio 12 mar 2026", "mar 2 giu 2026"), ("2026-03-12", "2026-06-02")),
    (("12 mrt. 2026", "1 mei 2026"), ("2026-03-12", "2026-05-01")),
    (("12 marca 2026", "1 listopada 2026"), ("2026-03-12", "2026-11-01")),
    (("12. ožujka 2026", "1. listopada 2026"), ("2026-03-12", "2026-10-01")),
    (("12 марта 2026 г.", "1 мая 2026 г."), ("2026-03-12", "2026-05-01")),
    (("12 Mart 2026", "1 Ağustos 2026"), ("2026-03-12", "2026-08-01")),
    (("2026. március 12.", "2026. máj. 1."), ("2026-03-12", "2026-05-01")),
    (("12. maaliskuuta 2026", "1. toukokuuta 2026"), ("2026-03-12", "2026-05-01")),
    (("12 Μαρτίου 2026", "1 Μαΐου 2026"), ("2026-03-12", "2026-05-01")),
    (("١٢ مارس ٢٠٢٦", "١ مايو ٢٠٢٦"), ("2026-03-12", "2026-05-01")),
    (("令和8年3月12日", "R8.5.1"), ("2026-03-12", "2026-05-01")),
    (("2026年3月12日", "2026年5月1日 10:30"), ("2026-03-12", "2026-05-01")),
    (("2026년 3월 12일", "2026년 5월 1일"), ("2026-03-12", "2026-05-01")),
    (("12 tháng 3, 2026", "1 tháng 5, 2026"), ("2026-03-12", "2026-05-01")),
    (("12 มี.ค. 2569", "1 พ.ค. 2569"), ("2026-03-12", "2026-05-01")),
    (("12 Maret 2026", "1 Agustus 2026"), ("2026-03-12", "2026-08-01")),
    (("2026.03.12", "2026. 5. 1."), ("2026-03-12", "2026-05-01")),
    (("Thu, 12 Mar 2026 10:00:00 GMT", "Fri, 1 May 2026 10:00:00 GMT"), ("2026-03-12", "2026-05-01")),
    (("46093", "46143.5"), ("2026-03-12", "2026-05-01")),
    (("1773316800", "1777636800"), ("2026-03-12", "2026-05-01")),
    (("20260312103000", "20260501"), ("2026-03-12", "2026-05-01")),
    (("12.03.2026 klo 10.30", "1.5.2026"), ("2026-03-12", "2026-05-01")),
)  # fmt: skip


def test_days_as_exports_of_other_countries_write_them(shelf: Path) -> None:
    """Names of months in the language that the column's words are in, file by file."""
    files: dict[str, str | bytes] = {
        f"{at:02}.csv": "order;date;total\n"
        + "\n".join(f"{at}-{i};{cell};10" for i, cell in enumerate(cells))
        for at, (cells, _) in enumerate(WRITTEN)
    }
    done = read(shelf, files)
    assert reasons(done) == {}
    assert days_of(done) == [day for _, days in WRITTEN for day in days]


def test_names_of_months_are_those_of_the_cldr() -> None:
    """The pack is what the CLDR has; a process of its own, as every look into it leaves one language's names in others."""
    same = "import month_names; print(month_names.PACK.read_text('utf-8') == month_names.content())"
    env = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path]),
    }  # nothing else is searched
    done = subprocess.run([sys.executable, "-c", same], env=env, capture_output=True, text=True)
    assert done.stdout == "True\n", done.stderr


def test_a_word_is_a_month_only_in_the_languages_that_have_it() -> None:
    """`pro` is a Czech December cut short; no language has a month called `alisveris`, and only Hebrew has `מרץ`."""
    assert month_words(["pro", "led"]) == {"pro": 12, "led": 1}
    assert month_words(["alisveris"]) == {}
    assert [language for language, names in pack("month_names")["names"].items() if "מרץ" in names] == ["he"]


def test_clocks_behind_named_months_are_read(shelf: Path) -> None:
    """Of twelve hours and of twenty-four."""
    content = "order;date;total\n1;8 de marzo de 2026 10:30;1\n2;9 mar 2026, 3:05 p. m.;1\n3;2026年3月10日 下午3:05;1\n"
    done, _ = read_one(shelf, content)
    assert done.tables.orders["ordered_at"].dt.strftime("%H:%M").tolist() == ["10:30", "15:05", "15:05"]


@pytest.mark.parametrize(
    "cell", ["Mar-26", "2569-03-12 x", "31 de febrero de 2026", "12 likes 2026", "1404-12-21"]
)
def test_what_is_no_day_is_not_made_one(shelf: Path, cell: str) -> None:
    """A month of a year, a day that no month has, a word that is no month, another calendar."""
    done, receipt = read_one(shelf, f"order;date;total\n1;{cell};10\n2;2026-03-01;10\n")
    assert days_of(done) == ["2026-03-01"]
    assert receipt.set_aside[0].reason == "not a day"


def test_months_in_spanish_are_read(shelf: Path) -> None:
    """Days without a year, too."""
    assert days_of(case("month_names_in_spanish", shelf), "account_days", "date") == [
        "2026-03-08",
        "2026-03-09",
    ]


def test_days_that_a_spreadsheet_counts_are_read_and_told(shelf: Path) -> None:
    """To the second; of the calendar of 1904 where client.yml says so."""
    done = case("excel_serial_days", shelf)
    assert str(done.tables.orders["ordered_at"][0]) == "2026-03-10 08:20:58"
    assert "days since 1899-12-30" in " ".join(done.receipts[0].notes)


def test_days_that_a_spreadsheet_counts_from_1904(shelf: Path) -> None:
    """As client.yml says."""
    content = "order,date,total\n1,44629,10\n"
    done, _ = read_one(shelf, content, mapping=[{"file": "x.csv", "days_from": 1904}])
    assert days_of(done) == ["2026-03-10"]


def test_both_orders_of_day_and_month_are_told_row_by_row(shelf: Path) -> None:
    """The message names a date of each order with its record, and one that is open."""
    with pytest.raises(Problem) as caught:
        case("both_orders_of_day_and_month", shelf)
    assert "13/03/2026 (record 2) is day first, 03/28/2026 (record 3) month first" in str(caught.value)
    assert "04/03/2026 (record 1) can be read both ways" in str(caught.value)


def test_both_orders_are_read_where_every_day_tells_its_own(shelf: Path) -> None:
    """And where client.yml says how the open ones are meant."""
    done, receipt = read_one(shelf, "order,date,total\n1,13/03/2026,1\n2,03/28/2026,1\n3,04/04/2026,1\n")
    assert days_of(done) == ["2026-03-13", "2026-03-28", "2026-04-04"]
    assert "can only be month first" in receipt.notes[0]


# ------------------------------------------------------------------------------- days without year


def test_followers_across_new_year_run_on(shelf: Path) -> None:
    """A file in the order of days cannot jump back."""
    done = case("tiktok_followers_across_new_year", shelf)
    days = ["2025-03-25", "2025-07-31", "2025-08-01", "2025-12-25", "2026-02-26", "2026-02-27"]
    assert days_of(done, "follower_history", "date") == days
    assert "the order of its rows" in done.receipts[-1].notes[0]


MESES = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
)  # fmt: skip
FOLLOWERS = "Date,Followers,Difference in followers from previous day\n"


@pytest.mark.parametrize(
    ("name", "content", "days"),
    [
        (  # the newest day first
            "x.csv",
            FOLLOWERS + "2. Februar,9,1\n1. Januar,8,1\n31. Dezember,7,1\n1. Juni,6,1\n1. März,5,1\n",
            ["2026-02-02", "2026-01-01", "2025-12-31", "2025-06-01", "2025-03-01"],
        ),
        (  # numbers alone, the day first
            "x.csv",
            FOLLOWERS + "28/02,1,1\n01/03,2,1\n02/03,3,1\n",
            ["2026-02-28", "2026-03-01", "2026-03-02"],
        ),
        (  # two New Years
            "x.csv",
            FOLLOWERS
            + "".join(f"1 de {month},1,1\n" for month in ("noviembre", "diciembre", *MESES, *MESES[:2])),
            [
                "2024-11-01",
                "2024-12-01",
                *(f"2025-{month:02}-01" for month in range(1, 13)),
                "2026-01-01",
                "2026-02-01",
            ],
        ),
        (  # the range is in the file's name, far from the campaign
            "Followers 2023-01-01_2023-12-31.csv",
            FOLLOWERS + "1 janvier,1,1\n2 janvier,2,1\n31 décembre,3,1\n",
            ["2023-01-01", "2023-01-02", "2023-12-31"],
        ),
        (  # the day of the export is in its name: nothing is later
            "export_2025-02-10.csv",
            FOLLOWERS + "December 30,1,1\nDecember 31,2,1\nFebruary 9,3,1\n",
            ["2024-12-30", "2024-12-31", "2025-02-09"],
        ),
    ],
)
def test_a_file_tells_its_years(shelf: Path, name: str, content: str, days: list[str]) -> None:
    """By the order of its rows, its range and the day of its export, over the campaign's guess."""
    done, _ = read_one(shelf, content, name)
    assert days_of(done, "follower_history", "date") == days


def test_the_number_in_a_video_link_tells_the_year(shelf: Path) -> None:
    """Row by row, in any order: the number counts the moment of the post."""
    content = (
        "Video title,Video link,Post time,Total views,Total likes,Total comments,Total shares\n"
        f"A,https://www.tiktok.com/@anna/video/{1_615_000_000 << 32},March 6,10,1,1,1\n"
        f"B,https://www.tiktok.com/@anna/video/{1_772_000_000 << 32},February 25,10,1,1,1\n"
        f"C,https://www.tiktok.com/@anna/video/{1_703_900_000 << 32},January 1,10,1,1,1\n"
    )
    done, receipt = read_one(shelf, content)
    assert days_of(done, "posts", "published_at") == ["2021-03-06", "2026-02-25", "2024-01-01"]
    assert "the numbers in its links" in " ".join(receipt.notes)


def test_no_day_without_a_year_lies_in_the_future(shelf: Path) -> None:
    """Of a campaign that is planned, the year before is read: a file holds what was."""
    client = make_client(shelf, {"x.csv": FOLLOWERS + "March 1,1,1\nMarch 2,2,1\nMarch 3,3,1\n"})
    campaign = "goal: sales\nbudget: 6000\nstart: 2031-03-01\nend: 2031-03-29\n"
    (shelf / "campaigns" / "spring.yml").write_text(campaign, encoding="utf-8")
    os.utime(shelf / "exports" / "x.csv", (1_790_000_000, 1_790_000_000))  # 2026-09-21
    done = exports.read_folder(client)
    assert days_of(done, "follower_history", "date") == ["2026-03-01", "2026-03-02", "2026-03-03"]


# ------------------------------------------------------------------------------------------- zones


def test_orders_in_utc_are_of_the_days_of_their_market(shelf: Path) -> None:
    """Half past eleven in the evening in UTC is the next day in Berlin."""
    done = case("utc_times_at_the_day_boundary", shelf)
    assert days_of(done) == ["2026-03-02", "2026-03-30"]
    assert "as the clock in Europe/Berlin shows them" in " ".join(done.receipts[-1].notes)


@pytest.mark.parametrize(
    ("market", "settings", "cell", "clock"),
    [
        ("DE", {}, "2026-03-01 23:30:00 +0100", "2026-03-01 23:30"),
        ("JP", {}, "2026-03-01T16:30:00Z", "2026-03-02 01:30"),
        ("DE", {}, "2026-07-01 20:00:00 -0500", "2026-07-02 03:00"),
        ("GB", {}, "1 Jul 2026 23:30:00 GMT", "2026-07-02 00:30"),
        ("US", {"time_zone": "America/New_York"}, "2026-03-02 02:30:00 UTC", "2026-03-01 21:30"),
        ("US", {}, "2026-03-02 02:30:00 -0800", "2026-03-02 02:30"),
        ("IN", {}, "2026-03-01 20:00:00+00", "2026-03-02 01:30"),
        ("DE", {}, "2026-03-01 23:30:00", "2026-03-01 23:30"),
    ],
)
def test_offsets_are_used_for_the_day(
    shelf: Path, market: str, settings: dict[str, str], cell: str, clock: str
) -> None:
    """Where the market has one zone, or client.yml says which; a clock without a zone stays."""
    content = f"order;date;total\n1;{cell};10\n"
    done, _ = read_one(shelf, content, market=market, **settings)
    assert done.tables.orders["ordered_at"].dt.strftime("%Y-%m-%d %H:%M").tolist() == [clock]


def test_utc_in_a_market_of_many_zones_is_told(shelf: Path) -> None:
    """Nothing is moved by a guess."""
    _, receipt = read_one(shelf, "order;date;total\n1;2026-03-02T02:30:00Z;10\n", market="US")
    assert "time_zone: America/New_York" in " ".join(receipt.notes)


# ------------------------------------------------------------------------------------------ labels


def test_no_label_counts_days_that_are_not_there(shelf: Path) -> None:
    """Orders that begin after the campaign's first day tell nobody's past: no buyer is called new."""
    case("negative_days_in_a_label", shelf)
    book = open_book(shelf, "test")
    items = [*headline(book).items, *customers(book).items]
    text = " ".join(str(item) for item in items)
    assert "Cost per order" in text
    assert "-5" not in text
    assert "new customers cannot be told" in text


# ----------------------------------------------------------------------------------------- letters


def test_a_japanese_file_of_excel_is_read(shelf: Path) -> None:
    """And the guess is told."""
    done = case("japanese_excel_csv", shelf)
    assert done.tables.creators["creator"].tolist() == ["桜井美咲"]
    assert "Japanese" in done.receipts[0].notes[0]


def vietnamese(text: str) -> bytes:
    """As Windows-1258 stores it: where a letter with its accent has no place, the accent follows it."""
    stored = bytearray()
    for sign in text:
        try:
            stored += sign.encode("cp1258")
        except UnicodeEncodeError:
            base, accents = "", ""
            for part in unicodedata.normalize("NFD", sign):
                base, accents = (
                    (base, accents + part)
                    if part in "\u0300\u0301\u0303\u0309\u0323"
                    else (base + part, accents)
                )
            stored += (unicodedata.normalize("NFC", base) + accents).encode("cp1258")
    return bytes(stored)


@pytest.mark.parametrize(
    ("encoding", "market", "names"),
    [
        ("cp932", "JP", ["田中さくら", "ユキ"]),
        ("cp932", "DE", ["田中さくら", "佐藤健"]),
        ("gbk", "CN", ["王小美", "李红"]),
        ("gbk", "DE", ["王小美", "张丽的美妆", "陈一"]),
        ("big5", "TW", ["陳小美", "王麗"]),
        ("euc_kr", "KR", ["김민지", "박서연"]),
        ("euc_kr", "FR", ["김민지", "박서연", "이수현"]),
        ("cp1251", "RU", ["Анна Иванова", "Мария"]),
        ("cp1251", "DE", ["Анна Иванова", "Мария Петрова"]),
        ("cp1253", "GR", ["Μαρία Παπαδοπούλου", "Ελένη"]),
        ("cp1254", "TR", ["Ayşe Yıldız", "Çağla"]),
        ("cp1254", "DE", ["Ayşe Yıldız", "Çağla Şahin"]),
        ("cp1255", "IL", ["נועה לוי", "מיכל"]),
        ("cp1256", "AE", ["سارة محمد", "ليلى"]),
        ("cp1256", "DE", ["سارة محمد", "ليلى العلي"]),
        ("cp874", "TH", ["สมหญิง", "นานา"]),
        ("cp874", "DE", ["สมหญิง ใจดี", "นานา มานี"]),
        ("cp1250", "PL", ["Małgorzata Żółć", "Świątek"]),
        ("cp1250", "DE", ["Šárka Nováčková", "Řehoř Žižka"]),
        ("cp1250", "DE", ["Erdős Tünde", "Szűcs Ödön"]),
        ("cp1250", "HR", ["Đorđe Janić", "Ana"]),
        ("cp1257", "LV", ["Jānis Bērziņš", "Ūla"]),
        ("cp1257", "LT", ["Rūta Šimkutė", "Ona"]),
        ("cp1257", "DE", ["Jānis Bērziņš", "Līga Žagare"]),
        ("cp1257", "DE", ["Rūta Šimkutė", "Živilė Kęstutytė"]),
        ("cp1257", "FI", ["Žanna Põld", "Šurik Mäe"]),
        ("cp1258", "VN", ["Trần Thị Hoa", "Mai"]),
        ("cp1258", "DE", ["Nguyễn Thị Hằng", "Đặng Mỹ Linh", "Phạm Thu Thảo"]),
        ("cp1252", "DE", ["Føroyar Bjørgheðin", "Sunnvá"]),
        ("cp1252", "DE", ["Þuríður Sigurðardóttir", "François Þór"]),
        ("cp1252", "IT", ["Niccolò Può", "Così Perciò Già"]),
        ("cp1252", "PT", ["João Ímã Óscar", "Conceição Inês"]),
        ("mac_roman", "DE", ["Zoë Müller", "Jörg Größe"]),
        ("cp932", "JP", ["ｻｸﾗ", "ﾕｷ"]),
        ("cp1252", "DE", ["ÉÀÈ", "Ann"]),
        ("cp1252", "SE", ["ÄÖÜ GmbH", "ÅÄÖ"]),
        ("cp1252", "DE", ["Þórður Guðmundsson", "Sigríður"]),
        ("cp1252", "NO", ["Åse Ærø", "Øystein"]),
        ("cp1252", "DE", ["Zoë", "Jörg Weiß"]),
        ("cp1252", "FR", ["Élodie", "André “Dédé”"]),
        ("cp1252", "RU", ["Zoë", "Åsa"]),
        ("cp1252", "JP", ["Zoë", "it’s me – Zoë’s"]),
    ],
)
def test_letters_of_office_programs_are_read(
    shelf: Path, encoding: str, market: str, names: list[str]
) -> None:
    """As the file's own letters tell it, and told as a guess."""
    content = "creator,handle,platform,followers\n" + "".join(
        f"{name},a{i},instagram,100\n" for i, name in enumerate(names)
    )
    stored = vietnamese(content) if encoding == "cp1258" else content.encode(encoding)
    done, receipt = read_one(shelf, stored, market=market)
    assert done.tables.creators["creator"].tolist() == names
    assert "guess" in receipt.notes[0]


def test_a_broken_byte_does_not_spoil_a_file_in_utf8(shelf: Path) -> None:
    """The other letters stay what they are."""
    content = "creator,handle,platform,followers\nJörg Größe,a,instagram,1\nZoë É,b,instagram,1\nÅsa Ödéen,c,instagram,2\n"
    done, receipt = read_one(shelf, content.encode() + b"Ren\xe9,d,instagram,3\n")
    assert done.tables.creators["creator"].tolist()[:3] == ["Jörg Größe", "Zoë É", "Åsa Ödéen"]
    assert "some bytes that are none" in receipt.notes[0]
