"""Returns still expected: the client's own curve, laid on open orders."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import simulated_results
from books import make_book
from creatorbook.book import Book
from creatorbook.finance.claimed_money import per_order
from creatorbook.finance.ladder import money_ladder
from creatorbook.finance.returns import client_curve, expected_returns, settled_on
from creatorbook.opening import open_book
from creatorbook.stats import late_events
from roi_books import creators_frame, orders_frame


def _shop(seed: int, n: int = 6000, rate: float = 0.4, share_claimed: float = 0.2) -> tuple[Book, float]:
    """A shop of 150 days whose orders come back with a known rate and lag; and the true value still to come, of claimed ones."""
    random = np.random.default_rng(seed)
    days = random.integers(0, 150, n)
    ordered = pd.Timestamp("2025-12-17") + pd.to_timedelta(days * 24 + 10, unit="h")
    basket = np.round(random.lognormal(4.4, 0.5, n), 2)
    back_on = ordered + pd.to_timedelta(3 + random.gamma(3, 3, n).clip(max=25).round(), unit="D")
    comes_back = random.random(n) < rate
    orders = pd.DataFrame(
        {
            "order_id": [f"#{place}" for place in range(n)],
            "ordered_at": ordered,
            "gross": basket,
            "discount": 0.0,
            "shipping": 0.0,
            "total": basket,
            "discount_code": np.where(random.random(n) < share_claimed, "ANNA10", ""),
        }
    )
    known = comes_back & (back_on <= pd.Timestamp("2026-05-15 23:59"))
    refunds = pd.DataFrame({"order_id": orders.order_id, "refunded_at": back_on, "amount": basket})[known]
    book = make_book(
        {"orders": orders, "refunds": refunds, "creators": creators_frame(["ANNA10"], fee=1.0)},
        client={"tax_rate": 0.0},
        campaign={"start": "2026-04-10", "end": "2026-05-10"},
    )
    later = comes_back & ~known & (ordered >= pd.Timestamp("2026-04-10")) & (orders.discount_code != "")
    return book, float(basket[later].sum())


def test_the_curve_recovers_rate_and_lag() -> None:
    """The final share is the shop's 40 %, and a third of it is back after about a week."""
    curve = client_curve(_shop(1)[0])
    assert curve.final == pytest.approx(0.4, abs=0.03)
    assert curve.by_day[2] < 0.01
    assert (np.diff(curve.by_day) >= 0).all()


def test_a_refund_file_of_another_shop_dates_nothing() -> None:
    """The orders tell what came back, the file is of other orders: rate and delay are those of the orders' states."""
    tables = _shop(1)[0].tables
    back = tables.orders.order_id.map(tables.refunds.groupby("order_id").amount.sum()).fillna(0.0)
    others = tables.refunds.assign(order_id="A" + tables.refunds.order_id)
    book = make_book(
        {"orders": tables.orders.assign(refunded=back), "refunds": others, "creators": tables.creators},
        client={"tax_rate": 0.0},
        campaign={"start": "2026-04-10", "end": "2026-05-10"},
    )
    assert client_curve(book).final == pytest.approx(0.4, abs=0.03)


def test_young_orders_do_not_bias_the_curve() -> None:
    """A return on day 5 is divided by orders at least 5 days old, not by all."""
    old, young = np.full(1000, 60), np.full(3000, 2)
    draws = late_events.curve_from_dates(
        np.concatenate([old, young]), np.full(400, 5), _usual(60), np.random.default_rng(1), 500
    )
    assert draws[:, -1].mean() == pytest.approx(0.4, abs=0.02)


def test_dates_that_reach_far_show_late_returns() -> None:
    """One return in five comes after the settling time: the curve goes on to rise as the file shows it."""
    lag = np.concatenate([np.full(320, 12), np.full(80, 50)])
    draws = late_events.curve_from_dates(np.full(1000, 120), lag, _usual(60), np.random.default_rng(1), 500)
    by_day = draws.mean(axis=0)
    assert by_day[30] == pytest.approx(0.32, abs=0.02)
    assert by_day[60] == pytest.approx(0.40, abs=0.02)


def test_a_short_file_leaves_what_is_late_open() -> None:
    """Orders watched for 20 days at most say little of what comes later, and the range says so."""
    draws = late_events.curve_from_dates(
        np.full(1000, 20), np.full(250, 10), _usual(60), np.random.default_rng(1), 2000
    )
    later = draws[:, -1] - draws[:, 20]
    low, high = np.quantile(later, [0.05, 0.95])
    assert low < 0.5 * later.mean() < 2 * later.mean() < high


def test_states_alone_tell_rate_and_delay() -> None:
    """Without dates, how many orders of each age have come back shows how late the others come."""
    random = np.random.default_rng(3)
    age = random.integers(0, 120, 6000)
    had = (random.random(6000) < 0.4) & (3 + random.gamma(3, 4, 6000) <= age)
    draws = late_events.curve_from_states(age, had, 120, 15.0, random, 2000)
    assert draws[:, -1].mean() == pytest.approx(0.4, abs=0.02)
    assert draws[:, 12].mean() == pytest.approx(0.4 * 0.37, abs=0.03)
    assert (np.diff(draws, axis=1) >= -1e-12).all()


def test_goods_that_come_back_more_often_are_told_apart_and_shrunk() -> None:
    """80 returns where 40 were due are believed; 2 where 1 was due hardly."""
    expected = np.concatenate([np.full(100, 0.4), np.full(2, 0.5)])
    had = np.concatenate([np.arange(100) < 80, [True, True]])
    times = late_events.label_times(expected, had, np.repeat([0, 1], [100, 2]))
    assert times == pytest.approx([100 / 60, 22 / 21])


def test_a_gift_card_beside_the_goods_changes_nothing_that_comes_back() -> None:
    """Every fifth order has a gift card of 50 on a line of its own: the goods are the same, and so is what is expected."""
    tables = _shop(1)[0].tables
    orders, fifth = tables.orders, tables.orders.index % 5 == 0
    dresses = pd.DataFrame({"order_id": orders.order_id, "product": "Dress", "sku": "D", "quantity": 1.0})
    dresses = dresses.assign(price=orders.gross, gift_card=False)
    cards = dresses[fifth].assign(product="Gift card", sku="G", price=50.0, gift_card=True)
    with_cards = orders.assign(gross=orders.gross + 50 * fifth, total=orders.total + 50 * fifth)
    plain, beside = (
        expected_returns(
            make_book(
                {
                    "orders": sold,
                    "order_lines": lines,
                    "refunds": tables.refunds,
                    "creators": tables.creators,
                },
                client={"tax_rate": 0.0},
                campaign={"start": "2026-04-10", "end": "2026-05-10"},
            )
        )
        for sold, lines in (
            (orders, dresses),
            (with_cards, pd.concat([dresses, cards], ignore_index=True)),
        )
    )
    assert plain.cents.sum() > 0
    pd.testing.assert_series_equal(plain.cents, beside.cents)


def test_a_creators_pace_is_believed_as_far_as_there_are_orders() -> None:
    """200 orders with twice the returns move the pace; 5 do so less; nothing seen leaves the group's."""
    share, group = np.full(205, 0.2), np.repeat([0, 1], [200, 5])
    had = np.concatenate([np.arange(200) < 80, np.arange(5) < 2])
    logs, variances = late_events.pace_so_far(share, had, group, 3)
    pace = late_events.pace_draws(logs, variances, 0.1, 0.15, np.random.default_rng(1), 4000)
    many, few, none = pace.mean(axis=1)
    assert many > 1.4
    assert 1.0 < none <= few < many
    assert pace[2].std() > pace[0].std()
    assert np.isinf(variances[2])


def _usual(horizon: int) -> np.ndarray:
    return late_events.usual_delay(horizon, 15.0)


def test_expected_returns_come_true() -> None:
    """Over 16 simulated shops the total expected is right on average, and 90 % ranges hold in about nine of ten."""
    pairs = [(_expected(book), truth) for book, truth in (_shop(seed, 3000) for seed in range(200, 216))]
    ratio = np.mean([likely for (likely, _, _), _ in pairs]) / np.mean([truth for _, truth in pairs])
    inside = np.mean([low <= truth <= high for (_, low, high), truth in pairs])
    assert ratio == pytest.approx(1.0, abs=0.12)
    assert inside >= 0.75


def _expected(book: Book) -> tuple[float, float, float]:
    ladder = money_ladder(book)
    assert ladder.open_returns is not None
    return -ladder.money("returns_expected"), *ladder.open_returns


def test_few_orders_have_a_wide_range() -> None:
    """The range is that of the orders claimed, not the shop's: a quarter of the orders, twice as wide in proportion."""
    many, few = (_expected(_shop(5, share_claimed=share)[0]) for share in (0.4, 0.04))
    widths = [(high - low) / likely for likely, low, high in (many, few)]
    assert widths[1] > 1.8 * widths[0]


def test_the_next_campaigns_returns_know_the_curve_and_not_the_chance_of_few_orders() -> None:
    """Few open orders leave their own returns open by a fifth and more; what comes back in the end is known far better."""
    book = _shop(5, share_claimed=0.02)[0]
    coming, told = money_ladder(book).draws["returns_expected"], expected_returns(book)
    chance, curve = np.std(coming) / abs(np.mean(coming)), np.std(told.in_the_end)
    assert np.mean(told.in_the_end) == pytest.approx(1.0, abs=0.02)
    assert curve < 0.05 < 0.2 < chance
    assert told.usual is not None
    middle, sd = told.usual
    assert middle == pytest.approx(0.4, abs=0.04)
    assert 0.02 < sd < 0.08


@pytest.mark.parametrize("seed", [520_000, 520_004])  # with dated refunds, and without
def test_ranges_hold_for_a_client_read_from_its_files(tmp_path: Path, seed: int) -> None:
    """A fast slice of the study of 600 clients: what finally stays lies within what is thought possible."""
    drawn = simulated_results.drawn_client(seed, like_packs=False)
    world = simulated_results.written(tmp_path / "client", drawn)
    book = open_book(tmp_path / "client", "spring", stage="results")
    ladder, claimed = money_ladder(book), per_order(book)
    truth = simulated_results.true_stays(simulated_results.orders_of(world, claimed.order_id))
    low, high = np.quantile(ladder.draws["sales_that_stay"] / 100, [0.005, 0.995])
    assert low <= truth <= high
    assert -ladder.money("returned", "returns_expected") > 0


def test_closed_orders_expect_nothing() -> None:
    """Past the time in which an order can come back, nothing more is expected."""
    book = make_book(
        {"orders": orders_frame({"ANNA10": 10}, refunded=2), "creators": creators_frame(["ANNA10"])}
    )
    assert expected_returns(book).cents.sum() == 0


def test_the_clients_rate_is_used_as_a_range() -> None:
    """Without refunds on file, the client's 30 to 50 % applies to all orders, as an assumption."""
    orders = orders_frame({"ANNA10": 10}).drop(columns="refunded")
    book = make_book(
        {"orders": orders, "creators": creators_frame(["ANNA10"])},
        client={"tax_rate": 0.0, "economics": {"return_rate": [0.3, 0.5]}},
    )
    told = expected_returns(book)
    assert told.grade == "assumed"
    assert told.cents.sum() / 97000 == pytest.approx(0.4)
    low, high = np.quantile(told.drawn["anna"], [0.05, 0.95]) / 97000
    assert low <= 0.2  # ten orders: chance is far wider than 30 to 50 %
    assert high >= 0.6


def test_without_any_source_returns_are_unknown() -> None:
    """Neither refunds nor a rate: unknown, not 0."""
    orders = orders_frame({"ANNA10": 10}).drop(columns="refunded")
    told = expected_returns(make_book({"orders": orders, "creators": creators_frame(["ANNA10"])}))
    assert not told.known
    assert told.cents.isna().all()


def test_the_settling_day_follows_the_last_order() -> None:
    """Orders count to 30 days after the campaign's end and can come back for 30 more."""
    assert str(settled_on(make_book())) == "2026-05-28"
