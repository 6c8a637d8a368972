"""The four places of the case studies, and England, from the files as they were published."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from abm.locality import Locality, guesses, populate
from abm.locality.build import build_place
from abm.locality.check import oddities
from abm.locality.national_grid import in_england, to_degrees
from abm.locality.overview import commissioners_of
from abm.locality.place_folder import write_place
from abm.locality.place_table import BuiltPlace
from abm.locality.published.files import Sources
from abm.locality.selection import Selection, selection
from abm.scenario.parameters import ModelParameters
from abm.streams import Streams

PARAMETERS = ModelParameters()
FIRST, LAST = "nhs_payments_to_general_practice_2014-15.csv", "nhs_payments_to_general_practice_2022-23_03R_06L_08V.csv"


def first_year(real_data: Path, chosen: Selection) -> BuiltPlace:
    tidy = real_data / "localities" / "england_2014-15.csv"
    return build_place(Sources(real_data / "raw" / FIRST, tidy, tidy), chosen, PARAMETERS)


def last_year(real_data: Path, chosen: Selection) -> BuiltPlace:
    workforce = real_data / "raw" / "gp_workforce_practice_level_fy2023_03R_06L_08V.csv"
    places = real_data / "localities" / "england_2014-15.csv"
    return build_place(Sources(real_data / "raw" / LAST, places, workforce), chosen, PARAMETERS)


@pytest.mark.parametrize(
    ("code", "practices", "dropped", "title"),
    [("06L", 41, 0, "Ipswich and East Suffolk"), ("03R", 40, 0, "Wakefield"), ("99A", 94, 1, "Liverpool"),
     ("08V", 35, 0, "Tower Hamlets")],
)  # fmt: skip
def test_the_places_of_2014(
    real_data: Path, tmp_path: Path, code: str, practices: int, dropped: int, title: str
) -> None:
    place = first_year(real_data, selection(commissioners=[code]))
    assert (len(place.table), len(place.provenance["dropped"]), place.provenance["title"]) == (
        practices, dropped, title,
    )  # fmt: skip
    published = pd.read_csv(real_data / "raw" / FIRST, encoding="utf-8-sig")
    size = published.loc[published["CCG Code"] == code, "Number of Registered Patients (Last Known Figure)"]
    assert place.table.numbers["list_size"].sum() == size[size >= 100].sum()
    assert guesses.COORDINATES not in place.provenance["guesses"]
    write_place(place, tmp_path / code, "1.0")
    read = Locality.load(tmp_path / code, parameters=PARAMETERS)
    assert read.provenance["guesses"] == place.provenance["guesses"]
    for name, column in place.table.columns(PARAMETERS).items():
        equal_nan = column.dtype.kind == "f"
        assert np.array_equal(column, read.practices[name], equal_nan=equal_nan), name
    people = populate(read, PARAMETERS, Streams(1))
    posts = people.gps["practice"] >= 0
    fte = (people.gps["sessions"][posts] / PARAMETERS.capacity.sessions_per_fte).sum()
    assert fte == pytest.approx(read.practices["gp_fte"].sum(), rel=0.01)
    about_practices = [oddity for oddity in oddities(read) if oddity.practice]
    assert len(about_practices) < 0.1 * practices


@pytest.mark.parametrize(
    ("code", "practices", "dropped"), [("03R", 34, {"B87023", "Y02509"}), ("06L", 35, {"D83058", "D83082"})]
)
def test_the_places_of_2022(real_data: Path, code: str, practices: int, dropped: set[str]) -> None:
    place = last_year(real_data, selection(commissioners=[code]))
    assert len(place.table) == practices and set(place.provenance["dropped"]) == dropped
    told = place.provenance["guesses"]
    assert told.get(guesses.SPLIT, 0) <= 1 and told[guesses.AGES] == practices
    unknown = place.table.guessed[guesses.COORDINATES].sum()
    assert told.get(guesses.COORDINATES, 0) == unknown <= 2


def test_tower_hamlets_of_2022_by_its_practices(real_data: Path) -> None:
    """Its commissioner had become one of the whole of North East London by then."""
    place = last_year(real_data, selection(codes=str(real_data / "localities" / "08V.csv")))
    tidy = pd.read_csv(real_data / "localities" / "08V.csv")
    assert set(place.table.text["practice_code"]) == set(tidy["practice_code"])
    assert set(place.table.text["commissioner_code"]) == {"A3A8R"}
    assert place.table.numbers["list_size"].sum() == pytest.approx(tidy["list_size"].sum(), rel=1e-4)


def test_england_is_whole(real_data: Path) -> None:
    place = first_year(real_data, selection(everything=True))
    tidy = pd.read_csv(real_data / "localities" / "england_2014-15.csv")
    assert len(place.table) == len(tidy) == 7_909
    assert place.table.numbers["list_size"].sum() == tidy["list_size"].sum()
    assert place.provenance["guesses"][guesses.COORDINATES] == tidy["easting"].isna().sum()
    listed = commissioners_of(real_data / "raw" / FIRST)
    assert len(listed) == 211
    assert sum(int(row[2].replace(",", "")) for row in listed) == 7_909


def test_epraccur_agrees_on_nearly_all_practices(real_data: Path) -> None:
    tidy = real_data / "localities" / "england_2014-15.csv"
    files = Sources(real_data / "raw" / FIRST, tidy, tidy, real_data / "raw" / "epraccur_2015-11-27.csv")
    place = build_place(files, selection(everything=True), PARAMETERS)
    no_practice = [code for code, why in place.provenance["dropped"].items() if why.startswith("no GP practice")]
    assert 0 < len(no_practice) < 30
    assert len(place.table) > 7_880


def test_the_grid_agrees_with_published_degrees_of_all_practices(real_data: Path) -> None:
    tidy = pd.read_csv(real_data / "localities" / "england_2014-15.csv").dropna(subset=["easting", "lat"])
    latitude, longitude = to_degrees(tidy["easting"].to_numpy(), tidy["northing"].to_numpy())
    assert np.abs(latitude - tidy["lat"]).max() < 2e-6 and np.abs(longitude - tidy["lon"]).max() < 2e-6
    assert all(in_england(east, north) for east, north in zip(tidy["easting"], tidy["northing"], strict=True))
