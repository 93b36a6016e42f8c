"""Training lessons: questions about campaigns whose truth is known, with `check()`, `hint()` and `solution()`.

A check compares an answer with what the product's own functions see and with the simulator's truth; this is
the only module that may look at that truth. It answers “right”, “not yet” with a reason in the trade's
words, or “not attempted”.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from numbers import Real
from typing import Any, Literal

import pandas as pd

from creatorbook import rooms
from creatorbook.book import Book
from creatorbook.findings import Column, Findings, Table, say, written
from creatorbook.opening import open_book
from creatorbook.simulate import Plant, Settings, make_world, simulate
from creatorbook.vetting import growth
from creatorbook.vetting.posts import listed_posts, names_giveaway
from creatorbook.vetting.show_signals import follower_chart
from creatorbook.vetting.wording import day_span

MarkStatus = Literal["right", "not yet", "not attempted"]


class Placeholder:
    """Stands where an answer belongs: `____`."""

    def __repr__(self) -> str:
        return "____"


____ = Placeholder()


@dataclass(frozen=True)
class Mark:
    """What a check says.

    Attributes:
        status: `right`, `not yet` or `not attempted`.
        reason: why, in the words of the trade.
    """

    status: MarkStatus
    reason: str

    def __repr__(self) -> str:
        return f"{self.status.capitalize()}. {self.reason}"


@dataclass(frozen=True)
class HelpText:
    """A hint or a solution; reads as its text."""

    text: str

    def __repr__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Question:
    """One question of a lesson.

    Attributes:
        hints: from a nudge to nearly the answer.
        answer: the right answer.
        why: the reasoning that the solution shows.
        judge: what is not right about an answer; an empty text if nothing is.
    """

    hints: tuple[str, ...]
    answer: Any
    why: str
    judge: Callable[[Any], str]
    praise: str = ""
    _asked: list[int] = field(default_factory=lambda: [0])

    def check(self, answer: Any) -> Mark:
        """Whether an answer is right, and if not yet, why."""
        if isinstance(answer, Placeholder):
            return Mark("not attempted", "Put your answer where ____ stands and run the cell again.")
        objection = self.judge(answer)
        return Mark("not yet", objection) if objection else Mark("right", self.praise)

    def hint(self) -> HelpText:
        """The next hint; the last one stays."""
        place = min(self._asked[0], len(self.hints) - 1)
        self._asked[0] += 1
        return HelpText(f"Hint {place + 1} of {len(self.hints)}: {self.hints[place]}")

    def solution(self) -> HelpText:
        """The answer and the reasoning."""
        shown = ", ".join(sorted(self.answer)) if isinstance(self.answer, set) else str(self.answer)
        return HelpText(f"{shown}. {self.why}")


@dataclass(frozen=True)
class Lesson:
    """Six accounts under letters, what can be seen of them, and the questions.

    Attributes:
        book: the made-up campaign they come from.
        letters: letter → account.
        planted: letter → what the simulator did to it; empty for an ordinary account.
    """

    book: Book
    letters: dict[str, str]
    planted: dict[str, str]
    q1: Question
    q2: Question
    q3: Question
    q4: Question

    def curves(self) -> Findings:
        """The six follower curves with the views of the same days, unmarked."""
        items = tuple(
            follower_chart(self.book, account, f"account {letter}", marked=False)
            for letter, account in self.letters.items()
        )
        return Findings("training", items, self.book.formats)

    def posts(self) -> Findings:
        """What each account posted around its best days: the other half of the evidence."""
        return Findings("training", (_best_days(self.book, self.letters),), self.book.formats)


def read_the_signals(seed: int = 11) -> Lesson:
    """The lesson “read the signals”: bought followers among innocent spikes.

    The same seed gives the same six accounts; another seed is another exercise.
    """
    settings = _settings(seed)
    with rooms.room() as folder:
        simulate(folder, settings)
        book = open_book(folder, stage="plan", mode="train", as_of=settings.last_day)
    letters, planted = _six(settings, book)
    return _lesson(book, letters, planted)


def _settings(seed: int) -> Settings:
    """A small client on one platform: three sorts of bought followers, two innocent spikes, the rest ordinary."""
    return Settings(
        brand="Lessonia",
        currency="GBP",  # with the market: numbers as the lesson's English writes them
        market="GB",
        markets={"GB": 1.0},
        tax_rates={"GB": 0.20},
        seed=seed,
        creators=12,
        platforms={"instagram": 1.0},
        tiers={"micro": 1.0},
        people_with_two_handles=0,
        start=date(2026, 6, 1),
        days_before=120,
        days_after=1,
        campaign_days=1,
        orders_per_day=0,
        orders_per_creator=0,
        files={
            "creators": "creators.csv",
            "instagram_content": "instagram content.csv",
            "follower_history": "follower-history.csv",
        },
        planted=[
            Plant(kind="bought_followers", strength="strong", shape="jump"),
            Plant(kind="bought_followers", strength="medium", shape="jump_then_decay"),
            Plant(kind="bought_followers", strength="strong", shape="drip"),
            Plant(kind="viral_post"),
            Plant(kind="giveaway"),
        ],
        write_truth=False,
    )


def _six(settings: Settings, book: Book) -> tuple[dict[str, str], dict[str, str]]:
    """The planted accounts and an ordinary one, under letters in an order that gives nothing away."""
    world = make_world(settings)
    handles = world.people["handle"]
    kind_of = {
        f"instagram/{handles[int(plant.account)]}": str(plant.kind) for plant in world.plants.itertuples()
    }
    with_history = set(growth.histories(book).account)
    ordinary = sorted(with_history - set(kind_of))[0]
    chosen = [*sorted(set(kind_of) & with_history), ordinary]
    order = settings.random("letters").permutation(len(chosen))
    letters = {"ABCDEFGH"[place]: chosen[index] for place, index in enumerate(order)}
    return letters, {letter: kind_of.get(account, "") for letter, account in letters.items()}


def _lesson(book: Book, letters: dict[str, str], planted: dict[str, str]) -> Lesson:
    """The questions with what the product sees of these accounts and what was done to them."""
    jumps = growth.follower_jumps(book)
    by_letter = {letter: jumps[jumps.account == account] for letter, account in letters.items()}
    rose = {letter for letter, rises in by_letter.items() if len(rises)}
    explained = {letter for letter in rose if by_letter[letter].explained.all()}
    bought = {letter for letter, kind in planted.items() if kind == "bought_followers"}
    widest = max(sorted(bought), key=lambda letter: float(by_letter[letter].share.max()))
    share = float(by_letter[widest].share.max())
    return Lesson(
        book,
        letters,
        planted,
        q1=_question_rose(book, by_letter, rose),
        q2=_question_explained(book, by_letter, rose, explained),
        q3=_question_ask(by_letter, planted, bought),
        q4=_question_share(widest, share),
    )


def _question_rose(book: Book, by_letter: dict[str, pd.DataFrame], rose: set[str]) -> Question:
    """Which accounts have days that gained far more than usual."""
    days = "; ".join(
        f"{letter}: {written(day_span(rises.start.iloc[0], rises.end.iloc[0]), book.formats)}"
        for letter, rises in by_letter.items()
        if len(rises)
    )

    def judge(given: set[str]) -> str:
        for letter in sorted(given - rose):
            return f"{letter} grows at its usual pace; no week of it stands out from the others."
        for letter in sorted(rose - given):
            return f"Look at {letter} again: some of its days or weeks gain far more than all the others. A slow rise counts too."
        return ""

    return Question(
        hints=(
            "Lay a ruler along each curve. Where does it leave the ruler?",
            "Not only steps: one of them leaves the ruler for three weeks, a little every day.",
        ),
        answer=rose,
        why=f"These days gained far more than the days around them: {days}.",
        judge=_judged(by_letter, judge),
        praise="These are the accounts with days that need an explanation. Nothing is said yet about the cause.",
    )


def _question_explained(
    book: Book, by_letter: dict[str, pd.DataFrame], rose: set[str], explained: set[str]
) -> Question:
    """Which of these rises have an ordinary cause."""
    causes = {}
    for letter in sorted(explained):
        jump = by_letter[letter].iloc[0]
        if pd.notna(jump.giveaway):
            causes[letter] = f"a giveaway post of {book.formats.day(jump.giveaway)}"
        else:
            causes[letter] = f"views {jump.views_ratio:.0f} times those of its good days: a post took off"

    def judge(given: set[str]) -> str:
        for letter in sorted(given - rose):
            return f"{letter} has nothing to explain: it grows at its usual pace."
        for letter in sorted(given - explained):
            return f"What would explain {letter}? Its views stay where they always are while followers come, and no caption of these days names a giveaway."
        for letter in sorted(explained - given):
            return f"You would leave {letter} without its good explanation. Compare the days of the rise with its views and with what it posted."
        return ""

    return Question(
        hints=(
            "People who follow after seeing a post have seen the post: views rise first.",
            "One rise has ordinary views, but a caption that explains it. Read the table of posts.",
        ),
        answer=explained,
        why="; ".join(f"{letter}: {cause}" for letter, cause in causes.items()) + ".",
        judge=_judged(by_letter, judge),
        praise="Innocent causes come first. A creator whose post took off should never hear a question that sounds like a charge.",
    )


def _question_ask(by_letter: dict[str, pd.DataFrame], planted: dict[str, str], bought: set[str]) -> Question:
    """Which accounts there is something to ask."""
    innocent = {"viral_post": "a post took off", "giveaway": "it held a giveaway", "": "nothing happened"}

    def judge(given: set[str]) -> str:
        for letter in sorted(given - bought):
            return f"{letter} has a plain reason: {innocent.get(planted[letter], 'nothing was planted')}. Asking costs you its good will."
        for letter in sorted(bought - given):
            return f"{letter} gained followers whom nobody saw coming: neither its views nor its posts explain them. It would pass unasked."
        return ""

    return Question(
        hints=(
            "Take the answer to the first question and cross out the answer to the second.",
            "Three of the six remain: one step, one step that leaks away, one slow rise.",
        ),
        answer=bought,
        why="In this made-up client followers were added to these accounts from outside. On real accounts nobody knows: that is why we ask.",
        judge=_judged(by_letter, judge),
        praise="These are the ones to ask. Note what you saw and what they answer; the signal is no verdict.",
    )


def _question_share(letter: str, share: float) -> Question:
    """How large a rise is against the followers before it."""

    def judge(answer: Any) -> str:
        if isinstance(answer, bool) or not isinstance(answer, Real) or not 0 <= float(answer) < math.inf:
            return "Give a number: a share between 0 and 1, such as 0.12."
        given = float(answer)
        if given > 1:
            return "Write a share: 12 % is 0.12."
        if abs(given - share) > max(0.02, 0.15 * share):
            side = "more" if given < share else "less"
            return f"It is {side} than that. Read the followers before and after, take off what it gains anyway, and divide by the followers before."
        return ""

    return Question(
        hints=(
            "Followers after the rise, less followers before it, divided by followers before it.",
            f"A step from 10,400 to 13,000 is 2,600 ÷ 10,400 = 0.25. Look at {letter}.",
        ),
        answer=round(share, 2),
        why=f"About {share:.0%} of the followers {letter} had before, beyond what it gains in as many usual days. The fee was asked for the larger number.",
        judge=judge,
        praise=f"So a fee per follower for {letter} should be talked about on the number before the rise.",
    )


def _judged(letters: Iterable[str], judge: Callable[[set[str]], str]) -> Callable[[Any], str]:
    """A judgement on letters as one on any answer: what is wrong with its form comes first."""
    every_letter = tuple(letters)

    def judged(answer: Any) -> str:
        given = _letters(answer, every_letter)
        return given if isinstance(given, str) else judge(given)

    return judged


def _letters(answer: Any, letters: Collection[str]) -> set[str] | str:
    """An answer as letters, or what is wrong with its form."""
    if isinstance(answer, str):
        answer = list(answer.replace(",", " ").replace(" ", ""))
    if not isinstance(answer, list | tuple | set | frozenset):
        return 'Give letters, such as ["A", "C"].'
    given = {str(letter).strip().upper() for letter in answer}
    strange = sorted(given - set(letters))
    return f"There is no account {strange[0]}; they are {', '.join(sorted(letters))}." if strange else given


def _best_days(book: Book, letters: dict[str, str]) -> Table:
    """Posts within two days of each account's best day, with their views against its median post."""
    gains, posts = growth.histories(book), listed_posts(book)
    rows = []
    for letter, account in letters.items():
        history = gains[gains.account == account]
        best = history.date[history.gain.idxmax()]
        own = posts[posts.account == account].sort_values("published_at", kind="stable")
        near = own[(own.published_at - best).abs() <= pd.Timedelta(days=2)]
        usual = own.views.median()
        # a giveaway's caption stands first where there are several
        near = near.assign(first=names_giveaway(near.caption)).sort_values(
            "first", ascending=False, kind="stable"
        )
        rows += [
            {
                "letter": letter,
                "best": best,
                "posted": post.published_at,
                "times": post.views / usual,
                "caption": str(post.caption)[:90] if pd.notna(post.caption) else say("no caption"),
            }
            for post in near.head(3).itertuples()
        ] or [
            {
                "letter": letter,
                "best": best,
                "posted": pd.NaT,
                "times": float("nan"),
                "caption": say("no post within two days"),
            }
        ]
    columns = {
        "letter": Column("Account"),
        "best": Column("Its best day", "date"),
        "posted": Column("Posted on", "date"),
        "times": Column("Views, times its usual post", "number", 1),
        "caption": Column("Beginning of the caption"),
    }
    return Table(
        "training.posts", "What they posted around their best day", pd.DataFrame(rows), columns, rows=30
    )
