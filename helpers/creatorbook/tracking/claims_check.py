"""Product claims: which words in brief, drafts and captions need proof, and whether the brief's list covers them.

Fields, words and rules are data, `packs/claims.yml`, each rule with source and date. Not legal advice: a passage
found here is one to look at, never a verdict.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.campaign.posts import campaign_posts
from creatorbook.findings import Column, Figure, Findings, Note, Table
from creatorbook.memo import per_book
from creatorbook.packs import pack
from creatorbook.text.handles import plain_handle

if TYPE_CHECKING:
    from creatorbook.book import Book
    from creatorbook.client import ProductClaim

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
class Text:
    """A text to look at: where it is from, whose it is, and when and where it was posted."""

    place: str
    who: str
    text: str
    day: Any = pd.NaT
    permalink: str = ""
    markets: tuple[str, ...] = ()


def passages(text: str) -> list[Passage]:
    """What in a text makes a claim that needs proof, in order; of overlapping passages the longer one."""
    found: list[Passage] = []
    spans = [
        Passage(field, match.group(0), *match.span())
        for field, pattern in _patterns().items()
        for match in pattern.finditer(text)
    ]
    for one in sorted(spans, key=lambda one: (one.start - one.end, one.start, one.field)):
        if not any(one.start < other.end and other.start < one.end for other in found):
            found.append(one)
    return sorted(found, key=lambda one: one.start)


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
    rows = [row for text in texts(book) for row in _looked_at(book, text)]
    columns = ["place", "who", "day", "permalink", "words", "field", "why", "todo"]
    frame = pd.DataFrame(rows, columns=columns).drop_duplicates(["place", "who", "permalink", "words"])
    order = frame["place"].map({"post": 0, "draft": 1, "brief": 2})
    frame = frame.assign(order=order).sort_values(
        ["order", "day", "who", "words"], ascending=[True, False, True, True], kind="stable"
    )
    return frame.drop(columns="order").reset_index(drop=True)


@per_book
def texts(book: Book) -> list[Text]:
    """Every text we were given: the brief's lines, drafts of the campaign file, captions of the campaign's posts."""
    brief, markets = book.campaign.brief, _markets(book)
    told = [brief.product, *brief.key_messages, *(claim.claim for claim in brief.claims)]
    found = [Text("brief", "campaign file", line, markets=markets) for line in told if line]
    found += [
        Text("draft", f"@{plain_handle(draft.handle)}", draft.text, markets=markets)
        for draft in book.campaign.drafts
    ]
    for post in campaign_posts(book).to_dict("records"):
        if pd.notna(post["caption"]):
            link = str(post["permalink"]) if pd.notna(post["permalink"]) else ""
            who, day = f"@{post['handle']}", post["published_at"]
            found.append(Text("post", who, post["caption"], day, link, markets))
    return found


def check_claims(book: Book) -> Findings:
    """Claims with their proof, and passages of brief, drafts and captions that make one nobody proved.

    Columns of `tracking.claims`: where it stands, whose it is, the words, the field, why, what to do, the post.
    """
    wrong, looked = to_fix(book), texts(book)
    items: list[Any] = [_counted(wrong, looked)]
    if book.campaign.brief.claims:
        items.append(_claims_table(book))
    elif book.stage == "plan":
        text = "What may be said about the product, and its proof, is not listed: “claims:” under “brief:” in the campaign file."
        items.append(Note(text, "todo", owner="brand"))
    items += _unproven(book)
    if len(wrong):
        items.append(_wrong_table(wrong))
    items += _first_page(book, wrong)
    old = old_rules(book.as_of)
    items += [Note(pack("claims")["advice"], "caution"), *([Note(old, "caution")] if old else [])]
    return Findings("tracking", tuple(items), book.formats)


def old_rules(as_of: date) -> str | None:
    """A sentence if the rules on claims were last reviewed too long ago, else nothing."""
    rules = pack("claims")
    days = (as_of - rules["reviewed"]).days
    if days <= rules["review_after_days"]:
        return None
    return f"The rules on claims were last reviewed on {rules['reviewed']}, {days} days before this report: check for newer ones."


def rules_for(field: str, markets: tuple[str, ...], day: date) -> list[str]:
    """What the rules of the markets ask of a field, in words; one that begins later says from when."""
    told, known = pack("claims")["fields"][field]["rules"], pack("disclosure")["markets"]
    rows: dict[str, Any] = {}
    for market in markets:
        for row in (market, "EU" if known.get(market, {}).get("eu") else ""):
            if row in told:
                rows[row] = told[row]
    said = []
    for row, rule in rows.items():
        later = f", from {rule['from']}" if rule["from"] > day else ""
        said.append(f"{row}: {rule['text']} ({rule['instrument']}{later})")
    return said or ["no rule in the pack for these markets: ask counsel"]


def _looked_at(book: Book, text: Text) -> Iterator[tuple[Any, ...]]:
    fields, claims = pack("claims")["fields"], book.campaign.brief.claims
    head = (text.place, text.who, text.day, text.permalink)
    for found in passages(text.text):
        if allowed(text.text, found, claims, text.markets):
            continue
        why = "; ".join(rules_for(found.field, text.markets, book.campaign.end))
        field = fields[found.field]
        yield (*head, found.words, field["name"], why, field["todo"])
    if text.place == "brief":
        return
    for avoided in _to_avoid(book):
        match = re.search(_flexible(avoided), text.text, re.IGNORECASE)
        if match:
            yield (*head, match.group(0), "brief", "the brief asks to leave it out", "take it out")


def _to_avoid(book: Book) -> list[str]:
    told = [*book.campaign.brief.must_avoid, *book.client.voice.must_avoid]
    return [one for one in dict.fromkeys(told) if one and len(one) <= LONGEST_AVOIDED]


def _markets(book: Book) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*book.campaign.markets, *book.client.all_markets]))


def _counted(wrong: pd.DataFrame, looked: list[Text]) -> Figure:
    places = {"brief": "lines of the brief", "draft": "drafts", "post": "captions"}
    told = [(sum(text.place == place for text in looked), name) for place, name in places.items()]
    seen = ", ".join(f"{count} {name}" for count, name in told if count)
    return Figure(
        key="tracking.claims_to_fix",
        label="passages that need proof or have to go",
        value=len(wrong) if looked else None,
        unit="passages",
        grade="counted",
        source="brief, drafts and captions",
        n=len(looked),
        note=f"in {seen}" if seen else "no text to look at yet",
    )


def _claims_table(book: Book) -> Table:
    claims = book.campaign.brief.claims
    frame = pd.DataFrame(
        {
            "claim": [claim.claim for claim in claims],
            "words": ["; ".join(claim.wordings) for claim in claims],
            "markets": [", ".join(claim.markets) or "all" for claim in claims],
            "proof": [claim.proof or "not tied to this claim yet" for claim in claims],
        }
    )
    columns = {
        "claim": Column("claim"),
        "words": Column("allowed words"),
        "markets": Column("in"),
        "proof": Column("proof"),
    }
    return Table("tracking.claims_list", "What may be said, with proof", frame, columns, rows=10)


def _unproven(book: Book) -> list[Note]:
    bare = [claim.claim for claim in book.campaign.brief.claims if not claim.proof]
    if not bare:
        return []
    more = f" and {len(bare) - 1} more" if len(bare) > 1 else ""
    text = f"Name the proof beside each claim (“claim:” and “proof:”): “{bare[0]}”{more}."
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
    return Table("tracking.claims", "Claims to prove or take out", wrong, columns, rows=10)


def _first_page(book: Book, wrong: pd.DataFrame) -> list[Note]:
    """The weekly page's lines: one per passage in a live post, after the labels."""
    live = wrong[wrong["place"] == "post"]
    notes = []
    for row in live.head(2).to_dict("records"):
        day = book.formats.day(row["day"])
        text = f"{row['who']}, post of {day}: “{row['words']}”: {row['todo']}."
        notes.append(Note(text, "todo", slot="pulse.labels", owner="creator", due=book.as_of, rank=5))
    if len(live) > 2:
        text = f"{len(live) - 2} more passages are in the table of claims."
        notes.append(Note(text, slot="pulse.labels", rank=9))
    return notes


@cache
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
