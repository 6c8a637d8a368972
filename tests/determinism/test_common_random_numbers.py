"""Two policies on one seed meet the same people, the same patients and the same weather."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from abm import Scenario, run
from abm.model import FederationModel
from abm.record.results import Run

HORIZON = 24
MONEY = {"fund_per_head": 6.0, "od_invest": 2.0, "backfill": 1.0, "leader_mode": 0.5}
TRAITS = ("female", "strain", "autonomy", "attitude", "skill")
Make = Callable[..., Scenario]
WHOSE = ["month", "kind", "who", "about"]


def scenario_of(make: Make, **options: object) -> Scenario:
    return make(20, HORIZON, **options).with_shock("winter_surge", month=10).with_shock("leader_departure", month=8)


@pytest.fixture(scope="module")
def plain(small_scenario: Make) -> Run:
    return run(scenario_of(small_scenario), 5)


@pytest.fixture(scope="module")
def funded(small_scenario: Make) -> Run:
    return run(scenario_of(small_scenario, levers=MONEY), 5)


def arrivals(result: Run) -> pd.DataFrame:
    events = result.events
    return events.loc[events["kind"] == "arrived", ["month", "who"]].reset_index(drop=True)


def test_policies_differ_at_all(plain: Run, funded: Run) -> None:
    assert not plain.memberships.equals(funded.memberships)
    assert not plain.gps.equals(funded.gps)


def test_the_same_newcomers_arrive_in_the_same_months(plain: Run, funded: Run) -> None:
    assert len(arrivals(plain)) > 10
    assert arrivals(plain).equals(arrivals(funded))


def test_newcomers_bring_the_same_traits(small_scenario: Make) -> None:
    """As they arrive, whatever the policy and wherever they go; later, leading and advice change people."""
    models = [FederationModel(scenario_of(small_scenario, levers=levers), 5) for levers in ({}, MONEY)]
    seen = 0
    while not models[0].finished:
        before = [len(model.world.gps) for model in models]
        for model in models:
            model.step()
        tables = [model.world.gps for model in models]
        rows = [range(count, len(table)) for count, table in zip(before, tables, strict=True)]
        assert tables[0].name[rows[0]].tolist() == tables[1].name[rows[1]].tolist()
        for trait in TRAITS if models[0].world.month <= 0 else ("female", "strain", "autonomy", "age"):
            assert np.array_equal(getattr(tables[0], trait)[rows[0]], getattr(tables[1], trait)[rows[1]]), trait
        seen += len(rows[0])
    assert seen > 10


def test_the_same_weather(plain: Run, funded: Run) -> None:
    def shocks(result: Run) -> pd.DataFrame:
        events = result.events
        return events[events["kind"].str.startswith("shock")].reset_index(drop=True)

    assert len(shocks(plain)) == 2
    assert shocks(plain).equals(shocks(funded))


def test_patients_ask_alike_where_nothing_changes_their_need_to(small_scenario: Make) -> None:
    """New requests of a practice and month are the same under both policies where list and integration are.

    Members of an organisation with a hub are left out: a hub contact may bring a new request.
    """
    models = [FederationModel(scenario_of(small_scenario, levers=levers), 5) for levers in ({}, MONEY)]
    equal = 0
    while not models[0].finished:
        integration = [model.world.practices.integration.copy() for model in models]
        hubs = [model.world.of_organisation("hub_slots").copy() for model in models]
        for model in models:
            model.step()
        worlds = [model.world for model in models]
        assert np.array_equal(worlds[0].lists(), worlds[1].lists())
        same = (integration[0] == integration[1]) & (hubs[0] == 0) & (hubs[1] == 0)
        same &= (worlds[0].of_organisation("hub_slots") == 0) & (worlds[1].of_organisation("hub_slots") == 0)
        requests = [world.counts.requests for world in worlds]
        assert np.array_equal(requests[0][same], requests[1][same])
        equal += int(same.sum())
    assert equal > 12 * 20, "there are practices to compare after the warm-up too"


def paired_decisions(one: Run, other: Run) -> pd.DataFrame:
    frames = [result.decisions[[*WHOSE, "draw"]] for result in (one, other)]
    asked = [frame[~frame["kind"].isin(["search", "choose_practice"])] for frame in frames]
    searched = [frame[frame["kind"].isin(["search", "choose_practice"])].assign(about="") for frame in frames]
    both = [pd.concat(parts).drop_duplicates(WHOSE) for parts in zip(asked, searched, strict=True)]
    return both[0].merge(both[1], on=WHOSE, suffixes=("_one", "_other"))


def test_who_is_asked_the_same_question_draws_the_same_number(plain: Run, funded: Run) -> None:
    pairs = paired_decisions(plain, funded)
    assert len(pairs) > 5_000
    assert {"exit", "explore", "search", "cut_sessions", "choose_practice"} <= set(pairs["kind"])
    assert (pairs["draw_one"] == pairs["draw_other"]).all()


def test_appointments_draw_apart_from_agents(small_scenario: Make, plain: Run) -> None:
    """Other numbers of the appointment layer change what happens, but nobody's luck."""
    other = run(scenario_of(small_scenario, parameters={"appointments.sick": 0.03}), 5)
    assert not other.model["attended"].equals(plain.model["attended"])
    assert arrivals(other).equals(arrivals(plain))
    pairs = paired_decisions(plain, other)
    assert len(pairs) > 5_000
    assert (pairs["draw_one"] == pairs["draw_other"]).all()


def test_warm_up_is_the_same_under_every_policy(plain: Run, funded: Run) -> None:
    for table in ("model", "events", "decisions"):
        one, other = (getattr(result, table) for result in (plain, funded))
        shared = [name for name in one.columns if name in other.columns]
        early = [frame.loc[frame["month"] <= 0, shared].reset_index(drop=True) for frame in (one, other)]
        assert early[0].equals(early[1]), table


def test_a_practice_left_out_changes_nobody_elsewhere(small_scenario: Make) -> None:
    """Rows move up by one; people, patients and their requests stay what they were."""
    scenario = small_scenario(20)
    place = FederationModel(scenario, 5).world.locality
    kept = np.arange(len(place)) != 7
    fewer = replace(place, practices={name: values[kept] for name, values in place.practices.items()})
    full, less = (FederationModel(scenario, 5, locality=locality) for locality in (place, fewer))
    tables = [model.world.gps for model in (full, less)]
    of = [{str(name): row for row, name in enumerate(table.name) if "/L" not in name} for table in tables]
    assert of[1].keys() == {name for name in of[0] if not name.startswith(str(place.practices["code"][7]))}
    rows = [np.array([names[name] for name in of[1]]) for names in of]
    for trait in (*TRAITS, "age", "sessions", "burnout", "role", "joined"):
        assert np.array_equal(getattr(tables[0], trait)[rows[0]], getattr(tables[1], trait)[rows[1]]), trait
    for model in (full, less):
        model.step()
    assert np.array_equal(full.world.counts.requests[kept], less.world.counts.requests)
