"""Drawn pictures of posts: what the caption is about, in simple shapes of our own; one small SVG per post.

The model: the caption's piece decides what is drawn and, where it names a fabric, among which colours; everything
else (colour, fabric, background, hanger, flat-lay or person) is drawn from a stream of the post's own. Shapes,
colours and words are in `pictures.yml`. Nothing refers to anything outside the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from creatorbook.simulate.people import phrases
from creatorbook.simulate.settings import Settings
from creatorbook.simulate.world import World

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 300" role="img">'

#: Cloth and wall have to differ by so much lightness.
CONTRAST = 0.16

FABRICS = {
    "striped": '<path d="M0 3H12" stroke="{ink}" stroke-width="2.5"/>',
    "dotted": '<circle cx="4" cy="4" r="1.6" fill="{ink}"/><circle cx="10" cy="10" r="1.6" fill="{ink}"/>',
    "checked": '<path d="M0 6H12M6 0V12" stroke="{ink}" stroke-width="3" opacity=".45"/>',
}


class Subject(NamedTuple):
    """What a picture shows, and what its scene is drawn with.

    Attributes:
        layers: the thing itself, drawn.
        paints: colours by part of the picture.
        covered: whether a person wears sleeves and a scarf.
    """

    kind: str
    layers: str
    texts: dict[str, Any]
    paints: dict[str, str]
    covered: bool
    random: np.random.Generator


def pictures(world: World) -> Iterator[tuple[str, str]]:
    """Post id and picture of each post that the settings ask for."""
    settings, posts = world.settings, world.posts
    if settings.pictures == "none":
        return
    if settings.pictures == "last_campaign":
        posts = posts[posts["of"] == settings.campaign]
    elif settings.pictures == "campaign":
        posts = posts[posts["campaign"]]
    for post_id, piece in zip(posts["post_id"], posts["piece"], strict=True):
        yield post_id, draw(post_id, piece, settings)


def thing(piece: str, niche: str) -> str:
    """What a piece of the captions is, as a key of the shapes."""
    texts, words = phrases("pictures"), piece.lower()
    fitting = (kind for kind, parts in texts["words"].items() if any(part in words for part in parts))
    return str(next(fitting, texts["otherwise"][niche]))


def draw(post_id: str, piece: str, settings: Settings) -> str:
    """One picture, the same for the same seed, post and piece."""
    random = settings.random(f"picture {post_id}")
    texts, kind = phrases("pictures"), thing(piece, settings.niche)
    colour = str(random.choice(_colours(piece, texts)))
    paints = _paints(texts, colour, random)
    pose = str(random.choice(["worn", "worn", "hanging", "lying"])) if kind in texts["worn"] else "standing"
    fabric = _fabric(kind, texts, random)
    pattern = ""
    if fabric != "plain":
        pattern = _pattern(f"f{post_id}", fabric, paints)
        paints["main"] = f"url(#f{post_id})"
    layers = "".join(_layer(paint, path, paints) for paint, path in texts["shapes"][kind])
    scene = {"worn": _worn, "hanging": _hanging, "lying": _lying, "standing": _standing}[pose]
    drawn = scene(Subject(kind, layers, texts, paints, settings.niche == "modest", random))
    title = f"<title>{kind}, {fabric} {colour}, {pose}</title>"
    return f"{HEAD}{title}{pattern}{_background(texts, paints, random)}{drawn}</svg>\n"


def _colours(piece: str, texts: dict[str, Any]) -> list[str]:
    """Names of the colours a piece may have."""
    words = piece.lower()
    for asked in texts["asked"]:
        if any(part in words for part in asked["words"]):
            return list(asked["colours"])
    return list(texts["colours"])


def _fabric(kind: str, texts: dict[str, Any], random: np.random.Generator) -> str:
    options = ["plain", "plain", "plain", *FABRICS]
    return str(random.choice(options)) if kind in texts["patterned"] else "plain"


def _paints(texts: dict[str, Any], colour: str, random: np.random.Generator) -> dict[str, str]:
    """Colours by part of the picture; the wall is one that the cloth stands out from."""
    cloth = texts["colours"][colour]
    walls = [wall for wall in texts["walls"] if abs(_light(wall) - _light(cloth)) >= CONTRAST]
    wall = str(random.choice(walls))
    accents = [one for one in texts["accents"] if abs(_light(one) - _light(wall)) >= CONTRAST / 3]
    return {
        "main": cloth,
        "dark": _mixed(cloth, "#221a24", 0.3),
        "light": _mixed(cloth, "#ffffff", 0.5) if _light(cloth) < 0.8 else _mixed(cloth, "#b9a184", 0.3),
        "ink": _mixed(cloth, "#221a24", 0.45) if _light(cloth) > 0.3 else _mixed(cloth, "#ffffff", 0.3),
        "wall": wall,
        "accent": str(random.choice(accents)),
        "skin": str(random.choice(texts["skins"])),
        "hair": str(random.choice(texts["hairs"])),
        "plain": "#f7f2ea" if _light(wall) < 0.75 else "#56606e",
    }


def _channels(colour: str) -> np.ndarray:
    return np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)], dtype=float)


def _light(colour: str) -> float:
    return float(_channels(colour) @ np.array([0.299, 0.587, 0.114]) / 255)


def _mixed(colour: str, other: str, share: float) -> str:
    """A colour with a share of another in it."""
    mixed = np.round((1 - share) * _channels(colour) + share * _channels(other))
    return "#" + "".join(f"{int(value):02x}" for value in mixed)


def _pattern(name: str, fabric: str, paints: dict[str, str]) -> str:
    ground = _filled("M0 0H12V12H0z", paints["main"])
    signs = FABRICS[fabric].format(ink=paints["light"])
    return (
        f'<pattern id="{name}" width="12" height="12" patternUnits="userSpaceOnUse">{ground}{signs}</pattern>'
    )


def _layer(paint: str, path: str, paints: dict[str, str]) -> str:
    if paint == "line":
        return f'<path d="{path}" fill="none" stroke="{paints["ink"]}" stroke-width="1.6" stroke-linecap="round"/>'
    if paint == "dots":
        return f'<path d="{path}" stroke="{paints["ink"]}" stroke-width="4" stroke-linecap="round"/>'
    if paint == "shine":
        return f'<path d="{path}" fill="#fff" opacity=".35"/>'
    return _filled(path, paints[paint])


def _background(texts: dict[str, Any], paints: dict[str, str], random: np.random.Generator) -> str:
    shape = str(random.choice(list(texts["backgrounds"])))
    wall = _filled("M0 0H240V300H0z", paints["wall"])
    return f'{wall}<path d="{texts["backgrounds"][shape]}" fill="{paints["accent"]}" opacity=".6"/>'


def _filled(path: str, colour: str) -> str:
    return f'<path d="{path}" fill="{colour}"/>'


def _stroked(path: str, colour: str, width: float) -> str:
    return (
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _worn(subject: Subject) -> str:
    """A person who wears it, with something plain above or below."""
    kind, texts, paints, covered = subject.kind, subject.texts, subject.paints, subject.covered
    body, skin = texts["body"], paints["skin"]
    parts = [_filled(body["legs"] + body["arms"], skin), _filled(body["shoes"], "#3a3438")]
    if kind in texts["legs"]:
        parts.append(_filled(body["top"] + body["sleeves"] * covered, paints["plain"]))
    if kind in texts["tops"]:
        parts.append(_filled(body["trousers"], paints["plain"]))
    hair = texts["headscarf"] if covered else str(subject.random.choice(texts["hair"]))
    front = _filled(hair, paints["accent"] if covered else paints["hair"])
    if covered:  # the face is a hole in the scarf
        front = front.replace("<path", '<path fill-rule="evenodd"')
    face = _stroked(body["smile"], _mixed(skin, "#221a24", 0.65), 2)
    return "".join([*parts, subject.layers, _filled(body["head"], skin), front, face])


def _hanging(subject: Subject) -> str:
    """On a rail."""
    texts, legs = subject.texts, subject.kind in subject.texts["legs"]
    _, scale = texts["sizes"][subject.kind]
    rail = _stroked(texts["clips" if legs else "hanger"], "#8a6f57", 3)
    moved = f"translate(120 42) scale({scale}) translate(-120 {-110 if legs else -46})"
    return f'<g transform="{moved}">{rail}{subject.layers}</g>' + _prop(subject)


def _lying(subject: Subject) -> str:
    """Laid flat, a little askew."""
    middle, scale = subject.texts["sizes"][subject.kind]
    turned = subject.random.integers(-11, 12)
    moved = f"translate(120 146) rotate({turned}) scale({scale}) translate(-120 {-middle})"
    return f'<g transform="{moved}">{subject.layers}</g>' + _prop(subject)


def _standing(subject: Subject) -> str:
    """By itself, on its own shadow."""
    low = subject.texts["reaches"].get(subject.kind, 240)
    shadow = f'<ellipse cx="120" cy="{low}" rx="74" ry="9" fill="#000" opacity=".13"/>'
    return shadow + subject.layers + (_prop(subject) if subject.kind != "wardrobe" else "")


def _prop(subject: Subject) -> str:
    """A twig, a cup or a pair of glasses beside it, or nothing."""
    props = subject.texts["props"]
    place = int(subject.random.integers(len(props) + 1))
    return _stroked(props[place], subject.paints["plain"], 2.5) if place < len(props) else ""
