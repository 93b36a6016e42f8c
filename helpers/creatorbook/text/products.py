"""Products as shops name them: the product itself, whatever its size or colour."""

from __future__ import annotations

import pandas as pd


def without_variant(products: pd.Series) -> pd.Series:
    """Products without their size or colour: what follows the last “ - ” is a variant. Missing ones stay missing."""
    each = products.dropna().drop_duplicates()
    return products.map({name: str(name).rsplit(" - ", 1)[0].strip() for name in each})
