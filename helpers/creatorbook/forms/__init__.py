"""Every act of a campaign in JupyterLab, without code: one family of forms, each calling the act that the command line calls."""

from creatorbook.forms.board import creators_board

__all__ = [
    "creators_board",
]
