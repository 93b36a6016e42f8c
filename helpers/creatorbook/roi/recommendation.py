"""The recommendation in plain words, made from the findings: each clause names the figure it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.finance import leaks as looking
from creatorbook.finance.advice import (
    DO_NOT_REPEAT,
    REPEAT,
    RESULT,
    Requirement,
    first_missing,
    settled_by,
)
from creatorbook.finance.ladder import Ladder, money_ladder
from creatorbook.findings import (
    Column,
    Findings,
    Money,
    Note,
    Table,
    Text,
    Wording,
    number_of,
    say,
    say_many,
    sentences,
)
from creatorbook.roi.creator_results import creator_results
from creatorbook.roi.goal_verdict import price_paid, verdict
from creatorbook.roi.goal_wave import wave_clause
from creatorbook.roi.headline import has_results
from creatorbook.roi.lift_evidence import planned_effect
from creatorbook.roi.next_wave import shared_part, suggested
from creatorbook.roi.return_on_spend import paid_for_itself, return_on_spend
from creatorbook.roi.wave import Wave

if TYPE_CHECKING:
    from creatorbook.book import Book


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
    note = Note(
        sentences(*(clause.text for clause in paragraph)), slot="learned.recommendation", reader="client"
    )
    return Findings("roi", (note, table), book.formats)


def clauses(book: Book) -> list[Clause]:
    """Result by the goal, next wave, doubt and what is missing most, each only where a figure says it.

    Where the goal is not sales, money is second and advises nothing.
    """
    if book.campaign.goal == "sales":
        by_goal, money = _result(book), []
    else:
        by_goal, money = [Clause(verdict(book), price_paid(book).key)], _money_second(book)
    return [*by_goal, *_next(book), *money, *_doubt(book), *_missing(book)]


def _money_second(book: Book) -> list[Clause]:
    """What traced sales left, for a campaign that was made for something else."""
    ladder = money_ladder(book)
    if not has_results(ladder) or ladder.profit is None:
        return []
    if rule := first_missing(book, RESULT):
        return [Clause(say("Money comes second: {reason}.", reason=rule.why), "results.not_known")]
    if ladder.profit >= 0:
        text = say("Money comes second: traced sales left {profit}.", profit=Money(ladder.profit))
    else:
        text = say(
            "Money comes second: traced sales left {loss} less than was spent.", loss=Money(-ladder.profit)
        )
    return [Clause(text, "roi.ladder_short")]


def _result(book: Book) -> list[Clause]:
    """What is said of the result, where the rule book allows what it advises."""
    ladder = money_ladder(book)
    if ladder.profit is None or not has_results(ladder):
        return [_too_early(book, first_missing(book, RESULT))]
    advice, clause = _on_extra_sales(book) or _on_traced_sales(ladder, ladder.profit)
    rule = first_missing(book, advice)
    return [clause if rule is None else _too_early(book, rule)]


def _on_extra_sales(book: Book) -> tuple[str, Clause] | None:
    """Whether the campaign paid for itself, where the stored comparison tells, and what that advises; `None` where it does not."""
    brought = return_on_spend(book)
    paid = None if brought is None else paid_for_itself(brought)
    if paid is None:
        return None
    if paid == "yes":
        advice = REPEAT
        text = say("Do it again: by the extra sales measured, the campaign paid for itself.")
    elif paid == "no":
        advice = DO_NOT_REPEAT
        text = say("Do not repeat it as it was: the extra sales measured left less than they cost.")
    else:
        advice = RESULT
        text = say("Extra sales were measured; whether they left more than they cost cannot be told.")
    return advice, Clause(text, "roi.profit_on_spend")


def _on_traced_sales(ladder: Ladder, profit: float) -> tuple[str, Clause]:
    """What traced sales left, and what that advises: it says neither that the campaign paid for itself nor that it did not."""
    low, high = ladder.likely("profit")
    unknown = say("whether these sales would have come anyway was not measured")
    if low > 0:
        text = say("On traced sales it left {profit}; {unknown}.", profit=Money(profit), unknown=unknown)
        return REPEAT, Clause(text, "roi.profit, roi.caused")
    if high < 0:
        text = say(
            "Do not repeat it as it was: even with every traced sale counted it lost {loss}.",
            loss=Money(-profit),
        )
        return DO_NOT_REPEAT, Clause(text, "roi.profit")
    text = say("Whether traced sales left anything hangs on what is still open; {unknown}.", unknown=unknown)
    # what would keep a verdict back comes first: it is a better reason than the width of the range
    return REPEAT, Clause(text, "roi.profit, roi.sensitivity")


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
    results = creator_results(book)
    frame, by_goal = results.frame, results.by_goal
    if frame.empty:
        return []
    count = frame.decision.value_counts()
    parts = []
    if n := int(count.get("renew", 0)):
        parts.append(
            Clause(
                say_many(
                    "Renew {n} creator on the same terms.", "Renew {n} creators on the same terms.", n=n
                ),
                "roi.decisions",
            )
        )
    wave = suggested(book)
    if wave is not None and wave.cost:
        text = _money_wave(book, wave) if by_goal is None else wave_clause(by_goal, wave)
        parts.append(Clause(text, "roi.next_wave_cost, roi.next_wave_result"))
    if n := int(count.get("stop", 0)):
        parts.append(Clause(say("Do not renew {n}.", n=n), "roi.decisions"))
    if n := int(count.get("renegotiate", 0)):
        parts.append(Clause(say("Offer {n} a lower fee first.", n=n), "roi.decisions"))
    return parts


def _money_wave(book: Book, wave: Wave) -> Wording:
    """`A next wave of £3,068 with 21 creators should leave about £3,174 on traced sales, after its share of …`."""
    left = float(wave.frame.again.sum()) - shared_part(book, wave)
    values = {
        "cost": Money(wave.cost),
        "creators": number_of("creator", len(wave.frame)),
        "left": Money(abs(left)),
    }
    if left < 0:
        text = say("A next wave of {cost} with {creators} should lose about {left} on traced sales", **values)
    else:
        text = say(
            "A next wave of {cost} with {creators} should leave about {left} on traced sales", **values
        )
    return say("{text}, after its share of agency fee and tools.", text=text)


def _doubt(book: Book) -> list[Clause]:
    most = looking.in_doubt(looking.order_signs(book)).most
    if most < 0.5:
        return []
    text = say("Look at the orders in doubt, {amount}, before the next payment.", amount=Money(most))
    return [Clause(text, "roi.in_doubt")]


def _missing(book: Book) -> list[Clause]:
    if planned_effect(book) is None:
        text = say("Hold something back next time; until then nobody knows what would have been sold anyway.")
        return [Clause(text, "roi.caused")]
    return []
