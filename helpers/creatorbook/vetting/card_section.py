"""One paragraph of a vetting card."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from creatorbook.findings import (
    Text,
    say,
    written,
)

if TYPE_CHECKING:
    from creatorbook.findings import Grade
    from creatorbook.findings.formats import Formats


NOT_CHECKED = say("Not checked yet.")


@dataclass(frozen=True)
class CardSection:
    """One paragraph of a card: its heading, its sentences, the grade of its figures, and points beneath it."""

    heading: Text
    text: Text
    grade: Grade | None = None
    points: tuple[Text, ...] = ()

    def written(self, formats: Formats) -> CardSection:
        """The same with its texts as a reader sees them."""
        return replace(
            self,
            heading=written(self.heading, formats),
            text=written(self.text, formats),
            points=tuple(written(point, formats) for point in self.points),
        )
