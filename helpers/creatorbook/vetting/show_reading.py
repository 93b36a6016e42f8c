"""A closer reading of what accounts publish and who answers: kinds of post, subjects, shared people, mood."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from creatorbook.findings import (
    Column,
    Count,
    Findings,
    Note,
    Share,
    Table,
    Text,
    joined,
    number_of,
    say,
    say_many,
)
from creatorbook.vetting import habits, mood, near_the_brief, niches, posts
from creatorbook.vetting.accounts import listed_accounts
from creatorbook.vetting.shared_commenters import LEAST, shared_commenters
from creatorbook.vetting.wording import CREATOR, one_note

if TYPE_CHECKING:
    import pandas as pd

    from creatorbook.book import Book
    from creatorbook.checks import Ranking


def posting(book: Book) -> Findings:
    """What each account publishes and how often, whether response rises or falls, and which kind of post draws more."""
    accounts = habits.habits(book)
    if accounts.empty:
        return one_note(
            book,
            say("What accounts publish needs posts with dates: the creator's content export has them."),
            "unknown",
        )
    frame = accounts.assign(
        called=listed_accounts(book).called.reindex(accounts.index),
        way=[
            _way(trend, low, high)
            for trend, low, high in zip(accounts.trend, accounts.trend_low, accounts.trend_high, strict=True)
        ],
    ).sort_values("called", kind="stable")
    columns = {
        "called": CREATOR,
        "per_week": Column("Posts a week", "number", 1, "counted"),
        "kinds": Column("Kinds"),
        "spread": Column(
            "Spread", "percent", grade="counted", note="middle half of the rates ÷ typical rate"
        ),
        "trend": Column("Change in 30 days", "percent", grade="estimated", missing="too few posts"),
        "trend_low": Column("Likely from", "percent", grade="estimated", missing="–"),
        "trend_high": Column("to", "percent", grade="estimated", missing="–"),
        "way": Column("Which way"),
    }
    table = Table(
        "vetting.posting", "What they publish, and which way response goes", frame, columns, rows=12
    )
    return Findings("vetting", (table, *_kinds(book)), book.formats)


def _way(trend: float, low: float, high: float) -> Text:
    if math.isnan(trend):
        return say("too few posts")
    if low > 0:
        return say("rising")
    return say("falling") if high < 0 else say("no clear change")


def _kinds(book: Book) -> list[Table | Note]:
    kinds = habits.by_kind(book)
    if kinds.empty:
        return [Note("No account has three posts each of two kinds, so kinds are not compared.", "unknown")]
    kinds = kinds.assign(format=[habits.POST_KINDS.get(kind, kind) for kind in kinds["format"]])
    columns = {
        "format": Column("Kind of post"),
        "ratio": Column("Of the account's typical post", "percent", grade="estimated"),
        "low": Column("Likely from", "percent", grade="estimated", missing="too few accounts"),
        "high": Column("to", "percent", grade="estimated", missing="too few accounts"),
        "accounts": Column("Accounts", "number"),
        "posts": Column("Posts", "number"),
    }
    table = Table("vetting.kinds", "Which kind of post draws more, within the same accounts", kinds, columns)
    return [
        table,
        Note("100% is the account's own typical post; each account is compared with itself.", "method"),
    ]


def subjects(book: Book) -> Findings:
    """What accounts publish about, how near that is to the brand's own words, and whether it has changed."""
    if posts.captions(book).empty and listed_accounts(book).niche.isna().all():
        return one_note(
            book,
            say(
                "Subjects need captions or a niche in the creators list: the creator's content export, or a person who reads the profile."
            ),
            "unknown",
        )
    fit = near_the_brief.fit_to_brand(book)
    frame = (
        listed_accounts(book)[["called"]]
        .join(niches.account_niches(book))
        .join(fit.frame)
        .sort_values(
            [near_the_brief.ranking_column(fit.rankings[-1]), "called"],
            ascending=[False, True],
            kind="stable",
            na_position="last",
        )
    )
    columns = {
        "called": CREATOR,
        "niche": Column("Publishes about", missing="not enough words"),
        **{near_the_brief.ranking_column(ranking): _nearness(ranking) for ranking in fit.rankings},
        "terms": _because(len(frame)),
        "avoided": Column("Words to avoid in it", missing="–"),
        "alike": Column(
            "Newer against older captions", "percent", grade="estimated", missing="too few captions"
        ),
    }
    shown = {name: column for name, column in columns.items() if frame[name].notna().any() or name == "score"}
    note = say(
        "The figure says where to read first, not who fits: it sees related words, not meaning, and not another "
        "language. Write a niche into the creators list to replace a found one."
    )
    table = Table(
        "vetting.subjects", "What they publish about, nearest to the brief first", frame, shown, rows=12
    )
    return Findings("vetting", (table, Note(note, "method"), *_unusable(fit, frame.called)), book.formats)


def _nearness(ranking: Ranking) -> Column:
    """The column of a ranking of the list."""
    built_in = ranking is near_the_brief.BUILT_IN_RANKING
    note = say("0 to 1, shared letter groups") if built_in else say("0 to 1, a plugin's ranking")
    return Column(ranking.title, "number", 2, "estimated", note=note, missing="no text")


def _because(accounts: int) -> Column:
    """The words that bring an account near; of a long list, which accounts they were searched for."""
    searched = near_the_brief.EXPLAINED
    note = say("words of the {n} nearest only", n=searched) if accounts > searched else ""
    return Column("Because of", note=note, missing="–")


def _unusable(fit: near_the_brief.Ranked, called: pd.Series) -> list[Note]:
    """What was left out of plugins' rankings."""
    return [
        Note(
            say_many(
                "The ranking “{ranking}” gives {n} account no number between 0 and 1 and is left out there: {accounts}.",
                "The ranking “{ranking}” gives {n} accounts no number between 0 and 1 and is left out there: {accounts}.",
                n=len(accounts),
                ranking=title,
                accounts=joined(called[accounts], most=3),
            ),
            "caution",
        )
        for title, accounts in fit.unusable
    ]


def same_people(book: Book) -> Findings:
    """Pairs of accounts with the same people under their posts: paying for both reaches some twice."""
    pairs = shared_commenters(book)
    if pairs.empty:
        text = say(
            "Shared people need comments of two accounts with {n} commenters each; hardly anybody can lawfully have them.",
            n=LEAST,
        )
        return one_note(book, text, "unknown")
    called = listed_accounts(book).called
    frame = pairs.assign(one=pairs.one.map(called), other=pairs.other.map(called))
    columns = {
        "one": CREATOR,
        "other": Column("and"),
        "shared": Column("Commented under both", "number", grade="counted"),
        "smaller": Column("of", "number", note="commenters of the smaller account"),
        "share": Column("Share", "percent", grade="counted"),
        "low": Column("Likely from", "percent", grade="estimated"),
        "high": Column("to", "percent", grade="estimated"),
    }
    note = say(
        "Those who comment are the lively part of an audience; the silent part may overlap more or less."
    )
    table = Table("vetting.same_people", "Accounts with the same people", frame, columns, rows=8)
    return Findings("vetting", (table, Note(note, "caution")), book.formats)


def moods(book: Book) -> Findings:
    """How warm comments are, as far as their emoji tell, with the part that could be read."""
    accounts = mood.mood(book)
    if accounts.empty:
        text = say("The mood needs {n} comments with an emoji per account.", n=mood.LEAST)
        return one_note(book, text, "unknown")
    frame = accounts.assign(called=listed_accounts(book).called.reindex(accounts.index)).sort_values(
        ["share", "called"], kind="stable"
    )
    columns = {
        "called": CREATOR,
        "share": Column("Warm", "percent", grade="counted"),
        "low": Column("Likely from", "percent", grade="estimated"),
        "high": Column("to", "percent", grade="estimated"),
        "read": Column("Comments read", "number", note="with an emoji that is warm or cold"),
        "covered": Column("of all comments", "percent", grade="counted"),
    }
    cold = frame[frame.high < float(accounts.warm.sum() / accounts["read"].sum())]
    text = say("No account's comments are clearly colder than the others'.")
    if len(cold):
        text = say(
            "Clearly colder than the rest: {accounts}. Read twenty before you say why.",
            accounts=joined(cold.called, most=5),
        )
    table = Table("vetting.mood", "How warm the comments are, coldest first", frame, columns, rows=8)
    notes = Note(_mood_coverage(book), "caution"), Note(_mood_method(), "method")
    return Findings("vetting", (Note(text), table, *notes), book.formats)


def _mood_coverage(book: Book) -> Text:
    """How many comments the mood rests on, and of how many nothing can be said."""
    comments, read, without = mood.coverage(book)
    return say_many(
        "Of {comments} {n} holds an emoji that is read ({share}), {other} only others, and {without} none: "
        "of these nothing is known, in no language.",
        "Of {comments} {n} hold an emoji that is read ({share}), {other} only others, and {without} none: "
        "of these nothing is known, in no language.",
        comments=number_of("comment", Count(comments)),
        n=Count(read),
        share=Share(read / comments),
        other=Count(comments - read - without),
        without=Count(without),
    )


def _mood_method() -> Text:
    return say(
        "Emoji read alike in every language, but irony does not: laughing faces count as warm, and mockery laughs "
        "too. What people say in words is not read for its mood; a tally sheet of counted comments tells it."
    )
