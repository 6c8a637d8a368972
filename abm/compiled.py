"""Compiled functions that are kept from one process to the next, and never outlive a change of their sources.

Numba keeps a compiled function as long as the function's own file is unchanged. But what it calls from other files is
compiled into it, so a change there would go unnoticed and the old rule would go on giving results. Here the compiled
code lies in a folder named after all sources that may be in it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numba

PACKAGE = Path(__file__).parent
COMPILED = ("compiled.py", "philox.py", "appointments/*.py")
"""The sources of everything that is compiled."""
WITHIN: dict[str, Any] = {
    "no_cpython_wrapper": True, "no_cfunc_wrapper": True, "_nrt": False, "error_model": "numpy",
}  # fmt: skip
"""Options of what is called by compiled code alone: no entry from Python, no counting of references."""


def compiled(**options: Any) -> Callable[[Any], Any]:
    """`numba.njit` with these options, and its result kept on disk for as long as no compiled source changes."""

    def decorate(function: Any) -> Any:
        settings: Any = numba.config
        before, settings.CACHE_DIR = settings.CACHE_DIR, str(_folder())
        try:
            return numba.njit(cache=True, **options)(function)
        finally:
            settings.CACHE_DIR = before

    return decorate


def part(function: Any) -> Any:
    """A part of compiled functions that Python never calls: compiled into its callers, without an entry of its own."""
    return numba.njit(**WITHIN)(function)


def inlined(function: Any) -> Any:
    """A part whose code is put where it is called."""
    return numba.njit(forceinline=True, **WITHIN)(function)


def source_digest(package: Path = PACKAGE) -> str:
    """Digest of the names and contents of all compiled sources."""
    digest = sha256()
    for path in sorted(path for pattern in COMPILED for path in package.glob(pattern)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


@cache
def _folder() -> Path:
    return PACKAGE / "__pycache__" / f"compiled-{source_digest()}"


def is_kept() -> bool:
    """Whether compiled code of these sources is on disk, so that a run starts at once."""
    return any(_folder().rglob("*.nbi"))
