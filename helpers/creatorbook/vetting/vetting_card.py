"""The vetting card: one page per account, in the order and words that a person decides from."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd
from jinja2 import Environment

from creatorbook.finance import economics
from creatorbook.finance.costs import beside_fee
from creatorbook.findings import (
    Capital,
    Count,
    Day,
    Findings,
    Money,
    Share,
    Text,
    joined,
    packed,
    say,
    say_many,
    sentences,
    written,
)
from creatorbook.findings.render import MARKS
from creatorbook.memo import per_book
from creatorbook.packs import pack
from creatorbook.stats.intervals import share_interval
from creatorbook.text.handles import persons
from creatorbook.tracking.label_check import label_history
from creatorbook.vetting import audience_fit, benchmarks, comments, posts, sampled_audience, scoring
from creatorbook.vetting.accounts import account_of, listed_accounts, listed_rows, platform_name
from creatorbook.vetting.checks_done import CHECKS, checks_done, not_checked
from creatorbook.vetting.decided import asked, last_decisions, order_of, ordered
from creatorbook.vetting.found_signals import found_signals
from creatorbook.vetting.wording import PARTS, one_note, plain_number

if TYPE_CHECKING:
    from creatorbook.book import Book
    from creatorbook.findings import Grade
    from creatorbook.findings.formats import Formats

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


NOT_CHECKED = say("Not checked yet.")


@dataclass(frozen=True)
class CardSection:
    """One paragraph of a card: its heading, its sentences, the grade of its figures, and points beneath it."""

    heading: Text
    text: Text
    grade: Grade | None = None
    points: tuple[Text, ...] = ()

    def written(self, formats: Formats) -> CardSection:
        """The same with its texts as a reader sees them."""
        return replace(
            self,
            heading=written(self.heading, formats),
            text=written(self.text, formats),
            points=tuple(written(point, formats) for point in self.points),
        )


def card(book: Book, handle: str) -> Findings:
    """The vetting card of one account (`@handle`, or `platform/handle` where a handle stands on two)."""
    account, formats = account_of(book, handle), book.formats
    if account is None:
        text = say(
            "@{handle} is not in the creators list; add a line with handle, platform and followers.",
            handle=handle.strip().lstrip("@"),
        )
        return one_note(book, text, "unknown")
    called = listed_accounts(book).called[account]
    reminder = say("Write it so that {creator} could read it: in the EU they may ask to.", creator=called)
    html = _CARD.render(
        title=called,
        label=written(say("Vetting card of {creator}", creator=called), formats),
        parts=[written(part, formats) for part in title_parts(book, account)],
        sections=[section.written(formats) for section in sections(book, account)],
        reminder=written(reminder, formats),
        marks=MARKS,
    )
    return Findings("vetting", (), formats, html.strip())


def cards(book: Book, handles: list[str] | None = None, limit: int = 3) -> Findings:
    """Cards of the accounts named, else of the first ones in the shortlist's order."""
    order = ordered(book)
    chosen = handles if handles is not None else list(order.index[:limit])
    if not chosen:
        return one_note(book, say("There is nobody to make a card for yet."), "unknown")
    findings = Findings("vetting", (), book.formats)
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
        parts[1] = say("{n} followers", n=Count(row.followers))
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


NOTHING = say("Nothing stands out")


@per_book
def glances(book: Book) -> pd.Series:
    """By account: `Nothing stands out`, `2 things to look at`, or `Too little to say yet`.

    Too little: no check that could raise a signal has been done.
    """
    able = {signal["check"] for signal in pack("signals")["signals"].values()}
    done = checks_done(book)[sorted(able)].sum(axis=1)
    signals = found_signals(book).account.value_counts().reindex(done.index).fillna(0).astype(int)
    texts = [_glance(n, checks) for n, checks in zip(signals, done, strict=True)]
    return pd.Series(texts, index=done.index, dtype=object)


def _glance(signals: int, checks: int) -> Text:
    if signals:
        return say_many("{n} thing to look at", "{n} things to look at", n=signals)
    return NOTHING if checks >= 2 else say("Too little to say yet")


def _at_a_glance(book: Book, account: str) -> CardSection:
    text = say(
        "{glance} — {done} of {checks} checked.",
        glance=glances(book)[account],
        done=int(checks_done(book).loc[account].sum()),
        checks=len(CHECKS),
    )
    return CardSection(say("At a glance:"), text)


#: what rates are taken of
BASES: dict[str, Text] = {
    "followers": say("followers"),
    "reach": say("accounts reached"),
    "views": say("views"),
}


def _respond(book: Book, account: str) -> CardSection:
    heading, rates = say("Do people respond?"), posts.response(book)
    if account not in rates.index:
        return CardSection(heading, NOT_CHECKED)
    row = rates.loc[account]
    rate = say(
        "Typical post {rate} of {base} ({evidence}).",
        rate=Share(row.rate, 1),
        base=BASES[posts.formula(book.client.engagement_formula)["per"]],
        evidence=_evidence(row),
    )
    figures = benchmarks.published_rates(book, listed_accounts(book).loc[[account]]).iloc[0]
    sources = say("No published figure for this size and platform counts it this way.")
    if figures != benchmarks.NO_FIGURE:
        sources = say("Sources for this size and platform say {figures}.", figures=figures)
    return CardSection(heading, sentences(rate, sources), "assumed" if row.typed else "estimated")


def _evidence(row: pd.Series) -> Text:
    """What a typical rate rests on."""
    if row.typed:
        return say("typed by hand from a typical post, without a range")
    if pd.isna(row.low):
        return say("{n} posts: too few for a range, from {day}", n=round(row.n), day=Day(row["first"]))
    return say(
        "likely {low}–{high}, {n} posts from {day}",
        low=Share(row.low, 1),
        high=Share(row.high, 1),
        n=round(row.n),
        day=Day(row["first"]),
    )


def _talk(book: Book, account: str) -> CardSection:
    texts: list[Text] = []
    replies, specific = comments.replies(book), comments.specific(book)
    if account in replies.index:
        row = replies.loc[account]
        texts.append(
            say(
                "Answers {answered} of {comments} comments looked at.",
                answered=Count(row.answered),
                comments=Count(row.looked_at),
            )
        )
    if account in specific.index:
        row = specific.loc[account]
        low, high = share_interval(row.specific, row.looked_at)
        texts.append(
            say(
                "Of {comments} comments, {specific} say something specific (likely {low}–{high} of all).",
                comments=Count(row.looked_at),
                specific=Count(row.specific),
                low=Share(low),
                high=Share(high),
            )
        )
    text = sentences(*texts) if texts else NOT_CHECKED
    return CardSection(say("Do they talk to each other?"), text, "counted" if texts else None)


def _audience(book: Book, account: str) -> CardSection:
    heading, match = say("Is the audience ours?"), audience_fit.audience_match(book)
    rows = match[match.account == account].sort_values(
        ["match", "persona"], ascending=[False, True], kind="stable"
    )
    quality = _looks_unused(book, account)
    if rows.empty:
        why = NOT_CHECKED if book.client.personas else say("Nobody has said yet whom we look for.")
        return CardSection(heading, sentences(why, *quality), "estimated" if quality else None)
    texts = [
        say(
            "{share} match {persona}; {unknown} unknown.",
            share=Share(row.match),
            persona=row.persona,
            unknown=Share(row.unknown),
        )
        for row in rows.itertuples()
    ]
    seen = rows.seen_on.iloc[0]
    day = Day(seen) if pd.notna(seen) else say("day not given")
    return CardSection(heading, sentences(*texts, say("Seen on: {day}.", day=day), *quality), "estimated")


def _looks_unused(book: Book, account: str) -> list[Text]:
    """How much of a sample looks like accounts nobody uses, where one was drawn; a vendor's figure by its name."""
    samples, vendors = sampled_audience.shares(book), sampled_audience.vendor_figures(book)
    texts: list[Text] = [
        say(
            "Of {n} {drawn_from} looked at, {share} look unused (likely {low}–{high}).",
            n=row.read,
            drawn_from=sampled_audience.DRAWN.get(row.drawn_from, row.drawn_from),
            share=Share(row.share),
            low=Share(row.low),
            high=Share(row.high),
        )
        for row in samples[(samples.account == account) & samples.share.notna()].itertuples()
    ]
    return texts + [
        say(
            "{vendor} calls {share} {segment}.",
            vendor=sampled_audience.vendor_name(row.source),
            share=Share(row.share),
            segment=row.segment,
        )
        for row in vendors[vendors.account == account].itertuples()
    ]


def _style(book: Book, account: str) -> CardSection:
    heading = say("Does the style fit?")
    reviews = listed_rows(book, "reviews")
    reviews = reviews[reviews.account == account].sort_values(["reviewed_on", "reviewer"], kind="stable")
    reviews = reviews.drop_duplicates("reviewer", keep="last")
    if reviews.empty:
        return CardSection(heading, say("Not looked at yet: two of us fill the review sheet."))
    marks: list[Text] = []
    if reviews["style"].notna().any():
        marks.append(say("{marks} of 5 for style", marks=_marks(reviews["style"])))
    if reviews["values"].notna().any():
        marks.append(say("{marks} of 5 for values", marks=_marks(reviews["values"])))
    quotes = [say("“{words}”", words=words) for words in reviews.own_words.dropna()]
    return CardSection(heading, sentences(_reviewers(len(reviews), joined(marks)), *quotes), "counted")


def _reviewers(n: int, marks: Text) -> Text:
    if n == 1:
        return say("One reviewer: {marks}.", marks=marks)
    if n == 2:
        return say("Two reviewers: {marks}.", marks=marks)
    return say("{n} reviewers: {marks}.", n=n, marks=marks)


def _marks(values: pd.Series) -> Text:
    return joined((plain_number(value) for value in values.dropna()), last="and")


def _past_work(book: Book, account: str) -> CardSection:
    texts = [*_paid_so_far(book, account), *_labels_so_far(book, account)]
    if (posts.captions(book).account == account).any():
        texts += _mentions(book, account)
    text = sentences(*texts) if texts else NOT_CHECKED
    return CardSection(say("Past work."), text, "counted" if texts else None)


def _paid_so_far(book: Book, account: str) -> list[Text]:
    counts = posts.paid_known(book)
    if account not in counts.index:
        return []
    paid, n = round(counts.paid[account]), round(counts.n[account])
    if paid == 0:
        text = say(
            "None of the last {n} posts was paid or gifted, as far as files and captions say.",
            n=n,
        )
    elif paid == 1:
        text = say(
            "One of the last {n} posts was paid or gifted, as far as files and captions say.",
            n=n,
        )
    else:
        text = say(
            "{paid} of the last {n} posts were paid or gifted, as far as files and captions say.",
            paid=paid,
            n=n,
        )
    return [text]


def _mentions(book: Book, account: str) -> list[Text]:
    """Competitors, words to avoid and the brand in the account's captions, each with its newest days."""
    mentions = audience_fit.caption_mentions(book)
    mentions = mentions[mentions.account == account]
    if mentions.empty:
        return [say("No competitor, word to avoid or earlier mention of us in its captions.")]
    return [
        _mention(kind, str(term), _days(days))
        for kind in ("competitor", "must avoid", "the brand")
        for term, days in mentions[mentions.kind == kind].groupby("term", sort=False).published_at
    ]


def _mention(kind: str, term: str, days: Text) -> Text:
    if kind == "competitor":
        return say("Competitor {term} on {days}.", term=term, days=days)
    if kind == "must avoid":
        return say("Word to avoid, {term}, on {days}.", term=term, days=days)
    return say("Mentioned us ({term}) on {days}.", term=term, days=days)


def _days(days: pd.Series) -> Text:
    """The newest two days, and how many more posts there are."""
    newest = [Day(day) for day in days.head(2)]
    if len(days) > 2:
        return say("{days} and in {n} more posts", days=joined(newest), n=len(days) - 2)
    return joined(newest, last="and")


def _labels_so_far(book: Book, account: str) -> list[Text]:
    labels, row = label_history(book), listed_accounts(book).loc[account]
    labels = labels[(labels.handle == row.handle) & (labels.platform == row.platform)]
    return [
        say(
            "Label in the right place {labelled} of {posts} times in earlier paid posts.",
            labelled=labelled,
            posts=of,
        )
        for labelled, of in zip(labels.labelled, labels.of, strict=True)
    ]


def _score(book: Book, account: str) -> list[CardSection]:
    """The client's own score with its parts and place, only if it is switched on."""
    if book.client.score is None:
        return []
    heading, scores = say("Score."), scoring.scores(book)
    if account not in scores.index:
        return [CardSection(heading, say("None: less than half of what it weighs is known."))]
    row, parts = scores.loc[account], scoring.score_parts(book)
    values = parts[parts.account == account].set_index("part").value
    shares = [
        say("{part} {share}", part=PARTS[part], share=Share(values[part]))
        for part in scoring.weights(book)
        if part in values.index
    ]
    text = say(
        "{score} of 100 (likely {low}–{high}), rank {first}–{last} of {of}: {parts}.",
        score=round(row.score),
        low=round(row.low),
        high=round(row.high),
        first=row["first"],
        last=row["last"],
        of=row["of"],
        parts=joined(shares),
    )
    missing = joined(PARTS[part] for part in row.missing)
    left = say("Not known, not counted: {parts}.", parts=missing) if row.missing else None
    return [CardSection(heading, sentences(text, left), "estimated")]


def _signals(book: Book, account: str) -> CardSection:
    heading, signals = say("Signals to check."), found_signals(book)
    points = tuple(
        _signal(row.saw, pack("signals")["signals"][row.signal])
        for row in signals[signals.account == account].itertuples()
    )
    if points:
        return CardSection(heading, "", "estimated", points)
    nothing = glances(book)[account] == NOTHING
    return CardSection(
        heading, say("None at our thresholds.") if nothing else say("Too little was looked at.")
    )


def _signal(saw: Text, kind: dict[str, str]) -> Text:
    return sentences(
        saw,
        say("What else explains it: {causes}.", causes=packed(kind["explains"])),
        say("To ask: {question}", question=packed(kind["ask"])),
    )


def _unchecked(book: Book, account: str) -> CardSection:
    points = tuple(
        sentences(
            say("{check}: {file}.", check=Capital(packed(check["name"])), file=packed(check["file"])),
            say("From: {who}.", who=packed(check["who"])),
        )
        for check in not_checked(book, account)
    )
    text = "" if points else say("Nothing: all checks were done.")
    return CardSection(say("What we could not check."), text, None, points)


def _worth(book: Book, account: str) -> CardSection:
    """What an account costs in orders; without a margin, what would settle it."""
    heading, row = say("What is it worth?"), listed_accounts(book).loc[account]
    unit = order_of(book, row, economics.unit_economics(book))
    if unit.contribution is None:
        return CardSection(
            heading,
            say("We cannot say yet: the basket and the gross margin settle it; shop and finance have them."),
        )
    texts = [_needed(book, row, unit)]
    ten = economics.highest_fee(10, unit)
    if ten is not None and ten.likely > 0:
        texts.append(
            say(
                "Highest fee worth paying: {fee} for every 10 orders we expect.",
                fee=Money(ten.likely),
            )
        )
    return CardSection(heading, sentences(*texts), unit.grade)


def _needed(book: Book, row: pd.Series, unit: economics.UnitEconomics) -> Text | None:
    """The orders that pay back what a creator costs (break-even); nothing for an account that costs nothing."""
    one = row.to_frame().T
    cost, besides = asked(book, one).iloc[0], beside_fee(book, persons(one).iloc[0])
    if pd.isna(cost):
        return say("The fee is not available; ask for it.")
    needed = economics.orders_needed(float(cost), unit)
    if needed is None:
        return say("An order leaves nothing at these costs, so no number of orders pays back the fee.")
    if cost <= 0:
        return None
    orders = _orders(needed.low, needed.likely, needed.high)
    if not besides:
        return say("At {fee} we need about {orders} orders.", fee=Money(row.fee), orders=orders)
    values = {"cost": Money(cost), "besides": besides, "orders": orders}
    if row.fee > 0:
        return say("At {cost} with {besides} we need about {orders} orders.", **values)
    return say("At {cost} for {besides} we need about {orders} orders.", **values)


def _orders(low: float, likely: float, high: float) -> Text:
    if low == high:
        return Count(likely)
    return say(
        "{likely} (likely {low} to {high})",
        likely=Count(likely),
        low=Count(low),
        high=Count(high) if math.isfinite(high) else say("any number"),
    )


def _decision(book: Book, account: str) -> CardSection:
    heading, decisions = say("Your decision:"), last_decisions(book)
    if account not in decisions.index:
        return CardSection(heading, say("Shortlist · Ask for more · Not this time — reason and note."))
    row = decisions.loc[account]
    decided = say(
        "{decision} — {reason}.", decision=packed(str(row.decision)), reason=packed(str(row.reason))
    )
    when = (
        say("({day}, {person})", day=Day(row.date), person=row.by)
        if row.by
        else say("({day})", day=Day(row.date))
    )
    return CardSection(heading, sentences(decided, str(row.note) if row.note else None, when))
