"""A campaign's figures with and without one more declared cost; prints JSON. Run in a process of its own.

The entry is added before anything reads the declaration, as if it stood in its file: nothing else is touched.
"""

from __future__ import annotations

import json
import sys

from creatorbook.finance import cost_lines

#: what the trial takes off each order, in money
A_TRIAL = 20.0

if sys.argv[1:] == ["with"]:
    cost_lines.ORDER_COSTS += (
        cost_lines.OrderCost(
            key="duties",
            label="less import duties",
            short="import duties",
            base="orders sent",
            inputs=(cost_lines.Input("import_duties", "money", stream=6, otherwise=A_TRIAL),),
            amount=lambda of, at: at["import_duties"] * of.sent,
            source="the importer's contract",
        ),
    )

from books import make_book  # noqa: E402 - the entry comes first
from creatorbook import roi  # noqa: E402
from creatorbook.finance.economics import orders_needed, unit_economics  # noqa: E402
from creatorbook.finance.ladder import money_ladder  # noqa: E402
from creatorbook.findings import Findings  # noqa: E402
from creatorbook.roi.creator_results import creator_results  # noqa: E402
from creatorbook.vetting.vetting_card import sections  # noqa: E402
from roi_books import creators_frame, orders_frame  # noqa: E402


def texts(findings: Findings) -> list[str]:
    """Everything a reader is told in words."""
    figures = [text for one in findings.figures.values() for text in (one.label, one.source, one.note)]
    return [*figures, *(note.text for note in findings.notes)]


def main() -> None:
    """Print the figures."""
    codes = ["ANNA10", "BEA10", "CLEO10"]
    book = make_book(
        {
            "orders": orders_frame(dict.fromkeys(codes, 40), refunded=12),
            "creators": creators_frame(codes, fee=600.0, commission_rate=0.05),
        },
        client={"tax_rate": 0.0, "economics": {"margin": 0.45, "hourly_rate": 30, "shipping_cost": 4}},
    )
    ladder, unit, results = money_ladder(book), unit_economics(book), creator_results(book).frame
    shown, needed = roi.ladder(book), orders_needed(600.0, unit)
    table = shown.tables["roi.ladder"].frame
    print(
        json.dumps(
            {
                "profit": ladder.profit,
                "rung": float(ladder.rungs.cents.get("duties", 0.0)) / 100,
                "orders": float(ladder.slices.orders_kept.sum()),
                "contribution": unit.contribution.likely if unit.contribution else None,
                "needed": needed.likely if needed else None,
                "again": results.set_index("creator").again.to_dict(),
                "next_orders": results.set_index("creator").next_orders.to_dict(),
                "decisions": results.set_index("creator").decision.to_dict(),
                "card": next(
                    part.text for part in sections(book, "instagram/anna") if "worth" in part.heading
                ),
                "numbers": list(table.rung),
                "labels": list(table.what),
                "amounts": list(table.amount.fillna(0.0)),
                "words": [*texts(shown), *texts(roi.headline(book))],
            }
        )
    )


if __name__ == "__main__":
    main()
