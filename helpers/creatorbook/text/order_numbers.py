"""Order numbers as everybody compares them."""

from __future__ import annotations

import pandas as pd


def plain_numbers(numbers: pd.Series) -> pd.Series:
    """`#1001`, `# 1001` and `1001` are one number; what is missing stays missing."""
    return numbers.str.lower().str.lstrip("# ")
