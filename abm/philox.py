"""Philox 4x32-10, the one counter-based generator of the model, compiled.

Salmon, Moraes, Dror and Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3". A block is a pure function of a
128-bit counter and a 64-bit key, so a draw can be named instead of being taken in turn. The known-answer vectors that
the authors publish are asserted in the tests. Everything here is integer arithmetic in unsigned 64-bit words that hold
32-bit values: the same bits on every platform.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from abm.compiled import compiled

U64 = np.uint64
LOW32 = U64(0xFFFFFFFF)
MULTIPLIER_0 = U64(0xD2511F53)
MULTIPLIER_1 = U64(0xCD9E8D57)
WEYL_0 = U64(0x9E3779B9)
WEYL_1 = U64(0xBB67AE85)
ROUNDS = 10
SHIFT32 = U64(32)


@njit(forceinline=True)
def philox_block(c0, c1, c2, c3, k0, k1):
    """Four 32-bit words for the counter (c0, c1, c2, c3) and key (k0, k1); all are uint64 below 2**32."""
    for _ in range(ROUNDS):
        product_0 = MULTIPLIER_0 * c0
        product_1 = MULTIPLIER_1 * c2
        c0 = (product_1 >> SHIFT32) ^ c1 ^ k0
        c1 = product_1 & LOW32
        c2 = (product_0 >> SHIFT32) ^ c3 ^ k1
        c3 = product_0 & LOW32
        k0 = (k0 + WEYL_0) & LOW32
        k1 = (k1 + WEYL_1) & LOW32
    return c0, c1, c2, c3


@compiled()
def fill_uniform(k0, k1, key_a, key_b, out):
    """Fill `out` with uniforms in (0, 1), one for each pair of 64-bit keys; 52 bits, never 0 and never 1.

    Either array of keys may hold a single key, which then serves for all.
    """
    k0 = U64(k0)
    k1 = U64(k1)
    step_a = 1 if key_a.size > 1 else 0
    step_b = 1 if key_b.size > 1 else 0
    for i in range(out.size):
        a = U64(key_a[i * step_a])
        b = U64(key_b[i * step_b])
        w0, w1, _, _ = philox_block(a & LOW32, a >> SHIFT32, b & LOW32, b >> SHIFT32, k0, k1)
        bits = ((w0 >> U64(6)) << U64(26)) | (w1 >> U64(6))
        out[i] = (np.float64(bits) + 0.5) / 4503599627370496.0
