"""What the first cells of every report would do again, done once in the fork server.

Libraries read their own data on first use: Babel its locales, matplotlib its fonts, the packs their YAML. No
client's file is read here, no database opened, and what is drawn is thrown away.
"""

from __future__ import annotations

import tempfile
from datetime import date
from importlib.resources import files
from pathlib import Path

import pandas as pd

from creatorbook import built_in, findings, plugins, themes
from creatorbook.findings import Chart, Column, Figure, Findings, Note, Table, charts, render
from creatorbook.findings.formats import Formats
from creatorbook.packs import pack

LOCALES = ["en_GB", "en_US", "en_DE", "de_DE", "fr_FR"]


def warm_up() -> None:
    """Load packs, plugins and locales, and show one of each kind of finding to nobody."""
    for path in files("creatorbook.packs").iterdir():
        if path.name.endswith(".yml"):
            pack(path.name.removesuffix(".yml"))
    plugins.readers(), plugins.checks(), plugins.tier_schemes(), plugins.playbooks(), plugins.names()
    for name, place in built_in.creatorbook_themes().items():
        themes.read_theme(name, place)
    for locale in LOCALES:
        formats = Formats(locale, "EUR")
        formats.day(date(2026, 1, 1))
        shown = _one_of_each(formats)
        render.findings_html(shown)
    with tempfile.TemporaryDirectory() as folder:
        findings.write(shown, Path(folder))


def _one_of_each(formats: Formats) -> Findings:
    frame = pd.DataFrame({"name": ["a", "b"], "value": [1.0, 2.0], "low": [0.5, 1.0], "high": [2.0, 3.0]})
    columns = {
        "name": Column("Name"),
        "value": Column("Value", "money", 2),
        "low": Column("From", "percent", 1),
        "high": Column("To", "number", 1),
    }
    picture = charts.ranges(
        frame, label="name", value="value", low="low", high="high", unit="money", formats=formats
    )
    dots = charts.scatter(
        frame, x="high", y="value", unit_x="number", unit_y="percent", formats=formats, xlabel="to",
        ylabel="value", log_x=True,
    )  # fmt: skip
    return Findings(
        "start",
        (
            Figure("start.warm", "Warm", 1.5, "money", "estimated", "nothing", 1.0, 2.0, 3),
            Table("start.warm", "Warm", frame, columns),
            Chart("start.warm", "Warm", "nothing", picture),
            Chart("start.dots", "Dots", "nothing", dots),
            Note("Warm."),
        ),
        formats,
    )


warm_up()
