"""What is proposed for working with each creator again, in a line each, for whoever decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.findings import Capital, Money, Text, number_of, say, sentences
from creatorbook.history.advice import DECISIONS
from creatorbook.roi.creator_results import creator_results
from creatorbook.roi.creators import in_ten
from creatorbook.roi.next_wave import round_price

if TYPE_CHECKING:
    from creatorbook.book import Book


def proposals(book: Book) -> pd.DataFrame:
    """One row per creator who took part, as the table of decisions orders them: creator, handle, platform, words."""
    frame = creator_results(book).frame
    if frame.empty:
        return pd.DataFrame(columns=["creator", "handle", "platform", "words"])
    rank = {name: place for place, name in enumerate(DECISIONS)}
    frame = frame.assign(rank=frame.decision.map(rank), offer=round_price(frame.price))
    frame = frame.sort_values(["rank", "creator"], kind="stable", ignore_index=True)
    words = [_words(row) for row in frame.to_dict("records")]
    return frame[["creator", "handle", "platform"]].assign(words=words)


def _words(row: dict[str, object]) -> Text:
    """`Renegotiate at €120 (close to stop). 14 orders; pays back again: about 4 in 10.`"""
    decision: Text = DECISIONS[str(row["decision"])]
    if pd.notna(row["offer"]):
        decision = say("{decision} at {price}", decision=decision, price=Money(float(str(row["offer"]))))
    if row["reason"]:
        decision = say("{decision}: {reason}", decision=decision, reason=row["reason"])
    if row["close_to"]:
        decision = say("{decision} (close to {others})", decision=decision, others=row["close_to"])
    orders = number_of("order", int(float(str(row["orders"])))) if pd.notna(row["orders"]) else None
    chance = in_ten(float(str(row["chance"])))
    if orders is not None and chance:
        return sentences(
            say("{decision}.", decision=Capital(decision)),
            say("{orders}; pays back again: {chance}.", orders=orders, chance=chance),
        )
    return sentences(
        say("{decision}.", decision=Capital(decision)),
        say("{orders}.", orders=orders) if orders is not None else None,
    )
