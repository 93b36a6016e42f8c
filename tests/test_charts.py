"""What a chart draws: every name can be read."""

from __future__ import annotations

import itertools

import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg

from creatorbook.findings import charts
from creatorbook.findings.formats import Formats


def test_names_beside_dots_do_not_meet() -> None:
    """Three dots almost in one place keep their names apart; a lone one has it to the right and above."""
    dots = pd.DataFrame(
        {
            "bad": [-1200.0, -1190.0, -1210.0, -5000.0],
            "expected": [-800.0, -820.0, -850.0, 370.0],
            "name": ["highest response rate", "equal", "largest", "bold"],
            "marked": True,
        }
    )
    picture = charts.scatter(
        dots, x="bad", y="expected", unit_x="money", unit_y="money", formats=Formats(),
        xlabel="bad case", ylabel="on average", label="name", highlight="marked",
    )  # fmt: skip
    named = picture.axes[0].texts
    renderer = FigureCanvasAgg(picture).get_renderer()
    for one, other in itertools.combinations(named, 2):
        assert not one.get_window_extent(renderer).overlaps(other.get_window_extent(renderer)), (one, other)
    assert [text.get_text() for text in named] == dots.name.tolist()
    assert named[3].xyann == (4, 4)
