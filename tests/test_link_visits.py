"""Opening links: a server on this machine that keeps, drops or changes parameters on the way."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from creatorbook.findings import written
from creatorbook.findings.formats import Formats
from creatorbook.tracking.link_visits import TEST_PARAMETER, USER_AGENT, visit, visit_all

WANTED = {"utm_source": "tiktok", "utm_content": "ada_short_1"}
TAGGED = "?utm_source=tiktok&utm_content=ada_short_1"


class _Shop(BaseHTTPRequestHandler):
    """/keep and /short lead on with the query, /drop without, /lower changes it; /round leads to itself."""

    def do_GET(self) -> None:
        self.server.seen.append((self.path, self.headers["User-Agent"]))
        parts = urlsplit(self.path)
        onward = {
            "/keep": f"/page?{parts.query}",
            "/twice": f"/keep?{parts.query}",
            "/short": f"/page{TAGGED}",
            "/drop": "/page",
            "/lower": "/page" + TAGGED.replace("tiktok", "TikTok"),
            "/round": "/round",
            "/bracket": "https://[bio",
            "/ftp": "ftp://127.0.0.1/page",
            "/secret": "http://ada:secret@127.0.0.1/page",
        }.get(parts.path)
        if parts.path == "/silent":
            self.server.hold.wait(5)
        if parts.path == "/garbled":
            self.wfile.write(b"220 mail.example ESMTP\r\n\r\n")
            return
        self.send_response(302 if onward else 404 if parts.path == "/gone" else 200)
        if onward:
            self.send_header("Location", onward)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadingHTTPServer]:
    """A shop on this machine, with what it was asked for in `seen`."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Shop)
    server.seen, server.hold = [], threading.Event()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.hold.set()
    server.shutdown()
    server.server_close()
    thread.join(5)


def _at(shop: ThreadingHTTPServer, path: str) -> str:
    return f"http://127.0.0.1:{shop.server_port}{path}"


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (f"/page{TAGGED}", ""),
        (f"/page{TAGGED}#sizes", ""),
        (f"/keep{TAGGED}", ""),
        (f"/twice{TAGGED}", ""),
        ("/short", ""),
        ("/page", "lost on the way: utm_source, utm_content"),
        (f"/drop{TAGGED}", "lost on the way: utm_source, utm_content"),
        (f"/drop{TAGGED}&size=m", "lost on the way: utm_source, utm_content, size"),
        (f"/lower{TAGGED}", "changed on the way: utm_source"),
        ("/gone", "answers with 404"),
        ("/round", "more than 10 redirects"),
        ("/bracket", "this is not a web address"),
        ("/garbled", "answers, but not as a web server does"),
        ("/ftp", "this is not a web address that begins with https://"),
        ("/secret", "this address carries a user name or password"),
    ],
)
def test_parameters_have_to_arrive(shop: ThreadingHTTPServer, path: str, wrong: str) -> None:
    """A link is well if it answers and its own and the wanted parameters arrive, through any redirect."""
    text = written(visit("Ada", _at(shop, path), WANTED).wrong, Formats())
    assert set(text.split(", ")) == set(wrong.split(", "))


def test_every_visit_says_that_it_is_a_test(shop: ThreadingHTTPServer) -> None:
    """The user agent and one parameter mark the visit; the parameters before it are as they were."""
    visit("Ada", _at(shop, f"/keep{TAGGED}"), WANTED)
    first, agent = shop.seen[0]
    assert first == f"/keep{TAGGED}&{'='.join(TEST_PARAMETER)}"
    assert agent == USER_AGENT
    assert len(shop.seen) == 2


def test_a_link_that_does_not_answer_is_told(shop: ThreadingHTTPServer) -> None:
    """No answer in time, nobody there, or no web address: a sentence each, never an error."""
    visits = visit_all(
        [
            ("Ada", _at(shop, "/silent"), {}),
            ("Bo", "http://127.0.0.1:9/page", {}),
            ("Cy", "file:///etc/hosts", {}),
            ("Di", "https://[bio", {}),
        ],
        seconds=0.3,
    )
    assert [written(one.wrong, Formats()) for one in visits] == [
        "no answer within 0.3 seconds",
        "does not answer",
        "this is not a web address that begins with https://",
        "this is not a web address",
    ]
