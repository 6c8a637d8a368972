"""The fit finds what made the figures, stays within bounds, and never looks at the months held out."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abm.errors import InputError
from abm.scenario.parameters import ModelParameters
from abm.scenario.scenario import Scenario
from experiments.waits.eras import Era, Modelled, check_eras, play_era
from experiments.waits.fit import fit, residuals
from experiments.waits.priors import Coordinates, free_numbers, overrides
from experiments.waits.published import PublishedAppointments
from experiments.waits.tables import FITTED, PREDICTED, bands_table, hold_out, months_table, numbers_table

FIRST = date(2018, 1, 1)
ERA = Era("somewhere", FIRST, date(2019, 12, 1))


def smooth(era, values):
    """A made-up layer: figures that follow the numbers in simple, smooth ways."""
    n = era.months
    same_day = 0.3 * values["appointments.carve_out_gp"] + 0.5 * values["appointments.kind_share[0]"]
    later = 0.02 * values["appointments.patience_scale"]
    rest = (1.0 - same_day - later) / 5.0
    share = np.tile([same_day, rest, rest, rest, rest, rest, later], (n, 1))
    total = 1000.0 * values["demand.rate_scale"] * (1 + 0.1 * np.cos(np.arange(n)))
    missed = np.full(n, 0.05 * values["no_show_scale"])
    return Modelled(total, share, missed, np.full(n, 0.5), np.zeros(n))


def as_published(modelled, first=FIRST):
    n = len(modelled.total)
    months = tuple(date(first.year + i // 12, i % 12 + 1, 1) for i in range(n))
    return PublishedAppointments(months, modelled.total, modelled.share, modelled.no_show)


TRUTH = {"demand.rate_scale": 1.12, "appointments.carve_out_gp": 0.35, "no_show_scale": 0.85}


@pytest.fixture(scope="module")
def truth():
    prior = Coordinates(free_numbers(), 1)
    return prior.values(np.zeros(len(prior.axes)), 0) | TRUTH


def test_the_fit_finds_the_numbers_that_made_the_figures(truth):
    result = fit([ERA], as_published(smooth(ERA, truth)), play=smooth)
    found = result.coordinates.values(result.z, 0)
    spread = dict(zip((n.name for n, _ in result.coordinates.axes), np.sqrt(np.diag(result.covariance)), strict=True))
    for number, _ in result.coordinates.axes:
        assert abs(found[number.name] - truth[number.name]) < 2 * number.sd * spread[number.name], number.name
    assert abs(found["demand.rate_scale"] - 1.12) < 0.01
    assert result.misfit[-1] < 0.05 * result.misfit[0]


def test_what_the_figures_do_not_tell_keeps_its_prior(truth):
    result = fit([ERA], as_published(smooth(ERA, truth)), play=smooth)
    at = [number.name for number, _ in result.coordinates.axes].index("appointments.cancels")
    assert result.z[at] == pytest.approx(0, abs=1e-9) and result.covariance[at, at] == pytest.approx(1)


def test_misfit_never_rises(truth):
    odd = as_published(smooth(ERA, truth | {"no_show_scale": 9.0}))
    result = fit([ERA], odd, play=smooth)
    assert all(later <= earlier for earlier, later in zip(result.misfit, result.misfit[1:], strict=False))
    assert (result.coordinates.within(result.z) == result.z).all()


def test_a_number_held_by_its_bound_says_so(truth):
    odd = as_published(smooth(ERA, truth | {"no_show_scale": 9.0}))
    result = fit([ERA], odd, play=smooth)
    numbers = numbers_table(result).set_index("number")
    assert numbers.loc["no_show_scale", "at_bound"] and np.isnan(numbers.loc["no_show_scale", "fitted_sd"])
    assert numbers.loc["no_show_scale", "fitted"] == numbers.loc["no_show_scale", "high"]
    assert not numbers.loc["demand.rate_scale", "at_bound"] and numbers.loc["demand.rate_scale", "fitted_sd"] > 0


def test_figures_that_agree_leave_only_the_prior():
    prior = Coordinates(free_numbers(), 1)
    modelled = smooth(ERA, prior.values(np.zeros(len(prior.axes)), 0))
    assert not residuals(modelled, as_published(modelled)).any()
    gaps = replace(as_published(modelled), no_show=np.full(ERA.months, np.nan))
    assert not residuals(modelled, gaps).any()


def test_held_out_months_do_not_move_the_fit(truth):
    published = as_published(smooth(ERA, truth))
    kept = hold_out([ERA], 6)
    assert kept == [replace(ERA, last=date(2019, 6, 1))]
    spoilt = replace(published, total=published.total * np.where(np.arange(24) < 18, 1, 7))
    assert np.array_equal(fit(kept, published, play=smooth).z, fit(kept, spoilt, play=smooth).z)


def test_eras_that_are_held_out_whole_are_gone():
    later = Era("elsewhere", date(2022, 4, 1), date(2022, 7, 1))
    assert hold_out([ERA, later], 4) == [ERA]
    assert hold_out([ERA, later], 5) == [replace(ERA, last=date(2019, 11, 1))]
    assert hold_out([ERA], 24) == []


@pytest.mark.parametrize(
    ("eras", "words"),
    [
        ([Era("a", FIRST, date(2030, 1, 1))], "not published"),
        ([Era("a", FIRST, date(2018, 6, 1)), Era("b", date(2018, 6, 1), date(2018, 9, 1))], "overlap"),
    ],
)
def test_impossible_eras_are_refused(eras, words, truth):
    with pytest.raises(InputError, match=words):
        check_eras(eras, as_published(smooth(ERA, truth)))


def test_an_era_that_runs_backwards_is_refused():
    with pytest.raises(InputError, match="before it begins"):
        Era("a", date(2019, 1, 1), date(2018, 1, 1))


@settings(max_examples=60)
@given(st.lists(st.floats(-40, 40), min_size=len(Coordinates(free_numbers(), 1).axes),
                max_size=len(Coordinates(free_numbers(), 1).axes)))  # fmt: skip
def test_wherever_the_search_goes_a_scenario_takes_the_values(z):
    values = Coordinates(free_numbers(), 1).values(np.array(z), 0)
    scenario = Scenario.load("town-and-country").with_parameters(overrides(values, ModelParameters()))
    assert sum(scenario.parameters.appointments.kind_share) == pytest.approx(1)
    assert sum(scenario.parameters.appointments.routine_day_share) == pytest.approx(1)


def test_at_the_priors_means_the_layer_is_that_of_the_registry():
    prior = Coordinates(free_numbers(), 1)
    values = prior.values(np.zeros(len(prior.axes)), 0)
    base = Scenario.load("town-and-country")
    moved = base.with_parameters(overrides(values, base.parameters)).parameters
    for group in ("appointments", "demand"):
        for name, value in dict(getattr(base.parameters, group)).items():
            assert np.allclose(getattr(getattr(moved, group), name), value), name


def test_tables_tell_fitted_from_predicted(truth, monkeypatch):
    monkeypatch.setattr("experiments.waits.tables.play_era", smooth)
    published = as_published(smooth(ERA, truth))
    result = fit(hold_out([ERA], 6), published, play=smooth)
    months = months_table(result, [ERA], published, 6)
    assert set(months["part"].to_numpy()[:9]) == {FITTED} and months["part"].value_counts()[PREDICTED] == 6 * 9
    january = months[(months["month"] == "2019-01") & (months["quantity"] == "total")].iloc[0]
    assert january["last_year"] == pytest.approx(published.total[0]) and january["published"] == published.total[12]
    bands = bands_table(months).set_index(["part", "quantity"])
    assert bands.loc[(PREDICTED, "total"), "months"] == 6
    assert abs(bands.loc[(PREDICTED, "0"), "difference"]) < 0.01
    numbers = numbers_table(result).set_index("number")
    assert numbers.loc["demand.rate_scale", "fitted"] == pytest.approx(1.12, abs=0.01)


def test_more_staff_and_less_demand_bring_the_real_layer_closer_to_same_day():
    era = Era("town-and-country", FIRST, date(2018, 1, 1))
    prior = Coordinates(free_numbers(), 1)
    usual = prior.values(np.zeros(len(prior.axes)), 0)
    eased = play_era(era, usual | {"staff": 1.3, "demand.rate_scale": 0.8})
    pressed = play_era(era, usual | {"staff": 0.8, "demand.rate_scale": 1.2})
    assert eased.share[0, 0] > pressed.share[0, 0] and eased.unmet[0] < pressed.unmet[0]
    assert eased.share.sum() == pytest.approx(1)
