"""The simulator: same settings, same bytes; panels like real ones; books that tie; a truth that is true."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import cache
from io import StringIO
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from creatorbook.client import read_campaign, read_client
from creatorbook.client.repository import ROOT
from creatorbook.problems import Problem
from creatorbook.sample_clients import make_sample
from creatorbook.simulate import (
    Plant,
    Settings,
    World,
    as_csv,
    growth,
    make_world,
    outcomes,
    read_settings,
    shop_layouts,
    simulate,
)
from creatorbook.simulate import people as people_module
from creatorbook.simulate import posts as posts_module

SAMPLES = ROOT / "sample_data"
NAMES = ["sorrelby", "velmora", "noorhaven", "glimmerroot", "northpin"]
RICH = NAMES[1:4]


@cache
def sample(name: str) -> World:
    return make_world(read_settings(SAMPLES / f"{name}.simulation.yml"))


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# --- sample clients


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_client_is_what_its_settings_give(name: str, tmp_path: Path) -> None:
    """Each committed sample client comes out of its committed settings and acts, byte by byte."""
    make_sample(name, tmp_path / name)
    made, committed = contents(tmp_path / name), contents(SAMPLES / name)
    assert sorted(made) == sorted(committed)
    assert [path for path in made if made[path] != committed[path]] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_client_can_be_opened(name: str) -> None:
    """Client and campaign files hold only keys the product knows, and the dates of the settings."""
    client = read_client(SAMPLES / name)
    campaign = read_campaign(client)
    settings = read_settings(SAMPLES / f"{name}.simulation.yml")
    assert (client.brand, client.currency) == (settings.brand, settings.currency)
    assert (campaign.start, campaign.end) == (settings.start, settings.end)


def test_the_thin_client_has_nothing_but_the_minimum() -> None:
    """Four files, six columns of creators, four of orders."""
    folder = SAMPLES / "northpin"
    assert sorted(contents(folder)) == [
        "campaigns/spring-hike.yml",
        "client.yml",
        "exports/creators.csv",
        "exports/orders.csv",
    ]
    creators = pd.read_csv(folder / "exports" / "creators.csv")
    orders = pd.read_csv(folder / "exports" / "orders.csv")
    assert list(creators) == ["creator", "handle", "platform", "followers", "fee", "code"]
    assert list(orders) == ["order", "date", "total", "code"]


@pytest.mark.parametrize("name", RICH)
def test_a_rich_client_has_enough_of_everything(name: str) -> None:
    """At least 40 creators from nano to macro, 90 days before and 45 after the start, one person twice."""
    world = sample(name)
    assert world.people["person"].nunique() >= 40
    assert set(world.people["tier"]) == {"nano", "micro", "macro"}
    assert (world.settings.days_before, world.settings.days_after) == (90, 45)
    assert world.people["person"].duplicated().any()
    for table in [world.posts, world.comments, world.clicks, world.survey, world.shop.refunds]:
        assert len(table) > 300


def test_all_sample_clients_are_under_25_megabytes() -> None:
    """The clone stays small."""
    assert sum(path.stat().st_size for path in SAMPLES.rglob("*") if path.is_file()) < 25e6


def test_no_date_lies_after_the_last_day() -> None:
    """Nothing is known that has not happened yet."""
    for name in RICH:
        world = sample(name)
        end = pd.Timestamp(world.settings.last_day) + pd.Timedelta(days=1)
        for moments in [
            world.posts["published_at"],
            world.comments["commented_at"],
            world.shop.orders["ordered_at"],
            world.shop.refunds["refunded_at"],
            world.survey["answered_at"],
        ]:
            assert moments.max() < end


def test_domains_are_reserved_for_examples() -> None:
    """Addresses and links lead nowhere, but to the platforms' own post pages."""
    orders = as_csv(shop_layouts.orders(sample("velmora")))
    mails = pd.Series(orders.splitlines()).str.extract(r"@([\w.-]+)")[0].dropna()
    assert mails.str.endswith(".example").all()
    assert sample("velmora").people["link"].str.contains(".example/", regex=False).all()


# --- same in, same out


SMALL = {"creators": 6, "days_before": 30, "days_after": 12, "orders_per_day": 4}


def test_same_settings_give_the_same_bytes(tmp_path: Path) -> None:
    """Two runs with one seed are equal; another seed is another client."""
    for name, seed in [("a", 3), ("b", 3), ("c", 4)]:
        simulate(tmp_path / name, Settings(seed=seed, **SMALL))
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert contents(tmp_path / "a") != contents(tmp_path / "c")


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    """Nothing of the user's is ever overwritten."""
    (tmp_path / "mine.txt").write_text("precious")
    with pytest.raises(Problem, match="not empty"):
        simulate(tmp_path, Settings(**SMALL))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_misspelt_setting_is_named(tmp_path: Path) -> None:
    """Settings files are checked as strictly as clients' files."""
    path = tmp_path / "x.simulation.yml"
    path.write_text("brand: Testbrand\nordrs_per_day: 3\n")
    with pytest.raises(Problem, match=r"line 2.*ordrs_per_day[\s\S]*orders_per_day"):
        read_settings(path)


def test_size_effects_are_drawn_by_the_seed() -> None:
    """Research disagrees on size and engagement, so every answer comes up."""
    drawn = {people_module.size_effect(Settings(seed=seed)) for seed in range(30)}
    assert drawn == {"falling", "flat", "inverted_u"}


# --- like real panels


def panel(seed: int, effect: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """People with their mean rate, and rates by account and month, of 150 creators without planted signals."""
    settings = Settings(seed=seed, creators=150, size_effect=effect, planted=[], people_with_two_handles=0)
    people = people_module.draw_people(settings)
    plants = outcomes.assign_plants(people, settings)
    posts = growth.mark_special_posts(posts_module.draw_posts(people, settings), plants, settings)
    real, shown, _ = growth.draw_followers(people, posts, plants, settings)
    posts = posts_module.add_figures(posts, people, real, settings)
    day = (posts["published_at"] - pd.Timestamp(settings.first_day)).dt.days
    posts["rate"] = (posts["likes"] + posts["comments"]) / shown[posts["account"], day]
    months = posts.assign(month=day // 30).query("month < 4").groupby(["account", "month"])["rate"].mean()
    return people.assign(rate=posts.groupby("account")["rate"].mean()), months.unstack()


@cache
def falling_panels() -> list[tuple[pd.DataFrame, pd.DataFrame]]:
    return [panel(seed, "falling") for seed in range(10)]


def size_correlation(people: pd.DataFrame) -> float:
    return float(np.corrcoef(np.log(people["followers"]), np.log(people["rate"]))[0, 1])


def test_engagement_falls_with_size_as_in_real_panels() -> None:
    """Log rate against log followers: about −0.7 (each panel −0.82 to −0.58, mean −0.77 to −0.65)."""
    found = [size_correlation(people) for people, _ in falling_panels()]
    assert all(-0.82 < value < -0.58 for value in found)
    assert -0.77 < np.mean(found) < -0.65


def test_a_creators_rate_persists_as_in_real_panels() -> None:
    """Rates of one creator, one and three months apart: log rates correlate 0.93 to 0.98 on average."""
    near = [np.log(months[0]).corr(np.log(months[1])) for _, months in falling_panels()]
    far = [np.log(months[0]).corr(np.log(months[3])) for _, months in falling_panels()]
    assert 0.93 < np.mean(near) < 0.98
    assert 0.93 < np.mean(far) < 0.98


def test_the_top_tenth_regresses_as_in_real_panels() -> None:
    """The best tenth of a month is 3 to 17 % lower in the next, on average over panels."""
    falls = []
    for _, months in falling_panels():
        full = months.dropna()
        best = full[full[0] >= full[0].quantile(0.9)]
        falls.append(1 - best[1].mean() / best[0].mean())
    assert 0.03 < np.mean(falls) < 0.17


def test_other_size_effects_look_different() -> None:
    """Flat shows no trend; the inverted U is highest in the middle."""
    people, _ = panel(1, "flat")
    assert abs(size_correlation(people)) < 0.25
    people, _ = panel(2, "inverted_u")
    thirds = people.groupby(pd.qcut(people["followers"], 3), observed=True)["rate"].median().tolist()
    assert thirds[1] > max(thirds[0], thirds[2])


# --- books


def shopify(name: str) -> pd.DataFrame:
    text = as_csv(shop_layouts.orders(sample(name)))
    return pd.read_csv(StringIO(text), dtype=str, keep_default_na=False)


@pytest.mark.parametrize("name", RICH)
def test_books_tie_to_the_cent(name: str) -> None:
    """Lines less discount are the subtotal; with shipping, and tax where it is not included, the total."""
    rows = shopify(name)
    amount = rows["Lineitem quantity"].astype(int) * _cents(rows["Lineitem price"])
    basket = amount.groupby(rows["Name"]).sum()
    orders = rows[rows["Total"] != ""].set_index("Name")
    subtotal, shipping, tax, total, discount = (
        _cents(orders[column]) for column in ["Subtotal", "Shipping", "Taxes", "Total", "Discount Amount"]
    )
    assert (basket.loc[orders.index] - discount == subtotal).all()
    added = tax if name == "glimmerroot" else 0
    assert (subtotal + shipping + added == total).all()
    assert (_cents(orders["Refunded Amount"]) <= total).all()


def _cents(values: pd.Series) -> pd.Series:
    return (values.astype(float) * 100).round().astype(int)


def test_included_tax_is_the_countrys() -> None:
    """VAT inside a German total is 19/119 of it, to the cent."""
    orders = sample("velmora").shop.orders
    german = orders[orders["country"] == "DE"]
    assert (german["tax"] - german["total"] * 0.19 / 1.19).abs().max() <= 0.0051


@pytest.mark.parametrize("name", RICH)
def test_refunds_add_up_to_the_orders_refunded_amounts(name: str) -> None:
    """Every refund belongs to one order, comes after it, and sums to what the order shows."""
    sold = sample(name).shop
    by_order = sold.refunds.groupby("order_id")["amount"].sum()
    shown = sold.orders.set_index("order_id")["refunded"]
    assert np.allclose(shown[by_order.index], by_order, atol=0.005)
    assert shown.drop(by_order.index).eq(0).all()
    placed = sold.orders.set_index("order_id")["ordered_at"]
    assert (sold.refunds["refunded_at"].to_numpy() > placed[sold.refunds["order_id"]].to_numpy()).all()


def test_order_cells_stand_on_the_first_line_only() -> None:
    """The layout's trap is there: 79 columns, blank order cells on further lines, one total per order."""
    rows = shopify("velmora")
    assert len(rows.columns) == 79
    first = ~rows["Name"].duplicated()
    assert (rows.loc[first, "Total"] != "").all()
    assert (rows.loc[~first, "Total"] == "").all()


def test_codes_are_used_as_often_as_the_discount_export_says() -> None:
    """Times used include cancelled and test orders."""
    world = sample("velmora")
    listed = shop_layouts.discounts(world).set_index("Name")["Times Used In Total"]
    used = shopify("velmora")["Discount Code"].value_counts().drop("")
    assert listed[listed > 0].to_dict() == used.to_dict()


def test_return_rate_and_margin_are_the_settings() -> None:
    """Over the whole shop, what comes back and what goods cost is what was asked for."""
    for name in RICH:
        world = sample(name)
        sold = world.shop.orders[world.shop.orders["cancelled_at"].isna()]
        rate = sold["true_returned"].sum() / (sold["total"] - sold["shipping"]).sum()
        assert rate == pytest.approx(world.settings.return_rate, rel=0.12)
        products = world.shop.products
        tax = world.settings.tax_rates[world.settings.market] if world.settings.prices_include_tax else 0
        margin = 1 - products["cost"].sum() / (products["price"].sum() / (1 + tax))
        assert margin == pytest.approx(world.settings.margin, abs=0.03)


# --- truth


def truth(name: str, table: str) -> pd.DataFrame:
    return pd.read_csv(SAMPLES / name / "truth" / f"{table}.csv", dtype={"post_id": str})


@pytest.mark.parametrize("name", RICH)
def test_everything_planted_is_told(name: str) -> None:
    """Each planted thing of the settings is in the truth, with its creators."""
    told = truth(name, "planted").groupby("kind").size()
    asked: dict[str, int] = {}
    for plant in sample(name).settings.planted:
        asked[plant.kind] = asked.get(plant.kind, 0) + plant.creators
    assert told.to_dict() == asked


@pytest.mark.parametrize("name", RICH)
def test_bought_followers_show_in_the_history_and_nowhere_else(name: str) -> None:
    """Shown followers exceed real ones by the told number; views do not follow; others have no surplus."""
    world = sample(name)
    surplus = (world.shown_followers - world.real_followers).max(axis=1)
    bought = world.plants[world.plants["kind"] == "bought_followers"]
    for plant in bought.itertuples():
        assert surplus[plant.account] == pytest.approx(plant.followers, rel=0.6)
        assert surplus[plant.account] > 0.02 * world.people.at[plant.account, "followers"]
    assert surplus[~world.people.index.isin(bought["account"])].max() <= 0.5


def test_strengths_differ_in_size() -> None:
    """Weak is hard to see, strong is not."""
    sizes = [growth.BOUGHT[strength] for strength in ["weak", "medium", "strong"]]
    assert all(low[1] < high[0] for low, high in pairwise(sizes))


def test_a_viral_post_brings_views_and_followers() -> None:
    """The innocent jump has a post that explains it."""
    world = sample("velmora")
    for plant in world.plants[world.plants["kind"] == "viral_post"].itertuples():
        own = world.posts[world.posts["account"] == plant.account]
        star = own[own["special"] == "viral_post"].iloc[0]
        assert star["views"] > 5 * own["views"].median()
        assert plant.followers > 0.04 * world.people.at[plant.account, "followers"]


def test_label_mistakes_are_in_the_captions() -> None:
    """Told label mistakes can be read in the post, and other campaign posts start with their label."""
    posts = sample("velmora").posts.set_index("post_id")
    for row in truth("velmora", "planted").query("kind == 'label'").itertuples():
        caption = posts.at[row.post_id, "caption"]
        start = caption[:14]
        assert not any(word in start for word in ["Werbung", "Anzeige", "Publicité", "Collab", "Ad ", "AD "])
        assert start.startswith("#ad") == (row.shape == "other_language")
        assert ("#gifted" in caption) == (row.shape == "gifted_only")
    fine = posts[posts["campaign"] & (posts["label_mistake"] == "")]["caption"].str[:14].str.lower()
    assert fine.str.contains("werbung|anzeige|publicité|collaboration|ad").all()


def test_leaked_orders_come_after_the_leak_and_use_the_code() -> None:
    """Orders by a leak carry that creator's code, from the told day on."""
    world = sample("velmora")
    orders = world.shop.orders.set_index("order_id")
    leaks = truth("velmora", "planted").query("kind == 'leaked_code'")
    told = truth("velmora", "orders").query("cause == 'leak'")
    assert len(told) == leaks["size"].sum()
    for leak in leaks.itertuples():
        mine = orders.loc[told.loc[told["creator"] == leak.creator, "order_id"]]
        assert mine["code"].nunique() == 1
        assert mine["ordered_at"].min() >= pd.Timestamp(leak[9])  # the column “from”


def test_lucky_and_quiet_results_mislead() -> None:
    """The lucky one is average and drew far more; the quiet one is among the best and drew fewer."""
    for name in RICH:
        results = sample(name).results.set_index("planted")
        lucky, quiet = results.loc["lucky_result"], results.loc["quiet_winner"]
        active = results[results["expected_orders"] > 0]["expected_orders"]
        assert lucky["drawn_orders"] > 1.4 * lucky["expected_orders"]
        assert lucky["expected_orders"] <= active.quantile(0.75)
        assert quiet["drawn_orders"] < quiet["expected_orders"]
        assert quiet["expected_orders"] >= active.quantile(0.85)


def test_days_of_the_tracking_gap_are_not_in_the_analytics_file() -> None:
    """Missing days are missing, not zero."""
    for name in ["velmora", "glimmerroot"]:
        world = sample(name)
        assert len(world.gap) >= 2
        assert not world.sessions["day"].isin(world.gap).any()
    assert not sample("noorhaven").clicks.empty
    assert len(sample("noorhaven").click_gap) >= 2


def test_pod_members_come_early_and_often() -> None:
    """A pod's members comment within the first hours under most posts of each other."""
    world = sample("noorhaven")
    pod = world.comments[world.comments["true_kind"] == "pod"]
    published = world.posts.set_index("post_id")["published_at"]
    minutes = (pod["commented_at"] - pod["post_id"].map(published)).dt.total_seconds() / 60
    assert minutes.median() < 60
    assert set(pod["commenter"]) <= set(world.pods["commenter"])
    assert pod.groupby("account")["commenter"].nunique().min() >= 5


@hypothesis_settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    st.integers(0, 10_000),
    st.integers(1, 9),
    st.integers(0, 40),
    st.integers(1, 40),
    st.sampled_from([0, 0.5, 6]),
    st.sampled_from(["womenswear", "modest", "skincare", "outdoor"]),
)
def test_any_small_client_can_be_made(
    seed: int, creators: int, before: int, after: int, orders: float, niche: str
) -> None:
    """Few creators, no history, no orders: still a client, and every creator's order comes after a post."""
    world = make_world(
        Settings(
            seed=seed,
            creators=creators,
            days_before=before,
            days_after=after,
            orders_per_day=orders,
            niche=niche,
            planted=[
                Plant(kind="bought_followers"),
                Plant(kind="leaked_code"),
                Plant(kind="pod", creators=2),
            ],
        )
    )
    made = world.shop.orders[world.shop.orders["cause"] == "creator"]
    published = world.posts["published_at"].reindex(made["post"]).to_numpy()
    late = made["ordered_at"].to_numpy() >= published - np.timedelta64(1, "D")
    assert late.all()
    assert world.settings.start == date(2026, 3, 9)
