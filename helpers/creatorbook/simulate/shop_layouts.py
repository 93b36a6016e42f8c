"""The shop's files as Shopify writes them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from creatorbook.simulate.campaigns import OneCampaign
from creatorbook.simulate.people import header, plain
from creatorbook.simulate.world import World

ORDER_COLUMNS = header("shopify_orders")

SURNAMES = ["Beispiel", "Muster", "Probst-Muster", "Exemple", "Sample", "Placeholder", "Testmann", "Nomen"]
COUPON_SITES = ["sparfuchs-codes.example", "couponburrow.example", "codepromo-malin.example"]


def shop_times(moments: pd.Series, timezone: str) -> pd.Series:
    """Moments as the shop writes them, `2026-03-12 10:00:00 +0100`; empty where there is none."""
    zoned = moments.dt.tz_localize(timezone, ambiguous=True, nonexistent="shift_forward")
    return zoned.dt.strftime("%Y-%m-%d %H:%M:%S %z").fillna("")


def orders(world: World) -> pd.DataFrame:
    """The orders export: one row per line item, the order's own cells on its first row only."""
    lines = world.shop.lines
    first = ~lines["order"].duplicated()
    heads = _order_cells(world).iloc[lines["order"].to_numpy()].reset_index(drop=True)
    heads.loc[~first.to_numpy(), [column for column in heads if column not in {"Name", "Email"}]] = ""
    made = heads.assign(**_line_cells(world))
    created = world.shop.orders["ordered_at"].to_numpy()[lines["order"]]
    heads_and_lines = made.assign(_when=created, _order=lines["order"].to_numpy())
    # the export lists the newest order first
    newest = heads_and_lines.sort_values(["_when", "_order"], ascending=False, kind="stable")
    handed_over = world.settings.order_columns or ORDER_COLUMNS
    return newest.reindex(columns=handed_over, fill_value="")


def _money(values: pd.Series | np.ndarray) -> np.ndarray:
    return np.array([f"{value:.2f}" for value in np.asarray(values, dtype="float64")], dtype=object)


def _line_cells(world: World) -> dict[str, object]:
    lines, sold = world.shop.lines, world.shop.orders
    sent = sold["cancelled_at"].isna().to_numpy()[lines["order"]]
    return {
        "Created at": shop_times(sold["ordered_at"], world.settings.timezone).to_numpy()[lines["order"]],
        "Lineitem quantity": lines["quantity"].astype(str).to_numpy(),
        "Lineitem name": (lines["product"] + " - " + lines["size"]).to_numpy(),
        "Lineitem price": _money(lines["price"]),
        "Lineitem sku": lines["sku"].to_numpy(),
        "Lineitem requires shipping": "true",
        "Lineitem taxable": "true",
        "Lineitem fulfillment status": np.where(sent, "fulfilled", "pending"),
        "Vendor": world.settings.brand,
        "Lineitem discount": "0.00",
    }


def _order_cells(world: World) -> pd.DataFrame:
    settings, sold = world.settings, world.shop.orders
    created = shop_times(sold["ordered_at"], settings.timezone)
    cancelled = sold["cancelled_at"].notna()
    discounted = sold["discount"] > 0
    cells = pd.DataFrame(
        {
            "Name": sold["order_id"],
            "Email": _emails(world),
            "Financial Status": _status(sold),
            "Paid at": created,
            "Fulfillment Status": np.where(cancelled, "unfulfilled", "fulfilled"),
            "Fulfilled at": shop_times(sold["ordered_at"] + pd.Timedelta(hours=30), settings.timezone).where(
                ~cancelled, ""
            ),
            "Accepts Marketing": np.where(sold["customer"] % 3 == 0, "yes", "no"),
            "Currency": settings.currency,
            "Subtotal": _money(sold["subtotal"]),
            "Shipping": _money(sold["shipping"]),
            "Taxes": _money(sold["tax"]),
            "Total": _money(sold["total"]),
            "Discount Code": sold["written_code"].where(discounted, ""),
            "Discount Amount": _money(sold["discount"]),
            "Shipping Method": "Standard",
            "Note Attributes": _notes(world),
            "Cancelled at": shop_times(sold["cancelled_at"], settings.timezone),
            "Payment Method": np.where(sold["test"], "Bogus", "Shopify Payments"),
            "Payment Reference": [f"r{number:010d}.1" for number in range(len(sold))],
            "Refunded Amount": _money(sold["refunded"]),
            "Outstanding Balance": "0.00",
            "Id": [str(7_310_000_000_000 + 913 * number) for number in range(len(sold))],
            "Tags": np.where(sold["test"], "test", ""),
            "Risk Level": "Low",
            "Source": "web",
            "Tax 1 Name": _tax_names(world),
            "Tax 1 Value": _money(sold["tax"]),
        }
    )
    return cells.assign(**_addresses(world))


def _emails(world: World) -> list[str]:
    sold = world.shop.orders
    shop = plain(world.settings.brand)
    return [
        f"team@{shop}.example" if test else f"customer{customer}@mail.example"
        for customer, test in zip(sold["customer"], sold["test"], strict=True)
    ]


def _status(sold: pd.DataFrame) -> np.ndarray:
    whole = sold["refunded"] >= sold["subtotal"] - 0.01
    return np.select(
        [sold["voided"], (sold["refunded"] > 0) & whole, sold["refunded"] > 0],
        ["voided", "refunded", "partially_refunded"],
        "paid",
    )


def _tax_names(world: World) -> list[str]:
    sold = world.shop.orders
    names = {"DE": "DE MwSt", "FR": "FR TVA", "GB": "GB VAT", "IT": "IT IVA", "ES": "ES IVA"}
    return [
        f"{names.get(country, f'{region} State Tax')} {rate * 100:g}%"
        for country, region, rate in zip(sold["country"], sold["region"], sold["tax_rate"], strict=True)
    ]


def _addresses(world: World) -> dict[str, object]:
    """Names and streets nobody has, in real towns: readers must not keep them."""
    sold = world.shop.orders
    name = [f"Kim {SURNAMES[int(customer) % len(SURNAMES)]}" for customer in sold["customer"]]
    street = [f"Musterweg {int(customer) % 97 + 1}" for customer in sold["customer"]]
    zipcode = [
        _zip(country, postcode, int(customer))
        for country, postcode, customer in zip(
            sold["country"], sold["postcode"], sold["customer"], strict=True
        )
    ]
    cells: dict[str, object] = {}
    for side in ["Billing", "Shipping"]:
        cells |= {
            f"{side} Name": name,
            f"{side} Street": street,
            f"{side} Address1": street,
            f"{side} City": sold["city"],
            f"{side} Zip": zipcode,
            f"{side} Province": sold["region"],
            f"{side} Country": sold["country"],
            f"{side} Province Name": sold["region_name"],
        }
    return cells


def _zip(country: str, postcode: str, customer: int) -> str:
    if country == "GB":
        return f"{postcode} {customer % 9 + 1}{'ABDEFGH'[customer % 7]}{'JLNPQRS'[customer % 6]}"
    digits = 5 - len(postcode)
    # spreadsheets take a leading apostrophe for text, and so does Shopify's export
    return f"'{postcode}{customer % 10**digits:0{digits}d}"


def _notes(world: World) -> list[str]:
    """What order-form apps write: UTM lines for a part of the orders that came by a link, referrers."""
    random = world.settings.random("notes")
    sold = world.shop.orders
    drawn = random.random(len(sold))
    sites = random.integers(0, len(COUPON_SITES), len(sold))
    campaigns, contents = world.posts["utm_campaign"].to_dict(), world.posts["utm_content"].to_dict()
    platforms = world.people["platform"].tolist()
    notes = []
    for order, chance, site in zip(sold.itertuples(), drawn, sites, strict=True):
        if order.shows in {"link", "both"} and order.cause == "creator" and chance < 0.35:
            notes.append(
                f"UTM source: {platforms[order.account]}\nUTM medium: social\n"
                f"UTM campaign: {campaigns[order.post]}"
                + (f"\nUTM content: {contents[order.post]}" if contents[order.post] else "")
            )
        elif order.cause == "leak" and chance < 0.3:
            notes.append(f"Referring site: https://{COUPON_SITES[site]}/{plain(world.settings.brand)}")
        else:
            notes.append("")
    return notes


DISCOUNT_COLUMNS = header("shopify_discounts")

#: How long codes of earlier campaigns went on working after the last day.
CODES_STAY = pd.Timedelta(days=30)


def issued_codes(campaign: OneCampaign) -> list[str]:
    """Codes of those who took part in an earlier campaign."""
    return sorted(set(campaign.people.loc[campaign.takes_part, "code"]))


def discounts(world: World) -> pd.DataFrame:
    """The discounts export: creators' codes and the shop's own; uses include cancelled and test orders."""
    settings = world.settings
    used = world.shop.orders.loc[world.shop.orders["discount"] > 0, "code"].value_counts()
    start = pd.Timestamp(settings.start) - pd.Timedelta(days=3)
    end = pd.Timestamp(settings.last_day) + pd.Timedelta(days=14)
    rows: list[list[object]] = [
        [
            code,
            settings.discount_percent,
            pd.Timestamp(one.settings.start),
            pd.Timestamp(one.settings.end) + CODES_STAY,
        ]
        for one in world.campaigns[:-1]
        for code in issued_codes(one)
    ]
    codes = sorted(set(world.people["code"]))
    rows += [[code, settings.discount_percent, start, end] for code in codes]
    rows += [
        [promotion.code, promotion.percent, promotion.starts_on, promotion.ends_on]
        for promotion in world.shop.promotions.itertuples()
    ]
    frame = pd.DataFrame(rows, columns=["Name", "percent", "starts", "ends"]).drop_duplicates(
        "Name", keep="last"
    )
    now = pd.Timestamp(settings.last_day)
    frame["Value"] = [f"-{percent:.1f}" for percent in frame["percent"]]
    frame["Times Used In Total"] = frame["Name"].map(used).fillna(0).astype(int)
    frame["Status"] = np.where(frame["ends"] < now, "Expired", "Active")
    frame["Start"] = shop_times(frame["starts"] + pd.Timedelta(hours=8), settings.timezone)
    frame["End"] = shop_times(frame["ends"] + pd.Timedelta(hours=23, minutes=59), settings.timezone)
    fixed = {
        "Value Type": "percentage", "Type": "Amount off order", "Discount Class": "order",
        "Combines with Order Discounts": "false", "Combines with Product Discounts": "false",
        "Combines with Shipping Discounts": "true", "Customer Selection": "all",
        "Applies Once Per Customer": "true",
    }  # fmt: skip
    return frame.assign(**fixed).reindex(columns=DISCOUNT_COLUMNS, fill_value="")


PRODUCT_COLUMNS = header("shopify_products")


def products(world: World) -> pd.DataFrame:
    """The products export: a product's own cells on its first variant's row only."""
    frame = world.shop.products
    first = ~frame["product"].duplicated()
    empty = pd.Series("", index=frame.index)
    made = pd.DataFrame(
        {
            "Handle": frame["product"].str.lower().str.replace(" ", "-"),
            "Title": frame["product"].where(first, empty),
            "Vendor": pd.Series(world.settings.brand, index=frame.index).where(first, empty),
            "Published": pd.Series("true", index=frame.index).where(first, empty),
            "Option1 Name": pd.Series("Size", index=frame.index).where(first, empty),
            "Option1 Value": frame["size"],
            "Variant SKU": frame["sku"],
            "Variant Price": _money(frame["price"]),
            "Variant Requires Shipping": "true",
            "Variant Taxable": "true",
            "Cost per item": _money(frame["cost"]),
            "Status": pd.Series("active", index=frame.index).where(first, empty),
        }
    )
    return made.reindex(columns=PRODUCT_COLUMNS, fill_value="")
