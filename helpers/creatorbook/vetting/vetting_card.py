"""The vetting card: one page per account, in the order and words that a person decides from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
from jinja2 import Environment

from creatorbook.finance import economics
from creatorbook.finance.costs import beside_fee
from creatorbook.findings import Findings, Note
from creatorbook.findings.render import MARKS
from creatorbook.memo import per_book
from creatorbook.packs import pack
from creatorbook.stats.intervals import share_interval
from creatorbook.tracking.label_check import label_history
from creatorbook.vetting import audience_fit, benchmarks, comments, posts, sampled_audience, scoring
from creatorbook.vetting.accounts import account_of, accounts, listed_rows, platform_name
from creatorbook.vetting.checks_done import checks_done, not_checked, told_done
from creatorbook.vetting.decided import asked, last_decisions, order_of, ordered
from creatorbook.vetting.found_signals import found_signals
from creatorbook.vetting.wording import sentence

if TYPE_CHECKING:
    from creatorbook.book import Book
    from creatorbook.findings import Grade
    from creatorbook.findings.formats import Formats

_CARD = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string("""
<section class="cb-card" aria-label="Vetting card of {{ title }}">
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
<p class="cb-note">Write it so that {{ title }} could read it: in the EU they may ask to.</p>
</section>
""")


SAME = (
    "Nothing could be checked yet, so all cards would look like this one: it shows what a card asks for. "
    "The quick-check sheet below fills half of it in minutes."
)


@dataclass(frozen=True)
class Section:
    """One paragraph of a card: its heading, its sentence, the grade of its figures, and points beneath it."""

    heading: str
    text: str
    grade: Grade | None = None
    points: tuple[str, ...] = ()


def card(book: Book, handle: str) -> Findings:
    """The vetting card of one account (`@handle`, or `platform/handle` where a handle stands on two)."""
    account = account_of(book, handle)
    if account is None:
        text = f"@{handle.strip().lstrip('@')} is not in the creators list; add a line with handle, platform and followers."
        return Findings("vetting", (Note(text, "unknown"),), book.formats)
    html = _CARD.render(
        title=accounts(book).called[account],
        parts=title_parts(book, account),
        sections=sections(book, account),
        marks=MARKS,
    )
    return Findings("vetting", (), book.formats, html.strip())


def cards(book: Book, handles: list[str] | None = None, limit: int = 3) -> Findings:
    """Cards of the accounts named, else of the first ones in the shortlist's order."""
    order = ordered(book)
    chosen = handles if handles is not None else list(order.index[:limit])
    if not chosen:
        return Findings(
            "vetting", (Note("There is nobody to make a card for yet.", "unknown"),), book.formats
        )
    found = Findings("vetting", (), book.formats)
    if handles is None and not order.done.any():  # cards on which nothing is known look all the same
        chosen = chosen[:1]
        found += Findings("vetting", (Note(SAME, "unknown"),), book.formats)
    for handle in chosen:
        found = found + card(book, handle)
    return found


def title_parts(book: Book, account: str) -> list[str]:
    """What stands beside the handle: platform, followers, place, fee, source; what is unknown is left out."""
    row, formats = accounts(book).loc[account], book.formats
    parts = [
        platform_name(row.platform),
        f"{formats.number(row.followers)} followers"
        if pd.notna(row.followers)
        else "followers not available",
        row.place,
        "fee not available"
        if pd.isna(row.fee)
        else f"asks {formats.money(row.fee)}"
        if row.fee
        else "asks no fee",
        f"found through: {row.source}" if pd.notna(row.source) else None,
    ]
    return [str(part) for part in parts if part is not None and pd.notna(part)]


def sections(book: Book, account: str) -> list[Section]:
    """The card's paragraphs in their order."""
    return [
        _at_a_glance(book, account),
        _respond(book, account),
        _talk(book, account),
        _audience(book, account),
        _style(book, account),
        _past_work(book, account),
        _signals(book, account),
        _unchecked(book, account),
        _worth(book, account),
        *_score(book, account),
        _decision(book, account),
    ]


@per_book
def glances(book: Book) -> pd.Series:
    """By account: `Nothing stands out`, `2 things to look at`, or `Too little to say yet`.

    Too little: no check that could raise a signal has been done.
    """
    able = {told["check"] for told in pack("signals")["signals"].values()}
    done = checks_done(book)[sorted(able)].sum(axis=1)
    found = found_signals(book).account.value_counts().reindex(done.index).fillna(0).astype(int)
    told = [
        f"{signals} {'thing' if signals == 1 else 'things'} to look at"
        if signals
        else ("Nothing stands out" if checks >= 2 else "Too little to say yet")
        for signals, checks in zip(found, done, strict=True)
    ]
    return pd.Series(told, index=done.index, dtype="str")


def _at_a_glance(book: Book, account: str) -> Section:
    count = int(checks_done(book).loc[account].sum())
    return Section("At a glance:", f"{glances(book)[account]} — {told_done(count)}.")


def _respond(book: Book, account: str) -> Section:
    heading, found = "Do people respond?", posts.response(book)
    if account not in found.index:
        return Section(heading, "Not checked yet.")
    row, percent = found.loc[account], book.formats.percent
    told = posts.formula(book.client.engagement_formula)
    listed = accounts(book)
    per = (
        "followers"
        if told["per"] == "followers"
        else {"reach": "accounts reached"}.get(told["per"], told["per"])
    )
    if row.typed:
        likely = "typed by hand from a typical post, without a range"
    elif pd.isna(row.low):
        likely = f"{row.n:.0f} posts: too few for a range"
    else:
        likely = f"likely {percent(row.low, 1)}–{percent(row.high, 1)}"
    if not row.typed:
        likely += (
            f", {row.n:.0f} posts from {book.formats.day(row['first'])}"
            if pd.notna(row.low)
            else f", from {book.formats.day(row['first'])}"
        )
    says = benchmarks.told(book, listed.loc[[account]]).iloc[0]
    said = (
        "No published figure for this size and platform counts it this way."
        if says == benchmarks.NONE
        else f"Sources for this size and platform say {says}."
    )
    return Section(
        heading,
        f"Typical post {percent(row.rate, 1)} of {per} ({likely}). {said}",
        "assumed" if row.typed else "estimated",
    )


def _talk(book: Book, account: str) -> Section:
    parts = []
    replies, specific, number = comments.replies(book), comments.specific(book), book.formats.number
    if account in replies.index:
        row = replies.loc[account]
        parts.append(f"Answers {number(row.answered)} of {number(row.looked_at)} comments looked at.")
    if account in specific.index:
        row = specific.loc[account]
        low, high = share_interval(row.specific, row.looked_at)
        parts.append(
            f"Of {number(row.looked_at)} comments, {number(row.specific)} say something specific "
            f"(likely {book.formats.percent(low)}–{book.formats.percent(high)} of all)."
        )
    text = " ".join(parts) or "Not checked yet."
    return Section("Do they talk to each other?", text, "counted" if parts else None)


def _audience(book: Book, account: str) -> Section:
    heading, match = "Is the audience ours?", audience_fit.audience_match(book)
    found = match[match.account == account].sort_values(
        ["match", "persona"], ascending=[False, True], kind="stable"
    )
    quality = _looks_unused(book, account)
    if found.empty:
        why = "Not checked yet." if book.client.personas else "Nobody has said yet whom we look for."
        return Section(heading, " ".join([why, *quality]), "estimated" if quality else None)
    percent = book.formats.percent
    told = [
        f"{percent(row.match)} match {row.persona}; {percent(row.unknown)} unknown."
        for row in found.itertuples()
    ]
    seen = found.seen_on.iloc[0]
    told.append(f"Seen on: {book.formats.day(seen) if pd.notna(seen) else 'day not given'}.")
    return Section(heading, " ".join([*told, *quality]), "estimated")


def _looks_unused(book: Book, account: str) -> list[str]:
    """How much of a sample looks like accounts nobody uses, where one was drawn; a vendor's figure by its name."""
    percent, found = book.formats.percent, sampled_audience.shares(book)
    told = [
        f"Of {row.read} {row.drawn_from} looked at, {percent(row.share)} look unused "
        f"(likely {percent(row.low)}–{percent(row.high)})."
        for row in found[(found.account == account) & found.share.notna()].itertuples()
    ]
    vendors = sampled_audience.told_by_vendors(book)
    return told + [
        f"{row.source} calls {percent(row.share)} {row.segment}."
        for row in vendors[vendors.account == account].itertuples()
    ]


def _style(book: Book, account: str) -> Section:
    heading = "Does the style fit?"
    found = listed_rows(book, "reviews")
    found = found[found.account == account].sort_values(["reviewed_on", "reviewer"], kind="stable")
    found = found.drop_duplicates("reviewer", keep="last")
    if found.empty:
        return Section(heading, "Not looked at yet: two of us fill the review sheet.")
    who = {1: "One reviewer", 2: "Two reviewers"}.get(len(found), f"{len(found)} reviewers")
    told = [
        f"{_scores(found[name])} of 5 for {name}" for name in ("style", "values") if found[name].notna().any()
    ]
    words = [f"“{said}”" for said in found.own_words.dropna()]
    return Section(heading, f"{who}: {', '.join(told)}. {' '.join(words)}".strip(), "counted")


def _scores(values: pd.Series) -> str:
    *rest, last = [f"{value:g}" for value in values.dropna()]
    return f"{', '.join(rest)} and {last}" if rest else last


def _past_work(book: Book, account: str) -> Section:
    parts, known = [], posts.paid_known(book)
    if account in known.index:
        row = known.loc[account]
        paid = {0: "None", 1: "One"}.get(int(row.paid), f"{row.paid:.0f}")
        parts.append(
            f"{paid} of the last {row.n:.0f} posts {'was' if row.paid < 2 else 'were'} paid or gifted, "
            "as far as files and captions say."
        )
    parts += _labels_so_far(book, account)
    told = posts.captions(book)
    if (told.account == account).any():
        found = audience_fit.mentions(book)
        found = found[found.account == account]
        for kind, words in (
            ("competitor", "competitor {}"),
            ("must avoid", "word to avoid, {},"),
            ("the brand", "mentioned us ({})"),
        ):
            by_term = found[found.kind == kind].groupby("term", sort=False).published_at
            parts += [f"{words.format(term)} on {_days(days, book.formats)}." for term, days in by_term]
        if not len(found):
            parts.append("No competitor, word to avoid or earlier mention of us in its captions.")
    text = " ".join(part[0].upper() + part[1:] for part in parts) or "Not checked yet."
    return Section("Past work.", text, "counted" if parts else None)


def _days(days: pd.Series, formats: Formats) -> str:
    """The newest two days, and how many more posts there are."""
    told = [formats.day(day) for day in days.head(2)]
    if len(days) > 2:
        return f"{', '.join(told)} and in {len(days) - 2} more posts"
    return " and ".join(told)


def _labels_so_far(book: Book, account: str) -> list[str]:
    told, row = label_history(book), accounts(book).loc[account]
    mine = told[(told.handle == row.handle) & (told.platform == row.platform)]
    return [
        f"Label in the right place {labelled} of {of} times in earlier paid posts."
        for labelled, of in zip(mine.labelled, mine.of, strict=True)
    ]


def _score(book: Book, account: str) -> list[Section]:
    """The client's own score with its parts and place, only if it is switched on."""
    if book.client.score is None:
        return []
    told = scoring.scores(book)
    if account not in told.index:
        return [Section("Score.", "None: less than half of what it weighs is known.")]
    row, known = told.loc[account], scoring.parts(book)
    mine = known[known.account == account].set_index("part").value
    shares = [
        f"{part} {book.formats.percent(mine[part])}" for part in scoring.weights(book) if part in mine.index
    ]
    text = f"{row.score:.0f} of 100 (likely {row.low:.0f}–{row.high:.0f}), rank {row['first']}–{row['last']} of {row['of']}: {', '.join(shares)}."
    text += f" Not known, not counted: {row.missing}." if row.missing else ""
    return [Section("Score.", text, "estimated")]


def _signals(book: Book, account: str) -> Section:
    found, packed = found_signals(book), pack("signals")["signals"]
    points = tuple(
        f"{row.saw} What else explains it: {packed[row.signal]['explains']}. To ask: {packed[row.signal]['ask']}"
        for row in found[found.account == account].itertuples()
    )
    text = (
        ""
        if points
        else (
            "None at our thresholds."
            if glances(book)[account].startswith("Nothing")
            else "Too little was looked at."
        )
    )
    return Section("Signals to check.", text, "estimated" if points else None, points)


def _unchecked(book: Book, account: str) -> Section:
    left = not_checked(book, account)
    points = tuple(f"{sentence(check['name'])}: {check['file']}. From: {check['who']}." for check in left)
    return Section(
        "What we could not check.", "" if points else "Nothing: all checks were done.", None, points
    )


def _worth(book: Book, account: str) -> Section:
    """What an account costs in orders; without a margin, what would settle it."""
    heading, row = "What is it worth?", accounts(book).loc[account]
    unit, money = order_of(book, row, economics.unit_economics(book)), book.formats.money
    if unit.contribution is None:
        return Section(
            heading,
            "We cannot say yet: the basket and the gross margin settle it; shop and finance have them.",
        )
    parts = []
    cost, besides = (
        asked(book, row.to_frame().T).iloc[0],
        beside_fee(book, row.creator if pd.notna(row.creator) else row.handle),
    )
    needed = economics.orders_needed(float(cost), unit) if pd.notna(cost) else None
    if pd.isna(cost):
        parts.append("The fee is not available; ask for it.")
    elif needed is None:
        parts.append("An order leaves nothing at these costs, so no number of orders pays back the fee.")
    elif cost > 0:
        at = (
            money(row.fee)
            if not besides
            else f"{money(cost)} with {besides}"
            if row.fee > 0
            else f"{money(cost)} for {besides}"
        )
        parts.append(f"At {at} we need about {_orders(needed, book.formats.number)} orders.")
    ten = economics.highest_fee(10, unit)
    if ten is not None and ten.likely > 0:
        parts.append(f"Highest fee worth paying: {money(ten.likely)} for every 10 orders we expect.")
    return Section(heading, " ".join(parts), unit.grade)


def _orders(needed: object, number: object) -> str:
    low, likely, high = needed.low, needed.likely, needed.high  # type: ignore[attr-defined]
    told = number(likely)  # type: ignore[operator]
    if low == high:
        return told
    upper = number(high) if math.isfinite(high) else "any number"  # type: ignore[operator]
    return f"{told} (likely {number(low)} to {upper})"  # type: ignore[operator]


def _decision(book: Book, account: str) -> Section:
    decided = last_decisions(book)
    if account not in decided.index:
        return Section("Your decision:", "Shortlist · Ask for more · Not this time — reason and note.")
    row = decided.loc[account]
    note = f" {row.note}" if row.note else ""
    who = f", {row.by}" if row.by else ""
    return Section(
        "Your decision:", f"{row.decision} — {row.reason}.{note} ({book.formats.day(row.date)}{who})"
    )
