"""A watched run is the run that the command would give."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from abm.errors import InputError
from abm.simulate import run
from viz.capacity import Capacity
from viz.frame import NOBODY, label
from viz.runner import Runner, State
from viz.settings import Settings

SMALL = Settings(place="england", practices=12, horizon=14)


@pytest.fixture
def runner() -> Iterator[Callable[..., Runner]]:
    made: list[Runner] = []

    def make(settings: Settings = SMALL, **more: object) -> Runner:
        made.append(Runner(settings, **more))
        return made[-1]

    yield make
    for one in made:
        one.close()


def until(runner: Runner, true: Callable[[State], bool]) -> State:
    state = runner.state
    for _ in range(600):
        if true(state):
            return state
        state = runner.wait(state.version, 0.2)
    raise AssertionError(f"in vain: {state.phase}, month {state.month}, {state.error}")


def ready(state: State) -> bool:
    return state.phase in ("ready", "finished", "failed")


def test_a_lever_changed_during_the_run_gives_the_run_of_that_dated_change(runner: Callable[..., Runner]) -> None:
    watched = runner(until=5)
    until(watched, lambda s: s.month == 5 and ready(s))
    watched.change("fund_per_head", 6.0)
    watched.change("leader_mode", 1.0)
    watched.finish()
    last = until(watched, lambda s: s.phase == "finished")
    assert [(c.month, c.lever) for c in last.settings.changes] == [(6, "fund_per_head"), (6, "leader_mode")]
    told = SMALL.with_change(6, "fund_per_head", 6.0).with_change(6, "leader_mode", 1.0)
    assert watched.run().content_hash() == run(told.scenario(), 1).content_hash()


def test_a_lever_set_before_month_one_acts_from_the_beginning(runner: Callable[..., Runner]) -> None:
    watched = runner()
    until(watched, ready)
    watched.change("od_invest", 4.0)
    watched.finish()
    last = until(watched, lambda s: s.phase == "finished")
    assert last.settings.changes == () and dict(last.settings.levers) == {"od_invest": 4.0}
    assert watched.run().content_hash() == run(SMALL.with_lever("od_invest", 4.0).scenario(), 1).content_hash()


def test_frames_tell_what_the_tables_tell(runner: Callable[..., Runner]) -> None:
    watched = runner(until=14)
    last = until(watched, lambda s: s.phase == "finished")
    assert [frame.month for frame in last.frames] == list(range(15))
    table = watched.run().practices
    for frame in last.frames:
        rows = table[table["month"] == frame.month]
        inside = (rows["organisation"] != "").to_numpy()
        assert ((frame.organisation != NOBODY) == inside).all()
        assert np.allclose(frame.lists, rows["list"], rtol=1e-6)
        assert sum(one.members for one in frame.organisations) == inside.sum()
        assert not frame.lists.flags.writeable


def test_bytes_of_a_frame_say_how_long_they_are(runner: Callable[..., Runner]) -> None:
    frame = until(runner(until=3), lambda s: s.month == 3).frames[-1]
    packed = frame.pack()
    month, practices, ties, talks = np.frombuffer(packed, "<u4", 4)
    assert (month, practices) == (3, 12)
    assert len(packed) == 16 + 4 * practices + 2 * practices + 4 * ties + 4 * talks + 2 * practices
    assert (frame.ties < practices).all() and (frame.talks < practices).all()


def test_pause_stops_and_a_step_is_one_month(runner: Callable[..., Runner]) -> None:
    watched = runner()
    until(watched, ready)
    watched.set_speed(8.0)
    watched.play()
    until(watched, lambda s: s.month >= 2)
    watched.pause()
    paused = until(watched, ready)
    watched.step()
    assert until(watched, lambda s: s.month > paused.month and ready(s)).month == paused.month + 1


def test_starting_again_gives_the_same_first_month(runner: Callable[..., Runner]) -> None:
    watched = runner(until=4)
    first = until(watched, lambda s: s.month == 4).frames[4].pack()
    watched.start(SMALL, until=4)
    again = until(watched, lambda s: s.run_number == 2 and s.month == 4)
    assert again.frames[4].pack() == first


def test_a_fault_is_told_to_its_owner_and_leaves_the_other_runs_alone(runner: Callable[..., Runner]) -> None:
    good, bad = runner(), runner()
    until(good, ready), until(bad, ready)

    def break_it(model: object) -> None:
        model.world.practices = None  # type: ignore[attr-defined]

    bad.ask(break_it)
    bad.step()
    failed = until(bad, lambda s: s.phase == "failed")
    assert "month 1" in failed.error
    good.step()
    assert until(good, lambda s: s.month == 1).error == ""
    bad.start(SMALL)
    assert until(bad, lambda s: s.run_number == 2 and ready(s)).error == ""


def test_a_wish_that_cannot_be_met_leaves_the_run_as_it_was(runner: Callable[..., Runner]) -> None:
    watched = runner(until=2)
    until(watched, lambda s: s.month == 2 and ready(s))
    watched.change("geography", "like-minded")
    refused = until(watched, lambda s: s.error != "")
    assert "start only" in refused.error and refused.phase == "ready" and refused.settings == SMALL
    watched.finish()
    ended = until(watched, lambda s: s.phase == "finished")
    watched.change("clarity", 1.0)
    assert "ended" in until(watched, lambda s: s.error != "").error
    assert ended.settings == watched.state.settings


def test_no_more_runs_than_the_server_allows(runner: Callable[..., Runner]) -> None:
    capacity = Capacity(runs=1, practices=100)
    first = runner(capacity=capacity)
    until(first, ready)
    second = runner(capacity=capacity)
    assert "as many as" in until(second, ready).error
    first.close()
    second.start(SMALL)
    assert until(second, lambda s: s.run_number == 2 and ready(s)).error == ""
    roomy = Capacity(runs=2, practices=100)
    roomy.enter(second, 12)
    with pytest.raises(InputError, match="88 more practices"):
        roomy.enter(first, 89)


def test_letters_of_organisations_are_all_different() -> None:
    assert [label(row) for row in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert len({label(row) for row in range(3_000)}) == 3_000


def test_another_start_need_not_wait_for_the_warm_up(runner: Callable[..., Runner]) -> None:
    watched = runner(Settings(place="england", practices=400, horizon=3))
    until(watched, lambda s: s.warm_up == 1)
    with pytest.raises(InputError, match="not ready"):
        watched.ask(lambda model: model.world.month)
    watched.start(SMALL)
    state = until(watched, lambda s: s.run_number == 2 and ready(s))
    assert state.stage is not None and len(state.stage.names) == 12
