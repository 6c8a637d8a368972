"""Several sites for each practice: the requests stay who they are, a merger loses nobody and cancels nothing."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from abm.appointments.events import EVENTS
from abm.appointments.interface import COUNTS

NAMES = ("request", "booked", "refused", "withdrawn", "hub", "attended")
REQUESTED, BOOKED, REFUSED, WITHDRAWN, AT_HUB, ATTENDED = (EVENTS.index(name) for name in NAMES)
PLACE = {"requests": 70.0, "hub": 0, "hub_slots": (15.0,), "cover": 4.0}
SITE, INDEX, GENERATION = 0xFFFF, (25, 0x3FFF), (39, 7)
COMMON = [(0, 1, 2, 3), (0, 1, 1, 3), (3, 3, 3, 3), (3, 3, 3, 3)]


def merging(scenes: Any, served_by: list[tuple[int, ...]], **place: Any) -> list[Any]:
    plans = scenes.month_plans(len(served_by), len(served_by[0]), **{**PLACE, **place})
    return [scenes.merged(plan, row) for plan, row in zip(plans, served_by, strict=True)]


def patients_own(events: Any) -> Any:
    """Requests that follow no hub contact: day, ticket, kind, suitability, second; sorted."""
    rows = events[(events[:, 2] == REQUESTED) & (events[:, 3] >> GENERATION[0] & GENERATION[1] == 0)]
    rows = rows[:, [1, 3, 4, 5, 6]]
    return rows[np.lexsort(rows.T[::-1])]


@pytest.mark.parametrize("access", [0, 2])
def test_requests_are_the_same_whoever_serves_them(scenes: Any, access: int) -> None:
    """Common random numbers: the same people ring on the same days at the same seconds, merged or not."""
    seen, totals = [], []
    for served_by in ((0, 1, 2, 3), (2, 2, 2, 2), (0, 0, 3, 3)):
        plans = merging(scenes, [served_by] * 2, access=access)
        layer = scenes.layer_for(plans, records=True)
        counts = [layer.run_month(plan) for plan in plans]
        seen.append(patients_own(layer.take_records()))
        totals.append(sum(month.slots_offered.sum() for month in counts))
    assert len(seen[0]) > 8000
    assert all(np.array_equal(seen[0], other) for other in seen[1:])
    assert totals[1] == pytest.approx(totals[0], rel=0.1)  # the same staff in other rooms


def test_sites_are_answered_by_second_then_site_then_number(scenes: Any) -> None:
    plans = merging(scenes, [(2, 2, 2, 2)], requests=400.0)
    for engine in ("compiled", "reference"):
        layer = scenes.layer_for(plans, records=True, engine=engine)
        layer.run_month(plans[0])
        rows = layer.take_records()
        rows = rows[(rows[:, 2] == REQUESTED) & (rows[:, 3] >> GENERATION[0] & GENERATION[1] == 0)]
        assert (rows[:, 0] == 2).all() and set((rows[:, 3] & SITE).tolist()) == {0, 1, 2, 3}
        order = [(day, second, t & SITE, t >> INDEX[0] & INDEX[1]) for _, day, _, t, _, _, second, _ in rows.tolist()]
        assert order == sorted(order)
        ties = sum(a[:2] == b[:2] and a[2] != b[2] for a, b in pairwise(order))
        assert ties > 100


def test_everybody_is_accounted_for_row_by_row_through_mergers(scenes: Any) -> None:
    servers = [*COMMON, (0, 1, 2, 3), (0, 0, 2, 2)]
    plans = scenes.changing_staff(scenes.month_plans(6, 4, **{**PLACE, "requests": 140.0}))
    plans = [scenes.merged(plan, row) for plan, row in zip(plans, servers, strict=True)]
    layer = scenes.layer_for(plans)
    closing = np.zeros(4, np.int64)
    for plan in plans:
        counts = layer.run_month(plan)
        assert not scenes.balance(counts).any()
        assert np.array_equal(counts.opening_in_system, np.bincount(plan.server, closing, 4))
        closing = counts.closing_in_system
        served = plan.server != np.arange(4)
        for name, _ in (*COUNTS, ("closing_booked", 1), ("closing_pending", 1), ("opening_in_system", 1)):
            assert not getattr(counts, name)[served].any(), f"{name} of a practice that serves nobody"
        assert (counts.requests[~served].sum(axis=1) > 0).all()


def test_a_merger_cancels_nothing(scenes: Any) -> None:
    """GPs who go along keep their patients; only those of staff without names, who begin anew, ring again."""
    parameters = scenes.beyond_range(sick=0.0)
    plans = merging(scenes, [(0, 1), (0, 1), (1, 1)], cover=0.0, nurse=0.0, other=0.0)
    layer = scenes.layer_for(plans, parameters, records=True)
    before = [layer.run_month(plan) for plan in plans[:2]][-1]
    layer.take_records()
    counts = layer.run_month(plans[2])
    rows = layer.take_records()
    assert before.closing_booked[0] > 100 and counts.withdrawn.sum() == 0
    attended = rows[(rows[:, 2] == ATTENDED) & (rows[:, 3] & SITE == 0) & (rows[:, 4] == 0)]
    assert (attended[:, 0] == 1).all() and len(attended) > before.closing_booked[0]
    assert set(attended[:, 5].tolist()) <= set(plans[2].gp_key.astype(np.int64).tolist())


def test_those_who_do_not_go_along_lose_their_patients_to_the_new_practice(scenes: Any) -> None:
    plans = merging(scenes, [(0, 1), (1, 1)], cover=0.0, nurse=0.0, other=0.0)
    stays = plans[1].gp_key != plans[0].gp_key[0]
    plans[1] = replace(
        plans[1], gp_key=plans[1].gp_key[stays], gp_practice=plans[1].gp_practice[stays],
        gp_sessions=plans[1].gp_sessions[stays],
    )  # fmt: skip
    layer = scenes.layer_for(plans, scenes.beyond_range(sick=0.0), records=True)
    layer.run_month(plans[0])
    layer.take_records()
    counts = layer.run_month(plans[1])
    rows = layer.take_records()
    lost = rows[rows[:, 2] == WITHDRAWN]
    assert len(lost) == counts.withdrawn[1] > 30
    assert (lost[:, 0] == 1).all() and (lost[:, 1] == lost[0, 1]).all() and (lost[:, 3] & SITE == 0).all()
    identity = (1 << 42) - 1
    rang = np.isin(rows[:, 2], (BOOKED, REFUSED)) & (rows[:, 1] == lost[0, 1]) & (rows[:, 3] >> 45 & 1 == 1)
    assert sorted((rows[rang, 3] & identity).tolist()) == sorted((lost[:, 3] & identity).tolist())


def test_a_hub_takes_a_merged_practice_in_time_order(scenes: Any) -> None:
    """A merger on a Saturday, with Friday's refused of both still waiting: the hub sees who was refused first."""
    plans = scenes.month_plans(4, 2, requests=90.0, hub=0, hub_slots=(120.0,))
    plans = [*plans[:3], scenes.merged(plans[3], (1, 1))]  # 1 June 2013 is a Saturday
    layer = scenes.layer_for(plans, records=True)
    for plan in plans[:3]:
        layer.run_month(plan)
    friday = layer.take_records()
    friday = friday[(friday[:, 1] == friday[:, 1].max()) & (friday[:, 2] == REFUSED)]
    refused = {row[3]: row[6] for row in friday.tolist()}
    layer.run_month(plans[3])
    rows = layer.take_records()
    weekend = rows[(rows[:, 2] == AT_HUB) & (rows[:, 1] <= rows[0, 1] + 1)]
    sites = set((weekend[:, 3] & SITE).tolist())
    assert sites == {0, 1} and (weekend[:, 0] == 1).all()
    seconds = [refused[ticket] for ticket in weekend[:, 3].tolist()]
    assert len(seconds) > 5 and sum(a > b for a, b in pairwise(seconds)) <= 1  # once: urgent patients, then others


def fingerprint(months: list[Any]) -> str:
    digest = hashlib.sha256()
    for counts in months:
        for name, _ in (*COUNTS, ("opening_in_system", 1), ("closing_booked", 1), ("closing_pending", 1)):
            digest.update(np.ascontiguousarray(getattr(counts, name)).tobytes())
    return digest.hexdigest()


def test_saved_before_a_merger_and_after_it_goes_on_as_if_never_stopped(scenes: Any) -> None:
    plans = merging(scenes, [*COMMON, (0, 0, 3, 3)])
    layer = scenes.layer_for(plans)
    whole = [layer.run_month(plan) for plan in plans]
    for cut in (1, 2, 3, 4):
        first = scenes.layer_for(plans)
        parts = [first.run_month(plan) for plan in plans[:cut]]
        saved = first.save()
        first.run_month(plans[cut])
        second = scenes.layer_for(plans)
        second.load(saved)
        parts += [second.run_month(plan) for plan in plans[cut:]]
        assert fingerprint(parts) == fingerprint(whole)


def test_others_do_not_notice_a_merger(scenes: Any) -> None:
    apart, together = (merging(scenes, [row] * 3, hub=-1) for row in ((0, 1, 2, 3), (0, 2, 2, 3)))
    a, b = (scenes.layer_for(plans) for plans in (apart, together))
    for one, other in zip(apart, together, strict=True):
        before, after = a.run_month(one), b.run_month(other)
        for name, _ in COUNTS:
            assert np.array_equal(getattr(before, name)[[0, 3]], getattr(after, name)[[0, 3]])


def test_too_many_requests_of_one_of_several_sites_raise(scenes: Any) -> None:
    plans = merging(scenes, [(0, 0)])
    plans = [replace(plans[0], requests_per_open_day=plans[0].requests_per_open_day * np.array([[1.0], [400.0]]))]
    with pytest.raises(RuntimeError, match="more requests"):
        scenes.layer_for(plans).run_month(plans[0])


def test_a_place_with_as_many_requests_as_one_site_cannot_have_is_one_practice(scenes: Any) -> None:
    """The limit of what can be told apart is for each site: twenty big ones merge."""
    plans = merging(scenes, [(0,) * 20], requests=1500.0, gps=(9.0,) * 3)
    layer = scenes.layer_for(plans)
    counts = layer.run_month(plans[0])
    assert counts.requests.sum() / counts.open_days > 16_383
    assert not scenes.balance(counts).any()
