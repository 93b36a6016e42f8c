"""The gate before launch: what blocks, what warns, who opened it; and the acts that are only done when asked for."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from books import make_book
from creatorbook import __main__, plugins, roi, tracking
from creatorbook.acts.launch import Asked, launched
from creatorbook.book import Book
from creatorbook.campaign.playbook import playbook
from creatorbook.client.campaign_records import Opening, add_opening, gate_path, lift_path, read_openings
from creatorbook.client.repository import SAMPLE_DATA
from creatorbook.findings import written
from creatorbook.findings.formats import Formats
from creatorbook.opening import open_book
from creatorbook.packs import pack
from creatorbook.problems import Problem
from creatorbook.tracking import link_visits
from creatorbook.tracking.launch_checks import CHECKS
from creatorbook.tracking.link_visits import Visit
from creatorbook.tracking.preflight import VISITED, gate, links_to_open, points

LAUNCH = pack("launch")
#: a day before the sample campaign begins
EVE = date(2026, 2, 28)


def _book(tables: dict[str, pd.DataFrame] | None = None, stage: str = "plan", **campaign: Any) -> Book:
    creators = pd.DataFrame(
        [{"creator": "Ada", "handle": "ada", "platform": "tiktok", "followers": 5000, "code": "ADA10"}]
    )
    return make_book(
        {"creators": creators, **(tables or {})}, campaign=campaign, stage=stage, as_of=date(2026, 3, 1)
    )


def _states(book: Book, **more: Any) -> dict[str, str]:
    return {point.id: point.state for point in points(book, **more)}


def test_open_points_are_given_to_a_name_or_a_role() -> None:
    """The campaign's lead by name where the client's file tells it, else by the role; never “us” or “whoever”."""
    lists = {"creators": pd.DataFrame([{"creator": "Ada", "handle": "ada", "platform": "tiktok"}])}
    for theme, lead in (({}, "campaign lead"), ({"prepared_by": "Studio North"}, "Studio North")):
        notes = tracking.preflight(make_book(lists, {"theme": theme}, stage="plan")).notes
        assert {note.owner for note in notes if note.owner} == {lead, "brand", "shop admin"}
        learnt = roi.next_time(make_book(lists, {"theme": theme})).tables["roi.next_time"].frame
        assert lead in set(learnt.who)
        assert not learnt.who.str.contains("whoever").any()


def test_every_point_has_a_check_and_every_playbook_names_points() -> None:
    """The list of points, the checks and what playbooks change belong together."""
    assert set(LAUNCH["points"]) == {*CHECKS, VISITED}
    assert set(LAUNCH["playbooks"]) <= set(pack("playbooks")["playbooks"])
    for change in LAUNCH["playbooks"].values():
        assert set(change) <= {"leave_out", "warns", "blocks"}
        assert {name for names in change.values() for name in names} <= set(LAUNCH["points"])
    assert set(LAUNCH["approved"]) <= set(pack("reasons")["decisions"])


def test_the_playbook_sets_what_blocks() -> None:
    """A gift campaign may start without a price; a live sale may not without knowing the shop's promotions."""
    assert _states(_book(playbook="launch_seeding"))["priced"] == "blocks"
    assert _states(_book(playbook="organic_seeding"))["priced"] == "warns"
    assert _states(_book(playbook="launch_seeding"))["promotions"] == "warns"
    assert _states(_book(playbook="live_shopping"))["promotions"] == "blocks"


def test_without_a_plugins_playbook_gate_and_results_go_by_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a plugin is left out, both go by the usual one of the goal, as the plan does; a name nobody has is told."""
    own, usual = _book(playbook="somebodys_own", goal="community"), _book(goal="community")
    for step in (points, roi.playbook_reading):
        with pytest.raises(Problem, match="there is no playbook “somebodys_own”"):
            step(own)
    monkeypatch.setattr(plugins, "is_missing_one", lambda hook: hook == "creatorbook_playbooks")
    assert playbook(own)["id"] == "organic_seeding"
    assert _states(own) == _states(usual)
    assert _states(own)["priced"] == "warns"  # as the playbook says; usually it blocks
    assert roi.playbook_reading(own).notes == roi.playbook_reading(usual).notes


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ({}, "1 of 1 in the shop"),
        ({"value": 15.0}, "15 % in place of 10 %"),
        ({"once_per_customer": False}, "not limited to once per customer"),
        ({"usage_limit": 5.0, "used": 5.0}, "used up"),
        ({"ends_at": "2026-03-20"}, "ends too early"),
        ({"starts_at": "2026-03-05"}, "starts too late"),
        ({"status": "expired"}, "expired"),
    ],
)
def test_codes_are_held_to_the_plan(change: dict[str, Any], seen: str) -> None:
    """A code in the shop has the planned discount, days and limits, or the difference is named."""
    usual = {"code": "ADA10", "value_kind": "percentage", "value": 10.0, "once_per_customer": True}
    days = {"starts_at": "2026-03-01", "ends_at": "2026-03-31", "status": "active"}
    shop = pd.DataFrame([{**usual, **days, **change}])
    point = {one.id: one for one in points(_book({"discounts": shop}))}["codes_in_shop"]
    assert seen in written(point.seen, Formats())
    assert point.ready is (not change)


def test_only_an_approval_counts_as_decided() -> None:
    """A creator about whom more was asked is not approved; the last decision counts."""
    for decisions, ready in (
        (["Ask for more"], False),
        (["Shortlist"], True),
        (["Shortlist", "Ask for more"], False),
    ):
        told = pd.DataFrame({"handle": "ada", "decision": decisions})
        assert (_states(replace(_book(), decisions=told))["approved"] == "ready") is ready


def test_a_brief_has_to_be_sent_where_a_list_says_who_got_it() -> None:
    """With a list of briefs on file, each creator needs one."""
    brief = {"brief": {"product": "coat", "key_messages": ["warm"]}, "deliverables": ["1 reel"]}
    sent = pd.DataFrame([{"handle": "ada", "sent_on": "2026-02-20"}])
    assert _states(_book(**brief))["briefed"] == "ready"
    assert _states(_book({"briefs": sent}, **brief))["briefed"] == "ready"
    assert _states(_book({"briefs": sent.assign(handle="bo")}, **brief))["briefed"] == "blocks"


def test_links_are_well_formed_and_open_only_when_asked() -> None:
    """A badly tagged link blocks; whether links open is a point only where they were opened."""
    page = {"links": {"landing_page": "https://shop.example"}}
    assert _states(_book(**page))["well_formed"] == "ready"
    assert VISITED not in _states(_book(**page))
    name, link, wanted = links_to_open(_book(**page))[0]
    assert wanted["utm_source"] == "tiktok"
    assert _states(_book(**page), visits=[Visit(name, link, link)])[VISITED] == "ready"
    lost = Visit(name, link, link, "lost on the way: utm_source")
    point = {one.id: one for one in points(_book(**page), [lost])}[VISITED]
    assert point.state == "blocks"
    assert "lost on the way" in written(point.seen, Formats())


def test_an_opened_gate_is_told_with_name_and_reason() -> None:
    """The report repeats who let the campaign start and why, in the plan and afterwards; new points block again."""
    blocking = " ".join(point.id for point in gate(_book()).blocking)
    line = Opening(opened_on=date(2026, 2, 27), by="Ada Lin", reason="the shop is late", points=blocking)
    opened = replace(_book(), openings=(line,))
    assert gate(opened).ready
    slot = [note.text for note in tracking.preflight(opened).notes if note.slot == "plan.before_launch"]
    assert "Ada Lin opened the gate on 27 Feb 2026: the shop is late." in slot[0]
    later = replace(_book(stage="pulse"), openings=(line,), mode="report")
    assert any("Ada Lin opened the gate" in note.text for note in tracking.preflight(later).notes)
    partly = line.model_copy(update={"points": "approved"})
    assert not gate(replace(_book(), openings=(partly,))).ready


def test_an_unknown_country_of_a_creator_names_the_row() -> None:
    """A creator's country that does not exist is named with its row."""
    creators = pd.DataFrame(
        [
            {"handle": "ada", "platform": "tiktok", "followers": 1, "country": "DE"},
            {"handle": "bo", "platform": "tiktok", "followers": 1, "country": "UK"},
        ]
    )
    with pytest.raises(Problem, match="@bo: “UK”") as caught:
        points(_book({"creators": creators}))
    assert (caught.value.line, caught.value.column) == (3, "country")


@pytest.fixture
def client(tmp_path: Path) -> Path:
    """The thin sample client, to write into."""
    return Path(shutil.copytree(SAMPLE_DATA / "northpin", tmp_path / "northpin"))


def _files(client: Path) -> list[str]:
    return sorted(path.name for path in client.rglob("*") if path.is_file())


def test_looking_writes_nothing_and_says_what_blocks(client: Path) -> None:
    """Without being asked to, nothing is written and no link is opened."""
    before = _files(client)
    ready, lines = launched(str(client), None, Asked())
    assert not ready
    assert "not ready" in lines[0]
    assert any(line.startswith("  blocks  Set up the codes in the shop") for line in lines)
    assert any(line.startswith("  warns  Store the extra-sales comparison") for line in lines)
    assert _files(client) == before


def test_a_gate_is_opened_once_by_name(client: Path) -> None:
    """The line holds name, reason and the points it covers; asking again adds none; the campaign may start."""
    asked = Asked(by="Ada", reason="agreed by phone, with the brand", on=date(2026, 2, 27))
    for _ in range(2):
        ready, lines = launched(str(client), None, asked)
    assert ready
    assert "opened" in "\n".join(lines)
    told = read_openings(open_book(client).campaign)
    assert len(told) == 1
    assert (told[0].by, told[0].reason) == ("Ada", "agreed by phone, with the brand")
    assert "codes_in_shop" in told[0].covers


def test_a_campaign_is_opened_again_only_after_something_was_written(
    client: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list of what is ready reads the client folder once; each act that writes adds one reading."""
    opened: list[Path] = []

    def counting(*given: Any, **more: Any) -> Book:
        opened.append(given[0])
        return open_book(*given, **more)

    monkeypatch.setattr("creatorbook.acts.launch.open_book", counting)
    launched(str(client), None, Asked())
    assert len(opened) == 1
    launched(str(client), None, Asked(by="Ada", reason="agreed", store_lift=True, on=EVE))
    assert len(opened) == 5


def test_a_campaign_nobody_knows_is_told_with_those_there_are(client: Path) -> None:
    """One sentence for it, whichever command is asked."""
    with pytest.raises(Problem, match="there is no campaign “winter”") as problem:
        launched(str(client), "winter", Asked())
    assert "Campaigns here: " in problem.value.todo


def test_a_line_of_the_gate_is_safe_in_a_spreadsheet_and_comes_back_whole(client: Path) -> None:
    """A reason that reads like a formula is kept as text; a last line that was left open does not swallow it."""
    campaign = open_book(client).campaign
    path = gate_path(campaign)
    path.write_text("opened_on,by,reason,points\n2026-02-20,Bo,by phone,brief", encoding="utf-8")
    opening = Opening(opened_on=date(2026, 2, 27), by="Ada", reason="=1+1", points="codes_in_shop")
    add_opening(campaign, opening, seen=())
    assert read_openings(campaign)[1] == opening
    assert "'=1+1" in path.read_text(encoding="utf-8")


def test_a_lift_plan_is_stored_when_asked(client: Path) -> None:
    """The plan is written beside the campaign, read back, and the point is ready."""
    _, lines = launched(str(client), None, Asked(store_lift=True, on=EVE))
    book = open_book(client, stage="plan")
    assert lift_path(book.campaign).is_file()
    assert book.lift is not None
    assert book.lift.design == "none"
    assert _states(book)["lift"] == "ready"
    assert "wrote campaigns/spring-hike.lift.yml" in lines[0]


@pytest.mark.parametrize("asked", [Asked(store_lift=True), Asked(by="Ada", reason="agreed")])
def test_nothing_is_decided_before_launch_once_the_campaign_has_begun(client: Path, asked: Asked) -> None:
    """The finished sample: neither act takes the plan's day for the day on which it is done."""
    before = _files(client)
    with pytest.raises(Problem, match="the campaign began on 2026-03-02: what is decided now") as problem:
        launched(str(client), None, asked)
    assert "--on DAY" in problem.value.todo
    assert _files(client) == before


def test_links_are_opened_only_when_asked(client: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--open-links` opens each link; what went wrong is listed."""
    campaign = client / "campaigns/spring-hike.yml"
    campaign.write_text(campaign.read_text() + "links:\n  landing_page: http://127.0.0.1:9/page\n")
    seen: list[str] = []

    def refused(told: list[Any]) -> tuple[Visit, ...]:
        seen.extend(link for _, link, _ in told)
        return tuple(Visit(name, link, link, "does not answer") for name, link, _ in told)

    monkeypatch.setattr(link_visits, "visit_all", refused)
    launched(str(client), None, Asked())
    assert not seen
    _, lines = launched(str(client), None, Asked(open_links=True))
    assert len(seen) == 14
    assert any("does not answer (http://127.0.0.1:9/page?utm_source=" in line for line in lines)


def test_a_mistake_in_a_file_is_not_ready(client: Path) -> None:
    """A list that cannot be read is an answer with the row, not a traceback."""
    listed = client / "exports/creators.csv"
    listed.write_text(listed.read_text().replace("BENTE10", "ALMA10"))
    ready, lines = launched(str(client), None, Asked())
    assert not ready
    assert "the code ALMA10 belongs to" in "\n".join(lines)


@pytest.mark.parametrize(
    "content",
    [
        "by,reason\nAda,late\n",
        "opened_on,by,reason,points\nsoon,A,b,\n",
        "opened_on,by,reason,points\n2026-03-01,,b,\n",
    ],
)
def test_a_gate_file_with_a_mistake_is_told(client: Path, content: str) -> None:
    """A missing column, day or name is a message with the line."""
    path = gate_path(open_book(client).campaign)
    path.write_text(content)
    with pytest.raises(Problem) as caught:
        open_book(client)
    assert caught.value.file == path


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], 1),
        (["--open-gate", "Ada", "--reason", "late", "--on", "2026-02-28"], 0),
        (["--open-gate", "Ada", "--reason", "late"], 2),
        (["--open-gate", "Ada"], 2),
        (["--campaign", "winter"], 2),
    ],
)
def test_exit_codes(
    client: Path,
    arguments: list[str],
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """0 ready or opened, 1 not ready, 2 a wrong call."""
    monkeypatch.setattr("sys.argv", ["creatorbook", "ready", str(client), *arguments])
    with pytest.raises(SystemExit) as caught:
        __main__.main()
    assert caught.value.code == code
    assert "Traceback" not in capsys.readouterr().err
