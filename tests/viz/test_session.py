"""What a page is told, without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from abm.record.series import MODEL
from abm.report.charts import CHARTS
from abm.simulate import run
from viz.explore import figures, files, why
from viz.settings import Settings

WATCHED = Settings(place="england", practices=14, horizon=24).with_change(7, "leader_mode", 1.0)


@pytest.fixture(scope="module")
def played() -> Iterator[object]:
    yield run(WATCHED.scenario(), 3)


def frames(played) -> list[SimpleNamespace]:
    """What the figures need of frames, from the tables of a run."""
    model = played.model.set_index("month").loc[0:]
    more = {"patients_under_25000": 0.0, "patients_over_100000": 0.0, "patients_in_none": 1.0}
    columns = [item.name for item in MODEL]
    return [SimpleNamespace(month=month, values=dict(row[columns]) | more) for month, row in model.iterrows()]


def test_every_chart_of_the_page_is_one_of_the_report_and_has_a_value_for_every_month(played) -> None:
    scenario = WATCHED.scenario()
    data = figures.charts(frames(played), 24, scenario.start, 24, figures.marks(scenario))
    drawn = {chart["name"]: chart for group in data["charts"] for chart in group["charts"]}
    assert set(drawn) <= set(CHARTS)
    assert all(len(line["values"]) == 25 for chart in drawn.values() for line in chart["lines"])
    joined = drawn["joining"]["lines"][0]["values"]
    assert joined[11] is None and joined[24] == played.model.set_index("month")["joins"].loc[13:24].sum()
    assert [(mark["letter"], mark["month"], mark["date"]) for mark in data["marks"]] == [("A", 7, "October 2014")]


def test_headlines_differ_from_the_start_by_what_they_say(played) -> None:
    fte = played.model.set_index("month")["fte"]
    told = {one["label"]: one for one in figures.headlines(frames(played), 24)}["GPs, full-time equivalents"]
    assert float(told["value"].replace(",", "")) == pytest.approx(fte[24], abs=0.051)
    change = float(told["change"].replace("−", "-").replace("±", "").replace(",", ""))
    assert change == pytest.approx(fte[24] - fte[0], abs=0.051)


def test_bars_of_a_decision_add_up_to_the_balance_of_its_terms(played) -> None:
    decisions = played.decisions
    explored = decisions[(decisions["kind"] == "explore") & (decisions["choice"] == "explore")]
    assert len(explored)
    row = explored.iloc[-1]
    page = why.page(played, row["who"])
    told = next(
        one for one in page["decisions"] if (one["month"], one["deed"]) == (row["month"], "looked for partners")
    )
    aside = {"term_headroom", "term_months_left"}
    terms = [
        row[name] for name in decisions if name.startswith("term_") and name not in aside and row[name] == row[name]
    ]
    assert sum(bar["length"] for bar in told["terms"]) == pytest.approx(sum(terms), abs=0.005 * len(terms))


def test_everybody_who_is_offered_can_be_explained(played) -> None:
    for one in why.names(played):
        page = why.page(played, one["name"])
        assert page["name"] == one["name"] and page["facts"]


def test_a_downloaded_scenario_is_the_run(played) -> None:
    from viz.settings import from_document

    assert from_document(files.scenario_file(played).content).scenario().digest() == played.scenario.digest()
