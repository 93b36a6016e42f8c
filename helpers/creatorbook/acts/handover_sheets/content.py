"""What stands on one creator's sheet, in their language: texts of `packs/handover.yml` and of the client."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

import pandas as pd
from babel.dates import format_date

from creatorbook.campaign.assignments import DRAWN_LATER
from creatorbook.client import yaml_files
from creatorbook.client.forgotten import forgotten_in
from creatorbook.findings import written
from creatorbook.findings.formats import Formats
from creatorbook.packs import pack
from creatorbook.problems import Problem
from creatorbook.text.translations import Words
from creatorbook.text.translations import words as words_of
from creatorbook.tracking.data_requests import wanted_of

if TYPE_CHECKING:
    from creatorbook.book import Book
    from creatorbook.tracking.handover import HandoverSheet, LabelLine, PayLine

TEXTS = "texts.yml"
"""the client's own texts, in `templates/` of the client folder: language → key → text"""

TableRow = tuple[str, ...]


@dataclass(frozen=True)
class Content:
    """One creator's sheet, ready to be set.

    Attributes:
        words: the texts of the creator's language, by key.
        labels: format, words, place and length, switch, what is not enough.
        requests: what, where to tap, when.
        pay: what, how much.
        facts: (heading, lines) of the brief, in order.
    """

    sheet: HandoverSheet
    words: Mapping[str, Any]
    formats: Formats
    title: str
    subtitle: str
    opening: str
    deliverables: str
    code: str
    off: str
    facts: tuple[tuple[str, tuple[str, ...]], ...]
    labels: tuple[TableRow, ...]
    label_words: str
    requests: tuple[TableRow, ...]
    pay: tuple[TableRow, ...]
    total: str
    gifts: tuple[TableRow, ...]
    rights: tuple[str, ...]
    advice: str

    def say(self, key: str, **more: str) -> str:
        """A text of the pack with its blanks filled in.

        Raises:
            Problem: there is no such text.
        """
        if key not in self.words:
            todo = f"Known texts: {', '.join(sorted(self.words))}."
            raise Problem(f"there is no text “{key}”", todo=todo)
        return filled(str(self.words[key]), {**self._blanks(), **more})

    def day(self, when: date) -> str:
        """A day as the creator's language writes it: `9. März 2026`."""
        return _day(when, self.formats)

    def _blanks(self) -> dict[str, str]:
        sheet, day = self.sheet, self.day
        return {
            "brand": sheet.brand,
            "campaign": sheet.campaign,
            "person": sheet.person,
            "start": day(sheet.start),
            "end": day(sheet.end),
            "draft": day(sheet.draft_due),
            "deliverables": self.deliverables,
            "product": sheet.product,
            "words": f"“{self.label_words}”",
        }


def sheet_content(book: Book, sheet: HandoverSheet) -> Content:
    """The sheet of one creator, in their language where the pack has it."""
    language, words = handover_texts(book, sheet.language)
    formats = Formats.of(language, book.client.currency, tax=book.formats.tax)
    rules = pack("disclosure")
    made = Content(
        sheet=sheet,
        words=words,
        formats=formats,
        title="",
        subtitle="",
        opening="",
        deliverables=_deliverables(sheet, words),
        code=words["no_code"] if sheet.code == DRAWN_LATER else sheet.code,
        off=filled(words["discount"], {"percent": formats.percent(sheet.discount)}),
        facts=tuple(_facts(sheet, words)),
        labels=tuple(_label_row(line, words, formats) for line in sheet.labels),
        label_words=next((line.label.text for line in sheet.labels if line.label.needed), ""),
        requests=tuple(_requests(sheet, words)),
        pay=tuple(_pay_row(line, words, formats) for line in sheet.pay),
        total=_total(sheet, words, formats),
        gifts=tuple((one.what, one.size, one.reason) for one in sheet.gifts),
        rights=tuple(_rights(sheet, words, formats)),
        advice=filled(words["advice"], {"dated": _day(rules["reviewed"], formats)}),
    )
    openings = words["openings"]
    head = {
        "title": made.say("title"),
        "subtitle": made.say("subtitle"),
        "opening": filled(openings.get(sheet.playbook, openings["usual"]), made._blanks()),
    }
    return Content(**{**made.__dict__, **head})


def handover_texts(book: Book, language: str) -> tuple[str, dict[str, Any]]:
    """The language used, and its texts: the pack's, with the client's own in their place.

    Raises:
        Problem: the client's file has a text that is not known, or something else where a text belongs.
    """
    handover = pack("handover")
    own = book.client.folder / "templates" / TEXTS
    changed = forgotten_in(book.client.folder).data(yaml_files.read_mapping(own)) if own.is_file() else {}
    languages = {*handover["languages"], *changed}
    used = language if language in languages else handover["usual"]
    usual = handover["languages"].get(used, handover["languages"][handover["usual"]])
    usual = _with_tax(usual, words_of(used, book.formats.tax))
    own_texts = changed.get(used) or {}
    _refuse_misplaced(own_texts, usual, own, used)
    return used, yaml_files.merged(usual, own_texts)


def _with_tax(texts: Any, language: Words) -> Any:
    """The pack's texts with the market's word for the tax; the client's own stand as they are written."""
    if isinstance(texts, Mapping):
        return {name: _with_tax(one, language) for name, one in texts.items()}
    return language.with_tax(texts) if isinstance(texts, str) else texts


def _refuse_misplaced(texts: Any, usual: Mapping[str, Any], file: Path, place: str) -> None:
    """Raise a Problem where the client's texts have one too many, or no text where the pack has one."""
    if not isinstance(texts, dict):
        raise Problem("expected lines of “key: text”", file, column=place)
    unknown = sorted(str(key) for key in texts if key not in usual)
    if unknown:
        todo = f"Known texts: {', '.join(sorted(usual))}."
        raise Problem(f"there is no text “{unknown[0]}” to replace", file, column=place, todo=todo)
    for key, text in texts.items():
        if not isinstance(text, type(usual[key])):
            expected = "lines of “key: text”" if isinstance(usual[key], dict) else "a text"
            raise Problem(f"expected {expected}", file, column=f"{place}.{key}")
        for name, one in text.items() if isinstance(text, dict) else ():
            if not isinstance(one, str):
                raise Problem("expected a text", file, column=f"{place}.{key}.{name}")


def filled(text: str, blanks: Mapping[str, str]) -> str:
    """A text with its `{blanks}` filled in; a blank nobody knows is left as it stands."""
    parts = []
    try:
        pieces = list(Formatter().parse(text))
    except ValueError:
        return text
    for before, name, _, _ in pieces:
        parts.append(before)
        if name is not None:
            parts.append(blanks.get(name, "{" + name + "}"))
    return "".join(parts)


def _day(when: date, formats: Formats) -> str:
    if formats.locale.startswith("en"):
        return formats.day(when)
    return str(format_date(when, format="long", locale=formats.locale))


def _total(sheet: HandoverSheet, words: Mapping[str, Any], formats: Formats) -> str:
    """All money agreed; commission and gifts stand beside it."""
    amounts = [line.amount for line in sheet.pay if line.kind != "gift" and line.amount is not None]
    if not amounts:
        return str(words["not_agreed"])
    return formats.money(sum(amounts), 2) if sum(amounts) else str(words["no_fee"])


def _deliverables(sheet: HandoverSheet, words: Mapping[str, Any]) -> str:
    if sheet.deliverables:
        return sheet.deliverables
    names = dict.fromkeys(_format_name(line.format, words) for line in sheet.labels)
    return filled(words["to_agree"], {"formats": ", ".join(names)})


def _format_name(name: str, words: Mapping[str, Any]) -> str:
    return str(words["format_names"].get(name, name))


def _facts(sheet: HandoverSheet, words: Mapping[str, Any]) -> Iterable[tuple[str, tuple[str, ...]]]:
    may_say = [
        f"{wording} ({words['proof']}: {claim.proof})" if claim.proof else wording
        for claim in sheet.claims
        for wording in claim.wordings
    ]
    facts = (
        ("product", (sheet.product,) if sheet.product else ()),
        ("messages", sheet.key_messages),
        ("may_say", tuple(may_say)),
        ("show", sheet.proof),
        ("avoid", sheet.must_avoid),
    )
    return [(str(words[key]), lines) for key, lines in facts if lines]


def _label_row(line: LabelLine, words: Mapping[str, Any], formats: Formats) -> TableRow:
    places = [*_translated("positions", line.label.positions, words)]
    places += _translated("durations", line.label.durations, words)
    shown = pack("formats")["platforms"].get(line.platform, {}).get("name", line.platform)
    label = line.label.text if line.label.needed else words["none_needed"]
    where = "; ".join(places)
    switch = written(line.label.switch, formats)
    return (f"{_format_name(line.format, words)} · {shown}", label, where, switch, line.not_enough)


def _translated(kind: str, sentences: Iterable[str], words: Mapping[str, Any]) -> list[str]:
    """Sentences of the disclosure pack in the sheet's language, where the texts have them."""
    ids = {text: key for key, text in pack("disclosure")[kind].items()}
    return [str(words[kind].get(ids.get(text, ""), text)) for text in sentences]


def _requests(sheet: HandoverSheet, words: Mapping[str, Any]) -> list[TableRow]:
    rows = [
        {"platform": one.platform, "formats": " ".join(one.formats), "deliverables": None}
        for one in sheet.accounts
    ]
    return [
        (str(words["requests"].get(one["what"], one["what"])), one["where"], _when(one, words))
        for _, one in wanted_of(rows)
    ]


def _when(one: Mapping[str, Any], words: Mapping[str, Any]) -> str:
    if one.get("days_after") == 1:
        return str(words["day_after"])
    for key, name in (
        ("hours_after", "within_hours"),
        ("days_after", "days_after"),
        ("days_before", "days_before"),
    ):
        if key in one:
            return filled(words[name], {"n": str(one[key])})
    return ""


def _pay_row(line: PayLine, words: Mapping[str, Any], formats: Formats) -> TableRow:
    if line.kind == "commission":
        share = filled(words["commission_of"], {"share": formats.percent(line.share)})
        return (words["commission"], share, "")
    what = words[line.kind]
    if line.amount is None:
        return (what, words["not_agreed"], "")
    if line.kind == "fee" and line.amount == 0:
        return (what, words["no_fee"], "")
    return (what, formats.money(line.amount, 2), words["gift_note"] if line.kind == "gift" else "")


def _rights(sheet: HandoverSheet, words: Mapping[str, Any], formats: Formats) -> Iterable[str]:
    for one in sheet.terms:
        parts = [one.about, one.channels, one.territory]
        parts += [f"→ {_day(one.until, formats)}"] if pd.notna(one.until) else []
        windows = (("ads_until", one.paid_until), ("exclusive_until", one.exclusive_until))
        parts += [
            filled(words[name], {"day": _day(until, formats)})
            for name, until in windows
            if pd.notna(until) and until != one.until
        ]
        yield " · ".join(part for part in parts if part)
    if not sheet.terms:
        yield sheet.rights or words["no_rights"]
