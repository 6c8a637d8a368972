"""What each phase of a month says it writes is what it writes."""

from __future__ import annotations

from fnmatch import fnmatch
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from abm.model import PHASES, FederationModel
from abm.scenario.scenario import Scenario
from abm.world import World

# The columns that a word in `Phase.writes` stands for
WORDS: dict[str, tuple[str, ...]] = {
    "access": ("practices.access",),
    "ages": ("gps.age",),
    "attitudes": ("gps.attitude",),
    "board seats": ("gps.board_seat",),
    "burnout": ("gps.burnout",),
    "capability": ("organisations.personal", "organisations.institutional"),
    "continuity": ("practices.continuity",),
    "control": ("organisations.control", "organisations.support"),
    "cooldowns": ("practices.cooldown",),
    "coordination": ("organisations.coordination",),
    "cover": ("practices.cover_sessions", "practices.backfilled_sessions"),
    "effort": ("practices.effort",),
    "engagement": ("practices.engagement", "organisations.engagement"),
    "expected slots": ("practices.expected_slots",),
    "expenses": ("practices.expenses", "practices.locum_costs", "practices.scale_saving",
                 "practices.merger_costs", "practices.talks_due"),
    "fees": ("practices.fee", "organisations.income", "organisations.earned", "organisations.overhead"),
    "forms": ("organisations.form", "organisations.legal", "organisations.formal_since"),
    "goals": ("organisations.goals",),
    "history": ("practices.history",),
    "hospital use": ("practices.attendances", "practices.admissions"),
    "hubs": ("organisations.hub_slots",),
    "incomes": (
        "practices.income", "practices.profit_ring", "practices.partner_fte_ring", "practices.partner_income",
        "gps.income", "gps.earned",
    ),
    "integration": ("practices.integration",),
    "intentions": ("gps.intention",),
    "leaders": (
        "gps.leads*", "gps.role_on_appointment", "gps.lead_sessions_agreed", "organisations.vacancy_*",
        "ledger.entries",
    ),
    "leadership": ("organisations.lead_required", "organisations.lead_supply", "organisations.leadership"),
    "lists by age": ("practices.list_by_age",),
    "load": ("practices.load", "practices.workload"),
    "memberships": (
        "ledger.entries", "practices.organisation", "practices.member_since", "practices.withdrew",
        "organisations.members", "organisations.population",
    ),
    "merged practices": ("practices.*",),
    "months without partners": ("practices.partnerless_months",),
    "motions": ("practices.noes",),
    "motives": ("practices.pressure", "practices.norm"),
    "net benefit": (
        "practices.membership_ring", "practices.duty_ring", "practices.net_benefit", "practices.relative_money",
    ),
    "newcomers": ("gps.*", "commissioners.newcomers"),
    "organisations": ("organisations.*",),
    "payments": (
        "commissioners.paid_*", "practices.head_money", "practices.distribution", "practices.distributed",
        "practices.due",
    ),
    "posts": ("ledger.entries", "gps.practice", "gps.role", "gps.home", "gps.joined", "gps.alive"),
    "posts sought": ("practices.fte_target",),
    "quality": ("practices.quality", "practices.long_term_conditions", "practices.vaccination"),
    "relations": ("organisations.relation_*",),
    "reserves": (
        "organisations.reserve", "organisations.passed_on", "organisations.spent", "organisations.staffed_for",
        "practices.due",
    ),
    "sessions": ("gps.*sessions",),
    "set-up": ("practices.setup_since",),
    "skill": ("gps.skill",),
    "staff": ("practices.nurse_fte", "practices.registrar_fte", "practices.other_fte"),
    "status": ("practices.status",),
    "support": ("commissioners.support",),
    "talks": ("mergers.*", "practices.talks*", "gps.against_merger"),
    "target money": ("practices.target_money",),
    "trust": ("trust.*",),
    "turnover": ("practices.turnover", "practices.lost_ring", "practices.headcount_ring"),
    "vacancies": ("practices.short_months",),
}  # fmt: skip
ELSEWHERE = {"weather", "leaders who go", "counts", "diaries", "tables of the run", "nothing; stops a run that errs"}

BUSY: list[tuple[int, dict[str, Any]]] = [
    (2, {"fund_per_head": 1.0, "od_invest": 1.0, "leader_mode": 0.5, "target_money": 4.0, "backfill": 0.5,
         "joint_posts": 0.5, "mdt_fte_per_10k": 1.0, "geography": "like-minded"}),
    (1, {"mpo_allowed": "any", "n_mpo": 4, "trust_fallback": "first"}),
    (3, {"rollout": "deadline", "fund_per_head": 1.5}),
]  # fmt: skip
SHOCKS = {"reorganisation": 3, "leader_departure": 6, "winter_surge": 9, "retirement_wave": 11, "funding_cut": 15}


def state(world: World) -> dict[str, NDArray[Any]]:
    """A copy of every column of every table."""
    tables = {"trust": world.trust.edges} | {
        kind: getattr(world, kind) for kind in ("gps", "practices", "organisations", "commissioners", "mergers")
    }
    found = {f"{kind}.{name}": column for kind, table in tables.items() for name, column in table.save().items()}
    ledger = world.ledger.save()
    return found | {"ledger.entries": np.append(ledger["until"], len(ledger["who"]))}


def same(one: NDArray[Any], other: NDArray[Any]) -> bool:
    return one.shape == other.shape and np.array_equal(one, other, equal_nan=one.dtype.kind == "f")


def test_every_word_for_what_a_phase_writes_is_known() -> None:
    for phase in PHASES:
        assert set(phase.writes.removesuffix(" (month 1)").split(", ")) <= WORDS.keys() | ELSEWHERE, phase.name


@pytest.mark.parametrize(("seed", "levers"), BUSY)
def test_a_phase_writes_nothing_that_it_does_not_name(seed: int, levers: dict[str, Any]) -> None:
    scenario = Scenario.load("england").with_settings(practices=40).with_horizon(24).with_levers(**levers)
    for shock, month in SHOCKS.items():
        scenario = scenario.with_shock(shock, month=month)
    model = FederationModel(scenario, seed)
    secret: dict[str, set[str]] = {}

    def watched(phase: Any) -> None:
        before = state(model.world)
        phase.run(model.world)
        after = state(model.world)
        words = phase.writes.removesuffix(" (month 1)").split(", ")
        named = [pattern for word in words for pattern in WORDS.get(word, ())]
        for column in after:
            if not same(before[column], after[column]) and not any(fnmatch(column, pattern) for pattern in named):
                secret.setdefault(phase.name, set()).add(column)

    while not model.finished:
        model.begin_month()
        for phase in PHASES:
            if phase.due(model.world.month):
                watched(phase)
    assert not secret
