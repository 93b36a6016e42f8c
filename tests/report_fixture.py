"""Made-up findings and notebooks for the report's tests: every first-page slot of every stage, and hostile text."""

from __future__ import annotations

import base64
from datetime import date
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd

from books import make_book
from creatorbook.book import Book
from creatorbook.exports import Receipt, Rejected
from creatorbook.findings import Chart, Column, Figure, Findings, Note, Table, charts, render
from creatorbook.findings.formats import Formats

HOSTILE = '=HYPERLINK("http://evil.example","x")<script>alert(1)</script>{{7*7}}'
FORMATS = Formats("en_DE", "EUR")

RECEIPTS = (
    Receipt(
        "orders_export_1.csv", "shopify", "Shopify orders", "brand", ("orders",), 1204, 1201,
        (Rejected("no date in it", (17, 18, 990), "Created at", "a date"),), {}, (),
        {"Shipping Country": "markets cannot be told apart"}, date(2025, 12, 1), date(2026, 4, 15), duplicates=2,
    ),
    Receipt("creators.csv", "creators", "Creators list", "agency", ("creators",), 24, 24),
)  # fmt: skip


def report_book(stage: str, **client: Any) -> Book:
    """A book of a made-up brand, ready for a report of this stage."""
    from dataclasses import replace

    told = {"markets": ["FR", "GB"], "economics": {"margin": [0.48, 0.58], "return_rate": 0.41}, **client}
    days = {"plan": date(2026, 2, 20), "pulse": date(2026, 3, 16), "results": date(2026, 4, 15)}
    book = make_book(client=told, campaign={"name": "Spring linen"}, stage=stage, as_of=days[stage])
    return replace(book, receipts=RECEIPTS, mode="report")


def _figure(key: str, label: str, value: float | None, unit: str = "money", **more: Any) -> Figure:
    return Figure(
        key,
        label,
        value,
        unit,
        more.pop("grade", "estimated"),
        more.pop("source", "orders_export_1.csv"),
        **more,
    )


def plan() -> list[Findings]:
    """Findings for every slot of the plan's first page."""
    who = pd.DataFrame(
        {
            "group": ["nano", "micro", "mid", "macro"],
            "creators": [8.0, 6.0, 2.0, None],
            "cost": [1200.0, 2600.0, 1900.0, None],
            "pieces": [16.0, 12.0, 4.0, None],
            "role": [
                "honest fit pictures",
                "try-on hauls, Größenberatung",
                "launch film",
                "not in this plan",
            ],
        }
    )
    columns = {
        "group": Column("Group"),
        "creators": Column("Creators", "number"),
        "cost": Column("Cost", "money"),
        "pieces": Column("Content pieces", "number"),
        "role": Column("Role in the plan"),
    }
    ways = pd.DataFrame(
        {
            "way": ["Careful", "Middle", "Bold"],
            "cost": [2800.0, 5700.0, 6000.0],
            "bad": [-900.0, -2400.0, -3600.0],
        }
    )
    ways_columns = {
        "way": Column("Way"),
        "cost": Column("Spend", "money"),
        "bad": Column("Bad case", "money", grade="estimated"),
    }
    goals = Findings(
        "goals",
        (
            Note("Go, if the margin is confirmed: 16 creators, €5,700, start 2 Mar 2026, because each needs only 9 orders to pay back.", slot="plan.recommend", rank=1),
            Note("Pays back if each creator brings about 9 orders, or if margin on these goods is at least 52%; the highest fee worth paying is €430.", slot="plan.has_to_be_true"),
            _figure("goals.sales", "Sales that stay, excl. VAT", 14200, low=9100, high=21800, n=6, slot="plan.should_bring"),
            Note("Based on public figures of low quality.", slot="plan.should_bring", kind="method"),
            Note("With 16 creators we can tell apart differences of about 2.4 orders each; anything smaller will read “too close to call”.", slot="plan.know_afterwards"),
            Note("Margin by style: could turn the result", kind="unknown", slot="plan.not_known", owner="Finance", due=date(2026, 2, 25)),
            Note("Returns of last spring: narrows the forecast", kind="unknown", slot="plan.not_known", owner="Shop", due=date(2026, 2, 27)),
            Note("7 of 12 points ready.", slot="plan.before_launch", rank=1),
            Note("Codes set up in the shop", kind="todo", slot="plan.before_launch", owner="Shop", due=date(2026, 2, 26)),
            Note("Label words agreed with every creator", kind="todo", slot="plan.before_launch", owner="Agency", due=date(2026, 2, 27)),
        ),
        FORMATS,
    )  # fmt: skip
    tiers = Findings(
        "tiers",
        (
            Table("tiers.plan", "Who and what", who, columns, slot="plan.who_and_what"),
            Table("tiers.ways", "Careful, middle, bold", ways, ways_columns, slot="plan.three_ways"),
            Note("Three ways to spend the budget, and the bad case of each.", slot="plan.three_ways"),
            _chart("tiers.reach", FORMATS),
        ),
        FORMATS,
    )
    return [goals, tiers]


def pulse() -> list[Findings]:
    """Findings for every slot of the weekly page."""
    late = pd.DataFrame(
        {
            "who": ["@lena.webt", "@atelier_fictif", "@" + "ganzlangername" * 2],
            "owes": ["Reel 2 of 2", "insights screenshot", "draft"],
            "days": [4.0, 2.0, 1.0],
        }
    )
    columns = {"who": Column("Who"), "owes": Column("Owes"), "days": Column("Days late", "number")}
    notes = (
        Note("18 of 24 posts are live; the rest is due by 22 Mar 2026.", slot="pulse.live"),
        _figure("tracking.live", "Posts live", 18, "number", grade="counted", n=24, slot="pulse.live"),
        _figure("tracking.orders", "Orders so far", 212, "number", grade="counted", n=212, slot="pulse.live"),
        Table("tracking.late", "Late", late, columns, slot="pulse.late"),
        Note("@lena.webt: label word not found in the text we were given", kind="todo", slot="pulse.labels", owner="Agency", due=date(2026, 3, 16)),
        Note("LENA10 was used 41 times from one region within two days; ask whether it was shared on a coupon page.", slot="pulse.codes"),
        Note("€4,300 spent and €900 promised of €6,000.", slot="pulse.spent"),
        Note("Story insights of 14–16 Mar", kind="todo", slot="pulse.collect", owner="Creators", due=date(2026, 3, 17)),
        Note("Move the last two nano posts to France: no French post is live yet.", slot="pulse.change"),
    )  # fmt: skip
    return [Findings("tracking", notes, FORMATS)]


def results() -> list[Findings]:
    """Findings for every slot of the results page, with a missing figure and hostile names."""
    ladder = pd.DataFrame(
        {
            "what": [
                "Sales traced", "less discounts and VAT", "less cancelled and returned",
                "less goods, delivery and fees", "less campaign costs", "Profit after campaign costs",
            ],
            "amount": [24310.0, -6120.0, -5480.0, -6950.0, -5300.0, 460.0],
            "low": [None, None, -6100.0, -7800.0, None, -900.0],
            "high": [None, None, -4900.0, -6200.0, None, 1900.0],
        }
    )  # fmt: skip
    ladder_columns = {
        "what": Column("Step"),
        "amount": Column("Amount", "money"),
        "low": Column("Likely from", "money"),
        "high": Column("Likely to", "money"),
    }
    against = pd.DataFrame(
        {
            "what": ["Sales that stay", "Profit after campaign costs", "Cost per new customer"],
            "planned": ["€14,200", "€900", "€18"],
            "came": ["€12,710", "€460", "not available"],
            "why": ["more came back than planned", "Rücksendequoten in Deutschland", "no customer history"],
        }
    )
    against_columns = {
        "what": Column("What"), "planned": Column("Planned"), "came": Column("Came"), "why": Column("Why"),
    }  # fmt: skip
    creators = pd.DataFrame(
        {
            "creator": ["Lena Webt", HOSTILE, "東京 Studio", "@sum", "+49", "-1+1"],
            "orders": [61.0, 40.0, 12.0, 9.0, None, 3.0],
            "share": [0.4123, 0.2, 0.1, 0.05, None, 0.01],
            "first": pd.to_datetime(
                ["2026-03-02", "2026-03-03", None, "2026-03-04", "2026-03-05", "2026-03-06"]
            ),
        }
    )
    creator_columns = {
        "creator": Column("Creator"),
        "orders": Column("Orders", "number", grade="counted"),
        "share": Column("Share of orders", "percent", 1),
        "first": Column("First order", "date"),
    }
    items = (
        Note("On traced sales, the campaign made €460 after €5,300 spent (likely between -€900 and €1,900; returns and inputs only, not what would have been sold anyway).", slot="results.one_sentence"),
        _figure("roi.kept_sales", "Sales that stay (excl. VAT, after returns)", 12710, low=12100, high=13300, n=412, slot="results.three_figures"),
        _figure("roi.profit", "Profit after campaign costs", 460, low=-900, high=1900, n=412, slot="results.three_figures"),
        _figure("roi.cost_per_new_customer", "Cost per new customer", None, grade="counted", slot="results.three_figures", note="needs the orders of the last 24 months"),
        Table("roi.ladder", "From sales to profit", ladder, ladder_columns, slot="results.ladder", strong=(5,)),
        Note("Traced is not caused. We cannot separate the two, because no product was held back; to know next time, hold back one.", slot="results.caused"),
        Note("Renew 5 · test again 6 · renegotiate 3 at €180 · stop 2 · too early 4; next wave €4,000.", slot="results.next"),
        Table("roi.against_plan", "Against the plan", against, against_columns, slot="results.against_plan"),
        Note("Open returns €1,240 · orders in doubt €380 · at 46% margin the result turns.", slot="results.could_change"),
        Note("Margin by style: could turn the result", kind="unknown", slot="results.not_known", owner="Finance", due=date(2026, 4, 25)),
        Note("Shop net sales in these days €88,400; traced to creators €18,190 (21%); this report uses €17,900; difference €290: cancelled and test orders.", slot="results.books"),
        Table("roi.creators", "Orders per creator", creators, creator_columns),
        Note(f"Seen: {HOSTILE}", kind="caution"),
        Note("Orders are credited by code, then link.", kind="method"),
        _figure("roi.margin", "Margin on net sales", 0.53, "percent", low=0.48, high=0.58, grade="assumed", source="client.yml"),
        _chart("roi.orders", FORMATS),
    )  # fmt: skip
    return [Findings("roi", items, FORMATS)]


STAGES = {"plan": plan, "pulse": pulse, "results": results}


def _chart(key: str, formats: Formats) -> Chart:
    frame = pd.DataFrame({"who": ["nano", "micro", "mid"], "orders": [12, 30, 18]})
    picture = charts.bars(frame, label="who", value="orders", unit="number", formats=formats)
    return Chart(key, "Orders by size", "Bars: micro creators brought 30 orders, mid 18, nano 12.", picture)


def notebook(path: Path, title: str, findings: list[Findings]) -> Path:
    """A notebook as the runner leaves it: hidden cells, text, displayed findings, a warning, a widget's text."""
    v4 = nbformat.v4
    code = v4.new_code_cell("show(step(book))", execution_count=3)
    for each in findings:
        for kind, block in render._blocks(each):
            if kind != "whole":  # a long table for searching: a report has none
                code.outputs.append(_displayed(kind, block))
    code.outputs.append(v4.new_output("stream", name="stderr", text="FutureWarning: old ways"))
    code.outputs.append(v4.new_output("stream", name="stdout", text="debug print"))
    code.outputs.append(v4.new_output("display_data", {"text/plain": "VBox(children=…)"}))
    style = "<style>.a{color:red}</style><script>alert('setup')</script>"
    setup = v4.new_code_cell("book = open_book(client)", metadata={"tags": ["setup"]})
    setup.outputs.append(v4.new_output("display_data", {"text/html": style}))
    cells = [
        v4.new_markdown_cell(
            f"# {title}\n\nA question, and why it matters. See [the source](https://example.org/a)."
        ),
        v4.new_code_cell('client = "secret-parameter"', metadata={"tags": ["parameters"]}),
        v4.new_code_cell('client = "injected-secret"', metadata={"tags": ["injected-parameters"]}),
        setup,
        v4.new_markdown_cell("Only for explorers.", metadata={"tags": ["explore"]}),
        v4.new_markdown_cell("## How it came about\n\nRead it from left to right."),
        code,
        v4.new_markdown_cell("## So what\n\nDecide by the low end."),
    ]
    nbformat.write(v4.new_notebook(cells=cells), path)
    return path


def _displayed(kind: str, block: Any) -> Any:
    if kind == "html":
        return nbformat.v4.new_output("display_data", {"text/html": block, "text/plain": "<HTML>"})
    data = {"image/png": base64.b64encode(block.png()).decode(), "text/plain": "<Image>"}
    metadata = {"image/png": {"alt": block.alt, "width": block.width}}
    return nbformat.v4.new_output("display_data", data, metadata=metadata)


def notebooks(folder: Path, stage: str, findings: list[Findings]) -> list[Path]:
    """Two notebooks: one with the findings, one with text only."""
    folder.mkdir(parents=True, exist_ok=True)
    return [
        notebook(folder / "00_start_here.ipynb", "00 · Where are we?", []),
        notebook(folder / "05_roi.ipynb", f"05 · What did it bring? ({stage})", findings),
    ]
