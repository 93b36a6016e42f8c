"""What stands on which slide: page one, posts, creators, money, as the client's paper has them.

Nothing is worked out here: figures, sentences and tables are the paper's own. A slide of which nothing is
there is left out, and a chart is drawn from a table's columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from creatorbook.plugins import Figure, Note, Table

if TYPE_CHECKING:
    from creatorbook.plugins import Book


@dataclass(frozen=True)
class BarChart:
    """Bars of one column of a table.

    Attributes:
        table: the key of the table.
        names, values: the columns that name a bar and give its length.
        most: how many rows are drawn, the longest bars first; the rest stands in the paper.
        as_listed: whether rows stay in the table's order, as steps of a calculation do.
    """

    table: str
    names: str
    values: str
    most: int = 10
    as_listed: bool = False


@dataclass(frozen=True)
class Plan:
    """One slide before the paper is known.

    Attributes:
        heading: the paper's own words for it, in English; they are translated as the paper's are.
        figures: keys of figures, or the slots that they stand in.
        notes: slots of sentences, most important first.
        charts: what is drawn, the first whose table is there.
        tables: keys of tables, the first one that is there; with the columns shown.
        most: how many rows of the table are shown.
    """

    heading: str
    figures: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    charts: tuple[BarChart, ...] = ()
    tables: tuple[tuple[str, tuple[str, ...]], ...] = ()
    most: int = 8


@dataclass(frozen=True)
class Slide:
    """One slide with what was found for it."""

    title: str
    figures: tuple[Figure, ...] = ()
    notes: tuple[Note, ...] = ()
    chart: tuple[Table, BarChart] | None = None
    table: tuple[Table, tuple[str, ...]] | None = None
    most: int = 8
    subtitle: str = ""
    is_title: bool = field(default=False)

    @property
    def is_bare(self) -> bool:
        """Whether nothing was found for it."""
        return not (self.figures or self.notes or self.chart or self.table)


_POST = ("creator", "kind", "views", "rate", "orders")

#: slides behind the title, by stage
PLANS: dict[str, tuple[Plan, ...]] = {
    "results": (
        Plan(
            "Three figures",
            figures=("results.three_figures",),
            notes=("results.caused", "results.next", "results.against_plan"),
        ),
        Plan(
            "What was posted, and how was it received?",
            figures=("roi.posts", "roi.posts_views", "roi.posts_answers", "roi.posts_rate"),
            charts=(BarChart("roi.posts_by_platform", "platform", "views"),),
            tables=(("roi.posts_best", _POST), ("roi.usable_pieces", _POST), ("roi.every_post", _POST)),
            notes=("posts.shared",),
            most=5,
        ),
        Plan(
            "What did each creator bring, and what comes next?",
            charts=(
                BarChart("roi.every_creator", "creator", "result", most=12),
                BarChart("roi.every_creator", "creator", "orders", most=12),
            ),
            tables=(("roi.every_creator", ("creator", "orders", "result", "next")),),
            notes=("creators.none",),
        ),
        Plan(
            "From sales to profit",
            charts=(BarChart("roi.ladder_short", "line", "amount", as_listed=True),),
            tables=(("roi.ladder_short", ("line", "amount")),),
            notes=("money.not_included", "results.books"),
        ),
        Plan(
            "What have we learned, and what comes next?",
            notes=("learned.recommendation", "results.could_change", "results.not_known"),
        ),
    ),
    "plan": (
        Plan(
            "What we recommend",
            figures=("plan.should_bring",),
            notes=("plan.recommend", "plan.has_to_be_true", "plan.should_bring", "plan.know_afterwards"),
        ),
        Plan(
            "Careful, middle, bold",
            charts=(BarChart("tiers.three_ways", "way", "cost", as_listed=True),),
            tables=(("tiers.three_ways", ("way", "creators", "cost", "bad_case")),),
            notes=("plan.three_ways",),
        ),
        Plan(
            "Who is proposed?",
            charts=(BarChart("tiers.who_is_in", "creator", "views"),),
            tables=(("tiers.who_is_in", ("creator", "tier", "views", "middle")),),
        ),
        Plan("What has to happen by when?", tables=(("goals.calendar", ("step", "begins", "ends", "days")),)),
        Plan("What we do not know", notes=("plan.not_known", "plan.before_launch")),
    ),
    "pulse": (
        Plan(
            "Are we live?", notes=("pulse.live", "pulse.late", "pulse.labels", "pulse.codes", "pulse.spent")
        ),
        Plan(
            "Where does every creator stand?",
            charts=(BarChart("tracking.status", "person", "orders"),),
            tables=(("tracking.status", ("person", "status", "next", "orders")),),
        ),
        Plan("One thing to change this week", notes=("pulse.change", "pulse.collect")),
    ),
}

#: the paper's title, by stage
TITLES = {
    "plan": "{brand}: plan for {campaign}",
    "pulse": "{brand}: {campaign} this week",
    "results": "{brand}: results of {campaign}",
}
#: the slot whose first sentence stands on the title
CLAIMS = {"plan": "plan.recommend", "pulse": "pulse.live", "results": "results.one_sentence"}


def slides_of(items: Iterable[Any], book: Book) -> list[Slide]:
    """The slides of a client's paper in their order, the title first.

    Args:
        items: the paper's figures, tables, charts and notes.
        book: the opened campaign, for its names and language.
    """
    found, words = Found(items), book.formats.words
    title = words(TITLES[book.stage], brand=book.client.brand, campaign=book.campaign.title)
    claim = found.notes_in(CLAIMS[book.stage])
    first = Slide(title, subtitle=str(claim[0].text) if claim else "", is_title=True)
    slides = (found.slide(plan, words(plan.heading)) for plan in PLANS[book.stage])
    return [first, *(slide for slide in slides if not slide.is_bare)]


class Found:
    """What a paper holds, by key and by slot."""

    def __init__(self, items: Iterable[Any]) -> None:
        self.items = tuple(items)
        self.tables = {item.key: item for item in self.items if isinstance(item, Table)}

    def notes_in(self, slot: str) -> list[Note]:
        """The sentences of a slot, most important first; how something was done is left to the paper."""
        notes = [item for item in self.items if isinstance(item, Note) and item.slot == slot]
        return sorted((note for note in notes if note.kind != "method"), key=lambda note: note.rank)

    def slide(self, plan: Plan, title: str) -> Slide:
        """One slide with what there is for it."""
        figures = (item for item in self.items if isinstance(item, Figure) and item.value is not None)
        wanted = {name: place for place, name in enumerate(plan.figures)}
        chosen = [figure for figure in figures if {figure.key, figure.slot} & wanted.keys()]
        chosen.sort(key=lambda figure: wanted.get(figure.key, wanted.get(figure.slot or "", 0)))
        charts = [(self.tables[chart.table], chart) for chart in plan.charts if self._is_drawn(chart)]
        tables = [(self.tables[key], columns) for key, columns in plan.tables if key in self.tables]
        return Slide(
            title,
            tuple(chosen),
            tuple(note for slot in plan.notes for note in self.notes_in(slot)),
            charts[0] if charts else None,
            _filled(*tables[0]) if tables else None,
            plan.most,
        )

    def _is_drawn(self, chart: BarChart) -> bool:
        """Whether a chart has at least two bars."""
        table = self.tables.get(chart.table)
        if table is None or not {chart.names, chart.values} <= set(table.frame):
            return False
        return int(table.frame[chart.values].notna().sum()) >= 2


def _filled(table: Table, columns: tuple[str, ...]) -> tuple[Table, tuple[str, ...]] | None:
    """A table with those of its columns that are there and anybody filled."""
    there = tuple(name for name in columns if name in table.columns and table.frame[name].notna().any())
    return (table, there) if there else None


def bars(table: Table, chart: BarChart) -> tuple[list[str], list[float]]:
    """The names and lengths of a chart's bars.

    Of a list, the longest bars either way are taken and stand from high to low.
    """
    rows = table.frame[[chart.names, chart.values]].dropna()
    if not chart.as_listed:
        longest = rows[chart.values].abs().sort_values(ascending=False, kind="stable").index[: chart.most]
        rows = rows.loc[longest].sort_values(chart.values, ascending=False, kind="stable")
    return [_plain(name) for name in rows[chart.names]], [float(value) for value in rows[chart.values]]


def _plain(name: object) -> str:
    """A name that the workbook behind a chart takes for no formula: it may come from any export."""
    text = str(name)
    return f"'{text}" if text.startswith(("=", "{=", "+", "-", "@", "\t", "\r")) else text


def alt_text(table: Table, chart: BarChart, written: Callable[[float], str]) -> str:
    """What a chart shows, in a sentence: how many bars, and the first and last of them.

    Args:
        written: how a bar's length is written.
    """
    names, lengths = bars(table, chart)
    first, *_, last = [f"{name} {written(value)}" for name, value in zip(names, lengths, strict=True)]
    return f"{table.title}. {len(names)} bars, from {first} to {last}."
