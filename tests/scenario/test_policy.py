"""Policies: what is shipped, when levers act, and how policies combine."""

import pickle

import pytest

from abm.errors import InputError
from abm.scenario.levers import ABSENT_MECHANISMS, LEVERS
from abm.scenario.policy import Change, Policy, policies
from abm.scenario.scenario import Scenario

BASE = Scenario.load("town-and-country")


def test_shipped_policies_set_the_levers_of_the_model_description():
    assert policies() == (
        "as-it-was",
        "distributed-leadership",
        "enthusiasts-first",
        "heroic-leadership",
        "money-per-head",
        "primary-care-networks-2019",
        "salaried-chain",
        "tower-hamlets",
        "vertical-integration",
    )
    assert {name: Policy.load(name).levers_set for name in policies()} == {
        "as-it-was": {},
        "heroic-leadership": {"leader_mode": 0.0, "od_invest": 1.0},
        "distributed-leadership": {"leader_mode": 1.0, "od_invest": 1.0},
        "money-per-head": {"fund_per_head": 1.5, "pass_through": "observed"},
        "enthusiasts-first": {"fund_per_head": 1.5, "rollout": "enthusiasts"},
        "salaried-chain": {"mpo_allowed": "any", "n_mpo": 2},
        "vertical-integration": {"trust_fallback": "first"},
        "tower-hamlets": {
            "od_invest": 1.0,
            "managers": 3.0,
            "pop_max": 36_000.0,
            "supportiveness": 0.8,
            "it_fund": True,
            "target_money": 8.0,
        },
        "primary-care-networks-2019": {
            "fund_per_head": 1.5,
            "pop_max": 50_000.0,
            "rollout": "deadline",
            "mdt_fte_per_10k": 1.0,
        },
    }
    for name in policies():
        policy = Policy.load(name)
        assert policy.name == name
        assert policy.title and policy.description and policy.source


@pytest.mark.parametrize("month", [-11, 0])
def test_no_lever_acts_in_the_warm_up(month):
    scenario = BASE.with_policy("distributed-leadership").with_change(1, fund_per_head=1.5)
    assert scenario.policy_at(month) == Policy()


def test_a_change_acts_in_its_month_and_not_before():
    scenario = BASE.with_policy("money-per-head").with_change(13, fund_per_head=3).with_change(25, od_invest=2)
    funds = [scenario.policy_at(month).fund_per_head for month in (1, 12, 13, 24, 25, 60)]
    assert funds == [1.5, 1.5, 3.0, 3.0, 3.0, 3.0]
    assert [scenario.policy_at(month).od_invest for month in (24, 25)] == [0.0, 2.0]
    assert scenario.policy_at(60).pass_through == "observed", "levers without a change stay"


def test_a_change_back_to_the_usual_value_counts():
    scenario = BASE.with_policy("money-per-head").with_change(13, fund_per_head=0)
    assert [scenario.policy_at(month).fund_per_head for month in (12, 13)] == [1.5, 0.0]


def test_the_changes_of_policy_and_scenario_share_one_timeline():
    policy = Policy(name="rising", changes=(Change(month=24, od_invest=2), Change(month=12, od_invest=1)))
    scenario = BASE.with_policy(policy).with_change(12, backfill=0.5)
    assert [(change.month, change.levers_set) for change in scenario.timeline] == [
        (12, {"od_invest": 1.0, "backfill": 0.5}),
        (24, {"od_invest": 2.0}),
    ]
    with pytest.raises(InputError, match="lever 'od_invest' is set twice in month 24, to 2 and 3"):
        scenario.with_change(24, od_invest=3)


def test_a_policy_may_plan_beyond_the_horizon_but_a_scenario_may_not():
    policy = Policy(name="rising", changes=(Change(month=24, od_invest=2),))
    short = BASE.with_policy(policy).with_horizon(12)
    assert short.policy_at(12).od_invest == 0.0
    with pytest.raises(InputError, match=r"change.month = 24 is beyond the horizon; allowed are 1 to 12"):
        short.with_change(24, backfill=0.5)


def test_policies_combine_where_they_agree():
    both = Policy.compose("distributed-leadership", "money-per-head")
    assert both.levers_set == {
        "leader_mode": 1.0,
        "od_invest": 1.0,
        "fund_per_head": 1.5,
        "pass_through": "observed",
    }
    assert both.name == "distributed-leadership + money-per-head"
    assert Policy.compose("money-per-head", "enthusiasts-first").fund_per_head == 1.5
    assert Policy.compose("as-it-was", "money-per-head") == Policy.load("money-per-head")


def test_combining_does_not_depend_on_the_order_but_for_the_name():
    names = ["distributed-leadership", "money-per-head", "enthusiasts-first"]
    assert Policy.compose(*names).levers_set == Policy.compose(*reversed(names)).levers_set


def test_policies_that_set_a_lever_differently_do_not_combine():
    with pytest.raises(InputError) as refused:
        Policy.compose("heroic-leadership", "distributed-leadership")
    assert str(refused.value) == (
        "policies 'heroic-leadership' and 'distributed-leadership' cannot be combined: "
        "they set lever 'leader_mode' to 0 and 1"
    )


def test_a_lever_set_to_its_usual_value_is_still_set():
    """Heroic leadership sets leader_mode to 0, which is also its value when nobody sets it."""
    once_sent = pickle.loads(pickle.dumps(Policy.load("heroic-leadership")))
    with pytest.raises(InputError, match="leader_mode"):
        Policy.compose(once_sent, "distributed-leadership")


def test_policies_that_change_a_lever_differently_in_one_month_do_not_combine():
    one = Policy(name="one", changes=(Change(month=13, od_invest=1),))
    other = Policy(name="other", changes=(Change(month=13, od_invest=2),))
    with pytest.raises(InputError, match=r"'one' and 'other' cannot be combined: .*'od_invest' in month 13 to 1 and 2"):
        Policy.compose(one, other)
    assert Policy.compose(one, one).changes == one.changes


def test_a_policy_with_other_levers_says_so_in_its_name():
    policy = Policy.load("distributed-leadership")
    assert policy.with_levers(od_invest=2).name == "distributed-leadership with od_invest 2"
    assert policy.with_levers(od_invest=1) is policy


@pytest.mark.parametrize("name", sorted(ABSENT_MECHANISMS))
def test_a_lever_without_its_mechanism_is_refused_never_ignored(name):
    assert name not in LEVERS
    for make in (
        lambda: Policy(**{name: 0.5}),
        lambda: Change(month=3, **{name: 0.5}),
        lambda: BASE.with_levers(**{name: 0.5}),
        lambda: BASE.with_change(3, **{name: 0.5}),
    ):
        with pytest.raises(InputError, match=rf"lever '{name}' needs .*, which this version does not have$"):
            make()


def test_changes_are_equal_when_they_do_the_same():
    assert Change(month=3, od_invest=0) != Change(month=3, backfill=0)
    assert Change(month=3, od_invest=0) == Change(month=3, od_invest=0.0)
    assert hash(Change(month=3, od_invest=0, backfill=1)) == hash(Change(month=3, backfill=1, od_invest=0))
