"""Which playbook a campaign goes by, one answer for the plan, the gate and the results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from creatorbook import plugins
from creatorbook.packs import pack
from creatorbook.problems import Problem

if TYPE_CHECKING:
    from creatorbook.book import Book


def playbook(book: Book) -> dict[str, Any]:
    """The campaign's playbook, else the usual one for its goal, as where a plugin's is left out; with its `id`.

    Raises:
        Problem: there is no playbook of that name.
    """
    playbooks = plugins.playbooks(book.client.replaces)
    usual = pack("playbooks")["by_goal"][book.campaign.goal]
    name = book.campaign.playbook or usual
    if name not in playbooks and plugins.is_missing_one("creatorbook_playbooks"):
        name = usual
    if name not in playbooks:
        raise Problem(
            f"there is no playbook “{name}”",
            book.campaign.path,
            todo=f"Playbooks: {', '.join(sorted(playbooks))}.",
        )
    return {"id": name, **playbooks[name]}
