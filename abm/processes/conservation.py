"""What must never be lost or made: asserted in every month of every run (model section 11)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from abm.columns import OWNED, Form, Role, Status, Talks
from abm.processes.endings import LEAST_MEMBERS
from abm.world import World

Array = NDArray[np.float64]
RELATIVE = 1e-9  # tolerance of sums of floating-point numbers


class ConservationError(AssertionError):
    """Something was lost or made from nothing: the run is not to be trusted."""


def _equal(world: World, what: str, left: ArrayLike, right: ArrayLike) -> None:
    a, b = np.asarray(left, float), np.asarray(right, float)
    if not np.allclose(a, b, rtol=RELATIVE, atol=1e-6):
        raise ConservationError(f"{what} do not balance in month {world.month}: {a.tolist()} against {b.tolist()}")


def _true(world: World, what: str, holds: ArrayLike) -> None:
    ok = np.asarray(holds)
    if not ok.all():
        raise ConservationError(f"{what} fails in month {world.month} in {int((~ok).sum())} rows")


def assert_conservation(world: World) -> None:
    """Raise ConservationError unless patients, GPs, appointments, money and memberships balance at the month's end."""
    patients(world)
    gps(world)
    appointments(world)
    money(world)
    memberships(world)
    sites(world)


def patients(world: World) -> None:
    """Lists sum to the start and its growth, age band by age band: nobody is lost when organisations change."""
    _equal(world, "patients by age", world.practices.list_by_age.sum(axis=0), world.references.patients_by_age)


def gps(world: World) -> None:
    """Stock = GPs at the start + newcomers - leavers; each GP is in one place that fits the role."""
    table = world.gps
    arrived = int(world.commissioners.newcomers.sum())
    starters = int((~table.entrant).sum())
    _equal(world, "GPs ever", len(table), starters + arrived)
    _equal(world, "GPs in practice", table.alive.sum(), len(table) - world.leavers)
    posted = table.practice >= 0
    _true(world, "a post for every partner and salaried GP", (posted == (table.role != Role.SESSIONAL))[table.alive])
    _true(world, "no post after leaving", ~posted[~table.alive])
    partners = world.sum_by_practice(world.partners())
    _true(world, "partners in every active practice", (partners > 0) == (world.practices.status == Status.ACTIVE))
    _true(world, "at most as many partners as posts", partners <= world.practices.partner_posts)


def appointments(world: World) -> None:
    """Requests and what stood open = everything they can end in and what stands open, practice by practice."""
    c = world.counts
    assert c is not None
    ended = (
        c.attended_surgery.sum(axis=1)
        + c.attended_call.sum(axis=1)
        + c.attended_hub
        + c.no_shows
        + c.cancelled
        + c.redirected
        + c.abandoned
        + c.unmet_urgent
    )
    _equal(world, "appointments", c.requests.sum(axis=1) + c.opening_in_system, ended + c.closing_in_system)


def money(world: World) -> None:
    """What commissioners pay practices and locums receive; what practices earn partners and staff receive."""
    practices, commissioners, table, p = world.practices, world.commissioners, world.gps, world.parameters.finance
    rate = p.income_per_patient * (1.0 + p.income_trend) ** world.years * world.weather.core_income / 12.0
    expected = rate * world.references.weighted_share * world.lists().sum()
    beside = practices.head_money + practices.target_money + practices.distribution
    received = practices.income - beside + practices.fee
    _equal(world, "core payments", [commissioners.paid_core.sum(), received.sum()], [expected, expected])
    owed, fees = np.zeros(len(commissioners)), np.zeros(len(world.organisations))
    for row in world.living_organisations():  # as the ledger has it, not as the tables derive it
        members = world.ledger.members(int(row))
        fees[row] = practices.fee[members].sum()
        if world.organisations.form[row] > Form.INFORMAL:
            np.add.at(owed, practices.commissioner[members], world.lists()[members] / 12.0)
    _equal(world, "£ a head", commissioners.paid_head_money, owed * world.head_money())
    reserves(world, fees)
    most = world.policy.target_money * world.lists() / 12.0
    _true(world, "money for targets within the offer", practices.target_money <= most + 1e-9)
    _equal(world, "money for targets", commissioners.paid_targets.sum(), practices.target_money.sum())
    assert world.counts is not None
    outside = world.counts.outside_locum_sessions.sum() * p.locum_session
    locums = practices.cover_sessions.sum() * p.weeks_worked / 12.0 * p.locum_session
    _equal(world, "locum payments", commissioners.paid_backfill.sum() + practices.locum_costs.sum(), locums + outside)
    sold = table.sold_sessions.sum() * p.weeks_worked * p.locum_session / 12.0
    _equal(world, "locum income", sold, locums)
    shared = world.practices.status == Status.ACTIVE
    profit = (practices.income - practices.expenses)[shared].sum()
    per_fte = world.parameters.capacity.sessions_per_fte
    pay = p.salaried_pay * table.sessions[table.alive & (table.role == Role.SALARIED)].sum() / per_fte / 12.0
    _equal(world, "incomes of GPs", table.earned.sum(), profit + sold + pay)


def reserves(world: World, fees: Array) -> None:
    """What organisations earned they spent, passed on or keep; what they passed on practices received or are owed.

    Args:
        world: the world.
        fees: £ that members of each organisation paid this month.
    """
    practices, organisations = world.practices, world.organisations
    _equal(world, "fees", practices.fee.sum(), fees.sum())
    profits = np.where(world.acquired(), practices.income - practices.expenses, 0.0)
    member = practices.organisation >= 0
    owned = np.bincount(practices.organisation[member], profits[member], len(organisations))
    _equal(world, "income of organisations", organisations.income, fees + owned)
    _equal(world, "profits of operators and trusts", owned.sum(), profits.sum())
    kept = organisations.earned - organisations.spent - organisations.passed_on
    _equal(world, "reserves", organisations.reserve, kept)
    _equal(world, "reserves of what has ended", organisations.reserve[~organisations.alive], 0.0)
    shared = practices.distributed.sum() + practices.due.sum()
    _equal(world, "shares of reserves", shared, organisations.passed_on.sum())


def sessions(world: World) -> None:
    """Clinical, hub, leadership, meeting, joining-up and board sessions are the contracted ones; hubs get what is lent.

    Sessional GPs may sell fewer sessions than they offer.

    Checked when the month's sessions are fixed, before careers change contracts.
    """
    table = world.gps
    used = (
        table.clinical_sessions
        + table.sold_sessions
        + table.hub_sessions
        + table.lead_sessions
        + table.meeting_sessions
        + table.joining_up_sessions
        + table.board_sessions
    )
    _true(world, "sessions within contract", used <= table.sessions + 1e-9)
    _true(world, "sessions not negative", used >= -1e-9)
    working = world.in_post()
    _true(world, "every session of a GP in post worked", used[working] >= table.sessions[working] - 1e-9)
    if len(world.organisations):
        lent = table.hub_sessions.sum() * world.parameters.appointments.slots_gp
        _equal(world, "hub slots", world.organisations.hub_slots.sum(), lent)
    _equal(world, "locum cover", world.practices.cover_sessions.sum(), table.sold_sessions.sum())


def memberships(world: World) -> None:
    """Members belong to organisations that exist, at least two to each; leaders lead what their practice belongs to."""
    practices, organisations, table = world.practices, world.organisations, world.gps
    if not len(organisations):
        return
    member = practices.organisation >= 0
    _true(world, "members of living organisations", organisations.alive[practices.organisation[member]])
    counts = np.bincount(practices.organisation[member], minlength=len(organisations))
    partnership = organisations.form == Form.SUPER_PARTNERSHIP
    least = np.where(partnership | np.isin(organisations.form, OWNED), 1, LEAST_MEMBERS)
    _true(world, "enough members", (counts >= least)[organisations.alive])
    _true(world, "one practice in a super-partnership", (counts == 1)[organisations.alive & partnership])
    owned = member & np.isin(world.of_organisation("form", -1), OWNED)
    _true(world, "operators and trusts run what they own", owned == world.acquired())
    _true(world, "forms", np.isin(organisations.form, list(Form)))
    if world.month % 12 == 0 or world.month == world.scenario.horizon:
        world.ledger.check()
    leads = np.flatnonzero(table.leads >= 0)
    _true(
        world,
        "leaders lead what their practice belongs to",
        practices.organisation[table.practice[leads]] == table.leads[leads],
    )
    _true(world, "no leaders of what has ended", organisations.alive[table.leads[table.leads >= 0]])


def sites(world: World) -> None:
    """Every site is served by a practice that exists; what has become part of another, or closed, holds nothing."""
    practices = world.practices
    exists, rows = world.is_open(), np.arange(len(practices))
    _true(world, "sites served by practices that exist", exists[practices.served_by])
    _true(world, "practices that serve themselves", (practices.served_by == rows) == exists)
    shares = np.bincount(practices.served_by, practices.site_share, len(practices))
    _equal(world, "shares of sites", shares[exists], 1.0)
    _true(world, "shares of sites not negative", practices.site_share >= 0)
    ended = ~exists
    _true(world, "no patients where a practice has ended", world.lists()[ended] == 0)
    _true(world, "no GPs there", world.sum_by_practice(world.in_post())[ended] == 0)
    _true(world, "no memberships there", practices.organisation[ended] < 0)
    _true(world, "no posts there", practices.partner_posts[ended] == 0)
    talking = practices.talks >= 0
    _true(world, "talks that go on", world.mergers.stage[practices.talks[talking]] == Talks.DUE_DILIGENCE)
