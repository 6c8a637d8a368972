"""A scenario written to a file is the same scenario when read; its digest depends on what is run and nothing else."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from abm.errors import InputError
from abm.scenario.levers import LEVERS, Levers
from abm.scenario.parameters import ModelParameters
from abm.scenario.parameters.registry import entries
from abm.scenario.policy import Change, Policy, policies
from abm.scenario.scenario import PLACES, Scenario
from abm.scenario.shocks import SHOCKS

ROOT = Path(__file__).parents[2]


def values(default, low, high, words=()):
    """Values that a parameter may take."""
    if words:
        return st.sampled_from(words)
    if isinstance(default, bool):
        return st.booleans()
    if isinstance(default, tuple):
        pick = lambda bound, i: bound[i] if isinstance(bound, (list, tuple)) else bound  # noqa: E731
        return st.tuples(*(values(x, pick(low, i), pick(high, i)) for i, x in enumerate(default)))
    if isinstance(default, int):
        return st.integers(low, high)
    return st.floats(low, high if high is not None else 1e7)


PARAMETERS = {e.path: values(e.default, e.low, e.high, e.choices) for e in entries(ModelParameters)}
LEVER_VALUES = {e.path: values(e.default, e.low, e.high, e.choices) for e in entries(Levers)}
CHANGEABLE = [e.path for e in entries(Levers) if e.changes == "any month"]
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=20)


def some_of(options, names, min_size=0):
    chosen = st.lists(st.sampled_from(sorted(names)), unique=True, min_size=min_size, max_size=4)
    return chosen.flatmap(lambda keys: st.fixed_dictionaries({key: options[key] for key in keys}))


@st.composite
def changes(draw):
    months = draw(st.lists(st.integers(1, 24), unique=True, max_size=3))
    return tuple(Change(month=month, **draw(some_of(LEVER_VALUES, CHANGEABLE, min_size=1))) for month in months)


@st.composite
def scenarios(draw):
    own = Policy(name=draw(TEXTS), title=draw(TEXTS), changes=draw(changes()), **draw(some_of(LEVER_VALUES, LEVERS)))
    policy = draw(st.one_of(st.just(own), st.sampled_from(policies()).map(Policy.load)))
    place = draw(st.sampled_from(PLACES))
    scenario = Scenario(
        name=draw(TEXTS),
        place=place,
        practices=draw(st.none() | st.integers(10, 7_909)) if place == "england" else None,
        place_seed=draw(st.integers(0, 2**63 - 1)),
        start=date(draw(st.integers(2002, 2030)), draw(st.integers(1, 12)), 1),
        horizon=draw(st.integers(24, 180)),
        policy=policy,
        engine=draw(st.sampled_from(["compiled", "reference"])),
    )
    for kind in draw(st.lists(st.sampled_from(sorted(SHOCKS)), max_size=3)):
        scenario = scenario.with_shock(kind, month=draw(st.integers(1, 24)))
    taken = {(change.month, name) for change in policy.changes for name in change.levers_set}
    for change in draw(changes()):
        levers = {name: value for name, value in change.levers_set.items() if (change.month, name) not in taken}
        scenario = scenario.with_change(change.month, **levers) if levers else scenario
    return with_valid_parameters(scenario, draw(some_of(PARAMETERS, PARAMETERS)))


def with_valid_parameters(scenario, values):
    """Values within their ranges may still contradict each other (shares that must add up to 1): those are skipped."""
    try:
        return scenario.with_parameters(values)
    except InputError as refused:
        assume("add up" not in str(refused))
        raise


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(scenario=scenarios())
def test_a_file_gives_back_an_equal_scenario(tmp_path, scenario):
    again = Scenario.load(scenario.to_toml(tmp_path / "scenario.toml"))
    assert again == scenario
    assert again.digest() == scenario.digest()
    assert again.policy.levers_set == scenario.policy.levers_set
    assert all(again.policy_at(month) == scenario.policy_at(month) for month in (0, 1, 12, 24))
    manifest = json.loads(json.dumps(scenario.resolved(), allow_nan=False))
    assert Scenario.from_resolved(manifest) == scenario


@settings(max_examples=100, deadline=None)
@given(change=some_of(PARAMETERS, PARAMETERS, min_size=1))
def test_the_digest_changes_exactly_when_a_parameter_does(change):
    base = Scenario.load("inner-city")
    other = with_valid_parameters(base, change)
    assert (other.digest() == base.digest()) == (other.parameters == base.parameters)


def test_every_parameter_lever_and_shock_is_in_the_resolved_scenario():
    resolved = Scenario.load("england").with_shock("winter_surge", month=10).resolved()
    for entry in entries(ModelParameters):
        group, name = entry.path.split(".")
        assert name in resolved["parameters"][group]
    assert set(LEVERS) <= set(resolved["policy"])
    assert resolved["shocks"] == [{"kind": "winter_surge", "month": 10, "demand_factor": 1.15, "months": 3}]
    assert resolved["start"] == "2014-04-01"


TWO_ORDERS = (
    'place = "inner-city"\nhorizon = 24\n[levers]\nod_invest = 1\nbackfill = 0.0\n'
    "[parameters.wellbeing]\nspeed = 0.2\nworkload_effect = 5\n"
    "[[change]]\nmonth = 3\nod_invest = 2\n[[change]]\nmonth = 9\nod_invest = 3\n",
    "[[change]]\nmonth = 9\nod_invest = 3.0\n[[change]]\nod_invest = 2\nmonth = 3\n"
    "[parameters.wellbeing]\nworkload_effect = 5.0\nspeed = 0.2\n",
)


def test_the_digest_does_not_depend_on_the_order_of_keys_or_on_how_numbers_are_written(tmp_path):
    head = 'horizon = 24\nplace = "inner-city"\nlevers = {backfill = -0.0, od_invest = 1.0}\n'
    one, other = tmp_path / "a" / "ward.toml", tmp_path / "b" / "ward.toml"
    for file, text in ((one, TWO_ORDERS[0]), (other, head + TWO_ORDERS[1])):
        file.parent.mkdir()
        file.write_text(text)
    first, second = Scenario.load(one), Scenario.load(other)
    assert first.with_policy(second.policy) == second
    assert first.policy.levers_set == second.policy.levers_set
    assert first.with_policy(second.policy).digest() == second.digest()


def test_the_digest_is_the_same_in_every_process():
    program = (
        "from abm.scenario.scenario import Scenario;"
        "print(Scenario.load('large-rural').with_policy('money-per-head', 'distributed-leadership').digest())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(said) == 1 and len(said.pop().strip()) == 64


def test_a_place_of_files_counts_by_content_not_by_folder(tmp_path):
    for folder, size in (("a", 7000), ("b", 7000), ("c", 7001)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "ward.csv").write_text(f"practice,list\nB81012,{size}\n")
        (tmp_path / folder / "run.toml").write_text('name = "ward"\nplace = "ward.csv"\n')
    a, b, c = (Scenario.load(tmp_path / folder / "run.toml") for folder in "abc")
    assert a.place == str(tmp_path / "a" / "ward.csv")
    assert a.digest() == b.digest() != c.digest()
    manifest = a.resolved()
    (tmp_path / "a" / "ward.csv").write_text("practice,list\nB81012,1\n")
    with pytest.raises(InputError, match="have changed"):
        Scenario.from_resolved(manifest)


def test_a_scenario_next_to_its_place_can_move_with_it(tmp_path):
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "ward.csv").write_text("practice,list\nB81012,7000\n")
    scenario = Scenario.load(tmp_path / "here" / "ward.csv")
    assert scenario.name == "ward"
    scenario.to_toml(tmp_path / "here" / "run.toml")
    (tmp_path / "here").rename(tmp_path / "there")
    assert (
        Scenario.load(tmp_path / "there" / "run.toml").digest()
        == scenario.with_settings(place=str(tmp_path / "there" / "ward.csv")).digest()
    )


def test_every_way_to_name_a_policy_gives_the_same_levers(tmp_path):
    (tmp_path / "mine.toml").write_text("od_invest = 1\nleader_mode = 1\n[[change]]\nmonth = 13\nbackfill = 0.5\n")
    texts = {
        "name": 'policy = "distributed-leadership"\n[[change]]\nmonth = 13\nbackfill = 0.5',
        "list": 'policy = ["distributed-leadership", "as-it-was"]\n[[change]]\nmonth = 13\nbackfill = 0.5',
        "table": "[policy]\nod_invest = 1\nleader_mode = 1\n[[policy.change]]\nmonth = 13\nbackfill = 0.5",
        "levers": "[levers]\nod_invest = 1\nleader_mode = 1\n[[change]]\nmonth = 13\nbackfill = 0.5",
        "both": 'policy = "heroic-leadership"\n[levers]\nleader_mode = 1\n[[change]]\nmonth = 13\nbackfill = 0.5',
        "file": 'policy = "mine.toml"',
    }
    found = []
    for name, text in texts.items():
        (tmp_path / f"{name} run.toml").write_text(f'place = "inner-city"\n{text}\n')
        scenario = Scenario.load(tmp_path / f"{name} run.toml")
        found.append([{lever: getattr(scenario.policy_at(month), lever) for lever in LEVERS} for month in (0, 12, 13)])
    assert all(levers == found[0] for levers in found)
    assert (found[0][1]["leader_mode"], found[0][1]["backfill"], found[0][2]["backfill"]) == (1.0, 0.0, 0.5)


def test_a_change_of_one_scenario_leaves_the_other_as_it_was():
    base = Scenario.load("inner-city")
    before = base.digest()
    base.with_policy("money-per-head").with_parameters({"wellbeing.workload_effect": 5}).with_horizon(12)
    assert base.digest() == before
    with pytest.raises(Exception, match="frozen"):
        base.horizon = 3
