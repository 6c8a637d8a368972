"""Levers on the page, links and uploaded files."""

from __future__ import annotations

import pytest

from abm.errors import InputError
from abm.scenario.levers import LEVERS
from viz.levers import GROUPS, controls, grouped
from viz.settings import LARGEST_UPLOAD, Dated, Settings, from_document, to_document


def test_every_lever_stands_on_the_page_exactly_once() -> None:
    shown = [name for names in GROUPS.values() for name in names]
    assert sorted(shown) == sorted(LEVERS)


def test_every_control_tells_its_evidence_and_can_reach_its_default() -> None:
    for group in grouped():
        for control in group["controls"]:
            assert control["sentence"] and control["grade_words"] and control["source"]
            if control["kind"] == "range":
                assert control["low"] <= control["default"] <= control["high"]
                assert control["step"] > 0
            if control["kind"] == "choice":
                assert control["default"] in [word for word, _ in control["options"]]


def test_a_link_restores_all_that_was_set() -> None:
    chosen = (
        Settings(place="england", practices=60, policy="money-per-head", seed=7, horizon=36)
        .with_lever("leader_mode", 0.35)
        .with_lever("pop_max", 125_000.0)
        .with_lever("it_fund", True)
        .with_lever("n_mpo", 3)
        .with_change(13, "access_model", "doctor_first")
        .with_change(14, "managers", None)
    )
    restored, month = Settings.from_query("?" + chosen.to_query(20))
    assert (restored, month) == (chosen, 20)
    assert restored.scenario().digest() == chosen.scenario().digest()


def test_every_lever_survives_a_link_at_the_ends_of_its_range() -> None:
    for control in controls().values():
        match control.kind:
            case "choice":
                values = [word for word, _ in control.options]
            case "switch":
                values = [True, False]
            case _:
                whole = isinstance(control.default, int)
                values = [int(end) if whole else end for end in (control.low, control.high)]
                values += [None] if control.kind == "optional" else []
        for value in values:
            chosen = Settings().with_lever(control.name, value)
            assert Settings.from_query(chosen.to_query())[0] == chosen
            chosen.scenario()


def test_an_uploaded_scenario_travels_in_the_link_and_back_into_a_file() -> None:
    text = 'name = "cold winter"\nplace = "inner-city"\nhorizon = 24\n[[shock]]\nkind = "winter_surge"\nmonth = 9\n'
    chosen = from_document(text.encode()).with_change(5, "fund_per_head", 2.0)
    restored, _ = Settings.from_query(chosen.to_query())
    scenario = restored.scenario()
    assert [shock.month for shock in scenario.shocks] == [9]
    assert from_document(to_document(scenario).encode()).scenario().digest() == scenario.digest()


@pytest.mark.parametrize(
    "query",
    ["place=/etc", "policy=magic", "seed=one", "fund_per_head=much", "fund=1", "change=x:fund_per_head:1",
     "scenario=AAAA", "fund_per_head=99", "seed=-1", "practices=0&place=england"],
)  # fmt: skip
def test_a_link_that_cannot_be_meant_is_refused_in_one_sentence(query: str) -> None:
    with pytest.raises(InputError) as refused:
        Settings.from_query(query)[0].scenario()
    assert "\n" not in str(refused.value).strip()


@pytest.mark.parametrize(
    "content",
    [b"x" * (LARGEST_UPLOAD + 1), b"\xff\xfe", b"place = ", b'place = "/etc"', b'place = "../secret.csv"',
     b'place = "inner-city"\npolicy = "/etc/passwd"', b'place = "inner-city"\npolicy = ["../x.toml"]',
     b'place = "inner-city"\nengine = "reference"', b'place = "inner-city"\nhorizon = 9999'],
)  # fmt: skip
def test_an_uploaded_file_reaches_nothing_on_the_disk_and_nothing_too_large(content: bytes) -> None:
    with pytest.raises(InputError):
        from_document(content)


def test_starting_again_keeps_the_levers_as_they_stand() -> None:
    chosen = Settings().with_lever("clarity", 0.2).with_change(9, "clarity", 0.7).with_change(12, "clarity", 0.9)
    again = chosen.started_anew()
    assert again.changes == () and dict(again.levers)["clarity"] == 0.9
    assert chosen.changes == (Dated(9, "clarity", 0.7), Dated(12, "clarity", 0.9))
