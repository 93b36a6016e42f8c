"""`data.xlsx`: declared sheets and columns, typed cells, text that stays text."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

import report_fixture as made
from creatorbook.findings import Column, Table
from creatorbook.report import contract, spreadsheet
from creatorbook.report.contents import Contents


@pytest.fixture(scope="module")
def data():
    return spreadsheet.data_workbook(Contents.of(made.report_book("results"), made.results()))


@pytest.fixture(scope="module")
def sheets(data):
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_sheets_stand_in_a_fixed_order(sheets):
    """Read me, headline figures, a sheet per table in the order of the report, files, records set aside."""
    assert list(sheets) == [
        "Read me", "Headline figures", "roi ladder", "roi against plan", "roi creators", "Files", "Set aside",
    ]  # fmt: skip


def test_columns_are_as_declared(sheets):
    """Headings are the tables' labels, in their order."""
    assert sheets["roi creators"][0] == ["Creator", "Orders", "Share of orders", "First order"]
    assert sheets["Headline figures"][0] == [
        "Key", "Figure", "Value", "Unit", "Likely from", "Likely to", "n", "Evidence", "Source",
    ]  # fmt: skip


def test_cells_are_typed(sheets):
    """Numbers are numbers, days are days, and what is missing is empty."""
    first, fifth = sheets["roi creators"][1], sheets["roi creators"][5]
    assert first == ["Lena Webt", 61.0, 0.412, date(2026, 3, 2)]
    assert fifth[:3] == ["+49", "", ""]


def test_hostile_text_is_stored_as_text(data, sheets):
    """A name that looks like a formula, a link or a number stays a name."""
    names = [row[0] for row in sheets["roi creators"][1:]]
    assert names == ["Lena Webt", made.HOSTILE, "東京 Studio", "@sum", "+49", "-1+1"]
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        written = [parts.read(name).decode() for name in parts.namelist() if "worksheets/sheet" in name]
    assert not any("<f>" in sheet or re.search("<hyperlink[^>]* r:id", sheet) for sheet in written)


def test_tables_are_excel_tables_with_frozen_headings(data):
    """Every data sheet is a real table: filter, banding, a header that stays."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        names = parts.namelist()
        sheets = [parts.read(name).decode() for name in names if re.search(r"worksheets/sheet\d", name)]
    assert sum("xl/tables/" in name and name.endswith(".xml") for name in names) == 6
    assert sum('state="frozen"' in sheet for sheet in sheets) == 6
    assert sum("xl/charts/chart" in name for name in names) == 2


def test_missing_figures_are_empty_cells(sheets):
    """Not available is an empty cell, never 0."""
    row = next(row for row in sheets["Headline figures"] if row[0] == "roi.cost_per_new_customer")
    assert row[2] == ""


def test_an_empty_report_is_a_workbook_too():
    """No table, no receipt: the sheets are there with their headings."""
    from dataclasses import replace

    contents = Contents.of(replace(made.report_book("plan"), receipts=()), [])
    book = CalamineWorkbook.from_filelike(io.BytesIO(spreadsheet.data_workbook(contents)))
    assert book.sheet_names == ["Read me", "Headline figures", "Files", "Set aside"]


@given(st.lists(st.text(min_size=1), unique=True))
def test_sheet_names_are_what_excel_allows(keys):
    """At most 31 characters, none of the forbidden ones, unique whatever the case."""
    names = list(spreadsheet.sheet_names(keys).values())
    assert len({name.lower() for name in names}) == len(names)
    for name in names:
        assert 0 < len(name) <= 31
        assert not set(name) & set("[]:*?/\\")
        assert not name.startswith("'")
        assert not name.endswith("'")


@pytest.fixture
def promised(monkeypatch):
    """A contract of one sheet with three columns, and one that comes after it."""
    told = {"roi creators": ["Creator", "Orders", "Sales"], "roi ladder": ["Rung", "Amount"]}
    monkeypatch.setattr(contract, "contract", lambda: told)


def _table(key, *labels):
    frame = pd.DataFrame([["x"] * len(labels)], columns=list(labels))
    return Table(key, "Title", frame, {label: Column(label) for label in labels})


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ([("roi.creators", "Creator", "Sales"), ("roi.ladder", "Rung", "Amount")], 0),  # a column is missing
        ([("roi.creators", "Creator", "Fee", "Orders", "Sales"), ("new.one", "Any")], 0),  # additions
        ([("roi.creators", "Orders", "Creator")], 1),
        ([("roi.creators", "Name")], 1),
        ([("roi.ladder", "Rung"), ("roi.creators", "Creator")], 1),
    ],
)
def test_the_contract_allows_additions_only(promised, tables, told):
    """Columns and sheets may be missing or added; a renamed one, or another order, breaks the contract."""
    assert len(contract.broken([_table(*each) for each in tables])) == told


def test_the_contract_is_of_the_version_that_the_file_says(data):
    """contract.yml and data.xlsx name the same version, and no sheet or column twice."""
    told = contract.contract()
    assert all(len(set(columns)) == len(columns) for columns in told.values())
    read = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("Read me").to_python()
    assert ["Layout", f"version {spreadsheet.WORKBOOK_SCHEMA}"] in [row[:2] for row in read]
