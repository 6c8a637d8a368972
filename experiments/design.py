"""What is to be run: scenarios times seeds, each run named by its content.

A run is (resolved scenario, seed, code) and nothing else, so the digest of the three is its identity: two runs with one
id have one result. Runs are ordered seed by seed, every scenario on the first seed before any on the second, so that an
experiment that stops early still has the same seeds under every scenario.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Protocol

from abm.errors import InputError
from abm.record.manifest import code_sha256

if TYPE_CHECKING:
    from abm.scenario.scenario import Scenario

MOST_SEED = 2**32 - 1
ID_LENGTH = 16


class Runnable(Protocol):
    """What a design needs of a scenario; `abm.Scenario` has it."""

    def digest(self) -> str:
        """SHA-256 of the resolved scenario."""

    def resolved(self) -> dict[str, Any]:
        """Everything that is run, as plain data."""


@dataclass(frozen=True)
class PlannedRun:
    """One run of a design.

    Attributes:
        id: digest of scenario, seed and code.
        scenario: name of the scenario in the design.
        seed: the seed of all luck and people.
    """

    id: str
    scenario: str
    seed: int


@dataclass(frozen=True)
class Design:
    """Scenarios by name, and the seeds that each of them is run on."""

    scenarios: Mapping[str, Runnable]
    seeds: tuple[int, ...]

    @classmethod
    def of(cls, scenarios: Mapping[str, Any] | Sequence[Any], seeds: int | Iterable[int]) -> Design:
        """A checked design.

        Args:
            scenarios: by the name that tables will show, or a sequence of scenarios with distinct names.
            seeds: a number of replications (seeds 1 to that number), or the seeds themselves.

        Raises:
            InputError: there is no scenario or no seed, or a name or a seed stands twice, or a seed is out of range.
        """
        return cls(_named(scenarios), _checked(seeds))

    @property
    def runs(self) -> tuple[PlannedRun, ...]:
        """All runs, seed by seed."""
        digests = {name: scenario.digest() for name, scenario in self.scenarios.items()}
        return tuple(
            PlannedRun(run_id(digest, seed, code_sha256()), name, seed)
            for seed in self.seeds
            for name, digest in digests.items()
        )


def run_id(scenario_digest: str, seed: int, code: str) -> str:
    """The identity of a run."""
    return sha256(f"{scenario_digest}\n{seed}\n{code}".encode()).hexdigest()[:ID_LENGTH]


def under_policies(scenario: Scenario, policies: Sequence[str]) -> dict[str, Scenario]:
    """One scenario under several policies, by the policies' names.

    Args:
        scenario: the place, shocks and parameters that all have in common.
        policies: names or files of policies; `a+b` combines two.

    Raises:
        InputError: a policy does not exist, cannot be combined, or stands twice.
    """
    named: dict[str, Scenario] = {}
    for policy in policies:
        changed = scenario.with_policy(*(part.strip() for part in policy.split("+")))
        if changed.policy.name in named:
            raise InputError(f"policy '{changed.policy.name}' stands twice; allowed is each policy once")
        named[changed.policy.name] = changed
    return named


def _named(scenarios: Mapping[str, Any] | Sequence[Any]) -> dict[str, Any]:
    if isinstance(scenarios, Mapping):
        named = dict(scenarios)
    else:
        named = {scenario.name: scenario for scenario in scenarios}
        if len(named) < len(scenarios):
            names = [scenario.name for scenario in scenarios]
            twice = next(name for name in names if names.count(name) > 1)
            raise InputError(f"scenario name '{twice}' stands twice; name the scenarios by a mapping")
    if not named:
        raise InputError("an experiment has no scenario; allowed is one or more")
    return named


def _checked(seeds: int | Iterable[int]) -> tuple[int, ...]:
    if isinstance(seeds, int):
        if seeds < 1:
            raise InputError(f"seeds = {seeds} is out of range; allowed is 1 replication or more")
        return tuple(range(1, seeds + 1))
    chosen = tuple(int(seed) for seed in seeds)
    if not chosen:
        raise InputError("an experiment has no seed; allowed is one or more")
    for position, seed in enumerate(chosen):
        if not 0 <= seed <= MOST_SEED:
            raise InputError(f"seed {seed} is out of range; allowed are 0 to {MOST_SEED}")
        if seed in chosen[:position]:
            raise InputError(f"seed {seed} stands twice; a second run on one seed is the same run, not a replication")
    return chosen
