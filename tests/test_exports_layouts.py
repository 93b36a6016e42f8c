"""Every layout is recognised by its columns, whatever its file is called, and read to the right rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from shelf import read_one, shelf_folder  # noqa: F401 - a fixture

SHOPIFY_HEADER = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,"
    "Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,"
    "Lineitem price,Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,"
    "Lineitem fulfillment status,Billing Name,Billing Street,Billing Zip,Billing Country,Shipping Name,"
    "Shipping Street,Shipping City,Shipping Zip,Shipping Province,Shipping Country,Shipping Phone,Notes,"
    "Note Attributes,Cancelled at,Payment Method,Refunded Amount,Id,Tags,Risk Level,Source,Lineitem discount"
)


def order(name: str, quantity: int = 1, price: float = 40, **cells: str) -> str:
    """One record of a Shopify export: an order's first with its cells, a further one with its line only."""
    told = {"Name": name, "Lineitem quantity": str(quantity), "Lineitem price": f"{price:.2f}", **cells}
    return ",".join(f'"{told.get(column, "")}"' for column in SHOPIFY_HEADER.split(","))


def first(name: str, total: float, **cells: str) -> dict[str, str]:
    """The cells that stand on an order's first record."""
    return {
        "Email": f"{name.strip('#')}@buyer.example",
        "Financial Status": "paid",
        "Currency": "EUR",
        "Total": f"{total:.2f}",
        "Created at": "2026-03-04 23:30:00 +0100",
        "Shipping Name": "Petra Beispiel",
        "Shipping Street": "Nirgendweg 5",
        "Shipping Zip": "'20095",
        "Shipping Province": "HH",
        "Shipping Country": "DE",
        "Shipping Phone": "+49 40 000000",
        "Source": "web",
        **cells,
    }


SHOPIFY = "\n".join(
    [
        SHOPIFY_HEADER,
        order(
            "#1002", 2, 40, **first("#1002", 116.10, **{"Discount Code": "anna10", "Discount Amount": "12.90", "Shipping": "0.00", "Taxes": "18.54", "Refunded Amount": "40.00", "Lineitem sku": "K1", "Lineitem name": "Dress, blue", "Note Attributes": "utm_source: instagram\nutm_content: annaq_reel_1"})
        ),
        order("#1002", 1, 49, **{"Lineitem sku": "K2", "Lineitem name": "Scarf"}),
        order("#1001", 1, 20, **first("#1001", 24.90, Shipping="4.90", **{"Cancelled at": "2026-03-05 08:00:00 +0100"})),
    ]
)  # fmt: skip

GA4 = """# ----------------------------------------
# Traffic acquisition: Session source/medium
# Account: Testbrand
# Property: Shop
# ----------------------------------------
#
# All Users
# Start date: 20260301
# End date: 20260331
Session source / medium,Session campaign,Session manual ad content,Sessions,Engaged sessions,Engagement rate,Event count,Key events,Total revenue
,,,1200,700,0.58,9000,40,3100.50,Grand total
instagram / social,spring,annaq_reel_1,700,420,0.6,5000,31,2100.25
(direct) / (none),(direct),(not set),500,280,0.56,4000,9,1000.25

# ----------------------------------------
# All Users
# ----------------------------------------
Date,Sessions
20260301,40
20260302,41
"""

INSTAGRAM = '''\ufeffPost ID,Account ID,Account username,Account name,Description,Duration (sec),Publish time,Permalink,Post type,Data comment,Date,Views,Reach,Likes,Shares,Follows,Comments,Saves
1801,17,AnnaQ,Anna,"Ad: new dress, says ""wow""",31,03/14/2026 08:31,https://www.instagram.com/reel/AB1/,IG reel,,Lifetime,"12,400","9,100",820,12,3,44,51
1802,17,AnnaQ,Anna,Sunday,0,03/02/2026 18:05,https://www.instagram.com/p/AB2/,IG image,,Lifetime,900,,70,,0,4,
'''

STORIES = """Post ID,Account ID,Account username,Account name,Description,Duration (sec),Publish time,Permalink,Post type,Data comment,Date,Views,Reach,Likes,Shares,Replies,Sticker taps,Navigation,Profile visits,Link clicks,Follows
9,17,annaq,Anna,,12,03/14/2026 09:00,https://www.instagram.com/stories/annaq/9/,IG story,,Lifetime,400,380,3,1,2,5,600,7,21,0
"""

STORIES_PORTUGUESE = """Identificação do post,Identificação da conta,Nome de usuário da conta,Descrição,Horário de publicação,Link permanente,Tipo de post,Visualizações,Alcance,Curtidas,Compartilhamentos,Respostas,Toques em figurinhas,Navegação,Visitas ao perfil,Cliques no link,Seguimentos
9,17,annaq,,03/14/2026 09:00,https://www.instagram.com/stories/annaq/9/,Story do IG,"1.234,0","1.100,0",3,1,2,5,600,7,21,0
"""

FACEBOOK = """\ufeffPost ID,Page ID,Page name,Title,Description,Publish time,Permalink,Post type,Views,Reach,"Reactions, Comments and Shares",Reactions,Comments,Shares,Duration (sec),Average Seconds viewed,Total clicks
77,5,Testpage,Hello,Hello world,03/14/2026 10:00,https://www.facebook.com/77,Photos,500,400,30,20,6,4,0,,9
"""

TIKTOK = """Video title,Video link,Post time,Total likes,Total comments,Total shares,Total views,Add to favorites
Try on,https://www.tiktok.com/@Ben.Test/video/7400000000000000001,2026-03-05 18:20,1.2K,33,4,25.3K,80
Haul,https://www.tiktok.com/@Ben.Test/video/7400000000000000002,2026-03-09 07:00,950,--,2,8100,undefined
"""

TIKTOK_SPANISH = """Título del vídeo,Enlace del vídeo,Hora de publicación,Me gusta totales,Comentarios totales,Veces compartido,Visualizaciones totales
Prueba,https://www.tiktok.com/@ben.test/video/74,2026-03-05 18:20,10,2,1,500
"""

YOUTUBE = """Content,Video title,Video publish time,Duration,Views,Watch time (hours),Subscribers,Average view duration,Impressions,Impressions click-through rate (%),Likes,Comments added,Shares
Total,,,,"2,300",91.2,12,0:02:20,40000,4.2,140,30,8
 -Ab12,Spring routine,"Mar 5, 2026",605,"2,000",88.1,11,0:02:38,30000,4.5,120,28,7
Cd34,Quick tip,"Mar 9, 2026",44,300,3.1,1,0:00:31,10000,3.1,20,2,1
"""

META_ADS_FRENCH = """Jour;Nom de la campagne;Nom de la publicité;Montant dépensé (EUR);Impressions;Couverture;Clics sur un lien;Résultats;Début des rapports;Fin des rapports
2026-03-05;Printemps;annaq reel;1.234,50;45000;30000;310;12;2026-03-01;2026-03-31
"""

CASES = {
    "creators": (
        "Influencer;Instagram handle;Network;Follower count;Price;Promo code\nAnna Q;@AnnaQ;IG;12.400;€ 250,00;annaq10\n",
        {"creators": [{"creator": "Anna Q", "handle": "annaq", "platform": "instagram", "followers": 12400.0, "fee": 250.0, "code": "ANNAQ10"}]},
    ),
    "orders": (
        "Order Number,Order Date,Order Total,Discount Amount,Shipping Total,Coupon Code,Country\n7,2026-03-04 10:15,54.90,6.00,4.90,annaq10,Germany\n",
        {"orders": [{"order_id": "7", "gross": 56.0, "discount": 6.0, "total": 54.9, "discount_code": "ANNAQ10", "country": "DE"}]},
    ),
    "posts": (
        "handle,platform,date,likes,comments,views\nannaq,instagram,2026-03-01,120,4,\nannaq,instagram,2026-03-02,90,2,1500\n",
        {"posts": [{"handle": "annaq", "likes": 120.0, "comments": 4.0, "views": None, "whose": "hand tally"}, {"views": 1500.0}]},
    ),
    "comments": (
        "post_id,username,date,comment\n1801,fan_77,2026-03-05,love it @annaq\n",
        {"comments": [{"post_id": "1801", "text": "love it @…"}]},
    ),
    "follower_history": ("date,handle,platform,followers\n2026-03-01,annaq,ig,12000\n", {"follower_history": [{"followers": 12000.0, "platform": "instagram"}]}),
    "audience": ("handle,platform,dimension,segment,share\nannaq,instagram,country,DE,61%\n", {"audience": [{"segment": "DE", "share": 0.61}]}),
    "tallies": ("handle,counted on,comments looked at,specific,answered\nannaq,2026-03-01,20,7,3\n", {"tallies": [{"looked_at": 20.0, "specific": 7.0}]}),
    "feedback": (
        "handle,platform,campaign,counted on,comments counted,praise,size questions,price questions,where to buy,complaints,other,counted by\nannaq,instagram,spring,2026-03-20,20,9,4,,2,1,3,Kim\n",
        {"feedback": [{"handle": "annaq", "campaign": "spring", "counted": 20.0, "praise": 9.0, "size": 4.0, "price": None, "where_to_buy": 2.0, "complaint": 1.0, "other": 3.0}]},
    ),
    "reviews": ("handle,reviewer,style,values,own words\nannaq,Kim,4,5,calm\n", {"reviews": [{"style": 4.0, "own_words": "calm"}]}),
    "order_lines": ("order,sku,quantity,price\n7,K1,2,20.00\n", {"order_lines": [{"sku": "K1", "quantity": 2.0, "price": 20.0}]}),
    "refunds": ("order,refund date,amount,reason\n7,2026-03-20,-20.00,too small\n", {"refunds": [{"order_id": "7", "amount": 20.0}]}),
    "discounts": ("code,value,used,expires\nannaq10,10,4,2026-04-30\n", {"discounts": [{"code": "ANNAQ10", "used": 4.0}]}),
    "products": ("sku,product,price,unit cost\nK1,Dress,40.00,13.10\n", {"products": [{"sku": "K1", "cost": 13.1}]}),
    "costs": ("creator,kind,amount,date\nAnna Q,Fee,250,2026-03-30\n", {"costs": [{"kind": "fee", "amount": 250.0}]}),
    "survey": ("order,date,How did you hear about us?\n7,2026-03-04,Anna on Instagram\n", {"survey": [{"order_id": "7", "answer": "Anna on Instagram"}]}),
    "promotions": ("start,end,promotion\n2026-03-10,2026-03-12,20% on knitwear\n", {"promotions": [{"what": "20% on knitwear"}]}),
    "clicks": ("date,handle,link,clicks\n2026-03-05,annaq,https://go.test.example/a,14\n", {"clicks": [{"clicks": 14.0, "handle": "annaq"}]}),
    "sessions": ("date,source,sessions\n2026-03-05,instagram,140\n", {"sessions": [{"sessions": 140.0, "source": "instagram"}]}),
    "shopify_orders": (
        SHOPIFY,
        {
            "orders": [
                {"order_id": "#1002", "gross": 129.0, "discount": 12.9, "total": 116.1, "refunded": 40.0, "discount_code": "ANNA10", "country": "DE", "postcode_area": "20", "utm_source": "instagram", "utm_content": "annaq_reel_1", "channel": "web", "ordered_at": pd.Timestamp("2026-03-04 23:30")},
                {"order_id": "#1001", "gross": 20.0, "shipping": 4.9, "cancelled_at": pd.Timestamp("2026-03-05 08:00")},
            ],
            "order_lines": [{"order_id": "#1002", "sku": "K1", "quantity": 2.0, "price": 40.0}, {"sku": "K2"}, {"order_id": "#1001"}],
        },
    ),
    "shopify_discounts": (
        "\ufeffName,Value,Value Type,Type,Discount Class,Minimum Purchase Requirements,Times Used In Total,Applies Once Per Customer,Usage Limit Per Code,Status,Start,End\nAnna10,-10.0,percentage,,,,21,true,,Active,2026-03-02 08:00:00 +0100,\n",
        {"discounts": [{"code": "ANNA10", "value_kind": "percentage", "value": 10.0, "used": 21.0, "once_per_customer": True}]},
    ),
    "shopify_products": (
        "Handle,Title,Option1 Value,Variant SKU,Variant Price,Cost per item\ndress,Dress,S,K1-S,40.00,13.10\ndress,,M,K1-M,40.00,13.10\ndress,,,,,\n",
        {"products": [{"sku": "K1-S", "product": "Dress · S", "cost": 13.1}, {"sku": "K1-M", "product": "Dress · M"}]},
    ),
    "ga4_traffic": (GA4, {"sessions": [{"source": "instagram", "medium": "social", "campaign": "spring", "content": "annaq_reel_1", "sessions": 700.0, "key_events": 31.0, "revenue": 2100.25, "starts_on": pd.Timestamp("2026-03-01")}, {"source": "(direct)"}]}),
    "search_console": ("Top queries,Clicks,Impressions,CTR,Position\ntestbrand dress,40,300,13.33%,2.1\n", {"searches": [{"query": "testbrand dress", "clicks": 40.0}]}),
    "instagram_content": (INSTAGRAM, {"posts": [{"post_id": "1801", "handle": "annaq", "platform": "instagram", "format": "reel", "views": 12400.0, "caption": 'Ad: new dress, says "wow"', "published_at": pd.Timestamp("2026-03-14 08:31")}, {"format": "image", "reach": None, "saves": None}]}),
    "instagram_stories": (STORIES, {"posts": [{"format": "story", "reach": 380.0, "link_clicks": 21.0, "handle": "annaq"}]}),
    "meta_daily": ('sep=,\n"Views"\n"Date","Primary"\n"2026-03-01T00:00:00","1200"\n'.encode("utf-16"), {"account_days": [{"date": pd.Timestamp("2026-03-01"), "views": 1200.0, "platform": "instagram"}]}),
    "facebook_content": (FACEBOOK, {"posts": [{"platform": "facebook", "format": "image", "likes": 20.0, "comments": 6.0}]}),
    "meta_ads": (META_ADS_FRENCH, {"ads": [{"spend": 1234.5, "link_clicks": 310.0, "starts_on": pd.Timestamp("2026-03-05"), "ends_on": pd.Timestamp("2026-03-05")}]}),
    "tiktok_content": (TIKTOK, {"posts": [{"post_id": "7400000000000000001", "handle": "ben.test", "likes": 1200.0, "views": 25300.0, "saves": 80.0}, {"comments": None, "saves": None, "shares": 2.0}]}),
    "tiktok_overview": ("Date,Video Views,Profile Views,Likes,Comments,Shares\nMarch 1,500,40,30,2,1\n", {"account_days": [{"date": pd.Timestamp("2026-03-01"), "views": 500.0}]}),
    "tiktok_followers": ("Date,Followers,Difference in followers from previous day\nDecember 31,1000,undefined\nJanuary 1,1004,4\n", {"follower_history": [{"date": pd.Timestamp("2025-12-31"), "followers": 1000.0}, {"date": pd.Timestamp("2026-01-01")}]}),
    "tiktok_shop_creators": ("Creator name,Affiliate-attributed GMV ,Refunds,Attributed orders,Affiliate-attributed items sold,Est. commission,CTR\nBen.Test,$1 234.50,--,31,40,$120.10,5.93%\n", {"shop_creators": [{"handle": "ben.test", "sales": 1234.5, "refunds": None, "orders": 31.0}]}),
    "youtube_content": (YOUTUBE, {"posts": [{"post_id": "-Ab12", "views": 2000.0, "duration_seconds": 605.0, "average_watch_seconds": 158.0, "format": "video", "published_at": pd.Timestamp("2026-03-05")}, {"format": "short"}]}),
}  # fmt: skip


@pytest.mark.parametrize("reader", CASES)
def test_a_file_is_recognised_by_its_columns(shelf: Path, reader: str) -> None:
    """Each layout, under a name that says nothing, becomes the rows it holds."""
    content, tables = CASES[reader]
    currency = "USD" if reader == "tiktok_shop_creators" else "EUR"
    done, receipt = read_one(shelf, content, "download (3).csv", currency=currency)
    assert receipt.reader == reader
    assert receipt.good_for
    for name, rows in tables.items():
        frame = getattr(done.tables, name)
        assert len(frame) == len(rows)
        for i, row in enumerate(rows):
            for column, value in row.items():
                found = frame[column].iloc[i]
                assert pd.isna(found) if value is None else found == value, (name, i, column, found)


@pytest.mark.parametrize(
    ("content", "reader"),
    [(STORIES_PORTUGUESE, "instagram_stories"), (TIKTOK_SPANISH, "tiktok_content")],
)
def test_other_languages_are_recognised(shelf: Path, content: str, reader: str) -> None:
    """Localised names of columns lead to the same layout."""
    _, receipt = read_one(shelf, content)
    assert receipt.reader == reader


def test_every_number_of_a_portuguese_file_has_a_decimal_comma(shelf: Path) -> None:
    """`1.234,0` views are 1234, not one and a bit."""
    done, _ = read_one(shelf, STORIES_PORTUGUESE)
    assert done.tables.posts["views"].tolist() == [1234.0]
    assert done.tables.posts["link_clicks"].tolist() == [21.0]


def test_german_analytics(shelf: Path) -> None:
    """A German export with its comment block and semicolons."""
    content = (
        "# Neu gewonnene Zugriffe\n# Konto: Testbrand\n# Startdatum: 20260301\n# Enddatum: 20260331\n"
        "Sitzung – primäre Channelgruppe (Standard-Channelgruppe);Sitzungen;Sitzungen mit Interaktionen;Engagement-Rate;"
        "Ereignisanzahl;Schlüsselereignisse;Gesamtumsatz\nOrganic Social;1.200;700;58,3%;9.000;12;1.020,50\n"
    )
    done, receipt = read_one(shelf, content)
    row = done.tables.sessions.iloc[0]
    assert (row["channel"], row["sessions"], row["revenue"]) == ("Organic Social", 1200.0, 1020.5)
    assert receipt.reader == "ga4_traffic"


def test_a_receipt_tells_what_the_analytics_file_said(shelf: Path) -> None:
    """The grand total is set aside, the second table named, the dates those of the comment block."""
    _, receipt = read_one(shelf, GA4)
    assert (receipt.rows_in, receipt.kept) == (3, 2)
    assert [aside.reason for aside in receipt.set_aside] == ["a total, not a record"]
    assert receipt.notes == ("another table in this file was not read: All Users",)


def test_a_receipt_tells_what_the_shop_file_said(shelf: Path) -> None:
    """Three records are two orders; the zone is told and the clock left as it was."""
    _, receipt = read_one(shelf, SHOPIFY)
    assert (receipt.rows_in, receipt.kept, receipt.tables) == (3, 3, ("orders", "order_lines"))
    assert (receipt.currency, receipt.time_zone) == ("EUR", "+0100")
    assert (receipt.first_day, receipt.last_day) == (date(2026, 3, 4), date(2026, 3, 4))
    assert "Shipping Street" in receipt.ignored
    assert receipt.missing == {}
