"""The paragraphs of a vetting card that show evidence: response, conversation, audience, style and past work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.findings import Count, Day, Share, Text, ends, joined, number_of, say, say_many, sentences
from creatorbook.stats.intervals import share_interval
from creatorbook.tracking.label_check import label_history
from creatorbook.vetting import audience_fit, benchmarks, comments, posts, sampled_audience
from creatorbook.vetting.accounts import listed_accounts
from creatorbook.vetting.agreement import last_reviews
from creatorbook.vetting.card_section import NOT_CHECKED, CardSection
from creatorbook.vetting.wording import plain_decimals

if TYPE_CHECKING:
    from creatorbook.book import Book


#: what rates are taken of
BASES: dict[str, Text] = {
    "followers": say("followers"),
    "reach": say("accounts reached"),
    "views": say("views"),
}


def response_section(book: Book, account: str) -> CardSection:
    """The engagement rate of a typical post with its range, and what published figures say."""
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
        return say_many(
            "{n} post: too few for a range, from {day}",
            "{n} posts: too few for a range, from {day}",
            n=round(row.n),
            day=Day(row["first"]),
        )
    return say(
        "likely {low}–{high}, {posts} from {day}",
        **ends(row.low, row.high, "percent", 1),
        posts=number_of("post", round(row.n)),
        day=Day(row["first"]),
    )


def conversation_section(book: Book, account: str) -> CardSection:
    """Whether the creator answers, and whether comments say something specific."""
    texts: list[Text] = []
    replies, specific = comments.replies(book), comments.specific(book)
    if account in replies.index:
        row = replies.loc[account]
        texts.append(
            say(
                "Answers {answered} of {comments} looked at.",
                answered=Count(row.answered),
                comments=number_of("comment", Count(row.looked_at)),
            )
        )
    if account in specific.index:
        row = specific.loc[account]
        low, high = share_interval(row.specific, row.looked_at)
        texts.append(
            say_many(
                "Of {comments}, {n} says something specific (likely {low}–{high} of all).",
                "Of {comments}, {n} say something specific (likely {low}–{high} of all).",
                n=Count(row.specific),
                comments=number_of("comment", Count(row.looked_at)),
                **ends(low, high, "percent"),
            )
        )
    text = sentences(*texts) if texts else NOT_CHECKED
    return CardSection(say("Do they talk to each other?"), text, "counted" if texts else None)


def audience_section(book: Book, account: str) -> CardSection:
    """How much of the audience matches each persona, what is unknown, and what looks unused."""
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
    last_seen = rows.seen_on.iloc[0]
    day = Day(last_seen) if pd.notna(last_seen) else say("day not given")
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
            **ends(row.low, row.high, "percent"),
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


def style_section(book: Book, account: str) -> CardSection:
    """The marks of the reviewers, each one's last, and their own words."""
    heading = say("Does the style fit?")
    reviews = last_reviews(book)
    reviews = reviews[reviews.account == account]
    if reviews.empty:
        return CardSection(heading, say("Not looked at yet: two of us fill the review sheet."))
    marks: list[Text] = []
    if reviews["style"].notna().any():
        marks.append(say("{marks} of 5 for style", marks=_marks(reviews["style"])))
    if reviews["values"].notna().any():
        marks.append(say("{marks} of 5 for values", marks=_marks(reviews["values"])))
    quotes = [say("“{words}”", words=words) for words in reviews.own_words.dropna()]
    return CardSection(heading, sentences(_reviewers(len(reviews), marks), *quotes), "counted")


def _reviewers(n: int, texts: list[Text]) -> Text:
    """How many looked, and their marks; where nobody gave one, that."""
    if not texts:
        return say_many("{n} reviewer, no mark yet.", "{n} reviewers, no mark yet.", n=n)
    marks = joined(texts)
    if n == 1:
        return say("One reviewer: {marks}.", marks=marks)
    if n == 2:
        return say("Two reviewers: {marks}.", marks=marks)
    return say("{n} reviewers: {marks}.", n=n, marks=marks)


def _marks(values: pd.Series) -> Text:
    return joined((plain_decimals(value) for value in values.dropna()), last="and")


def past_work_section(book: Book, account: str) -> CardSection:
    """Paid posts and their labels so far, and whom the captions name."""
    texts = [*_paid_so_far(book, account), *_labels_so_far(book, account)]
    if (posts.captions(book).account == account).any():
        texts += _mentions(book, account)
    text = sentences(*texts) if texts else NOT_CHECKED
    return CardSection(say("Past work."), text, "counted" if texts else None)


def _paid_so_far(book: Book, account: str) -> list[Text]:
    """How many of the last posts were paid or gifted; nothing where no post says."""
    counts = posts.paid_known(book)
    if account not in counts.index:
        return []
    paid, n = round(counts.paid[account]), round(counts.n[account])
    if paid == 0:
        text = say_many(
            "The last post was not paid or gifted, as far as files and captions say.",
            "None of the last {n} posts was paid or gifted, as far as files and captions say.",
            n=n,
        )
    elif paid == 1:
        text = say_many(
            "The last post was paid or gifted, as far as files and captions say.",
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
        return say_many(
            "{days} and in {n} more post",
            "{days} and in {n} more posts",
            n=len(days) - 2,
            days=joined(newest),
        )
    return joined(newest, last="and")


def _labels_so_far(book: Book, account: str) -> list[Text]:
    """How often earlier paid posts had their label in the right place."""
    labels, row = label_history(book), listed_accounts(book).loc[account]
    labels = labels[(labels.handle == row.handle) & (labels.platform == row.platform)]
    return [
        say(
            "Label in the right place {labelled} of {times} in earlier paid posts.",
            labelled=labelled,
            times=number_of("time", of),
        )
        for labelled, of in zip(labels.labelled, labels.of, strict=True)
    ]
