"""The next wave, and what the outlook rests on: few creators, known truth, nothing promised that is not there."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from books import make_book
from campaign_draws import draw
from creatorbook import roi
from creatorbook.book import Book
from creatorbook.finance.claims import double_claims
from creatorbook.findings import Note, written
from creatorbook.roi.creator_results import creator_results
from creatorbook.roi.creators import overlap_counts
from creatorbook.roi.next_wave import chosen_for_next, funded_share, suggested
from creatorbook.roi.outlook import CARRY_OVER, OrderCosts, Traced, next_rates, predictive_outlook
from creatorbook.roi.recommendation import clauses
from creatorbook.stats.shrinkage import CountDraws, count_draws, mean_draws, share_draws
from roi_books import creators_frame, orders_frame, random_campaign

STRONG, WEAK = [f"S{letter}10" for letter in "ABCDEF"], [f"W{letter}10" for letter in "ABCDEF"]


def _book() -> Book:
    """Six creators with thirty orders each and six with two, all at the same fee."""
    counts = dict.fromkeys(STRONG, 30) | dict.fromkeys(WEAK, 2)
    creators = creators_frame([*STRONG, *WEAK], fee=300.0)
    return make_book(
        {"orders": orders_frame(counts), "creators": creators},
        client={"tax_rate": 0.0, "economics": {"margin": 0.5, "return_rate": 0.0}},
    )


def test_ranges_of_counts_baskets_and_returns_hold() -> None:
    """Each part's 90 % ranges hold the truth in about nine of ten units, 40 panels of 30 units."""
    random, covered = np.random.default_rng(5), {"rates": [], "means": [], "shares": []}
    for _ in range(40):
        group = random.integers(0, 3, 30)
        rates = np.exp(random.normal(0, 0.6, 30)) * np.array([4, 8, 14])[group]
        counts = random.poisson(rates)
        covered["rates"].append(_held(count_draws(counts, [group.astype(str)], random, 800).expected, rates))
        means, n = random.normal(4, 0.2, 30), np.maximum(counts, 1)
        seen = means + random.normal(0, 0.5, 30) / np.sqrt(n)
        covered["means"].append(_held(mean_draws(seen, 0.25 / n, random, 800), means))
        shares = 1 / (1 + np.exp(-random.normal(-1, 0.5, 30)))
        covered["shares"].append(_held(share_draws(random.binomial(n, shares), n, random, 800), shares))
    assert all(0.85 <= np.mean(values) <= 0.95 for values in covered.values()), covered


def test_few_orders_take_their_returns_from_what_is_usual() -> None:
    """Four of ten came back where 20 % are usual: near those; eight hundred of two thousand: their own 40 %."""
    for each, low, high in ((0.5, 0.19, 0.25), (100.0, 0.37, 0.41)):
        trials = np.full(20, each)
        shares = share_draws(0.4 * trials, trials, np.random.default_rng(1), 4000, (0.2, 0.03))
        assert low < shares.mean() < high
    alone = share_draws(np.full(20, 0.2), np.full(20, 0.5), np.random.default_rng(1), 4000)
    assert alone.mean() > 0.33


def _held(draws: np.ndarray, truth: np.ndarray) -> float:
    low, high = np.quantile(draws, [0.05, 0.95], axis=1)
    return float(((low <= truth) & (truth <= high)).mean())


@pytest.mark.parametrize("shape", [0.5, 1.0, 2.5, 8.0])
def test_creators_of_the_next_campaign_differ_no_more_than_of_this_one(shape: float) -> None:
    """Rates of two campaigns correlate as is said, 0.95; their mean and their spread stay as they are."""
    random, n = np.random.default_rng(3), 200_000
    now = 3.0 * random.gamma(shape, 1 / shape, (1, n))
    drawn = CountDraws(now, np.full((1, n), 3.0), np.full(n, shape), np.ones(n))
    later = next_rates(drawn, np.random.default_rng(4))
    assert np.corrcoef(now[0], later[0])[0, 1] == pytest.approx(CARRY_OVER, abs=0.004)
    assert later.mean() == pytest.approx(now.mean(), rel=0.01)
    assert later.std() == pytest.approx(now.std(), rel=0.02)


def test_an_outlook_promises_what_comes() -> None:
    """Over 12 campaigns of known truth, mean promised and mean true profit of creators lie close together."""
    promised, true = [], []
    for seed in range(2_000_000, 2_000_012):
        world = draw(seed)
        orders, n = world.orders, len(world.fee)
        traced = Traced(orders.creator, orders.net, orders.back, np.ones(len(orders.net)))
        inputs = {"shipping_cost": world.per_order, "handling_per_return": world.per_return}
        costs = OrderCosts(1 - world.margin, inputs=inputs)
        counts = np.bincount(orders.creator, minlength=n)
        outlook = predictive_outlook(
            counts, [world.tier], traced, costs, world.commission, np.random.default_rng(1)
        )
        promised.append(outlook.earned.mean())
        true.append((world.next_orders * world.left).mean())
    assert np.mean(promised) == pytest.approx(np.mean(true), rel=0.12)


def test_the_next_wave_keeps_to_what_pays_and_to_the_money() -> None:
    """Strong creators are in and sure of their place, weak ones out; cost stays within the budget, part is kept."""
    wave = suggested(_book())
    assert wave is not None
    assert {name[0] for name in wave.frame.creator} == {"S"}
    assert wave.cost <= wave.budget - wave.for_newcomers + 0.01
    assert (wave.frame.funded > 0.5).all()
    assert roi.next_wave(_book()).figures["roi.next_wave_result"].value > 0


@pytest.mark.parametrize("agency", [None, 500.0, 20_000.0])
def test_a_next_wave_carries_its_share_of_agency_fee_and_tools(agency: float | None) -> None:
    """Named creators bear what the whole campaign costs besides by their part of the wave's money; the sentence too."""
    plain = _book()
    book = replace(plain, campaign=plain.campaign.model_copy(update={"agency_fee": agency}))
    wave, before = suggested(book), roi.next_wave(plain).figures["roi.next_wave_result"].value
    assert wave is not None
    share = (agency or 0.0) * wave.cost / (wave.cost + wave.for_newcomers)
    after = roi.next_wave(book).figures["roi.next_wave_result"].value
    assert before is not None
    assert after == pytest.approx(before - share, abs=1)
    text = " ".join(written(clause.text, book.formats) for clause in clauses(book))
    amount = book.formats.money(abs(after))
    assert (
        f"should {'leave' if after > 0 else 'lose'} about {amount} on traced sales, after its share of agency fee"
        in text
    )
    assert (after < 0) == (agency == 20_000)


def test_thompson_shares_say_how_sure_a_place_is() -> None:
    """A surely good creator is funded in every draw, a surely bad one in none, an open one in some."""
    random = np.random.default_rng(1)
    earned = np.vstack([np.full(200, 300.0), np.full(200, 20.0), 100 + random.normal(0, 80, 200)])
    funded = funded_share(earned, np.full(3, 100.0), 300.0)
    assert funded[0] == 1.0
    assert funded[1] == 0.0
    assert 0.2 < funded[2] < 0.8
    assert chosen_for_next(earned, np.full(3, 100.0), 100.0) == [0]


def test_chances_are_chances() -> None:
    """Paying back, beating the others of the size and the best fifth lie between 0 and 1; strong ones ahead."""
    frame = creator_results(_book()).frame
    for name in ("chance", "beats", "top"):
        assert frame[name].between(0, 1).all()
        strong = frame.creator.str.startswith("S")
        assert frame[name][strong].min() > frame[name][~strong].max()


def test_every_clause_of_the_recommendation_rests_on_a_figure() -> None:
    """Keys and slots named beneath the recommendation exist among the findings of the step."""
    too_early = random_campaign(4)
    for book in (_book(), too_early, too_early.changed(exchange_rates={"NOK": 1.05, "PLN": 0.23})):
        items = [item for name in roi.__all__ if name not in {"claimed_orders", "ladder_by"}
                 for item in getattr(roi, name)(book).items]  # fmt: skip
        keys = {item.key for item in items if hasattr(item, "key")}
        keys |= {item.slot for item in items if isinstance(item, Note) and item.slot}
        named = {key for clause in clauses(book) for key in clause.rests_on.split(", ")}
        assert named - {"roi.caused"} <= keys


def test_double_claims_name_everybody_once() -> None:
    """An order whose evidence names two people is listed once, with who gets it and who does not."""
    book = random_campaign(6)
    claims = double_claims(book)
    assert claims.order_id.is_unique
    assert len(claims) == overlap_counts(book).split.sum()
    assert (claims.creator != claims.others).all()


def test_gifts_tell_post_rate_and_days() -> None:
    """Two of four gifted creators posted, on days 3 and 5 of the campaign."""
    days = pd.to_datetime(["2026-03-05", "2026-03-07", None, None])
    creators = creators_frame(["A10", "B10", "C10", "D10"], gift_cost=20.0, posted_on=days)
    figures = roi.gifts(make_book({"creators": creators, "orders": orders_frame({"A10": 1})})).figures
    assert figures["roi.post_rate"].value == 0.5
    assert figures["roi.days_to_post"].value == 4
    assert figures["roi.post_rate"].low < 0.5 < figures["roi.post_rate"].high


def test_earned_media_value_only_for_those_who_ask() -> None:
    """Without the assumption nothing is shown; with it a spread of formulas, and no figure for the summary."""
    posts = pd.DataFrame({
        "post_id": ["p"], "handle": ["anna"], "platform": ["instagram"], "published_at": [pd.Timestamp("2026-03-05")],
        "sponsored": [True], "views": [20000.0], "likes": [800.0], "comments": [40.0],
    })  # fmt: skip
    tables = {"posts": posts, "creators": creators_frame(["ANNA10"])}
    asked = make_book(
        tables, client={"exchange_rates": {"USD": 1.0}}, campaign={"assumptions": {"earned_media": 1}}
    )
    assert not roi.earned_media(make_book(tables)).tables
    findings = roi.earned_media(asked)
    assert sorted(findings.tables["roi.earned_media"].frame.value) == [120, 194, 300, 400]
    assert not findings.figures


def test_creators_own_results_say_nothing_about_others_or_pay() -> None:
    """What is sent back holds no fee, cost, profit or decision."""
    columns = set(roi.send_back(_book()).tables["roi.send_back"].columns)
    assert columns == {"creator", "posts", "views", "answers", "orders", "sentence"}


@pytest.mark.parametrize(
    "playbook", ["styling_challenge", "live_shopping", "capsule_edit", "retail_popup", "organic_seeding", "new_market",
                 "seasonal_lookbook", "message_test", "niche_test", "shop_conversion"]
)  # fmt: skip
def test_each_playbook_has_a_reading(playbook: str) -> None:
    """With few files each reading says what it needs; nothing fails."""
    for book in (_book(), random_campaign(2), make_book()):
        assert roi.playbook_reading(book.changed(playbook=playbook)).notes


def test_store_sales_are_read_store_by_store() -> None:
    """Sales in the campaign against as many days before, local creators marked."""
    days = pd.to_datetime(["2026-02-20", "2026-03-10"] * 2)
    sales = pd.DataFrame(
        {"date": days, "store": ["Kiel"] * 2 + ["Bonn"] * 2, "sales": [100.0, 150.0, 100.0, 90.0]}
    )
    creators = creators_frame(["ANNA10"], place="Kiel")
    book = make_book({"store_sales": sales, "creators": creators}, campaign={"playbook": "retail_popup"})
    frame = roi.playbook_reading(book).tables["roi.stores"].frame.set_index("place")
    assert frame.change["Kiel"] == 0.5
    assert frame.local["Kiel"] == "yes"
    assert frame.change["Bonn"] == -0.1
