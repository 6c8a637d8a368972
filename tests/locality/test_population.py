"""The people of a place: conservation, stated shares, keyed draws and symmetric trust."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from hashlib import sha256

import numpy as np
import pytest

from abm.columns import COMMISSIONER_COLUMNS, EDGE_COLUMNS, GP_COLUMNS, PRACTICE_COLUMNS, Role
from abm.locality import Locality, Population, populate
from abm.locality.population import START, posts_sought, site_keys
from abm.locality.ties import advice_ties
from abm.scenario.parameters import ModelParameters
from abm.state import Table
from abm.streams import Streams, name_key

PARAMETERS = ModelParameters()
FULL_TIME = PARAMETERS.capacity.sessions_per_fte
TRAITS = (
    "role", "female", "age", "sessions", "joined", "burnout", "strain", "autonomy", "attitude", "skill",
)  # fmt: skip


def load(place: str, practices: int | None = None) -> Locality:
    return Locality.load(place, parameters=PARAMETERS, practices=practices)


def people(place: str = "town-and-country", seed: int = 1, practices: int | None = None) -> Population:
    return populate(load(place, practices), PARAMETERS, Streams(seed))


@pytest.fixture(scope="module")
def england() -> Population:
    return people("england")


def test_columns_fill_the_tables_of_the_model() -> None:
    population = people()
    kinds = (GP_COLUMNS, PRACTICE_COLUMNS, COMMISSIONER_COLUMNS, EDGE_COLUMNS)
    for field, columns in zip(fields(population), kinds, strict=True):
        values = getattr(population, field.name)
        table = Table(field.name, columns)
        table.add(len(next(iter(values.values()))), **values)
        for name, value in values.items():
            stored = getattr(table, name)
            assert np.array_equal(stored, value), f"{field.name}.{name} is not stored as it was drawn"


def test_no_patient_is_lost() -> None:
    locality = load("large-urban")
    practices = populate(locality, PARAMETERS, Streams(1)).practices
    assert practices["list_by_age"].sum() == locality.patients == practices["list_start"].sum()
    requests = practices["list_by_age"] @ np.array(PARAMETERS.demand.requests_by_age)
    assert (practices["weighting"] * requests).sum() == pytest.approx(locality.patients)


def test_gp_time_and_heads_of_england_are_as_stated(england: Population) -> None:
    gps, patients = england.gps, england.practices["list_start"].sum()
    fte = gps["sessions"] / FULL_TIME
    posts = gps["role"] != Role.SESSIONAL
    assert 1000 * fte[posts].sum() / patients == pytest.approx(0.52, abs=0.015)
    assert 1000 * england.practices["partner_posts"].sum() / patients == pytest.approx(0.455, rel=0.01)
    assert (~posts).mean() == pytest.approx(0.06, abs=0.002)
    assert gps["female"][gps["role"] == Role.PARTNER].mean() == pytest.approx(0.40, abs=0.015)
    assert gps["female"][gps["role"] != Role.PARTNER].mean() == pytest.approx(0.65, abs=0.015)
    assert gps["age"][gps["role"] == Role.PARTNER].mean() == pytest.approx(49.0, abs=0.3)
    assert gps["burnout"].mean() == pytest.approx(0.45, abs=0.01)
    assert gps["skill"].mean() == pytest.approx(2 / 7, abs=0.01)
    assert gps["strain"].std() == pytest.approx(1.0, abs=0.02)
    assert england.practices["capability"].mean() == pytest.approx(0.2, abs=0.01)
    assert (england.commissioners["pass_through"] == 1.0).mean() == pytest.approx(0.27, abs=0.10)


def test_every_partner_post_is_filled_and_posts_end_near_what_is_sought(england: Population) -> None:
    gps, practices = england.gps, england.practices
    size = len(practices["key"])
    partner = gps["role"] == Role.PARTNER
    assert np.array_equal(np.bincount(gps["practice"][partner], minlength=size), practices["partner_posts"])
    assert practices["partner_posts"].min() >= 1
    posts = gps["practice"] >= 0
    fte = np.bincount(gps["practice"][posts], gps["sessions"][posts] / FULL_TIME, size)
    assert np.all(fte >= practices["fte_target"] - PARAMETERS.population.salaried_gap - 1e-9)
    salaried = np.bincount(gps["practice"][gps["role"] == Role.SALARIED], minlength=size) > 0
    assert np.all(fte[salaried] <= practices["fte_target"][salaried] + 1.0)


def test_inverse_care_takes_posts_from_deprived_places() -> None:
    least, most = posts_sought(np.full(2, 10_000.0), np.array([0.0, 1.0]), PARAMETERS)
    assert least == pytest.approx(5.2 * 1.05)
    assert most == pytest.approx(5.2 * 0.95)


def test_everybody_works_and_lives_in_one_known_place(england: Population) -> None:
    gps, practices = england.gps, england.practices
    sessional = gps["role"] == Role.SESSIONAL
    assert np.array_equal(gps["practice"] == -1, sessional)
    assert np.array_equal(gps["practice"][~sessional], gps["home"][~sessional])
    assert np.array_equal(gps["commissioner"], practices["commissioner"][gps["home"]])
    assert len(set(gps["key"].tolist())) == len(gps["key"])
    assert england.commissioners["gps_at_start"].sum() == len(gps["key"])
    assert gps["joined"].max() < START + 1
    assert gps["joined"].min() >= START - 120


def test_boards_have_six_partners_or_all_there_are() -> None:
    gps = people("large-urban").gps
    seats = gps["board_seat"]
    assert np.all(gps["role"][seats] == Role.PARTNER)
    assert np.bincount(gps["commissioner"][seats]).tolist() == [6, 6]
    one = people("england", practices=1).gps
    assert one["board_seat"].sum() == min(6, (one["role"] == Role.PARTNER).sum())


def test_trust_is_symmetric_within_reach_and_among_neighbours_only(england: Population) -> None:
    edges, practices = england.edges, england.practices
    source, target = edges["source"], edges["target"]
    assert np.all(np.diff(source * len(practices["key"]) + target) > 0)
    back = np.lexsort((source, target))
    assert np.array_equal(source[back], target) and np.array_equal(target[back], source)
    assert np.array_equal(edges["trust"][back], edges["trust"])
    assert np.all(source != target)
    assert edges["distance"].max() <= PARAMETERS.population.reach
    assert np.abs(edges["trust"]).max() <= 1.0
    assert (np.bincount(source) >= PARAMETERS.population.neighbours).mean() > 0.95  # few live in remote corners
    same = practices["commissioner"][source] == practices["commissioner"][target]
    expected = 0.5 * np.exp(-edges["distance"] / 8.0) + 0.1 * same - 0.6 * 0.06
    assert (edges["trust"] - expected).mean() == pytest.approx(0.0, abs=0.003)
    assert (edges["trust"] - expected).std() == pytest.approx(np.sqrt(0.15**2 + 0.36 * 0.06 * 0.94), abs=0.01)


def test_advice_comes_from_colleagues_of_other_practices_within_reach(england: Population) -> None:
    gps, edges = england.gps, england.edges
    who, rank = np.nonzero(gps["tie"] >= 0)
    asked = gps["tie"][who, rank]
    size = len(england.practices["key"])
    known = edges["source"] * size + edges["target"]
    assert np.isin(gps["home"][who] * size + gps["home"][asked], known).all()
    assert np.all((gps["tie"] >= 0).sum(axis=1) == PARAMETERS.attitudes.advice_ties)
    assert all(len(set(row[row >= 0].tolist())) == (row >= 0).sum() for row in gps["tie"])
    strength = gps["tie_strength"][who, rank]
    assert strength.min() >= 0.3 and strength.max() <= 1.0
    assert strength.mean() == pytest.approx(0.65, abs=0.01)
    assert not gps["tie_strength"][gps["tie"] < 0].any()


def test_advice_is_sought_in_proportion_to_nearness_and_trust() -> None:
    """One tie each, two colleagues: the chance of the first is its share of the weights."""
    seekers = 20_000
    home = np.concatenate((np.zeros(seekers, np.int64), [1, 2]))
    keys = np.array([name_key(f"GP {i}") for i in range(seekers + 2)], np.uint64)
    edges = {
        "source": np.array([0, 0]), "target": np.array([1, 2]),
        "trust": np.array([0.5, -0.5]), "distance": np.array([0.0, 5.0]),
    }  # fmt: skip
    one = PARAMETERS.model_copy(update={"attitudes": PARAMETERS.attitudes.model_copy(update={"advice_ties": 1})})
    tie, _ = advice_ties(np.arange(seekers), keys, home, edges, one, Streams(1), START)
    weight = np.array([1.5, 0.5 * np.exp(-1.0)])
    assert np.all(tie[:, 0] >= seekers)
    assert (tie[:, 0] == seekers).mean() == pytest.approx(weight[0] / weight.sum(), abs=0.01)


def test_a_newcomer_asks_only_those_who_are_there() -> None:
    population = people()
    gps, edges = population.gps, population.edges
    present = np.arange(len(gps["key"])) % 2 == 0
    shuffled = {name: column[::-1] for name, column in edges.items()}
    tie, strength = advice_ties(
        np.array([3, 5]), gps["key"], gps["home"], shuffled, PARAMETERS, Streams(1), 7, available=present
    )
    assert np.all(present[tie[tie >= 0]])
    assert np.all((tie >= 0) == (strength > 0.0))
    alone, _ = advice_ties(
        np.array([3]), gps["key"], gps["home"], edges, PARAMETERS, Streams(1), 7, available=np.zeros(len(present), bool)
    )
    assert np.all(alone == -1)


def test_a_single_practice_is_a_place() -> None:
    population = people("england", practices=1)
    assert len(population.edges["source"]) == 0
    assert np.all(population.gps["tie"] == -1)
    assert len(population.gps["key"]) >= 1


def test_other_seeds_give_other_people_in_the_same_place() -> None:
    one, other = people(seed=1), people(seed=2)
    assert np.array_equal(one.practices["list_by_age"], other.practices["list_by_age"])
    assert np.array_equal(one.practices["need"], other.practices["need"])
    assert np.array_equal(one.practices["x"], other.practices["x"])
    assert np.array_equal(one.practices["partner_posts"], other.practices["partner_posts"])
    assert not np.array_equal(one.edges["trust"], other.edges["trust"])
    both = min(len(one.gps["key"]), len(other.gps["key"]))
    assert not np.isclose(one.gps["strain"][:both], other.gps["strain"][:both]).any()


def without(locality: Locality, code: str) -> Locality:
    kept = locality.practices["code"] != code
    return replace(locality, practices={name: column[kept] for name, column in locality.practices.items()})


@pytest.mark.parametrize("place", ["town-and-country", "large-rural"])
def test_people_do_not_change_when_another_practice_is_left_out(place: str) -> None:
    whole_place = load(place)
    gone = str(whole_place.practices["code"][7])
    whole = populate(whole_place, PARAMETERS, Streams(1))
    part = populate(without(whole_place, gone), PARAMETERS, Streams(1))
    row = {name: i for i, name in enumerate(whole.gps["name"])}
    posts = part.gps["role"] != Role.SESSIONAL
    assert {n for n in row if "/L" not in n and not n.startswith(f"{gone}/")} == set(part.gps["name"][posts])
    same = np.array([row[name] for name in part.gps["name"]])
    for trait in TRAITS:
        assert np.array_equal(part.gps[trait], whole.gps[trait][same]), trait
    live = {name: str(whole.practices["name"][home]) for name, home in zip(row, whole.gps["home"], strict=True)}
    moved = [
        name
        for name, home in zip(part.gps["name"], part.gps["home"], strict=True)
        if live[name] not in (gone, str(part.practices["name"][home]))
    ]
    assert moved == []
    kept = whole.practices["name"] != gone
    for trait in ("capability", "vaccination", "need", "weighting", "partner_posts", "fte_target", "site_key"):
        assert np.array_equal(part.practices[trait], whole.practices[trait][kept]), trait


def test_trust_of_a_pair_does_not_change_when_another_practice_is_left_out() -> None:
    locality = load("town-and-country")
    gone = str(locality.practices["code"][0])

    def trust(place: Locality) -> dict[tuple[str, str], float]:
        population = populate(place, PARAMETERS, Streams(1))
        names, edges = population.practices["name"], population.edges
        return dict(
            zip(zip(names[edges["source"]], names[edges["target"]], strict=True), edges["trust"].tolist(), strict=True)
        )

    whole, part = trust(locality), trust(without(locality, gone))
    assert {pair for pair in whole if gone not in pair} <= set(part)
    assert all(part[pair] == whole[pair] for pair in part if pair in whole)


def test_site_keys_are_unique_and_stable(monkeypatch: pytest.MonkeyPatch) -> None:
    names = np.array(["A", "B", "C"])
    plain = site_keys(names)
    assert plain.tolist() == [name_key(name) & 0xFFFFFFFF for name in names.tolist()]
    collide: Callable[[str], int] = lambda name: 5 if name in {"A", "B"} else name_key(name)  # noqa: E731
    monkeypatch.setattr("abm.locality.population.name_key", collide)
    keys = site_keys(names)
    assert keys[0] == 5 and len(set(keys.tolist())) == 3
    assert np.array_equal(keys[::-1], site_keys(names[::-1]))


DIGEST = """
from hashlib import sha256
from abm.locality import Locality, populate
from abm.scenario.parameters import ModelParameters
from abm.streams import Streams
parameters = ModelParameters()
population = populate(Locality.load("england", parameters=parameters, practices=60), parameters, Streams(5))
digest = sha256()
for kind in ("gps", "practices", "commissioners", "edges"):
    for name, column in sorted(getattr(population, kind).items()):
        digest.update(name.encode() + column.tobytes())
print(digest.hexdigest())
"""


def test_the_same_people_in_every_process() -> None:
    def digest(hash_seed: str) -> str:
        environment = os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(
            [sys.executable, "-c", DIGEST], env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    population = populate(load("england", 60), PARAMETERS, Streams(5))
    here = sha256()
    for kind in ("gps", "practices", "commissioners", "edges"):
        for name, column in sorted(getattr(population, kind).items()):
            here.update(name.encode() + column.tobytes())
    assert digest("0") == digest("1234") == here.hexdigest()
