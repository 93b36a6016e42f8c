"""Numbers with what they count: `1 order`, `12 orders`, for sentences in which several things are counted.

What commands and receipts count, in plain English for everybody, is `text.plain_english`.
"""

from __future__ import annotations

from collections.abc import Callable

from creatorbook.findings.messages import Count, Message, say_many

_NOUNS: dict[str, Callable[[float | Count], Message]] = {
    "account": lambda n: say_many("{n} account", "{n} accounts", n=n),
    "agreement": lambda n: say_many("{n} agreement", "{n} agreements", n=n),
    "caption": lambda n: say_many("{n} caption", "{n} captions", n=n),
    "code": lambda n: say_many("{n} code", "{n} codes", n=n),
    "comment": lambda n: say_many("{n} comment", "{n} comments", n=n),
    "creator": lambda n: say_many("{n} creator", "{n} creators", n=n),
    "day": lambda n: say_many("{n} day", "{n} days", n=n),
    "draft": lambda n: say_many("{n} draft", "{n} drafts", n=n),
    "gift": lambda n: say_many("{n} gift", "{n} gifts", n=n),
    "line": lambda n: say_many("{n} line", "{n} lines", n=n),
    "link": lambda n: say_many("{n} link", "{n} links", n=n),
    "order": lambda n: say_many("{n} order", "{n} orders", n=n),
    "path": lambda n: say_many("{n} path", "{n} paths", n=n),
    "person": lambda n: say_many("{n} person", "{n} people", n=n),
    "piece": lambda n: say_many("{n} piece", "{n} pieces", n=n),
    "point": lambda n: say_many("{n} point", "{n} points", n=n),
    "post": lambda n: say_many("{n} post", "{n} posts", n=n),
    "product": lambda n: say_many("{n} product", "{n} products", n=n),
    "profile": lambda n: say_many("{n} profile", "{n} profiles", n=n),
    "time": lambda n: say_many("{n} time", "{n} times", n=n),
}


def number_of(noun: str, n: float | Count) -> Message:
    """So many of something; the noun is given in the singular."""
    return _NOUNS[noun](n)
