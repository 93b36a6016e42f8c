"""Signals that codes travelled: planted ones are found, innocent ones are not, nothing is taken off."""

import numpy as np
import pandas as pd

from books import make_book
from creatorbook import roi
from creatorbook.book import Book
from creatorbook.finance.leaks import RARE, checkable_signs, in_doubt, leak_starts, order_signs
from roi_books import creators_frame, orders_frame

CODES = [f"{name}10" for name in ("ANNA", "BEA", "CLEO", "DORA", "EVA", "FAY")]


def _campaign(seed: int, leak: int) -> tuple[Book, set[str]]:
    """Six codes with clicks after a post; Anna's code leaks on day 12 and brings `leak` more orders."""
    random = np.random.default_rng(seed)
    rows, clicks, leaked = [], [], set()
    for code in CODES:
        daily = random.poisson(60 * np.exp(-np.arange(26) / 4))
        for day, n in enumerate(daily):
            date = pd.Timestamp("2026-03-04") + pd.Timedelta(days=day)
            clicks.append((date, code[:-2].lower(), float(n)))
            rows += [(code, date + pd.Timedelta(hours=14))] * random.poisson(n * 0.05)
    start = len(rows)
    for _ in range(leak):
        rows.append(
            ("ANNA10", pd.Timestamp("2026-03-16 09:00") + pd.Timedelta(hours=int(random.integers(0, 240))))
        )
    frame = orders_frame({"X": len(rows)})
    frame["discount_code"] = [code for code, _ in rows]
    frame["ordered_at"] = [when for _, when in rows]
    leaked = set(frame.order_id[start:])
    book = make_book(
        {
            "orders": frame,
            "creators": creators_frame(CODES, fee=10.0, posted_on=pd.Timestamp("2026-03-04")),
            "clicks": pd.DataFrame(clicks, columns=["date", "handle", "clicks"]),
        }
    )
    return book, leaked


def test_a_code_that_outruns_its_clicks_is_found() -> None:
    """Over 20 seeds: precision at least 0.9 and recall at least 0.85 for a leak of 25 orders."""
    found = right = planted = 0
    for seed in range(20):
        book, leaked = _campaign(seed, 25)
        signs = order_signs(book)
        marked = set(signs.order_id[signs.no_click.fillna(value=False).astype(bool)])
        found, right, planted = found + len(marked), right + len(marked & leaked), planted + len(leaked)
    assert right / found >= 0.9
    assert right / planted >= 0.85


def test_no_leak_no_signal() -> None:
    """Without a leak hardly any campaign shows a signal."""
    marked = [order_signs(_campaign(seed, 0)[0]).no_click.fillna(value=False).any() for seed in range(20)]
    assert np.mean(marked) <= 0.1


def test_a_code_that_sells_well_from_the_start_is_no_leak() -> None:
    """Many orders per click all along is a good creator."""
    days = pd.date_range("2026-03-04", periods=20)
    daily = pd.DataFrame({"orders": 4.0, "clicks": 10.0}, index=days)
    assert leak_starts({"anna": daily}, 0.05, {"anna": RARE}) == {}


def test_orders_before_the_post_and_from_coupon_sites_are_in_doubt() -> None:
    """Strong signs make the lower end; the result itself keeps every order."""
    orders = orders_frame({"ANNA10": 4}, referrer=["https://gutschein-ecke.example", None, None, None])
    orders["ordered_at"] = pd.to_datetime(["2026-03-09", "2026-03-04", "2026-03-08", "2026-03-09"])
    creators = creators_frame(["ANNA10"], fee=1.0, posted_on=pd.Timestamp("2026-03-07"))
    book = make_book({"orders": orders, "creators": creators}, client={"tax_rate": 0.0})
    doubt = in_doubt(order_signs(book))
    assert (doubt.least, doubt.most, doubt.orders) == (194.0, 194.0, 2)
    assert roi.claims(book).figures["roi.orders"].value == 4
    told = " ".join(note.text for note in roi.leaks(book).notes)
    assert "nothing is taken off" in told


def test_what_no_file_shows_is_not_checked() -> None:
    """Without clicks, posts, code dates and referrers nothing is in doubt, and the report says what is missing."""
    book = make_book({"orders": orders_frame({"ANNA10": 3}), "creators": creators_frame(["ANNA10"])})
    assert checkable_signs(order_signs(book)) == []
    findings = roi.leaks(book)
    assert not findings.figures
    assert "Could not be checked" in findings.notes[0].text


def test_orders_after_the_codes_last_day_are_marked() -> None:
    """The shop's own end of the code decides, with a day of grace."""
    orders = orders_frame({"ANNA10": 2})
    orders["ordered_at"] = pd.to_datetime(["2026-03-20", "2026-03-28"])
    ends = pd.DataFrame({"code": ["ANNA10"], "ends_at": [pd.Timestamp("2026-03-22")]})
    book = make_book({"orders": orders, "creators": creators_frame(["ANNA10"]), "discounts": ends})
    assert list(order_signs(book).after_end) == [False, True]


def test_a_cancelled_order_is_not_in_doubt_but_gone() -> None:
    """Its money is in neither end, and it is not counted among the orders in doubt."""
    orders = orders_frame({"ANNA10": 3}, referrer=["https://gutschein-ecke.example"] * 2 + [None])
    orders["cancelled_at"] = [pd.Timestamp("2026-03-06"), pd.NaT, pd.NaT]
    book = make_book({"orders": orders, "creators": creators_frame(["ANNA10"])}, client={"tax_rate": 0.0})
    figure = roi.leaks(book).figures["roi.in_doubt"]
    assert (figure.value, figure.n) == (97.0, 1)


def test_a_post_on_any_account_of_a_person_explains_many_orders() -> None:
    """The code stands beside one account, the post came on the other: the day after it is no sign."""
    orders = orders_frame({"ANNA10": 24})
    busy = pd.Timestamp("2026-03-15 12:00")
    orders["ordered_at"] = [busy] * 20 + list(pd.date_range("2026-03-04", periods=4, freq="7D"))
    creators = pd.DataFrame(
        {
            "creator": "Anna",
            "handle": ["anna", "anna.tt"],
            "platform": ["instagram", "tiktok"],
            "followers": [9000.0, 4000.0],
            "code": ["ANNA10", None],
        }
    )

    def spikes(handle: str, day: str) -> int:
        posts = pd.DataFrame({"post_id": ["1"], "handle": [handle], "published_at": [pd.Timestamp(day)]})
        book = make_book({"orders": orders, "creators": creators, "posts": posts})
        return int(order_signs(book).spike.fillna(value=False).sum())

    assert spikes("anna.tt", "2026-03-04") == 20
    assert spikes("anna.tt", "2026-03-14") == 0
