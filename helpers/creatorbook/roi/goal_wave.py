"""The next wave of a campaign that is not for sales, and the rule behind its decisions, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from creatorbook.findings import Capital, Column, Count, Figure, Money, Note, Table, Wording, number_of, say
from creatorbook.history.advice import DECISIONS
from creatorbook.roi.goal_outlook import EACH, GoalOutlook
from creatorbook.stats.intervals import NINETY_ENDS

if TYPE_CHECKING:
    import pandas as pd

    from creatorbook.roi.wave import Wave


def rule(by_goal: GoalOutlook) -> Wording:
    """By what creators are renewed or stopped."""
    values = {"many": by_goal.measure.many, "one": by_goal.measure.one}
    if by_goal.target is None:
        return say(
            "Rule, by {many} for the money, since no target price is stated: stop whoever is all but sure (9 "
            "in 10) to be among the dearest fifth of the size; renew, from the surest down, as long as at most 1 in 20 of "
            "the renewed should be among it and each is not in at least 3 of 4 cases; else test again. Too early: nothing "
            "on file, or fewer than 4 creators to compare. Money from orders is no part of it.",
            **values,
        )
    return say(
        "Rule, by the target of {target} for each {one}: renew, from the surest down, as long as at most 1 in 20 of the "
        "renewed should cost more and each keeps to it in at least 3 of 4 cases; stop at 1 in 10 or less; renegotiate "
        "where a fee of at least half the present one would keep to it in 8 of 10 cases; else test again. Too early: "
        "nothing on file. Money from orders is no part of it.",
        target=Money(by_goal.target, 2),
        **values,
    )


def goal_columns(by_goal: GoalOutlook) -> dict[str, Column]:
    """Columns of the goal's figure by creator: counted, and for the money with its range."""
    many = by_goal.measure.many
    whole = by_goal.measure.portion > 1
    return {
        "units": Column(Capital(many), "number", grade="counted", missing="–"),
        "for_money": Column(
            say("for each {money}", money=Money(EACH)),
            "number",
            0 if whole else 1,
            grade="estimated",
            missing="–",
        ),
        "for_money_low": Column(say("likely from"), "number", 0 if whole else 1, missing="–"),
        "for_money_high": Column(say("to"), "number", 0 if whole else 1, missing="–"),
    }


def wave_items(by_goal: GoalOutlook, wave: Wave) -> tuple[Figure, Note, Table]:
    """What the next wave should bring of the goal's figure, who is in it, and what each costs beforehand."""
    many = by_goal.measure.many
    text = say(
        "Within {budget}, as much as this wave's creators cost: {creators} for {cost}, chosen by {many} for the money; "
        "{for_newcomers} is kept for creators never tried.",
        budget=Money(wave.budget),
        creators=number_of("creator", len(wave.frame)),
        cost=Money(wave.cost),
        many=many,
        for_newcomers=Money(wave.for_newcomers),
    )
    columns = {
        "creator": Column("Creator"),
        "decision": Column("What to do"),
        "cost": Column("Cost beforehand", "money", grade="estimated", reader="working"),
        "again": Column(say("Should bring: {many}", many=many), "number", 1, grade="estimated"),
        "again_low": Column(say("likely from"), "number", 1),
        "again_high": Column(say("to"), "number", 1),
    }
    frame = wave.frame.assign(decision=wave.frame.decision.map(DECISIONS))
    table = Table(
        "roi.next_wave", "Suggested split for the next wave", frame, columns, rows=12, reader="client"
    )
    return _result(by_goal, wave.frame), Note(text, slot="learned.wave", reader="client"), table


def _result(by_goal: GoalOutlook, creators: pd.DataFrame) -> Figure:
    """What the wave should bring of the goal's figure."""
    brings = by_goal.units[creators.index.to_numpy()].sum(axis=0)
    low, high = np.quantile(brings, NINETY_ENDS)
    return Figure(
        "roi.next_wave_result",
        say("What it should bring: {many}", many=by_goal.measure.many),
        float(brings.mean()),
        "number",
        "estimated",
        say("the same deals once more, on average"),
        low=low,
        high=high,
        n=len(creators),
    )


def wave_clause(by_goal: GoalOutlook, wave: Wave) -> Wording:
    """`A next wave of £612 with 6 creators should bring about 14 usable pieces.`"""
    return say(
        "A next wave of {cost} with {creators} should bring about {units} {many}.",
        cost=Money(wave.cost),
        creators=number_of("creator", len(wave.frame)),
        units=Count(float(wave.frame.again.sum())),
        many=by_goal.measure.many,
    )
