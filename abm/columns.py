"""The state of each kind of agent, column by column.

This is the whole memory of the monthly model: what is not here, in the trust network, in the ledger or in the diaries
of the appointment layer does not last from one month to the next.
"""

from __future__ import annotations

from enum import IntEnum

from abm.state import NAME, Column

AGE_BANDS = 5
CAPABILITIES = ("contract", "finance", "utilisation", "quality", "clinical_leadership", "realtime_info")
CONTRACT, UTILISATION, QUALITY, REALTIME_INFO = 0, 2, 3, 5
RING = 12  # months over which turnover and income are averaged
TIES = 8  # room for advice ties


class Role(IntEnum):
    """Contractual role of a GP."""

    PARTNER = 0
    SALARIED = 1
    SESSIONAL = 2


class Status(IntEnum):
    """Who runs a practice, and what became of it."""

    ACTIVE = 0
    MANAGED = 1  # without partners: run by its commissioner
    ACQUIRED = 2  # run by an operator or a trust that employs all its GPs
    MERGED = 3  # part of another practice; its row lives on as a site
    CLOSED = 4  # its patients were dispersed


class Form(IntEnum):
    """Form of an organisation, in the order of the tuples in the registry."""

    INFORMAL = 0
    FEDERATION = 1
    COMMUNITY_HEALTH_ORGANISATION = 2
    MULTI_PRACTICE_OPERATOR = 3
    TRUST_LED = 4
    SUPER_PARTNERSHIP = 5  # one large merged practice

    @property
    def words(self) -> str:
        """As people say it."""
        if self == Form.TRUST_LED:
            return "trust-led organisation"
        return self.name.lower().replace("multi_", "multi-").replace("super_", "super-").replace("_", " ")


OWNED = (Form.MULTI_PRACTICE_OPERATOR, Form.TRUST_LED)
"""Forms of which somebody owns the practices and employs their GPs, with a central team that leads."""


class Legal(IntEnum):
    """Legal form of an organisation."""

    NONE = 0
    COMPANY = 1
    COMMUNITY_INTEREST_COMPANY = 2
    LIMITED_LIABILITY_PARTNERSHIP = 3
    TRUST = 4
    PARTNERSHIP = 5


class Talks(IntEnum):
    """Where the talks on a merger of practices stand."""

    DUE_DILIGENCE = 0
    MERGED = 1
    FAILED = 2
    LAPSED = 3  # too few sides with partners were left


GP_COLUMNS = {
    "name": Column(NAME, "", meaning="stable name: practice or commissioner, and ordinal"),
    "key": Column("u8", meaning="64-bit key of the name"),
    "alive": Column("?", True, meaning="in practice"),
    "role": Column("i1", meaning="Role"),
    "practice": Column("i4", -1, meaning="row of the practice, -1 for sessional GPs"),
    "home": Column("i4", -1, meaning="practice near which the GP lives: the last one worked in"),
    "commissioner": Column("i4", -1, meaning="row of the commissioner of the area"),
    "female": Column("?", False),
    "age": Column("f8", unit="years"),
    "sessions": Column("f8", unit="sessions/week", meaning="contracted"),
    "joined": Column("i4", 0, meaning="month in which the present post began"),
    "entrant": Column("?", False, meaning="arrived during the run"),
    "burnout": Column("f8", meaning="B, 0 to 1"),
    "strain": Column("f8", meaning="lasting strain, standard normal"),
    "autonomy": Column("f8", meaning="need of autonomy a, 0 to 1"),
    "attitude": Column("f8", meaning="A, -1 to 1"),
    "skill": Column("f8", meaning="leadership skill, 0 to 1"),
    "board_seat": Column("?", False, meaning="seat on the commissioner's board"),
    "leads": Column("i4", -1, meaning="row of the organisation that the GP leads"),
    "leads_alone": Column("?", False, meaning="as the single leader, not one of a team"),
    "role_on_appointment": Column("i1", meaning="Role held when made leader"),
    "lead_sessions_agreed": Column("f8", unit="sessions/week", meaning="leadership time agreed on appointment"),
    "lead_sessions": Column("f8", unit="sessions/week", meaning="leadership time, at most what a board seat leaves"),
    "meeting_sessions": Column("f8", unit="sessions/week"),
    "joining_up_sessions": Column("f8", unit="sessions/week", meaning="taken by a merger just done"),
    "hub_sessions": Column("f8", unit="sessions/week", meaning="lent to the hub"),
    "board_sessions": Column("f8", unit="sessions/week"),
    "clinical_sessions": Column("f8", unit="sessions/week", meaning="at the practice"),
    "sold_sessions": Column(
        "f8", unit="sessions/week", meaning="locum cover, by those who were sessional as the month began"
    ),
    "against_merger": Column("i4", -1, meaning="row of the latest merger that the GP voted against"),
    "earned": Column("f8", unit="£/month", meaning="what the month brought"),
    "income": Column("f8", unit="£/year", meaning="of partners by the mean of twelve months"),
    "intention": Column("f8", meaning="Q, chance of wanting to leave within five years; output only"),
    "tie": Column("i4", -1, TIES, meaning="rows of the GPs whose advice is taken"),
    "tie_strength": Column("f8", 0.0, TIES),
}

PRACTICE_COLUMNS = {
    "name": Column(NAME, "", meaning="ODS code or code of the made-up place"),
    "title": Column("U80", "", meaning="name as people know it"),
    "key": Column("u8"),
    "site_key": Column("u4", meaning="32-bit key of the appointment layer"),
    "status": Column("i1", meaning="Status"),
    "served_by": Column("i4", -1, meaning="row of the practice whose diaries serve this site, its own at first"),
    "site_share": Column("f8", 1.0, meaning="share of that practice's requests that come from this site"),
    "commissioner": Column("i4", -1),
    "local_authority": Column("i4", -1),
    "x": Column("f8", unit="km"),
    "y": Column("f8", unit="km"),
    "deprivation": Column("f8", meaning="0 least to 1 most deprived"),
    "need": Column("f8", 1.0, meaning="multiplier of request rates"),
    "list_by_age": Column("f8", 0.0, AGE_BANDS, unit="patients"),
    "list_start": Column("f8", unit="patients", meaning="list0"),
    "weighting": Column("f8", 1.0, meaning="weighted over registered list at the start, without age"),
    "partner_posts": Column("i4"),
    "fte_target": Column("f8", unit="FTE"),
    "registrar_fte": Column("f8", unit="FTE"),
    "nurse_fte": Column("f8", unit="FTE"),
    "other_fte": Column("f8", unit="FTE"),
    "nurse_per_patient": Column("f8", unit="FTE/patient", meaning="staff follow the list"),
    "other_per_patient": Column("f8", unit="FTE/patient"),
    "registrar_per_patient": Column("f8", unit="FTE/patient"),
    "capability": Column("f8", 0.0, len(CAPABILITIES), meaning="the practice's own, fixed"),
    "organisation": Column("i4", -1, meaning="row of the organisation, kept by the ledger"),
    "member_since": Column("i4", 0, meaning="month of joining"),
    "setup_since": Column("i4", 0, meaning="month in which the set-up that it pays for and works on began"),
    "cooldown": Column("i4", unit="months"),
    "noes": Column("i4", 0, meaning="motions to work together that its partners have voted down"),
    "talks": Column("i4", -1, meaning="row of the merger that is being talked about, -1 for none"),
    "merged_since": Column("i4", -99, meaning="month of its latest merger with another practice"),
    "premises": Column("f8", unit="£/patient/year", meaning="cost of premises"),
    "partnerless_months": Column("i4", unit="months", meaning="months in a row for which its commissioner runs it"),
    "short_months": Column("i4", unit="months", meaning="months of vacancy in a row"),
    "cover_sessions": Column("f8", unit="sessions/week"),
    "backfilled_sessions": Column("f8", unit="sessions/week", meaning="cover paid by the commissioner"),
    "expected_slots": Column("f8", unit="slots/month", meaning="C_p"),
    "load": Column("f8", 1.0, meaning="rho"),
    "workload": Column("f8", 1.0, meaning="omega of partners"),
    "access": Column("f8", 0.9),
    "continuity": Column("f8"),
    "quality": Column("f8"),
    "long_term_conditions": Column("f8"),
    "long_term_conditions_start": Column("f8"),
    "vaccination": Column("f8"),
    "vaccination_start": Column("f8"),
    "integration": Column("f8", meaning="X"),
    "effort": Column("f8"),
    "engagement": Column("f8", meaning="E, 0 outside organisations"),
    "attendances": Column("f8", unit="A&E attendances/month"),
    "admissions": Column("f8", unit="emergency admissions/month"),
    "income": Column("f8", unit="£/month"),
    "expenses": Column("f8", unit="£/month"),
    "locum_costs": Column("f8", unit="£/month", meaning="cover that the practice pays itself"),
    "target_money": Column("f8", unit="£/month", meaning="earned by clinical results"),
    "fee": Column("f8", unit="£/month", meaning="paid to the organisation"),
    "head_money": Column("f8", unit="£/month"),
    "scale_saving": Column("f8", unit="£/month"),
    "profit_ring": Column("f8", float("nan"), RING, unit="£/month", meaning="profit of the last twelve months"),
    "partner_fte_ring": Column("f8", float("nan"), RING, unit="FTE"),
    "lost_ring": Column("f8", float("nan"), RING, unit="GPs/month"),
    "headcount_ring": Column("f8", float("nan"), RING, unit="GPs"),
    "partner_income": Column("f8", unit="£/FTE/year", meaning="Y, mean of twelve months with its floor"),
    "pressure": Column("f8", meaning="P"),
    "norm": Column("f8", meaning="SN, weighted share of neighbours who collaborate"),
    "turnover": Column("f8", unit="per year"),
    "membership_ring": Column("f8", float("nan"), RING, unit="£/month", meaning="net money of membership, NaN outside"),
    "relative_money": Column("f8", meaning="net money of membership a partner and year over partner income"),
    "duty_ring": Column("f8", float("nan"), RING, unit="£/month", meaning="worth of the sessions it takes"),
    "net_benefit": Column("f8", unit="£/FTE/year", meaning="net money of membership less the sessions it takes"),
    "history": Column("f8", meaning="own good (+1) and bad (-1) experiences of collaboration, fading"),
    "withdrew": Column("i4", -99, meaning="month in which it last withdrew from an organisation"),
    "due": Column("f8", unit="£", meaning="share of the reserve or debt of an organisation that ended, not yet booked"),
    "distribution": Column("f8", unit="£/month", meaning="such shares booked this month"),
    "distributed": Column("f8", unit="£", meaning="such shares booked ever"),
    "talks_due": Column("f8", unit="£", meaning="cost of a merger that failed, not yet booked"),
    "merger_costs": Column("f8", unit="£/month", meaning="what mergers, and those that failed, cost it"),
}

ORGANISATION_COLUMNS = {
    "name": Column(NAME, "", meaning="founder and month"),
    "key": Column("u8"),
    "alive": Column("?", True),
    "owner": Column(NAME, "", meaning="operator or trust that owns it, empty for others"),
    "form": Column("i1", meaning="Form"),
    "legal": Column("i1", meaning="Legal"),
    "founder": Column("i4", -1, meaning="row of the founding practice"),
    "commissioner": Column("i4", -1, meaning="commissioner of the founder"),
    "founded": Column("i4", meaning="month"),
    "formal_since": Column("i4", meaning="month in which it was set up as a formal organisation"),
    "ended": Column("i4", 9999, meaning="month"),
    "lay_share": Column("f8", meaning="share of its board that are lay members"),
    "leader_mode": Column("f8", meaning="d: 0 heroic, 1 distributed"),
    "vacancy_heroic": Column("f8", unit="months", meaning="months until a single leader is found"),
    "vacancy_distributed": Column("f8", unit="months"),
    "lead_required": Column("f8", unit="sessions/week", meaning="R"),
    "lead_supply": Column("f8", unit="sessions/week"),
    "leadership": Column("f8", meaning="L, effective leadership"),
    "coordination": Column("f8", 0.5, meaning="phi"),
    "personal": Column("f8", 0.0, len(CAPABILITIES), meaning="capability that rests with leaders, capP"),
    "institutional": Column("f8", 0.0, len(CAPABILITIES), meaning="capability of the institution, capI"),
    "control": Column("f8"),
    "support": Column("f8"),
    "goals": Column("f8", unit="goals"),
    "relation_commissioner": Column("f8"),
    "relation_hospital": Column("f8"),
    "reserve": Column("f8", unit="£", meaning="earned less spent and passed on; negative in debt"),
    "income": Column("f8", unit="£/month", meaning="fees, or what the practices of an operator or trust earn"),
    "overhead": Column("f8", unit="£/month", meaning="managers and legal work"),
    "staffed_for": Column("f8", unit="patients", meaning="population for which managers are employed"),
    "earned": Column("f8", unit="£", meaning="income since it was founded"),
    "spent": Column("f8", unit="£", meaning="overhead since it was founded"),
    "passed_on": Column("f8", unit="£", meaning="reserve that went to members, negative where they took over debt"),
    "low_months": Column("i4", unit="months", meaning="months of failing engagement in a row"),
    "collapsed": Column("?", False, meaning="ended because it failed"),
    "hub_slots": Column("f8", unit="slots/week"),
    "population": Column("f8", unit="patients"),
    "members": Column("i4", unit="practices", meaning="counted by site"),
    "engagement": Column("f8", meaning="list-weighted mean of members"),
}

SIDES = 3  # practices that a merger unites at most

MERGER_COLUMNS = {
    "key": Column("u8", meaning="64-bit key of its practices and month"),
    "side": Column("i4", -1, SIDES, meaning="rows of the practices, the largest first"),
    "survival": Column("?", meaning="sought by a small practice for its survival, not inside a federation"),
    "stage": Column("i1", meaning="Talks"),
    "began": Column("i4", meaning="month of the first votes"),
    "due": Column("i4", meaning="month of the final votes"),
    "ended": Column("i4", 9999, meaning="month"),
}

COMMISSIONER_COLUMNS = {
    "name": Column(NAME, ""),
    "key": Column("u8"),
    "support": Column("f8", 0.5, meaning="S"),
    "pass_through": Column("f8", 1.0, meaning="share of £/head and development money passed on"),
    "gps_at_start": Column("f8", unit="GPs"),
    "newcomers": Column("i4", unit="GPs", meaning="ordinal of the last newcomer"),
    "paid_core": Column("f8", unit="£/month"),
    "paid_head_money": Column("f8", unit="£/month"),
    "paid_targets": Column("f8", unit="£/month"),
    "paid_backfill": Column("f8", unit="£/month"),
    "paid_development": Column("f8", unit="£/month"),
}

EDGE_COLUMNS = {
    "source": Column("i4", meaning="row of the practice that trusts"),
    "target": Column("i4", meaning="row of the practice that is trusted"),
    "trust": Column("f8", meaning="T, -1 to 1"),
    "distance": Column("f8", unit="km"),
}
