"""What an order's lines name: the product, whatever its size."""

from __future__ import annotations

import pandas as pd

from creatorbook.text.products import without_variant


def product_names(lines: pd.DataFrame) -> pd.Series:
    """The product of each line without its size; the stock keeping unit where no line names one."""
    return without_variant(lines["product"]).astype("object").fillna(lines.sku)
