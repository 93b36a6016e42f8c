"""What came of each place where creators were found: the column `source`, kept from the list to the results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from creatorbook.finance.exposure import exposure, judged_on
from creatorbook.finance.ladder import money_ladder
from creatorbook.finance.rungs import SUMS
from creatorbook.finance.slices import sums_by
from creatorbook.findings import Column, Findings, Note, Table, say, sentences
from creatorbook.planning.places import NOT_SAID, found_at
from creatorbook.roi.headline import has_results
from creatorbook.stats.intervals import poisson_interval
from creatorbook.stats.shrinkage import extra_variation

if TYPE_CHECKING:
    from creatorbook.book import Book


def by_place(book: Book) -> Findings:
    """Orders, sales that stay and profit by where creators were found; the range counts that creators differ."""
    ladder = money_ladder(book)
    if not has_results(ladder):
        text = say(
            "Nothing can be told by place yet: an order export with the creators' codes settles it; the shop has it."
        )
        return Findings("roi", (Note(text, "unknown", owner="shop"),), book.formats)
    slices = ladder.slices[ladder.slices.creator.notna()]
    place = slices.index.to_series().map(found_at(book.tables.creators)).fillna(NOT_SAID)
    money = sums_by(ladder, ladder.by_slice.loc[slices.index])
    money = money.assign(creator=slices.creator, orders=slices.orders_kept, left=money.profit)
    grouped = money.groupby(place, sort=True)
    frame = grouped[["orders", "stay", "costs", "left"]].sum()
    frame.insert(0, "creators", grouped.creator.nunique().astype(float))
    each = money.groupby([place.rename("place"), money.creator]).orders.sum().reset_index()
    bought_with = exposure(book)
    amounts = each.creator.map(bought_with.amounts).to_numpy(dtype=float)
    extra = extra_variation(each.orders.to_numpy(), each.place.to_numpy(), amounts)
    ends = [poisson_interval(round(orders / extra)) for orders in frame.orders]
    frame = frame.assign(low=[low * extra for low, _ in ends], high=[high * extra for _, high in ends])
    columns = {
        "place": Column("Found"),
        "creators": Column("Creators", "number", grade="counted"),
        "orders": Column("Orders", "number", grade="counted"),
        "low": Column("likely from", "number"),
        "high": Column("to", "number"),
        "stay": Column(SUMS["sales_that_stay"], "money", grade=ladder.stay_grade),
        **({"costs": Column("Costs of these creators", "money")} if ladder.costs_known else {}),
        **(
            {"left": Column("Left after them", "money", grade=ladder.profit_grade)}
            if ladder.profit is not None
            else {}
        ),
    }
    note = sentences(
        say("Costs that belong to no single creator are in no line."),
        say("Places with overlapping ranges are one answer."),
        say(
            "Ranges are as wide as creators of one place differ in {measure}.", measure=judged_on(bought_with)
        ),
    )
    table = Table(
        "roi.by_place", "By where creators were found", frame.reset_index(names="place"), columns, note=note
    )
    return Findings("roi", (table,), book.formats)
