"""The network of a month: hand-worked places."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from abm.record.networks import measures
from abm.record.results import Run


def test_the_network_joins_exactly_the_members_of_the_month(small_run: Run) -> None:
    before, founded, after = (small_run.network(month) for month in (2, 3, 9))
    assert before.number_of_edges() == 0 and before.number_of_nodes() == 10
    assert sorted(founded.edges) == [("P00", "P01"), ("P00", "P02"), ("P01", "P02")]
    assert sorted(after.edges) == [("P00", "P02"), ("P04", "P05")]
    assert after.nodes["P05"] == {
        "x": 10.0, "y": pytest.approx(after.nodes["P05"]["y"]), "list": 10_000.0, "organisation": "P04@6",
        "form": "informal",
    }  # fmt: skip
    assert after.edges["P00", "P02"]["organisation"] == "P00@3"
    assert after.edges["P00", "P02"]["trust"] == pytest.approx((0.6 + 0.1) / 2)


def place(x: list[float], deprivation: list[float], organisation: list[str]) -> pd.DataFrame:
    names = [f"P{i}" for i in range(len(x))]
    return pd.DataFrame({
        "practice": names, "x": x, "y": 0.0, "list": 1000.0, "organisation": organisation, "form": "federation",
        "deprivation": deprivation,
    })  # fmt: skip


def trust(*pairs: tuple[int, int, float]) -> pd.DataFrame:
    both = [(f"P{a}", f"P{b}", t) for i, j, t in pairs for a, b in ((i, j), (j, i))]
    return pd.DataFrame(both, columns=["source", "target", "trust"])


def test_two_cliques_are_two_components_and_two_communities() -> None:
    cliques = [(0, 1, 0.5), (0, 2, 0.5), (1, 2, 0.5), (3, 4, 0.5), (3, 5, 0.5), (4, 5, 0.5), (2, 3, 0.1)]
    found = measures(place([0, 1, 2, 10, 11, 12], [0, 0, 0, 1, 1, 1], ["A"] * 3 + ["B"] * 3), trust(*cliques))
    assert (found["ties"], found["components"], found["communities"]) == (6, 2, 2)
    assert found["density"] == pytest.approx(6 / 15)
    assert found["modularity"] == pytest.approx(0.5)
    assert found["deprivation_assortativity"] == pytest.approx(1.0)
    assert found["largest_component_share"] == pytest.approx(0.5)
    assert found["member_distance"] == pytest.approx(4 / 3)
    x = np.array([0, 1, 2, 10, 11, 12])
    pairs = np.abs(x[:, None] - x[None, :])[np.triu_indices(6, 1)]
    assert found["compactness"] == pytest.approx(4 / 3 / pairs.mean())


def test_ties_across_deprivation_are_disassortative() -> None:
    found = measures(place([0, 1], [0.0, 1.0], ["", ""]), trust((0, 1, 0.9)))
    assert found["deprivation_assortativity"] == pytest.approx(-1.0)
    assert np.isnan(found["member_distance"])


def test_a_place_without_trust_is_all_single_parts() -> None:
    found = measures(place([0, 1, 2], [0, 0.5, 1], ["A", "A", ""]), trust((0, 1, 0.2), (1, 2, -0.5)))
    assert (found["ties"], found["density"], found["components"]) == (0, 0, 3)
    assert np.isnan(found["modularity"])


def test_measures_stand_one_row_a_month(small_run: Run) -> None:
    table = small_run.network_measures([3, 24])
    assert table["month"].tolist() == [3, 24]
    assert table["ties"].tolist() == [0, 3]
    assert small_run.network_measures()["month"].tolist() == [0, 12, 24]
