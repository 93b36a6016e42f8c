"""The whole table of label rules as CSV, for who checks them against their sources."""

from __future__ import annotations

import csv
import sys
from typing import Annotated

import typer

from creatorbook.tracking.disclosure import whole_table


def print_label_rules(
    market: Annotated[
        str | None, typer.Option(help="One market's code, as DE; else all of the pack.")
    ] = None,
) -> None:
    """Print the whole table of label rules as CSV: market, language, benefit, kind of post, platform and the answer.

    Not legal advice: a plain reading of the sources named in each row.
    """
    writer = None
    for row in whole_table(market.upper() if market else None):
        if writer is None:
            writer = csv.DictWriter(sys.stdout, list(row), lineterminator="\n")
            writer.writeheader()
        writer.writerow(row)
