"""What size an account is: one answer for packs, plugins and a client's own scheme, in every notebook."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from books import make_book
from creatorbook import plugins, roi
from creatorbook.book import Book
from creatorbook.campaign.sizes import NOT_DEFINED, scheme_of, size_of
from creatorbook.finance.ladder import money_ladder
from creatorbook.opening import open_book
from creatorbook.packs import pack
from creatorbook.plugins import hookimpl
from creatorbook.problems import Problem
from creatorbook.report import summary
from creatorbook.report.contents import Contents
from creatorbook.roi.creator_results import creator_results
from creatorbook.roi.ladder_shown import slice_table
from creatorbook.tiers import comparison, sizes
from creatorbook.tiers.measures import measured
from roi_books import creators_frame, orders_frame, random_campaign
from samples import CLIENTS, folder_of
from steps import run_stage

BUILT_IN: dict[str, Any] = pack("tiers")["schemes"]["s0"]
#: the built-in scheme as a client writes it
COPY = {name: str(BUILT_IN[name]) if name == "date" else BUILT_IN[name] for name in ("title", "source", "date", "read", "bands")}  # fmt: skip


class _Plugin:
    """A plugin that brings the built-in scheme under a name of its own."""

    @staticmethod
    @hookimpl
    def creatorbook_tier_schemes() -> dict[str, Any]:
        """The copy."""
        return {"theirs": BUILT_IN}


@pytest.fixture(name="plugged")
def _plugged() -> Any:
    """The built-in scheme as a plugin's, under the name `theirs`."""
    plugins.manager().register(_Plugin, "a plugin with a scheme")
    yield
    plugins.manager().unregister(_Plugin)


def _folder(plain: Path, target: Path, **settings: Any) -> Path:
    """A client of the same name whose file says more."""
    target = target / plain.name
    shutil.copytree(plain, target, copy_function=os.link)
    text = (target / "client.yml").read_text(encoding="utf-8")
    (target / "client.yml").unlink()
    (target / "client.yml").write_text(text + yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    return target


def _summary(folder: Path, stage: str) -> str:
    book = open_book(folder, stage=stage, mode="report")
    return summary.summary_json(Contents.of(book, run_stage(folder, stage)))


@pytest.mark.parametrize("stage", ["plan", "results"])
@pytest.mark.parametrize(
    "client", [pytest.param(name, marks=[] if name == "northpin" else pytest.mark.slow) for name in CLIENTS]
)
@pytest.mark.usefixtures("plugged")
def test_a_scheme_copied_under_another_name_changes_nothing(client: str, stage: str, tmp_path: Path) -> None:
    """In a client's file and in a plugin: not one byte of summary.json."""
    plain = folder_of(client)
    expected = _summary(plain, stage)
    own = _folder(plain, tmp_path / "own", tier_scheme="house", tier_schemes={"house": COPY})
    assert _summary(own, stage) == expected
    theirs = _folder(plain, tmp_path / "theirs", tier_scheme="theirs")
    assert _summary(theirs, stage) == expected


def _book(**client: Any) -> Book:
    """Twelve creators of two sizes with orders, fees and a margin: enough for decisions in groups."""
    codes = [f"{name}10" for name in ("ANNA", "BEA", "CLEO", "DORA", "EVA", "FRIDA", "GERDA", "HANNA", "INA", "JULE", "KIM", "LEA")]  # fmt: skip
    creators = creators_frame(codes, fee=250.0, commission_rate=0.05)
    creators["followers"] = [4000.0 + 900 * place if place % 2 else 30000.0 + place for place in range(12)]
    creators["platform"] = ["instagram", "youtube", "tiktok"] * 4
    orders = orders_frame({code: 3 + 2 * place for place, code in enumerate(codes)}, refunded=3)
    settings = {"tax_rate": 0.0, "economics": {"margin": 0.55, "return_rate": 0.2}, **client}
    return make_book({"orders": orders, "creators": creators}, client=settings)


@pytest.mark.usefixtures("plugged")
def test_decisions_do_not_hang_on_the_schemes_name() -> None:
    """Sizes are the groups in which creators are compared: the same sizes give the same outlook to the last digit."""
    plain = creator_results(_book()).frame
    assert plain.tier.nunique() == 2
    for scheme in ({"tier_scheme": "house", "tier_schemes": {"house": COPY}}, {"tier_scheme": "theirs"}):
        pd.testing.assert_frame_equal(creator_results(_book(**scheme)).frame, plain, check_exact=True)


OWN = {
    "title": "Our own sizes",
    "bands": [{"name": "small", "from": 0, "below": 20_000}, {"name": "large", "from": 20_000}],
    "platforms": {
        "youtube": [{"name": "small", "from": 0, "to": 50_000}, {"name": "large", "above": 50_000}]
    },
}


def test_a_clients_own_sizes_by_platform_are_the_same_in_both_notebooks() -> None:
    """Sizes side by side, the list of accounts, the ladder by size and each creator's result name one size each."""
    book = _book(tier_scheme="ours", tier_schemes={"ours": OWN})
    named = sizes(book).tables["tiers.creators"].frame.set_index("creator").tier
    results = creator_results(book).frame.set_index("creator")
    assert results.tier.to_dict() == named.to_dict()
    expected = {
        row.creator: size_of(row.followers, row.platform, scheme_of(book))
        for row in book.tables.creators.itertuples()
    }
    assert named.to_dict() == expected
    assert {"small", "large"} == set(named)
    ladder = roi.ladder_by(book, "tier").tables["roi.by_tier"].frame.set_index("slice")
    counted = results.groupby("tier").orders.sum()
    assert ladder.orders.reindex(counted.index).to_dict() == counted.to_dict()
    assert not any("No file tells the size" in note.text for note in roi.ladder_by(book, "tier").notes)


@pytest.mark.parametrize("seed", [3, 11])
def test_what_is_left_by_size_is_the_ladders(seed: int) -> None:
    """Per 1,000 spent, beside own hours and commission: the comparison of sizes says what the ladder by size comes to."""
    book = random_campaign(seed)
    listed = book.tables.creators.assign(followers=[4000.0, 4000.0, 60000.0, 300000.0], fee=100.0, hours=3.0)
    second = listed.head(1).assign(handle="anna.tok", platform="tiktok", followers=900.0, code=None)
    tables = {name: getattr(book.tables, name) for name in book.tables}
    client = {"economics": {"margin": 0.6, "hourly_rate": 40, "return_rate": 0.2}}
    book = make_book({**tables, "creators": pd.concat([listed, second], ignore_index=True)}, client=client)
    by_tier = slice_table(book, money_ladder(book), "tier").set_index("slice")
    left = measured(book).set_index(["measure", "tier"]).loc["left"]
    assert len(left) > 1
    expected = 1000 * by_tier.profit / by_tier.costs
    assert left.value.to_numpy() == pytest.approx(expected.reindex(left.index).to_numpy())
    assert ((left.low < left.value) & (left.value < left.high)).all()


def test_what_is_left_leaves_out_whoever_has_no_price() -> None:
    """Orders of a creator whose cost nobody knows are none of what a size leaves for its money."""
    tables = {
        "orders": orders_frame({"ANNA10": 10, "BEA10": 50}),
        "creators": creators_frame(["ANNA10", "BEA10"], fee=[100.0, None]),
    }
    client = {"tax_rate": 0.0, "economics": {"margin": 0.6, "return_rate": 0.0}}
    left = measured(make_book(tables, client=client)).set_index("measure").value["left"]
    assert left == pytest.approx(1000 * (10 * 97 * 0.6 - 100) / 100)


@pytest.mark.parametrize("name", ["s9", "klear"])
def test_an_unknown_scheme_is_refused_with_the_names_that_exist(name: str) -> None:
    """In the client's file or the campaign's, in either notebook: never a report without sizes."""
    own: dict[str, Any] = {"tier_schemes": {"ours": OWN}}
    for book in (_book(tier_scheme=name, **own), _book(**own).changed(tier_scheme=name)):
        for step in (sizes, comparison, creator_results, lambda one: roi.ladder_by(one, "tier")):
            with pytest.raises(Problem) as refused:
                step(book)
            assert name in str(refused.value)
            assert all(scheme in str(refused.value.todo) for scheme in ("s0", "later_fohr", "ours"))


def test_followers_nobody_knows_are_of_no_size() -> None:
    """Missing followers are not small."""
    assert size_of(None, "instagram", scheme_of(_book())) == NOT_DEFINED
