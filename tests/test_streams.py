"""Draws by name and key: the same number whatever else is drawn, uniform, and independent along every name and key."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from abm.model import FederationModel
from abm.scenario.scenario import Scenario
from abm.streams import FIRST_MONTH, MAX_SEED, Streams, name_key, process_word

SOURCES = Path(__file__).resolve().parents[1] / "abm"
DRAWS = {"uniform", "normal", "beta", "poisson", "one", "key", "_chosen", "_bounded"}
KEYS = st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=20)
NUMBER = 40_000
UNLIKELY = 1e-4  # the draws are fixed, so a test that passes once passes always


def keys(values: list[int] | range) -> np.ndarray:
    return np.array(values, np.uint64)


@given(KEYS, st.integers(0, MAX_SEED), st.integers(-12, 180), st.data())
def test_a_draw_does_not_depend_on_its_company(values: list[int], seed: int, month: int, data: st.DataObject) -> None:
    streams = Streams(seed)
    together = streams.uniform("explore", month, keys(values), 7)
    order = data.draw(st.permutations(range(len(values))))
    streams.uniform("another process", month, keys(values))
    shuffled = streams.uniform("explore", month, keys(values)[list(order)], 7)
    assert np.array_equal(shuffled, together[list(order)])
    for value, drawn in zip(values, together, strict=True):
        assert Streams(seed).one("explore", month, value, 7) == drawn


def test_keys_broadcast_to_every_pair() -> None:
    streams = Streams(3)
    a, b = keys(range(5)), keys(range(100, 107))
    grid = streams.uniform("trust", 4, a[:, None], b)
    assert grid.shape == (5, 7)
    assert all(grid[i, j] == streams.one("trust", 4, i, 100 + j) for i in range(5) for j in range(7))


def test_another_seed_process_month_or_key_is_another_number() -> None:
    places = [(1, "explore", 3, 10, 20), (2, "explore", 3, 10, 20), (1, "exit", 3, 10, 20), (1, "explore", 4, 10, 20)]
    places += [(1, "explore", 3, 11, 20), (1, "explore", 3, 10, 21), (1, "explore", 3, 20, 10)]
    places += [(1, "explore", -3, 10, 20), (1, "explore", 3, 10 + 2**32, 20)]
    drawn = {Streams(seed).one(*rest) for seed, *rest in places}
    assert len(drawn) == len(places)


@pytest.mark.parametrize("seed", [0, 1, MAX_SEED])
def test_draws_are_uniform_over_neighbouring_keys(seed: int) -> None:
    drawn = Streams(seed).uniform("explore", 1, keys(range(NUMBER)))
    assert stats.kstest(drawn, "uniform").pvalue > UNLIKELY
    assert stats.chisquare(np.bincount((drawn * 2**16).astype(int) % 64, minlength=64)).pvalue > UNLIKELY


def test_draws_are_independent_along_every_name_and_key() -> None:
    """Pairs of draws that differ in one name or key alone fill the square evenly."""
    a = keys(range(NUMBER))
    base = Streams(1).uniform("explore", 5, a, 9)
    neighbours = {
        "seed": Streams(2).uniform("explore", 5, a, 9),
        "process": Streams(1).uniform("search", 5, a, 9),
        "month": Streams(1).uniform("explore", 6, a, 9),
        "first key": Streams(1).uniform("explore", 5, a + np.uint64(1), 9),
        "high word of the first key": Streams(1).uniform("explore", 5, a + np.uint64(2**32), 9),
        "second key": Streams(1).uniform("explore", 5, a, 10),
        "keys exchanged": Streams(1).uniform("explore", 5, keys([9]), a),
    }
    for what, other in neighbours.items():
        table = np.histogram2d(base, other, bins=16, range=[[0, 1], [0, 1]])[0].ravel()
        assert stats.chisquare(table).pvalue > UNLIKELY, what
        assert abs(np.corrcoef(base, other)[0, 1]) < 4 / np.sqrt(NUMBER), what


def test_normal_and_beta_have_their_distributions() -> None:
    streams, a = Streams(1), keys(range(NUMBER))
    assert stats.kstest(streams.normal("strain", 0, a), "norm").pvalue > UNLIKELY
    assert stats.kstest(streams.beta(2.0, 5.0, "skill", 0, a), stats.beta(2, 5).cdf).pvalue > UNLIKELY


@pytest.mark.parametrize("mean", [0.0, 0.3, 2.0, 25.0])
def test_poisson_counts_are_quantiles_of_the_same_draw(mean: float) -> None:
    streams, a = Streams(1), keys(range(5_000))
    counts = streams.poisson(mean, "newcomers", 3, a)
    assert np.array_equal(counts, stats.poisson(mean).ppf(streams.uniform("newcomers", 3, a)))
    more = streams.poisson(mean + 1.0, "newcomers", 3, a)
    assert (more >= counts).all(), "a higher mean never takes a newcomer away"


def test_names_that_share_a_key_are_refused() -> None:
    seen: dict[int, str] = {}
    for i in range(20_000):
        name = f"process {i}"
        if (other := seen.setdefault(process_word(name), name)) != name:
            break
    streams = Streams(1)
    streams.one(other, 0, 1)
    with pytest.raises(ValueError, match="share a key"):
        streams.one(name, 0, 1)


@pytest.mark.parametrize("seed", [-1, MAX_SEED + 1])
def test_seeds_out_of_range_are_refused(seed: int) -> None:
    with pytest.raises(ValueError, match=str(MAX_SEED)):
        Streams(seed)


def test_every_month_of_the_calendar_has_a_key_of_its_own() -> None:
    streams = Streams(1)
    words = {streams.key("explore", month) for month in range(FIRST_MONTH, FIRST_MONTH + 4096)}
    assert len(words) == 4096
    for month in (FIRST_MONTH - 1, FIRST_MONTH + 4096):
        with pytest.raises(ValueError, match="calendar"):
            streams.key("explore", month)


def test_names_have_the_same_key_on_every_machine() -> None:
    assert name_key("B81012") == 0xB820EA60406B422C
    assert process_word("explore") < 2**20


def literal_names() -> Iterator[str]:
    """Names of processes that stand in the sources as words, in calls that draw."""
    for source in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            function = node.func
            called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            if called in DRAWS:
                yield from (a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str))


def test_all_processes_of_the_model_have_words_of_their_own(
    small_scenario: Callable[..., Scenario], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also across the streams of the place and of the run, whose seeds may be equal."""
    used: set[str] = set()
    key = Streams.key

    def noting(self: Streams, process: str, month: int = 0) -> tuple[int, int]:
        used.add(process)
        return key(self, process, month)

    monkeypatch.setattr(Streams, "key", noting)
    scenario = small_scenario(horizon=12, levers={"fund_per_head": 6.0, "leader_mode": 0.5})
    model = FederationModel(scenario, 1)
    while not model.finished:
        model.step()
    assert {"exit", "explore", "search", "vote to found", "appointments", "newcomers"} <= used, "the run is too tame"
    names = used | set(literal_names())
    assert len(names) > 50
    for one, other in combinations(sorted(names), 2):
        assert process_word(one) != process_word(other), f"'{one}' and '{other}'"
