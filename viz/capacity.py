"""How much may run at once in one server: a clear sentence instead of a machine that stands still."""

from __future__ import annotations

import threading
from weakref import WeakKeyDictionary

from abm.errors import InputError
from abm.record.explanations.weighing import count

MOST_RUNS = 30
MOST_PRACTICES = 24_000  # of all runs together: about three Englands


class Capacity:
    """Counts the live runs of a process and their practices.

    Args:
        runs: most runs at once.
        practices: most practices of all runs together.
    """

    def __init__(self, runs: int = MOST_RUNS, practices: int = MOST_PRACTICES) -> None:
        self.runs, self.practices = runs, practices
        self._lock = threading.Lock()
        self._live: WeakKeyDictionary[object, int] = WeakKeyDictionary()

    def enter(self, run: object, practices: int) -> None:
        """Count a run; one that is counted already is counted with its new size.

        Raises:
            InputError: there is no room.
        """
        with self._lock:
            others = {one: size for one, size in self._live.items() if one is not run}
            if len(others) >= self.runs:
                raise InputError(
                    f"{count(len(others), 'simulation')} run here already, which is as many as this server allows; "
                    "close one, or try again in a few minutes"
                )
            if sum(others.values()) + practices > self.practices:
                left = max(0, self.practices - sum(others.values()))
                raise InputError(
                    f"this server has room for {left:,} more practices and this place has {practices:,}; "
                    "choose a smaller place, or try again in a few minutes"
                )
            self._live[run] = practices

    def leave(self, run: object) -> None:
        """A run has ended."""
        with self._lock:
            self._live.pop(run, None)

    @property
    def live(self) -> int:
        """Number of live runs."""
        with self._lock:
            return len(self._live)
