"""Scenarios and run functions without a model: cheap, importable by worker processes, wrong in chosen ways."""

import hashlib
import os
import time
from dataclasses import asdict, dataclass
from types import SimpleNamespace

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class FakeScenario:
    """A series that starts from the seed's luck and gains `effect` a month, with `noise` of the scenario's own."""

    name: str
    effect: float = 0.0
    noise: float = 0.0
    trouble: str = ""
    trouble_seed: int = 0
    horizon: int = 24

    def resolved(self):
        return {**asdict(self), "policy": {"name": self.name}}

    def digest(self):
        return hashlib.sha256(repr(self).encode()).hexdigest()


def fake_run(scenario, seed):
    """A run of `scenario.horizon` months; on its trouble seed it goes wrong as told."""
    if seed == scenario.trouble_seed:
        if scenario.trouble == "error":
            raise ValueError("a list of patients\nwas negative")
        if scenario.trouble == "killed":
            os._exit(9)
        if scenario.trouble == "exit":
            raise SystemExit(3)
        if scenario.trouble == "interrupt":
            raise KeyboardInterrupt
        if scenario.trouble == "slow":
            time.sleep(60)
        if scenario.trouble == "no table":
            return SimpleNamespace(model=[1, 2])
    luck = np.random.default_rng(seed).normal()
    own = np.random.default_rng([seed, sum(scenario.name.encode())]).normal() * scenario.noise
    months = np.arange(scenario.horizon + 1)
    model = pd.DataFrame({"month": months, "uptake": luck + own + scenario.effect * months, "process": 0.0})
    model.loc[0, "process"] = np.nan
    return SimpleNamespace(model=model, practices=pd.DataFrame({"month": [0, 12], "list": [7000.0 + luck, 7100.0]}))


def slow_run(scenario, seed):
    """Takes longest on the first seed, so that runs end in another order than they began."""
    time.sleep(0.3 / seed)
    return fake_run(scenario, seed)


def threads_run(scenario, seed):
    """Says in which process it ran and on how many threads."""
    threads = float(os.environ.get("NUMBA_NUM_THREADS", "nan"))
    return SimpleNamespace(model=pd.DataFrame({"month": [0], "threads": threads, "pid": float(os.getpid())}))


def series_run(scenario, seed):
    """Takes a real scenario and gives a few real series: development money buys capability, luck is the seed's."""
    if scenario.policy.name == "enthusiasts-first" and seed == 2:
        raise ValueError("no enthusiast")
    luck = np.random.default_rng(seed).normal() * 0.01
    months = np.arange(-11, scenario.horizon + 1)
    after = np.maximum(months, 0)
    speed = scenario.policy.od_invest * (0.01 - 0.004 * scenario.policy.leader_mode)
    model = pd.DataFrame({
        "month": months, "collaborating_share": 0.25 + luck + 0.01 * after, "capability": 0.2 + luck + speed * after,
        "access": 0.9 + luck, "practices": 41, "partner_share": 0.74 - 0.02 * after / 12,
    })  # fmt: skip
    return SimpleNamespace(model=model)
