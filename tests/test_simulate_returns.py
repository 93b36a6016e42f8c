"""Simulated returns that come late and by reason: what was planted is found again, and the files hold together."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from creatorbook.opening import open_book
from creatorbook.problems import Problem
from creatorbook.simulate import (
    Settings,
    World,
    as_csv,
    make_world,
    read_settings,
    returns,
    truth,
    write_client,
)

PLANTED = {
    "late_share": 0.3,
    "late_days": 60,
    "bad_fit_share": 0.3,
    "bad_fit_times": 4,
    "end_size_times": 1.5,
}
CHOSEN: dict[str, Any] = {
    "creators": 3, "planted": [], "orders_per_day": 40, "days_before": 120, "days_after": 45, "return_days": 12,
}  # fmt: skip


@cache
def world(seed: int = 1, *, planted: bool = True) -> World:
    return make_world(Settings(seed=seed, **CHOSEN, returns=PLANTED if planted else None))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("returns") / "client"
    write_client(folder, world())
    return folder


def truth_table(folder: Path, table: str) -> pd.DataFrame:
    return pd.read_csv(folder / "truth" / f"{table}.csv")


def test_late_returns_are_as_many_and_as_late_as_planted(client: Path) -> None:
    """Share and mean delay of late returns, and the mean delay of the others, are what the settings say."""
    parcels = truth_table(client, "returns").drop_duplicates("order_id")
    assert len(parcels) > 2000
    assert parcels["late"].mean() == pytest.approx(PLANTED["late_share"], abs=0.03)
    means = parcels.groupby("late")["days"].mean()
    assert means[True] == pytest.approx(PLANTED["late_days"], rel=0.05)
    assert means[False] == pytest.approx(CHOSEN["return_days"], rel=0.05)


def test_late_returns_show_in_the_refunds_file_of_old_orders(client: Path) -> None:
    """Of orders that had 100 days, most late returns are in the file: more than 30 days after the order."""
    orders = world().shop.orders.set_index("order_id")["ordered_at"]
    end = pd.Timestamp(world().settings.last_day)
    refunds = pd.read_csv(client / "exports" / "refunds.csv", parse_dates=["refunded_at"])
    refunds = refunds[refunds["reason"] != returns.CANCELLED].drop_duplicates("order_id")
    placed = orders[refunds["order_id"]].to_numpy()
    old = placed < end - np.timedelta64(100, "D")
    days = ((refunds["refunded_at"].to_numpy() - placed) / np.timedelta64(1, "D"))[old]
    assert (days > 30).mean() == pytest.approx(PLANTED["late_share"], abs=0.05)
    late = PLANTED["late_share"]
    mean = (1 - late) * CHOSEN["return_days"] + late * PLANTED["late_days"]
    assert days.mean() == pytest.approx(mean, rel=0.1)


def test_what_comes_back_after_the_last_day_is_in_the_truth_only(client: Path) -> None:
    """Nothing is known that has not happened yet."""
    parcels = truth_table(client, "returns")
    last = str(world().settings.last_day)
    later = parcels[parcels["returned_on"] > last]
    refunds = pd.read_csv(client / "exports" / "refunds.csv")
    assert len(later) > 100
    assert not set(later["order_id"]) & set(refunds["order_id"])
    assert set(parcels.loc[parcels["returned_on"] <= last, "order_id"]) <= set(refunds["order_id"])


def test_reasons_are_as_planted_and_bad_fits_come_back_for_their_size(client: Path) -> None:
    """Among articles alike, each reason's share follows from the settings and the article's factor for size."""
    back = truth_table(client, "returns").merge(truth_table(client, "articles"), on="sku")
    shares = pd.Series(returns.Returns().reasons)
    seen = 0
    for times, alike in back.groupby("size_times"):
        weights = shares.where(shares.index != "size", shares * times)
        drawn = alike["reason"].value_counts(normalize=True).reindex(shares.index, fill_value=0.0)
        error = 4 * np.sqrt(0.25 / len(alike))
        assert drawn.to_numpy() == pytest.approx((weights / weights.sum()).to_numpy(), abs=error)
        seen += 1
    assert seen == 4  # bad fit or not, at an end of the sizes or not


def test_bad_fits_are_as_many_as_planted_and_come_back_more_often(client: Path) -> None:
    """Sold lines of badly fitting products come back more often than others of the same kind of product."""
    articles = truth_table(client, "articles")
    assert articles.drop_duplicates("product")["bad_fit"].mean() == pytest.approx(
        PLANTED["bad_fit_share"], abs=0.02
    )
    lines = world().shop.lines.merge(articles[["sku", "bad_fit"]], on="sku")
    back = lines.groupby("bad_fit")["returned"].mean()
    assert back[True] > 1.25 * back[False]


def test_the_shops_return_rate_stays(client: Path) -> None:
    """Reasons and delays change what comes back and when, hardly how much."""
    sold = world().shop.orders[world().shop.orders["cancelled_at"].isna()]
    rate = sold["true_returned"].sum() / (sold["total"] - sold["shipping"]).sum()
    assert rate == pytest.approx(world().settings.return_rate, rel=0.15)


def test_the_refunds_file_is_read_whole_with_its_reasons(client: Path) -> None:
    """Several refunds of one order, on one day for different reasons, are all read; their sum is what orders show."""
    book = open_book(client)
    written = pd.read_csv(client / "exports" / "refunds.csv")
    read = book.tables.refunds
    assert len(read) == len(written)
    assert written.duplicated(["order_id", "refunded_at"]).sum() > 50
    assert set(read["reason"]) == {*returns.Returns().reasons, returns.CANCELLED}
    shown = world().shop.orders.set_index("order_id")["refunded"]
    by_order = written.groupby("order_id")["amount"].sum().round(2)
    assert by_order.to_dict() == shown[shown > 0].to_dict()


def test_without_the_setting_there_is_no_such_truth(tmp_path: Path) -> None:
    """What is off writes nothing."""
    write_client(tmp_path / "plain", world(planted=False))
    names = {path.stem for path in (tmp_path / "plain" / "truth").glob("*.csv")}
    assert names == {"planted", "creators", "orders", "comments", "pods"}


def test_returns_leave_the_orders_as_they_were() -> None:
    """Who bought what, and for how much, does not hang on how it comes back."""
    same = ["order_id", "ordered_at", "customer", "code", "total"]
    pd.testing.assert_frame_equal(world().shop.orders[same], world(planted=False).shop.orders[same])


@pytest.mark.parametrize("reasons", ["{}", "{size: 0}", "{too dear: 1}"])
def test_reasons_that_are_none_are_refused(tmp_path: Path, reasons: str) -> None:
    """At least one known reason has a share."""
    path = tmp_path / "x.simulation.yml"
    path.write_text(f"returns: {{reasons: {reasons}}}\n")
    with pytest.raises(Problem, match="reasons"):
        read_settings(path)


@hypothesis_settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    st.integers(0, 10_000),
    st.sampled_from([0.0, 0.5, 1.0]),
    st.sampled_from(["womenswear", "skincare"]),
    st.booleans(),
    st.sampled_from([{"size": 1.0}, {"damaged": 0.2, "quality": 0.1}]),
)
def test_any_shop_can_have_late_returns(
    seed: int, share: float, niche: str, included: bool, reasons: dict[str, float]
) -> None:
    """No return, or all; one reason; tax on top: refunds of an order still sum to what it shows, each above 0."""
    made = make_world(
        Settings(
            seed=seed, creators=2, niche=niche, days_before=20, days_after=20, orders_per_day=4, planted=[],
            return_rate=share, prices_include_tax=included,
            returns={"reasons": reasons, "late_share": share, "bad_fit_share": share},
        )
    )  # fmt: skip
    refunds = made.shop.refunds
    assert (refunds["amount"] > 0).all()
    summed = refunds.groupby("order_id")["amount"].sum()
    shown = made.shop.orders.set_index("order_id")["refunded"]
    assert np.allclose(shown[summed.index], summed, atol=0.005)
    assert shown.drop(summed.index).eq(0).all()
    assert set(refunds["reason"]) <= {*reasons, returns.CANCELLED}
    assert as_csv(truth.true_returns(made)).count("\n") == made.shop.lines["returned"].sum() + 1
