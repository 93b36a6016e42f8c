"""Colours that can be read and told apart: contrast as WCAG defines it, and how colour-blind readers see them."""

from __future__ import annotations

import colorsys
import itertools
from collections.abc import Sequence

import numpy as np

#: The house's charts: usual, highlighted, gained, and further groups; every reader can tell them apart.
HUES = ("#1f5a7a", "#b4532a", "#5b8c5a", "#8a6fae", "#b98d25", "#5c6b73")

#: contrast that WCAG 2.2 AA asks of text, and of the parts of a chart that carry meaning (1.4.3, 1.4.11)
READABLE, VISIBLE = 4.5, 3.0

#: how far apart two colours of a chart are at least, in CIELAB (76), for every reader; about five times what is
#: just noticeable side by side
APART = 12.0

#: how the three kinds of colour blindness see linear RGB, at full severity.
#: Source: Machado, Oliveira, Fernandes (2009), IEEE TVCG 15(6), table 1.
SEEN_BY = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}

#: linear sRGB to CIE XYZ, relative to the white point D65 (IEC 61966-2-1)
_XYZ = np.array(((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505)))
_WHITE = np.array((0.9505, 1.0, 1.089))


def contrast(colour: str, ground: str = "#ffffff") -> float:
    """Contrast of two colours as WCAG defines it: 1 (none) to 21."""
    light, dark = sorted((_luminance(colour), _luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable(colour: str, least: float = READABLE, ground: str = "#f2f2f2") -> str:
    """The colour, darkened until it can be read on a light ground; as it is if it can be read already."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    while contrast(colour, ground) < least:
        lightness = max(lightness - 0.02, 0.0)
        colour = _hex(colorsys.hls_to_rgb(hue, lightness, saturation))
    return colour


def mixed(colour: str, share: float) -> str:
    """A share of the colour in white."""
    red, green, blue = (1 - share * (1 - channel) for channel in _channels(colour))
    return _hex((red, green, blue))


def distance(one: str, other: str) -> float:
    """How far apart two colours are for the reader who tells them apart worst, in CIELAB (76)."""
    pairs = [(_lab(_linear(one), kind), _lab(_linear(other), kind)) for kind in (None, *SEEN_BY)]
    return float(min(np.linalg.norm(first - second) for first, second in pairs))


def alike(colours: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs of colours that some reader could take for each other in a chart."""
    return [pair for pair in itertools.combinations(colours, 2) if distance(*pair) < APART]


def faint(colours: Sequence[str]) -> list[str]:
    """Colours that stand out too little from white to carry meaning in a chart."""
    return [colour for colour in colours if contrast(colour) < VISIBLE]


def _luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2 defines it."""
    return float(np.dot(_linear(colour), (0.2126, 0.7152, 0.0722)))


def _linear(colour: str) -> np.ndarray:
    """sRGB without its curve (WCAG 2 and IEC 61966-2-1 differ in no 8-bit value)."""
    return np.array(
        [
            channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
            for channel in _channels(colour)
        ]
    )


def _lab(linear: np.ndarray, kind: str | None) -> np.ndarray:
    """CIELAB coordinates of a linear colour as one kind of reader sees it."""
    seen = np.clip(np.array(SEEN_BY[kind]) @ linear, 0, 1) if kind else linear
    ratio = (_XYZ @ seen) / _WHITE
    curved = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array((116 * curved[1] - 16, 500 * (curved[0] - curved[1]), 200 * (curved[1] - curved[2])))


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def _hex(channels: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)
