"""What one private run is asked to do: place, policy, levers, dated changes and seed; to and from a link and a file."""

from __future__ import annotations

import base64
import tempfile
import tomllib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from abm.errors import InputError, did_you_mean
from abm.scenario.levers import LEVERS
from abm.scenario.policy import Policy, policies
from abm.scenario.scenario import PLACES, Scenario
from abm.streams import MAX_SEED
from viz.levers import controls

LARGEST_UPLOAD = 256 * 1024  # bytes
LONGEST_IN_LINK = 6_000  # letters of a packed scenario: longer links are cut by mail programs
MOST_CHANGES = 200
ENGLAND = 100  # practices of "england" where nobody says

Value = float | int | bool | str | None


@dataclass(frozen=True)
class Dated:
    """One lever that takes a new value before the first phase of a month."""

    month: int
    lever: str
    value: Value


@dataclass(frozen=True)
class Settings:
    """Everything that makes a run, as somebody chose it.

    Attributes:
        place: a preset, or the name of an offered place.
        practices: of "england" only.
        policy: name of a shipped policy.
        levers: set on top of the policy from month 1.
        changes: made during the run, in order.
        seed: draws the people and their luck.
        document: text of a scenario file that place, policy and all else come from; "" without.
    """

    place: str = "town-and-country"
    practices: int | None = None
    policy: str = "as-it-was"
    levers: tuple[tuple[str, Value], ...] = ()
    changes: tuple[Dated, ...] = ()
    seed: int = 1
    horizon: int = 60
    document: str = ""

    def scenario(self, offered: Mapping[str, Path] | None = None) -> Scenario:
        """The scenario that is run.

        Args:
            offered: paths of places beside the presets, by name.

        Raises:
            InputError: something is unknown, out of range or does not fit together.
        """
        if not 0 <= self.seed <= MAX_SEED:
            raise InputError(f"seed = {self.seed} is out of range; allowed are 0 to {MAX_SEED}")
        base = _read_document(self.document) if self.document else self._from_place(offered or {})
        if self.levers:
            base = base.with_levers(**dict(self.levers))
        for change in self.changes:
            base = base.with_change(change.month, **{change.lever: change.value})
        return base

    def _from_place(self, offered: Mapping[str, Path]) -> Scenario:
        if self.place in PLACES:
            scenario = Scenario.load(self.place)
        elif self.place in offered:
            scenario = Scenario.load(str(offered[self.place]))
        else:
            known = [*PLACES, *offered]
            raise InputError(
                f"place = '{self.place}' is not on this page; allowed are {', '.join(known)}"
                f"{did_you_mean(self.place, known)}"
            )
        if self.policy not in policies():
            raise InputError(
                f"policy = '{self.policy}' is unknown; allowed are {', '.join(policies())}"
                f"{did_you_mean(self.policy, policies())}"
            )
        if self.place == "england":
            scenario = scenario.with_settings(practices=ENGLAND if self.practices is None else self.practices)
        return scenario.with_policy(self.policy).with_horizon(self.horizon)

    def with_lever(self, lever: str, value: Value) -> Settings:
        """With one lever set from month 1."""
        _check_lever(lever, "")
        levers = dict(self.levers) | {lever: value}
        return replace(self, levers=tuple(levers.items()))

    def with_change(self, month: int, lever: str, value: Value) -> Settings:
        """With one lever that changes in a month; an earlier wish for that lever and month is replaced."""
        _check_lever(lever, "")
        kept = tuple(one for one in self.changes if (one.month, one.lever) != (month, lever))
        return replace(self, changes=(*kept, Dated(month, lever, value)))

    def started_anew(self) -> Settings:
        """The same without changes during the run: the last value of each lever holds from month 1."""
        levers = dict(self.levers)
        for change in self.changes:
            levers[change.lever] = change.value
        return replace(self, levers=tuple(levers.items()), changes=())

    def to_query(self, month: int | None = None) -> str:
        """The link's query, without the question mark; "" where the scenario is too long for a link."""
        pairs: list[tuple[str, str]] = []
        if self.document:
            packed = base64.urlsafe_b64encode(zlib.compress(self.document.encode(), 9)).decode()
            if len(packed) > LONGEST_IN_LINK:
                return ""
            pairs.append(("scenario", packed))
        else:
            pairs += [("place", self.place), ("policy", self.policy), ("horizon", str(self.horizon))]
            pairs += [("practices", str(self.practices))] if self.practices is not None else []
        pairs.append(("seed", str(self.seed)))
        pairs += [(lever, _spelled(value)) for lever, value in self.levers]
        pairs += [("change", f"{one.month}:{one.lever}:{_spelled(one.value)}") for one in self.changes]
        pairs += [("month", str(month))] if month else []
        return urlencode(pairs, safe=":")

    @classmethod
    def from_query(cls, query: str) -> tuple[Settings, int]:
        """The settings and the month of a link.

        Raises:
            InputError: a key or value that is not understood.
        """
        chosen, month = cls(), 0
        pairs = parse_qsl(query.lstrip("?"), max_num_fields=MOST_CHANGES + len(LEVERS) + 10)
        for key, text in pairs:
            match key:
                case "place" | "policy":
                    chosen = replace(chosen, **{key: text})
                case "seed" | "horizon" | "practices":
                    chosen = replace(chosen, **{key: _whole(key, text)})
                case "month":
                    month = max(0, _whole(key, text))
                case "scenario":
                    chosen = replace(chosen, document=_unpacked(text))
                case "change":
                    when, _, rest = text.partition(":")
                    lever, _, value = rest.partition(":")
                    chosen = chosen.with_change(_whole("change", when), lever, _read_value(lever, value))
                case _:
                    chosen = chosen.with_lever(key, _read_value(key, text))
        return chosen, month


def from_document(content: bytes, name: str = "the scenario") -> Settings:
    """Settings of an uploaded scenario file: its place must be one of the presets, its policies shipped or inside it.

    Raises:
        InputError: it is too large, not TOML, names a file of this machine, or is no valid scenario.
    """
    if len(content) > LARGEST_UPLOAD:
        raise InputError(f"{name} has {len(content):,} bytes; allowed are {LARGEST_UPLOAD:,}")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise InputError(f"{name} is no text in UTF-8; allowed is a scenario file (.toml)") from None
    scenario = _read_document(text)
    return Settings(place=scenario.place, policy="", horizon=scenario.horizon, document=text)


def _read_document(text: str) -> Scenario:
    """A scenario of a text that came over the net: it may name nothing on this machine's disk."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise InputError(f"the scenario is no TOML: {problem}") from None
    if data.get("place") not in PLACES:
        raise InputError(f"an uploaded scenario names one of the places {', '.join(PLACES)}, not {data.get('place')!r}")
    wanted = data.get("policy", [])
    for policy in wanted if isinstance(wanted, list) else [wanted]:
        if isinstance(policy, str) and policy not in policies():
            raise InputError(f"policy = '{policy}' is unknown; an uploaded scenario names {', '.join(policies())}")
    if data.get("engine", "compiled") != "compiled":
        raise InputError("an uploaded scenario runs on the compiled engine; leave 'engine' out")
    with tempfile.TemporaryDirectory(prefix="gpfed-") as folder:
        path = Path(folder) / "scenario.toml"
        path.write_text(text, encoding="utf-8")
        try:
            return Scenario.load(path)
        except InputError as problem:
            raise InputError(str(problem).replace(str(path), "the scenario").replace(folder, "")) from None


def to_document(scenario: Scenario) -> str:
    """A scenario as the text of a file."""
    with tempfile.TemporaryDirectory(prefix="gpfed-") as folder:
        return scenario.to_toml(Path(folder) / "scenario.toml").read_text(encoding="utf-8")


def _check_lever(lever: str, where: str) -> None:
    if lever not in LEVERS:
        raise InputError(f"{where}the lever '{lever}' is unknown{did_you_mean(lever, LEVERS)}")


def _read_value(lever: str, text: str) -> Value:
    """A lever's value in a link; whether it is in range says the scenario."""
    _check_lever(lever, "the link: ")
    control = controls()[lever]
    match control.kind:
        case "choice":
            return text
        case "switch":
            return text == "yes"
    if control.kind == "optional" and text == "off":
        return None
    try:
        return int(text) if isinstance(control.default, int) else float(text)
    except ValueError:
        raise InputError(f"the link: {lever} = {text} is no number") from None


def _spelled(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "off" if value is None else f"{value:g}" if isinstance(value, float) and value < 1e5 else str(value)


def _whole(key: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise InputError(f"the link: {key} = {text} is no whole number") from None


def _unpacked(text: str) -> str:
    try:
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(base64.urlsafe_b64decode(text), LARGEST_UPLOAD)
        if unpacker.unconsumed_tail:
            raise ValueError("too long")
        return content.decode("utf-8")
    except (ValueError, zlib.error):
        raise InputError("the link: the scenario in it is damaged; was the link cut?") from None


def options() -> dict[str, Any]:
    """Places and policies to choose from, with what a policy does."""
    from abm.locality.presets import PRESETS

    described = [Policy.load(name) for name in policies()]
    return {
        "places": [{"name": name, "title": title} for name, title in PRESETS.items()],
        "policies": [{"name": one.name, "title": one.title or one.name, "text": one.description} for one in described],
    }
