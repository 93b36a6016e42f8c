"""What the ledger holds of a campaign: the figures' names, and the forecast of a plan as ledger rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from creatorbook.client.ledger import Entry
from creatorbook.findings import Wording, say
from creatorbook.history.course import CREATORS
from creatorbook.planning.chain import RATE_WORDS, STAGE_WORDS, ChainInput, chain, drawn_outcome, stages
from creatorbook.planning.plans import Mix
from creatorbook.stats.forecast import Draws
from creatorbook.stats.intervals import NINETY, NINETY_ENDS
from creatorbook.text.handles import plain_handles
from creatorbook.text.plain_english import how_many

if TYPE_CHECKING:
    from creatorbook.book import Book


#: half-width of a 50 % interval in standard deviations
FIFTY = 0.6745


class LedgerFigure(NamedTuple):
    """A figure of the ledger: its words as a label, unit, decimals, and its words in a sentence where they differ."""

    words: Wording
    unit: str
    digits: int = 0
    short: Wording | None = None

    @property
    def within(self) -> Wording:
        """Its words within a sentence."""
        return self.short or self.words


#: figures that are forecast and can come; the last ones are inputs, for the reason why
FIGURES = {
    **{
        stage: LedgerFigure(words.label, "number", short=words.within) for stage, words in STAGE_WORDS.items()
    },
    "kept_sales": LedgerFigure(STAGE_WORDS["kept_sales"].label, "money"),
    "contribution": LedgerFigure(STAGE_WORDS["contribution"].label, "money"),
    "profit": LedgerFigure(say("Profit after campaign costs"), "money"),
    "costs": LedgerFigure(say("Campaign costs besides commission"), "money"),
    "cost_per_thousand": LedgerFigure(say("Cost per 1,000 times seen"), "money", 2),
    "cost_per_piece": LedgerFigure(say("Cost per piece"), "money"),
    "cost_per_order": LedgerFigure(say("Cost per order"), "money"),
    "views_per_piece": LedgerFigure(say("times one piece is seen"), "number"),
    "answers_per_piece": LedgerFigure(say("likes and comments per piece"), "number"),
    "click_rate": LedgerFigure(RATE_WORDS["click_rate"], "percent", 2),
    "conversion_rate": LedgerFigure(RATE_WORDS["conversion_rate"], "percent", 2),
    "kept_per_order": LedgerFigure(say("sales that stay per order"), "money", 2),
    "left_per_order": LedgerFigure(say("what an order leaves"), "money", 2),
}
#: input of the chain → its name in the ledger
INPUTS = {
    "views": "views_per_piece",
    "answers": "answers_per_piece",
    "click_rate": "click_rate",
    "conversion_rate": "conversion_rate",
    "kept_sales": "kept_per_order",
    "contribution": "left_per_order",
}
#: figure → what it is multiplied from, to say why it came otherwise
WHY = {
    "views": ("pieces", "views_per_piece"),
    "answers": ("pieces", "answers_per_piece"),
    "clicks": ("pieces", "views_per_piece", "click_rate"),
    "orders": ("pieces", "views_per_piece", "click_rate", "conversion_rate"),
    "kept_sales": ("pieces", "views_per_piece", "click_rate", "conversion_rate", "kept_per_order"),
    "contribution": ("pieces", "views_per_piece", "click_rate", "conversion_rate", "left_per_order"),
}
#: goal → its figures that can be forecast, most telling first; those of the results page where there are any
GOAL_FIGURES = {
    "sales": ("kept_sales", "profit", "orders"),
    "awareness": ("views", "cost_per_thousand", "clicks"),
    "content": ("pieces", "cost_per_piece", "views"),
    "community": ("answers", "pieces", "views"),
}


def forecast_entries(book: Book, mix: Mix, on: date, by: str) -> list[Entry]:
    """The plan's forecast as ledger rows: every stage, what follows from it and the cost, and the inputs."""
    inputs = chain(book, mix.people)
    results = {stage: drawn_outcome(inputs, stage).draws for stage in stages(inputs)}
    results |= _following(results, mix.cost)
    rows = {name: _ranges(values) for name, values in results.items()}
    rows |= {INPUTS[name]: _of_input(item) for name, item in inputs.items() if name in INPUTS}
    sources = {INPUTS[name]: item.range.source for name, item in inputs.items() if name in INPUTS}
    usual = f"{how_many(len(mix.people), 'creator')}, {_how(mix)}"
    empty = Entry(on, by, book.campaign.id, book.campaign.start, "forecast", "", "")
    n = empty._replace(figure=CREATORS, unit="number", source=usual, **_ranges(np.full(1, len(mix.people))))
    return [n] + [
        empty._replace(figure=name, unit=FIGURES[name].unit, source=sources.get(name, usual), **ranges)
        for name, ranges in rows.items()
    ]


def people_entries(book: Book, mix: Mix, on: date, by: str) -> list[Entry]:
    """Whom the plan was approved with, by plain handle, and what each of them costs beforehand."""
    empty = Entry(on, by, book.campaign.id, book.campaign.start, "approved", "", "money")
    handles = plain_handles(mix.people.handle)
    return [
        empty._replace(figure=handle, value=float(cost), source=_how(mix))
        for handle, cost in zip(handles, mix.people.cost, strict=True)
    ]


def _how(mix: Mix) -> str:
    return "as decided" if mix.way == "decided" else f"the {mix.way} way"


def _following(results: Mapping[str, Draws], cost: float) -> dict[str, Draws]:
    """Figures that follow from a stage and the plan's cost, such as the cost per thousand views (CPM)."""
    following = {"costs": np.full(1, cost)}
    if "contribution" in results:
        following["profit"] = results["contribution"] - cost
    for name, stage, unit in (("cost_per_thousand", "views", 1000), ("cost_per_piece", "pieces", 1)):
        if stage in results and (results[stage] > 0).all():
            following[name] = cost / results[stage] * unit
    return following


def _ranges(values: Draws) -> dict[str, Any]:
    low, high = NINETY_ENDS
    ends = np.quantile(values, [low, 0.25, 0.5, 0.75, high])
    return dict(zip(("low90", "low50", "likely", "high50", "high90"), map(float, ends), strict=True))


def _of_input(item: ChainInput) -> dict[str, Any]:
    """An input's ranges; its 50 % range by the normal's share of the 90 % one, on a log scale."""
    low, likely, high = item.range.low, item.range.likely, item.range.high
    part = FIFTY / NINETY
    return {
        "low90": low,
        "low50": likely * (low / likely) ** part if low > 0 else likely - (likely - low) * part,
        "likely": likely,
        "high50": likely * (high / likely) ** part if likely > 0 else high * part,
        "high90": high,
    }
