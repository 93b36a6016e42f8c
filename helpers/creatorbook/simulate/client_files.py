"""`client.yml` and the campaign file of a simulated client, commented as a person would find them useful."""

from __future__ import annotations

import json

from creatorbook.simulate.settings import Settings

NOTICE = "# A made-up client: brand, people, accounts and figures are invented.\n"


def client_file(settings: Settings) -> str:
    """The text of `client.yml`."""
    rates = settings.tax_rates
    one_rate = set(rates) == {settings.market}
    tax = f"{rates[settings.market]:g}" if one_rate else _inline(rates)
    lines = [
        f"brand: {settings.brand}",
        f"currency: {settings.currency}",
        f"market: {settings.market}",
        f"prices_include_tax: {'true' if settings.prices_include_tax else 'false'}",
        f"tax_rate: {tax}",
    ]
    return NOTICE + "\n".join(lines) + "\n" + _appended(settings.client_text)


def campaign_file(settings: Settings) -> str:
    """The text of `campaigns/<name>.yml`."""
    lines = [
        f"goal: {settings.goal}",
        f"budget: {settings.budget:g}",
        f"start: {settings.start}",
        f"end: {settings.end}",
    ]
    return "\n".join(lines) + "\n" + _appended(settings.campaign_text)


def _inline(values: dict[str, float]) -> str:
    return json.dumps(values).replace('"', "")


def _appended(text: str) -> str:
    return f"\n{text.strip()}\n" if text.strip() else ""
