"""Every act of a campaign in JupyterLab, without code: one family of forms, each calling the act that the command line calls."""

from creatorbook.forms.what_if import what_if

__all__ = ["what_if"]
