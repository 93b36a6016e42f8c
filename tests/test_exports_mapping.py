"""What a first-time user sees of files nobody knows: one block to paste, with a guess for each column, that works."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from creatorbook.cli import app
from creatorbook.exports import Unread
from creatorbook.exports.receipts import folded, totals_line
from creatorbook.problems import Problem
from shelf import make_client, read, shelf_folder  # noqa: F401 - a fixture
from test_exports_corpus import CORPUS

UNKNOWN: dict[str, str | bytes] = {
    "german.csv": "Bestellnummer;Bestelldatum;Kunde;Bruttobetrag;Gutscheincode\n"
    "1001;14.03.2026 10:22;a@b.example;59,90;LINA10\n1002;15.03.2026 11:02;c@d.example;129,00;\n",
    "english.csv": "Ref,Placed,Buyer mail,Amount paid,Promo\nA-1,2026-03-14,a@b.example,59.90,LINA10\n"
    "A-2,2026-03-15,c@d.example,129.00,\n",
    "links.csv": "Who,IG,Size,Costs per reel\nLina Muster,https://www.instagram.com/lina.muster/,12400,250\n"
    "Kim Probe,https://www.instagram.com/kimprobe/,8900,180\n",
    "top_tiktok.csv": "Talent,Konto,Reichweite (Follower)\nLina Muster,@lina.muster,12.400\nKim Probe,@kimprobe,8.900\n",
}
KNOWN = "order,date,total\n1,2026-03-04,59.90\n"


def block_of(problem: Problem) -> list[dict[str, object]]:
    """The mapping that a message gives, as client.yml reads it."""
    text = str(problem)
    found: list[dict[str, object]] = yaml.safe_load(text[text.index("mapping:\n") :])["mapping"]
    return found


def test_all_unknown_files_are_told_at_once_with_one_block_that_reads_them(shelf: Path) -> None:
    """Nothing has to be filled in: names tell, else the cells do."""
    with pytest.raises(Unread, match="4 files cannot be read yet") as caught:
        read(shelf, {**UNKNOWN, "known.csv": KNOWN})
    assert [receipt.file for receipt in caught.value.receipts] == ["known.csv"]
    assert "…" not in str(caught.value).partition("mapping:")[2]
    done = read(shelf, {**UNKNOWN, "known.csv": KNOWN}, mapping=block_of(caught.value))
    orders = done.tables.orders.set_index("order_id")
    assert orders["total"].to_dict() == {"1": 59.9, "1001": 59.9, "1002": 129.0, "A-1": 59.9, "A-2": 129.0}
    assert orders.loc[["1001", "A-1"], "discount_code"].tolist() == ["LINA10", "LINA10"]
    assert orders.loc["1001", "customer"] == orders.loc["A-1", "customer"]
    creators = done.tables.creators.sort_values(["platform", "handle"])
    assert creators[["handle", "platform", "followers"]].values.tolist() == [
        ["kimprobe", "instagram", 8900.0],
        ["lina.muster", "instagram", 12400.0],
        ["kimprobe", "tiktok", 8900.0],
        ["lina.muster", "tiktok", 12400.0],
    ]


def test_what_is_told_never_holds_a_buyers_address(shelf: Path) -> None:
    """Three cells stand beside each guess, so that a look tells whether it is right; of a buyer none does."""
    with pytest.raises(Problem) as caught:
        read(shelf, UNKNOWN)
    assert "a@b.example" not in str(caught.value)
    assert 'total: "Amount paid"   # 59.90 · 129.00' in str(caught.value)
    assert 'customer: "Buyer mail"   # kept as a keyed hash only' in str(caught.value)


def test_a_block_for_a_mapping_that_is_there_goes_under_it(shelf: Path) -> None:
    """A second line “mapping:” would not be read."""
    with pytest.raises(Problem) as caught:
        read(shelf, {"english.csv": UNKNOWN["english.csv"]}, mapping=[{"file": "old.csv", "ignore": True}])
    assert "has the line “mapping:” already" in str(caught.value)
    assert "\nmapping:\n" not in str(caught.value)


def test_a_column_without_gaps_is_no_discount_code(shelf: Path) -> None:
    """SKUs look like codes, and every line has one."""
    with pytest.raises(Problem) as caught:
        read(shelf, {"x.csv": "Nr,Moment,Summe,Ware\n1,2026-03-04,5.90,K1-S\n2,2026-03-05,7.90,K2-M\n"})
    assert "discount_code" not in str(caught.value)


def test_check_prints_what_it_could_read_and_then_what_it_could_not(tmp_path: Path) -> None:
    """The receipts of the other files are not lost to one that is unknown."""
    make_client(tmp_path / "client", {"known.csv": KNOWN, "links.csv": UNKNOWN["links.csv"]})
    run = CliRunner().invoke(app, ["check", str(tmp_path / "client")])
    assert run.exit_code == 1
    assert "known.csv: order export" in run.stdout
    assert 'file: "links.csv"' in run.stderr


def test_an_order_of_matrixify_takes_its_code_from_a_record_of_its_own(shelf: Path) -> None:
    """Only product lines sell something; shipping, payments and refunds are records, too."""
    tables = read(shelf, {"Orders.csv": (CORPUS / "matrixify_orders.csv").read_bytes()}).tables
    assert tables.orders["discount_code"].fillna("").tolist() == ["LINA10", ""]
    assert tables.orders["gross"].tolist() == [90.0, 40.0]
    assert tables.order_lines[["sku", "quantity", "discount"]].values.tolist() == [
        ["K1-S", 2.0, 10.0],
        ["K9", 1.0, 0.0],
        ["K1-M", 1.0, 0.0],
    ]


def test_long_lines_are_folded_and_files_added_up(shelf: Path) -> None:
    """For a terminal; no word is cut, however long."""
    assert folded("columns used: " + ", ".join(["abc"] * 9), 30)[1] == "    abc, abc, abc, abc, abc,"
    assert folded("x" * 90, 30) == ["x" * 90]
    done = read(shelf, {"a.csv": KNOWN + "2,soon,1\n", "b.csv": KNOWN.replace("1,2026", "3,2026")})
    assert totals_line(done.receipts) == "2 files read: 3 records in, 2 kept, 1 set aside (a.csv)"


def test_pins_without_days_ask_for_a_day_and_then_read(shelf: Path) -> None:
    """A column “date” and the account's name are all that is missing."""
    pins = "Title,Pin ID,Impressions,Pin clicks,Outbound clicks,Saves\nDress,9001,12400,120,44,60\n"
    with pytest.raises(Problem, match="no column holds days; add a column “date”") as caught:
        read(shelf, {"pins.csv": pins})
    (entry,) = block_of(caught.value)
    dated = "Title,Pin ID,Impressions,Pin clicks,Outbound clicks,Saves,date\nDress,9001,12400,120,44,60,2026-03-05\n"
    with pytest.raises(Problem, match="for the whole file:\n    handle: "):
        read(shelf, {"pins.csv": dated}, mapping=[entry])
    posts = read(shelf, {"pins.csv": dated}, mapping=[{**entry, "handle": "testbrand"}]).tables.posts
    told = ["platform", "handle", "views", "link_clicks"]
    assert posts[told].values.tolist() == [["pinterest", "testbrand", 12400.0, 44.0]]


def test_letters_that_had_to_be_guessed_are_told(shelf: Path) -> None:
    """The receipt names the encoding, and how few letters told it; UTF-8 needs no guess."""
    names = "handle,followers,platform,place\nlina,900,instagram,Köln\n"
    guessed = read(shelf, {"a.csv": names.encode("cp1252")}).receipts[0]
    assert "Western European (Windows-1252), which is a guess from only 1 of them" in guessed.notes[0]
    assert read(shelf, {"a.csv": names}).receipts[0].notes == ()


def test_counts_of_followers_are_not_taken_for_shares(shelf: Path) -> None:
    """A block of counts would become shares above 100%."""
    text = "Top countries\nGermany,5320\nAustria,410\n\nTop cities\nHamburg,12%\nWien,3%\n"
    receipt = read(shelf, {"Audience.csv": text}).receipts[0]
    assert [(aside.reason, aside.count) for aside in receipt.set_aside] == [
        ("more than 100%: a count, not a share", 2)
    ]


def test_a_column_that_may_be_meant_is_named_where_it_is_missed(shelf: Path) -> None:
    """A vendor's list is read as it stands; what its price column could be is said where the fee is missed."""
    text = "Influencer,Profile URL,Audience size,Estimated price (EUR)\nLina,https://www.instagram.com/lina/,12400,€250\n"
    (receipt,) = read(shelf, {"vendor.csv": text}).receipts
    assert receipt.missing["fee"].endswith("; if “Estimated price (EUR)” is meant, map it in client.yml")
    assert "“" not in receipt.missing["code"]
    told = [{"file": "vendor.csv", "columns": {"fee": "Estimated price (EUR)"}}]
    done = read(shelf, {"vendor.csv": text}, mapping=told)
    assert done.tables.creators["fee"].tolist() == [250.0]
