"""Hard clients: each kind of order that a sum can get wrong, as files of a shop, with its figures and the first page's words.

Made as the review's were: Shopify's columns, three plain orders a day as history, then orders of 119.00 incl. 19 % VAT in March
with a creator's code at 10 %; three creators, a margin of 60 % of the price before the code, and a day on which nothing is open.
Such an order leaves 90 net; its goods cost 40, so 50 of margin.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from creatorbook import roi
from creatorbook.book import Book
from creatorbook.finance.books import left_out, reconciliation
from creatorbook.finance.claims import without_rate
from creatorbook.finance.economics import unit_economics
from creatorbook.finance.ladder import money_ladder
from creatorbook.finance.leaks import in_doubt, order_signs
from creatorbook.finance.returns import settled_on
from creatorbook.findings import Findings
from creatorbook.opening import open_book
from creatorbook.problems import Problem
from creatorbook.roi.creator_results import creator_results
from creatorbook.roi.send_back import send_back
from shelf import make_client, shelf_folder  # noqa: F401 - a fixture

CREATORS = (
    "creator,handle,platform,followers,fee,code\nAnna,anna.a,instagram,12000,300,ANNA10\n"
    "Ben,ben.b,instagram,9000,200,BEN10\nCleo,cleo.c,tiktok,8000,100,CLEO10\n"
)
VAT = 0.19
HISTORY = [
    date(2025, 12, 1) + timedelta(days=day) for day in range((date(2026, 4, 20) - date(2025, 12, 1)).days)
]


def order(number: int, code: str = "ANNA10", *, off: float = 0.1, **cells: Any) -> dict[str, Any]:
    """One order in Shopify's columns: 119.00 incl. VAT, the code's discount taken off the goods; other cells as told."""
    price, shipping = float(cells.pop("price", 119.0)), float(cells.pop("shipping", 0.0))
    discount = round(price * off, 2) if code else 0.0
    total = round(price - discount + shipping, 2)
    return {
        "Name": f"#{number}",
        "Email": f"buyer{number}@mail.example",
        "Financial Status": "paid",
        "Currency": "EUR",
        "Subtotal": round(price - discount, 2),
        "Shipping": shipping,
        "Taxes": round(total * VAT / (1 + VAT), 2),
        "Total": total,
        "Discount Code": code,
        "Discount Amount": discount,
        "Created at": "2026-03-10 10:00:00 +0100",
        "Lineitem quantity": 1,
        "Lineitem name": "Linen dress",
        "Lineitem price": price,
        "Lineitem sku": "DRESS",
        "Lineitem requires shipping": "true",
        "Refunded Amount": 0.0,
        "Payment Method": "Shopify Payments",
        "Tags": "",
        "Source": "web",
        "Shipping Country": "DE",
        "Note Attributes": "",
        **cells,
    }


def orders(first: int, n: int, code: str = "ANNA10", **cells: Any) -> list[dict[str, Any]]:
    """So many equal orders, numbered from the first on."""
    return [order(first + place, code, **cells) for place in range(n)]


def plain_history() -> list[dict[str, Any]]:
    """Three orders a day without a code."""
    days = [day for day in HISTORY for _ in range(3)]
    return [
        order(10_000 + place, "", **{"Created at": f"{day} 09:00:00 +0100"}) for place, day in enumerate(days)
    ]


def as_csv(rows: list[dict[str, Any]]) -> str:
    """Rows as a file; a column that some row lacks is empty there."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def hard_client(
    folder: Path,
    special: list[dict[str, Any]],
    files: dict[str, str | bytes] | None = None,
    change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]] = list,
    **client: Any,
) -> Book:
    """The client of the review with these orders, opened when nothing is open any more; `change` is done to all orders."""
    economics = {"margin": 0.6, **client.pop("economics", {})}
    exports: dict[str, str | bytes] = {
        "creators.csv": CREATORS,
        "orders.csv": as_csv(change([*plain_history(), *special])),
        **(files or {}),
    }
    make_client(folder, exports, economics=economics, **client)
    campaign = {"goal": "sales", "budget": 1000, "start": "2026-03-02", "end": "2026-03-29"}
    path = folder / "campaigns" / "spring.yml"
    path.write_text(yaml.safe_dump({**campaign, "as_of": "2026-07-01"}), encoding="utf-8")
    return open_book(folder, "spring", "results")


def first_sentence(book: Book) -> str:
    """The sentence that the results' first page begins with."""
    return _on_page(roi.headline(book), "results.one_sentence")


def ties(book: Book) -> str:
    """What the first page says under “Ties to your books”."""
    return _on_page(roi.books(book), "results.books")


def _on_page(findings: Findings, slot: str) -> str:
    """The notes of one heading as a line, with plain spaces."""
    return " ".join(str(note.text) for note in findings.notes if note.slot == slot).replace("\xa0", " ")


THREE = [*orders(1, 10), *orders(101, 10, "BEN10"), *orders(201, 10, "CLEO10")]
GIFT_CARD = {
    "Lineitem name": "Gift Card - 50",
    "Lineitem sku": "",
    "Lineitem requires shipping": "false",
    "Taxes": 0.0,
}


def in_other(rows: list[dict[str, Any]], **cells: Any) -> list[dict[str, Any]]:
    """The same orders with other cells."""
    return [{**row, **cells} for row in rows]


def test_the_client_without_anything_hard(shelf: Path) -> None:
    """Thirty orders leave 90 each, their goods cost 40: 1,500 of margin on 600 of fees."""
    book = hard_client(shelf, THREE)
    ladder = money_ladder(book)
    assert (ladder.sales_that_stay, ladder.money("goods"), ladder.profit) == (2700, -1200, 900)
    assert "made €900" in first_sentence(book)


def test_currencies_without_a_rate_are_kept_and_named(shelf: Path) -> None:
    """Ten orders each in EUR, GBP and CHF: 20 are in no figure, and page, ties and creators' rows say whose they are."""
    special = [
        *orders(1, 10),
        *in_other(orders(101, 10, "BEN10"), Currency="GBP"),
        *in_other(orders(201, 10, "CLEO10"), Currency="CHF"),
    ]
    book = hard_client(shelf, special)
    assert money_ladder(book).sales_that_stay == 900
    assert "lost €100" in first_sentence(book)
    assert first_sentence(book).endswith("20 of the creators' orders have no rate and are not in it.")
    assert without_rate(book).groupby(["creator", "currency"]).size().to_dict() == {
        ("Ben", "GBP"): 10,
        ("Cleo", "CHF"): 10,
    }
    assert (
        str(roi.unknowns(book).notes[0].text)
        == "20 orders of Ben and Cleo are in no figure here: no rate for CHF and GBP."
    )
    assert ties(book).endswith("Not counted: 10 orders in CHF, 10 orders in GBP.")
    lines = reconciliation(book).set_index("line")
    assert lines.orders[["no rate CHF", "no rate GBP"]].tolist() == [-10, -10]
    assert left_out(book).orders.tolist() == [10, 10]
    rows = roi.per_creator(book).tables["roi.creators"].frame.set_index("creator").without_rate
    assert rows.to_dict() == {"Anna": 0, "Ben": 10, "Cleo": 10}
    assert creator_results(book).frame.decision.tolist()[1:] == ["too early", "too early"]
    why = roi.decisions(book).tables["roi.decisions"].frame.set_index("creator").reason
    assert why.to_dict() == {
        "Anna": "",
        "Ben": "orders without a rate",
        "Cleo": "orders without a rate",
    }
    verdict = str(roi.recommendation(book).notes[0].text)
    assert verdict.startswith(
        "Too early to say whether to do it again: orders without a rate (finance can settle it)."
    )


def test_where_no_order_of_a_creator_has_a_rate_nothing_is_said_of_the_result(shelf: Path) -> None:
    """All thirty in GBP: no sentence says that no order names a creator, and none that something was lost."""
    book = hard_client(shelf, in_other(THREE, Currency="GBP"))
    sentence = "We cannot say what was sold: orders without a rate. €600 was spent. 30 of the creators' orders have no rate and are not in it."
    assert first_sentence(book) == sentence
    assert set(creator_results(book).frame.decision) == {"too early"}


def next_step(book: Book) -> str:
    """What the first page says under “Next”."""
    return _on_page(roi.decisions(book), "results.next")


def asked_for(book: Book) -> list[tuple[str, str]]:
    """The first page's open points and who settles each."""
    return [(str(note.text), str(note.owner)) for note in roi.unknowns(book).notes]


def test_without_an_order_file_nobody_is_stopped(shelf: Path) -> None:
    """Fees and a margin are on file, orders are not: too early for all three, and no figure of theirs reads 0."""
    hard_client(shelf, [])
    (shelf / "exports" / "orders.csv").unlink()
    book = open_book(shelf, "spring", "results")
    assert first_sentence(book) == "We cannot say what was sold: no order file. €600 was spent."
    assert next_step(book) == "Too early 3: no order file."
    table = roi.decisions(book).tables["roi.decisions"].frame
    assert table.decision.tolist() == ["too early"] * 3
    assert table.reason.tolist() == ["no order file"] * 3
    assert table.orders.isna().all()
    assert "Orders are not on file yet." in send_back(book).tables["roi.send_back"].frame.sentence[0]
    assert asked_for(book)[0] == ("Orders with codes: any result at all.", "shop")
    assert "No split can be suggested yet: no order file" in str(roi.next_wave(book).notes[0].text)


def test_codes_that_no_order_carries_may_not_work(shelf: Path) -> None:
    """150 orders and three codes that none of them carries: a loss, if the codes work, and nobody is stopped for it."""
    book = hard_client(shelf, orders(1, 150, ""), change=lambda every: every[-150:])
    assert first_sentence(book) == (
        "None of the 150 orders of these days carries one of the 3 codes: check that the codes work; "
        "if they do, it is a loss of €600."
    )
    assert next_step(book) == "Too early 3: no order shows that the code works."
    assert asked_for(book)[0] == (
        "Whether the codes of 3 creators work: the shop's list of discounts, or test orders, show it.",
        "shop",
    )
    notes = {figure.key: figure.note for figure in roi.headline(book).figures.values()}
    assert notes["roi.margin_needed"] == "no order is traced"


def test_codes_that_work_and_brought_nothing_are_a_loss(shelf: Path) -> None:
    """The shop's list of discounts has all three: then nought is nought, and each of them can be judged."""
    discounts = as_csv(
        [
            {
                "Name": code,
                "Value": -10.0,
                "Value Type": "percentage",
                "Type": "Amount off order",
                "Discount Class": "order",
                "Times Used In Total": 0,
                "Status": "Active",
                "Start": "2026-03-01 08:00:00 +0100",
                "End": "",
            }
            for code in ("ANNA10", "BEN10", "CLEO10")
        ]
    )
    book = hard_client(
        shelf, orders(1, 150, ""), {"discounts.csv": discounts}, change=lambda every: every[-150:]
    )
    assert first_sentence(book) == (
        "None of the 150 orders of these days carries one of the 3 codes, which work in the shop: "
        "the campaign lost €600."
    )
    assert next_step(book) == "Stop 3."


def test_a_code_that_was_never_used_is_not_a_result(shelf: Path) -> None:
    """Anna's and Ben's codes work, of Cleo's nobody knows: she is too early until a test order shows that it does."""
    unused = [*orders(1, 10), *orders(101, 10, "BEN10")]
    book = hard_client(shelf, unused)
    assert creator_results(book).frame.decision.tolist()[2] == "too early"
    assert asked_for(book)[0] == (
        "Whether the code of Cleo works: the shop's list of discounts, or a test order, shows it.",
        "shop",
    )
    tried = orders(900, 1, "CLEO10", Tags="test")
    make_client(shelf, {"orders.csv": as_csv([*plain_history(), *unused, *tried])}, economics={"margin": 0.6})
    campaign = {"goal": "sales", "budget": 1000, "start": "2026-03-02", "end": "2026-03-29"}
    (shelf / "campaigns" / "spring.yml").write_text(
        yaml.safe_dump({**campaign, "as_of": "2026-07-01"}), encoding="utf-8"
    )
    book = open_book(shelf, "spring", "results")
    assert creator_results(book).frame.decision.tolist()[2] == "test again"


def test_a_creator_whose_fee_is_not_on_file_is_not_renewed(shelf: Path) -> None:
    """Anna's fee is blank: her orders leave money, but what she cost is not nought; the campaign's verdict waits for it."""
    book = hard_client(shelf, THREE, {"creators.csv": CREATORS.replace("12000,300", "12000,")})
    anna = creator_results(book).frame.set_index("creator").loc["Anna"]
    assert (anna.decision, str(anna.reason.text)) == ("too early", "no cost of theirs on file")
    assert pd.isna(anna.profit)
    assert "after €300 spent" in first_sentence(book)
    assert first_sentence(book).endswith(" What Anna cost is not on file and is not in it.")
    assert asked_for(book)[0] == ("What Anna cost: their result, and the campaign's.", "campaign lead")
    assert str(roi.recommendation(book).notes[0].text).startswith(
        "Too early to say whether to do it again: no cost of theirs on file (campaign lead can settle it)."
    )


def test_open_returns_keep_advice_back_until_a_named_day(shelf: Path) -> None:
    """Orders of yesterday: what still comes back is asked, with the day on which it is known."""
    make = hard_client(shelf, THREE, economics={"return_rate": 0.3}, change=without_refunds)
    campaign = yaml.safe_load((shelf / "campaigns" / "spring.yml").read_text(encoding="utf-8"))
    (shelf / "campaigns" / "spring.yml").write_text(
        yaml.safe_dump({**campaign, "as_of": "2026-03-12"}), encoding="utf-8"
    )
    book = open_book(shelf, "spring", "results")
    assert make.as_of != book.as_of
    assert next_step(book) == "Too early 3: most returns still open."
    note = roi.unknowns(book).notes[0]
    assert str(note.text).startswith("What still comes back: 100")
    assert note.due == settled_on(book)


def test_a_rate_brings_the_orders_back(shelf: Path) -> None:
    """With a rate for GBP those count, and only the others are set apart."""
    special = [*orders(1, 10), *in_other(orders(101, 10, "BEN10"), Currency="GBP"), *in_other(orders(201, 10, "CLEO10"), Currency="CHF")]  # fmt: skip
    book = hard_client(shelf, special, exchange_rates={"GBP": 1.2})
    assert money_ladder(book).sales_that_stay == 900 + 1080
    assert "made €500" in first_sentence(book)
    assert set(without_rate(book).creator) == {"Cleo"}


def test_a_gift_card_is_no_sale_until_it_is_used(shelf: Path) -> None:
    """Five gift cards of 50 with a creator's code change no sum; the ties name them and what they came to."""
    book = hard_client(shelf, [*THREE, *orders(301, 5, off=0.0, price=50.0, **GIFT_CARD)])
    ladder = money_ladder(book)
    assert (ladder.sales_that_stay, ladder.profit) == (2700, 900)
    assert "made €900" in first_sentence(book)
    assert ties(book).endswith("Not counted: gift cards sold 5 (€250).")
    assert reconciliation(book).set_index("line").cents["gift card"] == -25_000


def test_a_gift_card_beside_goods_leaves_the_goods(shelf: Path) -> None:
    """A dress and a gift card of 50 in one order: the dress is sold, at its price and with its tax."""
    dress = order(1, "ANNA10")
    dress |= {"Total": 157.1, "Subtotal": 157.1}
    card = {
        **dict.fromkeys(dress, ""),
        "Name": "#1",
        "Lineitem quantity": 1,
        "Lineitem price": 50.0,
        **GIFT_CARD,
    }
    card |= {"Created at": dress["Created at"], "Taxes": ""}
    book = hard_client(shelf, [dress, card, *THREE[1:]])
    assert money_ladder(book).sales_that_stay == 2700
    lines = reconciliation(book).set_index("line")
    assert (lines.orders["gift card"], lines.cents["gift card"]) == (0, -5000)


def test_an_exchange_is_neither_a_return_nor_a_sale(shelf: Path) -> None:
    """Five dresses sent back and five sent in their place, free: the five sales stand, as in the client without it."""
    unchanged, swapped = THREE[:-5], THREE[-5:]
    free = {"Discount Amount": 119.0, "Subtotal": 0.0, "Total": 0.0, "Taxes": 0.0, "Tags": "exchange"}
    replacements = [order(400 + place, "", **free, Email=row["Email"]) for place, row in enumerate(swapped)]
    refunded = in_other(swapped, **{"Refunded Amount": 107.10, "Financial Status": "refunded"})
    book = hard_client(shelf, [*unchanged, *refunded, *replacements])
    ladder = money_ladder(book)
    assert (ladder.sales_that_stay, ladder.money("returned"), ladder.profit) == (2700, 0, 900)
    assert "made €900" in first_sentence(book)
    assert "orders sent in exchange 5 (€0)" in ties(book)
    assert ladder.slices.parcels.sum() == 35
    returned = unit_economics(book).return_rate
    assert returned is not None
    assert returned.likely == 0


def test_an_exchange_paid_with_the_first_orders_money(shelf: Path) -> None:
    """The replacement names its order and shows a total, which is the first one's money: one sale, no return."""
    paid = {"Discount Code": "", "Note Attributes": "exchange for: #201"}
    refunded = in_other(THREE[20:21], **{"Refunded Amount": 107.10, "Financial Status": "refunded"})
    book = hard_client(shelf, [*THREE[:20], *refunded, *THREE[21:], order(400, "", price=107.10, **paid)])
    ladder = money_ladder(book)
    assert (ladder.sales_that_stay, ladder.money("returned"), ladder.profit) == (2700, 0, 900)


def test_an_exchange_is_of_the_buyers_last_sale(shelf: Path) -> None:
    """Between the dress and its replacement the buyer began an order and never paid: it is the dress that was exchanged."""
    buyer = {"Email": THREE[0]["Email"]}
    begun = order(
        401, "", **buyer, **{"Financial Status": "pending", "Created at": "2026-03-11 10:00:00 +0100"}
    )
    free = {"Discount Amount": 119.0, "Subtotal": 0.0, "Total": 0.0, "Taxes": 0.0, "Tags": "exchange"}
    replacement = order(402, "", **buyer, **free, **{"Created at": "2026-03-12 10:00:00 +0100"})
    refunded = in_other(THREE[:1], **{"Refunded Amount": 107.10, "Financial Status": "refunded"})
    book = hard_client(shelf, [*refunded, *THREE[1:], begun, replacement])
    assert (money_ladder(book).sales_that_stay, money_ladder(book).money("returned")) == (2700, 0)


def test_the_first_order_of_an_exchange_is_marked_as_well(shelf: Path) -> None:
    """Shops tag the order that was exchanged, too: it is charged and names no other one, so it stays a sale."""
    book = hard_client(shelf, [*in_other(THREE[:5], Tags="exchanged"), *THREE[5:]])
    assert money_ladder(book).sales_that_stay == 2700


def test_refunded_shipping_is_no_goods(shelf: Path) -> None:
    """Ten parcels of 5.95 given back: nothing was returned, no return was handled."""
    special = [*orders(1, 10, shipping=5.95, **{"Refunded Amount": 5.95}), *THREE[10:]]
    book = hard_client(shelf, special, economics={"handling_per_return": 3.0, "shipping_cost": 0.0})
    ladder = money_ladder(book)
    assert (ladder.sales_that_stay, ladder.money("returned"), ladder.money("handling")) == (2700, 0, 0)
    assert ladder.money("shipping") == 0
    assert "made €900" in first_sentence(book)


def test_a_free_order_costs_its_goods(shelf: Path) -> None:
    """Five dresses given away with a creator's code: no sale, and 200 of goods."""
    book = hard_client(shelf, [*THREE, *orders(500, 5, off=1.0)])
    ladder = money_ladder(book)
    assert (ladder.sales_that_stay, ladder.money("goods"), ladder.profit) == (2700, -1400, 700)
    assert "made €700" in first_sentence(book)


def test_test_orders_are_named_on_the_first_page(shelf: Path) -> None:
    """Three by tag and four by payment change no sum; the ties say how many and what the shop's report shows for them."""
    tests = [
        *orders(600, 3, Tags="test"),
        *orders(610, 4, **{"Payment Method": "(for testing) Bogus Gateway"}),
    ]
    book = hard_client(shelf, [*THREE, *tests])
    assert money_ladder(book).profit == 900
    assert ties(book).endswith("Not counted: test orders 7 (€630).")


def test_an_edited_order_counts_what_its_total_says(shelf: Path) -> None:
    """A second dress taken off again: the line still says two, subtotal and total say one."""
    edited = in_other(THREE[:5], **{"Lineitem quantity": 2})
    book = hard_client(shelf, [*edited, *THREE[5:]])
    assert money_ladder(book).sales_that_stay == 2700


def test_an_order_with_two_creators_codes_is_in_doubt(shelf: Path) -> None:
    """Counted once, both named on the first page, and left out of what the creators are expected to bring."""
    book = hard_client(shelf, [*in_other(THREE[:5], **{"Discount Code": "ANNA10,BEN10"}), *THREE[5:]])
    assert money_ladder(book).sales_that_stay == 2700
    assert "5 orders have codes of Anna and Ben: counted once, in doubt." in ties(book)
    assert order_signs(book).two_codes.sum() == 5
    assert in_doubt(order_signs(book)).most == 450


def test_negative_rows_are_refunds_of_their_orders(shelf: Path) -> None:
    """Two refunds as rows with minus totals: thirty orders, two of which came back."""
    rows = [{**order(700 + n), "Name": f"#{n}-R", "Total": -107.1, "Subtotal": -107.1, "Taxes": -17.1, "Discount Amount": 0} for n in (1, 2)]  # fmt: skip
    book = hard_client(shelf, [*THREE, *rows])
    ladder = money_ladder(book)
    assert (ladder.slices.orders_kept.sum(), ladder.sales_that_stay, ladder.profit) == (30, 2520, 800)


REFUNDS = "order id,refunded at,amount\n"


def without_refunds(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same orders in a file that tells no refunds."""
    return [{name: cell for name, cell in row.items() if name != "Refunded Amount"} for row in rows]


def receipt_notes(book: Book, file: str) -> str:
    """All that a file's receipt remarks."""
    return " ".join(note for receipt in book.receipts if receipt.file == file for note in receipt.notes)


def test_a_refund_file_of_a_part_is_not_set_over_the_order_file(shelf: Path) -> None:
    """Ten orders came back; the refund file has four of them and a part of another: all eleven count, each once."""
    special = [*in_other(THREE[:10], **{"Refunded Amount": 107.10}), *THREE[10:]]
    rows = [f"#{number},2026-03-20,107.10\n" for number in range(1, 5)]
    book = hard_client(shelf, special, {"refunds.csv": "".join([REFUNDS, *rows, "#101,2026-03-21,23.80\n"])})
    assert money_ladder(book).money("returned") == -920
    assert "made €389" in first_sentence(book)
    remarks = receipt_notes(book, "refunds.csv")
    assert (
        "orders of which the order file tells more refunds: 6 (642.60 in all): these count as well" in remarks
    )
    assert (
        "orders of which this file tells more refunds than the order file: 1 (23.80 in all): they count"
        in remarks
    )
    cautions = [str(note.text) for note in roi.books(book).notes if note.kind == "caution"]
    assert cautions[0].startswith("The refund file is not the whole: for 6 orders the order file tells €643")
    whole = hard_client(
        shelf, [*special[:10], *in_other(special[10:11], **{"Refunded Amount": 23.80}), *special[11:]]
    )
    assert money_ladder(whole).money("returned") == -920


def test_a_refund_file_of_another_shop_says_nothing(shelf: Path) -> None:
    """None of its refunds is of an order on file: what came back is not known, not nothing, and the first page says why."""
    others = "".join([REFUNDS, *(f"#A{number},2026-03-20,107.10\n" for number in range(60))])
    book = hard_client(shelf, THREE, {"refunds.csv": others})
    asked = [str(note.text) for note in roi.unknowns(book).notes]
    assert (
        asked[0]
        == "Whose refunds these are: 0 of the 60 in the refund file are of orders on file, so none is used."
    )
    assert money_ladder(book).money("returned") == 0  # as the order file says
    book = hard_client(shelf, THREE, {"refunds.csv": others}, without_refunds)
    assert not money_ladder(book).returns_known


def test_a_refund_file_that_reaches_further_back_is_the_shops_own(shelf: Path) -> None:
    """A year of refunds beside the campaign's orders: most are of older orders, and those of these orders count."""
    older = [f"#B{number},2026-03-12,50\n" for number in range(60)]
    refunds = "".join([REFUNDS, *older, "#1,2026-03-20,107.10\n"])
    book = hard_client(shelf, THREE, {"refunds.csv": refunds}, lambda every: without_refunds(every[-30:]))
    assert money_ladder(book).money("returned") == -90
    assert "refunds of orders on file: 1 of 61" in receipt_notes(book, "refunds.csv")


def test_a_refund_larger_than_its_order_counts_up_to_it(shelf: Path) -> None:
    """500 given back on an order of 107.10: the order is gone, and the difference is told."""
    book = hard_client(shelf, THREE, {"refunds.csv": REFUNDS + "#1,2026-03-20,500\n"})
    assert (money_ladder(book).sales_that_stay, money_ladder(book).profit) == (2610, 850)
    assert "made €850" in first_sentence(book)
    assert "refunds larger than their order: 1" in receipt_notes(book, "refunds.csv")
    notes = [str(note.text).replace("\xa0", " ") for note in roi.books(book).notes]
    assert "1 order has a refund larger than itself, by €393: it counts up to what was paid." in notes


MARKETPLACE = "Creator name,Creator-attributed GMV,Attributed orders,Creator-attributed items sold,Refunds,Est. commission"
PARCELS = {
    "shipping_cost": 4.0,
    "handling_per_return": 3.0,
    "payment_fee_rate": 0.02,
    "payment_fee_fixed": 0.25,
}


def test_a_marketplaces_orders_bear_no_parcel_and_no_payment_fee(shelf: Path) -> None:
    """Cleo's ten marketplace orders of 119: the shop's thirty parcels are charged, and what the marketplace takes is asked."""
    sheet = f"{MARKETPLACE}\ncleo.c,1190,10,10,119,0\n"
    book = hard_client(shelf, THREE, {"tiktok_shop.csv": sheet}, economics=PARCELS)
    ladder = money_ladder(book)
    assert ladder.slices.orders_kept.sum() == 40
    assert (ladder.money("shipping"), ladder.money("handling")) == (-120, 0)
    assert ladder.money("payment") == -round(30 * (0.02 * 107.10 + 0.25), 2)
    assert "marketplace fee" in ladder.costs.missing
    assert "Marketplace fees: they lower profit." in [str(note.text) for note in roi.unknowns(book).notes]
    included = [
        str(note.text) for note in roi.ladder(book).notes if str(note.text).startswith("NOT INCLUDED")
    ]
    assert "marketplace fees and parcels" in included[0]


def test_a_marketplaces_refunds_tell_nothing_of_the_shops(shelf: Path) -> None:
    """Its sheet has 119 refunded; what came back of the shop's own orders no file says, so returns are not known."""
    sheet = f"{MARKETPLACE}\ncleo.c,1190,10,10,119,0\n"
    book = hard_client(shelf, THREE, {"tiktok_shop.csv": sheet}, without_refunds)
    assert (money_ladder(book).money("returned"), money_ladder(book).returns_known) == (-100, False)


def test_what_a_marketplace_takes_is_a_cost_where_client_yml_names_its_column(shelf: Path) -> None:
    """No such column has been seen, so it is asked about; once named, 95.20 less is left and nothing is asked any more."""
    sheet = f"{MARKETPLACE},Platform fee\ncleo.c,1190,10,10,0,0,95.20\n"
    book = hard_client(shelf, THREE, {"tiktok_shop.csv": sheet})
    assert (money_ladder(book).profit, "marketplace fee" in money_ladder(book).costs.missing) == (1500, True)
    receipt = next(receipt for receipt in book.receipts if receipt.file == "tiktok_shop.csv")
    assert receipt.missing["fees"].endswith("if “Platform fee” is meant, map it in client.yml")
    mapping = [{"file": "tiktok_shop.csv", "columns": {"fees": "Platform fee"}}]
    book = hard_client(shelf, THREE, {"tiktok_shop.csv": sheet}, mapping=mapping)
    ladder = money_ladder(book)
    assert ladder.profit == 900 + 600 - 95.20
    assert "marketplace fee" not in ladder.costs.missing
    assert "made €1,405" in first_sentence(book)


@pytest.mark.parametrize(("margin", "shown"), [(60, "60"), (1.2, "1.2")])
def test_a_margin_is_a_share(shelf: Path, margin: float, shown: str) -> None:
    """60 for 60 %, and more than everything, are told with the line they stand in; nothing is guessed."""
    with pytest.raises(Problem, match=rf"expected a share between 0 and 1.*found {shown}") as raised:
        hard_client(shelf, THREE, economics={"margin": margin})
    assert raised.value.line == 4


KINDS: dict[str, dict[str, Any]] = {
    "sale": {},
    "other days": {"Created at": "2026-01-05 10:00:00 +0100"},
    "test": {"Tags": "test"},
    "not paid": {"Financial Status": "pending"},
    "gift card": GIFT_CARD,
    "exchange": {"Total": 0.0, "Subtotal": 0.0, "Taxes": 0.0, "Tags": "exchange"},
    "free": {"Total": 0.0, "Subtotal": 0.0, "Taxes": 0.0, "Discount Amount": 119.0},
    "cancelled": {"Cancelled at": "2026-03-11 10:00:00 +0100"},
    "refunded": {"Refunded Amount": 50.0},
    "GBP": {"Currency": "GBP"},
    "CHF": {"Currency": "CHF"},
}


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kinds=st.lists(st.sampled_from(list(KINDS)), min_size=1, max_size=12), seed=st.integers(0, 999))
def test_the_ties_add_up_to_the_whole_file(shelf: Path, kinds: list[str], seed: int) -> None:
    """Whatever kinds of orders there are: lines add up to the file's number of orders and to its column of totals."""
    random = Random(seed)
    codes, prices = ["ANNA10", "BEN10", "", "ANNA10,BEN10"], [119.0, 59.5, 17.35]
    rows = [
        order(place, random.choice(codes), price=random.choice(prices), **KINDS[kind])
        for place, kind in enumerate(kinds)
    ]
    book = hard_client(shelf, [*rows, order(900, "CLEO10")], change=lambda every: every[-60:])
    file, frame = book.tables.orders, reconciliation(book)
    lines = frame.set_index("line")
    if "file" not in lines.index:  # nothing is set apart: the shop's sales are the file
        assert lines.orders["shop"] == len(file)
        return
    first = lines.loc["file":"shop"]
    parts = first.iloc[1:-1]
    assert lines.orders["file"] == len(file)
    assert lines.orders["file"] + parts.orders.sum() == lines.orders["shop"]
    assert round(lines.cents["file"] + parts.cents.sum()) == lines.cents["shop"]
    assert round(lines.paid["file"] + parts.paid.sum()) == lines.paid["shop"]
    assert lines.paid["file"] == round(file.total[file.currency == "EUR"].sum() * 100)
    for currency in ("GBP", "CHF"):
        apart = lines.orders.get(f"no rate {currency}", 0.0)
        assert apart == -kinds.count(currency)
    assert lines.orders["shop"] + lines.orders["untraced"] == lines.orders["traced"]
