"""Lesson 6: the first message and the brief: what is missing, what must go, and two sentences of one's own.

What a brief holds are the parts of the workbook's hand-over sheet (`packs/handover.yml`), a label's words come from its rules, and
claims from its check. What can be checked of a sentence is checked; the rest is read by the trainer, by a rubric.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd

from creatorbook.findings import Column, Day, Money, Note, Table, Text, joined, packed, say
from creatorbook.packs import pack
from creatorbook.simulate.people import draw_people, language_parts, phrases
from creatorbook.tracking.claims_check import passages
from creatorbook.tracking.disclosure import compile_label
from creatorbook.training.answers import Ask
from creatorbook.training.judging import all_of, each_of
from creatorbook.training.lesson import Judgement, Parts, Question, Values, not_yet, right
from creatorbook.training.worlds import MARKETS, lesson_settings
from creatorbook.vetting.comment_quality import text_traits

LETTERS = "ABCDEFGHIJKLMNOP"
#: fewest and most parts that a draft lacks, and lines that do not belong in it
LACKS, TOO_MUCH = (2, 4), (2, 4)
#: words of a sentence: fewer say nothing, more are not read
SHORTEST, LONGEST = 6, 40
#: letters from which a word may be one that only this creator's posts have
OWN_WORD = 4

#: Part of the hand-over sheet → why a brief without it goes wrong.
PARTS: dict[str, Text] = {
    "make": say("nobody knows how many posts of which kind were agreed"),
    "live": say("it goes live when the campaign is over"),
    "product": say("the wrong size arrives, or the wrong piece is shown"),
    "messages": say("what matters to the brand is not in the post"),
    "labels": say("the label is invented, or forgotten, and the brand answers for it"),
    "code": say("no order can be told to be theirs"),
    "gets": say("pay is argued about afterwards"),
    "rights": say("nothing may be used again, or it is used and was never agreed"),
    "send": say("the figures of a Story are gone after a day"),
}

#: Lines that do not belong in a brief → what they do.
BAD: dict[str, tuple[Text, Text]] = {
    "script": (say("Say exactly this: “I am obsessed, run, do not walk!”"), say("That puts words into a mouth that people trust because its words are its own.")),
    "late": (say("Please put the label at the end, so that it does not disturb."), say("A label at the end is none: people do not get there, and the brand answers for it.")),
    "green": (say("Tell them that the dress is climate neutral."), say("That is a claim which needs proof, and none is given.")),
    "health": (say("Mention that linen cures rashes."), say("No piece of clothing cures anything; nobody but a medicine may say so.")),
    "praise": (say("Only good things, please: nothing on sizes, nothing on creases."), say("Bought praise is heard as such. What bothers them belongs in the post, and in your product.")),
    "ever": (say("We may use everything you make, for ever and for anything, at no charge."), say("Use has a place, a time and a price. Without them it is no agreement.")),
    "silence": (say("Do not let anybody know what you get from us."), say("That asks for what the law forbids: what is paid for is named.")),
}  # fmt: skip

#: What stands in the first message, in the order of the workbook's offer letter.
MESSAGE: dict[str, Text] = {
    "letter_opening": say("why this creator"),
    "letter_product": say("what it is about"),
    "letter_make": say("what you would ask for, and by when"),
    "letter_label": say("what it is worth, and that it is advertising"),
    "letter_close": say("how to say yes, and how to say what would suit instead"),
}
WHY_ORDER: dict[str, Text] = {
    "letter_opening": say("Whoever is not told why it is them stops reading."),
    "letter_product": say(
        "First what it is about; nobody can say yes to a number of posts for they know not what."
    ),
    "letter_make": say("What is asked comes before what is given for it: one is the price of the other."),
    "letter_label": say("Terms come before the question: a yes to half of it is none."),
}

QUESTIONS_BACK: dict[str, tuple[Text, str, Text]] = {
    "tall": (say("“May I say that it runs short on tall people?”"), "yes", say("Yes: what is true and useful is why people listen. Tell whoever makes the dress, too.")),
    "code": (say("“May I leave the label out of the second Story? It is the same day.”"), "no", say("No: each post, and each frame of a Story, carries its own.")),
    "story": (say("“May I tell it as a train journey gone wrong?”"), "yes", say("Yes: tone, setting and story are theirs.")),
    "cotton": (say("“May I say that it is better for the planet than cotton?”"), "no", say("No: a comparison for the environment needs proof, which nobody has.")),
    "discount": (say("“May I promise thirty per cent? My people like round numbers.”"), "no", say("No: the code takes off what it takes off. A promise that the till breaks falls on both.")),
    "mend": (say("“May I show how I had the hem taken up?”"), "yes", say("Yes: how it was made to fit is the most useful post there is.")),
}  # fmt: skip
ANSWERS: dict[str, Text] = {"yes": say("yes"), "no": say("no, and say why")}

MESSAGE_RUBRIC: tuple[Text, ...] = (
    say("It names something that only this creator did, and gets it right."),
    say("It says what that has to do with the product."),
    say("It sounds like a person; nothing in it could be sent to fifty others."),
)
BRIEF_RUBRIC: tuple[Text, ...] = (
    say("One thing, not three."),
    say("It can be shown, worn or tried, not only claimed."),
    say("It leaves the words to the creator."),
)


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Attributes:
        creator, captions: whom the message is for, and beginnings of posts.
        piece: the product.
        lines: the draft brief, index letters: key (of a part, or of `BAD`), text.
        lacks: parts of the hand-over sheet that the draft is without.
        asked: keys of `QUESTIONS_BACK`.
        language: of the learner.
    """

    creator: str
    captions: list[str]
    piece: str
    lines: pd.DataFrame
    lacks: list[str]
    asked: list[str]
    language: str

    @property
    def bad(self) -> list[str]:
        """Letters of the lines that do not belong in a brief."""
        return list(self.lines.index[self.lines.key.isin(list(BAD))])


def exercise(seed: int, language: str = "en") -> Exercise:
    """The exercise of a seed: another creator, another product, another draft with other faults."""
    random = np.random.default_rng([6, seed])
    spoken = language if language in MARKETS else "en"
    people = draw_people(lesson_settings(seed, spoken, creators=4))
    pieces = phrases("texts")["pieces"]["womenswear"].get(spoken)
    piece, *others = (str(one) for one in random.choice(pieces, 4, replace=False))
    lacks = sorted(
        str(one) for one in random.choice(list(PARTS), int(random.integers(*LACKS)), replace=False)
    )
    bad = [str(one) for one in random.choice(list(BAD), int(random.integers(*TOO_MUCH)), replace=False)]
    return Exercise(
        str(people.creator.iloc[0]),
        _captions(spoken, others, random),
        piece,
        _draft(spoken, piece, lacks, bad, random),
        lacks,
        [str(one) for one in random.choice(list(QUESTIONS_BACK), 3, replace=False)],
        spoken,
    )


def _captions(language: str, pieces: list[str], random: np.random.Generator) -> list[str]:
    wording = language_parts("captions", language, "womenswear")
    hooks = random.choice([hook for hook in wording["hooks"] if "{piece}" in hook], 3, replace=False)
    bodies = random.choice(wording["bodies"], 3, replace=False)
    made = [
        f"{hook} {body}".format(piece=piece) for hook, body, piece in zip(hooks, bodies, pieces, strict=True)
    ]
    return [text[0].upper() + text[1:] for text in made]


def _draft(
    language: str, piece: str, lacks: list[str], bad: list[str], random: np.random.Generator
) -> pd.DataFrame:
    """The draft, line by line: the parts that are there in the sheet's order, and what should not be among them."""
    parts_there = [part for part in PARTS if part not in lacks]
    keys = list(parts_there)
    for one in bad:
        keys.insert(int(random.integers(1, len(keys) + 1)), one)
    texts = _texts(language, piece, random) | {key: text for key, (text, _) in BAD.items()}
    rows = [(key, texts[key]) for key in keys]
    return pd.DataFrame(rows, columns=["key", "text"]).set_axis(list(LETTERS[: len(rows)]))


def _texts(language: str, piece: str, random: np.random.Generator) -> dict[str, Text]:
    """What each part says in this draft."""
    start = date(2026, 3, 9) + timedelta(days=int(random.integers(0, 60)))
    market = MARKETS[language][0]
    label = compile_label([market], language, "fee", "story")
    fee = 50 * int(random.integers(3, 12))
    return {
        "make": say("1 Reel and {n} Stories.", n=int(random.integers(2, 4))),
        "live": say("Draft by {draft}; live between {start} and {end}.", draft=Day(start - timedelta(days=7)), start=Day(start), end=Day(start + timedelta(days=20))),
        "product": say("{piece}, in your size, sent this week.", piece=piece[0].upper() + piece[1:]),
        "messages": say("What matters to us: it can be worn to work and at home. How you show it is yours."),
        "labels": say("Label: “{words}”, {places}.", words=label.text, places=joined([packed(one) for one in label.positions])),
        "code": say("Your code is on the way, and a link of your own with it."),
        "gets": say("You get {fee} excl. VAT and the piece.", fee=Money(fee)),
        "rights": say("We may show it in our shop until {end}. No ads, no exclusivity.", end=Day(start + timedelta(days=180))),
        "send": say("Afterwards: the figures of each Story within 24 hours, of the Reel after two weeks."),
    }  # fmt: skip


def parts(seed: int, language: str = "en") -> Parts:
    """The lesson's evidence and questions for a seed."""
    here = exercise(seed, language)
    return Parts(
        {"creator": lambda: (_creator(here),), "brief": lambda: (_brief(here),)},
        (_order(), _message(here), _missing(here), _out(here), _one_thing(here), _back(here)),
    )


def _creator(here: Exercise) -> Note:
    posts = joined([say("“{caption}”", caption=caption) for caption in here.captions], by=" ")
    return Note(
        say(
            "{name} writes about clothes. Three of the last posts: {posts} You would like to have {name} show {piece}.",
            name=here.creator, posts=posts, piece=_said(here.piece),
        )
    )  # fmt: skip


def _said(piece: str) -> Text:
    return say("your {piece}", piece=re.sub(r"^(the|a|an) ", "", piece))


def _brief(here: Exercise) -> Table:
    frame = here.lines.reset_index(names="letter")[["letter", "text"]]
    columns = {"letter": Column(""), "text": Column(say("Line of the draft"))}
    return Table("training.brief", say("A brief, as a colleague drafted it"), frame, columns, rows=len(frame))


def _heading(part: str, language: str) -> Text:
    """What the hand-over sheet calls a part."""
    words = pack("handover")["languages"][language]
    return packed(words[part].split(":")[0])


def _order() -> Question:
    wanted = list(MESSAGE)

    def judge(values: Values) -> Judgement:
        given = values["order"]
        if len(given) < len(wanted):
            return not_yet(say("All five belong in it. Put each of them in its place."))
        for earlier, later in pairwise(given):
            if wanted.index(earlier) > wanted.index(later):
                return not_yet(WHY_ORDER[later])
        return right()

    shuffled = dict(sorted(MESSAGE.items(), key=lambda item: item[0][::-1]))
    return Question(
        "order",
        say("In which order?"),
        (Ask("order", say("What does the first message say, and what after that?"), "order", shuffled, help=say("Tick them in their order; what is ticked first stands first.")),),
        {"order": wanted},
        say("Why them, what about, what is asked, what it is worth, how to answer: in five sentences, as the workbook's offer letter has them."),
        judge,
        (say("Read it as the one who gets it, between two hundred others."), say("It begins with them and ends with their answer.")),
        say("Five sentences. A sheet with everything else follows after a yes."),
    )  # fmt: skip


def _checked_sentence(name: str, checks: Sequence[Callable[[str], Text]]) -> Callable[[Values], Judgement]:
    """Written work: what can be checked, one after the other."""

    def judge(values: Values) -> Judgement:
        text = str(values[name])
        return Judgement(next((fault for check in checks if (fault := check(text))), ""))

    return judge


def _length(text: str) -> Text:
    words = len(text.split())
    if words < SHORTEST:
        return say("That is too little to say anything.")
    if words > LONGEST:
        return say("That is too many words for one sentence: {n}, and {most} at most.", n=words, most=LONGEST)
    return ""


def _claims(text: str) -> Text:
    claims = passages(text)
    return say("“{words}” is a claim that needs proof.", words=claims[0].words) if claims else ""


def _stock(text: str) -> Text:
    traits = text_traits(pd.Series([text], dtype="str")).iloc[0]
    return say("That could be sent to fifty others: every word of it fits anybody.") if traits.generic else ""


def _words_of(text: str) -> set[str]:
    return {word for word in re.findall(r"[^\W\d_]+", text.casefold()) if len(word) >= OWN_WORD}


def _message(here: Exercise) -> Question:
    own = set().union(*(_words_of(caption) for caption in here.captions))

    def names_a_post(text: str) -> Text:
        if _words_of(text) & own:
            return ""
        return say("Nothing in it is from their posts. Name one, in a word or two of it.")

    def followers(text: str) -> Text:
        if not re.search(r"\d{3,}|\d\s*k\b|follower|abonn", text.casefold()):
            return ""
        return say("Numbers of followers are no reason: they know them, and hear that you do not know more.")

    shown = here.captions[0].split(". ")[0].rstrip("?!:. ")
    return Question(
        "message",
        say("Why this creator?"),
        (Ask("message", say("Write the first sentence to {name}: why them?", name=here.creator), "words", help=say("One sentence, in the language of their posts.")),),
        {"message": f"I read “{shown}” twice, because that is how I would like people to meet something of ours"},
        say("That is one of many. What can be checked: something of theirs is in it, no claim, no number of followers. The rest your trainer reads."),
        _checked_sentence("message", [_length, _stock, followers, _claims, names_a_post]),
        (say("Read the three posts. Which one could nobody else have written?"), say("Take two or three of its words, and say what they have to do with your product.")),
        say("What can be checked holds. Read it aloud; your trainer reads it, too."),
        rubric=MESSAGE_RUBRIC,
    )  # fmt: skip


def _missing(here: Exercise) -> Question:
    options = {part: _part_words(part, here.language) for part in PARTS}

    def unwanted(part: str) -> Text:
        letter = here.lines.index[here.lines.key == part][0]
        return say("{part}: line {letter} says it.", part=options[part], letter=letter)

    def missing(part: str) -> Text:
        return say("Nothing is said of “{part}”: {why}.", part=options[part], why=PARTS[part])

    return Question(
        "missing",
        say("What is missing?"),
        (Ask("missing", say("What does this draft not say, that a brief has to?"), "choices", options),),
        {"missing": here.lacks},
        joined([say("{part}: without it {why}.", part=options[part], why=PARTS[part]) for part in here.lacks], by=" "),
        all_of("missing", here.lacks, unwanted, missing),
        (say("Think it through from the parcel to the invoice: what would you have to ask about?"), say("Two or three parts are missing.")),
        say("The workbook's hand-over sheet has all of them, filled in from what was agreed."),
    )  # fmt: skip


def _part_words(part: str, language: str) -> Text:
    return say("{part}", part=_heading(part, language))


def _out(here: Exercise) -> Question:
    options: dict[str, Text] = {
        letter: say("line {letter}", letter=letter) for letter in here.lines.index
    }  # fmt: skip

    def unwanted(letter: str) -> Text:
        return say("Line {letter} belongs in it: without it {why}.", letter=letter, why=PARTS[here.lines.key[letter]])  # fmt: skip

    def missing(letter: str) -> Text:
        return say("Line {letter} must go. {why}", letter=letter, why=BAD[here.lines.key[letter]][1])

    return Question(
        "out",
        say("What must go?"),
        (Ask("out", say("Lines that do not belong in a brief"), "choices", options),),
        {"out": here.bad},
        joined([say("Line {letter}: {why}", letter=letter, why=BAD[here.lines.key[letter]][1]) for letter in here.bad], by=" "),
        all_of("out", here.bad, unwanted, missing),
        (say("Three kinds do not belong: their words, what the law forbids, what nobody can prove."), say("Two or three lines must go.")),
        say("A brief says what is agreed, and what is true. How it is told is theirs."),
    )  # fmt: skip


def _one_thing(here: Exercise) -> Question:
    name = re.sub(r"^(the|a|an) ", "", here.piece)
    wanted = _words_of(name) or {name.casefold()}

    def names_it(text: str) -> Text:
        if wanted & _words_of(text):
            return ""
        return say("The product is not in it: {piece}.", piece=name)

    def script(text: str) -> Text:
        quoted = re.search(r"[“„«\"]", text)
        return say("Words in quotation marks are a script. Say what should come across, not how.") if quoted else ""  # fmt: skip

    return Question(
        "one_thing",
        say("What should come across?"),
        (Ask("one_thing", say("Write the one thing the post should bring across about {piece}", piece=name), "words", help=say("One sentence.")),),
        {"one_thing": f"It should come across that the {name} can be worn from morning until night without being changed"},
        say("That is one of many. What can be checked: the product is in it, no claim, no words to be repeated. The rest your trainer reads."),
        _checked_sentence("one_thing", [_length, script, _claims, names_it]),
        (say("If people remember one thing, which?"), say("Something that can be seen or tried in the post, told in your words, not in theirs.")),
        say("What can be checked holds. Your trainer reads it, too."),
        rubric=BRIEF_RUBRIC,
    )  # fmt: skip


def _back(here: Exercise) -> Question:
    answers = {f"back_{key}": QUESTIONS_BACK[key][1] for key in here.asked}
    return Question(
        "back",
        say("The creator asks back"),
        tuple(Ask(f"back_{key}", QUESTIONS_BACK[key][0], "choice", ANSWERS) for key in here.asked),
        answers,
        joined([QUESTIONS_BACK[key][2] for key in here.asked], by=" "),
        each_of(answers, lambda name, _: QUESTIONS_BACK[name.removeprefix("back_")][2]),
        (say("What is theirs, and what is the law's?"), say("Tone, story and honest faults: theirs. Labels, claims, prices: not.")),
        say("Answer within a day, and write it down where the agreement is."),
    )  # fmt: skip
