"""What the monthly agents hand to the appointment layer and what they get back: arrays of numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abm.errors import InputError

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

KINDS = ("urgent", "routine", "planned")
CLINICIANS = ("gp", "cover", "registrar", "nurse", "other")
ACCESS_MODELS = ("carve_out", "prebook", "doctor_first", "single_entry")
WAIT_BANDS = ("0", "1", "2-7", "8-14", "15-21", "22-28", ">28")
BAND_EDGES = (0, 1, 2, 8, 15, 22, 29)  # first day of each band
AGE_BANDS = 5
STAFF_AMOUNTS = ("cover_sessions", "registrar_fte", "nurse_fte", "other_fte")

# Every count of a practice and month, with its width: 1 for a plain number, 3 by kind, 5 by clinician, 30 by wait.
COUNTS: tuple[tuple[str, int], ...] = (
    ("requests", 3),
    ("gp_bound", 1),
    ("attended_surgery", 5),
    ("attended_call", 5),
    ("attended_hub", 1),
    ("wait_days", 30),
    ("booked_days", 30),
    ("urgent_same_day", 1),
    ("routine_within_5", 1),
    ("gp_contacts", 1),
    ("usual_gp_contacts", 1),
    ("hub_contacts", 1),
    ("no_shows", 1),
    ("cancelled", 1),
    ("redirected", 1),
    ("abandoned", 1),
    ("unmet_urgent", 1),
    ("call_backs", 1),
    ("come_backs", 1),
    ("hub_returns", 1),
    ("withdrawn", 1),
    ("refused", 1),
    ("calls", 1),
    ("slots_offered", 5),
    ("slots_used", 5),
    ("clinician_days", 5),
    ("surgery_wait_seconds", 1),
    ("overrun_seconds", 1),
    ("work_seconds", 1),
    ("outside_locum_sessions", 1),
)
COLUMN: dict[str, int] = {}
for _name, _width in COUNTS:
    COLUMN[_name] = sum(width for name, width in COUNTS[: len(COLUMN)])
N_COUNTS = sum(width for _, width in COUNTS)


@dataclass(frozen=True)
class Sites:
    """The places from which requests come; fixed for a run, one for each practice row.

    Attributes:
        key: shape (n,), 32-bit keys of the practices' codes; they name the stream of requests and must differ.
    """

    key: NDArray[np.uint32]

    def __post_init__(self) -> None:
        key = np.ascontiguousarray(self.key, np.uint32)
        if key.ndim != 1 or len(np.unique(key)) != len(key):
            raise InputError("the keys of the sites must be one list of different 32-bit numbers")
        if len(key) > 65_535:
            raise InputError(f"the appointment layer takes at most 65,535 sites, not {len(key)}")
        object.__setattr__(self, "key", key)

    def __len__(self) -> int:
        return len(self.key)


@dataclass(frozen=True)
class MonthPlan:
    """Everything fixed before a month's first day, for n practices, g GPs and any number of hubs.

    Attributes:
        first_day, last_day: the days to run, both included; any range, not only a calendar month.
        requests_per_open_day: (n, 5), mean requests of an average open day by age band.
        gp_practice: (g,), practice row of every partner and salaried GP, ascending.
        gp_key: (g,), stable 64-bit keys; a key occurs once in a practice.
        gp_sessions: (g,), clinical sessions a week.
        cover_sessions: (n,), locum sessions a week.
        registrar_fte, nurse_fte, other_fte: (n,), full-time equivalents.
        hub: (n,), hub number or -1.
        hub_slots_week: (hubs,), slots a week of each hub.
        access_model: (n,), 0 carve_out, 1 prebook, 2 doctor_first, 3 single_entry.
        pharmacy_first: (n,), probability that a pharmacist request is redirected.
        shared_record: (n,), whether the hub sees the practice's record.
        usual_gp_weight: (g,), weights for drawing the usual GP; left out, `gp_sessions`.
        served_by: (n,), practice row whose diaries serve the requests of this site; left out, its own. A row that does
            not serve itself has no staff; its hub, access model, pharmacy and record are those of the row that does.
    """

    first_day: date
    last_day: date
    requests_per_open_day: Floats
    gp_practice: Ints
    gp_key: NDArray[np.uint64]
    gp_sessions: Floats
    cover_sessions: Floats
    registrar_fte: Floats
    nurse_fte: Floats
    other_fte: Floats
    hub: Ints
    hub_slots_week: Floats
    access_model: NDArray[np.int8]
    pharmacy_first: Floats
    shared_record: NDArray[np.bool_]
    usual_gp_weight: Floats | None = None
    served_by: Ints | None = None

    @property
    def server(self) -> Ints:
        """Practice row that serves each site, shape (n,)."""
        return np.arange(len(self.hub)) if self.served_by is None else np.asarray(self.served_by, np.int64)

    def check(self, n: int) -> None:
        """Refuse a plan that does not fit n practices.

        Raises:
            InputError: naming the array, the value and what is allowed.
        """
        if self.last_day < self.first_day:
            raise InputError(f"the plan ends on {self.last_day}, before its first day {self.first_day}")
        g = len(self.gp_practice)
        shapes = {"requests_per_open_day": (n, AGE_BANDS), "gp_practice": (g,), "gp_key": (g,), "gp_sessions": (g,)}
        shapes |= {"usual_gp_weight": (g,)} if self.usual_gp_weight is not None else {}
        shapes |= {"served_by": (n,)} if self.served_by is not None else {}
        per_practice = (*STAFF_AMOUNTS, "hub", "access_model", "pharmacy_first", "shared_record")
        shapes |= dict.fromkeys(per_practice, (n,))
        for name, shape in shapes.items():
            if np.shape(getattr(self, name)) != shape:
                raise InputError(f"the plan's {name} has shape {np.shape(getattr(self, name))}; it must be {shape}")
        for name in ("requests_per_open_day", "gp_sessions", *STAFF_AMOUNTS, "hub_slots_week", "pharmacy_first"):
            values = np.asarray(getattr(self, name), float)
            if values.size and not (np.isfinite(values).all() and values.min() >= 0):
                raise InputError(f"the plan's {name} holds {values.min()}; allowed are numbers from 0 up")
        if g and (np.diff(self.gp_practice) < 0).any():
            raise InputError("the plan's GPs must be sorted by practice")
        if g and not (0 <= self.gp_practice[0] and self.gp_practice[-1] < n):
            raise InputError(f"the plan's gp_practice must lie from 0 to {n - 1}")
        if n and not -1 <= int(np.min(self.hub)) <= int(np.max(self.hub)) < len(self.hub_slots_week):
            raise InputError(f"the plan's hub numbers must lie from -1 to {len(self.hub_slots_week) - 1}")
        if n and not 0 <= int(np.min(self.access_model)) <= int(np.max(self.access_model)) < len(ACCESS_MODELS):
            raise InputError(f"the plan's access_model must lie from 0 to {len(ACCESS_MODELS) - 1}")
        if n and float(np.max(self.pharmacy_first)) > 1:
            raise InputError(f"the plan's pharmacy_first holds {np.max(self.pharmacy_first)}; allowed are 0 to 1")
        self._check_served(n)

    def _check_served(self, n: int) -> None:
        server = self.server
        if n and not 0 <= int(server.min()) <= int(server.max()) < n:
            raise InputError(f"the plan's served_by must lie from 0 to {n - 1}")
        elsewhere = np.flatnonzero(server[server] != server)
        if len(elsewhere):
            site = elsewhere[0]
            raise InputError(
                f"the plan's served_by sends site {site} to practice {server[site]}, which is itself served by "
                f"{server[server[site]]}; allowed is a practice that serves itself"
            )
        served = server != np.arange(n)
        gps = np.bincount(self.gp_practice, minlength=n)
        for name, staff in (("GPs", gps), *((name, getattr(self, name)) for name in STAFF_AMOUNTS)):
            idle = np.flatnonzero(served & (np.asarray(staff) > 0))
            if len(idle):
                raise InputError(
                    f"the plan gives practice {idle[0]} {staff[idle[0]]} {name}, but its site is served by practice "
                    f"{server[idle[0]]}; allowed is 0"
                )


@dataclass
class MonthCounts:
    """Integers of one month, a row for each practice; a field with a second axis is by kind, clinician or wait.

    Offers (`urgent_same_day`, `routine_within_5`) belong to the month of the request, attendance to that of the slot.
    `wait_days` counts surgery appointments (attended or not), calls and hub contacts by calendar days since the
    request, 29 standing for longer; `wait_bands` sums it. `booked_days` and `booked_bands` count the same appointments
    by calendar days since the ring that booked them, as "time from booking" is published: whoever was refused yesterday
    and is seen today has waited a day, and was booked for the same day; so was everybody who takes a call, or whom a
    hub takes from its queue. `requests` counts new requests, also those that follow a hub
    contact; `gp_bound` those of them that needed a GP diary. `gp_contacts` are attended contacts with GPs, locums and
    registrars. Conservation: requests + opening_in_system = attended + no_shows + cancelled + redirected + abandoned +
    unmet_urgent + closing_in_system, practice by practice, with `attended` of every mode. What happens to the
    patients of a site counts in the row of the practice that serves it; who is in the system when another one begins to
    serve opens that one's month.
    """

    first_day: date
    last_day: date
    open_days: int
    requests: Ints
    gp_bound: Ints
    attended_surgery: Ints
    attended_call: Ints
    attended_hub: Ints
    wait_days: Ints
    booked_days: Ints
    urgent_same_day: Ints
    routine_within_5: Ints
    gp_contacts: Ints
    usual_gp_contacts: Ints
    hub_contacts: Ints
    no_shows: Ints
    cancelled: Ints
    redirected: Ints
    abandoned: Ints
    unmet_urgent: Ints
    call_backs: Ints
    come_backs: Ints
    hub_returns: Ints
    withdrawn: Ints
    refused: Ints
    calls: Ints
    slots_offered: Ints
    slots_used: Ints
    clinician_days: Ints
    surgery_wait_seconds: Ints
    overrun_seconds: Ints
    work_seconds: Ints
    outside_locum_sessions: Ints
    opening_in_system: Ints
    closing_booked: Ints
    closing_pending: Ints
    urgent_requests: Ints = field(init=False)
    routine_requests: Ints = field(init=False)
    attended: Ints = field(init=False)
    wait_bands: Ints = field(init=False)
    booked_bands: Ints = field(init=False)
    closing_in_system: Ints = field(init=False)

    def __post_init__(self) -> None:
        self.urgent_requests, self.routine_requests = self.requests[:, 0], self.requests[:, 1]
        self.attended = self.attended_surgery.sum(axis=1) + self.attended_call.sum(axis=1) + self.attended_hub
        self.wait_bands = np.add.reduceat(self.wait_days, BAND_EDGES, axis=1)
        self.booked_bands = np.add.reduceat(self.booked_days, BAND_EDGES, axis=1)
        self.closing_in_system = self.closing_booked + self.closing_pending

    @classmethod
    def of(cls, table: Ints, **rest: Any) -> MonthCounts:
        """Name the columns of a table of counts, shape (n, N_COUNTS)."""
        columns: dict[str, Any] = {
            name: table[:, COLUMN[name] : COLUMN[name] + width].copy() if width > 1 else table[:, COLUMN[name]].copy()
            for name, width in COUNTS
        }
        return cls(**columns, **rest)

    def access(self) -> Floats:
        """Half the urgent requests given a slot the same day, half the routine ones within five open days; (n,)."""
        urgent = self.urgent_same_day / np.maximum(self.urgent_requests, 1)
        routine = self.routine_within_5 / np.maximum(self.routine_requests, 1)
        return 0.5 * urgent + 0.5 * routine
