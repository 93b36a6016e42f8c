"""Which file this is: real layouts recognised by what is in them, or refused in a sentence that helps."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from creatorbook import exports
from creatorbook.cli import app
from creatorbook.client import read_client
from creatorbook.exports import Read, Unread
from creatorbook.exports.columns import columns_of
from creatorbook.exports.layouts import built_in_layouts
from creatorbook.exports.offers import likely
from creatorbook.finance.order_values import order_values
from creatorbook.opening import open_book
from creatorbook.problems import Problem
from shelf import make_client, read, shelf_folder  # noqa: F401 - a fixture

CASES = Path(__file__).parent / "cases"


def case(name: str) -> Read:
    """A case's exports, read."""
    return exports.read_folder(read_client(CASES / name))


def refused(name: str) -> str:
    """What is said of a case that is not read."""
    with pytest.raises(Problem) as caught:
        case(name)
    return str(caught.value)


def block_of(message: str) -> list[dict[str, Any]]:
    """The mapping that a message offers, as client.yml reads it."""
    entries: list[dict[str, Any]] = yaml.safe_load(message[message.index("mapping:\n") :])["mapping"]
    return entries


def offered(shelf: Path, text: str, name: str = "x.csv") -> tuple[str, dict[str, Any]]:
    """What is said of a file nobody knows, and its entry in the block."""
    with pytest.raises(Problem) as caught:
        read(shelf, {name: text})
    return str(caught.value), block_of(str(caught.value))[0]


# ------------------------------------------------------------------------ recognition by evidence


def test_follows_per_day_are_no_audience(shelf: Path) -> None:
    """A block of days is an account's days, whatever its title."""
    days = case("meta_follows_read_as_audience").tables.account_days
    assert days["follows"].tolist() == [7.0, 14.0, 120.0]
    assert days["handle"].unique().tolist() == ["x.y"]


def test_both_networks_of_a_stacked_file_are_read(shelf: Path) -> None:
    """Each block fills its own network's days."""
    days = case("meta_stacked_instagram_left_unread").tables.account_days.set_index("platform")
    assert days["reach"].to_dict() == {"facebook": 7.0, "instagram": 900.0}


def test_several_figures_of_one_network_make_one_row_per_day(shelf: Path) -> None:
    """In any order, and with semicolons as a spreadsheet saves them."""
    text = (
        "Instagram link clicks;\nDatum;Primär\n2026-03-02T00:00:00;3\n;\n"
        "Instagram reach;\nDatum;Primär\n2026-03-02T00:00:00;900\n2026-03-03T00:00:00;950\n"
    )
    done = read(shelf, {"creators/x.y/days.csv": text})
    days = done.tables.account_days
    assert days[["reach", "link_clicks"]].fillna(-1).values.tolist() == [[900.0, 3.0], [950.0, -1.0]]
    assert (done.receipts[0].rows_in, done.receipts[0].kept) == (3, 3)


def test_a_list_of_posts_is_no_creators_list(shelf: Path) -> None:
    """It is refused, and offered as posts; with the account's name it is read."""
    message = refused("posts_list_read_as_creators")
    assert "its records are posts" in message
    entry = block_of(message)[0]
    assert entry["table"] == "posts"
    text = (CASES / "posts_list_read_as_creators/exports/posts.csv").read_text()
    posts = read(shelf, {"posts.csv": text}, mapping=[{**entry, "handle": "x.y"}]).tables.posts
    assert posts[["reach", "likes", "comments"]].values.tolist() == [
        [5000.0, 200.0, 15.0],
        [9000.0, 500.0, 40.0],
    ]


@pytest.mark.parametrize(
    "text",
    [
        "account,followers,following,posts,profile\n"
        + "".join(f"lena.x,{n},20,3,fan{n}\n" for n in range(300)),
        "username,platform,followers,full_name\n"
        + "".join(f"lena.x,instagram,{n},Fan {n}\n" for n in range(50)),
        "Kontoname;Abonnenten;Plattform\n" + "lena.x;1200;tiktok\n" * 9 + "kim.y;90;tiktok\n",
    ],
)
def test_records_of_one_account_are_no_creators_list(shelf: Path, text: str) -> None:
    """Three hundred profiles drawn from an audience would replace the account whose audience it is."""
    message, entry = offered(shelf, text)
    assert "most of its records are of one account" in message
    assert entry.get("table") != "creators"


def test_profiles_that_a_tool_lists_are_no_creators_list(shelf: Path) -> None:
    """Followers or likers have a handle and followers, too."""
    text = "username,full_name,followers,following,is_private\n" + "".join(
        f"user{n},User {n},{n * 3},{n * 2},false\n" for n in range(30)
    )
    message, entry = offered(shelf, text)
    assert "its records are profiles as tools list followers or likers" in message
    assert entry.get("table") != "creators"


@pytest.mark.parametrize(
    "text",
    [
        "Day,Orders,Gross sales,Discounts,Net sales,Total sales\n2026-03-01,3,100.00,0,100.00,119.00\n2026-03-02,4,120.00,-5.00,115.00,137.00\n",
        "Datum;Bestellungen;Umsatz\n01.03.2026;12;1.200,50\n02.03.2026;15;1.480,00\n03.03.2026;9;870,20\n",
        "Fecha,Pedidos,Ventas totales\n2026-03-01,3,100.00\n2026-03-02,4,120.00\n",
        "Date,Video views,Estimated earnings\n2026-03-01,300,1.00\n2026-03-02,410,1.20\n",
    ],
)
def test_days_are_never_offered_as_orders(shelf: Path, text: str) -> None:
    """A day's sums are no order, however they are called."""
    _, entry = offered(shelf, text)
    assert entry.get("table") not in {"orders", "order_lines", "refunds", "affiliate_orders"}


def test_an_affiliate_networks_file_is_no_order_export(shelf: Path) -> None:
    """An affiliate and a commission stand in no shop's own export."""
    orders = case("affiliate_export_ties_with_orders").tables.affiliate_orders
    assert orders[["order_id", "handle", "amount", "commission"]].values.tolist() == [
        ["#1", "lena", 60.0, 6.0]
    ]
    orders = case("affiliate_amount_not_seen").tables.affiliate_orders
    assert orders[["order_id", "amount", "commission"]].values.tolist() == [["#1", 60.0, 6.0]]


@pytest.mark.parametrize(
    "text",
    [
        "id,saleAmount,commissionAmount,publisherId,transactionDate,commissionStatus\n"
        "771,60.00,6.00,4411,2026-03-10,approved\n772,40.00,4.00,4411,2026-03-11,pending\n",
        "Transaktion;Partner;Provision;Bestellsumme;Bestelldatum\nT-1;lena.x;6,00;60,00;10.03.2026\nT-2;kim.y;4,00;40,00;11.03.2026\n",
        "Pedido,Afiliado,Comisión,Monto vendido,Fecha del pedido\nP-1,lena.x,6.00,60.00,2026-03-10\nP-2,kim.y,4.00,40.00,2026-03-11\n",
    ],
)
def test_a_networks_file_is_never_offered_as_orders(shelf: Path, text: str) -> None:
    """Pasted, its rows would be the shop's orders a second time."""
    _, entry = offered(shelf, text)
    assert entry["table"] == "affiliate_orders"
    assert "total" not in entry["columns"]


@pytest.mark.parametrize(
    "text",
    [
        # impact's list of actions, as its help pages name the columns; the order's number goes before the action's
        "Action Date,Action Id,OID,Partner,Event Type,Status,Sale Amount,Action Cost,Promo Code\n"
        "2026-03-10,9.1.2,1001,Lena,Online Sale,APPROVED,60.00,6.00,LENA10\n",
        # GoAffPro's table of sales, as its manual names the columns
        "Order Date,Order Number,Amount,Affiliate Name,Commission,Status\n2026-03-10,1001,60.00,Lena,6.00,approved\n",
    ],
)
def test_affiliate_reports_are_read(shelf: Path, text: str) -> None:
    """Where the maker's own page tells the columns."""
    orders = read(shelf, {"x.csv": text}).tables.affiliate_orders
    assert orders[["order_id", "handle", "amount", "commission"]].values.tolist() == [
        ["1001", "lena", 60.0, 6.0]
    ]
    assert orders["order_state"].isna().all()


def test_referrals_without_order_numbers_ask(shelf: Path) -> None:
    """UpPromote's three columns for taking referrals in: no order, so nothing to join; it is asked."""
    _, entry = offered(
        shelf, "email,total_sales,commission_amount\na@mail.example,60.00,6.00\nb@mail.example,40.00,4.00\n"
    )
    assert entry["columns"]["order_id"] == "…"


def test_the_handle_is_the_column_whose_cells_are_accounts(shelf: Path) -> None:
    """Vendors call the display name an account."""
    text = "Account Name,User,Followers,Platform\nLina Muster,lina.muster,1200,instagram\nKim Probe,kim_p,900,instagram\n"
    creators = read(shelf, {"list.csv": text}).tables.creators
    assert creators[["handle", "creator"]].values.tolist() == [
        ["lina.muster", "Lina Muster"],
        ["kim_p", "Kim Probe"],
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Account Name,Page,Followers,Platform\nLina,lina.muster,1200,instagram\nKim,kim_p,900,instagram\n",
        "Channel;Nutzer;Abonnenten;Plattform\nLina M.;@lina.muster;1200;tiktok\nKim P.;@kim_p;900;tiktok\n",
        "Profile Name,Site,Fans\nLina Muster,https://www.instagram.com/lina.muster/,1200\nKim P,https://www.instagram.com/kim_p/,900\n",
    ],
)
def test_display_names_are_never_handles_where_accounts_are_there(shelf: Path, text: str) -> None:
    """In a list that is recognised, and in the mapping offered for one that is not."""
    try:
        done = read(shelf, {"list.csv": text})
    except Unread as problem:
        done = read(shelf, {"list.csv": text}, mapping=block_of(str(problem)))
    assert done.tables.creators["handle"].tolist() == ["lina.muster", "kim_p"]


def test_a_mapped_list_of_one_account_is_refused(shelf: Path) -> None:
    """Said to be a creators list, it still holds one account."""
    text = "who,fans\n" + "".join(f"lena.x,{number}\n" for number in range(9))
    entry = {
        "file": "x.csv",
        "table": "creators",
        "platform": "tiktok",
        "columns": {"handle": "who", "followers": "fans"},
    }
    with pytest.raises(Problem, match="column “who”: most records of this creators list are of one account"):
        read(shelf, {"x.csv": text}, mapping=[entry])


# ------------------------------------------------------------------------------ titles and headers


def test_titles_of_several_cells_are_passed_over(shelf: Path) -> None:
    """The header stands where the columns are named."""
    orders = case("title_line_with_more_than_one_cell").tables.orders
    assert orders["total"].tolist() == [59.9, 49.9]
    assert case("title_line_saved_by_excel").tables.account_days["views"].tolist() == [1148.0, 762.0]
    assert case("rows_quoted_as_one_cell").tables.orders["total"].tolist() == [60.0]


HEADER = "order,date,total,code\n"
ROWS = "1001,2026-03-02,59.90,LENA10\n1002,2026-03-03,49.90,\n"


@pytest.mark.parametrize(
    "text",
    [
        "Umsatzbericht;;;\nZeitraum:;01.03.2026;bis;31.03.2026\n;;;\nBestellnummer;Bestelldatum;Gesamtbetrag;Gutscheincode\n"
        "1001;02.03.2026;59,90;LENA10\n1002;03.03.2026;49,90;\n",
        "Orders,,Money,\n" + HEADER + ROWS,
        "Orders,Orders,Money,Money\n" + HEADER + ROWS,
        "Report,January to March\nShop,Testbrand\n\n" + HEADER + ROWS,
        "Order,,Grand,Discount\nnumber,date,total,code\n" + ROWS,
        HEADER + '"1001,2026-03-02,59.90,LENA10"\n"1002,2026-03-03,49.90,"\n',
        '"order;date;total;code"\n"1001;2026-03-02;59.90;LENA10"\n"1002;2026-03-03;49.90;"\n',
        '"order,date,total,code";;;\n"1001,2026-03-02,59.90,LENA10";;;\n"1002,2026-03-03,49.90,";;;\n',
    ],
)
def test_the_header_is_found_under_titles_groups_and_quotation_marks(shelf: Path, text: str) -> None:
    """The same two orders, however a person or a spreadsheet has framed them."""
    done = read(shelf, {"orders.csv": text})
    assert done.tables.orders[["order_id", "total"]].values.tolist() == [["1001", 59.9], ["1002", 49.9]]
    assert done.tables.orders["discount_code"].fillna("").tolist() == ["LENA10", ""]
    assert done.receipts[0].rows_in == done.receipts[0].kept == 2


# -------------------------------------------------------------------------------------- companions


def test_the_whole_download_of_search_console_is_no_obstacle(shelf: Path) -> None:
    """Queries are read, the other six set aside by name."""
    done = case("search_console_download_whole")
    assert done.tables.searches["clicks"].tolist() == [10.0]
    aside = {receipt.file: receipt.notes[0] for receipt in done.receipts if not receipt.reader}
    assert len(aside) == 6
    assert all("Search Console" in why for why in aside.values())


def test_companions_are_known_in_other_languages_and_inside_archives(shelf: Path, tmp_path: Path) -> None:
    """German names; YouTube's three files; a file of the archive that nobody knows."""
    german = {
        "sc/Suchanfragen.csv": "Häufigste Suchanfragen,Klicks,Impressionen,CTR,Position\ntestbrand,10,100,10%,1.5\n",
        "sc/Seiten.csv": "Die häufigsten Seiten,Klicks,Impressionen,CTR,Position\nhttps://x.example/,10,100,10%,1.5\n",
        "sc/Filter.csv": "Filter,Wert\nSuchtyp,Web\n",
    }
    assert [receipt.reader for receipt in read(shelf, german).receipts] == ["", "", "search_console"]
    archive = tmp_path / "yt.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr(
            "Table data.csv", 'Content,Video title,Video publish time,Views\nabc,Haul,"Mar 5, 2026",200\n'
        )
        made.writestr(
            "Chart data.csv",
            'Date,Content,Video title,Video publish time,Views\n2026-03-05,abc,Haul,"Mar 5, 2026",90\n',
        )
        made.writestr("Totals.csv", "Date,Views\n2026-03-05,90\n")
        made.writestr("Cities.csv", "Town,People\nKöln,9\n")
    done = read(shelf.with_name("other"), {"creators/x.y/yt.zip": archive.read_bytes()})
    assert done.tables.posts["views"].tolist() == [200.0]
    assert sum(not receipt.reader for receipt in done.receipts) == 3


def test_an_empty_companion_is_no_obstacle(shelf: Path) -> None:
    """Tools write files of no bytes where there is nothing to tell; alone, such a file is a mistake."""
    queries = "Top queries,Clicks,Impressions,CTR,Position\ntestbrand,10,100,10%,1.5\n"
    done = read(shelf, {"sc/Queries.csv": queries, "sc/Search appearance.csv": ""})
    assert done.receipts[1].notes == ("empty: comes with the download of Search Console",)
    with pytest.raises(Problem, match=r"exports/x\.csv: the file is empty"):
        read(shelf.with_name("other"), {"x.csv": ""})


def test_a_mapping_is_offered_for_the_header_of_two_rows_that_tells_most(shelf: Path) -> None:
    """Groups over names: what is offered names the columns as the lower row does, and reads."""
    text = "Vorgang,Vorgang,Geld\nBestellnr.,Bestellt am,Endbetrag\n40010,2026-03-02,59.90\n40020,2026-03-03,49.90\n"
    _, entry = offered(shelf, text)
    assert entry["table"] == "orders"
    orders = read(shelf, {"x.csv": text}, mapping=[entry]).tables.orders
    assert orders["total"].tolist() == [59.9, 49.9]


def test_a_file_nobody_knows_beside_orders_still_stops(shelf: Path) -> None:
    """Only what comes with a tool's download is passed over."""
    with pytest.raises(Unread, match="nobody recognises"):
        read(shelf, {"a/orders.csv": HEADER + ROWS, "a/Filters.csv": "Filter,Value\nx,y\n"})


# ---------------------------------------------------------------------------- mappings for pasting

#: what columns are called in thirty files that nobody knows; “-” before a field: it must not be offered for any
SHAPES = [
    # orders: order_id, ordered_at, total, tax, shipping, discount, discount_code, currency, country, customer, status, -name, -phone, -house, -street, -row
    "Order Nr|Placed on|Order Total (inc tax)|Tax Total|Shipping Cost (inc tax)|Coupon Discount|Coupon Details|Order Currency Code|Shipping Country|Customer Email|Order State|Customer Name|Phone|House number|Street|Position",
    "Bestellnr.|Bestellt am|Rechnungsbetrag|enth. MwSt|Versandkosten|Rabattbetrag|Gutschein-Code|Währung|Lieferland|E-Mail|Bestellstatus|Kundenname|Telefon|Hausnummer|Straße|Pos.",
    "N° commande|Passée le|Montant TTC|Montant TVA|Frais de livraison|Montant remise|Code promo utilisé|Devise|Pays livraison|Courriel|État|Nom du client|Téléphone|N° rue|Rue|Ligne",
    "Nº pedido|Fecha de compra|Importe total|Importe IVA|Gastos de envío|Importe descuento|Cupón usado|Moneda|País de envío|Correo electrónico|Estado del pedido|Nombre del cliente|Teléfono|Número de casa|Calle|Posición",
    "Numero ordine|Data ordine|Totale ordine|IVA|Spese di spedizione|Sconto|Codice sconto|Valuta|Paese di spedizione|Email cliente|Stato ordine|Nome cliente|Telefono|Numero civico|Indirizzo|Riga",
    "Número da encomenda|Data da compra|Valor total|Imposto|Valor do frete|Valor do desconto|Cupom de desconto|Moeda|País de entrega|E-mail do cliente|Situação|Nome do cliente|Celular|Número|Endereço|Linha",
    "Ordernummer|Besteldatum|Totaalbedrag|BTW|Verzendkosten|Korting|Kortingscode|Valuta|Leveringsland|E-mailadres|Bestelstatus|Naam klant|Telefoonnummer|Huisnummer|Straatnaam|Regel",
    "Nr zamówienia|Data zamówienia|Kwota razem|VAT|Koszt dostawy|Rabat|Kod rabatowy|Waluta|Kraj dostawy|Adres e-mail|Status zamówienia|Imię i nazwisko|Telefon|Nr domu|Ulica|Lp.",
    "Ordrenummer|Ordredato|Totalt|Moms|Fragt|Rabat|Rabatkode|Valuta|Leveringsland|E-mail|Ordrestatus|Kundenavn|Mobil|Husnr|Adresse|Linje",
    "Sipariş No|Sipariş Tarihi|Genel Toplam|KDV|Kargo Ücreti|İndirim Tutarı|Kupon Kodu|Para Birimi|Ülke|E-posta|Sipariş Durumu|Müşteri Adı|Cep Telefonu|Kapı No|Sokak|Sıra",
    "Номер заказа|Дата заказа|Итого|НДС|Стоимость доставки|Скидка|Промокод|Валюта|Страна|Эл. почта|Статус|Имя клиента|Телефон|Дом|Улица|Позиция",
    "注文番号|注文日|合計金額|消費税|送料|割引|クーポンコード|通貨|国|メールアドレス|ステータス|氏名|電話番号|番地|住所|行",
    "Číslo objednávky|Datum objednávky|Celková cena|DPH|Doprava|Sleva|Slevový kód|Měna|Země|E-mail|Stav|Jméno zákazníka|Telefon|Číslo popisné|Ulice|Pořadí",
    "orderNo|createdOn|grandTotal|taxTotal|shippingTotal|discountTotal|couponCode|currencyCode|shipCountry|buyerEmail|orderState|buyerName|buyerPhone|houseNo|street1|lineNo",
    "Invoice|Invoice date|Amount charged|VAT amount|Postage|Savings|Voucher used|Cur|Destination country|Mail|State of order|Recipient|Mobile|Flat|Address line 1|Row",
    "Ref|When|Sum|Of which tax|Post|Off|Word|Money|Where to|Who|How|Full name|Tel.|No.|Road|#",
    "Receipt no|Sale date|Total incl. VAT|VAT|Delivery charge|Total savings|Promo used|ISO currency|Ship to country|Buyer mail|Order state|Ship to name|Ship to phone|Ship to number|Ship to street|Line",
    "Vorgang|Zeitpunkt|Endbetrag|Steuerbetrag|Porto|Nachlass|Aktionscode|Währungscode|Zielland|Mailadresse|Auftragsstatus|Empfänger|Rufnummer|Hausnr|Strasse|Zeile",
    "A|B|C|D|E|F|G|H|I|J|K|L|M|N|O|P",
    "col_1|col_2|col_3|col_4|col_5|col_6|col_7|col_8|col_9|col_10|col_11|col_12|col_13|col_14|col_15|col_16",
]
ORDER_FIELDS = "order_id|ordered_at|total|tax|shipping|discount|discount_code|currency|country|customer|status|-name|-phone|-house|-street|-row"
CREATOR_SHAPES = [
    # creator, handle, followers, fee, -phone, -mail, -row, -rate, -following
    "Name|User|Follower number|Cost per reel|Phone|Email|Rank|Engagement rate|Following",
    "Künstlername|Instagram-Konto|Anzahl der Follower|Vergütung|Telefon|E-Mail|Nr.|Interaktionsrate|Abonniert",
    "Nom complet|Pseudo|Nb d'abonnés|Rémunération|Téléphone|Courriel|N°|Taux d'engagement|Abonnements",
    "Nombre y apellido|Usuario de Instagram|Nº de seguidores|Tarifa|Teléfono|Correo|#|Interacción|Siguiendo",
    "Talent|Profile handle 2|Fan count|Rate (EUR)|Contact phone|Contact email|ID|ER%|Follows others",
    "博主|账号|粉丝数|报价|电话|邮箱|序号|互动率|关注",
    "Блогер|Ник|Подписчики|Гонорар|Телефон|Почта|№|ER|Подписки",
    "İsim|Kullanıcı adı|Takipçi sayısı|Ücret|Telefon|E-posta|Sıra|Etkileşim|Takip",
    "Account Name|Page|Community size|Asking price total|Mobile|Business mail|Position|ER (%)|Audience quality",
    "Account|Link|Size|Quote in EUR|WhatsApp|Mail|No|Eng|Others",
]  # fmt: skip
CREATOR_FIELDS = "creator|handle|followers|fee|-phone|-mail|-row|-rate|-following"
LINE_SHAPES = [
    # order_id, ordered_at, product, quantity, price, discount_code, status, payment_status, -name, -phone, -street, -row
    "Invoice no|Invoice date|Item|Qty|Unit price|Voucher used|Order state|Payment|Customer name|Phone|Street|Row",
    "Rechnungsnr.|Rechnungsdatum|Artikel|Menge|Einzelpreis|Gutscheincode|Auftragsstatus|Zahlungsstatus|Kundenname|Telefon|Straße|Pos.",
    "N° facture|Date de facture|Article|Quantité|Prix unitaire|Code promo|Statut|Paiement|Nom du client|Téléphone|Rue|Ligne",
    "Factura|Fecha|Artículo|Cantidad|Precio unitario|Cupón usado|Estado|Pago|Nombre del cliente|Teléfono|Calle|Posición",
    "Numero fattura|Data|Articolo|Quantità|Prezzo unitario|Codice sconto|Stato ordine|Stato pagamento|Nome cliente|Telefono|Indirizzo|Riga",
    "Fatura|Data da venda|Produto|Qtd|Preço unitário|Cupom|Situação|Pagamento|Nome do cliente|Celular|Endereço|Linha",
    "Factuurnummer|Besteldatum|Artikel|Aantal|Stukprijs|Kortingscode|Bestelstatus|Betaalstatus|Naam klant|Telefoonnummer|Straatnaam|Regel",
    "Faktura|Data zamówienia|Nazwa produktu|Ilość|Cena jednostkowa|Kod rabatowy|Status zamówienia|Płatność|Imię i nazwisko|Telefon|Ulica|Lp.",
]  # fmt: skip
LINE_FIELDS = (
    "order_id|ordered_at|product|quantity|price|discount_code|status|payment_status|-name|-phone|-street|-row"
)


def orders_of(number: int) -> dict[str, str]:
    """One order of an unknown shop: its amounts tie, and its other columns are as shops have them."""
    dice = random.Random(number)
    goods, post = dice.choice([4990, 6000, 12900, 2550]), dice.choice([0, 490, 590])
    off = goods // 10 if number % 3 == 0 else 0
    total = goods + post - off
    return {
        "order_id": str(40010 + number * 7),
        "ordered_at": f"2026-03-{number + 2:02d}",
        "total": f"{total / 100:.2f}",
        "tax": f"{round(total * 19 / 119) / 100:.2f}",
        "shipping": f"{post / 100:.2f}",
        "discount": f"{off / 100:.2f}",
        "discount_code": "LENA10" if off else "",
        "currency": "EUR",
        "country": dice.choice(["DE", "AT"]),
        "customer": f"a{number % 5}@mail.example",
        "status": dice.choice(["completed", "processing"]),
        "-name": dice.choice(["Ann Example", "Bob Muster"]),
        "-phone": f"+49 30 {200000 + number * 31}",
        "-house": str(dice.randint(1, 99)),
        "-street": dice.choice(["Main Road", "Am Weg"]),
        "-row": str(number + 1),
    }


def creator_of(number: int) -> dict[str, str]:
    """One account of an unknown vendor's list."""
    dice = random.Random(number)
    handle = ["lina.muster", "kim_probe", "eva.x", "tom_travels"][number % 4] + str(number // 4 or "")
    return {
        "creator": ["Lina Muster", "Kim Probe", "Eva X", "Tom Travels"][number % 4],
        "handle": handle,
        "followers": str(1000 + dice.randint(1, 90000)),
        "fee": str(dice.randint(1, 20) * 50),
        "-phone": f"+49 171 {2000000 + number * 311}",
        "-mail": f"{handle}@mail.example",
        "-row": str(number + 1),
        "-rate": f"{dice.random() * 5:.2f}%",
        "-following": str(dice.randint(100, 450)),
    }


def line_of(number: int) -> dict[str, str]:
    """One line of a till's or an ERP's file: two lines to an order."""
    order = orders_of(number // 2)
    return {
        **order,
        "product": ["Dress", "Bag"][number % 2],
        "quantity": str(1 + number % 3),
        "price": f"{[39.9, 12.5][number % 2]:.2f}",
        "status": "completed" if number < 10 else "cancelled",
        "payment_status": "paid" if number < 8 else "refunded" if number < 10 else "pending",
        "-row": str(number + 1),
    }


#: shapes → what makes their records, the fields in their order, the table they are
FAMILIES = [
    (SHAPES, orders_of, ORDER_FIELDS, "orders"),
    (CREATOR_SHAPES, creator_of, CREATOR_FIELDS, "creators"),
    (LINE_SHAPES, line_of, LINE_FIELDS, "orders"),
]


@pytest.mark.parametrize("shape", [shape for shapes, *_ in FAMILIES for shape in shapes])
def test_no_offered_mapping_swaps_doubles_or_keeps_a_personal_column(shelf: Path, shape: str) -> None:
    """Each column in its own field or in none; what is offered without a question reads whole, to the cent."""
    made, labels, table = next(family for shapes, *family in FAMILIES if shape in shapes)
    names = dict(zip(labels.split("|"), shape.split("|"), strict=True))
    fields = list(names)
    random.Random(shape).shuffle(fields)
    rows = [made(number) for number in range(12)]
    lines = [[names[field] for field in fields], *([row[field] for field in fields] for row in rows)]
    text = "\n".join(";".join(cells) for cells in lines) + "\n"
    _, entry = offered(shelf, text)
    assert entry["table"] == table
    assert entry.get("total") == ("lines" if shape in LINE_SHAPES else None)
    mapped = {field: name for field, name in entry["columns"].items() if name != "…"}
    assert mapped == {field: names.get(field) for field in mapped}
    assert len(set(mapped.values())) == len(mapped)
    if "…" in entry["columns"].values():
        return
    done = read(shelf, {"x.csv": text}, mapping=[entry])
    assert done.receipts[0].kept == 12
    if shape in SHAPES:
        assert done.tables.orders["total"].tolist() == [float(row["total"]) for row in rows]
    elif shape in LINE_SHAPES:
        costs = [int(row["quantity"]) * float(row["price"]) for row in rows]
        totals = [round(first + second, 2) for first, second in zip(costs[::2], costs[1::2], strict=True)]
        assert done.tables.orders["total"].tolist() == totals
        assert done.tables.orders["order_state"].fillna("sale").tolist() == [
            *["sale"] * 4,
            "refunded",
            "no sale",
        ]
    else:
        assert done.tables.creators["handle"].tolist() == [row["handle"] for row in rows]


def test_a_german_shops_columns_are_all_offered_without_a_question() -> None:
    """Every field of an order has its column, and none is left open."""
    columns = columns_of(SHAPES[1].split("|"), [list(orders_of(n).values()) for n in range(12)])
    layout, best = likely(built_in_layouts(), columns)
    assert layout is not None
    assert layout.name == "orders"
    assert set(best.columns) >= set(ORDER_FIELDS.split("|-")[0].split("|"))
    assert not best.open


def test_amounts_of_lines_are_offered_as_such(shelf: Path) -> None:
    """What differs within an order is no total of it; what stands again on each of its lines is."""
    rows = [
        "R1;10.03.2026;Kleid;1;{};119,00",
        "R1;10.03.2026;Tasche;2;{};23,80",
        "R2;11.03.2026;Kleid;2;{};238,00",
    ]
    header = "Belegnummer;Belegdatum;Bezeichnung;Menge;{}"
    text = "\n".join(row.replace(";{}", "") for row in [header.replace("{}", "Zeilenbetrag"), *rows])
    _, entry = offered(shelf, text)
    assert (entry["total"], entry["columns"]["total"]) == ("lines", "Zeilenbetrag")
    assert read(shelf, {"x.csv": text}, mapping=[entry]).tables.orders["total"].tolist() == [142.8, 238.0]
    whole = "\n".join(
        [
            header.replace("{}", "Rechnungsbetrag;Einzelpreis"),
            *(
                row.replace("{}", total)
                for row, total in zip(rows, ["142,80", "142,80", "476,00"], strict=True)
            ),
        ]
    )
    _, entry = offered(shelf.with_name("whole"), whole)
    assert "total" not in entry
    tables = read(shelf.with_name("whole"), {"x.csv": whole}, mapping=[entry]).tables
    assert tables.orders["total"].tolist() == [142.8, 476.0]
    assert len(tables.order_lines) == 3


def test_lines_with_days_of_their_own_say_what_they_may_be(shelf: Path) -> None:
    """Recognised as lines of orders: if no other file holds the orders, client.yml lets the lines make them."""
    text = (
        "order number,date,item,quantity,unit price\n1,2026-03-10,Dress,1,40.00\n1,2026-03-10,Bag,2,10.00\n"
    )
    (receipt,) = read(shelf, {"x.csv": text}).receipts
    assert receipt.reader == "order_lines"
    assert "table: orders and total: lines" in receipt.notes[0]
    orders = read(
        shelf, {"x.csv": text}, mapping=[{"file": "x.csv", "table": "orders", "total": "lines"}]
    ).tables.orders
    assert orders["total"].tolist() == [60.0]


@pytest.mark.parametrize("market", ["DE", "AT"])
def test_net_sales_are_no_total_without_their_tax(shelf: Path, market: str) -> None:
    """WooCommerce's report of orders has what goods cost without tax; a row that takes an order back is negative."""
    header = "Date,Order #,N. Revenue (formatted),Status,Customer,Customer type,Product(s),Items sold,Coupon(s),Net Sales,Attribution"
    rows = [
        f'2026-03-1{n} 10:00:00,{3000 + 7 * n},"{70 + n},00 €",completed,Ann Example,new,1× Dress,1,lena10,{50 + n}.00,Direct'
        for n in range(8)
    ]
    back = '2026-03-20 10:00:00,3000,"70,00 €",completed,Ann Example,new,,0,,-20.00,Direct'
    text = "\n".join([header, *rows, back])
    _, entry = offered(shelf, text)
    assert (entry["total"], entry["columns"]["total"]) == ("without tax", "Net Sales")
    assert not {"Customer", "N. Revenue (formatted)"} & set(entry["columns"].values())
    rates = {"tax_rate": {"DE": 0.19, "AT": 0.2}, "market": market}
    make_client(shelf, {"x.csv": text}, mapping=[entry], **rates)
    values = order_values(open_book(shelf, "spring"))
    assert (values.net / 100).tolist() == [50.0 + n for n in range(8)]
    assert (values.returned / 100).tolist() == [20.0, *[0.0] * 7]
    assert (values.tax / 100).tolist()[0] == {"DE": 9.5, "AT": 10.0}[market]


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("Order no;Placed;Sum;Payment;Order state;Parcel", ["payment_status", "status", "fulfilment_status"]),
        ("Bestellnr.;Bestellt am;Rechnungsbetrag;Zahlung;Stand;Versand", ["payment_status", "status", "fulfilment_status"]),
        ("N° commande;Passée le;Montant TTC;Paiement;Suivi;Livraison", ["payment_status", "status", "fulfilment_status"]),
        ("Nº pedido;Fecha;Importe total;Pago;Situación;Envío", ["payment_status", "status", "fulfilment_status"]),
    ],
)  # fmt: skip
def test_columns_of_states_are_offered_by_their_cells(shelf: Path, header: str, fields: list[str]) -> None:
    """By name where it says which state is meant, else because every cell is a state; other words are none."""
    states = ["paid;completed;shipped", "pending;on hold;unfulfilled"]
    rows = [f"{40010 + 7 * n};2026-03-1{n};{50 + n}.00;{states[n == 0]}" for n in range(8)]
    _, entry = offered(shelf, "\n".join([header, *rows]))
    assert {entry["columns"][field] for field in fields} == set(header.split(";")[3:])
    others = [
        row.replace("paid", "Visa").replace("completed", "blue").replace("shipped", "DHL") for row in rows
    ]
    _, entry = offered(shelf.with_name("others"), "\n".join([header, *others]))
    assert not {"payment_status", "fulfilment_status"} & set(entry["columns"])


def test_guesses_of_the_cases_are_as_they_should_be() -> None:
    """Amounts in their places, nothing personal, days as days."""
    swaps = block_of(refused("guess_swaps_total_and_tax"))[0]["columns"]
    assert swaps["total"] == "Order Total (inc tax)"
    assert swaps["tax"] == "Tax Total"
    assert swaps["shipping"] == "Shipping Cost (inc tax)"
    assert swaps["discount_code"] == "Coupon Details"
    assert swaps["currency"] == "Order Currency Code"
    assert swaps["country"] == "Shipping Country"
    phone = block_of(refused("guess_puts_phone_into_region"))[0]["columns"]
    assert phone["postcode_area"] == "shipping zip"
    assert not {"shipping phone", "shipping address1"} & set(phone.values())
    days = block_of(refused("guess_for_totals_per_day"))[0]
    assert (days["table"], days["columns"]) == ("account_days", {"date": "Date", "views": "Views"})


# ------------------------------------------------------------------------------------- layouts


def test_known_exports_in_another_language_generation_or_currency_are_read(shelf: Path) -> None:
    """Each case's figures, as its file states them."""
    posts = case("meta_content_brazil_new_names").tables.posts
    figures = ["views", "reach", "likes", "comments", "saves", "shares"]
    assert posts[figures].values.tolist() == [[1000.0, 800.0, 50.0, 4.0, 5.0, 3.0]]
    youtube = case("youtube_german_soft_hyphens")
    assert youtube.tables.posts["views"].tolist() == [200.0, 100.0]
    assert youtube.receipts[0].set_aside[0].reason == "a total, not a record"
    etsy = case("etsy_sold_orders").tables.orders
    assert etsy[["total", "gross", "discount"]].values.tolist() == [[43.0, 40.0, 4.0]]
    assert etsy["discount_code"].tolist() == ["LENA10"]
    squarespace = case("squarespace_orders").tables
    assert squarespace.orders[["total", "refunded"]].values.tolist() == [[105.0, 10.0]]
    assert len(squarespace.order_lines) == 2
    (ads,) = case("meta_ads_in_hryvnia").receipts
    assert (ads.reader, ads.currency) == ("meta_ads", "UAH")
    assert "UAH: …" in ads.set_aside[0].expected


@pytest.mark.parametrize(
    "currency", ["UAH", "KRW", "THB", "COP", "ARS", "VND", "KZT", "PHP", "IDR", "CLP", "NGN", "BGN"]
)
def test_ads_are_read_in_every_currency(shelf: Path, currency: str) -> None:
    """With a rate they become the client's."""
    text = f"Reporting starts,Reporting ends,Ad name,Reach,Amount spent ({currency})\n2026-03-02,2026-03-29,lena,10,150.00\n"
    done = read(shelf, {"ads.csv": text}, exchange_rates={currency: 0.1})
    assert done.tables.ads["spend"].tolist() == [15.0]


@pytest.mark.parametrize(
    "header",
    [
        "Conteúdo,Título do vídeo,Horário de publicação do vídeo,Duração,Visualizações,Tempo de exibição (horas),Inscritos",
        "Contenu,Titre de la vidéo,Heure de publication de la vidéo,Durée,Vues,Durée de visionnage (heures),Abonnés",
        "Videos,Videotitel,Veröffentlichungszeitpunkt des Videos,Dauer,Aufrufe,Wiedergabezeit (Stunden),Abonnenten",
        "Contenido,Título del video,Hora de publicación del video,Duración,Vistas,Tiempo de visualización (horas),Suscriptores",
    ],
)
def test_youtube_is_read_in_the_languages_seen(shelf: Path, header: str) -> None:
    """Public files and importers show these names."""
    text = f'{header}\nTotal,,,,300,10,5\nabc,Haul,"Mar 5, 2026",75,300,10,5\n'
    posts = read(shelf, {"creators/x.y/t.csv": text}).tables.posts
    assert posts[["views", "follows", "duration_seconds"]].values.tolist() == [[300.0, 5.0, 75.0]]


def test_nuvemshop_is_tiendanube_in_portuguese(shelf: Path) -> None:
    """An order's cells stand on its first row, a product on each."""
    text = (
        "Número do Pedido;E-mail;Data;Status do Pedido;Status do Pagamento;Subtotal;Desconto;Valor do Frete;Total;Cupom de Desconto;"
        "Nome do Produto;Valor do Produto;Quantidade Comprada;SKU;Meio de pagamento\n"
        "1001;a@mail.example;10/03/2026 09:30:00;Aberto;Confirmado;179.80;10.00;15.00;184.80;LENA10;Vestido;79.90;2;K1;Pix\n"
        "1001;;;;;;;;;;Bolsa;20.00;1;K9;\n"
    )
    tables = read(shelf, {"vendas.csv": text}).tables
    assert tables.orders[["order_id", "total", "discount_code"]].values.tolist() == [
        ["1001", 184.8, "LENA10"]
    ]
    assert tables.order_lines["quantity"].tolist() == [2.0, 1.0]


def test_payments_are_no_second_sales(shelf: Path) -> None:
    """Stripe and PayPal tell the shop's sales again: set aside by name."""
    files = {
        "orders.csv": HEADER + ROWS,
        "stripe.csv": "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Fee,Status,Customer Email\n"
        "ch_1,2026-03-02 10:00:00,59.90,0.00,eur,true,1.20,Paid,a@mail.example\n",
        "paypal.csv": '"Date","Time","TimeZone","Name","Type","Status","Currency","Gross","Fee","Net","Transaction ID","Balance"\n'
        '"02/03/2026","10:00:00","CET","Ann","Express Checkout Payment","Completed","EUR","59.90","-1.2","58.7","5KB","9"\n',
    }
    done = read(shelf, files)
    assert [receipt.reader for receipt in done.receipts] == ["orders", "", ""]
    assert len(done.tables.orders) == 2


# -------------------------------------------------------------------------------------- nothing kept


@pytest.mark.parametrize(
    ("text", "column"),
    [
        (HEADER + "1001,soon,59.90,\n1002,later,49.90,\n", "date"),
        (HEADER + "".join(f"{n},2026-03-02,free,\n" for n in range(40)) + "41,2026-03-02,9.90,\n", "total"),
        ("handle,looked at\n,20\n,20\n", "handle"),
        ("order,refund date,amount\n1,2026-03-02,none\n", "amount"),
    ],
)
def test_a_file_of_which_nothing_is_kept_is_a_failure(shelf: Path, text: str, column: str) -> None:
    """Told with the column and what was expected; the receipts are printed, and the exit code is no success."""
    client = make_client(shelf, {"x.csv": text, "known.csv": "date,followers\n2026-03-02,900\n"})
    run = CliRunner().invoke(app, ["check", str(client.folder)])
    assert run.exit_code == 1
    assert f"column “{column}”" in run.stderr
    assert "could be kept" in run.stderr
    assert "expected" in run.stderr


@pytest.mark.parametrize(
    "text",
    [
        HEADER,
        HEADER + "Total,,109.80,\n",
        "Reporting starts,Reporting ends,Ad name,Reach,Amount spent (EUR)\n",
    ],
)
def test_a_file_without_records_is_no_failure(shelf: Path, text: str) -> None:
    """Nothing was there to keep."""
    assert read(shelf, {"x.csv": text}).receipts[0].kept == 0


# --------------------------------------------------------------------------------- the page of check

CORPUS = Path(__file__).parent / "corpus"
#: one folder as an agency has it: layout → where its file lies
TWENTY = {
    **{
        name: f"{name}.csv"
        for name in (
            *("creators", "costs", "shopify_orders", "shopify_discounts", "shopify_products"),
            *("ga4_traffic", "meta_ads", "refunds", "survey", "promotions", "tallies"),
        )
    },
    **{
        name: f"creators/lina.muster/{name}.csv"
        for name in ("instagram_content", "instagram_stories", "meta_daily")
    },
    **{
        name: f"creators/kim.probe/{name}.csv"
        for name in ("tiktok_content", "tiktok_followers", "tiktok_gender")
    },
    "youtube_content": "creators/eva/youtube_content.csv",
    "search_console": "gsc/Queries.csv",
}


def test_a_file_with_a_remark_is_not_called_whole(tmp_path: Path) -> None:
    """A third of the sessions is missing, and a product has no number: both stand at the head of the page, in words."""
    files: dict[str, str | bytes] = {
        "ga4.csv": (CORPUS / "trap_ga4_rows_on_screen.csv").read_bytes(),
        "products.csv": (CORPUS / "shopify_products.csv").read_bytes(),
        "costs.csv": (CORPUS / "costs.csv").read_bytes(),
    }
    run = CliRunner().invoke(app, ["check", str(make_client(tmp_path / "client", files).folder)])
    overview = [block.splitlines() for block in run.stdout.split("\n\n")[1:4]]
    assert (
        overview[0][1]
        == "  products.csv: Shopify products, 2 of 3 records (“Variant SKU”: the cell is empty)"
    )
    assert overview[1][0] == "Read, with a remark to look at below (1)"
    assert overview[1][1].startswith(
        "  ga4.csv: GA4 traffic acquisition, 2 records: its rows add up to 800 of the 1,200"
    )
    assert [line.split(":")[0] for line in overview[2]] == ["Read whole (1)", "  costs.csv"]
    assert "2 set aside (products.csv; totals, empty rows and repeated column names: 1)" in run.stdout
    assert "columns used: Handle, Title, Variant SKU," in run.stdout
    assert "columns used: kind, amount, creator, date" in run.stdout


def test_check_on_a_folder_of_twenty_files_reads_as_a_page(tmp_path: Path) -> None:
    """Worst first, a short line for each file, then the receipts in the same order."""
    files: dict[str, str | bytes] = {
        path: (CORPUS / f"{name}.csv").read_bytes() for name, path in TWENTY.items()
    }
    files["gsc/Pages.csv"] = "Top pages,Clicks,Impressions,CTR,Position\nhttps://x.example/,10,100,10%,1.5\n"
    client = make_client(tmp_path / "client", files, exchange_rates={"USD": 0.9})
    run = CliRunner().invoke(app, ["check", str(client.folder)])
    assert run.exit_code == 0
    overview = run.stdout.split("\n\n")[1:5]
    assert [block.splitlines()[0] for block in overview] == [
        "Read, some records set aside (1)",
        "Read, with a remark to look at below (3)",
        "Read whole (15)",
        "Left alone (1)",
    ]
    assert all(len(line) <= 120 for block in overview for line in block.splitlines())
    assert "  refunds.csv: refunds with dates, 1 record: refunds of orders on file: 0 of 1" in overview[1]
    assert "gsc/Pages.csv: Search Console, clicks by page" in overview[3]
    make_client(
        tmp_path / "client",
        {
            "old.csv": HEADER + "1,soon,59.90,\n",
            "shop.csv": "Bestellnr.;Bestellt am;Rechnungsbetrag\n1;02.03.2026;59,90\n",
        },
    )
    run = CliRunner().invoke(app, ["check", str(client.folder)])
    assert run.exit_code == 1
    first = run.stdout.split("\n\n")[0].splitlines()
    assert first == [
        "Not read yet, the report waits for these (2)",
        "  old.csv: read as “order export”, but nothing could be kept",
        "  shop.csv: nobody knows its columns; perhaps “order export”, see the block to paste",
    ]


def test_a_notebook_asks_by_its_form_what_a_file_is(tmp_path: Path) -> None:
    """Elsewhere lines to paste into client.yml are printed; a notebook sends to the form at its top."""
    client = make_client(
        tmp_path, {"shop.csv": "Bestellnr.;Bestellt am;Rechnungsbetrag\n1;02.03.2026;59,90\n"}
    )
    with pytest.raises(Unread) as told:
        open_book(client.folder)
    assert 'order_id: "Bestellnr."' in str(told.value)
    in_a_notebook = "\n".join(told.value._render_traceback_())
    assert "exports/shop.csv: nobody recognises this file" in in_a_notebook
    assert "the form at the top of notebook 00" in in_a_notebook
    assert "order_id" not in in_a_notebook
