"""The description of the model describes this model."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from abm import PHASES
from abm.cli.odd import MARKED, filled, tables
from abm.errors import InputError
from abm.record.explanations.words import KINDS
from abm.scenario.levers import Levers
from abm.scenario.parameters import ModelParameters

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "ODD.md").read_text(encoding="utf-8")
WRITTEN = MARKED.sub("", PAGE)
CODE = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "abm").rglob("*.py")))
HEADINGS = re.findall(r"^#+ (.+)$", WRITTEN, flags=re.MULTILINE)
FORMULAS = re.findall(r"^```\n(.*?)^```$", WRITTEN, flags=re.DOTALL | re.MULTILINE)
NUMBER = r"\d+(?:\.\d+)?"
SECTIONS = {match[0] for heading in HEADINGS if (match := re.match(NUMBER, heading))}


def test_every_process_and_rule_has_one_heading():
    rooms = ("processes", "decisions")
    files = {f"{room}/{path.name}" for room in rooms for path in (ROOT / "abm" / room).glob("*.py")}
    described = re.findall(r"`((?:processes|decisions)/\w+\.py)`", "\n".join(HEADINGS))
    assert sorted(described) == sorted(name for name in files if not name.endswith("__init__.py"))


def test_generated_tables_are_what_the_code_gives():
    assert filled(PAGE, "ODD.md") == PAGE, "run: gpfed parameters --odd docs/ODD.md"


def test_every_table_stands_on_the_page_once():
    assert sorted(mark["name"] for mark in MARKED.finditer(PAGE)) == sorted(tables())


def test_a_place_for_an_unknown_table_is_refused():
    with pytest.raises(InputError, match="no generated table 'parameters wellbeeing'; did you mean"):
        filled("<!-- generated: parameters wellbeeing -->\n<!-- end -->", "page")


def test_every_section_that_the_code_names_is_a_heading():
    named = {section for phase in PHASES for section in phase.section.split(", ")}
    for said in re.findall(rf"model sections? ({NUMBER}(?:(?:, | and |, and ){NUMBER})*)", CODE):
        named |= set(re.findall(NUMBER, said))
    assert named <= SECTIONS


def test_submodels_stand_in_the_order_of_the_phases():
    places = [phase.run.__module__.removeprefix("abm.").replace(".", "/") + ".py" for phase in PHASES]
    first = {"founding", "demography", "conservation"}  # stand where their other work is described
    told = [place for place in places if place.startswith("processes/") and Path(place).stem not in first]
    order = [WRITTEN.index(f"#### `{place}`") for place in dict.fromkeys(told)]
    assert order == sorted(order)


def test_every_kind_of_decision_is_in_the_table_of_choices():
    table = "\n".join(line for line in WRITTEN.splitlines() if line.startswith("| `"))
    assert {kind for kind in KINDS if f"`{kind}`" not in table} == set()


def test_names_in_formulas_are_names_of_the_code():
    words = set(re.findall(r"\w+", CODE))
    assert {name for name in re.findall(r"[a-z]+(?:_[a-z0-9]+)+", "\n".join(FORMULAS)) if name not in words} == set()


def test_parameters_and_levers_named_with_their_group_exist():
    groups = {name: field.annotation.model_fields for name, field in ModelParameters.model_fields.items()}
    groups["policy"] = Levers.model_fields
    found = re.findall(r"\b([a-z_]+)\.([a-z_]+)\b", WRITTEN)
    named = [(group, name) for group, name in found if group in groups and name not in ("md", "py")]
    assert [f"{group}.{name}" for group, name in named if name not in groups[group]] == []
    assert len(named) > 30
