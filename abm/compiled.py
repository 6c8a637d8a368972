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
