"""The network of a month: hand-worked places."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from abm.record.networks import Ties, mean_distance, measures, member_distance
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


def ties(count: int, *pairs: tuple[int, int, float]) -> Ties:
    """The network of mutual trust."""
    source, target, strength = (np.array(column) for column in zip(*pairs, strict=True))
    both = np.concatenate([source, target]), np.concatenate([target, source])
    return Ties.of(*both, np.tile(strength, 2).astype(float), count)


def test_exact_values_of_small_networks() -> None:
    whole = ties(4, *((i, j, 0.5) for i in range(4) for j in range(i)))
    assert (whole.density, whole.parts().tolist()) == (1.0, [4])
    assert whole.modularity() == (pytest.approx(0.0), 1.0), "one clique is one community"
    line = ties(4, (0, 1, 0.5), (1, 2, 0.5), (2, 3, 0.5))
    assert line.density == 0.5 and line.parts().tolist() == [4]
    assert line.modularity() == (pytest.approx(2 / 3 - 2 * (3 / 6) ** 2), 2.0), "two halves of a line"
    assert line.assortativity(np.array([0.0, 0.0, 1.0, 1.0])) == pytest.approx(1 / 3)
    cliques = ties(10, *((i + k, j + k, 0.5) for k in (0, 5) for i in range(5) for j in range(i)))
    assert cliques.modularity() == (pytest.approx(0.5), 2.0)
    assert sorted(cliques.parts().tolist()) == [5, 5]


def test_measures_agree_with_networkx_on_networks_by_lot() -> None:
    draw = np.random.default_rng(3)
    for count in (5, 30, 60):
        source, target = np.nonzero(draw.random((count, count)) < 0.15)
        apart = source != target
        trust = draw.uniform(-1, 1, apart.sum())
        found = Ties.of(source[apart], target[apart], trust, count)
        graph = nx.Graph()
        graph.add_nodes_from(range(count))
        of = dict(zip(zip(source[apart].tolist(), target[apart].tolist(), strict=True), trust.tolist(), strict=True))
        for one, other in of:
            mean = np.mean([of[pair] for pair in ((one, other), (other, one)) if pair in of])
            if mean > 0.2:
                graph.add_edge(one, other, weight=float(mean))
        assert found.density == pytest.approx(nx.density(graph))
        assert sorted(found.parts().tolist()) == sorted(map(len, nx.connected_components(graph)))
        deprivation = draw.random(count)
        nx.set_node_attributes(graph, dict(enumerate(deprivation.tolist())), "deprivation")
        expected = nx.numeric_assortativity_coefficient(graph, "deprivation")
        assert found.assortativity(deprivation) == pytest.approx(expected)
        communities = nx.community.louvain_communities(graph, weight="weight", seed=1)
        assert found.modularity()[0] == pytest.approx(nx.community.modularity(graph, communities, weight="weight"))
        assert found.modularity() == found.modularity(), "the same network has the same communities"


def test_members_drawn_by_lot_are_as_far_apart_as_any_two() -> None:
    draw = np.random.default_rng(5)
    place = draw.uniform(0, 30, (40, 2))
    drawn = [member_distance(place, draw.permutation(np.repeat([0, 1, 2, -1], 10))) for _ in range(400)]
    assert np.mean(drawn) == pytest.approx(mean_distance(place), rel=0.01)
    assert member_distance(place, np.zeros(40, np.int64)) == pytest.approx(mean_distance(place))


def test_the_series_of_a_run_are_the_measures_of_its_tables(small_run: Run) -> None:
    model = small_run.model.set_index("month").loc[0:]
    table = small_run.network_measures(model.index).set_index("month")
    same = {"trust_density": "density", "trust_components": "components", "compactness": "compactness",
            "trust_assortativity": "deprivation_assortativity"}  # fmt: skip
    for series, measure in same.items():
        np.testing.assert_allclose(model[series], table[measure], rtol=1e-5, err_msg=series)
    assert model["trust_density"].iloc[[8, 9]].tolist() == [0.0, 3 / 45], "trust has grown in month 9"
    assert model["trust_components"].iloc[[8, 9]].tolist() == [10, 7]
    yearly = model["trust_modularity"]
    assert yearly.notna().sum() <= 3 and yearly[yearly.notna()].index.isin([0, 12, 24]).all()
    np.testing.assert_allclose(yearly.loc[[0, 12, 24]], table["modularity"].loc[[0, 12, 24]], atol=1e-6)
