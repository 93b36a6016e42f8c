"""Web addresses in their parts: the one place that takes an address apart, and says where that cannot be done.

The standard library raises on some addresses (`https://[your-shop]/x`, `https://shop.example:port`); people write them
as placeholders. Here they have no parts.
"""

from __future__ import annotations

from urllib.parse import SplitResult, urljoin, urlsplit


def address_parts(address: str) -> SplitResult | None:
    """An address in its parts, host and port readable; None where it cannot be taken apart."""
    try:
        parts = urlsplit(address.strip())
        _ = parts.hostname, parts.port
    except ValueError:
        return None
    return parts


def address_from(page: str, onward: str) -> str:
    """An address as it is meant on a page (`../sale` there), whole; as it is, where one of the two cannot be read."""
    try:
        return urljoin(page, onward)
    except ValueError:
        return onward
