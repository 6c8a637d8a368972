"""`gpfed report` as a user types it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

import gpfed
from abm.cli import app
from abm.errors import InputError
from abm.record.results import Run
from abm.report.maps import looks
from tests.report.conftest import TellingWorld


@pytest.fixture(scope="module")
def folders(telling_world: Callable[..., TellingWorld], tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two seeds of one scenario, and another scenario."""
    folder = tmp_path_factory.mktemp("runs")
    worlds = [telling_world(horizon=3, seed=1), telling_world(horizon=3, seed=2), telling_world(horizon=4, seed=3)]
    return [world.play().save(folder / str(i)) for i, world in enumerate(worlds)]


def test_the_report_lies_in_the_folder_of_the_run_or_where_it_is_wanted(folders: list[Path], tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["report", str(folders[0])])
    assert result.exit_code == 0, result.output
    assert result.output.replace("\n", "") == f"The report is {folders[0] / 'report.html'}"
    result = CliRunner().invoke(app, ["report", str(folders[0]), "--out", str(tmp_path / "a" / "page.html")])
    assert (tmp_path / "a" / "page.html").read_bytes() == (folders[0] / "report.html").read_bytes()


def test_runs_beside_are_named_one_by_one_or_in_a_row(folders: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    CliRunner().invoke(app, ["report", str(folders[0]), "--beside", str(folders[1]), "--out", str(out)])
    assert "range over 2 runs" in out.read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["{0}", "--beside", "{2}"], "policies are compared by gpfed experiment"),
        (["{0}", "--beside", "{0}"], "have the seed 1"),
        (["{0}", "--beside", "{1}", "{1}"], "have the seed 2"),
        (["{0}", "{1}"], "allowed are further runs after --beside"),
        (["nowhere"], "holds no run"),
        (["{0}", "--out", "{0}/model.parquet/page.html"], "cannot be written"),
    ],
)
def test_what_cannot_be_reported_is_refused_in_one_sentence(
    words: list[str], problem: str, folders: list[Path]
) -> None:
    result = CliRunner().invoke(app, ["report", *(word.format(*folders) for word in words)])
    assert isinstance(result.exception, InputError), result.output
    assert problem in str(result.exception) and "\n" not in str(result.exception)


def test_an_organisation_is_explained_by_its_letter_on_the_maps(
    seeded_run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = seeded_run.save(tmp_path / "run")
    (name,) = (name for name, look in looks(seeded_run).items() if look.letter == "A")
    assert gpfed.main(["explain", str(folder), "A"]) == 0
    by_letter = capsys.readouterr().out
    assert gpfed.main(["explain", str(folder), name]) == 0
    assert capsys.readouterr().out == by_letter and by_letter.startswith(name)
