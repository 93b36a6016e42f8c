"""The money ladder as a reader sees it: six lines, all rungs, the waterfall, VAT by country and slices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.campaign.posts import campaign_posts
from creatorbook.finance import slices as cut
from creatorbook.finance.claims import claimed_orders, marketplace
from creatorbook.finance.costs import grade_of
from creatorbook.finance.ladder import Ladder, build_ladder, money_ladder
from creatorbook.finance.margin import margin_sentence
from creatorbook.finance.order_values import order_values, tax_rates, window_rule
from creatorbook.finance.rungs import ORDER_RUNGS, RUNGS, SUMS, Rung, numbered
from creatorbook.findings import (
    Capital,
    Chart,
    Column,
    Figure,
    Findings,
    Money,
    Note,
    Share,
    Step,
    Steps,
    Table,
    Text,
    Wording,
    joined,
    say,
    sentences,
    written,
)
from creatorbook.roi.caused import ladder_row
from creatorbook.roi.headline import break_even_sentence, has_results, not_included, stay_figure
from creatorbook.stats.intervals import NINETY_ENDS

if TYPE_CHECKING:
    from creatorbook.book import Book

_LADDER = "results.ladder"


def ladder(book: Book, *, own_hours: bool = True) -> Findings:
    """The money ladder down to contribution margin and profit: six lines for the first page, all rungs, the returns."""
    full = money_ladder(book) if own_hours else build_ladder(book, own_hours=False)
    if not has_results(full):
        return _without_orders(book, full)
    beside = [stay_figure(full, slot=None)] if book.campaign.goal != "sales" else []
    items: list[Figure | Table | Chart | Note] = [
        _page_one_table(book, full),
        *_return_figures(full),
        *beside,
        _full_table(book, full),
        *_notes_on_ladder(book, full),
        _waterfall(book, full),
        *_vat(book),
    ]
    return Findings("roi", tuple(items), book.formats)


def _without_orders(book: Book, full: Ladder) -> Findings:
    text = say(
        "The ladder needs orders that name a creator by code, link or answer. The shop's order export with its discount "
        "codes would build it; the shop's administrator has it."
    )
    items: list[Figure | Note] = [Note(text, "unknown", slot=_LADDER)]
    if full.campaign_costs is not None:
        items.append(_cost_figure(full))
    return Findings("roi", tuple(items), book.formats)


def _cost_figure(full: Ladder) -> Figure:
    lines = full.costs.lines
    sources = full.costs.sources_of(lines)
    return Figure(
        "roi.campaign_costs",
        "Campaign costs",
        full.campaign_costs,
        "money",
        grade_of(lines),
        sources if len(lines) else say("no cost file"),
        note=not_included(full),
    )


def _return_figures(full: Ladder) -> list[Figure]:
    """ROI and, small beside it, ROAS; nothing of the kind without costs."""
    if not full.costs_known:
        return []
    roi = [_roi_figure(full, full.roi)] if full.profit is not None and full.roi is not None else []
    roas = Figure(
        "roi.roas",
        "Sales per unit spent (ROAS)",
        full.roas,
        "ratio",
        "counted",
        say(
            "rung {traced} less {discounts} and {tax} ÷ campaign costs: before returns, goods and fees, so not a profit",
            **{name: numbered([name]) for name in ("traced", "discounts", "tax")},
        ),
        digits=1,
    )
    return [_cost_figure(full), *roi, roas]


def _roi_figure(full: Ladder, value: float) -> Figure:
    profit, costs = full.draws["profit"], full.draws["costs"]
    low, high = np.quantile(profit / np.where(costs > 0, costs, np.nan), NINETY_ENDS)
    return Figure(
        "roi.roi",
        "Return on campaign costs",
        value,
        "percent",
        full.profit_grade,
        say("profit after campaign costs ÷ campaign costs (rungs {rungs})", rungs=numbered(full.cost_rungs)),
        low=low,
        high=high,
        note=_before_commission(full, value),
    )


def _before_commission(full: Ladder, roi: float) -> Text:
    fixed = full.roi_before_commission
    if fixed is None or round(fixed, 2) == round(roi, 2):
        return ""
    return say(
        "on the costs fixed beforehand, without commission (rungs {rungs}): {share}",
        rungs=numbered(full.fixed_rungs),
        share=Share(fixed),
    )


def _page_one_table(book: Book, full: Ladder) -> Table:
    """Six lines, as far as the files go."""
    columns = ["key", "line", "amount", "total"]
    frame = _in_whole_units(pd.DataFrame(_page_one_lines(full), columns=columns))
    return Table(
        "roi.ladder_short",
        "From sales to profit",
        frame,
        {"line": Column(""), "amount": Column(book.client.currency, "money")},
        slot=_LADDER,
        note=_page_one_note(full),
        strong=tuple(frame.index[frame.total]),
        sheet=False,
    )


def _page_one_lines(full: Ladder) -> list[tuple[str, Wording, float, bool]]:
    """Key, words and amount of each line, and whether it is a sum."""
    if full.returns_known:
        back = full.money("cancelled", "returned", "returns_expected")
        taken_back = ("returns", say("less cancelled and returned"), back, False)
    else:
        back = full.money("cancelled", "returned")
        words = say("less cancelled and returned, as far as known")
        if not full.cents("returned"):
            words = say("less cancelled (returns not known)")
        taken_back = ("returns", words, back, False)
    lines: list[tuple[str, Wording, float, bool]] = [
        ("traced", say("Sales traced"), full.money("traced"), False),
        ("discounts", say("less discounts and VAT"), full.money("discounts", "tax"), False),
        taken_back,
    ]
    if full.margin is not None:
        goods = full.margin - full.sales_that_stay
        lines.append(("goods", say("less goods, delivery and fees"), goods, False))
    else:
        lines.append(("stay", _sum_name(full, "sales_that_stay"), full.sales_that_stay, True))
    if full.costs_known:
        lines.append(("costs", say("less campaign costs"), full.money(*full.cost_rungs), False))
    if full.profit is not None:
        lines.append(("profit", SUMS["profit"], full.profit, True))
    elif full.margin is not None:
        lines.append(("margin", SUMS["margin"], full.margin, True))
    return lines


def _in_whole_units(lines: pd.DataFrame) -> pd.DataFrame:
    """The lines as they are printed, so that who adds them up finds the sum: what rounding leaves is in one line.

    That is the goods, or discounts and VAT where the margin is not known: no other place of the page repeats them.
    """
    amounts = lines.amount.round()
    for at in lines.index[lines.total]:
        above = lines.index[(lines.index < at) & ~lines.total]
        into = next((row for row in above if lines.key[row] == "goods"), above[min(1, len(above) - 1)])
        amounts[into] += amounts[at] - amounts[above].sum()
    return lines.assign(amount=amounts)


def _page_one_note(full: Ladder) -> Wording:
    missing = stops = None
    if full.costs_known and full.costs.missing_words:
        missing = say("NOT INCLUDED: {costs}.", costs=joined(full.costs.missing_words))
    if full.profit is None and full.costs_known and not full.margin_known:
        stops = say("The margin is not on file, so the ladder stops at sales that stay.")
    return sentences(missing, stops)


def _full_table(book: Book, full: Ladder) -> Table:
    """Every rung with its base, range, grade and source; sums where the ladder has them."""
    rows = []
    for rung in RUNGS:
        if rung.key not in full.rungs_of("profit") or (rung.key in ORDER_RUNGS and not full.margin_known):
            continue
        rows.append(_rung_row(rung, full.rungs.loc[rung.key]))
        name = full.sum_after(rung.key)
        if name and _sum_known(full, name):
            amount = full.money(*full.rungs_of(name))
            sums = {"rung": "=", "what": _sum_name(full, name), "amount": amount}
            rows.append({**sums, **_range_of(full, name)})
    rows.append(ladder_row(book))
    frame = pd.DataFrame(rows, columns=["rung", "what", "amount", "low", "high", "base", "grade", "source"])
    frame[["base", "grade", "source"]] = frame[["base", "grade", "source"]].fillna("")
    columns = {
        "rung": Column("Rung"),
        "what": Column("What"),
        "amount": Column("Amount", "money", 2, missing="–"),
        "low": Column("Likely from", "money", missing="–"),
        "high": Column("to", "money", missing="–"),
        "base": Column("Base"),
        "grade": Column("Evidence"),
        "source": Column("Source", reader="working"),
    }
    strong = tuple(frame.index[frame.rung == "="])
    note = say("Each line has its own base; the order is fixed.")
    return Table(
        "roi.ladder",
        "From sales to profit, line by line",
        frame,
        columns,
        strong=strong,
        rows=30,
        note=note,
        reader="client",
    )


def _sum_name(full: Ladder, name: str) -> Wording:
    if name == "sales_that_stay" and not full.returns_known:
        return say("Sales that stay, at most")
    return SUMS[name]


def _range_of(full: Ladder, name: str) -> dict[str, float]:
    low, high = full.likely(name)
    is_range = full.returns_known and high - low >= 0.01
    return {"low": low, "high": high} if is_range else {"low": np.nan, "high": np.nan}


def _rung_row(rung: Rung, row: pd.Series) -> dict[str, object]:
    return {
        "rung": str(rung.number),
        "what": rung.label,
        "amount": row.cents / 100,
        "low": row.low / 100,
        "high": row.high / 100,
        "base": row.base,
        "grade": row.grade if pd.notna(row.cents) else "",
        "source": row.source,
    }


def _sum_known(full: Ladder, name: str) -> bool:
    return {"sales_that_stay": True, "margin": full.margin_known, "profit": full.profit is not None}[name]


def _notes_on_ladder(book: Book, full: Ladder) -> list[Note]:
    notes = [Note(window_rule(book), "method")]
    if margin := margin_sentence(book, full.margin_used):
        notes.append(Note(margin, "method", reader="client"))
    if not full.margin_known and full.costs_known:
        notes.append(Note(break_even_sentence(full), rank=1))
    if full.costs_known and full.costs.not_included:
        notes.append(Note(full.costs.not_included, "caution", slot="money.not_included", reader="client"))
    if full.margin_known and (gaps := _gaps(full)):
        text = say("Not available and therefore not taken off: {costs}.", costs=joined(gaps))
        notes.append(Note(text, "caution"))
    sheet = marketplace(book)
    if len(sheet):
        text = say(
            "Rung {rung} holds {amount} of marketplace sales as the marketplace counts them, for the whole time its sheet "
            "covers; they are not in the shop's orders and are counted once. Your parcels, returns and payment fees are not "
            "charged to them.",
            rung=numbered(["traced"]),
            amount=Money(float(sheet.sales.sum())),
        )
        notes.append(Note(text))
    return notes


def _gaps(full: Ladder) -> list[Text]:
    rungs = full.rungs.loc[["returned", *ORDER_RUNGS]]
    return list(rungs.short[rungs.cents.isna()])


def _waterfall(book: Book, full: Ladder) -> Chart:
    """Steps from sales traced to the last sum the files allow."""
    traced = full.money("traced")
    steps: list[tuple[Text, float, bool]] = [(say("Sales traced"), traced, True)]
    name, end = _last_sum(full)
    shown = full.rungs_of(name)
    for key in shown[1:]:
        cents = full.rungs.cents[key]
        if pd.notna(cents) and cents:
            steps.append((Capital(full.rungs.short[key]), cents / 100, False))
        if (between := full.sum_after(key)) and key != shown[-1]:
            steps.append((SUMS[between], full.money(*full.rungs_of(between)), True))
    steps.append((_sum_name(full, name), end, True))
    f = book.formats
    picture = Steps(tuple(Step(written(label, f), amount, total) for label, amount, total in steps), f)
    alt = _waterfall_alt(full, name, {"traced": Money(traced), "end": Money(end)})
    return Chart("roi.waterfall", "From sales traced to what is left", alt, picture)


def _waterfall_alt(full: Ladder, name: str, values: dict[str, Money]) -> Wording:
    """The steps in a sentence, by the sum they end at."""
    if name == "profit":
        return say(
            "Steps from {traced} of sales traced down to {end}: profit after campaign costs.", **values
        )
    if name == "margin":
        return say("Steps from {traced} of sales traced down to {end}: margin on these orders.", **values)
    if full.returns_known:
        return say("Steps from {traced} of sales traced down to {end}: sales that stay.", **values)
    return say("Steps from {traced} of sales traced down to {end}: sales that stay, at most.", **values)


def _last_sum(full: Ladder) -> tuple[str, float]:
    if full.profit is not None:
        return "profit", full.profit
    if full.margin is not None:
        return "margin", full.margin
    return "sales_that_stay", full.sales_that_stay


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
    frame["country"] = [book.formats.country(code) for code in frame.country]
    frame[["net", "tax"]] /= 100
    frame["paid"] = (frame.tax / frame.net.where(frame.net > 0)).astype(float)
    columns = {
        "country": Column("Country"),
        "orders": Column("Orders", "number", grade="counted"),
        "net": Column("Net sales", "money", 2, "counted"),
        "tax": Column("VAT in them", "money", 2),
        "paid": Column("VAT ÷ net sales", "percent", 1),
        "rate": Column("Stated rate", "percent", 1, "assumed"),
    }
    return [Table("roi.vat", "VAT by country", frame.astype({"orders": float}), columns, reader="client")]


def ladder_by(book: Book, by: str = "creator") -> Findings:
    """The ladder in slices that add up to the whole, to the cent: see `slices.CUTS` for the ways to cut.

    Raises:
        ValueError: no such slice.
    """
    full = money_ladder(book)
    if not has_results(full):
        text = say("There are no orders to slice. What would settle it: the shop's order export with codes.")
        return Findings("roi", (Note(text, "unknown"),), book.formats)
    frame = slice_table(book, full, by)
    ends = cut.ends_of_part(full, "margin", frame.margin, frame.traced)
    frame.insert(5, "margin_low", ends.low)
    frame.insert(6, "margin_high", ends.high)
    if set(frame.slice) <= {cut.NOT_TOLD, cut.WHOLE, "All"}:
        text = say(
            "No file tells the {slice}. What would settle it: {file}.",
            slice=cut.CUTS[by],
            file=_SETTLES.get(by, say("a column for it")),
        )
        return Findings("roi", (Note(text, "unknown"),), book.formats)
    if by in {"creator", "product"}:  # most sales first; what belongs to nobody, and the sum, stay last
        named = ~frame.slice.isin([cut.WHOLE, cut.NOT_TOLD, "All"])
        frame = pd.concat(
            [frame[named].sort_values("traced", ascending=False, kind="stable"), frame[~named]],
            ignore_index=True,
        )
    return Findings("roi", (_slices_shown(full, frame, by),), book.formats)


def _slices_shown(full: Ladder, frame: pd.DataFrame, by: str) -> Table:
    columns = {
        "slice": Column(Capital(cut.CUTS[by])),
        "orders": Column("Orders, not cancelled", "number", grade="counted"),
        "traced": Column("Sales traced", "money", grade="counted"),
        "stay": Column(SUMS["sales_that_stay"], "money", grade=full.stay_grade),
        **(_margin_columns(full) if full.margin_known else {}),
        **({"costs": Column("Campaign costs", "money")} if full.costs_known else {}),
        **(
            {"profit": Column(SUMS["profit"], "money", grade=full.profit_grade)}
            if full.profit is not None
            else {}
        ),
    }
    if by == "product":  # one order may hold several products: shares of orders would mislead
        columns.pop("orders")
    title = say("The ladder by {slice}", slice=cut.CUTS[by])
    whole = say("“Whole campaign” holds costs that belong to no single creator.")
    ends = say(
        "A row's range is at least as wide as returns and inputs leave it; rows whose ranges overlap are one answer, and a "
        "profit is as unsure as its margin."
    )
    note = sentences(_SLICE_NOTES.get(by, whole), ends if full.margin_known else None)
    return Table(f"roi.by_{by}", title, frame, columns, note=note, strong=(len(frame) - 1,), rows=12)


def _margin_columns(full: Ladder) -> dict[str, Column]:
    """What a row's orders leave, with its range."""
    return {
        "margin": Column(SUMS["margin"], "money", grade=full.profit_grade),
        "margin_low": Column("likely from", "money", missing="–"),
        "margin_high": Column("to", "money", missing="–"),
    }


#: what would tell a slice that no file tells
_SETTLES = {
    "segment": say("a niche column in the creators list"),
    "format": say("posts with their format, or formats agreed in the creators list"),
    "product": say("order lines with products, from the shop's order export"),
    "tier": say("followers in the creators list"),
}
_SLICE_NOTES = {
    "product": say(
        "An order's money goes to its products by the value of their lines; “Whole campaign” holds all campaign costs."
    ),
    "format": say("Each creator counts for the format in which they showed the campaign most often."),
}


def slice_table(book: Book, full: Ladder, by: str) -> pd.DataFrame:
    """One row per slice and a last row with the whole: orders, traced, stay, margin, costs, profit, in money.

    Raises:
        ValueError: no such slice.
    """
    if by not in cut.CUTS:
        raise ValueError(f"cannot slice by {by!r}: {', '.join(cut.CUTS)}")
    labels = None if by == "product" else _labels(book, full, by)
    rungs = cut.rungs_by_product(book, full) if labels is None else cut.rungs_by(full, labels)
    orders = pd.Series(np.nan, index=rungs.index) if labels is None else _orders_by(full, labels, rungs.index)
    parts = cut.sums_by(full, rungs)
    parts.insert(0, "orders", orders)
    unnamed = parts.index.isin([cut.WHOLE, cut.NOT_TOLD])
    sums = pd.concat([parts[~unnamed], parts[unnamed & (parts.fillna(0.0) != 0).any(axis=1)]])
    sums.loc["All"] = parts.sum(min_count=1)
    return sums.reset_index(names="slice")


def _labels(book: Book, full: Ladder, by: str) -> pd.Series:
    """The slice of each account."""
    slices = full.slices
    if by == "tier":
        return cut.person_sizes(book, full)
    if by == "segment":
        return cut.segments(book).reindex(slices.index)
    if by == "format":
        return cut.formats(book, campaign_posts(book)).reindex(slices.index)
    if by == "campaign":
        return pd.Series(book.campaign.title, index=slices.index)
    return slices[by]


def _orders_by(full: Ladder, labels: pd.Series, index: pd.Index) -> pd.Series:
    """Kept orders of each slice."""
    return full.slices.orders_kept.groupby(cut.slice_names(full, labels)).sum().reindex(index)
