"""Disclosure: which words label a post, where and how long, and whether a text we were given carries them.

The rules are data, `packs/disclosure.yml`, each with source and date. Not legal advice: the compiler says what
the rules ask for; the checker says “label word found / not found in the text we were given”, and no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import product
from typing import Any, Literal

from creatorbook import plugins
from creatorbook.findings import Day, Text, Wording, packed, say, written
from creatorbook.findings.formats import Formats
from creatorbook.packs import pack
from creatorbook.problems import Problem

Verdict = Literal["found", "too late", "among hashtags", "wrong word", "not found", "no text"]

#: the verdicts as readers see them
VERDICTS: dict[str, Wording] = {
    "found": say("found"),
    "too late": say("too late"),
    "among hashtags": say("among hashtags"),
    "wrong word": say("wrong word"),
    "not found": say("not found"),
    "no text": say("no text"),
}

#: A label that begins within so many characters is among the first words, however short the caption.
FIRST_WORDS = 30

#: Three hashtags in a row are a string in which a label drowns.
_HASHTAGS = re.compile(r"(?:#\w+[ \t]*){3,}")


@dataclass(frozen=True)
class Refused:
    """A word or place that is not enough: in which market, and why."""

    what: str
    kind: str
    market: str
    why: str


@dataclass(frozen=True)
class Label:
    """What one post needs.

    Attributes:
        needed: whether the rules of the pack ask for a label at all.
        words: the exact words, the post's own language first.
        accepted: per word of `words`, all that may stand in its place.
        positions: where they stand, the union over the audience's markets.
        durations: for how long, likewise.
        switch: the platform's own label, and what it shows.
        refused: what is not enough.
        extras: further labels a market asks for (retouched pictures …).
        conflicts: why more than one word is needed, a sentence each.
        asks: markets without a rule in the pack.
        sources: instrument, source, date and confidence per market.
        liable: who answers for it, per market.
        dated: the oldest date among the rules used.
    """

    needed: bool
    words: tuple[str, ...]
    accepted: tuple[tuple[str, ...], ...]
    positions: tuple[str, ...]
    durations: tuple[str, ...]
    switch: Wording
    refused: tuple[Refused, ...] = ()
    extras: tuple[str, ...] = ()
    conflicts: tuple[Wording, ...] = ()
    asks: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    liable: tuple[str, ...] = ()
    dated: date | None = None

    @property
    def text(self) -> str:
        """The words as they are put on a sheet: `Werbung · Ad`."""
        return label_text(self.words)


def label_text(words: Iterable[str]) -> str:
    """Label words one behind the other, as a post carries them: `Werbung · Ad`."""
    return " · ".join(words)


@dataclass(frozen=True)
class Checked:
    """What a check saw in one text: the verdict, the word it rests on, why, and what to do.

    `further`: words that further markets of the audience want and that are not there.
    """

    verdict: Verdict
    word: str = ""
    why: Text = ""
    todo: Text = ""
    further: tuple[str, ...] = ()

    @property
    def fine(self) -> bool:
        """Whether there is nothing to fix in the text we were given."""
        return self.verdict in {"found", "no text"}


def markets() -> dict[str, str]:
    """Country code → name of every market there is a rule for."""
    return {code: row["name"] for code, row in plugins.label_rules().items() if row["languages"]}


def rule_of(market: str) -> str | None:
    """The row of rules that holds in a market: its own, the EU's for EU states without one, or none."""
    row = plugins.label_rules().get(market)
    return str(row.get("under", market)) if row else None


def market_language(market: str) -> str | None:
    """The usual language of a market, where there is a rule for it."""
    row = plugins.label_rules().get(market)
    return row["languages"][0] if row and row["languages"] else None


def old_label_rules(as_of: date) -> Wording | None:
    """A sentence if the rules were last reviewed too long ago, else nothing."""
    rules = pack("disclosure")
    days = (as_of - rules["reviewed"]).days
    if days <= rules["review_after_days"]:
        return None
    return say(
        "The disclosure rules were last reviewed on {day}, {n} days before this report.",
        day=Day(rules["reviewed"]),
        n=days,
    )


def compile_label(
    audience: Sequence[str],
    language: str,
    benefit: str = "fee",
    kind: str = "picture",
    platform: str = "instagram",
    *,
    shares: Mapping[str, float] | None = None,
    code: bool = False,
    brand: str = "the brand",
) -> Label:
    """The label of a post.

    The language of the post decides the word; place, duration and switch are the union over the audience's
    markets; a further market above a stated share adds its own word.

    Args:
        audience: markets (ISO 3166), the main one first.
        language: language of the post (ISO 639).
        benefit: a key of the pack's `benefits`.
        kind: picture, story, video or live (see `packs/formats.yml`).
        platform: instagram, tiktok, youtube, pinterest or facebook.
        shares: share of the audience by market, where known; the main market always counts.
        code: whether the post names a discount code.
        brand: named in the platform's label.

    Raises:
        KeyError: the benefit is not one the pack knows.
    """
    rules = pack("disclosure")
    _ = rules["benefits"][benefit]
    named = plugins.label_rules()
    rows = {market: named[row]["rule"] for market in audience if (row := rule_of(market))}
    accepted, conflicts = _words(audience, rows, language, shares or {})
    places = [one for row in rows.values() for one in _places(row, kind, benefit, code=code)]
    lengths = [one for row in rows.values() for one in row["durations"].get(kind, [])]
    return Label(
        needed=benefit != "none",
        words=tuple(_worded(group[0], group, benefit, rows) for group in accepted),
        accepted=tuple(accepted),
        positions=_texts("positions", places or ["at_once"]),
        durations=_texts("durations", lengths or ["stays"]),
        switch=_switch(platform, brand),
        refused=_refused(rows),
        extras=_union(row.get("extra_labels", []) for row in rows.values()),
        conflicts=tuple(conflicts),
        asks=tuple(market for market in audience if market not in rows),
        sources=_union([_source(row)] for row in rows.values()) or (f"no source: {rules['no_rule']}",),
        liable=_union([f"{row['country']}: {row['liable']}"] for row in rows.values()),
        dated=min((row["dated"] for row in rows.values()), default=None),
    )


def whole_table(only: str | None = None) -> Iterator[dict[str, str]]:
    """Every combination of the pack, one row each: market, language, benefit, kind of post, platform, and its answer.

    Args:
        only: one market's code; none means all.

    Raises:
        Problem: there is no such market in the pack.
    """
    rules, names = pack("disclosure"), markets()
    if only is not None and only not in names:
        todo = f"Markets in the pack: {', '.join(names)}. Elsewhere counsel decides."
        raise Problem(f"there is no rule for the market “{only}” in the pack", todo=todo)
    kinds = sorted({row["kind"] for row in pack("formats")["formats"].values()})
    for market in names:
        if only not in {None, market}:
            continue
        combinations = product(
            plugins.label_rules()[market]["languages"], rules["benefits"], kinds, rules["platforms"]
        )
        for language, benefit, kind, platform in combinations:
            label = compile_label([market], language, benefit, kind, platform, code=True)
            yield {
                "market": market,
                "language": language,
                "benefit": benefit,
                "kind of post": kind,
                "platform": platform,
                "exact words": label.text if label.needed else "none needed",
                "where": "; ".join(label.positions),
                "for how long": "; ".join(label.durations),
                "switch on as well": written(label.switch, Formats()),
                "not enough": "; ".join(dict.fromkeys(one.what for one in label.refused)),
                "further labels": "; ".join(label.extras),
                "who answers": "; ".join(label.liable),
                "source": " | ".join(label.sources),
                "dated": str(label.dated or ""),
            }


def conflicts_among(markets: Iterable[str]) -> list[str]:
    """Words that one of these markets takes and another refuses, in words of the pack."""
    rules = pack("disclosure")
    rows = {row for market in markets if (row := rule_of(market))}
    return [one["text"] for one in rules["conflicts"] if len(rows & set(one["between"])) > 1]


def check_text(
    text: str | None,
    label: Label,
    platform: str = "instagram",
    *,
    switch_on: bool | None = None,
    spoken: bool = False,
) -> Checked:
    """Whether a caption or transcript carries the label's words, early enough.

    Args:
        text: caption, title or transcript; only what we were given is looked at.
        label: what the post needs.
        platform: decides how much of a caption is seen before “more”.
        switch_on: whether the platform's own label is on, where a file says so.
        spoken: the text is a transcript or text on the picture: early enough wherever it stands.
    """
    if not label.needed:
        return Checked("found", why=say("no label is asked for without a benefit"))
    if text is None or not text.strip():
        return Checked("no text", why=say("there is no caption, transcript or label field to look at"))
    main, *others = [_check_group(text, group, platform, spoken=spoken) for group in label.accepted]
    if main.verdict == "not found":
        return _missing(text, label, switch_on=switch_on)
    lacking = [group[0] for group, other in zip(label.accepted[1:], others, strict=True) if not other.fine]
    return replace(main, further=tuple(lacking))


def languages_in(text: str | None) -> list[str]:
    """The languages a caption is written in, by its small words, the likeliest first; none where they do not tell.

    A caption in two languages gives both: each must have at least two small words, and half as many as the first.
    """
    written_words = set(re.findall(r"[^\W\d_]+", (text or "").lower()))
    small, more = pack("comment_words")["function"], pack("disclosure")["caption_words"]
    hits = sorted(
        (
            (len(written_words & {*str(words).split(), *more.get(code, "").split()}), code)
            for code, words in small.items()
        ),
        key=lambda hit: (-hit[0], hit[1]),
    )
    return [code for count, code in hits if count >= 2 and count >= hits[0][0] / 2]


def refused_in(text: str, label: Label) -> Refused | None:
    """The first word in a text that some market of the label says is not enough, or none."""
    places = [
        (match.start(), -len(one.what), one)
        for one in label.refused
        if one.kind == "word" and (match := _word(one.what).search(text))
    ]
    return min(places, key=lambda place: (place[0], place[1], place[2].market))[2] if places else None


def _check_group(text: str, group: Sequence[str], platform: str, *, spoken: bool) -> Checked:
    """One word or any of its equals: there, early enough, and not drowned among hashtags."""
    matches = [(match, word) for word in group for match in _word(word).finditer(text)]
    if not matches:
        return Checked("not found", group[0])
    word = min(matches, key=lambda match: match[0].start())[1]
    if spoken:
        return Checked("found", word)
    if not any(_early(text, match.start(), platform) for match, _ in matches):
        todo = say("Put “{word}” at the very beginning.", word=group[0])
        return Checked("too late", word, say("the label word stands at the end or behind “more”"), todo)
    strings = [span.span() for span in _HASHTAGS.finditer(text)]
    drowned = [any(a < match.start() < b for a, b in strings) for match, _ in matches]
    if all(drowned):
        todo = say("Put “{word}” at the very beginning, apart from other hashtags.", word=group[0])
        return Checked("among hashtags", word, say("the label word is one of a string of hashtags"), todo)
    return Checked("found", word)


def _missing(text: str, label: Label, *, switch_on: bool | None) -> Checked:
    """What to say where the words are not there: what stands there instead, and what to write."""
    todo = say("Write “{words}” as the first words of the caption.", words=label.text)
    refused = refused_in(text, label)
    if refused:
        return Checked("wrong word", refused.what, _not_enough(refused), todo)
    foreign = _foreign_word(text, label)
    if foreign:
        why = say("“{word}” is not the word of this post's language", word=foreign)
        return Checked("wrong word", foreign, why, todo)
    why = say("no label word in the text we were given")
    if switch_on:
        why = say("only the platform's own label is on, which is not enough alone")
    return Checked("not found", "", why, todo)


def _not_enough(refused: Refused) -> Wording:
    """Why a word is refused, in which market."""
    word, country, why = refused.what, packed(refused.market), packed(refused.why)
    if _with_article(refused.market):
        return say("“{word}” is not enough in the {country}: {why}", word=word, country=country, why=why)
    return say("“{word}” is not enough in {country}: {why}", word=word, country=country, why=why)


def _foreign_word(text: str, label: Label) -> str | None:
    """A label word of another language or market that stands in the text, early, instead of the right one."""
    own = {word.lower() for group in label.accepted for word in group}
    every = [word for words in pack("disclosure")["languages"]["words"].values() for word in words]
    foreign = [word for word in every if word.lower() not in own and _word(word).search(text)]
    return foreign[0] if foreign else None


def _early(text: str, start: int, platform: str) -> bool:
    """Whether a place in a caption is seen before “more” is tapped, and is not its end."""
    seen = pack("formats")["platforms"].get(platform, {})
    characters, lines = seen.get("visible_characters", 125), seen.get("visible_lines", 3)
    first = start <= FIRST_WORDS or start < len(text) / 2
    return first and start < characters and text[:start].count("\n") < lines


@cache
def _word(word: str) -> re.Pattern[str]:
    """A word on its own, as hashtag or not: `Ad` is found in “Ad:” and “#ad”, never in “salad” or “@ad”."""
    plain = re.escape(word.removeprefix("#")).replace(r"\ ", r"[\s_]*")
    return re.compile(rf"(?<![\w@./-])#?{plain}(?![\w])", re.IGNORECASE)


def _words(
    audience: Sequence[str], rows: Mapping[str, Any], language: str, shares: Mapping[str, float]
) -> tuple[list[tuple[str, ...]], list[Wording]]:
    """The groups of accepted words, and why there is more than one."""
    rules = pack("disclosure")
    main = audience[0] if audience else ""
    groups = [_language_words(language, rows.get(main), main)]
    conflicts = []
    for market in audience:
        counts = market == main or shares.get(market, 0.0) > rules["own_word_above_share"]
        row = rows.get(market)
        if not counts or row is None or _accepts(row, market, language, groups):
            continue
        own = _language_words(market_language(market) or language, row, market)
        groups.append(own)
        conflicts.append(_added(groups[0][0], own[0], markets()[market]))
    return groups, conflicts


def _added(word: str, own: str, country: str) -> Wording:
    """Why a market's own word stands behind the first one."""
    values = {"word": word, "own": own, "country": packed(country)}
    if _with_article(country):
        return say("“{word}” alone does not do in the {country}: “{own}” is added.", **values)
    return say("“{word}” alone does not do in {country}: “{own}” is added.", **values)


def _accepts(row: Mapping[str, Any], market: str, language: str, groups: Sequence[tuple[str, ...]]) -> bool:
    """Whether one of the chosen groups already holds a word that does in a market."""
    if row.get("follows_post_language") and language in pack("disclosure")["languages"]["words"]:
        return True
    own = {
        word.lower()
        for spoken in plugins.label_rules()[market]["languages"]
        for word in _language_words(spoken, row, market)
    }
    return any(group[0].lower() in own for group in groups)


def _language_words(language: str, row: Mapping[str, Any] | None, market: str) -> tuple[str, ...]:
    """Accepted words of a language: the market's own row, else the dated list, else the market's language."""
    market_words = (row or {}).get("words", {})
    general = pack("disclosure")["languages"]["words"]
    words = market_words.get(language) or general.get(language)
    if words:
        return tuple(words)
    fallback = market_language(market) or "en"
    return tuple(market_words.get(fallback) or general.get(fallback) or general["en"])


def _worded(word: str, group: Sequence[str], benefit: str, rows: Mapping[str, Any]) -> str:
    """The word with its kind of benefit, where a market's rule offers that: `Ad – Gifted`."""
    for row in rows.values():
        kind_words: str | None = row.get("kinds", {}).get(benefit)
        if kind_words and kind_words.startswith(word) and word in group:
            return kind_words
    return word


def _places(row: Mapping[str, Any], kind: str, benefit: str, *, code: bool) -> list[str]:
    extra = row.get("extra", {})
    return [
        *row["positions"].get(kind, []),
        *extra.get(benefit, []),
        *(extra.get("code", []) if code else []),
    ]


def _texts(kind: str, wanted: Iterable[str]) -> tuple[str, ...]:
    """The pack's sentences for these ids, each once and in the pack's order, whatever market asked first."""
    asked = set(wanted)
    return tuple(text for one, text in pack("disclosure")[kind].items() if one in asked)


def _refused(rows: Mapping[str, Any]) -> tuple[Refused, ...]:
    """What is not enough in each market, once each; a word that one of the markets accepts stays refused there."""
    refused = [
        Refused(one["what"], one["kind"], row["country"], one["why"])
        for row in rows.values()
        for one in row["not_enough"]
    ]
    return tuple(dict.fromkeys(refused))


def _switch(platform: str, brand: str) -> Wording:
    label = pack("disclosure")["platforms"].get(platform)
    if label is None:
        return say("no platform label in the pack: look for one in the app")
    return say(
        "{switch}: shows {shown}", switch=packed(label["switch"]), shown=packed(label["shown"], brand=brand)
    )


def _source(row: Mapping[str, Any]) -> str:
    text = f"{row['country']}: {row['instrument']}; read in {row['source']}; {row['dated']}; confidence {row['confidence']}"
    return f"{text}. {row['note']}" if "note" in row else text


def _with_article(country: str) -> bool:
    """Whether English says `the` before a country: `the United Kingdom`."""
    return country.startswith(("United", "European", "Nether"))


def _union(parts: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for part in parts for one in part))
