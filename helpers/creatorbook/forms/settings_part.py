"""The part of a settings file that a form shows: what stands there, what would change, and writing it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from creatorbook.acts.settings import change_settings, changed_meanwhile, open_settings, preview
from creatorbook.book import Book
from creatorbook.client import Campaign, Client, read_campaign, read_client
from creatorbook.forms.form import Reply
from creatorbook.forms.places import file_place
from creatorbook.forms.shown import changes_html

NOTHING = "Nothing would change: the file says this already."

Values = dict[str, Any]


class SettingsPart:
    """Some settings of a file, as a form shows and writes them.

    Attributes:
        path: the file.
        settings: what the file says now, as the model that reads it has it.
        values: the form's values for it.
    """

    def __init__(
        self,
        path: Path,
        read: Callable[[], Any],
        values_of: Callable[[Any], Values],
        settings_of: Callable[[Values], Values],
    ) -> None:
        """Read the file.

        Args:
            path: the file.
            read: reads it.
            values_of: the form's values for what it says.
            settings_of: key of the file → what it should hold, for the form's values; None takes it out.
        """
        self.path, self._read_settings = path, read
        self._values_of, self._settings_of = values_of, settings_of
        self._read()

    def _read(self) -> None:
        self.settings = self._read_settings()
        self._file = open_settings(self.path)
        self.values = self._values_of(self.settings)
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
        return self._overtaken() or Reply(html=changes_html(self.changes(values), NOTHING))

    def write(self, values: Values) -> Reply:
        """Write the change; where somebody changed these settings meanwhile, show what stands there now."""
        if overtaken := self._overtaken():
            return overtaken
        lines = change_settings(self._file, self.wanted(values))
        self._read()
        name = file_place(self._file.folder, self.path)
        words = f"Written to {name}." if lines else f"Nothing was new: {name} says this already."
        return Reply(words, changes_html(lines, ""), self.values, written=bool(lines))

    def _overtaken(self) -> Reply | None:
        """What is said if somebody changed these settings since they were read; None, and the file as it is now, if not.

        Another form writes other settings of the same file: they stand beside these.
        """
        file, before = self._file, self._before
        if open_settings(file.path).mark == file.mark:
            return None
        self._read()
        if self._before == before:
            return None
        return Reply(str(changed_meanwhile(file)), values=self.values, done=False)


class CampaignPart(SettingsPart):
    """Some settings of a campaign's file."""

    def __init__(
        self, book: Book, values_of: Callable[[Campaign], Values], settings_of: Callable[[Values], Values]
    ) -> None:
        """Read the campaign of a book."""
        client, name = book.client, book.campaign.id
        super().__init__(book.campaign.path, lambda: read_campaign(client, name), values_of, settings_of)

    @property
    def campaign(self) -> Campaign:
        """The campaign as its file says it now."""
        return cast("Campaign", self.settings)


class ClientPart(SettingsPart):
    """Some settings of `client.yml`."""

    def __init__(
        self, book: Book, values_of: Callable[[Client], Values], settings_of: Callable[[Values], Values]
    ) -> None:
        """Read the client of a book."""
        folder = book.client.folder
        super().__init__(folder / "client.yml", lambda: read_client(folder), values_of, settings_of)
