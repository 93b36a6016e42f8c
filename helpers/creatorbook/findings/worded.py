"""Frames with messages in their cells, as they look when somebody has them shown alone in a notebook.

A message refuses to be text before it is known for whom (`messages.Wording`), and pandas makes text of every cell it
shows. Here it is shown what an English reader would see; the cells stay messages.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from creatorbook.findings.formats import Formats
from creatorbook.findings.messages import Wording


def wordy(frame: pd.DataFrame) -> list[str]:
    """Columns in which a cell is a wording."""
    objects = [name for name in frame if frame[name].dtype == object]
    return [name for name in objects if any(isinstance(cell, Wording) for cell in frame[name])]


def showable(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame itself where its cells are plain, else one that can be shown, with the same cells."""
    kind = WordedFrame if wordy(frame) else pd.DataFrame
    return frame if type(frame) is kind else kind(frame)


class WordedFrame(pd.DataFrame):
    """A frame of which some cells are messages."""

    @property
    def _constructor(self) -> Any:
        return WordedFrame

    @property
    def _constructor_sliced(self) -> Any:
        return WordedColumn

    def __repr__(self) -> str:
        return repr(pd.DataFrame(self).map(_shown))

    def _repr_html_(self) -> Any:
        return pd.DataFrame(self).map(_shown)._repr_html_()


class WordedColumn(pd.Series):
    """One column, or row, of such a frame."""

    @property
    def _constructor(self) -> Any:
        return WordedColumn

    @property
    def _constructor_expanddim(self) -> Any:
        return WordedFrame

    def __repr__(self) -> str:
        return repr(pd.Series(self).map(_shown))


def _shown(cell: Any) -> Any:
    return cell.write(Formats()) if isinstance(cell, Wording) else cell
