"""Campaigns of known result, for the tests of step 05."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from books import make_book
from creatorbook.book import Book
from creatorbook.finance.costs import Costs


def orders_frame(
    counts: dict[str, int], *, basket: float = 97.0, refunded: int = 0, **columns: Any
) -> pd.DataFrame:
    """So many orders per code, all of one basket on the campaign's first days; the first of each are refunded."""
    codes = [code for code, n in counts.items() for _ in range(n)]
    frame = pd.DataFrame(
        {
            "order_id": [f"#{place}" for place in range(len(codes))],
            "ordered_at": pd.Timestamp("2026-03-05 12:00"),
            "gross": basket,
            "discount": 0.0,
            "shipping": 0.0,
            "total": basket,
            "refunded": [basket if place < refunded else 0.0 for place in range(len(codes))],
            "discount_code": codes,
        }
    )
    return frame.assign(**columns)


def creators_frame(codes: list[str], **columns: Any) -> pd.DataFrame:
    """One creator per code: Anna for ANNA10."""
    names = [code.rstrip("0123456789").title() for code in codes]
    frame = pd.DataFrame(
        {
            "creator": names,
            "handle": [name.lower() for name in names],
            "platform": "instagram",
            "followers": 20000.0,
            "code": codes,
        }
    )
    return frame.assign(**columns)


def cost_on(costs: Costs, rung: str) -> float:
    """All costs on one rung, in cents."""
    return float(costs.lines.cents[costs.lines.rung == rung].sum())


def worked_example(returned: int, *, tax_rate: float = 0.0, **economics: Any) -> Book:
    """100 orders × 97, cost 3,000, margin 53 %, commission 10 % of kept sales (the domain's worked example)."""
    return make_book(
        {
            "orders": orders_frame({"ANNA10": 100}, refunded=returned),
            "creators": creators_frame(["ANNA10"], fee=3000.0, commission_rate=0.10),
        },
        client={"tax_rate": tax_rate, "economics": {"margin": 0.53, **economics}},
    )


def random_campaign(seed: int, prices_include_tax: bool = True, currency: str = "EUR") -> Book:
    """A small campaign with every kind of order: cancelled, refunded, test, foreign, linked and surveyed."""
    random = np.random.default_rng(seed)
    n, codes = 120, ["ANNA10", "BEA10", "CLEO10", "DORA10"]
    gross = random.integers(500, 30000, n) / 100
    discount = np.round(gross * random.choice([0, 0.1], n), 2)
    shipping = random.choice([0.0, 4.95], n)
    rate = 0.19 if prices_include_tax else 0.07
    paid = gross - discount + shipping
    tax = np.round(paid * rate / (1 + rate) if prices_include_tax else paid * rate, 2)
    total = np.round(paid if prices_include_tax else paid + tax, 2)
    ordered = pd.Timestamp("2026-02-20") + pd.to_timedelta(random.integers(0, 70 * 24, n), unit="h")
    orders = pd.DataFrame(
        {
            "order_id": [f"#{place}" for place in range(n)],
            "ordered_at": ordered,
            "currency": random.choice([currency, currency, currency, "NOK", "PLN"], n),
            "gross": gross,
            "discount": discount,
            "shipping": shipping,
            "tax": np.where(random.random(n) < 0.8, tax, np.nan),
            "total": total,
            "refunded": np.round(total * random.choice([0, 0, 0.5, 1], n), 2),
            "discount_code": random.choice([*codes, "", "SHOP15"], n),
            "cancelled_at": pd.Series(pd.NaT, index=range(n)).where(random.random(n) < 0.9, ordered),
            "test": random.random(n) < 0.05,
            "country": random.choice(["DE", "FR", "AT"], n),
            "utm_content": random.choice(["anna_reel_1", "bea", "", "nobody"], n),
        }
    )
    survey = pd.DataFrame(
        {"order_id": [f"#{place}" for place in range(0, n, 3)], "answer": "a creator", "handle": "cleo"}
    )
    costs = pd.DataFrame(
        {
            "creator": ["Anna", "bea", "", "Cleo"],
            "kind": ["fee", "usage rights", "agency", "commission"],
            "amount": [333.33, 50.0, 400.0, 12.34],
        }
    )
    lines = pd.DataFrame(
        {
            "order_id": [
                f"#{place % 100}" for place in range(150)
            ],  # some orders without lines, some with two
            "product": random.choice(["Skirt", "Shirt", "Scarf"], 150),
            "quantity": random.integers(1, 3, 150).astype(float),
            "price": random.integers(0, 9000, 150) / 100,
        }
    )
    posts = pd.DataFrame(
        {
            "post_id": ["p1", "p2"],
            "handle": ["anna", "bea"],
            "published_at": pd.Timestamp("2026-03-05"),
            "format": ["reel", "story"],
            "sponsored": True,
        }
    )
    return make_book(
        {
            "orders": orders,
            "order_lines": lines,
            "posts": posts,
            "survey": survey,
            "costs": costs,
            "creators": creators_frame(
                codes,
                fee=[100.0, 200.0, None, 50.5],
                commission_rate=0.1,
                gift_cost=19.99,
                niche=["basics", "denim", "basics", None],
            ),
        },
        client={
            "prices_include_tax": prices_include_tax,
            "tax_rate": {"DE": rate, "FR": 0.2},
            "currency": currency,
            "exchange_rates": {"NOK": 1.05},
            "economics": {
                "margin": [0.5, 0.6],
                "shipping_cost": 4.2,
                "handling_per_return": 5,
                "payment_fee_rate": 0.015,
                "payment_fee_fixed": 0.25,
                "resellable_share": 0.9,
            },
        },
    )
