"""Labels of one campaign: what each creator's posts need, and whether the posts we were given carry it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook import plugins
from creatorbook.campaign.assignments import accounts, agreed_formats, audience, kind_of
from creatorbook.campaign.benefits import benefit_of
from creatorbook.campaign.lead import who_settles
from creatorbook.findings import (
    Capital,
    Column,
    Findings,
    Note,
    Share,
    Table,
    Text,
    Wording,
    joined,
    packed,
    say,
    sentences,
)
from creatorbook.memo import per_book
from creatorbook.packs import pack, per_packs
from creatorbook.text.territories import MEANT, is_country
from creatorbook.tracking import disclosure
from creatorbook.tracking.disclosure import Label
from creatorbook.tracking.french_totals import contracts

if TYPE_CHECKING:
    from creatorbook.book import Book
    from creatorbook.findings.formats import Formats


def language_of(book: Book, row: Any) -> str:
    """The language of a creator's posts: as listed, else the usual one of their country or the home market."""
    if pd.notna(row.get("language")):
        return str(row["language"]).strip().lower()[:2]
    home = row["country"].upper() if pd.notna(row.get("country")) else book.client.market
    return disclosure.market_language(home) or disclosure.market_language(book.client.market) or "en"


def label_of(book: Book, row: Any, kind: str, language: str | None = None) -> Label:
    """The label a creator's post of one kind needs; in the language given, else the creator's usual one."""
    markets, shares = audience(book, row)
    return _compiled(
        tuple(markets),
        language or language_of(book, row),
        benefit_of(row)[0],
        kind,
        row["platform"],
        tuple(sorted(shares.items())),
        book.client.brand,
    )


@per_packs
def _compiled(
    markets: tuple[str, ...],
    language: str,
    benefit: str,
    kind: str,
    platform: str,
    shares: tuple[tuple[str, float], ...],
    brand: str,
) -> Label:
    return disclosure.compile_label(
        markets, language, benefit, kind, platform, shares=dict(shares), code=True, brand=brand
    )


@per_book
def label_rows(book: Book) -> pd.DataFrame:
    """One row per account and agreed format, as the label has them: words, places, durations, switch.

    `markets` are those that the posts reach, `open` those of them without a rule; words are none where no label is
    needed.
    """
    rows = []
    for row in accounts(book).to_dict("records"):
        for post_format in agreed_formats(row):
            label = label_of(book, row, kind_of(post_format))
            benefit, source = benefit_of(row)
            rows.append(
                {
                    "handle": row["handle"],
                    "platform": row["platform"],
                    "format": post_format,
                    "markets": tuple(audience(book, row)[0]),
                    "language": language_of(book, row),
                    "benefit": benefit,
                    "benefit_from": source,
                    "words": label.words if label.needed else (),
                    "where": label.positions,
                    "how_long": label.durations,
                    "switch": label.switch,
                    "open": label.asks,
                }
            )
    columns = [
        *("handle", "platform", "format", "markets", "language", "benefit", "benefit_from", "words", "where"),
        *("how_long", "switch", "open"),
    ]
    return pd.DataFrame(rows, columns=columns)


def labels(book: Book) -> Findings:
    """The disclosure words of every creator: exact words, place, duration, switch, what is not enough, source."""
    rows = label_rows(book)
    if rows.empty:
        return Findings("tracking", (_needs_creators(book),), book.formats)
    items: list[Any] = [_label_sentence(rows)]
    if book.stage == "plan" or book.mode == "explore":
        tables = (
            _words_table(rows, book.formats),
            _places_table(rows),
            _label_table(rows),
            _rules_table(rows),
        )
        items += [*tables, *_conflict_notes(book, rows), *_odd_countries(book), *_open_notes(rows)]
    items += [*contracts(book), Note(packed(pack("disclosure")["advice"]), "caution")]
    old = disclosure.old_label_rules(book.as_of)
    if old:
        text = sentences(old, say("Check for newer ones before relying on them."))
        items.append(Note(text, "caution"))
    return Findings("tracking", tuple(items), book.formats)


def _each_once(values: Iterable[str]) -> Wording:
    return joined(sorted(set(values)))


def _shown_words(words: tuple[str, ...]) -> Text:
    return disclosure.label_text(words) or say("none needed")


def _label_sentence(rows: pd.DataFrame) -> Note:
    single = rows[["handle", "words"]].explode("words").dropna().drop_duplicates()
    counts = single["words"].value_counts()
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))
    if not ordered:
        return Note(say("No account needs a label word."))
    words = joined(say("“{word}” ({n})", word=word, n=int(count)) for word, count in ordered)
    return Note(say("Exact words, with the number of accounts that need them: {words}.", words=words))


def _groups(rows: pd.DataFrame, names: Sequence[str]) -> list[tuple[Any, pd.DataFrame]]:
    """Rows that have the same in these columns, in the order of what they have (cells may hold several texts)."""
    keys = list(zip(*(rows[name] for name in names), strict=True))
    places: dict[Any, list[int]] = {}
    for place, key in enumerate(keys):
        places.setdefault(key, []).append(place)
    return [(key, rows.iloc[places[key]]) for key in sorted(places)]


def _words_table(rows: pd.DataFrame, formats: Formats) -> Table:
    alike = [(words, group) for (words,), group in _groups(rows, ["words"])]
    alike.sort(key=lambda one: -one[1]["handle"].nunique())
    frame = pd.DataFrame(
        {
            "words": [_shown_words(words) for words, _ in alike],
            "accounts": [group["handle"].nunique() for _, group in alike],
            "languages": [_each_once(map(formats.language, group["language"])) for _, group in alike],
            "benefits": [_each_once(group["benefit"]) for _, group in alike],
        }
    )
    columns = {
        "words": Column("exact words"),
        "accounts": Column("accounts", "number"),
        "languages": Column("language of the post"),
        "benefits": Column("benefit"),
    }
    note = say(
        "The language of the post decides the word; a further market that counts adds its own behind it."
    )
    return Table("tracking.label_words", "Which words", frame, columns, note=note, rows=12, reader="client")


def _places_table(rows: pd.DataFrame) -> Table:
    """Place, duration and platform label by platform and kind of post, the union over the audience's markets."""
    alike = _groups(rows, ["platform", "where", "how_long"])
    alike.sort(key=lambda one: (one[0][0], -one[1]["handle"].nunique()))
    frame = pd.DataFrame(
        {
            "platform": [platform for (platform, _, _), _ in alike],
            "formats": [_each_once(group["format"]) for _, group in alike],
            "where": [joined(map(packed, where), by="; ") for (_, where, _), _ in alike],
            "how_long": [joined(map(packed, how_long), by="; ") for (_, _, how_long), _ in alike],
            "switch": [group["switch"].iloc[0] for _, group in alike],
            "accounts": [group["handle"].nunique() for _, group in alike],
        }
    )
    columns = {
        "platform": Column("platform"),
        "formats": Column("formats"),
        "where": Column("where"),
        "how_long": Column("for how long"),
        "switch": Column("switch on as well"),
        "accounts": Column("accounts", "number"),
    }
    return Table("tracking.label_places", "Where, and for how long", frame, columns, rows=8)


def _label_table(rows: pd.DataFrame) -> Table:
    columns = {
        "handle": Column("account"),
        "platform": Column("platform"),
        "format": Column("format"),
        "words": Column("exact words"),
        "benefit": Column("benefit"),
        "benefit_from": Column("known from"),
        "markets": Column("audience in"),
    }
    shown = rows.assign(
        words=[_shown_words(words) for words in rows["words"]],
        markets=[joined(markets) for markets in rows["markets"]],
    )
    return Table("tracking.labels", "Label of every account", shown, columns, rows=5)


def _rules_table(rows: pd.DataFrame) -> Table:
    """The rules behind the labels: what is not enough, who answers for it, where it was read and when."""
    markets = sorted({market for names in rows["markets"] for market in names})
    used = list(dict.fromkeys(row for market in markets if (row := disclosure.rule_of(market))))
    rules = {row: plugins.label_rules()[row]["rule"] for row in used}
    frame = pd.DataFrame(
        {
            "market": [packed(rules[row]["country"]) for row in used],
            "not_enough": [
                joined(dict.fromkeys(one["what"] for one in rules[row]["not_enough"])) for row in used
            ],
            "liable": [packed(rules[row]["liable"]) for row in used],
            "source": [
                say(
                    "{rule}. Read in {source}",
                    rule=packed(rules[row]["instrument"]),
                    source=packed(rules[row]["source"]),
                )
                for row in used
            ],
            "confidence": [packed(rules[row]["confidence"]) for row in used],
            "dated": pd.to_datetime([rules[row]["dated"] for row in used]),
        }
    )
    columns = {
        "market": Column("market"),
        "not_enough": Column("not enough"),
        "liable": Column("who answers"),
        "source": Column("rule and source"),
        "confidence": Column("confidence", reader="working"),
        "dated": Column("of", "date"),
    }
    return Table("tracking.label_rules", "The rules behind them", frame, columns, reader="client")


def _conflict_notes(book: Book, rows: pd.DataFrame) -> list[Note]:
    """Why more than one word is needed, and the published conflicts that touch the campaign's markets."""
    people = accounts(book).to_dict("records")
    added = [text for row in people for text in label_of(book, row, "picture").conflicts]
    notes = []
    if added:
        text = say(
            "A market with more than {share} of the audience adds its own word, for example: {example}",
            share=Share(pack("disclosure")["own_word_above_share"]),
            example=min(added, key=lambda one: one.write(book.formats)),
        )
        notes.append(Note(text, "caution"))
    markets = dict.fromkeys(market for names in rows["markets"] for market in names)
    gifts = bool((rows["benefit"] == "gift").any()) and not {"GB", "AU"}.isdisjoint(markets)
    gifted = pack("disclosure")["conflicts"][0]["text"]
    published = dict.fromkeys([*([gifted] if gifts else []), *disclosure.conflicts_among(markets)])
    return notes + [Note(Capital(packed(text)), "caution") for text in published]


def _odd_countries(book: Book) -> list[Note]:
    """Countries of the creators list that are none, each with its row."""
    notes = []
    for row in accounts(book).to_dict("records"):
        code = row["country"].strip().upper() if pd.notna(row["country"]) else ""
        if not code or is_country(code):
            continue
        meant = say("write two letters as in ISO 3166")
        if code in MEANT:
            meant = say("write {code}", code=MEANT[code])
        text = say(
            "Creators list, row {row}: “{country}” is not a country code: {todo}; until then no rule of that "
            "country is used.",
            row=row["row"],
            country=row["country"],
            todo=meant,
        )
        notes.append(Note(text, "todo", owner=who_settles(book)))
    return notes[:5]


def _open_notes(rows: pd.DataFrame) -> list[Note]:
    """Markets without a rule in the pack, for counsel."""
    what = packed(pack("disclosure")["no_rule"])
    notes = []
    for market in sorted({market for markets in rows["open"] for market in markets}):
        first = say("{market}: {what}.", market=market, what=what)
        text = sentences(first, say("The label is shown all the same."))
        notes.append(Note(text, "todo", owner="counsel"))
    return notes


def _needs_creators(book: Book) -> Note:
    text = sentences(
        say("For label words we need the creators list: creator, handle, platform, followers."),
        say("The campaign lead has it."),
    )
    return Note(text, "todo", owner=who_settles(book))
