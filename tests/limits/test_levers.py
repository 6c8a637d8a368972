"""Each lever at both ends of its range: everything that must balance balances in every month of the run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, get_args

import pytest

from abm import Scenario, run
from abm.record.results import Run
from abm.scenario.levers import LEVERS, Levers

Make = Callable[..., Scenario]
MONTHS = 14


def ends(name: str) -> tuple[Any, ...]:
    """The extreme values of a lever, all words of one that has words."""
    field = Levers.model_fields[name]
    extra = field.json_schema_extra
    assert isinstance(extra, dict)
    if isinstance(field.default, bool):
        return False, True
    if isinstance(field.default, str):
        return get_args(field.annotation)
    return extra["low"], extra["high"]


def cases() -> Iterator[tuple[str, Any]]:
    for name in LEVERS:
        yield from ((name, value) for value in ends(name))


def sound(result: Run) -> None:
    """What the checks of every month do not say: series stay in their bounds and nothing is lost on the way."""
    model = result.model
    assert model["month"].tolist() == list(range(-11, MONTHS + 1))
    for name in ("access", "continuity", "quality", "burnout", "engagement", "capability", "collaborating_share"):
        assert model[name].dropna().between(0, 1).all(), name
    assert model["attitude"].between(-1, 1).all()
    assert (model["fte"] > 0).all()


@pytest.mark.slow
@pytest.mark.parametrize(("name", "value"), list(cases()), ids=str)
def test_a_lever_at_an_end_of_its_range(small_scenario: Make, name: str, value: Any) -> None:
    company = {"fund_per_head": 3.0, "od_invest": 1.0, "leader_mode": 0.5, "backfill": 0.5}
    sound(run(small_scenario(12, MONTHS, levers=company | {name: value}), 1))


@pytest.mark.parametrize("end", [0, -1], ids=["low", "high"])
def test_all_levers_at_one_end_together(small_scenario: Make, end: int) -> None:
    sound(run(small_scenario(12, MONTHS, levers={name: ends(name)[end] for name in LEVERS}), 1))


def test_all_levers_may_change_in_every_month(small_scenario: Make) -> None:
    scenario = small_scenario(12, MONTHS)
    for month in range(2, MONTHS + 1):
        changing = {
            name: ends(name)[(month + place) % len(ends(name))]
            for place, name in enumerate(LEVERS)
            if Levers.model_fields[name].json_schema_extra["changes"] == "any month"  # type: ignore[index]
        }
        scenario = scenario.with_change(month, **changing)
    sound(run(scenario, 1))
