"""Which practices of a published file make a place: by commissioner, by code, by distance, or all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abm.errors import InputError, did_you_mean
from abm.locality.csv_files import Numbers, plain, read_text, rows_of
from abm.locality.national_grid import check_place, swapped, to_grid
from abm.locality.published.payments import CODE

FURTHEST = 700.0  # km: England from end to end
NAMED = 5  # practices named in a message
CODE_SHAPE = re.compile(r"[A-Za-z0-9]{3,24}")


@dataclass(frozen=True)
class Selection:
    """What the user asked for; one of the four.

    Attributes:
        commissioners: codes, in the order given.
        codes: of practices, each once.
        point, within: easting and northing in metres, and km.
        everything: all practices.
        words: as the README of the place tells it.
        options: the options of the command, without paths.
    """

    commissioners: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    point: tuple[float, float] | None = None
    within: float = 0.0
    everything: bool = False
    words: str = "all practices of the file"
    options: str = "--all"

    def chosen(
        self, path: Path, codes: list[str], commissioners: list[str], names: dict[str, str], place: Numbers
    ) -> NDArray[np.bool_]:
        """Which rows of the published practices are asked for.

        Args:
            path: the file, for messages.
            codes, commissioners: of the practices.
            names: of commissioners by code.
            place: easting and northing in metres, NaN where unknown, shape (n, 2).

        Raises:
            InputError: a commissioner or practice does not exist, or nothing is near.
        """
        if self.everything:
            return np.ones(len(codes), bool)
        if self.commissioners:
            known = sorted(set(commissioners) - {""})
            for code in self.commissioners:
                if code not in known:
                    raise InputError(_unknown_commissioner(code, path, known, names))
            return np.isin(np.array(commissioners), self.commissioners)
        if self.codes:
            missing = sorted(set(self.codes) - set(codes))
            if missing:
                shown = ", ".join(missing[:NAMED]) + (" ..." if len(missing) > NAMED else "")
                hint = did_you_mean(missing[0].upper(), codes) if len(missing) == 1 else ""
                raise InputError(f"--codes: {len(missing)} of {len(self.codes)} codes are not in {path}: {shown}{hint}")
            return np.isin(np.array(codes), self.codes)
        assert self.point is not None
        away = np.hypot(place[:, 0] - self.point[0], place[:, 1] - self.point[1]) / 1000.0
        near = away <= self.within  # NaN is not
        if not near.any():
            if np.isnan(away).all():
                raise InputError("--near needs the places of practices: give --coordinates FILE with their easting and "
                                 "northing, or lat and lon, by practice code or postcode")  # fmt: skip
            first = int(np.nanargmin(away))
            raise InputError(
                f"--near: no practice is within {self.within:g} km; the nearest is {codes[first]}, {away[first]:.1f} "
                "km away"
            )
        return near

    def told(self) -> dict[str, Any]:
        """Plain data for the provenance."""
        if self.commissioners:
            return {"commissioners": sorted(self.commissioners)}
        if self.codes:
            return {"codes": sorted(self.codes)}
        if self.point is not None:
            return {"easting": self.point[0], "northing": self.point[1], "within_km": self.within}
        return {"all": True}


def _unknown_commissioner(code: str, path: Path, known: list[str], names: dict[str, str]) -> str:
    by_name = {plain(name): known_code for known_code, name in sorted(names.items()) if name}
    same = by_name.get(plain(code))
    hint = f"; did you mean '{same}' ({names[same]})?" if same else did_you_mean(code.upper(), known)
    if len(known) <= 8:
        there = f"allowed are {', '.join(known)}" if known else "no commissioner is named there"
    else:
        there = f"it has {len(known)}, which 'gpfed locality list --payments FILE' lists"
    return f"--commissioner {code} is not in {path}; {there}{hint}"


def selection(
    commissioners: list[str] | None = None,
    codes: str | None = None,
    near: str | None = None,
    within: float | None = None,
    everything: bool = False,
) -> Selection:
    """What the options of the command ask for.

    Args:
        commissioners: codes; several may stand in one, separated by commas.
        codes: codes of practices separated by commas, or the path of a file of them.
        near: "LAT,LON" or "EASTING,NORTHING".
        within: km.
        everything: all practices.

    Raises:
        InputError: not exactly one way of choosing is given, or it cannot be read.
    """
    given = [
        name
        for name, is_given in (("--commissioner", bool(commissioners)), ("--codes", codes is not None),
                               ("--near", near is not None), ("--all", everything))
        if is_given
    ]  # fmt: skip
    if len(given) != 1:
        said = "none is given" if not given else f"{' and '.join(given)} are given"
        raise InputError(f"choose practices by one of --commissioner, --codes, --near with --within, --all; {said}")
    if (within is not None) != (near is not None):
        raise InputError("--near and --within belong together: a point and a distance in km")
    if commissioners:
        wanted = tuple(
            dict.fromkeys(code.strip() for text in commissioners for code in text.split(",") if code.strip())
        )
        if not wanted:
            raise InputError("--commissioner is empty; allowed are codes, for example 06L")
        words = (
            f"all practices of {'the commissioner' if len(wanted) == 1 else 'the commissioners'} {', '.join(wanted)}"
        )
        options = " ".join(f"--commissioner {code}" for code in sorted(wanted))
        return Selection(commissioners=wanted, words=words, options=options)
    if codes is not None:
        listed = _codes(codes)
        words = f"{len(listed)} practice{'s' if len(listed) > 1 else ''} by code"
        return Selection(codes=listed, words=words, options="--codes CODES")
    if near is not None and within is not None:
        if not 0.0 < within <= FURTHEST:
            raise InputError(f"--within {within:g} is out of range; allowed are more than 0 to {FURTHEST:g} km")
        point = _point(near)
        words = f"all practices within {within:g} km of {point[0]:.0f}, {point[1]:.0f} on the National Grid"
        return Selection(point=point, within=within, words=words, options=f"--near {near} --within {within:g}")
    return Selection(everything=True)


def _codes(text: str) -> tuple[str, ...]:
    """Codes from a list, or from a file: one a line, or a CSV with a column of practice codes."""
    if not text.strip(" ,"):
        raise InputError(
            "--codes is empty; allowed are a file, or codes separated by commas, for example B87001,B87002"
        )
    path = Path(text).expanduser()
    if path.exists():
        rows = [row for _, row in rows_of(path, read_text(path, "a file of codes"), contents="a code on each line")]
        header = [plain(cell) for cell in rows[0]]
        at = next((header.index(plain(name)) for name in CODE if plain(name) in header), None)
        if at is None and len(header) > 1:
            raise InputError(f"{path}: the column 'practice_code' is missing")
        found = [row[at or 0].strip() for row in rows[(at is not None) :]]
    elif "," in text or CODE_SHAPE.fullmatch(text.strip()):
        found = [code.strip() for code in text.split(",") if code.strip()]
    else:
        raise InputError(f"--codes {text}: no such file; allowed are a file, or codes separated by commas")
    if not found:
        raise InputError(f"--codes {text}: no code is there")
    if wrong := next((code for code in found if not CODE_SHAPE.fullmatch(code)), None):
        raise InputError(f"--codes {text}: '{wrong}' is no practice code; allowed are letters and digits")
    return tuple(dict.fromkeys(found))


def _point(text: str) -> tuple[float, float]:
    """Easting and northing in metres of "LAT,LON" or "EASTING,NORTHING"."""
    try:
        one, other = (float(part) for part in text.split(","))
    except ValueError:
        raise InputError(
            f"--near {text} is no point; allowed are LAT,LON (51.52,-0.06) or EASTING,NORTHING (535000,182000)"
        ) from None
    if abs(one) <= 180.0 and abs(other) <= 180.0:
        if swapped(one, other):
            raise InputError(f"--near {text}: latitude and longitude are swapped; allowed is LAT,LON")
        east, north = (round(float(part), 1) for part in to_grid(one, other))
    else:
        east, north = one, other
    check_place(east, north, "--near", text)
    return east, north
