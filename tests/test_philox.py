"""The generator is Philox 4x32-10: the vectors its authors publish, and a second implementation in plain integers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abm.philox import fill_uniform, philox_block

WORD = st.integers(0, 2**32 - 1)
KEY64 = st.integers(0, 2**64 - 1)
ONES = 0xFFFFFFFF

# Random123 kat_vectors, philox4x32 with 10 rounds: counter, key, result
PUBLISHED = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES,) * 4, (ONES,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


def plain_philox(counter: tuple[int, ...], key: tuple[int, ...]) -> tuple[int, ...]:
    """Philox 4x32-10 after Salmon et al. (2011), figure 2, in Python's own integers."""
    left_0, right_0, left_1, right_1 = counter
    for i in range(10):
        word_0 = (key[0] + i * 0x9E3779B9) % 2**32
        word_1 = (key[1] + i * 0xBB67AE85) % 2**32
        high_0, low_0 = divmod(0xD2511F53 * left_0, 2**32)
        high_1, low_1 = divmod(0xCD9E8D57 * left_1, 2**32)
        left_0, right_0, left_1, right_1 = high_1 ^ right_0 ^ word_0, low_1, high_0 ^ right_1 ^ word_1, low_0
    return left_0, right_0, left_1, right_1


def compiled_philox(counter: tuple[int, ...], key: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(int(word) for word in philox_block(*(np.uint64(word) for word in (*counter, *key))))


@pytest.mark.parametrize(("counter", "key", "result"), PUBLISHED)
def test_published_vectors(counter: tuple[int, ...], key: tuple[int, ...], result: tuple[int, ...]) -> None:
    assert compiled_philox(counter, key) == result
    assert plain_philox(counter, key) == result


@given(st.tuples(WORD, WORD, WORD, WORD), st.tuples(WORD, WORD))
def test_compiled_equals_plain_integers(counter: tuple[int, ...], key: tuple[int, ...]) -> None:
    assert compiled_philox(counter, key) == plain_philox(counter, key)


@given(st.tuples(WORD, WORD), KEY64, KEY64)
def test_a_uniform_is_the_first_52_bits_of_the_block_of_its_keys(key: tuple[int, int], a: int, b: int) -> None:
    out = np.empty(1)
    fill_uniform(*key, np.array([a], np.uint64), np.array([b], np.uint64), out)
    words = plain_philox((a % 2**32, a >> 32, b % 2**32, b >> 32), key)
    assert out[0] == ((words[0] >> 6) * 2**26 + (words[1] >> 6) + 0.5) / 2**52
    assert 0.0 < out[0] < 1.0
