"""Make the committed gallery: `python tests/gallery.py`, after a change that a visitor would see.

First pages of clients' copies as pictures, one whole copy as PDF, and a lesson as it stands in JupyterLab. All of it comes
from the sample clients; nothing is drawn by hand.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import plutoprint
from playwright.sync_api import Browser

from browser.conftest import running_browser, running_lab
from creatorbook.client.report_places import TO_SEND
from creatorbook.client.repository import FIRST_SAMPLE, REPORTS, SAMPLE_DATA
from creatorbook.opening import open_book
from creatorbook.report import document, pdf
from creatorbook.report.contents import Contents
from steps import run_stage

GALLERY = REPORTS / "gallery"
#: name of the picture → client, campaign (`None`: the one that started last), stage
FIRST_PAGES = {
    "results": (FIRST_SAMPLE, None, "results"),
    "plan": (FIRST_SAMPLE, "summer-linen", "plan"),
    "results-of-two-files": ("northpin", None, "results"),
}
LESSON = "training/04_needs_a_question.ipynb"
#: in pixels
A4 = (794, 1123)
LAPTOP = {"width": 1280, "height": 900}


def first_page_picture(client: str, campaign: str | None, stage: str, picture: Path) -> None:
    """The first sheet of a report, as it stands in its PDF."""
    book = open_book(client, campaign, stage, "report")
    contents = Contents.of(book, run_stage(book.client.folder, stage, campaign))
    report, _ = pdf.fit_first_page(document.compose_to_send(document.compose(contents, [])))
    sheet = pdf.laid_out(report.first_page_html())
    canvas = plutoprint.ImageCanvas(*A4)
    canvas.clear_surface(1, 1, 1, 1)
    scale = A4[0] / sheet.get_page_size_at(0).width * plutoprint.UNITS_PX
    canvas.scale(scale, scale)
    sheet.render_page(canvas, 0)
    canvas.write_to_png(str(picture))


def whole_pdf(client: str, stage: str, target: Path) -> None:
    """A client's copy, printed and cleared for sending as a user does it, from a copy of the sample."""
    with tempfile.TemporaryDirectory() as folder:
        copy, out = Path(folder, client), Path(folder, "reports")
        shutil.copytree(SAMPLE_DATA / client, copy)
        own = [sys.executable, "-m", "creatorbook"]
        subprocess.run([*own, "report", copy, "--stage", stage, "--out", out], check=True)
        subprocess.run([*own, "mark-cleared", copy, "--by", "the gallery", "--out", out], check=True)
        shutil.copyfile(next(out.glob(f"{client}/*/*-{stage}/{TO_SEND}/report.pdf")), target)


def lesson(browser: Browser, picture: Path) -> None:
    """A lesson in JupyterLab, without the side panel."""
    with tempfile.TemporaryDirectory() as root, running_lab(Path(root)) as address:
        page = browser.new_page(viewport=LAPTOP)
        page.goto(f"{address}/lab/tree/notebooks/{LESSON}?reset")
        page.wait_for_function(
            "() => window.jupyterapp?.shell.currentWidget?.context?.isReady", timeout=60_000
        )
        page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
        page.wait_for_timeout(3000)
        page.screenshot(path=picture)
        page.close()


def main() -> None:
    """Write the gallery anew."""
    GALLERY.mkdir(exist_ok=True)
    whole_pdf(FIRST_SAMPLE, "results", GALLERY / "report.pdf")
    for name, (client, campaign, stage) in FIRST_PAGES.items():
        first_page_picture(client, campaign, stage, GALLERY / f"{name}.png")
    with running_browser() as browser:
        lesson(browser, GALLERY / "lesson.png")


if __name__ == "__main__":
    main()
