"""The part of a campaign's file that a form shows: what stands there, what would change, and writing it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from creatorbook.acts.settings import change_settings, open_settings, preview
from creatorbook.book import Book
from creatorbook.client import Campaign, read_campaign
from creatorbook.forms.form import Reply
from creatorbook.forms.shown import changes_html
from creatorbook.problems import Problem

NOTHING = "Nothing would change: the campaign file says this already."

Values = dict[str, Any]


class CampaignPart:
    """Some settings of a campaign, as a form shows and writes them.

    Attributes:
        campaign: as its file says it now.
        values: the form's values for it.
    """

    def __init__(
        self, book: Book, values_of: Callable[[Campaign], Values], settings_of: Callable[[Values], Values]
    ) -> None:
        """Read the file.

        Args:
            book: the opened campaign.
            values_of: the form's values for a campaign.
            settings_of: key of the campaign file → what it should hold, for the form's values; None takes it out.
        """
        self._client, self._name = book.client, book.campaign.id
        self._values_of, self._settings_of = values_of, settings_of
        self._read()

    def _read(self) -> None:
        self.campaign = read_campaign(self._client, self._name)
        self._file = open_settings(self.campaign.path)
        self.values = self._values_of(self.campaign)
        self._before = self._settings_of(self.values)

    def wanted(self, values: Values) -> Values:
        """The settings that the values would change; what a file leaves to its default stays left to it."""
        settings = self._settings_of(values)
        return {key: value for key, value in settings.items() if value != self._before[key]}

    def changes(self, values: Values) -> list[str]:
        """The lines of the file that would change.

        Raises:
            Problem: a value cannot be right.
        """
        return preview(self._file, self.wanted(values))

    def look(self, values: Values) -> Reply:
        """Show the lines that would change."""
        return Reply(html=changes_html(self.changes(values), NOTHING))

    def write(self, values: Values) -> Reply:
        """Write the change; where somebody changed the file meanwhile, show what stands there now."""
        try:
            lines = change_settings(self._file, self.wanted(values))
        except Problem as problem:
            if open_settings(self._file.path).mark == self._file.mark:
                raise
            self._read()
            return Reply(str(problem), values=self.values, done=False)
        self._read()
        name = f"campaigns/{self._file.path.name}"
        words = f"Written to {name}." if lines else f"Nothing was new: {name} says this already."
        return Reply(words, changes_html(lines, NOTHING), self.values, written=bool(lines))
