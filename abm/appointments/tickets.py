"""Tickets: a request and where it stands, in one 64-bit word.

Site (16 bits), last nine bits of the day number that names it, index (14), generation (3), attempt (2), came back as
urgent (1), lost a slot (1), days from the naming day to the request (6); in a diary also the note: entry of the length
table (10), no-show (1), with the usual GP (1).
"""

from __future__ import annotations

import numpy as np

from abm.appointments.random_bits import U64
from abm.compiled import inlined

ONE_ATTEMPT, ATTEMPT_BITS, AS_URGENT, REBOOKING = U64(1 << 42), U64(3 << 42), U64(1 << 44), U64(1 << 45)
TICKET_BITS, LENGTH_AT, NO_SHOW_AT, USUAL_AT = U64((1 << 52) - 1), U64(52), U64(62), U64(63)
NO_SHOW_BIT = U64(1 << 62)
MOST_REQUESTS = (1 << 14) - 1  # of a site in a day
LAST_GENERATION, LONGEST_DELAY = 7, 63  # a chain of requests that follow hub contacts ends here


@inlined
def make_ticket(site, day, index):  # type: ignore[no-untyped-def]
    """The ticket of a new request."""
    return U64(site) | ((U64(day) & U64(511)) << U64(16)) | (U64(index) << U64(25))


@inlined
def ticket_site(ticket):  # type: ignore[no-untyped-def]
    """Row of the site from which the request comes."""
    return np.int64(ticket & U64(0xFFFF))


@inlined
def ticket_day(ticket, today):  # type: ignore[no-untyped-def]
    """Day number that names the draws, less than 512 days before the day number `today`."""
    return today - ((today - np.int64((ticket >> U64(16)) & U64(511))) & 511)


@inlined
def ticket_index(ticket):  # type: ignore[no-untyped-def]
    """Index that names the draws."""
    return np.int64((ticket >> U64(25)) & U64(0x3FFF))


@inlined
def ticket_generation(ticket):  # type: ignore[no-untyped-def]
    """Hub contacts that led to this request."""
    return np.int64((ticket >> U64(39)) & U64(7))


@inlined
def ticket_attempt(ticket):  # type: ignore[no-untyped-def]
    """Earlier attempts that were refused."""
    return np.int64((ticket >> U64(42)) & U64(3))


@inlined
def ticket_urgent(ticket):  # type: ignore[no-untyped-def]
    """Whether a routine request has come back as urgent."""
    return ticket & AS_URGENT != U64(0)


@inlined
def ticket_rebooking(ticket):  # type: ignore[no-untyped-def]
    """Whether a slot of this request was withdrawn."""
    return ticket & REBOOKING != U64(0)


@inlined
def ticket_made(ticket, today):  # type: ignore[no-untyped-def]
    """Day number on which the request was made."""
    return ticket_day(ticket, today) + np.int64((ticket >> U64(46)) & U64(LONGEST_DELAY))


@inlined
def ticket_is_first_ring(ticket):  # type: ignore[no-untyped-def]
    """Whether the request has not rung before."""
    return (ticket >> U64(42)) & U64(15) == U64(0)


@inlined
def follow_ticket(ticket, delay):  # type: ignore[no-untyped-def]
    """The ticket of the request that follows a hub contact, `delay` days after the day that names it."""
    identity = ticket & U64((1 << 39) - 1)
    return identity | (U64(ticket_generation(ticket) + 1) << U64(39)) | (U64(delay) << U64(46))


@inlined
def note_length(entry):  # type: ignore[no-untyped-def]
    """The table entry whose length a booked ticket carries."""
    return np.int64((entry >> U64(52)) & U64(1023))
