"""The ledger: written by two acts only, rows only added, and no campaign informs its own forecast."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from books import make_book
from creatorbook import tiers
from creatorbook.acts import launch
from creatorbook.acts import ledger as ledger_acts
from creatorbook.acts.forgetting import forget_creator
from creatorbook.acts.what_we_hold import held_on
from creatorbook.book import Book
from creatorbook.client import read_client, record_decision, repository
from creatorbook.client.identity import ID_FILE
from creatorbook.client.ledger import LEDGER_COLUMNS, Entry, add_entries, ledger_path, read_ledger, rows_of
from creatorbook.client.repository import SAMPLE_DATA
from creatorbook.finance.costs import planned_shared_costs
from creatorbook.findings import written
from creatorbook.findings.formats import Formats
from creatorbook.history.calibration import checked_forecasts
from creatorbook.history.course import course
from creatorbook.history.marked import stopped_without_reason
from creatorbook.opening import open_book
from creatorbook.planning.candidates import assumption, candidates
from creatorbook.planning.own_past import ENOUGH_CAMPAIGNS, is_own
from creatorbook.planning.plans import recommended
from creatorbook.problems import Problem
from creatorbook.roi import against_plan, caused
from creatorbook.roi.creator_results import creator_results
from creatorbook.roi.plan_comparison import beside_forecast, outcomes

EVE, SETTLED = date(2026, 3, 1), date(2026, 5, 10)


@pytest.fixture(scope="module")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of a sample client whose plan was approved before launch."""
    folder = tmp_path_factory.mktemp("ledger") / "velmora"
    shutil.copytree(SAMPLE_DATA / "velmora", folder)
    ledger_acts.approve(str(folder), None, "Mara", EVE)
    return folder


def outcome(
    campaign: str = "last-year", figure: str = "click_rate", value: float = 0.012, **told: object
) -> Entry:
    made = Entry(
        date(2025, 12, 1), "", campaign, date(2025, 10, 1), "outcome", figure, "percent", value=value, n=400
    )
    return made._replace(**told)


def with_past(*entries: Entry, **changes: object) -> Book:
    frame = pd.DataFrame(entries, columns=LEDGER_COLUMNS).astype(
        {"written_on": "datetime64[us]", "starts_on": "datetime64[us]"}
    )
    return replace(make_book(stage="plan", as_of=date(2026, 2, 20)), ledger=frame, **changes)


def test_approving_again_adds_nothing(approved: Path) -> None:
    """The same approval is written once, byte for byte."""
    before = ledger_path(read_client(approved)).read_bytes()
    [line] = ledger_acts.approve(str(approved), None, "Mara", EVE)
    assert "already" in line
    assert ledger_path(read_client(approved)).read_bytes() == before


def test_who_comes_second_is_told_whose_approval_stands(approved: Path) -> None:
    """Ben approves the same plan after Mara: he is named her and the day, and no row is his."""
    [line] = ledger_acts.approve(str(approved), None, "Ben", EVE)
    assert line.startswith("approved already, by Mara on 2026-03-01: ")
    assert set(read_ledger(read_client(approved)).by) == {"Mara"}


def test_an_approval_that_came_meanwhile_stands(approved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ben's files were read before Mara's rows were written; what the ledger holds once he writes decides."""
    book = replace(open_book(approved, as_of=EVE), ledger=pd.DataFrame(columns=LEDGER_COLUMNS))
    monkeypatch.setattr(ledger_acts, "open_book", lambda *_, **__: book)
    [line] = ledger_acts.approve(str(approved), None, "Ben", EVE)
    assert line.startswith("approved already, by Mara on 2026-03-01: ")


def test_another_forecast_is_refused(approved: Path) -> None:
    """What was approved stays, and the message names its day."""
    with pytest.raises(Problem, match="another forecast is in the ledger already, by Mara on 2026-03-01"):
        ledger_acts.approve(str(approved), None, "Mara", date(2026, 2, 1))


def test_no_forecast_once_the_campaign_runs(tmp_path: Path) -> None:
    """Approving after the start is refused: such a forecast would know what came."""
    folder = tmp_path / "northpin"
    shutil.copytree(SAMPLE_DATA / "northpin", folder)
    with pytest.raises(Problem, match="would know what came"):
        ledger_acts.approve(str(folder), None, "Mara")
    with pytest.raises(Problem, match="somebody"):
        ledger_acts.approve(str(folder), None, " ", EVE)
    assert not (folder / "ledger.csv").exists()


def test_an_approval_stands_in_the_report(approved: Path) -> None:
    """Who approved, and when, is read from the ledger where the campaign file is silent."""
    book = open_book(approved, stage="plan")
    assert book.campaign.approved_by == "Mara"
    assert book.campaign.approved_on == EVE


def test_a_campaign_is_closed_only_when_returns_have_settled(approved: Path) -> None:
    """Before that, the message says until when goods can come back."""
    with pytest.raises(Problem, match="until 2026-05-05"):
        ledger_acts.close(str(approved), None, "")


def test_closing_writes_what_came_once(approved: Path, tmp_path: Path) -> None:
    """Outcomes are appended after the forecast, which stays as it was; closing again adds nothing."""
    folder = tmp_path / "velmora"
    shutil.copytree(approved, folder, ignore=shutil.ignore_patterns(ID_FILE))
    forecast = (folder / "ledger.csv").read_text()
    ledger_acts.close(str(folder), None, "Mara", SETTLED)
    once = (folder / "ledger.csv").read_text()
    assert once.startswith(forecast)
    assert "0 rows added" in ledger_acts.close(str(folder), None, "Mara", SETTLED)[1]
    assert (folder / "ledger.csv").read_text() == once
    ledger = read_ledger(read_client(folder))
    assert set(ledger.act) == {"approved", "forecast", "outcome"}
    assert not ledger.duplicated(["campaign", "act", "figure"]).any()


def test_a_campaign_from_its_plan_to_the_next_plan(approved: Path, tmp_path: Path) -> None:
    """04 stores how lift is measured, 05 reads it and finds that nobody held anything back; closing writes what came, and the next campaign's plan reads that."""
    folder = tmp_path / "velmora"
    shutil.copytree(approved, folder, ignore=shutil.ignore_patterns(ID_FILE))
    _, lines = launch.launched(str(folder), None, launch.Asked(store_lift=True, on=EVE))
    assert "wrote campaigns/spring-linen.lift.yml" in lines
    results = open_book(folder, stage="results")
    assert results.lift is not None
    assert results.lift.written_on == EVE
    [text] = [note.text for note in caused(results).notes if note.slot == "results.caused"]
    assert "orders by creators' codes hold what was to be held back about as often as all others do" in text
    ledger_acts.close(str(folder), None, "Mara", SETTLED)
    spring = (folder / "campaigns/spring-linen.yml").read_text()
    autumn = spring.replace("2026-03-09", "2026-09-07").replace("2026-04-05", "2026-10-04")
    (folder / "campaigns/autumn.yml").write_text(autumn)
    following = open_book(folder, "autumn", stage="plan", as_of=date(2026, 8, 1))
    assert following.lift is None
    mix = recommended(following)
    assert mix is not None
    remembered = following.history
    assert len(remembered) == len(creator_results(results).frame)
    stopped = set(remembered.creator[remembered.advice == "stop"])
    assert set(stopped_without_reason(following)) == stopped
    assert not stopped & set(mix.people.creator)
    said = " ".join(str(note.text) for note in tiers.recommendation(following).notes if note.slot)
    assert "your own campaigns' orders make" in said
    for name in ("click_rate", "conversion_rate"):
        assert assumption(following, name).source.startswith("1 own past campaign (ledger.csv)")
    before = open_book(folder, "spring-linen", stage="plan", as_of=EVE)
    assert "own past" not in assumption(before, "click_rate").source


def test_results_are_held_against_the_forecast(approved: Path) -> None:
    """The first page compares the goal's figures; a table holds all of them with the reason why."""
    findings = against_plan(open_book(approved, stage="results"))
    text, other = [str(note.text) for note in findings.notes if note.slot == "results.against_plan"]
    assert "Plan approved by Mara" in text
    assert "No forecast was kept" not in text
    assert len(text.split()) <= 14  # figures stand in the table, so that the page keeps to its words
    page = findings.tables["roi.planned_and_came"]
    assert page.slot == "results.against_plan"
    assert page.frame.what.tolist() == ["Sales that stay", "Profit after campaign costs", "Orders"]
    # 16 were approved and 44 ran: neither hit nor miss
    assert other.replace("\xa0", " ") == (
        "Approved were 16 creators for €9,720; 44 ran for €16,110, 16 of them approved: the forecast was of another "
        "campaign."
    )
    frame = findings.tables["roi.forecast_and_result"].frame
    assert set(frame.reading) == {"not comparable"}


def test_the_plan_that_was_approved_runs(approved: Path, tmp_path: Path) -> None:
    """The bold way takes all 44: people and costs agree, and each figure is held against its range again."""
    folder = _fresh(tmp_path)
    lines = ledger_acts.approve(str(folder), None, "Mara", EVE, "bold")
    assert lines[1].replace("\xa0", " ") == "plan: the bold way, 44 creators for €14,905"
    book = open_book(folder, stage="results")
    rows = rows_of(book.ledger, book.campaign.id, "approved")
    assert len(rows) == 44
    shared = (
        rows_of(book.ledger, book.campaign.id, "forecast").set_index("figure").likely["costs"]
        - rows.value.sum()
    )
    assert shared == pytest.approx(planned_shared_costs(open_book(folder, stage="plan", as_of=EVE)), abs=0.5)
    findings = against_plan(book)
    assert len([note for note in findings.notes if note.slot == "results.against_plan"]) == 1
    assert set(findings.tables["roi.forecast_and_result"].frame.reading) <= {"inside", "above", "below", ""}


def _fresh(tmp_path: Path) -> Path:
    """A copy of the sample in which nothing is approved yet."""
    return Path(shutil.copytree(SAMPLE_DATA / "velmora", tmp_path / "velmora"))


def test_decisions_are_the_plan_where_one_shortlists_somebody(tmp_path: Path) -> None:
    """Those shortlisted by the day of approval or agreed, by handle and price; later decisions are not known then."""
    folder = _fresh(tmp_path)
    client = read_client(folder)
    people = candidates(open_book(folder, stage="plan", as_of=EVE))
    agreed, people = people[people.agreed], people[~people.agreed].head(5)
    for handle in people.handle[:4]:
        record_decision(client, handle, "Shortlist", "fair price for what we know", on=date(2026, 2, 20))
    record_decision(client, people.handle[4], "Shortlist", "fair price for what we know", on=date(2026, 3, 5))
    lines = ledger_acts.approve(str(folder), None, "Mara", EVE)
    assert lines[1].startswith("plan: the decisions on file, 5 creators for ")
    ledger = read_ledger(client)
    approved = ledger[ledger.act == "approved"].set_index("figure").value
    costs = pd.concat([people[:4], agreed]).set_index("handle").cost
    assert approved.to_dict() == pytest.approx(costs.to_dict(), abs=0.01)
    assert ledger.set_index("figure").likely["creators"] == 5
    assert "already" in ledger_acts.approve(str(folder), None, "Mara", EVE)[0]
    with pytest.raises(Problem, match="is in the ledger already"):
        ledger_acts.approve(str(folder), None, "Mara", EVE, "careful")


def test_a_plan_that_is_not_there_is_named(tmp_path: Path) -> None:
    """An unknown name, and decisions that take nobody, are clear sentences; nothing is written."""
    folder = _fresh(tmp_path)
    with pytest.raises(Problem, match="there is no plan “brave”"):
        ledger_acts.approve(str(folder), None, "Mara", EVE, "brave")
    frame = pd.read_csv(folder / "exports" / "creators.csv")
    frame.assign(status=None).to_csv(folder / "exports" / "creators.csv", index=False)
    with pytest.raises(Problem, match="nobody is decided on"):
        ledger_acts.approve(str(folder), None, "Mara", EVE, "decisions")
    assert not ledger_path(read_client(folder)).exists()


def test_forgetting_finds_the_approved_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is held on a person shows the ledger's line; forgotten, it stands there under a made-up name."""
    monkeypatch.setattr(repository, "CACHE", tmp_path / "cache")
    folder = _fresh(tmp_path)
    ledger_acts.approve(str(folder), None, "Mara", EVE)
    client = read_client(folder)
    ledger = read_ledger(client)
    handle = ledger[ledger.act == "approved"].figure.iloc[0]
    assert f"figure: {handle}; unit" in held_on(client, handle, tmp_path / "reports")
    done = forget_creator(client, handle, tmp_path / "reports")
    assert "ledger.csv" in done.rewritten
    assert handle not in (folder / "ledger.csv").read_text()
    renamed = ledger.assign(figure=ledger.figure.replace(handle, done.known_as))
    pd.testing.assert_frame_equal(read_ledger(client), renamed)


@pytest.mark.parametrize(
    ("came", "otherwise"),
    [
        ({"costs": 1250.0, "creators": 10.0, "approved_creators": 10.0}, False),
        ({"costs": 1251.0, "creators": 10.0, "approved_creators": 10.0}, True),
        ({"costs": 749.0}, True),
        ({"costs": 750.0}, False),
        ({"costs": 1000.0, "creators": 12.0, "approved_creators": 9.0}, False),
        ({"costs": 1000.0, "creators": 13.0, "approved_creators": 9.0}, True),
        ({"costs": 1000.0, "creators": 7.0, "approved_creators": 7.0}, True),
        ({}, False),
    ],
)
def test_each_border_of_another_campaign(came: dict[str, float], otherwise: bool) -> None:
    """A quarter more or less money, or fewer than three quarters the same people, in both directions."""
    rows = [("spring", "forecast", "costs", 1000.0), ("spring", "forecast", "creators", 10.0)]
    ledger = pd.DataFrame(rows, columns=["campaign", "act", "figure", "likely"])
    assert course(ledger, "spring", came).otherwise == otherwise


def test_another_campaign_is_no_miss_of_the_record() -> None:
    """A forecast of ten orders with forty come counts where the campaign ran as approved, and not where it did not."""
    ranges = {"low90": 5.0, "low50": 8.0, "likely": 10.0, "high50": 12.0, "high90": 20.0}
    cost = dict.fromkeys(ranges, 1000.0)
    entries = []
    for campaign, spent in (("as-planned", 1100.0), ("otherwise", 4000.0)):
        plan = outcome(campaign, "orders", act="forecast", value=None, **ranges)
        entries += [plan, plan._replace(figure="costs", **cost)]
        entries += [outcome(campaign, "orders", 40.0), outcome(campaign, "costs", spent)]
    pairs = checked_forecasts(with_past(*entries))
    assert pairs[["campaign", "figure", "in90"]].to_numpy().tolist() == [["as-planned", "orders", False]]


def test_the_comparison_is_pure() -> None:
    """A ledger and results give planned, came, where it lies and why; what did not come stays missing."""
    rows = [
        ("spring", "forecast", "pieces", 18.0, 19.0, 20.0, 21.0, 22.0),
        ("spring", "forecast", "views_per_piece", 900.0, 950.0, 1000.0, 1050.0, 1100.0),
        ("spring", "forecast", "views", 18_000.0, 19_000.0, 20_000.0, 21_000.0, 22_000.0),
        ("spring", "forecast", "orders", 5.0, 8.0, 10.0, 12.0, 20.0),
        ("spring", "forecast", "costs", 900.0, 900.0, 900.0, 900.0, 900.0),
        ("other", "forecast", "views", 1.0, 1.0, 1.0, 1.0, 1.0),
    ]
    names = ["campaign", "act", "figure", "low90", "low50", "likely", "high50", "high90"]
    ledger = pd.DataFrame(rows, columns=names)
    comparison = beside_forecast(
        ledger, "spring", {"views": 40_000.0, "pieces": 21.0, "views_per_piece": 1905.0, "costs": 905.0}
    ).set_index("figure")
    assert comparison.reading.to_dict() == {
        "pieces": "inside",
        "views": "above",
        "orders": "",
        "costs": "",
        "views_per_piece": "above",
    }
    assert "times one piece is seen: 1.9 times" in written(comparison.why["views"], Formats())
    assert pd.isna(comparison.came["orders"])
    assert beside_forecast(pd.DataFrame(), "spring", {}).empty


def test_what_no_file_shows_is_left_out() -> None:
    """The thin client has creators, orders and costs only, so nothing else is written, and nothing as 0."""
    figures = outcomes(open_book("northpin", stage="results"))
    assert set(figures) == {"creators", "costs", "orders", "cost_per_order", "orders_dispersion"}
    assert all(one.value > 0 for one in figures.values())


def test_past_campaigns_move_the_published_range() -> None:
    """Own campaigns pull the range towards what they showed, name themselves, and end as the client's own."""
    published = assumption(make_book(stage="plan"), "click_rate")
    book = with_past(*(outcome(f"past-{n}") for n in range(ENOUGH_CAMPAIGNS)))
    told = assumption(book, "click_rate")
    assert published.likely < told.likely < 0.012
    assert told.high / told.low < published.high / published.low
    assert "own past campaigns" in told.source
    assert is_own(book, "click_rate")
    assert not is_own(book, "conversion_rate")


@pytest.mark.parametrize(
    "entry",
    [
        outcome("spring"),
        outcome(starts_on=date(2026, 3, 2)),
        outcome(written_on=date(2026, 3, 1)),
        outcome(act="forecast"),
    ],
    ids=["itself", "one that begins with it", "closed after the report's day", "a forecast"],
)
def test_what_may_not_inform_a_forecast(entry: Entry) -> None:
    """Neither the campaign itself, nor a later one, nor one closed later, nor a forecast moves the range."""
    assert assumption(with_past(entry), "click_rate") == assumption(make_book(stage="plan"), "click_rate")


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("2026-13-01,,a,2026-01-01,outcome,orders,number,,,,,,3,,", "is not a day"),
        ("2026-03-01,,a,2026-01-01,guess,orders,number,,,,,,3,,", "neither approved, forecast nor outcome"),
        ("2026-03-01,,a,2026-01-01,outcome,orders,number,,,,,,many,,", "is not a number"),
        ("2026-03-01,,a,2026-01-01,outcome,orders,number,,,,,,,,", "is not a number"),
    ],
)
def test_a_mistake_in_the_ledger_is_named(approved: Path, tmp_path: Path, line: str, what: str) -> None:
    """A cell that is not what its column holds is told with its line and column."""
    shutil.copy(approved / "client.yml", tmp_path)
    (tmp_path / "ledger.csv").write_text(f"{','.join(LEDGER_COLUMNS)}\n{line}\n")
    with pytest.raises(Problem, match=what) as told:
        read_ledger(read_client(tmp_path))
    assert told.value.line == 2


def test_a_name_that_reads_like_a_formula_comes_back_whole(approved: Path, tmp_path: Path) -> None:
    """It is kept as text for spreadsheets, and read as it was."""
    folder = Path(shutil.copytree(approved, tmp_path / "client", ignore=shutil.ignore_patterns(ID_FILE)))
    client = read_client(folder)
    entry = read_ledger(client).iloc[0]
    named = Entry(
        date(2026, 2, 1), "=Ada", "autumn", date(2026, 9, 1), "outcome", entry.figure, "number", value=1.0
    )
    add_entries(client, [named])
    assert read_ledger(client).by.iloc[-1] == "=Ada"
    assert "'=Ada" in ledger_path(client).read_text(encoding="utf-8")


def test_a_figure_stands_in_the_ledger_once(approved: Path, tmp_path: Path) -> None:
    """Adding what is there is no row more, and a copied line is refused."""
    shutil.copy(approved / "client.yml", tmp_path)
    client = read_client(tmp_path)
    assert add_entries(client, [outcome(), outcome(value=0.5)]) == 1
    assert add_entries(client, [outcome(value=0.5)]) == 0
    assert read_ledger(client).value.tolist() == [0.012]
    text = ledger_path(client).read_text()
    ledger_path(client).write_text(text + text.splitlines()[1] + "\n")
    with pytest.raises(Problem, match="twice"):
        read_ledger(client)
