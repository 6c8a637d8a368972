"""The diaries of the reference engine: a dictionary of pages, each with sets of slots."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from abm.appointments.rules import SESSION_UNIT

if TYPE_CHECKING:
    from abm.appointments.reference_patient import Patient


def seconds_of_slot(slot: int) -> int:
    """Second of the day at which a slot starts; slots from 32 on are the afternoon's."""
    return 30_600 + 600 * slot if slot < 32 else 52_200 + 600 * (slot - 32)


@dataclass
class Page:
    """A clinician's day."""

    free: set[int] = field(default_factory=set)
    kept: set[int] = field(default_factory=set)
    booked: dict[int, Patient] = field(default_factory=dict)
    calls: dict[int, int] = field(default_factory=dict)  # calls left in a slot
    clinician: Any = None
    midnight: int = 0
    finished: int = 0  # second at which the clinician was last free
    finished_morning: int = 0
    halves: set[bool] = field(default_factory=set)

    def slots(self) -> set[int]:
        """All slots of the day that are laid out, booked or not."""
        return self.free | self.kept | set(self.booked)

    def overrun(self, slots: int) -> int:
        """Seconds worked beyond the ends of the sessions."""
        morning = max(self.finished_morning - (30_600 + 600 * slots), 0) if False in self.halves else 0
        return morning + (max(self.finished - (52_200 + 600 * slots), 0) if True in self.halves else 0)


@dataclass
class Diary:
    """What one clinician keeps."""

    kind: int
    key: int
    slots: int
    sessions: int  # a week, in units of 1 / SESSION_UNIT
    carried: int
    week: int
    access: int  # the access model for which its pages are laid out
    changed: bool = True
    pages: dict[int, Page] = field(default_factory=dict)

    @property
    def signed_key(self) -> int:
        """The key as records hold it."""
        return int(np.uint64(self.key).astype(np.int64))

    def sessions_of_week(self, week: int) -> int:
        """The whole part, and one more when the carried fraction reaches one."""
        before = self.carried + self.sessions * (week - self.week)
        return min((before + self.sessions) // SESSION_UNIT - before // SESSION_UNIT, 10)

    def template(self, week: int) -> list[int]:
        """Half-days 3(j + key) mod 10."""
        return [3 * (j + self.key) % 10 for j in range(self.sessions_of_week(week))]


def in_turn(diaries: list[Diary], usual: Diary | None) -> list[Diary]:
    """Diaries in order from the usual GP's on."""
    start = next((i for i, diary in enumerate(diaries) if diary is usual), 0)
    return diaries[start:] + diaries[:start]
