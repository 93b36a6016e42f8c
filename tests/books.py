"""Small books for tests: a client and a campaign made in memory, tables given as plain frames."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from creatorbook.book import Book
from creatorbook.client import Campaign, CampaignFile, Client, ClientFile
from creatorbook.client.house_packs import settings_layer
from creatorbook.packs import Packs
from creatorbook.tables import TABLES, Tables, conform


def make_book(
    tables: dict[str, pd.DataFrame] | None = None,
    client: dict[str, Any] | None = None,
    campaign: dict[str, Any] | None = None,
    stage: str = "results",
    as_of: date = date(2026, 5, 15),
) -> Book:
    told_client = ClientFile.model_validate(
        {
            "brand": "Testbrand",
            "currency": "EUR",
            "market": "DE",
            "prices_include_tax": True,
            "tax_rate": 0.19,
            **(client or {}),
        }
    )
    told_campaign = CampaignFile.model_validate(
        {
            "goal": "sales",
            "budget": 6000,
            "start": date(2026, 3, 2),
            "end": date(2026, 3, 29),
            **(campaign or {}),
        }
    )
    frames = {name: conform(frame, TABLES[name]) for name, frame in (tables or {}).items()}
    return Book(
        client=Client.model_construct(
            **dict(told_client),
            folder=Path("testbrand"),
            all_packs=Packs(settings_layer("client.yml", told_client.tier_schemes)),
        ),
        campaign=Campaign.model_construct(**dict(told_campaign), id="spring", path=Path("spring.yml")),
        tables=Tables(frames),
        as_of=as_of,
        stage=stage,
    )
