"""Every parameter is a document: value within its range, unit, grade and source."""

import math

import pytest
from pydantic import create_model

from abm.errors import InputError
from abm.scenario.levers import LEVERS
from abm.scenario.parameters import ModelParameters
from abm.scenario.parameters.registry import ASSUMPTION, GRADES, ParameterGroup, entries, parameter
from abm.scenario.policy import Policy
from abm.scenario.registry_text import all_entries, parameters_markdown, select

ENTRIES = all_entries()


def numbers(value):
    return [x for item in value for x in numbers(item)] if isinstance(value, (list, tuple)) else [value]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.path)
def test_a_parameter_states_meaning_unit_range_grade_and_source(entry):
    assert entry.meaning and entry.unit and entry.allowed
    assert entry.grade in GRADES
    assert entry.source
    if entry.grade != "A":
        assert entry.source != ASSUMPTION
    if entry.default is not None and not isinstance(entry.default, (bool, str)):
        low, high = numbers(entry.low), numbers(entry.high)
        assert all(math.isfinite(bound) for bound in low + high)
        assert any(a < b for a, b in zip(low, high, strict=True)), "a range of one point cannot be varied"


def test_names_are_unique_and_defaults_are_accepted_as_given():
    paths = [entry.path for entry in ENTRIES]
    assert len(set(paths)) == len(paths)
    assert ModelParameters.model_validate(ModelParameters().model_dump()) == ModelParameters()


def test_the_ends_of_every_range_are_allowed_and_what_lies_beyond_is_refused():
    for entry in entries(ModelParameters):
        if not isinstance(entry.default, float) or entry.high is None:
            continue
        group, name = entry.path.split(".")
        kind = ModelParameters.model_fields[group].annotation
        for end in (entry.low, entry.high):
            assert getattr(kind.model_validate({name: end}), name) == end
        for beyond in (math.nextafter(entry.low, -math.inf), math.nextafter(entry.high, math.inf), math.nan, math.inf):
            with pytest.raises(InputError, match=name):
                kind(**{name: beyond})


def test_levers_are_registered_as_levers_and_nothing_else_is():
    assert tuple(entry.path for entry in entries(Policy)) == LEVERS
    assert all(entry.kind == "lever" for entry in entries(Policy))
    assert not any(entry.kind == "lever" for entry in entries(ModelParameters))


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"default": 1.0, "grade": "E"}, "needs a source"),
        ({"default": 0.0}, "needs a range"),
        ({"default": 3.0, "low": 0.0, "high": 2.0}, "outside 0.0 to 2.0"),
        ({"default": (1.0, 5.0), "low": 0.0, "high": (2.0, 4.0)}, "outside 0.0 to 4.0"),
    ],
)
def test_a_contradictory_declaration_is_refused(arguments, complaint):
    with pytest.raises(ValueError, match=complaint):
        parameter(meaning="share", **arguments)


@pytest.mark.parametrize(
    ("default", "low", "high"),
    [
        (4.0, 2.0, 8.0),
        (-4.0, -8.0, -2.0),
        ((1.0, 3.0), (0.5, 1.5), (2.0, 6.0)),
        (((1.0, 2.0), (3.0, 4.0)), ((0.5, 1.0), (1.5, 2.0)), ((2.0, 4.0), (6.0, 8.0))),
        (5, 3, 10),
        (-5, -10, -2),
    ],
)
def test_an_assumption_without_a_range_may_be_halved_or_doubled(default, low, high):
    field = parameter(default, "weight")
    assert (field.json_schema_extra["low"], field.json_schema_extra["high"]) == (low, high)


def test_elements_of_nested_tables_keep_to_their_own_range():
    table = parameter(((0.2, 0.8), (0.5, 0.5)), "shares", low=0.0, high=((0.3, 1.0), (1.0, 1.0)))
    group = create_model(
        "Shares", __base__=ParameterGroup, shares=(tuple[tuple[float, float], tuple[float, float]], table)
    )
    assert group(shares=[[0.3, 0.7], [1, 0]]).shares == ((0.3, 0.7), (1.0, 0.0))
    with pytest.raises(InputError, match=r"shares\[1\]\[1\] = 0.31 is out of range; allowed are 0 to 0.3"):
        group(shares=[[0.31, 0.7], [1, 0]])


def test_the_page_has_one_row_for_every_parameter():
    page = parameters_markdown(ENTRIES)
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    assert len(rows) == len(ENTRIES)
    assert all(row.replace("\\|", "").count("|") == 9 for row in rows)


def test_selection_by_grade_and_word_finds_exactly_what_matches():
    assert {entry.grade for entry in select(grade="E")} == {"E"}
    assert sum(len(select(grade=grade)) for grade in GRADES) == len(ENTRIES)
    assert "wellbeing.workload_effect" in {entry.path for entry in select(search="WORKLOAD")}
    assert not select(search="no such word anywhere")
