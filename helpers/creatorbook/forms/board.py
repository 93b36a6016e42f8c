"""The creators' board: table → vetting card → decide → next, by mouse or by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import anywidget
import traitlets

from creatorbook import plugins
from creatorbook.acts.creators_board import CreatorsBoard, Viewer
from creatorbook.acts.review_sheet import SCALES, add_marks, own_marks
from creatorbook.acts.settings import change_settings, open_settings
from creatorbook.book import Book
from creatorbook.campaign.decisions import OPEN_AGAIN
from creatorbook.client.today import today
from creatorbook.findings import say, written
from creatorbook.findings.browser import browser_text
from creatorbook.findings.render import findings_html
from creatorbook.forms.form import show_form
from creatorbook.packs import in_force, pack
from creatorbook.problems import Problem, as_problem

#: what the board says once two people judge, or one
EACH_ALONE = say(
    "Two people judge each creator, each alone: decisions and marks on this page are hidden until both are in."
)
ONE_DECIDES = say("One person decides: the page shows every decision.")
#: keys that move in the table and cannot stand for a decision
MOVES = "jk"


class Board(anywidget.AnyWidget):
    """The board in the browser: it asks by name (`card`, `decide` …), and each answer says what to show.

    Args:
        book: the campaign whose creators are decided on.
    """

    _esm = browser_text("findings/elements.js", "forms/board.js")
    _css = browser_text("forms/form.css", "forms/board.css")

    title = traitlets.Unicode().tag(sync=True)
    intro = traitlets.Unicode().tag(sync=True)
    rows: Any = traitlets.List().tag(sync=True)
    decisions: Any = traitlets.List().tag(sync=True)
    scales: Any = traitlets.List().tag(sync=True)
    each_alone = traitlets.Bool().tag(sync=True)
    currency = traitlets.Unicode().tag(sync=True)
    locale = traitlets.Unicode().tag(sync=True)

    def __init__(self, book: Book) -> None:
        self._board = CreatorsBoard(book)
        self._acts: dict[str, Callable[[Mapping[str, Any], Viewer], dict[str, Any]]] = {
            "open": self._open,
            "card": self._card,
            "cards": self._cards,
            "ahead": self._ahead,
            "decide": self._decide,
            "price": self._price,
            "offer": self._offer,
            "mark": self._mark,
            "agreement": self._agreement,
            "each_alone": self._set_each_alone,
        }
        rows = self._board.rows()
        super().__init__(
            title="Decide on creators",
            intro=_intro(book),
            rows=rows,
            decisions=_decisions(),
            scales=_scales(),
            each_alone=book.campaign.second_review,
            currency=book.client.currency,
            locale=book.formats.locale.replace("_", "-"),
        )
        self.on_msg(self._heard)

    def answer(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """What the board answers to a question of the browser; tests ask here too.

        Args:
            asked: `do` names the question, `by` and `alone` say who asks; the rest belongs to the question.
        """
        viewer = Viewer(str(asked.get("by") or ""), bool(asked.get("alone")) or self.each_alone)
        with in_force(self._board.book.client.all_packs):
            try:
                return {"ok": True, **self._acts[str(asked["do"])](asked, viewer)}
            except Exception as error:  # whatever it was, the person at the board has to know
                words = f"Nothing was written: {as_problem(error)}"
                return {"ok": False, "words": words, "states": self._states(asked, viewer)}

    def _states(self, asked: Mapping[str, Any], viewer: Viewer) -> dict[str, Any]:
        """What stands on the accounts that a question is about, as far as it can be read."""
        listed = {row["id"] for row in self.rows}
        named = [*asked.get("accounts", []), *([asked["account"]] if asked.get("account") else [])]
        return self._board.states(viewer, [one for one in named if one in listed])

    def _open(self, _asked: Mapping[str, Any], viewer: Viewer) -> dict[str, Any]:
        self._board.read_again()
        return {"all": self._board.states(viewer)}

    def _card(self, asked: Mapping[str, Any], viewer: Viewer) -> dict[str, Any]:
        account = str(asked["account"])
        state = self._board.states(viewer, [account])[account]
        return {
            "account": account,
            "html": self._board.card(account, viewer),
            "price": self._board.price(account, state.get("offered"), None),
            "marks": own_marks(self._board.book, account, viewer.name),
        }

    def _ahead(self, asked: Mapping[str, Any], viewer: Viewer) -> dict[str, Any]:
        """Make the card that will probably be asked for next, while nobody waits for it."""
        self._board.card(str(asked["account"]), viewer)
        return {}

    def _cards(self, asked: Mapping[str, Any], viewer: Viewer) -> dict[str, Any]:
        return {"cards": [self._board.card(str(account), viewer) for account in asked["accounts"]]}

    def _decide(self, asked: Mapping[str, Any], viewer: Viewer) -> dict[str, Any]:
        words = self._board.decide(
            [str(account) for account in asked["accounts"]],
            str(asked.get("decision") or ""),
            str(asked.get("reason") or ""),
            str(asked.get("note") or ""),
            viewer,
            today(),
        )
        following = asked.get("next")
        shown = self._card({"account": following}, viewer) if following else {}
        return {
            "words": self._in_words(words),
            "written": True,
            "states": self._states(asked, viewer),
            "card": shown,
        }

    def _price(self, asked: Mapping[str, Any], _viewer: Viewer) -> dict[str, Any]:
        account, offered, orders = (
            str(asked["account"]),
            _amount(asked.get("offered")),
            _amount(asked.get("orders")),
        )
        return {"account": account, "price": self._board.price(account, offered, orders)}

    def _offer(self, asked: Mapping[str, Any], viewer: Viewer) -> dict[str, Any]:
        offered = _amount(asked.get("offered"))
        if offered is None:
            english = self._board.book.formats.in_english().words
            raise Problem("there is no amount", todo=english("Write the fee you offer, without VAT, as 450."))
        note = str(asked.get("note") or "")
        words = self._board.offer(str(asked["account"]), offered, note, viewer, today())
        return {"words": self._in_words(words), "written": True, "states": self._states(asked, viewer)}

    def _mark(self, asked: Mapping[str, Any], viewer: Viewer) -> dict[str, Any]:
        account = str(asked["account"])
        words = add_marks(
            self._board.book,
            account,
            viewer.name,
            dict(asked["marks"]),
            str(asked.get("note") or ""),
            today(),
        )
        return {"words": self._in_words(words), "written": True, "states": self._states(asked, viewer)}

    def _agreement(self, _asked: Mapping[str, Any], viewer: Viewer) -> dict[str, Any]:
        return {"html": findings_html(self._board.agreement(viewer))}

    def _set_each_alone(self, asked: Mapping[str, Any], viewer: Viewer) -> dict[str, Any]:
        """Whether two people judge each creator, each alone: a setting of the campaign, because the page hangs on it."""
        file = open_settings(self._board.book.campaign.path)
        wanted = bool(asked.get("on"))
        change_settings(file, {"second_review": wanted or None})
        self.each_alone = wanted
        words = EACH_ALONE if wanted else ONE_DECIDES
        states = self._board.states(replace(viewer, alone=bool(asked.get("alone")) or wanted))
        return {"words": self._in_words(words), "written": True, "all": states}

    def _in_words(self, words: Any) -> str:
        return written(words, self._board.book.formats)

    def _heard(self, _widget: Any, content: dict[str, Any], _buffers: list[Any]) -> None:
        """A question of the browser: it is told at once that somebody is there, and later what came of it."""
        number = content.get("ask")
        self.send({"heard": number})
        answer = self.answer(content)
        self.send({"answer": number, **answer})
        if answer.get("written"):
            self.send({"changed": number})  # another tab shows what is on file, too


def creators_board(book: Book) -> None:
    """Decide on everybody of the creators list; nothing outside `explore` mode, or where nobody is listed."""
    if book.mode != "explore" or book.tables.creators.empty:
        return
    fallback = "The creators' board: run this notebook in JupyterLab to decide; decisions.csv keeps each decision with its reason."
    show_form(book, Board(book), fallback)


def _intro(book: Book) -> str:
    """What to do, and what a decision taken now is about."""
    how = (
        "Choose a creator in the table (arrow keys, or j and k), read the card, press the letter of a decision, choose a "
        "reason and press Enter. Every decision is a new row of decisions.csv; nothing is overwritten."
    )
    if today() <= book.campaign.end:
        return how
    return f"{how} This campaign is over: what is decided now is about the next one, and its plan and pulse do not know it."


def _decisions() -> list[dict[str, Any]]:
    """Every decision with its meaning, its reasons and the key that stands for it."""
    means, taken, offered = pack("reasons")["decisions"], set(MOVES), []
    for decision, reasons in plugins.decision_reasons().items():
        key = next((letter for letter in decision.lower() if letter.isalpha() and letter not in taken), "")
        taken.add(key)
        undo = decision == OPEN_AGAIN
        offered.append(
            {
                "decision": decision,
                "means": means.get(decision, ""),
                "reasons": reasons,
                "key": key,
                "undo": undo,
            }
        )
    return offered


def _scales() -> list[dict[str, Any]]:
    """The review's scales with what 1, 3 and 5 mean."""
    scales = pack("rubric")["scales"]
    return [
        {
            "name": name,
            "label": label,
            "question": scales[name]["question"],
            "anchors": [f"{mark}: {scales[name][mark]}" for mark in (1, 3, 5)],
        }
        for name, label in SCALES.items()
    ]


def _amount(raw: Any) -> float | None:
    """A number that was typed; none where there is nothing.

    Raises:
        Problem: it is no number.
    """
    if raw in (None, ""):
        return None
    try:
        return float(raw)
    except (TypeError, ValueError):
        raise Problem(f"“{raw}” is not an amount", todo="Write it as 450 or 450.50.") from None
