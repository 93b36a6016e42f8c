"""The numbers and words of the varied simulator, and how they are drawn."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import yaml


@cache
def packaged_yaml(name: str) -> Any:
    """One of this package's YAML files."""
    path = files(__package__) / f"{name}.yml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def strengths() -> dict[str, Any]:
    """`strengths.yml`: how strong, how frequent and how varied things are, with sources."""
    return packaged_yaml("strengths")


def within(bounds: list[float], random: np.random.Generator) -> float:
    """A number between two bounds, all equally likely."""
    return float(random.uniform(bounds[0], bounds[1]))


def whole(bounds: list[int], random: np.random.Generator) -> int:
    """A whole number between two bounds, both included."""
    return int(random.integers(bounds[0], bounds[1] + 1))


def beta(shape: dict[str, float], random: np.random.Generator, n: int | None = None) -> Any:
    """Shares around a mean; the larger `size`, the closer."""
    mean, size = shape["mean"], shape["size"]
    return random.beta(mean * size, (1 - mean) * size, n)
