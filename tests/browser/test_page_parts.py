"""What our scripts do in a page: definitions beside what they define, the talk of a form with Python, and saved copies."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from browser.conftest import running
from browser.test_lab_opening import MINUTE, show
from creatorbook.client.repository import SAMPLE_DATA
from creatorbook.findings.browser import browser_text
from creatorbook.findings.definitions import definitions
from creatorbook.forms.fields import Field

pytestmark = pytest.mark.slow

CLIENT = "northpin"
COPIES = f"{CLIENT}/notebooks/spring-hike"
OPENED = "name => window.jupyterapp?.shell.currentWidget?.context?.path.endsWith(name)"

#: Every script of a form takes three seconds to load.
SLOWLY = """() => {
    const make = URL.createObjectURL.bind(URL);
    const wait = "await new Promise((resume) => setTimeout(resume, 3000));\\n";
    URL.createObjectURL = (one) =>
        make(one.type === "text/javascript" ? new Blob([wait, one], { type: one.type }) : one);
}"""
#: A form without JupyterLab: what it sends is kept in `sent`, `answer` is Python's, and `gone` a kernel that has ended.
FORM = """async ([text, state]) => {
    document.body.replaceChildren();
    const listeners = {};
    const model = {
        get: (name) => state[name],
        on: (event, listener) => (listeners[event] ??= []).push(listener),
        send: (message) => { if (window.gone) throw new Error("gone"); window.sent.push(message); },
    };
    Object.assign(window, {
        sent: [], gone: false,
        answer: (message) => listeners["msg:custom"].forEach((listener) => listener(message, [])),
        end: () => listeners["comm_live_update"].forEach((listener) => listener()),
    });
    const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    const el = document.body.appendChild(document.createElement("div"));
    (await import(address)).default.render({ model, el });
}"""
STATE: dict[str, Any] = {
    "title": "A form", "intro": "", "html": "", "words": "", "files": [], "live": False, "level": 3,
    "fields": [Field("budget", "Budget", "number", 5000, required=True).described()],
    "buttons": [{"words": "Write it down", "kind": "main"}],
}  # fmt: skip
ANSWER: dict[str, Any] = {"ok": True, "words": "Written.", "faults": {}, "values": {}, "written": False}


@pytest.fixture
def form(page: Page) -> Page:
    """A page with one form."""
    page.goto("about:blank")
    page.evaluate(FORM, [browser_text("findings/elements.js", "forms/form.js"), STATE])
    return page


def asked(page: Page) -> str:
    """Press the button; under which number it is asked."""
    page.get_by_role("button", name="Write it down").click()
    page.wait_for_function("() => window.sent.length > 0")
    return str(page.evaluate("() => window.sent.at(-1).ask"))


def answer(page: Page, number: str, **more: Any) -> None:
    page.evaluate("message => window.answer(message)", {"answer": number, **ANSWER, **more})


def test_a_form_says_what_was_answered(form: Page) -> None:
    """What is entered goes to Python; a fault stands at its field, which gets the focus; done is said."""
    form.get_by_label("Budget").fill("6000")
    number = asked(form)
    assert form.evaluate("() => [window.sent[0].press, window.sent[0].values]") == [
        "Write it down",
        {"budget": "6000"},
    ]
    answer(form, number, ok=False, words="Nothing was written.", faults={"budget": "Too much."})
    expect(form.get_by_text("Too much.")).to_be_visible()
    expect(form.get_by_label("Budget")).to_be_focused()
    expect(form.get_by_label("Budget")).to_have_attribute("aria-invalid", "true")
    answer(form, asked(form))
    expect(form.locator(".cb-status[data-kind=done]")).to_have_text("Written.")
    expect(form.get_by_text("Too much.")).to_have_count(0)


def test_only_the_last_question_is_answered(form: Page) -> None:
    """An answer to an earlier one changes nothing, nor does one to another tab's number."""
    first = asked(form)
    answer(form, first)
    second = asked(form)
    answer(form, first, words="An old answer.")
    answer(form, "another-1", words="Another tab's answer.")
    expect(form.locator(".cb-status")).to_have_text("…")
    answer(form, second, words="The new answer.")
    expect(form.locator(".cb-status")).to_have_text("The new answer.")


def test_silence_is_said_and_a_late_answer_counts(form: Page) -> None:
    """Whoever hears nothing is told that nothing is written yet; a kernel that has heard is waited for."""
    number = asked(form)
    expect(form.locator(".cb-status[data-kind=late]")).to_contain_text("No answer yet")
    answer(form, number)
    expect(form.locator(".cb-status[data-kind=done]")).to_have_text("Written.")
    number = asked(form)
    form.evaluate("number => window.answer({ heard: number })", number)
    form.wait_for_timeout(2500)
    expect(form.locator(".cb-status")).to_have_text("…")


def test_a_kernel_that_has_ended_is_said(form: Page) -> None:
    """Before a question and after it."""
    asked(form)
    form.evaluate("() => window.end()")
    ended = form.locator(".cb-status[data-kind=fault]")
    expect(ended).to_contain_text("kernel has ended")
    form.evaluate("state => { document.querySelector('.cb-status').textContent = ''; window.gone = true; }")
    form.get_by_role("button", name="Write it down").click()
    expect(ended).to_contain_text("kernel has ended")


def test_what_another_tab_writes_is_shown(form: Page) -> None:
    """A field that nobody wrote in here follows; what is being written here stays."""
    number = {"changed": "another-1", "words": "Written to client.yml."}
    form.evaluate("message => window.answer(message)", {**number, "values": {"budget": 7000}})
    expect(form.get_by_label("Budget")).to_have_value("7000")
    expect(form.locator(".cb-status")).to_have_text("In another tab: Written to client.yml.")
    form.get_by_label("Budget").fill("1")
    form.evaluate("message => window.answer(message)", {**number, "values": {"budget": 8000}})
    expect(form.get_by_label("Budget")).to_have_value("1")


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one client."""
    folder = tmp_path_factory.mktemp("agency")
    shutil.copytree(SAMPLE_DATA / CLIENT, folder / CLIENT)
    return folder


@pytest.fixture(scope="module")
def opened(clients: Path) -> Iterator[str]:
    """`lab` on that client: the address of its notebooks."""
    with running(["creatorbook", "lab", str(clients / CLIENT)], clients) as address:
        yield f"{address}/lab/workspaces/{CLIENT}/tree/{COPIES}"


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds in the forms, in the definition that is shown and in what it belongs to."""
    context = {"include": [[".cb-form"], ["#cb-definition"], [".cb-figure"]]}
    found = Axe().run(page, context=context).response["violations"]
    return [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]


def test_a_definition_stands_beside_its_figure(page: Page, opened: str) -> None:
    """By pointing and by Tab; it stays while the pointer goes into it, goes with Escape, and axe finds nothing."""
    show(page, opened, "00_start_here.ipynb")
    figure, box = page.locator(".cb-figure[data-term]:visible").first, page.locator("#cb-definition")
    known = definitions()[figure.get_attribute("data-term") or ""]
    expect(box).to_be_hidden()
    figure.hover()
    expect(box).to_contain_text(known.means)
    expect(box).to_contain_text(f"How it is worked out: {known.formula}")
    box.hover()
    page.wait_for_timeout(500)
    expect(box).to_be_visible()
    page.mouse.move(5, 5)
    expect(box).to_be_hidden()
    figure.focus()
    expect(box).to_be_visible()
    expect(figure).to_have_attribute("aria-describedby", "cb-definition")
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    assert figure.evaluate("one => document.activeElement === one && !one.hasAttribute('aria-describedby')")


def test_a_field_of_a_form_is_explained_beside_its_label(page: Page, opened: str) -> None:
    """A “?” by Tab; the label stays the field's only one."""
    show(page, opened, "01_goals.ipynb")
    form = page.locator(".cb-form", has=page.get_by_role("heading", name="What is it for?", exact=True))
    form.wait_for(timeout=MINUTE)
    ask, box = form.locator("button.cb-term").first, page.locator("#cb-definition")
    known = definitions()[ask.get_attribute("data-term") or ""]
    ask.focus()
    expect(box).to_contain_text(known.means)
    assert violations(page) == []
    assert form.get_by_label("Budget").count() == 1


def test_a_saved_copy_says_what_was_there(page: Page, opened: str, clients: Path) -> None:
    """Opened by another JupyterLab, which has no kernel of it: a sentence in place of each form, and no error."""
    show(page, opened, "01_goals.ipynb")
    page.locator(".cb-form").first.wait_for(timeout=MINUTE)
    elsewhere = clients / "elsewhere"
    shutil.copytree(clients / COPIES, elsewhere)
    with running(["jupyterlab", f"--ServerApp.root_dir={elsewhere}"], elsewhere) as address:
        page.goto(f"{address}/lab/tree/01_goals.ipynb?reset")
        page.wait_for_function(OPENED, arg="01_goals.ipynb", timeout=2 * MINUTE)
        sentence = "A form: goal, budget, dates and targets, written to the campaign file."
        page.get_by_text(sentence).first.wait_for(timeout=MINUTE)
        expect(page.get_by_text("Error displaying widget")).to_have_count(0)


def test_a_form_that_came_late_hears_what_was_done(page: Page, opened: str, clients: Path) -> None:
    """On a busy computer its script takes longer than anywidget waits: what an act answers is shown all the same."""
    page.add_init_script(f"({SLOWLY})()")
    show(page, opened, "01_goals.ipynb")
    form = page.locator(".cb-form", has=page.get_by_role("heading", name="What is it for?", exact=True))
    form.wait_for(timeout=MINUTE)
    form.get_by_label("Budget").fill("4321")
    form.get_by_role("button", name="Write it down").click()
    form.locator(".cb-status[data-kind=done]").wait_for(timeout=MINUTE)
    assert "budget: 4321" in (clients / CLIENT / "campaigns" / "spring-hike.yml").read_text()
