"""From random words to whole numbers without a rounding that a platform could do differently.

A draw is a word of the model's one generator, named by (site key, day number, request index, purpose). Probabilities
are compared as 16-bit or 32-bit integers; the exponential gap between requests comes from a literal table by integer
arithmetic. No logarithm or exponential of the C library stands between the bits and a decision.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import config, njit, types
from numba.extending import intrinsic

from abm.compiled import inlined

U64 = np.uint64

# round(-ln(0.5 + j / 128) * 2**32) for j = 0 .. 64: the tabulated half of the exponential quantile function
MINUS_LOG = np.array(
    [
        2977044472, 2910454498, 2844881204, 2780294013, 2716663704, 2653962338, 2592163181, 2531240638, 2471170186,
        2411928318, 2353492488, 2295841054, 2238953239, 2182809076, 2127389374, 2072675675, 2018650217, 1965295899,
        1912596253, 1860535406, 1809098057, 1758269449, 1708035340, 1658381986, 1609296111, 1560764891, 1512775930,
        1465317245, 1418377245, 1371944714, 1326008797, 1280558983, 1235585093, 1191077261, 1147025929, 1103421825,
        1060255961, 1017519616, 975204325, 933301872, 891804281, 850703802, 809992907, 769664279, 729710807,
        690125574, 650901856, 612033109, 573512964, 535335226, 497493860, 459982990, 422796893, 385929995,
        349376861, 313132196, 277190838, 241547751, 206198026, 171136874, 136359621, 101861706, 67638678,
        33686191, 0,
    ],
    np.int64,
)  # fmt: skip
LN2 = 2977044472  # round(ln 2 * 2**32)
GAP_UNIT = 4294967296.0  # gaps are counted in units of 2**-32

if config.DISABLE_JIT:  # type: ignore[attr-defined]

    def trailing_zeros(word: Any) -> int:
        """Position of the lowest set bit, 64 when there is none."""
        bits = int(word)
        return (bits & -bits).bit_length() - 1 if bits else 64

    def leading_zeros(word: Any) -> int:
        """Number of zeros above the highest set bit, 64 when there is none."""
        return 64 - int(word).bit_length()

    def population(word: Any) -> int:
        """Number of set bits."""
        return int(word).bit_count()

else:

    @intrinsic  # type: ignore[misc]
    def trailing_zeros(typing_context: Any, word: Any) -> Any:
        """Position of the lowest set bit, 64 when there is none."""

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.cttz(arguments[0], context.get_constant(types.boolean, False))

        return types.int64(types.uint64), generate

    @intrinsic  # type: ignore[misc]
    def leading_zeros(typing_context: Any, word: Any) -> Any:
        """Number of zeros above the highest set bit, 64 when there is none."""

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.ctlz(arguments[0], context.get_constant(types.boolean, False))

        return types.int64(types.uint64), generate

    @intrinsic  # type: ignore[misc]
    def population(typing_context: Any, word: Any) -> Any:
        """Number of set bits."""

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.ctpop(arguments[0])

        return types.int64(types.uint64), generate


@njit(forceinline=True)
def exponential_gap(word, minus_log):  # type: ignore[no-untyped-def]
    """Standard exponential gap of a 32-bit word, in units of 2**-32, linear between the tabulated values.

    The uniform is (word + 1/2) / 2**32 = m * 2**-z with m in [1/2, 1), so its negative logarithm is
    z ln 2 - ln m; the interpolated value lies above the true one by at most 3.1e-5.
    """
    doubled = (word << U64(1)) | U64(1)  # 33 bits, never zero
    zeros = leading_zeros(doubled) - 31
    fraction = np.int64((doubled << U64(zeros)) & U64(0xFFFFFFFF))  # m = 1/2 + fraction / 2**33
    step = fraction >> 26
    below = minus_log[step]
    return zeros * LN2 + below - (((below - minus_log[step + 1]) * (fraction & 0x3FFFFFF)) >> 26)


@inlined
def low(word):  # type: ignore[no-untyped-def]
    """The lower 16 bits of a 32-bit word."""
    return np.int64(word & U64(0xFFFF))


@inlined
def high(word):  # type: ignore[no-untyped-def]
    """The upper 16 bits of a 32-bit word."""
    return np.int64(word >> U64(16))
