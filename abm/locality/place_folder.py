"""The folder of a built place: practices.csv, people.csv, provenance.json, README.md.

`practices.csv` has one row a practice, `people.csv` one for each practice and group of people with the basis of its
number; what was guessed stands beside the number itself, so that the guesses are counted from the files that are read,
even after somebody has put a better number in. Written whole or not at all, and byte for byte the same each time.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abm.errors import InputError, did_you_mean
from abm.folders import put_in_place
from abm.locality import guesses
from abm.locality.csv_files import CsvFile, Numbers, shown
from abm.locality.filling import LARGEST_FTE, LARGEST_LIST, LARGEST_SCORE
from abm.locality.national_grid import EASTINGS, LATITUDES, LONGITUDES, NORTHINGS
from abm.locality.place_table import AGES, OF_PRACTICE, PEOPLE, UNITS, BuiltPlace, PlaceTable
from abm.locality.place_text import readme
from abm.locality.presets import SMALLEST_LIST
from abm.scenario.parameters import ModelParameters

PRACTICES, PEOPLE_FILE, PROVENANCE, README = "practices.csv", "people.csv", "provenance.json", "README.md"
FORMAT = 1
PUBLISHED, GUESS = "published", "guess: "
TEXTS = ("practice_code", "name", "commissioner_code", "commissioner_name", "local_authority", "postcode")
NUMBERS = ("easting", "northing", "lat", "lon", "list_size", "weighted_list", "imd", "deprivation")
LIMITS = {
    "easting": (*EASTINGS, "metres, which is England"),
    "northing": (*NORTHINGS, "metres, which is England"),
    "lat": (*LATITUDES, "degrees, which is England"),
    "lon": (*LONGITUDES, "degrees, which is England"),
    "list_size": (SMALLEST_LIST, LARGEST_LIST, "patients"),
    "weighted_list": (1.0, 2 * LARGEST_LIST, "patients"),
    "imd": (0.0, LARGEST_SCORE, "points of the IMD"),
    "deprivation": (0.0, 1.0, "(0 least, 1 most deprived)"),
}
OPTIONAL = ("lat", "lon", "weighted_list", "imd")
TOLERANCE = 1e-6  # of the list, by which the patients by age may miss it


def is_place_folder(folder: Path) -> bool:
    """Whether a folder holds a built place, whole or not."""
    return (folder / PEOPLE_FILE).exists() or (folder / PROVENANCE).exists()


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds something else than a place as it was built, before work is lost.

    Raises:
        InputError: it is a file, holds other things or a place that was changed by hand, or cannot be written.
    """
    if folder.name in ("", ".."):
        raise InputError(f"--out: '{folder}' is no name of a folder of its own; give one, for example places/wakefield")
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / PROVENANCE).is_file())):
        raise InputError(f"the folder '{folder}' exists and holds no built place; give another name with --out")
    if changed := _changed_by_hand(folder):
        raise InputError(
            f"{' and '.join(changed)} in '{folder}' {'was' if len(changed) == 1 else 'were'} changed by hand since the "
            "place was built; give another name with --out, and bring the changes over"
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise InputError(f"--out: the folder '{folder.parent}' cannot be written: it is a file") from None
    except OSError as problem:
        raise InputError(f"--out: the folder '{folder.parent}' cannot be written: {problem.strerror}") from None
    if not os.access(folder.parent, os.W_OK):
        raise InputError(f"--out: the folder '{folder.parent}' cannot be written: permission denied")


def _changed_by_hand(folder: Path) -> list[str]:
    """The files of a built place that are not as they were written."""
    try:
        written = dict(read_provenance(folder).get("files", {}))
    except (InputError, TypeError, ValueError):
        return []  # what it was cannot be told
    names = [name for name in (PRACTICES, PEOPLE_FILE) if name in written and (folder / name).is_file()]
    return [name for name in names if sha256((folder / name).read_bytes()).hexdigest() != written[name]]


def write_place(place: BuiltPlace, folder: Path, version: str) -> None:
    """Write a place; a place that has the name already goes only when the new one is complete.

    Args:
        place: what was built.
        folder: is made; must be new, empty or a place.
        version: of gpfed.

    Raises:
        InputError: the folder holds something else, or cannot be written.
    """
    check_folder(folder)
    practices, people = _practices_text(place.table), _people_text(place.table)
    record = {
        "format": FORMAT,
        "gpfed": version,
        **place.provenance,
        "files": {PRACTICES: _digest(practices), PEOPLE_FILE: _digest(people)},
    }
    texts = {
        PRACTICES: practices,
        PEOPLE_FILE: people,
        PROVENANCE: json.dumps(record, indent=2, ensure_ascii=False) + "\n",
        README: readme(place, version),
    }
    partial = folder.with_name(f".{folder.name}.{os.getpid()}.partial")
    try:
        partial.mkdir()
        for name, text in texts.items():
            (partial / name).write_bytes(text.encode())
        put_in_place(partial, folder)
    except OSError as problem:
        raise InputError(f"--out: the folder '{folder}' cannot be written: {problem.strerror}") from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _written(value: float) -> str:
    """A number as short as it can be without becoming another."""
    return "" if np.isnan(value) else f"{value:.0f}" if value == int(value) else repr(float(value))


def _practices_text(table: PlaceTable) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*TEXTS, *NUMBERS, "guessed"])
    for row in range(len(table)):
        guessed = [name for name in OF_PRACTICE if name in table.guessed and table.guessed[name][row]]
        texts = [str(table.text[name][row]) for name in TEXTS]
        writer.writerow([*texts, *(_written(table.numbers[name][row]) for name in NUMBERS), "; ".join(guessed)])
    return out.getvalue()


def _people_text(table: PlaceTable) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["practice_code", "people", "number", "unit", "basis"])
    names = [name for name in guesses.IN_WORDS if name in table.guessed and name not in OF_PRACTICE]
    for row, code in enumerate(table.text["practice_code"].tolist()):
        for at, group in enumerate(PEOPLE):
            guessed = [name for name in names if table.guessed[name][row, at]]
            basis = GUESS + "; ".join(guessed) if guessed else table.basis.get((row, at), PUBLISHED)
            writer.writerow([code, group, _written(table.people[row, at]), UNITS[at], basis])
    return out.getvalue()


def read_place_folder(folder: Path, parameters: ModelParameters) -> tuple[dict[str, NDArray[Any]], dict[str, Any], str]:
    """The columns of a built place, as `Locality.practices` has them, its provenance and its title.

    The guesses are those that the files themselves mark. Files changed by hand since the place was built are named
    under `changed`.

    Raises:
        InputError: a file cannot be used, or the two do not fit together.
    """
    practices, people = CsvFile.open(folder / PRACTICES), CsvFile.open(folder / PEOPLE_FILE)
    table = _table(practices, people)
    provenance: dict[str, Any] = {
        "kind": "files",
        "files": {PRACTICES: practices.sha256, PEOPLE_FILE: people.sha256},
        "guesses": table.guesses(),
        "dropped": {},
    }
    title = ""
    if (folder / PROVENANCE).is_file():
        record = read_provenance(folder)
        title = str(record.get("title", ""))
        provenance["dropped"] = record.get("dropped", {})
        kept = ("gpfed", "title", "start", "selection", "command", "sources", "list", "left_out_without_coordinates")
        provenance["built"] = {name: record[name] for name in kept if name in record}
        written = record.get("files", {})
        changed = [name for name, digest in provenance["files"].items() if written.get(name, digest) != digest]
        if changed:
            provenance["changed"] = changed
    return table.columns(parameters), provenance, title


def read_provenance(folder: Path) -> dict[str, Any]:
    """The record of how a place was built.

    Raises:
        InputError: it is no such record.
    """
    path = folder / PROVENANCE
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise InputError(f"{path} cannot be read: {problem}; build the place anew") from None
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise InputError(f"{path} is no record of a built place of format {FORMAT}; build the place anew")
    return record


def _table(practices: CsvFile, people: CsvFile) -> PlaceTable:
    codes = practices.codes(practices.required("practice_code"))
    text = {name: np.array(practices.texts(practices.required(name))) for name in TEXTS}
    for name in ("commissioner_code", "local_authority"):
        practices.labels(practices.required(name))
    numbers = {}
    for name in NUMBERS:
        values = numbers[name] = practices.numbers(practices.required(name), *LIMITS[name])
        if name not in OPTIONAL and np.isnan(values).any():
            where = practices.where(int(np.isnan(values).argmax()), name)
            raise InputError(f"{where}: a value is missing; a built place has one for each practice")
    marks = _practice_guesses(practices)
    cells, guessed, basis = _people(people, codes)
    size = numbers["list_size"]
    total = cells[:, : len(AGES)].sum(axis=1)
    if (wrong := np.abs(total - size) > TOLERANCE * size).any():
        row = int(wrong.argmax())
        raise InputError(
            f"{people.path}: the patients of practice '{codes[row]}' add up to {total[row]:,.6g}; "
            f"{practices.path.name} has a list of {size[row]:,.6g}"
        )
    order = np.argsort(np.array(codes), kind="stable")
    position = {int(row): place for place, row in enumerate(order)}
    return PlaceTable(
        {name: column[order] for name, column in text.items()},
        {name: column[order] for name, column in numbers.items()},
        cells[order],
        {name: where[order] for name, where in {**marks, **guessed}.items()},
        {(position[row], at): words for (row, at), words in basis.items()},
    )


def _names(text: str, allowed: tuple[str, ...], where: str) -> list[str]:
    """Names of guesses, of those allowed."""
    names = [name.strip() for name in text.split(";") if name.strip()]
    for name in names:
        if name not in allowed:
            hint = did_you_mean(name, allowed)
            raise InputError(f"{where}: '{shown(name)}' is no guess known here; allowed are {'; '.join(allowed)}{hint}")
    return names


def _practice_guesses(file: CsvFile) -> dict[str, NDArray[np.bool_]]:
    column = file.required("guessed")
    marks = {name: np.zeros(len(file), bool) for name in OF_PRACTICE}
    for row, text in enumerate(file.texts(column)):
        for name in _names(text, OF_PRACTICE, file.where(row, column)):
            marks[name][row] = True
    return marks


def _people(
    file: CsvFile, codes: list[str]
) -> tuple[Numbers, dict[str, NDArray[np.bool_]], dict[tuple[int, int], str]]:
    """Numbers of people by practice and group, which of them are guesses, and other bases."""
    columns = {name: file.required(name) for name in ("practice_code", "people", "number", "unit", "basis")}
    owners, groups = file.texts(columns["practice_code"]), file.texts(columns["people"])
    units, bases = file.texts(columns["unit"]), file.texts(columns["basis"])
    values = file.numbers(columns["number"], 0.0, LARGEST_LIST, "people")
    rows = {code: row for row, code in enumerate(codes)}
    cells = np.full((len(codes), len(PEOPLE)), np.nan)
    allowed = tuple(name for name in guesses.IN_WORDS if name not in OF_PRACTICE)
    marks: dict[str, NDArray[np.bool_]] = {}
    basis: dict[tuple[int, int], str] = {}
    for line, (code, group) in enumerate(zip(owners, groups, strict=True)):
        if code not in rows:
            raise InputError(f"{file.where(line, 'practice_code')}: '{shown(code)}' is not in {PRACTICES}")
        if group not in PEOPLE:
            raise InputError(
                f"{file.where(line, 'people')}: '{shown(group)}' is unknown; allowed are {', '.join(PEOPLE)}"
                f"{did_you_mean(group, PEOPLE)}"
            )
        row, at = rows[code], PEOPLE.index(group)
        if units[line] != UNITS[at]:
            raise InputError(
                f"{file.where(line, 'unit')}: '{shown(units[line])}' does not fit {group}; allowed is {UNITS[at]}"
            )
        if not np.isnan(cells[row, at]):
            raise InputError(f"{file.where(line, 'people')}: {group} of practice '{code}' are there twice")
        if np.isnan(values[line]) or (UNITS[at] == "FTE" and values[line] > LARGEST_FTE):
            raise InputError(
                f"{file.where(line, 'number')}: '{file.texts(columns['number'])[line]}' is no number of {group}; "
                f"allowed are 0 to {LARGEST_FTE if UNITS[at] == 'FTE' else LARGEST_LIST:,.0f} {UNITS[at]}"
            )
        cells[row, at] = values[line]
        if bases[line].startswith(GUESS):
            for name in _names(bases[line].removeprefix(GUESS), allowed, file.where(line, "basis")):
                marks.setdefault(name, np.zeros(cells.shape, bool))[row, at] = True
        elif bases[line] != PUBLISHED:
            basis[row, at] = bases[line]
    if np.isnan(cells).any():
        row, at = (int(place[0]) for place in np.nonzero(np.isnan(cells)))
        raise InputError(f"{file.path}: {PEOPLE[at]} of practice '{codes[row]}' are missing")
    return cells, marks, basis
