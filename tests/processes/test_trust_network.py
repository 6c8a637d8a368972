"""Trust between practices: within reach, symmetric changes, bounds, and what is assumed of strangers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm.agents.trust import TrustNetwork
from abm.columns import EDGE_COLUMNS, PRACTICE_COLUMNS
from abm.state import Table

KNOWN = {(0, 1): 0.5, (0, 2): -0.2, (3, 4): 0.9}


def network() -> TrustNetwork:
    """Six practices on a line, 3 km apart; the first four under one commissioner; three pairs know each other."""
    practices, edges = Table("practices", PRACTICE_COLUMNS), Table("trust", EDGE_COLUMNS)
    practices.add(6, x=3.0 * np.arange(6), commissioner=[0, 0, 0, 0, 1, 1])
    for (one, other), trust in KNOWN.items():
        for source, target in ((one, other), (other, one)):
            edges.add(source=source, target=target, trust=trust, distance=3.0 * abs(one - other))
    return TrustNetwork(edges, practices, 0.1)


def trust_of(net: TrustNetwork, one: int, other: int) -> float:
    return float(net.towards(one, np.array([other]))[0])


def test_known_pairs_have_their_trust_and_strangers_that_of_their_commissioner() -> None:
    net = network()
    assert net.towards(0, np.array([5, 1, 3, 2])) == pytest.approx([0.0, 0.5, 0.1, -0.2])
    assert net.towards(4, np.array([5, 3])) == pytest.approx([0.1, 0.9])
    assert net.towards(5, np.array([0])) == pytest.approx([0.0])
    assert net.towards(2, np.empty(0, np.int64)).size == 0


def test_linking_brings_both_within_reach_once() -> None:
    net = network()
    net.link(1, [3, 0, 1, 5])
    net.link(3, [1])
    assert len(net.edges) == 2 * len(KNOWN) + 4
    assert net.edges.target[net.leaving(1)].tolist() == [0, 3, 5]
    assert net.edges.distance[net.leaving(5)] == pytest.approx([12.0])
    assert (trust_of(net, 1, 3), trust_of(net, 5, 1), trust_of(net, 1, 0)) == (0.1, 0.0, 0.5)


def test_a_change_acts_both_ways_and_on_strangers_too() -> None:
    net = network()
    net.change(0, [1, 5], -0.1)
    assert (trust_of(net, 0, 1), trust_of(net, 1, 0)) == pytest.approx((0.4, 0.4))
    assert (trust_of(net, 0, 5), trust_of(net, 5, 0)) == pytest.approx((-0.1, -0.1))
    assert trust_of(net, 0, 2) == -0.2


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.floats(-1, 1)), max_size=15))
def test_trust_stays_symmetric_and_bounded_and_the_index_true(changes: list[tuple[int, int, float]]) -> None:
    net = network()
    for one, other, amount in changes:
        if one != other:
            net.change(one, [other], amount)
    assert (np.abs(net.edges.trust) <= 1).all()
    everybody = np.arange(6)
    matrix = np.array([net.towards(i, everybody) for i in range(6)])
    off = ~np.eye(6, dtype=bool)
    assert matrix[off] == pytest.approx(matrix.T[off])
    pairs = list(zip(net.edges.source.tolist(), net.edges.target.tolist(), strict=True))
    assert len(set(pairs)) == len(pairs)
    leaving = [net.leaving(i).tolist() for i in range(6)]
    net.index()
    assert [net.leaving(i).tolist() for i in range(6)] == leaving


def test_edges_among_members() -> None:
    net = network()
    net.practices.organisation[:] = [0, 0, -1, 1, 1, 0]
    pairs = {(int(net.edges.source[e]), int(net.edges.target[e])) for e in np.flatnonzero(net.among_members())}
    assert pairs == {(0, 1), (1, 0), (3, 4), (4, 3)}
