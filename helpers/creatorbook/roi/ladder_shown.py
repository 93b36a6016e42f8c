"""The money ladder as a reader sees it: six lines, all rungs, the waterfall, VAT by country and slices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.campaign.posts import campaign_posts
from creatorbook.finance import slices as cut
from creatorbook.finance.claims import claimed_orders, marketplace
from creatorbook.finance.ladder import Ladder, build, money_ladder
from creatorbook.finance.margin import margin_sentence
from creatorbook.finance.order_values import order_values, tax_rates, window_rule
from creatorbook.finance.rungs import ORDER_RUNGS, RUNGS, SUM_AFTER, SUMS, TO_MARGIN, TO_STAY, numbered
from creatorbook.findings import (
    Capital,
    Chart,
    Column,
    Figure,
    Findings,
    Note,
    Table,
    Text,
    charts,
    joined,
    say,
    written,
)
from creatorbook.roi.caused import ladder_row
from creatorbook.roi.creator_results import defined_sizes
from creatorbook.roi.headline import break_even_sentence, has_results, not_included, stay_figure

if TYPE_CHECKING:
    from creatorbook.book import Book

_LADDER = "results.ladder"


def ladder(book: Book, *, own_hours: bool = True) -> Findings:
    """The money ladder: six lines for the first page, all rungs, the waterfall and the return on costs."""
    told = money_ladder(book) if own_hours else build(book, own_hours=False)
    if not has_results(told):
        return _without_orders(book, told)
    full: list[Figure | Table | Note] = [_full_table(book, told), *_notes_on_ladder(book, told)]
    if book.campaign.goal != "sales":
        full.insert(0, stay_figure(told, slot=None))
    return Findings(
        "roi",
        (_page_one_table(book, told), *_return_figures(told), *full, _waterfall(book, told), *_vat(book)),
        book.formats,
    )


def _without_orders(book: Book, told: Ladder) -> Findings:
    cost = told.campaign_costs
    items: list[Figure | Note] = [
        Note(
            "The ladder needs orders that name a creator by code, link or answer. The shop's order export with "
            "its discount codes would build it; the shop's administrator has it.",
            "unknown",
            slot=_LADDER,
        )
    ]
    if cost is not None:
        items.append(_cost_figure(told))
    return Findings("roi", tuple(items), book.formats)


def _cost_figure(told: Ladder) -> Figure:
    grades = set(told.costs.lines.grade)
    return Figure(
        "roi.campaign_costs",
        "Campaign costs",
        told.campaign_costs,
        "money",
        "assumed" if "assumed" in grades else "counted",
        told.costs.sources_of(told.costs.lines) if len(told.costs.lines) else "no cost file",
        note=not_included(told),
    )


def _return_figures(told: Ladder) -> list[Figure]:
    """ROI and, small beside it, ROAS; nothing of the kind without costs."""
    if not told.costs_known:
        return []
    found = [_cost_figure(told)]
    if told.profit is not None and told.roi is not None:
        profit, costs = told.draws["profit"], told.draws["costs"]
        low, high = np.quantile(profit / np.where(costs > 0, costs, np.nan), [0.05, 0.95])
        found.append(
            Figure(
                "roi.roi",
                "Return on campaign costs",
                told.roi,
                "percent",
                "estimated",
                f"profit after campaign costs ÷ campaign costs (rungs {numbered(told.cost_rungs)})",
                low=low,
                high=high,
                note=_fixed_words(told),
            )
        )
    found.append(
        Figure(
            "roi.roas",
            "Sales per unit spent (ROAS)",
            told.roas,
            "ratio",
            "counted",
            f"rung {numbered(['traced'])} less {numbered(['discounts'])} and {numbered(['tax'])} ÷ campaign costs: before returns, "
            "goods and fees, so not a profit",
            digits=1,
        )
    )
    return found


def _fixed_words(told: Ladder) -> str:
    fixed = told.roi_before_commission
    if fixed is None or told.roi is None or round(fixed, 2) == round(told.roi, 2):
        return ""
    return f"on the costs fixed beforehand, without commission (rungs {numbered(told.fixed_rungs)}): {fixed * 100:.0f} %"


def _page_one_table(book: Book, told: Ladder) -> Table:
    """Six lines, as far as the files go."""
    lines: list[tuple[Text, float, bool]] = [
        ("Sales traced", told.money("traced"), False),
        ("less discounts and VAT", told.money("discounts", "tax"), False),
        ("less cancelled and returned", told.money("cancelled", "returned", "returns_expected"), False),
    ]
    if not told.returns_known:
        lines[2] = ("less cancelled (returns not known)", told.rungs.cents["cancelled"] / 100, False)
    if told.margin_known:
        lines.append(("less goods, delivery and fees", told.money(*TO_MARGIN) - told.sales_that_stay, False))
    else:
        lines.append((_sum_name(told, "sales_that_stay"), told.sales_that_stay, True))
    if told.costs_known:
        lines.append(("less campaign costs", told.money(*told.cost_rungs), False))
    if told.profit is not None:
        lines.append(("Profit after campaign costs", told.profit, True))
    elif told.margin_known:
        lines.append(("Margin on these orders", told.margin or 0.0, True))
    frame = _in_whole_units(pd.DataFrame(lines, columns=["line", "amount", "total"]))
    return Table(
        "roi.ladder_short",
        "From sales to profit",
        frame,
        {"line": Column(""), "amount": Column(book.client.currency, "money")},
        slot=_LADDER,
        note=_page_one_note(book, told),
        strong=tuple(frame.index[frame.total]),
        sheet=False,
    )


def _in_whole_units(lines: pd.DataFrame) -> pd.DataFrame:
    """The lines as they are printed, so that who adds them up finds the sum: what rounding leaves is in one line.

    That is the goods, or discounts and VAT where the margin is not known: no other place of the page repeats them.
    """
    amounts = lines.amount.round()
    for at in lines.index[lines.total]:
        above = lines.index[(lines.index < at) & ~lines.total]
        into = next((row for row in above if "goods" in lines.line[row]), above[min(1, len(above) - 1)])
        amounts[into] += amounts[at] - amounts[above].sum()
    return lines.assign(amount=amounts)


def _page_one_note(book: Book, told: Ladder) -> str:
    parts = []
    if told.costs_known and told.costs.missing:
        parts.append(f"NOT INCLUDED: {joined(told.costs.missing_words).write(book.formats)}.")
    if told.profit is None and told.costs_known and not told.margin_known:
        parts.append("The margin is not on file, so the ladder stops at sales that stay.")
    return " ".join(parts)


def _full_table(book: Book, told: Ladder) -> Table:
    """Every rung with its base, range, grade and source; sums where the ladder has them."""
    rows = []
    parts = {"sales_that_stay": TO_STAY, "margin": TO_MARGIN, "profit": (*TO_MARGIN, *told.cost_rungs)}
    for rung in RUNGS:
        row = told.rungs.loc[rung.key]
        if rung.key in ORDER_RUNGS and not told.margin_known:
            continue
        rows.append(_rung_row(rung.label, row, str(rung.number)))
        name = SUM_AFTER.get(rung.key)
        if name and _sum_known(told, name):
            sums = {"rung": "=", "what": _sum_name(told, name), "amount": told.money(*parts[name])}
            rows.append({**sums, **_range_of(told, name)})
    rows.append(ladder_row(book))
    frame = pd.DataFrame(rows, columns=["rung", "what", "amount", "low", "high", "base", "grade", "source"])
    frame[["base", "grade", "source"]] = frame[["base", "grade", "source"]].fillna("")
    columns = {
        "rung": Column("Rung"),
        "what": Column("What"),
        "amount": Column("Amount", "money", 2),
        "low": Column("Likely from", "money", missing="–"),
        "high": Column("to", "money", missing="–"),
        "base": Column("Base"),
        "grade": Column("Evidence"),
        "source": Column("Source"),
    }
    rule = "Each rung has its own base; the order is fixed."
    strong = tuple(frame.index[frame.rung == "="])
    return Table("roi.ladder", "The money ladder", frame, columns, strong=strong, rows=30, note=rule)


def _sum_name(told: Ladder, name: str) -> Text:
    return SUMS[name] if told.returns_known or name != "sales_that_stay" else "Sales that stay, at most"


def _range_of(told: Ladder, name: str) -> dict[str, float]:
    low, high = told.likely(name)
    known = told.returns_known and high - low >= 0.01
    return {"low": low, "high": high} if known else {"low": np.nan, "high": np.nan}


def _rung_row(label: Text, row: pd.Series, number: str) -> dict[str, object]:
    return {
        "rung": number,
        "what": label,
        "amount": row.cents / 100,
        "low": row.low / 100,
        "high": row.high / 100,
        "base": row.base,
        "grade": row.grade if pd.notna(row.cents) else "",
        "source": row.source,
    }


def _sum_known(told: Ladder, name: str) -> bool:
    return {"sales_that_stay": True, "margin": told.margin_known, "profit": told.profit is not None}[name]


def _notes_on_ladder(book: Book, told: Ladder) -> list[Note]:
    notes = [Note(window_rule(book), "method")]
    if margin := margin_sentence(book, told.margin_used):
        notes.append(Note(margin, "method"))
    if not told.margin_known and told.costs_known:
        notes.append(Note(break_even_sentence(book, told), rank=1))
    if told.costs_known and told.costs.missing:
        missing = joined(told.costs.missing_words).write(book.formats)
        notes.append(Note(f"NOT INCLUDED in campaign costs, because no file tells it: {missing}.", "caution"))
    if told.margin_known and (gaps := _gaps(told)):
        notes.append(
            Note(say("Not available and therefore not taken off: {rungs}.", rungs=joined(gaps)), "caution")
        )
    sheet = marketplace(book)
    if len(sheet):
        amount = book.formats.money(float(sheet.sales.sum()))
        notes.append(
            Note(
                f"Rung {numbered(['traced'])} holds {amount} of marketplace sales as the marketplace counts them, for the whole time "
                "its sheet covers; they are not in the shop's orders and are counted once. Its fees are not on file."
            )
        )
    return notes


def _gaps(told: Ladder) -> list[Text]:
    known = told.rungs.loc[["returned", *ORDER_RUNGS]]
    return list(known.short[known.cents.isna()])


def _waterfall(book: Book, told: Ladder) -> Chart:
    """Steps from sales traced to the last sum the files allow."""
    steps = [("Sales traced", told.money("traced"), True)]
    shown = TO_MARGIN[1:] if told.margin_known else TO_STAY[1:]
    shown = (*shown, *(told.cost_rungs if told.profit is not None else ()))
    for key in shown:
        cents = told.rungs.cents[key]
        if pd.notna(cents) and cents:
            steps.append((written(told.rungs.short[key], book.formats).capitalize(), cents / 100, False))
        if (name := SUM_AFTER.get(key)) and (key != shown[-1]):
            steps.append(
                (
                    written(SUMS[name], book.formats),
                    told.money(*(TO_STAY if name == "sales_that_stay" else TO_MARGIN)),
                    True,
                )
            )
    last, end = _last_sum(told)
    name = written(last, book.formats)
    steps.append((name, end, True))
    frame = pd.DataFrame(steps, columns=["what", "amount", "total"])
    f = book.formats
    alt = (
        f"Steps from {f.money(told.money('traced'))} of sales traced down to {f.money(end)}: {name.lower()}."
    )
    picture = charts.waterfall(frame, label="what", value="amount", total="total", unit="money", formats=f)
    return Chart("roi.waterfall", "From sales traced to what is left", alt, picture)


def _last_sum(told: Ladder) -> tuple[Text, float]:
    if told.profit is not None:
        return SUMS["profit"], told.profit
    if told.margin is not None:
        return SUMS["margin"], told.margin
    return _sum_name(told, "sales_that_stay"), told.sales_that_stay


def _vat(book: Book) -> list[Table]:
    """VAT by the buyer's country, where orders go to more than one or the file names it."""
    values = order_values(book)
    claimed = values[values.index.isin(claimed_orders(book).row)]
    if claimed.empty or not claimed.country.notna().any():
        return []
    claimed = claimed.assign(
        rate=tax_rates(book, claimed.country), country=claimed.country.fillna("not in the file")
    )
    sums = claimed.groupby("country", sort=True).agg(
        orders=("order_id", "size"), net=("net", "sum"), tax=("tax", "sum"), rate=("rate", "first")
    )
    frame = sums.reset_index()
    frame[["net", "tax"]] /= 100
    frame["paid"] = (frame.tax / frame.net.where(frame.net > 0)).astype(float)
    columns = {
        "country": Column("Country"),
        "orders": Column("Orders", "number", grade="counted"),
        "net": Column("Net sales", "money", 2, "counted"),
        "tax": Column("VAT in them", "money", 2),
        "paid": Column("VAT ÷ net sales", "percent", 1),
        "rate": Column("Rate in client.yml", "percent", 1, "assumed"),
    }
    return [Table("roi.vat", "VAT by country", frame.astype({"orders": float}), columns)]


def ladder_by(book: Book, by: str = "creator") -> Findings:
    """The ladder in slices that add up to the whole, to the cent: see `slices.CUTS` for the ways to cut.

    Raises:
        ValueError: no such slice.
    """
    told = money_ladder(book)
    if not has_results(told):
        return _nothing(book, "There are no orders to slice.", "the shop's order export with codes")
    frame = slice_table(book, told, by)
    if set(frame.slice) <= {cut.NOT_TOLD, cut.WHOLE, "All"}:
        return _nothing(
            book, f"No file tells the {cut.CUTS[by].write(book.formats)}.", _TELLS.get(by, "a column for it")
        )
    if by in {"creator", "product"}:  # most sales first; what belongs to nobody, and the sum, stay last
        named = ~frame.slice.isin([cut.WHOLE, cut.NOT_TOLD, "All"])
        frame = pd.concat(
            [frame[named].sort_values("traced", ascending=False, kind="stable"), frame[~named]],
            ignore_index=True,
        )
    columns = {
        "slice": Column(Capital(cut.CUTS[by])),
        "orders": Column("Orders, not cancelled", "number", grade="counted"),
        "traced": Column("Sales traced", "money", grade="counted"),
        "stay": Column("Sales that stay", "money"),
        **({"margin": Column("Margin on these orders", "money")} if told.margin_known else {}),
        **({"costs": Column("Campaign costs", "money")} if told.costs_known else {}),
        **({"profit": Column("Profit after campaign costs", "money")} if told.profit is not None else {}),
    }
    if by == "product":  # one order may hold several products: shares of orders would mislead
        columns.pop("orders")
    table = Table(
        f"roi.by_{by}",
        f"The ladder by {cut.CUTS[by].write(book.formats)}",
        frame,
        columns,
        note=_SLICE_NOTES.get(by, "“Whole campaign” holds costs that belong to no single creator."),
        strong=(len(frame) - 1,),
        rows=12,
    )
    return Findings("roi", (table,), book.formats)


#: what would tell a slice that no file tells
_TELLS = {
    "segment": "a niche column in the creators list",
    "format": "posts with their format, or formats agreed in the creators list",
    "product": "order lines with products, from the shop's order export",
    "tier": "followers in the creators list",
}
_SLICE_NOTES = {
    "product": "An order's money goes to its products by the value of their lines; “Whole campaign” holds all campaign costs.",
    "format": "Each creator counts for the format in which they showed the campaign most often.",
}


def slice_table(book: Book, told: Ladder, by: str) -> pd.DataFrame:
    """One row per slice and a last row with the whole: orders, traced, stay, margin, costs, profit, in money.

    Raises:
        ValueError: no such slice.
    """
    if by not in cut.CUTS:
        raise ValueError(f"cannot slice by {by!r}: {', '.join(cut.CUTS)}")
    labels = None if by == "product" else _labels(book, told, by)
    rungs = cut.rungs_by_product(book, told) if labels is None else cut.rungs_by(book, told, labels)
    orders = pd.Series(np.nan, index=rungs.index) if labels is None else _orders_by(told, labels, rungs.index)
    cents = pd.DataFrame(
        {
            "orders": orders * 100,
            "traced": rungs.traced,
            "stay": rungs[list(TO_STAY)].sum(axis=1),
            "margin": rungs[list(TO_MARGIN)].sum(axis=1),
            "costs": -rungs[list(told.cost_rungs)].sum(axis=1),
            "profit": rungs[[*TO_MARGIN, *told.cost_rungs]].sum(axis=1),
        }
    )
    rest = cents.index.isin([cut.WHOLE, cut.NOT_TOLD])
    sums = pd.concat([cents[~rest], cents[rest & (cents.fillna(0.0) != 0).any(axis=1)]])
    sums.loc["All"] = cents.sum(min_count=1)
    return (sums / 100).reset_index(names="slice")


def _labels(book: Book, told: Ladder, by: str) -> pd.Series:
    """The slice of each account."""
    slices = told.slices
    if by == "tier":
        return defined_sizes(book, slices)
    if by == "segment":
        return cut.segments(book).reindex(slices.index)
    if by == "format":
        return cut.formats(book, campaign_posts(book)).reindex(slices.index)
    if by == "campaign":
        return pd.Series(book.campaign.title, index=slices.index)
    return slices[by]


def _orders_by(told: Ladder, labels: pd.Series, index: pd.Index) -> pd.Series:
    """Kept orders of each slice."""
    orders = told.slices.orders_kept.rename("traced").to_frame()
    named = told.slices.creator.notna()
    group = labels.where(
        labels.notna(), pd.Series(np.where(named, cut.NOT_TOLD, cut.WHOLE), index=labels.index)
    )
    return orders.groupby(group.astype(str)).traced.sum().reindex(index)


def _nothing(book: Book, what: str, settles: str) -> Findings:
    return Findings("roi", (Note(f"{what} What would settle it: {settles}.", "unknown"),), book.formats)
