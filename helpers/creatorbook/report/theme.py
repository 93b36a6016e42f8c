"""The client's branding: its theme, colours that can be read, the logo and fonts as data, the footer's words."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from creatorbook import themes
from creatorbook.client.own_files import lies_in
from creatorbook.findings.colours import mixed
from creatorbook.report.vector_logo import drawing_of
from creatorbook.text.translations import words

if TYPE_CHECKING:
    from creatorbook.client import Client
    from creatorbook.themes import Theme

_LOGO_TYPES = {".png": "image/png", ".svg": "image/svg+xml"}
_FONT_TYPES = {".otf", ".ttf"}
LARGEST_LOGO = 4 * 1_048_576  #: bytes; it stands in every page that has it


@dataclass(frozen=True)
class Branding:
    """How one client's report looks.

    Attributes:
        theme: templates and style rules.
        primary, accent: colours with at least AA contrast on white.
        tint: a very light shade of the primary colour, for surfaces.
        line: a light shade of it, for rules.
        logo: the logo as a `data:` address; empty if there is none.
        family: the typeface the HTML asks for; empty means the house's.
        font_files: files of that typeface for the PDF: regular, then semi-bold.
        cover: whether a cover comes before the first page.
        tagged: whether the PDF is to be PDF/UA.
        log: what was wrong with logo, fonts or colours, if anything.
    """

    brand: str
    theme: Theme
    primary: str
    accent: str
    tint: str
    line: str
    logo: str = ""
    family: str = ""
    font_files: tuple[Path, ...] = ()
    cover: bool = False
    tagged: bool = False
    prepared_by: str = ""
    footer: str = ""
    language: str = "en"
    log: tuple[str, ...] = ()

    @classmethod
    def of(cls, client: Client) -> Branding:
        """The branding that `client.yml` and `agency.yml` ask for, made readable.

        Raises:
            Problem: there is no such theme, or the theme has a mistake in it.
        """
        own, theme = client.theme, themes.theme_of(client)
        primary, accent = themes.text_colours(client)
        logo, logo_log = _logo(client, theme)
        family, font_files, font_log = _fonts(client, theme)
        return cls(
            brand=client.brand,
            theme=theme,
            primary=primary,
            accent=accent,
            tint=mixed(primary, 0.05),
            line=mixed(primary, 0.20),
            logo=logo,
            family=family,
            font_files=font_files,
            cover=theme.settings.cover if own.cover is None else own.cover,
            tagged=own.pdf == "tagged",
            prepared_by=own.prepared_by,
            footer=own.footer or theme.settings.footer,
            language=client.language,
            log=(*logo_log, *font_log, *themes.remarks(client)),
        )

    @property
    def page_foot(self) -> str:
        """The line at the foot of every printed page."""
        by = self.prepared_by and words(self.language)("Prepared by {name}", name=self.prepared_by)
        return " · ".join(part for part in (self.footer, by) if part)


def _logo(client: Client, theme: Theme) -> tuple[str, tuple[str, ...]]:
    """The client's logo, or the theme's, as a `data:` address; or why there is none."""
    file = client.theme.logo or theme.settings.logo
    if not file:
        return "", ()
    path, where = _logo_file(client, theme)
    kind = _LOGO_TYPES.get(Path(file).suffix.lower())
    if path is None or kind is None:
        return "", (f"the logo {file} was left out: expected a .png or .svg {where}",)
    if path.stat().st_size > LARGEST_LOGO:
        return "", (f"the logo {file} was left out: it has more than {LARGEST_LOGO // 1_048_576} MB",)
    content = path.read_bytes()
    try:
        drawing = drawing_of(content) if kind == _LOGO_TYPES[".svg"] else content
    except ValueError as error:
        return "", (f"the logo {file} was left out: {error}",)
    return f"data:{kind};base64,{base64.b64encode(drawing).decode()}", ()


def _logo_file(client: Client, theme: Theme) -> tuple[Path | None, str]:
    """The file of the logo, or none where there is no such file; and where it is looked for."""
    if client.theme.logo:
        where = "beside agency.yml" if "logo" in client.agency_theme else "in the client folder"
        return client.theme_file("logo", client.theme.logo), where
    path = theme.folder / theme.settings.logo
    return (path if path.is_file() and lies_in(path, theme.folder) else None), "beside theme.yml"


def _fonts(client: Client, theme: Theme) -> tuple[str, tuple[Path, ...], tuple[str, ...]]:
    """The typeface's name and files, and which file was left out and why."""
    own = client.theme.fonts
    fonts = own or theme.settings.fonts
    if fonts is None:
        return "", (), ()
    files, log = [], []
    for name in filter(None, (fonts.regular, fonts.semibold)):
        path = client.theme_file("fonts", name) if own else theme.folder / name
        if path is None or path.suffix.lower() not in _FONT_TYPES or not path.is_file():
            log.append(
                f"the font file {name} was left out: expected a .otf or .ttf beside the file that names it"
            )
        else:
            files.append(path)
    return fonts.family, tuple(files), tuple(log)
