"""Order files as shops really write them: states, sums, refunds, codes, and the same sales told by somebody else."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from creatorbook.book import Book
from creatorbook.campaign.shop_sales import is_order
from creatorbook.client import read_client
from creatorbook.exports import Read, read_folder
from creatorbook.exports.layouts import built_in_layouts
from creatorbook.finance.claims import claimed_orders, contested_codes
from creatorbook.finance.costs import campaign_costs
from creatorbook.finance.ladder import money_ladder
from creatorbook.finance.leaks import order_signs
from creatorbook.finance.network_orders import disagreements, network_orders
from creatorbook.finance.order_values import inside_window, order_values
from creatorbook.opening import open_book
from creatorbook.problems import Problem
from creatorbook.text.order_states import order_state_of
from shelf import make_client, read_one, shelf_folder  # noqa: F401 - a fixture
from test_exports_properties import a_shelf

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
    stays = ~values.cancelled & (values.returned.fillna(0) < values.net)
    return values.order_id[stays].tolist()


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


# ------------------------------------------------------------------- what the file states, order by order


@dataclass(frozen=True)
class Made:
    """One order as a shop makes it: what its file states, and what was really sold."""

    goods: int
    discount: int
    shipping: int
    free: bool
    rate: int
    inside: bool
    lines: str
    refunded: int

    @property
    def sent(self) -> int:
        """Delivery paid."""
        return 0 if self.free else self.shipping

    @property
    def after(self) -> int:
        """What the goods cost after the discount, as the shop shows it."""
        return self.goods - (0 if self.free else self.discount)

    @property
    def off(self) -> int:
        """The discount as the file states it: on the goods, or the delivery's."""
        return self.shipping if self.free else self.discount

    @property
    def tax(self) -> int:
        """Tax in or on the goods and the delivery."""
        paid = self.after + self.sent
        return round(paid * self.rate / ((100 + self.rate) if self.inside else 100))

    @property
    def total(self) -> int:
        """What the buyer paid."""
        return self.after + self.sent + (0 if self.inside else self.tax)

    @property
    def net(self) -> float:
        """Goods without tax, as the file's own figures have it."""
        return self.after * (1 - self.tax / self.total) if self.inside and self.total else float(self.after)

    def line(self) -> int:
        """What the file's line says: all, less (a line is missing), or more (the order was edited afterwards)."""
        return {"all": self.goods, "missing": self.goods - 150, "edited": self.goods + 700}[self.lines]


@st.composite
def shop_orders(draw: st.DrawFn) -> list[Made]:
    """Orders of one shop: tax always inside, or always on top."""
    inside, rate = draw(st.booleans()), draw(st.sampled_from([7, 10, 19, 20, 21, 25]))
    orders = []
    for _ in range(draw(st.integers(3, 6))):
        goods, share = draw(st.integers(900, 30_000)), draw(st.sampled_from([0, 5, 10, 15, 20, 30]))
        free = draw(st.booleans())
        orders.append(
            Made(
                goods=goods,
                discount=round(goods * share / 100),
                shipping=draw(st.sampled_from([0, 390, 495, 1000])),
                free=free,
                rate=rate,
                inside=inside,
                lines=draw(st.sampled_from(["all", "all", "missing", "edited"])),
                refunded=draw(st.sampled_from([0, 0, 300])),
            )
        )
    return orders


def money(cents: float) -> str:
    """Cents as an export writes them."""
    return f"{cents / 100:.2f}"


def as_shopify(orders: list[Made]) -> str:
    """Shopify: the subtotal is after the discount, delivery as charged or with its discount beside it."""
    rows = [
        "Name,Financial Status,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Refunded Amount"
    ]
    for i, o in enumerate(orders, start=1):
        sent = o.shipping if o.free and i % 2 else o.sent
        off = o.off if sent or not o.free else 0
        rows.append(
            f"#{i},paid,EUR,{money(o.after)},{money(sent)},{money(o.tax)},{money(o.total)},LENA10,{money(off)},"
            f"2026-03-10 10:00:00 +0100,1,Dress,{money(o.line())},{money(o.refunded)}"
        )
    return "\n".join(rows)


def as_matrixify(orders: list[Made]) -> str:
    """Matrixify: the same under other names."""
    names = {
        "Financial Status": "Payment: Status", "Created at": "Created At", "Subtotal": "Price: Subtotal", "Shipping": "Price: Total Shipping",
        "Taxes": "Tax: Total", "Total": "Price: Total", "Discount Amount": "Price: Total Discount", "Lineitem quantity": "Line: Quantity",
        "Lineitem name": "Line: Title", "Lineitem price": "Line: Price", "Refunded Amount": "Price: Total Refund",
    }  # fmt: skip
    header, *rows = as_shopify(orders).split("\n")
    return "\n".join([",".join(names.get(name, name) for name in header.split(",")), *rows])


def as_squarespace(orders: list[Made]) -> str:
    """Squarespace: Shopify's form under other names; the subtotal before the discount, delivery as it was paid."""
    rows = [
        "Order ID,Email,Financial Status,Currency,Subtotal,Shipping,Taxes,Amount Refunded,Total,Discount Code,Discount Amount,"
        "Created at,Lineitem quantity,Lineitem name,Lineitem price"
    ]
    for i, o in enumerate(orders, start=1):
        cells = [o.goods, o.sent, o.tax, o.refunded, o.total]
        rows.append(
            f"{i},b{i}@mail.example,PAID,EUR,{','.join(map(money, cells))},LENA10,{money(0 if o.free else o.discount)},"
            f"2026-03-10 10:00:00 +0100,1,Dress,{money(o.line())}"
        )
        rows.append(f"{i},b{i}@mail.example,{',' * 9},1,Card,0.00")
    return "\n".join(rows)


def as_tiendanube(orders: list[Made]) -> str:
    """Tiendanube: the products' subtotal before the discount, tax inside and not told, nothing on refunds."""
    rows = [
        "Número de orden;Email;Fecha;Estado de la orden;Estado del pago;Moneda;Subtotal de productos;Descuento;Costo de envío;Total;"
        "Cupón de descuento;Nombre del producto;Precio del producto;Cantidad del producto;SKU"
    ]
    for i, o in enumerate(orders, start=1):
        cells = [o.goods, 0 if o.free else o.discount, o.sent, o.total, o.line()]
        *sums, line = [money(cell).replace(".", ",") for cell in cells]
        rows.append(
            f"{i};b{i}@mail.example;10/03/2026 10:00:00;Abierta;Recibido;EUR;{';'.join(sums)};LENA10;Vestido;{line};1;K1"
        )
    return "\n".join(rows)


def as_nuvemshop(orders: list[Made]) -> str:
    """Nuvemshop: the same in Portuguese."""
    header = (
        "Número do Pedido;E-mail;Data;Status do Pedido;Status do Pagamento;Moeda;Subtotal;Desconto;Valor do Frete;Total;"
        "Cupom de Desconto;Nome do Produto;Valor do Produto;Quantidade Comprada;SKU"
    )
    _, *rows = as_tiendanube(orders).split("\n")
    return "\n".join([header, *rows]).replace("Abierta;Recibido", "Aberto;Confirmado")


def as_etsy(orders: list[Made]) -> str:
    """Etsy: delivery and its discount apart; the tax it adds is told, a seller's own inside the prices is not."""
    rows = [
        "Sale Date,Order ID,Buyer User ID,Number of Items,Ship Country,Currency,Order Value,Coupon Code,Discount Amount,"
        "Shipping Discount,Shipping,Sales Tax,Order Total,Status,Order Net,Adjusted Order Total"
    ]
    for i, o in enumerate(orders, start=1):
        off, free = (0, o.shipping) if o.free else (o.discount, 0)
        total = money(o.total)
        adjusted = money(o.total - o.refunded if o.refunded or i % 2 else 0)
        cells = [off, free, o.shipping, 0 if o.inside else o.tax]
        rows.append(
            f"03/10/26,{i},b{i},1,Germany,EUR,{money(o.goods)},LENA10,{','.join(map(money, cells))},{total},,{total},{adjusted}"
        )
    return "\n".join(rows)


def as_woocommerce(orders: list[Made]) -> str:
    """WooCommerce's order export and import: the subtotal is before the discount; delivery as it was paid."""
    rows = [
        "order_id,order_date,status,shipping_total,tax_total,cart_discount,order_subtotal,order_total,order_currency,refunded,coupon_items"
    ]
    for i, o in enumerate(orders, start=1):
        cells = [o.sent, o.tax, 0 if o.free else o.discount, o.goods, o.total]
        rows.append(
            f"{i},2026-03-10 10:00:00,completed,{','.join(map(money, cells))},EUR,{money(o.refunded)},code:lena10|amount:1.00"
        )
    return "\n".join(rows)


def as_woocommerce_lines(orders: list[Made]) -> str:
    """WooCommerce's advanced export: the order's sums again on each line."""
    rows = [
        "Order Number,Order Status,Order Date,Cart Discount Amount,Order Subtotal Amount,Order Shipping Amount,Order Refund Amount,"
        "Order Total Amount,Order Total Tax Amount,Coupon Code,SKU,Item Name,Quantity (- Refund),Item Cost"
    ]
    for i, o in enumerate(orders, start=1):
        cells = [0 if o.free else o.discount, o.goods, o.sent, o.refunded, o.total, o.tax]
        order = f"{i},completed,2026-03-10 10:00,{','.join(map(money, cells))},lena10"
        rows += [f"{order},K1,Dress,1,{money(o.line())}", f"{order},K2,Card,2,0.00"]
    return "\n".join(rows)


def as_german(orders: list[Made]) -> str:
    """A German shop: the subtotal after the discount, decimal commas."""
    rows = [
        "Bestellnummer;Bestelldatum;Zahlungsstatus;Zwischensumme;Rabatt;Versandkosten;MwSt;Gesamtbetrag;Erstattet;Gutscheincode"
    ]
    for i, o in enumerate(orders, start=1):
        cells = [o.after, 0 if o.free else o.discount, o.sent, o.tax, o.total, o.refunded]
        rows.append(f"{i};10.03.2026;Bezahlt;{';'.join(money(c).replace('.', ',') for c in cells)};LENA10")
    return "\n".join(rows)


def as_total_only(orders: list[Made]) -> str:
    """A shop that states no sum of the goods at all; then client.yml says whether tax is inside."""
    rows = ["order,date,discount,shipping,tax,total,refunded,code"]
    rows += [
        f"{i},2026-03-10,{money(0 if o.free else o.discount)},{money(o.sent)},{money(o.tax)},{money(o.total)},{money(o.refunded)},LENA10"
        for i, o in enumerate(orders, start=1)
    ]
    return "\n".join(rows)


def with_refund_rows(orders: list[Made]) -> str:
    """A shop whose refunds are records of their own, below the orders."""
    rows = ["order,date,discount,shipping,tax,total,code"]
    for i, o in enumerate(orders, start=1):
        cells = [0 if o.free else o.discount, o.sent, o.tax, o.total]
        rows.append(f"{i},2026-03-10,{','.join(map(money, cells))},LENA10")
    rows += [
        f"{i}-R,2026-03-20,0.00,0.00,0.00,{money(-o.refunded)},"
        for i, o in enumerate(orders, start=1)
        if o.refunded
    ]
    return "\n".join(rows)


@dataclass(frozen=True)
class Shop:
    """A shop's way of writing its orders.

    Attributes:
        write: the orders as its file.
        asks: whether the file leaves it to client.yml whether the tax is inside, and how much it is.
        inside: whether its prices always hold the tax.
        refunds: whether the file tells what was given back.
    """

    write: Callable[[list[Made]], str]
    asks: bool = False
    inside: bool = False
    refunds: bool = True


#: layout → the ways in which its files are written
SHOPS = {
    "orders": [
        Shop(as_woocommerce),
        Shop(as_woocommerce_lines),
        Shop(as_german),
        Shop(as_total_only, asks=True),
        Shop(with_refund_rows, asks=True),
    ],
    "shopify_orders": [Shop(as_shopify)],
    "matrixify_orders": [Shop(as_matrixify)],
    "squarespace_orders": [Shop(as_squarespace)],
    "tiendanube_orders": [
        Shop(as_tiendanube, asks=True, inside=True, refunds=False),
        Shop(as_nuvemshop, asks=True, inside=True, refunds=False),
    ],
    "etsy_orders": [Shop(as_etsy, asks=True)],
}
OF_ORDERS = [layout.name for layout in built_in_layouts() if "orders" in layout.tables]
WRITTEN = [pytest.param(n, s, id=f"{n}-{s.write.__name__}") for n, shops in SHOPS.items() for s in shops]


def test_every_layout_of_orders_has_a_shop_that_writes_it() -> None:
    """A new layout comes with orders whose net sales are known."""
    assert sorted(SHOPS) == sorted(OF_ORDERS)


@pytest.mark.parametrize(("layout", "shop"), WRITTEN)
@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
    derandomize=True,
)
@given(made=shop_orders(), client_says_inside=st.booleans())
def test_net_sales_are_what_the_file_states(
    layout: str, shop: Shop, made: list[Made], client_says_inside: bool
) -> None:
    """Order by order, whatever client.yml says of the tax, for every layout that states enough to tell."""
    orders = [replace(o, inside=True) for o in made] if shop.inside else made
    if shop.asks:
        client_says_inside = orders[0].inside
    with a_shelf() as folder:
        book = opened(
            folder,
            shop.write(orders),
            prices_include_tax=client_says_inside,
            tax_rate=orders[0].rate / 100,
        )
        values = order_values(book)
    assert [r.reader for r in book.receipts if "orders" in r.tables] == [layout]
    assert values.net.tolist() == pytest.approx([o.net for o in orders], abs=1.01)
    assert (values.tax + values.net).tolist() == pytest.approx(
        [o.after if o.inside else o.after * (1 + o.tax / max(o.total - o.tax, 1)) for o in orders], abs=1.01
    )
    share = [o.tax / o.total if o.total else 0 for o in orders]
    back = [min(o.refunded * (1 - s), o.net) for o, s in zip(orders, share, strict=True)]
    if shop.refunds:
        assert values.returned.fillna(0).tolist() == pytest.approx(back, abs=1.01)
    else:
        assert values.returned.isna().all()


def test_what_etsy_keeps_of_a_total_is_no_sale(shelf: Path) -> None:
    """A tax that is in the total and in no column, one that Etsy adds, and a seller's own inside the prices."""
    text = (
        "Sale Date,Order ID,Order Value,Coupon Code,Discount Amount,Shipping Discount,Shipping,Sales Tax,Order Total,Order Net\n"
        "03/10/26,1,82.27,LENA10,8.23,0.00,0.00,0.00,80.85,70.51\n"
        "03/10/26,2,40.00,,4.00,5.00,5.00,2.00,38.00,36.00\n"
        "03/10/26,3,119.00,,0.00,0.00,11.90,0.00,130.90,125.00\n"
    )
    values = order_values(opened(shelf, text))
    assert (values.net / 100).tolist() == [62.22, 36.0, 100.0]
    assert (values.shipping / 100).tolist() == [0.0, 0.0, 10.0]


def as_a_network(orders: list[Made]) -> str:
    """A network's report: what was sold without tax, and what it takes of it."""
    rows = ["Order Reference,Transaction Date,Publisher Name,Sale Amount,Commission,Commission Status"]
    rows += [
        f"{i},2026-03-10,Lena,{money(o.after)},{money(o.discount)},{'declined' if o.refunded else 'approved'}"
        for i, o in enumerate(orders, start=1)
    ]
    return "\n".join(rows)


def as_tiktok_shop(orders: list[Made]) -> str:
    """TikTok Shop: the commission is estimated in two parts until it is paid."""
    rows = [
        "Order ID,Creator Username,Payment Amount,Est. standard commission payment,Est. Shop Ads commission payment,"
        "Actual Commission Payment,Order Status,Time Created"
    ]
    for i, o in enumerate(orders, start=1):
        parts = [money(o.discount), money(0), ""] if i % 2 else [money(900), money(90), money(o.discount)]
        rows.append(
            f"{i},lena.x,{money(o.after)},{','.join(parts)},{'Refunded' if o.refunded else 'Completed'},2026-03-10 10:00:00"
        )
    return "\n".join(rows)


NETWORKS = {"affiliate_orders": as_a_network, "tiktok_shop_orders": as_tiktok_shop}


def test_every_layout_of_networks_has_a_maker() -> None:
    """A new network's layout comes with orders whose amounts are known."""
    assert sorted(NETWORKS) == sorted(
        layout.name for layout in built_in_layouts() if "affiliate_orders" in layout.tables
    )


@pytest.mark.parametrize("layout", NETWORKS)
@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
    derandomize=True,
)
@given(orders=shop_orders())
def test_a_networks_amounts_are_what_its_file_states(layout: str, orders: list[Made]) -> None:
    """Sale, commission and whether it stands, order by order."""
    with a_shelf() as folder:
        make_client(folder, {"n.csv": NETWORKS[layout](orders)})
        done = read_folder(read_client(folder))
        assert done.receipts[0].reader == layout
        rows = done.tables.affiliate_orders
        states = rows.order_state.fillna("sale").tolist()
    assert rows.amount.tolist() == [o.after / 100 for o in orders]
    assert rows.commission.tolist() == [o.discount / 100 for o in orders]
    assert [state == "sale" for state in states] == [not o.refunded for o in orders]


PARTS = "order,date,total,code,status\n1,2026-03-10,119,LENA10,paid\n2,2026-03-11,119,LENA10,refunded\n3,2026-03-12,119,LENA10,{}\n"


@pytest.mark.parametrize(
    "word", ["partially_refunded", "Teilweise erstattet", "remboursement partiel", "一部返金"]
)
def test_a_part_refunded_is_not_known_where_no_cell_says_how_much(shelf: Path, word: str) -> None:
    """The whole refund counts; of the part nobody says how much, so what came back is not known, and it is told."""
    book = opened(shelf, PARTS.format(word))
    assert order_values(book).returned.fillna(-1).tolist() == [0.0, 10000.0, -1.0]
    (note,) = [note for receipt in book.receipts for note in receipt.notes if "a part was refunded" in note]
    assert note.startswith("orders of which a part was refunded, and no cell says how much: 1:")
    ladder = money_ladder(replace(book, stage="results", as_of=date(2026, 7, 1)))
    assert (ladder.money("returned"), ladder.returns_known) == (-100.0, False)


def test_a_part_refunded_is_known_where_a_cell_or_a_file_says_how_much(shelf: Path) -> None:
    """23.80 of 119.00 by the order file's own column, or by a file of refunds: a sale like any other."""
    columns = PARTS.format("partially_refunded").replace("status\n", "status,refunded\n")
    columns = columns.replace("paid\n", "paid,0\n").replace(",refunded\n3", ",refunded,119\n3")
    book = opened(shelf, columns.replace("partially_refunded\n", "partially_refunded,23.80\n"))
    assert order_values(book).returned.tolist() == [0.0, 10000.0, 2000.0]
    assert book.tables.orders.order_state.isna().tolist() == [True, False, True]
    refunds = "order,refund date,amount\n2,2026-03-20,119\n3,2026-03-20,23.80\n"
    make_client(shelf, {"orders.csv": PARTS.format("partially_refunded"), "refunds.csv": refunds})
    book = replace(open_book(shelf, "spring"), stage="results", as_of=date(2026, 7, 1))
    assert order_values(book).returned.tolist() == [0.0, 10000.0, 2000.0]
    assert money_ladder(book).returns_known


# --------------------------------------------------------------------------------------------- lines

TILL = "invoice,day,item,qty,unit price,code\nA1,2026-03-10,Dress,1,40.00,LENA10\nA1,2026-03-10,Bag,2,10.00,LENA10\nA2,2026-03-11,Dress,1,40.00,\nA2,2026-03-11,Dress,1,40.00,\n"
OF_LINES = {
    "file": "x.csv",
    "table": "orders",
    "total": "lines",
    "columns": {
        "order_id": "invoice",
        "ordered_at": "day",
        "product": "item",
        "quantity": "qty",
        "price": "unit price",
    },
}


def test_an_order_without_a_total_is_the_sum_of_its_lines(shelf: Path) -> None:
    """A till's file: invoice, item, quantity, price. The same line twice in one order is two lines."""
    done, receipt = read_one(shelf, TILL, mapping=[OF_LINES])
    assert done.tables.orders.total.tolist() == [60.0, 80.0]
    assert len(done.tables.order_lines) == 4
    assert receipt.kept == 4


def test_amounts_of_lines_are_added_up(shelf: Path) -> None:
    """An ERP's file in German: what each line cost, and its tax."""
    text = "Beleg;Datum;Artikel;Menge;Zeilenbetrag;MwSt\nR1;10.03.2026;Kleid;1;119,00;19,00\nR1;10.03.2026;Tasche;1;23,80;3,80\nR2;11.03.2026;Kleid;2;238,00;38,00\n"
    columns = {
        "order_id": "Beleg",
        "ordered_at": "Datum",
        "product": "Artikel",
        "quantity": "Menge",
        "total": "Zeilenbetrag",
        "tax": "MwSt",
    }
    done, _ = read_one(
        shelf, text, mapping=[{"file": "x.csv", "table": "orders", "total": "lines", "columns": columns}]
    )
    assert done.tables.orders.total.tolist() == [142.8, 238.0]
    assert done.tables.orders.tax.tolist() == [22.8, 38.0]


def test_a_line_without_a_price_leaves_its_order_without_a_total(shelf: Path) -> None:
    """What is missing is not 0: the order is set aside."""
    done, receipt = read_one(shelf, TILL.replace("Bag,2,10.00", "Bag,2,"), mapping=[OF_LINES])
    assert done.tables.orders.order_id.tolist() == ["A2"]
    assert receipt.set_aside_count == 2


@pytest.mark.parametrize("again", ["whole file", "each line"])
def test_a_file_that_says_everything_twice_is_counted_once(shelf: Path, again: str) -> None:
    """The order comes again further down, or each line stands twice in the whole file."""
    header, *rows = (
        TILL.replace("A2,2026-03-11,Dress,1,40.00,\nA2", "A2,2026-03-11,Dress,1,40.00,\nA3")
        .strip()
        .split("\n")
    )
    twice = rows + rows if again == "whole file" else [row for row in rows for _ in range(2)]
    done, receipt = read_one(shelf, "\n".join([header, *twice]), mapping=[OF_LINES])
    assert done.tables.orders.total.tolist() == [60.0, 40.0, 40.0]
    assert receipt.duplicates == 4


def test_lines_without_any_amount_are_refused(shelf: Path) -> None:
    """The message says which columns to name."""
    columns = {"order_id": "invoice", "ordered_at": "day", "product": "item"}
    with pytest.raises(Problem, match="no column says what a line cost"):
        read_one(shelf, TILL.replace("unit price", "unit"), mapping=[{**OF_LINES, "columns": columns}])


# ------------------------------------------------------------------------------------- second records

SHOP = "order,date,total,code,customer\n" + "".join(
    f"{1000 + i},2026-03-{10 + i},{40 + 7 * i}.50,{'LENA10' if i % 2 else 'MIA10'},b{i}@mail.example\n"
    for i in range(8)
)


def both(folder: Path, other: str) -> tuple[Read, int]:
    """The shop's orders and another file, read together, and how many orders there are."""
    make_client(folder, {"creators.csv": CREATORS, "a.csv": SHOP, "b.csv": other})
    done = read_folder(read_client(folder))
    return done, len(done.tables.orders)


def test_a_second_record_of_the_same_sales_is_counted_once(shelf: Path) -> None:
    """Another system's numbers, the same amounts, days and codes."""
    rows = [f"T-{i},2026-03-{10 + i},{40 + 7 * i}.50,{'lena10' if i % 2 else 'mia10'}" for i in range(8)]
    done, count = both(shelf, "\n".join(["transaction id,date,amount,code", *rows]))
    assert count == 8
    second = next(receipt for receipt in done.receipts if receipt.file == "b.csv")
    assert "a second record of them" in second.set_aside[0].reason
    assert "a.csv" in second.set_aside[0].reason
    assert second.kept + second.set_aside_count == second.rows_in


def test_payments_without_codes_are_a_second_record(shelf: Path) -> None:
    """A payment service knows amount and day only; the file with codes stays, whichever comes first."""
    rows = [f"ch_{i};1{i}.03.2026;{40 + 7 * i},50" for i in range(8)]
    done, count = both(shelf, "\n".join(["order;Datum;Betrag", *rows]))
    assert count == 8
    assert done.tables.orders.discount_code.notna().all()
    (shelf / "exports" / "b.csv").rename(shelf / "exports" / "0.csv")
    assert read_folder(read_client(shelf)).tables.orders.discount_code.notna().all()


@pytest.mark.parametrize("change", ["other days", "other amounts", "other codes", "two rows"])
def test_another_shop_is_no_second_record(shelf: Path, change: str) -> None:
    """Orders that differ are orders of their own."""
    rows = [
        f"Z{i},2026-03-{(20 if change == 'other days' else 10) + i},{(41 if change == 'other amounts' else 40) + 7 * i}.50,"
        f"{'OTHER5' if change == 'other codes' else 'LENA10' if i % 2 else 'MIA10'}"
        for i in range(2 if change == "two rows" else 8)
    ]
    _, count = both(shelf, "\n".join(["order,date,total,code", *rows]))
    assert count == 8 + len(rows)


# ------------------------------------------------------------------------------------------ networks

NETWORK = (
    "Order Reference,Transaction Date,Publisher Name,Voucher Code,Sale Amount,Commission,Network Fee,Commission Status\n"
    "#1001,2026-03-11,Lena,LENA10,47.50,4.75,1.43,approved\n"
    "N-77,2026-03-12,Mia,MIA10,54.50,5.45,1.64,pending\n"
    "1003,2026-03-13,Mia,MIA10,61.50,6.15,1.85,locked\n"
    "1004,2026-03-14,Mia,MIA10,68.50,6.85,2.06,declined\n"
    "9999,2026-03-14,Mia,,10.00,1.00,0.30,approved\n"
)


def test_a_networks_orders_are_joined_to_the_shops(shelf: Path) -> None:
    """By number, else by amount, day and code; what it takes for sales is a cost, and where it differs is told."""
    make_client(shelf, {"creators.csv": CREATORS, "a.csv": SHOP, "n.csv": NETWORK})
    book = open_book(shelf, "spring")
    joined = network_orders(book)
    assert joined.how.tolist() == ["number", "amount, day and code", "number", "number", ""]
    assert joined.stands.tolist() == [True, False, True, False, True]
    assert disagreements(book).to_dict() == {3: "claimed twice"}
    costs = campaign_costs(book).lines
    fee = costs[costs.kind == "network fee"].cents.sum()
    assert (costs[costs.kind == "commission"].cents.sum(), fee) == (475 + 615, 143 + 185)
    assert len(book.tables.orders) == 8


def test_a_network_pays_for_what_came_back(shelf: Path) -> None:
    """Approved there, refunded here: an order in doubt."""
    orders = "order,date,total,code,status\n1001,2026-03-10,50,LENA10,refunded\n1002,2026-03-10,60,LENA10,completed\n"
    network = "order id,date,affiliate,amount,commission,status\n1001,2026-03-10,Lena,50,5,Genehmigt\n1002,2026-03-10,Lena,60,6,Genehmigt\n"
    make_client(shelf, {"creators.csv": CREATORS, "a.csv": orders, "n.csv": network})
    book = open_book(shelf, "spring")
    assert disagreements(book).to_dict() == {0: "came back"}
    assert order_signs(book).network.tolist() == [True, False]


@pytest.mark.parametrize(
    ("status", "stands"),
    [
        ("Approved", True),
        ("reversed", False),
        ("offen", False),
        ("Freigegeben", True),
        ("Annulé", False),
        ("Wacht op betaling", False),
    ],
)
def test_a_networks_state_is_read(shelf: Path, status: str, stands: bool) -> None:
    """In the words of networks, in any language."""
    network = f"order id,date,affiliate,amount,commission,status\n1001,2026-03-10,Lena,50,5,{status}\n"
    make_client(shelf, {"creators.csv": CREATORS, "a.csv": SHOP, "n.csv": network})
    assert network_orders(open_book(shelf, "spring")).stands.tolist() == [stands]


def test_a_marketplaces_word_that_nobody_knows_is_asked(shelf: Path) -> None:
    """As a network's is: what does not count is told on the receipt."""
    header = "Order ID,Creator Username,Payment Amount,Est. standard commission payment,Order Status"
    _, receipt = read_one(
        shelf, f"{header}\n57,lena.x,33.50,3.35,Completed\n58,lena.x,33.50,3.35,Zwischenlager 7\n"
    )
    assert receipt.reader == "tiktok_shop_orders"
    assert "“Zwischenlager 7” (1)" in " ".join(receipt.notes)


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("no,day,net,code", ["1,2026-03-10,100.00,LENA10", "2,2026-03-11,50.00,"]),
        ("no,day,net,tax,code", ["1,2026-03-10,100.00,19.00,LENA10", "2,2026-03-11,50.00,9.50,"]),
        ("no,day,net,tax,shipping", ["1,2026-03-10,100.00,19.00,4.90", "2,2026-03-11,50.00,9.50,0.00"]),
        ("no,day,net,discount,code", ["1,2026-03-10,100.00,10.00,LENA10", "2,2026-03-11,50.00,0.00,"]),
        ("no,day,net,country", ["1,2026-03-10,100.00,AT", "2,2026-03-11,50.00,DE"]),
    ],
)
def test_totals_without_tax_are_net_sales(shelf: Path, header: str, rows: list[str], inside: bool) -> None:
    """As client.yml says of the file, whatever it says of the shop's prices, and to the cent."""
    columns = {"order_id": "no", "ordered_at": "day", "total": "net"}
    entry = {"file": "orders.csv", "table": "orders", "total": "without tax", "columns": columns}
    text = "\n".join([header, *rows])
    rates = {"DE": 0.19, "AT": 0.2}
    book = opened(shelf, text, mapping=[entry], prices_include_tax=inside, tax_rate=rates)
    assert (order_values(book).net / 100).tolist() == [100.0, 50.0]


def test_lines_of_any_shop_tell_how_an_order_is_taxed(shelf: Path) -> None:
    """Two lines of 40 and 20, 5 of delivery, 12.35 of tax: on top, whatever client.yml says."""
    text = (
        "order,date,total,tax,shipping,code,product,quantity,price\n"
        "1,2026-03-10,77.35,12.35,5.00,LENA10,Dress,1,40.00\n1,2026-03-10,77.35,12.35,5.00,LENA10,Bag,2,10.00\n"
    )
    assert (order_values(opened(shelf, text)).net / 100).tolist() == [60.0]


def test_lines_are_added_up_with_what_stands_once(shelf: Path) -> None:
    """Delivery said again on each line is the order's, and discounts of single lines are added."""
    text = (
        "invoice,day,item,qty,unit price,off,delivery\nA1,2026-03-10,Dress,1,40.00,4.00,5.00\n"
        "A1,2026-03-10,Bag,2,10.00,1.00,5.00\n"
    )
    columns = {**OF_LINES["columns"], "discount": "off", "shipping": "delivery"}  # type: ignore[dict-item]
    done, _ = read_one(shelf, text, mapping=[{**OF_LINES, "columns": columns}])
    assert done.tables.orders[["gross", "discount", "shipping", "total"]].values.tolist() == [
        [60.0, 5.0, 5.0, 60.0]
    ]


@pytest.mark.parametrize("number", ["1001-R", "Refund 1001", "1001"])
def test_a_list_of_refunds_meets_its_orders_in_another_file(shelf: Path, number: str) -> None:
    """A file of nothing but negative orders is a list of refunds."""
    refunds = f"order,date,total\n{number},2026-03-20,-10.00\n"
    make_client(shelf, {"creators.csv": CREATORS, "a.csv": SHOP, "r.csv": refunds})
    book = open_book(shelf, "spring")
    assert book.tables.refunds[["order_id", "amount"]].values.tolist() == [["1001", 10.0]]
    assert len(book.tables.orders) == 8
    assert (order_values(book).returned > 0).tolist() == [False, True] + [False] * 6


def test_lines_in_german_are_one_order(shelf: Path) -> None:
    """Menge and Einzelpreis are the lines of an order whose total stands on each of them."""
    text = (
        "Bestellnummer;Bestelldatum;Gesamtbetrag;Versandkosten;Artikel;Menge;Einzelpreis;Bestellstatus\n"
        "1;10.03.2026;64,90;4,90;Kleid;1;40,00;Versendet\n1;10.03.2026;64,90;4,90;Tasche;2;10,00;Versendet\n"
    )
    done, receipt = read_one(shelf, text)
    assert done.tables.orders[["gross", "total"]].values.tolist() == [[60.0, 64.9]]
    assert done.tables.order_lines.quantity.tolist() == [1.0, 2.0]
    assert receipt.kept == 2


# ---------------------------------------------------------------------------- gift cards and exchanges

GOODS = ["Gift card holder", "Geschenkbox Gutscheinhülle", "Linen dress", "Card wallet", "Présentoir"]


@pytest.mark.parametrize(
    "product",
    [
        "Gift Card - 50", "GIFTCARD-25", "e-gift card", "Geschenkgutschein 50 €", "Gutscheine", "Carte-cadeau", "Chèque cadeau",
        "Tarjeta de regalo", "Buono regalo", "Vale-presente", "Cadeaubon", "Karta podarunkowa", "Presentkort", "Dárkový poukaz",
        "Hediye Kartı", "Δωροκάρτα", "Подарочный сертификат", "デジタルギフトカード 5000円", "기프트카드",
    ],
)  # fmt: skip
def test_a_gift_card_is_known_by_its_name_in_any_language(shelf: Path, product: str) -> None:
    """A line of any shop's file; the dress and what gift cards are put into are goods."""
    header = "order,date,total,code,sku,product,quantity,price"
    rows = [f'{n},2026-03-10,50,LENA10,A{n},"{name}",1,50' for n, name in enumerate([product, *GOODS])]
    book = opened(shelf, "\n".join([header, *rows]))
    assert book.tables.order_lines.gift_card.tolist() == [True, *[False] * len(GOODS)]
    assert sold(book) == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize(
    ("number", "total", "tags", "counts"),
    [
        ("1001-EX1", 0, "", False),
        ("1001-EX", 50, "", False),
        ("EXC-1001", 0, "", False),
        ("EXC-7001", 50, "", True),  # no order of that number: the shop's own way of numbering
        ("2002", 0, "Umtausch", False),
        ("2002", 50, "exchanged", True),
        ("2002", 50, "exchange for 1001", False),
        ("2002", 50, "vip; exchange 2025", True),
        ("2002", 50, "échange: #1001", False),
    ],
)
def test_an_order_sent_in_exchange_is_known(
    shelf: Path, number: str, total: int, tags: str, counts: bool
) -> None:
    """By its number or its mark: where it was charged nothing, or names an order on file that it replaces."""
    header = "order,date,total,code,tags"
    rows = ["1001,2026-03-10,50,LENA10,", f"{number},2026-03-12,{total},,{tags}"]
    book = opened(shelf, "\n".join([header, *rows]))
    assert is_order(book).tolist() == [True, counts]
