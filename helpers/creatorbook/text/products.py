"""Products as shops name them: the product itself, whatever its size or colour."""

from __future__ import annotations

import pandas as pd


def without_variant(products: pd.Series) -> pd.Series:
    """Products without their size or colour: what follows the last “ - ” is a variant. Missing ones stay missing."""
    each = products.drop_duplicates().astype("string")
    return products.map(each.str.rsplit(" - ", n=1).str[0].str.strip().set_axis(each))
