"""Pictures of posts for the client's copy: files of the client folder, made small; nothing is fetched.

A picture lies in `exports/media/`, or in `media/` beside the exports, under the post's id or the last part of its address:
`media/144997499825233252.jpg`. A post without one is shown with an empty frame.
"""

from __future__ import annotations

import base64
import io
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from creatorbook.client.own_files import lies_in
from creatorbook.report.vector_logo import drawing_of

PLACES = ("exports/media", "media")
#: sizes of pictures on a page, in pixels, and of what is read for one, in bytes
WIDTH, HEIGHT = 360, 450
LARGEST, LARGEST_DRAWING = 20_971_520, 204_800
_QUALITY = 80
_PHOTOS = {".jpg", ".jpeg", ".png", ".webp"}


def picture_of(folder: Path, names: str) -> str:
    """The picture of a post as a `data:` address; empty where there is none that can be read.

    Args:
        folder: the client folder.
        names: what the file may be called, without its ending, one after another.
    """
    for place in PLACES:
        for name in names.split():
            for ending in (*sorted(_PHOTOS), ".svg"):
                path = folder / place / f"{Path(name).name}{ending}"
                if path.is_file() and lies_in(path, folder) and (made := _small(path)):
                    return made
    return ""


def _small(path: Path) -> str:
    """A picture as a small `data:` address; empty if it is too large, or is no picture after all."""
    try:
        if path.suffix.lower() == ".svg":
            if path.stat().st_size > LARGEST_DRAWING:
                return ""
            return _address("image/svg+xml", drawing_of(path.read_bytes()))
        return _address("image/jpeg", _photo(path)) if path.stat().st_size <= LARGEST else ""
    except (OSError, ValueError, UnidentifiedImageError, Image.DecompressionBombError):
        return ""


def _photo(path: Path) -> bytes:
    """A photo the right way up, without what the camera wrote into it."""
    with Image.open(path, formats=("JPEG", "PNG", "WEBP")) as photo:
        photo.draft("RGB", (WIDTH, HEIGHT))
        upright = ImageOps.exif_transpose(photo).convert("RGB")
    upright.thumbnail((WIDTH, HEIGHT))
    made = io.BytesIO()
    upright.save(made, "JPEG", quality=_QUALITY)
    return made.getvalue()


def _address(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
