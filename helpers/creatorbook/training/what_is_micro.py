"""Lesson 1: who is micro by whose definition, what is wrong with the numbers that are told, whether small ones engage more
here, and where to look for creators.

Sizes are told by the product (`campaign.sizes`), claims by what research found (`packs/benchmarks.yml`), and whether engagement hangs
on size by the simulator's truth. Clients in whom that cannot be seen are drawn anew.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from creatorbook.campaign.sizes import Band, size_of
from creatorbook.campaign.sizes import named as tier_scheme
from creatorbook.findings import Column, Count, Note, Share, Table, Text, joined, packed, say
from creatorbook.packs import pack
from creatorbook.planning.places import places
from creatorbook.simulate import Settings
from creatorbook.simulate.people import draw_people, size_effect
from creatorbook.stats.intervals import median_interval
from creatorbook.stats.size_curve import SizeCurve, size_curve
from creatorbook.training.answers import NONE, Ask
from creatorbook.training.judging import all_of, each_of, near_to, one_of
from creatorbook.training.lesson import Parts, Question
from creatorbook.training.worlds import lesson_settings, seen_exercise

LETTERS = "ABCDEFGH"
#: the articles' definitions, and the one that an exercise asks about
SCHEMES = ("s0", "s2", "s3", "s4")
ASKED = ("s0", "s2", "s4")
#: followers about which definitions quarrel, and some about which none does
SIZES = (1_800, 4_900, 9_600, 12_400, 38_000, 61_000, 99_000, 104_000, 240_000, 780_000)
#: how sure a shape of the curve must be
SURE = 0.8
#: followers of a small and a large account, whose usual rates are compared
SMALL, LARGE = 2_500, 200_000

EFFECTS: dict[str, Text] = {
    "falling": say("the larger, the lower"),
    "inverted_u": say("it rises first and falls then"),
    "flat": say("no difference that can be told"),
}

JUDGED: dict[str, Text] = {
    "found": say("research found it, everywhere it looked"),
    "part": say("research found it in part, or disagrees"),
    "unsourced": say("nobody says where it comes from"),
    "wrong": say("it does not hold"),
}

#: What articles say, and how it stands.
CLAIMS: dict[str, tuple[Text, str, Text]] = {
    "effective": (
        say("A modest following drives more effective results"),
        "part",
        say("Very small creators sold more per cost in one large study; in another, more followers raised effectiveness. It can; as a rule it is not shown."),
    ),
    "always": (
        say("Small creators always engage more than large ones"),
        "part",
        say("It first rises and then falls with size in one study, and was practically the same in another. “Always” is what is wrong."),
    ),
    "trusted": (
        say("{share} buy what a creator recommends", share=Share(0.92)),
        "unsourced",
        say("The article gives no study, no year and no country for its number, and its number is about something else; see the question before."),
    ),
    "driven": (
        say("Fashion is the industry most driven by influencer marketing"),
        "unsourced",
        say("Driven by what measure, and who measured? The article names neither, so it cannot even be wrong."),
    ),
    "billion": (
        say("TikTok has over a billion users"),
        "unsourced",
        say("It may well be; the article gives no day and no source, and such a figure changes by the month. For a plan it says nothing: who of them is yours?"),
    ),
    "free": (
        say("A gifted post costs nothing"),
        "wrong",
        say("Product, parcel and hours cost money, and a gift is a payment: it needs a label as well."),
    ),
}  # fmt: skip

NINETY_TWO: dict[str, Text] = {
    "people": say("It speaks of people one trusts and knows; creators are put in their place"),
    "fine": say("Nothing: {share} is a large majority", share=Share(0.92)),
    "more": say("It is too low: followers trust creators more than friends"),
    "small": say("It should be rounded to {share}", share=Share(0.9)),
}

#: What is looked for → the place of `packs/goals.yml` where one looks first.
WHERE: dict[str, tuple[Text, str]] = {
    "buyers": (say("Somebody who already buys and speaks of us"), "listening"),
    "subject": (say("People who talk about our subject, as yet without us"), "hashtags"),
    "neighbours": (say("Creators whose audience wears labels like ours"), "competitors"),
}


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Attributes:
        scheme: whose definition is asked about.
        followers: letter → followers.
        list: 44 creators: followers, rate (engagement rate).
        effect: how engagement hangs on size among them, one of `EFFECTS`.
        curve: the product's curve through them.
    """

    scheme: str
    followers: dict[str, int]
    list: pd.DataFrame
    effect: str
    curve: SizeCurve

    def micro(self, scheme: str) -> list[str]:
        """Letters of the accounts that a scheme calls micro."""
        named = tier_scheme(scheme)
        return [
            letter for letter, size in self.followers.items() if size_of(size, "instagram", named) == "micro"
        ]


def exercise(seed: int, language: str = "en") -> Exercise:
    """The exercise of a seed; a list of which the product's curve says something else than the truth is drawn anew."""
    random = np.random.default_rng([1, seed])
    scheme = ASKED[int(random.integers(len(ASKED)))]
    sizes = random.permutation(SIZES)[: len(LETTERS)] + random.integers(0, 90, len(LETTERS))
    effect = list(EFFECTS)[int(random.integers(len(EFFECTS)))]

    def draw(drawn: int) -> Exercise:
        people = draw_people(_settings(drawn, language, effect))
        noise = np.full(len(people), 0.01)
        curve = size_curve(people.followers.to_numpy(), people.true_rate.to_numpy(), noise)
        accounts = people[["followers", "true_rate"]].rename(columns={"true_rate": "rate"})
        return Exercise(scheme, dict(zip(LETTERS, map(int, sizes), strict=True)), accounts, effect, curve)

    return seen_exercise(
        seed, draw, lambda here: _seen(here) == size_effect(_settings(seed, language, effect))
    )


def _settings(seed: int, language: str, effect: str) -> Settings:
    return lesson_settings(
        seed, language, creators=44, size_effect=effect, tiers={"nano": 0.36, "micro": 0.4, "macro": 0.24}
    )


def _seen(here: Exercise) -> str:
    """What the product's curve and the medians of sizes say together; empty where neither is sure."""
    shapes = here.curve.shapes()
    medians = _medians(here.list.followers, here.list.rate).set_index("size")["median"]
    small, middle, large = (float(medians[name]) for name in ("nano", "micro", "macro"))
    low, _, high = here.curve.ratio(SMALL, LARGE)
    if shapes["falls"] >= SURE and small > 1.25 * middle > 1.5 * large:
        return "falling"
    if shapes["rises, then falls"] >= SURE and middle > 1.2 * max(small, large):
        return "inverted_u"
    if low < 1 < high and max(medians) < 1.25 * min(medians):
        return "flat"
    return ""


def _medians(followers: pd.Series, rates: pd.Series) -> pd.DataFrame:
    """Median engagement rate by size, with its range: size, n, median, low, high."""
    scheme = tier_scheme("s0")
    sizes = followers.map(lambda size: size_of(size, "instagram", scheme))
    rows = []
    for size in ("nano", "micro", "macro"):
        own = rates[sizes == size]
        low, high = median_interval(own.tolist()) or (np.nan, np.nan)
        rows.append({"size": size, "n": len(own), "median": own.median(), "low": low, "high": high})
    return pd.DataFrame(rows)


def parts(seed: int, language: str = "en") -> Parts:
    """The lesson's evidence and questions for a seed."""
    here = exercise(seed, language)
    return Parts(
        {
            "accounts": lambda: (_accounts(here), _definition(here)),
            "sizes": lambda: (_by_size(here),),
            "research": lambda: tuple(_research()),
        },
        (_micro(here), _agree(here), _ninety_two(), _claims(), _size(here), _find()),
    )


def _accounts(here: Exercise) -> Table:
    frame = pd.DataFrame({"letter": list(here.followers), "followers": list(here.followers.values())})
    return Table(
        "training.accounts",
        say("Eight accounts"),
        frame,
        {"letter": Column(""), "followers": Column(say("Followers"), "number")},
    )


def _definition(here: Exercise) -> Note:
    schemes = pack("tiers")["schemes"]
    parts_ = [
        say(
            "{title}: {bounds}",
            title=packed(schemes[name]["title"]),
            bounds=tier_scheme(name).bounds("micro"),
        )
        for name in SCHEMES
    ]
    return Note(
        say(
            "Four articles call these numbers of followers micro. {definitions}.",
            definitions=joined(parts_, by="; "),
        )
    )


def _by_size(here: Exercise) -> Table:
    frame = _medians(here.list.followers, here.list.rate)
    columns = {
        "size": Column(say("Size")),
        "n": Column(say("Creators"), "number"),
        "median": Column(say("Median engagement rate"), "percent", 1),
        "low": Column(say("likely from"), "percent", 1),
        "high": Column(say("to"), "percent", 1),
    }
    return Table(
        "training.sizes", say("A client's own list of {n} creators", n=len(here.list)), frame, columns
    )


def _research() -> list[Note]:
    """What research says, with its source, as the workbook's plan shows it."""
    wanted = ("beichert_2024", "wies_2023", "leung_2022", "mediakix_2017", "not_free")
    rows = {row["id"]: row for row in pack("benchmarks")["research"]}
    return [
        Note(say("{text} ({source})", text=packed(rows[name]["text"]), source=packed(rows[name]["source"])))
        for name in wanted
    ]


def _micro(here: Exercise) -> Question:
    wanted = here.micro(here.scheme)
    title = packed(pack("tiers")["schemes"][here.scheme]["title"])
    bounds = tier_scheme(here.scheme).bounds("micro")

    def size(letter: str) -> Count:
        return Count(here.followers[letter])

    judge = all_of(
        "micro",
        wanted,
        lambda letter: say(
            "{letter} has {followers} followers; here micro is {bounds}.",
            letter=letter, followers=size(letter), bounds=bounds,
        ),
        lambda letter: say(
            "{letter}, with {followers} followers, is micro by this definition as well.",
            letter=letter, followers=size(letter),
        ),
    )  # fmt: skip
    options = {
        letter: say("{letter} · {followers}", letter=letter, followers=Count(size))
        for letter, size in here.followers.items()
    }
    return Question(
        "micro",
        say("Who is micro?"),
        (Ask("micro", say("Micro by “{title}”", title=title), "choices", {**options, NONE: say("none of them")}),),
        {"micro": wanted or [NONE]},
        say("By “{title}” micro is {bounds}, whatever the others say; smaller bands inside of it have names of their own.", title=title, bounds=bounds),
        judge,
        (say("Read the definition that is named, and no other."), _nested_hint()),
        say("Two people who say “micro” may mean different people. Write down whose definition a brief uses."),
    )  # fmt: skip


def micro_bands() -> dict[str, Band]:
    """What each definition calls micro."""
    return {
        name: next(band for band in tier_scheme(name).on("instagram") if band.name == "micro")
        for name in SCHEMES
    }


def _nested_hint() -> Text:
    """Which definition calls a part of micro by a name of its own."""
    name, inner = next(
        (name, band)
        for name in SCHEMES
        for band in tier_scheme(name).on("instagram")
        if band.within == "micro"
    )
    return say(
        "In “{title}” the smallest, up to {end}, are called {name}, although they lie inside of micro.",
        title=packed(pack("tiers")["schemes"][name]["title"]), end=Count(inner.end), name=inner.name,
    )  # fmt: skip


def _shared_hint() -> Text:
    """What all definitions call micro."""
    bands = micro_bands().values()
    return say(
        "Only {start} to {end} is called micro by all four.",
        start=Count(max(band.start for band in bands)), end=Count(min(band.end for band in bands)),
    )  # fmt: skip


def _agree(here: Exercise) -> Question:
    by_scheme = {name: set(here.micro(name)) for name in SCHEMES}
    every, some = set.intersection(*by_scheme.values()), set.union(*by_scheme.values())

    mistakes = [
        (len(some), say("So many are micro by one definition at least. By all four?")),
        (len(here.micro(here.scheme)), say("So many are micro by the definition of the last question. The other three have to agree.")),
    ]  # fmt: skip
    one_by_one = say("Go through the accounts one by one: an account counts only if all four call it micro.")
    return Question(
        "agree",
        say("On how many do all four agree?"),
        (Ask("agree", say("Accounts that all four articles call micro"), "number", unit=say("accounts")),),
        {"agree": len(every)},
        say("All four agree on {n} of {all}: {letters}. By one at least {some} are micro.", n=len(every), all=len(here.followers), letters=joined(sorted(every)) if every else say("none"), some=len(some)),
        near_to("agree", len(every), 0.4, mistakes, one_by_one),
        (say("The narrowest band decides."), _shared_hint()),
        say("“Micro engages more” is four sentences about four groups of people."),
    )  # fmt: skip


def _ninety_two() -> Question:
    reasons = {
        "fine": say("A large share of what? Read of whom it speaks, and of whom the article then speaks."),
        "more": say("No study says so; and the sentence does not even ask that."),
        "small": say("How many digits a number has is the least of it. Of whom does it speak?"),
    }

    return Question(
        "ninety_two",
        say("What is wrong with {share}?", share=Share(0.92)),
        (Ask("ninety", say("“{share} of customers make purchases based on recommendations from their trusted, immediate networks”, says an article on creators. What is wrong?", share=Share(0.92)), "choice", NINETY_TWO),),
        {"ninety": "people"},
        say("Friends and family are a trusted, immediate network; somebody with 60,000 followers is not. The number has no source, and the step from it to creators is the article's own."),
        one_of("ninety", {"people"}, reasons.__getitem__),
        (say("Who is in your “trusted, immediate network”?"), say("A number can be right and be about something else.")),
        say("Ask three things of every number: who was asked, what was asked, and is this about us?"),
    )  # fmt: skip


def _claims() -> Question:
    answers = {name: answer for name, (_, answer, _) in CLAIMS.items()}
    return Question(
        "claims",
        say("What holds?"),
        tuple(Ask(name, claim, "choice", JUDGED) for name, (claim, _, _) in CLAIMS.items()),
        answers,
        joined([reason for _, _, reason in CLAIMS.values()], by=" "),
        each_of(answers, lambda name, _: CLAIMS[name][2]),
        (
            say("Lay each sentence beside the findings above. Watch for “always”, and for numbers without a source."),
            say("Two of them are half true, three have no source, one does not hold."),
        ),
        say("“It depends, and on what” is an expert's answer. The plan in `01_goals` prints both sides."),
    )  # fmt: skip


def _size(here: Exercise) -> Question:
    effect = here.effect
    reasons = {
        "falling": say(
            "Then large ones would stand clearly below small ones, step by step. Look at the ranges: they have to lie apart."
        ),
        "inverted_u": say(
            "Then the middle size would stand above both others. Does it, by more than the ranges?"
        ),
        "flat": say("The ranges of two sizes lie apart here: that is a difference."),
    }

    low, likely, high = here.curve.ratio(SMALL, LARGE)
    return Question(
        "size",
        say("And in this client's list?"),
        (Ask("effect", say("How does engagement hang on size among these {n}?", n=len(here.list)), "choice", EFFECTS),),
        {"effect": effect},
        say(
            "The curve through all {n} says that {large} followers have {change} of the rate of {small}, likely between {low} and {high}. So it was made: {effect}.",
            n=len(here.list), large=Count(LARGE), small=Count(SMALL), change=Share(likely), low=Share(low), high=Share(high), effect=EFFECTS[effect],
        ),
        one_of("effect", {effect}, reasons.__getitem__),
        (say("Compare the three medians, then their ranges."), say("Ranges that overlap widely say nothing; a middle above both ends is a shape of its own.")),
        say("Research disagrees because lists differ. `03_tiers` draws this curve for each client anew."),
    )  # fmt: skip


def _find() -> Question:
    named = {str(place["key"]): packed(place["place"]) for place in places()}
    how = {str(place["key"]): packed(place["how"]) for place in places()}

    answers = {name: answer for name, (_, answer) in WHERE.items()}

    def reason(name: str, given: str) -> Text:
        what, answer = WHERE[name]
        return say(
            "{what}: there is a nearer place than “{given}”. How one looks there: {how}.",
            what=what, given=named[given], how=how[answer],
        )  # fmt: skip

    return Question(
        "find",
        say("Where do you look first?"),
        tuple(Ask(name, what, "choice", named) for name, (what, _) in WHERE.items()),
        answers,
        joined([say("{place}: {how}.", place=named[answer], how=how[answer]) for _, answer in WHERE.values()], by=" "),
        each_of(answers, reason),
        (say("Begin with who is nearest to the brand."), say("Fans are found by listening, subjects by tags, neighbours by whom rivals are tagged with.")),
        say("Databases come last: they know numbers, and none of these three things. The creators list has a column for where somebody was found."),
    )  # fmt: skip
