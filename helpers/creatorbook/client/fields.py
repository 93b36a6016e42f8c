"""What the fields of client and campaign files are made of: ranges, shares, markets and fixed vocabularies."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from creatorbook.client.yaml_files import StrictModel
from creatorbook.text.territories import MEANT, is_country

Goal = Literal["sales", "awareness", "content", "community"]


Stage = Literal["plan", "pulse", "results"]


Claim = Literal["code", "link", "survey", "view"]


class Range(StrictModel):
    """A quantity that is not known exactly: `0.5`, `[0.4, 0.6]` or `{low:, likely:, high:, source:}`."""

    low: float
    """the lower end"""
    likely: float
    """the middle"""
    high: float
    """the upper end"""
    source: str = "client.yml"
    """who says so"""

    @model_validator(mode="after")
    def _in_order(self) -> Range:
        if not self.low <= self.likely <= self.high:
            raise ValueError("expected low ≤ likely ≤ high")
        return self

    @property
    def exact(self) -> bool:
        """Whether it is one number after all."""
        return self.low == self.high


def any_range(value: Any) -> Any:
    """A number, a pair or a triple as the fields of a range; what is neither raises `ValueError`."""
    if _is_number(value):
        return {"low": value, "likely": value, "high": value}
    if isinstance(value, list) and len(value) == 2 and all(map(_is_number, value)):
        return {"low": value[0], "likely": (value[0] + value[1]) / 2, "high": value[1]}
    if isinstance(value, list) and len(value) == 3 and all(map(_is_number, value)):
        return {"low": value[0], "likely": value[1], "high": value[2]}
    if not isinstance(value, dict | Range):
        raise ValueError("expected a number like 0.5 or a range like [0.4, 0.6]")
    return value


def _is_number(value: Any) -> bool:
    """Whether a value is a number that says something: no truth value, no infinity."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


AnyRange = Annotated[Range, BeforeValidator(any_range)]


def checked_share(value: float) -> float:
    """A share as it is; outside 0 to 1 a `ValueError` that says how to write what was probably meant."""
    if 0 <= value <= 1:
        return value
    if 1 < value < 2:  # a slip of the pen, a factor or a percentage
        raise ValueError(
            f"expected a share between 0 and 1: {value:g} would be {value * 100:g} %; write 26 % as 0.26 and {value:g} % as "
            f"{value / 100:g}"
        )
    if 2 <= value <= 100:
        raise ValueError(
            f"expected a share between 0 and 1: {value:g} would be {value * 100:g} %; write {value:g} % as {value / 100:g}"
        )
    raise ValueError("expected a share between 0 and 1: write 26 % as 0.26")


def share_range(value: Any) -> Range:
    """A range of shares; what lies outside 0 to 1 raises `ValueError`."""
    ranged = Range.model_validate(any_range(value))
    for end in (ranged.high, ranged.low):
        checked_share(end)
    return ranged


ShareRange = Annotated[Range, BeforeValidator(share_range)]


def _amount(value: Any) -> Range:
    ranged = Range.model_validate(any_range(value))
    if ranged.low < 0:
        raise ValueError("expected an amount of 0 or more: a cost is written without a minus")
    return ranged


#: a cost, or a number of things: never below 0
AmountRange = Annotated[Range, BeforeValidator(_amount)]
Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]


def known_countries(value: Any) -> Any:
    """Country codes as they are, or what is wrong with the first that is none."""
    for code in [value] if isinstance(value, str) else value:
        if not is_country(code):
            hint = f": write {MEANT[code]}" if code in MEANT else ": two letters as in ISO 3166, such as DE"
            raise ValueError(f"there is no market “{code}”{hint}; the brand knows which is meant")
    return value


def fields_of(model: StrictModel) -> dict[str, Any]:
    """A model's fields as they are, nested models kept."""
    return {name: getattr(model, name) for name in type(model).model_fields}
