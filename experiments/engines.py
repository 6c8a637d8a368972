"""Where runs are computed: in this process, or in several processes of this machine.

Each worker is a pool of one process, so when a process dies (out of memory, killed, a crash in compiled code) the run
that it had is known, recorded as failed, and a new process takes the next one. Workers are spawned, never forked,
compute on one thread, and send back tables, not models.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, TimeoutError, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process
from multiprocessing.context import SpawnContext
from multiprocessing.process import BaseProcess
from time import perf_counter
from traceback import format_exception
from typing import TYPE_CHECKING, Any

from abm.errors import InputError
from experiments.design import PlannedRun

if TYPE_CHECKING:
    import pandas as pd

THREAD_COUNTS = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
LONGEST_START = 120.0  # seconds that a worker may take to start before it is given up
DIED = "the worker process ended before the run did (killed, out of memory or crashed)"
CANNOT_START = (
    'worker processes cannot be started; in a script, call `replicate` under `if __name__ == "__main__":`, or use '
    "workers=0 to run in this process"
)
LOOK_UP = 0.5  # seconds between two looks at the stop signal


@dataclass(frozen=True)
class Job:
    """One run and what it needs; picklable.

    Attributes:
        planned: which run it is.
        scenario: what is run.
        run: function of (scenario, seed) that gives an object with the tables as attributes; importable by name.
        tables: names of the tables to keep.
    """

    planned: PlannedRun
    scenario: Any
    run: Callable[..., Any]
    tables: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What came of a run: its tables, or its error as one line and the traceback's text."""

    planned: PlannedRun
    seconds: float
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    error: str = ""
    traceback: str = ""

    @property
    def failed(self) -> bool:
        """Whether there is no result."""
        return bool(self.error)


def execute(job: Job) -> Outcome:
    """Run one job in this process; an error becomes an outcome."""
    started = perf_counter()
    try:
        result = job.run(job.scenario, job.planned.seed)
        tables = {name: _table(result, name) for name in job.tables}
    except (Exception, SystemExit) as problem:
        return _failure(job, problem, perf_counter() - started)
    return Outcome(job.planned, perf_counter() - started, tables)


def in_this_process(jobs: Sequence[Job], stop: Callable[[], bool]) -> Generator[Outcome, None, None]:
    """Outcomes one after another; a crash of compiled code or a kill ends everything."""
    for job in jobs:
        if stop():
            return
        yield execute(job)


def in_processes(jobs: Sequence[Job], workers: int, stop: Callable[[], bool]) -> Generator[Outcome, None, None]:
    """Outcomes in the order in which they are ready; closing the iterator ends the processes.

    Raises:
        InputError: processes cannot be started.
    """
    idle = [_Worker() for _ in range(min(workers, len(jobs)))]
    waiting = deque(jobs)
    busy: dict[Future[Outcome], tuple[_Worker, Job, float]] = {}
    answered = False
    try:
        while (waiting or busy) and not stop():
            while waiting and idle:
                worker, job = idle.pop(), waiting.popleft()
                busy[worker.start(job)] = worker, job, perf_counter()
            ready, _ = wait(busy, timeout=LOOK_UP, return_when=FIRST_COMPLETED)
            for future in ready:
                worker, job, started = busy.pop(future)
                problem = future.exception()
                idle.append(worker)
                if problem and stop():
                    continue  # an interrupt ended the worker too; that is no failure of the run
                if isinstance(problem, BrokenProcessPool) and not answered and not worker.came_up:
                    raise InputError(CANNOT_START)
                answered = True
                yield _failure(job, problem, perf_counter() - started) if problem else future.result()
    finally:
        for worker, _, _ in busy.values():
            worker.kill()
        for worker in (*idle, *(worker for worker, _, _ in busy.values())):
            worker.stop()


def usable_cores() -> int:
    """The number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Worker:
    """One process that runs one job after another, and is replaced when it has died."""

    def __init__(self) -> None:
        self._open()

    def _open(self) -> None:
        context: SpawnContext = get_context("spawn")
        self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=_prepare)
        with _single_threaded():  # the process starts with the first call and keeps this environment
            self._process: Future[int] = self._pool.submit(os.getpid)

    def start(self, job: Job) -> Future[Outcome]:
        try:
            return self._pool.submit(execute, job)
        except BrokenProcessPool:
            self.stop()
            self._open()
            return self._pool.submit(execute, job)

    @property
    def came_up(self) -> bool:
        """Whether the process was ever there, known once it has died or answered."""
        return self._process.exception() is None

    def kill(self) -> None:
        try:
            os.kill(self._process.result(LONGEST_START), signal.SIGTERM)
        except (BrokenProcessPool, TimeoutError, ProcessLookupError):
            pass  # it is not there any more, or never was

    def stop(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)


def _prepare() -> None:
    """Make a fresh worker leave interrupts to its parent, and end when the parent has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


@contextmanager
def _single_threaded() -> Iterator[None]:
    """An environment in which numerical libraries use one thread, for processes started inside."""
    before = {name: os.environ.get(name) for name in THREAD_COUNTS}
    os.environ.update(dict.fromkeys(THREAD_COUNTS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _table(result: Any, name: str) -> pd.DataFrame:
    from pandas import DataFrame

    table = getattr(result, name)
    if not isinstance(table, DataFrame):
        raise TypeError(f"'{name}' of the run is no table but a {type(table).__name__}")
    return table


def _failure(job: Job, problem: BaseException, seconds: float) -> Outcome:
    if isinstance(problem, BrokenProcessPool):
        return Outcome(job.planned, seconds, error=DIED)
    told = str(problem).strip().split("\n")[0]
    error = f"{type(problem).__name__}: {told}" if told else type(problem).__name__
    return Outcome(job.planned, seconds, error=error, traceback="".join(format_exception(problem)))
