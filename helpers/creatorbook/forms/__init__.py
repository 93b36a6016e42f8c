"""Every act of a campaign in JupyterLab, without code: one family of forms, each calling the act that the command line calls."""

from creatorbook.book import steps_by_their_packs
from creatorbook.forms.board import creators_board
from creatorbook.forms.brief import brief
from creatorbook.forms.client_settings import client_settings
from creatorbook.forms.clients import choose_client, start_client
from creatorbook.forms.codes_and_links import links_and_codes
from creatorbook.forms.contacts import contacts
from creatorbook.forms.economics import economics
from creatorbook.forms.file_health import client_files, unread_files
from creatorbook.forms.goal import goal
from creatorbook.forms.hand_sheets import posts_and_spend, rights, tallies
from creatorbook.forms.labels_seen import labels_seen
from creatorbook.forms.launch import comparison, gate
from creatorbook.forms.lesson import learner, lesson_end, question
from creatorbook.forms.personas import personas
from creatorbook.forms.plan import plan
from creatorbook.forms.print_report import print_report
from creatorbook.forms.printed_briefs import briefs
from creatorbook.forms.promotions_and_costs import promotions_and_costs
from creatorbook.forms.renewals import renewals, settle
from creatorbook.forms.what_if import what_if

__all__ = [
    "brief",
    "briefs",
    "choose_client",
    "client_files",
    "client_settings",
    "comparison",
    "contacts",
    "creators_board",
    "economics",
    "gate",
    "goal",
    "labels_seen",
    "learner",
    "lesson_end",
    "links_and_codes",
    "personas",
    "plan",
    "posts_and_spend",
    "print_report",
    "promotions_and_costs",
    "question",
    "renewals",
    "rights",
    "settle",
    "start_client",
    "tallies",
    "unread_files",
    "what_if",
]

steps_by_their_packs(globals())
