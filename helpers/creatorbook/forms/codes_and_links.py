"""Links and codes: how they are made, kept as settings of the campaign, and the act that gives them out."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

from creatorbook import tracking
from creatorbook.acts.codes import give_out
from creatorbook.book import Book
from creatorbook.client import Campaign
from creatorbook.findings import Day, say, say_many, written
from creatorbook.forms.fields import Field
from creatorbook.forms.form import Button, Form, Reply, show_form
from creatorbook.forms.places import file_place
from creatorbook.forms.settings_part import NOTHING, CampaignPart, Values
from creatorbook.forms.shown import after_writing, changes_html, shown_findings
from creatorbook.opening import open_book
from creatorbook.packs import pack
from creatorbook.problems import Problem

#: no tool shortens links, or none that has an import list
NO_TOOL = "none"


def links_and_codes(book: Book) -> None:
    """Landing page, shortener and the pattern of codes; then codes and links given out."""
    show_form(
        book, links_and_codes_form(book), "A form: make codes and links in JupyterLab, and give them out."
    )


def links_and_codes_form(book: Book) -> Form:
    """The settings of links and codes with what they make, and the act `codes`."""
    part = CampaignPart(book, _values, _settings)

    def look(values: Values) -> Reply:
        changes = changes_html(part.changes(values), NOTHING)
        under = _under(book, part.campaign, values)
        return Reply(html=changes + shown_findings(tracking.codes(under), tracking.links(under)))

    def hand_out(values: Values) -> Reply:
        if part.wanted(values):
            todo = "Keep the settings first, or show them again as they are on file by running the cell."
            raise Problem("the settings above are not kept yet", todo=todo)
        given = give_out(book.client.folder, book.campaign.id, values["on"])
        words = say_many(
            "{n} code or link added to {file}.",
            "{n} codes and links added to {file}.",
            n=given.added,
            file=file_place(book.client.folder, given.links),
        )
        return Reply(
            written(words, book.formats),
            after_writing(lambda: _as_given(book)),
            written=True,
            files={path.name: path for path in given.paths},
        )

    return Form(
        "Links and codes",
        _fields(book, part),
        [
            Button("Show what it makes", look, "look"),
            Button("Keep the settings", part.write),
            Button("Give them out", hand_out, "plain"),
        ],
        writes=part.path,
        intro="Codes and links that were given out stay as they are, whatever is changed here.",
    )


def _as_given(book: Book) -> str:
    now = open_book(book.client.folder, book.campaign.id, book.stage, book.mode)
    return shown_findings(tracking.codes(now), tracking.links(now))


def _fields(book: Book, part: CampaignPart) -> list[Field]:
    tools = {name: name.capitalize() for name in pack("channels")["shorteners"]}
    day = say("Empty: the day of the report, {day}.", day=Day(book.as_of))
    fields = [
        Field("landing_page", "Landing page", help="The address that links lead to, as https://shop.example/spring."),
        Field("shortener", "Link shortener", "choice", options={NO_TOOL: "None", **tools}, help="Its import list is written beside the codes."),
        Field("pattern", "Pattern of codes", required=True, help="{handle} stands for the creator, {percent} for the discount."),
        Field("percent", "Discount", "number", unit="%", low=0, high=100, required=True),
        Field("unguessable", "Codes that nobody can guess", "tick", help="Drawn when they are given out, in place of the pattern."),
        Field("once_per_customer", "Once per customer", "tick"),
        Field("precedence", "Which trace goes first", "choice", options=_orders(part.campaign),
              help="What credits an order that carries several. Agreed before anybody knows whom it favours; usual is code, link, survey."),
    ]  # fmt: skip
    return [
        *(replace(field, value=part.values[field.name]) for field in fields),
        Field("on", "Day they are given out", "day", help=written(day, book.formats)),
    ]


def _orders(campaign: Campaign) -> dict[str, str]:
    """Every order of the three usual traces, and the one that the file states."""
    usual = [",".join(order) for order in permutations(("code", "link", "survey"))]
    return {
        order: order.replace(",", ", then ")
        for order in dict.fromkeys([*usual, ",".join(campaign.precedence)])
    }


def _values(campaign: Campaign) -> Values:
    codes, links = campaign.codes, campaign.links
    return {
        "landing_page": links.landing_page,
        "shortener": links.shortener or NO_TOOL,
        "pattern": codes.pattern,
        "percent": codes.percent,
        "unguessable": codes.unguessable,
        "once_per_customer": codes.once_per_customer,
        "precedence": ",".join(campaign.precedence) if "precedence" in campaign.model_fields_set else None,
    }


def _settings(values: Values) -> dict[str, Any]:
    tool = values["shortener"]
    return {
        "links.landing_page": values["landing_page"],
        "links.shortener": None if tool in (None, NO_TOOL) else tool,
        "codes.pattern": values["pattern"],
        "codes.percent": values["percent"],
        "codes.unguessable": values["unguessable"],
        "codes.once_per_customer": values["once_per_customer"],
        "precedence": values["precedence"].split(",") if values["precedence"] else None,
    }


def _under(book: Book, campaign: Campaign, values: Values) -> Book:
    """The book as it would be with these settings."""
    settings = _settings(values)
    links = {key.removeprefix("links."): value for key, value in settings.items() if key.startswith("links.")}
    codes = {key.removeprefix("codes."): value for key, value in settings.items() if key.startswith("codes.")}
    changed = {
        "links": campaign.links.model_copy(update=links),
        "codes": campaign.codes.model_copy(update=codes),
    }
    return replace(book, campaign=campaign.model_copy(update=changed))
