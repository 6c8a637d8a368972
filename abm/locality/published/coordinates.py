"""Where postcodes or practices are: Code-Point Open (Ordnance Survey), a postcode directory, or any CSV like them.

Code-Point Open has no header: postcode, quality, easting and northing are its first columns, and it comes as a folder
of files, one for each postcode area. Other files name their columns. Only what is asked for is kept.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from abm.errors import InputError
from abm.locality.csv_files import is_unknown, number, plain, read_text, rows_of
from abm.locality.filling import SCORES, check_scores
from abm.locality.national_grid import check_place, swapped, to_degrees, to_grid
from abm.locality.published.payments import CODE as PRACTICE_CODE

POSTCODE = ("postcode", "Practice Postcode", "pcds", "pcd", "pcd2", "PRAC_POSTCODE")
EASTING, NORTHING = ("easting", "eastings", "oseast1m", "east1m"), ("northing", "northings", "osnrth1m", "north1m")
LATITUDE, LONGITUDE = ("lat", "latitude"), ("lon", "long", "longitude", "lng")
NOWHERE = 99.0  # degrees: postcode directories write 99.999999 for a postcode without a place


@dataclass(frozen=True)
class Point:
    """A place on the National Grid in metres (to .1 m) and in degrees (to a millionth)."""

    easting: float
    northing: float
    latitude: float
    longitude: float


@dataclass
class Coordinates:
    """Places of practices and of postcodes (without blanks, in capitals), and IMD scores where the file has them."""

    by_code: dict[str, Point] = field(default_factory=dict)
    by_postcode: dict[str, Point] = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=dict)
    sha256: str = ""
    rows: int = 0

    def of(self, code: str, postcode: str) -> Point | None:
        """The place of a practice: its own, else that of its postcode."""
        return self.by_code.get(code) or self.by_postcode.get(compact(postcode))


def compact(postcode: str) -> str:
    """A postcode as it is compared: capitals without blanks."""
    return "".join(postcode.split()).upper()


def read_coordinates(path: Path, codes: Collection[str], postcodes: Collection[str]) -> Coordinates:
    """Read places of the practices and postcodes asked for.

    Args:
        path: a CSV file, or a folder of CSV files.
        codes: of practices.
        postcodes: in any spelling.

    Raises:
        InputError: a file cannot be used, or a place that is asked for is not in England.
    """
    found, digests = Coordinates(), []
    wanted = {compact(postcode) for postcode in postcodes if postcode}
    if path.is_dir():
        files = sorted(path.glob("*.csv"))
        if not files:
            raise InputError(f"{path} holds no CSV file; allowed are the CSV files of Code-Point Open")
    else:
        files = [path]
    for file in files:
        digests.append(_read(file, frozenset(codes), wanted, found))
    joined = "\n".join(digests).encode()
    found.sha256 = digests[0] if len(digests) == 1 else sha256(joined).hexdigest()
    return found


def _read(path: Path, codes: frozenset[str], wanted: set[str], found: Coordinates) -> str:
    """Add a file's places; returns its SHA-256."""
    text = read_text(path, "a CSV file or a folder of CSV files")
    rows = rows_of(path, text, contents="rows of postcodes or practices with their coordinates")
    line, first = next(rows)
    columns = _code_point(first)
    if columns:
        rows = rows_of(path, text, contents="rows of postcodes with their coordinates", header=False)
        header = ["1 (postcode)", "2", "3 (easting)", "4 (northing)"]
    else:
        header, columns = first, _named(path, first)
    for line, row in rows:
        found.rows += 1
        code = row[columns["code"]].strip() if "code" in columns else ""
        postcode = compact(row[columns["postcode"]]) if "postcode" in columns else ""
        if code not in codes and postcode not in wanted:
            continue
        point = _point(row, columns, header, f"{path}, line {line}")
        if point is not None:
            if code in codes:
                _once(found.by_code, code, point, f"{path}, line {line}, column '{header[columns['code']]}'")
            if postcode in wanted:
                found.by_postcode.setdefault(postcode, point)
        if "score" in columns and code in codes and not is_unknown(row[columns["score"]]):
            where = f"{path}, line {line}, column '{header[columns['score']]}'"
            found.scores[code] = number(row[columns["score"]].strip(), 0.0, 100.0, "points of the IMD", where)
    return text.sha256


def _once(places: dict[str, Point], code: str, point: Point, where: str) -> None:
    if places.setdefault(code, point) != point:
        raise InputError(f"{where}: '{code}' is there twice, at two places")


def _code_point(first: list[str]) -> dict[str, int]:
    """Columns of Code-Point Open where the first row is one of its rows; nothing where it is a header."""
    is_data = len(first) >= 4 and first[2].strip().isdigit() and first[3].strip().isdigit()
    return {"postcode": 0, "easting": 2, "northing": 3} if is_data else {}


def _named(path: Path, header: list[str]) -> dict[str, int]:
    """Columns by their names: a key, and one pair of coordinates or both."""
    check_scores(path, header)
    at = {plain(name): place for place, name in reversed(list(enumerate(header)))}
    accepted = {
        "code": PRACTICE_CODE, "postcode": POSTCODE, "easting": EASTING, "northing": NORTHING,
        "latitude": LATITUDE, "longitude": LONGITUDE, "score": SCORES,
    }  # fmt: skip
    columns: dict[str, int] = {}
    for what, names in accepted.items():
        place = next((at[plain(name)] for name in names if plain(name) in at), None)
        if place is not None:
            columns[what] = place
    if "code" not in columns and "postcode" not in columns:
        raise InputError(f"{path}: the column 'practice_code' or 'postcode' is missing")
    if not {"easting", "northing"} <= columns.keys() and not {"latitude", "longitude"} <= columns.keys():
        raise InputError(f"{path}: the columns 'easting' and 'northing', or 'lat' and 'lon', are missing")
    return columns


def _point(row: list[str], columns: dict[str, int], header: list[str], where: str) -> Point | None:
    """The place of one row; None where it says that it is not known."""

    def value(name: str) -> float | None:
        if name not in columns or is_unknown(row[columns[name]]):
            return None
        return number(row[columns[name]].strip(), -1e7, 1e7, "", f"{where}, column '{header[columns[name]]}'")

    east, north, latitude, longitude = value("easting"), value("northing"), value("latitude"), value("longitude")
    if latitude is not None and (latitude > NOWHERE or longitude is None):
        latitude = longitude = None
    if east is not None and north is not None and not (east == 0.0 and north == 0.0):
        column = header[columns["easting"]]
        check_place(east, north, f"{where}, column '{column}'", f"{east:g}, {north:g} (easting, northing)")
        if latitude is None or longitude is None:
            latitude, longitude = map(float, to_degrees(east, north))
    elif latitude is not None and longitude is not None:
        column = header[columns["latitude"]]
        if swapped(latitude, longitude):
            raise InputError(
                f"{where}, column '{column}': {latitude:g}, {longitude:g} are latitude and longitude swapped"
            )
        east, north = map(float, to_grid(latitude, longitude))
        check_place(east, north, f"{where}, column '{column}'", f"{latitude:g}, {longitude:g} (lat, lon)")
    else:
        return None
    return Point(round(east, 1), round(north, 1), round(latitude, 6), round(longitude, 6))
