"""`forms.client_settings`: what holds for all of a client's campaigns: shop, voice, and how things are counted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from creatorbook.book import Book
from creatorbook.campaign.sizes import schemes
from creatorbook.client import Client
from creatorbook.forms.fields import Field
from creatorbook.forms.form import Button, Form, show_form
from creatorbook.forms.settings_part import ClientPart, Values
from creatorbook.packs import pack
from creatorbook.text.translations import LANGUAGES

_PLAIN = (
    "brand", "currency", "market", "website", "language", "time_zone", "campaign", "prices_include_tax",
    "exchange_rates_on", "tier_scheme", "engagement_formula",
)  # fmt: skip
_VOICE = ("values", "must_avoid", "competitors", "mentions")
SHOP, VOICE, COUNTING = "Shop, taxes and rates", "How the brand sounds", "How things are counted and shown"


def client_settings(book: Book) -> None:
    """Brand and markets; folded: shop, voice, counting."""
    show_form(
        book, client_settings_form(book), "A form: what holds for all campaigns, written to client.yml."
    )


def client_settings_form(book: Book) -> Form:
    """What client.yml says of it."""
    part = ClientPart(book, _values, _settings)
    return Form(
        "The client",
        [replace(field, value=part.values[field.name]) for field in _fields(book)],
        [Button("Show what changes", part.look, "look"), Button("Write it down", part.write)],
        writes=part.path,
    )


def _fields(book: Book) -> list[Field]:
    formulas = {name: one["label"] for name, one in pack("engagement")["formulas"].items()}
    sizes = {name: scheme.title for name, scheme in schemes(book).items()}
    one_each, english = "One in each line.", book.formats.in_english().words
    return [
        Field("brand", "Brand", required=True),
        Field("market", "Home market", help="Two letters, as DE.", required=True),
        Field("markets", "Further markets", help="Behind commas: FR, GB."),
        Field("language", "Language of reports", "choice", options=list(LANGUAGES), required=True),
        Field("campaign", "Campaign that is meant where nobody names one", "choice", options=book.client.campaign_ids,
              help="Empty: the one that starts last."),
        Field("currency", "Currency", help="Three letters, as EUR.", required=True, group=SHOP),
        Field("website", "The shop's host", help="As velmora.example: links that lead elsewhere are named.", group=SHOP),
        Field("time_zone", "Time zone", help="For a market of several zones, as America/New_York.", group=SHOP),
        Field("prices_include_tax", english("Prices include VAT"), "tick", group=SHOP),
        Field("tax_rates", english("VAT"), "rows", group=SHOP, help="One row without a country: everywhere.", columns=[
            Field("country", "Country", help="Two letters."),
            Field("rate", "Rate", "share", low=0.0, high=1.0, unit="%", required=True),
        ]),
        Field("exchange_rates", "Other currencies", "rows", group=SHOP, columns=[
            Field("currency", "Currency", required=True),
            Field("rate", "One of it is so much of ours", "number", low=0.0, required=True),
        ]),
        Field("exchange_rates_on", "Rates of which day", "day", group=SHOP),
        Field("voice", "In a sentence", group=VOICE),
        Field("values", "What it stands for", "lines", help=one_each, group=VOICE),
        Field("must_avoid", "What it stays away from", "lines", help=one_each, group=VOICE),
        Field("competitors", "Competitors", "lines", help=one_each, group=VOICE),
        Field("mentions", "Its own handles and names", "lines", help=f"{one_each} Earlier mentions are found by them.", group=VOICE),
        Field("tier_scheme", "How sizes are told", "choice", options=sizes, required=True, group=COUNTING),
        Field("engagement_formula", "Engagement formula", "choice", options=formulas, required=True, group=COUNTING),
    ]  # fmt: skip


def _values(client: Client) -> Values:
    rates = client.tax_rate if isinstance(client.tax_rate, dict) else {"": client.tax_rate}
    return {
        **{name: getattr(client, name) for name in _PLAIN},
        "markets": ", ".join(client.markets),
        "tax_rates": [{"country": country, "rate": rate} for country, rate in rates.items()],
        "exchange_rates": [{"currency": code, "rate": rate} for code, rate in client.exchange_rates.items()],
        "voice": client.voice.description,
        **{name: "\n".join(getattr(client.voice, name)) for name in _VOICE},
    }


def _settings(values: Values) -> dict[str, Any]:
    rates = {(row["country"] or "").strip().upper(): row["rate"] for row in values["tax_rates"]}
    markets = [name.strip().upper() for name in (values["markets"] or "").split(",") if name.strip()]
    exchange = {row["currency"].strip().upper(): row["rate"] for row in values["exchange_rates"]}
    return {
        **{name: values[name] for name in _PLAIN},
        "markets": markets or None,
        "tax_rate": rates[""] if set(rates) == {""} else rates,
        "exchange_rates": exchange or None,
        "voice.description": values["voice"] or None,
        **{f"voice.{name}": _lines(values[name]) or None for name in _VOICE},
    }


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
