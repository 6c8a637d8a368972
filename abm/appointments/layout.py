"""Who keeps a diary in a month, and in which row: the plan of a month matched with the diaries that exist.

A diary is known by (practice, kind of clinician, key) and keeps its row, its patients and its carried fraction of a
session as long as the plan names it. A GP who moves to another practice leaves one diary and begins another.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abm.appointments.columns import (
    ACCESS,
    ANONYMOUS,
    AT,
    CARRIED,
    CHANGED,
    GPS,
    HUB,
    KEY_HIGH,
    KEY_LOW,
    KIND_OF,
    LEAVERS,
    LEAVERS_AT,
    MOST_STAFF,
    REDIRECT,
    RELAY,
    SERVES_AS_GP,
    SESSIONS,
    STAFF,
    WEEK,
)  # fmt: skip
from abm.appointments.interface import N_COUNTS, MonthPlan
from abm.appointments.memory import Section, Sections
from abm.appointments.rules import SESSION_UNIT
from abm.errors import InputError
from abm.scenario.parameters.appointments import AppointmentParameters

Ints = NDArray[np.int64]
MOST_SESSIONS = 10  # half-days of a week
RECORD_WIDTH = 8
ROW_SECTIONS = ("slots", "call_free", "call_seconds", "ticket", "booked_days", "diary")
BATCH = 32  # requests whose words are drawn together, as in `demand`
SCATTER = np.uint64(0x9E3779B97F4A7C15)


def state_sections(practices: int, ring: int, stride: int) -> list[Section]:
    """The sections of the layer's state: extents that grow begin small."""
    return [
        ("slots", "u8", (0, ring, 4)),  # a row for each diary, by day in the ring: FREE, KEPT, BOOKED
        ("call_free", "u8", (0, 2)),  # today's calls: first and second of each slot
        ("call_seconds", "i8", (0, stride)),
        ("ticket", "u8", (0, ring, stride)),  # who is booked, for how long, no-show, with the usual GP
        ("booked_days", "u1", (0, ring, stride)),  # of those who rang before: calendar days from the booking
        ("diary", "i8", (0, 10)),
        ("diary_at", "i8", (0,)),  # rows of the diaries, practice by practice: GPs, cover, registrars, nurses, others
        ("usual_below", "i8", (0,)),
        ("leaver", "i8", (0,)),
        ("practice", "i8", (practices, 13)),
        ("head", "i8", (practices, 9 + ring)),
        ("tail", "i8", (practices, 9 + ring)),
        ("counts", "i8", (practices, N_COUNTS)),
        ("rate", "f8", (practices, 6)),
        ("node", "i8", (1, 3)),
        ("ledger", "i8", (6,)),
        ("record", "i8", (0, RECORD_WIDTH)),
        ("at_work", "i8", (10,)),  # GPs at work by half-day, while a locum's are chosen
        ("drawn", "i8", (16, BATCH)),  # the requests answered next
        ("raw", "u8", (8, BATCH)),  # the generator's words of a batch
        ("who", "u8", (6 * MOST_STAFF,)),  # today at a practice's desk, see `desk`
        ("anybody", "u8", (8,)),
        ("own", "u8", (MOST_STAFF, 4)),
    ]


@dataclass(frozen=True)
class Staff:
    """The diaries that a plan asks for, sorted by practice and kind, GPs in the plan's order."""

    practice: Ints
    kind: Ints
    key: NDArray[np.uint64]
    sessions: Ints  # in units of 1 / SESSION_UNIT a week


def staff_of(plan: MonthPlan, site_key: NDArray[np.uint32], parameters: AppointmentParameters) -> Staff:
    """The diaries of a plan.

    Every practice has at least one cover diary, in which the outside locum of a day without a GP works too; more than
    ten cover sessions a week fill a second one, and so on. A week has ten half-days, so a clinician has at most ten
    sessions. Staff without agents are keyed by site, kind and number.
    """
    n = len(site_key)
    parts: list[tuple[Ints, Ints, NDArray[np.uint64], NDArray[np.float64]]] = []
    parts.append((
        np.asarray(plan.gp_practice, np.int64), np.zeros(len(plan.gp_practice), np.int64),
        np.asarray(plan.gp_key, np.uint64), np.asarray(plan.gp_sessions, float),
    ))  # fmt: skip
    head = parameters.head_fte
    whole_time = (
        (1, np.asarray(plan.cover_sessions, float), float(MOST_SESSIONS), 1.0),
        (2, np.asarray(plan.registrar_fte, float), head, parameters.sessions_registrar),
        (3, np.asarray(plan.nurse_fte, float), head, parameters.sessions_other),
        (4, np.asarray(plan.other_fte, float), head, parameters.sessions_other),
    )
    for kind, amount, unit, sessions_per_unit in whole_time:
        count = np.maximum(np.ceil(amount / unit - 1e-9).astype(np.int64), 1 if kind == 1 else 0)
        practice = np.repeat(np.arange(n), count)
        number = np.arange(len(practice)) - np.repeat(np.cumsum(count) - count, count)
        share = np.clip(amount[practice] - number * unit, 0.0, unit)
        key = site_key[practice].astype(np.uint64) << np.uint64(32) | np.uint64(kind << 16) | number.astype(np.uint64)
        parts.append((practice, np.full(len(practice), kind), key, share * sessions_per_unit))
    of_practice, kinds, keys, sessions = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((np.arange(len(of_practice)), kinds, of_practice))
    most = int(np.bincount(of_practice).max(initial=0))
    if most > MOST_STAFF:
        raise InputError(f"a practice has {most} diaries; the most allowed is {MOST_STAFF}")
    units = np.rint(np.minimum(sessions, MOST_SESSIONS) * SESSION_UNIT).astype(np.int64)
    return Staff(of_practice[order], kinds[order], keys[order], units[order])


def usual_thresholds(plan: MonthPlan, n: int) -> Ints:
    """Cumulative 32-bit thresholds of the draw of the usual GP, GP by GP in the plan's order."""
    weight = np.asarray(plan.gp_sessions if plan.usual_gp_weight is None else plan.usual_gp_weight, float)
    practice = np.asarray(plan.gp_practice, np.int64)
    size = np.bincount(practice, minlength=n)
    first = (np.cumsum(size) - size)[practice]
    whole = np.rint(weight * 65536).astype(np.int64)  # whole numbers: sums do not depend on the other practices
    running = np.concatenate([[0], np.cumsum(whole)])
    last = first + size[practice]
    nobody = running[last] == running[first]  # nobody has sessions: everybody alike
    running = np.concatenate([[0], np.cumsum(np.where(nobody, 1, whole))])
    upto = running[np.arange(len(whole)) + 1] - running[first]
    return (upto << 32) // np.maximum(running[last] - running[first], 1)


def _same_identity(staff: Staff, practice: Ints, kind: Ints, key: NDArray[np.uint64]) -> Ints:
    """For each of the staff asked for, the place of the same diary among the existing ones, or -1."""
    asked = len(staff.practice)
    if np.array_equal(staff.practice, practice) and np.array_equal(staff.kind, kind) and np.array_equal(staff.key, key):
        return np.arange(asked)
    columns = [np.concatenate(pair) for pair in ((staff.practice, practice), (staff.kind, kind), (staff.key, key))]
    source = np.repeat([0, 1], [asked, len(practice)])
    order = np.lexsort((source, columns[2], columns[1], columns[0]))
    same = np.ones(len(order) - 1, bool)
    for column in columns:
        same &= column[order[1:]] == column[order[:-1]]
    same &= (source[order[1:]] == 1) & (source[order[:-1]] == 0)
    place = np.full(asked, -1)
    place[order[:-1][same]] = order[1:][same] - asked
    return place


def arrange(state: Sections, plan: MonthPlan, staff: Staff, week: int) -> None:
    """Give every diary of the plan its row and note what changed, for the month's first open day to act upon.

    Args:
        state: the layer's state.
        plan: the month's plan.
        staff: its diaries, from `staff_of`.
        week: week of the first open day, from which changed sessions count.
    """
    practice, diary = state["practice"], state["diary"]
    n = len(practice)
    rows = state["diary_at"][: practice[:, STAFF].sum()].copy()
    old_practice = np.repeat(np.arange(n), practice[:, STAFF])
    old_key = (diary[rows, KEY_HIGH].astype(np.uint64) << np.uint64(32)) | diary[rows, KEY_LOW].astype(np.uint64)
    place = _same_identity(staff, old_practice, diary[rows, KIND_OF], old_key)
    stays = np.zeros(len(rows), bool)
    stays[place[place >= 0]] = True
    begins = np.flatnonzero(place < 0)
    if len(begins):
        in_use = np.zeros(len(diary), bool)
        in_use[rows] = True
        idle = np.flatnonzero(~in_use)
        if len(idle) < len(begins):
            wanted = len(rows) + len(begins)
            state.lengthen(**dict.fromkeys(ROW_SECTIONS, wanted + wanted // 2 + 8))  # untouched memory costs nothing
            idle = np.concatenate([idle, np.arange(len(diary), len(state["diary"]))])
            practice, diary = state["practice"], state["diary"]
        fresh = idle[: len(begins)]
        for name in ROW_SECTIONS:
            state[name][fresh] = 0
        key = staff.key[begins]
        diary[fresh, KIND_OF], diary[fresh, ANONYMOUS] = staff.kind[begins], staff.kind[begins] > 0
        diary[fresh, KEY_LOW] = (key & np.uint64(0xFFFFFFFF)).astype(np.int64)
        diary[fresh, KEY_HIGH] = (key >> np.uint64(32)).astype(np.int64)
        diary[fresh, CARRIED] = ((key * SCATTER) >> np.uint64(54)).astype(np.int64)
        diary[fresh, WEEK], diary[fresh, CHANGED] = week, 1
        diary[fresh, SESSIONS] = staff.sessions[begins]
    row = np.empty(len(place), np.int64)
    row[place >= 0] = rows[place[place >= 0]]
    if len(begins):
        row[begins] = fresh
    moved = diary[row, SESSIONS] != staff.sessions
    kept = row[moved]
    diary[kept, CARRIED] = (diary[kept, CARRIED] + diary[kept, SESSIONS] * (week - diary[kept, WEEK])) % SESSION_UNIT
    diary[kept, WEEK], diary[kept, SESSIONS], diary[kept, CHANGED] = week, staff.sessions[moved], 1
    leaver = rows[~stays]
    other_gps = np.zeros(n, bool)  # the half-days of cover depend on the GPs'
    other_gps[staff.practice[(staff.kind == 0) & (moved | (place < 0))]] = True
    other_gps[old_practice[~stays][diary[leaver, KIND_OF] == 0]] = True
    diary[row[(staff.kind == 1) & other_gps[staff.practice]], CHANGED] = 1
    other_access = practice[:, ACCESS] != plan.access_model
    diary[row[other_access[staff.practice]], CHANGED] = 1
    state.put(diary_at=row, leaver=leaver, usual_below=_by_position(plan, staff, n))
    practice = state["practice"]
    count = [np.bincount(staff.practice[staff.kind <= kind], minlength=n) for kind in (0, 2, 4)]
    practice[:, GPS], practice[:, SERVES_AS_GP], practice[:, STAFF] = count
    practice[:, AT] = np.cumsum(count[2]) - count[2]
    gone = np.bincount(old_practice[~stays], minlength=n)
    practice[:, LEAVERS], practice[:, LEAVERS_AT] = gone, np.cumsum(gone) - gone
    practice[:, HUB], practice[:, ACCESS] = plan.hub, plan.access_model
    changed = np.bincount(staff.practice, diary[row, CHANGED], n) + gone
    practice[:, RELAY] = changed > 0
    practice[:, REDIRECT] = np.rint(np.asarray(plan.pharmacy_first, float) * 65536)
    state["rate"][:, :5] = plan.requests_per_open_day
    state["rate"][:, 5] = state["rate"][:, 0]
    for band in range(1, 5):
        state["rate"][:, 5] += state["rate"][:, band]


def _by_position(plan: MonthPlan, staff: Staff, n: int) -> Ints:
    """The thresholds of the usual GP at the positions of the diaries."""
    below = np.zeros(len(staff.kind), np.int64)
    below[staff.kind == 0] = usual_thresholds(plan, n)
    return below
