"""`summary.json`: every headline figure.

With the versions in `requirements.lock`, the same files, day and settings give the same bytes on every x86-64 Linux
processor that is tested; elsewhere a figure that stands exactly on a rounding border may differ by its last digit.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from creatorbook import SUMMARY_SCHEMA
from creatorbook.text.plain_text import for_terminal

if TYPE_CHECKING:
    from creatorbook.findings import Figure
    from creatorbook.report.contents import Contents


def summary_json(contents: Contents) -> str:
    """The file's text: sorted keys, no times, no paths, no machine names."""
    text = json.dumps(summary(contents), ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    return for_terminal(text) + "\n"


def summary(contents: Contents) -> dict[str, Any]:
    """The file's content."""
    book = contents.book
    return {
        "schema": SUMMARY_SCHEMA,
        "client": book.client.id,
        "brand": book.client.brand,
        "campaign": book.campaign.id,
        "stage": book.stage,
        "as_of": book.as_of.isoformat(),
        "currency": book.client.currency,
        "figures": [_figure(figure) for figure in contents.headline()],
    }


def _figure(figure: Figure) -> dict[str, Any]:
    """One figure; what is not available is null, never 0."""
    fields = ("key", "label", "value", "unit", "low", "high", "n", "grade", "source")
    return {name: getattr(figure, name) for name in fields}
