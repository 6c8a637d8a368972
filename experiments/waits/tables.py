"""What came of a fit, as tables: the numbers, month by month, and band by band with the held-out year apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from abm.appointments.interface import WAIT_BANDS
from experiments.waits.eras import Era, play_era
from experiments.waits.fit import Fit
from experiments.waits.published import PublishedAppointments

if TYPE_CHECKING:
    import pandas as pd

FITTED, PREDICTED = "fitted", "predicted"
QUANTITIES = (*WAIT_BANDS, "no_show", "total")


def hold_out(eras: Sequence[Era], months: int) -> list[Era]:
    """The eras without their last months; an era that is held out as a whole goes.

    Args:
        eras: in order of time.
        months: how many of the last months are held out.
    """
    kept, left = [], months
    for era in reversed(eras):
        taken = min(left, era.months)
        left -= taken
        if era.months > taken:
            kept.append(replace(era, last=_back(era.last, taken)))
    return kept[::-1]


def _back(month: date, by: int) -> date:
    year, index = divmod(12 * month.year + month.month - 1 - by, 12)
    return date(year, index + 1, 1)


def numbers_table(fit: Fit) -> pd.DataFrame:
    """One row a free number: era (0 for all), prior mean and standard deviation, range, fitted value and its own.

    A number held by its bound has `at_bound` and no standard deviation.
    """
    import pandas as pd

    held = fit.coordinates.at_bound(fit.z)
    spread = np.where(held, np.nan, np.sqrt(np.diag(fit.covariance)))
    rows = []
    for (number, era), z, sd, bound in zip(fit.coordinates.axes, fit.z, spread, held, strict=True):
        rows.append(
            {
                "number": number.name,
                "meaning": number.meaning,
                "era": 0 if era is None else era + 1,
                "prior_mean": number.mean,
                "prior_sd": number.sd,
                "low": number.low,
                "high": number.high,
                "fitted": number.mean + number.sd * z,
                "fitted_sd": number.sd * sd,
                "at_bound": bool(bound),
            }
        )
    return pd.DataFrame(rows)


def months_table(fit: Fit, eras: Sequence[Era], published: PublishedAppointments, held_out: int) -> pd.DataFrame:
    """Published and modelled figures, one row for each month and quantity.

    Args:
        fit: the fit without the held-out months.
        eras: whole, the held-out months included.
        published: the figures.
        held_out: how many of the last months were not fitted.

    Returns:
        month, era, part (fitted or predicted), quantity, published, modelled, last_year (what was published twelve
        months earlier, NaN where unknown: the simplest prediction), in shares and in appointments a month.
    """
    import pandas as pd

    kept = hold_out(eras, held_out)
    earlier = _by_month(published)
    rows = []
    for at, era in enumerate(eras):
        last_fitted = kept[at].last if at < len(kept) else _back(era.first, 1)
        number = min(at, fit.coordinates.eras - 1)
        modelled, seen = play_era(era, fit.coordinates.values(fit.z, number)), published.span(era.first, era.last)
        for i, month in enumerate(seen.months):
            figures = {
                **{band: (seen.share[i, k], modelled.share[i, k]) for k, band in enumerate(WAIT_BANDS)},
                "no_show": (seen.no_show[i], modelled.no_show[i]),
                "total": (seen.total[i], modelled.total[i]),
            }
            part = FITTED if month <= last_fitted else PREDICTED
            for quantity, (was, got) in figures.items():
                last_year = earlier.get((_back(month, 12), quantity), float("nan"))
                rows.append((f"{month:%Y-%m}", at + 1, part, quantity, was, got, last_year))
    names = ["month", "era", "part", "quantity", "published", "modelled", "last_year"]
    return pd.DataFrame(rows, columns=names)


def _by_month(published: PublishedAppointments) -> dict[tuple[date, str], float]:
    table = np.column_stack((published.share, published.no_show, published.total))
    return {
        (month, quantity): float(table[i, k])
        for i, month in enumerate(published.months)
        for k, quantity in enumerate(QUANTITIES)
    }


def bands_table(months: pd.DataFrame) -> pd.DataFrame:
    """Means over the fitted and over the predicted months of each era, one row for each quantity.

    Returns:
        era, part, quantity, months, published, modelled, difference, typical_error (mean of the absolute monthly
        differences), error_of_last_year (the same for the figure of twelve months before).
    """
    import pandas as pd

    rows = []
    for (era, part, quantity), group in months.groupby(["era", "part", "quantity"], sort=False):
        known = group[group["published"].notna()]
        rows.append(
            {
                "era": era,
                "part": part,
                "quantity": quantity,
                "months": len(known),
                "published": known["published"].mean(),
                "modelled": known["modelled"].mean(),
                "difference": (known["modelled"] - known["published"]).mean(),
                "typical_error": (known["modelled"] - known["published"]).abs().mean(),
                "error_of_last_year": (known["last_year"] - known["published"]).abs().mean(),
            }
        )
    return pd.DataFrame(rows)
