"""Tables as files: read whole, in part or column by column, refused where they are damaged, and their hash."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from abm.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

PARQUET = b"PAR1"  # how Parquet files begin and end
BATCH = 20_000  # rows held at once where a part of a table is sought
COPIES_ON_WRITE = 3  # pandas version


@dataclass(frozen=True)
class Kept:
    """A table on disk, read when it is called for: whole, in part, or column by column.

    Attributes:
        file: the Parquet file.
    """

    file: Path

    def __call__(self) -> pd.DataFrame:
        """The whole table."""
        return self._read()

    def where(self, either: Sequence[Mapping[str, Collection[Any]]]) -> pd.DataFrame:
        """The rows that `Run.where` asks for, found batch by batch."""
        from pyarrow import ArrowException, Table, concat_tables
        from pyarrow.parquet import ParquetFile, filters_to_expression

        wanted = filters_to_expression(
            [[(column, "in", list(values)) for column, values in allowed.items()] for allowed in either]
        )
        try:
            with ParquetFile(self.file) as file:
                none = file.schema_arrow.empty_table()
                batches = (Table.from_batches([batch]) for batch in file.iter_batches(batch_size=BATCH))
                found: pd.DataFrame = concat_tables([none, *(batch.filter(wanted) for batch in batches)]).to_pandas()
        except (ArrowException, OSError, ValueError) as problem:
            raise damaged(self.file, str(problem).splitlines()[0]) from None
        return found

    def columns(self) -> tuple[int, Iterator[tuple[str, pd.Series[Any]]]]:
        """Number of rows, and the columns one after the other."""
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile

        try:
            with ParquetFile(self.file) as file:
                rows, names = file.metadata.num_rows, list(file.schema_arrow.names)
        except (ArrowException, OSError, ValueError) as problem:
            raise damaged(self.file, str(problem).splitlines()[0]) from None
        return rows, ((name, self._read(columns=[name])[name]) for name in names)

    def _read(self, **choice: Any) -> pd.DataFrame:
        import pandas as pd
        from pyarrow import ArrowException

        try:
            return pd.read_parquet(self.file, **choice)
        except (ArrowException, OSError, ValueError) as problem:
            raise damaged(self.file, str(problem).splitlines()[0]) from None


def check_parquet(file: Path) -> None:
    """Refuse what does not begin and end as Parquet files do: empty, cut short, or something else."""
    try:
        with file.open("rb") as stream:
            first = stream.read(len(PARQUET))
            stream.seek(max(0, file.stat().st_size - len(PARQUET)))
            whole = first == PARQUET == stream.read()
    except OSError as problem:
        raise damaged(file, f"it cannot be read ({problem.strerror})") from None
    if not whole:
        raise damaged(file, "it is no whole Parquet file")


def damaged(file: Path, problem: str) -> InputError:
    """What to say of a file that is not as it was written."""
    return InputError(f"the file '{file}' is damaged: {problem}; run the scenario again or restore the file")


def private_copy(frame: pd.DataFrame) -> pd.DataFrame:
    """A copy to write into; free of cost where pandas copies on write."""
    import pandas as pd

    return frame.copy(deep=int(pd.__version__.split(".")[0]) < COPIES_ON_WRITE)


def columns_of(frame: pd.DataFrame) -> tuple[int, Iterator[tuple[str, pd.Series[Any]]]]:
    """Number of rows, and the columns."""
    return len(frame), ((str(name), frame[name]) for name in frame.columns)


def add_column(total: Any, name: str, column: pd.Series[Any]) -> None:
    """Name, type and values of a column, in one canonical form."""
    if column.dtype.kind in "biuf":
        values = column.to_numpy()
        if values.dtype.kind == "f":
            values = np.where(np.isnan(values), np.array(np.nan, values.dtype), values)
        total.update(f"{name} {values.dtype.str}\n".encode() + np.ascontiguousarray(values).tobytes())
    elif column.dtype.kind == "M":
        total.update(f"{name} days\n".encode() + column.to_numpy("datetime64[D]").astype("<i8").tobytes())
    else:
        codes, words = column.factorize()
        total.update(f"{name} words {json.dumps([str(word) for word in words])}\n".encode())
        total.update(codes.astype("<i8").tobytes())
