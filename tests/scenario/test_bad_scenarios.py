"""Bad input gives one sentence that names file, key, value and what is allowed, and no traceback."""

import re

import numpy as np
import pytest

import gpfed
from abm.errors import InputError
from abm.scenario.policy import Policy
from abm.scenario.scenario import Scenario

PLACE = 'place = "inner-city"\n'
PLACES = "town-and-country, large-urban, inner-city, large-rural, england, a CSV file or a folder of a place"
SHOCKS = "reorganisation, leader_departure, winter_surge, funding_cut, retirement_wave"

BAD = {
    "unknown key": (
        PLACE + "horizn = 12",
        "horizn = 12 is an unknown key; allowed are name, place, practices, place_seed, start, horizon, policy, "
        "change, shock, parameters, engine, decisions, gps_every; did you mean 'horizon'?",
    ),
    "unknown lever of a policy": (
        PLACE + "[policy]\nleader_mod = 1",
        "policy.leader_mod = 1 is an unknown key; allowed are the 33 keys that `gpfed schema` lists; did you mean "
        "'leader_mode'?",
    ),
    "unknown extra lever": (
        PLACE + "[levers]\nleader_mod = 1",
        "levers.leader_mod = 1 is an unknown key; allowed are the 28 keys that `gpfed schema` lists; did you mean "
        "'leader_mode'?",
    ),
    "unknown lever of a change": (
        PLACE + "[[change]]\nmonth = 3\nfund_per_hed = 1",
        "change[1].fund_per_hed = 1 is an unknown key; allowed are the 29 keys that `gpfed schema` lists; did you mean "
        "'fund_per_head'?",
    ),
    "unknown key of a shock": (
        PLACE + '[[shock]]\nkind = "winter_surge"\nmonth = 3\nfactor = 2',
        "shock[1].factor = 2 is an unknown key; allowed are kind, month, demand_factor, months; did you mean "
        "'demand_factor'?",
    ),
    "unknown mechanism": (
        PLACE + "[parameters.wellbeng]\nspeed = 1",
        re.compile(r"parameters.wellbeng = {speed = 1} is an unknown key; allowed are .*did you mean 'wellbeing'\?"),
    ),
    "unknown parameter": (
        PLACE + "[parameters.wellbeing]\nworkload_efect = 1",
        re.compile(
            r"parameters.wellbeing.workload_efect = 1 is an unknown key; .*workload_effect.*did you mean "
            r"'workload_effect'\?"
        ),
    ),
    "wrong type": (PLACE + 'horizon = "60"', 'horizon = "60" is not a whole number; allowed are 1 to 180 months'),
    "half a month": (PLACE + "horizon = 60.5", "horizon = 60.5 is not a whole number; allowed are 1 to 180 months"),
    "truth for a number": (
        PLACE + "[levers]\nod_invest = true",
        "levers.od_invest = true is not a number; allowed are 0 to 4 £/head/yr",
    ),
    "number for truth": (PLACE + "[levers]\nit_fund = 1", "levers.it_fund = 1 is not true or false"),
    "number for a table": (PLACE + "parameters = 3", "parameters = 3 is not a table"),
    "out of range": (
        PLACE + "[parameters.wellbeing]\nworkload_effect = 12",
        "parameters.wellbeing.workload_effect = 12 is out of range; allowed are 3 to 9",
    ),
    "out of range with unit": (
        PLACE + "[policy]\nod_invest = 9",
        "policy.od_invest = 9 is out of range; allowed are 0 to 4 £/head/yr",
    ),
    "out of range in a policy's change": (
        PLACE + "[[policy.change]]\nmonth = 3\nod_invest = 9",
        "policy.change[1].od_invest = 9 is out of range; allowed are 0 to 4 £/head/yr",
    ),
    "too few": (
        PLACE + "[levers]\npop_max = 500",
        "levers.pop_max = 500 is out of range; allowed is 10000 persons or more",
    ),
    "not a number": (
        PLACE + "[parameters.wellbeing]\nworkload_effect = nan",
        "parameters.wellbeing.workload_effect = nan is not a finite number; allowed are 3 to 9",
    ),
    "infinity": (
        PLACE + "[levers]\npop_max = inf",
        "levers.pop_max = inf is not a finite number; allowed is 10000 persons or more",
    ),
    "unknown policy": (
        PLACE + 'policy = "heroic-leadrship"',
        'policy = "heroic-leadrship" is unknown; allowed are as-it-was, distributed-leadership, enthusiasts-first, '
        "heroic-leadership, money-per-head, primary-care-networks-2019, salaried-chain, tower-hamlets, "
        "vertical-integration, or the path of a policy file (.toml); "
        "did you mean 'heroic-leadership'?",
    ),
    "policies that disagree": (
        PLACE + 'policy = ["heroic-leadership", "distributed-leadership"]',
        "policies 'heroic-leadership' and 'distributed-leadership' cannot be combined: they set lever 'leader_mode' "
        "to 0 and 1",
    ),
    "no policy": (PLACE + "policy = 3", re.compile("policy = 3 is no policy; allowed are a name .*, a policy file .*")),
    "empty list of policies": (PLACE + "policy = []", re.compile(r"policy = \[\] is no policy; allowed are a name .*")),
    "unknown place": (
        'place = "inner-cty"',
        f"place = \"inner-cty\" is unknown; allowed are {PLACES}; did you mean 'inner-city'?",
    ),
    "missing place file": ('place = "wake.csv"', f'place = "wake.csv" does not exist; allowed are {PLACES}'),
    "missing place": ("horizon = 12", f"key 'place' is missing; allowed are {PLACES}"),
    "practices of a preset": (
        PLACE + "practices = 50",
        'practices = 50 does not fit place = "inner-city"; allowed only for "england"',
    ),
    "unknown shock": (
        PLACE + '[[shock]]\nkind = "reorganization"\nmonth = 3',
        f"shock[1].kind = \"reorganization\" is unknown; allowed are {SHOCKS}; did you mean 'reorganisation'?",
    ),
    "shock without kind": (PLACE + "[[shock]]\nmonth = 3", f"key 'shock[1].kind' is missing; allowed are {SHOCKS}"),
    "shock without month": (
        PLACE + '[[shock]]\nkind = "winter_surge"',
        "key 'shock[1].month' is missing; allowed are 1 to 180 (month of the run)",
    ),
    "shock beyond the horizon": (
        PLACE + 'horizon = 12\n[[shock]]\nkind = "funding_cut"\nmonth = 13',
        "shock.month = 13 is beyond the horizon; allowed are 1 to 12",
    ),
    "change beyond the horizon": (
        PLACE + "[[change]]\nmonth = 61\nod_invest = 1",
        "change.month = 61 is beyond the horizon; allowed are 1 to 60",
    ),
    "change in the warm-up": (
        PLACE + "[[change]]\nmonth = 0\nod_invest = 1",
        "change[1].month = 0 is out of range; allowed are 1 to 180 (month of the run)",
    ),
    "change of nothing": (
        PLACE + "[[change]]\nmonth = 3",
        "change[1]: sets no lever; allowed are a month and at least one lever",
    ),
    "change that is no table": (PLACE + "change = [3]", "change[1] = 3 is not a table"),
    "change that is no list": (PLACE + "change = 3", "change = 3 is not a list, each element a table"),
    "one lever twice a month": (
        PLACE + "[[change]]\nmonth = 3\nod_invest = 1\n[[change]]\nmonth = 3\nod_invest = 2",
        "lever 'od_invest' is set twice in month 3, to 1 and 2; allowed is one change of a lever a month",
    ),
    "lever of the start in a change": (
        PLACE + '[[change]]\nmonth = 3\ngeography = "like-minded"',
        "lever 'geography' can be set at the start only, not in month 3",
    ),
    "lever without mechanism": (
        PLACE + "[levers]\nrisk_share = 0.5",
        "lever 'risk_share' needs contracts, which this version does not have",
    ),
    "lever without mechanism in a change": (
        PLACE + "[[change]]\nmonth = 3\nn_bodies = 2",
        "lever 'n_bodies' needs joint commissioning, which this version does not have",
    ),
    "unknown word": (
        PLACE + '[levers]\naccess_model = "doctor-first"',
        'levers.access_model = "doctor-first" is unknown; allowed are "carve_out", "prebook", "doctor_first", '
        "\"single_entry\"; did you mean 'doctor_first'?",
    ),
    "middle of a month": (
        PLACE + "start = 2014-04-15",
        "start = 2014-04-15 is not the first day of a month; allowed is a date such as 2014-04-01",
    ),
    "no date": (
        PLACE + 'start = "spring"',
        'start = "spring" is not a date such as 2014-04-01; allowed is the first day of a month, 2002 to 2048',
    ),
    "far date": (
        PLACE + "start = 1066-10-01",
        "start = 1066-10-01 is out of range; allowed are 2002-01-01 to 2048-12-01",
    ),
    "too few elements": (
        PLACE + "[parameters.workforce]\nexit_by_age = [0.03, 0.04]",
        "parameters.workforce.exit_by_age = [0.03, 0.04] has 2 elements; allowed is a list of 4, each element a number",
    ),
    "too many elements": (
        PLACE + "[parameters.workforce]\nexit_by_age = [0.03, 0.04, 0.1, 0.2, 0.3]",
        "parameters.workforce.exit_by_age = [0.03, 0.04, 0.1, 0.2, 0.3] has 5 elements; allowed is a list of 4, each "
        "element a number",
    ),
    "element out of range": (
        PLACE + "[parameters.workforce]\nexit_by_age = [0.9, 0.04, 0.1, 0.2]",
        re.compile(r"parameters.workforce.exit_by_age\[1\] = 0.9 is out of range; allowed are 0 to 0.0\d+ per year"),
    ),
    "element of a wrong type": (
        PLACE + '[parameters.workforce]\nexit_by_age = [0.03, 0.04, 0.1, "x"]',
        re.compile(r'parameters.workforce.exit_by_age\[4\] = "x" is not a number; allowed are 0 to 0.\d+ per year'),
    ),
    "element not a number": (
        PLACE + "[parameters.workforce]\nexit_by_age = [0.03, 0.04, 0.1, nan]",
        re.compile(
            r"parameters.workforce.exit_by_age\[4\] = nan is not a finite number; allowed are 0 to 0.\d+ per year"
        ),
    ),
    "empty name": (PLACE + 'name = ""', 'name = "" is empty; allowed is a text'),
    "TOML syntax": (PLACE + "horizon = = 60", re.compile(r"not valid TOML: .*\(at line 2, column 11\)")),
    "TOML key twice": (PLACE + PLACE, re.compile(r"not valid TOML: .*line 2.*")),
}


@pytest.mark.parametrize("text, expected", BAD.values(), ids=BAD.keys())
def test_a_bad_scenario_is_refused_in_one_sentence(tmp_path, text, expected):
    file = tmp_path / "ward.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        Scenario.load(file)
    said = str(refused.value)
    assert "\n" not in said
    start, rest = said[: len(str(file)) + 2], said[len(str(file)) + 2 :]
    assert start == f"{file}: "
    if isinstance(expected, str):
        assert rest == expected
    else:
        assert expected.fullmatch(rest), rest


def test_a_missing_file_offers_the_nearest(tmp_path):
    (tmp_path / "wakefield.toml").write_text(PLACE)
    with pytest.raises(InputError, match=r"wakefeld.toml: there is no such file; did you mean 'wakefield.toml'\?"):
        Scenario.load(tmp_path / "wakefeld.toml")


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="not UTF-8"):
        Scenario.load(tmp_path / "bad.toml")


def test_an_unknown_preset_offers_the_nearest():
    with pytest.raises(InputError, match=r'scenario "large-urbn" is unknown; .*did you mean \'large-urban\'\?'):
        Scenario.load("large-urbn")


def test_a_policy_file_in_place_of_a_scenario_is_recognised(tmp_path):
    file = tmp_path / "policy.toml"
    file.write_text("od_invest = 1.0\n")
    with pytest.raises(InputError, match="this is a policy, not a scenario"):
        Scenario.load(file)


def test_an_error_inside_a_policy_file_names_that_file(tmp_path):
    (tmp_path / "mine.toml").write_text("od_invest = 9\n")
    (tmp_path / "ward.toml").write_text(PLACE + 'policy = "mine.toml"\n')
    with pytest.raises(InputError, match=r"mine.toml: od_invest = 9 is out of range; allowed are 0 to 4 £/head/yr"):
        Scenario.load(tmp_path / "ward.toml")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda s: s.with_parameters({"workload_effect": 5}),
            "parameter workload_effect = 5 is unknown; allowed are the \\d+ that `gpfed parameters` lists; did you "
            "mean 'wellbeing.workload_effect'\\?",
        ),
        (
            lambda s: s.with_parameters({"wellbeing.workload_efect": 5}),
            "parameter .*; did you mean 'wellbeing.workload_effect'\\?",
        ),
        (
            lambda s: s.with_parameters({"wellbeing.workload_effect": np.float64(50)}),
            "parameters.wellbeing.workload_effect = 50 is out of range; allowed are 3 to 9",
        ),
        (lambda s: s.with_shock("reorg"), f'shock "reorg" is unknown; allowed are {SHOCKS}.*'),
        (lambda s: s.with_shock("funding_cut", month=3, core_cut=1), "shock.core_cut = 1 is out of range; .*"),
        (lambda s: s.with_horizon(0), "horizon = 0 is out of range; allowed are 1 to 180 months"),
        (
            lambda s: s.with_settings(hrizon=3),
            "hrizon = 3 is no setting of a run; allowed are .*; did you mean 'horizon'\\?",
        ),
        (lambda s: s.with_change(99, od_invest=1), "change.month = 99 is beyond the horizon; allowed are 1 to 60"),
        (lambda s: s.with_change(3, od_invest=9), "change.od_invest = 9 is out of range; allowed are 0 to 4 £/head/yr"),
    ],
)
def test_methods_refuse_in_the_same_words(change, sentence):
    with pytest.raises(InputError) as refused:
        change(Scenario.load("inner-city"))
    assert re.fullmatch(f"scenario 'inner-city': {sentence}", str(refused.value))


def test_models_made_by_hand_refuse_in_the_same_words():
    with pytest.raises(InputError, match=r"^Policy: leader_mode = 3 is out of range; allowed are 0 to 1$"):
        Policy(leader_mode=3)


def test_the_command_line_prints_the_sentence_and_exits_with_two(tmp_path, capsys):
    (tmp_path / "mine.toml").write_text("od_invest = 9\n")
    assert gpfed.main(["policies", str(tmp_path / "mine.toml")]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "od_invest = 9 is out of range" in printed.err and printed.err.count("\n") == 1
    with pytest.raises(InputError):
        gpfed.main(["--debug", "policies", str(tmp_path / "mine.toml")])
