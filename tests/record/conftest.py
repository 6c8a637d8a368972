"""A small made-up world whose months are set by hand, to record without the model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from abm.appointments.interface import N_COUNTS, MonthCounts
from abm.calendar import FIRST_MONTH, Calendar
from abm.columns import (
    COMMISSIONER_COLUMNS,
    EDGE_COLUMNS,
    GP_COLUMNS,
    MERGER_COLUMNS,
    ORGANISATION_COLUMNS,
    PRACTICE_COLUMNS,
    Form,
    Legal,
)
from abm.record.events import DecisionLog, EventLog
from abm.record.ledger import Ledger
from abm.record.recorder import Recorder
from abm.record.results import Run
from abm.scenario.scenario import Scenario
from abm.state import Table
from abm.streams import Streams
from abm.world import World


@dataclass
class SmallWorld:
    """Practices P00, P01 ... in a row 2 km apart, each with two partners and a salaried GP."""

    practice_count: int = 10
    horizon: int = 24
    seed: int = 1
    month: int = FIRST_MONTH - 1
    calendar: Calendar = field(default_factory=Calendar)
    is_open, open_practices, sites = World.is_open, World.open_practices, World.sites

    def __post_init__(self) -> None:
        n = self.practice_count
        self.scenario = Scenario.load("town-and-country").with_horizon(self.horizon)
        self.parameters = self.scenario.parameters
        self.streams = Streams(self.seed)
        self.locality = SimpleNamespace(provenance={"kind": "synthetic", "preset": "small"})
        self.practices, self.gps = Table("practices", PRACTICE_COLUMNS), Table("GPs", GP_COLUMNS)
        self.organisations = Table("organisations", ORGANISATION_COLUMNS)
        self.mergers = Table("mergers", MERGER_COLUMNS)
        self.commissioners = Table("commissioners", COMMISSIONER_COLUMNS)
        self.commissioners.add(1, name="C1", paid_core=1000.0)
        self.practices.add(
            n, name=[f"P{i:02d}" for i in range(n)], title=[f"Surgery {i}" for i in range(n)], commissioner=0,
            x=2.0 * np.arange(n), y=self.draw("y", n) * 6, deprivation=np.arange(n) / max(n - 1, 1),
            served_by=np.arange(n),
            list_by_age=(1_000 + 200 * np.arange(n))[:, None] * np.ones(5), fte_target=3.0, partner_income=100_000.0,
        )  # fmt: skip
        self.ledger = Ledger(self.gps, self.practices, self.organisations)
        self.events, self.seam = EventLog(), SimpleNamespace(log=DecisionLog())
        self.recorder = Recorder()
        edges = Table("trust", EDGE_COLUMNS)
        pairs = [(i, j) for i in range(n) for j in range(n) if i != j]
        edges.add(len(pairs), source=[i for i, _ in pairs], target=[j for _, j in pairs], trust=0.1)
        self.trust = SimpleNamespace(edges=edges)
        self.counts: MonthCounts | None = None
        for practice in range(n):
            for k, role in enumerate(("partner", "partner", "salaried")):
                self.hire(f"P{practice:02d}-{k}", practice, role, FIRST_MONTH)

    def draw(self, process: str, count: int) -> Any:
        return self.streams.uniform(process, max(self.month, FIRST_MONTH), np.arange(count, dtype=np.uint64))

    def hire(self, name: str, practice: int, role: str, month: int) -> int:
        row = int(self.gps.add(1, name=name, role=2, sessions=6.8, age=45.0, burnout=0.4)[0])
        self.ledger.open("post", row, practice, role, month, "hired")
        return row

    def found(self, members: list[int], form: Form = Form.FEDERATION) -> int:
        name = f"{self.practices.name[members[0]]}@{self.month}"
        values = {"institutional": 0.3, "personal": 0.1, "lead_required": 3.0, "lead_supply": 4.0}
        row = int(
            self.organisations.add(
                1, name=name, form=form, legal=Legal.COMPANY, founder=members[0], founded=self.month, **values
            )[0]
        )
        for member in members:
            self.ledger.open("member", member, row, "founder", self.month, "founded together")
        self.ledger.open("leader", 3 * members[0], row, "leader", self.month, "most skilled")
        return row

    def step(self) -> None:
        """A month of chance changes, then its record."""
        self.month += 1
        n = len(self.practices)
        self.practices.load[:] = 0.9 + 0.2 * self.draw("load", n)
        self.practices.access[:] = 0.95 - 0.1 * self.draw("access", n)
        self.gps.burnout[:] = self.draw("burnout", len(self.gps))
        counts = np.floor(100 * self.draw("counts", n * N_COUNTS)).astype(np.int64).reshape(n, N_COUNTS)
        days = {"first_day": self.calendar.first_day(self.month), "last_day": self.calendar.last_day(self.month)}
        zero = np.zeros(n, np.int64)
        self.counts = MonthCounts.of(
            counts, **days, open_days=20, opening_in_system=zero, closing_booked=zero, closing_pending=zero
        )
        chance = self.draw("vote", n)
        self.seam.log.add(
            self.month, "vote", self.gps.name[:n], "P00", ("no", "yes"), (chance < 0.5).astype(int), np.full(n, 0.5),
            chance, {"trust": 0.7 * chance, "reluctance": np.full(n, -0.25)},
        )  # fmt: skip
        if self.month == 3:
            self.found([0, 1, 2])
            self.events.add(self.month, "founded", "P00@3", "P00", 3.0)
        if self.month == 6:
            self.found([4, 5], Form.INFORMAL)
        if self.month == 9:
            self.ledger.close("member", 1, self.month, "withdrew")
            self.events.add(self.month, "withdrew", "P01", "P00@3")
            self.trust.edges.trust[:3] += 0.5
        self.recorder.collect(self)  # type: ignore[arg-type]

    def play(self) -> Run:
        while self.month < self.horizon:
            self.step()
        return Run.of(self, {"record": 0.1})  # type: ignore[arg-type]


@pytest.fixture
def small_world() -> Callable[..., SmallWorld]:
    return SmallWorld


@pytest.fixture(scope="session")
def small_run() -> Run:
    return SmallWorld().play()
