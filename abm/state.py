"""State as plain data: one column table per kind of agent.

Rows are only added, never moved or deleted, so a row number is a stable handle inside a run; what has ended keeps its
row and a dead flag. Names, not rows, key the random draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

NAME = "U40"


@dataclass(frozen=True)
class Column:
    """One column: NumPy type, value of a new row, width (0: one number a row), unit and meaning."""

    dtype: str
    default: Any = 0
    width: int = 0
    unit: str = ""
    meaning: str = ""


class Table:
    """Columns of equal length that only grow; `table.age` is a view of the living array, written `table.age[:] = x`."""

    def __init__(self, kind: str, columns: dict[str, Column]) -> None:
        self._kind = kind
        self._columns = columns
        self._size = 0
        self._data = {name: self._fresh(column, 8) for name, column in columns.items()}
        self._view()

    @staticmethod
    def _fresh(column: Column, capacity: int) -> NDArray[Any]:
        shape = (capacity, column.width) if column.width else (capacity,)
        return np.full(shape, column.default, dtype=column.dtype)

    def _view(self) -> None:
        for name, data in self._data.items():
            self.__dict__[name] = data[: self._size]

    def __getattr__(self, name: str) -> NDArray[Any]:  # only for names that are no column
        raise AttributeError(f"the table of {self.__dict__.get('_kind', '')} has no column '{name}'")

    def __setattr__(self, name: str, value: object) -> None:
        if not name.startswith("_"):
            raise AttributeError(f"write into the column: {self._kind}.{name}[:] = ...")
        super().__setattr__(name, value)

    def __len__(self) -> int:
        return self._size

    @property
    def columns(self) -> dict[str, Column]:
        """The declaration of the columns, by name."""
        return self._columns

    def add(self, count: int = 1, **values: Any) -> NDArray[np.int64]:
        """Append `count` rows; columns not named take their default. Returns the new row numbers."""
        unknown = values.keys() - self._columns.keys()
        if unknown:
            raise AttributeError(f"the table of {self._kind} has no column {sorted(unknown)}")
        first, self._size = self._size, self._size + count
        capacity = len(next(iter(self._data.values())))
        if self._size > capacity:
            for name, data in self._data.items():
                grown = self._fresh(self._columns[name], max(self._size, 2 * capacity))
                grown[:first] = data[:first]
                self._data[name] = grown
        self._view()
        for name, value in values.items():
            self._data[name][first : self._size] = value
        return np.arange(first, self._size)

    def save(self) -> dict[str, NDArray[Any]]:
        """A copy of every column, for a checkpoint."""
        return {name: data[: self._size].copy() for name, data in self._data.items()}

    def restore(self, saved: dict[str, NDArray[Any]]) -> None:
        """Replace the content by columns that `save` made."""
        self._size = len(next(iter(saved.values())))
        self._data = {name: np.array(saved[name], dtype=self._columns[name].dtype) for name in self._columns}
        self._view()
