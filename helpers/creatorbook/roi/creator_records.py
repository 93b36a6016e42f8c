"""What a settled campaign tells of each creator, as rows of `creator_history.csv`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.campaign.decisions import of_the_person, standing
from creatorbook.campaign.posts import LATE_POSTS
from creatorbook.campaign.roster import persons_named, roster
from creatorbook.client.creator_history import HISTORY_COLUMNS, VERSION, CreatorRecord
from creatorbook.finance.claims import owners, people
from creatorbook.finance.costs import campaign_costs, planned_fees, took_part
from creatorbook.finance.exposure import KINDS, exposures_on_file
from creatorbook.planning.candidates import count_pieces
from creatorbook.roi.creator_results import creator_results
from creatorbook.text.handles import plain_handles
from creatorbook.tracking.label_check import checked_posts
from creatorbook.tracking.rights import register

if TYPE_CHECKING:
    from creatorbook.book import Book


def creator_records(book: Book, offers: pd.DataFrame, on: date, by: str) -> list[CreatorRecord]:
    """One row per creator who took part, with all that the campaign's files tell; what none tells is left open.

    Args:
        book: the campaign with its results.
        offers: the last offer on each handle (`client.price_offers.read_offers`).
        on: the day of settling.
        by: who settles.
    """
    person = _person(book)
    parts = pd.concat(
        [
            person,
            _prices(book, offers),
            _posts(book),
            _results(book),
            _decided(book),
            _rights(book),
            _asked_for(book),
        ],
        axis=1,
    )
    campaign = book.campaign
    of_campaign: dict[str, Any] = {
        "version": VERSION,
        "written_on": on,
        "by": by,
        "campaign": campaign.id,
        "starts_on": campaign.start,
        "ends_on": campaign.end,
        "goal": campaign.goal,
        "product": campaign.brief.product,
        "markets": " ".join(campaign.markets or [book.client.market]),
    }
    rows = parts.reindex(person.index).reset_index(names="creator")
    return [
        CreatorRecord(**of_campaign, **{name: _cell(row[name]) for name in row if name in HISTORY_COLUMNS})
        for row in rows.to_dict("records")
    ]


def _cell(value: Any) -> Any:
    """A day as a day, and what is missing as nothing."""
    if value is None or pd.isna(value):
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def _person(book: Book) -> pd.DataFrame:
    """Who took part, by person: main account, size and followers."""
    part = set(took_part(book).creator.dropna())
    main = people(book)
    main = main[main.main & main.creator.isin(part)].drop_duplicates("creator").set_index("creator")
    results = creator_results(book).frame.set_index("creator")
    tier = results.tier.reindex(main.index).fillna("")
    return main[["handle", "platform", "followers"]].fillna({"handle": "", "platform": ""}).assign(tier=tier)


def _prices(book: Book, offers: pd.DataFrame) -> pd.DataFrame:
    """Fees asked (as offered, else as listed) and paid (as the campaign's costs have them)."""
    lines = campaign_costs(book).lines
    paid = lines[lines.kind == "fee"].groupby("creator").cents.sum() / 100
    asked = offers.assign(creator=persons_named(book, offers.handle)).dropna(subset=["creator", "asked"])
    asked = asked.drop_duplicates("creator", keep="last").set_index("creator").asked
    listed = planned_fees(book)
    return pd.DataFrame({"price_asked": asked.combine_first(listed), "price_paid": paid[paid.index != ""]})


def _posts(book: Book) -> pd.DataFrame:
    """Pieces promised and delivered, when they were whole, labels, and what the posts reached."""
    listed = roster(book).drop_duplicates("person").set_index("person")
    promised = listed.deliverables.map(count_pieces)
    posts = checked_posts(book)
    posts = posts.assign(creator=posts.handle.map(owners(book)), answers=posts.likes + posts.comments)
    by_person = posts.groupby("creator")
    looked = posts[posts.verdict != "no text"]
    on_file = exposures_on_file(book)
    frame = pd.DataFrame(
        {
            "pieces_promised": promised,
            "pieces_delivered": by_person.size().astype(float),
            "days_late": _days_late(book, posts, promised),
            "label_kept": (looked.verdict == "found").groupby(looked.creator).mean(),
            "response": by_person.answers.sum(min_count=1),
        }
    )
    reached = on_file[["reach", "views", "clicks"]]
    return frame.join(reached, how="outer")


def _days_late(book: Book, posts: pd.DataFrame, promised: pd.Series) -> pd.Series:
    """Days after the campaign's end until the last promised piece was out; missing while pieces are.

    A post later than a fortnight after the end is none of the campaign's (`campaign.posts`).
    """
    rows = {}
    for creator, own in posts.sort_values("published_at", kind="stable").groupby("creator"):
        pieces = promised.get(creator)
        n = int(pieces) if pieces is not None and pd.notna(pieces) and pieces > 0 else 1
        if len(own) >= n:
            day = own.published_at.iloc[n - 1].date()
            late = min((day - book.campaign.end) / timedelta(days=1), LATE_POSTS)
            rows[creator] = max(0.0, late)
    return pd.Series(rows, dtype="float64")


def _results(book: Book) -> pd.DataFrame:
    """What the results say of each creator, and what their orders were bought with."""
    results = creator_results(book)
    frame, kind = results.frame.set_index("creator"), results.bought_with.kind
    named = next((name for name, one in KINDS.items() if one is kind), "")
    columns = {
        "orders": frame.orders,
        "orders_in_doubt": frame.in_doubt,
        "orders_adjusted": frame.expected_orders.where(frame.orders.notna()),
        "orders_low": frame.orders_low.where(frame.orders.notna()),
        "orders_high": frame.orders_high.where(frame.orders.notna()),
        "sales_that_stay": frame.sales_that_stay,
        "margin": (frame.profit + frame.cost).where(frame.orders.notna()),
        "cost": frame.cost,
        "profit": frame.profit,
        "advice": frame.decision,
        "exposure": results.bought_with.amounts.reindex(frame.index),
    }
    return pd.DataFrame(columns).assign(exposure_kind=named)


def _decided(book: Book) -> pd.DataFrame:
    """What was decided on each person since the campaign's last day, which is about the next one."""
    decisions = book.decisions
    if "date" in decisions:
        after = decisions["date"] > pd.Timestamp(book.campaign.end)
        decisions = decisions[after & (decisions["date"] <= pd.Timestamp(book.as_of))]
    last = standing(decisions)
    if last.empty:
        return pd.DataFrame({"decision": pd.Series(dtype="str"), "reason": pd.Series(dtype="str")})
    accounts = roster(book)
    accounts = accounts.assign(
        decision=of_the_person(book, last["decision"]), account=plain_handles(accounts.handle)
    )
    decided = accounts[accounts.decision != ""]
    decided = decided[decided.account.map(last["decision"]) == decided.decision].drop_duplicates("person")
    own = last.reindex(decided.account)
    return pd.DataFrame(
        {
            "decision": own["decision"].to_numpy(),
            "reason": own["reason"].to_numpy(),
            "note": own["note"].to_numpy(),
        },
        index=decided.person.to_numpy(),
    )


def _rights(book: Book) -> pd.DataFrame:
    """The last day of use of each person's content, and of exclusivity."""
    days = register(book).groupby("person")[["ends_on", "exclusive_until"]].max()
    return days.rename(columns={"ends_on": "rights_until"})


def _asked_for(book: Book) -> pd.DataFrame:
    """What each person asked for from the campaign's first day on, newest last."""
    log = book.contacts
    if log.empty:
        return pd.DataFrame({"asked_for": pd.Series(dtype="str")})
    since = (log["date"] >= pd.Timestamp(book.campaign.start)) & (log["date"] <= pd.Timestamp(book.as_of))
    asked = log[since & (log.kind == "asked for")]
    who = persons_named(book, asked.handle)
    return asked.note.groupby(who).agg("; ".join).to_frame("asked_for")
