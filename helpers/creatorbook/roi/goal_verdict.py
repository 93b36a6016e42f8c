"""What a campaign that is not for sales came to, in words: its goal's figure with a price first, money second."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from creatorbook import plugins
from creatorbook.campaign.posts import campaign_posts
from creatorbook.finance.ladder import money_ladder
from creatorbook.findings import Count, Figure, Money, Wording, number_of, packed, say, say_many, sentences
from creatorbook.roi import other_goals
from creatorbook.roi.goal_outlook import price_target
from creatorbook.roi.goal_units import MEASURES, pieces_without_rights_told, units_of_creators

if TYPE_CHECKING:
    from creatorbook.book import Book


@dataclass(frozen=True)
class Price:
    """What one portion of the goal's figure cost: the figure's key, a likely value and its range."""

    key: str
    likely: float | None
    low: float | None
    high: float | None


def goal_figures(book: Book, cost: float | None) -> list[Figure]:
    """The figures of the campaign's goal; for goals other than sales."""
    make = {
        "awareness": other_goals.awareness,
        "content": other_goals.content_figures,
        "community": other_goals.community,
    }
    return make[book.campaign.goal](book, cost)


def goal_sentence(book: Book) -> Wording:
    """`Made for content: 7 usable pieces with rights, at £885 each.`"""
    by_key = {figure.key: figure for figure in goal_figures(book, money_ladder(book).campaign_costs)}
    make = {"awareness": _reached, "content": _pieces, "community": _came_back}
    return make[book.campaign.goal](book, by_key)


def _reached(book: Book, figures: dict[str, Figure]) -> Wording:
    people, price = figures["roi.reach"].value, figures["roi.cost_per_thousand"].value
    if not people:
        return say("Made for awareness: how many people it reached cannot be told without the posts' reach.")
    in_target = other_goals.in_target(book)
    if price is None:
        if in_target:
            return say(
                "Made for awareness: it reached at most {people} in the target group.",
                people=number_of("person", Count(people)),
            )
        return say(
            "Made for awareness: it reached at most {people}.", people=number_of("person", Count(people))
        )
    values = {
        "people": number_of("person", Count(people)),
        "price": Money(price, figures["roi.cost_per_thousand"].digits),
    }
    if in_target:
        return say(
            "Made for awareness: it reached at most {people} in the target group, at {price} per 1,000 or more.",
            **values,
        )
    return say("Made for awareness: it reached at most {people}, at {price} per 1,000 or more.", **values)


def _pieces(book: Book, figures: dict[str, Figure]) -> Wording:
    pieces, price = figures["roi.pieces"].value, figures["roi.cost_per_piece"].value
    if not pieces:
        return say("Made for content: how many usable pieces came cannot be told without a post log.")
    delivered, untold = len(campaign_posts(book)), pieces_without_rights_told(book)
    if not other_goals.some_usable(book):
        return say(
            "Made for content: of {pieces} delivered none is known to be usable; rights on file would tell.",
            pieces=number_of("piece", delivered),
        )
    rest = say_many(
        "For {n} nobody has told what may be done with it.",
        "For {n} nobody has told what may be done with them.",
        n=untold,
    )
    return sentences(_usable(pieces, price, delivered), rest if untold else None)


def _usable(pieces: float, price: float | None, delivered: int) -> Wording:
    if price is None:
        return say_many(
            "Made for content: {n} usable piece of {delivered} delivered.",
            "Made for content: {n} usable pieces of {delivered} delivered.",
            n=Count(pieces),
            delivered=delivered,
        )
    return say_many(
        "Made for content: {n} usable piece of {delivered} delivered, at {price}.",
        "Made for content: {n} usable pieces of {delivered} delivered, at {price} each.",
        n=Count(pieces),
        delivered=delivered,
        price=Money(price),
    )


def _came_back(book: Book, figures: dict[str, Figure]) -> Wording:
    returning, price = figures["roi.returning"], figures["roi.cost_per_returning"].value
    if returning.value is None:
        return say("Made for community: how many people came back cannot be told without the comments.")
    values = {"n": Count(returning.value), "all": Count(float(returning.n or 0))}
    if price is None:
        return say_many(
            "Made for community: {n} person came back, of {all} who answered.",
            "Made for community: {n} people came back, of {all} who answered.",
            **values,
        )
    return say_many(
        "Made for community: {n} person came back, of {all} who answered, at {price}.",
        "Made for community: {n} people came back, of {all} who answered, at {price} for each.",
        price=Money(price),
        **values,
    )


# ------------------------------------------------------------------ the verdict


def price_paid(book: Book) -> Price:
    """What one portion of the goal's figure cost the whole campaign, as the first page has it."""
    key = {"awareness": "roi.cost_per_thousand", "content": "roi.cost_per_piece"}.get(
        book.campaign.goal, "roi.cost_per_returning"
    )
    figures = goal_figures(book, money_ladder(book).campaign_costs)
    figure = next(figure for figure in figures if figure.key == key)
    if book.campaign.goal == "content" and not other_goals.some_usable(book):
        return Price(key, None, None, None)
    low = figure.value if figure.low is None else figure.low
    high = figure.value if figure.high is None else figure.high
    return Price(key, figure.value, low, high)


def verdict(book: Book) -> Wording:
    """Whether to do it again, by the price of the goal's figure and the target that the campaign file states."""
    measure, paid, target = MEASURES[book.campaign.goal], price_paid(book), price_target(book)
    if paid.likely is None or paid.low is None or paid.high is None:
        return say(
            "What each {one} cost cannot be told yet: put {file} on file before anything is renewed.",
            one=measure.one,
            file=measure.on_file,
        )
    untold = pieces_without_rights_told(book) if book.campaign.goal == "content" else 0
    if untold:
        return say_many(
            "Ask what may be done with {n} piece of which nobody has told, before anything is renewed: those known to be "
            "usable cost {price} each.",
            "Ask what may be done with {n} pieces of which nobody has told, before anything is renewed: those known to be "
            "usable cost {price} each.",
            n=untold,
            price=Money(paid.likely),
        )
    values = {
        "one": measure.one,
        "price": Money(paid.likely, 2 if paid.likely < other_goals.TO_THE_UNIT else 0),
    }
    if target is None:
        return say(
            "Each {one} cost {price}; no target price is stated, so creators are held against others of "
            "their size.",
            **values,
        )
    values["target"] = Money(target, 2 if target < other_goals.TO_THE_UNIT else 0)
    if paid.high <= target:
        return say("Do it again: each {one} cost {price}, within the target of {target}.", **values)
    if paid.low > target:
        return say(
            "Do not repeat it as it was: each {one} cost {price}, above the target of {target}.", **values
        )
    return say(
        "Each {one} cost {price} or more; whether that is within the target of {target} is open.", **values
    )


def goal_lacks(book: Book) -> Wording | None:
    """What is not on file of the goal's own figure, for the page's open points; `None` for sales and where it is told."""
    if book.campaign.goal == "sales":
        return None
    if book.campaign.goal == "content" and (untold := pieces_without_rights_told(book)):
        return say_many(
            "Rights to {n} piece: whether it is usable.",
            "Rights to {n} pieces: whether they are usable.",
            n=untold,
        )
    if units_of_creators(book).notna().any():
        return None
    measure = MEASURES[book.campaign.goal]
    return say("{file}: {many}.", file=measure.in_short, many=measure.many)


def playbook_conflict(book: Book) -> Wording | None:
    """That the playbook is for another goal than the campaign, whose goal goes first; `None` where they agree."""
    playbook = plugins.playbooks(book.client.replaces).get(book.campaign.playbook or "")
    if not playbook or playbook["goal"] == book.campaign.goal:
        return None
    return say(
        "The playbook “{title}” is for {other}; the campaign file says {goal}, and that decides.",
        title=packed(playbook["title"]),
        other=packed(playbook["goal"]),
        goal=packed(book.campaign.goal),
    )
