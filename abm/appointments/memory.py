"""State as one block of 64-bit words with named sections.

The compiled kernels take the block and its table of contents (a handful of arguments, because each array handed to
compiled code costs about a tenth of a microsecond, as much as a whole request) and open the sections by name; Python
reads the same words as ordinary arrays. A checkpoint is a copy of the sections.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Section = tuple[str, str, tuple[int, ...]]  # name, NumPy type, shape
OFFSET, WORDS, FIRST, SECOND = 0, 1, 2, 3  # columns of the table of contents


class Block:
    """Named arrays in one stretch of memory.

    Attributes:
        words: uint64, the memory.
        table: (sections, 4), offset and length in words, first and second extent.
    """

    words: NDArray[np.uint64]
    table: NDArray[np.int64]

    def __init__(self, sections: list[Section]) -> None:
        self._types = {name: np.dtype(dtype) for name, dtype, _ in sections}
        self._allocate({name: shape for name, _, shape in sections})

    def _allocate(self, shapes: dict[str, tuple[int, ...]]) -> None:
        self._shapes = shapes
        self.table = np.zeros((len(shapes), 4), np.int64)
        offset = 0
        for row, (name, shape) in enumerate(shapes.items()):
            size = int(np.prod(shape))
            length = -(-size * self._types[name].itemsize // 8)
            self.table[row] = offset, length, shape[0], size // shape[0] if shape[0] else int(np.prod(shape[1:]))
            offset += length
        self.words = np.zeros(offset, np.uint64)
        self._arrays: dict[str, NDArray[Any]] = {}
        for row, (name, shape) in enumerate(shapes.items()):
            offset, length = self.table[row, :2]
            flat = self.words[offset : offset + length].view(self._types[name])
            self._arrays[name] = flat[: int(np.prod(shape))].reshape(shape)

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self._arrays[name]

    def lengthen(self, **rows: int) -> None:
        """Give sections more rows; what they hold stays, new rows are zero."""
        held = self._arrays
        self._allocate({name: (rows.get(name, shape[0]), *shape[1:]) for name, shape in self._shapes.items()})
        for name, array in held.items():
            self._arrays[name][: len(array)] = array

    def put(self, **lists: NDArray[np.int64]) -> None:
        """Write lists at the beginning of sections with one axis, which grow where they are too short."""
        short = {name: len(values) for name, values in lists.items() if len(values) > len(self[name])}
        if short:
            self.lengthen(**{name: length + length // 2 + 8 for name, length in short.items()})
        for name, values in lists.items():
            self[name][: len(values)] = values

    def save(self) -> dict[str, NDArray[Any]]:
        """A copy of every section."""
        return {name: array.copy() for name, array in self._arrays.items()}

    def load(self, saved: dict[str, NDArray[Any]]) -> None:
        """Take the content, and the extents, of sections that `save` made."""
        self._allocate({name: saved[name].shape for name in self._shapes})
        for name in self._shapes:
            self._arrays[name][...] = saved[name]
