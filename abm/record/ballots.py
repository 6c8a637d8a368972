"""What a practice's vote came to, as the event log keeps it and as explanations read it again."""

from __future__ import annotations

import re
from dataclasses import dataclass

PASSED, FAILED = "motion passed", "motion failed"  # kinds of the event
_WRITTEN = re.compile(
    r"to (?P<occasion>\w+) \((?P<form>[\w -]+)\): (?P<yes>\d+) of (?P<cast>\d+) partners voted yes, "
    r"(?P<needed>\d+) needed \((?P<quorum>\d+)%\)"
)


@dataclass(frozen=True)
class Ballot:
    """One vote of the partners of a practice.

    Attributes:
        occasion: "found", "join", "call", "escalate" or "takeover".
        form: form of the organisation, in words.
        yes, cast: votes for, and partners who voted; every partner votes.
        needed: yes votes that carry the motion.
        percent: share of the votes that was asked for.
    """

    occasion: str
    form: str
    yes: int
    cast: int
    needed: int
    percent: int

    @property
    def passed(self) -> bool:
        """Whether the votes were enough."""
        return self.yes >= self.needed

    def written(self) -> str:
        """The detail of the event."""
        return (
            f"to {self.occasion} ({self.form}): {self.yes} of {self.cast} partners voted yes, "
            f"{self.needed} needed ({self.percent}%)"
        )

    @classmethod
    def read(cls, detail: str) -> Ballot | None:
        """The ballot that `written` described; None where the text is another."""
        found = _WRITTEN.fullmatch(detail)
        if found is None:
            return None
        yes, cast, needed, percent = (int(found[name]) for name in ("yes", "cast", "needed", "quorum"))
        return cls(found["occasion"], found["form"], yes, cast, needed, percent)
