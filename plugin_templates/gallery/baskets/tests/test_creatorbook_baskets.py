"""The section compares baskets where it can, says why where it cannot; the notebook shows it."""

from datetime import date
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from creatorbook import plugins
from creatorbook.acts.new import new_client
from creatorbook.opening import open_book
from creatorbook.plugins import Book
from creatorbook_baskets.orders import baskets, by_product, pairs
from creatorbook_baskets.section import LEAST, difference, section

ANSWERS = {
    "brand": "Testbrand",
    "currency": "EUR",
    "market": "DE",
    "prices_include_tax": True,
    "tax_rate": 0.19,
    "goal": "sales",
    "budget": 5000,
    "start": date(2026, 3, 2),
    "end": date(2026, 3, 29),
}
HEADER = "Name,Financial Status,Currency,Total,Discount Code,Created at,Cancelled at,Lineitem quantity,Lineitem name,Lineitem price\n"


def order(number: int, code: str, *products: str, cancelled: str = "") -> str:
    """An order as Shopify exports it: a row for each line, the order's cells on the first one alone."""
    rows = []
    for place, product in enumerate(products):
        cells = (
            f"paid,EUR,{50 * len(products)}.00,{code},2026-03-10 10:00:00 +0100,{cancelled}"
            if place == 0
            else ",,,,,"
        )
        rows.append(f"#{number},{cells},1,{product},50.00\n")
    return "".join(rows)


def opened(folder: Path, orders: str) -> Book:
    """A campaign with one creator and these orders."""
    new_client(folder, ANSWERS)
    creators = "creator,handle,platform,followers,fee,code\nAnna,anna,instagram,12000,300,ANNA10\n"
    (folder / "exports" / "creators.csv").write_text(creators, encoding="utf-8")
    if orders:
        (folder / "exports" / "orders.csv").write_text(HEADER + orders, encoding="utf-8")
    return open_book(folder, stage="results")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """Anna's buyers take the belt with the dress; the shop's others take the coat."""
    through = [order(1000 + n, "ANNA10", "Dress - M", "Belt") for n in range(LEAST)]
    others = [order(2000 + n, "", "Coat") for n in range(LEAST + 10)]
    cancelled = order(3000, "ANNA10", "Coat", cancelled="2026-03-11 10:00:00 +0100")
    return opened(tmp_path_factory.mktemp("client"), "".join([*through, *others, cancelled]))


def test_creatorbook_finds_the_notebook() -> None:
    """The entry point works, and the notebook is behind the workbook's own."""
    assert plugins.notebooks("results")[-1].name == "baskets.ipynb"


def test_it_takes_what_a_report_gives_it() -> None:
    """It is a notebook, and one cell has the parameters of a report."""
    path = next(path for path in plugins.notebooks("results") if path.stem == "baskets")
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    parameters = [cell.source for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    assert len(parameters) == 1
    assert all(f"{name} = " in parameters[0] for name in ("client", "campaign", "stage", "mode", "as_of"))


def test_a_basket_is_an_order_that_stands(book: Book) -> None:
    """Sizes of a product are one product; a cancelled order is none."""
    frame = baskets(book)
    assert len(frame) == 2 * LEAST + 10
    assert frame.creator.sum() == LEAST
    assert set(frame[frame.creator].products) == {frozenset({"Dress", "Belt"})}
    assert set(frame[frame.creator].units) == {2}


def test_products_are_compared(book: Book) -> None:
    """What differs clearly is said, with both shares."""
    table = section(book).tables["baskets.products"].frame.set_index("product")
    assert table.loc["Dress", ["orders", "with_creators", "others", "says"]].tolist() == [
        LEAST,
        1.0,
        0.0,
        "more often",
    ]
    assert table.loc["Coat", "says"] == "less often"
    assert (table.difference_low <= table.difference).all()
    assert (table.difference <= table.difference_high).all()


def test_what_is_bought_together_is_named(book: Book) -> None:
    """Two products of one order, counted once."""
    assert pairs(baskets(book)).to_numpy().tolist() == [["Belt", "Dress", LEAST]]
    assert section(book).tables["baskets.pairs"].frame.orders.tolist() == [LEAST]


def test_figures_say_their_range_and_number(book: Book) -> None:
    """Shares of both kinds of orders, and pieces."""
    figures = section(book).figures
    several = figures["baskets.several_creators"]
    assert (several.value, several.n) == (1.0, LEAST)
    assert several.low < 1.0
    assert figures["baskets.several_others"].value == 0.0
    assert figures["baskets.pieces_creators"].value == 2.0


def test_chance_is_not_called_a_difference() -> None:
    """Of two equal shares the difference is 0 and its range holds it; fewer orders make it wider."""
    low, high = difference(10, 100, 10, 100)
    assert low < 0 < high
    wide_low, wide_high = difference(1, 10, 1, 10)
    assert wide_low < low
    assert high < wide_high


def test_shares_are_of_all_orders_of_a_kind() -> None:
    """An order with two products counts for each of them, once."""
    frame = pd.DataFrame(
        {
            "creator": [True, True, False],
            "units": [2, 1, 1],
            "products": [frozenset({"A", "B"}), frozenset({"A"}), frozenset({"B"})],
        }
    )
    table = by_product(frame).set_index("product")
    assert table.loc["A", ["orders", "with_creators", "others"]].tolist() == [2, 1.0, 0.0]
    assert table.loc["B", ["orders", "with_creators", "others"]].tolist() == [1, 0.5, 1.0]


@pytest.mark.parametrize(
    ("orders", "words"), [("", "not on file"), (order(1000, "ANNA10", "Dress - M"), "Too few orders")]
)
def test_what_cannot_be_compared_is_said(tmp_path: Path, orders: str, words: str) -> None:
    """One sentence, and no figure."""
    found = section(opened(tmp_path, orders))
    assert not found.figures
    assert not found.tables
    (note,) = found.notes
    assert words in str(note.text)
    assert note.kind == "unknown"
