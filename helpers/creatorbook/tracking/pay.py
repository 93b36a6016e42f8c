"""Is the pay fair? Price lines kept apart, published ranges beside them, and what an hour of a creator's work earns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.campaign.lead import who_settles
from creatorbook.finance.price_lines import price_lines
from creatorbook.findings import (
    Column,
    Figure,
    Findings,
    Money,
    Note,
    Table,
    Text,
    Wording,
    joined,
    number_of,
    packed,
    say,
    say_many,
    sentences,
)
from creatorbook.packs import pack

if TYPE_CHECKING:
    from creatorbook.book import Book


def pay(book: Book) -> Findings:
    """Price lines per creator, each on its own, with what an hour of the creator's work earns.

    Columns of `tracking.pay`: creator, base fee, usage rights, ads from the creator's account, exclusivity,
    product at cost and at retail, own hours of the brand (money excl. VAT, client's currency), pieces, published
    range for one piece, fee per hour of the creator's work (low, high), against the floor.
    """
    prices = price_lines(book)
    if prices.empty:
        text = say("Fair pay needs the creators list with fees: the campaign lead has it.")
        return Findings("tracking", (Note(text, "todo", owner=who_settles(book)),), book.formats)
    if book.stage != "plan" and book.mode == "report":
        return Findings("tracking", (Note(_sentence(prices)),), book.formats)
    items: list[Any] = [
        Note(_sentence(prices)),
        *_floor_notes(book, prices),
        _table(prices),
        _surcharges(),
        Note(
            "A gift is shown at cost and at retail and is not counted as pay for hours; a licence for use is a price of its own.",
            "method",
        ),
        Note(
            "Hours per piece are our own guess until a creator says better; published ranges are weak evidence: to talk from, not a tariff.",
            "caution",
        ),
    ]
    return Findings("tracking", tuple(items), book.formats)


def _sentence(prices: pd.DataFrame) -> Wording:
    paid, lacking = int((prices["fee"] > 0).sum()), int(prices["fee"].isna().sum())
    return sentences(
        say_many(
            "{n} of {creators} gets a fee.",
            "{n} of {creators} get a fee.",
            n=paid,
            creators=number_of("creator", len(prices)),
        ),
        say("Of {n} no fee is on file.", n=lacking) if lacking else None,
    )


def _floor_notes(book: Book, prices: pd.DataFrame) -> list[Any]:
    floor = book.client.economics.pay_floor_per_hour
    if floor is None:
        text = say(
            "No floor for an hour of a creator's work is set: “pay_floor_per_hour:” under “economics:” in "
            "client.yml, as the client decides."
        )
        return [Note(text, "unknown", owner="brand")]
    below = prices[prices["against_floor"] == "below"]
    judged = int(prices["against_floor"].isin(["below", "perhaps below", "above"]).sum())
    figure = Figure(
        "tracking.below_pay_floor",
        "creators below the pay floor",
        len(below),
        "creators",
        "assumed",
        say("fees on file, hours from packs/fees.yml"),
        n=judged,
        headline=False,
    )
    if below.empty:
        return [figure]
    below_floor = sentences(
        say(
            "Below {floor} an hour even if the work goes quickly: {names}.",
            floor=Money(floor),
            names=joined(below["person"], most=3),
        ),
        say("Ask for less work, or pay more."),
    )
    return [figure, Note(below_floor, "todo", owner=who_settles(book))]


def _table(prices: pd.DataFrame) -> Table:
    columns = {
        "person": Column("creator"),
        "fee": Column("base fee", "money", grade="counted"),
        "usage": Column("usage rights", "money", grade="counted", missing="–"),
        "whitelisting": Column("ads from their account", "money", grade="counted", missing="–"),
        "exclusivity": Column("exclusivity", "money", grade="counted", missing="–"),
        "gift_cost": Column("product at cost", "money", grade="counted"),
        "gift_retail": Column("product at retail", "money", grade="counted"),
        "own_hours": Column("our hours", "number", 1, grade="counted"),
        "pieces": Column("pieces"),
        "range": Column("published for one piece", grade="assumed"),
        "against_range": Column("fee against it", grade="assumed"),
        "per_hour_low": Column("fee per hour, at least", "money", grade="assumed", missing="–"),
        "per_hour_high": Column("at most", "money", grade="assumed", missing="–"),
        "against_floor": Column("against the floor", grade="assumed"),
    }
    extra = ("usage", "whitelisting", "exclusivity", "gift_cost", "gift_retail", "own_hours")
    shown = {name: one for name, one in columns.items() if name not in extra or prices[name].notna().any()}
    return Table("tracking.pay", "Pay, line by line", prices, shown, rows=8)


def _surcharges() -> Table:
    rows = pack("fees")["surcharges"]
    frame = pd.DataFrame(
        {
            "what": [packed(row["what"]) for row in rows],
            "low": [_amount(row, "low") for row in rows],
            "high": [_amount(row, "high") for row in rows],
            "evidence": [packed(row["evidence"]) for row in rows],
            "source": [f"{row['source']}, {row['date']}" for row in rows],
        }
    )
    columns = {
        "what": Column("on top of the fee"),
        "low": Column("from", grade="assumed"),
        "high": Column("to", grade="assumed"),
        "evidence": Column("evidence"),
        "source": Column("published by"),
    }
    return Table("tracking.pay_extras", "What extras are said to cost", frame, columns, rows=8)


def _amount(row: Any, name: str) -> Text:
    if row["of"] == "fee":
        return say("{n} % of the fee", n=f"{row[name] * 100:.0f}")
    return f"{row[name]:,.0f} {row['currency']}"
