"""The register of rights: what is in force, what ends, what was used beyond it, and what cannot be."""

from datetime import date
from typing import Any

import pandas as pd
import pytest

from books import make_book
from creatorbook import tracking
from creatorbook.book import Book
from creatorbook.findings import Findings, written
from creatorbook.findings.formats import Formats
from creatorbook.problems import Problem
from creatorbook.text.territories import EVERYWHERE, countries, is_country
from creatorbook.tracking.rights import UNKNOWN, endings, may_be_used, register, used_outside

TODAY = date(2026, 3, 20)
AGREED = {"handle": "ada", "starts_on": "2026-03-01", "ends_on": "2026-09-01", "channels": "own posts"}


def _book(*rows: dict[str, Any], ads: pd.DataFrame | None = None, **campaign: Any) -> Book:
    creators = pd.DataFrame(
        [
            {"creator": "Ada", "handle": "ada", "platform": "tiktok", "followers": 5000},
            {"creator": "Bo", "handle": "bo", "platform": "instagram", "followers": 9000},
        ]
    )
    tables = {"creators": creators}
    if rows:
        tables["rights"] = pd.DataFrame(rows)
    if ads is not None:
        tables["ads"] = ads
    return make_book(tables, campaign=campaign, stage="pulse", as_of=TODAY)


def _text(findings: Findings) -> str:
    return " ".join(note.text for note in findings.notes)


def test_what_is_not_on_file_is_not_allowed() -> None:
    """A creator without a row reads “do not reuse”; a sentence in the campaign file counts for everyone, not for ads."""
    told = register(_book(AGREED)).set_index("person")
    assert told.loc["Ada", "state"] == "in force"
    assert told.loc["Bo", "state"] == UNKNOWN
    assert may_be_used(_book(AGREED)) == {"Ada"}
    assert may_be_used(_book(rights="organic, 6 months")) == {"Ada", "Bo"}
    assert may_be_used(_book()) == may_be_used(_book(rights="ask each time")) == set()
    assert "do not reuse" in _text(tracking.rights(_book()))


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"ends_on": "2026-03-10"}, "ended: do not reuse"),
        ({"starts_on": "2026-04-01"}, "not yet"),
        ({"ends_on": None}, UNKNOWN),
        ({"ends_on": "2026-03-20"}, "in force"),
    ],
)
def test_the_state_follows_the_days(change: dict[str, Any], state: str) -> None:
    """Both days belong to the right; without a last day it is unknown."""
    assert register(_book({**AGREED, **change})).set_index("person").loc["Ada", "state"] == state


def test_a_row_finds_its_creator_by_handle_or_name() -> None:
    """A contract sheet may name the person or the account."""
    for name in ("ada", "ADA", "Ada"):
        assert set(register(_book({**AGREED, "handle": name}))["person"]) == {"Ada", "Bo"}


def test_what_ends_next_is_named_soonest_first() -> None:
    """Use, ads, ad code and exclusivity each have a last day; those within 30 days are named with it."""
    row = {
        **AGREED,
        "paid_use": True,
        "paid_use_until": "2026-04-10",
        "ad_code": "#x1",
        "ad_code_expires_on": "2026-03-25",
        "exclusive_until": "2026-04-01",
    }
    texts = [written(one.what, Formats()) for one in endings(_book(row))]
    assert texts == ["the ad code", "exclusivity", "use in ads"]
    notes = [note for note in tracking.rights(_book(row)).notes if note.due == date(2026, 3, 25)]
    assert "The ad code of Ada ends" in notes[0].text


def _ads(first: str, last: str | None, handle: str = "ada") -> pd.DataFrame:
    return pd.DataFrame([{"handle": handle, "starts_on": first, "ends_on": last, "spend": 10.0}]).assign(
        starts_on=lambda frame: pd.to_datetime(frame["starts_on"]),
        ends_on=lambda frame: pd.to_datetime(frame["ends_on"]),
    )


@pytest.mark.parametrize(
    ("change", "ads", "why"),
    [
        ({"paid_use": True}, _ads("2026-03-05", "2026-03-10"), ""),
        ({}, _ads("2026-03-05", "2026-03-10"), "no right to use it in ads"),
        ({"paid_use": False}, _ads("2026-03-05", "2026-03-10"), "no right to use it in ads"),
        ({"paid_use": True}, _ads("2026-02-20", "2026-03-10"), "began before"),
        ({"paid_use_until": "2026-03-08"}, _ads("2026-03-05", "2026-03-10"), "longer than the right"),
        (
            {"paid_use": True, "ad_code": "#x", "ad_code_expires_on": "2026-03-08"},
            _ads("2026-03-05", "2026-03-10"),
            "platform's code",
        ),
        ({"paid_use": True}, _ads("2026-03-05", None, "bo"), "no right to use it in ads"),
    ],
)
def test_ads_beyond_the_rights_are_flagged(change: dict[str, Any], ads: pd.DataFrame, why: str) -> None:
    """An ad needs a right for ads over all its days, and a live platform code where there is one."""
    book = _book({**AGREED, **change}, ads=ads)
    texts = [written(text, Formats()) for text in used_outside(book)]
    assert len(texts) == (1 if why else 0)
    assert why in "".join(texts)
    assert not texts or texts[0] in _text(tracking.rights(book))


@pytest.mark.parametrize("name", ["ends_on", "paid_use_until", "ad_code_expires_on", "exclusive_until"])
def test_days_the_wrong_way_round_name_the_row(name: str) -> None:
    """A right that ends before it starts is a message with the row, what to do and who knows."""
    with pytest.raises(Problem, match="before starts_on") as caught:
        tracking.rights(_book(AGREED, {**AGREED, name: "2026-02-01"}))
    assert (caught.value.line, caught.value.column) == (3, name)
    assert "the contract has them" in caught.value.todo


def test_an_unknown_country_names_the_row() -> None:
    """A territory that is no country is a message, not a guess."""
    with pytest.raises(Problem, match="“Atlantis” is no country") as caught:
        tracking.rights(_book({**AGREED, "territory": "DE, Atlantis"}))
    assert caught.value.line == 2


def test_markets_without_rights_are_named() -> None:
    """Content may not be shown in a market of the campaign that the contract leaves out."""
    told = tracking.rights(_book({**AGREED, "territory": "DE"}, markets=["DE", "FR"]))
    assert "Not in FR: content of Ada" in _text(told)
    everywhere = tracking.rights(_book({**AGREED, "territory": "worldwide"}, markets=["DE", "FR"]))
    assert "Not in" not in _text(everywhere)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DE", {"DE"}),
        ("de, France; UK", {"DE", "FR", "GB"}),
        ("Deutschland und Österreich", {"DE", "AT"}),
        ("worldwide", {EVERYWHERE}),
        ("DACH", {"DE", "AT", "CH"}),
    ],
)
def test_countries_as_people_write_them(text: str, expected: set[str]) -> None:
    """Codes, names in several languages and the usual groups are read."""
    assert countries(text) == expected
    assert is_country("DE")
    assert not is_country("XX")
    for unreal in ("EU", "IC", "EA", "TA", "AC", "DG", "CP", "CQ"):
        assert not is_country(unreal), unreal
