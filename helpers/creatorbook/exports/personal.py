"""Personal data at the door (pseudonymisation): identifiers become keyed hashes, places areas, the rest is not read."""

from __future__ import annotations

import hashlib

_BLOCK = 64  # bytes, of SHA-256
_PHONE = "[0-9](?:[ ()/.-]{0,2}[0-9]){6,14}"


def keyed_hash(column: str, key: bytes) -> str:
    """SQL for HMAC-SHA256 (RFC 2104) of a text cell, first 16 hex digits; NULL stays NULL."""
    ends = f"ends_with({column}, ' ') OR ends_with({column}, '@')"  # a space and @ stand before A
    bare = f"CASE WHEN {column} >= 'A' AND NOT ({ends}) THEN {column} ELSE trim({column}, ' @') END"
    padded = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    inner = _blob(bytes(byte ^ 0x36 for byte in padded))
    outer = _blob(bytes(byte ^ 0x5C for byte in padded))
    return f"left(sha256({outer} || unhex(sha256({inner} || encode(lower({bare}))))), 16)"


def _blob(data: bytes) -> str:
    return "'" + "".join(f"\\x{byte:02X}" for byte in data) + "'::BLOB"


def postcode_area(column: str) -> str:
    """SQL for the first two characters of a postcode, which name an area and never a street."""
    return f"nullif(upper(left(ltrim({column}, ' '''), 2)), '')"


def without_names(column: str) -> str:
    """SQL for a comment's text without the handles, addresses and phone numbers in it: zeros stand for a number's digits."""
    mail = r"[[:alnum:]._%+-]+@[[:alnum:].-]+[.][[:alpha:]]{2,}"
    bare = f"regexp_replace(regexp_replace({column}, '{mail}', '@…', 'g'), '@[[:alnum:]._]+', '@…', 'g')"
    named = f"CASE WHEN contains({column}, '@') THEN {bare} ELSE {column} END"
    return f"regexp_replace({named}, '{_PHONE}', '0 000 000 000', 'g')"
