"""Who keeps a diary in a month, and in which row: the plan of a month matched with the diaries that exist.

A diary is known by (practice, kind of clinician, key) and keeps its row, its patients and its carried fraction of a
session as long as the plan names it. A GP who moves to another practice leaves one diary and begins another; but when
another practice begins to serve a site, the diaries kept there are that practice's from then on.
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
    KEY_HIGH,
    KEY_LOW,
    KIND_OF,
    LEAVERS,
    LEAVERS_AT,
    MOST_STAFF,
    OPENED,
    REDIRECT,
    RELAY,
    SERVER,
    SERVES_AS_GP,
    SESSIONS,
    SITES,
    SITES_AT,
    STAFF,
    WEEK,
)  # fmt: skip
from abm.appointments.interface import N_COUNTS, MonthPlan
from abm.appointments.memory import Section, Sections
from abm.appointments.rules import SESSION_UNIT
from abm.appointments.takeover import join_lists
from abm.errors import InputError
from abm.scenario.parameters.appointments import AppointmentParameters

Ints = NDArray[np.int64]
MOST_SESSIONS = 10  # half-days of a week
RECORD_WIDTH = 8
ROW_SECTIONS = ("slots", "call_free", "call_seconds", "ticket", "booked_days", "diary")
BATCH, ATTRIBUTES, WORDS = 32, 21, 12  # requests drawn together and what is put down for each, as in `demand`
SCATTER = np.uint64(0x9E3779B97F4A7C15)


def state_sections(practices: int, ring: int, stride: int) -> list[Section]:
    """The sections of the layer's state: extents that grow begin small."""
    return [
        ("slots", "u8", (0, 3, ring)),  # a row for each diary: FREE, KEPT and TAKEN, by day in the ring
        ("call_free", "u8", (0, 2)),  # today's calls: first and second of each slot
        ("call_seconds", "i8", (0, stride)),
        ("ticket", "u8", (0, ring, stride)),  # who is booked, for how long, no-show, with the usual GP
        (
            "booked_days",
            "u1",
            (0, ring, stride),
        ),  # calendar days from ring to slot of those who rang before, 29: longer
        ("diary", "i8", (0, 11)),
        ("diary_at", "i8", (0,)),  # rows of the diaries, practice by practice: GPs, cover, registrars, nurses, others
        ("usual_below", "i8", (0,)),
        ("leaver", "i8", (0,)),
        ("practice", "i8", (practices, 16)),
        ("head", "i8", (practices, 9 + ring)),
        ("tail", "i8", (practices, 9 + ring)),
        ("counts", "i8", (practices, N_COUNTS)),
        ("rate", "f8", (practices, 6)),
        ("node", "i8", (1, 3)),
        ("ledger", "i8", (6,)),
        ("record", "i8", (0, RECORD_WIDTH)),
        ("at_work", "i8", (10,)),  # GPs at work by half-day, while a locum's are chosen
        ("drawn", "i8", (ATTRIBUTES, BATCH)),  # the requests answered next
        ("raw", "u8", (WORDS, BATCH)),  # the generator's words of a batch
        ("who", "u8", (6 * MOST_STAFF,)),  # today at a practice's desk, see `desk`
        ("anybody", "u8", (8,)),
        ("own", "u8", (MOST_STAFF, 4)),
        ("site_at", "i8", (0,)),  # rows of the sites, practice by practice, ascending
        (
            "site_batch",
            "i8",
            (0, ATTRIBUTES, BATCH),
        ),  # the next requests of each site of a practice that serves several
        ("site_turn", "i8", (0, 5)),
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

    Every practice that serves a site has at least one cover diary, in which the outside locum of a day without a GP
    works too; more than ten cover sessions a week fill a second one, and so on. A week has ten half-days, so a
    clinician has at most ten sessions. Staff without agents are keyed by the practice's own site, kind and number.
    """
    n = len(site_key)
    serves = (plan.server == np.arange(n)).astype(np.int64)
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
        count = np.maximum(np.ceil(amount / unit - 1e-9).astype(np.int64), serves if kind == 1 else 0)
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
    n, server = len(practice), plan.server
    rows = state["diary_at"][: practice[:, STAFF].sum()].copy()
    kept_at = np.repeat(np.arange(n), practice[:, STAFF])
    old_practice, other_gps = server[kept_at], np.zeros(n, bool)
    if (old_practice != kept_at).any():  # sites are taken over: their diaries follow those of the practice that does
        order = np.lexsort((kept_at, old_practice != kept_at, old_practice))
        rows, kept_at, old_practice = rows[order], kept_at[order], old_practice[order]
        other_gps[old_practice[(old_practice != kept_at) & (diary[rows, KIND_OF] == 0)]] = True
        practice[:, OPENED] = practice[:, OPENED].max()  # one that has just begun to serve has not opened any days
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
    other_gps[staff.practice[(staff.kind == 0) & (moved | (place < 0))]] = True
    other_gps[old_practice[~stays][diary[leaver, KIND_OF] == 0]] = True
    diary[row[(staff.kind == 1) & other_gps[staff.practice]], CHANGED] = 1  # half-days of cover depend on the GPs'
    stayed = place >= 0
    other_access = practice[kept_at[place[stayed]], ACCESS] != plan.access_model[staff.practice[stayed]]
    diary[row[stayed][other_access], CHANGED] = 1
    state.put(diary_at=row, leaver=leaver, usual_below=_by_position(plan, staff, n))
    practice = state["practice"]
    count = [np.bincount(staff.practice[staff.kind <= kind], minlength=n) for kind in (0, 2, 4)]
    practice[:, GPS], practice[:, SERVES_AS_GP], practice[:, STAFF] = count
    practice[:, AT] = np.cumsum(count[2]) - count[2]
    gone = np.bincount(old_practice[~stays], minlength=n)
    practice[:, LEAVERS], practice[:, LEAVERS_AT] = gone, np.cumsum(gone) - gone
    practice[:, ACCESS] = plan.access_model
    changed = np.bincount(staff.practice, diary[row, CHANGED], n) + gone
    practice[:, RELAY] = changed > 0
    practice[:, REDIRECT] = np.rint(np.asarray(plan.pharmacy_first, float) * 65536)
    state["rate"][:, :5] = plan.requests_per_open_day
    state["rate"][:, 5] = state["rate"][:, 0]
    for band in range(1, 5):
        state["rate"][:, 5] += state["rate"][:, band]
    _assign_sites(state, server)


def _assign_sites(state: Sections, server: Ints) -> None:
    """Note who serves each site; the lists of waiting patients go to who does."""
    practice = state["practice"]
    served = np.bincount(server, minlength=len(server))
    practice[:, SERVER], practice[:, SITES], practice[:, SITES_AT] = server, served, np.cumsum(served) - served
    state.put(site_at=np.argsort(server, kind="stable"))
    most = int(served.max(initial=0))
    if most > max(len(state["site_turn"]), 1):
        state.lengthen(site_batch=most, site_turn=most)
    join_lists(state, server)


def _by_position(plan: MonthPlan, staff: Staff, n: int) -> Ints:
    """The thresholds of the usual GP at the positions of the diaries."""
    below = np.zeros(len(staff.kind), np.int64)
    below[staff.kind == 0] = usual_thresholds(plan, n)
    return below
