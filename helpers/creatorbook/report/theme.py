"""The client's dress: colours that can be read on white, the logo as data, the footer's words."""

from __future__ import annotations

import base64
import colorsys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from creatorbook.client import Client

#: contrast that WCAG 2.2 AA asks of normal text
READABLE = 4.5

_LOGO_TYPES = {".png": "image/png", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class Dress:
    """How one client's report looks.

    Attributes:
        primary, accent: colours with at least AA contrast on white.
        tint: a very light shade of the primary colour, for surfaces.
        line: a light shade of it, for rules.
        logo: the logo as a `data:` address; empty if there is none.
        log: what was wrong with the logo, if anything.
    """

    brand: str
    primary: str
    accent: str
    tint: str
    line: str
    logo: str = ""
    prepared_by: str = ""
    footer: str = ""
    log: tuple[str, ...] = ()

    @classmethod
    def of(cls, client: Client) -> Dress:
        """The dress that `client.yml` asks for, made readable."""
        theme = client.theme
        logo, log = _logo(client)
        primary = readable(theme.primary)
        return cls(
            brand=client.brand,
            primary=primary,
            accent=readable(theme.accent),
            tint=mixed(primary, 0.05),
            line=mixed(primary, 0.20),
            logo=logo,
            prepared_by=theme.prepared_by,
            footer=theme.footer,
            log=log,
        )

    @property
    def page_foot(self) -> str:
        """The line at the foot of every printed page."""
        return " · ".join(
            part for part in (self.footer, self.prepared_by and f"Prepared by {self.prepared_by}") if part
        )


def contrast(colour: str, ground: str = "#ffffff") -> float:
    """Contrast of two colours as WCAG defines it: 1 (none) to 21."""
    light, dark = sorted((_luminance(colour), _luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable(colour: str, least: float = READABLE) -> str:
    """The colour, darkened until text in it can be read on white and on the page's tint."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    while contrast(colour, "#f2f2f2") < least:
        lightness = max(lightness - 0.02, 0.0)
        colour = _hex(colorsys.hls_to_rgb(hue, lightness, saturation))
    return colour


def mixed(colour: str, share: float) -> str:
    """A share of the colour in white."""
    red, green, blue = (1 - share * (1 - channel) for channel in _channels(colour))
    return _hex((red, green, blue))


def _logo(client: Client) -> tuple[str, tuple[str, ...]]:
    """The logo as a `data:` address, or why there is none."""
    if not client.theme.logo:
        return "", ()
    path = (client.folder / client.theme.logo).resolve()
    kind = _LOGO_TYPES.get(path.suffix.lower())
    if not path.is_relative_to(client.folder.resolve()) or kind is None or not path.is_file():
        return "", (
            f"the logo {client.theme.logo} was left out: expected a .png or .svg in the client folder",
        )
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}", ()


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def _hex(channels: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)


def _luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2 defines it."""
    parts = [
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in _channels(colour)
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
