"""The folder of a place: what somebody changes counts, what does not fit is refused, nothing is half-written."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from abm.errors import InputError
from abm.locality import Locality, guesses
from abm.locality.build import build_place
from abm.locality.place_folder import check_folder, write_place
from abm.locality.published.files import Sources
from abm.locality.selection import selection
from abm.scenario.parameters import ModelParameters
from abm.scenario.scenario import Scenario

PARAMETERS = ModelParameters()


@pytest.fixture
def folder(publish: Any, tmp_path: Path) -> Path:
    files = Sources(publish.payments_2014(), publish.code_point(), publish.workforce())
    path = tmp_path / "dales"
    write_place(build_place(files, selection(everything=True), PARAMETERS, title="The Dales"), path, "1.0")
    return path


def load(folder: Path) -> Locality:
    return Locality.load(folder, parameters=PARAMETERS)


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text()
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1))


def test_a_place_has_its_title_and_its_origin(folder: Path) -> None:
    place = load(folder)
    assert (place.name, place.title) == ("dales", "The Dales")
    built = place.provenance["built"]
    assert [source["file"] for source in built["sources"]] == [
        "payments_2014-15.csv",
        "workforce-2015-09.csv",
        "zz.csv",
    ]
    assert [source.get("year") for source in built["sources"]] == ["2014/15", "2015", None]
    assert "changed" not in place.provenance


@pytest.mark.parametrize(
    ("payments", "start"),
    [("payments_2014-15.csv", "2014-04-01"), ("pay-2022-23.csv", "2022-04-01"), ("payments.csv", None)],
)
def test_a_run_begins_with_the_year_of_the_payments(
    publish: Any, tmp_path: Path, payments: str, start: str | None
) -> None:
    files = Sources(publish.payments_2014(name=payments), publish.code_point())
    write_place(build_place(files, selection(everything=True), PARAMETERS), tmp_path / "dales", "1.0")
    assert json.loads((tmp_path / "dales" / "provenance.json").read_text())["start"] == start
    expected = date.fromisoformat(start or "2014-04-01")
    (tmp_path / "own.toml").write_text('place = "dales"\n')
    (tmp_path / "later.toml").write_text('place = "dales"\nstart = "2017-10-01"\n')
    assert Scenario.load(tmp_path / "dales").start == expected
    assert Scenario.load(tmp_path / "own.toml").start == expected
    assert Scenario.load(tmp_path / "later.toml").start == date(2017, 10, 1)


def test_a_better_number_is_used_and_is_no_guess_any_more(folder: Path) -> None:
    before = load(folder).provenance["guesses"]
    basis = f"guess: {guesses.REGISTRARS}"
    edit(folder, "people.csv", f"Z00001,registrars,0,FTE,{basis}", "Z00001,registrars,1.5,FTE,the practice told us")
    place = load(folder)
    assert place.practices["registrar_fte"][0] == 1.5
    assert place.provenance["guesses"] == {**before, guesses.REGISTRARS: 4}
    assert place.provenance["changed"] == ["people.csv"]


def test_guesses_are_known_even_without_the_record(folder: Path) -> None:
    whole = load(folder)
    (folder / "provenance.json").unlink()
    place = load(folder)
    assert place.provenance["guesses"] == whole.provenance["guesses"]
    assert place.title == "dales"


@pytest.mark.parametrize(
    ("name", "old", "new", "sentence"),
    [
        ("people.csv", "patients aged 0-14", "patients aged 0-15", "'patients aged 0-15' is unknown; allowed are"),
        (
            "people.csv",
            "Z00001,partners,2,",
            "Z00001,partners,900,",
            "'900' is no number of partners; allowed are 0 to",
        ),
        ("people.csv", "Z00001,partners,2,", "Z00001,partners,,", "'' is no number of partners"),
        ("people.csv", "Z00001,partners,2,FTE", "Z00001,partners,2,heads", "'heads' does not fit partners; allowed is"),
        ("people.csv", "Z00001,partners,2,FTE,published\n", "", "partners of practice 'Z00001' are missing"),
        ("people.csv", "Z00001,salaried GPs", "Z00001,partners", "partners of practice 'Z00001' are there twice"),
        ("people.csv", "Z00001,partners", "Z99999,partners", "'Z99999' is not in practices.csv"),
        ("people.csv", "guess: age mix (England's)", "guess: age", "'age' is no guess known here; allowed are"),
        ("people.csv", "Z00001,patients aged 0-14,885", "Z00001,patients aged 0-14,985", "add up to 5,100; "),
        ("practices.csv", ",430000,", ",,", "line 2, column 'easting': a value is missing"),
        ("practices.csv", ",430000,", ",430,", "'430' is out of range; allowed are 80,000 to 660,000 metres"),
        ("practices.csv", "Z00002,", "Z00001,", "'Z00001' stands on line 2 already"),
        ("practices.csv", "guessed", "guesed", "the column 'guessed' is missing; did you mean 'guesed'?"),
        ("provenance.json", "{", "", "cannot be read"),
        ("provenance.json", '"format": 1', '"format": 9', "is no record of a built place of format 1"),
    ],
)
def test_what_does_not_fit_is_refused(folder: Path, name: str, old: str, new: str, sentence: str) -> None:
    edit(folder, name, old, new)
    with pytest.raises(InputError) as refusal:
        load(folder)
    assert sentence in str(refusal.value) and name in str(refusal.value) and "\n" not in str(refusal.value)


def test_a_folder_without_its_people_is_no_place(folder: Path) -> None:
    (folder / "people.csv").unlink()
    with pytest.raises(InputError, match=r"people.csv does not exist"):
        load(folder)


def test_other_people_s_folders_are_left_alone(folder: Path, tmp_path: Path) -> None:
    check_folder(folder)  # a place may be built anew
    diary = tmp_path / "diary"
    diary.mkdir()
    check_folder(diary)  # empty
    (diary / "monday.txt").write_text("rain")
    file = tmp_path / "file"
    file.write_text("x")
    for path in (diary, file):
        with pytest.raises(InputError, match="exists and holds no built place; give another name with --out"):
            check_folder(path)
    with pytest.raises(InputError, match="cannot be written"):
        check_folder(file / "place")
    for path in (Path(), Path("..")):  # the folder one stands in cannot be put in place as a whole
        with pytest.raises(InputError, match="is no name of a folder of its own"):
            check_folder(path)


def test_a_failed_write_leaves_the_old_place_whole(folder: Path, publish: Any, monkeypatch: Any) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    place = build_place(
        Sources(publish.payments_2014(), publish.code_point()), selection(commissioners=["9Z1"]), PARAMETERS
    )

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match="cannot be written: No space left on device"):
        write_place(place, folder, "1.0")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert sorted(path.name for path in folder.parent.iterdir()) == ["dales", "published"]


def test_what_was_bettered_by_hand_is_not_written_over(folder: Path, publish: Any) -> None:
    place = build_place(Sources(publish.payments_2014(), publish.code_point()), selection(everything=True), PARAMETERS)
    edit(folder, "practices.csv", "Mill Lane", "Mill Lane Surgery")
    kept = (folder / "practices.csv").read_bytes()
    with pytest.raises(InputError, match=r"practices.csv in '.*' was changed by hand .*; give another name with --out"):
        write_place(place, folder, "1.0")
    assert (folder / "practices.csv").read_bytes() == kept
    edit(folder, "practices.csv", "Mill Lane Surgery", "Mill Lane")
    write_place(place, folder, "1.1")  # as it was built: it may go
    assert json.loads((folder / "provenance.json").read_text())["gpfed"] == "1.1"


def test_a_place_comes_back_where_the_new_one_cannot_take_its_name(
    folder: Path, publish: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    place = build_place(Sources(publish.payments_2014(), publish.code_point()), selection(everything=True), PARAMETERS)
    real = os.replace

    def fails(source: Path, target: Path) -> None:
        if str(source).endswith(".partial"):
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(InputError, match="No space left on device"):
        write_place(place, folder, "1.1")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert sorted(path.name for path in folder.parent.iterdir()) == ["dales", "published"]


def test_the_record_tells_everything_a_reader_asks(folder: Path) -> None:
    record = json.loads((folder / "provenance.json").read_text())
    assert {"gpfed", "title", "selection", "command", "sources", "guesses", "dropped", "files"} <= set(record)
    text = (folder / "README.md").read_text()
    for words in ("The Dales", "Open Government Licence", "gpfed run", *record["guesses"], *record["dropped"]):
        assert words in text
    assert all(source["sha256"][:16] in text for source in record["sources"])
