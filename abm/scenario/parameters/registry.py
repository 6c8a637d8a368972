"""What a parameter is: a value with unit, range, evidence grade and source.

A group of parameters is a frozen pydantic model, one per mechanism. The metadata given here drives validation, the JSON
Schema, the generated documentation, sliders, sampling bounds and calibration: nothing about a number is written twice.

Grades: E published; D derived from published figures; S statement of a founding document; P tuned in a pilot on published
patterns; A assumption of this model.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Grade = Literal["E", "D", "S", "P", "A"]
Kind = Literal["constant", "uncertainty", "lever"]
Changes = Literal["start", "any month"]
ASSUMPTION = "assumption of this model"


class ParameterGroup(BaseModel):
    """Frozen values of one mechanism; unknown keys, wrong types and values out of range are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)

    @model_validator(mode="after")
    def _elements_within_range(self) -> ParameterGroup:
        for name, field in type(self).model_fields.items():
            extra = field.json_schema_extra
            value = getattr(self, name)
            if not isinstance(extra, dict) or not isinstance(value, tuple):
                continue
            lows, highs = extra["low"], extra["high"]
            for i, element in enumerate(value):
                low = lows[i] if isinstance(lows, (list, tuple)) else lows
                high = highs[i] if isinstance(highs, (list, tuple)) else highs
                if low is not None and not low <= element <= high:  # type: ignore[operator]
                    raise ValueError(f"element {i + 1} of '{name}' is {element}; allowed are {low} to {high}")
        return self


def parameter(
    default: Any,
    meaning: str,
    *,
    unit: str = "1",
    low: Any = None,
    high: Any = None,
    grade: Grade = "A",
    source: str = ASSUMPTION,
    symbol: str = "",
    kind: Kind | None = None,
    changes: Changes = "start",
) -> Any:
    """Declare one parameter of a group.

    Args:
        default: a number, a tuple of numbers, a boolean or a word.
        meaning: one plain phrase for the documentation.
        unit: unit of the value ("1" for a pure number).
        low, high: allowed range, for a tuple one pair for all or a tuple each; left out, half to twice the default.
        grade, source: evidence; grade A needs no source.
        symbol: the name in the model description.
        kind: constant (not varied), uncertainty (varied in sensitivity analysis) or lever (policy); left out, published
            values (E) are constants and all else uncertainties.
        changes: when a lever may change.
    """
    if grade != "A" and source == ASSUMPTION:
        raise ValueError(f"'{meaning}' has grade {grade} and needs a source")
    if low is None and high is None and not isinstance(default, (bool, str)):
        values = default if isinstance(default, tuple) else (default,)
        pairs = [tuple(sorted((v / 2, v * 2))) for v in values]
        low = tuple(p[0] for p in pairs) if isinstance(default, tuple) else pairs[0][0]
        high = tuple(p[1] for p in pairs) if isinstance(default, tuple) else pairs[0][1]
    if kind is None:
        kind = "constant" if grade == "E" else "uncertainty"
    extra = {
        "unit": unit,
        "low": low,
        "high": high,
        "grade": grade,
        "source": source,
        "symbol": symbol,
        "kind": kind,
        "changes": changes,
    }
    bounds = {} if isinstance(default, (tuple, bool, str)) or low is None else {"ge": low, "le": high}
    return Field(default, description=meaning, json_schema_extra=extra, allow_inf_nan=False, **bounds) if bounds else Field(
        default, description=meaning, json_schema_extra=extra
    )


@dataclass(frozen=True)
class Entry:
    """One line of the registry."""

    path: str
    meaning: str
    default: Any
    unit: str
    low: Any
    high: Any
    grade: str
    source: str
    symbol: str
    kind: str
    changes: str


def entries(group: type[BaseModel], prefix: str = "") -> Iterator[Entry]:
    """Every parameter of a group and of the groups inside it, in the order of declaration."""
    for name, field in group.model_fields.items():
        path = f"{prefix}{name}"
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from entries(field.annotation, f"{path}.")
        elif isinstance(extra := field.json_schema_extra, dict):
            metadata: dict[str, Any] = dict(extra)
            yield Entry(path=path, meaning=field.description or "", default=field.default, **metadata)
