"""Compiled code that is kept on disk follows every change of its sources, and costs no run when it cannot be kept."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from abm import compiled

RULE = """
from numba import njit

@njit(inline="always")
def rule(x):
    return {factor} * x
"""
LOOP = """
from abm.appointments.rule import rule
from abm.compiled import compiled

@compiled()
def loop(x):
    return rule(x)
"""
SEVERAL = """
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from abm.appointments.loop import loop

def ask_one(x):
    return loop(x)

def ask():
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        print(loop(10), list(pool.map(ask_one, [10, 10])))
"""
ASK = "from abm.appointments.loop import loop; print(loop(10), sum(loop.stats.cache_hits.values()))"
COMPILED, KEPT = "20 0\n", "20 1\n"  # the answer, and how often it came from what was kept
FULL_DISK = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000)); "  # full after 5,000 bytes


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package with one compiled function, and no folder for caches yet."""
    appointments = tmp_path / "here" / "abm" / "appointments"
    appointments.mkdir(parents=True)
    for folder in (appointments.parent, appointments):
        (folder / "__init__.py").touch()
    shutil.copy(compiled.__file__, appointments.parent)
    (appointments / "loop.py").write_text(LOOP)
    (appointments / "rule.py").write_text(RULE.format(factor=2))
    return appointments.parent


def answer(package: Path, program: str = ASK, home: Path | None = None) -> tuple[str, str]:
    """What a fresh process says, and what it complains of; `home` is where its user may keep things."""
    home = home or package.parent / "home"
    environment = {**os.environ, "HOME": str(home), "XDG_CACHE_HOME": str(home / "caches"), "LOCALAPPDATA": str(home)}
    done = subprocess.run(
        [sys.executable, "-B", "-c", program], cwd=package.parent, env=environment, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    return done.stdout, done.stderr


def beside(package: Path) -> Path:
    return package / "__pycache__"


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_change_of_what_a_kept_function_calls_is_noticed(package: Path) -> None:
    assert answer(package) == (COMPILED, "")
    assert answer(package) == (KEPT, "")
    (package / "appointments" / "rule.py").write_text(RULE.format(factor=3))
    assert answer(package) == ("30 0\n", "")


def test_where_the_package_cannot_be_written_the_user_keeps_the_code(package: Path) -> None:
    beside(package).touch()  # a file where the folder would be: nobody can write below it
    said, complaint = answer(package)
    assert said == COMPILED
    assert (
        complaint.count("\n") == 1 and str(beside(package)) in complaint and str(package.parent / "home") in complaint
    )
    assert answer(package) == (KEPT, "")
    (package / "appointments" / "rule.py").write_text(RULE.format(factor=3))
    assert answer(package)[0] == "30 0\n"  # also there, no old rule goes on


def test_where_nothing_can_be_written_every_process_compiles(package: Path) -> None:
    beside(package).touch()
    (package.parent / "home").touch()
    for _ in range(2):
        said, complaint = answer(package)
        assert said == COMPILED
        assert complaint.count("\n") == 1 and "not kept" in complaint and "Not a directory" in complaint


def test_code_that_somebody_else_compiled_is_read_where_it_cannot_be_written(package: Path) -> None:
    assert answer(package)[0] == COMPILED
    for folder in (beside(package), *beside(package).rglob("*")):
        folder.chmod(0o555 if folder.is_dir() else 0o444)
    try:
        assert answer(package, home=Path(__file__)) == (KEPT, "")
    finally:
        for folder in (beside(package), *(path for path in beside(package).rglob("*") if path.is_dir())):
            folder.chmod(0o755)


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda held: b"",
    "truncated": lambda held: held[: len(held) // 2],
    "one bit": lambda held: held[:-9] + bytes([held[-9] ^ 1]) + held[-8:],
    "something else": lambda held: b"not what was written",
    "whole, but of no use": lambda held: with_digest(pickle.dumps(("neither", "nor"))),
}


def with_digest(code: bytes) -> bytes:
    return sha256(code).digest() + code


def test_damaged_code_is_compiled_anew_and_mended(package: Path) -> None:
    assert answer(package)[0] == COMPILED
    (kept,) = files(beside(package))
    for how, damage in DAMAGE.items():
        kept.write_bytes(damage(kept.read_bytes()))
        said, complaint = answer(package)
        assert said == COMPILED, how
        assert complaint.count("\n") == 1 and "damaged" in complaint and str(beside(package)) in complaint, how
        mended = kept.read_bytes()
        assert len(mended) > 5000 and with_digest(mended[compiled.DIGEST_BYTES :]) == mended, how
    assert answer(package) == (KEPT, "")


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no limit for the size of files")
def test_a_full_disk_leaves_no_half_file(package: Path) -> None:
    said, complaint = answer(package, FULL_DISK + ASK)
    assert said == COMPILED
    assert complaint.count("\n") == 1 and "not kept" in complaint
    assert files(beside(package)) == files(package.parent / "home") == []
    assert answer(package) == (COMPILED, "") and answer(package) == (KEPT, "")


def test_workers_do_not_repeat_what_was_said(package: Path) -> None:
    beside(package).touch()
    (package.parent / "home").touch()
    (package.parent / "several.py").write_text(SEVERAL)
    said, complaint = answer(package, "import several; several.ask()")
    assert said == "20 [20, 20]\n" and complaint.count("\n") == 1
