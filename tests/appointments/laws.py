"""Laws of queues that degenerate settings of the appointment layer follow exactly, without any simulation.

Times are open days for diaries and seconds for surgeries. The module `theory` runs the layer in such settings.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.linalg import expm
from scipy.signal import fftconvolve

Floats = NDArray[np.float64]
OPENING, FIRST_HOUR_ENDS, CLOSING = 28_800, 32_400, 66_600  # of the day's requests
MORNING, AFTERNOON, SLOT, NOTICE = 30_600, 52_200, 600, 900


@dataclass(frozen=True)
class Diary:
    """Stationary law of a diary in which everybody wants the next open day and takes the first free slot from there on.

    Attributes:
        backlog: (states,), law of the number booked at a day's end.
        wait: (days,), law of the open days beyond the day wanted, among those booked.
        refused: share of the requests that give up because of the wait that they are offered.
    """

    backlog: Floats
    wait: Floats
    refused: float

    @property
    def mean_backlog(self) -> float:
        return float(self.backlog @ np.arange(len(self.backlog)))

    @property
    def mean_wait(self) -> float:
        return float(self.wait @ np.arange(len(self.wait)))


def stationary(transition: Floats) -> Floats:
    """The law that a chain keeps; `transition` has rows that add up to one."""
    size = len(transition)
    system = transition.T - np.eye(size)
    system[-1] = 1.0  # one balance follows from the others
    return np.asarray(np.linalg.solve(system, np.eye(1, size, size - 1)[0]))


def diary(mean: float, slots: int, patient: Floats) -> Diary:
    """M/D/c with service time one open day and c = `slots` a day, and balking at the wait that is offered.

    Whoever finds m booked for coming days is offered a slot m // c open days beyond the day wanted and takes it with
    probability patient[m // c]; so within a day the backlog is a pure birth process, and overnight it falls by c. With
    patience without bounds the backlog at a day's end is max(Q - c, 0) + Poisson, Crommelin's chain for the number in
    an M/D/c system. With geometric patience it is what M/M/c+M becomes when service is not random.

    Args:
        mean: requests a day, a Poisson process.
        slots: slots a day.
        patient: (days,), probability of waiting at least so many open days beyond the day wanted; it bounds the states.
    """
    size = slots * len(patient)
    rate = mean * np.repeat(patient, slots)
    rate[-1] = 0.0
    births = np.diag(-rate) + np.diag(rate[:-1], 1)
    augmented = np.zeros((2 * size, 2 * size))
    augmented[:size, :size], augmented[:size, size:] = births, np.eye(size)
    both = expm(augmented)
    of_a_day, spent = both[:size, :size], both[:size, size:]  # the second: time in each state during the day
    overnight = np.maximum(np.arange(size) - slots, 0)
    backlog = stationary(of_a_day[overnight])
    booked = (np.bincount(overnight, backlog, size) @ spent * rate).reshape(-1, slots).sum(axis=1)
    return Diary(backlog, booked / booked.sum(), 1.0 - float(booked.sum()) / mean)


def crommelin_mean_wait(mean: float, slots: int) -> float:
    """Mean wait in M/D/c in service times, by Spitzer: the sum over i of E[(Poisson(i mean) - i c)+] / (i mean)."""
    i = np.arange(1, 2000)
    arrived, served = i * mean, i * slots
    excess = arrived * stats.poisson.sf(served - 1, arrived) - served * stats.poisson.sf(served, arrived)
    return float((excess / i).sum()) / mean


def lindley(law: Floats, length: Floats, between: int) -> Floats:
    """Law of max(W + L - between, 0) from those of W and L, in whole seconds."""
    busy = np.maximum(fftconvolve(law, length), 0.0)
    return np.concatenate([[busy[: between + 1].sum()], busy[between + 1 :]]) if len(busy) > between else np.ones(1)


def surgery(lengths: NDArray[np.int64], slots: int, attended: float = 1.0) -> tuple[Floats, float]:
    """A day of two full sessions: D/G/1 from an empty surgery, after Lindley.

    Args:
        lengths: equally likely lengths, in seconds.
        slots: slots in each session, ten minutes apart.
        attended: share of the patients who come.

    Returns:
        (2 slots,), expected seconds that a patient of each slot waits, and the expected overrun of the day.
    """
    length = attended * np.bincount(lengths) / len(lengths)
    length[0] += 1.0 - attended
    law, waits, overrun = np.ones(1), [], 0.0
    for session in range(2):
        if session:
            law = lindley(law, np.ones(1), AFTERNOON - MORNING - SLOT * slots)  # what the morning still leaves
        for _ in range(slots):
            waits.append(float(law @ np.arange(len(law))))
            law = lindley(law, length, SLOT)
        overrun += float(law @ np.arange(len(law)))
    return np.array(waits), overrun


def made_by(second: Floats, first_hour: float) -> Floats:
    """Share of a day's requests made before a second: even from 08:00 to 09:00, then falling linearly to 18:30."""
    second = np.asarray(second, float)
    early = first_hour * np.clip((second - OPENING) / (FIRST_HOUR_ENDS - OPENING), 0.0, 1.0)
    late = np.clip((second - FIRST_HOUR_ENDS) / (CLOSING - FIRST_HOUR_ENDS), 0.0, 1.0)
    return np.asarray(early + (1.0 - first_hour) * (1.0 - (1.0 - late) ** 2))


def urgent_seen(mean: float, first_hour: float, slots: int, kept: set[int], clinicians: int = 1) -> float:
    """Expected number of a day's urgent requests that find a slot, when each takes the earliest one 15 minutes ahead.

    Slots that are kept go before free ones, so the free are an overflow. Those ahead are taken from the earliest on, so
    the numbers booked ahead in either pool are a chain from one slot's last call to the next.

    Args:
        mean: requests a day.
        first_hour: share of them made before 09:00.
        slots: slots of each of two sessions.
        kept: places in a session that are kept.
        clinicians: like diaries.
    """
    times = sorted((start + SLOT * i, i in kept) for start in (MORNING, AFTERNOON) for i in range(slots))
    left = [clinicians * sum(pool == (not keep) for _, keep in times) for pool in range(2)]  # kept, free
    law = np.zeros((left[0] + 1, left[1] + 1))
    law[0, 0] = 1.0
    before, seen = 0.0, 0.0
    for time, keep in times:
        upto = float(made_by(np.array(time - NOTICE + 1), first_hour))  # a request is made within a whole second
        came = stats.poisson.pmf(np.arange(sum(left) + 1), mean * (upto - before))
        came[-1] += stats.poisson.sf(sum(left), mean * (upto - before))
        after = np.zeros_like(law)
        for in_kept, in_free in zip(*np.nonzero(law), strict=True):
            for number, chance in enumerate(came):
                to_kept = min(number, left[0] - in_kept)
                to_free = min(number - to_kept, left[1] - in_free)
                weight = law[in_kept, in_free] * chance
                after[in_kept + to_kept, in_free + to_free] += weight
                seen += weight * (to_kept + to_free)
        pool = 0 if keep else 1
        passed = np.moveaxis(after, pool, 0)
        overtaken = np.zeros_like(passed)  # the slot passes, with its patient when anybody is booked
        for booked in range(len(passed)):
            overtaken[max(booked - clinicians, 0)] += passed[booked]
        law = np.moveaxis(overtaken, 0, pool)
        left[pool] -= clinicians
        before = upto
    return seen


@dataclass(frozen=True)
class Retrials:
    """Stationary figures a request of a daily loss system with call-backs: seen at once, unmet, attempts."""

    at_once: float
    unmet: float
    attempts: float


def retrials(mean: float, slots: int, call_back: float, most: int = 30) -> Retrials:
    """Requests for a day's c slots, the refused ringing first thing the next day with a probability, thrice in all.

    Those on their third attempt were refused before those on their second, so they ring before them. All requests of a
    day are made before its slots, of which everybody may have any.
    """
    number = np.arange(400)
    new = stats.poisson.pmf(number, mean)
    refused = np.arange(most + 1)
    thinned = [stats.binom.pmf(refused, r, call_back) for r in range(400)]
    backs = np.array([sum(new[n] * thinned[max(n - left, 0)] for n in number[:120]) for left in range(slots + 1)])
    states = [(third, second) for third in range(most + 1) for second in range(most + 1)]
    transition = np.zeros((len(states), len(states)))
    seen, at_once = np.zeros(len(states)), np.zeros(len(states))
    for row, (third, second) in enumerate(states):
        for_second = max(slots - third, 0)
        for_new = max(for_second - second, 0)
        next_third = thinned[max(second - for_second, 0)]
        transition[row] = np.outer(next_third, backs[for_new]).ravel()
        at_once[row] = np.minimum(number, for_new) @ new
        seen[row] = min(third + second, slots) + at_once[row]
    law = stationary(transition / transition.sum(axis=1, keepdims=True))
    again = float(law @ np.array([third + second for third, second in states]))
    return Retrials(float(law @ at_once) / mean, 1.0 - float(law @ seen) / mean, 1.0 + again / mean)


def taken(mean: float, places: int) -> float:
    """E[min(N, places)] of a Poisson number N: what a day's loss system takes."""
    number = np.arange(places)
    return float(places - (places - number) @ stats.poisson.pmf(number, mean))
