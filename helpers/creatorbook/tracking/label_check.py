"""Whether the posts and drafts we were given carry the label they need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.campaign.assignments import kind_of
from creatorbook.campaign.people import everybody
from creatorbook.campaign.posts import campaign_posts
from creatorbook.campaign.roster import roster
from creatorbook.findings import (
    Column,
    Day,
    Figure,
    Findings,
    Note,
    Table,
    joined,
    number_of,
    say,
    say_many,
    sentences,
)
from creatorbook.memo import per_book
from creatorbook.problems import Problem
from creatorbook.text.handles import plain_handle
from creatorbook.text.states import OUT
from creatorbook.tracking import disclosure
from creatorbook.tracking.disclosure import VERDICTS, Checked, Label
from creatorbook.tracking.labels import label_of, language_of

if TYPE_CHECKING:
    from creatorbook.book import Book


@per_book
def label_history(book: Book) -> pd.DataFrame:
    """How earlier paid posts were labelled, per account: columns handle, platform, labelled, of.

    Only posts from before the campaign that the creator's own export marks as paid: those found by their label
    would all have one.
    """
    posts = book.tables.posts
    paid = posts["sponsored"].fillna(value=False).astype(bool) & posts["caption"].notna()
    before = posts["published_at"] < pd.Timestamp(book.campaign.start)
    earlier = posts[paid & before & posts["handle"].isin(roster(book)["handle"])]
    accounts = earlier[["handle", "platform"]].assign(
        labelled=[checked.verdict == "found" for checked in _checked(book, earlier)]
    )
    counted = accounts.groupby(["handle", "platform"], dropna=False)["labelled"].agg(
        labelled="sum", of="size"
    )
    return counted.reset_index()


@per_book
def checked_posts(book: Book) -> pd.DataFrame:
    """The campaign's posts with what the check saw: verdict, word, why, what to do, further words that are wanted."""
    posts = campaign_posts(book)
    rows = [(one.verdict, one.word, one.why, one.todo, one.further) for one in _checked(book, posts)]
    checked = pd.DataFrame(rows, columns=["verdict", "word", "why", "todo", "further"], dtype=object)
    return posts.join(checked.astype({"verdict": "str", "word": "str"}))


def check_labels(book: Book) -> Findings:
    """Posts of the campaign: label word found or not found in the text we were given, early enough, right words."""
    drafts = _draft_tables(book)
    if book.stage == "plan":
        text = say("Once posts are live, their captions are checked here for the label words above.")
        return Findings("tracking", (*drafts, Note(text)), book.formats)
    posts = checked_posts(book)
    if posts.empty:
        return Findings("tracking", (*drafts, _no_posts()), book.formats)
    looked = posts[posts["verdict"] != "no text"]
    wrong = looked[looked["verdict"] != "found"]
    items: list[Any] = [
        Figure(
            key="tracking.labels_found",
            label="posts with the label word in the text we were given",
            value=len(looked) - len(wrong),
            unit="posts",
            grade="counted",
            source=say("captions in the post exports"),
            n=len(looked),
            note=say("of {posts} with a text", posts=number_of("post", len(looked))),
        )
    ]
    if len(wrong):
        items.append(_wrong_table(wrong))
    further = looked[(looked["verdict"] == "found") & looked["further"].map(len).gt(0)]
    if len(further):
        words = sorted({word for words in further["further"] for word in words})
        text = say_many(
            "{n} of the labelled posts also reaches markets that want a word of their own: add {words}.",
            "{n} of the labelled posts also reach markets that want a word of their own: add {words}.",
            n=len(further),
            words=joined(say("“{word}”", word=word) for word in words),
        )
        items.append(Note(text, "caution"))
    if len(posts) > len(looked):
        n = len(posts) - len(looked)
        text = say_many(
            "{n} post came without any text: a caption, transcript or picture of the post would let us look.",
            "{n} posts came without any text: a caption, transcript or picture of the post would let us look.",
            n=n,
        )
        items.append(Note(text, "unknown"))
    text = say(
        "“Found” means found in the text we were given: a label that is spoken or drawn on the picture cannot be "
        "seen here."
    )
    items.append(Note(text, "caution"))  # before the long table: behind it, it would get a sheet to itself
    log = evidence_log(book)
    items += [log] if log is not None else []
    return Findings("tracking", (*drafts, *items), book.formats)


def checked_drafts(book: Book) -> pd.DataFrame:
    """Drafts of the campaign file against their labels: handle, format, verdict, why, what to do.

    The draft of somebody who takes no part is left out.

    Raises:
        Problem: a draft's handle is not in the creators list.
    """
    accounts = everybody(book).sort_values("main", kind="stable")
    by_handle = {plain_handle(row["handle"]): row for row in accounts.to_dict("records")}
    rows = []
    for draft in book.campaign.drafts:
        handle = plain_handle(draft.handle)
        if handle in by_handle and by_handle[handle]["standing"] == OUT:
            continue
        if handle not in by_handle:
            todo = "Write the handle as in the creators list, or add the account there."
            what = f"the draft's account @{handle} is not in the creators list"
            raise Problem(what, book.campaign.path, column="drafts", todo=todo)
        post = {"caption": draft.text, "format": draft.format, "label": None}
        checked = _check_post(book, post, by_handle[handle])
        rows.append((handle, draft.format, checked.verdict, checked.why, checked.todo))
    return pd.DataFrame(rows, columns=["handle", "format", "verdict", "why", "todo"])


def _draft_tables(book: Book) -> list[Table]:
    drafts = checked_drafts(book)
    columns = {
        "handle": Column("account"),
        "format": Column("format"),
        "verdict": Column("label word"),
        "why": Column("what we saw"),
        "todo": Column("what to do"),
    }
    table = Table("tracking.draft_labels", "Labels of the drafts", _with_words(drafts), columns)
    return [table] if len(drafts) else []


def _with_words(checked: pd.DataFrame) -> pd.DataFrame:
    """Checked posts or drafts with the verdict as readers see it."""
    return checked.assign(verdict=[VERDICTS[verdict] for verdict in checked["verdict"]])


def evidence_log(book: Book) -> Table | None:
    """Every checked post with its place and time, so that what was found can be looked up again."""
    posts = checked_posts(book)
    if posts.empty:
        return None
    columns = {
        "published_at": Column("posted", "date"),
        "time": Column("at"),
        "handle": Column("account"),
        "format": Column("format"),
        "verdict": Column("label word"),
        "word": Column("word seen"),
        "exported_on": Column("text exported", "date", missing="–"),
        "permalink": Column("post"),
    }
    log = _with_words(posts).assign(time=posts["published_at"].dt.strftime("%H:%M"))
    note = sentences(
        say("As seen on {day}.", day=Day(book.as_of)),
        say("A post can be changed later: keep a picture of it where it matters."),
    )
    return Table("tracking.evidence", "Evidence log", log, columns, rows=5, note=note)


def failures(book: Book) -> pd.DataFrame:
    """Checked posts whose label has to be fixed, the newest first."""
    posts = checked_posts(book)
    wrong = posts[~posts["verdict"].isin(["found", "no text"])]
    return wrong.sort_values(
        ["published_at", "handle"], ascending=[False, True], kind="stable", ignore_index=True
    )


def _checked(book: Book, posts: pd.DataFrame) -> list[Checked]:
    """What the check sees in each post of a listed creator."""
    by_account = {(row["handle"], row["platform"]): row for row in roster(book).to_dict("records")}
    by_handle = {row["handle"]: row for row in by_account.values()}
    return [
        _check_post(book, post, by_account.get((post["handle"], post["platform"]), by_handle[post["handle"]]))
        for post in posts.to_dict("records")
    ]


def _check_post(book: Book, post: Any, row: Any) -> Checked:
    """A post against its label, in the language it is written in; one in two languages may use either word."""
    caption = post["caption"] if pd.notna(post["caption"]) else None
    kind = kind_of(str(post["format"]))
    languages = disclosure.languages_in(caption) or [language_of(book, row)]
    tried = [_check(post, label_of(book, row, kind, language), row["platform"]) for language in languages]
    return next((checked for checked in tried if checked.fine), tried[0])


def _check(post: Any, label: Label, platform: str) -> Checked:
    """A post's caption, and its label field where the file has one."""
    field = str(post["label"]) if pd.notna(post["label"]) else ""
    switch = "partnership" in field.lower() or "promotion" in field.lower()
    caption = post["caption"] if pd.notna(post["caption"]) else None
    checked = disclosure.check_text(caption, label, platform, switch_on=switch)
    if checked.verdict != "found" and field:
        by_field = disclosure.check_text(field, label, platform, spoken=True)
        if by_field.verdict == "found":
            return by_field
    return checked


def _wrong_table(wrong: pd.DataFrame) -> Table:
    columns = {
        "published_at": Column("posted", "date"),
        "handle": Column("handle"),
        "format": Column("format"),
        "verdict": Column("label word"),
        "why": Column("what we saw"),
        "todo": Column("what to do"),
        "permalink": Column("post"),
    }
    return Table(
        "tracking.label_checks", "Labels to fix", _with_words(wrong), columns, rows=10, reader="client"
    )


def _no_posts() -> Note:
    text = sentences(
        say("Labels not checked: no post of this campaign is in the exports."),
        say(
            "The creators' content exports, or a post log kept by hand (date, link, label seen), would let us look."
        ),
    )
    return Note(text, "unknown", owner="creators")
