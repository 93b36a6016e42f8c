"""`forms.goal`: what a campaign is for, when, for how much, and what it should reach."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from creatorbook import goals, plugins
from creatorbook.book import Book
from creatorbook.client import Campaign, CampaignFile
from creatorbook.forms.fields import Field
from creatorbook.forms.form import Button, Form, Reply, show_form
from creatorbook.forms.settings_part import CampaignPart, Values
from creatorbook.packs import pack

#: fields that are written as they are entered
_PLAIN = ("goal", "name", "budget", "start", "end", "playbook")
RUN, TARGETS = "How it is run", "What it should reach"


def goal(book: Book) -> None:
    """Goal, dates and budget; folded: how it is run, and targets."""
    show_form(book, goal_form(book), "A form: goal, budget, dates and targets, written to the campaign file.")


def goal_form(book: Book) -> Form:
    """What the campaign file says of it."""
    part = CampaignPart(book, _values, _settings)

    def write(values: Values) -> Reply:
        goals.goal(_under(book, part, values))  # what would stop the page is told before it is written
        return part.write(values)

    return Form(
        "What is it for?",
        [replace(field, value=part.values[field.name]) for field in _fields(book)],
        [Button("Show what changes", part.look, "look"), Button("Write it down", write)],
        writes=part.path,
    )


def _fields(book: Book) -> list[Field]:
    entries, words = pack("goals")["goals"], book.formats.in_english().words
    figures = {
        row["key"]: f"{words.with_tax(row['name'])} ({name})"
        for name, entry in entries.items()
        for row in (*entry["figures"], *entry["on_the_way"])
    }
    playbooks = {
        name: f"{one['title']} ({one['goal']}): {one['good_looks_like']}"
        for name, one in plugins.playbooks(book.client.replaces).items()
    }
    markets = list(dict.fromkeys([*book.client.all_markets, *book.campaign.markets]))
    platforms = list(dict.fromkeys([*pack("formats")["platforms"], *book.campaign.platforms]))
    return [
        Field("goal", "Goal", "choice", options={name: entry["words"].capitalize() for name, entry in entries.items()}, required=True),
        Field("name", "What people call it"),
        Field("budget", "Budget", "number", unit=book.formats.currency_sign, low=0.01, help=book.formats.in_english().words("All costs of the campaign, excl. VAT."), required=True),
        Field("start", "First day", "day", required=True),
        Field("end", "Last day", "day", required=True),
        Field("playbook", "Kind of campaign", "choice", options=playbooks, group=RUN,
              help="What good looks like stands behind each; empty: the usual one of the goal."),
        Field("platforms", "Platforms", "choices", options=platforms, group=RUN),
        Field("markets", "Markets", "choices", options=markets, group=RUN, help="Further ones: under markets in client.yml."),
        Field(
            "targets", "Targets", "rows", group=TARGETS,
            columns=[
                Field("figure", "Figure", "choice", options=figures, required=True),
                Field("value", "To reach", "number"),
                Field("baseline", "Usual so far", "number"),
                Field("owner", "Who has the file"),
                Field("source", "Where it comes from"),
            ],
            help="Only figures of the goal. A share is written as 0.4.",
        ),
    ]  # fmt: skip


def _values(campaign: Campaign) -> Values:
    rows = [
        {"figure": key, **{name: value for name, value in target.model_dump().items() if value != ""}}
        for key, target in campaign.targets.items()
    ]
    lists = {"platforms": list(campaign.platforms), "markets": list(campaign.markets)}
    return {**{name: getattr(campaign, name) for name in _PLAIN}, **lists, "targets": rows}


def _settings(values: Values) -> dict[str, Any]:
    targets = {row["figure"]: _target(row) for row in values["targets"]}
    lists = {name: values[name] or None for name in ("platforms", "markets")}
    return {**{name: values[name] for name in _PLAIN}, **lists, "targets": targets or None}


def _target(row: dict[str, Any]) -> Any:
    """A number where nothing stands beside it."""
    filled = {name: value for name, value in row.items() if name != "figure" and value not in (None, "")}
    return filled["value"] if list(filled) == ["value"] else filled


def _under(book: Book, part: CampaignPart, values: Values) -> Book:
    """The book with what is entered, as far as it can be read."""
    entered = {key: value for key, value in _settings(values).items() if value is not None}
    whole = CampaignFile.model_validate({"start": part.campaign.start, "end": part.campaign.end, **entered})
    changed = {name: getattr(whole, name) for name in entered}
    changed |= {"targets": whole.targets, "playbook": whole.playbook}
    return replace(book, campaign=part.campaign.model_copy(update=changed))
