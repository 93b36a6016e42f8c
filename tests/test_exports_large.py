"""A large file is scanned on all cores and in few passes; it gives what the careful way gives, record by record."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creatorbook.exports import Read, cache, files, folder, large_orders, loading, shopify
from shelf import read, shelf_folder  # noqa: F401 - a fixture
from test_exports_layouts import CASES, SHOPIFY, SHOPIFY_HEADER, first, order
from test_exports_properties import QUICK, _mutated, a_shelf, told

LINES = "\n".join(
    [
        SHOPIFY_HEADER,
        *(
            order(
                f"#{i}",
                1 + i % 3,
                9.5 + i,
                **first(f"#{i}", (1 + i % 3) * (9.5 + i) + (5 if i == 2 else 0), Currency="EUR"),
            )
            for i in range(9, 1, -1)
        ),
        order("#2", 1, 5, **{"Lineitem sku": "K9"}),
    ]
)


def same(one: Read, other: Read) -> None:
    """Both readings are equal, tables and receipts."""
    assert one.receipts == other.receipts
    assert list(one.tables) == list(other.tables)
    for name in one.tables:
        pd.testing.assert_frame_equal(one.tables.frames[name], other.tables.frames[name])


def both_ways(content: str | bytes, **client: object) -> tuple[Read | None, Read | None]:
    """A file read the careful way, and as if it were large."""
    careful, _ = told(content, **client)
    with mock.patch.object(loading, "LARGE", 0):
        return careful, told(content, **client)[0]


@pytest.mark.slow
@pytest.mark.parametrize("reader", sorted(CASES))
def test_every_layout_reads_the_same_when_large(reader: str) -> None:
    """The strict scan and the tolerant one give the same rows and the same receipt."""
    careful, large = both_ways(
        CASES[reader][0], currency="USD" if reader == "tiktok_shop_creators" else "EUR"
    )
    assert careful is not None
    assert large is not None
    same(careful, large)


def test_regular_shopify_orders_take_the_short_way(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No step of the careful way runs."""
    monkeypatch.setattr(loading, "LARGE", 0)
    monkeypatch.setattr(shopify, "carefully", mock.Mock(side_effect=AssertionError("the careful way")))
    done = read(shelf, {"x.csv": LINES})
    assert (
        done.tables.orders["gross"].tolist()[-1] == 3 * 11.5 + 5 == done.tables.orders["total"].tolist()[-1]
    )
    assert done.receipts[0].kept == 9


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("Total", "about ten"),
        ("Total", ""),
        ("Total", "1.234,50"),
        ("Created at", "14/03/2026"),
        ("Cancelled at", "soon"),
        ("Currency", "GBP"),
        ("Lineitem quantity", ""),
        ("Lineitem price", "1,234.00"),
        ("Shipping Country", "Nowhere"),
        ("Refunded Amount", "-4.00"),
        ("Name", ""),
        ("Name", "#9"),
        ("Name", "Total"),
    ],
)
def test_what_is_odd_is_told_the_same(cell: str, value: str) -> None:
    """One odd cell in a large file is read, or set aside, as in a small one."""
    odd = order("#5000", 1, 4, **{**first("#5000", 4), cell: value})
    careful, large = both_ways("\n".join([LINES, odd, order("#1", 1, 7, **first("#1", 7))]))
    assert careful is not None
    assert large is not None
    same(careful, large)


@pytest.mark.parametrize("at", [0, 1])
def test_a_line_without_a_price_leaves_the_others_in_the_basket(at: int) -> None:
    """A line whose price is not told, first or last of its order, in the first order of a file and in the last."""
    prices = ["", "4.00"] if at == 0 else ["4.00", ""]
    records = [
        order(name, 2, 1, **{**(first(name, 8) if line == 0 else {}), "Lineitem price": price})
        for name in ("#2", "#1")
        for line, price in enumerate(prices)
    ]
    careful, large = both_ways("\n".join([SHOPIFY_HEADER, *records]))
    assert careful is not None
    assert large is not None
    same(careful, large)
    assert large.tables.orders["gross"].tolist() == [8, 8]


@settings(QUICK, max_examples=6)
@given(st.sampled_from([SHOPIFY, LINES]), st.data())
def test_damage_is_told_the_same(text: str, data: st.DataObject) -> None:
    """Whatever happens to a file, its size does not change what becomes of its records."""
    careful, large = both_ways(_mutated(text, data))
    assert (careful is None) == (large is None)
    if careful is not None and large is not None:
        same(careful, large)


def test_an_order_that_comes_up_again_is_not_taken_the_short_way() -> None:
    """Its records do not follow one another: the careful way says which count."""
    again = "\n".join([LINES, order("#1", 1, 7, **first("#1", 7)), order("#9", 1, 4)])
    careful = mock.patch.object(shopify, "carefully", wraps=shopify.carefully)
    with a_shelf() as folder, mock.patch.object(loading, "LARGE", 0), careful as asked:
        done = read(folder, {"x.csv": again})
    assert asked.called
    assert done.receipts[0].duplicates == 1


@pytest.mark.parametrize(("records", "longest"), [(1, 10_000), (3, 10_000), (3, 1), (100, 10_000)])
def test_ranges_begin_where_orders_begin(monkeypatch: pytest.MonkeyPatch, records: int, longest: int) -> None:
    """However many ranges a file is read in, orders of many lines stay whole and in the file's order."""
    text = "\n".join(
        [
            SHOPIFY_HEADER,
            *(
                order(f"#{i}", 1 + line, 2.5, **(first(f"#{i}", 20) if line == 0 else {}))
                for i in range(9, 0, -1)
                for line in range(1 + i % 4)
            ),
        ]
    )
    careful, _ = told(text)
    monkeypatch.setattr(large_orders, "_RANGE", records)
    monkeypatch.setattr(large_orders, "_LONGEST_ORDER", longest)
    monkeypatch.setattr(loading, "LARGE", 0)
    monkeypatch.setattr(shopify, "carefully", mock.Mock(side_effect=AssertionError("the careful way")))
    large, _ = told(text)
    assert careful is not None
    assert large is not None
    same(careful, large)


def test_a_line_break_in_a_column_name_costs_no_record() -> None:
    """Neither in a small file nor in a large one, whatever ends its lines."""
    for end in ("\n", "\r\n"):
        lines = ['"\nOrder date",order,"order\ntotal"', *(f"2026-03-0{i},{i},{i}.50" for i in range(1, 6))]
        careful, large = both_ways(end.join(lines))
        assert careful is not None
        assert large is not None
        assert careful.tables.orders["order_id"].tolist() == ["1", "2", "3", "4", "5"]
        same(careful, large)


def test_a_large_table_is_read_from_the_cache_again(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its several files are one table; the second time, nothing is parsed, and the cache stays within its size."""
    monkeypatch.setattr(loading, "LARGE", 0)
    monkeypatch.setattr(large_orders, "_RANGE", 2)
    done = read(shelf, {"x.csv": LINES})
    orders = done.tables.orders
    monkeypatch.setattr(folder, "import_file", mock.Mock(side_effect=AssertionError("parsed again")))
    same(done, read(shelf, {"x.csv": LINES}))
    place = cache.folder()
    assert place is not None
    assert any(path.is_dir() for path in place.iterdir())
    monkeypatch.setattr(cache, "LARGEST_CACHE", 0)
    cache.make_room(place, [])
    assert list(place.iterdir()) == []
    assert len(orders) == 8


def test_a_large_file_is_told_from_one_that_differs_in_one_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its pieces are hashed on all cores; where the byte is makes no difference, nor does the size of what is read."""
    monkeypatch.setattr(files, "_PIECE", 6)
    content = b"a,b\n1,2\n3,4\n5"
    seen = set()
    for at in range(-1, len(content)):
        changed = bytes(byte ^ (number == at) for number, byte in enumerate(content))
        (tmp_path / "x.csv").write_bytes(changed)
        digests = set()
        for size in (2, 6, 100):
            monkeypatch.setattr(files, "_READ", size)
            digests.add(files.digest_of(tmp_path / "x.csv"))
        assert len(digests) == 1
        seen |= digests
    assert len(seen) == len(content) + 1
