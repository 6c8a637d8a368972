"""What a parameter is: a value with unit, range, evidence grade and source.

A group of parameters is a frozen pydantic model, one per mechanism. The metadata given here drives validation, the JSON
Schema, the generated documentation, sliders, sampling bounds and calibration: nothing about a number is written twice.

Grades: E published; D derived from published figures; S statement of a founding document; P tuned in a pilot on
published patterns; A assumption of this model.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from abm.errors import InputError
from abm.scenario.messages import allowed, choices, out_of_range, plain, sentence

Grade = Literal["E", "D", "S", "P", "A"]
Kind = Literal["constant", "uncertainty", "lever"]
Changes = Literal["start", "any month"]
ASSUMPTION = "assumption of this model"
# The order of tuples by form
FORMS = (
    "informal network, federation, community health organisation, multi-practice operator, trust-led organisation, "
    "super-partnership"
)


if TYPE_CHECKING:
    from pydantic._internal._model_construction import ModelMetaclass
else:
    ModelMetaclass = type(BaseModel)


class _OneSentence(ModelMetaclass):
    """Models made by hand refuse bad values as files do: with one sentence (an InputError)."""

    def __call__(cls, *arguments: Any, **values: Any) -> Any:
        try:
            return super().__call__(*arguments, **values)
        except ValidationError as problem:
            raise InputError(sentence(cls.__name__, cls, problem)) from None  # type: ignore[arg-type]


class ParameterGroup(BaseModel, metaclass=_OneSentence):
    """Frozen values of one mechanism; unknown keys, wrong types and values out of range are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _plain_values(cls, data: Any) -> Any:
        return plain(data)

    @model_validator(mode="after")
    def _elements_within_range(self) -> ParameterGroup:
        for name, field in type(self).model_fields.items():
            value, extra = getattr(self, name), field.json_schema_extra
            if isinstance(extra, dict) and isinstance(value, tuple):
                for places, element, low, high in _elements(value, extra.get("low"), extra.get("high")):
                    if (low is not None and element < low) or (high is not None and element > high):
                        raise out_of_range(name, element, *places)
        return self


def _elements(value: Any, low: Any, high: Any, places: tuple[int, ...] = ()) -> Iterator[tuple[Any, Any, Any, Any]]:
    """Place, number, low and high of every number in a nested tuple; bounds are one for all or nested alike."""
    if not isinstance(value, tuple):
        yield places, value, low, high
        return
    for i, element in enumerate(value):
        inner = [bound[i] if isinstance(bound, (list, tuple)) else bound for bound in (low, high)]
        yield from _elements(element, inner[0], inner[1], (*places, i))


def _half_to_twice(default: Any) -> tuple[Any, Any]:
    """The range of an assumption without a better one, for a number or a nested tuple of numbers."""
    if isinstance(default, tuple):
        pairs = [_half_to_twice(element) for element in default]
        return tuple(low for low, _ in pairs), tuple(high for _, high in pairs)
    low, high = sorted((default / 2, default * 2))
    if isinstance(default, int):
        low = -(-default // 2) if default > 0 else default * 2
        high = default * 2 if default > 0 else -(-default // 2)
    return low, high


def parameter(
    default: Any,
    meaning: str,
    *,
    unit: str = "1",
    low: Any = None,
    high: Any = None,
    likely: tuple[Any, Any] | None = None,
    grade: Grade = "A",
    source: str = ASSUMPTION,
    symbol: str = "",
    kind: Kind | None = None,
    changes: Changes = "start",
) -> Any:
    """Declare one parameter of a group.

    Args:
        default: a number, a tuple of numbers (nested too), a boolean, a word, or None for "none".
        meaning: one plain phrase for the documentation.
        unit: unit of the value ("1" for a pure number).
        low, high: allowed range, for a tuple one pair for all or a tuple each; left out, half to twice the default.
        likely: range that evidence supports, where more is allowed for limiting cases; sensitivity analysis samples it.
        grade, source: evidence; grade A needs no source.
        symbol: the name in the model description.
        kind: constant (not varied), uncertainty (varied in sensitivity analysis) or lever (policy); left out, published
            values (E) are constants and all else uncertainties.
        changes: when a lever may change.

    Raises:
        ValueError: the declaration contradicts itself (no source, no range, a default outside the range).
    """
    if grade != "A" and source == ASSUMPTION:
        raise ValueError(f"'{meaning}' has grade {grade} and needs a source")
    is_number = not isinstance(default, (bool, str)) and default is not None
    if is_number and low is None and high is None:
        if default == 0:
            raise ValueError(f"'{meaning}' is 0 by default and needs a range")
        low, high = _half_to_twice(default)
    if is_number:
        for _, element, least, most in _elements(default, low, high):
            if (least is not None and element < least) or (most is not None and element > most):
                raise ValueError(f"'{meaning}' has the default {element}, outside {least} to {most}")
    metadata = {
        "unit": unit,
        "low": low,
        "high": high,
        "likely": likely or (low, high),
        "grade": grade,
        "source": source,
        "symbol": symbol,
        "kind": kind or ("constant" if grade == "E" else "uncertainty"),
        "changes": changes,
    }
    ranged = not isinstance(default, (tuple, bool, str))
    return Field(
        default,
        description=meaning,
        json_schema_extra=metadata,
        ge=low if ranged else None,
        le=high if ranged else None,
    )


@dataclass(frozen=True)
class Entry:
    """One line of the registry.

    Attributes:
        path: dotted name, for example "wellbeing.workload_effect".
        low, high: what is allowed.
        likely: range that evidence supports, within what is allowed.
        choices: the allowed words where the value is a word.
        allowed: what the value may be, in words.
    """

    path: str
    meaning: str
    default: Any
    unit: str
    low: Any
    high: Any
    likely: tuple[Any, Any]
    grade: str
    source: str
    symbol: str
    kind: str
    changes: str
    choices: tuple[str, ...] = ()
    allowed: str = ""


def entries(group: type[BaseModel], prefix: str = "") -> Iterator[Entry]:
    """Every parameter of a group and of the groups inside it, in the order of declaration."""
    for name, field in group.model_fields.items():
        path = f"{prefix}{name}"
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from entries(field.annotation, f"{path}.")
        elif isinstance(extra := field.json_schema_extra, dict) and "grade" in extra:
            metadata: dict[str, Any] = dict(extra)
            words = choices(field.annotation)
            range_ = allowed(field).removeprefix("allowed ").removeprefix("are ").removeprefix("is ")
            yield Entry(path, field.description or "", field.default, choices=words, allowed=range_, **metadata)


GRADES: dict[str, str] = {
    "E": "published",
    "D": "derived from published figures",
    "S": "statement of a founding document",
    "P": "tuned in a pilot on published patterns",
    "A": "assumption of this model",
}
assert tuple(GRADES) == get_args(Grade)
