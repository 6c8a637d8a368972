"""What is done: a policy is a set of levers with dates.

The levers of a policy act from the first phase of month 1; a dated change acts before the first phase of its month.
During the warm-up (months -11 to 0) no lever acts: policies are compared from one and the same starting state.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import Field, field_validator, model_serializer, model_validator

from abm.errors import InputError, did_you_mean
from abm.scenario.levers import Levers
from abm.scenario.messages import build, read_toml, shown

LONGEST_HORIZON = 180
SHIPPED = Path(__file__).parent / "policies"


class Change(Levers):
    """Levers that take new values before the first phase of one month; all others stay as they are."""

    month: int = Field(
        ge=1,
        le=LONGEST_HORIZON,
        description="month of the change; it acts before the month's first phase",
        json_schema_extra={"unit": "(month of the run)", "low": 1, "high": LONGEST_HORIZON},
    )

    @model_validator(mode="after")
    def _levers_may_change(self) -> Change:
        if not self.levers_set:
            raise ValueError("sets no lever; allowed are a month and at least one lever")
        for name in self.levers_set:
            extra = Levers.model_fields[name].json_schema_extra
            if isinstance(extra, dict) and extra["changes"] == "start":
                raise ValueError(f"lever '{name}' can be set at the start only, not in month {self.month}")
        return self

    @model_serializer
    def _only_what_is_set(self) -> dict[str, Any]:
        return {"month": self.month, **self.levers_set}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Change) and (self.month, self.levers_set) == (other.month, other.levers_set)

    def __hash__(self) -> int:
        return hash((self.month, tuple(self.levers_set.items())))


def by_month(*groups: tuple[Change, ...]) -> tuple[Change, ...]:
    """Changes of several sources in order of month, one per month.

    Raises:
        ValueError: two of them set one lever in one month.
    """
    merged: dict[int, dict[str, Any]] = {}
    for change in (change for group in groups for change in group):
        levers = merged.setdefault(change.month, {})
        for name, value in change.levers_set.items():
            if name in levers:
                both = f"{shown(levers[name])} and {shown(value)}"
                raise ValueError(
                    f"lever '{name}' is set twice in month {change.month}, to {both}; allowed is one change of a lever "
                    "a month"
                )
            levers[name] = value
    return tuple(Change(month=month, **merged[month]) for month in sorted(merged))


class Policy(Levers):
    """Levers that act from month 1, and dated changes of them."""

    name: str = Field("as-it-was", min_length=1, description="short name, as on the command line")
    title: str = Field("", description="name for reports")
    description: str = Field("", description="what the policy does")
    source: str = Field("", description="where the policy comes from")
    changes: tuple[Change, ...] = Field((), validation_alias="change", description="dated changes of levers")

    @field_validator("changes")
    @classmethod
    def _one_change_a_month(cls, changes: tuple[Change, ...]) -> tuple[Change, ...]:
        return by_month(changes)

    @classmethod
    def load(cls, what: str | Path, folder: Path | None = None) -> Policy:
        """A shipped policy by name, or a policy file by path.

        Args:
            what: the name or the path.
            folder: the folder that a relative path starts from; left out, the current one.

        Raises:
            InputError: there is no such policy, or the file is not a valid policy.
        """
        if isinstance(what, str) and what in policies():
            path = SHIPPED / f"{what}.toml"
        elif isinstance(what, Path) or what.endswith(".toml") or "/" in what:
            path = (folder or Path()) / what
        else:
            raise InputError(unknown_policy(what))
        return build(cls, {"name": path.stem, **read_toml(path)}, str(path))

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        """The JSON Schema of a policy file."""
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", **cls.model_json_schema()}

    @classmethod
    def compose(cls, *parts: str | Path | Policy) -> Policy:
        """One policy that does what all of them do.

        Raises:
            InputError: two of them set one lever, or one lever in one month, differently.
        """
        found = [part if isinstance(part, Policy) else cls.load(part) for part in parts]
        if len(found) == 1:
            return found[0]
        levers: dict[str, Any] = {}
        changes: dict[int, dict[str, Any]] = {}
        owner: dict[tuple[int, str], str] = {}
        for policy in found:
            for month, name, value in _settings(policy):
                target = levers if month == 0 else changes.setdefault(month, {})
                if target.get(name, value) != value:
                    when = f" in month {month}" if month else ""
                    raise InputError(
                        f"policies '{owner[month, name]}' and '{policy.name}' cannot be combined: they set lever "
                        f"'{name}'{when} to {shown(target[name])} and {shown(value)}"
                    )
                target[name] = value
                owner.setdefault((month, name), policy.name)
        named = [policy for policy in found if policy.levers_set or policy.changes] or found[:1]
        return cls(
            name=" + ".join(policy.name for policy in named),
            title=" + ".join(policy.title or policy.name for policy in named),
            description=" ".join(policy.description for policy in named if policy.description),
            source="; ".join(policy.source for policy in named if policy.source),
            changes=tuple(Change(month=month, **changes[month]) for month in sorted(changes)),
            **levers,
        )

    def with_levers(self, **levers: Any) -> Policy:
        """The same policy with some starting levers set otherwise; its name says so."""
        new = {name: value for name, value in levers.items() if self.levers_set.get(name, ...) != value}
        if not new:
            return self
        described = " with " + ", ".join(f"{name} {shown(value)}" for name, value in new.items())
        texts = {"description": self.description, "source": self.source, "name": self.name + described}
        texts["title"] = self.title + described if self.title else ""
        return build(Policy, {**texts, **self.levers_set, **new, "change": self.changes}, f"policy '{self.name}'")


def _settings(policy: Policy) -> Iterator[tuple[int, str, Any]]:
    """Every setting of a policy as month (0 for the start), lever and value."""
    for name, value in policy.levers_set.items():
        yield 0, name, value
    for change in policy.changes:
        for name, value in change.levers_set.items():
            yield change.month, name, value


@cache
def policies() -> tuple[str, ...]:
    """The names of the shipped policies, the plain course of events first."""
    names = sorted(path.stem for path in SHIPPED.glob("*.toml"))
    return tuple(sorted(names, key=lambda name: name != "as-it-was"))


def unknown_policy(name: str) -> str:
    """The sentence about a policy that is not shipped."""
    return (
        f"policy = {shown(name)} is unknown; allowed are {', '.join(policies())}, or the path of a policy file (.toml)"
        f"{did_you_mean(name, policies())}"
    )
