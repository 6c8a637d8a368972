"""A run of a real place must not be read as news of the practices whose names it bears."""

from __future__ import annotations

import json

import pytest

from abm.record.results import Run
from abm.report.limits import limits
from abm.report.question import question
from abm.report.values import Values

MADE_UP = "Made up by the model; nothing here is a statement on a real practice or its doctors."


@pytest.fixture
def real_run(seeded_run: Run) -> Run:
    """The same run, as if its place came from the files of 2022/23."""
    manifest = json.loads(json.dumps(seeded_run.manifest))
    manifest["scenario"]["place"] = "dales"
    payments = {"kind": "NHS Payments to General Practice", "file": "pay.csv", "year": "2022/23"}
    manifest["place"] = {"kind": "files", "files": {}, "built": {"title": "The Dales", "sources": [payments]}}
    return Run(seeded_run._makers, manifest)


def test_the_report_says_that_only_the_names_are_real(real_run: Run, seeded_run: Run) -> None:
    assert "say nothing of the real practices or their doctors" in question(Values(real_run)).place
    assert any("no statement on the real one of its name" in sentence for sentence in limits(Values(real_run)))
    assert question(Values(real_run)).place.startswith("The Dales, a real place")
    assert "doctors" not in question(Values(seeded_run)).place


def test_the_report_says_where_run_and_place_are_of_different_times(real_run: Run, seeded_run: Run) -> None:
    assert "The place is of 2022/23, but month 1 is April 2014" in question(Values(real_run)).place
    assert "month 1 is" not in question(Values(seeded_run)).place


def test_the_report_says_what_is_not_of_a_later_place_s_time(real_run: Run, seeded_run: Run) -> None:
    told = " ".join(limits(Values(real_run)))
    assert "practices are those of 2022/23, but levels of money" in told
    assert "networks, and other collaborations that published files of later years name, are not read" in told
    assert "levels of money" not in " ".join(limits(Values(seeded_run)))


@pytest.mark.parametrize("who", ["P01", "P07@1", "C1"])
def test_an_explanation_says_that_only_the_names_are_real(real_run: Run, seeded_run: Run, who: str) -> None:
    assert real_run.explain(who).splitlines()[1] == MADE_UP
    assert MADE_UP not in seeded_run.explain(who)


def test_groups_from_before_the_start_are_not_said_to_be_founded_in_its_first_month(seeded_run: Run) -> None:
    begun = seeded_run.explain("P07@1").splitlines()[1]
    assert begun.startswith(
        "An informal network of practices that collaborated before the start, placed in April 2014 (month 1): "
    )
