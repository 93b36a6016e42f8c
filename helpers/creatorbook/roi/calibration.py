"""The measured extra sales as marketing-mix models take them: a sheet of `data.xlsx` for each of three packages.

A model of all channels over years (marketing-mix model, MMM) cannot tell what causes what; a test that was drawn can,
and these packages take it as a calibration. Columns are the packages' own names:

- pymc-marketing, `MMM.add_lift_test_measurements`: channel, x (spend before), delta_x, delta_y, sigma, for one period
  of the model; here a week;
- Meridian, `CalibrationBuilder.with_incrementality_experiment_result`: point_estimates and standard_errors of the
  return; they serve as well as mean and standard deviation of a `roi_m` prior;
- Robyn, `robyn_inputs(calibration_input=…)`: confidence is 1 − p; scope `immediate` as its guide advises for
  experiments.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
from scipy import special

from creatorbook.findings import Column, Findings, Note, Table, Text, say, sentences
from creatorbook.roi.lift_evidence import days_compared
from creatorbook.roi.return_on_spend import Return, return_on_spend

if TYPE_CHECKING:
    from creatorbook.book import Book

#: how the channel is called; a model's own name has to stand there
CHANNEL = "creators"


@dataclass(frozen=True)
class Measured:
    """One measured comparison in money.

    Attributes:
        first, last: days compared.
        spend: cost at work in it.
        sales: extra sales that stay.
        sigma: spread of `sales`: the normal one whose range at the test's level is as wide as the test's.
        p: chance of a difference this large if nothing was brought (two-sided).
    """

    first: date
    last: date
    spend: float
    sales: float
    sigma: float
    p: float

    @property
    def weeks(self) -> float:
        """Length in weeks."""
        return ((self.last - self.first).days + 1) / 7


def calibration(book: Book) -> Findings:
    """What a marketing-mix model can be calibrated with: one sheet per package, or why there is none.

    Tables: `roi.calibration_pymc`, `roi.calibration_meridian`, `roi.calibration_robyn`, one row each.
    """
    brought = return_on_spend(book)
    measured = None if brought is None else _measured(book, brought)
    if measured is None:
        text = say(
            "There is nothing to calibrate a marketing-mix model with: it takes extra sales measured by a comparison "
            "that was stored before launch, with both ends of their range, and the costs."
        )
        return Findings("roi", (Note(text, "unknown"),), book.formats)
    how = sentences(
        say(
            "The measured extra sales can calibrate a marketing-mix model; data.xlsx has a sheet for each package."
        ),
        say(
            "Put the model's own name of the channel in place of “{channel}”. Sales are excl. VAT and after returns: "
            "the model's have to be, too. Spend before the campaign is taken as 0.",
            channel=CHANNEL,
        ),
    )
    return Findings("roi", (Note(how), *_tables(measured)), book.formats)


def _measured(book: Book, brought: Return) -> Measured | None:
    """The comparison in money; `None` where a part is not known, the method does not fit, or sales fell: no package takes that."""
    effect, (sales, low, high) = brought.compared.effect, brought.compared.extra_money
    if book.lift is None or not brought.spend or sales is None or low is None or high is None:
        return None
    if sales <= 0 or effect.p is None or effect.placebos.too_many:
        return None
    widths = 2 * float(special.ndtri(1 - effect.level / 2))
    first, last = days_compared(book, book.lift)
    sigma = (high - low) / widths
    return Measured(first, last, brought.spend, sales, sigma, effect.p) if sigma > 0 else None


def _tables(one: Measured) -> list[Table]:
    pymc = {
        "channel": CHANNEL,
        "x": 0.0,
        "delta_x": one.spend / one.weeks,
        "delta_y": one.sales / one.weeks,
        "sigma": one.sigma / one.weeks,
    }
    meridian = {
        "channel_name": CHANNEL,
        "point_estimates": one.sales / one.spend,
        "standard_errors": one.sigma / one.spend,
        "experiment_kpi_types": "revenue",
        "experiment_total_spends": one.spend,
        "experiment_start_dates": pd.Timestamp(one.first),
        "experiment_end_dates": pd.Timestamp(one.last),
    }
    robyn = {
        "channel": CHANNEL,
        "liftStartDate": pd.Timestamp(one.first),
        "liftEndDate": pd.Timestamp(one.last),
        "liftAbs": one.sales,
        "spend": one.spend,
        "confidence": 1 - one.p,
        "metric": "revenue",
        "calibration_scope": "immediate",
    }
    return [
        _table("pymc", say("For pymc-marketing: a lift test, in a week"), pymc),
        _table("meridian", say("For Meridian: an incrementality experiment"), meridian),
        _table("robyn", say("For Robyn: calibration_input"), robyn),
    ]


def _table(package: str, title: Text, row: dict[str, Any]) -> Table:
    """One row whose headings are the package's own names, untranslated."""
    frame = pd.DataFrame([row])
    return Table(f"roi.calibration_{package}", title, frame, {name: _column(name, row[name]) for name in row})


def _column(name: str, value: object) -> Column:
    if isinstance(value, pd.Timestamp):
        return Column(name, "date")
    return Column(name) if isinstance(value, str) else Column(name, "any", 4, "estimated")
