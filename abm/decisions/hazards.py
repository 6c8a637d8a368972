"""From hazards to monthly chances, and the logistic function."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def logistic(x: ArrayLike) -> NDArray[np.float64]:
    """1 / (1 + exp(-x)), without overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * np.asarray(x, float))))


def monthly_chance(yearly_hazard: ArrayLike) -> NDArray[np.float64]:
    """Chance in a month of an event with a constant hazard a year: 1 - exp(-h/12)."""
    return np.asarray(-np.expm1(-np.asarray(yearly_hazard, float) / 12.0))


def chance(monthly_hazard: ArrayLike) -> NDArray[np.float64]:
    """Chance in a month of an event with a constant hazard a month: 1 - exp(-h)."""
    return np.asarray(-np.expm1(-np.asarray(monthly_hazard, float)))


def softmax(score: ArrayLike, noise: float = 1.0) -> NDArray[np.float64]:
    """Chances of options under random utility with Gumbel noise of the given scale; they sum to 1."""
    x = np.asarray(score, float) / noise
    weight = np.exp(x - x.max())
    return np.asarray(weight / weight.sum())
