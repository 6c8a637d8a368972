"""Runs of the small made-up world of the record's tests, with the events that a report tells of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from abm.columns import Form
from abm.record.results import Run
from abm.report.values import SEEDED
from tests.record.conftest import SmallWorld


@dataclass
class TellingWorld(SmallWorld):
    """Groups from before the start; GPs who leave and arrive; talks that fail; the usual small world else."""

    def step(self) -> None:
        month = self.month + 1
        if month == 1:
            self.month = month
            self.seed_group([7, 8, 9])
            self.month = month - 1
        if month == 5:
            self.leave("P00-1", "P00", "partner", 62.0, 0.7)
        if month == 14:
            self.leave("P03-2", "P03", "salaried", 41.0, 0.2)
            self.events.add(month, "arrived", "C1/E1", "P03", detail="salaried")
            self.events.add(month, "talks failed", "P05", "P06", detail="federation")
        super().step()

    def seed_group(self, members: list[int]) -> None:
        row = self.organisations.add(1, name="P07@1", form=Form.INFORMAL, founder=members[0], founded=-11)[0]
        self.events.add(1, "founded", "P07@1", "P07", 3.0, "informal")
        for member in members:
            self.ledger.open("member", member, int(row), "founder", 1, SEEDED)
            self.events.add(1, "joined", f"P{member:02d}", "P07@1", detail=SEEDED)

    def leave(self, gp: str, practice: str, role: str, age: float, burnout: float) -> None:
        month = self.month + 1
        self.events.add(month, "left practice", gp, practice, age, role)
        terms = {"burnout": burnout, "burnout_factor": 1.6, "hazard": 0.2}
        self.seam.log.add(month, "exit", [gp], "", ("stay", "leave practice"), [1], [0.02], [0.01],
                          {name: [value] for name, value in terms.items()})  # fmt: skip


@pytest.fixture(scope="session")
def small_run() -> Run:
    return SmallWorld().play()


@pytest.fixture(scope="session")
def seeded_run() -> Run:
    return TellingWorld().play()


@pytest.fixture(scope="session")
def telling_world() -> Callable[..., TellingWorld]:
    return TellingWorld


@pytest.fixture(scope="session")
def small_world() -> Callable[..., SmallWorld]:
    return SmallWorld
