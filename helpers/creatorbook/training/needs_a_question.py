"""Lesson 4: eight accounts, their followers, posts and comments. Who rose, why, and who is asked; innocent causes come first.

Truth: what the simulator did to each account. Only accounts of which the product's signals say the same as the truth are shown, so
that no mark contradicts another and everything asked can be seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from creatorbook.book import Book
from creatorbook.findings import Chart, Column, Count, Day, Share, Table, Text, joined, say
from creatorbook.simulate import Plant, Settings
from creatorbook.simulate.settings import Strength
from creatorbook.simulate.world import World
from creatorbook.training.answers import NONE, Ask
from creatorbook.training.judging import all_of, letters_in, near_to, side_of
from creatorbook.training.lesson import Judgement, Parts, Question, Values, not_yet, right
from creatorbook.training.worlds import lesson_settings, made_up_client, seen_exercise
from creatorbook.vetting import growth
from creatorbook.vetting.comments import by_others, specific
from creatorbook.vetting.found_signals import found_signals
from creatorbook.vetting.posts import listed_posts, names_giveaway
from creatorbook.vetting.show_signals import follower_chart
from creatorbook.vetting.wording import day_span

LETTERS = "ABCDEFGH"
#: fewest accounts of an exercise
FEWEST = 6
#: how many may be asked
QUESTIONS = 3
STRENGTHS: tuple[Strength, ...] = ("medium", "strong")
SHAPES = ("jump", "drip", "jump_then_decay")
GUILTY = {"bought_followers", "pod", "comment_spam"}
RISES = {"bought_followers", "viral_post", "giveaway"}
INNOCENT: dict[str, Text] = {
    "viral_post": say("a post took off"),
    "giveaway": say("it held a giveaway"),
    "lively_community": say("a small circle that talks a lot"),
    "": say("nothing happened"),
}
#: what the product sees of each kind where it agrees with the truth: any of these, and nothing else that counts
SEEN = {"bought_followers": {"growth_jump"}, "pod": {"same_commenters"}, "comment_spam": {"spam_comments"}}
BESIDE = {"growth_decay", "generic_comments"}


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Attributes:
        book: the made-up client.
        accounts: letter → account.
        kinds: letter → what the simulator did to it; empty for nothing.
        jumps: letter → its rises, as the product sees them.
    """

    book: Book
    accounts: dict[str, str]
    kinds: dict[str, str]
    jumps: dict[str, pd.DataFrame]

    def of(self, *kinds: str) -> list[str]:
        """Letters of accounts of these kinds; “none of them” where there is none."""
        return [letter for letter, kind in self.kinds.items() if kind in kinds] or [NONE]


def exercise(seed: int, language: str = "en") -> Exercise:
    """The exercise of a seed: how many of which kind there are differs from seed to seed.

    A client of whose bought followers nothing can be seen, or of whom too few accounts are clear, is drawn anew.
    """
    return seen_exercise(seed, lambda drawn: _drawn(drawn, language), _can_be_seen)


def _can_be_seen(here: Exercise) -> bool:
    return "bought_followers" in here.kinds.values() and len(here.accounts) >= FEWEST


def _drawn(seed: int, language: str) -> Exercise:
    random = np.random.default_rng([4, seed])
    settings = _settings(seed, language, random)
    world, book = made_up_client(settings, "plan")
    kinds = _clear(world, book)
    chosen = _eight(kinds, random)
    accounts = dict(zip(LETTERS, chosen, strict=False))
    jumps = growth.follower_jumps(book)
    return Exercise(
        book,
        accounts,
        {letter: kinds[account] for letter, account in accounts.items()},
        {letter: jumps[jumps.account == account] for letter, account in accounts.items()},
    )


def _settings(seed: int, language: str, random: np.random.Generator) -> Settings:
    """A client of its own make-up: one to three with bought followers, and any of the others or none."""
    planted = [
        Plant(
            kind="bought_followers",
            strength=STRENGTHS[int(random.integers(2))],
            shape=SHAPES[int(random.integers(3))],
        )
        for _ in range(int(random.integers(1, 4)))
    ]
    planted += [Plant(kind="viral_post")] * int(random.integers(0, 3))
    planted += [Plant(kind="giveaway")] * int(random.integers(0, 3))
    planted += [Plant(kind="comment_spam", strength="strong")] * int(random.integers(0, 2))
    planted += [Plant(kind="pod", strength="strong", creators=2)] * int(random.integers(0, 2))
    planted += [Plant(kind="lively_community")] * int(random.integers(0, 2))
    return lesson_settings(
        seed, language, creators=13, tiers={"nano": 0.2, "micro": 0.8}, start=date(2026, 6, 1), days_before=120, days_after=1,
        campaign_days=1, orders_per_day=0, orders_per_creator=0, planted=planted, comments_per_post=12, commented_posts=5,
        files={
            "creators": "creators.csv", "instagram_content": "instagram content.csv",
            "follower_history": "follower-history.csv", "comments": "comments.csv",
        },
    )  # fmt: skip


def _clear(world: World, book: Book) -> dict[str, str]:
    """Account → what was done to it, of those of which signals and truth say the same."""
    handles = world.people.handle
    planted = {
        f"instagram/{handles[int(plant.account)]}": str(plant.kind) for plant in world.plants.itertuples()
    }
    signals = found_signals(book).groupby("account").signal.agg(set)
    jumps = growth.follower_jumps(book).groupby("account").explained.agg(list)
    clear = {}
    for account in sorted(set(growth.histories(book).account)):
        kind, seen, rises = (
            planted.get(account, ""),
            signals.get(account, set()) - BESIDE,
            jumps.get(account, []),
        )
        as_planted = seen == SEEN.get(kind, set())
        rose = bool(rises) == (kind in RISES) and all(rises) == (kind != "bought_followers" or not rises)
        if as_planted and rose:
            clear[account] = kind
    return clear


def _eight(kinds: dict[str, str], random: np.random.Generator) -> list[str]:
    """Up to eight accounts in an order that gives nothing away: what was planted first, then ordinary ones."""
    planted = [account for account, kind in kinds.items() if kind]
    ordinary = [account for account, kind in kinds.items() if not kind]
    chosen = [*random.permutation(planted)[:7], *random.permutation(ordinary)][: len(LETTERS)]
    return [str(account) for account in random.permutation(chosen)]


def parts(seed: int, language: str = "en") -> Parts:
    """The lesson's evidence and questions for a seed."""
    here = exercise(seed, language)
    return Parts(
        {
            "curves": lambda: _curves(here),
            "posts": lambda: (_best_days(here),),
            "comments": lambda: (_comments(here),),
        },
        (_rose(here), _explained(here), _talk(here), _ask(here), _share(here)),
    )


def _curves(here: Exercise) -> list[Chart]:
    return [
        follower_chart(here.book, account, f"account {letter}", marked=False)
        for letter, account in here.accounts.items()
    ]


def _best_days(here: Exercise) -> Table:
    """Posts within two days of each account's best day, with their views against its median post."""
    gains, posts = growth.histories(here.book), listed_posts(here.book)
    rows = []
    for letter, account in here.accounts.items():
        history = gains[gains.account == account]
        best = history.date[history.gain.idxmax()]
        own = posts[posts.account == account].sort_values("published_at", kind="stable")
        near = own[(own.published_at - best).abs() <= pd.Timedelta(days=2)]
        near = near.assign(first=names_giveaway(near.caption)).sort_values(
            "first", ascending=False, kind="stable"
        )
        usual = own.views.median()
        shown = [
            (
                post.published_at,
                post.views / usual,
                str(post.caption)[:90] if pd.notna(post.caption) else say("no caption"),
            )
            for post in near.head(3).itertuples()
        ]
        rows += [(letter, best, *one) for one in shown or [(pd.NaT, np.nan, say("no post within two days"))]]
    columns = {
        "letter": Column("Account"),
        "best": Column("Its best day", "date"),
        "posted": Column("Posted on", "date", missing="–"),
        "times": Column("Views, times its usual post", "number", 1, missing="–"),
        "caption": Column("Beginning of the caption"),
    }
    frame = pd.DataFrame(rows, columns=list(columns))
    return Table("training.posts", say("What they posted around their best day"), frame, columns, rows=30)


def _comments(here: Exercise) -> Table:
    """What is said under each account's posts, and by how many who comment under several of these accounts."""
    counts, comments = specific(here.book), by_others(here.book)
    under = comments.groupby("commenter").account.nunique()
    several = comments.commenter.map(under) >= 2
    together = several.groupby(comments.account).sum()
    frame = counts.reindex(list(here.accounts.values())).assign(together=together).fillna(0)
    frame = frame.assign(letter=list(here.accounts))
    columns = {
        "letter": Column("Account"),
        "looked_at": Column(say("Comments looked at"), "number"),
        "specific": Column(say("that say something about the post"), "number"),
        "stock": Column(say("that would fit anywhere"), "number"),
        "spam": Column(say("that advertise something"), "number"),
        "together": Column(say("by people who comment under several of the list"), "number"),
    }
    return Table(
        "training.comments", say("What is said under their posts"), frame.reset_index(drop=True), columns
    )


def _options(here: Exercise) -> dict[str, Text]:
    return {
        **{letter: say("account {letter}", letter=letter) for letter in here.accounts},
        NONE: say("none of them"),
    }


def _rose(here: Exercise) -> Question:
    wanted = [letter for letter in here.accounts if len(here.jumps[letter])]

    judge = all_of(
        "rose",
        wanted,
        lambda letter: say(
            "{letter} grows at its usual pace; no week of it stands out from the others.", letter=letter
        ),
        lambda letter: say(
            "Look at {letter} again: some of its days or weeks gain far more than all the others. A slow rise counts too.",
            letter=letter,
        ),
    )
    spans = [
        say(
            "{letter}: {span}",
            letter=letter,
            span=day_span(here.jumps[letter].start.iloc[0], here.jumps[letter].end.iloc[0]),
        )
        for letter in wanted
    ]
    return Question(
        "rose",
        say("Who rose?"),
        (
            Ask(
                "rose",
                say("Accounts with days, or weeks, that gain far more than the others"),
                "choices",
                _options(here),
            ),
        ),
        {"rose": wanted},
        say("These days gained far more than the days around them: {spans}.", spans=joined(spans, by="; ")),
        judge,
        (
            say("Lay a ruler along each curve. Where does it leave the ruler?"),
            say("Not only steps: a slow rise leaves the ruler for weeks, a little every day."),
        ),
        say(
            "These are the accounts with days that need an explanation. Nothing is said yet about the cause."
        ),
    )


def _explained(here: Exercise) -> Question:
    rose = {letter for letter in here.accounts if len(here.jumps[letter])}
    wanted = here.of("viral_post", "giveaway")

    def unwanted(letter: str) -> Text:
        if letter not in rose:
            return say("{letter} has nothing to explain: it grows at its usual pace.", letter=letter)
        return say(
            "What would explain {letter}? Its views stay where they always are while followers come, and no caption of these days names a giveaway.",
            letter=letter,
        )

    def missing(letter: str) -> Text:
        return say(
            "You would leave {letter} without its good explanation. Compare the days of the rise with its views and with what it posted.",
            letter=letter,
        )

    return Question(
        "explained",
        say("Which rise has an innocent cause?"),
        (Ask("explained", say("Accounts whose rise is explained by what they posted"), "choices", _options(here)),),
        {"explained": wanted},
        joined([_cause(here, letter) for letter in wanted if letter != NONE] or [say("Here none of the rises has a cause that can be seen; in another exercise two or three have.")], by=" "),
        all_of("explained", wanted, unwanted, missing),
        (
            say("People who follow after seeing a post have seen the post: views rise first."),
            say("A giveaway brings followers with ordinary views, and its caption says so. Read the table of posts."),
        ),
        say("Innocent causes come first. A creator whose post took off should never hear a question that sounds like a charge."),
    )  # fmt: skip


def _cause(here: Exercise, letter: str) -> Text:
    jump = here.jumps[letter].iloc[0]
    if pd.notna(jump.giveaway):
        return say(
            "{letter}: a giveaway post of {day}.", letter=letter, day=Day(pd.Timestamp(jump.giveaway).date())
        )
    return say(
        "{letter}: its best views of these days are {times} times those of its good days.",
        letter=letter,
        times=Count(float(jump.views_ratio), 1),
    )


def _talk(here: Exercise) -> Question:
    wanted = here.of("pod", "comment_spam")

    def unwanted(letter: str) -> Text:
        if here.kinds[letter] == "lively_community":
            return say(
                "{letter} has a small circle that talks a lot, about the posts. That is what one hopes for.",
                letter=letter,
            )
        return say(
            "The comments of {letter} are ordinary: some are short, most come from people of its own.",
            letter=letter,
        )

    def missing(letter: str) -> Text:
        if here.kinds[letter] == "pod":
            return say(
                "The people under {letter} comment under several of these accounts, in words that would fit anywhere.",
                letter=letter,
            )
        return say("Read what advertises under {letter}: several comments sell something.", letter=letter)

    return Question(
        "talk",
        say("Whose comments need a question?"),
        (Ask("talk", say("Accounts whose comments are not what followers say"), "choices", _options(here)),),
        {"talk": wanted},
        say("Groups who comment together, or advertising, stand out in the last two columns; short praise alone does not. Here: {letters}.", letters=joined([_options(here)[letter] for letter in wanted])),
        all_of("talk", wanted, unwanted, missing),
        (
            say("“So pretty!” says nothing for or against anybody. Who says it, and where else?"),
            say("Look at the last two columns, and leave out small numbers."),
        ),
        say("Advertising comes to everybody who is large enough: ask whether it is removed. A group is asked about kindly, too."),
    )  # fmt: skip


def _ask(here: Exercise) -> Question:
    guilty = [letter for letter in here.of(*sorted(GUILTY)) if letter != NONE]
    enough = min(QUESTIONS, len(guilty))

    def judge(values: Values) -> Judgement:
        given = letters_in(values, "ask")
        for letter in sorted(given - set(guilty)):
            return not_yet(
                say(
                    "{letter} has a plain reason: {reason}. Asking costs you its good will.",
                    letter=letter,
                    reason=INNOCENT[here.kinds[letter]],
                )
            )
        if len(given) < enough:
            missing = min(set(guilty) - given)
            return not_yet(
                say(
                    "There is a question left, and something to ask: {letter} would pass unasked.",
                    letter=missing,
                )
            )
        return right()

    return Question(
        "ask",
        say("Whom do you ask?"),
        (
            Ask(
                "ask", say("Accounts to ask, {n} at most", n=QUESTIONS), "choices", _options(here), QUESTIONS,
                help=say("A question is cheap if it is kind and rare. Nobody else is asked."),
            ),
        ),
        {"ask": guilty[:QUESTIONS]},
        say("In this made-up client something was added from outside to {letters}. On real accounts nobody knows: that is why we ask.", letters=joined(guilty)),
        judge,
        (
            say("Take who rose, cross out who has an innocent cause, and add whose comments need a question."),
            say("There may be more than three: then any three of them. There may be fewer."),
        ),
        say("Note what you saw, what else would explain it, and what they answered. The signal is no verdict."),
    )  # fmt: skip


def _share(here: Exercise) -> Question:
    """How large the largest unexplained rise is against the followers before it."""
    bought = [letter for letter in here.of("bought_followers") if letter != NONE]
    letter = max(bought, key=lambda one: float(here.jumps[one].share.max()))
    share = float(here.jumps[letter].share.max())

    after = [
        (
            share / (1 + share),
            say("That is a part of the followers after the rise. Divide by those there were before."),
        )
    ]
    way = say(
        "Read the followers before and after, take off what {letter} gains anyway, and divide by the followers before.",
        letter=letter,
    )
    near = max(0.02, 0.15 * share)
    return Question(
        "share",
        say("How much is it about?"),
        (Ask("share", say("The largest unexplained rise is that of account {letter}: how large, of the followers before it?", letter=letter), "share", help=say("In per cent; a fair reading of the picture is enough.")),),
        {"share": round(share, 3)},
        say("About {share} of the followers {letter} had before, beyond what it gains in as many usual days. The fee was asked for the larger number.", share=Share(share), letter=letter),
        near_to("share", share, near, after, side_of(share, way), near_mistake=0.01),
        (
            say("Followers after the rise, less followers before it, divided by followers before it."),
            say("A step from {before} to {after} is {gain} ÷ {before} = {share}.", before=Count(10_400), after=Count(13_000), gain=Count(2_600), share=Share(0.25)),
        ),
        say("So a fee per follower should be talked about on the number before the rise."),
    )  # fmt: skip


def made_of(here: Exercise) -> Sequence[str]:
    """The make-up of an exercise: what was done to its accounts, in order; the study counts how many there are."""
    return sorted(here.kinds.values())
