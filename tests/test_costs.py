"""Campaign costs: each counted once, and nothing unknown counted as 0."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from books import make_book
from creatorbook import goals, roi, tracking
from creatorbook.book import Book
from creatorbook.client import read_campaign, read_client
from creatorbook.finance.costs import campaign_costs, planned_costs, took_part
from creatorbook.findings import written
from creatorbook.findings.formats import Formats
from creatorbook.problems import Problem
from creatorbook.roi.gifts import gift_recipients
from roi_books import cost_on, creators_frame, orders_frame


def _book(
    sheet: list[tuple], campaign: dict | None = None, client: dict | None = None, **listed: object
) -> Book:
    tables = {
        "orders": orders_frame({"ANNA10": 10, "BEA10": 10}),
        "creators": creators_frame(["ANNA10", "BEA10"], **listed),
    }
    if sheet:
        tables["costs"] = pd.DataFrame(sheet, columns=["creator", "kind", "amount"])
    return make_book(tables, campaign=campaign, client=client)


def test_the_cost_sheet_wins_over_the_list() -> None:
    """Anna's fee stands in both and counts once, as the sheet says; Bea's comes from the list."""
    costs = campaign_costs(_book([("Anna", "fee", 350.0)], fee=[300.0, 200.0]))
    assert cost_on(costs, "fees") == 55000


def test_the_sheet_may_name_the_account() -> None:
    """A cost booked to @anna is Anna's cost."""
    costs = campaign_costs(_book([("anna", "fee", 350.0)], fee=[300.0, 200.0]))
    assert cost_on(costs, "fees") == 55000


def test_a_cost_that_names_another_campaign_is_none_of_this_one() -> None:
    """A row for the winter is not the spring's; one for it, by file name or title, is, and so is one that names none."""
    sheet = [("Anna", "fee", 350.0, "Spring"), ("Bea", "fee", 70.0, "winter"), ("", "agency", 90.0, None)]
    book = _book([], fee=[300.0, 200.0])
    costs = pd.DataFrame(sheet, columns=["creator", "kind", "amount", "campaign"])
    tables = {name: getattr(book.tables, name) for name in book.tables}
    counted = campaign_costs(make_book({**tables, "costs": costs}))
    assert cost_on(counted, "fees") == 35000 + 20000
    assert cost_on(counted, "overheads") == 9000


def test_a_listed_gift_includes_its_shipping() -> None:
    """Gift and parcel in the sheet replace the list's gift cost, which holds both."""
    costs = campaign_costs(_book([("Anna", "gift", 30.0), ("Anna", "shipping", 6.0)], gift_cost=[40.0, 25.0]))
    assert cost_on(costs, "gifts") == 6100


def test_ad_spend_and_agency_fee_are_one_sum_each() -> None:
    """The sheet's agency fee and the ads export win over the campaign file; nothing is added twice."""
    book = _book([("", "agency", 900.0)], campaign={"agency_fee": 1000, "ad_spend": 500}, fee=[1.0, 1.0])
    ads = pd.DataFrame({"starts_on": [pd.Timestamp("2026-03-05")], "handle": ["anna"], "spend": [450.0]})
    book = make_book(
        {**{name: getattr(book.tables, name) for name in book.tables}, "ads": ads},
        campaign={"agency_fee": 1000, "ad_spend": 500},
    )
    costs = campaign_costs(book)
    assert cost_on(costs, "overheads") == 90000
    assert cost_on(costs, "ads") == 45000


def test_the_levy_is_taken_on_fees_and_rights() -> None:
    """4.9 % of 300 + 200 + 100; not on gifts."""
    book = _book(
        [("Anna", "usage rights", 100.0)],
        client={"economics": {"levy_rate": 0.049}},
        fee=[300.0, 200.0],
        gift_cost=50.0,
    )
    assert cost_on(campaign_costs(book), "overheads") == pytest.approx(2940)


def test_creators_who_never_took_part_cost_nothing() -> None:
    """An asked fee of somebody on the long list is not a cost of the campaign."""
    book = _book([], fee=[300.0, 800.0], status=["live", "long list"])
    orders = book.tables.orders[book.tables.orders.discount_code == "ANNA10"]
    book = make_book({"orders": orders, "creators": book.tables.creators})
    assert cost_on(campaign_costs(book), "fees") == 30000


def test_what_is_unknown_is_named() -> None:
    """Whatever a campaign usually costs and no file tells, gifts and commission too; a cost of 0 is a known cost."""
    costs = campaign_costs(_book([], fee=[0.0, 0.0]))
    usual = ("commission", "gift", "usage rights", "ads", "agency", "tools", "levy", "hours")
    assert costs.missing == usual
    assert costs.creators_known
    assert not campaign_costs(_book([])).creators_known
    assert campaign_costs(_book([])).missing == ("commission", "fee", *usual[1:])
    nothing = {"agency_fee": 0, "tools_cost": 0, "ad_spend": 0, "commission_rate": 0.0}
    complete = campaign_costs(
        _book(
            [("", "usage rights", 0.0), ("Bea", "shipping", 4.0)],
            campaign=nothing,
            client={"economics": {"levy_rate": 0.0, "hourly_rate": 40}},
            fee=1.0,
            hours=2.0,
        )
    )
    assert complete.missing == ()
    assert complete.not_included is None


def test_plan_pulse_and_results_name_the_same_missing_costs() -> None:
    """One sentence in all three, from one list."""
    formats = Formats.of("en", "EUR")
    book = _book([], campaign={"commission_rate": 0.1}, fee=[100.0, 200.0], gift_cost=10.0)
    texts = {
        written(costs.not_included or "", formats) for costs in (campaign_costs(book), planned_costs(book))
    }
    assert texts == {
        "NOT INCLUDED in campaign costs, because no file tells it: usage rights, ad spend, agency fee, tools, levies on "
        "creators' pay, own hours."
    }
    for findings in (
        goals.break_even(replace(book, stage="plan")),
        tracking.status(replace(book, stage="pulse")),
        roi.ladder(book),
    ):
        assert texts == {note.text for note in findings.notes if "NOT INCLUDED" in note.text}


@pytest.mark.parametrize(
    ("columns", "campaign", "missing"),
    [
        ({"fee": [300.0, None]}, {}, 1),
        ({"fee": [300.0, None], "benefit": [None, "gift"]}, {}, 0),
        ({"fee": [300.0, None]}, {"playbook": "organic_seeding"}, 0),
        ({"gift_cost": [30.0, 20.0]}, {}, 0),
    ],
)
def test_a_fee_that_is_not_on_file_beside_others_is_told(columns: dict, campaign: dict, missing: int) -> None:
    """Who has no fee on file is not taken to work for nothing, unless the list or the playbook says a gift is all."""
    book = _book([], campaign=campaign, **columns)
    for costs in (campaign_costs(book), planned_costs(book)):
        assert costs.without_fee == missing
        sentence = written(costs.not_included or "", Formats.of("en", "EUR"))
        assert ("fees of 1 of 2 creators" in sentence) == bool(missing)


def _with_rights(rows: list[dict], sheet: list[tuple] | None = None, **listed: object) -> Book:
    book = _book(sheet or [], **listed)
    rights = pd.DataFrame(rows)
    for day in ("starts_on", "ends_on"):
        rights[day] = pd.to_datetime(rights.get(day, pd.Series(pd.NaT, index=rights.index)))
    return make_book({**{name: getattr(book.tables, name) for name in book.tables}, "rights": rights})


def test_the_price_of_rights_stands_on_the_rights_sheet_too() -> None:
    """80 + 40 for Anna's two posts and Bea's 30; what the cost sheet has of Bea is hers, not twice; a stranger's counts."""
    rows = [
        {"handle": "anna", "rights_fee": 80.0, "post_url": "https://instagram.example/p/1"},
        {"handle": "anna", "rights_fee": 40.0, "post_url": "https://instagram.example/p/2"},
        {"handle": "bea", "rights_fee": 30.0},
        {"handle": "dora", "rights_fee": 5.0},
    ]
    assert cost_on(campaign_costs(_with_rights(rows)), "rights") == 15500
    booked = campaign_costs(_with_rights(rows, [("Bea", "usage rights", 25.0)]))
    assert cost_on(booked, "rights") == 15000
    assert "usage rights" not in booked.missing
    declined = _with_rights(rows, status=["agreed", "declined"])
    orders = orders_frame({"ANNA10": 10})
    tables = {name: getattr(declined.tables, name) for name in declined.tables}
    assert cost_on(campaign_costs(make_book({**tables, "orders": orders})), "rights") == 12500


def test_a_fee_that_only_the_contract_tells_is_a_fee() -> None:
    """Anna's list has 300, which holds; Bea's 90 stands in the contract alone, so nobody's fee is missing."""
    rows = [{"handle": "anna", "fee": 350.0}, {"handle": "bea", "fee": 90.0}]
    costs = campaign_costs(_with_rights(rows, fee=[300.0, None]))
    assert cost_on(costs, "fees") == 39000
    assert costs.without_fee == 0


@pytest.mark.parametrize(
    ("row", "cents"),
    [
        ({"campaign": "winter"}, 0),
        ({"campaign": "Spring"}, 8000),
        ({"ends_on": "2026-02-01"}, 0),
        ({"ends_on": "2026-02-01", "campaign": "Spring"}, 8000),
        ({"ends_on": "2026-09-01"}, 8000),
    ],
)
def test_an_agreement_of_another_campaign_costs_this_one_nothing(row: dict, cents: int) -> None:
    """Its name tells; without one, a use that was over before the campaign began is another's."""
    row = {"handle": "anna", "rights_fee": 80.0, "campaign": None, **row}
    costs = campaign_costs(_with_rights([row]))
    assert cost_on(costs, "rights") == cents
    assert costs.unplaced == (("winter",) if row["campaign"] == "winter" else ())


@pytest.mark.parametrize(
    ("rows", "sheet", "missing"),
    [
        ([{"rights_fee": 80.0}, {}], [], "usage rights of 1 of 2 creators who granted them"),
        ([{"rights_fee": 80.0}, {"rights_fee": 0.0}], [], ""),
        ([{}, {}], [("Anna", "usage rights", 20.0)], "usage rights of 1 of 2 creators who granted them"),
        ([{}, {}], [("", "usage rights", 0.0)], ""),
        ([{}, {}], [], "usage rights,"),
    ],
)
def test_rights_whose_price_is_not_on_file_are_told(rows: list, sheet: list, missing: str) -> None:
    """Who granted the use of content at a price nobody tells is not taken to have given it away; a sum for all covers all."""
    agreed = [
        {"handle": handle, "channels": "website", "rights_fee": None, **row}
        for handle, row in zip(("anna", "bea"), rows, strict=True)
    ]
    book = _with_rights(agreed, sheet)
    for costs in (campaign_costs(book), planned_costs(book)):
        sentence = written(costs.not_included or "", Formats.of("en", "EUR"))
        assert (missing in sentence) if missing else ("usage rights" not in sentence)


def test_hours_need_a_rate() -> None:
    """Own hours without an hourly rate are not available; with one they cost hours × rate."""
    assert "hours" in campaign_costs(_book([], fee=1.0, hours=[2.0, 3.0])).missing
    priced = campaign_costs(_book([], client={"economics": {"hourly_rate": 40}}, fee=1.0, hours=[2.0, 3.0]))
    assert cost_on(priced, "hours") == 20000


def test_an_order_by_an_old_code_brings_no_fee_of_somebody_who_declined() -> None:
    """Who declined keeps the order that came by their code, and costs what a sheet books to them, not what the list asks."""
    creators = creators_frame(["ANNA10", "BEA10"], fee=500.0, gift_cost=40.0, status=["declined", "agreed"])
    tables = {"orders": orders_frame({"ANNA10": 1, "BEA10": 3}), "creators": creators}
    costs = campaign_costs(make_book(tables))
    assert (cost_on(costs, "fees"), cost_on(costs, "gifts")) == (50000, 4000)
    assert "Anna" in set(took_part(make_book(tables)).creator)
    assert list(gift_recipients(make_book(tables)).index) == ["Bea"]
    booked = pd.DataFrame({"creator": ["Anna"], "kind": ["fee"], "amount": [50.0]})
    assert cost_on(campaign_costs(make_book({**tables, "costs": booked})), "fees") == 55000


def test_costs_of_another_campaign_may_name_it_by_its_title(tmp_path: Path) -> None:
    """The cost sheet of the whole client names campaigns as people do; another one's title is not unknown."""
    (tmp_path / "campaigns").mkdir()
    days = "goal: sales\nbudget: 1000\nstart: 2025-12-01\nend: 2025-12-20\n"
    (tmp_path / "campaigns" / "2025-12.yml").write_text(f"name: Winter knits\n{days}")
    (tmp_path / "campaigns" / "broken.yml").write_text("goal: none\n")
    costs = pd.DataFrame({"kind": "tools", "amount": [20.0, 40.0], "campaign": ["Winter knits", "broken"]})
    book = make_book({"orders": orders_frame({"ANNA10": 1}), "costs": costs})
    book = replace(book, client=book.client.model_copy(update={"folder": tmp_path}))
    assert campaign_costs(book).unplaced == ()


CLIENT = """brand: A
currency: EUR
market: DE
prices_include_tax: true
tax_rate: 0.19
economics:
  hourly_rate: 40
"""


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("margin: 60", "60 would be 6000 %; write 60 % as 0.6"),
        ("margin: [50, 60]", "write 60 % as 0.6"),
        ("margin: 1.2", "1.2 would be 120 %; write 26 % as 0.26 and 1.2 % as 0.012"),
        ("margin: 60 %", "expected a number like 0.5 or a range like [0.4, 0.6]"),
        ("margin_on: net", "'full_price' or 'price_paid'"),
        ("return_rate: 30", "write 30 % as 0.3"),
        ("levy_rate: 5", "write 5 % as 0.05"),
        ("return_rate: -0.2", "expected a share between 0 and 1"),
        ("shipping_cost: -4", "a cost is written without a minus"),
        ("handling_per_return: [-1, 3]", "a cost is written without a minus"),
        ("payment_fee_fixed: -0.3", "greater than or equal to 0"),
        ("payment_fee_fixed: .nan", "finite"),
        ("shipping_cost: .inf", "expected a number like 0.5"),
    ],
)
def test_a_mistyped_figure_is_told_with_its_line_and_what_to_write(
    tmp_path: Path, line: str, says: str
) -> None:
    """File, line, key and what to write; nothing is guessed, no figure is taken at a hundredth or turned round."""
    (tmp_path / "client.yml").write_text(f"{CLIENT}  {line}\n", encoding="utf-8")
    with pytest.raises(Problem) as raised:
        read_client(tmp_path)
    assert (raised.value.file, raised.value.line) == (tmp_path / "client.yml", 8)
    assert f"economics.{line.partition(':')[0]}" in str(raised.value)
    assert says in str(raised.value)


@pytest.mark.parametrize("rate", ["19", "1", "1.19", "-0.19", "{DE: 0.19, FR: 20}"])
def test_a_tax_rate_is_a_share_below_one(tmp_path: Path, rate: str) -> None:
    """19 for 19 %, a factor, and 1 for 1 %: all are told."""
    (tmp_path / "client.yml").write_text(CLIENT.replace("0.19", rate), encoding="utf-8")
    with pytest.raises(Problem, match="“tax_rate”: expected a share") as raised:
        read_client(tmp_path)
    assert raised.value.line == 5


@pytest.mark.parametrize(
    ("line", "key", "says"),
    [
        ("commission_rate: 10", "commission_rate", "write 10 % as 0.1"),
        ("agency_fee: -100", "agency_fee", "greater than or equal to 0"),
        ("codes: {percent: 0.1}", "codes.percent", "0.1 would be 0.1 %; write 10"),
        ("codes: {percent: 110}", "codes.percent", "expected percent between 0 and 100"),
        ("assumptions: {click_rate: [0.3, 2]}", "assumptions", "write 2 % as 0.02"),
    ],
)
def test_a_mistyped_figure_of_the_campaign_is_told(tmp_path: Path, line: str, key: str, says: str) -> None:
    """The same for commission, codes, costs and assumed rates."""
    (tmp_path / "client.yml").write_text(CLIENT, encoding="utf-8")
    (tmp_path / "campaigns").mkdir()
    path = tmp_path / "campaigns" / "spring.yml"
    path.write_text(
        f"goal: sales\nbudget: 1000\nstart: 2026-03-01\nend: 2026-03-20\n{line}\n", encoding="utf-8"
    )
    with pytest.raises(Problem) as raised:
        read_campaign(read_client(tmp_path), "spring")
    assert (raised.value.file, raised.value.line) == (path, 5)
    assert f"“{key}”" in str(raised.value)
    assert says in str(raised.value)


def test_costs_of_a_campaign_nobody_knows_are_told() -> None:
    """A name that is none of the client's campaigns counts nowhere, and is said to be left out."""
    sheet = [("", "tools", 20.0, "Spring"), ("", "tools", 40.0, "Sprnig")]
    costs = pd.DataFrame(sheet, columns=["creator", "kind", "amount", "campaign"])
    counted = campaign_costs(make_book({"orders": orders_frame({"ANNA10": 1}), "costs": costs}))
    assert cost_on(counted, "overheads") == 2000
    assert counted.unplaced == ("Sprnig",)
    formats = Formats.of("en", "GBP")
    assert "“Sprnig”" in written(counted.missing_words[-1], formats)
