"""What the documents say of the code is true."""

from __future__ import annotations

import re
from pathlib import Path

from abm import PHASES, policies
from abm.scenario.registry_text import all_entries, parameters_markdown
from abm.scenario.scenario import PLACES, Scenario

ROOT = Path(__file__).parents[2]


def test_the_page_of_parameters_is_the_registry():
    page = (ROOT / "docs" / "parameters.md").read_text()
    assert page == parameters_markdown(all_entries()), "run: gpfed parameters --markdown > docs/parameters.md"


def test_the_readme_names_every_place_and_policy():
    readme = (ROOT / "README.md").read_text()
    for name in (*PLACES, *policies()):
        assert f"`{name}`" in readme, name


def test_the_scenario_of_the_readme_is_valid(tmp_path):
    readme = (ROOT / "README.md").read_text()
    (example,) = re.findall(r"```toml\n(.*?)```", readme, flags=re.DOTALL)
    path = tmp_path / "example.toml"
    path.write_text(example)
    scenario = Scenario.load(path)
    assert scenario.policy_at(12).fund_per_head == 0 and scenario.policy_at(13).fund_per_head == 1.5


def test_links_between_documents_lead_somewhere():
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_a_phase_is_named_once_and_says_what_it_reads_and_writes():
    names = [phase.name for phase in PHASES]
    assert len(set(names)) == len(names)
    assert all(phase.reads and phase.writes and phase.section for phase in PHASES)
