"""What is looked at before launch: one check per point of `packs/launch.yml`, each with what it saw."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from creatorbook.campaign import links as link_tools
from creatorbook.campaign.assignments import accounts, assigned, creators_file, landing_page
from creatorbook.campaign.benefits import TAKEN_AS_A_FEE
from creatorbook.campaign.lift_designs import baseline
from creatorbook.campaign.order_codes import plain_codes
from creatorbook.finance.costs import planned_costs
from creatorbook.finance.order_values import days_on_file_before
from creatorbook.findings import Day, Text, Wording, joined, packed, say, say_many
from creatorbook.findings.messages import Message
from creatorbook.packs import pack
from creatorbook.problems import Problem
from creatorbook.text.territories import is_country
from creatorbook.tracking.labels import label_rows
from creatorbook.tracking.rights import may_be_used, used_outside

if TYPE_CHECKING:
    from creatorbook.book import Book


class LaunchSign(NamedTuple):
    """What a check saw: what is there, whether the point is ready, and how far it is where that can be counted."""

    text: Text
    ready: bool = False
    progress: Wording | None = None


def refuse_unknown_countries(book: Book) -> None:
    """Stop at a creator whose country does not exist: label words and rights could not be decided.

    Raises:
        Problem: a two-letter country of the creators list is no country's code.
    """
    for row in accounts(book).to_dict("records"):
        country = row["country"]
        if pd.notna(country) and len(country) == 2 and not is_country(country.upper()):
            what = f"@{row['handle']}: “{country}” is no country's code"
            todo = "Write the two-letter code, as DE or GB; the campaign lead can ask the creator."
            raise Problem(what, creators_file(book), int(row["row"]), "country", todo=todo)


def precedence_stated(book: Book) -> bool:
    """Whether the campaign file itself says which trace counts first."""
    return "precedence" in book.campaign.model_fields_set


def promotions_stated(book: Book) -> bool:
    """Whether the shop's own promotions are known: from the campaign file or an export."""
    return book.campaign.promotions is not None or book.tables.has("promotions")


def _approved(book: Book) -> LaunchSign:
    people = accounts(book)
    approved = people["decision"].isin(pack("launch")["approved"])
    done = people.loc[approved, "person"].nunique()
    total = people["person"].nunique()
    return counted(say("{done} of {total} decided on", done=done, total=total))


def _priced(book: Book) -> LaunchSign:
    people, lines = accounts(book), planned_costs(book).lines
    with_fee = lines["creator"][lines["rung"].isin(["fees", "gifts"])]
    priced = people["person"].isin(with_fee) | people["commission_rate"].notna()
    done, total = people.loc[priced, "person"].nunique(), people["person"].nunique()
    return counted(say("{done} of {total} with a price", done=done, total=total))


def _coded(book: Book) -> LaunchSign:
    assignments = assigned(book)
    done = assignments.loc[assignments["code"] != "", "person"].nunique()
    total = assignments["person"].nunique()
    return counted(say("{done} of {total} with a code", done=done, total=total))


def _linked(book: Book) -> LaunchSign:
    links = assigned(book)["link"]
    done = int((links != "").sum())
    return counted(say("{done} of {total} with a complete link", done=done, total=len(links)))


def _labelled(book: Book) -> LaunchSign:
    rows = label_rows(book)
    stated = rows["benefit_from"].map(lambda source: source != TAKEN_AS_A_FEE).astype(bool)
    settled = rows[rows["open"].map(len).eq(0) & stated]
    total, done = rows["handle"].nunique(), settled["handle"].nunique()
    return counted(say("{done} of {total} with words and a known benefit", done=done, total=total))


def _landing_page(book: Book) -> LaunchSign:
    page = landing_page(book)
    links = assigned(book)["link"]
    if page is None and len(links) and (links != "").all():
        return LaunchSign(say("every creator has a link of their own"), ready=True)
    return LaunchSign(page, ready=True) if page else LaunchSign(say("not stated"))


def _briefed(book: Book) -> LaunchSign:
    brief = book.campaign.brief
    agreed = bool(book.campaign.deliverables) or book.tables.has("creators", "deliverables")
    lacking = [
        part
        for part, there in (
            (say("product"), brief.product),
            (say("key messages"), brief.key_messages),
            (say("deliverables"), agreed),
        )
        if not there
    ]
    if lacking:
        return LaunchSign(say("not told yet: {parts}", parts=joined(lacking)))
    if not book.tables.has("briefs"):
        return LaunchSign(say("complete"), ready=True)
    people = accounts(book)
    sent = set(book.tables.briefs.dropna(subset=["sent_on"])["handle"])
    done = people.loc[people["handle"].isin(sent), "person"].nunique()
    return counted(say("{done} of {total} sent", done=done, total=people["person"].nunique()))


def _rights(book: Book) -> LaunchSign:
    people = set(accounts(book)["person"])
    if used_outside(book):
        return LaunchSign(used_outside(book)[0])
    if not people or not book.tables.has("rights"):
        text = book.campaign.rights.strip()
        return LaunchSign(text or say("not stated: content must not be re-used"), ready=bool(text))
    done = len(people & may_be_used(book))
    return counted(say("{done} of {total} with rights on file", done=done, total=len(people)))


def _well_formed(book: Book) -> LaunchSign:
    assignments = assigned(book).itertuples()
    made = {f"@{row.handle} ({row.platform})": str(row.link) for row in assignments if row.link}
    wrong = {name: remark.what for name, remark in link_tools.check_links(made) if remark.blocks}
    if not made:
        return LaunchSign(say("no link yet"))
    done, total = len(made) - len(wrong), len(made)
    if not wrong:
        return counted(say("{done} of {total} well-formed", done=done, total=total))
    name = min(wrong)
    return counted(
        say(
            "{done} of {total} well-formed; {link}: {what}",
            done=done,
            total=total,
            link=name,
            what=wrong[name],
        )
    )


def _codes_in_shop(book: Book) -> LaunchSign:
    shop = book.tables.discounts
    shop = shop.assign(code=plain_codes(shop["code"]))
    codes = sorted(set(assigned(book)["code"]) - {""})
    if shop.empty:
        return LaunchSign(say("not checked: no discount export"))
    there = shop[shop["code"].isin(codes)]
    wrong = {row["code"]: why for row in there.to_dict("records") if (why := _wrong_in_shop(book, row))}
    if there["code"].nunique() == len(codes) and wrong:
        first = min(wrong)
        text = say("{n} not as planned, such as {code}: {what}", n=len(wrong), code=first, what=wrong[first])
        return LaunchSign(text)
    done = len(set(there["code"]) - set(wrong))
    return counted(say("{done} of {total} in the shop for the right days", done=done, total=len(codes)))


def _wrong_in_shop(book: Book, row: dict[Any, Any]) -> Text | None:
    """What of a code in the shop differs from the plan: state, days, discount or limits."""
    rule = book.campaign.codes
    start, end = pd.Timestamp(book.campaign.start), pd.Timestamp(book.campaign.end)
    if str(row["status"]).lower() in {"expired", "disabled"} and pd.notna(row["status"]):
        return str(row["status"]).lower()
    if pd.notna(row["starts_at"]) and row["starts_at"].normalize() > start:
        return say("starts too late")
    if pd.notna(row["ends_at"]) and row["ends_at"].normalize() < end:
        return say("ends too early")
    if row["value_kind"] == "percentage" and pd.notna(row["value"]) and row["value"] != rule.percent:
        return say("{shop} % in place of {planned} %", shop=f"{row['value']:g}", planned=f"{rule.percent:g}")
    if rule.once_per_customer and pd.notna(row["once_per_customer"]) and not row["once_per_customer"]:
        return say("not limited to once per customer")
    if pd.notna(row["usage_limit"]) and pd.notna(row["used"]) and row["used"] >= row["usage_limit"]:
        return say("used up")
    return None


def _precedence(book: Book) -> LaunchSign:
    order = joined(packed(claim) for claim in book.campaign.precedence)
    if precedence_stated(book):
        return LaunchSign(order, ready=True)
    return LaunchSign(say("the usual order is used: {order}", order=order))


def _promotions(book: Book) -> LaunchSign:
    if not promotions_stated(book):
        return LaunchSign(say("not stated"))
    count = len(book.campaign.promotions or []) or len(book.tables.promotions)
    return LaunchSign(say("{n} stated", n=count) if count else say("none in these days"), ready=True)


def _baseline(book: Book) -> LaunchSign:
    wanted = pack("launch")["baseline_days"]
    span = days_on_file_before(book)
    if not span:
        return LaunchSign(say("no order before the start on file"))
    text = say_many(
        "orders of {n} day before the start ({wanted} wanted)",
        "orders of {n} days before the start ({wanted} wanted)",
        n=span,
        wanted=wanted,
    )
    return LaunchSign(text, span >= wanted)


def _lift(book: Book) -> LaunchSign:
    if book.lift_fault:
        return LaunchSign(book.lift_fault)
    if book.lift is not None:
        return LaunchSign(say("stored on {day}", day=Day(book.lift.written_on)), ready=True)
    if baseline(book):
        return LaunchSign(say("not stored"))
    return LaunchSign(say("not stored, and too few days of orders for a baseline"))


#: point → its check
CHECKS: dict[str, Callable[[Book], LaunchSign]] = {
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


def counted(text: Message) -> LaunchSign:
    """A point that is ready once `done` of a text is its `total`; where there is nobody yet, the list is missing."""
    done, total = text.values["done"], text.values["total"]
    if not total:
        return LaunchSign(say("no creators list yet"))
    return LaunchSign(text, done == total, say("{done} of {total}", done=done, total=total))
