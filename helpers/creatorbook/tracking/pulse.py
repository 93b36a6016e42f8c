"""The running campaign: what is live, what is late, which codes behave oddly, what is spent, what to collect.

State only; orders are “so far” and no profit is shown before the return window allows one.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.campaign.assignments import accounts, assigned
from creatorbook.campaign.benefits import listed_benefit
from creatorbook.campaign.lead import who_settles
from creatorbook.campaign.order_codes import last_days, order_codes
from creatorbook.campaign.posts import (
    campaign_posts,
    first_posts,
    listed_posting_days,
    planned_posting_days,
)
from creatorbook.campaign.roster import roster
from creatorbook.campaign.shop_sales import is_order
from creatorbook.finance import money
from creatorbook.finance.advice import KEEP_GOING, first_missing, settled_by
from creatorbook.finance.claims import (
    contested_sentence,
    orders_by_code,
    without_rate,
    without_rate_sentence,
)
from creatorbook.finance.costs import grade_of
from creatorbook.finance.order_values import last_counted_day
from creatorbook.finance.spending import Spending, spending
from creatorbook.findings import (
    Capital,
    Column,
    Day,
    Figure,
    Findings,
    Money,
    Need,
    Note,
    Share,
    Table,
    Text,
    Wording,
    joined,
    number_of,
    packed,
    say,
    say_many,
    sentences,
)
from creatorbook.memo import per_book
from creatorbook.packs import pack
from creatorbook.text.states import is_posted, next_in_state, state_names
from creatorbook.tracking.data_requests import story_figures_vanish, wanted_of
from creatorbook.tracking.label_check import failures
from creatorbook.tracking.standings import out_note

if TYPE_CHECKING:
    from creatorbook.book import Book

#: so many creators or codes are named in a sentence
_MOST_NAMED = 3
PLANNED = "posting day ahead"
#: the list has a word that nobody knows; it is shown as it stands
UNSETTLED = "not settled"
#: words that no list writes, as readers see them
_WORDS: dict[str, Wording] = {
    "not live yet": say("not live yet"),
    "code in use": say("code in use"),
    "not known": say("not known"),
    "creators list": say("creators list"),
    "posting day": say("posting day"),
    PLANNED: say("posting day ahead"),
    "orders": say("orders"),
    "no post on file": say("no post on file"),
    "no posting days on file": say("no posting days on file"),
}


def status(book: Book) -> Findings:
    """One status per creator, and the sentences of the weekly page.

    Columns of `tracking.status`: creator, status and where it is known from, live since, next step and who owes
    it, orders with their code so far.
    """
    if book.stage == "plan":
        text = say(
            "The campaign starts on {day}; from then on this part shows who is live, what is late and which codes "
            "behave oddly.",
            day=Day(book.campaign.start),
        )
        return Findings("tracking", () if book.mode == "report" else (Note(text),), book.formats)
    people = statuses(book)
    if people.empty:
        text = say("Who is live needs the creators list: creator, handle, platform, followers.")
        return Findings("tracking", (Note(text, "todo", owner=who_settles(book)),), book.formats)
    late, labels, odd = _late(book, people), _labels(book), _odd_codes(book, people)
    items = [
        *_live(book, people),
        _status_table(book, people),
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
    codes, people = assigned(book)["code"], accounts(book)
    first, claimed, used = first_posts(book), orders_by_code(book).groupby("creator").size(), used_codes(book)
    days_on_file = knows_live(book)
    planned = set(roster(book).loc[planned_posting_days(book).notna(), "person"])
    rows = []
    for person, group in people.groupby("person", sort=True):
        since = first.get(person, pd.NaT)
        code = codes[group.index[0]]
        in_use = code in used["code"].to_numpy()
        ahead = pd.isna(since) and person in planned
        state, source = (
            ("not live yet", PLANNED)
            if ahead
            else _status(group, since, used=in_use, days_on_file=days_on_file)
        )
        step, owner = next_in_state(state)
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
    people, listed = accounts(book), roster(book)
    dated = listed["person"][listed_posting_days(book).notna() | planned_posting_days(book).notna()]
    return bool(
        people["person"].isin(dated).any() or people["status"].notna().any() or len(campaign_posts(book))
    )


@per_book
def used_codes(book: Book) -> pd.DataFrame:
    """Codes on the shop's orders whatever the day, neither tests nor waiting, oldest first: code, ordered_at, order_id."""
    orders = book.tables.orders
    placed = orders.loc[is_order(book), ["order_id", "ordered_at"]]
    carried = order_codes(book)[["code"]].join(placed, how="inner")
    return carried.sort_values(["ordered_at", "order_id"], kind="stable", ignore_index=True)


def _status(group: pd.DataFrame, since: Any, *, used: bool, days_on_file: bool) -> tuple[str, str]:
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
    return ("not live yet", "no post on file") if days_on_file else ("not known", "no posting days on file")


def _is_live(people: pd.DataFrame) -> pd.Series:
    return people["live_since"].notna() | people["status"].map(is_posted).astype(bool)


def _live(book: Book, people: pd.DataFrame) -> list[Any]:
    live = int(_is_live(people).sum())
    if not knows_live(book):
        return [_live_by_codes(book, people)]
    posts, creators = len(campaign_posts(book)), number_of("creator", len(people))
    text: Wording = say_many(
        "{n} of {creators} is live.", "{n} of {creators} are live.", n=live, creators=creators
    )
    if posts:
        text = say_many(
            "{n} of {creators} is live, {posts}.",
            "{n} of {creators} are live, {posts}.",
            n=live,
            creators=creators,
            posts=say_many("{n} post is on file", "{n} posts are on file", n=posts),
        )
    source, over = say("creators list and post exports"), _over_budget(book)
    return [
        Figure("tracking.live", "creators live", live, "creators", "counted", source, n=len(people)),
        Note(sentences(over, text), slot="pulse.live", rank=1, need="budget" if over else ""),
    ]


def _live_by_codes(book: Book, people: pd.DataFrame) -> Note:
    """What orders say about who is live, where nothing else does."""
    used = int(people["in_use"].sum())
    text: Wording = say("Who is live is not known: posting days in the creators list settle it.")
    if used:
        text = sentences(
            say_many(
                "At least {n} of {creators} is live: the code is in use.",
                "At least {n} of {creators} are live: their codes are in use.",
                n=used,
                creators=number_of("creator", len(people)),
            ),
            say("Posting days would tell the rest."),
        )
    over = _over_budget(book)
    need: Need = "budget" if over else ""
    return Note(
        sentences(over, text), "unknown", slot="pulse.live", owner=who_settles(book), rank=1, need=need
    )


def _late(book: Book, people: pd.DataFrame) -> list[Note]:
    """Creators not live though the campaign has run long enough, and who owes what."""
    grace = book.campaign.lead_times.get("live", pack("launch")["live_after_days"])
    due = book.campaign.start + timedelta(days=grace)
    waiting = people[~_is_live(people) & (people["status_from"] != PLANNED)]
    if not knows_live(book):
        text = say("Who is late is not known without posting days.")
        return [Note(text, "unknown", slot="pulse.late", owner=who_settles(book), rank=1)]
    if book.as_of < due or waiting.empty:
        return []
    notes = []
    for rank, ((step, owner), group) in enumerate(waiting.groupby(["next", "owner"], sort=True), start=1):
        names = joined(group["person"], most=_MOST_NAMED)
        what = Capital(say("{step} due: {names}.", step=packed(step), names=names))
        who = say("the creators") if owner == "creator" else who_settles(book, owner)
        notes.append(Note(what, "todo", slot="pulse.late", owner=who, due=due, rank=rank))
    return notes


def _labels(book: Book) -> list[Note | Table]:
    """Whose label is to be put right today, in one line and a table."""
    wrong = failures(book)
    if campaign_posts(book).empty:
        text = say("Labels not checked: no text of this campaign's posts is on file.")
        return [Note(text, "unknown", slot="pulse.labels", owner="the creators", rank=1)]
    if wrong.empty:
        return []
    text = say_many(
        "{n} post has a label to put right.", "{n} posts have a label to put right.", n=len(wrong)
    )
    note = Note(text, "todo", slot="pulse.labels", owner="the creators", due=book.as_of, rank=1, need="label")
    return [note, _labels_table(wrong)]


def _labels_table(wrong: pd.DataFrame) -> Table:
    """Posts with a label to put right, for the weekly page; all of them are in `tracking.label_checks`."""
    frame = pd.DataFrame(
        {
            "post": [
                say(
                    "@{handle}, {format} of {day}",
                    handle=post["handle"],
                    format=post["format"],
                    day=Day(post["published_at"]),
                )
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
        text = say("Codes not looked at: an order export would show which are used.")
        return [Note(text, "unknown", slot="pulse.codes", owner="shop admin", rank=9)]
    texts = _signals(book, people)
    notes = [
        Note(text, "todo", slot="pulse.codes", owner=who_settles(book), due=book.as_of, rank=rank)
        for rank, text in enumerate(texts, start=1)
        if text is not None
    ]
    if uncounted := without_rate_sentence(book):
        notes.append(
            Note(uncounted, "unknown", slot="pulse.codes", owner=say("finance"), due=book.as_of, rank=0)
        )
    if contested := contested_sentence(book):
        notes.append(Note(contested, "caution", slot="pulse.codes", rank=len(texts) + 1))
    return notes


def _signals(book: Book, people: pd.DataFrame) -> list[Wording | None]:
    """A sentence for each oddity of codes that is there: used too early, never, or too late.

    Too late is what the results do not count or hold in doubt: after the code's last day, as the shop's list of discounts has
    it, else after the last day that counts for the campaign.
    """
    orders = used_codes(book)
    orders = orders[orders["code"].isin(people["code"])]
    start = pd.Timestamp(book.campaign.start)
    ends = last_days(book).reindex(orders["code"]).set_axis(orders.index)
    end = ends.fillna(pd.Timestamp(last_counted_day(book))) + timedelta(days=1)
    quiet = pd.Timestamp(book.as_of) - timedelta(days=pack("launch")["quiet_code_days"])
    early, late = (
        orders.loc[days, "code"] for days in (orders["ordered_at"] < start, orders["ordered_at"] > end)
    )
    unused = people.loc[~people["in_use"] & (people["live_since"] <= quiet), "code"]

    def codes(which: pd.Series) -> Wording:
        return joined(which.drop_duplicates().sort_values(kind="stable"), most=_MOST_NAMED)

    return [
        sentences(
            say("{codes}: used before the start.", codes=codes(early)),
            say("To check: ask how the code got out."),
        )
        if len(early)
        else None,
        sentences(
            say("{codes}: never used though live for a week.", codes=codes(unused)),
            say("To check: look at the code in the shop."),
        )
        if len(unused)
        else None,
        sentences(
            say("{codes}: used after the last day.", codes=codes(late)),
            say("To check: end the code in the shop."),
        )
        if len(late)
        else None,
    ]


def _spent(book: Book) -> list[Any]:
    """Committed, invoiced, paid and still to come, against the budget, and which costs no file tells."""
    spent = spending(book)
    sheet, agreed = say("cost sheet"), spent.costs.sources_of(spent.costs.lines)
    figures = {
        "committed": (say("committed so far"), spent.committed, joined([agreed, say("commission so far")])),
        "invoiced": (say("invoiced so far"), spent.invoiced, sheet),
        "paid": (say("paid so far"), spent.paid, sheet),
        "to_come": (say("still to come"), spent.to_come, say("committed less invoiced")),
    }
    items: list[Any] = [
        Figure(f"tracking.{name}", label, value, "money", grade_of(spent.costs.lines), source)
        for name, (label, value, source) in figures.items()
    ]
    items.append(Note(_spent_text(spent), slot="pulse.spent", rank=1))
    if spent.costs.not_included:
        items.append(Note(spent.costs.not_included, "caution", slot="pulse.spent", rank=2))
    return items


def _spent_text(spent: Spending) -> Wording:
    """What is committed, invoiced, still to come and paid; what no file tells, and what would show it."""
    if spent.committed is None:
        return say("Committed: not available; a cost sheet, or fees in the creators list, would show it.")
    committed = say(
        "Committed {amount}, {share} of the budget of {budget}.",
        amount=Money(spent.committed),
        share=Share(spent.committed / spent.budget),
        budget=Money(spent.budget),
    )
    if spent.invoiced is None:
        return sentences(
            committed, say("Invoiced, paid and still to come: not available; a cost sheet would show it.")
        )
    invoiced: Wording
    if spent.to_come is None:
        invoiced = sentences(
            say("Invoiced {invoiced}.", invoiced=Money(spent.invoiced)),
            say("Still to come: not available; an order file would show the commission."),
        )
    else:
        invoiced = say(
            "Invoiced {invoiced}, still to come {to_come}.",
            invoiced=Money(spent.invoiced),
            to_come=Money(spent.to_come),
        )
    if spent.paid is None:
        paid = say("What is paid is not on file: the cost sheet does not say when.")
    else:
        paid = say("Paid {amount}.", amount=Money(spent.paid))
    return sentences(committed, invoiced, paid)


def _over_budget(book: Book) -> Wording | None:
    """That more is committed than the budget holds; `None` where it is not."""
    spent = spending(book)
    if spent.over_budget is None:
        return None
    return say(
        "Over budget by {over}: {committed} of {budget} are committed.",
        over=Money(spent.over_budget),
        committed=Money(spent.committed),
        budget=Money(spent.budget),
    )


def _collect(book: Book, people: pd.DataFrame) -> list[Note]:
    """Exports that fall due within a week, and Story figures that vanish after a day."""
    everybody = accounts(book)
    if not knows_live(book) and any(story_figures_vanish(row) for row in everybody.to_dict("records")):
        text = say("Story figures vanish after 24 hours: ask every creator for them on the day of the post.")
        return [Note(text, "todo", slot="pulse.collect", owner=who_settles(book), due=book.as_of, rank=1)]
    live = set(people.loc[_is_live(people), "person"])
    rows = [row for row in everybody.to_dict("records") if row["person"] in live]
    notes = []
    if lacking := _without_story_figures(book, rows):
        text = say(
            "Story figures vanish after 24 hours and are not on file yet for {names}.",
            names=joined(lacking, most=_MOST_NAMED),
        )
        due = book.as_of + timedelta(days=1)
        notes.append(Note(text, "todo", slot="pulse.collect", owner="the creators", due=due, rank=1))
    if exports := _due_exports(book, rows, people):
        text = say(
            "Content exports fall due within a week: {names}.", names=joined(exports, most=_MOST_NAMED)
        )
        due = book.as_of + timedelta(days=7)
        notes.append(Note(text, "todo", slot="pulse.collect", owner="the creators", due=due, rank=2))
    return notes


def _without_story_figures(book: Book, rows: list[Any]) -> list[str]:
    """People one of whose accounts is to post Stories whose figures vanish, and has no figures of a Story yet."""
    posts = campaign_posts(book)
    stories = posts[posts["format"].eq("story") & posts["reach"].notna()]
    on_file = set(zip(stories["handle"], stories["platform"], strict=True))
    return sorted(
        {
            row["person"]
            for row in rows
            if story_figures_vanish(row) and (row["handle"], row["platform"]) not in on_file
        }
    )


def _due_exports(book: Book, rows: list[Any], people: pd.DataFrame) -> list[str]:
    """People whose figures are to be exported in the next seven days."""
    since = people.set_index("person")["live_since"]
    persons = set()
    for row in rows:
        days = [one["days_after"] for _, one in wanted_of([row]) if one.get("days_after", 0) > 1]
        if not days or pd.isna(since[row["person"]]):
            continue
        due = since[row["person"]] + timedelta(days=min(days))
        if pd.Timestamp(book.as_of) <= due <= pd.Timestamp(book.as_of) + timedelta(days=7):
            persons.add(row["person"])
    return sorted(persons)


def _change(book: Book, people: pd.DataFrame, *, labels: bool, odd: list[Note]) -> Note:
    """The one thing to change this week: labels and the budget first, then posts that are missing, then codes."""
    waiting = int((~_is_live(people)).sum())
    middle = book.campaign.start + (book.campaign.end - book.campaign.start) / 2
    over = spending(book).over_budget
    if over is not None and labels:
        text = say(
            "Have the labels above put right today, and have the {amount} over budget approved or saved.",
            amount=Money(over),
        )
    elif over is not None:
        text = say("Have the {amount} over budget approved or saved.", amount=Money(over))
    elif labels:
        text = say("Have the labels above put right today; nothing else is as urgent.")
    elif not knows_live(book):
        text = say(
            "Add each creator's posting day to the creators list: then late posts and quiet codes show here."
        )
    elif waiting > len(people) / 2 and book.as_of > middle:
        text = say_many(
            "Ask the {n} creator who is not live for a posting day: half of the campaign is over.",
            "Ask the {n} creators who are not live for a posting day: half of the campaign is over.",
            n=waiting,
        )
    elif any(note.kind == "todo" for note in odd):
        text = say("Look at the codes named above before the numbers are used.")
    elif rule := first_missing(book, KEEP_GOING):
        text = say(
            "Too early to say that nothing has to change: {reason} ({who} can settle it).",
            reason=rule.why,
            who=settled_by(book, rule),
        )
    else:
        text = say("Nothing has to change: keep going.")
    return Note(text, slot="pulse.change", rank=1)


def _status_table(book: Book, people: pd.DataFrame) -> Table:
    uncounted = without_rate(book).groupby("creator").size().reindex(people["person"]).fillna(0.0)
    columns = {
        "person": Column("creator"),
        "handles": Column("accounts"),
        "status": Column("status"),
        "status_from": Column("known from"),
        "next": Column("next"),
        "owner": Column("who owes it"),
        "code": Column("code"),
        "orders": Column("orders with the code so far", "number", grade="counted"),
        **(
            {"without_rate": Column("in no figure: no rate", "number", grade="counted")}
            if uncounted.any()
            else {}
        ),
    }
    shown = people.assign(
        without_rate=uncounted.to_numpy(),
        status_from=[_WORDS.get(source, source) for source in people["status_from"]],
        owner=[who_settles(book, owner) for owner in people["owner"]],
        status=[_status_word(status) for status in people["status"]],
        next=[packed(step) for step in people["next"]],
    )
    return Table("tracking.status", "Where every creator stands", shown, columns, rows=12, reader="client")


def _status_word(status: str) -> Text:
    """A status in the words of the pack; one that stands in the list alone is the client's own."""
    return packed(status) if status in state_names() else _WORDS.get(status, status)


def _gifts(book: Book, people: pd.DataFrame) -> list[Note]:
    """Gifts that no post has answered so far; a gift is no promise, so it is counted and not called late."""
    everybody = accounts(book)
    listed = [listed_benefit(row) == "gift" for row in everybody.to_dict("records")]
    given = (everybody["gift_cost"] > 0) | pd.Series(listed, index=everybody.index, dtype=bool)
    gifted = set(everybody.loc[given, "person"])
    if not gifted or not knows_live(book):
        return []
    waiting = sorted(set(people.loc[~_is_live(people), "person"]) & gifted)
    if not waiting:
        return [Note(say("Every gift has a post so far: {n}.", n=len(gifted)))]
    costs = everybody.drop_duplicates("person").set_index("person")["gift_cost"].reindex(waiting)
    spent, names = money.total(costs.dropna()), joined(waiting, most=_MOST_NAMED)
    gifts = number_of("gift", len(gifted))
    text = say_many(
        "{n} of {gifts} is without a post so far: {names}.",
        "{n} of {gifts} are without a post so far: {names}.",
        n=len(waiting),
        gifts=gifts,
        names=names,
    )
    if spent:
        text = say_many(
            "{n} of {gifts} is without a post so far, {amount} at cost: {names}.",
            "{n} of {gifts} are without a post so far, {amount} at cost: {names}.",
            n=len(waiting),
            gifts=gifts,
            amount=Money(spent),
            names=names,
        )
    return [Note(text)]
