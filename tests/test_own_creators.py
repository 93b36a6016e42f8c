"""Later plans read what creators brought: outlook, choice, who is stopped, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from books import make_book
from creatorbook import goals, tiers, vetting
from creatorbook.acts import ledger as ledger_acts
from creatorbook.book import Book
from creatorbook.client.creator_history import HISTORY_COLUMNS
from creatorbook.findings import written
from creatorbook.history.creator_outlook import creator_outlook, value_of_trying
from creatorbook.history.marked import last_marks, renewals_declined, stopped_without_reason
from creatorbook.history.past_records import another_product, past_records
from creatorbook.planning.chain import chain
from creatorbook.planning.own_creators import own_outlook
from creatorbook.planning.plans import recommended, three_ways
from creatorbook.problems import Problem
from creatorbook.stats.carried import Counts, carried_over

NAMES = [f"Person {letter}" for letter in "ABCDEFGHIJKLMNOP"]
EVE = date(2026, 2, 20)
ECONOMICS = {"margin": 0.5, "average_order_value": 100, "return_rate": 0.1}


def creators(n: int = 16, **columns: object) -> pd.DataFrame:
    names = NAMES[:n]
    frame = pd.DataFrame(
        {
            "creator": names,
            "handle": [name[-1].lower() * 3 for name in names],
            "platform": "instagram",
            "followers": 20_000.0,
            "fee": 200.0,
            "deliverables": "2 posts",
            "typical_views": 6_000.0,
        }
    )
    return frame.assign(**columns)


def past(orders: dict[str, float], **columns: object) -> pd.DataFrame:
    """One settled campaign: orders by person, everything else alike."""
    rows = pd.DataFrame({"creator": list(orders), "orders": list(orders.values())}).reindex(
        columns=HISTORY_COLUMNS
    )
    rows = rows.assign(
        handle=[name[-1].lower() * 3 for name in orders],
        written_on=pd.Timestamp(2025, 12, 1),
        starts_on=pd.Timestamp(2025, 10, 1),
        ends_on=pd.Timestamp(2025, 10, 28),
        campaign="autumn",
        markets="DE",
        product="",
        platform="instagram",
        followers=20_000.0,
        pieces_promised=2.0,
        pieces_delivered=2.0,
        views=12_000.0,
        orders_in_doubt=0.0,
        price_paid=200.0,
        days_late=0.0,
        label_kept=1.0,
        profit=10.0,
        advice="test again",
    )
    return rows.assign(orders_low=rows.orders * 0.6, orders_high=rows.orders * 1.5, **columns)


def book(history: pd.DataFrame | None = None, **changes: object) -> Book:
    opened = make_book(
        {"creators": changes.pop("creators", creators())},  # type: ignore[dict-item]
        client={"economics": ECONOMICS},
        campaign={"budget": 1800, **changes.pop("campaign", {})},  # type: ignore[dict-item]
        stage="plan",
        as_of=EVE,
    )
    return replace(opened, history=opened.history if history is None else history, **changes)  # type: ignore[arg-type]


SOLD = dict(zip(NAMES[:12], [40, 30, 20, 12, 9, 8, 6, 5, 4, 2, 1, 0], strict=True))


# ------------------------------------------------------------------------------------------- what is remembered


def test_only_what_was_known_before_the_campaign_counts() -> None:
    """Not this campaign's own, nor a later one, nor what was settled after the day of the plan."""
    rows = past({NAMES[0]: 3.0})
    kept = past_records(book(rows))
    assert list(kept.person) == [NAMES[0]]
    for changes in (
        {"campaign": "spring"},
        {"starts_on": pd.Timestamp(2026, 4, 1)},
        {"written_on": pd.Timestamp(2026, 3, 1)},
    ):
        assert past_records(book(rows.assign(**changes))).empty


def test_a_person_is_found_by_name_or_by_handle() -> None:
    """A new handle or a name spelt otherwise is the same person; somebody who is not on the list is nobody's."""
    rows = past({"person  a": 3.0, "Somebody B": 2.0, "A Stranger": 1.0})
    rows["handle"] = ["old_handle", "bbb", "gone"]
    assert list(past_records(book(rows)).person) == [NAMES[0], NAMES[1]]


def test_older_campaigns_and_other_products_and_markets_weigh_less() -> None:
    """Half for each year, half for another product, half for another market."""
    campaign = {"brief": {"product": "linen dresses"}, "markets": ["DE"]}
    rows = past({NAMES[0]: 3.0}, ends_on=pd.Timestamp(2025, 3, 2))
    [weight] = past_records(book(rows, campaign=campaign)).weight
    assert weight == pytest.approx(0.5)
    other = rows.assign(product="knitwear", markets="FR GB")
    assert past_records(book(other, campaign=campaign)).weight[0] == pytest.approx(0.125)
    alike = rows.assign(product="dresses of wool", markets="FR DE")
    assert past_records(book(alike, campaign=campaign)).weight[0] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("knitwear", "linen dresses", True),
        ("Linen dresses", "dresses of silk", False),
        ("", "knitwear", False),
    ],
)
def test_another_product_has_no_word_in_common(one: str, other: str, differ: bool) -> None:
    """Where nothing is told of a product, it is taken to be like the others."""
    assert another_product(one, other) is differ


# ------------------------------------------------------------------------------------------- the outlook


def test_nothing_on_record_leaves_every_plan_as_it_was() -> None:
    """No outlook of creators, the first page speaks of public figures, and no card begins with the past."""
    opened = book()
    assert own_outlook(opened) is None
    assert "orders_each" not in chain(opened, recommended(opened).people)  # type: ignore[union-attr]
    assert "public figures" in _text(tiers.recommendation(opened), "plan.recommend")
    assert "With us" not in vetting.card(opened, "aaa").html  # type: ignore[operator]


def test_who_sold_more_is_expected_to_sell_more_and_nearer_to_the_others() -> None:
    """Means keep the order of the results, each between its own result and the group's; never tried lies at the group's."""
    outlook = own_outlook(book(past(SOLD)))
    assert outlook is not None
    mean = outlook.mean
    assert list(mean[NAMES[:12]].rank()) == sorted(mean[NAMES[:12]].rank(), reverse=True)
    assert SOLD[NAMES[0]] > mean[NAMES[0]] > mean[NAMES[15]] > mean[NAMES[11]] > SOLD[NAMES[11]]
    ends = outlook.ends()
    width = np.log(ends.high / ends.low)
    assert width[NAMES[15]] > width[NAMES[0]]
    assert list(outlook.tried) == [True] * 12 + [False] * 4


def test_exposure_is_the_denominator() -> None:
    """The same orders from a tenth of the views promise more at the same plan's views."""
    rows = past(dict.fromkeys(NAMES[:12], 8.0))
    rows.loc[0, ["views", "pieces_delivered"]] = [2_400.0, 2.0]
    outlook = own_outlook(book(rows, creators=creators(typical_views=[1_200.0] + [6_000.0] * 15)))
    assert outlook is not None
    rate = outlook.mean / np.array([2_400.0] + [12_000.0] * 15)
    assert rate[NAMES[0]] > 2 * rate[NAMES[1]]


def test_another_product_widens_the_range() -> None:
    """Nothing on record is for such a product: the same results promise about the same, less surely."""
    rows = past(SOLD, product="knitwear")
    same, other = (
        own_outlook(book(rows, campaign={"brief": {"product": product}}))
        for product in ("knitwear", "linen dresses")
    )
    assert same is not None
    assert other is not None
    spread = [np.log(one.ends().high / one.ends().low).mean() for one in (same, other)]
    assert spread[1] > 1.05 * spread[0]


def test_two_campaigns_say_more_than_one_and_show_how_much_lasts() -> None:
    """Where the second campaign repeats the first, results are believed more than where it turns them round."""
    later = {
        "campaign": "winter",
        "starts_on": pd.Timestamp(2025, 12, 1),
        "ends_on": pd.Timestamp(2025, 12, 28),
    }
    turned = dict(zip(SOLD, list(SOLD.values())[::-1], strict=True))
    repeats, turns = (
        own_outlook(book(pd.concat([past(SOLD), past(again, **later)], ignore_index=True)))
        for again in (SOLD, turned)
    )
    assert repeats is not None
    assert turns is not None
    spread = [one.mean[NAMES[:12]].max() / one.mean[NAMES[:12]].min() for one in (repeats, turns)]
    assert spread[0] > 2 * spread[1]


def test_the_range_holds_what_comes_next() -> None:
    """Of simulated people with a known lasting part, nine in ten rates of the next campaign lie within their 90 % range."""
    random, held, n = np.random.default_rng(11), 0, 0
    for _ in range(12):
        lasting = random.gamma(1 / 0.15, 0.15, 30)
        rows = pd.concat(
            [
                pd.DataFrame(
                    {
                        "person": NAMES[:10] + [f"P{k}" for k in range(20)],
                        "campaign": str(place),
                        "size": "micro",
                        "platform": "instagram",
                        "sure": random.poisson(8 * lasting * random.gamma(1 / 0.1, 0.1, 30)).astype(float),
                        "exposure": 1000.0,
                        "weight": 1.0,
                    }
                )
                for place in range(2)
            ],
            ignore_index=True,
        )
        following = rows[rows.campaign == "0"].set_index("person")[["size", "platform", "exposure"]]
        ends = creator_outlook(rows, following).ends()
        came = 8 * lasting * random.gamma(1 / 0.1, 0.1, 30) * np.exp(random.normal(0, 0.2))
        held += int(((came >= ends.low) & (came <= ends.high)).sum())
        n += 30
    assert 0.86 <= held / n <= 0.96


def test_what_lasts_is_learned_from_counts() -> None:
    """A factor is 1 on average; many counts that say twice as much make it nearly 2, few hardly move it."""
    random, n = np.random.default_rng(3), 400
    seen = Counts(np.array([0, 1]), np.array([400.0, 4.0]), np.ones(2))
    means = np.vstack([np.full(n, 200.0), np.full(n, 2.0)])
    factors = carried_over(seen, means, np.full(n, 4.0), 3, random)
    much, little, nothing = factors.lasting.mean(axis=1)
    assert 1.4 < much < 2.05
    assert 1.0 < little < much
    assert nothing == pytest.approx(1.0, abs=0.1)
    assert set(np.unique(factors.share)) <= {0.3, 0.45, 0.6, 0.75, 0.9}


def test_trying_is_worth_most_where_least_is_known() -> None:
    """Somebody new can turn out well; of a well-known person one more campaign tells little."""
    outlook = own_outlook(book(past({name: 100.0 * orders for name, orders in SOLD.items()})))
    assert outlook is not None
    at_their_worth = 30.0 * outlook.lasting.mean(axis=1)
    value = pd.Series(value_of_trying(outlook, 30.0, at_their_worth), index=outlook.people)
    relative = value / at_their_worth
    assert relative[NAMES[15]] > relative[NAMES[0]] > 0
    assert (value_of_trying(outlook, 30.0, np.full(16, 1e9)) < 1).all()


# ------------------------------------------------------------------------------------------- the plan


def test_the_plan_takes_those_who_sold_and_leaves_out_who_does_not_pay_back() -> None:
    """Same list, same prices: with a record the money goes to the winners, and is not spent on people who lose it."""
    opened = book(past(SOLD))
    for mix in three_ways(opened).values():
        assert {NAMES[0], NAMES[1]} <= set(mix.people.creator)
        assert not {NAMES[9], NAMES[10], NAMES[11]} & set(mix.people.creator)
    words = _text(tiers.recommendation(opened), "plan.recommend")
    assert "your own campaigns' orders make" in words
    assert "public figures" not in words
    said = _text(goals.forecast(opened), "plan.should_bring")
    assert "Orders per creator rest on your own 1 campaign" in said


def test_where_nobody_pays_back_the_plan_is_still_shown_and_judged() -> None:
    """Prices no result can pay: there are ways all the same, and the verdict says not as priced."""
    opened = book(past(SOLD), creators=creators(fee=900.0))
    assert three_ways(opened)
    assert "Not as priced" in _text(tiers.recommendation(opened), "plan.recommend")


def test_no_money_goes_to_people_marked_stop_without_a_reason() -> None:
    """Out of every way and said so; a shortlist with a reason since brings them back; approving them without is refused."""
    rows = past(SOLD)
    rows["advice"] = ["stop", *rows.advice[1:]]
    opened = book(rows)
    assert stopped_without_reason(opened) == [NAMES[0]]
    assert not any(NAMES[0] in set(mix.people.creator) for mix in three_ways(opened).values())
    assert f"No money goes to those marked stop: {NAMES[0]} (Autumn)." in _text(
        tiers.mixes(opened), "plan.three_ways"
    )
    reasoned = replace(opened, decisions=_decided("aaa", "Shortlist", "style and values fit"))
    assert stopped_without_reason(reasoned) == []
    assert all(NAMES[0] in set(mix.people.creator) for mix in three_ways(reasoned).values())
    wanted = book(rows, campaign={"mix": {"must": ["aaa"]}})
    assert "Marked stop and wanted all the same" in " ".join(_all(tiers.mixes(wanted)))
    mix = recommended(wanted)
    assert mix is not None
    with pytest.raises(Problem, match="@aaa is in the plan and marked stop since autumn"):
        ledger_acts.refuse_stopped(wanted, mix)


def test_a_decision_before_the_campaign_is_no_reason_after_it() -> None:
    """Who was shortlisted for the campaign that says stop was not shortlisted since."""
    rows = past(SOLD, advice="stop")
    earlier = _decided("aaa", "Shortlist", "people respond", "2025-09-01")
    assert NAMES[0] in stopped_without_reason(book(rows, decisions=earlier))


def test_renewals_that_were_advised_and_declined_are_followed_up() -> None:
    """Named with who declined, when and why."""
    rows = past(SOLD, advice="renew")
    opened = book(rows, decisions=_decided("bbb", "Not this time", "no answer"))
    assert list(renewals_declined(opened).index) == [NAMES[1]]
    assert last_marks(opened).decision[NAMES[0]] == ""
    assert f"{NAMES[1]} (Autumn; Ben, 10 Dec 2025: no answer)" in " ".join(_all(tiers.mixes(opened)))


# ------------------------------------------------------------------------------------------- the card


def test_the_card_begins_with_us() -> None:
    """Campaign, orders with their range, whether the fee paid back; then what that makes likely and the highest fee."""
    rows = past(SOLD, days_late=3.0, label_kept=0.5, profit=-20.0)
    opened = book(rows)
    card = vetting.card(opened, "aaa").html or ""
    first = card.partition("</p>")[2].partition("</p>")[0]
    assert "With us:" in first
    assert (
        "Autumn, 40 orders (likely 24 to 60), the fee did not pay back, 3 days late, a label was missing."
        in first
    )
    assert "would pay back in 8 of 10 cases" in first
    new = vetting.card(opened, "ppp").html or ""
    assert "Never tried." in new
    assert "Trying them tells whom to keep" in new


def test_the_shortlist_has_a_column_of_it() -> None:
    """Only where somebody of the list is on record."""
    table = vetting.shortlist(book(past(SOLD))).tables["vetting.shortlist"]
    assert "with_us" in table.columns
    assert "with_us" not in vetting.shortlist(book()).tables["vetting.shortlist"].columns


def _decided(handle: str, decision: str, reason: str, day: str = "2025-12-10") -> pd.DataFrame:
    row = {
        "date": pd.Timestamp(day),
        "handle": handle,
        "decision": decision,
        "reason": reason,
        "note": "",
        "by": "Ben",
    }
    return pd.DataFrame([row])


def _all(findings: object) -> list[str]:
    return [written(note.text, findings.formats) for note in findings.notes]  # type: ignore[attr-defined]


def _text(findings: object, slot: str) -> str:
    notes = [note for note in findings.notes if note.slot == slot]  # type: ignore[attr-defined]
    return " ".join(written(note.text, findings.formats) for note in notes)  # type: ignore[attr-defined]
