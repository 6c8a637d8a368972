"""Bad input in one clear sentence: file, key, value, what is allowed and the nearest known word.

Pydantic finds what is wrong; this module is the only place that says it. Sentences are made from the same metadata as
the documentation (see `abm.scenario.parameters.registry`), so a range is written once.
"""

from __future__ import annotations

import numbers
import tomllib
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticCustomError

from abm.errors import InputError, did_you_mean

MOST_WORDS = 20  # a longer list of allowed words is no help
TYPE_WORDS: dict[Any, str] = {
    float: "a number",
    int: "a whole number",
    bool: "true or false",
    str: "a text",
    date: "a date such as 2014-04-01",
    tuple: "a list",
    dict: "a table",
}
OUT_OF_RANGE = frozenset({"greater_than_equal", "less_than_equal", "greater_than", "less_than", "out_of_range"})
Model = TypeVar("Model", bound=BaseModel)


def out_of_range(name: str, value: object, *places: int) -> PydanticCustomError:
    """The error a validator raises for one value, or one element, that lies outside the field's range."""
    context = {"name": name, "places": places, "value": value}
    return PydanticCustomError("out_of_range", "out of range", context)


def plain(value: Any) -> Any:
    """The value with lists as tuples, NumPy scalars as Python numbers and minus zero as zero, to any depth."""
    if isinstance(value, (bool, str, bytes, date, NoneType)):
        return value
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return tuple(plain(item) for item in value)
    if type(value).__module__ == "numpy" and hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, numbers.Real) and value == 0:
        return value + 0  # minus zero would give an equal scenario another digest
    return value


def shown(value: object) -> str:
    """A value as one would write it in a TOML file, shortened."""
    match value:
        case bool():
            text = str(value).lower()
        case str():
            text = f'"{value}"'
        case datetime() | date():
            text = value.isoformat()
        case float():
            text = _number(value)
        case list() | tuple():
            text = f"[{', '.join(shown(item) for item in value)}]"
        case dict():
            text = "{" + ", ".join(f"{key} = {shown(item)}" for key, item in value.items()) + "}"
        case BaseModel():
            text = f"a {type(value).__name__}"
        case None:
            text = "none"
        case _:
            text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _number(value: Any) -> str:
    """A bound or a value without a needless '.0'."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else str(value)


def _bare(annotation: Any) -> Any:
    """The annotation without `Annotated[...]` and without `| None`."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, UnionType):
        inside = [item for item in get_args(annotation) if item is not NoneType]
        if len(inside) == 1:
            return _bare(inside[0])
    return annotation


def choices(annotation: Any) -> tuple[str, ...]:
    """The allowed words of a `Literal[...]` annotation, or none."""
    annotation = _bare(annotation)
    return tuple(map(str, get_args(annotation))) if get_origin(annotation) is Literal else ()


def _type_words(annotation: Any) -> str:
    """What a value of this annotation is called in plain words."""
    annotation = _bare(annotation)
    if get_origin(annotation) is tuple:
        inside = get_args(annotation)
        if Ellipsis in inside:
            return f"a list, each element {_type_words(inside[0])}"
        return f"a list of {len(inside)}, each element {_type_words(inside[0])}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "a table"
    return TYPE_WORDS.get(annotation, "a value of another type")


def _pick(bound: Any, places: Sequence[int]) -> Any:
    """The bound of one element: bounds may be one number for all elements or a tuple with one each."""
    for place in places:
        if not isinstance(bound, (list, tuple)):
            break
        bound = bound[place] if place < len(bound) else None
    return bound


def allowed(field: FieldInfo, places: Sequence[int] = ()) -> str:
    """What a field, or one of its elements, may be: words, or a range with its unit."""
    extra: dict[str, Any] = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    words = ", ".join(f'"{word}"' for word in choices(field.annotation))
    if words or "allowed" in extra:
        return f"allowed are {words}" if words else f"allowed {extra['allowed']}"
    low, high = (_pick(extra.get(bound), places) for bound in ("low", "high"))
    unit = "" if extra.get("unit", "1") == "1" else f" {extra['unit']}"
    if isinstance(low, (list, tuple)) or isinstance(high, (list, tuple)):
        return f"allowed are the ranges {shown(low)} to {shown(high)}{unit}"
    match low, high:
        case None, None:
            return f"allowed is {_type_words(field.annotation)}"
        case _, None:
            return f"allowed is {_number(low)}{unit} or more"
        case None, _:
            return f"allowed is {_number(high)}{unit} or less"
    return f"allowed are {_number(low)} to {_number(high)}{unit}"


def _children(annotation: Any) -> dict[str, type[BaseModel]]:
    """The models inside a tuple or a union, by the name of their kind."""
    found: dict[str, type[BaseModel]] = {}
    for item in map(_bare, get_args(_bare(annotation)) or (annotation,)):
        if get_origin(item) in (Union, UnionType):
            found.update(_children(item))
        elif isinstance(item, type) and issubclass(item, BaseModel):
            kind = item.model_fields.get("kind")
            found[choices(kind.annotation)[0] if kind else ""] = item
    return found


def _field(model: type[BaseModel], name: str) -> tuple[str, FieldInfo] | None:
    """A field by its name or by the key that stands for it in a file."""
    for own, field in model.model_fields.items():
        if name in (own, field.validation_alias):
            return own, field
    return None


def keys(model: type[BaseModel]) -> list[str]:
    """The keys of a table of this model, as written in a file."""
    return [str(field.validation_alias or name) for name, field in model.model_fields.items()]


class _Place:
    """Where an error lies: the dotted key as written, the model and the field that hold it."""

    def __init__(self, model: type[BaseModel], location: Sequence[int | str], prefix: str = "") -> None:
        self.key = prefix
        self.model: type[BaseModel] | None = model
        self.field: FieldInfo | None = None
        self.places: list[int] = []
        inner: dict[str, type[BaseModel]] = {}
        for part in location:
            if isinstance(part, int):
                self.key += f"[{part + 1}]"
                self.places.append(part)
                self.model = next(iter(inner.values())) if len(inner) == 1 else None
                continue
            if part in inner and self.model is None and self.field is not None:
                self.model = inner[part]  # the tag of a union is no key
                continue
            self.key += f".{part}" if self.key else str(part)
            found = _field(self.model, part) if self.model else None
            if found:
                self.field, self.places = found[1], []
                inner = _children(self.field.annotation)
                table = _bare(self.field.annotation)
                self.model = table if isinstance(table, type) and issubclass(table, BaseModel) else None
            else:
                self.field = None


def unknown_key(key: str, value: object, known: Sequence[str]) -> str:
    """The phrase about a key that does not exist, with the keys that do or where they are listed."""
    listed = ", ".join(known) if len(known) <= MOST_WORDS else f"the {len(known)} keys that `gpfed schema` lists"
    return (
        f"{key} = {shown(value)} is an unknown key; allowed are {listed}{did_you_mean(key.rsplit('.', 1)[-1], known)}"
    )


def _phrase(model: type[BaseModel], error: ErrorDetails, prefix: str) -> str:
    """One error as a phrase, without the file."""
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    location = list(error["loc"])
    if kind == "out_of_range":
        location += [context["name"], *context["places"]]
        value = context["value"]
    elif kind == "missing" and isinstance(location[-1], int):  # a tuple that is too short
        kind, location = "too_short", location[:-1]
    place = _Place(model, location, prefix)
    if kind == "extra_forbidden":
        parent = _Place(model, location[:-1]).model
        return unknown_key(place.key, value, keys(parent) if parent else ())
    if kind == "missing":
        return f"key '{place.key}' is missing" + (f"; {allowed(place.field)}" if place.field else "")
    if kind == "value_error":
        return _reason_phrase(place.key, value, str(context["error"]))
    if kind.startswith("union_tag") and place.field is not None:
        return _kind_phrase(place.key, value, list(_children(place.field.annotation)))
    named = f"{place.key} = {shown(value)}" if place.key else shown(value)
    if place.field is None:
        return f"{named} is not a table" if kind == "model_type" else f"{named}: {error['msg']}"
    return f"{named} {_value_phrase(kind, value, place.field, place.places)}"


def _reason_phrase(key: str, value: object, reason: str) -> str:
    """What a validator of ours said about a value, after the key unless the reason names it."""
    if not key or reason.startswith("lever "):
        return reason
    return f"{key}: {reason}" if isinstance(value, (dict, BaseModel)) else f"{key} = {shown(value)} {reason}"


def _kind_phrase(key: str, table: object, known: list[str]) -> str:
    """About a table whose `kind` is missing or unknown."""
    listed = f"allowed are {', '.join(known)}"
    if not isinstance(table, dict):
        return f"{key} = {shown(table)} is not a table"
    if "kind" not in table:
        return f"key '{key}.kind' is missing; {listed}"
    return f"{key}.kind = {shown(table['kind'])} is unknown; {listed}{did_you_mean(str(table['kind']), known)}"


def _value_phrase(kind: str, value: object, field: FieldInfo, places: Sequence[int]) -> str:
    """What is wrong with one value of a known field, and what is allowed."""
    limit, annotation = allowed(field, places), _bare(field.annotation)
    is_list = get_origin(annotation) is tuple
    if kind in OUT_OF_RANGE:
        return f"is out of range; {limit}"
    if kind == "literal_error":
        return f"is unknown; {limit}{did_you_mean(str(value), choices(annotation))}"
    if kind == "finite_number":
        return f"is not a finite number; {limit}"
    if is_list and isinstance(value, (list, tuple)):
        return f"has {len(value)} elements; allowed is {_type_words(annotation)}"
    if is_list and not places:
        return f"is not {_type_words(annotation)}"
    words = _type_words(get_args(annotation)[0] if is_list else annotation)
    problem = "is empty; allowed is" if kind == "string_too_short" else "is not"
    return f"{problem} {words}" + ("" if limit.endswith(words) else f"; {limit}")


def sentence(where: str, model: type[BaseModel], problem: ValidationError, prefix: str = "") -> str:
    """The first thing that is wrong, as one sentence.

    Args:
        where: the file, or what was being made.
        model: the model that refused.
        problem: what pydantic found.
        prefix: the dotted key of the model's own table in the file, or nothing.
    """
    error = problem.errors(include_url=False)[0]
    given = error.get("ctx", {}).get("error")
    if isinstance(given, InputError):  # already a whole sentence
        return str(given)
    return f"{where}: {_phrase(model, error, prefix)}"


def build(model: type[Model], data: Any, where: str, folder: Path | None = None, prefix: str = "") -> Model:
    """Make a model from plain data, or refuse with one sentence.

    Args:
        model: the class to make.
        data: nested tables as read from a file.
        where: the file, or what is being made, with which the sentence begins.
        folder: the folder that relative paths in the data start from; left out, the current one.
        prefix: the dotted key of the data in the file, or nothing.

    Raises:
        InputError: anything is unknown, missing, of a wrong type or out of range.
    """
    try:
        return model.model_validate(data, context={"folder": folder, "where": where})
    except ValidationError as problem:
        raise InputError(sentence(where, model, problem, prefix)) from None


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a TOML file.

    Raises:
        InputError: the file is missing, cannot be read or is not TOML (with the line).
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        beside = [item.name for item in path.parent.glob("*.toml")] if path.parent.is_dir() else []
        raise InputError(f"{path}: there is no such file{did_you_mean(path.name, sorted(beside))}") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: the file is not UTF-8 text") from None
    except OSError as problem:
        raise InputError(f"{path}: the file cannot be read ({problem.strerror})") from None
    except tomllib.TOMLDecodeError as problem:
        raise InputError(f"{path}: not valid TOML: {problem}") from None
