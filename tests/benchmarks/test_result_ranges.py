"""Do the ranges of results and plan hold for clients read from their files? 600 of them, of known truth.

`python3 workbook.py test --all -s -k result_ranges` prints what it measures. Fixed before the first full run: seeds,
worlds (`tests/simulated_results.py`) and goals. `RESULT_RANGES=910000:910100` runs a part, and rows that are there
are not made again, so that parts and interrupted runs add up.

The oracle has the same files and knows how late goods come back, how often, and how far creators differ, in orders and in
returns; of a plan, how often posts are seen. Asked for the next wave it has the same choice of creators at the same cost;
it knows from what abilities, traced shares, return rates, margins and what lasts of an ability are drawn, and learns from
the files what was drawn, but for the shop's own returns, which hundreds of orders tell: it is given those. What an order is
worth is none of these: it learns that from the orders that the creators brought, one mean for all.

Changed after the wave's figures were seen, the bound not among it. The truth of next time stays on this campaign's scale
(`next_time`), before which it lay a tenth above what any file could tell. And the oracle was told before that creators'
buyers spend just what the shop's do. Beside that one the range is 1.32 times as wide, where it is 1.23 times beside this
one (19 other clients, which the package was tuned on).

The wave once missed both bounds: in the first 211 clients its range held 96.1 % (± 3.1 %) of 154 waves and was 1.26 times
as wide. A creator's rate was changed from campaign to campaign on top of how far creators differ, so that it carried over
less than is said (`outlook.next_rates`). Mended on 110 other clients (seeds from 945000 on, 89 waves): 93.3 % held and 1.26
times as wide before, 91.0 % and 1.19 times after. What is left beside the oracle lies in what an order leaves: baskets and
returns of creators are taken to differ, which this simulator's baskets do not, and its returns by less.

Measured so on all 600 clients: every figure keeps to its bounds but the wave, whose range holds 93.2 % (± 2.4 %) of 412 waves,
0.2 points above the band, and is 1.22 times as wide, within its bound. It was not tuned further. Rows of the first 211
clients' other figures are from before that change, which reaches nothing but next time.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import simulated_results as sim
from creatorbook import simulate
from creatorbook.book import Book
from creatorbook.finance import returns
from creatorbook.finance.amounts import ladder_draws
from creatorbook.finance.claimed_money import drawn_totals, per_order
from creatorbook.finance.ladder import Ladder, money_ladder
from creatorbook.opening import open_book
from creatorbook.planning.candidates import candidates
from creatorbook.planning.chain import chain, drawn_outcome
from creatorbook.roi.creator_results import creator_results
from creatorbook.roi.next_wave import suggested
from creatorbook.stats.intervals import NINETY_ENDS

SEEDS = range(910_000, 910_574)
#: the clients of a review of the reports, `python3 workbook.py simulate DIR --seed … --creators 24 --days 45 --orders 25`, each
#: with and without dated refunds
REVIEWED = range(1, 14)
#: clients whose creators sell as the simulator has it by itself, several times what the pack assumes: reported only
UNLIKE = range(930_000, 930_040)
PART = os.environ.get("RESULT_RANGES", f"{SEEDS.start}:{SEEDS.stop}")
ROWS = Path(os.environ.get("RESULT_RANGES_ROWS", Path(tempfile.gettempdir()) / "result_ranges.csv"))
GOAL, WIDEST = (0.87, 0.93), 1.25
FIGURES = ("stays", "profit", "creators", "wave", "plan")


def measure(drawn: sim.Drawn, name: str) -> list[dict[str, Any]]:
    """One client: each figure's place in its draws (0 to 1), the width of its range, and the oracle's."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "client"
        world = sim.written(folder, drawn)
        book = open_book(folder, "spring", stage="results")
        eve = drawn.settings.start - timedelta(days=10)
        plan = open_book(folder, "spring", stage="plan", as_of=eve)
        rows = [
            *_of_ladder(drawn, world, book),
            *_of_creators(drawn, world, book),
            *_of_plan(drawn, world, plan),
        ]
    return [{"client": name, "cell": drawn.cell, **row} for row in rows]


def _row(figure: str, draws: np.ndarray, truth: float, oracle: np.ndarray | None = None) -> dict[str, Any]:
    width = float(np.ptp(np.quantile(draws, NINETY_ENDS)))
    least = np.nan if oracle is None else float(np.ptp(np.quantile(oracle, NINETY_ENDS)))
    random = np.random.default_rng([9, *figure.encode(), round(abs(truth) * 100)])
    return {
        "figure": figure,
        "place": sim.transform(draws, truth, random),
        "width": width,
        "oracle": least,
        "off": float(draws.mean() - truth),
        "oracle_place": np.nan if oracle is None else sim.transform(oracle, truth, random),
    }


def _of_ladder(drawn: sim.Drawn, world: simulate.World, book: Book) -> list[dict[str, Any]]:
    ladder, claimed = money_ladder(book), per_order(book)
    if not len(claimed):
        return []
    orders = sim.orders_of(world, claimed.order_id)
    least = _oracle(ladder, world, book)
    rows = [
        _row(
            "stays",
            ladder.draws["sales_that_stay"] / 100,
            sim.true_stays(orders),
            least["sales_that_stay"] / 100,
        )
    ]
    if ladder.profit is not None and drawn.margin:  # the reviewed clients state none
        rates = sim.traced_rates(world, claimed, orders)
        truth = sim.true_profit(drawn, orders, rates, -ladder.money(*ladder.fixed_rungs))
        rows.append(_row("profit", ladder.draws["profit"] / 100, truth, least["profit"] / 100))
    return rows


def _oracle(ladder: Ladder, world: simulate.World, book: Book) -> dict[str, np.ndarray]:
    """The same draws by who knows how returns are drawn."""
    curve = returns.client_curve(book)
    if curve is None:
        return dict(ladder.draws)
    horizon = max(curve.draws.shape[1] - 1, sim.DONE_AFTER)
    by_day = sim.true_curve(world, horizon)
    true_curve = replace(
        curve, draws=np.broadcast_to(by_day, (len(curve.draws), horizon + 1)), done_after=horizon
    )
    usual = returns.CAMPAIGN_SPREAD, returns.SPREAD_TRUST, returns.CREATOR_SPREAD
    try:
        spread = 0.3 * (1 - by_day[-1])
        returns.CAMPAIGN_SPREAD, returns.SPREAD_TRUST, returns.CREATOR_SPREAD = 0.01, 10_000, spread
        expected = returns.from_curve(book, true_curve)
    finally:
        returns.CAMPAIGN_SPREAD, returns.SPREAD_TRUST, returns.CREATOR_SPREAD = usual
    whole = drawn_totals(_with_returns_of(ladder, book, expected), expected)
    return ladder_draws(whole, ladder.drawn, own_hours=True)


def _with_returns_of(ladder: Ladder, book: Book, expected: returns.Expected) -> pd.DataFrame:
    """The ladder's slices with these returns still expected in place of its own."""
    claimed, slices = per_order(book), ladder.slices

    def by_account(of_order: pd.Series) -> pd.Series:
        sums = of_order.reindex(claimed.row).fillna(0.0).set_axis(claimed.handle).groupby(level=0).sum()
        return sums.reindex(slices.index).fillna(0.0)

    coming, number = by_account(expected.cents), by_account(expected.orders)
    sold = slices.traced - slices.discounts - slices.tax - slices.returned_or_0
    price, rate = ((slices[name] / sold).fillna(0.0) for name in ("list_sure", "rated_sure"))
    return slices.assign(
        returns_expected_or_0=coming,
        returned_orders_expected=number,
        list_expected=coming * price,
        rated_expected=coming * rate,
    )


def _of_creators(drawn: sim.Drawn, world: simulate.World, book: Book) -> list[dict[str, Any]]:
    """Orders of a repeated campaign by creator, as a count; and what the suggested next wave leaves on average."""
    results, truth = creator_results(book), sim.next_time(drawn, world)
    if results.rates is None:
        return []
    random = np.random.default_rng([7, drawn.seed])
    counted = results.frame.assign(place=np.arange(len(results.frame))).set_index("creator")
    counted = counted[counted.live & (truth.now.reindex(counted.index).fillna(0.0) > 0)]
    least = _known_spread(drawn, world, counted.orders - counted.in_doubt, results.rates.shape[1])
    rows = []
    for one, (creator, place) in enumerate(counted.place.items()):
        predicted = random.poisson(results.rates[place])
        came = random.poisson(float(truth.now[creator]))
        oracle = None if least is None else sim.repeated(least.now[one], drawn.seed, one)
        row = _row("creators", predicted.astype(float), came, oracle)
        rows.append({**row, "place": sim.transform(predicted, came, random)})
    wave = suggested(book)
    if wave is not None and len(wave.frame):
        places = wave.frame.index.to_numpy()
        made = results.earned[places].sum(axis=0) - wave.cost
        of = truth.reindex(wave.frame.creator)
        rates = (
            world.people[world.people.main].set_index("creator").commission_rate.reindex(of.index).fillna(0.0)
        )
        came = float((of.later * (of.left - rates * of.stays)).sum()) - wave.cost
        oracle = _wave_oracle(drawn, world, book, least, counted.index, rates)
        rows.append(_row("wave", made, came, None if oracle is None else oracle - wave.cost))
    return rows


def _known_spread(
    drawn: sim.Drawn, world: simulate.World, counted: pd.Series, n: int
) -> sim.KnownSpread | None:
    """The oracle's draws of everybody's orders; none where no order was counted."""
    random = np.random.default_rng([11, drawn.seed])
    return sim.known_spread(drawn, world, counted, n, random) if counted.sum() > 0 else None


def _wave_oracle(
    drawn: sim.Drawn,
    world: simulate.World,
    book: Book,
    least: sim.KnownSpread | None,
    creators: pd.Index,
    rates: pd.Series,
) -> np.ndarray | None:
    """What the wave's creators leave by the oracle's draws, before the costs that are fixed."""
    stated = book.client.economics.margin
    if least is None or stated is None or not rates.index.isin(creators).all():
        return None
    random = np.random.default_rng([12, drawn.seed])
    reach = (stated.high - stated.low) / 2 / sim.NINETY
    margin = stated.likely + reach * random.standard_normal(least.later.shape[1])
    claimed = per_order(book)
    age = (pd.Timestamp(book.as_of) - claimed.ordered_at.dt.normalize()).dt.days
    left = sim.known_left(drawn, world, claimed.assign(age=age), margin, rates, random)
    return np.asarray((least.later[creators.get_indexer(rates.index)] * left).sum(axis=0))


def _of_plan(drawn: sim.Drawn, world: simulate.World, plan: Book) -> list[dict[str, Any]]:
    """Orders of everybody on the list, as a count; the oracle knows how often posts are seen."""
    inputs = chain(plan, candidates(plan))
    forecast = drawn_outcome(inputs, "orders").draws
    random = np.random.default_rng([8, drawn.seed])
    came = float(world.results.drawn_orders.sum())
    rates = np.prod(
        [sim.rate_draws(name, len(forecast), random) for name in ("click_rate", "conversion_rate")], axis=0
    )
    views = float(world.posts.views[world.posts.campaign].sum())
    row = _row("plan", forecast.astype(float), came, random.poisson(rates * views).astype(float))
    return [{**row, "place": sim.transform(forecast, came, random)}]


def reviewed(seed: int, dated: bool) -> list[dict[str, Any]]:
    """One of the reviewed clients, with the simulator's own settings and files."""
    settings = simulate.Settings(seed=seed, creators=24, days_after=45, orders_per_day=25)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "client"
        world = sim.written(folder, sim.Drawn(seed, settings))
        if not dated:
            (folder / "exports" / "refunds.csv").unlink()
        rows = _of_ladder(sim.Drawn(seed, settings), world, open_book(folder, stage="results"))
    cell = f"reviewed, {'dated' if dated else 'undated'}"
    return [{"client": f"{cell} {seed}", "cell": cell, **row} for row in rows]


def _store(name: str, make: Any) -> None:
    done = set(pd.read_csv(ROWS).client) if ROWS.exists() else set()
    if name not in done:
        rows = pd.DataFrame(make())
        rows.to_csv(ROWS, mode="a", header=not ROWS.exists(), index=False)


@pytest.mark.slow
def test_result_ranges_hold() -> None:
    """Every figure's 90 % range holds in 87 to 93 % of 600 clients, and is hardly wider than an oracle's."""
    first, last = (int(end) for end in PART.split(":"))
    for seed in REVIEWED:
        for dated in (True, False):
            what = "dated" if dated else "undated"
            _store(f"reviewed, {what} {seed}", lambda seed=seed, dated=dated: reviewed(seed, dated))
    for seed in SEEDS:
        if first <= seed < last:
            _store(str(seed), lambda seed=seed: measure(sim.drawn_client(seed), str(seed)))
    frame = pd.read_csv(ROWS, dtype={"client": str})
    frame = frame[~frame.client.isin([f"unlike {seed}" for seed in UNLIKE])]
    print("\n" + "\n".join(lines(frame)))
    if frame.client.nunique() == len(SEEDS) + 2 * len(REVIEWED):
        for figure in FIGURES:
            rows = frame[frame.figure == figure]
            assert GOAL[0] <= _inside(rows).mean() <= GOAL[1], figure
            ratio = (rows.width / rows.oracle.where(rows.oracle > 0)).median()
            assert not ratio > WIDEST, figure


@pytest.mark.slow
def test_result_ranges_in_a_world_unlike_the_packs() -> None:
    """Reported, not tuned to: creators who sell several times what the pack assumes."""
    for seed in UNLIKE:
        made = sim.drawn_client(seed, like_packs=False)
        _store(f"unlike {seed}", lambda made=made, seed=seed: measure(made, f"unlike {seed}"))
    frame = pd.read_csv(ROWS, dtype={"client": str})
    print("\n" + "\n".join(lines(frame[frame.client.str.startswith("unlike")])))


def _inside(rows: pd.DataFrame, place: str = "place") -> pd.Series:
    return rows[place].between(*NINETY_ENDS)


def lines(frame: pd.DataFrame) -> list[str]:
    """What the study measured: pooled by figure, then by cell; creators' error clustered by client."""
    out = [f"clients {frame.client.nunique()}"]
    for figure in FIGURES:
        rows = frame[frame.figure == figure]
        if rows.empty:
            continue
        inside = _inside(rows)
        by_client = (inside - inside.mean()).groupby(rows.client).sum()
        error = 1.96 * float(np.sqrt((by_client**2).sum())) / len(rows)
        ratio = (rows.width / rows.oracle.where(rows.oracle > 0)).median()
        oracle = rows[rows.oracle_place.notna()]
        out.append(
            f"{figure}: held {inside.mean():.1%} (± {error:.1%}), below {(rows.place < 0.05).mean():.1%}, above "
            f"{(rows.place > 0.95).mean():.1%}, n {len(rows)}, median width {rows.width.median():,.0f}, "
            f"{ratio:.2f} times the oracle's, which held {_inside(oracle, 'oracle_place').mean():.1%}"
        )
        for cell, of in rows.groupby("cell"):
            out.append(f"  {cell}: held {_inside(of).mean():.1%}, n {len(of)}, off {of.off.mean():+,.0f}")
    return out
