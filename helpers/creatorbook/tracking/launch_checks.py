"""What is looked at before launch: one check per point of `packs/launch.yml`, each answering with what was found."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.campaign import links as link_tools
from creatorbook.campaign.assignments import accounts, assigned, creators_file, landing_page
from creatorbook.campaign.lift_designs import baseline
from creatorbook.campaign.order_codes import plain_codes
from creatorbook.packs import pack
from creatorbook.problems import Problem
from creatorbook.text.territories import is_country
from creatorbook.tracking.labels import label_rows
from creatorbook.tracking.rights import may_be_used, used_outside

if TYPE_CHECKING:
    from creatorbook.book import Book


def refuse_unknown_countries(book: Book) -> None:
    """Stop at a creator whose country does not exist: label words and rights could not be told.

    Raises:
        Problem: a two-letter country of the creators list is no country's code.
    """
    for row in accounts(book).to_dict("records"):
        country = row["country"]
        if pd.notna(country) and len(country) == 2 and not is_country(country.upper()):
            what = f"@{row['handle']}: “{country}” is no country's code"
            todo = "Write the two-letter code, as DE or GB; whoever keeps the list can ask the creator."
            raise Problem(what, creators_file(book), int(row["row"]), "country", todo=todo)


def precedence_stated(book: Book) -> bool:
    """Whether the campaign file itself says which trace counts first."""
    return "precedence" in book.campaign.model_fields_set


def promotions_stated(book: Book) -> bool:
    """Whether the shop's own promotions are known: from the campaign file or an export."""
    return book.campaign.promotions is not None or book.tables.has("promotions")


def _approved(book: Book) -> tuple[bool, str]:
    people = accounts(book)
    approved = people["decision"].isin(pack("launch")["approved"])
    done = people.loc[approved, "person"].nunique()
    return _share(done, people["person"].nunique(), "decided on")


def _priced(book: Book) -> tuple[bool, str]:
    people = accounts(book)
    known = people["fee"].notna() | people["gift_cost"].notna() | people["commission_rate"].notna()
    return _share(people.loc[known, "person"].nunique(), people["person"].nunique(), "with a price")


def _coded(book: Book) -> tuple[bool, str]:
    told = assigned(book)
    coded = told.loc[told["code"] != "", "person"].nunique()
    return _share(coded, told["person"].nunique(), "with a code")


def _linked(book: Book) -> tuple[bool, str]:
    told = assigned(book)
    return _share(int((told["link"] != "").sum()), len(told), "with a complete link")


def _labelled(book: Book) -> tuple[bool, str]:
    rows = label_rows(book)
    known = rows[(rows["open"] == "") & rows["benefit_from"].ne("not listed: taken as a fee")]
    total, done = rows["handle"].nunique(), known["handle"].nunique()
    return _share(done, total, "with words and a known benefit")


def _landing_page(book: Book) -> tuple[bool, str]:
    page = landing_page(book)
    kept = assigned(book)
    if page is None and len(kept) and (kept["link"] != "").all():
        return True, "every creator has a link of their own"
    return (True, page) if page else (False, "not in the campaign file")


def _briefed(book: Book) -> tuple[bool, str]:
    brief = book.campaign.brief
    agreed = bool(book.campaign.deliverables) or book.tables.has("creators", "deliverables")
    lacking = [
        name
        for name, there in (
            ("product", brief.product),
            ("key messages", brief.key_messages),
            ("deliverables", agreed),
        )
        if not there
    ]
    if lacking:
        return False, f"not told yet: {', '.join(lacking)}"
    if not book.tables.has("briefs"):
        return True, "complete"
    people = accounts(book)
    sent = set(book.tables.briefs.dropna(subset=["sent_on"])["handle"])
    return _share(
        people.loc[people["handle"].isin(sent), "person"].nunique(), people["person"].nunique(), "sent"
    )


def _rights(book: Book) -> tuple[bool, str]:
    people = set(accounts(book)["person"])
    if used_outside(book):
        return False, used_outside(book)[0]
    if not people or not book.tables.has("rights"):
        told = book.campaign.rights.strip()
        return bool(told), told or "not stated: content must not be re-used"
    return _share(len(people & may_be_used(book)), len(people), "with rights on file")


def _well_formed(book: Book) -> tuple[bool, str]:
    told = assigned(book)
    made = {f"@{row.handle} ({row.platform})": str(row.link) for row in told.itertuples() if row.link}
    wrong = {name: remark.what for name, remark in link_tools.lint_all(made) if remark.blocks}
    if wrong:
        name = min(wrong)
        return False, f"{len(made) - len(wrong)} of {len(made)} well-formed; {name}: {wrong[name]}"
    return _share(len(made), len(made), "well-formed") if made else (False, "no link yet")


def _codes_in_shop(book: Book) -> tuple[bool, str]:
    shop = book.tables.discounts
    shop = shop.assign(code=plain_codes(shop["code"]))
    codes = sorted(set(assigned(book)["code"]) - {""})
    if shop.empty:
        return False, "not checked: no discount export"
    there = shop[shop["code"].isin(codes)]
    wrong = {row["code"]: why for row in there.to_dict("records") if (why := _wrong_in_shop(book, row))}
    if there["code"].nunique() == len(codes) and wrong:
        first = min(wrong)
        return False, f"{len(wrong)} not as planned, such as {first}: {wrong[first]}"
    return _share(len(set(there["code"]) - set(wrong)), len(codes), "in the shop for the right days")


def _wrong_in_shop(book: Book, row: dict[Any, Any]) -> str:
    """What of a code in the shop differs from the plan: state, days, discount or limits; empty if nothing."""
    rule = book.campaign.codes
    start, end = pd.Timestamp(book.campaign.start), pd.Timestamp(book.campaign.end)
    if str(row["status"]).lower() in {"expired", "disabled"} and pd.notna(row["status"]):
        return str(row["status"]).lower()
    if pd.notna(row["starts_at"]) and row["starts_at"].normalize() > start:
        return "starts too late"
    if pd.notna(row["ends_at"]) and row["ends_at"].normalize() < end:
        return "ends too early"
    if row["value_kind"] == "percentage" and pd.notna(row["value"]) and row["value"] != rule.percent:
        return f"{row['value']:g} % in place of {rule.percent:g} %"
    if rule.once_per_customer and pd.notna(row["once_per_customer"]) and not row["once_per_customer"]:
        return "not limited to once per customer"
    if pd.notna(row["usage_limit"]) and pd.notna(row["used"]) and row["used"] >= row["usage_limit"]:
        return "used up"
    return ""


def _precedence(book: Book) -> tuple[bool, str]:
    order = ", ".join(book.campaign.precedence)
    if precedence_stated(book):
        return True, order
    return False, f"the usual order is used: {order}"


def _promotions(book: Book) -> tuple[bool, str]:
    if not promotions_stated(book):
        return False, "not in the campaign file"
    count = len(book.campaign.promotions or []) or len(book.tables.promotions)
    return True, f"{count} stated" if count else "none in these days"


def _baseline(book: Book) -> tuple[bool, str]:
    wanted = pack("launch")["baseline_days"]
    days = book.tables.orders["ordered_at"].dropna()
    before = days[days < pd.Timestamp(book.campaign.start)]
    if before.empty:
        return False, "no order before the start on file"
    span = (pd.Timestamp(book.campaign.start) - before.min().normalize()).days
    return span >= wanted, f"orders of {span} days before the start ({wanted} wanted)"


def _lift(book: Book) -> tuple[bool, str]:
    if book.lift is not None:
        return True, f"stored on {book.formats.day(book.lift.written_on)}"
    return False, "not stored" if baseline(book) else "not stored, and too few days of orders for a baseline"


#: point → whether it is ready, and what was found
CHECKS: dict[str, Callable[[Book], tuple[bool, str]]] = {
    "approved": _approved,
    "priced": _priced,
    "briefed": _briefed,
    "rights": _rights,
    "landing_page": _landing_page,
    "linked": _linked,
    "well_formed": _well_formed,
    "coded": _coded,
    "codes_in_shop": _codes_in_shop,
    "labelled": _labelled,
    "precedence": _precedence,
    "promotions": _promotions,
    "baseline": _baseline,
    "lift": _lift,
}


def _share(done: int, total: int, what: str) -> tuple[bool, str]:
    if total == 0:
        return False, "no creators list yet"
    return done == total, f"{done} of {total} {what}"
