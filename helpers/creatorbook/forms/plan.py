"""`forms.plan`: who is forced in or out, what the plans then are, and the one that is approved."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import cache
from typing import Any

from creatorbook import tiers
from creatorbook.acts import ledger as acts
from creatorbook.book import Book
from creatorbook.campaign.people import in_question
from creatorbook.client import Campaign, MixRules
from creatorbook.client.forgotten import is_made_up
from creatorbook.client.ledger import read_ledger, rows_of
from creatorbook.findings import Count, Day, Findings, Money, Text, say, say_many, written
from creatorbook.forms.answers import answer_html, content_of
from creatorbook.forms.fields import Field
from creatorbook.forms.form import Button, Form, Reply, show_form
from creatorbook.forms.ranges import range_rows, ranges_of_rows, rows_of_ranges
from creatorbook.forms.settings_part import CampaignPart, Values
from creatorbook.forms.shown import lines_html
from creatorbook.planning.plans import WAY_WORDS, WAYS, Mix, decided_mix, three_ways
from creatorbook.problems import Problem

_OVERLAP = {"overlap": "Of one audience another creator on the platform reaches too"}
_LIMITS = ("most", "share", "hours", "smallest_group", "packages")
FINER = "Finer rules"


def plan(book: Book) -> None:
    """The rules of the choice, what comes of them, and the approval."""
    show_form(
        book, rules_form(book), "A form: who is in or out whatever they bring, and what the plans then are."
    )
    show_form(book, approval_form(book), "A form: approve a plan; its forecast is written to ledger.csv.")


def rules_form(book: Book) -> Form:
    """What the choice keeps to, as the campaign file has it; the plans are drawn for what is entered."""
    part = CampaignPart(book, _values, _settings)

    @cache
    def as_it_is(step: Callable[[Book], Findings]) -> Findings:
        return step(book)

    def under_these(step: Callable[[Book], Findings], values: Values) -> Reply:
        """What a step says under the rules that are entered, beside what it says now."""
        now, present = step(_under(book, part, values)), as_it_is(step)
        if content_of(now) != content_of(present):
            return Reply(html=answer_html(now, present))
        words = say("Under these rules the plans stay the same.") if part.wanted(values) else say("As it is.")
        return Reply(written(words, book.formats), answer_html(now, now))

    def ways(values: Values) -> Reply:
        return under_these(tiers.mixes, values)

    def frontier(values: Values) -> Reply:
        return under_these(tiers.budget_mix, values)

    def write(values: Values) -> Reply:
        tiers.mixes(_under(book, part, values))  # what would stop the page is told before it is written
        return part.write(values)

    return Form(
        "What the choice of creators keeps to",
        [replace(field, value=part.values[field.name]) for field in _fields(book)],
        [
            Button("Show careful, middle and bold", ways, "look"),
            Button("Draw all plans", frontier, "look"),
            Button("Show what changes", part.look, "look"),
            Button("Write these rules", write),
        ],
        writes=part.path,
    )


def approval_form(book: Book) -> Form:
    """Which plan, by whom and on which day: written to the ledger, once."""
    folder, campaign = str(book.client.folder), book.campaign.id

    def look(values: Values) -> Reply:
        if not values.get("plan"):
            return Reply("Please choose a plan.", done=False)
        _, mix = acts.plan_on(folder, campaign, values.get("on"), values["plan"])
        people = [f"{row.creator} (@{row.handle})" for row in mix.people.itertuples()]
        return Reply(written(_in_short(book, mix), book.formats), lines_html(people))

    def approve(values: Values) -> Reply:
        lines = acts.approve(folder, campaign, values["by"], values["on"], values["plan"])
        return Reply(lines[0], lines_html(lines[1:]), written=True)

    words = {name: written(text, book.formats) for name, text in _plans(book).items()}
    fields = [
        Field("plan", "Plan", "choice", None, words, required=True),
        Field("by", "Who approves it", lasting=True, required=True),
        Field("on", "On which day", "day", help=written(say("Empty: the report's day, {day}. Only what was known then is used.", day=Day(book.as_of)), book.formats)),
    ]  # fmt: skip
    return Form(
        "Approve a plan",
        fields,
        [Button("Who is in it?", look, "look"), Button("Approve", approve)],
        intro="Its people, costs and forecast are written to ledger.csv, once, so that the result can be held against it.",
        html=lines_html(_approved(book)),
    )


def _plans(book: Book) -> dict[str, Text]:
    """The plans that `approve` takes, each with its people and cost; before launch those that there are."""
    names: dict[str, Text] = {way: WAY_WORDS[way] for way in WAYS}
    names[acts.DECISIONS] = say("your own: whom the decisions take")
    if book.stage != "plan":  # one that was approved before the start can still be written down, with its day
        return names
    book = acts.decided_by_then(book)
    plans: dict[str, Mix] = dict(three_ways(book).items())
    with suppress(Problem):  # somebody without a price: approving says so
        if decided := decided_mix(book):
            plans[acts.DECISIONS] = decided
    return {
        name: say("{name}: {what}", name=names[name], what=_in_short(book, mix))
        for name, mix in plans.items()
    }


def _in_short(book: Book, mix: Mix) -> Text:
    people = say_many(
        "{n} creator for {cost}", "{n} creators for {cost}", n=Count(len(mix.people)), cost=Money(mix.cost)
    )
    over = mix.cost > book.campaign.budget
    return say("{plan}, over the budget", plan=people) if over else people


def _approved(book: Book) -> list[str]:
    """What the ledger says of this campaign already."""
    rows = rows_of(read_ledger(book.client), book.campaign.id, "forecast")
    if rows.empty:
        return []
    first = rows.iloc[0]
    text = say(
        "Approved already, by {by} on {day}.",
        by=first.by or say("nobody named"),
        day=Day(first.written_on.date()),
    )
    return [written(text, book.formats)]


def _fields(book: Book) -> list[Field]:
    handles = sorted(
        one for one in set(in_question(book)["handle"].dropna().astype(str)) if not is_made_up(one)
    )
    person = [Field("handle", "Creator", options=handles, required=True)]
    schemes = {name: scheme.title for name, scheme in tiers.schemes(book).items()}
    platforms = sorted(set(in_question(book)["platform"].dropna().astype(str)))
    return [
        Field("must", "In, whatever they bring", "rows", columns=person),
        Field("never", "Out", "rows", columns=person),
        Field("most", "Most creators", "number", low=1, step=1, unit="creators"),
        Field("share", "Most of the money for one of them", "share", low=0.01, high=1.0, unit="%", required=True),
        Field("hours", "Own hours there are", "number", low=0.5, unit="hours"),
        Field("tier_scheme", "How sizes are told", "choice", options=schemes, group=FINER, help="Empty: the client's usual one."),
        Field("smallest_group", "A size takes part with so many or not at all", "number", low=0, step=1, required=True, group=FINER,
              help="So that a test can read it; 0: no such rule."),
        Field("packages", "How often one creator's package may be bought", "number", low=1, high=4, step=1, required=True, group=FINER),
        Field("platforms", "Least and most of the money on a platform", "rows", group=FINER, columns=[
            Field("platform", "Platform", options=platforms, required=True),
            Field("low", "Least", "share", low=0.0, high=1.0, unit="%"),
            Field("high", "Most", "share", low=0.0, high=1.0, unit="%"),
        ]),
        range_rows("overlap", "Audiences that overlap", "share", "%", group=FINER),
        Field("overlaps", "Pairs whose overlap is known", "rows", group=FINER, columns=[
            Field("one", "Creator", options=handles, required=True),
            Field("other", "And", options=handles, required=True),
            Field("share", "Of the smaller audience", "share", low=0.0, high=1.0, unit="%", required=True),
        ]),
    ]  # fmt: skip


def _values(campaign: Campaign) -> Values:
    own = campaign.mix
    platforms = [
        {"platform": name, "low": part.low, "high": part.high} for name, part in own.platforms.items()
    ]
    pairs = [{"one": two.between[0], "other": two.between[1], "share": two.share} for two in own.overlaps]
    return {
        **{name: [{"handle": one} for one in getattr(own, name)] for name in ("must", "never")},
        **{name: getattr(own, name) for name in _LIMITS},
        "tier_scheme": campaign.tier_scheme,
        "platforms": platforms,
        "overlap": rows_of_ranges({"overlap": own.overlap}, _OVERLAP),
        "overlaps": pairs,
    }


def _settings(values: Values) -> dict[str, Any]:
    rules = {
        **{name: [row["handle"] for row in values[name]] or None for name in ("must", "never")},
        **{name: values[name] for name in _LIMITS},
        "platforms": {row["platform"]: [row["low"] or 0.0, 1.0 if row["high"] is None else row["high"]] for row in values["platforms"]} or None,
        **ranges_of_rows(values["overlap"], _OVERLAP),
        "overlaps": [{"between": [row["one"], row["other"]], "share": row["share"]} for row in values["overlaps"]] or None,
    }  # fmt: skip
    return {"tier_scheme": values["tier_scheme"], **{f"mix.{name}": value for name, value in rules.items()}}


def _under(book: Book, part: CampaignPart, values: Values) -> Book:
    """The book under the rules that are entered; half-filled ones are left out."""
    settings = {key: value for key, value in _settings(values).items() if value is not None}
    rules = {key.removeprefix("mix."): value for key, value in settings.items() if key.startswith("mix.")}
    return book.changed(mix=MixRules.model_validate(rules), tier_scheme=values["tier_scheme"])
