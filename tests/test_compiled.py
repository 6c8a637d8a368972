"""Compiled code that is kept on disk follows every change of its sources."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

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


def answer(folder: Path) -> str:
    program = "from abm.appointments.loop import loop; print(loop(10), sum(loop.stats.cache_hits.values()))"
    return subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=True
    ).stdout


def test_a_change_of_what_a_kept_function_calls_is_noticed(tmp_path: Path) -> None:
    appointments = tmp_path / "abm" / "appointments"
    appointments.mkdir(parents=True)
    for package in (appointments.parent, appointments):
        (package / "__init__.py").touch()
    shutil.copy(compiled.__file__, tmp_path / "abm")
    (appointments / "loop.py").write_text(LOOP)
    (appointments / "rule.py").write_text(RULE.format(factor=2))
    assert answer(tmp_path) == "20 0\n"
    assert answer(tmp_path) == "20 1\n"
    (appointments / "rule.py").write_text(RULE.format(factor=3))
    assert answer(tmp_path) == "30 0\n"
