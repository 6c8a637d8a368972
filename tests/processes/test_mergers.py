"""Talks on mergers: who begins them, what they cost when they fail, and that nothing is lost when they do not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from abm import Run, Scenario, run, snapshot
from abm.columns import Form, Status, Talks
from abm.model import FederationModel
from abm.processes import founding
from abm.processes.mergers import sides_of, talk_of_mergers
from abm.record.results import TABLES
from abm.simulate import Run as Played
from abm.world import World

QUIET = {
    "founding.seed_share": 0.0, "founding.call_rate": 0.0, "exploration.rate": 0.0, "withdrawal.rate": 0.0,
}  # fmt: skip
NONE = {"mergers.rate": 0.0, "mergers.survival_rate": 0.0}
OFTEN = {"mergers.rate": 0.05, "mergers.usual_members": 3.0, "mergers.survival_rate": 0.006}
EAGER = {"voting.reluctance": 0.125, "voting.autonomy": 0.6, "voting.money": 6.0}


def at_start(small_model: Callable[..., FederationModel], **parameters: float) -> World:
    """A small place with one federation of all, in which nothing else happens."""
    world = small_model(
        1, practices=12, parameters=QUIET | parameters, levers={"mpo_allowed": "none", "trust_fallback": "off"}
    ).world
    founding.found(world, range(12), Form.FEDERATION, "founded together")
    return world


def months(world: World, count: int) -> None:
    """Only the talks go on, and nobody waits for long after talks that failed."""
    for _ in range(count):
        world.practices.cooldown[:] = 0
        world.month += 1
        world.seam.month = world.month
        talk_of_mergers(world)


@pytest.fixture(scope="module")
def played(small_scenario: Callable[..., Scenario]) -> Run:
    """Five years of a place in which mergers are often proposed."""
    return run(small_scenario(30, 60, parameters=OFTEN | EAGER, levers={"fund_per_head": 1.5}), 2)


def test_without_a_rate_nobody_thinks_of_merging(small_model: Callable[..., FederationModel]) -> None:
    model = small_model(36, practices=16, parameters=NONE)
    assert len(model.world.mergers) == 0
    assert not model.world.events.count(model.world.month, "merged")


def test_in_a_year_of_talks_each_side_is_in_one_only(small_model: Callable[..., FederationModel]) -> None:
    world = at_start(small_model, **OFTEN, **EAGER)
    for _ in range(40):
        months(world, 1)
        mergers, talks = world.mergers, world.practices.talks
        open_rows = np.flatnonzero(mergers.stage == Talks.DUE_DILIGENCE)
        sides = [side for row in open_rows for side in sides_of(world, int(row))]
        assert len(set(sides)) == len(sides) and sorted(np.flatnonzero(talks >= 0)) == sorted(sides)
        assert all(talks[side] == row for row in open_rows for side in sides_of(world, int(row)))
        assert (mergers.due[open_rows] > world.month).all() and (mergers.began[open_rows] <= world.month).all()
    assert len(mergers) > 2


def test_without_failure_and_with_faith_all_that_began_merge(small_model: Callable[..., FederationModel]) -> None:
    world = at_start(small_model, **OFTEN, **EAGER, **{"mergers.failure_rate": 0.0, "mergers.faithful": 1.0})
    months(world, 60)
    mergers = world.mergers
    began = mergers.due > mergers.began
    over = began & (mergers.stage != Talks.DUE_DILIGENCE)
    assert over.sum() > 1
    assert (mergers.stage[over] == Talks.MERGED).all() and (mergers.ended[over] == mergers.due[over]).all()


def test_talks_that_fail_leave_scars(small_model: Callable[..., FederationModel]) -> None:
    world = at_start(small_model, **OFTEN, **EAGER, **{"mergers.failure_rate": 0.1})
    while not (world.mergers.stage == Talks.DUE_DILIGENCE).any():
        months(world, 1)
    row = int(np.flatnonzero(world.mergers.stage == Talks.DUE_DILIGENCE)[0])
    one, other = sides_of(world, row)[:2]
    world.mergers.due[row] = 999
    while world.mergers.stage[row] == Talks.DUE_DILIGENCE:
        trust = world.trust.towards(one, np.array([other]))[0]
        staff = world.ledger.holders("post", one)
        burnout, history = world.gps.burnout[staff].copy(), world.practices.history[one]
        months(world, 1)
    assert world.mergers.stage[row] == Talks.FAILED
    practices = world.practices
    assert world.trust.towards(one, np.array([other]))[0] == pytest.approx(trust - 0.15)
    assert world.gps.burnout[staff] == pytest.approx(np.minimum(1.0, burnout + 0.03))
    assert practices.history[one] == history - 1 and practices.cooldown[one] == 18 and practices.talks[one] == -1
    assert practices.talks_due[one] == pytest.approx(1.5 * world.lists()[one])


def test_a_side_without_partners_drops_out_without_scars(small_model: Callable[..., FederationModel]) -> None:
    world = at_start(small_model, **OFTEN, **EAGER, **{"mergers.failure_rate": 0.0})
    while not (world.mergers.stage == Talks.DUE_DILIGENCE).any():
        months(world, 1)
    row = int(np.flatnonzero(world.mergers.stage == Talks.DUE_DILIGENCE)[0])
    sides = sides_of(world, row)
    world.practices.status[sides[1:]] = Status.MANAGED
    months(world, 1)
    assert world.mergers.stage[row] == Talks.LAPSED
    assert (world.practices.talks_due[sides] == 0).all() and (world.practices.cooldown[sides] == 0).all()


def test_votes_are_on_a_super_partnership_by_three_quarters(played: Run) -> None:
    motions = played.events[played.events["detail"].str.startswith(("to merge ", "to confirm "))]
    assert len(motions) > 10
    assert motions["detail"].str.contains(r"\(super-partnership\).*\(75%\)").all()
    agreed = played.events.query("kind == 'began to merge'")
    passed = motions[motions["detail"].str.startswith("to merge ") & (motions["kind"] == "motion passed")]
    assert set(zip(agreed["month"], agreed["who"], strict=True)) <= set(
        zip(passed["month"], passed["who"], strict=True)
    )


def test_who_was_against_stays_against_and_others_mostly_stand_by_it(played: Run) -> None:
    votes, confirmed = (played.decisions.query(f"kind == '{kind}'") for kind in ("vote", "confirm"))
    on_merger = votes[votes["about"].str.startswith("merger of ")]
    assert len(confirmed) > 10 and confirmed["probability"].unique().tolist() == [0.9]
    for name, mine in confirmed.groupby("who"):
        last = on_merger[(on_merger["who"] == name) & (on_merger["month"] < mine["month"].iloc[0])].tail(1)
        assert not len(last) or last["choice"].iloc[0] == "yes"


def test_practices_fall_in_number_and_patients_do_not(played: Run) -> None:
    model = played.model.set_index("month")
    ended = model["practices_merged"].cumsum() + model["closures"].cumsum()
    assert (model["practices"] == 30 - ended).all() and model["practices"].iloc[-1] < 30
    growth = model["patients"].diff().loc[1:]
    assert (growth[growth.index % 12 != 0].abs() < 1e-6).all(), "lists grow once a year and never shrink"


def test_the_table_has_the_practices_that_exist_and_all_that_was_counted(played: Run) -> None:
    model, practices = played.model.set_index("month").loc[0:], played.practices
    assert (practices.groupby("month").size() == model["practices"]).all()
    assert set(practices["status"]) <= {"active", "managed", "acquired"} and (practices["list"] > 0).all()
    asked = model[["urgent_requests", "routine_requests", "planned_requests"]].sum(axis=1)
    assert practices.groupby("month")["requests"].sum().to_numpy() == pytest.approx(asked.to_numpy(), rel=1e-5)
    merged = played.events.query("kind == 'merged'")
    assert len(merged) and not set(merged["who"]) & set(practices[practices["month"] == 60]["practice"])
    sites = practices.groupby("month")["sites"].sum()
    assert sites.loc[60] == 30 - model["closures"].sum()


def test_super_partnerships_are_large_and_alone(played: Run) -> None:
    large = played.organisations.query("form == 'super-partnership'")
    assert len(large) and (large["members"] == 1).all()
    assert ((large["sites"] >= 3) | (large["population"] >= 20_000)).all()
    assert set(large["legal"]) == {"partnership"}
    joined = played.memberships[played.memberships["where"].isin(large["organisation"].unique())]
    assert (joined[joined["relation"] == "member"]["what"] == "founder").all(), "joined only by merger"


def test_a_run_in_two_parts_across_a_merger_equals_the_run_whole(
    small_scenario: Callable[..., Scenario], played: Run
) -> None:
    merged = played.events.query("kind == 'merged'")["month"]
    scenario = small_scenario(30, 60, parameters=OFTEN | EAGER, levers={"fund_per_head": 1.5})
    model = FederationModel(scenario, 2)
    while model.world.month < int(merged.iloc[0]):
        model.step()
    assert (model.world.practices.status == Status.MERGED).any() and len(model.world.mergers)
    again = snapshot.restore(snapshot.state_of(model))
    while not again.finished:
        again.step()
    parts = Played.of(again.world, {})
    for name in (*TABLES, "events", "decisions"):
        if hasattr(played, name):
            assert getattr(parts, name).equals(getattr(played, name)), name


def test_mergers_are_told_in_words(played: Run) -> None:
    merged = played.events.query("kind == 'merged'").iloc[0]
    story = played.explain(merged["who"])
    assert "a part of" in story.splitlines()[1] and "Became part of" in story
    into = played.explain(merged["about"])
    assert f"({merged['who']}) became part of" in into or "became part of" in into
    failed = played.events.query("kind == 'merger failed'")
    assert len(failed)
    told = played.explain(failed.iloc[0]["who"])
    assert "Saw the merger of" in told and "fail" in told
    large = played.organisations.query("form == 'super-partnership'")["organisation"].iloc[0]
    assert "Super-partnership founded in" in played.explain(large).replace("A super", "Super")
