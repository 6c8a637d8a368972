import math

import pytest

OLD = {"here, seed 1": {"access": [0.9, 0.8, 0.7, 0.6, None], "gps": [200.0, 201.0, 202.0, 203.0, 204.0]}}


def changed(month, value):
    """The old figures with access changed at one place."""
    access = list(OLD["here, seed 1"]["access"])
    access[month] = value
    return {"here, seed 1": {**OLD["here, seed 1"], "access": access}}


@pytest.fixture
def tool(baseline, monkeypatch, tmp_path):
    """The tool with figures that are given, in a file of its own."""
    path = tmp_path / "baseline.json"
    monkeypatch.setattr(baseline, "STORED", path)

    def update(figures):
        monkeypatch.setattr(baseline, "measure", lambda: figures)
        assert baseline.main() == 0
        return path.read_bytes()

    return update


def test_a_second_update_changes_nothing(tool, capsys):
    first = tool(OLD)
    capsys.readouterr()
    assert tool(OLD) == first
    assert "nothing is written" in capsys.readouterr().out


def test_what_is_stored_reads_back(tool, baseline):
    tool(OLD)
    assert baseline.load() == OLD


def test_a_change_is_shown_with_old_new_and_relative_and_only_it_is_stored(tool, baseline, capsys):
    tool(OLD)
    capsys.readouterr()
    tool(changed(1, 0.84))
    assert "here, seed 1: access, month 3: 0.8 -> 0.84 (+5%)" in capsys.readouterr().out
    assert baseline.load() == changed(1, 0.84)


def test_the_last_digit_may_differ_between_machines(tool, baseline):
    first = tool(OLD)
    assert tool(changed(0, 0.900001)) == first
    assert baseline.differences(OLD, changed(0, 0.9001))


def test_a_value_that_appears_or_vanishes_is_a_change(baseline):
    assert baseline.differences(OLD, changed(4, 0.5)) == ["here, seed 1: access, month 12: None -> 0.5"]
    assert baseline.differences(OLD, changed(0, None)) == ["here, seed 1: access, month 0: 0.9 -> None"]


def test_series_and_runs_that_come_or_go_are_told(baseline):
    fewer = {"here, seed 1": {"access": OLD["here, seed 1"]["access"]}}
    assert baseline.differences(OLD, fewer) == ["here, seed 1: gps is gone"]
    assert baseline.differences({}, fewer) == ["here, seed 1: access is new"]


@pytest.mark.parametrize(("value", "stored"), [(123456.78, 123457.0), (0.00123456789, 0.00123457), (math.nan, None)])
def test_six_significant_digits_are_stored(baseline, value, stored):
    assert baseline.rounded(value) == stored
