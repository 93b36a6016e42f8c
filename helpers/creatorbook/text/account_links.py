"""What a link leads to: somebody's account, a post of theirs, or a page that names nobody (`packs/links.yml`).

The link of a post is never an account. Where the link itself names who posted, that account is known; where it does
not, nothing here guesses it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, quote, unquote

from creatorbook.packs import pack, per_packs
from creatorbook.text.addresses import address_parts
from creatorbook.text.handles import AT_SIGNS, plain_handle

PROFILE = "profile"
PAGE = "page"

#: what a link is → how a sentence calls it
CALLED = {
    "post": "the link of a post",
    "reel": "the link of a reel",
    "story": "the link of a story",
    "short": "the link of a short",
    "video": "the link of a video",
    "pin": "the link of a pin",
    "live": "the link of a live stream",
    "short link": "a short link, which does not show where it leads",
    "link in bio": "a link-in-bio page",
    PAGE: "a link that names no account",
}

_WITH_SCHEME = re.compile(r"(?:https?:)?//[^\s\"'<>)\]]+", re.IGNORECASE)
_BARE = re.compile(r"[\w.-]+\.[a-z]{2,}(?:[/?]\S*)?$", re.IGNORECASE)
_ENDINGS = (".com", ".net", ".org", ".me", ".tv", ".io", ".de", ".fr", ".es", ".it", ".co.uk", ".bio", ".link", ".app", ".shop", ".store", ".blog")  # fmt: skip
_LEADS_ON = {"l", "lm"}  #: l.instagram.com, lm.facebook.com: the address that is meant stands in the query
_BROKEN = re.compile(r"https?:|//|www\.", re.IGNORECASE)  #: how no handle begins
_NAME = re.compile(r"[\w.\-·~]+$")


@dataclass(frozen=True)
class AccountLink:
    """One link, read.

    Attributes:
        platform: whose link it is; empty where it is no platform's.
        kind: `profile`, or what else it leads to (a key of `CALLED`).
        account: the handle it names; empty where it names none.
    """

    platform: str
    kind: str
    account: str = ""


def read_link(cell: str) -> AccountLink | None:
    """What the link in a cell leads to; None if there is none in it."""
    address = _address(cell)
    if address is None:
        return AccountLink("", PAGE) if _BROKEN.match(cell.strip()) else None
    parts = address_parts(address)
    if parts is None:
        return AccountLink("", PAGE)
    host = (parts.hostname or "").lower()
    query = parse_qs(parts.query)
    if host.split(".")[0] in _LEADS_ON and query.get("u"):
        return read_link(query["u"][0]) or AccountLink("", PAGE)
    steps = [step for step in (unquote(step).strip() for step in parts.path.split("/")) if step]
    return _of_host(host, steps, {name: values[0] for name, values in query.items()})


def handle_in(cell: str) -> str:
    """The handle that a cell with a link or a path names; empty if it names none."""
    link = read_link(cell)
    if link is not None:
        return link.account
    return plain_handle(re.split(r"[/?]", cell.strip().lstrip(AT_SIGNS).strip(), maxsplit=1)[0])


def account_address(platform: str, handle: str) -> str:
    """The address of an account; empty where the platform is unknown, or the handle alone does not make one."""
    address = pack("links")["platforms"].get(platform, {}).get("profile", "")
    return address.format(handle=quote(handle)) if address and handle else ""


def platform_hosts() -> dict[str, str]:
    """Every address of a platform → the platform."""
    return {host: name for name, form in pack("links")["platforms"].items() for host in form["hosts"]}


def _address(cell: str) -> str | None:
    """The first link in a cell, with a scheme in front; without one only where it is nothing else."""
    text = cell.strip()
    if match := _WITH_SCHEME.search(text):
        address = match[0].rstrip(".,;")
        return address if address[:2] != "//" else f"https:{address}"
    host = re.split(r"[/?]", text, maxsplit=1)[0].lower()
    bare = _BARE.fullmatch(text)
    if bare and (host.startswith("www.") or (len(host) < len(text) and _is_address(host))):
        return f"https://{text}"
    return None


def _is_address(host: str) -> bool:
    return host.endswith(_ENDINGS) or _platform_of(host) is not None or _whole(host) is not None


def _of_host(host: str, steps: list[str], query: dict[str, str]) -> AccountLink:
    platform = _platform_of(host)
    whole = _whole(host)
    if whole is not None:
        return AccountLink(platform or _platform_by_name(host), whole)
    if platform is None:
        return AccountLink("", PAGE)
    return _of_platform(platform, pack("links")["platforms"][platform], host, steps, query)


def _of_platform(
    platform: str, form: dict[str, Any], host: str, steps: list[str], query: dict[str, str]
) -> AccountLink:
    """What a platform's link leads to, by the parts of its path."""
    if not steps:
        return AccountLink(platform, PAGE)
    if platform == "bilibili" and host.startswith("space."):
        return AccountLink(platform, PROFILE, steps[0])
    if platform == "facebook" and steps[0] in {
        "people",
        "pages",
    }:  # name, then the number that tells it apart
        number = re.search(r"(\d{5,})$", steps[-1])
        return AccountLink(platform, PROFILE, number[1]) if number else AccountLink(platform, PAGE)
    if steps[0] in form.get("account_in", {}):
        account = plain_handle(query.get(form["account_in"][steps[0]], ""))
        of_profile = steps[0].startswith("profile")
        return AccountLink(platform, (PROFILE if account else PAGE) if of_profile else "post", account)
    return _by_steps(platform, form, steps)


def _by_steps(platform: str, form: dict[str, Any], steps: list[str]) -> AccountLink:
    kinds, before = form.get("kinds", {}), form.get("before", ())
    story = steps[0].lower() == "stories"
    while len(steps) > 1 and steps[0].lower() in before and steps[1].lower() not in kinds:
        steps = steps[1:]
    first, rest = steps[0], [step.lower() for step in steps[1:]]
    of_account = next((kinds[step] for step in rest if step in kinds), None)
    named_at = first[0] in AT_SIGNS
    if not named_at:
        if first.lower() in kinds:
            return AccountLink(platform, kinds[first.lower()])
        if first.lower() in before:  # nobody stands behind it
            return AccountLink(platform, next((kinds[step] for step in rest if step in kinds), PAGE))
        if first.lower() in form.get("names", ()) or form.get("at_only"):
            return AccountLink(platform, PAGE)
    account = plain_handle(first)
    if not _NAME.match(account):
        return AccountLink(platform, of_account or PAGE)
    kind = "story" if story else _behind(platform, of_account, rest)
    return AccountLink(platform, kind, account)


def _behind(platform: str, of_account: str | None, rest: list[str]) -> str:
    """What a link is that goes on behind an account's name: a tab of the profile, or a post with a number."""
    if of_account is None:
        return "post" if platform in {"telegram", "threads"} and rest else PROFILE
    return of_account if len(rest) > 1 else PROFILE


@per_packs
def _platform_of(host: str) -> str | None:
    """The platform of an address, with or without a language or `www.` in front."""
    hosts = platform_hosts()
    names = host.split(".")
    return next((hosts[end] for at in range(len(names)) if (end := ".".join(names[at:])) in hosts), None)


def _platform_by_name(host: str) -> str:
    return next((name for name in pack("links")["platforms"] if name in host.split(".")), "")


@per_packs
def _whole(host: str) -> str | None:
    """What every link of an address is, where that is so."""
    kinds = {one: kind for kind, hosts in pack("links")["hosts"].items() for one in hosts}
    names = host.split(".")
    return next((kinds[end] for at in range(len(names)) if (end := ".".join(names[at:])) in kinds), None)
