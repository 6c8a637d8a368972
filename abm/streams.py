"""Random numbers by name and key, never by position.

A draw is `uniform(process, month, key_a, key_b)`: the same seed, process, month and keys always give the same number,
whatever else was drawn before. Keys are 64-bit hashes of stable names (a practice's code; a GP's practice and ordinal;
an organisation's founder and month), so two policies on one seed meet the same people and the same luck, and an added
draw elsewhere moves nothing. None of this touches NumPy's or Mesa's shared generators.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256

import numpy as np
from numpy.typing import ArrayLike, NDArray

FIRST_MONTH = -1024  # months -1024 .. 3071 have a word of their own for every process
MAX_SEED = 2**32 - 1


@cache
def name_key(name: str) -> int:
    """64-bit key of a stable name, the same in every process and on every machine."""
    return int.from_bytes(sha256(name.encode()).digest()[:8], "little")


@cache
def process_word(process: str) -> int:
    """20-bit word of a process name; `Streams` refuses two names with one word."""
    return int.from_bytes(sha256(process.encode()).digest()[:4], "little") >> 12


class Streams:
    """The named draws of one run.

    Args:
        seed: 0 to 2**32 - 1; the only source of difference between replications.
    """

    def __init__(self, seed: int) -> None:
        if not 0 <= seed <= MAX_SEED:
            raise ValueError(f"the seed is {seed}; allowed are whole numbers from 0 to {MAX_SEED}")
        self.seed = seed
        self._names: dict[int, str] = {}

    def key(self, process: str, month: int = 0) -> tuple[int, int]:
        """The generator's two 32-bit key words for a process in a month."""
        word = process_word(process)
        if self._names.setdefault(word, process) != process:
            raise ValueError(f"the process names '{process}' and '{self._names[word]}' share a key; rename one")
        if not 0 <= month - FIRST_MONTH < 4096:
            raise ValueError(f"month {month} lies outside the generator's calendar")
        return self.seed, (word << 12) | (month - FIRST_MONTH)

    def uniform(self, process: str, month: int, key_a: ArrayLike, key_b: ArrayLike = 0) -> NDArray[np.float64]:
        """Uniforms in the open interval (0, 1), broadcast over the two 64-bit keys."""
        from abm.philox import fill_uniform  # compiled code is loaded when first used

        k0, k1 = self.key(process, month)
        a, b = np.asarray(key_a, np.uint64), np.asarray(key_b, np.uint64)
        if a.shape != b.shape and a.size != 1 and b.size != 1:
            a, b = np.broadcast_arrays(a, b)
        shape = a.shape if a.size >= b.size and a.ndim >= b.ndim else np.broadcast_shapes(a.shape, b.shape)
        out = np.empty(shape)
        fill_uniform(k0, k1, np.ascontiguousarray(a).reshape(-1), np.ascontiguousarray(b).reshape(-1), out.reshape(-1))
        return out

    def one(self, process: str, month: int, key_a: int, key_b: int = 0) -> float:
        """A single uniform in (0, 1)."""
        return float(self.uniform(process, month, np.array([key_a], np.uint64), np.array([key_b], np.uint64))[0])

    def normal(self, process: str, month: int, key_a: ArrayLike, key_b: ArrayLike = 0) -> NDArray[np.float64]:
        """Standard normals, by the inverse of the distribution function."""
        from scipy.special import ndtri

        return np.asarray(ndtri(self.uniform(process, month, key_a, key_b)))

    def beta(
        self, alpha: float, beta: float, process: str, month: int, key_a: ArrayLike, key_b: ArrayLike = 0
    ) -> NDArray[np.float64]:
        """Beta(alpha, beta) variates, by the inverse of the distribution function."""
        from scipy.special import betaincinv

        return np.asarray(betaincinv(alpha, beta, self.uniform(process, month, key_a, key_b)))

    def gamma(
        self, shape: float, mean: float, process: str, month: int, key_a: ArrayLike, key_b: ArrayLike = 0
    ) -> NDArray[np.float64]:
        """Gamma variates of a shape and mean, by the inverse of the distribution function."""
        from scipy.special import gammaincinv

        return np.asarray(gammaincinv(shape, self.uniform(process, month, key_a, key_b)) * (mean / shape))

    def poisson(
        self, mean: ArrayLike, process: str, month: int, key_a: ArrayLike, key_b: ArrayLike = 0
    ) -> NDArray[np.int64]:
        """Poisson counts, by the inverse of the distribution function: the smallest k with F(k) >= u."""
        from scipy.special import pdtr

        u, m = np.broadcast_arrays(self.uniform(process, month, key_a, key_b), np.asarray(mean, float))
        count = np.zeros(u.shape, np.int64)
        short = pdtr(count, m) < u
        while short.any():
            count[short] += 1
            short = pdtr(count, m) < u
        return count
