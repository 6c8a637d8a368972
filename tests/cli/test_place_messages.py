"""What `gpfed` says of places whose files, years or codes are not quite what their user believes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import gpfed
from abm.locality.guesses import year_apart

PAYMENTS = (
    "CCG Code,CCG NAME,Practice Code,Practice Name,Number of Registered Patients (Last Known Figure)\n"
    "9Z1,Upper Dale,Z00001,Mill Lane,5000\n9Z1,Upper Dale,Z00002,The Grange,10000\n"
    "9Z2,Lower Dale,Y00002,Quayside,8000\n"
)
PLACES = "practice_code,easting,northing\nZ00001,430000,421000\nZ00002,433000,425000\nY00002,440000,410000\n"
TOTALS = "EXTRACT_DATE,TYPE,CODE,SEX,AGE,NUMBER_OF_PATIENTS\n2015-04-01,GP,Z00001,ALL,ALL,5100\n"
BUILD = "locality build --payments pay-14-15.csv --coordinates places.csv --out dales"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with published files, in which the user stands."""
    for name, text in {"pay-14-15.csv": PAYMENTS, "places.csv": PLACES, "totals.csv": TOTALS}.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(line: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert gpfed.main(line) == 2
    return capsys.readouterr().err


def test_patients_without_ages_are_said_to_be_of_no_use_for_ages(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert gpfed.main([*BUILD.split(), "--codes", "Z00001", "--patients", "totals.csv"]) == 0
    assert "totals.csv: no ages of these practices; nothing of it is used.\n" in capsys.readouterr().out
    lists = ["--codes", "Z00001", "--patients", "totals.csv", "--list-from", "patients"]
    assert gpfed.main([*BUILD.split(), *lists]) == 0
    printed = capsys.readouterr().out
    assert "1 practice by code: 1" in printed.replace("practices, 5,100", "")
    assert "totals.csv: no ages of these practices; only its lists are used.\n" in printed


def test_a_code_in_small_letters_is_not_taken_for_another_practice(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "did you mean 'Z00002'?" in refused([*BUILD.split(), "--codes", "z00002"], capsys)


@pytest.mark.parametrize("codes", ["", " ", ","])
def test_no_code_is_said_to_be_none(desk: Path, capsys: pytest.CaptureFixture[str], codes: str) -> None:
    assert "--codes is empty; allowed are" in refused([*BUILD.split(), "--codes", codes], capsys)


@pytest.mark.parametrize("command", ["run", "locality show"])
def test_the_folder_of_a_run_is_no_place(desk: Path, capsys: pytest.CaptureFixture[str], command: str) -> None:
    (desk / "kept").mkdir()
    (desk / "kept" / "manifest.json").write_text("{}")
    assert "the folder 'kept' holds a run, not a place" in refused([*command.split(), "kept"], capsys).replace(
        str(desk) + "/", ""
    )


@pytest.mark.parametrize(
    ("published", "start", "told"),
    [("2014/15", 2014, False), ("2016/17", 2014, False), ("2022/23", 2014, True), ("2022/23", 2022, False),
     ("2014/15", 2022, True)],
)  # fmt: skip
def test_a_run_at_another_time_than_its_place_says_so(published: str, start: int, told: bool) -> None:
    sources = [{"kind": "NHS Payments to General Practice", "file": "pay.csv", "year": published}]
    said = year_apart({"built": {"sources": sources}}, date(start, 4, 1))
    assert bool(said) == told
    if told:
        assert f"is of {published}, but month 1 is April {start}; " in said
        assert f'start = "{published[:4]}-04-01"' in said


def test_a_place_that_states_no_year_is_not_said_to_be_of_another() -> None:
    assert year_apart({"kind": "synthetic"}, date(2014, 4, 1)) == ""
    assert year_apart({"built": {"sources": [{"kind": "coordinates", "file": "a.csv"}]}}, date(2014, 4, 1)) == ""


def test_a_published_file_is_no_place_and_the_way_to_one_is_told(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk / "paid.csv").write_text("Practice Code,Number of Registered Patients,CCG Code\nZ1,5000,9Z1\n")
    assert "make a place of it with gpfed locality build --payments" in refused(["run", "paid.csv"], capsys)


@pytest.mark.parametrize("command", ["run", "locality show"])
def test_a_slip_in_the_name_of_a_place_is_put_right(
    desk: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    (desk / "places" / "ipswich").mkdir(parents=True)
    (desk / "places" / "ipswich" / "provenance.json").write_text("{}")
    said = refused([*command.split(), "places/ipswhich"], capsys)
    assert "did you mean 'places/ipswich'?" in said
