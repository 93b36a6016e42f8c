"""Decisions on creators: ranges before ranks, and few wrong renewals."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from books import make_book
from creatorbook import roi
from creatorbook.book import Book
from creatorbook.campaign.sizes import defined_sizes
from creatorbook.finance.exposure import KINDS, exposure
from creatorbook.roi.creator_results import creator_results
from creatorbook.roi.decision_rule import FALSE_RENEWALS, RENEW_FROM, decisions_by_rule, renewable
from creatorbook.stats.shrinkage import share_draws
from roi_books import creators_frame, orders_frame


def _book(
    counts: dict[str, int], fee: float = 200.0, margin: float | None = 0.55, **campaign: object
) -> Book:
    return make_book(
        {"orders": orders_frame(counts), "creators": creators_frame(list(counts), fee=fee)},
        client={"tax_rate": 0.0, "economics": {"margin": margin} if margin else {}},
        campaign=campaign,
    )


def test_twenty_against_ten_is_too_close_to_call() -> None:
    """Differences no larger than chance would make: no ranks, listed by name."""
    findings = roi.per_creator(_book({"ZOE10": 20, "ANNA10": 10}))
    assert "no larger than chance would make" in findings.notes[0].text
    assert list(findings.tables["roi.creators"].frame.creator) == ["Anna", "Zoe"]


def test_a_leader_is_pulled_back() -> None:
    """The best of many equal creators is adjusted towards the others, never raised."""
    counts = {
        f"{name}10": n for name, n in zip("ABCDEFGHIJ", [9, 11, 10, 8, 12, 10, 9, 18, 10, 11], strict=True)
    }
    frame = creator_results(_book(counts)).frame.set_index("creator")
    assert 10.8 < frame.expected_orders["H"] < 18
    assert frame.orders_low["H"] < frame.expected_orders["H"] < frame.orders_high["H"]


def test_creators_without_orders_are_there() -> None:
    """Who took part and brought nothing is in the table with 0 orders, and their cost counts."""
    tables = {
        "orders": orders_frame({"ANNA10": 5}),
        "creators": creators_frame(["ANNA10", "BEA10"], fee=100.0),
    }
    frame = creator_results(make_book(tables, client={"economics": {"margin": 0.5}})).frame.set_index(
        "creator"
    )
    assert frame.orders["Bea"] == 0
    assert frame.cost["Bea"] == 100


def test_the_rule() -> None:
    """Renew the sure ones, stop at 1 in 10, renegotiate where half the fee would do, else test again."""
    chance = np.array([0.99, 0.97, 0.60, 0.30, 0.05, 0.05])
    price = np.array([400, 300, 150, 120, 110, 20])
    decisions = list(decisions_by_rule(chance, price, np.full(6, 200.0)))
    assert decisions == ["renew", "renew", "test again", "renegotiate", "renegotiate", "stop"]


@given(chance=st.lists(st.floats(0, 1), min_size=1, max_size=30).map(np.array))
def test_expected_false_renewals_are_held(chance: np.ndarray) -> None:
    """Whatever the chances, at most 1 in 20 of the renewed should lose; nobody surer is left out, none is below 3 in 4."""
    chosen = renewable(chance)
    if chosen.any():
        assert (1 - chance[chosen]).mean() <= FALSE_RENEWALS + 1e-9
        assert chance[chosen].min() >= RENEW_FROM
        assert chance[~chosen].max(initial=0.0) <= chance[chosen].min()


def test_without_a_margin_nobody_is_renewed() -> None:
    """No margin: too early for everybody, and who has it is named."""
    findings = roi.decisions(_book({"ANNA10": 30, "BEA10": 1}, margin=None))
    assert "Too early 2" in findings.notes[0].text
    assert "no margin" in findings.notes[0].text
    assert set(findings.tables["roi.decisions"].frame.decision) == {"too early"}


def test_decisions_are_the_same_every_time() -> None:
    """Draws have a fixed seed: two readings of the same book agree."""
    first, second = (creator_results(_book({"ANNA10": 9, "BEA10": 3, "CLEO10": 6})).frame for _ in range(2))
    pd.testing.assert_frame_equal(first, second)


def test_sizes_follow_the_clients_scheme() -> None:
    """20,000 followers are micro in the default scheme; below its floor the scheme does not say."""
    followers = [500.0, 5000.0, 20000.0, 100000.0, np.nan]
    sizes = defined_sizes(make_book(), pd.DataFrame({"followers": followers, "platform": "instagram"}))
    assert list(sizes.fillna("")) == ["", "nano", "micro", "macro", ""]


@pytest.mark.parametrize("stage_share", [0.0, 1.0])
def test_too_early_while_most_returns_are_open(stage_share: float) -> None:
    """With all orders of yesterday nobody is renewed yet; with settled orders they are."""
    orders = orders_frame({"ANNA10": 40, "BEA10": 40})
    orders["ordered_at"] = pd.Timestamp("2026-05-14") if stage_share else pd.Timestamp("2026-03-05")
    book = make_book(
        {"orders": orders, "creators": creators_frame(["ANNA10", "BEA10"], fee=50.0)},
        client={"tax_rate": 0.0, "economics": {"margin": 0.6, "return_rate": 0.4}},
        campaign={"start": "2026-03-01", "end": "2026-05-14"},
    )
    expected = {"too early"} if stage_share else {"renew"}
    assert set(creator_results(book).frame.decision) == expected


def _reached(reach: np.ndarray, orders: np.ndarray, *, on_file: np.ndarray | None = None) -> Book:
    """Creators of one size, each with a post of so much reach; an order leaves 20, the fee needs a share of 12 %."""
    codes = [f"P{place:02d}X" for place in range(len(reach))]
    creators = creators_frame(codes, fee=2.4 * reach)
    creators["handle"] = creators["creator"] = [code.lower() for code in codes]
    posts = pd.DataFrame({
        "post_id": codes, "handle": creators.handle, "platform": "instagram", "sponsored": True,
        "published_at": pd.Timestamp("2026-03-02"), "reach": reach if on_file is None else np.where(on_file, reach, np.nan),
    })  # fmt: skip
    counts = dict(zip(codes, orders.tolist(), strict=True))
    return make_book(
        {"orders": orders_frame(counts, basket=40.0), "creators": creators, "posts": posts},
        client={"tax_rate": 0.0, "economics": {"margin": 0.5, "return_rate": 0.0}},
    )


def _twenty_seven() -> tuple[np.ndarray, np.ndarray]:
    """12 to 900 people reached, about one in ten of whom order; the creator with 12 has 2 orders."""
    random, reach = np.random.default_rng(12), np.round(np.geomspace(12, 900, 27))
    orders = random.binomial(reach.astype(int), random.beta(10, 90, 27))
    orders[0] = 2
    return reach, orders


def test_two_orders_from_twelve_people_are_not_renewed() -> None:
    """A beta-binomial with the people reached gives 0.39; judged on orders alone it was 0.93, and a renewal."""
    reach, orders = _twenty_seven()
    results = creator_results(_reached(reach, orders))
    first = results.frame.set_index("creator").loc["p00x"]
    by_share = share_draws(orders, reach, np.random.default_rng(1), 8000)
    assert (by_share[0] > 0.12).mean() == pytest.approx(0.39, abs=0.02)
    assert first.chance == pytest.approx((by_share[0] > 0.12).mean(), abs=0.1)
    assert first.decision != "renew"
    # the order of the creators is the beta-binomial's
    chances = pd.Series((by_share > 0.12).mean(axis=1))
    assert chances.corr(results.frame.chance, method="spearman") > 0.95


def test_orders_per_person_reached_are_told_apart_not_orders() -> None:
    """Orders that follow the reach are no difference between creators, whatever the counts; its source is named."""
    reach = np.round(np.geomspace(12, 900, 27))
    book = _reached(reach, np.random.default_rng(3).poisson(0.1 * reach))
    texts = " ".join(note.text for note in roi.per_creator(book).notes)
    assert "differences in orders per 1,000 people reached are no larger than chance would make" in texts
    assert "the posts' reach, added up" in texts
    assert "Judged on orders per 1,000 people reached" in " ".join(
        note.text for note in roi.decisions(book).notes
    )


def test_reach_that_is_not_on_file_is_never_zero() -> None:
    """Two of 27 without a reach: they are named, and their range is wider than with it; more than 1 in 10, another kind."""
    reach, orders = _twenty_seven()
    whole = creator_results(_reached(reach, orders)).frame
    some = np.arange(27) >= 2
    book = _reached(reach, orders, on_file=some)
    frame = creator_results(book).frame
    assert (frame.orders_high / whole.orders_high)[:2].min() > 1.1
    assert (frame.expected_orders[:2] > 0.5).all()
    assert any("For 2 creators no file has it" in note.text for note in roi.decisions(book).notes)
    few = creator_results(_reached(reach, orders, on_file=np.arange(27) >= 3)).bought_with
    assert few.kind is KINDS["posts_followers"]


@pytest.mark.parametrize(
    ("files", "kind", "amounts"),
    [
        ({"reach": [100.0, 50.0, 30.0], "views": [9.0, 9.0, 9.0]}, "reach", [150.0, 30.0]),
        ({"reach": [100.0, np.nan, 30.0], "views": [9.0, 9.0, 9.0]}, "reach", [200.0, 30.0]),
        ({"reach": [100.0, 50.0, np.nan], "clicks": [7.0, 5.0]}, "clicks", [7.0, 5.0]),
        ({"clicks": [7.0, np.nan], "views": [900.0, 100.0, 300.0]}, "views", [1000.0, 300.0]),
        ({"views": [900.0, 100.0, 0.0]}, "posts_followers", [40000.0, 20000.0]),
        ({"posts": 0}, "followers", [20000.0, 20000.0]),
        ({"posts": 0, "followers": np.nan, "fee": [300.0, 50.0]}, "fee", [300.0, 50.0]),
        ({"posts": 0, "followers": np.nan, "fee": [300.0, 0.0]}, None, [np.nan, np.nan]),
    ],
)  # fmt: skip
def test_the_best_kind_on_file_for_nearly_all_is_taken(
    files: dict, kind: str | None, amounts: list[float]
) -> None:
    """Reach, clicks, views, posts × followers, followers, fee; 0 is missing, a post without a figure is like the others."""
    creators = creators_frame(
        ["ANNA10", "BEA10"], followers=files.get("followers", 20000.0), fee=files.get("fee", 10.0)
    )
    tables = {"orders": orders_frame({"ANNA10": 5, "BEA10": 2}), "creators": creators}
    if files.get("posts", 3):
        tables["posts"] = pd.DataFrame({
            "post_id": list("abc"), "handle": ["anna", "anna", "bea"], "platform": "instagram", "sponsored": True,
            "published_at": pd.Timestamp("2026-03-02"), "reach": files.get("reach", np.nan), "views": files.get("views", np.nan),
        })  # fmt: skip
    if "clicks" in files:
        tables["clicks"] = pd.DataFrame(
            {"handle": ["anna", "bea"], "date": pd.Timestamp("2026-03-03"), "clicks": files["clicks"]}
        )
    bought_with = exposure(make_book(tables))
    assert bought_with.kind is (KINDS[kind] if kind else None)
    np.testing.assert_array_equal(bought_with.amounts, amounts)
