"""The traps of real exports: each is read as its writer meant it, or told by name; nothing disappears."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from xlsxwriter import Workbook

from creatorbook import exports
from creatorbook.client import repository
from creatorbook.exports import cache, folder, receipt_as_json, receipt_lines, receipts_frame
from creatorbook.exports.built_in import built_in_readers
from creatorbook.exports.receipts import receipt_from_json
from creatorbook.problems import Problem
from shelf import make_client, read, read_one, shelf_folder  # noqa: F401 - a fixture
from test_exports_layouts import SHOPIFY, SHOPIFY_HEADER, YOUTUBE, first, order

ORDERS = "order,date,total,code\n1,2026-03-04,59.90,A10\n2,2026-03-05,20.00,\n"


# ---------------------------------------------------------------------------------- recognising


def test_an_unknown_file_is_named_with_a_mapping_to_copy(shelf: Path) -> None:
    """The message names file and columns; the block it gives, put into client.yml, reads the file."""
    content = "Bestellnr.;Wann gekauft;Order total EUR gross;Voucher used\n1;2026-03-04;59,90;a10\n"
    with pytest.raises(Problem) as caught:
        read(shelf, {"export.csv": content})
    told = str(caught.value)
    assert "exports/export.csv" in told
    assert "Wann gekauft" in told
    assert 'file: "export.csv"' in told
    assert "table: orders" in told
    done, receipt = read_one(
        shelf,
        content,
        "export.csv",
        mapping=[
            {
                "file": "export.csv",
                "table": "orders",
                "columns": {
                    "order_id": "Bestellnr.",
                    "ordered_at": "Wann gekauft",
                    "total": "Order total EUR gross",
                    "discount_code": "Voucher used",
                },
            }
        ],
    )
    assert receipt.mapped
    assert done.tables.orders[["total", "discount_code"]].values.tolist() == [[59.9, "A10"]]


def test_a_link_that_is_no_address_is_told_and_its_creator_stays(shelf: Path) -> None:
    """A placeholder in brackets is no link; the creator of the row takes part, the receipt counts the cell."""
    content = (
        "handle,platform,link\na.one,instagram,https://[your-shop]/x\n"
        "b.two,instagram,https://shop.example/x\nc.three,instagram,https://shop.example [new]\n"
    )
    done, receipt = read_one(shelf, content, "creators.csv")
    creators = done.tables.creators
    assert creators.handle.tolist() == ["a.one", "b.two", "c.three"]
    assert creators.link.isna().tolist() == [True, False, True]
    assert receipt.unreadable == {"link": 2}
    assert "link: 2 cells could not be read and are taken as not available" in "\n".join(
        receipt_lines(receipt)
    )


def test_a_file_can_be_left_out(shelf: Path) -> None:
    """`ignore: true` is told in the receipt."""
    done = read(shelf, {"odd.csv": "a,b\n1,2\n"}, mapping=[{"file": "odd.csv", "ignore": True}])
    assert done.receipts[0].notes == ("left out, as client.yml says",)
    assert list(done.tables) == []


def test_a_mapped_column_that_is_not_there_is_told(shelf: Path) -> None:
    """With the nearest name that is."""
    mapping = [{"file": "x.csv", "table": "orders", "columns": {"total": "Totl"}}]
    with pytest.raises(Problem, match="Did you mean “total”"):
        read(shelf, {"x.csv": ORDERS}, mapping=mapping)


def test_bytes_that_are_no_text_are_not_printed_as_columns(shelf: Path) -> None:
    """A picture saved as orders.csv is told to be no table; its bytes stay out of the message."""
    noise = bytes(range(128, 250)) + b"\x01\x02,\xff\xfe\x03\n" + bytes(range(1, 200)) * 3
    with pytest.raises(Problem, match="this is not a table") as told:
        read(shelf, {"orders.csv": noise})
    assert told.value.file == "exports/orders.csv"
    assert "ignore: true" in told.value.todo
    assert "\ufffd" not in str(told.value)
    assert "\x01" not in str(told.value)


def test_an_unknown_table_in_a_mapping_is_told(shelf: Path) -> None:
    """With the nearest name."""
    with pytest.raises(Problem, match="Did you mean “orders”"):
        read(shelf, {"x.csv": ORDERS}, mapping=[{"file": "x.csv", "table": "order"}])


def test_products_stand_in_the_order_of_their_file(shelf: Path) -> None:
    """Also where a variant's title is looked up on its product's first record."""
    lines = ["Handle,Title,Option1 Value,Variant SKU,Variant Price,Cost per item"]
    for number in range(40):
        lines.append(f"dress-{number},Dress,S,K{number}-S,40.00,13.10")
        lines.append(f"dress-{number},,M,K{number}-M,40.00,13.10")
    done, _ = read_one(shelf, "\n".join(lines))
    assert done.tables.products.sku.tolist() == [f"K{number}-{size}" for number in range(40) for size in "SM"]


def test_the_account_of_a_file_is_told_by_its_folder(shelf: Path) -> None:
    """A creator's own export lies in exports/creators/<handle>/."""
    done = read(shelf, {"creators/@AnnaQ/Table data.csv": YOUTUBE})
    assert set(done.tables.posts["handle"]) == {"annaq"}
    assert set(done.tables.posts["whose"]) == {"creator"}


def test_a_creators_list_without_platform_asks_for_it(shelf: Path) -> None:
    """One line in client.yml answers for the whole list."""
    content = "handle,followers\nannaq,50.7M\n"
    with pytest.raises(Problem, match="platform"):
        read(shelf, {"x.csv": content})
    mapping = [{"file": "x.csv", "table": "creators", "platform": "tiktok"}]
    done, _ = read_one(shelf, content, mapping=mapping)
    assert done.tables.creators[["platform", "followers"]].values.tolist() == [["tiktok", 50_700_000.0]]


@pytest.mark.parametrize(
    ("header", "reader"),
    [
        ("date,handle,platform,followers,fee", "creators"),
        ("date,handle,platform,followers", "follower_history"),
        ("handle,platform,followers,posted_on,code,link,status", "creators"),
        ("handle,platform,posted on,link,label seen", "posts"),
        ("date,handle,link,clicks", "clicks"),
        ("Date,Video Views,Profile Views,Likes,Comments,Shares", "tiktok_overview"),
    ],
)
def test_tables_that_look_alike_are_told_apart(header: str, reader: str) -> None:
    """The most specific layout wins, and none of these is a tie."""
    fitting = [
        (recognised.rank, one.name)
        for one in built_in_readers()
        if (recognised := one.recognise(header.split(",")))
    ]
    best = max(rank for rank, _ in fitting)
    assert [name for rank, name in fitting if rank == best] == [reader]


@pytest.mark.parametrize("name", ["notes.pdf", "picture.png"])
def test_files_that_are_no_tables_are_told_and_left_alone(shelf: Path, name: str) -> None:
    """A brief or a screenshot among the exports does no harm."""
    done = read(shelf, {name: b"\x00\x01", "x.csv": ORDERS})
    assert {receipt.file: receipt.rows_in for receipt in done.receipts} == {name: 0, "x.csv": 2}


# ---------------------------------------------------------------------------- encodings and shapes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_encoding_and_delimiter(shelf: Path, encoding: str, delimiter: str) -> None:
    """The same list however it was saved."""
    rows = [
        ["creator", "handle", "platform", "followers", "place"],
        ["Änne Größ", "aenne", "instagram", "1200", "Zürich"],
        ["Zoë Müßig", "zoe", "tiktok", "900", "Köln"],
    ]
    content = "\r\n".join(delimiter.join(row) for row in rows).encode(encoding)
    done, _ = read_one(shelf, content)
    assert done.tables.creators["creator"].tolist() == ["Änne Größ", "Zoë Müßig"]
    assert done.tables.creators["place"].tolist() == ["Zürich", "Köln"]


@pytest.mark.parametrize(
    ("place", "encoding"),
    [
        ("São Paulo", "cp1252"),
        ("Orléans, naïve", "cp1252"),
        ("Příliš žluťoučký kůň", "cp1250"),
    ],
)
def test_single_letters_are_read_in_their_own_encoding(shelf: Path, place: str, encoding: str) -> None:
    """A few letters tell it; where they fit several, the most common encoding is taken."""
    done, _ = read_one(shelf, f"handle;platform;followers;place\r\nanna;ig;1;{place}\r\n".encode(encoding))
    assert done.tables.creators["place"].tolist() == [place]


def test_sep_line_and_title_lines_are_skipped(shelf: Path) -> None:
    """Excel's hint and a report's title come before the header."""
    done, _ = read_one(shelf, "sep=;\nMy orders\n\norder;date;total\n1;2026-03-04;59,90\n")
    assert done.tables.orders["total"].tolist() == [59.9]


def test_records_that_are_none_are_told(shelf: Path) -> None:
    """Empty records, totals, a doubled header, cells beyond the header: each with its number."""
    content = (
        ORDERS + ",,,\norder,date,total,code\n3,2026-03-06,10.00,A,extra\nTotal,,89.90,\n4,2026-03-07,5.00\n"
    )
    done, receipt = read_one(shelf, content)
    assert {aside.reason: aside.records for aside in receipt.set_aside} == {
        "an empty record": (3,),
        "the column names again": (4,),
        "more cells than columns": (5,),
        "a total, not a record": (6,),
    }
    assert done.tables.orders["order_id"].tolist() == ["1", "2", "4"]


def test_an_open_quotation_mark_is_told(shelf: Path) -> None:
    """What a stray mark swallows is set aside, not read as one long cell."""
    done, receipt = read_one(
        shelf, ORDERS + '3,2026-03-06,10.00,"A10\n4,2026-03-07,11.00,\n5,2026-03-08,12.00,\n'
    )
    assert done.tables.orders["order_id"].tolist() == ["1", "2"]
    assert [aside.reason for aside in receipt.set_aside] == [
        "a quotation mark that is never closed: what follows it in the file cannot be told apart"
    ]


def test_line_breaks_inside_quotes_are_part_of_the_cell(shelf: Path) -> None:
    """A caption over two lines is one caption."""
    done, receipt = read_one(shelf, 'post_id,comment\n1,"two\nlines"\n2,one\n')
    assert done.tables.comments["text"].tolist() == ["two\nlines", "one"]
    assert receipt.rows_in == 2


def test_a_workbook_is_read(shelf: Path) -> None:
    """XLSX with typed cells; the first sheet that is a table we know."""
    make_client(shelf, {})
    (shelf / "exports").mkdir()
    with Workbook(str(shelf / "exports" / "list.xlsx")) as book:
        book.add_worksheet("notes").write_row(0, 0, ["call Anna"])
        sheet = book.add_worksheet("orders")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["order", "date", "total"])
        sheet.write_row(1, 0, [1001, None, 59.9])
        sheet.write_datetime(1, 1, pd.Timestamp("2026-03-04").to_pydatetime(), day)
    done = read(shelf, {})
    assert done.tables.orders[["order_id", "total"]].values.tolist() == [["1001", 59.9]]
    assert done.tables.orders["ordered_at"].tolist() == [pd.Timestamp("2026-03-04")]


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.csv", b""), ("x.csv", b" \n"), ("x.xlsx", b"not a workbook"), ("x.csv", b"\x00" * 40)],
)
def test_files_that_are_broken_are_named(shelf: Path, name: str, content: bytes) -> None:
    """One message with the file's name, no traceback."""
    with pytest.raises(Problem, match=name):
        read(shelf, {name: content})


def test_a_link_out_of_the_client_folder_is_refused(shelf: Path, tmp_path: Path) -> None:
    """Somebody else's file is not read through a symbolic link."""
    make_client(shelf, {"x.csv": ORDERS})
    (tmp_path / "secret.csv").write_text(ORDERS, encoding="utf-8")
    (shelf / "exports" / "link.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(Problem, match="leads out of the client folder"):
        read(shelf, {})


# ------------------------------------------------------------------------------ numbers and dates


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1.234,50", "12,00"], [1234.5, 12.0]),
        (["1,234.50", "12.00"], [1234.5, 12.0]),
        (["€ 12,00", "1 234,50 €"], [12.0, 1234.5]),
        (["12.400", "980"], [12400.0, 980.0]),
        (["12,400", "980"], [12400.0, 980.0]),
        (["(12.00)", "-3.50"], [-12.0, -3.5]),
        (["1'234.50", "0.99"], [1234.5, 0.99]),
        (["12.345", "0.5"], [12.35, 0.5]),
        (["5-", "3.50"], [-5.0, 3.5]),
        (["1.23.45", "7"], [None, 7.0]),
        (["--", "undefined", "0"], [None, None, 0.0]),
    ],
)
def test_amounts_as_people_write_them(shelf: Path, cells: list[str], values: list[float | None]) -> None:
    """The decimal sign is decided over the whole column; what is missing stays missing."""
    lines = [f'h{i};ig;100;"{cell}"' for i, cell in enumerate(cells)]
    done, _ = read_one(shelf, "handle;platform;followers;fee\n" + "\n".join(lines))
    found = done.tables.creators["fee"].tolist()
    assert [None if pd.isna(value) else value for value in found] == values


@pytest.mark.parametrize(
    ("cell", "followers"),
    [
        ("50.7M", 50_700_000),
        ("12k", 12_000),
        ("1,2 Mio", 1_200_000),
        ("8.900", 8_900),
        ("8,900", 8_900),
        ("0.89k", 890),
    ],
)
def test_followers_as_people_write_them(shelf: Path, cell: str, followers: int) -> None:
    """Thousands and millions by their letters."""
    done, _ = read_one(shelf, f"handle;platform;followers\nanna;ig;{cell}\n")
    assert done.tables.creators["followers"].tolist() == [followers]


def test_an_amount_that_is_none_sets_the_record_aside(shelf: Path) -> None:
    """With its number, column and what was expected."""
    _, receipt = read_one(shelf, ORDERS + "3,2026-03-06,about ten,\n4,2026-03-07,,\n")
    told = [(aside.reason, aside.records, aside.column, aside.expected) for aside in receipt.set_aside]
    assert told == [
        ("not an amount", (3,), "total", "an amount such as 1234.50"),
        ("the cell is empty", (4,), "total", "an amount such as 1234.50"),
    ]


def test_an_optional_cell_that_cannot_be_read_becomes_missing_and_is_counted(shelf: Path) -> None:
    """The creator stays on the list."""
    done, receipt = read_one(shelf, "handle,platform,followers,fee\nanna,ig,1200,ask her\nben,ig,lots,100\n")
    assert done.tables.creators["fee"].isna().tolist() == [True, False]
    assert receipt.unreadable == {"fee": 1, "followers": 1}
    assert receipt.kept == 2


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["03/04/2026", "03/14/2026"], ["2026-03-04", "2026-03-14"]),
        (["03/04/2026", "14/03/2026"], ["2026-04-03", "2026-03-14"]),
        (["03.04.2026", "04.04.26"], ["2026-04-03", "2026-04-04"]),
        (["2026-03-04T10:00:00Z", "2026/03/05"], ["2026-03-04", "2026-03-05"]),
        (["20260304"], ["2026-03-04"]),
        (["Mar 4, 2026", "5 March 2026 10:15"], ["2026-03-04", "2026-03-05"]),
        (["04/04/2026"], ["2026-04-04"]),
        (["3/14/2026, 9:05 PM"], ["2026-03-14"]),
    ],
)
def test_days_as_people_write_them(shelf: Path, cells: list[str], days: list[str]) -> None:
    """Day or month first is decided over the whole column."""
    lines = [f"{i};{cell};10.00" for i, cell in enumerate(cells)]
    done, _ = read_one(shelf, "order;date;total\n" + "\n".join(lines))
    assert done.tables.orders["ordered_at"].dt.strftime("%Y-%m-%d").tolist() == days


def test_days_that_stay_ambiguous_are_asked_for(shelf: Path) -> None:
    """No guess: one line in client.yml says it."""
    content = "order,date,total\n1,03/04/2026,10\n2,05/04/2026,12\n"
    with pytest.raises(Problem, match="day_first"):
        read(shelf, {"x.csv": content})
    done, _ = read_one(shelf, content, mapping=[{"file": "x.csv", "day_first": True}])
    assert done.receipts[0].last_day == date(2026, 4, 5)


def test_days_without_a_year_take_it_from_the_stated_range(shelf: Path) -> None:
    """Across New Year, and told if it was taken from the campaigns."""
    content = (
        "Date,Followers,Difference in followers from previous day\nDecember 31,10,undefined\nJanuary 1,12,2\n"
    )
    mapping = [{"file": "x.csv", "starts_on": "2024-12-01", "ends_on": "2025-02-01", "handle": "annaq"}]
    done, receipt = read_one(shelf, content, mapping=mapping)
    assert (receipt.first_day, receipt.last_day) == (date(2024, 12, 31), date(2025, 1, 1))
    assert receipt.notes == ()
    assert set(done.tables.follower_history["handle"]) == {"annaq"}
    _, receipt = read_one(shelf, content)
    assert receipt.first_day == date(2025, 12, 31)
    assert "no year" in receipt.notes[0]


# --------------------------------------------------------------------------------- orders and money


def test_an_order_in_two_exports_is_counted_once(shelf: Path) -> None:
    """The export that reaches further knows more about refunds; the other's records are set aside."""
    early = "\n".join([SHOPIFY_HEADER, order("#1", 1, 40, **first("#1", 40)), order("#1", 1, 10)])
    late = "\n".join(
        [
            SHOPIFY_HEADER,
            order("#2", 1, 30, **first("#2", 30, **{"Created at": "2026-03-20 10:00:00 +0100"})),
            order("#1", 1, 40, **first("#1", 40, **{"Refunded Amount": "40.00"})),
            order("#1", 1, 10),
        ]
    )
    done = read(shelf, {"b-early.csv": early, "a-late.csv": late})
    orders = done.tables.orders.set_index("order_id")
    assert orders["refunded"].to_dict()["#1"] == 40.0
    assert len(orders) == 2
    assert len(done.tables.order_lines) == 3
    by_file = {receipt.file: receipt for receipt in done.receipts}
    assert (by_file["b-early.csv"].kept, by_file["b-early.csv"].duplicates) == (0, 2)
    assert all(r.rows_in == r.kept + r.set_aside_count for r in done.receipts)


def test_an_order_twice_in_one_export_is_counted_once(shelf: Path) -> None:
    """Files glued together do not double the sales."""
    body = SHOPIFY.split("\n", 1)[1]
    done, receipt = read_one(shelf, f"{SHOPIFY}\n{body}")
    assert done.tables.orders["gross"].tolist() == [129.0, 20.0]
    assert (receipt.rows_in, receipt.kept, receipt.duplicates) == (6, 3, 3)


def test_lines_without_their_order_are_told(shelf: Path) -> None:
    """A file cut off at its top leaves lines without total and date."""
    lines = [SHOPIFY_HEADER, order("#9", 1, 10), order("#9", 2, 10), order("#8", 1, 20, **first("#8", 20))]
    done, receipt = read_one(shelf, "\n".join(lines))
    assert done.tables.orders["order_id"].tolist() == ["#8"]
    assert receipt.set_aside_count == 2


def test_test_orders_are_marked(shelf: Path) -> None:
    """The shop's own tests are no sales."""
    lines = [
        SHOPIFY_HEADER,
        order("#9", 1, 10, **first("#9", 10, **{"Payment Method": "(for testing) Bogus Gateway"})),
    ]
    done, _ = read_one(shelf, "\n".join(lines))
    assert done.tables.orders["test"].tolist() == [True]


def test_other_currencies_are_never_mixed(shelf: Path) -> None:
    """Without a rate the order stays as it is and is told, with one it is converted, and the receipt says so."""
    lines = [
        SHOPIFY_HEADER,
        order("#1", 1, 40, **first("#1", 40)),
        order("#2", 2, 50, **first("#2", 105, Currency="GBP")),
        order("#2", 1, 5),
    ]
    done, receipt = read_one(shelf, "\n".join(lines))
    orders = done.tables.orders[["order_id", "total", "currency"]]
    assert orders.values.tolist() == [["#1", 40.0, "EUR"], ["#2", 105.0, "GBP"]]
    assert done.tables.order_lines["price"].isna().tolist() == [False, True, True]
    assert receipt.currency == "EUR, GBP"
    assert receipt.set_aside == ()
    assert any(note.startswith("orders in GBP: 1. client.yml gives no rate to EUR") for note in receipt.notes)
    done, receipt = read_one(shelf, "\n".join(lines), exchange_rates={"GBP": 1.2})
    assert done.tables.orders[["gross", "total"]].values.tolist() == [[40.0, 40.0], [126.0, 126.0]]
    assert done.tables.order_lines["price"].tolist() == [40.0, 60.0, 6.0]
    assert "converted" in receipt.notes[0]


def test_a_price_in_another_currency_is_not_read_as_ours(shelf: Path) -> None:
    """£100 is not €100; the creator stays on the list."""
    done, receipt = read_one(shelf, "handle,platform,followers,fee\nanna,ig,1200,£100\nben,ig,900,€80\n")
    assert done.tables.creators["fee"].tolist()[1] == 80.0
    assert done.tables.creators["fee"].isna().tolist() == [True, False]
    assert any("GBP" in note for note in receipt.notes)


def test_the_basket_leaves_shipping_out_and_adds_the_discount(shelf: Path) -> None:
    """Total 54.90 with 6 off and 4.90 shipping was a basket of 56; without those columns, the total stands."""
    content = "order,date,total,discount,shipping\n1,2026-03-04,54.90,6.00,4.90\n"
    done, _ = read_one(shelf, content)
    assert done.tables.orders["gross"].tolist() == [56.0]
    done, _ = read_one(shelf, ORDERS)
    assert done.tables.orders["gross"].tolist() == [59.9, 20.0]
    assert done.tables.orders["discount"].isna().all()


def test_tax_on_top_is_not_part_of_the_basket(shelf: Path) -> None:
    """Where prices are without tax, so is the basket."""
    content = "order,date,total,shipping,tax\n1,2026-03-04,115.00,5.00,10.00\n"
    done, _ = read_one(shelf, content, prices_include_tax=False)
    assert done.tables.orders["gross"].tolist() == [100.0]


# ----------------------------------------------------------------------------- several files as one


def test_lifetime_totals_of_two_days_are_not_added(shelf: Path) -> None:
    """The later export of the same video counts."""
    head = "Video title,Video link,Post time,Total likes,Total comments,Total shares,Total views\n"
    link = "https://www.tiktok.com/@ben/video/"
    early = f"{head}a,{link}1,2026-03-05 10:00,10,1,0,100\n"
    late = f"{head}a,{link}1,2026-03-05 10:00,15,1,0,160\nb,{link}2,2026-03-09 10:00,5,0,0,50\n"
    done = read(shelf, {"1.csv": late, "2.csv": early})
    assert sorted(done.tables.posts["views"]) == [50.0, 160.0]
    assert {r.file: r.duplicates for r in done.receipts} == {"1.csv": 0, "2.csv": 1}


def test_a_creator_on_two_lists_is_one(shelf: Path) -> None:
    """The list with the code counts, the other fills its gaps."""
    own = "creator,handle,platform,followers,fee,code\nAnna,@annaq,ig,,250,A10\n"
    tool = "username,network,follower count,category\nannaq,Instagram,12.4K,fashion\nbo,Instagram,900,food\n"
    done = read(shelf, {"own.csv": own, "tool.csv": tool})
    anna = done.tables.creators.set_index("handle").loc["annaq"]
    assert (anna["followers"], anna["fee"], anna["niche"], anna["creator"]) == (
        12400.0,
        250.0,
        "fashion",
        "Anna",
    )
    assert len(done.tables.creators) == 2


def test_a_creator_twice_on_one_list_is_one(shelf: Path) -> None:
    """The records before the last are told as repeats."""
    done, receipt = read_one(
        shelf, "handle,platform,followers,code\nanna,ig,1200,A10\nanna,instagram,1300,\n"
    )
    assert done.tables.creators[["followers", "code"]].values.tolist() == [[1200.0, "A10"]]
    assert receipt.duplicates == 1


def test_files_that_do_not_say_whose_they_are_are_not_joined(shelf: Path) -> None:
    """Two follower histories without a handle stay two."""
    content = "date,followers\n2026-03-01,{}\n"
    done = read(shelf, {"a.csv": content.format(100), "b.csv": content.format(900)})
    assert done.tables.follower_history["followers"].tolist() == [100.0, 900.0]


# ---------------------------------------------------------------------------- people, cache, receipts


def test_no_personal_detail_of_a_buyer_survives(shelf: Path, tmp_path: Path) -> None:
    """Neither in a table nor in a receipt nor in a file of the cache; the same buyer has the same hash."""
    again = order("#1003", 1, 10, **first("#1002", 10))
    done, receipt = read_one(shelf, f"{SHOPIFY}\n{again}")
    orders = done.tables.orders.set_index("order_id")
    assert orders.loc["#1002", "customer"] == orders.loc["#1003", "customer"]
    assert orders.loc["#1002", "customer"] != orders.loc["#1001", "customer"]
    texts = [frame.to_csv() for frame in done.tables.frames.values()]
    texts += [json.dumps(receipt_as_json(receipt)), "\n".join(receipt_lines(receipt))]
    for path in (tmp_path / "cache").rglob("*.parquet"):
        texts.append(duckdb.read_parquet(str(path)).df().to_csv())
    texts += [
        path.read_bytes().decode("latin-1") for path in (tmp_path / "cache").rglob("*") if path.is_file()
    ]
    for text in texts:
        for secret in ("buyer.example", "Petra", "Beispiel", "Nirgendweg", "20095", "40 000000"):
            assert secret not in text


def test_commenters_are_hashed(shelf: Path) -> None:
    """The same account has one hash, whatever its case; the key decides it."""
    content = "post_id,username,comment\n1,@Fan_77,lovely\n2,fan_77,again\n3,other,hello fan@buyer.example\n"
    done, _ = read_one(shelf, content)
    hashes = done.tables.comments["commenter"].tolist()
    assert hashes[0] == hashes[1] != hashes[2]
    assert "fan" not in done.tables.comments.to_csv()
    (shelf / "hash.key").unlink()
    read_again = exports.read_folder(exports_client(shelf))
    assert read_again.tables.comments["commenter"].tolist() != hashes


def exports_client(shelf: Path):  # type: ignore[no-untyped-def]
    """The client in a folder as it is."""
    from creatorbook.client import read_client

    return read_client(shelf)


def test_hashes_are_hmac_sha256(shelf: Path) -> None:
    """The keyed hash is the standard one, so that another program can repeat it."""
    import hmac

    done, _ = read_one(shelf, "order,date,total,email\n1,2026-03-04,10.00,Kim@Buyer.example\n")
    expected = hmac.new(b"a public key for tests", b"kim@buyer.example", hashlib.sha256).hexdigest()[:16]
    assert done.tables.orders["customer"].tolist() == [expected]


def test_nothing_is_parsed_twice(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second reading comes from the cache, to the same values; a changed file is read again."""
    done = read(shelf, {"x.csv": ORDERS, "y.csv": YOUTUBE})

    def refuse(*_: object) -> None:
        raise AssertionError("parsed again")

    with monkeypatch.context() as patched:
        patched.setattr(folder, "import_file", refuse)
        again = read(shelf, {})
        pd.testing.assert_frame_equal(done.tables.orders, again.tables.orders)
        assert done.receipts == again.receipts
        with pytest.raises(AssertionError, match="parsed again"):
            read(shelf, {"x.csv": ORDERS + "3,2026-03-06,10.00,\n"})


def test_a_cut_off_cache_is_made_again(shelf: Path, tmp_path: Path) -> None:
    """Half a file in the cache is not trusted."""
    done = read(shelf, {"x.csv": ORDERS})
    for path in (tmp_path / "cache").rglob("*.json"):
        path.write_text("{", encoding="utf-8")
    pd.testing.assert_frame_equal(done.tables.orders, read(shelf, {}).tables.orders)


def test_the_cache_is_kept_within_its_size(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was not used for longest goes first; what was read just now stays, however large."""
    read(shelf, {"x.csv": ORDERS})
    old = set((tmp_path / "cache").rglob("*.*"))
    monkeypatch.setattr(cache, "LARGEST_CACHE", 0)
    done = read(shelf, {"x.csv": ORDERS + "3,2026-03-06,10.00,\n"})
    assert len(done.tables.orders) == 3
    left = set((tmp_path / "cache").rglob("*.*"))
    assert left
    assert not left & old


def test_without_a_cache_it_works_too(shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A place that cannot be written is done without."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setattr(repository, "CACHE", tmp_path / "file" / "cache")
    assert len(read(shelf, {"x.csv": ORDERS}).tables.orders) == 2


def test_raw_files_are_not_changed(shelf: Path) -> None:
    """Reading leaves every byte of the exports as it was, and adds nothing to the folder."""
    make_client(shelf, {"x.csv": ORDERS, "y.csv": YOUTUBE.encode("utf-16")})

    def state() -> dict[str, bytes]:
        return {str(p): p.read_bytes() for p in sorted(shelf.rglob("*")) if p.is_file()}

    before = state()
    read_again = exports.read_folder(exports_client(shelf))
    assert len(read_again.receipts) == 2
    assert state() == before


def test_a_receipt_reads_like_a_receipt(shelf: Path) -> None:
    """Plain lines for a terminal, a table for a page, and JSON that reads back."""
    _, receipt = read_one(shelf, ORDERS + "3,2026-03-06,about ten,\n", "shop.csv")
    assert receipt_from_json(json.loads(json.dumps(receipt_as_json(receipt)))) == receipt
    assert receipt_lines(receipt)[:6] == [
        "shop.csv: order export (shop)",
        "  good for: sales, orders per code, basket sizes",
        "  records: 3 in, 2 kept, 1 set aside",
        "  set aside: 1 record (3), column “total”: not an amount; expected an amount such as 1234.50",
        "  dates: 4 Mar 2026 – 5 Mar 2026",
        "  currency: EUR",
    ]
    frame = receipts_frame([receipt])
    assert frame[["file", "kept", "set aside"]].values.tolist() == [["shop.csv", 2.0, 1.0]]
    assert "no refunded: returns are assumed from client.yml" in frame["details"].iloc[0]


def test_lines_from_a_file_of_their_own_belong_to_the_orders_of_another(shelf: Path) -> None:
    """An order export and a list of lines are joined by the order's name, whatever the files are called."""
    lines = "order,sku,quantity,price\n1,K1,2,20.00\n2,K2,1,20.00\n"
    both = (
        "order,date,total,sku,quantity,price\n1,2026-03-04,59.90,K1,2,20.00\n1,2026-03-04,59.90,K3,1,19.90\n"
    )
    done = read(shelf, {"z.csv": ORDERS, "a.csv": lines})
    assert done.tables.order_lines["sku"].tolist() == ["K1", "K2"]
    done = read(shelf, {"z.csv": both, "a.csv": lines, "b.csv": lines})
    assert sorted(done.tables.order_lines["sku"]) == ["K1", "K2", "K3"]
    told = {receipt.file: (receipt.kept, receipt.duplicates) for receipt in done.receipts}
    assert told == {"a.csv": (0, 2), "b.csv": (1, 1), "z.csv": (2, 0)}


def test_a_post_written_down_by_hand_and_exported_later_counts_once(shelf: Path) -> None:
    """By its link, whatever an app adds to it; the label that was seen stays, the platform's figures count."""
    own = "post id,handle,platform,published at,link,likes\n71,annaq,instagram,2026-03-12 18:00:00,https://www.instagram.com/p/A1/,40\n"
    log = (
        "handle,platform,posted on,link,label seen,campaign,likes,counted on\n"
        "annaq,instagram,2026-03-12,https://instagram.com/p/A1?igsh=xyz,Werbung,spring,3,2026-03-13\n"
        "annaq,instagram,2026-03-14,https://www.instagram.com/p/B2/,none,spring,5,2026-03-15\n"
    )
    done = read(shelf, {"own.csv": own, "post_log.csv": log})
    posts = done.tables.posts.sort_values("published_at", kind="stable")
    assert list(posts["permalink"].str[-3:]) == ["A1/", "B2/"]
    assert list(posts["likes"]) == [40, 5]
    assert list(posts["label"]) == ["Werbung", "none"]
    assert list(posts["campaign"]) == ["spring", "spring"]
    receipts = {receipt.file: receipt for receipt in done.receipts}
    assert (receipts["own.csv"].kept, receipts["post_log.csv"].kept) == (1, 1)
    (aside,) = receipts["post_log.csv"].set_aside
    assert (
        aside.reason
        == "the same post is in another file by its own id: counted once, there, with the label seen here"
    )
