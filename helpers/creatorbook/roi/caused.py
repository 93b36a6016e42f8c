"""Caused or only traced: what the stored comparison found, what buyers say, and what can be learned without a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.finance.claimed_money import per_order
from creatorbook.finance.claims import evidence
from creatorbook.finance.ladder import money_ladder
from creatorbook.finance.order_values import order_values
from creatorbook.findings import Chart, Column, Figure, Findings, Note, Table, charts
from creatorbook.packs import pack
from creatorbook.roi.lift_evidence import Compared, planned_effect, signs, worth_of_one
from creatorbook.tracking.lift_plan import NONE

if TYPE_CHECKING:
    from creatorbook.book import Book

#: answers from which the survey's own share is used as a floor
ENOUGH_ANSWERS = 30
SLOT = "results.caused"
NEXT_TIME = "to know next time, keep a few products out of posts."


def caused(book: Book) -> Findings:
    """Caused or only traced: at least a, at most b from the stored comparison, else from buyers' answers, else cannot tell."""
    f = book.formats
    if not money_ladder(book).slices.orders_kept.sum():
        told = "We cannot separate the two, because no order is traced; to know next time, give each creator a code."
        return Findings("roi", (Note(told, slot=SLOT),), f)
    compared, floor = planned_effect(book), survey_floor(book)
    if compared is not None:
        return Findings("roi", (*_planned(book, compared), *_floor_figure(floor)), f)
    if floor is None:
        return Findings(
            "roi", (Note(f"We cannot separate the two, because {_nothing(book)}; {NEXT_TIME}", slot=SLOT),), f
        )
    ladder = money_ladder(book)
    told = (
        f"Traced is not caused. At least {f.money(floor)}, at most {f.money(ladder.sales_that_stay)} of these sales "
        "would not have happened otherwise."
    )
    how = (
        "The floor is the sales of buyers who named a creator when asked, not scaled up to those who gave no answer; "
        f"the ceiling is all that is traced. Nothing was held back to compare with; {NEXT_TIME}"
    )
    return Findings("roi", (Note(told, slot=SLOT), *_floor_figure(floor), Note(how, "method")), f)


def ladder_row(book: Book) -> dict[str, Any]:
    """The ladder's last line: of this, caused by the campaign: at least a, at most b; or cannot tell, and why."""
    row = {"rung": "?", "what": "of this, caused by the campaign: cannot tell", "base": "sales that stay"}
    compared, floor = planned_effect(book), survey_floor(book)
    worth = worth_of_one(book, book.lift) if compared is not None and book.lift is not None else None
    if compared is not None and worth is not None and compared.effect.lift is not None:
        low, high = (None if end is None else max(end, 0.0) * worth for end in compared.effect.extra_range)
        if compared.effect.found:
            row["what"] = "caused by the campaign: at least, at most"
        return {
            **row,
            "low": low,
            "high": high,
            "grade": "estimated",
            "source": f"compared with {compared.against}",
        }
    if compared is None and floor is not None:
        words = {"what": "of this, caused by the campaign: at least, at most", "grade": "counted"}
        most = money_ladder(book).sales_that_stay
        return {
            **row,
            **words,
            "low": floor,
            "high": most,
            "source": "buyers' own answers; all that is traced",
        }
    return {**row, "source": _nothing(book) if compared is None else compared.effect.trouble}


def lift_signs(book: Book) -> Findings:
    """What else moved while the campaign ran: orders, brand searches and direct visits against their usual course.

    Columns of `roi.lift_signs`: what was counted, what it was compared with, more than usual with its range in
    counts, and how to read it. Judged by `stats.lift`; without a stored plan it is no measure of cause.
    """
    found = [one for one in (planned_effect(book), *signs(book)) if one is not None]
    if not found:
        nothing = (
            "Nothing can be held against its usual course yet. Orders, searches or visits by day from six weeks before "
            "launch would show whether they moved; the shop and the analytics tool have them."
        )
        return Findings("roi", (Note(nothing, "unknown"),), book.formats)
    told: list[Any] = [Note(_signs_sentence(found)), _signs_table(found), *_chart(book, found[0])]
    return Findings("roi", (*told, Note(_how(found), "method")), book.formats)


def survey_floor(book: Book) -> float | None:
    """Sales that stay of orders whose buyer named a creator; `None` with fewer than 30 answers in the window."""
    answers = book.tables.survey.dropna(subset=["order_id"])
    if len(answers) < ENOUGH_ANSWERS:
        return None
    values = order_values(book)
    inside = set(values.order_id[values.inside & values.counts & ~values.cancelled])
    answers = answers[answers.order_id.isin(inside)].drop_duplicates("order_id")
    if len(answers) < ENOUGH_ANSWERS or "survey" not in set(evidence(book).claim):
        return None
    named = set(answers.order_id[answers.handle.notna()])
    told = per_order(book, money_ladder(book).expected, pd.Series(dtype="float64"))
    told = told[told.order_id.isin(named)]
    return float((told.net - told.cancelled - told.returned_or_0 - told.returns_expected_or_0).sum()) / 100


def _floor_figure(floor: float | None) -> list[Figure]:
    if floor is None:
        return []
    return [
        Figure(
            "roi.caused_at_least",
            "Named by the buyers themselves",
            floor,
            "money",
            "counted",
            "survey: sales that stay of claimed orders whose buyer named a creator",
        )
    ]


def _nothing(book: Book) -> str:
    """Why there is no comparison."""
    if book.lift is not None and book.lift.design == NONE:
        return f"no comparison was planned ({book.lift.reason})"
    return "nothing was held back"


# ------------------------------------------------------------------ the stored comparison


def _planned(book: Book, compared: Compared) -> list[Figure | Note]:
    """The first page's sentence, the extra sales with their range, and how it was judged."""
    effect, f = compared.effect, book.formats
    if effect.lift is None or effect.trouble:
        told = f"We cannot separate the two, because {effect.trouble}; {NEXT_TIME}"
        return [Note(told, slot=SLOT)]
    items: list[Figure | Note] = [Note(_sentence(book, compared), slot=SLOT), _lift_figure(compared)]
    worth = worth_of_one(book, book.lift) if book.lift is not None else None
    if worth is not None:
        low, high = effect.extra_range
        items.append(
            Figure(
                "roi.caused",
                "Sales that would not have happened otherwise",
                (effect.extra or 0.0) * worth,
                "money",
                "estimated",
                f"{compared.what} compared with {compared.against}, at the sales that stay of one",
                low=None if low is None else low * worth,
                high=None if high is None else high * worth,
                n=effect.arrangements,
                note=f"range of {f.percent(1 - effect.level)}; traced: {f.money(money_ladder(book).sales_that_stay)}",
            )
        )
    watch = pack("lift")["designs"].get(book.lift.design, {}).get("watch", "") if book.lift else ""
    return [*items, Note(_judged(book, compared), "method"), *([Note(watch, "caution")] if watch else [])]


def _sentence(book: Book, compared: Compared) -> str:
    """`At least {a}, at most {b}`, or that it cannot be told yet; the traced total beside."""
    effect, f = compared.effect, book.formats
    worth = (worth_of_one(book, book.lift) if book.lift else None) or 0.0
    low, high = (None if end is None else end * worth for end in effect.extra_range)
    traced = f"Traced: {f.money(money_ladder(book).sales_that_stay)}."
    most = "" if high is None else f", at most {f.money(max(high, 0.0))}"
    if effect.placebos.too_many:
        return (
            f"We cannot tell yet: {compared.against} moved as much without a campaign "
            f"({effect.placebos.alarms} of {effect.placebos.tried}). {traced}"
        )
    if not effect.found:
        return f"We cannot tell yet: compared with {compared.against}, the difference could easily be chance{most}. {traced}"
    if (effect.lift or 0) < 0:
        return f"Traced is not caused: compared with {compared.against}, these sold less, not more. {traced}"
    least = (
        "" if low is None else f"At least {f.money(max(low, 0.0))}{most} would not have been sold otherwise"
    )
    return f"Traced is not caused. {least}, compared with {compared.against}. {traced}"


def _lift_figure(compared: Compared) -> Figure:
    effect = compared.effect
    return Figure(
        "roi.lift",
        f"{compared.what[0].upper()}{compared.what[1:]}, against {compared.against}",
        effect.lift,
        "percent",
        "estimated",
        f"lift plan stored before launch; {effect.design}, judged by {effect.judged_by}",
        low=effect.low,
        high=effect.high,
        n=effect.arrangements,
        note=f"range of {round((1 - effect.level) * 100)} %, from the same test",
    )


def _judged(book: Book, compared: Compared) -> str:
    """The test in a sentence, and the checks where nothing happened."""
    effect, f = compared.effect, book.formats
    if effect.judged_by == "units":
        way = f"Which of them were shown was drawn again in {f.number(effect.arrangements)} other ways"
    else:
        way = f"The same sum was taken over {f.number(effect.arrangements)} stretches of days"
    told = f"{way}; a difference this large came in {f.percent(effect.p)} of them by chance."
    spread = effect.placebos
    if spread.low is not None and spread.high is not None:
        told += f" Elsewhere it mostly ran from {f.number(spread.low)} to {f.number(spread.high)} {compared.unit}."
    if spread.tried:
        told += f" Taken as if they had met the campaign, {spread.alarms} of {spread.tried} untouched ones would have raised an alarm."
    return f"{told} An order with several products counts for each. The plan could find {_smallest(book)}."


def _smallest(book: Book) -> str:
    lift = book.lift.smallest_lift if book.lift else None
    return "no lift of a stated size" if lift is None else f"a lift of {book.formats.percent(lift)} or more"


# ------------------------------------------------------------------ signs


def _signs_sentence(found: list[Compared]) -> str:
    moved = [one.what for one in found if one.effect.found and (one.effect.lift or 0) > 0]
    if not moved:
        return "Nothing here can be told from chance by these days alone; that is not the same as no effect."
    named = " and ".join([", ".join(moved[:-1]), moved[-1]] if len(moved) > 1 else moved)
    return f"More than chance would make: {named}."


def _signs_table(found: list[Compared]) -> Table:
    rows = []
    for one in found:
        low, high = one.effect.extra_range
        rows.append((one.what, one.against, one.effect.extra, low, high, one.unit, _reading(one)))
    names = ["what", "against", "extra", "low", "high", "unit", "reading"]
    frame = pd.DataFrame(rows, columns=names).astype(dict.fromkeys(("extra", "low", "high"), float))
    columns = {
        "what": Column("What"),
        "against": Column("compared with"),
        "extra": Column("more than usual", "number", grade="estimated"),
        "low": Column("likely from", "number", grade="estimated"),
        "high": Column("to", "number", grade="estimated"),
        "unit": Column("counted in"),
        "reading": Column("how to read it"),
    }
    return Table("roi.lift_signs", "What moved beside the traced orders", frame, columns)


def _reading(one: Compared) -> str:
    if one.effect.trouble:
        return f"cannot tell: {one.effect.trouble}"
    if not one.effect.found:
        return "could easily be chance" if one.planned else "these days cannot tell it from chance"
    told = "hard to explain by chance"
    return told if one.planned else f"{told}; season or press may be in it"


def _chart(book: Book, one: Compared) -> list[Chart]:
    """Observed and expected by day of the first comparison that has a course, with the campaign shaded."""
    course, f = one.effect.course, book.formats
    if course is None or course.empty or one.effect.expected is None:
        return []
    frame = course.melt("date", var_name="line", value_name="count")
    frame["line"] = frame.line.map({"observed": "as it came", "expected": "as expected without"})
    span = [(pd.Timestamp(book.campaign.start), course.date.max(), "campaign")]
    picture = charts.lines(
        frame, x="date", y="count", unit="number", formats=f, group="line", ylabel=one.unit, spans=span
    )
    alt = (
        f"{one.what[0].upper()}{one.what[1:]} by day beside what {one.against} make us expect: in the campaign "
        f"{f.number(one.effect.observed)} came, {f.number(one.effect.expected)} were expected."
    )
    return [
        Chart(
            "roi.lift_course",
            f"{one.what[0].upper()}{one.what[1:]} against the expected course",
            alt,
            picture,
        )
    ]


def _how(found: list[Compared]) -> str:
    beside = (
        ""
        if any(one.planned for one in found)
        else " Nothing was held back on purpose, so this is no measure of cause."
    )
    return (
        "Days of the shop's own promotions are left out of series. Each sum is held against the same sum over other "
        "stretches of days; ranges hold in 95 of 100 such comparisons. A rise that builds up slowly is harder to tell "
        f"than one that starts at once.{beside}"
    )
