"""A place from published files: nothing is lost, every guess is counted, and the place is the same when it is read."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from abm.errors import InputError
from abm.locality import Locality, guesses, populate
from abm.locality.build import build_place
from abm.locality.filling import deprivation_percentile
from abm.locality.place_folder import read_provenance, write_place
from abm.locality.place_table import OF_PRACTICE, PEOPLE, BuiltPlace
from abm.locality.published.files import Sources
from abm.locality.selection import selection
from abm.scenario.parameters import ModelParameters
from abm.streams import Streams

PARAMETERS = ModelParameters()
ALL = selection(everything=True)


def sources(publish: Any, layout: str = "2014", **more: Path) -> Sources:
    payments = getattr(publish, f"payments_{layout}")()
    return Sources(payments, coordinates=publish.code_point(), workforce=publish.workforce(), **more)


def build(from_files: Sources, chosen: Any = ALL, **options: Any) -> BuiltPlace:
    return build_place(from_files, chosen, PARAMETERS, **options)


def load(folder: Path) -> Locality:
    return Locality.load(folder, parameters=PARAMETERS)


def same(one: Any, other: Any) -> bool:
    return all(
        np.array_equal(one[name], other[name], equal_nan=one[name].dtype.kind == "f") for name in one
    )  # to the last bit


@pytest.mark.parametrize("layout", ["2014", "2018", "2022"])
def test_a_place_is_the_same_from_every_layout_and_after_it_is_read(publish: Any, tmp_path: Path, layout: str) -> None:
    place = build(sources(publish, layout), mixed_years=True)
    folder = tmp_path / "place"
    write_place(place, folder, "1.0")
    read = load(folder)
    assert same(read.practices, place.table.columns(PARAMETERS))
    assert same(read.practices, build(sources(publish)).table.columns(PARAMETERS))
    assert read.provenance["guesses"] == place.provenance["guesses"] == read_provenance(folder)["guesses"]
    assert read.provenance["dropped"] == place.provenance["dropped"]
    assert set(place.provenance["dropped"]) == {"Z00006", "Z00007"}


def test_every_patient_of_the_file_is_in_the_place(publish: Any, surgeries: Any, tmp_path: Path) -> None:
    write_place(build(sources(publish)), tmp_path / "place", "1.0")
    read = load(tmp_path / "place")
    published = sum(s.size for s in surgeries if s.size >= 100)
    assert read.patients == published
    assert populate(read, PARAMETERS, Streams(1)).practices["list_start"].sum() == pytest.approx(published)


def test_what_is_published_is_kept_and_what_is_not_is_guessed_by_rule(publish: Any) -> None:
    place = build(sources(publish))
    practices = place.table.columns(PARAMETERS)
    assert practices["code"].tolist() == ["Z00001", "Z00002", "Z00003", "Z00004", "Z00005"]
    assert practices["x"].tolist() == [430.0, 433.0, 431.0, 440.0, 441.0]
    assert practices["need"] == pytest.approx([1.1, 0.9, 1.05, 11_000 / 12_345, 1.05])
    assert practices["partner_fte"] == pytest.approx([2.0, 4.5, 0.79 * 8 / 15 * 8, 0.0, 3.0], abs=1e-4)
    assert practices["gp_fte"] == pytest.approx([2.5, 5.5, 8 / 15 * 8, 4.0, 3.0], abs=1e-4)  # Z3: the commissioner's
    assert practices["nurse_fte"] == pytest.approx([1.0, 3.0, 4 / 15 * 8, 2.0, 1.5], abs=1e-4)
    percentile = deprivation_percentile(np.array([21.94, 40.27, np.nan, 12.81, 9.94]))
    percentile[2] = np.median(percentile[:2])
    assert practices["deprivation"] == pytest.approx(percentile, abs=1e-6)
    people = PARAMETERS.population
    trains = np.array([5_000, 10_000, 8_000, 12_345, 6_000]) * (np.array([0, 1, 1, 1, 0]) == 1)
    assert practices["registrar_fte"] == pytest.approx(people.registrars_per_1000 * trains / 1000, abs=1e-4)
    assert place.provenance["guesses"] == {
        guesses.AGES: 5, guesses.DEPRIVATION: 1, guesses.GP_TIME: 1, guesses.SPLIT: 1, guesses.PARTNER: 1,
        guesses.NURSES: 1, guesses.OTHERS: 1, guesses.REGISTRARS: 5,
    }  # fmt: skip


def test_guesses_counted_are_cells_filled(publish: Any, tmp_path: Path) -> None:
    """Counted from the files with nothing but their text."""
    place = build(sources(publish))
    write_place(place, tmp_path / "place", "1.0")
    counted: dict[str, set[str]] = {}
    for line in (tmp_path / "place" / "people.csv").read_text().splitlines()[1:]:
        code, *_, basis = line.split(",", 4)
        for name in basis.removeprefix("guess: ").split("; ") if basis.startswith("guess: ") else []:
            counted.setdefault(name, set()).add(code)
    for line in (tmp_path / "place" / "practices.csv").read_text().splitlines()[1:]:
        for name in filter(None, line.rsplit(",", 1)[1].split("; ")):
            counted.setdefault(name, set()).add(line.split(",", 1)[0])
    assert {name: len(codes) for name, codes in counted.items()} == place.provenance["guesses"]


def test_without_workforce_and_ages_england_s_averages_are_taken_and_told(publish: Any) -> None:
    place = build(Sources(publish.payments_2014(), coordinates=publish.code_point()))
    practices = place.table.columns(PARAMETERS)
    size = practices["list_by_age"].sum(axis=1)
    assert practices["deprivation"].tolist() == [0.5] * 5
    assert practices["gp_fte"] == pytest.approx(PARAMETERS.capacity.gps_per_1000 * size / 1000, abs=2e-4)
    assert practices["partner_fte"] == pytest.approx(
        PARAMETERS.population.partner_fte_share * practices["gp_fte"], abs=1e-4
    )
    assert practices["nurse_fte"] == pytest.approx(PARAMETERS.population.nurses_per_1000 * size / 1000, abs=1e-4)
    told = place.provenance["guesses"]
    assert told[guesses.GP_TIME_ENGLAND] == told[guesses.NURSES_ENGLAND] == told[guesses.OTHERS_ENGLAND] == 5
    assert guesses.GP_TIME not in told and set(told) <= set(guesses.IN_WORDS)


def test_an_unknown_place_is_the_middle_of_the_commissioner_s_known_ones(publish: Any, surgeries: Any) -> None:
    files = sources(publish)
    publish.code_point([s for s in surgeries if s.code != "Z00003"])
    place = build(files, selection(commissioners=["9Z1"]))
    practices = place.table.columns(PARAMETERS)
    assert (practices["x"][2], practices["y"][2]) == (431.5, 423.0)
    assert np.isnan(practices["latitude"][2]) and not np.isnan(practices["latitude"][:2]).any()
    assert place.provenance["guesses"][guesses.COORDINATES] == 1


def test_ages_published_are_ages_kept(publish: Any) -> None:
    rows = [("ORG_TYPE", "ORG_CODE", "SEX", "AGE_GROUP_5", "NUMBER_OF_PATIENTS")]
    for age, number in (("ALL", 5_000), ("0_4", 500), ("20_24", 2_500), ("50_54", 1_000), ("65_69", 500), ("95+", 500)):
        rows.append(("GP", "Z00001", "ALL", age, number))
    place = build(sources(publish, patients=(publish.write("ages_2015.csv", rows),)))
    assert place.table.columns(PARAMETERS)["list_by_age"][0].tolist() == [500, 2_500, 1_000, 500, 500]
    assert place.provenance["guesses"][guesses.AGES] == 4


def test_lists_may_come_from_the_registered_patients(publish: Any) -> None:
    rows = [
        ("CODE", "SEX", "AGE", "NUMBER_OF_PATIENTS"),
        ("Z00001", "ALL", "ALL", 5_100),
        ("Z00007", "ALL", "ALL", 140),
    ]
    files = sources(publish, patients=(publish.write("all_2015.csv", rows),))
    place = build(files, list_from_patients=True)
    assert dict(zip(place.table.text["practice_code"], place.table.numbers["list_size"], strict=True)) == {
        "Z00001": 5_100.0, "Z00007": 140.0,
    }  # fmt: skip
    assert place.provenance["dropped"]["Z00002"] == "no list"
    weighed = place.table.numbers["weighted_list"] / place.table.numbers["list_size"]
    assert weighed[0] == pytest.approx(5_500 / 5_000)  # another count of patients makes nobody more needy
    assert np.isnan(weighed[1]) and place.provenance["guesses"][guesses.WEIGHTED] == 1  # published with 99 patients
    with pytest.raises(InputError, match="--list-from patients needs --patients FILE"):
        build(sources(publish), list_from_patients=True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(data=st.data())
def test_the_order_of_rows_does_not_matter(publish: Any, surgeries: Any, data: st.DataObject) -> None:
    first = build(sources(publish)).table.columns(PARAMETERS)
    mixed = data.draw(st.permutations(surgeries))
    publish.payments_2014(mixed)
    publish.workforce(data.draw(st.permutations(surgeries)))
    publish.code_point(data.draw(st.permutations(surgeries)))
    files = Sources(*(publish.folder / name for name in ("payments_2014-15.csv", "zz.csv", "workforce-2015-09.csv")))
    assert same(first, build(files).table.columns(PARAMETERS))


def test_several_commissioners_are_their_union(publish: Any) -> None:
    files = sources(publish)
    one, other = (build(files, selection(commissioners=[area])) for area in ("9Z1", "9Z2"))
    both = build(files, selection(commissioners=["9Z2", "9Z1"]))
    assert same(
        both.table.columns(PARAMETERS), build(files, selection(commissioners=["9Z1,9Z2"])).table.columns(PARAMETERS)
    )
    parts = one.table.columns(PARAMETERS), other.table.columns(PARAMETERS)
    joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    assert same(joined, both.table.columns(PARAMETERS))
    assert both.provenance["dropped"] == {**one.provenance["dropped"], **other.provenance["dropped"]}


def test_a_practice_is_the_same_in_every_place_it_belongs_to(publish: Any) -> None:
    """What is filled in rests on its commissioner, not on who else was chosen."""
    files = sources(publish)
    alone = build(files, selection(codes="Z00003")).table.columns(PARAMETERS)
    among = build(files).table.columns(PARAMETERS)
    assert same(alone, {name: column[2:3] for name, column in among.items()})


def test_near_means_within_the_distance(publish: Any) -> None:
    files = sources(publish)
    place = build(files, selection(near="430000,421000", within=1.5))
    assert place.table.text["practice_code"].tolist() == ["Z00001", "Z00003"]
    degrees = place.table.numbers["lat"][0], place.table.numbers["lon"][0]
    again = build(files, selection(near="{:.6f},{:.6f}".format(*degrees), within=1.5))
    assert same(place.table.columns(PARAMETERS), again.table.columns(PARAMETERS))
    with pytest.raises(InputError, match=r"no practice is within 0.5 km; the nearest is Z00002, 1.0 km away"):
        build(files, selection(near="433000,426000", within=0.5))


def test_codes_may_stand_in_a_file(publish: Any) -> None:
    files = sources(publish)
    for text in ("Z00001\nZ00004\n", "name,practice_code\nMill,Z00001\nFerry,Z00004\n"):
        chosen = selection(codes=str(publish.write("codes.txt", text)))
        assert build(files, chosen).table.text["practice_code"].tolist() == ["Z00001", "Z00004"]


def test_epraccur_names_places_and_drops(publish: Any, surgeries: Any) -> None:
    header = "Practice Code,Number of Registered Patients (Last Known Figure)\n"
    payments = publish.write("p.csv", header + "".join(f"{s.code},{s.size}\n" for s in surgeries))
    place = build(Sources(payments, publish.code_point(), practices=publish.epraccur(Z00002="9")))
    assert place.table.text["name"].tolist() == ["MILL LANE", "HIGH STREET", "FERRY ROAD", "QUAYSIDE"]
    assert place.table.text["commissioner_code"].tolist() == ["9Z1", "9Z1", "9Z2", "9Z2"]
    assert place.provenance["dropped"]["Z00002"] == "no GP practice (prescribing setting 9)"
    assert place.provenance["guesses"][guesses.WEIGHTED] == 4
    with pytest.raises(InputError, match="practice 'Z00001' has no commissioner"):
        build(Sources(payments, publish.write("c.csv", "practice_code,easting,northing\nZ00001,430000,421000\n")))


def test_a_folder_is_the_same_byte_for_byte_and_knows_no_machine(publish: Any, tmp_path: Path) -> None:
    files = sources(publish)
    for name in ("one", "other", "one"):
        write_place(build(files, selection(commissioners=["9Z1"])), tmp_path / name, "1.0")
    texts = {}
    for name in ("one", "other"):
        found = sorted((tmp_path / name).iterdir())
        assert [path.name for path in found] == ["README.md", "people.csv", "practices.csv", "provenance.json"]
        texts[name] = [path.read_bytes() for path in found]
    assert texts["one"] == texts["other"]
    assert not any(str(tmp_path).encode() in text for text in texts["one"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "other", "published"]  # nothing half-written


def test_the_command_of_the_readme_makes_the_place_again(publish: Any, tmp_path: Path, monkeypatch: Any) -> None:
    import shlex

    import gpfed

    monkeypatch.chdir(publish.folder)
    write_place(build(sources(publish), selection(near="430000,421000", within=20)), tmp_path / "one", "1.0")
    line = next(line for line in (tmp_path / "one" / "README.md").read_text().splitlines() if line.startswith("gpfed "))
    assert gpfed.main([*shlex.split(line)[1:-1], str(tmp_path / "again")]) == 0
    for name in ("practices.csv", "people.csv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_the_command_keeps_marks_of_a_title_and_blanks_of_files(publish: Any) -> None:
    files = Sources(publish.payments_2014(name="pay 2014-15.csv"), publish.code_point())
    command = build(files, title='The "Dales" of O\'Neill $HOME').provenance["command"]
    words = shlex.split(command)
    assert words[words.index("--title") + 1] == 'The "Dales" of O\'Neill $HOME'
    assert words[words.index("--payments") + 1] == "pay 2014-15.csv"


def test_every_guess_has_words_and_a_cell(publish: Any) -> None:
    table = build(sources(publish)).table
    for name, cells in table.guessed.items():
        assert guesses.IN_WORDS[name]
        assert cells.shape == ((len(table),) if name in OF_PRACTICE else (len(table), len(PEOPLE)))


@pytest.mark.parametrize(
    ("year", "ok"), [("2013", True), ("2015", True), ("2017", True), ("2018", False), ("2011", False)]
)
def test_files_more_than_two_years_apart_are_refused(publish: Any, year: str, ok: bool) -> None:
    files = Sources(publish.payments_2014(), publish.code_point(), publish.workforce(name=f"workforce_{year}.csv"))
    if ok:
        build(files)
        return
    with pytest.raises(InputError, match=rf"is of {year}, .* of 2014/15: more than 2 years apart"):
        build(files)
    build(files, mixed_years=True)


def test_a_list_of_practices_of_another_time_is_refused(publish: Any) -> None:
    files = sources(publish, practices=publish.epraccur(name="epraccur_2019-11-27.csv"))
    with pytest.raises(InputError, match=r"epraccur_2019-11-27.csv is of 2019, .* of 2014/15: more than 2 years apart"):
        build(files)
    build(files, mixed_years=True)
    build(sources(publish, practices=publish.epraccur(name="epraccur_2015-11-27.csv")))


def test_more_gps_than_patients_could_see_are_refused(publish: Any, surgeries: Any, changed: Any) -> None:
    many = [changed(surgeries[0], partners=40.0, salaried=20.0), *surgeries[1:]]
    files = Sources(publish.payments_2014(), publish.code_point(), publish.workforce(many))
    with pytest.raises(
        InputError, match=r"line 2: practice 'Z00001' has 60 FTE of GPs for 5,000 patients; allowed is 1"
    ):
        build(files)
    build(files, selection(commissioners=["9Z2"]))  # it is not in that place
