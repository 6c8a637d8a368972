"""Errors that a user can mend, each one clear sentence."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class InputError(ValueError):
    """Bad input: names file, key, value and what is allowed. The command line prints it and exits with 2."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A clause that offers the nearest known word, or the empty string when nothing is near."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean '{near[0]}'?" if near else ""
