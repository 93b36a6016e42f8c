"""Fair pay: price lines apart, published ranges, and what an hour earns."""

from typing import Any

import pandas as pd
import pytest

from books import make_book
from creatorbook import tracking
from creatorbook.book import Book
from creatorbook.campaign.assignments import accounts
from creatorbook.finance.costs import campaign_costs, planned_own_costs
from creatorbook.finance.price_lines import price_lines
from creatorbook.opening import open_book
from creatorbook.packs import pack
from roi_books import cost_on


def _book(costs: list[dict[str, Any]] | None = None, floor: float | None = None, **row: Any) -> Book:
    usual = {"creator": "Ada", "handle": "ada", "platform": "instagram", "followers": 20000}
    tables = {"creators": pd.DataFrame([{**usual, **row}])}
    if costs:
        tables["costs"] = pd.DataFrame(costs)
    client = {"exchange_rates": {"USD": 0.9}, "economics": {"pay_floor_per_hour": floor} if floor else {}}
    return make_book(tables, client, stage="plan")


def _line(book: Book) -> pd.Series:
    return price_lines(book).iloc[0]


def test_price_lines_are_kept_apart_and_missing_is_not_zero() -> None:
    """Fee, usage, ad access, exclusivity and product each have a column; what nobody told is missing."""
    costs = [
        {"creator": "@ada", "kind": "usage rights", "amount": 80.0, "currency": "EUR"},
        {"creator": "Ada", "kind": "usage rights", "amount": 20.0, "currency": "EUR"},
        {"creator": "Ada", "kind": "exclusivity", "amount": 50.0, "currency": None},
        {"creator": "Ada", "kind": "Usage_Rights ", "amount": 100.0, "currency": "USD"},
        {"creator": "Ada", "kind": "rights", "amount": 99.0, "currency": "SEK"},
    ]
    told = _line(_book(costs, fee=300, gift_cost=20, gift_retail=60))
    assert (told["fee"], told["usage"], told["exclusivity"]) == (300, 190, 50)
    assert (told["gift_cost"], told["gift_retail"]) == (20, 60)
    assert pd.isna(told["whitelisting"])


def test_price_lines_are_the_costs() -> None:
    """A price on the pay page is the plan's and the results' cost of that kind, whichever file and word told it."""
    costs = [
        {"creator": "ADA", "kind": "Fee", "amount": 250.0},
        {"creator": "Ada", "kind": "rights", "amount": 80.0},
        {"creator": "Ada", "kind": "ad_access", "amount": 60.0},
    ]
    book = _book(costs, fee=300)
    priced, own = _line(book), planned_own_costs(book).loc["Ada"]
    assert (priced["fee"], priced["usage"], priced["whitelisting"]) == (250, 80, 60)
    assert (own["fee"], own["usage rights"], own["whitelisting"]) == (250, 80, 60)
    assert cost_on(campaign_costs(book), "rights") == 14000


def test_the_hour_follows_the_pieces() -> None:
    """Fee over the hours of the agreed pieces; twice the pieces, half the pay for an hour."""
    one = _line(_book(fee=300, deliverables="1 reel"))
    two = _line(_book(fee=300, deliverables="2 reels"))
    hours = next(row for row in pack("fees")["creator_hours"] if row["format"] == "reel")
    assert one["per_hour_low"] == pytest.approx(300 / hours["high"])
    assert one["per_hour_high"] == pytest.approx(300 / hours["low"])
    assert two["per_hour_high"] == pytest.approx(one["per_hour_high"] / 2)


@pytest.mark.parametrize(
    ("fee", "verdict"), [(20, "below"), (100, "perhaps below"), (1000, "above"), (0, "below")]
)
def test_the_floor_is_the_clients(fee: float, verdict: str) -> None:
    """Below is said only if even quick work earns less than the floor."""
    book = _book(fee=fee, deliverables="1 reel", floor=20)
    assert _line(book)["against_floor"] == verdict
    below = tracking.pay(book).figures["tracking.below_pay_floor"]
    assert (below.value, below.n) == (int(verdict == "below"), 1)


def test_without_a_floor_none_is_assumed() -> None:
    """Whether pay is enough is the client's to say; until then it is an open point."""
    told = tracking.pay(_book(fee=10))
    assert not told.figures
    assert any("pay_floor_per_hour" in note.text for note in told.notes)


def test_a_gift_without_a_duty_asks_for_no_hours() -> None:
    """Nothing was agreed, so there is no work to pay for, and no hour below the floor."""
    told = _line(_book(fee=0, benefit="gift", floor=20))
    assert told["against_floor"] == "no duty to post"
    assert pd.isna(told["per_hour_low"])
    assert _line(_book(fee=0, benefit="gift", deliverables="1 reel", floor=20))["against_floor"] == "below"


@pytest.mark.parametrize(("fee", "verdict"), [(50, "below"), (300, "within"), (900, "above"), (0, "no fee")])
def test_published_ranges_are_converted_where_a_rate_is_on_file(fee: float, verdict: str) -> None:
    """The range of the pack is per piece, in its own currency, with its year and evidence beside it."""
    told = _line(_book(fee=fee, deliverables="1 reel"))
    assert told["against_range"] == verdict
    assert "evidence low" in told["range"]


def test_without_a_rate_no_verdict() -> None:
    """Another currency without a rate on file is shown as published and not compared."""
    book = _book(fee=50, deliverables="1 reel").changed(exchange_rates={})
    assert _line(book)["against_range"] == "–"


@pytest.mark.parametrize("client", ["velmora", "northpin"])
def test_sample_clients_have_a_line_per_creator(client: str) -> None:
    """Everyone in the list has a line; a client without gifts on file has no gift column."""
    book = open_book(client, stage="plan")
    frame = tracking.pay(book).tables["tracking.pay"].frame
    assert len(frame) == accounts(book)["person"].nunique()
    assert ("gift_cost" in frame) == (client == "velmora")
