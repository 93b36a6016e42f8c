"""Three lessons in the real JupyterLab, by mouse and by keys alone, from the launcher to the certificate.

`CREATORBOOK_PICTURES` names a folder for a picture of each question.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page

from browser.conftest import is_local, running
from browser.hands import Hand, Keys, Mouse
from browser.test_lab_opening import MINUTE, READY
from creatorbook.acts import learners
from creatorbook.campaign.links import slug
from creatorbook.client import repository
from creatorbook.client.repository import SAMPLE_DATA
from creatorbook.findings import written
from creatorbook.training.answers import Ask
from creatorbook.training.lesson import Lesson
from creatorbook.training.lessons import TITLES, open_lesson
from test_lessons import SEEDS

CLIENT, CAMPAIGN = "northpin", "spring-hike"
#: one with written work, one that spends money, one with an order and a share
PLAYED = ("06_message_and_brief", "08_spend_a_budget", "12_climb_the_ladder")
PICTURES = os.environ.get("CREATORBOOK_PICTURES", "")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`lab` on a sample client, whose launcher offers the lessons."""
    clients = tmp_path_factory.mktemp("school")
    shutil.copytree(SAMPLE_DATA / CLIENT, clients / CLIENT)
    with running(["creatorbook", "lab", str(clients / CLIENT)], clients) as started:
        yield f"{started}/lab/workspaces/{CLIENT}/tree/{CLIENT}/notebooks/{CAMPAIGN}/00_start_here.ipynb?reset"


@pytest.fixture
def learner(request: pytest.FixtureRequest) -> Iterator[str]:
    """A name of this test's own, whose marks are taken away afterwards; whoever learns here goes on."""
    before = learners.current_learner()
    name = f"Browser {request.node.name}"
    yield name
    for path in repository.LEARNERS.glob(f"{slug(name)}.*"):
        path.unlink()
    if before:
        learners.name_learner(before)


@pytest.fixture(params=[Mouse, Keys], ids=["mouse", "keys"])
def hand(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Hand]:
    """One who has a mouse, and one who has not."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    context.route("**/*", lambda route: route.continue_() if is_local(route.request.url) else route.abort())
    yield request.param(context.new_page())
    context.close()


@pytest.mark.slow
@pytest.mark.parametrize("name", PLAYED)
def test_from_launcher_to_certificate(name: str, hand: Hand, address: str, learner: str) -> None:
    """Say a name, get one answer wrong and hear why, get all right, and read it on the certificate."""
    lesson, page = open_lesson(name, SEEDS[name]), hand.page
    _open(hand, address, lesson)
    first = _form(page, "Who is learning?")
    hand.write(first.get_by_label("Your name"), learner)
    _act(hand, first, "That is me")
    for number, question in enumerate(lesson.questions, 1):
        form = _form(page, f"{number} · {written(question.title, lesson.formats)}")
        if number == 1:
            assert "Not attempted" in _act(hand, form, "Check", kind="fault")
            assert "Hint 1 of" in _act(hand, form, "Hint")
        for asked in question.asked:
            _answer(hand, form, lesson, asked, question.right[asked.name])
        assert _act(hand, form, "Check").startswith("Right"), question.name
        _picture(page, form, f"{type(hand).__name__}-{name}-{number}")
    end = _form(page, "How did it go?")
    assert f"{len(lesson.questions)} of {len(lesson.questions)}" in _act(hand, end, "My marks")
    _act(hand, end, "My certificate")
    progress = learners.progress_of(learner)
    assert progress.mastered == [name]
    _certificate(page, learner, lesson)


def _open(hand: Hand, address: str, lesson: Lesson) -> None:
    page = hand.page
    page.goto(address)
    page.wait_for_function(READY, arg="00_start_here.ipynb", timeout=4 * MINUTE)
    hand.open_launcher()
    title = written(TITLES[lesson.name], lesson.formats)
    tile = page.locator(".jp-Launcher:visible .jp-LauncherCard").filter(has_text=title).first
    tile.wait_for(timeout=MINUTE)
    hand.press(tile)
    page.wait_for_function(READY, arg=f"{lesson.name}.ipynb", timeout=4 * MINUTE)


def _form(page: Page, title: str) -> Locator:
    heading = page.get_by_role("heading", name=title, exact=True)
    form = page.locator(".jp-NotebookPanel:visible .cb-form", has=heading).first
    form.wait_for(timeout=3 * MINUTE)
    form.scroll_into_view_if_needed()
    return form


def _act(hand: Hand, form: Locator, button: str, kind: str = "done") -> str:
    """Press a button, and what the form says then."""
    status = form.locator(".cb-status").first
    status.evaluate("one => { one.dataset.kind = ''; }")
    hand.press(form.get_by_role("button", name=button, exact=True))
    form.locator(":is([data-kind=done], [data-kind=fault])").first.wait_for(
        state="attached", timeout=2 * MINUTE
    )
    assert status.get_attribute("data-kind") == kind, status.inner_text()
    return status.inner_text()


def _answer(hand: Hand, form: Locator, lesson: Lesson, asked: Ask, right: Any) -> None:
    """The right answer by the control that is shown for it."""
    label = written(asked.label, lesson.formats)
    if asked.kind == "choice":
        hand.choose(form.get_by_label(label, exact=True), written(asked.options[right], lesson.formats))
    elif asked.kind in {"choices", "order"}:
        for one in right:
            # by its value: what is ticked in an order gets its place before its words
            hand.tick(form.get_by_role("group", name=label).locator(f'input[value="{one}"]'))
    else:
        typed = asked.typed(right)
        hand.write(form.get_by_label(label), str(typed))


def _picture(page: Page, form: Locator, name: str) -> None:
    if PICTURES:
        form.scroll_into_view_if_needed()
        page.screenshot(path=Path(PICTURES) / f"{name}.png")


def _certificate(page: Page, learner: str, lesson: Lesson) -> None:
    """The page that was made, opened as a person would."""
    (path,) = repository.LEARNERS.glob(f"{slug(learner)}.html")
    page.goto(path.as_uri())
    assert learner in page.get_by_role("heading").first.inner_text()
    row = page.get_by_role("row").filter(has_text=written(TITLES[lesson.name], lesson.formats))
    assert "mastered" in row.first.inner_text()
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"certificate-{lesson.name}.png", full_page=True)
