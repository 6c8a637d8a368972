"""A practice's appointments are the same bits in whatever process, however started, and whoever plays beside it."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import appointments_alone
import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def together() -> dict[str, str]:
    return appointments_alone.play([])


def test_every_practice_has_days_of_its_own(together: dict[str, str]) -> None:
    assert len(set(together.values())) == appointments_alone.PRACTICES


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_two_workers_give_what_one_gives(start: str, together: dict[str, str]) -> None:
    if start not in multiprocessing.get_all_start_methods():
        pytest.skip(f"this system cannot {start}")
    names = sorted(together)
    halves = [names[::2], names[1::2]]
    with ProcessPoolExecutor(2, multiprocessing.get_context(start)) as pool:
        parts = list(pool.map(appointments_alone.play, halves))
    assert [set(part) for part in parts] == [set(half) for half in halves]
    assert parts[0] | parts[1] == together


def test_alone_in_a_fresh_process_a_practice_is_the_same(together: dict[str, str]) -> None:
    name = sorted(together)[5]
    script = Path(__file__).with_name("appointments_alone.py")
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run([sys.executable, script, name], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == together[name]
