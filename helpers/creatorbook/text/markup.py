"""Text that a platform saved as HTML, as people see it."""

from __future__ import annotations

import html
import re

import pandas as pd

# every repeat has an end, and none can begin within another: no text takes long, whoever wrote it
_LINK = re.compile(r"<a\b([^<>]{0,2000})>([^<>]{0,2000})</a>", re.IGNORECASE)
_ADDRESS = re.compile(r"href\s{0,3}=\s{0,3}[\"']?([^\"'<>\s]{1,2000})", re.IGNORECASE)
_TAG = re.compile(r"</?(?:a|b|i|u|s|br|p|div|span|em|strong)\b[^<>]{0,2000}>", re.IGNORECASE)
_TIME = re.compile(r"\s{0,5}\d{1,2}(?::\d\d){1,2}\s{0,5}")


def without_markup(texts: pd.Series) -> pd.Series:
    """Texts without HTML: entities as the signs they stand for (`&quot;`), tags gone, a link as its address.

    A link whose text is a time (2:31) is a place in the video that the comment stands under: the time is left.
    """
    marked = texts.str.contains("[&<]", regex=True).fillna(value=False).astype(bool)
    return texts.mask(marked, texts[marked].map(as_seen)) if marked.any() else texts


def as_seen(text: str) -> str:
    """One text without HTML; see `without_markup`."""
    return html.unescape(_TAG.sub(" ", _LINK.sub(_place_or_address, text))).strip()


def _place_or_address(link: re.Match[str]) -> str:
    address = _ADDRESS.search(link[1])
    return link[2] if address is None or _TIME.fullmatch(link[2]) else f" {address[1]} "
