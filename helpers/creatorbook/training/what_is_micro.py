"""Lesson 1: who is micro by whose definition, what is wrong with the numbers that are told, whether small ones engage more
here, and where to look for creators.

Sizes are told by the product (`campaign.sizes`), claims by what research found (`packs/benchmarks.yml`), and whether engagement hangs
on size by the simulator's truth. Clients in whom that cannot be seen are drawn anew.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from creatorbook.campaign.sizes import named as tier_scheme
from creatorbook.campaign.sizes import size_of
from creatorbook.findings import Column, Count, Note, Share, Table, Text, joined, packed, say
from creatorbook.packs import pack
from creatorbook.planning.places import places
from creatorbook.simulate.people import draw_people, size_effect
from creatorbook.stats.intervals import median_interval
from creatorbook.stats.size_curve import SizeCurve, size_curve
from creatorbook.training.answers import NONE, Ask
from creatorbook.training.lesson import Judgement, Parts, Question, Values, not_yet, right
from creatorbook.training.worlds import lesson_settings

LETTERS = "ABCDEFGH"
#: the articles' definitions, and the one that an exercise asks about
SCHEMES = ("s0", "s2", "s3", "s4")
ASKED = ("s0", "s2", "s4")
#: followers about which definitions quarrel, and some about which none does
SIZES = (1_800, 4_900, 9_600, 12_400, 38_000, 61_000, 99_000, 104_000, 240_000, 780_000)
#: how sure a shape of the curve must be, and how often a client is drawn until it is
SURE, REDRAWN = 0.8, 40

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
        say("92% buy what a creator recommends"),
        "unsourced",
        say("The article gives no study, no year and no country for its number, and its number is about something else; see the question before."),
    ),
    "free": (
        say("A gifted post costs nothing"),
        "wrong",
        say("Product, parcel and hours cost money, and a gift is a payment: it needs a label as well."),
    ),
}  # fmt: skip

NINETY_TWO: dict[str, Text] = {
    "people": say("It speaks of people one trusts and knows; creators are put in their place"),
    "fine": say("Nothing: 92% is a large majority"),
    "more": say("It is too low: followers trust creators more than friends"),
    "small": say("It should be rounded to 90%"),
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
    for attempt in range(REDRAWN):
        settings = lesson_settings(
            seed + 100_000 * attempt, language, creators=44, size_effect=effect, tiers={"nano": 0.36, "micro": 0.4, "macro": 0.24}
        )  # fmt: skip
        people = draw_people(settings)
        curve = size_curve(
            people.followers.to_numpy(), people.true_rate.to_numpy(), np.full(len(people), 0.01)
        )
        if _seen(curve, people) == size_effect(settings):
            break
    accounts = people[["followers", "true_rate"]].rename(columns={"true_rate": "rate"})
    return Exercise(scheme, dict(zip(LETTERS, map(int, sizes), strict=True)), accounts, effect, curve)


def _seen(curve: SizeCurve, people: pd.DataFrame) -> str:
    """What the product's curve and the medians of sizes say together; empty where neither is sure."""
    shapes = curve.shapes()
    medians = _medians(people.followers, people.true_rate).set_index("size")["median"]
    small, middle, large = (float(medians[name]) for name in ("nano", "micro", "macro"))
    low, _, high = curve.ratio(2_500, 200_000)
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
    return Table("training.sizes", say("A client's own list of 44 creators"), frame, columns)


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

    def judge(values: Values) -> Judgement:
        given = set(values["micro"]) - {NONE}
        for letter in sorted(given - set(wanted)):
            return not_yet(
                say(
                    "{letter} has {followers} followers; here micro is {bounds}.",
                    letter=letter,
                    followers=Count(here.followers[letter]),
                    bounds=bounds,
                )
            )
        for letter in sorted(set(wanted) - given):
            return not_yet(
                say(
                    "{letter}, with {followers} followers, is micro by this definition as well.",
                    letter=letter,
                    followers=Count(here.followers[letter]),
                )
            )
        return right()

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
        (say("Read the definition that is named, and no other."), say("In “Emerging labels” the smallest, up to 5,000, are called nano, although they lie inside of micro.")),
        say("Two people who say “micro” may mean different people. Write down whose definition a brief uses."),
    )  # fmt: skip


def _agree(here: Exercise) -> Question:
    by_scheme = {name: set(here.micro(name)) for name in SCHEMES}
    every, some = set.intersection(*by_scheme.values()), set.union(*by_scheme.values())

    def judge(values: Values) -> Judgement:
        given = round(values["agree"])
        if given == len(every):
            return right()
        if given == len(some):
            return not_yet(say("So many are micro by one definition at least. By all four?"))
        if given == len(here.micro(here.scheme)):
            return not_yet(
                say(
                    "So many are micro by the definition of the last question. The other three have to agree."
                )
            )
        return not_yet(
            say("Go through the accounts one by one: an account counts only if all four call it micro.")
        )

    return Question(
        "agree",
        say("On how many do all four agree?"),
        (Ask("agree", say("Accounts that all four articles call micro"), "number", unit=say("accounts")),),
        {"agree": len(every)},
        say("All four agree on {n} of {all}: {letters}. By one at least {some} are micro.", n=len(every), all=len(here.followers), letters=joined(sorted(every)) if every else say("none"), some=len(some)),
        judge,
        (say("The narrowest band decides."), say("Only 10,000 to 50,000 is called micro by all four.")),
        say("“Micro engages more” is four sentences about four groups of people."),
    )  # fmt: skip


def _ninety_two() -> Question:
    reasons = {
        "fine": say("A large share of what? Read of whom it speaks, and of whom the article then speaks."),
        "more": say("No study says so; and the sentence does not even ask that."),
        "small": say("How many digits a number has is the least of it. Of whom does it speak?"),
    }

    def judge(values: Values) -> Judgement:
        return Judgement(reasons.get(values["ninety"], ""))

    return Question(
        "ninety_two",
        say("What is wrong with 92%?"),
        (Ask("ninety", say("“92% of customers make purchases based on recommendations from their trusted, immediate networks”, says an article on creators. What is wrong?"), "choice", NINETY_TWO),),
        {"ninety": "people"},
        say("Friends and family are a trusted, immediate network; somebody with 60,000 followers is not. The number has no source, and the step from it to creators is the article's own."),
        judge,
        (say("Who is in your “trusted, immediate network”?"), say("A number can be right and be about something else.")),
        say("Ask three things of every number: who was asked, what was asked, and is this about us?"),
    )  # fmt: skip


def _claims() -> Question:
    def judge(values: Values) -> Judgement:
        for name, (_, answer, reason) in CLAIMS.items():
            if values[name] != answer:
                return not_yet(reason)
        return right()

    return Question(
        "claims",
        say("What holds?"),
        tuple(Ask(name, claim, "choice", JUDGED) for name, (claim, _, _) in CLAIMS.items()),
        {name: answer for name, (_, answer, _) in CLAIMS.items()},
        joined([reason for _, _, reason in CLAIMS.values()], by=" "),
        judge,
        (
            say("Lay each sentence beside the findings above. Watch for “always”, and for numbers without a source."),
            say("Two of them are half true, one has no source, one does not hold."),
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

    def judge(values: Values) -> Judgement:
        return Judgement("" if values["effect"] == effect else reasons[values["effect"]])

    low, likely, high = here.curve.ratio(2_500, 200_000)
    return Question(
        "size",
        say("And in this client's list?"),
        (Ask("effect", say("How does engagement hang on size among these 44?"), "choice", EFFECTS),),
        {"effect": effect},
        say(
            "The curve through all 44 says that 200,000 followers have {change} of the rate of 2,500, likely between {low} and {high}. So it was made: {effect}.",
            change=Share(likely), low=Share(low), high=Share(high), effect=EFFECTS[effect],
        ),
        judge,
        (say("Compare the three medians, then their ranges."), say("Ranges that overlap widely say nothing; a middle above both ends is a shape of its own.")),
        say("Research disagrees because lists differ. `03_tiers` draws this curve for each client anew."),
    )  # fmt: skip


def _find() -> Question:
    named = {str(place["key"]): packed(place["place"]) for place in places()}
    how = {str(place["key"]): packed(place["how"]) for place in places()}

    def judge(values: Values) -> Judgement:
        for name, (what, answer) in WHERE.items():
            if values[name] != answer:
                return not_yet(
                    say(
                        "{what}: there is a nearer place than “{given}”. How one looks there: {how}.",
                        what=what,
                        given=named[values[name]],
                        how=how[answer],
                    )
                )
        return right()

    return Question(
        "find",
        say("Where do you look first?"),
        tuple(Ask(name, what, "choice", named) for name, (what, _) in WHERE.items()),
        {name: answer for name, (_, answer) in WHERE.items()},
        joined([say("{place}: {how}.", place=named[answer], how=how[answer]) for _, answer in WHERE.values()], by=" "),
        judge,
        (say("Begin with who is nearest to the brand."), say("Fans are found by listening, subjects by tags, neighbours by whom rivals are tagged with.")),
        say("Databases come last: they know numbers, and none of these three things. The creators list has a column for where somebody was found."),
    )  # fmt: skip
