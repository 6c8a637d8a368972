"""Places from files: what is known is kept, what is filled in is counted, what is wrong is refused in one sentence."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from abm.columns import Role
from abm.errors import InputError
from abm.locality import Locality, populate
from abm.locality.filling import deprivation_percentile
from abm.scenario.parameters import ModelParameters
from abm.streams import Streams

PARAMETERS = ModelParameters()
HEADER = "practice_code,name,lat,lon,list_size,weighted_list,gp_fte,nurses_fte,dpc_fte,imd,ccg_code"
ROWS = [
    "A1,Mill Lane,53.70,-1.50,5000,5500,2.5,1.0,0.5,21.94,X1",
    "A2,High Street,53.71,-1.40,10000,9000,5.5,3.0,,40.27,X1",
    "A3,The Grange,53.60,-1.45,8000,,,,1.0,,X1",
    "B1,,,,4000,4000,0,1.2,0.4,12.81,X2",
    "B2,Chapel,53.40,-1.30,99,99,0.1,0,0,30,X2",
    "B3,Quayside,53.42,-1.20,6000,6300,3.0,1.5,0.9,9.94,X2",
]


def write(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "place.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def load(path: Path | str) -> Locality:
    return Locality.load(path, parameters=PARAMETERS)


def test_what_is_known_is_kept_and_what_is_filled_in_is_counted(tmp_path: Path) -> None:
    path = write(tmp_path, *ROWS)
    locality = load(path)
    practices = locality.practices
    assert practices["code"].tolist() == ["A1", "A2", "A3", "B1", "B3"]
    assert practices["title"].tolist() == ["Mill Lane", "High Street", "The Grange", "B1", "Quayside"]
    assert locality.patients == pytest.approx(33_000)
    assert practices["need"].tolist() == pytest.approx([1.1, 0.9, np.nan, 1.0, 1.05], nan_ok=True)
    assert practices["deprivation"].tolist() == pytest.approx([0.5, 0.9, 0.7, 0.2, 0.1])
    assert practices["gp_fte"].tolist() == pytest.approx([2.5, 5.5, 8 / 15_000 * 8_000, 4_000 * 3 / 6_000, 3.0])
    assert practices["nurse_fte"].tolist() == pytest.approx([1.0, 3.0, 4 / 15_000 * 8_000, 1.2, 1.5])
    assert practices["other_fte"].tolist() == pytest.approx([0.5, 1.5 / 13_000 * 10_000, 1.0, 0.4, 0.9])
    assert np.isnan(practices["registrar_fte"]).all()
    assert np.isnan(practices["latitude"][3]) and np.isnan(practices["longitude"][3])
    assert (practices["x"][3], practices["y"][3]) == pytest.approx((practices["x"][4], practices["y"][4]))
    assert locality.provenance == {
        "kind": "files",
        "files": {"place.csv": sha256(path.read_bytes()).hexdigest()},
        "guesses": {
            "age mix (England's)": 5,
            "weighted list (drawn from need)": 1,
            "coordinates (middle of the commissioner's area)": 1,
            "deprivation (median of the commissioner's practices)": 1,
            "split of GP time into partners and salaried": 5,
            "GP time (the commissioner's a head)": 2,
            "nurses (the commissioner's a head)": 1,
            "other clinicians (the commissioner's a head)": 1,
            "registrars (by list)": 5,
        },
        "dropped": {"B2": "list of 99 patients"},
    }


def test_the_order_of_rows_and_the_kind_of_place_do_not_matter(tmp_path: Path) -> None:
    file = load(write(tmp_path, *ROWS))
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    write(folder, *ROWS[::-1]).rename(folder / "practices.csv")
    other = load(folder)
    assert other.name == "elsewhere"
    for name, column in file.practices.items():
        if column.dtype.kind == "f":
            assert np.allclose(column, other.practices[name], equal_nan=True, atol=1e-9), name
        else:
            assert np.array_equal(column, other.practices[name]), name


def test_ages_that_are_known_are_used_and_not_counted_twice_in_need(tmp_path: Path) -> None:
    """A list of old people weighs more by its ages alone; its need beyond age is 1."""
    rates = np.array(PARAMETERS.demand.requests_by_age)
    mean = float(rates @ np.array(PARAMETERS.population.age_shares))
    weighted = 1000 * rates[4] / mean
    header = "practice_code,lat,lon,list_size,weighted_list,ccg_code,age_0_14,age_15_44,age_45_64,age_65_74,age_75_plus"
    locality = load(write(tmp_path, f"A1,53,-1,1000,{weighted},X,0,0,0,0,500", header=header))
    assert locality.practices["list_by_age"].tolist() == [[0, 0, 0, 0, 1000]]
    assert locality.practices["need"][0] == pytest.approx(1.0)
    practices = populate(locality, PARAMETERS, Streams(1)).practices
    assert practices["weighting"][0] * 1000 * rates[4] == pytest.approx(weighted)


def test_partners_and_salaried_gps_add_up_to_what_is_known(tmp_path: Path) -> None:
    header = "practice_code,lat,lon,list_size,ccg_code,gp_partners_fte,gp_salaried_fte"
    rows = ["A1,53,-1,9000,X,3.6,1.3", "A2,53,-1,9000,X,0.9,0", "A3,53,-1,9000,X,0,2.2", "A4,53,-1,9000,X,6.1,0.2"]
    locality = load(write(tmp_path, *rows, header=header))
    assert locality.provenance["guesses"]["a partner where none is recorded"] == 1
    gps = populate(locality, PARAMETERS, Streams(1)).gps
    fte = gps["sessions"] / PARAMETERS.capacity.sessions_per_fte
    partner, salaried = gps["role"] == Role.PARTNER, gps["role"] == Role.SALARIED
    by_partners = np.bincount(gps["practice"][partner], fte[partner], 4)
    by_salaried = np.bincount(gps["practice"][salaried], fte[salaried], 4)
    assert by_partners == pytest.approx([3.6, 0.9, 0.4, 6.0], abs=1e-9)  # at least one partner; nobody below .3 FTE
    assert by_salaried == pytest.approx([1.3, 0.0, 1.8, 0.3], abs=1e-9)


def test_metres_of_the_national_grid_become_kilometres(tmp_path: Path) -> None:
    header = "practice_code,easting,northing,list_size,ccg_code"
    practices = load(write(tmp_path, "A1,430000,421000,5000,X", "A2,433000,425000,5000,X", header=header)).practices
    assert practices["x"].tolist() == [430.0, 433.0]
    assert np.hypot(np.ptp(practices["x"]), np.ptp(practices["y"])) == pytest.approx(5.0)
    assert practices["deprivation"].tolist() == [0.5, 0.5]


def test_deprivation_is_the_percentile_within_england() -> None:
    score = np.array([0.0, 3.21, 21.94, 40.27, 66.49, 90.0, np.nan])
    assert deprivation_percentile(score) == pytest.approx([0.0, 0.0, 0.5, 0.9, 1.0, 1.0, np.nan], nan_ok=True)


BAD_ROWS = [
    (
        "A1,Mill,53.7,-1.5,many,1,1,1,1,20,X1",
        "line 2, column 'list_size': 'many' is not a number; allowed are 0 to 200,000",
    ),
    (
        "A1,Mill,53.7,-1.5,-5,1,1,1,1,20,X1",
        "line 2, column 'list_size': '-5' is out of range; allowed are 0 to 200,000",
    ),
    ("A1,Mill,53.7,-1.5,900000,1,1,1,1,20,X1", "'900000' is out of range; allowed are 0 to 200,000 patients"),
    ("A1,Mill,53.7,-1.5,inf,1,1,1,1,20,X1", "column 'list_size': 'inf' is out of range"),
    ("A1,Mill,48.9,2.3,5000,1,1,1,1,20,X1", "column 'lat': '48.9' is out of range; allowed are 49.8 to 55.9 degrees"),
    ("A1,Mill,53.7,2.3,5000,1,1,1,1,20,X1", "column 'lon': '2.3' is out of range; allowed are -6.5 to 1.9 degrees"),
    ("A1,Mill,53.7,-1.5,5000,1,-1,1,1,20,X1", "column 'gp_fte': '-1' is out of range; allowed are 0 to 200 FTE"),
    ("A1,Mill,53.7,-1.5,5000,1,1,1,1,120,X1", "column 'imd': '120' is out of range; allowed are 0 to 100"),
    (
        "A/1,Mill,53.7,-1.5,5000,1,1,1,1,20,X1",
        "column 'practice_code': 'A/1' is no code; allowed are 1 to 24 characters",
    ),
    ("A1,Mill,53.7,-1.5,5000,1,1,1,1,20,", "line 2, column 'ccg_code': '' is no code"),
    ("A1,Mill,53.7,-1.5,5000", "line 2: 5 cells; allowed are 11, as in the header"),
    ("A1,Mill,53.7,-1.5,40,1,1,1,1,20,X1", "no practice has 100 patients or more in the column 'list_size'"),
    ("A1,Mill,,,5000,1,1,1,1,20,X1", "no practice has coordinates; allowed are lat and lon, or easting and northing"),
]


@pytest.mark.parametrize(("row", "sentence"), BAD_ROWS)
def test_bad_values_are_refused_with_line_and_column(tmp_path: Path, row: str, sentence: str) -> None:
    path = write(tmp_path, row)
    with pytest.raises(InputError) as refusal:
        load(path)
    message = str(refusal.value)
    assert message.startswith(str(path)) and sentence in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("practice_code,list_sise,lat,lon,ccg_code", "the column 'list_size' is missing; did you mean 'list_sise'?"),
        ("practice,list_size,lat,lon,ccg_code", "the column 'practice_code' is missing; did you mean 'practice'?"),
        ("practice_code,list_size,lat,lon,area", "the column 'ccg_code' or 'commissioner_code' is missing"),
        ("practice_code,list_size,lat,x,ccg_code", "the column 'lon' or 'longitude' is missing"),
        ("practice_code,list_size,easting,x,ccg_code", "the column 'northing' is missing"),
    ],
)
def test_missing_columns_are_named(tmp_path: Path, header: str, sentence: str) -> None:
    path = write(tmp_path, "A1,5000,53.7,-1.5,X1", header=header)
    with pytest.raises(InputError) as refusal:
        load(path)
    assert f"{path}: {sentence}" in str(refusal.value)


def test_files_that_are_no_places_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere.csv' is unknown; allowed are town-and-country"):
        load(tmp_path / "nowhere.csv")
    with pytest.raises(InputError, match=r"practices.csv does not exist; a place is a CSV file or a folder with"):
        load(tmp_path)
    with pytest.raises(InputError, match=r"place.csv is empty; allowed is a header and a row for each practice"):
        load(write(tmp_path))
    with pytest.raises(InputError, match="column 'practice_code': 'A1' stands on line 2 already"):
        load(write(tmp_path, ROWS[0], ROWS[1], ROWS[0]))


def test_degrees_the_wrong_way_round_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"line 2, column 'lat': '-1.5' and '53.7' are swapped with 'lon'"):
        load(write(tmp_path, "A1,Mill,-1.5,53.7,5000,1,1,1,1,20,X1"))


def test_an_older_file_keeps_its_accents(tmp_path: Path) -> None:
    path = write(tmp_path, ROWS[1])
    path.write_bytes(path.read_bytes() + "A9,Café,53.7,-1.5,5000,1,1,1,1,20,X1\n".encode("cp1252"))
    assert load(path).practices["title"].tolist() == ["High Street", "Café"]


def test_a_spreadsheet_s_mark_at_the_beginning_is_no_obstacle(tmp_path: Path) -> None:
    path = write(tmp_path, *ROWS)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert len(load(path)) == 5


@pytest.mark.parametrize(
    ("file", "practices", "patients"),
    [
        ("03R_2015-16", 40, 362_480), ("06L_2014-15", 41, 395_076), ("99A_2014-15", 94, 498_764),
        ("08V_2016-17", 35, 308_350), ("england_2014-15", 7_909, 56_636_000),
    ],
)  # fmt: skip
def test_published_places_load_whole(real_data: Path, file: str, practices: int, patients: float) -> None:
    locality = load(real_data / "localities" / f"{file}.csv")
    assert len(locality) == practices
    assert locality.patients == pytest.approx(patients, rel=1e-3)
    assert locality.provenance["dropped"] == {}
    for name in ("x", "y", "deprivation", "need", "weighted_list", "gp_fte", "nurse_fte", "other_fte"):
        assert np.isfinite(locality.practices[name]).all(), name
    if practices > 1_000:
        assert len(locality.commissioners) == 211
        assert locality.practices["deprivation"].mean() == pytest.approx(0.5, abs=0.01)
        assert np.hypot(np.ptp(locality.practices["x"]), np.ptp(locality.practices["y"])) < 900.0
    else:
        assert np.hypot(locality.practices["x"], locality.practices["y"]).max() < 40.0


def test_gps_of_england_make_up_the_published_working_time(real_data: Path) -> None:
    locality = load(real_data / "localities" / "england_2014-15.csv")
    population = populate(locality, PARAMETERS, Streams(1))
    gps, known = population.gps, locality.practices["gp_fte"]
    fte = gps["sessions"] / PARAMETERS.capacity.sessions_per_fte
    posts = gps["role"] != Role.SESSIONAL
    drawn = np.bincount(gps["practice"][posts], fte[posts], len(locality))
    usual = known >= PARAMETERS.population.partner_fte_range[0]
    assert np.abs(drawn - known)[usual].max() < 1e-9
    assert np.all(drawn[~usual] == PARAMETERS.population.partner_fte_range[0])
    partners = fte[gps["role"] == Role.PARTNER].sum() / fte[posts].sum()
    assert partners == pytest.approx(PARAMETERS.population.partner_fte_share, abs=0.015)
    assert fte[gps["role"] == Role.PARTNER].max() <= PARAMETERS.population.partner_fte_range[1] + 1e-9
    assert fte[gps["role"] == Role.SALARIED].min() >= PARAMETERS.population.salaried_fte_range[0] - 1e-9


def test_where_a_commissioner_has_nothing_england_s_average_is_told_as_such(tmp_path: Path) -> None:
    rows = [
        "A1,Mill,53.7,-1.5,5000,,2.5,1.0,,20,X1",
        "A2,High,53.7,-1.4,6000,,,,,20,X1",
        "B1,Quay,53.5,-1.4,4000,,,,,20,X2",
    ]
    told = load(write(tmp_path, *rows)).provenance["guesses"]
    for kind in ("GP time", "nurses"):
        assert (told[f"{kind} (the commissioner's a head)"], told[f"{kind} (England's a head)"]) == (1, 1)
    assert told["other clinicians (England's a head)"] == 3
    assert "other clinicians (the commissioner's a head)" not in told


def test_a_commissioner_without_any_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no practice of commissioner 'X2' has coordinates; allowed is one at least"):
        load(write(tmp_path, ROWS[0], "B1,Quay,,,4000,,,,,20,X2"))


@pytest.mark.parametrize(("name", "year"), [("imd2019", "2019"), ("IMD_Score_2019", "2019"), ("imd 2025", "2025")])
def test_deprivation_scores_of_another_year_are_refused(tmp_path: Path, name: str, year: str) -> None:
    with pytest.raises(InputError, match=rf"column '{name}' holds scores of the IMD {year}; allowed are those of 2015"):
        load(write(tmp_path, *ROWS, header=HEADER.replace("imd", name)))
    same = load(write(tmp_path, *ROWS, header=HEADER.replace("imd", "imd_2015")))
    assert same.practices["deprivation"].tolist() == pytest.approx([0.5, 0.9, 0.7, 0.2, 0.1])
