"""The recommendation in plain words, made from the findings: each clause names the figure it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from creatorbook.finance import leaks as looking
from creatorbook.finance.ladder import money_ladder
from creatorbook.findings import Column, Findings, Note, Table
from creatorbook.roi.creator_results import creator_results
from creatorbook.roi.headline import has_results, too_early
from creatorbook.roi.next_wave import suggested

if TYPE_CHECKING:
    from creatorbook.book import Book

import pandas as pd


@dataclass(frozen=True)
class Clause:
    """A clause and the keys of the figures, tables or slots it rests on."""

    text: str
    rests_on: str


def recommendation(book: Book) -> Findings:
    """One paragraph, and beneath it which figure each clause rests on."""
    told = clauses(book)
    paragraph = " ".join(clause.text for clause in told)
    frame = pd.DataFrame([(clause.text, clause.rests_on) for clause in told], columns=["clause", "from"])
    columns = {"clause": Column("Clause"), "from": Column("Rests on")}
    table = Table("roi.recommendation", "What each clause rests on", frame, columns)
    return Findings("roi", (Note(paragraph), table), book.formats)


def clauses(book: Book) -> list[Clause]:
    """Result, next wave, doubt and what is missing most, each only where a figure tells it."""
    return [*_result(book), *_next(book), *_doubt(book), *_missing(book)]


def _result(book: Book) -> list[Clause]:
    ladder, f = money_ladder(book), book.formats
    if not has_results(ladder):
        return [Clause("There is no result to act on yet: no order names a creator.", "roi.orders")]
    if ladder.profit is None:
        if not ladder.costs_known:
            return [
                Clause(
                    "Put what creators were paid on file before anything is renewed.", "roi.campaign_costs"
                )
            ]
        return [Clause("Ask finance for the margin before anything is renewed.", "roi.margin_needed")]
    if too_early(ladder):
        return [
            Clause("Wait for the open returns before the result is told to anybody.", "roi.sales_that_stay")
        ]
    low, high = ladder.likely("profit")
    if low > 0:
        return [
            Clause(f"Do it again: the campaign paid for itself, by {f.money(ladder.profit)}.", "roi.profit")
        ]
    if high < 0:
        return [Clause(f"Do not repeat it as it was: it lost {f.money(-ladder.profit)}.", "roi.profit")]
    return [Clause("Whether it paid hangs on what is still open.", "roi.profit, roi.sensitivity")]


def _next(book: Book) -> list[Clause]:
    frame, f = creator_results(book).frame, book.formats
    if frame.empty:
        return []
    count = frame.decision.value_counts()
    told = []
    if count.get("renew", 0):
        told.append(Clause(f"Renew {count['renew']} creators on the same terms.", "roi.decisions"))
    wave = suggested(book)
    if wave is not None and wave.cost:
        left = float(wave.frame.again.sum())
        told.append(Clause(
            f"A next wave of {f.money(wave.cost)} with {len(wave.frame)} of them should leave about {f.money(left)}.",
            "roi.next_wave_cost, roi.next_wave_result",
        ))  # fmt: skip
    if count.get("stop", 0):
        told.append(Clause(f"Do not renew {count['stop']}.", "roi.decisions"))
    if count.get("renegotiate", 0):
        told.append(Clause(f"Offer {count['renegotiate']} a lower fee first.", "roi.decisions"))
    return told


def _doubt(book: Book) -> list[Clause]:
    high = looking.in_doubt(looking.order_signs(book))[1]
    if high < 0.5:
        return []
    return [
        Clause(
            f"Look at the orders in doubt, {book.formats.money(high)}, before the next payment.",
            "roi.in_doubt",
        )
    ]


def _missing(book: Book) -> list[Clause]:
    if book.lift is None:
        return [
            Clause(
                "Hold something back next time; until then nobody knows what would have been sold anyway.",
                "roi.caused",
            )
        ]
    return []
