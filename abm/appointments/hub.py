"""The hub of an organisation: an evening service that takes the day's refused patients of all member practices."""

from __future__ import annotations

from numba import njit

from abm.appointments.clinic import (
    DONE,
    RECORDS_WANTED,
    TROUBLE_FROM,
)
from abm.appointments.columns import (
    HUB_RETURN,
    KEEP,
    RECORDS,
    REFUSED,
    SITE_KEY,
    TROUBLE,
)
from abm.appointments.demand import (
    ROUTINE,
    URGENT,
    draw_sequel,
    kind_and_suitability,
    request_words,
)
from abm.appointments.diary import (
    open_rules,
    open_state,
)
from abm.appointments.events import (
    AT_HUB,
    C_SAME_DAY,
    C_WAIT,
    C_WITHIN_5,
    FOLLOWS_HUB,
    LAST_WAIT,
    NO_TROUBLE,
    append,
    note_event,
    release,
)
from abm.appointments.interface import (
    COLUMN,
)
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
from abm.compiled import compiled

C_ATTENDED_HUB, C_HUB_CONTACTS, C_HUB_RETURNS = COLUMN["attended_hub"], COLUMN["hub_contacts"], COLUMN["hub_returns"]
LATEST = 1 << 40


@njit(inline="always")
def is_urgent(s, r, ticket, day):  # type: ignore[no-untyped-def]
    """Whether a refused request counts as urgent in the hub's queue."""
    site_key, generation = s.practice[ticket_site(ticket), SITE_KEY], ticket_generation(ticket)
    _, nature, _, _ = request_words(r.scalar, site_key, ticket_day(ticket, day), ticket_index(ticket), generation, 0)
    kind, _ = kind_and_suitability(r.scalar, nature, generation)
    return kind == URGENT or ticket_urgent(ticket), kind


@njit
def receive(s, r, practice, ticket, kind, last_open, day):  # type: ignore[no-untyped-def]
    """A hub contact on `day`: attended, never with the usual GP, perhaps followed by a request at the practice."""
    made = ticket_made(ticket, day)
    generation = ticket_generation(ticket)
    s.counts[practice, C_ATTENDED_HUB] += 1
    s.counts[practice, C_HUB_CONTACTS] += 1
    s.counts[practice, C_WAIT + min(day - made, LAST_WAIT)] += 1
    if kind == URGENT:
        if ticket_is_first_ring(ticket) and made == day:
            s.counts[practice, C_SAME_DAY] += 1
    elif kind == ROUTINE and not ticket_urgent(ticket) and not ticket_rebooking(ticket):
        s.counts[practice, C_WITHIN_5] += 1
    note_event(s, practice, day, AT_HUB, ticket, 0, 0, 0, 0)
    _, _, _, follows, _, _ = draw_sequel(
        r.scalar, s.practice[ticket_site(ticket), SITE_KEY], ticket_day(ticket, day), ticket_index(ticket), generation
    )
    if follows < s.practice[practice, HUB_RETURN]:
        due = last_open + r.scalar[HUB_RETURN_AFTER]
        delay = r.open_day[due] - ticket_day(ticket, day)
        if generation < LAST_GENERATION and delay <= LONGEST_DELAY:
            append(s, practice, due & 7, follow_ticket(ticket, delay), 0)
            s.counts[practice, C_HUB_RETURNS] += 1
            note_event(s, practice, day, FOLLOWS_HUB, ticket, 0, 0, 0, 0)


@compiled(nogil=True, _nrt=False, error_model="numpy")
def hub_evening(words, table, rule_words, rule_table, members, queue, day, slots):  # type: ignore[no-untyped-def]
    """18:30: fill the hub's slots of a day from the members' refused patients, then settle the rest.

    Urgent patients come first, then the earlier second, the lower practice row, the order of refusal. Whoever finds no
    place before closed days stays in the queue and tries each of them.

    Args:
        words, table, rule_words, rule_table: the blocks of state and rules.
        members: rows of the member practices, ascending.
        queue: (2, members), room for the places reached in their lists.
        day: day number.
        slots: slots of this evening or day.

    Returns:
        DONE; RECORDS_WANTED when the record must grow first; or trouble.
    """
    s = open_state(words, table)
    r = open_rules(rule_words, rule_table)
    last_open = r.open_until[day]
    if s.ledger[KEEP] != 0:
        waiting = 0
        for practice in members:
            node = s.head[practice, REFUSED]
            while node != 0:
                waiting += 1
                node = s.node_next[node]
        if s.record.shape[0] - s.ledger[RECORDS] < 3 * waiting:
            return RECORDS_WANTED
    left = slots
    for urgent_turn in (True, False):
        # Each member's list is in time order; merge them by their first patient of this turn.
        before, at = queue[0], queue[1]
        for member in range(len(members)):
            before[member] = 0
            at[member] = s.head[members[member], REFUSED]
        while left > 0:
            best, when = -1, LATEST
            for member in range(len(members)):
                node = at[member]
                while node != 0:
                    urgent, _ = is_urgent(s, r, s.node_ticket[node], day)
                    if urgent == urgent_turn:
                        break
                    before[member] = node
                    node = s.node_next[node]
                at[member] = node
                if node != 0 and s.node_data[node] < when:
                    best, when = member, s.node_data[node]
            if best < 0:
                break
            left -= 1
            practice = members[best]
            node = at[best]
            ticket = s.node_ticket[node]
            _, kind = is_urgent(s, r, ticket, day)
            following = release(s, node)
            if before[best] == 0:
                s.head[practice, REFUSED] = following
            else:
                s.node_next[before[best]] = following
            if following == 0:
                s.tail[practice, REFUSED] = before[best]
            at[best] = following
            receive(s, r, practice, ticket, kind, last_open, day)
    if r.open_until[day + 1] > last_open:
        for practice in members:
            settle(s, r, practice, last_open, day)
    return DONE if s.ledger[TROUBLE] == NO_TROUBLE else TROUBLE_FROM + s.ledger[TROUBLE]
