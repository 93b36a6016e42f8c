"""Two hands that do the same at a page: one has a mouse, the other nothing but keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Protocol

from playwright.sync_api import Locator, Page

#: Where the focus is, as seen from an element: in which direction Tab leads to it, and how often it can be pressed at least;
#: never, where the element has it. One of several radio buttons of a group has the focus for all of them.
WAY = """wanted => {
    const focused = document.activeElement;
    if (focused === wanted) return ["Tab", 0];
    if (wanted.type === "radio" && focused?.type === "radio" && focused.name === wanted.name) return ["Tab", 0];
    if (!focused || focused === document.body || focused.contains(wanted)) return ["Tab", 1];
    const isBefore = (one, other) => Boolean(other.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING);
    const [first, last] = isBefore(focused, wanted) ? [focused, wanted] : [wanted, focused];
    const stops = [...document.querySelectorAll("a[href], button, input:not([type=radio]), select, textarea, summary")]
        .filter(one => one.tabIndex >= 0 && !one.disabled && one.checkVisibility() && isBefore(first, one) && isBefore(one, last));
    return [first === focused ? "Tab" : "Shift+Tab", Math.max(1, Math.floor(stops.length * 0.7))];
}"""
FOCUSED = "element => element === document.activeElement"
CHOSEN = "select => select.selectedOptions[0].label"
#: Tabs that a page may take from one end to the other.
FAR = 1500


class Hand(Protocol):
    """What a person can do to a form."""

    page: Page

    def press(self, button: Locator) -> None:
        """A button, a link or a heading that unfolds."""

    def write(self, field: Locator, text: str) -> None:
        """Put a text in place of what stands in a field."""

    def day(self, field: Locator, day: date) -> None:
        """Enter a day."""

    def choose(self, select: Locator, words: str) -> None:
        """One of a list, by its words."""

    def tick(self, box: Locator) -> None:
        """A tick or one of a group, which is on afterwards."""

    def bring(self, upload: Locator, paths: Sequence[Path]) -> None:
        """Files from this computer."""

    def slide(self, slider: Locator, steps: int) -> None:
        """Move a slider by so many steps."""

    def pick(self, board: Locator, row: Locator) -> None:
        """A creator in the table of the board, whose card is shown then."""

    def tick_row(self, board: Locator, row: Locator) -> None:
        """The tick of a creator in the table."""

    def decide(self, board: Locator, decision: str, reason: str) -> None:
        """A decision on the creator whose card is shown, written down."""

    def open_launcher(self) -> None:
        """JupyterLab's first page, with the steps of the campaign."""

    def run_all(self) -> None:
        """Run the notebook in front, as JupyterLab offers it."""


class Mouse:
    """Clicks; types where something is written."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, button: Locator) -> None:
        button.click()

    def write(self, field: Locator, text: str) -> None:
        field.click()
        field.fill(text)

    def day(self, field: Locator, day: date) -> None:
        field.fill(day.isoformat())

    def choose(self, select: Locator, words: str) -> None:
        select.select_option(label=words)

    def tick(self, box: Locator) -> None:
        box.check()

    def bring(self, upload: Locator, paths: Sequence[Path]) -> None:
        with self.page.expect_file_chooser() as chooser:
            upload.click()
        chooser.value.set_files(paths)

    def slide(self, slider: Locator, steps: int) -> None:
        """By a click where the handle then is."""
        share = slider.evaluate(
            "(one, steps) => (one.value - one.min + steps * one.step) / (one.max - one.min)", steps
        )
        box = slider.bounding_box()
        assert box is not None
        slider.click(position={"x": 8 + share * (box["width"] - 16), "y": box["height"] / 2})

    def pick(self, board: Locator, row: Locator) -> None:
        row.locator("th").click()

    def tick_row(self, board: Locator, row: Locator) -> None:
        row.get_by_role("checkbox").check()

    def decide(self, board: Locator, decision: str, reason: str) -> None:
        board.get_by_role("radio", name=decision).check()
        board.get_by_role("radio", name=reason).check()
        board.get_by_role("button", name="Write it down", exact=True).click()

    def open_launcher(self) -> None:
        self.page.locator(".lm-TabBar-addButton:visible").first.click()

    def run_all(self) -> None:
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


class Keys:
    """Presses keys, and nothing else: Tab leads everywhere."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, element: Locator) -> None:
        """Tab to an element."""
        for _ in range(FAR):
            way, times = element.evaluate(WAY)
            if not times:
                return
            for _ in range(times):
                self.page.keyboard.press(way)
        raise AssertionError(f"Tab does not lead to {element}")

    def press(self, button: Locator) -> None:
        self.reach(button)
        self.page.keyboard.press("Enter")

    def write(self, field: Locator, text: str) -> None:
        self.reach(field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.press("Delete")
        self.page.keyboard.type(text)

    def day(self, field: Locator, day: date) -> None:
        self.reach(field)
        while field.evaluate(FOCUSED):  # to the first of its three parts, wherever one came from
            self.page.keyboard.press("Shift+Tab")
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(f"{day:%m%d%Y}")
        assert field.input_value() == day.isoformat()

    def choose(self, select: Locator, words: str) -> None:
        self.reach(select)
        self.page.keyboard.press("Home")
        for _ in range(select.locator("option").count()):
            if select.evaluate(CHOSEN) == words:
                return
            self.page.keyboard.press("ArrowDown")
        assert select.evaluate(CHOSEN) == words

    def tick(self, box: Locator) -> None:
        self.reach(box)
        for _ in range(box.evaluate("one => document.getElementsByName(one.name).length")):
            if box.evaluate(FOCUSED):
                break
            self.page.keyboard.press("ArrowDown")
        if not box.is_checked():
            self.page.keyboard.press("Space")
        assert box.is_checked()

    def bring(self, upload: Locator, paths: Sequence[Path]) -> None:
        self.reach(upload)
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Enter")
        chooser.value.set_files(paths)

    def slide(self, slider: Locator, steps: int) -> None:
        self.reach(slider)
        for _ in range(abs(steps)):
            self.page.keyboard.press("ArrowRight" if steps > 0 else "ArrowLeft")

    def pick(self, board: Locator, row: Locator) -> None:
        self.reach(board.locator("tbody tr[tabindex='0']"))
        self.page.keyboard.press("Home")
        for _ in range(board.locator("tbody tr").count()):
            if row.get_attribute("aria-selected") == "true":
                return
            self.page.keyboard.press("ArrowDown")
        assert row.get_attribute("aria-selected") == "true"

    def tick_row(self, board: Locator, row: Locator) -> None:
        self.pick(board, row)
        self.page.keyboard.press("Space")

    def decide(self, board: Locator, decision: str, reason: str) -> None:
        """By the letter of the decision and the number of the reason, which stand beside them."""
        self.reach(board.locator("tbody tr[tabindex='0']"))
        self.page.keyboard.press(
            board.get_by_role("radio", name=decision).locator("xpath=..").locator("kbd").inner_text()
        )
        self.page.keyboard.press(
            board.get_by_role("radio", name=reason).locator("xpath=..").locator("kbd").inner_text()
        )
        self.page.keyboard.press("Enter")

    def open_launcher(self) -> None:
        self.page.keyboard.press("Control+Shift+l")

    def run_all(self) -> None:
        """By JupyterLab's list of commands."""
        self.page.keyboard.press("Control+Shift+c")
        self.page.locator(".lm-CommandPalette input:focus").wait_for()
        self.page.keyboard.type("run all cells")
        self.page.keyboard.press("Enter")
