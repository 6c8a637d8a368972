"""What a subject did and what happened to it, month by month, each thing told once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from abm.record.ballots import FAILED, PASSED, Ballot
from abm.record.events import TERM
from abm.record.explanations.memory import Memory, rows
from abm.record.explanations.names import Names, Subject
from abm.record.explanations.sentences import (
    decision_sentence,
    event_sentence,
    mean_terms,
    motion_sentence,
    motion_words,
    reasons,
    terms_of,
)
from abm.record.explanations.weighing import count, joined, odds_between, speaker, weighed
from abm.record.explanations.words import KINDS

if TYPE_CHECKING:
    import pandas as pd

    from abm.record.results import Run

Row = dict[str, Any]
MOTIONS = (PASSED, FAILED)
SAME_THING: dict[str, str] = {
    "arrived": "choose_practice",
    "became employee": "leave_at_takeover",
    "became partner": "take_partnership",
    "called together": "call",
    "gave up a session": "cut_sessions",
    "gave up partnership": "leave_partnership",
    "leader appointed": "appoint",
    "leader departed": "step_down",
    "left": "withdraw",
    "left practice": "exit",
    "took a board seat": "seat",
    "turned sessional": "leave_salaried_post",
}
"""Events that a decision of the same one in the same month brought about: told in one sentence."""
BEFORE: dict[str, tuple[tuple[str, ...], str, float]] = {
    "explore": (("talks",), "who", -0.3),
    "search": (("talks",), "who", -0.2),
    "propose": (("talks",), "who", 0.2),
    "admit": (("joined", "no agreement"), "about", -0.2),
}
"""Where a decision stands among the month's events: at the first event of these kinds whose "who" is the decision's
"who" (or "about"), and how far before or after it. All other decisions come first, in the order of their log."""
MONTH_BEGINS, FIRST_OF_ALL = -1.0, -2.0


@dataclass
class Setting:
    """What every part of an explanation needs.

    Attributes:
        run: the run.
        subject: whom it is about.
        month: one month, or None for the whole history.
        names: writes names.
        memory: what is remembered with a term.
        memberships: the ledger.
    """

    run: Run
    subject: Subject
    month: int | None
    names: Names
    memory: Memory
    memberships: pd.DataFrame

    @property
    def at(self) -> int:
        """The month whose standing is told."""
        return self.run.last_month if self.month is None else self.month

    def dated(self, month: int) -> str:
        """A month with its number."""
        return f"{self.run.dated(month)} (month {month})"

    def within(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows of the month that is asked about, or all."""
        return frame if self.month is None else frame[frame["month"] == self.month]

    def decisions(self, *either: Mapping[str, Collection[str]]) -> pd.DataFrame:
        """Decisions of the month that is asked about, or of all, that any of the descriptions fits: see `Run.where`."""
        within = {} if self.month is None else {"month": [self.month]}
        return self.run.where("decisions", *({**one, **within} for one in either))

    def held(self, relation: str, side: str) -> list[Row]:
        """The subject's entries of the ledger, in order; `side` is "who" or "where"."""
        frame = self.memberships
        own = frame[(frame["relation"] == relation) & (frame[side] == self.subject.name)]
        if self.month is not None:
            own = own[(own["since"] <= self.month) & (self.month <= own["until"])]
        return rows(own)

    @cached_property
    def _posts(self) -> dict[str, list[tuple[int, int, str]]]:
        """Since when, until when and where each GP had posts."""
        posts: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
        held = self.memberships[self.memberships["relation"] == "post"]
        for who, since, until, where in held[["who", "since", "until", "where"]].itertuples(index=False):
            posts[who].append((since, until, where))
        return posts

    def practice_of(self, gp: str, month: int) -> str:
        """Where a GP worked as a month ended, or until that month; "" without a post."""
        held = [where for since, until, where in self._posts.get(gp, ()) if since <= month <= until]
        return held[-1] if held else ""


class Timeline:
    """Sentences of a setting from chosen rows of its logs.

    Args:
        setting: about whom and when.
        decisions, events: the rows that concern the subject.
        votes: votes that belong to motions among the events.
    """

    def __init__(self, setting: Setting, decisions: pd.DataFrame, events: pd.DataFrame, votes: pd.DataFrame) -> None:
        self._setting = setting
        self._me = setting.subject.name
        self._decisions, self._events = rows(decisions), rows(events)
        self._votes: dict[tuple[int, str], list[Row]] = defaultdict(list)
        for vote in rows(votes):
            self._votes[vote["month"], vote["about"]].append(vote)
        self._motions = {(e["month"], e["who"], e["about"]): e for e in self._events if e["kind"] in MOTIONS}
        by_deadline = f"{TERM}months_left"  # the usual words on exploring do not hold
        self.kinds = {row["kind"] for row in self._decisions if not row.get(by_deadline, 0) > 0}
        self.kinds |= {"vote"} if self._votes else set()

    def know(self, motions: Sequence[Row]) -> None:
        """Take in motions that are no part of the story but say what its votes were about."""
        self._motions |= {(event["month"], event["who"], event["about"]): event for event in motions}

    def lines(self, extra: Sequence[tuple[int, str]] = ()) -> list[str]:
        """All of it under the headings of its months.

        Args:
            extra: further sentences by month, told first in theirs.
        """
        told: list[tuple[int, float, Callable[[], list[str]]]] = [
            (month, FIRST_OF_ALL, lambda text=text: [text])  # type: ignore[misc]
            for month, text in extra
        ]
        merged: set[int] = set()
        for place, event in enumerate(self._events):
            cause = self._cause(event)
            if cause is not None:
                merged.add(id(cause))
            if event["kind"] == "talks" and self._search(event):
                continue
            told.append((event["month"], place, self._teller(event, cause)))
        for decision in self._decisions:
            if id(decision) not in merged and not (decision["kind"] == "vote" and self._is_told(decision)):
                told.append((decision["month"], self._place(decision), self._decider(decision)))
        lines, last = [], None
        for month, _, tell in sorted(told, key=lambda item: item[:2]):
            if month != last:
                lines.append(self._setting.dated(month))
                last = month
            lines += [f"  {line}" for line in tell()]
        return lines

    def _place(self, decision: Row) -> float:
        """Where a decision stands among the events."""
        kinds, side, step = BEFORE.get(decision["kind"], ((), "who", 0.0))
        for place, event in enumerate(self._events if kinds else ()):
            same = event["month"] == decision["month"] and event["who"] == decision[side]
            if same and event["kind"] in kinds:
                return place + step
        return MONTH_BEGINS

    def _cause(self, event: Row) -> Row | None:
        kind = SAME_THING.get(event["kind"])
        for decision in self._decisions if kind else ():
            same = decision["kind"] == kind and decision["month"] == event["month"]
            own = decision["who"] == event["who"]
            done_to = (decision["who"], decision["about"]) == (event["about"], event["who"])
            if same and (own or done_to) and decision["choice"] != KINDS[str(kind)].quiet:
                return decision
        return None

    def _search(self, event: Row) -> bool:
        return any(
            row["kind"] == "search" and all(row[key] == event[key] for key in ("month", "who", "about"))
            for row in self._decisions
        )

    def _is_told(self, vote: Row) -> bool:
        """Whether a vote is told with its practice's motion."""
        if vote["who"] == self._me:
            return False
        practice = self._setting.practice_of(vote["who"], vote["month"])
        return (vote["month"], practice, vote["about"]) in self._motions

    def _teller(self, event: Row, cause: Row | None) -> Callable[[], list[str]]:
        if event["kind"] in MOTIONS:
            return lambda: self._motion(event)
        if cause is None:
            return lambda: [event_sentence(event, named=self._setting.names, me=self._me)]

        def together() -> list[str]:
            done = event_sentence(event, named=self._setting.names, me=self._me).removesuffix(".")
            without_age = {name: value for name, value in cause.items() if name != f"{TERM}age"}  # the event has it
            return [f"{done}{'; ' if ': ' in done else ': '}{reasons(without_age, self._notes(cause))}."]

        return together

    def _motion(self, event: Row) -> list[str]:
        """A practice's vote, in its own history with the vote of each partner."""
        setting = self._setting
        votes = [
            vote
            for vote in self._votes[event["month"], event["about"]]
            if setting.practice_of(vote["who"], event["month"]) == event["who"]
        ]
        mean = {f"{TERM}{name}": value for name, value in mean_terms(votes).items()} if votes else {}
        notes = self._notes({**event, "kind": "vote", **mean}, event["who"])
        lines = [motion_sentence(event, votes, named=setting.names, me=self._me, notes=notes)]
        ballot = Ballot.read(event["detail"])
        if event["who"] == self._me and ballot is not None:
            lines += self._each(votes)
        return lines

    def _each(self, votes: Sequence[Row]) -> list[str]:
        """The partners' votes: with the reasons of each where one month is asked about, else who said what."""
        if len(votes) == 1:  # the practice's own
            return []
        if self._setting.month is not None:
            leads = [f"{vote['who']} voted {_side(vote)}" for vote in votes]
            return [f"  {decision_sentence(vote, lead=lead)}" for vote, lead in zip(votes, leads, strict=True)]
        said = {word: [vote["who"] for vote in votes if vote["choice"] == word] for word in ("yes", "no")}
        return ["  " + "; ".join(f"{joined(who)} said {word}" for word, who in said.items() if who) + "."]

    def _decider(self, decision: Row) -> Callable[[], list[str]]:
        def tell() -> list[str]:
            names, me = self._setting.names, self._me
            lead = self._motion_lead(decision) if decision["kind"] == "vote" else ""
            return [decision_sentence(decision, named=names, me=me, notes=self._notes(decision), lead=lead)]

        return tell

    def _motion_lead(self, vote: Row) -> str:
        """What a GP voted on, where the practice's motion is known."""
        practice = self._setting.practice_of(vote["who"], vote["month"])
        motion = self._motions.get((vote["month"], practice, vote["about"]))
        ballot = Ballot.read(motion["detail"]) if motion else None
        if ballot is None:
            return ""
        who = "" if vote["who"] == self._me else f"{vote['who']} "
        return f"{who}voted {_side(vote)} {motion_words(ballot, vote['about'], self._setting.names)}"

    def _notes(self, decision: Row, practice: str = "") -> dict[str, str]:
        setting, kind, about = self._setting, decision["kind"], decision["about"]
        mine = practice or decision["who"]
        if kind == "vote" and not practice:
            mine = setting.practice_of(decision["who"], decision["month"])
        if kind == "admit":
            mine, about = about, mine
        return setting.memory.notes(decision["month"], mine, about, terms_of(decision))


def _side(vote: Mapping[str, Any]) -> str:
    return "for" if vote["choice"] == "yes" else "against"


def quiet_rows(decisions: pd.DataFrame) -> pd.Series[bool]:
    """Which decisions left things as they were."""
    mask = decisions["kind"] == ""
    for name, kind in KINDS.items():
        if kind.quiet:
            mask |= (decisions["kind"] == name) & (decisions["choice"] == kind.quiet)
    return mask


def quiet_lines(quiet: pd.DataFrame, subject: Subject, instead: str = "") -> list[str]:
    """How often the subject let things be, with the odds of doing otherwise and, where they weigh, the mean reasons.

    Args:
        quiet: decisions that left things as they were.
        subject: whose.
        instead: what to say in place of "Did not ...".
    """
    lines = []
    own = quiet[quiet["who"] == subject.name]
    for name, kind in KINDS.items():
        part = own[own["kind"] == name]
        if not len(part):
            continue
        chances = odds_between(float(part["probability"].min()), float(part["probability"].max()))
        line = f"{instead or 'Did not ' + kind.could} in {count(len(part), 'month')} (the odds: {chances} a month)"
        if kind.way == "sum":
            mean = mean_terms([row for row in rows(part) if kind.factor_of in terms_of(row)])
            mean.pop(kind.factor_of, None)
            clause, agrees = weighed(mean, False, speaker(kind.own, {}), kind.it)
            line += f"{'; on' if agrees else ', although on'} average {clause}" if mean else ""
        lines.append(line + ".")
    return lines
