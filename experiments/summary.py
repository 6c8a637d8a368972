"""Results beside what they are to be held against.

`pilot_table` sets the patterns of `targets.csv` beside what a set of runs gives. What the runs cannot tell is said in
words: the mechanism that is missing, or the policy or the months that were not run.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.compare import t_interval
from experiments.experiment import Experiment
from experiments.targets import Target, load_targets

if TYPE_CHECKING:
    import pandas as pd

PILOT_COLUMNS = [
    "place", "pattern", "description", "months", "policy", "low", "high", "unit", "result", "interval_low",
    "interval_high", "sd", "runs", "verdict", "source", "range",
]  # fmt: skip


def pilot_table(experiment: Experiment, targets: Sequence[Target] | None = None) -> pd.DataFrame:
    """Target beside result, one row a place and target.

    Args:
        experiment: runs of one place or several, under the policies that the targets name; the series that only larger
            tables tell are there when it was run with `experiments.targets.run_measured`.
        targets: left out, those of `targets.csv`.

    Returns:
        place, pattern, description, months, policy, low and high (the range aimed at), unit, result (mean over seeds),
        interval_low and interval_high (95% t interval of that mean), sd (spread of single runs), runs (or pairs),
        verdict ("in range", "too low", "too high", or why there is none), source, range (what the range is made of).
    """
    import pandas as pd

    series = {
        key: frame.set_index("month") for key, frame in experiment.model.groupby(["scenario", "seed"], sort=False)
    }
    rows = []
    for place, scenarios in _places(experiment).items():
        for target in load_targets() if targets is None else targets:
            values = _values(target, [scenarios.get(policy, "") for policy in target.policies], series)
            n, mean, low, high, sd = t_interval([] if target.needs else values)
            first = "" if target.from_month == target.to_month else f"{target.from_month}-"
            rows.append((
                place, target.pattern, target.description, f"{first}{target.to_month}", " - ".join(target.policies),
                target.low, target.high, target.unit, mean, low, high, sd, n, _verdict(target, mean, scenarios),
                target.source, target.range,
            ))  # fmt: skip
    return pd.DataFrame(rows, columns=PILOT_COLUMNS)


def _places(experiment: Experiment) -> dict[str, dict[str, str]]:
    """For each place, the scenario that runs each policy."""
    places: dict[str, dict[str, str]] = {}
    for name, told in experiment.manifest["scenarios"].items():
        resolved = told["resolved"]
        places.setdefault(str(resolved["name"]), {}).setdefault(str(resolved["policy"]["name"]), name)
    return places


def _values(target: Target, scenarios: Sequence[str], series: dict[Any, pd.DataFrame]) -> list[float]:
    """The target's figure on each seed that has a run under every policy it needs."""
    seeds = [seed for name, seed in series if name == scenarios[0]]
    values = []
    for seed in seeds:
        if all((name, seed) in series for name in scenarios):
            figures = [target.of(series[name, seed]) for name in scenarios]
            values.append(figures[0] - figures[1] if len(figures) > 1 else figures[0])
    return values


def _verdict(target: Target, mean: float, scenarios: dict[str, str]) -> str:
    if target.needs:
        return f"needs {target.needs}"
    missing = [policy for policy in target.policies if policy not in scenarios]
    if missing:
        return f"needs a run under {' and '.join(missing)}"
    if np.isnan(mean):
        return f"not in these runs ({target.metric}, month {target.to_month})"
    return "too low" if mean < target.low else "too high" if mean > target.high else "in range"
