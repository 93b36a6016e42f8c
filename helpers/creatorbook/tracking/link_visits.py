"""Opening links before launch, on request only: do they answer, and do their parameters arrive?

Each visit says that it is a test: in its user agent and with one more parameter, so that whoever counts visits can
leave it out. Only http(s) is opened, redirects are followed one by one, and no page is read.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from creatorbook.campaign.links import web_address
from creatorbook.findings import Text, Wording, joined, packed, say
from creatorbook.problems import Problem

TEST_PARAMETER = ("creatorbook_test", "1")
USER_AGENT = "creatorbook (test visit, please do not count)"
MOST_REDIRECTS = 10
SECONDS = 10.0


@dataclass(frozen=True)
class Visit:
    """What came of opening one link.

    Attributes:
        name: whose link it is.
        link: as it is given out.
        final: where it led in the end.
        wrong: what is wrong, in words; empty where all is well.
    """

    name: str
    link: str
    final: str
    wrong: Text = ""


def visit_all(
    links: Iterable[tuple[str, str, Mapping[str, str]]], seconds: float = SECONDS
) -> tuple[Visit, ...]:
    """Open links one after the other: (name, link, parameters that have to arrive)."""
    return tuple(visit(name, link, wanted, seconds) for name, link, wanted in links)


def visit(name: str, link: str, wanted: Mapping[str, str], seconds: float = SECONDS) -> Visit:
    """Open one link, marked as a test, and compare the parameters that arrive with those wanted.

    Args:
        wanted: parameter → value; the link's own parameters are wanted in any case.
        seconds: how long each answer may take.
    """
    own = dict(parse_qsl(urlsplit(link).query, keep_blank_values=True))
    try:
        web_address(link)
        final, wrong = _followed(_marked(link), seconds)
    except Problem as problem:
        return Visit(name, link, link, packed(problem.what))
    return Visit(name, link, final, wrong or _lost({**own, **wanted}, final))


def _marked(link: str) -> str:
    """The link with one more parameter that says what the visit is."""
    parts = urlsplit(link.strip())
    mark = urlencode([TEST_PARAMETER])
    return parts._replace(query=f"{parts.query}&{mark}" if parts.query else mark).geturl()


def _lost(wanted: Mapping[str, str], final: str) -> Text:
    """Which parameters did not arrive as they were sent."""
    arrived: dict[str, list[str]] = {}
    for name, value in parse_qsl(urlsplit(final).query, keep_blank_values=True):
        arrived.setdefault(name, []).append(value)
    gone = [name for name, value in wanted.items() if value not in arrived.get(name, [])]
    if not gone:
        return ""
    changed = [name for name in gone if name in arrived]
    missing = [name for name in gone if name not in arrived]
    parts = [say("lost on the way: {parameters}", parameters=joined(missing))] if missing else []
    parts += [say("changed on the way: {parameters}", parameters=joined(changed))] if changed else []
    return joined(parts, by="; ")


def _followed(url: str, seconds: float) -> tuple[str, Text]:
    """The last address after all redirects, and what is wrong with it."""
    opener, late = _opener(), say("no answer within {seconds} seconds", seconds=f"{seconds:g}")
    for _ in range(MOST_REDIRECTS + 1):
        web_address(url)
        request = urllib.request.Request(url, headers={"User-Agent": USER_AGENT})  # noqa: S310 - http(s), just checked
        try:
            with opener.open(request, timeout=seconds) as answer:
                return url, "" if answer.status < 300 else _answered(answer.status)
        except urllib.error.HTTPError as error:
            onward = error.headers.get("Location") if 300 <= error.code < 400 else None
            error.close()
            if onward is None:
                return url, _answered(error.code)
            url = _with_fragment(urljoin(url, onward), url)
        except TimeoutError:
            return url, late
        except (OSError, ValueError) as error:
            slow = isinstance(getattr(error, "reason", None), TimeoutError)
            return url, late if slow else say("does not answer")
    return url, say("more than {n} redirects", n=MOST_REDIRECTS)


def _answered(status: int) -> Wording:
    return say("answers with {status}", status=status)


def _with_fragment(url: str, before: str) -> str:
    """A redirect without a fragment keeps the one it came with, as browsers do."""
    fragment = urlsplit(before).fragment
    return f"{url}#{fragment}" if fragment and not urlsplit(url).fragment else url


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Every redirect comes back, so that each address is checked before it is opened."""

    def redirect_request(self, *_: object) -> None:
        return None


def _opener() -> urllib.request.OpenerDirector:
    """An opener for http and https alone: no files, no FTP, no cookies."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        _NoRedirect(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener
