"""Caused or only traced: what the stored comparison found, what buyers say, and what can be learned without a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.finance.claimed_money import per_order
from creatorbook.finance.claims import joined_kinds
from creatorbook.finance.ladder import money_ladder
from creatorbook.finance.order_values import order_values
from creatorbook.findings import (
    Capital,
    Chart,
    Column,
    Count,
    Figure,
    Findings,
    Money,
    Note,
    Quantity,
    Share,
    Table,
    Text,
    Wording,
    charts,
    ends,
    joined,
    packed,
    say,
    say_many,
    sentences,
    written,
)
from creatorbook.findings.rounding import End
from creatorbook.memo import per_book
from creatorbook.packs import pack
from creatorbook.roi import return_on_spend
from creatorbook.roi.lift_evidence import Compared, planned_effect, signs
from creatorbook.tracking.lift_plan import NONE

if TYPE_CHECKING:
    from creatorbook.book import Book

#: answers from which the survey's own share is used as a floor
ENOUGH_ANSWERS = 30
_SLOT = "results.caused"


def caused(book: Book) -> Findings:
    """Caused (incremental) or only traced: at least a, at most b from the stored comparison, else from buyers' answers.

    Where neither is there, incrementality cannot be told, and why is said.
    """
    ladder = money_ladder(book)
    if not ladder.slices.orders_kept.sum():
        text = say(
            "We cannot separate the two, because no order is traced; to know next time, give each creator a code."
        )
        return Findings("roi", (Note(text, slot=_SLOT),), book.formats)
    compared, floor = planned_effect(book), survey_floor(book)
    if compared is not None:
        return Findings("roi", (*_planned(book, compared), *_floor_figure(floor)), book.formats)
    if floor is None:
        return Findings("roi", (Note(_cannot_separate(book, _nothing(book)), slot=_SLOT),), book.formats)
    text = say(
        "Traced is not caused. At least {least}, at most {most} of these sales would not have happened otherwise.",
        least=Money(floor),  # both are counted, and stand as figures of their own beside this
        most=Money(ladder.sales_that_stay),
    )
    how = sentences(
        say(
            "The floor is the sales of buyers who named a creator when asked, not scaled up to those who gave no "
            "answer; the ceiling is all that is traced."
        ),
        say("{nothing}; to know next time, {do}.", nothing=Capital(_nothing(book)), do=_next_time(book)),
    )
    return Findings(
        "roi",
        (Note(text, slot=_SLOT), *_floor_figure(floor), Note(how, "method", reader="client")),
        book.formats,
    )


def _cannot_separate(book: Book, reason: Text) -> Wording:
    return say(
        "We cannot separate the two, because {reason}; to know next time, {do}.",
        reason=reason,
        do=_next_time(book),
    )


def _next_time(book: Book) -> Wording:
    """What would tell caused from traced: products held back, where orders name them; else whatever can be."""
    if book.tables.has("order_lines", "product"):
        return say("keep a few products out of posts")
    return say("hold back a few products, markets or stores")


def ladder_row(book: Book) -> dict[str, Any]:
    """The ladder's last line: of this, caused by the campaign: at least a, at most b; or cannot tell, and why."""
    row: dict[str, Any] = {
        "rung": "?",
        "what": say("of this, caused by the campaign: cannot tell"),
        "base": say("sales that stay"),
    }
    compared, floor = planned_effect(book), survey_floor(book)
    if compared is not None:
        return row | _compared_row(compared)
    if floor is not None:
        return {
            **row,
            "what": say("of this, caused by the campaign: at least, at most"),
            # no range of one figure, so not rounded outwards: the first page says the same two
            "low": round(floor),
            "high": round(money_ladder(book).sales_that_stay),
            "grade": "counted",
            "source": say("buyers' own answers; all that is traced"),
        }
    return {**row, "source": _nothing(book)}


def _compared_row(compared: Compared) -> dict[str, Any]:
    """The stored comparison in the ladder's last line; where it comes to no amount, why."""
    if not compared.measured:
        return {"source": compared.trouble}
    source = say("compared with {others}", others=compared.against)
    if compared.worth is None:
        unpriced = say("what one of them is worth is not on file")
        return {"source": joined([source, unpriced], by="; ")}
    _, low, high = compared.extra_money
    row = {
        "low": None if low is None else max(low, 0.0),
        "high": None if high is None else max(high, 0.0),
        "grade": "estimated",
        "source": source,
    }
    return row | ({"what": say("caused by the campaign: at least, at most")} if compared.effect.found else {})


def lift_signs(book: Book) -> Findings:
    """What else moved while the campaign ran: orders, brand searches and direct visits against their usual course.

    Columns of `roi.lift_signs`: what was counted, what it was compared with, more than usual with its range in
    counts, and how to read it. Judged by `stats.lift` (interrupted time series); without a stored plan it is no
    measure of cause.
    """
    comparisons = [one for one in (planned_effect(book), *signs(book)) if one is not None]
    if not comparisons:
        text = say(
            "Nothing can be held against its usual course yet. Orders, searches or visits by day from six weeks before "
            "launch would show whether they moved; the shop and the analytics tool have them."
        )
        return Findings("roi", (Note(text, "unknown"),), book.formats)
    items: list[Any] = [
        Note(_signs_sentence(comparisons)),
        _signs_table(comparisons),
        *_chart(book, comparisons),
        Note(_how(comparisons), "method"),
    ]
    return Findings("roi", tuple(items), book.formats)


@per_book
def survey_floor(book: Book) -> float | None:
    """Sales that stay of orders whose buyer named a creator; `None` with fewer than 30 answers in the window."""
    answers = book.tables.survey.dropna(subset=["order_id"])
    if len(answers) < ENOUGH_ANSWERS:
        return None
    values = order_values(book)
    inside = set(values.order_id[values.inside & values.counts & ~values.cancelled])
    answers = answers[answers.order_id.isin(inside)].drop_duplicates("order_id")
    if len(answers) < ENOUGH_ANSWERS or "survey" not in joined_kinds(book):
        return None
    named = set(answers.order_id[answers.handle.notna()])
    orders = per_order(book)
    orders = orders[orders.order_id.isin(named)]
    stays = orders.net - orders.cancelled - orders.returned_or_0 - orders.returns_expected_or_0
    return float(stays.sum()) / 100


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
            say("survey: sales that stay of credited orders whose buyer named a creator"),
        )
    ]


def _nothing(book: Book) -> Text:
    """Why there is no comparison."""
    if book.lift_fault:
        return book.lift_fault
    if book.lift is not None and book.lift.design == NONE:
        return say("no comparison was planned ({reason})", reason=book.lift.reason)
    return say("nothing was held back")


# ------------------------------------------------------------------ the stored comparison


def _planned(book: Book, compared: Compared) -> list[Figure | Note]:
    """The first page's sentence, the extra sales with their range, and how it was judged."""
    if not compared.measured:
        return [Note(_cannot_separate(book, compared.trouble), slot=_SLOT)]
    items: list[Figure | Note] = [Note(_sentence(book, compared), slot=_SLOT), _lift_figure(compared)]
    items += _broken_promise(compared)
    if compared.worth is not None:
        items.append(_caused_figure(book, compared))
    brought = return_on_spend.return_on_spend(book)
    if brought is not None:
        items += return_on_spend.figures(book, brought)
        text = return_on_spend.paid_back(brought)
        items += [Note(text)] if text else []
    watch = pack("lift")["designs"].get(book.lift.design, {}).get("watch", "") if book.lift else ""
    items.append(Note(_judged(book, compared), "method", reader="client"))
    return [*items, Note(packed(watch), "caution")] if watch else items


def _caused_figure(book: Book, compared: Compared) -> Figure:
    """The extra counts at what one of them is worth."""
    effect, (likely, low, high) = compared.effect, compared.extra_money
    return Figure(
        "roi.caused",
        "Sales that would not have happened otherwise",
        likely,
        "money",
        "estimated",
        say(
            "{what} compared with {others}, at the sales that stay of one",
            what=compared.what,
            others=compared.against,
        ),
        low=low,
        high=high,
        n=effect.arrangements,
        note=say(
            "range of {level}; traced: {traced}",
            level=Share(1 - effect.level),
            traced=Money(money_ladder(book).sales_that_stay),
        ),
    )


def _sentence(book: Book, compared: Compared) -> Wording:
    """`At least {a}, at most {b}`, or that it cannot be told yet; what a euro brought and the traced total beside.

    Where the goal is not sales, money is second and the page has the first of it only.
    """
    if book.campaign.goal != "sales":
        return _verdict(compared)
    promise, broken = compared.promise, None
    if promise is not None and promise.broken:
        broken = say("{who}, so the most is not told.", who=Capital(promise.in_short))
    traced = say("Traced: {traced}.", traced=Money(money_ladder(book).sales_that_stay))
    brought = return_on_spend.return_on_spend(book)
    in_money = return_on_spend.in_a_sentence(brought) if brought else None
    return sentences(_verdict(compared), broken, in_money, traced)


def _broken_promise(compared: Compared) -> list[Note]:
    """Who showed what was to be held back, in full; nothing where the promise was kept."""
    promise = compared.promise
    if promise is None or not promise.broken:
        return []
    text = say(
        "{who}: at least so much stays true, the most it could be is not told.", who=Capital(promise.words)
    )
    return [Note(text, "caution")]


def _ends_in_words(compared: Compared) -> tuple[Wording | None, Wording | None]:
    """The ends of the range in money; in counts where nobody knows what one is worth. `None` where there is no limit."""
    low, high = compared.extra_range
    return _in_words(compared, low, "low"), _in_words(compared, high, "high")


def _in_words(compared: Compared, count: float | None, end: End) -> Wording | None:
    """So many extra counts, none below 0, at what one is worth; as counts where nobody knows that."""
    if count is None:
        return None
    if compared.worth is not None:
        return Quantity(max(count, 0.0) * compared.worth, "money", 0, end)
    return say("{n} {unit}", n=Quantity(max(count, 0.0), "number", 0, end), unit=compared.unit)


def _verdict(compared: Compared) -> Wording:
    effect, others = compared.effect, compared.against
    low, high = _ends_in_words(compared)
    if effect.placebos.too_many:
        return say(
            "We cannot tell yet: {others} moved as much without a campaign ({alarms} of {tried}).",
            others=others,
            alarms=effect.placebos.alarms,
            tried=effect.placebos.tried,
        )
    if not effect.found:
        if effect.never_tells:
            return say(
                "This comparison can never tell: compared with {others}, even twice the sales would have been missed "
                "(the smallest chance it can give is {finest}, and {level} is asked).",
                others=others,
                finest=Share(effect.finest),
                level=Share(effect.level),
            )
        if high is None:
            return say(
                "We cannot tell yet: compared with {others}, the difference could easily be chance.",
                others=others,
            )
        return say(
            "We cannot tell yet: compared with {others}, the difference could easily be chance, at most {most}.",
            others=others,
            most=high,
        )
    if (effect.lift or 0) < 0:
        return say("Traced is not caused: compared with {others}, these sold less, not more.", others=others)
    if low is None:
        return say(
            "Traced is not caused: compared with {others}, these sold more; how much cannot be told.",
            others=others,
        )
    if high is None:
        return say(
            "Traced is not caused. At least {least} would not have been sold otherwise, compared with {others}.",
            least=low,
            others=others,
        )
    return say(
        "Traced is not caused. At least {least}, at most {most} would not have been sold otherwise, compared with "
        "{others}.",
        least=low,
        most=high,
        others=others,
    )


def _lift_figure(compared: Compared) -> Figure:
    effect = compared.effect
    return Figure(
        "roi.lift",
        Capital(say("{what}, against {others}", what=compared.what, others=compared.against)),
        effect.lift,
        "percent",
        "estimated",
        say(
            "comparison stored before launch; {design}, judged by {judged_by}",
            design=packed(effect.design),
            judged_by=packed(effect.judged_by),
        ),
        low=effect.low,
        high=effect.high,
        n=effect.arrangements,
        note=say("range of {level}, from the same test", level=Share(1 - effect.level)),
    )


def _judged(book: Book, compared: Compared) -> Wording:
    """The test in a sentence, and the checks where nothing happened (placebos)."""
    effect = compared.effect
    rare = effect.p is not None and effect.p < 0.01
    share = say("fewer than 1 in 100") if rare else Share(effect.p)
    spread = effect.placebos
    counts: dict[str, Any] = {"n": Count(effect.arrangements), "share": share}
    by_units = say_many(
        "Which of them were shown was drawn again in {n} other way; a difference this large came in {share} of them "
        "by chance.",
        "Which of them were shown was drawn again in {n} other ways; a difference this large came in {share} of them "
        "by chance.",
        **counts,
    )
    by_dates = say(
        "The same sum was taken over {n} stretches of days; a difference this large came in {share} of them by chance.",
        **counts,
    )
    elsewhere = alarms = None
    if spread.low is not None and spread.high is not None:
        elsewhere = say(
            "Elsewhere it mostly ran from {low} to {high} {unit}.",
            **ends(spread.low, spread.high, "number"),
            unit=compared.unit,
        )
    if spread.tried:
        alarms = say(
            "Taken as if they had met the campaign, {alarms} of {tried} untouched ones would have raised an alarm.",
            alarms=spread.alarms,
            tried=spread.tried,
        )
    return sentences(
        by_units if effect.judged_by == "units" else by_dates,
        elsewhere,
        alarms,
        say("An order with several products counts for each.") if compared.of_products else None,
        _smallest(book),
    )


def _smallest(book: Book) -> Wording:
    """The minimum detectable effect of the stored plan."""
    lift = book.lift.smallest_lift if book.lift else None
    if lift is None:
        return say("The plan could find no extra sales of a stated size.")
    return say("The plan could find extra sales of {lift} or more.", lift=Share(lift))


# ------------------------------------------------------------------ signs


def _signs_sentence(comparisons: list[Compared]) -> Wording:
    moved = [one.what for one in comparisons if one.effect.found and (one.effect.lift or 0) > 0]
    if not moved:
        return say(
            "Nothing here can be told from chance by these days alone; that is not the same as no effect."
        )
    return say("More than chance would make: {series}.", series=joined(moved, last="and"))


def _signs_table(comparisons: list[Compared]) -> Table:
    rows = []
    for one in comparisons:
        low, high = one.extra_range
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


def _reading(one: Compared) -> Wording:
    if one.effect.trouble:
        return say("cannot tell: {reason}", reason=one.trouble)
    if not one.effect.found and one.effect.never_tells:
        return say("can never tell: even a doubling would have been missed")
    if not one.effect.found:
        return say("could easily be chance") if one.planned else say("these days cannot tell it from chance")
    if one.planned:
        return say("hard to explain by chance")
    return say("hard to explain by chance; season or press may be in it")


def _chart(book: Book, comparisons: list[Compared]) -> list[Chart]:
    """Observed and expected by day of the first comparison that has a course, with the campaign shaded."""
    one = next((one for one in comparisons if _has_course(one)), None)
    if one is None or (course := one.effect.course) is None or one.effect.expected is None:
        return []
    f = book.formats
    frame = course.melt("date", var_name="line", value_name="count")
    names = {"observed": say("as it came"), "expected": say("as expected without")}
    frame["line"] = frame.line.map({name: written(text, f) for name, text in names.items()})
    span = [(pd.Timestamp(book.campaign.start), course.date.max(), written(say("campaign"), f))]
    picture = charts.lines(
        frame,
        x="date",
        y="count",
        unit="number",
        formats=f,
        group="line",
        ylabel=written(one.unit, f),
        spans=span,
    )
    alt = say(
        "{what} by day beside what {others} make us expect: in the campaign {observed} came, {expected} were expected.",
        what=one.what,
        others=one.against,
        observed=Count(one.effect.observed),
        expected=Count(one.effect.expected),
    )
    title = say("{what} against the expected course", what=one.what)
    return [Chart("roi.lift_course", Capital(title), Capital(alt), picture)]


def _has_course(one: Compared) -> bool:
    """Whether both observed and expected are told by day."""
    course = one.effect.course
    return course is not None and not course.empty and one.effect.expected is not None


def _how(comparisons: list[Compared]) -> Wording:
    """How series were judged; a stored comparison tells in its own place how it was."""
    series = [one for one in comparisons if not one.planned]
    if not series:
        return say("How the stored comparison was judged is told beside its result.")
    levels = sorted({1 - one.effect.level for one in series})
    beside = None
    if len(series) == len(comparisons):
        beside = say("Nothing was held back on purpose, so this is no measure of cause.")
    return sentences(
        say("Days of the shop's own promotions are left out of series."),
        say(
            "Each sum is held against the same sum over other stretches of days; ranges hold in {share} of such "
            "comparisons.",
            share=joined((Share(level) for level in levels), last="and"),
        ),
        say("A rise that builds up slowly is harder to tell than one that starts at once."),
        beside,
    )
