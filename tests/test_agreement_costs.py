"""Plan, results and outlook take the same costs off an order, at the same margin; a cost is declared in one place."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from books import make_book
from creatorbook import goals, roi
from creatorbook.book import Book
from creatorbook.client import Range
from creatorbook.finance.cost_lines import CAMPAIGN_COSTS, ORDER_COSTS, kinds, order_inputs
from creatorbook.finance.costs import planned_own_cost, planned_shared_costs
from creatorbook.finance.economics import break_even_margin, economics_of, highest_fee, unit_economics
from creatorbook.finance.ladder import money_ladder
from creatorbook.finance.margin import margin_rule, margin_sentence
from creatorbook.finance.price_lines import price_lines
from creatorbook.finance.rungs import RUNGS, numbered
from creatorbook.finance.spending import spending
from creatorbook.findings import written
from creatorbook.planning.candidates import candidates
from creatorbook.planning.chain import chain
from creatorbook.planning.plans import three_ways
from creatorbook.planning.recorded import forecast_entries
from creatorbook.planning.verdict import fees_that_turn, plan_verdict
from creatorbook.roi.creator_results import creator_results
from roi_books import creators_frame, orders_frame, random_campaign
from trial_cost import A_TRIAL

CODES = ["ANNA10", "BEA10", "CLEO10"]
OWN = {
    "margin": 0.6,
    "resellable_share": 0.9,
    "shipping_cost": 4.0,
    "handling_per_return": 3.0,
    "payment_fee_rate": 0.02,
    "payment_fee_fixed": 0.25,
    "hourly_rate": 30,
}


def _book(code: int = 10, economics: dict[str, Any] | None = None, **tables: pd.DataFrame) -> Book:
    """120 settled orders of 119 incl. VAT, a quarter of them sent back; three creators at 5 % commission."""
    orders = orders_frame(dict.fromkeys(CODES, 40), basket=119.0, refunded=0)
    discount = round(119 * code / 100, 2)
    back = pd.Series(range(len(orders))) % 4 == 0
    orders = orders.assign(
        discount=discount, total=119 - discount, refunded=back.map({True: 119 - discount, False: 0.0})
    )
    creators = creators_frame(CODES, fee=[300.0, 200.0, 100.0], commission_rate=0.05, hours=2.0)
    return make_book(
        {"orders": orders, "creators": creators, **tables},
        client={"economics": OWN if economics is None else economics},
        campaign={"codes": {"percent": code}, "agency_fee": 400, "tools_cost": 50, "commission_rate": 0.05},
    )


def _exact(value: float) -> Range:
    return Range(low=value, likely=value, high=value)


def _left(book: Book) -> float:
    """What orders leave after commission and before other campaign costs, as the results count it."""
    ladder = money_ladder(book)
    assert ladder.margin is not None
    return ladder.margin + ladder.money("commission")


def _contribution(book: Book) -> float:
    unit = unit_economics(book)
    assert unit.contribution is not None
    return unit.contribution.likely


RAISED = {
    "resellable_share": _exact(0.5),
    "shipping_cost": _exact(6.5),
    "handling_per_return": _exact(9.0),
    "payment_fee_rate": _exact(0.05),
    "payment_fee_fixed": 1.25,
    "margin": _exact(0.5),
}


def test_each_declared_input_is_raised_in_turn() -> None:
    """The list below names every input that a cost of an order is made of: a new one has to be raised here too."""
    assert set(RAISED) == {"margin", *(one.name for one in order_inputs())}
    streams = [one.stream for one in order_inputs() if one.stream is not None]
    assert len(set(streams)) == len(streams)


def test_an_order_leaves_the_same_in_plan_and_results() -> None:
    """On orders that are alike, the plan's contribution × orders is what the results count, to the cent."""
    book = _book()
    assert 120 * _contribution(book) == pytest.approx(_left(book), abs=0.01)


@pytest.mark.parametrize("name", sorted(RAISED))
def test_what_lowers_profit_lowers_plan_and_outlook_by_as_much(name: str) -> None:
    """Each cost of an order, raised in turn, takes the same per order in ladder, unit economics and outlook."""
    book = _book()
    dearer = book.changed(**{name: RAISED[name]})
    before, after = money_ladder(book), money_ladder(dearer)
    lost = (before.profit - after.profit) / 120
    assert lost > 0
    assert _contribution(book) - _contribution(dearer) == pytest.approx(lost, abs=0.0002)
    was, now = (creator_results(one).frame.set_index("creator") for one in (book, dearer))
    assert ((was.again - now.again) / was.next_orders).to_numpy() == pytest.approx(lost, rel=0.25)
    assert (was.again - now.again).sum() / was.next_orders.sum() == pytest.approx(lost, rel=0.1)
    fees = [highest_fee(10, unit_economics(one)).likely for one in (book, dearer)]
    assert fees[0] - fees[1] == pytest.approx(10 * lost, abs=0.002)
    if name != "margin":
        needed = [break_even_margin(3000, 120, unit_economics(one)) for one in (book, dearer)]
        assert needed[0] < needed[1]


def test_a_higher_commission_lowers_all_three() -> None:
    """Commission is each creator's own: raised for one, it lowers profit, contribution and only that outlook."""
    book = _book()
    listed = book.tables.creators
    dearer = _book(creators=listed.assign(commission_rate=[0.15, 0.05, 0.05]))
    lost = money_ladder(book).profit - money_ladder(dearer).profit
    assert lost == pytest.approx(30 * 90 * 0.10, abs=0.01)
    assert 120 * (_contribution(book) - _contribution(dearer)) == pytest.approx(lost, abs=0.02)
    was, now = (creator_results(one).frame.set_index("creator").again for one in (book, dearer))
    assert was["Anna"] - now["Anna"] > 0.5 * lost
    assert now[["Bea", "Cleo"]].to_numpy() == pytest.approx(was[["Bea", "Cleo"]].to_numpy())


FIXED_KINDS = [kind.name for cost, kind in kinds() if not cost.on_sales]


@pytest.mark.parametrize("kind", FIXED_KINDS)
@pytest.mark.parametrize("creator", ["Anna", ""])
def test_each_campaign_cost_counts_in_plan_results_and_outlook(kind: str, creator: str) -> None:
    """100 more of any kind lowers profit and raises the plan's cost by 100; a creator's own lowers only their outlook."""
    column = {one.name: one.column for _, one in kinds()}[kind]
    before = {"fee": 300.0, "hours": 60.0}.get(kind, 0.0) if creator and column else 0.0
    field = {"agency": 400.0, "tools": 50.0}.get(kind, 0.0)
    sheets = [
        pd.DataFrame({"creator": [creator], "kind": [kind], "amount": [before + field + more]})
        for more in (0.0, 100.0)
    ]
    less, more = (_book(costs=sheet) for sheet in sheets)
    assert money_ladder(less).profit - money_ladder(more).profit == pytest.approx(100)
    planned = [candidates(one).cost.sum() + planned_shared_costs(one) for one in (less, more)]
    assert planned[1] - planned[0] == pytest.approx(100)
    own = planned_own_cost(more)["Anna"] - planned_own_cost(less)["Anna"]
    was, now = (creator_results(one).frame.set_index("creator").again for one in (less, more))
    one_sum = kind in {one.name for _, one in kinds() if one.one_sum}
    assert own == pytest.approx(100 if creator and not one_sum else 0)
    assert was["Anna"] - now["Anna"] == pytest.approx(100 if creator else 0)
    assert now["Bea"] == pytest.approx(was["Bea"])


@pytest.mark.parametrize("kind", FIXED_KINDS)
@pytest.mark.parametrize("creator", ["Anna", ""])
def test_forecast_need_and_fee_take_each_campaign_cost(kind: str, creator: str) -> None:
    """100 more of any kind: the plan costs 100 more, should leave 100 less, needs more orders, and turns at 100 less in fees."""
    column = {one.name: one.column for _, one in kinds()}[kind]
    before = {"fee": 300.0, "hours": 60.0}.get(kind, 0.0) if creator and column else 0.0
    field = {"agency": 400.0, "tools": 50.0}.get(kind, 0.0)
    sheets = [
        pd.DataFrame({"creator": [creator], "kind": [kind], "amount": [before + field + more]})
        for more in (0.0, 100.0)
    ]
    listed = creators_frame(
        CODES, fee=[300.0, 200.0, 100.0], commission_rate=0.05, hours=2.0, typical_views=9000.0
    )
    less, more = (_book(costs=sheet, creators=listed) for sheet in sheets)
    plans = [three_ways(book)["bold"] for book in (less, more)]
    assert [len(plan.people) for plan in plans] == [3, 3]
    assert [plan.cost for plan in plans] == [
        pytest.approx(-money_ladder(book).money(*money_ladder(book).fixed_rungs)) for book in (less, more)
    ]
    assert plans[1].cost - plans[0].cost == pytest.approx(100)
    assert plan_verdict(more, plans[1]).needed.likely > plan_verdict(less, plans[0]).needed.likely
    profits = [
        {one.figure: one.likely for one in forecast_entries(book, plan, book.as_of, "")}["profit"]
        for book, plan in zip((less, more), plans, strict=True)
    ]
    assert profits[0] - profits[1] == pytest.approx(100)
    turn = [fees_that_turn(book, plan).likely for book, plan in zip((less, more), plans, strict=True)]
    assert turn[0] - turn[1] == pytest.approx(0 if kind == "fee" and creator else 100)


def test_a_price_on_the_rights_sheet_counts_wherever_costs_do() -> None:
    """100 more for the use of Anna's content: plan, need, pulse, results, her outlook, her pay; nobody else's."""
    listed = creators_frame(
        CODES, fee=[300.0, 200.0, 100.0], commission_rate=0.05, hours=2.0, typical_views=9000.0
    )
    less, more = (
        _book(creators=listed, rights=pd.DataFrame({"handle": ["anna"], "rights_fee": [price]}))
        for price in (20.0, 120.0)
    )
    assert money_ladder(less).profit - money_ladder(more).profit == pytest.approx(100)
    assert spending(more).committed - spending(less).committed == pytest.approx(100)
    plans = [three_ways(book)["bold"] for book in (less, more)]
    assert plans[1].cost - plans[0].cost == pytest.approx(100)
    assert plan_verdict(more, plans[1]).needed.likely > plan_verdict(less, plans[0]).needed.likely
    assert (planned_own_cost(more) - planned_own_cost(less)).to_dict() == {"Anna": 100, "Bea": 0, "Cleo": 0}
    was, now = (creator_results(book).frame.set_index("creator").again for book in (less, more))
    assert (was - now).to_dict() == pytest.approx({"Anna": 100, "Bea": 0, "Cleo": 0})
    assert price_lines(more).set_index("person").usage.to_dict()["Anna"] == 120


def test_a_plan_reckons_with_its_own_peoples_commission() -> None:
    """Who is in the plan at no commission is not charged the list's mean: an order leaves what the results take."""
    listed = creators_frame(
        CODES, fee=[300.0, 200.0, 100.0], commission_rate=[0.0, 0.1, 0.2], hours=2.0, typical_views=9000.0
    )
    book = _book(creators=listed)
    whole, stays = unit_economics(book).contribution.likely, unit_economics(book).kept_sales.likely
    for names, rate in ((["Anna"], 0.0), (["Cleo"], 0.2), (["Anna", "Cleo"], 0.1), (["Anna", "Bea"], 0.05)):
        own = economics_of(book, names)
        assert own.contribution.likely - whole == pytest.approx((0.1 - rate) * stays)
        people = candidates(book)[lambda frame, named=names: frame.creator.isin(named)]
        assert chain(book, people)["contribution"].range.likely == pytest.approx(own.contribution.likely)


def test_the_levy_counts_in_plan_and_results() -> None:
    """A levy on creators' pay costs the same in the plan and in the results."""
    book, levied = _book(), _book(economics={**OWN, "levy_rate": 0.05})
    assert money_ladder(book).profit - money_ladder(levied).profit == pytest.approx(0.05 * 600)
    assert candidates(levied).cost.sum() - candidates(book).cost.sum() == pytest.approx(0.05 * 600)


@pytest.mark.parametrize("seed", [3, 11])
@pytest.mark.parametrize("name", sorted(RAISED))
def test_it_holds_on_a_campaign_with_everything_wrong_with_it(name: str, seed: int) -> None:
    """Cancelled, foreign, refunded and untaxed orders: what lowers profit lowers contribution and every outlook."""
    book = random_campaign(seed).changed(exchange_rates={"NOK": 1.05, "PLN": 0.23})
    dearer = book.changed(**{name: RAISED[name] if name != "margin" else _exact(0.4)})
    lost = money_ladder(book).profit - money_ladder(dearer).profit
    assert lost > 0
    assert _contribution(dearer) < _contribution(book)
    was, now = (creator_results(one).frame.set_index("creator") for one in (book, dearer))
    assert (was.again > now.again).all()
    per_order = lost / money_ladder(book).slices.orders_kept.sum()
    taken = (was.again - now.again).sum() / was.next_orders.sum()
    assert taken == pytest.approx(per_order, rel=0.4)


def _product_book(cost: float, **changes: Any) -> Book:
    lines = pd.DataFrame(
        {"order_id": [f"#{n}" for n in range(120)], "sku": "A", "quantity": 1.0, "price": 119.0}
    )
    products = pd.DataFrame({"sku": ["A"], "product": ["Skirt"], "cost": [cost]})
    return _book(order_lines=lines, products=products, **changes)


@pytest.mark.parametrize("code", [0, 10, 20])
@pytest.mark.parametrize("by", ["client", "products", "tried"])
def test_plan_and_results_name_the_same_margin(by: str, code: int) -> None:
    """What is tried, then product costs, then the client's own: one margin, of the price before the code, said in both."""
    book = _book(code) if by == "client" else _product_book(45.0, code=code)
    if by == "tried":
        book = book.trying(margin=Range(low=0.5, likely=0.5, high=0.5, source="what-if"))
    expected = {"client": 0.6, "products": 0.55, "tried": 0.5}[by]
    ladder, unit = money_ladder(book), unit_economics(book)
    assert margin_rule(book).basis == by
    assert unit.margin is not None
    assert unit.margin.likely == pytest.approx(expected)
    assert ladder.margin_rate == pytest.approx(expected)
    text = written(margin_sentence(book, margin_rule(book)) or "", book.formats)
    assert f"{expected * 100:.0f}%" in text
    for findings in (goals.break_even(book), roi.ladder(book)):
        assert [note.text for note in findings.notes].count(text) == 1
    assert 120 * _contribution(book) == pytest.approx(_left(book), abs=0.01)


@pytest.mark.parametrize("by", ["client", "products"])
def test_a_deeper_code_makes_no_goods_cheaper(by: str) -> None:
    """Goods of an order cost the same at any code, and even when they are given away."""
    book = _book if by == "client" else lambda code: _product_book(45.0, code=code)
    goods = [money_ladder(book(code)).money("goods") for code in (0, 10, 20)]
    assert goods == pytest.approx([goods[0]] * 3)
    given = _book(10)
    orders = given.tables.orders.assign(discount=119.0, total=0.0, refunded=0.0)
    free = make_book({"orders": orders, "creators": given.tables.creators}, client={"economics": OWN})
    assert money_ladder(free).money("traced", "discounts") == 0
    assert money_ladder(free).money("goods") == pytest.approx(-120 * 40)


@pytest.mark.parametrize(
    ("base", "code", "margin"),
    [("full_price", 10, 0.6), ("price_paid", 10, 0.64), ("price_paid", 0, 0.6), ("price_paid", 100, 0.6)],
)
def test_a_margin_is_taken_of_the_price_it_is_stated_on(base: str, code: int, margin: float) -> None:
    """60 % of the 90 paid after a code of 10 % leaves goods of 36, 64 % of the 100 before it; a gift has no price paid."""
    book = _book(code, economics={**OWN, "margin_on": base})
    assert margin_rule(book).value == margin_rule(book).stated
    assert unit_economics(book).margin.likely == pytest.approx(margin)
    assert money_ladder(book).margin_rate == pytest.approx(margin)
    if code < 100:  # nothing comes back of what was given away
        assert 120 * _contribution(book) == pytest.approx(_left(book), abs=0.01)
    text = written(margin_sentence(book, margin_rule(book)) or "", book.formats)
    assert ("Stated is 60% of the price paid" in text) == (base == "price_paid")


def test_an_order_given_away_costs_its_goods_in_plan_and_results() -> None:
    """At a code of 100 % an order loses 40 of goods beside parcel and fee, before the campaign and after it."""
    economics = {"margin": 0.6, "average_order_value": 119, "return_rate": 0.0}
    plan = make_book(
        client={"economics": economics}, campaign={"codes": {"percent": 100}, "commission_rate": 0.1}
    )
    assert unit_economics(plan).contribution.likely == pytest.approx(-40)
    given = _book(100, economics=economics)
    assert money_ladder(given).money("goods") == pytest.approx(-120 * 40)


@pytest.mark.parametrize(("stated", "apart"), [(0.55, False), (0.45, True)])
def test_product_costs_and_a_stated_margin_are_both_told(stated: float, apart: bool) -> None:
    """Both figures with their price and the reason for the one that holds; a wide gap is a question for finance."""
    book = _product_book(45.0, economics={**OWN, "margin": stated, "margin_on": "full_price"})
    text = written(margin_sentence(book, margin_rule(book)) or "", book.formats)
    assert "Margin 55% of the price before the code" in text
    assert "a code of 10% that is 50%" in text
    assert f"Stated is {stated * 100:.0f}% of the price before the code" in text
    assert "Product costs hold" in text
    assert ("The two are 10 points apart" in text) == apart
    changes = next(note for note in roi.could_change(book).notes if note.slot == "results.could_change")
    assert f"margin now 55% (stated: {stated * 100:.0f}%)" in changes.text


def test_a_margin_without_its_price_is_asked_for() -> None:
    """Where a code makes two prices, a margin that does not say of which is taken as of the full one, and said to be."""
    for code, asked in ((10, True), (0, False)):
        book = _book(code)
        text = written(margin_sentence(book, margin_rule(book)) or "", book.formats)
        assert ("Of which price it is, nobody has stated" in text) == asked


def test_too_few_product_costs_leave_the_clients_margin() -> None:
    """Costs for a tenth of the sales say nothing of the rest, in the plan as in the results."""
    lines = pd.DataFrame(
        {
            "order_id": [f"#{n}" for n in range(120)],
            "sku": ["A"] * 12 + ["B"] * 108,
            "quantity": 1.0,
            "price": 119.0,
        }
    )
    products = pd.DataFrame({"sku": ["A", "B"], "product": ["Skirt", "Shirt"], "cost": [45.0, np.nan]})
    book = _book(order_lines=lines, products=products)
    assert margin_rule(book).basis == "client"
    before = make_book(
        {"order_lines": lines, "products": products}, client={"economics": OWN | {"average_order_value": 119}}
    )
    assert margin_rule(before).basis == "client"
    assert unit_economics(before).margin == before.client.economics.margin


def test_every_declared_cost_has_a_rung_of_its_own() -> None:
    """The ladder's rungs below sales that stay are the declared costs, in their order and with their words."""
    declared = [(cost.key, cost.label, cost.base) for cost in (*ORDER_COSTS, *CAMPAIGN_COSTS)]
    assert [(rung.key, rung.label, rung.base) for rung in RUNGS[-len(declared) :]] == declared
    assert numbered() == f"1 to {len(RUNGS)}"


def _trial(*arguments: str) -> dict[str, Any]:
    script = Path(__file__).parent / "trial_cost.py"
    env = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(script.parent), *sys.path]),
    }  # nothing else is searched
    run = subprocess.run(
        [sys.executable, str(script), *arguments], env=env, capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_a_cost_added_to_the_declaration_alone_moves_everything() -> None:
    """20 an order: profit, outlooks, decisions, contribution, the card; no printed word about rungs is wrong."""
    without, added = _trial(), _trial("with")
    assert without["profit"] - added["profit"] == pytest.approx(A_TRIAL * added["orders"])
    assert added["rung"] == -A_TRIAL * added["orders"]
    assert without["contribution"] - added["contribution"] == pytest.approx(A_TRIAL)
    assert added["needed"] > without["needed"]
    assert added["card"] != without["card"]
    for creator, again in without["again"].items():
        assert again - added["again"][creator] == pytest.approx(
            A_TRIAL * added["next_orders"][creator], rel=0.01
        )
    assert set(without["decisions"].values()) != set(added["decisions"].values())
    _rungs_told_rightly(without, costs=12, last=18)
    _rungs_told_rightly(added, costs=13, last=19)


def _rungs_told_rightly(shown: dict[str, Any], *, costs: int, last: int) -> None:
    """Numbers run through, sums are those of what stands above, and sentences name the same numbers."""
    numbers = [text for text in shown["numbers"] if text not in {"=", "?"}]
    assert numbers == [str(number) for number in range(1, last + 1)]
    at = shown["numbers"].index
    assert shown["numbers"][at(str(costs)) - 1] == shown["numbers"][at(str(last)) + 1] == "="
    running = 0.0
    for number, amount in zip(shown["numbers"], shown["amounts"], strict=True):
        if number == "=":
            assert amount == pytest.approx(running, abs=0.005)
        elif number != "?":
            running += amount
    words = " ".join(shown["words"])
    assert f"rungs {costs} to {last}" in words
    assert f"rungs {costs + 1} to {last}" in words
    assert f"rungs 1 to {last}" in words
    assert ("less import duties" in shown["labels"]) == (last == 19)
