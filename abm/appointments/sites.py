"""The sites that a practice serves: the day's requests of all of them, compiled, in the order in which they are made.

A site has a stream of requests of its own, whoever serves it. Where a practice serves several, the streams are drawn in
batches and merged by (second, row of the site, index); the sites of a practice ascend by row in `site_at`. A practice
with its own site alone does without, see `telephone`.
"""

from __future__ import annotations

import numpy as np

from abm.appointments.columns import AT, GPS, SITE_KEY, SITES, SITES_AT, TROUBLE
from abm.appointments.demand import BATCH, SECOND, TICKET_OF, arrivals, draw_requests
from abm.appointments.diary import FIRST_MONDAY
from abm.appointments.events import TOO_MANY_REQUESTS
from abm.appointments.random_bits import GAP_UNIT
from abm.appointments.tickets import MOST_REQUESTS, make_ticket
from abm.compiled import part

# Columns of `site_turn`: the next request of a site's batch, the batch's end, the index and the operational time
# reached, and whether there may be more.
NEXT_AT, END, INDEX, OPERATIONAL, MORE = range(5)
NEVER = np.int64(1 << 40)


@part
def site_demand(rate, arrival, site, day):  # type: ignore[no-untyped-def]
    """Mean requests of a site on a day, and a number that they do not exceed."""
    mean = rate[site, 5] * arrival[(day - FIRST_MONDAY) % 7]
    return mean, np.int64(mean + 12.0 * np.sqrt(mean) + 40.0)


@part
def practice_demand(s, r, practice, day):  # type: ignore[no-untyped-def]
    """The same of all sites that a practice serves."""
    practices, site_at, rate, arrival = s.practice, s.sites.site_at, s.rate, r.arrival
    total, most = 0.0, np.int64(0)
    for position in range(practices[practice, SITES_AT], practices[practice, SITES_AT] + practices[practice, SITES]):
        of_site = site_demand(rate, arrival, site_at[position], day)
        total, most = total + of_site[0], most + of_site[1]
    return total, most


@part
def begin_sites(s, practice):  # type: ignore[no-untyped-def]
    """No request of the day has been drawn yet."""
    turns = s.sites.site_turn
    for turn in range(s.practice[practice, SITES]):
        turns[turn, NEXT_AT], turns[turn, END], turns[turn, INDEX], turns[turn, OPERATIONAL] = 0, 0, 0, 0
        turns[turn, MORE] = 1


@part
def draw_site(s, r, practice, turn, day):  # type: ignore[no-untyped-def]
    """Draw the next batch of the `turn`-th site of a practice."""
    practices, turns, batch, ledger = s.practice, s.sites.site_turn, s.sites.site_batch[turn], s.ledger
    site, index = s.sites.site_at[practices[practice, SITES_AT] + turn], turns[turn, INDEX]
    mean, most = site_demand(s.rate, r.arrival, site, day)
    turns[turn, NEXT_AT], turns[turn, END], turns[turn, MORE] = 0, 0, 0
    if mean > 0.0:
        first, gps = practices[practice, AT], practices[practice, GPS]
        draw_requests(batch, s.raw, r.scalar, r.patience, practices[site, SITE_KEY], day, index, 0, 0, BATCH)
        filled, operational = arrivals(
            batch, s.usual_below, r.arrival, r.minus_log, first, gps, mean * GAP_UNIT, turns[turn, OPERATIONAL]
        )
        for column in range(BATCH):
            batch[TICKET_OF, column] = np.int64(make_ticket(site, day, index + column))
        turns[turn, END], turns[turn, MORE] = filled, np.int64(filled == BATCH)
        turns[turn, INDEX], turns[turn, OPERATIONAL] = index + filled, operational
        if index + filled > min(most, MOST_REQUESTS + 1):
            ledger[TROUBLE] = TOO_MANY_REQUESTS


@part
def next_of_sites(s, r, practice, day):  # type: ignore[no-untyped-def]
    """Fill the batch that is answered next from all sites of a practice; the number of its requests."""
    turns, batches, drawn, ledger = s.sites.site_turn, s.sites.site_batch, s.drawn, s.ledger
    filled = np.int64(0)
    while filled < BATCH:
        chosen, earliest = -1, NEVER
        for turn in range(s.practice[practice, SITES]):
            if turns[turn, NEXT_AT] == turns[turn, END] and turns[turn, MORE] != 0:
                draw_site(s, r, practice, turn, day)
                if ledger[TROUBLE] == TOO_MANY_REQUESTS:
                    return np.int64(0)
            if turns[turn, NEXT_AT] < turns[turn, END] and batches[turn, SECOND, turns[turn, NEXT_AT]] < earliest:
                chosen, earliest = turn, batches[turn, SECOND, turns[turn, NEXT_AT]]
        if chosen < 0:
            break
        for attribute in range(drawn.shape[0]):
            drawn[attribute, filled] = batches[chosen, attribute, turns[chosen, NEXT_AT]]
        turns[chosen, NEXT_AT] += 1
        filled += 1
    return filled
