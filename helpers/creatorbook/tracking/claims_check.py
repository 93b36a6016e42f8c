"""Product claims: which words in brief, drafts and captions need proof, and whether the brief's list covers them.

Fields, words and rules are data, `packs/claims.yml`, each rule with source and date. Not legal advice: a passage
found here is one to look at, never a verdict.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.campaign.posts import campaign_posts
from creatorbook.findings import (
    Column,
    Day,
    Figure,
    Findings,
    Note,
    Table,
    Wording,
    joined,
    number_of,
    packed,
    say,
    say_many,
)
from creatorbook.memo import per_book
from creatorbook.packs import pack, per_packs
from creatorbook.text.handles import plain_handle

if TYPE_CHECKING:
    from creatorbook.book import Book
    from creatorbook.client import ProductClaim

#: where a text stands, as readers see it
_PLACES = {"brief": say("brief"), "draft": say("draft"), "post": say("post")}
#: a stated word to leave out is searched for as it stands; longer ones are sentences, not words
LONGEST_AVOIDED = 40


@dataclass(frozen=True)
class Passage:
    """A passage that makes a claim: its field (a key of the pack), the words, and where in the text they stand."""

    field: str
    words: str
    start: int
    end: int


@dataclass(frozen=True)
class GivenText:
    """A text to look at: where it is from, whose it is, and when and where it was posted."""

    place: str
    who: str
    text: str
    day: Any = pd.NaT
    permalink: str = ""
    markets: tuple[str, ...] = ()


def passages(text: str) -> list[Passage]:
    """What in a text makes a claim that needs proof, in order; of overlapping passages the longer one."""
    chosen: list[Passage] = []
    spans = [
        Passage(field, match.group(0), *match.span())
        for field, pattern in _patterns().items()
        for match in pattern.finditer(text)
    ]
    for one in sorted(spans, key=lambda one: (one.start - one.end, one.start, one.field)):
        if not any(one.start < other.end and other.start < one.end for other in chosen):
            chosen.append(one)
    return sorted(chosen, key=lambda one: one.start)


def allowed(text: str, passage: Passage, claims: list[ProductClaim], markets: tuple[str, ...]) -> bool:
    """Whether a proven claim's allowed wording covers the passage, in all markets the text is for."""
    for claim in claims:
        if not claim.proof or (claim.markets and not set(markets) <= set(claim.markets)):
            continue
        for wording in claim.wordings:
            for match in re.finditer(_flexible(wording), text, re.IGNORECASE):
                if match.start() <= passage.start and passage.end <= match.end():
                    return True
    return False


@per_book
def to_fix(book: Book) -> pd.DataFrame:
    """Passages without cover, posts first: place, who, day, permalink, words, field, why, todo.

    Words that the brief asks to leave out count too, in drafts and posts.
    """
    rows = [row for text in given_texts(book) for row in _looked_at(book, text)]
    columns = ["place", "who", "day", "permalink", "words", "field", "why", "todo"]
    frame = pd.DataFrame(rows, columns=columns).drop_duplicates(["place", "who", "permalink", "words"])
    order = frame["place"].map({"post": 0, "draft": 1, "brief": 2})
    frame = frame.assign(order=order).sort_values(
        ["order", "day", "who", "words"], ascending=[True, False, True, True], kind="stable"
    )
    return frame.drop(columns="order").reset_index(drop=True)


@per_book
def given_texts(book: Book) -> list[GivenText]:
    """Every text we were given: the brief's lines, drafts of the campaign file, captions of the campaign's posts."""
    brief, markets = book.campaign.brief, _markets(book)
    lines = [brief.product, *brief.key_messages, *(claim.claim for claim in brief.claims)]
    texts = [GivenText("brief", "campaign file", line, markets=markets) for line in lines if line]
    texts += [
        GivenText("draft", f"@{plain_handle(draft.handle)}", draft.text, markets=markets)
        for draft in book.campaign.drafts
    ]
    for post in campaign_posts(book).to_dict("records"):
        if pd.notna(post["caption"]):
            link = str(post["permalink"]) if pd.notna(post["permalink"]) else ""
            who, day = f"@{post['handle']}", post["published_at"]
            texts.append(GivenText("post", who, post["caption"], day, link, markets))
    return texts


def check_claims(book: Book) -> Findings:
    """Claims with their proof, and passages of brief, drafts and captions that make one nobody proved.

    Columns of `tracking.claims`: where it stands, whose it is, the words, the field, why, what to do, the post.
    """
    wrong, looked = to_fix(book), given_texts(book)
    items: list[Any] = [_counted(wrong, looked)]
    if book.campaign.brief.claims:
        items.append(_claims_table(book))
    elif book.stage == "plan":
        text = say(
            "What may be said about the product, and its proof, is not listed: “claims:” under “brief:” in the "
            "campaign file."
        )
        items.append(Note(text, "todo", owner="brand"))
    items += _unproven(book)
    if len(wrong):
        items.append(_wrong_table(wrong))
    items += _first_page(book, wrong)
    old = old_claim_rules(book.as_of)
    items += [Note(packed(pack("claims")["advice"]), "caution"), *([Note(old, "caution")] if old else [])]
    return Findings("tracking", tuple(items), book.formats)


def old_claim_rules(as_of: date) -> Wording | None:
    """A sentence if the rules on product claims were last reviewed too long ago, else nothing."""
    rules = pack("claims")
    days = (as_of - rules["reviewed"]).days
    if days <= rules["review_after_days"]:
        return None
    return say(
        "The rules on product claims were last reviewed on {day}, {n} days before this report: check for newer ones.",
        day=Day(rules["reviewed"]),
        n=days,
    )


def rules_for(field: str, markets: tuple[str, ...], day: date) -> list[Wording]:
    """What the rules of the markets ask of a field, in words; one that begins later says from when."""
    rules, names = pack("claims")["fields"][field]["rules"], pack("disclosure")["markets"]
    rows: dict[str, Any] = {}
    for market in markets:
        for row in (market, "EU" if names.get(market, {}).get("eu") else ""):
            if row in rules:
                rows[row] = rules[row]
    texts = [_rule_text(row, rule, day) for row, rule in rows.items()]
    return texts or [say("no rule in the pack for these markets: ask counsel")]


def _rule_text(market: str, rule: Any, day: date) -> Wording:
    """What a market's rule asks, and where it stands."""
    text, instrument = packed(rule["text"]), packed(rule["instrument"])
    if rule["from"] <= day:
        return say("{market}: {rule} ({instrument})", market=market, rule=text, instrument=instrument)
    return say(
        "{market}: {rule} ({instrument}, from {day})",
        market=market,
        rule=text,
        instrument=instrument,
        day=Day(rule["from"]),
    )


def _looked_at(book: Book, text: GivenText) -> Iterator[tuple[Any, ...]]:
    fields, claims = pack("claims")["fields"], book.campaign.brief.claims
    head = (text.place, text.who, text.day, text.permalink)
    for passage in passages(text.text):
        if allowed(text.text, passage, claims, text.markets):
            continue
        why = joined(rules_for(passage.field, text.markets, book.campaign.end), by="; ")
        field = fields[passage.field]
        yield (*head, passage.words, packed(field["name"]), why, packed(field["todo"]))
    if text.place == "brief":
        return
    for avoided in _to_avoid(book):
        match = re.search(_flexible(avoided), text.text, re.IGNORECASE)
        if match:
            asked, todo = say("the brief asks to leave it out"), say("take it out")
            yield (*head, match.group(0), say("brief"), asked, todo)


def _to_avoid(book: Book) -> list[str]:
    every = [*book.campaign.brief.must_avoid, *book.client.voice.must_avoid]
    return [one for one in dict.fromkeys(every) if one and len(one) <= LONGEST_AVOIDED]


def _markets(book: Book) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*book.campaign.markets, *book.client.all_markets]))


def _counted(wrong: pd.DataFrame, looked: list[GivenText]) -> Figure:
    n = Counter(text.place for text in looked)
    texts = [
        say("{lines} of the brief", lines=number_of("line", n["brief"])) if n["brief"] else "",
        number_of("draft", n["draft"]) if n["draft"] else "",
        number_of("caption", n["post"]) if n["post"] else "",
    ]
    return Figure(
        key="tracking.claims_to_fix",
        label="passages that need proof or have to go",
        value=len(wrong) if looked else None,
        unit="passages",
        grade="counted",
        source=say("brief, drafts and captions"),
        n=len(looked),
        note=say("in {texts}", texts=joined(texts)) if looked else say("no text to look at yet"),
    )


def _claims_table(book: Book) -> Table:
    claims = book.campaign.brief.claims
    frame = pd.DataFrame(
        {
            "claim": [claim.claim for claim in claims],
            "words": ["; ".join(claim.wordings) for claim in claims],
            "markets": [", ".join(claim.markets) or say("all") for claim in claims],
            "proof": [claim.proof or say("not tied to this product claim yet") for claim in claims],
        }
    )
    columns = {
        "claim": Column("product claim"),
        "words": Column("allowed words"),
        "markets": Column("in"),
        "proof": Column("proof"),
    }
    return Table(
        "tracking.claims_list", "What may be said, with proof", frame, columns, rows=10, reader="client"
    )


def _unproven(book: Book) -> list[Note]:
    bare = [claim.claim for claim in book.campaign.brief.claims if not claim.proof]
    if not bare:
        return []
    claims = joined([say("“{claim}”", claim=claim) for claim in bare], most=1)
    text = say("Name the proof beside each product claim (“claim:” and “proof:”): {claims}.", claims=claims)
    return [Note(text, "todo", owner="brand")]


def _wrong_table(wrong: pd.DataFrame) -> Table:
    columns = {
        "place": Column("in"),
        "who": Column("whose"),
        "words": Column("words"),
        "field": Column("field"),
        "why": Column("what the rules ask"),
        "todo": Column("what to do"),
        "day": Column("posted", "date"),
        "permalink": Column("post"),
    }
    shown = wrong.assign(place=[_PLACES[place] for place in wrong["place"]])
    return Table("tracking.claims", "Product claims to prove or take out", shown, columns, rows=10)


def _first_page(book: Book, wrong: pd.DataFrame) -> list[Note]:
    """The weekly page's lines: one per passage in a live post, after the labels."""
    live = wrong[wrong["place"] == "post"]
    notes = []
    for row in live.head(2).to_dict("records"):
        text = say(
            "{account}, post of {day}: “{words}”: {todo}.",
            account=row["who"],
            day=Day(row["day"]),
            words=row["words"],
            todo=row["todo"],
        )
        notes.append(
            Note(text, "todo", slot="pulse.labels", owner="creator", due=book.as_of, rank=5, need="label")
        )
    if len(live) > 2:
        text = say_many(
            "{n} more passage is in the table of product claims.",
            "{n} more passages are in the table of product claims.",
            n=len(live) - 2,
        )
        notes.append(Note(text, slot="pulse.labels", rank=9))
    return notes


@per_packs
def _patterns() -> dict[str, re.Pattern[str]]:
    return {
        field: re.compile(
            "|".join(
                _flexible(word)
                for words in row["words"].values()
                for word in sorted(words, key=len, reverse=True)
            ),
            re.IGNORECASE,
        )
        for field, row in pack("claims")["fields"].items()
    }


@cache
def _flexible(words: str) -> str:
    """Words as they are written in captions: any space or hyphen between, `*` for any ending, no part of a word."""
    parts = [re.escape(part) for part in re.split(r"[\s\-]+", words.strip().removesuffix("*")) if part]
    ending = r"\w*" if words.strip().endswith("*") else ""
    return r"(?<![\w@./-])" + r"[\s\-\u2010-\u2013]*".join(parts) + ending + r"(?![\w])"
