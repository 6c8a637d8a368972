"""Append-only logs: what happened (`EventLog`) and who decided what, for which reasons (`DecisionLog`).

Batches of arrays go in, one tidy data frame comes out. Strings are kept as codes into one list of words, so a batch
costs microseconds and a year of all England a few megabytes; the frames are built when first asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    import pandas as pd

TERM = "term_"  # prefix of the columns of terms


class Words:
    """Strings as whole numbers, in the order of first use."""

    def __init__(self, words: Sequence[str] = ()) -> None:
        self.words: list[str] = list(words)
        self._code = {word: code for code, word in enumerate(self.words)}

    def codes(self, values: ArrayLike, count: int) -> NDArray[np.int32]:
        """Codes of one string for all `count` rows, or of an array of `count` strings."""
        if isinstance(values, str):
            return np.full(count, self._one(values), np.int32)
        listed = np.asarray(values).tolist()
        if isinstance(listed, str):
            return np.full(count, self._one(listed), np.int32)
        return np.array([self._one(word) for word in listed], np.int32)

    def _one(self, word: str) -> int:
        code = self._code.get(word)
        if code is None:
            code = self._code[word] = len(self.words)
            self.words.append(str(word))
        return code

    def spell(self, codes: NDArray[np.int32]) -> NDArray[Any]:
        """The strings of codes, as an object array."""
        return np.array([*self.words, ""], dtype=object)[codes]


class _Columns:
    """Columns that grow batch by batch and are joined when read."""

    def __init__(self, **dtypes: str) -> None:
        self._dtypes = dtypes
        self._batches: dict[str, list[NDArray[Any]]] = {name: [] for name in dtypes}
        self.size = 0

    def add(self, count: int, **values: Any) -> None:
        fresh = {}
        for name, dtype in self._dtypes.items():
            column = np.array(values[name], dtype=dtype)  # always a copy
            if column.ndim == 0:
                column = np.full(count, column, dtype=dtype)
            if len(column) != count:
                raise ValueError(f"{count} rows are logged, but '{name}' has {len(column)}")
            fresh[name] = column
        for name, column in fresh.items():
            self._batches[name].append(column)
        self.size += count

    def read(self, name: str) -> NDArray[Any]:
        batches = self._batches[name]
        if len(batches) != 1:
            batches[:] = [np.concatenate(batches) if batches else np.empty(0, self._dtypes[name])]
        return batches[0]

    def save(self) -> dict[str, NDArray[Any]]:
        return {name: self.read(name).copy() for name in self._dtypes}

    def load(self, saved: Mapping[str, NDArray[Any]]) -> None:
        self._batches = {name: [np.array(saved[name], dtype)] for name, dtype in self._dtypes.items()}
        self.size = len(next(iter(saved.values())))


def _rows(*values: ArrayLike) -> int:
    """Number of rows of arrays and scalars together: the length of the arrays, else 1."""
    for value in values:
        if not isinstance(value, (str, int, float)) and np.ndim(value):
            return int(np.shape(value)[0])
    return 1


class EventLog:
    """What happened, in the order of happening."""

    def __init__(self) -> None:
        self._words = Words()
        self._columns = _Columns(month="i4", kind="i4", who="i4", about="i4", value="f8", detail="i4")
        self._counts: Counter[tuple[int, str]] = Counter()
        self._frame: tuple[int, pd.DataFrame] | None = None

    def __len__(self) -> int:
        return self._columns.size

    def add(
        self,
        month: int,
        kind: str,
        who: ArrayLike,
        about: ArrayLike = "",
        value: ArrayLike = float("nan"),
        detail: ArrayLike = "",
    ) -> None:
        """Log events of one kind in one month.

        Args:
            month: month of the run, from -11.
            kind: the kind of event, for example "exit".
            who: stable name of the one to whom it happened, or an array of names, one event each.
            about: name of the other party, for all events or one each.
            value: a number that belongs to it.
            detail: a word or phrase that belongs to it.

        Raises:
            ValueError: arrays of unequal length.
        """
        count = _rows(who, about, value, detail)
        code = self._words.codes
        self._columns.add(
            count,
            month=month,
            kind=code(kind, count),
            who=code(who, count),
            about=code(about, count),
            value=value,
            detail=code(detail, count),
        )
        self._counts[month, kind] += count

    def count(self, month: int, kind: str) -> int:
        """Number of events of a kind in a month."""
        return self._counts[month, kind]

    def frame(self) -> pd.DataFrame:
        """One row an event: month, kind, who, about, value, detail."""
        import pandas as pd

        if self._frame is None or self._frame[0] != len(self):
            read, spell = self._columns.read, self._words.spell
            columns = {
                "month": read("month"),
                "kind": spell(read("kind")),
                "who": spell(read("who")),
                "about": spell(read("about")),
                "value": read("value"),
                "detail": spell(read("detail")),
            }
            self._frame = len(self), _with_strings(pd.DataFrame(columns))
        return self._frame[1].copy()

    def save(self) -> dict[str, Any]:
        """The log as plain data, for a checkpoint."""
        return {"words": list(self._words.words), "columns": self._columns.save()}

    def load(self, saved: Mapping[str, Any]) -> None:
        """Replace the content by what `save` gave."""
        self._words = Words(saved["words"])
        self._columns.load(saved["columns"])
        kinds = self._words.spell(self._columns.read("kind"))
        self._counts = Counter(zip(self._columns.read("month").tolist(), kinds.tolist(), strict=True))
        self._frame = None


class DecisionLog:
    """Every decision: who chose what, how probable it was, the draw, and the terms that made the probability."""

    def __init__(self) -> None:
        self._words = Words()
        self._columns = _Columns(month="i4", kind="i4", who="i4", about="i4", choice="i4", probability="f8", draw="f8")
        self._terms: dict[str, list[tuple[int, NDArray[np.float32]]]] = {}
        self._frame: tuple[int, pd.DataFrame] | None = None

    def __len__(self) -> int:
        return self._columns.size

    def add(
        self,
        month: int,
        kind: str,
        who: ArrayLike,
        about: ArrayLike,
        options: tuple[str, ...],
        choice: ArrayLike,
        probability: ArrayLike,
        draw: ArrayLike,
        terms: Mapping[str, ArrayLike],
    ) -> None:
        """Log decisions of one kind in one month; arrays have one element for each who decides.

        Args:
            month: month of the run, from -11.
            kind: the kind of decision, for example "vote".
            who: stable names of those who decide.
            about: names of what it is about, one each or one for all.
            options: the words for the choices.
            choice: index into `options`.
            probability: of "yes", or of the option chosen.
            draw: the uniform draw that decided.
            terms: the parts of the utility or of the logit, by name.

        Raises:
            ValueError: arrays of unequal length.
        """
        count, first = _rows(who, choice, probability), len(self)
        code = self._words.codes
        of_option = code(np.array(options), len(options))
        kept = {}
        for name, values in terms.items():
            kept[name] = column = np.array(values, np.float32)
            if column.ndim and len(column) != count:
                raise ValueError(f"{count} decisions are logged, but the term '{name}' has {len(column)} values")
        self._columns.add(
            count,
            month=month,
            kind=code(kind, count),
            who=code(who, count),
            about=code(about, count),
            choice=of_option[np.asarray(choice, np.int64)],
            probability=probability,
            draw=draw,
        )
        for name, column in kept.items():
            self._terms.setdefault(name, []).append((first, column if column.ndim else np.full(count, column)))

    def _term(self, name: str) -> NDArray[np.float32]:
        """One term for all decisions, NaN where a kind does not use it."""
        column = np.full(len(self), np.nan, np.float32)
        for first, values in self._terms[name]:
            column[first : first + len(values)] = values
        return column

    def frame(self) -> pd.DataFrame:
        """One row a decision: month, kind, who, about, choice, probability, draw, and `term_<name>` for each term."""
        import pandas as pd

        if self._frame is None or self._frame[0] != len(self):
            read, spell = self._columns.read, self._words.spell
            columns = {
                "month": read("month"),
                "kind": spell(read("kind")),
                "who": spell(read("who")),
                "about": spell(read("about")),
                "choice": spell(read("choice")),
                "probability": read("probability"),
                "draw": read("draw"),
            }
            columns |= {f"{TERM}{name}": self._term(name) for name in sorted(self._terms)}
            self._frame = len(self), _with_strings(pd.DataFrame(columns))
        return self._frame[1].copy()

    def save(self) -> dict[str, Any]:
        """The log as plain data, for a checkpoint."""
        return {
            "words": list(self._words.words),
            "columns": self._columns.save(),
            "terms": {name: self._term(name) for name in sorted(self._terms)},
        }

    def load(self, saved: Mapping[str, Any]) -> None:
        """Replace the content by what `save` gave."""
        self._words = Words(saved["words"])
        self._columns.load(saved["columns"])
        self._terms = {name: [(0, np.array(values, np.float32))] for name, values in saved["terms"].items()}
        self._frame = None


def _with_strings(frame: pd.DataFrame) -> pd.DataFrame:
    """String columns as strings even where there is no row to infer it from."""
    words = {name: "str" for name in ("kind", "who", "about", "choice", "detail") if name in frame}
    return frame.astype(words)
