"""The levers that act in this version, and those refused because their mechanism is missing.

Every lever is declared once, with the same metadata as a parameter: value when no policy sets it, unit, range, and
whether it may change in any month or only at the start.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import model_validator

from abm.scenario.parameters.registry import Changes, Grade, ParameterGroup, parameter

# Levers of the model description that act on a mechanism this version lacks: refused by name, never ignored.
ABSENT_MECHANISMS: dict[str, str] = {
    "pop_min": "contracts",
    "cap_rate": "contracts",
    "funding_shift": "contracts",
    "outcome_pool": "contracts",
    "risk_share": "contracts",
    "stop_loss": "contracts",
    "procurement": "procurement",
    "coi_rule": "procurement",
    "board_lay_share": "procurement",
    "coordination": "joint commissioning",
    "n_bodies": "joint commissioning",
    "sub_incentive": "make-or-buy decisions",
    "cap_gate": "procurement",
    "buy_in": "procurement",
    "term": "contracts",
    "break_year": "contracts",
    "tier_gap": "contracts",
    "first_tier": "contracts",
    "proportionality": "the regulator",
}


# Who asks for a lever; the values themselves are assumptions unless a lever says otherwise.
NUFFIELD_2013 = "Nuffield Trust and The King's Fund 2013"
KINGS_FUND_2014 = "The King's Fund 2014 (family care networks)"
ADDICOTT_HAM_2014 = "Addicott and Ham 2014"
CASES_2014 = "The King's Fund 2014 (case studies of four localities)"
SCALING_2016 = "Scaling up general practice 2016"
MCDONALD_2020 = "McDonald, HSDR 8(11) 2020"


def lever(
    default: Any,
    meaning: str,
    *,
    unit: str = "1",
    low: Any = None,
    high: Any = None,
    changes: Changes = "any month",
    grade: Grade = "A",
    source: str = "",
    asked_by: tuple[str, ...] = (),
    symbol: str = "",
) -> Any:
    """Declare one lever: a parameter that a policy sets."""
    return parameter(
        default,
        meaning,
        unit=unit,
        low=low,
        high=high,
        grade=grade,
        source=source or f"asked for by {' and '.join(asked_by)}; values assumed",
        symbol=symbol,
        kind="lever",
        changes=changes,
    )


class Levers(ParameterGroup):
    """The levers that act, each with its value when no policy sets it."""

    leader_mode: float = lever(
        0.0,
        "leadership of organisations, from one leader (0, heroic) to many (1, distributed)",
        low=0.0,
        high=1.0,
        symbol="d, L1",
        asked_by=(NUFFIELD_2013, SCALING_2016),
    )
    od_invest: float = lever(
        0.0,
        "spending on leadership and organisational development",
        unit="£/head/yr",
        low=0.0,
        high=4.0,
        symbol="L2",
        asked_by=(KINGS_FUND_2014, ADDICOTT_HAM_2014),
    )
    backfill: float = lever(
        0.0,
        "share of leadership and meeting sessions that the commissioner replaces by locums",
        low=0.0,
        high=1.0,
        symbol="L3",
        asked_by=(ADDICOTT_HAM_2014,),
    )
    fund_per_head: float = lever(
        0.0,
        "federation fund paid to members of formal organisations",
        unit="£/head/yr",
        low=0.0,
        high=6.0,
        grade="E",
        source="Pulse and GPonline: £3 a head one-off in 2017-19, later £1.50 a head a year",
        symbol="L4",
    )
    pass_through: Literal["full", "observed"] = lever(
        "full",
        "share of federation and development money that commissioners pass on: all of it, or as observed",
        symbol="L4",
        asked_by=(ADDICOTT_HAM_2014, SCALING_2016),
    )
    managers: float | None = lever(
        None,
        "running cost of formal organisations, where managers are paid otherwise than is usual for their form",
        unit="£/head/yr",
        low=0.0,
        high=6.0,
        asked_by=(NUFFIELD_2013, CASES_2014),
    )
    pop_max: float | None = lever(
        None,
        "largest population of an organisation; nobody is admitted above it",
        unit="persons",
        low=10_000.0,
        symbol="L5",
        asked_by=(KINGS_FUND_2014, ADDICOTT_HAM_2014),
    )
    rollout: Literal["universal", "enthusiasts", "deadline"] = lever(
        "universal",
        "who is offered collaboration first: all practices, enthusiasts, or all by a deadline",
        symbol="L12",
        asked_by=(ADDICOTT_HAM_2014,),
    )
    supportiveness: float = lever(
        0.5,
        "supportiveness of the commissioner towards collaboration",
        low=0.0,
        high=1.0,
        symbol="S0, L14",
        asked_by=(SCALING_2016,),
    )
    clarity: float = lever(
        0.5,
        "clarity of the direction that the commissioner sets",
        low=0.0,
        high=1.0,
        symbol="L14",
        asked_by=(SCALING_2016,),
    )
    geography: Literal["local", "like-minded"] = lever(
        "local",
        "how practices look for partners: near ones, or like-minded ones wherever they are",
        changes="start",
        symbol="L15",
        asked_by=(ADDICOTT_HAM_2014, SCALING_2016),
    )
    perf_share: float = lever(
        0.3,
        "share of an organisation's rewards paid by performance",
        low=0.0,
        high=1.0,
        symbol="L16",
        asked_by=(ADDICOTT_HAM_2014,),
    )
    salaried_bonus: float = lever(
        0.3,
        "share of a partner's reward that a salaried GP receives",
        low=0.0,
        high=1.0,
        symbol="L16",
        asked_by=(ADDICOTT_HAM_2014,),
    )
    it_fund: bool = lever(
        False,
        "records and real-time data of organisations are funded",
        symbol="L17",
        asked_by=(ADDICOTT_HAM_2014, SCALING_2016),
    )
    joint_posts: float = lever(
        0.0,
        "joint posts and training with hospitals",
        low=0.0,
        high=1.0,
        symbol="L18",
        asked_by=(ADDICOTT_HAM_2014, SCALING_2016),
    )
    mpo_allowed: Literal["none", "distressed", "any"] = lever(
        "distressed",
        "practices that operators of many practices may make offers to",
        symbol="L20",
        asked_by=(NUFFIELD_2013,),
    )
    n_mpo: int = lever(
        1,
        "operators of many practices in a local health economy of 80 practices",
        unit="operators",
        low=0,
        high=4,
        symbol="L20",
        asked_by=(NUFFIELD_2013,),
    )
    trust_fallback: Literal["off", "second", "first"] = lever(
        "off",
        "NHS trusts take over practices: never, where nobody else did for months, or before operators",
        symbol="L20",
        asked_by=(KINGS_FUND_2014, ADDICOTT_HAM_2014),
    )
    cho_promote: bool = lever(
        False, "community health organisations are promoted", symbol="L20", asked_by=(NUFFIELD_2013,)
    )
    community_engagement: float = lever(
        0.3,
        "engagement of patients and community",
        low=0.0,
        high=1.0,
        symbol="PE, L21",
        asked_by=(NUFFIELD_2013, SCALING_2016),
    )
    control: float = lever(
        0.3,
        "authority that members cede to their organisation",
        low=0.0,
        high=1.0,
        symbol="L23",
        asked_by=(MCDONALD_2020,),
    )
    support: float = lever(
        0.5,
        "support that the organisation gives its members",
        low=0.0,
        high=1.0,
        symbol="L23",
        asked_by=(MCDONALD_2020,),
    )
    cross_ccg: bool = lever(
        False, "practices learn from practices of other commissioners", symbol="L24", asked_by=(SCALING_2016,)
    )
    pharmacy_first: float = lever(
        0.0,
        "share of pharmacist-suitable requests redirected to community pharmacies",
        low=0.0,
        high=0.8,
        symbol="L25",
        asked_by=(NUFFIELD_2013,),
    )
    mdt_fte_per_10k: float = lever(
        0.0,
        "funded nurses, pharmacists and physiotherapists",
        unit="FTE/10,000 patients",
        low=0.0,
        high=6.0,
        symbol="L26",
        asked_by=(NUFFIELD_2013, KINGS_FUND_2014),
    )
    access_model: Literal["carve_out", "prebook", "doctor_first", "single_entry"] = lever(
        "carve_out", "how practices give out appointments", symbol="L27", asked_by=(NUFFIELD_2013,)
    )
    shared_record: bool = lever(
        False,
        "hub and member practices read one patient record",
        symbol="L28",
        asked_by=(NUFFIELD_2013, SCALING_2016),
    )
    target_money: float = lever(
        0.0,
        "money tied to clinical targets (long-term conditions, vaccination)",
        unit="£/head/yr",
        low=0.0,
        high=10.0,
        symbol="L29",
        asked_by=(NUFFIELD_2013, CASES_2014),
    )

    @model_validator(mode="before")
    @classmethod
    def _refuse_absent_mechanisms(cls, data: Any) -> Any:
        for name in data if isinstance(data, dict) else ():
            if name in ABSENT_MECHANISMS:
                raise ValueError(f"lever '{name}' needs {ABSENT_MECHANISMS[name]}, which this version does not have")
        return data

    @property
    def levers_set(self) -> dict[str, Any]:
        """The levers that were set by name, with their values, in the order of declaration."""
        return {name: getattr(self, name) for name in LEVERS if name in self.model_fields_set}


LEVERS: tuple[str, ...] = tuple(Levers.model_fields)
