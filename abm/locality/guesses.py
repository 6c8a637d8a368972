"""What is filled in where a file does not tell: a name for each rule, and the rule in words.

A guess is counted by the number of practices for which it was made.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from abm.calendar import Calendar

AGES = "age mix (England's)"
WEIGHTED = "weighted list (drawn from need)"
COORDINATES = "coordinates (middle of the commissioner's area)"
DEPRIVATION = "deprivation (median of the commissioner's practices)"
GP_TIME = "GP time (the commissioner's a head)"
GP_TIME_ENGLAND = "GP time (England's a head)"
SPLIT = "split of GP time into partners and salaried"
PARTNER = "a partner where none is recorded"
NURSES = "nurses (the commissioner's a head)"
NURSES_ENGLAND = "nurses (England's a head)"
OTHERS = "other clinicians (the commissioner's a head)"
OTHERS_ENGLAND = "other clinicians (England's a head)"
REGISTRARS = "registrars (by list)"

IN_WORDS = {
    AGES: "England's shares of the age bands, times the list",
    WEIGHTED: "left open: each run draws the practice's need, higher where there is deprivation",
    COORDINATES: "the mean place of the commissioner's practices whose place is known",
    DEPRIVATION: "the median of the commissioner's practices; of all practices of the file where it has none",
    GP_TIME: "the FTE a patient of the commissioner's other practices, times the list",
    GP_TIME_ENGLAND: "England's FTE for 1,000 patients, less where there is deprivation, times the list",
    SPLIT: "partners have England's share of the permanent GPs' FTE",
    PARTNER: "no partner is recorded; the model needs one to sign for the practice",
    NURSES: "the FTE a patient of the commissioner's other practices, times the list",
    NURSES_ENGLAND: "England's FTE for 1,000 patients, times the list",
    OTHERS: "the FTE a patient of the commissioner's other practices, times the list",
    OTHERS_ENGLAND: "England's FTE for 1,000 patients, times the list",
    REGISTRARS: "England's FTE for 1,000 patients in practices large enough to train, none in others",
}
"""Each rule in a few words, in the order in which guesses are reported."""

PAYMENTS = "NHS Payments to General Practice"
FURTHEST_START = 2  # years between the lists of a place and the start of a run that need no word


def in_order(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts above zero in the order of `IN_WORDS`."""
    return {name: int(counts[name]) for name in IN_WORDS if counts.get(name)}


def guesses_sentence(provenance: Mapping[str, Any]) -> str:
    """One line on what was filled in for a place; the empty string where nothing was.

    Args:
        provenance: that of a `Locality`, or of the manifest of a run.
    """
    counts = provenance.get("guesses", {})
    if not counts:
        return ""
    parts = [f"{name} for {number:,}" for name, number in counts.items()]
    return f"Filled in where the files do not tell, by number of practices: {'; '.join(parts)}."


def year_of(provenance: Mapping[str, Any]) -> str:
    """Year of the payments from which a place was built, as they state it; the empty string where none is known.

    Args:
        provenance: that of a `Locality`, or of the manifest of a run.
    """
    sources = provenance.get("built", provenance).get("sources", [])
    stated = next((str(source.get("year", "")) for source in sources if source["kind"] == PAYMENTS), "")
    return stated if stated[:4].isdigit() else ""


def year_apart(provenance: Mapping[str, Any], start: date) -> str:
    """One sentence where a run starts at another time than its place is of; the empty string where it does not.

    Args:
        provenance: that of a `Locality`, or of the manifest of a run.
        start: first day of month 1.
    """
    stated = year_of(provenance)
    if not stated or abs(int(stated[:4]) - start.year) <= FURTHEST_START:
        return ""
    return (
        f"The place is of {stated}, but month 1 is {Calendar(start).label(1)}; a scenario file with start = "
        f'"{stated[:4]}-04-01" makes it begin then.'
    )
