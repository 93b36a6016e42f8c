"""Slides: an editable PowerPoint deck of what is sent, one more file of an edition for creatorbook.

What stands on which slide is in `deck.py`, how it is drawn in `drawing.py`, and the file in `output.py`.
"""

from creatorbook.plugins import Output, hookimpl

from creatorbook_slides.output import slides

#: the hooks' version that this was written for
creatorbook_hooks = 2


@hookimpl
def creatorbook_outputs() -> list:
    """One file for the client, in to-send/."""
    return [Output("slides.pptx", "client", slides, "Slides")]
