"""All published files of a place, read together and of one time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from abm.errors import InputError
from abm.locality.published.coordinates import Coordinates, read_coordinates
from abm.locality.published.epraccur import Practices, read_epraccur
from abm.locality.published.patients import Patients, read_patients
from abm.locality.published.payments import Payments, read_payments
from abm.locality.published.workforce import Workforce, read_workforce
from abm.locality.published.years import FURTHEST_APART, Year, year_named


@dataclass(frozen=True)
class Sources:
    """Paths of the published files; only the payments must be there."""

    payments: Path
    coordinates: Path | None = None
    workforce: Path | None = None
    practices: Path | None = None
    patients: tuple[Path, ...] = ()


@dataclass(frozen=True)
class PublishedFiles:
    """What the files hold."""

    payments: Payments
    workforce: Workforce | None
    practices: Practices | None
    patients: Patients | None
    coordinates: Coordinates | None


def read_files(sources: Sources, year: str | None = None) -> PublishedFiles:
    """Read all files of a place.

    Args:
        sources: their paths.
        year: which rows of files that hold several years.

    Raises:
        InputError: one of them cannot be used.
    """
    stated = year_named(year)
    payments = read_payments(sources.payments, stated)
    practices = read_epraccur(sources.practices) if sources.practices else None
    coordinates = None
    if sources.coordinates:
        postcodes = set(payments.postcodes)
        if practices:
            postcodes |= {practices.entries[code].postcode for code in payments.codes if code in practices.entries}
        coordinates = read_coordinates(sources.coordinates, payments.codes, postcodes)
    return PublishedFiles(
        payments,
        read_workforce(sources.workforce, stated) if sources.workforce else None,
        practices,
        read_patients(sources.patients) if sources.patients else None,
        coordinates,
    )


def check_years(sources: Sources, read: PublishedFiles) -> None:
    """Refuse files that speak of different times.

    Raises:
        InputError: two of them are more than `FURTHEST_APART` years apart.
    """
    pairs: list[tuple[Path | None, Year | None]] = [
        (sources.workforce, read.workforce.year if read.workforce else None),
        (sources.practices, read.practices.year if read.practices else None),
        (sources.patients[0] if sources.patients else None, read.patients.year if read.patients else None),
    ]
    for path, other in pairs:
        own = read.payments.year
        if own and other and own.apart(other) > FURTHEST_APART:
            raise InputError(
                f"{path} is of {other}, {sources.payments} of {own}: more than {FURTHEST_APART} years apart; give "
                "files of one time, or --mixed-years to use them all the same"
            )
