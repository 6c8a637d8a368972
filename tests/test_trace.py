"""A practice's days as told by the reference engine are those that the compiled engine plays."""

from collections import Counter
from datetime import date, timedelta

import numpy as np
import pytest

from abm.appointments import events
from abm.errors import InputError
from abm.scenario.scenario import Scenario
from abm.standstill import StandingPlace
from abm.trace import COUNTED, Reception, trace

FIRST, DAYS = date(2014, 4, 7), 3


@pytest.fixture(scope="module")
def scenario():
    return Scenario.load("england").with_settings(practices=10)


@pytest.fixture(scope="module")
def practice(scenario):
    place = StandingPlace(scenario)
    return place.names[int(np.argmin(place.world.lists()))]


@pytest.fixture(scope="module")
def told(scenario, practice):
    return list(trace(scenario, practice, FIRST, DAYS))


def test_the_days_told_are_the_days_that_the_compiled_engine_plays(scenario, practice, told):
    days = StandingPlace(scenario, only=[practice]).days(FIRST)
    next(days)
    want: Counter[str] = Counter()
    for _ in range(DAYS):
        day, _ = next(days)
        want += Counter({
            "new requests": int(day.requests.sum()), "seen": int(day.attended_surgery.sum()),
            "did not come": int(day.no_shows.sum()), "cancelled": int(day.cancelled.sum()),
            "refused": int(day.refused.sum()), "given up": int(day.abandoned.sum()),
            "gone elsewhere": int(day.unmet_urgent.sum()),
        })  # fmt: skip
    got: Counter[str] = Counter()
    for line in told:
        if line.startswith("  The day: "):
            for part in line.removeprefix("  The day: ").rstrip(".").split(", "):
                number, word = part.split(" ", 1)
                got[word] += int(number)
    got.pop("booked")
    assert got == want


def test_a_practice_has_the_same_days_alone_and_among_others(scenario, practice):
    month = date(2014, 4, 1)
    everybody, one = StandingPlace(scenario), StandingPlace(scenario, only=[practice])
    (whole, _), (alone, _) = next(iter(everybody.play(month, 1))), next(iter(one.play(month, 1)))
    row = everybody.names.index(practice)
    assert one.names == [practice]
    assert np.array_equal(whole.wait_days[row], alone.wait_days[0])
    assert whole.attended[row] == alone.attended[0] > 0


def test_it_tells_as_many_open_days_as_asked_in_order(told):
    days = [line for line in told if line.endswith("2014")]
    assert days == ["Monday 7 April 2014", "Tuesday 8 April 2014", "Wednesday 9 April 2014"]


def test_the_clock_never_runs_back(told):
    last = ""
    for line in told:
        if line.endswith("2014"):
            last = ""
        elif line[2:4].isdigit() and line[4] == ":":
            assert line[2:7] >= last, line
            last = line[2:7]


def test_every_request_that_rings_is_told_what_becomes_of_it(told):
    asked = [line for line in told if "new requests" not in line and any(k in line for k in ("needs a GP", "will do"))]
    assert asked and all(":" in line[7:] for line in asked)


def test_total_triage_is_told_as_calls(scenario, practice, tmp_path):
    triage = scenario.with_levers(access_model="doctor_first")
    lines = list(trace(triage, practice, FIRST, 1))
    assert "takes a call first" in lines[0]
    assert any("called by" in line for line in lines)


def test_the_story_is_the_same_twice_and_another_with_another_seed(scenario, practice, told):
    assert list(trace(scenario, practice, FIRST, DAYS)) == told
    assert list(trace(scenario, practice, FIRST, DAYS, seed=2)) != told


def test_every_event_has_words(scenario, practice):
    place = StandingPlace(scenario, only=[practice])
    names = {int(k): str(n) for k, n in zip(place.world.gps.key, place.world.gps.name, strict=True)}
    _, layer = next(place.days(FIRST, engine="reference"))
    heard = []
    layer.listener = lambda patient, what, detail: heard.append((patient, what, detail))
    layer.run_month(place.plan(FIRST, FIRST + timedelta(1), parameters=place.scenario.parameters))
    patient, _, detail = next(item for item in heard if item[1] == events.BOOKED)
    reception = Reception(FIRST, names)
    for what in range(len(events.EVENTS)):
        assert reception._said(patient, what, (*detail[:2], detail[2] % 64, 0))
    assert set(COUNTED) <= set(range(len(events.EVENTS)))


def test_an_unknown_practice_is_refused(scenario):
    with pytest.raises(InputError, match="has no practice 'nowhere'; it has 10"):
        list(trace(scenario, "nowhere", FIRST, 1))
