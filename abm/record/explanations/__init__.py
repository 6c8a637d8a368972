"""Decisions, events and histories in words, from what a run has kept.

`decision_sentence` and `event_sentence` tell one row of a log; `explain` tells of a GP, a practice, an organisation or
a commissioner, and `whom` says who could be asked about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from abm.errors import InputError
from abm.record.explanations.commissioners import commissioner_page
from abm.record.explanations.gps import gp_page
from abm.record.explanations.guide import reading, whom
from abm.record.explanations.memory import Memory
from abm.record.explanations.names import Names, find
from abm.record.explanations.organisations import organisation_page
from abm.record.explanations.practices import practice_page
from abm.record.explanations.sentences import decision_sentence, event_sentence, motion_sentence
from abm.record.explanations.timeline import Setting
from abm.record.explanations.words import EVENTS, KINDS, TERMS

if TYPE_CHECKING:
    from abm.record.results import Run

PAGES = {
    "GP": gp_page,
    "practice": practice_page,
    "organisation": organisation_page,
    "commissioner": commissioner_page,
}


def explain(run: Run, who: str, month: int | None = None) -> str:
    """Why somebody did what they did, in plain text.

    Args:
        run: the run.
        who: name of a GP, a practice (or its title, or a part of it), an organisation or a commissioner.
        month: one month with every decision; left out, the whole history without the decisions that changed nothing.

    Raises:
        InputError: nobody of that name or more than one, or no such month.
    """
    months = run.model["month"]
    if month is not None and month not in set(months):
        raise InputError(f"the run '{run.name}' has no month {month}; allowed are {months.min()} to {months.max()}")
    subject = find(run, who)
    names = Names.of(run)
    names.introduce(subject)
    setting = Setting(run, subject, month, names, Memory(run), run.memberships)
    lines, timeline = PAGES[subject.kind](setting)
    changes = setting.memory.times.sentences() if subject.kind == "commissioner" else []
    told = timeline.lines([(when, text) for when, text in changes if month in (None, when)])
    foot = reading(run, timeline.kinds) if month is not None else []
    head = [f"{subject.heading}, {subject.kind}", *_made_up(run)]
    return "\n".join([*head, *lines, *(told or ["Nothing else is recorded."]), *foot]) + "\n"


def _made_up(run: Run) -> list[str]:
    """What a reader must know where practices bear the names of real ones."""
    if run.manifest["place"].get("kind") == "synthetic":
        return []
    return ["Made up by the model; nothing here is a statement on a real practice or its doctors."]


__all__ = [
    "EVENTS", "KINDS", "TERMS", "decision_sentence", "event_sentence", "explain", "motion_sentence", "whom",
]  # fmt: skip
