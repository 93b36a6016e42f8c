"""Would another rule change the decision: other precedences, and click paths where a client has them."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from books import make_book
from creatorbook import roi
from creatorbook.book import Book
from creatorbook.roi.click_paths import click_paths
from creatorbook.stats import attribution
from creatorbook.stats.attribution import Rule
from fake_plugins import faults_of, plugin_with
from roi_books import creators_frame, orders_frame, random_campaign
from shelf import read_one, shelf_folder  # noqa: F401 - a fixture

CODES = ["ANNA10", "BEA10", "CLEO10"]


def with_paths(paths: list[tuple[list[str], bool]], **columns: object) -> Book:
    """A book with one journey per path, a touch a day."""
    rows = [
        (
            f"v{number}",
            pd.Timestamp("2026-03-05") + pd.Timedelta(days=place),
            name,
            bought and place == len(path) - 1,
        )
        for number, (path, bought) in enumerate(paths)
        for place, name in enumerate(path)
    ]
    frame = pd.DataFrame(rows, columns=["journey", "touched_at", "channel", "converted"]).assign(**columns)
    orders = orders_frame(dict.fromkeys(CODES, 10))
    return make_book(
        {"orders": orders, "creators": creators_frame(CODES, fee=200.0), "journeys": frame},
        client={"economics": {"margin": 0.5}},
    )


def with_log(
    rows: list[tuple[str, str, str | None, str | None]], lookback_days: int = 30, **tables: pd.DataFrame
) -> Book:
    """A book whose click log has these rows: visitor, time, creator touched, order number."""
    frame = pd.DataFrame(rows, columns=["journey", "touched_at", "channel", "order_id"])
    frame = frame.assign(touched_at=pd.to_datetime(frame.touched_at), converted=None)
    creators = creators_frame(CODES, fee=200.0)
    return make_book(
        {"creators": creators, "journeys": frame, **tables}, campaign={"lookback_days": lookback_days}
    )


def shared(book: Book) -> pd.DataFrame:
    """Orders by creator and rule, as the page has them."""
    return roi.other_rules(book).tables["roi.paths"].frame.set_index("creator")


def notes_of(book: Book) -> str:
    return " ".join(note.text for note in roi.other_rules(book).notes)


def test_other_precedences_keep_every_order_once() -> None:
    """Whoever goes first, each order is claimed once; only what a kind alone names can drop out."""
    book = random_campaign(3)
    frame = roi.other_rules(book).tables["roi.other_rules"].frame.set_index("rule")
    assert frame.moved["as stated"] == 0
    first = frame[frame.index.str.endswith("first")]
    assert len(first) == 2
    assert (first.orders == frame.orders["as stated"]).all()
    assert (first.moved > 0).any()
    assert frame.orders[frame.index.str.startswith("only")].max() <= frame.orders["as stated"]
    assert frame.profit.notna().all()


def test_the_overlap_is_drawn_with_words() -> None:
    """Each combination of evidence is a row of the chart, and its words hold the same figures as the table."""
    book = random_campaign(3)
    chart = roi.other_rules(book).charts["roi.overlap_chart"]
    table = roi.claims(book).tables["roi.overlap"].frame
    several = table[table.kinds.str.contains(" + ", regex=False)].orders.sum()
    assert f"{book.formats.number(several)} carry more" in chart.alt
    assert "its bar how many orders do" in chart.note


def test_one_kind_of_evidence_needs_no_rule() -> None:
    """With codes alone nothing can be shared otherwise, and that is the answer."""
    book = make_book({"orders": orders_frame({"ANNA10": 3}), "creators": creators_frame(["ANNA10"])})
    findings = roi.other_rules(book)
    assert findings.notes[0].text.startswith("No: one kind of evidence")
    assert not findings.tables


def test_single_creators_on_paths_add_nothing() -> None:
    """Where buyers met one creator only, path models are said to add nothing."""
    book = with_paths([(["anna", "google"], True)] * 20 + [(["bea"], False)] * 20)
    assert "add nothing here" in notes_of(book)


def test_rules_stand_side_by_side_and_each_sums_to_the_orders() -> None:
    """Handles and link tags become creators, the rest other sources; every column sums to the orders."""
    random = np.random.default_rng(6)
    names = np.array(["anna", "@BEA", "cleo_reel_2", "google"])
    paths = [
        (list(names[random.integers(0, 4, random.integers(1, 5))]), bool(random.random() < 0.4))
        for _ in range(200)
    ]
    book = with_paths(paths)
    frame = roi.other_rules(book).tables["roi.paths"].frame.set_index("creator")
    assert set(frame.index) == {"Anna", "Bea", "Cleo", "(other sources)"}
    assert len(frame.columns) == 7
    assert frame.sum().round().nunique() == 1
    assert "have two or more creators" in notes_of(book)


def test_rules_that_disagree_change_the_advice() -> None:
    """One creator opens, another closes every path: who pays back hangs on the rule, and the page says so."""
    book = with_paths([(["anna", "bea"], True)] * 40 + [(["cleo"], False)] * 5)
    assert "Bea, Anna would pay back under some rules and not under others" in notes_of(book)
    assert "disagree more than they inform" in notes_of(book)


def test_paths_that_cannot_be_used_say_why() -> None:
    """Paths without an order, of strangers only, or of buyers only."""
    assert "none ends with an order" in notes_of(with_paths([(["anna"], False)] * 3))
    assert "no touch could be matched" in notes_of(with_paths([(["google", "bing"], True)] * 3))
    assert "Only paths of buyers" in notes_of(with_paths([(["anna", "bea"], True)] * 30))
    assert "Only paths of buyers" in notes_of(with_log(THREE_ORDERS))


def test_an_order_number_is_a_conversion() -> None:
    """A file without a converted column counts paths with an order number; without times the file's order holds."""
    book = with_paths(
        [(["anna", "bea"], True)] * 30,
        converted=None,
        touched_at=None,
        order_id=[f"#{place // 2}" for place in range(60)],
    )
    frame = roi.other_rules(book).tables["roi.paths"].frame.set_index("creator")
    assert frame["last"]["Bea"] == 30


THREE_ORDERS = [
    ("v1", "2026-03-05 10:00", "anna", "#1"),
    ("v1", "2026-03-10 10:00", "bea", None),
    ("v2", "2026-03-06 10:00", "anna", "#2"),
    ("v2", "2026-03-09 10:00", "bea", "#3"),
]


def test_a_journey_ends_at_its_order() -> None:
    """Three orders of two visitors, a touch after the first's: by last touch Anna has two and Bea one, under every rule three."""
    by_rule = shared(with_log(THREE_ORDERS))
    assert dict(by_rule["last"]) == {"Anna": 2, "Bea": 1}
    assert (by_rule.sum() == 3).all()
    cut = click_paths(with_log(THREE_ORDERS).tables.journeys, 30)
    assert list(cut.touches.groupby("journey").converted.any()) == [True, False, True, True]


def test_two_orders_of_one_visitor_are_two_paths() -> None:
    """Each order has the touches since the one before; rows that repeat an order's number are of its path."""
    rows = [
        ("v1", "2026-03-05 10:00", "anna", "#1"),
        ("v1", "2026-03-05 12:00", "bea", "#1"),
        ("v1", "2026-03-07 10:00", "cleo", None),
        ("v1", "2026-03-08 10:00", "anna", "#2"),
        ("v2", "2026-03-09 10:00", "cleo", "#2"),
    ]
    by_rule = shared(with_log(rows))
    assert dict(by_rule["first"]) == {"Anna": 1, "Bea": 0, "Cleo": 1}
    assert dict(by_rule["linear"]) == {"Anna": 1, "Bea": 0.5, "Cleo": 0.5}
    assert (by_rule.sum() == 2).all()


def test_a_touch_at_the_moment_of_the_order_belongs_to_it() -> None:
    """Of the same moment, an order comes last, whatever the order of the file; a second later is too late."""
    rows = [
        ("v1", "2026-03-05 10:00:00", None, "#1"),
        ("v1", "2026-03-05 10:00:00", "anna", None),
        ("v1", "2026-03-05 10:00:01", "bea", None),
    ]
    by_rule = shared(with_log(rows))
    assert dict(by_rule["last"]) == {"Anna": 1, "Bea": 0}


def test_touches_before_the_look_back_do_not_count() -> None:
    """At 0 days only the order's own day counts, at 30 all but the touch of a day earlier; what is too old leads to no order."""
    rows = [
        ("v1", "2026-03-01 23:00", "anna", None),
        ("v1", "2026-03-02 09:00", "bea", None),
        ("v1", "2026-04-01 01:00", "cleo", None),
        ("v1", "2026-04-01 20:00", None, "#1"),
        ("v2", "2026-03-31 23:59", "anna", None),
        ("v2", "2026-04-01 00:01", None, "#2"),
    ]
    month, day = with_log(rows), with_log(rows, lookback_days=0)
    assert dict(shared(month)["linear"]) == {"Anna": 1, "Bea": 0.5, "Cleo": 0.5}
    assert dict(shared(day)["linear"]) == {"Anna": 0, "Bea": 0, "Cleo": 1}
    assert "1 has only touches longer ago than 0 days" in notes_of(day)
    assert "on the order's own day" in notes_of(day)
    assert [
        one.touches.converted.sum()
        for one in (click_paths(month.tables.journeys, days) for days in (0, 30, 31))
    ] == [1, 3, 4]


def test_the_page_says_which_orders_are_on_paths_and_why_others_are_not() -> None:
    """Without a touch, too long ago, not in the log at all, no sale: each is counted, and only what is on a path is shared."""
    rows = [
        *THREE_ORDERS,
        ("v3", "2026-03-08 10:00", None, "#4"),
        ("v4", "2026-01-08 10:00", "bea", None),
        ("v4", "2026-03-08 10:00", None, "#5"),
        ("v5", "2026-03-08 10:00", "cleo", "#6"),
    ]
    orders = orders_frame({"ANNA10": 8}).assign(order_id=[f"#{n}" for n in range(1, 9)])
    orders["test"] = orders.order_id == "#6"
    book = with_log(rows, orders=orders)
    assert (shared(book).sum() == 3).all()
    text = notes_of(book)
    assert "Of 5 orders in the click log 3 are on a path. 1 has no touch before it." in text
    assert "1 has only touches longer ago than 30 days." in text
    assert "1 more is no sale in the shop's file and is left out." in text
    assert "Of the shop's 7 orders of these days 3 are on one; 2 are not in the click log." in text
    assert "no order numbers" in notes_of(with_paths([(["anna", "bea"], True)]))


def test_a_log_without_orders_or_with_orders_alone_shares_nothing() -> None:
    """No order, or none with a touch before it: there is nothing to share, and the counts say which."""
    assert "none ends with an order" in notes_of(with_log([("v1", "2026-03-05", "anna", None)]))
    assert "1 has no touch before it" in notes_of(with_log([("v1", "2026-03-05", None, "#1")]))


def test_a_mark_on_every_row_of_a_way_is_one_order() -> None:
    """A file that marks whole ways has one order in each; one that marks single touches has one at each mark."""
    whole = pd.DataFrame(
        {
            "journey": ["a", "a", "b"],
            "touched_at": pd.to_datetime(["2026-03-05", "2026-03-06", "2026-03-06"]),
            "channel": ["anna", "bea", "cleo"],
            "converted": [True, True, False],
            "order_id": None,
        }
    )
    assert len(click_paths(whole, 30).orders) == 1
    single = whole.assign(journey="a", converted=[True, True, False])
    assert len(click_paths(single, 30).orders) == 2


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("uvw"),
            st.integers(0, 60 * 24),
            st.sampled_from(["anna", "bea", "cleo", "google", None]),
            st.booleans(),
        ),
        min_size=1,
        max_size=40,
    ),
    st.sampled_from([0, 1, 7, 30]),
)
def test_every_touch_is_on_one_journey_and_every_order_on_one_path(
    drawn: list[tuple[str, int, str | None, bool]], lookback_days: int
) -> None:
    """Held against the plain definition in SQL: touches since the order before, up to the order, of so many days."""
    log = pd.DataFrame(drawn, columns=["journey", "hour", "channel", "bought"])
    log = log[log.bought | log.channel.notna()].reset_index(drop=True)
    log = log.assign(
        touched_at=pd.Timestamp("2026-03-01") + pd.to_timedelta(log.hour, "h"),
        converted=log.bought.astype("boolean"),
        order_id=("#" + log.index.astype("str")).where(log.bought),
        place=log.index,
    )
    cut = click_paths(log, lookback_days)
    assert len(cut.touches) == log.channel.notna().sum()
    assert len(cut.orders) == log.bought.sum()
    paths = cut.touches[cut.touches.converted].groupby("journey").channel.agg(list)
    assert sorted(paths) == sorted(plain_paths(log, lookback_days))
    if len(paths):
        by_rule = attribution.share_out(attribution.journeys(cut.touches, time="touched_at"))
        assert (by_rule.sum() == cut.on_path.sum()).all()


def plain_paths(log: pd.DataFrame, lookback_days: int) -> list[list[str]]:
    """The paths of a log's orders, one query: a touch goes to the first order at or after it, if that is near enough."""
    rows = duckdb.sql(
        """
        with orders as (
            select order_id, journey, touched_at, place,
                   row_number() over (partition by journey order by touched_at, place) as nth
            from log where bought
        ), nearest as (
            select t.channel, t.touched_at, t.place, t.bought, o.order_id, o.touched_at as ordered_at,
                   row_number() over (partition by t.place order by o.nth) as choice
            from log t join orders o on o.journey = t.journey
             and (o.order_id = t.order_id or (t.order_id is null and o.touched_at >= t.touched_at))
            where t.channel is not null
        )
        select list(channel order by touched_at, bought, place)
        from nearest
        where choice = 1 and date_diff('day', touched_at, ordered_at) <= $days
        group by order_id
        """,
        params={"days": lookback_days},
    )
    return [names for (names,) in rows.fetchall()]


def test_a_plugins_rule_stands_beside_and_a_broken_one_is_left_out() -> None:
    """A rule of a plugin is one more column; one that loses orders is none, and is named."""
    book = with_paths([(["anna", "bea"], True)] * 30)
    even = Rule("even", "evenly", lambda one: np.full(len(one.channels), one.total / len(one.channels)))
    lost = Rule("lost", "nothing", lambda one: np.zeros(len(one.channels)))
    built_in = roi.other_rules(book).tables["roi.paths"].frame
    with plugin_with(creatorbook_attribution_rules=[lost, even]):
        frame = roi.other_rules(book).tables["roi.paths"].frame
        assert faults_of("creatorbook_attribution_rules") == [
            "ValueError: its credits do not sum to the conversions"
        ]
    assert set(frame) - set(built_in) == {"even"}
    assert frame[list(built_in)].equals(built_in)


def test_visitors_are_hashed_while_reading(shelf: Path) -> None:
    """A visitor's id never gets past the door; the same visitor keeps one hash, so that touches join."""
    text = "visitor id,timestamp,channel,order id\nann@mail.example,2026-03-03 10:00,anna,\nann@mail.example,2026-03-04 11:00,bea,#7\n"
    read, receipt = read_one(shelf, text)
    journeys = read.tables.journeys
    assert receipt.reader == "journeys"
    assert journeys.journey.nunique() == 1
    assert "ann" not in journeys.journey.iloc[0]
    assert list(journeys.order_id.dropna()) == ["#7"]
