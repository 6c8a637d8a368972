"""The levers as controls: grouped, each with a plain sentence, its unit, range, evidence grade and source.

Everything but the grouping and the step of a slider comes from the declarations of `abm.scenario.levers`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from abm.scenario.levers import Levers
from abm.scenario.parameters.registry import GRADES, Entry, entries

GROUPS: dict[str, tuple[str, ...]] = {
    "Leadership": ("leader_mode", "od_invest", "backfill", "managers"),
    "Money": ("fund_per_head", "pass_through", "target_money", "perf_share", "salaried_bonus"),
    "Organisations": (
        "rollout", "pop_max", "geography", "control", "support", "cho_promote", "mpo_allowed", "n_mpo",
        "trust_fallback",
    ),
    "Commissioners and partners": (
        "supportiveness", "clarity", "community_engagement", "joint_posts", "cross_ccg",
    ),
    "Practices and workforce": ("mdt_fte_per_10k", "pharmacy_first", "access_model", "shared_record", "it_fund"),
}  # fmt: skip
"""Every lever in one group, in the order of the page."""

STEPS = 20  # of a slider between the ends of its range, for numbers
OPEN_END = {"pop_max": 200_000.0}  # where a lever's range has no upper end, that of the slider
FIRST_VALUE = {"pop_max": 50_000.0, "managers": 1.5}  # where a lever is switched on that is off by default
CHOICE_WORDS = {
    "pass_through": {"full": "all of it", "observed": "as observed"},
    "rollout": {"universal": "all practices", "enthusiasts": "the keenest first", "deadline": "all by a deadline"},
    "geography": {"local": "near ones", "like-minded": "like-minded ones"},
    "access_model": {
        "carve_out": "some slots kept for the day",
        "prebook": "all slots booked ahead",
        "doctor_first": "a doctor rings first",
        "single_entry": "one entry for every request",
    },
    "trust_fallback": {
        "off": "never",
        "second": "where nobody else did for months",
        "first": "before operators",
    },
    "mpo_allowed": {
        "none": "no practice",
        "distressed": "practices in distress",
        "any": "any practice",
    },
}


@dataclass(frozen=True)
class Control:
    """How one lever is set.

    Attributes:
        name: of the lever.
        kind: "range", "optional" (a range that may be off), "switch" or "choice".
        sentence: what it does.
        default: its value when no policy sets it.
        low, high, step: of the slider.
        options: value and words of each choice.
        at_start_only: whether it cannot change during a run.
        grade, grade_words, source: its evidence.
    """

    name: str
    kind: str
    sentence: str
    unit: str
    default: Any
    low: float
    high: float
    step: float
    options: tuple[tuple[str, str], ...]
    at_start_only: bool
    grade: str
    grade_words: str
    source: str
    first: float | None = None


@cache
def controls() -> dict[str, Control]:
    """Every lever's control by name, in the order of declaration."""
    return {entry.path: _control(entry) for entry in entries(Levers)}


def grouped() -> list[dict[str, Any]]:
    """The groups with their controls as plain data for the page."""
    known = controls()
    return [{"title": title, "controls": [asdict(known[name]) for name in names]} for title, names in GROUPS.items()]


def _control(entry: Entry) -> Control:
    low = float(entry.low) if entry.low is not None else 0.0
    high = float(entry.high) if entry.high is not None else OPEN_END.get(entry.path, 1.0)
    whole = isinstance(entry.default, int) and not isinstance(entry.default, bool)
    if entry.choices:
        kind = "choice"
    elif isinstance(entry.default, bool):
        kind = "switch"
    else:
        kind = "optional" if entry.default is None else "range"
    words = CHOICE_WORDS.get(entry.path, {})
    return Control(
        name=entry.path,
        kind=kind,
        sentence=entry.meaning[:1].upper() + entry.meaning[1:],
        unit="" if entry.unit == "1" else entry.unit,
        default=entry.default,
        low=low,
        high=high,
        step=1.0 if whole else (high - low) / STEPS if high <= STEPS else 5_000.0,
        options=tuple((word, words.get(word, word.replace("_", " "))) for word in entry.choices),
        at_start_only=entry.changes == "start",
        grade=entry.grade,
        grade_words=GRADES[entry.grade],
        source=entry.source,
        first=FIRST_VALUE.get(entry.path),
    )
