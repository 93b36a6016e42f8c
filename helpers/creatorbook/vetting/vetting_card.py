"""The vetting card: one page per account, in the order and words that a person decides from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd
from jinja2 import Environment

from creatorbook.findings import Count, Findings, Money, Text, say, say_many, written
from creatorbook.findings.render import MARKS
from creatorbook.text.handles import plain_handle
from creatorbook.vetting.accounts import account_of, listed_accounts, platform_name
from creatorbook.vetting.card_conclusions import (
    at_a_glance_section,
    decision_section,
    score_section,
    signals_section,
    unchecked_section,
    worth_section,
)
from creatorbook.vetting.card_evidence import (
    audience_section,
    conversation_section,
    past_work_section,
    response_section,
    style_section,
)
from creatorbook.vetting.card_section import CardSection
from creatorbook.vetting.decided import ordered, shown_decisions
from creatorbook.vetting.second_review import KEPT_BACK, decisions_kept_back, kept_back_note, marks_kept_back
from creatorbook.vetting.with_us import with_us_section
from creatorbook.vetting.wording import one_note

if TYPE_CHECKING:
    from creatorbook.book import Book


#: what stands in place of other people's judgement for whoever reviews alone
HIDDEN = say("Hidden until you have decided.")

_CARD = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string("""
<section class="cb-card" aria-label="{{ label }}">
<p class="cb-card-title"><strong>{{ title }}</strong>{% for part in parts %} · {{ part }}{% endfor %}</p>
{% for section in sections %}
<p><strong>{{ section.heading }}</strong> {{ section.text }}{% if section.grade %} <span class="cb-mark" role="img" aria-label="{{ section.grade }}">{{ marks[section.grade] }}</span>{% endif %}</p>
{% if section.points %}
<ul>
{% for point in section.points %}
<li>{{ point }}</li>
{% endfor %}
</ul>
{% endif %}
{% endfor %}
<p class="cb-note">{{ reminder }}</p>
</section>
""")


def card(book: Book, handle: str) -> Findings:
    """The vetting card of one account (`@handle`, or `platform/handle` where a handle stands on two)."""
    account, formats = account_of(book, handle), book.formats
    if account is None:
        text = say(
            "@{handle} is not in the creators list; add a line with handle, platform and followers.",
            handle=plain_handle(handle),
        )
        return one_note(book, text, "unknown")
    return Findings("vetting", (), formats, card_html(book, account, sections(book, account)))


def card_html(book: Book, account: str, paragraphs: Sequence[CardSection]) -> str:
    """A card as escaped HTML: its title, these paragraphs, and the reminder that the creator may read it."""
    called, formats = listed_accounts(book).called[account], book.formats
    reminder = say("Write it so that {creator} could read it: in the EU they may ask to.", creator=called)
    html = _CARD.render(
        title=called,
        label=written(say("Vetting card of {creator}", creator=called), formats),
        parts=[written(part, formats) for part in title_parts(book, account)],
        sections=[section.written(formats) for section in paragraphs],
        reminder=written(reminder, formats),
        marks=MARKS,
    )
    return html.strip()


def cards(book: Book, handles: list[str] | None = None, limit: int = 3) -> Findings:
    """Cards of the accounts named, else of the first ones in the shortlist's order."""
    order = ordered(book)
    chosen = handles if handles is not None else list(order.index[:limit])
    if not chosen:
        return one_note(book, say("There is nobody to make a card for yet."), "unknown")
    findings = Findings("vetting", tuple(kept_back_note(book)), book.formats)
    if handles is None and not order.done.any():  # cards on which nothing is known look all the same
        chosen = chosen[:1]
        same = say(
            "Nothing could be checked yet, so all cards would look like this one: it shows what a card asks for. "
            "The quick-check sheet below fills half of it in minutes."
        )
        findings += one_note(book, same, "unknown")
    for handle in chosen:
        findings += card(book, handle)
    return findings


def title_parts(book: Book, account: str) -> list[Text]:
    """What stands beside the handle: platform, followers, place, fee, source; what is unknown is left out."""
    row = listed_accounts(book).loc[account]
    parts: list[Text] = [platform_name(row.platform), say("followers not available")]
    if pd.notna(row.followers):
        parts[1] = say_many("{n} follower", "{n} followers", n=Count(row.followers))
    if pd.notna(row.place):
        parts.append(str(row.place))
    if pd.isna(row.fee):
        parts.append(say("fee not available"))
    else:
        parts.append(say("asks {fee}", fee=Money(row.fee)) if row.fee else say("asks no fee"))
    if pd.notna(row.source):
        parts.append(say("found through: {source}", source=row.source))
    return parts


def sections(book: Book, account: str) -> list[CardSection]:
    """The card's paragraphs in their order."""
    evidence = evidence_sections(book, account, style=KEPT_BACK if account in marks_kept_back(book) else None)
    if account in decisions_kept_back(book):
        return [*evidence, CardSection(say("Your decision:"), KEPT_BACK)]
    return [*evidence, decision_section(shown_decisions(book), account)]


def evidence_sections(book: Book, account: str, *, style: Text | None = None) -> list[CardSection]:
    """All paragraphs but the decision's; `style`: what stands in place of what reviewers marked."""
    return [
        *with_us_section(book, account, decided=style is None and account not in decisions_kept_back(book)),
        at_a_glance_section(book, account),
        response_section(book, account),
        conversation_section(book, account),
        audience_section(book, account),
        style_section(book, account) if style is None else CardSection(say("Does the style fit?"), style),
        past_work_section(book, account),
        signals_section(book, account),
        unchecked_section(book, account),
        worth_section(book, account),
        *score_section(book, account),
    ]
