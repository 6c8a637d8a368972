import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pandas as pd
import pytest
from fake_runs import FakeScenario, fake_run, slow_run, threads_run

from abm.errors import InputError
from experiments import replicate
from experiments.experiment import Experiment

PAIR = {"plain": FakeScenario("plain"), "money": FakeScenario("money", effect=0.1)}


def with_trouble(trouble):
    return {"plain": FakeScenario("plain"), "odd": FakeScenario("odd", trouble=trouble, trouble_seed=2)}


def done(experiment):
    rows = experiment.runs
    return list(rows.loc[rows["status"] == "done", ["scenario", "seed"]].itertuples(index=False, name=None))


def test_every_scenario_meets_every_seed_once():
    experiment = replicate(PAIR, 3, workers=0, progress=False, run=fake_run)
    assert experiment.model.groupby(["scenario", "seed"]).size().to_dict() == {
        (name, seed): 25 for name in PAIR for seed in (1, 2, 3)
    }
    assert experiment.failures.empty and not experiment.interrupted


def test_replications_differ_and_scenarios_share_their_luck():
    start = replicate(PAIR, 4, workers=0, progress=False, run=fake_run).model.query("month == 0")
    by_seed = start.pivot(index="seed", columns="scenario", values="uptake")
    assert by_seed["plain"].nunique() == 4
    assert (by_seed["plain"] == by_seed["money"]).all()


def test_results_do_not_depend_on_the_number_of_workers_nor_on_which_run_ends_first():
    told = {"run": slow_run, "progress": False, "tables": ("model", "practices")}
    here, one, two = (replicate(PAIR, [1, 5, 2], workers=workers, **told) for workers in (0, 1, 2))
    for other in (one, two):
        for table in ("model", "practices"):
            pd.testing.assert_frame_equal(here.tables[table], other.tables[table], check_exact=True)
        pd.testing.assert_frame_equal(here.runs.drop(columns="seconds"), other.runs.drop(columns="seconds"))


def test_the_order_of_scenarios_and_seeds_does_not_change_any_run():
    one = replicate(PAIR, [1, 2], workers=0, progress=False, run=fake_run)
    other = replicate(dict(reversed(PAIR.items())), [2, 1], workers=0, progress=False, run=fake_run)
    key = ["scenario", "seed", "month"]
    pd.testing.assert_frame_equal(
        one.model.sort_values(key, ignore_index=True), other.model.sort_values(key, ignore_index=True), check_exact=True
    )


@pytest.mark.parametrize("workers", [0, 2])
def test_a_failing_run_is_reported_and_the_others_finish(workers):
    experiment = replicate(with_trouble("error"), 3, workers=workers, progress=False, run=fake_run)
    failure = experiment.failures.iloc[0]
    assert len(experiment.failures) == 1
    assert (failure["scenario"], failure["seed"]) == ("odd", 2)
    assert failure["error"] == "ValueError: a list of patients"
    assert "fake_runs.py" in failure["traceback"] and "was negative" in failure["traceback"]
    assert done(experiment) == [("plain", 1), ("odd", 1), ("plain", 2), ("plain", 3), ("odd", 3)]
    assert not experiment.interrupted
    assert ("odd", 2) not in set(experiment.model[["scenario", "seed"]].itertuples(index=False, name=None))


@pytest.mark.parametrize("trouble", ["exit", "no table"])
def test_a_run_that_ends_python_or_gives_no_table_is_a_failure_too(trouble):
    experiment = replicate(with_trouble(trouble), 2, workers=0, progress=False, run=fake_run)
    assert list(experiment.failures["scenario"]) == ["odd"]
    assert len(done(experiment)) == 3


def test_a_killed_worker_costs_only_its_own_run():
    experiment = replicate(with_trouble("killed"), 3, workers=2, progress=False, run=fake_run)
    assert list(experiment.failures[["scenario", "seed"]].itertuples(index=False, name=None)) == [("odd", 2)]
    assert "worker process ended" in experiment.failures.iloc[0]["error"]
    assert len(done(experiment)) == 5


def test_a_worker_that_dies_between_two_runs_costs_no_run():
    def kill_idle_workers(done, failed, total):
        for child in multiprocessing.active_children():
            child.kill()
            child.join()
        time.sleep(0.3)

    experiment = replicate(PAIR, 2, workers=1, progress=kill_idle_workers, run=fake_run)
    assert set(experiment.runs["status"]) == {"done"}


def test_a_run_that_cannot_be_sent_to_a_worker_is_a_failure_with_its_reason():
    experiment = replicate(
        {"plain": FakeScenario("plain")}, 2, workers=1, progress=False, run=lambda scenario, seed: None
    )
    assert set(experiment.runs["status"]) == {"failed"}
    assert experiment.failures["error"].str.contains("local object").all()  # what pickle calls a function within one


def test_an_interrupted_experiment_keeps_what_is_done():
    experiment = replicate(with_trouble("interrupt"), 3, workers=0, progress=False, run=fake_run)
    assert experiment.interrupted
    assert done(experiment) == [("plain", 1), ("odd", 1), ("plain", 2)]
    assert list(experiment.runs["status"]).count("not run") == 3
    assert experiment.model["seed"].max() == 2


def test_an_interrupt_ends_the_workers_at_once_and_keeps_what_is_done():
    def interrupt(done, failed, total):
        if done == 3:  # the next run would take a minute
            raise KeyboardInterrupt

    began = time.monotonic()
    experiment = replicate(with_trouble("slow"), 2, workers=1, progress=interrupt, run=fake_run)
    assert time.monotonic() - began < 30
    assert experiment.interrupted
    assert done(experiment) == [("plain", 1), ("odd", 1), ("plain", 2)]


def test_a_stop_signal_ends_runs_in_flight_and_keeps_what_is_done():
    seen = []
    experiment = replicate(
        with_trouble("slow"),
        2,
        workers=2,
        run=fake_run,
        stop=lambda: len(seen) >= 3,
        progress=lambda done, failed, total: seen.append(done),
    )
    assert experiment.interrupted
    assert sorted(done(experiment)) == [("odd", 1), ("plain", 1), ("plain", 2)]


def test_progress_tells_runs_done_failed_and_in_all():
    told = []
    replicate(with_trouble("error"), 2, workers=0, run=fake_run, progress=lambda *numbers: told.append(numbers))
    assert told == [(1, 0, 4), (2, 0, 4), (3, 0, 4), (4, 1, 4)]


def test_workers_compute_on_one_thread_each_and_leave_this_environment_alone():
    before = os.environ.get("NUMBA_NUM_THREADS")
    experiment = replicate({"plain": FakeScenario("plain")}, 4, workers=2, progress=False, run=threads_run)
    assert set(experiment.model["threads"]) == {1.0}
    assert os.getpid() not in set(experiment.model["pid"])
    assert os.environ.get("NUMBA_NUM_THREADS") == before


def test_a_saved_experiment_reads_back_the_same(tmp_path):
    experiment = replicate(
        with_trouble("error"), 2, workers=0, progress=False, run=fake_run, tables=("model", "practices")
    )
    folder = experiment.save(tmp_path / "new" / "place")
    again = Experiment.load(folder)
    for table in ("model", "practices"):
        pd.testing.assert_frame_equal(experiment.tables[table], again.tables[table], check_exact=True)
    pd.testing.assert_frame_equal(experiment.runs, again.runs, check_exact=True)
    pd.testing.assert_frame_equal(experiment.failures, again.failures, check_dtype=False)
    assert again.manifest == experiment.manifest
    assert again.manifest["scenarios"]["odd"]["digest"] == with_trouble("error")["odd"].digest()
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]


def test_an_experiment_without_any_result_can_be_saved(tmp_path):
    lost = {"odd": FakeScenario("odd", trouble="error", trouble_seed=1)}
    experiment = replicate(lost, 1, workers=0, progress=False, run=fake_run)
    assert Experiment.load(experiment.save(tmp_path)).failures["seed"].tolist() == [1]


def test_a_folder_that_is_no_experiment_is_refused(tmp_path):
    with pytest.raises(InputError, match="not a saved experiment"):
        Experiment.load(tmp_path)


def test_a_negative_number_of_workers_is_refused():
    with pytest.raises(InputError, match="workers = -1"):
        replicate(PAIR, 1, workers=-1, progress=False, run=fake_run)


SCRIPT = """
import sys
sys.path[:0] = {paths!r}
from fake_runs import FakeScenario, fake_run
from experiments import replicate
{guard}print(len(replicate({{"slow": FakeScenario("slow", trouble="slow", trouble_seed=1)}}, 2, workers=2, run=fake_run,
    progress=lambda *n: print("done", n, flush=True)).model))
"""


def script(path, guard):
    here = Path(__file__).parent
    path.write_text(textwrap.dedent(SCRIPT.format(paths=[str(here), str(here.parents[1])], guard=guard)))
    return [sys.executable, str(path)]


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX systems")
def test_control_c_in_a_script_keeps_what_is_done(tmp_path):
    command = script(tmp_path / "script.py", 'if __name__ == "__main__":\n    ')
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout.readline().startswith("done (1, 0, 2)")  # seed 2; seed 1 sleeps for a minute
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the script and its workers alike
    rest, _ = process.communicate(timeout=30)
    assert rest.strip() == "25"
    assert process.returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX systems")
def test_workers_end_when_their_parent_is_killed(tmp_path):
    command = script(tmp_path / "script.py", 'if __name__ == "__main__":\n    ')
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    process.stdout.readline()
    process.kill()
    process.communicate(timeout=30)  # ends when the last holder of the pipe, a worker, has ended
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail("a worker outlived the experiment that started it")


def test_a_script_without_a_main_guard_is_told_what_to_do(tmp_path):
    result = subprocess.run(script(tmp_path / "script.py", ""), capture_output=True, text=True, timeout=60, check=False)
    assert "worker processes cannot be started" in result.stderr
    assert '__name__ == "__main__"' in result.stderr
