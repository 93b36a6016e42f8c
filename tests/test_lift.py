"""Lift designs: what the files allow, what is chosen, and the plan that is stored once."""

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from books import make_book
from creatorbook import tracking
from creatorbook.book import Book
from creatorbook.campaign.lift_designs import BEFORE_DURING, Design, baseline, designs, rehearsal
from creatorbook.client import Campaign, read_campaign, read_client
from creatorbook.client.campaign_records import LiftPlan, lift_path, read_lift, store_lift
from creatorbook.client.repository import SAMPLE_DATA
from creatorbook.findings import written
from creatorbook.findings.formats import Formats
from creatorbook.opening import open_book
from creatorbook.packs import pack
from creatorbook.problems import Problem
from creatorbook.roi.lift_evidence import planned_effect
from creatorbook.tracking.lift_plan import NONE, chosen, planned

START = date(2026, 3, 2)
ECONOMICS = {"economics": {"margin": 0.6, "return_rate": 0.2, "average_order_value": 80}}


def _orders(a_day: int = 12, days: int = 84, **more: Any) -> pd.DataFrame:
    rng = np.random.default_rng(64)
    first = pd.Timestamp(START) - timedelta(days=days)
    when = [first + timedelta(days=day, hours=9) for day in range(days) for _ in range(rng.poisson(a_day))]
    frame = pd.DataFrame({"order_id": [f"#{n}" for n in range(len(when))], "ordered_at": when, "total": 80.0})
    return frame.assign(**more)


def _lines(orders: pd.DataFrame, products: int = 8) -> pd.DataFrame:
    rng = np.random.default_rng(65)
    named = [f"Piece {number} - M" for number in rng.integers(0, products, len(orders))]
    return pd.DataFrame({"order_id": orders["order_id"], "quantity": 1.0, "product": named})


def _book(tables: dict[str, pd.DataFrame], **campaign: Any) -> Book:
    return make_book(tables, ECONOMICS, campaign, stage="plan", as_of=date(2026, 3, 1))


def _named(book: Book) -> dict[str, Design]:
    return {design.id: design for design in designs(book)}


def test_order_lines_allow_a_product_holdout() -> None:
    """Products are split in pairs, every product on one side only, always the same way."""
    orders = _orders()
    book = _book({"orders": orders, "order_lines": _lines(orders)})
    design = _named(book)["product_holdout"]
    assert not design.lacking
    assert not set(design.treated) & set(design.untouched)
    assert len(design.treated) == len(design.untouched) == 4
    assert all(not name.endswith(" - M") for name in design.treated)
    again = _named(_book({"orders": orders, "order_lines": _lines(orders)}))["product_holdout"]
    assert again.treated == design.treated
    assert chosen(book).id == "product_holdout"


@pytest.mark.parametrize(("products", "blocks"), [(8, [8]), (12, [4] * 3), (20, [2] * 10)])
def test_halves_are_drawn_among_products_that_sell_alike(products: int, blocks: list[int]) -> None:
    """Half of each block is shown, the blocks are noted, and there are enough ways to draw them to tell a lift."""
    orders = _orders(a_day=products * 4)
    book = _book({"orders": orders, "order_lines": _lines(orders, products)})
    design = _named(book)["product_holdout"]
    assert [len(block) for block in design.blocks] == blocks
    assert all(len(set(block) & set(design.treated)) * 2 == len(block) for block in design.blocks)
    effect = rehearsal(book, design)
    assert effect.judged_by == "units"
    assert not effect.never_tells
    assert planned(book, date(2026, 3, 1)).blocks == [list(block) for block in design.blocks]


def test_a_gift_card_is_no_product_to_hold_back() -> None:
    """Gift cards beside the goods of every order: the same products are drawn as without them."""
    orders = _orders()
    goods = _lines(orders).assign(gift_card=False)
    cards = goods.assign(product="Gift card - 50", gift_card=True)
    plain, beside = (
        _named(_book({"orders": orders, "order_lines": lines}))["product_holdout"]
        for lines in (goods, pd.concat([goods, cards], ignore_index=True))
    )
    assert (beside.treated, beside.untouched) == (plain.treated, plain.untouched)


def test_a_comparison_that_can_never_tell_is_not_recommended() -> None:
    """Two of four products can be drawn in six ways, so the smallest chance is a third: the plan says so before launch."""
    orders = _orders(a_day=40)
    book = _book({"orders": orders, "order_lines": _lines(orders, 4)})
    choice = chosen(book)
    assert choice.id == NONE
    assert "can never tell" in written(choice.reason, Formats())
    assert "33" in written(choice.reason, Formats())
    plan = planned(book, date(2026, 3, 1)).model_copy(
        update={
            "design": "product_holdout",
            "treated": ["Piece 0", "Piece 1"],
            "untouched": ["Piece 2", "Piece 3"],
        }
    )
    plan = plan.model_copy(update={"blocks": [[f"Piece {number}" for number in range(4)]]})
    stored = tracking.lift_plan(replace(book, lift=plan))
    assert any("can never tell" in note.text for note in stored.notes if note.kind == "caution")


def test_without_lines_the_holdout_says_what_it_needs() -> None:
    """A design that cannot be had names the file; the thin client gets none, with the reason."""
    told = _named(_book({"orders": _orders()}))
    assert "order lines" in written(told["product_holdout"].lacking, Formats())
    assert "country" in written(told["staggered_market"].lacking, Formats())
    findings = tracking.lift_plan(_book({"orders": _orders()}))
    assert "No comparison is recommended" in findings.notes[0].text
    assert told[BEFORE_DURING].lift is not None


def test_two_markets_allow_a_staggered_start() -> None:
    """With orders from two markets one can start later; with one market it cannot."""
    orders = _orders()
    country = np.where(np.arange(len(orders)) % 3 == 0, "FR", "DE")
    book = _book({"orders": orders.assign(country=country)}, markets=["DE", "FR"])
    design = _named(book)["staggered_market"]
    assert {*design.treated, *design.untouched} == {"DE", "FR"}
    assert design.days == 14
    one = _named(_book({"orders": orders.assign(country="DE")}))["staggered_market"]
    assert "two markets" in written(one.lacking, Formats())


def test_regions_only_where_ads_or_audiences_keep_them_apart() -> None:
    """Ordinary posts reach all regions: a geo hold-out needs ads shown by region, or measured local audiences."""
    orders = _orders()
    regions = np.array(["BE", "BY", "HH", "NW"])[np.arange(len(orders)) % 4]
    tables = {"orders": orders.assign(region=regions)}
    assert "ads shown by region" in written(_named(_book(tables))["geo_holdout"].lacking, Formats())
    assert len(_named(_book(tables, geo_targeted_ads=True))["geo_holdout"].treated) == 2
    audience = pd.DataFrame([{"handle": "a", "dimension": "region", "segment": "HH", "share": 0.7}])
    assert _named(_book({**tables, "audience": audience}))["geo_holdout"].treated == ("HH",)
    weak = audience.assign(share=0.3)
    assert _named(_book({**tables, "audience": weak}))["geo_holdout"].lacking


def test_stores_near_creators_are_compared_with_the_others() -> None:
    """Sales per store and the creators' places allow stores with and without local creators."""
    days = pd.date_range("2025-12-08", "2026-03-01")
    rng = np.random.default_rng(66)
    rows = [
        {"date": day, "store": store, "sales": 100.0, "orders": float(rng.poisson(9))}
        for day in days
        for store in ("Hamburg Altona", "Leipzig")
    ]
    creators = pd.DataFrame([{"handle": "a", "platform": "instagram", "followers": 1, "place": "Hamburg"}])
    tables = {"orders": _orders(), "store_sales": pd.DataFrame(rows), "creators": creators}
    design = _named(_book(tables))["stores"]
    assert design.treated == ("Hamburg Altona",)
    assert design.untouched == ("Leipzig",)
    assert "place" in written(
        _named(_book({**tables, "creators": creators.assign(place="Bonn")}))["stores"].lacking, Formats()
    )


def test_a_budget_too_small_for_any_comparison_is_told() -> None:
    """Where even several times the break-even would not stand out, no comparison is recommended."""
    orders = _orders(a_day=4)
    book = _book({"orders": orders, "order_lines": _lines(orders, 10)}, budget=300)
    choice = chosen(book)
    assert choice.id == NONE
    assert "pay the budget back" in written(choice.reason, Formats())


def test_the_baseline_is_whole_weeks_before_launch() -> None:
    """At most twelve weeks, at least four; the shop's own promotions in it are named, orders after launch are not used."""
    sale = {"start": date(2026, 2, 10), "end": date(2026, 2, 12), "what": "sale"}
    window = baseline(_book({"orders": _orders(days=100)}, promotions=[sale]))
    assert window is not None
    assert (window.starts_on, window.ends_on) == (date(2025, 12, 8), date(2026, 3, 1))
    assert [day.day for day in window.left_out] == [10, 11, 12]
    assert baseline(_book({"orders": _orders(days=20)})) is None
    assert "needs 28 days" in written(designs(_book({"orders": _orders(days=20)}))[0].lacking, Formats())
    assert baseline(_book({})) is None


def test_cancelled_and_test_orders_do_not_count() -> None:
    """Orders that never were do not make a baseline."""
    assert baseline(_book({"orders": _orders(test=True)})) is None
    assert baseline(_book({"orders": _orders(cancelled_at=pd.Timestamp("2026-03-01"))})) is None
    assert baseline(_book({"orders": _orders(order_state="not yet")})) is None


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    """A campaign on disk."""
    path = tmp_path / "campaigns/spring.yml"
    path.parent.mkdir()
    path.write_text("goal: sales\nbudget: 5000\nstart: 2026-03-02\nend: 2026-03-29\n")
    (tmp_path / "client.yml").write_text(
        "brand: A\ncurrency: EUR\nmarket: DE\nprices_include_tax: true\ntax_rate: 0.19\n"
    )
    return read_campaign(read_client(tmp_path))


def _plan(campaign: Campaign, **more: Any) -> LiftPlan:
    orders = _orders()
    made = planned(_book({"orders": orders, "order_lines": _lines(orders)}), date(2026, 3, 1), "Ada")
    return made.model_copy(update=more)


def test_a_plan_is_stored_once_and_read_back(campaign: Campaign) -> None:
    """The file holds the plan as it was made; storing it again changes nothing; another one is refused."""
    plan = _plan(campaign)
    assert store_lift(campaign, plan)
    assert read_lift(campaign) == plan
    before = lift_path(campaign).read_bytes()
    assert not store_lift(campaign, plan.model_copy(update={"by": "Bo"}))
    with pytest.raises(Problem, match="stored already"):
        store_lift(campaign, _plan(campaign, design="none"))
    assert lift_path(campaign).read_bytes() == before


def test_a_lift_plan_is_no_campaign(campaign: Campaign) -> None:
    """The plan beside the campaign file is not taken for a campaign of its own."""
    store_lift(campaign, _plan(campaign))
    client = read_client(campaign.path.parent.parent)
    assert client.campaign_ids == ["spring"]
    assert open_book(client.folder).lift == _plan(campaign)


def test_no_plan_after_the_start(campaign: Campaign) -> None:
    """A design chosen after the start is refused, whoever asks."""
    with pytest.raises(Problem, match="too late"):
        store_lift(campaign, _plan(campaign, written_on=START))


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        (r"budget: .+", "budget: 500.0", "the comparison was changed after it was stored on 1 Mar 2026"),
        (
            r"written_on: .+",
            "written_on: 2026-02-01",
            "the comparison was changed after it was stored on 1 Feb 2026",
        ),
        (
            r"written_on: .+",
            "written_on: 2026-03-10",
            "the stored comparison was written afterwards, on 10 Mar 2026",
        ),
        (r"# as stored: .+", "", "the stored comparison lacks the line that was stored with it"),
    ],
)
def test_no_claim_rests_on_a_plan_that_was_changed_or_written_afterwards(
    campaign: Campaign, before: str, after: str, fault: str
) -> None:
    """It is told, in its place and on the first page, and the rest of the report stands."""
    store_lift(campaign, _plan(campaign))
    path = lift_path(campaign)
    stored = path.read_text()
    path.write_text(re.sub(before, after, stored))
    book = open_book(campaign.path.parent.parent, stage="results")
    assert planned_effect(book) is None
    [told] = [note.text for note in tracking.lift_plan(book).notes]
    assert told.lower() == f"{fault}: no claim can rest on it.".lower()
    path.write_text(stored + "# a remark changes nothing\n")
    sound = open_book(campaign.path.parent.parent, stage="results")
    assert (sound.lift, sound.lift_fault) == (_plan(campaign), "")


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("  ends_on: 2025-01-01", "before it starts"),
        ("  ends_on: 2026-03-05", "reaches into the campaign"),
        ("  ends_on: soon", "baseline.ends_on"),
    ],
)
def test_days_the_wrong_way_round_are_told(campaign: Campaign, line: str, what: str) -> None:
    """A baseline that cannot be is a message with the file and who can decide."""
    store_lift(campaign, _plan(campaign))
    path = lift_path(campaign)
    path.write_text(path.read_text().replace("  ends_on: 2026-03-01", line))
    with pytest.raises(Problem, match=what):
        read_lift(campaign)


def test_the_stored_plan_is_shown_in_its_place(campaign: Campaign) -> None:
    """Once stored, the plan is told as stored, in every stage; without one, results claim no lift."""
    store_lift(campaign, _plan(campaign))
    book = open_book(campaign.path.parent.parent, stage="results")
    told = tracking.lift_plan(book)
    assert "Stored on 1 Mar 2026 by Ada, before launch: product hold-out" in told.notes[0].text
    assert len(told.tables["tracking.lift_groups"].frame) == 8
    silent = make_book({}, stage="results")
    assert "extra sales cannot be told" in tracking.lift_plan(silent).notes[0].text


@pytest.mark.parametrize("client", ["velmora", "northpin"])
def test_the_sample_clients_get_an_answer(client: str) -> None:
    """Each sample client gets every design with a state, and nothing is written."""
    before = sorted(path.name for path in (SAMPLE_DATA / client / "campaigns").iterdir())
    frame = tracking.lift_plan(open_book(client, stage="plan")).tables["tracking.lift_designs"].frame
    assert len(frame) == len(pack("lift")["designs"]) + 1
    assert frame["state"].str.match("yes|no: ").all()
    assert sorted(path.name for path in (SAMPLE_DATA / client / "campaigns").iterdir()) == before
