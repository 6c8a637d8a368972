"""`gpfed locality build`, `show`, `list` and `check` as a user types them, and every way to get them wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import gpfed
from abm.locality import Locality
from abm.record.results import Run
from abm.scenario.parameters import ModelParameters
from abm.scenario.scenario import Scenario
from abm.simulate import run as simulate

HEADER = (
    "Region,Region Name,CCG Code,CCG NAME,Practice Code,Practice Name,Practice Postcode,Practice Close Date,"
    "Number of Registered Patients (Last Known Figure),Number of Weighted Patients (Last Known Figure)\n"
)
ROWS = (
    "Q9,Dales,9Z1,Upper Dale,Z00001,Mill Lane,ZZ1 1AA,-,5000,5500\n"
    "Q9,Dales,9Z1,Upper Dale,Z00002,The Grange,ZZ1 1AB,-,10000,9000\n"
    "Q9,Dales,9Z2,Lower Dale,Z00003,Quayside,ZZ2 1AA,-,8000,8400\n"
    "Q9,Dales,9Z2,Lower Dale,Z00004,Tiny,ZZ2 1AB,-,99,90\n"
)
WORKFORCE = "PRAC_CODE,TOTAL_GP_EXTGL_FTE,TOTAL_GP_SEN_PTNR_FTE,TOTAL_GP_PTNR_PROV_FTE,TOTAL_NURSES_FTE,TOTAL_DPC_FTE\n"
STAFF = "Z00001,2.5,1,1,1,.5\nZ00002,5.5,2,2.5,3,1.5\nZ00003,ND,ND,ND,ND,ND\n"
PLACES = "postcode,easting,northing\nZZ11AA,430000,421000\nZZ11AB,433000,425000\nZZ21AA,440000,410000\n"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with published files, in which the user stands."""
    for name, text in {
        "pay-14-15.csv": HEADER + ROWS, "work_2015.csv": WORKFORCE + STAFF, "places.csv": PLACES,
        "boundary.geojson": '{"type": "Polygon", "coordinates": [[[-1.6, 53.6], [-1.5, 53.6], [-1.5, 53.7]]]}',
    }.items():  # fmt: skip
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


BUILD = "locality build --payments pay-14-15.csv --coordinates places.csv --workforce work_2015.csv"


def run(line: str) -> int:
    return gpfed.main(line.split())


def test_from_published_files_to_a_run(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(f"{BUILD} --all --out dales") == 0
    printed = capsys.readouterr().out
    assert "England: 3 practices, 23,000 patients, 2 commissioners" in printed
    assert "Left out: 1: Z00004 (list of 99 patients)" in printed
    place = Locality.load(desk / "dales", parameters=ModelParameters())
    for name, number in place.provenance["guesses"].items():
        assert f"{number:>6,}  {name}: " in printed  # every guess is told


@pytest.mark.slow
def test_a_run_tells_what_its_place_was_built_from(desk: Path) -> None:
    assert run(f"{BUILD} --all --out dales") == 0
    place = Locality.load(desk / "dales", parameters=ModelParameters())
    result = simulate(Scenario.load("dales").with_horizon(2))
    result.save(desk / "run")
    origin = Run.load(desk / "run").manifest["place"]
    assert origin["guesses"] == dict(place.provenance["guesses"])
    assert origin["dropped"] == {"Z00004": "list of 99 patients"}
    assert [source["file"] for source in origin["built"]["sources"]] == ["pay-14-15.csv", "work_2015.csv", "places.csv"]


def test_show_list_and_check_tell_of_a_built_place(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(f"{BUILD} --commissioner 9Z1 --commissioner 9Z2 --out dales --title Dales") == 0
    capsys.readouterr()
    assert run("locality show dales --map map.svg --boundaries boundary.geojson") == 0
    shown = capsys.readouterr().out
    for words in ("Dales (3 practices)", "23,000", "2 (9Z1, 9Z2)", "registrars (by list) for 3"):
        assert words in shown.replace("\n", " ")
    assert (desk / "map.svg").read_text().startswith("<?xml")
    assert run("locality list") == 0
    listed = capsys.readouterr().out
    assert "dales" in listed and "Dales" in listed and "town-and-country" in listed
    assert run("locality list --payments pay-14-15.csv") == 0
    areas = [line for line in capsys.readouterr().out.splitlines() if "9Z" in line]
    assert [("Upper Dale" in line, "15,000" in line, " 2 " in line) for line in areas] == [
        (True, True, True),
        (False, False, False),
    ]
    assert run("locality check dales") == 0
    checked = capsys.readouterr().out.splitlines()
    assert "the place: guessed for 3 of 3 practices: age mix (England's)" in checked
    assert checked[-1] == f"{len(checked) - 1} oddities in Dales, 3 practices."


def test_a_preset_and_a_tidy_file_are_places_too(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (desk / "tidy.csv").write_text(
        "practice_code,list_size,ccg_code,lat,lon\nA1,500,X,53.7,-1.5\nA2,9000,X,53.6,-1.5\n"
    )
    assert run("locality show inner-city") == 0 and run("locality show tidy.csv --map tidy.png") == 0
    assert run("locality check tidy.csv") == 0
    assert "A1: a list of 500 patients" in capsys.readouterr().out
    assert (desk / "tidy.png").stat().st_size > 10_000


def replaced(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(desk: Path) -> None:
        text = (desk / name).read_text()
        assert old in text
        (desk / name).write_text(text.replace(old, new, 1))

    return change


def written(name: str, content: str | bytes) -> Callable[[Path], None]:
    def change(desk: Path) -> None:
        (desk / name).write_bytes(content if isinstance(content, bytes) else content.encode())

    return change


WRONG_FILES = [
    (written("pay-14-15.csv", (HEADER + ROWS).encode("utf-16")), "pay-14-15.csv is in UTF-16; save it as 'CSV UTF-8'"),
    (
        written("pay-14-15.csv", b"PK\x03\x04..."),
        "pay-14-15.csv is an .xlsx workbook or a zip archive; save the sheet as 'CSV UTF-8' and give that",
    ),
    (written("pay-14-15.csv", b"\x89PNG\r\n\0\0"), "pay-14-15.csv, line 2: this is no text; allowed is a CSV file"),
    (written("pay-14-15.csv", ""), "pay-14-15.csv is empty; allowed is a header and a row for each practice"),
    (
        written("pay-14-15.csv", (HEADER + ROWS).replace(",", ";")),
        "pay-14-15.csv is separated by semicolons; save it separated by commas",
    ),
    (
        written("pay-14-15.csv", (HEADER + ROWS).replace(",", "\t")),
        "pay-14-15.csv is separated by tabs; save it separated by commas",
    ),
    (
        replaced("pay-14-15.csv", "Practice Code", "Practise Code"),
        "pay-14-15.csv: the column 'Practice Code' or "
        "'PRAC_CODE' or 'ODS Code' is missing; did you mean 'Practise Code'?",
    ),
    (
        replaced("pay-14-15.csv", "Number of Registered", "Numbers of Registred"),
        "pay-14-15.csv: the column 'Number of "
        "Registered Patients (Last Known Figure)' or 'Average Number of Registered Patients' "
        "or 'list_size' is missing; "
        "did you mean 'Numbers of Registred Patients (Last Known Figure)'?",
    ),
    (
        replaced("pay-14-15.csv", "Z00002", "Z00001"),
        "pay-14-15.csv, line 3, column 'Practice Code': 'Z00001' stands on "
        "line 2 already; allowed is one row for each practice",
    ),
    (
        replaced("pay-14-15.csv", ",5000,", ",-5000,"),
        "pay-14-15.csv, line 2, column 'Number of Registered Patients (Last "
        "Known Figure)': '-5000' is out of range; allowed are 0 to 200,000 patients",
    ),
    (replaced("pay-14-15.csv", ",5000,", ",5000000,"), "'5000000' is out of range; allowed are 0 to 200,000 patients"),
    (replaced("pay-14-15.csv", ",5000,", ",five,"), "'five' is not a number; allowed are 0 to 200,000 patients"),
    (
        replaced("pay-14-15.csv", ",5000,5500", ",5000"),
        "pay-14-15.csv, line 2: 9 cells; allowed are 10, as in the header",
    ),
    (
        replaced("work_2015.csv", "Z00001,2.5", "Z00001,400"),
        "work_2015.csv, line 2, column 'TOTAL_GP_EXTGL_FTE': '400' is out of range; allowed are 0 to 200 FTE",
    ),
    (
        replaced("work_2015.csv", "Z00001,2.5", "Z00001,150"),
        "work_2015.csv, line 2: practice 'Z00001' has 150 FTE of GPs "
        "for 5,000 patients; allowed is 1 for 100 patients at most",
    ),
    (
        replaced("work_2015.csv", "Z00002", "Z00001"),
        "work_2015.csv, line 3, column 'PRAC_CODE': 'Z00001' stands on line 2 "
        "already; allowed is one row for each practice",
    ),
    (
        written("work_2015.csv", "PRAC_CODE,NURSES\nZ00001,3\n"),
        "work_2015.csv: the column 'TOTAL_GP_EXTGL_FTE' or 'TOTAL_GP_PTNR_PROV_FTE' or 'gp_fte' is missing",
    ),
    (
        written("work_2015.csv", "PRAC_CODE,Year,TOTAL_GP_EXTGL_FTE\nZ00001,2015,3\nZ00001,2016,3\n"),
        "work_2015.csv: the column 'Year' holds 2 years (2015, 2016); choose one with --year",
    ),
    (
        written("work_2015.csv", "PRAC_CODE,Year,TOTAL_GP_EXTGL_FTE\nZ00001,2023,3\n"),
        "work_2015.csv is of 2023, "
        "pay-14-15.csv of 2014/15: more than 2 years apart; give files of one time, or "
        "--mixed-years to use them all the "
        "same",
    ),
    (
        replaced("places.csv", "430000,421000", "421,430"),
        "places.csv, line 2, column 'easting': 421, 430 (easting, northing) lies in the sea or outside England",
    ),
    (
        written("places.csv", "postcode,lat,lon\nZZ1 1AA,-1.5,53.7\n"),
        "places.csv, line 2, column 'lat': -1.5, 53.7 are latitude and longitude swapped",
    ),
    (
        written("places.csv", "postcode,east\nZZ1 1AA,430000\n"),
        "places.csv: the columns 'easting' and 'northing', or 'lat' and 'lon', are missing",
    ),
    (
        written("places.csv", "postcode,easting,northing\nZZ9 9ZZ,430000,421000\n"),
        "places.csv places no practice of "
        "commissioner '9Z1'; allowed is a CSV with practice_code or postcode, and easting and northing or lat and lon",
    ),
]


@pytest.mark.parametrize(("change", "sentence"), WRONG_FILES, ids=[sentence[:60] for _, sentence in WRONG_FILES])
def test_a_wrong_file_is_one_sentence_and_no_folder(
    desk: Path, capsys: pytest.CaptureFixture[str], change: Callable[[Path], None], sentence: str
) -> None:
    change(desk)
    before = sorted(path.name for path in desk.iterdir())
    assert run(f"{BUILD} --all --out dales") == 2
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err.startswith("gpfed: ") and printed.err.count("\n") == 1
    assert printed.err.endswith(f"{sentence}\n")
    assert sorted(path.name for path in desk.iterdir()) == before


WRONG_COMMANDS = [
    (
        f"{BUILD} --commissioner 9Z3 --out x",
        "--commissioner 9Z3 is not in pay-14-15.csv; allowed are 9Z1, 9Z2; did you mean '9Z2'?",
    ),
    (f"{BUILD} --commissioner UpperDale --out x", "did you mean '9Z1' (Upper Dale)?"),
    (f"{BUILD} --codes Z00001,Z99999 --out x", "--codes: 1 of 2 codes are not in pay-14-15.csv: Z99999"),
    (
        f"{BUILD} --codes none.txt --out x",
        "--codes none.txt: no such file; allowed are a file, or codes separated by commas",
    ),
    (f"{BUILD} --codes Z00004 --out x", "none of the practices chosen (1) has 100 patients or more"),
    (f"{BUILD} --near 53.7,-1.5 --out x", "--near and --within belong together: a point and a distance in km"),
    (
        f"{BUILD} --near=-1.5,53.7 --within 5 --out x",
        "--near -1.5,53.7: latitude and longitude are swapped; allowed is LAT,LON",
    ),
    (f"{BUILD} --near 54.5,3 --within 5 --out x", "--near: 54.5,3 lies in the sea or outside England"),
    (
        f"{BUILD} --near here --within 5 --out x",
        "--near here is no point; allowed are LAT,LON (51.52,-0.06) or EASTING,NORTHING (535000,182000)",
    ),
    (f"{BUILD} --near 53.7,-1.5 --within -5 --out x", "--within -5 is out of range; allowed are more than 0 to 700 km"),
    (
        f"{BUILD} --out x",
        "choose practices by one of --commissioner, --codes, --near with --within, --all; none is given",
    ),
    (f"{BUILD} --all --codes Z00001 --out x", "--codes and --all are given"),
    (f"{BUILD} --all --list-from both --out x", "--list-from both is unknown; allowed are payments, patients"),
    (f"{BUILD} --all --year once --out x", "--year once is no year; allowed are, for example, 2015 or 2014/15"),
    (f"{BUILD} --all --out .", "--out: '.' is no name of a folder of its own; give one, for example places/wakefield"),
    (f"{BUILD} --all --out pay-14-15.csv", "exists and holds no built place; give another name with --out"),
    (f"{BUILD} --all --out pay-14-15.csv/x", "--out: the folder 'pay-14-15.csv' cannot be written: it is a file"),
    ("locality build --payments . --all --out x", ". is a folder; allowed is a CSV file"),
    ("locality build --payments none.csv --all --out x", "none.csv does not exist; allowed is a CSV file"),
    (
        "locality build --payments pay-14-15.csv --all --out x",
        "practices of commissioner '9Z1' have no "
        "coordinates; give --coordinates FILE, a CSV with practice_code or postcode, and "
        "easting and northing or lat and lon",
    ),
    ("locality build --all --out x", "Missing option '--payments'."),
    (
        "locality build --payments pay-14-15.csv --near 53.7,-1.5 --within 5 --out x",
        "--near needs the places of "
        "practices: give --coordinates FILE with their easting and northing, or lat and lon, "
        "by practice code or postcode",
    ),
    (
        "locality show iner-city",
        "allowed are town-and-country, large-urban, inner-city, large-rural, england, a CSV file "
        "or a folder with a practices.csv; did you mean 'inner-city'?",
    ),
    (
        "locality show inner-city --map map.gif",
        "--map map.gif: the kind of file is unknown; allowed are .svg, .png, .pdf",
    ),
    ("locality show inner-city --boundaries boundary.geojson", "--boundaries needs --map FILE"),
    ("locality check pay-14-15.csv", "make a place of it with gpfed locality build --payments pay-14-15.csv"),
    ("locality list nowhere", "nowhere is no folder; allowed are folders that hold places"),
    ("locality list . --payments pay-14-15.csv", "--payments and folders exclude each other; allowed is one of them"),
    ("locality buld", "No such command 'buld'. Did you mean 'build'?"),
]


@pytest.mark.parametrize(("line", "sentence"), WRONG_COMMANDS, ids=[line[-60:] for line, _ in WRONG_COMMANDS])
def test_a_wrong_command_is_one_sentence_and_no_folder(
    desk: Path, capsys: pytest.CaptureFixture[str], line: str, sentence: str
) -> None:
    before = sorted(path.name for path in desk.iterdir())
    assert run(line) == 2
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err.startswith("gpfed: ") and printed.err.count("\n") == 1
    assert printed.err.endswith(f"{sentence}\n")
    assert sorted(path.name for path in desk.iterdir()) == before


def test_a_year_is_chosen_or_said_to_choose_nothing(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (desk / "two.csv").write_text("Practice Code,Year,list_size,CCG Code\nZ1,2014/15,5000,9Z1\nZ1,2022/23,7000,9Z8\n")
    assert run("locality list --payments two.csv") != 0
    assert "choose one with --year" in capsys.readouterr().err
    assert run("locality list --payments two.csv --year 2022/23") == 0
    listed = capsys.readouterr().out
    assert "9Z8" in listed and "9Z1" not in listed
    (desk / "pay-14-15.csv").rename("pay.csv")
    build = "locality build --payments pay.csv --coordinates places.csv --all"
    assert run(f"{build} --year 2014/15 --out dales") == 0
    assert "--year 2014/15 chose nothing: no file states a year." in capsys.readouterr().out
