"""`forms.promotions_and_costs`: the shop's own sales in these weeks, what the campaign costs besides creators, open points."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from creatorbook.book import Book
from creatorbook.client import Campaign
from creatorbook.finance.cost_lines import kinds
from creatorbook.forms.fields import Field
from creatorbook.forms.form import Button, Form, show_form
from creatorbook.forms.ranges import range_rows, ranges_of_rows, rows_of_ranges
from creatorbook.forms.settings_part import CampaignPart, Values
from creatorbook.problems import Problem

_SUMS = {
    "agency_fee": "Agency's fee",
    "tools_cost": "Tools",
    "ad_spend": "Ads on creators' content",
}
_COMMISSION = {"commission_rate": "Commission on sales that stay"}
MORE, OPEN = "Further costs", "Open points and days"


def promotions_and_costs(book: Book) -> None:
    """Promotions and costs; folded: further costs, open points, days until returns settle."""
    form = promotions_and_costs_form(book)
    show_form(book, form, "A form: promotions, costs and open points, written to the campaign file.")


def promotions_and_costs_form(book: Book) -> Form:
    """What the campaign file says of them."""
    part = CampaignPart(book, _values, _settings)
    return Form(
        "Promotions and costs",
        [replace(field, value=part.values[field.name]) for field in _fields(book)],
        [Button("Show what changes", part.look, "look"), Button("Write it down", part.write)],
        writes=part.path,
        intro="A sale of the shop's own lifts orders that creators did not bring, so it is noted before it happens.",
    )


def _fields(book: Book) -> list[Field]:
    unit = book.formats.currency_sign
    promotion = [
        Field("start", "First day", "day", required=True),
        Field("end", "Last day", "day", required=True),
        Field("what", "What", required=True),
    ]
    commitment = [
        Field("what", "What", required=True),
        Field("amount", "Amount", "number", unit=unit),
        Field("kind", "Kind", options=sorted({kind.name for _, kind in kinds()} | {"other"})),
        Field("owner", "Who"),
        Field("due", "Until", "day"),
    ]
    return [
        Field("promotions", "The shop's own promotions", "rows", columns=promotion),
        Field("no_promotions", "There are none in or near these weeks", "tick",
              help="Without it and without a row they are unknown, which reports say."),
        *(Field(name, words, "number", unit=unit, low=0) for name, words in _SUMS.items()),
        range_rows("commission", "Commission", "share", "%", means="Likely alone, or a range. Empty: not known."),
        Field("geo_targeted_ads", "Ads are shown in chosen regions only", "tick", group=MORE),
        Field("costs", "Costs without a file of their own", "rows", columns=commitment, group=MORE),
        Field("open_points", "Open points", "rows", columns=commitment, group=OPEN),
        Field("settles_after_days", "Days until returns settle", "number", unit="days", low=0, required=True, group=OPEN,
              help="After so many days hardly any order comes back."),
        Field("lookback_days", "Days before an order in which a click counts", "number", unit="days", low=0, required=True, group=OPEN),
    ]  # fmt: skip


def _values(campaign: Campaign) -> Values:
    names = (*_SUMS, "geo_targeted_ads", "settles_after_days", "lookback_days")
    rows = {name: [_shown(one) for one in getattr(campaign, name)] for name in ("costs", "open_points")}
    return {
        "promotions": [one.model_dump() for one in campaign.promotions or []],
        "no_promotions": campaign.promotions == [],
        "commission": rows_of_ranges({"commission_rate": campaign.commission_rate}, _COMMISSION),
        **rows,
        **{name: getattr(campaign, name) for name in names},
    }


def _settings(values: Values) -> dict[str, Any]:
    if values["promotions"] and values["no_promotions"]:
        raise Problem(
            "there are promotions, and a tick says that there are none", todo="Take out the one or the other."
        )
    promotions = values["promotions"] or ([] if values["no_promotions"] else None)
    names = (*_SUMS, "geo_targeted_ads", "settles_after_days", "lookback_days")
    return {
        "promotions": promotions,
        **ranges_of_rows(values["commission"], _COMMISSION),
        **{name: [_filled(row) for row in values[name]] or None for name in ("costs", "open_points")},
        **{name: values[name] for name in names},
    }


def _shown(one: Any) -> dict[str, Any]:
    row = one.model_dump()
    return {**row, "kind": "" if row["kind"] == "other" else row["kind"]}


def _filled(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value not in (None, "")}
