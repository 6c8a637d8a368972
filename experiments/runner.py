"""Run a design: every scenario on every seed, with progress, and whatever fails recorded instead of lost."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from time import perf_counter
from typing import Any

from abm.errors import InputError
from experiments.design import Design
from experiments.engines import Job, Outcome, in_processes, in_this_process, usable_cores
from experiments.experiment import Experiment

Report = Callable[[int, int, int], None]


def replicate(
    scenarios: Mapping[str, Any] | Sequence[Any],
    seeds: int | Iterable[int],
    workers: int | None = None,
    progress: bool | Report = True,
    run: Callable[..., Any] | None = None,
    tables: Sequence[str] = ("model",),
    stop: Callable[[], bool] = lambda: False,
) -> Experiment:
    """Run every scenario on every seed.

    Scenarios share their seeds: on one seed they meet the same people and the same luck, so differences between them
    are paired. A run that fails is recorded and the others go on; an interrupt (Ctrl-C, or `stop`) keeps what is done.

    Args:
        scenarios: by the name that tables will show, or a sequence of scenarios with distinct names.
        seeds: a number of replications (seeds 1 to that number), or the seeds themselves.
        workers: processes; 0 runs in this process, left out it is one a core.
        progress: whether to draw a bar, or a function that is told (runs done, of them failed, runs in all).
        run: function of (scenario, seed) whose result has the tables as attributes; `abm.run` by default. With workers
            it must be importable by name.
        tables: which tables of each run to keep; "model" is one row a month.
        stop: asked between runs and twice a second; when it says yes, the runs in flight are given up.

    Returns:
        The experiment, in the order of the design, whatever the number of workers.

    Raises:
        InputError: the design is not valid, or workers cannot be started.
    """
    design = Design.of(scenarios, seeds)
    if workers is not None and workers < 0:
        raise InputError(f"workers = {workers} is out of range; allowed is 0 (in this process) or more")
    wanted = tuple(tables)
    function = model_run() if run is None else run
    jobs = [Job(planned, design.scenarios[planned.scenario], function, wanted) for planned in design.runs]
    processes = min(usable_cores() if workers is None else workers, len(jobs))
    started = perf_counter()
    outcomes: list[Outcome] = []
    interrupted = False
    with _reporting(progress, len(jobs)) as report, _interrupts(processes > 0) as pressed:
        engine = (
            in_processes(jobs, processes, lambda: pressed() or stop()) if processes else in_this_process(jobs, stop)
        )
        with closing(engine):
            try:
                for outcome in engine:
                    outcomes.append(outcome)
                    report(len(outcomes), sum(done.failed for done in outcomes), len(jobs))
            except KeyboardInterrupt:
                interrupted = True
    return Experiment.collect(
        design,
        outcomes,
        wanted,
        seconds=perf_counter() - started,
        workers=processes,
        interrupted=interrupted or len(outcomes) < len(jobs),
    )


@contextmanager
def _interrupts(noted: bool) -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C was pressed, where it is `noted` instead of raised.

    While workers run it is noted, and asked for twice a second: raised as an exception it could strike between the
    taking and the giving back of a lock of the pool, which would then never end.
    """
    pressed = threading.Event()
    if not noted or threading.current_thread() is not threading.main_thread():
        yield pressed.is_set
        return
    before = signal.signal(signal.SIGINT, lambda *_: pressed.set())
    try:
        yield pressed.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def model_run() -> Callable[..., Any]:
    """`abm.run`, with its kernels compiled now, once, so that workers only load them."""
    from abm import run, warm

    warm()
    return run


@contextmanager
def _reporting(progress: bool | Report, total: int) -> Iterator[Report]:
    """A function that shows how far the runs are."""
    if not isinstance(progress, bool):
        yield progress
        return
    if not progress:
        yield lambda done, failed, all_runs: None
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("runs"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[failed]} failed"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns) as bar:
        task = bar.add_task("runs", total=total, failed=0)
        yield lambda done, failed, all_runs: bar.update(task, completed=done, failed=failed)
