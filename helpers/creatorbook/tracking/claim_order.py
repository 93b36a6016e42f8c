"""Which trace counts first: the campaign's rule for orders that have more than one (attribution)."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from creatorbook.findings import Findings, Note, Wording, say
from creatorbook.tracking.launch_checks import precedence_stated, promotions_stated
from creatorbook.tracking.launch_days import due_before, shop_promotions

if TYPE_CHECKING:
    from creatorbook.book import Book

_CLAIMS: dict[str, Wording] = {
    "code": say("the code used in the order"),
    "link": say("the link clicked before the order"),
    "survey": say("the buyer's answer to “how did you hear about us?”"),
    "view": say("having seen a post, as the platform counts it"),
}


def precedence(book: Book) -> Findings:
    """Which trace counts where an order has more than one: the campaign file's rule, used by the results (attribution)."""
    notes = [_rule(book)]
    if not precedence_stated(book):
        text = say(
            "This order is the workbook's usual one: write “precedence:” into the campaign file to agree on it."
        )
        notes.append(Note(text, "todo", owner="brand", due=due_before(book, 7)))
    if "view" not in book.campaign.precedence:
        text = say(
            "Views are shown beside the table, never in it: a platform's view totals cannot be joined to orders."
        )
        notes.append(Note(text, "method"))
    if promotions := shop_promotions(book):
        text = say(
            "The shop's own promotion runs in the same days ({promotions}): buyers may use it in place of a creator's "
            "code.",
            promotions=promotions,
        )
        notes.append(Note(text, "caution"))
    elif not promotions_stated(book):
        text = say(
            "Whether the shop runs a promotion of its own in these days is not stated: a site-wide sale makes codes "
            "useless."
        )
        notes.append(Note(text, "unknown", owner="brand", due=due_before(book, 10)))
    return Findings("tracking", tuple(notes), book.formats)


def _rule(book: Book) -> Note:
    first, *others = (_CLAIMS[claim] for claim in book.campaign.precedence)
    claims = reduce(lambda row, claim: say("{claims}, then {claim}", claims=row, claim=claim), others, first)
    text = say("An order belongs to a creator by {claims}. The first that is there decides.", claims=claims)
    return Note(text)
