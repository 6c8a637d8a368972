"""Named arrays that can grow, be saved and be loaded: the state and the rules of the compiled engine."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Section = tuple[str, str, tuple[int, ...]]  # name, NumPy type, shape


class Sections:
    """Named arrays, all zero at first. A section that grows or is loaded is a new array: open them anew."""

    def __init__(self, sections: list[Section]) -> None:
        self._arrays: dict[str, NDArray[Any]] = {name: np.zeros(shape, dtype) for name, dtype, shape in sections}

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self._arrays[name]

    def lengthen(self, **rows: int) -> None:
        """Give sections more rows; what they hold stays, new rows are zero."""
        for name, length in rows.items():
            held = self._arrays[name]
            self._arrays[name] = np.zeros((length, *held.shape[1:]), held.dtype)
            self._arrays[name][: len(held)] = held

    def put(self, **lists: NDArray[np.int64]) -> None:
        """Write lists at the beginning of sections with one axis, which grow where they are too short."""
        for name, values in lists.items():
            if len(values) > len(self[name]):
                self.lengthen(**{name: len(values) + len(values) // 2 + 8})
            self[name][: len(values)] = values

    def save(self) -> dict[str, NDArray[Any]]:
        """A copy of every section."""
        return {name: array.copy() for name, array in self._arrays.items()}

    def load(self, saved: dict[str, NDArray[Any]]) -> None:
        """Take the content, and the extents, of sections that `save` made."""
        self._arrays = {name: np.array(saved[name], order="C") for name in self._arrays}
