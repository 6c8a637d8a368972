"""Runs of the whole model: one scenario, seed and code give one result, wherever and however often it is run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from abm import Run, Scenario, run

pytestmark = pytest.mark.slow

HORIZON = 14
SCRIPT = f"""from abm import Scenario, run
print(run(Scenario.load('inner-city').with_horizon({HORIZON}), 3).content_hash())"""


@pytest.fixture(scope="module")
def result() -> Run:
    return run(Scenario.load("inner-city").with_horizon(HORIZON), 3)


@pytest.mark.parametrize("hash_seed", ["0", "1"])
def test_another_process_gives_the_same_content(result: Run, hash_seed: str) -> None:
    root = Path(__file__).resolve().parents[2]
    environment = os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(root)}
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.strip() == result.content_hash()


def test_another_seed_gives_another_run(result: Run) -> None:
    assert run(result.scenario, 4).content_hash() != result.content_hash()


def test_a_saved_run_can_be_made_again_from_its_scenario_file(result: Run, tmp_path: Path) -> None:
    folder = result.save(tmp_path / "run")
    again = run(folder / "scenario.toml", Run.load(folder).seed)
    assert again.content_hash() == result.content_hash() == Run.load(folder).content_hash()


def test_tables_agree_with_the_ledger(result: Run) -> None:
    """Who is a member in the practices table is one in the ledger, month by month; so are the posts of GPs."""
    ledger = result.memberships
    for month in range(HORIZON + 1):
        held = ledger[(ledger["since"] <= month) & (month < ledger["until"])]
        member = held[held["relation"] == "member"].set_index("who")["where"].to_dict()
        practices = result.at("practices", month)
        recorded = practices[practices["organisation"] != ""].set_index("practice")["organisation"].to_dict()
        assert recorded == member
        post = held[held["relation"] == "post"].set_index("who")["where"].to_dict()
        gps = result.at("gps", month)
        assert gps[gps["practice"] != ""].set_index("gp")["practice"].to_dict() == post


def test_probability_and_draw_made_every_two_way_choice(result: Run) -> None:
    decisions = result.decisions
    votes = decisions[decisions["kind"] == "vote"]
    assert len(votes) > 0
    assert ((votes["draw"] < votes["probability"]) == (votes["choice"] == "yes")).all()


def test_every_kind_of_decision_and_event_has_words(result: Run) -> None:
    from abm.record.explanations import EVENTS, KINDS, TERMS

    decisions, events = result.decisions, result.events
    for kind, choice in decisions[["kind", "choice"]].drop_duplicates().itertuples(index=False):
        assert choice in KINDS[kind].said, kind
    assert set(events["kind"]) <= set(EVENTS)
    terms = {name.removeprefix("term_") for name in decisions if name.startswith("term_")}
    assert terms <= set(TERMS)


def test_everybody_can_be_explained(result: Run) -> None:
    for name in (*result.practices["practice"].unique(), *result.organisations["organisation"].unique()):
        text = result.explain(name)
        assert name in text.splitlines()[0] and "decided '" not in text
