"""What all tests share: the published data and the settings of property tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from abm.model import FederationModel
from abm.scenario.scenario import Scenario

REPOSITORY = Path(__file__).resolve().parents[1]

settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of published data on English practices; the test is skipped where there is none."""
    named = os.environ.get("GPFED_REAL_DATA")
    folder = Path(named) if named else REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no published data in {folder}: set GPFED_REAL_DATA to the folder that holds them")
    return folder


@pytest.fixture(scope="session")
def small_scenario() -> Callable[..., Scenario]:
    """Makes scenarios of a small made-up place: practices, horizon, levers and parameters, then settings of the run."""

    def make(
        practices: int = 12,
        horizon: int = 60,
        *,
        levers: Mapping[str, Any] | None = None,
        parameters: Mapping[str, Any] | None = None,
        **settings: Any,
    ) -> Scenario:
        scenario = Scenario.load("england").with_settings(practices=practices, **settings).with_horizon(horizon)
        scenario = scenario.with_parameters(parameters or {})
        return scenario.with_levers(**levers) if levers else scenario

    return make


@pytest.fixture(scope="session")
def small_model(small_scenario: Callable[..., Scenario]) -> Callable[..., FederationModel]:
    """Makes models of a small place, stepped to the end of month `until`; the rest is as for `small_scenario`."""

    def make(until: int = -12, *, seed: int = 1, **scenario: Any) -> FederationModel:
        model = FederationModel(small_scenario(**scenario), seed)
        while model.world.month < until:
            model.step()
        return model

    return make
