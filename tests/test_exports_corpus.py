"""A corpus of awkward files, written for this project in the real layouts: each gives exactly the receipt beside it.

`tests/corpus/<file>` is read alone by a client of its own; `<file>.receipt.json` is the whole receipt expected, or the
problem told. A new trap is a new file: `python tests/test_exports_corpus.py NAME …` writes what is read today for
NAMEs that have no receipt yet, to be checked by eye.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from creatorbook import exports
from creatorbook.client import repository
from creatorbook.exports import receipt_lines
from creatorbook.exports.built_in import built_in_readers
from creatorbook.problems import Problem
from shelf import make_client, shelf_folder  # noqa: F401 - a fixture

CORPUS = Path(__file__).parent / "corpus"
ENDING = ".receipt.json"
FILES = sorted(path for path in CORPUS.iterdir() if not path.name.endswith(ENDING))
RATES = {"exchange_rates": {"USD": 0.9}}

#: layouts that only say by hand what a platform's own layout says
ALONE = {reader.name for reader in built_in_readers()}


def told_of(path: Path, folder: Path) -> dict[str, Any]:
    """The receipt of one file as JSON values, or the problem's words."""
    try:
        read = exports.read_folder(make_client(folder, {path.name: path.read_bytes()}, **RATES))
    except Problem as problem:
        return {"problem": str(problem).replace(f"{folder}/", "")}
    (receipt,) = read.receipts
    return json.loads(json.dumps(exports.receipt_as_json(receipt)))  # type: ignore[no-any-return]  # tuples as lists


#: every trap of the exports' research, in its order → the corpus file, or the test (module.test), that holds it
TRAPS = {
    "Shopify: one row per line, order cells on the first": "trap_shopify_lines.csv",
    "Shopify: all 79 columns, times with an offset": "trap_shopify_every_column.csv",
    "Shopify: an older column, none of the newer": "trap_shopify_older_columns.csv",
    "Shopify: line breaks and UTM lines in Note Attributes": "shopify_orders.csv",
    "Shopify: cancelled, voided and test orders": "trap_shopify_cancelled_voided_test.csv",
    "Shopify: refunds have no date": "forms.test_refund_dates_come_from_two_order_exports",
    "Shopify: the same order in two exports": "traps.test_an_order_in_two_exports_is_counted_once",
    "Shopify: the same order twice in one export": "trap_shopify_twice_in_one_file.csv",
    "Shopify: another currency": "trap_shopify_other_currency.csv",
    "Shopify: buyers' names, streets and e-mails": "traps.test_no_personal_detail_of_a_buyer_survives",
    "Shopify discounts: negative values, BOM": "shopify_discounts.csv",
    "Shopify discounts: the older form, three value types": "trap_shopify_discounts_older.csv",
    "codes that differ by case only": "trap_discount_codes_case.csv",
    "Matrixify orders hold no code": "trap_matrixify_orders.csv",
    "Matrixify orders: records of several kinds, the code on one of its own": "matrixify_orders.csv",
    "Matrixify discounts": "trap_matrixify_discounts.csv",
    "WooCommerce-like orders": "trap_woocommerce_orders.csv",
    "WooCommerce-like orders, one row per line": "trap_woocommerce_lines.csv",
    "a file nobody knows": "trap_unknown.csv",
    "GA4: comment block, grand total, stacked tables, manual ad content": "ga4_traffic.csv",
    "GA4: the other name of the default channel group": "trap_ga4_primary_channel_group.csv",
    "GA4: a channel group of one's own": "trap_ga4_own_channel_group.csv",
    "GA4: Conversions, the old name of Key events": "trap_ga4_conversions.csv",
    "GA4: Date as 20260701, UTM values keep their case": "trap_ga4_daily_users.csv",
    "GA4: French": "trap_ga4_french.csv",
    "GA4: German": "layouts.test_german_analytics",
    "GA4: only the rows on screen": "trap_ga4_rows_on_screen.csv",
    "Instagram: metrics in another order": "trap_instagram_other_order.csv",
    "Instagram: Impressions and Plays, quoted thousands": "trap_instagram_impressions.csv",
    "Instagram: day or month": "trap_instagram_day_or_month.csv",
    "Instagram: Portuguese, 1.234,5": "trap_instagram_portuguese.csv",
    "Stories": "instagram_stories.csv",
    "Stories: Portuguese": "trap_stories_portuguese.csv",
    "Meta daily: UTF-16, sep=, title line": "meta_daily.csv",
    "Meta daily: another figure": "trap_meta_daily_interactions.csv",
    "Meta daily: a figure not known": "trap_meta_daily_unknown_figure.csv",
    "Meta audience: five blocks": "meta_audience.csv",
    "Facebook: BOM, 34 columns": "trap_facebook_many_columns.csv",
    "lifetime totals of different days": "traps.test_lifetime_totals_of_two_days_are_not_added",
    "TikTok: case and order of columns, MM/DD/YYYY, 1.2K": "trap_tiktok_case_and_order.csv",
    "TikTok: watch time and saves": "trap_tiktok_slashed_days.csv",
    "TikTok: Spanish": "trap_tiktok_spanish.csv",
    "TikTok: Portuguese": "trap_tiktok_portuguese.csv",
    "TikTok: no year, across New Year, undefined": "trap_tiktok_new_year.csv",
    "TikTok: no year, in a stated range": "traps.test_days_without_a_year_take_it_from_the_stated_range",
    "TikTok: shares as fractions": "tiktok_gender.csv",
    "TikTok: shares as percent": "trap_tiktok_gender_percent.csv",
    "TikTok Shop: old names, --, 5.93%, a space behind a name": "tiktok_shop_creators.csv",
    "TikTok Shop: new names": "trap_tiktok_shop_new_names.csv",
    "TikTok Shop: every column": "trap_tiktok_shop_every_column.csv",
    "TikTok Shop: every column of the videos": "trap_tiktok_shop_videos_every_column.csv",
    "TikTok Shop: orders": "tiktok_shop_orders.csv",
    "YouTube: total, leading space, durations": "youtube_content.csv",
    "YouTube: every column, rows on screen only": "trap_youtube_every_column.csv",
    "YouTube: thumbnail impressions": "trap_youtube_thumbnail.csv",
    "Pinterest by mapping": "trap_pinterest.csv",
    "Meta ads: French, currency in the header, days": "meta_ads.csv",
    "Meta ads: a period's total": "trap_ads_period.csv",
    "Meta ads: names repeat, ids do not": "trap_ads_same_names.csv",
    "feedback: counts that do not add up": "trap_feedback_counts.csv",
    "networks that write 0 clicks": "trap_affiliate_clicks_zero.csv",
    "numbers: 1.234,5 and € 12,00": "trap_amounts.csv",
    "numbers: 12,400 and 1.2K": "trap_counts.csv",
    "numbers: 5.93%": "trap_rates.csv",
    "a column name with a line break": "trap_header_line_breaks.csv",
    "profile links for handles": "trap_handle_links.csv",
    "cells that a spreadsheet would run": "trap_formulas.csv",
    "NUL bytes": "trap_nul_bytes.csv",
    "a quotation mark never closed": "trap_open_quote.csv",
    "lines that end in a carriage return": "trap_carriage_returns.csv",
    "UTF-16 with semicolons": "trap_semicolon_utf16.csv",
    "Latin-1": "trap_latin_1.csv",
    "a link out of the folder": "forms.test_a_link_out_of_the_client_folder_is_refused",
    "zip bombs": "forms.test_a_zip_file_that_could_do_harm_is_refused_by_name",
    "workbooks with macros or links": "forms.test_workbooks_that_could_do_harm_are_refused_by_name",
    "a line without end": "forms.test_a_line_without_end_is_refused_with_its_limit",
}  # fmt: skip


@pytest.mark.parametrize("held_by", TRAPS.values())
def test_every_trap_is_held_by_a_file_or_a_test(held_by: str) -> None:
    """The list above names nothing that is not there."""
    if (CORPUS / held_by).exists():
        return
    module, test = held_by.split(".")
    assert f"def {test}(" in Path(__file__).with_name(f"test_exports_{module}.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_gives_exactly_the_receipt_beside_it(shelf: Path, path: Path) -> None:
    """Every field of it: counts, reasons with record numbers, columns, dates, currency, notes."""
    expected = json.loads(path.with_name(path.name + ENDING).read_text(encoding="utf-8"))
    told = told_of(path, shelf)
    assert told == expected
    if "problem" not in told:
        assert told["rows_in"] == told["kept"] + sum(aside["count"] for aside in told["set_aside"])


def test_the_corpus_has_a_file_for_every_layout() -> None:
    """Named after the layout; a layout that is added to the pack is added here."""
    receipts = [json.loads(path.with_name(path.name + ENDING).read_text(encoding="utf-8")) for path in FILES]
    assert {receipt.get("reader") for receipt in receipts} >= ALONE
    for reader in ALONE:
        expected = json.loads((CORPUS / f"{reader}.csv{ENDING}").read_text(encoding="utf-8"))
        assert expected["reader"] == reader


def test_a_folder_with_every_layout_gives_one_receipt_each(shelf: Path) -> None:
    """Side by side the files are recognised as they are alone, and every record is accounted for."""
    files: dict[str, str | bytes] = {
        f"{name}.csv": (CORPUS / f"{name}.csv").read_bytes() for name in sorted(ALONE)
    }
    read = exports.read_folder(make_client(shelf, files, **RATES))
    assert {receipt.file: receipt.reader for receipt in read.receipts} == {
        f"{name}.csv": name for name in ALONE
    }
    for receipt in read.receipts:
        alone = json.loads((CORPUS / f"{receipt.file}{ENDING}").read_text(encoding="utf-8"))
        assert receipt.rows_in == receipt.kept + receipt.set_aside_count == alone["rows_in"]
        assert f"{receipt.file}: {receipt.label}" in receipt_lines(receipt)[0]


if __name__ == "__main__":
    for name in sys.argv[1:]:
        target = CORPUS / (name + ENDING)
        with (
            tempfile.TemporaryDirectory() as room,
            mock.patch.object(repository, "CACHE", Path(room) / "cache"),
        ):
            found = told_of(CORPUS / name, Path(room) / "client")
        if not target.exists():
            target.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
