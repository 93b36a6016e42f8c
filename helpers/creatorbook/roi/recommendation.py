"""The recommendation in plain words, made from the findings: each clause names the figure it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from creatorbook.finance import leaks as looking
from creatorbook.finance.advice import DO_NOT_REPEAT, REPEAT, RESULT, Requirement, first_missing, settled_by
from creatorbook.finance.ladder import money_ladder
from creatorbook.findings import Column, Findings, Money, Note, Table, Text, say, sentences
from creatorbook.roi.creator_results import creator_results
from creatorbook.roi.headline import has_results
from creatorbook.roi.next_wave import suggested

if TYPE_CHECKING:
    from creatorbook.book import Book

import pandas as pd


@dataclass(frozen=True)
class Clause:
    """A clause and the keys of the figures, tables or slots it rests on."""

    text: Text
    rests_on: str


def recommendation(book: Book) -> Findings:
    """One paragraph, and beneath it which figure each clause rests on."""
    paragraph = clauses(book)
    rows = [(clause.text, clause.rests_on) for clause in paragraph]
    frame = pd.DataFrame(rows, columns=["clause", "from"])
    columns = {"clause": Column("Clause"), "from": Column("Rests on")}
    table = Table("roi.recommendation", "What each clause rests on", frame, columns)
    note = Note(sentences(*(clause.text for clause in paragraph)))
    return Findings("roi", (note, table), book.formats)


def clauses(book: Book) -> list[Clause]:
    """Result, next wave, doubt and what is missing most, each only where a figure says it."""
    return [*_result(book), *_next(book), *_doubt(book), *_missing(book)]


def _result(book: Book) -> list[Clause]:
    ladder = money_ladder(book)
    low, high = ladder.likely("profit")
    verdict = REPEAT if low > 0 else DO_NOT_REPEAT if high < 0 else RESULT
    rule = first_missing(book, verdict)
    if ladder.profit is None or not has_results(ladder) or rule is not None:
        return [_too_early(book, rule)]
    if low > 0:
        text = say("Do it again: the campaign paid for itself, by {profit}.", profit=Money(ladder.profit))
        return [Clause(text, "roi.profit")]
    if high < 0:
        text = say("Do not repeat it as it was: it lost {loss}.", loss=Money(-ladder.profit))
        return [Clause(text, "roi.profit")]
    return [Clause(say("Whether it paid hangs on what is still open."), "roi.profit, roi.sensitivity")]


def _too_early(book: Book, rule: Requirement | None) -> Clause:
    """Why no verdict is given, and who can settle it."""
    if rule is None:
        return Clause(
            say("There is no result to act on: no order that names a creator stands."), "roi.orders"
        )
    text = say(
        "Too early to say whether to do it again: {reason} ({who} can settle it).",
        reason=rule.why,
        who=settled_by(book, rule),
    )
    return Clause(text, "results.not_known")


def _next(book: Book) -> list[Clause]:
    frame = creator_results(book).frame
    if frame.empty:
        return []
    count = frame.decision.value_counts()
    parts = []
    if n := int(count.get("renew", 0)):
        parts.append(Clause(say("Renew {n} creators on the same terms.", n=n), "roi.decisions"))
    wave = suggested(book)
    if wave is not None and wave.cost:
        text = say(
            "A next wave of {cost} with {n} of them should leave about {left}.",
            cost=Money(wave.cost),
            n=len(wave.frame),
            left=Money(float(wave.frame.again.sum())),
        )
        parts.append(Clause(text, "roi.next_wave_cost, roi.next_wave_result"))
    if n := int(count.get("stop", 0)):
        parts.append(Clause(say("Do not renew {n}.", n=n), "roi.decisions"))
    if n := int(count.get("renegotiate", 0)):
        parts.append(Clause(say("Offer {n} a lower fee first.", n=n), "roi.decisions"))
    return parts


def _doubt(book: Book) -> list[Clause]:
    most = looking.in_doubt(looking.order_signs(book)).most
    if most < 0.5:
        return []
    text = say("Look at the orders in doubt, {amount}, before the next payment.", amount=Money(most))
    return [Clause(text, "roi.in_doubt")]


def _missing(book: Book) -> list[Clause]:
    if book.lift is None:
        text = say("Hold something back next time; until then nobody knows what would have been sold anyway.")
        return [Clause(text, "roi.caused")]
    return []
