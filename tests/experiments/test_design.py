import pytest
from fake_runs import FakeScenario

from abm.errors import InputError
from experiments.design import Design, run_id

PAIR = {"plain": FakeScenario("plain"), "money": FakeScenario("money", effect=0.1)}


def test_runs_go_seed_by_seed_so_that_a_part_of_them_is_balanced():
    runs = Design.of(PAIR, 3).runs
    assert [(run.seed, run.scenario) for run in runs] == [
        (1, "plain"),
        (1, "money"),
        (2, "plain"),
        (2, "money"),
        (3, "plain"),
        (3, "money"),
    ]


def test_a_number_of_seeds_means_that_many_distinct_seeds():
    assert Design.of(PAIR, 20).seeds == tuple(range(1, 21))


def test_every_run_has_an_identity_of_its_own():
    runs = Design.of(PAIR, 10).runs
    assert len({run.id for run in runs}) == 20


def test_identity_follows_content_and_not_place_in_the_design():
    one = {(run.scenario, run.seed): run.id for run in Design.of(PAIR, [1, 2]).runs}
    other = {(run.scenario, run.seed): run.id for run in Design.of({"x": FakeScenario("x"), **PAIR}, [7, 2]).runs}
    assert one["money", 2] == other["money", 2]


@pytest.mark.parametrize("changed", [("other", 1, "code"), ("scenario", 2, "code"), ("scenario", 1, "changed")])
def test_identity_changes_with_scenario_seed_and_code(changed):
    assert run_id(*changed) != run_id("scenario", 1, "code")


@pytest.mark.parametrize(
    ("scenarios", "seeds", "said"),
    [
        ({}, 3, "no scenario"),
        (PAIR, 0, "seeds = 0"),
        (PAIR, [], "no seed"),
        (PAIR, [1, 2, 1], "seed 1 stands twice"),
        (PAIR, [-1], "seed -1"),
        ([FakeScenario("a"), FakeScenario("a", effect=1.0)], 2, "'a' stands twice"),
    ],
)
def test_bad_designs_are_refused_in_one_sentence(scenarios, seeds, said):
    with pytest.raises(InputError, match=said):
        Design.of(scenarios, seeds)
