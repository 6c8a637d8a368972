"""Timing: processor time of this process, the least of several repeats, since other work on a machine only adds."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time


def least(work: Callable[[], int], repeats: int) -> float:
    """Nanoseconds of processor time for each unit of work, the least of several repeats.

    Args:
        work: does the work once and returns how many units it was.
        repeats: how often.
    """
    best = float("inf")
    for _ in range(repeats):
        begun = process_time()
        units = work()
        best = min(best, (process_time() - begun) / max(1, units))
    return 1e9 * best
