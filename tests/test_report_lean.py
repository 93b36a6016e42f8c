"""A report's HTML made small: a reader sees the same."""

from __future__ import annotations

import re

from creatorbook.report.lean import lean


def test_figures_stay_on_the_right_beside_a_head_without_words() -> None:
    """Which columns hold figures is said once by the table, counted over all of its heads."""
    html = (
        "<style></style>"
        '<table class="cb-table"><thead><tr><td></td><th scope="col" class="cb-number">EUR</th></tr></thead>'
        '<tbody><tr><td class="cb-text">Sales</td><td class="cb-number">€10</td></tr></tbody></table>'
    )
    small = lean(html)
    assert re.findall(r'<table class="([^"]*)">', small) == ["cb-table n2"]
    assert ".n2.n2 tr>:nth-child(2){text-align:right}" in small
    assert "cb-number" not in small.split("</style>")[1]
