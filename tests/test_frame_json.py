"""Frames as JSON: what a step found is what a report reads."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from creatorbook.findings.frame_json import from_plain, to_plain

COLUMNS = {
    "text": pd.Series(["a", None, "“é”"], dtype="str"),
    "nullable text": pd.Series(["a", pd.NA, ""], dtype="string"),
    "float": pd.Series([1 / 3, np.nan, -0.0]),
    "whole": pd.Series([1, 2, 2**53 + 1]),
    "nullable whole": pd.Series([1, pd.NA, 3], dtype="Int64"),
    "nullable float": pd.Series([0.1, pd.NA, 3], dtype="Float64"),
    "yes or no": pd.Series([True, False, True]),
    "nullable yes or no": pd.Series([True, pd.NA, False], dtype="boolean"),
    "day": pd.Series(pd.to_datetime(["2026-03-01", None, "2026-03-02"])).astype("datetime64[s]"),
    "moment": pd.Series(pd.to_datetime(["2026-03-01T10:11:12.345678", None, "2026-03-02T00:00:00.000001"])),
    "moment somewhere": pd.Series(pd.to_datetime(["2026-03-29T00:30", None, "2026-03-29T01:30"], utc=True))
    .dt.tz_convert("Europe/Berlin"),
    "mixed": pd.Series(["a", 1, 2.5], dtype=object),
}  # fmt: skip


@pytest.mark.parametrize("rows", [3, 0])
@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_comes_back_as_it_was(name: str, rows: int) -> None:
    """Values to the last digit, what is missing, and the type."""
    frame = pd.DataFrame({name: COLUMNS[name].head(rows)})
    told = json.loads(json.dumps(to_plain(frame), allow_nan=False))
    pd.testing.assert_frame_equal(from_plain(told), frame, check_exact=True)


def test_what_json_has_no_form_for() -> None:
    """Missing and infinite values among objects become missing; a date becomes its text."""
    mixed = pd.Series([pd.NA, np.inf, pd.NaT, np.float64(2), pd.Timestamp("2026-03-01").date()], dtype=object)
    told = from_plain(to_plain(pd.DataFrame({"mixed": mixed})))
    assert told.mixed.tolist() == [None, None, None, 2.0, "2026-03-01"]
