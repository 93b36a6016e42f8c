"""What came of a campaign in the ledger's figures, and how it compares with the forecast that was approved."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from creatorbook.campaign.posts import campaign_posts, first_posts
from creatorbook.client.ledger import Entry, rows_of
from creatorbook.finance.costs import campaign_costs, not_left_out, took_part
from creatorbook.finance.ladder import money_ladder
from creatorbook.finance.rungs import ON_SALES
from creatorbook.findings import Capital, Column, Count, Quantity, Span, Table, Text, Wording, say
from creatorbook.findings.rounding import far_ends
from creatorbook.history.course import AS_APPROVED, CREATORS
from creatorbook.planning.recorded import FIGURES, GOAL_FIGURES, WHY
from creatorbook.roi.headline import has_results
from creatorbook.stats.power import estimate_dispersion
from creatorbook.text.handles import plain_handles

if TYPE_CHECKING:
    from creatorbook.book import Book

#: creators of whom posts must be on file before all posts are taken to be there
MOST_POSTED = 0.8
#: days after the end in which a click still belongs to the campaign
CLICKED_UNTIL = 14
SOURCE = "the campaign's own files, as they were when it was settled"


class FigureOutcome(NamedTuple):
    """A value that came, and how many events it rests on (0: not a rate)."""

    value: float
    n: float = 0.0


def outcomes(book: Book) -> dict[str, FigureOutcome]:
    """What the campaign's files show, by the ledger's names; what no file shows is left out, never 0."""
    figures = {**_people(book), **_posts(book), **_money(book)}
    total = {name: one.value for name, one in figures.items()}
    for name, top, bottom, events in (
        ("click_rate", "clicks", "views", "clicks"),
        ("conversion_rate", "orders", "clicks", "orders"),
        ("kept_per_order", "kept_sales", "orders", "orders"),
        ("left_per_order", "contribution", "orders", "orders"),
        ("cost_per_order", "costs", "orders", "orders"),
        ("cost_per_piece", "costs", "pieces", "pieces"),
    ):
        if top in total and total.get(bottom, 0) > 0:
            figures[name] = FigureOutcome(total[top] / total[bottom], total[events])
    if "costs" in total and total.get("views", 0) > 0:
        figures["cost_per_thousand"] = FigureOutcome(total["costs"] / total["views"] * 1000)
    return figures


def outcome_entries(book: Book, on: date, by: str) -> list[Entry]:
    """The same as ledger rows."""
    return [
        Entry(
            written_on=on,
            by=by,
            campaign=book.campaign.id,
            starts_on=book.campaign.start,
            act="outcome",
            figure=name,
            unit=FIGURES[name].unit if name in FIGURES else "number",
            value=one.value,
            n=one.n or None,
            source=SOURCE,
        )
        for name, one in outcomes(book).items()
    ]


def beside_forecast(ledger: pd.DataFrame, campaign: str, results: Mapping[str, float]) -> pd.DataFrame:
    """A campaign's forecast (90 % prediction interval) beside what came. Pure: a ledger and results, nothing else.

    Columns: figure, low, likely, high (90 %), low50, high50, came (missing if nothing shows it), reading
    (`inside`, `above`, `below` or empty) and why (the input that moved it most, with how much of what was
    planned it came to). One row per figure that was forecast, in the order of `FIGURES`.
    """
    if ledger.empty:
        ledger = pd.DataFrame(
            columns=["campaign", "act", "figure", "low90", "low50", "likely", "high50", "high90"]
        )
    forecast = ledger[(ledger.campaign == campaign) & (ledger.act == "forecast")].set_index("figure")
    rows = []
    for name in FIGURES:
        if name not in forecast.index:
            continue
        row, value = forecast.loc[name], results.get(name, math.nan)
        reading = "above" if value > row.high90 else "below" if value < row.low90 else "inside"
        rows.append(
            {
                "figure": name,
                "low": row.low90,
                "likely": row.likely,
                "high": row.high90,
                "low50": row.low50,
                "high50": row.high50,
                "came": value,
                # a figure without a range, such as the cost, was reckoned and not forecast: nothing to lie in
                "reading": "" if math.isnan(value) or row.low90 == row.high90 else reading,
                "why": "" if math.isnan(value) else _why(name, forecast.likely.to_dict(), results),
            }
        )
    columns = ["figure", "low", "likely", "high", "low50", "high50", "came", "reading", "why"]
    return pd.DataFrame(rows, columns=columns)


def of_another_campaign(frame: pd.DataFrame) -> pd.DataFrame:
    """The comparison where another campaign ran than was approved: both figures stand, and neither hit nor miss."""
    came = frame.came.notna()
    return frame.assign(
        reading=frame.reading.mask(came, "other"),
        why=[say("another campaign ran") if one else "" for one in came],
    )


def _why(figure: str, planned: Mapping[str, float], results: Mapping[str, float]) -> Text:
    """The input that differs most from the plan in the direction of the result; empty where none is known."""
    if figure == "profit":
        return _why("contribution", planned, results)
    if figure not in results or figure not in planned:
        return ""
    gone = results[figure] - planned[figure]
    ratios = {
        name: results[name] / planned[name]
        for name in WHY.get(figure, ())
        if results.get(name, 0) > 0 and planned.get(name, 0) > 0
    }
    same_way = {name: ratio for name, ratio in ratios.items() if (ratio - 1) * gone > 0}
    if not same_way:
        return ""
    name = max(same_way, key=lambda one: abs(math.log(same_way[one])))
    return say("{input}: {times} times the plan", input=FIGURES[name].within, times=Count(same_way[name], 1))


def forecast_table(frame: pd.DataFrame) -> Table:
    """The comparison as a table, each value in its own unit."""
    columns = {
        "what": Column("What"),
        "planned": Column("Planned", grade="estimated"),
        "range": Column("Likely between", grade="estimated"),
        "came": Column("Came"),
        "reading": Column("Lies"),
        "why": Column("Most of the reason"),
    }
    return Table("roi.forecast_and_result", "Forecast and result", _in_words(frame), columns, reader="client")


def goal_table(book: Book, frame: pd.DataFrame) -> Table | None:
    """The goal's own figures for the first page: planned, came and why; nothing if none of them came."""
    named = GOAL_FIGURES[book.campaign.goal]
    goals = frame[frame.figure.isin(named) & frame.came.notna()]
    if goals.empty:
        return None
    order = goals.figure.map({name: rank for rank, name in enumerate(named)}).sort_values(kind="stable").index
    columns = {
        "what": Column("What"),
        "range": Column("Planned", grade="estimated"),
        "came": Column("Came"),
        "why": Column("Why, most of all"),
    }
    rows = _in_words(_as_planned(goals.loc[order]))
    return Table("roi.planned_and_came", "", rows, columns, slot="results.against_plan", sheet=False)


def _as_planned(frame: pd.DataFrame) -> pd.DataFrame:
    """Forecasts with the digits that the plan's page gave them; shares, and what was reckoned and not forecast, as they are."""
    foreseen = [FIGURES[row.figure].unit != "percent" and row.low < row.high for row in frame.itertuples()]
    ends = [
        far_ends(row.low, row.high) if far else (row.low, row.high)
        for row, far in zip(frame.itertuples(), foreseen, strict=True)
    ]
    return frame.assign(low=[low for low, _ in ends], high=[high for _, high in ends])


def _in_words(frame: pd.DataFrame) -> pd.DataFrame:
    """The comparison with each value in its own unit."""

    def quantity(name: str, value: float) -> Wording:
        return Quantity(None if pd.isna(value) else value, FIGURES[name].unit, FIGURES[name].digits)

    rows = [
        {
            "what": Capital(FIGURES[row.figure].words),
            "planned": quantity(row.figure, row.likely),
            "range": Span(row.low, row.high, FIGURES[row.figure].unit, FIGURES[row.figure].digits),
            "came": quantity(row.figure, row.came),
            "reading": _READINGS[row.reading],
            "why": row.why,
        }
        for row in frame.itertuples()
    ]
    return pd.DataFrame(rows, columns=["what", "planned", "range", "came", "reading", "why"])


#: reading of `beside_forecast` → its words in a table
_READINGS: Mapping[str, Text] = {
    "inside": say("inside"),
    "above": say("above"),
    "below": say("below"),
    "other": say("not comparable"),
    "": "",
}


def _people(book: Book) -> dict[str, FigureOutcome]:
    """How many took part, and how many of them the plan was approved with; that only where it was written down."""
    people, ledger = not_left_out(took_part(book)), book.ledger
    ran = people.person.nunique()
    figures = {CREATORS: FigureOutcome(float(ran))} if ran else {}
    approved = rows_of(ledger, book.campaign.id, "approved").figure if len(ledger) else []
    if ran and len(approved):
        same = people.person[plain_handles(people.handle).isin(approved)].nunique()
        figures[AS_APPROVED] = FigureOutcome(float(same))
    return figures


def _posts(book: Book) -> dict[str, FigureOutcome]:
    """Pieces, views and answers, and their rates per creator and follower."""
    accounts, figures = not_left_out(took_part(book)), {}
    lines, posts, posted = campaign_costs(book).lines, campaign_posts(book), set(first_posts(book).index)
    fees = lines[lines.kind == "fee"].groupby("creator").cents.sum()
    people = fees.reindex(sorted(accounts.creator.dropna().unique())).fillna(0.0)
    by_handle = accounts.drop_duplicates("handle").set_index("handle")
    free = people.index[people == 0]
    if len(free) and posted:
        figures["gifted_post_rate"] = FigureOutcome(
            sum(one in posted for one in free) / len(free), float(len(free))
        )
    if posts.empty:
        return figures
    paid = people.index[people > 0]
    on_file = posts.handle.map(by_handle.creator).dropna()
    whole = len(paid) == 0 or sum(one in set(on_file) for one in paid) >= MOST_POSTED * len(paid)
    followers = posts.handle.map(by_handle.followers)
    answers = posts.likes + posts.comments
    if whole:
        figures["pieces"] = FigureOutcome(float(len(posts)))
        figures["posts_per_creator"] = FigureOutcome(
            len(posts) / max(1, on_file.nunique()), float(len(posts))
        )
    for name, values, rate in (
        ("views", posts.views, "views_per_follower"),
        ("answers", answers, "response_rate"),
    ):
        if values.notna().mean() < MOST_POSTED:
            continue
        mean, n = float(values.mean()), float(values.notna().sum())
        figures[f"{name}_per_piece"] = FigureOutcome(mean, n)
        if followers[values.notna()].mean() > 0:
            figures[rate] = FigureOutcome(mean / float(followers[values.notna()].mean()), n)
        if whole:
            figures[name] = FigureOutcome(mean * len(posts))
    return figures


def _money(book: Book) -> dict[str, FigureOutcome]:
    """Clicks, orders and what they leave, as far as the files go."""
    ladder, figures = money_ladder(book), {}
    if ladder.campaign_costs is not None:
        # a plan takes commission off each order, so its costs are those fixed beforehand
        figures["costs"] = FigureOutcome(-ladder.money(*ladder.fixed_rungs))
    clicks = book.tables.clicks
    last = pd.Timestamp(book.campaign.end) + pd.Timedelta(days=CLICKED_UNTIL)
    clicks = clicks[(clicks.date >= pd.Timestamp(book.campaign.start)) & (clicks.date <= last)]
    if clicks.clicks.notna().any():
        figures["clicks"] = FigureOutcome(float(clicks.clicks.sum()))
    if not has_results(ladder):
        return figures
    figures["orders"] = FigureOutcome(float(ladder.slices.orders_kept.sum()))
    each = ladder.slices.dropna(subset="creator").groupby("creator").orders_kept.sum()
    if (dispersion := estimate_dispersion(each.tolist())) is not None:
        figures["orders_dispersion"] = FigureOutcome(dispersion, float(len(each)))
    if ladder.returns_known:
        figures["kept_sales"] = FigureOutcome(ladder.sales_that_stay)
    if ladder.margin is not None:
        figures["contribution"] = FigureOutcome(ladder.margin + ladder.money(*ON_SALES))
    if ladder.profit is not None:
        figures["profit"] = FigureOutcome(ladder.profit)
    return figures
