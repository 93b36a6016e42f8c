"""Forms of goal, buyers, costs, economics and plan: what they write, what they show again, and what they refuse."""

from __future__ import annotations

import errno
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from creatorbook.acts import settings as acts
from creatorbook.book import Book
from creatorbook.cli import app
from creatorbook.client import read_campaign, read_client
from creatorbook.client.ledger import ledger_path
from creatorbook.client.repository import SAMPLE_DATA
from creatorbook.forms.client_settings import client_settings_form
from creatorbook.forms.economics import economics_form
from creatorbook.forms.form import Form
from creatorbook.forms.goal import goal_form
from creatorbook.forms.hand_sheets import spend_form
from creatorbook.forms.personas import personas_form
from creatorbook.forms.plan import approval_form, rules_form
from creatorbook.forms.promotions_and_costs import promotions_and_costs_form
from creatorbook.opening import open_book
from samples import SAMPLES

SETTINGS = [
    client_settings_form,
    goal_form,
    personas_form,
    promotions_and_costs_form,
    economics_form,
    rules_form,
]
#: files that are drawn for each folder when something is first written there
DRAWN = {"client.id", "hash.key", ".gitignore"}
#: the button of each that writes
WRITE = {
    client_settings_form: "Write it down",
    goal_form: "Write it down",
    personas_form: "Write them down",
    promotions_and_costs_form: "Write it down",
    economics_form: "Write it down",
    rules_form: "Write these rules",
}
#: a field and another value for it, by form; the file's line that it becomes
CHANGED: dict[Any, tuple[str, Any, str]] = {
    client_settings_form: ("brand", "Another", "+ brand: Another"),
    goal_form: ("budget", 12345, "+ budget: 12345"),
    personas_form: ("personas", [{"name": "Anna", "ages": "25-34"}], "+   - {name: Anna, ages: [25-34]}"),
    promotions_and_costs_form: ("tools_cost", 250, "+ tools_cost: 250"),
    economics_form: ("hourly_rate", 40, "+ economics: {hourly_rate: 40}"),
    rules_form: ("most", 9, "+ mix: {most: 9}"),
}


def own(name: str, tmp_path: Path) -> Path:
    """A copy of a sample client."""
    folder = tmp_path / name
    shutil.copytree(SAMPLE_DATA / name, folder)
    return folder


def opened(folder: Path, **how: Any) -> Book:
    return open_book(folder, stage=how.pop("stage", "plan"), mode="explore", **how)


def entered(form: Form, **changes: Any) -> dict[str, Any]:
    """What stands in a form, with changes."""
    return {**{field["name"]: field["value"] for field in form.fields}, **changes}


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in DRAWN
    }


@pytest.mark.parametrize("make", SETTINGS)
@pytest.mark.parametrize("name", SAMPLES)
def test_opened_and_written_again_nothing_changes(
    name: str, make: Callable[[Book], Form], tmp_path: Path
) -> None:
    """What a file says comes back as it stood, byte by byte, whatever it leaves out."""
    folder = own(name, tmp_path)
    before = files(folder)
    form = make(opened(folder))
    answer = form.press(WRITE[make], entered(form))
    assert answer["ok"], answer["words"]
    assert answer["words"].startswith("Nothing was new")
    assert files(folder) == before


@pytest.mark.parametrize("make", SETTINGS)
def test_a_change_is_the_one_that_the_act_makes(make: Callable[[Book], Form], tmp_path: Path) -> None:
    """A preview first, then the same bytes as `change_settings` with the same key; opened again it stands there."""
    here, there = own("northpin", tmp_path / "form"), own("northpin", tmp_path / "act")
    field, value, line = CHANGED[make]
    form, before = make(opened(here)), files(here)
    assert form.press("Show what changes", entered(form, **{field: value}))["ok"]
    assert files(here) == before
    answer = form.press(WRITE[make], entered(form, **{field: value}))
    assert (answer["ok"], answer["written"]) == (True, True), answer["words"]
    assert form.writes is not None
    path = form.writes.relative_to(here)
    key = {economics_form: "economics.hourly_rate", rules_form: "mix.most"}.get(make, field)
    wanted = [{"name": "Anna", "ages": ["25-34"]}] if make is personas_form else value
    lines = acts.change_settings(acts.open_settings(there / path), {key: wanted})
    assert files(here) == files(there)
    assert line in lines or make is personas_form
    again = make(opened(here))
    shown = entered(again)[field]
    assert (
        (shown[0]["name"], shown[0]["ages"]) == ("Anna", "25-34") if make is personas_form else shown == value
    )


def open_form(make: Callable[[Book], Form], tmp_path: Path) -> tuple[Path, Form, Path]:
    """A client of one's own, a form of theirs, and the file that it writes."""
    folder = own("northpin", tmp_path)
    form = make(opened(folder))
    assert form.writes is not None
    return folder, form, form.writes


@pytest.mark.parametrize("make", SETTINGS)
def test_a_change_of_somebody_else_is_told_and_shown(make: Callable[[Book], Form], tmp_path: Path) -> None:
    """Nothing is overwritten; the form shows what stands there now, and then writes."""
    folder, form, path = open_form(make, tmp_path)
    field, value, _ = CHANGED[make]
    assert make(opened(folder)).press(WRITE[make], entered(form, **{field: value}))["written"]
    theirs = path.read_bytes()
    answer = form.press(WRITE[make], entered(form))
    assert not answer["ok"]
    assert "somebody changed this file while the form was open" in answer["words"]
    assert field in answer["values"]
    assert path.read_bytes() == theirs
    assert form.press(WRITE[make], entered(form, **answer["values"]))["ok"]
    assert path.read_bytes() == theirs


@pytest.mark.parametrize("make", SETTINGS)
def test_what_somebody_else_wrote_beside_it_stands(make: Callable[[Book], Form], tmp_path: Path) -> None:
    """Another form of the page writes other settings of the same file: both are kept, and nobody enters theirs twice."""
    folder, form, path = open_form(make, tmp_path)
    field, value, _ = CHANGED[make]
    path.write_text(path.read_text() + "# a colleague's remark\n")
    assert form.press(WRITE[make], entered(form, **{field: value}))["written"]
    text = path.read_text()
    assert "# a colleague's remark" in text
    assert field in entered(make(opened(folder)))


def test_every_tab_hears_what_one_has_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the values on file, under the number of the tab that wrote; of a look nobody hears."""
    form = goal_form(opened(own("northpin", tmp_path)))
    heard: list[dict[str, Any]] = []
    monkeypatch.setattr(form, "send", lambda content, *_buffers: heard.append(content))
    entry = entered(form, budget=4321)
    form._heard(None, {"ask": "one-1", "press": "Show what changes", "values": entry}, [])
    assert not [one for one in heard if "changed" in one]
    form._heard(None, {"ask": "one-2", "press": "Write it down", "values": entry}, [])
    assert (heard[-1]["changed"], heard[-1]["values"]["budget"]) == ("one-2", 4321)


@pytest.mark.parametrize("make", SETTINGS)
def test_a_full_disk_is_told(
    make: Callable[[Book], Form], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form says that nothing was written, and nothing is."""
    folder = own("northpin", tmp_path)
    field, value, _ = CHANGED[make]
    form, before = make(opened(folder)), files(folder)

    def full(*_args: Any, **_kwargs: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(acts, "write_file", full)
    answer = form.press(WRITE[make], entered(form, **{field: value}))
    assert not answer["ok"]
    assert answer["words"].startswith("Nothing was written: ")
    assert files(folder) == before


@pytest.mark.parametrize(
    ("make", "wrong", "expected"),
    [
        (goal_form, {"end": "2020-01-01"}, "before it starts"),
        (goal_form, {"budget": None}, "some answers are missing"),
        (goal_form, {"targets": [{"figure": "people_reached", "value": 9}]}, "people_reached"),
        (goal_form, {"start": "9 March"}, "some answers are missing"),
        (personas_form, {"personas": [{"ages": "25-34"}]}, "some answers are missing"),
        (
            promotions_and_costs_form,
            {"promotions": [{"start": "2026-03-05", "end": "2026-03-01", "what": "Sale"}]},
            "the promotion ends (2026-03-01) before it starts (2026-03-05)",
        ),
        (
            promotions_and_costs_form,
            {
                "promotions": [{"start": "2026-03-05", "end": "2026-03-06", "what": "Sale"}],
                "no_promotions": True,
            },
            "a tick says that there are none",
        ),
        (economics_form, {"hourly_rate": -1}, "some answers are missing"),
        (
            economics_form,
            {"shares": [{"what": "Gross margin", "low": 0.6, "likely": 0.5, "high": 0.7}]},
            "expected low ≤ likely ≤ high",
        ),
        (rules_form, {"must": [{"handle": "nobody.of.the.list"}]}, "not on the creators list"),
        (rules_form, {"share": 0}, "some answers are missing"),
    ],
)
def test_what_cannot_be_right_is_not_written(
    make: Callable[[Book], Form], wrong: dict[str, Any], expected: str, tmp_path: Path
) -> None:
    """The form says what was expected; the file stays."""
    folder = own("northpin", tmp_path)
    form, before = make(opened(folder)), files(folder)
    answer = form.press(WRITE[make], entered(form, **wrong))
    assert not answer["ok"]
    assert expected in answer["words"], answer["words"]
    assert files(folder) == before


def test_a_range_is_written_as_short_as_it_can_be(tmp_path: Path) -> None:
    """One number alone stays one; two ends have their middle; a source makes it a part of its own."""
    folder = own("northpin", tmp_path)
    form = economics_form(opened(folder))
    rows = [
        {"what": "Gross margin", "low": 0.5, "likely": 0.55, "high": 0.6, "source": "finance, May"},
        {"what": "Share of sales value that comes back", "likely": 0.3},
    ]
    amounts = [{"what": "Basket as the shop shows it", "low": 80, "high": 120}]
    assert form.press("Write it down", entered(form, shares=rows, amounts=amounts))["written"]
    written = yaml.safe_load((folder / "client.yml").read_text())["economics"]
    assert written["margin"] == {"low": 0.5, "likely": 0.55, "high": 0.6, "source": "finance, May"}
    assert written["return_rate"] == 0.3
    assert written["average_order_value"] == {"low": 80, "likely": 100, "high": 120}
    economics = read_client(folder).economics
    assert economics.margin is not None
    assert economics.margin.source == "finance, May"


def test_no_promotions_is_not_the_same_as_unknown(tmp_path: Path) -> None:
    """The tick writes an empty list, which says that there are none; without it the key is left out."""
    folder = own("northpin", tmp_path)
    for tick, expected in ((True, []), (False, None)):
        form = promotions_and_costs_form(opened(folder))
        form.press("Write it down", entered(form, promotions=[], no_promotions=tick))
        assert read_campaign(read_client(folder)).promotions == expected
        again = promotions_and_costs_form(opened(folder))
        assert entered(again)["no_promotions"] is tick


def test_who_is_forced_in_is_in_the_plans_before_anything_is_written(tmp_path: Path) -> None:
    """The plans are drawn for what is entered; one forced out is out, and fewer are bought."""
    folder = own("velmora", tmp_path)
    form, before = rules_form(opened(folder)), files(folder)
    answer = form.press("Show careful, middle and bold", entered(form))
    assert answer["words"] == "As it is."
    assert "<caption>" in form.html.partition("<details>")[0], "the plans themselves, not an empty answer"
    assert "19" in form.html
    answer = form.press("Show careful, middle and bold", entered(form, most=500))
    assert answer["words"] == "Under these rules the plans stay the same."
    assert "cb-was" not in form.html
    form.press("Show careful, middle and bold", entered(form, most=5))
    assert '5 <span class="cb-was">was 19</span>' in form.html
    form.press("Draw all plans", entered(form, most=5))
    assert "<figure>" in form.html
    assert files(folder) == before


@pytest.mark.parametrize(
    "plan",
    ["careful", "decisions", *(pytest.param(way, marks=pytest.mark.slow) for way in ("middle", "bold"))],
)
def test_approving_is_the_commands_act(plan: str, tmp_path: Path) -> None:
    """The form and `approve` write the same bytes to the ledger; a second press adds nothing."""
    here, there = own("velmora", tmp_path / "form"), own("velmora", tmp_path / "command")
    day = date(2026, 3, 8)
    form = approval_form(opened(here))
    assert form.fields[0]["value"] is None, "nobody is led to a plan"
    answer = form.press("Approve", {"plan": plan, "by": "Ana Lind", "on": day.isoformat()})
    assert (answer["ok"], answer["written"]) == (True, True), answer["words"]
    command = ["approve", str(there), "--by", "Ana Lind", "--on", day.isoformat(), "--plan", plan]
    told = CliRunner().invoke(app, command)
    assert told.exit_code == 0, told.output
    assert files(here) == files(there)
    assert answer["words"] in told.output
    ledger = ledger_path(read_client(here)).read_bytes()
    again = approval_form(opened(here))
    assert "Approved already, by Ana Lind on 8 Mar 2026." in again.html
    answer = again.press("Approve", {"plan": plan, "by": "Ana Lind", "on": day.isoformat()})
    assert answer["words"].startswith("approved already")
    assert ledger_path(read_client(here)).read_bytes() == ledger


def test_a_plan_is_chosen_and_signed_by_somebody(tmp_path: Path) -> None:
    """Neither plan nor name is taken for granted; who is in a plan is shown before it is approved."""
    folder = own("velmora", tmp_path)
    form, before = approval_form(opened(folder)), files(folder)
    answer = form.press("Approve", {"plan": None, "by": "", "on": None})
    assert set(answer["faults"]) == {"plan", "by"}
    assert (
        form.press("Who is in it?", {"plan": "careful", "on": "2026-03-08"})["words"]
        == "19 creators for €9,900"
    )
    assert form.html.count("<li") == 19
    late = form.press("Approve", {"plan": "careful", "by": "Ana", "on": "2026-04-01"})
    assert "the campaign began on 2026-03-09" in late["words"]
    assert files(folder) == before


def test_a_decision_taken_later_is_in_no_plan_of_an_earlier_day(tmp_path: Path) -> None:
    """What is shown before approving is what is approved: only decisions of that day and before."""
    folder = own("velmora", tmp_path)
    path = folder / "decisions.csv"
    handles = [row.handle for row in opened(folder).tables.creators.itertuples() if row.fee > 0][:2]
    rows = [
        f"{day},{one},Shortlist,audience fits,,Ana"
        for day, one in zip(("2026-03-01", "2026-03-12"), handles, strict=True)
    ]
    path.write_text("\n".join(["date,handle,decision,reason,note,by", *rows, ""]))
    form = approval_form(opened(folder))
    own_plan = next(one for one in form.fields[0]["options"] if one["value"] == "decisions")
    shown = form.press("Who is in it?", {"plan": "decisions", "on": "2026-03-08"})
    assert shown["ok"], shown["words"]
    assert own_plan["words"] == f"your own: whom the decisions take: {shown['words']}"
    approved = form.press("Approve", {"plan": "decisions", "by": "Ana", "on": "2026-03-08"})
    assert approved["ok"], approved["words"]
    written = ledger_path(read_client(folder)).read_text()
    assert handles[0] in written
    assert handles[1] not in written


def test_after_the_start_plans_are_named_without_sums(tmp_path: Path) -> None:
    """A plan that was approved before can be written down with its day; nothing is worked out of what came since."""
    form = approval_form(opened(own("sorrelby", tmp_path), stage="results"))
    assert [one["words"] for one in form.fields[0]["options"]] == [
        "careful",
        "middle",
        "bold",
        "your own: whom the decisions take",
    ]


def test_forms_call_a_tax_what_the_market_does(tmp_path: Path) -> None:
    """“sales tax” in the United States, in fields, help and what is shown; VAT in Germany."""
    for client, tax, other in (("glimmerroot", "sales tax", "VAT"), ("northpin", "VAT", "sales tax")):
        folder = own(client, tmp_path)
        shown = "".join(
            f"{form.fields}{form.intro}{form.html}"
            for form in (*(make(opened(folder)) for make in SETTINGS), spend_form(opened(folder)))
        )
        assert f"All costs of the campaign, excl. {tax}." in shown
        assert f"One line per cost of the campaign, excl. {tax} that you get back" in shown
        assert not re.search(rf"\b{other}\b", shown)
