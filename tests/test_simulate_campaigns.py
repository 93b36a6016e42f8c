"""Several simulated campaigns: what was planted is found again by simple estimates, and each counts its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from creatorbook.campaign.people import everybody
from creatorbook.campaign.posts import campaign_posts
from creatorbook.finance.claims import claimed_orders
from creatorbook.finance.order_values import window
from creatorbook.opening import open_book
from creatorbook.problems import Problem
from creatorbook.simulate import (
    Plant,
    Settings,
    World,
    make_world,
    outcomes,
    prices,
    read_settings,
    write_client,
)
from creatorbook.simulate import people as people_module
from creatorbook.simulate.campaigns import OneCampaign, draw_abilities, draw_earlier, expected_in
from creatorbook.simulate.repeats import repeated_results
from creatorbook.simulate.settings import EarlierCampaign, OtherCampaign
from test_simulate import contents

AUTUMN: dict[str, Any] = {"campaign": "autumn-coats", "start": "2025-09-22", "share_of_creators": 0.6}
WINTER = {"campaign": "winter", "start": "2025-12-01", "days": 21, "budget": 5000, "goal": "content"}
SUMMER = {"campaign": "summer", "start": "2026-06-01"}
SMALL: dict[str, Any] = {
    "seed": 3, "creators": 12, "days_before": 30, "days_after": 40, "orders_per_day": 5, "planted": [],
}  # fmt: skip
EARLIER: dict[str, Any] = {"earlier": [AUTUMN, WINTER], "upcoming": SUMMER}


# --- abilities, luck and fees, of many creators


@dataclass(frozen=True)
class History:
    """Three campaigns of many creators, drawn without a shop."""

    settings: Settings
    people: pd.DataFrame
    campaigns: tuple[OneCampaign, ...]
    abilities: pd.DataFrame


def many(seed: int, **chosen: float) -> Settings:
    return Settings(
        seed=seed,
        creators=400,
        people_with_two_handles=0,
        never_posted=0,
        planted=[],
        earlier=[{**AUTUMN, "share_of_creators": 1}, WINTER],
        upcoming=SUMMER,
        **chosen,
    )


@cache
def history(seed: int, **chosen: float) -> History:
    settings = many(seed, **chosen)
    people = people_module.draw_people(settings)
    results = outcomes.draw_results(people, settings)
    abilities = draw_abilities(results, settings)
    followers = np.repeat(people["followers"].to_numpy()[:, None], settings.days, axis=1)
    last = OneCampaign(settings, people, pd.DataFrame(), results)
    return History(settings, people, (*draw_earlier(last, abilities, followers), last), abilities)


def beyond_size(drawn: History, column: str) -> pd.DataFrame:
    """Logarithms of orders by campaign, less what a regression on size and engagement explains."""
    main = drawn.people
    regressors = np.column_stack([np.ones(len(main)), np.log(main["followers"]), np.log(main["true_rate"])])
    logs = pd.DataFrame({one.name: np.log(one.results[column] + 0.5) for one in drawn.campaigns})
    return logs - regressors @ np.linalg.lstsq(regressors, logs.to_numpy(), rcond=None)[0]


def mean_correlation(frames: list[pd.DataFrame]) -> float:
    """Mean correlation of different campaigns."""
    correlations = [frame.corr().to_numpy()[np.triu_indices(frame.shape[1], 1)] for frame in frames]
    return float(np.mean(correlations))


@pytest.mark.parametrize("persistence", [0.0, 0.5, 1.0])
def test_abilities_last_as_planted(persistence: float) -> None:
    """Abilities of two campaigns correlate at the persistence, the upcoming one's too; their spread is the same."""
    spread, drawn = Settings().order_spread, []
    for seed in range(6):
        settings = many(seed, persistence=persistence)
        results = outcomes.draw_results(people_module.draw_people(settings), settings)
        drawn.append(draw_abilities(results, settings))
    by_campaign = [one.drop(columns=["person", "lasting"]) for one in drawn]
    assert mean_correlation(by_campaign) == pytest.approx(persistence, abs=0.05)
    assert all(list(frame) == ["autumn-coats", "winter", "summer", "spring"] for frame in by_campaign)
    spreads = np.mean([frame.std().to_numpy() for frame in by_campaign], axis=0)
    assert spreads == pytest.approx(np.full(4, spread), rel=0.05)
    lasting = np.mean([one["lasting"].var() for one in drawn])
    assert lasting == pytest.approx(persistence * spread**2, rel=0.1)


@pytest.mark.parametrize("column", ["expected_orders", "drawn_orders"])
@pytest.mark.parametrize("persistence", [0.0, 0.5, 1.0])
def test_orders_beyond_size_correlate_as_planted(persistence: float, column: str) -> None:
    """Where there are so many orders that luck hardly counts, results tell the persistence."""
    drawn = [history(seed, persistence=persistence, orders_per_creator=2000.0) for seed in range(2)]
    correlation = mean_correlation([beyond_size(one, column) for one in drawn])
    assert correlation == pytest.approx(persistence, abs=0.07)


def test_luck_does_not_last() -> None:
    """With few orders the same people's results correlate far less, and the best of one campaign fall back."""
    drawn = [history(seed, persistence=1.0, orders_per_creator=4.0) for seed in range(2)]
    assert mean_correlation([beyond_size(one, "drawn_orders") for one in drawn]) < 0.75
    for one in drawn:
        first, second = (campaign.results for campaign in one.campaigns[:2])
        luck = [(part["drawn_orders"] - part["expected_orders"]).to_numpy() for part in (first, second)]
        assert abs(np.corrcoef(*luck)[0, 1]) < 0.15
        best = (first["drawn_orders"] >= first["drawn_orders"].quantile(0.9)).to_numpy()
        assert second["drawn_orders"][best].mean() < 0.95 * first["drawn_orders"][best].mean()


@pytest.mark.parametrize("elasticity", [0.0, 0.3, 0.8])
def test_fees_answer_the_last_result_as_planted(elasticity: float) -> None:
    """A regression of the fee's change on the result finds the elasticity; what it leaves has the planted spread."""
    drawn = history(1, price_answers=elasticity, fee_level=50.0)
    asked = prices.draw_prices(drawn.people, drawn.campaigns, drawn.settings)
    logs = np.log(asked.pivot(index="person", columns="campaign", values="asked"))
    names = [one.name for one in drawn.campaigns] + ["summer"]
    results, changes = [], []
    for place, one in enumerate(drawn.campaigns):
        results.append(prices.result_of(one, logs.index.to_series()))
        changes.append((logs[names[place + 1]] - logs[names[place]]).to_numpy())
    slope, _ = np.polyfit(np.concatenate(results), np.concatenate(changes), 1)
    assert slope == pytest.approx(elasticity, abs=0.03)
    left = np.concatenate(changes) - slope * np.concatenate(results)
    assert left.std() == pytest.approx(drawn.settings.price_noise, rel=0.1)


def test_rooms_are_as_planted_and_the_same_in_every_campaign() -> None:
    """Reservation prices lie below what is asked by the planted share on average; nobody's room changes."""
    drawn = history(2, price_room=0.25, fee_level=50.0)
    asked = prices.draw_prices(drawn.people, drawn.campaigns, drawn.settings)
    room = (1 - asked["reservation"] / asked["asked"]).groupby(asked["person"]).agg(["mean", "std"])
    assert room["mean"].mean() == pytest.approx(0.25, abs=0.03)
    assert room["std"].max() < 1e-4
    assert (asked["ends_talks_below"] < asked["reservation"]).all()


RANKS = {"declines": 0, "counters": 1, "accepts": 2}
MONEY = st.integers(0, 300_000).map(lambda cents: cents / 100)


@given(
    MONEY, MONEY, st.integers(1, 400).map(lambda fives: fives * 5.0), st.floats(0, 1), st.floats(0.5, 0.85)
)
def test_answers_to_offers_are_monotone_and_keep_their_word(
    one: float, other: float, asked: float, room: float, ends: float
) -> None:
    """A better offer gets no worse answer; a counter-offer lies between both prices, and taking it up works."""
    reservation = round(asked * (1 - room), 2)
    quote = prices.Quote(asked, reservation, round(reservation * ends, 2))
    low, high = sorted((one, other))
    worse, better = prices.answer_to(low, quote), prices.answer_to(high, quote)
    assert RANKS[worse.kind] <= RANKS[better.kind]
    assert prices.answer_to(low, quote) == worse
    if worse.kind == better.kind == "counters":
        assert worse.price <= better.price
    for offer, answer in ((low, worse), (high, better)):
        assert (answer.kind == "accepts") == (offer >= reservation)
        assert (answer.price is None) == (answer.kind == "declines")
        if answer.kind == "counters":
            assert offer < answer.price <= asked
            assert prices.answer_to(answer.price, quote) == ("accepts", answer.price)
        if answer.kind == "accepts":
            assert answer.price <= asked


def test_what_is_no_offer_is_refused() -> None:
    """No money, no answer."""
    for offer in (-1.0, float("nan"), float("inf")):
        with pytest.raises(Problem, match="not an offer"):
            prices.answer_to(offer, prices.Quote(100, 80, 50))


# --- a written client


@cache
def world(**chosen: Any) -> World:
    return make_world(Settings(**SMALL, **EARLIER, price_answers=0.3, price_room=0.2, **chosen))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("several") / "client"
    write_client(folder, world())
    return folder


@pytest.mark.parametrize("place", range(3))
def test_each_campaign_counts_its_own_posts_orders_and_people(client: Path, place: int) -> None:
    """Opened by itself, a campaign finds the posts, the orders by code and the people that truth tells for it."""
    drawn = world()
    one = drawn.campaigns[place]
    book = open_book(client, one.name)
    assert book.stage == "results"
    own_posts = drawn.posts.loc[drawn.posts["of"] == one.name, "post_id"]
    assert set(campaign_posts(book)["post_id"]) == set(own_posts)
    assert len(own_posts) > 5
    truth = pd.read_csv(client / "truth" / "orders.csv").set_index("order_id")
    day = drawn.shop.orders.set_index("order_id")["ordered_at"].dt.date
    first, last = window(book)
    own = (truth["campaign"] == one.name) & truth["shows"].isin(["code", "both"])
    orders = set(truth.index[own & (day >= first) & (day <= last)])
    claimed = claimed_orders(book)
    assert {"#" + name.lstrip("#") for name in claimed.loc[claimed["claim"] == "code", "order_id"]} == orders
    assert len(orders) > 20
    people = everybody(book)
    took_part = set(people.loc[people["took_part"], "person"])
    assert took_part == set(one.people.loc[one.takes_part, "creator"])
    share = AUTUMN["share_of_creators"] if one.name == AUTUMN["campaign"] else 1
    assert len(took_part) == round(share * SMALL["creators"])


def test_campaign_files_hold_what_the_settings_tell(client: Path) -> None:
    """Own days, budget and goal, else the last campaign's; an earlier one reports as of the eve of the next."""
    autumn, winter = (open_book(client, name).campaign for name in ("autumn-coats", "winter"))
    assert (str(winter.start), str(winter.end), str(autumn.end)) == ("2025-12-01", "2025-12-21", "2025-10-19")
    assert (winter.budget, winter.goal) == (5000, "content")
    assert (autumn.budget, autumn.goal) == (12000, "sales")
    assert str(autumn.as_of) == "2025-11-30"


def test_a_planned_campaign_is_a_file_and_nothing_else(client: Path) -> None:
    """Opened by name, or as the one that starts last, it is a plan; no post, order or code is its own."""
    book = open_book(client)
    assert (book.campaign.id, book.stage) == ("summer", "plan")
    drawn = world()
    assert "summer" not in set(drawn.posts["of"]) | set(drawn.shop.orders["campaign"])
    assert not (client / "campaigns" / "summer.links.csv").exists()
    rows = pd.read_csv(client / "truth" / "campaigns.csv").query("campaign == 'summer'")
    assert len(rows) == SMALL["creators"]
    assert rows["expected_orders"].gt(0).all()
    assert rows["drawn_orders"].isna().all()


def test_the_list_holds_the_latest_fee_and_the_cost_sheet_each_campaigns(client: Path) -> None:
    """Quotes in the truth are the list's fees and the cost sheet's, and can be bargained with."""
    quoted = pd.read_csv(client / "truth" / "prices.csv")
    asked = quoted.pivot(index="creator", columns="campaign", values="asked")
    fees = pd.read_csv(client / "exports" / "creators.csv").dropna(subset=["fee"]).set_index("creator")["fee"]
    sheet = pd.read_csv(client / "exports" / "costs.csv").query("kind == 'fee'").set_index("creator")
    paid = {name: rows["amount"] for name, rows in sheet.groupby("campaign")}
    assert fees[fees > 0].to_dict() == asked["summer"].to_dict()
    assert len(asked) > 3
    assert list(paid) == ["autumn-coats", "spring", "winter"]
    assert paid["spring"].to_dict() == asked["spring"].to_dict() != asked["summer"].to_dict()
    assert paid["autumn-coats"].to_dict() == asked["autumn-coats"][paid["autumn-coats"].index].to_dict()
    for quote in prices.quotes(quoted, "summer").values():
        assert prices.answer_to(quote.asked, quote) == ("accepts", quote.asked)
        assert prices.answer_to(0, quote).kind == "declines"


def test_truth_of_campaigns_adds_up(client: Path) -> None:
    """Drawn orders of each campaign and person are those the orders' truth gives to them."""
    rows = pd.read_csv(client / "truth" / "campaigns.csv").dropna(subset=["drawn_orders"])
    orders = pd.read_csv(client / "truth" / "orders.csv").query("cause == 'creator'")
    made = orders.groupby(["campaign", "creator"]).size()
    drawn = rows.set_index(["campaign", "creator"])["drawn_orders"]
    assert drawn[drawn > 0].astype(int).to_dict() == made.to_dict()


def test_earlier_campaigns_leave_the_last_one_as_it_was() -> None:
    """What the last campaign's creators are worth and drew does not hang on what ran before."""
    alone = make_world(Settings(**SMALL))
    pd.testing.assert_frame_equal(alone.results, world().results)


def test_codes_recur_only_where_asked_for() -> None:
    """Codes of an earlier campaign are its own, or the creators' own for good."""
    last = world().campaigns[-1].people["code"]
    assert not set(world().campaigns[0].people["code"]) & set(last)
    recurring = make_world(Settings(**(SMALL | {"creators": 3}), earlier=[AUTUMN], codes_recur=True))
    assert recurring.campaigns[0].people["code"].tolist() == recurring.people["code"].tolist()


def test_campaigns_that_begin_with_one_word_have_codes_of_their_own() -> None:
    """Two winters are told apart by their whole names."""
    both = [{"campaign": f"winter-{year}", "start": f"{year}-12-01"} for year in (2024, 2025)]
    made = make_world(Settings(**(SMALL | {"creators": 3}), earlier=both))
    first, second, last = (set(one.people["code"]) for one in made.campaigns)
    assert not first & second
    assert not (first | second) & last


def test_same_settings_give_the_same_bytes(client: Path, tmp_path: Path) -> None:
    """Several campaigns are drawn as surely as one, from a settings file too."""
    path = tmp_path / "x.simulation.yml"
    lines = [f"{key}: {value}" for key, value in (SMALL | EARLIER).items()]
    path.write_text("\n".join([*lines, "price_answers: 0.3", "price_room: 0.2"]).replace("'", ""))
    write_client(tmp_path / "again", make_world(read_settings(path)))
    assert contents(tmp_path / "again") == contents(client)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("earlier: [{campaign: a, start: 2026-03-01}]", "spring begins before a has ended"),
        (
            "earlier: [{campaign: a, start: 2025-03-01}, {campaign: b, start: 2025-03-28}]",
            "b begins before a has ended",
        ),
        ("earlier: [{campaign: spring, start: 2025-03-01}]", "two campaigns have one name"),
        ("upcoming: {campaign: b, start: 2026-03-20}", "b begins before spring has ended"),
        ("upcoming: {campaign: spring, start: 2026-06-20}", "two campaigns have one name"),
        ("earlier: [{campaign: ../x, start: 2025-03-01}]", "campaign"),
    ],
)
def test_campaigns_in_one_anothers_way_are_refused(tmp_path: Path, lines: str, message: str) -> None:
    """Days that overlap and names that recur are a mistake of the settings file, told with its line."""
    path = tmp_path / "x.simulation.yml"
    path.write_text(f"brand: Testbrand\n{lines}\n")
    with pytest.raises(Problem, match=message):
        read_settings(path)


@hypothesis_settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    st.integers(0, 10_000),
    st.integers(1, 4),
    st.sampled_from([0.0, 0.3, 1.0]),
    st.floats(0.01, 1),
    st.sampled_from([0, 2]),
    st.sampled_from([0.0, 0.9]),
)
def test_any_small_history_can_be_made(
    seed: int, creators: int, persistence: float, share: float, orders: int, quiet: float
) -> None:
    """Few creators, nobody who posts, no orders: still a client, and every order comes after a post of its campaign."""
    made = make_world(
        Settings(
            seed=seed, creators=creators, persistence=persistence, orders_per_day=orders, days_before=3,
            days_after=20, never_posted=quiet, pay={"gift": 0.5, "fee": 0.5}, order_spread=persistence,
            earlier=[{**AUTUMN, "share_of_creators": share, "days": 1}], upcoming=SUMMER,
        )
    )  # fmt: skip
    orders_made = made.shop.orders[made.shop.orders["cause"] == "creator"]
    posts = made.posts.loc[orders_made["post"]]
    assert (posts["of"].to_numpy() == orders_made["campaign"].to_numpy()).all()
    late = orders_made["ordered_at"].to_numpy() >= posts["published_at"].to_numpy() - np.timedelta64(1, "D")
    assert late.all()


def test_results_alone_are_those_of_the_whole_world() -> None:
    """Lessons draw who brought what without posts, orders or files: the same people, the same truth, the same luck."""
    settings = Settings(
        creators=8, orders_per_day=2, commented_posts=0, comments_per_post=1, people_with_two_handles=0, never_posted=0,
        planted=[Plant(kind="lucky_result")], start=date(2026, 3, 9), campaign_days=14, days_before=5, days_after=20,
        earlier=[EarlierCampaign(campaign="autumn", start=date(2026, 2, 9), days=14)],
        upcoming=OtherCampaign(campaign="summer", start=date(2026, 6, 1)),
    )  # fmt: skip
    world, alone = make_world(settings), repeated_results(settings)
    earlier, last = world.campaigns
    assert alone.spring_orders.tolist() == last.results.drawn_orders.tolist()
    assert alone.autumn_orders.tolist() == earlier.results.drawn_orders.tolist()
    assert alone.autumn_expected.tolist() == earlier.results.expected_orders.tolist()
    assert alone.handle.tolist() == world.people.handle[last.results.account].tolist()
    assert settings.upcoming is not None
    expected = expected_in(settings.upcoming, last, world.abilities)
    assert alone.summer_expected.tolist() == expected.expected_orders.tolist()
