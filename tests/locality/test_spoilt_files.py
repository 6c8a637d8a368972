"""Files spoilt anywhere: they are read, or refused in one sentence; never anything else, never half a place."""

from __future__ import annotations

from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from abm.errors import InputError
from abm.locality import Locality
from abm.locality.build import build_place
from abm.locality.place_folder import write_place
from abm.locality.published.files import Sources
from abm.locality.selection import selection
from abm.scenario.parameters import ModelParameters

PARAMETERS = ModelParameters()
SNIPPETS = (
    b"", b",", b"\n", b'"', b"\0", b"-", b"999999999", b"nan", b"inf", b"\xff", b";", b"/", b" ", b"1e309", b"0",
    b"ALL",
)  # fmt: skip
CUTS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 60), st.sampled_from(SNIPPETS)), min_size=1, max_size=4
)  # where, how many bytes go, what comes instead


def spoilt(content: bytes, cuts: list[tuple[float, int, bytes]]) -> bytes:
    for where, length, instead in cuts:
        at = int(where * len(content))
        content = content[:at] + instead + content[at + length :]
    return content


def one_sentence(refusal: InputError) -> bool:
    return "\n" not in str(refusal) and len(str(refusal)) < 2_000


@pytest.mark.parametrize("name", ["payments", "code_point", "workforce", "epraccur", "ages"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(cuts=CUTS)
def test_published_files(publish: Any, name: str, cuts: list[tuple[float, int, bytes]]) -> None:
    rows = [("ORG_TYPE", "ORG_CODE", "SEX", "AGE_GROUP_5", "NUMBER_OF_PATIENTS")]
    rows += [("GP", "Z00001", "ALL", age, 100) for age in ("ALL", "0_4", "20_24", "50_54", "65_69", "95+")]
    paths = {
        "payments": publish.payments_2022(name="payments.csv"), "code_point": publish.code_point(),
        "workforce": publish.workforce(name="workforce.csv"), "epraccur": publish.epraccur(),
        "ages": publish.write("ages.csv", rows),
    }  # fmt: skip
    paths[name].write_bytes(spoilt(paths[name].read_bytes(), cuts))
    files = Sources(paths["payments"], paths["code_point"], paths["workforce"], paths["epraccur"], (paths["ages"],))
    for chosen in (selection(everything=True), selection(near="430000,421000", within=30)):
        try:
            place = build_place(files, chosen, PARAMETERS)
        except InputError as refusal:
            assert one_sentence(refusal)
            continue
        size = place.table.numbers["list_size"]
        assert (size >= 100).all() and (place.table.people >= 0).all()
        assert place.table.people[:, :5].sum(axis=1) == pytest.approx(size)


@pytest.mark.parametrize("name", ["practices.csv", "people.csv", "provenance.json"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(cuts=CUTS)
def test_files_of_a_place(publish: Any, tmp_path: Path, name: str, cuts: list[tuple[float, int, bytes]]) -> None:
    place = build_place(Sources(publish.payments_2014(), publish.code_point()), selection(everything=True), PARAMETERS)
    folder = tmp_path / "place"
    rmtree(folder, ignore_errors=True)  # a spoilt place is not built over
    write_place(place, folder, "1.0")
    (folder / name).write_bytes(spoilt((folder / name).read_bytes(), cuts))
    try:
        read = Locality.load(folder, parameters=PARAMETERS)
    except InputError as refusal:
        assert one_sentence(refusal)
    else:
        assert (read.practices["list_by_age"].sum(axis=1) >= 100 * (1 - 1e-6)).all()
