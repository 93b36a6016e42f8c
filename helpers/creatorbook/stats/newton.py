"""The best point of a negative-binomial fit, and how sure it is: the same figures on every processor.

Draws hang on this fit, so its last bits must not hang on the machine. Three things see to that: slope and curvature
in closed form take Newton's method to where it can go no further; sums are exact (`math.fsum`) and the few linear
equations are solved here, without a library that sums in another order on another processor; and the result is
rounded to nine digits, four more than a figure shows and four fewer than the fit knows. Exponentials are scipy's, one
at a time: numpy's differ by instruction set in the last bit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

#: digits that are kept of the best point and of its spread
DIGITS = 9
#: a logarithm of a mean rate beyond this is held to it
FURTHEST = 20.0
#: least curvature that is believed: flatter than any prior here, it keeps a step finite far from the top
FLATTEST = 0.05
#: rounds; the step after which nothing is left to gain, for each squares the error; and the largest one that is tried
ROUNDS, SMALLEST_STEP, LARGEST_STEP = 100, 1e-9, 3.0


@dataclass(frozen=True)
class Fit:
    """A fit's best point, and its spread.

    Attributes:
        best: the parameters with the highest posterior density.
        root: a triangular root of their covariance (`root @ root.T`), its diagonal positive.
    """

    best: np.ndarray
    root: np.ndarray


@dataclass(frozen=True)
class CountModel:
    """Counts around means that multiply up from columns, with gamma-distributed units (negative binomial).

    Parameters are one coefficient per column of the design, then the logarithm of the gamma shape.

    Attributes:
        counts, exposure: one per unit.
        design: unit × column.
        centre, spread: mean and standard deviation of each parameter's normal prior.
    """

    counts: np.ndarray
    exposure: np.ndarray
    design: np.ndarray
    centre: np.ndarray
    spread: np.ndarray

    def log_density(self, rows: np.ndarray) -> np.ndarray:
        """Logarithm of the posterior density but for a constant, one value per row of parameters."""
        return np.asarray(self._by_unit(rows).sum(axis=1) - self._prior(rows).sum(axis=1))

    def summed(self, point: np.ndarray) -> float:
        """The same at one point, summed exactly."""
        row = point[None, :]
        return math.fsum(self._by_unit(row)[0]) - math.fsum(self._prior(row)[0])

    def means(self, rows: np.ndarray) -> np.ndarray:
        """Mean rate of each unit: row × unit."""
        line = self.design[:, 0] * rows[:, :1]
        for place in range(1, self.design.shape[1]):
            line = line + self.design[:, place] * rows[:, place, None]
        return exp(np.clip(line, -FURTHEST, FURTHEST))

    def _by_unit(self, rows: np.ndarray) -> np.ndarray:
        shape, expected = exp(rows[:, -1:]), self.means(rows) * self.exposure
        value = special.gammaln(self.counts + shape) - special.gammaln(shape)
        value -= shape * special.log1p(expected / shape)
        return np.asarray(value + special.xlogy(self.counts, expected / (shape + expected)))

    def _prior(self, rows: np.ndarray) -> np.ndarray:
        return np.asarray(0.5 * ((rows - self.centre) / self.spread) ** 2)

    def slope_and_curve(self, point: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """First derivatives of the logarithm of the density, and the second ones with their sign turned."""
        shape, expected = float(exp(point[-1:])[0]), self.means(point[None, :])[0] * self.exposure
        counts, both = self.counts, shape + expected
        by_line = (counts - expected) * shape / both
        by_shape = special.digamma(counts + shape) - special.digamma(shape) - special.log1p(expected / shape)
        by_shape = by_shape + (expected - counts) / both
        line_twice = expected * shape * (shape + counts) / both**2
        mixed = (counts - expected) * expected / both**2
        shape_twice = special.polygamma(1, counts + shape) - special.polygamma(1, shape)
        shape_twice = shape_twice + expected / (shape * both) + (counts - expected) / both**2
        columns = self.design.T
        slope = np.array([math.fsum(column * by_line) for column in columns] + [math.fsum(by_shape) * shape])
        curve = np.zeros((len(point), len(point)))
        for place, column in enumerate(columns):
            for other in range(place + 1):
                curve[place, other] = math.fsum(column * columns[other] * line_twice)
            curve[-1, place] = -math.fsum(column * mixed) * shape
        curve[-1, -1] = -math.fsum(shape_twice) * shape**2 - slope[-1]
        curve = np.tril(curve) + np.tril(curve, -1).T
        precision = 1 / self.spread**2
        return slope - (point - self.centre) * precision, curve + np.diag(precision)

    def fit(self) -> Fit:
        """The top of the density, from the prior's centre uphill; root from the curvature there."""
        point, value = self.centre.copy(), self.summed(self.centre)
        for _ in range(ROUNDS):
            slope, curve = self.slope_and_curve(point)
            inverse = inverse_triangle(cholesky(curve))
            step = times(inverse.T, times(inverse, slope))
            point, value, moved = self._uphill(point, value, step)
            if moved < SMALLEST_STEP:
                break
        root = inverse_triangle(cholesky(self.slope_and_curve(point)[1])).T
        return Fit(to_digits(point), to_digits(root))

    def _uphill(self, point: np.ndarray, value: float, step: np.ndarray) -> tuple[np.ndarray, float, float]:
        """The step, halved until it does not lead down; with the largest move."""
        part = LARGEST_STEP / max(float(np.abs(step).max()), LARGEST_STEP)
        while part > 1e-6:
            reached = self.summed(point + part * step)
            if reached >= value - 1e-12 * abs(value):
                return point + part * step, reached, float(np.abs(part * step).max())
            part /= 2
        return point, value, 0.0


def exp(values: np.ndarray) -> np.ndarray:
    """Exponential without numpy's vector instructions, right to the last digits but one."""
    return np.asarray(special.exp10(np.asarray(values) * math.log10(math.e)))


def to_digits(values: np.ndarray, digits: int = DIGITS) -> np.ndarray:
    """Rounded to so many digits of the largest value."""
    largest = float(np.abs(values).max(initial=0.0))
    return np.round(values, digits - 1 - math.floor(math.log10(largest))) if largest else values


def cholesky(matrix: np.ndarray) -> np.ndarray:
    """Lower triangle whose product with itself is the matrix; where that is too flat or no top, a steeper one."""
    lower = np.zeros_like(matrix)
    for row in range(len(matrix)):
        for column in range(row + 1):
            left = matrix[row, column] - math.fsum(lower[row, :column] * lower[column, :column])
            if row == column:
                lower[row, row] = math.sqrt(max(left, FLATTEST))
            else:
                lower[row, column] = left / lower[column, column]
    return lower


def inverse_triangle(lower: np.ndarray) -> np.ndarray:
    """Inverse of a lower triangle."""
    inverse = np.zeros_like(lower)
    for column in range(len(lower)):
        inverse[column, column] = 1 / lower[column, column]
        for row in range(column + 1, len(lower)):
            so_far = math.fsum(lower[row, column:row] * inverse[column:row, column])
            inverse[row, column] = -so_far / lower[row, row]
    return inverse


def times(matrix: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """Matrix times vector, each sum exact."""
    return np.array([math.fsum(row * vector) for row in matrix])
