"""What a market calls its tax on sales, in English."""

from __future__ import annotations

from creatorbook.packs import BUILT_IN, Packs
from creatorbook.text.translations import VAT


def tax_name(market: str, packs: Packs = BUILT_IN) -> str:
    """“sales tax” or “GST”; VAT where the pack names no other.

    Args:
        market: two-letter country code.
        packs: those of the client whose market it is.
    """
    return str(packs.pack("tax_names")["names"].get(market, VAT))
