"""Every act of a campaign in JupyterLab, without code: one family of forms, each calling the act that the command line calls."""

from creatorbook.forms.codes_and_links import links_and_codes
from creatorbook.forms.hand_sheets import posts_and_spend, rights, tallies
from creatorbook.forms.launch import comparison, gate

__all__ = ["comparison", "gate", "links_and_codes", "posts_and_spend", "rights", "tallies"]
