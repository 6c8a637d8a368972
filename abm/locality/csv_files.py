"""CSV files as people publish them: every complaint names file, line and column.

Columns are found by their names, whatever the case, blanks and marks ("Practice Code", "practice.code"), and nowhere by
their position. UTF-8, with or without a byte-order mark, and the older Windows-1252 are read; UTF-16,
workbooks and files with other separators are refused, since a wrong reading would pass for data.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from abm.errors import InputError

Numbers = NDArray[np.float64]

UNKNOWN = frozenset({"", "na", "n/a", "nan", "nd", "null", "none", "-", "*", "unknown"})  # ways to write "not known"
LONGEST_SHOWN = 60  # characters of a cell in a message
LONGEST_CODE = 24  # characters: a GP's name adds an ordinal
WITH_THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d*)?")
NEAR = 0.77  # likeness of two names from which one may be a slip for the other
SPREADSHEETS = {b"PK\x03\x04": "an .xlsx workbook or a zip archive", b"\xd0\xcf\x11\xe0": "an .xls workbook"}
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


def plain(name: str) -> str:
    """A column's name as it is compared: small letters and digits alone."""
    return "".join(letter for letter in name.lower() if letter.isalnum())


def nearest_column(names: Sequence[str], header: Sequence[str]) -> str:
    """A clause that offers the column whose name is nearest to one of the names, or the empty string."""
    spelt = {plain(cell): cell for cell in reversed(header)}
    for name in names:
        if near := get_close_matches(plain(name), list(spelt), n=1, cutoff=NEAR):
            return f"; did you mean '{spelt[near[0]]}'?"
    return ""


def is_unknown(text: str) -> bool:
    """Whether a cell says that a value is not known."""
    return text.strip().lower() in UNKNOWN


@dataclass(frozen=True)
class Text:
    """A text file: its characters, the SHA-256 of its bytes, and the encoding in which it was read."""

    characters: str
    sha256: str
    encoding: str


def read_text(path: Path, wanted: str = "a CSV file") -> Text:
    """The text of a file.

    Args:
        path: the file.
        wanted: what is allowed there, for the message.

    Raises:
        InputError: there is no such file, or it holds no text that can be read.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path} does not exist; allowed is {wanted}") from None
    except IsADirectoryError:
        raise InputError(f"{path} is a folder; allowed is {wanted}") from None
    except OSError as problem:
        raise InputError(f"{path} cannot be read: {problem.strerror}") from None
    digest = sha256(content).hexdigest()
    for start, kind in SPREADSHEETS.items():
        if content.startswith(start):
            raise InputError(f"{path} is {kind}; save the sheet as 'CSV UTF-8' and give that")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(f"{path} is in UTF-16; save it as 'CSV UTF-8'")
    if b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        raise InputError(f"{path}, line {line}: this is no text; allowed is {wanted}")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return Text(content.decode(encoding), digest, encoding)
        except UnicodeDecodeError as problem:
            line = content[: problem.start].count(b"\n") + 1
    raise InputError(f"{path}, line {line}: neither UTF-8 nor Windows-1252; save it as 'CSV UTF-8'")


def rows_of(path: Path, text: Text, *, contents: str, header: bool = True) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of each row that is not blank; with a header every row is as long as the first.

    Args:
        path, text: the file and what it holds.
        contents: what the file should hold, for the message about an empty one.
        header: whether the first row names the columns.

    Raises:
        InputError: the file is empty, is not separated by commas, or a row has too few or too many cells.
    """
    reader = csv.reader(io.StringIO(text.characters, newline=""))
    width = 0
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if not width:
                width = len(row)
                if width == 1 and (found := next((mark for mark in SEPARATORS if mark in row[0]), "")):
                    raise InputError(f"{path} is separated by {SEPARATORS[found]}; save it separated by commas")
            elif len(row) != width:
                as_in = "as in the header" if header else "as in the first row"
                raise InputError(f"{path}, line {reader.line_num}: {len(row)} cells; allowed are {width}, {as_in}")
            yield reader.line_num, row
    except csv.Error as problem:
        raise InputError(f"{path}, line {reader.line_num}: this is no CSV file ({problem})") from None
    if not width:
        raise InputError(f"{path} is empty; allowed is {contents}")


@dataclass
class CsvFile:
    """A file with a header: cells by row and by the name of the column.

    Attributes:
        path: as the user gave it.
        header: names of the columns as they stand.
        rows, lines: the cells of each row, and the line of the file on which the row ends.
        sha256: of the file's bytes.
        encoding: "utf-8-sig", or "cp1252" for an older file.
    """

    path: Path
    header: list[str]
    rows: list[list[str]]
    lines: list[int]
    sha256: str
    encoding: str

    @staticmethod
    def open(path: Path, *, contents: str = "a header and a row for each practice") -> CsvFile:
        """Read a file with a header and at least one row."""
        text = read_text(path)
        found = list(rows_of(path, text, contents=contents))
        if len(found) < 2:
            raise InputError(f"{path} is empty; allowed is {contents}")
        (_, header), *rest = found
        once: dict[str, str] = {}  # wide files repeat few words: each is kept once
        rows, lines = [[once.setdefault(cell, cell) for cell in row] for _, row in rest], [line for line, _ in rest]
        return CsvFile(path, [cell.strip() for cell in header], rows, lines, text.sha256, text.encoding)

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.rows)

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Positions of the columns by their plain names."""
        found: dict[str, list[int]] = {}
        for at, name in enumerate(self.header):
            found.setdefault(plain(name), []).append(at)
        return found

    def column(self, *names: str) -> str | None:
        """The header's cell of the first of the names that the file has.

        Raises:
            InputError: the file has that column twice.
        """
        for name in names:
            at = self.places.get(plain(name), [])
            if len(at) > 1:
                raise InputError(f"{self.path}: the column '{self.header[at[0]]}' is there {len(at)} times")
            if at:
                return self.header[at[0]]
        return None

    def required(self, *names: str) -> str:
        """The same; without any of them the file cannot be used."""
        if (found := self.column(*names)) is None:
            shown = names if len(names) < 4 else (*names[:2], names[-1])
            wanted = " or ".join(f"'{name}'" for name in shown)
            raise InputError(f"{self.path}: the column {wanted} is missing{nearest_column(names, self.header)}")
        return found

    def texts(self, name: str | None) -> list[str]:
        """A column as it stands, without blanks around; empty without the column."""
        if name is None:
            return [""] * len(self.rows)
        at = self.header.index(name)
        return [row[at].strip() for row in self.rows]

    def numbers(self, name: str | None, low: float, high: float, unit: str) -> Numbers:
        """A column as numbers within a range; NaN where unknown, everywhere without the column."""
        values = np.full(len(self.rows), np.nan)
        if name is None:
            return values
        for i, text in enumerate(self.texts(name)):
            if not is_unknown(text):
                values[i] = number(text, low, high, unit, self.where(i, name))
        return values

    def labels(self, name: str) -> list[str]:
        """A column of codes, which name random draws: no blanks, no slashes, not too long."""
        labels = self.texts(name)
        for row, label in enumerate(labels):
            if not label or "/" in label or len(label) > LONGEST_CODE:
                raise InputError(
                    f"{self.where(row, name)}: '{shown(label)}' is no code; "
                    f"allowed are 1 to {LONGEST_CODE} characters without a slash"
                )
        return labels

    def codes(self, name: str) -> list[str]:
        """A column of codes, each of which stands there once."""
        codes, seen = self.labels(name), dict[str, int]()
        for row, code in enumerate(codes):
            if code in seen:
                raise InputError(
                    f"{self.where(row, name)}: '{code}' stands on line {self.lines[seen[code]]} already; "
                    "allowed is one row for each practice"
                )
            seen[code] = row
        return codes

    def where(self, row: int, column: str) -> str:
        """Place of a value for a message."""
        return f"{self.path}, line {self.lines[row]}, column '{column}'"

    def keep(self, kept: Sequence[bool] | NDArray[np.bool_]) -> None:
        """Drop the other rows."""
        self.rows = [row for row, keep in zip(self.rows, kept, strict=True) if keep]
        self.lines = [line for line, keep in zip(self.lines, kept, strict=True) if keep]


def shown(text: str) -> str:
    """A cell for a message: on one line and not too long, even where a quotation mark has swallowed other lines."""
    joined = " ".join(text.split())
    return joined if len(joined) <= LONGEST_SHOWN else f"{joined[:LONGEST_SHOWN]}..."


def number(text: str, low: float, high: float, unit: str, where: str) -> float:
    """A cell as a number within a range; commas between thousands are allowed.

    Raises:
        InputError: it is no number, or outside the range.
    """
    try:
        value = float(text.replace(",", "") if WITH_THOUSANDS.fullmatch(text) else text)
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        problem = "is not a number" if math.isnan(value) else "is out of range"
        raise InputError(f"{where}: '{shown(text)}' {problem}; allowed are {low:,.6g} to {high:,.6g} {unit}")
    return value
