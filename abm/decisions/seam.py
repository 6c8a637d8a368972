"""The one seam for decisions.

Every decision of the model passes `Seam.decide` (or `decide_each`, the same for many at once, or `pick`, the best of
several): it meets a person or a script that has taken somebody's seat, and it is recorded with its terms, its
probability and its draw, so that it can be explained.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from abm.errors import InputError, did_you_mean
from abm.record.events import DecisionLog

DEFAULT_IS_NO_NEWS = 0  # option 0 of a two-way decision is "all stays as it is"


@dataclass(frozen=True)
class Question:
    """What somebody in a seat is asked."""

    month: int
    kind: str
    who: str
    about: str
    options: tuple[str, ...]
    terms: Mapping[str, float]
    probability: float
    """Chance of the second option, or of the best one among many, if the model decided."""


Seat = Callable[[Question], str | None]
"""Answers a question with one of its options, or with None to let the model decide."""


class Seam:
    """Takes every decision, asks seats, keeps the log.

    Args:
        log: where decisions are recorded.
        seats: who sits where, by stable name; they answer for that agent only.
        record: "all" decisions, or only those that change something ("changes").
    """

    def __init__(self, log: DecisionLog, seats: Mapping[str, Seat] | None = None, record: str = "all") -> None:
        self.log = log
        self.seats = dict(seats or {})
        self.record_all = record == "all"
        self.month = 0

    def decide(
        self,
        kind: str,
        who: str,
        options: Sequence[str],
        terms: Mapping[str, ArrayLike],
        probability: ArrayLike,
        draw: float,
        about: str = "",
        keep_all: bool = False,
    ) -> int:
        """Decide once; returns the index of the chosen option.

        Args:
            kind: kind of decision.
            who: stable name of who decides.
            options: two options (the first leaves things as they are), or any number when `probability` is a vector.
            terms: what weighs in it; with many options one value for each option.
            probability: a number: chance of the second of two options; a vector: one chance for each option.
            draw: the uniform number that decides.
            about: whom or what it concerns; with many options the chosen option is recorded.
            keep_all: record also where nothing changes, whatever is recorded of other kinds.
        """
        chances = np.atleast_1d(np.asarray(probability, float))
        if np.ndim(probability) == 0:
            single = {name: np.atleast_1d(np.asarray(value, float)) for name, value in terms.items()}
            return int(self.decide_each(kind, [who], options, single, chances, np.array([draw]), about, keep_all)[0])
        choice = min(int(np.searchsorted(np.cumsum(chances), draw * chances.sum(), side="right")), len(options) - 1)
        best = int(np.argmax(chances))
        choice = self._ask(kind, who, about, tuple(options), self._row(terms, best), float(chances[best]), choice)
        chosen = {name: np.array([value]) for name, value in self._row(terms, choice).items()}
        self.log.add(
            self.month,
            kind,
            np.array([who]),
            str(options[choice]),
            ("chosen",),
            np.array([0]),
            chances[[choice]] / chances.sum(),
            np.array([draw]),
            chosen,
        )
        return choice

    def pick(
        self,
        kind: str,
        who: str,
        options: Sequence[str],
        terms: Mapping[str, ArrayLike],
        lot: ArrayLike | None = None,
        about: str = "",
    ) -> int:
        """Take the best of several; returns its index.

        The best has the largest sum of terms; of equals the one with the lowest lot wins, or without lots the first.
        Recorded is the chance of the choice as the lots would have it: 1 where one is best, 1/2 where two are.

        Args:
            kind, who, options: as in `decide`.
            terms: one value for each option; none where it is all by lot.
            lot: uniform numbers, one for each option.
            about: whom it concerns, where that is neither who decides nor the option; left out, the option.
        """
        count = len(options)
        score = np.sum([np.broadcast_to(np.asarray(values, float), count) for values in terms.values()], axis=0)
        score = np.broadcast_to(score, count)
        draws = np.zeros(count) if lot is None else np.asarray(lot, float)
        best = np.flatnonzero(score == score.max())
        first = int(best[np.argmin(draws[best])])
        chance = 1.0 / best.size if lot is not None else 1.0
        choice = self._ask(kind, who, about, tuple(options), self._row(terms, first), chance, first)
        self.log.add(
            self.month,
            kind,
            np.array([who]),
            about or str(options[choice]),
            (str(options[choice]),) if about else ("chosen",),
            np.array([0]),
            np.array([chance if choice in best else 0.0]),
            draws[[choice]],
            {name: np.array([value]) for name, value in self._row(terms, choice).items()},
        )
        return choice

    def decide_each(
        self,
        kind: str,
        who: Sequence[str] | NDArray[np.str_],
        options: Sequence[str],
        terms: Mapping[str, NDArray[np.float64]],
        probability: NDArray[np.float64],
        draw: NDArray[np.float64],
        about: Any = "",
        keep_all: bool = False,
    ) -> NDArray[np.int64]:
        """Decide for many at once between two options; returns 0 or 1 for each; arguments as in `decide`."""
        names = np.asarray(who)
        choice = (draw < probability).astype(np.int64)
        if self.seats:
            abouts = np.broadcast_to(np.asarray(about), names.shape)
            for i in np.flatnonzero(np.isin(names, list(self.seats))):
                choice[i] = self._ask(
                    kind,
                    str(names[i]),
                    str(abouts[i]),
                    tuple(options),
                    self._row(terms, int(i)),
                    float(probability[i]),
                    int(choice[i]),
                )
        kept = np.arange(names.size) if self.record_all or keep_all else np.flatnonzero(choice != DEFAULT_IS_NO_NEWS)
        if kept.size:
            of_kept = {name: value[kept] for name, value in terms.items()}
            about_kept = about if isinstance(about, str) else np.asarray(about)[kept]
            self.log.add(
                self.month,
                kind,
                names[kept],
                about_kept,
                tuple(options),
                choice[kept],
                probability[kept],
                draw[kept],
                of_kept,
            )
        return choice

    @staticmethod
    def _row(terms: Mapping[str, ArrayLike], i: int) -> dict[str, float]:
        arrays = {name: np.atleast_1d(np.asarray(value, float)) for name, value in terms.items()}
        return {name: float(values[i if values.size > 1 else 0]) for name, values in arrays.items()}

    def _ask(
        self,
        kind: str,
        who: str,
        about: str,
        options: tuple[str, ...],
        terms: dict[str, float],
        chance: float,
        choice: int,
    ) -> int:
        seat = self.seats.get(who)
        if seat is None:
            return choice
        answer = seat(Question(self.month, kind, who, about, options, terms, chance))
        if answer is None:
            return choice
        if answer not in options:
            raise InputError(
                f"the seat of '{who}' answered '{answer}' to '{kind}'; allowed are "
                f"{', '.join(options)}{did_you_mean(answer, options)}"
            )
        return options.index(answer)
