"""An SVG logo, of which nothing but its drawing is left: a picture in a report leads nowhere, fetches and runs nothing.

In HTML a browser holds a picture's links and scripts back; a PDF engine makes links of them that a reader can click.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

_SVG, _XLINK, _XML = (
    "http://www.w3.org/2000/svg",
    "http://www.w3.org/1999/xlink",
    "http://www.w3.org/XML/1998/namespace",
)
#: what draws, and holds together what does (SVG 2); a link is taken for a group
_DRAWING = {
    *("svg", "g", "defs", "symbol", "use", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan"),
    *("textPath", "title", "desc", "style", "linearGradient", "radialGradient", "stop", "pattern", "clipPath", "mask", "marker"),
    *("image", "filter", "feBlend", "feColorMatrix", "feComponentTransfer", "feComposite", "feDropShadow", "feFlood", "feFuncA"),
    *("feFuncB", "feFuncG", "feFuncR", "feGaussianBlur", "feMerge", "feMergeNode", "feMorphology", "feOffset"),
}  # fmt: skip
_HREFS = {"href", f"{{{_XLINK}}}href"}
_INSIDE = re.compile(r"#[\w.:-]+")
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+")
#: style rules that reach outside the file, or are spelt so that nobody can tell
_REACHES_OUT = re.compile(r"@import|\\|url\(\s*+[\"']?+\s*+(?!#)|expression\(|javascript:", re.IGNORECASE)

ElementTree.register_namespace("", _SVG)
ElementTree.register_namespace("xlink", _XLINK)


def drawing_of(svg: bytes) -> bytes:
    """The drawing in an SVG file, without links, scripts, animations, foreign content and whatever lies elsewhere.

    Raises:
        ValueError: it is no SVG.
    """
    try:
        root = ElementTree.fromstring(svg)  # noqa: S314 - expat fetches no entity, and ends where they are too many
    except (ElementTree.ParseError, LookupError) as error:
        raise ValueError(f"it is not readable as SVG ({error})") from None
    if _name(root) != "svg":
        raise ValueError("it is not an SVG")
    try:
        _keep_drawing(root)
        return ElementTree.tostring(root, encoding="utf-8")
    except RecursionError:
        raise ValueError("its elements stand too deep in one another") from None


def _keep_drawing(element: ElementTree.Element) -> None:
    """Take out of an element, and of all beneath it, what is no drawing."""
    element.attrib = {
        name: value for name, value in element.attrib.items() if _is_harmless(element, name, value)
    }
    if _name(element) == "style" and _REACHES_OUT.search("".join(element.itertext())):
        element.clear()
    for child in list(element):
        if _name(child) == "a":
            child.tag = f"{{{_SVG}}}g"
        if _name(child) in _DRAWING:
            _keep_drawing(child)
        else:
            element.remove(child)


def _name(element: ElementTree.Element) -> str:
    """The name of an element of SVG; of others, comments and instructions, none."""
    tag = element.tag if isinstance(element.tag, str) else ""
    return tag.removeprefix(f"{{{_SVG}}}") if not tag.startswith("{") or tag.startswith(f"{{{_SVG}}}") else ""


def _is_harmless(element: ElementTree.Element, name: str, value: str) -> bool:
    if name in _HREFS:
        picture = _name(element) == "image" and _PICTURE.fullmatch(value) is not None
        return picture or _INSIDE.fullmatch(value) is not None
    in_svg = not name.startswith("{") or name.startswith(f"{{{_XML}}}")
    return in_svg and not name.lower().startswith("on") and not _REACHES_OUT.search(value)
