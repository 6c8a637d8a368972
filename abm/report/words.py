"""Numbers, units, names and dates as people write them."""

from __future__ import annotations

from collections.abc import Iterable
from math import isnan
from typing import Any


def number(value: float, digits: int = 0) -> str:
    """A number with thousands separated, a true minus sign, and a dash where there is none.

    >>> number(-1234.5, 1)
    '−1,234.5'
    """
    if isnan(value):
        return "–"
    text = f"{value:,.{digits}f}"
    if not any(digit in text for digit in "123456789"):
        text = text.lstrip("-")
    return text.replace("-", "−")


def percent(share: float, digits: int = 0) -> str:
    """A share as a percentage."""
    return "–" if isnan(share) else f"{number(100 * share, digits)}%"


def count(n: int, one: str, many: str = "") -> str:
    """A number of things: "1 practice", "2 practices", "no practice"."""
    if n == 0:
        return f"no {one}"
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def listing(items: Iterable[str]) -> str:
    """Items with commas, the last with "and"."""
    found = list(items)
    return " and ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found)


def named(name: str) -> str:
    """A code name as a heading: "town-and-country" as "Town and country"."""
    words = name.replace("_", " ")
    text = words if any(letter.isdigit() for letter in name) else words.replace("-", " ")
    return text[:1].upper() + text[1:]


def moved(start: str, end: str, before: float, after: float) -> str:
    """How a number moved, from its texts: "rose from 1.0 to 1.2", "stayed at 3%"."""
    if start == end:
        return f"stayed at {end}"
    return f"{'rose' if after > before else 'fell'} from {start} to {end}"


def setting(value: Any, unit: str = "1") -> str:
    """The value of a lever or parameter with its unit."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value.replace("_", " ")
    if isinstance(value, (list, tuple)):
        return ", ".join(setting(item) for item in value) + ("" if unit == "1" else f" {_unit(unit)}")
    text = f"{value:,.10g}"
    if unit.startswith("£"):
        rest = _unit(unit.removeprefix("£"))
        return f"£{value:,.2f}{rest}" if value != int(value) else f"£{value:,.0f}{rest}"
    return text if unit == "1" else f"{text} {_unit(unit)}"


def _unit(unit: str) -> str:
    return unit.replace("/head/yr", " a head and year").replace("/yr", " a year").replace("/", " per ")
