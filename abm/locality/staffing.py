"""Partners and salaried GPs of each practice at the start (model section 5).

Where a place tells how much GP time a practice has, as many GPs are drawn as make it up; where it does not, partners
fill the posts of the list and salaried GPs are added until the time that the practice seeks is nearly there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abm.columns import Role
from abm.scenario.parameters import ModelParameters
from abm.streams import Streams, name_key

Numbers = NDArray[np.float64]
Keys = NDArray[np.uint64]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Staffing:
    """GPs in a post, sorted by practice and ordinal, partners first.

    Attributes:
        practice, names, roles, fte: row of the practice, name, Role and working time; shape (GPs,).
        partners: partner posts of each practice, shape (practices,).
    """

    practice: Counts
    names: NDArray[np.str_]
    roles: Counts
    fte: Numbers
    partners: Counts


def permanent_posts(
    keys: Keys,
    codes: NDArray[np.str_],
    place: Mapping[str, NDArray[Any]],
    sought: Numbers,
    parameters: ModelParameters,
    streams: Streams,
    month: int,
) -> Staffing:
    """Draw the GPs in a post.

    Args:
        keys, codes: of the practices, shape (n,).
        place: `list_by_age`, `gp_fte`, `partner_fte` and `salaried_fte` as `Locality.practices` has them.
        sought: working time that practices seek, FTE, shape (n,).
        month: keys the draws.
    """
    people = parameters.population
    partners, partner_time, salaried, salaried_time = _known_time(keys, place, parameters, streams, month)
    known = ~np.isnan(partner_time)
    by_list = np.floor(people.partners_per_1000 * place["list_by_age"].sum(axis=1) / 1000 + 0.5).astype(np.int64)
    partners = np.where(known, partners, np.maximum(1, by_list))
    salaried = np.where(known, salaried, 0)

    practice, ordinal = _posts(partners)
    partner_fte = _working_time(keys, codes, practice, ordinal, Role.PARTNER, parameters, streams, month)
    partner_fte = _fit(partner_fte, practice, partner_time, people.partner_fte_range)
    names_p = _names(codes, practice, ordinal)

    short = np.where(known, -np.inf, sought - people.salaried_gap - np.bincount(practice, partner_fte, len(keys)))
    salaried_practice, salaried_ordinal = _posts(salaried)
    salaried_ordinal = salaried_ordinal + partners[salaried_practice]
    salaried_fte = _working_time(
        keys, codes, salaried_practice, salaried_ordinal, Role.SALARIED, parameters, streams, month
    )
    salaried_fte = _fit(salaried_fte, salaried_practice, salaried_time, people.salaried_fte_range)
    rows, ordinals, times = [salaried_practice], [salaried_ordinal], [salaried_fte]
    hired = partners.copy()
    while len(hiring := np.flatnonzero(short > 0)):
        hired[hiring] += 1
        time = _working_time(keys, codes, hiring, hired[hiring], Role.SALARIED, parameters, streams, month)
        short[hiring] -= time
        rows.append(hiring)
        ordinals.append(hired[hiring])
        times.append(time)

    row, number = np.concatenate((practice, *rows)), np.concatenate((ordinal, *ordinals))
    names = np.concatenate((names_p, *(_names(codes, r, o) for r, o in zip(rows, ordinals, strict=True))))
    roles = np.full(len(row), int(Role.SALARIED))
    roles[: len(practice)] = Role.PARTNER
    order = np.lexsort((number, row))
    return Staffing(row[order], names[order], roles[order], np.concatenate((partner_fte, *times))[order], partners)


def _known_time(
    keys: Keys, place: Mapping[str, NDArray[Any]], parameters: ModelParameters, streams: Streams, month: int
) -> tuple[Counts, Numbers, Counts, Numbers]:
    """Heads and working time of partners and of salaried GPs where the total is known; NaN times where it is not.

    Heads are the time over the usual working time, rounded up or down by lot so that the mean is right, and at least
    one partner; the times add up to the known total as nearly as the ranges of working time allow.
    """
    people = parameters.population
    total = place["gp_fte"]
    share = np.where(np.isnan(place["partner_fte"]), people.partner_fte_share * total, place["partner_fte"])
    low, high = people.partner_fte_range
    lot = streams.uniform("partner heads", month, keys)
    heads = np.nan_to_num(np.floor(share / people.partner_fte[0] + lot))
    partners = np.maximum(1, heads).astype(np.int64)
    partner_time = np.clip(share, low * partners, high * partners)

    least, most = people.salaried_fte_range
    rest = total - partner_time
    wanted = np.nan_to_num(np.floor(rest / people.salaried_fte[0] + 0.5))
    enough = np.nan_to_num(np.ceil(rest / most))  # so many are needed to hold the rest at all
    salaried = np.where(rest > least / 2, np.maximum(1, np.maximum(wanted, enough)), 0).astype(np.int64)
    salaried_time = np.clip(rest, least * salaried, most * salaried)
    partner_time = np.clip(total - salaried_time, low * partners, high * partners)
    return partners, partner_time, salaried, salaried_time


def _posts(number: Counts) -> tuple[Counts, Counts]:
    """Row of the practice and ordinal (from 1) of each of its posts."""
    practice = np.repeat(np.arange(len(number)), number)
    return practice, np.arange(len(practice)) - np.repeat(np.cumsum(number) - number, number) + 1


def _names(codes: NDArray[np.str_], practice: Counts, ordinal: Counts) -> NDArray[np.str_]:
    pairs = zip(codes[practice].tolist(), ordinal.tolist(), strict=True)
    return np.array([f"{code}/{number}" for code, number in pairs], dtype="U40")


def _working_time(
    keys: Keys,
    codes: NDArray[np.str_],
    practice: Counts,
    ordinal: Counts,
    role: Role,
    parameters: ModelParameters,
    streams: Streams,
    month: int,
) -> Numbers:
    """Working time in FTE as the role has it, keyed by the GP's name."""
    people = parameters.population
    shape, range_ = (
        (people.partner_fte, people.partner_fte_range)
        if role == Role.PARTNER
        else (people.salaried_fte, people.salaried_fte_range)
    )
    names = _names(codes, practice, ordinal)
    gp_keys = np.array([name_key(name) for name in names.tolist()], np.uint64)
    return np.clip(shape[0] + shape[1] * streams.normal("working time at start", month, gp_keys), *range_)


def _fit(fte: Numbers, practice: Counts, total: Numbers, range_: tuple[float, float]) -> Numbers:
    """Working times moved, within their range, so that each practice's sum is the known total; others stay.

    The difference is shared out in proportion to the room that each GP has left, which meets the total exactly whenever
    the range allows it.
    """
    low, high = range_
    size = len(total)
    gap = total - np.bincount(practice, fte, size)
    room = np.where(gap[practice] > 0, high - fte, fte - low)
    space = np.bincount(practice, room, size)
    with np.errstate(divide="ignore", invalid="ignore"):
        step = np.where(np.isnan(gap) | (space <= 0.0), 0.0, np.clip(gap / space, -1.0, 1.0))
    return np.asarray(fte + step[practice] * room)
