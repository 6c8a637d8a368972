"""The tables of the compiled engine and their columns, shared by the kernels and the Python around them.

A kernel gets all tables of the state as one tuple and those of the rules as another; what is where in a table is named
here.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

DOCTOR_FIRST, SINGLE_ENTRY = 2, 3  # access models in which a call comes first
# The slots of a diary's days; the free ones of days that follow each other share a line of the processor's cache.
FREE, KEPT, TAKEN = range(3)
# Columns of `diary`.
(KIND_OF, KEY_LOW, KEY_HIGH, ANONYMOUS, SESSIONS, CARRIED, WEEK, CHANGED, LAID_WEEK, LAID_HALF_DAYS,
 FREE_DAYS) = range(11)  # fmt: skip
# Columns of `practice`; SERVER is the row that serves the site, the SITES that a row serves begin at SITES_AT.
(AT, GPS, SERVES_AS_GP, STAFF, HUB, ACCESS, REDIRECT, HUB_RETURN, OPENED, LEAVERS_AT, LEAVERS, SITE_KEY, RELAY,
 SERVER, SITES_AT, SITES) = range(16)  # fmt: skip
# Columns of `node`: a place in one of the lists of waiting patients.
TICKET, NEXT, DATA = range(3)
# Cells of `ledger`.
FREE_NODE, FREE_NODES, RECORDS, KEEP, TROUBLE, REACHED = range(6)
# Rows of `head` and `tail`: eight buckets of patients who ring on a coming open day, the refused, then cancellations.
REFUSED, CANCELLATIONS = np.int64(8), np.int64(9)
MOST_STAFF = 1024  # diaries of one practice


class Lists(NamedTuple):
    """Lists of waiting patients, by practice."""

    head: Any
    tail: Any
    node: Any
    ledger: Any


class Desk(NamedTuple):
    """Today at a practice's desk, see `desk`."""

    who: Any
    anybody: Any
    own: Any


class SitesServed(NamedTuple):
    """The sites that practices serve, and today's requests of several of them, see `sites`."""

    site_at: Any
    site_batch: Any
    site_turn: Any


class Log(NamedTuple):
    """The record of events."""

    ledger: Any
    record: Any


class State(NamedTuple):
    """The state's tables; shapes in `layout.state_sections`.

    Compiled code takes a tuple apart where it begins: each mention of a tuple costs compilation the whole of it.
    """

    slots: Any
    call_free: Any
    call_seconds: Any
    ticket: Any
    booked_days: Any
    diary: Any
    diary_at: Any
    usual_below: Any
    leaver: Any
    practice: Any
    counts: Any
    rate: Any
    ledger: Any
    at_work: Any
    drawn: Any
    raw: Any
    lists: Lists
    desk: Desk
    sites: SitesServed
    log: Log


class Rules(NamedTuple):
    """The rules' tables; shapes in `rules.compile_rules`."""

    scalar: Any
    open_day: Any
    open_until: Any
    patience: Any
    length: Any
    no_show: Any
    pattern: Any
    minus_log: Any
    arrival: Any
    leave: Any


def open_tables(tables: type[Any], sections: Any) -> Any:
    """The sections as the tuple, or tuple of tuples, that compiled code takes."""
    parts = {"lists": Lists, "desk": Desk, "sites": SitesServed, "log": Log}
    return tables(*(
        open_tables(parts[name], sections) if name in parts else sections[name] for name in tables._fields
    ))  # fmt: skip
