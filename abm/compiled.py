"""Compiled functions that are kept from one process to the next, and never outlive a change of their sources.

Numba keeps a compiled function as long as the function's own file is unchanged. But what it calls from other files is
compiled into it, so a change there would go unnoticed and the old rule would go on giving results. And it gives up when
what it kept cannot be read. Here compiled code lies in a folder named after all sources that may be in it: beside the
package, or where that cannot be written, in the user's folder for caches. A file that is damaged, a folder that cannot
be written, a disk that is full: each costs the time to compile and a line on standard error, never a run or a result.
What is read is run, so these folders are trusted as the files of the package are.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from inspect import getfile
from multiprocessing import parent_process
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
SUFFIX = ".code"
DIGEST_BYTES = 32  # of SHA-256, before the code in each file


def compiled(**options: Any) -> Callable[[Any], Any]:
    """`numba.njit` with these options, and its result kept on disk for as long as no compiled source changes."""

    def decorate(function: Any) -> Any:
        dispatcher = numba.njit(**options)(function)
        if dispatcher is not function:  # which it is where Numba is told not to compile
            dispatcher._cache = Kept(function)
        return dispatcher

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


def is_kept() -> bool:
    """Whether the compiled code of everything that has been imported is on disk, so that a run starts at once."""
    return all(any(any(folder.glob(f"{kept.name}-*{SUFFIX}")) for folder in folders()) for kept in Kept.known)


@cache
def folders() -> tuple[Path, ...]:
    """Where compiled code may lie, the first first: beside the package, then in the user's folder for caches."""
    name = f"compiled-{source_digest()}"
    beside = PACKAGE / "__pycache__" / name
    home = Path(os.path.expanduser("~"))
    of_user = {
        "win32": Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local"),
        "darwin": home / "Library" / "Caches",
    }.get(sys.platform, Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache"))
    return (beside, of_user / "gpfed" / name) if of_user.is_absolute() else (beside,)


class Kept:
    """The compiled code of one function on disk; takes the place of Numba's own cache of a function.

    Each file holds the code for one signature, Python, Numba and processor, after its own digest.
    """

    known: list[Kept] = []  # noqa: RUF012

    def __init__(self, function: Any) -> None:
        own = sha256(Path(getfile(function)).read_bytes()).hexdigest()
        self.name = f"{function.__module__}.{function.__qualname__}-{sys.implementation.cache_tag}"
        self._stamp = (own, sys.version, numba.__version__)
        self.known.append(self)
        folders()  # named now: a source may change before the function is compiled

    @property
    def cache_path(self) -> str:
        """The folder tried first."""
        return str(folders()[0])

    def load_overload(self, signature: Any, target: Any) -> Any:
        """The function compiled for a signature, from the first folder that has it whole; None if none has."""
        from numba.core.compiler import CompileResult

        rebuild: Any = CompileResult._rebuild
        target.refresh()
        for folder in folders():
            path = folder / self._file(signature, target.codegen())
            try:
                held = path.read_bytes()
            except OSError:  # not there, or not for us to read
                continue
            digest, code = held[:DIGEST_BYTES], held[DIGEST_BYTES:]
            try:
                if sha256(code).digest() == digest:
                    return rebuild(target, *pickle.loads(code))
            except Exception:  # whole, but of no use to this Numba: the same as damaged
                pass
            _tell(f"compiled code in {folder} is damaged and is compiled anew")
        return None

    def save_overload(self, signature: Any, result: Any) -> None:
        """Keep compiled code in the first folder that takes it."""
        from numba.core import serialize

        dumps: Any = serialize.dumps
        if result.library.has_dynamic_globals:  # it refers to memory of this process
            return
        name, code = self._file(signature, result.codegen), dumps(result._reduce())
        problems = []
        for folder in folders():
            path = folder / name
            partial = path.with_name(f"{name}.{os.getpid()}.new")
            try:
                folder.mkdir(parents=True, exist_ok=True)
                partial.write_bytes(sha256(code).digest() + code)
                os.replace(partial, path)
            except OSError as problem:
                problems.append(f"{folder.parent} cannot be written ({problem.strerror})")
                _remove(partial)
                continue
            if problems:
                _tell(f"compiled code is kept in {folder}, because {problems[0]}")
            return
        _tell(f"compiled code is not kept, and compiled anew every time, because {' and '.join(problems)}")

    def _file(self, signature: Any, codegen: Any) -> str:
        key = repr((self._stamp, str(signature), codegen.magic_tuple()))
        return f"{self.name}-{sha256(key.encode()).hexdigest()[:16]}{SUFFIX}"


def _remove(partial: Path) -> None:
    try:
        partial.unlink(missing_ok=True)
    except OSError:  # nor can it be removed: it is never read
        return


@cache
def _tell(sentence: str) -> None:
    """Say something once, and not again from every worker."""
    if parent_process() is None:
        print(f"gpfed: {sentence}", file=sys.stderr, flush=True)
