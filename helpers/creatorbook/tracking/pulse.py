"""The running campaign: what is live, what is late, which codes behave oddly, what is spent, what to collect.

State only; orders are “so far” and no profit is shown before the return window allows one.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.campaign.assignments import accounts, agreed_formats, assigned
from creatorbook.campaign.order_codes import order_codes
from creatorbook.campaign.people import taking_part
from creatorbook.campaign.posts import campaign_posts, first_posts
from creatorbook.finance import money
from creatorbook.finance.claims import contested_sentence, orders_by_code
from creatorbook.findings import Column, Figure, Findings, Note, Table
from creatorbook.memo import per_book
from creatorbook.packs import pack
from creatorbook.text.states import is_posted, step_after
from creatorbook.tracking.label_check import failures
from creatorbook.tracking.standings import out_note

if TYPE_CHECKING:
    from creatorbook.book import Book

PLANNED = "posting day ahead"
#: the list has a word that nobody knows; it is shown as it stands
UNSETTLED = "not settled"


def status(book: Book) -> Findings:
    """One status per creator, and the sentences of the weekly page.

    Columns of `tracking.status`: creator, status and where it is known from, live since, next step and who owes
    it, orders with their code so far.
    """
    if book.stage == "plan":
        start = book.formats.day(book.campaign.start)
        text = f"The campaign starts on {start}; from then on this part shows who is live, what is late and which codes behave oddly."
        return Findings("tracking", () if book.mode == "report" else (Note(text),), book.formats)
    people = statuses(book)
    if people.empty:
        text = "Who is live needs the creators list: creator, handle, platform, followers."
        return Findings("tracking", (Note(text, "todo", owner="us"),), book.formats)
    late, labels, odd = _late(book, people), _labels(book), _odd_codes(book, people)
    items = [
        *_live(book, people),
        _status_table(people),
        *late,
        *_gifts(book, people),
        *labels,
        *odd,
        *out_note(book, "pulse.codes", rank=8),
        *_spent(book),
        *_collect(book, people),
        _change(book, people, labels=bool(len(failures(book))), odd=odd),
    ]
    return Findings("tracking", tuple(items), book.formats)


@per_book
def statuses(book: Book) -> pd.DataFrame:
    """One row per person: status, since when live, next step, who owes it, code, whether any order carries it, orders.

    Orders are those that the results count by code, so far.
    """
    told = assigned(book)
    listed = accounts(book)
    first, claimed, used = first_posts(book), orders_by_code(book).groupby("creator").size(), used_codes(book)
    told_live = knows_live(book)
    rows = []
    for person, group in listed.groupby("person", sort=True):
        since = first.get(person, pd.NaT)
        code = told.loc[group.index[0], "code"]
        in_use = code in used["code"].to_numpy()
        ahead = pd.isna(since) and group["posted_on"].notna().any()
        state, source = (
            ("not live yet", PLANNED) if ahead else _status(group, since, used=in_use, told_live=told_live)
        )
        step, owner = step_after(state)
        rows.append(
            {
                "person": person,
                "handles": ", ".join(f"@{handle}" for handle in group["handle"]),
                "status": str(group["status"].dropna().iloc[0]) if state == UNSETTLED else state,
                "status_from": source,
                "live_since": since,
                "next": step,
                "owner": owner,
                "code": code,
                "in_use": in_use,
                "orders": float(claimed.get(person, 0)) if len(book.tables.orders) else None,
            }
        )
    columns = ["person", "handles", "status", "status_from", "live_since", "next", "owner", "code"]
    return pd.DataFrame(rows, columns=[*columns, "in_use", "orders"]).astype(
        {"in_use": bool, "orders": "float64", "live_since": "datetime64[us]"}
    )


def knows_live(book: Book) -> bool:
    """Whether any file tells who is live: posting days, statuses or posts of the campaign."""
    listed = accounts(book)
    return bool(
        listed["posted_on"].notna().any() or listed["status"].notna().any() or len(campaign_posts(book))
    )


@per_book
def used_codes(book: Book) -> pd.DataFrame:
    """Codes on the shop's orders whatever the day, test orders left out, oldest first: code, ordered_at, order_id."""
    orders = book.tables.orders
    real = orders.loc[~orders["test"].fillna(value=False).astype(bool), ["order_id", "ordered_at"]]
    carried = order_codes(book)[["code"]].join(real, how="inner")
    return carried.sort_values(["ordered_at", "order_id"], kind="stable", ignore_index=True)


def _status(group: pd.DataFrame, since: Any, *, used: bool, told_live: bool) -> tuple[str, str]:
    """A person's state as listed; else live if a post is known; else what the orders say."""
    state = next(iter(group["state"].dropna()), None)
    if state and (pd.isna(since) or is_posted(state)):
        return state, "creators list"
    if pd.notna(since):
        return "live", "posting day"
    if group["status"].notna().any():
        return UNSETTLED, "creators list"
    if used:
        return "code in use", "orders"
    return ("not live yet", "no post on file") if told_live else ("not known", "no posting days on file")


def _is_live(people: pd.DataFrame) -> pd.Series:
    return people["live_since"].notna() | people["status"].map(is_posted).astype(bool)


def _live(book: Book, people: pd.DataFrame) -> list[Any]:
    live = int(_is_live(people).sum())
    if not knows_live(book):
        return [_live_by_codes(people)]
    posts = len(campaign_posts(book))
    text = f"{live} of {len(people)} creators are live" + (f", {posts} posts are on file." if posts else ".")
    source = "creators list and post exports"
    return [
        Figure("tracking.live", "creators live", live, "creators", "counted", source, n=len(people)),
        Note(text, slot="pulse.live", rank=1),
    ]


def _live_by_codes(people: pd.DataFrame) -> Note:
    """What orders say about who is live, where nothing else does."""
    used = int(people["in_use"].sum())
    text = "Who is live is not known: posting days in the creators list settle it."
    if used:
        text = f"At least {used} of {len(people)} creators are live: their codes are in use. Posting days would tell the rest."
    return Note(text, "unknown", slot="pulse.live", owner="us", rank=1)


def _late(book: Book, people: pd.DataFrame) -> list[Note]:
    """Creators not live though the campaign has run long enough, and who owes what."""
    grace = book.campaign.lead_times.get("live", pack("launch")["live_after_days"])
    due = book.campaign.start + timedelta(days=grace)
    waiting = people[~_is_live(people) & (people["status_from"] != PLANNED)]
    if not knows_live(book):
        text = "Who is late is not known without posting days."
        return [Note(text, "unknown", slot="pulse.late", owner="us", rank=1)]
    if book.as_of < due or waiting.empty:
        return []
    notes = []
    for rank, ((step, owner), group) in enumerate(waiting.groupby(["next", "owner"], sort=True), start=1):
        names = _names(group["person"])
        text = f"{step[:1].upper()}{step[1:]} due: {names}."
        who = "the creators" if owner == "creator" else owner
        notes.append(Note(text, "todo", slot="pulse.late", owner=who, due=due, rank=rank))
    return notes


def _labels(book: Book) -> list[Note | Table]:
    """Whose label is to be put right today, in one line and a table."""
    wrong = failures(book)
    if campaign_posts(book).empty:
        text = "Labels not checked: no text of this campaign's posts is on file."
        return [Note(text, "unknown", slot="pulse.labels", owner="the creators", rank=1)]
    if wrong.empty:
        return []
    text = f"{len(wrong)} {'post has' if len(wrong) == 1 else 'posts have'} a label to put right."
    told = Note(text, "todo", slot="pulse.labels", owner="the creators", due=book.as_of, rank=1)
    return [told, _labels_table(book, wrong)]


def _labels_table(book: Book, wrong: pd.DataFrame) -> Table:
    """Posts with a label to put right, for the weekly page; all of them are in `tracking.label_checks`."""
    frame = pd.DataFrame(
        {
            "post": [
                f"@{post['handle']}, {post['format']} of {book.formats.day(post['published_at'])}"
                for post in wrong.to_dict("records")
            ],
            "why": wrong["why"],
            "todo": wrong["todo"],
        }
    )
    columns = {"post": Column("post"), "why": Column("what we saw"), "todo": Column("what to do today")}
    return Table(
        "tracking.labels_today",
        "Labels to put right today",
        frame,
        columns,
        slot="pulse.labels",
        sheet=False,
        rows=5,
    )


def _odd_codes(book: Book, people: pd.DataFrame) -> list[Note]:
    """Codes used before the start, never used though live, or used after the end."""
    if book.tables.orders.empty:
        text = "Codes not looked at: an order export would show which are used."
        return [Note(text, "unknown", slot="pulse.codes", owner="shop admin", rank=9)]
    orders = used_codes(book)
    mine = orders[orders["code"].isin(people["code"])]
    start, end = pd.Timestamp(book.campaign.start), pd.Timestamp(book.campaign.end) + timedelta(days=1)
    quiet = pd.Timestamp(book.as_of) - timedelta(days=pack("launch")["quiet_code_days"])
    unused = people[~people["in_use"] & (people["live_since"] <= quiet)]
    found = [
        (
            mine[mine["ordered_at"] < start]["code"],
            "used before the start",
            "ask how the code got out",
        ),
        (unused["code"], "never used though live for a week", "check the code in the shop"),
        (mine[mine["ordered_at"] >= end]["code"], "used after the end", "end the code in the shop"),
    ]
    notes = []
    for rank, (codes, what, todo) in enumerate(found, start=1):
        if len(codes):
            text = f"{_names(codes.drop_duplicates().sort_values(kind='stable'))}: {what}. Signal to check: {todo}."
            notes.append(Note(text, "todo", slot="pulse.codes", owner="us", due=book.as_of, rank=rank))
    if contested := contested_sentence(book):
        notes.append(Note(contested, "caution", slot="pulse.codes", rank=len(found) + 1))
    return notes


def _spent(book: Book) -> list[Any]:
    """Spent so far from the cost sheet; promised to whoever takes part; both against the budget."""
    listed = taking_part(book).sort_values(["person", "platform", "handle"], kind="stable")
    listed = listed.drop_duplicates("person")
    promised = money.total([*listed["fee"].dropna(), *listed["gift_cost"].dropna()])
    costs = book.tables.costs
    home = costs["currency"].isna() | (costs["currency"] == book.client.currency)
    spent = money.total(costs.loc[home, "amount"])
    budget = book.campaign.budget
    told = book.formats
    parts = [
        f"Spent {told.money(spent)}."
        if spent is not None
        else "Spent: not available (a cost sheet would show it)."
    ]
    if promised is not None:
        share = told.percent(promised / budget)
        parts.append(
            f"Promised in fees and gifts {told.money(promised)}, {share} of the budget of {told.money(budget)}."
        )
    items: list[Any] = [
        Figure("tracking.spent", "spent so far", spent, "money", "counted", "cost sheet", n=len(costs)),
        Figure(
            "tracking.promised",
            "promised in fees and gifts",
            promised,
            "money",
            "counted",
            "creators list",
            n=len(listed),
        ),
        Note(" ".join(parts), slot="pulse.spent", rank=1),
    ]
    if promised is not None and promised > budget:
        text = f"Promises exceed the budget by {told.money(promised - budget)}."
        items.append(Note(text, "todo", slot="pulse.spent", owner="us", due=book.as_of, rank=2))
    return items


def _collect(book: Book, people: pd.DataFrame) -> list[Note]:
    """Exports that fall due within a week, and Story figures that vanish after a day."""
    listed = accounts(book)
    if not knows_live(book) and any("story" in agreed_formats(row) for row in listed.to_dict("records")):
        text = "Story figures vanish after 24 hours: ask every creator for them on the day of the post."
        return [Note(text, "todo", slot="pulse.collect", owner="us", due=book.as_of, rank=1)]
    live = set(people.loc[_is_live(people), "person"])
    posts = campaign_posts(book)
    rows = [row for row in listed.to_dict("records") if row["person"] in live]
    stories = [
        row["person"]
        for row in rows
        if "story" in agreed_formats(row) and row["platform"] in {"instagram", "facebook"}
    ]
    notes = []
    seen = (
        set(posts.loc[posts["format"].eq("story") & posts["reach"].notna(), "handle"])
        if len(posts)
        else set()
    )
    lacking = sorted(
        {row["person"] for row in rows if row["person"] in stories and row["handle"] not in seen}
    )
    if lacking:
        text = (
            f"Story figures vanish after 24 hours and are not on file yet for {_names(pd.Series(lacking))}."
        )
        notes.append(
            Note(
                text,
                "todo",
                slot="pulse.collect",
                owner="the creators",
                due=book.as_of + timedelta(days=1),
                rank=1,
            )
        )
    due = _due_exports(book, rows, people)
    if due:
        text = f"Content exports fall due within a week: {_names(pd.Series(due))}."
        notes.append(
            Note(
                text,
                "todo",
                slot="pulse.collect",
                owner="the creators",
                due=book.as_of + timedelta(days=7),
                rank=2,
            )
        )
    return notes


def _due_exports(book: Book, rows: list[Any], people: pd.DataFrame) -> list[str]:
    """People whose figures are to be exported in the next seven days."""
    since = people.set_index("person")["live_since"]
    told = pack("data_requests")["platforms"]
    found = set()
    for row in rows:
        days = [one["days_after"] for one in told.get(row["platform"], []) if one.get("days_after", 0) > 1]
        if not days or pd.isna(since[row["person"]]):
            continue
        due = since[row["person"]] + timedelta(days=min(days))
        if pd.Timestamp(book.as_of) <= due <= pd.Timestamp(book.as_of) + timedelta(days=7):
            found.add(row["person"])
    return sorted(found)


def _change(book: Book, people: pd.DataFrame, *, labels: bool, odd: list[Note]) -> Note:
    """The one thing to change this week: labels first, then posts that are missing, then codes."""
    waiting = int((~_is_live(people)).sum())
    if labels:
        text = "Have the labels above put right today; nothing else is as urgent."
    elif not knows_live(book):
        text = (
            "Add each creator's posting day to the creators list: then late posts and quiet codes show here."
        )
    elif (
        waiting > len(people) / 2
        and book.as_of > book.campaign.start + (book.campaign.end - book.campaign.start) / 2
    ):
        text = f"Ask the {waiting} creators who are not live for a posting day: half of the campaign is over."
    elif any(note.kind == "todo" for note in odd):
        text = "Look at the codes named above before the numbers are used."
    else:
        text = "Nothing has to change: keep going."
    return Note(text, slot="pulse.change", rank=1)


def _status_table(people: pd.DataFrame) -> Table:
    columns = {
        "person": Column("creator"),
        "handles": Column("accounts"),
        "status": Column("status"),
        "status_from": Column("known from"),
        "next": Column("next"),
        "owner": Column("who owes it"),
        "code": Column("code"),
        "orders": Column("orders with the code so far", "number", grade="counted"),
    }
    return Table("tracking.status", "Where every creator stands", people, columns, rows=12)


def _gifts(book: Book, people: pd.DataFrame) -> list[Note]:
    """Gifts that no post has answered so far; a gift is no promise, so this is told and not called late."""
    listed = accounts(book)
    given = (listed["gift_cost"] > 0) | listed["benefit"].fillna("").str.contains("gift", case=False)
    gifted = set(listed.loc[given, "person"])
    if not gifted or not knows_live(book):
        return []
    waiting = sorted(set(people.loc[~_is_live(people), "person"]) & gifted)
    if not waiting:
        return [Note(f"Every gift has a post so far: {len(gifted)}.")]
    costs = listed.drop_duplicates("person").set_index("person")["gift_cost"].reindex(waiting)
    spent = money.total(costs.dropna())
    worth = f", {book.formats.money(spent)} at cost" if spent else ""
    text = f"{len(waiting)} of {len(gifted)} gifts are without a post so far{worth}: {_names(pd.Series(waiting))}."
    return [Note(text)]


def _names(names: pd.Series, most: int = 3) -> str:
    told = list(names)
    more = f" and {len(told) - most} more" if len(told) > most else ""
    return ", ".join(str(name) for name in told[:most]) + more
