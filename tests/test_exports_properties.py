"""Properties of reading: what is written comes back; nothing disappears, whatever happens to a file."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from unittest import mock
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from creatorbook.client import repository
from creatorbook.exports import Read
from creatorbook.exports.parse import EMPTY
from creatorbook.problems import Problem
from shelf import read
from test_exports_layouts import CASES

QUICK = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking would read hundreds of files
)


@contextmanager
def a_shelf() -> Iterator[Path]:
    """A new client folder with an empty cache, gone afterwards."""
    room = Path(tempfile.mkdtemp(prefix="shelf-"))
    try:
        with mock.patch.object(repository, "CACHE", room / "cache"):
            yield room / "client"
    finally:
        shutil.rmtree(room)


def read_text(content: str | bytes, **told: object) -> Read:
    """One file's content, read."""
    with a_shelf() as folder:
        return read(folder, {"x.csv": content}, **told).loaded()


def told(content: str | bytes, **client: object) -> tuple[Read | None, str]:
    """What was read, or what the problem says."""
    try:
        return read_text(content, **client), ""
    except Problem as problem:
        return None, str(problem)


def written(rows: list[list[str]], delimiter: str = ",") -> str:
    """Rows as a CSV file."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


amounts = st.decimals(min_value=0, max_value=9_999_999, places=2)
days = st.dates(date(2020, 1, 1), date(2029, 12, 31))


def point(amount: object) -> str:
    return f"{amount:,.2f}"


def comma(amount: object) -> str:
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))


@QUICK
@given(st.lists(amounts, min_size=1, max_size=12), st.sampled_from([point, comma]), st.sampled_from(",;\t|"))
@example([1234, 56], comma, ";")
def test_amounts_come_back(values: list[object], style: object, delimiter: str) -> None:
    """Amounts with two decimals come back exactly, in either convention and with any delimiter."""
    rows = [["order", "date", "total"]] + [[str(i), "2026-03-04", style(v)] for i, v in enumerate(values)]  # type: ignore[operator]
    done = read_text(written(rows, delimiter))
    assert done.tables.orders["total"].tolist() == [float(v) for v in values]  # type: ignore[arg-type]


@QUICK
@given(
    st.lists(days, min_size=1, max_size=12),
    st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%Y%m%d", "%b %d, %Y", "%d %B %Y", "%d/%m/%Y", "%m/%d/%Y"]),
)
def test_days_come_back(values: list[date], form: str) -> None:
    """Days come back in any form that says which is the month; where none does, we are asked."""
    rows = [["order", "date", "total"]] + [
        [str(i), day.strftime(form), "1.00"] for i, day in enumerate(values)
    ]
    done, problem = told(written(rows))
    if done is None:
        assert "day first or month first" in problem
        assert all(day.day <= 12 for day in values)
        assert any(day.day != day.month for day in values)
        return
    assert done.tables.orders["ordered_at"].dt.date.tolist() == values


@QUICK
@given(
    st.lists(
        st.datetimes(datetime.fromisoformat("2024-01-01"), datetime.fromisoformat("2027-01-01")),
        min_size=1,
        max_size=8,
    )
)
def test_moments_are_what_the_clock_of_the_market_shows(values: list[datetime]) -> None:
    """The offset behind a moment is used: the days of a campaign are the market's."""
    clocks = [value.replace(microsecond=0) for value in values]
    rows = [["order", "date", "total"]] + [
        [str(i), f"{t:%Y-%m-%d %H:%M:%S} +0200", "1.00"] for i, t in enumerate(clocks)
    ]
    there = timezone(timedelta(hours=2))
    here = [
        t.replace(tzinfo=there).astimezone(ZoneInfo("Europe/Berlin")).replace(tzinfo=None) for t in clocks
    ]
    assert read_text(written(rows)).tables.orders["ordered_at"].dt.to_pydatetime().tolist() == here


@QUICK
@given(
    st.lists(
        st.text(
            st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]),
            min_size=3,
            max_size=20,
        ),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_words_come_back(values: list[str], encoding: str) -> None:
    """Text comes back as it was, quotes and delimiters inside it too."""
    kept = [value for value in values if value.casefold() not in {*EMPTY, "grand total"}]
    rows = [["order_id", "survey_id", "answer"]] + [[str(i), "s", value] for i, value in enumerate(kept)]
    done = read_text(written(rows).encode(encoding))
    assert done.tables.survey["answer"].tolist() == kept


def _mutated(content: str, draw: st.DataObject) -> bytes:
    """The file with one thing gone wrong."""
    lines = content.splitlines(keepends=True)
    kind = draw.draw(
        st.sampled_from(
            [
                "cut",
                "double",
                "drop",
                "quote",
                "nul",
                "shuffle",
                "repeat header",
                "noise",
                "no column",
                "columns",
            ]
        )
    )
    at = draw.draw(st.integers(0, len(content) - 1))
    line = draw.draw(st.integers(0, len(lines) - 1))
    if kind == "cut":
        return content[:at].encode()
    if kind == "double":
        return "".join(lines[: line + 1] + lines[line:]).encode()
    if kind == "drop":
        return "".join(lines[:line] + lines[line + 1 :]).encode()
    if kind == "quote":
        return (content[:at] + '"' + content[at:]).encode()
    if kind == "nul":
        return (content[:at] + "\x00" + content[at:]).encode()
    if kind == "shuffle":
        return "".join([lines[0], *reversed(lines[1:])]).encode()
    if kind == "repeat header":
        return (content + lines[0]).encode()
    if kind in {"no column", "columns"}:
        return _other_columns(content, draw, dropped=kind == "no column").encode()
    return content.encode()[:at] + draw.draw(st.binary(min_size=1, max_size=8)) + content.encode()[at:]


def _other_columns(content: str, draw: st.DataObject, *, dropped: bool) -> str:
    """The same records with a column gone, or with their columns in another order."""
    sign = ";" if content.count(";") > content.count(",") else ","
    records = list(csv.reader(io.StringIO(content, newline=""), delimiter=sign))
    places = list(range(max(map(len, records))))
    if dropped:
        places.remove(draw.draw(st.sampled_from(places)))
    else:
        places = draw.draw(st.permutations(places))
    return written([[record[at] for at in places if at < len(record)] for record in records], sign)


@settings(QUICK, max_examples=40)
@given(st.sampled_from(sorted(CASES)), st.data())
def test_nothing_disappears_from_a_damaged_file(reader: str, data: st.DataObject) -> None:
    """Any damage ends in one clear message, or in a receipt that accounts for every record."""
    content = CASES[reader][0]
    text = content.decode("utf-16") if isinstance(content, bytes) else content
    done, problem = told(_mutated(text, data), currency="USD" if reader == "tiktok_shop_creators" else "EUR")
    if done is None:
        assert "x.csv" in problem
        return
    for receipt in done.receipts:
        assert receipt.rows_in == receipt.kept + receipt.set_aside_count
