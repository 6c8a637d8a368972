"""Published appointments in general practice: delivered, booked activity by month and by time from booking.

What is published is not demand: requests that never became an appointment are missing, those given up or met elsewhere
too. Time from booking is measured from the booking that led to the appointment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from abm.appointments.interface import WAIT_BANDS
from abm.errors import InputError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

NAMES = {
    "month": ("month", "appointment_month"),
    "status": ("appointment_status", "appt_status", "status"),
    "tba": ("tba", "time_between_book_and_appt", "time_from_booking"),
    "count": ("count_of_appointments", "count", "appointments"),
}
"""Accepted names of each column, in small letters."""

BANDS = ("same day", "1 day", "2 to 7 days", "8 to 14 days", "15 to 21 days", "22 to 28 days", "more than 28 days")
KEPT, MISSED = "attended", "dna"
MONTH_FORMATS = ("%Y-%m", "%b%Y", "%B %Y", "%Y-%m-%d")  # 2019-04, APR2019, April 2019, 2019-04-01


@dataclass(frozen=True)
class PublishedAppointments:
    """Monthly figures of one place.

    Attributes:
        months: first days, ascending, shape (m,).
        total: appointments of every status and known time from booking, shape (m,).
        share: of each wait band, shape (m, 7), rows add up to 1; bands as `abm.appointments.interface.WAIT_BANDS`.
        no_show: not attended over attended and not attended; NaN where a month has not both, shape (m,).
    """

    months: tuple[date, ...]
    total: NDArray[np.float64]
    share: NDArray[np.float64]
    no_show: NDArray[np.float64]

    def span(self, first: date, last: date) -> PublishedAppointments:
        """The months from `first` to `last`, both included."""
        at = [i for i, month in enumerate(self.months) if first <= month <= last]
        return PublishedAppointments(
            tuple(self.months[i] for i in at), self.total[at], self.share[at], self.no_show[at]
        )

    def frame(self) -> pd.DataFrame:
        """One row a month: total, no_show and a column for each wait band."""
        import pandas as pd

        columns = {"month": [f"{month:%Y-%m}" for month in self.months], "total": self.total, "no_show": self.no_show}
        return pd.DataFrame(columns | {band: self.share[:, k] for k, band in enumerate(WAIT_BANDS)})


def read_published(path: str | Path) -> PublishedAppointments:
    """Read a table with one row for each month, status and time from booking; other columns are summed over.

    Raises:
        InputError: a file that cannot be read, lacks a column, or holds a count that is no number; one sentence.
    """
    import pandas as pd

    path = Path(path)
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except OSError as problem:
        raise InputError(f"{path} cannot be read: {problem.strerror or problem}") from None
    except UnicodeDecodeError:
        raise InputError(f"{path} is not in UTF-8; save it as 'CSV UTF-8'") from None
    except (pd.errors.EmptyDataError, pd.errors.ParserError) as problem:
        raise InputError(f"{path} is no table of published appointments: {str(problem).strip()}") from None
    found = {name: _column(path, table, accepted) for name, accepted in NAMES.items()}
    months = _months(path, table[found["month"]])
    counts = pd.to_numeric(table[found["count"]].str.replace(",", ""), errors="coerce")
    if (bad := counts.isna() | (counts < 0)).any():
        row = int(np.flatnonzero(bad)[0])
        value = table[found["count"]].iloc[row]
        raise InputError(
            f"{path}, line {row + 2}, column '{found['count']}': '{value}' is no count; allowed are numbers from 0 up"
        )
    tidy = pd.DataFrame(
        {
            "month": months,
            "status": table[found["status"]].str.strip().str.casefold(),
            "band": table[found["tba"]].str.strip().str.casefold(),
            "count": counts.astype(float),
        }
    )
    by_band = tidy[tidy["band"].isin(BANDS)].pivot_table(
        index="month", columns="band", values="count", aggfunc="sum", fill_value=0.0
    )
    if by_band.empty:
        raise InputError(
            f"{path}, column '{found['tba']}': no row has a known time from booking; allowed are {', '.join(BANDS)}"
        )
    by_band = by_band.reindex(columns=list(BANDS), fill_value=0.0)
    by_status = tidy.pivot_table(index="month", columns="status", values="count", aggfunc="sum").reindex(by_band.index)
    nothing = pd.Series(np.nan, index=by_band.index)
    kept, missed = by_status.get(KEPT, nothing), by_status.get(MISSED, nothing)
    counted = by_band.to_numpy(float)
    return PublishedAppointments(
        tuple(by_band.index),
        counted.sum(axis=1),
        counted / counted.sum(axis=1, keepdims=True),
        (missed / (kept + missed)).to_numpy(float),
    )


def month_of(text: str) -> date | None:
    """First day of a month as written in a published table or on a command line; None for anything else."""
    from datetime import datetime

    for form in MONTH_FORMATS:
        try:
            return datetime.strptime(text.strip().title(), form).date().replace(day=1)
        except ValueError:
            continue
    return None


def _months(path: Path, column: pd.Series[str]) -> list[date]:
    known = {text: month_of(text) for text in column.unique()}
    for row, text in enumerate(column):
        if known[text] is None:
            raise InputError(
                f"{path}, line {row + 2}, column '{column.name}': '{text}' is no month; allowed is for example 2019-04"
            )
    return [month for text in column if (month := known[text]) is not None]


def _column(path: Path, table: pd.DataFrame, accepted: tuple[str, ...]) -> str:
    by_name = {str(name).strip().casefold(): str(name) for name in table.columns}
    for name in accepted:
        if name in by_name:
            return by_name[name]
    raise InputError(
        f"{path} has no column '{accepted[0]}' (or {', '.join(accepted[1:])})"
        f"{did_you_mean(accepted[0], list(by_name.values()))}"
    )
