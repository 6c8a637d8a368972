"""Another practice begins to serve a site: what it takes over, and what both engines agree upon."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from abm.appointments.columns import DATA, NEXT, REFUSED
from abm.appointments.events import SECOND_BITS
from abm.appointments.interface import MonthPlan
from abm.appointments.memory import Sections

Ints = NDArray[np.int64]


def counted_by_server(count: Ints, server: Ints) -> Ints:
    """Counts of sites, added up at the practices that serve them; shape (n,)."""
    of_server = np.zeros_like(count)
    np.add.at(of_server, server, count)
    return of_server


def hub_of_rows(plan: MonthPlan, server: Ints) -> Ints:
    """The hub of each row that serves itself under `server`, else -1.

    A plan without an open day changes hubs at once, but who serves whom only on the next open day. Until then a row
    that is about to be served by another goes to that one's hub.
    """
    return np.where(server == np.arange(len(server)), np.asarray(plan.hub, np.int64)[plan.server], -1)


def join_lists(state: Sections, server: Ints) -> None:
    """Put the lists of waiting patients of every row at the end of those of the row that serves it now.

    Those refused today are merged by the second of their refusal instead, because a hub takes them in this order.

    Args:
        state: the layer's state.
        server: (n,), the row that serves each site.
    """
    head, tail, node = state["head"], state["tail"], state["node"]
    for row in np.flatnonzero((server != np.arange(len(server))) & head.any(axis=1)).tolist():
        into = int(server[row])
        for which in np.flatnonzero(head[row]).tolist():
            if head[into, which] == 0:
                head[into, which] = head[row, which]
            else:
                node[tail[into, which], NEXT] = head[row, which]
            tail[into, which] = tail[row, which]
        head[row] = tail[row] = 0
        _sort_by_second(head, tail, node, into)


def _sort_by_second(head: Ints, tail: Ints, node: Ints, row: int) -> None:
    """Sort those refused by second, keeping the order of equal ones."""
    refused = []
    at = int(head[row, REFUSED])
    while at != 0:
        refused.append(at)
        at = int(node[at, NEXT])
    if refused:
        refused.sort(key=lambda place: int(node[place, DATA]) & SECOND_BITS)
        node[refused, NEXT] = [*refused[1:], 0]
        head[row, REFUSED], tail[row, REFUSED] = refused[0], refused[-1]
