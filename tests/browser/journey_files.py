"""What a shop, its platforms and an agency hand over in the course of one campaign, all of it invented.

Made by the simulator around a day: before it what the campaign is planned with, afterwards what came of it.
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from creatorbook.simulate import Settings, simulate

#: Columns of the creators list that nobody knows before the campaign.
LATER = ["code", "link", "status", "posted_on", "post_url"]
#: Columns of the file that nobody recognises → those of `refunds.csv`.
UNKNOWN = {"Vorgang": "order_id", "Tag": "refunded_at", "Betrag": "amount", "Bemerkung": "reason"}


class ClientsFiles:
    """The files of a client, in a folder: those of the day the campaign is planned, and those of its end.

    Attributes:
        today: the day of the plan.
        start, end: of the campaign.
        over: the last day of the files, when goods cannot come back any more.
    """

    def __init__(self, folder: Path, today: date) -> None:
        self.folder, self.today = folder, today
        self.start = today + timedelta(days=10)
        settings = Settings(
            brand="Meadow",
            seed=20,
            creators=40,
            creator_countries={"DE": 1.0},
            markets={"DE": 1.0},
            tax_rates={"DE": 0.19},
            people_with_two_handles=0,
            planted=[],
            start=self.start,
            campaign_days=14,
            days_before=70,
            days_after=50,
            orders_per_day=12,
            files={
                "creators": "creators.csv",
                "shopify_orders": "orders.csv",
                "refunds": "refunds.csv",
                "instagram_content": "content.csv",
                "costs": "costs.csv",
            },
        )
        self.end, self.over = settings.end, settings.last_day
        simulate(folder / "whole", settings)
        self._given = folder / "given"
        self._given.mkdir()

    def creators(self) -> Path:
        """The creators list as it is before the campaign."""
        return self._write("creators.csv", self._read("creators.csv").drop(columns=LATER))

    def orders(self) -> Path:
        """The shop's orders up to the day of the plan."""
        whole = self._read("orders.csv")
        return self._write("orders_export_1.csv", whole[self._days(whole["Created at"]) <= self.today])

    def posts(self) -> Path:
        """What Instagram tells of everyday posts."""
        whole = self._read("content.csv")
        return self._write("instagram content.csv", whole[self._days(whole["Publish time"]) <= self.today])

    def unknown(self) -> Path:
        """Refunds, as a tool of the shop's own has them: semicolons and German words."""
        whole = self._read("refunds.csv")
        own = whole[self._days(whole["refunded_at"]) <= self.today]
        columns = {name: name_there for name_there, name in UNKNOWN.items()}
        return self._write("gone back.csv", own.rename(columns=columns))

    def later_orders(self, codes: dict[str, str]) -> Path:
        """The shop's orders since, paid with the codes that were given out (handle → code)."""
        whole = self._read("orders.csv")
        rows = whole[self._days(whole["Created at"]) > self.today].copy()
        creators = self._read("creators.csv")
        given = {
            old: codes.get(handle, "")
            for handle, old in zip(creators["handle"], creators["code"], strict=True)
        }
        rows["Discount Code"] = rows["Discount Code"].map(lambda code: given.get(code, code))
        return self._write("orders_export_2.csv", rows)

    def later_refunds(self) -> Path:
        """Refunds since."""
        whole = self._read("refunds.csv")
        return self._write("refunds.csv", whole[self._days(whole["refunded_at"]) > self.today])

    def later_posts(self) -> Path:
        """What Instagram tells of posts since."""
        whole = self._read("content.csv")
        return self._write("instagram content 2.csv", whole[self._days(whole["Publish time"]) > self.today])

    def _read(self, name: str) -> pd.DataFrame:
        return pd.read_csv(self.folder / "whole" / "exports" / name, dtype="str", keep_default_na=False)

    @staticmethod
    def _days(column: pd.Series) -> pd.Series:
        return pd.to_datetime(column.str[:10].str.strip(), format="mixed").dt.date

    def _write(self, name: str, frame: pd.DataFrame) -> Path:
        path = self._given / name
        sign = ";" if name.startswith("gone") else ","
        frame.to_csv(path, index=False, sep=sign, quoting=csv.QUOTE_MINIMAL)
        return path
