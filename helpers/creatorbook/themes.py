"""Report themes: a folder with `theme.yml` and, where it wants to, templates and a style sheet of its own.

A theme is an nbconvert template (`conf.json`, `section.html.j2`) and more: `report.html.j2`, `first_page.html.j2`,
`cover.html.j2` and `appendix.html.j2` stand in for the report's own pages, `theme.css` comes after its style sheets.
What a theme leaves out is the report's own. Plugins bring themes through `creatorbook_themes`.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from creatorbook import plugins
from creatorbook.client import Colour, Fonts, yaml_files
from creatorbook.client.yaml_files import StrictModel
from creatorbook.findings.colours import HUES, READABLE, VISIBLE, alike, contrast, faint, readable
from creatorbook.problems import Problem

if TYPE_CHECKING:
    from creatorbook.client import Client


#: the theme of whoever names none, and the hook that brings others
HOUSE, HOOK = "house", "creatorbook_themes"


class Colours(StrictModel):
    """The theme's own two colours, for clients that name none."""

    primary: Colour
    """of headings and surfaces, as "#20435c"; a contrast of 4.5 on white"""
    accent: Colour
    """of what stands out; the same contrast"""


class ThemeFile(StrictModel):
    """`theme.yml`."""

    title: Annotated[str, Field(min_length=1)]
    """what people call it"""
    colours: Colours
    """for clients that name none"""
    client_colours: bool = True
    """whether the client's colours replace the theme's"""
    charts: tuple[Colour, ...] = HUES
    """usual, highlighted, gained, and further groups; every reader can tell them apart"""
    fonts: Fonts | None = None
    """a typeface, its files beside it"""
    logo: str = ""
    """a .png or .svg beside it, for clients that have none"""
    cover: bool = False
    """whether a cover comes before the first page"""
    footer: str = ""
    """a line at the foot of each page, where the client has none"""


@dataclass(frozen=True)
class Theme:
    """A theme, read and checked.

    Attributes:
        folder: where its templates, style sheet and fonts are.
        settings: its `theme.yml`.
    """

    name: str
    folder: Path
    settings: ThemeFile

    @property
    def told(self) -> ThemeFile:
        """The settings under their old name, for the tests of themes that were rendered before this release."""
        warnings.warn("Theme.told is now Theme.settings", DeprecationWarning, stacklevel=2)
        return self.settings

    @property
    def style(self) -> str:
        """Its own style rules; they come after the report's."""
        path = self.folder / "theme.css"
        return path.read_text(encoding="utf-8") if path.is_file() else ""

    @property
    def is_of_plugin(self) -> bool:
        """Whether a plugin brought it: then it is tried before a report rests on it."""
        return not self.folder.is_relative_to(Path(__file__).parent)

    @property
    def is_template(self) -> bool:
        """Whether nbconvert finds a template in its folder."""
        return (self.folder / "conf.json").is_file()


def theme_of(client: Client) -> Theme:
    """The theme that a client asks for; the house's where that was a plugin's, and it is left out.

    Raises:
        Problem: there is no theme of that name.
    """
    name, folders = client.theme.name, plugins.themes(client.replaces)
    if name not in folders:
        if plugins.is_missing_one(HOOK):
            return read_theme(HOUSE, folders[HOUSE])
        agency = "name" in client.agency_theme
        path = client.folder.parent / "agency.yml" if agency else client.folder / "client.yml"
        raise Problem(
            f"there is no report theme “{name}”",
            path,
            yaml_files.line_of(path, ["theme", "name"]),
            todo=f"Themes: {', '.join(sorted(folders))}. A plugin may bring more.",
        )
    try:
        return read_theme(name, folders[name])
    except Problem as problem:
        if not plugins.leave_out(HOOK, name, str(problem), client.replaces):
            raise
        return read_theme(HOUSE, folders[HOUSE])


@cache
def read_theme(name: str, folder: Path) -> Theme:
    """A theme's folder, read and its colours checked.

    Raises:
        Problem: no `theme.yml`, a mistake in it, or colours that some reader cannot read or tell apart.
    """
    path = folder / "theme.yml"
    settings = yaml_files.load(path, ThemeFile)
    for key, colour in settings.colours.model_dump().items():
        if contrast(colour) < READABLE:
            what = f"text in {colour} has a contrast of {contrast(colour):.1f} on white; WCAG AA asks for {READABLE}"
            line = yaml_files.line_of(path, ["colours", key])
            raise Problem(what, path, line, todo=f"{readable(colour)} would do.")
    line = yaml_files.line_of(path, ["charts"])
    for colour in faint(settings.charts):
        what = f"{colour} has a contrast of {contrast(colour):.1f} on white; parts of a chart need {VISIBLE}"
        raise Problem(what, path, line, todo=f"{readable(colour, VISIBLE, '#ffffff')} would do.")
    for one, other in alike(settings.charts):
        what = f"{one} and {other} look alike to a colour-blind reader"
        raise Problem(what, path, line, todo="Make one of them lighter or darker.")
    return Theme(name, folder, settings)


def text_colours(client: Client) -> tuple[str, str]:
    """The primary and the accent colour of a client's reports, darkened until text in them can be read."""
    settings, own = theme_of(client).settings, client.theme
    primary, accent = settings.colours.primary, settings.colours.accent
    if settings.client_colours:
        primary, accent = own.primary or primary, own.accent or accent
    return readable(primary), readable(accent)


def chart_colours(client: Client) -> tuple[str, ...]:
    """The colours of a client's charts: its own two first, then the theme's that nobody takes for one of them.

    Where a colour-blind reader could take the client's two for each other, all of them are the theme's.
    """
    settings, own = theme_of(client).settings, client.theme
    if not (settings.client_colours and own.primary and own.accent):
        return settings.charts
    return _chosen(settings.charts, own.primary, own.accent) or settings.charts


@cache
def _chosen(usual: tuple[str, ...], primary: str, accent: str) -> tuple[str, ...]:
    chosen = [readable(colour, VISIBLE, "#ffffff") for colour in (primary, accent)]
    if alike(chosen):
        return ()
    for colour in usual[2:] + usual[:2]:
        if not alike([*chosen, colour]):
            chosen.append(colour)
    return tuple(chosen)


def remarks(client: Client) -> tuple[str, ...]:
    """What the log should say of a client's colours."""
    settings, own = theme_of(client).settings, client.theme
    if not (settings.client_colours and own.primary and own.accent):
        return ()
    if _chosen(settings.charts, own.primary, own.accent):
        return ()
    what = f"a colour-blind reader could take {own.primary} for {own.accent}"
    return (f"charts keep the theme's own colours: {what}",)
