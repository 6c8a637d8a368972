"""Many runs: design them, run them, store them, compare them. The public face; everything is loaded when first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.compare import means, paired_differences
    from experiments.design import Design, under_policies
    from experiments.experiment import Experiment
    from experiments.runner import replicate
    from experiments.summary import pilot_table

_HOME = {
    "Design": "design",
    "Experiment": "experiment",
    "means": "compare",
    "paired_differences": "compare",
    "pilot_table": "summary",
    "replicate": "runner",
    "under_policies": "design",
}

__all__ = [
    "Design",
    "Experiment",
    "means",
    "paired_differences",
    "pilot_table",
    "replicate",
    "under_policies",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'experiments' has no attribute '{name}'")
    return getattr(import_module(f"experiments.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
