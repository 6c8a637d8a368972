"""What is put down about a practice's day: counts, events where records are kept, and lists of waiting patients."""

from __future__ import annotations

import numpy as np

from abm.appointments.columns import (
    DATA,
    FREE_NODE,
    FREE_NODES,
    KEEP,
    KEY_HIGH,
    KEY_LOW,
    NEXT,
    RECORDS,
    TICKET,
    TROUBLE,
)
from abm.appointments.interface import COLUMN
from abm.appointments.random_bits import U64
from abm.appointments.tickets import TICKET_BITS
from abm.compiled import inlined, part

NO_TROUBLE, NO_NODE, TOO_MANY_REQUESTS, NO_RECORD = range(4)  # the TROUBLE cell of the ledger
LAST_WAIT = 29
KIND_AT, SECOND_BITS = 20, (1 << 20) - 1  # of one who was refused: DATA holds the second, above it the kind of request

EVENTS = ("request", "redirected", "call", "booked", "refused", "hub", "rings again", "comes back", "abandoned",
          "unmet", "withdrawn", "cancelled", "no-show", "attended", "follows hub")  # fmt: skip
# NumPy's integers, because compiled code is compiled anew for each of Python's.
(REQUESTED, REDIRECTED, CALLED, BOOKED, REFUSED_TODAY, AT_HUB, RINGS_AGAIN, COMES_BACK, ABANDONED, UNMET, WITHDRAWN,
 CANCELLED, NO_SHOW, ATTENDED, FOLLOWS_HUB) = np.arange(15)  # fmt: skip
NONE = np.int64(0)
RECORD_COLUMNS = ("practice", "day", "event", "ticket", "clinician", "key", "slot", "value")

C_REQUESTS, C_GP_BOUND, C_SURGERY, C_CALL = (
    COLUMN["requests"], COLUMN["gp_bound"], COLUMN["attended_surgery"], COLUMN["attended_call"],
)  # fmt: skip
C_WAIT, C_SINCE_BOOKED, C_SAME_DAY, C_WITHIN_5 = (
    COLUMN["wait_days"], COLUMN["booked_days"], COLUMN["urgent_same_day"], COLUMN["routine_within_5"],
)  # fmt: skip
C_GP_CONTACTS, C_USUAL, C_NO_SHOWS, C_CANCELLED, C_REDIRECTED = (
    COLUMN["gp_contacts"], COLUMN["usual_gp_contacts"], COLUMN["no_shows"], COLUMN["cancelled"], COLUMN["redirected"],
)  # fmt: skip
C_ABANDONED, C_UNMET, C_CALL_BACKS, C_COME_BACKS = (
    COLUMN["abandoned"], COLUMN["unmet_urgent"], COLUMN["call_backs"], COLUMN["come_backs"],
)  # fmt: skip
C_WITHDRAWN, C_REFUSED, C_CALLS, C_OFFERED, C_USED, C_DAYS = (
    COLUMN["withdrawn"], COLUMN["refused"], COLUMN["calls"], COLUMN["slots_offered"], COLUMN["slots_used"],
    COLUMN["clinician_days"],
)  # fmt: skip
C_SURGERY_WAIT, C_OVERRUN, C_WORK, C_OUTSIDE = (
    COLUMN["surgery_wait_seconds"], COLUMN["overrun_seconds"], COLUMN["work_seconds"], COLUMN["outside_locum_sessions"],
)  # fmt: skip


@part
def put_down(record, ledger, practice, day, event, ticket, kind, key, slot, value):  # type: ignore[no-untyped-def]
    """Put down an event."""
    row = ledger[RECORDS]
    if row >= record.shape[0]:
        ledger[TROUBLE] = NO_RECORD
    else:
        ledger[RECORDS] = row + 1
        record[row, 0], record[row, 1], record[row, 2] = practice, day, event
        record[row, 3], record[row, 4], record[row, 5] = np.int64(ticket & TICKET_BITS), kind, key
        record[row, 6], record[row, 7] = slot, value


@inlined
def note_event(log, practice, day, event, ticket, kind, key, slot, value):  # type: ignore[no-untyped-def]
    """Put down an event when records are kept."""
    if log.ledger[KEEP] != 0:
        put_down(log.record, log.ledger, practice, day, event, ticket, kind, key, slot, value)


@part
def link(head, tail, node, ledger, practice, which, ticket, data):  # type: ignore[no-untyped-def]
    """Put a ticket at the end of one of a practice's lists."""
    last = U64(ledger[FREE_NODE])
    if last == U64(0):
        ledger[TROUBLE] = NO_NODE
    else:
        ledger[FREE_NODE] = node[last, NEXT]
        ledger[FREE_NODES] -= 1
        node[last, TICKET], node[last, DATA], node[last, NEXT] = ticket, data, 0
        row, at = U64(practice), U64(which)
        if head[row, at] == 0:
            head[row, at] = np.int64(last)
        else:
            node[U64(tail[row, at]), NEXT] = np.int64(last)
        tail[row, at] = np.int64(last)


@inlined
def append(lists, practice, which, ticket, data):  # type: ignore[no-untyped-def]
    """Put a ticket at the end of one of a practice's lists."""
    link(lists.head, lists.tail, lists.node, lists.ledger, practice, which, np.int64(ticket), data)


@inlined
def release(lists, place):  # type: ignore[no-untyped-def]
    """Give a node back and return the next one of its list."""
    following = lists.node[U64(place), NEXT]
    lists.node[U64(place), NEXT] = lists.ledger[FREE_NODE]
    lists.ledger[FREE_NODE] = place
    lists.ledger[FREE_NODES] += 1
    return following


@inlined
def key_of(diary, row):  # type: ignore[no-untyped-def]
    """The 64-bit key of a diary, as a signed integer."""
    return diary[row, KEY_LOW] | (diary[row, KEY_HIGH] << 32)
