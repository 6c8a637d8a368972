"""What is run: a place, a policy with dates, shocks and parameters, as one validated document.

Months are counted from the start date: months -11 to 0 are the warm-up, months 1 to `horizon` are reported. A change or
a shock dated month m acts before the first phase of month m.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from abm.calendar import FIRST_YEAR, LAST_YEAR, Calendar
from abm.errors import InputError, did_you_mean
from abm.scenario.levers import LEVERS, Levers
from abm.scenario.messages import build, plain, read_toml, shown
from abm.scenario.parameters import ModelParameters
from abm.scenario.parameters.registry import ParameterGroup, entries
from abm.scenario.place_start import place_path, places_beside, start_of_place
from abm.scenario.policy import LONGEST_HORIZON, Change, Policy, by_month, policies
from abm.scenario.shocks import SHOCKS, AnyShock, Shock
from abm.scenario.toml_text import to_toml_text

PLACES = ("town-and-country", "large-urban", "inner-city", "large-rural", "england")
PLACE_WORDS = f"are {', '.join(PLACES)}, a CSV file or a folder of a place"
RUN_SETTINGS = ("name", "place", "practices", "place_seed", "start", "horizon", "engine", "decisions", "gps_every")


def _setting(default: Any, meaning: str, *, unit: str = "1", low: Any = None, high: Any = None, words: str = "") -> Any:
    """A setting of the run that is not a parameter of the model."""
    extra = {"unit": unit, "low": low, "high": high} | ({"allowed": words} if words else {})
    return Field(default, description=meaning, json_schema_extra=extra, ge=low, le=high)


class Scenario(ParameterGroup):
    """One thing to run; the run's seed draws people and luck, everything else is here.

    Attributes:
        name: short name for tables and reports.
        place: a preset name, or the path of a CSV file or a folder (kept absolute).
        practices: number of practices, for the place "england" only.
        place_seed: seed of a synthetic place itself.
        start: first day of month 1; left out, that of a built place, else April 2014.
        horizon: number of months reported.
        policy: the levers that act from month 1, with the policy's own dated changes.
        changes: dated changes of this scenario, in order of month.
        shocks: what strikes from outside, in order of month.
        parameters: every number of the model.
        engine: "compiled", or "reference" (plain and slow, for checks).
        decisions: which decisions are recorded, all or those that change something.
        gps_every: months between two snapshots of all GPs.
    """

    name: str = Field(min_length=1, description="short name for tables and reports")
    place: str = _setting(..., "the place", words=PLACE_WORDS)
    practices: int | None = _setting(
        None, "number of practices, only for 'england'", unit="practices", low=10, high=7_909
    )
    place_seed: int = _setting(1, "seed of a synthetic place", low=0, high=2**63 - 1)
    start: date = _setting(
        date(2014, 4, 1),
        "first day of month 1; left out, April of the year of a built place's payments",
        words=f"is the first day of a month, {FIRST_YEAR} to {LAST_YEAR}",
    )
    horizon: int = _setting(60, "months reported", unit="months", low=1, high=LONGEST_HORIZON)
    policy: Policy = Field(
        Policy(), description="levers from month 1: a policy, its name or file, or a list to combine"
    )
    changes: tuple[Change, ...] = Field((), validation_alias="change", description="dated changes of levers")
    shocks: tuple[AnyShock, ...] = Field((), validation_alias="shock", description="what strikes from outside")
    parameters: ModelParameters = Field(ModelParameters(), description="the numbers of the model")
    engine: Literal["compiled", "reference"] = Field("compiled", description="engine of the appointment layer")
    decisions: Literal["all", "changes"] = Field("all", description="which decisions are recorded")
    gps_every: int = _setting(1, "months between snapshots of GPs", unit="months", low=1, high=LONGEST_HORIZON)

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, data: Any, info: ValidationInfo) -> Any:
        """A built place gives its start; names, files and lists of policies become one, extra levers set on top."""
        if not isinstance(data, dict):
            return data
        context = info.context or {"where": cls.__name__, "folder": None}
        data = dict(data)
        place = data.get("place")
        if "start" not in data and isinstance(place, str) and place not in PLACES:
            data |= start_of_place(place_path(place, context["folder"]))
        if "policy" in data:
            data["policy"] = _policy(data["policy"], context["where"], context["folder"])
        if "levers" in data:
            levers = build(Levers, plain(data.pop("levers")), context["where"], prefix="levers")
            data["policy"] = data.get("policy", Policy()).with_levers(**levers.levers_set)
        return data

    @field_validator("place")
    @classmethod
    def _place_exists(cls, place: str, info: ValidationInfo) -> str:
        if place in PLACES:
            return place
        path = place_path(place, (info.context or {}).get("folder"))
        if path.is_dir() or (path.is_file() and path.suffix.lower() == ".csv"):
            return str(path.resolve())
        problem = "is no CSV file" if path.is_file() else "does not exist" if _is_path(place) else "is unknown"
        raise ValueError(f"{problem}; allowed {PLACE_WORDS}{did_you_mean(place, PLACES)}")

    @field_validator("start", mode="before")
    @classmethod
    def _date_from_text(cls, start: Any) -> Any:
        try:
            return date.fromisoformat(start) if isinstance(start, str) else start
        except ValueError:
            return start  # refused below as not a date

    @field_validator("start")
    @classmethod
    def _first_of_month(cls, start: date) -> date:
        if start.day != 1 or isinstance(start, datetime):
            raise ValueError("is not the first day of a month; allowed is a date such as 2014-04-01")
        if not FIRST_YEAR <= start.year <= LAST_YEAR:
            raise ValueError(f"is out of range; allowed are {FIRST_YEAR}-01-01 to {LAST_YEAR}-12-01")
        return start

    @field_validator("changes")
    @classmethod
    def _changes_in_order(cls, changes: tuple[Change, ...]) -> tuple[Change, ...]:
        return by_month(changes)

    @field_validator("shocks")
    @classmethod
    def _shocks_in_order(cls, shocks: tuple[Shock, ...]) -> tuple[Shock, ...]:
        return tuple(sorted(shocks, key=lambda shock: (shock.month, shock.kind)))

    @model_validator(mode="after")
    def _parts_agree(self) -> Scenario:
        if self.practices is not None and self.place != "england":
            raise ValueError(
                f'practices = {self.practices} does not fit place = {shown(self.place)}; allowed only for "england"'
            )
        for key, dated in (("change", self.changes), ("shock", self.shocks)):
            for item in dated:
                if item.month > self.horizon:
                    raise ValueError(
                        f"{key}.month = {item.month} is beyond the horizon; allowed are 1 to {self.horizon}"
                    )
        by_month(self.policy.changes, self.changes)
        last = Calendar(self.start).last_day(self.horizon).year
        if last > LAST_YEAR:
            raise ValueError(f"start and horizon lead to {last}; allowed are years up to {LAST_YEAR}")
        return self

    @classmethod
    def load(cls, what: str | Path) -> Scenario:
        """A preset place by name, a scenario file, or a place by its path.

        Args:
            what: one of `PLACES`, a TOML file, a CSV file or a folder. A relative path inside a file starts from the
                file's folder.

        Raises:
            InputError: there is no such thing, or the file is not a valid scenario.
        """
        if isinstance(what, str) and what in PLACES:
            return cls(name=what, place=what)
        path = Path(what).expanduser()
        if path.suffix.lower() == ".toml":
            data = read_toml(path)
            if "place" not in data and set(data) & {*LEVERS}:
                raise InputError(f"{path}: this is a policy, not a scenario; run a place with it: --policy {path}")
            return build(cls, {"name": path.stem, **data}, str(path), folder=path.parent)
        if path.exists():
            return build(cls, {"name": path.stem, "place": str(path)}, f"place {shown(str(path))}")
        problem = "does not exist" if _is_path(str(what)) else "is unknown"
        raise InputError(
            f"scenario {shown(str(what))} {problem}; allowed are {', '.join(PLACES)}, a scenario file (.toml), a CSV "
            f"file or a folder of a place{did_you_mean(str(what), [*PLACES, *places_beside(path)])}"
        )

    @classmethod
    def from_resolved(cls, resolved: Mapping[str, Any]) -> Scenario:
        """The scenario that `resolved` describes, for example in the manifest of a run.

        Raises:
            InputError: it is not a valid scenario, or the files of its place have changed since.
        """
        data = dict(resolved)
        expected = data.pop("place_sha256", None)
        scenario = build(cls, data, f"scenario '{data.get('name', '')}'")
        if expected is not None and scenario.resolved().get("place_sha256") != expected:
            raise InputError(f"scenario '{scenario.name}': the files of place {shown(scenario.place)} have changed")
        return scenario

    def _with(self, **updates: Any) -> Scenario:
        data = {name: getattr(self, name) for name in type(self).model_fields} | updates
        return build(type(self), data, f"scenario '{self.name}'")

    def with_policy(self, *parts: str | Path | Policy) -> Scenario:
        """The same scenario under another policy, or under several combined."""
        return self._with(policy=Policy.compose(*parts))

    def with_levers(self, **levers: Any) -> Scenario:
        """The same scenario with some levers set otherwise from month 1."""
        return self._with(policy=self.policy.with_levers(**levers))

    def with_change(self, month: int, **levers: Any) -> Scenario:
        """The same scenario with levers that change in one month."""
        change = build(Change, {"month": month, **levers}, f"scenario '{self.name}'", prefix="change")
        return self._with(changes=(*self.changes, change))

    def with_shock(self, shock: Shock | str, **strengths: Any) -> Scenario:
        """The same scenario with one more shock: a shock, or a kind of shock with its month and strengths."""
        if isinstance(shock, str):
            if shock not in SHOCKS:
                raise InputError(
                    f"scenario '{self.name}': shock {shown(shock)} is unknown; allowed are {', '.join(SHOCKS)}"
                    f"{did_you_mean(shock, SHOCKS)}"
                )
            shock = build(SHOCKS[shock], strengths, f"scenario '{self.name}'", prefix="shock")
        return self._with(shocks=(*self.shocks, shock))

    def with_parameters(self, values: Mapping[str, Any]) -> Scenario:
        """The same scenario with other values of some parameters.

        Args:
            values: by dotted path, for example {"wellbeing.workload_effect": 5.0}.
        """
        known = _parameter_paths()
        groups: dict[str, dict[str, Any]] = {}
        for path, value in values.items():
            if path not in known:
                raise InputError(
                    f"scenario '{self.name}': parameter {path} = {shown(value)} is unknown; allowed are the "
                    f"{len(known)} that `gpfed parameters` lists{_nearest_path(path, known)}"
                )
            group, name = path.split(".", 1)
            groups.setdefault(group, dict(getattr(self.parameters, group)))[name] = value
        unchanged = {name: getattr(self.parameters, name) for name in ModelParameters.model_fields}
        where = f"scenario '{self.name}'"
        return self._with(parameters=build(ModelParameters, unchanged | groups, where, prefix="parameters"))

    def with_horizon(self, months: int) -> Scenario:
        """The same scenario reported for another number of months."""
        return self._with(horizon=months)

    def with_settings(self, **settings: Any) -> Scenario:
        """The same scenario with other settings of the run: name, place, place_seed, start, engine and the like."""
        where = f"scenario '{self.name}'"
        for name, value in settings.items():
            if name not in RUN_SETTINGS:
                raise InputError(
                    f"{where}: {name} = {shown(value)} is no setting of a run; allowed are {', '.join(RUN_SETTINGS)}"
                    f"{did_you_mean(name, RUN_SETTINGS)}"
                )
        return self._with(**settings)

    @property
    def timeline(self) -> tuple[Change, ...]:
        """All dated changes, the policy's and the scenario's, in order of month."""
        return by_month(self.policy.changes, self.changes)

    def policy_at(self, month: int) -> Policy:
        """The levers in force in a month.

        In the warm-up (month 0 and before) no lever acts: the default policy. From month 1 the policy's levers act; a
        change dated month m is in force from the first phase of month m. A policy's own changes beyond the horizon are
        not reached.
        """
        if month <= 0:
            return Policy()
        levers: dict[str, Any] = {}
        for change in self.timeline:
            if change.month <= month:
                levers |= change.levers_set
        return self.policy.model_copy(update=levers) if levers else self.policy

    def resolved(self) -> dict[str, Any]:
        """Everything that is run, as plain data for JSON; a place given by files also has their SHA-256."""
        data: dict[str, Any] = self.model_dump(mode="json")
        if self.place not in PLACES:
            data["place_sha256"] = _files_digest(Path(self.place))
        return data

    def digest(self) -> str:
        """SHA-256 of the resolved scenario; a place given by files counts by content and name, not by folder."""
        data = self.resolved() | {"place": Path(self.place).name}
        return sha256(json.dumps(data, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()).hexdigest()

    def to_toml(self, path: str | Path) -> Path:
        """Write the scenario as a file that loads as an equal scenario.

        Shipped policies are written by name, parameters only where they differ from their defaults, and a place inside
        the file's folder by its relative path.
        """
        path = Path(path)
        settings = {name: getattr(self, name) for name in RUN_SETTINGS}
        if self.place not in PLACES and Path(self.place).is_relative_to(path.parent.resolve()):
            settings["place"] = str(Path(self.place).relative_to(path.parent.resolve()))
        shipped = self.policy.name in policies() and _same_policy(self.policy, Policy.load(self.policy.name))
        data = settings | {
            "policy": self.policy.name if shipped else _policy_table(self.policy),
            "parameters": _differences(self.parameters, ModelParameters()) or None,
            "change": [change.model_dump() for change in self.changes] or None,
            "shock": [shock.model_dump() for shock in self.shocks] or None,
        }
        path.write_text(to_toml_text(data), encoding="utf-8")
        return path

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        """The JSON Schema of a scenario file."""
        schema = cls.model_json_schema()
        policy = schema["$defs"]["Policy"]["properties"]
        name = {"type": "string", "examples": list(policies())}
        schema["properties"]["policy"] = {
            "description": schema["properties"]["policy"].get("description", ""),
            "anyOf": [name, {"type": "array", "items": name, "minItems": 1}, {"$ref": "#/$defs/Policy"}],
        }
        schema["properties"]["levers"] = {
            "description": "levers set on top of the policy",
            "type": "object",
            "properties": {name: policy[name] for name in LEVERS},
            "additionalProperties": False,
        }
        schema["required"] = ["place"]  # a file is named after itself
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _is_path(text: str) -> bool:
    return "/" in text or "\\" in text or Path(text).suffix != ""


def _policy(value: Any, where: str, folder: Path | None) -> Policy:
    """A policy from its name, file, table, or a list of names and files."""
    if isinstance(value, Policy):
        return value
    if isinstance(value, Mapping):
        return build(Policy, {"name": "own policy", **plain(dict(value))}, where, prefix="policy")
    parts = [value] if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)) or not parts or not all(isinstance(part, (str, Policy)) for part in parts):
        raise InputError(
            f"{where}: policy = {shown(value)} is no policy; allowed are a name ({', '.join(policies())}), a policy "
            "file (.toml), a list of them or a table of levers"
        )
    try:
        return Policy.compose(*(part if isinstance(part, Policy) else Policy.load(part, folder) for part in parts))
    except InputError as problem:
        raise InputError(str(problem) if str(problem).startswith(f"{where}:") else f"{where}: {problem}") from None


def _same_policy(one: Policy, other: Policy) -> bool:
    return one == other and one.levers_set == other.levers_set


def _policy_table(policy: Policy) -> dict[str, Any]:
    texts = {name: getattr(policy, name) or None for name in ("name", "title", "description", "source")}
    return texts | policy.levers_set | {"change": [change.model_dump() for change in policy.changes] or None}


def _differences(group: ParameterGroup, default: ParameterGroup) -> dict[str, Any]:
    """The values of a group, and of those inside it, that differ from the defaults."""
    found: dict[str, Any] = {}
    for name in type(group).model_fields:
        value, usual = getattr(group, name), getattr(default, name)
        if isinstance(value, ParameterGroup):
            value = _differences(value, usual) or usual
        if value != usual:
            found[name] = value
    return found


@cache
def _parameter_paths() -> tuple[str, ...]:
    return tuple(entry.path for entry in entries(ModelParameters))


def _nearest_path(path: str, known: tuple[str, ...]) -> str:
    """A clause with the nearest dotted path, or with the path whose last word it is."""
    last = path.rsplit(".", 1)[-1]
    for entry in known:
        if entry.rsplit(".", 1)[-1] == last:
            return f"; did you mean '{entry}'?"
    return did_you_mean(path, known)


def _files_digest(place: Path) -> str:
    """SHA-256 over the names and contents of a place's files, hidden ones apart."""
    files = [place] if place.is_file() else sorted(item for item in place.rglob("*") if item.is_file())
    total = sha256()
    for file in files:
        name = file.name if file == place else file.relative_to(place).as_posix()
        if not any(part.startswith(".") for part in name.split("/")):
            total.update(f"{name}\n{sha256(file.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()
