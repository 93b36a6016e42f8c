"""Whatever files or columns a client lacks, no advice rests on what is missing, and the ties add up to the file.

What must be on file is read here from the files themselves, not from the rule book under test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.linalg import hadamard

from creatorbook import roi, tracking
from creatorbook.book import Book
from creatorbook.client import repository
from creatorbook.finance.books import reconciliation
from creatorbook.findings import Findings
from creatorbook.opening import open_book
from creatorbook.roi.creator_results import creator_results
from creatorbook.roi.send_back import send_back
from creatorbook.simulate import Settings, simulate

FILES = {
    "creators": "creators.csv",
    "shopify_orders": "orders.csv",
    "shopify_discounts": "discounts.csv",
    "shopify_products": "products.csv",
    "refunds": "refunds.csv",
    "costs": "costs.csv",
    "instagram_content": "instagram.csv",
    "tiktok_content": "tiktok.csv",
}
#: what can be missing: a file, a file's column, or the rate of a currency that a third of the traced orders are in
MISSING = (
    *(name for kind, name in FILES.items() if kind != "creators"),
    *("orders.csv: Discount Code", "orders.csv: Refunded Amount", "creators.csv: fee", "creators.csv: code"),
    *("creators.csv: posted_on", "creators.csv: commission_rate", "orders.csv: Financial Status", "a rate"),
)
GIVEN = {"renew", "test again", "renegotiate", "stop"}


#: what alone, or with what else tells the same, takes a fact away
SOLE = [
    *({"orders.csv"}, {"products.csv"}, {"a rate"}, {"orders.csv: Discount Code"}, {"creators.csv: code"}),
    *(
        {"orders.csv: Discount Code", "discounts.csv"},
        {"refunds.csv", "orders.csv: Refunded Amount", "orders.csv: Financial Status"},
    ),
    *({"creators.csv: fee", "costs.csv"}, {"creators.csv: commission_rate", "costs.csv"}),
    {"instagram.csv", "tiktok.csv", "creators.csv: posted_on"},
]


def _designed() -> list[frozenset[str]]:
    """16 subsets in which any two things are there and missing in all four combinations, and each thing alone."""
    rows = hadamard(16)[:, 1:] > 0  # Plackett & Burman, Biometrika 33 (1946), 305–325
    assert len(MISSING) == rows.shape[1]
    designed = [frozenset(np.array(MISSING)[row].tolist()) for row in rows]
    return [*designed, *(frozenset({name}) for name in MISSING)]


def _drawn(n: int) -> list[frozenset[str]]:
    random = np.random.default_rng(18)
    sizes = random.uniform(0, 0.6, n)
    return [frozenset(name for name in MISSING if random.random() < size) for size in sizes]


def _in_parts(subsets: list[frozenset[str]], size: int = 31) -> list[Any]:
    """The subsets as parameters, each named by its part, so that `-k part_3` runs a part of the whole."""
    return [
        pytest.param(missing, id=f"part_{place // size}-{place % size}-{len(missing)} missing")
        for place, missing in enumerate(subsets)
    ]


@pytest.fixture(scope="module", name="whole")
def whole_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A small simulated client with all its files; what is read of it is kept beside it."""
    folder = tmp_path_factory.mktemp("advice")
    usual_cache, repository.CACHE = repository.CACHE, folder / "cache"
    settings = Settings(
        seed=7,
        creators=6,
        orders_per_day=2,
        orders_per_creator=14,
        days_before=45,
        days_after=120,
        fee_level=0.4,
        files=FILES,
        planted=[],
        commented_posts=0,
        write_truth=False,
    )
    simulate(folder / "whole", settings)
    yield folder / "whole"
    repository.CACHE = usual_cache


def _text(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def _lacking(whole: Path, missing: frozenset[str], folder: Path) -> Path:
    """The same client without these files and columns; the campaign's last day lies far enough back."""
    for path in whole.rglob("*"):
        name = path.relative_to(whole)
        if path.is_dir() or path.name in missing:
            continue
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        blank = [one.split(": ")[1] for one in missing if one.startswith(f"{path.name}: ")]
        if not blank and not (path.name == "orders.csv" and "a rate" in missing):
            target.write_bytes(path.read_bytes())
            continue
        frame = _text(path)
        if path.name == "orders.csv" and "a rate" in missing:
            foreign = frame["Discount Code"].ne("") & frame["Name"].str[-1].isin(["0", "3", "7"])
            frame.loc[foreign, "Currency"] = "GBP"
        frame[blank] = ""
        frame.to_csv(target, index=False)
    return folder


class Facts:
    """What a client's files tell, read with nothing of the product."""

    def __init__(self, folder: Path) -> None:
        exports = folder / "exports"

        def table(name: str) -> pd.DataFrame:
            return _text(exports / name) if (exports / name).is_file() else pd.DataFrame()

        self.creators, self.costs = table("creators.csv"), table("costs.csv")
        lines = table("orders.csv")
        self.orders = lines.drop_duplicates("Name") if len(lines) else lines
        self.discounts, self.products = table("discounts.csv"), table("products.csv")
        self.refunds, self.posts = table("refunds.csv"), [table("instagram.csv"), table("tiktok.csv")]

    def used(self, *, in_gbp: bool = False) -> set[str]:
        """Codes that stand on an order, of any currency or of the one that has no rate."""
        if self.orders.empty:
            return set()
        orders = self.orders[self.orders.Currency == "GBP"] if in_gbp else self.orders
        return set(orders["Discount Code"]) - {""}

    @property
    def returns(self) -> bool:
        """Whether any file tells what came back, if only of whole orders, by their state."""
        if len(self.refunds):
            return True
        if self.orders.empty:
            return False
        states = self.orders["Financial Status"].eq("refunded")
        return bool((states | self.orders["Refunded Amount"].ne("")).any())

    def fee_on_file(self, creator: str) -> bool:
        """Whether the list, even with 0, or the cost sheet has what the creator is paid."""
        rows = self.creators[self.creators.creator == creator]
        listed = rows.fee.ne("").any()
        sheet = self.costs[self.costs.creator == creator].kind if len(self.costs) else pd.Series(dtype=str)
        if rows.benefit.eq("fee").any():
            return bool(listed or sheet.eq("fee").any())
        others = rows[["commission_rate", "gift_cost"]].ne("").any(axis=None)
        return bool(listed or others or sheet.isin(["fee", "gift", "commission"]).any())

    def about(self, creator: str) -> dict[str, bool]:
        """What advice about a creator needs, and whether it is there."""
        rows = self.creators[self.creators.creator == creator]
        codes = set(rows.code) - {""}
        listed = set(self.discounts.Name) if len(self.discounts) else set()
        return {
            "an order file": len(self.orders) > 0,
            "a code that works": bool(codes & (self.used() | listed)),
            "a rate for all their orders": not codes & self.used(in_gbp=True),
            "their cost": self.fee_on_file(creator),
            "a margin": len(self.products) > 0,
            "what came back": self.returns,
        }


def _notes(findings: Findings, slot: str) -> str:
    return " ".join(str(note.text) for note in findings.notes if note.slot == slot).replace("\xa0", " ")


def _check_creators(book: Book, facts: Facts) -> None:
    """No creator is renewed, tested, renegotiated with or stopped for want of a file; figures that nobody knows are empty."""
    frame = creator_results(book).frame
    table = roi.decisions(book).tables["roi.decisions"].frame.set_index("creator")
    for row in frame.itertuples():
        about = facts.about(str(row.creator))
        if row.decision in GIVEN:
            assert all(about.values()), (row.creator, row.decision, about)
            assert table.reason[row.creator] == "" if "reason" in table else True
        else:
            assert row.decision == "too early"
            assert str(table.reason[row.creator]), row.creator
            assert np.isnan(row.chance)
        if not (about["an order file"] and about["a code that works"] and about["their cost"]):
            assert np.isnan(row.profit), row.creator
        assert np.isnan(row.orders) == (not about["an order file"])
    wave = roi.next_wave(book).tables.get("roi.next_wave")
    if wave is not None:
        advised = set(frame.creator[frame.decision.isin(GIVEN)])
        assert set(wave.frame.creator) <= advised


def _check_campaign(book: Book, facts: Facts) -> None:
    """The first sentence and the verdict say nothing that a missing file would have to tell."""
    first = _notes(roi.headline(book), "results.one_sentence")
    verdict = roi.recommendation(book).tables["roi.recommendation"].frame["from"]
    result = re.search(r"\b(made|lost) \D?\d", first)
    listed = set(facts.creators.code) - {""}
    costs = [facts.fee_on_file(name) for name in creator_results(book).frame.creator]
    if result:
        assert len(facts.orders), first
        assert len(facts.products), first
        assert facts.returns, first
        assert any(costs), first
        assert all(costs) or "not on file and is not in it" in first
    if facts.orders.empty or not listed & facts.used():
        assert not re.search(r"brought|comes? back|still open|stays?\b", first), first
        assert len(re.findall(r"€\d+(?:,\d{3})*", first)) <= 1, first  # what was spent
    if not facts.returns:
        assert not result
    if listed & facts.used(in_gbp=True):
        assert "no rate" in first
        assert any("no rate for GBP" in str(note.text) for note in roi.unknowns(book).notes)
    if verdict.str.startswith("roi.profit").any():
        assert result
        assert not listed & facts.used(in_gbp=True)


def _check_ties(book: Book, facts: Facts) -> None:
    """Lines add up to the file's own orders and totals."""
    if facts.orders.empty:
        assert not roi.books(book).tables
        return
    lines = reconciliation(book).set_index("line")
    totals = facts.orders.Total.astype(float)
    first = lines.loc["file":"shop"]
    assert lines.orders["file"] == len(facts.orders)
    assert lines.paid["file"] == round(totals[facts.orders.Currency == "EUR"].sum() * 100)
    for name in ("orders", "paid", "cents"):
        assert round(first[name].fillna(0.0).iloc[:-1].sum()) == round(first[name].iloc[-1]), name
    assert lines.orders["shop"] + lines.orders["untraced"] == lines.orders["traced"]


def _check_pulse(folder: Path, facts: Facts) -> None:
    """“Nothing has to change” needs orders, a code that works, and posts."""
    book = open_book(folder, stage="pulse", mode="report")
    if "keep going" in _notes(tracking.status(book), "pulse.change"):
        assert facts.used() & set(facts.creators.code)
        assert any(len(posts) for posts in facts.posts)


def _check(folder: Path) -> None:
    book, facts = open_book(folder, stage="results", mode="report"), Facts(folder)
    _check_creators(book, facts)
    _check_campaign(book, facts)
    _check_ties(book, facts)
    _check_pulse(folder, facts)
    roi.per_creator(book), roi.claims(book), send_back(book)


def test_with_all_its_files_the_client_is_advised(whole: Path) -> None:
    """The test means something: with everything on file there is advice of more than one kind, and a verdict."""
    book = open_book(whole, stage="results", mode="report")
    _check(whole)
    decided = set(creator_results(book).frame.decision)
    assert len(decided & GIVEN) > 1
    assert "too early" not in decided


@pytest.mark.parametrize("missing", SOLE, ids=lambda missing: " and ".join(sorted(missing)))
def test_no_advice_rests_on_what_is_missing(whole: Path, missing: set[str], tmp_path: Path) -> None:
    """Each fact taken away, by removing all that tells it."""
    _check(_lacking(whole, frozenset(missing), tmp_path / "client"))


@pytest.mark.slow
@pytest.mark.parametrize("missing", _in_parts([*_designed(), *_drawn(150)]))
def test_no_advice_rests_on_any_subset_that_is_missing(
    whole: Path, missing: frozenset[str], tmp_path: Path
) -> None:
    """31 designed and 150 drawn subsets, the seed fixed before the first run; in six parts (`-k part_0` to `part_5`)."""
    _check(_lacking(whole, missing, tmp_path / "client"))
