"""Forms for JupyterLab: change an assumption and see the consequence.

Nothing is drawn headless. Forms draw into `HTML` and `Image` values, which nbval and saved notebooks bear,
and carry a text fallback for places that show no widgets.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as ipw
from IPython.display import display

from creatorbook.book import Book
from creatorbook.client import Range
from creatorbook.findings import Chart, Findings
from creatorbook.findings.render import findings_html, show_style
from creatorbook.problems import as_problem

#: How assumptions are called on a slider, and how their values read.
LABELS = {
    "margin": ("Gross margin", ".0%"),
    "return_rate": ("Share that comes back", ".0%"),
    "average_order_value": ("Basket", ",.0f"),
    "shipping_cost": ("Shipping per order", ",.2f"),
    "handling_per_return": ("Handling per return", ",.2f"),
    "budget": ("Budget", ",.0f"),
    "commission_rate": ("Commission", ".0%"),
    "settles_after_days": ("Days until returns settle", ".0f"),
    "percent": ("Discount of a code, %", ".0f"),
}


def what_if(book: Book, step: Callable[[Book], Findings], **sliders: tuple[float, float, float]) -> None:
    """Sliders for named assumptions, and what a step says under them; nothing outside `explore` mode.

    Args:
        book: the campaign; nothing in its folder is changed.
        step: a step function such as `goals.break_even`.
        sliders: assumption of `Book.changed` → lowest, highest and step of its slider.
    """
    if book.mode != "explore":
        return
    controls = {name: _slider(book, name, limits) for name, limits in sliders.items()}
    text, pictures = ipw.HTML(), ipw.VBox()

    def redraw(_change: Any = None) -> None:
        chosen = {name: _chosen(name, control.value) for name, control in controls.items()}
        try:
            findings = step(book.changed(**chosen))
        except Exception as error:
            findings = Findings("widgets")
            text.value = _escaped(str(as_problem(error)))
        else:
            text.value = findings_html(findings)
        pictures.children = [_image(chart) for chart in findings.charts.values()]

    for control in controls.values():
        control.observe(redraw, names="value")
    redraw()
    form = ipw.VBox([ipw.VBox(list(controls.values())), text, pictures])
    _displayed(form, "A form: move the sliders in JupyterLab to see what another assumption changes.")


def _slider(book: Book, name: str, limits: tuple[float, float, float]) -> ipw.FloatSlider:
    low, high, step = limits
    label, readout = LABELS.get(name, (name.replace("_", " "), ".2f"))
    return ipw.FloatSlider(
        value=min(max(_current(book, name, (low + high) / 2), low), high),
        min=low,
        max=high,
        step=step,
        description=label,
        readout_format=readout,
        continuous_update=False,
        style={"description_width": "12em"},
        layout={"width": "32em"},
    )


def _current(book: Book, name: str, otherwise: float) -> float:
    """Where a slider starts: at the client's own value, else in the middle."""
    for owner in (book.client.economics, book.campaign, book.campaign.codes, book.client):
        value = getattr(owner, name, None)
        if isinstance(value, Range):
            return value.likely
        if isinstance(value, int | float):
            return float(value)
    return otherwise


def _chosen(name: str, value: float) -> Any:
    """A slider's value as the model holds it."""
    if name in {
        "budget",
        "hourly_rate",
        "payment_fee_fixed",
        "agency_fee",
        "tools_cost",
        "ad_spend",
        "percent",
    }:
        return value
    if name == "settles_after_days":
        return int(value)
    return Range(low=value, likely=value, high=value, source="slider")


def _image(chart: Chart) -> ipw.Widget:
    picture = ipw.Image(value=chart.png(), width=chart.width)
    return ipw.VBox([picture, ipw.HTML(f"<p class='cb-note'>{_escaped(str(chart.alt))}</p>")])


def _escaped(text: str) -> str:
    from html import escape

    return escape(text)


def _displayed(form: ipw.Widget, fallback: str) -> None:
    """Show a form with a sentence for places without widgets."""
    show_style()
    view = {"version_major": 2, "version_minor": 0, "model_id": form.model_id}
    display(
        {"application/vnd.jupyter.widget-view+json": view, "text/plain": fallback},
        raw=True,
    )
