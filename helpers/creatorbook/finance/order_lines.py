"""What an order's lines name: the product, whatever its size."""

from __future__ import annotations

import pandas as pd

#: “Skirt - M”: the size is no product
SIZE_BEHIND = r"\s+-\s+[^-]*$"


def product_names(lines: pd.DataFrame) -> pd.Series:
    """The product of each line without its size; the stock keeping unit where no line names one."""
    return lines["product"].str.replace(SIZE_BEHIND, "", regex=True).fillna(lines.sku)
