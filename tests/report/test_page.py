"""The report tells what the tables hold, to every reader, without a network."""

from __future__ import annotations

import csv
import io
import re
from base64 import b64decode
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from abm.errors import InputError
from abm.model import FederationModel
from abm.record.results import Run
from abm.report.charts import CHARTS, GROUPS
from abm.report.headlines import what_happened
from abm.report.leavers import leavers
from abm.report.page import html, write_report
from abm.report.question import marks, question
from abm.report.values import Values, moves
from abm.report.words import number
from abm.scenario.scenario import Scenario
from tests.record.conftest import SmallWorld
from tests.report.conftest import TellingWorld
from tests.report.reading import Page


def written(run: Run, folder: Path, *beside: Run) -> str:
    return write_report(run, folder / "report.html", beside).read_text("utf-8")


@pytest.fixture(scope="module")
def text(seeded_run: Run, tmp_path_factory: pytest.TempPathFactory) -> str:
    return written(seeded_run, tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def test_headlines_are_the_figures_of_the_table(page: Page, seeded_run: Run) -> None:
    model = seeded_run.model.set_index("month")
    table = page.table("March 2014 (month 0) and March 2016")
    row = table.row("Load of GPs † ratio")
    assert row["Start"] == f"{model.loc[0, 'load']:.2f}" and row["End"] == f"{model.loc[24, 'load']:.2f}"
    share = table.row("Practices in any organisation % (change in percentage points)")
    assert share["End"] == number(100 * model.loc[24, "collaborating_share"])
    assert "up +" in share["Change"] and "▲" in share["Change"]


def test_levels_that_are_not_calibrated_are_marked(page: Page) -> None:
    marked = {row[0].partition(" †")[0] for row in page.table("March 2014 (month 0)").rows[1:] if "†" in row[0]}
    assert {"Partner income, median", "Urgent requests met the same day", "A&E attendances"} <= marked
    assert not {"Practices in any organisation", "Organisations", "Practices in federations"} & marked


def test_a_practice_that_moves_twice_in_a_month_counts_twice_in_every_sentence() -> None:
    world = TellingWorld()
    while world.month < world.horizon:
        world.step()
    first = int(world.practices.organisation[7])
    assert first >= 0
    before = Run.of(world).memberships
    world.ledger.close("member", 7, world.month, "left after a vote")
    world.ledger.open("member", 7, first, "member", world.month, "joined")
    world.ledger.close("member", 7, world.month, "left after a vote")
    run = Run.of(world)
    joined, left = moves(run)
    member = before[before["relation"] == "member"]
    assert len(joined) == (member["since"] >= 1).sum() + 1
    told = " ".join(what_happened(Values(run)))
    assert f"practices joined {len(joined)} times and left {len(left)} times (" in told
    by_reason = next(table for table in leavers(run).tables if "by reason" in table.caption)
    assert sum(int(times) for _, times in by_reason.rows) == len(left) >= 2


def test_where_trust_is_not_measured_the_page_says_so(seeded_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "The shape of the trust network is not measured in places of more than"
    assert said not in html(Values(seeded_run))
    monkeypatch.setattr("abm.report.page.MOST_MEASURED", 5)
    assert f"{said} 5 practices." in html(Values(seeded_run))


def test_a_figure_undefined_at_the_start_is_compared_with_its_first_month(page: Page, seeded_run: Run) -> None:
    model = seeded_run.model.set_index("month")
    row = page.table("March 2014 (month 0) and March 2016").row("Mean population of an organisation patients")
    assert np.isnan(model.loc[0, "organisation_population_mean"])
    assert row["Start"] == f"{number(model.loc[1, 'organisation_population_mean'])} (April 2014)"


def test_every_table_behind_a_chart_holds_the_values_of_the_run(page: Page, seeded_run: Run) -> None:
    model = seeded_run.model.set_index("month")
    table = page.table("Access, 0 to 1")
    assert [row[0] for row in table.rows[1:]] == ["March 2014", "March 2015", "March 2016"]
    assert [row[1] for row in table.rows[1:]] == [f"{model.loc[m, 'access']:.2f}" for m in (0, 12, 24)]
    low = seeded_run.practices.groupby("month")["access"].quantile(0.1)
    assert [row[2] for row in table.rows[1:]] == [f"{low[m]:.2f}" for m in (0, 12, 24)]
    yearly = [float(row[1]) for row in page.table("Practices joining and leaving").rows[1:]]
    assert yearly == [model.loc[m - 11 : m, "joins"].sum() for m in (0, 12, 24)] and yearly[1] > 0


def test_downloads_hold_every_month(page: Page, seeded_run: Run) -> None:
    links = {a["download"]: a["href"] for a in page.attributes("a") if "download" in a}
    kept = b64decode(str(links["load.csv"]).partition("base64,")[2]).decode()
    rows = list(csv.DictReader(io.StringIO(kept)))
    model = seeded_run.model.set_index("month")
    assert [int(row["month"]) for row in rows] == list(range(25))
    np.testing.assert_allclose([float(row["mean"]) for row in rows], model.loc[0:, "load"], rtol=1e-5)
    assert rows[0]["date"] == "2014-03"


def test_nothing_is_fetched_from_anywhere(page: Page, text: str) -> None:
    for tag, attributes in page.tags:
        for name in ("src", "href", "xlink:href", "action", "poster"):
            target = attributes.get(name) or "#"
            assert target.startswith(("#", "data:")), f"<{tag} {name}={target[:60]}>"
    assert not re.search(r"@import|url\((?!#)", text)
    assert not {"script", "iframe", "object", "link"} & {tag for tag, _ in page.tags}


def test_links_lead_to_parts_of_the_page_and_names_are_unique(page: Page) -> None:
    names = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(names) == len(set(names))
    for _, attributes in page.tags:
        for name in ("href", "xlink:href", "aria-labelledby"):
            target = attributes.get(name) or ""
            if target.startswith("#") or name == "aria-labelledby":
                assert target.removeprefix("#") in {*names, ""}, target
    clips = re.findall(r"url\(#([^)]+)\)", " ".join(str(a) for _, a in page.tags))
    assert clips and set(clips) <= set(names)


def test_pictures_have_a_text_for_those_who_cannot_see_them(page: Page) -> None:
    pictures = page.attributes("svg")
    assert len(pictures) > 30
    assert all(picture["role"] == "img" and len(str(picture["aria-label"])) > 20 for picture in pictures)
    assert all(attributes.get("lang") for attributes in page.attributes("html"))


def test_headings_stand_in_order(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(following - level <= 1 for level, following in pairwise(levels))
    assert all(attributes.get("scope") for attributes in page.attributes("th"))
    assert len(page.attributes("caption")) == len(page.attributes("table"))


def test_nothing_is_wider_than_a_phone(text: str) -> None:
    style = text[text.index("<style>") : text.index("</style>")]
    for value, unit in re.findall(r"(?<![-\w])(?:min-)?width: *([\d.]+)(px|em|rem)\b", style):
        assert float(value) * (1 if unit == "px" else 16) <= 360
    assert "minmax(min(100%" in style and "overflow-x: auto" in style
    assert 'name="viewport"' in text
    assert not [a for a in Page(text).attributes("svg") if "width" in a]


def test_the_same_run_gives_the_same_page_kept_or_not(seeded_run: Run, text: str, tmp_path: Path) -> None:
    assert written(seeded_run, tmp_path) == text
    assert written(Run.load(seeded_run.save(tmp_path / "run")), tmp_path) == text


def test_a_single_run_says_that_luck_is_not_shown(page: Page) -> None:
    assert "One run: the luck of the draw is not shown" in page.text
    assert "range over" not in page.text


def test_groups_from_before_the_start_are_said_to_be_placed(page: Page) -> None:
    assert "3 practices that collaborated before the start are placed in groups" in page.text
    assert "under every policy alike" in page.text
    headlines = page.text[page.text.index("2 Headline figures", page.text.index("What happened")) :]
    assert "Changes since month 0 hold this as well" in headlines[: headlines.index("3 Charts")]


def test_the_story_tells_of_policy_talks_and_founding_in_order(page: Page) -> None:
    told = page.text[page.text.index("5 The story") :]
    assert told.index("April 2014") < told.index("June 2014") < told.index("May 2015")
    assert "Year 1: April 2014 to March 2015" in told and "Year 2: April 2015 to March 2016" in told


def test_who_left_is_counted_by_age_role_and_burnout(page: Page) -> None:
    table = page.table("GPs who left practice, by age, role and burnout")
    assert table.row("60 and over") == {
        "Age": "60 and over", "partners": "1", "salaried GPs": "0", "sessional GPs": "0", "all": "1",
        "of these with high burnout": "1",
    }  # fmt: skip
    assert table.row("all ages")["all"] == "2" and table.row("all ages")["of these with high burnout"] == "1"
    assert page.table("GPs who left, arrived and moved").row("April 2015 to March 2016")["arrived"] == "1"


def test_names_with_marks_of_html_are_text(telling_world: Callable[..., TellingWorld], tmp_path: Path) -> None:
    world = telling_world(horizon=4)
    world.practices.title[0] = "<script>alert('x')</script> & \"Partners\""
    text = written(world.play(), tmp_path)
    page = Page(text)
    assert "<script" not in text
    assert "<script>alert('x')</script> & \"Partners\" (P00)" in page.text


@pytest.mark.parametrize("settings", [
    {"practice_count": 10, "horizon": 1}, {"practice_count": 10, "horizon": 2}, {"practice_count": 1, "horizon": 2},
])  # fmt: skip
def test_a_run_in_which_nothing_happens_has_a_report(
    small_world: Callable[..., SmallWorld], settings: dict[str, int], tmp_path: Path
) -> None:
    page = Page(written(small_world(**settings).play(), tmp_path))
    assert "No organisation was formed" in page.text
    assert "There was no organisation" in page.text
    assert "No GP left practice" in page.text
    assert "Not drawn, because not defined in any month:" in page.text
    assert " nan" not in page.text.lower()


def test_practices_in_one_place_can_be_mapped(small_world: Callable[..., SmallWorld], tmp_path: Path) -> None:
    world = small_world(practice_count=3, horizon=1)
    world.practices.x[:] = 5.0
    world.practices.y[:] = 5.0
    assert "Map of the practices in March 2014" in written(world.play(), tmp_path)


def test_runs_beside_give_least_and_most(telling_world: Callable[..., TellingWorld], tmp_path: Path) -> None:
    runs = [telling_world(seed=seed).play() for seed in (1, 2, 3)]
    page = Page(written(runs[0], tmp_path, *runs[1:]))
    loads = [run.model.set_index("month").loc[24, "load"] for run in runs]
    row = page.table("March 2014 (month 0) and March 2016").row("Load of GPs † ratio")
    assert row["End, range over 3 runs"] == f"{min(loads):.2f} to {max(loads):.2f}"
    assert "seeds 1, 2 and 3" in page.text
    assert "One run:" not in page.text


@pytest.mark.parametrize(("settings", "problem"), [
    ({"seed": 1}, "have the seed 1"), ({"seed": 2, "horizon": 23}, "is of another scenario"),
])  # fmt: skip
def test_other_runs_are_refused_beside_a_run(
    seeded_run: Run, telling_world: Callable[..., TellingWorld], settings: dict[str, int], problem: str, tmp_path: Path
) -> None:
    other = telling_world(**settings).play()
    with pytest.raises(InputError, match=problem) as raised:
        write_report(seeded_run, tmp_path / "report.html", [other])
    assert "\n" not in str(raised.value)
    assert not (tmp_path / "report.html").exists()


def test_policy_changes_and_shocks_are_told_and_marked(telling_world: Callable[..., TellingWorld]) -> None:
    world = telling_world(horizon=24)
    base = Scenario.load("town-and-country").with_horizon(24).with_policy("money-per-head")
    world.scenario = (
        base.with_change(13, fund_per_head=3.0).with_shock("winter_surge", month=9)
        .with_parameters({"wellbeing.high_burnout": 0.6})
    )  # fmt: skip
    run = world.play()
    asked = question(Values(run))
    assert [(mark.letter, mark.month) for mark in marks(run)] == [("1", 9), ("2", 13)]
    assert "winter surge" in asked.marks[0].text and "£3 a head and year" in asked.marks[1].text
    settings = [(lever.name, lever.value, lever.since) for lever in asked.levers]
    assert ("fund_per_head", "£1.50 a head and year", "April 2014") in settings
    assert ("fund_per_head", "£3 a head and year", "April 2015") in settings
    assert ("pass_through", "observed", "April 2014") in settings and len(settings) == 3
    assert [parameter.name for parameter in asked.parameters] == ["wellbeing.high_burnout"]


def test_size_bands_hold_all_patients(seeded_run: Run) -> None:
    values = Values(seeded_run)
    chart = CHARTS["size-bands"]
    total = sum(values.line(chart, line) for line in chart.lines)
    np.testing.assert_allclose(total, 100.0)


def test_every_chart_has_a_group_and_a_name_of_its_own() -> None:
    names = [chart.name for group in GROUPS for chart in group.charts]
    assert len(names) == len(set(names)) == len(CHARTS)


def test_a_run_of_the_model_has_a_report(small_model: Callable[..., FederationModel], tmp_path: Path) -> None:
    run = Run.of(small_model(until=3, horizon=3).world)
    page = Page(written(run, tmp_path))
    assert f"{number(run.at('practices', 0)['list'].sum())} registered patients" in page.text
    assert "a made-up place" in page.text


def test_spread_between_organisations_is_unknown_where_there_is_none(
    small_model: Callable[..., FederationModel], tmp_path: Path
) -> None:
    alone = {"exploration.rate": 0.0, "founding.seed_share": 0.0, "founding.call_rate": 0.0}
    run = Run.of(small_model(until=2, horizon=2, parameters=alone).world)
    low, high = Values(run).spread(CHARTS["capability"])
    assert len(low) == len(high) == 3 and np.isnan([*low, *high]).all()
    page = Page(written(run, tmp_path))
    assert "There was no organisation" in page.text and " nan" not in page.text.lower()
