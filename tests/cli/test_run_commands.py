"""`gpfed run`, `explain` and `phases` as a user types them."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from abm.cli import app
from abm.cli.run import default_name, parse_setting
from abm.errors import InputError
from abm.record.results import Run
from abm.scenario.scenario import Scenario

SHORT = ["run", "inner-city", "--horizon", "2"]


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("voting.sharpness=2.5", "voting.sharpness", 2.5),
        ("a.b = 3", "a.b", 3),
        ("a.b=true", "a.b", True),
        ("a.b=[1, 2]", "a.b", [1, 2]),
        ("a.b=word", "a.b", "word"),
        ('a.b="a word"', "a.b", "a word"),
    ],
)
def test_settings_are_read_as_toml_reads_them(text: str, name: str, value: object) -> None:
    assert parse_setting(text) == (name, value)


@pytest.mark.parametrize("text", ["voting.sharpness", "=3", "a.b=", ""])
def test_what_is_no_setting_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="allowed is parameter=value"):
        parse_setting(text)


def test_different_runs_get_different_folders() -> None:
    base = Scenario.load("inner-city")
    longer, other = base.with_horizon(24), base.with_policy("heroic-leadership")
    names = [
        default_name(base, 1), default_name(base, 2), default_name(other, 1), default_name(base, 1, changed=True),
        default_name(longer, 1, changed=True),
    ]  # fmt: skip
    assert len(set(names)) == len(names)
    assert default_name(other, 1) == "inner-city-heroic-leadership-seed-1"
    odd = base.with_settings(name="Ämter & Orte/../x")
    assert "/" not in default_name(odd, 1)


def test_phases_are_printed_in_order_with_what_they_read_and_write() -> None:
    from abm.model import PHASES

    text = CliRunner().invoke(app, ["phases"]).output
    places = [text.index(f" {phase.name} (section {phase.section};") for phase in PHASES]
    assert places == sorted(places)
    for phase in PHASES:
        assert f"reads   {phase.reads}" in text and f"writes  {phase.writes}" in text


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["run", "iner-city"], "did you mean 'inner-city'"),
        (["run", "inner-city", "--policy", "heroic"], "heroic"),
        (["run", "inner-city", "--seed", "-1"], "allowed are 0 to 4294967295"),
        (["run", "inner-city", "--horizon", "0"], "horizon"),
        (["run", "inner-city", "--set", "voting.sharpnes=2"], "did you mean 'voting.sharpness'"),
        (["run", "inner-city", "--set", "voting.sharpness=900"], "voting.sharpness"),
        (["explain", "nowhere", "P01"], "holds no run"),
    ],
)
def test_bad_input_is_one_sentence_before_anything_is_run(
    arguments: list[str], problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, arguments)
    assert isinstance(result.exception, InputError)
    assert problem in str(result.exception)
    assert "\n" not in str(result.exception)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_other_things_is_refused_before_anything_is_run(tmp_path: Path) -> None:
    base = Scenario.load("inner-city").with_horizon(2)
    folder = tmp_path / default_name(base, 1, changed=True)
    folder.mkdir()
    (folder / "diary.txt").write_text("mine")
    result = CliRunner().invoke(app, [*SHORT, "--out", str(tmp_path)])
    assert isinstance(result.exception, InputError) and "holds no run" in str(result.exception)


@pytest.mark.slow
def test_a_run_is_kept_printed_and_explained(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, [*SHORT, "--seed", "5", "--out", str(tmp_path), "--profile"])
    assert result.exit_code == 0, result.output
    (folder,) = tmp_path.iterdir()
    assert str(folder) in result.output.replace("\n", "")
    kept = {item.name for item in folder.iterdir()}
    assert kept >= {"model.parquet", "manifest.json", "scenario.toml", "picture.png", "report.html"}
    for words in ("Access", "Peak memory", "appointments"):
        assert words in result.output
    run = Run.load(folder)
    assert (run.seed, run.last_month) == (5, 2)
    practice = run.practices["practice"].iloc[0]
    told = CliRunner().invoke(app, ["explain", str(folder), practice, "--month", "1"])
    assert told.output == run.explain(practice, 1)
    quiet = CliRunner().invoke(app, [*SHORT, "--seed", "5", "--out", str(tmp_path), "--quiet"])
    assert quiet.output.strip().replace("\n", "") == str(folder)
    assert Run.load(folder).content_hash() == run.content_hash()
