"""The work of reading a Shopify orders export as a careful analyst does it in pandas: what our reading is measured against.

Only the columns needed, no loop over rows but for the hash, each e-mail hashed once. It gives the same two tables
(the benchmark compares them), and counts what it cannot read. It leaves out what only our reading does: finding out
encoding, delimiter and how numbers are written, telling each record set aside by its number, and writing the tables
to disk (pandas writes no Parquet by itself).
"""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import pandas as pd

LINES = ["Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem sku", "Lineitem discount"]
WORDS = {
    "Currency": "currency",
    "Discount Code": "discount_code",
    "Shipping Country": "country",
    "Shipping Province": "region",
    "Source": "channel",
}
AMOUNTS = {
    "Shipping": "shipping",
    "Taxes": "tax",
    "Total": "total",
    "Discount Amount": "discount",
    "Refunded Amount": "refunded",
}
OTHERS = [
    "Email",
    "Financial Status",
    "Created at",
    "Cancelled at",
    "Shipping Zip",
    "Note Attributes",
    "Payment Method",
    "Tags",
]
REFERRER = r"(?:landing[_ ]site|landing[_ ]page|referrer|referring[_ ]site)"


def read(file: Path, key: bytes) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, int]]:
    """Orders, their lines, and how many cells or records could not be read."""
    rows = pd.read_csv(file, usecols=["Name", *LINES, *WORDS, *AMOUNTS, *OTHERS], dtype="str")
    unread: dict[str, int] = {}
    rows["Name"] = rows["Name"].str.strip().str.lstrip("'")
    unread["Name"] = int(rows["Name"].isna().sum())
    rows = rows[rows["Name"].notna()]
    for column in ("Lineitem quantity", "Lineitem price", "Lineitem discount"):
        rows[column] = _number(rows[column], unread)
    starts = rows["Name"].ne(rows["Name"].shift())
    begun = starts.cumsum()
    again = rows.loc[starts, "Name"].duplicated()
    unread["the same order again"] = int(again.sum())
    lines = rows[
        ["Name", "Lineitem sku", "Lineitem name", "Lineitem quantity", "Lineitem price", "Lineitem discount"]
    ]
    lines = lines.set_axis(["order_id", "sku", "product", "quantity", "price", "discount"], axis=1)
    baskets = (lines["price"] * lines["quantity"]).groupby(begun).sum(min_count=1)
    firsts = rows.loc[starts]
    orders = _orders(firsts, unread, key)
    orders["gross"] = (
        pd.Series(baskets.to_numpy(), index=orders.index)
        .round(2)
        .fillna(orders["total"] + orders["discount"].fillna(0) - orders["shipping"].fillna(0))
    )
    usable = ~again & orders["ordered_at"].notna() & orders["total"].notna() & (orders["currency"] == "EUR")
    unread["orders set aside"] = int((~usable).sum())
    if not usable.all():
        lines = lines[begun.isin(begun[starts][usable])]
    return orders[usable], lines, unread


def _orders(firsts: pd.DataFrame, unread: dict[str, int], key: bytes) -> pd.DataFrame:
    orders = pd.DataFrame({"order_id": firsts["Name"]})
    for column, name in AMOUNTS.items():
        orders[name] = _number(firsts[column], unread).abs()
    for column, name in (("Created at", "ordered_at"), ("Cancelled at", "cancelled_at")):
        orders[name] = pd.to_datetime(firsts[column].str[:19], errors="coerce")
        unread[column] = int((orders[name].isna() & firsts[column].notna()).sum())
    unread["zones"] = firsts["Created at"].str[19:].nunique()
    voided = firsts["Financial Status"].str.lower() == "voided"
    orders["cancelled_at"] = orders["cancelled_at"].fillna(orders["ordered_at"].where(voided))
    for column, name in WORDS.items():
        orders[name] = firsts[column].str.strip()
    for name in ("currency", "discount_code", "country"):
        orders[name] = orders[name].str.upper()
    orders["channel"] = orders["channel"].str.lower()
    orders["customer"] = _hashed(firsts["Email"].str.strip().str.lower(), key)
    orders["postcode_area"] = firsts["Shipping Zip"].str.lstrip("' ").str[:2].str.upper()
    notes = firsts["Note Attributes"]
    for utm in ("utm_source", "utm_medium", "utm_campaign", "utm_content"):
        orders[utm] = notes.str.extract(utm + r"\s*[:=]\s*([^\n\r]*)", expand=False).str.strip()
    orders["referrer"] = notes.str.extract(REFERRER + r"\s*[:=]\s*([^\n\r]*)", expand=False).str.strip()
    paid = firsts["Payment Method"].str.contains("bogus|for testing", case=False, na=False)
    orders["test"] = paid | firsts["Tags"].str.contains(r"\btest(?: order)?\b", case=False, na=False)
    return orders


def _number(cells: pd.Series, unread: dict[str, int]) -> pd.Series:
    numbers = pd.to_numeric(cells, errors="coerce")
    unread[str(cells.name)] = int((numbers.isna() & cells.notna()).sum())
    return numbers


def _hashed(people: pd.Series, key: bytes) -> pd.Series:
    hashes = {p: hmac.digest(key, p.encode(), hashlib.sha256).hex()[:16] for p in people.dropna().unique()}
    return people.map(hashes)
