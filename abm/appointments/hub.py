"""The hub of an organisation: an evening service that takes the day's refused patients of all member practices."""

from __future__ import annotations

from abm.appointments.clinic import (
    DONE,
    RECORDS_WANTED,
    TROUBLE_FROM,
)
from abm.appointments.columns import (
    DATA,
    HUB_RETURN,
    KEEP,
    NEXT,
    REACHED,
    RECORDS,
    REFUSED,
    SITE_KEY,
    TICKET,
    TROUBLE,
)
from abm.appointments.demand import (
    ROUTINE,
    URGENT,
    draw_sequel,
)
from abm.appointments.events import (
    AT_HUB,
    C_SAME_DAY,
    C_SINCE_BOOKED,
    C_WAIT,
    C_WITHIN_5,
    FOLLOWS_HUB,
    KIND_AT,
    LAST_WAIT,
    NO_TROUBLE,
    NONE,
    SECOND_BITS,
    append,
    note_event,
    release,
)
from abm.appointments.interface import (
    COLUMN,
)
from abm.appointments.random_bits import U64
from abm.appointments.rules import (
    HUB_RETURN_AFTER,
)
from abm.appointments.surgery import (
    settle,
)
from abm.appointments.tickets import (
    LAST_GENERATION,
    LONGEST_DELAY,
    follow_ticket,
    ticket_day,
    ticket_generation,
    ticket_index,
    ticket_is_first_ring,
    ticket_made,
    ticket_rebooking,
    ticket_site,
    ticket_urgent,
)
from abm.compiled import compiled, inlined, part

C_ATTENDED_HUB, C_HUB_CONTACTS, C_HUB_RETURNS = COLUMN["attended_hub"], COLUMN["hub_contacts"], COLUMN["hub_returns"]
LATEST = 1 << 40


@inlined
def is_urgent(ticket, data):  # type: ignore[no-untyped-def]
    """Whether a refused request counts as urgent in the hub's queue."""
    return (data >> KIND_AT == URGENT) | ticket_urgent(ticket)


@part
def receive(s, r, practice, ticket, kind, last_open, day):  # type: ignore[no-untyped-def]
    """A hub contact on `day`: attended, never with the usual GP, perhaps followed by a request at the practice."""
    counts, log, practices, lists = s.counts, s.log, s.practice, s.lists
    scalar, open_day = r.scalar, r.open_day
    made = ticket_made(ticket, day)
    generation = ticket_generation(ticket)
    counts[practice, C_ATTENDED_HUB] += 1
    counts[practice, C_HUB_CONTACTS] += 1
    counts[practice, C_WAIT + min(day - made, LAST_WAIT)] += 1
    counts[practice, C_SINCE_BOOKED] += 1
    if kind == URGENT:
        if ticket_is_first_ring(ticket) and made == day:
            counts[practice, C_SAME_DAY] += 1
    elif kind == ROUTINE and not ticket_urgent(ticket) and not ticket_rebooking(ticket):
        counts[practice, C_WITHIN_5] += 1
    note_event(log, practice, day, AT_HUB, ticket, NONE, NONE, NONE, NONE)
    _, _, _, follows, _, _ = draw_sequel(
        scalar, practices[ticket_site(ticket), SITE_KEY], ticket_day(ticket, day), ticket_index(ticket), generation
    )
    if follows < practices[practice, HUB_RETURN]:
        due = last_open + scalar[HUB_RETURN_AFTER]
        delay = open_day[due] - ticket_day(ticket, day)
        if generation < LAST_GENERATION and delay <= LONGEST_DELAY:
            append(lists, practice, due & 7, follow_ticket(ticket, delay), NONE)
            counts[practice, C_HUB_RETURNS] += 1
            note_event(log, practice, day, FOLLOWS_HUB, ticket, NONE, NONE, NONE, NONE)


@part
def hub_evening(s, r, members, queue, day, slots):  # type: ignore[no-untyped-def]
    """18:30 at one hub: fill its slots of a day from the members' refused patients, then settle the rest.

    Urgent patients come first, then the earlier second, the lower practice row, the order of refusal. Whoever finds no
    place before closed days stays in the queue and tries each of them.
    """
    ledger, lists, log, open_until = s.ledger, s.lists, s.log, r.open_until
    last_open = open_until[day]
    if ledger[KEEP] != 0:
        waiting = 0
        for practice in members:
            node = lists.head[practice, REFUSED]
            while node != 0:
                waiting += 1
                node = lists.node[node, NEXT]
        if log.record.shape[0] - ledger[RECORDS] < 3 * waiting:
            return RECORDS_WANTED
    left = slots
    for urgent_turn in (True, False):
        # Each member's list is in time order; merge them by their first patient of this turn.
        before, at = queue[0], queue[1]
        for member in range(len(members)):
            before[member] = 0
            at[member] = lists.head[members[member], REFUSED]
        while left > 0:
            best, when = -1, LATEST
            for member in range(len(members)):
                node = at[member]
                while node != 0:
                    if is_urgent(U64(lists.node[node, TICKET]), lists.node[node, DATA]) == urgent_turn:
                        break
                    before[member] = node
                    node = lists.node[node, NEXT]
                at[member] = node
                if node != 0 and lists.node[node, DATA] & SECOND_BITS < when:
                    best, when = member, lists.node[node, DATA] & SECOND_BITS
            if best < 0:
                break
            left -= 1
            practice = members[best]
            node = at[best]
            ticket, kind = U64(lists.node[node, TICKET]), lists.node[node, DATA] >> KIND_AT
            following = release(lists, node)
            if before[best] == 0:
                lists.head[practice, REFUSED] = following
            else:
                lists.node[before[best], NEXT] = following
            if following == 0:
                lists.tail[practice, REFUSED] = before[best]
            at[best] = following
            receive(s, r, practice, ticket, kind, last_open, day)
    if open_until[day + 1] > last_open:
        for practice in members:
            settle(s, r, practice, last_open, day)
    return DONE if ledger[TROUBLE] == NO_TROUBLE else TROUBLE_FROM + ledger[TROUBLE]


@compiled(nogil=True, _nrt=False, error_model="numpy")
def hubs_evening(s, r, members, ends, slots, queue, day):  # type: ignore[no-untyped-def]
    """The evening of some hubs, one after the other.

    Args:
        s, r: the state's and the rules' tables.
        members: rows of the member practices, hub by hub, ascending within each.
        ends: for each hub where its members end.
        slots: for each hub its slots of this evening or day.
        queue: (2, members), room for the places reached in their lists.
        day: day number.

    Returns:
        DONE; RECORDS_WANTED when the record must grow before the next hub, from which another call then goes on; or
        trouble.
    """
    ledger = s.ledger
    result = DONE
    for at in range(ledger[REACHED], len(ends)):
        ledger[REACHED] = at
        begin = ends[at - 1] if at > 0 else 0
        result = hub_evening(s, r, members[begin : ends[at]], queue, day, slots[at])
        if result != DONE:
            return result
    ledger[REACHED] = 0
    return result
