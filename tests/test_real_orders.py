"""Order files as shops really write them: states, sums, refunds, codes, and the same sales told by somebody else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from creatorbook.book import Book
from creatorbook.client import read_client
from creatorbook.exports import Read, read_folder
from creatorbook.finance.claims import claimed_orders, contested_codes
from creatorbook.finance.ladder import money_ladder
from creatorbook.finance.order_values import inside_window, order_values
from creatorbook.opening import open_book
from creatorbook.text.order_states import order_state_of
from shelf import make_client, read_one, shelf_folder  # noqa: F401 - a fixture

CASES = Path(__file__).parent / "cases"
CREATORS = "creator,handle,platform,followers,fee,code\nLena,lena.x,instagram,12000,200,LENA10\nMia,mia.y,tiktok,8000,100,MIA10\n"


def case(name: str, folder: Path) -> tuple[Read, Book]:
    """A case's client, read and opened."""
    shutil.copytree(CASES / name, folder)
    return read_folder(read_client(folder)), open_book(folder, "test")


def opened(folder: Path, orders: str, **client: object) -> Book:
    """A client with two creators and one order file, opened."""
    make_client(folder, {"creators.csv": CREATORS, "orders.csv": orders}, **client)
    return open_book(folder, "spring")


def sold(book: Book) -> list[str]:
    """Numbers of the orders of the window that are sales and were neither cancelled nor given back."""
    values = inside_window(book)
    kept = ~values.cancelled & (values.returned.fillna(0) < values.net)
    return values.order_id[kept].tolist()


# -------------------------------------------------------------------------------------------- states


@pytest.mark.parametrize(
    ("name", "stay"),
    [
        ("status_words_of_woocommerce", 42.02),
        ("status_words_in_german", 50.34),
        ("shopify_status_expired", 50.42),
    ],
)
def test_of_the_states_in_a_file_one_is_a_sale(shelf: Path, name: str, stay: float) -> None:
    """Refunded, pending, expired and cancelled orders do not sell, in a shop's words or in German."""
    _, book = case(name, shelf)
    assert len(sold(book)) == 1
    assert money_ladder(book).sales_that_stay == stay


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("order,date,total,code,État", ["Terminée", "En attente de paiement", "Annulée", "Remboursée"]),
        ("order,date,total,code,Estado del pago", ["Recibido", "Pendiente", "Anulado", "Reembolsado"]),
        (
            "order,date,total,code,Status płatności",
            ["Opłacone", "Oczekuje na płatność", "Anulowane", "Zwrócone"],
        ),
        ("order,date,total,code,注文ステータス", ["発送済み", "入金待ち", "キャンセル", "返金済み"]),
        ("order,date,total,code,Статус заказа", ["Выполнен", "Ожидает оплаты", "Отменён", "Возврат средств"]),
        (
            "order,date,total,code,Sipariş Durumu",
            ["Kargoya Verildi", "Ödeme Bekleniyor", "İptal Edildi", "İade Edildi"],
        ),
        (
            "order,date,total,code,Order Status",
            ["Shipped - Delivered to Buyer", "Pending", "Cancelled", "Shipped - Returned to Seller"],
        ),
        ("order,date,total,code,Status", ["complete", "pending_payment", "canceled", "closed"]),
        ("order,date,total,code,Status", ["wc-processing", "wc-on-hold", "wc-failed", "wc-refunded"]),
        (
            "order,date,total,code,Status",
            ["Awaiting Fulfillment", "Awaiting Payment", "Declined", "Refunded"],
        ),
        (
            "order,date,total,code,Bestelstatus",
            ["Verzonden", "In afwachting van betaling", "Geannuleerd", "Terugbetaald"],
        ),
        (
            "order,date,total,code,Stato",
            ["Spedito", "In attesa di pagamento con bonifico", "Annullato", "Rimborsato"],
        ),
    ],
)
def test_a_state_is_read_in_any_language(shelf: Path, header: str, words: list[str]) -> None:
    """A sale, one that waits for its money, one cancelled and one given back."""
    rows = [f"{i},2026-03-10,50,LENA10,{word}" for i, word in enumerate(words, start=1)]
    book = opened(shelf, "\n".join([header, *rows]))
    states = book.tables.orders.order_state.fillna("sale").tolist()
    assert states == ["sale", "not yet", "no sale", "refunded"]
    assert sold(book) == ["1"]


def test_what_is_paid_decides_before_what_is_sent(shelf: Path) -> None:
    """Payment, order and delivery in three columns: money decides, a cancellation anywhere undoes the order."""
    header = "order,date,total,code,Bestellstatus,Zahlungsstatus,Versandstatus"
    rows = [
        "In Bearbeitung,Bezahlt,Offen",
        "Offen,Bezahlt,Nicht versandt",
        "Abgeschlossen,Offen,Versandt",
        "Offen,Bezahlt,Retourniert",
    ]
    book = opened(
        shelf,
        "\n".join([header, *(f"{i},2026-03-10,50,LENA10,{row}" for i, row in enumerate(rows, start=1))]),
    )
    assert book.tables.orders.order_state.fillna("sale").tolist() == ["sale", "sale", "not yet", "refunded"]


def test_a_word_that_nobody_knows_is_asked_and_answered(shelf: Path) -> None:
    """It is never silently a sale; client.yml says what it means."""
    orders = "order,date,total,code,status\n1,2026-03-10,50,LENA10,completed\n2,2026-03-10,50,LENA10,Zwischenlager 7\n"
    done, receipt = read_one(shelf, orders)
    assert done.tables.orders.order_state.fillna("").tolist() == ["", "unknown"]
    assert "“Zwischenlager 7” (1)" in receipt.notes[0]
    assert 'states: {"Zwischenlager 7": sale}' in receipt.notes[0]
    assert sold(opened(shelf.parent / "asked", orders)) == ["1"]
    answered = [{"file": "orders.csv", "states": {"Zwischenlager 7": "sale"}}]
    assert sold(opened(shelf.parent / "answered", orders, mapping=answered)) == ["1", "2"]


def test_a_region_is_no_state(shelf: Path) -> None:
    """A column “State” that holds regions says nothing of the orders."""
    _, receipt = read_one(
        shelf, "order,date,total,code,state\n1,2026-03-10,50,LENA10,CA\n2,2026-03-10,50,,NY\n"
    )
    assert not receipt.notes


@pytest.mark.parametrize(
    "word", ["to be paid", "not paid via Klarna", "noch nicht eingegangen", "whatever", "paid?"]
)
def test_what_is_not_clear_is_no_state(word: str) -> None:
    """A longer text is never guessed to be a sale."""
    assert order_state_of(word) not in {"sale", "placed"}


# ---------------------------------------------------------------------------------------------- sums


def test_a_discount_on_delivery_is_none_on_goods(shelf: Path) -> None:
    """57 of goods, 10 of delivery, 10 off the delivery."""
    _, book = case("free_shipping_code", shelf)
    assert money_ladder(book).sales_that_stay == 57.0
    assert money_ladder(book).cents("discounts") == 0


def test_the_file_tells_whether_tax_is_inside(shelf: Path) -> None:
    """The file goes before client.yml, and says so."""
    done, book = case("tax_inside_though_client_says_on_top", shelf)
    assert money_ladder(book).sales_that_stay == 93.0
    assert money_ladder(book).money("traced") == 100.0
    assert "though client.yml says prices_include_tax: false" in done.receipts[-1].notes[0]


@pytest.mark.parametrize(
    ("header", "row", "net", "discount"),
    [
        # WooCommerce: the subtotal is before the discount, tax on top
        (
            "order,date,subtotal,discount,shipping,tax,total,code",
            "1,2026-03-10,100,10,5,19,114,LENA10",
            90.0,
            10.0,
        ),
        # PrestaShop in French: after the discount, tax on top
        (
            "commande,date,sous-total,remise,livraison,tva,montant total,code promo",
            "1,13/03/2026,90,10,5,19,114,LENA10",
            90.0,
            10.0,
        ),
        # a German shop: tax inside, the code was for the delivery
        (
            "Bestellnummer;Bestelldatum;Zwischensumme;Rabatt;Versand;MwSt;Gesamtbetrag;Gutscheincode",
            "1;10.03.2026;119,00;4,90;4,90;19,00;119,00;LENA10",
            100.0,
            0.0,
        ),
        # lines that the file does not tell: the total decides
        (
            "order,date,gross,discount,shipping,tax,total,code",
            "1,2026-03-10,40,0,0,19,119,LENA10",
            100.0,
            0.0,
        ),
    ],
)
def test_sums_are_held_against_the_total(
    shelf: Path, header: str, row: str, net: float, discount: float
) -> None:
    """Whatever a shop calls its subtotal, what the goods cost is what makes the total."""
    values = order_values(opened(shelf, f"{header}\n{row}\n"))
    assert (values.net / 100).tolist() == [net]
    assert (values.discount / 100).tolist() == [discount]


# ------------------------------------------------------------------------------------------- refunds


def test_a_negative_row_is_the_refund_of_its_order(shelf: Path) -> None:
    """Two orders; what came back is taken off the first."""
    done, book = case("refund_as_negative_row", shelf)
    assert done.tables.orders.order_id.tolist() == ["1", "2"]
    assert claimed_orders(book).order_id.tolist() == ["1", "2"]
    assert money_ladder(book).money("returned") == -50.0
    assert "taken off that order" in done.receipts[-1].set_aside[0].reason


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("order,date,total,code", ["7,2026-03-10,119,LENA10", "7,2026-03-12,-59.50,LENA10"]),
        ("order,date,total,code", ["#7,2026-03-10,119,LENA10", "Gutschrift 7,2026-03-12,-59.50,"]),
        ("order,date,total,type", ["7,2026-03-10,119,Sale", "7,2026-03-12,59.50,Refund"]),
        ("order,date,total,original order", ["7,2026-03-10,119,", "9001,2026-03-12,-59.50,7"]),
        (
            "Bestellnummer,Bestelldatum,Gesamtbetrag,Bestellstatus",
            ["7,10.03.2026,119,Bezahlt", "7,12.03.2026,59.50,Erstattet"],
        ),
        ("order,date,total,customer", ["7,2026-03-10,119,a@b.example", "X,2026-03-12,-59.50,a@b.example"]),
        (
            "commande,date,montant total,type de transaction",
            ["7,13/03/2026,119,Vente", "7-2,15/03/2026,59.50,Remboursement"],
        ),
    ],
)
def test_a_refund_finds_its_order(shelf: Path, header: str, rows: list[str]) -> None:
    """By number, marked number, column, state, kind or buyer."""
    done, receipt = read_one(shelf, "\n".join([header, *rows]))
    assert done.tables.orders.total.tolist() == [119.0]
    assert done.tables.orders.refunded.tolist() == [59.5]
    assert receipt.set_aside_count == 1


def test_a_refund_without_its_order_is_told(shelf: Path) -> None:
    """It is no order of 0, and it does not vanish."""
    done, receipt = read_one(
        shelf, "order,date,total,code\n7,2026-03-10,119,LENA10\n55,2026-03-12,-20,MIA10\n"
    )
    assert done.tables.orders.total.tolist() == [119.0]
    assert "whose order is not in this file" in receipt.set_aside[0].reason


# --------------------------------------------------------------------------------------------- codes


@pytest.mark.parametrize(
    ("name", "owners"),
    [("woocommerce_coupon_items", ["Lena", "Mia"]), ("code_with_invisible_sign", ["Lena"] * 3)],
)
def test_codes_as_exports_write_them(shelf: Path, name: str, owners: list[str]) -> None:
    """Named pieces of a cell, invisible signs."""
    _, book = case(name, shelf)
    assert claimed_orders(book).creator.tolist() == owners


def test_codes_of_two_creators_stand_on_one_order(shelf: Path) -> None:
    """Each order once, and both told."""
    _, book = case("two_creators_codes_on_one_order", shelf)
    assert claimed_orders(book).order_id.tolist() == ["#1", "#2"]
    assert len(contested_codes(book)) == 2


@pytest.mark.parametrize(
    "cell",
    [
        "code:lena10|amount:10.00",
        "id:55|code:lena10|amount:10.00;id:56|code:welcome5|amount:5.00",
        "LENA10 (10.00)",
        "lena10: -10,00 €",
        "Gutscheincode: LENA10",
        '[{"code":"lena10","amount":"10.00"}]',
        "ＬＥＮＡ１０",
        "LE\u00adNA10\u200b",
        "coupon=LENA10",
        "LENA10 - 10%",
        "WELCOME5 & LENA10",
        "1 x LENA10",
        "LENA10 = 10.00",
    ],
)
def test_a_code_is_found_in_its_cell(shelf: Path, cell: str) -> None:
    """As plugins, tills and people write it."""
    quoted = '"' + cell.replace('"', '""') + '"'
    book = opened(shelf, f"order,date,total,code\n1,2026-03-10,50,{quoted}\n")
    assert claimed_orders(book).creator.tolist() == ["Lena"]
