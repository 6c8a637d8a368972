"""Plain data as TOML text, such that reading it gives the same data.

Python reads TOML but does not write it; a scenario needs tables, arrays of tables, numbers, words and dates only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any


def to_toml_text(data: Mapping[str, Any]) -> str:
    """The data as TOML; None is left out.

    Args:
        data: nested mappings and sequences of booleans, numbers, texts and dates.
    """
    return "\n".join(_table(data, ())).lstrip("\n") + "\n"


def _table(data: Mapping[str, Any], path: tuple[str, ...]) -> list[str]:
    given = {key: value for key, value in data.items() if value is not None}
    tables = {key: value for key, value in given.items() if isinstance(value, Mapping)}
    arrays = {key: value for key, value in given.items() if _is_array_of_tables(value)}
    lines = [f"{_key(key)} = {_value(value)}" for key, value in given.items() if key not in tables | arrays]
    for key, value in tables.items():
        inner = (*path, _key(key))
        body = _table(value, inner)
        header = [] if body[:1] == [""] else ["", f"[{'.'.join(inner)}]"]  # a table of tables needs no line of its own
        lines += header + body
    for key, value in arrays.items():
        inner = (*path, _key(key))
        for item in value:
            lines += ["", f"[[{'.'.join(inner)}]]", *_table(item, inner)]
    return lines


def _is_array_of_tables(value: Any) -> bool:
    return isinstance(value, Sequence) and len(value) > 0 and all(isinstance(item, Mapping) for item in value)


def _key(key: str) -> str:
    bare = key.isascii() and key.replace("_", "").replace("-", "").isalnum()
    return key if bare else _value(key)


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case int() | float():
            return repr(value)
        case date():
            return value.isoformat()
        case Sequence():
            return f"[{', '.join(_value(item) for item in value)}]"
    raise TypeError(f"TOML has no value for {type(value).__name__}")
