"""One open day of one practice, compiled: what happens to each request in turn.

The order of a day, which is also the tie-break: 07:00 the day opens (staff and sessions of a new month, new days at the
horizon, sickness and the patients it displaces); 07:30 cancellations; 08:00:00 those who ring again, in the order in
which they were put down for today; then new requests by (second, row of the site, index); then the surgeries; then,
without a hub, what becomes of those refused.

A request books at the moment it is made. With a call first, the call is taken at once too, and what it does not close
is booked at once, for today from a quarter of an hour after the call's slot, otherwise from the next open day.
"""

from __future__ import annotations

from abm.appointments.columns import (
    AT,
    FREE_NODES,
    HUB,
    KEEP,
    LEAVERS,
    LEAVERS_AT,
    NEXT,
    REACHED,
    RECORDS,
    REFUSED,
    SERVES_AS_GP,
    SITES,
    STAFF,
    TAKEN,
    TICKET,
    TROUBLE,
)
from abm.appointments.desk import (
    lay_desk,
)
from abm.appointments.events import (
    NO_TROUBLE,
)
from abm.appointments.morning import count_offers, free_cancelled, nodes_needed, open_the_day
from abm.appointments.random_bits import GAP_UNIT, U64, population
from abm.appointments.rules import HORIZON, RING
from abm.appointments.sites import practice_demand
from abm.appointments.surgery import hold_surgeries, settle
from abm.appointments.telephone import answer_all
from abm.appointments.tickets import (
    ticket_generation,
    ticket_is_first_ring,
)
from abm.compiled import compiled, part

DONE, NODES_WANTED, RECORDS_WANTED, TROUBLE_FROM = 0, 1, 2, 10  # what a practice-day returns


@part
def practice_day(s, r, practice, today):  # type: ignore[no-untyped-def]
    """Run one open day of one practice; DONE, or why not."""
    ledger, log, lists = s.ledger, s.log, s.lists
    practices, pages, diaries, diary_at = s.practice, s.slots, s.diary, s.diary_at
    scalar, open_day, open_until = r.scalar, r.open_day, r.open_until
    ring = scalar[RING]
    day = open_day[today]
    cell = today % ring
    mean, most = practice_demand(s, r, practice, day)
    needed = nodes_needed(s, practice, today, ring, most)
    if ledger[FREE_NODES] < needed:
        return NODES_WANTED
    if ledger[KEEP] != 0 and log.record.shape[0] - ledger[RECORDS] < 8 * needed:
        return RECORDS_WANTED

    if lists.head[practice, REFUSED] != 0:  # they waited for a hub that the practice has left since
        settle(s, r, practice, today - 1, day)
    open_the_day(s, r, practice, today, day)
    count_offers(s, r, practice, today)
    free_cancelled(s, r, practice, today, day)
    first, as_gp, staff = practices[practice, AT], practices[practice, SERVES_AS_GP], practices[practice, STAFF]
    lay_desk(s.desk, pages, diaries, diary_at, first, as_gp, staff, cell, ring)

    unit, horizon = mean * GAP_UNIT, open_until[day + scalar[HORIZON]] - today
    answer_all(s, r, practice, today, day, unit, most, horizon)

    hold_surgeries(s, r, practice, today, day)
    if practices[practice, HUB] < 0:
        settle(s, r, practice, today, day)
    return DONE if ledger[TROUBLE] == NO_TROUBLE else TROUBLE_FROM + ledger[TROUBLE]


@compiled(nogil=True, _nrt=False, error_model="numpy")
def practices_day(s, r, practices, today):  # type: ignore[no-untyped-def]
    """Run one open day of some practices, one after the other.

    Args:
        s, r: the state's and the rules' tables.
        practices: their rows; those whose sites others serve have no day.
        today: index of the open day.

    Returns:
        DONE; NODES_WANTED or RECORDS_WANTED when that store must grow before the next practice's day, from which
        another call then goes on; TROUBLE_FROM plus the kind of trouble when a store is full nonetheless.
    """
    ledger = s.ledger
    result = DONE
    for at in range(ledger[REACHED], len(practices)):
        if s.practice[practices[at], SITES] == 0:
            continue
        ledger[REACHED] = at
        result = practice_day(s, r, practices[at], today)
        if result != DONE:
            return result
    ledger[REACHED] = 0
    return result


@compiled(_nrt=False, error_model="numpy")
def census(slots, diary_at, leaver, practice, head, node, booked, pending):  # type: ignore[no-untyped-def]
    """Count who is in the system, by practice: slots booked, and patients who are to ring again or wait for a hub.

    A request that is yet to follow a hub contact has not been made and is not counted.
    """
    for row in range(practice.shape[0]):
        total = 0
        for position in range(practice[row, AT], practice[row, AT] + practice[row, STAFF]):
            for cell in range(slots.shape[2]):
                total += population(slots[diary_at[position], TAKEN, cell])
        for position in range(practice[row, LEAVERS_AT], practice[row, LEAVERS_AT] + practice[row, LEAVERS]):
            for cell in range(slots.shape[2]):
                total += population(slots[leaver[position], TAKEN, cell])
        booked[row] = total
        total = 0
        for which in range(REFUSED + 1):
            at = head[row, which]
            while at != 0:
                ticket = U64(node[at, TICKET])
                if which == REFUSED or not (ticket_generation(ticket) > 0 and ticket_is_first_ring(ticket)):
                    total += 1
                at = node[at, NEXT]
        pending[row] = total
