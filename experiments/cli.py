"""`gpfed experiment` compares policies over many seeds; `gpfed targets` sets runs beside what is known of the world."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from abm.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from experiments.experiment import Experiment

FAILED, INTERRUPTED = 1, 130
COMPARED = ("as-it-was", "heroic-leadership", "distributed-leadership")  # the policies that targets.csv speaks of

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


def one_option_a_word(words: Sequence[str], options: Collection[str]) -> list[str]:
    """`--policies a b` or `--policies a,b` as `--policies a --policies b`, which is how typer reads several values.

    Args:
        words: the command line.
        options: those that take every word up to the next option.
    """
    spread: list[str] = []
    option, bare = "", False
    for word in words:
        if word.startswith("-"):
            spread += [option] if bare else []  # an option without a word stays, and is refused
            option, bare = (word, True) if word in options else ("", False)
            spread += [] if bare else [word]
        elif option:
            for value in filter(None, word.split(",")):
                spread += [option, value]
            bare = False
        else:
            spread.append(word)
    return spread + ([option] if bare else [])


class ManyWords(TyperCommand):
    """A command whose repeatable options may also take several words."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the command line."""
        options = {name for option in self.params if getattr(option, "multiple", False) for name in option.opts}
        return super().parse_args(ctx, one_option_a_word(args, options))


Seeds = Annotated[int, typer.Option(help="Replications: seeds 1 to this number, the same for every policy.", min=1)]
Workers = Annotated[int | None, typer.Option(help="Processes; 0 for none but this. Left out: one a core.", min=0)]
Out = Annotated[Path | None, typer.Option(help="Folder for the results. Left out: results/ and a name of its own.")]


@app.command(cls=ManyWords)
def experiment(
    place: Annotated[
        str, typer.Argument(help="A preset place, a scenario file or the folder of a place; it comes first.")
    ],
    policies: Annotated[
        list[str] | None, typer.Option(help="Policies to compare: --policies A B C; A+B combines two.")
    ] = None,
    seeds: Seeds = 20,
    workers: Workers = None,
    baseline: Annotated[str, typer.Option(help="Policy the others are compared with. Left out: the first.")] = "",
    metrics: Annotated[list[str] | None, typer.Option(help="Series to show: --metrics access fte.")] = None,
    months: Annotated[list[int] | None, typer.Option(help="Months to show: --months 12 60.")] = None,
    horizon: Annotated[int | None, typer.Option(help="Months to run. Left out: those of the scenario.")] = None,
    out: Out = None,
) -> None:
    """Run one place under several policies on the same seeds, and compare them.

    Prints means and paired differences with their 95% intervals.
    Writes the monthly series of every run (Parquet), the tables shown (CSV) and what was run (manifest.json).

    gpfed experiment town-and-country --policies as-it-was distributed-leadership --seeds 20
    """
    from rich.console import Console

    from abm.scenario.scenario import Scenario
    from experiments.compare import means, paired_differences
    from experiments.design import under_policies
    from experiments.runner import replicate
    from experiments.text import differences_text, means_text

    scenario = Scenario.load(place)
    if horizon is not None:
        scenario = scenario.with_horizon(horizon)
    scenarios = under_policies(scenario, policies) if policies else {scenario.policy.name: scenario}
    first = _among(baseline, list(scenarios)) if baseline else next(iter(scenarios))
    _check_before_running(metrics, months, scenario.horizon)
    _check_writable(out)
    found = replicate(scenarios, seeds, workers=workers)
    folder = found.save(out if out is not None else _own_folder("experiment", found))
    console = Console()
    if not found.model.empty:
        shown = metrics or _headlines(found)
        level = means(found, shown, months)
        level.to_csv(folder / "means.csv", index=False)
        console.print(means_text(level))
        if len(scenarios) > 1:
            differences = paired_differences(found, first, shown, months)
            differences.to_csv(folder / "paired_differences.csv", index=False)
            console.print(differences_text(differences))
    _close(console, found, folder)


@app.command(cls=ManyWords)
def targets(
    places: Annotated[list[str], typer.Argument(help="Preset places, scenario files or folders of places.")],
    seeds: Seeds = 10,
    workers: Workers = None,
    out: Out = None,
) -> None:
    """Set what the model gives beside what is known of the world, misses included."""
    from rich.console import Console

    import abm
    from abm.scenario.scenario import Scenario
    from experiments.runner import replicate
    from experiments.summary import pilot_table
    from experiments.targets import run_measured
    from experiments.text import pilot_text

    scenarios: dict[str, Scenario] = {}
    for place in places:
        scenario = Scenario.load(place)
        scenarios |= {f"{scenario.name}, {policy}": scenario.with_policy(policy) for policy in COMPARED}
    abm.warm()
    _check_writable(out)
    found = replicate(scenarios, seeds, workers=workers, run=run_measured)
    folder = found.save(out if out is not None else _own_folder("targets", found))
    console = Console()
    table = pilot_table(found)
    table.to_csv(folder / "targets.csv", index=False)
    console.print(pilot_text(table))
    _close(console, found, folder)


def _among(baseline: str, policies: list[str]) -> str:
    if baseline not in policies:
        raise InputError(
            f"--baseline {baseline} is none of the policies; allowed are {', '.join(policies)}"
            f"{did_you_mean(baseline, policies)}"
        )
    return baseline


def _check_before_running(metrics: list[str] | None, months: list[int] | None, horizon: int) -> None:
    """Refuse what would only be found wrong after all runs are done."""
    from abm.record.series import TABLES

    known = [series.name for series in TABLES["model"]]
    for metric in metrics or ():
        if metric not in known:
            nearest = did_you_mean(metric, known)
            raise InputError(f"--metrics {metric} is no series; allowed are {', '.join(known)}{nearest}")
    for month in months or ():
        if not 0 <= month <= horizon:
            raise InputError(f"--months {month} is out of range; allowed are 0 to the horizon, {horizon}")


def _headlines(found: Experiment) -> list[str]:
    from abm.record.results import SUMMARY

    return [metric for metric in SUMMARY if metric in found.model]


def _check_writable(out: Path | None) -> None:
    """Refuse a folder that cannot be written before anything is computed."""
    if out is None:
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise InputError(f"--out {out} cannot be written: {problem.strerror}") from None


def _own_folder(command: str, found: Experiment) -> Path:
    """A folder named by what was run: the same runs always go to the same place, others never do."""
    return Path("results") / f"{command}-{sha256(''.join(found.runs['id']).encode()).hexdigest()[:12]}"


def _close(console: Any, found: Experiment, folder: Path) -> None:
    """Say what failed and where the results are, and set the exit code."""
    from experiments.text import failures_text

    if len(found.failures):
        console.print(failures_text(found.failures))
    done = int((found.runs["status"] == "done").sum())
    ended = "interrupted: " if found.interrupted else ""
    console.print(
        f"{ended}{done} of {len(found.runs)} runs done in {found.manifest['seconds']:.0f} s on "
        f"{max(1, found.manifest['workers'])} workers; results are in {folder}",
        soft_wrap=True,
        highlight=False,
    )
    if found.interrupted:
        raise typer.Exit(INTERRUPTED)
    if len(found.failures):
        raise typer.Exit(FAILED)
