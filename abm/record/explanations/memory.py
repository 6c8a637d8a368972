"""What is remembered with a term: earlier talks and breaks, good years and ends."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from abm.record.explanations.names import parties
from abm.record.explanations.times import Times
from abm.record.explanations.weighing import count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from abm.record.results import Run

ENDED = "the organisation ended"  # why the last members of an organisation left it
WITHDREW = "by its own decision"  # why a member left that went on to nothing else


class Memory:
    """What a run has that explains a term beyond its number.

    Args:
        run: the run.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        events = run.events
        kinds = ("talks failed", "left", "good year", "merger failed")
        self._past = {kind: rows(events[events["kind"] == kind]) for kind in kinds}
        held = run.memberships
        self._members: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
        members = held.loc[held["relation"] == "member", ["where", "who", "since", "until"]]
        for where, who, since, until in members.itertuples(index=False):
            self._members[where].append((who, since, until))
        self._practices = set(members["who"]) | set(run.practices["practice"])
        self.times = Times(run)

    def members(self, organisation: str, month: int) -> set[str]:
        """Who was in an organisation as the month ended."""
        return {who for who, since, until in self._members.get(organisation, ()) if since <= month < until}

    def notes(self, month: int, practice: str, about: str, terms: Mapping[str, float]) -> dict[str, str]:
        """What to say with each term, by term.

        Args:
            month: when.
            practice: the practice that decides, or whose GP does.
            about: the other side: a practice or an organisation.
            terms: the terms that weighed.
        """
        notes: dict[str, str] = {}
        others = {about} if about in self._practices else self.members(about, month - 1)
        if terms.get("trust"):
            notes |= {"trust": words} if (words := self._trust(practice, others, month, terms["trust"])) else {}
        if terms.get("history"):
            notes |= {"history": words} if (words := self._history(practice, month, terms["history"])) else {}
        return notes | self.times.notes(month, terms)

    def _trust(self, practice: str, others: set[str], month: int, value: float) -> str:
        """The latest failed talks or break between a practice and others."""
        found: list[tuple[int, str]] = []
        for event in self._past["talks failed"]:
            ends = {event["who"], event["about"]}
            if event["month"] < month and practice in ends and ends - {practice} <= others:
                whom = "" if len(others) == 1 else f" with {(ends - {practice}).pop()}"
                found.append((event["month"], f"the failed talks{whom} in {self._year(event['month'])}"))
        for event in self._past["merger failed"]:
            ends = set(parties(event["about"]))
            if event["month"] < month and event["who"] == practice and ends & others:
                found.append((event["month"], f"the failed merger of {self._year(event['month'])}"))
        for event in self._past["left"]:
            if event["month"] >= month or event["detail"] == ENDED:
                continue
            behind = self.members(event["about"], event["month"])
            mine = event["who"] == practice and behind & others
            theirs = event["who"] in others and practice in behind
            if mine or theirs:
                found.append((event["month"], f"the break of {self._year(event['month'])} in {event['about']}"))
        if not found:
            return ""
        return f"{'distrust deepened by' if value < 0 else 'trust in spite of'} {max(found)[1]}"

    def _history(self, practice: str, month: int, value: float) -> str:
        """What the good or bad experience was."""
        if value < 0:
            bad = [e for e in self._past["left"] if e["who"] == practice and e["detail"] in (ENDED, WITHDREW)]
            failed = [event for event in self._past["merger failed"] if event["who"] == practice]
            last = sorted((event for event in bad + failed if event["month"] <= month), key=lambda e: e["month"])[-1:]
            if last and last[0]["kind"] == "merger failed":
                return f"the memory of the failed merger of {self._year(last[0]['month'])}"
            what = "the end of" if last and last[0]["detail"] == ENDED else "withdrawing from"
            return f"the memory of {what} {last[0]['about']} in {self._year(last[0]['month'])}" if last else ""
        years = [e for e in self._past["good year"] if e["who"] == practice and e["month"] <= month]
        return f"the memory of {count(len(years), 'good year')} up to {self._year(years[-1]['month'])}" if years else ""

    def _year(self, month: int) -> str:
        return str(self._run.calendar.first_day(month).year)


def rows(frame: Any) -> list[dict[str, Any]]:
    """The rows of a data frame as dictionaries."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]
