"""The same scenario, seed and code give the same run: in one process, in others, and in two parts."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from abm import Scenario, run, snapshot
from abm.model import FederationModel
from abm.record.results import TABLES
from abm.simulate import finish, resume

HORIZON = 24
BUSY = {"fund_per_head": 3.0, "leader_mode": 0.5, "od_invest": 2.0, "pass_through": "observed", "backfill": 0.5}
POLICIES = {"no policy": {}, "organisations form": BUSY}
REPOSITORY = Path(__file__).resolve().parents[2]
Make = Callable[..., Scenario]


def differing(one: object, other: object) -> list[str]:
    return [name for name in TABLES if not getattr(one, name).equals(getattr(other, name))]


@pytest.fixture(scope="module", params=POLICIES)
def scenario(request: pytest.FixtureRequest, small_scenario: Make) -> Scenario:
    return small_scenario(14, HORIZON, levers=POLICIES[request.param])


@pytest.fixture(scope="module")
def whole(scenario: Scenario) -> object:
    return run(scenario, 3)


def test_the_policy_is_busy_enough_to_test_with(small_scenario: Make) -> None:
    events = run(small_scenario(14, HORIZON, levers=BUSY), 3).events["kind"].value_counts()
    for kind in ("founded", "joined", "dissolved", "motion passed", "leader departed", "left practice", "arrived"):
        assert events.get(kind, 0) > 0, f"nothing of kind '{kind}' happens"


def test_the_same_seed_gives_the_same_run_and_another_does_not(scenario: Scenario, whole: object) -> None:
    again = run(scenario, 3)
    assert differing(whole, again) == []
    assert again.content_hash() == whole.content_hash()
    assert run(scenario, 4).content_hash() != whole.content_hash()


def test_other_models_in_the_same_process_change_nothing(scenario: Scenario, whole: object) -> None:
    first, second = FederationModel(scenario, 3), FederationModel(scenario, 9)
    while not first.finished:
        first.step()
        second.step()
    assert finish(first).content_hash() == whole.content_hash()


def test_every_process_gives_the_same_run(scenario: Scenario, whole: object, tmp_path: Path) -> None:
    path = scenario.to_toml(tmp_path / "scenario.toml")
    program = f"from abm import run; print(run({str(path)!r}, seed=3).content_hash())"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(REPOSITORY)},
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            text=True,
        )
        for hash_seed in ("1", "2")
    ]
    hashes = [process.communicate()[0].strip() for process in processes]
    assert hashes == [whole.content_hash()] * 2


@pytest.mark.parametrize("month", [-5, 0, 5, 12, 20])
def test_a_run_in_two_parts_equals_the_run_whole(scenario: Scenario, whole: object, month: int, tmp_path: Path) -> None:
    model = FederationModel(scenario, 3)
    while model.world.month < month:
        model.step()
    path = snapshot.save(model, tmp_path / "state")
    second = resume(path)
    assert differing(whole, second) == []
    assert second.content_hash() == whole.content_hash()


def test_saving_leaves_the_run_as_it_is_and_a_restored_state_saves_equal(scenario: Scenario, tmp_path: Path) -> None:
    model = FederationModel(scenario, 3)
    while model.world.month < 7:
        model.step()
    first = snapshot.save(model, tmp_path / "first").read_bytes()
    again = snapshot.save(snapshot.load(tmp_path / "first"), tmp_path / "again").read_bytes()
    assert first == again


def test_what_if_from_here_equals_the_changed_scenario_run_whole(scenario: Scenario, tmp_path: Path) -> None:
    changed = scenario.with_change(13, leader_mode=1.0, fund_per_head=6.0, supportiveness=0.9)
    changed = changed.with_shock("reorganisation", month=15)
    model = FederationModel(scenario, 3)
    while model.world.month < 12:
        model.step()
    path = snapshot.save(model, tmp_path / "state")
    second, straight = resume(path, changed), run(changed, 3)
    assert differing(straight, second) == []
    assert second.content_hash() == straight.content_hash() != run(scenario, 3).content_hash()


def test_the_horizon_does_not_reach_back(scenario: Scenario, whole: object) -> None:
    """A month does not know how long the run is going to be."""
    shorter = run(scenario.with_horizon(9), 3)
    for table in ("model", "practices", "organisations", "gps", "events", "decisions"):
        full = getattr(whole, table)
        early = full[full["month"] <= 9].reset_index(drop=True)
        assert getattr(shorter, table).equals(early[getattr(shorter, table).columns]), table
