"""Recorded series against sums done by hand, and against each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm.columns import Form
from abm.record.month import percentile, quintile_slope
from abm.record.recorder import Recorder
from abm.record.results import SUMMARY, Run
from abm.record.series import TABLES


def test_months_are_kept_from_the_warm_up_to_the_horizon(small_run: Run) -> None:
    model = small_run.model
    assert model["month"].tolist() == list(range(-11, 25))
    assert model.loc[model["warm_up"], "month"].tolist() == list(range(-11, 1))
    assert model.set_index("month").loc[1, "date"].isoformat() == "2014-04-01T00:00:00"
    assert small_run.practices["month"].unique().tolist() == list(range(25))


def test_the_model_table_is_the_sum_of_the_practices(small_run: Run) -> None:
    practices, model = small_run.practices, small_run.model.set_index("month").loc[0:]
    weighted = practices.assign(load=practices["load"] * practices["list"])
    by_month = weighted.groupby("month")
    np.testing.assert_allclose(by_month["list"].sum(), model["patients"])
    np.testing.assert_allclose(by_month["load"].sum() / by_month["list"].sum(), model["load"], rtol=1e-6)
    np.testing.assert_allclose(by_month["unmet_urgent"].sum(), model["unmet_urgent"])
    collaborating = (practices["organisation"] != "").groupby(practices["month"]).mean()
    np.testing.assert_allclose(collaborating, model["collaborating_share"])
    np.testing.assert_allclose(model["informal_share"] + model["federation_share"], model["collaborating_share"])


def test_shares_of_a_whole_add_up(small_run: Run) -> None:
    model = small_run.model
    bands = [name for name in model if name.startswith("wait_")]
    assert len(bands) == 7
    np.testing.assert_allclose(model[bands].sum(axis=1), 1.0)
    np.testing.assert_allclose(model[["partner_share", "salaried_share", "sessional_share"]].sum(axis=1), 1.0)
    np.testing.assert_allclose(model[["fte_partner", "fte_salaried", "fte_sessional"]].sum(axis=1), model["fte"])


def test_stocks_follow_their_flows(small_run: Run) -> None:
    model = small_run.model
    change = model["organisations"].diff().dropna()
    flow = (model["organisations_formed"] - model["organisations_ended"]).iloc[1:]
    assert (change == flow).all()
    members = (model["collaborating_share"] * model["practices"]).diff().dropna()
    np.testing.assert_allclose(members, (model["joins"] - model["departures"]).iloc[1:], atol=1e-12)
    assert model.set_index("month").loc[[3, 6, 9], "joins"].tolist() == [3, 2, 0]
    assert model.set_index("month").loc[9, "departures"] == 1


def test_organisations_have_the_population_and_members_of_their_practices(small_run: Run) -> None:
    practices = small_run.practices
    inside = practices[practices["organisation"] != ""].groupby(["month", "organisation"])["list"].agg(["sum", "count"])
    recorded = small_run.organisations.set_index(["month", "organisation"])
    np.testing.assert_allclose(recorded["population"], inside.loc[recorded.index, "sum"])
    assert (recorded["members"] == inside.loc[recorded.index, "count"]).all()
    last = recorded.loc[24]
    assert (last.loc["P00@3", "form"], last.loc["P04@6", "form"]) == ("federation", "informal")
    assert last.loc["P00@3", "capability"] == np.float32(0.4)
    assert small_run.model["personal_capability_share"].iloc[-1] == pytest.approx(0.25)


def test_records_are_copies(small_world: Callable[..., Any]) -> None:
    world = small_world(horizon=2)
    world.step()
    before = world.recorder.frame("model")
    world.practices.load[:] = 99.0
    world.practices.list_by_age[:] = 0.0
    assert world.recorder.frame("model").equals(before)


def test_exits_entrants_and_role_changes_are_counted_in_their_month(small_world: Callable[..., Any]) -> None:
    world = small_world(horizon=4)
    world.step()
    world.ledger.close("post", 0, world.month, "left")
    world.gps.alive[0] = False
    world.ledger.close("post", 1, world.month, "became salaried")
    world.ledger.open("post", 1, 0, "salaried", world.month, "became salaried")
    world.hire("newcomer", 3, "salaried", world.month)
    world.step()
    world.step()
    model = world.recorder.frame("model")
    assert model[["exits", "entrants", "role_changes"]].to_numpy().tolist() == [[0, 0, 0], [1, 1, 1], [0, 0, 0]]
    assert model["gps"].tolist() == [30, 30, 30]
    assert model["fte_partner"].diff().round(6).tolist()[1] == -1.6


def test_trust_is_known_at_every_month_from_its_changes(small_run: Run) -> None:
    from abm.record.networks import trust_at

    trust = small_run.trust
    assert (trust["month"] == 0).sum() == 90
    assert trust.loc[trust["month"] > 0, "month"].tolist() == [9, 9, 9]
    for month, raised in ((8, 0), (9, 3), (24, 3)):
        now = trust_at(trust, month)
        assert len(now) == 90
        assert (now["trust"] > 0.5).sum() == raised


@pytest.mark.parametrize("at", [-5, 0, 7])
def test_a_recorder_that_was_saved_goes_on_as_if_nothing_had_happened(small_world: Callable[..., Any], at: int) -> None:
    world = small_world(horizon=10)
    whole = small_world(horizon=10).play()
    while world.month < at:
        world.step()
    saved, world.recorder = world.recorder.save(), Recorder()
    world.recorder.load(saved)
    parts = world.play()
    assert parts.content_hash() == whole.content_hash()


def test_every_series_is_declared_once_with_label_and_unit() -> None:
    for table, series in TABLES.items():
        names = [item.name for item in series]
        assert len(set(names)) == len(names), table
        assert all(item.label and item.unit for item in series), table
    labels = [item.label for item in TABLES["model"]]
    assert len(set(labels)) == len(labels)
    assert set(SUMMARY) <= {item.name for item in TABLES["model"]}


def test_concentration_by_hand(small_world: Callable[..., Any]) -> None:
    world = small_world(practice_count=4, horizon=1)
    world.practices.list_by_age[:] = 200.0
    world.month = 0
    world.found([0, 1], Form.INFORMAL)
    world.recorder.collect(world)
    assert world.recorder.latest()["concentration"] == pytest.approx(0.5**2 + 2 * 0.25**2)


@given(slope=st.floats(-5, 5), weights=st.lists(st.floats(0.1, 10), min_size=10, max_size=10))
def test_the_slope_over_quintiles_finds_a_gradient(slope: float, weights: list[float]) -> None:
    deprivation = np.arange(10) / 10
    values = 3.0 + slope * np.repeat(np.arange(5), 2)
    assert quintile_slope(values, deprivation, np.array(weights)) == pytest.approx(slope, abs=1e-9)
    assert np.isnan(quintile_slope(values[:4], deprivation[:4], np.ones(4)))


@given(values=st.lists(st.floats(-1e6, 1e6), min_size=1), percent=st.floats(0, 100))
def test_percentiles_are_those_of_numpy(values: list[float], percent: float) -> None:
    expected = np.percentile(values, percent)
    assert percentile(np.sort(np.array(values)), percent) == pytest.approx(expected, rel=1e-9, abs=1e-6)
