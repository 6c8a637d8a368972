"""What is drawn for a request follows the distributions that the parameters state."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pytest
from numba import njit
from scipy import stats

from abm.appointments.demand import (
    ATTRIBUTES,
    BATCH,
    CLOSING,
    FOR_GP,
    FOR_PHARMACIST,
    KIND,
    LENGTH_ENTRY,
    OPENING,
    PATIENCE,
    PREFERS_USUAL,
    SUITABILITY,
    WANTED,
    WORDS,
    draw_requests,
    request_second,
)
from abm.appointments.random_bits import (
    GAP_UNIT,
    LN2,
    MINUS_LOG,
    U64,
    exponential_gap,
    leading_zeros,
    population,
    trailing_zeros,
)
from abm.appointments.rules import (
    EPOCH,
    TABLE,
    compile_rules,
    length_table,
    open_calendar,
    patience_table,
    session_pattern,
)
from abm.calendar import is_open
from abm.scenario.parameters.appointments import AppointmentParameters

RAW = np.zeros((WORDS, BATCH), np.uint64)


def test_literal_table_is_the_logarithm() -> None:
    assert [round(-math.log(0.5 + j / 128) * 2**32) for j in range(65)] == MINUS_LOG.tolist()
    assert round(math.log(2) * 2**32) == LN2


@pytest.mark.parametrize("word", [0, 1, 2, 12345, 2**16, 2**31 - 1, 2**31, 3 * 2**30, 2**32 - 1])
def test_gap_is_the_exponential_quantile(word: int) -> None:
    exact = -math.log((word + 0.5) / 2**32)
    assert 0 <= int(exponential_gap(U64(word), MINUS_LOG)) / GAP_UNIT - exact < 3.2e-5


def test_gaps_pass_as_exponential() -> None:
    words = np.random.Philox(7).random_raw(20_000) >> np.uint64(32)
    gaps = [int(exponential_gap(U64(word), MINUS_LOG)) / GAP_UNIT for word in words]
    assert stats.kstest(gaps, "expon").pvalue > 1e-3


@njit
def compiled_counts(word):  # type: ignore[no-untyped-def]
    return population(word), leading_zeros(word), trailing_zeros(word)


@pytest.mark.parametrize("word", [0, 1, 2, 40, 2**63, 2**64 - 1, 0x00F0_0000_0001_0000])
def test_bit_counts(word: int) -> None:
    set_bits, leading, trailing = compiled_counts(U64(word))
    assert set_bits == word.bit_count()
    assert leading == 64 - word.bit_length()
    assert trailing == ((word & -word).bit_length() - 1 if word else 64)


@pytest.mark.parametrize(("scale", "shape"), [(11.0, 1.3), (7.0, 1.3), (18.0, 1.0)])
def test_patience_is_weibull_in_whole_days(scale: float, shape: float) -> None:
    table = patience_table(scale, shape)
    for days in range(1, 30):
        assert (table >= days).mean() == pytest.approx(stats.weibull_min.sf(days, shape, scale=scale), abs=1 / TABLE)


@pytest.mark.parametrize(("minutes", "variation"), [(9.2, 0.65), (14.0, 0.65), (10.0, 0.3)])
def test_lengths_are_lognormal_with_the_mean_asked_for(minutes: float, variation: float) -> None:
    table = length_table(minutes, variation)
    assert table.mean() == pytest.approx(60 * minutes, rel=1e-3)
    assert table.std() / table.mean() == pytest.approx(variation, rel=0.03)
    sigma = math.sqrt(math.log(1 + variation**2))
    median = stats.lognorm.ppf(0.5, sigma, scale=60 * minutes / math.sqrt(1 + variation**2))
    assert np.median(table) == pytest.approx(median, rel=0.01)


@pytest.mark.parametrize(("slots", "share"), [(16, 0.5), (15, 0.3), (7, 0.25), (20, 0.0), (18, 1.0)])
def test_kept_slots_are_evenly_spaced(slots: int, share: float) -> None:
    face, kept, calls = session_pattern(slots, share, with_calls=False)
    assert face == (1 << slots) - 1 and calls == 0
    assert kept.bit_count() == math.floor(slots * share + 1e-9)
    places = [slot for slot in range(slots) if kept >> slot & 1]
    assert not places or max(np.diff(places), default=1) - min(np.diff(places), default=1) <= 1


def test_every_second_slot_holds_calls() -> None:
    face, kept, calls = session_pattern(16, 0.5, with_calls=True)
    assert calls.bit_count() == face.bit_count() == 8 and face & calls == 0
    assert kept & ~face == 0 and kept.bit_count() == 4


def test_calendar_of_open_days() -> None:
    open_day, open_until = open_calendar()
    for number in range(5000, 5800):
        day = EPOCH + timedelta(number)
        assert is_open(day) == (open_until[number] > open_until[number - 1])
        assert not is_open(day) or open_day[open_until[number]] == number
    year = [date(2014, 1, 1) + timedelta(i) for i in range(365)]
    assert sum(is_open(day) for day in year) == 253


def test_requests_are_as_the_parameters_say() -> None:
    parameters = AppointmentParameters()
    rules = compile_rules(parameters, (1, 2), MINUS_LOG)
    draws = []
    for batch in range(1500):
        drawn = np.zeros((ATTRIBUTES, BATCH + 1), np.int64)
        draw_requests(drawn, RAW, rules["scalar"], rules["patience"], 99, 5000 + batch, 0, 0, 0, BATCH)
        draws.append(drawn[:, :BATCH])
    drawn = np.concatenate(draws, axis=1)
    total = drawn.shape[1]

    def share(which: np.ndarray) -> float:  # type: ignore[type-arg]
        return float(which.mean())

    def near(expected: float, among: int) -> object:
        return pytest.approx(expected, abs=4 * math.sqrt(expected * (1 - expected) / among))

    for kind, expected in enumerate(parameters.kind_share):
        of_kind = drawn[KIND] == kind
        assert share(of_kind) == near(expected, total)
        suitability = drawn[SUITABILITY, of_kind]
        assert share(suitability == FOR_GP) == near(parameters.gp_only_share[kind], of_kind.sum())
        rest = suitability[suitability != FOR_GP]
        assert share(rest == FOR_PHARMACIST) == near(parameters.pharmacist_share, len(rest))
    wanted = drawn[WANTED]
    assert (wanted[drawn[KIND] == 0] == 0).all()
    routine = wanted[drawn[KIND] == 1]
    for (first, last), expected in zip(
        ((1, 1), (2, 5), (6, 10), (11, 15), (16, 20)), parameters.routine_day_share, strict=True
    ):
        assert share((routine >= first) & (routine <= last)) == near(expected, len(routine))
    planned = wanted[drawn[KIND] == 2]
    assert planned.min() == 5 and planned.max() == 30
    assert planned.mean() == pytest.approx(17.5, abs=0.5)
    assert share(drawn[PREFERS_USUAL] == -1) == near(parameters.prefers_usual_gp, total)
    assert drawn[PATIENCE].mean() == pytest.approx(rules["patience"].mean(), rel=0.02)
    assert drawn[LENGTH_ENTRY].min() < 5 and drawn[LENGTH_ENTRY].max() > TABLE - 5


def test_whoever_needs_not_today_wants_a_later_day_even_at_the_ends_of_the_ranges() -> None:
    """On this rests that urgent and other new requests may be booked apart."""
    lowest = AppointmentParameters.model_fields["planned_day_first"].json_schema_extra["low"]  # type: ignore[index]
    parameters = AppointmentParameters(planned_day_first=lowest, planned_day_last=30)
    rules = compile_rules(parameters, (1, 2), MINUS_LOG)
    drawn = np.zeros((ATTRIBUTES, BATCH), np.int64)
    for day in range(5000, 5300):
        draw_requests(drawn, RAW, rules["scalar"], rules["patience"], 99, day, 0, 0, 0, BATCH)
        assert (drawn[WANTED, drawn[KIND] != 0] >= 1).all()


def test_attributes_do_not_depend_on_the_batch() -> None:
    rules = compile_rules(AppointmentParameters(), (3, 4), MINUS_LOG)
    batch, alone = np.zeros((ATTRIBUTES, BATCH + 1), np.int64), np.zeros((ATTRIBUTES, BATCH + 1), np.int64)
    draw_requests(batch, RAW, rules["scalar"], rules["patience"], 7, 6000, 32, 0, 0, BATCH)
    for i in (0, 5, BATCH - 1):
        draw_requests(alone, RAW, rules["scalar"], rules["patience"], 7, 6000, 32 + i, 0, BATCH, 1)
        assert (alone[:, BATCH] == batch[:, i]).all()


def test_day_of_requests_has_its_first_hour_and_falls_linearly() -> None:
    shares = (np.arange(20_000) + 0.5) / 20_000
    seconds = np.array([int(request_second(share, 0.35, 3600 / 0.35, 1 / 0.65)) for share in shares])
    assert (np.diff(seconds) >= 0).all() and seconds[0] >= OPENING and seconds[-1] < CLOSING
    assert (seconds < OPENING + 3600).mean() == pytest.approx(0.35, abs=1e-3)
    late = seconds[seconds >= OPENING + 3600] - OPENING - 3600
    half = (CLOSING - OPENING - 3600) / 2
    assert (late < half).mean() == pytest.approx(0.75, abs=2e-3)  # a linear fall puts three quarters in the first half
