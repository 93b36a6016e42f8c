"""A form in a notebook: native controls, one look; each button is an act, and what the act says comes back into the form.

Nothing is drawn headless or in a report. What a person enters leaves the browser only when a button is pressed (or, in a
what-if, when a control moves); the form says “written” only after the act has come back, and says so if nobody answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import anywidget
import ipywidgets
import traitlets
from IPython.display import display

from creatorbook.book import Book
from creatorbook.findings.browser import browser_text
from creatorbook.findings.render import show_style
from creatorbook.forms.fields import Field, for_browser, read_all
from creatorbook.packs import held_packs, in_force
from creatorbook.problems import as_problem


@dataclass(frozen=True)
class Reply:
    """What a form shows after an act.

    Attributes:
        words: one line beside the buttons.
        html: what stands under the form from now on; None leaves what is there. Made of escaped texts only.
        values: fields that are shown anew, with what is on file now.
        fields: the form's fields from now on; None means as they are.
        written: something on disk has changed: what stands elsewhere on the page is older.
        done: whether the act was done; not, where the words say why it was not.
        files: name → file that can be opened from the form; None leaves what is offered.
    """

    words: str = ""
    html: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    fields: Sequence[Field] | None = None
    written: bool = False
    done: bool = True
    files: Mapping[str, Path] | None = None


#: What an act gets: the values entered, in types.
Act = Callable[[dict[str, Any]], Reply]


@dataclass(frozen=True)
class Button:
    """One act of a form.

    Attributes:
        words: on the button.
        act: what it does. A `Problem` it raises is shown in the form, as is whatever the disk says.
        kind: `main` is the form's own act, `look` changes nothing on disk and takes half-filled forms.
    """

    words: str
    act: Act
    kind: Literal["main", "plain", "look"] = "main"


class Form(anywidget.AnyWidget):
    """Fields, buttons and a place for what they answer.

    Args:
        title: the form's heading.
        fields: what is asked.
        buttons: what can be done.
        intro: a sentence beneath the heading.
        html: what stands under the form at first, made of escaped texts only.
        moved: answers while controls move; nothing is written by it.
        level: of the heading: one more than that of the heading above it on the page.

    Attributes:
        writes: the settings file or sheet that its acts write; none where they write another record.
    """

    _esm = browser_text("findings/elements.js", "forms/form.js")
    _css = browser_text("forms/form.css")

    title = traitlets.Unicode().tag(sync=True)
    intro = traitlets.Unicode().tag(sync=True)
    fields: Any = traitlets.List().tag(sync=True)
    buttons: Any = traitlets.List().tag(sync=True)
    html = traitlets.Unicode().tag(sync=True)
    words = traitlets.Unicode().tag(sync=True)
    live = traitlets.Bool().tag(sync=True)
    level = traitlets.Int().tag(sync=True)
    files: Any = traitlets.List().tag(sync=True)

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        buttons: Sequence[Button] = (),
        *,
        intro: str = "",
        html: str = "",
        moved: Act | None = None,
        level: int = 3,
        writes: Path | None = None,
    ) -> None:
        self.writes = writes
        self._asked, self._acts, self._moved = list(fields), list(buttons), moved
        self._offered: dict[str, Path] = {}
        self._packs = held_packs()  # its client's: another one may have been opened when somebody presses
        super().__init__(
            title=title,
            intro=intro,
            fields=[one.described() for one in fields],
            buttons=[{"words": button.words, "kind": button.kind} for button in buttons],
            html=html,
            live=moved is not None,
            level=level,
        )
        self.on_msg(self._heard)

    def press(self, words: str, raw: Mapping[str, Any]) -> dict[str, Any]:
        """What pressing a button with these values answers, as the browser gets it; tests press here too."""
        button = next(one for one in self._acts if one.words == words)
        with in_force(self._packs):
            values, faults = read_all(self._asked, raw)
            if faults and button.kind != "look":
                return {
                    "ok": False,
                    "words": "Nothing was written: some answers are missing.",
                    "faults": faults,
                }
            return self._answered(button.act, values)

    def move(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """What a what-if answers to these values, as the browser gets it."""
        with in_force(self._packs):
            values, faults = read_all(self._asked, raw)
            if faults or self._moved is None:
                return {"ok": False, "words": "", "faults": faults}
            return self._answered(self._moved, values, "")

    def offer(self, paths: Mapping[str, Path]) -> None:
        """Let files be opened from the form: name → file. They need not lie where JupyterLab looks."""
        self._offered = dict(paths)
        self.files = list(self._offered)

    def tell(self, words: str, *, written: bool = False, fault: bool = False) -> None:
        """Change the line beside the buttons while an act goes on; also from another thread.

        Args:
            words: what is being done, or what came of it.
            written: something on disk has changed.
            fault: it failed.
        """
        self.words = words
        self.send(
            {"tell": words, "written": written, "kind": "fault" if fault else "done" if written else ""}
        )

    def _answered(
        self, act: Act, values: dict[str, Any], trouble: str = "Nothing was written: "
    ) -> dict[str, Any]:
        try:
            answer = act(values)
        except Exception as error:  # whatever it was, the person at the form has to know
            return {"ok": False, "words": f"{trouble}{as_problem(error)}", "faults": {}}
        self._packs = held_packs()  # an act that changed the client's packs has opened it anew
        if answer.fields is not None:
            self._asked = list(answer.fields)
            self.fields = [one.described() for one in answer.fields]
        if answer.html is not None:
            self.html = answer.html
        if answer.files is not None:
            self.offer(answer.files)
        self.words = answer.words
        return {
            "ok": answer.done,
            "words": answer.words,
            "faults": {},
            "values": for_browser(answer.values),
            "written": answer.written,
        }

    def _heard(self, _widget: Any, content: dict[str, Any], buffers: list[Any]) -> None:
        """A message of the browser: it is told at once that somebody is there, and later what came of it."""
        number = content.get("ask")
        self.send({"heard": number})
        if "open" in content:
            self._send_file(number, str(content["open"]))
            return
        raw = _with_files(content.get("values", {}), buffers)
        words = content.get("press")
        answer = self.move(raw) if words is None else self.press(words, raw)
        self.send({"answer": number, **answer})
        if answer.get("written"):  # another tab shows what is on file, too
            self.send({"changed": number, "words": answer["words"], "values": answer["values"]})

    def _send_file(self, number: Any, name: str) -> None:
        """The content of a file that the form offers, or why it cannot be read."""
        try:
            content = self._offered[name].read_bytes()
        except (KeyError, OSError) as error:
            self.send({"answer": number, "ok": False, "words": str(as_problem(error)), "faults": {}})
        else:
            self.send({"answer": number, "ok": True, "file": name, "faults": {}}, [content])


def show_form(book: Book | None, form: ipywidgets.DOMWidget, fallback: str) -> None:
    """Show a form in a notebook that a person works in; nothing in a report or a lesson.

    Args:
        book: the opened campaign; None where there is none yet.
        form: what is shown.
        fallback: a sentence for places without widgets.
    """
    if book is not None and book.mode != "explore":
        return
    show_style()
    view = {"version_major": 2, "version_minor": 1, "model_id": form.model_id}
    display({"application/vnd.jupyter.widget-view+json": view, "text/plain": fallback}, raw=True)


def _with_files(raw: Mapping[str, Any], buffers: list[Any]) -> dict[str, Any]:
    """Uploads come as `{name, buffer}`: the bytes are put beside the name."""
    values = dict(raw)
    for name, value in values.items():
        if (
            isinstance(value, list)
            and value
            and all(isinstance(one, dict) and "buffer" in one for one in value)
        ):
            values[name] = [
                {"name": str(one["name"]), "content": bytes(buffers[one["buffer"]])} for one in value
            ]
    return values
