"""Tracked links: building them, predicting the GA4 channel they land in, and checking links of others.

Conventions and rules are facts of `packs/channels.yml` and `packs/formats.yml`; nothing here opens a link.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlunsplit

from creatorbook.findings import Text, joined, packed, say
from creatorbook.packs import pack
from creatorbook.problems import Problem
from creatorbook.text.addresses import address_from, address_parts

LONGEST = 100
"""characters of one value; longer ones are cut by some tools"""

_KEPT_IN_PATH = "/:@!$&'()*+,;=-._~%"
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")


@dataclass(frozen=True)
class Tags:
    """The UTM values of one link."""

    source: str
    medium: str
    campaign: str
    content: str = ""
    id: str = ""

    def parameters(self) -> dict[str, str]:
        """Parameter → value, in the usual order; empty ones are left out."""
        every = {
            "utm_source": self.source,
            "utm_medium": self.medium,
            "utm_campaign": self.campaign,
            "utm_content": self.content,
            "utm_id": self.id,
        }
        return {name: value for name, value in every.items() if value}

    def query(self) -> str:
        """The query string, for a landing page that is not known yet."""
        return urlencode(self.parameters())


@dataclass(frozen=True)
class Remark:
    """Something to see to in a link. `blocks`: it should not go out like this."""

    rule: str
    what: Text
    todo: Text
    blocks: bool = True


def slug(text: str, most: int = LONGEST) -> str:
    """A value for a link: lower case, `a-z 0-9 _ -`, at most `most` characters, never empty.

    Accents are dropped; a text in another script becomes a short stable name of its own.
    """
    plain = unicodedata.normalize("NFKD", text.strip().removeprefix("@").casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    made = re.sub(r"[^a-z0-9_]+", "-", plain).strip("-_")[:most].rstrip("-_")
    return made or "x" + hashlib.sha256(text.encode()).hexdigest()[:8]


def slugs(handles: Iterable[str], most: int = 60) -> dict[str, str]:
    """Handle → its own slug; two handles that would share one are told apart by a short ending."""
    made: dict[str, str] = {}
    for handle in sorted(set(handles)):
        plain = slug(handle, most)
        ending = "-" + hashlib.sha256(handle.encode()).hexdigest()[:4]
        made[handle] = plain if plain not in made.values() else plain[: most - 5] + ending
    return made


def tagged_link(page: str, tags: Tags) -> str:
    """The landing page with tags. Its own query and fragment are kept; tags it already carries are replaced.

    Raises:
        Problem: the page is not a web address, or carries credentials.
    """
    return with_query(page, tags.query())


def with_query(page: str, tagged: str) -> str:
    """`tagged_link` for a query string that exists already.

    Raises:
        Problem: the page is not a web address, or carries credentials.
    """
    parts = web_address(page)
    parameters = set(pack("channels")["parameters"])
    own = [part for part in parts.query.split("&") if part and _name(part) not in parameters]
    query = "&".join([*(quote(part, safe=_KEPT_IN_PATH + "?") for part in own), tagged])
    path = quote(parts.path, safe=_KEPT_IN_PATH) or "/"
    fragment = quote(parts.fragment, safe=_KEPT_IN_PATH + "?")
    return urlunsplit((parts.scheme, _netloc(parts), path, query, fragment))


def web_address(
    page: str, file: Any = None, line: int | None = None, column: str | None = None
) -> SplitResult:
    """A web address in its parts.

    Raises:
        Problem: it is not http(s), has no or a malformed host, or carries a user name or password.
    """

    def refuse(what: str, todo: str) -> Problem:
        return Problem(what, file, line, column, todo=todo)

    whole = "Write the whole address, as https://shop.example/page."
    parts = address_parts(page)
    if parts is None:
        raise refuse("this is not a web address", whole)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise refuse("this is not a web address that begins with https://", whole)
    if "@" in parts.netloc:
        todo = "Take the part before “@” out: whoever sees the link could log in with it."
        raise refuse("this address carries a user name or password", todo)
    if re.search(r"[\s\x00-\x1f\\<>\"]", page.strip()) or not _HOST.fullmatch(_ascii_host(parts.hostname)):
        raise refuse("this address has a space or a sign in it that no address can have", whole)
    return parts


def query_of(url: str) -> str:
    """What stands between “?” and “#” of a link, whatever else is wrong with it: nothing is refused here."""
    return url.strip().partition("#")[0].partition("?")[2]


def parameters_of(url: str) -> list[tuple[str, str]]:
    """The parameters of a link in their order, empty ones included; an address that nobody can open has them too."""
    return parse_qsl(query_of(url), keep_blank_values=True)


def onward_address(page: str, onward: str) -> str:
    """Where a page sends its visitor on to, as a whole address; without a fragment of its own it keeps the page's.

    Raises:
        Problem: it is not a web address, or carries credentials.
    """
    whole = address_from(page, onward)
    web_address(whole)
    fragment = page.partition("#")[2]
    return f"{whole}#{fragment}" if fragment and "#" not in whole else whole


def belongs(host: str, hosts: Iterable[str]) -> bool:
    """Whether a host is one of these, or beneath one of them."""
    plain = host.lower().removeprefix("www.")
    return any(plain == one or plain.endswith(f".{one}") for one in hosts)


def check_host(url: str, hosts: Iterable[str]) -> tuple[Remark, ...]:
    """What to see to where a link leads to somebody else's host; nothing if no own host is known."""
    own = list(hosts)
    try:
        host = web_address(url).hostname or ""
    except Problem:
        return ()
    if not own or belongs(host, own):
        return ()
    what = say("leads to {host}, which is not the client's", host=host)
    todo = say(
        "Let it lead to {host}, or name the host in the campaign file: the brand decides.", host=own[0]
    )
    return (Remark("host", what, todo),)


def tags_of(url: str) -> dict[str, str]:
    """The UTM parameters a link carries; a parameter given twice counts as GA4 reads it, the first time."""
    parameters = pack("channels")["parameters"]
    tags: dict[str, str] = {}
    for name, value in parameters_of(url):
        if name in parameters:
            tags.setdefault(name, value)
    return tags


def channel(source: str, medium: str, campaign: str = "") -> str:
    """GA4's default channel for a session: the first rule of `packs/channels.yml` that fits."""
    rules = pack("channels")
    visit = {
        "source": source.strip().lower() or "(not set)",
        "medium": medium.strip().lower() or "(not set)",
        "campaign": campaign.strip().lower() or "(not set)",
    }
    for rule in rules["rules"]:
        if any(_fits(line, visit, rules) for line in rule["any"]):
            return rule["channel"]
    return rules["otherwise"]


def channel_of(url: str, referrer: str = "") -> str:
    """The default channel a visit through this link lands in.

    Args:
        url: the link, tagged or not.
        referrer: the host the browser names, where it does; apps often name none.
    """
    tags = tags_of(url)
    if any(tags.values()):
        wanted = ("utm_source", "utm_medium", "utm_campaign")
        return channel(*(tags.get(name, "") for name in wanted))
    if not referrer:
        return channel("(direct)", "(none)")
    engine = re.search(pack("channels")["search_hosts"], referrer.lower())
    if engine:
        return channel(engine[1], "organic")
    return channel(referrer.lower().removeprefix("www."), "referral")


def check_link(url: str) -> tuple[Remark, ...]:
    """What to see to in one link, whoever made it."""
    try:
        web_address(url)
    except Problem as problem:
        return (Remark("address", packed(problem.what), packed(problem.todo)),)
    tags = tags_of(url)
    if not any(tags.values()):
        todo = say(
            "Clicks count as Direct or Referral, unless it is a short link that leads to a tagged address."
        )
        return (Remark("untagged", say("the link carries no tags"), todo, blocks=False),)
    remarks = [*_missing(tags), *_doubled(url)]
    for name, value in tags.items():
        remarks += _value_remarks(name, value)
    return tuple(remarks + _channel_remarks(tags))


def check_links(urls: Mapping[str, str]) -> list[tuple[str, Remark]]:
    """Remarks on a list of links (name → link), those that only show side by side included."""
    remarks = [(name, remark) for name, url in urls.items() for remark in check_link(url)]
    seen: dict[str, str] = {}
    for name, url in urls.items():
        tags = tags_of(url)
        same = "|".join(tags.get(key, "") for key in ("utm_source", "utm_campaign", "utm_content")).lower()
        if tags and same in seen and seen[same] != name:
            what = say("has the same tags as the link of {name}", name=seen[same])
            todo = say("Give each creator a utm_content of their own.")
            remarks.append((name, Remark("collision", what, todo)))
        seen.setdefault(same, name)
    return remarks


def _missing(tags: Mapping[str, str]) -> list[Remark]:
    wanted = ("utm_source", "utm_medium", "utm_campaign")
    lacking = [name for name in wanted if not tags.get(name)]
    what = say("{parameters} not given", parameters=joined(lacking))
    todo = say("Fill it in: GA4 guesses or shows “(not set)”.")
    return [Remark("incomplete", what, todo)] if lacking else []


def _doubled(url: str) -> list[Remark]:
    names = [name for name, _ in parameters_of(url)]
    parameters = pack("channels")["parameters"]
    twice = sorted({name for name in names if name in parameters and names.count(name) > 1})
    cased = sorted({name for name in names if name.lower() in parameters and name not in parameters})
    remarks = [
        Remark("tagged twice", say("{parameter} is there twice", parameter=name), say("Keep one of them."))
        for name in twice
    ]
    for name in cased:
        todo = say("Write {parameter}: names are case-sensitive.", parameter=name.lower())
        remarks.append(Remark("case", say("{parameter} is not read", parameter=name), todo))
    return remarks


def _value_remarks(name: str, value: str) -> list[Remark]:
    remarks, plain = [], say("Write {value}.", value=slug(value))
    if value != value.lower():
        what = say("{parameter}={value} has capitals", parameter=name, value=value)
        todo = say("Write {value}: “A” and “a” become two rows.", value=value.lower())
        remarks.append(Remark("case", what, todo))
    if re.search(r"\s", value):
        remarks.append(Remark("space", say("{parameter} has a space in it", parameter=name), plain))
    elif not value.isascii():
        what = say("{parameter}={value} has letters beyond a–z", parameter=name, value=value)
        remarks.append(Remark("letters", what, plain))
    elif re.search(r"[^A-Za-z0-9_.\-]", value):
        what = say("{parameter}={value} has reserved signs", parameter=name, value=value)
        remarks.append(Remark("reserved", what, plain))
    if len(value) > LONGEST:
        what = say("{parameter} has {n} characters", parameter=name, n=len(value))
        remarks.append(Remark("length", what, say("Keep to {n}: tools cut longer ones.", n=LONGEST)))
    if "@" in value and "." in value.partition("@")[2]:
        what = say("{parameter} looks like an e-mail address", parameter=name)
        todo = say("Take it out: analytics must not hold personal data.")
        remarks.append(Remark("personal", what, todo))
    return remarks


def _channel_remarks(tags: Mapping[str, str]) -> list[Remark]:
    landed = channel(*(tags.get(name, "") for name in ("utm_source", "utm_medium", "utm_campaign")))
    if landed == "Unassigned":
        what = say("lands in the channel “Unassigned”")
        todo = say(
            "Use the platform as source or “social” as medium, unless you have a channel group of your own."
        )
        return [Remark("channel", what, todo, blocks=False)]
    if landed in {"Organic Shopping", "Paid Shopping"}:
        what = say("lands in “{channel}”, because of “shop” in the campaign's name", channel=landed)
        return [Remark("channel", what, say("Choose a campaign name without that word."), blocks=False)]
    return []


def _fits(line: Mapping[str, Any], visit: Mapping[str, str], rules: Mapping[str, Any]) -> bool:
    return all(_holds(visit[name], test, rules) for name, test in line.items())


def _holds(value: str, test: Mapping[str, Any], rules: Mapping[str, Any]) -> bool:
    if "is" in test:
        return value in test["is"]
    if "site" in test:
        return value in rules["sites"][test["site"]]
    return re.search(rules.get(test["matches"], test["matches"]), value) is not None


def _name(part: str) -> str:
    return unquote(part.partition("=")[0]).lower()


def _ascii_host(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""


def _netloc(parts: SplitResult) -> str:
    host = _ascii_host(parts.hostname or "")
    return f"{host}:{parts.port}" if parts.port else host
