"""Opening links before launch, on request only: do they answer, and do their parameters arrive?

Each visit says that it is a test: in its user agent and with one more parameter, so that whoever counts visits can
leave it out. Only http(s) is opened, redirects are followed one by one, and no page is read.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import urlencode

from creatorbook.campaign.links import onward_address, parameters_of, web_address
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
    own = dict(parameters_of(link))
    try:
        final, wrong = _followed(_marked(link), seconds)
    except Problem as problem:
        return Visit(name, link, link, packed(problem.what))
    return Visit(name, link, final, wrong or _lost({**own, **wanted}, final))


def _marked(link: str) -> str:
    """The link with one more parameter that says what the visit is.

    Raises:
        Problem: it is not a web address, or carries credentials.
    """
    parts = web_address(link)
    mark = urlencode([TEST_PARAMETER])
    return parts._replace(query=f"{parts.query}&{mark}" if parts.query else mark).geturl()


def _lost(wanted: Mapping[str, str], final: str) -> Text:
    """Which parameters did not arrive as they were sent."""
    arrived: dict[str, list[str]] = {}
    for name, value in parameters_of(final):
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
    """The last address after all redirects, and what is wrong with it.

    Raises:
        Problem: an address on the way is no web address, or carries credentials.
    """
    opener, late = _opener(), say("no answer within {seconds} seconds", seconds=f"{seconds:g}")
    for _ in range(MOST_REDIRECTS + 1):
        request = urllib.request.Request(url, headers={"User-Agent": USER_AGENT})  # noqa: S310 - http(s), just checked
        try:
            with opener.open(request, timeout=seconds) as answer:
                return url, "" if answer.status < 300 else _answered(answer.status)
        except urllib.error.HTTPError as error:
            onward = error.headers.get("Location") if 300 <= error.code < 400 else None
            error.close()
            if onward is None:
                return url, _answered(error.code)
            url = onward_address(url, onward)
        except TimeoutError:
            return url, late
        except (OSError, ValueError) as error:
            slow = isinstance(getattr(error, "reason", None), TimeoutError)
            return url, late if slow else say("does not answer")
        except HTTPException:
            return url, say("answers, but not as a web server does")
    return url, say("more than {n} redirects", n=MOST_REDIRECTS)


def _answered(status: int) -> Wording:
    return say("answers with {status}", status=status)


def _opener() -> urllib.request.OpenerDirector:
    """An opener for http and https alone: no files, no FTP, no cookies.

    It follows nothing itself: every redirect comes back, so that each address is checked before it is opened.
    """
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener
