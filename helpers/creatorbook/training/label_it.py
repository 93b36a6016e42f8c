"""Lesson 10: twelve posts in six markets. Which labels do, what is wrong with the others, the right words, and who needs one at all.

Truth: the mistakes that the simulator planted; the rules are the workbook's own (`tracking.disclosure`). Posts of which the two say
different things are not asked about.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from creatorbook.book import Book
from creatorbook.campaign.roster import roster
from creatorbook.findings import Column, Table, Text, joined, packed, say
from creatorbook.packs import pack
from creatorbook.simulate import Plant
from creatorbook.simulate.settings import LABEL_SHAPES
from creatorbook.simulate.world import World
from creatorbook.tracking.disclosure import (
    VERDICTS,
    Label,
    check_text,
    compile_label,
    market_language,
    markets,
)
from creatorbook.tracking.label_check import checked_posts
from creatorbook.training.answers import Ask
from creatorbook.training.judging import all_of, each_of
from creatorbook.training.lesson import Judgement, Parts, Question, Values, not_yet
from creatorbook.training.worlds import lesson_settings, made_up_client, seen_exercise

LETTERS = "ABCDEFGHIJKL"
SIX = ("DE", "FR", "GB", "US", "IT", "ES")
#: what the check says of each planted mistake where it sees it
SEEN = {
    "": "found", "missing": "not found", "gifted_only": "wrong word", "other_language": "wrong word",
    "ambiguous": "wrong word", "at_end": "too late", "after_more": "too late", "among_hashtags": "among hashtags",
}  # fmt: skip
#: fewest and most posts with a mistake among the twelve, and kinds of mistakes among them
FEWEST, MOST, KINDS = 4, 8, 3
#: how many mistakes are to be named
NAMED = 3

MISTAKES: dict[str, Text] = {
    "not found": say("there is no label"),
    "wrong word": say("there is a word, but one that does not do"),
    "too late": say("the right word stands too late"),
    "among hashtags": say("the right word drowns among hashtags"),
}

#: A creator's tie to the brand → the benefit it is in the rules.
TIES: dict[str, tuple[Text, str]] = {
    "gift": (say("A parcel came, and nobody asked for a post"), "gift"),
    "commission": (say("Nothing is paid but a share of what sells"), "commission"),
    "family": (say("Works in the brand's shop on Saturdays"), "employment"),
    "trip": (say("Was invited to a weekend, travel and room included"), "experience"),
    "loan": (say("Wore a borrowed dress and sent it back"), "loan"),
    "bought": (say("Bought it and likes it; has never been in touch"), "none"),
    "asked": (say("Was asked by followers where the coat is from, and had paid for it"), "none"),
}
NEEDED: dict[str, Text] = {"yes": say("a label is needed"), "no": say("no label is needed")}

#: Kind of post → how it is called, and the place that people take for enough.
KIND_WORDS: dict[str, Text] = {
    "picture": say("a picture"),
    "story": say("a Story of four frames"),
    "video": say("a video"),
    "live": say("a live stream"),
}
NOT_ENOUGH: dict[str, Text] = {
    "profile": say("once for all in the profile"),
    "end": say("at the end, below the hashtags"),
    "switch": say("the platform's own label is enough"),
}


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Attributes:
        posts: one row per post, index letters: creator, country, language, seen and behind (the caption before and behind
            “more”), caption, planted (the mistake's shape, or empty), verdict (of the check).
        labels: letter → what the post needs.
        named: letters whose mistake is to be named, each another if there are enough.
        ties: keys of `TIES` that are asked about.
        market, kind: where a label's place is asked for.
    """

    posts: pd.DataFrame
    labels: dict[str, Label]
    named: list[str]
    ties: list[str]
    market: str
    kind: str

    @property
    def wrong(self) -> list[str]:
        """Letters of the posts to be changed."""
        return list(self.posts.index[self.posts.planted != ""])

    @property
    def places(self) -> list[str]:
        """Keys of the places the label has to stand at in the post that is asked about."""
        texts = compile_label([self.market], market_language(self.market) or "en", "fee", self.kind).positions
        return [key for key, text in pack("disclosure")["positions"].items() if text in texts]


def exercise(seed: int, language: str = "en") -> Exercise:
    """The exercise of a seed; where too few mistakes, or too few of their kinds, can be seen, it is drawn anew."""
    return seen_exercise(seed, lambda drawn: _drawn(drawn, language), _can_be_seen)


def _can_be_seen(here: Exercise) -> bool:
    kinds = {str(here.posts.verdict[letter]) for letter in here.wrong}
    return len(here.posts) == len(LETTERS) and FEWEST <= len(here.wrong) <= MOST and len(kinds) >= KINDS


def _drawn(seed: int, language: str) -> Exercise:
    random = np.random.default_rng([10, seed])
    shapes = [shape for shape in LABEL_SHAPES for _ in range(int(random.integers(0, 3)))]
    share = 1 / len(SIX)
    settings = lesson_settings(
        seed, language, creators=34, tiers={"nano": 0.4, "micro": 0.6}, markets=dict.fromkeys(SIX, share), creator_countries=dict.fromkeys(SIX, share),
        tax_rates={"DE": 0.19, "FR": 0.20, "GB": 0.20, "US": 0.0, "IT": 0.22, "ES": 0.21}, ads_in_own_language=True,
        planted=[Plant(kind="label", shape=shape) for shape in shapes], pay={"fee": 0.6, "gift": 0.4}, start=date(2026, 3, 9),
        days_before=10, days_after=35, orders_per_day=0, orders_per_creator=0,
        files={"creators": "creators.csv", "instagram_content": "instagram content.csv"},
    )  # fmt: skip
    world, book = made_up_client(settings, "results")
    posts = _clear(world, book)
    wanted = int(random.integers(FEWEST, MOST + 1))
    posts = _twelve(posts, wanted, random)
    labels = {letter: _label(row) for letter, row in zip(posts.index, posts.itertuples(), strict=True)}
    ties = [str(tie) for tie in random.choice(list(TIES), 4, replace=False)]
    market, kind = str(random.choice(SIX)), str(random.choice(list(KIND_WORDS)))
    return Exercise(posts, labels, _each_another(posts), ties, market, kind)


def _clear(world: World, book: Book) -> pd.DataFrame:
    """One post of each creator, of those of which the check and the plant say the same; in its own language."""
    checked = checked_posts(book).merge(
        roster(book)[["handle", "creator", "country", "benefit"]], on="handle"
    )
    truth = world.posts.set_index("permalink").reindex(checked.permalink)
    people = world.people
    posts = checked.assign(
        planted=truth.label_mistake.to_numpy(),
        language=people.language.reindex(truth.account).to_numpy(),
        further=checked.further.map(len),
    )
    usual = posts.country.map(market_language)
    same = (posts.verdict == posts.planted.map(SEEN)) & (posts.further == 0) & (posts.language == usual)
    posts = posts[same].assign(first=posts.planted == "")
    posts = posts.sort_values(["first", "published_at", "handle"], kind="stable")
    return posts.drop_duplicates("creator", ignore_index=True)


def _twelve(posts: pd.DataFrame, wanted: int, random: np.random.Generator) -> pd.DataFrame:
    """Up to twelve posts, so many of them with a mistake, in an order that gives nothing away."""
    wrong, fine = posts[posts.planted != ""], posts[posts.planted == ""]
    n = min(wanted, len(wrong))
    kinds = wrong.groupby("planted").cumcount()
    wrong = wrong.assign(turn=kinds, lot=random.random(len(wrong))).sort_values(
        ["turn", "lot"], kind="stable"
    )
    chosen = pd.concat([wrong.head(n), fine.head(len(LETTERS) - n)])
    chosen = chosen.iloc[random.permutation(len(chosen))]
    visible = pack("formats")["platforms"]["instagram"]
    parts = [_split(str(caption), visible) for caption in chosen.caption]
    chosen = chosen.assign(seen=[seen for seen, _ in parts], behind=[behind for _, behind in parts])
    return chosen.set_axis(list(LETTERS[: len(chosen)]))


def _split(caption: str, visible: dict[str, int]) -> tuple[str, str]:
    """A caption before and behind “more”, each on one line."""
    lines = caption.split("\n")
    head = "\n".join(lines[: visible["visible_lines"]])
    if len(head) > visible["visible_characters"]:
        head = head[: visible["visible_characters"]].rpartition(" ")[0]
    return " ".join(head.split()), " ".join(caption[len(head) :].split())


def _label(post: object) -> Label:
    benefit = str(getattr(post, "benefit", "fee") or "fee")
    return compile_label([str(post.country)], str(post.language), benefit)  # type: ignore[attr-defined]


def _each_another(posts: pd.DataFrame) -> list[str]:
    """Letters of posts whose mistakes are to be named: each another kind as far as there are so many."""
    wrong = posts[posts.planted != ""]
    turn = wrong.groupby("verdict").cumcount()
    return sorted(turn.sort_values(kind="stable").index[:NAMED])


def parts(seed: int, language: str = "en") -> Parts:
    """The lesson's evidence and questions for a seed."""
    here = exercise(seed, language)
    return Parts(
        {"rules": lambda: (_rules(),), "posts": lambda: (_posts(here),), "places": lambda: (_places(here),)},
        (_needed(here), _wrong(here), _named(here), _word(here), _place(here)),
    )


def _rules() -> Table:
    """The words of each of the six markets, and what is not enough there, as the workbook's rules have them."""
    rows = []
    for market in SIX:
        label = compile_label([market], market_language(market) or "en")
        refused = dict.fromkeys(one.what for one in label.refused if one.kind == "word")
        rows.append((packed(markets()[market]), joined(label.accepted[0]), joined(list(refused))))
    columns = {
        "market": Column(say("Market")),
        "words": Column(say("One of these words")),
        "refused": Column(say("Not enough"), missing="–"),
    }
    note = say(
        "The word comes first, before “more” is tapped, apart from other hashtags. {advice}",
        advice=packed(pack("disclosure")["advice"]),
    )
    frame = pd.DataFrame(rows, columns=list(columns))
    return Table("training.rules", say("The words of six markets"), frame, columns, note=note, rows=len(rows))


def _posts(here: Exercise) -> Table:
    frame = here.posts.reset_index(names="letter")
    frame = frame.assign(market=[packed(markets()[country]) for country in frame.country])
    columns = {
        "letter": Column(""),
        "market": Column(say("Market")),
        "seen": Column(say("Seen at once")),
        "behind": Column(say("Behind “more”"), missing="–"),
    }
    return Table(
        "training.posts", say("Twelve posts that were paid for or gifted"), frame, columns, rows=len(frame)
    )


def _places(here: Exercise) -> Table:
    """Where the label stands in each kind of post, in the market that is asked about."""
    language = market_language(here.market) or "en"
    rows = []
    for kind, words in KIND_WORDS.items():
        label = compile_label([here.market], language, "fee", kind)
        rows.append((words, joined([packed(one) for one in label.positions], by="; ")))
    columns = {"kind": Column(say("Kind of post")), "where": Column(say("Where it stands"))}
    title = say("Places in {market}", market=packed(markets()[here.market]))
    return Table("training.places", title, pd.DataFrame(rows, columns=list(columns)), columns)


def _needed(here: Exercise) -> Question:
    answers = {tie: _answer(TIES[tie][1]) for tie in here.ties}

    def reason(tie: str, given: str) -> Text:
        what, benefit = TIES[tie]
        if given == "no":
            name = packed(pack("disclosure")["benefits"][benefit]["name"])
            return say("{what}: that is {benefit}. Whoever gets anything says so.", what=what, benefit=name)
        return say("{what}: nobody gave anything, and nobody agreed on anything.", what=what)

    return Question(
        "needed",
        say("Who needs a label at all?"),
        tuple(Ask(f"tie_{tie}", TIES[tie][0], "choice", NEEDED) for tie in here.ties),
        {f"tie_{tie}": answer for tie, answer in answers.items()},
        say("Money is one tie among many: gifts, loans, trips, commissions, jobs and family count. Whoever bought it and agreed on nothing is free."),
        each_of({f"tie_{tie}": answer for tie, answer in answers.items()}, lambda name, given: reason(name.removeprefix("tie_"), given)),
        (say("Ask one question: did anything of value come from the brand, or is there any other tie?"), say("A gift without duty is a gift all the same. What one paid for oneself is none.")),
        say("“It was only a gift” is the sentence that most cases begin with."),
    )  # fmt: skip


def _answer(benefit: str) -> str:
    return "yes" if compile_label(["GB"], "en", benefit).needed else "no"


def _options(here: Exercise, letters: list[str]) -> dict[str, Text]:
    return {
        letter: say("{letter} · {market}", letter=letter, market=packed(markets()[here.posts.country[letter]]))
        for letter in letters
    }  # fmt: skip


def _wrong(here: Exercise) -> Question:
    def unwanted(letter: str) -> Text:
        return say("{letter} is labelled as its market asks: the right word, at the beginning.", letter=letter)  # fmt: skip

    def missing(letter: str) -> Text:
        return say(
            "{letter} would pass: {mistake}.", letter=letter, mistake=MISTAKES[here.posts.verdict[letter]]
        )

    return Question(
        "wrong",
        say("Which posts must be changed?"),
        (Ask("wrong", say("Posts whose label does not do"), "choices", _options(here, list(here.posts.index))),),
        {"wrong": here.wrong},
        joined([say("{letter}: {mistake}.", letter=letter, mistake=MISTAKES[here.posts.verdict[letter]]) for letter in here.wrong], by=" "),
        all_of("wrong", here.wrong, unwanted, missing),
        (
            say("For each post: which market, which words, and do they stand at the very beginning?"),
            say("A word of another country's list is no word of this one. Four to eight of them are wrong."),
        ),
        say("The others are left alone: a creator who did it right hears nothing, or thanks."),
    )  # fmt: skip


def _named(here: Exercise) -> Question:
    answers = {f"why_{letter}": str(here.posts.verdict[letter]) for letter in here.named}

    def reason(name: str, given: str) -> Text:
        letter = name.removeprefix("why_")
        verdict, word = here.posts.verdict[letter], str(here.posts.word[letter])
        if verdict == "not found":
            return say("{letter}: no word of any label stands in it, neither before nor behind “more”.", letter=letter)  # fmt: skip
        if verdict == "wrong word":
            return say("{letter}: “{word}” stands there, and is none of the words of its market.", letter=letter, word=word)  # fmt: skip
        if given == "wrong word":
            return say("{letter}: “{word}” is a right word. Look where it stands.", letter=letter, word=word)
        return say("{letter}: “{word}” is there. Where, and between what?", letter=letter, word=word)

    asked = tuple(
        Ask(name, say("What is wrong with {letter}?", letter=name.removeprefix("why_")), "choice", MISTAKES)
        for name in answers
    )
    return Question(
        "named",
        say("What is wrong with them?"),
        asked,
        answers,
        joined([say("{letter}: {verdict}.", letter=letter, verdict=VERDICTS[here.posts.verdict[letter]]) for letter in here.named], by=" "),
        each_of(answers, reason),
        (say("First look for any word of a label. Then whether it is one of this market. Then where."), say("A right word at the end, or in a string of hashtags, is a right word in the wrong place.")),
        say("Say it to the creator in these words: what, where, and what instead. Nothing else needs to change."),
    )  # fmt: skip


def _word(here: Exercise) -> Question:
    letter = here.named[0]
    label, caption = here.labels[letter], str(here.posts.caption[letter])

    def judge(values: Values) -> Judgement:
        written = str(values["word"])
        checked = check_text(f"{written} {caption}", label)
        if len(written) > 60:
            return not_yet(say("The label only: one or two words, which the creator puts before the rest."))
        alone = check_text(f"{written} …", label)
        if alone.fine:
            return Judgement()
        why = alone.why or checked.why
        return not_yet(say("That does not do: {why}. Take a word of this market's list.", why=why))

    return Question(
        "word",
        say("Which words go first?"),
        (Ask("word", say("Post {letter}: write the label as it should begin", letter=letter), "words", help=say("The label only, as it would stand in the caption.")),),
        {"word": label.words[0]},
        say(
            "“{words}” does, before anything else in the caption; so would {accepted}.",
            words=label.words[0],
            accepted=joined([each for each in label.accepted[0] if each != label.words[0]], last="or"),
        ),
        judge,
        (say("The language of the post and its market decide the word."), say("Read the line of {market} in the table of words.", market=packed(markets()[here.posts.country[letter]]))),
        say("Exactly these words stand on the hand-over sheet, so that nobody has to invent them."),
    )  # fmt: skip


def _place(here: Exercise) -> Question:
    positions = pack("disclosure")["positions"]
    shown = ("first_words", "on_picture", "on_every_frame", "in_video", "repeat_live", "at_once")
    keys = [key for key in positions if key in {*shown, *here.places}]
    options: dict[str, Text] = {key: packed(positions[key]) for key in keys} | NOT_ENOUGH
    market = packed(markets()[here.market])

    def unwanted(key: str) -> Text:
        if key in NOT_ENOUGH:
            return say("“{place}” is not enough anywhere: people see the post, not what is behind it.", place=options[key])  # fmt: skip
        return say("“{place}” is not what {market} asks for here.", place=options[key], market=market)

    def missing(key: str) -> Text:
        return say("In {market} it is asked for as well: {place}.", market=market, place=options[key])

    return Question(
        "place",
        say("Where does it stand?"),
        (Ask("place", say("{kind}, paid for, in {market}: where does the label stand?", kind=KIND_WORDS[here.kind], market=market), "choices", options),),
        {"place": here.places},
        say("In {market}: {places}.", market=market, places=joined([options[key] for key in here.places], by="; ")),
        all_of("place", here.places, unwanted, missing),
        (say("Where are eyes when the post begins?"), say("The table of places has the line; of its parts take every one.")),
        say("A caption is no place for a label of what nobody reads: Stories and videos carry it in the picture."),
    )  # fmt: skip
